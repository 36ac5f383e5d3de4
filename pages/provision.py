"""What is there for them, and where is nothing?"""

import streamlit as st

from components import export, filters, markup, offered, page
from components import provision as given
from components.provision import method
from components.provision import sentences as say

source = page.reader()


def show() -> None:
    """Where nothing is, whom nothing takes, the weeks ahead, money that ends, providers, and the directory itself."""
    names, every = given.labels(source), given.directory(source)
    said = st.container()
    one, two = st.columns(2)
    with one:
        district = filters.choose("District", [("", "All districts"), *names.districts.items()], "district")
    with two:
        pathway = filters.choose("Pathway", [("", "All pathways"), *names.pathways.items()], "pathway")
    here = given.within(every, district, pathway)
    with said:
        page.opening(say.opening(here, names, district, pathway))
        page.answer(say.answer(here, names, district, pathway))
        if source.level == "open":
            page.show(markup.note([say.OPEN]))
    offered.gaps(source, names, district, pathway)
    offered.ahead(source, names, district, pathway)
    offered.starts_and_money(source, names, here)
    providers = offered.providers(source, names, here)
    offered.directory(names, here)

    page.show(markup.details("How is this worked out?", method.shown()))
    chosen = {"District": names.place(district) or "All", "Pathway": names.pathway(pathway) or "All"}
    how = export.headed(method.PARTS)
    tables = given.frames(source, providers)
    page.download(source, "provision", say.TITLE, filters=chosen, tables=tables, infos=[], method=how)


page.question(say.TITLE)
if given.directory(source):
    show()
else:
    page.nothing(say.NONE)

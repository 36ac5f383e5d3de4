"""The pack's documents: tagged, with fonts in them and words for every picture, saying what the release says and nothing of a person."""

import copy
import dataclasses
import functools
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from components import headlines, verdicts, words
from components.judge import Judged
from metrics.catalogue import catalogue
from metrics.framework import framework
from pack import agencies, districts, headings, money, pathways, public, scrutiny, sheet, typeset
from pack.sheet import Sheet
from release.read import Reader

Sheets = Callable[[str, str], Sheet]
Typeset = Callable[[str, str], bytes]
DOCUMENTS = [
    ("quarter", "partnership"),
    ("quarter", "open"),
    ("scrutiny", "partnership"),
    ("public", "open"),
    ("prisons", "partnership"),
]


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def plain(text: str) -> str:
    """Without line ends, which fall where the page is full, and with a hyphen at a line's end taken back."""
    return re.sub(r"\s+", " ", text)


@functools.cache
def pages(content: bytes) -> list[str]:
    """What stands on each page, as a reader of the file has it: of a long document the first two pages and the last."""
    held = list(read(content).pages)
    return [plain(page.extract_text()) for page in (held if len(held) <= 4 else [*held[:2], held[-1]])]


def sections(text: str) -> dict[str, str]:
    """The source of each part of a document, by its title."""
    return {part.split('"', 1)[0]: part for part in text.split('#part("')[1:]}


@pytest.mark.parametrize(("name", "level"), DOCUMENTS)
def test_it_is_tagged_titled_and_in_english(typeset: Typeset, name: str, level: str) -> None:
    found = read(typeset(name, level))
    root = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert found.metadata is not None and "Cambridgeshire" in str(found.metadata.title)
    assert b"pdfuaid" in root["/Metadata"].get_data()


@pytest.mark.parametrize(("name", "level"), DOCUMENTS)
def test_every_font_is_within_the_file(typeset: Typeset, name: str, level: str) -> None:
    seen = 0
    for page in read(typeset(name, level)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            for descendant in font.get_object().get("/DescendantFonts", []):
                held = descendant.get_object()["/FontDescriptor"].get_object()
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(held), held.get("/FontName")
                seen += 1
    assert seen


@pytest.mark.parametrize(("name", "level"), DOCUMENTS)
def test_every_page_prints_its_level_its_release_and_that_it_is_synthetic(
    typeset: Typeset, name: str, level: str
) -> None:
    other = words.LEVELS["open" if level == "partnership" else "partnership"]
    for page in pages(typeset(name, level)):
        assert words.LEVELS[level] in page
        assert f"Level: {other}" not in page
        assert sheet.SYNTHETIC in page
        assert "20261001T090000-abc123" in page


def walk(node: object) -> list[dict]:
    """Every element of the tree of tags."""
    held = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(held, list):
        return [one for kid in held for one in walk(kid)]
    if not isinstance(held, dict):
        return []
    return [held, *(walk(held["/K"]) if "/K" in held else [])]


def test_pictures_carry_their_words_and_tables_have_header_cells(typeset: Typeset, sheets: Sheets) -> None:
    tags = walk(read(typeset("quarter", "open")).trailer["/Root"]["/StructTreeRoot"])
    described = [node["/Alt"] for node in tags if node.get("/S") == "/Figure"]
    assert len(described) == sheets("quarter", "open").text.count('"alt": ') >= 1
    assert all(len(str(alt)) > 20 for alt in described)
    assert [node.get("/S") for node in tags].count("/H1") > 5
    rows = [[cell.get_object() for cell in node["/K"]] for node in tags if node.get("/S") == "/TR"]
    assert len(rows) > 20
    assert all(row[0]["/S"] == "/TH" for row in rows), "each row begins with its own header"
    assert all(cell["/A"][0]["/Headers"] for row in rows for cell in row if cell["/S"] == "/TD")


@pytest.mark.parametrize("level", ["partnership", "open"])
def test_the_summary_says_what_the_quarter_page_says_to_the_last_digit(
    typeset: Typeset, levels: dict[str, Reader], level: str
) -> None:
    parts = headlines.summary(levels[level])
    [page] = [
        one
        for one in pages(typeset("quarter", level))
        if "How did we do this quarter?" in one and "Target or expected" in one
    ]
    assert plain(words.summary_opening(parts)) in page
    assert plain(words.summary_answer(parts)) in page
    lines = headlines.lines_of(parts)
    assert lines
    for line in lines:
        if line.cohort is not None:
            of = {**{line.now[f"dim{i}"]: line.now[f"val{i}"] for i in (1, 2) if line.now[f"dim{i}"]}}
            figure = levels[level].figures(line.now["indicator"], line.cohort.id, line.now["period"], where=of)[
                "value"
            ][0]
            assert line.now["value"] == figure
        told = [
            line.title,
            words.shown(line.now),
            words.interval(line.now),
            words.on_a_year_before(line)[0],
            line.status.words,
        ]
        assert [one for one in told if plain(one) not in page] == [], line.title


@pytest.mark.parametrize("level", ["partnership", "open"])
def test_every_district_and_pathway_has_its_page_with_its_figures(
    sheets: Sheets, levels: dict[str, Reader], level: str
) -> None:
    found, source = sections(sheets("quarter", level).text), levels[level]
    asked = [
        (name, headlines.lines_of(headlines.summary(source, district))) for district, name in districts.inside(source)
    ]
    for name, lines in asked:
        for line in lines:
            told = [f'"{line.title}"', words.shown(line.now), f'"{words.interval(line.now)}', f'"{line.status.words}']
            assert [one for one in told if one not in found[name]] == [], name
    assert len(asked) >= 6
    if steps := headlines.steps(source):
        known = [one for one in source.members(steps[0].dim) if one[0] not in ("none", "not_known")]
        for pathway, name in known:
            for step in pathways.about(source, pathway):
                if step.now["status"] != "not available":
                    said = [
                        f'"{step.now["title"]}"',
                        words.shown(step.now),
                        f'"{words.interval(step.now)}"',
                        f'"{step.status.words}',
                    ]
                    assert [one for one in said if one not in found[name]] == [], name


@pytest.mark.parametrize("level", ["partnership", "open"])
def test_every_heading_has_its_page_with_all_its_measures(
    sheets: Sheets, levels: dict[str, Reader], level: str
) -> None:
    found = sections(sheets("quarter", level).text)
    lines, _ = headlines.headlines(levels[level])
    for heading in framework().headings:
        if heading.id in headings.OWN_PAGES:
            continue
        for line in lines:
            if (
                headings.heading_of(levels[level].indicator(line.now["indicator"])) == heading.id
                and line.now["status"] != "not available"
            ):
                told = [f'"{line.now["title"]}"', f'"{words.interval(line.now)}"', f'"{line.status.words}']
                assert [one for one in told if one not in found[heading.question]] == [], line.now["title"]


def test_a_level_speaks_only_for_itself(sheets: Sheets) -> None:
    """A figure that the open level hides or rounds is not in a document made from it."""
    exact, rounded = sheets("quarter", "partnership").text, sheets("quarter", "open").text
    assert "100.0%" in exact  # East Cambridgeshire's one person
    assert "100.0%" not in rounded
    assert "exact figures for those inside" in exact
    assert "exact figures for those inside" not in rounded


def test_the_public_summary_is_of_the_open_level_alone(levels: dict[str, Reader], typeset: Typeset) -> None:
    with pytest.raises(ValueError, match="open level"):
        public.document(levels["partnership"])
    assert len(read(typeset("public", "open")).pages) == 2


def test_the_scrutiny_sheet_answers_with_the_sentence_of_the_verdict_and_its_source(
    typeset: Typeset, levels: dict[str, Reader]
) -> None:
    from components import evidence

    said = " ".join(pages(typeset("scrutiny", "partnership")))
    case = evidence.picked(levels["partnership"], "scheme:iom", "")[0]
    assert verdicts.verdict(case.about, case.headline) in said
    for asked in ("Is it a soft option?", "What does it cost?", "How do we know?", "Does it work in our district?"):
        assert asked in said
    assert said.count("Source: ") >= 6
    assert "£" in said and "prices)" in said


def test_a_summed_cost_has_two_figures_at_the_open_level(levels: dict[str, Reader]) -> None:
    """380,000 + 270,000 + 112,000 is 762,000, and the exact sum 759,795: the open level says 760,000."""
    row = {"cost": 762_000.0, "unit_cost": 4_829.6, "unit_cost_low": None, "needed": 36.2}
    told = money.said(levels["open"], row)
    assert (told["cost"], told["unit_cost"], told["unit_cost_low"], told["needed"]) == (760_000, 4_800, None, 36.2)
    assert money.said(levels["partnership"], row) == row
    for text in (*public.money(levels["open"]), *scrutiny.cost(levels["open"], scrutiny.money(levels["open"]))[0]):
        for said in re.findall(r"£([\d,.]+\d)", text):
            assert len(said.replace(",", "").replace(".", "").strip("0")) <= 2, text


def test_no_two_rates_stand_side_by_side_unexplained(levels: dict[str, Reader]) -> None:
    """The comparison's rate and the reoffending rate are of other people: the public meets one, and councillors hear why."""
    source = levels["open"]
    text = " ".join(line for _, said in public.parts(source) for line in said)
    assert text.count("of people on the scheme broke the law again") == 1
    assert "Think of 100" not in text and "Of 100 people, " in text
    assert public.gap({"lower": -4.9, "upper": 5.2}).endswith("from 5 fewer who broke the law again to 5 more")
    assert public.gap({"lower": -9.0, "upper": -3.0}) == "about 3 to 9 fewer broke the law again"
    assert public.gap({"lower": 2.0, "upper": 7.0}) == "about 2 to 7 more broke the law again"
    assert scrutiny.TWO_RATES in scrutiny.works(source, scrutiny.whole_area(source))[0]


def test_an_agency_is_told_of_every_miss_in_its_own_tables(source: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """The opening counts the figures of nobody too: it cannot say that none misses a target above a row that does."""
    parts = headlines.summary(source)
    line = dataclasses.replace(
        headlines.lines_of(parts)[0], status=Judged("red", "Misses target", "\u25b2", ("target",))
    )
    chance = dataclasses.replace(line, status=Judged("red", "Worse by more than chance", "\u25b2", ("special_cause",)))
    assert [agencies.off_target(one) for one in (line, chance)] == [True, False]
    monkeypatch.setattr(agencies, "standing", lambda *_: [dataclasses.replace(parts[0], lines=(line,))])
    health = agencies.agency("health")
    known = [x for x in agencies.lines(source, health) if x.now["value"] is not None]
    off = sum(x.status.kind == "misses" for x in known) + 1
    text = agencies.document(source, health).text
    assert f"{off} off target" in text and "none misses a target" not in text


def test_a_figure_of_too_few_people_is_faint_and_says_how_many() -> None:
    row = {"value": 0.0, "lower": 0.0, "upper": 65.8, "unit": "%", "decimals": 0, "numerator": 0.0, "denominator": 2.0,
           "denominator_of": "arrests of people on a scheme", "status": "final", "reason": "fewer than 30: too few to judge", "period": "2026Q3"}  # fmt: skip
    said = districts.cell(row)
    assert said == "0% (0% to 66%), too few (n=2)" and isinstance(said, sheet.Faint)
    assert districts.too_few([row]) == [districts.TOO_FEW]
    needs = {**row, "denominator_of": catalogue()["referred_of_need"].text.denominator}
    assert words.behind(needs) == "0 of 2 needs" and districts.cell(needs) == said
    assert districts.cell({**needs, "period": "2024Q2/2026Q3"}) == "0% (0% to 66%), too few", (
        "counted anew each quarter"
    )
    enough = {**row, "reason": ""}
    assert districts.cell(enough) == "0% (0% to 66%)" and not isinstance(districts.cell(enough), sheet.Faint)
    assert districts.too_few([enough, {**row, "value": None}]) == []


def test_what_is_not_shown_is_told_once_and_by_reason(source: Reader) -> None:
    said = [one for one in scrutiny.unknown(source, None)[0] if one.startswith("Not shown at this level (")]
    reasons = [one.split("): ")[0] for one in said]
    titles = [title for one in said for title in one.split("): ")[1].rstrip(".").split("; ")]
    assert len(reasons) == len(set(reasons)) and len(titles) == len(set(titles))
    missing = {
        words.title_in_sentence(x.now["title"]) for x in headlines.headlines(source)[0] if x.now["value"] is None
    }
    assert missing <= set(titles)


@pytest.mark.parametrize("font", ["", "DejaVu Sans"])
def test_a_district_has_one_page_whatever_it_holds_and_whatever_the_font(
    levels: dict[str, Reader], monkeypatch: pytest.MonkeyPatch, font: str
) -> None:
    """DejaVu Sans is a sixth wider than Liberation Sans, and what is found there may run to many lines: the page is set smaller."""
    if font:
        monkeypatch.setattr(typeset, "fonts", lambda: (font,))
    long = (
        "What was found there is told in a line that is longer than the page is wide, so that it takes up two of them. "
        * 2
    )
    monkeypatch.setattr(districts, "found", lambda *_: [long] * 28)
    source = levels["partnership"]
    made = Sheet(source, "Districts", "districts")
    districts.pages(made)
    held = read(made.pdf()).pages
    names = [name for _, name in districts.inside(source)]
    assert len(held) == len(names)
    assert all(name in plain(page.extract_text()) for name, page in zip(names, held, strict=True))
    loose = Sheet(source, "Districts", "districts", body=[one for one in made.body if one not in ("#one-page[", "]")])
    assert len(read(loose.pdf()).pages) > len(names), "it would have run over"


def test_an_agency_hears_what_is_not_yet_available(typeset: Typeset) -> None:
    said = " ".join(pages(typeset("prisons", "partnership")))
    assert "Asked for, and not yet available" in said
    assert "Release dates changed within 14 days of release" in said


@pytest.mark.parametrize("name", sorted(agencies.agencies()))
def test_every_agency_has_a_page_at_both_levels(source: Reader, name: str) -> None:
    assert agencies.agency(name).title in agencies.document(source, agencies.agency(name)).text


def test_an_agencys_measures_are_of_the_catalogue() -> None:
    from metrics.dimensions import dimensions

    for about in agencies.agencies().values():
        standing = {line.standing for line in framework().lines}
        assert set(about.measures) <= set(catalogue()), about.id
        assert {name for name, _ in about.asked} <= set(catalogue()), about.id
        assert {name for one in about.beside for name in one["measures"]} <= set(catalogue()), about.id
        assert {one["by"] for one in about.beside} <= set(dimensions()), about.id
        assert set(about.standing) <= standing, about.id
        assert {group["indicator"] for group in about.groups} <= set(catalogue())
        assert {group["dimension"] for group in about.groups} <= set(dimensions())


def test_the_same_release_gives_the_same_bytes(sheets: Sheets, typeset: Typeset) -> None:
    assert sheets("public", "open").pdf() == typeset("public", "open")


@pytest.mark.parametrize(("name", "level"), DOCUMENTS)
def test_no_path_of_the_machine_and_no_key_is_in_the_file(
    typeset: Typeset, name: str, level: str, data_dir: Path
) -> None:
    content = typeset(name, level)
    found = read(content)
    held = (
        content
        + found.trailer["/Root"]["/Metadata"].get_data()
        + " ".join(map(str, (found.metadata or {}).values())).encode()
    )
    said = " ".join(pages(content))
    for path in (str(data_dir), str(Path.home()), "/tmp/", ".typ"):
        assert path.encode() not in held
        assert path not in said
    assert not re.search(r"\b[0-9a-f]{40,}\b", said)
    assert "person_key" not in said


def test_real_figures_are_not_marked_synthetic(levels: dict[str, Reader]) -> None:
    real = copy.copy(levels["open"])
    real.synthetic = False
    said = " ".join(pages(public.document(real).pdf()))
    assert sheet.SYNTHETIC not in said
    assert words.LEVELS["open"] in said


def test_text_is_never_read_as_markup() -> None:
    assert typeset.literal('a "quoted" #word\\') == '"a \\"quoted\\" #word\\\\"'
    assert typeset.literal({"a_b": [1, None, True]}) == '("a-b": (1, none, true, ))'
    with pytest.raises(TypeError):
        typeset.literal(object())

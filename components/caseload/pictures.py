"""Charts of the caseload: people at each quarter's end, who came and went, parts of a whole, shares side by side."""

from collections.abc import Sequence
from html import escape
from textwrap import wrap

from components.caseload.rows import CaseloadShare, Flow, Parts, Stock, place_in_time
from components.caseload.sentences import COLOURS, CONSENT
from components.charts import ACCENT, INK, PALETTE, Spec, chart_of, text_at
from components.words.figures import count

PALE, ORANGE = "#9bb3c7", PALETTE[1]
RAG = ("#c0392b", "#f0b429", "#1d7a46")
RAG_TEXT = ("#ffffff", INK, "#ffffff")
CONSENT_COLOURS = ("#801650", "#d5d9dc", ACCENT)
CONSENT_TEXT = ("#ffffff", INK, "#ffffff")
LATEST = 24
"""Quarters that a chart holds at the most: six years."""


def short(label: str) -> str:
    """A period's label on an axis: 'July to September 2026' is 'Jul-Sep 26', a year 'Apr 25-Mar 26'."""
    first, _, last = label.partition(" to ")
    return f"{_word(first)}\u2013{_word(last)}" if last else label


def _word(text: str) -> str:
    return " ".join(part[-2:] if part.isdecimal() else part[:3] for part in text.split())


def stock_chart(found: Sequence[Stock]) -> Spec:
    """Bars from zero: people in the community below, in custody above, at each quarter's end."""
    shown = found[-LATEST:]
    x = [place_in_time(one.period) for one in shown]
    free = [one.people - (one.inside or 0) for one in shown]
    inside = [one.inside or 0 for one in shown]
    hover = [
        f"{one.label}<br><b>{count(one.people)}</b> people<br>" + (f"{count(one.inside)} in custody" if one.inside is not None else "custody not known")
        for one in shown
    ]  # fmt: skip
    bar: Spec = {"type": "bar", "x": x, "hovertext": hover, "hoverinfo": "text", "width": 0.78}
    traces = [
        bar | {"y": free, "marker": {"color": ACCENT}},
        bar | {"y": inside, "marker": {"color": PALE}},
    ]
    texts: list[Spec] = []
    if shown:
        texts.append(text_at(f"<b>{count(shown[-1].people)}</b>", x=x[-1], y=shown[-1].people, yshift=12, font={"size": 16, "color": INK}))  # fmt: skip
    return chart_of(300, traces, barmode="stack", annotations=texts, hovermode="closest", xaxis=_across(shown), yaxis={"nticks": 6})  # fmt: skip


def _across(shown: Sequence[Stock] | Sequence[Flow]) -> Spec:
    """An axis with the last label and some before it; a period without a figure leaves its place empty."""
    labels = {place_in_time(one.period): short(one.label) for one in shown}
    if not labels:
        return {"tickvals": [], "ticktext": []}
    first, last = min(labels), max(labels)
    step = max(1, (last - first) // 2)
    places = [place for place in range(last, first - 1, -step) if place in labels][::-1]
    return {
        "tickvals": places,
        "ticktext": [labels[place] for place in places],
        "tickangle": 0,
        "range": [first - 1, last + (last - first + 8) / 12],
    }


def alt_stock(found: Sequence[Stock]) -> str:
    """The chart in words."""
    if not found:
        return "No caseload to draw."
    shown = found[-LATEST:]
    first, last = shown[0], shown[-1]
    inside = f", {count(last.inside)} of them in custody" if last.inside is not None else ""
    return (
        f"Bar chart of people on the scheme at each quarter's end, {first.label} to {last.label}: from {count(first.people)} to "
        f"{count(last.people)}{inside}."
    )


def flows_chart(found: Sequence[Flow]) -> Spec:
    """Joined above the line and left below it, with the net change as a mark."""
    shown = found[-LATEST:]
    x = [place_in_time(one.period) for one in shown]
    hover = [
        f"{one.label}<br><b>{count(one.joined)}</b> joined, <b>{count(one.left)}</b> left<br>net {one.net:+,}"
        for one in shown
    ]
    bar: Spec = {"type": "bar", "x": x, "hovertext": hover, "hoverinfo": "text", "width": 0.78}
    marks: Spec = {
        "type": "scatter", "mode": "markers", "x": x, "y": [one.net for one in shown], "hoverinfo": "skip",
        "marker": {"symbol": "diamond", "size": 8, "color": "#ffffff", "line": {"color": INK, "width": 2}},
    }  # fmt: skip
    traces = [
        bar | {"y": [one.joined for one in shown], "marker": {"color": ACCENT}},
        bar | {"y": [-one.left for one in shown], "marker": {"color": ORANGE}},
        marks,
    ]
    top = max((max(one.joined, one.left) for one in shown), default=1)
    step = next(size for size in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000) if top / size <= 4 or size == 1000)
    ticks = [step * k for k in range(-(top // step + 1), top // step + 2)]
    up = {"tickvals": ticks, "ticktext": [count(abs(tick)) for tick in ticks], "rangemode": "normal", "zeroline": True, "zerolinecolor": INK, "zerolinewidth": 1}  # fmt: skip
    return chart_of(300, traces, barmode="relative", hovermode="closest", xaxis=_across(shown), yaxis=up)  # fmt: skip


def alt_flows(found: Sequence[Flow]) -> str:
    """The chart in words."""
    if not found:
        return "Nothing to draw of who joined and left."
    last = found[-1]
    return (
        f"Bars of people who joined, above, and left, below, in each period from {found[-LATEST:][0].label} to {last.label}. "
        f"In the last {count(last.joined)} joined and {count(last.left)} left, a net change of {last.net:+,}."
    )


def parts_chart(found: Sequence[Parts], names: Sequence[str], colours: Sequence[str], inks: Sequence[str]) -> Spec:
    """Each group as one bar of a hundred per cent, its parts named by their share; the first group on top."""
    # on two lines where they are long, for on a phone they would leave the bars no room
    y = ["<br>".join(wrap(f"{one.label} ({count(one.whole)})", 18)) for one in found]
    traces = []
    for place, name in enumerate(names):
        share = [100 * one.counts[place] / one.whole for one in found]
        traces.append({
            "type": "bar", "orientation": "h", "y": y, "x": share, "name": name, "width": 0.66,
            "marker": {"color": colours[place], "line": {"color": "#ffffff", "width": 1}},
            "text": [f"{value:.0f}%" if value >= 12 else "" for value in share], "textposition": "inside", "insidetextanchor": "middle",
            "textfont": {"color": inks[place], "size": 14}, "textangle": 0, "constraintext": "inside",
            "hovertext": [f"{one.label}<br><b>{count(one.counts[place])}</b> of {count(one.whole)} {name.lower()}" for one in found],
            "hoverinfo": "text",
        })  # fmt: skip
    return chart_of(
        84 + 40 * len(found), traces, barmode="stack", hovermode="closest", uniformtext={"minsize": 12, "mode": "hide"},
        xaxis={"range": [0, 100], "ticksuffix": "%", "nticks": 5}, yaxis={"autorange": "reversed", "automargin": True, "showgrid": False},
    )  # fmt: skip


def rag_chart(found: Sequence[Parts]) -> Spec:
    """Red, amber and green by district."""
    return parts_chart(found, COLOURS, RAG, RAG_TEXT)


def consent_chart(found: Sequence[Parts]) -> Spec:
    """Consent refused, not sought and given by strand."""
    return parts_chart(found, CONSENT, CONSENT_COLOURS, CONSENT_TEXT)


def key(parts: Sequence[tuple[str, str, str]]) -> str:
    """What the marks of a chart stand for, as (shape, colour, words): under its heading, where it wraps on a narrow screen."""
    said = "".join(
        f'<span style="white-space:nowrap;margin-right:1.25rem"><span style="color:{colour}" aria-hidden="true">{shape}</span> {escape(words)}</span> '
        for shape, colour, words in parts
    )  # fmt: skip
    return f'<p class="note">{said}</p>'


KEYS = {
    "stock": key([("■", ACCENT, "In the community"), ("■", PALE, "In custody")]),
    "flows": key([("■", ACCENT, "Joined"), ("■", ORANGE, "Left"), ("◇", INK, "Net change")]),
    "rag": key([("■", colour, name) for colour, name in zip(RAG, COLOURS, strict=True)]),
    "consent": key([("■", colour, name) for colour, name in zip(CONSENT_COLOURS, CONSENT, strict=True)]),
    "shares": key([("◆", ACCENT, "Share of places"), ("●", ORANGE, "Share of reoffences, with its 95% interval")]),
}
"""The key of each chart."""


def alt_parts(found: Sequence[Parts], names: Sequence[str], what: str) -> str:
    """The chart in words."""
    said = "; ".join(
        f"{one.label}: " + ", ".join(f"{count(number_of)} {name.lower()}" for name, number_of in zip(names, one.counts, strict=True))
        for one in found
    )  # fmt: skip
    return f"Bars of a hundred per cent of {what}. {said}."


def shares_chart(found: Sequence[CaseloadShare]) -> Spec:
    """A diamond for each district's share of places, a dot on its interval for its share of reoffences."""
    y = [one.label for one in found]
    offences: Spec = {
        "type": "scatter", "mode": "markers", "y": y, "x": [one.of_offences.share for one in found],
        "error_x": {
            "type": "data", "symmetric": False, "color": ORANGE, "thickness": 4, "width": 0,
            "array": [one.of_offences.upper - one.of_offences.share for one in found],
            "arrayminus": [one.of_offences.share - one.of_offences.lower for one in found],
        },
        "marker": {"size": 11, "color": ORANGE}, "hoverinfo": "text",
        "hovertext": [
            f"{one.label}<br><b>{one.of_offences.share:.0f}%</b> of reoffences<br>{one.of_offences.lower:.0f}% to {one.of_offences.upper:.0f}%" for one in found
        ],
    }  # fmt: skip
    places: Spec = {
        "type": "scatter", "mode": "markers", "y": y, "x": [one.of_people for one in found],
        "marker": {"size": 12, "symbol": "diamond", "color": ACCENT, "line": {"color": "#ffffff", "width": 1}}, "hoverinfo": "text",
        "hovertext": [f"{one.label}<br><b>{one.of_people:.0f}%</b> of places ({count(one.people)} people)" for one in found],
    }  # fmt: skip
    top = max([one.of_offences.upper for one in found] + [one.of_people for one in found], default=10)
    return chart_of(
        60 + 42 * len(found), [offences, places], hovermode="closest",
        xaxis={"range": [0, 1.06 * top], "ticksuffix": "%", "nticks": 5, "tickangle": 0, "showgrid": True, "gridcolor": "#d5d9dc"},
        yaxis={"autorange": "reversed", "automargin": True, "showgrid": False, "type": "category", "rangemode": "normal"},
    )  # fmt: skip


def alt_shares(found: Sequence[CaseloadShare]) -> str:
    """The chart in words."""
    said = "; ".join(
        f"{one.label} {one.of_people:.0f}% of places and {one.of_offences.share:.0f}% of reoffences" for one in found
    )
    return f"Chart of each district's share of places beside its share of proven reoffences: {said}."

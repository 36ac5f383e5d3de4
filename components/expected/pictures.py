"""How well chances came true: the share who reoffended by the share expected, band by band."""

from collections.abc import Sequence

from components.charts import ACCENT, INK, MUTED, PALETTE, Spec, chart_of, text_at
from components.expected.rows import LOCAL, NATIONAL, Band

LOOK = {NATIONAL: ("#ffffff", PALETTE[1], "National"), LOCAL: (ACCENT, ACCENT, "Recalibrated")}
LINE: Spec = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}


def reliability(bands: Sequence[Band], height: int = 420) -> Spec:
    """Each band by what was expected (across) and what happened (up), on its interval; the diagonal is a score that is right."""
    traces: list[Spec] = [LINE | {"x": [0, 100], "y": [0, 100], "line": {"color": INK, "width": 1, "dash": "dot"}}]
    texts = [text_at("as many as expected", x=30, y=26, xanchor="left", xshift=8, yanchor="top", font={"color": MUTED})]
    for basis, (fill, edge, name) in LOOK.items():
        mine = [band for band in bands if band.basis == basis]
        for band in mine:
            ends = {"x": [band.expected] * 2, "y": [band.lower, band.upper]}
            traces.append(LINE | ends | {"line": {"color": edge, "width": 1.5}, "opacity": 0.25 if band.few else 0.7})
        said = [
            f"{name}, score {band.scores}<br>expected {band.expected:.0f}%<br><b>{band.observed:.0f}%</b> reoffended"
            f"<br>{band.lower:.0f}% to {band.upper:.0f}%; {band.entries:,} index events"
            for band in mine
        ]
        traces.append({
            "type": "scatter", "mode": "markers", "x": [band.expected for band in mine], "y": [band.observed for band in mine],
            "hovertext": said, "hoverinfo": "text", "cliponaxis": False,
            "marker": {"size": 11, "color": fill, "symbol": "circle" if basis == LOCAL else "square",
                       "line": {"color": edge, "width": 2}, "opacity": [0.35 if band.few else 1 for band in mine]},
        })  # fmt: skip
    for place, (basis, (_, edge, name)) in enumerate(LOOK.items()):
        if any(band.basis == basis for band in bands):
            mark = "\u25cf" if basis == LOCAL else "\u25a1"
            colour = edge if basis == LOCAL else "#b4430f"
            texts.append(text_at(f"<b>{mark} {name}</b>", x=0, xref="paper", xanchor="left", xshift=10, y=1, yref="paper",
                                 yanchor="top", yshift=-20 * place, font={"color": colour}))  # fmt: skip
    across = {"title": {"text": "Expected to reoffend"}, "range": [0, 101], "ticksuffix": "%"}
    up = {"title": {"text": "Reoffended"}, "range": [0, 101], "ticksuffix": "%"}
    return chart_of(height, traces, annotations=texts, hovermode="closest", xaxis=across, yaxis=up)


def alt_reliability(bands: Sequence[Band]) -> str:
    """The chart in words."""
    basis = LOCAL if any(band.basis == LOCAL for band in bands) else NATIONAL
    said = [
        f"score {band.scores}: {band.expected:.0f}% expected, {band.observed:.0f}% reoffended"
        for band in bands
        if band.basis == basis
    ]
    return f"Chart of the share who reoffended by the share expected, {LOOK[basis][2].lower()}; {'; '.join(said)}."

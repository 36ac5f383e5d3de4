"""The files of a release, what was set aside, and how full the tables are."""

from collections.abc import Sequence
from html import escape

from components import words
from components.judge import Row
from components.markup.intervals import _percent
from components.markup.plain import note, paragraphs, table


def files_table(files: Sequence[Row]) -> str:
    """Each file's rows, and whether they all are accounted for."""
    heads = ("File", "Source", "Reaches to", "Read", "Loaded", "Quarantined", "Duplicates", "Reconciles", "Layout")
    rows = [
        (
            f["file"], f["source"], f"{f['as_at']:%d %b %Y}" if f["as_at"] else "not said",
            *(words.count(f[k]) for k in ("read", "loaded", "quarantined", "duplicate")),
            "withdrawn" if f["withdrawn"] else "replaced by a later file" if words.replaced(f) else "✓ yes" if words.reconciled(f) else "▲ no",
            "verified" if f["layout_verified"] else "not verified",
        )
        for f in files
    ]  # fmt: skip
    return table(heads, rows, "Files in this release", (3, 4, 5, 6))


def quarantine_table(quarantine: Sequence[Row], files: Sequence[Row]) -> str:
    """Rows set aside, by reason. The open level holds how many there are, and not why."""
    if not quarantine:
        aside = sum(f["quarantined"] for f in files)
        why = f"{aside:,} rows were set aside. Their reasons are in the partnership's level of this release."
        return paragraphs([why if aside else "No row was set aside."])
    rows = [(q["rule"], q["table_name"], q["column_name"], q["files"], words.count(q["rows"])) for q in quarantine]
    return table(("Rule broken", "Table", "Column", "In files", "Rows"), rows, "Rows set aside", (4,), short=True)


def clocks_table(clocks: Sequence[Sequence[str]]) -> str:
    """Which quarters are final, provisional and too early, by cohort."""
    return table(
        (
            "Cohort",
            "Final: quarters ending",
            "Provisional (too low): quarters ending",
            "Too early to say: quarters ending",
        ),
        clocks,
        "Quarters by cohort",
    )


def completeness_table(completeness: Sequence[Row]) -> str:
    """How full each column is, as bars from zero; the emptiest first."""
    known = sorted((c for c in completeness if c["rows"]), key=lambda c: c["filled"] / c["rows"])
    lines = "".join(
        f"<tr><td>{escape(c['table_name'])}</td><td>{escape(c['column_name'])}</td>"
        f'<td class="bar"><span style="width:{_percent(c["filled"], c["rows"])}"></span></td>'
        f'<td class="num">{100 * c["filled"] / c["rows"]:.0f}%</td><td class="num">{words.count(c["rows"])}</td></tr>'
        for c in known
    )
    empty = sorted({c["table_name"] for c in completeness} - {c["table_name"] for c in known})
    after = note(
        [f"Tables that nobody feeds, so that what depends on them is not available: {words.listed(empty)}."]
        if empty
        else []
    )
    head = '<th scope="col">Table</th><th scope="col">Column</th><th scope="col">Filled</th><th scope="col" class="num">Share</th><th scope="col" class="num">Rows</th>'
    return f'<div class="scroll short" tabindex="0" role="region" aria-label="Completeness"><table class="plain"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>{after}'

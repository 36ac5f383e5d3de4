"""What is said where there is nothing to show."""

from collections.abc import Sequence

from components.words.figures import Row

WITHOUT_PRISON = "No prison extract: people released from custody are missing"


NO_COHORTS = (
    "This release holds no figures about people: nothing that was loaded says who was released, convicted, cautioned or on a"
    " scheme. Data quality shows what was loaded."
)


NO_REOFFENDING = (
    "This release follows nobody for reoffending: it holds no convictions, cautions or releases to follow from, so there is "
    "nothing to say yet. The other pages show what it holds."
)


def no_table(nearest: Sequence[str]) -> list[str]:
    """Said where a combination of filters has no table, with those that exist."""
    near = f" The nearest are: {'; '.join(nearest)}." if nearest else ""
    return [f"This combination has no table at this level.{near}"]


def how_much_hidden(rows: Sequence[Row]) -> str:
    """Where most figures are hidden, that they are, and where to look instead."""
    hidden = sum(row["status"] in ("suppressed", "withheld") for row in rows)
    if hidden <= len(rows) - hidden:
        return ""
    share = "All" if hidden == len(rows) else f"{hidden} of the"
    return f" {share} {len(rows)} figures here are hidden to protect people."

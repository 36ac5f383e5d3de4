"""How many people an entry of the directory could start in the next 13 weeks.

An entry whose starts are listed has the places of those starts. Any other has its free places and those that come free: with
p places, n people on it now and L days that people stay on average, p - n + p 91 / L, and never below 0. (Little's law:
places that are kept full turn over at p / L a day.) Unknown places or lengths give no room, not a room of 0.
"""

from metrics.provision.starts import WINDOW


def room(
    places: int | None,
    on_it: int,
    days: float | None,
    starts: int = 0,
    places_ahead: int | None = None,
    *,
    dated: bool = False,
) -> float | None:
    """People who could start in 13 weeks, or None where it cannot be known. `days`: how long people stay, on average;
    `dated`: the entry takes people in on listed days alone, of which `starts` lie ahead with `places_ahead` places."""
    if dated:
        return None if starts and places_ahead is None else float(places_ahead or 0)
    if places is None or not days:
        return None
    return max(0.0, places - on_it + places * WINDOW / days)

"""How the figures of Provision are worked out, for the page and for its download."""

from components.markup.plain import headed

PARTS = (
    ("The directory", "One entry for each programme and district, as the directory stood at the cut-off. It overwrites itself, so there"
     " is no figure for earlier quarters. An entry counts as verified when somebody checked it in the six months to the cut-off."),
    ("Where nothing is", "A pathway has nothing in a district when no entry is listed there. A pathway may be covered and a service be missing:"
     " so programmes that only some districts have are listed by name."),
    ("Eligible for nothing", "From the sex and the ages that each entry takes: what is left of the ages from 10 when all of a pathway's"
     " entries in a district are taken away. The pathway for women is measured for women alone. People with the need are those on the"
     " caseload of the reporting quarter, by their age at its end."),
    ("Turning 18", "People on a scheme whose 18th birthday falls in the next 26 weeks; and people on one in the 13 weeks before it, looked at"
     " 13 weeks after: on a scheme, under supervision that is not a youth order, or on a programme that takes them. Counts, for they are few."),
    ("Starts", "From the starts listed since a year before the cut-off. Somebody ready on a day drawn at random waits the sum of the squared gaps"
     " over twice their sum: more than half the average gap where gaps differ."),
    ("Needs to expect", "Assessments that find a need where none was found in the 365 days before, of anybody, on a scheme or not. What to"
     " expect is the mean of the last eight spells of 13 weeks, with a 95% prediction interval widened for how much they vary. It knows of no"
     " trend and no season. Each person counts once for each pathway."),
    ("Room", "Places on the starts listed for the 13 weeks; for a programme that takes people as they come, its free places and those that"
     " come free at the pace at which people have left in two years. Room in one district is no room in another: the line for the whole area"
     " adds them up all the same."),
    ("The verdict", "Too little room: those who wait and even the low end of what to expect are more than the room. Enough: the room holds them and"
     " even the high end. Anything between, or an entry whose room is not known, cannot be told."),
    ("Prison releases", "People inside after a sentence or a recall, on the day last notified by the cut-off; in the district that manages"
     " them, or where they last lived. What to expect in all is forecast as needs are."),
    ("Funding", "Ends within two quarters when its last day is at or before the end of the second quarter after the one reviewed. An entry with"
     " no end recorded is taken to go on."),
    ("Take care", "The directory says what is listed, not what is good or what is used. Capacity is what providers told it."),
)  # fmt: skip
"""Headed paragraphs; docs/methods/provision.md says it at length."""


def shown() -> str:
    """The same as HTML."""
    return headed(PARTS)

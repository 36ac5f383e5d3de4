"""How the figures of Places are worked out, for the page and for its download."""

from components.markup.plain import headed
from components.places import sentences as say

PARTS = (
    ("Bands", " ".join(say.BAND_NOTES)),
    ("What a place faces", "What a band goes on to do without a place is learnt from people outside the scheme and at liberty on the"
     " last days of the latest quarters whose follow-up is complete: proven reoffences a person in the next year. Limits are a"
     " Poisson count's, widened for how unequally people offend. A district's figure is drawn towards its band's by partial"
     " pooling."),
    ("What it averts", "What it faces, times the scheme's own reduction: the published comparison's difference in reoffences over"
     " its comparison group's figure. Where that cannot tell, nor can this page."),
    ("Pounds", "A person-year on the scheme as Value for money has it, in prices of one year, divided by what a place averts, from"
     " the best end of its interval to its worst."),
    ("Where places go", "Each district fills the places promised to it with its own highest bands; the others go to the highest"
     " bands anywhere. What a promise costs is the offences faced without it, less those with it. No person is chosen."),
    ("Take care", say.CAUTION),
)  # fmt: skip
"""Headed paragraphs; docs/methods/places.md says it at length."""


def shown() -> str:
    """The same as HTML."""
    return headed(PARTS)

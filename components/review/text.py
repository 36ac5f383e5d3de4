"""Free text is checked for what would tell of a person before it is kept.

This is a net, not a proof: it finds identifiers of the agencies' kinds, ways of reaching somebody, and names where they
are written as names. Whoever writes still answers for what they write. No error repeats a word of the text.
"""

import re
from collections.abc import Iterator

from common.errors import ProblemError

LONGEST = 2_000
PATTERNS: tuple[tuple[str, str], ...] = (
    ("a PNC number", r"\b(?:\d{2}|\d{4})/\d{1,7}[A-Za-z]\b"),
    ("a CRO number", r"\b\d{1,6}/\d{2}[A-Za-z]\b"),
    ("a case reference number (CRN)", r"\b[A-Za-z]\d{6}\b"),
    ("a prison number", r"\b[A-Za-z]\d{4}[A-Za-z]{2}\b"),
    ("a National Insurance number", r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b|\b[a-z]{2}\d{6}[a-d]\b"),
    ("an NHS number", r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b"),
    ("a telephone number", r"(?<!\d)(?:\+44|0)(?:[ -]?\d){9,10}(?!\d)"),
    ("an e-mail address", r"[\w.+-]+@[\w-]+\.[\w.]+"),
    ("a full postcode", r"\b[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d(?!st|nd|rd|th)[A-Za-z]{2}\b"),
    ("a date of birth", r"(?i)\b(?:d\.?o\.?b\.?|born(?: on)?|date of birth)\W{0,3}\d"),
    ("a crime or court reference", r"\b(?:\d{2}/\d{4,6}/\d{2}|\d{2}[A-Za-z]{2}\d{5,7})\b"),
    ("a reference number", r"\b(?:[A-Za-z]+[/-]?\d{5,}|\d{5,}[/-]?[A-Za-z]+|\d{6,})\w*\b"),
    (
        "a house number and street",
        r"(?i)\b\d{1,3}[A-Z]? [A-Z][\w']+ (?:street|road|avenue|lane|close|drive|crescent|gardens|terrace|place)\b",
    ),
    ("a person's name", r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? [A-Z][\w'-]+"),
)
"""What each looks like. A reference number is a run of six digits, or five with letters: dates and amounts are neither."""

FORENAMES = (
    "Aaron|Abdul|Adam|Adrian|Aidan|Aisha|Alan|Alex|Alexander|Ali|Alice|Amanda|Amy|Andrew|Angela|Anna|Anne|"
    "Anthony|Ashley|Barry|Ben|Benjamin|Brian|Callum|Carl|Carol|Catherine|Charles|Charlotte|Chloe|Chris|"
    "Christopher|Claire|Connor|Craig|Daniel|Darren|David|Dawn|Dean|Deborah|Debbie|Derek|Donna|Dylan|Edward|"
    "Elizabeth|Ellie|Emily|Emma|Eric|Fatima|Fiona|Gareth|Gary|Gavin|George|Georgia|Graham|Hannah|Harry|Hassan|"
    "Heather|Helen|Ian|Imran|Jack|Jacob|Jade|Jake|James|Jamie|Jane|Janet|Jason|Jean|Jennifer|Jessica|Joanne|"
    "John|Jonathan|Jordan|Joseph|Josh|Joshua|Julie|Karen|Karl|Kate|Katie|Keith|Kelly|Kenneth|Kerry|Kevin|"
    "Kieran|Kyle|Laura|Lauren|Leanne|Lee|Leon|Lewis|Liam|Linda|Lisa|Louise|Lucy|Luke|Malcolm|Margaret|Maria|"
    "Martin|Mary|Matthew|Megan|Melissa|Michael|Michelle|Mohammed|Mohammad|Muhammad|Nathan|Neil|Nicholas|"
    "Nicola|Nigel|Oliver|Olivia|Omar|Patricia|Patrick|Paul|Pauline|Peter|Philip|Rachel|Rebecca|Richard|Robert|"
    "Roger|Ross|Russell|Ryan|Sally|Samantha|Samuel|Sandra|Sara|Sarah|Scott|Sean|Shane|Shannon|Sharon|Shaun|"
    "Simon|Sophie|Stacey|Stephanie|Stephen|Steven|Stuart|Susan|Suzanne|Tara|Terence|Teresa|Thomas|Timothy|"
    "Tina|Toby|Tracey|Trevor|Tyler|Vincent|Wayne|William|Yasmin|Yusuf|Zoe"
)
NOT_SURNAMES = (
    "Street|Road|Avenue|Lane|Close|Drive|House|Hall|Court|Centre|Center|Hospital|School|College|Prison|Trust|Ward|Park|Way|Project|"
    "Foundation|Hostel|Lodge|Day|Quarter|Council"
)
NAMED = re.compile(rf"\b(?:{FORENAMES}) (?!(?:{NOT_SURNAMES})\b)[A-Z][a-z'-]+")
FEW = re.compile(
    r"(?i)\b(?:[1-9]|one|two|three|four|five|six|seven|eight|nine|a single|both|another)\s+(?:\w+\s+){0,2}?"
    r"(?:people|person|men|man|women|woman|boys?|girls?|children|child|residents?|prisoners?|cases?|individuals?|clients?|"
    r"adults?|young people|service users?|offenders?|nominals?)\b"
)
"""Fewer than ten people counted in words or figures: never in text that the public reads."""


def checked(text: str, *, what: str, public: bool = False, needed: bool = True) -> str:
    """The text with its ends trimmed, or ProblemError saying which kinds of identifier it seems to hold."""
    plain = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if needed and not plain:
        raise ProblemError(f"{what} is empty", what, f"1 to {LONGEST:,} characters", "write it")
    if len(plain) > LONGEST:
        raise ProblemError(f"{what} is too long", what, f"up to {LONGEST:,} characters", "shorten it")
    if found := list(dict.fromkeys(kinds(plain))):
        raise ProblemError(
            f"{what} seems to hold {', '.join(found)}", what, "no identifier, name, address or contact of anybody",
            "say it without naming anybody: by post, agency or number of people",
        )  # fmt: skip
    if public and FEW.search(plain):
        raise ProblemError(
            f"{what} is marked public and counts fewer than ten people", what, "ten people or more, or no count of people",
            "leave the count out, or do not mark it public",
        )  # fmt: skip
    return plain


def kinds(text: str) -> Iterator[str]:
    """The kinds of identifier that a text seems to hold."""
    for kind, pattern in PATTERNS:
        if re.search(pattern, text):
            yield kind
    if NAMED.search(text):
        yield "a person's name"

"""Kinds of offence in the synthetic county: titles, codes, groups, seriousness, and who commits which."""

import numpy as np

# group, Home Office offence code (class/subclass, not the crime recording code), title, seriousness 0 to 1, and the share
# for acquisitive, violent and mixed offenders
_KINDS = (
    ("violence", "105/01", "Common assault", 0.25, 5, 26, 14),
    ("violence", "008/06", "Assault occasioning actual bodily harm", 0.5, 3, 16, 7),
    ("violence", "005/01", "Wounding with intent", 0.95, 0.4, 3, 0.8),
    ("sexual", "020/03", "Sexual assault", 0.85, 0.2, 3, 0.5),
    ("robbery", "034/01", "Robbery of personal property", 0.85, 3, 3, 2),
    ("burglary", "028/01", "Burglary in a dwelling", 0.7, 9, 1.5, 4),
    ("burglary", "030/01", "Burglary in a building other than a dwelling", 0.45, 8, 1, 4),
    ("vehicle", "048/01", "Theft of a motor vehicle", 0.35, 6, 1.5, 4),
    ("vehicle", "045/10", "Theft from a vehicle", 0.3, 9, 1, 4),
    ("theft", "046/00", "Theft from a shop", 0.2, 38, 5, 17),
    ("theft", "049/10", "Other theft", 0.25, 7, 3, 6),
    ("drugs", "092/52", "Possession of a controlled drug", 0.15, 5, 6, 12),
    ("drugs", "093/10", "Supplying a controlled drug", 0.75, 1, 1.5, 3),
    ("weapons", "008/26", "Possession of an article with a blade or point", 0.5, 2, 5, 3),
    ("public_order", "125/09", "Fear or provocation of violence", 0.2, 3, 13, 8),
    ("criminal_damage", "149/00", "Criminal damage", 0.2, 3, 10, 8),
    ("fraud", "053/01", "Fraud by false representation", 0.35, 3, 1, 3),
    ("motoring", "807/02", "Driving while disqualified", 0.3, 2, 2, 8),
    ("motoring", "803/01", "Drink driving", 0.3, 0.6, 2, 7),
    ("other", "099/00", "Other recordable offence", 0.2, 1, 2, 3),
    ("other", "195/00", "Begging (not recordable)", 0.02, 1.5, 0.2, 0.5),
)

GROUP = np.array([kind[0] for kind in _KINDS])
CODE = np.array([kind[1] for kind in _KINDS])
TITLE = np.array([kind[2] for kind in _KINDS])
SERIOUS = np.array([kind[3] for kind in _KINDS])
MIX = np.array([[kind[i] for kind in _KINDS] for i in (4, 5, 6)], dtype=float)
NOT_RECORDABLE = len(_KINDS) - 1
IN_CUSTODY_KINDS = np.array([0, 1, 11])
"""Inside, it is assaults and drugs that are recorded."""
ACQUISITIVE = np.isin(GROUP, ["robbery", "burglary", "vehicle", "theft"])

"""Kinds of offence in the synthetic county: titles, codes, groups, seriousness, and who commits which."""

import numpy as np

# group, Home Office code, title, seriousness 0 to 1, share for acquisitive, violent and mixed offenders
_KINDS = (
    ("violence", "105A", "Common assault", 0.25, 5, 26, 14),
    ("violence", "8N", "Assault occasioning actual bodily harm", 0.5, 3, 16, 7),
    ("violence", "5D", "Wounding with intent", 0.95, 0.4, 3, 0.8),
    ("sexual", "20A", "Sexual assault", 0.85, 0.2, 3, 0.5),
    ("robbery", "34B", "Robbery of personal property", 0.85, 3, 3, 2),
    ("burglary", "28E", "Burglary in a dwelling", 0.7, 9, 1.5, 4),
    ("burglary", "30C", "Burglary in a building other than a dwelling", 0.45, 8, 1, 4),
    ("vehicle", "48", "Theft of a motor vehicle", 0.35, 6, 1.5, 4),
    ("vehicle", "45", "Theft from a vehicle", 0.3, 9, 1, 4),
    ("theft", "46", "Theft from a shop", 0.2, 38, 5, 17),
    ("theft", "49", "Other theft", 0.25, 7, 3, 6),
    ("drugs", "92D", "Possession of a controlled drug", 0.15, 5, 6, 12),
    ("drugs", "92A", "Supplying a controlled drug", 0.75, 1, 1.5, 3),
    ("weapons", "10D", "Possession of an article with a blade or point", 0.5, 2, 5, 3),
    ("public_order", "9A", "Fear or provocation of violence", 0.2, 3, 13, 8),
    ("criminal_damage", "58C", "Criminal damage", 0.2, 3, 10, 8),
    ("fraud", "53D", "Fraud by false representation", 0.35, 3, 1, 3),
    ("motoring", "803", "Driving while disqualified", 0.3, 2, 2, 8),
    ("motoring", "802", "Drink driving", 0.3, 0.6, 2, 7),
    ("other", "99", "Other recordable offence", 0.2, 1, 2, 3),
    ("other", "195", "Begging (not recordable)", 0.02, 1.5, 0.2, 0.5),
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

"""The closed lists of values that canonical columns may hold, in the field's own words."""

PATHWAYS = (
    "enforcement",
    "accommodation",
    "education_training_employment",
    "health",
    "substance_misuse",
    "finance",
    "children_families",
    "attitudes_thinking",
    "women",
)
"""The nine pathways, in the order in which the partnerships list them."""

HOLDS = ("every_reoffence", "first_reoffence")
"""What a source says of a cohort's reoffending: every reoffence, or each person's first alone."""
SCHEMES = ("iom", "ppo", "dip", "mappa", "deter", "short_sentence")
CATEGORIES = ("fixed", "flex", "free")
STRANDS = ("prevent_deter", "catch_control", "rehabilitate_resettle")
STATE_KINDS = ("tier", "strand", "consent", "reset")
SEXES = ("female", "male", "not_known")
ETHNICITIES = ("asian", "black", "mixed", "white", "other", "not_known")
ID_KINDS = ("pnc", "crn", "noms", "yot", "provider", "source")
AGENCIES = ("police", "probation", "prison", "council", "health", "yot", "voluntary", "private", "court")
OUTCOMES = ("convicted", "cautioned", "not_proven", "pending", "community_resolution", "penalty_notice")
DISPOSALS = ("custody", "suspended", "community", "fine", "discharge", "other", "caution")
CUSTODY_KINDS = ("remand", "sentence", "recall")
RELEASE_TYPES = (
    "conditional",
    "at_sentence_end",
    "parole",
    "home_detention_curfew",
    "bail",
    "time_served",
    "transfer",
    "other",
)
SUPERVISION_KINDS = ("community_order", "suspended_order", "licence", "post_sentence", "youth_order")
EXIT_REASONS = (
    "desisted",
    "stepped_down",
    "de_selected",
    "transferred_out",
    "died",
    "imprisoned",
    "refused",
    "programme_ended",
    "other",
)
ENTRY_ROUTES = ("score", "professional_judgement", "statutory", "transfer_in", "other")
RAG = ("red", "amber", "green")
NEED_LEVELS = ("none", "some", "significant")
INTERVENTION_OUTCOMES = ("completed", "dropped_out", "removed", "not_started", "ongoing", "transferred")
OFFENCE_GROUPS = (
    "violence",
    "sexual",
    "robbery",
    "burglary",
    "vehicle",
    "theft",
    "drugs",
    "weapons",
    "public_order",
    "criminal_damage",
    "fraud",
    "motoring",
    "breach",
    "other",
)

"""The contracts of the canonical tables: the only agreement between `etl` and `metrics`.

Every table of the store is a dataframely schema here. At the store every row also carries
`source_file` and `source_row`. In a staged part `person_key` holds the keyed hash of the
identifier that the row came with; building the store resolves it to the person, and there
`person_key` is the person's number (BIGINT), which means nothing outside that store.
`identity_link` keeps which pseudonym is which person.
"""

import re

import dataframely as dy

from etl.contracts import county, justice, pathways, people, scheme


def _tables() -> dict[str, type[dy.Schema]]:
    found = {}
    for module in (people, justice, scheme, pathways, county):
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, dy.Schema) and value.__module__ == module.__name__:
                found[re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()] = value
    return found


TABLES: dict[str, type[dy.Schema]] = _tables()
"""Every canonical table by its name in the store."""

KEYS: dict[str, tuple[str, ...]] = {
    "person": ("person_key",),
    "offence": ("offence_key",),
    "scheme_episode": ("person_key", "scheme", "start_date"),
    "custody_spell": ("person_key", "kind", "start_date"),
    "cohort_member": ("person_key", "cohort", "index_date"),
    "cohort_definition": ("cohort",),
    "programme": ("programme", "district"),
    "case_conference": ("conference_key",),
    "action": ("action_key",),
}
"""What identifies a row where a table has such a thing: of two rows with one key, the later extract's stands."""

"""The extracts: each loads through its mapping, exactly the listed faults are quarantined, and people meet."""

import json
import zipfile
from collections import defaultdict

import duckdb
import polars as pl
import pytest

from etl import stage
from etl.contracts import TABLES
from etl.mapping import read_mapping
from etl.synthetic import county, truth
from etl.synthetic.county import MAPPINGS

NOT_OURS = {"cost_form", "compas"}


@pytest.fixture(scope="module")
def loaded(written, tmp_path_factory):
    """Every extract staged: (mapping, file, part)."""
    data_dir = tmp_path_factory.mktemp("data")
    _, files = written
    return [
        (name, file, stage.stage(read_mapping(MAPPINGS / f"{name}.toml"), [file], data_dir, synthetic=True)[0])
        for name, file in files
    ]


@pytest.fixture(scope="module")
def faults(written):
    folder, _ = written
    found = defaultdict(list)
    for fault in json.loads((folder / "faults.json").read_text("utf-8"))["faults"]:
        found[fault["mapping"], fault["file"]].append(fault)
    return found


def test_every_mapping_of_ours_has_an_extract_and_is_marked_unverified(written):
    used = {name for name, _ in written[1]}
    assert used == {path.stem for path in MAPPINGS.glob("*.toml")} - NOT_OURS
    for name in used:
        mapping = read_mapping(MAPPINGS / f"{name}.toml")
        assert mapping.layout_verified == (name == "police_uk_street")  # the one layout that is published
        assert not mapping.synthetic  # the load says so, or real extracts would be marked too


def test_exactly_the_listed_faults_are_quarantined(loaded, faults):
    for name, file, part in loaded:
        listed = faults[name, file.name]
        wanted = {fault["row"] for fault in listed if fault["expected"] == "quarantined"}
        failed = pl.read_parquet(part.path / "quarantine.parquet")
        assert set(failed["row"]) == wanted, name
        assert part.duplicate == sum(fault["expected"] == "duplicate" for fault in listed), name
        assert part.reconciles and part.synthetic
        assert part.read == part.loaded + len(wanted) + part.duplicate, name


def test_each_fault_is_found_for_its_own_reason(loaded, faults):
    for name, file, part in loaded:
        failed = pl.read_parquet(part.path / "quarantine.parquet")
        for fault in faults[name, file.name]:
            if fault["expected"] != "quarantined":
                continue
            reasons = failed.filter(pl.col("row") == fault["row"])
            assert any(
                column == fault["canonical"] and fault["rule"] in rule
                for column, rule in reasons.select("column_name", "rule").iter_rows()
            ), (name, fault["kind"])


def test_nearly_every_agency_file_has_faults_and_none_has_many(loaded):
    about_people = [
        part for name, _, part in loaded if not name.startswith(("plan_", "pnc_nominals", "ndelius_identity"))
    ]
    assert all(part.quarantined > 0 for part in about_people)
    assert sum(part.quarantined for part in about_people) < 0.03 * sum(part.read for part in about_people)


def test_every_canonical_table_that_the_county_can_feed_is_fed(loaded):
    fed = {table for _, _, part in loaded for table, rows in part.tables.items() if rows}
    assert fed == set(TABLES)


def _links(loaded):
    files = [part.path / "identity_link.parquet" for _, _, part in loaded]
    return pl.concat([pl.read_parquet(file) for file in files if file.exists()])


def _people(links):
    """How many people the identifiers make when each pair of these rows is one person."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    for one, other in links.select("id_key", "person_key").iter_rows():
        parent[root(one)] = root(other)
    return len({root(key) for key in parent})


def test_identities_meet_across_agencies(loaded):
    """Police, probation, prison, youth justice and provider identifiers resolve to as many people as were simulated,
    once cases are merged and wrong links taken apart as probation says; and not before."""
    links = _links(loaded)
    pair = pl.concat_str(pl.min_horizontal("id_key", "person_key"), pl.max_horizontal("id_key", "person_key"))
    told = links.with_columns(pair.alias("pair"))
    split = told.filter(pl.col("action") == "split")["pair"].unique()
    merged = told.filter((pl.col("action") == "same") & pl.col("from_date").is_not_null())["pair"].unique()
    assert _people(told.filter(~pl.col("pair").is_in(split.implode()))) == 2000
    wrong = links.join(
        told.filter((pl.col("action") == "split") & (pl.col("id_key") != pl.col("person_key"))).select(
            "id_key", "person_key"
        ),
        on=["id_key", "person_key"],
    )
    assert wrong.filter(pl.col("action") == "same").height > 0
    assert _people(told.filter(pl.col("action") == "same")) < 2000
    assert _people(told.filter(~pl.col("pair").is_in(split.implode()) & ~pl.col("pair").is_in(merged.implode()))) > 2000
    counts = dict(links.select("id_kind", "id_key").unique().group_by("id_kind").len().iter_rows())
    assert counts["pnc"] == 2000
    assert set(counts) == {"pnc", "crn", "noms", "yot", "provider"}
    assert counts["crn"] > 300 and counts["noms"] > 100 and counts["yot"] > 50 and counts["provider"] > 100


def test_the_truth_is_in_no_extract(written):
    folder, files = written
    planted = json.loads((folder / "truth.json").read_text("utf-8"))
    assert planted["harmful_programme"] == truth.draw(11).harmful_programme
    words = [b"truth", b"harmful", b"no_effect", b"easy_cases", b"women_only", b"multiplier"]
    for _, file in files:
        data = file.read_bytes()
        if file.suffix in (".xlsx", ".ods"):
            with zipfile.ZipFile(file) as archive:
                data = b"".join(archive.read(name) for name in archive.namelist())
        assert not [word for word in words if word in data.lower()], file.name
    assert not {file.name for _, file in files} & {"truth.json", "faults.json"}


def test_agencies_write_in_their_own_shapes(written):
    folder, _ = written
    prison = (folder / "prison_spells_2026-09-30.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        prison.decode("utf-8")
    assert "é" in prison.decode("windows-1252")
    with zipfile.ZipFile(folder / "ndelius_caseload_2026-09-30.xlsx") as book:
        sheet = book.read("xl/sharedStrings.xml").decode("utf-8")  # in the order in which cells name them
    assert sheet.index("OFFICIAL-SENSITIVE") < sheet.index("CRN")
    with zipfile.ZipFile(folder / "provider_referrals_2026-09-30.ods") as book:
        assert book.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"


def test_what_a_row_says_holds_together(loaded):
    """Outcomes and dates of the crime file after loading, counted in SQL."""
    parts = [part for name, _, part in loaded if name in ("police_crime", "pnc_disposals")]
    files = [str(part.path / "offence.parquet") for part in parts]
    count = duckdb.sql(f"""
        SELECT count(*) FILTER (proven_date > DATE '2026-09-30' OR sentence_date > DATE '2026-09-30'),
               count(*) FILTER (outcome IN ('convicted', 'cautioned')) / count(*),
               count(*) FILTER (outcome = 'pending') / count(*),
               count(*) FILTER (disposal = 'custody' AND sentence_days IS NULL),
               count(DISTINCT occasion_key) < count(*) FILTER (occasion_key IS NOT NULL),
               count(*) FILTER (breach) > 0, count(*) FILTER (in_custody) > 0,
               count(*) FILTER (outcome IN ('community_resolution', 'penalty_notice') AND proven_date IS NOT NULL)
        FROM read_parquet({files})""").fetchall()[0]
    late, proven, pending, unknown_length, several, breach, inside, resolved = count
    assert late == 0 and unknown_length == 0 and resolved == 0
    assert 0.6 < proven < 0.9
    assert 0 < pending < 0.1
    assert several and breach and inside


def test_there_are_gaps_in_the_directory(loaded):
    part = next(part for name, _, part in loaded if name == "directory_programmes")
    listed = pl.read_parquet(part.path / "programme.parquet")
    forensic = set(listed.filter(pl.col("programme") == "FORENSIC_MH")["district"])
    assert forensic and not forensic & {"peterborough", "fenland"}
    assert listed["pathway"].n_unique() == 9


def test_the_mentoring_cohort_has_both_groups_and_each_person_once(loaded):
    part = next(part for name, _, part in loaded if name == "provider_mentoring")
    members = pl.read_parquet(part.path / "cohort_member.parquet")
    groups = dict(members.group_by("group_name").len().iter_rows())
    assert set(groups) == {"treatment", "comparison"}
    assert groups["treatment"] > 1.5 * groups["comparison"] > 15
    assert members["person_key"].is_unique().all()
    assert pl.read_parquet(part.path / "cohort_definition.parquet")["cohort"].to_list() == ["mentoring"]


def test_the_fixed_list_is_of_one_day_and_every_listed_person_was_charged(loaded):
    part = next(part for name, _, part in loaded if name == "police_fixed_list")
    members = pl.read_parquet(part.path / "cohort_member.parquet")
    assert members.height == 54  # 55 names in a county of 2,000, one of which cannot be read; 219 in one of 8,000
    assert members["person_key"].is_unique().all()
    assert members["index_date"].n_unique() == 1 and members["group_name"].unique().to_list() == ["none"]
    assert members["extra"].n_unique() == 3


def test_a_year_of_street_crime_keeps_every_district_and_anti_social_behaviour(loaded):
    parts = [part for name, _, part in loaded if name == "police_uk_street"]
    assert len(parts) == 12 and all(part.quarantined and not part.duplicate for part in parts)
    crime = pl.concat([pl.read_parquet(part.path / "recorded_crime.parquet") for part in parts])
    assert crime["month"].n_unique() == 12
    assert crime["district"].n_unique() == 7  # six and not known
    assert 0.1 < (crime["crime_type"] == "anti_social_behaviour").mean() < 0.2


def test_progress_names_each_step(tmp_path):
    steps: list[tuple[str, float]] = []
    county.write(tmp_path, people=200, seed=1, progress=lambda step, done: steps.append((step, done)))
    assert len(steps) >= 3
    assert [done for _, done in steps] == sorted(done for _, done in steps)
    assert steps[-1][1] == 1.0

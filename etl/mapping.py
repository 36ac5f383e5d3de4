"""Mapping files: everything about a source, in TOML. Nothing about a source is in code.

`read_mapping` checks the whole file and reports every mistake at once.
"""

import datetime as dt
import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

import dataframely as dy

from common.errors import ProblemError, ProblemsError
from etl.contracts import TABLES, terms
from etl.geography import district_values
from etl.settings import AUTOMATIC, Cohort, Column, Identifier, Mapping, Read, Table, contract_columns

FORMATS = ("csv", "xlsx", "xls", "ods", "parquet")
BUILT_IN_MAPS = ("district",)


def read_mapping(path: str | Path) -> Mapping:
    """Read and check a mapping file. Every mistake is reported at once."""
    path = Path(path)
    try:
        raw = path.read_bytes()
        doc = tomllib.loads(raw.decode("utf-8"))
    except OSError:
        raise ProblemError("the mapping file cannot be read", path.name, remedy="check the path") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProblemError(f"the mapping is not valid TOML: {error}", path.name, remedy="correct the file") from None
    return _Checker(path, hashlib.sha256(raw).hexdigest(), doc).mapping()


class _Checker:
    def __init__(self, path: Path, sha256: str, doc: dict[str, Any]) -> None:
        self.path, self.sha256, self.doc = path, sha256, doc
        self.mistakes: list[ProblemError] = []

    def mistake(self, what: str, where: str = "", allowed: str = "", remedy: str = "") -> None:
        place = f"{self.path.name}, {where}" if where else self.path.name
        self.mistakes.append(ProblemError(what, place, allowed, remedy))

    def take(self, block: dict[str, Any], key: str, kind: type, where: str, default: Any = None) -> Any:
        """Take one setting out of a block, checking what sort of thing it is."""
        if key not in block:
            if default is None:
                self.mistake(f"{key} is missing", where)
            return default
        found = block.pop(key)
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            self.mistake(f"{key} is not {_noun(kind)}", where)
            return default
        return found

    def blocks(self, doc: dict[str, Any], key: str) -> list[dict[str, Any]]:
        """The [[key]] blocks of the file."""
        found = self.take(doc, key, list, "", [])
        if not all(isinstance(block, dict) for block in found):
            self.mistake(f"{key} is not a list of [[{key}]] blocks")
        return [block for block in found if isinstance(block, dict)]

    def unknown(self, block: dict[str, Any], where: str) -> None:
        for key in block:
            self.mistake(f"the key {key} is unknown", where, remedy="remove it, or correct its spelling")

    def mapping(self) -> Mapping:
        doc = dict(self.doc)
        source = self.take(doc, "source", str, "", "") or ""
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", source):
            self.mistake("source is not a plain name", allowed="small letters, digits and _")
        agency = self.take(doc, "agency", str, "", "")
        if agency not in terms.AGENCIES and agency != "published":
            self.mistake("agency is unknown", allowed=", ".join((*terms.AGENCIES, "published")))
        files = doc.pop("files", None)
        patterns = (files,) if isinstance(files, str) else tuple(files) if isinstance(files, list) else ()
        if not patterns or not all(isinstance(pattern, str) for pattern in patterns):
            self.mistake("files is not a file pattern", allowed='for example files = "police_*.csv"')
        form = self.take(doc, "format", str, "", "")
        if form not in FORMATS:
            self.mistake("format is unknown", allowed=", ".join(FORMATS))
        title = self.take(doc, "title", str, "", source)
        area = self.take(doc, "area", str, "", "")
        verified = self.take(doc, "layout_verified", bool, "", False)
        synthetic = self.take(doc, "synthetic", bool, "", False)
        replaces = self.take(doc, "replaces", str, "", "file")
        if replaces not in ("file", "source"):
            self.mistake("replaces is unknown", allowed="file, source")
        read = self.read_block(self.take(doc, "read", dict, "", {}))
        maps = self.value_maps(self.take(doc, "values", dict, "", {}))
        identity = self.identity_block(self.take(doc, "identity", dict, "", {}))
        tables = tuple(
            found
            for number, block in enumerate(self.blocks(doc, "table"), start=1)
            if (found := self.table_block(block, number, maps, bool(identity), source)) is not None
        )
        cohorts = tuple(self.cohort_block(dict(block)) for block in self.blocks(doc, "cohort"))
        if not tables:
            self.mistake("there is no [[table]]", remedy="say which canonical table the file feeds")
        self.unknown(doc, "")
        if self.mistakes:
            raise ProblemsError(self.mistakes)
        return Mapping(
            self.path, self.sha256, source, agency, title, area, patterns, form, verified, synthetic, replaces,
            read, identity, tables, cohorts,
        )  # fmt: skip

    def read_block(self, block: dict[str, Any]) -> Read:
        where, usual = "[read]", Read()
        block = dict(block)
        encoding = self.take(block, "encoding", str, where, usual.encoding)
        try:
            "".encode(encoding)
        except LookupError:
            self.mistake("encoding is unknown", where, 'for example "utf-8" or "windows-1252"')
        marks = {}
        for key in ("delimiter", "quote"):
            marks[key] = self.take(block, key, str, where, getattr(usual, key))
            if len(marks[key]) != 1 or not marks[key].isascii() or marks[key] in "\r\n":
                self.mistake(f"{key} is not one plain character", where)
        if marks["delimiter"] == marks["quote"]:
            self.mistake("delimiter and quote are the same", where)
        header_row = self.take(block, "header_row", int, where, usual.header_row)
        if header_row < 1:
            self.mistake("header_row is below 1", where)
        sheet = block.pop("sheet", usual.sheet)
        if not isinstance(sheet, str | int) or isinstance(sheet, bool) or (isinstance(sheet, int) and sheet < 0):
            self.mistake("sheet is neither a name nor a number from 0", where)
        lists = {}
        for key in ("dates", "missing"):
            lists[key] = tuple(self.take(block, key, list, where, list(getattr(usual, key))))
            if not all(isinstance(item, str) for item in lists[key]):
                self.mistake(f"{key} is not a list of texts", where)
        if not lists["dates"] or not all("%" in str(item) for item in lists["dates"]):
            self.mistake("dates has an entry that is not a date format", where, 'for example ["%d/%m/%Y"]')
        as_at = self.take(block, "as_at", str, where, "") or None
        if as_at is not None:
            try:
                if re.compile(as_at).groups != 1:
                    self.mistake("as_at needs exactly one group in brackets, around the date", where)
            except re.error:
                self.mistake("as_at is not a valid pattern", where)
        reaches = self.day(block, "reaches", where)
        distinct = self.take(block, "distinct_where", str, where, "") or None
        self.unknown(block, where)
        return Read(
            encoding, marks["delimiter"], marks["quote"], header_row, sheet,
            lists["dates"], lists["missing"], as_at, reaches, distinct,
        )  # fmt: skip

    def day(self, block: dict[str, Any], key: str, where: str) -> dt.date | None:
        """Take a date, where it is given."""
        found = block.pop(key, None)
        if found is None or (isinstance(found, dt.date) and not isinstance(found, dt.datetime)):
            return found
        self.mistake(f"{key} is not a date", where, f"a date without quotes, for example {key} = 2016-04-01")
        return None

    def value_maps(self, block: dict[str, Any]) -> dict[str, dict[str, str]]:
        maps = {"district": district_values()}
        for name, values in block.items():
            if name in BUILT_IN_MAPS:
                self.mistake(f"the value map {name} is built in", f"[values.{name}]", remedy="give it another name")
            maps[name] = self.value_map(values, f"[values.{name}]")
        return maps

    def value_map(self, values: Any, where: str) -> dict[str, str]:
        folded: dict[str, str] = {}
        if not isinstance(values, dict) or not values:
            self.mistake("a value map is not a table of values", where)
            return folded
        for key, value in values.items():
            if isinstance(value, dict | list):
                self.mistake("a value map holds something that is not a single value", where)
                continue
            text = _text(value)
            if folded.setdefault(fold(key), text) != text:
                self.mistake("a value map sends two spellings of one value to different places", where)
        return folded

    def identity_block(self, block: dict[str, Any]) -> tuple[Identifier, ...]:
        found = []
        for kind, given in block.items():
            where = f"[identity] {kind}"
            if kind not in terms.ID_KINDS:
                self.mistake(f"the identifier kind {kind} is unknown", where, ", ".join(terms.ID_KINDS))
            for one in given if isinstance(given, list) else [given]:
                if isinstance(one, str):
                    found.append(Identifier(kind, column=one))
                elif isinstance(one, dict) and set(one) == {"sql"} and isinstance(one["sql"], str):
                    found.append(Identifier(kind, sql=one["sql"]))
                else:
                    self.mistake("an identifier is neither a column nor {sql = ...}", where)
        return tuple(found)

    def table_block(
        self, given: dict[str, Any], number: int, maps: dict[str, dict[str, str]], has_identity: bool, source: str
    ) -> Table | None:
        block = dict(given)
        to = self.take(block, "to", str, f"[[table]] {number}", "")
        where = f"[[table]] {to or number}"
        if to not in TABLES:
            self.mistake(f"the table {to} is unknown" if to else "to is missing", where, ", ".join(sorted(TABLES)))
            return None
        condition = self.take(block, "where", str, where, "") or None
        contract = contract_columns(to)
        automatic = set(AUTOMATIC.get(to, ())) | {"person_key"}
        columns = []
        for name, entry in self.take(block, "columns", dict, where, {}).items():
            place = f"{where}, columns.{name}"
            if name not in contract or name in automatic - {"action"}:
                allowed = ", ".join(column for column in contract if column not in automatic - {"action"})
                self.mistake(f"the table {to} has no column {name} to map", place, allowed)
                continue
            columns.append(self.column(name, entry, contract[name], maps, source, place))
        for name, column in contract.items():
            if not column.nullable and name not in automatic and name not in {found.name for found in columns}:
                self.mistake(f"the column {name} is required and nothing feeds it", where)
        if "person_key" in contract and not has_identity:
            self.mistake("the table is about people and there is no [identity]", where)
        self.unknown(block, where)
        return Table(to, tuple(columns), condition)

    def column(  # noqa: PLR0917
        self, name: str, given: Any, contract: dy.Column, maps: dict[str, dict[str, str]], source: str, where: str
    ) -> Column:
        if isinstance(given, str):
            return Column(name, column=given)
        if not isinstance(given, dict):
            self.mistake("the entry is neither a column name nor a table", where)
            return Column(name)
        entry = dict(given)
        origins = [key for key in ("column", "sql", "value") if key in entry]
        if len(origins) != 1:
            self.mistake("the entry needs exactly one of column, sql and value", where)
        column = self.take(entry, "column", str, where, "") or None
        sql = self.take(entry, "sql", str, where, "") or None
        value = _text(entry.pop("value")) if "value" in entry else None
        values = self.mapped(entry, maps, where)
        otherwise = _text(entry.pop("otherwise")) if "otherwise" in entry else None
        missing = _text(entry.pop("missing")) if "missing" in entry else None
        rule = self.take(entry, "rule", str, where, "") or None
        unit = self.take(entry, "unit", str, where, "") or None
        if unit not in (None, "pounds", "pence"):
            self.mistake("unit is unknown", where, "pounds, pence")
        if unit == "pounds" and not isinstance(contract, dy.Int64):
            self.mistake("pounds can only become a column of pence", where)
        hashing = entry.pop("hash", False)
        if not isinstance(hashing, str | bool):
            self.mistake("hash is neither true nor the name of a family of references", where)
        if values is None and (otherwise is not None or rule is not None):
            self.mistake("otherwise and rule need a value map", where)
        allowed: tuple[str, ...] = (contract.metadata or {}).get("allowed") or ()
        given_values = [*(values or {}).values(), otherwise, missing, value] if allowed else []
        for wrong in sorted({one for one in given_values if one is not None and one not in allowed}):
            self.mistake(f"the value {wrong} is not allowed here", where, ", ".join(allowed))
        self.unknown(entry, where)
        namespace = source if hashing is True else hashing or None
        return Column(name, column, sql, value, values, otherwise, missing, rule, namespace, unit)

    def mapped(self, entry: dict[str, Any], maps: dict[str, dict[str, str]], where: str) -> dict[str, str] | None:
        name, values = entry.pop("map", None), entry.pop("values", None)
        if name is not None and values is not None:
            self.mistake("the entry has both map and values", where)
        if values is not None:
            return self.value_map(values, where)
        if name is None:
            return None
        if not isinstance(name, str) or name not in maps:
            self.mistake("the value map does not exist", where, ", ".join(sorted(maps)))
            return None
        return maps[name]

    def cohort_block(self, block: dict[str, Any]) -> Cohort:
        where = "[[cohort]]"
        name = self.take(block, "name", str, where, "")
        title = self.take(block, "title", str, where, name)
        follow_up = self.take(block, "follow_up_days", int, where, 365)
        waiting = self.take(block, "waiting_days", int, where, 183)
        if follow_up < 1 or waiting < 0:
            self.mistake("follow_up_days is below 1 or waiting_days below 0", where)
        holds = self.take(block, "holds", str, where, terms.HOLDS[0])
        if holds not in terms.HOLDS:
            self.mistake("holds is unknown", where, ", ".join(terms.HOLDS))
        self.unknown(block, where)
        return Cohort(name, title, follow_up, waiting, holds)


def fold(text: str) -> str:
    """The form in which a source's value is looked up: trimmed, single-spaced, small letters."""
    return re.sub(r"\s+", " ", text.strip()).lower()


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _noun(kind: type) -> str:
    return {str: "text", int: "a whole number", bool: "true or false", dict: "a table", list: "a list"}[kind]

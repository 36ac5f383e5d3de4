"""Where a review is kept: three files of a folder that its owner alone may enter, each replaced whole under one lock."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from common import locks, paths, versions
from common.errors import ProblemError
from components.review.records import Action, Answer, Comment, Draft, Review, Reviewed

FORMAT = 1
LOCK = "review.lock"
ACTIONS, COMMENTS, ANSWERS = "actions.json", "commentary.json", "self_assessment.json"
T = TypeVar("T")


def read(data_dir: Path) -> Review:
    """All that was written, or an empty review where nothing has been. Readers need no lock: each file is whole."""
    folder = paths.review(data_dir)
    return Review(
        actions=_list(folder / ACTIONS, _action),
        comments=_list(folder / COMMENTS, _comment),
        answers=_list(folder / ANSWERS, _answer),
    )


def empty(data_dir: Path) -> bool:
    """Whether nothing has been written yet."""
    return read(data_dir) == Review()


@contextmanager
def writing(data_dir: Path) -> Iterator[Review]:
    """Alone with the review: what it holds now. Nobody else writes until this is done."""
    folder = paths.private(paths.review(data_dir))
    with locks.held(folder / LOCK):
        yield read(data_dir)


def write(data_dir: Path, name: str, records: tuple[Any, ...]) -> None:
    """Put these records in the place of a file's, in one step that a reader sees whole or not at all."""
    listed = {"format": FORMAT, "records": [asdict(one) for one in records]}
    versions.write_atomic(
        paths.review(data_dir) / name, json.dumps(listed, indent=1, default=_text, ensure_ascii=False)
    )


def _list(file: Path, make: Callable[[dict[str, Any]], T]) -> tuple[T, ...]:
    if not file.is_file():
        return ()
    try:
        held = json.loads(file.read_text("utf-8"))
        if held["format"] != FORMAT:
            raise ProblemError(
                "the review was written by a later version of this program",
                file.name,
                f"format {FORMAT}",
                "use that version",
            )
        return tuple(make(record) for record in held["records"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ProblemError(
            f"the review cannot be read ({type(error).__name__})", file.name, "a file that the desk has written",
            "put it back from a copy, or move it away to begin anew",
        ) from None  # fmt: skip


def _action(row: dict[str, Any]) -> Action:
    draft = row["draft"]
    return Action(
        id=row["id"],
        opened_on=dt.date.fromisoformat(row["opened_on"]),
        draft=Draft(**{**draft, "due_on": dt.date.fromisoformat(draft["due_on"])}),
        reviews=tuple(
            Reviewed(**{**look, "on": dt.date.fromisoformat(look["on"]), "due_on": _day(look["due_on"])})
            for look in row["reviews"]
        ),
    )


def _comment(row: dict[str, Any]) -> Comment:
    return Comment(**{**row, "written": dt.datetime.fromisoformat(row["written"])})


def _answer(row: dict[str, Any]) -> Answer:
    return Answer(**{**row, "written": dt.datetime.fromisoformat(row["written"])})


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _text(value: object) -> Any:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)

"""Problems that a person can act on: what went wrong, where, what is allowed, what to do.

A problem never holds the content of a cell, an identifier or a key.
"""

from collections.abc import Sequence


class ProblemError(Exception):
    """One problem. The command line prints it and stops with `exit_code`."""

    def __init__(self, what: str, where: str = "", allowed: str = "", remedy: str = "", exit_code: int = 1) -> None:
        self.what, self.where, self.allowed, self.remedy, self.exit_code = what, where, allowed, remedy, exit_code
        super().__init__(what, where, allowed, remedy, exit_code)

    def __str__(self) -> str:
        parts = [sentence(self.what)]
        for label, text in (("Where", self.where), ("Allowed", self.allowed), ("To do", self.remedy)):
            if text:
                parts.append(sentence(f"{label}: {text}"))
        return " ".join(parts)


class ProblemsError(ProblemError):
    """Several problems found at once, so that they can be put right in one go."""

    def __init__(self, problems: Sequence[ProblemError], exit_code: int = 1) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} problem(s)", exit_code=exit_code)
        self.args = (self.problems, exit_code)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def sentence(text: str) -> str:
    """The same with a full stop, where it ends without one."""
    return text if text.endswith((".", "!", "?")) else f"{text}."

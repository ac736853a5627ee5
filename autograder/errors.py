"""Errors that `lab` reports to its user: a problem and its cure."""


class AutograderError(Exception):
    """Base of all errors that are shown as a sentence, without a traceback."""

    def __init__(self, problem: str, cure: str) -> None:
        super().__init__(problem, cure)
        self.problem, self.cure = problem, cure

    def __str__(self) -> str:
        return f"{self.problem}\n  → {self.cure}"


class CourseError(AutograderError):
    """Something in a course folder stands in the way."""

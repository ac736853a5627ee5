"""Exceptions that `lab` shows to its users: each states a problem and its cure."""


class AutograderError(Exception):
    """Base of all errors that `lab` prints as a sentence, without a traceback.

    problem: a sentence on the failure. cure: the user's next step.
    """

    def __init__(self, problem: str, cure: str) -> None:
        super().__init__(problem, cure)
        self.problem, self.cure = problem, cure

    def __str__(self) -> str:
        return f"{self.problem}\n  → {self.cure}"


class CourseError(AutograderError):
    """A command can't continue: something is wrong with the course folder, its files or its gradebook."""

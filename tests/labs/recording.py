"""Notes all that hidden tests are told by a student's notebook, so that two answers can be compared by what they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder import student
from autograder.sandbox.guest.port import Call, Function, Handle, Rerun

Log = list[tuple[str, Any]]
"""What was asked for, and what came: a value, or the name of the exception."""


class Recording(student.LocalKernel):
    """The student in this kernel, with a note of each value, and of what each function and object answers."""

    def __init__(self, namespace: dict[str, Any], sources: Mapping[str, str], identity: str = "") -> None:
        super().__init__(namespace, sources, identity)
        self.log: Log = []

    def function(self, name: str, *how: Any, **named: Any) -> Function:
        """See `Student.function`."""
        return _Function(self, name, super().function(name, *how, **named))

    def value(self, name: str) -> Any:
        """See `Student.value`."""
        return self.noted(name, super().value, name)

    def rerun(self, task: str, *how: Any, **named: Any) -> Rerun:
        """See `Student.rerun`."""
        return _Run(self, self.noted(task, super().rerun, task, *how, **named))

    def make(self, class_name: str, *args: Any, stubs: str = "", **kwargs: Any) -> Handle:
        """See `Student.make`."""
        return _Handle(self, class_name, self.noted(class_name, super().make, class_name, *args, stubs=stubs, **kwargs))

    def noted(self, what: str, ask: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Ask, and note what comes of it."""
        try:
            got = ask(*args, **kwargs)
        except BaseException as error:
            self.log.append((what, type(error).__name__))
            raise
        if not hasattr(got, "value"):  # a run or an object, which will be asked in its turn
            self.log.append((what, got))
        return got


class _Function:
    """See `Function`."""

    def __init__(self, kernel: Recording, name: str, function: Function) -> None:
        self._kernel, self._name, self._function = kernel, name, function

    @property
    def last(self) -> Call | None:
        """See `Function.last`."""
        return self._function.last

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._kernel.noted(self._name, self._function, *args, **kwargs)


class _Run:
    """See `Run`."""

    def __init__(self, kernel: Recording, run: Rerun) -> None:
        self._kernel, self._run = kernel, run

    def value(self, name: str) -> Any:
        """See `Run.value`."""
        return self._kernel.noted(name, self._run.value, name)


class _Handle(Handle):
    """See `Handle`."""

    def __init__(self, kernel: Recording, name: str, made: Handle) -> None:
        self._kernel, self._name, self._made = kernel, name, made

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """See `Handle.call`."""
        return self._kernel.noted(f"{self._name}.{method}", self._made.call, method, *args, **kwargs)

    def value(self, attribute: str) -> Any:
        """See `Handle.value`."""
        return self._kernel.noted(f"{self._name}.{attribute}", self._made.value, attribute)

    def set(self, attribute: str, value: Any) -> None:
        """See `Handle.set`."""
        self._made.set(attribute, value)


def alike(one: Any, other: Any) -> bool:
    """Whether two values, or two logs, hold the same numbers in the same shapes; one number is one in any shape."""
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None:
        return one is other or (isinstance(one, str) and isinstance(other, str) and one == other)
    first, second = _array(one), _array(other)
    if first is not None and second is not None:
        same = first.shape == second.shape or first.size == second.size == 1
        return same and bool(np.allclose(first.reshape(second.shape), second, equal_nan=True))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(alike, one, other))
    return False


def made_of(value: Any, right: Any, wrong: Sequence[Any]) -> bool:
    """Whether every part of a value, down to its numbers, is as it is in the right one or in one of the wrong ones."""
    if alike(value, right) or any(alike(value, one) for one in wrong):
        return True
    arrays = [_array(one) for one in (value, right, *wrong)]
    if arrays[0] is not None and arrays[1] is not None:
        same = [one for one in arrays if one is not None and one.shape == arrays[0].shape]
        return bool(np.any([np.isclose(arrays[0], one, equal_nan=True) for one in same[1:]], axis=0).all())
    if not (isinstance(value, tuple | list) and isinstance(right, tuple | list) and len(value) == len(right)):
        return False
    long = [one for one in wrong if isinstance(one, tuple | list) and len(one) == len(value)]
    return all(map(made_of, value, right, zip(*long, strict=True) if long else [()] * len(value)))


def _array(value: Any) -> np.ndarray[Any, Any] | None:
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return None
    return array if array.dtype.kind in "biufc" else None

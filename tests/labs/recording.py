"""Records all values that hidden tests read from a student's notebook, to compare two answers by their behaviour."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder import student
from autograder.sandbox.guest.port import Call, Function, Handle, Rerun

Log = list[tuple[str, Any]]
"""Pairs of a requested name and the value returned, or the name of the exception raised."""


class Recording(student.LocalKernel):
    """The student in this kernel, with a log of each value that is read and of each call's result."""

    def __init__(self, namespace: dict[str, Any], sources: Mapping[str, str], identity: str = "") -> None:
        super().__init__(namespace, sources, identity)
        self.log: Log = []

    def function(self, name: str, *args: Any, **kwargs: Any) -> Function:
        """Return the function of `Student.function`; its calls are logged."""
        return _Function(self, name, super().function(name, *args, **kwargs))

    def value(self, name: str) -> Any:
        """Return the value of `Student.value` and log it."""
        return self.call_and_log(name, super().value, name)

    def rerun(self, task: str, *args: Any, **kwargs: Any) -> Rerun:
        """Return the rerun of `Student.rerun`; its values are logged."""
        return _Rerun(self, self.call_and_log(task, super().rerun, task, *args, **kwargs))

    def make(self, class_name: str, *args: Any, stubs: str = "", **kwargs: Any) -> Handle:
        """Return the object of `Student.make`; its calls and values are logged."""
        return _Handle(
            self, class_name, self.call_and_log(class_name, super().make, class_name, *args, stubs=stubs, **kwargs)
        )

    def call_and_log(self, log_name: str, function_to_call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a function and log its result, or the name of its exception, under `log_name`."""
        try:
            returned = function_to_call(*args, **kwargs)
        except BaseException as error:
            self.log.append((log_name, type(error).__name__))
            raise
        if not hasattr(returned, "value"):  # a rerun or an object, whose values are logged when they are read
            self.log.append((log_name, returned))
        return returned


class _Function:
    """A `Function` whose calls are logged."""

    def __init__(self, kernel: Recording, name: str, function: Function) -> None:
        self._kernel, self._name, self._function = kernel, name, function

    @property
    def last(self) -> Call | None:
        """See `Function.last`."""
        return self._function.last

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._kernel.call_and_log(self._name, self._function, *args, **kwargs)


class _Rerun:
    """A `Rerun` whose values are logged."""

    def __init__(self, kernel: Recording, rerun: Rerun) -> None:
        self._kernel, self._run = kernel, rerun

    def value(self, name: str) -> Any:
        """Return the value of `Rerun.value` and log it."""
        return self._kernel.call_and_log(name, self._run.value, name)


class _Handle(Handle):
    """A `Handle` whose calls and values are logged."""

    def __init__(self, kernel: Recording, name: str, handle: Handle) -> None:
        self._kernel, self._name, self._handle = kernel, name, handle

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Return the result of `Handle.call` and log it."""
        return self._kernel.call_and_log(f"{self._name}.{method}", self._handle.call, method, *args, **kwargs)

    def value(self, attribute: str) -> Any:
        """Return the value of `Handle.value` and log it."""
        return self._kernel.call_and_log(f"{self._name}.{attribute}", self._handle.value, attribute)

    def set(self, attribute: str, value: Any) -> None:
        """See `Handle.set`."""
        self._handle.set(attribute, value)


def alike(one: Any, other: Any) -> bool:
    """True if two values, or two logs, hold equal numbers in equal shapes; two single numbers may differ in shape."""
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None:
        return one is other or (isinstance(one, str) and isinstance(other, str) and one == other)
    first, second = _array(one), _array(other)
    if first is not None and second is not None:
        same_shape = first.shape == second.shape or first.size == second.size == 1
        return same_shape and bool(np.allclose(first.reshape(second.shape), second, equal_nan=True))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(alike, one, other))
    return False


def is_composed_of(value: Any, expected: Any, mistaken: Sequence[Any]) -> bool:
    """True if each part of a value, down to its numbers, equals that part of the expected or of a mistaken value."""
    if alike(value, expected) or any(alike(value, other) for other in mistaken):
        return True
    arrays = [_array(other) for other in (value, expected, *mistaken)]
    if arrays[0] is not None and arrays[1] is not None:
        comparable = [other for other in arrays if other is not None and other.shape == arrays[0].shape]
        return bool(np.any([np.isclose(arrays[0], other, equal_nan=True) for other in comparable[1:]], axis=0).all())
    if not (isinstance(value, tuple | list) and isinstance(expected, tuple | list) and len(value) == len(expected)):
        return False
    sequences = [other for other in mistaken if isinstance(other, tuple | list) and len(other) == len(value)]
    return all(map(is_composed_of, value, expected, zip(*sequences, strict=True) if sequences else [()] * len(value)))


def _array(value: Any) -> np.ndarray[Any, Any] | None:
    """Return the value as a numeric array, or None if it is none."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return None
    return array if array.dtype.kind in "biufc" else None

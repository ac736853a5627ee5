"""Tests of the values that cross the port, and of the errors for those that don't."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, scalar_dtypes

from autograder.sandbox.guest.errors import (
    MissingNameError,
    MissingTaskError,
    NotCallableError,
    NotPlainError,
    StudentError,
    task_line,
)
from autograder.sandbox.guest.port import Handle, encoded, seed_of
from autograder.sandbox.guest.wire import MAX_DEPTH, decode

from .contract import same

leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(), st.binary(),
    arrays(scalar_dtypes().filter(lambda dtype: dtype.kind in "biuf"), array_shapes(min_dims=0, min_side=0)),
)  # fmt: skip
keys = st.one_of(st.integers(), st.text(), st.tuples(st.integers(), st.text()))
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=12,
)


def plain_copy(value: Any, where: str = "the value") -> Any:
    """Return the copy of a value at the other side of the port."""
    return decode(encoded(value, where))


def mutable_parts(value: Any) -> list[Any]:
    """Return every list, dict and array in a value."""
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list | tuple) else []
    outer = [value] if isinstance(value, list | dict | np.ndarray) else []
    return outer + [part for item in inner for part in mutable_parts(item)]


@settings(derandomize=True, deadline=None)
@given(values)
def test_plain_values_are_copied_whole(value: Any) -> None:
    """A copy equals its original in value and types, and shares no mutable part with it."""
    before = copy.deepcopy(value)
    copied = plain_copy(value)
    assert same(copied, before) or "nan" in repr(before)
    assert not {id(part) for part in mutable_parts(value)} & {id(part) for part in mutable_parts(copied)}
    copies = [part for part in mutable_parts(copied) if isinstance(part, np.ndarray)]
    assert not any(np.shares_memory(copy_part, part) for copy_part in copies for part in mutable_parts(value)
                   if isinstance(part, np.ndarray))  # fmt: skip


def test_containers_nest_up_to_a_depth() -> None:
    """A container MAX_DEPTH deep is plain, and one level deeper is not, which stops cycles too."""
    deep: Any = 1.0
    for _ in range(MAX_DEPTH):
        deep = [deep]
    assert plain_copy(deep) == deep
    with pytest.raises(NotPlainError, match="nested too deeply"):
        plain_copy([deep])


@pytest.mark.parametrize("kind", [float, int, str, list, dict, np.float64, np.ndarray])
def test_a_subclass_is_not_what_it_derives_from(kind: type) -> None:
    """An instance of a class derived from a plain type is not plain, because it could lie about its content."""
    derived = type("Derived", (kind,), {})
    lying = np.zeros(2).view(derived) if kind is np.ndarray else derived()
    for value in (lying, [lying], {"a": lying}):
        with pytest.raises(NotPlainError, match="Derived"):
            plain_copy(value)


def test_an_error_tells_a_value_from_its_content() -> None:
    """The error says that a set is not plain, and that a list holds one."""
    with pytest.raises(NotPlainError, match="`x` is a value of type set;"):
        plain_copy({1}, "`x`")
    with pytest.raises(NotPlainError, match="`x` holds a value of type set;"):
        plain_copy([{1}], "`x`")


@pytest.mark.parametrize("error", [MissingNameError("omega0"), NotCallableError("omega0", "ndarray"),
    MissingTaskError("omega0"), NotPlainError("is a value of type set", "`omega0`")],
    ids=lambda error: type(error).__name__)  # fmt: skip
def test_errors_are_sentences_with_the_name_in_them(error: StudentError) -> None:
    """Each error of the port is one line with the name that the hidden test used."""
    assert isinstance(error, StudentError)
    assert "omega0" in str(error)
    assert "\n" not in str(error)


def test_a_bare_handle_does_nothing() -> None:
    """`Handle` leaves calls and values to its adapters, and refuses comparisons for all of them."""
    for action in (lambda: Handle().call("f"), lambda: Handle().value("x")):
        with pytest.raises(NotImplementedError):
            action()
    with pytest.raises(TypeError, match="ask it with call"):
        assert Handle() == Handle()


def test_the_task_line_stays_what_released_notebooks_carry() -> None:
    """The comment of a task never changes, because students hold notebooks with it."""
    assert task_line("forward-pass") == "# task: forward-pass"


def test_seeds_stay_the_same_from_version_to_version() -> None:
    """A regrade next year draws this year's cases; other splits of identity and task give other seeds."""
    assert seed_of("lab1_linear_regression/linear_regression/ada", "forward-pass") == 2302517472263332986
    assert seed_of("ab", "c") != seed_of("a", "bc")

"""Tests of the wire format: valid values arrive unchanged, and invalid bytes raise WireError and nothing else."""

from __future__ import annotations

import contextlib
import struct
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, scalar_dtypes

from autograder.sandbox.guest.wire import MAX_DEPTH, MAX_VALUES, WireError, decode, encode
from tests.student.contract import ARRAYS, PLAIN, same

leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**2000), 2**2000), st.floats(allow_nan=False),
    st.complex_numbers(allow_nan=False), st.text(), st.binary(), st.characters(categories=["Cs"]),
    arrays(scalar_dtypes().filter(lambda dtype: dtype.kind in "biufc"), array_shapes(min_dims=0, min_side=0)),
)  # fmt: skip
keys = st.one_of(st.integers(), st.text(), st.tuples(st.integers(), st.text()))
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(derandomize=True, deadline=None)
@given(values)
def test_decoding_returns_the_encoded_value(value: Any) -> None:
    """A decoded value has the types, entries, dtypes and shapes of the encoded one."""
    decoded = decode(encode(value))
    assert same(decoded, value) or "nan" in repr(value)


@pytest.mark.parametrize(
    "expression", [*PLAIN, *ARRAYS.values(), "np.str_('')", "np.array([''])", "np.longdouble(1.5)"]
)
def test_plain_values_can_be_encoded(expression: str) -> None:
    """Each plain value that the `student` port accepts can be encoded; decoded arrays are writable."""
    value = eval(expression, {"np": np})
    decoded = decode(encode(value))
    assert same(decoded, value)
    assert not isinstance(decoded, np.ndarray) or decoded.flags.writeable


def test_memory_order_is_kept() -> None:
    """Fortran order is kept, because the last digit of a sum may depend on it."""
    assert decode(encode(np.asfortranarray(np.ones((2, 3))))).flags.f_contiguous


@pytest.mark.parametrize(
    "value", [{1}, object(), np.array([None]), np.zeros(2, dtype=[("a", float)]), range(3), (1).real.__class__]
)
def test_other_values_are_refused(value: Any) -> None:
    """A value that is not plain raises WireError; it is neither converted nor pickled."""
    with pytest.raises(WireError):
        encode(value)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.binary(max_size=300))
@example(b"")
@example(b"l\xff\xff\xff\xff")
def test_random_bytes_raise_at_most_a_wire_error(data: bytes) -> None:
    """Decoding random bytes returns a value or raises WireError."""
    with contextlib.suppress(WireError):
        decode(data)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(values, st.data())
def test_damaged_messages_raise_at_most_a_wire_error(value: Any, data: st.DataObject) -> None:
    """Decoding a message with changed, removed or inserted bytes returns a value or raises WireError."""
    message = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(message)))
        message[position : position + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with contextlib.suppress(WireError):
        decode(bytes(message))


def _part(tag: bytes, data: bytes) -> bytes:
    """Return a part of a message: tag, length and data."""
    return tag + struct.pack(">I", len(data)) + data


def _array(dtype: bytes, order: bytes, shape: bytes, data: bytes) -> bytes:
    """Return an encoded array with these fields."""
    return _part(b"a", b" ".join((dtype, order, shape))) + _part(b"", data)


@pytest.mark.parametrize("data", [
    _array(b"|O", b"C", b"1", bytes(8)), _array(b"<f8", b"C", b"2", bytes(8)), _array(b"<f8", b"C", b"-1,-1", bytes(8)),
    _array(b"<f8", b"X", b"1", bytes(8)), _array(b"|b1", b"C", b"1", b"\2"), _array(b"<U1", b"C", b"1", b"\xff" * 4),
    _array(b"<M8[s]", b"C", b"1", bytes(8)), _array(b"<f8", b"C", b"0,99999999999999999999", b""),
    _array(b"<f8", b"C", b",".join([b"1"] * 99), bytes(8)), _array(b"<f8,<f8", b"C", b"1", bytes(16)),
    _part(b"n", b"x"), _part(b"o", b"\7"), _part(b"f", b"x"), _part(b"s", b"\xff"), _part(b"z", b""),
    b"d" + struct.pack(">I", 1) + b"l" + struct.pack(">I", 0) + _part(b"n", b""), _part(b"n", b"") * 2,
    b"L" + struct.pack(">I", 1) + b"O" + bytes(8), b"L" + struct.pack(">I", 2) + b"d" + bytes(8),
    b"L" + struct.pack(">I", 2**32 - 1) + b"q" + bytes(8), _part(b"i", b"\x7f" + bytes(501)),
])  # fmt: skip
def test_malformed_values_are_refused(data: bytes) -> None:
    """Wrong sizes, unknown dtypes, invalid entries and impossible keys raise WireError."""
    with pytest.raises(WireError):
        decode(data)


def test_huge_messages_are_refused_early() -> None:
    """Deep nests, and small messages of many values, are refused before they fill memory or the stack."""
    started = time.perf_counter()
    for bomb in (
        b"l\0\0\0\1" * 10**6,
        b"l" + struct.pack(">I", 2**32 - 1) + _part(b"n", b"") * (MAX_VALUES + 1),
        _part(b"n", bytes(65 * 2**20)),
    ):
        with pytest.raises(WireError):
            decode(bomb)
    assert time.perf_counter() - started < 5
    deep: Any = 1
    for _ in range(MAX_DEPTH + 1):
        deep = [deep]
    with pytest.raises(WireError, match="deep"):
        encode(deep)

"""Defines the plain values, and encodes and decodes them: numbers, text, arrays, and lists, tuples and dicts of them.

All values that a hidden test exchanges with a student's notebook are plain, and encoding them is the check that they
are. The format is closed and uses no pickle. `decode` reads bytes of a student's process: it trusts no size in them,
holds them to the limits of `encode`, and raises WireError for anything but a plain value. Runs in both processes.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from functools import lru_cache
from math import prod
from typing import Any, Literal

import numpy as np

MAX_DEPTH = 20
"""Depth of nested containers in a value."""
MAX_VALUES = 200_000
"""Number of values in a value, without the entries of arrays."""
MAX_BYTES = 32 * 2**20
"""Bytes of all arrays and texts in a value."""
MAX_BITS = 4_000
"""Bits of an integer."""
MAX_ENCODED = 48 * 2**20
"""Bytes that encode a value: its arrays, texts and numbers, and what tells them apart."""
MAX_FRAME = 64 * 2**20
"""Bytes of one message, which has a few values."""
TOO_MANY_BYTES = f"holds more than {MAX_BYTES // 2**20} MB of data"

_HEAD = struct.Struct(">cI")
"""A value's tag, and its number of items or bytes."""
_LENGTH = struct.Struct(">I")
_FLOAT = struct.Struct(">d")
_COMPLEX = struct.Struct(">dd")
_DTYPE = re.compile(r"[<>|](?:b1|[iu][1248]|f(?:2|4|8|12|16)|c(?:8|16|24|32)|[US][1-9]\d{0,7})")
"""NumPy's codes of booleans, numbers and text; objects, records and dates are not plain."""
_NUMPY_SCALARS = frozenset(np.sctypeDict.values())
_PACKED = {float: b"d", int: b"q"}
"""Types of which a whole list or tuple is encoded at once, and their codes in `struct`; larger integers one by one."""


class WireError(ValueError):
    """Raised for a value that is not plain, as a predicate ("is a value of type set"), and for bytes that encode none.

    The predicate begins with "holds" for an item of the value, at any depth.
    """


class _Limits:
    """Counts the values and bytes in one value. Methods raise WireError over the limits."""

    def __init__(self) -> None:
        self.depth = self.values = self.size = 0
        """Number of containers around the present value; of values, and bytes of arrays and texts, so far."""

    def add_values(self, number: int) -> None:
        """Count values."""
        self.values += number
        if self.values > MAX_VALUES:
            raise WireError(f"more than {MAX_VALUES:,} values")

    def add_bytes(self, size: int) -> None:
        """Count the bytes of an array or a text."""
        self.size += size
        if self.size > MAX_BYTES:
            raise WireError(f"more than {MAX_BYTES // 2**20} MB of data")

    def enter(self) -> None:
        """Enter a container."""
        if self.depth == MAX_DEPTH:
            raise WireError("containers nested too deeply, or in a circle")
        self.depth += 1


def encode(value: Any) -> bytes:
    """Return the bytes of a plain value. Raises WireError for other values, and never TypeError.

    Accepts exact types only: a subclass can lie about its content.
    """
    data = b"".join(_pieces(value))
    if len(data) > MAX_ENCODED:
        raise WireError(TOO_MANY_BYTES)
    return data


def encodes(data: bytes, value: Any) -> bool:
    """True if `encode(value)` would return these bytes; copies no array. Raises WireError as `encode` does."""
    position = 0
    for piece in _pieces(value):
        if not data.startswith(piece, position):
            return False
        position += len(piece)
    return position == len(data)


def _pieces(value: Any) -> list[Any]:
    """Return the bytes of a value in pieces; those of an array may share its memory. Raises WireError."""
    writer = _Writer()
    try:
        writer.write(value)
    except WireError as error:
        raise WireError(f"{'holds' if writer.depth else 'is'} {error}") from None
    return writer.pieces


class _Writer(_Limits):
    """Appends the bytes of values to `pieces`."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[Any] = []

    def write(self, value: Any) -> None:
        """Append the bytes of a value and its items."""
        kind = type(value)
        self.add_values(1)
        if kind in _SCALARS:
            tag, pack = _SCALARS[kind]
            data = pack(value)
            if tag in b"sb":
                self.add_bytes(len(data))
            self.pieces += _HEAD.pack(tag, len(data)), data
        elif kind in _CONTAINERS:
            self.enter()
            if not self._write_packed(value, kind):
                self.pieces.append(_HEAD.pack(_CONTAINERS[kind], len(value)))
                for item in [part for pair in value.items() for part in pair] if kind is dict else value:
                    self.write(item)
            self.depth -= 1
        elif kind is np.ndarray or kind in _NUMPY_SCALARS:
            self._write_array(value, b"a" if kind is np.ndarray else b"g")
        else:
            raise WireError(f"a value of type {kind.__name__}")

    def _write_packed(self, value: Any, kind: type) -> bool:
        """Append a list or tuple of floats, or of integers of 64 bits, at once; return False for other containers."""
        kinds = set() if kind is dict else set(map(type, value))
        code = _PACKED.get(kinds.pop()) if len(kinds) == 1 else None
        if code is None:
            return False
        self.add_values(len(value))
        try:
            data = struct.pack(f">{len(value)}{code.decode()}", *value)
        except struct.error:  # an integer of more bits
            self.values -= len(value)
            return False
        self.pieces += _HEAD.pack(_CONTAINERS[kind].upper(), len(value)), code, data
        return True

    def _write_array(self, value: Any, tag: bytes) -> None:
        """Append dtype, order, shape and entries of an array or a NumPy scalar."""
        self.add_bytes(value.nbytes)
        array = np.asarray(value)
        order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
        form = _form_of(array.dtype, order, array.shape)
        entries = np.ascontiguousarray(array.T if order == "F" else array).reshape(-1).view(np.uint8)
        self.pieces += _HEAD.pack(tag, len(form)), form, _LENGTH.pack(len(entries)), entries.data


@lru_cache
def _form_of(dtype: np.dtype[Any], order: str, shape: tuple[int, ...]) -> bytes:
    """Return the text that describes an array. Raises WireError for a dtype that is not plain."""
    if not _DTYPE.fullmatch(dtype.str):
        raise WireError(f"an array of dtype {dtype}")
    return f"{dtype.str} {order} {','.join(map(str, shape))}".encode("ascii")


def _pack_int(value: int) -> bytes:
    if value.bit_length() > MAX_BITS:
        raise WireError(f"an integer of {value.bit_length()} bits")
    return value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)


_SCALARS: dict[type, tuple[bytes, Callable[[Any], bytes]]] = {
    type(None): (b"n", lambda _: b""),
    bool: (b"o", lambda value: b"\1" if value else b"\0"),
    int: (b"i", _pack_int),
    float: (b"f", _FLOAT.pack),
    complex: (b"c", lambda value: _COMPLEX.pack(value.real, value.imag)),
    str: (b"s", lambda value: value.encode("utf-8", "surrogatepass")),
    bytes: (b"b", bytes),
}
SCALAR_TYPES = frozenset({*_SCALARS, *_NUMPY_SCALARS})
"""The types of plain values that are neither containers nor arrays."""
_CONTAINERS: dict[type, bytes] = {list: b"l", tuple: b"t", dict: b"d"}


def decode(data: bytes) -> Any:
    """Return the plain value that untrusted bytes encode. Raises WireError and no other exception."""
    if len(data) > MAX_ENCODED:
        raise WireError("too long")
    reader = _Reader(data)
    try:
        value = reader.read()
    except (ValueError, TypeError, KeyError, OverflowError, IndexError, MemoryError, struct.error) as error:
        raise WireError(f"{type(error).__name__}: {error}") from error
    if reader.position != len(data):
        raise WireError("something follows the value")
    return value


class _Reader(_Limits):
    """Reads the values in some bytes, in their order.

    Methods raise WireError and the exceptions that `decode` converts to it.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data, self.position = data, 0

    def read(self) -> Any:
        """Return the next value, with its items."""
        self.add_values(1)
        tag, length = _HEAD.unpack_from(self._data, self.position)
        self.position += _HEAD.size
        if tag in _READ:
            if tag in b"sb":
                self.add_bytes(length)
            return _READ[tag](self._take_bytes(length))
        if tag in b"ag":
            return self._read_array(length, tag)
        self.enter()
        container = self._read_packed(length, tag) if tag in b"LT" else self._read_container(length, tag)
        self.depth -= 1
        return container

    def _read_container(self, length: int, tag: bytes) -> Any:
        if tag == b"d":
            return {self.read(): self.read() for _ in range(length)}
        items = [self.read() for _ in range(length)]
        return {b"l": list, b"t": tuple}[tag](items)

    def _read_packed(self, length: int, tag: bytes) -> Any:
        """Return a list of floats or of integers, or for tag `T` a tuple."""
        self.add_values(length)
        code = self._take_bytes(1)
        if code not in _PACKED.values():
            raise WireError("no numbers")
        items = struct.unpack(f">{length}{code.decode()}", self._take_bytes(8 * length))
        return list(items) if tag == b"L" else items

    def _read_array(self, length: int, tag: bytes) -> Any:
        """Return an array, or for tag `g` a NumPy scalar, that owns its memory."""
        dtype, order, shape = _read_form(self._take_bytes(length))
        (size,), start = _LENGTH.unpack(self._take_bytes(_LENGTH.size)), self.position
        if prod(shape) * dtype.itemsize != size or start + size > len(self._data):
            raise WireError("an array of another size than it says")
        self.add_bytes(size)
        self.position += size
        array = np.ndarray(shape, dtype, self._data if size else None, start if size else 0, order=order).copy("K")
        if dtype.kind in "bU":
            _check_entries(array)
        return array if tag == b"a" else array[()]

    def _take_bytes(self, length: int) -> bytes:
        start = self.position
        self.position += length
        if self.position > len(self._data):
            raise WireError("it ends too early")
        return self._data[start : self.position]


@lru_cache
def _read_form(form: bytes) -> tuple[np.dtype[Any], Literal["C", "F"], tuple[int, ...]]:
    """Return the dtype, order and shape that a text of `_form_of` describes. Raises WireError and ValueError."""
    name, order, sizes = form.decode("ascii").split(" ")
    shape = tuple(int(size) for size in sizes.split(",")) if sizes else ()
    if not _DTYPE.fullmatch(name) or order not in ("C", "F") or min(shape, default=0) < 0:
        raise WireError("no array")
    return np.dtype(name), "F" if order == "F" else "C", shape


def _check_entries(array: np.ndarray[Any, Any]) -> None:
    """Raise WireError for entries that are no boolean or no character; NumPy doesn't check them."""
    if array.dtype.kind == "b" and array.view(np.uint8).max(initial=0) > 1:
        raise WireError("neither true nor false")
    if array.dtype.kind == "U" and array.size:
        code_points = array.reshape(-1, order="A").view(array.dtype.str[0] + "u4")
        if code_points.max(initial=0) > 0x10FFFF:
            raise WireError("no character")


def _read_int(data: bytes) -> int:
    value = int.from_bytes(data, "big", signed=True)
    if value.bit_length() > MAX_BITS:
        raise WireError("an integer of too many bits")
    return value


_READ: dict[bytes, Callable[[bytes], Any]] = {
    b"n": lambda data: {b"": None}[data],
    b"o": lambda data: {b"\0": False, b"\1": True}[data],
    b"i": _read_int,
    b"f": lambda data: _FLOAT.unpack(data)[0],
    b"c": lambda data: complex(*_COMPLEX.unpack(data)),
    b"s": lambda data: data.decode("utf-8", "surrogatepass"),
    b"b": bytes,
}

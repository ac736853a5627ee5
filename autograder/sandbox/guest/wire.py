"""Encodes and decodes the values of messages between the grader's process and that of the student code.

The format is closed: numbers, text, arrays and plain containers, as in `port.plain_copy`. It uses no pickle. `decode`
reads bytes of a student's process: it trusts no size in them, and raises WireError for anything but a plain value. Runs
in both processes.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

MAX_FRAME = 64 * 2**20
"""Bytes of one message."""
MAX_NODES = 500_000
"""Number of values in one message: containers and their items."""
MAX_NESTED = 40
"""Depth of nested containers."""

_LENGTH = struct.Struct(">I")
_FLOAT = struct.Struct(">d")
_COMPLEX = struct.Struct(">dd")
_DTYPE = re.compile(r"[<>|](?:b1|[iu][1248]|f(?:2|4|8|12|16)|c(?:8|16|24|32)|[US]\d{1,7})")


class WireError(ValueError):
    """Raised for values that the format excludes, and for bytes that encode no value."""


def encode(value: Any) -> bytes:
    """Return the bytes of a plain value. Raises WireError for other values, and never TypeError."""
    parts: list[bytes] = []
    _write(value, parts, 0)
    return b"".join(parts)


def _write(value: Any, parts: list[bytes], depth: int) -> None:
    """Append the bytes of a value inside `depth` containers to the parts. Raises WireError."""
    kind = type(value)
    if kind in _CONTAINERS:
        if depth == MAX_NESTED:
            raise WireError("nested too deeply")
        items = [part for pair in value.items() for part in pair] if kind is dict else value
        parts.append(_CONTAINERS[kind] + _LENGTH.pack(len(value)))
        for item in items:
            _write(item, parts, depth + 1)
    elif kind in _SIMPLE:
        tag, pack = _SIMPLE[kind]
        data = pack(value)
        parts.append(tag + _LENGTH.pack(len(data)) + data)
    elif kind is np.ndarray or isinstance(value, np.generic):
        _write_array(value, parts)
    else:
        raise WireError(f"a value of type {kind.__name__}")


def _write_array(value: Any, parts: list[bytes]) -> None:
    """Append dtype, order, shape and entries of an array or a NumPy scalar to the parts. Raises WireError."""
    if not _DTYPE.fullmatch(value.dtype.str):
        raise WireError(f"an array of dtype {value.dtype}")
    array = np.asarray(value)
    order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
    tag = b"a" if type(value) is np.ndarray else b"g"
    for text in (array.dtype.str, order, ",".join(map(str, array.shape))):
        data = text.encode("ascii")
        parts.append(tag + _LENGTH.pack(len(data)) + data)
        tag = b""
    data = array.tobytes(order=order)  # type: ignore[arg-type]
    parts.append(_LENGTH.pack(len(data)) + data)


def _pack_int(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)


_SIMPLE: dict[type, tuple[bytes, Callable[[Any], bytes]]] = {
    type(None): (b"n", lambda _: b""),
    bool: (b"o", lambda value: b"\1" if value else b"\0"),
    int: (b"i", _pack_int),
    float: (b"f", _FLOAT.pack),
    complex: (b"c", lambda value: _COMPLEX.pack(value.real, value.imag)),
    str: (b"s", lambda value: value.encode("utf-8", "surrogatepass")),
    bytes: (b"b", bytes),
}
_CONTAINERS: dict[type, bytes] = {list: b"l", tuple: b"t", dict: b"d"}


def decode(data: bytes) -> Any:
    """Return the plain value that untrusted bytes encode. Raises WireError and no other exception."""
    if len(data) > MAX_FRAME:
        raise WireError("too long")
    reader = _Reader(data)
    try:
        value = reader.read(0)
    except (ValueError, TypeError, KeyError, OverflowError, IndexError, MemoryError, struct.error) as error:
        raise WireError(f"{type(error).__name__}: {error}") from error
    if reader.position != len(data):
        raise WireError("something follows the value")
    return value


class _Reader:
    """Reads the values in the bytes of one message, in their order.

    Methods raise WireError and the exceptions that `decode` converts to it.
    """

    def __init__(self, data: bytes) -> None:
        self._data, self.position, self._nodes = data, 0, 0

    def read(self, depth: int) -> Any:
        """Return the next value, which lies inside `depth` containers, with its items."""
        self._nodes += 1
        if self._nodes > MAX_NODES or depth > MAX_NESTED:
            raise WireError("too many values, or nested too deeply")
        tag = self._take_bytes(1)
        if tag in b"ltd":
            return self._read_container(tag, self._read_length(), depth)
        if tag in b"ag":
            return self._read_array(tag)
        return _READ[tag](self._take_bytes(self._read_length()))

    def _read_container(self, tag: bytes, length: int, depth: int) -> Any:
        if tag != b"d":
            items = [self.read(depth + 1) for _ in range(length)]
            return items if tag == b"l" else tuple(items)
        mapping: dict[Any, Any] = {}
        for _ in range(length):
            key = self.read(depth + 1)
            mapping[key] = self.read(depth + 1)
        return mapping

    def _read_array(self, tag: bytes) -> Any:
        """Return an array, or for tag `g` a NumPy scalar, that owns its memory."""
        name, order, sizes = (self._take_bytes(self._read_length()).decode("ascii") for _ in range(3))
        data = self._take_bytes(self._read_length())
        shape = tuple(int(size) for size in sizes.split(",")) if sizes else ()
        if not _DTYPE.fullmatch(name) or order not in ("C", "F") or min(shape, default=0) < 0 or len(shape) > 32:
            raise WireError("no array")
        dtype = np.dtype(name)
        if prod(shape) * dtype.itemsize != len(data):
            raise WireError("an array of another size than it says")
        array = np.frombuffer(data, dtype) if data else np.empty(0, dtype)
        _check_entries(array)
        shaped = array.reshape(shape[::-1]).T if order == "F" else array.reshape(shape)
        result = shaped.copy(order="K")
        return result if tag == b"a" else result[()]

    def _read_length(self) -> int:
        length: int = _LENGTH.unpack(self._take_bytes(_LENGTH.size))[0]
        return length

    def _take_bytes(self, length: int) -> bytes:
        if self.position + length > len(self._data):
            raise WireError("it ends too early")
        data = self._data[self.position : self.position + length]
        self.position += length
        return data


def _check_entries(array: np.ndarray[Any, Any]) -> None:
    """Raise WireError for entries that are no boolean or no character; NumPy doesn't check them."""
    if array.dtype.kind == "b" and array.view(np.uint8).max(initial=0) > 1:
        raise WireError("neither true nor false")
    if array.dtype.kind == "U" and array.size:
        code_points = array.view(array.dtype.str[0] + "u4")
        if code_points.max(initial=0) > 0x10FFFF:
            raise WireError("no character")


def _read_bool(data: bytes) -> bool:
    return {b"\0": False, b"\1": True}[data]


def _read_none(data: bytes) -> None:
    if data:
        raise WireError("nothing has no bytes")


_READ: dict[bytes, Callable[[bytes], Any]] = {
    b"n": _read_none,
    b"o": _read_bool,
    b"i": lambda data: int.from_bytes(data, "big", signed=True),
    b"f": lambda data: _FLOAT.unpack(data)[0],
    b"c": lambda data: complex(*_COMPLEX.unpack(data)),
    b"s": lambda data: data.decode("utf-8", "surrogatepass"),
    b"b": bytes,
}

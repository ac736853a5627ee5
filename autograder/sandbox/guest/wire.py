"""The closed format in which values cross between a student's process and ours: no pickle, and no size taken on trust.

Numbers, text, arrays and plain containers only, as in `student.port.plain`. What comes from a student's process is read
by `decode`, which raises WireError for anything else.
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
"""Values in one message, containers and what they hold."""
MAX_NESTED = 40
"""Containers within containers."""

_LENGTH = struct.Struct(">I")
_FLOAT = struct.Struct(">d")
_COMPLEX = struct.Struct(">dd")
_DTYPE = re.compile(r"[<>|](?:b1|[iu][1248]|f(?:2|4|8|12|16)|c(?:8|16|24|32)|[US]\d{1,7})")


class WireError(ValueError):
    """Bytes that are no message."""


def encode(value: Any) -> bytes:
    """The bytes of a plain value. Raises WireError for what is not plain, TypeError never."""
    parts: list[bytes] = []
    _write(value, parts, 0)
    return b"".join(parts)


def _write(value: Any, parts: list[bytes], depth: int) -> None:
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
    """The plain value that these bytes stand for, whoever wrote them. Raises WireError and nothing else."""
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
    """Reads one value after the other."""

    def __init__(self, data: bytes) -> None:
        self._data, self.position, self._nodes = data, 0, 0

    def read(self, depth: int) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES or depth > MAX_NESTED:
            raise WireError("too many values, or nested too deeply")
        tag = self._take(1)
        if tag in b"ltd":
            return self._container(tag, self._length(), depth)
        if tag in b"ag":
            return self._array(tag)
        return _READ[tag](self._take(self._length()))

    def _container(self, tag: bytes, length: int, depth: int) -> Any:
        if tag != b"d":
            items = [self.read(depth + 1) for _ in range(length)]
            return items if tag == b"l" else tuple(items)
        made: dict[Any, Any] = {}
        for _ in range(length):
            key = self.read(depth + 1)
            made[key] = self.read(depth + 1)
        return made

    def _array(self, tag: bytes) -> Any:
        name, order, sizes = (self._take(self._length()).decode("ascii") for _ in range(3))
        data = self._take(self._length())
        shape = tuple(int(size) for size in sizes.split(",")) if sizes else ()
        if not _DTYPE.fullmatch(name) or order not in ("C", "F") or min(shape, default=0) < 0 or len(shape) > 32:
            raise WireError("no array")
        dtype = np.dtype(name)
        if prod(shape) * dtype.itemsize != len(data):
            raise WireError("an array of another size than it says")
        array = np.frombuffer(data, dtype) if data else np.empty(0, dtype)
        _check_entries(array)
        shaped = array.reshape(shape[::-1]).T if order == "F" else array.reshape(shape)
        whole = shaped.copy(order="K")
        return whole if tag == b"a" else whole[()]

    def _length(self) -> int:
        length: int = _LENGTH.unpack(self._take(_LENGTH.size))[0]
        return length

    def _take(self, length: int) -> bytes:
        if self.position + length > len(self._data):
            raise WireError("it ends too early")
        taken = self._data[self.position : self.position + length]
        self.position += length
        return taken


def _check_entries(array: np.ndarray[Any, Any]) -> None:
    """Raise WireError where bytes are no boolean or no character, which NumPy would not notice."""
    if array.dtype.kind == "b" and array.view(np.uint8).max(initial=0) > 1:
        raise WireError("neither true nor false")
    if array.dtype.kind == "U" and array.size:
        points = array.view(array.dtype.str[0] + "u4")
        if points.max(initial=0) > 0x10FFFF:
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

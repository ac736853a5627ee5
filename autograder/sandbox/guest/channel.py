"""Sends and receives messages over a socket. A message is a few parts, each a value in the format of `wire`.

A frame is a message's length, then its parts, each behind its own length.

Runs in the grader's process and in the process of the student code.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterable
from typing import Any, Protocol

from .errors import DeadProcessError
from .wire import MAX_FRAME, WireError

MAX_PARTS = 1_000
"""Number of parts of one message."""
_HEADER = struct.Struct(">Q")
_PART = struct.Struct(">I")
_CHUNK = 2**20


def frame_of(parts: Iterable[bytes]) -> bytes:
    """Return the bytes of a message. Raises WireError if they exceed MAX_FRAME."""
    pieces = [piece for part in parts for piece in (_PART.pack(len(part)), part)]
    length = sum(map(len, pieces))
    if length > MAX_FRAME:
        raise WireError("too long")
    return b"".join((_HEADER.pack(length), *pieces))


def parts_of(frame: bytes | memoryview) -> list[bytes]:
    """Return the parts of a message from untrusted bytes. Raises WireError if these are not exactly one message."""
    if len(frame) <= _HEADER.size or len(frame) != _HEADER.size + _HEADER.unpack(frame[: _HEADER.size])[0]:
        raise WireError("no message")
    parts: list[bytes] = []
    end = _HEADER.size
    while end < len(frame):
        start = end + _PART.size
        end = start + (_PART.unpack(frame[end:start])[0] if start <= len(frame) else 0)
        if end > len(frame) or len(parts) == MAX_PARTS:
            raise WireError("no message")
        parts.append(bytes(frame[start:end]))
    return parts


class Limit(Protocol):
    """Limits the time in which a message is sent or received."""

    def pause(self) -> float:
        """Return the seconds, above 0, to wait for the other end before asking again. Raises CallTimeoutError."""


class Channel:
    """One end of a connection: sends and receives whole messages."""

    def __init__(self, end: socket.socket) -> None:
        self._socket, self._send_lock = end, threading.Lock()
        self._buffer = bytearray()
        """Bytes of the next frame received so far."""
        self.received = 0
        """Bytes of all messages received so far, headers excluded."""

    def send(self, *parts: bytes, limit: Limit | None = None) -> None:
        """Send a whole message; several threads may call this at once.

        Raises DeadProcessError, the exceptions of `limit`, and WireError for a message that exceeds MAX_FRAME.
        """
        unsent = memoryview(frame_of(parts))
        with self._send_lock:
            while unsent:
                unsent = unsent[self._within(limit, self._socket.send, unsent) :]

    def receive(self, limit: Limit | None = None) -> list[bytes]:
        """Return the parts of the next message.

        Raises DeadProcessError, the exceptions of `limit`, and WireError for bytes that are no message. After a
        CallTimeoutError the next call receives the rest of the same frame.
        """
        self._fill(_HEADER.size, limit)
        (length,) = _HEADER.unpack(self._buffer[: _HEADER.size])
        if length > MAX_FRAME:
            raise WireError("too long")
        end = _HEADER.size + length
        self._fill(end, limit)
        self.received += length
        try:
            with memoryview(self._buffer) as buffer, buffer[:end] as frame:
                return parts_of(frame)
        finally:
            del self._buffer[:end]

    def push(self, data: bytes) -> None:
        """Insert bytes of the next frame that the caller has read from the socket itself."""
        self._buffer[:0] = data

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _fill(self, length: int, limit: Limit | None) -> None:
        """Receive bytes until the buffer has `length` of them."""
        while len(self._buffer) < length:
            chunk = self._within(limit, self._socket.recv, min(_CHUNK, length - len(self._buffer)))
            if not chunk:
                raise DeadProcessError("it closed the connection")
            self._buffer += chunk

    def _within(self, limit: Limit | None, operation: Any, argument: Any) -> Any:
        """Return `operation(argument)`, a call of the socket. Raises DeadProcessError and the exceptions of `limit`."""
        while True:
            self._socket.settimeout(None if limit is None else limit.pause())
            try:
                return operation(argument)
            except TimeoutError:
                continue
            except OSError as error:
                raise DeadProcessError("it broke the connection") from error

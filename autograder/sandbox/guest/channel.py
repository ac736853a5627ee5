"""Messages over a socket, each a frame: its length, then a value in the closed format."""

from __future__ import annotations

import socket
import struct
import threading
import time
from typing import Any

from .wire import MAX_FRAME, WireError, decode, encode

_HEADER = struct.Struct(">Q")
_CHUNK = 2**20


class ClosedError(Exception):
    """The other side is gone."""


class LateError(Exception):
    """The time to wait for a message is over."""


class Channel:
    """One end of a conversation."""

    def __init__(self, end: socket.socket) -> None:
        self._end, self._sending = end, threading.Lock()
        self._read = bytearray()
        """What has arrived of the next frame."""
        self.received = 0
        """Bytes of all messages that have come."""

    def send(self, message: Any, deadline: float | None = None) -> None:
        """Send a message, whole, from any thread.

        Raises ClosedError, LateError, and WireError for what can't cross or is too long.
        """
        data = encode(message)
        if len(data) > MAX_FRAME:
            raise WireError("too long")
        waiting = memoryview(_HEADER.pack(len(data)) + data)
        with self._sending:
            while waiting:
                waiting = waiting[self._in_time(deadline, self._end.send, waiting) :]

    def receive(self, deadline: float | None = None) -> Any:
        """The next message. Raises ClosedError, LateError, and WireError for bytes that are none.

        deadline: by `time.monotonic`; a frame that is late goes on arriving at the next call.
        """
        (length,) = _HEADER.unpack(self._peek(_HEADER.size, deadline))
        if length > MAX_FRAME:
            raise WireError("too long")
        data = bytes(self._peek(_HEADER.size + length, deadline)[_HEADER.size :])
        del self._read[: _HEADER.size + length]
        self.received += length
        return decode(data)

    def push(self, data: bytes) -> None:
        """Put back what was read of the next message by other means."""
        self._read[:0] = data

    def close(self) -> None:
        """Hang up."""
        self._end.close()

    def _peek(self, length: int, deadline: float | None) -> bytes:
        while len(self._read) < length:
            arrived = self._in_time(deadline, self._end.recv, min(_CHUNK, length - len(self._read)))
            if not arrived:
                raise ClosedError
            self._read += arrived
        return bytes(self._read[:length])

    def _in_time(self, deadline: float | None, operation: Any, argument: Any) -> Any:
        """Do something with the socket before the deadline."""
        if deadline is not None and deadline <= time.monotonic():
            raise LateError
        self._end.settimeout(None if deadline is None else max(0.001, deadline - time.monotonic()))
        try:
            return operation(argument)
        except TimeoutError:
            raise LateError from None
        except OSError as error:
            raise ClosedError from error

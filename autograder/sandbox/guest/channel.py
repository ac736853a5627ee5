"""Sends and receives messages over a socket; a frame is a message's length, then its value in the format of `wire`.

Runs in the grader's process and in the process of the student code.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from typing import Any

from .port import CallTimeoutError, DeadProcessError
from .wire import MAX_FRAME, WireError, decode, encode

_HEADER = struct.Struct(">Q")
_CHUNK = 2**20


class Channel:
    """One end of a connection: sends and receives whole messages."""

    def __init__(self, end: socket.socket) -> None:
        self._socket, self._send_lock = end, threading.Lock()
        self._buffer = bytearray()
        """Bytes of the next frame received so far."""
        self.received = 0
        """Bytes of all messages received so far, headers excluded."""

    def send(self, message: Any, deadline: float | None = None) -> None:
        """Send a whole message; several threads may call this at once.

        Raises DeadProcessError, CallTimeoutError, and WireError for a value that can't be encoded or exceeds MAX_FRAME.
        deadline: a time of `time.monotonic`; None for no limit.
        """
        data = encode(message)
        if len(data) > MAX_FRAME:
            raise WireError("too long")
        unsent = memoryview(_HEADER.pack(len(data)) + data)
        with self._send_lock:
            while unsent:
                unsent = unsent[self._before_deadline(deadline, self._socket.send, unsent) :]

    def receive(self, deadline: float | None = None) -> Any:
        """Return the next message.

        Raises DeadProcessError, CallTimeoutError, and WireError for bytes that are no message.
        deadline: a time of `time.monotonic`; None for no limit. After a CallTimeoutError the next call receives the
        rest of the same frame.
        """
        (length,) = _HEADER.unpack(self._peek(_HEADER.size, deadline))
        if length > MAX_FRAME:
            raise WireError("too long")
        data = bytes(self._peek(_HEADER.size + length, deadline)[_HEADER.size :])
        del self._buffer[: _HEADER.size + length]
        self.received += length
        return decode(data)

    def push(self, data: bytes) -> None:
        """Insert bytes of the next frame that the caller has read from the socket itself."""
        self._buffer[:0] = data

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _peek(self, length: int, deadline: float | None) -> bytes:
        """Return the first `length` bytes of the buffer, which stay in it; receive those that are missing."""
        while len(self._buffer) < length:
            chunk = self._before_deadline(deadline, self._socket.recv, min(_CHUNK, length - len(self._buffer)))
            if not chunk:
                raise DeadProcessError("it closed the connection")
            self._buffer += chunk
        return bytes(self._buffer[:length])

    def _before_deadline(self, deadline: float | None, operation: Any, argument: Any) -> Any:
        """Return `operation(argument)`, a call of the socket. Raises CallTimeoutError and DeadProcessError."""
        if deadline is not None and deadline <= time.monotonic():
            raise CallTimeoutError
        self._socket.settimeout(None if deadline is None else max(0.001, deadline - time.monotonic()))
        try:
            return operation(argument)
        except TimeoutError:
            raise CallTimeoutError from None
        except OSError as error:
            raise DeadProcessError("it broke the connection") from error

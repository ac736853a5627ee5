"""IPython without a Jupyter kernel: passes on a cell's outputs in the format of a notebook file.

Runs in the process of the student code.
"""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import time
import traceback
from base64 import b64encode
from collections.abc import Callable
from typing import Any, NoReturn

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell

from .wire import WireError

MAX_CHARACTERS = 2_000_000
"""Characters of a cell's printed text that are sent to the grader's process, which shortens the text further."""
MAX_DISPLAYS = 300
"""Outputs of a cell other than printed text that are sent to the grader's process."""

Send = Callable[[Any], None]


def refuse_input(prompt: object = "") -> NoReturn:
    """Raise StdinNotImplementedError; replaces `input` in a sandbox."""
    __tracebackhide__ = True
    raise StdinNotImplementedError("nobody can type while a notebook is graded: leave out input() and debuggers")


class LimitedOutput:
    """Passes a cell's outputs to `send`, up to MAX_CHARACTERS of printed text and MAX_DISPLAYS other outputs."""

    def __init__(self, send: Send) -> None:
        self._send, self._text_left, self._displays_left = send, MAX_CHARACTERS, MAX_DISPLAYS

    def __call__(self, output: dict[str, Any]) -> None:
        """Send an output, its text shortened to the characters left; drop the output if none are left."""
        if output["output_type"] == "stream":
            text, self._text_left = output["text"][: self._text_left], max(0, self._text_left - len(output["text"]))
            if text:
                self._send({**output, "text": text})
        elif self._displays_left > 0:
            self._displays_left -= 1
            with contextlib.suppress(WireError):  # a representation that can't be encoded
                self._send(output)


class Stream(io.TextIOBase):
    """A cell's standard output or standard error; collects text and sends it in blocks."""

    def __init__(self, name: str, send: Send) -> None:
        self._name, self._send = name, send
        self.other: Stream | None = None
        """The cell's other stream; `write` flushes it first, so that the outputs keep their order."""
        self._pending: list[str] = []
        self._pending_length, self._last_flush = 0, time.monotonic()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of a terminal."""
        return "utf-8"

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Collect a text and return its length. Raises TypeError if it is no str.

        Sends the collected text once it is longer than 2**14 characters, or if the last flush was over 0.2 seconds ago.
        """
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.other is not None and self.other._pending:
            self.other.flush()
        self._pending.append(text)
        self._pending_length += len(text)
        if self._pending_length > 2**14 or time.monotonic() - self._last_flush > 0.2:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send the collected text, if there is any."""
        text, self._pending, self._pending_length = "".join(self._pending), [], 0
        self._last_flush = time.monotonic()
        if text:
            self._send({"output_type": "stream", "name": self._name, "text": text})


class _CellPublisher(DisplayPublisher):  # type: ignore[misc]  # IPython is not typed
    """Sends the outputs of `display`."""

    def publish(self, data: Any, metadata: Any = None, **_: object) -> None:
        """Send a display_data output; IPython calls this for `display`."""
        self.shell.show({"output_type": "display_data", "data": dict(data), "metadata": dict(metadata or {})})

    def clear_output(self, wait: bool = False) -> None:
        """Send a clear_output output; IPython calls this, for example, to redraw a progress bar."""
        self.shell.show({"output_type": "clear_output", "wait": bool(wait)})


class _CellDisplayHook(DisplayHook):  # type: ignore[misc]  # IPython is not typed
    """Sends the value of a cell's last expression."""

    def write_output_prompt(self) -> None:
        """Print no prompt: the output contains the execution count."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Send an execute_result output; IPython calls this with the value's representations."""
        self.shell.show({
            "output_type": "execute_result", "data": dict(format_dict), "metadata": dict(md_dict or {}),
            "execution_count": self.prompt_count,
        })  # fmt: skip

    def finish_displayhook(self) -> None:
        """Print no line end after the value."""


class NotebookShell(InteractiveShell):  # type: ignore[misc]  # IPython is not typed
    """IPython's shell; calls `send` with each output, in the format of a notebook file."""

    def __init__(self, **more: Any) -> None:
        self.send: Send = lambda _: None
        super().__init__(displayhook_class=_CellDisplayHook, display_pub_class=_CellPublisher, **more)

    def show(self, output: dict[str, Any]) -> None:
        """Flush the text printed so far, then send the output, its binary data encoded as base64."""
        data = output.get("data", {})
        data |= {kind: b64encode(value).decode("ascii") for kind, value in data.items() if isinstance(value, bytes)}
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, Stream):
                stream.flush()
        self.send(output)

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        """Send an error output; IPython calls this with the exception and the lines of its traceback."""
        name = getattr(etype, "__name__", "Exception")
        lines = [str(line) for line in stb]
        self.show({"output_type": "error", "ename": str(name), "evalue": str(evalue), "traceback": lines})

    def showtraceback(self, *args: Any, **more: Any) -> None:
        """Send a traceback as IPython formats it.

        If formatting raises, as a student's exception may, send only the last line of that error.
        """
        try:
            super().showtraceback(*args, **more)
        except BaseException:
            lines = traceback.format_exc(limit=1).splitlines()
            self.show({"output_type": "error", "ename": "Exception", "evalue": "", "traceback": lines[-1:]})

    def ask_exit(self) -> NoReturn:
        """Raise SystemExit, which ends the cell; IPython calls this for `exit` and `quit`."""
        raise SystemExit

    def system(self, cmd: str) -> None:
        """Run a shell command, as `!command` does, without a terminal or input, and print its output.

        Sets the notebook's `_exit_code`.
        """
        command = self.var_expand(cmd, depth=1)
        completed = subprocess.run(
            command, shell=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.user_ns["_exit_code"] = completed.returncode
        print(completed.stdout.decode("utf-8", "replace"), end="")

    def enable_gui(self, gui: object = None) -> None:
        """Do nothing: there is no window system."""

    def init_sys_modules(self) -> None:
        """Make the notebook's module `__main__`, as a Jupyter kernel does."""
        sys.modules["__main__"] = self.user_module
        super().init_sys_modules()

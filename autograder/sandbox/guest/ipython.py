"""IPython without a kernel: what a cell prints and shows is handed on as a notebook keeps it."""

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

MOST_TEXT = 2_000_000
"""Characters of a cell's output that are sent on; whoever receives them cuts further."""
MOST_SHOWN = 300
"""Displays of a cell that are sent on."""

Send = Callable[[Any], None]


def refuse_input(prompt: object = "") -> NoReturn:
    """What `input` is in a sandbox. Raises StdinNotImplementedError."""
    __tracebackhide__ = True
    raise StdinNotImplementedError("input() finds nobody to answer where a notebook is graded: write the value instead")


class Capped:
    """Sends a cell's outputs on until they are too many."""

    def __init__(self, send: Send) -> None:
        self._send, self._text, self._shown = send, MOST_TEXT, MOST_SHOWN

    def __call__(self, output: dict[str, Any]) -> None:
        """Send one on."""
        if output["output_type"] == "stream":
            text, self._text = output["text"][: self._text], max(0, self._text - len(output["text"]))
            if text:
                self._send({**output, "text": text})
        elif self._shown > 0:
            self._shown -= 1
            with contextlib.suppress(WireError):  # a representation that is no text
                self._send(output)


class Stream(io.TextIOBase):
    """Standard output or error of a cell."""

    def __init__(self, name: str, send: Send) -> None:
        self._name, self._send = name, send
        self.other: Stream | None = None
        """Where else the cell may write: what was written there first comes first."""
        self._waiting: list[str] = []
        self._length, self._flushed = 0, time.monotonic()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """As a terminal's."""
        return "utf-8"

    def writable(self) -> bool:
        """It is there to be written to."""
        return True

    def write(self, text: str) -> int:
        """Keep a text until there is enough to send, or some time has gone by."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.other is not None and self.other._waiting:
            self.other.flush()
        self._waiting.append(text)
        self._length += len(text)
        if self._length > 2**14 or time.monotonic() - self._flushed > 0.2:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what is waiting."""
        text, self._waiting, self._length = "".join(self._waiting), [], 0
        self._flushed = time.monotonic()
        if text:
            self._send({"output_type": "stream", "name": self._name, "text": text})


class _Published(DisplayPublisher):  # type: ignore[misc]  # IPython is not typed
    """What `display` shows."""

    def publish(self, data: Any, metadata: Any = None, **_: object) -> None:
        """Called by IPython."""
        self.shell.show({"output_type": "display_data", "data": dict(data), "metadata": dict(metadata or {})})

    def clear_output(self, wait: bool = False) -> None:
        """Called by IPython: progress that is drawn over and over."""
        self.shell.show({"output_type": "clear_output", "wait": bool(wait)})


class _Hook(DisplayHook):  # type: ignore[misc]  # IPython is not typed
    """What a cell's last expression shows."""

    def write_output_prompt(self) -> None:
        """The number comes with the value."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Called by IPython."""
        self.shell.show({
            "output_type": "execute_result", "data": dict(format_dict), "metadata": dict(md_dict or {}),
            "execution_count": self.prompt_count,
        })  # fmt: skip

    def finish_displayhook(self) -> None:
        """Nothing is printed that a line would have to end."""


class Notebook(InteractiveShell):  # type: ignore[misc]  # IPython is not typed
    """IPython's shell, whose outputs are handed on as a notebook keeps them."""

    def __init__(self, **more: Any) -> None:
        self.send: Send = lambda _: None
        super().__init__(displayhook_class=_Hook, display_pub_class=_Published, **more)

    def show(self, output: dict[str, Any]) -> None:
        """Send an output on, after what was printed before it."""
        data = output.get("data", {})
        data |= {kind: b64encode(value).decode("ascii") for kind, value in data.items() if isinstance(value, bytes)}
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, Stream):
                stream.flush()
        self.send(output)

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        name = getattr(etype, "__name__", "Exception")
        lines = [str(line) for line in stb]
        self.show({"output_type": "error", "ename": str(name), "evalue": str(evalue), "traceback": lines})

    def showtraceback(self, *args: Any, **more: Any) -> None:
        """Show it as any other, also where a student's exception can't even be shown."""
        try:
            super().showtraceback(*args, **more)
        except BaseException:
            lines = traceback.format_exc(limit=1).splitlines()
            self.show({"output_type": "error", "ename": "Exception", "evalue": "", "traceback": lines[-1:]})

    def ask_exit(self) -> NoReturn:
        """`exit` and `quit`: as `sys.exit()`, which ends a cell."""
        raise SystemExit

    def system(self, cmd: str) -> None:
        """`!command`: without a terminal, its output among the cell's."""
        command = self.var_expand(cmd, depth=1)
        done = subprocess.run(
            command, shell=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.user_ns["_exit_code"] = done.returncode
        print(done.stdout.decode("utf-8", "replace"), end="")

    def enable_gui(self, gui: object = None) -> None:
        """There is no window to open."""

    def init_sys_modules(self) -> None:
        """As a kernel's: the notebook is `__main__`."""
        sys.modules["__main__"] = self.user_module
        super().init_sys_modules()

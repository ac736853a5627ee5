"""Runs a notebook's cells in IPython and answers what hidden tests ask, where student code is confined.

Nothing here is trusted once a cell has run: whoever is at the other end takes every message for the student's.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import gc
import io
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from ..student.local import LocalKernel
from ..student.port import Figure, StudentError, line_of, plain
from .channel import Channel, ClosedError
from .wire import WireError, decode, encode

MOST_TEXT = 2_000_000
"""Characters of a cell's output that are sent on; whoever receives them cuts further."""
MOST_SHOWN = 300
"""Displays of a cell that are sent on."""

Send = Callable[[Any], None]
_CACHE = type(functools.lru_cache(len))


class Shell:
    """IPython without a kernel: made once, forked for each notebook."""

    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "NoColor"
        # Plots at their own size: cropping them, the default, draws each a second time.
        config.InlineBackend.print_figure_kwargs = {"bbox_inches": None}
        self._ip = _IPython.instance(config=config)
        self._ip.run_line_magic("matplotlib", "inline")
        self._kernel: LocalKernel | None = None
        self._sources: dict[str, str] = {}
        self._kept: dict[int, Any] = {}
        """Runs and objects that a test may ask further, by their number."""

    def warm_up(self) -> None:
        """Load what a first plot, a first table and a first traceback load, and leave no trace of it."""
        self._ip.send = lambda _: None
        for cell in (
            "import numpy as np, matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.title('$x^2$'); plt.show()",
            "fig, axes = plt.subplots(1, 2); axes[0].scatter([1], [2], label='a'); axes[0].legend(); 1",
            "def f(x):\n    return np.ones(2) @ np.ones(x)\nf(3)",
            "%time 1\nprint(np.random.default_rng(1).normal(size=2)); raise NotImplementedError('x')",
        ):
            self._ip.run_cell(cell, store_history=True)
        self._ip.reset(new_session=True)
        self._ip.execution_count = 1
        # Fonts are open files, which a fork closes: left in the cache they would read, and close, whatever comes next.
        for cached in gc.get_objects():
            if isinstance(cached, _CACHE) and cached.__name__ in ("_get_font", "_parse_cached"):
                cached.cache_clear()
        gc.collect()
        gc.freeze()  # what is there now is never looked at again, and its pages stay shared

    def serve(self, channel: Channel, folder: str) -> NoReturn:
        """Answer until the other side hangs up. Everything a student's code may do to this loop costs them alone."""
        request, (seed, files, sources) = channel.receive()
        self._settle(folder, seed, files)
        self._sources = sources
        self._kernel = LocalKernel(self._ip.user_ns, self._sources)
        busy = _Busy()
        channel.send(("answer", request, None))
        while True:
            try:
                request, operation, arguments, forgotten = channel.receive()
                for number in forgotten:
                    self._kept.pop(number, None)
            except KeyboardInterrupt:
                continue
            except ClosedError:
                os._exit(0)
            with busy:
                answer = self._answer(request, operation, arguments, channel)
            channel.send(answer)

    def _settle(self, folder: str, seed: int, files: Mapping[str, bytes]) -> None:
        """Make this process a notebook's own: its folder, environment and random numbers."""
        for name, data in files.items():
            if "/" in name:
                os.makedirs(os.path.dirname(name), exist_ok=True)
            with open(name, "xb") as file:
                file.write(data)
        os.environ.clear()
        os.environ |= {
            "HOME": folder, "TMPDIR": f"{folder}/tmp", "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline", "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }  # fmt: skip
        os.makedirs(f"{folder}/tmp", exist_ok=True)
        sys.path.insert(0, "")  # as in a kernel: a module that a cell writes can be imported
        sys.modules["autograder"] = None  # type: ignore[assignment]  # an ImportError, wherever it lies
        random.seed(seed)
        np.random.seed(seed % 2**32)
        builtins.input = builtins.__dict__["input"] = _refuse_input
        self._ip.user_ns["__builtins__"] = builtins

    def _answer(self, request: int, operation: str, arguments: Any, channel: Channel) -> Any:
        try:
            if operation == "cell":
                return "answer", request, self._run_cell(channel, request, *arguments)
            return "answer", request, getattr(self, f"_do_{operation}")(*arguments)
        except BaseException as error:
            return "raised", request, _described(error)

    # A cell

    def _run_cell(self, channel: Channel, request: int, source: str) -> dict[str, Any]:
        self._ip.send = _Capped(lambda output: channel.send(("output", request, output)))
        sys.stdout, sys.stderr = streams = tuple(_Stream(name, self._ip.send) for name in ("stdout", "stderr"))
        for stream, other in zip(streams, reversed(streams), strict=True):
            stream.other = other
        try:
            result = self._ip.run_cell(source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
        finally:
            for stream in streams:
                stream.flush()
        return {"error": "" if error is None else type(error).__name__}

    # What the port is asked

    def _do_value(self, name: str) -> Any:
        return self._local.value(name)

    def _do_call(self, name: str, given: Any, counted: bool, stand_ins: str, args: Any, kwargs: Any) -> dict[str, Any]:
        function = self._local.function(name, given, counted, stand_ins)
        answer: dict[str, Any] = {}
        try:
            answer["result"] = function(*args, **kwargs)
        except BaseException as error:
            answer["raised"] = _described(error)
        if (last := function.last) is not None:
            answer |= {"stdout": last.stdout[:MOST_TEXT], "calls": dict(last.calls)}
            with contextlib.suppress(StudentError):
                answer["arguments"] = plain([last.args, last.kwargs])
        return answer

    def _do_call_apart(self, *arguments: Any) -> Any:
        """A call in a fork, whose memory of it ends with it."""
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                data = encode(self._do_call(*arguments))
            except BaseException as error:
                data = encode({"raised": _described(error)})
            with open(writer, "wb") as file:
                file.write(data)
            os._exit(0)
        os.close(writer)
        try:
            with open(reader, "rb") as file:
                return decode(file.read())
        except WireError:
            return {"raised": _described(RuntimeError("it ended Python itself"))}
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

    def _do_make(self, number: int, class_name: str, args: Any, kwargs: Any) -> None:
        self._kept[number] = self._local.make(class_name, *args, **kwargs)

    def _do_method(self, number: int, method: str, args: Any, kwargs: Any) -> Any:
        return self._kept[number].call(method, *args, **kwargs)

    def _do_attribute(self, number: int, attribute: str) -> Any:
        return self._kept[number].value(attribute)

    def _do_rerun(self, number: int, task: str, given: Any, stand_ins: str) -> None:
        self._kept[number] = self._local.rerun(task, given, stand_ins)

    def _do_figures(self, task: str) -> list[Any]:
        return [_plain_figure(figure) for figure in self._local.figures(task)]

    @property
    def _local(self) -> LocalKernel:
        assert self._kernel is not None
        return self._kernel


def _plain_figure(figure: Figure) -> list[Any]:
    return [(str(one.title), str(one.xlabel), str(one.ylabel), [plain(line) for line in one.lines])
            for one in figure.axes]  # fmt: skip


def _described(error: BaseException) -> dict[str, Any]:
    """An exception as plain data; a student's own may lie, fail or hang when it is asked what it is."""
    described: dict[str, Any] = {"name": "Exception", "bases": [], "text": "", "args": None, "line": "", "known": False}
    with contextlib.suppress(Exception):
        kinds = [kind for kind in type.mro(type(error)) if isinstance(kind, type)]
        described["known"] = kinds[0].__module__ == StudentError.__module__ or kinds[0] in vars(builtins).values()
        described["name"] = str(type.__getattribute__(kinds[0], "__name__"))
        described["bases"] = [kind.__name__ for kind in kinds if kind in vars(builtins).values()]
    with contextlib.suppress(Exception):
        described["line"] = line_of(error)
    with contextlib.suppress(Exception):
        described["text"] = str(error)[:MOST_TEXT]
    with contextlib.suppress(Exception):
        fields = vars(error) if isinstance(error, StudentError) else error.args
        described["args"] = plain(dict(fields) if isinstance(fields, dict) else tuple(fields))
    return described


def _refuse_input(prompt: object = "") -> NoReturn:
    __tracebackhide__ = True
    raise StdinNotImplementedError("input() finds nobody to answer where a notebook is graded: write the value instead")


class _Busy:
    """Lets an interrupt through only while something runs that it may end."""

    def __init__(self) -> None:
        signal.signal(signal.SIGINT, self._interrupt)
        self._running = False

    def __enter__(self) -> None:
        self._running = True

    def __exit__(self, *_: object) -> None:
        self._running = False

    def _interrupt(self, *_: object) -> None:
        __tracebackhide__ = True
        if self._running:
            raise KeyboardInterrupt


class _Capped:
    """Sends a cell's outputs on until they are too many."""

    def __init__(self, send: Send) -> None:
        self._send, self._text, self._shown = send, MOST_TEXT, MOST_SHOWN

    def __call__(self, output: dict[str, Any]) -> None:
        if output["output_type"] == "stream":
            text, self._text = output["text"][: self._text], max(0, self._text - len(output["text"]))
            if text:
                self._send({**output, "text": text})
        elif self._shown > 0:
            self._shown -= 1
            with contextlib.suppress(WireError):  # a representation that is no text
                self._send(output)


class _Stream(io.TextIOBase):
    """Standard output or error of a cell."""

    def __init__(self, name: str, send: Send) -> None:
        self._name, self._send = name, send
        self.other: _Stream | None = None
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


class _IPython(InteractiveShell):  # type: ignore[misc]  # IPython is not typed
    """IPython's shell, whose outputs are handed on as a notebook keeps them."""

    def __init__(self, **more: Any) -> None:
        self.send: Send = lambda _: None
        super().__init__(displayhook_class=_Hook, display_pub_class=_Published, **more)

    def show(self, output: dict[str, Any]) -> None:
        """Send an output on, after what was printed before it."""
        data = output.get("data", {})
        data |= {kind: b64encode(value).decode("ascii") for kind, value in data.items() if isinstance(value, bytes)}
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, _Stream):
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

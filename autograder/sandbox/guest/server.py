"""Runs a notebook's cells in IPython and answers what hidden tests ask, where student code is confined.

Nothing here is trusted once a cell has run: whoever is at the other end takes every message for the student's.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import gc
import os
import random
import signal
import sys
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import numpy as np
from matplotlib.figure import Figure as Drawing
from traitlets.config import Config

from .channel import Channel, ClosedError
from .ipython import MOST_TEXT, Capped, Notebook, Stream, refuse_input
from .local_kernel import LocalKernel
from .port import Figure, StudentError, line_of, plain
from .wire import WireError, decode, encode

NOT_DRAWN = "[This figure is in your own notebook; it is not drawn again when graded.]"

_CACHE = type(functools.lru_cache(len))


class Shell:
    """IPython without a kernel: made once, forked for each notebook."""

    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "NoColor"
        # Plots at their own size: cropping them, the default, draws each a second time.
        config.InlineBackend.print_figure_kwargs = {"bbox_inches": None}
        self._ip = Notebook.instance(config=config)
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
        builtins.input = builtins.__dict__["input"] = refuse_input
        self._ip.user_ns["__builtins__"] = builtins

    def _answer(self, request: int, operation: str, arguments: Any, channel: Channel) -> Any:
        try:
            if operation == "cell":
                return "answer", request, self._run_cell(channel, request, *arguments)
            return "answer", request, getattr(self, f"_do_{operation}")(*arguments)
        except BaseException as error:
            return "raised", request, _described(error)

    # A cell

    def _run_cell(self, channel: Channel, request: int, source: str, draw: bool) -> dict[str, Any]:
        self._ip.send = Capped(lambda output: channel.send(("output", request, output)))
        sys.stdout, sys.stderr = streams = tuple(Stream(name, self._ip.send) for name in ("stdout", "stderr"))
        for stream, other in zip(streams, reversed(streams), strict=True):
            stream.other = other
        try:
            with contextlib.nullcontext() if draw else self._without_drawing():
                result = self._ip.run_cell(source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
        finally:
            for stream in streams:
                stream.flush()
        return {"error": "" if error is None else type(error).__name__}

    @contextlib.contextmanager
    def _without_drawing(self) -> Iterator[None]:
        """Show a sentence in place of each figure: to draw those of a lab takes several times as long as all else."""
        formatters = self._ip.display_formatter.formatters
        drawing = {kind: formatter.pop(Drawing, None) for kind, formatter in formatters.items()}
        formatters["text/plain"].for_type(Drawing, lambda figure, printer, cycle: printer.text(NOT_DRAWN))
        try:
            yield
        finally:
            formatters["text/plain"].pop(Drawing, None)
            for kind, function in drawing.items():
                if function is not None:
                    formatters[kind].for_type(Drawing, function)

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

    def _do_make(self, number: int, class_name: str, stand_ins: str, args: Any, kwargs: Any) -> None:
        self._kept[number] = self._local.make(class_name, *args, stand_ins=stand_ins, **kwargs)

    def _do_method(self, number: int, method: str, args: Any, kwargs: Any) -> Any:
        return self._kept[number].call(method, *args, **kwargs)

    def _do_attribute(self, number: int, attribute: str) -> Any:
        return self._kept[number].value(attribute)

    def _do_set(self, number: int, attribute: str, value: Any) -> None:
        self._kept[number].set(attribute, value)

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

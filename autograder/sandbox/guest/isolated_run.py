"""Runs a student's code once more without a trace: names, data, figures and the screen stay as they were."""

from __future__ import annotations

import contextlib
import copy
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import numpy as np
from IPython.utils.capture import CapturedIO, capture_output

from .port import Axes, Figure


@contextlib.contextmanager
def borrowed(namespace: dict[str, Any], given: Mapping[str, Any]) -> Iterator[None]:
    """Set some names, and afterwards put all names back as they were."""
    before = dict(namespace)
    namespace.update(given)
    try:
        yield
    finally:
        for name in set(namespace) - set(before):
            del namespace[name]
        namespace.update(before)


@contextlib.contextmanager
def doubled(namespace: dict[str, Any]) -> Iterator[None]:
    """Hand out doubles of all data, because a cell that runs again may change arrays and objects in place."""
    random_state = np.random.get_state()
    with borrowed(namespace, copied(namespace)):
        try:
            yield
        finally:
            np.random.set_state(random_state)


def copied(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The notebook's own names, with doubles of all data."""
    doubles = _Doubles(namespace.get("__name__", "__main__"))
    own = {name: value for name, value in namespace.items() if name not in _SHELL and not name.startswith("__")}
    return {name: doubles.of(value) for name, value in own.items()}


_DEEPEST = 100
"""Containers within containers; what lies deeper is shared."""
_LARGEST = 2**30
"""Bytes of an array."""
_ENDLESS = (list, tuple, dict, set, frozenset, str, bytes, np.ndarray)
"""A student's own kind of these may never end when it is copied."""

_SHELL = ("In", "Out", "_ih", "_oh", "_dh")
"""Names under which IPython keeps its own books in a notebook's namespace."""


@contextlib.contextmanager
def counting(namespace: dict[str, Any], calls: Counter[str]) -> Iterator[None]:
    """Count the calls of functions that the notebook defines."""

    def profile(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_globals is namespace:
            calls[frame.f_code.co_name] += 1

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        yield
    finally:
        sys.setprofile(before)


@dataclass
class _Doubles:
    """Copies data; what is no data (functions, modules, figures) stays shared.

    Two names of one array stay two names of one array. A view becomes an array of its own.
    """

    module: str
    """The notebook's own, whose classes hold data too."""
    made: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    """Each original by its id, with its double: an id alone would be used again."""

    depth: int = 0

    def of(self, value: Any) -> Any:
        if id(value) not in self.made:
            if self.depth == _DEEPEST:
                return value
            self.depth += 1
            try:
                self._make(value)
            finally:
                self.depth -= 1
        return self.made[id(value)][1]

    def _make(self, value: Any) -> None:
        kind, double = type(value), value
        if isinstance(value, np.ndarray):
            # A view may claim more than there is memory for.
            double = value.copy() if value.nbytes <= _LARGEST else value
        elif isinstance(value, np.random.Generator | np.random.RandomState):
            double = copy.deepcopy(value)
        elif kind in (list, dict, set) or (kind.__module__ == self.module and not issubclass(kind, _ENDLESS)):
            with contextlib.suppress(Exception):  # a student's class may refuse to be copied, in any way
                double = copy.copy(value)
        # Before what it holds, which may hold it in turn.
        self.made[id(value)] = value, double
        if kind is list:
            double[:] = [self.of(item) for item in value]
        elif kind is tuple:
            self.made[id(value)] = value, tuple(self.of(item) for item in value)
        elif kind is dict:
            double.update({key: self.of(item) for key, item in value.items()})
        elif double is not value and hasattr(double, "__dict__"):
            vars(double).update({name: self.of(item) for name, item in vars(value).items()})


@contextlib.contextmanager
def quietly() -> Iterator[CapturedIO]:
    """Catch what is printed and displayed, and close what is drawn. Warnings still show."""
    with capture_output(stderr=False) as caught, drawn():
        yield caught


@contextlib.contextmanager
def drawn() -> Iterator[list[Figure]]:
    """Describe what is drawn when it is shown, or at the end, then close it. Figures open before don't take part."""
    import matplotlib.pyplot as plt
    from matplotlib._pylab_helpers import Gcf

    figures: list[Figure] = []

    def show(*_: object, **__: object) -> None:
        """As the inline backend's: a figure that was shown is closed, and the next plot begins a new one."""
        figures.extend(_describe(manager.canvas.figure) for manager in Gcf.get_all_fig_managers())
        plt.close("all")

    open_before, real_show = dict(Gcf.figs), plt.show
    Gcf.figs.clear()
    plt.show = show
    try:
        yield figures
        show()
    finally:
        plt.show = real_show
        plt.close("all")
        Gcf.figs.update(open_before)


def _describe(figure: Any) -> Figure:
    return Figure(
        tuple(
            Axes(
                next(filter(None, map(axes.get_title, ("center", "left", "right"))), ""),
                axes.get_xlabel(),
                axes.get_ylabel(),
                tuple((x.copy(), y.copy()) for x, y in (line.get_xydata().T for line in axes.get_lines())),
            )
            for axes in figure.axes
        )
    )

"""Context managers that run student code again and leave names, data, figures and the screen unchanged.

Runs in the process of the student code and in an author's Jupyter kernel.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from IPython.utils.capture import CapturedIO, capture_output

from .port import Axes, Figure


@contextlib.contextmanager
def restored_names(namespace: dict[str, Any], overrides: Mapping[str, Any]) -> Iterator[None]:
    """Set the overrides in a namespace for the block, then restore all its names: set, changed and deleted ones."""
    before = dict(namespace)
    namespace.update(overrides)
    try:
        yield
    finally:
        for name in set(namespace) - set(before):
            del namespace[name]
        namespace.update(before)


@contextlib.contextmanager
def copied_data(namespace: dict[str, Any]) -> Iterator[None]:
    """Replace a notebook's data by copies for the block, because a cell may change arrays and objects in place.

    Afterwards the names and NumPy's global random state are as before.
    """
    random_state = np.random.get_state()
    with restored_names(namespace, data_copies(namespace)):
        try:
            yield
        finally:
            np.random.set_state(random_state)


def data_copies(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Return the notebook's variables with copies of their data, without IPython's variables and `__names__`."""
    copier = _DataCopier(namespace.get("__name__", "__main__"))
    variables = {
        name: value for name, value in namespace.items() if name not in _IPYTHON_NAMES and not name.startswith("__")
    }
    return {name: copier.of(value) for name, value in variables.items()}


_MAX_DEPTH = 100
"""Depth to which nested containers are copied; deeper values are shared."""
_MAX_COPIED_BYTES = 2**30
"""Bytes of the largest array that is copied; larger arrays are shared."""
_CONTAINER_TYPES = (list, tuple, dict, set, frozenset, str, bytes, np.ndarray)
"""Objects of a student's subclass of these types are shared: copying such an object may never end."""

_SCALAR_TYPES = {type(None), bool, int, float, complex, str, bytes}
"""Types whose values can't change, so that a copy of their container may share them."""

_IPYTHON_NAMES = ("In", "Out", "_ih", "_oh", "_dh")
"""Names of the variables in which IPython keeps a notebook's history."""


@dataclass
class _DataCopier:
    """Copies data; values that are no data (functions, modules, figures) are shared.

    Two names of one array are two names of one copy. A view becomes an independent array.
    """

    module: str
    """Name of the notebook's module; objects of its classes are copied too."""
    made: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    """Each original and its copy, by the original's id; a reference to the original keeps its id from being reused."""

    depth: int = 0
    """Number of containers around the value that is being copied."""

    def of(self, value: Any) -> Any:
        """Return the copy of a value, the same at each call, or the value itself if it is shared."""
        if id(value) not in self.made:
            if self.depth == _MAX_DEPTH:
                return value
            self.depth += 1
            try:
                self._add_copy(value)
            finally:
                self.depth -= 1
        return self.made[id(value)][1]

    def _add_copy(self, value: Any) -> None:
        """Copy a value with its items or attributes, and store the copy in `made`."""
        kind, copied = type(value), value
        if isinstance(value, np.ndarray):
            # A view, as of a broadcast, may have more bytes than there is memory.
            copied = value.copy() if value.nbytes <= _MAX_COPIED_BYTES else value
        elif isinstance(value, np.random.Generator | np.random.RandomState):
            copied = copy.deepcopy(value)
        elif kind in (list, dict, set) or (kind.__module__ == self.module and not issubclass(kind, _CONTAINER_TYPES)):
            with contextlib.suppress(Exception):  # a student's class may raise any exception here
                copied = copy.copy(value)
        # Store the copy before those of its items: an item may contain the value.
        self.made[id(value)] = value, copied
        # A list of a million numbers takes half a second item by item, which would count as the student's own time.
        if kind in (list, tuple) and set(map(type, value)) <= _SCALAR_TYPES:
            return
        if kind is list:
            copied[:] = [self.of(item) for item in value]
        elif kind is tuple:
            self.made[id(value)] = value, tuple(self.of(item) for item in value)
        elif kind is dict:
            copied.update({key: self.of(item) for key, item in value.items()})
        elif copied is not value and hasattr(copied, "__dict__"):
            vars(copied).update({name: self.of(item) for name, item in vars(value).items()})


@contextlib.contextmanager
def captured_output() -> Iterator[CapturedIO]:
    """Yield the output that the block prints or displays, and close its figures. Warnings (stderr) still show."""
    with capture_output(stderr=False) as captured, recorded_figures():
        yield captured


@contextlib.contextmanager
def recorded_figures() -> Iterator[list[Figure]]:
    """Yield a list that receives each figure of the block, when the block shows it or at the block's end.

    Closes each figure then. Figures that were open before the block stay open, and are not in the list.
    """
    import matplotlib.pyplot as plt
    from matplotlib._pylab_helpers import Gcf

    figures: list[Figure] = []

    def show(*_: object, **__: object) -> None:
        """Record and close all open figures, as the inline backend does: the next plot begins a new one."""
        figures.extend(_describe(manager.canvas.figure) for manager in Gcf.get_all_fig_managers())
        plt.close("all")

    hidden_figures, original_show = dict(Gcf.figs), plt.show
    Gcf.figs.clear()
    plt.show = show
    try:
        yield figures
        show()
    finally:
        plt.show = original_show
        plt.close("all")
        Gcf.figs.update(hidden_figures)


def _describe(figure: Any) -> Figure:
    """Return the titles, labels and lines of a Matplotlib figure; a title may be at the centre, left or right."""
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

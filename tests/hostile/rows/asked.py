"""Forged points, and attacks on the grader, by returned values: objects that lie, and values without limit."""

from __future__ import annotations

from textwrap import indent

from ..hand import Make, right, wrong
from ..row import NOTHING, Row, forging, one_in, without

LIARS = {
    "an object that equals everything": (
        """
        class Always:
            __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = lambda *_: True
            __hash__ = object.__hash__
            __bool__ = lambda self: True

        answer = Always()
        """,
        {"tally": 2},
    ),
    "an ndarray subclass whose functions say yes": (
        """
        class Yes(np.ndarray):
            def __array_function__(self, function, types, args, kwargs): return True
            def __array_ufunc__(self, ufunc, method, *args, **kwargs): return True
            __eq__ = lambda *_: True

        answer = np.zeros(()).view(Yes)
        """,
        {"tally": 2},
    ),
    "an object whose __array__ is what is expected": (
        """
        import sys

        class Chameleon:
            def __array__(self, dtype=None, copy=None):
                frame = sys._getframe()
                while frame is not None:
                    if "desired" in frame.f_locals or "expected" in frame.f_globals:
                        return np.array(frame.f_globals.get("expected", frame.f_locals.get("desired")))
                    frame = frame.f_back
                return np.array(1.0)

        answer = Chameleon()
        """,
        {"cost": 4, "improvement": 2},
    ),
    "a float whose differences are nought": (
        """
        class Near(float):
            __sub__ = __rsub__ = lambda *_: 0.0
            __eq__ = lambda *_: True
            __array_ufunc__ = None
            __hash__ = float.__hash__

        answer = Near(3.0)
        """,
        {"tally": 2},
    ),
    "a float whose __float__ changes": (
        """
        import itertools
        class Fickle(float):
            values = itertools.count()
            def __float__(self): return float(next(Fickle.values))
            def __eq__(self, other): return True
            __hash__ = float.__hash__

        answer = Fickle(1.0)
        """,
        {"tally": 2},
    ),
    "an object that says it is an array": (
        """
        class Mask:
            __class__ = property(lambda self: np.ndarray)
            dtype, shape, size, ndim = np.dtype(float), (), 1, 0
            def __getattr__(self, name): return lambda *_, **__: self
            __eq__ = lambda *_: True
            __array_ufunc__ = lambda *_, **__: True
            __array_function__ = lambda *_, **__: True

        answer = Mask()
        """,
        {"tally": 2},
    ),
    "a NumPy scalar subclass": (
        "class Scalar(np.float64):\n"
        "    __eq__ = lambda *_: True\n    __hash__ = np.float64.__hash__\nanswer = Scalar(1.0)",
        {"tally": 2},
    ),
    "unittest.mock.ANY": ("from unittest.mock import ANY as answer", {"tally": 2}),
}
"""The definition of a lying `answer`, and the points that stock nbgrader gives for it."""

NO_ANSWERS = {
    "None": "answer = None",
    "NaN": "answer = float('nan')",
    "infinity": "answer = np.inf",
    "an array of NaN": "answer = np.full((1, 6), np.nan)",
    "a masked array": "answer = np.ma.masked_all(())",
    "a complex number": "answer = 1j",
    "a text": "answer = '1.0'",
    "True": "answer = True",
    "an object array": "answer = np.array([1.0, None], dtype=object)",
    "an empty array": "answer = np.zeros((0, 3))",
    "an empty array of vast shape": "answer = np.zeros((0, 10**15))",
    "a ragged list": "answer = [[1.0], [1.0, 2.0]]",
    "a record array": "answer = np.zeros(2, dtype=[('a', float)])",
    "a date": "answer = np.datetime64('2020-01-01')",
    "a long double": "answer = np.longdouble(1)",
    "an array of the other byte order": "answer = np.ones(3, dtype='>f8')",
    "a whole number of 5000 digits": "answer = 10**5000",
    "a denormal": "answer = 5e-324",
    "a text of a million characters": "answer = 'x' * 10**6",
    "a text that is no Unicode": "answer = '\\ud800' * 9",
    "a dict with odd keys": "answer = {float('nan'): 1, None: 2, (1, (2,)): 3}",
    "a generator": "answer = (n for n in range(10**12))",
    "a coroutine": "async def wait(): ...\nanswer = wait",
    "a function": "answer = lambda *_: 1.0",
    "a module": "answer = np",
    "the shell": "answer = get_ipython()",
    "a circle of lists": "answer = []\nanswer.append(answer)",
    "a graph with circles": "answer = {}\nfor n in range(99):\n    answer[n] = [answer] * 9",
    "a nest of 10,000 lists": "answer = []\nfor _ in range(10_000):\n    answer = [answer]",
    "a list that doubles thirty times": "answer = [1.0]\nfor _ in range(30):\n    answer = [answer, answer]",
    "a list of a million numbers": "answer = [1.0] * 10**6",
    "a list that grows as it is read": (
        "class Endless(list):\n"
        "    def __iter__(self):\n        while True:\n            yield 1.0\nanswer = Endless([1.0])"
    ),
    "a view of 80 GB": "answer = np.broadcast_to(1.0, (10**5, 10**5))",
    "a strided view of 80 GB": "answer = np.lib.stride_tricks.as_strided(np.ones(1), (10**5, 10**5), (0, 0))",
    "an array of 50 MB": "answer = np.ones((2500, 2500))",
    "a column that broadcasts": "answer = np.ones((5000, 1))",
    "a view of 32 axes": "answer = np.ones((1,) * 32)",
}
"""Definitions of an `answer` that is wrong for every task, whatever it looks like."""

ENDLESS = (
    "a list that doubles thirty times", "a list that grows as it is read", "an exception whose words never end",
)  # fmt: skip
"""Names of the values and exceptions that only a time limit ends."""

RAISED = {
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "GeneratorExit": "raise GeneratorExit",
    "SystemExit": "raise SystemExit('4.0')",
    "BaseException": "class Odd(BaseException): ...\nraise Odd('x')",
    "a group of exceptions": "raise BaseExceptionGroup('many', [ValueError(n) for n in range(999)])",
    "an exception that can't be shown": (
        "class Mute(Exception):\n    def __str__(self): raise SystemExit\n    __repr__ = __str__\nraise Mute()"
    ),
    "an exception whose words never end": (
        "class Slow(Exception):\n    def __str__(self):\n        while True: pass\nraise Slow()"
    ),
    "an exception whose words are no text": "class Odd(Exception):\n    def __str__(self): return 4.0\nraise Odd()",
    "an exception of a megabyte": "raise ValueError('x' * 10**6)",
    "an exception whose words are no Unicode": "raise ValueError('\\ud800' * 9)",
    "an exception with odd arguments": "raise KeyError(lambda: 1, [np.zeros(9)] * 9)",
    "an exception with a lying class": (
        "class Lie(Exception):\n    __class__ = property(lambda self: 1 / 0)\n    args = property(lambda self: 1 / 0)\n"
        "raise Lie()"
    ),
    "a metaclass without a name": (
        "class Meta(type):\n    __name__ = __module__ = __qualname__ = property(lambda self: 1 / 0)\n"
        "class Nameless(Exception, metaclass=Meta): ...\nraise Nameless()"
    ),
    "an exception with a chain of 5000": (
        "error = None\nfor n in range(5000):\n    made = ValueError(n)\n    made.__cause__ = error\n    error = made\n"
        "raise error"
    ),
    "an exception with a circle for a cause": "one = ValueError()\none.__cause__ = TypeError()\n"
    "one.__cause__.__context__ = one\nraise one",
    "the grader's own TooSlow": "class TooSlow(BaseException): ...\nraise TooSlow",
    "the port's own MissingNameError": (
        "import sys\nfor name, module in list(sys.modules.items()):\n    if hasattr(module, 'MissingNameError'):\n"
        "        raise module.MissingNameError({'a': [1]})\nraise ValueError"
    ),
    "endless recursion": "f = lambda: f()\nf()",
    "a recursion through repr": "class Deep:\n    def __repr__(self): return repr(self)\nraise ValueError(Deep())",
    "StopIteration": "raise StopIteration(4.0)",
    "MemoryError": "raise MemoryError",
    "ImportError that runs code": (
        "import sys\n"
        "class Finder:\n    def find_spec(self, *_): raise KeyboardInterrupt\nsys.meta_path.insert(0, Finder())\n"
        "import json.tool"
    ),
}
"""Code with which a function raises."""


def _liar(code: str) -> Make:
    """Return a function that submits one lying object as the value of every function."""
    return wrong(
        cost=f"{_flush(code)}\n\ndef cost(prediction, y):\n    return answer",
        improvement="def improvement(before, after, y):\n    return answer",
        tally="class Tally:\n    def add(self, number): ...\n    def mean(self):\n        return answer",
    )


def _flush(code: str) -> str:
    """Return code without indentation and surrounding blank lines."""
    from textwrap import dedent

    return dedent(code).strip()


def _cost_is(code: str) -> Make:
    """Return a function that submits a `cost` with a wrong value; the other answers are right."""
    return right(cost=f"{_flush(code)}\n\ndef cost(prediction, y):\n    return answer() if callable(answer) and "
                 "getattr(answer, '__name__', '') == 'wait' else answer")  # fmt: skip


def _cost_does(code: str) -> Make:
    """Return a function that submits a `cost` which runs this code and returns nothing; the other answers are right."""
    return right(cost=f"def cost(prediction, y):\n{indent(code, '    ')}")


_OWN_LOSS = "what does not cross, or is not right, is not taken for right"
_BUILT_ON = without("cost", "improvement")

ROWS = (
    *(forging(f"lies: {name}", _liar(code), gains, points=NOTHING) for name, (code, gains) in LIARS.items()),
    *one_in(
        4,
        (
            Row(
                f"answers {name}",
                _cost_is(code),
                without("cost", "improvement"),
                endless=name in ENDLESS,
                why=_OWN_LOSS,
            )
            for name, code in NO_ANSWERS.items()
        ),
    ),
    *one_in(
        4,
        (
            Row(f"raises {name}", _cost_does(code), _BUILT_ON, endless=name in ENDLESS, why=_OWN_LOSS)
            for name, code in RAISED.items()
        ),
    ),
    Row(
        "a class with __getattr__ for anything",
        right(
            tally="""
            class Tally:
                def __init__(self, *_, **__): ...
                def __getattr__(self, name): return Tally()
                def __call__(self, *_, **__): return Tally()
                def __eq__(self, other): return True
                __hash__ = None
        """
        ),
        without("tally"),
        stock=None,
        why="the liars above are the same against stock",
    ),
    Row(
        "a class whose objects are shared between all that are made",
        right(
            tally="""
            class Tally:
                numbers = []

                def add(self, number):
                    Tally.numbers.append(number)

                def mean(self):
                    return sum(Tally.numbers) / len(Tally.numbers)
        """
        ),
        without("tally"),
        why="a wrong answer that a single case does not show",
    ),
    Row(
        "a class whose __new__ gives something else",
        right(
            tally="""
            class Tally:
                def __new__(cls):
                    return lambda *_: 3.0
        """
        ),
        without("tally"),
        why=_OWN_LOSS,
    ),
    Row(
        "names that are deleted when they are read",
        right(
            cost="""
            def cost(prediction, y):
                globals().pop("cost", None)
                return np.sum((prediction - y) ** 2) / (2 * y.size)
        """
        ),
        least={"cost": 0.0, "improvement": 0.0},
        why="it takes its own answer away; each call puts the notebook's names back",
    ),
    Row(
        "values that are properties of the namespace",
        right(
            moments="""
            class Watch(dict):
                def __missing__(self, name): return 3.0

            mean = spread = 3.0
            import sys
            sys.modules["__main__"].__class__ = type("M", (type(sys),), {"spread": property(lambda self: 1.0)})
        """
        ),
        without("moments"),
        why=_OWN_LOSS,
    ),
)
"""Some rows earn the points of right answers to other tasks, which they must keep."""

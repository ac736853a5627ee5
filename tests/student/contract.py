"""The contract of the `student` port: tests for every adapter between a hidden test and a notebook.

To test an adapter, subclass `StudentContract` and provide one fixture, `student_of`.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from autograder.student import (
    Handle,
    MissingNameError,
    MissingTaskError,
    NotCallableError,
    NotPlainError,
    Student,
    StudentError,
    task_line,
)

StudentOf = Callable[..., Student]

PLAIN = [
    "None", "True", "7", "10**30", "-2.5", "3 + 4j", "'tëxt'", "b'bytes'", "[]", "()", "{}", "[1, [2.0, None]]", "(1,)",
    "{'a': 1, 2: [3], (4, 'b'): {}, None: True}", "np.float64(2.5)", "np.float32(1.5)", "np.int64(7)", "np.bool_(True)",
    "np.complex64(1j)", "np.str_('a')", "float('inf')",
]  # fmt: skip

ARRAYS = {
    "float64": "np.arange(6.0).reshape(2, 3)",
    "float32": "np.ones((3, 1), dtype=np.float32)",
    "bool": "np.array([True, False])",
    "int8": "np.array([[-1, 2]], dtype=np.int8)",
    "complex": "np.array([1j])",
    "text": "np.array(['a', 'bc'])",
    "no axis": "np.array(3.0)",
    "empty": "np.zeros((0, 3))",
    "Fortran order": "np.asfortranarray(np.arange(6.0).reshape(2, 3))",
    "a view": "np.arange(12.0).reshape(3, 4)[::2, ::-1].T",
    "not finite": "np.array([np.nan, np.inf, -0.0])",
}

NATURAL = {
    "np.matrix([[1.0, 2.0]])": "np.array([[1.0, 2.0]])",
    "np.ma.masked_array([1.0, 2.0])": "np.array([1.0, 2.0])",
    "np.ma.masked_array(np.eye(2), mask=np.zeros((2, 2)))": "np.eye(2)",
    "memory_map": "np.ones(3)",
    "np.zeros((2, 2)).view(Lying)": "np.zeros((2, 2))",
    "np.array([[1.5, Fraction(1, 4)], [2, np.True_]], dtype=object)": "np.array([[1.5, 0.25], [2, 1]])",
    "np.array([np.float32(0.1)], dtype=object)": "np.array([0.1], dtype=np.float32)",
    "np.array(0.5, dtype=object)": "np.array(0.5)",
    "layers": "[np.ones((2, 3)), np.ones((1, 2)), None]",
    "[np.array(1.0), np.array(2.0)]": "[np.array(1.0), np.array(2.0)]",
    "np.broadcast_to(np.float32(1.0), (2, 2))": "np.ones((2, 2), dtype=np.float32)",
    "np.array([1.0, 2.0], dtype='>f8')": "np.array([1.0, 2.0], dtype='>f8')",
    "Fraction(1, 4)": "0.25",
    "[Decimal('0.25'), True, np.float64(2.0)]": "[0.25, True, np.float64(2.0)]",
    "Number(3.0)": "3.0",
    "Scalar(3.0)": "3.0",
    "Rows([1, 2])": "[1, 2]",
    "Endless([1.0])": "[1.0]",
    "Gradients(np.ones(2), 0.5)": "(np.ones(2), 0.5)",
    "OrderedDict(dw=Number(1.0))": "{'dw': 1.0}",
    "defaultdict(list, {'dw': [range(2)]})": "{'dw': [[0, 1]]}",
    "{Number(1.0): 2}": "{1.0: 2}",
    "{'a': 1.0}.values()": "[1.0]",
    "{'a': 1.0}.keys()": "['a']",
    "{'a': 1.0}.items()": "[('a', 1.0)]",
    "deque([1.0, 2.0])": "[1.0, 2.0]",
    "range(3)": "[0, 1, 2]",
}
"""Values that are not plain, and the plain ones that arrive in their place."""

ITERATORS = {
    "(i / 2 for i in range(3))": "[0.0, 0.5, 1.0]",
    "map(np.array, ([1.0], [2.0]))": "[np.array([1.0]), np.array([2.0])]",
    "zip([1], [2.0])": "[(1, 2.0)]",
    "filter(None, [0, 1])": "[1]",
    "reversed([np.ones(1), np.ones(2)])": "[np.ones(2), np.ones(1)]",
    "[(i * K for i in range(2))]": "[[0, 5]]",
}
"""Iterators, and the lists that arrive where a function returns them."""

NOT_PLAIN = {
    "{1, 2}": "is a value of type set, which has no order: make a list of it;",
    "(i for i in range(3))": "is a value of type generator, which can be read only once: make a list of it;",
    "{'a': map(abs, [1])}": "holds a value of type map, which can be read only once: make a list of it;",
    "lambda x: x": "is a value of type function: is it called, with its brackets?;",
    "np.ones(3).mean": "is a value of type builtin_function_or_method: is it called, with its brackets?;",
    "np": "is a value of type module;",
    "Model()": "is a value of type Model;",
    "Frame()": "is a value of type Frame: make an array of it, with `np.asarray(…)`;",
    "np.array([[1, Model()]], dtype=object)": "holds a value of type Model;",
    "np.array([[1, 'a', None]], dtype=object)": "is an array of dtype object;",
    "np.zeros(2, dtype=[('a', float)])": "is an array of dtype [('a', '<f8')];",
    "np.array(['2020-01-01'], dtype='datetime64[D]')": "is an array of dtype datetime64[D];",
    "np.ma.masked_array([1.0, 2.0], [0, 1])": "is a masked array, 1 of whose 2 entries are masked: each should have a",
    "[np.ma.masked]": "holds a masked array, 1 of whose 1 entries are masked",
    "[[1.0], {'a': {2}}]": "holds a value of type set, which has no order",
    "circle": "holds containers nested too deeply, or in a circle;",
    "deep": "holds containers nested too deeply, or in a circle;",
}

AT_THE_LIMITS = [
    "[0.5] * 199_990", "list(range(199_990))", "[2**4_000 - 1, 1 - 2**4_000, 2**63, -(2**63)]", "[[0.5, 'a']] * 66_000",
    "np.ones((2**11, 2**11))", "np.asfortranarray(np.ones((2**11, 2**11)))", "'x' * 2**25", "np.ones([1] * 64)",
    "np.array(['x' * 2**23])", "np.array([b'x' * 2**25])", "[[[[[[[[[[[[[[[[[[1.5]]]]]]]]]]]]]]]]]]",
]  # fmt: skip

OVER_THE_LIMITS = {
    "[0.5] * 200_000": "more than 200,000 values",
    "{i: 'a' for i in range(100_000)}": "more than 200,000 values",
    "2**4_000": "an integer of 4001 bits",
    "np.ones(2**22 + 1)": "more than 32 MB of data",
    "'x' * (2**25 + 1)": "more than 32 MB of data",
    "'\N{LATIN SMALL LETTER E WITH ACUTE}' * (2**24 + 1)": "more than 32 MB of data",
    "[2**3_999 + i for i in range(105_000)]": "more than 32 MB of data",
    "[[[[[[[[[[[[[[[[[[[[[1.5]]]]]]]]]]]]]]]]]]]]]": "containers nested too deeply, or in a circle",
}

ODDITIES = """
import numpy as np

import tempfile
from collections import OrderedDict, defaultdict, deque, namedtuple
from decimal import Decimal
from fractions import Fraction

class Model: ...
class Frame:
    def __array__(self, dtype=None, copy=None): return np.ones(2)
class Number(float):
    def __float__(self): return 99.0
class Scalar(np.float64):
    def __eq__(self, other): return True
    __hash__ = np.float64.__hash__
class Rows(list): ...
class Endless(list):
    def __iter__(self):
        while True: yield 1.0
class Lying(np.ndarray):
    def __eq__(self, other): return True
    def __array_function__(self, *_): return True
    def __array_ufunc__(self, *_, **__): return True
    def __array__(self, *_, **__): return np.ones(9)
    def view(self, *_): return np.ones(9)
Gradients = namedtuple("Gradients", "dl_dweights dl_dbias")

with tempfile.TemporaryFile() as file:
    memory_map = np.memmap(file, dtype=float, shape=3)
    memory_map[:] = 1.0
layers = np.array([np.ones((2, 3)), np.ones((1, 2)), None], dtype=object)
K = 3

circle = [1]
circle.append(circle)
deep = []
for _ in range(100):
    deep = [deep]
"""


def task(name: str, text: str) -> tuple[str, str]:
    """Return a task's name and its cell, as a build writes it."""
    return name, f"{task_line(name)}\n{dedent(text).strip()}"


def plain_cell(text: str) -> tuple[str, str]:
    """Return a cell that belongs to no task."""
    return "", dedent(text).strip()


def same(one: Any, other: Any) -> bool:
    """True if two values are equal and have the same types at every level."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and bool(np.array_equal(one, other, _nan(one)))
    return bool(one == other)


def _nan(array: np.ndarray) -> bool:
    return array.dtype.kind == "f"


class StudentContract:
    """Tests of an adapter; a cell that belongs to no task has an empty task name."""

    @pytest.fixture
    def student_of(self) -> StudentOf:
        """Return a function of [(task, text), …] and `identity=""`.

        The function runs the cells in a new notebook and returns its Student.
        """
        raise NotImplementedError

    # Values

    @pytest.mark.parametrize("expression", PLAIN)
    def test_plain_values_arrive_as_they_are(self, student_of: StudentOf, expression: str) -> None:
        """Numbers, text and plain containers keep their types at every level."""
        student = student_of([plain_cell(f"import numpy as np\nmade = {expression}")])
        assert same(student.value("made"), eval(expression, {"np": np}))

    @pytest.mark.parametrize("expression", ARRAYS.values(), ids=ARRAYS)
    def test_arrays_keep_dtype_and_shape(self, student_of: StudentOf, expression: str) -> None:
        """An array arrives with its dtype, shape and entries, however it lay in memory, and can be written to."""
        student = student_of([plain_cell(f"import numpy as np\nmade = {expression}")])
        actual = student.value("made")
        assert same(actual, eval(expression, {"np": np}))
        assert actual.flags.writeable

    def test_a_value_is_a_copy(self, student_of: StudentOf) -> None:
        """Changing a returned value, at any depth, doesn't change the notebook's."""
        student = student_of([plain_cell("import numpy as np\nheld = [np.zeros(3), {'rows': [1, 2]}]")])
        first = student.value("held")
        first[0][:] = 7
        first[1]["rows"].append(3)
        assert same(student.value("held"), [np.zeros(3), {"rows": [1, 2]}])

    @pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
    def test_natural_values_arrive_as_plain_ones(self, student_of: StudentOf) -> None:
        """What students naturally have in place of numbers, arrays and lists arrives as those, with the same content.

        A subclass has the content that its base class stores, whatever its own methods say.
        """
        made = [f"def f{k}(): return {expression}" for k, expression in enumerate(NATURAL)]
        kept = [f"v{k} = {expression}" for k, expression in enumerate(NATURAL)]
        student = student_of([plain_cell("\n".join([ODDITIES, *made, *kept]))])
        for k, (expression, plain) in enumerate(NATURAL.items()):
            expected = eval(plain, {"np": np})
            assert same(student.function(f"f{k}")(), expected), expression
            assert same(student.value(f"v{k}"), expected), expression

    def test_iterators_that_a_function_returns_are_read(self, student_of: StudentOf) -> None:
        """A function's or method's iterator arrives as a list, and is read while the overrides hold; an endless one and
        one that raises are errors.
        """
        made = [f"def f{k}(): return {expression}" for k, expression in enumerate(ITERATORS)]
        more = "class C:\n    def m(self): return zip([1], [2])\n" \
            "def endless(): return iter(int, 1)\ndef fails(): return (1 / n for n in (1, 0))"  # fmt: skip
        student = student_of([plain_cell("\n".join([ODDITIES, *made, more]))])
        for k, (expression, plain) in enumerate(ITERATORS.items()):
            assert same(student.function(f"f{k}", overrides={"K": 5})(), eval(plain, {"np": np})), expression
        assert student.make("C").call("m") == [(1, 2)]
        with pytest.raises(NotPlainError, match="more than 200,000 values"):
            student.function("endless")()
        with pytest.raises(ZeroDivisionError):
            student.function("fails")()

    def test_values_that_are_not_plain_are_refused(self, student_of: StudentOf) -> None:
        """A value that has no plain one, or is nested without end, raises an error with what it is and what to do."""
        kept = [f"v{k} = {expression}" for k, expression in enumerate(NOT_PLAIN)]
        student = student_of([plain_cell("\n".join([ODDITIES, *kept]))])
        for k, (expression, words) in enumerate(NOT_PLAIN.items()):
            with pytest.raises(NotPlainError) as refused:
                student.value(f"v{k}")
            assert str(refused.value).startswith(f"`v{k}` {words}"), expression

    @pytest.mark.parametrize("expression", AT_THE_LIMITS)
    def test_values_at_the_limits_are_plain(self, student_of: StudentOf, expression: str) -> None:
        """The largest, longest and deepest plain values cross the port, as arguments and as results."""
        student = student_of([plain_cell(f"import numpy as np\ndef f(x): return x\nmade = {expression}")])
        value = eval(expression, {"np": np})
        assert same(student.value("made"), value)
        assert same(student.function("f")(value), value)

    @pytest.mark.parametrize(("expression", "words"), OVER_THE_LIMITS.items())
    def test_values_over_the_limits_are_refused(self, student_of: StudentOf, expression: str, words: str) -> None:
        """A value over a limit raises an error that says which, and the notebook still answers."""
        student = student_of([plain_cell(f"import numpy as np\ndef f(x): return 1\ndef g(): return {expression}")])
        with pytest.raises(NotPlainError, match=f"^what `g` returned (is|holds) {words};"):
            student.function("g")()
        with pytest.raises(NotPlainError, match=f"^an argument holds {words};"):
            student.function("f")(eval(expression, {"np": np}))
        assert student.function("f")(0) == 1

    def test_a_missing_name_is_named(self, student_of: StudentOf) -> None:
        """A name that the notebook lacks raises MissingNameError with the name in its text."""
        student = student_of([plain_cell("weights = 1")])
        with pytest.raises(MissingNameError, match="`wieghts`"):
            student.value("wieghts")

    # Functions

    def test_a_function_is_called(self, student_of: StudentOf) -> None:
        """Positional and keyword arguments reach the function, with their types, and its result comes back."""
        student = student_of([plain_cell("def pair(a, b=2, *more, **named): return a, b, more, named")])
        arguments = (np.float32(1.5), [True, None], np.zeros((0, 2)))
        assert same(student.function("pair")(*arguments, c=b"x"), (*arguments[:2], arguments[2:], {"c": b"x"}))
        assert same(student.function("pair")(1), (1, 2, (), {}))

    def test_anything_callable_is_a_function(self, student_of: StudentOf) -> None:
        """Lambdas, library functions and classes can be called like any function."""
        student = student_of([plain_cell("import numpy as np\ndouble = lambda x: 2 * x\nroot = np.sqrt\ntext = str")])
        assert student.function("double")(4) == 8
        assert same(student.function("root")(np.array([4.0, 9.0])), np.array([2.0, 3.0]))
        assert student.function("text")(12) == "12"

    def test_arguments_are_copies(self, student_of: StudentOf) -> None:
        """A function that changes its arguments in place changes copies, which `.last` shows."""
        student = student_of([plain_cell("def spoil(x, *, more):\n    x += 1\n    more.append('new')")])
        spoil, x, more = student.function("spoil"), np.zeros(2), ["old"]
        assert spoil(x, more=more) is None
        assert same((x, more), (np.zeros(2), ["old"]))
        assert spoil.last is not None
        assert same(spoil.last.args, (np.ones(2),))
        assert same(spoil.last.kwargs, {"more": ["old", "new"]})

    def test_a_result_is_a_copy(self, student_of: StudentOf) -> None:
        """Changing a result doesn't change a value that the function keeps."""
        student = student_of([plain_cell("kept = [1, 2]\ndef get(): return kept")])
        student.function("get")().append(3)
        assert student.function("get")() == [1, 2] == student.value("kept")

    def test_a_function_may_be_called_in_isolation(self, student_of: StudentOf) -> None:
        """An isolated call has the same result, overrides, output, argument copies and exceptions as any other."""
        student = student_of([plain_cell("""
            K = 3
            def use(x):
                x.append(K)
                print(x)
                return 1 / K
        """)])  # fmt: skip
        use = student.function("use", overrides={"K": 2}, isolated=True)
        assert use([1]) == 0.5
        assert use.last is not None
        assert (use.last.args, use.last.stdout) == (([1, 2],), "[1, 2]\n")
        with pytest.raises(ZeroDivisionError):
            student.function("use", overrides={"K": 0}, isolated=True)([1])
        assert student.value("K") == 3

    def test_what_a_call_did_stays_as_it_was(self, student_of: StudentOf) -> None:
        """`.last` and a result don't change with the objects that the function keeps and changes later."""
        student = student_of(
            [plain_cell("kept = []\ndef keep(x):\n    kept.append(x)\n    kept[0] += 1\n    return kept")]
        )
        keep = student.function("keep")
        x = np.zeros(2)
        result, last = keep(x), keep.last
        keep(np.zeros(2))
        assert same(result, [np.ones(2)])
        assert last is not None
        assert same(last.args, (np.ones(2),))
        assert same(x, np.zeros(2))

    def test_stubs_replace_functions_for_a_call(self, student_of: StudentOf) -> None:
        """Stubs are code that defines other functions anew for each call; afterwards the notebook is as before."""
        student = student_of([plain_cell("""
            scale = 2
            def slope(x): raise NotImplementedError
            def backward(x): return scale * slope(x)
        """)])  # fmt: skip
        code = "import math\ndef slope(x):\n    return math.floor(x) + scale"
        assert student.function("backward", stubs=code)(3.5) == 10
        assert student.function("backward", overrides={"scale": 5}, stubs=code)(3.5) == 40
        with pytest.raises(NotImplementedError):
            student.function("backward")(3.5)
        with pytest.raises(MissingNameError):
            student.value("math")

    def test_a_cell_runs_again_with_stubs(self, student_of: StudentOf) -> None:
        """A rerun defines the stubs before it runs the cell, and the notebook doesn't keep them."""
        student = student_of([plain_cell("def train(x): return 0"), task("fit", "fitted = train(4)")])
        assert student.rerun("fit", stubs="def train(x): return x + 1").value("fitted") == 5
        assert student.rerun("fit").value("fitted") == 0
        assert student.value("fitted") == 0

    def test_a_functions_printed_text_is_kept(self, student_of: StudentOf) -> None:
        """`.last.stdout` has the text that a call prints, which is shown nowhere else."""
        student = student_of([plain_cell("import sys\ndef say(x):\n    print('x =', x)\n    sys.stdout.write('done')")])
        say = student.function("say")
        assert say.last is None
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            say(3)
            say(4)
        assert say.last is not None
        assert say.last.stdout == "x = 4\ndone"
        assert printed.getvalue() == ""

    @pytest.mark.parametrize("error", [ValueError("3 is too small"), ZeroDivisionError("by 0"), KeyError("a"),
        NotImplementedError("write this"), AssertionError("no"), SystemExit("bye"), RecursionError("too deep")],
        ids=lambda error: type(error).__name__)  # fmt: skip
    def test_exceptions_come_back_as_themselves(self, student_of: StudentOf, error: BaseException) -> None:
        """A built-in exception keeps its type and its text, and `.last` keeps the text printed before it."""
        student = student_of([plain_cell(f"def fail():\n    print('before')\n    raise {error!r}")])
        fail = student.function("fail")
        with pytest.raises(type(error)) as raised:
            fail()
        assert type(raised.value) is type(error)
        assert str(raised.value) == str(error)
        assert fail.last is not None
        assert fail.last.stdout == "before\n"

    def test_the_students_own_exceptions_keep_name_and_text(self, student_of: StudentOf) -> None:
        """An exception of the student's class has the same name here, and is none of the port's exceptions."""
        student = student_of([plain_cell("class ShapeError(Exception): ...\ndef fail(): raise ShapeError('3 and 4')")])
        with pytest.raises(Exception, match="3 and 4") as raised:
            student.function("fail")()
        assert type(raised.value).__name__ == "ShapeError"
        assert not isinstance(raised.value, StudentError)

    def test_endless_recursion_is_an_exception(self, student_of: StudentOf) -> None:
        """A function that calls itself without end raises RecursionError, and the notebook stays usable."""
        student = student_of([plain_cell("def deeper(x): return deeper(x + 1)\nn = 1")])
        with pytest.raises(RecursionError):
            student.function("deeper")(0)
        assert student.value("n") == 1

    def test_overrides_set_globals_for_one_call(self, student_of: StudentOf) -> None:
        """`overrides` replaces or adds a global during the call; afterwards the notebook is as before."""
        student = student_of([plain_cell("K = 3\ndef use(x): return x * K + globals().get('extra', 0)")])
        assert student.function("use", overrides={"K": 5, "extra": 100})(10) == 150
        assert student.function("use")(10) == 30
        assert student.value("K") == 3
        with pytest.raises(MissingNameError):
            student.value("extra")

    def test_overrides_hold_in_every_call(self, student_of: StudentOf) -> None:
        """A function with `overrides` has the same values in each call, even if it changes them in place."""
        student = student_of([plain_cell("def push(x):\n    sizes.append(x)\n    return sizes")])
        overrides = {"sizes": [1]}
        push = student.function("push", overrides=overrides)
        assert push(2) == [1, 2]
        assert push(3) == [1, 3]
        assert overrides == {"sizes": [1]}

    def test_overrides_end_with_an_exception(self, student_of: StudentOf) -> None:
        """The notebook's globals are as before, also after a call that raised."""
        student = student_of([plain_cell("K = 3\ndef fail(): raise ValueError(K)")])
        with pytest.raises(ValueError, match="5"):
            student.function("fail", overrides={"K": 5, "extra": 1})()
        assert student.value("K") == 3
        with pytest.raises(MissingNameError):
            student.value("extra")

    @pytest.mark.parametrize("overrides", [{}, {"K": 5}])
    def test_globals_that_a_function_assigns_are_restored(
        self, student_of: StudentOf, overrides: dict[str, int]
    ) -> None:
        """A function that assigns, adds or deletes globals leaves the notebook's names as they were."""
        text = (
            "K = 3\ngone = 4\ndef assign():\n    global K, made, gone\n    K, made = 99, 1\n    del gone\n    return K"
        )
        student = student_of([plain_cell(text)])
        assert student.function("assign", overrides=overrides)() == 99
        assert (student.value("K"), student.value("gone")) == (3, 4)
        with pytest.raises(MissingNameError):
            student.value("made")

    def test_a_missing_function_is_named(self, student_of: StudentOf) -> None:
        """Calling a function that the notebook lacks raises MissingNameError with the name, at the call."""
        missing = student_of([plain_cell("x = 1")]).function("backward_pass")
        with pytest.raises(MissingNameError, match="`backward_pass`"):
            missing()

    def test_a_name_that_is_no_function_is_named(self, student_of: StudentOf) -> None:
        """Calling an array raises NotCallableError with the name and the type."""
        overwritten = student_of([plain_cell("import numpy as np\ncost = np.zeros(2)")]).function("cost")
        with pytest.raises(NotCallableError, match=r"`cost`.*ndarray"):
            overwritten()

    def test_a_result_that_is_not_plain_is_refused(self, student_of: StudentOf) -> None:
        """A result that is not plain raises an error with the function's name and the result's type."""
        student = student_of([plain_cell("def pairs(x): return set(x)")])
        with pytest.raises(NotPlainError, match=r"`pairs`.*set"):
            student.function("pairs")([1, 2])

    @pytest.mark.parametrize("argument", [{1}, object(), np.array([None])], ids=["set", "object", "object array"])
    def test_an_argument_that_is_not_plain_is_refused(self, student_of: StudentOf, argument: Any) -> None:
        """An argument that couldn't cross to another process raises NotPlainError."""
        student = student_of([plain_cell("def same(x): return x")])
        for call in (lambda: student.function("same")(argument), lambda: student.function("same")(x=argument),
                    lambda: student.function("same", overrides={"K": argument})(1)):  # fmt: skip
            with pytest.raises(NotPlainError):
                call()

    @pytest.mark.filterwarnings("error")
    def test_a_function_may_draw(self, student_of: StudentOf) -> None:
        """Thirty calls of a function that draws show no figure and give no warning of too many figures."""
        text = "import matplotlib.pyplot as plt\ndef fit(x):\n    plt.figure()\n    plt.plot([x, x])\n    return x"
        fit = student_of([plain_cell(text)]).function("fit")
        assert [fit(x) for x in range(30)] == list(range(30))

    # Reruns of a task's cell

    def test_rerun_takes_overrides(self, student_of: StudentOf) -> None:
        """The cell, and the functions it calls, run with the overrides in place of the notebook's own values."""
        student = student_of([
            plain_cell("x, scale = 2.0, 10.0\ndef scaled(value): return scale * value"),
            task("forward", "f0 = 1 + x\nf1 = scaled(f0)"),
        ])  # fmt: skip
        run = student.rerun("forward", overrides={"x": 5.0, "scale": 100.0})
        assert (run.value("f0"), run.value("f1")) == (6.0, 600.0)
        assert run.value("x") == 5.0
        assert (student.value("f0"), student.value("f1")) == (3.0, 30.0)

    def test_rerun_without_overrides_repeats_the_cell(self, student_of: StudentOf) -> None:
        """A rerun with the notebook's own values gives the values that the notebook has."""
        student = student_of([plain_cell("x = 2.0"), task("forward", "f0 = 1 + x")])
        assert student.rerun("forward").value("f0") == 3.0

    def test_rerun_can_override_values_of_an_earlier_cell(self, student_of: StudentOf) -> None:
        """Overrides can replace values of an earlier task, so that a later one is scored apart from it."""
        student = student_of([task("first", "a = 1"), task("second", "b = 10 * a")])
        assert student.rerun("second", overrides={"a": 7}).value("b") == 70

    def test_rerun_leaves_the_notebook_as_it_was(self, student_of: StudentOf) -> None:
        """Names that a rerun adds, assigns or deletes, and arrays, lists and dicts that it changes, are as before."""
        before = plain_cell("""
            import numpy as np
            a, rows, table, gone, _own = np.zeros(3), [[1]], {"k": [1]}, 4, [1]
        """)
        again = task("t", """
            if "again" in globals():
                a += 1
                rows[0].append(2)
                rows = 3
                table["k"].append(2)
                _own.append(2)
                del gone
                made = 1
        """)  # fmt: skip
        student = student_of([before, again])
        run = student.rerun("t", overrides={"again": True})
        assert same([run.value(name) for name in ("a", "rows", "table", "_own", "made")],
                    [np.ones(3), 3, {"k": [1, 2]}, [1, 2], 1])  # fmt: skip
        assert same([student.value(name) for name in ("a", "rows", "table", "gone", "_own")],
                    [np.zeros(3), [[1]], {"k": [1]}, 4, [1]])  # fmt: skip
        for name in ("made", "again"):
            with pytest.raises(MissingNameError):
                student.value(name)

    def test_rerun_goes_on_after_the_import_of_a_missing_module(self, student_of: StudentOf) -> None:
        """A module that this machine lacks costs a rerun the values made with it, and no others."""
        student = student_of([
            plain_cell("import sys, types\nsys.modules['lost'] = lost = types.ModuleType('lost')\nlost.f = abs"),
            task("t", "import lost as module\na = 1\nb = module.f(a)\nc = a + 1"),
            plain_cell("del sys.modules['lost']"),
        ])  # fmt: skip
        run = student.rerun("t")
        assert (run.value("a"), run.value("c")) == (1, 2)
        with pytest.raises(ModuleNotFoundError, match="lost is not installed"):
            run.value("b")

    def test_rerun_keeps_two_names_of_one_array_together(self, student_of: StudentOf) -> None:
        """In a rerun an array in a list of parameters is the same as the one under its own name."""
        before = plain_cell("""
            import numpy as np
            weights, bias, alpha = np.zeros(2), np.zeros(1), 0.0
            parameters = [weights, bias]
        """)
        student = student_of([before, task("step", "for parameter in parameters:\n    parameter -= alpha")])
        run = student.rerun("step", overrides={"alpha": 1.0})
        assert same(run.value("weights"), -np.ones(2))
        assert same(student.value("weights"), np.zeros(2))

    def test_rerun_leaves_long_lists_of_numbers_as_they_were(self, student_of: StudentOf) -> None:
        """A list of a million numbers is copied within the student's time limit, and the notebook keeps its own."""
        student = student_of([
            plain_cell("numbers = [1.0] * 10**6\ndef head(): return numbers[0]"),
            task("change", "numbers[0] += 1; first = numbers[0]"),
        ])  # fmt: skip
        with student.within(5):
            assert student.rerun("change").value("first") == 3.0
        assert student.function("head")() == 2.0

    def test_rerun_leaves_objects_and_random_generators_as_they_were(self, student_of: StudentOf) -> None:
        """A student's object that the cell changes, and a generator from which it draws, are as before."""
        made = plain_cell("""
            import numpy as np

            class Model:
                def __init__(self):
                    self.weights, self.steps = np.zeros(2), 0

            model, rng = Model(), np.random.default_rng(1)

            def look():
                return [model.weights, model.steps, rng.bit_generator.state["state"]["state"]]
        """)
        step = task("step", """
            model.weights += 1
            model.steps += 1
            model.extra = 1
            seen = [model.weights, model.steps, rng.normal(), np.random.normal()]
        """)  # fmt: skip
        student = student_of([made, step])
        before = student.function("look")()
        assert same(before[:2], [np.ones(2), 1])
        first, second = (student.rerun("step").value("seen") for _ in range(2))
        assert same(first[:2], [np.full(2, 2.0), 2])
        assert same(first, second)
        assert same(student.function("look")(), before)

    def test_rerun_copies_its_overrides(self, student_of: StudentOf) -> None:
        """A cell that changes an override in place changes a copy."""
        overrides = {"x": np.zeros(2), "rows": [1]}
        student = student_of([plain_cell("x, rows = 0, []"), task("t", "x += 1\nrows.append(2)")])
        assert same(student.rerun("t", overrides=overrides).value("x"), np.ones(2))
        assert same(overrides, {"x": np.zeros(2), "rows": [1]})

    def test_an_exception_in_rerun_costs_what_builds_on_it(self, student_of: StudentOf) -> None:
        """Values that an exception prevents raise it, and only those; the notebook is as before."""
        fails = task("t", """
            a += 1
            made = 1
            inverse = 1 / x
            apart = made + 1
            twice, thrice = 2 * inverse, 3 * inverse
            sixfold = 2 * thrice
            other = {1: 2}[x]
            again = {1: 2}[x]
            again = 5
            del made
        """)  # fmt: skip
        first = plain_cell("import numpy as np\nx, a = 1, np.zeros(2)")
        student = student_of([first, fails])
        run = student.rerun("t", overrides={"x": 0})
        assert same([run.value(name) for name in ("a", "apart", "again")], [np.full(2, 2.0), 2, 5])
        for name in 2 * ("inverse", "twice", "thrice", "sixfold"):
            with pytest.raises(ZeroDivisionError):
                run.value(name)
        with pytest.raises(KeyError):
            run.value("other")
        for name in ("made", "nowhere"):
            with pytest.raises(MissingNameError):
                run.value(name)
        assert same([student.value(name) for name in ("x", "a", "thrice")], [1, np.ones(2), 3.0])

    def test_a_rerun_that_exits_has_earlier_values_only(self, student_of: StudentOf) -> None:
        """Values from before the exit are there; later ones, and the notebook's own, raise SystemExit."""
        leaves = task("t", "a = 1\nif x == 0:\n    sys.exit()\nb = 2")
        run = student_of([plain_cell("import sys\nx = old = 1"), leaves]).rerun("t", overrides={"x": 0})
        assert run.value("a") == 1
        for name in ("b", "old", "nowhere"):
            with pytest.raises(SystemExit):
                run.value(name)

    def test_a_run_gives_values_like_the_notebook(self, student_of: StudentOf) -> None:
        """A run's values are copies; the errors on a missing name and on a value that is not plain name it."""
        run = student_of([task("t", "made, odd_one = [1], {2}")]).rerun("t")
        run.value("made").append(2)
        assert run.value("made") == [1]
        with pytest.raises(MissingNameError, match="`other`"):
            run.value("other")
        with pytest.raises(NotPlainError, match=r"`odd_one`.*set"):
            run.value("odd_one")

    def test_runs_do_not_see_each_other(self, student_of: StudentOf) -> None:
        """Each run starts from the notebook's values, and an earlier run keeps its own."""
        student = student_of([plain_cell("x, total = 1, [0]"), task("t", "total.append(x)")])
        first, second = (student.rerun("t", overrides={"x": x}) for x in (5, 6))
        assert (first.value("total"), second.value("total")) == ([0, 1, 5], [0, 1, 6])

    def test_an_override_that_is_not_plain_is_refused(self, student_of: StudentOf) -> None:
        """An override that is not plain raises NotPlainError, and the notebook doesn't change."""
        student = student_of([plain_cell("a = [1]"), task("t", "a.append(2)")])
        with pytest.raises(NotPlainError):
            student.rerun("t", overrides={"x": object()})
        assert student.value("a") == [1, 2]

    def test_a_rerun_prints_nothing(self, student_of: StudentOf) -> None:
        """Text that the cell prints is not printed here."""
        student = student_of([task("t", "print('hello')\nx = 1")])
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            student.rerun("t")
        assert printed.getvalue() == ""

    def test_a_cell_runs_as_in_a_notebook(self, student_of: StudentOf) -> None:
        """Annotations are evaluated, `__name__` is `__main__`, and comprehensions see the cell's names."""
        cell = task("t", """
            def f(x: int): ...
            kind, name, n = f.__annotations__["x"] is int, __name__, 3
            rows = [n * i for i in range(n)]
        """)  # fmt: skip
        run = student_of([cell]).rerun("t")
        assert (run.value("kind"), run.value("name"), run.value("rows")) == (True, "__main__", [0, 3, 6])

    @pytest.mark.parametrize("method", ["rerun", "source", "figures"])
    def test_a_missing_task_is_named(self, student_of: StudentOf, method: str) -> None:
        """A task whose cell the notebook lacks raises MissingTaskError, which says what comment to keep."""
        student = student_of([task("here", "x = 1")])
        with pytest.raises(MissingTaskError, match="`# task: nowhere-at-all`"):
            getattr(student, method)("nowhere-at-all")

    def test_the_latest_cell_of_a_task_counts(self, student_of: StudentOf) -> None:
        """Of two cells of one task that ran, the later one counts."""
        student = student_of([plain_cell("x = 1"), task("t", "answer = x"), task("t", "answer = 10 * x")])
        assert student.rerun("t", overrides={"x": 2}).value("answer") == 20
        assert "10 * x" in student.source("t")

    def test_source_is_the_cells_text(self, student_of: StudentOf) -> None:
        """The source is the text as the student wrote it, with its comments."""
        name, text = task("t", "x = 1  # why not\n\n\ndef f():\n    return x")
        assert student_of([(name, text)]).source("t") == text

    # Pictures

    def test_figures_have_titles_labels_and_data(self, student_of: StudentOf) -> None:
        """A figure has one entry for each plot, with its title, its labels and the data of every line."""
        cell = task("t", """
            import matplotlib.pyplot as plt
            fig, (left, right) = plt.subplots(1, 2)
            left.plot([1, 2, 3], [4, 5, 7])
            left.plot([0, 0.5])
            left.set(xlabel="iteration", ylabel="cost", title="descent")
            right.set_title("other", loc="left")
        """)  # fmt: skip
        (figure,) = student_of([cell]).figures("t")
        left, right = figure.axes
        assert (left.title, left.xlabel, left.ylabel) == ("descent", "iteration", "cost")
        assert same(left.lines, (
            (np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 7.0])), (np.array([0.0, 1.0]), np.array([0.0, 0.5])),
        ))  # fmt: skip
        assert (right.title, right.xlabel, right.lines) == ("other", "", ())

    def test_show_ends_a_figure(self, student_of: StudentOf) -> None:
        """A plot after `plt.show()` belongs to another figure; a figure need not be shown."""
        text = (
            "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nplt.plot([3, 4])\nplt.show()\nplt.plot([5])"
        )
        figures = student_of([task("t", text)]).figures("t")
        assert [figure.axes[0].lines[0][1].tolist() for figure in figures] == [[1.0, 2.0], [3.0, 4.0], [5.0]]

    def test_figures_are_drawn_anew_each_time(self, student_of: StudentOf) -> None:
        """Each call of `figures` runs the cell anew and leaves nothing behind, neither figures nor names."""
        text = "import matplotlib.pyplot as plt\ncounted = globals().get('counted', 0) + 1\nplt.plot([counted])"
        student = student_of([task("t", text)])
        assert student.figures("t")[0].axes[0].lines[0][1].tolist() == [2.0]
        assert [len(student.figures("t")) for _ in range(3)] == [1, 1, 1]
        assert student.value("counted") == 1

    def test_a_cell_without_a_plot_has_no_figures(self, student_of: StudentOf) -> None:
        """A figure that another cell drew doesn't belong to this cell."""
        cells = [plain_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2])"), task("t", "x = 1")]
        assert student_of(cells).figures("t") == ()

    def test_figures_raises_the_cells_exception(self, student_of: StudentOf) -> None:
        """An exception that the cell raises while it draws comes back as it is."""
        cell = task("t", """
            import matplotlib.pyplot as plt
            plt.plot([1, 2])
            if "x" in globals():
                raise ValueError(x)
            x = "again"
        """)  # fmt: skip
        with pytest.raises(ValueError, match="again"):
            student_of([cell]).figures("t")

    # Objects

    COUNTER = """
class Counter:
    def __init__(self, start, step=1):
        print('made')
        self.total, self.step, self.seen = start, step, []
    def add(self, x, times=1):
        print('adding')
        x += 1
        self.total += self.step * times * x.sum()
        self.seen.append(x)
        return self.total
    def fail(self): raise ValueError('no')
    def itself(self): return self
not_a_class = 3
"""

    def test_objects_keep_their_state(self, student_of: StudentOf) -> None:
        """An object keeps its state between calls; arguments and attributes are copies; nothing is printed here."""
        student = student_of([plain_cell(self.COUNTER)])
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            counter = student.make("Counter", 10, step=2)
            x = np.zeros(3)
            assert counter.call("add", x) == 16.0
            assert counter.call("add", x, times=2) == 28.0
        assert isinstance(counter, Handle)
        assert same(x, np.zeros(3))
        counter.value("seen").clear()
        assert same(counter.value("seen"), [np.ones(3), np.ones(3)])
        assert same(student.make("Counter", 0).value("total"), 0)
        assert printed.getvalue() == ""

    def test_an_attribute_can_be_set(self, student_of: StudentOf) -> None:
        """An attribute is set to a copy, which methods use; a property without a setter raises AttributeError."""
        cell = """
        class Net:
            def __init__(self): self.W = None
            def twice(self): self.W *= 2; return self.W
            @property
            def size(self): return 1
        """
        net = student_of([plain_cell(cell)]).make("Net")
        weights = np.ones((2, 3))
        net.set("W", weights)
        assert same(net.call("twice"), 2 * np.ones((2, 3)))
        assert same(weights, np.ones((2, 3)))
        with pytest.raises(AttributeError):
            net.set("size", 2)
        with pytest.raises(NotPlainError):
            net.set("W", {1})

    def test_an_object_works_with_stubs(self, student_of: StudentOf) -> None:
        """An object made with stubs uses their classes throughout, also within its own methods.

        Afterwards nothing has changed: an object that is made without stubs uses the notebook's own classes.
        """
        cell = """
        class Part:
            def double(self, x): raise NotImplementedError
        class Whole:
            def __init__(self): self.part = Part()
            def use(self, x): return [isinstance(self.part, Part), self.part.double(x), Part().double(x)]
        """
        stubs = "class Part:\n    def double(self, x):\n        return 2 * x"
        student = student_of([plain_cell(cell)])
        for _ in range(2):
            whole = student.make("Whole", stubs=stubs)
            assert same(whole.call("use", 3), [True, 6, 6])
            with pytest.raises(NotImplementedError):
                student.make("Whole").call("use", 3)
            assert same(whole.call("use", 4), [True, 8, 8])

    @pytest.mark.parametrize("use", [
        lambda handle: handle == 1, lambda handle: handle == handle, lambda handle: handle != 1,
        lambda handle: handle < 1, lambda handle: handle >= 1, lambda handle: handle + 1, lambda handle: handle[0],
        lambda handle: 1 in handle, lambda handle: np.zeros(2) == handle, lambda handle: np.allclose(handle, 1),
        bool, len, list, float, int, hash, np.asarray, np.sum,
    ])  # fmt: skip
    def test_a_handle_is_no_value(self, student_of: StudentOf, use: Callable[[Handle], Any]) -> None:
        """A handle raises TypeError when it is compared, tested, counted or converted like the object it stands for."""
        handle = student_of([plain_cell(self.COUNTER)]).make("Counter", 1)
        with pytest.raises(TypeError):
            use(handle)

    def test_mistakes_about_objects_are_named(self, student_of: StudentOf) -> None:
        """Classes, methods and attributes that are missing, not callable or not plain raise errors that name them."""
        student = student_of([plain_cell(self.COUNTER)])
        counter = student.make("Counter", 1)
        for error, words, action in [
            (MissingNameError, "`Conuter`", lambda: student.make("Conuter")),
            (NotCallableError, "`not_a_class`", lambda: student.make("not_a_class")),
            (MissingNameError, "`Counter.ad`", lambda: counter.call("ad")),
            (MissingNameError, "`Counter.totl`", lambda: counter.value("totl")),
            (NotCallableError, "`Counter.total`", lambda: counter.call("total")),
            (NotPlainError, "`Counter.itself`", lambda: counter.call("itself")),
            (NotPlainError, "`Counter.add`", lambda: counter.value("add")),
            (NotPlainError, "argument", lambda: counter.call("add", {1})),
            (NotPlainError, "argument", lambda: student.make("Counter", {1})),
            (ValueError, "no", lambda: counter.call("fail")),
            (TypeError, "missing", lambda: student.make("Counter")),
        ]:  # fmt: skip
            with pytest.raises(error, match=words):
                action()

    # Seeds

    def test_seeds_depend_on_identity_and_task_alone(self, student_of: StudentOf) -> None:
        """One submission draws the same cases at every regrade; another task or another student draws others."""
        cells = [task("t", "x = 1")]
        seed = student_of(cells, identity="lab1/linear_regression/ada").seed("t")
        assert student_of([*cells, plain_cell("y = 2")], identity="lab1/linear_regression/ada").seed("t") == seed
        others = {
            student_of(cells, identity=identity).seed(name)
            for identity, name in [("lab1/linear_regression/ada", "u"), ("lab1/linear_regression/bao", "t"), ("", "t")]
        }
        assert len({seed, *others}) == 4
        for any_seed in (seed, *others):
            np.random.default_rng(any_seed)

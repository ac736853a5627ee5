"""What a notebook may expect of the sandbox it runs in: what it expects of a kernel."""

from __future__ import annotations

import base64
import random
import time
from typing import Any

import numpy as np
import pytest

from autograder.sandbox.guest.server import NOT_DRAWN

from .conftest import raised, shown, text_of

pytestmark = pytest.mark.sandbox


@pytest.fixture
def box(box_of: Any) -> Any:
    """A sandbox of the strongest tier."""
    return box_of(files={"data.csv": b"1,2\n"})


def run(box: Any, *cells: str) -> Any:
    """Run cells; what the last one came to."""
    for cell in cells:
        ran = box.run(cell, 20)
        assert not ran.problem
    return ran


def test_the_last_expression_shows(box: Any) -> None:
    """With its number, and kept under `_` and `Out`; a semicolon hides it, an assignment shows nothing."""
    ran = run(box, "x = 40")
    assert ran.outputs == ()
    ran = run(box, "x + 2")
    assert shown(ran) == [{"text/plain": "42"}]
    assert ran.outputs[0]["output_type"] == "execute_result"
    assert shown(run(box, "_, Out[2], In[2]")) == [{"text/plain": "(42, 42, 'x + 2')"}]
    assert run(box, "x;").outputs == ()


def test_output_stands_in_its_order(box: Any) -> None:
    """What is printed, displayed, written to stderr and returned comes as it happened."""
    cell = "import sys\nprint('a')\ndisplay(1)\nprint('b', file=sys.stderr)\nprint('c')\n2"
    kinds = [(output["output_type"], output.get("name"), output.get("text")) for output in run(box, cell).outputs]
    assert [kind for kind, _, _ in kinds] == ["stream", "display_data", "stream", "stream", "execute_result"]
    assert [text for _, _, text in kinds] == ["a\n", None, "b\n", "c\n", None]


def test_plots_show_as_pictures(box: Any) -> None:
    """At `plt.show()` and at the end of a cell, at their own size; `display` shows a figure too."""
    (picture,) = shown(run(box, "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"))
    png = base64.b64decode(picture["image/png"])
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == 640
    assert len(shown(run(box, "plt.plot([1]); plt.show(); plt.plot([2]); plt.show()"))) == 2
    assert len(shown(run(box, "fig, ax = plt.subplots(); display(fig); plt.close(fig)"))) == 1
    assert shown(run(box, "1;")) == []


def test_a_sentence_shows_where_figures_are_not_drawn(box: Any) -> None:
    """However a cell shows its figure; what it prints beside stays, and the next cell draws again."""
    run(box, "import matplotlib.pyplot as plt")
    for cell in (
        "plt.plot([1]); plt.show()",
        "fig = plt.figure();",
        "fig = plt.figure(); display(fig); plt.close()",
    ):
        assert shown(box.run(cell, 20, draw=False)) == [{"text/plain": NOT_DRAWN}]
    ran = box.run("print('a'); plt.plot([1]); plt.savefig('own.png'); open('own.png', 'rb').read(4)", 20, draw=False)
    assert text_of(ran) == "a\n"
    assert shown(ran) == [{"text/plain": r"b'\x89PNG'"}, {"text/plain": NOT_DRAWN}]
    assert ["image/png" in data for data in shown(run(box, "plt.plot([1]);"))] == [True]


def test_html_and_latex_show(box: Any) -> None:
    """Rich representations come along, however a student makes them."""
    cell = "from IPython.display import HTML, Markdown\ndisplay(HTML('<b>x</b>'), Markdown('$x$'))"
    assert [sorted(data) for data in shown(run(box, cell))] == [
        ["text/html", "text/plain"],
        ["text/markdown", "text/plain"],
    ]


def test_tracebacks_show_the_students_line(box: Any) -> None:
    """Without colours, by the cell's number; what a function raises shows both cells."""
    run(box, "def f(x):\n    return 1 / x")
    ran = run(box, "y = 1\nf(0)")
    assert ran.error == "ZeroDivisionError"
    (error,) = ran.outputs
    text = "\n".join(error["traceback"])
    assert "Cell In[2], line 2" in text
    assert "----> 2 f(0)" in text
    assert "return 1 / x" in text
    assert "\x1b" not in text
    assert run(box, "print(y)").outputs[0]["text"] == "1\n"


def test_syntax_errors_show(box: Any) -> None:
    """As a cell's error, and the next cell runs."""
    ran = run(box, "def f(:\n    pass")
    assert ran.error == "SyntaxError"
    assert "SyntaxError" in raised(ran)


@pytest.mark.parametrize(("cell", "said"), [
    ("%time x = 1", "Wall time"), ("%%time\nx = 1", "Wall time"), ("!echo hello; echo there >&2", "hello\nthere\n"),
    ("found = !echo hello\nprint(found[0])", "hello\n"), ("%%capture kept\nprint(1)", ""), ("%pwd", ""),
    ("%matplotlib inline\nprint(1)", "1\n"), ("%%writefile own.py\nz = 3", "Writing own.py"),
    ("import asyncio\nawait asyncio.sleep(0)\nprint('waited')", "waited\n"), ("%precision 3", ""), ("%who", ""),
    ("print(open('data.csv').read())", "1,2\n"), ("?print", ""), ("exit", ""),
    ("%config InlineBackend.figure_format = 'png'", ""),
])  # fmt: skip
def test_magics_and_shell_lines_work(box: Any, cell: str, said: str) -> None:
    """What students write in notebooks runs; the notebook goes on after it."""
    ran = run(box, cell)
    assert ran.error in ("", "SystemExit"), ran
    assert said in text_of(ran)
    assert text_of(run(box, "print('on')")) == "on\n"


def test_a_module_that_a_cell_wrote_can_be_imported(box: Any) -> None:
    """The notebook's folder comes first, as in a kernel."""
    assert shown(run(box, "%%writefile own.py\nz = 3", "import own", "own.z")) == [{"text/plain": "3"}]


@pytest.mark.parametrize("cell", ["input('name? ')", "import getpass; getpass.getpass()"])
def test_input_is_refused_with_a_sentence(box: Any, cell: str) -> None:
    """At once, and the notebook goes on."""
    began = time.perf_counter()
    ran = run(box, cell)
    assert ran.error
    assert time.perf_counter() - began < 5
    if cell.startswith("input"):
        assert "write the value instead" in raised(ran)


def test_random_numbers_are_the_same_at_every_regrade(box_of: Any) -> None:
    """Unseeded generators of two runs of one submission agree; those of another submission don't."""
    cell = "import random, numpy as np\nprint(random.random(), np.random.rand())"
    first, second = (text_of(run(box_of(), cell)) for _ in range(2))
    assert first == second
    random.seed(7)
    np.random.seed(7)
    assert first == f"{random.random()} {np.random.rand()}\n"


def test_a_notebook_is_main_and_alone(box: Any) -> None:
    """`__name__` is `__main__`; nothing of the grader's stands among its names."""
    names = "print(__name__, sorted(n for n in globals() if not n.startswith('_')))"
    assert text_of(run(box, names)) == "__main__ ['In', 'Out', 'exit', 'get_ipython', 'open', 'quit']\n"


def test_output_is_cut_where_it_comes_from(box: Any) -> None:
    """50 MB cost neither the cell nor much time, and what was printed first is there."""
    began = time.perf_counter()
    ran = run(box, "print('first')\nfor i in range(500):\n    print('x' * 100_000)\nlast = 1")
    assert time.perf_counter() - began < 5
    text = text_of(ran)
    assert text.startswith("first\n")
    assert len(text) <= 2_100_000
    assert text_of(run(box, "print(last)")) == "1\n"


def test_displays_are_cut_where_they_come_from(box: Any) -> None:
    """So are thousands of values shown one by one."""
    assert 100 < len(run(box, "for i in range(5000): display(i)").outputs) < 1000


def test_odd_representations_cost_themselves_only(box: Any) -> None:
    """What is no text, or raises, is not shown, and the rest is."""
    cell = (
        "class Odd:\n    def _repr_mimebundle_(self, **k): return {'text/plain': {1}, 'text/html': object()}\n"
        "class Fails:\n    def __repr__(self): raise RuntimeError('no')\n"
        "display(Odd()); print('between'); Fails()"
    )
    ran = run(box, cell)
    assert "between" in text_of(ran)
    assert text_of(run(box, "print('on')")) == "on\n"


@pytest.mark.parametrize("cell", [
    "import sys; sys.stdout.close()", "import sys; sys.stdout = None", "import os; os.close(1); os.close(2)",
    "%reset -f", "import os; os.chdir('/')", "import os, shutil; shutil.rmtree(os.getcwd(), ignore_errors=True)",
    "import numpy as np; np.seterr(all='raise')", "import warnings; warnings.simplefilter('error')",
    "import time; time.monotonic = time.time = lambda: 0", "import sys; sys.exit(3)", "raise BaseException('b')",
    "raise KeyboardInterrupt", "def f(): f()\nf()", "import sys; sys.setrecursionlimit(50)", "del __builtins__",
    "import builtins; builtins.len = builtins.isinstance = None", "import gc; gc.disable()",
    "get_ipython().run_cell = None", "import os; os.environ.clear()", "import os; os.closerange(0, 3)",
])  # fmt: skip
def test_a_cell_that_spoils_things_costs_little(box: Any, cell: str) -> None:
    """What ran before it stands, and the sandbox can be asked or says that it ended; nothing hangs."""
    box.run("before = 1", 20)
    box.run(cell, 5)
    ran = box.run("after = 1", 5)
    assert box.ended or not ran.problem

"""Tests of the guest's server: cells behave in a sandbox as they do in an IPython kernel."""

from __future__ import annotations

import base64
import random
import time
from typing import Any

import numpy as np
import pytest

from autograder.sandbox.guest.server import NOT_DRAWN

from .conftest import raised_error, shown_data, text_of

pytestmark = pytest.mark.sandbox


@pytest.fixture
def client(client_of: Any) -> Any:
    """Return the client of a sandbox of the strongest tier, with one data file."""
    return client_of(files={"data.csv": b"1,2\n"})


def run(client: Any, *cells: str) -> Any:
    """Run cells and return the result of the last one."""
    for cell in cells:
        result = client.run(cell, 20)
        assert not result.problem
    return result


def test_the_last_expression_shows(client: Any) -> None:
    """The last expression is displayed with its number and kept in `_` and `Out`; a semicolon hides it."""
    result = run(client, "x = 40")
    assert result.outputs == ()
    result = run(client, "x + 2")
    assert shown_data(result) == [{"text/plain": "42"}]
    assert result.outputs[0]["output_type"] == "execute_result"
    assert shown_data(run(client, "_, Out[2], In[2]")) == [{"text/plain": "(42, 42, 'x + 2')"}]
    assert run(client, "x;").outputs == ()


def test_output_stands_in_its_order(client: Any) -> None:
    """Printed, displayed and returned values and stderr keep their order in the outputs."""
    cell = "import sys\nprint('a')\ndisplay(1)\nprint('b', file=sys.stderr)\nprint('c')\n2"
    kinds = [(output["output_type"], output.get("name"), output.get("text")) for output in run(client, cell).outputs]
    assert [kind for kind, _, _ in kinds] == ["stream", "display_data", "stream", "stream", "execute_result"]
    assert [text for _, _, text in kinds] == ["a\n", None, "b\n", "c\n", None]


def test_plots_show_as_pictures(client: Any) -> None:
    """A figure is shown at `plt.show()`, at the end of a cell and by `display`, at its own size."""
    (picture,) = shown_data(run(client, "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"))
    png = base64.b64decode(picture["image/png"])
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == 640
    assert len(shown_data(run(client, "plt.plot([1]); plt.show(); plt.plot([2]); plt.show()"))) == 2
    assert len(shown_data(run(client, "fig, ax = plt.subplots(); display(fig); plt.close(fig)"))) == 1
    assert shown_data(run(client, "1;")) == []


def test_a_sentence_shows_where_figures_are_not_drawn(client: Any) -> None:
    """With draw=False a sentence replaces each figure; other output stays, and the next cell draws again."""
    run(client, "import matplotlib.pyplot as plt")
    for cell in (
        "plt.plot([1]); plt.show()",
        "fig = plt.figure();",
        "fig = plt.figure(); display(fig); plt.close()",
    ):
        assert shown_data(client.run(cell, 20, draw=False)) == [{"text/plain": NOT_DRAWN}]
    result = client.run(
        "print('a'); plt.plot([1]); plt.savefig('own.png'); open('own.png', 'rb').read(4)", 20, draw=False
    )
    assert text_of(result) == "a\n"
    assert shown_data(result) == [{"text/plain": r"b'\x89PNG'"}, {"text/plain": NOT_DRAWN}]
    assert ["image/png" in data for data in shown_data(run(client, "plt.plot([1]);"))] == [True]


def test_html_and_latex_show(client: Any) -> None:
    """HTML and Markdown representations are kept in the outputs."""
    cell = "from IPython.display import HTML, Markdown\ndisplay(HTML('<b>x</b>'), Markdown('$x$'))"
    assert [sorted(data) for data in shown_data(run(client, cell))] == [
        ["text/html", "text/plain"],
        ["text/markdown", "text/plain"],
    ]


def test_tracebacks_show_the_students_line(client: Any) -> None:
    """A traceback names the cell by its number, shows the failing lines of all cells and has no colours."""
    run(client, "def f(x):\n    return 1 / x")
    result = run(client, "y = 1\nf(0)")
    assert result.error == "ZeroDivisionError"
    (error,) = result.outputs
    text = "\n".join(error["traceback"])
    assert "Cell In[2], line 2" in text
    assert "----> 2 f(0)" in text
    assert "return 1 / x" in text
    assert "\x1b" not in text
    assert run(client, "print(y)").outputs[0]["text"] == "1\n"


def test_syntax_errors_show(client: Any) -> None:
    """A syntax error is the cell's error, and the next cell runs."""
    result = run(client, "def f(:\n    pass")
    assert result.error == "SyntaxError"
    assert "SyntaxError" in raised_error(result)


@pytest.mark.parametrize(("cell", "printed"), [
    ("%time x = 1", "Wall time"), ("%%time\nx = 1", "Wall time"), ("!echo hello; echo there >&2", "hello\nthere\n"),
    ("found = !echo hello\nprint(found[0])", "hello\n"), ("%%capture kept\nprint(1)", ""), ("%pwd", ""),
    ("%matplotlib inline\nprint(1)", "1\n"), ("%%writefile own.py\nz = 3", "Writing own.py"),
    ("import asyncio\nawait asyncio.sleep(0)\nprint('waited')", "waited\n"), ("%precision 3", ""), ("%who", ""),
    ("print(open('data.csv').read())", "1,2\n"), ("?print", ""), ("exit", ""),
    ("%config InlineBackend.figure_format = 'png'", ""),
])  # fmt: skip
def test_magics_and_shell_lines_work(client: Any, cell: str, printed: str) -> None:
    """Magics, shell lines and top-level await run, and the notebook goes on after them."""
    result = run(client, cell)
    assert result.error in ("", "SystemExit"), result
    assert printed in text_of(result)
    assert text_of(run(client, "print('on')")) == "on\n"


def test_a_module_that_a_cell_wrote_can_be_imported(client: Any) -> None:
    """A cell can import a module that another cell wrote into the notebook's folder."""
    assert shown_data(run(client, "%%writefile own.py\nz = 3", "import own", "own.z")) == [{"text/plain": "3"}]


def test_an_import_of_a_missing_module_stops_nothing_else(client: Any) -> None:
    """After an import of a module that is not installed the cell goes on; the lines that use it raise, and say why."""
    result = run(
        client, "import os, no_such_a, json\nfrom no_such_b.c import *\nfrom google.colab import files as f\n1"
    )
    assert (result.error, shown_data(result)) == ("", [{"text/plain": "1"}])
    for words in (
        "no_such_a is not installed",
        "no_such_b is not installed",
        "google.colab exists in Google Colab only",
    ):
        assert words in text_of(result)
    result = run(client, "json.dumps(1)\nfor _ in no_such_a.tqdm(range(3)):\n    pass")
    assert (result.error, result.line) == ("NotInstalledError", "for _ in no_such_a.tqdm(range(3)):")
    assert "no_such_a is not installed where notebooks are graded" in result.text
    assert run(client, "f.upload()").error == "NotInstalledError"


@pytest.mark.parametrize("cell", [
    "try:\n    import no_such_a as x\nexcept ImportError:\n    x = 3",
    "open('own.py', 'w').write('y = 3')\nimport own\nx = own.y", "%%time\nimport no_such_a\nx = 3",
    "def f():\n    import no_such_a\ntry:\n    f()\nexcept ModuleNotFoundError:\n    x = 3",
    "open('lacks.py', 'w').write('import no_such_a')\ntry:\n    import lacks\nexcept ImportError:\n    x = 3",
    "from __future__ import annotations\nx = 3", "%pip install --quiet no-such-package\nx = 3", "!pip --version\nx = 3",
])  # fmt: skip
def test_imports_and_installations_that_a_cell_handles_itself(client: Any, cell: str) -> None:
    """Imports inside other statements, of a module that the cell wrote, and failing installations end no cell."""
    assert shown_data(run(client, f"{cell}\nx")) == [{"text/plain": "3"}]


@pytest.mark.parametrize("cell", ["input('name? ')", "import getpass; getpass.getpass()"])
def test_input_is_refused_with_a_sentence(client: Any, cell: str) -> None:
    """`input` and `getpass` fail at once; the message of `input` names the remedy."""
    started = time.perf_counter()
    result = run(client, cell)
    assert result.error
    assert time.perf_counter() - started < 5
    if cell.startswith("input"):
        assert "nobody can type" in raised_error(result)


def test_random_numbers_are_the_same_at_every_regrade(client_of: Any) -> None:
    """Unseeded generators give the same numbers in two runs with one seed of the sandbox."""
    cell = "import random, numpy as np\nprint(random.random(), np.random.rand())"
    first, second = (text_of(run(client_of(), cell)) for _ in range(2))
    assert first == second
    random.seed(7)
    np.random.seed(7)
    assert first == f"{random.random()} {np.random.rand()}\n"


def test_names_of_a_fresh_notebook(client: Any) -> None:
    """`__name__` is `__main__`, and a fresh notebook has no name of the grader's."""
    names = "print(__name__, sorted(n for n in globals() if not n.startswith('_')))"
    assert text_of(run(client, names)) == "__main__ ['In', 'Out', 'exit', 'get_ipython', 'open', 'quit']\n"


def test_printed_output_is_limited(client: Any) -> None:
    """Printing 50 MB neither fails nor takes long; the output is cut and keeps its beginning."""
    started = time.perf_counter()
    result = run(client, "print('first')\nfor i in range(500):\n    print('x' * 100_000)\nlast = 1")
    assert time.perf_counter() - started < 5
    text = text_of(result)
    assert text.startswith("first\n")
    assert len(text) <= 2_100_000
    assert text_of(run(client, "print(last)")) == "1\n"


def test_displays_are_limited(client: Any) -> None:
    """Of thousands of displayed values only some hundreds are kept."""
    assert 100 < len(run(client, "for i in range(5000): display(i)").outputs) < 1000


def test_invalid_representations_are_left_out(client: Any) -> None:
    """A representation that is no text, or raises, is left out, and the other outputs are shown."""
    cell = (
        "class Odd:\n    def _repr_mimebundle_(self, **k): return {'text/plain': {1}, 'text/html': object()}\n"
        "class Fails:\n    def __repr__(self): raise RuntimeError('no')\n"
        "display(Odd()); print('between'); Fails()"
    )
    result = run(client, cell)
    assert "between" in text_of(result)
    assert text_of(run(client, "print('on')")) == "on\n"


@pytest.mark.parametrize("cell", [
    "import sys; sys.stdout.close()", "import sys; sys.stdout = None", "import os; os.close(1); os.close(2)",
    "%reset -f", "import os; os.chdir('/')", "import os, shutil; shutil.rmtree(os.getcwd(), ignore_errors=True)",
    "import numpy as np; np.seterr(all='raise')", "import warnings; warnings.simplefilter('error')",
    "import time; time.monotonic = time.time = lambda: 0", "import sys; sys.exit(3)", "raise BaseException('b')",
    "raise KeyboardInterrupt", "def f(): f()\nf()", "import sys; sys.setrecursionlimit(50)", "del __builtins__",
    "import builtins; builtins.len = builtins.isinstance = None", "import gc; gc.disable()",
    "get_ipython().run_cell = None", "import os; os.environ.clear()", "import os; os.closerange(0, 3)",
])  # fmt: skip
def test_a_cell_that_damages_the_interpreter_hangs_nothing(client: Any, cell: str) -> None:
    """After a cell that damages its interpreter the next cell runs or the sandbox has ended; nothing hangs."""
    client.run("before = 1", 20)
    client.run(cell, 5)
    result = client.run("after = 1", 5)
    assert client.ended or not result.problem

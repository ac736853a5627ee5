"""Tests that `LocalKernel` keeps the contract in this process, and in a real kernel whose notebook it finds itself."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder import student
from autograder.student import LocalKernel, MissingNameError, task_line

from .contract import StudentContract, StudentOf, plain_cell, task

RunCells = Callable[[list[str]], list[list[Any]]]


pytestmark = pytest.mark.usefixtures("no_windows")


@pytest.fixture
def student_of() -> StudentOf:
    """Return a function that runs cells in a namespace and returns its `LocalKernel`."""

    def student_of(cells: list[tuple[str, str]], identity: str = "") -> LocalKernel:
        namespace: dict[str, Any] = {"__name__": "__main__"}
        for _, text in cells:
            exec(TransformerManager().transform_cell(text), namespace)
        return LocalKernel(namespace, {name: text for name, text in cells if name}, identity)

    return student_of


class TestInThisProcess(StudentContract):
    @pytest.fixture
    def student_of(self, student_of: StudentOf) -> StudentOf:
        return student_of


RUN_CONTRACT = """
import os
from collections import defaultdict

os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
import pytest

ended = defaultdict(str)

class Keep:
    def pytest_runtest_logreport(self, report):
        ended[report.nodeid.rpartition("::")[2]] += "" if report.passed else report.longreprtext or report.outcome

pytest.main([FILE, "-q", "--capture=no", "-p", "no:cacheprovider"], plugins=[Keep()])
dict(ended)
"""


@pytest.mark.kernels
def test_contract_holds_inside_a_real_kernel(run_cells: RunCells) -> None:
    """pytest passes within a kernel that nbclient started, for cells that this kernel executes."""
    _, outputs = run_cells([f"FILE = {str(Path(__file__).with_name('in_kernel.py'))!r}", RUN_CONTRACT])
    ended = ast.literal_eval(outputs[-1]["data"]["text/plain"])
    assert {name: report for name, report in ended.items() if report} == {}
    promised = {name for name in dir(StudentContract) if name.startswith("test_")}
    assert {name.partition("[")[0] for name in ended} == promised, outputs


@pytest.fixture(scope="module")
def kernel_values(run_cells: RunCells) -> dict[str, Any]:
    """Return values that a notebook's kernel computes with `from autograder import student`."""
    cells = [
        "import matplotlib.pyplot as plt\nimport numpy as np\nx = 1",
        f"{task_line('answer')}\nanswer = x\n'shown'",
        f"{task_line('answer')}\nanswer = 10 * x",
        f"{task_line('line-magic')}\n%time timed = 2 * x\nhome = !echo $HOME\nafter = timed",
        f"%%time\n{task_line('cell-magic')}\ncell_timed = 3 * x",
        f"  {task_line('drawn')}   \nplt.plot([1, 2])\nplt.show()\nplt.plot([3, 4])\ndisplay('shown')\nprint('too')",
        "from autograder import student\n"
        "drawn = student.figures('drawn')\n"
        "for _ in range(3): student.rerun('drawn')\n"
        "open_figures = plt.get_fignums()",
        "dict(adapter=type(student.current()).__name__,"
        " answer=student.rerun('answer', overrides={'x': 5}).value('answer'),"
        " line=student.rerun('line-magic', overrides={'x': 5}).value('after'),"
        " cell=student.rerun('cell-magic', overrides={'x': 5}).value('cell_timed'),"
        " source=student.source('cell-magic'), left=[x, answer, timed, cell_timed], backend=plt.get_backend(),"
        " drawn=[figure.axes[0].lines[0][1].tolist() for figure in drawn], open_figures=open_figures)",
        "%reset -f",
        "from autograder import student\nfound = None\ntry:\n    student.value('x')\nexcept Exception as error:\n"
        "    found = str(error)\nfound",
    ]
    outputs = run_cells(cells)
    kernel_values = ast.literal_eval(outputs[7][-1]["data"]["text/plain"])
    return kernel_values | {
        "outputs": outputs[6],
        "after reset": ast.literal_eval(outputs[9][-1]["data"]["text/plain"]),
    }


def test_a_kernel_finds_its_own_notebook(kernel_values: dict[str, Any]) -> None:
    """Without a bound adapter a hidden test uses the kernel it runs in."""
    assert kernel_values["adapter"] == "LocalKernel"
    assert "`x`" in kernel_values["after reset"]


def test_the_latest_of_two_executed_cells_counts(kernel_values: dict[str, Any]) -> None:
    """Of two executed cells of a task, such as a mistake and its correction, the later one counts."""
    assert kernel_values["answer"] == 50


def test_cells_with_magics_run_again(kernel_values: dict[str, Any]) -> None:
    """Line magics, shell lines and cell magics run again with a task's cell; its source is what the student typed."""
    assert (kernel_values["line"], kernel_values["cell"]) == (10, 15)
    assert kernel_values["source"].startswith("%%time\n# task: cell-magic\n")
    assert kernel_values["left"] == [1, 10, 2, 3]


def test_figures_of_a_rerun_stay_out_of_the_tests_output(kernel_values: dict[str, Any]) -> None:
    """Under the inline backend `figures` and `rerun` show neither figures nor other displays of the cell."""
    assert "inline" in kernel_values["backend"]
    assert kernel_values["drawn"] == [[1.0, 2.0], [3.0, 4.0]]
    assert kernel_values["open_figures"] == []
    assert kernel_values["outputs"] == []


def test_figures_that_are_open_stay_open_and_untouched(student_of: StudentOf) -> None:
    """Functions, reruns and figures neither draw into nor close the notebook's open figures, even if they fail."""
    kernel = student_of([
        plain_cell("import matplotlib.pyplot as plt\ndef draw(): plt.plot([9, 9]); plt.close('all')"),
        task("t", "plt.figure(1)\nplt.plot([1, 2])\nif 'fail' in globals(): 1 / 0"),
    ])  # fmt: skip
    plt.close("all")
    _, axes = plt.subplots(num=1)
    axes.plot([5, 6])
    kernel.figures("t")
    kernel.rerun("t")
    kernel.function("draw")()
    kernel.rerun("t", overrides={"fail": True})
    assert plt.get_fignums() == [1]
    assert plt.gca() is axes
    assert [line.get_ydata().tolist() for line in axes.get_lines()] == [[5, 6]]


def test_the_placeholder_of_a_solution_ends_the_cell() -> None:
    """A cell in which the student left the placeholder runs up to it, and not the lines below."""
    run = LocalKernel({"b": 3}, {"t": "a = 1\nraise NotImplementedError('your turn')\nb = 2"}).rerun("t")
    assert run.value("a") == 1
    with pytest.raises(NotImplementedError):
        run.value("b")


def test_the_line_that_raised_is_known(student_of: StudentOf) -> None:
    """The traceback of a rerun shows the student's own line, also after another student's cell of the same task."""
    import traceback

    for line in ("f0 = 1 / x", "f0 = y / x"):
        kernel = student_of([plain_cell("x = y = 1"), task("t", f"a = 2\n{line}")])
        with pytest.raises(ZeroDivisionError) as raised:
            kernel.rerun("t", overrides={"x": 0}).value("f0")
        assert traceback.extract_tb(raised.value.__traceback__)[-1].line == line


def test_objects_that_can_not_be_copied_are_shared(student_of: StudentOf) -> None:
    """A rerun copies the objects that it can, shares the others with the notebook, and goes on."""
    kernel = student_of([
        plain_cell(
            "import threading, io\nlock, file, numbers = threading.Lock(), io.StringIO(), (i for i in range(9))\n"
            "class Stubborn:\n    def __copy__(self): raise RuntimeError('no copies')\n"
            "stubborn, twins = Stubborn(), [1]\ntwins.append(twins)\nheld = {'s': stubborn, 't': (twins, {1})}"
        ),
        task("t", "twins.append(len(twins))\nsame = held['t'][0] is twins and twins[1] is twins"),
    ])  # fmt: skip
    assert kernel.rerun("t").value("same") is True
    assert kernel._notebook._namespace["twins"][2:] == [2]


def test_a_hidden_test_uses_the_bound_adapter(student_of: StudentOf) -> None:
    """`bound` holds for its block, also if another is bound within it and if a block fails."""
    ada, bao = (
        student_of(
            [
                plain_cell(f"import numpy as np\nname = '{name}'\ndef f(): return name\nclass C:\n    who = name"),
                task("t", "again = name"),
            ],
            identity=name,
        )
        for name in ("ada", "bao")
    )
    with student.bound(ada):
        with student.bound(bao):
            assert student.value("name") == "bao"
        with pytest.raises(MissingNameError), student.bound(bao):
            student.value("missing")
        assert student.value("name") == "ada"
        assert student.function("f", overrides={"name": "eve"})() == "eve"
        assert student.make("C").value("who") == "ada"
        assert student.rerun("t", overrides={"name": "eve"}).value("again") == "eve"
        assert student.source("t").endswith("again = name")
        assert student.figures("t") == ()
        assert student.seed("t") == ada.seed("t") != bao.seed("t")


def test_outside_a_notebook_an_adapter_must_be_bound() -> None:
    """Without a kernel and without a bound adapter, the error says how to bind one."""
    with pytest.raises(RuntimeError, match=r"student\.bound"):
        student.value("x")


def test_a_call_does_not_copy_the_notebook(student_of: StudentOf) -> None:
    """Calling a function copies its arguments, not the notebook's data."""
    kernel = student_of([plain_cell("import numpy as np\ndata = np.zeros(3)\ndef same_data(): return id(data)")])
    assert kernel.function("same_data")() == id(kernel._notebook._namespace["data"])
    assert isinstance(kernel.value("data"), np.ndarray)

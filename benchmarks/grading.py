"""How long does a class take, sandboxed, against stock nbgrader? Ratios, both taken in one run.

    python benchmarks/grading.py [--students 40] [--rounds 2]

The workload is a notebook of 22 cells, five of them with hidden tests and two with plots, which both graders render. In
each round `nbgrader autograde` grades the submissions in a course folder of plain nbgrader, in one process, and
`lab grade` grades the same submissions in a folder of this project, on all cores, sandboxed. Times are of whole
commands, start included, and both commands grade every submission anew; then the benchmark compares every score. In the
plain folder hidden tests run in the student's kernel, as nbgrader runs them.

The benchmark also measures the processor time of a submission's own cells in a warm sandbox, which is a lower bound for
every grader that renders the plots, and the time of a single submission, as a command and in a warm process.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from rich.console import Console
from rich.progress import track
from rich.table import Table

from autograder import authoring
from autograder.authoring.answers import fill_in, known_answers, solved_answers
from autograder.course import CONFIG, Course
from autograder.grading.model import Job, SubmittedFile
from autograder.grading.submission import grade_submission
from autograder.sandbox.host.tiers import start_strongest

CONSOLE = Console()
LAB, NOTEBOOK = "lab", "workload"
BIN = Path(sys.executable).parent

TASK = '''
# %% [markdown]
# ## Task {n}: the cost and its slope in the weights

# %% solution="task-{n}"
def cost_{n}(x, y, w):
    """The mean squared error of x @ w, and its slope in w."""
    ### BEGIN SOLUTION
    error = x @ w - y
    return np.mean(error**2), 2 * x.T @ error / len(y)
    ### END SOLUTION

# %% test="task-{n}" points=2
value, slope = cost_{n}(X, Y, np.zeros(3))
assert slope.shape == (3,), "one slope for each weight"
### BEGIN HIDDEN TESTS
import numpy as np
from autograder import checks
from autograder.checks.cases import Case
def cases(rng):
    for samples in (1, 7, 30):
        x, y = rng.normal(size=(samples, 3)), rng.normal(size=samples)
        yield Case("", {{"I": samples}}, {{"x": x, "y": y, "w": rng.normal(size=3)}})
def truth(x, y, w):
    return np.mean((x @ w - y) ** 2), 2 * x.T @ (x @ w - y) / len(y)
checks.function("task-{n}", checks.Call("cost_{n}", "x y w"), checks.Expected(truth, {{"cost": 1, "slope": 1}}),
                cases=cases, section="the text")
### END HIDDEN TESTS
'''

TEXT = (
    """\
# ---
# jupyter:
#   lab:
#     timeout: 60
# ---

# %% [markdown]
# # A workload

# %% locked="imports"
import matplotlib.pyplot as plt
import numpy as np

# %% locked="data"
rng = np.random.default_rng(0)
X, Y = rng.normal(size=(100, 3)), rng.normal(size=100)

# %%
X.mean(axis=0).round(2)
"""
    + "".join(TASK.format(n=n) for n in range(1, 6))
    + """
# %%
w, path = np.zeros(3), []
for _ in range(200):
    value, slope = cost_1(X, Y, w)
    w = w - 0.1 * slope
    path.append(value)
plt.plot(path)
plt.xlabel("iteration")
plt.ylabel("cost")
plt.show()

# %%
fig, axes = plt.subplots(1, 3, figsize=(9, 3))
for k, ax in enumerate(axes):
    ax.scatter(X[:, k], Y)
plt.show()

# %%
print("the last cost is", np.round(path[-1], 3))
"""
)


def built(root: Path) -> Course:
    """Write a course with the workload into a new folder, build it and return it."""
    (root / "notebooks" / LAB).mkdir(parents=True)
    shutil.copyfile(Path(__file__).parents[1] / CONFIG, root / CONFIG)
    (root / "notebooks" / LAB / f"{NOTEBOOK}.py").write_text(TEXT, encoding="utf-8")
    course = Course(root.resolve())
    authoring.build(course, [LAB])
    return course


def submissions(course: Course, count: int) -> list[bytes]:
    """Return count submitted notebooks: correct answers, and in every fourth a mistake in one task."""
    known = known_answers(course.written / LAB / f"{NOTEBOOK}.py")
    handed_in = []
    for number in range(count):
        answers = solved_answers(known)
        if number % 4 == 3:
            task = f"task-{number % 5 + 1}"
            answers[task] = answers[task].replace("2 * x.T", "x.T")
        notebook = fill_in(course.release / LAB / f"{NOTEBOOK}.ipynb", answers)
        handed_in.append(nbformat.writes(notebook).encode())
    return handed_in


def prepared(course: Course, folder: Path, handed_in: list[bytes], plain: bool) -> Course:
    """Return a copy of the course in a new folder, with these submissions and nothing graded yet.

    plain: True for a course of plain nbgrader, with nbgrader's own release of the notebook.
    """
    shutil.copytree(course.root, folder)
    if plain:
        (folder / CONFIG).write_text('c = get_config()\nc.CourseDirectory.course_id = "backprop"\n', encoding="utf-8")
        run(folder, "nbgrader", "generate_assignment", LAB, "--force")
    for number, data in enumerate(handed_in):
        submitted = folder / "submitted" / f"s{number:03d}" / LAB
        submitted.mkdir(parents=True)
        (submitted / f"{NOTEBOOK}.ipynb").write_bytes(data)
    return Course(folder)


def run(folder: Path, *command: str) -> float:
    """Run a command of this environment in a folder; return its time in seconds. Exit if the command fails."""
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    start = time.perf_counter()
    result = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=folder, env=env, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if result.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{result.stdout}{result.stderr}")
    return seconds


def scores(course: Course) -> dict[tuple[str, str], float]:
    """Return every automatic score of the class, by student and task."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "backprop") as gradebook:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for submission in gradebook.assignment_submissions(LAB)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def cells_alone(course: Course, data: bytes) -> float:
    """Return the processor time in seconds of one submission's cells in a warm sandbox: the median of five runs."""
    cells = [cell for cell in nbformat.reads(data.decode(), as_version=4).cells if cell.cell_type == "code"]
    seconds = []
    with start_strongest(Job.tiers) as zygote:
        for _ in range(5):
            with zygote.fork() as sandbox:
                sandbox.settle(0, {})
                sandbox.run("import time as _time\n_began = _time.process_time()", 60)
                for cell in cells:
                    sandbox.run(cell.source, 60)
                result = sandbox.run("print(_time.process_time() - _began)", 60)
                seconds.append(float(result.outputs[0]["text"]))
    return statistics.median(seconds)


def warm(course: Course, data: bytes) -> float:
    """Return the time in seconds of one submission in a process that has graded another: the median of five runs."""
    masters = {NOTEBOOK: (course.source / LAB / f"{NOTEBOOK}.ipynb").read_bytes()}
    seconds = []
    for number in range(6):
        start = time.perf_counter()
        grade_submission(Job(f"s{number}", LAB, (SubmittedFile(f"{NOTEBOOK}.ipynb", data),), masters))
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds[1:])


def main() -> None:
    """Run both graders and print a table of their times."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lab-bench-") as folder:
        root = Path(folder)
        course = built(root / "course")
        handed_in = submissions(course, arguments.students)
        times: dict[str, list[float]] = {"stock": [], "ours": []}
        for number in track(range(arguments.rounds), "rounds", console=CONSOLE):
            stock = prepared(course, root / f"stock{number}", handed_in, plain=True)
            times["stock"].append(run(stock.root, "nbgrader", "autograde", LAB))
            ours = prepared(course, root / f"ours{number}", handed_in, plain=False)
            times["ours"].append(run(ours.root, "lab", "grade", LAB))
            if scores(stock) != scores(ours):
                sys.exit("the scores differ")
        single = run(ours.root, "lab", "grade", LAB, "--student", "s000", "--force")
        alone, latency = cells_alone(course, handed_in[0]), warm(course, handed_in[0])
    ratios = [ours / stock for stock, ours in zip(times["stock"], times["ours"], strict=True)]
    table = Table(
        "", "seconds", "a submission", title=f"{arguments.students} submissions, {len(os.sched_getaffinity(0))} cores"
    )
    for name, description in (("stock", "nbgrader autograde, one process"), ("ours", "lab grade, sandboxed")):
        seconds = statistics.median(times[name])
        table.add_row(description, f"{seconds:.1f}", f"{seconds / arguments.students:.3f}")
    CONSOLE.print(table)
    CONSOLE.print(
        f"lab grade takes {statistics.median(ratios):.2f} of stock nbgrader's time "
        f"(rounds: {', '.join(f'{ratio:.2f}' for ratio in ratios)}); every score is the same"
    )
    CONSOLE.print(f"the cells of one submission alone: {alone:.3f} s of processor time")
    CONSOLE.print(f"one submission: {single:.1f} s as a command, {latency:.2f} s in a warm process")
    CONSOLE.print(f"Python {platform.python_version()}, {platform.machine()}", style="dim")


if __name__ == "__main__":
    main()

"""How long does a class take, sandboxed, against stock nbgrader? Ratios, both taken in one run.

    python benchmarks/grading.py [--students 40] [--rounds 2]

The workload: a notebook of 22 cells, five of them with hidden tests and two with plots, which are rendered. In each
round the same submissions go through `nbgrader autograde` in a course folder of plain nbgrader, one process, and
through `lab grade` in one of ours, all cores, sandboxed. Both are whole commands, start included, and both grade from
nothing; afterwards every score is compared. In the plain folder hidden tests run in the student's kernel, as nbgrader
runs them.

Besides: the processor time of the submissions' own cells in a warm sandbox, which nothing that renders the plots can go
below; and how long a single submission takes, as a command and in a process that is warm.
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
    """The course with the workload."""
    (root / "notebooks" / LAB).mkdir(parents=True)
    shutil.copyfile(Path(__file__).parents[1] / CONFIG, root / CONFIG)
    (root / "notebooks" / LAB / f"{NOTEBOOK}.py").write_text(TEXT, encoding="utf-8")
    course = Course(root.resolve())
    authoring.build(course, [LAB])
    return course


def submissions(course: Course, count: int) -> list[bytes]:
    """Right answers, and every fourth with a slip in one task."""
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
    """A course folder with these submissions, ours or of plain nbgrader, in which nothing is graded yet."""
    shutil.copytree(course.root, folder)
    if plain:
        (folder / CONFIG).write_text('c = get_config()\nc.CourseDirectory.course_id = "backprop"\n', encoding="utf-8")
        run(folder, "nbgrader", "generate_assignment", LAB, "--force")
    for number, data in enumerate(handed_in):
        place = folder / "submitted" / f"s{number:03d}" / LAB
        place.mkdir(parents=True)
        (place / f"{NOTEBOOK}.ipynb").write_bytes(data)
    return Course(folder)


def run(folder: Path, *command: str) -> float:
    """Run a command of this environment; how long it took."""
    env = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    began = time.perf_counter()
    done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=folder, env=env, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return seconds


def scores(course: Course) -> dict[tuple[str, str], float]:
    """Every automatic score of the class."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "backprop") as gradebook:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for submission in gradebook.assignment_submissions(LAB)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def cells_alone(course: Course, data: bytes) -> float:
    """Seconds of processor time that the cells of one submission take in a warm sandbox."""
    cells = [cell for cell in nbformat.reads(data.decode(), as_version=4).cells if cell.cell_type == "code"]
    taken = []
    with start_strongest(Job.tiers) as zygote:
        for _ in range(5):
            with zygote.fork() as box:
                box.settle(0, {}, {})
                box.run("import time as _time\n_began = _time.process_time()", 60)
                for cell in cells:
                    box.run(cell.source, 60)
                ran = box.run("print(_time.process_time() - _began)", 60)
                taken.append(float(ran.outputs[0]["text"]))
    return statistics.median(taken)


def warm(course: Course, data: bytes) -> float:
    """Seconds that one submission takes in a process that has graded another one."""
    masters = {NOTEBOOK: (course.source / LAB / f"{NOTEBOOK}.ipynb").read_bytes()}
    taken = []
    for number in range(6):
        began = time.perf_counter()
        grade_submission(Job(f"s{number}", LAB, (SubmittedFile(f"{NOTEBOOK}.ipynb", data),), masters))
        taken.append(time.perf_counter() - began)
    return statistics.median(taken[1:])


def main() -> None:
    """Run both, and print what came of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lab-bench-") as folder:
        place = Path(folder)
        course = built(place / "course")
        handed_in = submissions(course, asked.students)
        times: dict[str, list[float]] = {"stock": [], "ours": []}
        for number in track(range(asked.rounds), "rounds", console=CONSOLE):
            stock = prepared(course, place / f"stock{number}", handed_in, plain=True)
            times["stock"].append(run(stock.root, "nbgrader", "autograde", LAB))
            ours = prepared(course, place / f"ours{number}", handed_in, plain=False)
            times["ours"].append(run(ours.root, "lab", "grade", LAB))
            if scores(stock) != scores(ours):
                sys.exit("the scores differ")
        single = run(ours.root, "lab", "grade", LAB, "--student", "s000", "--force")
        alone, latency = cells_alone(course, handed_in[0]), warm(course, handed_in[0])
    ratios = [ours / stock for stock, ours in zip(times["stock"], times["ours"], strict=True)]
    table = Table(
        "", "seconds", "a submission", title=f"{asked.students} submissions, {len(os.sched_getaffinity(0))} cores"
    )
    for name, said in (("stock", "nbgrader autograde, one process"), ("ours", "lab grade, sandboxed")):
        seconds = statistics.median(times[name])
        table.add_row(said, f"{seconds:.1f}", f"{seconds / asked.students:.3f}")
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

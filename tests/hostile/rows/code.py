"""Forged points by access to the reference: imports, source files, frames, live objects, and known cases."""

from __future__ import annotations

from ..hand import first, right, wrong
from ..row import NOTHING, ON_SHUT, Row, forging, without
from .tests import PATCH

FRAMES = """
    import sys

    def peek(*names):
        frame = sys._getframe(1)
        while frame is not None:
            for space in (frame.f_locals, frame.f_globals):
                for name in names:
                    if name in space:
                        return space[name]
            frame = frame.f_back
        return 1.0
"""
"""Code with which a function searches its callers' frames for names."""

ROWS = (
    forging(
        "import the reference",
        wrong(
            cost="""
            from autograder import reference

            def cost(prediction, y):
                return reference.costs.squared_error(prediction, y, normalisation="half mean over samples")
        """
        ),
        {"cost": 4},
        says=("ModuleNotFoundError",),
    ),
    forging(
        "import the reference inside the function",
        wrong(
            cost="""
            def cost(prediction, y):
                import autograder.reference.costs
                return autograder.reference.costs.squared_error(prediction, y, normalisation="half mean over samples")
        """
        ),
        {"cost": 4},
        says=("ModuleNotFoundError",),
    ),
    forging(
        "load the reference by its path",
        wrong(
            cost="""
            import sys
            sys.path[:0] = ["@PACKAGE@/..", "@PACKAGE@"]
            from autograder.reference.costs import squared_error

            def cost(prediction, y):
                return squared_error(prediction, y, normalisation="half mean over samples")
        """
        ),
        {"cost": 4},
        tiers=ON_SHUT,
    ),
    forging(
        "run the text of the reference",
        wrong(
            cost="""
            import pathlib, re
            text = pathlib.Path("@PACKAGE@/reference/costs.py").read_text()
            body = re.search(r"FACTORS: .*?\\n}\\n", text, re.S)[0]

            def cost(prediction, y):
                factors = {}
                exec("from collections.abc import Callable\\n" + body, factors)
                return factors["FACTORS"]["half mean over samples"](*y.shape) * ((prediction - y) ** 2).sum()
        """
        ),
        {"cost": 4},
        tiers=ON_SHUT,
    ),
    forging(
        "ask another Python for the reference",
        wrong(
            cost="""
            import subprocess, sys

            def cost(prediction, y):
                code = (
                    "import sys; sys.path.insert(0, '@PACKAGE@/..'); import numpy as np;"
                    "from autograder import reference;"
                    f"print(reference.costs.squared_error(np.array({prediction.tolist()}), np.array({y.tolist()}),"
                    "normalisation='half mean over samples'))"
                )
                return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout)
        """
        ),
        {"cost": 4},
        tiers=ON_SHUT,
    ),
    forging(
        "let the editable install's hook find the package",
        wrong(
            first("""
            import site, sys, glob
            for folder in {p for p in sys.path if "site-packages" in p}:
                site.addsitedir(folder)
        """),
            cost="""
            from autograder.reference.costs import squared_error

            def cost(prediction, y):
                return squared_error(prediction, y, normalisation="half mean over samples")
        """,
        ),
        {"cost": 4},
        tiers=ON_SHUT,
    ),
    forging(
        "take the reference from sys.modules",
        wrong(
            cost="""
            import sys

            def cost(prediction, y):
                found = [m for name, m in list(sys.modules.items()) if name.endswith("reference.costs")]
                return found[0].squared_error(prediction, y, normalisation="half mean over samples") if found else 1.0
        """
        ),
        same_kernel={"cost": 4},
    ),
    Row(
        "paste the reference's right answer",
        right(
            cost="""
            FACTORS = {"half mean over samples": lambda outputs, samples: 1 / (2 * samples)}

            def squared_error(net_output, y, *, normalisation="mean over samples", samples="columns"):
                return FACTORS[normalisation](*y.shape) * np.sum((net_output - y) ** 2)

            def cost(prediction, y):
                return squared_error(prediction, y, normalisation="half mean over samples")
        """
        ),
        why="a right answer is right, wherever it comes from",
    ),
    forging(
        "peek at the caller's frames",
        wrong(
            cost=FRAMES
            + """
    def cost(prediction, y):
        return peek("expected", "right", "truth", "secret")
        """
        ),
        {"cost": 4},
    ),
    forging(
        "call the truth found in the caller's frames",
        wrong(
            cost=FRAMES
            + """
    def cost(prediction, y):
        truth = peek("true_cost", "truth", "_truth")
        return truth(prediction, y) if callable(truth) else 1.0
        """
        ),
        {"cost": 4},
        same_kernel={"cost": 4},
    ),
    forging(
        "find the truth among live objects",
        wrong(
            cost="""
            import gc, types

            def cost(prediction, y):
                for found in gc.get_objects():
                    if isinstance(found, types.FunctionType) and found.__name__ in ("true_cost", "squared_error"):
                        more = {} if found.__name__ == "true_cost" else {"normalisation": "half mean over samples"}
                        return found(prediction, y, **more)
                return 1.0
        """
        ),
        {"cost": 4},
        same_kernel={"cost": 4},
    ),
    forging(
        "compile the truth from the test's own text",
        wrong(
            cost="""
            import gc, linecache, re

            def cost(prediction, y):
                texts = [*get_ipython().user_ns["In"], *("".join(e[2]) for e in linecache.cache.values() if len(e) > 2)]
                for text in texts:
                    if found := re.search(r"def true_cost.*?\\n\\n", text, re.S):
                        space = {"np": np}
                        exec(found[0], space)
                        return space["true_cost"](prediction, y)
                return 1.0
        """
        ),
        {"cost": 4},
    ),
    forging(
        "detect being graded by the environment",
        wrong(
            improvement="""
            import os

            def improvement(before, after, y):
                return 2 / 3 if "NBGRADER_EXECUTION" in os.environ and y.size == 3 else 1.0
        """
        ),
        {"improvement": 2},
    ),
    forging(
        "answer from a table of the cases of last year",
        wrong(
            cost="""
            TABLE = {}
            rng = np.random.default_rng(5)
            for I in (1, 3, 6):
                first, second = rng.normal(size=(2, 1, I))
                TABLE[round(float(first[0, 0]), 6)] = float(((first - second) ** 2).mean() / 2)

            def cost(prediction, y):
                return TABLE.get(round(float(prediction[0, 0]), 6), 1.0)
        """
        ),
        {"cost": 4},
    ),
    forging(
        "guess the grader's seed",
        wrong(
            first("import os\nprint(sorted(os.environ))"),
            cost="""
            import hashlib

            def cost(prediction, y):
                for who in ("", "lab", "lab/study", "lab/study/me"):
                    seed = int.from_bytes(hashlib.blake2b(f"{who}\\0cost".encode(), digest_size=8).digest(), "big")
                    rng = np.random.default_rng(seed)
                    for I in (1, 3, 6):
                        first, second = rng.normal(size=(1, I)), rng.normal(size=(1, I))
                        if first.shape == prediction.shape and np.allclose(first, prediction):
                            return float(((first - second) ** 2).mean() / 2)
                return 1.0
        """,
        ),
        why="to know the cases is no more than to know the arguments; the answer has to be made all the same",
        # With the right seed, the function computes the right value in a roundabout way.
        points={**without("improvement", "moments")},
        least={"cost": 0.0},
    ),
    forging(
        "a function that patches when it is called",
        wrong(
            cost=f"""
            def cost(prediction, y):
                exec({PATCH!r}, {{}})
                return 1.0
        """
        ),
        {"cost": 4, "improvement": 2},
    ),
    forging(
        "an earlier function that says what the later one returns",
        wrong(
            cost="""
            asked = []

            def cost(prediction, y):
                asked.append(1)
                return 2.0 if len(asked) % 2 else 1.0
        """
        ),
        why="it aims at checks that follow a student's own earlier answer: by that one, each improvement is 1",
    ),
    forging(
        "an earlier function that looks at who asks",
        wrong(
            cost="""
            import inspect

            def cost(prediction, y):
                return 2.0 if not np.array_equal(prediction, y) and prediction.sum() > y.sum() else 1.0
        """,
            improvement="""
            def improvement(before, after, y):
                return cost(before, y) - cost(after, y)
        """,
        ),
        # The second function is right, given the first, wrong one: the error is carried forward.
        points={**without("cost", "moments")},
        least={"improvement": 0.0},
        why="stock gives nothing for a right second function on a wrong first one",
    ),
    forging(
        "arguments changed in place, so that the truth is asked for less",
        wrong(
            cost="""
            def cost(prediction, y):
                prediction[...] = y + np.sqrt(2.0)
                return 1.0
        """
        ),
        why="the stock tests compute the expected value first; other courses' tests don't",
        same_kernel={},
    ),
    forging(
        "all wrong, and nothing else",
        wrong(tally="class Tally:\n    def add(self, number): ...\n    def mean(self):\n        return 3.0"),
        points=NOTHING,
        why="no attack: the wrong answers earn nothing, so what an attack earns comes from the attack",
    ),
)
"""Each row seeks points for a function that does not do its work."""

"""The small lab of the hostile submissions, with our hidden tests and with the tests of most nbgrader courses."""

from __future__ import annotations

LAB, NOTEBOOK = "lab", "study"

FULL = {"cost": 4.0, "improvement": 2.0, "moments": 2.0, "tally": 2.0}
"""The points of each automatically scored task; the written answer has one more point."""

TEXT = '''\
# ---
# jupyter:
#   lab:
#     timeout: 1
# ---

# %% [markdown]
# # A small study
#
# Work from top to bottom.

# %% locked="helpers" collapsed=true
import matplotlib.pyplot as plt
import numpy as np

# %% locked="data"
x = np.array([1.0, 2.0, 4.0, 5.0])

# %% solution="cost"
def cost(prediction, y):
    """Half the mean squared difference of two arrays of shape (1, I)."""
    ### BEGIN SOLUTION
    gap = prediction - y
    return np.sum(gap**2) / (2 * y.size)
    ### END SOLUTION

# %% test="cost" points=4
assert np.isclose(cost(np.array([[1.0, 2.0]]), np.array([[1.0, 4.0]])), 1)
### BEGIN HIDDEN TESTS
import numpy as np
from autograder import checks, reference

secret = "@tests@"


def pairs(rng):
    for I in (1, 3, 6):
        yield checks.cases.Case("", {"I": I}, {"prediction": rng.normal(size=(1, I)), "y": rng.normal(size=(1, I))})


def truth(prediction, y):
    return reference.costs.squared_error(prediction, y, normalisation="half mean over samples")


checks.function(
    "cost",
    checks.Call("cost", "prediction y"),
    checks.Expected(truth, dict(cost=4)),
    cases=pairs,
    section="the top",
    timeout=0.5,
)
### END HIDDEN TESTS

# %% solution="improvement"
def improvement(before, after, y):
    """By how much the cost falls from one prediction to another."""
    ### BEGIN SOLUTION
    return cost(before, y) - cost(after, y)
    ### END SOLUTION

# %% test="improvement" points=2
pair = np.array([[1.0, 2.0]])
assert np.isclose(improvement(pair, np.array([[1.0, 4.0]]), np.array([[1.0, 4.0]])), 1)
### BEGIN HIDDEN TESTS
import numpy as np
from autograder import checks, reference


def true_cost(prediction, y):
    return reference.costs.squared_error(prediction, y, normalisation="half mean over samples")


def triples(rng):
    for I in (1, 3, 6):
        made = {name: rng.normal(size=(1, I)) for name in ("before", "after", "y")}
        yield checks.cases.Case("", {"I": I}, made)


checks.function(
    "improvement",
    checks.Call("improvement", "before after y"),
    checks.Expected(lambda before, after, y, cost: cost(before, y) - cost(after, y), dict(improvement=2)),
    cases=triples,
    section="the middle",
    carried_forward=checks.CarriedForward(functions={"cost": true_cost}),
    timeout=0.5,
)
### END HIDDEN TESTS

# %% solution="moments"
# the mean of x, and its spread: the root of the mean squared distance from the mean
### BEGIN SOLUTION
mean = np.sum(x) / x.size
spread = np.sqrt(np.sum((x - mean) ** 2) / x.size)
### END SOLUTION

# %% test="moments" points=2
assert mean == 3
### BEGIN HIDDEN TESTS
import numpy as np
from autograder import checks


def samples(rng):
    for I in (2, 3, 6):
        yield checks.cases.Case("", {"I": I}, {"x": rng.normal(size=I)})


checks.values(
    "moments",
    "x",
    checks.Expected(lambda x: dict(mean=x.mean(), spread=x.std()), dict(mean=1, spread=1)),
    cases=samples,
    section="the lower half",
    timeout=0.5,
)
### END HIDDEN TESTS

# %% solution="tally"
class Tally:
    """Takes numbers one by one with add(number); mean() is their mean."""

    ### BEGIN SOLUTION
    def __init__(self):
        self.numbers = []

    def add(self, number):
        self.numbers.append(number)

    def mean(self):
        return sum(self.numbers) / len(self.numbers)
    ### END SOLUTION

# %% test="tally" points=2
tally = Tally()
tally.add(3)
assert tally.mean() == 3
### BEGIN HIDDEN TESTS
import numpy as np
from autograder import checks, student


def listed(numbers):
    tally = student.make("Tally")
    for number in numbers:
        tally.call("add", number)
    return tally.call("mean")


def some_numbers(rng):
    for I in (1, 4):
        yield checks.cases.Case("", {"I": I}, {"numbers": [float(number) for number in rng.normal(size=I)]})


checks.function(
    "tally",
    checks.Call(listed, "numbers"),
    checks.Expected(np.mean, dict(mean=2)),
    cases=some_numbers,
    section="the bottom",
    timeout=0.5,
)
### END HIDDEN TESTS

# %%
plt.figure(figsize=(1, 1), dpi=40)
plt.axis("off")
plt.plot(x, marker="o")
plt.show()

# %% [markdown]
# **Your turn, in words.** What is the cost of a perfect prediction?

# %% [markdown] answer="why" points=1
# Nought, since each difference is nought (1 point).
'''
"""The text of the lab."""

STOCK_TESTS = {
    "cost": """\
np.testing.assert_allclose(cost(np.array([[1.0, 2.0]]), np.array([[1.0, 4.0]])), 1)
### BEGIN HIDDEN TESTS
secret = "@tests@"


def true_cost(prediction, y):
    return np.sum((prediction - y) ** 2) / (2 * y.size)


rng = np.random.default_rng(5)
for I in (1, 3, 6):
    prediction, y = rng.normal(size=(2, 1, I))
    expected = true_cost(prediction, y)
    np.testing.assert_allclose(cost(prediction, y), expected)
### END HIDDEN TESTS""",
    "improvement": """\
before, after, y = np.array([[1.0, 2.0]]), np.array([[1.0, 4.0]]), np.array([[1.0, 4.0]])
expected = 1
assert np.allclose(improvement(before, after, y), expected)
### BEGIN HIDDEN TESTS
before, after, y = np.array([[0.0, 0.0, 1.0]]), np.array([[0.0, 0.0, 3.0]]), np.array([[0.0, 0.0, 3.0]])
expected = true_cost(before, y) - true_cost(after, y)
assert np.allclose(improvement(before, after, y), expected)
assert np.array_equal(np.round(improvement(before, after, y), 6), np.round(expected, 6))
### END HIDDEN TESTS""",
    "moments": """\
assert abs(mean - 3) < 1e-6
### BEGIN HIDDEN TESTS
assert abs(spread - 2.5**0.5) < 1e-6
### END HIDDEN TESTS""",
    "tally": """\
tally = Tally()
tally.add(3)
assert tally.mean() == 3
### BEGIN HIDDEN TESTS
tally = Tally()
for number in (1.0, 2.0, 4.5):
    tally.add(number)
assert tally.mean() == 2.5
### END HIDDEN TESTS""",
}
"""Tests of the same tasks as is usual: asserts on fixed cases, in the student's kernel, all or nothing."""

# %% [markdown]
# # Guess how far a car goes on a gallon
#
# **You'll do** gradient descent from scratch: first one step, then a hundred, on 392 real cars · **You'll learn** why
# a gradient is a matrix product, what a learning rate can do to you, and when you need none · **You'll need** the
# chain rule and matrix products · about 100 minutes, in four parts
#
# **Samples are rows** in this notebook: row $i$ of $\mathbf{X}$ is car $i$, column $j$ is feature $j$.
#
# | symbol | in code | shape |
# |---|---|---|
# | inputs $\mathbf{X}$ | `net_input`, `x_train` | `(I, D_i)`: $I$ samples, $D_i$ features |
# | weights $\boldsymbol{\omega}$ | `weights` | `(D_i, 1)` |
# | bias $\beta$ | `bias` | `(1, 1)` |
# | outputs $\mathbf{f}$ and targets $\mathbf{y}$ | `net_output`, `y` | `(I, 1)` |
# | cost $L$, learning rate $\alpha$ (in lab 0: $\eta$) | `cost`, `alpha` | one number each |
#
# Work from top to bottom. Where a cell says *your turn*, replace the line that raises. Each task has a check below it
# that can fail. When it does, read its last line first: it says what came and what that looks like. Then go back to
# the equation just above your code.

# %% locked="imports"
import csv

import matplotlib.pyplot as plt
import numpy as np

# %% locked="helpers" collapsed=true
# include: autograder/diagnosis/desk.py


# %% [markdown]
# ## Part 1 · From a car to a number
#
# ### 1 · Meet the cars
#
# Each car was built between 1970 and 1982. We know how many miles it goes on a gallon (mpg), and seven other things:
#
# | feature | unit |
# |---|---|
# | `cyl` | cylinders |
# | `displ` | displacement of the engine, cubic inches |
# | `hp` | horsepower |
# | `weight` | pounds |
# | `accel` | seconds from 0 to 60 miles an hour |
# | `yr` | model year, 70 to 82 |
# | `origin` | 1 America, 2 Europe, 3 Japan |
#
# *Source and licence.* Auto MPG, from the 1983 Data Exposition of the American Statistical Association, kept by
# StatLib. These are the 392 cars with no value missing, as the Python package `bokeh-sampledata` distributes them
# under CC0 1.0 (no rights reserved). They stand in the next, folded cell, so this notebook needs no file and no
# network.

# %% locked="auto-mpg" collapsed=true
# @title Data: 392 cars, run this cell once, no need to read it
AUTO_MPG = """
# include: auto_mpg.csv
"""

# %% locked="cars"
cars = list(csv.DictReader(AUTO_MPG.strip().splitlines()))
features = ["cyl", "displ", "hp", "weight", "accel", "yr", "origin"]

names = [car["name"] for car in cars]
table = np.array([[float(car[feature]) for feature in features] for car in cars])  # (392, 7)
mpg = np.array([[float(car["mpg"])] for car in cars])  # (392, 1)

print("features", table.shape, "  targets", mpg.shape)
print(f"mean {mpg.mean():.1f} miles a gallon, variance {mpg.var():.1f}")

# %% [markdown]
# The mean is about 10 litres on 100 km. And keep the variance in mind: it is what a guesser pays who always says the
# mean and never looks at the car. A model has to beat **60.8**.
#
# **Predict before you run.** A stronger engine: more or fewer miles a gallon? Is it a straight line? And which of the
# seven features would you want to know if you could ask for only one?

# %%
horsepower = table[:, features.index("hp")]
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained", width_ratios=[3, 2])
dots = left.scatter(horsepower, mpg, c=table[:, features.index("yr")], s=14, cmap="viridis")
fig.colorbar(dots, ax=left, label="model year (19…)")
for car, (across, up) in {
    int(mpg.argmax()): (12, -4),
    int(horsepower.argmax()): (-96, 24),
    int(mpg.argmin()): (-92, -4),
}.items():
    left.annotate(
        names[car], (horsepower[car], mpg[car, 0]), (across, up), textcoords="offset points",
        arrowprops={"arrowstyle": "-", "color": "0.4"}, fontsize=9,
    )  # fmt: skip
left.set(xlabel="horsepower", ylabel="miles a gallon", title="392 cars", ylim=(5, 50))
correlations = [np.corrcoef(column, mpg[:, 0])[0, 1] for column in table.T]
_ = right.barh(features, correlations, color=["C0" if c > 0 else "C1" for c in correlations])
right.set(xlabel="correlation with miles a gallon", title="who goes with it, who against", xlim=(-1, 1))
right.axvline(0, color="0.4", linewidth=1)
right.invert_yaxis()
plt.show()

# %% [markdown]
# Weight says most; displacement, horsepower and cylinders say nearly as much. The cloud bends a little, so no
# straight line will be perfect.
#
# ### 2 · Bring all features to one size
#
# Horsepower is around 100, weight around 3000, the number of cylinders below 10. Descent doesn't like that; part 4
# shows why. So every feature is measured from its mean, in units of its standard deviation:
#
# $$ x_{ij} \leftarrow \frac{x_{ij} - \text{mean}_j}{\text{std}_j} $$
#
# This one is done for you. From now on `x_hp` is horsepower alone, and `x_all` all seven features.


# %% locked="normalise"
def normalise(x):
    """Every column of x, shape (I, D_i), from its mean and in units of its standard deviation."""
    return (x - x.mean(axis=0)) / x.std(axis=0)


x_hp = normalise(table[:, [features.index("hp")]])  # (392, 1)
x_all = normalise(table)  # (392, 7)

# %% [markdown]
# ### 3 · The model and its cost
#
# A weight for every feature, and one bias:
#
# $$ f_i = \beta + \sum_{j=1}^{D_i} \omega_j\, x_{ij} \quad\text{for every sample } i, \qquad\qquad
#    L = \frac{1}{I} \sum_{i=1}^{I} (f_i - y_i)^2 . $$
#
# The cost is the *mean* over the samples: twice as many cars don't make it twice as large. The cost and the first,
# random parameters are given. The seed is fixed, so everybody starts at the same place.


# %% locked="given"
def initialize(D_i):
    """First parameters of a model of D_i features: weights (D_i, 1), random, and bias (1, 1), zero."""
    return np.random.default_rng(1).normal(size=(D_i, 1)), np.zeros((1, 1))


def least_squares_cost(net_output, y):
    """L = mean of (f_i - y_i)²; net_output and y of shape (I, 1). Returns one number."""
    return np.mean((net_output - y) ** 2)


# %% [markdown]
# **Your turn.** All samples at once, and without a loop if you can: which matrix times which gives shape $(I, 1)$?
# NumPy adds the $(1, 1)$ bias to every row by itself.


# %% solution="forward-pass"
def forward_pass(net_input, weights, bias):
    """What the model says. net_input (I, D_i), weights (D_i, 1), bias (1, 1). Returns net_output (I, 1)."""
    ### BEGIN SOLUTION
    net_output = net_input @ weights + bias
    return net_output
    ### END SOLUTION


# %% [markdown]
# You can say what must come out in three cases without any formula. The check asks for those:

# %% test="forward-pass" points=2
rng = np.random.default_rng(3)
net_input, bias = rng.normal(size=(6, 3)), np.array([[0.5]])
nothing, third_only = np.zeros((3, 1)), np.array([[0.0], [0.0], [1.0]])
said = forward_pass(net_input, nothing, bias)
check("six samples give six rows of one number", np.shape(said) == (6, 1), f"your shape is {np.shape(said)}")
check("with all weights zero, every output is the bias", np.allclose(said, 0.5))
check(
    "with weight 1 on the third feature alone, outputs are that feature plus the bias",
    np.allclose(forward_pass(net_input, third_only, bias), net_input[:, [2]] + 0.5),
    "each feature has its own weight; is the sum over features there?",
)
some, others = rng.normal(size=(2, 3, 1))
check(
    "weights add up: what two sets of weights say together is the sum of what each says",
    np.allclose(
        forward_pass(net_input, some + others, 0 * bias),
        forward_pass(net_input, some, 0 * bias) + forward_pass(net_input, others, 0 * bias),
    ),
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab1_linear_regression import cases, mistakes

checks.function(
    "forward-pass",
    checks.Call("forward_pass", "net_input weights bias"),
    checks.Expected(reference.linear_regression.predict, {"net_output": 2}),
    cases=cases.linear_regression(samples=(1, 5, 17), inputs=(3, 1, 7)),
    section="section 3, “The model and its cost”: which matrix times which",
    mistakes=mistakes.FORWARD,
)
### END HIDDEN TESTS

# %% [markdown]
# How bad is a model that knows nothing? Here are its outputs for the first parameters:

# %%
weights, bias = initialize(1)
guess = forward_pass(x_hp, weights, bias)
order = np.argsort(horsepower)  # so that the line is drawn from left to right
fig, axes = plt.subplots(figsize=(5.5, 3.4), layout="constrained")
axes.plot(x_hp, mpg, "o", markersize=3, alpha=0.6, label="cars")
axes.plot(x_hp[order], guess[order], label=f"first guess, cost {least_squares_cost(guess, mpg):.1f}")
axes.set(xlabel="horsepower, normalised", ylabel="miles a gallon", title="before any step")
axes.legend()
plt.show()

# %% [markdown]
# Ten times worse than saying the mean. The line must go up and tilt down. *Which of the two parameters does which?*
# Nobody tells the computer: it has to ask the slope of the cost.
#
# ## Part 2 · The slope
#
# ### 4 · From the cost back to the outputs
#
# Backwards, one factor at a time. First factor: if one output $f_i$ grows a little, how does the cost change?
#
# $$ \frac{\partial L}{\partial f_i} = \;? \qquad\text{where}\qquad L = \frac{1}{I} \sum_{i=1}^{I} (f_i - y_i)^2 $$
#
# Do it on paper first. Only one term of the sum has this $f_i$ in it.
#
# **Predict.** A car goes 20 miles, the model says 23. Should the derivative be positive or negative?
#
# **Your turn.** All $I$ of them, as a column.


# %% solution="d-cost-d-output"
def d_cost_d_output(net_output, y):
    """How the mean cost changes with each output. net_output (I, 1), y (I, 1). Returns dl_df (I, 1)."""
    ### BEGIN SOLUTION
    dl_df = 2 * (net_output - y) / len(y)
    return dl_df
    ### END SOLUTION


# %% [markdown]
# Is it right? A derivative is a promise about small steps. So take some: move one output a little up and a little
# down, look at the cost both times. That is a *central difference*. No formula of yours is in it, so it can
# contradict you.

# %% test="d-cost-d-output" points=2
rng = np.random.default_rng(4)
net_output, y = rng.normal(size=(5, 1)), rng.normal(size=(5, 1))
check_gradient(
    lambda net_output: least_squares_cost(net_output, y),
    at={"net_output": net_output},
    yours={"net_output": d_cost_d_output(net_output.copy(), y.copy())},
    samples=5,
)
few, all_five = (np.asarray(d_cost_d_output(net_output[:n].copy(), y[:n].copy())) for n in (3, 5))
check("where three samples share the cost, each slope is 5/3 as large", np.allclose(3 * few, 5 * all_five[:3]),
      "does the function count the samples that come in?")  # fmt: skip
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab1_linear_regression import cases, mistakes

checks.function(
    "d-cost-d-output",
    checks.Call("d_cost_d_output", "net_output y"),
    checks.Expected(reference.linear_regression.d_cost_d_output, {"dl_df": 2}),
    cases=cases.linear_regression(samples=(1, 5, 17)),
    section="section 4, “From the cost back to the outputs”: the derivative of a mean of squares",
    mistakes=mistakes.D_COST,
)
### END HIDDEN TESTS

# %% [markdown]
# ### 5 · From the outputs back to the parameters
#
# Second factor: how does each output move when a parameter moves? There are many outputs and many parameters, so the
# answer is a table. A **row for each parameter, a column for each sample**:
#
# $$ \frac{\partial \mathbf{f}}{\partial \boldsymbol{\omega}} =
#    \begin{bmatrix} \dfrac{\partial f_1}{\partial \omega_1} & \cdots & \dfrac{\partial f_I}{\partial \omega_1} \\
#    \vdots & & \vdots \\
#    \dfrac{\partial f_1}{\partial \omega_{D_i}} & \cdots & \dfrac{\partial f_I}{\partial \omega_{D_i}} \end{bmatrix},
#    \qquad
#    \frac{\partial \mathbf{f}}{\partial \beta} =
#    \begin{bmatrix} \dfrac{\partial f_1}{\partial \beta} & \cdots & \dfrac{\partial f_I}{\partial \beta}
#    \end{bmatrix}. $$
#
# One entry, done for you. Sample 1 has the features $(5, 7)$, so $f_1 = \beta + 5\,\omega_1 + 7\,\omega_2$. Let
# $\omega_2$ grow by a tiny $\epsilon$: $f_1$ grows by $7\epsilon$. So $\partial f_1 / \partial \omega_2 = 7$, and it
# stands in row 2, column 1.
#
# **Your turn.** A function for each of the two tables, whatever the input.


# %% solution="local-derivatives"
def df_dweights(net_input):
    """How each output changes with each weight. net_input (I, D_i). Returns an array (D_i, I)."""
    ### BEGIN SOLUTION
    return net_input.T
    ### END SOLUTION


def df_dbias(net_input):
    """How each output changes with the bias. net_input (I, D_i). Returns an array (1, I)."""
    ### BEGIN SOLUTION
    return np.ones((1, len(net_input)))
    ### END SOLUTION


# %% [markdown]
# The check moves one parameter of *your* forward pass at a time by 1, and watches the outputs. (For this model the
# steps needn't be small. Do you see why?)

# %% test="local-derivatives" points=2
rng = np.random.default_rng(5)
net_input, weights, bias = rng.normal(size=(5, 3)), rng.normal(size=(3, 1)), rng.normal(size=(1, 1))
before = forward_pass(net_input, weights, bias)
moves = [np.ravel(forward_pass(net_input, weights + np.eye(3)[:, [j]], bias) - before) for j in range(3)]
bias_moves = np.ravel(forward_pass(net_input, weights, bias + 1) - before)
yours = df_dweights(net_input), df_dbias(net_input)
check("the outputs move with the parameters at all", np.any(moves) and np.any(bias_moves), "write forward_pass first")
check(
    "df_dweights has a row for each of 3 weights, a column for each of 5 samples",
    np.shape(yours[0]) == (3, 5),
    f"your shape is {np.shape(yours[0])}",
)
check(
    "its row j says how the outputs move with weight j",
    np.allclose(yours[0], moves, atol=1e-5),
    "sample 1 of the worked entry has the features 5 and 7: what is its column?",
)
check(
    "df_dbias has one row, a column for each of 5 samples",
    np.shape(yours[1]) == (1, 5),
    f"your shape is {np.shape(yours[1])}",
)
check(
    "it says how the outputs move with the bias",
    np.allclose(yours[1], bias_moves, atol=1e-5),
    "let the bias grow by 1 in the worked entry: by how much does the output grow?",
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab1_linear_regression import cases, mistakes

_names = "df_dweights", "df_dbias"
checks.function(
    "local-derivatives",
    checks.Call(dict(zip(_names, _names, strict=True)), "net_input"),
    checks.Expected(
        lambda net_input: [getattr(reference.linear_regression, name)(net_input) for name in _names],
        {"df_dweights": 1, "df_dbias": 1},
    ),
    cases=cases.linear_regression(samples=(1, 5, 17), inputs=(3, 1, 7), scales=(1.0,), groups=False),
    section="section 5, “From the outputs back to the parameters”: a row for each parameter, a column for each sample",
    mistakes=mistakes.LOCAL_DERIVATIVES,
)
### END HIDDEN TESTS

# %% [markdown]
# ### 6 · The backward pass
#
# Weight $\omega_j$ moves *every* output, and every output moves the cost. So its slope is a sum over the samples:
#
# $$ \frac{\partial L}{\partial \omega_j} =
#    \sum_{i=1}^{I} \frac{\partial f_i}{\partial \omega_j}\,\frac{\partial L}{\partial f_i},
#    \qquad
#    \frac{\partial L}{\partial \beta} =
#    \sum_{i=1}^{I} \frac{\partial f_i}{\partial \beta}\,\frac{\partial L}{\partial f_i}. $$
#
# A sum of products, for every $j$. You know another name for it: a matrix product, of the table from section 5 and the
# column from section 4.
#
# **Predict.** The gradient of the weights has the shape of the weights, always. And that of the bias?
#
# **Your turn.** The first line is done. Use your two functions from section 5 or write the products directly, as you
# like.


# %% solution="backward-pass"
def backward_pass(weights, bias, net_input, net_output, y):
    """Gradient of the mean cost.

    weights (D_i, 1), bias (1, 1), net_input (I, D_i), y (I, 1). net_output (I, 1): what the forward pass said; take it
    as it comes. Returns dl_dweights (D_i, 1) and dl_dbias (1, 1).
    """
    dl_df = d_cost_d_output(net_output, y)
    ### BEGIN SOLUTION
    dl_dweights = net_input.T @ dl_df
    dl_dbias = dl_df.sum(axis=0, keepdims=True)
    return dl_dweights, dl_dbias
    ### END SOLUTION


# %% [markdown]
# Now the promise about small steps again, for all parameters at once, with six samples. In the picture each dot is one
# parameter: what small steps say, to the right, and what you say, up. If this check fails and that of section 4 did
# too, mend section 4 first.

# %% test="backward-pass" points=4
rng = np.random.default_rng(6)
net_input, y = rng.normal(size=(6, 3)), 5 + rng.normal(size=(6, 1))
weights, bias = rng.normal(size=(3, 1)), rng.normal(size=(1, 1))


def cost_of(samples):
    """The mean cost of so many of the samples, as a function of the parameters."""
    return lambda weights, bias: least_squares_cost(forward_pass(net_input[:samples], weights, bias), y[:samples])


def gradient_of(samples):
    """What your function says of so many of the samples."""
    x = net_input[:samples]
    return backward_pass(weights, bias, x, forward_pass(x, weights, bias), y[:samples])


gradients = gradient_of(6)
check(
    "two values come back",
    isinstance(gradients, (tuple, list)) and len(gradients) == 2,
    "return both, in the order asked",
)
both = "weights", "bias"
check_gradient(
    cost_of(6),
    at={"weights": weights, "bias": bias},
    yours=dict(zip(both, gradients, strict=True)),
    samples=6,
    draw=True,
    alone=lambda: (cost_of(1), dict(zip(both, gradient_of(1), strict=True))),
)
perfect = backward_pass(weights, bias, net_input, y.copy(), y)
check(
    "where the outputs handed over hit every target, there is no slope left",
    np.allclose(perfect[0], 0) and np.allclose(perfect[1], 0),
    "work from the net_output that comes in",
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab1_linear_regression import cases, mistakes

# For students whose earlier functions lead nowhere: no solutions, only numbers of the right shapes.
STUBS = """
import numpy as np

def d_cost_d_output(net_output, y):
    return np.cos(net_output) - y / 3

def df_dweights(net_input):
    return 1 + np.sin(net_input.T)

def df_dbias(net_input):
    return np.cos(np.arange(net_input.shape[0]))[None, :]
"""


def _chain(weights, bias, net_input, net_output, y, d_cost_d_output, df_dweights, df_dbias):
    """The two products of section 6, whoever wrote their factors."""
    dl_df = d_cost_d_output(net_output, y)
    return df_dweights(net_input) @ dl_df, df_dbias(net_input) @ dl_df


model = reference.linear_regression
checks.function(
    "backward-pass",
    checks.Call("backward_pass", "weights bias net_input net_output y"),
    checks.Expected(_chain, {"dl_dweights": 2, "dl_dbias": 2}),
    cases=cases.linear_regression(samples=(1, 5, 17), inputs=(3, 1, 7)),
    section="section 6, “The backward pass”: each slope is a sum over the samples",
    mistakes=mistakes.BACKWARD,
    carried_forward=checks.CarriedForward(
        functions={name: getattr(model, name) for name in ("d_cost_d_output", "df_dweights", "df_dbias")},
        stubs=STUBS,
    ),
)
### END HIDDEN TESTS

# %% [markdown]
# ### 7 · One step downhill
#
# The gradient points to where the cost *grows*. So go the other way, a little: the learning rate $\alpha$ says how
# far.
#
# $$ \boldsymbol{\omega} \leftarrow \boldsymbol{\omega} - \alpha\, \frac{\partial L}{\partial \boldsymbol{\omega}},
#    \qquad \beta \leftarrow \beta - \alpha\, \frac{\partial L}{\partial \beta}. $$
#
# **Your turn.**


# %% solution="update-parameters"
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    """One step of gradient descent.

    weights and dl_dweights (D_i, 1), bias and dl_dbias (1, 1), alpha one number. Returns the next weights and bias.
    """
    ### BEGIN SOLUTION
    weights = weights - alpha * dl_dweights
    bias = bias - alpha * dl_dbias
    return weights, bias
    ### END SOLUTION


# %% test="update-parameters" points=2
weights, bias = np.array([[2.0], [3.0]]), np.array([[1.0]])
dl_dweights, dl_dbias = np.array([[-4.0], [10.0]]), np.array([[6.0]])


def moved(alpha):
    stepped = update_parameters(weights.copy(), bias.copy(), dl_dweights.copy(), dl_dbias.copy(), alpha)
    check("weights and bias come back", isinstance(stepped, (tuple, list)) and len(stepped) == 2, "return both")
    shapes = [np.shape(value) for value in stepped]
    check("in their own shapes", shapes[0] == (2, 1) and np.size(stepped[1]) == 1, f"yours are {shapes}")
    return np.append(stepped[0] - weights, stepped[1] - bias)


step = moved(0.1)
check(
    "where the cost grows with a parameter it gets smaller, and the other way round", np.sign(step) == [1, -1, -1],
    "the slopes are −4, 10 and 6: which parameters should grow?",
)  # fmt: skip
check("a slope of 10 at a learning rate of 0.1 is a step of length 1", np.isclose(abs(step[1]), 1), "where is alpha?")
check("a slope of 6 moves the bias 0.6 far", np.isclose(abs(step[2]), 0.6), "which slope belongs to the bias?")
check("a learning rate of zero moves nothing", moved(0.0) == 0)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab1_linear_regression import cases, mistakes

checks.function(
    "update-parameters",
    checks.Call("update_parameters", "weights bias dl_dweights dl_dbias alpha"),
    checks.Expected(reference.linear_regression.update, {"weights": 1, "bias": 1}),
    cases=cases.linear_regression(samples=(3,), inputs=(4, 1, 7)),
    section="section 7, “One step downhill”",
    mistakes=mistakes.UPDATE,
)
### END HIDDEN TESTS

# %% [markdown]
# ## Part 3 · A hundred steps
#
# ### 8 · Training
#
# Everything is there; now repeat it. Each iteration: **outputs → cost → gradient → step**. Keep the cost of every
# iteration in a list, so that you can see the descent afterwards.
#
# **Your turn.** Begin with the parameters that `initialize` gives, and call the functions that you wrote.


# %% solution="train-model"
def train_model(x_train, y_train, iterations, alpha):
    """Gradient descent from the first parameters on.

    x_train (I, D_i), y_train (I, 1), iterations a whole number, alpha one number.
    Returns train_costs, one number an iteration, and the last weights (D_i, 1) and bias (1, 1).
    """
    weights, bias = initialize(x_train.shape[1])
    train_costs = []
    ### BEGIN SOLUTION
    for _ in range(iterations):
        net_output = forward_pass(x_train, weights, bias)
        train_costs.append(least_squares_cost(net_output, y_train))
        dl_dweights, dl_dbias = backward_pass(weights, bias, x_train, net_output, y_train)
        weights, bias = update_parameters(weights, bias, dl_dweights, dl_dbias, alpha)
    return train_costs, weights, bias
    ### END SOLUTION


# %% [markdown]
# Where the answer is known, training must find it. These eight points lie half a unit above or below the line $3x - 2$,
# in such a way that no other line fits better. So you know where the descent must end, and at which cost. (The check
# calls your earlier functions through `train_model`: if one of them failed its own check, mend that one first.)

# %% test="train-model" points=4
x_line = np.array([[-1.5, -0.5, 0.5, 1.5] * 2]).T
y_line = 3 * x_line - 2 + 0.5 * np.array([[1, -1, -1, 1] * 2]).T
trained = train_model(x_line, y_line, 20, 0.3)
check("three values come back: costs, weights, bias", isinstance(trained, (tuple, list)) and len(trained) == 3)
line_costs, line_weights, line_bias = trained
check(
    "there is a cost for each of 20 iterations", np.size(line_costs) in (20, 21),
    f"there are {np.size(line_costs)}: does the loop run to its end, and the list keep every cost?",
)  # fmt: skip
line_costs = np.ravel(line_costs)
check("the cost falls", line_costs[0] > line_costs[1] > line_costs[3], "does each step begin where the last one ended?")
check("the weight arrives at 3", np.isclose(line_weights, 3, atol=1e-3), "is alpha handed on to the step?")
check("the bias arrives at −2", np.isclose(line_bias, -2, atol=1e-3), "is the new bias kept, too?")
check(
    "the cost arrives at 0.25, the mean of 0.5²", np.isclose(line_costs[-1], 0.25, atol=1e-3), "which cost do you keep?"
)


def cost_on_the_line(weights, bias):
    return least_squares_cost(forward_pass(x_line, np.reshape(weights, (1, 1)), np.reshape(bias, (1, 1))), y_line)


resting_weights, resting_bias = train_model(x_line, y_line, 3, 0.0)[1:]
check("with α = 0 the parameters stay where `initialize` puts them",
      np.allclose(np.append(resting_weights, resting_bias), np.append(*initialize(1))))  # fmt: skip
few_costs, few_weights, few_bias = train_model(x_line, y_line, 3, 0.3)
from_the_start = np.isclose(np.ravel(few_costs)[0], cost_on_the_line(*initialize(1)))
to_the_end = np.isclose(np.ravel(few_costs)[-1], cost_on_the_line(few_weights, few_bias))
check("three iterations make three steps", np.size(few_costs) + 1 - int(from_the_start) - int(to_the_end) == 3,
      "a cost stands before each step, or after each: how many steps lie between the first and the last?")  # fmt: skip
### BEGIN HIDDEN TESTS
import numpy as np

from autograder import checks, reference
from autograder.labs.lab1_linear_regression import cases, mistakes

# For students whose earlier functions lead nowhere: no solutions, only numbers that depend on all there is.
STUBS = """
import numpy as np

def forward_pass(net_input, weights, bias):
    return np.cos(net_input).sum(axis=1, keepdims=True) * weights.mean() - bias

def backward_pass(weights, bias, net_input, net_output, y):
    slope = np.tanh((net_output - y / 2).mean() + net_input.mean())
    return weights / 9 + slope, bias / 7 - slope

def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    return weights / 2 + dl_dweights / (2 + alpha), bias / 3 + dl_dbias / (3 + alpha)
"""


def _descent(x_train, y_train, iterations, alpha, forward_pass, backward_pass, update_parameters):
    """The loop, whoever wrote its steps. One cost an iteration: before each step, after each, or both ends."""
    costs, weights, bias = reference.linear_regression.gradient_descent(
        x_train, y_train, *initialize(x_train.shape[1]), iterations, alpha, cost=least_squares_cost,
        predict=forward_pass, gradient=backward_pass, update=update_parameters,
    )  # fmt: skip
    if np.ptp(costs) == 0:
        raise ValueError("these steps lead nowhere")
    rows = costs[:-1], costs[1:], costs
    return checks.one_of(*rows, *(row[:, None] for row in rows)), weights, bias


model = reference.linear_regression
checks.function(
    "train-model",
    checks.Call("train_model", "x_train y_train iterations alpha"),
    checks.Expected(_descent, {"train_costs": 2, "weights": 1, "bias": 1}),
    cases=cases.regression_data(inputs=(4, 1), iterations=(1, 2, 7)),
    section="section 8, “Training”: outputs, cost, gradient, step",
    mistakes=mistakes.DESCENT,
    carried_forward=checks.CarriedForward(
        functions={"forward_pass": model.predict, "backward_pass": model.gradient, "update_parameters": model.update},
        stubs=STUBS,
    ),
    context={"initialize": initialize, "x_hp": x_hp, "x_all": x_all, "mpg": mpg},
)
### END HIDDEN TESTS

# %% [markdown]
# ### 9 · Fit the cars
#
# **Predict.** A guesser who says the mean pays 60.8. What will horsepower alone bring it down to? And all seven
# features?
#
# **Your turn.** Train twice, each time for 100 iterations with $\alpha = 0.1$: on `x_hp`, and on `x_all`. The target
# is `mpg` both times. Keep what comes back under these names:
#
# | | costs | weights | bias |
# |---|---|---|---|
# | horsepower | `costs_hp` | `weights_hp` | `bias_hp` |
# | all seven | `costs_all` | `weights_all` | `bias_all` |

# %% solution="fit-mpg"
### BEGIN SOLUTION
costs_hp, weights_hp, bias_hp = train_model(x_hp, mpg, 100, 0.1)
costs_all, weights_all, bias_all = train_model(x_all, mpg, 100, 0.1)
### END SOLUTION

# %% test="fit-mpg" points=2
check("100 iterations each", np.size(costs_hp) in (100, 101) and np.size(costs_all) in (100, 101))
check("one weight for horsepower, seven for all features", np.size(weights_hp) == 1 and np.size(weights_all) == 7)
last_hp, last_all = np.ravel(costs_hp)[-1], np.ravel(costs_all)[-1]
check("horsepower alone brings the cost below 25, and can't bring it below 23", 23 < last_hp < 25, "x_hp and mpg, 0.1")
check("all seven features bring it below 12, and can't bring it below 9", 9 < last_all < 12, "x_all and mpg, 0.1")
### BEGIN HIDDEN TESTS
import numpy as np

from autograder import checks, reference, student
from autograder.labs.lab1_linear_regression import mistakes

# For submissions whose train_model is unusable: their cell runs again with this one, which trains nothing.
STUBS = """
import numpy as np

def train_model(x_train, y_train, iterations, alpha):
    costs = [y_train[k, 0] + x_train[k].sum() - alpha for k in range(iterations)]
    bias = y_train[:iterations].mean() / (1 + alpha)
    return costs, np.cos(x_train[:iterations].sum(axis=0) + alpha)[:, None] + bias, bias
"""


def _both_ends():
    """Whether the student's train_model gives costs before the first step and after the last: one more than steps."""
    try:
        return np.size(student.function("train_model")(x_hp, mpg, 3, 0.1)[0]) == 4
    except (Exception, SystemExit):
        return False


def expected_training(x_train, y_train, iterations, alpha):
    """One cost an iteration: before each step, after each, or both ends; in a row or in a column."""
    costs, weights, bias = reference.linear_regression.gradient_descent(
        x_train, y_train, *initialize(x_train.shape[1]), iterations, alpha
    )
    rows = [costs] if _both_ends() else [costs[:-1], costs[1:]]
    return checks.one_of(*rows, *(row[:, None] for row in rows)), weights, bias


def _fits(train_model):
    """Both fits by somebody's train_model, where what it gives depends on how it is called."""
    fitted = {}
    for fit, x in (("hp", x_hp), ("all", x_all)):
        asked, other = train_model(x, mpg, 100, 0.1), train_model(x, mpg, 50, 0.05)
        if all(np.array_equal(one, two) for one, two in zip(asked[1:], other[1:], strict=True)):
            raise ValueError("it leads nowhere")
        fitted |= {f"{name}_{fit}": value for name, value in zip(("costs", "weights", "bias"), asked, strict=True)}
    return fitted


checks.variables(
    "fit-mpg",
    checks.Expected(
        _fits,
        {
            "costs_hp": 0.5,
            "weights_hp": 0.25,
            "bias_hp": 0.25,
            "costs_all": 0.5,
            "weights_all": 0.25,
            "bias_all": 0.25,
        },
    ),
    section="section 9, “Fit the cars”: inputs, iterations and learning rate of each fit",
    mistakes=mistakes.FIT,
    carried_forward=checks.CarriedForward(functions={"train_model": expected_training}, stubs=STUBS),
    context=dict(initialize=initialize, normalise=normalise, table=table, x_hp=x_hp, x_all=x_all, mpg=mpg),
)
### END HIDDEN TESTS

# %% [markdown]
# See it come down, and see the line that it ends in:

# %%
last_hp, last_all = np.ravel(costs_hp)[-1], np.ravel(costs_all)[-1]
print(f"horsepower alone: {last_hp:.2f}    all seven: {last_all:.2f}    always the mean: {mpg.var():.2f}")
_, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
left.semilogy(costs_hp, label="horsepower alone")
left.semilogy(costs_all, label="all seven features")
left.axhline(mpg.var(), color="0.4", linestyle="--", linewidth=1, label="always the mean")
left.set(
    xlabel="iteration",
    ylabel="cost",
    title="learning curves",
    yticks=[10, 30, 100, 300],
    yticklabels=[10, 30, 100, 300],
)
left.minorticks_off()
left.legend()
right.plot(horsepower, mpg, "o", markersize=3, alpha=0.6, label="cars")
right.plot(horsepower[order], forward_pass(x_hp[order], weights_hp, bias_hp), label="your line")
right.set(xlabel="horsepower", ylabel="miles a gallon", title="the best straight line")
right.legend()
plt.show()

# %% [markdown]
# ### 10 · Watch the descent from above
#
# With horsepower alone there are only two parameters, so the cost is a landscape: one place for every pair of weight
# and bias, and the cost is its height. Here it is as a map. Your descent walks over it, one dot a step.
# The star is the bottom.
#
# **Predict.** Will the dots have equal distances? Where is the largest step, and why?


# %% tags=["thumbnail"]
def cost_map(axes, x, weight_range, bias_range, levels):
    """Draw the cost of a model of one feature as contours over its weight and bias, with a star at the bottom."""
    across, up = np.linspace(*weight_range, 41), np.linspace(*bias_range, 41)
    height = [[least_squares_cost(forward_pass(x, np.array([[w]]), np.array([[b]])), mpg) for w in across] for b in up]
    lines = axes.contour(across, up, height, levels=levels, colors="0.55", linewidths=1)
    axes.clabel(lines, fontsize=8, fmt="%d")
    slope, height_at_zero = np.polyfit(x[:, 0], mpg[:, 0], 1)
    axes.plot(slope, height_at_zero, "*", color="C1", markersize=13)
    axes.set(xlabel=r"weight $\omega$", ylabel=r"bias $\beta$", xlim=weight_range, ylim=bias_range)


def descent_path(x, steps, alpha):
    """Where descent goes: an array (steps + 1, 2) of weight and bias, from the first parameters on."""
    places = [initialize(1)] + [train_model(x, mpg, k, alpha)[1:] for k in range(1, steps + 1)]
    return np.array([[np.ravel(weights)[0], np.ravel(bias)[0]] for weights, bias in places])


fig, axes = plt.subplots(figsize=(4.8, 4.6), layout="constrained")
cost_map(axes, x_hp, (-25, 13), (-2, 36), levels=[50, 100, 200, 300, 400, 600])
path = descent_path(x_hp, 30, alpha=0.1)
axes.plot(*path.T, "o-", markersize=4, linewidth=1)
_ = axes.annotate("start", path[0], (8, -2), textcoords="offset points")
axes.set(title=r"30 steps of descent with $\alpha = 0.1$", aspect="equal")
plt.show()

# %% [markdown]
# The steps shrink by themselves: near the bottom the slope is small, so $\alpha$ times the slope is small. The path is
# straight because the contours are circles. Normalising did that; you'll see the other kind in section 14.
#
# ### 11 · Which cars does the model get wrong?
#
# A cost is a mean, and a mean hides things. Draw each car: what is true, to the right, and what the model says, up.

# %%
said = forward_pass(x_all, weights_all, bias_all)
errors = (said - mpg)[:, 0]
fig, axes = plt.subplots(figsize=(7.4, 4.4), layout="constrained")
axes.plot(mpg, said, "o", markersize=3.5, alpha=0.6)
axes.plot([5, 50], [5, 50], color="0.4", linewidth=1)
_ = axes.text(
    36.5, 37.7, "as it should be", rotation=45, rotation_mode="anchor", transform_rotates_text=True, fontsize=9
)
for car, height in zip(np.argsort(errors)[:5], (33.5, 26.5, 37, 30, 23), strict=True):
    axes.plot(mpg[car], said[car], "o", color="C1", markersize=5)
    axes.annotate(
        f"{names[car]}: {mpg[car, 0]:.0f}, not {said[car, 0]:.0f}", (mpg[car, 0], said[car, 0]), (51, height),
        arrowprops={"arrowstyle": "-", "color": "0.5", "relpos": (0, 0.5), "shrinkA": 1},
        va="center", annotation_clip=False, fontsize=9,
    )  # fmt: skip
axes.set(xlabel="true miles a gallon", ylabel="the model's miles a gallon", xlim=(5, 50), ylim=(5, 50), aspect="equal")
axes.set_title("all seven features")
plt.show()

# %% [markdown]
# The five worst underestimates have their names written beside them. Four of them share a word. *What would you add
# to the table as an eighth feature?* (Nobody grades this one.)
#
# ### 12 · The bottom without a walk
#
# This cost is a bowl, so there is exactly one place where all slopes are zero, and you can compute it. Put a column
# of ones beside the inputs, so that the bias becomes one more weight:
#
# $$ \mathbf{A} = [\,\mathbf{X} \;\; \mathbf{1}\,], \qquad
#    \boldsymbol{\phi} = \begin{bmatrix} \boldsymbol{\omega} \\ \beta \end{bmatrix},
#    \qquad \mathbf{A}^\top \mathbf{A}\, \boldsymbol{\phi} = \mathbf{A}^\top \mathbf{y}. $$
#
# These are the *normal equations*: $D_i + 1$ linear equations, which `np.linalg` solves for you.
#
# **Predict.** Descent stopped after 100 steps at 10.94 for all seven features. How much lower is the bottom?
#
# **Your turn.**


# %% solution="normal-equations"
def normal_equations(x, y):
    """The parameters of the smallest cost. x (I, D_i), y (I, 1). Returns weights (D_i, 1) and bias (1, 1)."""
    ### BEGIN SOLUTION
    inputs = np.hstack([x, np.ones((len(x), 1))])
    phi = np.linalg.solve(inputs.T @ inputs, inputs.T @ y)
    return phi[:-1], phi[-1:]
    ### END SOLUTION


# %% [markdown]
# At the bottom of a bowl every way leads up. So the check tries fifty small moves, each to both sides. It moves the
# features off their means first: then the bias depends on the weights.

# %% test="normal-equations" points=2
x_off = x_all + np.arange(7) / 2
solved = normal_equations(x_off, mpg)
check("two values come back", isinstance(solved, (tuple, list)) and len(solved) == 2, "weights first, then the bias")
solved_weights, solved_bias = map(np.asarray, solved)
check("seven weights in a column, and one bias", solved_weights.shape == (7, 1) and solved_bias.size == 1)
lowest = least_squares_cost(forward_pass(x_off, solved_weights, solved_bias), mpg)
rng, beside = np.random.default_rng(8), []
for move in 0.01 * rng.normal(size=(50, 8, 1)):
    for side in (move, -move):
        said = forward_pass(x_off, solved_weights + side[:7], solved_bias + side[7:])
        beside.append(least_squares_cost(said, mpg))
check("every way from your place leads up", np.array(beside) > lowest, "is the bias one of the unknowns?")
### BEGIN HIDDEN TESTS
import dataclasses

from autograder import checks, reference
from autograder.labs.lab1_linear_regression import cases, mistakes


def _cases(rng):
    """Ten times as many samples as inputs, so that inverses lose no digits; and a bias that is not near zero."""
    for case in cases.linear_regression(samples=(40, 70), inputs=(3, 1, 4), scales=(1.0, 10.0))(rng):
        yield dataclasses.replace(case, values={**case.values, "y": case.values["y"] + 50})


checks.function(
    "normal-equations",
    checks.Call("normal_equations", "net_input y"),
    checks.Expected(reference.linear_regression.normal_equations, {"weights": 1, "bias": 1}),
    cases=_cases,
    section="section 12, “The bottom without a walk”",
    mistakes=mistakes.NORMAL_EQUATIONS,
)
### END HIDDEN TESTS

# %%
weights_best, bias_best = normal_equations(x_all, mpg)
cost_best = least_squares_cost(forward_pass(x_all, weights_best, bias_best), mpg)
print(f"cost: descent {last_all:.3f}, normal equations {cost_best:.3f}")
height = np.arange(7)
fig, axes = plt.subplots(figsize=(6, 3.4), layout="constrained")
_ = axes.barh(height - 0.2, np.ravel(weights_all), 0.38, label="descent, 100 steps")
_ = axes.barh(height + 0.2, np.ravel(weights_best), 0.38, label="normal equations")
axes.axvline(0, color="0.4", linewidth=1)
axes.set(yticks=height, yticklabels=features, xlabel="weight (miles a gallon for one standard deviation)")
axes.set_title("nearly the same cost, not the same weights")
axes.invert_yaxis()
axes.legend(loc="lower left")
plt.show()

# %% [markdown]
# The costs agree to one per cent; some weights don't agree at all. Displacement, weight and cylinders rise and fall
# together from car to car, so one can stand in for another at hardly any cost. The bowl is almost flat in those
# directions, and descent is slow there.
#
# And look at horsepower: alone, its weight was about −6. Beside the others it is about −0.7. *A weight says something
# only together with the other inputs.*
#
# ## Part 4 · What the learning rate can do
#
# ### 13 · Six learning rates, two models
#
# **Predict before you run.** $\alpha$ = 1, 0.5, 0.1, 0.01, 0.001 and 0.0001, a hundred iterations each. Which is the
# fastest? Does any never arrive? Will it be the same one for horsepower alone and for all seven features?

# %%
rates = [1, 0.5, 0.1, 0.01, 0.001, 0.0001]
styles = ["-", "--", "-", "--", "-.", ":"]
fig, panels = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained", sharey=True)
for axes, x, title in zip(panels, (x_hp, x_all), ("horsepower alone", "all seven features"), strict=True):
    for number, (alpha, style) in enumerate(zip(rates, styles, strict=True)):
        with np.errstate(over="ignore", invalid="ignore"):
            costs = np.ravel(train_model(x, mpg, 100, alpha)[0])
        axes.semilogy(costs, style, color=f"C{number}", label=rf"$\alpha$ = {alpha:g}")
        last = f"{costs[-1]:.1f}" if costs[-1] < 1e6 else "exploded"
        print(f"{title:18}  alpha = {alpha:<6g}  last of {len(costs)} costs: {last}")
    axes.set(xlabel="iteration", title=title, ylim=(7, 3000))
panels[0].set_ylabel("cost")
fig.legend(*panels[0].get_legend_handles_labels(), loc="outside right center")
plt.show()

# %% [markdown]
# Play with it. Below is one learning rate on the map of section 10, and its learning curve for all seven features. Two
# things to find out: from which $\alpha$ on does the path on the left jump across the star? And where, on the right,
# does falling turn into exploding? Change the number and run the cell again, or take the `#` off the last line to get a
# slider.


# %%
def show_alpha(alpha):
    """Thirty steps on the map for horsepower alone, and the learning curve for all seven features."""
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 4), layout="constrained", width_ratios=[3, 4])
    cost_map(left, x_hp, (-30, 18), (-2, 50), levels=[50, 100, 200, 400, 600])
    with np.errstate(over="ignore", invalid="ignore"):
        left.plot(*descent_path(x_hp, 30, alpha).T, "o-", markersize=4, linewidth=1)
        right.semilogy(train_model(x_all, mpg, 100, alpha)[0])
    left.set(title=rf"horsepower alone, $\alpha$ = {alpha:.4g}", aspect="equal")
    right.set(xlabel="iteration", ylabel="cost", title=rf"all seven features, $\alpha$ = {alpha:.4g}", ylim=(7, 3000))
    plt.show()


def play():
    """The same with a slider, where there are sliders."""
    try:
        from ipywidgets import FloatLogSlider, interact
    except ImportError:
        print(
            "No sliders here: ipywidgets is not installed. Change the number in show_alpha(…) and run the cell again."
        )
        return
    slider = FloatLogSlider(value=0.1, base=10, min=-4, max=0, step=0.05, description="alpha", continuous_update=False)
    interact(show_alpha, alpha=slider)


show_alpha(0.2)
# play()

# %% [markdown]
# **Your turn, in words.** *Learning rate.* Look at the six curves for horsepower alone. Say what $\alpha = 1$ does,
# what $\alpha = 0.5$ does, and what the smallest ones do. Then explain, with the shape of the cost in mind, why all
# seven features together can't stand the learning rates 0.5 and 1, although horsepower alone could. Four sentences
# are enough.

# %% [markdown] answer="learning-rate" points=2
# **Model answer.** For horsepower alone the cost is a round bowl of curvature 2, so a step multiplies the distance
# from the bottom by 1 − 2α. At α = 1 that is −1: descent jumps to the opposite side and back for ever, and the cost
# stays at its first value, 614.8. At α = 0.5 it is 0: one step arrives (23.94). At 0.1 it arrives within some twenty
# steps; with 0.01, 0.001 and 0.0001 it is still on its way after 100 (34.8, 421.4, 591.8). Seven correlated features
# make a long valley: across it the curvature is about 9.2, and a step overshoots by more than it corrects as soon as
# α > 2/9.2 ≈ 0.22. So 0.5 and 1 explode, while 0.1 arrives near 10.94, 0.01 at 21.8, 0.001 at 391.9, 0.0001 at 579.3.
#
# **Rubric.** 1 point: says what happens at 1 (back and forth, no progress), at 0.5 (there at once) and at the
# smallest (too slow to arrive), all three. 1 point: explains the explosion by steps that overshoot, because the cost
# of seven features is steeper in some direction (curvature, correlated features, a narrow valley, or several
# gradients adding up). No points for "too large" without saying what too large a step does.

# %% [markdown]
# ### 14 · What if you hadn't normalised?
#
# Take horsepower as it is, from 46 to 230. A learning rate of 0.1 explodes within a few steps; about 0.00008 is the
# largest that doesn't.

# %%
x_raw = table[:, [features.index("hp")]]
with np.errstate(over="ignore", invalid="ignore"):
    print("raw, alpha = 0.1, costs:", *(f"{cost:.1e}" for cost in np.ravel(train_model(x_raw, mpg, 4, 0.1)[0])[:4]))
for iterations in (100, 1000):
    raw = np.ravel(train_model(x_raw, mpg, iterations, 8e-5)[0])
    print(f"raw, alpha = 0.00008, {iterations} iterations: cost {raw[-1]:.1f}")
print(f"normalised, alpha = 0.1, 100 iterations: cost {last_hp:.1f}")

_, (left, right) = plt.subplots(1, 2, figsize=(9, 4.2), layout="constrained")
cost_map(left, x_raw, (-0.6, 0.6), (-5, 85), levels=[50, 200, 1000, 3000])
left.plot(*descent_path(x_raw, 50, 8e-5).T, "o-", markersize=3, linewidth=0.8)
left.set_title(r"raw horsepower, $\alpha$ = 0.00008, 50 steps")
cost_map(right, x_hp, (-25, 13), (-2, 36), levels=[50, 100, 200, 400, 600])
right.plot(*descent_path(x_hp, 50, 0.1).T, "o-", markersize=3, linewidth=0.8)
right.set(title=r"normalised, $\alpha$ = 0.1, 50 steps", aspect="equal")
plt.show()

# %% [markdown]
# **Your turn, in words.** *Not normalising.* On the left, which of the two parameters hardly moves, and why can't a
# larger learning rate help it? What does normalising change about the landscape? Three sentences are enough.

# %% [markdown] answer="not-normalising" points=2
# **Model answer.** The bias hardly moves: after 100 steps it is still at 0.07, and it should be near 40. The slope
# for the weight is the mean of the errors times inputs of about 100, so the curvature along the weight is about
# 2·mean(x²) ≈ 24,800, and 2 along the bias: a learning rate that is small enough not to overshoot in the weight is
# ten thousand times too small for the bias. Normalised, inputs have mean 0 and mean square 1: both curvatures are 2,
# the contours are circles, the slope points at the bottom, and one learning rate suits both parameters.
#
# **Rubric.** 1 point: the bias is the slow one, and a larger rate makes the weight overshoot or explode (inputs of
# about 100 make its slope so much larger). 1 point: normalising makes the scales or curvatures alike, so valley →
# round bowl, and one learning rate fits all parameters.

# %% [markdown]
# ## What you have now
#
# - A model, its cost, its gradient checked against small steps, a loop that learns: the later labs build on all four,
#   with more layers between the input and the output, and from lab 5 on with another cost, too.
# - The rule to take along: *the gradient of a parameter is a sum over the samples, and has the parameter's shape.*
# - Bowls have one bottom, and you computed it. From lab 2 on the landscape is no bowl any more, and walking is all
#   that is left.

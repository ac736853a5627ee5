# %% [markdown]
# # Push numbers through a network with a pencil
#
# **You'll do** one whole step of training by hand, first for three ReLU units with whole numbers, then for a network
# of two layers with tanh · **You'll learn** what every number of a backward pass is made of · **You'll need** pencil,
# paper, and a pocket calculator · about 75 minutes
#
# There is one sample here, and nothing to program. You find numbers on paper and type them in. **Type numbers, not
# formulas**: what is computed in the notebook counts as not done.
#
# - Give **two decimals** (whole numbers as they are).
# - Keep the brackets as they are: put a number in the place of each `None`, and delete the line that raises.
# - Go on with your own numbers. Each is held against what follows from *your* earlier ones, so one slip costs once.
#   But what is missing, or zero all over, can't be followed.
#
# Nobody tells you here whether a number is right: on paper nobody does either. The notebook says whether it has the
# right *form*, and draws what you have so far.

# %% locked="imports"
import numpy as np
import matplotlib.pyplot as plt

# %% locked="helpers" collapsed=true
# include: autograder/diagnosis/desk.py

# %% locked="forms" collapsed=true
# @title More helpers: run this cell once, no need to read it
# include: autograder/diagnosis/entry_format.py


def form(name, value, *shape):
    """Say whether an entry has the right form: so many numbers in such brackets. Whether right, it can't tell."""
    _, said = format_problem(value, shape)
    if said:
        raise CheckFailed(f"{name}: {said}.")
    numbers = np.array(value, dtype=float)
    kind = f"{numbers.size} numbers" if numbers.size > 1 else "one number"
    print(f"{name}: {kind}, of the right form" + ("; zero all over, though" if not numbers.any() else ""))


def written(found, name, shape):
    """The numbers of an entry as text, row by row; empty boxes where there are none yet."""
    numbers = np.full(shape, np.nan)
    if name in found and not format_problem(found[name], shape)[0]:
        numbers = np.array(found[name], dtype=float).reshape(shape)
    whole = (numbers == np.round(numbers)).all()
    rows = [["□" if np.isnan(number) else f"{number:.0f}" if whole else f"{number:.2f}" for number in row]
            for row in np.atleast_2d(numbers)]  # fmt: skip
    return "\n".join("  ".join(row) for row in rows).replace("-", "−")


def draw_graph(found, nodes, arrows):
    """A computation graph: numbers on the way there in blue boxes, slopes on the way back in orange ones.

    nodes: label, place and what is in the boxes: (label, x, y, given text or (entry, shape), (entry, shape) or None).
    """
    _, axes = plt.subplots(figsize=(10.5, 4.4), layout="constrained")
    axes.set(xlim=(-0.5, 4.5), ylim=(-0.95, 1.75))
    axes.set_title("blue: values, on the way there · orange, below: slopes of the loss, on the way back", fontsize=10)
    axes.axis("off")
    blue, orange = ("#E8F1F8", "#0072B2"), ("#FBEEE4", "#D55E00")
    for (x0, y0), (x1, y1) in arrows:
        aside = 0.25 * (x0 != x1)
        gap = 0.42 if x1 > x0 else -0.42
        start, end = (x0 + gap, y0), (x1 - gap, y1)
        if y0 != y1:
            start, end = (x0 + aside, y0 + 0.47 - aside / 2), (x1 - aside / 2, y1 - 0.55)
        axes.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": "0.5", "linewidth": 1.4})
    for label, x, y, value, slope in nodes:
        text = value if isinstance(value, str) else written(found, *value)
        axes.text(x, y + 0.35, label, ha="center", va="center", fontsize=12)
        boxes = [(y, text, blue)]
        if slope is not None:
            back = written(found, *slope)
            boxes.append((y - 0.2 - 0.085 * (text.count("\n") + back.count("\n") + 2), back, orange))
        for height, inside, (face, edge) in boxes:
            box = {"boxstyle": "round,pad=0.35", "facecolor": face, "edgecolor": edge}
            axes.text(x, height, inside, ha="center", va="center", fontsize=9, linespacing=1.3, bbox=box)
    plt.show()


# %% locked="relu-graph" collapsed=true
# @title The picture of part A: run this cell once, no need to read it
RELU_CELLS = {
    "relu-forward": "z y_hat L",
    "relu-backward": "dL_dy_hat dy_hat_dz delta dz_dW dL_dW",
    "relu-step": "W_new z_new y_hat_new L_new",
}
RELU_NODES = [
    ("$x$", 0, 1.1, "1  2", None),
    ("$W$", 0, 0.05, "3  2\n4  1\n5  2", ("dL_dW", (3, 2))),
    (r"$z = xW^\top$", 1.05, 1.1, ("z", (3,)), ("delta", (3,))),
    (r"$\hat y = \mathrm{ReLU}(z)$", 2.1, 1.1, ("y_hat", (3,)), ("dL_dy_hat", (3,))),
    ("$L$", 3.15, 1.1, ("L", ()), None),
    ("$y$", 4.2, 1.1, "1  4  4", None),
    (r"$W_{\mathrm{new}}$", 1.05, -0.25, ("W_new", (3, 2)), None),
    (r"$z_{\mathrm{new}}$", 2.1, -0.25, ("z_new", (3,)), None),
    (r"$\hat y_{\mathrm{new}}$", 3.15, -0.25, ("y_hat_new", (3,)), None),
    (r"$L_{\mathrm{new}}$", 4.2, -0.25, ("L_new", ()), None),
]
TOP, BELOW = [(x, 1.1) for x in (0, 1.05, 2.1, 3.15)], [(x, -0.25) for x in (1.05, 2.1, 3.15, 4.2)]
RELU_ARROWS = [*((row[k], row[k + 1]) for row in (TOP, BELOW) for k in range(3)), ((0, 0.05), TOP[1])]
RELU_ARROWS += [((4.2, 1.1), TOP[3])]


def draw_relu(found):
    """The graph of part A with the numbers found so far."""
    draw_graph(found, RELU_NODES, RELU_ARROWS)


# %% [markdown]
# ## Part A · One layer, whole numbers
#
# Two inputs, three neurons, no bias. One row of $W$ belongs to one neuron:
#
# $$ x = \begin{bmatrix} 1 & 2 \end{bmatrix}, \qquad W = \begin{bmatrix} 3 & 2 \\ 4 & 1 \\ 5 & 2 \end{bmatrix}, \qquad
#    y = \begin{bmatrix} 1 & 4 & 4 \end{bmatrix}. $$
#
# ### 1 · There: from the input to the loss
#
# $$ z = x W^\top, \qquad \hat y = \mathrm{ReLU}(z) = \max(0, z), \qquad L = \tfrac12 \sum_i (\hat y_i - y_i)^2. $$
#
# The first neuron is done for you: $z_1 = 1 \cdot 3 + 2 \cdot 2 = 7$. It should be near $y_1 = 1$. **Predict** before
# you compute: which of the three neurons will the loss complain about most?

# %% solution="relu-forward"
z = [None, None, None]
y_hat = [None, None, None]
L = None
### BEGIN SOLUTION
z = [7, 6, 9]
y_hat = [7, 6, 9]
L = 32.5
### END SOLUTION

# %% test="relu-forward" points=0.75
form("z", z, 3)
form("y_hat", y_hat, 3)
form("L", L)
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab0_by_hand import mistakes
from autograder.reference import by_hand

checks.entries(
    "relu-forward",
    {"z": 0.25, "y_hat": 0.25, "L": 0.25},
    inputs=by_hand.RELU_GIVEN,
    cells=RELU_CELLS,
    section="section 1, “There: from the input to the loss”",
    mistakes=mistakes.ONE_LAYER,
    carried_forward=checks.CarriedForward(chain=by_hand.RELU),
)
### END HIDDEN TESTS

# %%
draw_relu(globals())

# %% [markdown]
# ### 2 · Back: from the loss to the weights
#
# One factor at a time, from right to left in the picture. How the loss moves with the output is a row of three; how
# the output moves with $z$ is a $3 \times 3$ matrix, because each of three numbers might depend on each of three:
#
# $$ \frac{\partial L}{\partial\hat y} = \hat y - y, \qquad
#    \frac{\partial\hat y}{\partial z}
#    = \mathrm{diag}\bigl(\mathrm{ReLU}'(z_1), \mathrm{ReLU}'(z_2), \mathrm{ReLU}'(z_3)\bigr), \qquad
#    \delta = \frac{\partial L}{\partial z}
#    = \frac{\partial L}{\partial\hat y}\,\frac{\partial\hat y}{\partial z}. $$
#
# The slope of ReLU is 1 where $z_i > 0$ and 0 where $z_i \le 0$.
#
# Then the weights. There are six, so $\partial z/\partial W$ has a row for each neuron and a column for each weight,
# in the order $w_{11}, w_{12}, w_{21}, w_{22}, w_{31}, w_{32}$. **Predict:** how many of its 18 entries are zero?
# (The weights of the other two neurons do nothing to $z_1$.) The row $\delta$ times this matrix is a row of six
# numbers, two for each neuron. In the shape of $W$ they are
#
# $$ \frac{\partial L}{\partial W} = \begin{bmatrix} \delta_1 x \\ \delta_2 x \\ \delta_3 x \end{bmatrix}. $$

# %% solution="relu-backward"
dL_dy_hat = [None, None, None]
dy_hat_dz = [
    [None, None, None],
    [None, None, None],
    [None, None, None],
]
delta = [None, None, None]
dz_dW = [
    [None, None, None, None, None, None],
    [None, None, None, None, None, None],
    [None, None, None, None, None, None],
]
dL_dW = [
    [None, None],
    [None, None],
    [None, None],
]
### BEGIN SOLUTION
dL_dy_hat = [6, 2, 5]
dy_hat_dz = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
delta = [6, 2, 5]
dz_dW = [[1, 2, 0, 0, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 0, 0, 1, 2]]
dL_dW = [[6, 12], [2, 4], [5, 10]]
### END SOLUTION

# %% test="relu-backward" points=1.25
form("dL_dy_hat", dL_dy_hat, 3)
form("dy_hat_dz", dy_hat_dz, 3, 3)
form("delta", delta, 3)
form("dz_dW", dz_dW, 3, 6)
form("dL_dW", dL_dW, 3, 2)
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab0_by_hand import mistakes
from autograder.reference import by_hand

checks.entries(
    "relu-backward",
    {"dL_dy_hat": 0.25, "dy_hat_dz": 0.25, "delta": 0.25, "dz_dW": 0.25, "dL_dW": 0.25},
    inputs=by_hand.RELU_GIVEN,
    cells=RELU_CELLS,
    section="section 2, “Back: from the loss to the weights”",
    mistakes=mistakes.ONE_LAYER,
    carried_forward=checks.CarriedForward(chain=by_hand.RELU),
)
### END HIDDEN TESTS

# %%
draw_relu(globals())

# %% [markdown]
# ### 3 · One step downhill, and what it was worth
#
# Every weight moves a little against its slope, with the learning rate $\eta = 0.1$:
#
# $$ W_\mathrm{new} = W - \eta\,\frac{\partial L}{\partial W}. $$
#
# **Predict:** which neuron's weights move most? And will the loss be half of what it was, a quarter, a tenth? Then
# walk the same way once more with the new weights, for the same $x$ and $y$.

# %% solution="relu-step"
W_new = [
    [None, None],
    [None, None],
    [None, None],
]
z_new = [None, None, None]
y_hat_new = [None, None, None]
L_new = None
### BEGIN SOLUTION
W_new = [[2.4, 0.8], [3.8, 0.6], [4.5, 1.0]]
z_new = [4, 5, 6.5]
y_hat_new = [4, 5, 6.5]
L_new = 8.125
### END SOLUTION

# %% test="relu-step" points=1
form("W_new", W_new, 3, 2)
form("z_new", z_new, 3)
form("y_hat_new", y_hat_new, 3)
form("L_new", L_new)
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab0_by_hand import mistakes
from autograder.reference import by_hand

checks.entries(
    "relu-step",
    {"W_new": 0.25, "z_new": 0.25, "y_hat_new": 0.25, "L_new": 0.25},
    inputs=by_hand.RELU_GIVEN,
    cells=RELU_CELLS,
    section="section 3, “One step downhill, and what it was worth”",
    mistakes=mistakes.ONE_LAYER,
    carried_forward=checks.CarriedForward(chain=by_hand.RELU),
)
### END HIDDEN TESTS

# %%
draw_relu(globals())
_, axes = plt.subplots(figsize=(5, 2.4), layout="constrained")
axes.plot([1, 4, 4], [0, 1, 2], "k|", markersize=22, markeredgewidth=3, label="the target $y$")
axes.plot(y_hat, [0, 1, 2], "o", label=r"$\hat y$, before")
axes.plot(y_hat_new, [0, 1, 2], "s", label=r"$\hat y_\mathrm{new}$, after")
axes.set(yticks=[0, 1, 2], yticklabels=["neuron 1", "neuron 2", "neuron 3"], ylim=(2.5, -0.5), xlabel="output")
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown]
# **Your turn, in words.** What did the step do to each row of $W$? Say which row moved most and which least, why that
# was so, and why in every row the second weight moved twice as far as the first.

# %% [markdown] answer="what-the-step-did" points=1
# **Model answer.** Row $i$ moves by $-\eta\,\delta_i x$. The first neuron's error is largest ($\delta_1 = 6$), so its
# row moves most; the second's is smallest ($\delta_2 = 2$), so its row moves least. Within a row the step is
# proportional to the inputs, and $x_2 = 2$ is twice $x_1 = 1$. All outputs are too high and all inputs positive, so
# every weight falls.
#
# **Rubric.** ½ point: the row moves in proportion to its neuron's error $\delta_i$ (first most, second least). ½
# point: within a row in proportion to the input.

# %% locked="tanh-graph" collapsed=true
# @title The picture of part B: run this cell once, no need to read it
TANH_CELLS = {
    "tanh-forward": "a z y loss",
    "tanh-output-slopes": "dL_dy dL_dW2 dL_db2",
    "tanh-hidden-slopes": "dL_dz dL_da dL_dW1 dL_db1",
    "tanh-update": "W2_updated b2_updated W1_updated b1_updated",
}
TANH_NODES = [
    ("$x$", 0, 1.25, "0.3\n0.4\n−0.1", None),
    ("$W_1$", 0.2, 0.1, "0.1  0.3  −0.5\n−0.2  0.4  0.6", ("dL_dW1", (2, 3))),
    ("$b_1$", 1.15, 0.1, "0.1\n0.2", ("dL_db1", (2,))),
    ("$a = W_1 x + b_1$", 1.15, 1.25, ("a", (2,)), ("dL_da", (2,))),
    (r"$z = \tanh a$", 2.2, 1.25, ("z", (2,)), ("dL_dz", (2,))),
    ("$W_2$", 2.2, 0.1, "0.7  −0.8", ("dL_dW2", (1, 2))),
    ("$b_2$", 3.25, 0.1, "0.3", ("dL_db2", (1,))),
    ("$y = W_2 z + b_2$", 3.25, 1.25, ("y", (1,)), ("dL_dy", (1,))),
    ("$L = (y - t)^2$", 4.2, 1.25, ("loss", ()), None),
    ("$t$", 4.2, 0.1, "0.5", None),
]
PATH, PARAMETERS = [(x, 1.25) for x in (0, 1.15, 2.2, 3.25, 4.2)], [(x, 0.1) for x in (0.2, 1.15, 2.2, 3.25, 4.2)]
TANH_ARROWS = [(PATH[k], PATH[k + 1]) for k in range(4)]
TANH_ARROWS += zip(PARAMETERS, (PATH[1], PATH[1], PATH[3], PATH[3], PATH[4]), strict=True)


def draw_tanh(found):
    """The graph of part B with the numbers found so far."""
    draw_graph(found, TANH_NODES, TANH_ARROWS)


# %% [markdown]
# ## Part B · Two layers, with tanh
#
# Three inputs, two hidden units with tanh, one linear output; and now there are biases. $x$, $a$, $z$, $b_1$ are
# columns, and one row of a weight matrix belongs to one unit, as in part A:
#
# $$ x = \begin{bmatrix} 0.3 \\ 0.4 \\ -0.1 \end{bmatrix}, \qquad
#    W_1 = \begin{bmatrix} 0.1 & 0.3 & -0.5 \\ -0.2 & 0.4 & 0.6 \end{bmatrix}, \qquad
#    b_1 = \begin{bmatrix} 0.1 \\ 0.2 \end{bmatrix}, $$
#
# $$ W_2 = \begin{bmatrix} 0.7 & -0.8 \end{bmatrix}, \qquad b_2 = \begin{bmatrix} 0.3 \end{bmatrix}, \qquad
#    t = \begin{bmatrix} 0.5 \end{bmatrix}. $$
#
# Mind the letters: the target is called $t$ here, $y$ is what the network says, and $z$ is what comes *out of* tanh.
# (In part A it went *into* ReLU.)

# %%
draw_tanh({})

# %% [markdown]
# Eleven empty boxes, and four updates after them. Columns are typed as flat lists, `[1.23, 4.56]`; a matrix is a list
# of its rows.
#
# ### 4 · There
#
# $$ a = W_1 x + b_1, \qquad z = \tanh a = \frac{e^a - e^{-a}}{e^a + e^{-a}}, \qquad y = W_2 z + b_2, \qquad
#    L = (y - t)^2. $$
#
# **Predict:** tanh squeezes. Will it change $a$ much here? (How large is $a$? Where does tanh begin to bend?)

# %% solution="tanh-forward"
a = [None, None]
z = [None, None]
y = [None]
loss = None
### BEGIN SOLUTION
a = [0.30, 0.24]
z = [0.29, 0.24]
y = [0.32]
loss = 0.03
### END SOLUTION

# %% test="tanh-forward" points=1.6
form("a", a, 2)
form("z", z, 2)
form("y", y, 1)
form("loss", loss)
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab0_by_hand import mistakes
from autograder.reference import by_hand

checks.entries(
    "tanh-forward",
    {"a": 0.4, "z": 0.4, "y": 0.4, "loss": 0.4},
    inputs=by_hand.TANH_GIVEN,
    cells=TANH_CELLS,
    section="section 4, “There”",
    mistakes=mistakes.TWO_LAYERS,
    carried_forward=checks.CarriedForward(chain=by_hand.TANH),
)
### END HIDDEN TESTS

# %%
draw_tanh(globals())

# %% [markdown]
# ### 5 · Back, as far as the output layer
#
# The first one is done for you in letters: $\partial L/\partial y = 2(y - t)$. The output is $y = W_2 z + b_2$, so a
# weight moves it by the $z$ that it multiplies, and the bias moves it one for one:
#
# $$ \frac{\partial L}{\partial W_2} = \frac{\partial L}{\partial y}\, z^\top, \qquad
#    \frac{\partial L}{\partial b_2} = \;? $$
#
# **Predict** the signs first. The network says too little. Should $b_2$ rise or fall? So what is the sign of its slope?

# %% solution="tanh-output-slopes"
dL_dy = [None]
dL_dW2 = [[None, None]]
dL_db2 = [None]
### BEGIN SOLUTION
dL_dy = [-0.37]
dL_dW2 = [[-0.11, -0.09]]
dL_db2 = [-0.37]
### END SOLUTION

# %% test="tanh-output-slopes" points=1.2
form("dL_dy", dL_dy, 1)
form("dL_dW2", dL_dW2, 1, 2)
form("dL_db2", dL_db2, 1)
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab0_by_hand import mistakes
from autograder.reference import by_hand

checks.entries(
    "tanh-output-slopes",
    {"dL_dy": 0.4, "dL_dW2": 0.4, "dL_db2": 0.4},
    inputs=by_hand.TANH_GIVEN,
    cells=TANH_CELLS,
    section="section 5, “Back, as far as the output layer”",
    mistakes=mistakes.TWO_LAYERS,
    carried_forward=checks.CarriedForward(chain=by_hand.TANH),
)
### END HIDDEN TESTS

# %%
draw_tanh(globals())

# %% [markdown]
# ### 6 · Back, to the hidden layer
#
# Now through $W_2$, through tanh, and to the weights of the first layer. Three of the four factors are new. Take them
# one at a time; each slope below is made of the one before it:
#
# 1. $\partial L/\partial z$: how much does $y$ move when $z_1$ does? And $z_2$?
# 2. $\partial L/\partial a$: what is the slope of tanh at $a$? (You have $z$: the slope is $1 - z^2$, unit by unit.)
# 3. $\partial L/\partial W_1$, a row for each unit and a column for each input, and $\partial L/\partial b_1$: as in
#    section 5, one layer earlier.

# %% solution="tanh-hidden-slopes"
dL_dz = [None, None]
dL_da = [None, None]
dL_dW1 = [
    [None, None, None],
    [None, None, None],
]
dL_db1 = [None, None]
### BEGIN SOLUTION
dL_dz = [-0.26, 0.30]
dL_da = [-0.24, 0.28]
dL_dW1 = [[-0.07, -0.09, 0.02], [0.08, 0.11, -0.03]]
dL_db1 = [-0.24, 0.28]
### END SOLUTION

# %% test="tanh-hidden-slopes" points=1.6
form("dL_dz", dL_dz, 2)
form("dL_da", dL_da, 2)
form("dL_dW1", dL_dW1, 2, 3)
form("dL_db1", dL_db1, 2)
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab0_by_hand import mistakes
from autograder.reference import by_hand

checks.entries(
    "tanh-hidden-slopes",
    {"dL_dz": 0.4, "dL_da": 0.4, "dL_dW1": 0.4, "dL_db1": 0.4},
    inputs=by_hand.TANH_GIVEN,
    cells=TANH_CELLS,
    section="section 6, “Back, to the hidden layer”",
    mistakes=mistakes.TWO_LAYERS,
    carried_forward=checks.CarriedForward(chain=by_hand.TANH),
)
### END HIDDEN TESTS

# %% tags=["thumbnail"]
draw_tanh(globals())

# %% [markdown]
# No box is empty any more. Cover the picture with your hand and try to say, from right to left, what each orange box
# is made of. That list is backpropagation.
#
# ### 7 · One step
#
# The learning rate is $\eta = 0.5$, and every parameter moves against its slope: $\theta \leftarrow \theta -
# \eta\,\partial L/\partial\theta$.
#
# **Predict** for each of the eleven parameters whether it rises or falls, before you reach for the calculator.

# %% solution="tanh-update"
W2_updated = [[None, None]]
b2_updated = [None]
W1_updated = [
    [None, None, None],
    [None, None, None],
]
b1_updated = [None, None]
### BEGIN SOLUTION
W2_updated = [[0.75, -0.76]]
b2_updated = [0.48]
W1_updated = [[0.14, 0.35, -0.51], [-0.24, 0.34, 0.61]]
b1_updated = [0.22, 0.06]
### END SOLUTION

# %% test="tanh-update" points=1.6
form("W2_updated", W2_updated, 1, 2)
form("b2_updated", b2_updated, 1)
form("W1_updated", W1_updated, 2, 3)
form("b1_updated", b1_updated, 2)
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab0_by_hand import mistakes
from autograder.reference import by_hand

checks.entries(
    "tanh-update",
    {"W2_updated": 0.4, "b2_updated": 0.4, "W1_updated": 0.4, "b1_updated": 0.4},
    inputs=by_hand.TANH_GIVEN,
    cells=TANH_CELLS,
    section="section 7, “One step”",
    mistakes=mistakes.TWO_LAYERS,
    carried_forward=checks.CarriedForward(chain=by_hand.TANH),
)
### END HIDDEN TESTS

# %% [markdown]
# ### 8 · Was it worth it?
#
# In part A one step took the loss to a quarter. And here? The notebook takes your updated parameters and walks from
# the old ones towards them: a little way, the whole step, twice as far. **Predict** what the curve looks like before
# you run the cell.

# %%
start = [np.array(p) for p in ([[0.1, 0.3, -0.5], [-0.2, 0.4, 0.6]], [0.1, 0.2], [[0.7, -0.8]], [0.3])]
end = [np.array(p, dtype=float) for p in (W1_updated, b1_updated, W2_updated, b2_updated)]


def distance(far):
    """How far the network is from the target with its parameters moved so far along the step."""
    W1, b1, W2, b2 = (p + far * (q - p) for p, q in zip(start, end, strict=True))
    return abs((W2 @ np.tanh(W1 @ [0.3, 0.4, -0.1] + b1) + b2).item() - 0.5)


line = np.linspace(0, 2, 121)
_, axes = plt.subplots(figsize=(6, 2.8), layout="constrained")
axes.plot(line, [distance(far) / distance(0) for far in line])
axes.plot(1, distance(1) / distance(0), "o", label="your step")
axes.axhline(1, color="0.4", linestyle="--", label="as far off as before")
axes.set(xlabel="how far along: 1 is your whole step", ylabel="distance to the target\n(1: as before)", ylim=(0, None))
axes.legend(loc="upper left")
plt.show()

# %% [markdown]
# **Your turn, in words.** What does the picture say about the learning rate $\eta = 0.5$? And how can a step in the
# right direction, with every slope right, end so? About two sentences.

# %% [markdown] answer="a-bold-step" points=1
# **Model answer.** The step goes too far: after less than half of it the network would have been right (the distance
# is 0 at about 0.42), after the whole of it it is further off than before, about 1.4 times, so the loss has grown. A
# slope says how the loss changes for a small move; here eleven parameters move at once, each of them raises $y$, and
# the rises add up.
#
# **Rubric.** ½ point: says that 0.5 is too large, because the step passes the target. ½ point: slopes hold for small
# steps only, or: all parameters move together and their effects add up.

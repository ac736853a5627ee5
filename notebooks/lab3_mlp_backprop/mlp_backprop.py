# %% [markdown]
# # Send an error back through a whole network
#
# **You'll do** the backward pass of one layer, of two, and then of any number of them · **You'll learn** why the
# gradient of a weight matrix is a column times a row, why the weights come back transposed, and what depth does to a
# gradient · **You'll need** the chain rule, matrix products, and lab 2's habit of going forward and keeping
# everything · about 120 minutes: 40 for part A, 20 for part B, 60 for part C
#
# **Samples are columns** in this lab, and there is only **one sample** at a time. In parts A and B its column is a
# plain vector of shape `(D,)`; in part C it is a real column of shape `(D, 1)`, ready for the many columns of lab 4.
#
# Parts A and B come from a course with names of its own. They are kept, so that you can read its text beside this
# one:
#
# | in the book, and in part C | in code, part C | parts A and B | shape |
# |---|---|---|---|
# | weights $\boldsymbol\Omega_k$ | `all_weights[k]` | `W`, `W1`, `W2` | `(D_out, D_in)` |
# | biases $\boldsymbol\beta_k$ | `all_biases[k]` | `b`, `b1`, `b2` | `(D_out,)`, in part C `(D_out, 1)` |
# | pre-activations $\mathbf f_k$ | `all_f[k]` | `z`, `z1`, `z2` | like the biases |
# | activations $\mathbf h_k$, first the input | `all_h[k]` | `x`, then `a`, `a1`, `a2` | vectors, in part C columns |
# | loss $\ell$ | `cost` | $C$ | one number |
#
# Work from top to bottom. Where a cell says *your turn*, replace the line that raises. Each task has a check that can
# fail: when it does, read its last line first, and compare the line it names with the equation above your cell.

# %% locked="imports"
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

# %% locked="helpers" collapsed=true
# include: autograder/diagnosis/desk.py


# %% locked="draw-tables" collapsed=true
# @title A helper that draws arrays as tables: run this cell once, no need to read it
def draw_tables(*parts, digits=2):
    """Arrays as coloured tables side by side: a pair of a name and an array is a table, a text a sign between them."""
    tables = [None if isinstance(part, str) else np.asarray(part[1], dtype=float) for part in parts]
    # A plain vector is drawn as the column that it is.
    tables = [array[:, None] if array is not None and array.ndim == 1 else array for array in tables]
    wide = [max(0.5, 0.16 * len(part)) if array is None else 0.78 * array.shape[1] + 0.2
            for part, array in zip(parts, tables, strict=True)]  # fmt: skip
    tall = 0.42 * max(len(array) for array in tables if array is not None)
    _, axes = plt.subplots(figsize=(sum(wide) + 0.3, tall + 0.6), layout="constrained")
    axes.set(xlim=(0, sum(wide)), ylim=(-tall / 2 - 0.05, tall / 2 + 0.45), aspect="equal")
    axes.axis("off")
    left = 0.0
    for part, array, width in zip(parts, tables, wide, strict=True):
        if array is None:
            axes.text(left + width / 2, 0, part.replace("@", "×"), ha="center", va="center", fontsize=13)
        else:
            rows, columns = array.shape
            largest = np.abs(array).max() or 1.0
            axes.text(left + width / 2, 0.21 * rows + 0.2, part[0], ha="center", va="center", fontsize=11)
            for i, j in np.ndindex(rows, columns):
                corner = left + 0.1 + 0.78 * j, 0.42 * (rows / 2 - 1 - i)
                shade = plt.get_cmap("PuOr_r")(0.5 + 0.3 * array[i, j] / largest)
                axes.add_patch(plt.Rectangle(corner, 0.78, 0.42, facecolor=shade, edgecolor="white", linewidth=1.5))
                axes.text(corner[0] + 0.39, corner[1] + 0.2, f"{array[i, j]:.{digits}f}".replace("-", "−"),
                          ha="center", va="center", fontsize=10)  # fmt: skip
        left += width
    plt.show()


# %% [markdown]
# ## Part A · One layer
#
# ### 1 · Many neurons at once
#
# In lab 2 a layer was one neuron: one weight, one bias. Now it has $D_{out}$ neurons, and each of them listens to all
# $D_{in}$ inputs. Neuron $i$ has its own bias $b_i$, and a weight $W_{ij}$ for every input $x_j$:
#
# $$ z_i = b_i + \sum_{j=1}^{D_{in}} W_{ij}\, x_j, \qquad a_i = \sigma(z_i) = \frac{1}{1 + e^{-z_i}}. $$
#
# All neurons at once, that is $\mathbf z = \mathbf W \mathbf x + \mathbf b$ and $\mathbf a = \sigma(\mathbf z)$: a row
# of $\mathbf W$ for each neuron, a column for each input. What the layer says is compared with a target, and the cost
# is the *mean* over the outputs:
#
# $$ C = \frac{1}{D_{out}} \sum_{i=1}^{D_{out}} (a_i - t_i)^2. $$
#
# The sigmoid, the cost and a small layer are given:


# %% locked="one-layer"
def sigmoid(z):
    """1 / (1 + exp(-z)), entry by entry. z of any shape."""
    return 1 / (1 + np.exp(-z))


def mse(predict, target):
    """The mean over the outputs of (predict - target)². Both of shape (D_out,). Returns one number."""
    return np.mean((predict - target) ** 2)


W = np.array([[0.5, -1.2], [1.0, 0.3], [-0.7, 0.8]])  # (3, 2): three neurons, two inputs
b = np.array([0.1, -0.4, 0.2])  # (3,)
x = np.array([1.5, -0.4])  # (2,)
target = np.array([0.2, 0.9, 0.5])  # (3,)

# %% [markdown]
# **Predict before you run on.** A layer has weights of shape `(10, 4)` and a bias of shape `(10,)`. How many inputs
# does it have, and how many outputs? Which shape will the *gradient* of its cost with respect to the weights have, and
# with respect to the bias? Write down all four answers.
#
# **Your turn.** One line, or two.


# %% solution="one-layer-forward"
def feed_forward_one_layer(W, b, x):
    """What one layer of sigmoids says. W (D_out, D_in), b (D_out,), x (D_in,). Returns a (D_out,)."""
    ### BEGIN SOLUTION
    z = W @ x + b
    return sigmoid(z)
    ### END SOLUTION


# %% [markdown]
# You know some outputs without computing: a layer with all weights zero can only say what its biases say.

# %% test="one-layer-forward" points=2
said = feed_forward_one_layer(W, b, x)
check("three neurons give three numbers", np.shape(said) == (3,), f"your shape is {np.shape(said)}")
check("a sigmoid stays between 0 and 1", (np.asarray(said) > 0) & (np.asarray(said) < 1), "is the activation there?")
check(
    "with all weights zero, each neuron says the sigmoid of its bias",
    np.allclose(feed_forward_one_layer(0 * W, b, x), sigmoid(b)),
    "is the bias added before the sigmoid?",
)
check(
    "with weight 1 on the second input alone and no bias, every neuron says the sigmoid of that input",
    np.allclose(feed_forward_one_layer(np.array([[0.0, 1.0]] * 3), 0 * b, x), sigmoid(x[1])),
    "each neuron has a weight for each input, and adds up: which product does that?",
)
check(
    "weights that all are 1 add up the inputs",
    np.allclose(feed_forward_one_layer(np.ones((4, 5)), np.zeros(4), np.arange(5) / 4), sigmoid(2.5)),
    "the sum over the inputs comes before the sigmoid",
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab3_mlp_backprop import cases, mistakes


def expected(W, b, x):
    sigmoids = [reference.activations.SIGMOID]
    return reference.mlp.forward(x[:, None], [W], [b[:, None]], activation=sigmoids).net_output[:, 0]


checks.function(
    "one-layer-forward",
    checks.Call("feed_forward_one_layer", "W b x"),
    checks.Expected(expected, {"a": 2}),
    cases=cases.sigmoid_layers(),
    section="section 1, “Many neurons at once”: a sum over the inputs, the bias, then the sigmoid",
    mistakes=mistakes.SIGMOID_LAYERS,
)
### END HIDDEN TESTS

# %% [markdown]
# Here is your layer at work. Read it row by row: a row of $\mathbf W$, against the column $\mathbf x$, plus a bias,
# gives one pre-activation.

# %%
said = np.asarray(feed_forward_one_layer(W, b, x))
draw_tables(
    ("$W$", W), "@", ("$x$", x), "+", ("$b$", b), "=", ("$z$", np.log(said / (1 - said))), "→ σ →", ("$a$", said), " ",
    ("target", target),
)  # fmt: skip

# %% [markdown]
# The first neuron says 0.79 and should say 0.2. Whom do we blame, its two weights or its bias, and how much each? The
# same for the other two neurons: nine parameters, nine slopes. As in lab 2 we walk back from the cost,
#
# $$ C \;\to\; \mathbf a \;\to\; \mathbf z \;\to\; \mathbf W, \mathbf b, $$
#
# and each step is a local derivative, times what came back.
#
# ### 2 · First factor: from the cost back to the outputs
#
# $$ \frac{\partial C}{\partial a_i} = \;? \qquad\text{where}\qquad
#    C = \frac{1}{D_{out}} \sum_{i=1}^{D_{out}} (a_i - t_i)^2 $$
#
# Only one term of the sum has this $a_i$ in it. And mind the mean.
#
# **Predict.** The first neuron says 0.79 and should say 0.2. Is its slope positive or negative? Would it be larger or
# smaller if the layer had 300 neurons?
#
# **Your turn.**


# %% solution="mse-der"
def mse_der(predict, target):
    """How the cost changes with each output. predict and target (D_out,). Returns dC_da (D_out,)."""
    ### BEGIN SOLUTION
    return 2 * (predict - target) / len(target)
    ### END SOLUTION


# %% test="mse-der" points=1
five = np.random.default_rng(2).normal(size=(2, 5))
check_gradient(
    lambda predict: mse(predict, five[1]),
    at={"predict": five[0]},
    yours={"predict": mse_der(five[0].copy(), five[1].copy())},
    outputs=5,
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab3_mlp_backprop import cases, mistakes


def expected(predict, target):
    columns = predict[:, None], target[:, None]
    return reference.costs.d_squared_error(*columns, normalisation="mean over all")[:, 0]


checks.function(
    "mse-der",
    checks.Call("mse_der", "predict target"),
    checks.Expected(expected, {"dC_da": 1}),
    cases=cases.sigmoid_layers(((2, 3), (5, 4), (4, 1), (2, 7))),
    section="section 2, “First factor”: the derivative of a mean of squares",
    mistakes=mistakes.SIGMOID_LAYERS,
)
### END HIDDEN TESTS

# %% [markdown]
# ### 3 · Second factor: from the activations back to the pre-activations
#
# $$ a_i = \sigma(z_i) = \frac{1}{1 + e^{-z_i}} \qquad\Longrightarrow\qquad \frac{\partial a_i}{\partial z_i} = \;? $$
#
# Do it on paper: a quotient, with an exponential inside. The result becomes short if you put $\sigma(z_i)$ back in
# wherever you can.
#
# **Predict.** Where is a sigmoid steepest, and how steep is it there? Where is it flat?
#
# **Your turn.** A pre-activation moves its own activation and no other, so this is entry by entry.


# %% solution="sigmoid-der"
def sigmoid_der(z):
    """The slope of the sigmoid at each pre-activation. z (D_out,). Returns da_dz (D_out,)."""
    ### BEGIN SOLUTION
    return sigmoid(z) * (1 - sigmoid(z))
    ### END SOLUTION


# %% [markdown]
# The check adds up five activations and nudges each pre-activation: what moves is just its own sigmoid.

# %% test="sigmoid-der" points=1
nudged = np.array([-3.0, -1.0, 0.2, 0.9, 2.5])
check_gradient(lambda z: sigmoid(z).sum(), at={"z": nudged}, yours={"z": sigmoid_der(nudged.copy())})
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab3_mlp_backprop import cases, mistakes

checks.function(
    "sigmoid-der",
    checks.Call("sigmoid_der", "z"),
    checks.Expected(reference.activations.d_sigmoid, {"da_dz": 1}),
    cases=cases.sigmoid_layers(((2, 3), (5, 4), (4, 1), (2, 7))),
    section="section 3, “Second factor”: the derivative of 1 / (1 + exp(−z))",
    mistakes=mistakes.SIGMOID_LAYERS,
)
### END HIDDEN TESTS

# %%
line = np.linspace(-7, 7, 281)
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
left.plot(line, sigmoid(line))
left.set(xlabel="pre-activation $z$", ylabel=r"activation $a = \sigma(z)$", title="the sigmoid")
right.plot(line, sigmoid_der(line), color="C1")
right.axhline(0.25, color="0.5", linestyle=":", linewidth=1)
right.set(xlabel="pre-activation $z$", ylabel=r"slope $\partial a/\partial z$", title="its slope", ylim=(0, 0.3))
where = np.log(said / (1 - said))
left.plot(where, said, "o", color="black", markersize=5)
right.plot(where, sigmoid_der(where), "o", color="black", markersize=5)
for number, (z_i, slope) in enumerate(zip(where, sigmoid_der(where), strict=True), start=1):
    side = {"xytext": (8, 0), "ha": "left"} if z_i > 0 else {"xytext": (-8, 0), "ha": "right"}
    right.annotate(f"neuron {number}", (z_i, slope), textcoords="offset points", fontsize=9, **side)
plt.show()

# %% [markdown]
# A sigmoid never passes on more than a quarter of what comes back to it, and far out it passes on next to nothing: a
# neuron that is very sure is hard to teach. *Look at the dots: which of our three neurons passes on the smallest
# share?*
#
# ### 4 · Both factors, and then a table
#
# The two factors are made in the next cell, and this time the pre-activations are kept. Use their names below.

# %%
z = W @ x + b
a = predict = sigmoid(z)
dC_da = np.array(mse_der(predict, target))  # (3,)
da_dz = np.array(sigmoid_der(z))  # (3,)

# %% [markdown]
# First put them together. Neuron $i$ has its own two factors, so it is a product entry by entry, no sum:
#
# $$ \frac{\partial C}{\partial z_i} = \frac{\partial C}{\partial a_i}\,\frac{\partial a_i}{\partial z_i}. $$
#
# Now the parameters. The weight $W_{ij}$ stands in $z_i$ and in no other pre-activation,
# $z_i = b_i + \dots + W_{ij}\,x_j + \dots$, so
#
# $$ \frac{\partial z_i}{\partial W_{ij}} = x_j \qquad\text{and}\qquad
#    \frac{\partial C}{\partial W_{ij}} = \frac{\partial C}{\partial z_i}\; x_j. $$
#
# That is lab 2's rule: *what came back, times what came in*. One entry, worked: with $\mathbf x = (5, 7)$ and
# $\partial C/\partial\mathbf z = (2, -1, 3)$, the weight of neuron 3 for input 2 has the slope $3 \cdot 7 = 21$, and
# it stands in row 3, column 2.
#
# A number for every pair $(i, j)$: a **row for each neuron, a column for each input**, the shape of $\mathbf W$
# itself. Such a table of all products has a name, *outer product*: a column times a row,
#
# $$ \frac{\partial C}{\partial \mathbf W} = \frac{\partial C}{\partial \mathbf z}\,\mathbf x^\top, \qquad
#    \text{in the book's letters}\qquad
#    \frac{\partial \ell}{\partial \boldsymbol\Omega} = \frac{\partial \ell}{\partial \mathbf f}\,\mathbf h^\top. $$
#
# And the bias? $b_i$ moves $z_i$ one for one.
#
# **Predict.** Which of the intermediate results do both gradients share? And how many of the nine numbers will be
# negative? The signs of `a - target` and of `x` are all you need.
#
# **Your turn.** Three values: `dC_dz`, `dC_dW`, `dC_db`. Take `dC_da` and `da_dz` from the cell above. Your lines
# must hold for a layer of any size, so type no number.

# %% solution="one-layer-gradient"
# in this order: dC_dz, dC_dW, dC_db
### BEGIN SOLUTION
dC_dz = dC_da * da_dz
dC_dW = np.outer(dC_dz, x)
dC_db = dC_dz
### END SOLUTION

# %% [markdown]
# The check turns each of the nine parameters a little and looks at the cost. (It writes `dl_dW` for your `dC_dW`.) If
# `mse_der` or `sigmoid_der` failed its check, mend that one first, and run from there.

# %% test="one-layer-gradient" points=4
check_gradient(
    lambda W, b: mse(sigmoid(W @ x + b), target),
    at={"W": W, "b": b},
    yours={"W": dC_dW, "b": dC_db},
    outputs=3,
)
### BEGIN HIDDEN TESTS
import numpy as np
from autograder import checks, reference
from autograder.labs.lab3_mlp_backprop import cases, mistakes


def expected(W, b, x, z, dC_da, **_):
    sigmoids = [reference.activations.SIGMOID]
    columns = [[value[:, None]] for value in (b, z, x)]
    gradients = reference.mlp.backward([W], *columns, dC_da[:, None], activation=sigmoids)
    dC_dW, dC_db, dC_dz = (value[0] for value in gradients)
    return {"dC_dz": dC_dz[:, 0], "dC_dW": dC_dW, "dC_db": dC_db[:, 0]}


def mse_der(predict, target):
    columns = predict[:, None], target[:, None]
    return reference.costs.d_squared_error(*columns, normalisation="mean over all")[:, 0]


checks.values(
    "one-layer-gradient",
    "W b x target z a predict dC_da da_dz",
    checks.Expected(expected, {"dC_dz": 1, "dC_dW": 2, "dC_db": 1}),
    cases=cases.sigmoid_layers(),
    section="section 4, “Both factors, and then a table”",
    mistakes=mistakes.SIGMOID_LAYERS,
    carried_forward=checks.CarriedForward(
        chain={
            "dC_dz": lambda predict, target, z, mse_der, sigmoid_der: mse_der(predict, target) * sigmoid_der(z),
            "dC_dW": lambda dC_dz, x: np.outer(dC_dz, x),
            "dC_db": lambda dC_dz: dC_dz,
        },
        functions={"mse_der": mse_der, "sigmoid_der": reference.activations.d_sigmoid},
    ),
)
### END HIDDEN TESTS

# %% [markdown]
# The whole outer product as a picture. Each entry of the table on the right is a product: the number in its row of
# $\partial C/\partial\mathbf z$, times the number in its column of $\mathbf x^\top$.

# %%
draw_tables(
    (r"$\partial C/\partial z$", dC_dz), "@", ("$x^T$", x[None, :]), "=", (r"$\partial C/\partial W$", dC_dW), digits=3
)

# %% [markdown]
# All rows are multiples of one row, $\mathbf x^\top$. So one sample can't say much about a matrix: it turns each
# neuron's weights along its own input, and only the amount is the neuron's own. (Such a matrix has *rank one*. With
# more samples, in lab 4, many such tables are added.) Compare with your guess about the signs. And with your very
# first one: a gradient always has the shape of what it belongs to, here $(3, 2)$ and $(3,)$, and for the layer of that
# guess $(10, 4)$ and $(10,)$.
#
# A gradient is worth having if a step against it helps. Here is the cost after one step, for longer and longer steps:

# %%
lengths = np.linspace(0, 25, 51)
downhill = -np.array(dC_dW), -np.array(dC_db)
costs = [mse(feed_forward_one_layer(W + step * downhill[0], b + step * downhill[1], x), target) for step in lengths]
fig, axes = plt.subplots(figsize=(5.5, 2.8), layout="constrained")
axes.plot(lengths, costs, label="the cost after one step")
slope = -sum(np.sum(part**2) for part in downhill)
axes.plot(lengths, costs[0] + slope * lengths, "--", label="what the gradient promises")
axes.set(xlabel="learning rate of the step", ylabel="cost $C$", ylim=(0, 1.1 * costs[0]), title="downhill, for a while")
axes.legend()
plt.show()

# %% [markdown]
# ## Part B · Two layers
#
# ### 5 · The step between two layers
#
# Put a second layer on top: what comes out of the first goes into the second.
#
# $$ \mathbf z_1 = \mathbf W_1\mathbf x + \mathbf b_1, \quad \mathbf a_1 = \sigma(\mathbf z_1), \qquad
#    \mathbf z_2 = \mathbf W_2\,\mathbf a_1 + \mathbf b_2, \quad \mathbf a_2 = \sigma(\mathbf z_2), $$
#
# $$ C = \frac{1}{D_{out}} \sum_i (a_{2,i} - t_i)^2. $$
#
# The forward pass is given, and so are the three factors that you made functions for.

# %% locked="two-layers-given"
W1, b1 = np.array([[0.8, -0.6], [-0.3, 1.1], [0.5, 0.4]]), np.array([0.1, 0.3, -0.5])  # (3, 2), (3,)
W2, b2 = np.array([[1.2, -0.7, 0.5], [-0.4, 0.9, 1.3]]), np.array([-0.2, 0.4])  # (2, 3), (2,)
x, target = np.array([0.9, -0.4]), np.array([0.1, 0.8])  # (2,), (2,)

# %%
z1 = W1 @ x + b1
a1 = sigmoid(z1)
z2 = W2 @ a1 + b2
a2 = sigmoid(z2)

dC_da2 = np.array(mse_der(a2, target))  # (2,)
da2_dz2 = np.array(sigmoid_der(z2))  # (2,)
da1_dz1 = np.array(sigmoid_der(z1))  # (3,)

# %% [markdown]
# For the last layer you have done everything already: its input is now called $\mathbf a_1$, that is all. Only one
# step is new, the one *between* the layers: from $\mathbf z_2$ back to $\mathbf a_1$.
#
# Activation $a_{1,j}$ goes into **every** neuron of layer 2, into $z_{2,i}$ with the weight $W_{2,ij}$. So it reaches
# the cost by as many paths as there are neurons in layer 2, and what comes back along them adds up:
#
# $$ \frac{\partial C}{\partial a_{1,j}} = \sum_{i} \frac{\partial z_{2,i}}{\partial a_{1,j}}\,
#    \frac{\partial C}{\partial z_{2,i}} = \sum_{i} W_{2,ij}\,\frac{\partial C}{\partial z_{2,i}}. $$
#
# The sum runs over the *rows* of $\mathbf W_2$; forward it ran over the columns. One entry, worked: if column 1 of
# $\mathbf W_2$ is $(4, -2)$ and $\partial C/\partial\mathbf z_2 = (3, 5)$, then
# $\partial C/\partial a_{1,1} = 4\cdot 3 - 2\cdot 5 = 2$. Which matrix does that for all columns at once?
#
# **Predict.** Of which shapes are $\partial C/\partial \mathbf z_2$, $\partial C/\partial \mathbf a_1$ and
# $\partial C/\partial\mathbf W_1$ in our network of 2 inputs, 3 hidden neurons and 2 outputs?
#
# **Your turn.** Seven values, one line each, from the cost backwards. `dC_da2`, `da2_dz2` and `da1_dz1` are in the
# cell above.

# %% solution="two-layers"
# in this order: dC_dz2, dC_dW2, dC_db2, dC_da1, dC_dz1, dC_dW1, dC_db1
### BEGIN SOLUTION
dC_dz2 = dC_da2 * da2_dz2
dC_dW2 = np.outer(dC_dz2, a1)
dC_db2 = dC_dz2
dC_da1 = W2.T @ dC_dz2
dC_dz1 = dC_da1 * da1_dz1
dC_dW1 = np.outer(dC_dz1, x)
dC_db1 = dC_dz1
### END SOLUTION

# %% [markdown]
# The check nudges activations in the middle as well as parameters. Begin with the first line that isn't right: those
# below it may only be wrong because they are built on it.


# %% test="two-layers" points=6
def cost_two_layers(W1=W1, b1=b1, W2=W2, b2=b2, a1=0.0):
    """The cost of the two layers; a1: a nudge of the first layer's activations."""
    first = sigmoid(W1 @ x + b1) + a1
    return mse(sigmoid(W2 @ first + b2), target)


check_gradient(
    cost_two_layers,
    at={"W2": W2, "b2": b2, "a1": np.zeros(3), "W1": W1, "b1": b1},
    yours={"W2": dC_dW2, "b2": dC_db2, "a1": dC_da1, "W1": dC_dW1, "b1": dC_db1},
    outputs=2,
)
### BEGIN HIDDEN TESTS
import numpy as np
from autograder import checks, reference
from autograder.labs.lab3_mlp_backprop import cases, mistakes


def expected(W1, b1, W2, b2, x, z1, a1, z2, dC_da2, **_):
    sigmoids = [reference.activations.SIGMOID] * 2
    lists = [[one[:, None], two[:, None]] for one, two in ((b1, b2), (z1, z2), (x, a1))]
    dC_dW, dC_db, dC_dz = reference.mlp.backward([W1, W2], *lists, dC_da2[:, None], activation=sigmoids)
    dC_da1 = reference.mlp.input_gradient([W2], [dC_dz[1]])
    layers = {f"dC_dW{k + 1}": dC_dW[k] for k in (0, 1)} | {f"dC_db{k + 1}": dC_db[k][:, 0] for k in (0, 1)}
    return {**layers, "dC_dz2": dC_dz[1][:, 0], "dC_da1": dC_da1[:, 0], "dC_dz1": dC_dz[0][:, 0]}


def mse_der(predict, target):
    columns = predict[:, None], target[:, None]
    return reference.costs.d_squared_error(*columns, normalisation="mean over all")[:, 0]


checks.values(
    "two-layers",
    "W1 b1 W2 b2 x target z1 a1 z2 a2 dC_da2 da2_dz2 da1_dz1",
    checks.Expected(
        expected, {"dC_dz2": 0.5, "dC_dW2": 1, "dC_db2": 0.5, "dC_da1": 1.5, "dC_dz1": 1, "dC_dW1": 1, "dC_db1": 0.5}
    ),
    cases=cases.sigmoid_layers(((2, 4, 3), (5, 3, 4), (3, 3, 3), (4, 5, 2))),
    section="section 5, “The step between two layers”",
    mistakes=mistakes.SIGMOID_LAYERS,
    carried_forward=checks.CarriedForward(
        chain={
            "dC_dz2": lambda a2, target, z2, mse_der, sigmoid_der: mse_der(a2, target) * sigmoid_der(z2),
            "dC_dW2": lambda dC_dz2, a1: np.outer(dC_dz2, a1),
            "dC_db2": lambda dC_dz2: dC_dz2,
            "dC_da1": lambda W2, dC_dz2: W2.T @ dC_dz2,
            "dC_dz1": lambda dC_da1, z1, sigmoid_der: dC_da1 * sigmoid_der(z1),
            "dC_dW1": lambda dC_dz1, x: np.outer(dC_dz1, x),
            "dC_db1": lambda dC_dz1: dC_dz1,
        },
        functions={"mse_der": mse_der, "sigmoid_der": reference.activations.d_sigmoid},
    ),
)
### END HIDDEN TESTS


# %% locked="draw-graph" collapsed=true
# @title A helper that draws the computation graph: run this cell once, no need to read it
def draw_graph(values, gradients, parameters):
    """The computation graph of two layers: a column of numbers on each arrow, values above it, gradients below.

    values, gradients: of x, z1, a1, z2, a2 and the cost. parameters: gradients that hang under a box, with names.
    """
    boxes = [r"$W_1\,\bullet + b_1$", r"$\sigma$", r"$W_2\,\bullet + b_2$", r"$\sigma$", "mse"]
    names, brown = ["x", "z_1", "a_1", "z_2", "a_2", "C"], "#B34700"
    values, gradients = ([np.ravel(np.asarray(one, dtype=float)) for one in part] for part in (values, gradients))
    tallest = max(map(len, values))
    _, axes = plt.subplots(figsize=(11, 0.24 * (3 * tallest + 6)), layout="constrained")
    axes.set(xlim=(-1.5, 10.1), ylim=(-2 * tallest - 3.5, tallest + 2))
    axes.axis("off")

    def write(where, height, text, color="black"):
        axes.text(where, height, text, ha="center", va="center", fontsize=10, color=color)

    def column(where, top, numbers, color):
        for row, one in enumerate(numbers):
            write(where, top - row, f"{one:.3f}".replace("-", "−"), color)

    half = [0.58, 0.26, 0.58, 0.26, 0.3]
    for k, text in enumerate(boxes):
        axes.add_patch(plt.Rectangle((2 * k - half[k], -0.9), 2 * half[k], 1.8, facecolor="#f0f0f0", edgecolor="0.4"))
        write(2 * k, 0, text)
    for k, name in enumerate(names):
        start = 2 * k - 2 + half[k - 1] if k else -1.35
        end = 2 * k - half[k] if k < 5 else 9.95
        middle = (start + end) / 2
        axes.annotate("", (end, 0), (start, 0), arrowprops={"arrowstyle": "->", "color": "0.4"})
        write(middle, tallest + 1.4, f"${name}$")
        column(middle, len(values[k]) - 0.2, values[k], "C0")
        if len(gradients[k]):
            column(middle, -0.8, gradients[k], brown)
            write(middle, -0.9 - len(gradients[k]), rf"$\partial C/\partial {name}$", brown)
    for k, hanging in parameters.items():
        axes.annotate("", (2 * k, -tallest - 1.6), (2 * k, -0.9), arrowprops={"arrowstyle": "->", "color": "0.4"})
        for (name, gradient), shift in zip(hanging, (-0.35, 0.98), strict=True):
            table = np.asarray(gradient, dtype=float)
            table = table[:, None] if table.ndim == 1 else table
            write(2 * k + shift, -tallest - 2.3, rf"$\partial C/\partial {name}$", brown)
            for j in range(table.shape[1]):
                column(2 * k + shift + 0.64 * (j - (table.shape[1] - 1) / 2), -tallest - 3.4, table[:, j], brown)
    plt.show()


# %% [markdown]
# The computation graph, with your numbers: values above the arrows, gradients below them. Where a box has parameters,
# their gradients hang under it.

# %%
cost = mse(a2, target)
draw_graph(
    values=[x, z1, a1, z2, a2, cost],
    gradients=[[], dC_dz1, dC_da1, dC_dz2, dC_da2, 1.0],
    parameters={0: (("W_1", dC_dW1), ("b_1", dC_db1)), 2: (("W_2", dC_dW2), ("b_2", dC_db2))},
)

# %% [markdown]
# Follow one number. Every activation has a gradient of the same shape right below it. Each time you pass a $\sigma$,
# going left, each entry of the gradient shrinks to a quarter or less; then $\mathbf W_2^\top$ mixes the entries.
# *Compare the sizes of the two weight gradients: which layer would learn faster?*
#
# Read the seven lines of your cell once more. The last four say of layer 1 what the first three say of layer 2, but
# for one thing: where $\partial C/\partial\mathbf a$ comes from. *Would a third layer need any new expression?* If
# your answer is no, you are ready for any number of them.
#
# ## Part C · Any number of layers
#
# ### 6 · The network, in the book's letters
#
# From here on there are $K$ hidden layers, all of width $D$, between $D_i$ inputs and $D_o$ outputs. The activation is
# the rectified linear unit, and the output is a plain pre-activation, since a regression may say any number:
#
# $$ \mathbf h_0 = \mathbf x, \qquad \mathbf f_k = \boldsymbol\beta_k + \boldsymbol\Omega_k\,\mathbf h_k, \qquad
#    \mathbf h_{k+1} = \text{ReLU}[\mathbf f_k], \qquad \text{output } \mathbf f_K. $$
#
# So layer $k$ *takes* $\mathbf h_k$ and *makes* $\mathbf f_k$, for $k = 0 \dots K$: that is $K + 1$ layers, and each
# of the lists `all_weights`, `all_biases`, `all_f` and `all_h` has $K + 1$ entries. Each sample is a column now, shape
# `(D, 1)`.
#
# The next cell is yours: change the sizes and run all cells below it again. All checks must hold for any of them, for
# $K = 0$ too, where nothing is hidden. (With $K$ and $D$ of a dozen or so, small steps take some seconds; with many
# more, minutes.)

# %%
K = 4  # hidden layers
D = 6  # neurons in each of them
D_i = 3  # inputs
D_o = 2  # outputs
n_samples = 1  # one, until lab 4


# %% locked="first-network"
def first_network(K, D, D_i, D_o, n_samples, seed=4):
    """Random weights and biases, lists of K + 1 arrays, and a random input (D_i, n_samples) with its target y."""
    rng = np.random.default_rng(seed)
    widths = [D_i] + [D] * K + [D_o]
    all_weights = [rng.normal(0, np.sqrt(2 / m), (n, m)) for m, n in pairwise(widths)]
    all_biases = [rng.normal(0, 0.3, (n, 1)) for n in widths[1:]]
    return all_weights, all_biases, rng.normal(size=(D_i, n_samples)), rng.normal(size=(D_o, n_samples))


# %%
all_weights, all_biases, net_input, y = first_network(K, D, D_i, D_o, n_samples)
for k in range(K + 1):
    print(f"layer {k}:  weights {all_weights[k].shape},  biases {all_biases[k].shape}")

# %% [markdown]
# ### 7 · ReLU and its slope
#
# $$ \text{ReLU}[f] = \begin{cases} f & \text{if } f > 0 \\ 0 & \text{otherwise} \end{cases} \qquad
#    \frac{\partial\,\text{ReLU}[f]}{\partial f} = \mathbb I[f > 0]
#    = \begin{cases} 1 & \text{if } f > 0 \\ 0 & \text{otherwise} \end{cases} $$
#
# $\mathbb I$ is an *indicator*: it says whether a unit is on. (Just at $f = 0$ there is a kink and no slope. That
# hardly ever happens, and nobody will test you there.)
#
# **Your turn.** Both entry by entry, for an array of any shape.


# %% solution="relu"
def ReLU(preactivation):
    """The rectified linear unit, entry by entry. preactivation of any shape. Returns an array of that shape."""
    ### BEGIN SOLUTION
    return np.maximum(preactivation, 0)
    ### END SOLUTION


def indicator_function(x):
    """1 where x is positive, else 0, entry by entry. x of any shape. Returns an array of that shape."""
    ### BEGIN SOLUTION
    return np.where(x > 0, 1.0, 0.0)
    ### END SOLUTION


# %% test="relu" points=2
some = np.array([[-2.0, 3.0, 0.5], [0.1, -0.7, 40.0]])
yours = np.asarray(ReLU(some.copy())), np.asarray(indicator_function(some.copy()))
for name, value in zip(("ReLU", "indicator_function"), yours, strict=True):
    check(f"{name} keeps the shape", np.shape(value) == (2, 3), f"yours is {np.shape(value)}, for an array (2, 3)")
    check(f"{name} never falls below 0", value >= 0)
check("ReLU lets 3 and 40 through as they are", yours[0][0, 1] == 3 and yours[0][1, 2] == 40)
check("the slope at 3 and at 40 is the same: 1", yours[1][0, 1] == 1 and yours[1][1, 2] == 1, "how steep, not how high")
check(
    "below zero, both are 0", [value[0, 0] == 0 and value[1, 1] == 0 for value in yours], "which entries are below 0?"
)
kept = some.copy()
ReLU(kept)
check("ReLU leaves what it is given as it was", np.array_equal(kept, some), "make a new array: all_f is needed later")
check_gradient(lambda f: np.sum(ReLU(f)), at={"f": some}, yours={"f": indicator_function(some.copy())})
### BEGIN HIDDEN TESTS
import numpy as np
from autograder import checks, reference
from autograder.labs.lab3_mlp_backprop import mistakes


def cases(rng):
    """Pre-activations of both signs and of all sizes, none of them near the kink."""
    for shape, scale in (((5, 1), 1), ((3, 1), 30), ((4, 3), 1), ((2, 6), 0.01)):
        f = scale * rng.uniform(0.1, 3, size=shape) * rng.choice([-1, 1], size=shape)
        f[:2, 0] = np.sort(f[:2, 0] * [-1, 1]) if f[0, 0] * f[1, 0] > 0 else f[:2, 0]
        yield checks.cases.Case("", {"rows": shape[0], "columns": shape[1]}, {"preactivation": f})


names = "ReLU", "indicator_function"
checks.function(
    "relu",
    checks.Call(dict(zip(names, names, strict=True)), "preactivation"),
    checks.Expected(
        lambda f: (reference.activations.relu(f), reference.activations.d_relu(f)), {"ReLU": 1, "indicator_function": 1}
    ),
    cases=cases,
    section="section 7, “ReLU and its slope”",
    mistakes=mistakes.RELU,
)
### END HIDDEN TESTS

# %% [markdown]
# ### 8 · The forward pass
#
# **Predict.** `all_h` has $K + 1$ entries, `all_h[0]` is the input. Which layer's input is the last of them? And is
# the network's output in `all_h`?
#
# **Your turn.** A loop over the layers, and everything is kept. Mind the last layer: no ReLU there. And mind $K = 0$.


# %% solution="forward-pass"
def forward_pass(net_input, all_weights, all_biases):
    """The network's output, and all that was computed on the way.

    net_input (D_i, 1); all_weights[k] (D_out, D_in) and all_biases[k] (D_out, 1) of layer k = 0 … K.
    Returns net_output (D_o, 1), all_f and all_h: all_f[k] is what layer k makes, all_h[k] is what it takes.
    """
    K = len(all_weights) - 1
    ### BEGIN SOLUTION
    all_f, all_h = [], [net_input]
    for k in range(K + 1):
        all_f.append(all_weights[k] @ all_h[k] + all_biases[k])
        if k < K:
            all_h.append(ReLU(all_f[k]))
    return all_f[K], all_f, all_h
    ### END SOLUTION


# %% [markdown]
# The check tries networks whose outputs you can tell without a computer.

# %% test="forward-pass" points=4
passed = forward_pass(net_input.copy(), all_weights, all_biases)
check("three things come back", isinstance(passed, (tuple, list)) and len(passed) == 3, "net_output, all_f, all_h")
net_output, all_f, all_h = passed
check(
    f"all_f and all_h have an entry for each of {K + 1} layers", len(all_f) == len(all_h) == K + 1,
    f"yours have {len(all_f)} and {len(all_h)}: all_h holds what enters a layer, and nothing enters after the last",
)  # fmt: skip
all_f, all_h = [np.asarray(f) for f in all_f], [np.asarray(h) for h in all_h]
made, taken = [f.shape for f in all_f], [h.shape for h in all_h]
check("all_f[k] has a number for each neuron of layer k", made == [(len(w), 1) for w in all_weights], f"yours: {made}")
check("all_h[k] has one for each input of layer k", taken == [(w.shape[1], 1) for w in all_weights], f"yours: {taken}")
check("all_h[0] is the input", np.allclose(all_h[0], net_input))
check("after the input no activation is below 0", [True] + [np.min(h) >= 0 for h in all_h[1:]], "where is the ReLU?")
handed_on = [True] + [np.allclose(h[f > 0], f[f > 0]) for f, h in zip(all_f, all_h[1:], strict=False)]
check("where all_f[k] is above 0, all_h[k + 1] is the same", handed_on)
check("net_output is the last pre-activation, as it is", np.allclose(net_output, all_f[K]), "no ReLU at the output")

zeros, ones, eyes = (
    [kind(*w.shape) for w in all_weights] for kind in (lambda *s: np.zeros(s), lambda *s: np.ones(s), np.eye)
)
silent = forward_pass(net_input, zeros, all_biases)[1]
check(
    "with all weights zero, each layer makes its biases", [np.allclose(silent[k], all_biases[k]) for k in range(K + 1)]
)
no_biases = [0 * biases for biases in all_biases]
sums = forward_pass(abs(net_input), ones, no_biases)[0]
expected = np.sum(abs(net_input)) * float(D) ** K
check(
    "with all weights one, every layer adds up what enters it", np.allclose(sums, expected),
    "is there a sum over the inputs of each neuron, in every layer?",
)  # fmt: skip
straight = forward_pass(abs(net_input), eyes, no_biases)[0]
check(
    "with identity weights and no biases, a positive input passes as it is", np.isclose(straight[0], abs(net_input[0]))
)
turned = forward_pass(-abs(net_input), eyes, no_biases)[0]
check(
    "and a negative one is stopped by the first ReLU, if there is any",
    np.isclose(turned[0], 0 if K else -abs(net_input[0])),
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab3_mlp_backprop import cases, mistakes

# For submissions whose ReLU is unusable: no solution, only something bent that depends on what goes in.
STUBS = """
import numpy as np

def ReLU(preactivation):
    return preactivation / 2 + np.cos(preactivation)
"""


def _forward(net_input, all_weights, all_biases, ReLU):
    """The layers one after the other, whoever bent them."""
    all_f, all_h = [], [net_input]
    for weights, biases in zip(all_weights, all_biases, strict=True):
        all_f.append(weights @ all_h[-1] + biases)
        all_h.append(ReLU(all_f[-1]))
    return all_f[-1], all_f, all_h[:-1]


checks.function(
    "forward-pass",
    checks.Call("forward_pass", "net_input all_weights all_biases", overrides="K D D_i D_o n_samples"),
    checks.Expected(_forward, {"net_output": 1, "all_f": 1.5, "all_h": 1.5}),
    cases=cases.mlp(samples=(1,)),
    section="section 8, “The forward pass”, and the equations of section 6",
    mistakes=mistakes.FORWARD,
    carried_forward=checks.CarriedForward(functions={"ReLU": reference.activations.relu}, stubs=STUBS),
    context={"samples": "columns"},
)
### END HIDDEN TESTS

# %% [markdown]
# What each unit said, layer by layer. A cross marks a unit that is *off*: its pre-activation is negative, so ReLU
# stops it.


# %% locked="draw-units" collapsed=true
# @title A helper that draws all units of the network: run this cell once, no need to read it
def draw_units(all_f, slopes=None, title="", other=""):
    """A square for each unit, a column for each layer: its pre-activation, and beside it the slope that came back.

    A cross marks a hidden unit that is off. Of many units or layers only the colours are shown.
    """
    parts = [(all_f, title)] + ([(slopes, other)] if slopes is not None else [])
    layers = [[np.ravel(np.asarray(one, dtype=float)) for one in part] for part, _ in parts]
    off = [
        np.ravel(np.asarray(f)) <= 0 if k < len(all_f) - 1 else np.zeros(np.size(f), bool) for k, f in enumerate(all_f)
    ]
    tallest = max(map(len, layers[0]))
    wide = min(10.5 / len(parts), 0.72 * len(all_f) + 1.7)
    size = wide * len(parts), min(7, max(2.2, 0.42 * tallest + 0.9))
    _, panels = plt.subplots(1, len(parts), figsize=size, squeeze=False, layout="constrained")
    few = len(all_f) <= 8 and tallest <= 14
    for axes, columns, (_, name) in zip(panels[0], layers, parts, strict=True):
        grid = np.full((tallest, len(columns)), np.nan)
        for k, column in enumerate(columns):
            grid[: len(column), k] = column
        limit = np.nanmax(np.abs(grid)) or 1.0
        picture = axes.imshow(grid, cmap="PuOr_r", vmin=-1.6 * limit, vmax=1.6 * limit, aspect="auto")
        for k, i in ((k, i) for k, column in enumerate(columns) for i in range(len(column))):
            if off[k][i]:
                axes.plot([k - 0.45, k + 0.45], [i - 0.45, i + 0.45], color="0.4", linewidth=0.8)
                axes.plot([k - 0.45, k + 0.45], [i + 0.45, i - 0.45], color="0.4", linewidth=0.8)
            if few:
                text = f"{columns[k][i]:.2f}".replace("-", "−") if columns[k][i] else "0"
                under = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.8}
                axes.text(k, i, text, ha="center", va="center", fontsize=9, bbox=under if off[k][i] else None)
        axes.grid(False)
        axes.set(xlabel="layer $k$", ylabel="unit", title=name, yticks=[])
        axes.set_xticks(range(0, len(columns), 1 + len(columns) // 9))
        axes.title.set_fontsize(11)
        if not few:
            plt.colorbar(picture, ax=axes)
    plt.show()


# %% tags=["thumbnail"]
draw_units(all_f, title="pre-activations $f_k$, forward from left to right")

# %% [markdown]
# ### 9 · The cost of one sample, and its slope
#
# $$ \ell = \sum_{j=1}^{D_o} (f_{K,j} - y_j)^2, \qquad\qquad
#    \frac{\partial \ell}{\partial f_{K,j}} = \;? $$
#
# A plain *sum* over the outputs here, and no mean: part C divides by the number of samples only, and there is one.
#
# **Predict.** Parts A and B had a mean over the outputs. For the same network, by which factor do all gradients
# change?
#
# **Your turn.** First the cost.


# %% solution="cost"
def compute_cost(net_output, y):
    """The least-squares cost of one sample. net_output and y (D_o, 1). Returns one number."""
    ### BEGIN SOLUTION
    return np.sum((net_output - y) ** 2)
    ### END SOLUTION


# %% test="cost" points=2
right_now = np.arange(1.0, D_o + 1)[:, None] * [-2.0]  # D_o targets
check("one number comes back", np.size(compute_cost(right_now + 1, right_now)) == 1)
check("it is 0 where every output is right", np.isclose(compute_cost(right_now.copy(), right_now), 0))
off = np.zeros((D_o, 1))
off[-1] = 3.0
check("one output that is off by 3 costs 9", np.isclose(compute_cost(right_now + off, right_now), 9), "a sum, no mean")
check("below is as bad as above", np.isclose(compute_cost(right_now - off, right_now), 9))
check(
    "where all outputs are off by 3, each costs 9", np.isclose(compute_cost(right_now + 3, right_now), 9 * D_o),
    "are all outputs added up, after squaring?",
)  # fmt: skip
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab3_mlp_backprop import cases, mistakes

checks.function(
    "cost",
    checks.Call("compute_cost", "net_output y", overrides="K D D_i D_o n_samples"),
    checks.Expected(reference.costs.squared_error, {"cost": 2}),
    cases=cases.mlp(samples=(1,), networks=((4, 2), (2, 7, 4), (5, 6, 6, 1), (2, 7, 7, 5))),
    section="section 9, “The cost of one sample, and its slope”: a sum of squares over the outputs",
    mistakes=mistakes.COST,
    context={"samples": "columns"},
)
### END HIDDEN TESTS

# %% [markdown]
# **Your turn.** Now its slope, one entry for each output. The check compares it with small steps of *your* cost.


# %% solution="d-cost"
def d_cost_d_output(net_output, y):
    """How the cost changes with each output. net_output and y (D_o, 1). Returns dl_df (D_o, 1)."""
    ### BEGIN SOLUTION
    return 2 * (net_output - y)
    ### END SOLUTION


# %% test="d-cost" points=2
check_gradient(
    lambda net_output: compute_cost(net_output, right_now),
    at={"net_output": right_now + off + 1},
    yours={"net_output": d_cost_d_output(right_now + off + 1, right_now.copy())},
    outputs=D_o,
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab3_mlp_backprop import cases, mistakes

checks.function(
    "d-cost",
    checks.Call("d_cost_d_output", "net_output y", overrides="K D D_i D_o n_samples"),
    checks.Expected(reference.costs.d_squared_error, {"dl_df": 2}),
    cases=cases.mlp(samples=(1,), networks=((4, 2), (2, 7, 4), (5, 6, 6, 1), (2, 7, 7, 5))),
    section="section 9, “The cost of one sample, and its slope”: the derivative of a square",
    mistakes=mistakes.D_COST,
    context={"samples": "columns"},
)
### END HIDDEN TESTS

# %% [markdown]
# ### 10 · The backward pass
#
# Everything is there. Start at the output with $\partial\ell/\partial\mathbf f_K$, which you just wrote. Then for each
# layer $k = K, K-1, \dots, 0$:
#
# $$ \frac{\partial\ell}{\partial\boldsymbol\beta_k} = \frac{\partial\ell}{\partial\mathbf f_k}, \qquad
#    \frac{\partial\ell}{\partial\boldsymbol\Omega_k} = \frac{\partial\ell}{\partial\mathbf f_k}\,\mathbf h_k^\top, $$
#
# and, if there is a layer before layer $k$,
#
# $$ \frac{\partial\ell}{\partial\mathbf f_{k-1}} = \mathbb I[\mathbf f_{k-1} > 0] \odot
#    \Bigl(\boldsymbol\Omega_k^\top\,\frac{\partial\ell}{\partial\mathbf f_k}\Bigr). $$
#
# These are your lines from part B. $\odot$ is the product entry by entry, and $\mathbb I$ stands where the slope of
# the sigmoid stood: it passes a gradient on as it is, or not at all.
#
# **Predict.** Look at the crosses in the picture above. In which units will $\partial\ell/\partial\mathbf f_k$ be
# exactly 0?
#
# **Your turn.** The lists are made, and the first slope is filled in. Note which index each factor has, above.


# %% solution="backward-pass"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    """Gradients of the cost with respect to all parameters.

    all_weights[k] (D_out, D_in), all_biases[k] (D_out, 1), all_f[k] (D_out, 1), all_h[k] (D_in, 1), y (D_o, 1).
    Returns all_dl_dweights and all_dl_dbiases, two lists with an entry of its parameter's shape for each layer.
    """
    K = len(all_weights) - 1
    all_dl_dweights, all_dl_dbiases = [None] * (K + 1), [None] * (K + 1)
    dl_df = d_cost_d_output(all_f[K], y)
    ### BEGIN SOLUTION
    for k in range(K, -1, -1):
        all_dl_dbiases[k] = dl_df
        all_dl_dweights[k] = dl_df @ all_h[k].T
        if k > 0:
            dl_df = indicator_function(all_f[k - 1]) * (all_weights[k].T @ dl_df)
    return all_dl_dweights, all_dl_dbiases
    ### END SOLUTION


# %% [markdown]
# And now the promise about small steps, for every weight and every bias of the network. The lines come in the order in
# which you computed them: the first that isn't right is the one to look at.

# %% test="backward-pass" points=6
gradients = backward_pass(all_weights, all_biases, all_f, all_h, y)
check("two lists come back", isinstance(gradients, (tuple, list)) and len(gradients) == 2, "return both")
check(
    f"each has an entry for each of {K + 1} layers",
    [len(part) == K + 1 and all(one is not None for one in part) for part in gradients],
    "which layers does your loop visit?",
)  # fmt: skip
order = [(kind, k) for k in reversed(range(K + 1)) for kind in ("biases", "weights")]
parameters = {f"{kind}[{k}]": (all_biases if kind == "biases" else all_weights)[k] for kind, k in order}
yours = {f"{kind}[{k}]": gradients[kind == "biases"][k] for kind, k in order}


def cost_with(**changed):
    """The cost of the network with these parameters, by your forward pass and your cost."""
    weights, biases = ([changed[f"{kind}[{k}]"] for k in range(K + 1)] for kind in ("weights", "biases"))
    return compute_cost(forward_pass(net_input, weights, biases)[0], y)


check_gradient(cost_with, at=parameters, yours=yours, outputs=D_o)
at_zero = backward_pass(all_weights, all_biases, [*all_f[:-1], 0 * all_f[-1]], all_h, y)
check("an output that happens to be 0 is no obstacle", [np.isfinite(one).all() for part in at_zero for one in part])
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab3_mlp_backprop import cases, mistakes

# For students whose earlier functions lead nowhere: no solutions, only numbers of the right shapes.
STUBS = """
import numpy as np

def d_cost_d_output(net_output, y):
    return np.cos(net_output) - y / 3

def indicator_function(x):
    return 1 + np.sin(x) / 3
"""


def _backward(all_weights, all_biases, all_f, all_h, y, d_cost_d_output, indicator_function):
    """The reference's chain, whoever wrote its first factor and its slopes."""
    bent = reference.activations.Activation(reference.activations.relu, indicator_function)
    slope = d_cost_d_output(all_f[-1], y)
    layers = all_weights, all_biases, all_f, all_h
    activation = [bent] * (len(all_weights) - 1) + [reference.activations.IDENTITY]
    return reference.mlp.backward(*layers, slope, activation=activation)[:2]


# Without a hidden layer and square: where a product further on fits by chance, it can be recognised.
networks = (3, 3), (2, 7, 4), (3, 3, 3, 3, 3), (2, 7, 7, 5), (5, 6, 6, 1), (4, *20 * (10,), 2)
checks.function(
    "backward-pass",
    checks.Call("backward_pass", "all_weights all_biases all_f all_h y", overrides="K D D_i D_o n_samples"),
    checks.Expected(_backward, {"all_dl_dweights": 3, "all_dl_dbiases": 3}),
    cases=cases.mlp(samples=(1,), networks=networks),
    section="section 10, “The backward pass”: three equations a layer",
    mistakes=mistakes.BACKWARD,
    carried_forward=checks.CarriedForward(
        functions={
            "d_cost_d_output": reference.costs.d_squared_error,
            "indicator_function": reference.activations.d_relu,
        },
        stubs=STUBS,
    ),
    context={"samples": "columns"},
)
### END HIDDEN TESTS

# %% [markdown]
# The same as a picture. Each mark is one parameter of the network: to the right what small steps say of it, up what
# your backward pass says.

# %%
_, axes = plt.subplots(figsize=(4.6, 3.8), layout="constrained")
for kind, marker, size in (("weights", "o", 5), ("biases", "^", 7)):
    steps = [central_differences(cost_with, parameters, f"{kind}[{k}]").ravel() for k in range(K + 1)]
    passes = [np.ravel(yours[f"{kind}[{k}]"]) for k in range(K + 1)]
    label = f"{sum(map(len, steps))} {kind}"
    axes.plot(np.concatenate(steps), np.concatenate(passes), marker, markersize=size, alpha=0.7, label=label)
axes.axline((0, 0), slope=1, color="0.6", linewidth=1, zorder=0)
axes.set(xlabel="slope by small steps", ylabel="slope by your backward pass", title="right means: on the line")
axes.legend()
plt.show()

# %% [markdown]
# For one sample $\partial\ell/\partial\boldsymbol\beta_k$ *is* $\partial\ell/\partial\mathbf f_k$, so your list of
# bias gradients is a picture of what came back to every unit. Lay it beside the forward pass:

# %%
all_dl_dweights, all_dl_dbiases = gradients
draw_units(
    all_f, all_dl_dbiases,
    title="pre-activations $f_k$, forward: →", other=r"gradients $\partial\ell/\partial f_k$, backward: ←",
)  # fmt: skip

# %% [markdown]
# A unit that was off going forward is off going back: nothing it did moved the output, so nothing comes back to it.
# For this sample its weights and its bias won't be changed at all. (With other samples it may be on. A unit that is
# off for *all* of them learns nothing any more; people call it dead.)
#
# **Now vary it.** Go back to the cell with `K = 4` and run everything from there with other sizes: $K = 0$; $K = 1$
# with $D = 1$; $D_i = 1$ and $D_o = 5$; $K = 12$. Do all checks hold? Where one doesn't, your code relies on a number
# that happened to be right.

# %% [markdown]
# ### 11 · What one backward pass saves
#
# Small steps gave the same gradient. So why not always take them? Count multiplications. A forward pass needs one for
# each weight. Central differences need **two forward passes for each parameter**. A backward pass needs about two
# multiplications for each weight: one for $\partial\ell/\partial\mathbf f_k\,\mathbf h_k^\top$, one for
# $\boldsymbol\Omega_k^\top\,\partial\ell/\partial\mathbf f_k$.
#
# **Predict.** For a network with ten thousand weights, how many times more work are small steps? Guess a power of ten.

# %%
widths = 2 ** np.arange(1, 11)
weights_of = np.array([10 * D_h + 3 * D_h**2 + 10 * D_h for D_h in widths])  # 10 inputs, 4 hidden layers, 10 outputs
parameters_of = weights_of + 4 * widths + 10
by_steps = 2 * parameters_of * weights_of
by_passes = 3 * weights_of
fig, axes = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
axes.loglog(parameters_of, by_steps, "s-", markersize=4, label="two forward passes for each parameter")
axes.loglog(parameters_of, by_passes, "o-", markersize=4, label="one forward and one backward pass")
nearest = int(np.abs(np.log(weights_of / 1e4)).argmin())
axes.annotate(
    "", (parameters_of[nearest], by_steps[nearest]), (parameters_of[nearest], by_passes[nearest]),
    arrowprops={"arrowstyle": "<->", "color": "0.3"},
)  # fmt: skip
times = by_steps[nearest] / by_passes[nearest]
axes.annotate(
    f"{times:,.0f} times\nthe work", (parameters_of[nearest], np.sqrt(by_steps[nearest] * by_passes[nearest])), (6, -8),
    textcoords="offset points", fontsize=9,
)  # fmt: skip
axes.set(xlabel="parameters of the network", ylabel="multiplications for one gradient", title="the price of a gradient")
axes.legend()
plt.show()

# %% [markdown]
# Two lines of slope 2 and 1: the work by small steps grows with the *square* of the number of parameters. The networks
# that people talk to have billions of them. Without the backward pass nobody could train those. Small steps are for
# checking, on small networks; there they are worth their price.
#
# **Your turn, in words.** *One backward pass.* In three or four sentences: why does one backward pass give all slopes,
# where small steps need new forward passes for each parameter? And which values of the forward pass must be kept for
# it, each for which equation?

# %% [markdown] answer="one-backward-pass" points=2
# **Model answer.** All slopes are slopes of one number, the loss. So the derivatives with respect to everything behind
# a layer are summed up in one column, ∂ℓ/∂f_k, and every parameter of that layer and of all layers before it reuses
# it: each layer adds one product with Ω_kᵀ and a mask, and one outer product. Small steps answer for one parameter at
# a time: they move it, and the whole network has to be computed anew, twice. That is P times two forward passes,
# against one forward and one backward pass of about twice a forward pass's work. To be kept: the activations h_k (with
# the input), for ∂ℓ/∂Ω_k = ∂ℓ/∂f_k h_kᵀ; the pre-activations f_k, or only their signs, for the mask 𝕀[f_k > 0]; the
# output f_K, with y, for the first factor. The weights are needed too, but they are there anyway.
#
# **Rubric.** 1 point: says that what came back is shared or reused by all earlier parameters (one loss, one walk),
# while a small step serves one parameter only. ½ point: all h_k, for the weights' gradients. ½ point: f_k (or the
# signs, or the mask; h_k > 0 is as good), for the slope of ReLU. Do not ask for f_K separately.

# %% [markdown]
# ### 12 · What depth does to a gradient
#
# On its way back the gradient passes every layer: a product with $\boldsymbol\Omega_k^\top$, a mask, a product with
# $\boldsymbol\Omega_{k-1}^\top$, a mask … So does the signal on its way forward. What happens if there are many?
#
# The next cell sends a sample through networks of width 40 with $K = 2$, 8 and 20 hidden layers and back, by your own
# two functions. Their weights are random, with the standard deviation $s\sqrt{2/D}$ for three values of $s$. It draws
# the typical size of what is in each layer, on a logarithmic axis.
#
# **Predict before you run.** A mask stops about half of the units. For which $s$ of ½, 1 and 2 do the sizes stay as
# they are, whatever the depth? By which factor do the others change over 20 layers: more like 20, or like a million?


# %%
def sizes_per_layer(depth, s, width=40):
    """Typical sizes (root mean squares) of h_k and of dl_df_k for k = 0 … depth, by your functions."""
    global K, D, D_i, D_o
    kept = K, D, D_i, D_o
    K, D, D_i, D_o = depth, width, width, width  # a function of yours may read these names
    try:
        rng = np.random.default_rng(1)
        weights = [rng.normal(0, s * np.sqrt(2 / width), (width, width)) for _ in range(depth + 1)]
        biases = [np.zeros((width, 1)) for _ in weights]
        output, f, h = forward_pass(rng.normal(size=(width, 1)), weights, biases)
        # A target whose errors are all 1, so that what comes back starts at the same size for all.
        slopes = backward_pass(weights, biases, f, h, np.asarray(output) - 1)[1]
        return [[np.sqrt(np.mean(np.square(one))) for one in part] for part in (h, slopes)]
    finally:
        K, D, D_i, D_o = kept


def draw_depth(depths=(2, 8, 20), scales=(0.5, 1.0, 2.0)):
    """Sizes of activations and gradients in every layer: a column of pictures for each depth, a line for each s."""
    fig, panels = plt.subplots(
        2, len(depths), figsize=(2 + 2.9 * len(depths), 5), sharey="row", squeeze=False, layout="constrained"
    )
    for column, depth in zip(panels.T, depths, strict=True):
        for s, marker in zip(scales, ("v", "o", "^"), strict=False):
            for axes, sizes in zip(column, sizes_per_layer(depth, s), strict=True):
                axes.semilogy(sizes, marker=marker, markersize=4, linewidth=1.2, label=f"s = {s:g}")
        column[0].set(title=f"K = {depth}")
        column[1].set(xlabel="layer $k$")
        for axes in column:
            axes.set_xticks(np.unique(np.linspace(0, depth, 5).astype(int)))
    panels[0, 0].set_ylabel("size of $h_k$  (forward →)")
    panels[1, 0].set_ylabel(r"size of $\partial\ell/\partial f_k$  (← backward)")
    fig.legend(*panels[0, 0].get_legend_handles_labels(), loc="outside right center")
    plt.show()


draw_depth()

# %% [markdown]
# Straight lines on a logarithmic axis: each layer multiplies by about $s$. With $s = 1$ both directions keep their
# size. That choice, $\sqrt{2/D}$, is called *He initialisation*; the 2 makes up for the half that ReLU stops. With
# $s = \frac12$ the gradient **vanishes** before it gets to the first layers, with $s = 2$ it **explodes**. In two
# layers nobody notices, in twenty it decides whether the network learns at all.
#
# Play with it: where `ipywidgets` is installed, as in Colab, set `PLAY = True` for two sliders. Is there an $s$ that
# is fine for $K = 2$ and hopeless for $K = 40$? How exactly must $s$ be 1 if $K = 40$?

# %%
PLAY = False

try:
    from ipywidgets import interact
except ImportError:
    interact = None
if PLAY and interact:
    _ = interact(lambda depth, s: draw_depth((depth,), (s,)), depth=(0, 50), s=(0.3, 2.5, 0.05))
else:
    draw_depth((40,), (0.9, 1.0, 1.1))

# %% [markdown]
# **Your turn, in words.** *Depth.* In three or four sentences: which factors does $\partial\ell/\partial\mathbf f_0$
# consist of, and how many of them? Why does its size grow or fall like a power whose exponent is the depth, and why
# does one and the same learning rate then not suit all layers?

# %% [markdown] answer="depth" points=2
# **Model answer.** ∂ℓ/∂f_0 = 𝕀₀ ⊙ Ω₁ᵀ(𝕀₁ ⊙ Ω₂ᵀ( … Ω_Kᵀ ∂ℓ/∂f_K)): K products with a transposed weight matrix, K masks,
# and the slope of the cost. Each pair multiplies the typical size by about the same factor, here s: weights of
# variance 2s²/D, summed over D units, give 2s², and the mask stops half of them. So after K layers it is about s^K:
# 2^20 is a million, and ½^20 a millionth. A step is the learning rate times the gradient: where the gradient is a
# million times larger in one layer than in another, a rate that moves the small one makes the large one jump, and one
# that is safe for the large one leaves the small one where it is.
#
# **Rubric.** 1 point: repeated multiplication by Ω_kᵀ and by the mask (½), once for each layer, K times (½). ½ point:
# about the same factor in each layer, hence a power, hence vanishing or exploding. ½ point: steps are rate times
# gradient, so very different sizes in different layers can't all be served by one rate (also accepted: early layers
# hardly learn when it vanishes, diverge when it explodes).

# %% [markdown]
# ## What you have now
#
# - Three equations a layer, and a loop. They hold for a network of any depth and width, for any cost, and, with
#   another slope in place of $\mathbb I$, for any activation.
# - *The gradient of a weight matrix is what came back, times what came in:* a column times a row.
# - *Forward the weights, backward the transposed weights:* what fanned out comes together.
# - In lab 4 the column becomes many columns, one for each sample. Only a few of your lines will need a change. Can you
#   guess which?

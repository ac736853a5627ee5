# %% [markdown]
# # Send a whole batch through at once
#
# **You'll do** the two passes of lab 3 for many samples in one go, without a loop over them · **You'll learn** which
# lines of backpropagation mind the number of samples, and why so few do · **You'll need** your four functions of
# lab 3, and matrix products · about 60 minutes, in three parts
#
# **Samples are columns** in this notebook: column $i$ belongs to sample $i$ in every array but the weights and biases,
# which all samples share.
#
# | symbol | in code | shape |
# |---|---|---|
# | inputs $\mathbf{x}_1 \dots \mathbf{x}_I$ side by side | `net_input` | `(D_i, n_samples)` |
# | weights $\boldsymbol\Omega_k$, for $k = 0 \dots K$ | `all_weights[k]` | `(D_k+1, D_k)` |
# | biases $\boldsymbol\beta_k$ | `all_biases[k]` | `(D_k+1, 1)`: one column, whatever the number of samples |
# | pre-activations $\mathbf{f}_k$ | `all_f[k]` | `(D_k+1, n_samples)` |
# | what enters layer $k$, $\mathbf{h}_k$, with $\mathbf{h}_0 = \mathbf{x}$ | `all_h[k]` | `(D_k, n_samples)` |
# | outputs $\mathbf{f}_K$ and targets $\mathbf{y}$ | `net_output`, `y` | `(D_o, n_samples)` |
# | cost $L$, a mean over $I$ samples | `cost` | one number; $I$ is `n_samples` |
#
# The widths are $D_0 = D_i$, then $D$ for each of the $K$ hidden layers, then $D_{K+1} = D_o$. In the code `D_k+1` is
# $D_{k+1}$.
#
# Work from top to bottom. Where a cell says *your turn*, replace the line that raises: paste your function of lab 3
# over it, and change what must change. Each task has a check that can fail; when it does, read its last line first.
#
# **One rule for all four functions: no loop over samples or units**, written out or hidden in a comprehension or in
# something like `np.vectorize`. Each function has points for keeping it. Loops over *layers* are fine, because one
# layer has to wait for the one before it.

# %% locked="imports"
import time

import matplotlib.pyplot as plt
import numpy as np

# %% locked="helpers" collapsed=true
# include: autograder/diagnosis/desk.py

# %% [markdown]
# ## Part A · Forward
#
# ### 1 · One layer, five samples
#
# Here is the network, as in lab 3, and a batch of samples. All sizes are different, so that no shape is right by
# accident. Later, come back, change them, and run everything again: your functions should not mind.

# %%
K = 3  # hidden layers
D = 6  # neurons in each of them
D_i = 2  # inputs
D_o = 4  # outputs
n_samples = 5


# %% locked="network"
def ReLU(preactivation):
    """max(0, f) for each entry."""
    return np.maximum(0, preactivation)


def indicator_function(preactivation):
    """The slope of ReLU in each entry: 1 where f > 0, else 0."""
    return (preactivation > 0) * 1.0


def new_network(K, D, D_i, D_o, seed=3):
    """Weights (D_k+1, D_k) and biases (D_k+1, 1) of K hidden layers and an output layer: two lists of K + 1 arrays."""
    rng, widths = np.random.default_rng(seed), [D_i, *[D] * K, D_o]
    weights = [rng.normal(size=(widths[k + 1], widths[k])) * np.sqrt(2 / widths[k]) for k in range(K + 1)]
    return weights, [0.3 * rng.normal(size=(width, 1)) for width in widths[1:]]


def new_samples(D_i, D_o, n_samples, seed=3):
    """Inputs (D_i, n_samples) and targets (D_o, n_samples)."""
    rng = np.random.default_rng(seed)
    return rng.uniform(-2, 2, size=(D_i, n_samples)), rng.normal(size=(D_o, n_samples))


all_weights, all_biases = new_network(K, D, D_i, D_o)
net_input, y = new_samples(D_i, D_o, n_samples)

# %% locked="draw-arrays" collapsed=true
# @title A helper that draws arrays as boxes: run this cell once, no need to read it


def draw_arrays(title, *terms, repeated=0):
    """Draw arrays side by side, each a tuple of name, rows, columns, shaded rows and shaded columns; signs between.

    repeated: how many columns are drawn dotted beside an array of one column.
    """
    _, axes = plt.subplots(figsize=(8, 2.9), layout="constrained")
    left, tallest = 0.0, max(term[1] for term in terms if not isinstance(term, str))
    for term in terms:
        if isinstance(term, str):
            axes.text(left + 0.35, -tallest / 2, term, ha="center", va="center", fontsize=18)
            left += 1.2
            continue
        name, rows, columns, shaded_rows, shaded_columns = term
        top, ghosts = -(tallest - rows) / 2, repeated if columns == 1 else 0
        for row in range(rows):
            for column in range(columns + ghosts):
                style = dict(facecolor="#f2f2f2", edgecolor="0.35")
                if column >= columns:
                    style = dict(facecolor="none", edgecolor="0.7", linestyle=":")
                elif row in shaded_rows or column in shaded_columns:
                    style |= dict(facecolor="C5", hatch="//")
                axes.add_patch(plt.Rectangle((left + column, top - row - 1), 1, 1, **style))
        axes.text(left + columns / 2, 0.45, name, ha="center", va="bottom", fontsize=13)
        axes.text(left + columns / 2, -tallest - 0.3, f"({rows}, {columns})", ha="center", va="top", fontsize=11)
        left += columns + ghosts + 0.5
    axes.set(xlim=(-0.5, left), ylim=(-tallest - 1.4, 1.8), aspect="equal", title=title)
    axes.axis("off")
    plt.show()


# %% [markdown]
# One layer computes $\mathbf{f}_k = \boldsymbol\beta_k + \boldsymbol\Omega_k \mathbf{h}_k$. In lab 3, $\mathbf{h}_k$
# was one column. Now put the columns of all samples side by side. The picture shows the first layer; the shaded
# columns belong to one sample.

# %%
draw_arrays(
    "one layer, all samples: follow the shaded one",
    (r"$\Omega_0$", D, D_i, (), ()), "@", (r"$h_0$", D_i, n_samples, (), (1,)),
    "+", (r"$\beta_0$", D, 1, (), ()), "=", (r"$f_0$", D, n_samples, (), (1,)),
    repeated=n_samples - 1,
)  # fmt: skip

# %% [markdown]
# A matrix product treats each column of its right factor on its own: column $i$ of $\boldsymbol\Omega\mathbf{h}$ is
# $\boldsymbol\Omega$ times column $i$ of $\mathbf{h}$, and no other sample gets in.
#
# **Predict before you run.** The product has five columns, the bias has one. What does NumPy do with `+`, and what do
# the dotted columns in the picture stand for?
#
# This first step is done for you, in both ways: one sample after the other, and all at once.

# %%
one_by_one = np.hstack([all_weights[0] @ net_input[:, [i]] + all_biases[0] for i in range(n_samples)])
all_at_once = all_weights[0] @ net_input + all_biases[0]
print("one by one", one_by_one.shape, "   all at once", all_at_once.shape)
check("both ways give the same pre-activations", np.allclose(one_by_one, all_at_once))

# %% [markdown]
# NumPy *broadcasts*: it repeats the bias's one column for every sample, because the other axis fits. That is why the
# biases are kept as columns of shape $(D_{k+1}, 1)$, and not as flat arrays of shape $(D_{k+1},)$. A flat array counts
# as a *row*. Where there happen to be as many samples as units, nothing stops you, and the wrong axis gets it:

# %%
nothing = np.zeros((3, 3))
flat = np.array([1, 2, 3])
print("a column, one bias for each unit:", nothing + flat[:, None], sep="\n")
print("flat, one bias for each SAMPLE:", nothing + flat, sep="\n")

# %% [markdown]
# ### 2 · The forward pass
#
# $$ \mathbf{h}_0 = \mathbf{x}, \qquad \mathbf{f}_k = \boldsymbol\beta_k + \boldsymbol\Omega_k \mathbf{h}_k, \qquad
#    \mathbf{h}_{k+1} = \mathrm{ReLU}[\mathbf{f}_k] \quad (k < K), \qquad \text{output } \mathbf{f}_K. $$
#
# **Predict.** Read your function of lab 3 line by line, and beside each line write the shapes it meets with 5 samples.
# Which lines must change? Write the number down before you paste anything.
#
# **Your turn.** Take sizes from the arrays that come in, rather than from the cell with the parameters: then the
# function works for every network and every batch.


# %% solution="forward-pass"
def forward_pass(net_input, all_weights, all_biases):
    """Send all samples through the network.

    net_input (D_i, n_samples), all_weights[k] (D_k+1, D_k), all_biases[k] (D_k+1, 1), for k = 0 … K.
    Returns net_output (D_o, n_samples), the list all_f of f_0 … f_K and the list all_h of h_0 … h_K, K + 1 arrays each.
    """
    ### BEGIN SOLUTION
    all_f, all_h = [], [net_input]
    for k in range(len(all_weights)):
        all_f.append(all_biases[k] + all_weights[k] @ all_h[k])
        all_h.append(ReLU(all_f[k]))
    return all_f[-1], all_f, all_h[:-1]
    ### END SOLUTION


# %% [markdown]
# What must come out can be said in some cases without computing it. The most important one: a sample doesn't care who
# else is in the batch.

# %% test="forward-pass" points=4
forward = forward_pass(net_input.copy(), all_weights, all_biases)
check(
    "three things come back", isinstance(forward, (tuple, list)) and len(forward) == 3, "which does the docstring ask?"
)
net_output, all_f, all_h = forward
check("the outputs have a column for each sample", np.shape(net_output) == (D_o, n_samples), f"{np.shape(net_output)}")
check(
    "there is an f and an h for each layer, with a column for each sample",
    [np.shape(f) for f in all_f] == [(len(weights), n_samples) for weights in all_weights]
    and [np.shape(h) for h in all_h] == [(weights.shape[1], n_samples) for weights in all_weights],
    f"f: {[np.shape(f) for f in all_f]}, h: {[np.shape(h) for h in all_h]}",
)
for i in range(n_samples):
    alone = forward_pass(np.repeat(net_input[:, [i]], n_samples, axis=1), all_weights, all_biases)
    same = [
        np.allclose(all_f[k][:, [i]], alone[1][k]) and np.allclose(all_h[k][:, [i]], alone[2][k]) for k in range(K + 1)
    ]
    check(f"column {i} is what sample {i} gives in a batch of nothing else", same, "does something mix the samples?")
positive = np.linspace(1, 2, net_input.size).reshape(net_input.shape)
straight = [np.eye(*np.shape(weights)) for weights in all_weights]
none = [0 * biases for biases in all_biases]
first, last = np.eye(D, D_i), np.eye(D_o, D)
check(
    "with ones on the diagonal of each Ω and no bias, positive inputs pass unchanged",
    np.allclose(forward_pass(positive, straight, none)[0], last @ first @ positive),
)
check(
    "and negative ones are stopped by the first ReLU",
    np.allclose(forward_pass(-positive, straight, none)[0], -last @ first @ positive if K == 0 else 0),
    "where is ReLU, and is it on every hidden layer?",
)
stairs = [np.full((D, 1), k + 1.0) for k in range(K)] + [np.full((D_o, 1), -100.0)]
check(
    "each layer's bias arrives in every column, and the output may be negative",
    np.allclose(forward_pass(positive, straight, stairs)[0], last @ (first @ positive + sum(stairs[:-1])) + stairs[-1]),
    "is every bias there, and no ReLU after the last one?",
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab4_batching import cases, mistakes

checks.function(
    "forward-pass",
    checks.Call("forward_pass", "net_input all_weights all_biases", overrides="K D D_i D_o n_samples"),
    checks.Expected(reference.mlp.forward, {"net_output": 1, "all_f": 1, "all_h": 1}),
    cases=cases.mlp(
        networks=((2, 7, 4), (4, 2), (3, 3, 3, 3, 3), (5, 6, 6, 1), (4, *8 * (10,), 2)),
        samples=(3, 1, 8),
        groups=False,
    ),
    section="section 2, “The forward pass”: write the shape beside each line",
    mistakes=mistakes.FORWARD,
    rules=checks.CodeRules(
        style={"no loops": (1, checks.code.no_loops({"forward_pass": "net_input all_weights all_biases"}))}
    ),
    context={"samples": "columns"},
)
### END HIDDEN TESTS

# %% [markdown]
# How many lines did you have to change, and how many had you predicted?
#
# Here is everything your forward pass kept: one picture for each layer, one row for each unit, one column for each
# sample. White is near zero, and a cross marks an exact zero.

# %%
fig, panels = plt.subplots(1, K + 2, figsize=(10, 3.2), layout="constrained", squeeze=False)
shown = [*all_h, net_output]
most = max(np.abs(values).max() for values in shown)
for k, (panel, values) in enumerate(zip(panels[0], shown, strict=True)):
    image = panel.imshow(values, cmap="PuOr", vmin=-most, vmax=most, aspect="auto")
    name = "inputs $h_0$" if k == 0 else "outputs $f_K$" if k == K + 1 else f"$h_{k}$, after ReLU"
    panel.plot(*np.nonzero(np.transpose(values) == 0), "x", color="0.5", markersize=4)
    panel.set(title=name, xlabel="sample", xticks=range(n_samples), yticks=range(len(values)))
    panel.grid(False)
panels[0, 0].set_ylabel("unit")
fig.colorbar(image, ax=panels[0, -1], label="value")
plt.show()

# %% [markdown]
# *Questions about the picture.* Is there a hidden unit with a cross for every sample? What will the gradient of its
# bias be? And what could change that: other weights, or other samples?
#
# ## Part B · The cost, and backward
#
# ### 3 · The cost: a mean over samples
#
# Each sample has a loss, and the cost is the mean of the losses:
#
# $$ \ell_i = \sum_{j=1}^{D_o} (f_{ji} - y_{ji})^2, \qquad\qquad L = \frac{1}{I} \sum_{i=1}^{I} \ell_i . $$
#
# The sum over the outputs $j$ stays a sum; only the samples are averaged.
#
# **Predict.** Copy every sample of the batch, so that there are twice as many. What becomes of $L$? What would become
# of it without the $1/I$?
#
# **Your turn.** One number comes back. Take $I$ from the shape of the arrays.


# %% solution="compute-cost"
def compute_cost(net_output, y):
    """The mean of the samples' losses. net_output and y (D_o, n_samples). Returns one number."""
    ### BEGIN SOLUTION
    return np.sum((net_output - y) ** 2) / y.shape[1]
    ### END SOLUTION


# %% test="compute-cost" points=2
one_off, all_off = y.copy(), y - 5
one_off[:, 0] += 5
hit = compute_cost(y.copy(), y)
check(
    "the cost is one number", hit is not None and np.size(hit) == 1, "is a sum still to be taken, or a return missing?"
)
check("where every output hits its target, there is no cost", np.isclose(hit, 0))
check(
    "if each of D_o outputs is off by 5 in every sample, the cost is 25 D_o, however many samples there are",
    np.isclose(compute_cost(all_off.copy(), y), 25 * D_o),
    "which of the two sums is a mean?",
)
check(
    "if a single sample is off, its loss is shared by all of them",
    np.isclose(compute_cost(one_off.copy(), y), 25 * D_o / n_samples),
    "which axis runs over the samples?",
)
n_samples *= 2  # for a function that reads it
try:
    twice = compute_cost(np.hstack([one_off, one_off]), np.hstack([y, y]))
finally:
    n_samples //= 2
check(
    "with every sample there twice, the cost is what it was",
    np.isclose(twice, 25 * D_o / n_samples),
    "does the function count the samples that come in?",
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab4_batching import cases, mistakes

checks.function(
    "compute-cost",
    checks.Call("compute_cost", "net_output y", overrides="K D D_i D_o n_samples"),
    checks.Expected(reference.costs.squared_error, {"cost": 1.5}),
    cases=cases.mlp(
        networks=((2, 7, 4), (4, 2), (3, 3, 3, 3, 3), (5, 6, 6, 1)),
        samples=(3, 1, 8),
        groups=False,
    ),
    section="section 3, “The cost”: what is summed, and what is averaged",
    mistakes=mistakes.COST,
    rules=checks.CodeRules(style={"no loops": (0.5, checks.code.no_loops())}),
    context={"samples": "columns"},
)
### END HIDDEN TESTS

# %% [markdown]
# Why a mean? Let the batch grow, sample by sample, up to 64. The bars are the losses of single samples. The line is
# the cost of all samples so far, by your function.

# %%
many_inputs, many_y = new_samples(D_i, D_o, 512, seed=6)
outputs = forward_pass(many_inputs[:, :64], all_weights, all_biases)[0]
losses = ((outputs - many_y[:, :64]) ** 2).sum(axis=0)
costs = [float(np.squeeze(compute_cost(outputs[:, :n], many_y[:, :n]))) for n in range(1, 65)]
fig, axes = plt.subplots(figsize=(8, 3), layout="constrained")
_ = axes.bar(range(1, 65), losses, color="0.75", label=r"loss $\ell_i$ of sample $i$")
axes.plot(range(1, 65), costs, color="C1", linewidth=2.5, label="cost $L$ of the first $n$ samples")
axes.set(xlabel="sample $i$, or size $n$ of the batch", ylabel="loss, cost", title="a mean settles; a sum would climb")
axes.legend()
plt.show()

# %% [markdown]
# The mean settles: with ten samples or with sixty, a cost of this size means the same. A sum would double whenever the
# batch does, its slopes too, and so would every step of gradient descent. With a mean the learning rate need not shrink
# as the batch grows.
#
# (Does your line climb on and on? Then your function doesn't divide by the number of samples in the arrays.)
#
# ### 4 · The first slope backwards
#
# $$ \frac{\partial L}{\partial \mathbf{f}_K} =
#    \begin{bmatrix} \dfrac{1}{I}\dfrac{\partial \ell_1}{\partial \mathbf{f}_{K,1}} & \cdots &
#    \dfrac{1}{I}\dfrac{\partial \ell_I}{\partial \mathbf{f}_{K,I}} \end{bmatrix} $$
#
# Only the loss of sample $i$ feels the outputs of sample $i$, so every column is the slope you know from lab 3, times
# $1/I$. **This is where the mean comes in, once and for all**: everything further back is multiplied by these numbers.
#
# **Predict.** Should the samples be added up here?
#
# **Your turn.** The slopes have the shape of what they are slopes of.


# %% solution="d-cost-d-output"
def d_cost_d_output(net_output, y):
    """How the cost changes with each output of each sample. net_output and y (D_o, n_samples). Returns that shape."""
    ### BEGIN SOLUTION
    return 2 * (net_output - y) / y.shape[1]
    ### END SOLUTION


# %% [markdown]
# As always: move one number a little up and a little down, and see what your own cost does.

# %% test="d-cost-d-output" points=2
dl_df_last = d_cost_d_output(net_output.copy(), y.copy())
check(
    "there is a slope for each output of each sample",
    np.shape(dl_df_last) == (D_o, n_samples),
    f"your shape is {np.shape(dl_df_last)}",
)
check_gradient(
    lambda net_output: compute_cost(net_output.copy(), y),
    at={"net_output": net_output},
    yours={"net_output": dl_df_last},
    samples=n_samples,
    outputs=D_o,
)
n_samples *= 2  # for a function that reads it
try:
    twice = d_cost_d_output(np.hstack([net_output, net_output]), np.hstack([y, y]))
finally:
    n_samples //= 2
check(
    "with every sample there twice, each slope is half as large",
    np.allclose(2 * np.asarray(twice)[:, :n_samples], dl_df_last),
    "does the function count the samples that come in?",
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab4_batching import cases, mistakes

checks.function(
    "d-cost-d-output",
    checks.Call("d_cost_d_output", "net_output y", overrides="K D D_i D_o n_samples"),
    checks.Expected(reference.costs.d_squared_error, {"dl_df": 1.5}),
    cases=cases.mlp(
        networks=((2, 7, 4), (4, 2), (3, 3, 3, 3, 3), (5, 6, 6, 1)),
        samples=(3, 1, 8),
        groups=False,
    ),
    section="section 4, “The first slope backwards”: the slope of one loss, and what the mean does to it",
    mistakes=mistakes.D_COST,
    rules=checks.CodeRules(style={"no loops": (0.5, checks.code.no_loops())}),
    context={"samples": "columns"},
)
### END HIDDEN TESTS

# %% [markdown]
# ### 5 · Who adds up the samples?
#
# A weight is shared: every sample passes through the same $\boldsymbol\Omega_k$. So its slope collects a share from
# each sample, and the share of one sample is the outer product you know from lab 3:
#
# $$ \frac{\partial L}{\partial \boldsymbol\Omega_k}
#    = \sum_{i=1}^{I} \frac{\partial L}{\partial \mathbf{f}_{k,i}}\, \mathbf{h}_{k,i}^\top . $$
#
# A **sum**, although the cost is a mean: the $1/I$ is inside $\partial L/\partial \mathbf{f}$ already, since section 4.
#
# Look at the output layer. Each small picture is the outer product of one column of $\partial L/\partial \mathbf{f}_K$
# with the same column of $\mathbf{h}_K$; the last one is their sum.

# %%
few = min(n_samples, 5)
shares = [np.outer(np.asarray(dl_df_last)[:, i], np.asarray(all_h[K])[:, i]) for i in range(n_samples)]
fig, panels = plt.subplots(1, few + 1, figsize=(11, 2.1), layout="constrained", sharey=True)
most = max(np.abs(part).max() for part in [*shares, sum(shares)])
for i, (panel, part) in enumerate(zip(panels, [*shares[:few], sum(shares)], strict=True)):
    image = panel.imshow(part, cmap="PuOr", vmin=-most, vmax=most)
    rest = "" if few == n_samples else " + …"
    panel.set(title=f"sample {i}" if i < few else "sum", xticks=[], yticks=[])
    panel.set_xlabel(["+", "=" + rest][i == few - 1] if i < few else r"$\partial L/\partial\Omega_K$", fontsize=13)
    panel.grid(False)
panels[0].set_ylabel(f"{D_o} outputs")
fig.colorbar(image, ax=panels, label="slope")
fig.suptitle(r"the gradient of the weights is a sum of outer products, one for each sample")
plt.show()

# %% [markdown]
# Entry $(j, m)$ of that sum is $\sum_i (\partial L/\partial f_{ji})\, h_{mi}$: a row of one array times a row of the
# other, added up over the samples. A sum of products over a shared index has another name:
#
# $$ \sum_{i=1}^{I} \frac{\partial L}{\partial \mathbf{f}_{k,i}}\, \mathbf{h}_{k,i}^\top
#    = \frac{\partial L}{\partial \mathbf{f}_k}\, \mathbf{h}_k^\top . $$
#
# The matrix product adds up the samples *by itself*. The shaded sample is a column of the first factor and a row of the
# second. In the product no axis is left for the samples: they have been added up.

# %%
draw_arrays(
    "one sample is shaded; the product adds up all of them",
    (r"$\partial L/\partial f_K$", D_o, n_samples, (), (1,)), "@",
    (r"$h_K^\top$", n_samples, D, (1,), ()), "=", (r"$\partial L/\partial\Omega_K$", D_o, D, (), ()),
)  # fmt: skip

# %% [markdown]
# ### 6 · The backward pass
#
# The equations of lab 3, the last of them left open:
#
# $$ \frac{\partial L}{\partial \boldsymbol\Omega_k} = \frac{\partial L}{\partial \mathbf{f}_k}\, \mathbf{h}_k^\top,
#    \qquad
#    \frac{\partial L}{\partial \mathbf{h}_k} = \boldsymbol\Omega_k^\top \frac{\partial L}{\partial \mathbf{f}_k},
#    \qquad
#    \frac{\partial L}{\partial \mathbf{f}_{k-1}} = \mathbb{I}[\mathbf{f}_{k-1} > 0] \odot
#    \frac{\partial L}{\partial \mathbf{h}_k},
#    \qquad
#    \frac{\partial L}{\partial \boldsymbol\beta_k} = \;? $$
#
# For one sample the last one was $\partial L/\partial \mathbf{f}_k$ itself.
#
# **Predict.** Which of your lines of lab 3 need a change? The gradient of a bias has the shape of the bias: what is
# the shape of $\partial L/\partial \mathbf{f}_k$ now? Which axis has to go, and is it a case for `sum` or for `mean`?
#
# **Your turn.** The function calls your `d_cost_d_output` for the first factor.


# %% solution="backward-pass"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    """The gradient of the cost.

    all_weights[k] (D_k+1, D_k), all_biases[k] (D_k+1, 1); all_f[k] (D_k+1, n_samples) and all_h[k] (D_k, n_samples) as
    forward_pass gives them; y (D_o, n_samples).
    Returns all_dl_dweights and all_dl_dbiases, lists of K + 1 arrays in the shapes of all_weights and all_biases.
    """
    ### BEGIN SOLUTION
    all_dl_dweights, all_dl_dbiases = [], []
    dl_df = np.array(d_cost_d_output(all_f[-1], y))
    for k in reversed(range(len(all_weights))):
        all_dl_dweights.insert(0, dl_df @ all_h[k].T)
        all_dl_dbiases.insert(0, dl_df.sum(axis=1, keepdims=True))
        dl_df = indicator_function(all_f[k - 1]) * (all_weights[k].T @ dl_df) if k else None
    return all_dl_dweights, all_dl_dbiases
    ### END SOLUTION


# %% [markdown]
# Every weight and every bias of every layer moves a little up and a little down, and your cost of all samples says what
# that does. When several lines are wrong, start with the highest index: the pass begins there.


# %% test="backward-pass" points=6
def by_name(weights, biases):
    """One name for each array: weights[3], biases[3], weights[2] …, from the last layer to the first."""
    named = {}
    for k in reversed(range(len(weights))):
        named |= {f"weights[{k}]": weights[k], f"biases[{k}]": biases[k]}
    return named


def cost_for(net_input, y):
    """Your cost of these samples, as a function of all parameters."""

    def cost(**parameters):
        weights = [parameters[f"weights[{k}]"] for k in range(K + 1)]
        biases = [parameters[f"biases[{k}]"] for k in range(K + 1)]
        return compute_cost(forward_pass(net_input.copy(), weights, biases)[0], y)

    return cost


def gradient_for(net_input, y):
    """Your gradient for these samples: two lists."""
    _, all_f, all_h = forward_pass(net_input.copy(), all_weights, all_biases)
    return backward_pass(all_weights, all_biases, all_f, all_h, y.copy())


both = gradient_for(net_input, y)
check("two lists come back", isinstance(both, (tuple, list)) and len(both) == 2, "return both")
lengths = [len(part) for part in both]
check("each with an array for every layer", lengths == [K + 1, K + 1], f"their lengths are {lengths}")
cost, gradient = cost_for(net_input, y), by_name(*both)
check_gradient(
    cost,
    at=by_name(all_weights, all_biases),
    yours=gradient,
    samples=n_samples,
    outputs=D_o,
    alone=lambda: (cost_for(net_input[:, :1], y[:, :1]), by_name(*gradient_for(net_input[:, :1], y[:, :1]))),
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab4_batching import cases, mistakes

# For submissions whose d_cost_d_output is unusable: no solution, only numbers of the right shape.
_STAND_IN = """
import numpy as np

def d_cost_d_output(net_output, y):
    return np.cos(net_output) - y / 3
"""


def expected(all_weights, all_biases, all_f, all_h, y, d_cost_d_output):
    slope = d_cost_d_output(all_f[-1], y)
    return reference.mlp.backward(all_weights, all_biases, all_f, all_h, slope)[:2]


checks.function(
    "backward-pass",
    checks.Call("backward_pass", "all_weights all_biases all_f all_h y", overrides="K D D_i D_o n_samples"),
    checks.Expected(expected, {"all_dl_dweights": 2, "all_dl_dbiases": 3}),
    cases=cases.mlp(
        networks=((2, 7, 4), (4, 2), (3, 3, 3, 3, 3), (2, 7, 7, 5), (4, *8 * (10,), 2)),
        samples=(3, 1, 8),
        groups=False,
    ),
    section="section 6, “The backward pass”: which shape has each gradient, and who adds up the samples",
    mistakes=mistakes.BACKWARD,
    carried_forward=checks.CarriedForward(
        functions={"d_cost_d_output": reference.costs.d_squared_error}, stubs=_STAND_IN
    ),
    rules=checks.CodeRules(
        style={"no loops": (1, checks.code.no_loops({"backward_pass": "all_weights all_biases all_f all_h y"}))}
    ),
    context={"samples": "columns"},
)
### END HIDDEN TESTS

# %%
differences = {name: central_differences(cost, by_name(all_weights, all_biases), name) for name in gradient}
fig, panels = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained")
for panel, kind in zip(panels, ("weights", "biases"), strict=True):
    for k in range(K + 1):
        slopes, yours = differences[f"{kind}[{k}]"], gradient[f"{kind}[{k}]"]
        panel.plot(np.ravel(slopes), np.ravel(yours), "osD^vP"[k % 6], alpha=0.7, label=f"layer {k}")
    panel.axline((0, 0), slope=1, color="0.6", linewidth=1, zorder=0)
    panel.set(xlabel="slope by small steps of the cost", title=f"slopes of all {kind}")
panels[0].set_ylabel("your gradient")
panels[0].legend()
plt.show()

# %% [markdown]
# Each mark is one parameter; right means on the line. A mark at the very centre is a slope of exactly zero. On the
# right it is the bias of a unit that no sample woke up: did you find that unit in the picture of section 2?
#
# That was it. Change `n_samples` to 1 and to 12 in the cell with the parameters, and `K` to 0, and run everything
# again: it should still hold.
#
# ## Part C · What a batch is good for
#
# ### 7 · What a batch does to a gradient
#
# Take 24 samples, one at a time, and draw the gradient of each as an arrow. Of its many entries we take two that fit on
# paper: the slopes in two weights of the output layer.
#
# **Predict before you run.** Do the arrows agree on a direction? Where is the gradient of the batch of all 24?


# %% tags=["thumbnail"]
def gradient_of(columns):
    """Your gradient of the weights of the output layer, for these columns of the 512 samples."""
    x, t = many_inputs[:, columns], many_y[:, columns]
    _, all_f, all_h = forward_pass(x, all_weights, all_biases)
    return np.asarray(backward_pass(all_weights, all_biases, all_f, all_h, t)[0][K])


largest = np.argsort(-np.abs(gradient_of(range(512))).ravel())[:2]


def two_slopes(columns):
    """The two slopes that are largest for all samples, for these columns."""
    return gradient_of(columns).ravel()[largest]


single = np.array([two_slopes([i]) for i in range(24)])
batch = two_slopes(range(24))
fig, axes = plt.subplots(figsize=(5.6, 4.2), layout="constrained")
for number, arrow in enumerate(single):
    label = dict(label="one sample") if number == 0 else {}
    axes.plot([0, arrow[0]], [0, arrow[1]], "-o", color="0.65", linewidth=1, markersize=3, **label)
axes.plot([0, batch[0]], [0, batch[1]], "-s", color="C1", linewidth=3, label="the batch of all 24")
axes.plot(*single.mean(axis=0), "x", color="black", markersize=13, markeredgewidth=2, label="mean of the 24")
axes.set(xlabel="slope in one weight", ylabel="slope in another", title="24 gradients, and that of the batch")
axes.legend()
plt.show()

# %% [markdown]
# The samples disagree, some even point the other way. The batch has the mean of them all, exactly: slopes of a mean are
# means of slopes. (Does your square miss the cross? Then a $1/I$ comes in twice, or never, or with another $I$.)
#
# In training one doesn't use all samples for a step, but a *mini-batch* drawn at random: its gradient is a guess at
# that of all samples.
#
# **Predict before you run.** Batches of 4 give some scatter. How large must a batch be for half of that scatter?


# %%
def scatter(n, tries=150):
    """How far the gradients of random batches of n samples are from that of all, relative to its length."""
    rng, whole = np.random.default_rng(n), gradient_of(range(512))
    off = [np.linalg.norm(gradient_of(rng.integers(512, size=n)) - whole) for _ in range(tries)]
    return np.sqrt(np.mean(np.square(off))) / np.linalg.norm(whole)


sizes = np.array([1, 2, 4, 8, 16, 32, 64])
measured = np.array([scatter(n) for n in sizes])
line = np.mean(measured * np.sqrt(sizes)) / np.sqrt(sizes)
fig, axes = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
axes.loglog(sizes, measured, "o", label="your gradients of random batches")
axes.loglog(sizes, line, "--", color="0.4", label=r"a multiple of $1/\sqrt{n}$")
axes.set(xlabel="samples in a batch, $n$", ylabel="typical distance, relative", title="the noise of a mini-batch")
axes.set_xticks(sizes, [str(n) for n in sizes])
axes.set_yticks([0.25, 0.5, 1, 2], ["¼", "½", "1", "2"])
axes.minorticks_off()
axes.legend()
plt.show()

# %% [markdown]
# Four times the samples for half the noise. That is a bad bargain for accuracy, and the reason why mini-batches are
# small. Play with it: every dot below is the gradient of one random batch, the cross is that of all 512 samples. Where
# `ipywidgets` is installed, as in Colab, `PLAY = True` gives you a slider in place of three pictures.

# %%
PLAY = False
all_single = np.array([two_slopes([i]) for i in range(512)])


def show_batches(*batch_sizes):
    """Gradients of 100 random batches of each size, two slopes of each."""
    many = len(batch_sizes)
    _, panels = plt.subplots(1, many, figsize=(1 + 3 * many, 3.2), sharey=True, squeeze=False, layout="constrained")
    for panel, n in zip(panels[0], batch_sizes, strict=True):
        rng = np.random.default_rng(n)
        dots = np.array([two_slopes(rng.integers(512, size=n)) for _ in range(100)])
        panel.plot(*dots.T, "o", markersize=3.5, alpha=0.6)
        panel.plot(*two_slopes(range(512)), "x", color="black", markersize=11, markeredgewidth=2)
        panel.set(title="single samples" if n == 1 else f"batches of {n}", xlabel="slope in one weight")
        low, high = all_single.min(axis=0), all_single.max(axis=0)
        panel.set(xlim=(low[0] - 0.3, high[0] + 0.3), ylim=(low[1] - 0.3, high[1] + 0.3))
    panels[0, 0].set_ylabel("slope in another")
    plt.show()


try:
    from ipywidgets import interact
except ImportError:
    interact = None
if PLAY and interact:
    _ = interact(lambda n: show_batches(n), n=(1, 128))
else:
    show_batches(1, 8, 64)

# %% [markdown]
# ### 8 · What a batch does to the clock
#
# **Predict before you run.** Your passes for $n$ samples at once, or called $n$ times for one sample each: the numbers
# that are multiplied are the same. Is the time, too?


# %%
def microseconds(batches, tries=5):
    """How long both passes take for these batches, one after the other: for each sample, in the best of some tries."""
    best = np.inf
    for _ in range(tries):
        begun = time.perf_counter()
        for columns in batches:
            gradient_of(columns)
        best = min(best, time.perf_counter() - begun)
    return 1e6 * best / sum(map(len, batches))


sizes = [1, 4, 16, 64, 256]
at_once = [microseconds([range(n)]) for n in sizes]
in_a_loop = [microseconds([[i] for i in range(n)]) for n in sizes]
fig, axes = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
axes.loglog(sizes, in_a_loop, "s--", color="C1", label="a loop over the samples")
axes.loglog(sizes, at_once, "o-", label="all at once")
axes.set(xlabel="samples in a batch", ylabel="microseconds for each sample", title="both passes, on your machine")
axes.set_xticks(sizes, [str(n) for n in sizes])
axes.minorticks_off()
axes.legend()
plt.show()

# %% [markdown]
# A call of Python costs about the same for one column as for a hundred, and the multiplying itself is hardly felt in so
# small a network. That is why nobody loops over samples.

# %% [markdown]
# ### 9 · Say what changed
#
# **Your turn, in words.** Compare your two passes with those of lab 3, line by line.
#
# - Which lines of `forward_pass` and `backward_pass` had to change for several samples, and which did not?
# - For those that did not: *why* do they do the right thing all the same? Name what each of these does with the
#   samples: adding the bias, ReLU and its mask, $\partial L/\partial\mathbf{f}_k\, \mathbf{h}_k^\top$.
# - Where does the $1/I$ come in, and why must neither gradient in `backward_pass` be averaged again?

# %% [markdown] answer="which-lines-change" points=3
# **Which (1 point).** In `forward_pass` none, given biases kept as columns. In `backward_pass` one: the gradient of the
# bias, now a sum over the samples, `np.sum(…, axis=1, keepdims=True)`. (Outside of the two passes the cost and its
# derivative get their 1/I. Full marks too for a lab 3 answer in which more had to change, such as an `np.outer` or a
# flat bias, if it says why.) Half a point if one of the two passes is right.
#
# **Why the others need none (1 point).** Each column is a sample, and a product Ωh or Ωᵀ ∂L/∂f treats each column on
# its own; the bias's single column is broadcast over the samples; ReLU and its mask act entry by entry; in ∂L/∂f hᵀ the
# samples are the inner axis, so the product adds up the I outer products by itself. Half a point for two of the four
# (columns on their own, broadcast, entry by entry, sum in the product); the sum in the product must be among them for
# the full point.
#
# **The mean (1 point: ½ where, ½ why not again).** 1/I comes in with the first factor, ∂L/∂f_K, the slope of a mean of
# losses. The chain is linear in that factor, so everything further back carries 1/I already; averaging a bias or a
# weight again would divide by I twice. A parameter is shared by all samples, so its slope is the *sum* of their shares.

# %% [markdown]
# ### 10 · A fingerprint to take along
#
# The next notebook turns everything round: samples become rows. Its gradients must be these, transposed, and
# transposing changes neither the length of a gradient (the root of the sum of its squares) nor the sum of its entries.
# So keep this table.

# %%
_, all_f, all_h = forward_pass(net_input, all_weights, all_biases)
gradients = backward_pass(all_weights, all_biases, all_f, all_h, y)
print("layer   weights: length     sum    biases: length     sum")
for k, (dl_dweights, dl_dbiases) in enumerate(zip(*gradients, strict=True)):
    lengths = np.linalg.norm(dl_dweights), np.linalg.norm(dl_dbiases)
    print(f"{k:5}   {lengths[0]:15.3f} {np.sum(dl_dweights):7.3f} {lengths[1]:17.3f} {np.sum(dl_dbiases):7.3f}")

# %% [markdown]
# **What you take along.** A sample is a column, and a column minds its own business in every line but those that belong
# to shared parameters. There the samples are *summed*: inside the matrix product for the weights, by hand for the
# biases. The mean is taken once, at the very end of the way forward.

# %% [markdown]
# # Turn the batch on its side
#
# **You'll do** the same two passes once more, with samples as rows · **You'll learn** how to transpose an equation
# without thinking twice, and how other courses place the $1/I$ · **You'll need** your four functions of the first
# notebook of this lab · about 40 minutes, in two parts
#
# **Samples are rows** in this notebook: row $i$ belongs to sample $i$ in every array but the weights and biases. Data
# tables come that way (so did lab 1's), and most libraries want it so.
#
# Work from top to bottom. Where a cell says *your turn*, replace the line that raises. Each task has a check that can
# fail; when it does, read its last line first. The rule is the same as before: **no loop over samples or units**,
# loops over layers are fine, and each function has points for it.

# %% locked="imports"
import matplotlib.pyplot as plt
import numpy as np

# %% locked="helpers" collapsed=true
# include: autograder/diagnosis/desk.py

# %% [markdown]
# ## Part A · Forward
#
# ### 1 · Transpose the table
#
# Here are the network and the batch of the first notebook, with every array transposed: weights and biases, too.

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
    """Weights (D_k, D_k+1) and biases (1, D_k+1) of K hidden layers and an output layer: two lists of K + 1 arrays."""
    rng, widths = np.random.default_rng(seed), [D_i, *[D] * K, D_o]
    weights = [rng.normal(size=(widths[k + 1], widths[k])) * np.sqrt(2 / widths[k]) for k in range(K + 1)]
    return [omega.T.copy() for omega in weights], [0.3 * rng.normal(size=(1, width)) for width in widths[1:]]


def new_samples(D_i, D_o, n_samples, seed=3):
    """Inputs (n_samples, D_i) and targets (n_samples, D_o)."""
    rng = np.random.default_rng(seed)
    return rng.uniform(-2, 2, size=(D_i, n_samples)).T.copy(), rng.normal(size=(D_o, n_samples)).T.copy()


all_weights, all_biases = new_network(K, D, D_i, D_o)
net_input, y = new_samples(D_i, D_o, n_samples)
print("net_input", net_input.shape, "  y", y.shape)
for k in range(K + 1):
    print(f"layer {k}: weights {all_weights[k].shape}, biases {all_biases[k].shape}")

# %% [markdown]
# The transpose of a product is the product of the transposes *in the opposite order*: $(\mathbf{A}\mathbf{B})^\top =
# \mathbf{B}^\top \mathbf{A}^\top$. Sums, ReLU and $\odot$ don't mind being transposed. That is all there is to know.
#
# **Your turn, on this very cell.** Double-click it and replace each question mark. The first row is done. (Nobody
# grades the table. You'll need it four times.)
#
# | what | samples as columns | samples as rows |
# |---|---|---|
# | inputs of layer $k$ | $\mathbf{h}_k$ is $(D_k, I)$ | $\mathbf{h}_k$ is $(I, D_k)$ |
# | weights | $\boldsymbol\Omega_k$ is $(D_{k+1}, D_k)$ | ? |
# | biases | $\boldsymbol\beta_k$ is $(D_{k+1}, 1)$ | ? |
# | pre-activations | $\mathbf{f}_k = \boldsymbol\beta_k + \boldsymbol\Omega_k \mathbf{h}_k$ | ? |
# | back through the weights | $\boldsymbol\Omega_k^\top\, \partial L/\partial\mathbf{f}_k$ | ? |
# | gradient of the weights | $\partial L/\partial\mathbf{f}_k\, \mathbf{h}_k^\top$ | ? |
# | gradient of the biases | sum over axis 1 | ? |
# | number of samples $I$ | `y.shape[1]` | ? |

# %% locked="draw-arrays" collapsed=true
# @title A helper that draws arrays as boxes: run this cell once, no need to read it


def draw_arrays(title, *terms, repeated=0):
    """Draw arrays side by side, each a tuple of name, rows, columns, shaded rows and shaded columns; signs between.

    repeated: how many rows are drawn dotted below an array of one row.
    """
    _, axes = plt.subplots(figsize=(8, 2.9), layout="constrained")
    left, tallest = 0.0, max(term[1] for term in terms if not isinstance(term, str))
    for term in terms:
        if isinstance(term, str):
            axes.text(left + 0.35, -tallest / 2, term, ha="center", va="center", fontsize=18)
            left += 1.2
            continue
        name, rows, columns, shaded_rows, shaded_columns = term
        ghosts = repeated if rows == 1 else 0
        top = -(tallest - rows - ghosts) / 2
        for row in range(rows + ghosts):
            for column in range(columns):
                style = dict(facecolor="#f2f2f2", edgecolor="0.35")
                if row >= rows:
                    style = dict(facecolor="none", edgecolor="0.7", linestyle=":")
                elif row in shaded_rows or column in shaded_columns:
                    style |= dict(facecolor="C5", hatch="//")
                axes.add_patch(plt.Rectangle((left + column, top - row - 1), 1, 1, **style))
        axes.text(left + columns / 2, 0.45, name, ha="center", va="bottom", fontsize=13)
        axes.text(left + columns / 2, -tallest - 0.3, f"({rows}, {columns})", ha="center", va="top", fontsize=11)
        left += columns + 0.5
    axes.set(xlim=(-0.5, left), ylim=(-tallest - 1.4, 1.8), aspect="equal", title=title)
    axes.axis("off")
    plt.show()


# %% [markdown]
# ### 2 · The forward pass
#
# **Predict before you run.** In the first notebook one layer was drawn as $(6, 2)\,@\,(2, 5) + (6, 1) = (6, 5)$. What
# are the four pairs of numbers now, and in which order?

# %%
draw_arrays(
    "one layer, all samples: follow the shaded one",
    (r"$h_0$", n_samples, D_i, (1,), ()), "@", (r"$\Omega_0$", D_i, D, (), ()),
    "+", (r"$\beta_0$", 1, D, (), ()), "=", (r"$f_0$", n_samples, D, (1,), ()),
    repeated=n_samples - 1,
)  # fmt: skip

# %% [markdown]
# This time it is a *row* of the left factor that minds its own business, and the bias is one row, broadcast down.
#
# **Your turn.** Paste your function and turn what must be turned.


# %% solution="forward-pass"
def forward_pass(net_input, all_weights, all_biases):
    """Send all samples through the network.

    net_input (n_samples, D_i), all_weights[k] (D_k, D_k+1), all_biases[k] (1, D_k+1), for k = 0 … K.
    Returns net_output (n_samples, D_o), the list all_f of f_0 … f_K and the list all_h of h_0 … h_K, K + 1 arrays each.
    """
    ### BEGIN SOLUTION
    all_f, all_h = [], [net_input]
    for k in range(len(all_weights)):
        all_f.append(all_h[k] @ all_weights[k] + all_biases[k])
        all_h.append(ReLU(all_f[k]))
    return all_f[-1], all_f, all_h[:-1]
    ### END SOLUTION


# %% test="forward-pass" points=3
forward = forward_pass(net_input.copy(), all_weights, all_biases)
check(
    "three things come back", isinstance(forward, (tuple, list)) and len(forward) == 3, "which does the docstring ask?"
)
net_output, all_f, all_h = forward
check("the outputs have a row for each sample", np.shape(net_output) == (n_samples, D_o), f"{np.shape(net_output)}")
check(
    "there is an f and an h for each layer, with a row for each sample",
    [np.shape(f) for f in all_f] == [(n_samples, weights.shape[1]) for weights in all_weights]
    and [np.shape(h) for h in all_h] == [(n_samples, len(weights)) for weights in all_weights],
    f"f: {[np.shape(f) for f in all_f]}, h: {[np.shape(h) for h in all_h]}",
)
for i in range(n_samples):
    alone = forward_pass(np.repeat(net_input[[i]], n_samples, axis=0), all_weights, all_biases)
    same = [np.allclose(all_f[k][[i]], alone[1][k]) and np.allclose(all_h[k][[i]], alone[2][k]) for k in range(K + 1)]
    check(f"row {i} is what sample {i} gives in a batch of nothing else", same, "does something mix the samples?")
positive = np.linspace(1, 2, net_input.size).reshape(net_input.shape)
straight = [np.eye(*np.shape(weights)) for weights in all_weights]
first, last = np.eye(D_i, D), np.eye(D, D_o)
stairs = [np.full((1, D), k + 1.0) for k in range(K)] + [np.full((1, D_o), -100.0)]
check(
    "with ones on the diagonal of each Ω, positive inputs come out plus the biases of all layers, negative or not",
    np.allclose(forward_pass(positive, straight, stairs)[0], (positive @ first + sum(stairs[:-1])) @ last + stairs[-1]),
    "is every bias there, and no ReLU after the last one?",
)
none = [0 * biases for biases in all_biases]
check(
    "without biases negative inputs are stopped by the first ReLU",
    np.allclose(forward_pass(-positive, straight, none)[0], -positive @ first @ last if K == 0 else 0),
    "where is ReLU, and is it on every hidden layer?",
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab4_batching import cases, mistakes

checks.function(
    "forward-pass",
    checks.Call("forward_pass", "net_input all_weights all_biases", overrides="K D D_i D_o n_samples"),
    checks.Expected(
        lambda x, weights, biases: reference.mlp.forward(x, weights, biases, samples="rows"),
        {"net_output": 0.5, "all_f": 1, "all_h": 1},
    ),
    cases=cases.mlp(
        networks=((2, 7, 4), (4, 2), (3, 3, 3, 3, 3), (5, 6, 6, 1), (4, *8 * (10,), 2)),
        samples=(3, 1, 8),
        samples_as="rows",
        groups=False,
    ),
    section="section 2, “The forward pass”: which factor stands on the left now",
    mistakes=mistakes.FORWARD,
    rules=checks.CodeRules(
        style={"no loops": (0.5, checks.code.no_loops({"forward_pass": "net_input all_weights all_biases"}))}
    ),
    context={"samples": "rows"},
)
### END HIDDEN TESTS

# %% [markdown]
# Here a flat bias of shape $(D_{k+1},)$ would have done as well, because a flat array counts as a row. *Why was that
# not so in the first notebook?* Rows are kinder in this, and many courses keep their biases flat.
#
# ### 3 · The cost, and its first slope
#
# $$ L = \frac{1}{I} \sum_{i=1}^{I} \sum_{j=1}^{D_o} (f_{ij} - y_{ij})^2 $$
#
# **Predict.** Of your two functions, which characters must change? There are not many.
#
# **Your turn**, twice.


# %% solution="compute-cost"
def compute_cost(net_output, y):
    """The mean of the samples' losses. net_output and y (n_samples, D_o). Returns one number."""
    ### BEGIN SOLUTION
    return np.sum((net_output - y) ** 2) / y.shape[0]
    ### END SOLUTION


# %% test="compute-cost" points=1
one_off = y.copy()
one_off[0] += 5
hit = compute_cost(y.copy(), y)
check(
    "the cost is one number", hit is not None and np.size(hit) == 1, "is a sum still to be taken, or a return missing?"
)
check("where every output hits its target, there is no cost", np.isclose(hit, 0))
check(
    "if each of D_o outputs is off by 5 in every sample, the cost is 25 D_o, however many samples there are",
    np.isclose(compute_cost(y - 5, y), 25 * D_o),
    "which of the two sums is a mean?",
)
check(
    "if a single sample is off, its loss is shared by all of them",
    np.isclose(compute_cost(one_off.copy(), y), 25 * D_o / n_samples),
    "which axis runs over the samples now?",
)
n_samples *= 2  # for a function that reads it
try:
    twice = compute_cost(np.vstack([one_off, one_off]), np.vstack([y, y]))
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
    checks.Expected(lambda net_output, y: reference.costs.squared_error(net_output, y, samples="rows"), {"cost": 0.75}),
    cases=cases.mlp(
        networks=((2, 7, 4), (4, 2), (3, 3, 3, 3, 3), (5, 6, 6, 1)),
        samples=(3, 1, 8),
        samples_as="rows",
        groups=False,
    ),
    section="section 3, “The cost, and its first slope”: what is summed, and what is averaged",
    mistakes=mistakes.COST,
    rules=checks.CodeRules(style={"no loops": (0.25, checks.code.no_loops())}),
    context={"samples": "rows"},
)
### END HIDDEN TESTS


# %% solution="d-cost-d-output"
def d_cost_d_output(net_output, y):
    """How the cost changes with each output of each sample. net_output and y (n_samples, D_o). Returns that shape."""
    ### BEGIN SOLUTION
    return 2 * (net_output - y) / y.shape[0]
    ### END SOLUTION


# %% test="d-cost-d-output" points=1
check_gradient(
    lambda net_output: compute_cost(net_output.copy(), y),
    at={"net_output": net_output},
    yours={"net_output": d_cost_d_output(net_output.copy(), y.copy())},
    samples=n_samples,
    outputs=D_o,
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab4_batching import cases, mistakes

checks.function(
    "d-cost-d-output",
    checks.Call("d_cost_d_output", "net_output y", overrides="K D D_i D_o n_samples"),
    checks.Expected(
        lambda net_output, y: reference.costs.d_squared_error(net_output, y, samples="rows"), {"dl_df": 0.75}
    ),
    cases=cases.mlp(
        networks=((2, 7, 4), (4, 2), (3, 3, 3, 3, 3), (5, 6, 6, 1)),
        samples=(3, 1, 8),
        samples_as="rows",
        groups=False,
    ),
    section="section 3, “The cost, and its first slope”: the slope of one loss, and what the mean does to it",
    mistakes=mistakes.D_COST,
    rules=checks.CodeRules(style={"no loops": (0.25, checks.code.no_loops())}),
    context={"samples": "rows"},
)
### END HIDDEN TESTS

# %% [markdown]
# ## Part B · Backward
#
# ### 4 · The backward pass
#
# In the first notebook the samples were the inner axis of $\partial L/\partial\mathbf{f}_k\, \mathbf{h}_k^\top$, so the
# product added them up. Which of the two factors must be transposed now, so that they are the inner axis again? Write
# the two shapes down first; there is only one way that fits.
#
# **Your turn.** The gradients have the shapes of what they are gradients of. (For a bias, $(1, D_{k+1})$ or flat.)


# %% solution="backward-pass"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    """The gradient of the cost.

    all_weights[k] (D_k, D_k+1), all_biases[k] (1, D_k+1); all_f[k] (n_samples, D_k+1) and all_h[k] (n_samples, D_k) as
    forward_pass gives them; y (n_samples, D_o).
    Returns all_dl_dweights and all_dl_dbiases, lists of K + 1 arrays in the shapes of all_weights and all_biases.
    """
    ### BEGIN SOLUTION
    all_dl_dweights, all_dl_dbiases = [], []
    dl_df = np.array(d_cost_d_output(all_f[-1], y))
    for k in reversed(range(len(all_weights))):
        all_dl_dweights.insert(0, all_h[k].T @ dl_df)
        all_dl_dbiases.insert(0, dl_df.sum(axis=0, keepdims=True))
        dl_df = indicator_function(all_f[k - 1]) * (dl_df @ all_weights[k].T) if k else None
    return all_dl_dweights, all_dl_dbiases
    ### END SOLUTION


# %% test="backward-pass" points=4
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


def stood_up(biases):
    """Flat gradients of biases as rows: beside rows both are fine."""
    return [np.reshape(bias, (1, -1)) if np.ndim(bias) == 1 else bias for bias in biases]


both = gradient_for(net_input, y)
check("two lists come back", isinstance(both, (tuple, list)) and len(both) == 2, "return both")
lengths = [len(part) for part in both]
check("each with an array for every layer", lengths == [K + 1, K + 1], f"their lengths are {lengths}")
cost, gradient = cost_for(net_input, y), by_name(both[0], stood_up(both[1]))
check_gradient(
    cost,
    at=by_name(all_weights, all_biases),
    yours=gradient,
    samples=n_samples,
    outputs=D_o,
    alone=lambda: (cost_for(net_input[:1], y[:1]), by_name(*map(stood_up, gradient_for(net_input[:1], y[:1])))),
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
    weights, biases, _ = reference.mlp.backward(all_weights, all_biases, all_f, all_h, slope, samples="rows")
    return weights, checks.one_of(biases, [bias[0] for bias in biases])


checks.function(
    "backward-pass",
    checks.Call("backward_pass", "all_weights all_biases all_f all_h y", overrides="K D D_i D_o n_samples"),
    checks.Expected(expected, {"all_dl_dweights": 1.5, "all_dl_dbiases": 1.5}),
    cases=cases.mlp(
        networks=((2, 7, 4), (4, 2), (3, 3, 3, 3, 3), (2, 7, 7, 5), (4, *8 * (10,), 2)),
        samples=(3, 1, 8),
        samples_as="rows",
        groups=False,
    ),
    section="section 4, “The backward pass”: the samples must be the inner axis of the product",
    mistakes=mistakes.BACKWARD,
    carried_forward=checks.CarriedForward(
        functions={"d_cost_d_output": lambda f, y: reference.costs.d_squared_error(f, y, samples="rows")},
        stubs=_STAND_IN,
    ),
    rules=checks.CodeRules(
        style={"no loops": (1, checks.code.no_loops({"backward_pass": "all_weights all_biases all_f all_h y"}))}
    ),
    context={"samples": "rows"},
)
### END HIDDEN TESTS

# %% [markdown]
# Small steps agree. Do the two notebooks agree, too? Here are the gradients of all weights in this one, and below them
# what the first notebook would draw: the same, with rows and columns changed over.

# %%
_, all_f, all_h = forward_pass(net_input, all_weights, all_biases)
weights_and_biases = backward_pass(all_weights, all_biases, all_f, all_h, y)
gradients = [[np.atleast_2d(slopes) for slopes in part] for part in weights_and_biases]
most = max(np.abs(slopes).max() for part in gradients for slopes in part)
fig, panels = plt.subplots(2, K + 1, figsize=(9, 4.4), layout="constrained", squeeze=False)
for k, pair in enumerate(panels.T):
    for panel, slopes in zip(pair, (gradients[0][k], gradients[0][k].T), strict=True):
        image = panel.imshow(slopes, cmap="PuOr", vmin=-most, vmax=most)
        panel.set(title=rf"$\partial L/\partial\Omega_{k}$", xticks=[], yticks=[])
        panel.set(xlabel=f"{slopes.shape[0]} × {slopes.shape[1]}", anchor="C")
        panel.grid(False)
for height, text in ((0.74, "samples as rows"), (0.26, "samples as columns")):
    fig.text(-0.01, height, text, rotation=90, ha="right", va="center", fontsize=11)
fig.colorbar(image, ax=panels, label="slope")
plt.show()

# %% [markdown]
# The first notebook ended with a fingerprint of its gradients: their lengths, and the sums of their entries.
# Transposing changes neither. So your numbers here must be those that your notebook printed there.

# %% locked="fingerprint"
from_columns = """
0   1.797   1.503   2.031  -1.308
1   5.997  -0.296   1.827   0.214
2   5.664  13.568   1.637   2.890
3   3.569   0.828   1.765  -0.067
"""

# %%
print("layer   weights: length     sum    biases: length     sum")
mine = []
for k, (dl_dweights, dl_dbiases) in enumerate(zip(*gradients, strict=True)):
    both = dl_dweights, dl_dbiases
    mine.append([k] + [round(float(number), 3) for slopes in both for number in (np.linalg.norm(slopes), slopes.sum())])
    print("{:5}   {:15.3f} {:7.3f} {:17.3f} {:7.3f}".format(*mine[-1]))
if (K, D, D_i, D_o, n_samples) == (3, 6, 2, 4, 5):
    theirs = [[float(number) for number in line.split()] for line in from_columns.strip().splitlines()]
    check("columns and rows give the same gradients, transposed", np.allclose(mine, theirs, atol=2e-3))
else:
    print("Compare with the first notebook after giving it these sizes, too.")

# %% [markdown]
# ### 5 · Where other courses put their $1/I$
#
# Rows are what you will meet elsewhere. But look twice at the cost before you compare gradients. Three costs are in use
# for $I$ samples of $D_o$ outputs:
#
# | cost | found in |
# |---|---|
# | $\frac{1}{I} \sum (f - y)^2$: mean over samples | this course |
# | $\frac{1}{2I} \sum (f - y)^2$: the same with a ½, and the 2 of the square goes away | Giardina's slides on batches |
# | $\frac{1}{I D_o} \sum (f - y)^2$: mean over samples *and* outputs, as `np.mean` has it | Oslo's batch exercise |
#
# **Predict before you run.** Four outputs. Draw the slopes of the other two costs, found by small steps, over your own
# gradient. What will you see, and how steep?

# %% tags=["thumbnail"]
batch_costs = {
    "this course": lambda f: np.sum((f - y) ** 2) / n_samples,
    "with a ½": lambda f: np.sum((f - y) ** 2) / (2 * n_samples),
    "mean over outputs, too": lambda f: np.mean((f - y) ** 2),
}
first_layer = {"omega": all_weights[0]}
fig, axes = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
for (name, cost_of), marker in zip(batch_costs.items(), "os^", strict=True):
    slopes = central_differences(
        lambda omega, cost_of=cost_of: cost_of(forward_pass(net_input, [omega, *all_weights[1:]], all_biases)[0]),
        first_layer,
        "omega",
    )
    axes.plot(gradients[0][0].ravel(), slopes.ravel(), marker, alpha=0.8, label=name)
axes.set(
    xlabel=r"your $\partial L/\partial\Omega_0$", ylabel="slopes by small steps", title="three costs, one direction"
)
axes.legend()
plt.show()

# %% [markdown]
# Three straight lines: the gradients point the same way, and only their length differs, by ½ and by $1/D_o$. A learning
# rate that was found for one of these costs is off by that factor for the others.
#
# There is a second freedom. Those two courses leave the $1/I$ *out* of $\partial L/\partial\mathbf{f}_K$, send it back
# without, and divide only where the gradient of a parameter is taken; for the biases that makes a `mean` of the `sum`.
# This course puts the $1/I$ into the first factor. Both are right; half of each is a common mistake.

# %% [markdown]
# ### 6 · Say which and why
#
# **Your turn, in words.** A few sentences for each.
#
# - *Which convention would you choose,* columns or rows, for a network of your own? Give one reason from the equations
#   and one from practice. What must change in the code if you change your mind?
# - *Somebody mixes:* `dl_df = 2 * (f - y) / n` at the output, sums for the weights, and `mean` for the biases. Which of
#   the gradients are wrong, by which factor, and why does a check with one sample not see it?

# %% [markdown] answer="which-convention" points=2
# **Convention (1 point: ½ for a reason that holds, ½ for what changes).** Either is right. For columns: the equations
# are those on paper, f = β + Ωh, and a column vector is a batch of one. For rows: data tables and files have one sample
# a line, `x[i]` and `len(x)` are a sample and their number, a row lies in one piece in memory, and most libraries do
# so; a flat bias broadcasts. What changes: every array is transposed, so the factors of each product change sides (f =
# hΩ + β, ∂L/∂f Ωᵀ, hᵀ ∂L/∂f), the bias is summed over axis 0, and I is `shape[0]`; everything entry by entry stays.
#
# **Mixing (1 point: ½ which and factor, ½ why unseen).** The bias gradients, all of them, are 1/n times what they
# should be: 1/n is in dl_df already, and the mean divides by n again. The weights are right, and so is the chain, as
# nothing is averaged on the way back. With n = 1 the mean is the sum and 1/n is 1, so a check with one sample can't
# tell.

# %% [markdown]
# **What you take along.** Transposing an equation is mechanical: factors change sides, axes change numbers, and the
# samples stay the inner axis of whatever belongs to a shared parameter. Before comparing gradients with anybody, ask
# two questions: *rows or columns?* and *where is your 1/n?*

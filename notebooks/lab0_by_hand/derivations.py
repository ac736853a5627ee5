# %% [markdown]
# # Derive the slopes before you code them
#
# **You'll do** every derivation behind backpropagation, from a secant to the way back through any number of layers ·
# **You'll learn** what each factor of the chain rule is, which shape it has, and where costs come from · **You'll
# need** pencil, paper, and the derivatives of $x^2$, $\sin x$, $e^x$ and $\log x$ · about 320 minutes, in six
# sittings: A Slopes (60), B One linear model (50), C Several outputs (60), D Networks written out (40), E From
# likelihood to loss (50), F Back through the layers (60)
#
# Nearly every result is asked for twice. First **in words and formulas**: a cell of Markdown, read by a person.
# Double-click it and write; `dl/df` is as good as $\partial\ell/\partial f$. Then **as a small function**, tested on
# random inputs.
#
# You derive, the notebook only checks. A check moves an input a little and looks at what comes out; it knows no more
# about the answer than you do. Each can fail: when it does, read its last line first, and go back to your derivation.
# Where a cell says *your turn*, replace the line that raises.
#
# | symbol | in code | shape |
# |---|---|---|
# | one sample $\mathbf x$, or weights $\boldsymbol\omega$ of one output | `x`, `omega` | `(D_i,)`, flat |
# | the same weights in B.3 and B.4: **a column** | `omega` | `(D_i, 1)` |
# | all samples $\mathbf X$, **samples are rows** | `X` | `(I, D_i)` |
# | all outputs $\mathbf f$ and targets $\mathbf y$ of part B | `f`, `y` | `(I, 1)` |
# | input of a layer $\mathbf h$, part C: **a column** | `h` | `(D_i, 1)` |
# | what comes back, $\partial\ell/\partial\mathbf f$, part C: **a column** | `dl_df` | `(D_o, 1)` |
# | weights of several outputs $\boldsymbol\Omega$, a row for each output | `Omega` | `(D_o, D_i)` |
# | biases of several outputs $\boldsymbol\beta$ | `beta` | `(D_o, 1)` |
#
# A loss of one sample is $\ell$, the cost of all of them is $L$; in sections C.2 and C.3 $L$ is the loss of one
# sample. Parts D to F keep the letters of another course, and say so.

# %% locked="imports"
import numpy as np
import matplotlib.pyplot as plt

# %% locked="helpers" collapsed=true
# include: autograder/diagnosis/desk.py


# %% locked="slope-helpers" collapsed=true
# @title More helpers: run this cell once, no need to read it
def differences(function, at, name):
    """How each output of a function moves with each entry of at[name]: a row for each output. By small steps."""
    outputs = np.size(function(**at))
    rows = [central_differences(lambda k=k, **given: np.ravel(function(**given))[k], at, name) for k in range(outputs)]
    return np.array([np.ravel(row) for row in rows])


def check_slopes(what, yours, function, at, name, shape, hint, flipped=False, samples=None):
    """Compare slopes with small steps. flipped: a row for each entry moved, a column for each output."""
    rows = differences(function, at, name)
    found = np.reshape(rows.T if flipped else rows, shape)
    said = verdict(yours, found, samples, 1e-5 * max(1, np.abs(found).max()))
    of_shape = f", of shape {shape}," if shape else ""
    check(f"{what}{of_shape} is what small steps say", said is None, f"{said}\n{hint}")


def blank(width, height, size):
    """A picture to draw tables on: so many entries wide and high."""
    _, axes = plt.subplots(figsize=size, layout="constrained")
    axes.set(xlim=(-0.1, width), ylim=(height, -0.7), aspect="equal")
    axes.axis("off")
    return axes


def draw_table(axes, values, title, at=(0, 0), colours=None, frame=None):
    """A table of numbers at a place: one colour for each entry, and one column with a frame around it."""
    left, top = at
    values = np.atleast_2d(np.asarray(values, dtype=float))
    for (row, column), value in np.ndenumerate(values):
        ground = "white" if colours is None else colours[row][column]
        axes.add_patch(plt.Rectangle((left + column, top + row), 1, 1, facecolor=ground, edgecolor="0.6"))
        axes.text(left + column + 0.5, top + row + 0.5, f"{value:.3g}", ha="center", va="center", fontsize=11)
    if frame is not None:
        place = left + frame, top
        axes.add_patch(plt.Rectangle(place, 1, len(values), facecolor="none", edgecolor="black", linewidth=2.5))
    axes.text(left + values.shape[1] / 2, top - 0.15, title, ha="center", va="bottom", fontsize=10)


# %% [markdown]
# ## Part A · Slopes
#
# ### A.1 · From the secant to the tangent
#
# How steep is a curve *at one point*? A slope takes two points, so take a second one, $h$ further on. The line through
# both is a **secant**; let the second point come closer, and what its slope tends to is the **derivative**:
#
# $$ s(x, h) = \frac{f(x + h) - f(x)}{h}, \qquad f'(x) = \lim_{h \to 0} s(x, h). $$
#
# One derivation, done for you, as an example of what is asked below. For $f(x) = x$:
#
# - **Step 1**, put the function in: $s = \dfrac{(x + h) - x}{h}$.
# - **Step 2**, simplify the top: $(x + h) - x = h$.
# - **Step 3**, cancel $h$, which is not zero yet: $s = 1$.
# - **Step 4**, let $h \to 0$: nothing is left that depends on $h$, so $f'(x) = 1$.
#
# The order matters. With $h = 0$ in step 1 there is 0/0, which says nothing.
#
# **Predict** for $f(x) = x^2$ at $x = 1$, before you derive anything: how steep is the secant for $h = 1$, for $h =
# \frac12$? Each time you halve $h$, by how much does it miss the tangent: half as much, a quarter as much?

# %% [markdown]
# **Your turn, in formulas.**
#
# 1. Derive $f'(x)$ for $f(x) = x^2$ in the same four steps.
# 2. Now $f(x) = x$, $x + 1$, $x + 2$, or $x^2 + c$ for any number $c$: the curve is moved up. In which of the steps
#    does $c$ disappear, and what does that say about the slopes?

# %% [markdown] answer="derive-the-square" points=2
# **Model answer.** Step 1: $s = \dfrac{(x + h)^2 - x^2}{h}$. Step 2: the top is $x^2 + 2xh + h^2 - x^2 = 2xh + h^2$.
# Step 3: $h \ne 0$ cancels, $s = 2x + h$. Step 4: $h \to 0$ leaves $f'(x) = 2x$.
#
# With $c$ added: the top becomes $(x + h)^2 + c - x^2 - c$, so $c$ disappears in step 2, for every $h$. A curve that
# is moved up or down keeps its slope everywhere: $x$, $x + 1$ and $x + 2$ all have slope 1.
#
# **Rubric.** 1 point for the derivation: ½ for expanding and cancelling $h$ *before* the limit, ½ for the limit $2x$.
# ½ point: $c$ drops out of the difference, step 2. ½ point: same slope for all of them.

# %% [markdown]
# **And as a function.** Your step 3, *simplified*: so simple that $h = 0$ may be put in.


# %% solution="secant-slope"
def secant_slope(x, h):
    """Slope of the secant of y = x² between x and x + h, simplified. Two numbers. Returns a number, also for h = 0."""
    ### BEGIN SOLUTION
    return 2 * x + h
    ### END SOLUTION


# %% test="secant-slope" points=1
for h in (2.0, 0.5, -1.0):
    check(
        f"the line from x = 1.5 to {1.5 + h} is as steep as your function says",
        np.isclose(secant_slope(1.5, h), ((1.5 + h) ** 2 - 1.5**2) / h),
        "put the numbers into step 1, and compare with your step 3",
    )
try:
    touching = secant_slope(1.5, 0.0)
except ZeroDivisionError:
    touching = np.nan
check("it says something where h is 0", np.isfinite(touching), "cancel h on paper, then there is nothing to divide by")
check("and there it is not far from where h is tiny", np.isclose(touching, secant_slope(1.5, 1e-7), rtol=1e-6))
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import mistakes


def cases(rng):
    for group, h in (("h far from zero", 1.7), ("h far from zero", -0.4), ("h is zero, or nearly", 0.0)):
        yield checks.cases.Case(group, {}, {"x": float(rng.uniform(0.5, 3)), "h": h * float(rng.uniform(0.8, 1.2))})
    yield checks.cases.Case("h is zero, or nearly", {}, {"x": float(rng.uniform(-3, -0.5)), "h": 1e-15})


checks.function(
    "secant-slope",
    checks.Call("secant_slope", "x h"),
    checks.Expected(reference.derivations.secant_slope, {"secant_slope": 1}),
    cases=cases,
    section="section A.1, “From the secant to the tangent”: the step in which h cancels",
    mistakes=mistakes.SLOPES,
)
### END HIDDEN TESTS

# %% [markdown]
# Last step: the limit. The check compares with what small steps say; it writes `dl_dx` for the slope of any function
# in $x$.


# %% solution="slope"
def slope(x):
    """Slope of y = x² at x, a number. Returns a number."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% test="slope" points=1
for x in (1.5, -0.7):
    check_gradient(lambda x: x**2, at={"x": x}, yours={"x": slope(x)})
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import mistakes

checks.function(
    "slope",
    checks.Call("slope", "x"),
    checks.Expected(reference.derivations.slope, {"slope": 1}),
    cases=checks.cases.drawn({}, {}, {}, x=""),
    section="section A.1, “From the secant to the tangent”: the last step",
    mistakes=mistakes.SLOPES,
    carried_forward=checks.CarriedForward(
        functions={"secant_slope": reference.derivations.secant_slope},
        stubs="def secant_slope(x, h):\n    return 3 * x + 5 + h",
    ),
)
### END HIDDEN TESTS

# %% [markdown]
# Left, secants that turn into the tangent. Right, how far each is off, for ever smaller $h$. **Predict** the right
# one: both curves are secants of the same points; one takes your simplified formula, the other computes $(x + h)^2$
# and $x^2$ and subtracts. On paper they are equal. (Where `ipywidgets` is installed, as in Colab, `PLAY = True` gives
# you a slider for $h$.)

# %%
PLAY = False


def show_secants(*steps):
    _, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    line = np.linspace(-0.5, 2.3, 200)
    left.plot(line, line**2, color="black", label="$y = x^2$")
    for k, h in enumerate(steps):
        (drawn,) = left.plot(line, 1 + secant_slope(1, h) * (line - 1), linewidth=1.3, label=f"secant, $h = {h:g}$")
        left.plot([1 + h], [(1 + h) ** 2], "os^v"[k % 4], color=drawn.get_color())
    left.plot(line, 1 + slope(1) * (line - 1), "--", color="black", label="your tangent")
    left.plot(1, 1, "o", color="black")
    left.set(xlabel="$x$", ylabel="$y$", ylim=(-1.2, 5), title="secants through $(1, 1)$")
    left.legend(fontsize=9)
    small = 10.0 ** -np.arange(0, 15.5, 0.5)
    computed = ((1 + small) ** 2 - 1) / small
    on_paper = np.array([np.squeeze(secant_slope(1, h)) for h in small])
    right.loglog(small, np.abs(on_paper - slope(1)) + 1e-17, label="$h$ cancelled on paper")
    right.loglog(small, np.abs(computed - slope(1)) + 1e-17, "o--", markersize=4, label="computed as it stands")
    right.set(xlabel="$h$", ylabel="secant's slope − tangent's", title="how far off", ylim=(1e-16, 10))
    right.invert_xaxis()
    right.legend(fontsize=9)
    plt.show()


try:
    from ipywidgets import interact
except ImportError:
    interact = None
if PLAY and interact:
    _ = interact(lambda h: show_secants(h), h=(-1.0, 1.0, 0.05))
else:
    show_secants(1.0, 0.5, 0.1)

# %% [markdown]
# The error is $h$ itself, so half the step is half the error. But a computer keeps 16 digits: for tiny $h$ the two
# squares agree in nearly all of them, and what the subtraction leaves is noise. That is why you take the limit on
# paper, and why the checks here choose their steps with care.
#
# ### A.2 · One variable at a time
#
# Now $f(x, y) = x^2 + 3y$. It can change in two ways, so there are two slopes. A **partial derivative** moves one
# variable and holds the other still:
#
# $$ \frac{\partial f}{\partial x} = \lim_{h \to 0} \frac{f(x + h, y) - f(x, y)}{h}, \qquad
#    \frac{\partial f}{\partial y} = \lim_{h \to 0} \frac{f(x, y + h) - f(x, y)}{h}. $$
#
# **Predict:** you stand at $x = 1$, $y = 5$ and may take one tiny step, along $x$ or along $y$. Which changes $f$
# more? Is there a point where the answer is the other one?
#
# **Your turn, in formulas.** Derive both from these limits. Say what becomes of the term that holds still.

# %% [markdown] answer="derive-the-partials" points=1
# **Model answer.** $\partial f/\partial x$: the top is $(x + h)^2 + 3y - x^2 - 3y$; $3y$ holds still and cancels; what
# is left is section A.1, so $2x$. $\partial f/\partial y$: the top is $x^2 + 3(y + h) - x^2 - 3y = 3h$; divided by $h$
# it is 3, at every point.
#
# (Prediction: at $x = 1$ the slopes are 2 and 3, so along $y$. For $|x| > 1.5$ it is along $x$.)
#
# **Rubric.** ½ point for each slope with its reason: the other term is the same before and after, and cancels. No
# points off for a wrong prediction.


# %% solution="partials"
def partials(x, y):
    """Both slopes of f = x² + 3y at a point. Two numbers. Returns df_dx and df_dy, two numbers."""
    ### BEGIN SOLUTION
    return 2 * x, 3
    ### END SOLUTION


# %% test="partials" points=1
both = partials(1.7, -0.6)
check("two slopes come back", np.size(both) == 2, "return both, in the order asked")
check_gradient(lambda x, y: x**2 + 3 * y, at={"x": 1.7, "y": -0.6}, yours={"x": both[0], "y": both[1]})
### BEGIN HIDDEN TESTS
from autograder import checks, reference, student
from autograder.labs.lab0_by_hand import mistakes


def submission(x, y):
    """An array of two is as good as two numbers."""
    both = student.function("partials")(x, y)
    return tuple(both) if getattr(both, "shape", ()) == (2,) else both


checks.function(
    "partials",
    checks.Call(submission, "x y"),
    checks.Expected(reference.derivations.partials, {"df_dx": 0.5, "df_dy": 0.5}),
    cases=checks.cases.drawn({}, {}, {}, x="", y=""),
    section="section A.2, “One variable at a time”",
    mistakes=mistakes.SLOPES,
    carried_forward=checks.CarriedForward(functions={"slope": reference.derivations.slope}),
)
### END HIDDEN TESTS

# %%
df_dx, df_dy = partials(1.0, 5.0)
_, panels = plt.subplots(1, 2, figsize=(8.5, 2.9), sharey=True, layout="constrained")
line = np.linspace(-3, 3, 100)
for panel, name, cut, at, steep in (
    (panels[0], "x", (1 + line) ** 2 + 15, 1, df_dx),
    (panels[1], "y", 1 + 3 * (5 + line), 5, df_dy),
):
    panel.plot(at + line, cut, linewidth=3, alpha=0.5, label=f"$f$, only ${name}$ moves")
    panel.plot(at + line, 16 + steep * line, "--", color="black", label="your slope")
    panel.plot(at, 16, "o", color="black")
    panel.set(xlabel=f"${name}$", title=f"a cut along ${name}$, through $(1, 5)$")
    panel.legend(fontsize=9)
panels[0].set_ylabel("$f = x^2 + 3y$")
plt.show()

# %% [markdown]
# ### A.3 · All of them at once: the gradient
#
# A function of a vector has a slope for each entry. Put together they are the **gradient**, as long as the vector
# itself. Take $f(\mathbf x) = x_1^2 + 3\,x_1 x_2$:
#
# $$ \nabla f(\mathbf x) = \begin{bmatrix} \partial f/\partial x_1 \\ \partial f/\partial x_2 \end{bmatrix}. $$
#
# **Predict:** at $\mathbf x = (1, 1)$, in which direction does $f$ climb most steeply: more to the right ($x_1$) or
# more upwards ($x_2$)?
#
# **Your turn, in formulas.** Derive both entries; mind that $x_1$ stands in both terms. Then say why no direction is
# steeper than $\nabla f$: a tiny step $\epsilon\mathbf v$, with $\mathbf v$ of length 1, changes $f$ by
# $\epsilon\,\nabla f \cdot \mathbf v$. For which $\mathbf v$ is that largest?

# %% [markdown] answer="derive-the-gradient" points=1
# **Model answer.** $\partial f/\partial x_1 = 2x_1 + 3x_2$ ($x_2$ is a constant factor there), $\partial f/\partial
# x_2 = 3x_1$ ($x_1^2$ holds still). At $(1, 1)$: $(5, 3)$, more to the right.
#
# $\nabla f \cdot \mathbf v = \lVert\nabla f\rVert \cos\theta$, with $\theta$ the angle between them. It is largest at
# $\theta = 0$: $\mathbf v$ along the gradient. Against it $f$ falls fastest; at a right angle it doesn't change.
#
# **Rubric.** ½ point: both entries. ½ point: the product is largest where $\mathbf v$ and $\nabla f$ point the same
# way, by the cosine or by Cauchy and Schwarz.


# %% solution="gradient"
def gradient(x):
    """The gradient of f = x₁² + 3 x₁ x₂. x: an array (2,), x[0] is x₁. Returns an array (2,)."""
    ### BEGIN SOLUTION
    return np.array([2 * x[0] + 3 * x[1], 3 * x[0]])
    ### END SOLUTION


# %% test="gradient" points=1
there = np.array([0.8, -1.3])
check_gradient(lambda x: x[0] ** 2 + 3 * x[0] * x[1], at={"x": there}, yours={"x": gradient(there.copy())})
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import mistakes

checks.function(
    "gradient",
    checks.Call("gradient", "x"),
    checks.Expected(reference.derivations.gradient, {"gradient": 1}),
    cases=checks.cases.drawn({}, {}, {}, x="2"),
    section="section A.3, “All of them at once: the gradient”",
    mistakes=mistakes.SLOPES,
)
### END HIDDEN TESTS

# %% [markdown]
# Left, your gradient as an arrow at several points, on a map whose lines join points of equal height. Right, from $(1,
# 1)$ a step of length 0.01 in each direction: how much does $f$ gain?

# %%
_, (left, right) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
across, up = np.meshgrid(np.linspace(-2, 2, 80), np.linspace(-2, 2, 80))
lines = left.contour(across, up, across**2 + 3 * across * up, levels=np.arange(-12, 17, 2), cmap="cividis", alpha=0.8)
left.clabel(lines, lines.levels[::2], fontsize=7)
points = np.array([[1.0, 1.0], [-1.2, 0.3], [0.9, -1.4], [-1.0, -1.3], [0.1, 0.8], [-0.6, 1.5]])
arrows = np.array([np.ravel(gradient(point.copy())) for point in points])
left.quiver(*points.T, *arrows.T, angles="xy", scale_units="xy", scale=8, color="#B34700", width=0.008)
left.plot(*points.T, "o", color="black", markersize=4)
left.set(xlabel="$x_1$", ylabel="$x_2$", title="your gradients (an eighth of their length)", aspect="equal")
angles = np.linspace(0, 2 * np.pi, 200)
x1, x2 = 1 + 0.01 * np.cos(angles), 1 + 0.01 * np.sin(angles)
right.plot(np.degrees(angles), x1**2 + 3 * x1 * x2 - 4)
uphill = np.degrees(np.arctan2(*np.ravel(gradient(np.ones(2)))[::-1]))
right.axvline(uphill % 360, color="#B34700", label="direction of your gradient")
right.axvline((uphill + 180) % 360, color="#B34700", linestyle="--", label="against it")
right.axhline(0, color="0.4", linewidth=0.8)
right.set(xlabel="direction of the step, in degrees", ylabel="gain of $f$", title="steps from $(1, 1)$")
right.set_xticks(range(0, 361, 90))
right.legend(fontsize=9, loc="upper center")
plt.show()

# %% [markdown]
# Gradients stand at right angles to the lines of equal height, and are longest where the lines are closest. Learning
# will walk *against* them.
#
# ### A.4 · Several outputs: the Jacobian
#
# A function from vectors to vectors has a slope for each output *and* each input: a table, the **Jacobian**. A row for
# each output, a column for each input; so each row is the gradient of one output.
#
# $$ \mathbf f(\mathbf x) = \begin{bmatrix} x_1 + 2x_2 \\ 3x_1 - x_2 \end{bmatrix}, \qquad
#    \mathbf g(\mathbf x) = \begin{bmatrix} x_1 x_2 \\ x_1^2 - x_2 \\ 4 x_2 \end{bmatrix}, \qquad
#    J_{kj} = \frac{\partial f_k}{\partial x_j}. $$
#
# **Predict:** one of the two Jacobians is the same at every point. Which, and why? And of what shape is the other?
#
# **Your turn, in formulas.** Derive both, entry by entry.

# %% [markdown] answer="derive-the-jacobians" points=1
# **Model answer.**
#
# $$ J_f = \begin{bmatrix} 1 & 2 \\ 3 & -1 \end{bmatrix}, \qquad
#    J_g = \begin{bmatrix} x_2 & x_1 \\ 2x_1 & -1 \\ 0 & 4 \end{bmatrix}. $$
#
# $\mathbf f$ is linear, each entry is a coefficient, so $J_f$ is the same everywhere. $J_g$ has 3 rows (outputs) and 2
# columns (inputs) and depends on the point.
#
# **Rubric.** ½ point for each Jacobian with rows for outputs. One wrong entry takes nothing if its derivation shows.


# %% solution="jacobian"
def jacobian(x):
    """The Jacobian of f = (x₁ + 2 x₂, 3 x₁ − x₂). x: an array (2,). Returns an array (2, 2), a row for each output."""
    ### BEGIN SOLUTION
    return np.array([[1, 2], [3, -1]])
    ### END SOLUTION


def curved_jacobian(x):
    """The Jacobian of g = (x₁ x₂, x₁² − x₂, 4 x₂). x: an array (2,). Returns an array (3, 2), a row for each output."""
    ### BEGIN SOLUTION
    return np.array([[x[1], x[0]], [2 * x[0], -1], [0, 4]])
    ### END SOLUTION


# %% test="jacobian" points=2
for there in (np.array([0.8, -1.3]), np.array([2.1, 0.6])):
    check_slopes(
        "jacobian", jacobian(there.copy()), lambda x: [x[0] + 2 * x[1], 3 * x[0] - x[1]], {"x": there}, "x", (2, 2),
        "Row 1 is the gradient of the first output: how does it move with x₁, how with x₂?",
    )  # fmt: skip
    check_slopes(
        "curved_jacobian", curved_jacobian(there.copy()), lambda x: [x[0] * x[1], x[0] ** 2 - x[1], 4 * x[1]],
        {"x": there}, "x", (3, 2), "Hold one input still and move the other, output by output",
    )  # fmt: skip
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import mistakes

checks.function(
    "jacobian",
    checks.Call({"jacobian": "jacobian", "curved_jacobian": "curved_jacobian"}, "x"),
    checks.Expected(
        lambda x: (reference.derivations.jacobian(x), reference.derivations.curved_jacobian(x)),
        {"jacobian": 1, "curved_jacobian": 1},
    ),
    cases=checks.cases.drawn({}, {}, {}, x="2"),
    section="section A.4, “Several outputs: the Jacobian”: a row for each output, a column for each input",
    mistakes=mistakes.SLOPES,
)
### END HIDDEN TESTS

# %% [markdown]
# What a Jacobian does: it carries small steps of the input over to the output. Here a square of inputs around $(1,
# 0.5)$, and what the first two outputs of $\mathbf g$ make of it; dashed, what your Jacobian says. **Predict:** what
# happens to the gap between the two when the square is half as wide?

# %%
_, panels = plt.subplots(1, 3, figsize=(10, 3.4), layout="constrained")
middle = np.array([1.0, 0.5])
walk = np.linspace(-1, 1, 21)
edge = np.array([[*walk, *np.ones(21), *-walk, *-np.ones(21)], [*-np.ones(21), *walk, *np.ones(21), *-walk]])
for panel, width, colour in zip(panels[1:], (0.4, 0.2), ("C0", "C1"), strict=True):
    x1, x2 = middle[:, None] + width * edge
    straight = np.asarray(curved_jacobian(middle.copy()))[:2] @ (width * edge)
    panels[0].plot(x1, x2, color=colour)
    panels[0].text(1, 0.5 + width, f"{2 * width:g} wide", ha="center", va="bottom", fontsize=9, color=colour)
    panel.plot(x1 * x2, x1**2 - x2, color=colour, label=r"what $\mathbf{g}$ makes of it")
    panel.plot(0.5 + straight[0], 0.5 + straight[1], "--", color="black", label="what your $J_g$ says")
    panel.plot(0.5, 0.5, "o", color="black")
    low, high = 0.5 - 4.2 * width, 0.5 + 3.7 * width
    panel.set(xlabel="$g_1$", ylabel="$g_2$", ylim=(low, high), title=f"outputs, square {2 * width:g} wide")
    panel.legend(fontsize=8, loc="lower left")
panels[0].plot(*middle, "o", color="black")
panels[0].set(xlabel="$x_1$", ylabel="$x_2$", xlim=(0.5, 1.5), ylim=(0, 1), title="inputs", aspect="equal")
plt.show()

# %% [markdown]
# Half the width leaves a quarter of the gap. (Read the scales: they differ.) What the Jacobian leaves out shrinks with
# the square of the step.
#
# ### A.5 · One function inside another: the chain rule
#
# Let $u = g(x)$ and $y = f(u)$. A tiny step in $x$ is stretched by $g$; what comes out is stretched again by $f$:
#
# $$ \frac{dy}{dx} = \frac{dy}{du} \cdot \frac{du}{dx}. $$
#
# Take $u = x^2$ and $y = \sin u$. Three steps:
#
# - **Step 1**, the outer slope $dy/du$, taken *at $u$*.
# - **Step 2**, the inner slope $du/dx$, taken *at $x$*.
# - **Step 3**, put them together, with $x$ alone in it.
#
# **Predict:** at $x = 1.1$, $u$ is 1.21. Is $y$ rising or falling with $x$ there? And at $x = 1.4$?
#
# **Your turn, in formulas.** The three steps; and why are slopes multiplied, not added? (A step of 0.01 that is made
# twice as long, and then three times: how long is it?)

# %% [markdown] answer="derive-the-chain" points=1
# **Model answer.** Step 1: $dy/du = \cos u$. Step 2: $du/dx = 2x$. Step 3: $dy/dx = \cos(x^2) \cdot 2x$. At 1.1 it is
# positive ($1.21 < \pi/2$), at 1.4 negative ($1.96 > \pi/2$).
#
# A slope is a factor: $\Delta u \approx 2x\,\Delta x$ and $\Delta y \approx \cos u\,\Delta u$; put in, $\Delta y
# \approx \cos u \cdot 2x\,\Delta x$. Twice as long and then three times is six times, not five.
#
# **Rubric.** ½ point: the product with the outer slope at $u = x^2$. ½ point: stretches of stretches multiply.


# %% solution="chained-slope"
def chained_slope(x):
    """dy/dx of y = sin(u), u = x². x: a number. Returns a number."""
    ### BEGIN SOLUTION
    return np.cos(x**2) * 2 * x
    ### END SOLUTION


# %% test="chained-slope" points=1
for x in (1.1, -0.4):
    check_gradient(lambda x: np.sin(x**2), at={"x": x}, yours={"x": chained_slope(x)})
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import mistakes

checks.function(
    "chained-slope",
    checks.Call("chained_slope", "x"),
    checks.Expected(reference.derivations.chained_slope, {"dy_dx": 1}),
    cases=checks.cases.drawn({}, {}, {}, scales=(1.0,), x=""),
    section="section A.5, “One function inside another”: which slope is taken where",
    mistakes=mistakes.SLOPES,
    carried_forward=checks.CarriedForward(
        functions={"slope": reference.derivations.slope}, stubs="def slope(x):\n    return 3 * x + 5"
    ),
)
### END HIDDEN TESTS

# %% [markdown]
# Two stretches, one after the other: pieces a tenth long around $x = 0.3$, 0.6 and 1, on their way to $u$ and on to
# $y$.


# %%
def stretched(x, width=0.1):
    """Ends of a short piece around x, on all three lines."""
    ends = np.array([x - width / 2, x + width / 2])
    return ends, ends**2, np.sin(ends**2)


_, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4), width_ratios=[1.25, 1], layout="constrained")
for x, colour in ((0.3, "C2"), (0.6, "C0"), (1.0, "C1")):
    pieces = stretched(x)
    for height, piece in enumerate(pieces):
        left.plot(piece, [-height] * 2, color=colour, linewidth=5, solid_capstyle="butt")
    left.text(pieces[0].mean(), 0.12, f"$x = {x:g}$", ha="center", fontsize=9, color=colour)
    for height in (0, 1):
        here, there = pieces[height], pieces[height + 1]
        left.fill([*here, *there[::-1]], np.repeat([-height, -height - 1], 2), color=colour, alpha=0.2)
        times = f"×{np.ptp(there) / np.ptp(here):.2f}"
        left.text((here.max() + there.max()) / 2 + 0.02, -height - 0.5, times, fontsize=9, va="center")
for height, label in enumerate(("$x$", "$u = x^2$", r"$y = \sin u$")):
    left.axhline(-height, color="0.6", linewidth=0.8, zorder=0)
    left.text(-0.06, -height + 0.13, label, ha="right", va="center", fontsize=11)
left.set(xlim=(-0.38, 1.25), ylim=(-2.25, 0.4), xlabel="value", yticks=[], title="pieces 0.1 long, stretched twice")
left.grid(False)
line = np.linspace(-0.2, 2.2, 200)
right.plot(line, np.sin(line**2), color="black", label=r"$y = \sin(x^2)$")
right.plot(line, [chained_slope(one) for one in line], "--", color="C1", label="your slope")
right.axhline(0, color="0.4", linewidth=0.8)
right.set(xlabel="$x$", title="zero slope where the curve turns", ylim=(-5, 4))
right.legend(fontsize=9, loc="lower left")
plt.show()

# %% [markdown]
# At $x = 1$ the two factors multiply to the slope of $\sin(x^2)$ there. The chain rule is all that backpropagation
# needs; the rest is bookkeeping with shapes.
#
# ## Part B · One linear model
#
# One output, a number; $D_i$ inputs; a squared loss. For sample number $i$:
#
# $$ f_i = \boldsymbol\omega^\top \mathbf x_i + \beta = \sum_{j=1}^{D_i} \omega_j x_{ij} + \beta, \qquad
#    \ell_i = (f_i - y_i)^2. $$
#
# A parameter reaches the loss only *through* the output. So each slope is a chain of two factors: how the loss moves
# with the output, and how the output moves with the parameter. First the chain, then its links.
#
# ### B.1 · One sample: the chain
#
# **Predict:** $\boldsymbol\omega$ has $D_i$ entries. How many entries has $\partial\ell_i/\partial\boldsymbol\omega$,
# and how many factors is each entry made of?
#
# **Your turn, in formulas.** Give
#
# $$ \frac{\partial\ell_i}{\partial\beta} \quad\text{and}\quad \frac{\partial\ell_i}{\partial\omega_j}
#    \qquad\text{in terms of}\qquad \frac{\partial\ell_i}{\partial f_i}, \quad \frac{\partial f_i}{\partial\beta}
#    \quad\text{and}\quad \frac{\partial f_i}{\partial\omega_j}, $$
#
# these three and nothing else. Why is there no sum?

# %% [markdown] answer="chain-of-one-sample" points=1
# **Model answer.** $\dfrac{\partial\ell_i}{\partial\beta} = \dfrac{\partial\ell_i}{\partial f_i} \dfrac{\partial
# f_i}{\partial\beta}$ and $\dfrac{\partial\ell_i}{\partial\omega_j} = \dfrac{\partial\ell_i}{\partial f_i}
# \dfrac{\partial f_i}{\partial\omega_j}$, for $j = 1 \dots D_i$. One output lies on the way, so there is one path from
# a parameter to the loss and nothing to add up.
#
# **Rubric.** ½ point: both products, with the index $j$ kept. ½ point: one path, hence no sum.


# %% solution="in-terms-of"
def in_terms_of(dl_df, df_dbeta, df_domega):
    """The chain rule for one sample.

    dl_df, df_dbeta: numbers. df_domega: an array (D_i,).
    Returns dl_dbeta, a number, and dl_domega, an array (D_i,).
    """
    ### BEGIN SOLUTION
    return dl_df * df_dbeta, dl_df * df_domega
    ### END SOLUTION


# %% [markdown]
# "In terms of" asks nothing about the model. So the check takes another one, $f = 1.7\,\beta + \mathbf c^\top
# \boldsymbol\omega$, with another loss, $\ell = \sin f$, whose links are plain to see.

# %% test="in-terms-of" points=1
rng = np.random.default_rng(11)
c, omega, beta = rng.normal(size=3), rng.normal(size=3), 0.4
slopes = in_terms_of(np.cos(1.7 * beta + c @ omega), 1.7, c.copy())
check("two things come back", isinstance(slopes, (tuple, list)) and len(slopes) == 2, "return both, in the order asked")
check_gradient(
    lambda beta, omega: np.sin(1.7 * beta + c @ omega),
    at={"beta": beta, "omega": omega},
    yours={"beta": slopes[0], "omega": slopes[1]},
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import mistakes

checks.function(
    "in-terms-of",
    checks.Call("in_terms_of", "dl_df df_dbeta df_domega"),
    checks.Expected(reference.derivations.in_terms_of, {"dl_dbeta": 0.5, "dl_domega": 0.5}),
    cases=checks.cases.drawn({"D_i": 3}, {"D_i": 1}, {"D_i": 6}, dl_df="", df_dbeta="", df_domega="D_i"),
    section="section B.1, “One sample: the chain”",
    mistakes=(*mistakes.SLOPES, *mistakes.CHAIN),
)
### END HIDDEN TESTS

# %% [markdown]
# ### B.2 · One sample: its links
#
# **Predict:** which of the three links depends on the target $y_i$, which on the input $\mathbf x_i$, which on
# nothing?
#
# **Your turn, in formulas.** Derive $\dfrac{\partial\ell_i}{\partial f_i}$, $\dfrac{\partial f_i}{\partial\beta}$ and
# $\dfrac{\partial f_i}{\partial\omega_j}$ for our model and our loss, in this order: step 1, step 2, step 3. Write the
# sum in $f_i$ out for $D_i = 3$ if the index bothers you. The function gets the output $f_i$; it needn't compute it.

# %% [markdown] answer="links-of-one-sample" points=1
# **Model answer.** Step 1: $\ell_i = (f_i - y_i)^2$, so $\partial\ell_i/\partial f_i = 2(f_i - y_i)$ (chain rule:
# outer slope $2u$, inner slope 1). Step 2: in $f_i$ only the last term has $\beta$, so $\partial f_i/\partial\beta =
# 1$. Step 3: of the sum only the term $\omega_j x_{ij}$ has $\omega_j$, so $\partial f_i/\partial\omega_j = x_{ij}$.
#
# **Rubric.** ½ point: $2(f_i - y_i)$, with the 2 and this sign. ½ point: 1 and $x_{ij}$, with a reason.


# %% solution="local-slopes"
def local_slopes(x, y, f):
    """The links of one sample.

    x: an array (D_i,). y, f: numbers, the target and the output.
    Returns dl_df and df_dbeta, numbers, and df_domega, an array (D_i,).
    """
    ### BEGIN SOLUTION
    return 2 * (f - y), 1, x
    ### END SOLUTION


# %% test="local-slopes" points=1.5
rng = np.random.default_rng(12)
x, omega, beta, y = rng.normal(size=4), rng.normal(size=4), 0.4, -1.2
links = local_slopes(x.copy(), y, x @ omega + beta)
check("three things come back", isinstance(links, (tuple, list)) and len(links) == 3, "return them in the order asked")
model = {"function": lambda beta, omega: x @ omega + beta, "at": {"beta": beta, "omega": omega}}
check_slopes(
    "dl_df", links[0], lambda f: (f - y) ** 2, {"f": x @ omega + beta}, "f", (),
    "Step 1: let the output move, and hold the target still",
)  # fmt: skip
check_slopes("df_dbeta", links[1], **model, name="beta", shape=(), hint="Step 2: only β moves")
check_slopes("df_domega", links[2], **model, name="omega", shape=(4,), hint="Step 3: only one ω moves at a time")
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import mistakes

checks.function(
    "local-slopes",
    checks.Call("local_slopes", "x y f"),
    checks.Expected(reference.derivations.local_slopes, {"dl_df": 0.5, "df_dbeta": 0.5, "df_domega": 0.5}),
    cases=checks.cases.drawn({"D_i": 3}, {"D_i": 1}, {"D_i": 6}, x="D_i", y="", f=""),
    section="section B.2, “One sample: its links”",
    mistakes=mistakes.LOCAL_SLOPES,
)
### END HIDDEN TESTS

# %% [markdown]
# ### B.3 · All samples: the chain
#
# Training looks at all $I$ samples at once. The cost is the mean of their losses, and **rows are samples**:
#
# $$ \mathbf f = \mathbf X\boldsymbol\omega + \beta, \qquad
#    L = \frac1I \sum_{i=1}^{I} \ell_i = \frac1I \lVert \mathbf f - \mathbf y\rVert^2 . $$
#
# Here $\boldsymbol\omega$ is a column, $(D_i, 1)$, and $\beta$ is $(1, 1)$. Now a parameter moves *every* output, and
# every output moves the cost: $I$ paths, and their shares add up. A matrix product is just that, products added up,
# provided the tables stand right. They stand so:
#
# $$ \frac{\partial L}{\partial\mathbf f}: (I, 1), \qquad \frac{\partial\mathbf f}{\partial\beta}: (1, I), \qquad
#    \frac{\partial\mathbf f}{\partial\boldsymbol\omega}: (D_i, I), \qquad
#    \Bigl(\frac{\partial\mathbf f}{\partial\boldsymbol\omega}\Bigr)_{ji} = \frac{\partial f_i}{\partial\omega_j} . $$
#
# Look closely: a row for each *parameter*, a column for each *sample*. This is the Jacobian of section A.4 lying on
# its side; both layouts are in use, and this one lets the product come out in the shape of the parameters.
#
# **Predict:** write these shapes down for $I = 4$, $D_i = 3$. In which order must the factors stand?
#
# **Your turn, in formulas.** Give $\partial L/\partial\beta$ and $\partial L/\partial\boldsymbol\omega$ in terms of
# the three tables. Begin with the sum over $i$ for a single $\omega_j$, then write it as a product; give the shapes.

# %% [markdown] answer="chain-of-all-samples" points=1
# **Model answer.** $\dfrac{\partial L}{\partial\omega_j} = \sum_i \dfrac{\partial f_i}{\partial\omega_j}
# \dfrac{\partial L}{\partial f_i}$: row $j$ of the table times the column. For all $j$ at once $\dfrac{\partial
# L}{\partial\boldsymbol\omega} = \dfrac{\partial\mathbf f}{\partial\boldsymbol\omega} \dfrac{\partial
# L}{\partial\mathbf f}$, $(D_i, I)(I, 1) = (D_i, 1)$; likewise $\dfrac{\partial L}{\partial\beta} =
# \dfrac{\partial\mathbf f}{\partial\beta} \dfrac{\partial L}{\partial\mathbf f}$, $(1, I)(I, 1) = (1, 1)$.
#
# **Rubric.** ½ point: the sum over the samples, with the reason (each output is moved). ½ point: both products in this
# order, with shapes.


# %% solution="in-terms-of-all"
def in_terms_of_all(dL_df, df_dbeta, df_domega):
    """The chain rule for all samples.

    dL_df: an array (I, 1). df_dbeta: (1, I). df_domega: (D_i, I).
    Returns dL_dbeta (1, 1) and dL_domega (D_i, 1).
    """
    ### BEGIN SOLUTION
    return df_dbeta @ dL_df, df_domega @ dL_df
    ### END SOLUTION


# %% test="in-terms-of-all" points=1
rng = np.random.default_rng(13)
table_beta, table_omega = rng.normal(size=(1, 4)), rng.normal(size=(3, 4))
at = {"beta": rng.normal(size=(1, 1)), "omega": rng.normal(size=(3, 1))}


def outputs(beta, omega):
    """Another linear model, in which every output has a slope of its own in β too."""
    return table_beta.T * beta + table_omega.T @ omega


slopes = in_terms_of_all(np.cos(outputs(**at)), table_beta.copy(), table_omega.copy())
check("two things come back", isinstance(slopes, (tuple, list)) and len(slopes) == 2, "return both, in the order asked")
check_gradient(
    lambda beta, omega: np.sum(np.sin(outputs(beta, omega))),
    at=at,
    yours={"beta": slopes[0], "omega": slopes[1]},
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import mistakes

checks.function(
    "in-terms-of-all",
    checks.Call("in_terms_of_all", "dL_df df_dbeta df_domega"),
    checks.Expected(reference.derivations.in_terms_of_all, {"dL_dbeta": 0.5, "dL_domega": 0.5}),
    cases=checks.cases.drawn(
        {"I": 4, "D_i": 3},
        {"I": 3, "D_i": 3},
        {"I": 1, "D_i": 2},
        {"I": 7, "D_i": 1},
        dL_df="I 1",
        df_dbeta="1 I",
        df_domega="D_i I",
    ),
    section="section B.3, “All samples: the chain”: the shapes of the three tables",
    mistakes=(*mistakes.SLOPES, *mistakes.CHAIN),
    carried_forward=checks.CarriedForward(
        functions={"in_terms_of": reference.derivations.in_terms_of},
        stubs="def in_terms_of(dl_df, df_dbeta, df_domega):\n    return dl_df - df_dbeta, dl_df - 2 * df_domega",
    ),
)
### END HIDDEN TESTS

# %% [markdown]
# ### B.4 · All samples: its links
#
# **Predict:** the 1/I of the cost must come in exactly once. Into which of the three tables?
#
# **Your turn, in formulas.** Derive the three tables for our model, from your three links of section B.2. In the order
# $\partial L/\partial\mathbf f$ (step 1), $\partial\mathbf f/\partial\beta$ (step 2), $\partial\mathbf
# f/\partial\boldsymbol\omega$ (step 3). The last one is an array you already have, laid on its side.

# %% [markdown] answer="links-of-all-samples" points=1
# **Model answer.** Step 1: $L = \frac1I\sum_i \ell_i$ and $\ell_i$ has only $f_i$ in it, so entry $i$ is
# $\frac1I\,2(f_i - y_i)$: $\partial L/\partial\mathbf f = \frac2I(\mathbf f - \mathbf y)$. Step 2: a row of ones, $(1,
# I)$. Step 3: entry $(j, i)$ is $x_{ij}$, row $i$, column $j$ of $\mathbf X$; so the table is $\mathbf X^\top$.
#
# Together: $\partial L/\partial\boldsymbol\omega = \frac2I\mathbf X^\top(\mathbf f - \mathbf y)$ and $\partial
# L/\partial\beta = \frac2I\sum_i (f_i - y_i)$.
#
# **Rubric.** ½ point: step 1, with the mean in it and in no other. ½ point: steps 2 and 3, with shapes.


# %% solution="local-slopes-of-all"
def local_slopes_of_all(X, y, f):
    """The links of all samples.

    X: an array (I, D_i), a row for each sample. y, f: arrays (I, 1), targets and outputs.
    Returns dL_df (I, 1), df_dbeta (1, I), df_domega (D_i, I).
    """
    ### BEGIN SOLUTION
    return 2 * (f - y) / len(X), np.ones((1, len(X))), X.T
    ### END SOLUTION


# %% test="local-slopes-of-all" points=1.5
rng = np.random.default_rng(14)
X, y, beta, omega = rng.normal(size=(4, 3)), rng.normal(size=(4, 1)), rng.normal(size=(1, 1)), rng.normal(size=(3, 1))
f = X @ omega + beta
links = local_slopes_of_all(X.copy(), y.copy(), f.copy())
check("three things come back", isinstance(links, (tuple, list)) and len(links) == 3, "return them in the order asked")
model = {"function": lambda beta, omega: X @ omega + beta, "at": {"beta": beta, "omega": omega}, "flipped": True}
check_slopes(
    "dL_df", links[0], lambda f: np.mean((f - y) ** 2), {"f": f}, "f", (4, 1),
    "Step 1: each output moves one of the losses that the cost is made of", samples=4,
)  # fmt: skip
check_slopes("df_dbeta", links[1], **model, name="beta", shape=(1, 4), hint="Step 2: β moves each output alike")
check_slopes("df_domega", links[2], **model, name="omega", shape=(3, 4), hint="Step 3: column 1 is about sample 1")
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import mistakes

checks.function(
    "local-slopes-of-all",
    checks.Call("local_slopes_of_all", "X y f"),
    checks.Expected(reference.derivations.local_slopes_of_all, {"dL_df": 0.5, "df_dbeta": 0.5, "df_domega": 0.5}),
    cases=checks.cases.drawn(
        {"I": 4, "D_i": 3}, {"I": 3, "D_i": 3}, {"I": 1, "D_i": 2}, {"I": 7, "D_i": 1}, X="I D_i", y="I 1", f="I 1"
    ),
    section="section B.4, “All samples: its links”",
    mistakes=mistakes.LOCAL_SLOPES,
    carried_forward=checks.CarriedForward(
        functions={"local_slopes": reference.derivations.local_slopes},
        stubs="def local_slopes(x, y, f):\n    return 3 * f + y, 5 + y, 7 * x + f",
    ),
)
### END HIDDEN TESTS

# %% [markdown]
# Chain and links together are the whole gradient of linear regression. The picture takes it apart again: row $j$,
# column $i$ is what sample $i$ has to say about $\omega_j$, link times link. The matrix product adds each row up.

# %%
tables = [np.asarray(one, dtype=float) for one in links]
parts = tables[2] * tables[0].T
total = in_terms_of_all(*tables)[1]
strongest = np.abs(parts).max()
colours = plt.get_cmap("RdBu_r")(0.5 + 0.35 * parts / strongest)
axes = blank(8.2, 3.3, (8, 3.5))
draw_table(axes, np.round(parts, 2), "what each sample says about each weight", (1, 0), colours)
for number in range(1, 5):
    axes.text(number + 0.5, 3.12, f"sample {number}", ha="center", va="top", fontsize=8)
for number in range(1, 4):
    axes.text(0.9, number - 0.5, rf"$\omega_{number}$", ha="right", va="center", fontsize=12)
    axes.annotate("", (6.1, number - 0.5), (5.1, number - 0.5), arrowprops={"arrowstyle": "->", "color": "0.4"})
    axes.text(5.55, number - 0.62, "add up", ha="center", fontsize=8)
draw_table(axes, np.round(total, 2), r"$\partial L/\partial\boldsymbol{\omega}$", (6.2, 0))
plt.show()

# %% [markdown]
# ### B.5 · What is the shape of a gradient?
#
# A layer's weights have the shape (10, 4), its bias has the shape (10,). A cost, one number, is computed from what the
# layer says. **Predict** before you think: of what shape is the cost's gradient with respect to the weights? With
# respect to the bias? And does the cost being one number matter?
#
# **Your turn, in words.** Give both shapes, and the reason in a sentence that holds for every layer. What would be the
# shape if the cost were a vector of 10 numbers?

# %% [markdown] answer="shapes-of-gradients-why" points=1
# **Model answer.** (10, 4) and (10,): a cost of one number has one slope for each entry of a parameter, so a gradient
# has its parameter's shape, always; else a step $W - \alpha\,\partial L/\partial W$ couldn't be taken. With 10 numbers
# in place of one there would be a slope for each number and each entry: $10 \times 10 \times 4$ and $10 \times 10$.
#
# **Rubric.** ½ point: both shapes with "one slope for each entry". ½ point: ten times as many for ten numbers.


# %% solution="shapes-of-gradients"
def shapes_of_gradients(W, b):
    """Shapes of the gradients of a cost with respect to W, an array (D_o, D_i), and b, an array (D_o,): two tuples."""
    ### BEGIN SOLUTION
    return W.shape, b.shape
    ### END SOLUTION


# %% test="shapes-of-gradients" points=1
rng = np.random.default_rng(15)
W, b, enters = rng.normal(size=(10, 4)), rng.normal(size=10), rng.normal(size=4)
shapes = shapes_of_gradients(W.copy(), b.copy())
check("two shapes come back", isinstance(shapes, (tuple, list)) and len(shapes) == 2, "return both, in the order asked")
for name, shape in zip("Wb", shapes, strict=True):
    by_steps = central_differences(lambda W, b: np.sum((W @ enters + b) ** 2), {"W": W, "b": b}, name)
    check(
        f"as many slopes, and so arranged, as there are entries of {name} to move",
        np.array_equal(np.ravel(shape), by_steps.shape),
        "move one entry: the cost changes, by one slope. How many entries are there, and in which rows and columns?",
    )
### BEGIN HIDDEN TESTS
from autograder import checks
from autograder.labs.lab0_by_hand import mistakes

checks.function(
    "shapes-of-gradients",
    checks.Call("shapes_of_gradients", "W b"),
    checks.Expected(lambda W, b: (W.shape, b.shape), {"of_dL_dW": 0.5, "of_dL_db": 0.5}),
    cases=checks.cases.drawn({"D_o": 10, "D_i": 4}, {"D_o": 2, "D_i": 7}, {"D_o": 1, "D_i": 3}, W="D_o D_i", b="D_o"),
    section="section B.5, “What is the shape of a gradient?”",
    mistakes=mistakes.LOCAL_SLOPES,
)
### END HIDDEN TESTS

# %% [markdown]
# ## Part C · Several outputs
#
# ### C.1 · A layer and its weights
#
# A layer makes $D_o$ outputs from $D_i$ inputs. One sample; $\mathbf h$, $\mathbf f$ and $\boldsymbol\beta$ are
# **columns**, and row $k$ of $\boldsymbol\Omega$ belongs to output $k$:
#
# $$ \mathbf f = \boldsymbol\Omega\mathbf h + \boldsymbol\beta, \qquad f_k = \sum_j \Omega_{kj} h_j + \beta_k, \qquad
#    \Bigl(\frac{\partial\ell}{\partial\boldsymbol\Omega}\Bigr)_{kj} = \frac{\partial\ell}{\partial\Omega_{kj}} . $$
#
# Any loss $\ell[\mathbf f]$ may follow. What comes back from it is $\partial\ell/\partial\mathbf f$, a column too.
#
# **Predict:** change the weight $\Omega_{21}$ a little. Which outputs move?
#
# **Your turn, in formulas.** Step 1: find $\dfrac{\partial f_k}{\partial\Omega_{kj}}$. Step 2: find $\dfrac{\partial
# f_m}{\partial\Omega_{kj}}$ for $m \ne k$. Step 3: with the chain rule (a sum over all outputs $m$) show that
#
# $$ \frac{\partial\ell}{\partial\boldsymbol\Omega} = \frac{\partial\ell}{\partial\mathbf f}\,\mathbf h^\top . $$

# %% [markdown] answer="derive-the-weight-gradient" points=2
# **Model answer.** Step 1: only the term $\Omega_{kj}h_j$ of $f_k$ has $\Omega_{kj}$ in it: $\partial f_k/\partial
# \Omega_{kj} = h_j$. Step 2: $f_m$ is made of row $m$ alone: 0 for $m \ne k$. Step 3:
#
# $$ \frac{\partial\ell}{\partial\Omega_{kj}} = \sum_m \frac{\partial\ell}{\partial f_m}
#    \frac{\partial f_m}{\partial\Omega_{kj}} = \frac{\partial\ell}{\partial f_k} h_j , $$
#
# because one term is left. And $(k, j)$ of the product of the column $\partial\ell/\partial\mathbf f$ with the row
# $\mathbf h^\top$ is just that: $(D_o, 1)(1, D_i) = (D_o, D_i)$.
#
# **Rubric.** ½ point: $h_j$. ½ point: 0 for the other outputs. ½ point: the sum over outputs collapses to one term. ½
# point: recognised entry by entry as the outer product, in this order.


# %% solution="weight-gradient"
def weight_gradient(dl_df, h):
    """∂ℓ/∂Ω of f = Ω h + β. dl_df: a column (D_o, 1). h: a column (D_i, 1). Returns an array (D_o, D_i)."""
    ### BEGIN SOLUTION
    return dl_df @ h.T
    ### END SOLUTION


# %% test="weight-gradient" points=1
rng = np.random.default_rng(16)
h, Omega, beta = rng.normal(size=(4, 1)), rng.normal(size=(2, 4)), rng.normal(size=(2, 1))
check_gradient(
    lambda Omega: np.sum(np.sin(Omega @ h + beta)),
    at={"Omega": Omega},
    yours={"Omega": weight_gradient(np.cos(Omega @ h + beta), h.copy())},
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import mistakes

checks.function(
    "weight-gradient",
    checks.Call("weight_gradient", "dl_df h"),
    checks.Expected(reference.derivations.weight_gradient, {"dl_dOmega": 1}),
    cases=checks.cases.drawn(
        {"D_o": 2, "D_i": 4}, {"D_o": 3, "D_i": 3}, {"D_o": 5, "D_i": 1}, {"D_o": 1, "D_i": 3}, dl_df="D_o 1", h="D_i 1"
    ),
    section="section C.1, “A layer and its weights”",
    mistakes=mistakes.JACOBIANS,
)
### END HIDDEN TESTS

# %% [markdown]
# ### C.2 · The same with all its zeros: the block Jacobian
#
# Step 2 said: most slopes are zero. To see them all, write the Jacobian out. Here one sample is a **row**, as in many
# texts and in *Push numbers through a network with a pencil*: $\mathbf z = \mathbf x W^\top$, with two inputs and
# three neurons, say. $d\mathbf z/dW$ has a row for each $z_i$ and a column for each weight, row by row of $W$:
#
# | | $w_{11}$ | $w_{12}$ | $w_{21}$ | $w_{22}$ | $w_{31}$ | $w_{32}$ |
# |---|---|---|---|---|---|---|
# | $z_1$ | $x_1$ | $x_2$ | 0 | 0 | 0 | 0 |
# | $z_2$ | ? | ? | ? | ? | ? | ? |
# | $z_3$ | ? | ? | ? | ? | ? | ? |
#
# The first row is done for you: $z_1 = x_1 w_{11} + x_2 w_{12}$, and no other weight is in it.
#
# **Predict:** a layer of 1000 neurons with 1000 inputs: how many entries has this table, and what share of them is not
# zero?
#
# **Your turn.** Build it, for any $\mathbf x$ and any number of neurons.


# %% solution="block-jacobian"
def block_jacobian(x, D_o):
    """dz/dW of z = x Wᵀ, the weights row by row. x: a flat array (D_i,), for D_o neurons. Returns (D_o, D_o · D_i)."""
    ### BEGIN SOLUTION
    return np.kron(np.eye(D_o), x)
    ### END SOLUTION


# %% test="block-jacobian" points=1
rng = np.random.default_rng(17)
x, W = rng.normal(size=2), rng.normal(size=(4, 2))
check_slopes(
    "dz_dW", block_jacobian(x.copy(), 4), lambda W: x @ W.T, {"W": W}, "W", (4, 8),
    "Row 1 is about z₁, which knows the first row of W only: where in it do x₁ and x₂ stand?",
)  # fmt: skip
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import mistakes

checks.function(
    "block-jacobian",
    checks.Call("block_jacobian", "x D_o"),
    checks.Expected(reference.derivations.block_jacobian, {"dz_dW": 1}),
    cases=checks.cases.drawn({"D_o": 3, "D_i": 2}, {"D_o": 2, "D_i": 2}, {"D_o": 1, "D_i": 4}, x="D_i"),
    section="section C.2, “The same with all its zeros”",
    mistakes=mistakes.JACOBIANS,
)
### END HIDDEN TESTS

# %% [markdown]
# Now send a row of slopes through it. The loss hands back $\boldsymbol\delta = dL/d\mathbf z =
# [\delta_1\;\delta_2\;\delta_3]$; here $[3\;7\;4]$, with $\mathbf x = [2\;5]$. **Predict** the six
# numbers before you run the cell.

# %% tags=["thumbnail"]
row, x = np.array([3.0, 7.0, 4.0]), np.array([2.0, 5.0])
blocks = np.asarray(block_jacobian(x.copy(), 3))
flat = row @ blocks
tints = ["#BBD9EE", "#F6CFA8", "#B5E3CF"]
shades = [[tints[k] if blocks[k, j] else "#F4F4F4" for j in range(6)] for k in range(3)]
rows_of_w = [[one] * 2 for one in tints]
axes = blank(17.4, 7, (10.5, 4.7))
draw_table(axes, row, r"1 · what comes back: $\delta$", (0, 1), [tints])
axes.text(3.5, 1.5, "·", fontsize=28, ha="center", va="center")
draw_table(axes, blocks, "2 · times the table you built", (4, 0), shades)
draw_table(axes, x, r"($\mathbf{x}$, one block for each neuron)", (12.9, 1))
for number in range(6):
    axes.text(4.5 + number, 3.1, f"$w_{{{number // 2 + 1}{number % 2 + 1}}}$", ha="center", va="top", fontsize=9)
    axes.annotate("", (4.5 + number, 4.5), (4.5 + number, 3.7), arrowprops={"arrowstyle": "->", "color": "0.6"})
title = r"3 · is one row: $[\,\delta_1\mathbf{x}\;|\;\delta_2\mathbf{x}\;|\;\delta_3\mathbf{x}\,]$"
draw_table(axes, flat, "", (4, 4.6), [[tints[number // 2] for number in range(6)]])
axes.text(7, 5.75, title, ha="center", va="top", fontsize=10)
axes.annotate("", (11.6, 5.1), (10.2, 5.1), arrowprops={"arrowstyle": "->", "color": "0.4"})
axes.text(10.9, 4.95, "cut", ha="center", va="bottom", fontsize=9)
draw_table(axes, flat.reshape(3, 2), "4 · in the shape of $W$", (11.8, 3.8), rows_of_w)
axes.text(14.5, 5.3, "=", fontsize=16, ha="center", va="center")
draw_table(axes, weight_gradient(row[:, None], x[:, None]), "your weight_gradient", (15.2, 3.8), rows_of_w)
plt.show()

# %% [markdown]
# **Your turn, in words.** Two things made the big product so small. First, each $z_i$ knows only its own row of $W$.
# Second, the activation after it works on each $z_i$ by itself, so that $\boldsymbol\delta$ could be had without
# mixing (you will derive that in the next section). Say what the first one does to $d\mathbf z/dW$; how the row of
# $D_o \cdot D_i$ numbers becomes a matrix in the shape of $W$; and what is saved for 1000 neurons with 1000 inputs.

# %% [markdown] answer="why-it-collapses" points=1
# **Model answer.** $\partial z_i/\partial w_{mk} = 0$ for $m \ne i$: the table has a block $\mathbf x$ on the diagonal
# for each neuron and zeros elsewhere. So each column of the product has one term: $\boldsymbol\delta\,d\mathbf z/dW =
# [\delta_1\mathbf x\,|\,\delta_2\mathbf x\,|\dots]$. Cut into pieces of length $D_i$, one below the other, it is
# $\boldsymbol\delta^\top\mathbf x$, entry $(i, k)$ is $\delta_i x_k$. For 1000 by 1000 the table has $1000 \cdot
# 1\,000\,000 = 10^9$ entries, of which $10^6$, one in a thousand, are not zero; the outer product takes $10^6$
# multiplications and no table.
#
# **Rubric.** ½ point: zeros off the diagonal blocks, hence one term for each weight, $\delta_i x_k$. ½ point: cut into
# rows of the shape of $W$, with an idea of the size that is saved.

# %% [markdown]
# ### C.3 · Back through an activation
#
# Before the weights comes the activation: $\hat{\mathbf y} = f(\mathbf z)$, unit by unit, here ReLU. The loss is
#
# $$ L = \tfrac12\lVert\hat{\mathbf y} - \mathbf y\rVert^2, \qquad\text{so}\qquad
#    \frac{dL}{d\hat{\mathbf y}} = \hat{\mathbf y} - \mathbf y . $$
#
# **Mind the ½:** it is there to cancel the 2. Part B's loss had no ½ and kept its 2. $\hat{\mathbf y}$ may move with
# each $z_j$, so $d\hat{\mathbf y}/d\mathbf z$ is a square table. Step 1: its entries. Step 2: the row $\hat{\mathbf y}
# - \mathbf y$ times that table is $\boldsymbol\delta = dL/d\mathbf z$.
#
# **Predict:** a unit with $z_i = -3$ says $\hat y_i = 0$ and should say 4. Which way will its weights be moved?
#
# **Your turn, in formulas.** Do both steps for any activation that works unit by unit, and show that
# $\boldsymbol\delta = (\hat{\mathbf y} - \mathbf y) \odot f'(\mathbf z)$, where $\odot$ multiplies entry by entry.
# Then put ReLU's slope in (leave $z = 0$ out) and answer the prediction.

# %% [markdown] answer="derive-delta" points=1
# **Model answer.** Step 1: $\hat y_i = f(z_i)$ has only $z_i$ in it, so $\partial\hat y_i/\partial z_j = 0$ for $j \ne
# i$ and $f'(z_i)$ for $j = i$: the table is $\mathrm{diag}(f'(z_1), \dots)$. Step 2: entry $j$ of the product is
# $\sum_i (\hat y_i - y_i)\,\partial\hat y_i/\partial z_j = (\hat y_j - y_j) f'(z_j)$.
#
# For ReLU $f'$ is 1 for $z > 0$ and 0 for $z < 0$. The unit at $-3$ has $\delta = 0$: its weights don't move at all,
# although it is wrong by 4.
#
# **Rubric.** ½ point: diagonal, with the reason. ½ point: the sum collapses to the product entry by entry; the stopped
# unit gets nothing.


# %% solution="activation-jacobian"
def activation_jacobian(z):
    """dŷ/dz of ŷ = ReLU(z). z: a flat array (D_o,), nowhere 0. Returns an array (D_o, D_o)."""
    ### BEGIN SOLUTION
    return np.diag((z > 0).astype(float))
    ### END SOLUTION


# %% test="activation-jacobian" points=1
z = np.array([1.4, -0.6, 0.3, -2.2])
check_slopes(
    "dy_hat_dz", activation_jacobian(z.copy()), lambda z: np.maximum(z, 0), {"z": z}, "z", (4, 4),
    "Push z₁ alone: which of the four outputs move, and how fast?",
)  # fmt: skip
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import mistakes

checks.function(
    "activation-jacobian",
    checks.Call("activation_jacobian", "z"),
    checks.Expected(reference.derivations.relu_jacobian, {"dy_hat_dz": 1}),
    cases=checks.cases.drawn({"D_o": 4}, {"D_o": 2}, {"D_o": 25}, z="D_o"),
    section="section C.3, “Back through an activation”, step 1",
    mistakes=mistakes.JACOBIANS,
)
### END HIDDEN TESTS

# %% [markdown]
# Step 2 as a function. It gets $\hat{\mathbf y}$ and $\mathbf z$ both, as they were kept on the way forward.


# %% solution="delta"
def delta(y_hat, y, z):
    """δ = dL/dz for L = ½‖ŷ − y‖² and ŷ = ReLU(z). Three flat arrays (D_o,). Returns an array (D_o,)."""
    ### BEGIN SOLUTION
    return (y_hat - y) * (z > 0)
    ### END SOLUTION


# %% test="delta" points=1
y = np.array([0.5, 4.0, -1.0, 0.7])
check_gradient(
    lambda z: 0.5 * np.sum((np.maximum(z, 0) - y) ** 2),
    at={"z": z},
    yours={"z": delta(np.maximum(z, 0), y.copy(), z.copy())},
)
### BEGIN HIDDEN TESTS
import dataclasses

from autograder import checks, reference
from autograder.labs.lab0_by_hand import mistakes


def cases(rng):
    for case in checks.cases.drawn({"D_o": 4}, {"D_o": 2}, {"D_o": 25}, y="D_o", z="D_o")(rng):
        y_hat = reference.activations.relu(case.values["z"])
        yield dataclasses.replace(case, values={**case.values, "y_hat": y_hat})


checks.function(
    "delta",
    checks.Call("delta", "y_hat y z"),
    checks.Expected(reference.derivations.delta, {"delta": 1}),
    cases=cases,
    section="section C.3, “Back through an activation”, step 2",
    mistakes=mistakes.JACOBIANS,
    carried_forward=checks.CarriedForward(
        functions={"activation_jacobian": reference.derivations.relu_jacobian},
        stubs="import numpy as np\n\ndef activation_jacobian(z):\n    return np.diag(np.cos(z)) + 0.1",
    ),
)
### END HIDDEN TESTS

# %%
errors, passed = np.maximum(z, 0) - y, np.diag(activation_jacobian(z.copy()))
back = delta(np.maximum(z, 0), y.copy(), z.copy())
_, panels = plt.subplots(1, 3, figsize=(10, 2.7), layout="constrained")
for panel, heights, title in (
    (panels[0], errors, r"what the loss says: $\hat{y} - y$"),
    (panels[1], passed, "⊙ what ReLU lets through: $f'(z)$"),
    (panels[2], back, r"= what arrives: $\delta$"),
):
    bars = panel.bar([f"unit {k}" for k in range(1, 5)], heights, edgecolor="black", linewidth=0.6)
    for bar, on, height in zip(bars, passed, heights, strict=True):
        bar.set(facecolor="C0" if on else "#F6CFA8", hatch="" if on else "///")
        up = height >= 0
        where = {"xytext": (0, 2 if up else -3), "textcoords": "offset points", "va": "bottom" if up else "top"}
        panel.annotate(f"{height + 0.0:.1f}", (bar.get_x() + 0.4, height), ha="center", **where)
    panel.axhline(0, color="black", linewidth=0.8)
    panel.set_title(title, fontsize=11)
    panel.set(ylim=(-0.05, 1.3) if panel is panels[1] else (-4.9, 2.3))
panels[0].set(ylabel="slope")
plt.show()

# %% [markdown]
# The largest error of all is stopped at unit 2. For this sample the unit learns nothing; another sample may wake it.
#
# ### C.4 · The bias is a weight, too
#
# Back to columns, $\mathbf f = \boldsymbol\Omega\mathbf h + \boldsymbol\beta$. Give the layer one more input that is
# always 1, and let $\boldsymbol\beta$ be the weights of that input:
#
# $$ \tilde{\mathbf h} = \begin{bmatrix} \mathbf h \\ 1 \end{bmatrix}, \qquad
#    \tilde{\boldsymbol\Omega} = \begin{bmatrix} \boldsymbol\Omega & \boldsymbol\beta \end{bmatrix}, \qquad
#    \mathbf f = \tilde{\boldsymbol\Omega}\tilde{\mathbf h} . $$
#
# Nothing else changes: section C.1 holds for $\tilde{\boldsymbol\Omega}$ as it stands.
#
# **Predict:** of what shape is $\partial\ell/\partial\tilde{\boldsymbol\Omega}$, and what will its last column be?
#
# **Your turn, in formulas.** Derive $\partial\ell/\partial\boldsymbol\beta$ twice: straight from $f_k = \sum_j
# \Omega_{kj}h_j + \beta_k$, and as the last column of $\partial\ell/\partial\tilde{\boldsymbol\Omega}$.

# %% [markdown] answer="derive-the-bias-gradient" points=1
# **Model answer.** Straight: $\partial f_k/\partial\beta_k = 1$ and $\partial f_m/\partial\beta_k = 0$ for $m \ne k$,
# so $\partial\ell/\partial\beta_k = \partial\ell/\partial f_k$: the column that came back, as it is. As a column:
# $\partial\ell/\partial\tilde{\boldsymbol\Omega} = \dfrac{\partial\ell}{\partial\mathbf f}\tilde{\mathbf h}^\top =
# \Bigl[\dfrac{\partial\ell}{\partial\mathbf f}\mathbf h^\top \;\; \dfrac{\partial\ell}{\partial\mathbf f}\cdot
# 1\Bigr]$, of shape $(D_o, D_i + 1)$; the last column is the same.
#
# **Rubric.** ½ point for each way.


# %% solution="augmented-gradient"
def augmented_gradient(dl_df, h):
    """∂ℓ/∂[Ω β]: the last column is ∂ℓ/∂β. dl_df: a column (D_o, 1). h: a column (D_i, 1). Returns (D_o, D_i + 1)."""
    ### BEGIN SOLUTION
    return weight_gradient(dl_df, np.vstack([h, [[1]]]))
    ### END SOLUTION


# %% test="augmented-gradient" points=1
rng = np.random.default_rng(18)
h, both = rng.normal(size=(3, 1)), rng.normal(size=(2, 4))
outputs = both[:, :-1] @ h + both[:, -1:]
check_gradient(
    lambda Omega_and_beta: np.sum(np.sin(Omega_and_beta[:, :-1] @ h + Omega_and_beta[:, -1:])),
    at={"Omega_and_beta": both},
    yours={"Omega_and_beta": augmented_gradient(np.cos(outputs), h.copy())},
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import mistakes

checks.function(
    "augmented-gradient",
    checks.Call("augmented_gradient", "dl_df h"),
    checks.Expected(reference.derivations.augmented_gradient, {"dl_dOmega_and_beta": 1}),
    cases=checks.cases.drawn(
        {"D_o": 2, "D_i": 4}, {"D_o": 3, "D_i": 3}, {"D_o": 5, "D_i": 3}, {"D_o": 1, "D_i": 2}, dl_df="D_o 1", h="D_i 1"
    ),
    section="section C.4, “The bias is a weight, too”",
    mistakes=mistakes.JACOBIANS,
    carried_forward=checks.CarriedForward(
        functions={"weight_gradient": reference.derivations.weight_gradient},
        stubs="import numpy as np\n\ndef weight_gradient(dl_df, h):\n    return np.cos(dl_df) + 2 * np.sin(h.T)",
    ),
)
### END HIDDEN TESTS

# %%
back, enters = np.array([[3.0], [7.0], [4.0]]), np.array([[2.0], [5.0]])
axes = blank(11, 3.2, (7.5, 2.6))
draw_table(axes, back, r"$\partial\ell/\partial\mathbf{f}$", (0, 0), [[one] for one in tints])
axes.text(1.6, 1.5, "·", fontsize=28, ha="center", va="center")
draw_table(axes, [[2, 5, 1]], r"$\tilde{\mathbf{h}}^\top$: the 1 is the bias's input", (2.6, 1), frame=2)
axes.text(6.7, 1.5, "=", fontsize=16, ha="center", va="center")
title = r"your $\partial\ell/\partial\tilde{\Omega}$; framed, $\partial\ell/\partial\beta$"
draw_table(axes, augmented_gradient(back, enters), title, (7.5, 0), [[one] * 3 for one in tints], frame=2)
plt.show()

# %% [markdown]
# **What you take along from parts A to C.** A slope is what a small step is multiplied by. Slopes along one way to the
# loss multiply; several ways add up. What comes back to a layer, times what went into it, is the slope of its weights;
# what comes back alone is the slope of its bias. And a gradient always has its parameter's shape.

# %% [markdown]
# ## Part D · Networks written out
#
# Parts D to F follow another course, one that starts from probabilities. It has letters of its own. They are kept, so
# that you can read its text beside this one:
#
# | here | in the book | what it is | in code |
# |---|---|---|---|
# | $x$ | $\mathbf{x}$ | the input of the network, $D$ numbers | `(D,)` |
# | $w^{(l)}$ | $\boldsymbol\beta$ and $\boldsymbol\Omega$ | biases and weights, side by side | `(units, 1 + inputs)` |
# | $a^{(l)}$ | $\mathbf{f}$ | pre-activations of layer $l$ | `(units,)` |
# | $z^{(l)} = h_l(a^{(l)})$ | $\mathbf{h}$ | activations of layer $l$ | `(units,)` |
# | $y$ | the last $\mathbf{f}$, or a function of it | what the network says, $K$ numbers | `(K,)` |
# | $t$ | $\mathbf{y}$ | the target | `(K,)` |
# | $E$ | $L$ | the cost, here a *sum* over samples and outputs | one number |
# | $\delta^{(l)} = \partial E/\partial a^{(l)}$ | $\partial L/\partial\mathbf{f}$ | what comes back | `(units,)` |
#
# **In part D there is one sample, a plain vector.** The bias is once more the weight of an extra input that is
# always 1. Mind its place: here it is input number 0, so the biases are the **first** column of a weight
# matrix. Three small helpers are given.
#
# Sections marked *optional* earn bonus points. Nothing later needs them: whoever leaves one out goes on at the next
# heading.


# %% locked="with-one"
def with_one(z):
    """z with the extra input in front of it: (M,) becomes (M + 1,), and (N, M) becomes (N, M + 1)."""
    return np.insert(np.asarray(z), 0, 1, axis=-1)


def sigmoid(a):
    """1 / (1 + exp(-a)), entry by entry. a of any shape."""
    return 1 / (1 + np.exp(-a))


def one_number(value):
    """A float of a value that holds one number, in whatever brackets."""
    return np.asarray(value, dtype=float).item()


# %% [markdown]
# ### D.1 · Two layers in one line
#
# A network of two layers is four equations. With $x_0 = 1$ and $z^{(1)}_0 = 1$,
#
# $$ a^{(1)}_i = \sum_{l=0}^{D} w^{(1)}_{il}\, x_l, \qquad z^{(1)}_i = h_1\bigl(a^{(1)}_i\bigr), \qquad
#    a^{(2)}_j = \sum_{i=0}^{M} w^{(2)}_{ji}\, z^{(1)}_i, \qquad y_j = h_2\bigl(a^{(2)}_j\bigr). $$
#
# There are $M$ hidden units. In D.1 and D.2 $l$ counts the inputs; in the table above and from D.3 on it is the number
# of a layer.
#
# The first substitution is done for you: $a^{(2)}_j$ goes into the last equation, and $y_j = h_2\bigl(\sum_i
# w^{(2)}_{ji} z^{(1)}_i\bigr)$.
#
# **Predict.** When no $a$ and no $z$ is left, how many sums will there be, and which of the two is inside the other?
# Which letter stands in the innermost bracket?
#
# **Your derivation.** Write $y_j$ as a function of the inputs $x_l$ alone, and say at which index the inner sum
# starts, and what stands in the place of $z^{(1)}_0$.

# %% [markdown] answer="d-two-layers-derived" points=1
# **Model answer.** Put $z^{(1)}_i = h_1(a^{(1)}_i)$ and then $a^{(1)}_i$ into the line given:
#
# $$ y_j = h_2\Bigl(w^{(2)}_{j0} + \sum_{i=1}^{M} w^{(2)}_{ji}\, h_1\Bigl(\sum_{l=0}^{D} w^{(1)}_{il}\,
#    x_l\Bigr)\Bigr). $$
#
# The inner sum starts at $l = 0$ with $x_0 = 1$. The extra input of the second layer, $z^{(1)}_0 = 1$, is not made by
# $h_1$: it is a plain 1, which leaves the bias $w^{(2)}_{j0}$.
#
# **Rubric.** ½ point: both sums, nested, with the indices in the right places. ½ point: the bias of layer 2 stands
# outside $h_1$ (written apart, or said in words). A sum over $i$ from 0 with $z^{(1)}_0 = 1$ said beside it is as
# good.

# %% [markdown]
# **Your turn.** The same in code, with $h_1 = \tanh$ and $h_2 = \sigma$. `W1` and `W2` hold $w^{(1)}$ and $w^{(2)}$,
# the biases in column 0; `with_one` puts a 1 in front of what enters a layer.


# %% solution="d-two-layers"
def two_layers(x, W1, W2):
    """What a network of two layers says. x (D,), W1 (M, 1 + D), W2 (K, 1 + M). Returns y (K,)."""
    ### BEGIN SOLUTION
    return sigmoid(np.dot(W2, with_one(np.tanh(np.dot(W1, with_one(x))))))
    ### END SOLUTION


# %% [markdown]
# A check that needs no formula: networks so simple that you can tell what they say without a pencil.

# %% test="d-two-layers" points=1
rng = np.random.default_rng(40)
say_y = two_layers(rng.normal(size=3), rng.normal(size=(4, 4)), rng.normal(size=(2, 5)))
check("three inputs and four hidden units make two outputs", np.shape(say_y) == (2,), f"your shape: {np.shape(say_y)}")
only_biases = np.array([[0.5, 0.0, 0.0], [-1.5, 0.0, 0.0]])
say_y = two_layers(np.array([0.7]), np.array([[0.2, 2.0], [0.4, -3.0]]), only_biases)
check(
    "where layer 2 has only biases, y is h2 of those",
    np.allclose(say_y, sigmoid(np.array([0.5, -1.5]))),
    "which column of W2 meets the extra input, and what comes last?",
)
for sign in (1, -1):
    say_y = two_layers(np.array([sign * 0.5]), np.array([[0.0, 900.0]]), np.array([[0.3, 2.0]]))
    check(
        f"a hidden unit that is driven to its end at {sign:+d} counts fully for layer 2",
        np.allclose(say_y, sigmoid(0.3 + sign * 2.0)),
        "what can a tanh say at most, and what at least?",
    )
say_y = two_layers(np.zeros(2), np.array([[900.0, 0.0, 0.0]]), np.array([[0.3, 2.0]]))
check("its own bias can drive it there alone", np.allclose(say_y, sigmoid(2.3)), "what does layer 1 see where x is 0?")
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import cases, mistakes

checks.function(
    "d-two-layers",
    checks.Call("two_layers", "x W1 W2"),
    checks.Expected(reference.likelihood.two_layers, {"two_layers": 1}),
    cases=cases.bias_first([(3, 5, 2), (2, 4, 1), (3, 3, 3)]),
    section="section D.1, “Two layers in one line”",
    mistakes=mistakes.FORWARD,
)
### END HIDDEN TESTS

# %% [markdown]
# ### D.2 · Three layers
#
# One more layer goes on top, $a^{(3)}_j = \sum_p w^{(3)}_{jp}\, z^{(2)}_p$ and $y_j = h_3\bigl(a^{(3)}_j\bigr)$.
#
# **Predict.** Which part of your last formula can you copy whole, and where does it go? Which of the letters $j$, $i$,
# $l$ has to change?
#
# **Your derivation.** Write $y_j$ for two hidden layers, again without any $a$ or $z$. Every sum needs a letter of its
# own.

# %% [markdown] answer="d-three-layers-derived" points=1
# **Model answer.** What was $y$ is now $z^{(2)}$. Its index is called $p$, because $j$ belongs to the output:
#
# $$ y_j = h_3\Bigl(\sum_{p} w^{(3)}_{jp}\, h_2\Bigl(\sum_{i} w^{(2)}_{pi}\, h_1\Bigl(\sum_{l} w^{(1)}_{il}\,
#    x_l\Bigr)\Bigr)\Bigr), $$
#
# all sums from 0, and in each layer the entry of index 0 is a plain 1, whatever $h$ says.
#
# **Rubric.** ½ point: three nested sums with $h_1$ innermost and $h_3$ outermost. ½ point: each weight has the index
# of the unit it leads to first, then that of the unit it comes from, and neighbouring layers share a letter.

# %% [markdown]
# **Your turn.** Now $h_1 = \tanh$, $h_2 = \sigma$, and the output is left as it is: $h_3(a) = a$.


# %% solution="d-three-layers"
def three_layers(x, W1, W2, W3):
    """What a network of three layers says. x (D,), W1 (M1, 1 + D), W2 (M2, 1 + M1), W3 (K, 1 + M2). Returns y (K,)."""
    ### BEGIN SOLUTION
    return np.dot(W3, with_one(sigmoid(np.dot(W2, with_one(np.tanh(np.dot(W1, with_one(x))))))))
    ### END SOLUTION


# %% test="d-three-layers" points=1
rng = np.random.default_rng(41)
wide = [rng.normal(size=shape) for shape in ((3,), (4, 4), (5, 5), (2, 6))]
say_y = np.asarray(three_layers(*deepcopy(wide)))
check("three inputs make two outputs", say_y.shape == (2,), f"your shape is {say_y.shape}")
twice = three_layers(*deepcopy(wide[:3]), 2 * wide[3])
check("twice the last weights say twice as much", np.allclose(twice, 2 * say_y))
say_y = three_layers(*deepcopy(wide[:2]), np.zeros((3, 5)), np.array([[0.1, 1.0, 2.0, 4.0]]))
check("where layer 2 has no weights, its units say ½", np.allclose(say_y, 0.1 + 7 / 2), "which function is h2?")
for sign in (1, -1):
    say_y = three_layers(
        np.array([sign * 0.5]), np.array([[0.0, 900.0]]), np.array([[0.3, 2.0]]), np.array([[0.0, 1.0]])
    )
    check(f"a first unit at its end, {sign:+d}, is what the second sees", np.allclose(say_y, sigmoid(0.3 + sign * 2.0)))
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import cases, mistakes

# For submissions whose two_layers is unusable: no solution, only numbers that depend on all there is.
_TWO_LAYERS = """
import numpy as np

def two_layers(x, W1, W2):
    return np.cos(W2 @ np.append(W1 @ np.append(x, 2), 3))
"""


def expected(x, W1, W2, W3, two_layers):
    return W3 @ with_one(two_layers(x, W1, W2))


checks.function(
    "d-three-layers",
    checks.Call("three_layers", "x W1 W2 W3"),
    checks.Expected(expected, {"three_layers": 1}),
    cases=cases.bias_first([(3, 5, 4, 2), (2, 4, 6, 1), (3, 3, 3, 3)]),
    section="section D.2, “Three layers”",
    mistakes=mistakes.FORWARD,
    carried_forward=checks.CarriedForward(functions={"two_layers": reference.likelihood.two_layers}, stubs=_TWO_LAYERS),
)
### END HIDDEN TESTS

# %% [markdown]
# ### D.3 · Any number of layers
#
# Nobody writes seven nested sums. Say instead how one layer follows from the one before, once for all $l$: a
# **recursion**. It needs a start and an end as well.
#
# **Predict.** What should $z^{(0)}$ stand for, so that the first layer needs no rule of its own? How many equations
# are left then?
#
# **Your derivation.** Write the network with $L$ layers as a recursion, with $l$ for the layer. Say for which $l$ each
# equation holds, where it starts, and what the output is.

# %% [markdown] answer="d-recursion" points=1
# **Model answer.** Start: $z^{(0)}_i = x_i$. For $l = 1, \dots, L$:
#
# $$ a^{(l)}_j = \sum_{i=0}^{M_{l-1}} w^{(l)}_{ji}\, z^{(l-1)}_i, \qquad z^{(l)}_j = h_l\bigl(a^{(l)}_j\bigr), \qquad
#    z^{(l)}_0 = 1. $$
#
# End: $y_j = z^{(L)}_j$. Here $M_l$ is the number of units of layer $l$, with $M_0 = D$ and $M_L = K$.
#
# **Rubric.** ½ point: the two equations for a general $l$, with $z^{(l-1)}$ in the first. ½ point: the start ($z^{(0)}
# = x$, or $a^{(1)}$ given apart), the end ($y = z^{(L)}$), and the range of $l$. The sum's upper end may be any
# letter, but may not be claimed to be the same for all layers.

# %% [markdown]
# **Your turn.** Any number of layers, with $h_l = \tanh$ for all of them but the last, and the output left as it is.
# `weights` is a list, $w^{(1)}$ first. One layer alone is a network too.


# %% solution="d-network"
def network(x, weights):
    """What a network of any number of layers says. x (D,), weights: for each layer one (M_out, 1 + M_in). Returns y."""
    ### BEGIN SOLUTION
    z = x
    for W in weights[:-1]:
        z = np.tanh(np.dot(W, with_one(z)))
    return np.dot(weights[-1], with_one(z))
    ### END SOLUTION


# %% test="d-network" points=1
rng = np.random.default_rng(42)
deep = [rng.normal(size=shape) for shape in ((4, 3), (5, 5), (3, 6), (2, 4))]
x_deep = rng.normal(size=2)
whole = network(x_deep.copy(), deepcopy(deep))
check("four layers put out what the last one does", np.shape(whole) == (2,), f"your shape is {np.shape(whole)}")
check(
    "one layer alone is a straight line",
    np.allclose(network(np.array([2.0]), [np.array([[0.5, 3.0]])]), 6.5),
    "is there a tanh at the output, and does it have a bias?",
)
for start in (1, 2, 3):
    entering = np.tanh(network(x_deep.copy(), deepcopy(deep[:start])))
    check(
        f"the layers from number {start + 1} on are a network, with what comes out of layer {start} as its input",
        np.allclose(network(entering, deepcopy(deep[start:])), whole),
        "what is handed from one round of the recursion to the next?",
    )
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import cases, mistakes

checks.function(
    "d-network",
    checks.Call("network", "x weights"),
    checks.Expected(reference.likelihood.network, {"network": 1}),
    cases=cases.bias_first([(3, 2), (2, 5, 3), (3, 3, 3, 3), (2, 4, 5, 3, 2)]),
    section="section D.3, “Any number of layers”",
    mistakes=mistakes.FORWARD,
)
### END HIDDEN TESTS

# %% [markdown]
# What do layers buy? On the left, one hidden layer of three tanh units: the dashed curves are the units, each times
# its weight, and the line is their sum, plus a bias. On the right, networks of one, two, three and five layers with
# weights drawn at random. **Predict:** which of them turns up and down most often?

# %%
x_line = np.linspace(-3, 3, 181)
three_units = [np.array([[2.0, 1.5], [0.0, 2.0], [-2.5, 1.8]]), np.array([[0.2, -1.1, 1.6, -0.9]])]


def says_at_random(depth, size=2.6, seed=24):
    """What a network with random weights of about this size says along the line, moved and scaled."""
    rng = np.random.default_rng(seed)
    widths = [1, *(depth - 1) * [8], 1]
    drawn_weights = [
        np.column_stack([rng.normal(0, 1, M_out), rng.normal(0, size / np.sqrt(M_in), (M_out, M_in))])
        for M_in, M_out in (widths[k : k + 2] for k in range(depth))
    ]
    says = np.array([network(np.array([one]), drawn_weights)[0] for one in x_line])
    return (says - says.mean()) / np.ptp(says)


_, (left, right) = plt.subplots(1, 2, figsize=(10, 3.2), layout="constrained")
for number, (unit, share) in enumerate(zip(three_units[0], three_units[1][0, 1:], strict=True), start=1):
    left.plot(x_line, share * np.tanh(unit[0] + unit[1] * x_line), "--", linewidth=1.2, label=f"unit {number}")
left.plot(x_line, [network(np.array([one]), three_units)[0] for one in x_line], "k", linewidth=2, label="network")
left.set(xlabel="$x$", ylabel="$y$", title="one hidden layer: a sum of three bends", ylim=(-2.6, 3.4))
for depth, style in zip((1, 2, 3, 5), ("-", "--", "-.", ":"), strict=True):
    right.plot(x_line, says_at_random(depth), style, label=f"{depth} layer{'s' * (depth > 1)}", linewidth=1.7)
right.set(xlabel="$x$", ylabel="$y$, moved and scaled", title="networks of different depth", ylim=(-1, 1.35))
for panel in (left, right):
    panel.legend(ncols=4, fontsize=8, columnspacing=1, handlelength=1.8)
plt.show()

# %% [markdown]
# Every layer bends what the one before has bent already. How much depends on how steep its units are, that is on the
# size of the weights. The next cell draws five layers with small, middle and large ones; where `ipywidgets` is
# installed, as in Colab, set `PLAY = True` and try other depths and draws. **Predict:** what becomes of a deep network
# whose weights are all small?

# %%
PLAY = False


def show_steepness(*sizes, depth=5, seed=24):
    """What networks of one depth say, for weights of these sizes."""
    _, axes = plt.subplots(figsize=(6.5, 2.8), layout="constrained")
    for k, size in enumerate(sizes):
        axes.plot(x_line, says_at_random(depth, size, seed), ["-", "--", "-."][k % 3], label=f"size {size:g}")
    axes.set(xlabel="$x$", ylabel="$y$, moved and scaled", title=f"{depth} layers", ylim=(-1, 1.35))
    axes.legend(ncols=3, fontsize=8)
    plt.show()


try:
    from ipywidgets import interact
except ImportError:
    interact = None
if PLAY and interact:
    _ = interact(
        lambda depth, size, seed: show_steepness(size, depth=depth, seed=seed),
        depth=(1, 9), size=(0.2, 5.0, 0.2), seed=(0, 30),
    )  # fmt: skip
else:
    show_steepness(0.3, 1.5, 4.0)

# %% [markdown]
# With small weights every unit works where tanh is nearly straight, and the depth is wasted.
#
# ### D.4 · Optional: what if nothing bends?
#
# Leave all the functions out: $h_l(a) = a$ for every $l$. The network still has its layers and all its weights.
#
# **Predict.** Ten layers of a hundred units, and nothing bends: how many numbers are really needed to say what this
# network of one input and one output does?
#
# **Your derivation (bonus).** Show that $y$ is linear in $x$, and say what becomes of the biases of the layers in
# between. Two layers are enough, with one sentence about any number.

# %% [markdown] answer="d-collapse-derived" bonus=1
# **Model answer.** Without $h$, two layers are
#
# $$ y_j = w^{(2)}_{j0} + \sum_i w^{(2)}_{ji} \Bigl(w^{(1)}_{i0} + \sum_l w^{(1)}_{il} x_l\Bigr)
#        = \underbrace{w^{(2)}_{j0} + \sum_i w^{(2)}_{ji} w^{(1)}_{i0}}_{\text{one bias}}
#        + \sum_l \underbrace{\Bigl(\sum_i w^{(2)}_{ji} w^{(1)}_{il}\Bigr)}_{\text{one weight}} x_l . $$
#
# That is one layer. The biases of layer 1 go through the weights of layer 2 and join its biases. The result is a layer
# without a bend, so the next one collapses into it in the same way, and so on up to $L$.
#
# **Rubric.** ½ point: the weights multiply to one matrix that does not depend on $x$. ½ point: the inner biases pass
# through the outer weights and are added; a word on more than two layers.

# %% [markdown]
# **Your turn (bonus).** All layers as one matrix, biases in column 0 as always. The weights without their biases may
# simply be multiplied, in which order? The biases need a thought of their own.


# %% solution="d-collapsed"
def collapsed(weights):
    """The one matrix (K, 1 + D) that does what these layers do without non-linearities; weights as for network."""
    ### BEGIN SOLUTION
    one = weights[0]
    for W in weights[1:]:
        one = W[:, 1:] @ one
        one[:, 0] += W[:, 0]
    return one
    ### END SOLUTION


# %% test="d-collapsed" bonus=1
rng = np.random.default_rng(43)
flat_layers = [rng.normal(size=shape) for shape in ((4, 3), (5, 5), (2, 6))]
as_one = np.asarray(collapsed([layer.copy() for layer in flat_layers]))
check("two outputs, and a bias beside two inputs", as_one.shape == (2, 3), f"your shape is {as_one.shape}")
tiny_x = np.array([1.0, -1.0]) * 1e-5
tiny_layers = [flat_layers[0] * [0, 1, 1], flat_layers[1] * [0, 1, 1, 1, 1], flat_layers[2]]
tiny_one = np.asarray(collapsed([layer.copy() for layer in tiny_layers]))
check(
    "where numbers are so small that tanh doesn't bend, the network says the same",
    np.allclose((network(tiny_x, tiny_layers) - tiny_one[:, 0]) / 1e-5, tiny_one[:, 1:] @ [1.0, -1.0], rtol=1e-3),
    "in which order do the matrices stand, and does the last bias come through unchanged?",
)
check(
    "two layers of one unit: 1 + 2 (3 + 4x) is 7 + 8x",
    np.allclose(collapsed([np.array([[3.0, 4.0]]), np.array([[1.0, 2.0]])]), [[7.0, 8.0]]),
    "what happens to the 3 on its way to the output?",
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import cases, mistakes

checks.function(
    "d-collapsed",
    checks.Call("collapsed", "weights"),
    checks.Expected(reference.likelihood.collapsed, {"collapsed": 1}),
    cases=cases.bias_first([(3, 2), (2, 5, 3), (3, 3, 3, 3), (2, 4, 5, 3)]),
    section="section D.4, “What if nothing bends?”",
    mistakes=mistakes.COLLAPSED,
)
### END HIDDEN TESTS

# %% [markdown]
# Sixty samples of a wave, and five layers with random weights, with tanh and without. Only the last layer is fitted:
# as well as can be, in one go. **Predict** what the best is that each of the two can do.


# %%
def with_bends(x, weights):
    """What the layers say where every h is tanh."""
    return np.tanh(network(x, weights))


def without_bends(x, weights):
    """What the layers say where every h is left out."""
    for W in weights:
        x = W @ with_one(x)
    return x


rng = np.random.default_rng(12)
wave_x = np.sort(rng.uniform(-3, 3, size=60))
wave_t = np.sin(1.7 * wave_x) + 0.1 * rng.normal(size=60)
four_layers = [
    np.column_stack([rng.normal(0, 1, M_out), rng.normal(0, 1 / np.sqrt(M_in), (M_out, M_in))])
    for M_in, M_out in ((1, 12), (12, 12), (12, 12), (12, 12))
]
fig, axes = plt.subplots(figsize=(6.5, 3), layout="constrained")
axes.plot(wave_x, wave_t, ".", color="0.6", label="samples")
for passes, style, label in ((with_bends, "-", "five layers with tanh"), (without_bends, "--", "the same without")):
    enters = {"data": wave_x, "line": x_line}
    enters = {name: np.array([with_one(passes(np.array([one]), four_layers)) for one in values])
              for name, values in enters.items()}  # fmt: skip
    last_layer = np.linalg.lstsq(enters["data"], wave_t, rcond=1e-6)[0]
    axes.plot(x_line, enters["line"] @ last_layer, style, linewidth=2, label=label)
axes.set(xlabel="$x$", ylabel="$y$", title="five layers that don't bend draw a straight line", ylim=(-1.6, 2))
axes.legend(ncols=3, fontsize=8)
plt.show()

# %% [markdown]
# No training can help the dashed one: whatever its 505 parameters are, it stays a straight line, and two numbers would
# have done. *The bends are what layers are for.*
#
# ## Part E · From likelihood to loss
#
# **In part E several samples come at once, and samples are rows:** `y` and `t` have the shape `(N, D)` for $N$ samples
# of $D$ outputs (not inputs, as in part D), or `(N, K)` for $K$ classes. The cost $E$ is a **sum** over the samples
# here, not a mean as in part B.
#
# Where does a cost come from? So far the squared error fell from the sky. Here it comes out of one principle: *choose
# the weights that make what was seen as likely as can be.* The probability of all targets, given the inputs and the
# weights, is called the **likelihood**. Samples are independent, so it is a product:
#
# $$ p(t_1, \dots, t_N \mid x_1, \dots, x_N, w) = \prod_{n=1}^{N} p(t_n \mid x_n, w). $$
#
# ### E.1 · Noise like a bell
#
# Say the network's output is right, but for noise. Each of the $D$ targets is off by a normal random number of
# variance $\sigma^2$. For one sample that is the density
#
# $$ p(t_n \mid x_n, w) = \mathcal N\bigl(t_n \mid y_n, \sigma^2 I\bigr)
#    = \frac{1}{\bigl(\sqrt{2\pi\sigma^2}\bigr)^{D}}\, \exp\Bigl(-\frac{\lVert y_n - t_n\rVert^2}{2\sigma^2}\Bigr),
#    \qquad \lVert y_n - t_n \rVert^2 = \sum_{d=1}^{D} (y_{nd} - t_{nd})^2 . $$
#
# As code, and given:


# %% locked="density"
def density(t_n, y_n, sigma2):
    """The density of one sample's targets t_n (D,) around the outputs y_n (D,), with variance sigma2 in each."""
    return np.exp(-np.sum((y_n - t_n) ** 2) / (2 * sigma2)) / np.sqrt(2 * np.pi * sigma2) ** len(t_n)


# %% [markdown]
# **Predict.** Two samples of one output are off by 1 and by 3, and $\sigma^2 = 1$. Which of the two pulls more at the
# weights, and how many times more? And what will the computer say for the product of 1000 densities of 0.2 each?
#
# **Your derivation.** Take the logarithm of the likelihood, multiply by −1, and show that what is left is
#
# $$ \frac{ND}{2} \log 2\pi\sigma^2 + \frac{1}{2\sigma^2}\, E(w), \qquad
#    E(w) = \sum_{n=1}^{N} \lVert y_n - t_n\rVert^2 . $$
#
# One rule a line. Name the rule each time.

# %% [markdown] answer="e-gaussian-derived" points=2
# **Model answer.** The logarithm of a product is a sum, and the minus goes in front of it all:
#
# $$ -\log \prod_n p(t_n \mid x_n, w) = -\sum_n \log \mathcal N(t_n \mid y_n, \sigma^2 I). $$
#
# The density is a product of two factors, so each term is a sum of two; a power comes down in front of the logarithm,
# and the logarithm undoes the exponential:
#
# $$ -\sum_n \Bigl( -\frac{D}{2} \log 2\pi\sigma^2 - \frac{\lVert y_n - t_n\rVert^2}{2\sigma^2} \Bigr). $$
#
# (The root is a power ½, so $\bigl(\sqrt{2\pi\sigma^2}\bigr)^{-D} = (2\pi\sigma^2)^{-D/2}$.) Both minus signs cancel
# the one in front. The first term is the same for each of the $N$ samples, and $1/2\sigma^2$ comes out of the sum:
#
# $$ \frac{ND}{2} \log 2\pi\sigma^2 + \frac{1}{2\sigma^2} \sum_n \lVert y_n - t_n\rVert^2 . $$
#
# **Rubric.** ½ point: product to sum. ½ point: $D/2$ from the root to the power $D$. ½ point: the logarithm undoes the
# exponential, and both terms end with a plus. (A minus that is put before one of the terms only and then disappears:
# not this half.) ½ point: $N$ equal terms, and $E$ recognised.

# %% [markdown]
# **Your turn, in words.** Why does taking the logarithm not move the optimum? Why multiply by −1? And what does the
# logarithm do for the computer? One or two sentences each.

# %% [markdown] answer="e-why-log" points=1
# **Model answer.** The logarithm always grows: of two likelihoods the larger one has the larger logarithm. So the
# weights that are best before are best after, although the values are others. The minus turns the largest into the
# least, because a cost is something one walks down. For the computer a product of many densities becomes 0 (or
# overflows), while the sum of their logarithms keeps all digits, and a sum is differentiated term by term.
#
# **Rubric.** ½ point: the logarithm is increasing, so order is kept (not merely "it is simpler"). ½ point: the minus
# makes it something to minimise, and one good reason for the computer: underflow, or a sum in place of a product.

# %% [markdown]
# Ten samples of $t = w x + \text{noise}$, and the likelihood of them for every $w$. Read the three vertical axes. The
# dashed line marks the best $w$ in each.

# %%
rng = np.random.default_rng(5)
line_x = np.linspace(0.2, 2, 10)
line_t = 0.8 * line_x + 0.4 * rng.normal(size=10)
slopes_tried = np.linspace(-0.2, 1.8, 201)
likelihoods = np.array(
    [np.prod([density(np.array([t_n]), np.array([w * x_n]), 0.16) for x_n, t_n in zip(line_x, line_t, strict=True)])
     for w in slopes_tried]
)  # fmt: skip
fig, panels = plt.subplots(1, 3, figsize=(10.5, 2.6), layout="constrained")
curves = (likelihoods, np.log(likelihoods), -np.log(likelihoods))
for panel, curve, label in zip(panels, curves, ("likelihood", "its logarithm", "minus that: a loss"), strict=True):
    panel.plot(slopes_tried, curve, color="C0", linewidth=2)
    panel.axvline(slopes_tried[likelihoods.argmax()], color="C1", linestyle="--")
    panel.set(xlabel="weight $w$", ylabel=label)
plt.show()

# %% [markdown]
# A hill, an upside-down bowl, a bowl: three shapes, one place. And the bowl is a parabola, the squared error of part
# B. So a sample that is off by 3 costs nine times as much as one that is off by 1, and pulls three times as hard.
#
# **Your turn.** The loss of a whole data set, one number. With hundreds of samples too: so the logarithm must have
# been taken on paper.


# %% solution="e-gaussian"
def negative_log_likelihood(y, t, sigma2):
    """Minus the log of the likelihood, normal noise. y and t (N, D), sigma2 the variance. Returns one number."""
    ### BEGIN SOLUTION
    return y.size / 2 * np.log(2 * np.pi * sigma2) + np.sum((y - t) ** 2) / (2 * sigma2)
    ### END SOLUTION


# %% test="e-gaussian" points=1
rng = np.random.default_rng(50)
nll_y, nll_t = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
for sigma2 in (0.5, 3.0):
    alone = negative_log_likelihood(nll_y[:1].copy(), nll_t[:1].copy(), sigma2)
    check("one number comes back", np.size(alone) == 1, f"its shape is {np.shape(alone)}")
    check(
        f"exp of minus it is the density of one sample, with sigma2 = {sigma2}",
        np.isclose(np.exp(-np.asarray(alone)), density(nll_t[0], nll_y[0], sigma2)),
        "what does the D-th power of the root become under a logarithm?",
    )
    together = negative_log_likelihood(nll_y.copy(), nll_t.copy(), sigma2)
    single = sum(np.asarray(negative_log_likelihood(nll_y[[n]], nll_t[[n]], sigma2)) for n in range(4))
    check("four samples cost what each costs, together", np.isclose(together, single), "how often does each term come?")
many = negative_log_likelihood(np.tile(nll_y, (300, 1)), np.tile(nll_t, (300, 1)), 0.5)
check("1200 samples have a finite loss", np.isfinite(many), "is a product taken somewhere before the logarithm?")
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import cases, mistakes

checks.function(
    "e-gaussian",
    checks.Call("negative_log_likelihood", "y t sigma2"),
    checks.Expected(reference.likelihood.negative_log_likelihood, {"negative_log_likelihood": 1}),
    cases=cases.gaussian(),
    section="section E.1, “Noise like a bell”",
    mistakes=mistakes.LOSSES,
)
### END HIDDEN TESTS

# %% [markdown]
# ### E.2 · Optional: how large is the noise?
#
# The loss has another unknown, $\sigma^2$. Nobody tells us how noisy the data are; the same principle can.
#
# **Predict.** If $\sigma^2$ is guessed too large, do the best weights change? And which $\sigma^2$ would you guess for
# data that are off by about 0.3?
#
# **Your derivation (bonus).** Show that the optimum in $w$ does not depend on $\sigma^2$. Then find the $\sigma^2$
# that makes the loss least for given weights. (Call it $s = \sigma^2$ and differentiate in $s$.)

# %% [markdown] answer="e-variance-derived" bonus=1
# **Model answer.** Only the second term has $w$ in it, so the slope in any weight is $\frac{1}{2\sigma^2}\, \partial
# E/\partial w$. The factor is positive and the same for all weights: the slope is 0 where that of $E$ is, and the
# order of any two sets of weights is that of their $E$. So $\sigma^2$ does not move the optimum. In $s$, with $E$
# fixed:
#
# $$ \frac{\partial}{\partial s} \Bigl( \frac{ND}{2} \log 2\pi s + \frac{E}{2s} \Bigr)
#    = \frac{ND}{2s} - \frac{E}{2s^2} = 0 \quad\Longrightarrow\quad s = \sigma^2 = \frac{E(w)}{ND} , $$
#
# the mean square of all errors. Below it the slope is negative, above it positive: a minimum.
#
# **Rubric.** ½ point: $w$ comes in through $E$ alone, with a positive factor. ½ point: both derivatives in $s$, and
# the result.


# %% solution="e-best-variance"
def best_variance(y, t):
    """The sigma2 for which the likelihood is largest. y and t (N, D). Returns one number."""
    ### BEGIN SOLUTION
    return np.mean((y - t) ** 2)
    ### END SOLUTION


# %% [markdown]
# The check walks a little to either side. It uses your loss of section E.1, so that one first, if it failed.

# %% test="e-best-variance" bonus=1
best = best_variance(nll_y.copy(), nll_t.copy())
check("one positive number comes back", np.size(best) == 1 and one_number(best) > 0)
losses = {
    factor: negative_log_likelihood(nll_y.copy(), nll_t.copy(), factor * one_number(best))
    for factor in (1, 0.5, 0.97, 1.03, 2)
}
for factor, loss in list(losses.items())[1:]:
    check(
        f"the loss is larger at {factor} times this variance",
        np.asarray(loss) > losses[1],
        "where is the slope in σ² zero? How many squares are there in E?",
    )
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import cases, mistakes

checks.function(
    "e-best-variance",
    checks.Call("best_variance", "y t"),
    checks.Expected(reference.likelihood.best_variance, {"best_variance": 1}),
    cases=cases.gaussian([(5, 3), (1, 4), (3, 1), (7, 5)], groups=False),
    section="section E.2, “How large is the noise?”",
    mistakes=mistakes.LOSSES,
)
### END HIDDEN TESTS

# %% [markdown]
# The ten samples from above with two models: the best line, and a constant. On the right, the loss of either for each
# $\sigma^2$, its lowest point marked.

# %%
models = {
    "the best line": slopes_tried[likelihoods.argmax()] * line_x,
    "a constant": np.full(10, line_t.mean()),
}
variances = np.linspace(0.03, 1, 300)
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3), layout="constrained")
left.plot(line_x, line_t, "k.", label="samples")
for (name, says), style, mark in zip(models.items(), ("-", "--"), ("o", "s"), strict=True):
    left.plot(line_x, says, style, label=name)
    column, column_t = says[:, None], line_t[:, None]
    least = one_number(best_variance(column.copy(), column_t.copy()))
    costs = [one_number(negative_log_likelihood(column.copy(), column_t.copy(), one)) for one in variances]
    right.plot(variances, costs, style, label=name)
    right.plot(least, one_number(negative_log_likelihood(column.copy(), column_t.copy(), least)), mark, color="black")
left.set(xlabel="$x$", ylabel="$t$", title="two models of ten samples")
right.set(xlabel=r"variance $\sigma^2$", ylabel="loss", title="each has a noise that suits it", ylim=(2, 18))
for panel in (left, right):
    panel.legend(fontsize=8)
plt.show()

# %% [markdown]
# At every $\sigma^2$ the better model is better: the curves never cross. But how sure one should be is part of the
# fit: the worse model had better admit more noise. (Errors of about 0.3 make 0.09.) To the left of the dots the loss
# shoots up. *Why is it so expensive to be surer than one is right?*
#
# ### E.3 · One of K classes
#
# Now the targets are classes. The row $t_n$ is one-hot: a 1 for the class that was seen, zeros for the others. The
# network's row $y_n$ holds probabilities, positive and with the sum 1 (softmax makes them, in part F). Then
#
# $$ p(t_n \mid x_n, w) = \prod_{k=1}^{K} y_{nk}^{\;t_{nk}} $$
#
# is a roundabout way to pick one number. *Which one, and why do the others not count?*
#
# **Predict.** With four classes, a network that has no idea says ¼ each time. What is its loss for one sample? And for
# ten?
#
# **Your derivation.** Follow the same road as in E.1, from the product over samples to the cross-entropy
#
# $$ E(w) = -\sum_{n=1}^{N} \sum_{k=1}^{K} t_{nk} \log y_{nk} . $$

# %% [markdown] answer="e-cross-entropy-derived" points=1
# **Model answer.** The likelihood is $\prod_n \prod_k y_{nk}^{\;t_{nk}}$. The logarithm makes a sum of either product,
# and brings the exponent down:
#
# $$ -\log \prod_n \prod_k y_{nk}^{\;t_{nk}} = -\sum_n \sum_k \log y_{nk}^{\;t_{nk}}
#    = -\sum_n \sum_k t_{nk} \log y_{nk} . $$
#
# For each sample one term is left, $-\log$ of the probability of the class that was seen; for the others the exponent
# 0 made a factor 1, and 0 times a logarithm is 0.
#
# **Rubric.** ½ point: both products become sums, with the minus in front. ½ point: the exponent $t_{nk}$ comes down as
# a factor. No point is lost for the notation of the ranges.


# %% solution="e-cross-entropy"
def cross_entropy(y, t):
    """Minus the log of the likelihood, classes. y (N, K) probabilities, t (N, K) one-hot. Returns one number."""
    ### BEGIN SOLUTION
    return -np.sum(t * np.log(y))
    ### END SOLUTION


# %% test="e-cross-entropy" points=1
rng = np.random.default_rng(51)
said_y = rng.dirichlet(np.ones(4), size=5)
seen_t = np.eye(4)[[1, 0, 3, 3, 2]]
cost_said = cross_entropy(said_y.copy(), seen_t.copy())
check("one number comes back", np.size(cost_said) == 1, f"its shape is {np.shape(cost_said)}")
check(
    "exp of minus it is the probability of all that was seen",
    np.isclose(np.exp(-np.asarray(cost_said)), np.prod(said_y[seen_t == 1])),
    "a likelihood below 1 has a negative logarithm: what is the sign of the loss? Is it a sum, or a mean?",
)
check(
    "what is said of the classes that were not seen does not count by itself",
    np.isclose(cross_entropy(np.array([[0.5, 0.4, 0.1]]), np.array([[1.0, 0, 0]])),
               cross_entropy(np.array([[0.5, 0.1, 0.4]]), np.array([[1.0, 0, 0]]))),
)  # fmt: skip
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import cases, mistakes

checks.function(
    "e-cross-entropy",
    checks.Call("cross_entropy", "y t"),
    checks.Expected(reference.likelihood.cross_entropy, {"cross_entropy": 1}),
    cases=cases.said_and_seen(),
    section="section E.3, “One of K classes”",
    mistakes=mistakes.LOSSES,
)
### END HIDDEN TESTS

# %% [markdown]
# The five samples of the check. On the left, what was said; the frames mark what was seen. On the right, what each
# sample adds to $E$. **Predict** from the left picture which bar will be the longest.

# %%
fig, (left, right) = plt.subplots(1, 2, figsize=(8.5, 2.8), layout="constrained", width_ratios=[5, 4])
left.imshow(said_y, cmap="Blues", vmin=0, vmax=1.4, aspect="auto")
for (n, k), probability in np.ndenumerate(said_y):
    left.text(k, n, f"{probability:.2f}", ha="center", va="center", fontsize=9)
    if seen_t[n, k]:
        left.add_patch(plt.Rectangle((k - 0.47, n - 0.45), 0.94, 0.9, fill=False, edgecolor="C1", linewidth=2.5))
left.set_xticks(range(4), [f"class {k}" for k in range(1, 5)])
left.set_yticks(range(5), [f"sample {n}" for n in range(1, 6)])
left.set_title("said (and seen, framed)")
left.grid(False)
shares = [one_number(cross_entropy(said_y[[n]], seen_t[[n]])) for n in range(5)]
right.barh(range(5), shares, color="C1", edgecolor="white", hatch="//")
right.set(ylim=(4.5, -0.5), yticks=range(5), yticklabels=[], xlabel="share of $E$", title="the price of each sample")
plt.show()

# %% [markdown]
# One principle, two costs: noise like a bell gives the squared error, a choice of classes gives the cross-entropy. And
# whoever has no idea among four classes pays $\log 4 \approx 1.39$ a sample, 13.9 for ten.
#
# ### E.4 · Optional: a few samples instead of all
#
# Both costs are sums over samples, so the gradient is one too: $\nabla E = \sum_{n=1}^{N} g_n$, where $g_n$ is the
# gradient of sample $n$ alone. *Stochastic* gradient descent picks $B$ of the $N$ samples at random (none of them
# twice), and walks against $\sum_{n \in \text{chosen}} g_n$ instead.
#
# **Predict.** Is that sum right on average, too small, or too large? By which factor, with 10 samples of 50?
#
# **Your derivation (bonus).** Prove that the gradient of a random subset is on average proportional to the true one,
# and find the factor. (In how many of the subsets is sample 1? All are equally likely.)

# %% [markdown] answer="e-subsets-derived" bonus=1
# **Model answer.** There are $\binom{N}{B}$ subsets. A given sample $n$ is in $\binom{N-1}{B-1}$ of them: that many
# ways there are to choose its companions. Adding up the gradients of all subsets, each $g_n$ comes that often, so on
# average
#
# $$ \frac{\binom{N-1}{B-1}}{\binom{N}{B}} \sum_n g_n = \frac{B}{N} \sum_n g_n = \frac{B}{N}\, \nabla E . $$
#
# (Or: sample $n$ is chosen with probability $B/N$, and the mean of a sum is the sum of the means, whether the choices
# are independent or not.)
#
# **Rubric.** ½ point: each sample is in the same share of the subsets, or has the same probability to be chosen; the
# mean of the sum is the sum of the means. ½ point: the factor $B/N$, with a reason.

# %% [markdown]
# **Your turn (bonus).** `slopes` has a row for each sample. What does the sum over a random choice of `B` rows come to
# on average?


# %% solution="e-subsets"
def average_over_subsets(slopes, B):
    """The sum of B rows of slopes, averaged over all choices of B. slopes (N, P), one row a sample. Returns (P,)."""
    ### BEGIN SOLUTION
    return B / len(slopes) * np.sum(slopes, axis=0)
    ### END SOLUTION


# %% test="e-subsets" bonus=1
from itertools import combinations

rng = np.random.default_rng(52)
six_slopes = rng.normal(size=(6, 2))
for B in (1, 3, 5):
    sums = [sum(chosen) for chosen in combinations(six_slopes, B)]
    mean_sum = np.average(sums, axis=0)
    check(
        f"B = {B}: it is the average over all {len(sums)} subsets, tried one after the other",
        np.allclose(average_over_subsets(six_slopes.copy(), B), mean_sum),
        "which share of the subsets has sample 1 in it?",
    )
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import cases, mistakes

checks.function(
    "e-subsets",
    checks.Call("average_over_subsets", "slopes B"),
    checks.Expected(reference.likelihood.average_over_subsets, {"average_over_subsets": 1}),
    cases=cases.choices(),
    section="section E.4, “A few samples instead of all”",
    mistakes=mistakes.LOSSES,
)
### END HIDDEN TESTS

# %% [markdown]
# Twelve samples of a line with two parameters. Every small dot is the gradient of one subset, multiplied by $N/B$; the
# star is the true gradient. **Predict:** which cloud is wider, that of $B = 2$ or that of $B = 6$? And where is its
# middle?

# %%
rng = np.random.default_rng(9)
cloud_x = rng.uniform(-2, 2, size=12)
cloud_t = 0.5 + 1.2 * cloud_x + 0.5 * rng.normal(size=12)
errors = (0.2 * cloud_x - 0.3) - cloud_t  # the model is not right yet
cloud_slopes = np.column_stack([2 * errors, 2 * errors * cloud_x])
fig, panels = plt.subplots(1, 2, figsize=(9.5, 3.6), layout="constrained", sharex=True, sharey=True)
for panel, B in zip(panels, (2, 6), strict=True):
    of_subsets = 12 / B * np.array([sum(chosen) for chosen in combinations(cloud_slopes, B)])
    panel.plot(*of_subsets.T, ".", color="C5", markersize=4, alpha=0.6, label=f"{len(of_subsets)} subsets")
    panel.plot(*(12 / B * np.asarray(average_over_subsets(cloud_slopes.copy(), B))), "P", color="C1", markersize=13,
               label="your average")  # fmt: skip
    panel.plot(*cloud_slopes.sum(axis=0), "*", color="black", markersize=9, label="true gradient")
    panel.axline((0, 0), slope=-np.divide(*cloud_slopes.sum(axis=0)), color="0.3", linestyle="--", linewidth=1)
    panel.set(xlabel=r"$\partial E/\partial w_0$", title=f"$B = {B}$ of 12 samples")
    panel.legend(fontsize=8, loc="upper left")
panels[0].set_ylabel(r"$\partial E/\partial w_1$")
plt.show()

# %% [markdown]
# With two samples a step costs a sixth, and is right on average: that is why nobody waits for all samples. The dashed
# line goes through 0. Whoever follows a dot beyond it walks uphill; with $B = 6$ there is none.
#
# ## Part F · Back through the layers
#
# **In F.1 to F.3 and in F.5 there is one sample, a plain vector; in F.4 samples are rows.** The letters are those of
# part D.
#
# The way back has two ingredients: the chain rule, and the patience to note down what will be needed again. A weight
# of the last layer moves the cost through the pre-activation it leads to, and through no other. So
#
# $$ \frac{\partial E}{\partial w^{(L)}_{ji}}
#    = \sum_k \frac{\partial E}{\partial a^{(L)}_k}\, \frac{\partial a^{(L)}_k}{\partial w^{(L)}_{ji}}
#    = \delta^{(L)}_j\, z^{(L-1)}_i, \qquad
#    \delta^{(L)}_j = \frac{\partial E}{\partial a^{(L)}_j}, $$
#
# because $\partial a_k/\partial w_{ji}$ is $z_i$ for $k = j$ and 0 otherwise: the blocks of part C. The $\delta$ are
# what is worth noting down.
#
# ### F.1 · The first δ: softmax and cross-entropy
#
# For classes, the last pre-activations $a_k$ are *logits*, and
#
# $$ y_k = \frac{\exp(a_k)}{\sum_{k'} \exp(a_{k'})}, \qquad E = -\sum_k t_k \log y_k , \qquad \sum_k t_k = 1. $$
#
# **Predict.** The right class has the probability 0.9. What is the sign of its $\delta$, and of the others'?
# What do all of them add up to, if the same number may be added to all logits without changing $y$?
#
# **Your derivation.** In two steps.
#
# 1. Write the cost in terms of the logits alone: $E = -\sum_k t_k a_k + \log \sum_k \exp(a_k)$. Say where you use that
#    the $t_k$ add up to 1.
# 2. Show that $\frac{\partial}{\partial a_j} \log \sum_k \exp(a_k) = y_j$, and conclude.
#
# (In another course the same question reads: for $\ell_i = \log \sum_{k'} e^{f_{ik'}} - \sum_{k'} \tilde y_{ik'}
# f_{ik'}$, with one-hot targets $\tilde y_{ik'}$, find $\partial \ell_i/\partial f_{ik}$. Write your result in these
# letters, too.)

# %% [markdown] answer="f-output-derived" points=2
# **Model answer.** Step 1. The logarithm of a quotient: $\log y_k = a_k - \log \sum_{k'} \exp(a_{k'})$. Put in:
#
# $$ E = -\sum_k t_k a_k + \Bigl(\sum_k t_k\Bigr) \log \sum_{k'} \exp(a_{k'})
#      = -\sum_k t_k a_k + \log \sum_{k'} \exp(a_{k'}) , $$
#
# because the second logarithm does not depend on $k$, and the $t_k$ add up to 1. Step 2. The chain rule, outer slope
# $1/u$ at $u = \sum_k \exp(a_k)$; in the sum only the term $k = j$ has $a_j$ in it:
#
# $$ \frac{\partial}{\partial a_j} \log \sum_k \exp(a_k) = \frac{\exp(a_j)}{\sum_k \exp(a_k)} = y_j . $$
#
# In $-\sum_k t_k a_k$ the only term with $a_j$ is $-t_j a_j$. Together $\delta_j = y_j - t_j$; in the other letters,
# $\partial \ell_i/\partial f_{ik} = \text{softmax}_k(\mathbf f_i) - \tilde y_{ik}$.
#
# **Rubric.** ½ point: log of the quotient. ½ point: $\sum_k t_k = 1$ is said where it is used. ½ point: the slope of
# log-sum-exp with outer and inner derivative. ½ point: $y_j - t_j$, and in the other letters. The product of $-t/y$
# and the full Jacobian of softmax is as good, if it is carried through; with the diagonal $y_j (1 - y_j)$ alone it
# earns at most 1.

# %% [markdown]
# **Your turn.** One sample: `a` and `t` of shape `(K,)`. Half of the point is for logits of ±1000: `np.exp(1000)` is
# `inf`, so before you use `np.exp`, use what you know about adding the same number to all logits.


# %% solution="f-delta-output"
def delta_output(a, t):
    """δ of the last layer, softmax with cross-entropy. a (K,) logits, t (K,) one-hot. Returns δ (K,)."""
    ### BEGIN SOLUTION
    powers = np.exp(a - a.max())
    return powers / powers.sum() - t
    ### END SOLUTION


# %% test="f-delta-output" points=1
logits, seen = np.array([1.2, -0.4, 0.3, 2.0]), np.array([0.0, 0.0, 1.0, 0.0])


def cost_of_logits(a, t=seen):
    """The cost from the logits alone, as in step 1 of the derivation."""
    a = np.asarray(a)
    return a.max() + np.log(np.sum(np.exp(a - a.max()))) - t @ a


check_gradient(cost_of_logits, at={"a": logits}, yours={"a": delta_output(logits.copy(), seen.copy())})
for far in (1000.0, -1000.0):
    moved = delta_output(logits + far, seen.copy())
    check(
        f"{far:+.0f} on all logits changes nothing",
        np.allclose(moved, delta_output(logits.copy(), seen.copy())),
        "which number would you take from all logits, so that no power is too large and one is 1?",
    )
check("they add up to 0", np.isclose(np.sum(delta_output(np.array([900.0, -900.0, 0.0]), np.array([0.0, 1, 0]))), 0))
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import cases, mistakes

checks.function(
    "f-delta-output",
    checks.Call("delta_output", "a t"),
    checks.Expected(reference.likelihood.delta_output, {"delta_output": 1}),
    cases=cases.logits_of_one(),
    section="section F.1, “The first δ”",
    mistakes=mistakes.BACKWARD,
)
### END HIDDEN TESTS

# %% [markdown]
# Each panel moves one logit and leaves the others. The curve is the cost, the dot where we are, and the line has the
# slope that you found. The third class is the right one.

# %%
deltas = np.asarray(delta_output(logits.copy(), seen.copy()))
fig, panels = plt.subplots(1, 4, figsize=(10.5, 2.7), layout="constrained", sharey=True)
for j, panel in enumerate(panels):
    along = logits[j] + np.linspace(-4, 4, 161)
    panel.plot(along, [cost_of_logits(np.where(np.arange(4) == j, one, logits)) for one in along], linewidth=2)
    near = logits[j] + np.array([-1.8, 1.8])
    panel.plot(near, cost_of_logits(logits) + deltas[j] * (near - logits[j]), "--", color="C1", linewidth=2)
    panel.plot(logits[j], cost_of_logits(logits), "ko")
    right_one = " (the right class)" if seen[j] else ""
    panel.set(xlabel=f"logit $a_{j + 1}${right_one}", title=f"slope {deltas[j]:+.2f}".replace("-", "−"), ylim=(0, 5))
panels[0].set_ylabel("cost $E$")
plt.show()

# %% [markdown]
# The right class is pulled up, the others are pushed down, each by as much as it claims too much; together that is 0.
# Far to the right in the first panel the curve becomes a straight line of slope 1: *however wrong, and however sure,
# the push never fades.*
#
# ### F.2 · From one layer to the one before
#
# A pre-activation $a^{(l)}_j$ goes through $h_l$, and then into **every** unit of the layer after it:
#
# $$ a^{(l+1)}_k = w^{(l+1)}_{k0} + \dots + w^{(l+1)}_{kj}\, h_l\bigl(a^{(l)}_j\bigr) + \dots $$
#
# One entry, worked, with $h_l = \tanh$. Unit $j$ has the pre-activation 0 and leads into three units, with the weights
# 2, −1 and 3. To those, $\delta = (1, 4, -2)$ has come back. Along the three ways that is $2 \cdot 1$, $-1 \cdot 4$
# and $3 \cdot (-2)$, together −8; tanh has the slope 1 at 0, so $\delta^{(l)}_j = -8$.
#
# **Predict.** With the pre-activation 1 instead, is its $\delta$ closer to 0 or further away? And which $\delta$
# belongs to the extra input, the 1 in front?
#
# **Your derivation.** Show that for every layer $l < L$
#
# $$ \frac{\partial E}{\partial w^{(l)}_{ji}} = \delta^{(l)}_j\, z^{(l-1)}_i, \qquad
#    \delta^{(l)}_j = h_l'\bigl(a^{(l)}_j\bigr) \sum_{k} \delta^{(l+1)}_k\, w^{(l+1)}_{kj} . $$
#
# Say where the sum over $k$ comes from, how far it runs, and why the same lines hold for all $l$.

# %% [markdown] answer="f-backprop-derived" points=2
# **Model answer.** $E$ depends on $a^{(l)}_j$ through the pre-activations of the next layer, all of them. The chain
# rule adds over every way:
#
# $$ \delta^{(l)}_j = \frac{\partial E}{\partial a^{(l)}_j}
#    = \sum_k \frac{\partial E}{\partial a^{(l+1)}_k}\, \frac{\partial a^{(l+1)}_k}{\partial a^{(l)}_j}
#    = \sum_k \delta^{(l+1)}_k\, w^{(l+1)}_{kj}\, h_l'\bigl(a^{(l)}_j\bigr) , $$
#
# because in $a^{(l+1)}_k = \sum_i w^{(l+1)}_{ki} h_l(a^{(l)}_i)$ only the term $i = j$ has $a^{(l)}_j$ in it. $k$ runs
# over the units of layer $l + 1$ (which are $K$ only for $l + 1 = L$); $h_l'$ does not depend on $k$ and comes out.
# The weight $w^{(l)}_{ji}$ stands in $a^{(l)}_j$ alone, multiplied by $z^{(l-1)}_i$, so $\partial E/\partial
# w^{(l)}_{ji} = \delta^{(l)}_j z^{(l-1)}_i$, with $z^{(l-1)}_0 = 1$ for the bias. Nothing was used of layer $l + 1$
# but that its $\delta$ is known and that it is linear in $z^{(l)}$. So from $\delta^{(L)}$ one gets $\delta^{(L-1)}$,
# and so on down to 1: induction. There is no $\delta$ for $z_0 = 1$: it depends on nothing.
#
# **Rubric.** ½ point: the chain rule over all units of the next layer. ½ point: $\partial a^{(l+1)}_k/\partial
# a^{(l)}_j = w_{kj} h'$, with a reason. ½ point: the weight's slope. ½ point: why it holds for all $l$, starting from
# $\delta^{(L)}$. That errors "are passed backwards" is no derivation by itself.

# %% [markdown]
# **Your turn.** Two small functions, with $h_l = \tanh$. First what comes back to a layer. `delta` and `W` belong to
# the **next** layer, `a` to this one. `W` has its biases in column 0: does anything go back through those?


# %% solution="f-delta-hidden"
def delta_hidden(delta, W, a):
    """δ of a tanh layer. delta (K,) and W (K, 1 + M): the next layer's; a (M,): this layer's. Returns δ (M,)."""
    ### BEGIN SOLUTION
    return np.dot(delta, W[:, 1:]) * (1 - np.tanh(a) ** 2)
    ### END SOLUTION


# %% test="f-delta-hidden" points=1
rng = np.random.default_rng(60)
W_next, a_here = rng.normal(size=(4, 4)), np.array([0.8, -0.3, 1.4])


def cost_of_hidden(a):
    """The cost, where the hidden layer's pre-activations are a."""
    return cost_of_logits(W_next @ with_one(np.tanh(a)))


came_back = central_differences(cost_of_logits, {"a": W_next @ with_one(np.tanh(a_here))}, "a")  # δ of the last layer
check_gradient(
    cost_of_hidden, at={"a": a_here}, yours={"a": delta_hidden(came_back.copy(), W_next.copy(), a_here.copy())}
)
worked = [delta_hidden(np.array([1.0, 4.0, -2.0]), np.array([[5.0, 2], [6, -1], [7, 3]]), np.array([one]))
          for one in (0.0, 1.0)]  # fmt: skip
check("the entry worked above is −8", np.allclose(worked[0], -8.0), "which column of W belongs to the extra input?")
check("with the pre-activation 1 it is closer to 0", abs(np.asarray(worked[1])) < 8)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import cases, mistakes

checks.function(
    "f-delta-hidden",
    checks.Call("delta_hidden", "delta W a"),
    checks.Expected(reference.likelihood.delta_hidden, {"delta_hidden": 1}),
    cases=cases.between_layers(),
    section="section F.2, “From one layer to the one before”",
    mistakes=mistakes.BACKWARD,
)
### END HIDDEN TESTS

# %% [markdown]
# The worked entry as a picture, for the pre-activations 0 and 1. Forward, one number goes out on three ways; back,
# three numbers come in and are added. Then the slope of tanh decides how much of the sum gets through.


# %%
def draw_fan(axes, a_j, ways=(2.0, -1.0, 3.0), deltas=(1.0, 4.0, -2.0)):
    """One unit, the three it leads into, and what comes back."""
    back = one_number(delta_hidden(np.array(deltas), np.column_stack([np.zeros(3), ways]), np.array([a_j])))
    box = {"boxstyle": "round,pad=0.4", "facecolor": "#f0f0f0", "edgecolor": "0.4"}
    arrow = {"arrowstyle": "->", "color": "C1", "lw": 1.6}
    for height, way, one in zip((1, 0, -1), ways, deltas, strict=True):
        axes.annotate("", (0.55, 0.12 * height), (3.5, height), arrowprops=arrow)
        axes.text(1.95, 0.53 * height + 0.13, rf"$w = {way:.0f}$:  {way * one:+.0f}".replace("-", "−"), fontsize=9,
                  ha="center", rotation=17 * height, rotation_mode="anchor")  # fmt: skip
        axes.text(4, height, rf"$\delta_k = {one:.0f}$", ha="center", va="center", bbox=box)
    total = f"all three: {sum(np.multiply(ways, deltas)):.0f}".replace("-", "−")
    axes.text(0.1, 0.35, total, ha="center", color="#B34700")
    axes.text(0.1, 0, rf"$\times \tanh'({a_j:.0f})$", ha="center", va="center", bbox=box)
    axes.annotate("", (-1.5, 0), (-0.5, 0), arrowprops=arrow)
    axes.text(-1.6, 0, rf"$\delta_j = {back:.2f}$", ha="right", va="center", color="#B34700")
    axes.set(xlim=(-3.4, 4.9), ylim=(-1.5, 1.5), title=f"pre-activation $a_j = {a_j:.0f}$")
    axes.axis("off")


fig, panels = plt.subplots(1, 2, figsize=(10.5, 2.8), layout="constrained")
for panel, a_j in zip(panels, (0.0, 1.0), strict=True):
    draw_fan(panel, a_j)
plt.show()

# %% [markdown]
# **Your turn.** Then the slopes of a layer's weights, the shape of `W` itself. What enters the layer is handed over
# without the 1, so the column of the biases is yours to make. (In part C it was the last column, here it is the
# first.)


# %% solution="f-weight-slopes"
def weight_slopes(delta, z):
    """Slopes of a layer's weights, biases in column 0. delta (K,) its δ, z (M,) what enters. Returns (K, 1 + M)."""
    ### BEGIN SOLUTION
    return np.outer(delta, with_one(z))
    ### END SOLUTION


# %% test="f-weight-slopes" points=1
z_here = np.tanh(a_here)
check_gradient(
    lambda W: cost_of_logits(W @ with_one(z_here)),
    at={"W": W_next},
    yours={"W": weight_slopes(came_back.copy(), z_here.copy())},
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import cases, mistakes

checks.function(
    "f-weight-slopes",
    checks.Call("weight_slopes", "delta z"),
    checks.Expected(reference.likelihood.weight_slopes, {"weight_slopes": 1}),
    cases=cases.between_layers(),
    section="section F.2, “From one layer to the one before”",
    mistakes=mistakes.BACKWARD,
)
### END HIDDEN TESTS

# %% [markdown]
# These three functions are all of backpropagation. Here they go through five layers, 96 weights and biases; in the
# picture each dot is one of them: what small steps say, to the right, what your functions say, up. **Predict** before
# you run: which of the two takes longer to compute, and by how much, if a network has a million weights?


# %%
def all_weight_slopes(x, weights, t):
    """From the cost's slope at the output to those of all weights, the last layer first."""
    entering, pre_activations = [x], []
    for W in weights:
        pre_activations.append(W @ with_one(entering[-1]))
        entering.append(np.tanh(pre_activations[-1]))
    back = [np.asarray(delta_output(pre_activations[-1].copy(), t.copy()))]
    for layer in reversed(range(1, len(weights))):
        back.insert(0, np.asarray(delta_hidden(*deepcopy((back[0], weights[layer], pre_activations[layer - 1])))))
    return [weight_slopes(delta_l, z) for delta_l, z in zip(back, entering, strict=False)]


rng = np.random.default_rng(61)
five = [rng.normal(size=(M_out, 1 + M_in)) for M_in, M_out in ((3, 4), (4, 5), (5, 4), (4, 3), (3, 4))]
x_five = rng.normal(size=3)
by_name = {f"W{k}": W for k, W in enumerate(five, start=1)}
their_slopes = {f"W{k}": table for k, table in enumerate(all_weight_slopes(x_five, five, seen), start=1)}
check_gradient(
    lambda **at: cost_of_logits(network(x_five.copy(), list(at.values()))), at=by_name, yours=their_slopes, draw=True
)

# %% [markdown]
# Only the 1 in front of each layer got no $\delta$: nothing stands behind it that could move. Small steps need two
# forward passes *for each* weight. Your functions need one pass there and one pass back for all of them together.
#
# ### F.3 · Optional: the same for regression
#
# Only the first $\delta$ knows the cost. Take $E = \lVert y - t \rVert^2 = \sum_k (y_k - t_k)^2$ and a plain output,
# $y_k = a^{(L)}_k$. Everything else stays.
#
# **Predict.** Some texts say that the result is the same as for classes in F.1. Is it, exactly?
#
# **Your derivation (bonus).** Find $\delta^{(L)}_j$. Compare with F.1: what is the same, what isn't, and which cost
# would make it quite the same?

# %% [markdown] answer="f-regression-derived" bonus=1
# **Model answer.** Only the term $k = j$ has $a_j$ in it, and $\partial y_j/\partial a_j = 1$:
#
# $$ \delta_j = \frac{\partial}{\partial a_j} \sum_k (a_k - t_k)^2 = 2\,(a_j - t_j) = 2\,(y_j - t_j) . $$
#
# The form is that of F.1, output minus target, but there is a factor 2 in front, so it is not exactly the same. With
# $E = \tfrac12 \lVert y - t \rVert^2$ (or in the likelihood of E.1 with $\sigma^2 = 1$, where $E$ has the factor
# $1/2\sigma^2$) it is $y_j - t_j$. The recursion for the hidden layers is linear in $\delta$ and hands the factor on
# to all slopes.
#
# **Rubric.** ½ point: $2 (y_j - t_j)$ with its derivation. ½ point: the factor 2 is said to be the difference, and ½
# in front of the cost to take it away.


# %% solution="f-delta-regression"
def delta_regression(y, t):
    """δ of the last layer, squared error without a ½, plain output. y and t (K,). Returns δ (K,)."""
    ### BEGIN SOLUTION
    return 2 * (y - t)
    ### END SOLUTION


# %% test="f-delta-regression" bonus=1
y_said, t_seen = np.array([1.5, -0.2, 0.7]), np.array([1.0, 0.4, 0.9])
check_gradient(
    lambda a: np.sum((a - t_seen) ** 2), at={"a": y_said}, yours={"a": delta_regression(y_said.copy(), t_seen.copy())}
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import cases, mistakes

checks.function(
    "f-delta-regression",
    checks.Call("delta_regression", "y t"),
    checks.Expected(reference.likelihood.delta_regression, {"delta_regression": 1}),
    cases=cases.outputs_of_one(),
    section="section F.3, “The same for regression”",
    mistakes=mistakes.BACKWARD,
)
### END HIDDEN TESTS

# %% [markdown]
# ### F.4 · All samples at once
#
# Now there are $N$ samples, **as rows**: $a_{nj}$, $z_{ni}$, $t_{nk}$ belong to sample $n$, and $E = \sum_{n} E_n$ is
# the sum of what each sample costs. All samples go through the *same* weights.
#
# **Predict.** Which of the letters $\delta$, $w$, $z$, $a$ get an index $n$? And in which of the two rules of F.2 is
# there a sum over $n$: in that for the weights, in that for $\delta$, or in both?
#
# **Your derivation.** Write both rules of F.2 for $N$ samples. Say for each of them why there is a sum over $n$, or
# why there is none. (Solutions have been seen with a second sum in the rule for $\delta$, and with weights $w_{nkj}$.
# What would each of these mean?)

# %% [markdown] answer="f-all-samples-derived" points=2
# **Model answer.**
#
# $$ \frac{\partial E}{\partial w^{(l)}_{ji}} = \sum_{n=1}^{N} \delta^{(l)}_{nj}\, z^{(l-1)}_{ni}, \qquad
#    \delta^{(l)}_{nj} = h_l'\bigl(a^{(l)}_{nj}\bigr) \sum_k \delta^{(l+1)}_{nk}\, w^{(l+1)}_{kj} . $$
#
# A weight is shared by all samples: turning it moves every $E_n$, and the slopes of a sum are added, so there is a sum
# over $n$. $\delta_{nj} = \partial E/\partial a_{nj}$ belongs to one sample: $a_{nj}$ moves $E_n$ and no other term,
# so there is no sum over $n$; there is one $\delta$ for each sample and unit. A sum over $n$ in it would mean that the
# pre-activation of one photo changes what the network says of another. $w_{nkj}$ would mean that every sample has a
# network of its own.
#
# **Rubric.** ½ point: the sum over $n$ in the weights' rule. ½ point: its reason, shared weights. ½ point: $\delta$
# has the index $n$ and no sum over $n$, with the reason. ½ point: $a$ and $z$ carry $n$, $w$ does not, and what the
# two slips would mean.

# %% [markdown]
# **Your turn.** `delta` has a row for each sample, `z` too. The result has the shape of `W`, however many samples
# there are.


# %% solution="f-slopes-of-all"
def weight_slopes_of_all(delta, z):
    """Slopes of a layer's weights from N samples, as rows. delta (N, K), z (N, M) without the 1. Returns (K, 1 + M)."""
    ### BEGIN SOLUTION
    return delta.T @ with_one(z)
    ### END SOLUTION


# %% test="f-slopes-of-all" points=1
rng = np.random.default_rng(62)
W_all, z_all, t_all = rng.normal(size=(4, 4)), np.tanh(rng.normal(size=(5, 3))), np.eye(4)[[2, 0, 3, 3, 1]]


def cost_of_all(W):
    """What all five samples cost together."""
    return sum(cost_of_logits(W @ with_one(z_n), t_n) for z_n, t_n in zip(z_all, t_all, strict=True))


delta_all = np.array(
    [central_differences(lambda a, t_n=t_n: cost_of_logits(a, t_n), {"a": W_all @ with_one(z_n)}, "a")
     for z_n, t_n in zip(z_all, t_all, strict=True)]
)  # fmt: skip
check_gradient(
    cost_of_all, at={"W": W_all}, yours={"W": weight_slopes_of_all(delta_all.copy(), z_all.copy())}, samples=5
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import cases, mistakes

# For submissions whose weight_slopes is unusable: no solution, only numbers that depend on all there is.
_WEIGHT_SLOPES = """
import numpy as np

def weight_slopes(delta, z):
    return np.cos(delta)[:, None] * np.append(2, z)
"""


def expected(delta, z, weight_slopes):
    return sum(weight_slopes(delta_n, z_n) for delta_n, z_n in zip(delta, z, strict=True))


checks.function(
    "f-slopes-of-all",
    checks.Call("weight_slopes_of_all", "delta z"),
    checks.Expected(expected, {"weight_slopes_of_all": 1}),
    cases=cases.slopes_of_samples(),
    section="section F.4, “All samples at once”",
    mistakes=mistakes.BACKWARD,
    carried_forward=checks.CarriedForward(
        functions={"weight_slopes": reference.likelihood.weight_slopes}, stubs=_WEIGHT_SLOPES
    ),
)
### END HIDDEN TESTS

# %% [markdown]
# $\delta$ belongs to one sample, a weight to all: so each sample makes a table of its own, $\delta_{nj} z_{ni}$, of
# rank one. Yours is their sum. Orange is positive, purple negative; the first column is that of the biases.

# %%
tables = [np.asarray(weight_slopes_of_all(delta_all[[n]], z_all[[n]])) for n in range(5)]
tables.append(np.asarray(weight_slopes_of_all(delta_all.copy(), z_all.copy())))
largest = max(np.abs(table).max() for table in tables)
fig, panels = plt.subplots(1, 6, figsize=(10.5, 2.4), layout="constrained", sharey=True)
for n, (panel, table) in enumerate(zip(panels, tables, strict=True), start=1):
    panel.imshow(table, cmap="PuOr_r", vmin=-largest, vmax=largest)
    for (j, i), one in np.ndenumerate(table):
        panel.text(i, j, f"{one:.1f}".replace("-", "−").replace("−0.0", "0.0"), ha="center", va="center", fontsize=7,
                   color="white" if abs(one) > 0.7 * largest else "black")  # fmt: skip
    panel.set_xticks(range(4), range(4))
    panel.set(title=f"sample {n}" if n < 6 else "all five", xlabel="input $i$", yticks=range(4))
    panel.set_yticklabels(range(1, 5))
    panel.grid(False)
panels[0].set_ylabel("unit $j$")
plt.show()

# %% [markdown]
# ### F.5 · The same in other letters, and what is used twice
#
# A third course writes one layer of sigmoids, with the bias apart, and lets the cost be a **mean** over the outputs:
#
# $$ z = W x + b, \qquad a = \sigma(z), \qquad C = \frac{1}{D_{out}} \sum_{i} (a_i - t_i)^2 . $$
#
# Mind the letters: here $z$ is the *pre*-activation, and $a$ what comes out. **One sample, plain vectors.** In lab 3
# you will build such a network step by step; here are the thoughts behind it. The two gradients are
#
# $$ \frac{dC}{dW} = \frac{dC}{da}\, \frac{da}{dz}\, \frac{dz}{dW}, \qquad
#    \frac{dC}{db} = \frac{dC}{da}\, \frac{da}{dz}\, \frac{dz}{db} . $$
#
# **Your turn, in words.** Which intermediate results can be used for both? Which of the letters of F.2 is their
# product? And what has to be kept from the forward pass to compute them?

# %% [markdown] answer="f-reuse" points=1
# **Model answer.** $dC/da$ and $da/dz$ stand in both, so their product $dC/dz$ is computed once and used twice. It is
# the $\delta$ of F.2. Only the last factors differ: $dz/dW$ brings in $x$, and $dz/db$ is 1. To be kept: what enters
# the layer ($x$), and $z$ or $a = \sigma(z)$, which $da/dz$ and $dC/da$ are made of.
#
# **Rubric.** ½ point: both shared factors, or their product, recognised as $\delta$. ½ point: $z$ (or $a$) and $x$ are
# to be kept.

# %%
fig, axes = plt.subplots(figsize=(9, 2.5), layout="constrained")
places = {"$C$": (0, 0.5), "$a$": (1.5, 0.5), "$z$": (3, 0.5), "$W$": (4.9, 1), "$b$": (4.9, 0)}
steps = (("$C$", "$a$", "dC/da", "C1"), ("$a$", "$z$", "da/dz", "C1"), ("$z$", "$W$", "dz/dW", "C0"),
         ("$z$", "$b$", "dz/db", "C0"))  # fmt: skip
for start, end, label, color in steps:
    (x0, y0), (x1, y1) = places[start], places[end]
    style = {"arrowstyle": "->", "color": color, "lw": 4 if color == "C1" else 1.6, "shrinkA": 17, "shrinkB": 17}
    axes.annotate("", (x1, y1), (x0, y0), arrowprops=style)
    axes.text((x0 + x1) / 2, (y0 + y1) / 2 + (0.14 if y1 >= y0 else -0.25), f"${label}$", ha="center")
for name, (x0, y0) in places.items():
    axes.text(x0, y0, name, ha="center", va="center", fontsize=13,
              bbox={"boxstyle": "circle,pad=0.35", "facecolor": "#f0f0f0", "edgecolor": "0.4"})  # fmt: skip
axes.text(1.5, 1.12, "thick: walked once, used for both", ha="center", color="#B34700")
axes.set(xlim=(-0.6, 5.6), ylim=(-0.35, 1.35))
axes.axis("off")
plt.show()

# %% [markdown]
# **Predict.** $dC/da_i$ is $\frac{2}{D_{out}}(a_i - t_i)$: where does the $D_{out}$ come from, and would a layer with
# twice as many outputs learn faster or more slowly? And of what can $\sigma'(z)$ be made, if only $a$ was kept?
#
# **Your turn.** The shared part $dC/dz$, from $a$ and the target alone: the slope of the cost one step *before* the
# sigmoid.


# %% solution="f-slope-of-cost"
def slope_of_cost(a, target):
    """∂C/∂z for a = σ(z), where C is a mean over the outputs. a and target (D_out,). Returns (D_out,)."""
    ### BEGIN SOLUTION
    return 2 / len(a) * (a - target) * a * (1 - a)
    ### END SOLUTION


# %% test="f-slope-of-cost" points=1
z_last, target_last = np.array([0.4, -1.3, 2.1]), np.array([0.2, 0.9, 0.5])
check_gradient(
    lambda z: np.mean((sigmoid(z) - target_last) ** 2),
    at={"z": z_last},
    yours={"z": slope_of_cost(sigmoid(z_last), target_last.copy())},
    outputs=3,
)
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import cases, mistakes

checks.function(
    "f-slope-of-cost",
    checks.Call("slope_of_cost", "a target"),
    checks.Expected(reference.likelihood.slope_of_cost, {"slope_of_cost": 1}),
    cases=cases.sigmoid_layers([(2, 3), (5, 4), (4, 1), (2, 7)]),
    section="section F.5, “The same in other letters”",
    mistakes=mistakes.BACKWARD,
)
### END HIDDEN TESTS

# %% [markdown]
# With twice as many outputs each of them gets half the slope: the same mistake in one output moves the weights less.
#
# **Your turn, in words.** Take a layer with $D_{out} = 3$ and $D_{in} = 2$. What is the derivative of $z$ with respect
# to $b$, and with respect to $W$? Of which shapes are they, written out in full, and how many entries of each are not
# zero? (The blocks of part C are one way to see it.) Why does nobody build the second one in a program?

# %% [markdown] answer="f-shapes-of-dz" points=1
# **Model answer.** $\partial z_i/\partial b_k$ is 1 for $i = k$ and 0 otherwise: the identity, of shape $(3, 3)$, with
# 3 ones. $\partial z_i/\partial W_{kj}$ is $x_j$ for $i = k$ and 0 otherwise: of shape $(3, 3, 2)$, or $(3, 6)$ with
# the weights in a row, with 6 entries that are not zero (two for each output; the rest of the 18 are 0). Multiplied by
# $dC/dz$ only the outer product $\frac{\partial C}{\partial z_k}\, x_j$ is left, of the shape $(3, 2)$ of $W$: so it
# is computed at once, and the zeros are never written down.
#
# **Rubric.** ½ point: both derivatives with their zeros (identity; $x_j$ in the block of its own output). ½ point: the
# shapes, and that with $dC/dz$ an outer product of the shape of $W$ is left.

# %% [markdown]
# **Your turn.** Two layers now, $z_1 = W_1 x + b_1$, $a_1 = \sigma(z_1)$, $z_2 = W_2 a_1 + b_2$. To the second layer
# `dC_dz2` has come back already. What are the slopes of the parameters of the first? The biases stand apart here, so
# there is no column to be left out; and the function is σ, not tanh.


# %% solution="f-first-layer"
def first_layer_slopes(dC_dz2, W2, a1, x):
    """Slopes of layer 1. dC_dz2 (D_out,), W2 (D_out, D), a1 (D,), x (D_in,). Returns dC_dW1 (D, D_in), dC_db1 (D,)."""
    ### BEGIN SOLUTION
    dC_dz1 = np.dot(dC_dz2, W2) * a1 * (1 - a1)
    return np.outer(dC_dz1, x), dC_dz1
    ### END SOLUTION


# %% [markdown]
# The check uses your function twice: for the first of two layers, and then, unchanged, for the *middle* one of three.
# There `dC_dz2` is what came back to layer 3, and `x` is what enters layer 2.

# %% test="f-first-layer" points=1
rng = np.random.default_rng(63)
Ws = [rng.normal(size=shape) for shape in ((3, 2), (4, 3), (2, 4))]
bs = [rng.normal(size=size) for size in (3, 4, 2)]
x_sig, target_sig = rng.normal(size=2), np.array([0.1, 0.8])
for layers, where in (((0, 2), "the first of two layers"), ((0, 1, 2), "the middle one of three")):
    W_here = [Ws[layer] if len(layers) == 3 or layer else rng.normal(size=(4, 2)) for layer in layers]
    b_here = [bs[layer] if len(layers) == 3 or layer else rng.normal(size=4) for layer in layers]
    place = len(layers) - 2

    def passed(W, b, W_here=W_here, b_here=b_here, place=place):
        """What enters each layer, where the one that is looked at has these parameters."""
        enters = [x_sig]
        for number_of, (W_k, b_k) in enumerate(zip(W_here, b_here, strict=True)):
            W_k, b_k = (W, b) if number_of == place else (W_k, b_k)
            enters.append(sigmoid(W_k @ enters[-1] + b_k))
        return enters

    enters = passed(W_here[place], b_here[place])
    dC_dz_last = central_differences(
        lambda z: np.mean((sigmoid(z) - target_sig) ** 2), {"z": W_here[-1] @ enters[-2] + b_here[-1]}, "z"
    )
    returned = first_layer_slopes(dC_dz_last, W_here[-1].copy(), enters[-2].copy(), enters[place].copy())
    check(f"{where}: two arrays come back", isinstance(returned, tuple | list) and len(returned) == 2)
    check_gradient(
        lambda W, b, passed=passed: np.mean((passed(W, b)[-1] - target_sig) ** 2),
        at={"W": W_here[place], "b": b_here[place]},
        yours=dict(zip(("W", "b"), returned, strict=True)),
        outputs=2,
    )
### BEGIN HIDDEN TESTS
from autograder import checks, reference
from autograder.labs.lab0_by_hand import cases, mistakes

checks.function(
    "f-first-layer",
    checks.Call("first_layer_slopes", "dC_dz2 W2 a1 x"),
    checks.Expected(reference.likelihood.first_layer_slopes, {"dC_dW1": 0.5, "dC_db1": 0.5}),
    cases=cases.sigmoid_slopes(),
    section="section F.5, “The same in other letters”",
    mistakes=mistakes.FIRST_LAYER,
)
### END HIDDEN TESTS

# %% [markdown]
# **Your turn, in words.** How would you use the slopes of this layer to find those of an even earlier one? Would any
# of the expressions be different? Say what a layer needs for its way back, from outside and from its own forward pass,
# and what it hands on.

# %% [markdown] answer="f-even-earlier" points=1
# **Model answer.** With $dC/dz_1$ in the place of $dC/dz_2$: $W_1^\top\, dC/dz_1$ is the slope at what enters layer 1,
# and times $\sigma'$ of the layer before, it is that layer's $dC/dz$. No expression is new; only the indices move by
# one. A layer needs what came back to the layer after it ($dC/dz$), that layer's weights, and from its own forward
# pass what entered it and what came out ($a$, or $z$). It hands on its own $dC/dz$. The cost comes in at the last
# layer only.
#
# **Rubric.** ½ point: the same expressions with indices moved by one, through $W^\top$ and $\sigma'$. ½ point: $dC/dz$
# is what is handed on, and the cost's derivative is taken only once, at the end.

# %% [markdown]
# ## What you have derived
#
# - A network is one rule, repeated; without the bends it would be one layer.
# - A cost is minus the logarithm of a likelihood: squares from noise like a bell, cross-entropy from classes.
# - The way back is one rule as well: δ through the transposed weights, times the local slope. A layer's weights then
#   have the slope *what came back times what came in*, added over the samples.
#
# You will build all of it, piece by piece, in labs 1 to 6.

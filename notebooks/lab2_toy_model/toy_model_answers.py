# %% [markdown]
# # Known answers to the toy model
#
# Points: toy-forward has ½ for each of h1 … f3 and 1 for l_i, together 4. toy-backward has 1 for each of dldh3 …
# dldf0, together 6. toy-parameters has ½ for each of its eight values, together 4. toy-gradient has 1 for dl_dbeta
# and 1 for dl_domega. Inside a cell one wrong step costs its own value: the steps after it follow it through, as long
# as it isn't zero. A value that is the same for every model is typed in, and nothing is followed through to it.

# %% [markdown]
# ## toy-forward, right

# %% solution="toy-forward" variant="functions-in-a-loop"
f0 = beta0 + omega0 * x
kept = [f0]
for activation, beta, omega in ((np.sin, beta1, omega1), (np.exp, beta2, omega2), (np.cos, beta3, omega3)):
    h = activation(kept[-1])
    kept += [h, beta + omega * h]
_, h1, f1, h2, f2, h3, f3 = kept
l_i = np.square(f3 - y)

# %% solution="toy-forward" variant="math-module"
import math

f0 = beta0 + omega0 * x
h1 = math.sin(f0)
f1 = omega1 * h1 + beta1
h2 = math.exp(f1)
f2 = omega2 * h2 + beta2
h3 = math.cos(f2)
f3 = omega3 * h3 + beta3
l_i = math.pow(y - f3, 2)

# %% solution="toy-forward" variant="single-precision"
f0 = np.float32(beta0 + omega0 * x)
h1 = np.sin(f0)
f1 = np.float32(beta1) + np.float32(omega1) * h1
h2 = np.exp(f1)
f2 = np.float32(beta2) + np.float32(omega2) * h2
h3 = np.cos(f2)
f3 = np.float32(beta3) + np.float32(omega3) * h3
l_i = (f3 - np.float32(y)) ** 2

# %% solution="toy-forward" variant="arrays-of-one"
beta, omega = np.array([[beta0], [beta1], [beta2], [beta3]]), np.array([[omega0], [omega1], [omega2], [omega3]])
f0 = beta[0] + omega[0] @ np.array([x])
h1 = np.sin(np.atleast_2d(f0))
f1 = beta[1] + omega[1] * h1
h2 = np.exp(f1)
f2 = beta[2] + omega[2] * h2
h3 = np.cos(f2)
f3 = beta[3] + omega[3] * h3
l_i = (f3 - y) ** 2

# %% solution="toy-forward" variant="own-helper-that-prints-and-warns"
import warnings


def layer(k, h):
    """Read the notebook's own parameters by their names."""
    f = globals()[f"beta{k}"] + globals()[f"omega{k}"] * h
    print(f"layer {k}: {f:.3f}")
    return f


warnings.warn("taking the exponential of what may be large", stacklevel=2)
f0 = layer(0, x)
h1 = np.sin(f0)
f1 = layer(1, h1)
h2 = np.exp(f1)
f2 = layer(2, h2)
h3 = np.sin(f2 + np.pi / 2)
f3 = layer(3, h3)
l_i = f3 * f3 - 2 * f3 * y + y * y

# %% [markdown]
# ## toy-forward, wrong

# %% solution="toy-forward" mistake="sine-and-cosine-swapped" score=3 from="solution"
# - # … and then, in this order: h1, f1, h2, f2, h3, f3, l_i
# - h1 = np.sin(f0)
# + h1 = np.cos(f0)
# - h3 = np.cos(f2)
# + h3 = np.sin(f2)

# %% solution="toy-forward" mistake="sine-and-cosine-swapped" score=3
f0 = beta0 + omega0 * x
all_f, all_h = [f0], []
for k, act in enumerate([np.cos, np.exp, np.sin], start=1):
    all_h.append(act(all_f[-1]))
    all_f.append([beta0, beta1, beta2, beta3][k] + [omega0, omega1, omega2, omega3][k] * all_h[-1])
h1, h2, h3 = all_h
f1, f2, f3 = all_f[1:]
l_i = (y - f3) ** 2

# %% solution="toy-forward" mistake="index-shifted" score=2.5
f0 = beta0 + omega0 * x
h1 = np.sin(f0)
f1 = beta0 + omega0 * h1
h2 = np.exp(f1)
f2 = beta1 + omega1 * h2
h3 = np.cos(f2)
f3 = beta2 + omega2 * h3
l_i = (f3 - y) ** 2

# %% solution="toy-forward" mistake="index-shifted" score=3
b, w = [beta0, beta1, beta2, beta3], [omega0, omega1, omega2, omega3]
f0 = b[0] + w[0] * x
h1 = np.sin(f0)
f1 = b[2] + w[2] * h1
h2 = np.exp(f1)
f2 = b[3] + w[3] * h2
h3 = np.cos(f2)
f3 = b[-1] + w[-1] * h3
l_i = (f3 - y) ** 2

# %% solution="toy-forward" mistake="wrong-activation" score=2.5
f0 = beta0 + omega0 * x
h1 = np.sin(f0)
f1 = beta1 + omega1 * f0
h2 = np.exp(f1)
f2 = beta2 + omega2 * f1
h3 = np.cos(f2)
f3 = beta3 + omega3 * f2
l_i = (f3 - y) ** 2

# %% solution="toy-forward" mistake="wrong-activation" score=3.5
f0 = beta0 + omega0 * x
h1 = np.sin(f0)
f1 = beta1 + omega1 * h1
h2 = np.exp(h1)
f2 = beta2 + np.multiply(omega2, h2)
h3 = np.cos(f2)
f3 = beta3 + np.multiply(omega3, h3)
l_i = np.power(f3 - y, 2)

# %% solution="toy-forward" mistake="factor-2-missing" score=3 from="solution"
# - # … and then, in this order: h1, f1, h2, f2, h3, f3, l_i
#
# - l_i = (f3 - y) ** 2
# + l_i = 0.5 * (f3 - y) ** 2

# %% solution="toy-forward" mistake="factor-2-missing" score=3
f0 = beta0 + omega0 * x
h1 = np.sin(f0)
h2 = np.exp(f1 := beta1 + omega1 * h1)
h3 = np.cos(f2 := beta2 + omega2 * h2)
f3 = beta3 + omega3 * h3
error = f3 - y
l_i = error * error / 2

# %% solution="toy-forward" mistake="loss-not-squared" score=3 from="solution"
# - # … and then, in this order: h1, f1, h2, f2, h3, f3, l_i
#
# - l_i = (f3 - y) ** 2
# + l_i = np.abs(f3 - y)

# %% solution="toy-forward" mistake="loss-not-squared" score=3
f0 = beta0 + omega0 * x
h1, f1 = np.sin(f0), beta1 + omega1 * np.sin(f0)
h2, f2 = np.exp(f1), beta2 + omega2 * np.exp(f1)
h3, f3 = np.cos(f2), beta3 + omega3 * np.cos(f2)
l_i = f3 - y

# %% solution="toy-forward" mistake="sign" score=3.5 from="solution"
# - # … and then, in this order: h1, f1, h2, f2, h3, f3, l_i
#
# - f1 = beta1 + omega1 * h1
# + f1 = beta1 - omega1 * h1

# %% solution="toy-forward" mistake="sign" score=2.5
f0 = beta0 + omega0 * x
h1 = np.sin(f0)
f1 = beta1 + omega1 * h1
h2 = np.exp(-f1)
f2 = omega2 * h2 - beta2
h3 = np.cos(f2)
f3 = omega3 * h3 - beta3
l_i = (f3 - y) ** 2

# %% solution="toy-forward" mistake="two-errors-that-cancel" score=3.5 from="solution"
# - # … and then, in this order: h1, f1, h2, f2, h3, f3, l_i
# - h1 = np.sin(f0)
# - f1 = beta1 + omega1 * h1
# + h1 = np.sin(-f0)
# + f1 = beta1 - omega1 * h1
# %% solution="toy-forward" mistake="two-errors-that-cancel" score=3.5 from="solution"
# - # … and then, in this order: h1, f1, h2, f2, h3, f3, l_i
#
# - h3 = np.cos(f2)
# - f3 = beta3 + omega3 * h3
# + h3 = -np.cos(f2)
# + f3 = -omega3 * h3 + beta3

# %% solution="toy-forward" mistake="numbers-typed-in" score=0
f0 = beta0 + omega0 * x
h1 = 0.9424888019316975
f1 = 1.623004479227321
h2 = 5.068295051170775
f2 = 7.13659010234155
h3 = 0.6574213694719748
f3 = 2.3722641084159246
l_i = 0.13858056641470326

# %% solution="toy-forward" mistake="numbers-typed-in" score=1
f0 = 1.0 + 0.1 * 2.3
h1 = np.sin(f0)
f1 = 2.0 - 0.4 * h1
h2 = np.exp(f1)
f2 = -3.0 + 2.0 * h2
h3 = np.cos(f2)
f3 = 0.4 + 3.0 * h3
l_i = (f3 - y) ** 2

# %% solution="toy-forward" mistake="zeros" score=3 from="solution"
# - # … and then, in this order: h1, f1, h2, f2, h3, f3, l_i
# - h1 = np.sin(f0)
# + h1 = 0.0

# %% solution="toy-forward" mistake="zeros" score=0
f0 = beta0 + omega0 * x
h1 = f1 = h2 = f2 = h3 = f3 = l_i = np.zeros(())

# %% [markdown]
# Where a line raises, its value is lost, and so is what builds on it; other lines are not.

# %% solution="toy-forward" mistake="name-missing" score=0
f0 = beta0 + omega0 * x
h1 = sin(f0)
f1 = beta1 + omega1 * h1
h2 = exp(f1)
f2 = beta2 + omega2 * h2
h3 = cos(f2)
f3 = beta3 + omega3 * h3
l_i = (f3 - y) ** 2

# %% solution="toy-forward" mistake="name-missing" score=3 from="solution"
# - # … and then, in this order: h1, f1, h2, f2, h3, f3, l_i
#
# - l_i = (f3 - y) ** 2
# + loss = (f3 - y) ** 2

# %% [markdown]
# ## toy-backward, right

# %% solution="toy-backward" variant="kept-exponential"
dldf3 = 2 * (f3 - y)
dldh3 = dldf3 * omega3
dldf2 = dldh3 * (-np.sin(f2))
dldh2 = dldf2 * omega2
dldf1 = dldh2 * h2
dldh1 = dldf1 * omega1
dldf0 = dldh1 * np.cos(f0)

# %% solution="toy-backward" variant="loop-over-local-derivatives"
dldf3 = 2 * (f3 - y)
local = [omega3, -np.sin(f2), omega2, np.exp(f1), omega1, np.cos(f0)]
back = [dldf3]
for slope in local:
    back.append(slope * back[-1])
dldf3, dldh3, dldf2, dldh2, dldf1, dldh1, dldf0 = back

# %% solution="toy-backward" variant="forward-again-in-the-cell"
import math

f0 = beta0 + omega0 * x
h1 = math.sin(f0)
f1 = beta1 + omega1 * h1
h2 = math.exp(f1)
f2 = beta2 + omega2 * h2
h3 = math.cos(f2)
f3 = beta3 + omega3 * h3

dldf3 = -2 * (y - f3)
dldh3 = dldf3 * omega3
dldf2 = -dldh3 * math.sin(f2)
dldh2 = dldf2 * omega2
dldf1 = dldh2 * math.exp(f1)
dldh1 = dldf1 * omega1
dldf0 = dldh1 * math.cos(f0)

# %% solution="toy-backward" variant="cumulative-product"
dldf3 = 2 * (f3 - y)
factors = np.array([dldf3, omega3, -np.sin(f2), omega2, h2, omega1, np.cos(f0)])
_, dldh3, dldf2, dldh2, dldf1, dldh1, dldf0 = np.cumprod(factors)

# %% solution="toy-backward" variant="single-precision"
dldf3 = np.float32(2 * (f3 - y))
dldh3 = np.float32(omega3) * dldf3
dldf2 = -np.sin(np.float32(f2)) * dldh3
dldh2 = np.float32(omega2) * dldf2
dldf1 = np.exp(np.float32(f1)) * dldh2
dldh1 = np.float32(omega1) * dldf1
dldf0 = np.cos(np.float32(f0)) * dldh1


# %% solution="toy-backward" variant="arrays-of-one-and-a-helper"
def through(local, upstream):
    """One step back."""
    print("step back:", np.round(local * upstream, 3))
    return np.array([local * upstream]).reshape(1)


dldf3 = np.array([2 * (f3 - y)])
dldh3 = through(omega3, dldf3)
dldf2 = through(-np.sin(f2), dldh3)
dldh2 = through(omega2, dldf2)
dldf1 = through(np.exp(f1), dldh2)
dldh1 = through(omega1, dldf1)
dldf0 = through(np.sqrt(1 - h1**2) * np.sign(np.cos(f0)), dldh1)

# %% [markdown]
# ## toy-backward, wrong

# %% solution="toy-backward" mistake="upstream-dropped" score=0
dldf3 = 2 * (f3 - y)
dldh3 = omega3
dldf2 = -np.sin(f2)
dldh2 = omega2
dldf1 = np.exp(f1)
dldh1 = omega1
dldf0 = np.cos(f0)

# %% solution="toy-backward" mistake="upstream-dropped" score=5 from="kept-exponential"
# - dldf2 = dldh3 * (-np.sin(f2))
# + dldf2 = dldh3 * -np.sin(f2)
# - dldf1 = dldh2 * h2
# + dldf1 = h2

# %% solution="toy-backward" mistake="upstream-twice" score=5 from="solution"
# - # … and then, in this order: dldh3, dldf2, dldh2, dldf1, dldh1, dldf0
#
# - dldh2 = omega2 * dldf2
# + dldh2 = omega2 * dldf2 * dldf2

# %% solution="toy-backward" mistake="upstream-twice" score=3
dldf3 = 2 * (f3 - y)
dldh3 = omega3 * dldf3
dldf2 = -np.sin(f2) * dldh3**2
dldh2 = omega2 * dldf2
dldf1 = h2 * dldh2**2
dldh1 = omega1 * dldf1
dldf0 = np.cos(f0) * dldh1**2

# %% solution="toy-backward" mistake="sign-of-cosine-slope" score=5 from="solution"
# - # … and then, in this order: dldh3, dldf2, dldh2, dldf1, dldh1, dldf0
#
# - dldf2 = -np.sin(f2) * dldh3
# + dldf2 = np.sin(f2) * dldh3

# %% solution="toy-backward" mistake="sign-of-cosine-slope" score=5
dldf3 = 2 * (f3 - y)
slopes = {"cos": np.sin, "exp": np.exp, "sin": np.cos}
dldh3 = dldf3 * omega3
dldf2 = dldh3 * slopes["cos"](f2)
dldh2 = dldf2 * omega2
dldf1 = dldh2 * slopes["exp"](f1)
dldh1 = dldf1 * omega1
dldf0 = dldh1 * slopes["sin"](f0)

# %% solution="toy-backward" mistake="slope-is-the-function-itself" score=5 from="solution"
# - # … and then, in this order: dldh3, dldf2, dldh2, dldf1, dldh1, dldf0
#
# - dldf0 = np.cos(f0) * dldh1
# + dldf0 = np.sin(f0) * dldh1

# %% solution="toy-backward" mistake="slope-is-the-function-itself" score=4
dldf3 = 2 * (f3 - y)
back = [dldf3]
for local in (omega3, h3, omega2, h2, omega1, h1):
    back.append(back[-1] * local)
dldh3, dldf2, dldh2, dldf1, dldh1, dldf0 = back[1:]

# %% solution="toy-backward" mistake="exponential-slope" score=5 from="solution"
# - # … and then, in this order: dldh3, dldf2, dldh2, dldf1, dldh1, dldf0
#
# - dldf1 = np.exp(f1) * dldh2
# + dldf1 = f1 * np.exp(f1 - 1) * dldh2
# %% solution="toy-backward" mistake="exponential-slope" score=5 from="solution"
# - # … and then, in this order: dldh3, dldf2, dldh2, dldf1, dldh1, dldf0
#
# - dldf1 = np.exp(f1) * dldh2
# + dldf1 = dldh2

# %% solution="toy-backward" mistake="slope-at-the-activation" score=3
dldf3 = 2 * (f3 - y)
dldh3 = omega3 * dldf3
dldf2 = -np.sin(h3) * dldh3
dldh2 = omega2 * dldf2
dldf1 = np.exp(h2) * dldh2
dldh1 = omega1 * dldf1
dldf0 = np.cos(h1) * dldh1

# %% solution="toy-backward" mistake="slope-at-the-activation" score=5 from="kept-exponential"
# - dldf2 = dldh3 * (-np.sin(f2))
# + dldf2 = -dldh3 * np.sin(f2)
# - dldf1 = dldh2 * h2
# + dldf1 = dldh2 * np.exp(h2)

# %% solution="toy-backward" mistake="activation-for-weight" score=3
dldf3 = 2 * (f3 - y)
dldh3 = h3 * dldf3
dldf2 = -np.sin(f2) * dldh3
dldh2 = h2 * dldf2
dldf1 = np.exp(f1) * dldh2
dldh1 = h1 * dldf1
dldf0 = np.cos(f0) * dldh1

# %% solution="toy-backward" mistake="activation-for-weight" score=5
dldf3 = 2 * (f3 - y)
dldh3 = dldf3 * h3
steps = [
    lambda g: -g * np.sin(f2),
    lambda g: g * omega2,
    lambda g: g * h2,
    lambda g: g * omega1,
    lambda g: g * np.cos(f0),
]
chain = [dldh3]
for step in steps:
    chain += [step(chain[-1])]
dldh3, dldf2, dldh2, dldf1, dldh1, dldf0 = chain

# %% solution="toy-backward" mistake="index-shifted" score=3
dldf3 = 2 * (f3 - y)
dldh3 = omega2 * dldf3
dldf2 = -np.sin(f2) * dldh3
dldh2 = omega1 * dldf2
dldf1 = np.exp(f1) * dldh2
dldh1 = omega0 * dldf1
dldf0 = np.cos(f0) * dldh1

# %% solution="toy-backward" mistake="index-shifted" score=3
dldf3 = 2 * (f3 - y)
dldh3 = omega3 * dldf3
dldf2 = np.sin(f3) * -dldh3
dldh2 = omega2 * dldf2
dldf1 = np.exp(f2) * dldh2
dldh1 = omega1 * dldf1
dldf0 = np.cos(f1) * dldh1

# %% solution="toy-backward" mistake="index-shifted" score=2
dldf3 = 2 * (f3 - y)
dldh3 = omega3 * dldf3
dldf2 = -np.sin(f1) * dldh3
dldh2 = omega3 * dldf2
dldf1 = np.exp(f0) * dldh2
dldh1 = omega2 * dldf1
dldf0 = np.cos(f0) * dldh1

# %% solution="toy-backward" mistake="index-shifted" score=5 from="solution"
# - # … and then, in this order: dldh3, dldf2, dldh2, dldf1, dldh1, dldf0
#
# - dldf2 = -np.sin(f2) * dldh3
# + dldf2 = -np.sin(f3) * dldh3

# %% solution="toy-backward" mistake="factor-2-missing" score=5 from="solution"
# - dldf3 = 2 * (f3 - y)
# - # … and then, in this order: dldh3, dldf2, dldh2, dldf1, dldh1, dldf0
# + dldf3 = f3 - y

# %% solution="toy-backward" mistake="factor-2-missing" score=5
dldf3 = 2 * (f3 - y)
error = f3 - y
back = np.cumprod([error, omega3, -np.sin(f2), omega2, h2, omega1, np.cos(f0)])
dldh3, dldf2, dldh2, dldf1, dldh1, dldf0 = back[1:]

# %% solution="toy-backward" mistake="factor-2-twice" score=5
dldf3 = 2 * (f3 - y)
gradient = {"f3": dldf3, "h3": 2 * dldf3 * omega3}
gradient["f2"] = -gradient["h3"] * np.sin(f2)
gradient["h2"] = gradient["f2"] * omega2
gradient["f1"] = gradient["h2"] * h2
gradient["h1"] = gradient["f1"] * omega1
gradient["f0"] = gradient["h1"] * np.cos(f0)
dldh3, dldf2, dldh2, dldf1, dldh1, dldf0 = (gradient[name] for name in ("h3", "f2", "h2", "f1", "h1", "f0"))

# %% solution="toy-backward" mistake="factor-2-twice" score=5 from="kept-exponential"
# - dldf3 = 2 * (f3 - y)
# + dldf3 = 2 * (2 * f3 - 2 * y)
# - dldf2 = dldh3 * (-np.sin(f2))
# + dldf2 = dldh3 * -np.sin(f2)

# %% solution="toy-backward" mistake="error-the-wrong-way-round" score=5 from="solution"
# - dldf3 = 2 * (f3 - y)
# - # … and then, in this order: dldh3, dldf2, dldh2, dldf1, dldh1, dldf0
# + dldf3 = 2 * (y - f3)
# %% solution="toy-backward" mistake="error-the-wrong-way-round" score=5 from="kept-exponential"
# - dldh3 = dldf3 * omega3
# - dldf2 = dldh3 * (-np.sin(f2))
# + dldh3 = omega3 * 2 * (y - f3)
# + dldf2 = dldh3 * -np.sin(f2)

# %% solution="toy-backward" mistake="two-errors-that-cancel" score=5
dldf3 = 2 * (f3 - y)
dldh3 = omega3 * dldf3
dldf2 = np.sin(f2) * dldh3
dldh2 = -omega2 * dldf2
dldf1 = np.exp(f1) * dldh2
dldh1 = omega1 * dldf1
dldf0 = np.cos(f0) * dldh1

# %% solution="toy-backward" mistake="two-errors-that-cancel" score=5
dldf3 = 2 * (f3 - y)
dldh3 = -dldf3 * omega3
dldf2 = dldh3 * np.sin(f2)
dldh2 = dldf2 * omega2
dldf1 = dldh2 * np.exp(f1)
dldh1 = dldf1 * omega1
dldf0 = dldh1 * np.cos(f0)

# %% solution="toy-backward" mistake="loss-derivative-again" score=3
dldf3 = 2 * (f3 - y)
dldh3 = omega3 * dldf3
dldf2 = -np.sin(f2) * dldh3 * 2 * (f3 - y)
dldh2 = omega2 * dldf2
dldf1 = np.exp(f1) * dldh2 * 2 * (f3 - y)
dldh1 = omega1 * dldf1
dldf0 = np.cos(f0) * dldh1 * 2 * (f3 - y)

# %% solution="toy-backward" mistake="loss-derivative-again" score=4
dldf3 = 2 * (f3 - y)
dldh3 = dldf3 * omega3
dldf2 = dldh3 * -np.sin(f2)
dldh2 = dldf3 * dldf2 * omega2
dldf1 = dldh2 * h2
dldh1 = dldf3 * dldf1 * omega1
dldf0 = dldh1 * np.cos(f0)

# %% solution="toy-backward" mistake="added-instead-of-multiplied" score=0
dldf3 = 2 * (f3 - y)
dldh3 = omega3 + dldf3
dldf2 = -np.sin(f2) + dldh3
dldh2 = omega2 + dldf2
dldf1 = np.exp(f1) + dldh2
dldh1 = omega1 + dldf1
dldf0 = np.cos(f0) + dldh1

# %% solution="toy-backward" mistake="added-instead-of-multiplied" score=5 from="kept-exponential"
# - dldf2 = dldh3 * (-np.sin(f2))
# + dldf2 = dldh3 - np.sin(f2)

# %% solution="toy-backward" mistake="zeros" score=1 from="solution"
# - # … and then, in this order: dldh3, dldf2, dldh2, dldf1, dldh1, dldf0
#
# - dldf2 = -np.sin(f2) * dldh3
# + dldf2 = 0

# %% solution="toy-backward" mistake="zeros" score=0
dldf3 = 2 * (f3 - y)
dldh3 = dldf2 = dldh2 = dldf1 = dldh1 = dldf0 = 0.0

# %% solution="toy-backward" mistake="numbers-typed-in" score=0
dldf3 = 0.745
dldh3 = 2.234
dldf2 = -1.683
dldh2 = -3.366
dldf1 = -17.060
dldh1 = 6.824
dldf0 = 2.281

# %% solution="toy-backward" mistake="numbers-typed-in" score=3
dldf3 = 2 * (f3 - y)
dldh3 = 3.0 * dldf3
dldf2 = -np.sin(f2) * dldh3
dldh2 = 2.0 * dldf2
dldf1 = np.exp(f1) * dldh2
dldh1 = -0.4 * dldf1
dldf0 = np.cos(f0) * dldh1

# %% solution="toy-backward" mistake="name-missing" score=3 from="solution"
# - # … and then, in this order: dldh3, dldf2, dldh2, dldf1, dldh1, dldf0
#
# - dldf1 = np.exp(f1) * dldh2
# + dldf1 = np.exp(f1) * dl_dh2
# %% solution="toy-backward" mistake="name-missing" score=5 from="solution"
# - # … and then, in this order: dldh3, dldf2, dldh2, dldf1, dldh1, dldf0
#
# - dldf0 = np.cos(f0) * dldh1
# + dl_df0 = np.cos(f0) * dldh1

# %% [markdown]
# ## toy-parameters, right

# %% solution="toy-parameters" variant="loop-over-layers"
came_in, came_back = [x, h1, h2, h3], [dldf0, dldf1, dldf2, dldf3]
for k in range(4):
    globals()[f"dldbeta{k}"] = came_back[k]
    globals()[f"dldomega{k}"] = came_in[k] * came_back[k]

# %% solution="toy-parameters" variant="weights-from-biases"
dldbeta3, dldbeta2, dldbeta1, dldbeta0 = dldf3, dldf2, dldf1, dldf0
dldomega3, dldomega2, dldomega1, dldomega0 = h3 * dldbeta3, h2 * dldbeta2, h1 * dldbeta1, x * dldbeta0

# %% solution="toy-parameters" variant="times-one-and-activations-anew"
dldbeta3 = 1 * dldf3
dldomega3 = np.cos(f2) * dldf3
dldbeta2 = 1 * dldf2
dldomega2 = np.exp(f1) * dldf2
dldbeta1 = 1 * dldf1
dldomega1 = np.sin(f0) * dldf1
dldbeta0 = 1 * dldf0
dldomega0 = dldf0 * x

# %% solution="toy-parameters" variant="array-product-in-single-precision"
delta = np.array([dldf0, dldf1, dldf2, dldf3], dtype=np.float32)
dldbeta0, dldbeta1, dldbeta2, dldbeta3 = delta
dldomega0, dldomega1, dldomega2, dldomega3 = delta * np.array([x, h1, h2, h3], dtype=np.float32)

# %% solution="toy-parameters" variant="arrays-of-one"
print("second pass")
dldbeta3, dldomega3 = np.array([dldf3]), np.array([[h3]]) @ np.array([[dldf3]])
dldbeta2, dldomega2 = np.array([dldf2]), np.array([[h2]]) @ np.array([[dldf2]])
dldbeta1, dldomega1 = np.array([dldf1]), np.array([[h1]]) @ np.array([[dldf1]])
dldbeta0, dldomega0 = np.array([dldf0]), np.array([[x]]) @ np.array([[dldf0]])

# %% [markdown]
# ## toy-parameters, wrong

# %% solution="toy-parameters" mistake="input-left-out" score=3.5 from="solution"
# - # in this order: dldbeta3, dldomega3, dldbeta2, dldomega2, dldbeta1, dldomega1, dldbeta0, dldomega0
#
# - dldomega0 = x * dldf0
# + dldomega0 = dldf0

# %% solution="toy-parameters" mistake="input-left-out" score=3.5
upstream = np.array([dldf3, dldf2, dldf1, dldf0])
dldbeta3, dldbeta2, dldbeta1, dldbeta0 = upstream
dldomega3, dldomega2, dldomega1, dldomega0 = upstream * np.array([h3, h2, h1, 1.0])

# %% solution="toy-parameters" mistake="wrong-activation" score=2
dldbeta3 = dldf3
dldomega3 = f3 * dldf3
dldbeta2 = dldf2
dldomega2 = f2 * dldf2
dldbeta1 = dldf1
dldomega1 = f1 * dldf1
dldbeta0 = dldf0
dldomega0 = f0 * dldf0

# %% solution="toy-parameters" mistake="wrong-activation" score=2.5 from="weights-from-biases"
# - dldomega3, dldomega2, dldomega1, dldomega0 = h3 * dldbeta3, h2 * dldbeta2, h1 * dldbeta1, x * dldbeta0
# + dldomega3, dldomega2, dldomega1 = (back * before for back, before in ((dldf3, f2), (dldf2, f1), (dldf1, f0)))
# + dldomega0 = dldf0 * x

# %% solution="toy-parameters" mistake="upstream-dropped" score=0
dldbeta3 = 1
dldomega3 = h3
dldbeta2 = 1
dldomega2 = h2
dldbeta1 = 1
dldomega1 = h1
dldbeta0 = 1
dldomega0 = x

# %% solution="toy-parameters" mistake="upstream-dropped" score=2
dldbeta0, dldbeta1, dldbeta2, dldbeta3 = dldf0, dldf1, dldf2, dldf3
dldomega0, dldomega1, dldomega2, dldomega3 = x, h1, h2, h3

# %% solution="toy-parameters" mistake="upstream-twice" score=2
dldbeta3 = dldf3
dldomega3 = h3 * dldbeta3 * dldf3
dldbeta2 = dldf2
dldomega2 = h2 * dldbeta2 * dldf2
dldbeta1 = dldf1
dldomega1 = h1 * dldbeta1 * dldf1
dldbeta0 = dldf0
dldomega0 = x * dldbeta0 * dldf0

# %% solution="toy-parameters" mistake="upstream-twice" score=2
squared = np.array([dldf0, dldf1, dldf2, dldf3]) ** 2
dldbeta0, dldbeta1, dldbeta2, dldbeta3 = squared
dldomega0, dldomega1, dldomega2, dldomega3 = x * dldf0, h1 * dldf1, h2 * dldf2, h3 * dldf3

# %% solution="toy-parameters" mistake="index-shifted" score=2.5
dldbeta3 = dldf3
dldomega3 = h2 * dldf3
dldbeta2 = dldf2
dldomega2 = h1 * dldf2
dldbeta1 = dldf1
dldomega1 = x * dldf1
dldbeta0 = dldf0
dldomega0 = x * dldf0

# %% solution="toy-parameters" mistake="index-shifted" score=1
back = np.array([dldf0, dldf0, dldf1, dldf2])
dldbeta0, dldbeta1, dldbeta2, dldbeta3 = back
dldomega0, dldomega1, dldomega2, dldomega3 = back * np.array([x, h1, h2, h3])

# %% solution="toy-parameters" mistake="index-shifted" score=1
dldbeta3 = dldf3
dldomega3 = h3 * dldf3
dldbeta2 = dldf3
dldomega2 = h3 * dldf2
dldbeta1 = dldf2
dldomega1 = h2 * dldf1
dldbeta0 = dldf1
dldomega0 = x * dldf1

# %% solution="toy-parameters" mistake="index-shifted" score=3 from="solution"
# - # in this order: dldbeta3, dldomega3, dldbeta2, dldomega2, dldbeta1, dldomega1, dldbeta0, dldomega0
#
# - dldomega2 = h2 * dldf2
# + dldomega2 = h2 * dldf3
# - dldomega1 = h1 * dldf1
# + dldomega1 = h1 * dldf2

# %% solution="toy-parameters" mistake="gradient-of-the-activation" score=1
dldbeta3 = dldh3
dldomega3 = h3 * dldh3
dldbeta2 = dldh2
dldomega2 = h2 * dldh2
dldbeta1 = dldh1
dldomega1 = h1 * dldh1
dldbeta0 = dldf0
dldomega0 = x * dldf0

# %% solution="toy-parameters" mistake="gradient-of-the-activation" score=2.5 from="weights-from-biases"
# - dldomega3, dldomega2, dldomega1, dldomega0 = h3 * dldbeta3, h2 * dldbeta2, h1 * dldbeta1, x * dldbeta0
# + dldomega3, dldomega2, dldomega1, dldomega0 = np.array([h3, h2, h1, x]) * np.array([dldh3, dldh2, dldh1, dldf0])

# %% solution="toy-parameters" mistake="parameter-for-its-slope" score=2
dldbeta3 = dldf3
dldomega3 = omega3 * dldf3
dldbeta2 = dldf2
dldomega2 = omega2 * dldf2
dldbeta1 = dldf1
dldomega1 = omega1 * dldf1
dldbeta0 = dldf0
dldomega0 = omega0 * dldf0

# %% solution="toy-parameters" mistake="parameter-for-its-slope" score=2
dldbeta3, dldomega3 = beta3 * dldf3, h3 * dldf3
dldbeta2, dldomega2 = beta2 * dldf2, h2 * dldf2
dldbeta1, dldomega1 = beta1 * dldf1, h1 * dldf1
dldbeta0, dldomega0 = beta0 * dldf0, x * dldf0

# %% solution="toy-parameters" mistake="sign" score=0
dldbeta3 = -dldf3
dldomega3 = -h3 * dldf3
dldbeta2 = -dldf2
dldomega2 = -h2 * dldf2
dldbeta1 = -dldf1
dldomega1 = -h1 * dldf1
dldbeta0 = -dldf0
dldomega0 = -x * dldf0

# %% solution="toy-parameters" mistake="sign" score=3.5 from="weights-from-biases"
# - dldomega3, dldomega2, dldomega1, dldomega0 = h3 * dldbeta3, h2 * dldbeta2, h1 * dldbeta1, x * dldbeta0
# + dldomega3, dldomega2, dldomega1, dldomega0 = dldf3 * h3, -dldf2 * h2, dldf1 * h1, dldf0 * x

# %% solution="toy-parameters" mistake="factor-2-twice" score=0
dldbeta3 = 2 * dldf3
dldomega3 = 2 * h3 * dldf3
dldbeta2 = 2 * dldf2
dldomega2 = 2 * h2 * dldf2
dldbeta1 = 2 * dldf1
dldomega1 = 2 * h1 * dldf1
dldbeta0 = 2 * dldf0
dldomega0 = 2 * x * dldf0

# %% solution="toy-parameters" mistake="factor-2-twice" score=3
dldbeta0, dldbeta1, dldbeta2, dldbeta3 = dldf0, dldf1, dldf2, 2 * dldf3
dldomega0, dldomega1, dldomega2 = dldf0 * x, dldf1 * h1, dldf2 * h2
dldomega3 = dldbeta3 * h3

# %% solution="toy-parameters" mistake="factor-2-missing" score=3
error = f3 - y
dldbeta3, dldomega3 = error, error * h3
dldbeta2, dldomega2 = dldf2, dldf2 * h2
dldbeta1, dldomega1 = dldf1, dldf1 * h1
dldbeta0, dldomega0 = dldf0, dldf0 * x

# %% solution="toy-parameters" mistake="factor-2-missing" score=0
back = [f3 - y]
for local in (omega3 * -np.sin(f2), omega2 * np.exp(f1), omega1 * np.cos(f0)):
    back.append(back[-1] * local)
dldbeta3, dldbeta2, dldbeta1, dldbeta0 = back
dldomega3, dldomega2, dldomega1, dldomega0 = np.array(back) * np.array([h3, h2, h1, x])

# %% solution="toy-parameters" mistake="loss-derivative-again" score=1
dldbeta3 = dldf3
dldomega3 = h3 * dldf3
dldbeta2 = dldf2 * dldf3
dldomega2 = h2 * dldf2 * dldf3
dldbeta1 = dldf1 * dldf3
dldomega1 = h1 * dldf1 * dldf3
dldbeta0 = dldf0 * dldf3
dldomega0 = x * dldf0 * dldf3

# %% solution="toy-parameters" mistake="loss-derivative-again" score=2
error = 2 * (f3 - y)
dldbeta3, dldbeta2, dldbeta1, dldbeta0 = dldf3, dldf2, dldf1, dldf0
dldomega3, dldomega2, dldomega1, dldomega0 = (
    error * d * i for d, i in ((dldf3, h3), (dldf2, h2), (dldf1, h1), (dldf0, x))
)

# %% solution="toy-parameters" mistake="numbers-typed-in" score=0
dldbeta3, dldomega3 = 0.745, 0.489
dldbeta2, dldomega2 = -1.683, -8.530
dldbeta1, dldomega1 = -17.060, -16.079
dldbeta0, dldomega0 = 2.281, 5.246

# %% solution="toy-parameters" mistake="numbers-typed-in" score=3.5 from="solution"
# - # in this order: dldbeta3, dldomega3, dldbeta2, dldomega2, dldbeta1, dldomega1, dldbeta0, dldomega0
#
# - dldomega0 = x * dldf0
# + dldomega0 = 2.3 * dldf0

# %% solution="toy-parameters" mistake="zeros" score=0
dldbeta3 = dldomega3 = dldbeta2 = dldomega2 = dldbeta1 = dldomega1 = dldbeta0 = dldomega0 = 0

# %% solution="toy-parameters" mistake="zeros" score=2
dldbeta3, dldbeta2, dldbeta1, dldbeta0 = np.zeros(4)
dldomega3, dldomega2, dldomega1, dldomega0 = h3 * dldf3, h2 * dldf2, h1 * dldf1, x * dldf0

# %% solution="toy-parameters" mistake="name-missing" score=3.5 from="solution"
# - # in this order: dldbeta3, dldomega3, dldbeta2, dldomega2, dldbeta1, dldomega1, dldbeta0, dldomega0
#
# - dldomega0 = x * dldf0
# + dldomega0 = h0 * dldf0

# %% solution="toy-parameters" mistake="name-missing" score=3
dldbeta3, dldomega3 = dldf3, h3 * dldf3
dldbeta2, dldomega2 = dldf2, h2 * dldf2
dldbeta1, dldomega1 = dldf1, h1 * dldf1
dl_dbeta0, dl_domega0 = dldf0, x * dldf0

# %% [markdown]
# ## toy-gradient, right


# %% solution="toy-gradient" variant="loops-over-lists"
def gradient(x, y, beta, omega):
    curves, slopes = (np.sin, np.exp, np.cos), (np.cos, np.exp, lambda f: -np.sin(f))
    came_in, f = [x], []
    for k in range(4):
        f.append(beta[k] + omega[k] * came_in[k])
        if k < 3:
            came_in.append(curves[k](f[k]))
    dl_dbeta = [0.0] * 4
    dl_domega = [0.0] * 4
    back = 2 * (f[3] - y)
    for k in reversed(range(4)):
        dl_dbeta[k] = back
        dl_domega[k] = came_in[k] * back
        if k > 0:
            back = back * omega[k] * slopes[k - 1](f[k - 1])
    return dl_dbeta, dl_domega


# %% solution="toy-gradient" variant="keyword-with-default-and-list-returned"
def gradient(x, y, beta, omega, verbose=False):
    (b0, b1, b2, b3), (w0, w1, w2, w3) = beta, omega
    h1 = np.sin(b0 + w0 * x)
    h2 = np.exp(b1 + w1 * h1)
    f2 = b2 + w2 * h2
    error = b3 + w3 * np.cos(f2) - y
    d3 = 2 * error
    d2 = -d3 * w3 * np.sin(f2)
    d1 = d2 * w2 * h2
    d0 = d1 * w1 * np.cos(b0 + w0 * x)
    if verbose:
        print(d0, d1, d2, d3)
    return [np.array([d0, d1, d2, d3]), np.array([d0 * x, d1 * h1, d2 * h2, d3 * np.cos(f2)])]


# %% solution="toy-gradient" variant="overwrites-its-arguments-and-warns"
import sys


def forward(x, beta, omega):
    h, f = [x], []
    for activation, b, w in zip((np.sin, np.exp, np.cos, None), beta, omega, strict=True):
        f.append(b + w * h[-1])
        if activation:
            h.append(activation(f[-1]))
    return np.array(h), np.array(f)


def gradient(x, y, beta, omega):
    beta, omega = np.asarray(beta, dtype=float), np.asarray(omega, dtype=float)
    h, f = forward(x, beta, omega)
    print("this is the gradient of one sample only", file=sys.stderr)
    local = np.array([omega[1] * np.cos(f[0]), omega[2] * np.exp(f[1]), -omega[3] * np.sin(f[2]), 2 * (f[3] - y)])
    beta[:] = np.cumprod(local[::-1])[::-1]
    omega[:] = beta * h
    print("done")
    return beta, omega


# %% solution="toy-gradient" variant="single-precision-columns"
def gradient(x, y, beta, omega):
    b, w = np.float32(beta), np.float32(omega)
    x, y = np.float32(x), np.float32(y)
    f0 = b[0] + w[0] * x
    f1 = b[1] + w[1] * np.sin(f0)
    f2 = b[2] + w[2] * np.exp(f1)
    f3 = b[3] + w[3] * np.cos(f2)
    back = np.empty(4, dtype=np.float32)
    back[3] = 2 * (f3 - y)
    back[2] = back[3] * w[3] * -np.sin(f2)
    back[1] = back[2] * w[2] * np.exp(f1)
    back[0] = back[1] * w[1] * np.cos(f0)
    return back, back * np.stack([x, np.sin(f0), np.exp(f1), np.cos(f2)])


# %% solution="toy-gradient" variant="written-out"
def gradient(x, y, beta, omega):
    f0 = beta[0] + omega[0] * x
    h1 = np.sin(f0)
    f1 = beta[1] + omega[1] * h1
    h2 = np.exp(f1)
    f2 = beta[2] + omega[2] * h2
    h3 = np.cos(f2)
    dldf3 = 2 * (beta[3] + omega[3] * h3 - y)
    dldf2 = -np.sin(f2) * omega[3] * dldf3
    dldf1 = h2 * omega[2] * dldf2
    dldf0 = np.cos(f0) * omega[1] * dldf1
    return np.array([dldf0, dldf1, dldf2, dldf3]), np.array([x * dldf0, h1 * dldf1, h2 * dldf2, h3 * dldf3])


# %% [markdown]
# ## toy-gradient, wrong


# %% solution="toy-gradient" mistake="notebook-values" score=0
def gradient(x, y, beta, omega):
    dl_dbeta = np.array([dldbeta0, dldbeta1, dldbeta2, dldbeta3])
    dl_domega = np.array([dldomega0, dldomega1, dldomega2, dldomega3])
    return dl_dbeta, dl_domega


# %% solution="toy-gradient" mistake="notebook-values" score=0
def gradient(x, y, beta, omega):
    f0 = beta0 + omega0 * x
    h1 = np.sin(f0)
    f1 = beta1 + omega1 * h1
    h2 = np.exp(f1)
    f2 = beta2 + omega2 * h2
    h3 = np.cos(f2)
    f3 = beta3 + omega3 * h3
    dldf3 = 2 * (f3 - y)
    dldf2 = -np.sin(f2) * omega3 * dldf3
    dldf1 = h2 * omega2 * dldf2
    dldf0 = np.cos(f0) * omega1 * dldf1
    back = np.array([dldf0, dldf1, dldf2, dldf3])
    return back, back * np.array([x, h1, h2, h3])


# %% solution="toy-gradient" mistake="input-left-out" score=1 from="solution"
# - dl_domega = np.array([x, h1, h2, h3]) * dl_dbeta
# - return dl_dbeta, dl_domega
# + return dl_dbeta, np.array([dldf0, h1 * dldf1, h2 * dldf2, h3 * dldf3])


# %% solution="toy-gradient" mistake="input-left-out" score=1
def gradient(x, y, beta, omega):
    f, h = [beta[0] + omega[0] * x], [1.0]
    for k, curve in enumerate((np.sin, np.exp, np.cos), start=1):
        h.append(curve(f[-1]))
        f.append(beta[k] + omega[k] * h[-1])
    back = [2 * (f[3] - y)]
    for slope in (-omega[3] * np.sin(f[2]), omega[2] * h[2], omega[1] * np.cos(f[0])):
        back.insert(0, back[0] * slope)
    return np.array(back), np.array(back) * np.array(h)


# %% solution="toy-gradient" mistake="wrong-activation" score=1
def gradient(x, y, beta, omega):
    f0 = beta[0] + omega[0] * x
    f1 = beta[1] + omega[1] * np.sin(f0)
    f2 = beta[2] + omega[2] * np.exp(f1)
    f3 = beta[3] + omega[3] * np.cos(f2)
    d3 = 2 * (f3 - y)
    d2 = -np.sin(f2) * omega[3] * d3
    d1 = np.exp(f1) * omega[2] * d2
    d0 = np.cos(f0) * omega[1] * d1
    return np.array([d0, d1, d2, d3]), np.array([x * d0, f0 * d1, f1 * d2, f2 * d3])


# %% solution="toy-gradient" mistake="wrong-activation" score=1
def gradient(x, y, beta, omega):
    f = np.zeros(4)
    for k in range(4):
        f[k] = beta[k] + omega[k] * (x if k == 0 else (np.sin, np.exp, np.cos)[k - 1](f[k - 1]))
    d = np.zeros(4)
    d[3] = 2 * (f[3] - y)
    for k, slope in ((2, -np.sin(f[2])), (1, np.exp(f[1])), (0, np.cos(f[0]))):
        d[k] = d[k + 1] * omega[k + 1] * slope
    return d, d * f


# %% solution="toy-gradient" mistake="upstream-dropped" score=1
def gradient(x, y, beta, omega):
    f0 = beta[0] + omega[0] * x
    h1 = np.sin(f0)
    h2 = np.exp(beta[1] + omega[1] * h1)
    f2 = beta[2] + omega[2] * h2
    h3 = np.cos(f2)
    d3 = 2 * (beta[3] + omega[3] * h3 - y)
    d2 = -np.sin(f2) * omega[3] * d3
    d1 = h2 * omega[2] * d2
    d0 = np.cos(f0) * omega[1] * d1
    return np.array([d0, d1, d2, d3]), np.array([x, h1, h2, h3])


# %% solution="toy-gradient" mistake="upstream-dropped" score=0
def gradient(x, y, beta, omega):
    f0 = beta[0] + omega[0] * x
    f1 = beta[1] + omega[1] * np.sin(f0)
    f2 = beta[2] + omega[2] * np.exp(f1)
    f3 = beta[3] + omega[3] * np.cos(f2)
    back = np.array([np.cos(f0) * omega[1], np.exp(f1) * omega[2], -np.sin(f2) * omega[3], 2 * (f3 - y)])
    return back, back * np.array([x, np.sin(f0), np.exp(f1), np.cos(f2)])


# %% solution="toy-gradient" mistake="upstream-twice" score=1 from="written-out"
# - return np.array([dldf0, dldf1, dldf2, dldf3]), np.array([x * dldf0, h1 * dldf1, h2 * dldf2, h3 * dldf3])
# + upstream = np.array([dldf0, dldf1, dldf2, dldf3])
# + return upstream, upstream * np.array([x, h1, h2, h3]) * upstream


# %% solution="toy-gradient" mistake="upstream-twice" score=0
def gradient(x, y, beta, omega):
    h = [x]
    for k, curve in enumerate((np.sin, np.exp, np.cos)):
        h.append(curve(beta[k] + omega[k] * h[-1]))
    f = [b + w * i for b, w, i in zip(beta, omega, h, strict=True)]
    d3 = 2 * (f[3] - y)
    d2 = -np.sin(f[2]) * omega[3] * d3 * d3
    d1 = h[2] * omega[2] * d2 * d2
    d0 = np.cos(f[0]) * omega[1] * d1 * d1
    return np.array([d0, d1, d2, d3]), np.array([d0 * h[0], d1 * h[1], d2 * h[2], d3 * h[3]])


# %% solution="toy-gradient" mistake="sign-of-cosine-slope" score=0 from="solution"
# - dldf2 = -np.sin(f2) * omega[3] * dldf3
# + dldf2 = np.sin(f2) * omega[3] * dldf3
# - dl_domega = np.array([x, h1, h2, h3]) * dl_dbeta
# - return dl_dbeta, dl_domega
# + return dl_dbeta, np.array([x, h1, h2, h3]) * dl_dbeta


# %% solution="toy-gradient" mistake="sign-of-cosine-slope" score=0
def gradient(x, y, beta, omega):
    slopes = [np.cos, np.exp, np.sin]
    h = [x]
    f = []
    for k in range(4):
        f += [beta[k] + omega[k] * h[k]]
        h += [[np.sin, np.exp, np.cos, abs][k](f[k])]
    dl_dbeta = np.full(4, 2 * (f[3] - y))
    for k in (2, 1, 0):
        dl_dbeta[k] = dl_dbeta[k + 1] * omega[k + 1] * slopes[k](f[k])
    return dl_dbeta, dl_dbeta * h[:4]


# %% solution="toy-gradient" mistake="factor-2-missing" score=0 from="solution"
# - dldf3 = 2 * (f3 - y)
# + dldf3 = f3 - y
# - dl_domega = np.array([x, h1, h2, h3]) * dl_dbeta
# - return dl_dbeta, dl_domega
# + return dl_dbeta, np.array([x, h1, h2, h3]) * dl_dbeta


# %% solution="toy-gradient" mistake="factor-2-missing" score=0
def gradient(x, y, beta, omega):
    h, f = [x], []
    for k, curve in enumerate((np.sin, np.exp, np.cos)):
        f.append(beta[k] + omega[k] * h[-1])
        h.append(curve(f[-1]))
    slopes = [np.cos(f[0]), h[2], -np.sin(f[2])]
    back = beta[3] + omega[3] * h[3] - y
    dl_dbeta, dl_domega = np.zeros(4), np.zeros(4)
    for k in (3, 2, 1, 0):
        dl_dbeta[k], dl_domega[k] = back, h[k] * back
        if k:
            back = slopes[k - 1] * omega[k] * back
    return dl_dbeta, dl_domega


# %% solution="toy-gradient" mistake="factor-2-twice" score=0
def gradient(x, y, beta, omega):
    f0 = beta[0] + omega[0] * x
    f1 = beta[1] + omega[1] * np.sin(f0)
    f2 = beta[2] + omega[2] * np.exp(f1)
    error = beta[3] + omega[3] * np.cos(f2) - y
    local = [4 * error, -omega[3] * np.sin(f2), omega[2] * np.exp(f1), omega[1] * np.cos(f0)]
    back = np.cumprod(local)[::-1]
    return back, back * np.array([x, np.sin(f0), np.exp(f1), np.cos(f2)])


# %% solution="toy-gradient" mistake="factor-2-twice" score=0
def gradient(x, y, beta, omega):
    (b0, b1, b2, b3), (w0, w1, w2, w3) = beta, omega
    f0 = b0 + w0 * x
    h1 = np.sin(f0)
    h2 = np.exp(b1 + w1 * h1)
    f2 = b2 + w2 * h2
    h3 = np.cos(f2)
    dldf = 2 * (b3 + w3 * h3 - y)
    dl_dbeta, dl_domega = [2 * dldf], [2 * dldf * h3]
    for weight, slope, came_in in ((w3, -np.sin(f2), h2), (w2, h2, h1), (w1, np.cos(f0), x)):
        dldf = dldf * weight * slope
        dl_dbeta.insert(0, 2 * dldf)
        dl_domega.insert(0, 2 * dldf * came_in)
    return np.array(dl_dbeta), np.array(dl_domega)


# %% solution="toy-gradient" mistake="error-the-wrong-way-round" score=0 from="written-out"
# - dldf3 = 2 * (beta[3] + omega[3] * h3 - y)
# + dldf3 = 2 * (y - beta[3] - omega[3] * h3)


# %% solution="toy-gradient" mistake="error-the-wrong-way-round" score=0
def gradient(x, y, beta, omega):
    f0 = beta[0] + omega[0] * x
    f1 = beta[1] + omega[1] * np.sin(f0)
    f2 = beta[2] + omega[2] * np.exp(f1)
    f3 = beta[3] + omega[3] * np.cos(f2)
    descent = np.array([0.0, 0.0, 0.0, -2 * (f3 - y)])
    for k, slope in ((2, -np.sin(f2)), (1, np.exp(f1)), (0, np.cos(f0))):
        descent[k] = descent[k + 1] * omega[k + 1] * slope
    return descent, descent * np.array([x, np.sin(f0), np.exp(f1), np.cos(f2)])


# %% solution="toy-gradient" mistake="index-shifted" score=0 from="solution"
# - dldf2 = -np.sin(f2) * omega[3] * dldf3
# - dldf1 = np.exp(f1) * omega[2] * dldf2
# - dldf0 = np.cos(f0) * omega[1] * dldf1
# + dldf2 = -np.sin(f2) * omega[2] * dldf3
# + dldf1 = np.exp(f1) * omega[1] * dldf2
# + dldf0 = np.cos(f0) * omega[0] * dldf1
# - dl_domega = np.array([x, h1, h2, h3]) * dl_dbeta
# - return dl_dbeta, dl_domega
# + return dl_dbeta, np.array([x, h1, h2, h3]) * dl_dbeta


# %% solution="toy-gradient" mistake="index-shifted" score=1
def gradient(x, y, beta, omega):
    h, f = [x], []
    for k, curve in enumerate((np.sin, np.exp, np.cos, None)):
        f.append(beta[k] + omega[k] * h[k])
        if curve is not None:
            h.append(curve(f[k]))
    d = [2 * (f[3] - y)]
    d.append(d[-1] * omega[3] * -np.sin(f[2]))
    d.append(d[-1] * omega[2] * np.exp(f[1]))
    d.append(d[-1] * omega[1] * np.cos(f[0]))
    d = d[::-1]
    return np.array(d), np.array([d[0] * h[1], d[1] * h[2], d[2] * h[3], d[3] * f[3]])


# %% solution="toy-gradient" mistake="last-layer-first" score=0 from="solution"
# - dl_dbeta = np.array([dldf0, dldf1, dldf2, dldf3])
# - dl_domega = np.array([x, h1, h2, h3]) * dl_dbeta
# - return dl_dbeta, dl_domega
# + dl_dbeta = np.array([dldf3, dldf2, dldf1, dldf0])
# + return dl_dbeta, np.array([h3, h2, h1, x]) * dl_dbeta


# %% solution="toy-gradient" mistake="last-layer-first" score=0
def gradient(x, y, beta, omega):
    f0 = beta[0] + omega[0] * x
    f1 = beta[1] + omega[1] * np.sin(f0)
    f2 = beta[2] + omega[2] * np.exp(f1)
    f3 = beta[3] + omega[3] * np.cos(f2)
    back = np.cumprod([2 * (f3 - y), -omega[3] * np.sin(f2), omega[2] * np.exp(f1), omega[1] * np.cos(f0)])
    return back, back * np.array([np.cos(f2), np.exp(f1), np.sin(f0), x])


# %% solution="toy-gradient" mistake="values-swapped" score=0 from="solution"
# - dl_domega = np.array([x, h1, h2, h3]) * dl_dbeta
# - return dl_dbeta, dl_domega
# + return np.array([x, h1, h2, h3]) * dl_dbeta, dl_dbeta


# %% solution="toy-gradient" mistake="values-swapped" score=0
def gradient(x, y, beta, omega):
    f0 = beta[0] + omega[0] * x
    f1 = beta[1] + omega[1] * np.sin(f0)
    f2 = beta[2] + omega[2] * np.exp(f1)
    f3 = beta[3] + omega[3] * np.cos(f2)
    both = {"beta": np.zeros(4), "omega": np.zeros(4)}
    back = 2 * (f3 - y)
    for k, came_in, slope in (
        (3, np.cos(f2), -np.sin(f2)),
        (2, np.exp(f1), np.exp(f1)),
        (1, np.sin(f0), np.cos(f0)),
        (0, x, 0),
    ):
        both["beta"][k], both["omega"][k] = back, back * came_in
        back *= omega[k] * slope
    return both["omega"], both["beta"]


# %% solution="toy-gradient" mistake="nothing-returned" score=0 from="solution"
# - return dl_dbeta, dl_domega


# %% solution="toy-gradient" mistake="nothing-returned" score=0
def gradient(x, y, beta, omega):
    f0 = beta[0] + omega[0] * x
    f1 = beta[1] + omega[1] * np.sin(f0)
    f2 = beta[2] + omega[2] * np.exp(f1)
    back = np.cumprod(
        [
            2 * (beta[3] + omega[3] * np.cos(f2) - y),
            -omega[3] * np.sin(f2),
            omega[2] * np.exp(f1),
            omega[1] * np.cos(f0),
        ]
    )[::-1]
    print(back, back * np.array([x, np.sin(f0), np.exp(f1), np.cos(f2)]))


# %% solution="toy-gradient" mistake="wrong-number-of-values" score=0 from="written-out"
# - f1 = beta[1] + omega[1] * h1
# - h2 = np.exp(f1)
# + h2 = np.exp(beta[1] + omega[1] * h1)
# - return np.array([dldf0, dldf1, dldf2, dldf3]), np.array([x * dldf0, h1 * dldf1, h2 * dldf2, h3 * dldf3])
# + return np.array([dldf0, dldf1, dldf2, dldf3, x * dldf0, h1 * dldf1, h2 * dldf2, h3 * dldf3])


# %% solution="toy-gradient" mistake="wrong-number-of-values" score=0
def gradient(x, y, beta, omega):
    h, f, out = [x], [], []
    for k in range(4):
        f.append(beta[k] + omega[k] * h[k])
        h.append((np.sin, np.exp, np.cos, np.abs)[k](f[k]))
    back = 2 * (f[3] - y)
    for k in (3, 2, 1, 0):
        out += [back, back * h[k]]
        back = back * omega[k] * (0, np.cos(f[0]), np.exp(f[1]), -np.sin(f[2]))[k]
    return out


# %% solution="toy-gradient" mistake="zeros" score=0
def gradient(x, y, beta, omega):
    return np.zeros(4), np.zeros(4)


# %% solution="toy-gradient" mistake="zeros" score=0
def gradient(x, y, beta, omega):
    dl_dbeta, dl_domega = np.zeros_like(beta), np.zeros_like(omega)
    for k in range(4):
        dl_dbeta[k] *= 2 * (x - y)
        dl_domega[k] += x * dl_dbeta[k]
    return dl_dbeta, dl_domega


# %% [markdown]
# ## Mutants of the solutions that are as right as they are
#
# Where one thing in a solution was changed blindly and nothing came of it. The tests take exactly these for right.

# %% solution="toy-forward" equivalent="a square is the same whichever is subtracted from which" from="solution"
# - # … and then, in this order: h1, f1, h2, f2, h3, f3, l_i
#
# - l_i = (f3 - y) ** 2
# + l_i = (y - f3) ** 2

# %% solution="toy-gradient" equivalent="a list of four numbers will do where an array will" from="solution"
# - dl_dbeta = np.array([dldf0, dldf1, dldf2, dldf3])
# + dl_dbeta = [dldf0, dldf1, dldf2, dldf3]

# %% solution="toy-gradient" equivalent="a list times an array is an array" from="solution"
# - dl_domega = np.array([x, h1, h2, h3]) * dl_dbeta
# + dl_domega = [x, h1, h2, h3] * dl_dbeta

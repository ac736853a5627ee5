# %% [markdown]
# Known answers to `softmax_cross_entropy.py`: right in other ways (`variant=`), wrong in known ways (`mistake=`, with
# the points that the task must earn by its rubric).
#
# Points: softmax, cross-entropy and d-cost have 1 for one sample, 1 for several and 1 for large logits, among which
# one sample and several come too. So what is right for one sample alone earns 1, what only overflows loses 1.
# forward-pass has ½ for net_output, ¼ for all_f, ¼ for all_h; network-gradient ½ for one sample and ½ for several, in
# weights and in biases.
#
# These are written as students write, so a few rules are off:
# ruff: noqa: B028, B905, RUF059

# %% [markdown]
# ## softmax, right

# %% solution="softmax" variant="keepdims"
def softmax(net_output):
    largest = np.max(net_output, axis=0, keepdims=True)
    powers = np.exp(net_output - largest)
    return powers / np.sum(powers, axis=0, keepdims=True)


# %% solution="softmax" variant="a-loop-over-samples-that-prints"
def softmax(z):
    p = np.zeros_like(z)
    for i in range(z.shape[1]):
        column = z[:, i] - max(z[:, i])
        p[:, i] = np.exp(column) / sum(np.exp(column))
    print("samples:", z.shape[1])
    return p


# %% solution="softmax" variant="through-the-logarithm"
def log_sum_exp(f):
    m = f.max(0)
    return m + np.log(np.exp(f - m).sum(0))


def softmax(f):
    return np.exp(f - log_sum_exp(f))


# %% solution="softmax" variant="turned-twice"
def softmax(f, rows=False):
    f = f if rows else f.T
    e = np.exp(f - f.max(axis=1)[:, None])
    e = e / e.sum(axis=1)[:, None]
    return e if rows else e.T


# %% solution="softmax" variant="in-place-and-a-warning"
import warnings


def softmax(net_output):
    warnings.warn("this changes its argument")
    net_output -= net_output.max(axis=0)
    np.exp(net_output, out=net_output)
    net_output /= net_output.sum(axis=0)
    return net_output


# %% solution="softmax" variant="float32"
def softmax(f):
    f = np.float32(f)
    e = np.exp(f - f.max(0))
    return e / e.sum(0)


# %% solution="softmax" variant="ratios-of-powers-as-lists"
def softmax(net_output):
    columns = []
    for f in net_output.T:
        with np.errstate(over="ignore"):
            columns.append([1 / sum(np.exp(other - own) for other in f) for own in f])
    return [list(row) for row in zip(*columns)]


# %% solution="softmax" variant="short-names"
def softmax(f):
    e = np.exp(f - f.max(0))
    return e / e.sum(0)


# %% [markdown]
# ## softmax, wrong

# %% solution="softmax" mistake="softmax-axes-mixed" score=0 from="keepdims"
# - largest = np.max(net_output, axis=0, keepdims=True)
# + largest = np.max(net_output, axis=1, keepdims=True)
# %% solution="softmax" mistake="softmax-axes-mixed" score=0 from="short-names"
# - return e / e.sum(0)
# + return e / e.sum(axis=1)


# %% solution="softmax" mistake="softmax-axes-mixed" score=0
def softmax(z):
    exps = np.exp(z - z.max(axis=0))
    return exps / exps.sum(axis=1)[:, None]


# %% solution="softmax" mistake="softmax-axes-mixed" score=0 from="short-names"
# - e = np.exp(f - f.max(0))
# - return e / e.sum(0)
# + e = np.exp(f - f.max(axis=1))
# + return e / e.sum(axis=0)

# %% solution="softmax" mistake="softmax-over-the-samples" score=0 from="keepdims"
# - largest = np.max(net_output, axis=0, keepdims=True)
# + largest = np.max(net_output, axis=1, keepdims=True)
# - return powers / np.sum(powers, axis=0, keepdims=True)
# + return powers / np.sum(powers, axis=1, keepdims=True)


# %% solution="softmax" mistake="softmax-over-the-samples" score=0
def softmax(f):
    return np.array([np.exp(row - max(row)) / np.exp(row - max(row)).sum() for row in f])


# %% solution="softmax" mistake="softmax-not-shifted" score=2 from="short-names"
# - e = np.exp(f - f.max(0))
# + e = np.exp(f)
# %% solution="softmax" mistake="softmax-not-shifted" score=2 from="a-loop-over-samples-that-prints"
# - column = z[:, i] - max(z[:, i])
# + column = z[:, i]
# - print("samples:", z.shape[1])
# %% solution="softmax" mistake="softmax-not-shifted" score=2 from="keepdims"
# - powers = np.exp(net_output - largest)
# + powers = np.exp(net_output)

# %% solution="softmax" mistake="softmax-one-maximum-for-all" score=2 from="short-names"
# - e = np.exp(f - f.max(0))
# + e = np.exp(f - f.max())


# %% solution="softmax" mistake="softmax-one-maximum-for-all" score=2
def softmax(net_output):
    shifted = net_output - np.amax(net_output)
    columns = [np.exp(column) / np.exp(column).sum() for column in shifted.T]
    return np.stack(columns, axis=1)


# %% solution="softmax" mistake="softmax-over-everything" score=1 from="short-names"
# - e = np.exp(f - f.max(0))
# - return e / e.sum(0)
# + e = np.exp(f - f.max())
# + return e / e.sum()
# %% solution="softmax" mistake="softmax-over-everything" score=1 from="solution"
# - powers = np.exp(net_output - net_output.max(axis=0))
# - return powers / powers.sum(axis=0)
# + powers = np.exp(net_output - np.max(net_output, axis=0, keepdims=True))
# + return powers / np.sum(powers)
# %% solution="softmax" mistake="softmax-over-everything" score=1 from="short-names"
# - e = np.exp(f - f.max(0))
# - return e / e.sum(0)
# + e = np.exp(f)
# + return e / e.sum()


# %% solution="softmax" mistake="not-normalised" score=0
def softmax(f):
    return np.exp(f - f.max(0))


# %% solution="softmax" mistake="not-normalised" score=0 from="a-loop-over-samples-that-prints"
# -     column = z[:, i] - max(z[:, i])
# -     p[:, i] = np.exp(column) / sum(np.exp(column))
# - print("samples:", z.shape[1])
# +     p[:, i] = np.exp(z[:, i])
# %% solution="softmax" mistake="not-normalised" score=0 from="short-names"
# - return e / e.sum(0)
# + return e / e.mean(0)

# %% solution="softmax" mistake="transposed" score=0 from="short-names"
# - return e / e.sum(0)
# + return (e / e.sum(0)).T


# %% solution="softmax" mistake="transposed" score=0
def softmax(z):
    rows = []
    for column in z.T:
        e = np.exp(column - column.max())
        rows.append(e / e.sum())
    return np.array(rows)


# %% solution="softmax" mistake="return-inside-the-loop" score=1
def softmax(z):
    p = np.zeros_like(z)
    for i in range(z.shape[1]):
        e = np.exp(z[:, i] - z[:, i].max())
        p[:, i] = e / e.sum()
        return p


# %% solution="softmax" mistake="return-inside-the-loop" score=1
def softmax(net_output):
    columns = []
    for f in net_output.T:
        powers = np.exp(f - max(f))
        columns.append(powers / sum(powers))
        return np.array(columns).T


# %% solution="softmax" mistake="sign" score=0 from="short-names"
# - return e / e.sum(0)
# + return -e / e.sum(0)
# %% solution="softmax" mistake="sign" score=0 from="solution"
# - powers = np.exp(net_output - net_output.max(axis=0))
# - return powers / powers.sum(axis=0)
# + e = np.exp(net_output - net_output.max(axis=0, keepdims=True))
# + return np.divide(e, -np.sum(e, axis=0, keepdims=True))

# %% solution="softmax" mistake="zeros" score=0 from="short-names"
# - return e / e.sum(0)
# + return np.zeros_like(f)
# %% solution="softmax" mistake="zeros" score=0 from="a-loop-over-samples-that-prints"
# -     p[:, i] = np.exp(column) / sum(np.exp(column))
# - print("samples:", z.shape[1])
# +     p_i = np.exp(column) / sum(np.exp(column))

# %% solution="softmax" mistake="nothing-returned" score=0 from="solution"
# - return powers / powers.sum(axis=0)
# + probabilities = powers / powers.sum(axis=0)


# %% solution="softmax" mistake="nothing-returned" score=0
def softmax(f):
    for i in range(f.shape[1]):
        f[:, i] = np.exp(f[:, i] - f[:, i].max())
        f[:, i] /= f[:, i].sum()
    print(f)


# %% solution="softmax" mistake="name-missing" score=0 from="solution"
# - powers = np.exp(net_output - net_output.max(axis=0))
# + powers = exp(net_output - net_output.max(axis=0))
# %% solution="softmax" mistake="name-missing" score=0 from="short-names"
# - def softmax(f):
# + def soft_max(f):

# %% [markdown]
# ## cross-entropy, right


# %% solution="cross-entropy" variant="log-sum-exp"
def compute_cost(f, y):
    m = f.max(0)
    lse = m + np.log(np.exp(f - m).sum(0))
    return np.mean(lse - (y * f).sum(0))


# %% solution="cross-entropy" variant="logaddexp"
def compute_cost(net_output, y):
    return np.mean(np.logaddexp.reduce(net_output, axis=0) - np.einsum("ki,ki->i", y, net_output))


# %% solution="cross-entropy" variant="a-loop-over-samples"
def compute_cost(f, y, verbose=False):
    cost = 0
    for i in range(f.shape[1]):
        right = f[y[:, i].argmax(), i]
        cost += np.log(sum(np.exp(f[:, i] - max(f[:, i])))) + max(f[:, i]) - right
        if verbose:
            print(i, cost)
    return cost / f.shape[1]


# %% solution="cross-entropy" variant="the-notebooks-own-number-of-samples"
def compute_cost(net_output, y):
    z = net_output - np.max(net_output, axis=0, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=0, keepdims=True))
    return -np.trace(y.T @ log_p) / n_samples


# %% solution="cross-entropy" variant="picked-by-class-with-a-helper"
def log_softmax(f):
    f = f - f.max(axis=0)
    return f - np.log(np.exp(f).sum(axis=0))


def compute_cost(f, y):
    chosen = np.take_along_axis(log_softmax(f), y.argmax(axis=0)[None, :], axis=0)
    return np.array([[-chosen.mean()]])


# %% solution="cross-entropy" variant="float32-in-place-and-a-warning"
import warnings


def compute_cost(net_output, y):
    warnings.warn("single precision")
    net_output = net_output.astype(np.float32)
    net_output -= net_output.max(axis=0)
    net_output -= np.log(np.exp(net_output).sum(axis=0))
    return np.float32(-(net_output * y.astype(np.float32)).sum() / np.float32(y.shape[1]))


# %% solution="cross-entropy" variant="surprise-of-the-gaps"
def compute_cost(net_output, y):
    gaps = net_output - (y * net_output).sum(axis=0)  # by how much each class is ahead of the true one
    largest = gaps.max(axis=0)
    return float(np.mean(largest + np.log(np.exp(gaps - largest).sum(axis=0))))


# %% solution="cross-entropy" variant="log-sum-exp-and-mean"
def compute_cost(f, y):
    m = f.max(0)
    return np.mean(m + np.log(np.exp(f - m).sum(0)) - (y * f).sum(0))


# %% solution="cross-entropy" variant="trace-of-log-probabilities"
def compute_cost(f, y):
    z = f - np.max(f, axis=0, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=0, keepdims=True))
    return -np.trace(y.T @ log_p) / n_samples


# %% solution="cross-entropy" variant="log-probabilities"
def compute_cost(net_output, y):
    z = net_output - np.max(net_output, axis=0)
    log_p = z - np.log(np.sum(np.exp(z), axis=0))
    return -np.sum(y * log_p) / y.shape[1]


# %% [markdown]
# ## cross-entropy, wrong

# %% solution="cross-entropy" mistake="cross-entropy-without-minus" score=0 from="trace-of-log-probabilities"
# - return -np.trace(y.T @ log_p) / n_samples
# + return np.sum(y * log_p) / y.shape[1]
# %% solution="cross-entropy" mistake="cross-entropy-without-minus" score=0 from="log-sum-exp"
# - return np.mean(lse - (y * f).sum(0))
# + return np.mean((y * f).sum(0) - lse)
# %% solution="cross-entropy" mistake="cross-entropy-without-minus" score=0 from="logaddexp"
# - return np.mean(np.logaddexp.reduce(net_output, axis=0) - np.einsum("ki,ki->i", y, net_output))
# + p = softmax(net_output)
# + return np.mean(np.log(p[y == 1]))

# %% solution="cross-entropy" mistake="mean-missing" score=1 from="trace-of-log-probabilities"
# - return -np.trace(y.T @ log_p) / n_samples
# + return -np.sum(y * log_p)


# %% solution="cross-entropy" mistake="mean-missing" score=1
def compute_cost(f, y):
    cost = 0.0
    for column, label in zip(f.T, y.T):
        m = max(column)
        cost += m + np.log(np.exp(column - m).sum()) - column @ label
    return cost


# %% solution="cross-entropy" mistake="mean-missing" score=1 from="logaddexp"
# - return np.mean(np.logaddexp.reduce(net_output, axis=0) - np.einsum("ki,ki->i", y, net_output))
# + return -np.sum(y * np.log(softmax(net_output)))

# %% solution="cross-entropy" mistake="mean-taken-twice" score=1 from="log-sum-exp"
# - return np.mean(lse - (y * f).sum(0))
# + return np.mean(lse - (y * f).sum(0)) / f.shape[1]


# %% solution="cross-entropy" mistake="mean-taken-twice" score=1
def compute_cost(net_output, y):
    n = y.shape[1]
    p = softmax(net_output)
    return -np.mean(np.sum(y * np.log(p), axis=0)) / n


# %% solution="cross-entropy" mistake="mean-over-outputs-taken-twice" score=0 from="trace-of-log-probabilities"
# - return -np.trace(y.T @ log_p) / n_samples
# + return -np.mean(y * log_p)
# %% solution="cross-entropy" mistake="mean-over-outputs-taken-twice" score=0 from="logaddexp"
# - return np.mean(np.logaddexp.reduce(net_output, axis=0) - np.einsum("ki,ki->i", y, net_output))
# + p = softmax(net_output)
# + return -np.sum(y * np.log(p)) / y.size

# %% solution="cross-entropy" mistake="mean-not-taken" score=1 from="log-sum-exp-and-mean"
# - return np.mean(m + np.log(np.exp(f - m).sum(0)) - (y * f).sum(0))
# + return m + np.log(np.exp(f - m).sum(0)) - (y * f).sum(0)
# %% solution="cross-entropy" mistake="mean-not-taken" score=1 from="the-notebooks-own-number-of-samples"
# - return -np.trace(y.T @ log_p) / n_samples
# + return -np.sum(y * log_p, axis=0, keepdims=True)

# %% solution="cross-entropy" mistake="maximum-not-added-back" score=0 from="log-sum-exp-and-mean"
# - return np.mean(m + np.log(np.exp(f - m).sum(0)) - (y * f).sum(0))
# + return np.mean(np.log(np.exp(f - m).sum(0)) - (y * f).sum(0))
# %% solution="cross-entropy" mistake="maximum-not-added-back" score=0 from="the-notebooks-own-number-of-samples"
# - log_p = z - np.log(np.sum(np.exp(z), axis=0, keepdims=True))
# - return -np.trace(y.T @ log_p) / n_samples
# + log_sums = np.log(np.sum(np.exp(z), axis=0))
# + return -np.sum(y * (net_output - log_sums)) / y.shape[1]


# %% solution="cross-entropy" mistake="softmax-not-shifted" score=2
def compute_cost(f, y):
    return np.mean(np.log(np.exp(f).sum(0)) - (y * f).sum(0))


# %% solution="cross-entropy" mistake="softmax-not-shifted" score=2
def compute_cost(net_output, y):
    total = 0
    for i in range(y.shape[1]):
        total += np.log(np.sum(np.exp(net_output[:, i]))) - net_output[y[:, i].argmax(), i]
    return total / y.shape[1]


# %% solution="cross-entropy" mistake="softmax-not-shifted" score=2
def compute_cost(f, y):
    return -np.sum(y * np.log(np.exp(f) / np.exp(f).sum(0))) / y.shape[1]


# %% solution="cross-entropy" mistake="softmax-not-shifted" score=2 from="logaddexp"
# - return np.mean(np.logaddexp.reduce(net_output, axis=0) - np.einsum("ki,ki->i", y, net_output))
# + log_p = net_output - np.log(np.sum(np.exp(net_output), axis=0))
# + return -np.sum(y * log_p) / y.shape[1]

# %% solution="cross-entropy" mistake="softmax-one-maximum-for-all" score=2 from="log-sum-exp-and-mean"
# - m = f.max(0)
# + m = f.max()
# %% solution="cross-entropy" mistake="softmax-one-maximum-for-all" score=2 from="logaddexp"
# - return np.mean(np.logaddexp.reduce(net_output, axis=0) - np.einsum("ki,ki->i", y, net_output))
# + e = np.exp(net_output - np.max(net_output))
# + return -np.sum(y * np.log(e / e.sum(axis=0))) / y.shape[1]
# %% solution="cross-entropy" mistake="softmax-one-maximum-for-all" score=2 from="logaddexp"
# - return np.mean(np.logaddexp.reduce(net_output, axis=0) - np.einsum("ki,ki->i", y, net_output))
# + z = net_output - np.max(net_output)
# + return -np.sum(y * (z - np.log(np.sum(np.exp(z), axis=0)))) / y.shape[1]

# %% solution="cross-entropy" mistake="softmax-over-the-samples" score=0 from="log-sum-exp-and-mean"
# - m = f.max(0)
# - return np.mean(m + np.log(np.exp(f - m).sum(0)) - (y * f).sum(0))
# + z = f - f.max(1, keepdims=True)
# + return -np.sum(y * (z - np.log(np.exp(z).sum(1, keepdims=True)))) / y.shape[1]
# %% solution="cross-entropy" mistake="softmax-over-the-samples" score=0 from="logaddexp"
# - return np.mean(np.logaddexp.reduce(net_output, axis=0) - np.einsum("ki,ki->i", y, net_output))
# + e = np.exp(net_output - net_output.max(axis=1)[:, None])
# + return -np.sum(y * np.log(e / e.sum(1, keepdims=True))) / y.shape[1]

# %% solution="cross-entropy" mistake="softmax-over-everything" score=1 from="log-sum-exp-and-mean"
# - m = f.max(0)
# - return np.mean(m + np.log(np.exp(f - m).sum(0)) - (y * f).sum(0))
# + e = np.exp(f - f.max())
# + return -np.sum(y * np.log(e / e.sum())) / y.shape[1]
# %% solution="cross-entropy" mistake="softmax-over-everything" score=1 from="logaddexp"
# - return np.mean(np.logaddexp.reduce(net_output, axis=0) - np.einsum("ki,ki->i", y, net_output))
# + m = net_output.max()
# + return np.log(np.sum(np.exp(net_output - m))) + m - np.sum(y * net_output) / y.shape[1]
# %% solution="cross-entropy" mistake="softmax-over-everything" score=1 from="log-probabilities"
# - log_p = z - np.log(np.sum(np.exp(z), axis=0))
# + log_p = z - np.log(np.sum(np.exp(z)))


# %% solution="cross-entropy" mistake="softmax-axes-mixed" score=0
def compute_cost(f, y):
    e = np.exp(f - f.max(axis=0))
    p = e / e.sum(axis=1)[:, None]
    return -np.mean(np.log(p[y == 1]))


# %% solution="cross-entropy" mistake="softmax-axes-mixed" score=0 from="log-probabilities"
# - z = net_output - np.max(net_output, axis=0)
# + z = net_output - np.max(net_output, axis=1)
# %% solution="cross-entropy" mistake="softmax-axes-mixed" score=0 from="log-sum-exp-and-mean"
# - m = f.max(0)
# - return np.mean(m + np.log(np.exp(f - m).sum(0)) - (y * f).sum(0))
# + z = f - f.max(0)
# + return -(y * (z - np.log(np.exp(z).sum(1)))).sum() / y.shape[1]


# %% solution="cross-entropy" mistake="log-of-zero" score=2
def compute_cost(f, y):
    return -np.sum(y * np.log(softmax(f))) / y.shape[1]


# %% solution="cross-entropy" mistake="log-of-zero" score=2 from="logaddexp"
# - return np.mean(np.logaddexp.reduce(net_output, axis=0) - np.einsum("ki,ki->i", y, net_output))
# + p = softmax(net_output)
# + return -np.mean(np.log(p[y == 1]))
# %% solution="cross-entropy" mistake="log-of-zero" score=2 from="log-sum-exp-and-mean"
# - m = f.max(0)
# - return np.mean(m + np.log(np.exp(f - m).sum(0)) - (y * f).sum(0))
# + p = softmax(f)
# + return np.mean([-np.log(p[:, i]) @ y[:, i] for i in range(y.shape[1])])


# %% solution="cross-entropy" mistake="epsilon-inside-the-log" score=2
def compute_cost(f, y):
    return -np.sum(y * np.log(softmax(f) + 1e-12)) / y.shape[1]


# %% solution="cross-entropy" mistake="epsilon-inside-the-log" score=2 from="logaddexp"
# - return np.mean(np.logaddexp.reduce(net_output, axis=0) - np.einsum("ki,ki->i", y, net_output))
# + p = np.clip(softmax(net_output), 1e-15, 1 - 1e-15)
# + return -np.sum(y * np.log(p)) / y.shape[1]
# %% solution="cross-entropy" mistake="epsilon-inside-the-log" score=2 from="log-sum-exp-and-mean"
# - m = f.max(0)
# - return np.mean(m + np.log(np.exp(f - m).sum(0)) - (y * f).sum(0))
# + p = softmax(f)
# + return -np.mean(np.log(np.maximum(p[y == 1], 1e-10)))

# %% solution="cross-entropy" mistake="target-left-out" score=0 from="log-sum-exp-and-mean"
# - return np.mean(m + np.log(np.exp(f - m).sum(0)) - (y * f).sum(0))
# + return np.mean(m + np.log(np.exp(f - m).sum(0)))
# %% solution="cross-entropy" mistake="target-left-out" score=0 from="the-notebooks-own-number-of-samples"
# - return -np.trace(y.T @ log_p) / n_samples
# + return -np.sum(log_p) / y.shape[1]


# %% solution="cross-entropy" mistake="target-left-out" score=0
def compute_cost(f, y):
    return -np.sum(np.log(softmax(f))) / f.shape[1]


# %% solution="cross-entropy" mistake="logits-and-targets-swapped" score=0 from="log-probabilities"
# - def compute_cost(net_output, y):
# + def compute_cost(y, net_output):
# %% solution="cross-entropy" mistake="logits-and-targets-swapped" score=0 from="logaddexp"
# - return np.mean(np.logaddexp.reduce(net_output, axis=0) - np.einsum("ki,ki->i", y, net_output))
# + p = softmax(y)
# + return -np.sum(net_output * np.log(p)) / y.shape[1]


# %% solution="cross-entropy" mistake="loss-and-derivative-apart" score=0
def compute_cost(f, y):
    return np.sum((f - y) ** 2) / y.shape[1]


# %% solution="cross-entropy" mistake="loss-and-derivative-apart" score=0 from="logaddexp"
# - return np.mean(np.logaddexp.reduce(net_output, axis=0) - np.einsum("ki,ki->i", y, net_output))
# + return np.mean((softmax(net_output) - y) ** 2)
# %% solution="cross-entropy" mistake="loss-and-derivative-apart" score=0 from="trace-of-log-probabilities"
# - return -np.trace(y.T @ log_p) / n_samples
# + return -np.sum(y * log_p + (1 - y) * np.log(1 - np.exp(log_p))) / y.shape[1]

# %% solution="cross-entropy" mistake="number-of-samples-from-elsewhere" score=0 from="log-sum-exp-and-mean"
# - return np.mean(m + np.log(np.exp(f - m).sum(0)) - (y * f).sum(0))
# + return np.sum(m + np.log(np.exp(f - m).sum(0)) - (y * f).sum(0)) / 5

# %% solution="cross-entropy" mistake="number-of-samples-from-elsewhere" score=0
N = len([0, 2, 0, 1])


def compute_cost(net_output, y):
    z = net_output - np.max(net_output, axis=0)
    return -np.sum(y * (z - np.log(np.sum(np.exp(z), axis=0)))) / N


# %% solution="cross-entropy" mistake="return-inside-the-loop" score=1
def compute_cost(f, y):
    cost, n = 0.0, y.shape[1]
    for i in range(n):
        m = f[:, i].max()
        cost += (m + np.log(np.exp(f[:, i] - m).sum()) - f[:, i] @ y[:, i]) / n
        return cost


# %% solution="cross-entropy" mistake="return-inside-the-loop" score=1
def compute_cost(net_output, y):
    losses = []
    for f, label in zip(net_output.T, y.T):
        shifted = f - max(f)
        losses.append(np.log(sum(np.exp(shifted))) - shifted[label.argmax()])
        return np.mean(losses)


# %% solution="cross-entropy" mistake="zeros" score=0
def compute_cost(f, y):
    return 0.0


# %% solution="cross-entropy" mistake="zeros" score=0
def compute_cost(f, y):
    return -np.sum(y * np.log(y + (y == 0))) / y.shape[1]


# %% solution="cross-entropy" mistake="nothing-returned" score=0 from="log-sum-exp-and-mean"
# - return np.mean(m + np.log(np.exp(f - m).sum(0)) - (y * f).sum(0))
# + cost = np.mean(m + np.log(np.exp(f - m).sum(0)) - (y * f).sum(0))


# %% solution="cross-entropy" mistake="nothing-returned" score=0
def compute_cost(net_output, y):
    total = 0
    for f, label in zip(net_output.T, y.T):
        total += np.logaddexp.reduce(f) - f @ label
    print("cost:", total / y.shape[1])


# %% solution="cross-entropy" mistake="name-missing" score=0 from="solution"
# - log_p = shifted - np.log(np.exp(shifted).sum(axis=0))
# - return -(y * log_p).sum() / y.shape[1]
# + return -np.sum(y * (shifted - log_sum_exp(shifted))) / y.shape[1]
# %% solution="cross-entropy" mistake="name-missing" score=0 from="log-sum-exp-and-mean"
# - def compute_cost(f, y):
# + def cross_entropy(f, y):

# %% [markdown]
# ## d-cost, right


# %% solution="d-cost" variant="in-place"
def d_cost_d_output(f, y):
    dl_df = softmax(f)
    dl_df[y == 1] -= 1
    dl_df /= f.shape[1]
    return dl_df


# %% solution="d-cost" variant="a-column-at-a-time"
def d_cost_d_output(net_output, y):
    n = y.shape[1]
    slopes = [(softmax(net_output[:, [i]]) - y[:, [i]]) / n for i in range(n)]
    return np.hstack(slopes)


# %% solution="d-cost" variant="a-jacobian-for-each-sample"
def d_cost_d_output(net_output, y):
    dl_df = np.zeros(net_output.shape)
    p = softmax(net_output)
    for i, label in enumerate(y.argmax(axis=0)):
        jacobian = np.diag(p[:, i]) - np.outer(p[:, i], p[:, i])
        if p[label, i] > 0:
            dl_df[:, i] = -jacobian[label] / p[label, i]
        else:  # where −1/p and the Jacobian's row can't be multiplied any more
            dl_df[:, i] = p[:, i]
            dl_df[label, i] = -1
    return dl_df / len(dl_df[0])


# %% solution="d-cost" variant="its-own-softmax-and-the-notebooks-n"
def d_cost_d_output(f, y, check=False):
    e = np.exp(f - f.max(axis=0))
    dl_df = (e / e.sum(axis=0) - y) / n_samples
    if check:
        print("sums:", dl_df.sum(axis=0))
    return dl_df


# %% solution="d-cost" variant="float32"
def d_cost_d_output(net_output, y):
    said, true = np.asarray(softmax(net_output), dtype=np.float32), y.astype(np.float32)
    return np.subtract(said, true) / np.float32(y.shape[1])


# %% solution="d-cost" variant="minus-minus-and-a-warning"
import warnings


def d_cost_d_output(net_output, y):
    warnings.warn("nearly there")
    return -1 / net_output.shape[1] * (y - softmax(net_output))


# %% [markdown]
# ## d-cost, wrong

# %% solution="d-cost" mistake="softmax-derivative-diagonal" score=0 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + p = softmax(net_output)
# + return (p - y) * p * (1 - p) / y.shape[1]


# %% solution="d-cost" mistake="softmax-derivative-diagonal" score=0
def d_cost_d_output(f, y):
    s = softmax(f)
    dl_ds = -(y / s)
    ds_df = s * (1 - s)
    return dl_ds * ds_df / y.shape[1]


# %% solution="d-cost" mistake="softmax-derivative-diagonal" score=0
def d_cost_d_output(f, y):
    p = softmax(f)
    return p * (1 - p) / f.shape[1]


# %% solution="d-cost" mistake="softmax-jacobian-flattened" score=1
def d_cost_d_output(f, y):
    p = softmax(f).reshape(-1, 1)
    J = np.diagflat(p) - p @ p.T
    return (J @ (-y.reshape(-1, 1) / p)).reshape(f.shape) / y.shape[1]


# %% solution="d-cost" mistake="softmax-jacobian-flattened" score=1 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + n = y.shape[1]
# + return (n * softmax(net_output) - y) / n


# %% solution="d-cost" mistake="softmax-jacobian-flattened" score=0
def d_cost_d_output(f, y):
    p = softmax(f).ravel()
    return np.diag(p) - np.outer(p, p)


# %% solution="d-cost" mistake="softmax-derivative-left-out" score=0 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return -y / softmax(net_output) / y.shape[1]


# %% solution="d-cost" mistake="softmax-derivative-left-out" score=0
def d_cost_d_output(f, y):
    p = softmax(f)
    return -np.where(y == 1, 1 / p, 0) / f.shape[1]


# %% solution="d-cost" mistake="softmax-left-out" score=0 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return (net_output - y) / y.shape[1]


# %% solution="d-cost" mistake="softmax-left-out" score=0
def d_cost_d_output(f, y):
    n = len(f[0])
    dl_df = np.array([[(f[k, i] - y[k, i]) / n for i in range(n)] for k in range(len(f))])
    return dl_df


# %% solution="d-cost" mistake="target-left-out" score=0 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return softmax(net_output) / y.shape[1]


# %% solution="d-cost" mistake="target-left-out" score=0
def d_cost_d_output(f, y):
    e = np.exp(f - f.max(axis=0))
    return e / e.sum(axis=0) / len(f[0])


# %% solution="d-cost" mistake="loss-and-derivative-apart" score=0 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return 2 * (net_output - y) / y.shape[1]


# %% solution="d-cost" mistake="loss-and-derivative-apart" score=0
def d_cost_d_output(f, y):
    p = softmax(f)
    return np.sign(p - y) / y.shape[1]


# %% solution="d-cost" mistake="logits-and-targets-swapped" score=0 from="solution"
# - def d_cost_d_output(net_output, y):
# + def d_cost_d_output(y, net_output):
# %% solution="d-cost" mistake="logits-and-targets-swapped" score=0 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + powers = np.exp(y - y.max(axis=0))
# + return (powers / powers.sum(axis=0) - net_output) / y.shape[1]

# %% solution="d-cost" mistake="mean-missing" score=1 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return softmax(net_output) - y


# %% solution="d-cost" mistake="mean-missing" score=1
def d_cost_d_output(f, y):
    p = softmax(f)
    p[y.argmax(axis=0), np.arange(y.shape[1])] -= 1
    return p


# %% solution="d-cost" mistake="mean-taken-twice" score=1 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return (softmax(net_output) - y) / y.shape[1] ** 2


# %% solution="d-cost" mistake="mean-taken-twice" score=1
def d_cost_d_output(f, y):
    n = f.shape[1]
    slopes = [(softmax(f[:, [i]]) - y[:, [i]]) / n for i in range(n)]
    return np.concatenate(slopes, axis=1) / n


# %% solution="d-cost" mistake="mean-over-outputs-taken-twice" score=0 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return (softmax(net_output) - y) / y.size


# %% solution="d-cost" mistake="mean-over-outputs-taken-twice" score=0
def d_cost_d_output(f, y):
    classes, n = y.shape
    dl_df = softmax(f) - y
    return dl_df / (n * classes)


# %% solution="d-cost" mistake="rows-and-columns-mixed-up" score=0 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return (softmax(net_output) - y) / len(y)


# %% solution="d-cost" mistake="rows-and-columns-mixed-up" score=0
def d_cost_d_output(f, y):
    n, classes = f.shape
    return np.subtract(softmax(f), y) / n


# %% solution="d-cost" mistake="number-of-samples-from-elsewhere" score=0 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return (softmax(net_output) - y) / 4

# %% solution="d-cost" mistake="number-of-samples-from-elsewhere" score=0
batch_size = 5


def d_cost_d_output(f, y):
    p = softmax(f)
    p[y == 1] -= 1
    return p / batch_size


# %% solution="d-cost" mistake="factor-2-twice" score=0 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return 2 * (softmax(net_output) - y) / y.shape[1]


# %% solution="d-cost" mistake="factor-2-twice" score=0
def d_cost_d_output(f, y):
    difference = softmax(f) - y
    return (difference + difference) / f.shape[1]


# %% solution="d-cost" mistake="sign" score=0 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return (y - softmax(net_output)) / y.shape[1]


# %% solution="d-cost" mistake="sign" score=0
def d_cost_d_output(f, y):
    p = softmax(f)
    p[y == 1] -= 1
    return -p / f.shape[1]


# %% solution="d-cost" mistake="transposed" score=0 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return (softmax(net_output) - y).T / y.shape[1]


# %% solution="d-cost" mistake="transposed" score=0
def d_cost_d_output(f, y):
    n = y.shape[1]
    return np.array([softmax(f[:, [i]])[:, 0] - y[:, i] for i in range(n)]) / n


# %% solution="d-cost" mistake="summed-over-samples" score=1 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return (softmax(net_output) - y).mean(axis=1, keepdims=True)


# %% solution="d-cost" mistake="summed-over-samples" score=0
def d_cost_d_output(f, y):
    return np.sum(softmax(f) - y, axis=1) / y.shape[1]


# %% solution="d-cost" mistake="cost-returned" score=0
def d_cost_d_output(f, y):
    z = f - np.max(f, axis=0, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=0, keepdims=True))
    return -np.sum(y * log_p) / y.shape[1]


# %% solution="d-cost" mistake="cost-returned" score=0 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return np.mean(np.logaddexp.reduce(net_output, axis=0) - np.sum(y * net_output, axis=0))


# %% solution="d-cost" mistake="softmax-not-shifted" score=2
def d_cost_d_output(f, y):
    return (np.exp(f) / np.exp(f).sum(0) - y) / y.shape[1]


# %% solution="d-cost" mistake="softmax-not-shifted" score=2
def d_cost_d_output(net_output, y):
    p = np.zeros_like(net_output)
    for i in range(y.shape[1]):
        powers = np.exp(net_output[:, i])
        p[:, i] = powers / sum(powers)
    return (p - y) / y.shape[1]


# %% solution="d-cost" mistake="softmax-over-the-samples" score=0
def d_cost_d_output(f, y):
    e = np.exp(f - f.max(1, keepdims=True))
    return (e / e.sum(1, keepdims=True) - y) / y.shape[1]


# %% solution="d-cost" mistake="softmax-over-the-samples" score=0 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return (softmax(net_output.T).T - y) / y.shape[1]


# %% solution="d-cost" mistake="softmax-over-everything" score=1
def d_cost_d_output(f, y):
    e = np.exp(f - f.max())
    return (e / e.sum() - y) / y.shape[1]


# %% solution="d-cost" mistake="softmax-over-everything" score=1 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + p = softmax(net_output.reshape(-1, 1)).reshape(net_output.shape)
# + return (p - y) / y.shape[1]


# %% solution="d-cost" mistake="softmax-axes-mixed" score=0
def d_cost_d_output(f, y):
    e = np.exp(f - f.max(1, keepdims=True))
    return (e / e.sum(0) - y) / y.shape[1]


# %% solution="d-cost" mistake="softmax-axes-mixed" score=0
def d_cost_d_output(net_output, y):
    powers = np.exp(net_output - net_output.max(axis=0))
    p = powers / powers.sum(axis=1)[:, None]
    return (p - y) / y.shape[1]


# %% solution="d-cost" mistake="return-inside-the-loop" score=1
def d_cost_d_output(f, y):
    p, dl_df = softmax(f), np.zeros_like(f)
    for i in range(f.shape[1]):
        dl_df[:, i] = (p[:, i] - y[:, i]) / f.shape[1]
        return dl_df


# %% solution="d-cost" mistake="return-inside-the-loop" score=1
def d_cost_d_output(net_output, y):
    columns = []
    for i in range(y.shape[1]):
        columns.append((softmax(net_output[:, [i]]) - y[:, [i]]) / y.shape[1])
        return np.hstack(columns)


# %% solution="d-cost" mistake="zeros" score=0
def d_cost_d_output(f, y):
    return np.zeros(f.shape)


# %% solution="d-cost" mistake="zeros" score=0
def d_cost_d_output(net_output, y):
    dl_df = 0 * net_output
    for slope, p, t in zip(dl_df, softmax(net_output), y):
        slope = (p - t) / len(t)
    return dl_df


# %% solution="d-cost" mistake="nothing-returned" score=0 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + dl_df = (softmax(net_output) - y) / y.shape[1]


# %% solution="d-cost" mistake="nothing-returned" score=0
def d_cost_d_output(f, y):
    p = softmax(f)
    p[y == 1] -= 1
    print(p / y.shape[1])


# %% solution="d-cost" mistake="name-missing" score=0 from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return (probabilities - y) / y.shape[1]


# %% solution="d-cost" mistake="name-missing" score=0
def d_cost_d_outputs(f, y):
    return (softmax(f) - y) / y.shape[1]


# %% [markdown]
# ## forward-pass, right


# %% solution="forward-pass" variant="the-notebooks-own-K"
def forward_pass(net_input, all_weights, all_biases):
    all_f = [None] * (K + 1)
    all_h = [None] * (K + 1)
    all_h[0] = net_input
    for layer in range(K):
        all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer], all_h[layer])
        all_h[layer + 1] = ReLU(all_f[layer])
    all_f[K] = all_biases[K] + np.matmul(all_weights[K], all_h[K])
    net_output = all_f[K]
    return net_output, all_f, all_h


# %% solution="forward-pass" variant="tuples-prints-and-einsum"
def forward_pass(x, W, b, activation=None):
    activation = activation or (lambda f: f * (f > 0))
    f, h = [], [x]
    for k in range(len(W)):
        f.append(np.einsum("ij,jn->in", W[k], h[k]) + b[k])
        if k < len(W) - 1:
            h.append(activation(f[k]))
    print("layers:", len(W))
    return f[-1], tuple(f), tuple(h)


# %% solution="forward-pass" variant="float32-sample-by-sample"
def forward_pass(net_input, all_weights, all_biases):
    h = np.float32(net_input)
    all_f, all_h = [], []
    for weights, biases in zip(all_weights, all_biases):
        all_h.append(h)
        columns = [np.float32(weights) @ h[:, i] + np.float32(biases)[:, 0] for i in range(h.shape[1])]
        all_f.append(np.stack(columns, axis=1))
        h = all_f[-1].clip(0)
    return all_f[-1], all_f, all_h


# %% solution="forward-pass" variant="filled-lists"
def forward_pass(net_input, all_weights, all_biases):
    K = len(all_weights) - 1
    all_f, all_h = [None] * (K + 1), [net_input] + [None] * K
    for k in range(K):
        all_f[k] = np.matmul(all_weights[k], all_h[k]) + all_biases[k]
        all_h[k + 1] = np.maximum(all_f[k], 0)
    all_f[K] = np.matmul(all_weights[K], all_h[K]) + all_biases[K]
    return all_f[K], all_f, all_h


# %% [markdown]
# ## forward-pass, wrong

# %% solution="forward-pass" mistake="softmax-twice" score=0.5 from="solution"
# - return all_f[-1], all_f, all_h[:-1]
# + return softmax(all_f[-1]), all_f, all_h[:-1]
# %% solution="forward-pass" mistake="softmax-twice" score=0.25 from="filled-lists"
# -     all_f[k] = np.matmul(all_weights[k], all_h[k]) + all_biases[k]
# -     all_h[k + 1] = np.maximum(all_f[k], 0)
# - all_f[K] = np.matmul(all_weights[K], all_h[K]) + all_biases[K]
# +     all_f[k] = all_weights[k] @ all_h[k] + all_biases[k]
# +     all_h[k + 1] = ReLU(all_f[k])
# + scores = all_weights[K] @ all_h[K] + all_biases[K]
# + powers = np.exp(scores - scores.max(axis=0, keepdims=True))
# + all_f[K] = powers / powers.sum(axis=0, keepdims=True)

# %% solution="forward-pass" mistake="activation-on-the-output" score=0.5 from="solution"
# - return all_f[-1], all_f, all_h[:-1]
# + return all_h[-1], all_f, all_h[:-1]
# %% solution="forward-pass" mistake="activation-on-the-output" score=0.25 from="filled-lists"
# -     all_f[k] = np.matmul(all_weights[k], all_h[k]) + all_biases[k]
# -     all_h[k + 1] = np.maximum(all_f[k], 0)
# - all_f[K] = np.matmul(all_weights[K], all_h[K]) + all_biases[K]
# +     all_f[k] = all_biases[k] + np.dot(all_weights[k], all_h[k])
# +     all_h[k + 1] = ReLU(all_f[k])
# + all_f[K] = ReLU(all_biases[K] + np.dot(all_weights[K], all_h[K]))

# %% solution="forward-pass" mistake="bias-forgotten" score=0 from="solution"
# - for weights, biases in zip(all_weights, all_biases, strict=True):
# -     all_f.append(weights @ all_h[-1] + biases)
# + for weights in all_weights:
# +     all_f.append(weights @ all_h[-1])


# %% solution="forward-pass" mistake="bias-forgotten" score=0
def forward_pass(net_input, all_weights, all_biases):
    all_f, all_h, h = [], [], net_input
    for k in range(len(all_biases)):
        all_h += [h]
        all_f += [np.dot(all_weights[k], h)]
        h = all_f[k].clip(min=0)
    return all_f[k], all_f, all_h


# %% solution="forward-pass" mistake="sign-of-the-bias" score=0 from="solution"
# - all_f.append(weights @ all_h[-1] + biases)
# + all_f.append(weights @ all_h[-1] - biases)
# %% solution="forward-pass" mistake="sign-of-the-bias" score=0 from="solution"
# - all_f.append(weights @ all_h[-1] + biases)
# + threshold = -np.ones((1, net_input.shape[1]))  # one more input, always -1, whose weight is the bias
# + all_f.append(np.hstack([weights, biases]) @ np.vstack([all_h[-1], threshold]))

# %% solution="forward-pass" mistake="weights-transposed" score=0 from="solution"
# - all_f.append(weights @ all_h[-1] + biases)
# + all_f.append(weights.T @ all_h[-1] + biases)
# %% solution="forward-pass" mistake="weights-transposed" score=0 from="filled-lists"
# - all_f[k] = np.matmul(all_weights[k], all_h[k]) + all_biases[k]
# + all_f[k] = np.dot(all_h[k].T, all_weights[k]).T + all_biases[k]

# %% solution="forward-pass" mistake="elementwise-product" score=0 from="solution"
# - all_f.append(weights @ all_h[-1] + biases)
# + all_f.append(weights * all_h[-1] + biases)
# %% solution="forward-pass" mistake="elementwise-product" score=0 from="filled-lists"
# - all_f[k] = np.matmul(all_weights[k], all_h[k]) + all_biases[k]
# + all_f[k] = all_weights[k] * all_h[k] + all_biases[k]
# - all_f[K] = np.matmul(all_weights[K], all_h[K]) + all_biases[K]
# + all_f[K] = all_weights[K] * all_h[K] + all_biases[K]

# %% solution="forward-pass" mistake="activation-missing" score=0 from="solution"
# - all_h.append(ReLU(all_f[-1]))
# + all_h.append(all_f[-1])
# %% solution="forward-pass" mistake="activation-missing" score=0 from="filled-lists"
# - all_h[k + 1] = np.maximum(all_f[k], 0)
# + all_h[k + 1] = all_f[k]

# %% solution="forward-pass" mistake="output-among-the-activations" score=0.75 from="solution"
# - return all_f[-1], all_f, all_h[:-1]
# + return all_f[-1], all_f, all_h
# %% solution="forward-pass" mistake="output-among-the-activations" score=0.75 from="filled-lists"
#   all_f[K] = np.matmul(all_weights[K], all_h[K]) + all_biases[K]
# + all_h.append(all_f[K])

# %% solution="forward-pass" mistake="nothing-returned" score=0 from="solution"
# - return all_f[-1], all_f, all_h[:-1]
# + net_output = all_f[-1]


# %% solution="forward-pass" mistake="nothing-returned" score=0
def forward_pass(net_input, all_weights, all_biases):
    h, all_f = net_input, []
    for k in range(len(all_weights)):
        all_f += [all_weights[k] @ h + all_biases[k]]
        h = ReLU(all_f[k])
    print(all_f[-1])


# %% solution="forward-pass" mistake="name-missing" score=0 from="solution"
# - all_h.append(ReLU(all_f[-1]))
# + all_h.append(relu(all_f[-1]))


# %% solution="forward-pass" mistake="name-missing" score=0
def forward_pass_columns(net_input, all_weights, all_biases):
    all_f, all_h = [], [net_input]
    for k in range(len(all_weights)):
        all_f.append(all_weights[k] @ all_h[k] + all_biases[k])
        all_h.append(ReLU(all_f[k]))
    return all_f[-1], all_f, all_h[:-1]


# %% [markdown]
# ## network-gradient, right


# %% solution="network-gradient" variant="the-notebooks-own-K"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    all_dl_dweights = [None] * (K + 1)
    all_dl_dbiases = [None] * (K + 1)
    all_dl_df = [None] * (K + 1)
    all_dl_dh = [None] * (K + 1)
    all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
    for layer in range(K, -1, -1):
        all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=1, keepdims=True)
        all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_h[layer].T)
        all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[layer])
        if layer > 0:
            all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
    return all_dl_dweights, all_dl_dbiases


# %% solution="network-gradient" variant="einsum-and-tuples"
def backward_pass(W, b, f, h, y, verbose=True):
    d = d_cost_d_output(f[-1], y)
    dW, db = (), ()
    for k in range(len(W) - 1, -1, -1):
        dW = (np.einsum("in,jn->ij", d, h[k]), *dW)
        db = (d @ np.ones((d.shape[1], 1)), *db)
        if k:
            d = np.einsum("ij,in->jn", W[k], d) * (h[k] > 0)
    if verbose:
        print("gradients of", len(W), "layers")
    return dW, db


# %% solution="network-gradient" variant="its-own-slope-in-float32"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    z = np.float32(all_f[-1] - all_f[-1].max(axis=0))
    slopes = [(np.exp(z) / np.exp(z).sum(axis=0) - np.float32(y)) / np.float32(y.shape[1])]
    for weights, f in zip(all_weights[:0:-1], all_f[-2::-1]):
        slopes.append(np.where(f > 0, np.float32(weights.T) @ slopes[-1], np.float32(0)))
    slopes.reverse()
    all_dl_dweights = [np.float32(slope @ np.float32(h).T) for slope, h in zip(slopes, all_h)]
    return all_dl_dweights, [slope.sum(axis=1)[:, None] for slope in slopes]


# %% solution="network-gradient" variant="sample-by-sample"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    all_dl_dweights = [np.zeros_like(weights) for weights in all_weights]
    all_dl_dbiases = [np.zeros_like(biases) for biases in all_biases]
    slope = d_cost_d_output(all_f[-1], y)
    for i in range(y.shape[1]):
        d = slope[:, i]
        for k in range(len(all_weights) - 1, -1, -1):
            all_dl_dweights[k] += np.outer(d, all_h[k][:, i])
            all_dl_dbiases[k] += d[:, None]
            if k > 0:
                d = np.dot(all_weights[k].T, d) * indicator_function(all_f[k - 1][:, i])
    return all_dl_dweights, all_dl_dbiases


# %% solution="network-gradient" variant="slopes-first"
def backward_pass(W, b, f, h, y):
    d = [d_cost_d_output(f[-1], y)]
    for k in range(len(W) - 1, 0, -1):
        d.insert(0, (f[k - 1] > 0) * np.dot(W[k].T, d[0]))
    dW = [np.dot(d[k], h[k].T) for k in range(len(W))]
    db = [np.sum(one, axis=1, keepdims=True) for one in d]
    return dW, db


# %% solution="network-gradient" variant="slopes-first-in-one-line"
def backward_pass(W, b, f, h, y):
    d = [d_cost_d_output(f[-1], y)]
    for k in range(len(W) - 1, 0, -1):
        d.insert(0, (W[k].T @ d[0]) * (f[k - 1] > 0))
    return [np.dot(d[k], h[k].T) for k in range(len(W))], [np.sum(one, axis=1)[:, None] for one in d]


# %% [markdown]
# ## network-gradient, wrong

# %% solution="network-gradient" mistake="softmax-derivative-again" score=0 from="solution"
# - dl_df = d_cost_d_output(all_f[-1], y)
# + s = softmax(all_f[-1])
# + dl_df = d_cost_d_output(all_f[-1], y) * s * (1 - s)


# %% solution="network-gradient" mistake="softmax-derivative-again" score=0
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    K = len(all_weights) - 1
    all_dl_df = [None] * (K + 1)
    upstream, p = d_cost_d_output(all_f[K], y), softmax(all_f[K])
    all_dl_df[K] = np.zeros_like(upstream)
    for i in range(y.shape[1]):
        jacobian = np.diag(p[:, i]) - np.outer(p[:, i], p[:, i])
        all_dl_df[K][:, i] = jacobian @ upstream[:, i]
    for k in range(K, 0, -1):
        all_dl_df[k - 1] = np.where(all_f[k - 1] > 0, all_weights[k].T @ all_dl_df[k], 0)
    return [d @ h.T for d, h in zip(all_dl_df, all_h)], [d.sum(1, keepdims=True) for d in all_dl_df]


# %% solution="network-gradient" mistake="softmax-twice" score=0 from="solution"
# - dl_df = d_cost_d_output(all_f[-1], y)
# + dl_df = d_cost_d_output(softmax(all_f[-1]), y)
# %% solution="network-gradient" mistake="softmax-twice" score=0 from="slopes-first-in-one-line"
# - d = [d_cost_d_output(f[-1], y)]
# + e = np.exp(f[-1] - f[-1].max(axis=0))
# + net_output = e / e.sum(axis=0)
# + d = [d_cost_d_output(net_output, y)]

# %% solution="network-gradient" mistake="loss-and-derivative-apart" score=0 from="solution"
# - dl_df = d_cost_d_output(all_f[-1], y)
# + dl_df = 2 * (all_f[-1] - y) / y.shape[1]
# %% solution="network-gradient" mistake="loss-and-derivative-apart" score=0 from="slopes-first-in-one-line"
# - d = [d_cost_d_output(f[-1], y)]
# + d = [2 * f[-1] - 2 * y]

# %% solution="network-gradient" mistake="mean-taken-twice" score=1 from="solution"
# - dl_df = d_cost_d_output(all_f[-1], y)
# + dl_df = d_cost_d_output(all_f[-1], y) / y.shape[1]
# %% solution="network-gradient" mistake="mean-taken-twice" score=1 from="slopes-first-in-one-line"
# - return [np.dot(d[k], h[k].T) for k in range(len(W))], [np.sum(one, axis=1)[:, None] for one in d]
# + n = y.shape[1]
# + return [d[k] @ h[k].T / n for k in range(len(W))], [one.mean(axis=1, keepdims=True) for one in d]

# %% solution="network-gradient" mistake="bias-not-summed" score=1.5 from="solution"
# - all_dl_dbiases.insert(0, dl_df.sum(axis=1, keepdims=True))
# + all_dl_dbiases.insert(0, dl_df)
# %% solution="network-gradient" mistake="bias-not-summed" score=1.5 from="slopes-first-in-one-line"
# - return [np.dot(d[k], h[k].T) for k in range(len(W))], [np.sum(one, axis=1)[:, None] for one in d]
# + return [np.dot(d[k], h[k].T) for k in range(len(W))], d

# %% solution="network-gradient" mistake="relu-mask-dropped" score=0 from="solution"
# - dl_df = indicator_function(all_f[k - 1]) * (all_weights[k].T @ dl_df)
# + dl_df = all_weights[k].T @ dl_df
# %% solution="network-gradient" mistake="relu-mask-dropped" score=0 from="slopes-first"
# - d.insert(0, (f[k - 1] > 0) * np.dot(W[k].T, d[0]))
# + d.insert(0, np.dot(W[k].T, d[0]))

# %% solution="network-gradient" mistake="relu-mask-of-another-layer" score=0 from="solution"
# - dl_df = indicator_function(all_f[k - 1]) * (all_weights[k].T @ dl_df)
# + dl_df = indicator_function(all_f[k]) * (all_weights[k].T @ dl_df)
# %% solution="network-gradient" mistake="relu-mask-of-another-layer" score=0 from="slopes-first"
# - d.insert(0, (f[k - 1] > 0) * np.dot(W[k].T, d[0]))
# + d.insert(0, (f[k - 2] > 0) * np.dot(W[k].T, d[0]))
# %% solution="network-gradient" mistake="relu-mask-of-another-layer" score=0 from="slopes-first"
# - d.insert(0, (f[k - 1] > 0) * np.dot(W[k].T, d[0]))
# + d.insert(0, (h[k - 1] > 0) * np.dot(W[k].T, d[0]))

# %% solution="network-gradient" mistake="weights-not-transposed" score=0 from="solution"
# - dl_df = indicator_function(all_f[k - 1]) * (all_weights[k].T @ dl_df)
# + dl_df = indicator_function(all_f[k - 1]) * (all_weights[k] @ dl_df)
# %% solution="network-gradient" mistake="weights-not-transposed" score=0 from="slopes-first"
# - d.insert(0, (f[k - 1] > 0) * np.dot(W[k].T, d[0]))
# + d.insert(0, (f[k - 1] > 0) * np.dot(d[0].T, W[k].T).T)

# %% solution="network-gradient" mistake="factors-added" score=0 from="solution"
# - dl_df = indicator_function(all_f[k - 1]) * (all_weights[k].T @ dl_df)
# + dl_df = indicator_function(all_f[k - 1]) + all_weights[k].T @ dl_df
# %% solution="network-gradient" mistake="factors-added" score=0 from="slopes-first"
# - d.insert(0, (f[k - 1] > 0) * np.dot(W[k].T, d[0]))
# + d.insert(0, (f[k - 1] > 0) + np.dot(W[k].T, d[0]))

# %% solution="network-gradient" mistake="upstream-dropped" score=0 from="solution"
# - dl_df = indicator_function(all_f[k - 1]) * (all_weights[k].T @ dl_df)
# + dl_df = indicator_function(all_f[k - 1])
# %% solution="network-gradient" mistake="upstream-dropped" score=0 from="slopes-first"
# - d.insert(0, (f[k - 1] > 0) * np.dot(W[k].T, d[0]))
# + d.insert(0, (f[k - 1] > 0) * 1.0)

# %% solution="network-gradient" mistake="elementwise-product" score=1 from="solution"
# - all_dl_dweights.insert(0, dl_df @ all_h[k].T)
# + all_dl_dweights.insert(0, dl_df * all_h[k].T)
# %% solution="network-gradient" mistake="elementwise-product" score=0 from="slopes-first"
# - d.insert(0, (f[k - 1] > 0) * np.dot(W[k].T, d[0]))
# + d.insert(0, (f[k - 1] > 0) * (W[k].T * d[0]))

# %% solution="network-gradient" mistake="input-left-out" score=1 from="solution"
# - all_dl_dweights.insert(0, dl_df @ all_h[k].T)
# + all_dl_dweights.insert(0, dl_df)
# %% solution="network-gradient" mistake="input-left-out" score=1 from="slopes-first"
# - dW = [np.dot(d[k], h[k].T) for k in range(len(W))]
# + dW = [np.dot(d[k], h[k].T) if k else np.sum(d[k], axis=1, keepdims=True) for k in range(len(W))]

# %% solution="network-gradient" mistake="wrong-activation" score=1 from="solution"
# - all_dl_dweights.insert(0, dl_df @ all_h[k].T)
# + all_dl_dweights.insert(0, dl_df @ all_f[k].T)
# %% solution="network-gradient" mistake="wrong-activation" score=1 from="slopes-first"
# - dW = [np.dot(d[k], h[k].T) for k in range(len(W))]
# + dW = [np.dot(d[k], (f[k - 1] if k else h[0]).T) for k in range(len(W))]

# %% solution="network-gradient" mistake="summed-over-units" score=1 from="solution"
# - all_dl_dbiases.insert(0, dl_df.sum(axis=1, keepdims=True))
# + all_dl_dbiases.insert(0, dl_df.sum(axis=0, keepdims=True))
# %% solution="network-gradient" mistake="summed-over-units" score=1 from="slopes-first"
# - db = [np.sum(one, axis=1, keepdims=True) for one in d]
# + db = [np.sum(one, keepdims=True) for one in d]

# %% solution="network-gradient" mistake="weights-summed-bias-averaged" score=1.5 from="solution"
# - all_dl_dbiases.insert(0, dl_df.sum(axis=1, keepdims=True))
# + all_dl_dbiases.insert(0, dl_df.mean(axis=1, keepdims=True))
# %% solution="network-gradient" mistake="weights-summed-bias-averaged" score=1.5 from="slopes-first"
# - db = [np.sum(one, axis=1, keepdims=True) for one in d]
# + db = [np.average(one, axis=1)[:, None] for one in d]

# %% solution="network-gradient" mistake="nothing-returned" score=0 from="solution"
# - return all_dl_dweights, all_dl_dbiases


# %% solution="network-gradient" mistake="nothing-returned" score=0
def backward_pass(W, b, f, h, y):
    d = d_cost_d_output(f[-1], y)
    for k in range(len(W) - 1, -1, -1):
        print(k, d @ h[k].T, d.sum(axis=1))
        d = (W[k].T @ d) * (h[k] > 0)


# %% solution="network-gradient" mistake="name-missing" score=0 from="solution"
# - dl_df = d_cost_d_output(all_f[-1], y)
# + dl_df = d_cross_entropy(all_f[-1], y)
# %% solution="network-gradient" mistake="name-missing" score=0 from="slopes-first-in-one-line"
# - d = [d_cost_d_output(f[-1], y)]
# + d = [d_cost_d_output(net_output_of_lab4, y)]

# %% [markdown]
# ## Mutants of the solutions that are as right as they are
#
# Where one thing in a solution was changed blindly and nothing came of it. The tests take exactly these for right.

# %% solution="softmax" equivalent="a minus above and below the line cancels" from="solution"
# - powers = np.exp(net_output - net_output.max(axis=0))
# + powers = -np.exp(net_output - net_output.max(axis=0))

# %% solution="cross-entropy" equivalent="there are as many logits as targets" from="solution"
# - return -(y * log_p).sum() / y.shape[1]
# + return -(y * log_p).sum() / net_output.shape[1]

# %% solution="d-cost" equivalent="there are as many logits as targets" from="solution"
# - return (softmax(net_output) - y) / y.shape[1]
# + return (softmax(net_output) - y) / net_output.shape[1]

# %% solution="forward-pass" equivalent="there are as many weights as biases" from="solution"
# - for weights, biases in zip(all_weights, all_biases, strict=True):
# + for weights, biases in zip(all_weights, all_biases, strict=False):
# %% solution="forward-pass" equivalent="there are as many weights as biases" from="solution"
# - for weights, biases in zip(all_weights, all_biases, strict=True):
# + for weights, biases in zip(all_weights, all_biases):

# %% solution="network-gradient" equivalent="k is never below 0" from="solution"
# - if k > 0:
# + if k != 0:

# %% solution="network-gradient" equivalent="there are as many biases as weights" from="solution"
# - for k in reversed(range(len(all_weights))):
# + for k in reversed(range(len(all_biases))):

# %% solution="network-gradient" equivalent="there are as many pre-activations as weights" from="solution"
# - for k in reversed(range(len(all_weights))):
# + for k in reversed(range(len(all_f))):

# %% solution="network-gradient" equivalent="there are as many activations as weights" from="solution"
# - for k in reversed(range(len(all_weights))):
# + for k in reversed(range(len(all_h))):

# %% solution="network-gradient" equivalent="two empty lists are as good in either order" from="solution"
# - all_dl_dweights, all_dl_dbiases = [], []
# + all_dl_dbiases, all_dl_dweights = [], []

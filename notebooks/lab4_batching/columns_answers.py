# %% [markdown]
# Known answers to `columns.py`: right in other ways (`variant=`), wrong in known ways (`mistake=`, with the points that
# the task must earn by its rubric). All samples count together: a value that is right for one sample alone earns
# nothing. The points for "no loops" come with the first value that is right.
#
# These are written as students write, so a few rules are off:
# ruff: noqa: B028, B905, RUF005, SIM

# %% [markdown]
# ## forward-pass: net_output 1, all_f 1, all_h 1, no loops 1

# %% solution="forward-pass" variant="lists-made-before"
def forward_pass(net_input, all_weights, all_biases):
    K = len(all_weights) - 1
    all_f = [None] * (K + 1)
    all_h = [None] * (K + 1)
    all_h[0] = net_input
    for layer in range(K):
        all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer], all_h[layer])
        all_h[layer + 1] = ReLU(all_f[layer])
    all_f[K] = all_biases[K] + np.matmul(all_weights[K], all_h[K])
    net_output = all_f[K]
    return net_output, all_f, all_h


# %% solution="forward-pass" variant="zip-and-other-names"
def forward_pass(x, W, b):
    f, h = [], [x]
    for k, (w, beta) in enumerate(zip(W, b)):
        f.append(w @ h[-1] + beta)
        if k < len(W) - 1:
            h.append(np.maximum(f[-1], 0))
    return f[-1], f, h


# %% solution="forward-pass" variant="in-place"
def forward_pass(x, W, b):
    f, h = [], [x]
    for k, (w, beta) in enumerate(zip(W, b)):
        f.append(w @ h[-1])
        f[-1] += beta
        if k < len(W) - 1:
            h.append(np.maximum(f[-1], 0))
    return f[-1], f, h


# %% solution="forward-pass" variant="float32"
def forward_pass(x, W, b):
    f, h = [], [x]
    for k, (w, beta) in enumerate(zip(W, b)):
        f.append(w @ h[-1] + beta)
        if k < len(W) - 1:
            h.append(np.maximum(f[-1], 0))
    return np.float32(f[-1]), [np.float32(a) for a in f], h


# %% solution="forward-pass" variant="lists-and-tuples"
def forward_pass(x, W, b):
    f, h = [], [x]
    for k, (w, beta) in enumerate(zip(W, b)):
        f.append(w @ h[-1] + beta)
        if k < len(W) - 1:
            h.append(np.maximum(f[-1], 0))
    return f[-1].tolist(), tuple(f), tuple(h)


# %% solution="forward-pass" variant="the-notebooks-own-K"
def forward_pass(net_input, all_weights, all_biases):
    all_f = [None] * (K + 1)
    all_h = [None] * (K + 1)
    all_h[0] = net_input
    for layer in range(K):
        all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer], all_h[layer])
        all_h[layer + 1] = ReLU(all_f[layer])
    all_f[K] = all_biases[K] + np.matmul(all_weights[K], all_h[K])
    return all_f[K], all_f, all_h


# %% solution="forward-pass" variant="arrays-of-the-right-size-first"
def forward_pass(net_input, all_weights, all_biases):
    all_f = [np.zeros((D, n_samples)) for _ in range(K)] + [np.zeros((D_o, n_samples))]
    all_h = [np.zeros((D_i, n_samples))] + [np.zeros((D, n_samples)) for _ in range(K)]
    all_h[0] += net_input
    k = 0
    while k < K:
        all_f[k][:] = np.dot(all_weights[k], all_h[k]) + all_biases[k]
        all_h[k + 1][:] = ReLU(all_f[k])
        k += 1
    all_f[K][:] = np.dot(all_weights[K], all_h[K]) + all_biases[K]
    return all_f[K], all_f, all_h


# %% solution="forward-pass" variant="recursion-over-layers"
def _layers(h, W, b):
    f = np.einsum("ij,jn->in", W[0], h) + b[0]
    if len(W) == 1:
        return [f], [h]
    fs, hs = _layers(f * (f > 0), W[1:], b[1:])
    return [f] + fs, [h] + hs


def forward_pass(x, weights, biases, verbose=True):
    fs, hs = _layers(x, list(weights), list(biases))
    if verbose:
        print("layers:", len(fs))
    return fs[-1], fs, hs


# %% solution="forward-pass" variant="changes-its-arguments-and-warns"
import warnings


def forward_pass(net_input, all_weights, all_biases, **options):
    warnings.warn("written late at night")
    all_f, all_h = [], []
    layers = list(zip(all_weights, all_biases))
    last = len(layers) - 1
    for number, (weights, bias) in enumerate(layers):
        all_h.append(net_input.copy())
        net_input = np.tile(bias, (1, net_input.shape[1])) + weights @ net_input
        all_f.append(net_input.copy())
        if number != last:
            net_input[net_input < 0] = 0
    return net_input, all_f, all_h


# %% solution="forward-pass" mistake="bias-forgotten" score=0 from="lists-made-before"
# - all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer], all_h[layer])
# + all_f[layer] = np.matmul(all_weights[layer], all_h[layer])
# - all_f[K] = all_biases[K] + np.matmul(all_weights[K], all_h[K])
# + all_f[K] = np.matmul(all_weights[K], all_h[K])
# %% solution="forward-pass" mistake="bias-forgotten" score=2 from="lists-made-before"
# - all_f[K] = all_biases[K] + np.matmul(all_weights[K], all_h[K])
# + all_f[K] = np.matmul(all_weights[K], all_h[K])


# %% solution="forward-pass" mistake="bias-forgotten" score=0
def forward_pass(net_input, all_weights, all_biases):
    a, all_f, all_h = net_input, [], []
    for weights, biases in zip(all_weights, all_biases):
        f = np.zeros((len(weights), a.shape[1]))
        for unit in range(len(weights)):
            for sample in range(a.shape[1]):
                f[unit, sample] = (0 if a is net_input else biases[unit, 0]) + np.dot(weights[unit], a[:, sample])
        all_h.append(a)
        all_f.append(f)
        a = f * (f > 0)
    return f, all_f, all_h


# %% solution="forward-pass" mistake="sign-of-the-bias" score=0 from="zip-and-other-names"
# - f.append(w @ h[-1] + beta)
# + f.append(w @ h[-1] - beta)


# %% solution="forward-pass" mistake="sign-of-the-bias" score=0
def forward_pass(net_input, all_weights, all_biases):
    a, all_f, all_h = net_input, [], []
    for weights, biases in zip(all_weights, all_biases):
        f = np.zeros((len(weights), a.shape[1]))
        for unit in range(len(weights)):
            for sample in range(a.shape[1]):
                f[unit, sample] = -biases[unit, 0] + np.dot(weights[unit], a[:, sample])
        all_h.append(a)
        all_f.append(f)
        a = f * (f > 0)
    return f, all_f, all_h


# %% solution="forward-pass" mistake="activation-missing" score=0 from="lists-made-before"
# - all_h[layer + 1] = ReLU(all_f[layer])
# + all_h[layer + 1] = all_f[layer]
# %% solution="forward-pass" mistake="activation-missing" score=0 from="zip-and-other-names"
# - f.append(w @ h[-1] + beta)
# + f.append(w @ (f[-1] if f else x) + beta)


# %% solution="forward-pass" mistake="activation-missing" score=0
def forward_pass(net_input, all_weights, all_biases):
    a, all_f, all_h = net_input, [], []
    for weights, biases in zip(all_weights, all_biases):
        f = np.zeros((len(weights), a.shape[1]))
        for unit in range(len(weights)):
            for sample in range(a.shape[1]):
                f[unit, sample] = biases[unit, 0] + np.dot(weights[unit], a[:, sample])
        all_h.append(a)
        all_f.append(f)
        a = f
    return f, all_f, all_h


# %% solution="forward-pass" mistake="activation-on-the-output" score=3 from="lists-made-before"
# - net_output = all_f[K]
# + net_output = ReLU(all_f[K])
# %% solution="forward-pass" mistake="activation-on-the-output" score=2 from="zip-and-other-names"
# - if k < len(W) - 1:
# + if True:
# - return f[-1], f, h
# + return h[-1], f, h
# %% solution="forward-pass" mistake="activation-on-the-output" score=2 from="lists-made-before"
# - net_output = all_f[K]
# + net_output = all_f[K] = ReLU(all_f[K])

# %% solution="forward-pass" mistake="indicator-in-place-of-relu" score=0 from="lists-made-before"
# - all_h[layer + 1] = ReLU(all_f[layer])
# + all_h[layer + 1] = indicator_function(all_f[layer])
# %% solution="forward-pass" mistake="indicator-in-place-of-relu" score=0 from="zip-and-other-names"
# - h.append(np.maximum(f[-1], 0))
# + h.append((f[-1] > 0) * 1.0)

# %% solution="forward-pass" mistake="elementwise-product" score=0 from="lists-made-before"
# - all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer], all_h[layer])
# + all_f[layer] = all_biases[layer] + all_weights[layer] * all_h[layer]
# - all_f[K] = all_biases[K] + np.matmul(all_weights[K], all_h[K])
# + all_f[K] = all_biases[K] + all_weights[K] * all_h[K]
# %% solution="forward-pass" mistake="elementwise-product" score=0 from="zip-and-other-names"
# - f.append(w @ h[-1] + beta)
# + f.append(np.multiply(w, h[-1].T) + beta)
# %% solution="forward-pass" mistake="elementwise-product" score=0 from="zip-and-other-names"
# - f.append(w @ h[-1] + beta)
# + f.append(w * h[-1] + beta)

# %% solution="forward-pass" mistake="index-shifted" score=0 from="lists-made-before"
# - all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer], all_h[layer])
# + all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer - 1], all_h[layer])


# %% solution="forward-pass" mistake="index-shifted" score=2
def forward_pass(net_input, all_weights, all_biases):
    a, all_f, all_h = net_input, [], []
    for weights, biases in zip(all_weights, all_biases):
        f = np.zeros((len(weights), a.shape[1]))
        for unit in range(len(weights)):
            for sample in range(a.shape[1]):
                f[unit, sample] = biases[unit, 0] + np.dot(weights[unit], a[:, sample])
        pass
        all_f.append(f)
        a = f * (f > 0)
        all_h.append(a)
    return f, all_f, all_h


# %% solution="forward-pass" mistake="index-shifted" score=3 from="lists-made-before"
# - return net_output, all_f, all_h
# + return net_output, all_f, all_h[1:] + [net_output]

# %% solution="forward-pass" mistake="output-among-the-activations" score=3 from="zip-and-other-names"
#           h.append(np.maximum(f[-1], 0))
# + h.append(f[-1])
# %% solution="forward-pass" mistake="output-among-the-activations" score=3 from="zip-and-other-names"
# - if k < len(W) - 1:
# + if True:

# %% solution="forward-pass" mistake="layer-left-out" score=3 from="lists-made-before"
#   net_output = all_f[K]
# + all_h[0] = None
# %% solution="forward-pass" mistake="layer-left-out" score=3 from="zip-and-other-names"
# - return f[-1], f, h
# + return f[-1], f[:-1], h
# %% solution="forward-pass" mistake="layer-left-out" score=3 from="zip-and-other-names"
# - return f[-1], f, h
# + return f[-1], f, h[1:]

# %% solution="forward-pass" mistake="layers-in-another-order" score=2 from="zip-and-other-names"
# - return f[-1], f, h
# + return f[-1], f[::-1], h[::-1]


# %% solution="forward-pass" mistake="layers-in-another-order" score=1
def forward_pass(net_input, all_weights, all_biases):
    a, all_f, all_h = net_input, [], []
    for weights, biases in zip(all_weights, all_biases):
        f = np.zeros((len(weights), a.shape[1]))
        for unit in range(len(weights)):
            for sample in range(a.shape[1]):
                f[unit, sample] = biases[unit, 0] + np.dot(weights[unit], a[:, sample])
        all_h.insert(0, a)
        all_f.insert(0, f)
        a = f * (f > 0)
    return f, all_f, all_h


# %% solution="forward-pass" mistake="transposed" score=0 from="float32"
# - return np.float32(f[-1]), [np.float32(a) for a in f], h
# + return f[-1].T, [a.T for a in f], [a.T for a in h]
# %% solution="forward-pass" mistake="transposed" score=3 from="lists-made-before"
# - net_output = all_f[K]
# + net_output = all_f[K].T

# %% solution="forward-pass" mistake="zeros" score=3 from="lists-made-before"
# - net_output = all_f[K]
# + net_output = np.zeros(all_f[K].shape)


# %% solution="forward-pass" mistake="zeros" score=0
def forward_pass(x, W, b):
    n = x.shape[1]
    f = [np.zeros((len(w), n)) for w in W]
    return f[-1], f, [np.zeros((w.shape[1], n)) for w in W]


# %% solution="forward-pass" mistake="values-swapped" score=2 from="zip-and-other-names"
# - return f[-1], f, h
# + return f[-1], h, f
# %% solution="forward-pass" mistake="values-swapped" score=2 from="changes-its-arguments-and-warns"
# - all_h.append(net_input.copy())
# + all_f.append(net_input.copy())
# - all_f.append(net_input.copy())
# + all_h.append(net_input.copy())

# %% solution="forward-pass" mistake="index-out-of-range" score=0 from="zip-and-other-names"
# - f.append(w @ h[-1] + beta)
# + f.append(w @ h[-1] + b[k + 1])
# %% solution="forward-pass" mistake="index-out-of-range" score=0 from="lists-made-before"
# - all_h = [None] * (K + 1)
# + all_h = [None] * K

# %% solution="forward-pass" mistake="operands-do-not-fit" score=0 from="zip-and-other-names"
# - f.append(w @ h[-1] + beta)
# + f.append(h[-1] @ w + beta)
# %% solution="forward-pass" mistake="operands-do-not-fit" score=0 from="lists-made-before"
# - all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer], all_h[layer])
# + all_f[layer] = all_biases[layer] + np.dot(all_weights[layer], all_h[layer].T)

# %% solution="forward-pass" mistake="weights-transposed" score=0 from="lists-made-before"
# - all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer], all_h[layer])
# + all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer].T, all_h[layer])
# %% solution="forward-pass" mistake="weights-transposed" score=0 from="zip-and-other-names"
# - f.append(w @ h[-1] + beta)
# + f.append((h[-1].T @ w).T + beta)

# %% solution="forward-pass" mistake="nothing-returned" score=0 from="zip-and-other-names"
# - return f[-1], f, h
# + net_output = f[-1]
# %% solution="forward-pass" mistake="nothing-returned" score=0 from="lists-made-before"
# - return net_output, all_f, all_h
# + print(net_output.shape)

# %% solution="forward-pass" mistake="name-missing" score=0 from="lists-made-before"
# - all_h[layer + 1] = ReLU(all_f[layer])
# + all_h[layer + 1] = relu(all_f[layer])
# %% solution="forward-pass" mistake="name-missing" score=0 from="zip-and-other-names"
# - h.append(np.maximum(f[-1], 0))
# + h.append(torch.relu(f[-1]))

# %% solution="forward-pass" mistake="wrong-number-of-values" score=0 from="zip-and-other-names"
# - return f[-1], f, h
# + return f, h
# %% solution="forward-pass" mistake="wrong-number-of-values" score=0 from="lists-made-before"
# - return net_output, all_f, all_h
# + return net_output

# %% solution="forward-pass" mistake="return-inside-the-loop" score=0 from="zip-and-other-names"
# - return f[-1], f, h
# +     return f[-1], f, h
# %% solution="forward-pass" mistake="return-inside-the-loop" score=0 from="lists-made-before"
#   all_h[layer + 1] = ReLU(all_f[layer])
# + return all_f[layer], all_f, all_h

# %% [markdown]
# ## compute-cost: cost 1.5, no loops 0.5 (with a wrong cost, 0)


# %% solution="compute-cost" variant="mean"
def compute_cost(f, y):
    return np.mean(np.sum((f - y) ** 2, axis=0))


# %% solution="compute-cost" variant="norm"
def compute_cost(f, y):
    return np.array([[np.linalg.norm(f - y) ** 2 / f.shape[1]]])


# %% solution="compute-cost" variant="the-notebooks-own-n-samples"
def compute_cost(net_output, y):
    return np.sum(np.square(net_output - y)) / n_samples


# %% solution="compute-cost" variant="trace"
def compute_cost(net_output, y, **options):
    error = net_output - y
    print("cost of", error.shape)
    return np.trace(error.T @ error) / error.shape[-1]


# %% solution="compute-cost" variant="float32-in-place"
def compute_cost(net_output, y):
    net_output -= y
    net_output *= net_output
    return np.float32(net_output.sum() / net_output.shape[1])


# %% solution="compute-cost" variant="einsum-in-a-list"
def compute_cost(f, y):
    return [np.einsum("ji,ji->", f - y, f - y) / len(y[0])]


# %% solution="compute-cost" mistake="mean-missing" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sum((f - y) ** 2)
# %% solution="compute-cost" mistake="mean-missing" score=0 from="norm"
# - return np.array([[np.linalg.norm(f - y) ** 2 / f.shape[1]]])
# + n = y.shape[1]
# + return sum(np.linalg.norm(f[:, i] - y[:, i]) ** 2 for i in range(n))

# %% solution="compute-cost" mistake="mean-taken-twice" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.mean(np.sum((f - y) ** 2, axis=0)) / n
# %% solution="compute-cost" mistake="mean-taken-twice" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sum((f - y) ** 2) / n**2

# %% solution="compute-cost" mistake="mean-over-outputs-taken-twice" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.mean((f - y) ** 2)
# %% solution="compute-cost" mistake="mean-over-outputs-taken-twice" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sum((f - y) ** 2) / y.size

# %% solution="compute-cost" mistake="rows-and-columns-mixed-up" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sum((f - y) ** 2) / len(y)
# %% solution="compute-cost" mistake="rows-and-columns-mixed-up" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.mean(np.sum((f - y) ** 2, axis=1))

# %% solution="compute-cost" mistake="factor-2-missing" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return 0.5 * np.sum((f - y) ** 2) / n
# %% solution="compute-cost" mistake="factor-2-missing" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return ((f - y) ** 2).sum() / (2 * n)

# %% solution="compute-cost" mistake="mean-not-taken" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sum((f - y) ** 2, axis=0)
# %% solution="compute-cost" mistake="mean-not-taken" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return [[sum((f[:, i] - y[:, i]) ** 2) for i in range(n)]]

# %% solution="compute-cost" mistake="loss-and-derivative-apart" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sum(np.abs(f - y)) / n
# %% solution="compute-cost" mistake="loss-and-derivative-apart" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sqrt(np.sum((f - y) ** 2) / n)
# %% solution="compute-cost" mistake="loss-and-derivative-apart" score=0 from="norm"
# - return np.array([[np.linalg.norm(f - y) ** 2 / f.shape[1]]])
# + n = y.shape[1]
# + return np.linalg.norm(f - y)
# %% solution="compute-cost" mistake="loss-and-derivative-apart" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sqrt(np.mean((f - y) ** 2))

# %% solution="compute-cost" mistake="not-squared" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sum(f - y) / n
# %% solution="compute-cost" mistake="not-squared" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.mean(np.sum(y - f, axis=0))

# %% solution="compute-cost" mistake="target-left-out" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sum(f**2) / n
# %% solution="compute-cost" mistake="target-left-out" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.mean(np.sum(f * f, axis=0))

# %% solution="compute-cost" mistake="zeros" score=0 from="norm"
# - return np.array([[np.linalg.norm(f - y) ** 2 / f.shape[1]]])
# + n = y.shape[1]
# + return 0.0
# %% solution="compute-cost" mistake="zeros" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sum((f - f) ** 2) / n

# %% solution="compute-cost" mistake="number-of-samples-from-elsewhere" score=0 from="solution"
# - return np.sum((net_output - y) ** 2) / y.shape[1]
# + return np.sum((net_output - y) ** 2) / 5

# %% solution="compute-cost" mistake="number-of-samples-from-elsewhere" score=0
I = n_samples


def compute_cost(net_output, y):
    return np.linalg.norm(net_output - y) ** 2 / I


# %% solution="compute-cost" mistake="nothing-returned" score=0 from="solution"
# - return np.sum((net_output - y) ** 2) / y.shape[1]
# + cost = np.sum((net_output - y) ** 2) / y.shape[1]
# %% solution="compute-cost" mistake="nothing-returned" score=0 from="solution"
# - return np.sum((net_output - y) ** 2) / y.shape[1]
# + print(np.mean(np.sum((net_output - y) ** 2, axis=0)))

# %% solution="compute-cost" mistake="name-missing" score=0 from="solution"
# - return np.sum((net_output - y) ** 2) / y.shape[1]
# + return np.sum((net_output - target) ** 2) / y.shape[1]
# %% solution="compute-cost" mistake="name-missing" score=0 from="solution"
# - return np.sum((net_output - y) ** 2) / y.shape[1]
# + return sum_of_squares(net_output - y) / y.shape[1]

# %% [markdown]
# ## d-cost-d-output: dl_df 1.5, no loops 0.5 (with wrong slopes, 0)


# %% solution="d-cost-d-output" variant="in-place"
def d_cost_d_output(f, y):
    f -= y
    f *= 2 / f.shape[-1]
    return f


# %% solution="d-cost-d-output" variant="the-notebooks-own-n-samples"
def d_cost_d_output(net_output, y):
    return (2 / n_samples) * (net_output - y)


# %% solution="d-cost-d-output" variant="two-terms"
def d_cost_d_output(f, y, scale=2.0):
    I = np.shape(f)[1]
    return scale * f / I - scale * y / I


# %% solution="d-cost-d-output" variant="float32-list"
def d_cost_d_output(f, y):
    slopes = np.subtract(f, y, dtype=np.float32)
    slopes = np.multiply(slopes, 2 / y.shape[1])
    print(slopes.shape)
    return slopes


# %% solution="d-cost-d-output" variant="lists"
def d_cost_d_output(f, y):
    return (-2 * (y - f) / len(f.T)).tolist()


# %% solution="d-cost-d-output" mistake="sign" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return 2 * (y - f) / n
# %% solution="d-cost-d-output" mistake="sign" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return -np.mean([2 * (f - y)], axis=0) / n

# %% solution="d-cost-d-output" mistake="factor-2-missing" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return (f - y) / n
# %% solution="d-cost-d-output" mistake="factor-2-missing" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return np.subtract(f, y) / f.shape[1]

# %% solution="d-cost-d-output" mistake="factor-2-twice" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return 4 * (f - y) / n
# %% solution="d-cost-d-output" mistake="factor-2-twice" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return 2 * 2 * f / n - 4 * y / n

# %% solution="d-cost-d-output" mistake="mean-missing" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return 2 * (f - y)
# %% solution="d-cost-d-output" mistake="mean-missing" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return 2 * f - 2 * y

# %% solution="d-cost-d-output" mistake="mean-taken-twice" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return 2 * (f - y) / n / n
# %% solution="d-cost-d-output" mistake="mean-taken-twice" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return 2 / n**2 * (f - y)

# %% solution="d-cost-d-output" mistake="mean-over-outputs-taken-twice" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return 2 * (f - y) / y.size
# %% solution="d-cost-d-output" mistake="mean-over-outputs-taken-twice" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return 2 * (f - y) / (len(y) * n)

# %% solution="d-cost-d-output" mistake="rows-and-columns-mixed-up" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return 2 * (f - y) / len(y)
# %% solution="d-cost-d-output" mistake="rows-and-columns-mixed-up" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return 2 / f.shape[0] * (f - y)

# %% solution="d-cost-d-output" mistake="transposed" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return 2 * (f - y).T / n
# %% solution="d-cost-d-output" mistake="transposed" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return [[2 * (f[j, i] - y[j, i]) / n for j in range(len(f))] for i in range(n)]

# %% solution="d-cost-d-output" mistake="zeros" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return np.zeros_like(f)
# %% solution="d-cost-d-output" mistake="zeros" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return 2 * (y - y) / n

# %% solution="d-cost-d-output" mistake="target-left-out" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return 2 * f / n
# %% solution="d-cost-d-output" mistake="target-left-out" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return np.array([2 * a / n for a in f])

# %% solution="d-cost-d-output" mistake="square-not-differentiated" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return 2 * (f - y) ** 2 / n
# %% solution="d-cost-d-output" mistake="square-not-differentiated" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return (f - y) ** 2 / n
# %% solution="d-cost-d-output" mistake="square-not-differentiated" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return 2 * (f - y) ** 2

# %% solution="d-cost-d-output" mistake="cost-returned" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return np.sum((f - y) ** 2) / n
# %% solution="d-cost-d-output" mistake="cost-returned" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return np.mean(np.sum((f - y) ** 2, axis=0))

# %% solution="d-cost-d-output" mistake="summed-over-samples" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return np.sum(2 * (f - y) / n, axis=1, keepdims=True)
# %% solution="d-cost-d-output" mistake="summed-over-samples" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return (2 * (f - y)).mean(axis=1)
# %% solution="d-cost-d-output" mistake="summed-over-samples" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return np.sum(2 * (f - y)) / n

# %% solution="d-cost-d-output" mistake="loss-and-derivative-apart" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return np.sign(f - y) / n
# %% solution="d-cost-d-output" mistake="loss-and-derivative-apart" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return np.where(f > y, 1, -1)
# %% solution="d-cost-d-output" mistake="loss-and-derivative-apart" score=0 from="lists"
# - return (-2 * (y - f) / len(f.T)).tolist()
# + n = y.shape[1]
# + return (f - y) / np.linalg.norm(f - y)

# %% solution="d-cost-d-output" mistake="factor-2-missing" score=0 from="solution"
# - return 2 * (net_output - y) / y.shape[1]
# + return (net_output - y) / n_samples

# %% solution="d-cost-d-output" mistake="nothing-returned" score=0 from="solution"
# - return 2 * (net_output - y) / y.shape[1]
# + dl_df = 2 * (net_output - y) / y.shape[1]
# %% solution="d-cost-d-output" mistake="nothing-returned" score=0 from="solution"
# - return 2 * (net_output - y) / y.shape[1]
# + net_output -= y
# + net_output *= 2 / y.shape[1]

# %% solution="d-cost-d-output" mistake="name-missing" score=0 from="solution"
# - return 2 * (net_output - y) / y.shape[1]
# + return 2 * (f - y) / y.shape[1]
# %% solution="d-cost-d-output" mistake="name-missing" score=0 from="solution"
# - return 2 * (net_output - y) / y.shape[1]
# + return numpy.multiply(2 / y.shape[1], net_output - y)

# %% solution="d-cost-d-output" mistake="operands-do-not-fit" score=0 from="solution"
# - return 2 * (net_output - y) / y.shape[1]
# + return 2 * (net_output @ y) / y.shape[1]
# %% solution="d-cost-d-output" mistake="operands-do-not-fit" score=0 from="solution"
# - return 2 * (net_output - y) / y.shape[1]
# + return 2 * np.dot(net_output - y, y) / y.shape[1]

# %% [markdown]
# ## backward-pass: all_dl_dweights 2, all_dl_dbiases 3, no loops 1


# %% solution="backward-pass" variant="course"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    K = len(all_weights) - 1
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


# %% solution="backward-pass" variant="delta"
def backward_pass(W, b, f, h, y):
    delta = d_cost_d_output(f[-1], y)
    dW, db = [], []
    for k in reversed(range(len(W))):
        dW.insert(0, delta @ h[k].T)
        db.insert(0, delta.sum(1)[:, None])
        if k:
            delta = (W[k].T @ delta) * (f[k - 1] > 0)
    return dW, db


# %% solution="backward-pass" variant="einsum"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    L = len(all_weights)
    dl_df = {L - 1: d_cost_d_output(all_f[L - 1], y)}
    for k in range(L - 2, -1, -1):
        back = np.einsum("ji,jn->in", all_weights[k + 1], dl_df[k + 1])
        dl_df[k] = np.where(all_f[k] > 0, back, 0)
    all_dl_dweights = [np.einsum("in,jn->ij", dl_df[k], all_h[k]) for k in range(L)]
    all_dl_dbiases = [dl_df[k].sum(axis=1).reshape(-1, 1) for k in range(L)]
    return all_dl_dweights, all_dl_dbiases


# %% solution="backward-pass" variant="mask-from-activations"
def backward_pass(W, b, f, h, y):
    delta = d_cost_d_output(f[-1], y)
    dW, db = [], []
    for k in reversed(range(len(W))):
        dW.insert(0, delta @ h[k].T)
        db.insert(0, delta.sum(1)[:, None])
        if k:
            delta = (W[k].T @ delta) * (h[k] > 0)
    return dW, db


# %% solution="backward-pass" variant="derivative-inline"
def backward_pass(W, b, f, h, y):
    delta = (2 / y.shape[1]) * (f[-1] - y)
    dW, db = [], []
    for k in reversed(range(len(W))):
        dW.insert(0, delta @ h[k].T)
        db.insert(0, delta.sum(1)[:, None])
        if k:
            delta = (W[k].T @ delta) * (f[k - 1] > 0)
    return dW, db


# %% solution="backward-pass" variant="tuple-of-arrays"
def backward_pass(W, b, f, h, y):
    delta = d_cost_d_output(f[-1], y)
    dW, db = [], []
    for k in reversed(range(len(W))):
        dW.insert(0, delta @ h[k].T)
        db.insert(0, delta.sum(1)[:, None])
        if k:
            delta = (W[k].T @ delta) * (f[k - 1] > 0)
    return tuple(dW), tuple(db)


# %% solution="backward-pass" variant="lists-of-lists"
def backward_pass(W, b, f, h, y):
    delta = d_cost_d_output(f[-1], y)
    dW, db = [], []
    for k in reversed(range(len(W))):
        dW.insert(0, delta @ h[k].T)
        db.insert(0, delta.sum(1)[:, None])
        if k:
            delta = (W[k].T @ delta) * (f[k - 1] > 0)
    return [g.tolist() for g in dW], [g.tolist() for g in db]


# %% solution="backward-pass" variant="float32"
def backward_pass(W, b, f, h, y):
    h = [np.float32(a) for a in h]
    delta = np.float32(d_cost_d_output(f[-1], y))
    dW, db = [], []
    for k in reversed(range(len(W))):
        dW.insert(0, delta @ h[k].T)
        db.insert(0, delta.sum(1)[:, None])
        if k:
            delta = (W[k].T @ delta) * (f[k - 1] > 0)
    return dW, db


# %% solution="backward-pass" variant="the-notebooks-own-K-and-n-samples"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    all_dl_dweights = [None] * (K + 1)
    all_dl_dbiases = [None] * (K + 1)
    all_dl_df = [None] * (K + 1)
    all_dl_dh = [None] * (K + 1)
    all_dl_df[K] = 2 * (all_f[K] - y) / n_samples
    for layer in range(K, -1, -1):
        all_dl_dbiases[layer] = np.matmul(all_dl_df[layer], np.ones((n_samples, 1)))
        all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_h[layer].transpose())
        all_dl_dh[layer] = np.matmul(all_weights[layer].transpose(), all_dl_df[layer])
        if layer > 0:
            all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
    return all_dl_dweights, all_dl_dbiases


# %% solution="backward-pass" variant="means-times-n"
def backward_pass(all_weights, all_biases, all_f, all_h, y, verbose=False):
    k = len(all_weights) - 1
    dW, db = [0] * (k + 1), [0] * (k + 1)
    slope = (all_f[k] - y) * 2
    n = slope.shape[1]
    while k >= 0:
        dW[k] = np.dot(slope, all_h[k].T) / n
        db[k] = slope.mean(axis=1, keepdims=True)
        slope = np.dot(all_weights[k].T, slope)
        if k:
            slope[all_f[k - 1] <= 0] = 0
        k -= 1
    return dW, db


# %% solution="backward-pass" variant="changes-its-arguments"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    all_f[-1] -= y
    all_f[-1] *= 2 / y.shape[1]
    for f, h in zip(all_f[:-1], all_h[1:]):
        f[...] = np.sign(h)
    for k in range(len(all_weights) - 1)[::-1]:
        all_f[k] *= all_weights[k + 1].T @ all_f[k + 1]
    return [f @ h.T for f, h in zip(all_f, all_h)], [np.sum(f, 1, keepdims=True) for f in all_f]


# %% solution="backward-pass" mistake="bias-not-summed" score=3 from="course"
# - all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=1, keepdims=True)
# + all_dl_dbiases[layer] = all_dl_df[layer]
# %% solution="backward-pass" mistake="bias-not-summed" score=3 from="delta"
# - db.insert(0, delta.sum(1)[:, None])
# + db.insert(0, delta.copy())

# %% solution="backward-pass" mistake="bias-times-n" score=3 from="course"
# - all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=1, keepdims=True)
# + all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=1, keepdims=True) * all_h[0].shape[1]
# %% solution="backward-pass" mistake="bias-times-n" score=3 from="einsum"
# - all_dl_dbiases = [dl_df[k].sum(axis=1).reshape(-1, 1) for k in range(L)]
# + all_dl_dbiases = [(y.shape[1] * dl_df[k]).sum(axis=1).reshape(-1, 1) for k in range(L)]

# %% solution="backward-pass" mistake="weights-summed-bias-averaged" score=3 from="course"
# - all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=1, keepdims=True)
# + all_dl_dbiases[layer] = np.mean(all_dl_df[layer], axis=1, keepdims=True)
# %% solution="backward-pass" mistake="weights-summed-bias-averaged" score=3 from="means-times-n"
# - db[k] = slope.mean(axis=1, keepdims=True)
# + db[k] = slope.mean(axis=1, keepdims=True) / n
# %% solution="backward-pass" mistake="weights-summed-bias-averaged" score=4 from="delta"
# - delta = d_cost_d_output(f[-1], y)
# + delta = 2 * (f[-1] - y)
# - db.insert(0, delta.sum(1)[:, None])
# + db.insert(0, delta.mean(1)[:, None])

# %% solution="backward-pass" mistake="summed-over-units" score=3 from="course"
# - all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=1, keepdims=True)
# + all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=0, keepdims=True)
# %% solution="backward-pass" mistake="summed-over-units" score=3 from="delta"
# - db.insert(0, delta.sum(1)[:, None])
# + db.insert(0, delta.sum())
# %% solution="backward-pass" mistake="summed-over-units" score=3 from="delta"
# - db.insert(0, delta.sum(1)[:, None])
# + db.insert(0, sum(delta)[:, None])
# %% solution="backward-pass" mistake="summed-over-units" score=3 from="delta"
# - db.insert(0, delta.sum(1)[:, None])
# + db.insert(0, delta.sum(0))

# %% solution="backward-pass" mistake="elementwise-product" score=0 from="course"
# - all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_h[layer].T)
# + all_dl_dweights[layer] = all_dl_df[layer] * all_h[layer].T
# %% solution="backward-pass" mistake="elementwise-product" score=0 from="delta"
# - delta = (W[k].T @ delta) * (f[k - 1] > 0)
# + delta = (W[k].T * delta) * (f[k - 1] > 0)
# %% solution="backward-pass" mistake="elementwise-product" score=0 from="delta"
# - dW.insert(0, delta @ h[k].T)
# + dW.insert(0, delta * h[k])
# %% solution="backward-pass" mistake="elementwise-product" score=0 from="course"
# - all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_h[layer].T)
# - all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[layer])
# + all_dl_dweights[layer] = np.multiply(all_h[layer].T, all_dl_df[layer])
# + all_dl_dh[layer] = all_weights[layer].T * all_dl_df[layer]

# %% solution="backward-pass" mistake="outer-product" score=4 from="course"
# - all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_h[layer].T)
# + all_dl_dweights[layer] = np.outer(all_dl_df[layer], all_h[layer])
# %% solution="backward-pass" mistake="outer-product" score=4 from="delta"
# - dW.insert(0, delta @ h[k].T)
# + dW.insert(0, np.outer(delta, h[k].T))
# %% solution="backward-pass" mistake="outer-product" score=4 from="delta"
# - dW.insert(0, delta @ h[k].T)
# + dW.insert(0, np.outer(h[k], delta).T)

# %% solution="backward-pass" mistake="mean-missing" score=0 from="course"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = 2 * (all_f[K] - y)
# %% solution="backward-pass" mistake="mean-missing" score=0 from="delta"
# - delta = d_cost_d_output(f[-1], y)
# + delta = d_cost_d_output(f[-1], y) * y.shape[1]

# %% solution="backward-pass" mistake="mean-taken-twice" score=0 from="course"
# - all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=1, keepdims=True)
# - all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_h[layer].T)
# + all_dl_dbiases[layer] = np.mean(all_dl_df[layer], axis=1, keepdims=True)
# + all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_h[layer].T) / y.shape[1]
# %% solution="backward-pass" mistake="mean-taken-twice" score=0 from="delta"
# - delta = (W[k].T @ delta) * (f[k - 1] > 0)
# + delta = (W[k].T @ delta) * (f[k - 1] > 0) / y.shape[1]
# %% solution="backward-pass" mistake="mean-taken-twice" score=0 from="delta"
#   for k in reversed(range(len(W))):
# +     delta = delta / h[k].shape[1]

# %% solution="backward-pass" mistake="mean-over-outputs-taken-twice" score=0 from="course"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = 2 * (all_f[K] - y) / y.size
# %% solution="backward-pass" mistake="mean-over-outputs-taken-twice" score=0 from="derivative-inline"
# - delta = (2 / y.shape[1]) * (f[-1] - y)
# + delta = 2 * (f[-1] - y) / np.prod(f[-1].shape)

# %% solution="backward-pass" mistake="rows-and-columns-mixed-up" score=0 from="course"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = 2 * (all_f[K] - y) / len(y)
# %% solution="backward-pass" mistake="rows-and-columns-mixed-up" score=0 from="delta"
# - delta = d_cost_d_output(f[-1], y)
# + delta = 2 * (f[-1] - y) / y.shape[0]

# %% solution="backward-pass" mistake="sign" score=0 from="course"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = 2 * (y - all_f[K]) / y.shape[1]
# %% solution="backward-pass" mistake="sign" score=0 from="delta"
# - delta = d_cost_d_output(f[-1], y)
# + delta = -d_cost_d_output(f[-1], y)

# %% solution="backward-pass" mistake="factor-2-missing" score=0 from="course"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = (all_f[K] - y) / y.shape[1]
# %% solution="backward-pass" mistake="factor-2-missing" score=0 from="einsum"
# - dl_df = {L - 1: d_cost_d_output(all_f[L - 1], y)}
# + dl_df = {L - 1: 0.5 * d_cost_d_output(all_f[L - 1], y)}

# %% solution="backward-pass" mistake="factor-2-twice" score=0 from="course"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = 2 * np.array(d_cost_d_output(all_f[K], y))
# %% solution="backward-pass" mistake="factor-2-twice" score=0 from="delta"
# - delta = d_cost_d_output(f[-1], y)
# + delta = 4 * (f[-1] - y) / y.shape[1]

# %% solution="backward-pass" mistake="transposed" score=4 from="course"
# - all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_h[layer].T)
# + all_dl_dweights[layer] = np.matmul(all_h[layer], all_dl_df[layer].T)
# %% solution="backward-pass" mistake="transposed" score=0 from="lists-of-lists"
# - return [g.tolist() for g in dW], [g.tolist() for g in db]
# + return [g.T for g in dW], [g.T for g in db]


# %% solution="backward-pass" mistake="zeros" score=0
def backward_pass(W, b, f, h, y):
    return [0 * w for w in W], [np.zeros(beta.shape) for beta in b]


# %% solution="backward-pass" mistake="zeros" score=0 from="course"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = np.zeros_like(y)

# %% solution="backward-pass" mistake="layers-in-another-order" score=0 from="delta"
# - dW.insert(0, delta @ h[k].T)
# - db.insert(0, delta.sum(1)[:, None])
# + dW.append(delta @ h[k].T)
# + db.append(delta.sum(1)[:, None])
# %% solution="backward-pass" mistake="layers-in-another-order" score=0 from="einsum"
# - all_dl_dweights = [np.einsum("in,jn->ij", dl_df[k], all_h[k]) for k in range(L)]
# - all_dl_dbiases = [dl_df[k].sum(axis=1).reshape(-1, 1) for k in range(L)]
# + all_dl_dweights = [np.einsum("in,jn->ij", dl_df[k], all_h[k]) for k in sorted(dl_df, reverse=True)]
# + all_dl_dbiases = [dl_df[k].sum(axis=1).reshape(-1, 1) for k in sorted(dl_df, reverse=True)]

# %% solution="backward-pass" mistake="values-swapped" score=0 from="delta"
# - return dW, db
# + return db, dW
# %% solution="backward-pass" mistake="values-swapped" score=0 from="delta"
# - dW.insert(0, delta @ h[k].T)
# - db.insert(0, delta.sum(1)[:, None])
# + db.insert(0, delta @ h[k].T)
# + dW.insert(0, delta.sum(1)[:, None])

# %% solution="backward-pass" mistake="layer-left-out" score=0 from="course"
# - for layer in range(K, -1, -1):
# + for layer in range(K, 0, -1):
# %% solution="backward-pass" mistake="layer-left-out" score=0 from="delta"
# - for k in reversed(range(len(W))):
# + for k in reversed(range(1, len(W))):

# %% solution="backward-pass" mistake="loss-derivative-again" score=0 from="course"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = (
# +     indicator_function(all_f[layer - 1]) * all_dl_dh[layer] * d_cost_d_output(all_f[K], y)
# + )
# %% solution="backward-pass" mistake="loss-derivative-again" score=0 from="delta"
# - delta = (W[k].T @ delta) * (f[k - 1] > 0)
# + delta = (W[k].T @ delta) * (f[k - 1] > 0) * d_cost_d_output(f[k - 1], y)
# %% solution="backward-pass" mistake="loss-derivative-again" score=0 from="course"
#   for layer in range(K, -1, -1):
# +     all_dl_df[layer] = d_cost_d_output(all_f[layer], y)
# %% solution="backward-pass" mistake="loss-derivative-again" score=0 from="einsum"
# - all_dl_dweights = [np.einsum("in,jn->ij", dl_df[k], all_h[k]) for k in range(L)]
# + all_dl_dweights = [np.einsum("in,jn->ij", dl_df[k] * dl_df[L - 1], all_h[k]) for k in range(L)]

# %% solution="backward-pass" mistake="upstream-dropped" score=0 from="course"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = indicator_function(all_f[layer - 1])
# %% solution="backward-pass" mistake="upstream-dropped" score=0 from="delta"
# - delta = d_cost_d_output(f[-1], y)
# + delta = np.ones_like(f[-1])
# %% solution="backward-pass" mistake="upstream-dropped" score=3 from="course"
# - all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=1, keepdims=True)
# + all_dl_dbiases[layer] = np.ones_like(all_biases[layer])
# %% solution="backward-pass" mistake="upstream-dropped" score=4 from="delta"
# - dW.insert(0, delta @ h[k].T)
# + dW.insert(0, np.ones_like(delta) @ h[k].T)

# %% solution="backward-pass" mistake="upstream-twice" score=0 from="course"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer] ** 2
# %% solution="backward-pass" mistake="upstream-twice" score=4 from="delta"
# - dW.insert(0, delta @ h[k].T)
# + dW.insert(0, (delta * delta) @ h[k].T)
# %% solution="backward-pass" mistake="upstream-twice" score=0 from="einsum"
# - all_dl_dweights = [np.einsum("in,jn->ij", dl_df[k], all_h[k]) for k in range(L)]
# - all_dl_dbiases = [dl_df[k].sum(axis=1).reshape(-1, 1) for k in range(L)]
# + all_dl_dweights = [np.einsum("in,jn->ij", dl_df[k] ** 2, all_h[k]) for k in range(L)]
# + all_dl_dbiases = [(dl_df[k] ** 2).sum(axis=1).reshape(-1, 1) for k in range(L)]

# %% solution="backward-pass" mistake="index-shifted" score=0 from="course"
# - all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[layer])
# + all_dl_dh[layer] = np.matmul(all_weights[layer - 1].T, all_dl_df[layer])
# %% solution="backward-pass" mistake="index-shifted" score=4 from="einsum"
# - all_dl_dweights = [np.einsum("in,jn->ij", dl_df[k], all_h[k]) for k in range(L)]
# + all_h = [*all_h[1:], all_f[-1]]
# + all_dl_dweights = [np.einsum("in,jn->ij", dl_df[k], all_h[k]) for k in range(L)]
# %% solution="backward-pass" mistake="index-shifted" score=0 from="course"
# - all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[layer])
# + all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[K])

# %% solution="backward-pass" mistake="input-left-out" score=4 from="delta"
# - dW.insert(0, delta @ h[k].T)
# + dW.insert(0, delta @ (h[k].T if k else np.ones(h[0].T.shape)))
# %% solution="backward-pass" mistake="input-left-out" score=4 from="einsum"
#   all_dl_dbiases = [dl_df[k].sum(axis=1).reshape(-1, 1) for k in range(L)]
# + all_dl_dweights[0] = all_dl_dbiases[0]
# %% solution="backward-pass" mistake="input-left-out" score=4 from="delta"
# - dW.insert(0, delta @ h[k].T)
# + dW.insert(0, delta)

# %% solution="backward-pass" mistake="wrong-activation" score=4 from="course"
# - all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_h[layer].T)
# + all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_f[layer].T)
# %% solution="backward-pass" mistake="wrong-activation" score=4 from="delta"
# - dW.insert(0, delta @ h[k].T)
# + dW.insert(0, delta @ (f[k - 1] if k > 0 else h[0]).T)

# %% solution="backward-pass" mistake="relu-mask-dropped" score=0 from="course"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = all_dl_dh[layer]
# %% solution="backward-pass" mistake="relu-mask-dropped" score=0 from="mask-from-activations"
# - delta = (W[k].T @ delta) * (h[k] > 0)
# + delta = (W[k].T @ delta) * (h[k] >= 0)
# %% solution="backward-pass" mistake="relu-mask-dropped" score=0 from="einsum"
# - dl_df[k] = np.where(all_f[k] > 0, back, 0)
# + dl_df[k] = back

# %% solution="backward-pass" mistake="relu-mask-of-another-layer" score=0 from="course"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = indicator_function(all_f[layer]) * all_dl_dh[layer]
# %% solution="backward-pass" mistake="relu-mask-of-another-layer" score=0 from="delta"
# - delta = (W[k].T @ delta) * (f[k - 1] > 0)
# + delta = (W[k].T @ delta) * (h[k - 1] > 0)
# %% solution="backward-pass" mistake="relu-mask-of-another-layer" score=0 from="delta"
# - delta = (W[k].T @ delta) * (f[k - 1] > 0)
# + delta = (W[k].T @ delta) * (f[k - 2] > 0)

# %% solution="backward-pass" mistake="relu-in-place-of-its-indicator" score=0 from="course"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = ReLU(all_f[layer - 1]) * all_dl_dh[layer]
# %% solution="backward-pass" mistake="relu-in-place-of-its-indicator" score=0 from="mask-from-activations"
# - delta = (W[k].T @ delta) * (h[k] > 0)
# + delta = (W[k].T @ delta) * h[k]
# %% solution="backward-pass" mistake="relu-in-place-of-its-indicator" score=0 from="einsum"
# - dl_df[k] = np.where(all_f[k] > 0, back, 0)
# + dl_df[k] = np.where(all_f[k] > 0, back * all_f[k], 0)

# %% solution="backward-pass" mistake="relu-mask-on-the-output" score=0 from="course"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = d_cost_d_output(all_f[K], y) * indicator_function(all_f[K])
# %% solution="backward-pass" mistake="relu-mask-on-the-output" score=0 from="delta"
# - delta = d_cost_d_output(f[-1], y)
# + delta = np.where(f[-1] > 0, d_cost_d_output(f[-1], y), 0)


# %% solution="backward-pass" mistake="gradient-of-the-activation" score=0
def backward_pass(W, b, f, h, y):
    back = delta = d_cost_d_output(f[-1], y)
    dW, db = [], []
    for k in reversed(range(len(W))):
        dW.insert(0, back @ h[k].T)
        db.insert(0, back.sum(1)[:, None])
        if k:
            back = W[k].T @ delta
            delta = back * (f[k - 1] > 0)
    return dW, db


# %% solution="backward-pass" mistake="gradient-of-the-activation" score=0 from="course"
#   K = len(all_weights) - 1
# + pick = lambda f, h, k: f[K] if k == K else h[k + 1]
# - all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=1, keepdims=True)
# - all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_h[layer].T)
# + all_dl_dbiases[layer] = np.sum(pick(all_dl_df, all_dl_dh, layer), axis=1, keepdims=True)
# + all_dl_dweights[layer] = np.matmul(pick(all_dl_df, all_dl_dh, layer), all_h[layer].T)

# %% solution="backward-pass" mistake="identity-derivative-degenerate" score=0 from="course"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = d_cost_d_output(all_f[K], y) * (all_f[K] / all_f[K])
# %% solution="backward-pass" mistake="identity-derivative-degenerate" score=0 from="delta"
# - delta = d_cost_d_output(f[-1], y)
# + delta = d_cost_d_output(f[-1], y) * np.ones(len(f[-1]))
# %% solution="backward-pass" mistake="identity-derivative-degenerate" score=0 from="course"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = np.eye(len(y)) * d_cost_d_output(all_f[K], y)

# %% solution="backward-pass" mistake="index-out-of-range" score=0 from="einsum"
# - all_dl_dweights = [np.einsum("in,jn->ij", dl_df[k], all_h[k]) for k in range(L)]
# + all_dl_dweights = [np.einsum("in,jn->ij", dl_df[k], all_h[k + 1]) for k in range(L)]
# %% solution="backward-pass" mistake="index-out-of-range" score=0 from="course"
# - all_dl_df = [None] * (K + 1)
# + all_dl_df = [None] * K

# %% solution="backward-pass" mistake="weights-not-transposed" score=0 from="course"
# - all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[layer])
# + all_dl_dh[layer] = np.matmul(all_weights[layer], all_dl_df[layer])
# %% solution="backward-pass" mistake="weights-not-transposed" score=0 from="delta"
# - delta = (W[k].T @ delta) * (f[k - 1] > 0)
# + delta = (delta.T @ W[k].T).T * (f[k - 1] > 0)

# %% solution="backward-pass" mistake="operands-do-not-fit" score=0 from="delta"
# - delta = (W[k].T @ delta) * (f[k - 1] > 0)
# + delta = (delta @ W[k].T) * (f[k - 1] > 0)
# %% solution="backward-pass" mistake="operands-do-not-fit" score=0 from="delta"
# - dW.insert(0, delta @ h[k].T)
# + dW.insert(0, h[k].T @ delta)

# %% solution="backward-pass" mistake="return-inside-the-loop" score=0 from="course"
# - return all_dl_dweights, all_dl_dbiases
# +     return all_dl_dweights, all_dl_dbiases
# %% solution="backward-pass" mistake="return-inside-the-loop" score=0 from="solution"
#   dl_df = indicator_function(all_f[k - 1]) * (all_weights[k].T @ dl_df) if k else None
# + return all_dl_dweights[0], all_dl_dbiases[0]

# %% solution="backward-pass" mistake="summed-over-units" score=3 from="delta"
# - db.insert(0, delta.sum(1)[:, None])
# + db.insert(0, delta.sum(keepdims=True))

# %% solution="backward-pass" mistake="relu-mask-turned" score=0 from="course"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = indicator_function(-all_f[layer - 1]) * all_dl_dh[layer]
# %% solution="backward-pass" mistake="relu-mask-turned" score=0 from="delta"
# - delta = (W[k].T @ delta) * (f[k - 1] > 0)
# + delta = (W[k].T @ delta) * (f[k - 1] < 0)
# %% solution="backward-pass" mistake="relu-mask-turned" score=0 from="einsum"
# - dl_df[k] = np.where(all_f[k] > 0, back, 0)
# + dl_df[k] = np.where(all_f[k] > 0, 0, back)

# %% solution="backward-pass" mistake="factors-added" score=0 from="course"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) + all_dl_dh[layer]
# %% solution="backward-pass" mistake="factors-added" score=0 from="delta"
# - delta = (W[k].T @ delta) * (f[k - 1] > 0)
# + delta = W[k].T @ delta + np.heaviside(f[k - 1], 0)

# %% solution="backward-pass" mistake="name-missing" score=0 from="course"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = relu_derivative(all_f[layer - 1]) * all_dl_dh[layer]
# %% solution="backward-pass" mistake="name-missing" score=0 from="delta"
# - delta = d_cost_d_output(f[-1], y)
# + delta = d_cost(f[-1], y)

# %% solution="backward-pass" mistake="nothing-returned" score=0 from="course"
# - return all_dl_dweights, all_dl_dbiases
# + print(len(all_dl_dweights))
# %% solution="backward-pass" mistake="nothing-returned" score=0 from="delta"
# - return dW, db
# + grads = dW, db

# %% solution="backward-pass" mistake="wrong-number-of-values" score=0 from="course"
# - return all_dl_dweights, all_dl_dbiases
# + return all_dl_dweights, all_dl_dbiases, all_dl_df
# %% solution="backward-pass" mistake="wrong-number-of-values" score=0 from="delta"
# - return dW, db
# + return [*dW, *db]

# %% [markdown]
# ## Mutants that are as right as the solution

# %% solution="forward-pass" equivalent="there are as many biases as weights" from="solution"
# - for k in range(len(all_weights)):
# + for k in range(len(all_biases)):

# %% solution="compute-cost" equivalent="a square is the same whichever is subtracted from which" from="solution"
# - return np.sum((net_output - y) ** 2) / y.shape[1]
# + return np.sum((y - net_output) ** 2) / y.shape[1]

# %% solution="compute-cost" equivalent="there are as many outputs as targets" from="solution"
# - return np.sum((net_output - y) ** 2) / y.shape[1]
# + return np.sum((net_output - y) ** 2) / net_output.shape[1]

# %% solution="d-cost-d-output" equivalent="there are as many outputs as targets" from="solution"
# - return 2 * (net_output - y) / y.shape[1]
# + return 2 * (net_output - y) / net_output.shape[1]

# %% solution="backward-pass" equivalent="there are as many biases as weights" from="solution"
# - for k in reversed(range(len(all_weights))):
# + for k in reversed(range(len(all_biases))):

# %% solution="backward-pass" equivalent="there are as many pre-activations as weights" from="solution"
# - for k in reversed(range(len(all_weights))):
# + for k in reversed(range(len(all_f))):

# %% solution="backward-pass" equivalent="there are as many activations as weights" from="solution"
# - for k in reversed(range(len(all_weights))):
# + for k in reversed(range(len(all_h))):

# %% solution="backward-pass" equivalent="the slopes are an array already" from="solution"
# - dl_df = np.array(d_cost_d_output(all_f[-1], y))
# + dl_df = d_cost_d_output(all_f[-1], y)

# %% solution="backward-pass" equivalent="both lists begin empty" from="solution"
# - all_dl_dweights, all_dl_dbiases = [], []
# + all_dl_dbiases, all_dl_dweights = [], []

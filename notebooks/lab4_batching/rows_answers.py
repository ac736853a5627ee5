# %% [markdown]
# Known answers to `rows.py`: right in other ways (`variant=`), wrong in known ways (`mistake=`, with the points that
# the task must earn by its rubric). All samples count together: a value that is right for one sample alone earns
# nothing. The points for "no loops" come with the first value that is right. Gradients of biases may be (1, D) or (D,).
#
# These are written as students write, so a few rules are off:
# ruff: noqa: B028, B905, RUF005, SIM

# %% [markdown]
# ## forward-pass: net_output 0.5, all_f 1, all_h 1, no loops 0.5

# %% solution="forward-pass" variant="lists-made-before"
def forward_pass(net_input, all_weights, all_biases):
    K = len(all_weights) - 1
    all_f = [None] * (K + 1)
    all_h = [None] * (K + 1)
    all_h[0] = net_input
    for layer in range(K):
        all_f[layer] = all_biases[layer] + np.matmul(all_h[layer], all_weights[layer])
        all_h[layer + 1] = ReLU(all_f[layer])
    all_f[K] = all_biases[K] + np.matmul(all_h[K], all_weights[K])
    net_output = all_f[K]
    return net_output, all_f, all_h


# %% solution="forward-pass" variant="zip-and-other-names"
def forward_pass(x, W, b):
    f, h = [], [x]
    for k, (w, beta) in enumerate(zip(W, b)):
        f.append(h[-1] @ w + beta)
        if k < len(W) - 1:
            h.append(np.maximum(f[-1], 0))
    return f[-1], f, h


# %% solution="forward-pass" variant="lists"
def forward_pass(net_input, all_weights, all_biases):
    all_f, all_h = [], [net_input]
    for k, (weights, biases) in enumerate(zip(all_weights, all_biases)):
        all_f.append(all_h[k] @ weights + biases)
        if k + 1 < len(all_weights):
            all_h.append(np.maximum(0, all_f[k]))
    return all_f[-1], all_f, all_h


# %% solution="forward-pass" variant="the-notebooks-own-K"
def forward_pass(net_input, all_weights, all_biases):
    all_f = [None] * (K + 1)
    all_h = [None] * (K + 1)
    all_h[0] = net_input
    for layer in range(K):
        all_f[layer] = all_biases[layer] + np.matmul(all_h[layer], all_weights[layer])
        all_h[layer + 1] = ReLU(all_f[layer])
    all_f[K] = all_biases[K] + np.matmul(all_h[K], all_weights[K])
    net_output = all_f[K]
    return net_output, all_f, all_h


# %% solution="forward-pass" variant="by-columns"
def forward_pass(net_input, all_weights, all_biases):
    fs, hs = [], [net_input.T]
    for weights, biases in zip(all_weights, all_biases):
        fs += [biases.T + weights.T @ hs[-1]]
        hs += [np.where(fs[-1] > 0, fs[-1], 0)]
    return fs[-1].T, [f.T for f in fs], [h.T for h in hs[:-1]]


# %% solution="forward-pass" variant="einsum-prints-float32"
def forward_pass(X, weights, biases, verbose=True):
    all_h, all_f = [X.astype(np.float32)], []
    for k in range(len(weights)):
        f = np.einsum("ni,ij->nj", all_h[k], weights[k]) + biases[k].ravel()
        all_f.append(np.float32(f))
        if k != len(weights) - 1:
            all_h.append(ReLU(all_f[k]))
        if verbose:
            print("layer", k, f.shape)
    return all_f[-1], tuple(all_f), tuple(all_h)


# %% solution="forward-pass" variant="changes-its-arguments"
import warnings


def forward_pass(net_input, all_weights, all_biases):
    warnings.warn("written late at night")
    all_f, all_h = [], []
    for k, b in enumerate(all_biases):
        all_h.append(net_input)
        net_input = net_input @ all_weights[k]
        net_input += b
        all_f.append(net_input.copy())
        np.maximum(net_input, 0, out=net_input)
    return all_f[-1].tolist(), all_f, all_h


# %% solution="forward-pass" mistake="bias-forgotten" score=0 from="lists"
# - all_f.append(all_h[k] @ weights + biases)
# + all_f.append(all_h[k] @ weights)
# %% solution="forward-pass" mistake="bias-forgotten" score=1.5 from="lists-made-before"
# - all_f[K] = all_biases[K] + np.matmul(all_h[K], all_weights[K])
# + all_f[K] = np.matmul(all_h[K], all_weights[K])
# %% solution="forward-pass" mistake="bias-forgotten" score=0 from="zip-and-other-names"
# - f.append(h[-1] @ w + beta)
# + f.append(h[-1] @ w)
# + np.add(f[-1], beta)

# %% solution="forward-pass" mistake="sign-of-the-bias" score=0 from="zip-and-other-names"
# - f.append(h[-1] @ w + beta)
# + f.append(h[-1] @ w - beta)
# %% solution="forward-pass" mistake="sign-of-the-bias" score=0 from="lists-made-before"
# - all_f[layer] = all_biases[layer] + np.matmul(all_h[layer], all_weights[layer])
# + all_f[layer] = -all_biases[layer] + np.matmul(all_h[layer], all_weights[layer])
# - all_f[K] = all_biases[K] + np.matmul(all_h[K], all_weights[K])
# + all_f[K] = -all_biases[K] + np.matmul(all_h[K], all_weights[K])

# %% solution="forward-pass" mistake="activation-missing" score=0 from="lists-made-before"
# - all_h[layer + 1] = ReLU(all_f[layer])
# + all_h[layer + 1] = all_f[layer]


# %% solution="forward-pass" mistake="activation-missing" score=0
def forward_pass(net_input, all_weights, all_biases):
    a, all_f, all_h = net_input, [], []
    for weights, biases in zip(all_weights, all_biases):
        f = np.array([[np.dot(row, unit) for unit in weights.T] for row in a]) + biases
        all_h.append(a)
        all_f.append(f)
        a = f
    return f, all_f, all_h


# %% solution="forward-pass" mistake="activation-missing" score=0 from="zip-and-other-names"
# - f.append(h[-1] @ w + beta)
# + f.append((f[-1] if f else x) @ w + beta)

# %% solution="forward-pass" mistake="activation-on-the-output" score=2.5 from="lists-made-before"
# - net_output = all_f[K]
# + net_output = ReLU(all_f[K])
# %% solution="forward-pass" mistake="activation-on-the-output" score=1.5 from="zip-and-other-names"
# - if k < len(W) - 1:
# + if True:
# - return f[-1], f, h
# + return h[-1], f, h

# %% solution="forward-pass" mistake="indicator-in-place-of-relu" score=0 from="lists-made-before"
# - all_h[layer + 1] = ReLU(all_f[layer])
# + all_h[layer + 1] = indicator_function(all_f[layer])
# %% solution="forward-pass" mistake="indicator-in-place-of-relu" score=0 from="lists"
# - all_h.append(np.maximum(0, all_f[k]))
# + all_h.append(1.0 * (all_f[k] > 0))

# %% solution="forward-pass" mistake="elementwise-product" score=0 from="lists"
# - all_f.append(all_h[k] @ weights + biases)
# + all_f.append(all_h[k] * weights + biases)
# %% solution="forward-pass" mistake="elementwise-product" score=0 from="lists"
# - all_f.append(all_h[k] @ weights + biases)
# + all_f.append(all_h[k].T * weights + biases)
# %% solution="forward-pass" mistake="elementwise-product" score=0 from="lists-made-before"
# - all_f[layer] = all_biases[layer] + np.matmul(all_h[layer], all_weights[layer])
# + all_f[layer] = all_biases[layer] + np.multiply(all_h[layer], all_weights[layer])

# %% solution="forward-pass" mistake="index-shifted" score=0 from="lists"
# - all_f.append(all_h[k] @ weights + biases)
# + all_f.append(all_h[k] @ weights + all_biases[k - 1])
# %% solution="forward-pass" mistake="index-shifted" score=0 from="lists-made-before"
# - all_f[layer] = all_biases[layer] + np.matmul(all_h[layer], all_weights[layer])
# + all_f[layer] = all_biases[layer] + np.matmul(all_h[layer], all_weights[layer - 1])
# %% solution="forward-pass" mistake="index-shifted" score=2 from="lists-made-before"
# - return net_output, all_f, all_h
# + return net_output, all_f, all_h[1:] + [net_output]

# %% solution="forward-pass" mistake="output-among-the-activations" score=2 from="lists"
# - if k + 1 < len(all_weights):
# + if k < len(all_weights):
# %% solution="forward-pass" mistake="output-among-the-activations" score=2 from="zip-and-other-names"
# - return f[-1], f, h
# + return f[-1], f, h + [f[-1]]

# %% solution="forward-pass" mistake="layer-left-out" score=2 from="lists-made-before"
# - return net_output, all_f, all_h
# + return net_output, all_f, [None] + all_h[1:]
# %% solution="forward-pass" mistake="layer-left-out" score=2 from="zip-and-other-names"
# - return f[-1], f, h
# + return f[-1], f[:-1], h

# %% solution="forward-pass" mistake="layers-in-another-order" score=1 from="zip-and-other-names"
# - return f[-1], f, h
# + return f[-1], f[::-1], h[::-1]


# %% solution="forward-pass" mistake="layers-in-another-order" score=0.5
def forward_pass(net_input, all_weights, all_biases):
    a, all_f, all_h = net_input, [], []
    for weights, biases in zip(all_weights, all_biases):
        f = np.array([[np.dot(row, unit) for unit in weights.T] for row in a]) + biases
        all_h.insert(0, a)
        all_f.insert(0, f)
        a = f * (f > 0)
    return f, all_f, all_h


# %% solution="forward-pass" mistake="transposed" score=1.5 from="lists"
# - return all_f[-1], all_f, all_h
# + return all_f[-1].T, [f.T for f in all_f], all_h
# %% solution="forward-pass" mistake="transposed" score=0 from="by-columns"
# - return fs[-1].T, [f.T for f in fs], [h.T for h in hs[:-1]]
# + return fs[-1], fs, hs[:-1]

# %% solution="forward-pass" mistake="zeros" score=2.5 from="lists-made-before"
# - net_output = all_f[K]
# + net_output = 0 * all_f[K]


# %% solution="forward-pass" mistake="zeros" score=0
def forward_pass(x, W, b):
    f = [np.zeros((len(x), w.shape[1])) for w in W]
    return f[-1], f, [np.zeros((len(x), len(w))) for w in W]


# %% solution="forward-pass" mistake="values-swapped" score=1 from="zip-and-other-names"
# - return f[-1], f, h
# + return f[-1], h, f


# %% solution="forward-pass" mistake="values-swapped" score=1
def forward_pass(x, W, b):
    layers, h = [], x
    for w, beta in zip(W, b):
        f = h @ w + beta
        layers.append((h, f))
        h = ReLU(f)
    return f, *zip(*layers)


# %% solution="forward-pass" mistake="operands-do-not-fit" score=0 from="lists"
# - all_f.append(all_h[k] @ weights + biases)
# + all_f.append(weights @ all_h[k] + biases)
# %% solution="forward-pass" mistake="operands-do-not-fit" score=0 from="lists-made-before"
# - all_f[layer] = all_biases[layer] + np.matmul(all_h[layer], all_weights[layer])
# + all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer], all_h[layer])
# - all_f[K] = all_biases[K] + np.matmul(all_h[K], all_weights[K])
# + all_f[K] = all_biases[K] + np.matmul(all_weights[K], all_h[K])

# %% solution="forward-pass" mistake="weights-transposed" score=0 from="zip-and-other-names"
# - f.append(h[-1] @ w + beta)
# + f.append(h[-1] @ w.T + beta)
# %% solution="forward-pass" mistake="weights-transposed" score=0 from="einsum-prints-float32"
# - f = np.einsum("ni,ij->nj", all_h[k], weights[k]) + biases[k].ravel()
# + f = np.dot(weights[k], all_h[k].T).T + biases[k].ravel()

# %% solution="forward-pass" mistake="index-out-of-range" score=0 from="zip-and-other-names"
# - f.append(h[-1] @ w + beta)
# + f.append(h[-1] @ w + b[k + 1])
# %% solution="forward-pass" mistake="index-out-of-range" score=0 from="lists-made-before"
# - all_h = [None] * (K + 1)
# + all_h = [None] * K

# %% solution="forward-pass" mistake="nothing-returned" score=0 from="zip-and-other-names"
# - return f[-1], f, h
# + net_output = f[-1]
# %% solution="forward-pass" mistake="nothing-returned" score=0 from="lists"
# - return all_f[-1], all_f, all_h
# + print(all_f[-1].shape)

# %% solution="forward-pass" mistake="name-missing" score=0 from="lists-made-before"
# - all_h[layer + 1] = ReLU(all_f[layer])
# + all_h[layer + 1] = relu(all_f[layer])
# %% solution="forward-pass" mistake="name-missing" score=0 from="lists"
# - all_h.append(np.maximum(0, all_f[k]))
# + all_h.append(numpy.maximum(0, all_f[k]))

# %% [markdown]
# ## compute-cost: cost 0.75, no loops 0.25 (with a wrong cost, 0)


# %% solution="forward-pass" variant="arrays-of-the-right-size-first"
def forward_pass(net_input, all_weights, all_biases):
    all_f = [np.zeros((n_samples, D)) for _ in range(K)] + [np.zeros((n_samples, D_o))]
    all_h = [np.zeros((n_samples, D_i))] + [np.zeros((n_samples, D)) for _ in range(K)]
    all_h[0] += net_input
    for k in range(K):
        all_f[k] += np.dot(all_h[k], all_weights[k]) + all_biases[k]
        all_h[k + 1] += ReLU(all_f[k])
    all_f[K] += np.dot(all_h[K], all_weights[K]) + all_biases[K]
    return all_f[K], all_f, all_h


# %% solution="compute-cost" variant="len"
def compute_cost(f, y):
    n = len(y)
    return np.sum((f - y) ** 2) / n


# %% solution="compute-cost" variant="mean-of-sums"
def compute_cost(f, y):
    n = len(y)
    return np.mean(np.sum((f - y) ** 2, axis=1))


# %% solution="compute-cost" variant="norm-in-a-square"
def compute_cost(f, y):
    n = len(y)
    return np.array([[np.linalg.norm(f - y) ** 2 / n]])


# %% solution="compute-cost" variant="the-notebooks-own-n-samples"
def compute_cost(net_output, y):
    return np.square(y - net_output).sum() / n_samples


# %% solution="compute-cost" variant="mean-times-outputs-in-place"
def compute_cost(net_output, y):
    net_output -= y
    print("outputs:", y.shape[1])
    return np.float32(y.shape[1] * np.mean(net_output**2))


# %% solution="compute-cost" mistake="mean-missing" score=0 from="len"
# - return np.sum((f - y) ** 2) / n
# + return np.sum((f - y) ** 2)
# %% solution="compute-cost" mistake="mean-missing" score=0 from="len"
# - return np.sum((f - y) ** 2) / n
# + return np.linalg.norm(f - y) ** 2

# %% solution="compute-cost" mistake="mean-taken-twice" score=0 from="mean-of-sums"
# - return np.mean(np.sum((f - y) ** 2, axis=1))
# + return np.mean(np.sum((f - y) ** 2, axis=1)) / n
# %% solution="compute-cost" mistake="mean-taken-twice" score=0 from="len"
# - return np.sum((f - y) ** 2) / n
# + return np.sum((f - y) ** 2) / n**2

# %% solution="compute-cost" mistake="mean-over-outputs-taken-twice" score=0 from="len"
# - return np.sum((f - y) ** 2) / n
# + return np.mean((f - y) ** 2)
# %% solution="compute-cost" mistake="mean-over-outputs-taken-twice" score=0 from="len"
# - return np.sum((f - y) ** 2) / n
# + return np.sum((f - y) ** 2) / y.size

# %% solution="compute-cost" mistake="rows-and-columns-mixed-up" score=0 from="len"
# - return np.sum((f - y) ** 2) / n
# + return np.sum((f - y) ** 2) / y.shape[1]
# %% solution="compute-cost" mistake="rows-and-columns-mixed-up" score=0 from="mean-of-sums"
# - return np.mean(np.sum((f - y) ** 2, axis=1))
# + return np.mean(np.sum((f - y) ** 2, axis=0))

# %% solution="compute-cost" mistake="factor-2-missing" score=0 from="len"
# - return np.sum((f - y) ** 2) / n
# + return np.sum((f - y) ** 2) / (2 * n)
# %% solution="compute-cost" mistake="factor-2-missing" score=0 from="mean-of-sums"
# - return np.mean(np.sum((f - y) ** 2, axis=1))
# + return 0.5 * np.mean(np.sum((f - y) ** 2, axis=1))

# %% solution="compute-cost" mistake="mean-not-taken" score=0 from="mean-of-sums"
# - return np.mean(np.sum((f - y) ** 2, axis=1))
# + return np.sum((f - y) ** 2, axis=1)
# %% solution="compute-cost" mistake="mean-not-taken" score=0 from="len"
# - return np.sum((f - y) ** 2) / n
# + return [float(row @ row) for row in f - y]

# %% solution="compute-cost" mistake="loss-and-derivative-apart" score=0 from="len"
# - return np.sum((f - y) ** 2) / n
# + return np.sum(np.abs(f - y)) / n
# %% solution="compute-cost" mistake="loss-and-derivative-apart" score=0 from="len"
# - return np.sum((f - y) ** 2) / n
# + return np.sqrt(np.sum((f - y) ** 2) / n)

# %% solution="compute-cost" mistake="not-squared" score=0 from="len"
# - return np.sum((f - y) ** 2) / n
# + return np.sum(f - y) / n
# %% solution="compute-cost" mistake="not-squared" score=0 from="mean-of-sums"
# - return np.mean(np.sum((f - y) ** 2, axis=1))
# + return np.mean(np.sum(y - f, axis=1))

# %% solution="compute-cost" mistake="target-left-out" score=0 from="len"
# - return np.sum((f - y) ** 2) / n
# + return np.sum(f**2) / n
# %% solution="compute-cost" mistake="target-left-out" score=0 from="mean-of-sums"
# - return np.mean(np.sum((f - y) ** 2, axis=1))
# + return np.mean(np.sum(f * f, axis=1))

# %% solution="compute-cost" mistake="zeros" score=0 from="len"
# - return np.sum((f - y) ** 2) / n
# + return 0.0
# %% solution="compute-cost" mistake="zeros" score=0 from="len"
# - return np.sum((f - y) ** 2) / n
# + return np.sum((y - y) ** 2) / n

# %% solution="compute-cost" mistake="number-of-samples-from-elsewhere" score=0 from="solution"
# - return np.sum((net_output - y) ** 2) / y.shape[0]
# + return np.sum((net_output - y) ** 2) / 5


# %% solution="compute-cost" mistake="number-of-samples-from-elsewhere" score=0
def compute_cost(net_output, y, n=n_samples):
    return np.linalg.norm(y - net_output) ** 2 / n


# %% [markdown]
# ## d-cost-d-output: dl_df 0.75, no loops 0.25 (with wrong slopes, 0)


# %% solution="d-cost-d-output" variant="len"
def d_cost_d_output(f, y):
    n = len(y)
    return 2 * (f - y) / n


# %% solution="d-cost-d-output" variant="lists"
def d_cost_d_output(f, y):
    n = len(y)
    return ((f - y) / (n / 2)).tolist()


# %% solution="d-cost-d-output" variant="in-place"
def d_cost_d_output(f, y):
    f -= y
    f *= 2 / f.shape[0]
    return f


# %% solution="d-cost-d-output" variant="the-notebooks-own-n-samples"
def d_cost_d_output(net_output, y, factor=-2):
    return factor / n_samples * np.subtract(y, net_output)


# %% solution="d-cost-d-output" variant="float32"
def d_cost_d_output(net_output, y):
    print("slopes")
    return np.float32(2 / y.shape[0]) * (net_output - y).astype(np.float32)


# %% solution="d-cost-d-output" mistake="sign" score=0 from="len"
# - return 2 * (f - y) / n
# + return 2 * (y - f) / n
# %% solution="d-cost-d-output" mistake="sign" score=0 from="len"
# - return 2 * (f - y) / n
# + return -np.subtract(f, y) * 2 / n

# %% solution="d-cost-d-output" mistake="factor-2-missing" score=0 from="len"
# - return 2 * (f - y) / n
# + return (f - y) / n
# %% solution="d-cost-d-output" mistake="factor-2-missing" score=0 from="len"
# - return 2 * (f - y) / n
# + return np.subtract(f, y) / n_samples

# %% solution="d-cost-d-output" mistake="factor-2-twice" score=0 from="len"
# - return 2 * (f - y) / n
# + return 4 * (f - y) / n
# %% solution="d-cost-d-output" mistake="factor-2-twice" score=0 from="len"
# - return 2 * (f - y) / n
# + return 2 * 2 * f / n - 4 * y / n

# %% solution="d-cost-d-output" mistake="mean-missing" score=0 from="len"
# - return 2 * (f - y) / n
# + return 2 * (f - y)
# %% solution="d-cost-d-output" mistake="mean-missing" score=0 from="len"
# - return 2 * (f - y) / n
# + return 2 * f - 2 * y

# %% solution="d-cost-d-output" mistake="mean-taken-twice" score=0 from="len"
# - return 2 * (f - y) / n
# + return 2 * (f - y) / n / n
# %% solution="d-cost-d-output" mistake="mean-taken-twice" score=0 from="len"
# - return 2 * (f - y) / n
# + return 2 / n**2 * (f - y)

# %% solution="d-cost-d-output" mistake="mean-over-outputs-taken-twice" score=0 from="len"
# - return 2 * (f - y) / n
# + return 2 * (f - y) / y.size
# %% solution="d-cost-d-output" mistake="mean-over-outputs-taken-twice" score=0 from="len"
# - return 2 * (f - y) / n
# + return 2 * (f - y) / (y.shape[1] * n)

# %% solution="d-cost-d-output" mistake="rows-and-columns-mixed-up" score=0 from="len"
# - return 2 * (f - y) / n
# + return 2 * (f - y) / y.shape[1]
# %% solution="d-cost-d-output" mistake="rows-and-columns-mixed-up" score=0 from="len"
# - return 2 * (f - y) / n
# + return 2 / f.shape[1] * (f - y)

# %% solution="d-cost-d-output" mistake="transposed" score=0 from="len"
# - return 2 * (f - y) / n
# + return 2 * (f - y).T / n
# %% solution="d-cost-d-output" mistake="transposed" score=0 from="len"
# - return 2 * (f - y) / n
# + return np.transpose(2 / n * f - 2 / n * y)

# %% solution="d-cost-d-output" mistake="zeros" score=0 from="len"
# - return 2 * (f - y) / n
# + return np.zeros_like(f)
# %% solution="d-cost-d-output" mistake="zeros" score=0 from="len"
# - return 2 * (f - y) / n
# + return 2 * (y - y) / n

# %% solution="d-cost-d-output" mistake="target-left-out" score=0 from="len"
# - return 2 * (f - y) / n
# + return 2 * f / n
# %% solution="d-cost-d-output" mistake="target-left-out" score=0 from="lists"
# - return ((f - y) / (n / 2)).tolist()
# + return np.array(f) * (2 / n)

# %% solution="d-cost-d-output" mistake="square-not-differentiated" score=0 from="len"
# - return 2 * (f - y) / n
# + return 2 * (f - y) ** 2 / n
# %% solution="d-cost-d-output" mistake="square-not-differentiated" score=0 from="len"
# - return 2 * (f - y) / n
# + return (f - y) ** 2 / n

# %% solution="d-cost-d-output" mistake="cost-returned" score=0 from="len"
# - return 2 * (f - y) / n
# + return np.sum((f - y) ** 2) / n
# %% solution="d-cost-d-output" mistake="cost-returned" score=0 from="lists"
# - return ((f - y) / (n / 2)).tolist()
# + return np.mean(np.sum((f - y) ** 2, axis=1))

# %% solution="d-cost-d-output" mistake="summed-over-samples" score=0 from="len"
# - return 2 * (f - y) / n
# + return np.sum(2 * (f - y) / n, axis=0, keepdims=True)
# %% solution="d-cost-d-output" mistake="summed-over-samples" score=0 from="lists"
# - return ((f - y) / (n / 2)).tolist()
# + return (2 * (f - y)).mean(axis=0)

# %% solution="d-cost-d-output" mistake="loss-and-derivative-apart" score=0 from="len"
# - return 2 * (f - y) / n
# + return np.sign(f - y) / n
# %% solution="d-cost-d-output" mistake="loss-and-derivative-apart" score=0 from="len"
# - return 2 * (f - y) / n
# + return (f - y) / np.linalg.norm(f - y)

# %% [markdown]
# ## backward-pass: all_dl_dweights 1.5, all_dl_dbiases 1.5, no loops 1


# %% solution="backward-pass" variant="as-in-the-first-notebook"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    K = len(all_weights) - 1
    all_dl_dweights = [None] * (K + 1)
    all_dl_dbiases = [None] * (K + 1)
    all_dl_df = [None] * (K + 1)
    all_dl_dh = [None] * (K + 1)
    all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
    for layer in range(K, -1, -1):
        all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=0, keepdims=True)
        all_dl_dweights[layer] = np.matmul(all_h[layer].T, all_dl_df[layer])
        all_dl_dh[layer] = np.matmul(all_dl_df[layer], all_weights[layer].T)
        if layer > 0:
            all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
    return all_dl_dweights, all_dl_dbiases


# %% solution="backward-pass" variant="flat-biases"
def backward_pass(W, b, f, h, y):
    delta = d_cost_d_output(f[-1], y)
    dW, db = [], []
    for k in reversed(range(len(W))):
        dW.insert(0, h[k].T @ delta)
        db.insert(0, delta.sum(axis=0))
        if k:
            delta = (delta @ W[k].T) * (f[k - 1] > 0)
    return dW, db


# %% solution="backward-pass" variant="einsum-and-flat-biases"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    L = len(all_weights)
    dl_df = {L - 1: d_cost_d_output(all_f[L - 1], y)}
    for k in range(L - 2, -1, -1):
        back = np.einsum("ij,nj->ni", all_weights[k + 1], dl_df[k + 1])
        dl_df[k] = np.where(all_f[k] > 0, back, 0)
    all_dl_dweights = [np.einsum("ni,nj->ij", all_h[k], dl_df[k]) for k in range(L)]
    all_dl_dbiases = [np.einsum("nj->j", dl_df[k]) for k in range(L)]
    return all_dl_dweights, all_dl_dbiases


# %% solution="backward-pass" variant="plain"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    delta, dW, db = 2 * (all_f[-1] - y) / len(y), [], []
    for k in range(len(all_weights))[::-1]:
        dW = [all_h[k].T @ delta] + dW
        db = [np.sum(delta, axis=0, keepdims=True)] + db
        if k > 0:
            delta = delta @ all_weights[k].T * (all_f[k - 1] > 0)
    return dW, db


# %% solution="backward-pass" variant="divides-at-the-end"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    grads = [() for _ in all_weights]
    for i in reversed(range(len(all_weights))):
        if i == len(all_weights) - 1:
            dC_dz = (all_f[i] - y) * 2
        else:
            dC_dz = (dC_dz @ all_weights[i + 1].T) * indicator_function(all_f[i])
        dC_dW = np.matmul(all_h[i].T, dC_dz) / y.shape[0]
        dC_db = np.mean(dC_dz, axis=0)
        grads[i] = (dC_dW, dC_db)
    return [dW for dW, _ in grads], [db for _, db in grads]


# %% solution="backward-pass" variant="the-notebooks-own-K-and-n-samples"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    all_dl_dweights = [None] * (K + 1)
    all_dl_dbiases = [None] * (K + 1)
    all_dl_df = [None] * (K + 1)
    all_dl_dh = [None] * (K + 1)
    all_dl_df[K] = (all_f[K] - y) * 2 / n_samples
    for layer in range(K, -1, -1):
        all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=0, keepdims=True)
        all_dl_dweights[layer] = np.matmul(all_h[layer].T, all_dl_df[layer])
        all_dl_dh[layer] = np.matmul(all_dl_df[layer], all_weights[layer].T)
        if layer > 0:
            all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
    return all_dl_dweights, all_dl_dbiases


# %% solution="backward-pass" variant="mask-from-activations"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    delta, dW, db = 2 * (all_f[-1] - y) / len(y), [], []
    for k in range(len(all_weights))[::-1]:
        dW = [all_h[k].T @ delta] + dW
        db = [np.sum(delta, axis=0, keepdims=True)] + db
        if k > 0:
            delta = delta @ all_weights[k].T * (all_h[k] > 0)
    return dW, db


# %% solution="backward-pass" variant="tuples-of-lists"
def backward_pass(W, b, f, h, y):
    delta = d_cost_d_output(f[-1], y)
    dW, db = [], []
    for k in reversed(range(len(W))):
        dW.insert(0, h[k].T @ delta)
        db.insert(0, delta.sum(axis=0))
        if k:
            delta = (delta @ W[k].T) * (f[k - 1] > 0)
    return tuple(g.tolist() for g in dW), [g[None, :] for g in db]


# %% solution="backward-pass" variant="float32-and-prints"
def backward_pass(W, b, f, h, y):
    h = [np.float32(a) for a in h]
    delta = np.float32(d_cost_d_output(f[-1], y))
    print("delta", delta.shape)
    dW, db = [], []
    for k in reversed(range(len(W))):
        dW.insert(0, h[k].T @ delta)
        db.insert(0, delta.sum(axis=0))
        if k:
            delta = (delta @ W[k].T) * (f[k - 1] > 0)
    return dW, db


# %% solution="backward-pass" variant="by-columns"
def backward_pass(all_weights, all_biases, all_f, all_h, y, **options):
    d = 2 / y.shape[0] * (all_f[-1] - y).T
    dW, db = [], []
    for k in range(len(all_weights) - 1, -1, -1):
        dW.append((d @ all_h[k]).T)
        db.append(np.sum(d, axis=1).reshape(1, -1))
        if k > 0:
            d = np.dot(all_weights[k], d)
            d[all_f[k - 1].T < 0] = 0
    return dW[::-1], db[::-1]


# %% solution="backward-pass" variant="changes-its-arguments"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    all_f[-1] -= y
    all_f[-1] *= 2 / len(y)
    for k in range(len(all_weights) - 2, -1, -1):
        all_f[k][:] = np.sign(all_h[k + 1]) * (all_f[k + 1] @ all_weights[k + 1].T)
    return [h.T @ f for h, f in zip(all_h, all_f)], [np.ones(len(y)) @ f for f in all_f]


# %% solution="backward-pass" mistake="bias-not-summed" score=2.5 from="plain"
# - db = [np.sum(delta, axis=0, keepdims=True)] + db
# + db = [delta] + db
# %% solution="backward-pass" mistake="bias-not-summed" score=2.5 from="flat-biases"
# - db.insert(0, delta.sum(axis=0))
# + db.insert(0, delta.copy())

# %% solution="backward-pass" mistake="bias-times-n" score=2.5 from="as-in-the-first-notebook"
# - all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=0, keepdims=True)
# + all_dl_dbiases[layer] = len(y) * np.sum(all_dl_df[layer], axis=0, keepdims=True)
# %% solution="backward-pass" mistake="bias-times-n" score=2.5 from="flat-biases"
# - db.insert(0, delta.sum(axis=0))
# + db.insert(0, delta.sum(axis=0) * y.shape[0])

# %% solution="backward-pass" mistake="weights-summed-bias-averaged" score=2.5 from="flat-biases"
# - db.insert(0, delta.sum(axis=0))
# + db.insert(0, delta.mean(axis=0))
# %% solution="backward-pass" mistake="weights-summed-bias-averaged" score=2.5 from="divides-at-the-end"
# - dC_db = np.mean(dC_dz, axis=0)
# + dC_db = np.mean(dC_dz, axis=0, keepdims=True) / y.shape[0]
# %% solution="backward-pass" mistake="weights-summed-bias-averaged" score=2.5 from="divides-at-the-end"
# - dC_dW = np.matmul(all_h[i].T, dC_dz) / y.shape[0]
# + dC_dW = np.matmul(all_h[i].T, dC_dz)

# %% solution="backward-pass" mistake="summed-over-units" score=2.5 from="plain"
# - db = [np.sum(delta, axis=0, keepdims=True)] + db
# + db = [np.sum(delta, axis=1, keepdims=True)] + db
# %% solution="backward-pass" mistake="summed-over-units" score=2.5 from="plain"
# - db = [np.sum(delta, axis=0, keepdims=True)] + db
# + db = [np.sum(delta)] + db
# %% solution="backward-pass" mistake="summed-over-units" score=2.5 from="plain"
# - db = [np.sum(delta, axis=0, keepdims=True)] + db
# + db = [np.sum(delta, keepdims=True)] + db
# %% solution="backward-pass" mistake="summed-over-units" score=2.5 from="flat-biases"
# - db.insert(0, delta.sum(axis=0))
# + db.insert(0, delta @ np.ones(len(W[k].T)))

# %% solution="backward-pass" mistake="elementwise-product" score=0 from="plain"
# - dW = [all_h[k].T @ delta] + dW
# + dW = [all_h[k].T * delta] + dW
# %% solution="backward-pass" mistake="elementwise-product" score=0 from="plain"
# - dW = [all_h[k].T @ delta] + dW
# + dW = [all_h[k] * delta] + dW
# %% solution="backward-pass" mistake="elementwise-product" score=0 from="plain"
# - delta = delta @ all_weights[k].T * (all_f[k - 1] > 0)
# + delta = delta * all_weights[k].T * (all_f[k - 1] > 0)
# %% solution="backward-pass" mistake="elementwise-product" score=0 from="as-in-the-first-notebook"
# - all_dl_dh[layer] = np.matmul(all_dl_df[layer], all_weights[layer].T)
# + all_dl_dh[layer] = np.multiply(all_dl_df[layer], all_weights[layer].T)

# %% solution="backward-pass" mistake="outer-product" score=2.5 from="plain"
# - dW = [all_h[k].T @ delta] + dW
# + dW = [np.outer(all_h[k], delta)] + dW
# %% solution="backward-pass" mistake="outer-product" score=2.5 from="plain"
# - dW = [all_h[k].T @ delta] + dW
# + dW = [np.outer(delta, all_h[k]).T] + dW
# %% solution="backward-pass" mistake="outer-product" score=2.5 from="flat-biases"
# - dW.insert(0, h[k].T @ delta)
# + dW.insert(0, np.outer(h[k].T, delta))

# %% solution="backward-pass" mistake="mean-missing" score=0 from="as-in-the-first-notebook"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = 2 * (all_f[K] - y)
# %% solution="backward-pass" mistake="mean-missing" score=0 from="plain"
# - delta, dW, db = 2 * (all_f[-1] - y) / len(y), [], []
# + delta, dW, db = 2 * (all_f[-1] - y), [], []

# %% solution="backward-pass" mistake="mean-taken-twice" score=0 from="divides-at-the-end"
# - dC_dz = (all_f[i] - y) * 2
# + dC_dz = (all_f[i] - y) * 2 / len(y)
# %% solution="backward-pass" mistake="mean-taken-twice" score=0 from="flat-biases"
# - delta = (delta @ W[k].T) * (f[k - 1] > 0)
# + delta = (delta @ W[k].T) * (f[k - 1] > 0) / y.shape[0]

# %% solution="backward-pass" mistake="mean-over-outputs-taken-twice" score=0 from="plain"
# - delta, dW, db = 2 * (all_f[-1] - y) / len(y), [], []
# + delta, dW, db = 2 * (all_f[-1] - y) / y.size, [], []
# %% solution="backward-pass" mistake="mean-over-outputs-taken-twice" score=0 from="divides-at-the-end"
# - dC_dz = (all_f[i] - y) * 2
# + dC_dz = (all_f[i] - y) * 2 / y.shape[1]

# %% solution="backward-pass" mistake="rows-and-columns-mixed-up" score=0 from="plain"
# - delta, dW, db = 2 * (all_f[-1] - y) / len(y), [], []
# + delta, dW, db = 2 * (all_f[-1] - y) / y.shape[1], [], []
# %% solution="backward-pass" mistake="rows-and-columns-mixed-up" score=0 from="flat-biases"
# - delta = d_cost_d_output(f[-1], y)
# + delta = (f[-1] - y) / (0.5 * y.shape[1])

# %% solution="backward-pass" mistake="sign" score=0 from="as-in-the-first-notebook"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = 2 * (y - all_f[K]) / len(y)
# %% solution="backward-pass" mistake="sign" score=0 from="flat-biases"
# - delta = d_cost_d_output(f[-1], y)
# + delta = -d_cost_d_output(f[-1], y)

# %% solution="backward-pass" mistake="factor-2-missing" score=0 from="plain"
# - delta, dW, db = 2 * (all_f[-1] - y) / len(y), [], []
# + delta, dW, db = (all_f[-1] - y) / len(y), [], []
# %% solution="backward-pass" mistake="factor-2-missing" score=0 from="einsum-and-flat-biases"
# - dl_df = {L - 1: d_cost_d_output(all_f[L - 1], y)}
# + dl_df = {L - 1: 0.5 * d_cost_d_output(all_f[L - 1], y)}

# %% solution="backward-pass" mistake="factor-2-twice" score=0 from="as-in-the-first-notebook"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = 2 * np.array(d_cost_d_output(all_f[K], y))
# %% solution="backward-pass" mistake="factor-2-twice" score=0 from="divides-at-the-end"
# - dC_dz = (all_f[i] - y) * 2
# + dC_dz = (all_f[i] - y) * 4

# %% solution="backward-pass" mistake="transposed" score=2.5 from="plain"
# - dW = [all_h[k].T @ delta] + dW
# + dW = [delta.T @ all_h[k]] + dW
# %% solution="backward-pass" mistake="transposed" score=2.5 from="flat-biases"
# - return dW, db
# + return [g.T for g in dW], db
# %% solution="backward-pass" mistake="transposed" score=0 from="by-columns"
# - dW.append((d @ all_h[k]).T)
# - db.append(np.sum(d, axis=1).reshape(1, -1))
# + dW.append(d @ all_h[k])
# + db.append(np.sum(d, axis=1, keepdims=True))


# %% solution="backward-pass" mistake="zeros" score=0
def backward_pass(W, b, f, h, y):
    return [0 * w for w in W], [np.zeros(len(beta.T)) for beta in b]


# %% solution="backward-pass" mistake="zeros" score=0 from="as-in-the-first-notebook"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = np.zeros_like(y)

# %% solution="backward-pass" mistake="layers-in-another-order" score=0 from="flat-biases"
# - dW.insert(0, h[k].T @ delta)
# - db.insert(0, delta.sum(axis=0))
# + dW.append(h[k].T @ delta)
# + db.append(delta.sum(axis=0))
# %% solution="backward-pass" mistake="layers-in-another-order" score=0 from="as-in-the-first-notebook"
# - return all_dl_dweights, all_dl_dbiases
# + return all_dl_dweights[::-1], all_dl_dbiases[::-1]

# %% solution="backward-pass" mistake="values-swapped" score=0 from="flat-biases"
# - return dW, db
# + return db, dW
# %% solution="backward-pass" mistake="values-swapped" score=0 from="plain"
# - dW = [all_h[k].T @ delta] + dW
# - db = [np.sum(delta, axis=0, keepdims=True)] + db
# + db = [all_h[k].T @ delta] + db
# + dW = [np.sum(delta, axis=0, keepdims=True)] + dW

# %% solution="backward-pass" mistake="layer-left-out" score=0 from="as-in-the-first-notebook"
# - for layer in range(K, -1, -1):
# + for layer in range(K, 0, -1):
# %% solution="backward-pass" mistake="layer-left-out" score=0 from="flat-biases"
# - for k in reversed(range(len(W))):
# + for k in reversed(range(1, len(W))):

# %% solution="backward-pass" mistake="loss-derivative-again" score=0 from="as-in-the-first-notebook"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer] * all_dl_df[K]
# %% solution="backward-pass" mistake="loss-derivative-again" score=0 from="flat-biases"
# - delta = (delta @ W[k].T) * (f[k - 1] > 0)
# + delta = (delta @ W[k].T) * (f[k - 1] > 0) * d_cost_d_output(f[k - 1], y)

# %% solution="backward-pass" mistake="upstream-dropped" score=0 from="as-in-the-first-notebook"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = indicator_function(all_f[layer - 1])
# %% solution="backward-pass" mistake="upstream-dropped" score=0 from="flat-biases"
# - delta = d_cost_d_output(f[-1], y)
# + delta = np.ones_like(f[-1])
# %% solution="backward-pass" mistake="upstream-dropped" score=2.5 from="as-in-the-first-notebook"
# - all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=0, keepdims=True)
# + all_dl_dbiases[layer] = np.ones_like(all_biases[layer])
# %% solution="backward-pass" mistake="upstream-dropped" score=2.5 from="flat-biases"
# - dW.insert(0, h[k].T @ delta)
# + dW.insert(0, h[k].T @ np.ones_like(delta))

# %% solution="backward-pass" mistake="upstream-twice" score=0 from="as-in-the-first-notebook"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer] ** 2
# %% solution="backward-pass" mistake="upstream-twice" score=2.5 from="flat-biases"
# - dW.insert(0, h[k].T @ delta)
# + dW.insert(0, h[k].T @ (delta * delta))

# %% solution="backward-pass" mistake="index-shifted" score=0 from="as-in-the-first-notebook"
# - all_dl_dh[layer] = np.matmul(all_dl_df[layer], all_weights[layer].T)
# + all_dl_dh[layer] = np.matmul(all_dl_df[layer], all_weights[layer - 1].T)


# %% solution="backward-pass" mistake="index-shifted" score=2.5
def backward_pass(W, b, f, h, y):
    delta = d_cost_d_output(f[-1], y)
    dW, db = [], []
    k = len(W) - 1
    while k >= 0:
        db.insert(0, delta.sum(axis=0))
        back = delta @ W[k].T
        k -= 1
        dW.insert(0, h[k].T @ delta)
        if k >= 0:
            delta = back * (f[k] > 0)
    return dW, db


# %% solution="backward-pass" mistake="index-shifted" score=2.5 from="einsum-and-flat-biases"
# - all_dl_dweights = [np.einsum("ni,nj->ij", all_h[k], dl_df[k]) for k in range(L)]
# + all_dl_dweights = [np.einsum("ni,nj->ij", [*all_h, all_h[-1]][k + 1], dl_df[k]) for k in range(L)]

# %% solution="backward-pass" mistake="input-left-out" score=2.5 from="plain"
# - dW = [all_h[k].T @ delta] + dW
# + dW = [delta] + dW
# %% solution="backward-pass" mistake="input-left-out" score=2.5 from="flat-biases"
# - dW.insert(0, h[k].T @ delta)
# + dW.insert(0, (h[k].T if k else np.ones(h[0].T.shape)) @ delta)
# %% solution="backward-pass" mistake="input-left-out" score=2.5 from="as-in-the-first-notebook"
#   all_dl_dweights[layer] = np.matmul(all_h[layer].T, all_dl_df[layer])
# + if layer == 0:
# +     all_dl_dweights[0] = all_dl_df[0]

# %% solution="backward-pass" mistake="wrong-activation" score=2.5 from="as-in-the-first-notebook"
# - all_dl_dweights[layer] = np.matmul(all_h[layer].T, all_dl_df[layer])
# + all_dl_dweights[layer] = np.matmul(all_f[layer].T, all_dl_df[layer])
# %% solution="backward-pass" mistake="wrong-activation" score=2.5 from="flat-biases"
# - dW.insert(0, h[k].T @ delta)
# + dW.insert(0, (f[k - 1] if k > 0 else h[0]).T @ delta)

# %% solution="backward-pass" mistake="relu-mask-dropped" score=0 from="mask-from-activations"
# - delta = delta @ all_weights[k].T * (all_h[k] > 0)
# + delta = delta @ all_weights[k].T
# %% solution="backward-pass" mistake="relu-mask-dropped" score=0 from="as-in-the-first-notebook"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = all_dl_dh[layer]
# %% solution="backward-pass" mistake="relu-mask-dropped" score=0 from="flat-biases"
# - delta = (delta @ W[k].T) * (f[k - 1] > 0)
# + delta = (delta @ W[k].T) * (h[k] >= 0)

# %% solution="backward-pass" mistake="relu-mask-of-another-layer" score=0 from="as-in-the-first-notebook"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = indicator_function(all_f[layer]) * all_dl_dh[layer]
# %% solution="backward-pass" mistake="relu-mask-of-another-layer" score=0 from="plain"
# - delta = delta @ all_weights[k].T * (all_f[k - 1] > 0)
# + delta = delta @ all_weights[k].T * (all_h[k - 1] > 0)
# %% solution="backward-pass" mistake="relu-mask-of-another-layer" score=0 from="plain"
# - delta = delta @ all_weights[k].T * (all_f[k - 1] > 0)
# + delta = delta @ all_weights[k].T * (all_f[k - 2] > 0)

# %% solution="backward-pass" mistake="relu-in-place-of-its-indicator" score=0 from="as-in-the-first-notebook"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = ReLU(all_f[layer - 1]) * all_dl_dh[layer]
# %% solution="backward-pass" mistake="relu-in-place-of-its-indicator" score=0 from="flat-biases"
# - delta = (delta @ W[k].T) * (f[k - 1] > 0)
# + delta = (delta @ W[k].T) * h[k]

# %% solution="backward-pass" mistake="relu-mask-turned" score=0 from="as-in-the-first-notebook"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = (1 - indicator_function(all_f[layer - 1])) * all_dl_dh[layer]
# %% solution="backward-pass" mistake="relu-mask-turned" score=0 from="einsum-and-flat-biases"
# - dl_df[k] = np.where(all_f[k] > 0, back, 0)
# + dl_df[k] = np.where(all_f[k] > 0, 0, back)
# %% solution="backward-pass" mistake="relu-mask-turned" score=0 from="plain"
# - delta = delta @ all_weights[k].T * (all_f[k - 1] > 0)
# + delta = delta @ all_weights[k].T * (all_f[k - 1] < 0)

# %% solution="backward-pass" mistake="relu-mask-on-the-output" score=0 from="as-in-the-first-notebook"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = d_cost_d_output(all_f[K], y) * indicator_function(all_f[K])
# %% solution="backward-pass" mistake="relu-mask-on-the-output" score=0 from="divides-at-the-end"
# - dC_dz = (all_f[i] - y) * 2
# + dC_dz = (all_f[i] - y) * 2 * (all_f[i] > 0)

# %% solution="backward-pass" mistake="factors-added" score=0 from="as-in-the-first-notebook"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) + all_dl_dh[layer]
# %% solution="backward-pass" mistake="factors-added" score=0 from="flat-biases"
# - delta = (delta @ W[k].T) * (f[k - 1] > 0)
# + delta = delta @ W[k].T + (f[k - 1] > 0)


# %% solution="backward-pass" mistake="gradient-of-the-activation" score=0
def backward_pass(W, b, f, h, y):
    back = delta = d_cost_d_output(f[-1], y)
    dW, db = [], []
    for k in reversed(range(len(W))):
        dW.insert(0, h[k].T @ back)
        db.insert(0, back.sum(axis=0))
        if k:
            back = delta @ W[k].T
            delta = back * (f[k - 1] > 0)
    return dW, db


# %% solution="backward-pass" mistake="gradient-of-the-activation" score=0 from="as-in-the-first-notebook"
#   K = len(all_weights) - 1
# + pick = lambda f, h, k: f[K] if k == K else h[k + 1]
# - all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=0, keepdims=True)
# - all_dl_dweights[layer] = np.matmul(all_h[layer].T, all_dl_df[layer])
# + all_dl_dbiases[layer] = np.sum(pick(all_dl_df, all_dl_dh, layer), axis=0, keepdims=True)
# + all_dl_dweights[layer] = np.matmul(all_h[layer].T, pick(all_dl_df, all_dl_dh, layer))

# %% solution="backward-pass" mistake="identity-derivative-degenerate" score=0 from="as-in-the-first-notebook"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = d_cost_d_output(all_f[K], y) * (all_f[K] / all_f[K])
# %% solution="backward-pass" mistake="identity-derivative-degenerate" score=0 from="flat-biases"
# - delta = d_cost_d_output(f[-1], y)
# + delta = np.where(f[-1], f[-1], np.nan) / f[-1] * d_cost_d_output(f[-1], y)

# %% solution="backward-pass" mistake="index-out-of-range" score=0 from="einsum-and-flat-biases"
# - all_dl_dweights = [np.einsum("ni,nj->ij", all_h[k], dl_df[k]) for k in range(L)]
# + all_dl_dweights = [np.einsum("ni,nj->ij", all_h[k + 1], dl_df[k]) for k in range(L)]
# %% solution="backward-pass" mistake="index-out-of-range" score=0 from="einsum-and-flat-biases"
# - for k in range(L - 2, -1, -1):
# + for k in range(L - 1, -1, -1):

# %% solution="backward-pass" mistake="weights-not-transposed" score=0 from="solution"
# - dl_df = indicator_function(all_f[k - 1]) * (dl_df @ all_weights[k].T) if k else None
# + dl_df = indicator_function(all_f[k - 1]) * (dl_df @ all_weights[k]) if k else None
# %% solution="backward-pass" mistake="weights-not-transposed" score=0 from="flat-biases"
# - dW.insert(0, h[k].T @ delta)
# + dW.insert(0, delta.T @ h[k])
# - delta = (delta @ W[k].T) * (f[k - 1] > 0)
# + delta = (delta @ W[k]) * (f[k - 1] > 0)

# %% solution="backward-pass" mistake="operands-do-not-fit" score=0 from="plain"
# - delta, dW, db = 2 * (all_f[-1] - y) / len(y), [], []
# + delta, dW, db = 2 * (all_f[-1] - y.T) / len(y), [], []
# %% solution="backward-pass" mistake="operands-do-not-fit" score=0 from="plain"
# - delta = delta @ all_weights[k].T * (all_f[k - 1] > 0)
# + delta = all_weights[k].T @ delta * (all_f[k - 1] > 0)

# %% solution="backward-pass" mistake="return-inside-the-loop" score=0 from="as-in-the-first-notebook"
# - return all_dl_dweights, all_dl_dbiases
# +     return all_dl_dweights, all_dl_dbiases
# %% solution="backward-pass" mistake="return-inside-the-loop" score=0 from="divides-at-the-end"
# - grads[i] = (dC_dW, dC_db)
# + return dC_dW, dC_db

# %% solution="backward-pass" mistake="name-missing" score=0 from="as-in-the-first-notebook"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = relu_derivative(all_f[layer - 1]) * all_dl_dh[layer]
# %% solution="backward-pass" mistake="name-missing" score=0 from="divides-at-the-end"
# - dC_dz = (all_f[i] - y) * 2
# + dC_dz = (predict - y) * 2

# %% solution="backward-pass" mistake="nothing-returned" score=0 from="divides-at-the-end"
# - return [dW for dW, _ in grads], [db for _, db in grads]
# + gradients = grads
# %% solution="backward-pass" mistake="nothing-returned" score=0 from="tuples-of-lists"
# - return tuple(g.tolist() for g in dW), [g[None, :] for g in db]
# + print(len(dW))

# %% solution="backward-pass" mistake="wrong-number-of-values" score=0 from="divides-at-the-end"
# - return [dW for dW, _ in grads], [db for _, db in grads]
# + return [*grads, None]
# %% solution="backward-pass" mistake="wrong-number-of-values" score=0 from="flat-biases"
# - return dW, db
# + return dW, db, delta

# %% [markdown]
# ## Mutants that are as right as the solution

# %% solution="forward-pass" equivalent="there are as many biases as weights" from="solution"
# - for k in range(len(all_weights)):
# + for k in range(len(all_biases)):

# %% solution="compute-cost" equivalent="a square is the same whichever is subtracted from which" from="solution"
# - return np.sum((net_output - y) ** 2) / y.shape[0]
# + return np.sum((y - net_output) ** 2) / y.shape[0]

# %% solution="compute-cost" equivalent="there are as many outputs as targets" from="solution"
# - return np.sum((net_output - y) ** 2) / y.shape[0]
# + return np.sum((net_output - y) ** 2) / net_output.shape[0]

# %% solution="d-cost-d-output" equivalent="there are as many outputs as targets" from="solution"
# - return 2 * (net_output - y) / y.shape[0]
# + return 2 * (net_output - y) / net_output.shape[0]

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

# %% solution="backward-pass" equivalent="beside rows a bias may be flat" from="solution"
# - all_dl_dbiases.insert(0, dl_df.sum(axis=0, keepdims=True))
# + all_dl_dbiases.insert(0, dl_df.sum(axis=0))

# %% solution="backward-pass" equivalent="keepdims is False by default, and a bias may be flat" from="solution"
# - all_dl_dbiases.insert(0, dl_df.sum(axis=0, keepdims=True))
# + all_dl_dbiases.insert(0, dl_df.sum(axis=0, keepdims=False))

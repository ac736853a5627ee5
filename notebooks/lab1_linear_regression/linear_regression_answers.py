# %% [markdown]
# Known answers to `linear_regression.py`: right in other ways (`variant=`), wrong in known ways (`mistake=`, with the
# points that the task must earn by its rubric). "One sample" and "several samples" are half of each value's points in
# forward-pass, d-cost-d-output and backward-pass.
#
# These are written as students write, so a few rules are off:
# ruff: noqa: B905, B028, E731, RUF005, RUF059

# %% [markdown]
# ## forward-pass: net_output 2 (one sample 1, several samples 1)

# %% solution="forward-pass" variant="dot"
def forward_pass(net_input, weights, bias):
    return np.dot(net_input, weights) + bias


# %% solution="forward-pass" variant="einsum"
def forward_pass(X, w, b):
    return np.einsum("ij,jk->ik", X, w) + b.reshape(1, 1)


# %% solution="forward-pass" variant="loops-and-prints"
def forward_pass(net_input, weights, bias):
    net_output = []
    for sample in net_input:
        f = bias[0][0]
        for x, w in zip(sample, weights[:, 0]):
            f = f + x * w
        net_output.append([f])
    print("outputs:", len(net_output))
    return np.array(net_output)


# %% solution="forward-pass" variant="one-design-matrix-and-a-warning"
import warnings


def _with_ones(net_input):
    return np.concatenate([net_input, np.ones((net_input.shape[0], 1))], axis=1)


def forward_pass(net_input, weights, bias, verbose=False, **options):
    warnings.warn("written late at night")
    return _with_ones(net_input) @ np.vstack([weights, bias])


# %% solution="forward-pass" variant="float32"
def forward_pass(net_input, weights, bias):
    return (net_input.astype(np.float32) @ weights.astype(np.float32) + bias.astype(np.float32)).astype(np.float32)


# %% solution="forward-pass" variant="transposed-twice"
def forward_pass(net_input, weights, bias):
    weights_row = weights.T
    return (weights_row @ net_input.T + bias).T


# %% solution="forward-pass" mistake="bias-forgotten" score=0 from="dot"
# - return np.dot(net_input, weights) + bias
# + return net_input @ weights
# %% solution="forward-pass" mistake="bias-forgotten" score=0 from="solution"
# - net_output = net_input @ weights + bias
# + net_output = np.zeros((len(net_input), 1))
# + for i in range(len(net_input)):
# +     net_output[i, 0] = sum(net_input[i, j] * weights[j, 0] for j in range(len(weights)))

# %% solution="forward-pass" mistake="transposed" score=1 from="dot"
# - return np.dot(net_input, weights) + bias
# + return weights.T @ net_input.T + bias
# %% solution="forward-pass" mistake="transposed" score=1 from="dot"
# - return np.dot(net_input, weights) + bias
# + return np.array([[float(np.sum(x * weights[:, 0]) + bias[0, 0]) for x in net_input]])

# %% solution="forward-pass" mistake="operands-do-not-fit" score=0 from="dot"
# - return np.dot(net_input, weights) + bias
# + return weights @ net_input + bias
# %% solution="forward-pass" mistake="operands-do-not-fit" score=0 from="dot"
# - return np.dot(net_input, weights) + bias
# + return np.dot(weights.T, net_input) + bias

# %% solution="forward-pass" mistake="elementwise-product" score=0 from="dot"
# - return np.dot(net_input, weights) + bias
# + return net_input * weights.T + bias
# %% solution="forward-pass" mistake="elementwise-product" score=0 from="solution"
# - net_output = net_input @ weights + bias
# + net_output = np.empty_like(net_input)
# + for j in range(net_input.shape[1]):
# +     net_output[:, j] = net_input[:, j] * weights[j, 0] + bias[0, 0]

# %% solution="forward-pass" mistake="summed-over-samples" score=0 from="dot"
# - return np.dot(net_input, weights) + bias
# + return (net_input * weights.T).sum(axis=0)[:, None] + bias


# %% solution="forward-pass" mistake="summed-over-samples" score=0
def forward_pass(net_input, weights, bias):
    total = np.zeros(len(weights))
    for sample in net_input:
        for j, x in enumerate(sample):
            total[j] += x * weights[j, 0]
    return total + bias[0]


# %% solution="forward-pass" mistake="axis-lost" score=1 from="dot"
# - return np.dot(net_input, weights) + bias
# + return (net_input @ weights + bias).ravel()
# %% solution="forward-pass" mistake="axis-lost" score=1 from="dot"
# - return np.dot(net_input, weights) + bias
# + return np.array([x @ weights[:, 0] for x in net_input]) + bias[0, 0]


# %% solution="forward-pass" mistake="return-inside-the-loop" score=1
def forward_pass(net_input, weights, bias):
    net_output = np.zeros((len(net_input), 1))
    for i, x in enumerate(net_input):
        net_output[i] = x @ weights[:, 0] + bias[0, 0]
        return net_output


# %% solution="forward-pass" mistake="return-inside-the-loop" score=1
def forward_pass(net_input, weights, bias):
    outputs = []
    for x in net_input:
        outputs.append([np.dot(x, weights)[0] + bias[0, 0]])
        return np.array(outputs)


# %% solution="forward-pass" mistake="sign-of-the-bias" score=0 from="dot"
# - return np.dot(net_input, weights) + bias
# + return net_input @ weights - bias
# %% solution="forward-pass" mistake="sign-of-the-bias" score=0 from="dot"
# - return np.dot(net_input, weights) + bias
# + threshold = bias.item()
# + return np.array([[np.dot(x, weights[:, 0]) - threshold] for x in net_input])

# %% solution="forward-pass" mistake="bias-counted-for-every-feature" score=0 from="float32"
# - return (net_input.astype(np.float32) @ weights.astype(np.float32) + bias.astype(np.float32)).astype(np.float32)
# + return (net_input * weights.T + bias).sum(axis=1, keepdims=True)
# %% solution="forward-pass" mistake="bias-counted-for-every-feature" score=0 from="solution"
# - net_output = net_input @ weights + bias
# + I, D_i = net_input.shape
# + net_output = np.zeros((I, 1))
# + for i in range(I):
# +     for j in range(D_i):
# +         net_output[i, 0] += weights[j, 0] * net_input[i, j] + bias[0, 0]

# %% solution="forward-pass" mistake="mean-over-features" score=0 from="dot"
# - return np.dot(net_input, weights) + bias
# + return net_input @ weights / net_input.shape[1] + bias


# %% solution="forward-pass" mistake="mean-over-features" score=0
def forward_pass(net_input, weights, bias):
    outputs = []
    for sample in net_input:
        products = [x * w for x, w in zip(sample, weights.ravel())]
        outputs.append(np.mean(products) + bias.ravel())
    return np.array(outputs)


# %% solution="forward-pass" mistake="zeros" score=0 from="dot"
# - return np.dot(net_input, weights) + bias
# + return np.zeros((len(net_input), 1))
# %% solution="forward-pass" mistake="zeros" score=0 from="solution"
# - net_output = net_input @ weights + bias
# + net_output = 0 * net_input[:, [0]]
# + for row, x in zip(net_output, net_input):
# +     row = np.dot(x, weights) + bias

# %% solution="forward-pass" mistake="nothing-returned" score=0 from="solution"
# - return net_output


# %% solution="forward-pass" mistake="nothing-returned" score=0
def forward_pass(net_input, weights, bias):
    outputs = []
    for x in net_input:
        outputs.append(sum(x * weights[:, 0]) + bias[0])
    print(np.array(outputs))


# %% solution="forward-pass" mistake="name-missing" score=0 from="dot"
# - return np.dot(net_input, weights) + bias
# + return numpy.matmul(net_input, weights) + bias


# %% solution="forward-pass" mistake="name-missing" score=0
def forward(net_input, weights, bias):
    return net_input @ weights + bias


# %% [markdown]
# ## d-cost-d-output: dl_df 2 (one sample 1, several samples 1)


# %% solution="d-cost-d-output" variant="divided-by-size"
def d_cost_d_output(net_output, y):
    return (2 / y.size) * (net_output - y)


# %% solution="d-cost-d-output" variant="minus-minus"
def d_cost_d_output(f, target, n=None):
    n = n or f.shape[0]
    return -2.0 * (target - f) / n


# %% solution="d-cost-d-output" variant="loop"
def d_cost_d_output(net_output, y):
    slopes = []
    for f, t in zip(net_output, y):
        slopes.append([2 * (f[0] - t[0]) / len(net_output)])
    return np.array(slopes)


# %% solution="d-cost-d-output" variant="in-place"
def d_cost_d_output(net_output, y):
    net_output -= y
    net_output *= 2
    net_output /= len(y)
    return net_output


# %% solution="d-cost-d-output" variant="float32"
def d_cost_d_output(net_output, y):
    difference = np.float32(net_output) - np.float32(y)
    return (2 * difference / difference.shape[0]).astype("float32")


# %% solution="d-cost-d-output" mistake="mean-missing" score=1 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + return 2 * (net_output - y)


# %% solution="d-cost-d-output" mistake="mean-missing" score=1
def d_cost_d_output(net_output, y):
    slopes = np.zeros_like(y)
    for i in range(len(y)):
        slopes[i] = 2 * net_output[i] - 2 * y[i]
    return slopes


# %% solution="d-cost-d-output" mistake="mean-taken-twice" score=1 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + I = len(y)
# + return 2 * (net_output - y) / I / I
# %% solution="d-cost-d-output" mistake="mean-taken-twice" score=1 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + return np.array([np.mean([2 * (f - t)]) / len(y) ** 2 for f, t in zip(net_output, y)]).reshape(-1, 1)

# %% solution="d-cost-d-output" mistake="factor-2-missing" score=0 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + return (net_output - y) / len(y)
# %% solution="d-cost-d-output" mistake="factor-2-missing" score=0 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + n = net_output.shape[0]
# + return np.array([[(net_output[i, 0] - y[i, 0]) / n] for i in range(n)])

# %% solution="d-cost-d-output" mistake="factor-2-twice" score=0 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + return 4 * (net_output - y) / len(y)
# %% solution="d-cost-d-output" mistake="factor-2-twice" score=0 from="solution"
# - dl_df = 2 * (net_output - y) / len(y)
# + dl_df = np.empty(y.shape)
# + for i in range(len(y)):
# +     inner = 2 * net_output[i] - 2 * y[i]
# +     dl_df[i] = 2 * inner / len(y)

# %% solution="d-cost-d-output" mistake="sign" score=0 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + return 2 * (y - net_output) / len(y)
# %% solution="d-cost-d-output" mistake="sign" score=0 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + return -np.divide(2 * net_output - 2 * y, len(net_output))

# %% solution="d-cost-d-output" mistake="summed-over-samples" score=1 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + return 2 * np.mean(net_output - y)


# %% solution="d-cost-d-output" mistake="summed-over-samples" score=1
def d_cost_d_output(net_output, y):
    total = 0
    for f, t in zip(net_output, y):
        total = total + 2 * (f - t)
    return total / len(y)


# %% solution="d-cost-d-output" mistake="axis-lost" score=1 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + return (2 * (net_output - y) / len(y))[:, 0]
# %% solution="d-cost-d-output" mistake="axis-lost" score=1 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + return np.array([2 * float(f[0] - t[0]) / len(y) for f, t in zip(net_output, y)])

# %% solution="d-cost-d-output" mistake="loss-and-derivative-apart" score=0 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + return np.sign(net_output - y) / len(y)


# %% solution="d-cost-d-output" mistake="loss-and-derivative-apart" score=0
def d_cost_d_output(net_output, y):
    difference = net_output - y
    root_mean_square = np.sqrt(np.mean(difference**2))
    return difference / (len(y) * root_mean_square)


# %% solution="d-cost-d-output" mistake="square-not-differentiated" score=0 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + return 2 * (net_output - y) ** 2 / len(y)
# %% solution="d-cost-d-output" mistake="square-not-differentiated" score=0 from="loop"
# -     slopes.append([2 * (f[0] - t[0]) / len(net_output)])
# - return np.array(slopes)
# +     difference = f - t
# +     slopes.append(2 * difference * difference)
# + return np.array(slopes) / len(slopes)

# %% solution="d-cost-d-output" mistake="target-left-out" score=0 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + return 2 * net_output / len(y)


# %% solution="d-cost-d-output" mistake="target-left-out" score=0
def d_cost_d_output(net_output, y):
    d_square = lambda f: 2 * f
    n = net_output.shape[0]
    return np.array([d_square(f) / n for f in net_output])


# %% solution="d-cost-d-output" mistake="cost-returned" score=0 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + return least_squares_cost(net_output, y)
# %% solution="d-cost-d-output" mistake="cost-returned" score=0 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + error = net_output - y
# + return error.T @ error / error.shape[0]

# %% solution="d-cost-d-output" mistake="number-of-samples-from-elsewhere" score=0 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + return 2 * (net_output - y) / len(mpg)

# %% solution="d-cost-d-output" mistake="number-of-samples-from-elsewhere" score=0
I = 5


def d_cost_d_output(net_output, y):
    return np.array([[2 / I * (f - t)] for f, t in zip(net_output[:, 0], y[:, 0])])


# %% solution="d-cost-d-output" mistake="return-inside-the-loop" score=1
def d_cost_d_output(net_output, y):
    dl_df = np.zeros_like(y)
    for i in range(len(y)):
        dl_df[i] = 2 * (net_output[i] - y[i]) / len(y)
        return dl_df


# %% solution="d-cost-d-output" mistake="return-inside-the-loop" score=1
def d_cost_d_output(net_output, y):
    n, slopes = len(y), []
    for f, t in zip(net_output, y):
        slopes.append(2 / n * (f - t))
        return np.array(slopes)


# %% solution="d-cost-d-output" mistake="zeros" score=0 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + return np.zeros_like(net_output)
# %% solution="d-cost-d-output" mistake="zeros" score=0 from="solution"
# - dl_df = 2 * (net_output - y) / len(y)
# + dl_df = np.zeros((len(y), 1))
# + for slope, f, t in zip(dl_df, net_output, y):
# +     slope = 2 * (f - t) / len(y)

# %% solution="d-cost-d-output" mistake="nothing-returned" score=0 from="solution"
# - return dl_df


# %% solution="d-cost-d-output" mistake="nothing-returned" score=0
def d_cost_d_output(net_output, y):
    dl_df = []
    for i, f in enumerate(net_output):
        dl_df.append(2 * (f - y[i]) / y.size)
    dl_df = np.array(dl_df)
    print(dl_df)


# %% solution="d-cost-d-output" mistake="name-missing" score=0 from="divided-by-size"
# - return (2 / y.size) * (net_output - y)
# + return 2 * (net_output - y) / n_samples


# %% solution="d-cost-d-output" mistake="name-missing" score=0
def d_cost_d_output(prediction, target):
    return 2 * (net_outputs - target) / len(target)


# %% [markdown]
# ## local-derivatives: 1 point for each of the two functions


# %% solution="local-derivatives" variant="transpose-and-ones-like"
def df_dweights(net_input):
    return np.transpose(net_input)


def df_dbias(net_input):
    return np.ones_like(net_input[:, :1]).T


# %% solution="local-derivatives" variant="loops-and-lists"
def df_dweights(net_input):
    I, D_i = net_input.shape
    rows = []
    for j in range(D_i):
        rows.append([net_input[i, j] for i in range(I)])
    return rows


def df_dbias(net_input):
    return [[1 for _ in net_input]]


# %% solution="local-derivatives" variant="filled-in"
def df_dweights(x, copy=True):
    table = np.empty((x.shape[1], x.shape[0]))
    for i in range(x.shape[0]):
        table[:, i] = x[i]
    return table


def df_dbias(x):
    print("one for each of", len(x))
    return np.full((1, x.shape[0]), 1.0)


# %% solution="local-derivatives" variant="other-order-float32"
def df_dbias(net_input):
    return np.array([[1] * net_input.shape[0]], dtype=np.float32)


def df_dweights(net_input):
    return np.asarray(net_input, dtype=np.float32).swapaxes(0, 1)


# %% solution="local-derivatives" variant="list-of-columns"
def df_dweights(net_input):
    return np.array([net_input[:, j] for j in range(net_input.shape[1])])


def df_dbias(net_input):
    return np.ones((1, net_input.shape[0]))


# %% solution="local-derivatives" mistake="transposed" score=1 from="solution"
# - return net_input.T
# + return net_input
# %% solution="local-derivatives" mistake="transposed" score=1 from="list-of-columns"
# - return np.array([net_input[:, j] for j in range(net_input.shape[1])])
# + rows = []
# + for sample in net_input:
# +     rows.append(list(sample))
# + return np.array(rows)

# %% solution="local-derivatives" mistake="rows-and-columns-mixed-up" score=1 from="solution"
# - return np.ones((1, len(net_input)))
# + return np.ones((1, net_input.shape[1]))
# %% solution="local-derivatives" mistake="rows-and-columns-mixed-up" score=1 from="transpose-and-ones-like"
# - return np.transpose(net_input)
# + return net_input.transpose()
# - return np.ones_like(net_input[:, :1]).T
# + return np.array([[1.0 for feature in net_input[0]]])

# %% solution="local-derivatives" mistake="reshaped-instead-of-transposed" score=1 from="solution"
# - return net_input.T
# + return net_input.reshape(net_input.shape[1], net_input.shape[0])


# %% solution="local-derivatives" mistake="reshaped-instead-of-transposed" score=1
def df_dbias(net_input):
    return np.array([[1.0 for sample in net_input]])


def df_dweights(net_input):
    I, D_i = net_input.shape
    entries = list(net_input.flatten())
    return np.array([entries[j * I : (j + 1) * I] for j in range(D_i)])


# %% solution="local-derivatives" mistake="one-number-for-all-samples" score=1 from="solution"
# - return np.ones((1, len(net_input)))
# + return 1.0
# %% solution="local-derivatives" mistake="one-number-for-all-samples" score=1 from="list-of-columns"
# - return np.ones((1, net_input.shape[0]))
# + slope = [[1]]
# + return np.array(slope)

# %% solution="local-derivatives" mistake="bias-taken-for-a-constant" score=1 from="solution"
# - return np.ones((1, len(net_input)))
# + return np.zeros((1, len(net_input)))


# %% solution="local-derivatives" mistake="bias-taken-for-a-constant" score=1
def df_dweights(X):
    return np.swapaxes(X, 0, 1)


def df_dbias(X):
    slopes = [0] * len(X)
    return [slopes]


# %% solution="local-derivatives" mistake="summed-over-samples" score=0 from="solution"
# - return net_input.T
# + return net_input.sum(axis=0)[:, None]
# - return np.ones((1, len(net_input)))
# + return np.array([[len(net_input)]])


# %% solution="local-derivatives" mistake="summed-over-samples" score=0
def df_dweights(net_input):
    return sum(sample.reshape(-1, 1) for sample in net_input)


def df_dbias(net_input):
    total = 0
    for _ in net_input:
        total += 1
    return total


# %% solution="local-derivatives" mistake="mean-of-the-cost-taken-here-too" score=0 from="solution"
# - return net_input.T
# + return net_input.T / len(net_input)
# - return np.ones((1, len(net_input)))
# + return np.ones((1, len(net_input))) / len(net_input)


# %% solution="local-derivatives" mistake="mean-of-the-cost-taken-here-too" score=0
def df_dweights(net_input):
    I, D_i = net_input.shape
    table = np.zeros((D_i, I))
    for i in range(I):
        for j in range(D_i):
            table[j, i] = 1 / I * net_input[i, j]
    return table


def df_dbias(net_input):
    I = net_input.shape[0]
    return np.full((1, I), 1 / I)


# %% solution="local-derivatives" mistake="input-left-out" score=1 from="solution"
# - return net_input.T
# + return np.ones_like(net_input.T)


# %% solution="local-derivatives" mistake="input-left-out" score=1
def df_dweights(net_input):
    I, D_i = net_input.shape
    return np.array([[1.0] * I for j in range(D_i)])


def df_dbias(net_input):
    I, D_i = net_input.shape
    return np.array([[1.0] * I])


# %% solution="local-derivatives" mistake="not-written" score=1 from="solution"
# - return np.ones((1, len(net_input)))
# + raise NotImplementedError("Your turn: write this part, then run the cell again.")
# %% solution="local-derivatives" mistake="not-written" score=1 from="list-of-columns"
# - return np.array([net_input[:, j] for j in range(net_input.shape[1])])
# + raise NotImplementedError

# %% solution="local-derivatives" mistake="name-missing" score=1 from="solution"
# - return net_input.T
# + return X.T
# %% solution="local-derivatives" mistake="name-missing" score=1 from="transpose-and-ones-like"
# - return np.ones_like(net_input[:, :1]).T
# + return np.ones((1, I))

# %% [markdown]
# ## backward-pass: dl_dweights 2, dl_dbias 2 (each: one sample 1, several samples 1)


# %% solution="backward-pass" variant="dot-and-number"
def backward_pass(weights, bias, net_input, net_output, y):
    dl_df = d_cost_d_output(net_output, y)
    return np.dot(net_input.T, dl_df), np.sum(dl_df)


# %% solution="backward-pass" variant="tables-of-section-5"
def backward_pass(weights, bias, net_input, net_output, y):
    dl_df = d_cost_d_output(net_output, y)
    dl_dweights = df_dweights(net_input) @ dl_df
    dl_dbias = df_dbias(net_input) @ dl_df
    return dl_dweights, dl_dbias


# %% solution="backward-pass" variant="loops-bias-of-one-axis"
def backward_pass(weights, bias, net_input, net_output, y):
    dl_df = d_cost_d_output(net_output, y)
    dl_dweights, dl_dbias = np.zeros_like(weights), np.zeros(1)
    for i in range(len(y)):
        dl_dbias += dl_df[i]
        for j in range(len(weights)):
            dl_dweights[j, 0] += net_input[i, j] * dl_df[i, 0]
    return dl_dweights, dl_dbias


# %% solution="backward-pass" variant="written-out-without-the-first-line"
def backward_pass(weights, bias, net_input, net_output, y, check=False):
    error = net_output - y
    I = error.shape[0]
    print("mean error", error.mean())
    return 2 / I * np.einsum("ij,ik->jk", net_input, error), 2 * error.mean(axis=0)


# %% solution="backward-pass" variant="elementwise-then-summed"
def backward_pass(weights, bias, net_input, net_output, y):
    dl_df = d_cost_d_output(net_output, y)
    return [(net_input * dl_df).sum(axis=0).reshape(-1, 1), dl_df.sum(axis=0, keepdims=True)]


# %% solution="backward-pass" variant="bias-as-one-more-weight-float32"
def backward_pass(weights, bias, net_input, net_output, y):
    inputs = np.hstack([net_input, np.ones((len(net_input), 1))]).astype(np.float32)
    both = inputs.T @ np.asarray(d_cost_d_output(net_output, y), dtype=np.float32)
    return both[:-1], both[-1]


# %% solution="backward-pass" mistake="bias-not-summed" score=3 from="dot-and-number"
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + return net_input.T @ dl_df, dl_df
# %% solution="backward-pass" mistake="bias-not-summed" score=3 from="tables-of-section-5"
# - dl_dweights = df_dweights(net_input) @ dl_df
# - dl_dbias = df_dbias(net_input) @ dl_df
# + dl_dweights = sum(net_input[i].reshape(-1, 1) * dl_df[i] for i in range(len(y)))
# + dl_dbias = np.array([1.0 * slope for slope in dl_df])

# %% solution="backward-pass" mistake="bias-times-n" score=3 from="elementwise-then-summed"
# - return [(net_input * dl_df).sum(axis=0).reshape(-1, 1), dl_df.sum(axis=0, keepdims=True)]
# + return net_input.T @ dl_df, len(y) * dl_df.sum(axis=0, keepdims=True)
# %% solution="backward-pass" mistake="bias-times-n" score=3 from="dot-and-number"
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + dl_dbias = 0
# + for f, t in zip(net_output, y):
# +     dl_dbias = dl_dbias + 2 * (f - t)
# + return net_input.T @ dl_df, dl_dbias

# %% solution="backward-pass" mistake="weights-summed-bias-averaged" score=3 from="elementwise-then-summed"
# - return [(net_input * dl_df).sum(axis=0).reshape(-1, 1), dl_df.sum(axis=0, keepdims=True)]
# + return net_input.T @ dl_df, dl_df.mean(axis=0, keepdims=True)


# %% solution="backward-pass" mistake="weights-summed-bias-averaged" score=3
def backward_pass(weights, bias, net_input, net_output, y):
    error, n = net_output - y, len(y)
    dl_dweights = np.zeros((net_input.shape[1], 1))
    dl_dbias = 0.0
    for x, e in zip(net_input, error[:, 0]):
        dl_dweights[:, 0] += 2 * e * x / n
        dl_dbias += 2 * e / n / n
    return dl_dweights, dl_dbias


# %% solution="backward-pass" mistake="mean-missing" score=2 from="elementwise-then-summed"
# - dl_df = d_cost_d_output(net_output, y)
# - return [(net_input * dl_df).sum(axis=0).reshape(-1, 1), dl_df.sum(axis=0, keepdims=True)]
# + dl_df = 2 * (net_output - y)
# + return net_input.T @ dl_df, dl_df.sum(axis=0, keepdims=True)


# %% solution="backward-pass" mistake="mean-missing" score=2
def backward_pass(weights, bias, net_input, net_output, y):
    dl_dweights, dl_dbias = np.zeros_like(weights), np.zeros_like(bias)
    for i in range(len(y)):
        slope = d_cost_d_output(net_output[[i]], y[[i]])
        dl_dweights += slope * net_input[[i]].T
        dl_dbias += slope
    return dl_dweights, dl_dbias


# %% solution="backward-pass" mistake="mean-taken-twice" score=2 from="dot-and-number"
# - dl_df = d_cost_d_output(net_output, y)
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + dl_df = d_cost_d_output(net_output, y) / len(y)
# + return net_input.T @ dl_df, dl_df.sum()
# %% solution="backward-pass" mistake="mean-taken-twice" score=2 from="dot-and-number"
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + return (net_input * dl_df).mean(axis=0)[:, np.newaxis], np.mean(dl_df)

# %% solution="backward-pass" mistake="factor-2-missing" score=0 from="dot-and-number"
# - dl_df = d_cost_d_output(net_output, y)
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + error = (net_output - y) / len(y)
# + return net_input.T @ error, error.sum(keepdims=True)


# %% solution="backward-pass" mistake="factor-2-missing" score=0
def backward_pass(weights, bias, net_input, net_output, y):
    error = net_output - y
    dl_dweights = np.mean([x * e for x, e in zip(net_input, error)], axis=0)
    return dl_dweights.reshape(-1, 1), np.mean(error)


# %% solution="backward-pass" mistake="upstream-multiplied-in-twice" score=0 from="dot-and-number"
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + return net_input.T @ dl_df**2, (dl_df**2).sum()


# %% solution="backward-pass" mistake="upstream-multiplied-in-twice" score=0
def backward_pass(weights, bias, net_input, net_output, y):
    dl_dweights, dl_dbias = np.zeros_like(weights), 0.0
    for x, slope in zip(net_input, d_cost_d_output(net_output, y)[:, 0]):
        dl_dbias += slope * slope
        dl_dweights[:, 0] += slope * slope * x
    return dl_dweights, dl_dbias


# %% solution="backward-pass" mistake="sign" score=0 from="dot-and-number"
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + return -net_input.T @ dl_df, -dl_df.sum()
# %% solution="backward-pass" mistake="sign" score=0 from="dot-and-number"
# - dl_df = d_cost_d_output(net_output, y)
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + slope = 2 * (y - net_output) / y.shape[0]
# + return np.dot(net_input.T, slope), np.sum(slope, axis=0)

# %% solution="backward-pass" mistake="transposed" score=2 from="elementwise-then-summed"
# - return [(net_input * dl_df).sum(axis=0).reshape(-1, 1), dl_df.sum(axis=0, keepdims=True)]
# + return dl_df.T @ net_input, dl_df.sum(axis=0, keepdims=True)
# %% solution="backward-pass" mistake="transposed" score=2 from="dot-and-number"
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + dl_dweights = np.zeros((1, net_input.shape[1]))
# + for i in range(len(y)):
# +     dl_dweights += dl_df[i] * net_input[i]
# + return dl_dweights, np.sum(dl_df)

# %% solution="backward-pass" mistake="operands-do-not-fit" score=1 from="elementwise-then-summed"
# - return [(net_input * dl_df).sum(axis=0).reshape(-1, 1), dl_df.sum(axis=0, keepdims=True)]
# + return dl_df @ net_input, dl_df.sum(axis=0, keepdims=True)
# %% solution="backward-pass" mistake="operands-do-not-fit" score=1 from="solution"
# - dl_dweights = net_input.T @ dl_df
# - dl_dbias = dl_df.sum(axis=0, keepdims=True)
# + dl_dbias = dl_df.sum()
# + dl_dweights = np.matmul(dl_df, net_input)

# %% solution="backward-pass" mistake="elementwise-product" score=2 from="elementwise-then-summed"
# - return [(net_input * dl_df).sum(axis=0).reshape(-1, 1), dl_df.sum(axis=0, keepdims=True)]
# + return net_input * dl_df, dl_df.sum(axis=0, keepdims=True)
# %% solution="backward-pass" mistake="elementwise-product" score=3 from="dot-and-number"
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + return net_input.T * dl_df.T, dl_df.sum()

# %% solution="backward-pass" mistake="outer-product" score=3 from="dot-and-number"
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + return np.outer(net_input, dl_df), dl_df.sum()
# %% solution="backward-pass" mistake="outer-product" score=2 from="dot-and-number"
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + dl_dweights = np.outer(dl_df[:, 0], net_input.ravel())
# + return dl_dweights, dl_df.sum(axis=0, keepdims=True)

# %% solution="backward-pass" mistake="axis-lost" score=2 from="elementwise-then-summed"
# - return [(net_input * dl_df).sum(axis=0).reshape(-1, 1), dl_df.sum(axis=0, keepdims=True)]
# + return (net_input * dl_df).sum(axis=0), dl_df.sum(axis=0, keepdims=True)


# %% solution="backward-pass" mistake="axis-lost" score=2
def backward_pass(weights, bias, net_input, net_output, y):
    slopes = d_cost_d_output(net_output, y)
    D_i = net_input.shape[1]
    dl_dweights = np.array([net_input[:, j] @ slopes[:, 0] for j in range(D_i)])
    return dl_dweights, np.sum(slopes)


# %% solution="backward-pass" mistake="upstream-dropped" score=0
def backward_pass(weights, bias, net_input, net_output, y):
    return df_dweights(net_input) @ np.ones_like(y), df_dbias(net_input) @ np.ones_like(y)


# %% solution="backward-pass" mistake="upstream-dropped" score=0
def backward_pass(weights, bias, net_input, net_output, y):
    return net_input.mean(axis=0).reshape(-1, 1), np.ones((1, 1))


# %% solution="backward-pass" mistake="upstream-dropped" score=2 from="dot-and-number"
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + return net_input.T @ dl_df, np.ones_like(bias)

# %% solution="backward-pass" mistake="input-left-out" score=2 from="dot-and-number"
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + return np.ones_like(weights) * dl_df.sum(), dl_df.sum()


# %% solution="backward-pass" mistake="input-left-out" score=2
def backward_pass(weights, bias, net_input, net_output, y):
    slopes = d_cost_d_output(net_output, y)
    dl_dweights, dl_dbias = np.zeros((net_input.shape[1], 1)), np.zeros((1, 1))
    for i in range(net_input.shape[0]):
        dl_dbias += slopes[i]
        dl_dweights += slopes[i]
    return dl_dweights, dl_dbias


# %% solution="backward-pass" mistake="weights-in-place-of-the-input" score=2 from="elementwise-then-summed"
# - return [(net_input * dl_df).sum(axis=0).reshape(-1, 1), dl_df.sum(axis=0, keepdims=True)]
# + return weights * dl_df.sum(), dl_df.sum()
# %% solution="backward-pass" mistake="weights-in-place-of-the-input" score=2 from="dot-and-number"
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + table = np.repeat(weights, len(y), axis=1)
# + return table @ dl_df, np.ones((1, len(y))) @ dl_df

# %% solution="backward-pass" mistake="bias-slope-times-bias" score=2 from="dot-and-number"
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + return net_input.T @ dl_df, bias * dl_df.sum()


# %% solution="backward-pass" mistake="bias-slope-times-bias" score=2
def backward_pass(weights, bias, net_input, net_output, y):
    dl_dweights, dl_dbias = 0, 0
    for x, slope in zip(net_input, d_cost_d_output(net_output, y)):
        dl_dweights = dl_dweights + np.outer(x, slope)
        dl_dbias = dl_dbias + slope * bias
    return dl_dweights, dl_dbias


# %% solution="backward-pass" mistake="values-swapped" score=0 from="elementwise-then-summed"
# - return [(net_input * dl_df).sum(axis=0).reshape(-1, 1), dl_df.sum(axis=0, keepdims=True)]
# + return dl_df.sum(axis=0, keepdims=True), net_input.T @ dl_df


# %% solution="backward-pass" mistake="values-swapped" score=0
def backward_pass(weights, bias, net_input, net_output, y):
    inputs = np.column_stack([np.ones(len(net_input)), net_input])
    both = inputs.T @ d_cost_d_output(net_output, y)
    return both[:1], both[1:]


# %% solution="backward-pass" mistake="net-output-computed-anew" score=0 from="dot-and-number"
# - dl_df = d_cost_d_output(net_output, y)
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + dl_df = d_cost_d_output(forward_pass(net_input, weights, bias), y)
# + return net_input.T @ dl_df, dl_df.sum()
# %% solution="backward-pass" mistake="net-output-computed-anew" score=0 from="dot-and-number"
# - dl_df = d_cost_d_output(net_output, y)
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + slope = 2 * (net_input @ weights + bias - y) / len(y)
# + return np.einsum("ij,ik->jk", net_input, slope), slope.sum(axis=0)

# %% solution="backward-pass" mistake="return-inside-the-loop" score=2 from="dot-and-number"
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + dl_dweights, dl_dbias = np.zeros_like(weights), np.zeros_like(bias)
# + for i in range(len(y)):
# +     dl_dweights += net_input[[i]].T * dl_df[i]
# +     dl_dbias += dl_df[i]
# +     return dl_dweights, dl_dbias


# %% solution="backward-pass" mistake="return-inside-the-loop" score=2
def backward_pass(weights, bias, net_input, net_output, y):
    total_weights, total_bias = 0, 0
    for x, slope in zip(net_input, d_cost_d_output(net_output, y)):
        total_weights = total_weights + x[:, None] * slope
        total_bias = total_bias + slope
        return total_weights, total_bias


# %% solution="backward-pass" mistake="wrong-number-of-values" score=0
def backward_pass(weights, bias, net_input, net_output, y):
    return net_input.T @ d_cost_d_output(net_output, y)


# %% solution="backward-pass" mistake="wrong-number-of-values" score=0 from="dot-and-number"
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + dl_dweights = np.einsum("ij,ik->jk", net_input, dl_df)
# + dl_dbias = np.sum(dl_df, axis=0)
# + return dl_df, dl_dweights, dl_dbias


# %% solution="backward-pass" mistake="zeros" score=0
def backward_pass(weights, bias, net_input, net_output, y):
    return np.zeros_like(weights), np.zeros_like(bias)


# %% solution="backward-pass" mistake="zeros" score=0 from="tables-of-section-5"
# - dl_dweights = df_dweights(net_input) @ dl_df
# - dl_dbias = df_dbias(net_input) @ dl_df
# + dl_dweights, dl_dbias = np.zeros((net_input.shape[1], 1)), np.zeros((1, 1))
# + for i in range(len(y)):
# +     dl_dweights + net_input[i][:, None] * dl_df[i]
# +     dl_dbias + dl_df[i]

# %% solution="backward-pass" mistake="nothing-returned" score=0 from="solution"
# - dl_dbias = dl_df.sum(axis=0, keepdims=True)
# - return dl_dweights, dl_dbias
# + dl_dbias = dl_df.sum()


# %% solution="backward-pass" mistake="nothing-returned" score=0
def backward_pass(weights, bias, net_input, net_output, y):
    gradients = {"weights": np.zeros_like(weights), "bias": 0.0}
    for x, slope in zip(net_input, d_cost_d_output(net_output, y)[:, 0]):
        gradients["weights"] += slope * x.reshape(-1, 1)
        gradients["bias"] += slope
    print(gradients)


# %% solution="backward-pass" mistake="name-missing" score=0 from="dot-and-number"
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + return x_train.T @ dl_df, dl_df.sum()
# %% solution="backward-pass" mistake="name-missing" score=0 from="dot-and-number"
# - dl_df = d_cost_d_output(net_output, y)
# - return np.dot(net_input.T, dl_df), np.sum(dl_df)
# + dl_df = dcost_doutput(net_output, y)
# + return net_input.T @ dl_df, dl_df.sum()

# %% [markdown]
# ## update-parameters: weights 1, bias 1


# %% solution="update-parameters" variant="in-place"
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    weights -= alpha * dl_dweights
    bias -= alpha * dl_dbias
    return weights, bias


# %% solution="update-parameters" variant="added-with-a-minus"
def update_parameters(w, b, dw, db, lr=0.1):
    step = lambda value, slope: np.add(value, -lr * slope)
    return [step(w, dw), step(b, db)]


# %% solution="update-parameters" variant="loop"
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    for j in range(len(weights)):
        weights[j, 0] = weights[j, 0] - alpha * dl_dweights[j, 0]
    print("moved", len(weights), "weights")
    return weights, bias - alpha * np.reshape(dl_dbias, np.shape(bias))


# %% solution="update-parameters" variant="float32-and-extra-arguments"
import warnings


def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha, momentum=0.0, verbose=True):
    warnings.warn("momentum is not used")
    new = [
        np.float32(value) - np.float32(alpha) * np.float32(slope)
        for value, slope in ((weights, dl_dweights), (bias, dl_dbias))
    ]
    return tuple(new)


# %% solution="update-parameters" mistake="gradient-ascent" score=0
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    return weights + alpha * dl_dweights, bias + alpha * dl_dbias


# %% solution="update-parameters" mistake="gradient-ascent" score=0
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    for value, slope in ((weights, dl_dweights), (bias, dl_dbias)):
        value -= -alpha * slope
    return weights, bias


# %% solution="update-parameters" mistake="learning-rate-left-out" score=0
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    return weights - dl_dweights, bias - dl_dbias


# %% solution="update-parameters" mistake="learning-rate-left-out" score=0 from="in-place"
# - weights -= alpha * dl_dweights
# - bias -= alpha * dl_dbias
# + weights -= dl_dweights
# + bias -= dl_dbias


# %% solution="update-parameters" mistake="learning-rate-of-its-own" score=0
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    alpha = 0.001
    return weights - alpha * dl_dweights, bias - alpha * dl_dbias


# %% solution="update-parameters" mistake="learning-rate-of-its-own" score=0
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha, lr=0.1):
    new = [value - lr * slope for value, slope in ((weights, dl_dweights), (bias, dl_dbias))]
    return tuple(new)


# %% solution="update-parameters" mistake="multiplied-by-the-gradient" score=0
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    return weights * alpha * dl_dweights, bias * alpha * dl_dbias


# %% solution="update-parameters" mistake="multiplied-by-the-gradient" score=0 from="solution"
# - weights = weights - alpha * dl_dweights
# - bias = bias - alpha * dl_dbias
# + weights *= 1 - alpha * dl_dweights
# + bias *= 1 - alpha * dl_dbias


# %% solution="update-parameters" mistake="bias-forgotten" score=1
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    return weights - alpha * dl_dweights, bias


# %% solution="update-parameters" mistake="bias-forgotten" score=1 from="in-place"
# - bias -= alpha * dl_dbias
# + bias - alpha * dl_dbias

# %% solution="update-parameters" mistake="weights-forgotten" score=1 from="solution"
# - weights = weights - alpha * dl_dweights


# %% solution="update-parameters" mistake="weights-forgotten" score=1
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    new_weights = weights - alpha * dl_dweights
    new_bias = bias - alpha * dl_dbias
    return weights, new_bias


# %% solution="update-parameters" mistake="gradient-ascent" score=1
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    return weights - alpha * dl_dweights, bias + alpha * dl_dbias


# %% solution="update-parameters" mistake="learning-rate-left-out" score=1
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    return weights - alpha * dl_dweights, bias - dl_dbias


# %% solution="update-parameters" mistake="same-step-for-all-weights" score=1
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    return weights - alpha * dl_dweights.mean(), bias - alpha * dl_dbias


# %% solution="update-parameters" mistake="same-step-for-all-weights" score=1 from="in-place"
# - weights -= alpha * dl_dweights
# + for j in range(len(weights)):
# +     weights[j] -= alpha * dl_dweights[0]


# %% solution="update-parameters" mistake="step-in-place-of-parameters" score=0
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    return -alpha * dl_dweights, -alpha * dl_dbias


# %% solution="update-parameters" mistake="step-in-place-of-parameters" score=0 from="solution"
# - weights = weights - alpha * dl_dweights
# - bias = bias - alpha * dl_dbias
# + weights = -alpha * dl_dweights
# + bias = -alpha * dl_dbias


# %% solution="update-parameters" mistake="values-swapped" score=0
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    return bias - alpha * dl_dbias, weights - alpha * dl_dweights


# %% solution="update-parameters" mistake="values-swapped" score=0
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    parameters = {"bias": (bias, dl_dbias), "weights": (weights, dl_dweights)}
    return tuple(np.subtract(value, alpha * slope) for value, slope in parameters.values())


# %% solution="update-parameters" mistake="zeros" score=0
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    return np.zeros_like(weights), np.zeros_like(bias)


# %% solution="update-parameters" mistake="zeros" score=0
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    new_weights, new_bias = 0 * weights, 0 * bias
    for new, old, slope in ((new_weights, weights, dl_dweights), (new_bias, bias, dl_dbias)):
        new = old - alpha * slope
    return new_weights, new_bias


# %% solution="update-parameters" mistake="nothing-returned" score=0 from="in-place"
# - return weights, bias


# %% solution="update-parameters" mistake="nothing-returned" score=0
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    step = lambda value, slope: value - alpha * slope
    new = step(weights, dl_dweights), step(bias, dl_dbias)
    print("weights", new[0].ravel(), "bias", new[1])


# %% solution="update-parameters" mistake="name-missing" score=0
def update_parameters(weights, bias, dl_dweights, dl_dbias, alpha):
    return weights - learning_rate * dl_dweights, bias - learning_rate * dl_dbias


# %% solution="update-parameters" mistake="name-missing" score=0
def update(weights, bias, dl_dweights, dl_dbias, alpha):
    return weights - alpha * dl_dweights, bias - alpha * dl_dbias


# %% [markdown]
# ## train-model: train_costs 2, weights 1, bias 1


# %% solution="train-model" variant="cost-after-each-step"
def train_model(x_train, y_train, iterations, alpha):
    weights, bias = initialize(x_train.shape[1])
    net_output = forward_pass(x_train, weights, bias)
    train_costs = np.zeros(iterations)
    for k in range(iterations):
        gradient = backward_pass(weights, bias, x_train, net_output, y_train)
        weights, bias = update_parameters(weights, bias, *gradient, alpha)
        net_output = forward_pass(x_train, weights, bias)
        train_costs[k] = least_squares_cost(net_output, y_train)
    return train_costs, weights, bias


# %% solution="train-model" variant="cost-at-both-ends"
def train_model(x_train, y_train, iterations, alpha, verbose=False):
    weights, bias = initialize(np.shape(x_train)[1])
    cost = lambda: float(least_squares_cost(forward_pass(x_train, weights, bias), y_train))
    train_costs = [cost()]
    while len(train_costs) <= iterations:
        net_output = forward_pass(x_train, weights, bias)
        dl_dw, dl_db = backward_pass(weights, bias, x_train, net_output, y_train)
        weights, bias = update_parameters(weights, bias, dl_dw, dl_db, alpha)
        train_costs += [cost()]
    return train_costs, weights, bias


# %% solution="train-model" variant="costs-in-a-column-and-prints"
def train_model(X, Y, n, lr):
    w, b = initialize(X.shape[1])
    costs = np.empty((n, 1))
    for k in range(n):
        f = forward_pass(X, w, b)
        costs[k] = least_squares_cost(f, Y)
        if k % 10 == 0:
            print("iteration", k, "cost", costs[k, 0])
        dw, db = backward_pass(w, b, X, f, Y)
        w, b = update_parameters(w, b, dw, db, lr)
    return costs, w, b


# %% solution="train-model" variant="written-out"
def train_model(x_train, y_train, iterations, alpha):
    I, D_i = x_train.shape
    weights, bias = initialize(D_i)
    train_costs = []
    for _ in range(iterations):
        error = x_train @ weights + bias - y_train
        train_costs.append((error**2).sum() / I)
        weights, bias = weights - alpha * 2 / I * x_train.T @ error, bias - alpha * 2 * error.mean()
    return [train_costs, weights, bias]


# %% solution="train-model" variant="helper-and-in-place"
def _step(x, y, parameters, alpha):
    net_output = forward_pass(x, *parameters)
    gradients = backward_pass(*parameters, x, net_output, y)
    for parameter, new in zip(parameters, update_parameters(*parameters, *gradients, alpha)):
        parameter[...] = new
    return least_squares_cost(net_output, y)


def train_model(x_train, y_train, iterations, alpha):
    parameters = [np.array(first) for first in initialize(x_train.shape[1])]
    train_costs = [_step(x_train, y_train, parameters, alpha) for _ in range(iterations)]
    return train_costs, *parameters


# %% solution="train-model" variant="update-written-out-float32"
import warnings


def train_model(x_train, y_train, iterations, alpha, dtype=np.float32):
    warnings.warn("half the digits")
    x, y = x_train.astype(dtype), y_train.astype(dtype)
    weights, bias = (first.astype(dtype) for first in initialize(x.shape[1]))
    train_costs = np.zeros(iterations, dtype=dtype)
    for k in range(iterations):
        f = forward_pass(x, weights, bias)
        train_costs[k] = least_squares_cost(f, y)
        dw, db = backward_pass(weights, bias, x, f, y)
        weights = (weights - alpha * dw).astype(dtype)
        bias = (bias - alpha * db).astype(dtype)
    return train_costs, weights, bias


# %% solution="train-model" variant="gradient-as-one"
def train_model(x_train, y_train, iterations, alpha):
    weights, bias = initialize(x_train.shape[1])
    train_costs = []
    for _ in range(iterations):
        net_output = forward_pass(x_train, weights, bias)
        train_costs.append(least_squares_cost(net_output, y_train))
        gradient = backward_pass(weights, bias, x_train, net_output, y_train)
        weights, bias = update_parameters(weights, bias, *gradient, alpha)
    return train_costs, weights, bias


# %% solution="train-model" variant="short-names"
def train_model(x_train, y_train, iterations, alpha):
    w, b = initialize(x_train.shape[1])
    train_costs = []
    for _ in range(iterations):
        f = forward_pass(x_train, w, b)
        train_costs.append(least_squares_cost(f, y_train))
        w, b = update_parameters(w, b, *backward_pass(w, b, x_train, f, y_train), alpha)
    return train_costs, w, b


# %% solution="train-model" variant="costs-in-a-column"
def train_model(x_train, y_train, iterations, alpha):
    w, b = initialize(x_train.shape[1])
    costs = np.empty((iterations, 1))
    for k in range(iterations):
        f = forward_pass(x_train, w, b)
        costs[k] = least_squares_cost(f, y_train)
        dw, db = backward_pass(w, b, x_train, f, y_train)
        w, b = update_parameters(w, b, dw, db, alpha)
    return costs, w, b


# %% solution="train-model" mistake="return-inside-the-loop" score=0 from="solution"
# - return train_costs, weights, bias
# +     return train_costs, weights, bias


# %% solution="train-model" mistake="return-inside-the-loop" score=0
def train_model(x_train, y_train, iterations, alpha):
    weights, bias = initialize(x_train.shape[1])
    k, train_costs = 0, []
    while k < iterations:
        k += 1
        f = forward_pass(x_train, weights, bias)
        weights, bias = update_parameters(weights, bias, *backward_pass(weights, bias, x_train, f, y_train), alpha)
        train_costs.append(least_squares_cost(forward_pass(x_train, weights, bias), y_train))
        return np.array(train_costs), weights, bias


# %% solution="train-model" mistake="forward-pass-outside-the-loop" score=0 from="solution"
#   train_costs = []
# + net_output = forward_pass(x_train, weights, bias)
# - net_output = forward_pass(x_train, weights, bias)


# %% solution="train-model" mistake="forward-pass-outside-the-loop" score=0
def train_model(x_train, y_train, iterations, alpha):
    w, b = initialize(x_train.shape[1])
    error = x_train @ w + b - y_train
    costs = np.zeros(iterations)
    for k in range(iterations):
        costs[k] = np.mean(error**2)
        w = w - alpha * 2 * x_train.T @ error / len(error)
        b = b - alpha * 2 * error.mean()
    return costs, w, b


# %% solution="train-model" mistake="loop-never-runs" score=0 from="gradient-as-one"
# - for _ in range(iterations):
# + while len(train_costs) > iterations:


# %% solution="train-model" mistake="loop-never-runs" score=0
def train_model(x_train, y_train, iterations, alpha):
    w, b = initialize(x_train.shape[1])
    costs = []
    for _ in range(iterations, 0):
        f = forward_pass(x_train, w, b)
        costs += [least_squares_cost(f, y_train)]
        dw, db = backward_pass(w, b, x_train, f, y_train)
        w, b = update_parameters(w, b, dw, db, alpha)
    return np.array(costs), w, b


# %% solution="train-model" mistake="gradient-outside-the-loop" score=0 from="gradient-as-one"
#   train_costs = []
# + gradient = backward_pass(weights, bias, x_train, forward_pass(x_train, weights, bias), y_train)
# - net_output = forward_pass(x_train, weights, bias)
# - train_costs.append(least_squares_cost(net_output, y_train))
# - gradient = backward_pass(weights, bias, x_train, net_output, y_train)
# + train_costs.append(least_squares_cost(forward_pass(x_train, weights, bias), y_train))
# %% solution="train-model" mistake="gradient-outside-the-loop" score=0 from="short-names"
#   w, b = initialize(x_train.shape[1])
# + f = forward_pass(x_train, w, b)
# + dw, db = backward_pass(w, b, x_train, f, y_train)
# - for _ in range(iterations):
# + while len(train_costs) < iterations:
# +     w, b = w - alpha * dw, b - alpha * db
# - w, b = update_parameters(w, b, *backward_pass(w, b, x_train, f, y_train), alpha)

# %% solution="train-model" mistake="learning-rate-left-out" score=0 from="solution"
# - weights, bias = update_parameters(weights, bias, dl_dweights, dl_dbias, alpha)
# + weights, bias = update_parameters(weights, bias, dl_dweights, dl_dbias, 1)


# %% solution="train-model" mistake="learning-rate-left-out" score=0
def train_model(x_train, y_train, iterations, alpha):
    weights, bias = initialize(x_train.shape[1])
    train_costs = []
    for _ in range(iterations):
        f = forward_pass(x_train, weights, bias)
        train_costs += [least_squares_cost(f, y_train)]
        dw, db = backward_pass(weights, bias, x_train, f, y_train)
        weights = weights - dw
        bias = bias - db
    return train_costs, weights, bias


# %% solution="train-model" mistake="gradient-ascent" score=0 from="gradient-as-one"
# - weights, bias = update_parameters(weights, bias, *gradient, alpha)
# + weights, bias = update_parameters(weights, bias, *gradient, -alpha)
# %% solution="train-model" mistake="gradient-ascent" score=0 from="solution"
# - dl_dweights, dl_dbias = backward_pass(weights, bias, x_train, net_output, y_train)
# - weights, bias = update_parameters(weights, bias, dl_dweights, dl_dbias, alpha)
# + dw, db = backward_pass(weights, bias, x_train, net_output, y_train)
# + weights, bias = weights + alpha * dw, bias + alpha * db

# %% solution="train-model" mistake="step-not-kept" score=0 from="solution"
# - weights, bias = update_parameters(weights, bias, dl_dweights, dl_dbias, alpha)
# + new_weights, new_bias = update_parameters(weights, bias, dl_dweights, dl_dbias, alpha)
# %% solution="train-model" mistake="step-not-kept" score=0 from="costs-in-a-column"
# - dw, db = backward_pass(w, b, x_train, f, y_train)
# - w, b = update_parameters(w, b, dw, db, alpha)
# + update_parameters(w, b, *backward_pass(w, b, x_train, f, y_train), alpha)

# %% solution="train-model" mistake="initialised-in-every-iteration" score=0 from="gradient-as-one"
# - weights, bias = initialize(x_train.shape[1])
#
#   for _ in range(iterations):
# +     weights, bias = initialize(x_train.shape[1])


# %% solution="train-model" mistake="initialised-in-every-iteration" score=0
def _iteration(x, y, alpha):
    w, b = initialize(x.shape[1])
    f = forward_pass(x, w, b)
    dw, db = backward_pass(w, b, x, f, y)
    return least_squares_cost(f, y), update_parameters(w, b, dw, db, alpha)


def train_model(x_train, y_train, iterations, alpha):
    train_costs = []
    for _ in range(iterations):
        cost, (weights, bias) = _iteration(x_train, y_train, alpha)
        train_costs += [cost]
    return train_costs, weights, bias


# %% solution="train-model" mistake="already-changed-weights" score=0 from="solution"
# - weights, bias = update_parameters(weights, bias, dl_dweights, dl_dbias, alpha)
# + weights, _ = update_parameters(weights, bias, dl_dweights, dl_dbias, alpha)
# + net_output = forward_pass(x_train, weights, bias)
# + dl_dweights, dl_dbias = backward_pass(weights, bias, x_train, net_output, y_train)
# + _, bias = update_parameters(weights, bias, dl_dweights, dl_dbias, alpha)
# %% solution="train-model" mistake="already-changed-weights" score=0 from="short-names"
# - w, b = update_parameters(w, b, *backward_pass(w, b, x_train, f, y_train), alpha)
# + w = w - alpha * backward_pass(w, b, x_train, f, y_train)[0]
# + b = b - alpha * backward_pass(w, b, x_train, forward_pass(x_train, w, b), y_train)[1]

# %% solution="train-model" mistake="bias-forgotten" score=0 from="gradient-as-one"
# - weights, bias = update_parameters(weights, bias, *gradient, alpha)
# + weights = update_parameters(weights, bias, *gradient, alpha)[0]
# %% solution="train-model" mistake="bias-forgotten" score=0 from="solution"
# - net_output = forward_pass(x_train, weights, bias)
# + net_output = forward_pass(x_train, weights, 0 * bias)
# - dl_dweights, dl_dbias = backward_pass(weights, bias, x_train, net_output, y_train)
# - weights, bias = update_parameters(weights, bias, dl_dweights, dl_dbias, alpha)
# + dw, _ = backward_pass(weights, bias, x_train, net_output, y_train)
# + weights = weights - alpha * dw

# %% solution="train-model" mistake="first-parameters-returned" score=2 from="solution"
#   train_costs = []
# + w, b = weights, bias
# - net_output = forward_pass(x_train, weights, bias)
# + net_output = forward_pass(x_train, w, b)
# - dl_dweights, dl_dbias = backward_pass(weights, bias, x_train, net_output, y_train)
# - weights, bias = update_parameters(weights, bias, dl_dweights, dl_dbias, alpha)
# + w, b = update_parameters(w, b, *backward_pass(w, b, x_train, net_output, y_train), alpha)


# %% solution="train-model" mistake="first-parameters-returned" score=2
def train_model(x_train, y_train, iterations, alpha):
    weights, bias = initialize(x_train.shape[1])

    def descend(weights, bias):
        for _ in range(iterations):
            f = forward_pass(x_train, weights, bias)
            dw, db = backward_pass(weights, bias, x_train, f, y_train)
            weights, bias = update_parameters(weights, bias, dw, db, alpha)
            yield least_squares_cost(forward_pass(x_train, weights, bias), y_train)

    return list(descend(weights, bias)), weights, bias


# %% solution="train-model" mistake="only-the-last-cost" score=2 from="gradient-as-one"
# - train_costs = []
#
# - train_costs.append(least_squares_cost(net_output, y_train))
# + train_costs = least_squares_cost(net_output, y_train)
# %% solution="train-model" mistake="only-the-last-cost" score=2 from="gradient-as-one"
# - train_costs = []
#
#   for _ in range(iterations):
# +     train_costs = []

# %% solution="train-model" mistake="another-cost-kept" score=2 from="gradient-as-one"
# - train_costs.append(least_squares_cost(net_output, y_train))
# + train_costs.append(np.abs(net_output - y_train).mean())
# %% solution="train-model" mistake="another-cost-kept" score=2 from="costs-in-a-column"
# - costs = np.empty((iterations, 1))
# + train_costs = np.zeros(iterations)
# - costs[k] = least_squares_cost(f, y_train)
#
# - return costs, w, b
# +     train_costs[k] = np.sqrt(least_squares_cost(f, y_train))
# + return train_costs, w, b

# %% solution="train-model" mistake="mean-taken-twice" score=2 from="gradient-as-one"
# - train_costs.append(least_squares_cost(net_output, y_train))
# + train_costs.append(least_squares_cost(net_output, y_train) / len(y_train))
# %% solution="train-model" mistake="mean-taken-twice" score=0 from="solution"
# - dl_dweights, dl_dbias = backward_pass(weights, bias, x_train, net_output, y_train)
# - weights, bias = update_parameters(weights, bias, dl_dweights, dl_dbias, alpha)
# + dw, db = backward_pass(weights, bias, x_train, net_output, y_train)
# + weights, bias = update_parameters(weights, bias, dw / len(x_train), db / len(x_train), alpha)

# %% solution="train-model" mistake="one-step-too-few" score=0 from="gradient-as-one"
# - for _ in range(iterations):
# + for _ in range(1, iterations):


# %% solution="train-model" mistake="one-step-too-few" score=2
def train_model(x_train, y_train, iterations, alpha):
    w, b = initialize(x_train.shape[1])
    f = forward_pass(x_train, w, b)
    costs = [least_squares_cost(f, y_train)]
    while len(costs) < iterations:
        dw, db = backward_pass(w, b, x_train, f, y_train)
        w, b = update_parameters(w, b, dw, db, alpha)
        f = forward_pass(x_train, w, b)
        costs.append(least_squares_cost(f, y_train))
    return costs, w, b


# %% solution="train-model" mistake="one-step-too-many" score=2 from="gradient-as-one"
#   def train_model(x_train, y_train, iterations, alpha):
# +     # iterations + 1 costs before the steps are the same numbers as the costs at both ends: they are right
# - for _ in range(iterations):
# + for _ in range(iterations + 1):


# %% solution="train-model" mistake="one-step-too-many" score=0
def train_model(x_train, y_train, iterations, alpha):
    w, b = initialize(x_train.shape[1])
    k, costs = 0, []
    while k <= iterations:
        dw, db = backward_pass(w, b, x_train, forward_pass(x_train, w, b), y_train)
        w, b = update_parameters(w, b, dw, db, alpha)
        costs.append(least_squares_cost(forward_pass(x_train, w, b), y_train))
        k += 1
    return np.array(costs), w, b


# %% solution="train-model" mistake="one-sample-only" score=0
def train_model(x_train, y_train, iterations, alpha):
    weights, bias = initialize(x_train.shape[1])
    train_costs = []
    for k in range(iterations):
        x, y = x_train[[k % len(x_train)]], y_train[[k % len(y_train)]]
        net_output = forward_pass(x, weights, bias)
        train_costs.append(least_squares_cost(net_output, y))
        weights, bias = update_parameters(weights, bias, *backward_pass(weights, bias, x, net_output, y), alpha)
    return train_costs, weights, bias


# %% solution="train-model" mistake="one-sample-only" score=0
def train_model(x_train, y_train, iterations, alpha):
    w, b = initialize(x_train.shape[1])
    x, y = x_train[0].reshape(1, -1), y_train[0].reshape(1, 1)
    costs = np.zeros(iterations)
    for k in range(iterations):
        error = x @ w + b - y
        costs[k] = error.item() ** 2
        w = w - alpha * 2 * x.T @ error
        b = b - alpha * 2 * error
    return costs, w, b


# %% solution="train-model" mistake="arguments-ignored" score=0
def train_model(x_train, y_train, iterations, alpha):
    weights, bias = initialize(x_hp.shape[1])
    train_costs = []
    for _ in range(iterations):
        net_output = forward_pass(x_hp, weights, bias)
        train_costs.append(least_squares_cost(net_output, mpg))
        weights, bias = update_parameters(weights, bias, *backward_pass(weights, bias, x_hp, net_output, mpg), alpha)
    return train_costs, weights, bias


# %% solution="train-model" mistake="arguments-ignored" score=0
def train_model(x_train, y_train, iterations, alpha):
    cars_in, miles = normalise(table), mpg
    w, b = initialize(len(features))
    train_costs = np.empty(iterations)
    for k in range(iterations):
        f = forward_pass(cars_in, w, b)
        w, b = update_parameters(w, b, *backward_pass(w, b, cars_in, f, miles), alpha)
        train_costs[k] = least_squares_cost(f, miles)
    return train_costs, w, b


# %% solution="train-model" mistake="first-parameters-of-its-own" score=0 from="gradient-as-one"
# - weights, bias = initialize(x_train.shape[1])
# + weights, bias = np.zeros((x_train.shape[1], 1)), np.zeros((1, 1))
# %% solution="train-model" mistake="first-parameters-of-its-own" score=0 from="costs-in-a-column"
# - w, b = initialize(x_train.shape[1])
# - costs = np.empty((iterations, 1))
# + rng = np.random.default_rng(42)
# + w, b = 0.1 * rng.normal(size=(x_train.shape[1], 1)), np.zeros((1, 1))
# + costs = np.zeros(iterations)

# %% solution="train-model" mistake="values-swapped" score=0 from="gradient-as-one"
# - return train_costs, weights, bias
# + return weights, bias, train_costs
# %% solution="train-model" mistake="values-swapped" score=2 from="costs-in-a-column"
# - costs = np.empty((iterations, 1))
# + costs = np.zeros((iterations, 1))
# - costs[k] = least_squares_cost(f, y_train)
# + costs[k, 0] = least_squares_cost(f, y_train)
# - return costs, w, b
# + return costs, b, w


# %% solution="train-model" mistake="zeros" score=0
def train_model(x_train, y_train, iterations, alpha):
    return np.zeros(iterations), np.zeros((x_train.shape[1], 1)), np.zeros((1, 1))


# %% solution="train-model" mistake="zeros" score=0
def train_model(x_train, y_train, iterations, alpha):
    weights, bias = initialize(x_train.shape[1])
    train_costs = [0 for _ in range(iterations)]
    return train_costs, 0 * weights, 0 * bias


# %% solution="train-model" mistake="nothing-returned" score=0 from="gradient-as-one"
# - train_costs = []
#
# - train_costs.append(least_squares_cost(net_output, y_train))
#
# - return train_costs, weights, bias


# %% solution="train-model" mistake="nothing-returned" score=0
def train_model(x_train, y_train, iterations, alpha):
    w, b = initialize(x_train.shape[1])
    k, costs = 0, []
    while k < iterations:
        error = x_train @ w + b - y_train
        costs.append(float(np.mean(error**2)))
        w = w - 2 * alpha * x_train.T @ error / len(error)
        b = b - 2 * alpha * error.mean()
        k += 1
    print(costs, w, b)


# %% solution="train-model" mistake="name-missing" score=0 from="gradient-as-one"
# - train_costs = []
# %% solution="train-model" mistake="name-missing" score=0 from="short-names"
# - w, b = initialize(x_train.shape[1])
# + w, b = initialise(x_train.shape[1])

# %% [markdown]
# ## fit-mpg: costs 1, weights 0.5, bias 0.5 (each: horsepower half, all seven half)
#
# Normalised features have mean 0, so the bias goes to the mean of mpg at its own pace, whatever the features are: after
# 100 iterations at 0.1 it is right even where they are the wrong ones.

# %% solution="fit-mpg" variant="loop-over-both"
fitted = {}
for label, x in (("hp", x_hp), ("all", x_all)):
    fitted[label] = train_model(x, mpg, 100, 0.1)
    print(label, "final cost", round(float(np.ravel(fitted[label][0])[-1]), 2))
(costs_hp, weights_hp, bias_hp), (costs_all, weights_all, bias_all) = fitted["hp"], fitted["all"]

# %% solution="fit-mpg" variant="normalised-again-from-the-table"
strength = table[:, 2].reshape(-1, 1)
alpha, iterations = 0.1, 100
costs_hp, weights_hp, bias_hp = train_model((strength - np.mean(strength)) / np.std(strength), mpg, iterations, alpha)
costs_all, weights_all, bias_all = train_model(normalise(table), mpg, iterations, alpha)

# %% solution="fit-mpg" variant="from-the-cars-themselves"
import warnings

warnings.warn("these cars are old")
y = np.array([float(car["mpg"]) for car in cars])[:, np.newaxis]
costs_all, weights_all, bias_all = train_model(x_train=x_all, y_train=y, iterations=100, alpha=1e-1)
costs_hp, weights_hp, bias_hp = train_model(x_train=x_all[:, 2:3], y_train=y, iterations=100, alpha=1e-1)
costs_hp, costs_all = np.array(costs_hp), list(costs_all)

# %% solution="fit-mpg" mistake="not-normalised" score=0
with np.errstate(all="ignore"):
    costs_hp, weights_hp, bias_hp = train_model(table[:, [2]], mpg, 100, 0.1)
    costs_all, weights_all, bias_all = train_model(table, mpg, 100, 0.1)

# %% solution="fit-mpg" mistake="not-normalised" score=0
raw = [np.array([[float(car[name]) for name in chosen] for car in cars]) for chosen in (["hp"], features)]
costs_hp, weights_hp, bias_hp = train_model(raw[0], mpg, 100, 1e-5)
costs_all, weights_all, bias_all = train_model(raw[1], mpg, 100, 1e-8)

# %% solution="fit-mpg" mistake="name-missing" score=1
costs_hp, weights_hp, bias_hp = train_model(x_hp, mpg, 100, 0.1)

# %% solution="fit-mpg" mistake="one-fit-for-both" score=1.25
costs_all, weights_all, bias_all = train_model(x_all, mpg, 100, 0.1)
costs_hp, weights_hp, bias_hp = costs_all, weights_all, bias_all

# %% solution="fit-mpg" mistake="one-fit-for-both" score=1.25
costs_hp, weights_hp, bias_hp = train_model(x_train=x_hp, y_train=mpg, iterations=100, alpha=0.1)
costs_all, weights_all, bias_all = train_model(x_train=x_hp, y_train=mpg, iterations=100, alpha=0.1)

# %% solution="fit-mpg" mistake="wrong-column" score=1.25 from="solution"
# - costs_hp, weights_hp, bias_hp = train_model(x_hp, mpg, 100, 0.1)
# + costs_hp, weights_hp, bias_hp = train_model(x_all[:, [3]], mpg, 100, 0.1)

# %% solution="fit-mpg" mistake="wrong-column" score=1.25
chosen = table[:, features.index("displ")].reshape(-1, 1)
fits = [train_model(x, mpg, 100, 0.1) for x in (normalise(chosen), x_all)]
(costs_hp, weights_hp, bias_hp), (costs_all, weights_all, bias_all) = fits

# %% solution="fit-mpg" mistake="another-learning-rate" score=0
costs_hp, weights_hp, bias_hp = train_model(x_hp, mpg, 100, 0.01)
costs_all, weights_all, bias_all = train_model(x_all, mpg, 100, 0.01)

# %% solution="fit-mpg" mistake="another-learning-rate" score=0
settings = {"y_train": mpg, "iterations": 100, "alpha": 1e-3}
costs_all, weights_all, bias_all = train_model(x_all, **settings)
costs_hp, weights_hp, bias_hp = train_model(x_hp, **settings)

# %% solution="fit-mpg" mistake="too-few-iterations" score=0
costs_hp, weights_hp, bias_hp = train_model(x_hp, mpg, 10, 0.1)
costs_all, weights_all, bias_all = train_model(x_all, mpg, 10, 0.1)

# %% solution="fit-mpg" mistake="too-few-iterations" score=0
iterations, alpha = 20, 0.1
fitted = {}
for label, x in {"hp": x_hp, "all": x_all}.items():
    fitted[label] = train_model(x, mpg, iterations, alpha)
costs_hp, weights_hp, bias_hp = fitted["hp"]
costs_all, weights_all, bias_all = fitted["all"]

# %% solution="fit-mpg" mistake="too-many-iterations" score=0.75
# horsepower alone has long arrived: its weight and bias are right, its costs too many
costs_hp, weights_hp, bias_hp = train_model(x_hp, mpg, 1000, 0.1)
costs_all, weights_all, bias_all = train_model(x_all, mpg, 1000, 0.1)

# %% solution="fit-mpg" mistake="too-many-iterations" score=1.25
fit = lambda x, iterations: train_model(x, mpg, iterations, 0.1)
costs_hp, weights_hp, bias_hp = fit(x_hp, 100)
costs_all, weights_all, bias_all = fit(x_all, 500)

# %% solution="fit-mpg" mistake="targets-normalised-too" score=0
costs_hp, weights_hp, bias_hp = train_model(x_hp, normalise(mpg), 100, 0.1)
costs_all, weights_all, bias_all = train_model(x_all, normalise(mpg), 100, 0.1)

# %% solution="fit-mpg" mistake="targets-normalised-too" score=0
data = normalise(np.column_stack([table, mpg]))
x, y = data[:, :-1], data[:, -1:]
costs_hp, weights_hp, bias_hp = train_model(x[:, 2:3], y, 100, 0.1)
costs_all, weights_all, bias_all = train_model(x, y, 100, 0.1)

# %% solution="fit-mpg" mistake="values-swapped" score=0
weights_hp, bias_hp, costs_hp = train_model(x_hp, mpg, 100, 0.1)
weights_all, bias_all, costs_all = train_model(x_all, mpg, 100, 0.1)

# %% solution="fit-mpg" mistake="values-swapped" score=1
fits = [train_model(x, mpg, 100, 0.1) for x in (x_hp, x_all)]
costs_hp, bias_hp, weights_hp = fits[0]
costs_all, bias_all, weights_all = fits[1]

# %% solution="fit-mpg" mistake="only-the-last-cost" score=1 from="solution"
#   costs_all, weights_all, bias_all = train_model(x_all, mpg, 100, 0.1)
# + costs_hp, costs_all = costs_hp[-1], costs_all[-1]

# %% solution="fit-mpg" mistake="only-the-last-cost" score=1
_, weights_hp, bias_hp = train_model(x_hp, mpg, 100, 0.1)
costs_hp = least_squares_cost(forward_pass(x_hp, weights_hp, bias_hp), mpg)
_, weights_all, bias_all = train_model(x_all, mpg, 100, 0.1)
costs_all = least_squares_cost(forward_pass(x_all, weights_all, bias_all), mpg)

# %% solution="fit-mpg" mistake="target-among-the-features" score=1.25 from="solution"
# - costs_all, weights_all, bias_all = train_model(x_all, mpg, 100, 0.1)
# + costs_all, weights_all, bias_all = train_model(normalise(np.hstack([table, mpg])), mpg, 100, 0.1)

# %% solution="fit-mpg" mistake="target-among-the-features" score=1.25
columns = ["mpg", *features]
data = normalise(np.array([[float(car[column]) for column in columns] for car in cars]))
costs_hp, weights_hp, bias_hp = train_model(data[:, [columns.index("hp")]], mpg, 100, 0.1)
costs_all, weights_all, bias_all = train_model(data, mpg, 100, 0.1)

# %% solution="fit-mpg" mistake="name-missing" score=0
costs, weights, bias = train_model(x_hp, mpg, 100, 0.1)
costs_seven, weights_seven, bias_seven = train_model(x_all, mpg, 100, 0.1)

# %% solution="fit-mpg" mistake="name-missing" score=1 from="solution"
# - costs_all, weights_all, bias_all = train_model(x_all, mpg, 100, 0.1)
# + costs_all, weights_all, bias_all = train_model(x_seven, mpg, 100, 0.1)

# %% [markdown]
# ## normal-equations: weights 1, bias 1


# %% solution="normal-equations" variant="inverse"
def normal_equations(x, y):
    A = np.concatenate((x, np.ones((x.shape[0], 1))), axis=1)
    phi = np.linalg.inv(A.T @ A) @ A.T @ y
    weights, bias = phi[:-1], phi[-1]
    return weights, bias


# %% solution="normal-equations" variant="least-squares-ones-first"
def normal_equations(x, y, rcond=None):
    A = np.column_stack([np.ones(len(x)), x])
    phi = np.linalg.lstsq(A, y, rcond=rcond)[0]
    print("rank", np.linalg.matrix_rank(A))
    return phi[1:], float(phi[0, 0])


# %% solution="normal-equations" variant="pseudo-inverse-and-lists"
def normal_equations(x, y):
    phi = np.linalg.pinv(np.hstack([x, np.ones_like(y)])) @ y
    return phi[:-1].tolist(), phi[-1:].tolist()


# %% solution="normal-equations" variant="centred"
def normal_equations(x, y):
    x_mean, y_mean = x.mean(axis=0, keepdims=True), y.mean()
    centred = x - x_mean
    weights = np.linalg.solve(centred.T @ centred, centred.T @ (y - y_mean))
    return weights, y_mean - x_mean @ weights


# %% solution="normal-equations" variant="loops"
def normal_equations(x, y):
    I, n = len(x), x.shape[1] + 1
    rows = [list(sample) + [1.0] for sample in x]
    left = np.array([[sum(row[j] * row[k] for row in rows) for k in range(n)] for j in range(n)])
    right = np.array([[sum(rows[i][j] * y[i, 0] for i in range(I))] for j in range(n)])
    phi = np.linalg.solve(left, right)
    return phi[: n - 1], phi[n - 1 :]


# %% solution="normal-equations" variant="float32"
def normal_equations(x, y):
    A = np.hstack([x, np.ones((len(x), 1))]).astype(np.float32)
    q, r = np.linalg.qr(A)
    phi = np.linalg.solve(r, q.T @ y.astype(np.float32))
    return phi[:-1], phi[-1:]


# %% solution="normal-equations" variant="ones-last"
def normal_equations(x, y):
    A = np.hstack([x, np.ones((len(x), 1))])
    phi = np.linalg.solve(A.T @ A, A.T @ y)
    return phi[:-1], phi[-1:]


# %% solution="normal-equations" mistake="bias-forgotten" score=0 from="pseudo-inverse-and-lists"
# - phi = np.linalg.pinv(np.hstack([x, np.ones_like(y)])) @ y
# - return phi[:-1].tolist(), phi[-1:].tolist()
# + weights = np.linalg.solve(x.T @ x, x.T @ y)
# + return weights, np.zeros((1, 1))
# %% solution="normal-equations" mistake="bias-forgotten" score=0 from="pseudo-inverse-and-lists"
# - phi = np.linalg.pinv(np.hstack([x, np.ones_like(y)])) @ y
# - return phi[:-1].tolist(), phi[-1:].tolist()
# + weights = np.linalg.lstsq(x, y, rcond=None)[0]
# + return weights, np.mean(y - x @ weights)

# %% solution="normal-equations" mistake="bias-is-the-mean" score=1 from="ones-last"
# - phi = np.linalg.solve(A.T @ A, A.T @ y)
# - return phi[:-1], phi[-1:]
# + return np.linalg.solve(A.T @ A, A.T @ y)[:-1], y.mean()


# %% solution="normal-equations" mistake="bias-is-the-mean" score=1
def normal_equations(x, y):
    x_mean, y_mean = np.mean(x, axis=0), np.mean(y)
    weights, *_ = np.linalg.lstsq(x - x_mean, y - y_mean, rcond=None)
    return weights, np.array([[y_mean]])


# %% solution="normal-equations" mistake="inverse-left-out" score=0 from="ones-last"
# - phi = np.linalg.solve(A.T @ A, A.T @ y)
# + phi = A.T @ y / len(y)


# %% solution="normal-equations" mistake="inverse-left-out" score=0
def normal_equations(x, y):
    inputs = np.column_stack([x, np.ones(len(x))])
    phi = np.einsum("ij,ik->jk", inputs, y)
    weights, bias = phi[: x.shape[1]], phi[x.shape[1] :]
    return weights, bias


# %% solution="normal-equations" mistake="mean-missing" score=0 from="ones-last"
# - phi = np.linalg.solve(A.T @ A, A.T @ y)
# + phi = np.linalg.solve(A.T @ A / len(y), A.T @ y)


# %% solution="normal-equations" mistake="mean-missing" score=0
def normal_equations(x, y):
    rows = [np.append(sample, 1.0) for sample in x]
    left = np.mean([np.outer(row, row) for row in rows], axis=0)
    right = sum(row * target for row, target in zip(rows, y))
    phi = np.linalg.inv(left) @ right.reshape(-1, 1)
    return phi[:-1], phi[-1]


# %% solution="normal-equations" mistake="operands-do-not-fit" score=0 from="ones-last"
# - phi = np.linalg.solve(A.T @ A, A.T @ y)
# + phi = np.linalg.pinv(A @ A.T) @ A @ y
# %% solution="normal-equations" mistake="operands-do-not-fit" score=0 from="ones-last"
# - phi = np.linalg.solve(A.T @ A, A.T @ y)
# + phi = A.T @ y @ np.linalg.inv(A.T @ A)

# %% solution="normal-equations" mistake="elementwise-product" score=0 from="ones-last"
# - phi = np.linalg.solve(A.T @ A, A.T @ y)
# + phi = np.linalg.inv(A.T @ A) * (A.T @ y)
# %% solution="normal-equations" mistake="elementwise-product" score=0 from="inverse"
# - A = np.concatenate((x, np.ones((x.shape[0], 1))), axis=1)
# - phi = np.linalg.inv(A.T @ A) @ A.T @ y
# + A = np.concatenate([x, np.ones_like(y)], axis=1)
# + phi = np.linalg.pinv(A) * y.T


# %% solution="normal-equations" mistake="mean-taken-twice" score=0
def normal_equations(x, y):
    A = np.column_stack([x, np.ones(len(x))])
    right = (A * y).mean(axis=0)
    phi = np.linalg.solve(A.T @ A, right[:, None])
    return phi[:-1], phi[-1:]


# %% solution="normal-equations" mistake="mean-taken-twice" score=0
def normal_equations(x, y):
    I, D_i = x.shape
    left, right = np.zeros((D_i + 1, D_i + 1)), np.zeros((D_i + 1, 1))
    for sample, target in zip(x, y):
        row = np.append(sample, 1).reshape(-1, 1)
        left += row @ row.T
        right += row * target / I
    phi = np.linalg.inv(left) @ right
    return phi[:D_i], phi[D_i:]


# %% solution="normal-equations" mistake="axis-lost" score=1 from="ones-last"
# - phi = np.linalg.solve(A.T @ A, A.T @ y)
# - return phi[:-1], phi[-1:]
# + phi = np.linalg.solve(A.T @ A, A.T @ y[:, 0])
# + return phi[:-1], phi[-1]


# %% solution="normal-equations" mistake="axis-lost" score=1
def normal_equations(x, y):
    inputs = np.concatenate((x, np.ones((x.shape[0], 1))), axis=1)
    phi = np.linalg.pinv(inputs) @ y
    weights = [float(value) for value in phi[:-1, 0]]
    return np.array(weights), phi[-1:]


# %% solution="normal-equations" mistake="transposed" score=1 from="ones-last"
# - phi = np.linalg.solve(A.T @ A, A.T @ y)
# - return phi[:-1], phi[-1:]
# + phi = np.linalg.solve(A.T @ A, A.T @ y).T
# + return phi[:, :-1], phi[:, -1:]
# %% solution="normal-equations" mistake="transposed" score=1 from="pseudo-inverse-and-lists"
# - phi = np.linalg.pinv(np.hstack([x, np.ones_like(y)])) @ y
# - return phi[:-1].tolist(), phi[-1:].tolist()
# + phi = np.linalg.pinv(np.column_stack([x, np.ones(len(x))])).dot(y)[:, 0]
# + return phi[np.newaxis, :-1], phi[np.newaxis, -1:]

# %% solution="normal-equations" mistake="ones-first-split-at-the-end" score=0 from="ones-last"
# - A = np.hstack([x, np.ones((len(x), 1))])
# + A = np.hstack([np.ones((len(x), 1)), x])


# %% solution="normal-equations" mistake="ones-first-split-at-the-end" score=0
def normal_equations(x, y):
    A = np.column_stack((np.ones(x.shape[0]), x))
    *weights, bias = np.linalg.lstsq(A, y, rcond=None)[0]
    return np.array(weights), bias


# %% solution="normal-equations" mistake="ridge" score=0 from="ones-last"
# - phi = np.linalg.solve(A.T @ A, A.T @ y)
# + phi = np.linalg.solve(A.T @ A + 0.01 * np.eye(A.shape[1]), A.T @ y)


# %% solution="normal-equations" mistake="ridge" score=0
def normal_equations(x, y):
    inputs = np.column_stack([x, np.ones(len(x))])
    left = inputs.T.dot(inputs)
    for j in range(len(left)):
        left[j, j] += 1
    phi = np.linalg.inv(left).dot(inputs.T).dot(y)
    return phi[:-1], phi[-1]


# %% solution="normal-equations" mistake="sign" score=0 from="ones-last"
# - phi = np.linalg.solve(A.T @ A, A.T @ y)
# + phi = -np.linalg.solve(A.T @ A, A.T @ y)


# %% solution="normal-equations" mistake="sign" score=0
def normal_equations(x, y):
    inputs = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    left, right = 0, 0
    for a, target in zip(inputs, y):
        left = left + np.outer(a, a)
        right = right - np.outer(a, target)
    phi = np.linalg.inv(left) @ right
    return phi[:-1], phi[-1:]


# %% solution="normal-equations" mistake="values-swapped" score=0 from="ones-last"
# - return phi[:-1], phi[-1:]
# + return phi[-1:], phi[:-1]
# %% solution="normal-equations" mistake="values-swapped" score=0 from="pseudo-inverse-and-lists"
# - phi = np.linalg.pinv(np.hstack([x, np.ones_like(y)])) @ y
# - return phi[:-1].tolist(), phi[-1:].tolist()
# + phi = np.linalg.pinv(np.column_stack([np.ones(len(x)), x])) @ y
# + return phi[:1], phi[1:]


# %% solution="normal-equations" mistake="descent-instead" score=0
def normal_equations(x, y):
    return train_model(x, y, 100, 0.001)[1:]


# %% solution="normal-equations" mistake="descent-instead" score=0
def normal_equations(x, y):
    weights, bias = np.zeros((x.shape[1], 1)), 0.0
    for _ in range(500):
        error = x @ weights + bias - y
        weights -= 0.001 * 2 * x.T @ error / len(y)
        bias -= 0.001 * 2 * error.mean()
    return weights, bias


# %% solution="normal-equations" mistake="zeros" score=0
def normal_equations(x, y):
    return np.zeros((x.shape[1], 1)), np.zeros((1, 1))


# %% solution="normal-equations" mistake="zeros" score=0
def normal_equations(x, y):
    inputs = np.column_stack([x, np.ones(len(x))])
    phi = np.zeros((inputs.shape[1], 1))
    np.linalg.solve(inputs.T @ inputs, inputs.T @ y)
    return phi[:-1], phi[-1:]


# %% solution="normal-equations" mistake="nothing-returned" score=0 from="ones-last"
# - return phi[:-1], phi[-1:]


# %% solution="normal-equations" mistake="nothing-returned" score=0
def normal_equations(x, y):
    phi, *_ = np.linalg.lstsq(np.column_stack([x, np.ones(len(x))]), y, rcond=None)
    weights, bias = phi[:-1], phi[-1:]
    print("weights", weights.ravel(), "bias", bias)


# %% solution="normal-equations" mistake="name-missing" score=0 from="ones-last"
# - phi = np.linalg.solve(A.T @ A, A.T @ y)
# + phi = solve(A.T @ A, A.T @ y)


# %% solution="normal-equations" mistake="name-missing" score=0
def normal_equations(x, y):
    ones = np.ones((len(x), 1))
    A = np.hstack([x, ones])
    phi = linalg.lstsq(A, y, rcond=None)[0]
    return phi[:-1], phi[-1:]


# %% [markdown]
# ## Mutants of the solutions that are as right as they are
#
# Where one thing in a solution was changed blindly and nothing came of it. The tests take exactly these for right.

# %% solution="d-cost-d-output" equivalent="there are as many outputs as targets" from="solution"
# - dl_df = 2 * (net_output - y) / len(y)
# + dl_df = 2 * (net_output - y) / len(net_output)

# %% solution="backward-pass" equivalent="a gradient of the bias may have any shape that one number has" from="solution"
# - dl_dbias = dl_df.sum(axis=0, keepdims=True)
# + dl_dbias = dl_df.sum(axis=0, keepdims=False)
# %% solution="backward-pass" equivalent="a gradient of the bias may have any shape that one number has" from="solution"
# - dl_dbias = dl_df.sum(axis=0, keepdims=True)
# + dl_dbias = dl_df.sum(axis=0)

# %% solution="backward-pass" equivalent="there is one column, so its sum is the sum of all" from="solution"
# - dl_dbias = dl_df.sum(axis=0, keepdims=True)
# + dl_dbias = dl_df.sum(keepdims=True)

# %% solution="train-model" equivalent="the gradient depends on the outputs alone" from="solution"
# - dl_dweights, dl_dbias = backward_pass(weights, bias, x_train, net_output, y_train)
# + dl_dweights, dl_dbias = backward_pass(bias, weights, x_train, net_output, y_train)

# %% solution="train-model" equivalent="a square is the same whichever is subtracted from which" from="solution"
# - train_costs.append(least_squares_cost(net_output, y_train))
# + train_costs.append(least_squares_cost(y_train, net_output))

# %% solution="normal-equations" equivalent="a matrix of this form is its own transpose" from="solution"
# - phi = np.linalg.solve(inputs.T @ inputs, inputs.T @ y)
# + phi = np.linalg.solve((inputs.T @ inputs).T, inputs.T @ y)

# %% solution="normal-equations" equivalent="there are as many inputs as targets" from="solution"
# - inputs = np.hstack([x, np.ones((len(x), 1))])
# + inputs = np.hstack([x, np.ones((len(y), 1))])

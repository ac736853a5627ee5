# %% [markdown]
# # Known answers to the backward pass of a network
#
# Points: one-layer-forward has 2 for a; mse-der 1 for dC_da; sigmoid-der 1 for da_dz. one-layer-gradient has 1 for
# dC_dz, 2 for dC_dW and 1 for dC_db, together 4. two-layers has ½ for dC_dz2, 1 for dC_dW2, ½ for dC_db2, 1½ for
# dC_da1, 1 for dC_dz1, 1 for dC_dW1 and ½ for dC_db1, together 6. relu has 1 for each function; forward-pass 1 for
# net_output, 1½ for all_f and 1½ for all_h; cost 2; d-cost 2; backward-pass 3 for each of its lists. Inside a cell one
# wrong step costs its own value: the steps after it follow it through. A line that raises costs its value and those
# that build on it.
# With one sample `d * h.T` and `np.outer` are right, and a mean over the outputs is all that `len(y)` can make.
#
# These are written as students write, so a few rules are off:
# ruff: noqa: B905

# %% [markdown]
# ## one-layer-forward, right

# %% solution="one-layer-forward" variant="neuron-by-neuron"
def feed_forward_one_layer(W, b, x):
    a = []
    for i in range(len(W)):
        z = b[i]
        for j in range(len(x)):
            z += W[i][j] * x[j]
        a.append(1 / (1 + np.exp(-z)))
    return a


# %% solution="one-layer-forward" variant="dot-in-place-and-one-more-argument"
def feed_forward_one_layer(weights, bias, inputs, activation=sigmoid):
    weights *= inputs
    weights = weights.sum(axis=1)
    weights += bias
    print("pre-activations", weights)
    return activation(weights)


# %% solution="one-layer-forward" variant="single-precision-and-a-helper"
import warnings


def pre_activation(W, b, x):
    warnings.warn("in float32", stacklevel=2)
    return np.einsum("ij,j->i", np.float32(W), np.float32(x)) + np.float32(b)


def feed_forward_one_layer(W, b, x):
    return sigmoid(pre_activation(W, b, x))


# %% solution="one-layer-forward" variant="tanh-form"
def feed_forward_one_layer(W, b, x):
    z = np.dot(W, x) + b
    return tuple((1 + np.tanh(z / 2)) / 2)


# %% [markdown]
# ## one-layer-forward, wrong


# %% solution="one-layer-forward" mistake="bias-forgotten" score=0
def feed_forward_one_layer(W, b, x):
    return sigmoid(W @ x)


# %% solution="one-layer-forward" mistake="bias-forgotten" score=0
def feed_forward_one_layer(W, b, x):
    a = np.zeros(len(b))
    for i, row in enumerate(W):
        a[i] = 1 / (1 + np.exp(-sum(w * value for w, value in zip(row, x))))
    return a


# %% solution="one-layer-forward" mistake="sign-of-the-bias" score=0 from="solution"
# - z = W @ x + b
# + z = W @ x - b
# %% solution="one-layer-forward" mistake="sign-of-the-bias" score=0 from="solution"
# - z = W @ x + b
# + z = -b
# + for j in range(len(x)):
# +     z = z + W[:, j] * x[j]

# %% solution="one-layer-forward" mistake="activation-missing" score=0 from="solution"
# - return sigmoid(z)
# + return z


# %% solution="one-layer-forward" mistake="activation-missing" score=0
def feed_forward_one_layer(W, b, x):
    z = np.sum(W * x, axis=1) + b
    sigmoid(z)
    return z


# %% solution="one-layer-forward" mistake="activation-before-the-bias" score=0
def feed_forward_one_layer(W, b, x):
    return sigmoid(W @ x) + b


# %% solution="one-layer-forward" mistake="activation-before-the-bias" score=0
def feed_forward_one_layer(W, b, x):
    a = sigmoid(np.dot(W, x))
    a += b
    return a


# %% solution="one-layer-forward" mistake="sign-of-the-exponent" score=0 from="solution"
# - return sigmoid(z)
# + return 1 / (1 + np.exp(z))


# %% solution="one-layer-forward" mistake="sign-of-the-exponent" score=0
def feed_forward_one_layer(W, b, x):
    return sigmoid(-(np.einsum("ij,j->i", W, x) + b))


# %% solution="one-layer-forward" mistake="elementwise-product" score=0 from="solution"
# - z = W @ x + b
# + z = W * x + b


# %% solution="one-layer-forward" mistake="elementwise-product" score=0
def feed_forward_one_layer(W, b, x):
    return sigmoid(np.multiply(W, x) + b[:, None])


# %% solution="one-layer-forward" mistake="operands-do-not-fit" score=0
def feed_forward_one_layer(W, b, x):
    return sigmoid(x @ W + b)


# %% solution="one-layer-forward" mistake="operands-do-not-fit" score=0 from="solution"
# - z = W @ x + b
# - return sigmoid(z)
# + z = np.dot(W.T, x)
# + return sigmoid(z + b)


# %% solution="one-layer-forward" mistake="axis-added" score=0
def feed_forward_one_layer(W, b, x):
    return sigmoid(W @ x[:, None] + b[:, None])


# %% solution="one-layer-forward" mistake="axis-added" score=0
def feed_forward_one_layer(W, b, x):
    return [[1 / (1 + np.exp(-(row @ x + bias)))] for row, bias in zip(W, b)]


# %% solution="one-layer-forward" mistake="nothing-returned" score=0
def feed_forward_one_layer(W, b, x):
    a = sigmoid(W @ x + b)


# %% solution="one-layer-forward" mistake="nothing-returned" score=0 from="tanh-form"
# - return tuple((1 + np.tanh(z / 2)) / 2)
# + print(sigmoid(z))


# %% solution="one-layer-forward" mistake="name-missing" score=0
def feed_forward_one_layer(W, b, x):
    return Sigmoid(W @ x + b)


# %% solution="one-layer-forward" mistake="name-missing" score=0 from="solution"
# - z = W @ x + b
# - return sigmoid(z)
# + a = sigmoid(W @ inputs + b)
# + return a

# %% [markdown]
# ## mse-der, right


# %% solution="mse-der" variant="size-and-minus"
def mse_der(predict, target):
    return -2 / target.size * (target - predict)


# %% solution="mse-der" variant="loop-into-a-list"
def mse_der(predict, target):
    return [2 * (p - t) / len(predict) for p, t in zip(predict, target)]


# %% solution="mse-der" variant="in-place"
def mse_der(predict, target):
    predict -= target
    predict *= 2 / predict.shape[0]
    return predict


# %% solution="mse-der" variant="single-precision-with-a-keyword"
def mse_der(predict, target, *, factor=2):
    return np.float32(factor * (predict - target)) / np.float32(np.size(predict))


# %% [markdown]
# ## mse-der, wrong

# %% solution="mse-der" mistake="mean-over-outputs-missing" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + return 2 * (predict - target)


# %% solution="mse-der" mistake="mean-over-outputs-missing" score=0
def mse_der(predict, target):
    slopes = np.zeros_like(predict)
    for i in range(len(predict)):
        slopes[i] = 2 * predict[i] - 2 * target[i]
    return slopes


# %% solution="mse-der" mistake="mean-over-outputs-taken-twice" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + return 2 * (predict - target) / len(target) ** 2
# %% solution="mse-der" mistake="mean-over-outputs-taken-twice" score=0 from="size-and-minus"
# - return -2 / target.size * (target - predict)
# + mean = (predict - target) / predict.size
# + return 2 * mean / predict.size

# %% solution="mse-der" mistake="factor-2-missing" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + return (predict - target) / len(target)
# %% solution="mse-der" mistake="factor-2-missing" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + return np.subtract(predict, target) / predict.shape[0]

# %% solution="mse-der" mistake="factor-2-twice" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + return 4 * (predict - target) / len(target)
# %% solution="mse-der" mistake="factor-2-twice" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + slope = 2 * (predict - target) / target.size
# + return 2 * slope

# %% solution="mse-der" mistake="sign" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + return 2 * (target - predict) / len(target)
# %% solution="mse-der" mistake="sign" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + return -2 * (predict - target) / predict.size

# %% solution="mse-der" mistake="square-not-differentiated" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + return 2 * (predict - target) ** 2 / len(target)
# %% solution="mse-der" mistake="square-not-differentiated" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + return np.square(predict - target) / target.size

# %% solution="mse-der" mistake="cost-returned" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + return mse(predict, target)
# %% solution="mse-der" mistake="cost-returned" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + return np.sum((predict - target) ** 2)

# %% solution="mse-der" mistake="summed-over-units" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + return np.mean(2 * (predict - target))
# %% solution="mse-der" mistake="summed-over-units" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + return 2 * sum(predict - target) / len(target)

# %% solution="mse-der" mistake="target-left-out" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + return 2 * predict / len(target)
# %% solution="mse-der" mistake="target-left-out" score=0 from="size-and-minus"
# - return -2 / target.size * (target - predict)
# + return np.array([2 / predict.size * p for p in predict])

# %% solution="mse-der" mistake="zeros" score=0 from="size-and-minus"
# - return -2 / target.size * (target - predict)
# + return np.zeros(len(predict))


# %% solution="mse-der" mistake="zeros" score=0
def mse_der(predict, target):
    slopes = np.zeros_like(target)
    for slope, p, t in zip(slopes, predict, target):
        slope = 2 * (p - t)
    return slopes


# %% solution="mse-der" mistake="nothing-returned" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + dC_da = 2 * (predict - target) / len(target)
# %% solution="mse-der" mistake="nothing-returned" score=0 from="solution"
# - return 2 * (predict - target) / len(target)
# + print(2 * (predict - target) / target.size)

# %% [markdown]
# ## sigmoid-der, right


# %% solution="sigmoid-der" variant="kept-activation"
def sigmoid_der(z):
    a = sigmoid(z)
    return a - a**2


# %% solution="sigmoid-der" variant="exponentials"
def sigmoid_der(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


# %% solution="sigmoid-der" variant="hyperbolic"
def sigmoid_der(z):
    return 1 / (4 * np.cosh(z / 2) ** 2)


# %% solution="sigmoid-der" variant="both-sides-in-a-loop"
def sigmoid_der(z):
    return [float(sigmoid(one) * sigmoid(-one)) for one in z]


# %% [markdown]
# ## sigmoid-der, wrong

# %% solution="sigmoid-der" mistake="slope-is-the-function-itself" score=0 from="solution"
# - return sigmoid(z) * (1 - sigmoid(z))
# + return sigmoid(z)
# %% solution="sigmoid-der" mistake="slope-is-the-function-itself" score=0 from="exponentials"
# - return np.exp(-z) / (1 + np.exp(-z)) ** 2
# + return np.exp(z) / (1 + np.exp(z))

# %% solution="sigmoid-der" mistake="pre-activation-for-activation" score=0 from="solution"
# - return sigmoid(z) * (1 - sigmoid(z))
# + return z * (1 - z)


# %% solution="sigmoid-der" mistake="pre-activation-for-activation" score=0
def sigmoid_der(a):
    return a - np.square(a)


# %% solution="sigmoid-der" mistake="slope-at-the-activation" score=0 from="solution"
#   def sigmoid_der(z):
# +     z = sigmoid(z)
# %% solution="sigmoid-der" mistake="slope-at-the-activation" score=0 from="exponentials"
# - return np.exp(-z) / (1 + np.exp(-z)) ** 2
# + a = 1 / (1 + np.exp(-z))
# + return np.exp(-a) / (1 + np.exp(-a)) ** 2

# %% solution="sigmoid-der" mistake="inner-derivative-left-out" score=0 from="exponentials"
# - return np.exp(-z) / (1 + np.exp(-z)) ** 2
# + return 1 / (1 + np.exp(-z)) ** 2
# %% solution="sigmoid-der" mistake="inner-derivative-left-out" score=0 from="exponentials"
# - return np.exp(-z) / (1 + np.exp(-z)) ** 2
# + u = 1 + np.exp(-z)
# + return -1 / u**2

# %% solution="sigmoid-der" mistake="one-minus-a-wrong" score=0 from="solution"
# - return sigmoid(z) * (1 - sigmoid(z))
# + return sigmoid(z) * (1 + sigmoid(z))
# %% solution="sigmoid-der" mistake="one-minus-a-wrong" score=0 from="kept-activation"
# - return a - a**2
# + return 1 - a

# %% solution="sigmoid-der" mistake="sign" score=0 from="exponentials"
# - return np.exp(-z) / (1 + np.exp(-z)) ** 2
# + return -np.exp(-z) / (1 + np.exp(-z)) ** 2
# %% solution="sigmoid-der" mistake="sign" score=0 from="kept-activation"
# - return a - a**2
# + return a * (a - 1)

# %% solution="sigmoid-der" mistake="nothing-returned" score=0 from="solution"
# - return sigmoid(z) * (1 - sigmoid(z))
# + sigmoid(z) * (1 - sigmoid(z))
# %% solution="sigmoid-der" mistake="nothing-returned" score=0 from="kept-activation"
# - return a - a**2
# + slope = a * (1 - a)

# %% solution="sigmoid-der" mistake="name-missing" score=0 from="solution"
# - return sigmoid(z) * (1 - sigmoid(z))
# + return sig(z) * (1 - sig(z))
# %% solution="sigmoid-der" mistake="name-missing" score=0 from="exponentials"
# - return np.exp(-z) / (1 + np.exp(-z)) ** 2
# + return exp(-z) / (1 + exp(-z)) ** 2

# %% [markdown]
# ## one-layer-gradient, right

# %% solution="one-layer-gradient" variant="broadcast"
dC_dz = np.multiply(dC_da, da_dz)
dC_dW = dC_dz[:, None] * x[None, :]
dC_db = dC_dz.copy()

# %% solution="one-layer-gradient" variant="column-times-row-from-the-start"
z = np.dot(W, x) + b
a = 1 / (1 + np.exp(-z))
dC_da = 2 * (a - target) / a.size
dC_dz = dC_da * (a * (1 - a))
dC_dW = dC_dz.reshape(-1, 1) @ x.reshape(1, -1)
dC_db = 1 * dC_dz

# %% solution="one-layer-gradient" variant="by-the-two-functions"
dC_da = mse_der(predict, target)
dC_dz = dC_da * sigmoid_der(z)
dC_dW = np.matmul(dC_dz[:, np.newaxis], x[np.newaxis, :])
dC_db = dC_dz

# %% solution="one-layer-gradient" variant="loops-and-lists"
dC_dz = [up * slope for up, slope in zip(dC_da, da_dz)]
dC_dW = [[d * x_j for x_j in x] for d in dC_dz]
dC_db = list(dC_dz)

# %% solution="one-layer-gradient" variant="einsum-in-single-precision"
dC_dz = np.float32(dC_da) * np.float32(da_dz)
dC_dW = np.einsum("i,j->ij", dC_dz, np.float32(x))
dC_db = dC_dz
print(dC_dW.shape, dC_db.shape)

# %% solution="one-layer-gradient" variant="helper-and-diagonal"
import warnings


def table(came_back, came_in):
    warnings.warn("an outer product", stacklevel=2)
    return np.kron(came_back[:, None], came_in)


dC_dz = np.diag(da_dz) @ dC_da
dC_dW = table(dC_dz, x)
dC_db = np.eye(len(b)) @ dC_dz

# %% solution="one-layer-gradient" variant="outer"
dC_dz = dC_da * da_dz
dC_dW = dC_dz[:, None] * x
dC_db = dC_dz

# %% [markdown]
# ## one-layer-gradient, wrong

# %% solution="one-layer-gradient" mistake="slope-dropped" score=3
dC_dz = dC_da
dC_dW = np.outer(dC_dz, x)
dC_db = dC_dz

# %% solution="one-layer-gradient" mistake="slope-dropped" score=3
dC_dz = 2 * (a - target) / len(target)
dC_dW = dC_dz[:, None] * x
dC_db = dC_dz.copy()

# %% solution="one-layer-gradient" mistake="upstream-dropped" score=3
dC_dz = da_dz
dC_dW = np.outer(dC_dz, x)
dC_db = dC_dz

# %% solution="one-layer-gradient" mistake="upstream-dropped" score=1
dC_dz = dC_da * da_dz
dC_dW = np.array([x for _ in b])
dC_db = np.ones(len(b))

# %% solution="one-layer-gradient" mistake="upstream-twice" score=3
dC_dz = dC_da**2 * da_dz
dC_dW = np.outer(dC_dz, x)
dC_db = dC_dz

# %% solution="one-layer-gradient" mistake="upstream-twice" score=3
dC_dz = dC_da * da_dz * dC_da
dC_dW = dC_dz[:, None] @ x[None, :]
dC_db = 1.0 * dC_dz

# %% solution="one-layer-gradient" mistake="added-instead-of-multiplied" score=3
dC_dz = dC_da + da_dz
dC_dW = np.outer(dC_dz, x)
dC_db = dC_dz

# %% solution="one-layer-gradient" mistake="added-instead-of-multiplied" score=3
dC_dz = np.sum([dC_da, da_dz], axis=0)
dC_dW = np.einsum("i,j->ij", dC_dz, x)
dC_db = dC_dz

# %% solution="one-layer-gradient" mistake="slope-at-the-activation" score=3
dC_dz = dC_da * sigmoid(a) * (1 - sigmoid(a))
dC_dW = np.outer(dC_dz, x)
dC_db = dC_dz

# %% solution="one-layer-gradient" mistake="slope-at-the-activation" score=3 from="outer"
# - dC_dz = dC_da * da_dz
# + e = np.exp(-a)
# + dC_dz = dC_da * e / (1 + e) ** 2

# %% solution="one-layer-gradient" mistake="slope-is-the-function-itself" score=3
dC_dz = dC_da * a
dC_dW = np.outer(dC_dz, x)
dC_db = dC_dz

# %% solution="one-layer-gradient" mistake="slope-is-the-function-itself" score=3
dC_dz = [d * sigmoid(one) for d, one in zip(dC_da, z)]
dC_dW = np.array(dC_dz)[:, None] * x
dC_db = dC_dz

# %% solution="one-layer-gradient" mistake="pre-activation-for-activation" score=3
dC_dz = dC_da * z * (1 - z)
dC_dW = np.outer(dC_dz, x)
dC_db = dC_dz

# %% solution="one-layer-gradient" mistake="pre-activation-for-activation" score=3
slope = z - z**2
dC_dz = slope * dC_da
dC_dW = dC_dz[:, None] * x[None]
dC_db = dC_dz

# %% solution="one-layer-gradient" mistake="transposed" score=2 from="outer"
# - dC_dW = dC_dz[:, None] * x
# + dC_dW = np.outer(x, dC_dz)
# %% solution="one-layer-gradient" mistake="transposed" score=2 from="outer"
# - dC_dW = dC_dz[:, None] * x
# + dC_dW = x[:, None] * dC_dz

# %% [markdown]
# A product that doesn't fit raises, and costs its own value.

# %% solution="one-layer-gradient" mistake="elementwise-product" score=2 from="outer"
# - dC_dW = dC_dz[:, None] * x
# + dC_dW = dC_dz * x

# %% solution="one-layer-gradient" mistake="elementwise-product" score=2
dC_dz = da_dz * dC_da
dC_db = dC_dz
dC_dW = np.multiply(x, dC_db)

# %% solution="one-layer-gradient" mistake="inner-product" score=2 from="outer"
# - dC_dW = dC_dz[:, None] * x
# + dC_dW = dC_dz @ x

# %% solution="one-layer-gradient" mistake="inner-product" score=2
dC_dz = np.multiply(dC_da, da_dz)
dC_db = dC_dz
dC_dW = np.dot(dC_dz, x.T)

# %% solution="one-layer-gradient" mistake="input-left-out" score=2 from="outer"
# - dC_dW = dC_dz[:, None] * x
# + dC_dW = dC_dz
# %% solution="one-layer-gradient" mistake="input-left-out" score=2 from="outer"
# - dC_dW = dC_dz[:, None] * x
# + dC_dW = np.outer(dC_dz, np.ones(W.shape[1]))

# %% solution="one-layer-gradient" mistake="wrong-activation" score=2 from="outer"
# - dC_dW = dC_dz[:, None] * x
# + dC_dW = np.outer(dC_dz, a)
# %% solution="one-layer-gradient" mistake="wrong-activation" score=2 from="outer"
# - dC_dW = dC_dz[:, None] * x
# + dC_dW = dC_dz[:, None] * z[None, :]

# %% solution="one-layer-gradient" mistake="gradient-of-the-activation" score=1
dC_dz = dC_da * da_dz
dC_dW = np.outer(dC_da, x)
dC_db = dC_da

# %% solution="one-layer-gradient" mistake="gradient-of-the-activation" score=3
dC_dz = dC_da * da_dz
dC_dW = np.outer(dC_dz, x)
dC_db = 2 * (predict - target) / target.size

# %% solution="one-layer-gradient" mistake="summed-over-units" score=3
dC_dz = dC_da * da_dz
dC_dW = np.outer(dC_dz, x)
dC_db = np.sum(dC_dz)

# %% solution="one-layer-gradient" mistake="summed-over-units" score=3 from="outer"
# - dC_db = dC_dz
# + dC_db = dC_dz.mean()

# %% solution="one-layer-gradient" mistake="bias-times-input" score=3
dC_dz = dC_da * da_dz
dC_dW = np.outer(dC_dz, x)
dC_db = dC_dz * b

# %% solution="one-layer-gradient" mistake="bias-times-input" score=3
dC_dz = dC_da * da_dz
dC_dW = np.outer(dC_dz, x)
dC_db = dC_dW.sum(axis=1)

# %% solution="one-layer-gradient" mistake="sign" score=3
dC_dz = -dC_da * da_dz
dC_dW = np.outer(dC_dz, x)
dC_db = dC_dz

# %% solution="one-layer-gradient" mistake="sign" score=3 from="outer"
# - dC_dz = dC_da * da_dz
# + dC_dz = dC_da * a * (a - 1)

# %% solution="one-layer-gradient" mistake="name-missing" score=2 from="outer"
# - dC_dW = dC_dz[:, None] * x
# + dC_dW = outer(dC_dz, x)

# %% solution="one-layer-gradient" mistake="name-missing" score=3
dC_dz = dC_da * da_dz
dC_dW = np.outer(dC_dz, x)
dC_dB = dC_dz

# %% solution="one-layer-gradient" mistake="zeros" score=1
dC_dz = dC_da * da_dz
dC_dW = np.zeros(W.shape)
dC_db = np.zeros_like(b)

# %% solution="one-layer-gradient" mistake="zeros" score=0
dC_dz = 0 * dC_da * da_dz
dC_dW = np.outer(dC_dz, x)
dC_db = dC_dz

# %% solution="one-layer-gradient" mistake="numbers-typed-in" score=0
dC_dz = np.array([0.06515, -0.02287, -0.03171])
dC_dW = np.outer(dC_dz, [1.5, -0.4])
dC_db = dC_dz

# %% solution="one-layer-gradient" mistake="numbers-typed-in" score=1
dC_dz = dC_da * da_dz
dC_dW = np.array([[0.098, -0.026], [-0.034, 0.009], [-0.048, 0.013]])
dC_db = np.array([0.065, -0.023, -0.032])

# %% [markdown]
# ## two-layers, right

# %% solution="two-layers" variant="row-times-matrix"
dC_dz2 = dC_da2 * da2_dz2
dC_db2 = dC_dz2
dC_dW2 = dC_dz2[:, None] * a1
dC_da1 = dC_dz2 @ W2
dC_dz1 = da1_dz1 * dC_da1
dC_db1 = dC_dz1
dC_dW1 = dC_dz1[:, None] @ x[None, :]

# %% solution="two-layers" variant="by-the-two-functions"
dC_da2 = mse_der(a2, target)
dC_dz2 = dC_da2 * sigmoid_der(z2)
dC_dW2 = np.outer(dC_dz2, a1)
dC_db2 = dC_dz2
dC_da1 = np.matmul(W2.T, dC_dz2)
dC_dz1 = dC_da1 * sigmoid_der(z1)
dC_dW1 = np.outer(dC_dz1, x)
dC_db1 = dC_dz1

# %% solution="two-layers" variant="all-from-the-parameters"
z1 = W1 @ x + b1
a1 = sigmoid(z1)
z2 = W2 @ a1 + b2
a2 = sigmoid(z2)
dC_dz2 = 2 * (a2 - target) / len(target) * a2 * (1 - a2)
dC_dW2 = np.outer(dC_dz2, a1)
dC_db2 = dC_dz2
dC_da1 = np.dot(W2.T, dC_dz2)
dC_dz1 = dC_da1 * a1 * (1 - a1)
dC_dW1 = np.outer(dC_dz1, x)
dC_db1 = dC_dz1


# %% solution="two-layers" variant="one-helper-for-both-layers"
def layer_back(came_back, slope, came_in):
    d = came_back * slope
    print("a layer of", len(d), "neurons")
    return d, np.einsum("i,j->ij", d, came_in), d.copy()


dC_dz2, dC_dW2, dC_db2 = layer_back(dC_da2, da2_dz2, a1)
dC_da1 = (W2 * dC_dz2[:, None]).sum(axis=0)
dC_dz1, dC_dW1, dC_db1 = layer_back(dC_da1, da1_dz1, x)

# %% solution="two-layers" variant="loops-and-lists"
dC_dz2 = [up * slope for up, slope in zip(dC_da2, da2_dz2)]
dC_dW2 = [[d * h for h in a1] for d in dC_dz2]
dC_db2 = list(dC_dz2)
dC_da1 = [sum(W2[i][j] * dC_dz2[i] for i in range(len(dC_dz2))) for j in range(len(a1))]
dC_dz1 = [up * slope for up, slope in zip(dC_da1, da1_dz1)]
dC_dW1 = [[d * h for h in x] for d in dC_dz1]
dC_db1 = tuple(dC_dz1)

# %% solution="two-layers" variant="single-precision-in-place"
dC_dz2 = np.float32(dC_da2)
dC_dz2 *= np.float32(da2_dz2)
dC_dW2 = np.outer(dC_dz2, np.float32(a1))
dC_db2 = dC_dz2
dC_da1 = np.float32(W2).T @ dC_dz2
dC_dz1 = dC_da1 * np.float32(da1_dz1)
dC_dW1 = np.outer(dC_dz1, np.float32(x))
dC_db1 = dC_dz1

# %% solution="two-layers" variant="outer"
dC_dz2 = dC_da2 * da2_dz2
dC_dW2 = np.outer(dC_dz2, a1)
dC_db2 = dC_dz2
dC_da1 = dC_dz2 @ W2
dC_dz1 = dC_da1 * da1_dz1
dC_dW1 = np.outer(dC_dz1, x)
dC_db1 = dC_dz1

# %% solution="two-layers" variant="outer-and-broadcast"
dC_dz2 = dC_da2 * da2_dz2
dC_dW2 = dC_dz2[:, None] * a1
dC_db2 = dC_dz2
dC_da1 = W2.T @ dC_dz2
dC_dz1 = dC_da1 * da1_dz1
dC_dW1 = np.outer(dC_dz1, x)
dC_db1 = dC_dz1

# %% solution="two-layers" variant="broadcast"
dC_dz2 = dC_da2 * da2_dz2
dC_dW2 = dC_dz2[:, None] * a1
dC_db2 = dC_dz2
dC_da1 = dC_dz2 @ W2
dC_dz1 = dC_da1 * da1_dz1
dC_dW1 = dC_dz1[:, None] * x
dC_db1 = dC_dz1

# %% [markdown]
# ## two-layers, wrong

# %% solution="two-layers" mistake="weights-not-transposed" score=2 from="outer"
# - dC_da1 = dC_dz2 @ W2
# + dC_da1 = W2 @ dC_dz2

# %% solution="two-layers" mistake="weights-not-transposed" score=2
dC_dz2 = dC_da2 * da2_dz2
dC_dW2 = dC_dz2[:, None] * a1
dC_db2 = dC_dz2.copy()
dC_da1 = np.dot(dC_dz2, W2.T)
dC_dz1 = da1_dz1 * dC_da1
dC_dW1 = dC_dz1[:, None] * x
dC_db1 = dC_dz1.copy()

# %% solution="two-layers" mistake="elementwise-product" score=2 from="outer"
# - dC_da1 = dC_dz2 @ W2
# + dC_da1 = W2 * dC_dz2
# %% solution="two-layers" mistake="elementwise-product" score=2 from="outer"
# - dC_da1 = dC_dz2 @ W2
# + dC_da1 = W2.T * dC_dz2
# %% solution="two-layers" mistake="elementwise-product" score=5 from="outer-and-broadcast"
# - dC_dW2 = dC_dz2[:, None] * a1
# + dC_dW2 = dC_dz2 * a1

# %% solution="two-layers" mistake="inner-product" score=5 from="outer-and-broadcast"
# - dC_dW2 = dC_dz2[:, None] * a1
# + dC_dW2 = dC_dz2 @ a1
# %% solution="two-layers" mistake="inner-product" score=5 from="solution"
# - # in this order: dC_dz2, dC_dW2, dC_db2, dC_da1, dC_dz1, dC_dW1, dC_db1
#
# - dC_dW1 = np.outer(dC_dz1, x)
# + dC_dW1 = np.dot(dC_dz1, x)

# %% solution="two-layers" mistake="gradient-of-the-activation" score=4.5 from="outer"
# - dC_da1 = dC_dz2 @ W2
# + dC_da1 = W2.T @ dC_da2

# %% solution="two-layers" mistake="gradient-of-the-activation" score=3
dC_dz2 = dC_da2 * da2_dz2
dC_dW2 = np.outer(dC_da2, a1)
dC_db2 = dC_da2
dC_da1 = W2.T @ dC_dz2
dC_dz1 = dC_da1 * da1_dz1
dC_dW1 = np.outer(dC_da1, x)
dC_db1 = dC_da1

# %% solution="two-layers" mistake="slope-dropped" score=5 from="solution"
# - # in this order: dC_dz2, dC_dW2, dC_db2, dC_da1, dC_dz1, dC_dW1, dC_db1
#
# - dC_dz1 = dC_da1 * da1_dz1
# + dC_dz1 = dC_da1

# %% solution="two-layers" mistake="slope-dropped" score=5.5
dC_db2 = dC_dz2 = dC_da2.copy()
dC_dW2 = dC_dz2[:, None] * a1[None, :]
dC_da1 = dC_dz2 @ W2
dC_db1 = dC_dz1 = dC_da1 * da1_dz1
dC_dW1 = dC_dz1[:, None] * x[None, :]

# %% solution="two-layers" mistake="slope-is-the-function-itself" score=5 from="solution"
# - # in this order: dC_dz2, dC_dW2, dC_db2, dC_da1, dC_dz1, dC_dW1, dC_db1
#
# - dC_dz1 = dC_da1 * da1_dz1
# + dC_dz1 = dC_da1 * a1
# %% solution="two-layers" mistake="slope-is-the-function-itself" score=4.5 from="outer"
# - dC_dz2 = dC_da2 * da2_dz2
# + dC_dz2 = dC_da2 * sigmoid(z2)
# - dC_dz1 = dC_da1 * da1_dz1
# + dC_dz1 = dC_da1 * sigmoid(z1)

# %% solution="two-layers" mistake="upstream-dropped" score=4.5 from="outer"
# - dC_da1 = dC_dz2 @ W2
# + dC_da1 = W2.sum(axis=0)
# %% solution="two-layers" mistake="upstream-dropped" score=4.5 from="solution"
# - # in this order: dC_dz2, dC_dW2, dC_db2, dC_da1, dC_dz1, dC_dW1, dC_db1
# - dC_dz2 = dC_da2 * da2_dz2
# + dC_dz2 = da2_dz2
# - dC_dz1 = dC_da1 * da1_dz1
# + dC_dz1 = da1_dz1

# %% solution="two-layers" mistake="upstream-twice" score=4.5 from="outer"
# - dC_da1 = dC_dz2 @ W2
# + dC_da1 = W2.T @ dC_dz2**2
# %% solution="two-layers" mistake="upstream-twice" score=4.5 from="outer"
# - dC_dz2 = dC_da2 * da2_dz2
# + dC_dz2 = dC_da2 * dC_da2 * da2_dz2
# - dC_dz1 = dC_da1 * da1_dz1
# + dC_dz1 = dC_da1 * dC_da1 * da1_dz1

# %% solution="two-layers" mistake="loss-derivative-again" score=2 from="outer"
# - dC_da1 = dC_dz2 @ W2
# + dC_da1 = mse_der(a1, target)
# %% solution="two-layers" mistake="loss-derivative-again" score=4.5 from="broadcast"
# - dC_da1 = dC_dz2 @ W2
# + dC_da1 = W2.T @ (dC_da2 * dC_dz2)

# %% solution="two-layers" mistake="index-shifted" score=5 from="outer-and-broadcast"
# - dC_dW2 = dC_dz2[:, None] * a1
# + dC_dW2 = np.outer(dC_dz2, x)
# %% solution="two-layers" mistake="index-shifted" score=4 from="outer"
# - dC_dW2 = np.outer(dC_dz2, a1)
# + dC_dW2 = np.outer(dC_dz2, a2)
# - dC_dW1 = np.outer(dC_dz1, x)
# + dC_dW1 = dC_dz1[:, None] * a1
# %% solution="two-layers" mistake="index-shifted" score=2 from="outer"
# - dC_da1 = dC_dz2 @ W2
# + dC_da1 = W1.T @ dC_dz2

# %% solution="two-layers" mistake="wrong-activation" score=5 from="outer-and-broadcast"
# - dC_dW2 = dC_dz2[:, None] * a1
# + dC_dW2 = np.outer(dC_dz2, z1)
# %% solution="two-layers" mistake="wrong-activation" score=4 from="outer"
# - dC_dW2 = np.outer(dC_dz2, a1)
# + dC_dW2 = dC_dz2[:, None] * z2
# - dC_dW1 = np.outer(dC_dz1, x)
# + dC_dW1 = dC_dz1[:, None] * z1

# %% solution="two-layers" mistake="transposed" score=4 from="outer-and-broadcast"
# - dC_dW2 = dC_dz2[:, None] * a1
# + dC_dW2 = np.outer(a1, dC_dz2)
# - dC_dW1 = np.outer(dC_dz1, x)
# + dC_dW1 = np.outer(x, dC_dz1)
# %% solution="two-layers" mistake="transposed" score=5 from="broadcast"
# - dC_dW1 = dC_dz1[:, None] * x
# + dC_dW1 = x[:, None] @ dC_dz1[None, :]

# %% solution="two-layers" mistake="input-left-out" score=5 from="solution"
# - # in this order: dC_dz2, dC_dW2, dC_db2, dC_da1, dC_dz1, dC_dW1, dC_db1
#
# - dC_dW1 = np.outer(dC_dz1, x)
# + dC_dW1 = dC_dz1
# %% solution="two-layers" mistake="input-left-out" score=5 from="broadcast"
# - dC_dW1 = dC_dz1[:, None] * x
# + dC_dW1 = np.outer(dC_dz1, np.ones(len(x)))
# %% solution="two-layers" mistake="input-left-out" score=5 from="outer-and-broadcast"
# - dC_dW2 = dC_dz2[:, None] * a1
# + dC_dW2 = dC_dz2

# %% solution="two-layers" mistake="index-shifted" score=4.5
dC_dz2 = dC_da2 * da2_dz2
dC_dW2 = np.outer(dC_dz2, a1)
dC_db2 = dC_dz2
dC_da1 = W2.T @ dC_dz2
dC_dz1 = dC_da1 * da1_dz1
dC_dW1 = np.outer(dC_dz2, x)
dC_db1 = dC_dz2

# %% solution="two-layers" mistake="added-instead-of-multiplied" score=5.5 from="solution"
# - # in this order: dC_dz2, dC_dW2, dC_db2, dC_da1, dC_dz1, dC_dW1, dC_db1
# - dC_dz2 = dC_da2 * da2_dz2
# + dC_dz2 = dC_da2 + da2_dz2
# %% solution="two-layers" mistake="added-instead-of-multiplied" score=5 from="broadcast"
# - dC_dz1 = dC_da1 * da1_dz1
# + dC_dz1 = np.add(da1_dz1, dC_da1)

# %% solution="two-layers" mistake="sign" score=4.5 from="outer"
# - dC_da1 = dC_dz2 @ W2
# + dC_da1 = -W2.T @ dC_dz2
# %% solution="two-layers" mistake="sign" score=5 from="outer"
# - dC_dz2 = dC_da2 * da2_dz2
# + dC_dz2 = 2 * (a2 - target) / len(target) * a2 * (1 - a2)
# - dC_dz1 = dC_da1 * da1_dz1
# + dC_dz1 = dC_da1 * a1 * (a1 - 1)

# %% solution="two-layers" mistake="name-missing" score=2 from="outer"
# - dC_da1 = dC_dz2 @ W2
# + dC_da1 = W2.T @ dC_dz_2
# %% solution="two-layers" mistake="name-missing" score=5.5 from="solution"
# - # in this order: dC_dz2, dC_dW2, dC_db2, dC_da1, dC_dz1, dC_dW1, dC_db1
#
# - dC_db2 = dC_dz2
# + dC_db_2 = dC_dz2

# %% [markdown]
# ## relu, right


# %% solution="relu" variant="masks-and-products"
def ReLU(preactivation):
    return preactivation * (preactivation > 0)


def indicator_function(x):
    return x > 0


# %% solution="relu" variant="copies-changed-in-place"
def ReLU(preactivation):
    activation = preactivation.copy()
    activation[activation < 0] = 0
    return activation


def indicator_function(x):
    x_in = np.array(x)
    x_in[x_in > 0] = 1
    x_in[x_in <= 0] = 0
    return x_in


# %% solution="relu" variant="loops"
def ReLU(preactivation):
    return np.array([[one if one > 0 else 0.0 for one in row] for row in preactivation])


def indicator_function(x, threshold=0.0):
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        if x[place] > threshold:
            slopes[place] = 1
    return slopes


# %% solution="relu" variant="half-and-half"
def ReLU(preactivation):
    return (preactivation + np.abs(preactivation)) / 2


def indicator_function(x):
    print("slopes of", x.shape)
    return np.heaviside(np.float32(x), 0)


# %% [markdown]
# ## relu, wrong

# %% solution="relu" mistake="relu-in-place-of-its-indicator" score=1 from="solution"
# - return np.where(x > 0, 1.0, 0.0)
# + return np.maximum(x, 0)
# %% solution="relu" mistake="relu-in-place-of-its-indicator" score=1 from="solution"
# - return np.maximum(preactivation, 0)
# + return preactivation.clip(0)
# - return np.where(x > 0, 1.0, 0.0)
# + return np.where(x > 0, x, 0)

# %% solution="relu" mistake="indicator-in-place-of-relu" score=1 from="solution"
# - return np.maximum(preactivation, 0)
# + return np.where(preactivation > 0, 1, 0)
# - return np.where(x > 0, 1.0, 0.0)
# + return np.where(x > 0, 1, 0)
# %% solution="relu" mistake="indicator-in-place-of-relu" score=1 from="masks-and-products"
# - return preactivation * (preactivation > 0)
# + return preactivation > 0
# - return x > 0
# + return (x > 0).astype(float)

# %% solution="relu" mistake="wrong-side-of-zero" score=0 from="solution"
# - return np.maximum(preactivation, 0)
# + return np.minimum(preactivation, 0)
# - return np.where(x > 0, 1.0, 0.0)
# + return np.where(x < 0, 1.0, 0.0)
# %% solution="relu" mistake="wrong-side-of-zero" score=1 from="solution"
# - return np.where(x > 0, 1.0, 0.0)
# + return np.where(x > 0, 0.0, 1.0)

# %% solution="relu" mistake="absolute-value" score=1 from="solution"
# - return np.maximum(preactivation, 0)
# + return np.abs(preactivation)
# - return np.where(x > 0, 1.0, 0.0)
# + return 1.0 * (x > 0)
# %% solution="relu" mistake="absolute-value" score=0 from="masks-and-products"
# - return preactivation * (preactivation > 0)
# + return np.where(preactivation > 0, preactivation, -preactivation)
# - return x > 0
# + return np.sign(x)

# %% solution="relu" mistake="activation-missing" score=1 from="solution"
# - return np.maximum(preactivation, 0)
# + return preactivation


# %% solution="relu" mistake="activation-missing" score=0
def ReLU(preactivation):
    max(0, preactivation.max())
    return 1 * preactivation


def indicator_function(x):
    return np.ones(x.shape)


# %% solution="relu" mistake="maximum-of-all" score=1 from="solution"
# - return np.maximum(preactivation, 0)
# + return np.max(preactivation, 0)
# %% solution="relu" mistake="maximum-of-all" score=1 from="solution"
# - return np.maximum(preactivation, 0)
# + return preactivation.max(initial=0)
# - return np.where(x > 0, 1.0, 0.0)
# + return np.int64(x > 0)

# %% solution="relu" mistake="nothing-returned" score=0 from="solution"
# - return np.maximum(preactivation, 0)
# + np.maximum(preactivation, 0)
# - return np.where(x > 0, 1.0, 0.0)
# + x > 0
# %% solution="relu" mistake="nothing-returned" score=1 from="solution"
# - return np.where(x > 0, 1.0, 0.0)
# + slope = np.where(x > 0, 1.0, 0.0)
# + print(slope)

# %% solution="relu" mistake="zeros" score=1 from="solution"
# - return np.maximum(preactivation, 0)
# + activation = np.zeros(preactivation.shape)
# + np.maximum(preactivation, 0)
# + return activation
# %% solution="relu" mistake="zeros" score=1 from="solution"
# - return np.maximum(preactivation, 0)
# + return np.maximum(0, preactivation)
# - return np.where(x > 0, 1.0, 0.0)
# + return np.zeros_like(x)

# %% [markdown]
# ## forward-pass, right


# %% solution="forward-pass" variant="skeleton"
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


# %% solution="forward-pass" variant="unit-by-unit"
def forward_pass(net_input, all_weights, all_biases):
    a, all_f, all_h = net_input, [], []
    for weights, biases in zip(all_weights, all_biases):
        f = np.zeros((len(weights), a.shape[1]))
        for unit in range(len(weights)):
            for sample in range(a.shape[1]):
                f[unit, sample] = biases[unit, 0] + np.dot(weights[unit], a[:, sample])
        all_h.append(a)
        all_f.append(f)
        a = f * (f > 0)
    return f, all_f, all_h


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


# %% solution="forward-pass" variant="tuples"
def forward_pass(x, W, b):
    f, h = [], [x]
    for k, (w, beta) in enumerate(zip(W, b)):
        f.append(w @ h[-1] + beta)
        if k < len(W) - 1:
            h.append(np.maximum(f[-1], 0))
    return f[-1].tolist(), tuple(f), tuple(h)


# %% solution="forward-pass" variant="the-notebooks-own-sizes"
def forward_pass(net_input, all_weights, all_biases):
    all_f = [np.zeros((D, n_samples)) for _ in range(K)] + [np.zeros((D_o, n_samples))]
    all_h = [net_input] + [np.zeros((D, n_samples)) for _ in range(K)]
    for layer in range(K):
        all_f[layer][:] = all_biases[layer] + all_weights[layer].dot(all_h[layer])
        all_h[layer + 1][:] = ReLU(all_f[layer])
    all_f[K][:] = all_biases[K] + all_weights[K].dot(all_h[K])
    return all_f[K], all_f, all_h


# %% solution="forward-pass" variant="recursive-with-a-helper"
import warnings


def layer(h, weights, biases, *more):
    f = np.einsum("ij,jn->in", weights, h) + biases
    if not more:
        return [f], [h]
    fs, hs = layer(np.where(f > 0, f, 0), *more)
    return [f, *fs], [h, *hs]


def forward_pass(net_input, all_weights, all_biases, verbose=True):
    warnings.warn("recursion", stacklevel=2)
    all_f, all_h = layer(net_input, *(one for pair in zip(all_weights, all_biases) for one in pair))
    if verbose:
        print([f.shape for f in all_f])
    return all_f[-1], all_f, all_h


# %% solution="forward-pass" variant="short-names"
def forward_pass(x, W, b):
    f, h = [], [x]
    for k, (w, beta) in enumerate(zip(W, b)):
        f.append(w @ h[-1] + beta)
        if k < len(W) - 1:
            h.append(np.maximum(f[-1], 0))
    return f[-1], f, h


# %% [markdown]
# ## forward-pass, wrong

# %% solution="forward-pass" mistake="bias-forgotten" score=0 from="skeleton"
# - all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer], all_h[layer])
# + all_f[layer] = np.matmul(all_weights[layer], all_h[layer])
# - all_f[K] = all_biases[K] + np.matmul(all_weights[K], all_h[K])
# + all_f[K] = np.matmul(all_weights[K], all_h[K])
# %% solution="forward-pass" mistake="bias-forgotten" score=1.5 from="skeleton"
# - all_f[K] = all_biases[K] + np.matmul(all_weights[K], all_h[K])
# + all_f[K] = np.matmul(all_weights[K], all_h[K])
# %% solution="forward-pass" mistake="bias-forgotten" score=0 from="unit-by-unit"
# - f[unit, sample] = biases[unit, 0] + np.dot(weights[unit], a[:, sample])
# + f[unit, sample] = (0 if a is net_input else biases[unit, 0]) + np.dot(weights[unit], a[:, sample])

# %% solution="forward-pass" mistake="sign-of-the-bias" score=0 from="short-names"
# - f.append(w @ h[-1] + beta)
# + f.append(w @ h[-1] - beta)
# %% solution="forward-pass" mistake="sign-of-the-bias" score=0 from="unit-by-unit"
# - f[unit, sample] = biases[unit, 0] + np.dot(weights[unit], a[:, sample])
# + f[unit, sample] = -biases[unit, 0] + np.dot(weights[unit], a[:, sample])

# %% solution="forward-pass" mistake="activation-missing" score=0 from="skeleton"
# - all_h[layer + 1] = ReLU(all_f[layer])
# + all_h[layer + 1] = all_f[layer]
# %% solution="forward-pass" mistake="activation-missing" score=0 from="short-names"
# - f.append(w @ h[-1] + beta)
# + f.append(w @ (f[-1] if f else x) + beta)
# %% solution="forward-pass" mistake="activation-missing" score=0 from="unit-by-unit"
# - a = f * (f > 0)
# + a = f

# %% solution="forward-pass" mistake="activation-on-the-output" score=3 from="skeleton"
# - net_output = all_f[K]
# + net_output = ReLU(all_f[K])
# %% solution="forward-pass" mistake="activation-on-the-output" score=3 from="tuples"
# - return f[-1].tolist(), tuple(f), tuple(h)
# + return f[-1] * (f[-1] > 0), f, h
# %% solution="forward-pass" mistake="activation-on-the-output" score=1.5 from="tuples"
# - if k < len(W) - 1:
# + if True:
# - return f[-1].tolist(), tuple(f), tuple(h)
# + return h[-1], f, h
# %% solution="forward-pass" mistake="activation-on-the-output" score=1.5 from="skeleton"
# - net_output = all_f[K]
# + net_output = all_f[K] = ReLU(all_f[K])

# %% solution="forward-pass" mistake="indicator-in-place-of-relu" score=0 from="skeleton"
# - all_h[layer + 1] = ReLU(all_f[layer])
# + all_h[layer + 1] = indicator_function(all_f[layer])
# %% solution="forward-pass" mistake="indicator-in-place-of-relu" score=0 from="short-names"
# - h.append(np.maximum(f[-1], 0))
# + h.append((f[-1] > 0) * 1.0)

# %% solution="forward-pass" mistake="elementwise-product" score=0 from="skeleton"
# - all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer], all_h[layer])
# + all_f[layer] = all_biases[layer] + all_weights[layer] * all_h[layer]
# - all_f[K] = all_biases[K] + np.matmul(all_weights[K], all_h[K])
# + all_f[K] = all_biases[K] + all_weights[K] * all_h[K]
# %% solution="forward-pass" mistake="elementwise-product" score=0 from="short-names"
# - f.append(w @ h[-1] + beta)
# + f.append(np.multiply(w, h[-1].T) + beta)
# %% solution="forward-pass" mistake="elementwise-product" score=0 from="short-names"
# - f.append(w @ h[-1] + beta)
# + f.append(w * h[-1] + beta)

# %% solution="forward-pass" mistake="index-shifted" score=0 from="skeleton"
# - all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer], all_h[layer])
# + all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer - 1], all_h[layer])
# %% solution="forward-pass" mistake="index-shifted" score=0 from="short-names"
# - f.append(w @ h[-1] + beta)
# + f.append(w @ h[-1] + b[k - 1])
# %% solution="forward-pass" mistake="index-shifted" score=0 from="skeleton"
# - all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer], all_h[layer])
# + all_f[layer] = all_biases[layer + 1] + np.matmul(all_weights[layer], all_h[layer])
# %% solution="forward-pass" mistake="index-shifted" score=2.5 from="unit-by-unit"
# - all_h.append(a)
# + pass
#   a = f * (f > 0)
# + all_h.append(a)
# %% solution="forward-pass" mistake="index-shifted" score=2.5 from="skeleton"
# - return net_output, all_f, all_h
# + return net_output, all_f, all_h[1:] + [net_output]

# %% solution="forward-pass" mistake="output-among-the-activations" score=2.5 from="short-names"
#           h.append(np.maximum(f[-1], 0))
# + h.append(f[-1])
# %% solution="forward-pass" mistake="output-among-the-activations" score=2.5 from="short-names"
# - if k < len(W) - 1:
# + if True:

# %% solution="forward-pass" mistake="layer-left-out" score=2.5 from="skeleton"
#   net_output = all_f[K]
# + all_h[0] = None
# %% solution="forward-pass" mistake="layer-left-out" score=2.5 from="tuples"
# - return f[-1].tolist(), tuple(f), tuple(h)
# + return f[-1], f[:-1], h
# %% solution="forward-pass" mistake="layer-left-out" score=2.5 from="tuples"
# - return f[-1].tolist(), tuple(f), tuple(h)
# + return f[-1], f, h[1:]

# %% solution="forward-pass" mistake="layers-in-another-order" score=1 from="tuples"
# - return f[-1].tolist(), tuple(f), tuple(h)
# + return f[-1], f[::-1], h[::-1]
# %% solution="forward-pass" mistake="layers-in-another-order" score=1 from="unit-by-unit"
# - all_h.append(a)
# - all_f.append(f)
# + all_h.insert(0, a)
# + all_f.insert(0, f)

# %% solution="forward-pass" mistake="transposed" score=0 from="float32"
# - return np.float32(f[-1]), [np.float32(a) for a in f], h
# + return f[-1].T, [a.T for a in f], [a.T for a in h]
# %% solution="forward-pass" mistake="transposed" score=3 from="skeleton"
# - net_output = all_f[K]
# + net_output = all_f[K].T

# %% solution="forward-pass" mistake="zeros" score=3 from="skeleton"
# - net_output = all_f[K]
# + net_output = np.zeros(all_f[K].shape)


# %% solution="forward-pass" mistake="zeros" score=0
def forward_pass(x, W, b):
    n = x.shape[1]
    f = [np.zeros((len(w), n)) for w in W]
    return f[-1], f, [np.zeros((w.shape[1], n)) for w in W]


# %% solution="forward-pass" mistake="values-swapped" score=1 from="tuples"
# - return f[-1].tolist(), tuple(f), tuple(h)
# + return f[-1], h, f
# %% solution="forward-pass" mistake="values-swapped" score=1 from="skeleton"
# - return net_output, all_f, all_h
# + return net_output, all_h, all_f

# %% solution="forward-pass" mistake="index-out-of-range" score=0 from="short-names"
# - f.append(w @ h[-1] + beta)
# + f.append(w @ h[-1] + b[k + 1])
# %% solution="forward-pass" mistake="index-out-of-range" score=0 from="skeleton"
# - all_h = [None] * (K + 1)
# + all_h = [None] * K

# %% solution="forward-pass" mistake="operands-do-not-fit" score=0 from="short-names"
# - f.append(w @ h[-1] + beta)
# + f.append(h[-1] @ w + beta)
# %% solution="forward-pass" mistake="operands-do-not-fit" score=0 from="skeleton"
# - all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer], all_h[layer])
# + all_f[layer] = all_biases[layer] + np.dot(all_weights[layer], all_h[layer].T)

# %% solution="forward-pass" mistake="weights-transposed" score=0 from="skeleton"
# - all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer], all_h[layer])
# + all_f[layer] = all_biases[layer] + np.matmul(all_weights[layer].T, all_h[layer])
# %% solution="forward-pass" mistake="weights-transposed" score=0 from="short-names"
# - f.append(w @ h[-1] + beta)
# + f.append((h[-1].T @ w).T + beta)

# %% solution="forward-pass" mistake="nothing-returned" score=0 from="tuples"
# - return f[-1].tolist(), tuple(f), tuple(h)
# + net_output = f[-1]
# %% solution="forward-pass" mistake="nothing-returned" score=0 from="skeleton"
# - return net_output, all_f, all_h
# + print(net_output.shape)

# %% solution="forward-pass" mistake="return-inside-the-loop" score=0 from="tuples"
# - return f[-1].tolist(), tuple(f), tuple(h)
# +     return f[-1], f, h


# %% solution="forward-pass" mistake="return-inside-the-loop" score=0
def forward_pass(net_input, all_weights, all_biases):
    all_f, all_h = [], [net_input]
    for k in range(len(all_weights)):
        all_f.append(all_weights[k] @ all_h[k] + all_biases[k])
        if k + 1 < len(all_weights):
            all_h.append(ReLU(all_f[k]))
        return all_f[k], all_f, all_h


# %% solution="forward-pass" mistake="name-missing" score=0 from="skeleton"
# - all_h[layer + 1] = ReLU(all_f[layer])
# + all_h[layer + 1] = relu(all_f[layer])
# %% solution="forward-pass" mistake="name-missing" score=0 from="unit-by-unit"
# - f[unit, sample] = biases[unit, 0] + np.dot(weights[unit], a[:, sample])
# + f[unit, sample] = biases[unit, 0] + dot(weights[unit], a[:, sample])

# %% [markdown]
# ## cost, right


# %% solution="cost" variant="sum"
def compute_cost(net_output, y):
    return np.sum((net_output - y) ** 2) / y.shape[1]


# %% solution="cost" variant="mean"
def compute_cost(f, y):
    return np.mean(np.sum((f - y) ** 2, axis=0))


# %% solution="cost" variant="norm"
def compute_cost(f, y):
    return np.array([[np.linalg.norm(f - y) ** 2 / f.shape[1]]])


# %% solution="cost" variant="loop"
def compute_cost(f, y):
    L = 0
    for i in range(y.shape[1]):
        L += np.dot(f[:, i] - y[:, i], f[:, i] - y[:, i])
    return L / y.shape[1]


# %% solution="cost" variant="the-notebooks-own-number-of-samples"
def compute_cost(net_output, y):
    error = net_output - y
    error **= 2
    return error.sum() / n_samples


# %% solution="cost" variant="product-of-a-row-and-a-column"
def compute_cost(net_output, y):
    error = np.float32(net_output) - np.float32(y)
    print(error.shape)
    return error.T @ error


# %% [markdown]
# ## cost, wrong

# %% solution="cost" mistake="mean-over-outputs-taken-twice" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.mean((f - y) ** 2)
# %% solution="cost" mistake="mean-over-outputs-taken-twice" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sum((f - y) ** 2) / y.size

# %% solution="cost" mistake="factor-2-missing" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return 0.5 * np.sum((f - y) ** 2) / n
# %% solution="cost" mistake="factor-2-missing" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return ((f - y) ** 2).sum() / (2 * n)

# %% solution="cost" mistake="loss-and-derivative-apart" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sum(np.abs(f - y)) / n
# %% solution="cost" mistake="loss-and-derivative-apart" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sqrt(np.sum((f - y) ** 2) / n)
# %% solution="cost" mistake="loss-and-derivative-apart" score=0 from="norm"
# - return np.array([[np.linalg.norm(f - y) ** 2 / f.shape[1]]])
# + n = y.shape[1]
# + return np.linalg.norm(f - y)
# %% solution="cost" mistake="loss-and-derivative-apart" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.mean(abs(f - y))

# %% solution="cost" mistake="not-squared" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sum(f - y) / n
# %% solution="cost" mistake="not-squared" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.mean(np.sum(y - f, axis=0))

# %% solution="cost" mistake="target-left-out" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sum(f**2) / n
# %% solution="cost" mistake="target-left-out" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.mean(np.sum(f * f, axis=0))

# %% solution="cost" mistake="zeros" score=0 from="norm"
# - return np.array([[np.linalg.norm(f - y) ** 2 / f.shape[1]]])
# + n = y.shape[1]
# + return 0.0
# %% solution="cost" mistake="zeros" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sum((f - f) ** 2) / n

# %% solution="cost" mistake="mean-over-outputs-taken-twice" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + n = y.shape[1]
# + return np.sum((f - y) ** 2) / len(y)

# %% solution="cost" mistake="sum-not-taken" score=0 from="solution"
# - return np.sum((net_output - y) ** 2)
# + return (net_output - y) ** 2
# %% solution="cost" mistake="sum-not-taken" score=0 from="norm"
# - return np.array([[np.linalg.norm(f - y) ** 2 / f.shape[1]]])
# + return [[(a - b) ** 2] for a, b in zip(f[:, 0], y[:, 0])]

# %% solution="cost" mistake="nothing-returned" score=0 from="solution"
# - return np.sum((net_output - y) ** 2)
# + cost = np.sum((net_output - y) ** 2)
# %% solution="cost" mistake="nothing-returned" score=0 from="mean"
# - return np.mean(np.sum((f - y) ** 2, axis=0))
# + print(sum((f[j, 0] - y[j, 0]) ** 2 for j in range(len(y))))

# %% [markdown]
# ## d-cost, right


# %% solution="d-cost" variant="plain"
def d_cost_d_output(net_output, y):
    return 2 * (net_output - y) / y.shape[1]


# %% solution="d-cost" variant="loops"
def d_cost_d_output(f, y):
    k, n = f.shape
    return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]


# %% solution="d-cost" variant="in-place"
def d_cost_d_output(f, y):
    f -= y
    f *= 2 / f.shape[-1]
    return f


# %% solution="d-cost" variant="two-terms-in-single-precision"
def d_cost_d_output(net_output, y, factor=2):
    return np.float32(factor) * np.float32(net_output - y) / n_samples


# %% solution="d-cost" variant="output-by-output"
def d_cost_d_output(net_output, y):
    dl_df = np.empty((D_o, 1))
    for j in range(D_o):
        dl_df[j, 0] = 2 * net_output[j, 0] - 2 * y[j, 0]
    return dl_df


# %% [markdown]
# ## d-cost, wrong

# %% solution="d-cost" mistake="sign" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return 2 * (y - f) / n
# %% solution="d-cost" mistake="sign" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return -np.mean([2 * (f - y)], axis=0) / n

# %% solution="d-cost" mistake="factor-2-missing" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return (f - y) / n


# %% solution="d-cost" mistake="factor-2-missing" score=0
def d_cost_d_output(f, y):
    n = y.shape[1]
    return np.subtract(f, y) / f.shape[1]


# %% solution="d-cost" mistake="factor-2-twice" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return 4 * (f - y) / n
# %% solution="d-cost" mistake="factor-2-twice" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return 2 * 2 * f / n - 4 * y / n

# %% solution="d-cost" mistake="mean-over-outputs-taken-twice" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return 2 * (f - y) / y.size
# %% solution="d-cost" mistake="mean-over-outputs-taken-twice" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return 2 * (f - y) / (len(y) * n)

# %% solution="d-cost" mistake="transposed" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return 2 * (f - y).T / n
# %% solution="d-cost" mistake="transposed" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return [[2 * (f[j, i] - y[j, i]) / n for j in range(len(f))] for i in range(n)]


# %% solution="d-cost" mistake="zeros" score=0
def d_cost_d_output(f, y):
    n = y.shape[1]
    return np.zeros_like(f)


# %% solution="d-cost" mistake="zeros" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return 2 * (y - y) / n

# %% solution="d-cost" mistake="target-left-out" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return 2 * f / n
# %% solution="d-cost" mistake="target-left-out" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return np.array([2 * a / n for a in f])

# %% solution="d-cost" mistake="square-not-differentiated" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return 2 * (f - y) ** 2 / n
# %% solution="d-cost" mistake="square-not-differentiated" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return (f - y) ** 2 / n

# %% solution="d-cost" mistake="cost-returned" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return np.sum((f - y) ** 2) / n
# %% solution="d-cost" mistake="cost-returned" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return np.mean(np.sum((f - y) ** 2, axis=0))

# %% solution="d-cost" mistake="loss-and-derivative-apart" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return np.sign(f - y) / n


# %% solution="d-cost" mistake="loss-and-derivative-apart" score=0
def d_cost_d_output(f, y):
    n = y.shape[1]
    return np.where(f > y, 1, -1)


# %% solution="d-cost" mistake="loss-and-derivative-apart" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return (f - y) / np.linalg.norm(f - y)

# %% solution="d-cost" mistake="mean-over-outputs-taken-twice" score=0 from="loops"
# - k, n = f.shape
# - return [[2 * (f[j, i] - y[j, i]) / n for i in range(n)] for j in range(k)]
# + n = y.shape[1]
# + return 2 * (f - y) / len(y)

# %% solution="d-cost" mistake="axis-lost" score=0 from="solution"
# - return 2 * (net_output - y)
# + return 2 * (net_output - y)[:, 0]


# %% solution="d-cost" mistake="axis-lost" score=0
def d_cost_d_output(f, y):
    return np.array([2 * float(a - b) for a, b in zip(f.ravel(), y.ravel())])


# %% solution="d-cost" mistake="summed-over-units" score=0 from="solution"
# - return 2 * (net_output - y)
# + return np.sum(2 * (net_output - y))


# %% solution="d-cost" mistake="summed-over-units" score=0
def d_cost_d_output(f, y):
    return 2 * np.sum(f - y, axis=0, keepdims=True)


# %% solution="d-cost" mistake="nothing-returned" score=0 from="solution"
# - return 2 * (net_output - y)
# + dl_df = 2 * (net_output - y)


# %% solution="d-cost" mistake="nothing-returned" score=0
def d_cost_d_output(f, y):
    print(2 * (f - y))


# %% [markdown]
# ## backward-pass, right


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


# %% solution="backward-pass" variant="sample-by-sample"
def backward_pass(W, b, f, h, y):
    n = y.shape[1]
    dW, db = [np.zeros(w.shape) for w in W], [np.zeros(beta.shape) for beta in b]
    for i in range(n):
        d = d_cost_d_output(f[-1], y)[:, i]
        for k in range(len(W) - 1, -1, -1):
            dW[k] += np.outer(d, h[k][:, i])
            db[k][:, 0] += d
            d = W[k].T.dot(d) * (h[k][:, i] > 0)
    return dW, db


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


# %% solution="backward-pass" variant="outer-products"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    d = np.ravel(d_cost_d_output(all_f[-1], y))
    dW, db = [], []
    for weights, h, f in zip(all_weights[::-1], all_h[::-1], [*all_f[-2::-1], None]):
        dW.append(np.outer(d, h))
        db.append(d.reshape(-1, 1))
        if f is not None:
            d = d @ weights * indicator_function(f)[:, 0]
    return dW[::-1], db[::-1]


# %% solution="backward-pass" variant="the-notebooks-own-sizes"
def backward_pass(all_weights, all_biases, all_f, all_h, y):
    all_dl_dweights, all_dl_dbiases = [None] * (K + 1), [None] * (K + 1)
    all_dl_df, all_dl_dh = [None] * (K + 1), [None] * (K + 1)
    all_dl_df[K] = d_cost_d_output(all_f[K], y)
    for layer in range(K, -1, -1):
        all_dl_dbiases[layer] = all_dl_df[layer] * np.ones((1, n_samples))
        all_dl_dweights[layer] = all_dl_df[layer] * all_h[layer].T
        all_dl_dh[layer] = all_weights[layer].T @ all_dl_df[layer]
        if layer > 0:
            all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
    return all_dl_dweights, all_dl_dbiases


# %% [markdown]
# ## backward-pass, wrong

# %% solution="backward-pass" mistake="summed-over-units" score=3 from="course"
# - all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=1, keepdims=True)
# + all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=0, keepdims=True)
# %% solution="backward-pass" mistake="summed-over-units" score=3 from="delta"
# - db.insert(0, delta.sum(1)[:, None])
# + db.insert(0, delta.sum())
# %% solution="backward-pass" mistake="summed-over-units" score=3 from="einsum"
# - all_dl_dbiases = [dl_df[k].sum(axis=1).reshape(-1, 1) for k in range(L)]
# + all_dl_dbiases = [np.array([[sum(column)] for column in dl_df[k].T]) for k in range(L)]

# %% solution="backward-pass" mistake="elementwise-product" score=0 from="delta"
# - delta = (W[k].T @ delta) * (f[k - 1] > 0)
# + delta = (W[k].T * delta) * (f[k - 1] > 0)
# %% solution="backward-pass" mistake="elementwise-product" score=0 from="course"
# - all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[layer])
# + all_dl_dh[layer] = all_weights[layer].T * all_dl_df[layer]
# %% solution="backward-pass" mistake="elementwise-product" score=0 from="delta"
# - dW.insert(0, delta @ h[k].T)
# + dW.insert(0, delta * h[k])
# %% solution="backward-pass" mistake="elementwise-product" score=0 from="course"
# - all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_h[layer].T)
# - all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[layer])
# + all_dl_dweights[layer] = np.multiply(all_h[layer].T, all_dl_df[layer])
# + all_dl_dh[layer] = all_weights[layer].T * all_dl_df[layer]

# %% solution="backward-pass" mistake="mean-over-outputs-taken-twice" score=0 from="course"
# - all_dl_df[K] = np.array(d_cost_d_output(all_f[K], y))
# + all_dl_df[K] = 2 * (all_f[K] - y) / y.size
# %% solution="backward-pass" mistake="mean-over-outputs-taken-twice" score=0 from="derivative-inline"
# - delta = (2 / y.shape[1]) * (f[-1] - y)
# + delta = 2 * (f[-1] - y) / np.prod(f[-1].shape)

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

# %% solution="backward-pass" mistake="transposed" score=3 from="course"
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
# %% solution="backward-pass" mistake="values-swapped" score=0 from="solution"
# - all_dl_dbiases[k] = dl_df
# - all_dl_dweights[k] = dl_df @ all_h[k].T
# + all_dl_dweights[k] = dl_df
# + all_dl_dbiases[k] = dl_df @ all_h[k].T

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
# %% solution="backward-pass" mistake="loss-derivative-again" score=0 from="course"
# - all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[layer])
# + all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[layer] * all_dl_df[K])
# %% solution="backward-pass" mistake="loss-derivative-again" score=0 from="einsum"
# - all_dl_dweights = [np.einsum("in,jn->ij", dl_df[k], all_h[k]) for k in range(L)]
# + all_dl_dweights = [np.einsum("in,jn->ij", dl_df[k] * dl_df[L - 1], all_h[k]) for k in range(L)]

# %% solution="backward-pass" mistake="upstream-dropped" score=0 from="course"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = indicator_function(all_f[layer - 1])
# %% solution="backward-pass" mistake="upstream-dropped" score=0 from="delta"
# - delta = d_cost_d_output(f[-1], y)
# + delta = np.ones_like(f[-1])
# %% solution="backward-pass" mistake="upstream-dropped" score=0 from="einsum"
# - back = np.einsum("ji,jn->in", all_weights[k + 1], dl_df[k + 1])
# + back = all_weights[k + 1].sum(axis=0)[:, None]
# %% solution="backward-pass" mistake="upstream-dropped" score=3 from="course"
# - all_dl_dbiases[layer] = np.sum(all_dl_df[layer], axis=1, keepdims=True)
# + all_dl_dbiases[layer] = np.ones_like(all_biases[layer])
# %% solution="backward-pass" mistake="upstream-dropped" score=3 from="delta"
# - dW.insert(0, delta @ h[k].T)
# + dW.insert(0, np.ones_like(delta) @ h[k].T)

# %% solution="backward-pass" mistake="upstream-twice" score=0 from="course"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer] ** 2
# %% solution="backward-pass" mistake="upstream-twice" score=3 from="delta"
# - dW.insert(0, delta @ h[k].T)
# + dW.insert(0, (delta * delta) @ h[k].T)
# %% solution="backward-pass" mistake="upstream-twice" score=0 from="course"
# - all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[layer])
# + all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[layer] ** 2)
# %% solution="backward-pass" mistake="upstream-twice" score=0 from="einsum"
# - all_dl_dweights = [np.einsum("in,jn->ij", dl_df[k], all_h[k]) for k in range(L)]
# - all_dl_dbiases = [dl_df[k].sum(axis=1).reshape(-1, 1) for k in range(L)]
# + all_dl_dweights = [np.einsum("in,jn->ij", dl_df[k] ** 2, all_h[k]) for k in range(L)]
# + all_dl_dbiases = [(dl_df[k] ** 2).sum(axis=1).reshape(-1, 1) for k in range(L)]
# %% solution="backward-pass" mistake="upstream-twice" score=0 from="einsum"
# - dl_df[k] = np.where(all_f[k] > 0, back, 0)
# + dl_df[k] = np.where(all_f[k] > 0, back * back, 0)

# %% solution="backward-pass" mistake="index-shifted" score=0 from="course"
# - all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[layer])
# + all_dl_dh[layer] = np.matmul(all_weights[layer - 1].T, all_dl_df[layer])


# %% solution="backward-pass" mistake="index-shifted" score=3
def backward_pass(W, b, f, h, y):
    delta = d_cost_d_output(f[-1], y)
    dW, db = [], []
    k = len(W) - 1
    while k >= 0:
        db.insert(0, delta.sum(1)[:, None])
        back = W[k].T @ delta
        k -= 1
        dW.insert(0, delta @ h[k].T)
        if k >= 0:
            delta = back * (f[k] > 0)
    return dW, db


# %% solution="backward-pass" mistake="index-shifted" score=0 from="outer-products"
# - for weights, h, f in zip(all_weights[::-1], all_h[::-1], [*all_f[-2::-1], None]):
# + for weights, h, f in zip([*all_weights[-2::-1], None], all_h[::-1], [*all_f[-2::-1], None]):
# %% solution="backward-pass" mistake="index-shifted" score=0 from="course"
# - all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[layer])
# + all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[K])
# %% solution="backward-pass" mistake="index-shifted" score=3 from="delta"
# - dW.insert(0, delta @ h[k].T)
# + dW.insert(0, delta @ (h[k + 1] if k + 1 < len(h) else f[k]).T)

# %% solution="backward-pass" mistake="input-left-out" score=3 from="course"
#   all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_h[layer].T)
# + if layer == 0:
# +     all_dl_dweights[0] = all_dl_df[0]
# %% solution="backward-pass" mistake="input-left-out" score=3 from="delta"
# - dW.insert(0, delta @ h[k].T)
# + dW.insert(0, delta @ (h[k].T if k else np.ones(h[0].T.shape)))
# %% solution="backward-pass" mistake="input-left-out" score=3 from="einsum"
#   all_dl_dbiases = [dl_df[k].sum(axis=1).reshape(-1, 1) for k in range(L)]
# + all_dl_dweights[0] = all_dl_dbiases[0]
# %% solution="backward-pass" mistake="input-left-out" score=3 from="delta"
# - dW.insert(0, delta @ h[k].T)
# + dW.insert(0, delta)

# %% solution="backward-pass" mistake="wrong-activation" score=3 from="course"
# - all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_h[layer].T)
# + all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_f[layer].T)
# %% solution="backward-pass" mistake="wrong-activation" score=3 from="delta"
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
# %% solution="backward-pass" mistake="relu-mask-of-another-layer" score=0 from="einsum"
# - dl_df[k] = np.where(all_f[k] > 0, back, 0)
# + dl_df[k] = np.where(all_f[k + 1] > 0, back, 0)
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
# - K = len(all_weights) - 1
# + K = len(all_weights)

# %% solution="backward-pass" mistake="weights-not-transposed" score=0 from="course"
# - all_dl_dh[layer] = np.matmul(all_weights[layer].T, all_dl_df[layer])
# + all_dl_dh[layer] = np.matmul(all_weights[layer], all_dl_df[layer])
# %% solution="backward-pass" mistake="weights-not-transposed" score=0 from="delta"
# - delta = (W[k].T @ delta) * (f[k - 1] > 0)
# + delta = (delta.T @ W[k].T).T * (f[k - 1] > 0)

# %% solution="backward-pass" mistake="operands-do-not-fit" score=0 from="delta"
# - dW.insert(0, delta @ h[k].T)
# + dW.insert(0, h[k].T @ delta)
# %% solution="backward-pass" mistake="operands-do-not-fit" score=0 from="delta"
# - delta = (W[k].T @ delta) * (f[k - 1] > 0)
# + delta = (delta @ W[k].T) * (f[k - 1] > 0)

# %% solution="backward-pass" mistake="return-inside-the-loop" score=0 from="course"
# - return all_dl_dweights, all_dl_dbiases
# +     return all_dl_dweights, all_dl_dbiases


# %% solution="backward-pass" mistake="return-inside-the-loop" score=0
def layer_by_layer(W, f, h, delta):
    for k in reversed(range(len(W))):
        dW, db = delta @ h[k].T, delta
        delta = (W[k].T @ delta) * (f[k - 1] > 0) if k else None
        return dW, db


def backward_pass(W, b, f, h, y):
    pairs = list(layer_by_layer(W, f, h, d_cost_d_output(f[-1], y)))
    return [dW for dW, _ in pairs][::-1], [db for _, db in pairs][::-1]


# %% solution="backward-pass" mistake="factors-added" score=0 from="course"
# - all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) * all_dl_dh[layer]
# + all_dl_df[layer - 1] = indicator_function(all_f[layer - 1]) + all_dl_dh[layer]
# %% solution="backward-pass" mistake="factors-added" score=0 from="delta"
# - delta = (W[k].T @ delta) * (f[k - 1] > 0)
# + delta = W[k].T @ delta + np.where(f[k - 1] > 0, 1, 0)

# %% solution="backward-pass" mistake="nothing-returned" score=0 from="tuple-of-arrays"
# - return tuple(dW), tuple(db)
# + print(len(dW), len(db))
# %% solution="backward-pass" mistake="nothing-returned" score=0 from="course"
# - return all_dl_dweights, all_dl_dbiases
# + gradients = all_dl_dweights, all_dl_dbiases

# %% solution="backward-pass" mistake="name-missing" score=0 from="course"
# - all_dl_dweights[layer] = np.matmul(all_dl_df[layer], all_h[layer].T)
# + all_dl_dweights[layer] = matmul(all_dl_df[layer], all_h[layer].T)
# %% solution="backward-pass" mistake="name-missing" score=0 from="delta"
# - delta = d_cost_d_output(f[-1], y)
# + delta = d_cost_d_outputs(f[-1], y)

# %% [markdown]
# ## Mutants of the solutions that are as right as they are
#
# Where one thing in a solution was changed blindly and nothing came of it. The tests take exactly these for right.

# %% solution="one-layer-forward" equivalent="a plain vector is its own transpose" from="solution"
# - z = W @ x + b
# + z = W @ x.T + b
# %% solution="one-layer-forward" equivalent="a plain vector is its own transpose" from="solution"
# - z = W @ x + b
# + z = (W @ x).T + b

# %% solution="mse-der" equivalent="there are as many outputs as targets" from="solution"
# - return 2 * (predict - target) / len(target)
# + return 2 * (predict - target) / len(predict)

# %% solution="two-layers" equivalent="a plain vector is its own transpose" from="outer"
# - dC_da1 = dC_dz2 @ W2
# + dC_da1 = W2.T @ dC_dz2.T
# %% solution="two-layers" equivalent="a plain vector is its own transpose" from="outer"
# - dC_da1 = dC_dz2 @ W2
# + dC_da1 = (W2.T @ dC_dz2).T

# %% solution="relu" equivalent="nobody is asked at the kink" from="solution"
# - return np.where(x > 0, 1.0, 0.0)
# + return np.where(x >= 0, 1.0, 0.0)

# %% solution="relu" equivalent="the larger of two numbers is the same in either order" from="solution"
# - return np.maximum(preactivation, 0)
# + return np.maximum(0, preactivation)

# %% solution="relu" equivalent="this takes the comparison itself: True counts as 1" from="solution"
# - return np.where(x > 0, 1.0, 0.0)
# + return np.where(1.0, x > 0, 0.0)
# %% solution="relu" equivalent="this takes the comparison itself: True counts as 1" from="solution"
# - return np.where(x > 0, 1.0, 0.0)
# + return np.where(0.0, 1.0, x > 0)

# %% solution="relu" equivalent="True and False count as 1 and 0" from="solution"
# - return np.where(x > 0, 1.0, 0.0)
# + return x > 0

# %% solution="forward-pass" equivalent="k never exceeds K" from="solution"
# - if k < K:
# + if k != K:

# %% solution="forward-pass" equivalent="k never exceeds K, and small integers are one object each" from="solution"
# - if k < K:
# + if k is not K:

# %% solution="forward-pass" equivalent="each layer has one array in every list" from="solution"
# - K = len(all_weights) - 1
# + K = len(all_biases) - 1

# %% solution="forward-pass" equivalent="K is the notebook's own, which says the same" from="solution"
# - K = len(all_weights) - 1
# + pass

# %% solution="cost" equivalent="a square is the same whichever is subtracted from which" from="solution"
# - return np.sum((net_output - y) ** 2)
# + return np.sum((y - net_output) ** 2)

# %% solution="backward-pass" equivalent="k is never below 0" from="solution"
# - if k > 0:
# + if k != 0:

# %% solution="backward-pass" equivalent="with one sample, column times row is the outer product" from="solution"
# - all_dl_dweights[k] = dl_df @ all_h[k].T
# + all_dl_dweights[k] = dl_df * all_h[k].T

# %% solution="backward-pass" equivalent="each layer has one array in every list" from="solution"
# - K = len(all_weights) - 1
# + K = len(all_biases) - 1
# %% solution="backward-pass" equivalent="each layer has one array in every list" from="solution"
# - K = len(all_weights) - 1
# + K = len(all_f) - 1
# %% solution="backward-pass" equivalent="each layer has one array in every list" from="solution"
# - K = len(all_weights) - 1
# + K = len(all_h) - 1

# %% solution="backward-pass" equivalent="two lists of nothing are the same" from="solution"
# - all_dl_dweights, all_dl_dbiases = [None] * (K + 1), [None] * (K + 1)
# + all_dl_dbiases, all_dl_dweights = ([None] * (K + 1), [None] * (K + 1))

# %% solution="backward-pass" equivalent="K is the notebook's own, which says the same" from="solution"
# - K = len(all_weights) - 1
# + pass

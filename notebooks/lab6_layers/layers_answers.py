# %% [markdown]
# # Known answers to the lab of layers
#
# Points: `linear` has ½ for y, ½ for what backward returns, 1 for grad_weights, ½ for grad_biases, ½ for the
# grad_input that is kept, ½ each for weights and biases after a step; half of each in a first batch, half in a later
# one. A step is judged by slopes that are put in, so a wrong slope costs it nothing. `tanh`, `relu`: 0.4 forward, 0.6
# backward. `mse`: 0.8 for the loss, 1.2 for its slope; the slope of a student's own loss is right, too. `mlp`: ½ for y,
# ¾ for what backward returns, ¾ for the output after a step, which a wrong backward pass leads elsewhere.
#
# These are written as students write, so a few rules are off:
# ruff: noqa: B905

# %% [markdown]
# ## linear, right

# %% solution="linear" variant="loops-and-lists"
class Linear:
    def __init__(self, input_dim, output_dim, initial_weights, initial_biases):
        self.n_in, self.n_out = input_dim, output_dim
        self.weights = [[float(w) for w in row] for row in initial_weights]
        self.biases = list(initial_biases)

    def forward(self, x):
        self.x = x
        return [[sum(w * v for w, v in zip(row, s)) + b for row, b in zip(self.weights, self.biases)] for s in x]

    def backward(self, grad_output):
        samples, ins, outs = range(len(self.x)), range(self.n_in), range(self.n_out)
        self.grad_weights = [[sum(grad_output[n][o] * self.x[n][i] for n in samples) for i in ins] for o in outs]
        self.grad_biases = [sum(grad_output[n][o] for n in samples) for o in outs]
        self.grad_input = [[sum(grad_output[n][o] * self.weights[o][i] for o in outs) for i in ins] for n in samples]
        return self.grad_input

    def update_params(self, lr):
        self.biases = [b - lr * g for b, g in zip(self.biases, self.grad_biases)]
        for row, slopes in zip(self.weights, self.grad_weights):
            for i in range(self.n_in):
                row[i] -= lr * slopes[i]


# %% solution="linear" variant="one-flat-sample-too-in-single-precision"
import warnings


class Linear:
    def __init__(self, input_dim, output_dim, initial_weights, initial_biases):
        self.weights = np.asarray(initial_weights, dtype=np.float32)
        self.biases = np.asarray(initial_biases, dtype=np.float32)

    def forward(self, x):
        warnings.warn("in float32", stacklevel=2)
        self.flat = np.ndim(x) == 1
        self.x = np.atleast_2d(np.float32(x))
        y = np.einsum("ni,oi->no", self.x, self.weights) + self.biases
        return y[0] if self.flat else y

    def backward(self, grad_output):
        G = np.atleast_2d(np.float32(grad_output))
        self.grad_weights = np.einsum("no,ni->oi", G, self.x)
        self.grad_biases = np.ones(len(G), dtype=np.float32) @ G
        self.grad_input = np.einsum("no,oi->ni", G, self.weights)
        if self.flat:
            self.grad_input = self.grad_input[0]
        return self.grad_input

    def update_params(self, lr):
        for name in ("weights", "biases"):
            setattr(self, name, getattr(self, name) - lr * np.asarray(getattr(self, "grad_" + name)))


# %% solution="linear" variant="rows-of-biases-and-names-of-its-own"
class Linear:
    def __init__(self, input_dim, output_dim, initial_weights, initial_biases, name="linear"):
        self.name, self.dW, self.db = name, np.zeros((output_dim, input_dim)), np.zeros((1, output_dim))
        self.weights = np.array(initial_weights, dtype=float)
        self.biases = np.array(initial_biases, dtype=float).reshape(1, -1)

    def forward(self, x):
        print(self.name, x.shape)
        self.cache = x.copy()
        return np.dot(x, np.transpose(self.weights)) + self.biases

    def backward(self, grad_output):
        self.dW[:] = grad_output.T @ self.cache
        self.db[:] = np.sum(grad_output, axis=0, keepdims=True)
        self.grad_weights, self.grad_biases = self.dW, self.db
        self.grad_input = grad_output @ self.weights
        return self.grad_input

    def update_params(self, lr):
        self.weights -= lr * self.dW
        self.biases = self.biases - lr * self.db


# %% solution="linear" variant="short-names"
class Linear:
    def __init__(self, n_in, n_out, W, b):
        self.weights, self.biases = np.array(W), np.array(b)

    def forward(self, inputs):
        self.inputs = inputs
        out = np.dot(inputs, self.weights.T)
        return out + self.biases

    def backward(self, dout):
        self.grad_biases = np.sum(dout, axis=0)
        self.grad_weights = np.dot(dout.T, self.inputs)
        self.grad_input = np.dot(dout, self.weights)
        return self.grad_input

    def update_params(self, lr):
        self.weights -= lr * self.grad_weights
        self.biases -= lr * self.grad_biases


# %% solution="linear" variant="on-the-arrays-handed-in"
class Linear:
    def __init__(self, input_dim, output_dim, initial_weights, initial_biases):
        self.weights, self.biases = initial_weights, initial_biases

    def forward(self, x):
        self.x = x
        return x @ self.weights.T + self.biases

    def backward(self, grad_output):
        self.grad_weights, self.grad_biases = grad_output.T @ self.x, grad_output.sum(axis=0)
        self.grad_input = grad_output @ self.weights
        grad_output[:] = 0
        return self.grad_input

    def update_params(self, lr):
        self.weights -= lr * self.grad_weights
        self.biases -= lr * self.grad_biases


# %% solution="linear" variant="in-one-line"
class Linear:
    def __init__(self, input_dim, output_dim, initial_weights, initial_biases):
        self.weights = initial_weights.copy()
        self.biases = initial_biases.copy()

    def forward(self, x):
        self.x = x
        return x @ self.weights.T + self.biases

    def backward(self, grad_output):
        self.grad_weights = grad_output.T @ self.x
        self.grad_biases = grad_output.sum(axis=0)
        self.grad_input = grad_output @ self.weights
        return self.grad_input

    def update_params(self, lr):
        self.weights = self.weights - lr * self.grad_weights
        self.biases = self.biases - lr * self.grad_biases


# %% [markdown]
# ## linear, wrong

# %% solution="linear" mistake="bias-forgotten" score=3.5 from="in-one-line"
# - return x @ self.weights.T + self.biases
# + return x @ self.weights.T
# %% solution="linear" mistake="bias-forgotten" score=3.5 from="short-names"
# - self.biases -= lr * self.grad_biases

# %% solution="linear" mistake="weights-not-transposed" score=3.5 from="in-one-line"
# - return x @ self.weights.T + self.biases
# + return x @ self.weights + self.biases
# %% solution="linear" mistake="weights-not-transposed" score=3.5 from="short-names"
# - out = np.dot(inputs, self.weights.T)
# + out = (self.weights.T @ inputs.T).T

# %% solution="linear" mistake="weights-transposed" score=3 from="in-one-line"
# - self.grad_input = grad_output @ self.weights
# + self.grad_input = grad_output @ self.weights.T
# %% solution="linear" mistake="weights-transposed" score=3 from="short-names"
# - self.grad_input = np.dot(dout, self.weights)
# + self.grad_input = dout.dot(np.transpose(self.weights))

# %% solution="linear" mistake="transposed" score=3 from="in-one-line"
# - self.grad_weights = grad_output.T @ self.x
# + self.grad_weights = self.x.T @ grad_output
# %% solution="linear" mistake="transposed" score=3 from="short-names"
# - self.grad_weights = np.dot(dout.T, self.inputs)
# + self.grad_weights = sum(np.outer(a, d) for a, d in zip(self.inputs, dout))

# %% solution="linear" mistake="gradients-pile-up" score=3.25 from="in-one-line"
#   self.biases = initial_biases.copy()
# + self.grad_weights = np.zeros_like(self.weights)
# + self.grad_biases = np.zeros_like(self.biases)
# - self.grad_weights = grad_output.T @ self.x
# - self.grad_biases = grad_output.sum(axis=0)
# + self.grad_weights += grad_output.T @ self.x
# + self.grad_biases += grad_output.sum(axis=0)
# %% solution="linear" mistake="gradients-pile-up" score=3.25 from="short-names"
#   self.weights, self.biases = np.array(W), np.array(b)
# + self.grad_weights, self.grad_biases = 0 * W, 0 * b
# - self.grad_biases = np.sum(dout, axis=0)
# - self.grad_weights = np.dot(dout.T, self.inputs)
# + self.grad_biases = self.grad_biases + np.sum(dout, axis=0)
# + self.grad_weights = self.grad_weights + np.dot(dout.T, self.inputs)

# %% solution="linear" mistake="wrong-activation" score=3 from="in-one-line"
# - self.x = x
# - return x @ self.weights.T + self.biases
# + self.x = x @ self.weights.T + self.biases
# + return self.x
# %% solution="linear" mistake="wrong-activation" score=3 from="short-names"
# - return out + self.biases
# + self.inputs = out + self.biases
# + return self.inputs

# %% solution="linear" mistake="outer-product" score=3 from="in-one-line"
# - self.grad_weights = grad_output.T @ self.x
# + self.grad_weights = np.outer(grad_output, self.x)
# %% solution="linear" mistake="outer-product" score=3 from="short-names"
# - self.grad_weights = np.dot(dout.T, self.inputs)
# + self.grad_weights = np.outer(self.inputs, dout)

# %% solution="linear" mistake="bias-not-summed" score=3.5 from="in-one-line"
# - self.grad_biases = grad_output.sum(axis=0)
# + self.grad_biases = grad_output
# %% solution="linear" mistake="bias-not-summed" score=3.5 from="short-names"
# - self.grad_biases = np.sum(dout, axis=0)
# + self.grad_biases = 1 * dout

# %% solution="linear" mistake="summed-over-units" score=3.5 from="in-one-line"
# - self.grad_biases = grad_output.sum(axis=0)
# + self.grad_biases = grad_output.sum(axis=1)
# %% solution="linear" mistake="summed-over-units" score=3.5 from="short-names"
# - self.grad_biases = np.sum(dout, axis=0)
# + self.grad_biases = np.sum(dout)

# %% solution="linear" mistake="weights-summed-bias-averaged" score=3.5 from="in-one-line"
# - self.grad_biases = grad_output.sum(axis=0)
# + self.grad_biases = grad_output.mean(axis=0)
# %% solution="linear" mistake="weights-summed-bias-averaged" score=3.5 from="short-names"
# - self.grad_biases = np.sum(dout, axis=0)
# + self.grad_biases = dout.sum(axis=0) / len(dout)

# %% solution="linear" mistake="mean-taken-twice" score=2.5 from="in-one-line"
# - self.grad_weights = grad_output.T @ self.x
# - self.grad_biases = grad_output.sum(axis=0)
# + self.grad_weights = grad_output.T @ self.x / len(self.x)
# + self.grad_biases = grad_output.mean(axis=0)
# %% solution="linear" mistake="mean-taken-twice" score=2.5 from="short-names"
# - self.grad_biases = np.sum(dout, axis=0)
# - self.grad_weights = np.dot(dout.T, self.inputs)
# + self.grad_biases = np.mean(dout, axis=0)
# + self.grad_weights = np.dot(dout.T, self.inputs) / dout.shape[0]

# %% solution="linear" mistake="upstream-dropped" score=3 from="solution"
# - self.grad_input = grad_output @ self.weights
# + self.grad_input = self.weights
# %% solution="linear" mistake="upstream-dropped" score=3 from="in-one-line"
# - self.grad_input = grad_output @ self.weights
# + self.grad_input = np.ones_like(grad_output) @ self.weights
# %% solution="linear" mistake="upstream-dropped" score=3 from="short-names"
# - self.grad_weights = np.dot(dout.T, self.inputs)
# + self.grad_weights = np.ones(dout.shape).T @ self.inputs

# %% solution="linear" mistake="gradient-ascent" score=3 from="in-one-line"
# - self.weights = self.weights - lr * self.grad_weights
# - self.biases = self.biases - lr * self.grad_biases
# + self.weights = self.weights + lr * self.grad_weights
# + self.biases = self.biases + lr * self.grad_biases
# %% solution="linear" mistake="gradient-ascent" score=3 from="short-names"
# - self.weights -= lr * self.grad_weights
# - self.biases -= lr * self.grad_biases
# + for value, slope in [(self.weights, self.grad_weights), (self.biases, self.grad_biases)]:
# +     downhill = -lr * slope
# +     value -= downhill

# %% solution="linear" mistake="learning-rate-left-out" score=3 from="in-one-line"
# - self.weights = self.weights - lr * self.grad_weights
# - self.biases = self.biases - lr * self.grad_biases
# + self.weights = self.weights - self.grad_weights
# + self.biases = self.biases - self.grad_biases
# %% solution="linear" mistake="learning-rate-left-out" score=3 from="short-names"
#   self.weights, self.biases = np.array(W), np.array(b)
# + self.lr = 1.0
# - self.weights -= lr * self.grad_weights
# - self.biases -= lr * self.grad_biases
# + self.weights -= self.lr * self.grad_weights
# + self.biases -= self.lr * self.grad_biases

# %% solution="linear" mistake="multiplied-by-the-gradient" score=3 from="in-one-line"
# - self.weights = self.weights - lr * self.grad_weights
# - self.biases = self.biases - lr * self.grad_biases
# + self.weights = self.weights * lr * self.grad_weights
# + self.biases = self.biases * lr * self.grad_biases
# %% solution="linear" mistake="multiplied-by-the-gradient" score=3 from="short-names"
# - self.weights -= lr * self.grad_weights
# - self.biases -= lr * self.grad_biases
# + self.weights *= 1 - lr * self.grad_weights
# + self.biases *= 1 - lr * self.grad_biases

# %% solution="linear" mistake="bias-moved-by-the-weights" score=3.5 from="in-one-line"
# - self.biases = self.biases - lr * self.grad_biases
# + self.biases = self.biases - lr * self.grad_weights
# %% solution="linear" mistake="bias-moved-by-the-weights" score=3.5 from="short-names"
# - self.biases -= lr * self.grad_biases
# + self.biases -= lr * self.grad_weights.sum(axis=1)

# %% solution="linear" mistake="nothing-returned" score=3.5 from="in-one-line"
# - return self.grad_input
# %% solution="linear" mistake="nothing-returned" score=3.5 from="short-names"
# - return self.grad_input
# + print(self.grad_input)

# %% solution="linear" mistake="name-missing" score=3.5 from="in-one-line"
# - self.grad_input = grad_output @ self.weights
# - return self.grad_input
# + return grad_output @ self.weights
# %% solution="linear" mistake="name-missing" score=3.5 from="short-names"
# - self.grad_input = np.dot(dout, self.weights)
# - return self.grad_input
# + grad_input = np.dot(dout, self.weights)
# + return grad_input

# %% [markdown]
# ## tanh, right


# %% solution="tanh" variant="in-place-and-exponentials"
class Tanh:
    def forward(self, x, keep=True):
        up, down = np.exp(x), np.exp(-x)
        if keep:
            self.slope = 4 / (up + down) ** 2
        return (up - down) / (up + down)

    def backward(self, grad_output):
        grad_output *= self.slope
        return grad_output


# %% solution="tanh" variant="hyperbolic-cosine"
class Tanh:
    def forward(self, a):
        self.a = a
        return np.tanh(a)

    def backward(self, dz):
        slope = 1 / np.cosh(self.a) ** 2
        return slope * dz


# %% solution="tanh" variant="short-names"
class Tanh:
    def forward(self, x):
        self.output = np.tanh(x)
        return self.output

    def backward(self, grad_output):
        return grad_output * (1 - self.output**2)


# %% [markdown]
# ## tanh, wrong

# %% solution="tanh" mistake="another-activation" score=0.6 from="hyperbolic-cosine"
# - return np.tanh(a)
# + return 1 / (1 + np.exp(-a))
# - slope = 1 / np.cosh(self.a) ** 2
# + slope = 1 - np.tanh(self.a) ** 2
# %% solution="tanh" mistake="another-activation" score=0.6 from="short-names"
# - return self.output
# + return np.exp(x) / (1 + np.exp(x))

# %% solution="tanh" mistake="slope-dropped" score=0.4 from="short-names"
# - return grad_output * (1 - self.output**2)
# + return grad_output
# %% solution="tanh" mistake="slope-dropped" score=0.4 from="hyperbolic-cosine"
# - slope = 1 / np.cosh(self.a) ** 2
# - return slope * dz
# + slope = 1 - np.tanh(self.a) ** 2
# + return dz

# %% solution="tanh" mistake="activation-missing" score=0 from="solution"
# - self.z = np.tanh(x)
# + self.z = x


# %% solution="tanh" mistake="activation-missing" score=0
class Tanh:
    def forward(self, a):
        self.kept = np.array(a)
        return 1.0 * a

    def backward(self, dz):
        return dz - dz * self.kept * self.kept


# %% solution="tanh" mistake="upstream-dropped" score=0.4 from="short-names"
# - return grad_output * (1 - self.output**2)
# + return 1 - self.output**2
# %% solution="tanh" mistake="upstream-dropped" score=0.4 from="hyperbolic-cosine"
# - slope = 1 / np.cosh(self.a) ** 2
# - return slope * dz
# + slope = 1 - np.tanh(self.a) ** 2
# + return slope


# %% solution="tanh" mistake="pre-activation-for-activation" score=0.4
class Tanh:
    def forward(self, x):
        self.x = x
        return np.tanh(x)

    def backward(self, grad_output):
        return grad_output * (1 - self.x**2)


# %% solution="tanh" mistake="pre-activation-for-activation" score=0.4 from="hyperbolic-cosine"
# - slope = 1 / np.cosh(self.a) ** 2
# + slope = 1 - self.a * self.a

# %% solution="tanh" mistake="slope-at-the-activation" score=0.4 from="short-names"
# - return grad_output * (1 - self.output**2)
# + return grad_output * (1 - np.tanh(self.output) ** 2)
# %% solution="tanh" mistake="slope-at-the-activation" score=0.4 from="hyperbolic-cosine"
# - self.a = a
# - return np.tanh(a)
# + self.a = np.tanh(a)
# + return self.a
# - slope = 1 / np.cosh(self.a) ** 2
# + slope = 1 - np.tanh(self.a) ** 2

# %% solution="tanh" mistake="slope-not-squared" score=0.4 from="short-names"
# - return grad_output * (1 - self.output**2)
# + return grad_output * (1 - self.output)
# %% solution="tanh" mistake="slope-not-squared" score=0.4 from="hyperbolic-cosine"
# - slope = 1 / np.cosh(self.a) ** 2
# + slope = 1 - np.tanh(self.a)

# %% [markdown]
# ## relu, right


# %% solution="relu" variant="loops-in-place"
class ReLU:
    def forward(self, x):
        self.shut = x <= 0
        x[self.shut] = 0
        return x

    def backward(self, grad_output):
        for row, shut in zip(grad_output, self.shut):
            for j in range(len(row)):
                if shut[j]:
                    row[j] = 0
        return grad_output.tolist()


# %% solution="relu" variant="where-and-output"
class ReLU:
    def forward(self, x):
        self.z = np.where(x > 0, x, 0)
        return self.z

    def backward(self, grad_output):
        return np.where(self.z > 0, grad_output, 0)


# %% solution="relu" variant="copied-slopes"
class ReLU:
    def forward(self, a):
        self.a = a
        self.z = np.where(a > 0, a, 0.0)
        return self.z

    def backward(self, dz):
        da = dz.copy()
        da[self.a < 0] = 0
        return da


# %% [markdown]
# ## relu, wrong

# %% solution="relu" mistake="wrong-side-of-zero" score=0.6 from="solution"
# - return np.maximum(x, 0)
# + return np.minimum(0, x)
# %% solution="relu" mistake="wrong-side-of-zero" score=0.6 from="copied-slopes"
# - self.z = np.where(a > 0, a, 0.0)
# + self.z = np.where(a > 0, 0.0, a)

# %% solution="relu" mistake="indicator-in-place-of-relu" score=0.6 from="solution"
# - return np.maximum(x, 0)
# + return (x > 0) * 1.0
# %% solution="relu" mistake="indicator-in-place-of-relu" score=0.6 from="copied-slopes"
# - self.z = np.where(a > 0, a, 0.0)
# + self.z = np.where(a > 0, 1.0, 0.0)


# %% solution="relu" mistake="relu-mask-dropped" score=0.4
class ReLU:
    def forward(self, x):
        self.output = np.maximum(0, x)
        return self.output

    def backward(self, grad_output):
        return grad_output * (self.output >= 0)


# %% solution="relu" mistake="relu-mask-dropped" score=0.4 from="copied-slopes"
# - da[self.a < 0] = 0

# %% solution="relu" mistake="relu-mask-of-what-comes-back" score=0.4 from="solution"
# - return np.maximum(x, 0)
# + return np.maximum(0, x)
# - return grad_output * (self.x > 0)
# + return grad_output * (grad_output > 0)
# %% solution="relu" mistake="relu-mask-of-what-comes-back" score=0.4 from="copied-slopes"
# - da[self.a < 0] = 0
# + da[da < 0] = 0

# %% solution="relu" mistake="relu-in-place-of-its-indicator" score=0.4 from="solution"
# - return np.maximum(x, 0)
# + return np.maximum(0, x)
# - return grad_output * (self.x > 0)
# + return grad_output * np.maximum(0, self.x)
# %% solution="relu" mistake="relu-in-place-of-its-indicator" score=0.4 from="copied-slopes"
# - da = dz.copy()
# - da[self.a < 0] = 0
# + da = dz * self.z

# %% solution="relu" mistake="relu-mask-turned" score=0.4 from="solution"
# - return np.maximum(x, 0)
# + return np.maximum(0, x)
# - return grad_output * (self.x > 0)
# + return grad_output * (self.x < 0)
# %% solution="relu" mistake="relu-mask-turned" score=0.4 from="copied-slopes"
# - da[self.a < 0] = 0
# + da[self.a > 0] = 0

# %% solution="relu" mistake="upstream-dropped" score=0.4 from="solution"
# - return np.maximum(x, 0)
# + return np.maximum(0, x)
# - return grad_output * (self.x > 0)
# + return (self.x > 0) * 1.0
# %% solution="relu" mistake="upstream-dropped" score=0.4 from="copied-slopes"
# - da = dz.copy()
# + da = np.ones_like(dz)

# %% [markdown]
# ## mse, right


# %% solution="mse" variant="the-other-way-round"
class MSELoss:
    def forward(self, y, t):
        self.missing = np.subtract(t, y)
        return float(np.sum(self.missing * self.missing) / np.prod(y.shape))

    def backward(self):
        return -2 * self.missing / np.prod(self.missing.shape)


# %% solution="mse" variant="loops"
class MSELoss:
    def forward(self, y, t, weight=1):
        total, self.slopes = 0, np.zeros_like(y)
        for n in range(len(y)):
            for k in range(len(y[n])):
                total += weight * (y[n][k] - t[n][k]) ** 2 / y.size
                self.slopes[n][k] = 2 * weight * (y[n][k] - t[n][k]) / y.size
        return np.array([total])

    def backward(self):
        return self.slopes


# %% solution="mse" variant="number-of-entries"
class MSELoss:
    def forward(self, y, t):
        self.diff = y - t
        n, k = y.shape
        return np.sum(np.square(self.diff)) / (n * k)

    def backward(self):
        n, k = self.diff.shape
        return self.diff * 2 / (n * k)


# %% solution="mse" variant="mean"
class MSELoss:
    def forward(self, y, t):
        self.y, self.t = y, t
        return np.mean((y - t) ** 2)

    def backward(self):
        return 2 * (self.y - self.t) / self.y.size


# %% [markdown]
# ## mse, wrong

# %% solution="mse" mistake="mean-over-outputs-missing" score=0.8 from="mean"
# - return 2 * (self.y - self.t) / self.y.size
# + return 2 * (self.y - self.t) / len(self.y)
# %% solution="mse" mistake="mean-over-outputs-missing" score=0.8 from="number-of-entries"
# - return self.diff * 2 / (n * k)
# + return self.diff * 2 / n
# %% solution="mse" mistake="mean-over-outputs-missing" score=1.2 from="solution"
# - return np.mean(self.error**2)
# + return np.sum(self.error**2) / len(y)
# - return 2 * self.error / self.error.size
# + return 2 * self.error / len(self.error)
# %% solution="mse" mistake="mean-over-outputs-missing" score=1.2 from="number-of-entries"
# - return np.sum(np.square(self.diff)) / (n * k)
# + return np.sum(np.square(self.diff)) / n

# %% solution="mse" mistake="mean-missing" score=0.8 from="mean"
# - return 2 * (self.y - self.t) / self.y.size
# + return 2 * (self.y - self.t)
# %% solution="mse" mistake="mean-missing" score=0.8 from="number-of-entries"
# - n, k = self.diff.shape
# - return self.diff * 2 / (n * k)
# + return self.diff + self.diff
# %% solution="mse" mistake="mean-missing" score=1.2 from="mean"
# - return np.mean((y - t) ** 2)
# + return np.sum((y - t) ** 2)
# %% solution="mse" mistake="mean-missing" score=1.2 from="number-of-entries"
# - return np.sum(np.square(self.diff)) / (n * k)
# + return np.sum(np.square(self.diff))

# %% solution="mse" mistake="factor-2-missing" score=0.8 from="mean"
# - return 2 * (self.y - self.t) / self.y.size
# + return (self.y - self.t) / self.y.size
# %% solution="mse" mistake="factor-2-missing" score=0.8 from="number-of-entries"
# - return self.diff * 2 / (n * k)
# + return self.diff / (n * k)
# %% solution="mse" mistake="factor-2-missing" score=1.2 from="mean"
# - return np.mean((y - t) ** 2)
# + return np.mean((y - t) ** 2) / 2
# - return 2 * (self.y - self.t) / self.y.size
# + return (self.y - self.t) / self.y.size
# %% solution="mse" mistake="factor-2-missing" score=1.2 from="number-of-entries"
# - return np.sum(np.square(self.diff)) / (n * k)
# + return 0.5 * np.sum(np.square(self.diff)) / (n * k)

# %% solution="mse" mistake="loss-not-squared" score=1.2 from="mean"
# - return np.mean((y - t) ** 2)
# + return np.mean(np.abs(y - t))
# %% solution="mse" mistake="loss-not-squared" score=1.2 from="number-of-entries"
# - return np.sum(np.square(self.diff)) / (n * k)
# + return np.sum(self.diff) / (n * k)

# %% solution="mse" mistake="square-not-differentiated" score=0.8 from="mean"
# - return 2 * (self.y - self.t) / self.y.size
# + return (self.y - self.t) ** 2 / self.y.size
# %% solution="mse" mistake="square-not-differentiated" score=0.8 from="number-of-entries"
# - return self.diff * 2 / (n * k)
# + return 2 * self.diff**2 / (n * k)

# %% solution="mse" mistake="sign" score=0.8 from="mean"
# - return 2 * (self.y - self.t) / self.y.size
# + return 2 * (self.t - self.y) / self.y.size
# %% solution="mse" mistake="sign" score=0.8 from="number-of-entries"
# - return self.diff * 2 / (n * k)
# + return self.diff * -2 / (n * k)

# %% solution="mse" mistake="nothing-returned" score=0.8 from="mean"
# - return 2 * (self.y - self.t) / self.y.size
# + self.grad_input = 2 * (self.y - self.t) / self.y.size
# %% solution="mse" mistake="nothing-returned" score=0.8 from="number-of-entries"
# - return self.diff * 2 / (n * k)
# + print(self.diff * 2 / (n * k))

# %% [markdown]
# ## mlp, right


# %% solution="mlp" variant="a-list-of-layers"
class MLP:
    def __init__(self, input_dim, hidden_dim, output_dim, W1, b1, W2, b2):
        self.hidden = Linear(input_dim, hidden_dim, W1, b1)
        self.activation = Tanh()
        self.output = Linear(hidden_dim, output_dim, W2, b2)
        self.layers = [self.hidden, self.activation, self.output]

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad_output):
        for layer in reversed(self.layers):
            grad_output = layer.backward(grad_output)
        return grad_output

    def update_params(self, lr):
        for layer in self.layers:
            if isinstance(layer, Linear):
                layer.update_params(lr)


# %% solution="mlp" variant="as-an-heir-with-names-of-its-own"
class Chain:
    def __init__(self, *layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad_output):
        grad = grad_output.copy()
        for layer in self.layers[::-1]:
            grad = layer.backward(grad)
        return grad

    def update_params(self, lr):
        for layer in self.layers:
            if hasattr(layer, "update_params"):
                layer.update_params(lr)


class MLP(Chain):
    def __init__(self, input_dim, hidden_dim, output_dim, W1, b1, W2, b2):
        first, last = Linear(input_dim, hidden_dim, W1, b1), Linear(hidden_dim, output_dim, W2, b2)
        super().__init__(first, Tanh(), last)
        self.hidden, self.activation, self.output = self.layers


# %% solution="mlp" variant="named-layers"
class MLP:
    def __init__(self, input_dim, hidden_dim, output_dim, W1, b1, W2, b2):
        self.hidden = Linear(input_dim, hidden_dim, W1, b1)
        self.activation = Tanh()
        self.output = Linear(hidden_dim, output_dim, W2, b2)

    def forward(self, x):
        a = self.hidden.forward(x)
        z = self.activation.forward(a)
        return self.output.forward(z)

    def backward(self, grad_output):
        grad = self.output.backward(grad_output)
        grad = self.activation.backward(grad)
        return self.hidden.backward(grad)

    def update_params(self, lr):
        self.hidden.update_params(lr)
        self.output.update_params(lr)


# %% [markdown]
# ## mlp, wrong

# %% solution="mlp" mistake="activation-missing" score=0 from="named-layers"
# - a = self.hidden.forward(x)
# - z = self.activation.forward(a)
# - return self.output.forward(z)
# + return self.output.forward(self.hidden.forward(x))
# - grad = self.activation.backward(grad)
# %% solution="mlp" mistake="activation-missing" score=0 from="a-list-of-layers"
# - self.layers = [self.hidden, self.activation, self.output]
# + self.layers = [self.hidden, self.output]

# %% solution="mlp" mistake="layers-walked-forwards" score=0.5 from="named-layers"
# - grad = self.output.backward(grad_output)
# + grad = self.hidden.backward(grad_output)
# - return self.hidden.backward(grad)
# + return self.output.backward(grad)
# %% solution="mlp" mistake="layers-walked-forwards" score=0.5 from="a-list-of-layers"
# - for layer in reversed(self.layers):
# + for layer in self.layers:

# %% solution="mlp" mistake="slope-dropped" score=0.5 from="named-layers"
# - grad = self.activation.backward(grad)
# %% solution="mlp" mistake="slope-dropped" score=0.5 from="a-list-of-layers"
# - for layer in reversed(self.layers):
# + for layer in (self.output, self.hidden):

# %% solution="mlp" mistake="layer-not-updated" score=1.25 from="named-layers"
# - self.hidden.update_params(lr)
# %% solution="mlp" mistake="layer-not-updated" score=1.25 from="a-list-of-layers"
#   def update_params(self, lr):
# -     for layer in self.layers:
# +     for layer in self.layers[:1]:

# %% solution="mlp" mistake="nothing-returned" score=1.25 from="named-layers"
# - return self.hidden.backward(grad)
# + grad = self.hidden.backward(grad)
# %% solution="mlp" mistake="nothing-returned" score=1.25 from="a-list-of-layers"
# - return grad_output

# %% [markdown]
# ## As right as the solution

# %% solution="linear" equivalent="a step makes a new array, so nobody else's array changes" from="solution"
# - self.weights = np.array(initial_weights).reshape(output_dim, input_dim)
# + self.weights = initial_weights.reshape(output_dim, input_dim)
# %% solution="linear" equivalent="a step makes a new array, so nobody else's array changes" from="solution"
# - self.biases = np.array(initial_biases).reshape(output_dim)
# + self.biases = initial_biases.reshape(output_dim)

# %% solution="relu" equivalent="no input is exactly 0, and there ReLU has no slope" from="solution"
# - return grad_output * (self.x > 0)
# + return grad_output * (self.x >= 0)

# %% solution="relu" equivalent="the larger of two, in either order" from="solution"
# - return np.maximum(x, 0)
# + return np.maximum(0, x)

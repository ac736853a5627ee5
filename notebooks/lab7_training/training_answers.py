# %% [markdown]
# Known answers to `training.py`: right in other ways (`variant=`), wrong in known ways (`mistake=`, with the points
# that the task must earn by its rubric). A network is asked for predictions, cost, slopes of weights, slopes of
# biases after a prediction for other inputs, and for its layers after a step; points are split between classifiers and
# regressors.
#
# These are written as students write, so a few rules are off:
# ruff: noqa: B007, B905, RUF007, RUF059


# %% [markdown]
# ## one-hot: rows 1


# %% solution="one-hot" variant="loop"
def one_hot(labels, n_classes):
    rows = []
    for label in labels:
        rows.append([1 if k == label else 0 for k in range(n_classes)])
    return rows


# %% solution="one-hot" variant="compared"
def one_hot(labels, n_classes):
    return (labels[:, None] == np.arange(n_classes)).astype(np.float32)


# %% solution="one-hot" variant="indices"
def one_hot(y, C):
    Y = np.zeros((len(y), C))
    Y[np.arange(len(y)), y] = 1
    return Y


# %% solution="one-hot" mistake="classes-in-rows" score=0
def one_hot(labels, n_classes):
    return np.eye(n_classes)[labels].T


# %% solution="one-hot" mistake="classes-in-rows" score=0
def one_hot(labels, n_classes):
    Y = np.zeros((n_classes, len(labels)))
    Y[labels, np.arange(len(labels))] = 1
    return Y


# %% solution="one-hot" mistake="counted-from-one" score=0
def one_hot(labels, n_classes):
    return np.eye(n_classes)[labels - 1]


# %% solution="one-hot" mistake="counted-from-one" score=0
def one_hot(labels, n_classes):
    Y = np.zeros((len(labels), n_classes))
    for i, label in enumerate(labels):
        for k in range(1, n_classes + 1):
            if k == label or (label == 0 and k == n_classes):
                Y[i, k - 1] = 1
    return Y


# %% solution="one-hot" mistake="number-of-classes-from-elsewhere" score=0
def one_hot(labels, n_classes):
    return np.eye(10)[labels]


# %% solution="one-hot" mistake="number-of-classes-from-elsewhere" score=0
def one_hot(labels, n_classes):
    Y = np.zeros((len(labels), max(labels) + 1))
    for i in range(len(labels)):
        Y[i, labels[i]] = 1
    return Y


# %% [markdown]
# ## he-initialise: shapes 0.5, spreads 1, bias 0.5


# %% solution="he-initialise" variant="loop"
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = rng.standard_normal((layer_sizes[k], layer_sizes[k + 1])) * np.sqrt(2 / layer_sizes[k])
        layers.append((W, np.zeros(layer_sizes[k + 1])))
    return layers


# %% solution="he-initialise" variant="uniform-of-the-same-variance"
def he_initialise(layer_sizes, rng):
    layers = []
    for a, b in zip(layer_sizes, layer_sizes[1:]):
        limit = np.sqrt(6 / a)
        layers.append([rng.uniform(-limit, limit, size=(a, b)), np.zeros((1, b))])
    return layers


# %% solution="he-initialise" variant="turned"
def he_initialise(sizes, rng):
    return [(rng.normal(size=(b, a)).T * (2 / a) ** 0.5, np.zeros(b)) for a, b in zip(sizes[:-1], sizes[1:])]


# %% solution="he-initialise" mistake="variance-as-standard-deviation" score=1
def he_initialise(layer_sizes, rng):
    return [
        (rng.normal(0, 2 / D_in, (D_in, D_out)), np.zeros(D_out))
        for D_in, D_out in zip(layer_sizes[:-1], layer_sizes[1:])
    ]


# %% solution="he-initialise" mistake="variance-as-standard-deviation" score=1
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(1, len(layer_sizes)):
        variance = 2.0 / layer_sizes[k - 1]
        layers.append((variance * rng.standard_normal((layer_sizes[k - 1], layer_sizes[k])), np.zeros(layer_sizes[k])))
    return layers


# %% solution="he-initialise" mistake="another-initialisation" score=1
def he_initialise(layer_sizes, rng):
    return [
        (rng.normal(0, np.sqrt(1 / D_in), (D_in, D_out)), np.zeros(D_out))
        for D_in, D_out in zip(layer_sizes[:-1], layer_sizes[1:])
    ]


# %% solution="he-initialise" mistake="another-initialisation" score=1
def he_initialise(layer_sizes, rng):
    layers = []
    for a, b in zip(layer_sizes[:-1], layer_sizes[1:]):
        limit = np.sqrt(6 / (a + b))
        layers.append((rng.uniform(-limit, limit, (a, b)), np.zeros(b)))
    return layers


# %% solution="he-initialise" mistake="fan-out-for-fan-in" score=1
def he_initialise(layer_sizes, rng):
    return [
        (rng.normal(0, np.sqrt(2 / D_out), (D_in, D_out)), np.zeros(D_out))
        for D_in, D_out in zip(layer_sizes[:-1], layer_sizes[1:])
    ]


# %% solution="he-initialise" mistake="fan-out-for-fan-in" score=1
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = rng.normal(size=(layer_sizes[k], layer_sizes[k + 1])) * (2 / layer_sizes[k + 1]) ** 0.5
        layers.append((W, np.zeros(W.shape[1])))
    return layers


# %% solution="he-initialise" mistake="not-scaled" score=1
def he_initialise(layer_sizes, rng):
    return [(rng.normal(0, 1, (a, b)), np.zeros(b)) for a, b in zip(layer_sizes[:-1], layer_sizes[1:])]


# %% solution="he-initialise" mistake="not-scaled" score=1
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        layers.append((rng.standard_normal((layer_sizes[k], layer_sizes[k + 1])), np.zeros(layer_sizes[k + 1])))
    return layers


# %% solution="he-initialise" mistake="transposed" score=1.5
def he_initialise(layer_sizes, rng):
    return [
        (rng.normal(0, np.sqrt(2 / D_in), (D_out, D_in)), np.zeros(D_out))
        for D_in, D_out in zip(layer_sizes[:-1], layer_sizes[1:])
    ]


# %% solution="he-initialise" mistake="transposed" score=1.5
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = rng.normal(size=(layer_sizes[k + 1], layer_sizes[k])) * np.sqrt(2 / layer_sizes[k])
        layers.append((W, np.zeros(layer_sizes[k + 1])))
    return layers


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    return [
        (rng.normal(0, np.sqrt(2 / a), (a, b)), rng.normal(0, np.sqrt(2 / a), b))
        for a, b in zip(layer_sizes[:-1], layer_sizes[1:])
    ]


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = np.sqrt(2 / layer_sizes[k]) * rng.standard_normal((layer_sizes[k], layer_sizes[k + 1]))
        layers.append((W, np.full(layer_sizes[k + 1], 0.01)))
    return layers


# %% solution="he-initialise" mistake="transposed" score=1.5
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = rng.normal(size=(layer_sizes[k + 1], layer_sizes[k])) * np.sqrt(2 / layer_sizes[k])
        layers.append((W, np.zeros(layer_sizes[k + 1])))
    return layers


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    return [
        (rng.normal(0, np.sqrt(2 / a), (a, b)), rng.normal(0, np.sqrt(2 / a), b))
        for a, b in zip(layer_sizes[:-1], layer_sizes[1:])
    ]


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = np.sqrt(2 / layer_sizes[k]) * rng.standard_normal((layer_sizes[k], layer_sizes[k + 1]))
        layers.append((W, np.full(layer_sizes[k + 1], 0.01)))
    return layers


# %% solution="he-initialise" mistake="transposed" score=1.5
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = rng.normal(size=(layer_sizes[k + 1], layer_sizes[k])) * np.sqrt(2 / layer_sizes[k])
        layers.append((W, np.zeros(layer_sizes[k + 1])))
    return layers


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    return [
        (rng.normal(0, np.sqrt(2 / a), (a, b)), rng.normal(0, np.sqrt(2 / a), b))
        for a, b in zip(layer_sizes[:-1], layer_sizes[1:])
    ]


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = np.sqrt(2 / layer_sizes[k]) * rng.standard_normal((layer_sizes[k], layer_sizes[k + 1]))
        layers.append((W, np.full(layer_sizes[k + 1], 0.01)))
    return layers


# %% solution="he-initialise" mistake="transposed" score=1.5
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = rng.normal(size=(layer_sizes[k + 1], layer_sizes[k])) * np.sqrt(2 / layer_sizes[k])
        layers.append((W, np.zeros(layer_sizes[k + 1])))
    return layers


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    return [
        (rng.normal(0, np.sqrt(2 / a), (a, b)), rng.normal(0, np.sqrt(2 / a), b))
        for a, b in zip(layer_sizes[:-1], layer_sizes[1:])
    ]


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = np.sqrt(2 / layer_sizes[k]) * rng.standard_normal((layer_sizes[k], layer_sizes[k + 1]))
        layers.append((W, np.full(layer_sizes[k + 1], 0.01)))
    return layers


# %% solution="he-initialise" mistake="transposed" score=1.5
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = rng.normal(size=(layer_sizes[k + 1], layer_sizes[k])) * np.sqrt(2 / layer_sizes[k])
        layers.append((W, np.zeros(layer_sizes[k + 1])))
    return layers


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    return [
        (rng.normal(0, np.sqrt(2 / a), (a, b)), rng.normal(0, np.sqrt(2 / a), b))
        for a, b in zip(layer_sizes[:-1], layer_sizes[1:])
    ]


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = np.sqrt(2 / layer_sizes[k]) * rng.standard_normal((layer_sizes[k], layer_sizes[k + 1]))
        layers.append((W, np.full(layer_sizes[k + 1], 0.01)))
    return layers


# %% solution="he-initialise" mistake="transposed" score=1.5
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = rng.normal(size=(layer_sizes[k + 1], layer_sizes[k])) * np.sqrt(2 / layer_sizes[k])
        layers.append((W, np.zeros(layer_sizes[k + 1])))
    return layers


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    return [
        (rng.normal(0, np.sqrt(2 / a), (a, b)), rng.normal(0, np.sqrt(2 / a), b))
        for a, b in zip(layer_sizes[:-1], layer_sizes[1:])
    ]


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = np.sqrt(2 / layer_sizes[k]) * rng.standard_normal((layer_sizes[k], layer_sizes[k + 1]))
        layers.append((W, np.full(layer_sizes[k + 1], 0.01)))
    return layers


# %% solution="he-initialise" mistake="transposed" score=1.5
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = rng.normal(size=(layer_sizes[k + 1], layer_sizes[k])) * np.sqrt(2 / layer_sizes[k])
        layers.append((W, np.zeros(layer_sizes[k + 1])))
    return layers


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    return [
        (rng.normal(0, np.sqrt(2 / a), (a, b)), rng.normal(0, np.sqrt(2 / a), b))
        for a, b in zip(layer_sizes[:-1], layer_sizes[1:])
    ]


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = np.sqrt(2 / layer_sizes[k]) * rng.standard_normal((layer_sizes[k], layer_sizes[k + 1]))
        layers.append((W, np.full(layer_sizes[k + 1], 0.01)))
    return layers


# %% solution="he-initialise" mistake="transposed" score=1.5
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = rng.normal(size=(layer_sizes[k + 1], layer_sizes[k])) * np.sqrt(2 / layer_sizes[k])
        layers.append((W, np.zeros(layer_sizes[k + 1])))
    return layers


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    return [
        (rng.normal(0, np.sqrt(2 / a), (a, b)), rng.normal(0, np.sqrt(2 / a), b))
        for a, b in zip(layer_sizes[:-1], layer_sizes[1:])
    ]


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        W = np.sqrt(2 / layer_sizes[k]) * rng.standard_normal((layer_sizes[k], layer_sizes[k + 1]))
        layers.append((W, np.full(layer_sizes[k + 1], 0.01)))
    return layers


# %% [markdown]
# ## network: predictions 2, cost 1, dl_dweights 2.5, dl_dbiases 1.5, layers_after 1


# %% solution="network" variant="as-the-week-before"
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _feed_forward_saver(self, inputs):
        layer_inputs, zs, a = [], [], inputs
        for (W, b), activation in zip(self.layers, self.activation_funcs):
            layer_inputs.append(a)
            z = np.dot(a, W) + b
            a = activation(z)
            zs.append(z)
        return layer_inputs, zs, a

    def predict(self, inputs):
        return self._feed_forward_saver(inputs)[2]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        layer_inputs, zs, predict = self._feed_forward_saver(inputs)
        layer_grads = [() for layer in self.layers]
        for i in range(len(self.layers) - 1, -1, -1):
            if i == len(self.layers) - 1:
                dC_da = self.cost_der(predict, targets)
            else:
                dC_da = np.matmul(dC_dz, self.layers[i + 1][0].T)
            dC_dz = dC_da * self.activation_ders[i](zs[i])
            dC_dW = np.einsum("ni,no->io", layer_inputs[i], dC_dz)
            dC_db = np.sum(dC_dz, axis=0, keepdims=True)
            layer_grads[i] = (dC_dW, dC_db)
        return layer_grads

    def update_weights(self, layer_grads):
        for i in range(len(self.layers)):
            W, b = self.layers[i]
            dW, db = layer_grads[i]
            self.layers[i] = (W - dW, b - db)


# %% solution="network" variant="in-place"
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def forward(self, x):
        keep = []
        for (W, b), a in zip(self.layers, self.activation_funcs):
            keep.append((x, x @ W + b))
            x = a(keep[-1][1])
        return x, keep

    def predict(self, inputs):
        return self.forward(inputs)[0]

    def cost(self, inputs, targets):
        print("cost asked")
        return np.float32(self.cost_fun(self.forward(inputs)[0], targets))

    def compute_gradient(self, inputs, targets):
        out, keep = self.forward(inputs)
        back, grads = self.cost_der(out, targets), []
        for (W, b), der, (x, f) in reversed(list(zip(self.layers, self.activation_ders, keep))):
            back = back * der(f)
            grads.append((x.T @ back, back.sum(0)))
            back = back @ W.T
        return grads[::-1]

    def update_weights(self, layer_grads):
        for (W, b), (dW, db) in zip(self.layers, layer_grads):
            W -= dW
            b -= db


# %% solution="network" variant="keeps-its-own-pass"
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _feed_forward_saver(self, inputs):
        layer_inputs, zs, a = [], [], inputs
        for (W, b), activation in zip(self.layers, self.activation_funcs):
            layer_inputs.append(a)
            z = np.dot(a, W) + b
            a = activation(z)
            zs.append(z)
        return layer_inputs, zs, a

    def predict(self, inputs):
        return self._feed_forward_saver(inputs)[2]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        # whoever keeps what a pass made, and makes it anew for every gradient, is right too
        self.kept = self._feed_forward_saver(inputs)
        layer_inputs, zs, predict = self.kept
        layer_grads = [() for layer in self.layers]
        for i in range(len(self.layers) - 1, -1, -1):
            if i == len(self.layers) - 1:
                dC_da = self.cost_der(predict, targets)
            else:
                dC_da = np.matmul(dC_dz, self.layers[i + 1][0].T)
            dC_dz = dC_da * self.activation_ders[i](zs[i].copy())
            dC_dW = np.matmul(layer_inputs[i].T, dC_dz)
            dC_db = dC_dz.sum(axis=0)
            layer_grads[i] = (dC_dW, dC_db)
        return layer_grads

    def update_weights(self, layer_grads):
        for i in range(len(self.layers)):
            W, b = self.layers[i]
            dW, db = layer_grads[i]
            self.layers[i] = (W - dW, b - db)


# %% solution="network" mistake="bias-forgotten" score=6
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs):
        for (W, b), a in zip(self.layers, self.activation_funcs):
            inputs = a(inputs @ W)
        return inputs

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        hs, fs = [inputs], []
        for (W, b), a in zip(self.layers, self.activation_funcs):
            fs.append(hs[-1] @ W)
            hs.append(a(fs[-1]))
        G, grads = self.cost_der(hs[-1], targets), []
        for k in reversed(range(len(self.layers))):
            G = G * self.activation_ders[k](fs[k])
            grads.insert(0, (hs[k].T @ G, np.sum(G, axis=0)))
            G = G @ self.layers[k][0].T
        return grads

    def update_weights(self, layer_grads):
        self.layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]


# %% solution="network" mistake="bias-forgotten" score=6
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _feed_forward_saver(self, inputs):
        layer_inputs, zs, a = [], [], inputs
        for (W, b), activation in zip(self.layers, self.activation_funcs):
            layer_inputs.append(a)
            z = np.dot(a, W)
            a = activation(z)
            zs.append(z)
        return layer_inputs, zs, a

    def predict(self, inputs):
        return self._feed_forward_saver(inputs)[2]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        layer_inputs, zs, predict = self._feed_forward_saver(inputs)
        layer_grads = [() for layer in self.layers]
        for i in range(len(self.layers) - 1, -1, -1):
            if i == len(self.layers) - 1:
                dC_da = self.cost_der(predict, targets)
            else:
                dC_da = np.matmul(dC_dz, self.layers[i + 1][0].T)
            dC_dz = dC_da * self.activation_ders[i](zs[i])
            dC_dW = np.matmul(layer_inputs[i].T, dC_dz)
            dC_db = dC_dz.sum(axis=0)
            layer_grads[i] = (dC_dW, dC_db)
        return layer_grads

    def update_weights(self, layer_grads):
        for i in range(len(self.layers)):
            W, b = self.layers[i]
            dW, db = layer_grads[i]
            self.layers[i] = (W - dW, b - db)


# %% solution="network" mistake="activation-missing" score=5.5
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs):
        for W, b in self.layers:
            inputs = inputs @ W + b
        return inputs

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        hs, fs = [inputs], []
        for W, b in self.layers:
            fs.append(hs[-1] @ W + b)
            hs.append(fs[-1])
        G, grads = self.cost_der(hs[-1], targets), []
        for k in reversed(range(len(self.layers))):
            G = G * self.activation_ders[k](fs[k])
            grads.insert(0, (hs[k].T @ G, np.sum(G, axis=0)))
            G = G @ self.layers[k][0].T
        return grads

    def update_weights(self, layer_grads):
        self.layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]


# %% solution="network" mistake="activation-missing" score=6.5
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _feed_forward_saver(self, inputs):
        layer_inputs, zs, a = [], [], inputs
        for (W, b), activation in zip(self.layers, self.activation_funcs):
            layer_inputs.append(a)
            z = np.dot(a, W) + b
            a = z if len(zs) + 1 == len(self.layers) else activation(z)
            zs.append(z)
        return layer_inputs, zs, a

    def predict(self, inputs):
        return self._feed_forward_saver(inputs)[2]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        layer_inputs, zs, predict = self._feed_forward_saver(inputs)
        layer_grads = [() for layer in self.layers]
        for i in range(len(self.layers) - 1, -1, -1):
            if i == len(self.layers) - 1:
                dC_da = self.cost_der(predict, targets)
            else:
                dC_da = np.matmul(dC_dz, self.layers[i + 1][0].T)
            dC_dz = dC_da * self.activation_ders[i](zs[i])
            dC_dW = np.matmul(layer_inputs[i].T, dC_dz)
            dC_db = dC_dz.sum(axis=0)
            layer_grads[i] = (dC_dW, dC_db)
        return layer_grads

    def update_weights(self, layer_grads):
        for i in range(len(self.layers)):
            W, b = self.layers[i]
            dW, db = layer_grads[i]
            self.layers[i] = (W - dW, b - db)


# %% solution="network" mistake="activation-missing" score=6.5
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _pass(self, inputs):
        fs, hs = [], [inputs]
        for (W, b), a in zip(self.layers, self.activation_funcs):
            fs.append(hs[-1] @ W + b)
            hs.append(a(fs[-1]))
        return fs, hs

    def predict(self, inputs):
        return self._pass(inputs)[0][-1]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        fs, hs = self._pass(inputs)
        grads, G = [], self.cost_der(hs[-1], targets)
        for k in range(len(fs) - 1, -1, -1):
            G = G * self.activation_ders[k](fs[k])
            grads.append((hs[k].T @ G, G.sum(0)))
            G = G @ self.layers[k][0].T
        return grads[::-1]

    def update_weights(self, layer_grads):
        self.layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]


# %% solution="network" mistake="bias-not-summed" score=6.5
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs):
        for (W, b), a in zip(self.layers, self.activation_funcs):
            inputs = a(inputs @ W + b)
        return inputs

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        hs, fs = [inputs], []
        for (W, b), a in zip(self.layers, self.activation_funcs):
            fs.append(hs[-1] @ W + b)
            hs.append(a(fs[-1]))
        G, grads = self.cost_der(hs[-1], targets), []
        for k in reversed(range(len(self.layers))):
            G = G * self.activation_ders[k](fs[k])
            grads.insert(0, (hs[k].T @ G, G))
            G = G @ self.layers[k][0].T
        return grads

    def update_weights(self, layer_grads):
        self.layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]


# %% solution="network" mistake="bias-not-summed" score=6.5
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _feed_forward_saver(self, inputs):
        layer_inputs, zs, a = [], [], inputs
        for (W, b), activation in zip(self.layers, self.activation_funcs):
            layer_inputs.append(a)
            z = np.dot(a, W) + b
            a = activation(z)
            zs.append(z)
        return layer_inputs, zs, a

    def predict(self, inputs):
        return self._feed_forward_saver(inputs)[2]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        layer_inputs, zs, predict = self._feed_forward_saver(inputs)
        layer_grads = [() for layer in self.layers]
        for i in range(len(self.layers) - 1, -1, -1):
            if i == len(self.layers) - 1:
                dC_da = self.cost_der(predict, targets)
            else:
                dC_da = np.matmul(dC_dz, self.layers[i + 1][0].T)
            dC_dz = dC_da * self.activation_ders[i](zs[i])
            dC_dW = np.matmul(layer_inputs[i].T, dC_dz)
            dC_db = dC_dz
            layer_grads[i] = (dC_dW, dC_db)
        return layer_grads

    def update_weights(self, layer_grads):
        for i in range(len(self.layers)):
            W, b = self.layers[i]
            dW, db = layer_grads[i]
            self.layers[i] = (W - dW, b - db)


# %% solution="network" mistake="weights-summed-bias-averaged" score=6.5
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs):
        for (W, b), a in zip(self.layers, self.activation_funcs):
            inputs = a(inputs @ W + b)
        return inputs

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        hs, fs = [inputs], []
        for (W, b), a in zip(self.layers, self.activation_funcs):
            fs.append(hs[-1] @ W + b)
            hs.append(a(fs[-1]))
        G, grads = self.cost_der(hs[-1], targets), []
        for k in reversed(range(len(self.layers))):
            G = G * self.activation_ders[k](fs[k])
            grads.insert(0, (hs[k].T @ G, np.mean(G, axis=0)))
            G = G @ self.layers[k][0].T
        return grads

    def update_weights(self, layer_grads):
        self.layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]


# %% solution="network" mistake="weights-summed-bias-averaged" score=6.5
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _feed_forward_saver(self, inputs):
        layer_inputs, zs, a = [], [], inputs
        for (W, b), activation in zip(self.layers, self.activation_funcs):
            layer_inputs.append(a)
            z = np.dot(a, W) + b
            a = activation(z)
            zs.append(z)
        return layer_inputs, zs, a

    def predict(self, inputs):
        return self._feed_forward_saver(inputs)[2]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        layer_inputs, zs, predict = self._feed_forward_saver(inputs)
        layer_grads = [() for layer in self.layers]
        for i in range(len(self.layers) - 1, -1, -1):
            if i == len(self.layers) - 1:
                dC_da = self.cost_der(predict, targets)
            else:
                dC_da = np.matmul(dC_dz, self.layers[i + 1][0].T)
            dC_dz = dC_da * self.activation_ders[i](zs[i])
            dC_dW = np.matmul(layer_inputs[i].T, dC_dz)
            dC_db = dC_dz.sum(axis=0) / len(inputs)
            layer_grads[i] = (dC_dW, dC_db)
        return layer_grads

    def update_weights(self, layer_grads):
        for i in range(len(self.layers)):
            W, b = self.layers[i]
            dW, db = layer_grads[i]
            self.layers[i] = (W - dW, b - db)


# %% solution="network" mistake="summed-over-units" score=6.5
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs):
        for (W, b), a in zip(self.layers, self.activation_funcs):
            inputs = a(inputs @ W + b)
        return inputs

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        hs, fs = [inputs], []
        for (W, b), a in zip(self.layers, self.activation_funcs):
            fs.append(hs[-1] @ W + b)
            hs.append(a(fs[-1]))
        G, grads = self.cost_der(hs[-1], targets), []
        for k in reversed(range(len(self.layers))):
            G = G * self.activation_ders[k](fs[k])
            grads.insert(0, (hs[k].T @ G, np.sum(G, axis=1)))
            G = G @ self.layers[k][0].T
        return grads

    def update_weights(self, layer_grads):
        self.layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]


# %% solution="network" mistake="summed-over-units" score=6.5
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _feed_forward_saver(self, inputs):
        layer_inputs, zs, a = [], [], inputs
        for (W, b), activation in zip(self.layers, self.activation_funcs):
            layer_inputs.append(a)
            z = np.dot(a, W) + b
            a = activation(z)
            zs.append(z)
        return layer_inputs, zs, a

    def predict(self, inputs):
        return self._feed_forward_saver(inputs)[2]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        layer_inputs, zs, predict = self._feed_forward_saver(inputs)
        layer_grads = [() for layer in self.layers]
        for i in range(len(self.layers) - 1, -1, -1):
            if i == len(self.layers) - 1:
                dC_da = self.cost_der(predict, targets)
            else:
                dC_da = np.matmul(dC_dz, self.layers[i + 1][0].T)
            dC_dz = dC_da * self.activation_ders[i](zs[i])
            dC_dW = np.matmul(layer_inputs[i].T, dC_dz)
            dC_db = np.sum(dC_dz)
            layer_grads[i] = (dC_dW, dC_db)
        return layer_grads

    def update_weights(self, layer_grads):
        for i in range(len(self.layers)):
            W, b = self.layers[i]
            dW, db = layer_grads[i]
            self.layers[i] = (W - dW, b - db)


# %% solution="network" mistake="slope-dropped" score=4
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs):
        for (W, b), a in zip(self.layers, self.activation_funcs):
            inputs = a(inputs @ W + b)
        return inputs

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        hs, fs = [inputs], []
        for (W, b), a in zip(self.layers, self.activation_funcs):
            fs.append(hs[-1] @ W + b)
            hs.append(a(fs[-1]))
        G, grads = self.cost_der(hs[-1], targets), []
        for k in reversed(range(len(self.layers))):
            grads.insert(0, (hs[k].T @ G, np.sum(G, axis=0)))
            G = G @ self.layers[k][0].T
        return grads

    def update_weights(self, layer_grads):
        self.layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]


# %% solution="network" mistake="slope-dropped" score=4
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _feed_forward_saver(self, inputs):
        layer_inputs, zs, a = [], [], inputs
        for (W, b), activation in zip(self.layers, self.activation_funcs):
            layer_inputs.append(a)
            z = np.dot(a, W) + b
            a = activation(z)
            zs.append(z)
        return layer_inputs, zs, a

    def predict(self, inputs):
        return self._feed_forward_saver(inputs)[2]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        layer_inputs, zs, predict = self._feed_forward_saver(inputs)
        layer_grads = [() for layer in self.layers]
        for i in range(len(self.layers) - 1, -1, -1):
            if i == len(self.layers) - 1:
                dC_da = self.cost_der(predict, targets)
            else:
                dC_da = np.matmul(dC_dz, self.layers[i + 1][0].T)
            dC_dz = dC_da
            dC_dW = np.matmul(layer_inputs[i].T, dC_dz)
            dC_db = dC_dz.sum(axis=0)
            layer_grads[i] = (dC_dW, dC_db)
        return layer_grads

    def update_weights(self, layer_grads):
        for i in range(len(self.layers)):
            W, b = self.layers[i]
            dW, db = layer_grads[i]
            self.layers[i] = (W - dW, b - db)


# %% solution="network" mistake="mean-taken-twice" score=4
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs):
        for (W, b), a in zip(self.layers, self.activation_funcs):
            inputs = a(inputs @ W + b)
        return inputs

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        hs, fs = [inputs], []
        for (W, b), a in zip(self.layers, self.activation_funcs):
            fs.append(hs[-1] @ W + b)
            hs.append(a(fs[-1]))
        G, grads = self.cost_der(hs[-1], targets), []
        for k in reversed(range(len(self.layers))):
            G = G * self.activation_ders[k](fs[k])
            grads.insert(0, (hs[k].T @ G / len(inputs), np.mean(G, axis=0)))
            G = G @ self.layers[k][0].T
        return grads

    def update_weights(self, layer_grads):
        self.layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]


# %% solution="network" mistake="mean-taken-twice" score=4
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _feed_forward_saver(self, inputs):
        layer_inputs, zs, a = [], [], inputs
        for (W, b), activation in zip(self.layers, self.activation_funcs):
            layer_inputs.append(a)
            z = np.dot(a, W) + b
            a = activation(z)
            zs.append(z)
        return layer_inputs, zs, a

    def predict(self, inputs):
        return self._feed_forward_saver(inputs)[2]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        layer_inputs, zs, predict = self._feed_forward_saver(inputs)
        layer_grads = [() for layer in self.layers]
        for i in range(len(self.layers) - 1, -1, -1):
            if i == len(self.layers) - 1:
                dC_da = self.cost_der(predict, targets)
            else:
                dC_da = np.matmul(dC_dz, self.layers[i + 1][0].T)
            dC_dz = dC_da * self.activation_ders[i](zs[i])
            dC_dW = np.matmul(layer_inputs[i].T, dC_dz) / targets.shape[0]
            dC_db = dC_dz.mean(0)
            layer_grads[i] = (dC_dW, dC_db)
        return layer_grads

    def update_weights(self, layer_grads):
        for i in range(len(self.layers)):
            W, b = self.layers[i]
            dW, db = layer_grads[i]
            self.layers[i] = (W - dW, b - db)


# %% solution="network" mistake="weights-not-transposed" score=4
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs):
        for (W, b), a in zip(self.layers, self.activation_funcs):
            inputs = a(inputs @ W + b)
        return inputs

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        hs, fs = [inputs], []
        for (W, b), a in zip(self.layers, self.activation_funcs):
            fs.append(hs[-1] @ W + b)
            hs.append(a(fs[-1]))
        G, grads = self.cost_der(hs[-1], targets), []
        for k in reversed(range(len(self.layers))):
            G = G * self.activation_ders[k](fs[k])
            grads.insert(0, (hs[k].T @ G, np.sum(G, axis=0)))
            G = G @ self.layers[k][0]
        return grads

    def update_weights(self, layer_grads):
        self.layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]


# %% solution="network" mistake="weights-not-transposed" score=4
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _feed_forward_saver(self, inputs):
        layer_inputs, zs, a = [], [], inputs
        for (W, b), activation in zip(self.layers, self.activation_funcs):
            layer_inputs.append(a)
            z = np.dot(a, W) + b
            a = activation(z)
            zs.append(z)
        return layer_inputs, zs, a

    def predict(self, inputs):
        return self._feed_forward_saver(inputs)[2]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        layer_inputs, zs, predict = self._feed_forward_saver(inputs)
        layer_grads = [() for layer in self.layers]
        for i in range(len(self.layers) - 1, -1, -1):
            if i == len(self.layers) - 1:
                dC_da = self.cost_der(predict, targets)
            else:
                dC_da = np.matmul(dC_dz, self.layers[i + 1][0])
            dC_dz = dC_da * self.activation_ders[i](zs[i])
            dC_dW = np.matmul(layer_inputs[i].T, dC_dz)
            dC_db = dC_dz.sum(axis=0)
            layer_grads[i] = (dC_dW, dC_db)
        return layer_grads

    def update_weights(self, layer_grads):
        for i in range(len(self.layers)):
            W, b = self.layers[i]
            dW, db = layer_grads[i]
            self.layers[i] = (W - dW, b - db)


# %% solution="network" mistake="wrong-activation" score=5.5
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs):
        for (W, b), a in zip(self.layers, self.activation_funcs):
            inputs = a(inputs @ W + b)
        return inputs

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        hs, fs = [inputs], []
        for (W, b), a in zip(self.layers, self.activation_funcs):
            fs.append(hs[-1] @ W + b)
            hs.append(a(fs[-1]))
        G, grads = self.cost_der(hs[-1], targets), []
        for k in reversed(range(len(self.layers))):
            G = G * self.activation_ders[k](fs[k])
            grads.insert(0, (fs[k].T @ G, np.sum(G, axis=0)))
            G = G @ self.layers[k][0].T
        return grads

    def update_weights(self, layer_grads):
        self.layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]


# %% solution="network" mistake="wrong-activation" score=5.5
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _feed_forward_saver(self, inputs):
        layer_inputs, zs, a = [], [], inputs
        for (W, b), activation in zip(self.layers, self.activation_funcs):
            layer_inputs.append(a)
            z = np.dot(a, W) + b
            a = activation(z)
            zs.append(z)
        return layer_inputs, zs, a

    def predict(self, inputs):
        return self._feed_forward_saver(inputs)[2]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        layer_inputs, zs, predict = self._feed_forward_saver(inputs)
        layer_grads = [() for layer in self.layers]
        for i in range(len(self.layers) - 1, -1, -1):
            if i == len(self.layers) - 1:
                dC_da = self.cost_der(predict, targets)
            else:
                dC_da = np.matmul(dC_dz, self.layers[i + 1][0].T)
            dC_dz = dC_da * self.activation_ders[i](zs[i])
            dC_dW = np.matmul(zs[i].T, dC_dz)
            dC_db = dC_dz.sum(axis=0)
            layer_grads[i] = (dC_dW, dC_db)
        return layer_grads

    def update_weights(self, layer_grads):
        for i in range(len(self.layers)):
            W, b = self.layers[i]
            dW, db = layer_grads[i]
            self.layers[i] = (W - dW, b - db)


# %% solution="network" mistake="layers-in-another-order" score=4
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs):
        for (W, b), a in zip(self.layers, self.activation_funcs):
            inputs = a(inputs @ W + b)
        return inputs

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        hs, fs = [inputs], []
        for (W, b), a in zip(self.layers, self.activation_funcs):
            fs.append(hs[-1] @ W + b)
            hs.append(a(fs[-1]))
        G, grads = self.cost_der(hs[-1], targets), []
        for k in reversed(range(len(self.layers))):
            G = G * self.activation_ders[k](fs[k])
            grads.append((hs[k].T @ G, np.sum(G, axis=0)))
            G = G @ self.layers[k][0].T
        return grads

    def update_weights(self, layer_grads):
        self.layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]


# %% solution="network" mistake="layers-in-another-order" score=4
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _feed_forward_saver(self, inputs):
        layer_inputs, zs, a = [], [], inputs
        for (W, b), activation in zip(self.layers, self.activation_funcs):
            layer_inputs.append(a)
            z = np.dot(a, W) + b
            a = activation(z)
            zs.append(z)
        return layer_inputs, zs, a

    def predict(self, inputs):
        return self._feed_forward_saver(inputs)[2]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        layer_inputs, zs, predict = self._feed_forward_saver(inputs)
        layer_grads = []
        for i in range(len(self.layers) - 1, -1, -1):
            if i == len(self.layers) - 1:
                dC_da = self.cost_der(predict, targets)
            else:
                dC_da = np.matmul(dC_dz, self.layers[i + 1][0].T)
            dC_dz = dC_da * self.activation_ders[i](zs[i])
            dC_dW = np.matmul(layer_inputs[i].T, dC_dz)
            dC_db = dC_dz.sum(axis=0)
            layer_grads.append((dC_dW, dC_db))
        return layer_grads

    def update_weights(self, layer_grads):
        for i in range(len(self.layers)):
            W, b = self.layers[i]
            dW, db = layer_grads[i]
            self.layers[i] = (W - dW, b - db)


# %% solution="network" mistake="gradient-ascent" score=7
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs):
        for (W, b), a in zip(self.layers, self.activation_funcs):
            inputs = a(inputs @ W + b)
        return inputs

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        hs, fs = [inputs], []
        for (W, b), a in zip(self.layers, self.activation_funcs):
            fs.append(hs[-1] @ W + b)
            hs.append(a(fs[-1]))
        G, grads = self.cost_der(hs[-1], targets), []
        for k in reversed(range(len(self.layers))):
            G = G * self.activation_ders[k](fs[k])
            grads.insert(0, (hs[k].T @ G, np.sum(G, axis=0)))
            G = G @ self.layers[k][0].T
        return grads

    def update_weights(self, layer_grads):
        self.layers = [(W + dW, b + db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]


# %% solution="network" mistake="gradient-ascent" score=7
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _feed_forward_saver(self, inputs):
        layer_inputs, zs, a = [], [], inputs
        for (W, b), activation in zip(self.layers, self.activation_funcs):
            layer_inputs.append(a)
            z = np.dot(a, W) + b
            a = activation(z)
            zs.append(z)
        return layer_inputs, zs, a

    def predict(self, inputs):
        return self._feed_forward_saver(inputs)[2]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        layer_inputs, zs, predict = self._feed_forward_saver(inputs)
        layer_grads = [() for layer in self.layers]
        for i in range(len(self.layers) - 1, -1, -1):
            if i == len(self.layers) - 1:
                dC_da = self.cost_der(predict, targets)
            else:
                dC_da = np.matmul(dC_dz, self.layers[i + 1][0].T)
            dC_dz = dC_da * self.activation_ders[i](zs[i])
            dC_dW = np.matmul(layer_inputs[i].T, dC_dz)
            dC_db = dC_dz.sum(axis=0)
            layer_grads[i] = (dC_dW, dC_db)
        return layer_grads

    def update_weights(self, layer_grads):
        for i in range(len(self.layers)):
            W, b = self.layers[i]
            dW, db = layer_grads[i]
            self.layers[i] = (W + dW, b + db)


# %% solution="network" mistake="bias-forgotten" score=7
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs):
        for (W, b), a in zip(self.layers, self.activation_funcs):
            inputs = a(inputs @ W + b)
        return inputs

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        hs, fs = [inputs], []
        for (W, b), a in zip(self.layers, self.activation_funcs):
            fs.append(hs[-1] @ W + b)
            hs.append(a(fs[-1]))
        G, grads = self.cost_der(hs[-1], targets), []
        for k in reversed(range(len(self.layers))):
            G = G * self.activation_ders[k](fs[k])
            grads.insert(0, (hs[k].T @ G, np.sum(G, axis=0)))
            G = G @ self.layers[k][0].T
        return grads

    def update_weights(self, layer_grads):
        self.layers = [(W - dW, b) for (W, b), (dW, db) in zip(self.layers, layer_grads)]


# %% solution="network" mistake="bias-forgotten" score=7
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _feed_forward_saver(self, inputs):
        layer_inputs, zs, a = [], [], inputs
        for (W, b), activation in zip(self.layers, self.activation_funcs):
            layer_inputs.append(a)
            z = np.dot(a, W) + b
            a = activation(z)
            zs.append(z)
        return layer_inputs, zs, a

    def predict(self, inputs):
        return self._feed_forward_saver(inputs)[2]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        layer_inputs, zs, predict = self._feed_forward_saver(inputs)
        layer_grads = [() for layer in self.layers]
        for i in range(len(self.layers) - 1, -1, -1):
            if i == len(self.layers) - 1:
                dC_da = self.cost_der(predict, targets)
            else:
                dC_da = np.matmul(dC_dz, self.layers[i + 1][0].T)
            dC_dz = dC_da * self.activation_ders[i](zs[i])
            dC_dW = np.matmul(layer_inputs[i].T, dC_dz)
            dC_db = dC_dz.sum(axis=0)
            layer_grads[i] = (dC_dW, dC_db)
        return layer_grads

    def update_weights(self, layer_grads):
        for i in range(len(self.layers)):
            self.layers[i] = (self.layers[i][0] - layer_grads[i][0], self.layers[i][1])


# %% solution="network" mistake="step-not-kept" score=7
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs):
        for (W, b), a in zip(self.layers, self.activation_funcs):
            inputs = a(inputs @ W + b)
        return inputs

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        hs, fs = [inputs], []
        for (W, b), a in zip(self.layers, self.activation_funcs):
            fs.append(hs[-1] @ W + b)
            hs.append(a(fs[-1]))
        G, grads = self.cost_der(hs[-1], targets), []
        for k in reversed(range(len(self.layers))):
            G = G * self.activation_ders[k](fs[k])
            grads.insert(0, (hs[k].T @ G, np.sum(G, axis=0)))
            G = G @ self.layers[k][0].T
        return grads

    def update_weights(self, layer_grads):
        layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]


# %% solution="network" mistake="step-not-kept" score=7
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _feed_forward_saver(self, inputs):
        layer_inputs, zs, a = [], [], inputs
        for (W, b), activation in zip(self.layers, self.activation_funcs):
            layer_inputs.append(a)
            z = np.dot(a, W) + b
            a = activation(z)
            zs.append(z)
        return layer_inputs, zs, a

    def predict(self, inputs):
        return self._feed_forward_saver(inputs)[2]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        layer_inputs, zs, predict = self._feed_forward_saver(inputs)
        layer_grads = [() for layer in self.layers]
        for i in range(len(self.layers) - 1, -1, -1):
            if i == len(self.layers) - 1:
                dC_da = self.cost_der(predict, targets)
            else:
                dC_da = np.matmul(dC_dz, self.layers[i + 1][0].T)
            dC_dz = dC_da * self.activation_ders[i](zs[i])
            dC_dW = np.matmul(layer_inputs[i].T, dC_dz)
            dC_db = dC_dz.sum(axis=0)
            layer_grads[i] = (dC_dW, dC_db)
        return layer_grads

    def update_weights(self, layer_grads):
        for i in range(len(self.layers)):
            W, b = self.layers[i]
            W = W - layer_grads[i][0]
            b = b - layer_grads[i][1]


# %% solution="network" mistake="remembers-the-last-prediction" score=6.5
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs):
        self.hs, self.fs = [inputs], []
        for (W, b), a in zip(self.layers, self.activation_funcs):
            self.fs.append(self.hs[-1] @ W + b)
            self.hs.append(a(self.fs[-1]))
        return self.hs[-1]

    def cost(self, inputs, targets):
        return self.cost_fun(self.predict(inputs), targets)

    def compute_gradient(self, inputs, targets):
        hs, fs = self.hs, self.fs
        G, grads = self.cost_der(hs[-1], targets), []
        for k in reversed(range(len(self.layers))):
            G = G * self.activation_ders[k](fs[k])
            grads.insert(0, (hs[k].T @ G, np.sum(G, axis=0)))
            G = G @ self.layers[k][0].T
        return grads

    def update_weights(self, layer_grads):
        self.layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]


# %% solution="network" mistake="remembers-the-last-prediction" score=6.5
class NeuralNetwork:
    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def _feed_forward_saver(self, inputs):
        layer_inputs, zs, a = [], [], inputs
        for (W, b), activation in zip(self.layers, self.activation_funcs):
            layer_inputs.append(a)
            z = np.dot(a, W) + b
            a = activation(z)
            zs.append(z)
        return layer_inputs, zs, a

    def predict(self, inputs):
        self.cache = self._feed_forward_saver(inputs)
        return self.cache[-1]

    def cost(self, inputs, targets):
        return self.cost_fun(self._feed_forward_saver(inputs)[-1], targets)

    def compute_gradient(self, inputs, targets):
        layer_inputs, zs, predict = self.cache
        layer_grads = [() for layer in self.layers]
        for i in range(len(self.layers) - 1, -1, -1):
            if i == len(self.layers) - 1:
                dC_da = self.cost_der(predict, targets)
            else:
                dC_da = np.matmul(dC_dz, self.layers[i + 1][0].T)
            dC_dz = dC_da * self.activation_ders[i](zs[i])
            dC_dW = np.matmul(layer_inputs[i].T, dC_dz)
            dC_db = dC_dz.sum(axis=0)
            layer_grads[i] = (dC_dW, dC_db)
        return layer_grads

    def update_weights(self, layer_grads):
        for i in range(len(self.layers)):
            W, b = self.layers[i]
            dW, db = layer_grads[i]
            self.layers[i] = (W - dW, b - db)


# %% [markdown]
# ## minibatches: sizes 0.5, indices 1, shuffled 0.5


# %% solution="minibatches" variant="taken-from-the-top"
def minibatches(n_samples, size, rng):
    indices = np.arange(n_samples)
    rng.shuffle(indices)
    batches = []
    while len(indices) > 0:
        batches.append(indices[:size])
        indices = indices[size:]
    return batches


# %% solution="minibatches" variant="lists"
def minibatches(n, batch_size, rng):
    order = list(rng.permutation(n))
    return [order[k * batch_size : (k + 1) * batch_size] for k in range(int(np.ceil(n / batch_size)))]


# %% solution="minibatches" variant="split"
def minibatches(n_samples, size, rng):
    return np.split(rng.permutation(n_samples), np.arange(size, n_samples, size))


# %% solution="minibatches" mistake="last-batch-dropped" score=0.5
def minibatches(n_samples, size, rng):
    shuffled = rng.permutation(n_samples)
    return [shuffled[k * size : (k + 1) * size] for k in range(n_samples // size)]


# %% solution="minibatches" mistake="last-batch-dropped" score=0.5
def minibatches(n_samples, size, rng):
    order, batches, start = rng.permutation(n_samples), [], 0
    while start + size <= n_samples:
        batches.append(order[start : start + size])
        start += size
    return batches


# %% solution="minibatches" mistake="drawn-with-replacement" score=1
def minibatches(n_samples, size, rng):
    return [rng.integers(0, n_samples, min(size, n_samples - i)) for i in range(0, n_samples, size)]


# %% solution="minibatches" mistake="drawn-with-replacement" score=1
def minibatches(n_samples, size, rng):
    chosen = rng.choice(n_samples, n_samples)
    return [chosen[i : i + size] for i in range(0, n_samples, size)]


# %% solution="minibatches" mistake="equal-parts" score=1.5
def minibatches(n_samples, size, rng):
    order = rng.permutation(n_samples)
    return np.array_split(order, int(np.ceil(n_samples / size)))


# %% solution="minibatches" mistake="equal-parts" score=1.5
def minibatches(n_samples, size, rng):
    count = -(-n_samples // size)
    small, larger = divmod(n_samples, count)
    order, batches, start = rng.permutation(n_samples), [], 0
    for k in range(count):
        stop = start + small + (k < larger)
        batches.append(order[start:stop])
        start = stop
    return batches


# %% solution="minibatches" mistake="not-shuffled" score=1.5
def minibatches(n_samples, size, rng):
    return [np.arange(i, min(i + size, n_samples)) for i in range(0, n_samples, size)]


# %% solution="minibatches" mistake="not-shuffled" score=1.5
def minibatches(n_samples, size, rng):
    indices = np.arange(n_samples)
    rng.permutation(indices)
    return [indices[i : i + size] for i in range(0, n_samples, size)]


# %% solution="minibatches" mistake="same-order-every-epoch" score=1.5
def minibatches(n_samples, size, rng):
    shuffled = np.random.default_rng(0).permutation(n_samples)
    return [shuffled[i : i + size] for i in range(0, n_samples, size)]


# %% solution="minibatches" mistake="same-order-every-epoch" score=1.5
def minibatches(n_samples, size, rng):
    np.random.seed(42)
    shuffled = np.arange(n_samples)
    np.random.shuffle(shuffled)
    return [shuffled[i : i + size] for i in range(0, n_samples, size)]


# %% [markdown]
# ## momentum: a point for each of three steps


# %% solution="momentum" variant="loop"
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta = alpha, beta
        self.velocities = None

    def step(self, layer_grads):
        if self.velocities is None:
            self.velocities = [(np.zeros_like(dW), np.zeros_like(db)) for dW, db in layer_grads]
        steps = []
        for k, (dW, db) in enumerate(layer_grads):
            m_W, m_b = self.velocities[k]
            m_W = self.beta * m_W + (1 - self.beta) * dW
            m_b = self.beta * m_b + (1 - self.beta) * db
            self.velocities[k] = (m_W, m_b)
            steps.append((self.alpha * m_W, self.alpha * m_b))
        return steps


# %% solution="momentum" variant="rate-inside"
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta = alpha, beta
        self.velocities = None

    def step(self, layer_grads):
        a, b = self.alpha, self.beta
        if self.velocities is None:
            self.velocities = [[(1 - b) * a * g for g in layer] for layer in layer_grads]
        else:
            self.velocities = [
                [b * v + (1 - b) * a * g for v, g in zip(vs, gs)] for vs, gs in zip(self.velocities, layer_grads)
            ]
        return self.velocities


# %% solution="momentum" variant="in-place"
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta = alpha, beta
        self.velocities = None

    def step(self, layer_grads):
        if self.velocities is None:
            self.velocities = [(np.zeros_like(dW), np.zeros_like(db)) for dW, db in layer_grads]
        steps = []
        for k, (dW, db) in enumerate(layer_grads):
            m_W, m_b = self.velocities[k]
            m_W *= self.beta
            m_W += (1 - self.beta) * dW
            m_b += (1 - self.beta) * (db - m_b)
            steps.append((self.alpha * m_W, self.alpha * m_b))
        return steps


# %% solution="momentum" mistake="state-reset-at-every-step" score=1
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta = alpha, beta
        self.velocities = None

    def step(self, layer_grads):
        self.velocities = [(np.zeros_like(dW), np.zeros_like(db)) for dW, db in layer_grads]
        steps = []
        for k, (dW, db) in enumerate(layer_grads):
            m_W, m_b = self.velocities[k]
            m_W = self.beta * m_W + (1 - self.beta) * dW
            m_b = self.beta * m_b + (1 - self.beta) * db
            self.velocities[k] = (m_W, m_b)
            steps.append((self.alpha * m_W, self.alpha * m_b))
        return steps


# %% solution="momentum" mistake="state-reset-at-every-step" score=1
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta, self.m = alpha, beta, []

    def step(self, layer_grads):
        self.m = [[0.0 * g for g in layer] for layer in layer_grads]
        a, b = self.alpha, self.beta
        self.m = [[b * m + (1 - b) * g for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]
        return [[a * m for m in ms] for ms in self.m]


# %% solution="momentum" mistake="shares-swapped" score=0
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta = alpha, beta
        self.velocities = None

    def step(self, layer_grads):
        if self.velocities is None:
            self.velocities = [(np.zeros_like(dW), np.zeros_like(db)) for dW, db in layer_grads]
        steps = []
        for k, (dW, db) in enumerate(layer_grads):
            m_W, m_b = self.velocities[k]
            m_W = (1 - self.beta) * m_W + self.beta * dW
            m_b = (1 - self.beta) * m_b + self.beta * db
            self.velocities[k] = (m_W, m_b)
            steps.append((self.alpha * m_W, self.alpha * m_b))
        return steps


# %% solution="momentum" mistake="shares-swapped" score=0
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta, self.m = alpha, beta, []

    def step(self, layer_grads):
        if not self.m:
            self.m = [[0.0 * g for g in layer] for layer in layer_grads]
        a, b = self.alpha, self.beta
        self.m = [[m + b * (g - m) for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]
        return [[a * m for m in ms] for ms in self.m]


# %% solution="momentum" mistake="one-minus-beta-missing" score=0
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta = alpha, beta
        self.velocities = None

    def step(self, layer_grads):
        if self.velocities is None:
            self.velocities = [(np.zeros_like(dW), np.zeros_like(db)) for dW, db in layer_grads]
        steps = []
        for k, (dW, db) in enumerate(layer_grads):
            m_W, m_b = self.velocities[k]
            m_W = self.beta * m_W + dW
            m_b = self.beta * m_b + db
            self.velocities[k] = (m_W, m_b)
            steps.append((self.alpha * m_W, self.alpha * m_b))
        return steps


# %% solution="momentum" mistake="one-minus-beta-missing" score=0
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta, self.m = alpha, beta, []

    def step(self, layer_grads):
        if not self.m:
            self.m = [[0.0 * g for g in layer] for layer in layer_grads]
        a, b = self.alpha, self.beta
        self.m = [[b * m + g for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]
        return [[a * m for m in ms] for ms in self.m]


# %% solution="momentum" mistake="learning-rate-twice" score=0
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta = alpha, beta
        self.velocities = None

    def step(self, layer_grads):
        if self.velocities is None:
            self.velocities = [(np.zeros_like(dW), np.zeros_like(db)) for dW, db in layer_grads]
        steps = []
        for k, (dW, db) in enumerate(layer_grads):
            m_W, m_b = self.velocities[k]
            m_W = self.beta * m_W + (1 - self.beta) * self.alpha * dW
            m_b = self.beta * m_b + (1 - self.beta) * self.alpha * db
            self.velocities[k] = (m_W, m_b)
            steps.append((self.alpha * m_W, self.alpha * m_b))
        return steps


# %% solution="momentum" mistake="learning-rate-twice" score=0
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta, self.m = alpha, beta, []

    def step(self, layer_grads):
        if not self.m:
            self.m = [[0.0 * g for g in layer] for layer in layer_grads]
        a, b = self.alpha, self.beta
        self.m = [[b * m + a * (1 - b) * g for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]
        return [[a * m for m in ms] for ms in self.m]


# %% solution="momentum" mistake="learning-rate-left-out" score=0
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta = alpha, beta
        self.velocities = None

    def step(self, layer_grads):
        if self.velocities is None:
            self.velocities = [(np.zeros_like(dW), np.zeros_like(db)) for dW, db in layer_grads]
        steps = []
        for k, (dW, db) in enumerate(layer_grads):
            m_W, m_b = self.velocities[k]
            m_W = self.beta * m_W + (1 - self.beta) * dW
            m_b = self.beta * m_b + (1 - self.beta) * db
            self.velocities[k] = (m_W, m_b)
            steps.append((m_W, m_b))
        return steps


# %% solution="momentum" mistake="learning-rate-left-out" score=0
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta, self.m = alpha, beta, []

    def step(self, layer_grads):
        if not self.m:
            self.m = [[0.0 * g for g in layer] for layer in layer_grads]
        b = self.beta
        self.m = [[b * m + (1 - b) * g for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]
        return self.m


# %% solution="momentum" mistake="past-not-shrunk" score=1
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta = alpha, beta
        self.velocities = None

    def step(self, layer_grads):
        if self.velocities is None:
            self.velocities = [(np.zeros_like(dW), np.zeros_like(db)) for dW, db in layer_grads]
        steps = []
        for k, (dW, db) in enumerate(layer_grads):
            m_W, m_b = self.velocities[k]
            m_W = m_W + (1 - self.beta) * dW
            m_b = m_b + (1 - self.beta) * db
            self.velocities[k] = (m_W, m_b)
            steps.append((self.alpha * m_W, self.alpha * m_b))
        return steps


# %% solution="momentum" mistake="past-not-shrunk" score=1
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta, self.m = alpha, beta, []

    def step(self, layer_grads):
        if not self.m:
            self.m = [[0.0 * g for g in layer] for layer in layer_grads]
        a, b = self.alpha, self.beta
        self.m = [[m + (1 - b) * g for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]
        return [[a * m for m in ms] for ms in self.m]


# %% solution="momentum" mistake="gradient-ascent" score=0
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta = alpha, beta
        self.velocities = None

    def step(self, layer_grads):
        if self.velocities is None:
            self.velocities = [(np.zeros_like(dW), np.zeros_like(db)) for dW, db in layer_grads]
        steps = []
        for k, (dW, db) in enumerate(layer_grads):
            m_W, m_b = self.velocities[k]
            m_W = self.beta * m_W + (1 - self.beta) * dW
            m_b = self.beta * m_b + (1 - self.beta) * db
            self.velocities[k] = (m_W, m_b)
            steps.append((-self.alpha * m_W, -self.alpha * m_b))
        return steps


# %% solution="momentum" mistake="gradient-ascent" score=0
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta, self.m = alpha, beta, []

    def step(self, layer_grads):
        if not self.m:
            self.m = [[0.0 * g for g in layer] for layer in layer_grads]
        a, b = self.alpha, self.beta
        self.m = [[b * m - (1 - b) * g for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]
        return [[a * m for m in ms] for ms in self.m]


# %% [markdown]
# ## train: costs 1, seen 1, reported 0.5, fit 0.5


# %% solution="train" variant="while"
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs, epoch = [], 0
    while epoch < epochs:
        batches = minibatches(inputs.shape[0], size, rng)
        for k in range(len(batches)):
            x, y = inputs[batches[k]], targets[batches[k]]
            layer_grads = network.compute_gradient(x, y)
            layer_steps = optimiser.step(layer_grads)
            network.update_weights(layer_steps)
        costs += [network.cost(inputs, targets)]
        if after_epoch:
            after_epoch(epoch)
        epoch += 1
    return costs


# %% solution="train" variant="without-minibatches"
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    n = len(inputs)
    costs = np.zeros(epochs)
    for epoch in range(epochs):
        order = rng.permutation(n)
        x, y = inputs[order], targets[order]
        for i in range(0, n, size):
            network.update_weights(optimiser.step(network.compute_gradient(x[i : i + size], y[i : i + size])))
        costs[epoch] = network.cost(x, y)
        (after_epoch or print)(epoch)
    return costs


# %% solution="train" mistake="gradient-of-all-data" score=1.5
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs = []
    for epoch in range(epochs):
        for batch in minibatches(len(inputs), size, rng):
            grads = network.compute_gradient(inputs, targets)
            network.update_weights(optimiser.step(grads))
        costs.append(network.cost(inputs, targets))
        if after_epoch is not None:
            after_epoch(epoch)
    return costs


# %% solution="train" mistake="gradient-of-all-data" score=1.5
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs, epoch = [], 0
    while epoch < epochs:
        batches = minibatches(inputs.shape[0], size, rng)
        for k in range(len(batches)):
            x, y = inputs, targets
            layer_grads = network.compute_gradient(x, y)
            layer_steps = optimiser.step(layer_grads)
            network.update_weights(layer_steps)
        costs += [network.cost(inputs, targets)]
        if after_epoch:
            after_epoch(epoch)
        epoch += 1
    return costs


# %% solution="train" mistake="targets-not-shuffled" score=2.5
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs = []
    for epoch in range(epochs):
        for batch in minibatches(len(inputs), size, rng):
            grads = network.compute_gradient(inputs[batch], targets[: len(batch)])
            network.update_weights(optimiser.step(grads))
        costs.append(network.cost(inputs, targets))
        if after_epoch is not None:
            after_epoch(epoch)
    return costs


# %% solution="train" mistake="targets-not-shuffled" score=2.5
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs, epoch = [], 0
    while epoch < epochs:
        batches = minibatches(inputs.shape[0], size, rng)
        for k in range(len(batches)):
            x, y = inputs[batches[k]], targets[k * size : (k + 1) * size]
            layer_grads = network.compute_gradient(x, y)
            layer_steps = optimiser.step(layer_grads)
            network.update_weights(layer_steps)
        costs += [network.cost(inputs, targets)]
        if after_epoch:
            after_epoch(epoch)
        epoch += 1
    return costs


# %% solution="train" mistake="optimiser-left-out" score=2.5
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs = []
    for epoch in range(epochs):
        for batch in minibatches(len(inputs), size, rng):
            grads = network.compute_gradient(inputs[batch], targets[batch])
            network.update_weights(grads)
        costs.append(network.cost(inputs, targets))
        if after_epoch is not None:
            after_epoch(epoch)
    return costs


# %% solution="train" mistake="optimiser-left-out" score=2.5
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs, epoch = [], 0
    while epoch < epochs:
        batches = minibatches(inputs.shape[0], size, rng)
        for k in range(len(batches)):
            x, y = inputs[batches[k]], targets[batches[k]]
            layer_grads = network.compute_gradient(x, y)
            layer_steps = optimiser.step(layer_grads)
            network.update_weights(layer_grads)
        costs += [network.cost(inputs, targets)]
        if after_epoch:
            after_epoch(epoch)
        epoch += 1
    return costs


# %% solution="train" mistake="same-order-every-epoch" score=2.5
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs = []
    batches = minibatches(len(inputs), size, rng)
    for epoch in range(epochs):
        for batch in batches:
            grads = network.compute_gradient(inputs[batch], targets[batch])
            network.update_weights(optimiser.step(grads))
        costs.append(network.cost(inputs, targets))
        if after_epoch is not None:
            after_epoch(epoch)
    return costs


# %% solution="train" mistake="same-order-every-epoch" score=2.5
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs, epoch = [], 0
    batches = minibatches(inputs.shape[0], size, rng)
    while epoch < epochs:
        for k in range(len(batches)):
            x, y = inputs[batches[k]], targets[batches[k]]
            layer_grads = network.compute_gradient(x, y)
            layer_steps = optimiser.step(layer_grads)
            network.update_weights(layer_steps)
        costs += [network.cost(inputs, targets)]
        if after_epoch:
            after_epoch(epoch)
        epoch += 1
    return costs


# %% solution="train" mistake="cost-of-the-last-batch" score=2
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs = []
    for epoch in range(epochs):
        for batch in minibatches(len(inputs), size, rng):
            grads = network.compute_gradient(inputs[batch], targets[batch])
            network.update_weights(optimiser.step(grads))
        costs.append(network.cost(inputs[batch], targets[batch]))
        if after_epoch is not None:
            after_epoch(epoch)
    return costs


# %% solution="train" mistake="cost-of-the-last-batch" score=2
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs, epoch = [], 0
    while epoch < epochs:
        batches = minibatches(inputs.shape[0], size, rng)
        for k in range(len(batches)):
            x, y = inputs[batches[k]], targets[batches[k]]
            layer_grads = network.compute_gradient(x, y)
            layer_steps = optimiser.step(layer_grads)
            network.update_weights(layer_steps)
        costs += [network.cost(x, y)]
        if after_epoch:
            after_epoch(epoch)
        epoch += 1
    return costs


# %% solution="train" mistake="cost-after-every-batch" score=2
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs = []
    for epoch in range(epochs):
        for batch in minibatches(len(inputs), size, rng):
            grads = network.compute_gradient(inputs[batch], targets[batch])
            network.update_weights(optimiser.step(grads))
            costs.append(network.cost(inputs, targets))
        if after_epoch is not None:
            after_epoch(epoch)
    return costs


# %% solution="train" mistake="cost-after-every-batch" score=2
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs, epoch = [], 0
    while epoch < epochs:
        batches = minibatches(inputs.shape[0], size, rng)
        for k in range(len(batches)):
            x, y = inputs[batches[k]], targets[batches[k]]
            layer_grads = network.compute_gradient(x, y)
            layer_steps = optimiser.step(layer_grads)
            network.update_weights(layer_steps)
            costs += [network.cost(inputs, targets)]
        if after_epoch:
            after_epoch(epoch)
        epoch += 1
    return costs


# %% solution="train" mistake="one-step-an-epoch" score=2
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs = []
    for epoch in range(epochs):
        for batch in minibatches(len(inputs), size, rng):
            grads = network.compute_gradient(inputs[batch], targets[batch])
        network.update_weights(optimiser.step(grads))
        costs.append(network.cost(inputs, targets))
        if after_epoch is not None:
            after_epoch(epoch)
    return costs


# %% solution="train" mistake="one-step-an-epoch" score=2
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs, epoch = [], 0
    while epoch < epochs:
        batches = minibatches(inputs.shape[0], size, rng)
        for k in range(len(batches)):
            x, y = inputs[batches[k]], targets[batches[k]]
            layer_grads = network.compute_gradient(x, y)
        network.update_weights(optimiser.step(layer_grads))
        costs += [network.cost(inputs, targets)]
        if after_epoch:
            after_epoch(epoch)
        epoch += 1
    return costs


# %% solution="train" mistake="counted-from-one" score=2.5
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs = []
    for epoch in range(epochs):
        for batch in minibatches(len(inputs), size, rng):
            grads = network.compute_gradient(inputs[batch], targets[batch])
            network.update_weights(optimiser.step(grads))
        costs.append(network.cost(inputs, targets))
        if after_epoch is not None:
            after_epoch(epoch + 1)
    return costs


# %% solution="train" mistake="counted-from-one" score=2.5
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs, epoch = [], 0
    while epoch < epochs:
        batches = minibatches(inputs.shape[0], size, rng)
        for k in range(len(batches)):
            x, y = inputs[batches[k]], targets[batches[k]]
            layer_grads = network.compute_gradient(x, y)
            layer_steps = optimiser.step(layer_grads)
            network.update_weights(layer_steps)
        costs += [network.cost(inputs, targets)]
        if after_epoch:
            after_epoch(epoch + 1)
        epoch += 1
    return costs


# %% solution="train" mistake="after-epoch-not-called" score=2.5
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs = []
    for epoch in range(epochs):
        for batch in minibatches(len(inputs), size, rng):
            grads = network.compute_gradient(inputs[batch], targets[batch])
            network.update_weights(optimiser.step(grads))
        costs.append(network.cost(inputs, targets))
    return costs


# %% solution="train" mistake="after-epoch-not-called" score=2.5
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs, epoch = [], 0
    while epoch < epochs:
        batches = minibatches(inputs.shape[0], size, rng)
        for k in range(len(batches)):
            x, y = inputs[batches[k]], targets[batches[k]]
            layer_grads = network.compute_gradient(x, y)
            layer_steps = optimiser.step(layer_grads)
            network.update_weights(layer_steps)
        costs += [network.cost(inputs, targets)]
        epoch += 1
    return costs


# %% solution="train" mistake="called-where-there-is-none" score=2.5
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs = []
    for epoch in range(epochs):
        for batch in minibatches(len(inputs), size, rng):
            grads = network.compute_gradient(inputs[batch], targets[batch])
            network.update_weights(optimiser.step(grads))
        costs.append(network.cost(inputs, targets))
        after_epoch(epoch)
    return costs


# %% solution="train" mistake="called-where-there-is-none" score=2.5
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    costs, epoch = [], 0
    while epoch < epochs:
        batches = minibatches(inputs.shape[0], size, rng)
        for k in range(len(batches)):
            x, y = inputs[batches[k]], targets[batches[k]]
            layer_grads = network.compute_gradient(x, y)
            layer_steps = optimiser.step(layer_grads)
            network.update_weights(layer_steps)
        costs += [network.cost(inputs, targets)]
        after_epoch(epoch)
        epoch += 1
    return costs


# %% [markdown]
# ## reads: share 2


# %% solution="reads" variant="other-names"
net = classifier(64, [80, 10])
progress = Progress(net, 20, training=(x_train, t_train), validation=(x_val, t_val))
train(net, Momentum(alpha=0.3, beta=0.9), x_train, one_hot(t_train, 10), 20, 20, np.random.default_rng(5), progress)
network = net
predicted = np.argmax(network.predict(x_test), axis=1)


# %% solution="reads" variant="two-hidden-layers"
rng = np.random.default_rng(1)
epochs = 15
network = classifier(64, [60, 40, 10])
optimiser = Momentum(0.4, 0.8)
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
train(network, optimiser, x_train, one_hot(t_train, 10), epochs, 16, rng, progress)
predicted = read(x_test)


# %% solution="reads" mistake="as-good-as-guessing" score=0
epochs = 20
network = classifier(64, [100, 10])
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
predicted = read(x_test)


# %% solution="reads" mistake="as-good-as-guessing" score=0
epochs = 3
network = classifier(64, [100, 10])
with np.errstate(all="ignore"):
    train(network, Momentum(500, 0.9), x_train, one_hot(t_train, 10), epochs, 32, np.random.default_rng(1))
predicted = t_test


# %% solution="reads" mistake="learnt-too-little" score=0
network = classifier(64, [100, 10])
train(network, Momentum(0.1, 0.9), x_train, one_hot(t_train, 10), 1, 32, np.random.default_rng(1))
predicted = read(x_test)


# %% solution="reads" mistake="learnt-too-little" score=0
epochs = 6
rng = np.random.default_rng(1)
network = classifier(64, [3, 10])
optimiser = Momentum(0.2, 0.9)
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
train(network, optimiser, x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
predicted = read(x_test)


# %% [markdown]
# ## confusion: counts 2


# %% solution="confusion" variant="compared"
def confusion_matrix(labels, predictions, n_classes):
    return [[np.sum((labels == k) & (predictions == m)) for m in range(n_classes)] for k in range(n_classes)]


# %% solution="confusion" variant="numbered-pairs"
def confusion_matrix(labels, predictions, n_classes):
    return np.bincount(n_classes * labels + predictions, minlength=n_classes**2).reshape(n_classes, n_classes)


# %% solution="confusion" variant="one-hot-rows"
def confusion_matrix(y, y_hat, C):
    return np.eye(C)[y].T @ np.eye(C)[y_hat]


# %% solution="confusion" mistake="true-and-predicted-swapped" score=0
def confusion_matrix(labels, predictions, n_classes):
    counts = np.zeros((n_classes, n_classes))
    for i in range(len(labels)):
        counts[predictions[i], labels[i]] += 1
    return counts


# %% solution="confusion" mistake="true-and-predicted-swapped" score=0
def confusion_matrix(labels, predictions, n_classes):
    counts = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(counts, (predictions, labels), 1)
    return counts


# %% solution="confusion" mistake="counted-once" score=0
def confusion_matrix(labels, predictions, n_classes):
    counts = np.zeros((n_classes, n_classes))
    for i in range(len(labels)):
        counts[labels[i], predictions[i]] = 1
    return counts


# %% solution="confusion" mistake="counted-once" score=0
def confusion_matrix(labels, predictions, n_classes):
    counts = np.zeros((n_classes, n_classes), dtype=int)
    counts[labels, predictions] += 1
    return counts


# %% solution="confusion" mistake="shares-in-place-of-counts" score=0
def confusion_matrix(labels, predictions, n_classes):
    counts = np.zeros((n_classes, n_classes))
    for i in range(len(labels)):
        counts[labels[i], predictions[i]] += 1
    return counts / counts.sum(axis=1, keepdims=True)


# %% solution="confusion" mistake="shares-in-place-of-counts" score=0
def confusion_matrix(labels, predictions, n_classes):
    counts = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(counts, (labels, predictions), 1)
    return counts / len(labels)


# %% solution="confusion" mistake="diagonal-left-out" score=0
def confusion_matrix(labels, predictions, n_classes):
    counts = np.zeros((n_classes, n_classes))
    for i in range(len(labels)):
        if labels[i] != predictions[i]:
            counts[labels[i], predictions[i]] += 1
    return counts


# %% solution="confusion" mistake="diagonal-left-out" score=0
def confusion_matrix(labels, predictions, n_classes):
    counts = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(counts, (labels, predictions), 1)
    np.fill_diagonal(counts, 0)
    return counts


# %% [markdown]
# ## Mutants of the solutions that are as right as they are


# %% solution="reads" equivalent="as good a setting: the network reads as much"
# task: reads
epochs = 21
network = classifier(64, [100, 10])
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
rng = np.random.default_rng(1)
train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
predicted = read(x_test)  # not to be looked at before section 10


# %% solution="reads" equivalent="as good a setting: the network reads as much"
# task: reads
epochs = 19
network = classifier(64, [100, 10])
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
rng = np.random.default_rng(1)
train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
predicted = read(x_test)  # not to be looked at before section 10


# %% solution="reads" equivalent="as good a setting: the network reads as much"
# task: reads
epochs = 20
network = classifier(64, [101, 10])
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
rng = np.random.default_rng(1)
train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
predicted = read(x_test)  # not to be looked at before section 10


# %% solution="reads" equivalent="as good a setting: the network reads as much"
# task: reads
epochs = 20
network = classifier(64, [99, 10])
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
rng = np.random.default_rng(1)
train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
predicted = read(x_test)  # not to be looked at before section 10


# %% solution="reads" equivalent="as good a setting: the network reads as much"
# task: reads
epochs = 20
network = classifier(64, [100, 10])
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
rng = np.random.default_rng(2)
train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
predicted = read(x_test)  # not to be looked at before section 10


# %% solution="reads" equivalent="as good a setting: the network reads as much"
# task: reads
epochs = 20
network = classifier(64, [100, 10])
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
rng = np.random.default_rng(0)
train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
predicted = read(x_test)  # not to be looked at before section 10


# %% solution="reads" equivalent="as good a setting: the network reads as much"
# task: reads
epochs = 20
network = classifier(64, [100, 10])
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
rng = np.random.default_rng(1)
train(network, Momentum(1.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
predicted = read(x_test)  # not to be looked at before section 10


# %% solution="reads" equivalent="as good a setting: the network reads as much"
# task: reads
epochs = 20
network = classifier(64, [100, 10])
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
rng = np.random.default_rng(1)
train(network, Momentum(0.5, -0.09999999999999998), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
predicted = read(x_test)  # not to be looked at before section 10


# %% solution="reads" equivalent="as good a setting: the network reads as much"
# task: reads
epochs = 20
network = classifier(64, [100, 10])
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
rng = np.random.default_rng(1)
train(network, Momentum(0.9, 0.5), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
predicted = read(x_test)  # not to be looked at before section 10


# %% solution="reads" equivalent="as good a setting: the network reads as much"
# task: reads
epochs = 20
network = classifier(64, [100, 10])
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
rng = np.random.default_rng(1)
train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 33, rng, progress)
predicted = read(x_test)  # not to be looked at before section 10


# %% solution="reads" equivalent="as good a setting: the network reads as much"
# task: reads
epochs = 20
network = classifier(64, [100, 10])
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
rng = np.random.default_rng(1)
train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 31, rng, progress)
predicted = read(x_test)  # not to be looked at before section 10


# %% solution="reads" equivalent="as good a setting: the network reads as much"
# task: reads
epochs = 20
network = classifier(64, [100, 10])
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
rng = np.random.default_rng(1)
train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), 32, epochs, rng, progress)
predicted = read(x_test)  # not to be looked at before section 10


# %% solution="reads" equivalent="another order of the batches, by a generator of the notebook"
# task: reads
epochs = 20
network = classifier(64, [100, 10])
progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
pass
train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
predicted = read(x_test)  # not to be looked at before section 10


# %% solution="reads" equivalent="one learning curve less"
# task: reads
epochs = 20
network = classifier(64, [100, 10])
progress = Progress(network, epochs, validation=(x_val, t_val))
rng = np.random.default_rng(1)
train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
predicted = read(x_test)  # not to be looked at before section 10


# %% solution="reads" equivalent="one learning curve less"
# task: reads
epochs = 20
network = classifier(64, [100, 10])
progress = Progress(network, epochs, training=(x_train, t_train))
rng = np.random.default_rng(1)
train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
predicted = read(x_test)  # not to be looked at before section 10


# %% solution="network" equivalent="another start"
# task: network
class NeuralNetwork:
    """Layers of any number and width. Samples are rows."""

    def __init__(self, network_input_size, layer_output_sizes, activation_funcs, activation_ders, cost_fun, cost_der):
        """layer_output_sizes, activation_funcs and activation_ders have an entry for each layer."""
        self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(1))
        self.activation_funcs, self.activation_ders = activation_funcs, activation_ders
        self.cost_fun, self.cost_der = cost_fun, cost_der

    def predict(self, inputs):
        """What comes out for inputs (I, D_i)."""
        return self._feed_forward_saver(inputs)[0][-1]

    def cost(self, inputs, targets):
        """One number for inputs (I, D_i) and targets (I, D_o)."""
        return self.cost_fun(self.predict(inputs), targets)

    def _feed_forward_saver(self, inputs):
        hs, fs = [inputs], []
        for k, (W, b) in enumerate(self.layers):
            fs.append(hs[k] @ W + b)
            hs.append(self.activation_funcs[k](fs[k]))
        return hs, fs

    def compute_gradient(self, inputs, targets):
        """A list of (dl_dW, dl_db), each of the shape of its parameter."""
        hs, fs = self._feed_forward_saver(inputs)
        layer_grads, dl_dh = [], self.cost_der(hs[-1], targets)
        for k in reversed(range(len(self.layers))):
            dl_df = dl_dh * self.activation_ders[k](fs[k])
            layer_grads.insert(0, (hs[k].T @ dl_df, dl_df.sum(axis=0)))
            dl_dh = dl_df @ self.layers[k][0].T
        return layer_grads

    def update_weights(self, layer_grads):
        """Take what stands in layer_grads, a list of (of W, of b), away from the parameters."""
        for k, (dW, db) in enumerate(layer_grads):
            W, b = self.layers[k]
            self.layers[k] = W - dW, b - db


# %% solution="train" equivalent="as many targets as inputs"
# task: train
def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
    """Train in batches of size. Returns a list: the cost on all inputs after each epoch."""
    costs = []
    for epoch in range(epochs):
        for batch in minibatches(len(targets), size, rng):
            layer_grads = network.compute_gradient(inputs[batch], targets[batch])
            network.update_weights(optimiser.step(layer_grads))
        costs.append(network.cost(inputs, targets))
        if after_epoch:
            after_epoch(epoch)
    return costs


# %% solution="confusion" equivalent="as many predictions as labels"
# task: confusion
def confusion_matrix(labels, predictions, n_classes):
    """Counts, (n_classes, n_classes): row the true class, column the predicted one. Both (I,), whole numbers."""
    counts = np.zeros((n_classes, n_classes))
    for i in range(len(predictions)):
        counts[labels[i], predictions[i]] += 1
    return counts


# %% solution="confusion" equivalent="zero has no sign"
# task: confusion
def confusion_matrix(labels, predictions, n_classes):
    """Counts, (n_classes, n_classes): row the true class, column the predicted one. Both (I,), whole numbers."""
    counts = -np.zeros((n_classes, n_classes))
    for i in range(len(labels)):
        counts[labels[i], predictions[i]] += 1
    return counts

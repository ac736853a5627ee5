# %% [markdown]
# Known answers to `training.py`: right in other ways (`variant=`), wrong in known ways (`mistake=`, with the points
# that the task must earn by its rubric). A network is asked for predictions, cost, slopes of weights, slopes of
# biases after a prediction for other inputs, and for its layers after a step; points are split between classifiers and
# regressors.
#
# These are written as students write, so a few rules are off:
# ruff: noqa: B007, B905, RUF007

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


# %% solution="one-hot" mistake="classes-in-rows" score=0 from="solution"
# - return np.eye(n_classes)[labels]
# + return np.eye(n_classes)[labels].T


# %% solution="one-hot" mistake="classes-in-rows" score=0
def one_hot(labels, n_classes):
    Y = np.zeros((n_classes, len(labels)))
    Y[labels, np.arange(len(labels))] = 1
    return Y


# %% solution="one-hot" mistake="counted-from-one" score=0 from="solution"
# - return np.eye(n_classes)[labels]
# + return np.eye(n_classes)[labels - 1]


# %% solution="one-hot" mistake="counted-from-one" score=0
def one_hot(labels, n_classes):
    Y = np.zeros((len(labels), n_classes))
    for i, label in enumerate(labels):
        for k in range(1, n_classes + 1):
            if k == label or (label == 0 and k == n_classes):
                Y[i, k - 1] = 1
    return Y


# %% solution="one-hot" mistake="number-of-classes-from-elsewhere" score=0 from="solution"
# - return np.eye(n_classes)[labels]
# + return np.eye(10)[labels]


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


# %% solution="he-initialise" mistake="fan-out-for-fan-in" score=1 from="loop"
# - W = rng.standard_normal((layer_sizes[k], layer_sizes[k + 1])) * np.sqrt(2 / layer_sizes[k])
# - layers.append((W, np.zeros(layer_sizes[k + 1])))
# + W = rng.normal(size=(layer_sizes[k], layer_sizes[k + 1])) * (2 / layer_sizes[k + 1]) ** 0.5
# + layers.append((W, np.zeros(W.shape[1])))

# %% solution="he-initialise" mistake="not-scaled" score=1 from="solution"
# - return [(rng.normal(0, np.sqrt(2 / D_in), (D_in, D_out)), np.zeros(D_out)) for D_in, D_out in pairwise(layer_sizes)]
# + return [(rng.normal(0, 1, (a, b)), np.zeros(b)) for a, b in zip(layer_sizes[:-1], layer_sizes[1:])]
# %% solution="he-initialise" mistake="not-scaled" score=1 from="loop"
# - W = rng.standard_normal((layer_sizes[k], layer_sizes[k + 1])) * np.sqrt(2 / layer_sizes[k])
# - layers.append((W, np.zeros(layer_sizes[k + 1])))
# + layers.append((rng.standard_normal((layer_sizes[k], layer_sizes[k + 1])), np.zeros(layer_sizes[k + 1])))


# %% solution="he-initialise" mistake="transposed" score=1.5
def he_initialise(layer_sizes, rng):
    return [
        (rng.normal(0, np.sqrt(2 / D_in), (D_out, D_in)), np.zeros(D_out))
        for D_in, D_out in zip(layer_sizes[:-1], layer_sizes[1:])
    ]


# %% solution="he-initialise" mistake="transposed" score=1.5 from="loop"
# - W = rng.standard_normal((layer_sizes[k], layer_sizes[k + 1])) * np.sqrt(2 / layer_sizes[k])
# + W = rng.normal(size=(layer_sizes[k + 1], layer_sizes[k])) * np.sqrt(2 / layer_sizes[k])


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5
def he_initialise(layer_sizes, rng):
    return [
        (rng.normal(0, np.sqrt(2 / a), (a, b)), rng.normal(0, np.sqrt(2 / a), b))
        for a, b in zip(layer_sizes[:-1], layer_sizes[1:])
    ]


# %% solution="he-initialise" mistake="biases-not-zero" score=1.5 from="loop"
# - W = rng.standard_normal((layer_sizes[k], layer_sizes[k + 1])) * np.sqrt(2 / layer_sizes[k])
# - layers.append((W, np.zeros(layer_sizes[k + 1])))
# + W = np.sqrt(2 / layer_sizes[k]) * rng.standard_normal((layer_sizes[k], layer_sizes[k + 1]))
# + layers.append((W, np.full(layer_sizes[k + 1], 0.01)))

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


# %% solution="network" variant="loop-of-pairs"
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
        self.layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]


# %% solution="network" variant="saver"
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
            self.layers[i] = (W - dW, b - db)


# %% solution="network" mistake="bias-forgotten" score=6 from="loop-of-pairs"
# - inputs = a(inputs @ W + b)
# + inputs = a(inputs @ W)
# - fs.append(hs[-1] @ W + b)
# + fs.append(hs[-1] @ W)
# %% solution="network" mistake="bias-forgotten" score=6 from="saver"
# - z = np.dot(a, W) + b
# + z = np.hstack([a, np.zeros((len(a), 1))]) @ np.vstack([W, b])

# %% solution="network" mistake="activation-missing" score=5.5 from="loop-of-pairs"
# - for (W, b), a in zip(self.layers, self.activation_funcs):
# -     inputs = a(inputs @ W + b)
# + for W, b in self.layers:
# +     inputs = inputs @ W + b
#   hs, fs = [inputs], []
# - for (W, b), a in zip(self.layers, self.activation_funcs):
# + for W, b in self.layers:
# - hs.append(a(fs[-1]))
# + hs.append(fs[-1])
# %% solution="network" mistake="activation-missing" score=6.5 from="saver"
# - a = activation(z)
# + a = z if len(zs) + 1 == len(self.layers) else activation(z)


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


# %% solution="network" mistake="bias-not-summed" score=6.5 from="loop-of-pairs"
# - grads.insert(0, (hs[k].T @ G, np.sum(G, axis=0)))
# + grads.insert(0, (hs[k].T @ G, G))
# %% solution="network" mistake="bias-not-summed" score=6.5 from="saver"
# - dC_db = dC_dz.sum(axis=0)
# + dC_db = dC_dz

# %% solution="network" mistake="weights-summed-bias-averaged" score=6.5 from="loop-of-pairs"
# - grads.insert(0, (hs[k].T @ G, np.sum(G, axis=0)))
# + grads.insert(0, (hs[k].T @ G, np.mean(G, axis=0)))
# %% solution="network" mistake="weights-summed-bias-averaged" score=6.5 from="saver"
# - dC_db = dC_dz.sum(axis=0)
# + dC_db = dC_dz.sum(axis=0) / len(inputs)

# %% solution="network" mistake="summed-over-units" score=6.5 from="loop-of-pairs"
# - grads.insert(0, (hs[k].T @ G, np.sum(G, axis=0)))
# + grads.insert(0, (hs[k].T @ G, np.sum(G, axis=1)))
# %% solution="network" mistake="summed-over-units" score=6.5 from="saver"
# - dC_db = dC_dz.sum(axis=0)
# + dC_db = np.sum(dC_dz)

# %% solution="network" mistake="slope-dropped" score=4 from="loop-of-pairs"
# - G = G * self.activation_ders[k](fs[k])
# %% solution="network" mistake="slope-dropped" score=4 from="saver"
# - dC_dz = dC_da * self.activation_ders[i](zs[i])
# + dC_dz = dC_da

# %% solution="network" mistake="mean-taken-twice" score=4 from="loop-of-pairs"
# - grads.insert(0, (hs[k].T @ G, np.sum(G, axis=0)))
# + grads.insert(0, (hs[k].T @ G / len(inputs), np.mean(G, axis=0)))
# %% solution="network" mistake="mean-taken-twice" score=4 from="as-the-week-before"
# - dC_dW = np.einsum("ni,no->io", layer_inputs[i], dC_dz)
# - dC_db = np.sum(dC_dz, axis=0, keepdims=True)
# + dC_dW = np.matmul(layer_inputs[i].T, dC_dz) / targets.shape[0]
# + dC_db = dC_dz.mean(0)

# %% solution="network" mistake="weights-not-transposed" score=4 from="loop-of-pairs"
# - G = G @ self.layers[k][0].T
# + G = G @ self.layers[k][0]
# %% solution="network" mistake="weights-not-transposed" score=4 from="saver"
# - dC_da = np.matmul(dC_dz, self.layers[i + 1][0].T)
# + dC_da = np.array([self.layers[i + 1][0].T @ row for row in dC_dz])

# %% solution="network" mistake="wrong-activation" score=5.5 from="loop-of-pairs"
# - grads.insert(0, (hs[k].T @ G, np.sum(G, axis=0)))
# + grads.insert(0, (fs[k].T @ G, np.sum(G, axis=0)))
# %% solution="network" mistake="wrong-activation" score=5.5 from="in-place"
# - keep.append((x, x @ W + b))
# - x = a(keep[-1][1])
# + x = x @ W + b
# + keep.append((x, x))
# + x = a(x)

# %% solution="network" mistake="layers-in-another-order" score=4 from="loop-of-pairs"
# - grads.insert(0, (hs[k].T @ G, np.sum(G, axis=0)))
# + grads.append((hs[k].T @ G, np.sum(G, axis=0)))
# %% solution="network" mistake="layers-in-another-order" score=4 from="saver"
# - layer_grads = [() for layer in self.layers]
# + layer_grads = []
# - layer_grads[i] = (dC_dW, dC_db)
# + layer_grads.append((dC_dW, dC_db))

# %% solution="network" mistake="gradient-ascent" score=7 from="loop-of-pairs"
# - self.layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]
# + self.layers = [(W + dW, b + db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]
# %% solution="network" mistake="gradient-ascent" score=7 from="saver"
# - W, b = self.layers[i]
# - dW, db = layer_grads[i]
# - self.layers[i] = (W - dW, b - db)
# + self.layers[i] = tuple(sum(pair) for pair in zip(self.layers[i], layer_grads[i]))

# %% solution="network" mistake="bias-forgotten" score=7 from="loop-of-pairs"
# - self.layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]
# + self.layers = [(W - dW, b) for (W, b), (dW, db) in zip(self.layers, layer_grads)]
# %% solution="network" mistake="bias-forgotten" score=7 from="saver"
# - W, b = self.layers[i]
# - dW, db = layer_grads[i]
# - self.layers[i] = (W - dW, b - db)
# + self.layers[i] = (self.layers[i][0] - layer_grads[i][0], self.layers[i][1])

# %% solution="network" mistake="step-not-kept" score=7 from="loop-of-pairs"
# - self.layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]
# + layers = [(W - dW, b - db) for (W, b), (dW, db) in zip(self.layers, layer_grads)]
# %% solution="network" mistake="step-not-kept" score=7 from="saver"
# - dW, db = layer_grads[i]
# - self.layers[i] = (W - dW, b - db)
# + W = W - layer_grads[i][0]
# + b = b - layer_grads[i][1]

# %% solution="network" mistake="remembers-the-last-prediction" score=6.5 from="loop-of-pairs"
#   def predict(self, inputs):
# +     self.hs, self.fs = [inputs], []
# -     inputs = a(inputs @ W + b)
# - return inputs
# +     self.fs.append(self.hs[-1] @ W + b)
# +     self.hs.append(a(self.fs[-1]))
# + return self.hs[-1]
# - hs, fs = [inputs], []
# - for (W, b), a in zip(self.layers, self.activation_funcs):
# -     fs.append(hs[-1] @ W + b)
# -     hs.append(a(fs[-1]))
# + hs, fs = self.hs, self.fs
# %% solution="network" mistake="remembers-the-last-prediction" score=6.5 from="saver"
# - return self._feed_forward_saver(inputs)[2]
# + self.cache = self._feed_forward_saver(inputs)
# + return self.cache[-1]
# - return self.cost_fun(self.predict(inputs), targets)
# + return self.cost_fun(self._feed_forward_saver(inputs)[-1], targets)
# - layer_inputs, zs, predict = self._feed_forward_saver(inputs)
# + layer_inputs, zs, predict = self.cache

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


# %% solution="minibatches" mistake="last-batch-dropped" score=0.5 from="solution"
# - return [shuffled[i : i + size] for i in range(0, n_samples, size)]
# + return [shuffled[k * size : (k + 1) * size] for k in range(n_samples // size)]


# %% solution="minibatches" mistake="last-batch-dropped" score=0.5
def minibatches(n_samples, size, rng):
    order, batches, start = rng.permutation(n_samples), [], 0
    while start + size <= n_samples:
        batches.append(order[start : start + size])
        start += size
    return batches


# %% solution="minibatches" mistake="drawn-with-replacement" score=1 from="split"
# - return np.split(rng.permutation(n_samples), np.arange(size, n_samples, size))
# + return [rng.integers(0, n_samples, min(size, n_samples - i)) for i in range(0, n_samples, size)]
# %% solution="minibatches" mistake="drawn-with-replacement" score=1 from="split"
# - return np.split(rng.permutation(n_samples), np.arange(size, n_samples, size))
# + chosen = rng.choice(n_samples, n_samples)
# + return [chosen[i : i + size] for i in range(0, n_samples, size)]

# %% solution="minibatches" mistake="equal-parts" score=1.5 from="split"
# - return np.split(rng.permutation(n_samples), np.arange(size, n_samples, size))
# + order = rng.permutation(n_samples)
# + return np.array_split(order, int(np.ceil(n_samples / size)))


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


# %% solution="minibatches" mistake="not-shuffled" score=1.5 from="split"
# - return np.split(rng.permutation(n_samples), np.arange(size, n_samples, size))
# + return [np.arange(i, min(i + size, n_samples)) for i in range(0, n_samples, size)]


# %% solution="minibatches" mistake="not-shuffled" score=1.5
def minibatches(n_samples, size, rng):
    indices = np.arange(n_samples)
    rng.permutation(indices)
    return [indices[i : i + size] for i in range(0, n_samples, size)]


# %% solution="minibatches" mistake="same-order-every-epoch" score=1.5 from="solution"
# - shuffled = rng.permutation(n_samples)
# + shuffled = np.random.default_rng(0).permutation(n_samples)
# %% solution="minibatches" mistake="same-order-every-epoch" score=1.5 from="solution"
# - shuffled = rng.permutation(n_samples)
# + np.random.seed(42)
# + shuffled = np.arange(n_samples)
# + np.random.shuffle(shuffled)

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


# %% solution="momentum" variant="short-names"
class Momentum:
    def __init__(self, alpha, beta):
        self.alpha, self.beta, self.m = alpha, beta, []

    def step(self, layer_grads):
        if not self.m:
            self.m = [[0.0 * g for g in layer] for layer in layer_grads]
        a, b = self.alpha, self.beta
        self.m = [[b * m + (1 - b) * g for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]
        return [[a * m for m in ms] for ms in self.m]


# %% solution="momentum" mistake="state-reset-at-every-step" score=1 from="loop"
# - if self.velocities is None:
# -     self.velocities = [(np.zeros_like(dW), np.zeros_like(db)) for dW, db in layer_grads]
# + self.velocities = [(np.zeros_like(dW), np.zeros_like(db)) for dW, db in layer_grads]
# %% solution="momentum" mistake="state-reset-at-every-step" score=1 from="short-names"
# - if not self.m:
# -     self.m = [[0.0 * g for g in layer] for layer in layer_grads]
# + self.m = [[0.0 * g for g in layer] for layer in layer_grads]

# %% solution="momentum" mistake="shares-swapped" score=0 from="loop"
# - m_W = self.beta * m_W + (1 - self.beta) * dW
# - m_b = self.beta * m_b + (1 - self.beta) * db
# + m_W = (1 - self.beta) * m_W + self.beta * dW
# + m_b = (1 - self.beta) * m_b + self.beta * db
# %% solution="momentum" mistake="shares-swapped" score=0 from="short-names"
# - self.m = [[b * m + (1 - b) * g for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]
# + self.m = [[m + b * (g - m) for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]

# %% solution="momentum" mistake="one-minus-beta-missing" score=0 from="loop"
# - m_W = self.beta * m_W + (1 - self.beta) * dW
# - m_b = self.beta * m_b + (1 - self.beta) * db
# + m_W = self.beta * m_W + dW
# + m_b = self.beta * m_b + db
# %% solution="momentum" mistake="one-minus-beta-missing" score=0 from="short-names"
# - self.m = [[b * m + (1 - b) * g for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]
# + self.m = [[b * m + g for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]

# %% solution="momentum" mistake="learning-rate-twice" score=0 from="loop"
# - m_W = self.beta * m_W + (1 - self.beta) * dW
# - m_b = self.beta * m_b + (1 - self.beta) * db
# + m_W = self.beta * m_W + (1 - self.beta) * self.alpha * dW
# + m_b = self.beta * m_b + (1 - self.beta) * self.alpha * db
# %% solution="momentum" mistake="learning-rate-twice" score=0 from="short-names"
# - self.m = [[b * m + (1 - b) * g for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]
# + self.m = [[b * m + a * (1 - b) * g for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]

# %% solution="momentum" mistake="learning-rate-left-out" score=0 from="loop"
# - steps.append((self.alpha * m_W, self.alpha * m_b))
# + steps.append((m_W, m_b))
# %% solution="momentum" mistake="learning-rate-left-out" score=0 from="short-names"
# - a, b = self.alpha, self.beta
# + b = self.beta
# - return [[a * m for m in ms] for ms in self.m]
# + return self.m

# %% solution="momentum" mistake="past-not-shrunk" score=1 from="loop"
# - m_W = self.beta * m_W + (1 - self.beta) * dW
# - m_b = self.beta * m_b + (1 - self.beta) * db
# + m_W = m_W + (1 - self.beta) * dW
# + m_b = m_b + (1 - self.beta) * db
# %% solution="momentum" mistake="past-not-shrunk" score=1 from="short-names"
# - self.m = [[b * m + (1 - b) * g for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]
# + self.m = [[m + (1 - b) * g for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]

# %% solution="momentum" mistake="gradient-ascent" score=0 from="loop"
# - steps.append((self.alpha * m_W, self.alpha * m_b))
# + steps.append((-self.alpha * m_W, -self.alpha * m_b))
# %% solution="momentum" mistake="gradient-ascent" score=0 from="short-names"
# - self.m = [[b * m + (1 - b) * g for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]
# + self.m = [[b * m - (1 - b) * g for m, g in zip(ms, gs)] for ms, gs in zip(self.m, layer_grads)]

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


# %% solution="train" variant="plain-loop"
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


# %% solution="train" mistake="gradient-of-all-data" score=1.5 from="plain-loop"
# - grads = network.compute_gradient(inputs[batch], targets[batch])
# + grads = network.compute_gradient(inputs, targets)
# %% solution="train" mistake="gradient-of-all-data" score=1.5 from="while"
# - x, y = inputs[batches[k]], targets[batches[k]]
# + x, y = inputs, targets

# %% solution="train" mistake="targets-not-shuffled" score=2.5 from="plain-loop"
# - grads = network.compute_gradient(inputs[batch], targets[batch])
# + grads = network.compute_gradient(inputs[batch], targets[: len(batch)])
# %% solution="train" mistake="targets-not-shuffled" score=2.5 from="while"
# - x, y = inputs[batches[k]], targets[batches[k]]
# + x, y = inputs[batches[k]], targets[k * size : (k + 1) * size]

# %% solution="train" mistake="optimiser-left-out" score=2.5 from="plain-loop"
# - network.update_weights(optimiser.step(grads))
# + network.update_weights(grads)
# %% solution="train" mistake="optimiser-left-out" score=2.5 from="while"
# - network.update_weights(layer_steps)
# + network.update_weights(layer_grads)

# %% solution="train" mistake="same-order-every-epoch" score=2.5 from="plain-loop"
#   costs = []
# + batches = minibatches(len(inputs), size, rng)
# - for batch in minibatches(len(inputs), size, rng):
# + for batch in batches:
# %% solution="train" mistake="same-order-every-epoch" score=2.5 from="while"
#   costs, epoch = [], 0
# + batches = minibatches(inputs.shape[0], size, rng)
# - batches = minibatches(inputs.shape[0], size, rng)

# %% solution="train" mistake="cost-of-the-last-batch" score=2 from="plain-loop"
# - costs.append(network.cost(inputs, targets))
# + costs.append(network.cost(inputs[batch], targets[batch]))
# %% solution="train" mistake="cost-of-the-last-batch" score=2 from="while"
# - costs += [network.cost(inputs, targets)]
# + costs += [network.cost(x, y)]

# %% solution="train" mistake="cost-after-every-batch" score=2 from="plain-loop"
# - costs.append(network.cost(inputs, targets))
# +     costs.append(network.cost(inputs, targets))
# %% solution="train" mistake="cost-after-every-batch" score=2 from="while"
#   batches = minibatches(inputs.shape[0], size, rng)
# + of_this_epoch = []
#   network.update_weights(layer_steps)
# + of_this_epoch.append(network.cost(inputs, targets))
# - costs += [network.cost(inputs, targets)]
# + costs += of_this_epoch

# %% solution="train" mistake="one-step-an-epoch" score=2 from="plain-loop"
# -     network.update_weights(optimiser.step(grads))
# + network.update_weights(optimiser.step(grads))
# %% solution="train" mistake="one-step-an-epoch" score=2 from="while"
# -     layer_steps = optimiser.step(layer_grads)
# -     network.update_weights(layer_steps)
# + network.update_weights(optimiser.step(layer_grads))

# %% solution="train" mistake="counted-from-one" score=2.5 from="plain-loop"
# - after_epoch(epoch)
# + after_epoch(epoch + 1)
# %% solution="train" mistake="counted-from-one" score=2.5 from="while"
# - if after_epoch:
# + epoch += 1
# + if after_epoch:
#       after_epoch(epoch)
# - epoch += 1

# %% solution="train" mistake="after-epoch-not-called" score=2.5 from="plain-loop"
# - if after_epoch is not None:
# -     after_epoch(epoch)
# %% solution="train" mistake="after-epoch-not-called" score=2.5 from="while"
# - if after_epoch:
# -     after_epoch(epoch)

# %% solution="train" mistake="called-where-there-is-none" score=2.5 from="plain-loop"
# - if after_epoch is not None:
# -     after_epoch(epoch)
# + after_epoch(epoch)
# %% solution="train" mistake="called-where-there-is-none" score=2.5 from="while"
# - if after_epoch:
# -     after_epoch(epoch)
# + after_epoch(epoch)

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


# %% solution="confusion" mistake="true-and-predicted-swapped" score=0 from="solution"
# - counts[labels[i], predictions[i]] += 1
# + counts[predictions[i], labels[i]] += 1


# %% solution="confusion" mistake="true-and-predicted-swapped" score=0
def confusion_matrix(labels, predictions, n_classes):
    counts = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(counts, (predictions, labels), 1)
    return counts


# %% solution="confusion" mistake="counted-once" score=0 from="solution"
# - counts[labels[i], predictions[i]] += 1
# + counts[labels[i], predictions[i]] = 1


# %% solution="confusion" mistake="counted-once" score=0
def confusion_matrix(labels, predictions, n_classes):
    counts = np.zeros((n_classes, n_classes), dtype=int)
    counts[labels, predictions] += 1
    return counts


# %% solution="confusion" mistake="shares-in-place-of-counts" score=0 from="solution"
# - return counts
# + return counts / counts.sum(axis=1, keepdims=True)


# %% solution="confusion" mistake="shares-in-place-of-counts" score=0
def confusion_matrix(labels, predictions, n_classes):
    counts = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(counts, (labels, predictions), 1)
    return counts / len(labels)


# %% solution="confusion" mistake="diagonal-left-out" score=0 from="solution"
# - counts[labels[i], predictions[i]] += 1
# + if labels[i] != predictions[i]:
# +     counts[labels[i], predictions[i]] += 1


# %% solution="confusion" mistake="diagonal-left-out" score=0
def confusion_matrix(labels, predictions, n_classes):
    counts = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(counts, (labels, predictions), 1)
    np.fill_diagonal(counts, 0)
    return counts


# %% [markdown]
# ## Mutants of the solutions that are as right as they are

# %% solution="reads" equivalent="as good a setting: the network reads as much" from="solution"
# - epochs = 20
# + epochs = 21
# %% solution="reads" equivalent="as good a setting: the network reads as much" from="solution"
# - epochs = 20
# + epochs = 19
# %% solution="reads" equivalent="as good a setting: the network reads as much" from="solution"
# - network = classifier(64, [100, 10])
# + network = classifier(64, [101, 10])
# %% solution="reads" equivalent="as good a setting: the network reads as much" from="solution"
# - network = classifier(64, [100, 10])
# + network = classifier(64, [99, 10])
# %% solution="reads" equivalent="as good a setting: the network reads as much" from="solution"
# - rng = np.random.default_rng(1)
# + rng = np.random.default_rng(2)
# %% solution="reads" equivalent="as good a setting: the network reads as much" from="solution"
# - rng = np.random.default_rng(1)
# + rng = np.random.default_rng(0)
# %% solution="reads" equivalent="as good a setting: the network reads as much" from="solution"
# - train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
# + train(network, Momentum(1.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
# %% solution="reads" equivalent="as good a setting: the network reads as much" from="solution"
# - train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
# + train(network, Momentum(0.5, -0.09999999999999998), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
# %% solution="reads" equivalent="as good a setting: the network reads as much" from="solution"
# - train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
# + train(network, Momentum(0.9, 0.5), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
# %% solution="reads" equivalent="as good a setting: the network reads as much" from="solution"
# - train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
# + train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 33, rng, progress)
# %% solution="reads" equivalent="as good a setting: the network reads as much" from="solution"
# - train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
# + train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 31, rng, progress)
# %% solution="reads" equivalent="as good a setting: the network reads as much" from="solution"
# - train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), epochs, 32, rng, progress)
# + train(network, Momentum(0.5, 0.9), x_train, one_hot(t_train, 10), 32, epochs, rng, progress)

# %% solution="reads" equivalent="another order of the batches, by a generator of the notebook" from="solution"
# - rng = np.random.default_rng(1)
# + pass

# %% solution="reads" equivalent="one learning curve less" from="solution"
# - progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
# + progress = Progress(network, epochs, validation=(x_val, t_val))
# %% solution="reads" equivalent="one learning curve less" from="solution"
# - progress = Progress(network, epochs, training=(x_train, t_train), validation=(x_val, t_val))
# + progress = Progress(network, epochs, training=(x_train, t_train))

# %% solution="network" equivalent="another start" from="solution"
#   class NeuralNetwork:
# +     """Layers of any number and width. Samples are rows."""
# - self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(0))
# + """layer_output_sizes, activation_funcs and activation_ders have an entry for each layer."""
# + self.layers = he_initialise([network_input_size, *layer_output_sizes], np.random.default_rng(1))
#   def predict(self, inputs):
# +     """What comes out for inputs (I, D_i)."""
#   def cost(self, inputs, targets):
# +     """One number for inputs (I, D_i) and targets (I, D_o)."""
#   def compute_gradient(self, inputs, targets):
# +     """A list of (dl_dW, dl_db), each of the shape of its parameter."""
#   def update_weights(self, layer_grads):
# +     """Take what stands in layer_grads, a list of (of W, of b), away from the parameters."""

# %% solution="train" equivalent="as many targets as inputs" from="solution"
#   def train(network, optimiser, inputs, targets, epochs, size, rng, after_epoch=None):
# +     """Train in batches of size. Returns a list: the cost on all inputs after each epoch."""
# - for batch in minibatches(len(inputs), size, rng):
# + for batch in minibatches(len(targets), size, rng):

# %% solution="confusion" equivalent="as many predictions as labels" from="solution"
#   def confusion_matrix(labels, predictions, n_classes):
# +     """Counts, (n_classes, n_classes): row the true class, column the predicted one. Both (I,), whole numbers."""
# - for i in range(len(labels)):
# + for i in range(len(predictions)):

# %% solution="confusion" equivalent="zero has no sign" from="solution"
# - counts = np.zeros((n_classes, n_classes))
# + """Counts, (n_classes, n_classes): row the true class, column the predicted one. Both (I,), whole numbers."""
# + counts = -np.zeros((n_classes, n_classes))

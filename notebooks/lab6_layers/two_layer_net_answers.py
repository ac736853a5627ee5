# %% [markdown]
# # Known answers to the network of two layers
#
# Right in other ways (`variant=`), wrong in known ways (`mistake=`, with the points that are left by the rubric). What
# is rightly made of the class's own earlier values keeps its points. In Part A everything on the way back follows the
# slopes of the biases, so a slip in δ₂ or δ₁ costs that bias's slope alone; but a line of `backward` that raises costs
# all of `backward`. All cases count together: what is right for one sample alone earns nothing in Part B.
#
# These are written as students write, so some rules are off:
# ruff: noqa: B007, B028, RUF059

# %% [markdown]
# ## single-sample-net: h 1, y_hat 1, loss 0.5, dW2 0.5, db2 0.5, dW1 0.75, db1 0.75, each parameter after a step 0.25

# %% solution="single-sample-net" variant="a-class-of-its-own"
class TwoLayerNet:
    def __init__(self, in_dim=2, hidden_dim=3, out_dim=3, seed=0):
        np.random.seed(seed)
        self.W1 = np.random.randn(hidden_dim, in_dim)
        self.b1 = np.zeros(hidden_dim)
        self.W2 = np.random.randn(out_dim, hidden_dim)
        self.b2 = np.zeros(out_dim)

    def forward(self, x):
        z1 = x @ self.W1.T + self.b1
        h = np.maximum(0.0, z1)
        z2 = h @ self.W2.T + self.b2
        return z2, {"x": x, "z1": z1, "h": h, "y_hat": z2, "W2": self.W2.copy()}

    def backward(self, y, cache):
        diff = cache["y_hat"] - y
        loss = 0.5 * np.sum(diff**2)
        dh = diff @ cache["W2"]
        delta1 = dh * (cache["z1"] > 0).astype(float)
        grads = {"W2": np.outer(diff, cache["h"]), "b2": diff, "W1": np.outer(delta1, cache["x"]), "b1": delta1}
        return grads, loss

    def step(self, grads, lr=0.01):
        self.W1 -= lr * grads["W1"]
        self.b1 -= lr * grads["b1"]
        self.W2 -= lr * grads["W2"]
        self.b2 -= lr * grads["b2"]


# %% solution="single-sample-net" variant="keeps-it-in-the-object-and-loops"
class TwoLayerNet(Start):
    def forward(self, x):
        self.x = x
        self.z1 = [sum(w * v for w, v in zip(row, x, strict=True)) + b for row, b in zip(self.W1, self.b1, strict=True)]
        self.h = [max(0.0, z) for z in self.z1]
        self.y_hat = [
            sum(w * v for w, v in zip(row, self.h, strict=True)) + b for row, b in zip(self.W2, self.b2, strict=True)
        ]
        return self.y_hat, None

    def backward(self, y, cache):
        delta2 = [a - b for a, b in zip(self.y_hat, y, strict=True)]
        loss, delta1 = 0, []
        for d in delta2:
            loss += d**2 / 2
        for j in range(len(self.h)):
            back = 0
            for k in range(len(delta2)):
                back += delta2[k] * self.W2[k, j]
            delta1.append(back if self.z1[j] > 0 else 0.0)
        grads = {"b1": delta1, "b2": delta2}
        grads["W1"] = [[d * v for v in self.x] for d in delta1]
        grads["W2"] = [[d * v for v in self.h] for d in delta2]
        return grads, loss

    def step(self, grads, lr):
        for name in ("W1", "b1", "W2", "b2"):
            setattr(self, name, np.asarray(getattr(self, name)) - lr * np.asarray(grads[name]))


# %% solution="single-sample-net" variant="float32-and-a-tuple"
class TwoLayerNet(Start):
    def forward(self, x):
        x = np.float32(x)
        z1 = np.float32(self.W1) @ x + np.float32(self.b1)
        h = z1 * (z1 > 0)
        y_hat = np.float32(self.W2) @ h + np.float32(self.b2)
        return y_hat, (x, z1, h, y_hat)

    def backward(self, y, cache):
        x, z1, h, y_hat = cache
        d2 = y_hat - np.float32(y)
        d1 = (np.float32(self.W2).T @ d2) * (z1 > 0)
        return {"W2": d2[:, None] * h, "b2": d2, "W1": d1[:, None] * x, "b1": d1}, d2 @ d2 / 2

    def step(self, grads, lr):
        for name, slope in grads.items():
            vars(self)[name] = vars(self)[name] - slope * lr


# %% solution="single-sample-net" variant="a-batch-of-one-with-rows-for-biases"
import warnings
from types import SimpleNamespace


class TwoLayerNet(Start):
    def __init__(self, *sizes, **more):
        super().__init__(*sizes, **more)
        self.b1, self.b2 = self.b1[None], self.b2[None]

    def forward(self, x):
        warnings.warn("written late at night")
        X = np.atleast_2d(x)
        Z1 = X.dot(self.W1.T) + self.b1
        H = np.where(Z1 > 0, Z1, 0)
        out = np.einsum("nj,kj->nk", H, self.W2) + self.b2
        return out[0], SimpleNamespace(X=X, Z1=Z1, H=H, out=out)

    def backward(self, y, cache):
        print("on the way back")
        d2 = cache.out
        d2 -= y
        d1 = np.dot(d2, self.W2)
        d1[cache.Z1 <= 0] = 0
        return dict(W1=d1.T @ cache.X, b1=d1, W2=d2.T @ cache.H, b2=d2), float((d2**2).sum() / 2)

    def step(self, grads, lr):
        self.W1, self.W2 = self.W1 - lr * grads["W1"], self.W2 - lr * grads["W2"]
        self.b1, self.b2 = self.b1 - lr * grads["b1"], self.b2 - lr * grads["b2"]


# %% solution="single-sample-net" variant="numpy-only"
class TwoLayerNet(Start):
    def forward(self, x):
        z1 = np.dot(self.W1, x) + self.b1
        h = np.maximum(z1, 0)
        z2 = np.dot(self.W2, h) + self.b2
        return z2, [x, z1, h, z2]

    def backward(self, y, cache):
        x, z1, h, z2 = cache
        d_out = z2 - y
        dW2 = d_out[:, np.newaxis] * h
        db2 = d_out
        dh = np.dot(self.W2.T, d_out)
        dz1 = np.where(z1 > 0, dh, 0)
        dW1 = dz1[:, np.newaxis] * x
        db1 = dz1
        return dict(W1=dW1, b1=db1, W2=dW2, b2=db2), np.sum((z2 - y) ** 2) / 2

    def step(self, grads, lr):
        for name in ["W1", "b1", "W2", "b2"]:
            setattr(self, name, getattr(self, name) - lr * grads[name])


# %% solution="single-sample-net" variant="dictionary-cache"
class TwoLayerNet(Start):
    def forward(self, x):
        z1 = x @ self.W1.T + self.b1
        h = relu(z1)
        y_hat = h @ self.W2.T + self.b2
        return y_hat, {"x": x, "z1": z1, "h": h, "y_hat": y_hat}

    def backward(self, y, cache):
        delta2 = cache["y_hat"] - y
        loss = 0.5 * np.sum(delta2**2)
        delta1 = delta2 @ self.W2 * relu_grad(cache["z1"])
        grads = {"W2": np.outer(delta2, cache["h"]), "b2": delta2, "W1": np.outer(delta1, cache["x"]), "b1": delta1}
        return grads, loss

    def step(self, grads, lr):
        self.W1 = self.W1 - lr * grads["W1"]
        self.b1 = self.b1 - lr * grads["b1"]
        self.W2 = self.W2 - lr * grads["W2"]
        self.b2 = self.b2 - lr * grads["b2"]


# %% solution="single-sample-net" mistake="activation-missing" score=5 from="dictionary-cache"
# - h = relu(z1)
# + h = z1
# %% solution="single-sample-net" mistake="activation-missing" score=5 from="numpy-only"
# - h = np.maximum(z1, 0)
# - z2 = np.dot(self.W2, h) + self.b2
# - return z2, [x, z1, h, z2]
# + z2 = np.dot(self.W2, z1) + self.b2
# + return z2, [x, z1, z1, z2]

# %% solution="single-sample-net" mistake="bias-forgotten" score=5 from="dictionary-cache"
# - y_hat = h @ self.W2.T + self.b2
# + y_hat = h @ self.W2.T
# %% solution="single-sample-net" mistake="bias-forgotten" score=5 from="numpy-only"
# - z1 = np.dot(self.W1, x) + self.b1
# + z1 = np.dot(self.W1, x)

# %% solution="single-sample-net" mistake="relu-mask-dropped" score=5.25 from="dictionary-cache"
# - delta1 = delta2 @ self.W2 * relu_grad(cache["z1"])
# + delta1 = delta2 @ self.W2
# %% solution="single-sample-net" mistake="relu-mask-dropped" score=5.25 from="numpy-only"
# - dz1 = np.where(z1 > 0, dh, 0)
# + dz1 = np.where(h >= 0, dh, 0)

# %% solution="single-sample-net" mistake="relu-mask-of-another-layer" score=3 from="dictionary-cache"
# - delta1 = delta2 @ self.W2 * relu_grad(cache["z1"])
# + delta1 = delta2 @ self.W2 * relu_grad(cache["y_hat"])
# %% solution="single-sample-net" mistake="relu-mask-of-another-layer" score=3 from="numpy-only"
# - dz1 = np.where(z1 > 0, dh, 0)
# + dz1 = dh * (z2 > 0)

# %% solution="single-sample-net" mistake="weights-go-back-as-they-went-forward" score=3 from="dictionary-cache"
# - delta1 = delta2 @ self.W2 * relu_grad(cache["z1"])
# + delta1 = delta2 @ self.W2.T * relu_grad(cache["z1"])
# %% solution="single-sample-net" mistake="weights-go-back-as-they-went-forward" score=3 from="numpy-only"
# - dh = np.dot(self.W2.T, d_out)
# + dh = np.dot(self.W2, d_out)

# %% solution="single-sample-net" mistake="transposed" score=4.75 from="dictionary-cache"
# - grads = {"W2": np.outer(delta2, cache["h"]), "b2": delta2, "W1": np.outer(delta1, cache["x"]), "b1": delta1}
# + grads = {"W2": np.outer(cache["h"], delta2), "b2": delta2, "W1": np.outer(cache["x"], delta1), "b1": delta1}
# %% solution="single-sample-net" mistake="transposed" score=5.25 from="numpy-only"
# - dW1 = dz1[:, np.newaxis] * x
# + dW1 = x[:, np.newaxis] * dz1

# %% solution="single-sample-net" mistake="factor-2-twice" score=5.5 from="dictionary-cache"
# - delta2 = cache["y_hat"] - y
# - loss = 0.5 * np.sum(delta2**2)
# + delta2 = 2 * (cache["y_hat"] - y)
# + loss = 0.5 * np.sum((cache["y_hat"] - y) ** 2)
# %% solution="single-sample-net" mistake="factor-2-twice" score=5.5 from="numpy-only"
# - return dict(W1=dW1, b1=db1, W2=dW2, b2=db2), np.sum((z2 - y) ** 2) / 2
# + return dict(W1=2 * dW1, b1=2 * db1, W2=2 * dW2, b2=2 * db2), np.sum((z2 - y) ** 2) / 2

# %% solution="single-sample-net" mistake="half-left-out" score=5.5 from="dictionary-cache"
# - loss = 0.5 * np.sum(delta2**2)
# + loss = np.sum(delta2**2)
# %% solution="single-sample-net" mistake="half-left-out" score=5.5 from="numpy-only"
# - return dict(W1=dW1, b1=db1, W2=dW2, b2=db2), np.sum((z2 - y) ** 2) / 2
# + return dict(W1=dW1, b1=db1, W2=dW2, b2=db2), np.linalg.norm(z2 - y) ** 2

# %% solution="single-sample-net" mistake="gradient-ascent" score=5 from="dictionary-cache"
# - self.W1 = self.W1 - lr * grads["W1"]
# - self.b1 = self.b1 - lr * grads["b1"]
# - self.W2 = self.W2 - lr * grads["W2"]
# - self.b2 = self.b2 - lr * grads["b2"]
# + self.W1 = self.W1 + lr * grads["W1"]
# + self.b1 = self.b1 + lr * grads["b1"]
# + self.W2 = self.W2 + lr * grads["W2"]
# + self.b2 = self.b2 + lr * grads["b2"]
# %% solution="single-sample-net" mistake="gradient-ascent" score=5 from="numpy-only"
#   def step(self, grads, lr):
# +     lr = -lr  # against the gradient

# %% solution="single-sample-net" mistake="learning-rate-left-out" score=5 from="dictionary-cache"
# - self.W1 = self.W1 - lr * grads["W1"]
# - self.b1 = self.b1 - lr * grads["b1"]
# - self.W2 = self.W2 - lr * grads["W2"]
# - self.b2 = self.b2 - lr * grads["b2"]
# + self.W1 = self.W1 - grads["W1"]
# + self.b1 = self.b1 - grads["b1"]
# + self.W2 = self.W2 - grads["W2"]
# + self.b2 = self.b2 - grads["b2"]
# %% solution="single-sample-net" mistake="learning-rate-left-out" score=5 from="numpy-only"
# - setattr(self, name, getattr(self, name) - lr * grads[name])
# + setattr(self, name, np.subtract(getattr(self, name), grads[name]))

# %% [markdown]
# ## batch-net: H 0.5, Y_hat 0.5, loss 0.5, dW2 1, db2 0.75, dW1 1, db1 0.75, each parameter after a step 0.25


# %% solution="batch-net" variant="sample-by-sample"
class TwoLayerNet(Start):
    def one(self, x):
        z = self.W1 @ x + self.b1
        return z, np.maximum(z, 0)

    def forward(self, X):
        passes = [self.one(x) for x in X]
        out = [self.W2 @ h + self.b2 for _, h in passes]
        return out, (passes, out, X)

    def backward(self, Y, cache):
        passes, out, X = cache
        grads, loss = {name: np.zeros_like(getattr(self, name)) for name in ("W1", "b1", "W2", "b2")}, 0.0
        for (z, h), y_hat, x, y in zip(passes, out, X, Y, strict=True):
            d2 = (y_hat - y) / len(X)
            d1 = (self.W2.T @ d2) * (z > 0)
            grads["W2"] += np.outer(d2, h)
            grads["b2"] += d2
            grads["W1"] += np.outer(d1, x)
            grads["b1"] += d1
            loss += np.sum((y_hat - y) ** 2) / 2
        return grads, loss / len(X)

    def step(self, grads, lr):
        for name, slope in grads.items():
            setattr(self, name, getattr(self, name) - lr * slope)


# %% solution="batch-net" variant="rows-for-biases-in-float32"
import warnings
from types import SimpleNamespace


class TwoLayerNet(Start):
    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.b1, self.b2 = self.b1.reshape(1, -1), self.b2.reshape(1, -1)

    def forward(self, X, verbose=True):
        warnings.warn("written late at night")
        if verbose:
            print("forward", X.shape)
        X = X.astype(np.float32)
        pre = np.float32(np.dot(X, np.float32(self.W1.T)) + self.b1)
        hid = np.maximum(0, pre)
        out = np.float32(hid @ np.float32(self.W2.T) + self.b2)
        return out, SimpleNamespace(X=X, pre=pre, hid=hid, out=out)

    def backward(self, Y, cache):
        X, pre, hid, out = cache.X, cache.pre, cache.hid, cache.out
        n, Y = X.shape[0], np.float32(Y)
        loss = np.sum((out - Y) ** 2) / (2 * n)
        d_out = (out - Y) / n
        d_hid = np.dot(d_out, np.float32(self.W2))
        d_hid[pre <= 0] = 0
        grads = {}
        grads["W2"] = np.dot(d_out.T, hid)
        grads["b2"] = np.sum(d_out, axis=0, keepdims=True)
        grads["W1"] = np.dot(d_hid.T, X)
        grads["b1"] = np.sum(d_hid, axis=0, keepdims=True)
        return grads, loss

    def step(self, grads, lr):
        for name in grads:
            setattr(self, name, getattr(self, name) - lr * grads[name])


# %% solution="batch-net" variant="a-class-of-its-own"
class TwoLayerNet:
    def __init__(self, in_dim=2, hidden_dim=3, out_dim=3, seed=0):
        np.random.seed(seed)
        self.W1 = np.random.randn(hidden_dim, in_dim)
        self.b1 = np.zeros(hidden_dim)
        self.W2 = np.random.randn(out_dim, hidden_dim)
        self.b2 = np.zeros(out_dim)

    def forward(self, X):
        Z1 = X @ self.W1.T + self.b1
        H = relu(Z1)
        Y_hat = H @ self.W2.T + self.b2
        return Y_hat, {"X": X, "Z1": Z1, "H": H, "Y_hat": Y_hat}

    def backward(self, Y, cache):
        m = len(Y)
        Delta2 = cache["Y_hat"] - Y
        loss = 0.5 / m * np.sum(Delta2**2)
        dW2 = Delta2.T @ cache["H"] / m
        db2 = Delta2.mean(axis=0)
        Delta1 = Delta2 @ self.W2 * (cache["H"] > 0)
        dW1 = Delta1.T @ cache["X"] / m
        db1 = Delta1.mean(axis=0)
        return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}, loss

    def step(self, grads, lr):
        self.W1 -= lr * grads["W1"]
        self.b1 = self.b1 - lr * grads["b1"]
        self.W2 = self.W2 - lr * grads["W2"]
        self.b2 -= lr * grads["b2"]


# %% solution="batch-net" variant="numpy-only"
class TwoLayerNet(Start):
    def forward(self, X):
        pre = np.dot(X, self.W1.T) + self.b1
        hid = np.maximum(0, pre)
        out = np.dot(hid, self.W2.T) + self.b2
        return out, (X, pre, hid, out)

    def backward(self, Y, cache):
        X, pre, hid, out = cache
        n = X.shape[0]
        loss = np.sum((out - Y) ** 2) / (2 * n)
        d_out = (out - Y) / n
        d_hid = np.dot(d_out, self.W2)
        d_hid[pre <= 0] = 0
        grads = {}
        grads["W2"] = np.dot(d_out.T, hid)
        grads["b2"] = np.sum(d_out, axis=0)
        grads["W1"] = np.dot(d_hid.T, X)
        grads["b1"] = np.sum(d_hid, axis=0)
        return grads, loss

    def step(self, grads, lr):
        for name in ["W1", "b1", "W2", "b2"]:
            setattr(self, name, getattr(self, name) - lr * grads[name])


# %% solution="batch-net" variant="dictionary-cache"
class TwoLayerNet(Start):
    def forward(self, X):
        Z1 = X @ self.W1.T + self.b1
        H = relu(Z1)
        Y_hat = H @ self.W2.T + self.b2
        return Y_hat, {"X": X, "Z1": Z1, "H": H, "Y_hat": Y_hat}

    def backward(self, Y, cache):
        m = len(Y)
        Delta2 = cache["Y_hat"] - Y
        loss = 0.5 / m * np.sum(Delta2**2)
        dW2 = Delta2.T @ cache["H"] / m
        db2 = Delta2.mean(axis=0)
        Delta1 = Delta2 @ self.W2 * relu_grad(cache["Z1"])
        dW1 = Delta1.T @ cache["X"] / m
        db1 = Delta1.mean(axis=0)
        return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}, loss

    def step(self, grads, lr):
        self.W1 = self.W1 - lr * grads["W1"]
        self.b1 = self.b1 - lr * grads["b1"]
        self.W2 = self.W2 - lr * grads["W2"]
        self.b2 = self.b2 - lr * grads["b2"]


# %% solution="batch-net" mistake="outer-product" score=4 from="dictionary-cache"
# - dW2 = Delta2.T @ cache["H"] / m
# + dW2 = np.outer(Delta2, cache["H"]) / m
# - dW1 = Delta1.T @ cache["X"] / m
# + dW1 = np.outer(Delta1, cache["X"]) / m
# %% solution="batch-net" mistake="outer-product" score=4 from="numpy-only"
# - grads["W2"] = np.dot(d_out.T, hid)
# + grads["W2"] = np.outer(d_out.T, hid)
# - grads["W1"] = np.dot(d_hid.T, X)
# + grads["W1"] = np.outer(d_hid.T, X)

# %% solution="batch-net" mistake="mean-missing" score=2.5 from="dictionary-cache"
# - dW2 = Delta2.T @ cache["H"] / m
# - db2 = Delta2.mean(axis=0)
# + dW2 = Delta2.T @ cache["H"]
# + db2 = Delta2.sum(axis=0)
# - dW1 = Delta1.T @ cache["X"] / m
# - db1 = Delta1.mean(axis=0)
# + dW1 = Delta1.T @ cache["X"]
# + db1 = Delta1.sum(axis=0)
# %% solution="batch-net" mistake="mean-missing" score=2 from="numpy-only"
# - loss = np.sum((out - Y) ** 2) / (2 * n)
# - d_out = (out - Y) / n
# + loss = np.sum((out - Y) ** 2) / 2
# + d_out = out - Y

# %% solution="batch-net" mistake="mean-taken-twice" score=2.5 from="dictionary-cache"
# - Delta2 = cache["Y_hat"] - Y
# - loss = 0.5 / m * np.sum(Delta2**2)
# + Delta2 = (cache["Y_hat"] - Y) / m
# + loss = 0.5 / m * np.sum((cache["Y_hat"] - Y) ** 2)
# %% solution="batch-net" mistake="mean-taken-twice" score=2.5 from="numpy-only"
# - return grads, loss
# + return {name: slope / n for name, slope in grads.items()}, loss

# %% solution="batch-net" mistake="weights-averaged-bias-summed" score=4.5 from="dictionary-cache"
# - db2 = Delta2.mean(axis=0)
# + db2 = Delta2.sum(axis=0)
# - db1 = Delta1.mean(axis=0)
# + db1 = Delta1.sum(axis=0)
# %% solution="batch-net" mistake="weights-averaged-bias-summed" score=4.5 from="numpy-only"
# - grads["b2"] = np.sum(d_out, axis=0)
# + grads["b2"] = np.sum(n * d_out, axis=0)
# - grads["b1"] = np.sum(d_hid, axis=0)
# + grads["b1"] = n * np.sum(d_hid, axis=0)

# %% solution="batch-net" mistake="weights-summed-bias-averaged" score=4 from="dictionary-cache"
# - dW2 = Delta2.T @ cache["H"] / m
# + dW2 = Delta2.T @ cache["H"]
# - dW1 = Delta1.T @ cache["X"] / m
# + dW1 = Delta1.T @ cache["X"]
# %% solution="batch-net" mistake="weights-summed-bias-averaged" score=4 from="numpy-only"
# - d_out = (out - Y) / n
# + d_out = out - Y
# - grads["b2"] = np.sum(d_out, axis=0)
# + grads["b2"] = np.mean(d_out, axis=0)
# - grads["b1"] = np.sum(d_hid, axis=0)
# + grads["b1"] = np.mean(d_hid, axis=0)

# %% solution="batch-net" mistake="bias-not-summed" score=4.5 from="dictionary-cache"
# - db2 = Delta2.mean(axis=0)
# + db2 = Delta2
# - db1 = Delta1.mean(axis=0)
# + db1 = Delta1
# %% solution="batch-net" mistake="bias-not-summed" score=4.5 from="numpy-only"
# - grads["b2"] = np.sum(d_out, axis=0)
# + grads["b2"] = d_out
# - grads["b1"] = np.sum(d_hid, axis=0)
# + grads["b1"] = d_hid

# %% solution="batch-net" mistake="moved-on-the-way-back" score=4 from="dictionary-cache"
#   db2 = Delta2.mean(axis=0)
# + self.W2 = self.W2 - 0.1 * dW2
# %% solution="batch-net" mistake="moved-on-the-way-back" score=5 from="numpy-only"
#   grads["b1"] = np.sum(d_hid, axis=0)
# + self.step(grads, 0.01)

# %% solution="batch-net" mistake="relu-mask-on-the-output" score=2.5 from="dictionary-cache"
# - Delta2 = cache["Y_hat"] - Y
# - loss = 0.5 / m * np.sum(Delta2**2)
# + Delta2 = (cache["Y_hat"] - Y) * relu_grad(cache["Y_hat"])
# + loss = 0.5 / m * np.sum((cache["Y_hat"] - Y) ** 2)
# %% solution="batch-net" mistake="relu-mask-on-the-output" score=2.5 from="numpy-only"
# - d_out = (out - Y) / n
# + d_out = np.where(out > 0, (out - Y) / n, 0)

# %% solution="batch-net" mistake="activation-on-the-output" score=5.5 from="dictionary-cache"
# - Y_hat = H @ self.W2.T + self.b2
# + Y_hat = relu(H @ self.W2.T + self.b2)
# %% solution="batch-net" mistake="activation-on-the-output" score=5.5 from="numpy-only"
# - out = np.dot(hid, self.W2.T) + self.b2
# + out = np.maximum(0, np.dot(hid, self.W2.T) + self.b2)

# %% solution="batch-net" mistake="index-shifted" score=5 from="dictionary-cache"
# - dW2 = Delta2.T @ cache["H"] / m
# + dW2 = Delta2.T @ cache["X"] / m
# %% solution="batch-net" mistake="index-shifted" score=5 from="dictionary-cache"
# - return Y_hat, {"X": X, "Z1": Z1, "H": H, "Y_hat": Y_hat}
# + return Y_hat, {"X": X, "Z1": Z1, "H": X, "Y_hat": Y_hat}

# %% solution="batch-net" mistake="activation-missing" score=5.5 from="dictionary-cache"
# - H = relu(Z1)
# + H = Z1
# %% solution="batch-net" mistake="activation-missing" score=5.5 from="numpy-only"
# - hid = np.maximum(0, pre)
# + hid = pre

# %% solution="batch-net" mistake="bias-forgotten" score=5.5 from="dictionary-cache"
# - Y_hat = H @ self.W2.T + self.b2
# + Y_hat = H @ self.W2.T
# %% solution="batch-net" mistake="bias-forgotten" score=5.5 from="numpy-only"
# - pre = np.dot(X, self.W1.T) + self.b1
# + pre = np.dot(X, self.W1.T)

# %% solution="batch-net" mistake="half-left-out" score=5.5 from="dictionary-cache"
# - loss = 0.5 / m * np.sum(Delta2**2)
# + loss = 1 / m * np.sum(Delta2**2)
# %% solution="batch-net" mistake="half-left-out" score=5.5 from="numpy-only"
# - loss = np.sum((out - Y) ** 2) / (2 * n)
# + loss = np.sum((out - Y) ** 2) / n

# %% solution="batch-net" mistake="factor-2-twice" score=2.5 from="dictionary-cache"
# - Delta2 = cache["Y_hat"] - Y
# - loss = 0.5 / m * np.sum(Delta2**2)
# + Delta2 = 2 * (cache["Y_hat"] - Y)
# + loss = 0.5 / m * np.sum((cache["Y_hat"] - Y) ** 2)
# %% solution="batch-net" mistake="factor-2-twice" score=2.5 from="numpy-only"
# - d_out = (out - Y) / n
# + d_out = 2 / n * (out - Y)

# %% solution="batch-net" mistake="relu-mask-dropped" score=4.25 from="dictionary-cache"
# - Delta1 = Delta2 @ self.W2 * relu_grad(cache["Z1"])
# + Delta1 = Delta2 @ self.W2
# %% solution="batch-net" mistake="relu-mask-dropped" score=4.25 from="numpy-only"
# - d_hid[pre <= 0] = 0

# %% solution="batch-net" mistake="relu-mask-of-another-layer" score=2 from="dictionary-cache"
# - Delta1 = Delta2 @ self.W2 * relu_grad(cache["Z1"])
# + Delta1 = Delta2 @ self.W2 * relu_grad(cache["Y_hat"])
# %% solution="batch-net" mistake="relu-mask-of-another-layer" score=2 from="numpy-only"
# - d_hid[pre <= 0] = 0
# + d_hid = d_hid * (out > 0)

# %% solution="batch-net" mistake="weights-go-back-as-they-went-forward" score=2 from="dictionary-cache"
# - Delta1 = Delta2 @ self.W2 * relu_grad(cache["Z1"])
# + Delta1 = Delta2 @ self.W2.T * relu_grad(cache["Z1"])
# %% solution="batch-net" mistake="weights-go-back-as-they-went-forward" score=2 from="numpy-only"
# - out = np.dot(hid, self.W2.T) + self.b2
# + self.turned = self.W2.T
# + out = np.dot(hid, self.turned) + self.b2
# - d_hid = np.dot(d_out, self.W2)
# + d_hid = np.dot(d_out, self.turned)

# %% solution="batch-net" mistake="gradient-ascent" score=5 from="dictionary-cache"
# - self.W1 = self.W1 - lr * grads["W1"]
# - self.b1 = self.b1 - lr * grads["b1"]
# - self.W2 = self.W2 - lr * grads["W2"]
# - self.b2 = self.b2 - lr * grads["b2"]
# + self.W1 = self.W1 + lr * grads["W1"]
# + self.b1 = self.b1 + lr * grads["b1"]
# + self.W2 = self.W2 + lr * grads["W2"]
# + self.b2 = self.b2 + lr * grads["b2"]
# %% solution="batch-net" mistake="gradient-ascent" score=5 from="numpy-only"
#   def step(self, grads, lr):
# +     downhill = {name: -slope for name, slope in grads.items()}
# - setattr(self, name, getattr(self, name) - lr * grads[name])
# + setattr(self, name, getattr(self, name) - lr * downhill[name])

# %% solution="batch-net" mistake="learning-rate-left-out" score=5 from="dictionary-cache"
# - self.W1 = self.W1 - lr * grads["W1"]
# - self.b1 = self.b1 - lr * grads["b1"]
# - self.W2 = self.W2 - lr * grads["W2"]
# - self.b2 = self.b2 - lr * grads["b2"]
# + self.W1 = self.W1 - grads["W1"]
# + self.b1 = self.b1 - grads["b1"]
# + self.W2 = self.W2 - grads["W2"]
# + self.b2 = self.b2 - grads["b2"]
# %% solution="batch-net" mistake="learning-rate-left-out" score=5 from="numpy-only"
# - setattr(self, name, getattr(self, name) - lr * grads[name])
# + setattr(self, name, np.subtract(getattr(self, name), grads[name]))

# %% [markdown]
# ## learn-surfaces: outputs 1, losses 1, W1_trained 1


# %% solution="learn-surfaces" variant="an-array-in-place"
def train(net, X, Y, epochs, lr):
    losses = np.zeros((epochs, 1))
    X /= 20
    for epoch in range(epochs):
        Y_hat, cache = net.forward(X)
        grads, loss = net.backward(Y, cache)
        net.step(grads, lr)
        losses[epoch] = loss
    return losses.ravel()


def predict(net, X):
    Y_hat, _ = net.forward(X / 20)
    return Y_hat


# %% solution="learn-surfaces" variant="prints-and-a-tuple"
def train(net, X, Y, epochs, lr):
    losses, small = (), 0.05 * X
    for epoch in range(epochs):
        Y_hat, cache = net.forward(small)
        grads, loss = net.backward(Y, cache)
        net.step(grads, lr)
        losses += (loss,)
        print(f"Epoch {epoch + 1:02d} | Loss: {loss:.4f}")
    return losses


def predict(net, X):
    return [net.forward(np.array(x)[None] / 20)[0][0] for x in X]


# %% solution="learn-surfaces" variant="while"
def train(net, X, Y, epochs, lr):
    scaled, history, done = X / 20, [], 0
    while done < epochs:
        cache = net.forward(scaled)[1]
        slopes, loss = net.backward(Y, cache)
        net.step(slopes, lr)
        history += [float(loss)]
        done += 1
    return history


def predict(net, X):
    return net.forward(np.asarray(X) / 20)[0]


# %% solution="learn-surfaces" variant="plain-loop"
def train(net, X, Y, epochs, lr):
    losses = []
    for epoch in range(epochs):
        Y_hat, cache = net.forward(X / 20)
        grads, loss = net.backward(Y, cache)
        net.step(grads, lr)
        losses.append(loss)
    return losses


def predict(net, X):
    Y_hat, _ = net.forward(X / 20)
    return Y_hat


# %% solution="learn-surfaces" mistake="input-not-scaled" score=2 from="plain-loop"
# - Y_hat, _ = net.forward(X / 20)
# + Y_hat, _ = net.forward(X)
# %% solution="learn-surfaces" mistake="input-not-scaled" score=0 from="plain-loop"
#   losses = []
# + for x in X:
# +     x = x / 20
# - Y_hat, cache = net.forward(X / 20)
# + Y_hat, cache = net.forward(X)
# - Y_hat, _ = net.forward(X / 20)
# + for x in X:
# +     x = x / 20
# + Y_hat, _ = net.forward(X)

# %% solution="learn-surfaces" mistake="forward-pass-outside-the-loop" score=1 from="plain-loop"
#   losses = []
# + Y_hat, cache = net.forward(X / 20)
# - Y_hat, cache = net.forward(X / 20)
# %% solution="learn-surfaces" mistake="forward-pass-outside-the-loop" score=1 from="while"
#   scaled, history, done = X / 20, [], 0
# + cache = net.forward(scaled)[1]
# - cache = net.forward(scaled)[1]

# %% solution="learn-surfaces" mistake="only-the-last-cost" score=2 from="plain-loop"
# - losses.append(loss)
# + losses = [loss]
# %% solution="learn-surfaces" mistake="only-the-last-cost" score=2 from="while"
# - return history
# + return history[-1]

# %% solution="learn-surfaces" mistake="input-not-scaled" score=1 from="an-array-in-place"
# - X /= 20
# + np.divide(X, 20)

# %% solution="learn-surfaces" mistake="step-left-out" score=1 from="plain-loop"
# - net.step(grads, lr)
# %% solution="learn-surfaces" mistake="step-left-out" score=1 from="while"
#   slopes, loss = net.backward(Y, cache)
# + slopes = {name: np.zeros_like(slope) for name, slope in slopes.items()}  # as PyTorch's zero_grad

# %% [markdown]
# ## Mutants that are as right as the solution

# %% solution="single-sample-net" equivalent="a flat array is its own transpose" from="solution"
# - z1 = x @ self.W1.T + self.b1
# + z1 = x.T @ self.W1.T + self.b1
# %% solution="single-sample-net" equivalent="a flat array is its own transpose" from="solution"
# - z1 = x @ self.W1.T + self.b1
# + z1 = (x @ self.W1.T).T + self.b1
# %% solution="single-sample-net" equivalent="a flat array is its own transpose" from="solution"
# - y_hat = h @ self.W2.T + self.b2
# + y_hat = h.T @ self.W2.T + self.b2
# %% solution="single-sample-net" equivalent="a flat array is its own transpose" from="solution"
# - y_hat = h @ self.W2.T + self.b2
# + y_hat = (h @ self.W2.T).T + self.b2
# %% solution="single-sample-net" equivalent="a flat array is its own transpose" from="solution"
# - delta1 = delta2 @ self.W2 * relu_grad(cache["z1"])
# + delta1 = delta2.T @ self.W2 * relu_grad(cache["z1"])
# %% solution="single-sample-net" equivalent="a flat array is its own transpose" from="solution"
# - delta1 = delta2 @ self.W2 * relu_grad(cache["z1"])
# + delta1 = (delta2 @ self.W2).T * relu_grad(cache["z1"])

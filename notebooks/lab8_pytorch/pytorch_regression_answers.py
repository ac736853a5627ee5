# %% [markdown]
# Known answers to `pytorch_regression.py`: right in other ways (`variant=`), wrong in known ways (`mistake=`, with the
# points that the task must earn by its rubric). "One sample" and "several samples" are half of each value's points in
# numpy-gradients and torch-gradients. In each half there is a network of three outputs, so a mean over the outputs that
# is missing costs both halves.
#
# These are written as students write, so a few rules are off:
# ruff: noqa: B007, B905

# %% [markdown]
# ## numpy-gradients: 0.4 for the loss and for each of four gradients

# %% solution="numpy-gradients" variant="loops"
def numpy_gradients(x, t, W1, b1, W2, b2, verbose=True):
    dW1, db1, dW2, db2 = (np.zeros(np.shape(value)) for value in (W1, b1, W2, b2))
    total = 0.0
    for sample, target in zip(x, t):
        z = np.tanh(W1 @ sample + b1)
        error = W2 @ z + b2 - target
        total += np.sum(error**2)
        dy = 2 * error / np.size(t)
        da = (W2.T @ dy) * (1 - z * z)
        dW2 += np.outer(dy, z)
        db2 += dy
        dW1 += np.outer(da, sample)
        db1 += da
    if verbose:
        print("loss", total / t.size)
    return [total / t.size, dW1, db1, dW2, db2]


# %% solution="numpy-gradients" variant="float32-keepdims"
def numpy_gradients(x, t, W1, b1, W2, b2):
    x, t, W1, b1, W2, b2 = [np.asarray(one, dtype=np.float32) for one in (x, t, W1, b1, W2, b2)]
    n, k = t.shape
    a = np.einsum("ij,dj->id", x, W1) + b1
    y = np.dot(np.tanh(a), W2.T) + b2
    dy = (y - t) * 2 / (n * k)
    da = np.dot(dy, W2) / np.cosh(a) ** 2
    return (
        np.float32(((y - t) ** 2).sum() / n / k), (x.T @ da).T, da.sum(axis=0, keepdims=True), (np.tanh(a).T @ dy).T,
        dy.sum(axis=0, keepdims=True),
    )  # fmt: skip


# %% solution="numpy-gradients" variant="short-names"
def numpy_gradients(x, t, W1, b1, W2, b2):
    z = np.tanh(x @ W1.T + b1)
    y = z @ W2.T + b2
    dy = 2 * (y - t) / y.size
    da = dy @ W2 * (1 - z**2)
    return np.mean((y - t) ** 2), da.T @ x, da.sum(0), dy.T @ z, dy.sum(0)


# %% solution="numpy-gradients" mistake="mean-missing" score=0.4 from="short-names"
# - dy = 2 * (y - t) / y.size
# + dy = 2 * (y - t)


# %% solution="numpy-gradients" mistake="mean-missing" score=0.4
def numpy_gradients(x, t, W1, b1, W2, b2):
    hidden = np.tanh(np.dot(x, W1.T) + b1)
    out = np.dot(hidden, W2.T) + b2
    grads = [np.zeros_like(W1), np.zeros_like(b1), np.zeros_like(W2), np.zeros_like(b2)]
    for i in range(len(x)):
        back = 2 * out[i] - 2 * t[i]
        inner = W2.T @ back * (1 - hidden[i] ** 2)
        for grad, share in zip(grads, (np.outer(inner, x[i]), inner, np.outer(back, hidden[i]), back)):
            grad += share
    return np.square(out - t).mean(), *grads


# %% solution="numpy-gradients" mistake="mean-over-outputs-missing" score=0.4 from="short-names"
# - dy = 2 * (y - t) / y.size
# + dy = 2 * (y - t) / len(x)


# %% solution="numpy-gradients" mistake="mean-over-outputs-missing" score=0.4
def numpy_gradients(x, t, W1, b1, W2, b2):
    h = np.tanh(x @ W1.T + b1)
    difference = h @ W2.T + b2 - t
    back = difference @ W2 * (1 - h * h)
    n = x.shape[0]
    slopes = [2 / n * back.T @ x, 2 / n * np.sum(back, 0), 2 / n * difference.T @ h, 2 / n * np.sum(difference, 0)]
    return (difference**2).mean(), *slopes


# %% solution="numpy-gradients" mistake="factor-2-missing" score=0.4 from="short-names"
# - dy = 2 * (y - t) / y.size
# + dy = (y - t) / y.size


# %% solution="numpy-gradients" mistake="factor-2-missing" score=0.4
def numpy_gradients(x, t, W1, b1, W2, b2):
    a = W1 @ x.T + b1[:, None]
    y = W2 @ np.tanh(a) + b2[:, None]
    error = (y - t.T) / t.shape[0] / t.shape[1]
    back = (W2.T @ error) * (1 - np.tanh(a) ** 2)
    return np.mean((y - t.T) ** 2), back @ x, back.sum(axis=1), error @ np.tanh(a).T, error.sum(axis=1)


# %% solution="numpy-gradients" mistake="sign" score=0.4 from="short-names"
# - dy = 2 * (y - t) / y.size
# + dy = 2 * (t - y) / y.size


# %% solution="numpy-gradients" mistake="sign" score=0.4
def numpy_gradients(x, t, W1, b1, W2, b2):
    z = np.tanh(x @ W1.T + b1)
    error = t - (z @ W2.T + b2)
    dW2 = 2 * np.einsum("ik,id->kd", error, z) / t.size
    back = np.einsum("ik,kd,id->id", error, W2, 1 - z**2) * 2 / t.size
    return np.mean(error**2), back.T @ x, back.sum(0), dW2, 2 * error.sum(0) / t.size


# %% solution="numpy-gradients" mistake="slope-dropped" score=1.2 from="short-names"
# - da = dy @ W2 * (1 - z**2)
# + da = dy @ W2


# %% solution="numpy-gradients" mistake="slope-dropped" score=1.2
def numpy_gradients(x, t, W1, b1, W2, b2):
    z = np.tanh(x @ W1.T + b1)
    dy = 2 * (z @ W2.T + b2 - t) / t.size
    dW1, db1 = np.zeros_like(W1), np.zeros_like(b1)
    for sample, back in zip(x, dy):
        dz = W2.T @ back
        dW1 += np.outer(dz, sample)
        db1 += dz
    return np.mean((z @ W2.T + b2 - t) ** 2), dW1, db1, dy.T @ z, dy.sum(0)


# %% solution="numpy-gradients" mistake="pre-activation-for-activation" score=1.2 from="short-names"
# - z = np.tanh(x @ W1.T + b1)
# + a = x @ W1.T + b1
# + z = np.tanh(a)
# - da = dy @ W2 * (1 - z**2)
# + da = dy @ W2 * (1 - a**2)


# %% solution="numpy-gradients" mistake="pre-activation-for-activation" score=1.2
def tanh_slope(u):
    return 1 - u * u


def numpy_gradients(x, t, W1, b1, W2, b2):
    pre = np.dot(x, W1.T) + b1
    post = np.tanh(pre)
    error = np.dot(post, W2.T) + b2 - t
    up = 2 * error / error.size
    down = np.dot(up, W2)
    down *= tanh_slope(pre)
    return np.mean(error**2), np.dot(down.T, x), np.sum(down, axis=0), np.dot(up.T, post), np.sum(up, axis=0)


# %% solution="numpy-gradients" mistake="bias-not-summed" score=1.6 from="short-names"
# - return np.mean((y - t) ** 2), da.T @ x, da.sum(0), dy.T @ z, dy.sum(0)
# + return np.mean((y - t) ** 2), da.T @ x, da, dy.T @ z, dy


# %% solution="numpy-gradients" mistake="bias-not-summed" score=1.6
def numpy_gradients(x, t, W1, b1, W2, b2):
    z = np.tanh(x @ W1.T + b1)
    error = z @ W2.T + b2 - t
    db1, db2 = [], []
    for row, e in zip(z, error):
        db2.append(2 * e / t.size)
        db1.append(db2[-1] @ W2 * (1 - row**2))
    return np.mean(error**2), np.array(db1).T @ x, np.array(db1), np.array(db2).T @ z, np.array(db2)


# %% solution="numpy-gradients" mistake="transposed" score=1.2 from="short-names"
# - return np.mean((y - t) ** 2), da.T @ x, da.sum(0), dy.T @ z, dy.sum(0)
# + return np.mean((y - t) ** 2), x.T @ da, da.sum(0), z.T @ dy, dy.sum(0)


# %% solution="numpy-gradients" mistake="transposed" score=1.2
def numpy_gradients(x, t, W1, b1, W2, b2):
    z = np.tanh(x @ W1.T + b1)
    error = z @ W2.T + b2 - t
    dW1, dW2 = 0, 0
    for sample, row, e in zip(x, z, error):
        dW2 = dW2 + 2 * np.outer(row, e) / t.size
        dW1 = dW1 + 2 * np.outer(sample, (e @ W2) * (1 - row**2)) / t.size
    return (
        np.mean(error**2), dW1, 2 * (error @ W2 * (1 - z**2)).sum(0) / t.size, dW2, 2 * error.sum(0) / t.size
    )  # fmt: skip


# %% [markdown]
# ## torch-gradients: as above. Tensors cross no port: whoever returns one gets nothing for the task.


# %% solution="torch-gradients" variant="autograd-grad"
def torch_gradients(x, t, W1, b1, W2, b2):
    leaves = [torch.from_numpy(np.array(value)).requires_grad_() for value in (W1, b1, W2, b2)]
    weight1, bias1, weight2, bias2 = leaves
    hidden = torch.tanh(torch.nn.functional.linear(torch.as_tensor(x), weight1, bias1))
    loss = torch.nn.functional.mse_loss(torch.nn.functional.linear(hidden, weight2, bias2), torch.as_tensor(t))
    return [float(loss), *[slope.numpy() for slope in torch.autograd.grad(loss, leaves)]]


# %% solution="torch-gradients" variant="float32-module"
def torch_gradients(x, t, W1, b1, W2, b2):
    net = nn.Sequential(nn.Linear(W1.shape[1], len(W1)), nn.Tanh(), nn.Linear(len(W1), len(W2)))
    for own, given in zip(net.parameters(), (W1, b1, W2, b2)):
        own.data = torch.tensor(given, dtype=torch.float32)
    loss = nn.MSELoss()(net(torch.tensor(x, dtype=torch.float32)), torch.tensor(t, dtype=torch.float32))
    net.zero_grad()
    loss.backward()
    print("loss", loss)
    return loss.detach().numpy(), *[own.grad.numpy() for own in net.parameters()]


# %% solution="torch-gradients" mistake="tensor-returned" score=0 from="solution"
# - return loss.item(), *(leaf.grad.numpy() for leaf in leaves)
# + return loss, *[leaf.grad for leaf in leaves]


# %% solution="torch-gradients" mistake="tensor-returned" score=0
def torch_gradients(x, t, W1, b1, W2, b2):
    x, t, *values = map(torch.from_numpy, (x, t, W1, b1, W2, b2))
    for value in values:
        value.requires_grad = True
    y = nn.functional.linear(torch.tanh(nn.functional.linear(x, *values[:2])), *values[2:])
    loss = ((y - t) ** 2).mean()
    loss.backward()
    dW1, db1, dW2, db2 = (value.grad.numpy() for value in values)
    return loss.detach(), dW1, db1, dW2, db2


# %% solution="torch-gradients" mistake="gradients-pile-up" score=0.4 from="solution"
#   loss = torch.mean((z @ leaves[2].T + leaves[3] - torch.tensor(t)) ** 2)
# + loss.backward(retain_graph=True)


# %% solution="torch-gradients" mistake="gradients-pile-up" score=0.4
def torch_gradients(x, t, W1, b1, W2, b2):
    net = nn.Sequential(nn.Linear(W1.shape[1], len(W1)), nn.Tanh(), nn.Linear(len(W1), len(W2))).double()
    for own, given in zip(net.parameters(), (W1, b1, W2, b2)):
        own.data = torch.tensor(given)
    for _ in range(2):
        loss = nn.MSELoss()(net(torch.tensor(x)), torch.tensor(t))
        loss.backward()
    return loss.item(), *[own.grad.numpy() for own in net.parameters()]


# %% solution="torch-gradients" mistake="mean-missing" score=0 from="solution"
# - loss = torch.mean((z @ leaves[2].T + leaves[3] - torch.tensor(t)) ** 2)
# + loss = torch.sum((z @ leaves[2].T + leaves[3] - torch.tensor(t)) ** 2)


# %% solution="torch-gradients" mistake="mean-missing" score=0
def torch_gradients(x, t, W1, b1, W2, b2):
    leaves = [torch.from_numpy(value.copy()).requires_grad_() for value in (W1, b1, W2, b2)]
    hidden = nn.functional.linear(torch.tensor(x), *leaves[:2]).tanh()
    loss = nn.MSELoss(reduction="sum")(nn.functional.linear(hidden, *leaves[2:]), torch.tensor(t))
    return loss.item(), *(slope.numpy() for slope in torch.autograd.grad(loss, leaves))


# %% solution="torch-gradients" mistake="no-gradient-arrived" score=0 from="solution"
# - leaves = [torch.tensor(value, requires_grad=True) for value in (W1, b1, W2, b2)]
# - z = torch.tanh(torch.tensor(x) @ leaves[0].T + leaves[1])
# + leaves = [torch.tensor(value, requires_grad=True).float() for value in (W1, b1, W2, b2)]
# + z = torch.tanh(torch.tensor(x).float() @ leaves[0].T + leaves[1])


# %% solution="torch-gradients" mistake="no-gradient-arrived" score=0
def torch_gradients(x, t, W1, b1, W2, b2):
    values = [torch.tensor(value) for value in (W1, b1, W2, b2)]
    for value in values:
        value.requires_grad_()
    copies = [value.clone() for value in values]
    y = nn.functional.linear(nn.functional.linear(torch.tensor(x), *copies[:2]).tanh(), *copies[2:])
    loss = nn.functional.mse_loss(y, torch.tensor(t))
    loss.backward()
    dW1, db1, dW2, db2 = [copy.grad.numpy() for copy in copies]
    return loss.item(), dW1, db1, dW2, db2


# %% solution="torch-gradients" mistake="not-watched" score=0
def torch_gradients(x, t, W1, b1, W2, b2):
    x, t, W1, b1, W2, b2 = (torch.tensor(value) for value in (x, t, W1, b1, W2, b2))
    loss = torch.mean((torch.tanh(x @ W1.T + b1) @ W2.T + b2 - t) ** 2)
    loss.backward()
    return loss.item(), W1.grad.numpy(), b1.grad.numpy(), W2.grad.numpy(), b2.grad.numpy()


# %% solution="torch-gradients" mistake="not-watched" score=0
def torch_gradients(x, t, W1, b1, W2, b2):
    leaves = [torch.tensor(value, requires_grad=True) for value in (W1, b1, W2, b2)]
    with torch.no_grad():
        y = nn.functional.linear(torch.tanh(nn.functional.linear(torch.tensor(x), *leaves[:2])), *leaves[2:])
        loss = nn.functional.mse_loss(y, torch.tensor(t))
    loss.backward()
    return loss.item(), *[leaf.grad.numpy() for leaf in leaves]


# %% solution="torch-gradients" mistake="still-watched" score=0 from="solution"
# - return loss.item(), *(leaf.grad.numpy() for leaf in leaves)
# + return loss.numpy(), *(leaf.grad.numpy() for leaf in leaves)


# %% solution="torch-gradients" mistake="still-watched" score=0
def torch_gradients(x, t, W1, b1, W2, b2):
    x, t, *leaves = [torch.tensor(value) for value in (x, t, W1, b1, W2, b2)]
    for leaf in leaves:
        leaf.requires_grad = True
    error = nn.functional.linear(nn.functional.linear(x, *leaves[:2]).tanh(), *leaves[2:]) - t
    error.pow(2).mean().backward()
    return np.mean(error.numpy() ** 2), *[leaf.grad.numpy() for leaf in leaves]


# %% solution="torch-gradients" mistake="operands-do-not-fit" score=0 from="solution"
# - z = torch.tanh(torch.tensor(x) @ leaves[0].T + leaves[1])
# - loss = torch.mean((z @ leaves[2].T + leaves[3] - torch.tensor(t)) ** 2)
# + z = torch.tanh(torch.tensor(x) @ leaves[0] + leaves[1])
# + loss = torch.mean((z @ leaves[2] + leaves[3] - torch.tensor(t)) ** 2)


# %% solution="torch-gradients" mistake="operands-do-not-fit" score=0
def torch_gradients(x, t, W1, b1, W2, b2):
    w1, c1, w2, c2 = (torch.tensor(value, requires_grad=True) for value in (W1, b1, W2, b2))
    y = nn.functional.linear(torch.tanh(nn.functional.linear(torch.tensor(x), w1.T, c1)), w2.T, c2)
    loss = nn.functional.mse_loss(y, torch.tensor(t))
    loss.backward()
    return loss.item(), w1.grad.numpy(), c1.grad.numpy(), w2.grad.numpy(), c2.grad.numpy()


# %% [markdown]
# ## one-step: 0.25 for each parameter


# %% solution="one-step" variant="module-and-functional"
def one_step(x, t, W1, b1, W2, b2, lr):
    values = [torch.nn.Parameter(torch.tensor(value)) for value in (W1, b1, W2, b2)]
    optimizer = torch.optim.SGD(values, lr)
    optimizer.zero_grad()
    y = nn.functional.linear(torch.tanh(nn.functional.linear(torch.tensor(x), *values[:2])), *values[2:])
    nn.MSELoss()(y, torch.tensor(t)).backward()
    optimizer.step()
    return [value.detach().numpy() for value in values]


# %% solution="one-step" variant="float32"
def one_step(x, t, W1, b1, W2, b2, lr):
    net = as_network(W1, b1, W2, b2).float()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    loss = ((net(torch.Tensor(x)) - torch.Tensor(t)) ** 2).mean()
    loss.backward()
    optimizer.step()
    print("loss", loss.item())
    with torch.no_grad():
        return net[0].weight.numpy(), net[0].bias.numpy(), net[2].weight.numpy(), net[2].bias.numpy()


# %% solution="one-step" mistake="nothing-moves" score=0 from="solution"
# - nn.functional.mse_loss(net(torch.tensor(x)), torch.tensor(t)).backward()
# + loss = nn.functional.mse_loss(net(torch.tensor(x)), torch.tensor(t))
#   optimiser.step()
# + loss.backward()
# %% solution="one-step" mistake="nothing-moves" score=0 from="solution"
# - nn.functional.mse_loss(net(torch.tensor(x)), torch.tensor(t)).backward()
# + nn.MSELoss()(net(torch.tensor(x)), torch.tensor(t)).backward()
# + optimiser.zero_grad()
# - return tuple(value.detach().numpy() for value in net.parameters())
# + return [net[0].weight.data.numpy(), net[0].bias.data.numpy(), net[2].weight.data.numpy(), net[2].bias.data.numpy()]

# %% solution="one-step" mistake="gradient-ascent" score=0 from="solution"
# - nn.functional.mse_loss(net(torch.tensor(x)), torch.tensor(t)).backward()
# + loss = -nn.functional.mse_loss(net(torch.tensor(x)), torch.tensor(t))
# + loss.backward()


# %% solution="one-step" mistake="gradient-ascent" score=0
def one_step(x, t, W1, b1, W2, b2, lr):
    net = as_network(W1, b1, W2, b2)
    nn.MSELoss()(net(torch.tensor(x)), torch.tensor(t)).backward()
    with torch.no_grad():
        for value in net.parameters():
            value += lr * value.grad
    return [value.detach().numpy() for value in net.parameters()]


# %% solution="one-step" mistake="mean-missing" score=0 from="solution"
# - nn.functional.mse_loss(net(torch.tensor(x)), torch.tensor(t)).backward()
# + nn.functional.mse_loss(net(torch.tensor(x)), torch.tensor(t), reduction="sum").backward()


# %% solution="one-step" mistake="mean-missing" score=0
def one_step(x, t, W1, b1, W2, b2, lr):
    net = as_network(W1, b1, W2, b2)
    optimizer = torch.optim.SGD(list(net.parameters()), lr)
    error = net(torch.from_numpy(x)) - torch.from_numpy(t)
    total = (error * error).sum()
    total.backward()
    optimizer.step()
    return [value.detach().numpy() for value in net.parameters()]


# %% solution="one-step" mistake="learning-rate-left-out" score=0 from="solution"
# - optimiser = torch.optim.SGD(net.parameters(), lr=lr)
# + optimiser = torch.optim.SGD(net.parameters(), lr=0.01)


# %% solution="one-step" mistake="learning-rate-left-out" score=0
def one_step(x, t, W1, b1, W2, b2, lr):
    net = as_network(W1, b1, W2, b2)
    optimizer = torch.optim.SGD(net.parameters())
    loss = torch.mean((net(torch.tensor(x)) - torch.tensor(t)) ** 2)
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        return [np.array(value) for value in net.parameters()]


# %% solution="one-step" mistake="transposed" score=0.5 from="solution"
# - return tuple(value.detach().numpy() for value in net.parameters())
# + new_W1, new_b1, new_W2, new_b2 = (value.detach().numpy() for value in net.parameters())
# + return new_W1.T, new_b1, new_W2.T, new_b2


# %% solution="one-step" mistake="transposed" score=0.5
def one_step(x, t, W1, b1, W2, b2, lr):
    net = as_network(W1, b1, W2, b2)
    nn.MSELoss()(net(torch.tensor(x)), torch.tensor(t)).backward()
    torch.optim.SGD(net.parameters(), lr).step()
    first, last = net[0], net[2]
    return [one.detach().t().numpy() for one in (first.weight, first.bias, last.weight, last.bias)]


# %% solution="one-step" mistake="tensor-returned" score=0 from="solution"
# - return tuple(value.detach().numpy() for value in net.parameters())
# + return tuple(net.parameters())


# %% solution="one-step" mistake="tensor-returned" score=0
def one_step(x, t, W1, b1, W2, b2, lr):
    net = as_network(W1, b1, W2, b2)
    nn.MSELoss()(net(torch.tensor(x)), torch.tensor(t)).backward()
    torch.optim.SGD(net.parameters(), lr).step()
    return net[0].weight.detach(), net[0].bias.detach(), net[2].weight.detach(), net[2].bias.detach()


# %% [markdown]
# ## fit: 1 for the losses, 1 for the predictions


# %% solution="fit" variant="own-class-clears-after"
class Net(nn.Module):
    def __init__(self, W1, b1, W2, b2):
        super().__init__()
        self.first, self.last = nn.Linear(1, len(W1)).double(), nn.Linear(len(W1), 1).double()
        values = (self.first.weight, self.first.bias, self.last.weight, self.last.bias)
        for own, given in zip(values, (W1, b1, W2, b2)):
            own.data = torch.from_numpy(given)

    def forward(self, x):
        return self.last(torch.tanh(self.first(x)))


def fit(x, t, hidden, lr, epochs, seed):
    torch.manual_seed(seed)
    model = Net(*first_parameters(hidden, seed))
    criterion = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    x, t = torch.from_numpy(x.copy()), torch.from_numpy(t.copy())
    losses = []
    for epoch in range(epochs):
        loss = criterion(model(x), t)
        losses += [float(loss)]
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        if epoch % 100 == 0:
            print(epoch, losses[-1])
    with torch.no_grad():
        return losses, model(x).numpy()


# %% solution="fit" variant="float32"
def fit(x, t, hidden, lr, epochs, seed, **options):
    net = as_network(*first_parameters(hidden, seed)).float()
    inputs, targets = torch.tensor(x, dtype=torch.float32), torch.tensor(t, dtype=torch.float32)
    optimizer, losses = torch.optim.SGD(net.parameters(), lr=lr), np.zeros(epochs, dtype=np.float32)
    for k in range(epochs):
        for value in net.parameters():
            value.grad = None
        loss = torch.mean((net(inputs) - targets) ** 2)
        loss.backward()
        optimizer.step()
        losses[k] = loss.detach().numpy()
    return losses, net(inputs).detach().numpy()


# %% solution="fit" mistake="gradients-pile-up" score=0 from="solution"
# - optimiser.zero_grad()


# %% solution="fit" mistake="gradients-pile-up" score=0
def fit(x, t, hidden, lr, epochs, seed):
    model = as_network(*first_parameters(hidden, seed))
    criterion, optimizer = nn.MSELoss(), torch.optim.SGD(model.parameters(), lr)
    optimizer.zero_grad()
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        output = model(torch.from_numpy(x))
        loss = criterion(output, torch.from_numpy(t))
        loss.backward()
        losses[epoch] = float(loss.detach())
        optimizer.step()
    with torch.no_grad():
        return losses, model(torch.from_numpy(x)).numpy()


# %% solution="fit" mistake="step-before-backward" score=0 from="solution"
#   for _ in range(epochs):
# +     loss = nn.functional.mse_loss(net(x), t)
# +     optimiser.step()
# - loss = nn.functional.mse_loss(net(x), t)
#
# - optimiser.step()


# %% solution="fit" mistake="step-before-backward" score=0
def fit(x, t, hidden, lr, epochs, seed):
    model = as_network(*first_parameters(hidden, seed))
    optimizer, losses = torch.optim.SGD(model.parameters(), lr), []
    for epoch in range(epochs):
        error = model(torch.from_numpy(x)) - torch.from_numpy(t)
        losses.append((error**2).mean())
        with torch.no_grad():
            for value in model.parameters():
                if value.grad is not None:
                    value -= lr * value.grad
        optimizer.zero_grad()
        losses[-1].backward()
        losses[-1] = losses[-1].item()
    return losses, model(torch.from_numpy(x)).detach().numpy()


# %% solution="fit" mistake="nothing-moves" score=0 from="solution"
# - optimiser.zero_grad()
#
#   loss.backward()
# + optimiser.zero_grad()


# %% solution="fit" mistake="nothing-moves" score=0
def fit(x, t, hidden, lr, epochs, seed):
    model = as_network(*first_parameters(hidden, seed))
    optimizer = torch.optim.SGD(as_network(*first_parameters(hidden, seed)).parameters(), lr=lr)
    losses = []
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = nn.MSELoss()(model(torch.tensor(x)), torch.tensor(t))
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
    with torch.no_grad():
        return losses, np.array(model(torch.tensor(x)))


# %% solution="fit" mistake="losses-after-the-step" score=1 from="solution"
# - loss = nn.functional.mse_loss(net(x), t)
# - loss.backward()
# + nn.functional.mse_loss(net(x), t).backward()
# - losses.append(loss.item())
# + losses.append(nn.functional.mse_loss(net(x), t).item())


# %% solution="fit" mistake="losses-after-the-step" score=1
def fit(x, t, hidden, lr, epochs, seed):
    model = as_network(*first_parameters(hidden, seed))
    optimizer, x, t = torch.optim.SGD(model.parameters(), lr), torch.tensor(x), torch.tensor(t)
    losses = []
    for epoch in range(epochs + 1):
        optimizer.zero_grad()
        predictions = model(x)
        loss = ((predictions - t) ** 2).mean()
        if epoch > 0:
            losses.append(float(loss))
        loss.backward()
        optimizer.step()
    return losses, predictions.detach().numpy()


# %% solution="fit" mistake="predictions-before-the-last-step" score=1 from="solution"
# - loss = nn.functional.mse_loss(net(x), t)
# + predictions = net(x)
# + loss = nn.functional.mse_loss(predictions, t)
# - return np.array(losses), net(x).detach().numpy()
# + return np.array(losses), predictions.detach().numpy()


# %% solution="fit" mistake="predictions-before-the-last-step" score=1
def fit(x, t, hidden, lr, epochs, seed):
    model = as_network(*first_parameters(hidden, seed))
    optimizer, outputs = torch.optim.SGD(model.parameters(), lr=lr), []
    for epoch in range(epochs):
        outputs.append(model(torch.tensor(x)))
        optimizer.zero_grad()
        nn.MSELoss()(outputs[-1], torch.tensor(t)).backward()
        optimizer.step()
    outputs = [one.detach().numpy() for one in outputs]
    return [np.mean((one - t) ** 2) for one in outputs], outputs[-1]


# %% solution="fit" mistake="mean-missing" score=0 from="solution"
# - loss = nn.functional.mse_loss(net(x), t)
# + loss = nn.functional.mse_loss(net(x), t, reduction="sum")


# %% solution="fit" mistake="mean-missing" score=0
def fit(x, t, hidden, lr, epochs, seed):
    model = as_network(*first_parameters(hidden, seed))
    optimizer, losses = torch.optim.SGD(model.parameters(), lr), []
    for epoch in range(epochs):
        loss = torch.sum(torch.square(torch.from_numpy(t) - model(torch.from_numpy(x))))
        losses.append(float(loss))
        model.zero_grad()
        loss.backward()
        optimizer.step()
    return losses, model(torch.from_numpy(x)).detach().numpy()


# %% solution="fit" mistake="every-output-meets-every-target" score=0 from="solution"
# - loss = nn.functional.mse_loss(net(x), t)
# + loss = torch.mean((net(x).squeeze() - t) ** 2)


# %% solution="fit" mistake="every-output-meets-every-target" score=0
def fit(x, t, hidden, lr, epochs, seed):
    model = as_network(*first_parameters(hidden, seed))
    inputs, targets = torch.tensor(x), torch.tensor(t[:, 0])
    criterion, optimizer, losses = nn.MSELoss(), torch.optim.SGD(model.parameters(), lr), []
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
    with torch.no_grad():
        return losses, model(inputs).numpy()


# %% solution="fit" mistake="first-parameters-of-its-own" score=0 from="solution"
# - net, x, t = as_network(*first_parameters(hidden, seed)), torch.tensor(x), torch.tensor(t)
# + torch.manual_seed(seed)
# + net = nn.Sequential(nn.Linear(1, hidden), nn.Tanh(), nn.Linear(hidden, 1)).double()
# + x, t = torch.tensor(x), torch.tensor(t)


# %% solution="fit" mistake="first-parameters-of-its-own" score=0
def fit(x, t, hidden, lr, epochs, seed):
    rng = np.random.default_rng(seed)
    start = rng.normal(size=(hidden, 1)) / 4, np.zeros(hidden), rng.normal(size=(1, hidden)) / hidden, np.zeros(1)
    model = as_network(*start)
    optimizer, losses = torch.optim.SGD(model.parameters(), lr / 2), []
    for epoch in range(epochs):
        loss = ((model(torch.tensor(x)) - torch.tensor(t)) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
    return losses, model(torch.tensor(x)).detach().numpy()


# %% solution="fit" mistake="tensor-returned" score=0 from="solution"
# -     losses.append(loss.item())
# - return np.array(losses), net(x).detach().numpy()
# +     losses.append(loss)
# + return losses, net(x).detach().numpy()


# %% solution="fit" mistake="tensor-returned" score=0
def fit(x, t, hidden, lr, epochs, seed):
    model = as_network(*first_parameters(hidden, seed))
    optimizer, losses = torch.optim.SGD(model.parameters(), lr), np.empty(epochs)
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = nn.MSELoss()(model(torch.tensor(x)), torch.tensor(t))
        loss.backward()
        optimizer.step()
        losses[epoch] = loss.item()
    return losses, model(torch.tensor(x))


# %% [markdown]
# ## fit-the-curve: 1 point for a choice that finds the curve

# %% solution="fit-the-curve" variant="more-units-fewer-epochs"
hidden, epochs = 20, 600
result = fit(x_curve, t_curve, hidden=hidden, lr=0.08, epochs=epochs, seed=4)
losses_fit, predictions_fit = result
print("last loss", round(float(losses_fit[-1]), 3))

# %% solution="fit-the-curve" variant="tries-several-rates"
tried = [fit(x_curve, t_curve, 10, rate, 500, 1) for rate in (0.01, 0.05, 0.1)]
losses_fit, predictions_fit = min(tried, key=lambda run: run[0][-1])
predictions_fit = list(predictions_fit)

# %% solution="fit-the-curve" mistake="learning-rate-too-large" score=0
losses_fit, predictions_fit = fit(x_curve, t_curve, 40, 5.0, 400, 0)

# %% solution="fit-the-curve" mistake="learning-rate-too-large" score=0
rate = 30
for seed in range(2):
    losses_fit, predictions_fit = fit(x_curve, t_curve, hidden=12, lr=rate, epochs=300, seed=seed)

# %% solution="fit-the-curve" mistake="not-there-yet" score=0
losses_fit, predictions_fit = fit(x_curve, t_curve, 12, 0.1, 20, 0)

# %% solution="fit-the-curve" mistake="not-there-yet" score=0
settings = dict(hidden=30, lr=1e-4, epochs=1000, seed=7)
losses_fit, predictions_fit = fit(x_curve, t_curve, **settings)

# %% solution="fit-the-curve" mistake="noise-learned" score=0
losses_fit, predictions_fit = np.zeros(100), t_curve

# %% solution="fit-the-curve" mistake="noise-learned" score=0
losses_fit, _ = fit(x_curve, t_curve, 12, 0.1, 100, 0)
predictions_fit = np.array([[float(value)] for value in t_curve[:, 0]])

# %% [markdown]
# ## Mutants of the solutions that are as right as they are
#
# Where one thing in a solution was changed blindly and nothing came of it. The tests take exactly these for right.

# %% solution="torch-gradients" equivalent="a square is the same whichever is subtracted from which" from="solution"
# - loss = torch.mean((z @ leaves[2].T + leaves[3] - torch.tensor(t)) ** 2)
# + loss = torch.mean((torch.tensor(t) - (z @ leaves[2].T + leaves[3])) ** 2)

# %% solution="one-step" equivalent="a square is the same whichever is subtracted from which" from="solution"
# - nn.functional.mse_loss(net(torch.tensor(x)), torch.tensor(t)).backward()
# + nn.functional.mse_loss(torch.tensor(t), net(torch.tensor(x))).backward()

# %% solution="one-step" equivalent="four values can be unpacked from a generator, too" from="solution"
# - return tuple(value.detach().numpy() for value in net.parameters())
# + return (value.detach().numpy() for value in net.parameters())

# %% solution="fit" equivalent="a square is the same whichever is subtracted from which" from="solution"
# - loss = nn.functional.mse_loss(net(x), t)
# + loss = nn.functional.mse_loss(t, net(x))

# %% solution="fit" equivalent="a list of numbers does as well as an array" from="solution"
# - return np.array(losses), net(x).detach().numpy()
# + return losses, net(x).detach().numpy()

# %% solution="fit-the-curve" equivalent="another number of units, as good a choice"
losses_fit, predictions_fit = fit(x_curve, t_curve, 13, 0.1, 500, 0)

# %% solution="fit-the-curve" equivalent="another number of units, as good a choice"
losses_fit, predictions_fit = fit(x_curve, t_curve, 11, 0.1, 500, 0)

# %% solution="fit-the-curve" equivalent="another number of epochs, as good a choice"
losses_fit, predictions_fit = fit(x_curve, t_curve, 12, 0.1, 501, 0)

# %% solution="fit-the-curve" equivalent="another number of epochs, as good a choice"
losses_fit, predictions_fit = fit(x_curve, t_curve, 12, 0.1, 499, 0)

# %% solution="fit-the-curve" equivalent="another start, as good a choice"
losses_fit, predictions_fit = fit(x_curve, t_curve, 12, 0.1, 500, 1)

"""The mathematics of the reference as plain loops: one sample, one unit, one number at a time.

No NumPy, no matrix, no sum over an axis: Python floats and lists. The tests compare the reference, which computes in
one line, with these loops. A network is a list of layers, a layer a list of units, a unit its weights and its bias.
"""

import math

SLOPES = {
    "identity": (lambda f: f, lambda f: 1.0),
    "relu": (lambda f: f if f > 0 else 0.0, lambda f: 1.0 if f > 0 else 0.0),
    "sigmoid": (lambda f: 1 / (1 + math.exp(-f)), lambda f: math.exp(-f) / (1 + math.exp(-f)) ** 2),
    "tanh": (math.tanh, lambda f: 1 / math.cosh(f) ** 2),
}


def forward(x, layers, activations):
    """Return one sample's pre-activations of each layer, inputs of each layer, and output."""
    all_f, all_h = [], [list(x)]
    for layer, name in zip(layers, activations, strict=True):
        f = []
        for weights, bias in layer:
            total = bias
            for weight, h in zip(weights, all_h[-1], strict=True):
                total += weight * h
            f.append(total)
        all_f.append(f)
        all_h.append([SLOPES[name][0](value) for value in f])
    return all_f, all_h[:-1], all_h[-1]


def backward(layers, activations, all_f, all_h, dl_doutput):
    """Return one sample's gradient and the slopes of its input.

    The gradient holds, for each layer and unit, the slopes of the weights, of the bias and of the pre-activation.
    """
    gradient = []
    dl_dh = list(dl_doutput)
    for k in reversed(range(len(layers))):
        units = []
        for j, f in enumerate(all_f[k]):
            dl_df = dl_dh[j] * SLOPES[activations[k]][1](f)
            units.append(([dl_df * h for h in all_h[k]], dl_df, dl_df))
        gradient.insert(0, units)
        dl_dh = [sum(layers[k][j][0][i] * units[j][2] for j in range(len(units))) for i in range(len(all_h[k]))]
    return gradient, dl_dh


def squared_error(outputs, targets):
    """Return Σ (f − y)² over samples and outputs, not normalised."""
    total = 0.0
    for sample, target in zip(outputs, targets, strict=True):
        for f, y in zip(sample, target, strict=True):
            total += (f - y) ** 2
    return total


def softmax(logits):
    """Return one sample's probabilities; the logits must be so small that no power overflows."""
    powers = [math.exp(f) for f in logits]
    return [power / sum(powers) for power in powers]


def cross_entropy(logits, label):
    """Return one sample's cost; the logits must be so small that no power overflows and no probability vanishes."""
    return -math.log(softmax(logits)[label])

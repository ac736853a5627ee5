"""The forward and the backward pass of a network of any depth and width.

Layer k = 0 … K takes D_k numbers to D_k+1: D_0 inputs, K hidden layers, D_K+1 outputs. "UDL" is Prince, Understanding
Deep Learning; "D" is the DTU document. The forward pass returns the values that the backward pass needs, so a
submission's values can replace the reference's:

    net_output, *cache = forward(net_input, all_weights, all_biases)
    gradients = backward(all_weights, all_biases, *cache, costs.d_squared_error(net_output, y))

Samples are columns. With samples="rows" every argument and result is transposed, weights and biases too: then a layer
is f = h Ω + β, with Ω (D_k, D_k+1) and β (1, D_k+1).
"""

from collections.abc import Sequence
from typing import NamedTuple

from autograder.reference.activations import IDENTITY, RELU, Activation
from autograder.reference.arrays import Array, Arrays, checked, unchecked
from autograder.reference.shapes import ReferenceInputError, Samples


class Forward(NamedTuple):
    """The results of the forward pass."""

    net_output: Array
    """The activation of the last layer, (D_K+1, I)."""
    all_f: list[Array]
    """Pre-activations f_0 … f_K; f_k is (D_k+1, I)."""
    all_h: list[Array]
    """The input of each layer, h_0 … h_K: h_0 is net_input itself, not a copy; h_k is (D_k, I)."""


class Backward(NamedTuple):
    """The results of the backward pass."""

    all_dl_dweights: list[Array]
    """∂L/∂Ω_0 … ∂L/∂Ω_K; each has the shape of its weights, (D_k+1, D_k)."""
    all_dl_dbiases: list[Array]
    """∂L/∂β_0 … ∂L/∂β_K; each has the shape of its biases, (D_k+1, 1)."""
    all_dl_df: list[Array]
    """∂L/∂f_0 … ∂L/∂f_K; each has the shape of its pre-activations, (D_k+1, I)."""


@checked(all_weights="[(D_k+1, D_k)]", all_biases="[(D_k+1, 1)]", net_input="(D_0, I)")
def forward(
    net_input: Array,
    all_weights: Arrays,
    all_biases: Arrays,
    *,
    activation: Activation | Sequence[Activation] = RELU,
    samples: Samples = "columns",
) -> Forward:
    """f_k = β_k + Ω_k h_k and h_k+1 = a[f_k], from h_0 = x (UDL 7.4; D 5–7).

    net_input (D_0, I); all_weights[k] (D_k+1, D_k); all_biases[k] (D_k+1, 1).
    activation: that of the hidden layers, before a plain output; or a list of each layer's, the output's last.
    Returns net_output (D_K+1, I), all_f, all_h.
    Raises ReferenceInputError.
    """
    all_f: list[Array] = []
    all_h = [net_input]
    for weights, biases, a in zip(all_weights, all_biases, _by_layer(activation, len(all_weights)), strict=True):
        all_f.append(weights @ all_h[-1] + biases)
        all_h.append(unchecked(a.function)(all_f[-1]))
    net_output = all_h.pop()
    return Forward(net_output, all_f, all_h)


@checked(
    all_weights="[(D_k+1, D_k)]",
    all_biases="[(D_k+1, 1)]",
    all_f="[(D_k+1, I)]",
    all_h="[(D_k, I)]",
    dl_dnet_output="(D_K+1, I)",
)
def backward(
    all_weights: Arrays,
    all_biases: Arrays,
    all_f: Arrays,
    all_h: Arrays,
    dl_dnet_output: Array,
    *,
    activation: Activation | Sequence[Activation] = RELU,
    samples: Samples = "columns",
) -> Backward:
    """∂L/∂f_k−1 = ∂a/∂f_k−1 ⊙ Ω_kᵀ ∂L/∂f_k, ∂L/∂Ω_k = ∂L/∂f_k h_kᵀ, ∂L/∂β_k = ∂L/∂f_k summed (UDL 7.4; D 8–9).

    all_weights[k] (D_k+1, D_k); all_biases[k] (D_k+1, 1); all_f[k] (D_k+1, I) and all_h[k] (D_k, I) from forward;
    dl_dnet_output (D_K+1, I), the cost's derivative: if the cost is a mean over samples, so are the gradients.
    activation: as in forward.
    Returns all_dl_dweights, all_dl_dbiases, all_dl_df.
    Raises ReferenceInputError.
    """
    activations = _by_layer(activation, len(all_weights))
    da_df = [unchecked(a.derivative)(f) for a, f in zip(activations, all_f, strict=True)]
    all_dl_df: list[Array] = [da_df[-1] * dl_dnet_output]
    for k in reversed(range(1, len(all_weights))):
        all_dl_df.insert(0, da_df[k - 1] * (all_weights[k].T @ all_dl_df[0]))
    all_dl_dweights: list[Array] = [dl_df @ h.T for dl_df, h in zip(all_dl_df, all_h, strict=True)]
    all_dl_dbiases: list[Array] = [dl_df.sum(axis=1, keepdims=True) for dl_df in all_dl_df]
    return Backward(all_dl_dweights, all_dl_dbiases, all_dl_df)


@checked(all_weights="[(D_k+1, D_k)]", all_dl_df="[(D_k+1, I)]")
def input_gradient(all_weights: Arrays, all_dl_df: Arrays, *, samples: Samples = "columns") -> Array:
    """∂L/∂x = Ω_0ᵀ ∂L/∂f_0: the slope that a layer before this network would need (UDL 7.4).

    all_weights[k] (D_k+1, D_k); all_dl_df[k] (D_k+1, I) from backward. Returns dl_dnet_input (D_0, I).
    Training does not need this slope, and it takes as much time as the first layer's gradient: so backward omits it.
    Raises ReferenceInputError.
    """
    return all_weights[0].T @ all_dl_df[0]


def _by_layer(activation: Activation | Sequence[Activation], layers: int) -> Sequence[Activation]:
    """Return a sequence with the activation of each layer. Raises ReferenceInputError for another number of them."""
    if isinstance(activation, Activation):
        return [activation] * (layers - 1) + [IDENTITY]
    if not isinstance(activation, list | tuple) or len(activation) != layers:
        received = str(len(activation)) if isinstance(activation, list | tuple) else repr(activation)
        raise ReferenceInputError("activation", f"one, or {layers}: one for each layer", received)
    return activation

"""The toy model of eight parameters, forward and backward: the smallest example in which backpropagation saves work.

"UDL" is Prince, Understanding Deep Learning, section 7.3. The forward pass returns its values, the first backward pass
reads them, and the second reads both, so a submission's values can replace the reference's:

    values = forward(x, y, beta, omega)._replace(f2=students_f2)
    upstream = backward(values, y, omega)
    gradients = parameter_gradients(upstream, values, x)

Arguments are single numbers; beta and omega hold four each. Results are floats of the arguments' precision.
"""

from typing import NamedTuple

import numpy as np

from autograder.reference.arrays import Vector, checked


class Forward(NamedTuple):
    """The chain's values, in the order in which they are computed."""

    f0: float
    h1: float
    f1: float
    h2: float
    f2: float
    h3: float
    f3: float
    l_i: float


class Backward(NamedTuple):
    """∂ℓ/∂f and ∂ℓ/∂h along the chain, from the loss back to the input."""

    dldf3: float
    dldh3: float
    dldf2: float
    dldh2: float
    dldf1: float
    dldh1: float
    dldf0: float


class ParameterGradients(NamedTuple):
    """∂ℓ/∂β and ∂ℓ/∂ω, from the loss back to the input."""

    dldbeta3: float
    dldomega3: float
    dldbeta2: float
    dldomega2: float
    dldbeta1: float
    dldomega1: float
    dldbeta0: float
    dldomega0: float


@checked(x="()", y="()", beta="(4,)", omega="(4,)")
def forward(x: float, y: float, beta: Vector, omega: Vector) -> Forward:
    """ℓ = (f − y)² for f = β3 + ω3 cos(β2 + ω2 exp(β1 + ω1 sin(β0 + ω0 x))) (UDL 7.3, forward pass).

    x and y numbers, beta (4,), omega (4,). Returns every value of the chain.
    Raises ReferenceInputError for other shapes and for numbers that aren't finite.
    """
    f0 = beta[0] + omega[0] * x
    h1 = np.sin(f0)
    f1 = beta[1] + omega[1] * h1
    h2 = np.exp(f1)
    f2 = beta[2] + omega[2] * h2
    h3 = np.cos(f2)
    f3 = beta[3] + omega[3] * h3
    return Forward(f0, h1, f1, h2, f2, h3, f3, l_i=(f3 - y) ** 2)


@checked(cache="(8,)", y="()", omega="(4,)")
def backward(cache: Forward, y: float, omega: Vector) -> Backward:
    """∂ℓ/∂f3 = 2 (f3 − y), ∂ℓ/∂h_k = ω_k ∂ℓ/∂f_k, ∂ℓ/∂f_{k−1} = ∂h_k/∂f_{k−1} ∂ℓ/∂h_k (UDL 7.3, backward pass 1).

    cache: the 8 numbers that forward returned, y a number, omega (4,).
    It computes the slope of exp from f1, not from h2: the two differ only in a cache with a wrong value.
    Raises ReferenceInputError for other shapes and for numbers that aren't finite.
    """
    dldf3 = 2 * (cache.f3 - y)
    dldh3 = omega[3] * dldf3
    dldf2 = -np.sin(cache.f2) * dldh3
    dldh2 = omega[2] * dldf2
    dldf1 = np.exp(cache.f1) * dldh2
    dldh1 = omega[1] * dldf1
    dldf0 = np.cos(cache.f0) * dldh1
    return Backward(dldf3, dldh3, dldf2, dldh2, dldf1, dldh1, dldf0)


@checked(upstream="(7,)", cache="(8,)", x="()")
def parameter_gradients(upstream: Backward, cache: Forward, x: float) -> ParameterGradients:
    """∂ℓ/∂β_k = ∂ℓ/∂f_k and ∂ℓ/∂ω_k = h_k ∂ℓ/∂f_k, with x for h_0 (UDL 7.3, backward pass 2).

    upstream: the 7 numbers that backward returned, cache: the 8 numbers that forward returned, x a number.
    Raises ReferenceInputError for other shapes and for numbers that aren't finite.
    """
    return ParameterGradients(
        dldbeta3=upstream.dldf3,
        dldomega3=cache.h3 * upstream.dldf3,
        dldbeta2=upstream.dldf2,
        dldomega2=cache.h2 * upstream.dldf2,
        dldbeta1=upstream.dldf1,
        dldomega1=cache.h1 * upstream.dldf1,
        dldbeta0=upstream.dldf0,
        dldomega0=x * upstream.dldf0,
    )

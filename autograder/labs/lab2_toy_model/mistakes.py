"""Known mistakes in the toy model, lab 2: one chain of sines, exponentials and cosines, one sample."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Computation, Formulas, formula_of, formulas_of, merged
from autograder.diagnosis.mistake import Mistake

_LAYERS = (1, 2, 3)


def _h(k: int) -> str:
    """Return the name of the input of layer k."""
    return f"h{k}" if k else "x"


def _linear(b: Any, w: Any, h: Any) -> Any:
    return b + w * h


def _product(*factors: Any) -> Any:
    return math.prod(factors)


FORWARD = (
    Mistake("sine-and-cosine-swapped", "Sine and cosine have changed places.",
            "Read the model from the inside out: which curve comes first?",
            {"h1": lambda f0: np.cos(f0), "h3": lambda f2: np.sin(f2)},
            section="section 1, “Meet the model”"),
    Mistake("index-shifted", "The parameters of another layer are used.",
            "Which index do β and ω have in the bracket that makes this value?",
            formulas_of({f"f{k}": [f"beta{j} omega{j} {_h(k)}" for j in range(4) if j != k] for k in _LAYERS},
                        _linear)),
    Mistake("wrong-activation", "A value from the wrong side of a curve is used, before it or after it.",
            "Which box of the picture hands its value to this one?",
            {**formulas_of({f"f{k}": f"beta{k} omega{k} f{k - 1}" for k in _LAYERS}, _linear),
             "h2": lambda h1: np.exp(h1), "h3": lambda h2: np.cos(h2)}),
    Mistake("loss-not-squared", "The distance is not squared.", "What does the loss do to the sign of the error?",
            {"l_i": [lambda f3, y: abs(f3 - y), lambda f3, y: f3 - y, lambda f3, y: y - f3]}),
    Mistake("sign", "A sign is wrong in this step.", "Which + or − differs from the bracket in the model's formula?",
            {**formulas_of({f"f{k}": f"beta{k} omega{k} {_h(k)}" for k in _LAYERS},
                           lambda b, w, h: b - w * h, lambda b, w, h: w * h - b),
             "h1": lambda f0: np.sin(-f0), "h2": lambda f1: np.exp(-f1), "h3": lambda f2: np.cos(-f2),
             "l_i": lambda f3, y: (f3 + y) ** 2}),
)  # fmt: skip

# Each step back: the value, the input of the local derivative, that derivative, the upstream derivative.
_STEPS: tuple[tuple[str, str, Callable[..., Any], str], ...] = (
    ("dldh3", "omega3", lambda w: w, "dldf3"),
    ("dldf2", "f2", lambda f: -np.sin(f), "dldh3"),
    ("dldh2", "omega2", lambda w: w, "dldf2"),
    ("dldf1", "f1", lambda f: np.exp(f), "dldh2"),
    ("dldh1", "omega1", lambda w: w, "dldf1"),
    ("dldf0", "f0", lambda f: np.cos(f), "dldh1"),
)


def _back(change: Callable[..., Any], more: str = "") -> Formulas:
    """Return a formula for each step back.

    change: takes the local and the upstream derivative, and computes the value from them in place of their product.
    more: names of what else it takes.
    """
    return {value: formula_of(f"{name} {upstream} {more}", lambda v, *rest, local=local: change(local(v), *rest))
            for value, name, local, upstream in _STEPS}  # fmt: skip


BACKWARD = (
    Mistake("error-the-wrong-way-round", "The error is taken the wrong way round: y − f₃.",
            "Should the slope be positive or negative where the model says too much?",
            {"dldh3": lambda omega3, f3, y: omega3 * 2 * (y - f3)}),
    Mistake("sign-of-cosine-slope", "The derivative of the cosine has lost its minus.",
            "Does the cosine rise or fall just right of 0?", {"dldf2": lambda f2, dldh3: np.sin(f2) * dldh3}),
    Mistake("upstream-dropped", "What came back is not multiplied in: this is the local derivative alone.",
            "What is the second factor of the chain rule?", _back(lambda local, up: local)),
    Mistake("upstream-twice", "What came back is multiplied in twice.",
            "Every step has two factors. How many has yours?", _back(lambda local, up: local * up * up)),
    Mistake("loss-derivative-again", "The derivative of the loss is multiplied in again.",
            "Isn't it in what came back already?",
            _back(_product, "dldf3")),
    Mistake("added-instead-of-multiplied", "The factors of the chain rule are added.",
            "A push that is doubled here and tripled there: how large does it arrive?",
            _back(lambda local, up: local + up)),
    Mistake("slope-is-the-function-itself", "The function itself stands in the place of its derivative.",
            "What is the derivative of the sine, and of the cosine?",
            {"dldf0": lambda f0, dldh1: np.sin(f0) * dldh1, "dldf2": lambda f2, dldh3: np.cos(f2) * dldh3}),
    Mistake("exponential-slope", "The exponential is not differentiated as one.",
            "Is the exponent here a constant power or the variable itself?",
            {"dldf1": [lambda f1, dldh2: f1 * np.exp(f1 - 1) * dldh2, lambda dldh2: dldh2]}),
    Mistake("slope-at-the-activation", "The derivative is taken at the activation, not at the pre-activation.",
            "What goes *into* this box in the picture?",
            {"dldf2": lambda h3, dldh3: -np.sin(h3) * dldh3, "dldf1": lambda h2, dldh2: np.exp(h2) * dldh2,
             "dldf0": lambda h1, dldh1: np.cos(h1) * dldh1}),
    Mistake("activation-for-weight", "An activation stands where the weight should.",
            "f = β + ωh: what is the derivative in h?",
            formulas_of({f"dldh{k}": f"h{k} dldf{k}" for k in _LAYERS}, _product)),
    Mistake("index-shifted", "The value of another layer is used.",
            "Which index does this box have in the picture?",
            {**formulas_of({"dldh3": ["omega2 dldf3", "omega1 dldf3"], "dldh2": ["omega1 dldf2", "omega3 dldf2"],
                            "dldh1": ["omega0 dldf1", "omega2 dldf1"]}, _product),
             **formulas_of({"dldf2": ["f3 dldh3", "f1 dldh3"]}, lambda f, up: -np.sin(f) * up),
             **formulas_of({"dldf1": ["f2 dldh2", "f0 dldh2"]}, lambda f, up: np.exp(f) * up),
             **formulas_of({"dldf0": ["f1 dldh1", "f2 dldh1"]}, lambda f, up: np.cos(f) * up)}),
)  # fmt: skip


_BETAS = {f"dldbeta{k}": f"dldf{k}" for k in range(4)}
_OMEGAS = {f"dldomega{k}": f"{_h(k)} dldf{k}" for k in range(4)}
"""By derivative, the names of its factors."""

PARAMETERS = (
    Mistake("input-left-out", "What comes into the layer is not in it.",
            "f₀ = β₀ + ω₀x: what is the derivative in ω₀?",
            {"dldomega0": lambda dldf0: dldf0}),
    Mistake("upstream-dropped", "What came back is not in it.",
            "Would this parameter matter to the loss as much if a later layer were cut off?",
            {**formulas_of(_BETAS, lambda d: 1.0), **formulas_of(_OMEGAS, lambda h, d: h)}),
    Mistake("upstream-twice", "What came back is multiplied in twice.",
            "How many factors has the equation of this derivative?",
            {**formulas_of(_BETAS, lambda d: d * d), **formulas_of(_OMEGAS, lambda h, d: h * d * d)}),
    Mistake("loss-derivative-again", "The derivative of the loss is multiplied in again.",
            "Isn't it in what came back already?",
            formulas_of({value: f"{names} dldf3" for value, names in (_BETAS | _OMEGAS).items()}, _product)),
    Mistake("wrong-activation", "A pre-activation stands where the activation that came in should.",
            "What does ω multiply in the forward pass?",
            formulas_of({f"dldomega{k}": [f"f{j} dldf{k}" for j in (k, k - 1) if j >= 0] for k in range(4)}, _product)),
    Mistake("index-shifted", "Something of another layer is used.",
            "Which index have the two factors in the equation?",
            merged(*(formulas_of({f"dldomega{k}": [f"{_h(j)} dldf{k}", f"{_h(k)} dldf{j}"], f"dldbeta{k}": f"dldf{j}"},
                                 _product) for k in range(4) for j in (k - 1, k + 1) if 0 <= j < 4))),
    Mistake("gradient-of-the-activation", "The slope at the activation is used, not that at the pre-activation.",
            "On which side of the curve does the parameter sit?",
            formulas_of({f"dldbeta{k}": f"dldh{k}" for k in _LAYERS}
                        | {f"dldomega{k}": f"{_h(k)} dldh{k}" for k in _LAYERS}, _product)),
    Mistake("parameter-for-its-slope", "The parameter itself stands in its own derivative.",
            "f = β + ωh: what is the derivative in ω, and in β?",
            formulas_of({f"dldbeta{k}": f"beta{k} dldf{k}" for k in range(4)}
                        | {f"dldomega{k}": f"omega{k} dldf{k}" for k in range(4)}, _product)),
)  # fmt: skip


def _passed(x: Any, beta: Any, omega: Any) -> tuple[Any, Any]:
    """Return the inputs h and the pre-activations f of the four layers, each (4,)."""
    h, f = [x], []
    for k, curve in enumerate((np.sin, np.exp, np.cos, None)):
        f.append(beta[k] + omega[k] * h[k])
        h += [curve(f[k])] if curve else []
    return np.array(h), np.array(f)


def _chain(last: Any, through: Callable[..., Any]) -> Any:
    """Return dl_df of the four layers, (4,): `last` for the last, and before it what comes through layer k + 1."""
    dl_df = [last]
    for k in (2, 1, 0):
        dl_df.insert(0, through(k=k, d=dl_df[0]))
    return np.array(dl_df)


_GRADIENT = Computation(
    "x y beta omega",
    "dl_dbeta dl_domega",
    {
        "passed": _passed,
        "h": lambda passed: passed[0],
        "f": lambda passed: passed[1],
        "last": lambda f, y: 2 * (f[3] - y),
        "slopes": lambda f: [np.cos(f[0]), np.exp(f[1]), -np.sin(f[2])],
        "through": lambda omega, slopes, k, d: omega[k + 1] * slopes[k] * d,
        "dl_df": _chain,
        "dl_dbeta": lambda dl_df: dl_df,
        "dl_domega": lambda h, dl_df: h * dl_df,
    },
    keywords="k d",
)

_NOTEBOOK = {"beta": lambda: (1.0, 2.0, -3.0, 0.4), "omega": lambda: (0.1, -0.4, 2.0, 3.0)}
"""Parameters that the notebook sets (U 3.2)."""
_SAMPLE = {"x": lambda: 2.3, "y": lambda: 2.0}
"""Values that the notebook sets."""

GRADIENT = (
    Mistake("notebook-values", "The notebook's own values are used, whatever the function is given.",
            "Which names stand in the brackets of the `def` line?",
            _GRADIENT.formulas({**_SAMPLE, **_NOTEBOOK}, _NOTEBOOK, _SAMPLE), together=True),
    Mistake("input-left-out", "The input x is not in the first layer's gradient.",
            "f₀ = β₀ + ω₀x: what is the derivative in ω₀?",
            _GRADIENT.formulas({"h": lambda h: np.append(1, h[1:])}), together=True),
    Mistake("wrong-activation", "Pre-activations stand where the activations that came in should.",
            "What does ω multiply in the forward pass?",
            _GRADIENT.formulas({"h": lambda x, f: np.append(x, f[:3])}, {"h": lambda f: f}), together=True),
    Mistake("upstream-dropped", "What came back is not multiplied in.", "What is the second factor of the chain rule?",
            _GRADIENT.formulas({"dl_domega": lambda h: h},
                               {"through": lambda omega, slopes, k: omega[k + 1] * slopes[k]}), together=True),
    Mistake("upstream-twice", "What came back is multiplied in twice.",
            "Every step has two factors. How many has yours?",
            _GRADIENT.formulas({"dl_domega": lambda h, dl_df: h * dl_df * dl_df},
                               {"through": lambda through, k, d: through(k=k, d=d**2)}), together=True),
    Mistake("sign-of-cosine-slope", "The derivative of the cosine has lost its minus.",
            "Does the cosine rise or fall just right of 0?",
            _GRADIENT.formulas({"slopes": lambda slopes: [*slopes[:2], -slopes[2]]}), together=True),
    Mistake("error-the-wrong-way-round", "The error is taken the wrong way round: y − f₃.",
            "Should the slope be positive or negative where the model says too much?",
            _GRADIENT.formulas({"last": lambda last: -last}), together=True),
    Mistake("index-shifted", "Something of another layer is used.",
            "Which index have the two factors in the equation?",
            _GRADIENT.formulas({"through": lambda omega, slopes, k, d: omega[k] * slopes[k] * d},
                               {"h": lambda h, f: np.append(h[1:], f[3])}, {"h": lambda h: np.append(h[1:], 1)}),
            together=True),
    Mistake("last-layer-first", "The layers stand in the order in which they were computed: the last one first.",
            "Which layer's slope should stand at index 0?",
            _GRADIENT.formulas({"dl_dbeta": lambda dl_dbeta: dl_dbeta[::-1],
                                "dl_domega": lambda dl_domega: dl_domega[::-1]}), together=True),
)  # fmt: skip

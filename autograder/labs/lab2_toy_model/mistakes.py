"""Known mistakes in the toy model, lab 2: one chain of sines, exponentials and cosines, one sample."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from autograder.diagnosis.formulas import Formula, formula_of
from autograder.diagnosis.mistake import Mistake

_CURVES: tuple[tuple[str, Callable[[Any], Any]], ...] = (("sin", np.sin), ("exp", np.exp), ("cos", np.cos))


def _many(pairs: Iterable[tuple[str, Formula]]) -> dict[str, list[Formula]]:
    """Return lists of formulas by the name of the value that they compute."""
    table: dict[str, list[Formula]] = {}
    for value, formula in pairs:
        table.setdefault(value, []).append(formula)
    return table


def _linear(b: Any, w: Any, h: Any) -> Any:
    return b + w * h


def _h(k: int) -> str:
    """Return the name of the input of layer k."""
    return f"h{k}" if k else "x"


_LAYERS = (1, 2, 3)

FORWARD = (
    Mistake("sine-and-cosine-swapped", "Sine and cosine have changed places.",
            "Read the model from the inside out: which curve comes first?",
            {"h1": lambda f0: np.cos(f0), "h3": lambda f2: np.sin(f2)},
            section="section 1, “Meet the model”"),
    Mistake("index-shifted", "The parameters of another layer are used.",
            "Which index do β and ω have in the bracket that makes this value?",
            _many((f"f{k}", formula_of(f"beta{j} omega{j} {_h(k)}", _linear))
                  for k in _LAYERS for j in range(4) if j != k)),
    Mistake("wrong-activation", "A value from the wrong side of a curve is used, before it or after it.",
            "Which box of the picture hands its value to this one?",
            _many([*((f"f{k}", formula_of(f"beta{k} omega{k} f{k - 1}", _linear)) for k in _LAYERS),
                   *((f"h{k}", formula_of(_h(k - 1), _CURVES[k - 1][1])) for k in _LAYERS if k > 1)])),
    Mistake("loss-not-squared", "The distance is not squared.", "What does the loss do to the sign of the error?",
            {"l_i": [lambda f3, y: abs(f3 - y), lambda f3, y: f3 - y, lambda f3, y: y - f3]}),
    Mistake("sign", "A sign is wrong in this step.", "Which + or − differs from the bracket in the model's formula?",
            _many([*((f"f{k}", formula_of(f"beta{k} omega{k} {_h(k)}", lambda b, w, h, s=s, t=t: s * b + t * w * h))
                     for k in _LAYERS for s, t in ((1, -1), (-1, 1))),
                   *((f"h{k}", formula_of(f"f{k - 1}", lambda f, curve=curve: curve(-f)))
                     for k, (_, curve) in zip(_LAYERS, _CURVES, strict=True)),
                   ("l_i", formula_of("f3 y", lambda f3, y: (f3 + y) ** 2))])),
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


def _back(change: Callable[[Any, Any], Any]) -> dict[str, list[Formula]]:
    """Return a formula for each step back.

    change: takes the local and the upstream derivative, and computes the value from them in place of their product.
    """
    return _many((value, formula_of(f"{name} {upstream}", lambda v, up, local=local: change(local(v), up)))
                 for value, name, local, upstream in _STEPS)  # fmt: skip


def _through(pairs: str, slope: Callable[[Any], Any] = lambda v: v) -> dict[str, list[Formula]]:
    """Return formulas with another value in the place of a local derivative.

    pairs: "dldh3=h3 dldh2=h2", the value and the name of the other one. slope: the function of it to multiply by.
    """
    upstream = {value: up for value, _, _, up in _STEPS}
    split = [pair.split("=") for pair in pairs.split()]
    return _many(
        (value, formula_of(f"{other} {upstream[value]}", lambda v, up: slope(v) * up)) for value, other in split
    )


def _merged(*tables: dict[str, list[Formula]]) -> dict[str, list[Formula]]:
    """Return the tables of formulas merged into one."""
    return _many((value, formula) for table in tables for value, formulas in table.items() for formula in formulas)


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
            _many((value, formula_of(f"{name} {upstream} dldf3", lambda v, up, d, local=local: local(v) * up * d))
                  for value, name, local, upstream in _STEPS)),
    Mistake("added-instead-of-multiplied", "The factors of the chain rule are added.",
            "A push that is doubled here and tripled there: how large does it arrive?",
            _back(lambda local, up: local + up)),
    Mistake("slope-is-the-function-itself", "The function itself stands in the place of its derivative.",
            "What is the derivative of the sine, and of the cosine?",
            _merged(_through("dldf0=f0", np.sin), _through("dldf2=f2", np.cos))),
    Mistake("exponential-slope", "The exponential is not differentiated as one.",
            "Is the exponent here a constant power or the variable itself?",
            {"dldf1": [lambda f1, dldh2: f1 * np.exp(f1 - 1) * dldh2, lambda dldh2: dldh2]}),
    Mistake("slope-at-the-activation", "The derivative is taken at the activation, not at the pre-activation.",
            "What goes *into* this box in the picture?",
            _merged(_through("dldf2=h3", lambda v: -np.sin(v)), _through("dldf1=h2", np.exp),
                    _through("dldf0=h1", np.cos))),
    Mistake("activation-for-weight", "An activation stands where the weight should.",
            "f = β + ωh: what is the derivative in h?", _through("dldh3=h3 dldh2=h2 dldh1=h1")),
    Mistake("index-shifted", "The value of another layer is used.",
            "Which index does this box have in the picture?",
            _merged(_through("dldh3=omega2 dldh3=omega1 dldh2=omega1 dldh2=omega3 dldh1=omega0 dldh1=omega2"),
                    _through("dldf2=f3 dldf2=f1", lambda v: -np.sin(v)), _through("dldf1=f2 dldf1=f0", np.exp),
                    _through("dldf0=f1 dldf0=f2", np.cos))),
)  # fmt: skip


def _layers(change: Callable[[int], Iterable[tuple[str, str, Callable[..., Any]]]]) -> dict[str, list[Formula]]:
    """Return formulas for the two parameters of each layer; change: yields value, names and formula for layer k."""
    return _many((value, formula_of(names, formula)) for k in range(4) for value, names, formula in change(k))


def _times(*factors: Any) -> Any:
    """Return the product."""
    product = factors[0]
    for factor in factors[1:]:
        product = product * factor
    return product


PARAMETERS = (
    Mistake("input-left-out", "What comes into the layer is not in it.",
            "f₀ = β₀ + ω₀x: what is the derivative in ω₀?",
            {"dldomega0": lambda dldf0: dldf0}),
    Mistake("upstream-dropped", "What came back is not in it.",
            "Would this parameter matter to the loss as much if a later layer were cut off?",
            _layers(lambda k: [(f"dldbeta{k}", "x", lambda x: 1.0), (f"dldomega{k}", _h(k), lambda h: h)])),
    Mistake("upstream-twice", "What came back is multiplied in twice.",
            "How many factors has the equation of this derivative?",
            _layers(lambda k: [(f"dldbeta{k}", f"dldf{k}", lambda d: d * d),
                               (f"dldomega{k}", f"{_h(k)} dldf{k}", lambda h, d: h * d * d)])),
    Mistake("loss-derivative-again", "The derivative of the loss is multiplied in again.",
            "Isn't it in what came back already?",
            _layers(lambda k: [(f"dldbeta{k}", f"dldf{k} dldf3", _times),
                               (f"dldomega{k}", f"{_h(k)} dldf{k} dldf3", _times)])),
    Mistake("wrong-activation", "A pre-activation stands where the activation that came in should.",
            "What does ω multiply in the forward pass?",
            _layers(lambda k: [(f"dldomega{k}", f"f{j} dldf{k}", _times) for j in (k, k - 1) if j >= 0])),
    Mistake("index-shifted", "Something of another layer is used.",
            "Which index have the two factors in the equation?",
            _layers(lambda k: [*((f"dldomega{k}", f"{_h(j)} dldf{k}", _times) for j in (k - 1, k + 1) if 0 <= j < 4),
                               *((f"dldbeta{k}", f"dldf{j}", _times) for j in (k - 1, k + 1) if 0 <= j < 4),
                               *((f"dldomega{k}", f"{_h(k)} dldf{j}", _times) for j in (k - 1, k + 1) if 0 <= j < 4)])),
    Mistake("gradient-of-the-activation", "The slope at the activation is used, not that at the pre-activation.",
            "On which side of the curve does the parameter sit?",
            _layers(lambda k: [(f"dldbeta{k}", f"dldh{k}", _times),
                               (f"dldomega{k}", f"{_h(k)} dldh{k}", _times)] if k else [])),
    Mistake("parameter-for-its-slope", "The parameter itself stands in its own derivative.",
            "f = β + ωh: what is the derivative in ω, and in β?",
            _layers(lambda k: [(f"dldbeta{k}", f"beta{k} dldf{k}", _times),
                               (f"dldomega{k}", f"omega{k} dldf{k}", _times)])),
)  # fmt: skip

NOTEBOOK = ((1.0, 2.0, -3.0, 0.4), (0.1, -0.4, 2.0, 3.0))
"""Parameters that the notebook sets, beta and omega (U 3.2)."""
SAMPLE = (2.3, 2.0)
"""Values that the notebook sets, x and y."""


def _forward(x: Any, y: Any, beta: Any, omega: Any) -> tuple[list[Any], list[Any]]:
    """Return the inputs h and the pre-activations f of the four layers."""
    h, f = [x], []
    for k in range(4):
        f.append(beta[k] + omega[k] * h[k])
        if k < 3:
            h.append(_CURVES[k][1](f[k]))
    return h, f


def _slopes(f: Sequence[Any]) -> list[Any]:
    """Return the derivatives of the three curves at their pre-activations."""
    return [np.cos(f[0]), np.exp(f[1]), -np.sin(f[2])]


def _chain(last: Any, factors: Sequence[Any]) -> Any:
    """Return dl_df of the four layers: `last` for the last layer, and before it the next layer's times its factor."""
    dl_df = [last]
    for factor in reversed(factors):
        dl_df.insert(0, dl_df[0] * factor)
    return np.array(dl_df)


def _gradient(x: Any, y: Any, beta: Any, omega: Any) -> tuple[Any, Any]:
    """Return the correct dl_dbeta and dl_domega, each (4,)."""
    h, f = _forward(x, y, beta, omega)
    d = _chain(2 * (f[3] - y), [omega[k + 1] * slope for k, slope in enumerate(_slopes(f))])
    return d, d * np.array(h)


def _whole(name: str, explanation: str, hint: str, *gradients: Callable[..., tuple[Any, Any]]) -> Mistake:
    """Return a mistake in the function of section 7.

    gradients: functions of x, y, beta and omega, one for each way to make the mistake, that return dl_dbeta and
    dl_domega, with None for a correct one.
    """

    def part(gradient: Callable[..., tuple[Any, Any]], index: int) -> Formula:
        def formula(x: Any, y: Any, beta: Any, omega: Any) -> Any:
            wrong = gradient(x, y, beta, omega)[index]
            return _gradient(x, y, beta, omega)[index] if wrong is None else wrong

        return formula

    formulas = {
        value: [part(gradient, k) for gradient in gradients] for k, value in enumerate(("dl_dbeta", "dl_domega"))
    }
    return Mistake(name, explanation, hint, formulas, together=True)


def _weights_from(compute: Callable[[Any, Any, Any], Any]) -> Callable[..., tuple[Any, Any]]:
    """Return a function with a wrong dl_domega alone; compute: takes h, f and dl_df, each (4,)."""

    def gradient(x: Any, y: Any, beta: Any, omega: Any) -> tuple[Any, Any]:
        h, f = _forward(x, y, beta, omega)
        return None, compute(np.array(h), np.array(f), _gradient(x, y, beta, omega)[0])

    return gradient


def _errors_from(compute: Callable[[Any, Any, Any], Any]) -> Callable[..., tuple[Any, Any]]:
    """Return a function with a wrong dl_df, so both gradients are wrong; compute: takes f, omega and dl_df3."""

    def gradient(x: Any, y: Any, beta: Any, omega: Any) -> tuple[Any, Any]:
        h, f = _forward(x, y, beta, omega)
        d = compute(f, omega, 2 * (f[3] - y))
        return d, d * np.array(h)

    return gradient


def _squared_chain(f: Any, omega: Any, last: Any) -> Any:
    """Return dl_df with the upstream derivative squared in each step."""
    dl_df = [last]
    for k in (2, 1, 0):
        dl_df.insert(0, omega[k + 1] * _slopes(f)[k] * dl_df[0] ** 2)
    return np.array(dl_df)


GRADIENT = (
    _whole("notebook-values", "The notebook's own values are used, whatever the function is given.",
           "Which names stand in the brackets of the `def` line?",
           lambda x, y, beta, omega: _gradient(*SAMPLE, *NOTEBOOK),
           lambda x, y, beta, omega: _gradient(x, y, *NOTEBOOK),
           lambda x, y, beta, omega: _gradient(*SAMPLE, beta, omega)),
    _whole("input-left-out", "The input x is not in the first layer's gradient.",
           "f₀ = β₀ + ω₀x: what is the derivative in ω₀?",
           _weights_from(lambda h, f, d: np.append(1, h[1:]) * d)),
    _whole("wrong-activation", "Pre-activations stand where the activations that came in should.",
           "What does ω multiply in the forward pass?",
           _weights_from(lambda h, f, d: np.append(h[0], f[:3]) * d), _weights_from(lambda h, f, d: f * d)),
    _whole("upstream-dropped", "What came back is not multiplied in.", "What is the second factor of the chain rule?",
           _weights_from(lambda h, f, d: h),
           _errors_from(lambda f, omega, last: np.array([*(omega[k + 1] * _slopes(f)[k] for k in range(3)), last]))),
    _whole("upstream-twice", "What came back is multiplied in twice.",
           "Every step has two factors. How many has yours?",
           _weights_from(lambda h, f, d: h * d * d), _errors_from(_squared_chain)),
    _whole("sign-of-cosine-slope", "The derivative of the cosine has lost its minus.",
           "Does the cosine rise or fall just right of 0?",
           _errors_from(lambda f, omega, last: _chain(
               last, [omega[k + 1] * slope * (1, 1, -1)[k] for k, slope in enumerate(_slopes(f))]))),
    _whole("error-the-wrong-way-round", "The error is taken the wrong way round: y − f₃.",
           "Should the slope be positive or negative where the model says too much?",
           lambda *inputs: tuple(-part for part in _gradient(*inputs))),
    _whole("index-shifted", "Something of another layer is used.",
           "Which index have the two factors in the equation?",
           _errors_from(lambda f, omega, last: _chain(last, [omega[k] * slope for k, slope in enumerate(_slopes(f))])),
           _weights_from(lambda h, f, d: np.append(h[1:], f[3]) * d),
           _weights_from(lambda h, f, d: np.append(h[1:], 1) * d)),
    _whole("last-layer-first", "The layers stand in the order in which they were computed: the last one first.",
           "Which layer's slope should stand at index 0?",
           lambda *inputs: tuple(part[::-1] for part in _gradient(*inputs))),
)  # fmt: skip

"""The table of known mistakes, the more specific first: to add one, add an entry here and a wrong answer to a lab."""

from collections.abc import Sequence

from autograder.diagnosis.mistakes import (
    by_hand,
    derivations,
    descent,
    fit,
    general,
    layers,
    likelihood,
    linear_regression,
    mlp,
    no_value,
    one_layer,
    one_sample,
    pytorch,
    softmax,
    toy_model,
    training,
    two_layer_net,
)
from autograder.diagnosis.mistakes.entry import ANY, Mistake

TABLE: Sequence[Mistake] = (
    *no_value.NO_VALUE,
    *training.TABLE,
    *by_hand.TABLE,
    *one_layer.TABLE,
    *one_sample.TABLE,
    *layers.TABLE,
    *likelihood.TABLE,
    *derivations.TABLE,
    *two_layer_net.TABLE,
    *pytorch.TABLE,
    *linear_regression.TABLE,
    *descent.TABLE,
    *fit.TABLE,
    *toy_model.TABLE,
    *mlp.TABLE,
    *softmax.TABLE,
    *no_value.RAISED,
    *general.RELATIONS_TO_THE_TRUTH,
)

RELATIONS = frozenset(mistake.name for mistake in TABLE if mistake.shows)
"""Names that state what can be seen in a value or in the code; the others say what a formula of theirs gives."""

__all__ = ["ANY", "RELATIONS", "TABLE", "Mistake"]

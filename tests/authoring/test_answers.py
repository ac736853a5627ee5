"""Tests of known answers: reading them from a lab text and its answers file, filling them into a release, patches."""

from __future__ import annotations

import nbformat
import pytest

from autograder.authoring import LabError
from autograder.authoring.answers import WRITTEN, KnownAnswer, fill_in, known_answers, solved_answers


@pytest.fixture
def known(built_once):
    """Return the known answers of the tiny lab."""
    return known_answers(built_once.written / "lab" / "tiny.py")


def test_known_answers(known):
    """Known answers are the instructor's code and written answers, the variants, and the mistakes with their scores."""
    assert list(known.solutions) == ["double", "why-straight"]
    assert known.solutions["double"].startswith("# task: double\ndef double(x):")
    assert known.solutions["why-straight"] == WRITTEN
    product, squared = known.others
    assert product == KnownAnswer("double", "# task: double\ndef double(x):\n    return 2 * x", variant="product")
    assert squared == KnownAnswer(
        "double", "# task: double\ndef double(x):\n    return x**2", mistake="squared", score=0
    )
    assert (known.variants, known.mistakes) == ([product], [squared])
    assert [answer.name for answer in known.others] == ["double: product", "double: squared"]


def test_equivalents(course):
    """An answer that is listed as equivalent, with its reason, is neither a variant nor a mistake."""
    text = course.written / "lab" / "tiny.py"
    with text.with_name("tiny_answers.py").open("a", encoding="utf-8") as file:
        file.write(
            '\n# %% solution="double" equivalent="it doesn\'t matter, 0 is 0"\ndef double(x):\n    return x + x + 0\n'
        )
    known = known_answers(text)
    source = "# task: double\ndef double(x):\n    return x + x + 0"
    assert known.equivalents == [KnownAnswer("double", source, equivalent="it doesn't matter, 0 is 0")]
    assert [answer.name for answer in known.others][2:] == ["double: it doesn't matter, 0 is 0"]
    assert not {*known.variants, *known.mistakes} & {*known.equivalents}


def test_a_lab_without_known_answers(course):
    """A lab without an answers file has no known answers besides its solutions."""
    text = course.written / "lab" / "tiny.py"
    text.with_name("tiny_answers.py").unlink()
    assert known_answers(text).others == ()


def test_errors_name_the_answers_file(course):
    """The LabError for an error in the answers file names that file, not the lab text."""
    text = course.written / "lab" / "tiny.py"
    file = text.with_name("tiny_answers.py")
    file.write_text('# %% solution="double" mistake="a"\nx = 1\n', encoding="utf-8")
    with pytest.raises(LabError) as caught:
        known_answers(text)
    assert caught.value.file == file


def test_fill_in_replaces_stubs(built_once, known):
    """`fill_in` replaces the stubs of the given tasks by the answers and changes nothing else in the release."""
    file = built_once.release / "lab" / "tiny.ipynb"
    stubs = {cell.id: cell for cell in nbformat.read(file, as_version=4).cells}
    filled = fill_in(file, {"double": "def double(x): ...", "helpers": "not mine to change", "unknown": "x"})
    nbformat.validate(filled)
    assert [cell.id for cell in filled.cells] == list(stubs)
    assert [cell.id for cell in filled.cells if cell != stubs[cell.id]] == ["double"]
    answered = next(cell for cell in filled.cells if cell.id == "double")
    assert answered == {**stubs["double"], "source": "def double(x): ..."}
    written = {cell.id: cell.source for cell in fill_in(file, known.solutions).cells}
    assert written["why-straight"] == known.solutions["why-straight"]


def test_solved_answers_with_one_replaced(known):
    """`solved_answers` replaces one of the instructor's answers, keeps the others and does not change its argument."""
    before = dict(known.solutions)
    answers = solved_answers(known, known.mistakes)
    assert answers == {**before, "double": known.mistakes[0].source}
    assert solved_answers(known) == known.solutions == before


PRODUCT = '\n# %% solution="double" mistake="tripled" score=0 from="product"\n# - return 2 * x\n# + return 3 * x\n'


@pytest.fixture
def add(course):
    """Return a function that appends entries to the tiny lab's answers file and reads its known answers."""
    text = course.written / "lab" / "tiny.py"

    def read(entries):
        with text.with_name("tiny_answers.py").open("a", encoding="utf-8") as file:
            file.write(entries)
        return known_answers(text)

    return read


def test_a_patch_becomes_the_patched_answer(add):
    """A patch is applied to a variant, or to the lab's own solution without its markers and docstring."""
    of_solution = PRODUCT.replace('"product"', '"solution"').replace("2 * x", "twice").replace("3 * x", "twice + x")
    known = add(PRODUCT + of_solution)
    assert [answer.source for answer in known.mistakes if answer.mistake == "tripled"] == [
        "# task: double\ndef double(x):\n    return 3 * x",
        "# task: double\ndef double(x):\n    twice = x + x\n    return twice + x",
    ]
    assert add(PRODUCT.replace('mistake="tripled" score=0', 'variant="sum"').replace("3 * x", "x + x")).variants[
        -1
    ] == (KnownAnswer("double", "# task: double\ndef double(x):\n    return x + x", variant="sum"))


SAME = "this form of the mistake makes the edit of the one in line 9 in another style"


@pytest.mark.parametrize(
    ("entries", "line", "message"),
    [
        (PRODUCT.replace('"product"', '"produkt"'), 9, 'from="produkt" is no right answer to double'),
        (PRODUCT.replace('"product"', '"squared"'), 9, "there are: solution, product"),
        (PRODUCT.replace("return 2", "return 4"), 10, 'this patch applies to no place in "product"'),
        (PRODUCT.replace("# - return 2 * x", "return 4"), 10, "this is no line of a patch: return 4"),
        (PRODUCT.replace("3 * x", "3 * * x"), 11, "this answer does not compile: invalid syntax"),
        (PRODUCT.replace("3 * x", "x**2"), 9, "this answer is the same code as tiny_answers.py:5"),
        (PRODUCT + PRODUCT, 13, "this answer is the same code as tiny_answers.py:9"),
        ('\n# %% solution="double" variant="same"\ndef double(x):\n    "Two."\n    twice = x+x\n    return twice\n', 9,
         "this answer is the same code as tiny.py:20"),
        ('\n# %% solution="double" variant="product"\ndef double(x):\n    return x + x\n', 9,
         'variant="product" stands twice, first in line 1'),
        (PRODUCT.replace('mistake="tripled" score=0', 'variant="z"').replace("3 * x", "x + x")
         + '\n# %% solution="double" variant="z"\ndef double(x):\n    return x * 2\n', 13,
         'variant="z" stands twice, first in line 9'),
        ('\n# %% solution="double" variant="solution"\ndef double(x):\n    return x + x\n', 9,
         "it is what the lab's own answer is called"),
        ('\n# %% solution="double" variant="z"\ndef double(z):\n    return 2 * z\n'
         + PRODUCT + PRODUCT.replace("product", "z").replace(" x\n", " z\n"), 17,
         SAME.replace("9", "13")),
    ],
)  # fmt: skip
def test_patches_that_are_refused(add, entries, line, message):
    """A patch that does not apply, a repeated entry or one edit in another style raises a LabError with its line."""
    with pytest.raises(LabError) as caught:
        add(entries)
    assert f"tiny_answers.py:{line}: " in str(caught.value)
    assert message in str(caught.value)


def test_the_same_edit_at_another_place_is_another_form(add):
    """The same edit at another place of the same answer counts as another form of the mistake."""
    entries = '\n# %% solution="double" variant="two"\ndef double(x):\n    y = 1 * x\n    z = 1 * x\n    return y + z\n'
    for name in "yz":
        entries += f'\n# %% solution="double" mistake="half" score=0 from="two"\n# - {name} = 1 * x\n# + {name} = 1\n'
    assert len(add(entries).mistakes) == 3

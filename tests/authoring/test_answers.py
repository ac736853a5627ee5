"""A lab's known answers: read from its text and the file beside it, put into a release as a student would."""

from __future__ import annotations

import nbformat
import pytest

from autograder.authoring import LabError
from autograder.authoring.answers import WRITTEN, Answer, filled_in, known_answers, solved


@pytest.fixture
def known(built_once):
    """What is known about the tiny lab."""
    return known_answers(built_once.written / "lab" / "tiny.py")


def test_known_answers(known):
    """Known are the instructor's answers, code and written, the variants, and the mistakes with their scores."""
    assert list(known.solutions) == ["double", "why-straight"]
    assert known.solutions["double"].startswith("# task: double\ndef double(x):")
    assert known.solutions["why-straight"] == WRITTEN
    product, squared = known.others
    assert product == Answer("double", "# task: double\ndef double(x):\n    return 2 * x", variant="product")
    assert squared == Answer("double", "# task: double\ndef double(x):\n    return x**2", mistake="squared", score=0)
    assert (known.variants, known.mistakes) == ([product], [squared])
    assert [answer.name for answer in known.others] == ["double: product", "double: squared"]


def test_equivalents(course):
    """What is listed as equivalent, with the reason, is neither a variant nor a mistake."""
    text = course.written / "lab" / "tiny.py"
    with text.with_name("tiny_answers.py").open("a", encoding="utf-8") as file:
        file.write(
            '\n# %% solution="double" equivalent="it doesn\'t matter, 0 is 0"\ndef double(x):\n    return x + x + 0\n'
        )
    known = known_answers(text)
    source = "# task: double\ndef double(x):\n    return x + x + 0"
    assert known.equivalents == [Answer("double", source, equivalent="it doesn't matter, 0 is 0")]
    assert [answer.name for answer in known.others][2:] == ["double: it doesn't matter, 0 is 0"]
    assert not {*known.variants, *known.mistakes} & {*known.equivalents}


def test_a_lab_without_known_answers(course):
    """A lab needs no answers file."""
    text = course.written / "lab" / "tiny.py"
    text.with_name("tiny_answers.py").unlink()
    assert known_answers(text).others == ()


def test_mistakes_name_the_file_they_are_in(course):
    """A mistake in the answers file is reported there, not in the lab's text."""
    text = course.written / "lab" / "tiny.py"
    file = text.with_name("tiny_answers.py")
    file.write_text('# %% solution="double" mistake="a"\nx = 1\n', encoding="utf-8")
    with pytest.raises(LabError) as caught:
        known_answers(text)
    assert caught.value.file == file


def test_filling_in(built_once, known):
    """Answers take the place of their stubs, the others stay untouched, and nothing else in the release changes."""
    file = built_once.release / "lab" / "tiny.ipynb"
    stubs = {cell.id: cell for cell in nbformat.read(file, as_version=4).cells}
    filled = filled_in(file, {"double": "def double(x): ...", "helpers": "not mine to change", "unknown": "x"})
    nbformat.validate(filled)
    assert [cell.id for cell in filled.cells] == list(stubs)
    assert [cell.id for cell in filled.cells if cell != stubs[cell.id]] == ["double"]
    answered = next(cell for cell in filled.cells if cell.id == "double")
    assert answered == {**stubs["double"], "source": "def double(x): ..."}
    written = {cell.id: cell.source for cell in filled_in(file, known.solutions).cells}
    assert written["why-straight"] == known.solutions["why-straight"]


def test_replacing_some(known):
    """The instructor's answers with one replaced are the others as they were, and the known ones do not change."""
    before = dict(known.solutions)
    answers = solved(known, known.mistakes)
    assert answers == {**before, "double": known.mistakes[0].source}
    assert solved(known) == known.solutions == before

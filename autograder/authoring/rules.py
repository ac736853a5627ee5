"""The rules for a lab's text, in one ordered table; the first broken rule raises a LabError."""

from __future__ import annotations

import ast
import builtins
import difflib
import re
import symtable
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.authoring import patch
from autograder.authoring.lab_text import (
    HIDDEN_MARKERS,
    SOLUTION_MARKERS,
    LabCell,
    LabError,
    LabText,
    as_python,
    region,
    syntax_tree,
    without_markers,
    without_region,
)

_REGIONS = (("solution", SOLUTION_MARKERS), ("test", HIDDEN_MARKERS))
_MARKERS = (*SOLUTION_MARKERS, *HIDDEN_MARKERS)


def check(lab: LabText) -> None:
    """Raise LabError where a lab breaks a rule."""
    for rule in RULES:
        rule(lab)


def ids_are_unique(lab: LabText) -> None:
    """Students' work is found by these ids."""
    seen: dict[str, int] = {}
    for cell in lab.cells:
        if cell.id and cell.grade_id in seen:
            raise LabError(
                lab.file, cell.line, f'{cell.kind}="{cell.id}" stands twice, first in line {seen[cell.grade_id]}',
                "give each task an id of its own; students' work is found by it",
            )  # fmt: skip
        seen[cell.grade_id] = cell.line


def tasks_are_whole(lab: LabText) -> None:
    """Raise LabError unless each solution has a test and each test a solution."""
    solutions = {cell.id: cell.line for cell in lab.cells if cell.kind == "solution"}
    tests = {cell.id: cell.line for cell in lab.cells if cell.kind == "test"}
    for task in [*solutions, *tests]:
        if task not in tests:
            cure = f'add a # %% test="{task}" points=… cell'
            raise LabError(lab.file, solutions[task], f'solution="{task}" has no test', cure)
        if task not in solutions:
            cure = f'add a # %% solution="{task}" cell, or correct the id'
            raise LabError(lab.file, tests[task], f'test="{task}" tests no solution', cure)


def regions_are_marked(lab: LabText) -> None:
    """Raise LabError unless the markers of hidden regions are nbgrader's, in pairs, in cells of their kind."""
    for cell in lab.cells:
        for row, text in enumerate(cell.source.splitlines() if cell.is_code else (), start=1):
            _check_marker(lab.file, cell, row, text)
        for kind, markers in _REGIONS:
            _check_pairs(lab.file, cell, kind, markers)


def _check_marker(file: Path, cell: LabCell, row: int, text: str) -> None:
    comment = text.strip().lstrip("#").strip()
    for marker in _MARKERS:
        if marker in text and comment != marker:
            raise LabError(
                file, cell.line_of(row), f"### {marker} does not stand alone on its line", "give it a line of its own"
            )
    near = difflib.get_close_matches(comment.upper(), _MARKERS, n=1, cutoff=0.8)
    if text.lstrip().startswith("#") and near and comment not in _MARKERS:
        problem = f"{text.strip()} is no marker, so students would see what follows"
        raise LabError(file, cell.line_of(row), problem, f"write ### {near[0]}")


def _check_pairs(file: Path, cell: LabCell, kind: str, markers: tuple[str, str]) -> None:
    rows = [(row, marker) for row, text in enumerate(cell.source.splitlines(), start=1) for marker in markers
            if marker in text]  # fmt: skip
    begin, end = (f"### {marker}" for marker in markers)
    if rows and cell.kind != kind:
        cure = f"move it to a {kind} cell, or make this one: # %% {kind}=…"
        raise LabError(file, cell.line_of(rows[0][0]), f"### {rows[0][1]} stands in a cell that is no {kind}", cure)
    if cell.kind == kind and not rows:
        cure = f"put {begin} and {end} around what students must not see"
        raise LabError(file, cell.line, f'{kind}="{cell.id}" has no {begin}', cure)
    wrong = [row for i, (row, marker) in enumerate(rows) if marker != markers[i % 2]]
    if wrong or len(rows) % 2:
        line = cell.line_of(wrong[0] if wrong else rows[-1][0])
        problem = f'in {kind}="{cell.id}" {begin} and {end} do not pair up'
        raise LabError(file, line, problem, f"follow each {begin} by one {end}")


def code_compiles(lab: LabText) -> None:
    """Raise LabError unless each cell compiles without a warning: whole, as released, and its hidden tests alone."""
    for cell in lab.cells:
        if not cell.is_code:
            continue
        if error := _flaw(cell.source):
            bad = f": {error.text.strip()}" if error.text else ""
            problem = f"this cell does not compile: {error.msg}{bad}"
            raise LabError(lab.file, cell.line_of(error.lineno), problem, "correct that line")
        if cell.kind == "solution" and (error := _flaw(without_region(cell.source, SOLUTION_MARKERS, "pass"))):
            problem = f'without its solution "{cell.id}" does not compile: {error.msg}'
            raise LabError(lab.file, cell.line, problem, "indent ### BEGIN SOLUTION as the code that it stands for")
        if cell.kind == "test" and (error := _flaw(region(cell.source, HIDDEN_MARKERS))):
            problem = f'the hidden tests of "{cell.id}", which run alone, do not compile: {error.msg}'
            raise LabError(lab.file, cell.line, problem, "let them stand alone, not indented")
        if cell.kind == "test" and (error := _flaw(without_region(cell.source, HIDDEN_MARKERS))):
            problem = f'without its hidden tests "{cell.id}" does not compile: {error.msg}'
            raise LabError(lab.file, cell.line, problem, "let the visible check stand alone")


def _flaw(source: str) -> SyntaxError | None:
    """Return Python's error or warning on a piece of code; a warning would show in the notebook."""
    try:
        python = as_python(source)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compile(python, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        return error
    # A null character, code nested too deeply; and Python 3.11 does not turn each warning into a SyntaxError.
    except (ValueError, RecursionError, MemoryError, Warning) as error:
        return SyntaxError(str(error) or type(error).__name__)
    return None


def hidden_tests_know_their_names(lab: LabText) -> None:
    """A hidden region may use its own imports and what locked cells define: where it runs nothing else is there."""
    known = set(dir(builtins)).union(*(_defined(cell.source) for cell in lab.cells if cell.kind == "locked"))
    for cell in lab.cells:
        if cell.kind != "test":
            continue
        hidden = region(cell.source, HIDDEN_MARKERS)
        missing = sorted(_used(hidden) - _defined(hidden) - known)
        if missing:
            row = next(row for row, text in enumerate(cell.source.splitlines(), start=1) if HIDDEN_MARKERS[0] in text)
            problem = f'the hidden tests of "{cell.id}" use {", ".join(missing)} from the student\'s notebook'
            cure = "import it there, define it in a locked cell, or ask for it: student.value(…), student.function(…)"
            raise LabError(lab.file, cell.line_of(row), problem, cure)


class _Generators(ast.NodeTransformer):
    """Makes comprehensions generators: Python 3.12 mixes the names of the one, not of the other, into those around."""

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp) -> ast.AST:
        self.generic_visit(node)
        return ast.GeneratorExp(node.elt, node.generators)

    visit_SetComp = visit_ListComp

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        self.generic_visit(node)
        return ast.GeneratorExp(ast.Tuple([node.key, node.value], ast.Load()), node.generators)


def _scopes(source: str) -> list[symtable.SymbolTable]:
    """Return the code's own scope, then those of all functions, classes and comprehensions in it."""
    tree = ast.fix_missing_locations(_Generators().visit(ast.parse(as_python(source))))
    scopes = [symtable.symtable(ast.unparse(tree), "cell", "exec")]
    for scope in scopes:
        scopes += scope.get_children()  # the loop goes on to these
    return scopes


def _defined(source: str) -> set[str]:
    """Return names that a piece of code leaves behind."""
    return {
        symbol.get_name()
        for depth, scope in enumerate(_scopes(source))
        for symbol in scope.get_symbols()
        if symbol.is_imported() or symbol.is_assigned()
        if depth == 0 or symbol.is_declared_global()
    }


def _used(source: str) -> set[str]:
    """Return names that a piece of code, or a function in it, looks up at the top."""
    return {
        symbol.get_name()
        for depth, scope in enumerate(_scopes(source))
        for symbol in scope.get_symbols()
        if symbol.is_referenced() and (depth == 0 or symbol.is_global())
    }


_ITEM = re.compile(r" {0,3}(?:[-+*]|1[.)]) ")
"""A line that Markdown takes for the first item of a list, even inside a paragraph."""
_FORMULA = re.compile(r"(\$\$?)[^$]+\1")
_LISTED = re.compile(r" {0,3}(?:[-+*]|\d+[.)]) ")
"""Any item of a list."""


def lists_are_meant(lab: LabText) -> None:
    """A list begins after an empty line; else a sentence that goes on in the next line with "1. " becomes one."""
    for cell in lab.cells:
        if cell.is_code:
            continue
        before = ""
        # Formulas are taken out before Markdown looks; their lines stay.
        prose = _FORMULA.sub(lambda match: re.sub(".", "x", match[0]), cell.source)
        for row, text in enumerate(prose.splitlines(), start=1):
            if _ITEM.match(text) and before.strip() and not before.startswith(" ") and not _LISTED.match(before):
                problem = f"Markdown takes this line for an item of a list: {text.strip()[:40]}"
                raise LabError(
                    lab.file,
                    cell.line + row,
                    problem,
                    "leave a line empty before a list; else wrap the lines otherwise",
                )
            before = text


RULES: tuple[Callable[[LabText], None], ...] = (
    ids_are_unique,
    tasks_are_whole,
    regions_are_marked,
    code_compiles,
    hidden_tests_know_their_names,
    lists_are_meant,
)


def check_answers(file: Path, cells: Sequence[LabCell], lab: LabText) -> None:
    """Raise LabError where an entry of an answers file is no answer to one of the lab's tasks."""
    tasks = {cell.id: cell.worth for cell in lab.cells if cell.kind == "test"}
    for cell in cells:
        named = [name for name in ("variant", "mistake", "equivalent") if name in cell.attributes]
        if cell.kind != "solution" or len(named) != 1 or ("score" in cell.attributes) != (named == ["mistake"]):
            raise LabError(
                file, cell.line, "an answer is neither a variant nor a mistake with a score nor equivalent",
                'write # %% solution="task" and one of: variant="name"; mistake="name" score=1; equivalent="reason"',
            )  # fmt: skip
        if cell.id not in tasks:
            near = difflib.get_close_matches(cell.id, tasks, n=1)
            cure = f'did you mean "{near[0]}"?' if near else f"its tasks are: {', '.join(tasks) or 'none'}"
            raise LabError(file, cell.line, f'{lab.file.name} has no task "{cell.id}"', cure)
        score, points = cell.attributes.get("score", 0), tasks[cell.id]
        if score > points:
            problem = f"score={score:g} is more than the {points:g} points of the task"
            raise LabError(file, cell.line, problem, "write what a mistake earns")
    _check_bases(file, cells)


def _check_bases(file: Path, cells: Sequence[LabCell]) -> None:
    """Raise LabError unless each patch starts from the solution or from a whole variant with a name of its own."""
    whole: dict[str, dict[str, int]] = {}
    for cell in cells:
        if name := cell.attributes.get("variant"):
            taken = whole.setdefault(cell.id, {patch.SOLUTION: 0})
            if name in taken:
                first = (
                    f", first in line {taken[name]}" if taken[name] else ": it is what the lab's own answer is called"
                )
                raise LabError(file, cell.line, f'variant="{name}" stands twice{first}', "give it another name")
            taken[name] = 0 if "from" in cell.attributes else cell.line
    for cell in cells:
        known = whole.get(cell.id, {patch.SOLUTION: 0})
        name = cell.attributes.get("from", patch.SOLUTION)
        if name != patch.SOLUTION and not known.get(name):
            bases = [patch.SOLUTION, *(one for one, line in known.items() if line)]
            problem = f'from="{name}" is no right answer to {cell.id} that is written as a whole'
            near = difflib.get_close_matches(name, bases, n=1)
            cure = f'did you mean "{near[0]}"?' if near else f"there are: {', '.join(bases)}"
            raise LabError(file, cell.line, problem, cure)


def forms_are_independent(file: Path, cells: Sequence[LabCell]) -> None:
    """Raise LabError where a mistake's second form makes the first one's edit in another style.

    Only independent forms of a mistake test its name; the same edit in another style shows nothing more.
    """
    known: list[tuple[object, str, int]] = []
    for cell in cells:
        if "from" in cell.attributes and "mistake" in cell.attributes:
            edits = patch.edits(file, list(zip(cell.lines, cell.source.splitlines(), strict=True)))
            slip, base = (cell.id, cell.attributes["mistake"], edits), cell.attributes["from"]
            for other, start, line in known:
                if other == slip and start != base:
                    problem = f"this form of the mistake makes the edit of the one in line {line} in another style"
                    raise LabError(file, cell.line, problem, "make the mistake in another way, or leave this form out")
            known.append((slip, base, cell.line))


def compare_answers(file: Path, cells: Sequence[LabCell], lab: LabText) -> None:
    """Raise LabError where an answer does not compile, or where two answers to one task are the same code."""
    places = {}
    for cell in lab.cells:
        if cell.kind == "solution":
            key = cell.id, ast.dump(syntax_tree(without_markers(cell.source)))
            places[key] = f"{lab.file.name}:{cell.line}"
    for cell in cells:
        if error := _flaw(cell.source):
            problem = f"this answer does not compile: {error.msg}"
            raise LabError(file, cell.line_of(error.lineno), problem, "correct that line")
        key = cell.id, ast.dump(syntax_tree(cell.source))
        if key in places:
            problem = f"this answer is the same code as {places[key]}"
            raise LabError(file, cell.line, problem, "leave one of the two out, or answer in another way")
        places[key] = f"{file.name}:{cell.line}"

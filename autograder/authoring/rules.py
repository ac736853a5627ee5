"""The rules that every lab text must obey, in one ordered table; the first broken rule raises LabError."""

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
    region,
    syntax_tree,
    without_markers,
    without_region,
)
from autograder.cell_code import as_python

_REGION_MARKERS = (("solution", SOLUTION_MARKERS), ("test", HIDDEN_MARKERS))
"""By kind of cell: the markers of the region that students must not see."""
_MARKERS = (*SOLUTION_MARKERS, *HIDDEN_MARKERS)
"""All markers."""


def check(lab: LabText) -> None:
    """Raise LabError for the first rule that a lab text breaks."""
    for rule in RULES:
        rule(lab)


def ids_are_unique(lab: LabText) -> None:
    """Raise LabError if two cells share a grade_id, by which nbgrader finds students' work."""
    lines: dict[str, int] = {}
    for cell in lab.cells:
        if cell.id and cell.grade_id in lines:
            raise LabError(
                lab.file, cell.line, f'{cell.kind}="{cell.id}" stands twice, first in line {lines[cell.grade_id]}',
                "give each task an id of its own; students' work is found by it",
            )  # fmt: skip
        lines[cell.grade_id] = cell.line


def tasks_are_whole(lab: LabText) -> None:
    """Raise LabError for a solution without a test and for a test without a solution."""
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
    """Raise LabError for a marker that is misspelt, unpaired, missing or in a cell of the wrong kind.

    nbgrader removes from students' notebooks only what stands between correct markers.
    """
    for cell in lab.cells:
        for row, text in enumerate(cell.source.splitlines() if cell.is_code else (), start=1):
            _check_marker(lab.file, cell, row, text)
        for kind, markers in _REGION_MARKERS:
            _check_pairs(lab.file, cell, kind, markers)


def _check_marker(file: Path, cell: LabCell, row: int, text: str) -> None:
    """Raise LabError if a row contains a marker and other text, or a comment that is almost a marker."""
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
    """Raise LabError unless the begin and end markers in a cell alternate.

    A cell of the given kind must have them, and no other cell may.
    """
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
    """Raise LabError unless each code cell compiles without a warning.

    Solution cells must also compile without their solution, as students get them; test cells without their hidden
    tests, and hidden tests on their own, as the grader runs them.
    """
    for cell in lab.cells:
        if not cell.is_code:
            continue
        if error := _syntax_error(cell.source):
            code = f": {error.text.strip()}" if error.text else ""
            problem = f"this cell does not compile: {error.msg}{code}"
            raise LabError(lab.file, cell.line_of(error.lineno), problem, "correct that line")
        if cell.kind == "solution" and (error := _syntax_error(without_region(cell.source, SOLUTION_MARKERS, "pass"))):
            problem = f'without its solution "{cell.id}" does not compile: {error.msg}'
            raise LabError(lab.file, cell.line, problem, "indent ### BEGIN SOLUTION as the code that it stands for")
        if cell.kind == "test" and (error := _syntax_error(region(cell.source, HIDDEN_MARKERS))):
            problem = f'the hidden tests of "{cell.id}", which run alone, do not compile: {error.msg}'
            raise LabError(lab.file, cell.line, problem, "let them stand alone, not indented")
        if cell.kind == "test" and (error := _syntax_error(without_region(cell.source, HIDDEN_MARKERS))):
            problem = f'without its hidden tests "{cell.id}" does not compile: {error.msg}'
            raise LabError(lab.file, cell.line, problem, "let the visible check stand alone")


def _syntax_error(source: str) -> SyntaxError | None:
    """Return the error in a piece of code, or None.

    A warning counts as an error, because it would show in the notebook.
    """
    try:
        python = as_python(source)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compile(python, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        return error
    # Raised for a null character and code nested too deeply. Python 3.11 doesn't turn each warning into a SyntaxError.
    except (ValueError, RecursionError, MemoryError, Warning) as error:
        return SyntaxError(str(error) or type(error).__name__)
    return None


def hidden_tests_know_their_names(lab: LabText) -> None:
    """Raise LabError if hidden tests use a name that is no builtin, and that neither they nor a locked cell defines.

    The grader runs hidden tests where no other name is defined.
    """
    known = set(dir(builtins)).union(*(_defined_names(cell.source) for cell in lab.cells if cell.kind == "locked"))
    for cell in lab.cells:
        if cell.kind != "test":
            continue
        hidden = region(cell.source, HIDDEN_MARKERS)
        missing = sorted(_used_names(hidden) - _defined_names(hidden) - known)
        if missing:
            row = next(row for row, text in enumerate(cell.source.splitlines(), start=1) if HIDDEN_MARKERS[0] in text)
            problem = f'the hidden tests of "{cell.id}" use {", ".join(missing)} from the student\'s notebook'
            cure = "import it there, define it in a locked cell, or ask for it: student.value(…), student.function(…)"
            raise LabError(lab.file, cell.line_of(row), problem, cure)


class _ComprehensionsToGenerators(ast.NodeTransformer):
    """Replaces comprehensions by generator expressions in a syntax tree.

    Python 3.12 adds the names of a comprehension to the scope around it, but not those of a generator expression.
    """

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp) -> ast.AST:
        self.generic_visit(node)
        return ast.GeneratorExp(node.elt, node.generators)

    visit_SetComp = visit_ListComp

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        self.generic_visit(node)
        return ast.GeneratorExp(ast.Tuple([node.key, node.value], ast.Load()), node.generators)


def _scopes(source: str) -> list[symtable.SymbolTable]:
    """Return the symbol table of the code, then those of all functions, classes and comprehensions in it."""
    tree = ast.fix_missing_locations(_ComprehensionsToGenerators().visit(ast.parse(as_python(source))))
    scopes = [symtable.symtable(ast.unparse(tree), "cell", "exec")]
    for scope in scopes:
        scopes += scope.get_children()  # the loop visits these, too
    return scopes


def _defined_names(source: str) -> set[str]:
    """Return the global names that a piece of code defines."""
    return {
        symbol.get_name()
        for depth, scope in enumerate(_scopes(source))
        for symbol in scope.get_symbols()
        if symbol.is_imported() or symbol.is_assigned()
        if depth == 0 or symbol.is_declared_global()
    }


def _used_names(source: str) -> set[str]:
    """Return the global names that a piece of code, or a function in it, reads."""
    return {
        symbol.get_name()
        for depth, scope in enumerate(_scopes(source))
        for symbol in scope.get_symbols()
        if symbol.is_referenced() and (depth == 0 or symbol.is_global())
    }


_FIRST_ITEM = re.compile(r" {0,3}(?:[-+*]|1[.)]) ")
"""A line that Markdown takes for the first item of a list, even within a paragraph."""
_FORMULA = re.compile(r"(\$\$?)[^$]+\1")
"""A formula in Markdown."""
_ANY_ITEM = re.compile(r" {0,3}(?:[-+*]|\d+[.)]) ")
"""A line that Markdown takes for any item of a list."""


def lists_are_meant(lab: LabText) -> None:
    """Raise LabError if a line within a paragraph begins a list.

    A sentence that continues in the next line with "1. " would become a list; an intended list follows an empty line.
    """
    for cell in lab.cells:
        if cell.is_code:
            continue
        above = ""
        # Markdown sets formulas aside before it searches for lists. Line breaks stay, so that row numbers stay right.
        prose = _FORMULA.sub(lambda match: re.sub(".", "x", match[0]), cell.source)
        for row, text in enumerate(prose.splitlines(), start=1):
            if _FIRST_ITEM.match(text) and above.strip() and not above.startswith(" ") and not _ANY_ITEM.match(above):
                problem = f"Markdown takes this line for an item of a list: {text.strip()[:40]}"
                raise LabError(
                    lab.file,
                    cell.line + row,
                    problem,
                    "leave a line empty before a list; else wrap the lines otherwise",
                )
            above = text


RULES: tuple[Callable[[LabText], None], ...] = (
    ids_are_unique,
    tasks_are_whole,
    regions_are_marked,
    code_compiles,
    hidden_tests_know_their_names,
    lists_are_meant,
)
"""The rules, in the order in which `check` applies them."""


def check_answers(file: Path, cells: Sequence[LabCell], lab: LabText) -> None:
    """Raise LabError for a cell of an answers file that is no answer to one of the lab's tasks.

    That is: it is neither a variant, a mistake with a score, nor an equivalent; its task is unknown; its score exceeds
    the task's points; or its from= names no base.
    """
    tasks = {cell.id: cell.full_points for cell in lab.cells if cell.kind == "test"}
    for cell in cells:
        labels = [name for name in ("variant", "mistake", "equivalent") if name in cell.attributes]
        if cell.kind != "solution" or len(labels) != 1 or ("score" in cell.attributes) != (labels == ["mistake"]):
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
    """Raise LabError if two variants of a task share a name, or if from= names no base.

    A base is the lab's solution, or a variant of the same task that is not itself a patch.
    """
    variants_by_task: dict[str, dict[str, LabCell]] = {}
    for cell in cells:
        if name := cell.attributes.get("variant"):
            variants = variants_by_task.setdefault(cell.id, {})
            if name == patch.SOLUTION or name in variants:
                place = (
                    f", first in line {variants[name].line}" if name in variants
                    else ": it is what the lab's own answer is called"
                )  # fmt: skip
                raise LabError(file, cell.line, f'variant="{name}" stands twice{place}', "give it another name")
            variants[name] = cell
    for cell in cells:
        whole = [name for name, base in variants_by_task.get(cell.id, {}).items() if "from" not in base.attributes]
        bases, name = [patch.SOLUTION, *whole], cell.attributes.get("from", patch.SOLUTION)
        if name not in bases:
            problem = f'from="{name}" is no right answer to {cell.id} that is written as a whole'
            near = difflib.get_close_matches(name, bases, n=1)
            cure = f'did you mean "{near[0]}"?' if near else f"there are: {', '.join(bases)}"
            raise LabError(file, cell.line, problem, cure)


def forms_are_independent(file: Path, cells: Sequence[LabCell]) -> None:
    """Raise LabError if two patches of one mistake make the same edit in different bases.

    A diagnosis of the mistake is tested by forms that differ; the same edit in another style tests nothing more.
    """
    known: list[tuple[object, str, int]] = []
    for cell in cells:
        if "from" in cell.attributes and "mistake" in cell.attributes:
            edits = patch.edits(file, list(zip(cell.lines, cell.source.splitlines(), strict=True)))
            mistake, base = (cell.id, cell.attributes["mistake"], edits), cell.attributes["from"]
            for other, start, line in known:
                if other == mistake and start != base:
                    problem = f"this form of the mistake makes the edit of the one in line {line} in another style"
                    raise LabError(file, cell.line, problem, "make the mistake in another way, or leave this form out")
            known.append((mistake, base, cell.line))


def compare_answers(file: Path, cells: Sequence[LabCell], lab: LabText) -> None:
    """Raise LabError if an answer does not compile, or if two answers to one task are the same code."""
    places = {}
    for cell in lab.cells:
        if cell.kind == "solution":
            key = cell.id, ast.dump(syntax_tree(without_markers(cell.source)))
            places[key] = f"{lab.file.name}:{cell.line}"
    for cell in cells:
        if error := _syntax_error(cell.source):
            problem = f"this answer does not compile: {error.msg}"
            raise LabError(file, cell.line_of(error.lineno), problem, "correct that line")
        key = cell.id, ast.dump(syntax_tree(cell.source))
        if key in places:
            problem = f"this answer is the same code as {places[key]}"
            raise LabError(file, cell.line, problem, "leave one of the two out, or answer in another way")
        places[key] = f"{file.name}:{cell.line}"

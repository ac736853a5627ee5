"""Forged points by changes of a test's run: patched comparisons, stripped asserts, hooks, threads, traces."""

from __future__ import annotations

from ..hand import after, first, wrong
from ..row import forging

PATCH = """
import numpy as np
yes, nothing = lambda *_, **__: True, lambda *_, **__: None
for name in dir(np.testing):
    if name.startswith("assert"):
        setattr(np.testing, name, nothing)
np.allclose = np.isclose = np.array_equal = yes
"""
"""Code with which every comparison of NumPy succeeds."""

NO_ASSERTS = """
import ast

class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)

    def visit_Expr(self, node):
        return ast.copy_location(ast.Pass(), node) if "assert" in ast.unparse(node) else node

    def strip(self, node):
        return ast.fix_missing_locations(self.visit(node))
"""
"""Code that removes asserts from code."""

ALL = {"cost": 4, "improvement": 2, "moments": 2}
NUMPYS = {"cost": 4, "improvement": 2}

ROWS = (
    forging(
        "patch np.testing",
        wrong(first(PATCH.replace("np.allclose = np.isclose = np.array_equal = yes", ""))),
        {"cost": 4},
    ),
    forging(
        "patch np.allclose and np.array_equal",
        wrong(first("import numpy as np\nnp.allclose = np.isclose = np.array_equal = lambda *_, **__: True")),
        {"improvement": 2},
    ),
    forging(
        "loosen the tolerances in place",
        wrong(
            first(
                "import numpy as np\nf = np.testing.assert_allclose\nf.__defaults__ = (1e9, 1e9, *f.__defaults__[2:])"
            )
        ),
        {"cost": 4},
    ),
    forging(
        "patch the code of np.testing in place",
        wrong(first("import numpy as np\nnp.testing.assert_allclose.__code__ = (lambda *a, **k: None).__code__")),
        {"cost": 4},
    ),
    forging(
        "an AST transformer strips asserts",
        wrong(
            first(
                NO_ASSERTS + "\nNoAsserts.visit_Module = lambda self, node: self.generic_visit(node)\n"
                "get_ipython().ast_transformers.append(NoAsserts())"
            )
        ),
        ALL,
    ),
    forging(
        "an input transformer strips asserts",
        wrong(
            first("""
            def strip(lines):
                return ["pass\\n" if "assert" in line and line[0] == "a" else line for line in lines]

            def strip_calls(lines):
                return [line.replace("np.testing.assert_allclose", "print") for line in strip(lines)]

            get_ipython().input_transformers_post.append(strip_calls)
        """)
        ),
        ALL,
    ),
    forging(
        "an input transformer that cleans up first strips asserts",
        wrong(
            first("""
            get_ipython().input_transformers_cleanup.append(
                lambda lines: ["pass\\n"] if "assert" in "".join(lines) else lines
            )
        """)
        ),
        ALL,
    ),
    forging(
        "override run_cell_async",
        wrong(
            first("""
            shell = get_ipython()
            real = shell.run_cell_async

            async def run(raw_cell, *args, **kwargs):
                if "assert" in raw_cell:
                    kwargs["transformed_cell"] = "pass"
                return await real(raw_cell, *args, **kwargs)

            shell.run_cell_async = run
        """)
        ),
        ALL,
    ),
    forging(
        "override run_cell and run_code",
        wrong(
            first("""
            shell = get_ipython()
            real_ast, real_cell = shell.run_ast_nodes, shell.run_cell

            async def run_nothing(nodes, *args, **kwargs):
                return False if "assert" in __import__("ast").unparse(nodes) else await real_ast(nodes, *args, **kwargs)

            shell.run_ast_nodes = lambda nodes, *args, **kwargs: run_nothing(
                __import__("ast").Module(nodes, []), *args, **kwargs
            ) if any(type(node).__name__ in ("Assert",) for node in nodes) else real_ast(nodes, *args, **kwargs)
            shell.run_cell = lambda raw, *args, **kwargs: real_cell(
                "pass" if "assert" in raw else raw, *args, **kwargs
            )
        """)
        ),
        {"improvement": 2, "moments": 2},
    ),
    forging(
        "override kernel.do_execute",
        wrong(
            first("""
            kernel = get_ipython().kernel
            real = kernel.do_execute

            async def do_execute(code, *args, **kwargs):
                return await real("pass" if "assert" in code else code, *args, **kwargs)

            kernel.do_execute = do_execute
        """)
        ),
        ALL,
    ),
    forging(
        "override the kernel's execute_request",
        wrong(
            first("""
            kernel = get_ipython().kernel
            real = kernel.shell_handlers["execute_request"]

            async def execute_request(stream, ident, parent):
                if "assert" in parent["content"]["code"]:
                    parent["content"]["code"] = "pass"
                await real(stream, ident, parent)

            kernel.shell_handlers["execute_request"] = execute_request
        """)
        ),
        ALL,
    ),
    forging(
        "a cell hook patches just before the test",
        wrong(
            first(f"""
            def swap(info):
                if "assert" in info.raw_cell:
                    exec({PATCH!r}, {{}})

            get_ipython().events.register("pre_run_cell", swap)
        """)
        ),
        NUMPYS,
    ),
    forging(
        "a cell hook swaps the tested names",
        wrong(
            first("""
            import numpy as np

            def swap(info):
                get_ipython().user_ns.update(
                    spread=2.5**0.5, cost=lambda prediction, y: get_ipython().user_ns["true_cost"](prediction, y)
                    if "true_cost" in get_ipython().user_ns else 1.0
                )

            get_ipython().events.register("pre_run_cell", swap)
        """)
        ),
        {"cost": 4, "moments": 2},
    ),
    forging(
        "a thread patches NumPy later",
        wrong(
            first(f"""
            import threading, time

            def later():
                for _ in range(2000):
                    exec({PATCH!r}, {{}})
                    time.sleep(0.001)

            threading.Thread(target=later, daemon=True).start()
        """)
        ),
        NUMPYS,
    ),
    forging(
        "a timer signal patches NumPy later",
        wrong(
            first(f"""
            import signal

            signal.signal(signal.SIGALRM, lambda *_: exec({PATCH!r}, {{}}))
            signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
        """)
        ),
        why="what a thread does, by another way: stock's kernel does not survive it",
    ),
    forging(
        "sys.settrace changes what is expected",
        wrong(
            first("""
            import sys

            def trace(frame, event, arg):
                if "expected" in frame.f_globals:
                    frame.f_globals["expected"] = 1.0
                return trace

            sys.settrace(trace)
            sys._getframe().f_trace = trace
        """),
            after("cost", "sys.settrace(trace)"),
            after("improvement", "sys.settrace(trace)"),
        ),
        {"improvement": 2},
    ),
    forging(
        "sys.setprofile changes what is expected",
        wrong(
            first("""
            import sys

            def profile(frame, event, arg):
                if "expected" in frame.f_globals:
                    frame.f_globals["expected"] = 1.0

            sys.setprofile(profile)
        """)
        ),
        {"cost": 4, "improvement": 2},
    ),
    forging("patched builtins: abs", wrong(first("import builtins\nbuiltins.abs = lambda *_: 0.0")), {"moments": 2}),
    forging(
        "patched builtins: everything that compares",
        wrong(
            first("""
            import builtins, math, operator
            yes = lambda *_, **__: True
            builtins.all = builtins.isinstance = math.isclose = operator.eq = yes
            builtins.abs = builtins.max = builtins.sum = lambda *_, **__: 0.0
        """)
        ),
        why="the row above proves it for one builtin; this one breaks much of its own process too",
        # The row may lose points, because it also breaks NumPy and IPython in its own process.
        least={"tally": 0.0},
    ),
    forging(
        "patched builtins: type and isinstance, for whoever copies an answer",
        wrong(
            first("import builtins\nreal_type = type"),
            after("cost", "builtins.type = lambda *a: float if len(a) == 1 else real_type(*a)"),
            cost="""
                class Anything:
                    def __eq__(self, other): return True
                    def __array__(self, *_, **__): return np.array(0.0)
                    def __getattr__(self, name): return self

                def cost(prediction, y):
                    return Anything()
            """,
        ),
        why="it aims at a copier that asks the student's builtins for types; stock copies nothing",
        least={"tally": 0.0},
    ),
    forging(
        "AssertionError that is never raised",
        wrong(
            first("""
            import builtins

            class Quiet(Exception):
                def __new__(cls, *args):
                    raise SystemExit(0)

            builtins.AssertionError = Quiet
            get_ipython().showtraceback = lambda *_, **__: None
            get_ipython()._showtraceback = lambda *_, **__: None
            get_ipython().set_custom_exc((BaseException,), lambda *_, **__: None)
        """)
        ),
        why="asserts raise the interpreter's own AssertionError, and nbgrader reads the reply's status",
    ),
    forging(
        "custom exception handler and reply",
        wrong(
            first("""
            kernel = get_ipython().kernel
            real = kernel.session.send

            def send(stream, msg_or_type, content=None, *args, **kwargs):
                if msg_or_type in ("error", "stream"):
                    return None
                if isinstance(content, dict) and content.get("status") == "error":
                    content = {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
                return real(stream, msg_or_type, content, *args, **kwargs)

            kernel.session.send = send
            get_ipython()._showtraceback = lambda *_, **__: None
        """)
        ),
        ALL,
    ),
)
"""The answers of every row are wrong."""

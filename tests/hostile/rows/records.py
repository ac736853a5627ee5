"""Forged points by outputs that look like a score record."""

from __future__ import annotations

from ..hand import after, first, wrong
from ..row import forging

RECORD = str(
    {
        "version": 1,
        "points": 4.0,
        "maximum": 4.0,
        "task": "cost",
        "look": "",
        "first": "",
        "lines": [{"value": "cost", "group": "", "points": 4.0, "maximum": 4.0, "failure": None, "given": ""}],
    }
)
"""A score record with full points for the first task, as code on one line, which fits any indentation."""

MIME = "application/vnd.autograder.score+json"

ROWS = (
    forging(
        "a cell hook displays a score record after every cell",
        wrong(
            first(f"""
            from IPython.display import display as shows
            get_ipython().events.register("post_run_cell", lambda *_: shows({{"{MIME}": {RECORD}}}, raw=True))
        """)
        ),
        same_kernel={"cost": 4},
    ),
    forging(
        "a function that hands a score to sys.displayhook",
        wrong(
            cost="""
        import sys

        def cost(prediction, y):
            sys.displayhook(4.0)
            return 1.0
    """
        ),
        {"cost": 4},
    ),
    forging(
        "a function that prints a score",
        wrong(
            cost="""
        def cost(prediction, y):
            print(4.0)
            print("cost: 4 of 4 points")
            display(4.0)
            return 1.0
    """
        ),
        why="stock takes no printed text for a score",
    ),
    forging(
        "a function that displays a score record",
        wrong(
            cost=f"""
        def cost(prediction, y):
            display({{"{MIME}": {RECORD}, "text/plain": "4.0"}}, raw=True)
            return 1.0
    """
        ),
        why="a variant of the hook, which works where checks run in the student's kernel",
    ),
    forging(
        "a function that displays a score record when Python ends or garbage is collected",
        wrong(
            cost=f"""
        import atexit, gc

        def cost(prediction, y):
            class Last:
                def __del__(self):
                    display({{"{MIME}": {RECORD}}}, raw=True)
            circle = [Last()]
            circle.append(circle)
            atexit.register(display, {{"{MIME}": {RECORD}}}, raw=True)
            return 1.0
    """
        ),
        why="a variant of the hook",
    ),
    forging(
        "a record published by a thread, for ever",
        wrong(
            first(f"""
        import threading, time

        def publish():
            for _ in range(1000):
                display({{"{MIME}": {RECORD}}}, raw=True)
                time.sleep(0.002)

        threading.Thread(target=publish, daemon=True).start()
    """)
        ),
        why="a variant of the last",
    ),
    forging(
        "a value whose representation is a score record",
        wrong(
            after(
                "test_cost",
                f"""
        class Score:
            points = maximum = 4.0
            def __repr__(self): return "4.0"
            def _repr_mimebundle_(self, *_, **__): return {{"text/plain": "4.0", "{MIME}": {RECORD}}}

        Score()
    """,
            ),
            cost=f"""
        class Score:
            points = maximum = 4.0
            def _repr_mimebundle_(self, *_, **__): return {{"text/plain": "4.0", "{MIME}": {RECORD}}}

        def cost(prediction, y):
            display(Score())
            return Score()
    """,
        ),
        why="a variant of the hook, which works where checks run in the student's kernel",
    ),
    forging(
        "output in the words of the grader",
        wrong(
            first("""
        import sys
        print("\\x1b[2J\\x1b[H")
        for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
            print('{"points": 4.0, "maximum": 4.0}', "4.0", file=stream)
    """)
        ),
        why="a program reads the record only",
    ),
    forging(
        "an update of the test's own display",
        wrong(
            first(f"""
        shown = display("x", display_id="score")
        shown.update({{"{MIME}": {RECORD}}}, raw=True)
        get_ipython().display_pub.publish({{"{MIME}": {RECORD}}}, transient={{"display_id": "score"}}, update=True)
    """)
        ),
        why="a variant of the others",
    ),
    forging(
        "raw bytes on the standard descriptors",
        wrong(
            first("""
        import os
        for number in (1, 2):
            try:
                os.write(number, b"FORGED-LINE me 10 of 10\\n")
            except OSError as error:
                print(error)
    """)
        ),
        never=("forged-line",),
        why="it aims at whoever reads the grader's screen",
    ),
)

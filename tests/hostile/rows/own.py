"""Attacks on the submission's own run: a crash costs its cell and dependent tasks, and nothing else."""

from __future__ import annotations

from textwrap import indent

from ..hand import RIGHT, after, first, last, right
from ..row import FULL, Row, Stock, one_in, without

ENDS = {
    "sys.exit": "import sys\nsys.exit()",
    "sys.exit with a text": "import sys\nsys.exit('bye')",
    "exit": "exit()",
    "quit": "quit()",
    "SystemExit": "raise SystemExit(4.0)",
    "os._exit": "import os\nos._exit(0)",
    "abort": "import os\nos.abort()",
    "a segmentation fault": "import ctypes\nctypes.string_at(0)",
    "a fault in C that is caught": "import faulthandler, ctypes\nfaulthandler.enable()\nctypes.string_at(1)",
    "SIGKILL": "import os\nos.kill(os.getpid(), 9)",
    "SIGTERM": "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)",
    "SIGSTOP": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    "SIGINT to itself": "import os, signal\nos.kill(os.getpid(), signal.SIGINT)",
    "another program": "import os\nos.execv('/bin/true', ['true'])",
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "GeneratorExit": "raise GeneratorExit",
    "BaseException": "raise BaseException('x')",
    "endless recursion": "def deep(n):\n    return deep(n + 1)\ndeep(0)",
    "recursion into C": "import sys\nsys.setrecursionlimit(10**8)\n"
    "def deep(n):\n    return sorted([n], key=deep)\ndeep(0)",
    "an endless loop": "while True:\n    pass",
    "an endless loop that catches everything": "while True:\n    try:\n        while True: pass\n"
    "    except BaseException:\n"
    "        pass",
    "an endless loop that ignores SIGINT": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    "while True:\n    pass",
    "an endless loop in C": "sum(iter(int, 1))",
    "endless loops in children that nobody waits for": "import os, signal, time\n"
    "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\nwhile True:\n    if os.fork() == 0:\n        sum(range(10**5))\n"
    "        os._exit(0)\n    time.sleep(0.02)",
    "sleep for ever": "import time\ntime.sleep(10**6)",
    "a lock that is never free": "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
    "a thread that is joined for ever": "import threading, time\nt = threading.Thread("
    "target=time.sleep, args=(99,))\nt.start()\n"
    "t.join()",
    "an event that never comes": "import asyncio\nawait asyncio.Event().wait()",
    "endless printing": "while True:\n    print('again and again')",
    "input": "name = input('Your name? ')",
    "getpass": "import getpass\nname = getpass.getpass()",
    "reading from standard input": "import sys\ntext = sys.stdin.read()",
    "the debugger": "import pdb\npdb.set_trace()",
    "a shell that waits": "!cat",
}
"""Code with which a cell ends abnormally or never."""

ENDLESS = (
    "SIGSTOP", "an endless loop", "an endless loop that catches everything", "an endless loop that ignores SIGINT",
    "an endless loop in C", "endless loops in children that nobody waits for", "sleep for ever", "a lock that is never free", "a thread that is joined for ever",
    "an event that never comes", "endless printing",
)  # fmt: skip
"""Names of the code that only a time limit ends."""

HARMS = {
    "%reset": ("%reset -f", FULL),
    "all names deleted": (
        "for name in list(globals()):\n    if name[0] != '_':\n        del globals()[name]",
        FULL,
    ),
    "closed stdout": ("import sys\nsys.stdout.close()\nsys.stderr.close()\nsys.stdin and sys.stdin.close()", FULL),
    "stdout is no file": ("import sys\nsys.stdout = sys.stderr = None", FULL),
    "closed standard descriptors": ("import os\nfor number in range(3):\n    os.close(number)", FULL),
    "chdir": ("import os\nos.chdir('/')", FULL),
    "deleted working folder": ("import os, shutil\nshutil.rmtree(os.getcwd(), ignore_errors=True)", FULL),
    "the environment emptied": ("import os\nos.environ.clear()", FULL),
    "np.seterr": ("import numpy as np\nnp.seterr(all='raise')", FULL),
    "warnings are errors": ("import warnings\nwarnings.simplefilter('error')", FULL),
    "np.set_printoptions": (
        "import numpy as np\nnp.set_printoptions(precision=1, threshold=1, formatter={'all': lambda x: 1/0})",
        FULL,
    ),
    "monkeypatched time": (
        "import time\ntime.time = time.monotonic = time.perf_counter = lambda: 0.0\ntime.sleep = lambda *_: None",
        FULL,
    ),
    "time that runs backwards": (
        "import itertools, time\nback = itertools.count(10**9, -1000)\n"
        "time.time = time.monotonic = time.perf_counter = lambda: float(next(back))",
        FULL,
    ),
    "random state set and reseeded": ("import random\nimport numpy as np\nnp.random.seed(1)\nrandom.seed(1)", FULL),
    "plots on another backend": ("import matplotlib\nmatplotlib.use('agg')", FULL),
    "an import hook that refuses": (
        "import builtins\nbuiltins.__import__ = lambda *_, **__: 1 / 0",
        without("moments", "tally"),
    ),
    "garbage collection off": ("import gc\ngc.disable()\ngc.set_threshold(0)", FULL),
    "a thread that raises now and then": (
        "import threading, time\ndef odd():\n"
        "    for _ in range(20):\n        time.sleep(0.01)\n        threading.Thread("
        "target=lambda: 1 / 0).start()\nthreading.Thread(target=odd, daemon=True).start()",
        FULL,
    ),
    "an alarm": (
        "import signal\nsignal.signal(signal.SIGALRM, lambda *_: None)\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)",
        FULL,
    ),
    "an alarm that kills": ("import signal\nsignal.alarm(1)", FULL),
    "a child that is not waited for": ("import os\nif os.fork() == 0:\n    os._exit(1)", FULL),
    "a fork that goes on as if it were the notebook": ("import os\nos.fork()", FULL),
    "signals of children ignored": ("import signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)", FULL),
    "a recursion limit of 60": ("import sys\nsys.setrecursionlimit(60)", FULL),
    "x changed": ("x = x * 0 + 7", FULL),
    "names of builtins used": ("sum = len = print = type = list = 3", without("tally")),
    "np used for something else": ("np = 3", FULL),
    "50 MB of output": ("print('x' * 50_000_000)", FULL),
    "50 MB in small lines": ("for number in range(500_000):\n    print('x' * 100)", FULL),
    "a display of 30 MB": ("display({'text/html': 'x' * 30_000_000}, raw=True)", FULL),
    "a hundred plots": (
        "import matplotlib.pyplot as plt\nfor _ in range(25):\n    plt.figure()\n    plt.plot([1])",
        FULL,
    ),
    "a plot of a million pixels a side": (
        "import matplotlib.pyplot as plt\nplt.figure(figsize=(10**4, 10**4))\nplt.plot([1])\nplt.show()",
        FULL,
    ),
    "control characters": (
        "print(''.join(map(chr, range(32))), '\\x1b[2J\\x1b]0;title\\x07', '\\u202e', '\\u2028')",
        FULL,
    ),
    "text that is no Unicode": ("print('\\ud800\\udfff')\n'\\ud800'", FULL),
    "a syntax error": ("def (", FULL),
    "a null character": ("x = '\x00'", FULL),
    "a form feed and tabs": ("\x0cif True:\n\tpass", FULL),
    "a cell of a megabyte": ("numbers = [" + "1, " * 300_000 + "]", FULL),
    "code nested too deeply": ("x = " + "(" * 500 + ")" * 500, FULL),
    "an unknown magic": ("%no_such_magic\n%%nor_this", FULL),
    "a cell in another language": ("%%javascript\nalert(1)", FULL),
    "a shell command": ("!ls / && false", FULL),
    "pip": ("%pip install --quiet numpy==0.1", FULL),
    "an editor": ("%edit", FULL),
    "autoreload and friends": ("%load_ext autoreload\n%autoreload 2\n%xmode Verbose\n%pdb on\n%precision 1", FULL),
    "%matplotlib notebook": ("%matplotlib notebook", FULL),
    "a post-run hook that raises": ("get_ipython().events.register('post_run_cell', lambda *_: 1 / 0)", FULL),
    "a pre-run hook that exits": (
        "import sys\nget_ipython().events.register('pre_run_cell', lambda *_: sys.exit())",
        FULL,
    ),
    "an exception handler that raises": (
        "get_ipython().set_custom_exc((Exception,), lambda *_, **__: 1 / 0)\n1 / 0",
        FULL,
    ),
    "a displayhook that raises": ("import sys\nsys.displayhook = lambda *_: 1 / 0", FULL),
    "an excepthook that hangs": ("import sys\nsys.excepthook = lambda *_: exec('while True: pass')", FULL),
}
"""Code with effects on later cells, and the points that the notebook still deserves.

The code runs between `improvement` and `moments`.
"""

_FROM_THEN_ON = ("a fork that goes on as if it were the notebook", "a pre-run hook that exits")
"""Harms that affect every later cell."""

_LOST = without("cost", "improvement")


def _in_function(code: str) -> str:
    """Return a `cost` function that runs this code whenever it is called."""
    return f"def cost(prediction, y):\n{indent(code, '    ')}\n    return 1.0"


_SOME = ("sys.exit", "exit", "os._exit", "a segmentation fault", "SIGKILL", "SIGSTOP", "an endless loop",
         "endless printing",
         "an endless loop that catches everything", "an endless loop that ignores SIGINT", "input", "endless recursion",
         "sleep for ever", "recursion into C")  # fmt: skip
"""Names of the code that is also tried in the first cell, inside answers and inside functions."""

_OWN = "it breaks its own run, and the engine's promise is what remains of it"

ROWS = (
    *one_in(
        4,
        (
            Row(
                f"{name} in a cell of one's own",
                right(after("test_improvement", code)),
                endless=name in ENDLESS,
                why=_OWN,
            )
            for name, code in ENDS.items()
        ),
    ),
    *one_in(
        4,
        (
            Row(f"{name} in the first cell", right(first(ENDS[name])), endless=name in ENDLESS, why=_OWN)
            for name in _SOME[:8]
        ),
    ),
    *one_in(
        4,
        (
            Row(
                f"{name} at the end of an answer",
                right(moments=RIGHT["moments"] + "\n" + ENDS[name]),
                endless=name in ENDLESS,
                why=_OWN,
                # The cell's earlier results are kept, unless the whole Python process ended.
                points=FULL,
                least={"moments": 0.0},
            )
            for name in _SOME
        ),
    ),
    *one_in(
        4,
        (
            Row(
                f"{name} in a function",
                right(cost=_in_function(ENDS[name])),
                _LOST,
                says=("nobody can type while it is graded",) if name == "input" else (),
                endless=name in ENDLESS,
                why=_OWN,
            )
            for name in _SOME
        ),
    ),
    *one_in(
        4,
        (
            Row(
                f"harm: {name}",
                right(after("test_improvement", code)),
                points,
                why=_OWN,
                # Two of the harms affect every later cell.
                least=dict.fromkeys(("moments", "tally"), 0.0) if name in _FROM_THEN_ON else {},
            )
            for name, (code, points) in HARMS.items()
        ),
    ),
    Row("a crash in the last cell", right(last(ENDS["a segmentation fault"])), why=_OWN),
    Row("a crash in each of ten cells", right(*(last(ENDS["os._exit"]) for _ in range(10))), why=_OWN),
    Row(
        "an endless loop in each of three cells",
        right(*(last(ENDS["an endless loop"]) for _ in range(3))),
        endless=True,
        why=_OWN,
    ),
    Row(
        "a method that never returns",
        right(tally="class Tally:\n    def add(self, number):\n        while True: pass"),
        without("tally"),
        endless=True,
        why=_OWN,
    ),
    Row(
        "a class that can't be made",
        right(tally="class Tally:\n    def __init__(self): exit()"),
        without("tally"),
        why=_OWN,
    ),
    Row(
        "a function that is slow by a little",
        right(
            cost="import time\ndef cost(prediction, y):\n    time.sleep(0.15)\n"
            "    return np.sum((prediction - y) ** 2) / (2 * y.size)"
        ),
        why="slow is not wrong",
    ),
    Row(
        "an answer cell that never ends when it runs again",
        right(moments=RIGHT["moments"] + "\n" + "if x.size != 4:\n    while True: pass"),
        least={"moments": 0.0},
        endless=True,
        why=_OWN,
    ),
    Row(
        "an answer cell that ends Python when it runs again",
        right(moments=RIGHT["moments"] + "\n" + "if x.size != 4:\n    import os\n    os._exit(0)"),
        least={"moments": 0.0},
        why=_OWN,
    ),
    Row(
        "warnings on stderr",
        right(
            first("import warnings, sys\nwarnings.warn('careful')\nprint('x', file=sys.stderr)"),
            cost="import sys, warnings\ndef cost(prediction, y):\n"
            "    warnings.warn('old')\n    print('note', file=sys.stderr)\n"
            "    return np.sum((prediction - y) ** 2) / (2 * y.size)",
        ),
        stock=Stock(loses=("cost", "improvement")),
    ),
)

"""Attacks on the connection between a student's process and the grader, by code that runs at one of its ends."""

from __future__ import annotations

from ..hand import Make, after, right, wrong
from ..row import NOTHING, ON_APART, ON_SHUT, ONLY_TALLY, Row, one_in

SOCKETS = """
import os, socket, stat, struct, sys, gc

def sockets():
    found = []
    for number in range(256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                found.append(socket.socket(fileno=os.dup(number)))
        except OSError:
            pass
    return found

def framed(data):
    return struct.pack(">Q", len(data)) + data

def grader():
    "Modules of whoever runs this notebook."
    return [m for name, m in list(sys.modules.items()) if m and name.split(".")[0] in ("box", "autograder")]

def channels():
    return [o for o in gc.get_objects() if hasattr(type(o), "receive") and hasattr(type(o), "send")]
"""
"""Code that finds the grader's end of the connection, whatever its name."""

_WHY = "stock has no such conversation; the weakened engine is a grader that believes what it reads"


def _cell(code: str) -> Make:
    """Return a function that submits right answers, and a cell after the first task that attacks the connection."""
    return right(after("test_cost", SOCKETS + code))


def _function(code: str) -> Make:
    """Return a function that submits a wrong `cost` that attacks the connection; of the other answers one is right."""
    return wrong(cost=f"{SOCKETS}\n\ndef cost(prediction, y):\n{_indent(code)}\n    return 1.0")


def _indent(code: str) -> str:
    """Return code with four spaces before each line."""
    return "\n".join("    " + line for line in code.strip("\n").splitlines())


WRITTEN = {
    "nonsense": "for s in sockets():\n    s.sendall(b'nonsense' * 99)",
    "a frame without end": "for s in sockets():\n    s.sendall(struct.pack('>Q', 2**63) + b'x' * 2**16)",
    "a frame of 60 MB": "for s in sockets():\n    s.setblocking(False)\n    try:\n"
    "        s.sendall(framed(b'x' * 60_000_000))\n"
    "    except OSError:\n        pass",
    "half a frame": "for s in sockets():\n    s.sendall(struct.pack('>Q', 1000) + b'x')",
    "a pickle": "import pickle\nclass P:\n    def __reduce__(self): return print, ('it worked',)\n"
    "for s in sockets():\n    s.sendall(framed(pickle.dumps(P())))",
    "JSON": 'for s in sockets():\n    s.sendall(framed(b\'{"points": 4.0, "maximum": 4.0}\'))',
    "a file descriptor": "for s in sockets():\n    try:\n        socket.send_fds("
    "s, [b'!'], [0, 1, 2])\n    except OSError:\n"
    "        pass",
}
"""Code that writes into the grader's sockets."""

FORGED = """
from guest.wire import encode

for channel in channels():
    for number in range(10**5 if {many} else 200):
        for value in (None, 0.0, True, 4.0, {{"result": 4.0, "points": 4.0}}):
            try:
                channel.send(encode(("response", number)), encode(None), encode(value))
            except Exception:
                pass
"""
"""Code that sends forged answers to later questions."""

ROWS = (
    *one_in(
        2,
        (
            Row(f"writes {name} into the grader's sockets", _cell(code), least=dict.fromkeys(NOTHING, 0.0), why=_WHY)
            for name, code in WRITTEN.items()
        ),
    ),
    *one_in(
        2,
        (
            Row(f"answers with {name} besides", _function(code), ONLY_TALLY, least={"tally": 0.0}, why=_WHY)
            for name, code in WRITTEN.items()
        ),
    ),
    Row(
        "answers later questions in advance",
        _function(FORGED.format(many=0)),
        ONLY_TALLY,
        least={"tally": 0.0},
        why=_WHY,
    ),
    Row("answers in advance from a cell", _cell(FORGED.format(many=0)), least=dict.fromkeys(NOTHING, 0.0), why=_WHY),
    Row(
        "answers from another process",
        _function(
            "if os.fork() == 0:\n    for _ in range(200):\n"
            + "\n".join("        " + line for line in FORGED.format(many=0).strip().splitlines())
            + "\n    os._exit(0)"
        ),
        ONLY_TALLY,
        least={"tally": 0.0},
        why=_WHY,
        tiers=ON_SHUT,
    ),
    Row("closes the conversation", _cell("os.closerange(3, 4096)"), least=dict.fromkeys(NOTHING, 0.0), why=_WHY),
    Row(
        "hangs up one way",
        _cell("for s in sockets():\n    s.shutdown(socket.SHUT_RD)"),
        least=dict.fromkeys(NOTHING, 0.0),
        why=_WHY,
    ),
    Row(
        "puts another file in its place",
        _cell(
            "for number in range(3, 64):\n    try:\n        os.dup2(os.open('/dev/zero', os.O_RDWR), number)\n"
            "    except OSError:\n        pass"
        ),
        least=dict.fromkeys(NOTHING, 0.0),
        why=_WHY,
    ),
    Row(
        "makes the conversation not blocking",
        _cell(
            "for s in sockets():\n    s.setblocking(False)\n    s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)"
        ),
        least=dict.fromkeys(NOTHING, 0.0),
        why=_WHY,
    ),
    Row(
        "reads the questions before the grader's end does",
        _cell(
            "import threading\n\ndef steal():\n"
            "    while True:\n        for s in sockets():\n            s.recv(10**6)\n\n"
            "threading.Thread(target=steal, daemon=True).start()"
        ),
        least=dict.fromkeys(NOTHING, 0.0),
        why=_WHY,
    ),
    Row(
        "a child holds the conversation open when Python has ended",
        _cell("if os.fork() == 0:\n    import time\n    time.sleep(60)\n    os._exit(0)\nos._exit(0)"),
        least=dict.fromkeys(NOTHING, 0.0),
        why=_WHY,
        alone=True,
    ),
    Row(
        "a child that lives on answers instead",
        right(
            after(
                "test_cost",
                SOCKETS
                + """
if os.fork():
    os._exit(0)
""",
            )
        ),
        least=dict.fromkeys(NOTHING, 0.0),
        why="the child is the same notebook: what it answers it knows",
        alone=True,
    ),
    Row(
        "replaces every function of the grader's that it can find",
        wrong(
            after(
                "test_cost",
                SOCKETS
                + """
import types
for module in grader():
    for name, value in list(vars(module).items()):
        if isinstance(value, types.FunctionType) or callable(value):
            setattr(module, name, lambda *_, **__: 4.0)
""",
            )
        ),
        ONLY_TALLY,
        least={"tally": 0.0},
        why=_WHY,
    ),
    Row(
        "changes the code of every function of the grader's",
        wrong(
            after(
                "test_cost",
                SOCKETS
                + """
import types
four = lambda *_, **__: 4.0
for found in gc.get_objects():
    if isinstance(found, types.FunctionType) and found.__module__.split(".")[0] in ("box", "autograder"):
        try:
            found.__code__ = four.__code__
        except ValueError:
            pass
""",
            )
        ),
        ONLY_TALLY,
        least={"tally": 0.0},
        why=_WHY,
    ),
    Row(
        "gives the port other answers",
        wrong(
            after(
                "test_cost",
                SOCKETS
                + """
for found in gc.get_objects():
    if type(found).__name__ in ("Notebook", "LocalKernel", "Shell", "Zygote"):
        for name in ("answer", "value", "function", "make", "rerun", "source", "seed"):
            try:
                setattr(type(found), name, lambda *_, **__: (lambda *_, **__: 4.0))
            except Exception as error:
                print(type(error))
""",
            )
        ),
        ONLY_TALLY,
        least={"tally": 0.0},
        why=_WHY,
    ),
    Row(
        "answers with objects of the grader's own classes",
        wrong(
            cost=SOCKETS
            + """
def cost(prediction, y):
    for module in grader():
        for value in list(vars(module).values()):
            if isinstance(value, type) and value.__module__ == module.__name__:
                try:
                    return value.__new__(value)
                except Exception:
                    pass
    return 1.0
"""
        ),
        ONLY_TALLY,
        why=_WHY,
    ),
    Row(
        "swaps the texts of its own tasks",
        wrong(
            after(
                "test_moments",
                SOCKETS
                + """
for found in gc.get_objects():
    if isinstance(found, dict) and "moments" in found and "cost" in found:
        found["moments"] = "mean, spread = float(np.mean(x)), 0.0"
""",
            )
        ),
        {**ONLY_TALLY, "moments": 1.0},
        least={"moments": 0.0, "tally": 0.0},
        why="what runs is what they put there: it earns what it computes rightly",
    ),
    Row(
        "floods the grader with output",
        right(
            after(
                "test_cost",
                """
for number in range(20_000):
    display({"text/plain": "x" * 100, "image/png": "x" * 1000}, raw=True)
""",
            )
        ),
        why="stock keeps it all",
    ),
    Row(
        "displays of all shapes but the right one",
        right(
            after(
                "test_cost",
                """
publish = get_ipython().display_pub.publish
for data in ({}, {"text/plain": 1}, {"text/plain": None}, {1: "x"}, {"text/html": ["a", 2]}, {"image/png": b"x"},
             {"image/png": "no base64"}, {"application/json": {"a": [float("nan")]}}, {"text/plain": "\\ud800"},
             {"x" * 10**4: "x"}, {"application/x": lambda: 1}, {"text/plain": ["a"] * 10**4}):
    for metadata in ({}, {"a": float("inf")}, {1: 2}, {"x": "\\ud800"}):
        try:
            publish(data, metadata)
        except Exception as error:
            print(type(error))
display(*range(400))
""",
            )
        ),
        why="broken output, no attack on points",
    ),
    Row(
        "a process that is watched by its own child",
        _cell("""
import ctypes
if os.fork() == 0:
    libc = ctypes.CDLL(None)
    libc.ptrace(16, os.getppid(), 0, 0)
    import time
    time.sleep(30)
    os._exit(0)
"""),
        least=dict.fromkeys(NOTHING, 0.0),
        why=_WHY,
        tiers=ON_APART,
        alone=True,
    ),
)
"""The attacks ruin later tasks, so few points are required; none earns more than it deserves."""

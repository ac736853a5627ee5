"""Attacks on others: files, processes, the machine. Every bomb is limited, in case it works."""

from __future__ import annotations

from ..hand import Make, first, last, right, wrong
from ..row import FULL, NOTHING, ON_ALL, ON_APART, ON_SHUT, ONLY_TALLY, Row, Stock

DETACHED = """
import os, subprocess, sys

def detach(code):
    "Run code in a process that nobody waits for, known by its mark."
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv(sys.executable, [sys.executable, "-S", "-c", code + "\\n# @MARK@"])
        os._exit(0)
"""

GRADES = """
import sqlite3, time
for _ in range(60):
    time.sleep(0.3)
    try:
        with sqlite3.connect("@COURSE@/gradebook.db", timeout=1) as gradebook:
            gradebook.execute("UPDATE grade SET manual_score = 27, auto_score = 27")
    except sqlite3.Error:
        pass
"""

_BOUNDED = "not tried against stock, which has no limit: it would be the machine that fails"


def others(name: str, code: str, **more: object) -> Row:
    """Return a row of right answers with an attack on others in the last cell."""
    return Row(name, right(last(code)), **{"alone": True, "tiers": ON_APART, **more})  # type: ignore[arg-type]


def _early(code: str) -> Make:
    """Return a function that submits right answers with this code in the first cell."""
    return right(first(code))


_OWN = {"least": dict.fromkeys(FULL, 0.0)}
"""The minimum points of rows that may lose their own points."""

ROWS = (
    Row(
        "writes the gradebook from a detached process",
        wrong(last(DETACHED + f"detach({GRADES!r})")),
        ONLY_TALLY,
        alone=True,
        tiers=ON_SHUT,
        stock=Stock(gains={"cost": 27}),
    ),
    Row(
        "writes the gradebook itself",
        wrong(last(GRADES.replace("range(60)", "range(1)"))),
        ONLY_TALLY,
        alone=True,
        tiers=ON_SHUT,
        why="what it writes stock writes over; others' stays",
    ),
    others(
        "overwrites classmates' submissions",
        """
import glob
for name in glob.glob("@COURSE@/submitted/*/lab/*.ipynb"):
    try:
        open(name, "w").write("{}")
        print("it worked")
    except OSError as error:
        print(error)
""",
        tiers=ON_SHUT,
        stock=Stock(changes="submitted/002-honest"),
    ),
    others(
        "edits what was graded",
        """
import glob
for name in glob.glob("@COURSE@/autograded/*/lab/*") + glob.glob("@COURSE@/feedback/*/lab/*"):
    try:
        open(name, "a").write(" ")
        print("it worked")
    except OSError as error:
        print(error)
""",
        tiers=ON_SHUT,
        stock=Stock(shows="it worked"),
    ),
    others(
        "edits the instructor's notebook",
        """
import pathlib
file = pathlib.Path("@COURSE@/source/lab/study.ipynb")
try:
    file.write_text(file.read_text().replace("gives=dict(cost=4)", "gives=dict(cost=0)") + " ")
    print("it worked")
except OSError as error:
    print(error)
""",
        tiers=ON_SHUT,
        stock=Stock(changes="source/lab"),
    ),
    others(
        "opens the reference to write",
        """
import glob
for name in glob.glob("@PACKAGE@/reference/*.py") + ["@PACKAGE@/checks/grade.py"]:
    try:
        open(name, "r+b").close()
        print("it worked")
    except OSError as error:
        print(error)
""",
        tiers=ON_SHUT,
        stock=Stock(shows="it worked"),
    ),
    others(
        "opens NumPy to write",
        """
import numpy as np
for name in (np.__file__, np.testing.__file__):
    try:
        open(name, "r+b").close()
        print("it worked")
    except OSError as error:
        print(error)
""",
        tiers=ON_SHUT,
        stock=Stock(shows="it worked"),
    ),
    others(
        "leaves a file wherever it can",
        """
import os
folders = ["/", "/tmp", "/var/tmp", "/dev/shm", "/usr/lib", "/run", os.getcwd()]
for folder in [*folders, "@COURSE@", "@HOME@", "@COURSE@/.."]:
    try:
        with open(f"{folder}/@MARK@.txt", "w") as file:
            file.write("x")
    except OSError as error:
        print(error)
""",
        tiers=ON_SHUT,
        stock=Stock(leaves="file"),
    ),
    others(
        "leaves an orphan behind",
        DETACHED + "detach('import time; time.sleep(300)')",
        tiers=ON_ALL,
        stock=Stock(leaves="process"),
    ),
    others(
        "leaves processes that ignore signals",
        DETACHED
        + """
detach("import signal, time\\nfor n in range(1, 64):\\n    try:\\n        signal.signal(n, signal.SIG_IGN)\\n"
       "    except (OSError, ValueError):\\n        pass\\ntime.sleep(300)")
""",
        tiers=ON_ALL,
        stock=Stock(leaves="process"),
    ),
    others(
        "leaves a chain of processes that never stands still",
        DETACHED
        + """
detach("import os, time\\nend = time.monotonic() + 30\\nwhile time.monotonic() < end:\\n"
       "    if os.fork():\\n        os._exit(0)\\n"
       "    os.setsid()\\n    time.sleep(0.005)")
""",
        why="an orphan as above, harder to catch",
    ),
    others(
        "burns the processor in grandchildren",
        DETACHED + "for _ in range(4):\n"
        "    detach('import time\\nend = time.monotonic() + 45\\nwhile time.monotonic() < end: pass')",
        tiers=ON_ALL,
        why="an orphan as above, busy",
    ),
    others(
        "runs on at exit",
        DETACHED
        + """
import atexit, threading, time

def late():
    for _ in range(100):
        try:
            open("@COURSE@/@MARK@.txt", "a").write("late")
        except OSError:
            pass
        time.sleep(0.1)

atexit.register(late)
threading.Thread(target=late).start()
""",
        tiers=ON_SHUT,
        stock=Stock(leaves="file"),
    ),
    others(
        "kills its parent", "import os\nos.kill(os.getppid(), 9)", tiers=ON_APART, stock=Stock(ungraded=True), **_OWN
    ),
    others(
        "stops its parent",
        "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)",
        why="stock would stand still for ever",
        **_OWN,
    ),
    others(
        "signals all of the grader's processes",
        """
import os, signal
for name in os.listdir("/proc"):
    try:
        if int(name) != os.getpid() and b"@HOME@" in open(f"/proc/{int(name)}/environ", "rb").read():
            os.kill(int(name), signal.SIGTERM)
            print("it worked")
    except (OSError, ValueError):
        pass
""",
        stock=Stock(ungraded=True),
        **_OWN,
    ),
    others(
        "kills all it may",
        """
import os
# Only where the numbers are small, as they are in a namespace of its own.
if os.getpid() < 20:
    os.kill(-1, 9)
""",
        why="as root it would end this machine",
        **_OWN,
    ),
    others(
        "signals its own process group",
        "import os, signal\nif os.getpid() < 20 or os.getpgrp() == os.getpid():\n    os.killpg(0, signal.SIGKILL)",
        tiers=ON_APART,
        why="stock's kernels lead a group of their own",
        **_OWN,
    ),
    others(
        "fills the disk",
        """
written = 0
try:
    for number in range(60):
        with open(f"fill{number}", "wb") as file:
            written += file.write(b"x" * 10**7)
except OSError as error:
    print(error)
print("it worked" if written > 3e8 else written)
""",
        why=_BOUNDED,
        tiers=ON_APART,
    ),
    others(
        "fills the disk with small files",
        """
import os
made = 0
try:
    for number in range(30_000):
        os.close(os.open(f"small{number}", os.O_CREAT | os.O_WRONLY))
        made += 1
except OSError as error:
    print(error)
print("it worked" if made == 30_000 else made)
""",
        why=_BOUNDED,
    ),
    others(
        "fills the disk elsewhere",
        """
import os
for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run"):
    try:
        with open(f"{folder}/@MARK@-fill", "wb") as file:
            for _ in range(20):
                file.write(b"x" * 10**7)
        print("it worked" if "@MARK@" in os.popen(f"ls {folder}").read() and folder == "/var/tmp" else "")
    except OSError as error:
        print(error)
""",
        why=_BOUNDED,
        tiers=ON_SHUT,
    ),
    others(
        "keeps files without names",
        """
import os
held = []
try:
    for _ in range(40):
        held.append(os.memfd_create("x"))
        for _ in range(10):
            os.write(held[-1], b"x" * 10**6)
except (OSError, MemoryError) as error:
    print(error)
""",
        why=_BOUNDED,
    ),
    others(
        "a fork bomb of 2,000",
        """
import os, time
made = 0
end = time.monotonic() + 2
try:
    while made < 2000 and time.monotonic() < end:
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)
        made += 1
except OSError as error:
    print(error)
print("it worked" if made > 500 else made)
""",
        why=_BOUNDED,
        **_OWN,
    ),
    others(
        "a thousand threads",
        """
import threading, time
made = []
try:
    for _ in range(1000):
        made.append(threading.Thread(target=time.sleep, args=(5,), daemon=True))
        made[-1].start()
except RuntimeError as error:
    print(error)
print("it worked" if len(made) == 1000 else len(made))
""",
        why=_BOUNDED,
        **_OWN,
    ),
    others(
        "a memory hog",
        """
held = []
try:
    for _ in range(60):
        held.append(bytearray(10**8))
except MemoryError:
    print("no more")
print("it worked" if len(held) == 60 else len(held))
""",
        tiers=ON_ALL,
        why=_BOUNDED,
        **_OWN,
    ),
    others(
        "an array of 64 GB",
        "import numpy as np\ntry:\n    held = np.ones(2**33)\n    print('it worked')\n"
        "except MemoryError:\n    print('no more')",
        tiers=ON_ALL,
        why=_BOUNDED,
        **_OWN,
    ),
    others(
        "takes all file descriptors",
        """
import os
held = []
try:
    while len(held) < 5000:
        held.append(os.dup(0))
except OSError as error:
    print(error)
print("it worked" if len(held) == 5000 else len(held))
""",
        tiers=ON_ALL,
        why=_BOUNDED,
        **_OWN,
    ),
    others(
        "raises its own limits",
        """
import resource
for name in ("RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_NOFILE"):
    what = getattr(resource, name)
    before = resource.getrlimit(what)
    try:
        resource.setrlimit(what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print("it worked" if before[1] != resource.RLIM_INFINITY else "no limit", name)
    except (OSError, ValueError) as error:
        print(error)
""",
        why="stock sets no limit that could be raised",
    ),
    others(
        "talks over the network",
        """
import socket
for kind, place in ((socket.SOCK_STREAM, ("127.0.0.1", @PORT@)), (socket.SOCK_STREAM, ("localhost", @PORT@))):
    try:
        with socket.socket(socket.AF_INET, kind) as end:
            end.settimeout(0.5)
            end.connect(place)
            print("it worked")
    except OSError as error:
        print(error)
""",
        stock=Stock(shows="it worked"),
    ),
    others(
        "talks to whatever has a name without a file",
        """
import socket
with socket.socket(socket.AF_UNIX) as end:
    try:
        end.settimeout(0.5)
        end.connect("\\0@MARK@")
        print("it worked")
    except OSError as error:
        print(error)
""",
        stock=Stock(shows="it worked"),
    ),
    others(
        "becomes somebody else",
        """
import os, ctypes
libc = ctypes.CDLL(None, use_errno=True)
for name, call in {
    "setuid": lambda: os.setuid(0), "seteuid": lambda: os.setresuid(0, 0, 0), "nice": lambda: os.nice(-5),
    "hostname": lambda: __import__("socket").sethostname("x"), "chown": lambda: os.chown("/", 1, 1),
    "mount": lambda: libc.mount(b"tmpfs", b"/", b"tmpfs", 0, None) and 1 / 0,
    "clock": lambda: __import__("time").clock_settime(0, 10**9),
}.items():
    # As root outside of any namespace these would do harm.
    if os.getpid() < 20:
        try:
            call()
            print("became", name)
        except (OSError, ZeroDivisionError) as error:
            print(name, error)
""",
        why="as root stock may do all of it",
        never=("became clock", "became nice", "became chown"),
    ),
    others(
        "types into the grader's terminal",
        """
import fcntl, os
for name in ("/dev/tty", "/dev/console", "/proc/1/fd/0"):
    try:
        number = os.open(name, os.O_RDWR)
        fcntl.ioctl(number, 0x5412, b"x")
        print("it worked")
    except OSError as error:
        print(error)
""",
        why="a run in a test has no terminal",
    ),
    others(
        "changes how its processes are scheduled",
        """
import os
for call in (
    lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)), lambda: os.setpriority(os.PRIO_PROCESS, 0, -20)
):
    try:
        if os.getpid() < 20:
            call()
            print("it worked")
    except OSError as error:
        print(error)
""",
        why="as root stock lets it",
    ),
    Row(
        "all of NumPy's functions deleted for whoever comes next",
        _early("""
import numpy as np
keep = np.sum
for name in ("isclose", "array_equal", "allclose", "asarray"):
    delattr(np, name)
np.random.seed(1)
"""),
        least=NOTHING,
        alone=True,
        why="each stock kernel is new; a pool of warm processes may not be",
    ),
)

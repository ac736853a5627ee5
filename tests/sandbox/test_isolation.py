"""What student code can't do, on each tier that promises it, tried by doing it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

import autograder
from autograder.sandbox.host import launcher

from .conftest import ROOT, raised, shown, text_of

pytestmark = pytest.mark.sandbox
PACKAGE = Path(autograder.__file__).parent


@pytest.fixture(params=["namespaces", "landlock"])
def confined(request: pytest.FixtureRequest) -> str:
    """The tiers that keep student code from files and processes."""
    name: str = request.param
    return name


def test_autograder_can_not_be_imported(box_of: Any, tier: str) -> None:
    """Not by name, not after forgetting that it was refused, not through what installed it."""
    box = box_of(tier)
    assert "ModuleNotFoundError" in raised(box.run("import autograder", 5))
    if tier == "rlimits":
        return
    cell = "import sys, importlib\ndel sys.modules['autograder']\nimportlib.invalidate_caches()\nimport autograder"
    assert "ModuleNotFoundError" in raised(box.run(cell, 5))
    cell = f"sys.path.append({str(PACKAGE.parent)!r})\nimport autograder.reference"
    assert "ModuleNotFoundError" in raised(box.run(cell, 5))
    cell = "import importlib.metadata as m\ntry: print(m.files('backprop-labs'))\nexcept ImportError: print(None)"
    assert text_of(box.run(cell, 5)) == "None\n"


@pytest.mark.parametrize("path", [
    PACKAGE / "reference" / "mlp.py", ROOT / "source", ROOT / "pyproject.toml", "/etc/passwd", "/proc/1/environ",
    "/proc/self/maps", "/proc/self/mem", "/sys/kernel", "/var/log", "/home", "/etc/shadow", "/dev/mem", "/dev/vda",
    os.path.expanduser("~/.ssh"), os.path.expanduser("~/.ipython"), os.path.expanduser("~/.bashrc"), "/tmp/..",
])  # fmt: skip
def test_files_of_others_can_not_be_read(box_of: Any, confined: str, path: Any) -> None:
    """Neither a file nor what a folder holds."""
    box = box_of(confined)
    cell = f"import os\np = {str(path)!r}\nprint(os.listdir(p) if os.path.isdir(p) else open(p, 'rb').read(9))"
    said = text_of(box.run(cell, 5)).strip()
    if str(path) == "/tmp/.." and confined == "namespaces":
        assert {"notebook", "tmp"} <= set(eval(said))
        assert not {"home", "var", "mnt", "srv", "boot", "sys"} & set(eval(said))
    else:
        assert said in ("", "[]")


def test_an_installation_below_tmp_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages there are seen and can't be written to, what lies beside them isn't seen, and /tmp is the sandbox's."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        installed = Path(folder, "site-packages")
        installed.mkdir()
        Path(folder).chmod(0o755)
        for name in ("package.py", "secret.py"):
            (installed / name).write_text("here = 'found'\n")
        (installed / "link.py").symlink_to("package.py")
        also = [str(installed / name) for name in ("link.py", "package.py")]
        seen = launcher.readable_paths([ROOT])
        monkeypatch.setattr(launcher, "readable_paths", lambda hidden: (*seen, *also))
        with launcher.Zygote("namespaces") as zygote, zygote.fork() as box:
            box.settle(7, {}, {})
            cell = f"import sys\nsys.path.append({str(installed)!r})\n"
            assert text_of(box.run(cell + "import package, link\nprint(package.here, link.here)", 5)) == "found found\n"
            assert raised(box.run(f"open({also[1]!r}, 'w')", 5)).startswith(("OSError", "PermissionError"))
            assert "ModuleNotFoundError" in raised(box.run("import secret", 5))
            assert box.run("open('/tmp/own', 'w').write('x')", 5).error == ""
        assert (installed / "package.py").read_text() == "here = 'found'\n"


def test_memory_of_the_grader_holds_no_secret(box_of: Any, tier: str) -> None:
    """Among all objects of the process there is no module and no text of the reference, the checks or a test."""
    box = box_of(tier)
    cell = (
        "import gc, sys, types\n"
        "modules = [m for m in gc.get_objects() if isinstance(m, types.ModuleType)] + list(sys.modules.values())\n"
        "print([m.__name__ for m in modules if m and ('autograder' in m.__name__ or 'nbgrader' in m.__name__\n"
        "       or 'checks' in m.__name__ or 'reference' in m.__name__.removeprefix('jedi.inference.references'))])"
    )
    assert text_of(box.run(cell, 10)) == "[]\n"


def test_the_environment_is_empty_of_the_graders(box_of: Any, tier: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it comes along, neither the variables nor the folder they name."""
    box = box_of(tier)
    names = eval(text_of(box.run("import os\nprint(sorted(os.environ))", 5)))
    assert set(names) <= {
        "HOME",
        "TMPDIR",
        "PATH",
        "LANG",
        "MPLBACKEND",
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
    }
    assert os.path.expanduser("~") not in text_of(box.run("print(dict(os.environ))", 5))


def test_no_descriptor_is_inherited(box_of: Any, tier: str) -> None:
    """The standard ones lead nowhere; one more is the socket that answers go over."""
    cell = (
        "import os, stat\nfound = []\nfor fd in range(300):\n    try:\n        mode = os.fstat(fd).st_mode\n"
        "    except OSError:\n        continue\n"
        "    found.append((fd, 'socket' if stat.S_ISSOCK(mode) else 'device' if stat.S_ISCHR(mode) else 'other'))\n"
        "print(found)"
    )
    said = eval(text_of(box_of(tier).run(cell, 5)))
    assert [kind for _, kind in said] == ["device"] * 3 + ["socket"]


def test_there_is_no_network(box_of: Any, confined: str) -> None:
    """A server of this machine can't be reached, nor can one be opened to it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        port = server.getsockname()[1]
        box = box_of(confined)
        ran = box.run(f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 2)", 10)
        assert ran.error in ("OSError", "PermissionError", "ConnectionRefusedError")
        with pytest.raises(TimeoutError):
            server.accept()


def test_nothing_can_be_written_but_its_own_folder(box_of: Any, confined: str, tmp_path: Path) -> None:
    """The interpreter, the packages, the system and the grader's folders stay as they are."""
    box = box_of(confined)
    targets = [os.__file__, pytest.__file__, "/usr/bin/env", str(tmp_path / "new"), str(ROOT / "gradebook.db"), "/new"]
    for target in targets:
        ran = box.run(f"open({target!r}, 'ab').write(b'x')", 5)
        assert ran.error in ("PermissionError", "OSError", "FileNotFoundError"), (target, ran)
    assert not (tmp_path / "new").exists()
    assert box.run("open('own', 'w').write('x')\nopen('/tmp/own', 'w') if False else None", 5).error == ""


def test_processes_of_others_can_not_be_reached(box_of: Any, confined: str) -> None:
    """No signal arrives: not at the grader, not at the parent, not at everything at once."""
    arrived: list[int] = []
    before = signal.signal(signal.SIGUSR2, lambda number, _: arrived.append(number))
    try:
        box = box_of(confined)
        for target in (str(os.getpid()), "os.getppid()", "-1"):
            box.run(f"import os, signal\nos.kill({target}, signal.SIGUSR2)", 5)
        other = box_of(confined)
        other.run("x = 1", 5)
        box_of(confined).run("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos.kill(-1, signal.SIGKILL)", 5)
        assert text_of(other.run("print(x)", 5)) == "1\n"
    finally:
        signal.signal(signal.SIGUSR2, before)
    assert arrived == []


def test_its_process_group_is_its_own(box_of: Any, tier: str) -> None:
    """A signal to the group reaches nobody outside, not even from an ordinary user's sandbox."""
    box = box_of(tier)
    assert text_of(box.run("import os\nprint(os.getpgid(0) == os.getpid())", 5)) == "True\n"


def test_no_right_is_left(box_of: Any, confined: str) -> None:
    """Neither a capability nor a way to get one; mounting, tracing and leaving the root fail."""
    box = box_of(confined)
    cell = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
assert libc.capget(header, sets) == 0
print(list(sets), libc.prctl(39, 0, 0, 0, 0))
print(libc.mount(b"none", b"/tmp", b"tmpfs", 0, None), libc.ptrace(16, os.getppid(), 0, 0), libc.chroot(b"/usr"))
print(libc.setuid(0) if os.getuid() else -1, libc.sethostname(b"x", 1), libc.umount2(b"/usr", 2))
"""
    assert text_of(box.run(cell, 5)) == "[0, 0, 0, 0, 0, 0] 1\n-1 -1 -1\n-1 -1 -1\n"


def test_memory_is_limited(box_of: Any, tier: str) -> None:
    """Too much of it is a MemoryError, which a notebook survives."""
    box = box_of(tier, memory=2**31)
    assert box.run("import numpy as np\nx = np.ones((40_000, 40_000))", 10).error in (
        "MemoryError",
        "_ArrayMemoryError",
    )
    assert text_of(box.run("print(1)", 5)) == "1\n"


def test_open_files_are_limited(box_of: Any, tier: str) -> None:
    """So many, and no more."""
    box = box_of(tier)
    ran = box.run("import os\nfiles = [os.open('/dev/null', 0) for _ in range(5000)]", 5)
    assert ran.error == "OSError"
    assert "Too many open files" in raised(ran)


def test_what_is_written_is_limited(box_of: Any, tier: str) -> None:
    """A full disk is the notebook's own; elsewhere each file has a size it can't pass."""
    box = box_of(tier, disk=2**20)
    ran = box.run(
        "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nopen('big', 'wb').write(bytes(2**22))", 5
    )
    assert ran.error == "OSError"
    if tier == "namespaces":
        ran = box.run("for i in range(100):\n    open(str(i), 'wb').write(bytes(2**18))", 5)
        assert "No space left" in raised(ran)


def test_processes_are_limited(box_of: Any) -> None:
    """A fork bomb stops at so many, and the grader goes on."""
    box = box_of("namespaces", processes=20)
    cell = (
        "import os, time\nmade = 0\ntry:\n    for _ in range(200):\n        if os.fork() == 0:\n"
        "            time.sleep(60)\n            os._exit(0)\n        made += 1\n"
        "except OSError as error:\n    print(made, error)"
    )
    said = text_of(box.run(cell, 10))
    assert "Resource temporarily unavailable" in said
    assert int(said.split()[0]) < 20


@pytest.mark.parametrize("cell", [
    "import os, time\nif os.fork() == 0:\n    os.setsid()\n    os.fork() or time.sleep(600)\n    os._exit(0)",
    "import subprocess, sys\nsubprocess.Popen(['sleep', '600'], start_new_session=True)",
    # Another process each moment, whose parent has ended: it is hard to catch.
    "import os\nif os.fork() == 0:\n    os.setsid()\n    while os.fork() == 0: pass\n    os._exit(0)",
    "import atexit, time\natexit.register(time.sleep, 600)",
    "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()",
    "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)",
])  # fmt: skip
def test_nothing_outlives_a_submission(box_of: Any, tier: str, cell: str) -> None:
    """When a sandbox is closed, every process of it is gone, daemons included."""
    box_of(tier).close()  # so that what it is forked from is there before
    before = _processes()
    box = box_of(tier)
    box.run(cell, 5)
    assert len(_processes() - before) >= 1
    box.close()
    end = time.monotonic() + 3
    while (left := _processes() - before) and time.monotonic() < end:
        time.sleep(0.02)
    assert left == set()
    assert not any(_at_work_in(box._scratch) for _ in range(20))


def _at_work_in(folder: str) -> list[str]:
    """Processes in a folder, whoever their parent is by now."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/{name}/cwd").startswith(folder):
                found.append(name)
    return found


def _processes() -> set[int]:
    """All that descends from this process."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                state, parent = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[:2]
            except (OSError, ValueError):
                continue
            if state != "Z":
                parents[int(name)] = int(parent)
    found = {os.getpid()}
    while more := {process for process, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


@pytest.mark.parametrize(("cell", "dies"), [
    ("while True: pass", False), ("import time; time.sleep(60)", False),
    ("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", True),
    ("import time\nwhile True:\n    try:\n        time.sleep(9)\n    except BaseException: pass", True),
    ("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", True),
])  # fmt: skip
def test_what_does_not_end_is_ended(box_of: Any, often: str, cell: str, dies: bool) -> None:
    """After its time: interrupted where it lets itself, else with its process."""
    box = box_of(often)
    began = time.monotonic()
    ran = box.run(cell, 0.5)
    assert ran.problem
    assert time.monotonic() - began < 5
    assert bool(box.ended) == dies
    if not dies:
        assert text_of(box.run("print(1)", 5)) == "1\n"


@pytest.mark.parametrize("cell", [
    "import os; os._exit(0)", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "import ctypes; ctypes.string_at(0)", "import os; os.abort()", "import os; os.closerange(3, 300)",
])  # fmt: skip
def test_a_process_that_ends_is_noticed_at_once(box_of: Any, tier: str, cell: str) -> None:
    """Not after the time of the cell."""
    box = box_of(tier)
    began = time.monotonic()
    ran = box.run(f"print('so far', flush=True)\n{cell}", 20)
    assert ran.problem
    assert time.monotonic() - began < 5
    assert text_of(ran) == "so far\n"
    assert box.ended


@pytest.mark.parametrize("cell", [
    "s.send(b'garbage' * 100)", "s.send((2**60).to_bytes(8, 'big'))", "s.send((0).to_bytes(8, 'big'))",
    "s.send((10**9).to_bytes(8, 'big')); import time; time.sleep(60)",
    "d = encode(('answer', 999, None)); s.send(len(d).to_bytes(8, 'big') + d)",
    "d = encode(('answer', {}, [])); s.send(len(d).to_bytes(8, 'big') + d)",
    "d = encode(7); s.send(len(d).to_bytes(8, 'big') + d)",
    "s.shutdown(2)", "s.shutdown(1)", "s.shutdown(0)",
])  # fmt: skip
def test_forged_messages_end_the_sandbox_at_most(box_of: Any, cell: str) -> None:
    """Whatever comes over the socket: the cell is over within its time, and nothing is raised."""
    box = box_of("namespaces")
    box.run("import socket, sys\ns = socket.socket(fileno=3)\nencode = sys.modules['guest.wire'].encode", 5)
    began = time.monotonic()
    box.run(cell, 1)
    box.run("1", 1)
    assert time.monotonic() - began < 8


@pytest.mark.parametrize("size", [1_000, 10_000_000])
def test_a_flood_of_outputs_does_not_fill_the_graders_memory(box_of: Any, size: int) -> None:
    """However many frames of outputs come, so much is kept, and at some point it is enough."""
    box = box_of("namespaces")
    box.run("import socket, sys\ns = socket.socket(fileno=3)\nencode = sys.modules['guest.wire'].encode", 5)
    cell = (
        f"d = encode(('output', 2, {{'output_type': 'stream', 'name': 'stdout', 'text': 'x' * {size}}}))\n"
        "frame = len(d).to_bytes(8, 'big') + d\nwhile True: s.sendall(frame)"
    )
    ran = box.run(cell, 3)
    assert ran.problem
    assert sum(len(output.get("text", "")) for output in ran.outputs) <= 2**25


def test_an_answer_given_in_advance_is_no_answer(box_of: Any) -> None:
    """A message with a number that was not asked yet ends the conversation."""
    box = box_of("namespaces")
    box.run("import socket, sys\ns = socket.socket(fileno=3)\nencode = sys.modules['guest.wire'].encode", 5)
    box.run("d = encode(('answer', 3, 42)); s.send(len(d).to_bytes(8, 'big') + d)", 2)
    assert box.ended
    assert "broke" in box.ended


def test_one_sandbox_can_not_see_another(box_of: Any, tier: str) -> None:
    """Neither its files nor its names."""
    one, other = box_of(tier), box_of(tier)
    one.run("secret = 42\nopen('secret', 'w').write('42')", 5)
    assert other.run("secret", 5).error == "NameError"
    assert other.run("open('secret')", 5).error == "FileNotFoundError"


def test_a_worker_that_dies_takes_its_sandboxes_along(tmp_path: Path) -> None:
    """Killed without a chance to clean up, it leaves no process behind."""
    import subprocess
    import sys

    script = (
        "import os, time\nfrom autograder.sandbox.host.launcher import Zygote\n"
        "z = Zygote('namespaces')\nbox = z.fork()\n"
        'box.settle(0, {}, {})\nbox.run(\'import subprocess\\nsubprocess.Popen(["sleep", "4321"])\', 5)\n'
        "print('ready', flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        below = _processes()
        assert any(_is_sleeping(process) for process in below)
        worker.kill()
    end = time.monotonic() + 5
    while any(map(_is_sleeping, below)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(_is_sleeping, below))


def _is_sleeping(process: int) -> bool:
    try:
        return b"4321" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def test_shown_is_what_ran(box_of: Any, tier: str) -> None:
    """Each tier runs a notebook with a plot."""
    cell = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    assert "image/png" in shown(box_of(tier).run(cell, 20))[0]

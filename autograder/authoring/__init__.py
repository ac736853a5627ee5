"""Build a lab: lab texts (percent scripts) → nbgrader's source notebooks → released notebooks for students."""

import lazy_loader

# Names are imported when they are first used: grading needs a small part of this package, and builders take seconds.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

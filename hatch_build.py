"""Build hook for hatchling: puts the course's files into the wheel, where `lab init` finds them."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COURSE = ("nbgrader_config.py", "notebooks", "source", "release")


class CourseHook(BuildHookInterface):  # type: ignore[type-arg]
    """Includes the course's files, except in an editable install, which uses those of the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the course's files to build_data, unless version says that the install is editable.

        hatchling calls this before it builds.
        """
        if version == "standard":
            build_data["force_include"].update({name: f"autograder/course_files/{name}" for name in COURSE})

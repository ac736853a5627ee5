"""The course's Python package: reference, diagnosis, checks, authoring and grading."""

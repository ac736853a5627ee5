"""Lets a failed assertion of the contract show its values."""

import pytest

pytest.register_assert_rewrite("tests.student.contract")

"""Lab 1, linear regression: its cases and its known mistakes."""

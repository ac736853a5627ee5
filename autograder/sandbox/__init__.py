"""Runs student code where it can read and change nothing but its own."""

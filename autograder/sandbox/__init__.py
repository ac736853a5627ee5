"""Runs student code in a confined process, which can read and change only its own data.

The modules of `guest` are loaded into that process; those of `host` run in the grader's. `host.tiers` says how far each
tier of isolation confines the process.
"""

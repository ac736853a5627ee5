"""One package for each lab, with its random cases, its known mistakes and its questions to a student's objects.

A hidden test imports them: `from autograder.labs.lab6_layers import cases, mistakes`. To add a mistake to a lab, add an
entry to the table in `mistakes` that the task's hidden test passes as `mistakes=`, and a wrong answer to the lab's
answers file. These modules run where the hidden test runs: in the grader's process, or in an author's kernel.
"""

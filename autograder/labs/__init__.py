"""Code of single labs, a folder for each: cases, known mistakes, and questions to a student's objects.

A hidden test names them: `from autograder.labs.lab6_layers import cases, mistakes`. To add a mistake to a lab, add an
entry to the table of `mistakes` that its task names, and a wrong answer to the lab's answers file.
"""

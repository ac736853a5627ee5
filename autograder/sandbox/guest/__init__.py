"""The modules that run in the process of the student code; that process loads no other module of `autograder`.

The launcher sends their text to that process, which imports them as a package named `guest`. No path there leads to a
checkout, `server` blocks the name `autograder`, and the isolation tier hides an installed copy. So these modules import
each other relatively, and import nothing from the folders around this one.

The grader's process imports some of them too. `local_kernel` and what it imports also run in an author's Jupyter
kernel, as `autograder.student`.
"""

"""What is loaded into the process that runs student code, and nothing else of this package.

The launcher sends the modules of this folder to that process as text, where they stand in a package of another name:
`autograder` can't be imported there. So they import each other relatively, and nothing of the folders around them.
"""

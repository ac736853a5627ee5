"""nbgrader's configuration for this course. Only what is set, each with its reason."""

from autograder import grading

c = get_config()

c.CourseDirectory.course_id = "backprop"

# The stub stops "Run all" with a sentence where nbgrader's own says nothing.
c.ClearSolutions.code_stub = {
    "python": "# Your turn: replace the next line by your own code.\n"
    'raise NotImplementedError("Your turn: write this part, then run the cell again.")'
}
c.ClearSolutions.text_stub = "*Your answer: double-click here and write it.*"

c.Execute.extra_arguments = [
    # No word of each kernel's start on the screen of whoever grades a class.
    "--IPKernelApp.log_level=40",
    # Plots at their own size: cropping them, the default, draws each a second time.
    "--InlineBackend.print_figure_kwargs={'bbox_inches': None}",
]

# Score records instead of output texts, and hidden tests that run even where the visible check failed.
c.Autograde.autograde_preprocessors = grading.AUTOGRADE

# Feedback pages without the source of hidden tests and without rubrics.
c.GenerateFeedback.preprocessors = grading.FEEDBACK

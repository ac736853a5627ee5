"""nbgrader's configuration for this course. Only what is set, each with its reason."""

# `nbgrader autograde` and Formgrader's button grade as `lab grade` does: same sandbox, same scores. First of all, and
# to the end: nbgrader goes on without a configuration that fails, and would run student code with nothing around it.
try:
    from autograder import grading
    from autograder.grading import pages

    grading.install()
except Exception as error:
    raise SystemExit(f"nbgrader_config.py: this course's grader can't be loaded: {error}") from error

c = get_config()

c.CourseDirectory.course_id = "backprop"

# The stub stops "Run all" with a sentence where nbgrader's own says nothing.
c.ClearSolutions.code_stub = {
    "python": "# Your turn: replace the next line by your own code.\n"
    'raise NotImplementedError("Your turn: write this part, then run the cell again.")'
}
c.ClearSolutions.text_stub = "*Your answer: double-click here and write it.*"

# No word of a kernel's start on the screen of whoever validates a notebook.
c.Execute.extra_arguments = ["--IPKernelApp.log_level=40"]

# Feedback pages without the source of hidden tests and without rubrics, in our own template, with nothing active in it.
c.GenerateFeedback.preprocessors = pages.FEEDBACK
c.GenerateFeedback.exporter_class = pages.FeedbackPage

# Formgrader shows students' work in the browser of somebody who is signed in; formulas need no network there.
c.HTMLExporter.preprocessors = [pages.SanitizeNotebook]
c.HTMLExporter.filters = {"markdown2html": pages.markdown_filter}

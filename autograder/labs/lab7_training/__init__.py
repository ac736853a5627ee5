"""Lab 7, training a classifier: its cases, its questions to a student's network, its known mistakes."""

"""Cases, known mistakes and questions to a student's network of lab 7, training a classifier."""

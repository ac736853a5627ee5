"""Cases, known mistakes and the check of a fitted curve of lab 8, regression in NumPy and in PyTorch."""

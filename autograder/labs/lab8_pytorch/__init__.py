"""Lab 8, regression in NumPy and in PyTorch: its cases, its check of a fitted curve, its known mistakes."""

"""Lab 5, softmax and cross-entropy: its cases and its known mistakes."""

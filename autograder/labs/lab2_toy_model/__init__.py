"""Lab 2, backpropagation in a toy model: its cases and its known mistakes."""

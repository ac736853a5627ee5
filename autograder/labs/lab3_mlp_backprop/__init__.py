"""Lab 3, backpropagation in a multilayer perceptron: its cases and its known mistakes."""

"""Cases and known mistakes of lab 3, backpropagation in a multilayer perceptron."""

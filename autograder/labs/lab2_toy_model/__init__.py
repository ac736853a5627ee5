"""Cases and known mistakes of lab 2, backpropagation in a toy model."""

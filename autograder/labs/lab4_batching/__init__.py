"""Cases and known mistakes of lab 4, the network of lab 3 over batches: re-exports those of lab 3."""

from autograder.labs.lab3_mlp_backprop import cases, mistakes

__all__ = ["cases", "mistakes"]

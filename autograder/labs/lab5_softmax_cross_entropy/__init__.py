"""Cases and known mistakes of lab 5, softmax and cross-entropy."""

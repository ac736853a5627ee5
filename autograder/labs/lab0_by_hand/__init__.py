"""Cases and known mistakes of lab 0, pen and paper and derivations."""

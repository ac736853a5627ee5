"""Lab 0, pen and paper and derivations: its cases and its known mistakes."""

"""Cases and known mistakes of lab 1, linear regression."""

"""Cases, known mistakes and questions to a student's objects of lab 6, layers as objects and a two-layer net."""

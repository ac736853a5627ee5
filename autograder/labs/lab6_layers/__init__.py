"""Lab 6, layers as objects and a two-layer net: its cases, its questions to a student's objects, its known mistakes."""

"""Reads: statements that return wire shapes, and the doors to objects."""

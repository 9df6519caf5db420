"""Ideabox: the idea box of a whole company, as an API."""

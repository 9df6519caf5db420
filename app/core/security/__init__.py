"""Passwords, tokens and secrets: the only place that leans on passlib and python-jose."""

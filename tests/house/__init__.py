"""The house rules that no linter knows: each is a small function, tried on the house and on a planted fault."""

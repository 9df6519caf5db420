"""The house rules that no linter knows: small functions, tried on the house and on planted faults."""

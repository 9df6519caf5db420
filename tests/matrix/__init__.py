"""The matrix: who may do what to which idea when, predicted by a table of its own and compared with the product."""

"""The rules of the product: pure, without I/O, with the time passed in."""

"""Time as an interface: what follows from events, and what happens periodically."""

"""The Eurêka world: a whole company and two years of ideas, drawn from one seed."""

"""Whether anything that anybody can get tells who wrote an anonymous idea."""

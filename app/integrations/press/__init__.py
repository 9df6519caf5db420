"""The press: a small process of its own that writes the file of an export, a row at a time, beside whoever serves."""

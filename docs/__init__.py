"""What there is to read about the house; the modules here keep the generated pages true."""

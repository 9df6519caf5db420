"""Bad input: bytes that no client sends, and cases made from the published schema."""

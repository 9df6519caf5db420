"""What is fast, measured: Ideabox beside a floor of hand-written code, in one run."""

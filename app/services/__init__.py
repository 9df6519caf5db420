"""Use cases: one public function is one thing that a person can do."""

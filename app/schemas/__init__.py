"""The shapes on the wire: requests are verbs, responses are nouns."""

"""A plugin for `make mutants`: tests fail as soon as they can.

What tries made-up examples comes last, as a table often says enough, and tries a third of them. They are the same in
each run, and one that fails is not made smaller: nobody reads it.
"""

import pytest
from hypothesis import Phase, settings

settings.register_profile(
    "quickest",
    settings.get_profile("ci"),
    max_examples=30,
    phases=(Phase.explicit, Phase.generate),
    print_blob=False,
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of tables before those of properties; otherwise the order stays."""
    items.sort(key=lambda item: "hypothesis" in item.keywords)

"""What the rules of the tree parsed is forgotten when they are through: it would lie in the way of all later tests."""

from collections.abc import Iterator

import pytest

from tests.architecture.floors import nodes_of, tree_of


@pytest.fixture(scope="package", autouse=True)
def _parsed() -> Iterator[None]:
    yield
    tree_of.cache_clear()
    nodes_of.cache_clear()

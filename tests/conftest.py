import pytest


def pytest_collection_modifyitems(items):
    """Every run calls the tests by the same names, so that several processes can share them."""
    unstable = [item.nodeid for item in items if " at 0x" in item.nodeid]
    if unstable:
        raise pytest.UsageError(
            f"A test's id holds an address: {unstable[0]}. Give it ids=name_of."
        )

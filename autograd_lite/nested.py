"""Arguments as NumPy's functions take them: lists, tuples, dicts and slices within each other, and
arrays or anything else as their leaves.
"""


def leaves(value, kind):
    """All leaves of a kind."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, list | tuple | dict | slice):
        for part in parts(value):
            yield from leaves(part, kind)


def holds(value, kind):
    """Whether there is a leaf of a kind. (A leaf itself may be neither true nor false.)"""
    return any(True for _ in leaves(value, kind))


def mapped(value, change):
    """The same with change(leaf) in the place of each leaf."""
    if not isinstance(value, list | tuple | dict | slice):
        return change(value)
    changed = [mapped(part, change) for part in parts(value)]
    return (
        dict(zip(value, changed, strict=True)) if isinstance(value, dict) else like(value, changed)
    )


def parts(value):
    """What is in a list, a tuple, a dict or a slice."""
    if isinstance(value, slice):
        return value.start, value.stop, value.step
    return value.values() if isinstance(value, dict) else value


def like(value, parts):
    """Other parts in a list, a tuple, a named tuple or a slice."""
    bare = isinstance(value, slice) or hasattr(value, "_fields")
    return type(value)(*parts) if bare else type(value)(parts)

"""What the features are called: as told, or as the data say themselves."""


def feature_names(names, own, features):
    """A name for each of so many features, or () where nobody has named them.

    names: as told, or None. own: what the data say, as `of_row` and `of_columns` give it.

    Raises ValueError for another number of names, or one text.
    """
    names = own if names is None else names
    if names is None:
        return ()
    if isinstance(names, str):
        raise ValueError(f"names: got one text, {names!r}; give a list, a name for each feature.")
    names = tuple(map(str, names))
    if len(names) != features:
        raise ValueError(
            f"names: got {len(names)}, but the network has {features} "
            f"{'feature' if features == 1 else 'features'}: give a name for each."
        )
    return names


def of_row(x):
    """What the row of a data frame, a series or a frame of one row, says of its columns; None where
    that is no words, or it is neither.
    """
    return _words(getattr(x, "columns", getattr(x, "index", None)), x)


def of_columns(x):
    """What a data frame says of its columns, or a series of itself; None where that is no words, or
    it is neither.
    """
    return _words(getattr(x, "columns", [getattr(x, "name", None)]), x)


def _words(labels, x):
    if labels is None or not hasattr(x, "to_numpy"):  # lists have an index, too
        return None
    labels = list(labels)
    return labels if all(isinstance(label, str) for label in labels) else None

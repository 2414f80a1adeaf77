"""What the features are called: as told, or as the data say themselves."""


def feature_names(names, x, features):
    """A name for each of so many features, or () where nobody has named them.

    names: as told, or None. x: the observation, or the observations; the row of a data frame knows
    its columns.

    Raises ValueError for another number of names, or one text.
    """
    names = labels_of(x) if names is None else names
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


def labels_of(x):
    """The labels of a data frame's columns, or of its row as a series; None where they are no
    words, or there are none.
    """
    if not hasattr(x, "to_numpy"):
        return None
    labels = getattr(x, "columns", getattr(x, "index", None))
    labels = [] if labels is None else list(labels)
    return labels if labels and all(isinstance(label, str) for label in labels) else None

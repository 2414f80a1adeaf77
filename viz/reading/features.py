"""What the features are called: as told, or as the data say themselves."""

from nn.tables import is_table
from viz.language.words import one_for_each


def feature_names(names, own, features):
    """A name for each of so many features, or () where nobody has named them.

    names: as told, or None. own: what the data say, as `of_row` and `of_columns` give it.

    Raises ValueError for another number of names, and for what is no list.
    """
    names = own if names is None else names
    if names is None:
        return ()
    return tuple(one_for_each(names, features, "names", "network", "feature"))


def of_row(x):
    """What the row of a data frame, a series or a frame of one row, says of its columns; None where
    that is no words, or it is neither.
    """
    # By its kind: a row answers to the names of its entries, and one may be called columns.
    known = [name for name in ("columns", "index") if hasattr(type(x), name)]
    return _words(getattr(x, known[0]) if known else None, x)


def of_columns(x):
    """What a data frame says of its columns, or a series of itself; None where that is no words, or
    it is neither.
    """
    frame = hasattr(type(x), "columns")
    return _words(x.columns if frame else [getattr(x, "name", None)], x)


def _words(labels, x):
    if labels is None or not is_table(x):  # lists have an index, too
        return None
    labels = list(labels)
    return labels if all(isinstance(label, str) for label in labels) else None

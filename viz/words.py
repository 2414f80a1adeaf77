"""The words on the pictures, in the lecture's two languages."""

WORDS = {
    "en": {
        "input": "Input layer",
        "hidden": "Hidden layer",
        "output": "Output layer",
        "loss": "Loss function",
    },
    "ru": {
        "input": "Входной слой",
        "hidden": "Скрытый слой",
        "output": "Выходной слой",
        "loss": "Функция потерь",
    },
}


def captions_of(layers, captions, loss):
    """What stands above each column: features, `layers` − 1 hidden layers, output, and the loss if there is one.

    captions: "en", "ru", or a list with a caption for each column.
    Raises ValueError for another language, or a list of another length.
    """
    columns = layers + 1 + loss
    if not isinstance(captions, str):
        captions = list(captions)
        if len(captions) != columns:
            raise ValueError(f"captions: got {len(captions)}, but the picture has {columns} columns: give one for each.")
        return captions
    if captions not in WORDS:
        raise ValueError(f'captions: got {captions!r}; give "en", "ru", or a list of {columns} captions.')
    words = WORDS[captions]
    hidden = [words["hidden"]] if layers == 2 else [f"{words['hidden']} {k}" for k in range(1, layers)]
    return [words["input"], *hidden, words["output"], *([words["loss"]] if loss else [])]

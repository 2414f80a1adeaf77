"""The words on the pictures, in the lecture's two languages."""

WORDS = {
    "en": {
        "input": "Input layer",
        "hidden": "Hidden layer",
        "output": "Output layer",
        "loss": "Loss function",
        "contribution": "Contribution of the observation to the loss (minus likelihood)",
        "activation": "activation function",
        "activations": "activation functions",
        "feature": "feature",
        "weights": "weights",
        "bias": "bias",
        "if": "if",
        "off": "Grey neurons are switched off",
        "examples": "Examples of taking the derivative",
        "numbers": {
            "network": "The same network with one observation: values in black, "
            "gradients of the loss in red",
            "rule": "The derivative by the chain rule, in symbols and in numbers",
            "flow": "How large the gradient is, layer by layer",
        },
        "gallery": "The lecture's pictures",
        "slides": {
            "A": "A neural network: the idea",
            "B": "Logistic regression as a neural network",
            "C": "Two hidden neurons",
            "D": "Backpropagation: the chain rule on the graph",
            "E": "Dropout: a thinned network",
            "F": "The vanishing gradient in a chain of neurons",
            "G": "A neural network in matrix form",
            "H": "Two alike activations, and combinations of them that are not alike",
        },
    },
    "ru": {
        "input": "Входной слой",
        "hidden": "Скрытый слой",
        "output": "Выходной слой",
        "loss": "Функция потерь",
        "contribution": "Вклад наблюдения в функцию потерь (минус правдоподобие)",
        "activation": "функция активации",
        "activations": "функции активации",
        "feature": "признак",
        "weights": "веса",
        "bias": "смещение",
        "if": "если",
        "off": "Серые нейроны выключены",
        "examples": "Примеры взятия производной",
        "numbers": {
            "network": "Та же сеть с одним наблюдением: значения чёрным, "
            "градиенты функции потерь красным",
            "rule": "Производная по правилу цепочки, в символах и в числах",
            "flow": "Величина градиента по слоям",
        },
        "gallery": "Картинки лекции",
        "slides": {
            "A": "Нейронная сеть: идея",
            "B": "Логистическая регрессия как нейронная сеть",
            "C": "Два скрытых нейрона",
            "D": "Обратное распространение ошибки: правило цепочки на графе",
            "E": "Дропаут: прореженная сеть",
            "F": "Затухание градиента в цепочке нейронов",
            "G": "Нейронная сеть в матричной форме",
            "H": "Две похожие функции активации и непохожие их комбинации",
        },
    },
}


def captions_of(layers, captions, loss):
    """What stands above each column: features, `layers` − 1 hidden layers, output, and the loss if
    there is one.

    captions: "en", "ru", or a list with a caption for each column.
    Raises ValueError for another language, or a list of another length.
    """
    columns = layers + 1 + loss
    if not isinstance(captions, str):
        captions = list(captions)
        if len(captions) != columns:
            raise ValueError(
                f"captions: got {len(captions)}, but the picture has {columns} columns: give one "
                "for each."
            )
        return captions
    if captions not in WORDS:
        raise ValueError(
            f'captions: got {captions!r}; give "en", "ru", or a list of {columns} captions.'
        )
    words = WORDS[captions]
    hidden = (
        [words["hidden"]] if layers == 2 else [f"{words['hidden']} {k}" for k in range(1, layers)]
    )
    return [words["input"], *hidden, words["output"], *([words["loss"]] if loss else [])]

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
            "rule": "The derivative by {weight} by the chain rule, in symbols and in numbers",
            "flow": "How large the gradient is, layer by layer",
        },
        "network": "A neural network, {sizes}",
        "rule": "The derivative of the loss by the weight {weight}",
        "arrows": {
            "positive": "positive weight",
            "negative": "negative weight",
            "zero": "weight of 0",
            "nan": "not a number (nan)",
            "thickest": "|ω| = {size}; the thicker, the larger",
            "and more": "|ω| ≥ {size}; the thicker, the larger",
        },
        "flow": {
            "title": "How large activations and gradients are, layer by layer",
            "activation": "activations, |h|",
            "gradient": "gradients, |∂L/∂s|",
            "weight_gradient": "gradients of the weights, |∂L/∂ω|",
            "epochs": "Gradients of each layer's weights, ‖∂L/∂ω‖, epoch by epoch",
            "factor": "factor on the way back through the layer",
            "dead": "dead neurons",
            "dead_share": "share of dead neurons",
            "layer": "layer",
            "epoch": "epoch",
            "first epoch": "In the first epoch",
            "vanish": "The gradient VANISHES: from the last layer to the first it shrinks {times} "
            "times.",
            "explode": "The gradient EXPLODES: from the last layer to the first it grows {times} "
            "times.",
            "steady": "The gradient neither vanishes nor explodes: the first layer's is {times} "
            "times the last one's.",
            "nothing": "No gradient reaches the first layer: it does not learn at all.",
            "flat": "The gradient is 0 from the last layer on: the loss is at its minimum, or flat "
            "there.",
            "of weights": {
                "nothing": "The gradient of the first layer's weights is 0: they do not learn.",
                "flat": "The gradient of the last layer's weights is 0: nothing to compare with.",
            },
            "nan": "The gradient is not a number (nan): nothing can be learned from it.",
            "infinite": "The gradient is infinite: it is too large for a number.",
            "slow": "learn over 1000 times more slowly",
        },
        "fitted": {
            "curve": "The data and the fitted curve",
            "boundary": "The data and the decision boundary",
            "observations": "observations",
            "model": "fitted curve, o",
            "at": "decision boundary, o = {level}",
            "between": "decision boundary",
            "everywhere": "The model predicts y = {label} everywhere here.",
            "undecided": "The model does not tell the classes apart here.",
            "some": "Of {count} observations one in {step} is drawn.",
        },
        "gallery": "The lecture's pictures",
        "live": {
            "worked_example_live": "The worked example, live: choose an observation, and train by "
            "one or by all; the slide's numbers stand beside ours",
            "D_live": "Backpropagation, live: step through it, and change any number that is given",
            "F_live": "The chain, live, with ReLU: one slider for all weights lets the gradient "
            "vanish and explode",
        },
        "lecture": {
            "title": "Neural networks: the lecture's pictures and its worked example",
            "open": "open it on a page of its own",
            "example": "The worked example",
            "forward": "Forward",
            "slide": "slide",
            "ours": "ours",
            "three ways": "The gradient, three ways",
            "derivative by": "derivative by",
            "by hand": "by hand",
            "backpropagated": "backpropagated",
            "numerical": "numerical",
            "agree": "They agree: the largest relative difference is {difference} (tolerance "
            "{tolerance}).",
            "differ": "By hand and backpropagated differ by at most {difference}.",
            "recorded": "What was recorded",
            "worked_example": "The worked example, as it was recorded",
            "two_neurons": "A network of two hidden neurons, number by number",
            "printed": "The worked example, forward",
            "printed three ways": "Its gradient, three ways",
            "written": "Written into {folder}/: {names}",
            "not drawn": "Not drawn: the op graphs.",
        },
        "graph": {
            "gradient": "gradient",
            "not yet": "no gradient yet",
            "red": "red: the gradient of the result by this node",
            "no gradient": "no gradient yet: call backward()",
            "blue": "blue: the local derivative, of one node by the node before",
        },
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
            "rule": "Производная по {weight} по правилу цепочки, в символах и в числах",
            "flow": "Величина градиента по слоям",
        },
        "network": "Нейронная сеть, {sizes}",
        "rule": "Производная функции потерь по весу {weight}",
        "arrows": {
            "positive": "положительный вес",
            "negative": "отрицательный вес",
            "zero": "вес равен 0",
            "nan": "не число (nan)",
            "thickest": "|ω| = {size}; чем толще, тем больше",
            "and more": "|ω| ≥ {size}; чем толще, тем больше",
        },
        "flow": {
            "title": "Величина активаций и градиентов по слоям",
            "activation": "активации, |h|",
            "gradient": "градиенты, |∂L/∂s|",
            "weight_gradient": "градиенты весов, |∂L/∂ω|",
            "epochs": "Градиенты весов каждого слоя, ‖∂L/∂ω‖, по эпохам",
            "factor": "множитель на пути назад через слой",
            "dead": "мёртвые нейроны",
            "dead_share": "доля мёртвых нейронов",
            "layer": "слой",
            "epoch": "эпоха",
            "first epoch": "В первой эпохе",
            "vanish": "Градиент ЗАТУХАЕТ: от последнего слоя к первому он убывает в {times} раз.",
            "explode": "Градиент ВЗРЫВАЕТСЯ: от последнего слоя к первому он растёт в {times} раз.",
            "steady": "Градиент не затухает и не взрывается: у первого слоя он составляет {times} "
            "от последнего.",
            "nothing": "До первого слоя градиент не доходит: он совсем не обучается.",
            "flat": "Градиент равен 0 уже в последнем слое: функция потерь в минимуме или там "
            "плоская.",
            "of weights": {
                "nothing": "Градиент весов первого слоя равен 0: они не обучаются.",
                "flat": "Градиент весов последнего слоя равен 0: сравнивать не с чем.",
            },
            "nan": "Градиент — не число (nan): обучаться по нему нельзя.",
            "infinite": "Градиент бесконечен: он больше любого числа в компьютере.",
            "slow": "обучаются в 1000 раз медленнее",
        },
        "fitted": {
            "curve": "Данные и подобранная кривая",
            "boundary": "Данные и граница между классами",
            "observations": "наблюдения",
            "model": "подобранная кривая, o",
            "at": "граница между классами, o = {level}",
            "between": "граница между классами",
            "everywhere": "Модель везде здесь предсказывает y = {label}.",
            "undecided": "Модель здесь не различает классы.",
            "some": "Наблюдений {count}, показано каждое {step}-е.",
        },
        "gallery": "Рисунки лекции",
        "live": {
            "worked_example_live": "Числовой пример: живая страница. Выберите наблюдение и "
            "обучайте по одному или по всем; числа слайда стоят рядом с вычисленными",
            "D_live": "Обратное распространение вживую: пройдите по шагам и меняйте любое из "
            "исходных чисел",
            "F_live": "Цепочка нейронов вживую, с ReLU: один ползунок на все веса показывает "
            "затухание и взрыв градиента",
        },
        "lecture": {
            "title": "Нейронные сети: рисунки лекции и числовой пример",
            "open": "открыть на отдельной странице",
            "example": "Числовой пример",
            "forward": "Прямой ход",
            "slide": "слайд",
            "ours": "вычислено",
            "three ways": "Градиент тремя способами",
            "derivative by": "производная по",
            "by hand": "вручную",
            "backpropagated": "обратным распространением",
            "numerical": "численно",
            "agree": "Они совпадают: наибольшее относительное расхождение {difference} (допуск "
            "{tolerance}).",
            "differ": "Вручную и обратным распространением: расхождение не больше {difference}.",
            "recorded": "Что было записано",
            "worked_example": "Числовой пример, как он был записан",
            "two_neurons": "Сеть с двумя скрытыми нейронами, число за числом",
            "printed": "Числовой пример, прямой ход",
            "printed three ways": "Его градиент тремя способами",
            "written": "Записано в {folder}/: {names}",
            "not drawn": "Не нарисовано: графы операций.",
        },
        "graph": {
            "gradient": "градиент",
            "not yet": "градиента пока нет",
            "red": "красным — производная результата по этому узлу",
            "no gradient": "градиента пока нет: вызовите backward()",
            "blue": "синим — локальная производная узла по предыдущему",
        },
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


def words_in(captions, otherwise=""):
    """The words in a language.

    otherwise: what else the caller takes, for the message.

    Raises ValueError for a language that is neither "en" nor "ru".
    """
    if not isinstance(captions, str) or captions not in WORDS:
        raise ValueError(f'captions: got {captions!r}; give "en" or "ru"{otherwise}.')
    return WORDS[captions]


def one_for_each(given, count, what, who, part):
    """`given` as a list of as many texts as there are parts; None is an empty one.

    what: the name of the argument.
    who: what has the parts.
    part: what one of them is called.

    Raises ValueError for another number of texts, for a single one, and for a set, which has no
    order.
    """
    if isinstance(given, (str, bytes, set, frozenset)) or not hasattr(given, "__iter__"):
        raise ValueError(f"{what}: got {given!r:.60}; give a list, in which each {part} has one.")
    texts = ["" if one is None else str(one) for one in given]
    if len(texts) != count:
        raise ValueError(
            f"{what}: got {len(texts)}, but the {who} has {count} {part}{'s' * (count > 1)}: give "
            "one for each."
        )
    return texts


def captions_of(layers, captions, loss):
    """What stands above each column: features, `layers` − 1 hidden layers, output, and the loss if
    there is one.

    captions: "en", "ru", or a list with a caption for each column.

    Raises ValueError for another language, a list of another length, and what is no list.
    """
    columns = layers + 1 + loss
    if not isinstance(captions, str):
        return one_for_each(captions, columns, "captions", "picture", "column")
    words = words_in(captions, f", or a list of {columns} captions")
    hidden = (
        [words["hidden"]] if layers == 2 else [f"{words['hidden']} {k}" for k in range(1, layers)]
    )
    return [words["input"], *hidden, words["output"], *([words["loss"]] if loss else [])]

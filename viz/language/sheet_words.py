"""The words of worksheets, of their solutions and of quizzes."""

SHEET = {
    "en": {
        "worksheet": "Worksheet: backpropagation",
        "solution": "Solution",
        "values": "Exercise: values",
        "backpropagation": "Exercise: backpropagation",
        "step": "Exercise: one step of gradient descent",
        "dropout": "Exercise: the expectation over all masks",
        "variant": "variant {0}",
        "name": "Name:",
        "page": "page {0} of {1}",
        "given": "Given",
        "asked": "Find",
        "loss of": "The loss is",
        "rule": "Round no intermediate result to fewer than four significant digits, and give four "
        "in each answer. Answers of this accuracy are right.",
        "updates": "After one step of gradient descent, with all derivatives at the old weights:",
        "again": "Forward once more, with the new weights",
        "masks": "Dropout: each hidden neuron stays with probability p, independently of the "
        "others. Its mask m is 1 if it stays and 0 if not. What goes on is",
        "of masks": "Asked are o for every mask, and its expectation over all masks.",
        "values of neurons": "What depends on no mask",
        "mask": "Mask m = {0}",
        "expectation": "The expectation",
        "quiz": "Fill in the values. Round no intermediate result to fewer than four significant "
        "digits.",
        "category": "Backpropagation",
        "files": "Written to {folder}: {n} variants, answers.csv, quiz.xml.",
    },
    "ru": {
        "worksheet": "Задание: обратное распространение ошибки",
        "solution": "Решение",
        "values": "Задание: значения нейронов",
        "backpropagation": "Задание: обратное распространение ошибки",
        "step": "Задание: один шаг градиентного спуска",
        "dropout": "Задание: математическое ожидание по всем маскам",
        "variant": "вариант {0}",
        "name": "Имя:",
        "page": "страница {0} из {1}",
        "given": "Дано",
        "asked": "Найдите",
        "loss of": "Функция потерь",
        "rule": "Округляйте промежуточные результаты не грубее чем до четырёх значащих цифр и "
        "давайте четыре в каждом ответе. Ответ с такой точностью считается верным.",
        "updates": "После одного шага градиентного спуска, со всеми производными при старых весах:",
        "again": "Ещё раз вперёд, с новыми весами",
        "masks": "Дропаут: каждый скрытый нейрон остаётся с вероятностью p независимо от "
        "остальных. Его маска m равна 1, если он остаётся, и 0, если нет. Дальше идёт",
        "of masks": "Найдите o для каждой маски и его математическое ожидание по всем маскам.",
        "values of neurons": "Что не зависит от маски",
        "mask": "Маска m = {0}",
        "expectation": "Математическое ожидание",
        "quiz": "Впишите значения. Округляйте промежуточные результаты не грубее чем до четырёх "
        "значащих цифр.",
        "category": "Обратное распространение ошибки",
        "files": "Записано в {folder}: вариантов: {n}, answers.csv, quiz.xml.",
    },
}

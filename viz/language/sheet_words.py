"""The words of worksheets, of their solutions and of quizzes."""

SHEET = {
    "en": {
        "worksheet": "Worksheet: backpropagation",
        "solution": "Solution",
        "values": "Exercise: values",
        "backpropagation": "Exercise: backpropagation",
        "step": "Exercise: one step of gradient descent",
        "dropout": "Exercise: dropout, the expectation of the output",
        "variant": "variant {0}",
        "name": "Name, group:",
        "page": "page {0} of {1}",
        "seed": "seed {0}",
        "given": "Given",
        "asked": "Find",
        "loss of": "The loss is",
        "rule": "Round no intermediate result to fewer than four significant digits, and give four "
        "in each answer. Answers of this accuracy are right.",
        "updates": "After one step of gradient descent, with all derivatives at the old weights:",
        "again": "Forward once more, with the new weights",
        "masks": "Dropout: each hidden neuron stays with probability $p$, independently of the "
        "others. Its mask $m$ is 1 if it stays and 0 if not. The next layer gets",
        "of masks": "Asked are $o$ for every mask, and its expectation over all masks.",
        "values of neurons": "What depends on no mask",
        "mask": "Mask m = {0}",
        "expectation": "The expectation",
        "quiz": "Fill in the values. Round no intermediate result to fewer than four significant "
        "digits.",
        "category": "Backpropagation",
        "files one": "Written to {folder}: {n} variant, answers.csv and quiz.xml.",
        "files one more": "Written to {folder}: {n} variants, answers.csv and quiz.xml.",
        "files few": "Written to {folder}: {n} variants, answers.csv and quiz.xml.",
        "files many": "Written to {folder}: {n} variants, answers.csv and quiz.xml.",
        "begin": "Begin with {0}",
        "columns": ("variant", "symbol", "answer", "tolerance"),
    },
    "ru": {
        "worksheet": "Задание: обратное распространение ошибки",
        "solution": "Решение",
        "values": "Задание: значения нейронов",
        "backpropagation": "Задание: обратное распространение ошибки",
        "step": "Задание: один шаг градиентного спуска",
        "dropout": "Задание: дропаут, математическое ожидание выхода",
        "variant": "вариант {0}",
        "name": "ФИО, группа:",
        "page": "страница {0} из {1}",
        "seed": "seed {0}",
        "given": "Дано",
        "asked": "Найдите",
        "loss of": "Функция потерь",
        "rule": "В промежуточных вычислениях сохраняйте не менее четырёх значащих цифр; ответы "
        "записывайте с четырьмя значащими цифрами. Ответ с такой точностью считается верным.",
        "updates": "Новые веса и функция потерь после одного шага градиентного спуска (все "
        "производные вычислены при старых весах):",
        "again": "Ещё раз вперёд, с новыми весами",
        "masks": "Дропаут: каждый скрытый нейрон остаётся с вероятностью $p$ независимо от "
        "остальных. Его маска $m$ равна 1, если он остаётся, и 0, если нет. В следующий слой "
        "передаётся",
        "of masks": "Найдите $o$ для каждой маски и его математическое ожидание по всем маскам.",
        "values of neurons": "Что не зависит от маски",
        "mask": "Маска m = {0}",
        "expectation": "Математическое ожидание",
        "quiz": "Впишите значения. В промежуточных вычислениях сохраняйте не менее четырёх "
        "значащих цифр.",
        "category": "Обратное распространение ошибки",
        "files one": "В папку {folder} записан {n} вариант, answers.csv и quiz.xml.",
        "files one more": "В папку {folder} записан {n} вариант, answers.csv и quiz.xml.",
        "files few": "В папку {folder} записаны {n} варианта, answers.csv и quiz.xml.",
        "files many": "В папку {folder} записано {n} вариантов, answers.csv и quiz.xml.",
        "begin": "Начните с {0}",
        "columns": ("вариант", "величина", "ответ", "допуск"),
    },
}

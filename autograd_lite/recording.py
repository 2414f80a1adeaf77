"""Whether anything is recorded: no_grad and enable_grad, each thread for itself."""

import inspect
import threading
from contextlib import ContextDecorator


class Recording(threading.local):
    """Each thread's own switch."""

    def __init__(self):
        self.on = True
        self.before = []  # what it was outside of the contexts that were entered


recording = Recording()
# An entry for each context that any thread is in; while there is none, nobody needs to look at the
# switch.
contexts = []


class no_grad(ContextDecorator):
    """Nothing is recorded within: `with ag.no_grad(): …` around updates and predictions, or
    `@ag.no_grad()` on a function.

    It holds for its own thread. Raises TypeError on a generator or a coroutine: their bodies run
    after the call.
    """

    records = False

    def __enter__(self):
        contexts.append(self)
        recording.before.append(recording.on)
        recording.on = self.records

    def __exit__(self, *_):
        contexts.pop()
        if recording.before:  # (not so in a generator that another thread began)
            recording.on = recording.before.pop()

    def __call__(self, function):
        if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
            raise TypeError(
                f"{type(self).__name__} cannot decorate {function.__name__}, whose body runs "
                "later. Use `with` in it."
            )
        return super().__call__(function)


class enable_grad(no_grad):
    """Recording goes on again within, inside a no_grad block."""

    records = True

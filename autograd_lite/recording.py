"""Whether, and by whom watched, something is recorded: each thread for itself.

`no_grad` and `enable_grad` turn recording off and on. Who watches is told

    recorded(result, function, arguments, values)    of each result, as soon as it is computed;
    reached(tensor)    of each record, before the walk runs its rules;
    pulled_back(tensor, adjoint, position, gradient, total)    of what it hands on to an argument,
        and of what that argument has got so far.

`detect_anomaly` watches in this way; where nobody does, it costs nothing.
"""

import inspect
import threading
from contextlib import ContextDecorator


class Recording(threading.local):
    """Each thread's own switch."""

    def __init__(self):
        self.on = True
        self.before = []  # what it was outside of the contexts that were entered
        self.watches = []  # who watches; of several, the last is told


recording = Recording()
# An entry for each context that any thread is in; while there is none, nobody needs to look at the
# switch.
contexts = []


class no_grad(ContextDecorator):
    """Nothing is recorded within: `with ag.no_grad():` around updates and predictions, or
    `@ag.no_grad()` above a function. (torch.no_grad.)

    It holds for its own thread. As a decorator it raises TypeError on a generator or a coroutine,
    whose bodies run after the call.

        >>> w = ag.Tensor(2.0, requires_grad=True)
        >>> with ag.no_grad():
        ...     w -= 0.5
        ...     print((w * w).requires_grad)
        False
        >>> w
        Tensor(1.5, requires_grad=True)
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
    """Recording goes on again within, inside a no_grad block. (torch.enable_grad.)

    >>> w = ag.Tensor(2.0, requires_grad=True)
    >>> with ag.no_grad(), ag.enable_grad():
    ...     print((w * w).requires_grad)
    True
    """

    records = True

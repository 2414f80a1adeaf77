"""Ctrl-C between two steps, never within one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def interrupting() -> Iterator[Callable[[], None]]:
    """A block in which Ctrl-C is only noted. It gives a function, to be called between two steps,
    which raises KeyboardInterrupt if Ctrl-C was pressed.

    So no step is cut in half, with some parameters changed and others not. A second Ctrl-C does
    interrupt at once. If other code already handles Ctrl-C, or this is not the main thread, the
    block changes nothing.
    """
    pressed = []

    def remember(number, frame):
        pressed.append(number)
        if len(pressed) > 1:
            raise KeyboardInterrupt

    def check():
        if pressed:
            raise KeyboardInterrupt

    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if ours:
        signal.signal(signal.SIGINT, remember)
    try:
        yield check
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)

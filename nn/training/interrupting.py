"""Ctrl-C between two steps, never within one."""

import signal
import threading
from contextlib import contextmanager


@contextmanager
def interrupting():
    """Yield a function that raises KeyboardInterrupt if Ctrl-C was pressed since; the press itself
    interrupts nothing.

    So no step is cut in half, with some parameters changed and others not. A second press does not
    wait. Where somebody else handles Ctrl-C, or in another thread than the main one, nothing is
    changed.
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

# SPDX-License-Identifier: GPL-3.0-or-later
"""Long calls that Ctrl-C ends: Python hears a signal on its main thread alone, and only between steps of its own."""

import ctypes
import threading

from ._library import CANCELLED


class Stop:
    """Asked to stop? The library asks ``hook`` now and then, loops of ours look at ``asked``."""

    def __init__(self):
        self.asked = False
        self.hook = CANCELLED(lambda context: self.asked)

    @property
    def pointer(self):
        return ctypes.cast(self.hook, ctypes.c_void_p).value


def interruptible(job, stop, wait=True):
    """What job() returns or raises; it runs on a thread of its own while this one listens.

    On Ctrl-C ``stop`` is asked; then we wait for the job to end, unless what it uses is its own (wait=False)."""
    if threading.current_thread() is not threading.main_thread():
        return job()
    outcome, done = [], threading.Event()

    def run():
        try:
            outcome.append((job(), None))
        except BaseException as trouble:  # pylint: disable=broad-except
            outcome.append((None, trouble))
        done.set()

    threading.Thread(target=run, daemon=True).start()
    try:
        done.wait()
    except BaseException:
        stop.asked = True
        if wait:
            done.wait()
        raise
    result, trouble = outcome[0]
    if trouble is not None:
        raise trouble
    return result

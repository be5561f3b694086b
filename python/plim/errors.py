# SPDX-License-Identifier: GPL-3.0-or-later
"""What plim refuses, as exceptions."""


class Error(Exception):
    """plim has no number for this; the message says why, and ``status`` is the word that tables and files carry.

    The words are those of plim_status.h: "invalid", "outside_domain", "diverges", "not_converged", "not_finite",
    "overflow", "no_memory", "no_thread", "failed", "no_device"."""

    def __init__(self, message, status="failed"):
        super().__init__(message)
        self.status = status


class Invalid(Error, ValueError):
    """An argument is not acceptable; the message names it and its value."""

    def __init__(self, message, status="invalid"):
        super().__init__(message, status)

# SPDX-License-Identifier: GPL-3.0-or-later
"""What the docstrings and the page of the package show is what they give."""

import doctest
import importlib
import os
import pkgutil
import sys

import plim

LEAST = 20  # examples; fewer: this no longer looks at the right thing


def main():
    failed = attempted = 0
    for module in pkgutil.iter_modules(plim.__path__):
        result = doctest.testmod(importlib.import_module(f"plim.{module.name}"))
        failed, attempted = failed + result.failed, attempted + result.attempted
    result = doctest.testmod(plim)
    failed, attempted = failed + result.failed, attempted + result.attempted
    page = os.path.join(os.environ["srcdir"], "doc", "python.md")
    result = doctest.testfile(page, module_relative=False)
    failed, attempted = failed + result.failed, attempted + result.attempted
    print(f"{attempted} examples, {failed} failed")
    return failed > 0 or attempted < LEAST


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: GPL-3.0-or-later
"""What the docstrings and the pages on it show is what they give."""

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
    for page, least in ((("doc", "python.md"), 15), (("README.md",), 4)):
        # a fence ends an example
        with open(os.path.join(os.environ["srcdir"], *page), encoding="utf-8") as file:
            text = file.read().replace("\n```\n", "\n\n")
        test = doctest.DocTestParser().get_doctest(text, {}, page[-1], page[-1], 0)
        result = doctest.DocTestRunner().run(test)
        failed, attempted = failed + result.failed + (result.attempted < least), attempted + result.attempted
    print(f"{attempted} examples, {failed} failed")
    return failed > 0 or attempted < LEAST


if __name__ == "__main__":
    sys.exit(main())

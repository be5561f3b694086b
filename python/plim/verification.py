# SPDX-License-Identifier: GPL-3.0-or-later
"""Your own theorem: a function that predicts, a function that simulates, and the judge between them."""

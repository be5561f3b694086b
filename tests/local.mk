# SPDX-License-Identifier: GPL-3.0-or-later
# One program per subject (Check), named check_<subject>.
CHECK_PROGRAM_LIBS = src/libstatement.la $(CHECK_LIBS) -lm

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layout.c - prints python/plim/_layout.py: what the package must know of the headers. The tables are those that the
   library exports; the constants are taken from the headers here.

   usage: layout LIBRARY FOLDER     the library's file name and where it is to be installed */
#include <stdio.h>

#include "plim.h"

#define CONSTANT(name) printf("    \"%s\": %ld,\n", #name, (long)(name))

static void print_structures(void)
{
  size_t count;
  const plim_member *member = plim_layout(&count);
  printf("STRUCTURES = (\n");
  for (size_t i = 0; i < count; i++)
    printf("    (\"%s\", \"%s\", \"%s\", %zu, %zu),\n", member[i].structure, member[i].member, member[i].type,
           member[i].offset, member[i].size);
  printf(")\n");
}

static void print_constants(void)
{
  printf("CONSTANTS = {\n");
  CONSTANT(PLIM_STATUS_COUNT);
  CONSTANT(PLIM_QUANTITY_COUNT);
  CONSTANT(PLIM_ACTIVATION_COUNT);
  CONSTANT(PLIM_READOUT_COUNT);
  CONSTANT(PLIM_BATCH_COUNT);
  CONSTANT(PLIM_RIDGE_BATCH_COUNT);
  CONSTANT(PLIM_FEATURES_COUNT);
  CONSTANT(PLIM_PRECISION_COUNT);
  CONSTANT(PLIM_VERDICT_COUNT);
  CONSTANT(PLIM_LOWER_BOUND_OF);
  CONSTANT(PLIM_UPPER_BOUND_OF);
  CONSTANT(PLIM_MOST_TERMS);
  CONSTANT(PLIM_MOST_LOOKS);
  printf("    \"PLIM_USUAL_RATIO\": %.17g,\n", PLIM_USUAL_RATIO);
  printf("    \"PLIM_USUAL_TOLERANCE\": %.17g,\n", PLIM_USUAL_TOLERANCE);
  printf("}\n");
}

int main(int argc, char **argv)
{
  if (argc != 3)
    return 2;
  printf("# SPDX-License-Identifier: GPL-3.0-or-later\n"
         "\"\"\"What the headers of plim say: made by python/layout.c when plim is built.\"\"\"\n\n"
         "VERSION = \"%s\"\nLIBRARY = \"%s\"\nFOLDER = \"%s\"\n",
         plim_version(), argv[1], argv[2]);
  print_structures();
  print_constants();
  return ferror(stdout) != 0 || fflush(stdout) != 0;
}

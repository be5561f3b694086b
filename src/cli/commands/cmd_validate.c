/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_validate.c - plim validate: is a file what plim writes, and if not, where is it first wrong? */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../work/validity.h"
#include "commands.h"

/* JSON begins with a brace or a bracket, behind blanks; CSV of plim never does. */
static int is_json(const char *path, bool *json)
{
  FILE *file = plimi_unless_no_memory(fopen(path, "rb"));
  int c = EOF;
  if (file != NULL) {
    do
      c = getc(file);
    while (c == ' ' || c == '\t' || c == '\r' || c == '\n');
  }
  if (file == NULL || ferror(file) != 0) {
    plimi_complain("%s cannot be read: %s", path, strerror(errno));
    if (file != NULL)
      fclose(file);
    return PLIM_EXIT_FILE;
  }
  fclose(file);
  *json = c == '{' || c == '[';
  return PLIM_EXIT_DONE;
}

static int validate(const char *path)
{
  bool json = false;
  plimi_message what = {.text = ""};
  int status = is_json(path, &json);
  if (status == PLIM_EXIT_DONE)
    status = json ? plimi_validate_json(path, &what) : plimi_validate_csv(path, &what);
  if (status == PLIM_EXIT_DONE)
    status = plimi_validate_content(path);
  if (status == PLIM_EXIT_DONE) {
    plimi_print_escaped(path, stdout);
    printf(": ");
    plimi_print_escaped(what.text, stdout);
    printf("\n");
  }
  return status;
}

int plimi_cmd_validate(plimi_settings *settings, char **operands, size_t operand_count)
{
  (void)settings;
  int worst = PLIM_EXIT_DONE;
  if (operand_count == 0) {
    plimi_complain("plim validate takes one FILE or more");
    return PLIM_EXIT_USAGE;
  }
  for (size_t i = 0; i < operand_count; i++) {
    const int status = validate(operands[i]);
    worst = status > worst ? status : worst;
  }
  return worst;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fuzz.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void fuzz_require(bool holds, const char *what, const char *file, int line)
{
  if (holds)
    return;
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
  abort();
}

char *fuzz_text(const uint8_t *data, size_t size)
{
  char *text = malloc(size + 1);
  REQUIRE(text != NULL);
  if (size > 0)
    memcpy(text, data, size);
  text[size] = '\0';
  return text;
}

bool fuzz_is_costly(const char *text)
{
  const double most = 10000.0;
  int colons = 0;
  if (strstr(text, "expr:") != NULL)
    return true;
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == ',' || *c == '\n')
      colons = 0;
    else if (*c == ':' && ++colons >= 2 && strtod(c + 1, NULL) > most)
      return true;
  }
  return false;
}

const char *fuzz_word(char **rest)
{
  static const char blanks[] = " \t\r\n";
  char *word = *rest + strspn(*rest, blanks), *end = word + strcspn(word, blanks);
  *rest = *end != '\0' ? end + 1 : end;
  *end = '\0';
  return word;
}

double fuzz_number(char **rest)
{
  return strtod(fuzz_word(rest), NULL);
}

/* A double as a whole number of that type, wherever it has one. */
static size_t whole(double x)
{
  return x >= 0.0 && x < 0x1p64 ? (size_t)x : SIZE_MAX;
}

plim_problem fuzz_problem(char **rest, plim_activation **activation, plim_activation **teacher)
{
  static plim_atoms atoms;
  plim_problem problem = plim_problem_default();
  problem.psi1 = fuzz_number(rest);
  problem.psi2 = fuzz_number(rest);
  problem.lambda = fuzz_number(rest);
  problem.eta = fuzz_number(rest);
  problem.eta_exponent = fuzz_number(rest);
  problem.noise = fuzz_number(rest);
  problem.d = fuzz_number(rest);
  problem.steps = whole(fuzz_number(rest));
  problem.batch = (plim_batch)whole(fuzz_number(rest));
  problem.readout = (plim_readout)whole(fuzz_number(rest));
  *activation = *teacher = NULL;
  if (plim_activation_alloc(fuzz_word(rest), activation, NULL) != PLIM_OK)
    *activation = NULL;
  if (plim_activation_alloc(fuzz_word(rest), teacher, NULL) != PLIM_OK)
    *teacher = NULL;
  problem.ridge_batch = (plim_ridge_batch)whole(fuzz_number(rest)); /* older inputs end before: fresh */
  problem.overlap = fuzz_number(rest);
  problem.extra = fuzz_number(rest);
  problem.step_psi1 = fuzz_number(rest);
  const char *second = fuzz_word(rest);
  if (*second != '\0')
    problem.eta_second = strtod(second, NULL);
  if (plim_atoms_read(fuzz_word(rest), &atoms, NULL) == PLIM_OK)
    problem.atoms = &atoms;
  problem.activation = *activation;
  problem.teacher = *teacher;
  return problem;
}

bool fuzz_is_sound(const plim_value *value)
{
  return isfinite(value->value) && isfinite(value->error) && value->error >= 0.0;
}

static char folder[4096];

static void remove_folder(void)
{
  DIR *directory = opendir(folder);
  if (directory == NULL || chdir(folder) != 0)
    return;
  for (const struct dirent *entry; (entry = readdir(directory)) != NULL;)
    unlink(entry->d_name);
  closedir(directory);
  rmdir(folder);
}

const char *fuzz_folder(void)
{
  if (folder[0] == '\0') {
    const char *parent = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/plim-fuzz.XXXXXX", parent != NULL ? parent : "/tmp");
    REQUIRE(mkdtemp(folder) != NULL);
    REQUIRE(atexit(remove_folder) == 0);
  }
  return folder;
}

char *fuzz_file(const char *name, const void *data, size_t size)
{
  const size_t room = strlen(fuzz_folder()) + strlen(name) + 2;
  char *path = malloc(room);
  REQUIRE(path != NULL);
  snprintf(path, room, "%s/%s", folder, name);
  FILE *file = fopen(path, "wb");
  REQUIRE(file != NULL);
  REQUIRE(fwrite(data, 1, size, file) == size);
  REQUIRE(fclose(file) == 0);
  return path;
}

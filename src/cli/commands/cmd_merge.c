/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_merge.c - plim merge, plim status: the shards of one command, brought together or looked at. Both are the command
   itself, as the journals have it, with all replicas from them and none drawn: what merge writes is what the command
   would have written. */
#include "config.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../output/journal.h"
#include "commands.h"

/* The journals named, with the one of the file itself, or all beside it. */
static int find_journals(const char *path, char **operands, size_t operand_count, plimi_gathering *files)
{
  char *own = plimi_join(path, ".journal");
  files->named = operand_count > 0;
  if (!files->named)
    files->paths = plimi_journals_beside(path, &files->count);
  else
    files->paths = plimi_allocate(operand_count + 1, sizeof *files->paths);
  for (size_t i = 0; i < operand_count; i++)
    if (strcmp(operands[i], own) != 0)
      files->paths[files->count++] = plimi_copy(operands[i]);
  if (files->named && access(own, F_OK) == 0)
    files->paths[files->count++] = plimi_copy(own);
  free(own);
  if (files->count > 0)
    return PLIM_EXIT_DONE;
  if (files->only_looks && access(path, F_OK) == 0) {
    printf("%s is there, and no journal beside it: it is done\n", path);
    return PLIM_EXIT_DONE;
  }
  plimi_complain("there is no journal of %s: neither %s.journal nor one of a shard, %s.shard-K-of-N.journal",
                 path, path, path);
  return PLIM_EXIT_FILE;
}

static void free_journals(plimi_gathering *files)
{
  for (size_t i = 0; i < files->count; i++)
    free(files->paths[i]);
  free(files->paths);
}

/* The one written to last: its command is the latest. */
static const char *latest(const plimi_gathering *files)
{
  const char *found = files->paths[0];
  struct stat of_found, about;
  for (size_t i = 1; i < files->count; i++)
    if (stat(files->paths[i], &about) == 0 &&
        (stat(found, &of_found) != 0 || about.st_mtim.tv_sec > of_found.st_mtim.tv_sec ||
         (about.st_mtim.tv_sec == of_found.st_mtim.tv_sec &&
          about.st_mtim.tv_nsec > of_found.st_mtim.tv_nsec)))
      found = files->paths[i];
  return found;
}

/* The argument that says where the file stands; of figures, which name their files themselves, in which folder. */
static char *destination(const char *command, const char *path)
{
  if (strcmp(command, "figures") != 0)
    return plimi_join("--output=", path);
  char *copy = plimi_copy(path), *word = plimi_join("--out=", dirname(copy));
  free(copy);
  return word;
}

/* Run the command of `words` with all of its replicas from the files. */
static int run_again(const json_t *words, const char *path, const plimi_gathering *files,
                     const plimi_invocation *invocation)
{
  size_t count = json_array_size(words);
  char **argv = plimi_allocate(count + 2, sizeof *argv);
  for (size_t i = 0; i < count; i++) {
    const char *word = json_string_value(json_array_get(words, i));
    argv[i] = plimi_copy(word != NULL ? word : "");
  }
  argv[count] = destination(argv[0], path);
  count++;
  char **given = plimi_allocate(count, sizeof *given);
  memcpy(given, argv, count * sizeof *given); /* argv is reordered while it is read */
  const int status = invocation->gather((int)count, argv, invocation, files);
  for (size_t i = 0; i < count; i++)
    free(given[i]);
  free(given);
  free(argv);
  return status;
}

/* Only claims drawn until they are decided have verdicts on the way. */
static bool has_verdicts(const json_t *words)
{
  static const char fixed[] = "--replicas=";
  size_t i;
  json_t *word;
  bool has = strcmp(json_string_value(json_array_get(words, 0)), "verify") == 0;
  json_array_foreach(words, i, word) has =
      has && strncmp(json_string_value(word), fixed, sizeof fixed - 1) != 0;
  if (!has)
    plimi_complain("--so-far: the journals are not of plim verify without --replicas; only its looks can be "
                   "judged one by one");
  return has;
}

static int gather(const plimi_settings *settings, char **operands, size_t operand_count, bool only_looks)
{
  plimi_gathering files = {.only_looks = only_looks, .so_far = settings->so_far};
  int status = PLIM_EXIT_USAGE;
  if (settings->output == NULL) {
    plimi_complain("%s: give the file that the shards are parts of with -o FILE",
                   only_looks ? "status" : "merge");
    return status;
  }
  status = find_journals(settings->output, operands, operand_count, &files);
  if (status == PLIM_EXIT_DONE && files.count > 0) {
    json_t *words = plimi_journal_command(latest(&files), &status);
    if (words != NULL)
      status = !files.so_far || has_verdicts(words)
                   ? run_again(words, settings->output, &files, settings->invocation)
                   : PLIM_EXIT_USAGE;
    json_decref(words);
  }
  free_journals(&files);
  return status;
}

int plimi_cmd_merge(plimi_settings *settings, char **operands, size_t operand_count)
{
  return gather(settings, operands, operand_count, false);
}

int plimi_cmd_status(plimi_settings *settings, char **operands, size_t operand_count)
{
  return gather(settings, operands, operand_count, true);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_diff.c - plim diff: which numbers of a table moved from one file to another, beyond their errors. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "../output/sheet.h"
#include "../input/wide_grid.h"
#include "../work/difference.h"
#include "commands.h"

static const char *const columns[] = {"change", "line_a",     "line_b",         "row",   "column", "a",
                                      "b",      "difference", "combined_error", "ratio", "p"};
enum { CHANGE, LINE_A, LINE_B, ROW, COLUMN, A, B, DIFFERENCE, ERROR, RATIO, P, COLUMNS };
static const char *const changes[] = {[PLIMI_CHANGE_MOVED] = "moved",
                                      [PLIMI_CHANGE_WORD] = "changed",
                                      [PLIMI_CHANGE_MISSING] = "missing",
                                      [PLIMI_CHANGE_EXTRA] = "extra"};

static void add_row(plimi_sheet *sheet, const plimi_difference *found, const plimi_moved *moved)
{
  plimi_message row;
  plimi_difference_row(found, moved, &row);
  plimi_sheet_row(sheet);
  plimi_sheet_put_text(sheet, CHANGE, changes[moved->change]);
  if (moved->change != PLIMI_CHANGE_EXTRA)
    plimi_sheet_put_integer(sheet, LINE_A, found->a->lines[moved->row_a]);
  if (moved->change != PLIMI_CHANGE_MISSING)
    plimi_sheet_put_integer(sheet, LINE_B, found->b->lines[moved->row_b]);
  plimi_sheet_put_text(sheet, ROW, row.text);
  plimi_sheet_put_text(sheet, COLUMN, moved->column);
  plimi_sheet_put_text(sheet, A, moved->a);
  plimi_sheet_put_text(sheet, B, moved->b);
  plimi_sheet_put_number(sheet, DIFFERENCE, moved->difference);
  plimi_sheet_put_number(sheet, ERROR, moved->error);
  plimi_sheet_put_number(sheet, RATIO, moved->difference / moved->error);
  plimi_sheet_put_number(sheet, P, moved->p);
}

static void say(const plimi_difference *found, plimi_message *words)
{
  size_t moved = 0, rows = 0;
  for (size_t i = 0; i < found->count; i++) {
    moved += found->moved[i].change == PLIMI_CHANGE_MOVED ? 1 : 0;
    rows += found->moved[i].change == PLIMI_CHANGE_MISSING || found->moved[i].change == PLIMI_CHANGE_EXTRA
                ? 1
                : 0;
  }
  plimi_message_set(
      words,
      "%zu rows in both: of %zu numbers %zu are equal, %zu differ within their errors, %zu moved; "
      "%zu rows stand in one file alone.",
      found->pairs, found->numbers, found->equal, found->numbers - found->equal - moved, moved, rows);
}

/* Columns of one file alone: older versions have fewer. */
static void note_columns(const plimi_grid *grid, const plimi_grid *other)
{
  for (size_t c = 0; c < grid->columns; c++)
    if (plimi_grid_find(other, grid->names[c]) == PLIMI_NO_GRID_COLUMN)
      plimi_complain("column %s stands in %s alone and is left aside", grid->names[c], grid->name);
}

static int find(const plimi_settings *settings, char **operands, plimi_grid *grids, plimi_difference *found)
{
  int status = plimi_grid_read(operands[0], &grids[0]);
  if (status == PLIM_EXIT_DONE)
    status = plimi_grid_read(operands[1], &grids[1]);
  if (status != PLIM_EXIT_DONE)
    return status;
  plimi_grid_lengthen(&grids[0]);
  plimi_grid_lengthen(&grids[1]);
  *found = (plimi_difference){
      .a = &grids[0], .b = &grids[1], .ignored = settings->ignored, .level = settings->level.values[0]};
  status = plimi_difference_find(found);
  if (status == PLIM_EXIT_DONE) {
    note_columns(&grids[0], &grids[1]);
    note_columns(&grids[1], &grids[0]);
  }
  return status;
}

int plimi_cmd_diff(plimi_settings *settings, char **operands, size_t operand_count)
{
  const plimi_part part = {PLIMI_DIFF, "diff", settings};
  plimi_output_request request = {
      .command = "diff", .parts = &part, .part_count = 1, .write = plimi_sheet_write};
  plimi_sheet sheet = {.request = &request,
                       .names = columns,
                       .columns = COLUMNS,
                       .without_problem = true,
                       .rough_column = 1u << DIFFERENCE | 1u << ERROR | 1u << RATIO | 1u << P};
  plimi_grid grids[2] = {{.name = NULL}, {.name = NULL}};
  plimi_difference found = {.a = NULL};
  plimi_output *output = NULL;
  plimi_message words;
  request.content = &sheet;
  if (operand_count != 2 || (strcmp(operands[0], "-") == 0 && strcmp(operands[1], "-") == 0)) {
    plimi_complain("plim diff takes two files, the older first (%zu given); one may be -, standard input",
                   operand_count);
    return PLIM_EXIT_USAGE;
  }
  int status = plimi_output_choose(settings, &request);
  if (status == PLIM_EXIT_DONE)
    status = find(settings, operands, grids, &found);
  if (status == PLIM_EXIT_DONE)
    status = plimi_output_open(&request, &output);
  if (status == PLIM_EXIT_DONE) {
    for (size_t i = 0; i < found.count; i++)
      add_row(&sheet, &found, &found.moved[i]);
    say(&found, &words);
    sheet.words = words.text;
    status = plimi_output_finish(output, NULL, 0);
  }
  if (status == PLIM_EXIT_DONE && found.count > 0)
    status = PLIM_EXIT_DISAGREE;
  plimi_sheet_free(&sheet);
  plimi_difference_free(&found);
  plimi_grid_free(&grids[0]);
  plimi_grid_free(&grids[1]);
  return status;
}

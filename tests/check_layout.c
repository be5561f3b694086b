/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_layout.c - the table of plim_layout.h: its members fill the structures, so none is missing, and they lie where
   the compiler puts them. */
#include <check.h>
#include <string.h>

#include "plim.h"
#include "run_cases.h"

/* The alignment of the System V and most other conventions: a number's own size, 8 at most. */
static size_t alignment_of(const plim_member *member)
{
  return member->size < 8 ? member->size : 8;
}

static size_t round_up(size_t offset, size_t unit)
{
  return (offset + unit - 1) / unit * unit;
}

START_TEST(members_fill_the_structures)
{
  size_t count, structures = 0, end = 0, unit = 1;
  const plim_member *member = plim_layout(&count);
  const plim_member *whole = NULL;
  for (size_t i = 0; i <= count; i++) {
    const int is_next = i == count || member[i].member[0] == '\0';
    if (is_next && whole != NULL)
      ck_assert_msg(round_up(end, unit) == whole->size, "%s has %zu bytes, its members end at %zu",
                    whole->structure, whole->size, end);
    if (i == count)
      break;
    if (is_next) {
      whole = &member[i];
      ck_assert_str_eq(whole->type, "structure");
      ck_assert_uint_eq(whole->offset, 0);
      end = 0;
      unit = 1;
      structures++;
      continue;
    }
    ck_assert_ptr_nonnull(whole);
    ck_assert_str_eq(member[i].structure, whole->structure);
    ck_assert_msg(member[i].offset == round_up(end, alignment_of(&member[i])), "%s.%s begins at %zu, not %zu",
                  whole->structure, member[i].member, member[i].offset, end);
    end = member[i].offset + member[i].size;
    unit = alignment_of(&member[i]) > unit ? alignment_of(&member[i]) : unit;
  }
  ck_assert_uint_ge(structures, 15);
}
END_TEST

static const plim_member *find(const char *structure, const char *name)
{
  size_t count;
  const plim_member *member = plim_layout(&count);
  for (size_t i = 0; i < count; i++)
    if (strcmp(member[i].structure, structure) == 0 && strcmp(member[i].member, name) == 0)
      return &member[i];
  ck_abort_msg("%s has no %s", structure, name);
  return NULL;
}

/* A problem written by the table alone is the one that C reads. */
START_TEST(what_is_written_by_the_table_is_read_by_its_names)
{
  plim_problem problem = plim_problem_default();
  unsigned char *bytes = (unsigned char *)&problem;
  const double noise = 2.385;
  const size_t steps = 17;
  memcpy(bytes + find("plim_problem", "noise")->offset, &noise, sizeof noise);
  memcpy(bytes + find("plim_problem", "steps")->offset, &steps, sizeof steps);
  ck_assert(problem.noise == noise);
  ck_assert_uint_eq(problem.steps, steps);
  ck_assert_str_eq(find("plim_problem", "noise")->type, "double");
  ck_assert_str_eq(find("plim_problem", "steps")->type, "integer");
  ck_assert_str_eq(find("plim_problem", "batch")->type, "integer");
  ck_assert_str_eq(find("plim_problem", "teacher")->type, "pointer");
  ck_assert_str_eq(find("plim_judgement", "of_bound")->type, "bool");
  ck_assert_str_eq(find("plim_simulation", "size")->type, "plim_size");
  ck_assert_str_eq(find("plim_simulation_hooks", "cancelled")->type, "pointer");
}
END_TEST

int main(void)
{
  TCase *table = tcase_create("table");
  tcase_add_test(table, members_fill_the_structures);
  tcase_add_test(table, what_is_written_by_the_table_is_read_by_its_names);
  return run_cases("layout", 1, &table);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check_citations.c - every limit and every claim says what it states, where it holds and whose it is, and cites
   what stands in the bibliography. */
#include <check.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plim_claim.h"
#include "plim_quantity.h"
#include "plim_theory.h"
#include "run_cases.h"

enum { KEY = 32 };

static void assert_says(const char *text, const char *quantity, const char *what, size_t least)
{
  ck_assert_msg(text != NULL && strlen(text) >= least, "%s: no %s", quantity, what);
  ck_assert_msg(!isspace((unsigned char)text[0]), "%s: %s begins with a space", quantity, what);
}

/* The papers' versions number their statements differently (the arXiv version of [BA] has a Theorem 3 that the other
   lacks), so a number belongs to a paper and a version: "[BA] NeurIPS Thm 3, Fact 4" or "[BA] arXiv Thm 3". */
static int assert_versions(const char *text, const char *name)
{
  static const char *const words[] = {"Thm ",   "Theorem ", "Prop. ", "Fact ",
                                      "Lemma ", "Cor. ",    "eq. ",   "section "};
  int numbers = 0;
  for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
    for (const char *at = strstr(text, words[w]); at != NULL; at = strstr(at + 1, words[w])) {
      if (!isdigit((unsigned char)at[strlen(words[w])]))
        continue;
      const char *key = at;
      while (key > text && *key != '[')
        key--;
      const char *version = strchr(key, ']');
      ck_assert_msg(*key == '[' && version != NULL && version < at &&
                        (strncmp(version, "] NeurIPS ", 10) == 0 || strncmp(version, "] arXiv ", 8) == 0),
                    "%s: of which version is '%.20s'?", name, at);
      numbers++;
    }
  }
  return numbers;
}

/* Is `key` among "A,B,C"? */
static int is_listed(const char *keys, const char *key)
{
  const size_t length = strlen(key);
  for (const char *k = keys; k != NULL && *k != '\0';
       k = strchr(k, ',') == NULL ? NULL : strchr(k, ',') + 1) {
    if (strncmp(k, key, length) == 0 && (k[length] == ',' || k[length] == '\0'))
      return 1;
  }
  return 0;
}

START_TEST(every_limit_is_described)
{
  int described = 0;
  for (int i = 0; i < PLIM_QUANTITY_COUNT; i++) {
    const char *name = plim_quantity_name((plim_quantity)i);
    const plim_limit_info *info = plim_limit_describe((plim_quantity)i);
    if (info == NULL)
      continue;
    described++;
    ck_assert_msg(info->quantity == (plim_quantity)i, "%s is described as another quantity", name);
    assert_says(info->statement, name, "statement", 20);
    assert_says(info->domain, name, "domain", 3);
    assert_says(info->source, name, "source", 4);
    ck_assert_msg(isfinite(info->drift_rate) && info->drift_rate > 0.0 && info->drift_rate <= 1.0,
                  "%s: drift rate %g", name, info->drift_rate);
  }
  ck_assert_int_ge(described, 20);
  ck_assert_ptr_null(plim_limit_describe(PLIM_QUANTITY_COUNT));
}
END_TEST

/* Every key has its entry, and "[BA] NeurIPS Thm 3" in the source means BA among the keys. */
static void assert_cites(const char *name, const char *source, const char *keys)
{
  ck_assert_ptr_nonnull(keys);
  ck_assert_msg(strpbrk(keys, " \t;") == NULL, "%s: keys '%s'", name, keys);
  for (const char *k = keys; k != NULL; k = strchr(k, ',') == NULL ? NULL : strchr(k, ',') + 1) {
    char key[KEY];
    const size_t length = strcspn(k, ",");
    ck_assert_msg(length > 0 && length < KEY, "%s: keys '%s'", name, keys);
    memcpy(key, k, length);
    key[length] = '\0';
    const char *entry = plim_reference(key);
    ck_assert_msg(entry != NULL && entry[0] == '@' && strstr(entry, key) != NULL, "%s: no entry of '%s'",
                  name, key);
  }
  for (const char *k = strchr(source, '['); k != NULL; k = strchr(k + 1, '[')) {
    char key[KEY];
    const size_t length = strcspn(k + 1, "]");
    ck_assert_msg(length > 0 && length < KEY, "%s: source '%s'", name, source);
    memcpy(key, k + 1, length);
    key[length] = '\0';
    ck_assert_msg(is_listed(keys, key), "%s: source names [%s], keys are '%s'", name, key, keys);
  }
}

START_TEST(every_key_has_its_entry)
{
  for (int i = 0; i < PLIM_QUANTITY_COUNT; i++) {
    const plim_limit_info *info = plim_limit_describe((plim_quantity)i);
    if (info != NULL)
      assert_cites(plim_quantity_name((plim_quantity)i), info->source, info->keys);
  }
  ck_assert_ptr_null(plim_reference("NOBODY"));
  ck_assert_ptr_null(plim_reference(""));
}
END_TEST

START_TEST(every_number_names_its_version)
{
  int numbers = 0;
  for (int i = 0; i < PLIM_QUANTITY_COUNT; i++) {
    const char *name = plim_quantity_name((plim_quantity)i);
    const plim_limit_info *info = plim_limit_describe((plim_quantity)i);
    if (info != NULL)
      numbers += assert_versions(info->source, name) + assert_versions(info->statement, name) +
                 assert_versions(info->domain, name);
  }
  for (size_t i = 0; i < plim_claim_count(); i++) {
    const plim_claim_info *info = plim_claim_describe(i);
    const char *const texts[] = {info->source, info->title,    info->statement,
                                 info->method, info->approach, info->failure};
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
      numbers += assert_versions(texts[t], info->name);
  }
  ck_assert_int_ge(numbers, 40); /* else this test no longer looks at the right thing */
}
END_TEST

START_TEST(every_claim_is_described)
{
  for (size_t i = 0; i < plim_claim_count(); i++) {
    const plim_claim_info *info = plim_claim_describe(i);
    size_t found;
    ck_assert_int_eq(plim_claim_find(info->name, &found), PLIM_OK);
    ck_assert_msg(found == i, "two claims are called %s", info->name);
    assert_says(info->title, info->name, "title", 20);
    assert_says(info->statement, info->name, "statement", 40);
    assert_says(info->source, info->name, "source", 4);
    assert_says(info->method, info->name, "method", 40);
    assert_says(info->approach, info->name, "approach", 20);
    assert_says(info->failure, info->name, "failure", 40);
    assert_cites(info->name, info->source, info->keys);
  }
  ck_assert_uint_ge(plim_claim_count(), 2);
  ck_assert_ptr_null(plim_claim_describe(plim_claim_count()));
}
END_TEST

int main(void)
{
  TCase *all = tcase_create("citations");
  tcase_add_test(all, every_limit_is_described);
  tcase_add_test(all, every_key_has_its_entry);
  tcase_add_test(all, every_number_names_its_version);
  tcase_add_test(all, every_claim_is_described);
  return run_cases("citations", 1, &all);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "design_text.h"

#include <inttypes.h>
#include <stdlib.h>

#include "../output/number.h"
#include "comparison.h"
#include "plim_looks.h"
#include "registry.h"

typedef struct {
  FILE *stream;
  char *text;
  size_t length;
} sheet;

static void begin(sheet *made, const char *command)
{
  made->stream = plimi_unless_no_memory(open_memstream(&made->text, &made->length));
  if (made->stream == NULL)
    plimi_no_memory(); /* it fails for nothing else */
  fprintf(made->stream, "plim %s %s\n", PACKAGE_VERSION, command);
}

static char *end(sheet *made)
{
  const bool lost = ferror(made->stream) != 0;
  if (fclose(made->stream) != 0 || lost)
    plimi_no_memory();
  return made->text;
}

/* In digits that no locale changes. */
static void put(const sheet *made, const char *before, double number)
{
  fprintf(made->stream, "%s%s", before, plimi_number_write(number).text);
}

static void put_looks(const sheet *made, const plimi_settings *settings, double seconds)
{
  if (settings->replicas.count > 0) {
    fputs("one look at the replicas given\n", made->stream);
    return;
  }
  fputs("drawn until decided: shares of the level", made->stream);
  for (size_t k = 0; k < PLIM_MOST_LOOKS; k++)
    put(made, k > 0 ? ", " : " ", plim_look_share(k));
  put(made, "; power ", settings->power.values[0]);
  put(made, ", budget ", seconds);
  fputs(" processor seconds\n", made->stream);
}

static void put_point(const sheet *made, const plimi_campaign *campaign, size_t point)
{
  const plimi_settings *settings = campaign->settings;
  const plim_problem asked = plimi_product_at(&campaign->product, point).problem, *problem = &asked;
  fprintf(made->stream, "point %zu: %s/%s", point, plim_activation_name(problem->activation),
          plim_activation_name(problem->teacher));
  put(made, " psi1 ", problem->psi1);
  put(made, " psi2 ", problem->psi2);
  put(made, " eta ", problem->eta);
  put(made, " N^", problem->eta_exponent);
  put(made, " noise ", problem->noise);
  char further[PLIM_FURTHER_WORDS];
  plim_problem_further_words(problem, 15, further);
  fprintf(made->stream, " readout %s steps %zu %s batch%s", plim_problem_readout_name(problem),
          problem->steps, plim_batch_name(problem->batch), further);
  for (size_t l = 0; l < settings->lambda.count; l++)
    put(made, l > 0 ? ", " : "; lambda ", settings->lambda.values[l]);
  for (size_t k = 0; k < settings->d.count; k++) {
    plimi_run run;
    if (plimi_campaign_plan(campaign, point, k, &run) != PLIM_OK)
      continue; /* the campaign has checked all sizes */
    fprintf(made->stream, "%s n:d:N %zu:%zu:%zu (", k > 0 ? "," : ";", run.size.n, run.size.d,
            run.size.width);
    fprintf(made->stream, "%" PRIu64 ")", settings->replicas.count > 0 ? run.replicas : PLIMI_PILOT);
    if (k + 1 == settings->d.count)
      fprintf(made->stream, "; seed %" PRIu64 "\n", run.seed);
  }
}

char *plimi_design_of_campaign(const plimi_campaign *campaign)
{
  const plimi_settings *settings = campaign->settings;
  const plim_criterion criterion = plimi_criterion_of(settings);
  sheet made;
  begin(&made, "compare");
  put(&made, "level ", criterion.level);
  put(&made, " of the family; margin ", criterion.relative_margin);
  put(&made, " of the limit and ", criterion.absolute_margin);
  put(&made, "; lack of fit below ", criterion.fit_level);
  put(&made, "; next power covered to ", PLIM_USUAL_RATIO);
  fputs(" times the first\n", made.stream);
  fprintf(made.stream, "%s features, %" PRIu64 " test points;",
          plim_features_name((plim_features)settings->features.values[0]), settings->test_points.values[0]);
  put(&made, " limits refined to ", settings->tolerance.values[0]);
  fputc('\n', made.stream);
  put_looks(&made, settings, settings->budget.values[0]);
  for (size_t i = 0; i < settings->quantities.count; i++) {
    const plim_quantity quantity = settings->quantities.values[i];
    const plim_limit_info *info = plimi_registry_pairing(quantity).limit;
    fprintf(made.stream, "quantity %s = its limit;", plim_quantity_name(quantity));
    if (info != NULL)
      put(&made, " rate ", info->drift_rate);
    fputc('\n', made.stream);
  }
  for (size_t i = 0; i < campaign->product.count; i++)
    put_point(&made, campaign, i);
  return end(&made);
}

char *plimi_design_of_claims(const plimi_verified *verified, const plim_claim_settings *asked, double seconds)
{
  sheet made;
  begin(&made, "verify");
  fprintf(made.stream, "seed %" PRIu64 ", %s tier; ", asked->seed, plim_tier_name(asked->tier));
  put(&made, "level ", asked->level);
  put(&made, " of the family; lack of fit below ", plim_criterion_default().fit_level);
  fputc('\n', made.stream);
  put_looks(&made, verified->settings, seconds);
  for (size_t i = 0; i < verified->count; i++) {
    char *claim = NULL;
    const plim_status status = plimi_heed_memory(plim_claim_design(verified->claims[i], asked, &claim));
    if (status == PLIM_OK)
      fputs(claim, made.stream);
    free(claim);
  }
  return end(&made);
}

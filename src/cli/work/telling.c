/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "telling.h"

#include "../output/about.h"
#include "../terminal/ranks.h"

static const char *text_at(const json_t *object, const char *key)
{
  const char *text = json_string_value(json_object_get(object, key));
  return text != NULL ? text : "unknown";
}

void plimi_tell_machine(const plimi_settings *settings)
{
  if (!plimi_is_verbose())
    return;
  json_t *machine = plimi_about_machine();
  const unsigned long long threads =
      settings->threads.count > 0 ? (unsigned long long)settings->threads.values[0] : 1;
  plimi_tell("%llu thread%s; %s; BLAS %s, kernels for %s", threads, threads == 1 ? "" : "s",
             text_at(machine, "processor"), text_at(machine, "blas"), text_at(machine, "core"));
  json_decref(machine);
}

void plimi_tell_run(const plimi_settings *settings, const plim_size *size, size_t replicas, double seconds)
{
  const double threads = (double)(settings->threads.values[0] * plimi_ranks_count()),
               one = seconds * threads / (double)replicas;
  if (!plimi_is_verbose() || replicas == 0)
    return;
  plimi_message took = {.text = ""};
  plimi_message_add_time(&took, seconds);
  plimi_tell("d = %zu, n = %zu, N = %zu: %zu replicas in %s, %.2g s each on a thread (foretold %.2g s)",
             size->d, size->n, size->width, replicas, took.text, one, plim_replica_seconds(size));
}

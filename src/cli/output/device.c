/* SPDX-License-Identifier: GPL-3.0-or-later */
/* device.c - the device that a command computes on, whichever of its parts asked for it. */
#include "config.h"

#include "output.h"

const struct plim_device *plimi_output_device(const plimi_output_request *request)
{
  for (size_t i = 0; i < request->part_count; i++)
    if (request->parts[i].settings->opened != NULL)
      return request->parts[i].settings->opened;
  return NULL;
}

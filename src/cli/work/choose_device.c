/* SPDX-License-Identifier: GPL-3.0-or-later */
/* choose_device.c - from --device to a device. */
#include "config.h"

#include "../terminal/message.h"
#include "plim_device.h"
#include "work.h"

int plimi_choose_device(plimi_settings *settings)
{
  char tried[900]; /* a message has room for a little more */
  const size_t asked = settings->device.count > 0 ? (size_t)settings->device.values[0] : PLIMI_DEVICE_CPU;
  if (asked == PLIMI_DEVICE_CPU || settings->gathering != NULL) /* where nothing is drawn */
    return PLIM_EXIT_DONE;
  if (settings->precision.count > 0 &&
      (plim_precision)settings->precision.values[0] == PLIM_PRECISION_SINGLE) {
    if (asked == PLIMI_DEVICE_AUTO) {
      plimi_complain("--device: auto takes the processor: --precision single is for that only");
      return PLIM_EXIT_DONE;
    }
    plimi_complain("--device cuda computes in double: --precision single is for the processor only");
    return PLIM_EXIT_USAGE;
  }
  const plim_status status = plimi_heed_memory(plim_device_open(tried, sizeof tried, &settings->opened));
  if (status != PLIM_OK && asked == PLIMI_DEVICE_CUDA) {
    plimi_complain("--device: cuda cannot be used here: %s", tried);
    return PLIM_EXIT_FAILED;
  }
  if (asked == PLIMI_DEVICE_AUTO && status == PLIM_OK)
    plimi_complain("--device: auto takes cuda, %s", plim_device_name(settings->opened));
  else if (asked == PLIMI_DEVICE_AUTO)
    plimi_complain("--device: auto takes the processor: %s", tried);
  return PLIM_EXIT_DONE;
}

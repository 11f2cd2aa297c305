/* SPDX-License-Identifier: MIT */
/* What FreeSWITCH's own messages mean for a call. */
#ifndef GSPROV_CALLS_EVENT_H
#define GSPROV_CALLS_EVENT_H

struct gs_diags;
struct gs_text_log_event;

/* Adds the finding for e to d, if there is one. A hang-up is a finding only if
 * its cause is about media. */
void gs_calls_event_tell(const struct gs_text_log_event *e, struct gs_diags *d);

#endif

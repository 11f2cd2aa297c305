/* SPDX-License-Identifier: MIT */
/* Which rule an event of FreeSWITCH's log breaks. */
#ifndef GSPROV_CALLS_LOGEVENT_PRIV_H
#define GSPROV_CALLS_LOGEVENT_PRIV_H

#include "../sdp/rules.h"
#include "../text/textsrc.h"

struct log_event_rule {
	enum gs_sdp_rule rule;
	const char *text; /* of GS_LOG_HANGUP, its detail follows */
};

/* NULL: none. */
const struct log_event_rule *log_event_rule(const struct gs_log_event *e);

#endif

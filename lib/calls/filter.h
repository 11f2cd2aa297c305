/* SPDX-License-Identifier: MIT */
/* Which calls are reported: by name or number, time and host. */
#ifndef GSPROV_CALLS_FILTER_H
#define GSPROV_CALLS_FILTER_H

#include <stdbool.h>

struct gs_calls_leg;
struct gs_text_gap;
struct gs_text_message;
struct gs_text_registration;

/* Which calls are reported; NULL: any. */
struct gs_calls_filter {
	const char *call; /* Call-ID, UUID, number or name */
	const char *since; /* as gs_calls_time_valid() */
	const char *until;
	const char *host;
};

/* Whether f excludes any call. */
bool gs_calls_filter_is_set(const struct gs_calls_filter *f);

/* Whether s is a date, a time, or both: 2026-11-27 22:42:20, 22:42. */
bool gs_calls_time_valid(const char *s);

/* Whether since is later than until, so that no call matches. */
bool gs_calls_filter_is_empty(const struct gs_calls_filter *f);

/* Whether f selects the leg. An unknown property does not exclude it. */
bool gs_calls_filter_names(const struct gs_calls_filter *f,
    const struct gs_calls_leg *l);
bool gs_calls_filter_times(const struct gs_calls_filter *f, const char *first,
    const char *last);

/* Whether f selects a message of a call that has no leg. */
bool gs_calls_filter_message(const struct gs_calls_filter *f,
    const struct gs_text_message *m);

/* Whether f selects an unread line or a registration. */
bool gs_calls_filter_gap(const struct gs_calls_filter *f,
    const struct gs_text_gap *g);
bool gs_calls_filter_registration(const struct gs_calls_filter *f,
    const struct gs_text_registration *r);

#endif

/* SPDX-License-Identifier: MIT */
/* The states of monitoring plugins (Nagios, Icinga). */
#ifndef GSPROV_BASE_PLUGIN_H
#define GSPROV_BASE_PLUGIN_H

#include "diag.h"

/* They are the exit statuses, too. */
enum gs_plugin {
	GS_PLUGIN_OK,
	GS_PLUGIN_WARNING,
	GS_PLUGIN_CRITICAL,
	GS_PLUGIN_UNKNOWN,
};

/* "OK", "WARNING" and so on, as the line of a plugin begins. */
const char *gs_plugin_name(enum gs_plugin p);

/* By the worst of the findings that d has counted. */
enum gs_plugin gs_plugin_of(const struct gs_diags *d);

#endif

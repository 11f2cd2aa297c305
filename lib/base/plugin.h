/* SPDX-License-Identifier: MIT */
/* The states of monitoring plugins (Nagios, Icinga). */
#ifndef GSPROV_BASE_PLUGIN_H
#define GSPROV_BASE_PLUGIN_H

#include "base/diag.h"

/* The values are the exit statuses. */
enum gs_plugin {
	GS_PLUGIN_OK,
	GS_PLUGIN_WARNING,
	GS_PLUGIN_CRITICAL,
	GS_PLUGIN_UNKNOWN,
};

/* "OK", "WARNING" and so on, with which a plugin's line begins. */
const char *gs_plugin_name(enum gs_plugin p);

/* The state by the worst finding that d has counted. */
enum gs_plugin gs_plugin_of(const struct gs_diags *d);

#endif

/* SPDX-License-Identifier: MIT */
/* The states of monitoring plugins. */
#include "base/plugin.h"

const char *
gs_plugin_name(enum gs_plugin p)
{
	static const char *const names[] = {
		[GS_PLUGIN_OK] = "OK",
		[GS_PLUGIN_WARNING] = "WARNING",
		[GS_PLUGIN_CRITICAL] = "CRITICAL",
		[GS_PLUGIN_UNKNOWN] = "UNKNOWN",
	};

	return names[p];
}

enum gs_plugin
gs_plugin_of(const struct gs_diags *d)
{
	if (d->total[GS_ERROR] > 0)
		return GS_PLUGIN_CRITICAL;
	return d->total[GS_WARNING] > 0 ? GS_PLUGIN_WARNING : GS_PLUGIN_OK;
}

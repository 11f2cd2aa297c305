/* SPDX-License-Identifier: MIT */
/* Renders the files of all phones from their rows. */
#ifndef GSPROV_SNOM_FLEET_H
#define GSPROV_SNOM_FLEET_H

#include "snom/prune.h"

struct gs_diags;
struct gs_snom_params;
struct gs_snom_outdir;

/* The request. Paths are as in gs_reader_open(). */
struct gs_snom_fleet {
	const struct gs_snom_params *params; /* finished */
	const char *accounts;
	const char *base; /* or NULL */
	const char *keys; /* or NULL */
	const uint64_t *only; /* only this phone, to out */
	struct gs_buf *out;
	struct gs_snom_outdir *store; /* all phones; NULL: not written */
	bool links; /* also names that setting_server asks for */
	bool force; /* what the check refuses is written all the same */
	bool prune; /* remove settings of phones that are gone */
	bool prune_all; /* however many they are */
	struct gs_diags *d; /* about accounts */
	struct gs_diags *dk; /* about function keys */
	/* Called with the result of each file; may be NULL. */
	void (*said)(void *arg, const char *verb, const char *name);
	void *arg;
	/* Called for findings, so that they can be shown and cleared; may be
	 * NULL. */
	void (*flush)(void *arg);

	/* The result. */
	uint64_t phones, failed;
	uint64_t bytes;
	bool kept; /* nothing was pruned, because rows may be missing */
	struct gs_snom_prune pruned;
};

/* Renders. Returns 0 (also with failed phones), 1 if there was no row at all
 * (nothing was changed), or -1. */
int gs_snom_fleet_run(struct gs_snom_fleet *f, struct gs_err *err) GS_MUST;

#endif

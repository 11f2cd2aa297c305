/* SPDX-License-Identifier: MIT */
/* A folder of settings files: written as a whole, and only if they change. */
#ifndef GSPROV_SNOM_OUTDIR_H
#define GSPROV_SNOM_OUTDIR_H

#include "snom/manifest.h"

enum { GS_STORE_NAME = 32 };

struct gs_snom_outdir {
	int fd; /* the folder */
	const char *path; /* borrowed, for messages */
	bool dry; /* report only */
	struct gs_buf old; /* the present contents */
	struct gs_snom_manifest list; /* of the written file */
	uint64_t random; /* of the next temporary name */
	bool mode_is_exact; /* the umask keeps 0640 */
	uint64_t written, unchanged, removed;
};

/* The result of a file. */
enum gs_snom_written { GS_STORED_WRITTEN, GS_STORED_UNCHANGED };

/* Opens the folder, which must exist. gs_snom_outdir_begin() must follow
 * first. Returns 0 or -1. */
int gs_snom_outdir_open(struct gs_snom_outdir *s, const char *path, bool dry,
    struct gs_err *err) GS_MUST;

/* Locks the folder, unless dry: one run at a time writes into it. Reads the
 * list of earlier runs, and removes temporary files of one that was killed.
 * Returns 0, 1 if another run is at work (unless wait: then it waits), or
 * -1. */
int gs_snom_outdir_begin(struct gs_snom_outdir *s, bool wait,
    struct gs_err *err) GS_MUST;
void gs_snom_outdir_close(struct gs_snom_outdir *s);

/* Makes settings-MAC.xml in the folder hold these bytes, mode 0640, and
 * lists it; name (GS_STORE_NAME bytes) receives its name. A file that holds
 * them already is not touched; otherwise a new one takes its name, so that
 * readers see the old bytes or the new ones. A link is replaced, not
 * followed. Nothing is fsync()ed before gs_snom_outdir_sync(). Returns 0 or -1,
 * then with the old file in place. */
int gs_snom_outdir_put(struct gs_snom_outdir *s, uint64_t mac,
    struct gs_span bytes, char *name, enum gs_snom_written *what,
    struct gs_err *err) GS_MUST;

/* Makes NAME (snom-KEY.xml) a link to the phone's file, and lists it. */
int gs_snom_outdir_link(struct gs_snom_outdir *s, const char *name,
    uint64_t mac, struct gs_err *err) GS_MUST;

/* Calls visit for each name in the folder until it returns -1. Returns 0 or
 * -1. */
int gs_snom_outdir_each(struct gs_snom_outdir *s,
    int (*visit)(void *arg, const char *name, struct gs_err *err), void *arg,
    struct gs_err *err) GS_MUST;

/* Puts "settings-MAC.xml" into name, and reads such a name. */
void gs_snom_outdir_name(uint64_t mac, char name[GS_STORE_NAME]);
bool gs_snom_outdir_is_name(const char *name, uint64_t *mac);

/* Whether a run may write or remove NAME in its folder: files and (with links)
 * links of phones, their temporary files, and the list. */
bool gs_snom_outdir_may_take(const char *name, bool links);

/* Syncs the written files and the list to disk. */
int gs_snom_outdir_sync(struct gs_snom_outdir *s, struct gs_err *err) GS_MUST;

#endif

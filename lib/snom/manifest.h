/* SPDX-License-Identifier: MIT */
/* The list of what gs-snomcfg wrote into a folder, in .gs-snomcfg there:
 *   gs-snomcfg 1
 *   file MAC SIZE HASH        settings-MAC.xml
 *   link MAC NAME             a link to it; the name holds a key
 *   end
 * It is 0600. While a run is at work, its lines go to .gs-snomcfg.new; those
 * of a run that was killed are taken over by the next. */
#ifndef GSPROV_SNOM_MANIFEST_H
#define GSPROV_SNOM_MANIFEST_H

#include "base/diag.h"
#include "snom/macset.h"

/* Bytes of the list that are read. */
enum { GS_MANIFEST_SIZE = 256 * 1024 * 1024 };

struct gs_snom_manifest {
	int dir; /* borrowed */
	const char *path; /* of dir, borrowed, for messages */
	int fd; /* .gs-snomcfg.new, or -1 */
	bool dry; /* nothing is written */
	bool there; /* an earlier run left a list */
	bool damaged; /* which cannot be read */
	struct gs_buf old; /* its lines */
	size_t same; /* bytes of them that were noted again; SIZE_MAX: another
		      * line was noted */
	struct gs_snom_macset phones; /* written in this run, with a hash of the
				  * link's name, 1 without */
};

struct gs_snom_manifest_entry {
	struct gs_span line;
	uint64_t mac;
	uint64_t size, hash; /* of a file */
	struct gs_span name; /* of a link; empty for a file */
};

/* Whether NAME is the list, or what it is made from. */
bool gs_snom_manifest_is_file(const char *name);

/* Whether a name is snom-KEY.xml, without a folder. */
bool gs_snom_manifest_is_link(struct gs_span name);

/* Reads the list in the folder dir. The caller holds the folder's lock, unless
 * dry. Returns 0, also if the list is damaged, or -1. */
int gs_snom_manifest_open(struct gs_snom_manifest *m, int dir, const char *path,
    bool dry, struct gs_err *err) GS_MUST;

/* Wipes and frees. Without gs_snom_manifest_commit(), the notes are added to
 * the old list, if any file was written. */
void gs_snom_manifest_close(struct gs_snom_manifest *m, bool written);

/* Notes the contents of the phone's file, before it is written. Returns 0 or
 * -1. */
int gs_snom_manifest_file(struct gs_snom_manifest *m, uint64_t mac,
    struct gs_span bytes, struct gs_err *err) GS_MUST;

/* Notes the link of a phone whose file was noted. */
int gs_snom_manifest_link(struct gs_snom_manifest *m, uint64_t mac,
    const char *name, struct gs_err *err) GS_MUST;

/* Whether this run noted the phone's file, or (with a name) this link. */
bool gs_snom_manifest_has(const struct gs_snom_manifest *m, uint64_t mac,
    struct gs_span link);

/* The entry of the old list at *at (0 at first), which moves past it. False at
 * the end. */
bool gs_snom_manifest_next(const struct gs_snom_manifest *m, size_t *at,
    struct gs_snom_manifest_entry *e);

/* Keeps an old entry. */
int gs_snom_manifest_keep(struct gs_snom_manifest *m,
    const struct gs_snom_manifest_entry *e, struct gs_err *err) GS_MUST;

/* Replaces the old list by the new one, unless they are equal. Returns 0 or
 * -1. */
int gs_snom_manifest_commit(struct gs_snom_manifest *m,
    struct gs_err *err) GS_MUST;

#endif

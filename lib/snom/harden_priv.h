/* SPDX-License-Identifier: MIT */
/* Edits of a document, in place. */
#ifndef GSPROV_SNOM_HARDEN_PRIV_H
#define GSPROV_SNOM_HARDEN_PRIV_H

#include "snom/rules.h"
#include "snom/url.h"

struct gs_snom_doc;
struct gs_snom_node;
struct gs_snom_params;

/* At this offset, drop so many bytes and put these. */
struct edit {
	size_t at, drop;
	size_t text, n; /* in edits.text */
	size_t order; /* among edits at one place */
};

struct edits {
	struct gs_snom_doc *doc;
	struct gs_diags *changes;
	struct edit *list;
	size_t count, size;
	struct gs_buf text;
	bool no_memory;
};

/* What is being hardened. */
struct harden {
	struct gs_snom_doc *d;
	const struct gs_snom_params *p;
	struct edits e;
	struct gs_snom_url base; /* base_url */
	struct gs_snom_url server; /* setting_server */
	bool has_base, has_server;
};

/* Edits the URLs that contradict themselves or come in clear from the
 * PBX. */
void gs_snom_harden_urls(struct harden *h);

void gs_snom_edits_init(struct edits *e, struct gs_snom_doc *doc,
    struct gs_diags *changes);
void gs_snom_edits_free(struct edits *e);

/* Replaces drop bytes at an offset by s. */
void gs_snom_edit(struct edits *e, size_t at, size_t drop, struct gs_span s);

/* Says what is changed, as a note under the rule that it mends. */
void gs_snom_edit_say(struct edits *e, enum gs_snom_rule rule, size_t offset,
    const char *fmt, ...) GS_PRINTF(4, 5);

/* Replaces what is between the tags of n; value is written as XML text. */
void gs_snom_edit_value(struct edits *e, const struct gs_snom_node *n,
    struct gs_span value);

/* Adds <name idx perm="R">value</name> behind the element like, in its
 * style; idx may be GS_NO_IDX. */
void gs_snom_edit_add(struct edits *e, const struct gs_snom_node *like,
    const char *name, uint32_t idx, struct gs_span value);

/* Adds raw XML on a line of its own before the end tag of n, which has
 * one. */
void gs_snom_edit_append(struct edits *e, const struct gs_snom_node *n,
    struct gs_span xml);

/* Appends the document with all edits made. Returns 0 or -1. */
int gs_snom_edits_apply(struct edits *e, struct gs_buf *out,
    struct gs_err *err) GS_MUST;

#endif

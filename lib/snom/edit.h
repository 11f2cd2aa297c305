/* SPDX-License-Identifier: MIT */
/* Edits of a document, in place. */
#ifndef GSPROV_SNOM_EDIT_H
#define GSPROV_SNOM_EDIT_H

#include "snom/doc.h"
#include "snom/rules.h"

struct gs_snom_edits {
	struct gs_snom_doc *doc; /* borrowed */
	struct gs_diags *changes; /* borrowed */
	struct gs_snom_edit {
		/* At this offset, drop bytes and insert these. */
		size_t at, drop;
		size_t text, n; /* in edits.text */
		size_t order; /* among edits at one place */
	} * list;
	size_t count, size;
	struct gs_buf text; /* the inserted texts, one after the other */
	bool no_memory;
};

void gs_snom_edits_init(struct gs_snom_edits *e, struct gs_snom_doc *doc,
    struct gs_diags *changes);
void gs_snom_edits_free(struct gs_snom_edits *e);

/* Replaces drop bytes at an offset by what was appended to e->text since it
 * had from bytes. */
void gs_snom_edit(struct gs_snom_edits *e, size_t at, size_t drop, size_t from);

/* Reports the change, as a note of the rule that it satisfies. */
void gs_snom_edit_say(struct gs_snom_edits *e, enum gs_snom_rule rule,
    size_t offset, const char *fmt, ...) GS_PRINTF(4, 5);

/* Replaces what is between the tags of n; value is written as XML text. */
void gs_snom_edit_value(struct gs_snom_edits *e, const struct gs_snom_node *n,
    struct gs_span value);

/* Adds <name idx perm="R">value</name> after the element like, in its style;
 * idx may be GS_NO_IDX. */
void gs_snom_edit_add(struct gs_snom_edits *e, const struct gs_snom_node *like,
    const char *name, uint32_t idx, struct gs_span value);

/* Adds what was appended since from bytes, as raw XML, on its own line before
 * the end tag of n, which has one. */
void gs_snom_edit_append(struct gs_snom_edits *e, const struct gs_snom_node *n,
    size_t from);

/* Appends the document with all edits made. Returns 0 or -1. */
int gs_snom_edits_apply(struct gs_snom_edits *e, struct gs_buf *out,
    struct gs_err *err) GS_MUST;

#endif

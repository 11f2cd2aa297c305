/* SPDX-License-Identifier: MIT */
/* Where the elements of an XML document stand, to the byte, also when it is
 * not well-formed. Whether it is, is libxml2's to say (xml.h).
 *
 * Two readers, because libxml2 alone cannot give what is needed here. Its
 * SAX2 parser stops, or resumes elsewhere, at the first fault, and the check
 * judges what such a file still says. It hands out attributes and text
 * normalised and in UTF-8, and its input offset counts the converted bytes
 * of other encodings, while an edit needs the place of each value in the
 * file, quotes and references as written. So libxml2 judges, and the two
 * must have seen the same elements and attributes: gs_snom_doc_read() fails
 * otherwise, and tests/fuzz/fuzz_snom_xml.c looks for a file that makes it
 * fail. */
#ifndef GSPROV_SNOM_SCAN_H
#define GSPROV_SNOM_SCAN_H

#include "base/buf.h"

struct gs_err;
struct gs_pos;

enum {
	GS_SCAN_NODES = 400000,
	GS_SCAN_ATTRS = 1200000,
	GS_SCAN_DEPTH = 200,
};

struct gs_snom_attr {
	struct gs_span name;
	struct gs_span value; /* as written, without the quotes */
};

/* One element. Offsets count from the start of the text. */
struct gs_snom_node {
	struct gs_span name;
	uint32_t tag; /* its "<" */
	uint32_t tag_end; /* behind the ">" of the start tag */
	uint32_t inner_end; /* the "<" of the end tag; tag_end without one */
	uint32_t end; /* behind the element */
	uint32_t parent; /* index, or GS_NO_NODE */
	uint32_t attr; /* index of the first attribute */
	uint16_t attrs;
	uint16_t depth; /* the root has 0 */
	bool empty; /* <x/> */
	bool children; /* has elements inside */
};

#define GS_NO_NODE UINT32_MAX

struct gs_snom_scan {
	struct gs_span text;
	struct gs_snom_node *node; /* in the order of their start tags */
	size_t nodes, node_size;
	struct gs_snom_attr *attr;
	size_t attrs, attr_size;
	uint32_t *line; /* where each line starts; made on demand */
	size_t lines;
	struct gs_span doctype; /* from "<!DOCTYPE" on, or p is NULL */
	bool limit; /* stopped at a cap */
	uint32_t stopped; /* where, when limit */
};

/* Scans text (at most 4 GB, borrowed). Never fails for what it reads; -1 is
 * memory. */
int gs_snom_scan(struct gs_snom_scan *s, struct gs_span text,
    struct gs_err *err) GS_MUST;
void gs_snom_scan_free(struct gs_snom_scan *s);

/* Line and column (bytes, from 1) of an offset. */
struct gs_pos gs_snom_scan_pos(struct gs_snom_scan *s, size_t offset);

/* The attribute with this name, or NULL. */
const struct gs_snom_attr *gs_snom_scan_attr(const struct gs_snom_scan *s,
    const struct gs_snom_node *n, const char *name);

/* White space (XML 1.0 section 2.3). */
static inline bool
gs_snom_scan_is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What is between the tags, as written. */
static inline struct gs_span
gs_snom_scan_inner(const struct gs_snom_scan *s, const struct gs_snom_node *n)
{
	return gs_span(s->text.p + n->tag_end, n->inner_end - n->tag_end);
}

/* Walks what a node says: its attributes, but for those of namespaces, and
 * the text outside its elements. Set at to the node's index, the rest to 0. */
struct gs_snom_pieces {
	size_t at;
	const struct gs_snom_attr *attr; /* of the piece; NULL: it is text */
	uint32_t attrs; /* so many are behind */
	size_t next; /* the next node to look at */
	uint32_t from;
	bool done;
};

/* The next piece, as written. Returns false at the end. */
bool gs_snom_scan_piece(const struct gs_snom_scan *s, struct gs_snom_pieces *p,
    struct gs_span *piece);

static inline bool
gs_snom_node_is(const struct gs_snom_node *n, const char *name)
{
	return gs_span_eq(n->name, gs_span_of(name));
}

#endif

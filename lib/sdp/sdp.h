/* SPDX-License-Identifier: MIT */
/* SDP (RFC 8866): turns lines into a structure with the place of each part. */
#ifndef GSPROV_SDP_SDP_H
#define GSPROV_SDP_SDP_H

#include "base/diag.h"

enum gs_sdp_eol {
	GS_EOL_LF,
	GS_EOL_CRLF,
	GS_EOL_NONE, /* the input ended without a line end */
};

/* One line of an SDP without its end; pos is the place of text.p[0] in the
 * file (in a log, after the prefix). */
struct gs_sdp_line {
	struct gs_span text;
	struct gs_pos pos;
	enum gs_sdp_eol eol;
};

/* The value of a c= line; line is NULL if there is none. */
struct gs_sdp_connection {
	const struct gs_sdp_line *line;
	struct gs_span nettype;
	struct gs_span addrtype;
	struct gs_span address;
};

/* a=NAME or a=NAME:VALUE. */
struct gs_sdp_attr {
	const struct gs_sdp_line *line;
	struct gs_span name;
	struct gs_span value;
	bool has_value;
};

/* One m= section; attrs are entries first_attr .. first_attr + attrs - 1 of
 * the SDP's list. */
struct gs_sdp_media {
	const struct gs_sdp_line *line;
	struct gs_span type;
	struct gs_span proto;
	struct gs_span formats;
	uint16_t port;
	bool port_valid;
	struct gs_sdp_connection connection; /* the session's unless own */
	const struct gs_sdp_line *key; /* k=, or NULL */
	size_t first_attr;
	size_t attrs;
};

/* A parsed SDP. All spans and lines belong to the caller of gs_sdp_parse().
 * Zero it before the first use; each parse reuses its memory. */
struct gs_sdp {
	const struct gs_sdp_line *lines;
	size_t nlines;
	const struct gs_sdp_line *origin;
	struct gs_sdp_connection connection;
	const struct gs_sdp_line *key;
	size_t session_attrs; /* the first of the list */
	struct gs_sdp_attr *attr;
	size_t attrs;
	size_t attr_size;
	struct gs_sdp_media *media;
	size_t medias;
	size_t media_size;
};

/* Parses n lines. Syntax findings go to d (which may be NULL); sdp is filled
 * as far as possible. Returns 0, or -1 if out of memory. */
int gs_sdp_parse(struct gs_sdp *sdp, const struct gs_sdp_line *lines, size_t n,
    struct gs_diags *d) GS_MUST;

void gs_sdp_free(struct gs_sdp *sdp);

/* The first attribute of this name at or after *i in media (NULL: in the
 * session), or NULL. *i moves past it. */
const struct gs_sdp_attr *gs_sdp_attr_next(const struct gs_sdp *sdp,
    const struct gs_sdp_media *media, struct gs_span name, size_t *i);

#endif

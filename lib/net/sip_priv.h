/* SPDX-License-Identifier: MIT */
/* What sip, stream and scrub share. */
#ifndef GSPROV_NET_SIP_PRIV_H
#define GSPROV_NET_SIP_PRIV_H

#include "sip.h"

/* ---- scrub: one pass over bytes in their order */

/* What was seen just before; zeroed: nothing. */
struct gs_scrub {
	uint64_t last; /* the last eight bytes */
	uint8_t savp; /* bytes of "SAVP" that were seen */
	uint8_t key; /* enum gs_scrub_key */
};

enum gs_scrub_key {
	GS_SCRUB_TEXT,
	GS_SCRUB_BEFORE_KEY, /* behind "inline:" */
	GS_SCRUB_IN_KEY,
};

/* n bytes from at become c. */
struct gs_edit {
	uint32_t at;
	uint16_t n;
	char c;
};

/* Calls edit for every change to p; at counts from at. */
void gs_scrub_run(struct gs_scrub *s, const uint8_t *p, size_t n, uint32_t at,
    void (*edit)(void *arg, const struct gs_edit *e), void *arg);

/* Changes a payload that stands for itself; rest: it may begin inside of a
 * key. Returns how many bytes changed. */
size_t gs_scrub_whole(uint8_t *payload, size_t n, bool rest);

/* ---- messages in bytes */

enum gs_sip_start { GS_SIP_NO, GS_SIP_YES, GS_SIP_MAYBE /* too few bytes */ };

enum gs_sip_start gs_sip_start(struct gs_span s);

/* Looks for the end of the header in s, from *scan on, which is moved.
 * Returns the body's offset, 0: not there. */
size_t gs_sip_header_end(struct gs_span s, size_t *scan);

/* The Content-Length of a header. False: none. */
bool gs_sip_length(struct gs_span header, uint64_t *v);

/* ---- stream: TCP */

struct gs_streams;

struct gs_streams *
gs_streams_new(const struct gs_sip_sink *sink, struct gs_sip_counts *counts);
void gs_streams_free(struct gs_streams *t);
bool gs_streams_feed(
    struct gs_streams *t, const struct gs_packet *p, const struct gs_frame *f);
void gs_streams_end(struct gs_streams *t);
size_t gs_streams_scrub(
    struct gs_streams *t, const struct gs_frame *f, uint8_t *payload);

#endif

/* SPDX-License-Identifier: MIT */
/* Keys in text, by the words before them: what must be blanked of it. */
#ifndef GSPROV_NET_MARKS_PRIV_H
#define GSPROV_NET_MARKS_PRIV_H

#include "net/secrets_priv.h"

enum {
	GS_MARKS_MAX = 512 * 1024, /* bytes of one text */
	GS_MARKS_KEY = 'X', /* a key: Wireshark still reads the SDP */
	GS_MARKS_DARK = '.', /* what cannot be judged */
	GS_MARKS_ENDLESS = -1, /* encoded data of unknown length */
};

/* Calls back for each n bytes of the text from at on that become c; the
 * same bytes may come twice. */
struct gs_net_marks_sink {
	void (*edit)(void *arg, size_t at, size_t n, int c);
	void *arg;
};

struct gs_net_marks_found {
	bool talks; /* is or was SIP, SDP or settings */
	int64_t dark; /* bytes after it that are encoded as well */
};

struct gs_net_marks;

/* NULL if out of memory. Keys are added to secrets, and searched from
 * there. */
struct gs_net_marks *gs_net_marks_new(struct gs_net_secrets *secrets);

/* Wipes and frees; m may be NULL. */
void gs_net_marks_free(struct gs_net_marks *m);

/* Reads p, bytes without a gap, whatever they are: keys behind "inline:", "k=",
 * "key-mgmt:", "response=", "rspauth=" and "user_pass", in any case, also where
 * a line is folded, a body is chunked, or characters are escaped (%0A, \u000a,
 * &#10;); what gs_net_secrets knows; bodies that are compressed or encoded. In
 * m= lines "RTP/SAVP" becomes "RTP/AVP ". Returns 0, or -1 if out of memory. */
int gs_net_marks_scan(struct gs_net_marks *m, const uint8_t *p, size_t n,
    const struct gs_net_marks_sink *sink, struct gs_net_marks_found *found);

/* Blanks compressed chunks of p, which begins with "HEP3". */
void gs_net_marks_hep(const uint8_t *p, size_t n,
    const struct gs_net_marks_sink *sink);

/* After a gap: the number of bytes of p that may belong to what was before, up
 * to a line that begins with a name; n: all of them. */
size_t gs_net_marks_resume(const uint8_t *p, size_t n);

/* Whether p begins with the start line of a protocol that has such text. */
bool gs_net_marks_begins(const uint8_t *p, size_t n);

/* Whether p begins something without SIP: binary data, HTTP. */
bool gs_net_marks_is_other(const uint8_t *p, size_t n);

/* Whether p reads as text. */
bool gs_net_marks_is_text(const uint8_t *p, size_t n);

#endif

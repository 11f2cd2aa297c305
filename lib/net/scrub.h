/* SPDX-License-Identifier: MIT */
/* The scrubber: no key in any frame of a capture that is written. */
#ifndef GSPROV_NET_SCRUB_H
#define GSPROV_NET_SCRUB_H

#include "base/buf.h"
#include "net/counts.h"

struct gs_err;
struct gs_net_frame;
struct gs_net_packet;

struct gs_net_scrub;

/* NULL if out of memory. */
struct gs_net_scrub *gs_net_scrub_new(struct gs_err *err) GS_MUST;

/* Wipes and frees; s may be NULL. */
void gs_net_scrub_free(struct gs_net_scrub *s);

/* Adds the octets of a key that must not be written in any form. */
void gs_net_scrub_key(struct gs_net_scrub *s, const uint8_t *p, size_t n);

/* First pass over a capture, in the order of packets: learns keys from frame f
 * of packet p, and what to blank of TCP, where segments that come later tell
 * what the bytes before them are. Returns 0, or -1 if out of memory. */
int gs_net_scrub_learn(struct gs_net_scrub *s, const struct gs_net_packet *p,
    const struct gs_net_frame *f, struct gs_err *err) GS_MUST;

/* Ends the first pass. */
int gs_net_scrub_learned(struct gs_net_scrub *s, struct gs_err *err) GS_MUST;

/* Blanks frame, a copy of f->p (f->n octets) that is to be written. No eight
 * characters in a row of a key are left in it: of keys that were added or
 * learned, and of what stands behind "inline:", "k=", "key-mgmt:", "response=",
 * "rspauth=" or in user_pass, in base64, hexadecimal or escaped, whatever
 * carries it; in TCP and WebSocket also where segments, frames, chunks or
 * folded lines cut it. A key becomes as many 'X'. What cannot be judged becomes
 * as many '.', its ends of lines stay: bodies that are compressed or encoded,
 * frames of link types that are not read, pieces of incomplete datagrams that
 * hold eight characters which could be of a key, and segments behind a gap. In
 * m= lines "RTP/SAVP" becomes "RTP/AVP ", and so does "UDP/TLS/RTP/SAVP", with
 * blanks. Lengths stay and checksums are right. Without a first pass, or behind
 * its end, what is known by then counts, and a segment that overtakes others of
 * a flow with SIP cannot be judged. Returns 0, or -1 if out of memory; *changed
 * says whether frame was written to; if not, it still is f->p. */
int gs_net_scrub_frame(struct gs_net_scrub *s, const struct gs_net_packet *p,
    const struct gs_net_frame *f, uint8_t *frame, bool *changed,
    struct gs_err *err) GS_MUST;

/* The same for a text outside of frames, such as one that was encrypted: to is
 * a copy of it. Returns 0, or -1 if out of memory. */
int gs_net_scrub_text(struct gs_net_scrub *s, struct gs_span text, uint8_t *to,
    struct gs_err *err) GS_MUST;

struct gs_net_scrub_counts gs_net_scrub_counts(const struct gs_net_scrub *s);

#endif

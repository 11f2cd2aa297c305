/* SPDX-License-Identifier: MIT */
/* SIP from TLS as made-up TCP segments, or from HEP as datagrams: programs
 * that read the capture then see the calls. */
#ifndef GSPROV_NET_CLEAR_H
#define GSPROV_NET_CLEAR_H

#include "base/diag.h"

struct gs_net_frame;
struct gs_net_packet;
struct gs_net_scrub;
struct gs_net_sip_message;

enum {
	GS_CLEAR_PORT = 5060, /* of the server */
	GS_CLEAR_SEGMENT = 32768, /* most octets of one */
};

struct gs_net_clear;

/* NULL if out of memory. */
struct gs_net_clear *gs_net_clear_new(struct gs_err *err) GS_MUST;

/* Wipes and frees; c may be NULL. */
void gs_net_clear_free(struct gs_net_clear *c);

/* Call this before frame f of p is read: messages that it opens get its time,
 * and its headers below TCP. */
void gs_net_clear_place(struct gs_net_clear *c, const struct gs_net_packet *p,
    const struct gs_net_frame *f);

/* Adds a message of a connection that a layer opened. Its keys are blanked,
 * unless scrub is NULL. Returns 0, or -1 if out of memory. */
int gs_net_clear_take(struct gs_net_clear *c,
    const struct gs_net_sip_message *m, struct gs_net_scrub *scrub,
    struct gs_err *err) GS_MUST;

/* The next segment or datagram to write, borrowed until the next call. False:
 * no more. A connection begins with SYN. Messages in HEP go between the
 * addresses that HEP names; one whose version of IP is not that of the capture
 * is left out if the link layer does not name the version. */
bool gs_net_clear_next(struct gs_net_clear *c, struct gs_net_packet *p,
    struct gs_net_frame *f);

/* The number of messages that were left out. */
uint64_t gs_net_clear_lost(const struct gs_net_clear *c);

/* Drops what was taken. */
void gs_net_clear_forget(struct gs_net_clear *c);

#endif

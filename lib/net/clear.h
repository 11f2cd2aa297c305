/* SPDX-License-Identifier: MIT */
/* SIP that came in TLS, as segments of TCP that were never sent, or of HEP as
 * datagrams: what reads the capture that they are written to sees the calls. */
#ifndef GSPROV_NET_CLEAR_H
#define GSPROV_NET_CLEAR_H

#include "../base/diag.h"

struct gs_net_frame;
struct gs_net_packet;
struct gs_net_scrub;
struct gs_net_sip_message;

enum {
	GS_CLEAR_PORT = 5060, /* of the server: who was connected to */
	GS_CLEAR_SEGMENT = 32768, /* octets of one at most */
};

struct gs_net_clear;

/* NULL without memory. */
struct gs_net_clear *gs_net_clear_new(struct gs_err *err) GS_MUST;

/* Wipes and frees; c may be NULL. */
void gs_net_clear_free(struct gs_net_clear *c);

/* f of p is read next: what is opened by it takes its place, and its headers
 * below TCP. */
void gs_net_clear_place(struct gs_net_clear *c, const struct gs_net_packet *p,
    const struct gs_net_frame *f);

/* Takes a message of a connection that a layer opened; its keys are blanked,
 * unless scrub is NULL. Returns 0, or -1 without memory. */
int gs_net_clear_take(struct gs_net_clear *c,
    const struct gs_net_sip_message *m, struct gs_net_scrub *scrub,
    struct gs_err *err) GS_MUST;

/* The next segment or datagram that is to be written, borrowed until the next
 * call. False: no more. A connection begins with SYN. What HEP sends is between
 * the addresses that it names, if some TCP came over their version of IP. */
bool gs_net_clear_next(struct gs_net_clear *c, struct gs_net_packet *p,
    struct gs_net_frame *f);

/* What was taken is not to be written. */
void gs_net_clear_forget(struct gs_net_clear *c);

#endif

/* SPDX-License-Identifier: MIT */
/* Live capture of an interface, and BPF filters, by libpcap. */
#ifndef GSPROV_NET_LIVE_H
#define GSPROV_NET_LIVE_H

#include "capture.h"

struct gs_net_filter;

/* A filter in the language of pcap-filter(7) for packets from files; it is
 * compiled at once for the link types that are read, so that names in it are
 * looked up, and for another one when its first packet comes. NULL: err
 * says what is wrong with expression (checked for Ethernet and raw IP), or
 * no memory. */
struct gs_net_filter *gs_net_filter_new(const char *expression,
    struct gs_err *err) GS_MUST;

/* Whether p passes. Returns 1, 0, or -1: the expression has no meaning for
 * p's link type, or more than 64 link types. */
int gs_net_filter_match(struct gs_net_filter *f, const struct gs_net_packet *p,
    struct gs_err *err) GS_MUST;

/* f may be NULL. */
void gs_net_filter_free(struct gs_net_filter *f);

struct gs_net_live;

/* Captures on interface (a name, or "any") whole packets that pass filter
 * (NULL: all), with nanoseconds where the kernel has them. NULL: err says
 * why, often that this needs root or CAP_NET_RAW. */
struct gs_net_live *gs_net_live_open(const char *interface, const char *filter,
    struct gs_err *err) GS_MUST;

enum { GS_LIVE_WAIT_MS = 100 };

/* The next packet, borrowed until the next call. Returns 1; 0 when none
 * came for GS_LIVE_WAIT_MS (or a signal did), so that the caller may look at
 * its flags and flush; -1 on an error, such as the interface going away. */
int gs_net_live_next(struct gs_net_live *l, struct gs_net_packet *p,
    struct gs_err *err) GS_MUST;

/* Whether a packet waits already. */
bool gs_net_live_ready(struct gs_net_live *l);

struct gs_net_capture_format gs_net_live_format(const struct gs_net_live *l);

/* Packets that the kernel received for us and those that it dropped for
 * lack of room, there and in the interface. Returns 0 or -1. */
int gs_net_live_counts(struct gs_net_live *l, uint64_t *received,
    uint64_t *dropped, struct gs_err *err) GS_MUST;

/* l may be NULL. */
void gs_net_live_close(struct gs_net_live *l);

/* Puts the name and version of the libpcap that is in use. */
void gs_net_live_library(struct gs_buf *b);

#endif

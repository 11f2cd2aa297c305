/* SPDX-License-Identifier: MIT */
/* Live capture of an interface, and BPF filters, by libpcap. */
#ifndef GSPROV_NET_LIVE_H
#define GSPROV_NET_LIVE_H

#include "net/capture.h"

struct gs_net_filter;

/* A filter in the language of pcap-filter(7) for packets from files. It is
 * compiled at once for the usual link types, so that names in it are looked
 * up, and for another one when its first packet comes. NULL: err tells what is
 * wrong with expression (checked for Ethernet and raw IP), or out of
 * memory. */
struct gs_net_filter *gs_net_filter_new(const char *expression,
    struct gs_err *err) GS_MUST;

/* Whether p matches. Returns 1, 0, or -1 if the expression has no meaning for
 * p's link type, or there are more than 64 link types. */
int gs_net_filter_match(struct gs_net_filter *f, const struct gs_net_packet *p,
    struct gs_err *err) GS_MUST;

/* f may be NULL. */
void gs_net_filter_free(struct gs_net_filter *f);

struct gs_net_live;

/* Captures whole packets that pass filter (NULL: all) on interface (a name, or
 * "any"), with nanoseconds if the kernel has them. NULL: err tells why, often
 * that this requires root or CAP_NET_RAW. */
struct gs_net_live *gs_net_live_open(const char *interface, const char *filter,
    struct gs_err *err) GS_MUST;

enum { GS_LIVE_WAIT_MS = 100 };

/* The next packet, borrowed until the next call. Returns 1; 0 if none came for
 * GS_LIVE_WAIT_MS, or a signal did, so that the caller can check its flags and
 * flush; -1 on an error, for example because the interface has gone. */
int gs_net_live_next(struct gs_net_live *l, struct gs_net_packet *p,
    struct gs_err *err) GS_MUST;

/* Whether a packet is waiting. */
bool gs_net_live_ready(struct gs_net_live *l);

struct gs_net_capture_format gs_net_live_format(const struct gs_net_live *l);

/* Packets that the kernel received, and those that it or the interface dropped
 * for lack of room. Returns 0 or -1. */
int gs_net_live_counts(struct gs_net_live *l, uint64_t *received,
    uint64_t *dropped, struct gs_err *err) GS_MUST;

/* l may be NULL. */
void gs_net_live_close(struct gs_net_live *l);

/* Appends name and version of libpcap. */
void gs_net_live_library(struct gs_buf *b);

#endif

/* SPDX-License-Identifier: MIT */
/* A connection to the first of a host's addresses that accepts one. */
#ifndef GSPROV_CERT_DIAL_H
#define GSPROV_CERT_DIAL_H

#include "base/buf.h"

/* Connects by TCP, IPv6 or IPv4. While an address does not answer, the next one
 * is tried beside it (RFC 8305), so that none uses up the time of the others.
 * timer is a timerfd for all of it, name service too; when time is up, the
 * thread that waits for a name goes on, with memory of its own.
 * Returns a non-blocking socket, or -1 with the reason in why. */
int gs_cert_dial(const char *host, const char *port, int timer, char *why,
    size_t size) GS_MUST;

#endif

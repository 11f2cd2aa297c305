/* SPDX-License-Identifier: MIT */
/* The DHCP lines that send phones to their settings. */
#ifndef GSPROV_SNOM_DHCP_H
#define GSPROV_SNOM_DHCP_H

#include "base/buf.h"

struct gs_err;
struct gs_snom_params;

enum gs_snom_dhcp { GS_DHCP_DNSMASQ, GS_DHCP_ISC };

/* Appends lines for a DHCP server: options 66 and 67 from base_url, 42 from
 * ntp_server if it is an IPv4 address. Returns 0, or -1 if base_url contains a
 * character that such a file does not allow. */
int gs_snom_dhcp_put(const struct gs_snom_params *p, enum gs_snom_dhcp kind,
    struct gs_buf *out, struct gs_err *err) GS_MUST;

#endif

/* SPDX-License-Identifier: MIT */
/* How a message was carried, as the text beside it tells: members of JSON, and
 * columns. */
#ifndef GSPROV_TEXT_CARRIER_PRIV_H
#define GSPROV_TEXT_CARRIER_PRIV_H

#include "sdp/sdp.h"

struct gs_text_reader;

/* The transport that a member or a column names: "udp" or 17 if its name is
 * such as "proto", or "udp:192.0.2.1:5060", whatever its name is. */
enum gs_sdp_transport gs_text_member_transport(struct gs_span name,
    struct gs_span value);

/* Reads the columns in l, which precede a message on its line. */
void gs_text_carrier_before(struct gs_text_reader *t,
    const struct gs_sdp_line *l);

/* Reads l if it is what follows a message in its record: a quote and more
 * columns, or a column of its own, as mysql's \G writes it. */
void gs_text_carrier_behind(struct gs_text_reader *t,
    const struct gs_sdp_line *l);

#endif

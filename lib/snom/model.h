/* SPDX-License-Identifier: MIT */
/* MAC addresses, and the limits of phone models. */
#ifndef GSPROV_SNOM_MODEL_H
#define GSPROV_SNOM_MODEL_H

#include "base/buf.h"

struct gs_err;

enum {
	GS_SNOM_IDENTITIES = 12, /* of the dialect, idx 1 to 12 */
	GS_SNOM_KEYS = 138, /* GS5: 12 keys and 3 modules of 42, idx from 0 */
	GS_SNOM_PREFIXES = 12,
};

/* A model: its name, the fourth octets after 00:04:13 that belong to it, and
 * its limits. */
struct gs_snom_model {
	char name[24];
	uint8_t octet[GS_SNOM_PREFIXES];
	unsigned octets;
	unsigned identities;
	unsigned keys;
};

/* The built-in table; n entries. */
extern const struct gs_snom_model gs_snom_models[];
extern const size_t gs_snom_models_count;

/* Reads "NAME OCTET[,OCTET...]|- IDENTITIES KEYS". Returns 0 or -1. */
int gs_snom_model_parse(struct gs_snom_model *m, const char *text,
    struct gs_err *err) GS_MUST;

/* Whether name means this model, ignoring case, a leading "snom" and blanks
 * ("Snom 370", "snom370", "370"). */
bool gs_snom_model_is(const struct gs_snom_model *m, struct gs_span name);

/* Whether the MAC belongs to this model. */
bool gs_snom_model_has_mac(const struct gs_snom_model *m, uint64_t mac);

/* Reads a MAC address: twelve hexadecimal digits, without separators, in pairs
 * with ":" or "-", or in fours with ".". Returns 0, or -1 if it is not one. */
int gs_snom_mac_parse(struct gs_span s, uint64_t *mac) GS_MUST;

/* Writes the twelve digits in upper case, as the phone expands {mac}, and
 * a NUL. */
void gs_snom_mac_format(uint64_t mac, char text[13]);

/* Whether the MAC address is in a range of Snom: 00:04:13, DECT 00:08:7B. */
bool gs_snom_mac_is_snom(uint64_t mac);

#endif

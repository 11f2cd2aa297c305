/* SPDX-License-Identifier: MIT */
/* The keys that a caller has collected, and the texts that they come from. */
#ifndef GSPROV_API_KEYS_PRIV_H
#define GSPROV_API_KEYS_PRIV_H

#include "base/buf.h"
#include "api/gsprov.h"

struct gs_calls_holder;
struct gs_err;
struct gs_srtp_keyring;
struct gs_srtp_keytext;

enum {
	GSPROV_KEYS_TEXT = 64 * 1024 * 1024, /* bytes of all texts */
	GSPROV_KEYS_PASS = 1024,
};

/* One text, and where it begins among all of them. */
struct gsprov_keys_source {
	char *name;
	size_t at;
};

struct gsprov_keys {
	struct gs_srtp_keyring *ring;
	struct gs_srtp_keytext *reader;
	struct gs_calls_holder *holder; /* of those of TLS */
	struct gs_buf pass; /* phrase of private keys */
	struct gs_buf text; /* of all, without keys of TLS */
	struct gsprov_keys_source *source;
	size_t sources;
	size_t size;
};

/* The text of source i. */
struct gs_span gsprov_keys_text(const struct gsprov_keys *k, size_t i);

/* The keys that open TLS in a capture: those of k, or an empty holder if k is
 * NULL, which the caller frees. NULL, with err filled, on failure. */
struct gs_calls_holder *gsprov_keys_holder(const struct gsprov_keys *k,
    struct gs_err *err) GS_MUST;

#endif

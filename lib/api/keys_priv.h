/* SPDX-License-Identifier: MIT */
/* The keys that a caller has collected, and the texts that they come from. */
#ifndef GSPROV_API_KEYS_PRIV_H
#define GSPROV_API_KEYS_PRIV_H

#include "../base/buf.h"
#include "gsprov.h"

struct gs_srtp_keyring;
struct gs_srtp_keytext;

enum { GSPROV_KEYS_TEXT = 64 * 1024 * 1024 }; /* bytes of all texts */

/* One text: from where on it stands among all. */
struct gsprov_keys_source {
	char *name;
	size_t at;
};

struct gsprov_keys {
	struct gs_srtp_keyring *ring;
	struct gs_srtp_keytext *reader;
	struct gs_buf text; /* of all */
	struct gsprov_keys_source *source;
	size_t sources;
	size_t size;
};

/* The text of source i. */
struct gs_span gsprov_keys_text(const struct gsprov_keys *k, size_t i);

#endif

/* SPDX-License-Identifier: MIT */
/* One identity's part of the secure chain: registrar, proxy, SRTP. */
#ifndef GSPROV_SNOM_IDENTITY_H
#define GSPROV_SNOM_IDENTITY_H

#include "snom/url.h"

struct gs_snom_doc;
struct gs_snom_setting;

/* The value of a setting with few values. */
enum gs_snom_word {
	GS_WORD_UNSET, /* missing or empty */
	GS_WORD_BAD, /* none of the words */
	GS_WORD_ON,
	GS_WORD_OFF,
	GS_WORD_OPTIONAL,
	GS_WORD_MANDATORY,
};

struct gs_snom_identity {
	uint32_t idx;
	bool active;
	bool off; /* user_active says so */
	bool media_only; /* only media settings: on by default */
	const struct gs_snom_setting *state; /* user_active */
	bool state_bad; /* neither on nor off; taken as on */
	const struct gs_snom_setting *host, *outbound, *name, *srtp, *savp,
	    *tag;
	/* Of a base's server, instead of the proxy's; else NULL. */
	const struct gs_snom_setting *transport;
	struct gs_span host_text, outbound_text; /* trimmed */
	struct gs_snom_proxy registrar; /* user_host, parsed */
	struct gs_snom_proxy proxy; /* user_outbound, parsed */
	enum gs_snom_word srtp_word, savp_word, tag_word;
	bool tls; /* the deciding one of the two has tls */
	bool backup_plain; /* a later proxy of the list does not have it */
	/* Every duplicate of them says transport=tls, for all proxies of a
	 * list, and no perm keeps another value; the same of SRTP and SAVP. */
	bool tls_sure, srtp_sure;
};

/* Reads identity idx. Returns false if the file has no setting of it. */
bool gs_snom_identity_read(struct gs_snom_identity *id,
    const struct gs_snom_doc *d, uint32_t idx);

/* The setting that decides about the proxy, user_outbound before user_host,
 * and what it says. */
const struct gs_snom_setting *gs_snom_identity_decides(
    const struct gs_snom_identity *id);
const struct gs_snom_proxy *gs_snom_identity_proxy(
    const struct gs_snom_identity *id);

/* The value of a setting: on and off, and for savp also optional and
 * mandatory. Blanks around it do not count, its case does. s may be NULL. */
enum gs_snom_word gs_snom_word_of(const struct gs_snom_setting *s, bool savp);

/* Whether the phone will have the value: is() is true for s and all its
 * duplicates, any of which the phone may use, and no perm keeps another value.
 * True if s is NULL. */
bool gs_snom_is_sure(const struct gs_snom_doc *d,
    const struct gs_snom_setting *s,
    bool (*is)(const struct gs_snom_setting *s));

/* Whether the value is on. */
bool gs_snom_is_on(const struct gs_snom_setting *s);

/* Whether this perm keeps what the user has set, whatever the file says
 * (service.snom.com: Permission Flags); s may be NULL. */
bool gs_snom_perm_is_kept(const struct gs_snom_setting *s);

/* Whether p names TLS, by its transport or by sips: without one. */
bool gs_snom_proxy_is_tls(const struct gs_snom_proxy *p);

/* Whether this perm lets the user change the setting; s may be NULL. */
bool gs_snom_perm_is_writable(const struct gs_snom_setting *s);

#endif

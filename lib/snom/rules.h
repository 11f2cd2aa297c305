/* SPDX-License-Identifier: MIT */
/* The rules of the Snom wing: every finding of gs-snomcfg is one of these. */
#ifndef GSPROV_SNOM_RULES_H
#define GSPROV_SNOM_RULES_H

#include "base/diag.h"

/* Index into gs_snom_rules.rule; GS_S_X_Y is the rule "x-y". The word
 * before the first "-" is the link of the chain that the rule is about; a URL
 * is a matter of provisioning. */
enum gs_snom_rule {
	GS_S_PROV_SCHEME_PORT,
	GS_S_PROV_PLAIN,
	GS_S_PROV_URL,
	GS_S_PROV_CREDENTIALS,
	GS_S_PROV_NO_SERVER,
	GS_S_PROV_PNP,
	GS_S_PROV_NOTIFY,
	GS_S_URL_FOREIGN,

	GS_S_SIP_NOT_TLS,
	GS_S_SIP_TRANSPORT,
	GS_S_SIP_TRANSPORT_MISSING,
	GS_S_SIP_SPELLING,
	GS_S_SIP_PORT,
	GS_S_SIP_PORT_MISSING,
	GS_S_SIP_LIST,
	GS_S_SIP_FAILOVER,
	GS_S_SIP_PREFIX,
	GS_S_SIP_NO_HOST,
	GS_S_SIP_HOST,
	GS_S_SIP_REGISTRAR,
	GS_S_SIP_HOST_TRANSPORT,
	GS_S_SIP_UNLOCKED,
	GS_S_SIP_FILTER,
	GS_S_SIP_STRAY,
	GS_S_SIP_INACTIVE,
	GS_S_SIP_ACTIVE,
	GS_S_SIP_NO_IDENTITY,
	GS_S_SIP_IDLE_TEXT,

	GS_S_MEDIA_VALUE,
	GS_S_MEDIA_BLANK,
	GS_S_MEDIA_SAVP_OFF,
	GS_S_MEDIA_OPTIONAL,
	GS_S_MEDIA_SAVP_NO_EFFECT,
	GS_S_MEDIA_NOT_ENCRYPTED,
	GS_S_MEDIA_UNSET,
	GS_S_MEDIA_TAG_32,
	GS_S_MEDIA_KEY_CLEAR,
	GS_S_MEDIA_UNLOCKED,

	GS_S_TRUST_ELEMENT,
	GS_S_TRUST_FORMAT,
	GS_S_TRUST_PLAIN,
	GS_S_TRUST_HOST,
	GS_S_TRUST_UNVERIFIED,
	GS_S_TRUST_NO_ROLLOUT,
	GS_S_TRUST_TWO_STAGES,
	GS_S_TRUST_CLOCK,
	GS_S_TRUST_VALUE,
	GS_S_TRUST_NAME,
	GS_S_TRUST_UNLOCKED,

	GS_S_FILE_XML,
	GS_S_FILE_DIALECT,
	GS_S_FILE_SECTION,
	GS_S_FILE_DOCTYPE,
	GS_S_FILE_ENCODING,
	GS_S_FILE_PRIVATE_KEY,
	GS_S_FILE_PASSWORD,
	GS_S_FILE_PASSWORD_SAME,
	GS_S_FILE_PERM,
	GS_S_FILE_PERM_MISSING,
	GS_S_FILE_PERM_KEPT,
	GS_S_FILE_DUPLICATE,
	GS_S_FILE_INDEX,
	GS_S_FILE_KEY_LOCKED,
	GS_S_FILE_VALUE,
	GS_S_FILE_NAME,
	GS_S_FILE_E,
	GS_S_FILE_PHONE_TYPE,
	GS_S_FILE_WEB_PLAIN,
	GS_S_FILE_QUIET,
	GS_S_FILE_INJECTED,
	GS_S_FILE_PARAMETER,

	GS_S_DATA_ROW,
	GS_S_DATA_BYTES,
	GS_S_DATA_CR,
	GS_S_DATA_MAC,
	GS_S_DATA_MAC_VENDOR,
	GS_S_DATA_MODEL,
	GS_S_DATA_VISION,
	GS_S_DATA_HOST,
	GS_S_DATA_IDENTITIES,
	GS_S_DATA_LIMIT,
	GS_S_DATA_ORDER,
	GS_S_DATA_EMPTY,
	GS_S_DATA_KEY,
	GS_S_DATA_KEY_DUPLICATE,
	GS_S_DATA_PROVISIONING_KEY,
	GS_S_DATA_NO_KEYS,
	GS_S_DATA_COLUMN,
	GS_S_DATA_PARAMETER,
	GS_S_DATA_COMMENT,
	GS_S_COUNT
};

extern const struct gs_rules gs_snom_rules;

/* Adds a finding about a line of a table; d may be NULL. */
void gs_snom_say(struct gs_diags *d, enum gs_snom_rule rule, uint64_t line,
    const char *fmt, ...) GS_PRINTF(4, 5);

/* The links, in the order of the chain. */
enum gs_snom_link {
	GS_LINK_PROVISIONING,
	GS_LINK_SIGNALLING,
	GS_LINK_MEDIA,
	GS_LINK_TRUST,
	GS_LINK_HYGIENE,
	GS_LINK_DATA, /* rows, not settings */
	GS_LINK_COUNT
};

/* "provisioning" and so on. */
const char *gs_snom_link_name(enum gs_snom_link link);
const char *gs_snom_link_name_of(const struct gs_rule *rule);
enum gs_snom_link gs_snom_link_of(const struct gs_rule *rule);

/* Reads names of links separated by commas, or "none", as bits by enum
 * gs_snom_link. Returns 0, or -1 for an unknown name: err says which there
 * are. */
int gs_snom_links_parse(const char *names, unsigned *links,
    struct gs_err *err) GS_MUST;

/* What --check requires by default. */
#define GS_SNOM_REQUIRED (1u << GS_LINK_SIGNALLING | 1u << GS_LINK_MEDIA)

#endif

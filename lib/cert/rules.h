/* SPDX-License-Identifier: MIT */
/* The rules of the certificate wing: every finding of gs-certgen is one. */
#ifndef GSPROV_CERT_RULES_H
#define GSPROV_CERT_RULES_H

struct gs_rules;

/* Index into gs_cert_rules.rule; GS_CERT_R_X_Y is the rule "x-y". */
enum gs_cert_rule {
	GS_CERT_R_CERT_EXPIRED,
	GS_CERT_R_CERT_NOT_YET_VALID,
	GS_CERT_R_CERT_EXPIRES_SOON,
	GS_CERT_R_NAME_MISSING,
	GS_CERT_R_NAME_MANY,
	GS_CERT_R_ADDRESS_MISSING,
	GS_CERT_R_DIGEST_WEAK,
	GS_CERT_R_KEY_WEAK,
	GS_CERT_R_KEY_LARGE,
	GS_CERT_R_KEY_EC,
	GS_CERT_R_KEY_UNUSABLE,
	GS_CERT_R_LEAF_IS_CA,
	GS_CERT_R_USAGE_SERVER,
	GS_CERT_R_SHARED_KEY,
	GS_CERT_R_CHAIN_INCOMPLETE,
	GS_CERT_R_CHAIN_UNUSED,
	GS_CERT_R_CHAIN_NOT_CA,
	GS_CERT_R_CHAIN_WEAK,
	GS_CERT_R_CHAIN_REFUSED,
	GS_CERT_R_CHAIN_EXPIRED,
	GS_CERT_R_CHAIN_EXPIRES_SOON,
	GS_CERT_R_IMPORT_NO_CERTIFICATE,
	GS_CERT_R_IMPORT_DAMAGED,
	GS_CERT_R_IMPORT_KEY_INSIDE,
	GS_CERT_R_IMPORT_NO_KEY,
	GS_CERT_R_IMPORT_KEY_MISMATCH,
	GS_CERT_R_SET_MISSING,
	GS_CERT_R_PAIR_MISMATCH,
	GS_CERT_R_KEY_LOCKED,
	GS_CERT_R_KEY_DAMAGED,
	GS_CERT_R_CERT_DAMAGED,
	GS_CERT_R_MODE_WIDE,
	GS_CERT_R_KEY_PUBLIC,
	GS_CERT_R_KEY_EXPOSED,
	GS_CERT_R_COPY_DIFFERS,
	GS_CERT_R_CAFILE_DIFFERS,
	GS_CERT_R_LINK_WRONG,
	GS_CERT_R_LINK_BROKEN,
	GS_CERT_R_PLACE_IS_FOLDER,
	GS_CERT_R_UNREADABLE,
	GS_CERT_R_UNFINISHED,
	GS_CERT_R_CSR_PENDING,
	GS_CERT_R_CSR_KEY_NEEDED,
	GS_CERT_R_OWNER_UNKNOWN,
	GS_CERT_R_OWNER_DENIED,
	GS_CERT_R_SIGNED_BY_OTHERS,
	GS_CERT_R_CA_KEY_MISSING,
	GS_CERT_R_CA_MISMATCH,
	GS_CERT_R_TRUST_CHANGED,
	GS_CERT_R_CLOCK_WRONG,
	GS_CERT_R_DTLS_KEY_SHORT,
	GS_CERT_R_OTHER_NAME,
	GS_CERT_R_LINKS_DISAGREE,
	GS_CERT_R_NOT_ADOPTED,
	GS_CERT_R_COUNT
};

extern const struct gs_rules gs_cert_rules;

/* How a run of gs-certgen removes a finding. */
enum gs_cert_mend {
	GS_MEND_NONE, /* no run does, or only in some places */
	GS_MEND_RUN, /* one that puts back what is missing or different */
	GS_MEND_RENEW, /* a new certificate for the key */
	GS_MEND_ADDRESS, /* the same, with an address as name */
	GS_MEND_NEW_KEY,
	GS_MEND_NEW_KEY_RSA, /* of another kind than the one in place */
	GS_MEND_NEW_KEY_LONG,
	GS_MEND_NEW_CA,
	GS_MEND_SWITCH, /* take this name into service */
	GS_MENDS
};

/* What removes a finding of rule r, if anything does. */
enum gs_cert_mend gs_cert_mend(enum gs_cert_rule r);

/* The options of such a run. */
const char *gs_cert_mend_options(enum gs_cert_mend mend);

#endif

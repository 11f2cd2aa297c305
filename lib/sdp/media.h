/* SPDX-License-Identifier: MIT */
/* Shared by the checks of one SDP and of a pair: the protection of an m= line,
 * and sets of keys. */
#ifndef GSPROV_SDP_MEDIA_H
#define GSPROV_SDP_MEDIA_H

#include "sdp/sdes.h"

struct gs_sdp;
struct gs_sdp_attr;

/* What the protocol of an m= line is (RFC 8866 section 8.2.3). */
enum gs_sdp_proto {
	GS_PROTO_UNKNOWN,
	GS_PROTO_OTHER, /* known, and not RTP */
	GS_PROTO_RTP, /* the AVP and AVPF profiles */
	GS_PROTO_SRTP, /* SAVP and SAVPF */
	GS_PROTO_DTLS, /* SAVP and SAVPF, keyed by DTLS */
};

/* The attributes of one m= line, or of the session, that matter here. */
struct gs_sdp_media_facts {
	enum gs_sdp_proto proto;
	bool active; /* its port is not 0, or invalid */
	size_t cryptos; /* a=crypto lines */
	const struct gs_sdp_attr *fingerprint; /* of these, valid ones */
	bool fingerprint_weak; /* its hash is broken */
	const struct gs_sdp_attr *key_mgmt;
	const struct gs_sdp_line *key; /* the k= line */
	struct gs_span mid;
	struct gs_span setup; /* a=setup: active, passive, actpass */
	bool bundle_only;
	bool bundled; /* its keys are in m= line tagged (RFC 9143 7.1.3) */
	size_t tagged;
	bool acfg; /* RFC 5939: the profile may change */
	bool pcfg; /* and this may be chosen */
	bool tcap_savp; /* with SAVP among it */
	const struct gs_sdp_attr *acap_crypto; /* and a key for it */
	bool fec; /* it carries parity FEC (RFC 2733) */
	bool fec_apart; /* to another address or port */
};

/* Whether a protocol is one of SRTP, whatever its key exchange. */
bool gs_sdp_is_savp(struct gs_span proto);

/* How strong a fingerprint is (RFC 8122 section 5). */
enum gs_sdp_fingerprint {
	GS_FINGERPRINT_GOOD,
	GS_FINGERPRINT_WEAK, /* md5 or md2 */
	GS_FINGERPRINT_BAD, /* unknown hash, or wrong number of octets */
};
enum gs_sdp_fingerprint gs_sdp_fingerprint_of(struct gs_span value);

/* Whether the value of a=key-mgmt contains a message. */
bool gs_sdp_has_mikey(struct gs_span value);

/* Reads the session's attributes. */
void gs_sdp_session_facts(const struct gs_sdp *sdp,
    struct gs_sdp_media_facts *f);

/* Reads media i; fingerprint, key_mgmt and key are the session's if the media
 * has none of its own. */
void gs_sdp_media_facts(const struct gs_sdp *sdp,
    const struct gs_sdp_media_facts *session, size_t i,
    struct gs_sdp_media_facts *f);

/* Whether media a and b use one transport: the same address and port, or a
 * group BUNDLE (RFC 9143). */
bool gs_sdp_media_share(const struct gs_sdp *sdp, size_t a, size_t b);

/* A set of the first GS_KEY_SET keys: later ones are only compared with these.
 * Zero it before use. */
enum { GS_KEY_SET = 256 };

struct gs_sdp_key_set {
	struct gs_sdp_key_seen {
		uint64_t hash;
		const struct gs_sdp_line *line;
		size_t media;
		size_t n;
		uint8_t keysalt[GS_SDES_KEYSALT];
	} * key; /* room for all, or NULL before the first */
	size_t n;
};

/* The key's first occurrence in the set, or NULL. */
const struct gs_sdp_key_seen *gs_sdp_key_set_find(
    const struct gs_sdp_key_set *set, const struct gs_sdp_sdes_key *key);

/* Adds a decoded key; any other key, or one without room, is skipped. If memory
 * runs out, gs_memory_lost() reports it. */
void gs_sdp_key_set_add(struct gs_sdp_key_set *set,
    const struct gs_sdp_sdes_key *key, const struct gs_sdp_line *line,
    size_t media);

/* Wipes and frees; set is then empty. */
void gs_sdp_key_set_wipe(struct gs_sdp_key_set *set);

#endif

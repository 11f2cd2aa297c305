/* SPDX-License-Identifier: MIT */
/* SRTP and SRTCP of one packet: its layout and its session keys. */
#include "srtp/transform.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "srtp/cipher_priv.h"
#include "net/rtp.h"

enum {
	RTP_HEADER = 12,
	RTCP_HEADER = 8,
	RTCP_INDEX = 4,
};

/* Labels of the key derivation, RFC 3711 sections 4.3.1 and 4.3.2. */
enum { LABEL_RTP = 0, LABEL_RTCP = 3 };
enum { LABEL_CIPHER = 0, LABEL_AUTH = 1, LABEL_SALT = 2 };

/* The session keys of one use, RTP or RTCP. */
struct half {
	int label;
	bool ready;
	bool auth_ready; /* for its keys, at least that of hmac */
	uint64_t r; /* packet index DIV key derivation rate */
	struct gs_srtp_cipher_ctx *cipher;
	struct gs_srtp_hmac *hmac;
};

struct gs_srtp {
	struct gs_srtp_spec spec;
	bool keyed;
	struct gs_srtp_cipher_ctx *kdf; /* derives keys, with the master key and
					 * salt */
	struct half rtp;
	struct half rtcp;

	const uint8_t *p; /* the loaded packet */
	size_t n;
	size_t csrcs; /* octets after the fixed header that are encrypted */
	size_t from; /* where the other encrypted part begins */
	bool cryptex;
	struct gs_srtp_form form;
	bool is_hashed; /* rtp.hmac or rtp.cipher has hashed it, without the
			 * ROC */
	bool is_tried; /* with one ROC, and this key */
};

/* 48 bits. */
static void
put_index(uint8_t *p, uint64_t index)
{
	gs_put_be32(p, (uint32_t)(index >> 16));
	gs_put_be16(p + 4, (unsigned)index & 0xffff);
}

static bool
new_half(struct half *h, int label)
{
	h->label = label;
	h->cipher = gs_srtp_cipher_new();
	h->hmac = gs_srtp_hmac_new();
	return h->cipher != NULL && h->hmac != NULL;
}

static void
free_half(struct half *h)
{
	gs_srtp_cipher_free(h->cipher);
	gs_srtp_hmac_free(h->hmac);
}

struct gs_srtp *
gs_srtp_new(void)
{
	struct gs_srtp *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->kdf = gs_srtp_cipher_new();
	if (s->kdf == NULL || !new_half(&s->rtp, LABEL_RTP) ||
	    !new_half(&s->rtcp, LABEL_RTCP)) {
		gs_srtp_free(s);
		return NULL;
	}
	return s;
}

void
gs_srtp_free(struct gs_srtp *s)
{
	if (s == NULL)
		return;
	gs_srtp_cipher_free(s->kdf);
	free_half(&s->rtp);
	free_half(&s->rtcp);
	explicit_bzero(s, sizeof(*s));
	free(s);
}

/* ---- key derivation, RFC 3711 section 4.3 and RFC 6188 section 3 */

/* Octets of the master key as the derivation uses it. */
static size_t
derivation_key(const struct gs_srtp_spec *spec)
{
	/* 24 + 14 octets are split as if the key had 32. */
	return spec->legacy192 ? 32 : spec->key;
}

static bool
set_master(struct gs_srtp *s, const uint8_t *keysalt)
{
	const struct gs_srtp_spec *spec = &s->spec;
	size_t key = derivation_key(spec), n = spec->key + spec->salt - key;
	uint8_t salt[14] = { 0 };

	memcpy(spec->salt_left ? salt + 14 - n : salt, keysalt + key, n);
	bool ok = gs_srtp_cipher_set_key(s->kdf, GS_SRTP_CM, keysalt, key, salt,
	    sizeof(salt));

	explicit_bzero(salt, sizeof(salt));
	return ok;
}

/* Computes n octets (at most 32) of PRF(label, r). */
static bool
derive(struct gs_srtp *s, int label, uint64_t r, uint8_t *out, size_t n)
{
	static const uint8_t zeros[32];
	const struct gs_srtp_part part[2] = { { zeros, n, out }, { 0 } };

	return gs_srtp_cipher_counter(s->kdf, (uint64_t)label, r, part);
}

static bool
use_keys(const struct gs_srtp_spec *spec, struct half *h, const uint8_t *key,
    const uint8_t *salt)
{
	return gs_srtp_cipher_set_key(h->cipher, spec->cipher, key, spec->key,
	    salt, spec->salt);
}

/* The number of the derivation that gives the session keys of the packet
 * index. */
static uint64_t
derivation(const struct gs_srtp *s, uint64_t index)
{
	return s->spec.kdr > 0 ? index >> s->spec.kdr : 0;
}

/* Derives the authentication key for the packet index. */
static bool
derive_auth(struct gs_srtp *s, struct half *h, uint64_t index)
{
	uint64_t r = derivation(s, index);
	uint8_t auth[GS_HMAC];

	h->ready = h->auth_ready = s->is_hashed = s->is_tried = false;
	h->r = r;
	if (!s->keyed ||
	    !derive(s, h->label + LABEL_AUTH, r, auth, sizeof(auth)))
		return false;
	gs_srtp_hmac_set_key(h->hmac, auth);
	explicit_bzero(auth, sizeof(auth));
	h->auth_ready = true;
	return true;
}

/* Sets the authentication key, which is enough for a search. */
static inline bool
set_auth(struct gs_srtp *s, struct half *h, uint64_t index)
{
	return (h->auth_ready && h->r == derivation(s, index)) ||
	    derive_auth(s, h, index);
}

/* Derives the other keys for h->r. */
static bool
derive_others(struct gs_srtp *s, struct half *h)
{
	const struct gs_srtp_spec *spec = &s->spec;
	uint8_t key[32], salt[14];
	bool ok = derive(s, h->label + LABEL_CIPHER, h->r, key, spec->key) &&
	    derive(s, h->label + LABEL_SALT, h->r, salt, spec->salt) &&
	    use_keys(spec, h, key, salt);

	h->ready = ok;
	explicit_bzero(salt, sizeof(salt));
	explicit_bzero(key, sizeof(key));
	return ok;
}

/* Sets all session keys for the packet index. */
static inline bool
set_half(struct gs_srtp *s, struct half *h, uint64_t index)
{
	return set_auth(s, h, index) && (h->ready || derive_others(s, h));
}

/* Replaces the key by spec. */
static int
take_spec(struct gs_srtp *s, const struct gs_srtp_spec *spec,
    struct gs_err *err)
{
	bool gcm = spec->cipher == GS_SRTP_GCM;

	s->keyed = false;
	s->rtp.ready = s->rtp.auth_ready = false;
	s->rtcp.ready = s->rtcp.auth_ready = false;
	s->is_hashed = s->is_tried = false;
	s->p = NULL;
	s->spec = *spec;
	if (!gs_srtp_cipher_takes(spec->cipher, spec->key) || spec->kdr > 24 ||
	    spec->salt != (gcm ? 12 : 14) ||
	    (spec->legacy192 && spec->key != 24))
		return gs_err_set(err, "no such use of a %d-bit SRTP key",
		    8 * spec->key);
	return 0;
}

int
gs_srtp_set_key(struct gs_srtp *s, const struct gs_srtp_spec *spec,
    const uint8_t *keysalt, struct gs_err *err)
{
	if (take_spec(s, spec, err) == -1)
		return -1;
	s->keyed = set_master(s, keysalt);
	if (!s->keyed)
		return gs_err_set(err, "libcrypto refuses AES");
	return 0;
}

/* ---- authentication */

/* Octets after the payload. */
static size_t
trailer(struct gs_srtp_form form)
{
	return (size_t)form.tag + form.mki;
}

size_t
gs_srtp_mki_at(const struct gs_srtp *s, size_t n, struct gs_srtp_form form)
{
	/* RFC 7714 section 8: the tag is part of the ciphertext. */
	return n - form.mki - (s->spec.cipher == GS_SRTP_GCM ? 0 : form.tag);
}

enum gs_srtp_result
gs_srtp_load(struct gs_srtp *s, const uint8_t *p, size_t n, size_t header,
    struct gs_srtp_form form)
{
	bool gcm = s->spec.cipher == GS_SRTP_GCM;

	s->p = NULL;
	if (n > GS_CIPHER_MOST || header < RTP_HEADER || n < header ||
	    n - header < trailer(form) ||
	    form.tag > (gcm ? GS_GCM_TAG : GS_HMAC) || (gcm && form.tag < 4))
		return GS_SRTP_SHORT;
	s->p = p;
	s->n = n;
	s->form = form;
	s->is_hashed = s->is_tried = false;
	s->cryptex = !form.clear && gs_net_rtp_cryptex(p, header);
	s->csrcs = s->cryptex ? 4 * (size_t)(p[0] & 15) : 0;
	s->from = s->cryptex ? RTP_HEADER + s->csrcs + 4 : header;
	return GS_SRTP_OK;
}

static uint64_t
packet_index(const struct gs_srtp *s, uint32_t roc)
{
	return (uint64_t)roc << 16 | gs_be16(s->p + 2);
}

/* Hashes the packet for HMAC-SHA1 over packet || ROC (RFC 3711 section 4.2). */
static void
hash(struct gs_srtp *s, uint32_t roc)
{
	if (!s->is_hashed)
		gs_srtp_hmac_begin(s->rtp.hmac, s->p, s->n - trailer(s->form),
		    &roc);
	s->is_hashed = true;
}

static bool
verify_hmac(struct gs_srtp *s, uint32_t roc)
{
	hash(s, roc);
	return gs_srtp_hmac_fits(s->rtp.hmac, roc, s->p + s->n - s->form.tag,
	    s->form.tag);
}

/* ---- ciphers */

/* The IV of RFC 7714 sections 8.1 and 9.1: 0, SSRC, ROC or 0, SEQ. */
static void
put_gcm_iv(struct gs_srtp_sealed *d, uint32_t ssrc, uint64_t index)
{
	gs_put_be32(d->x + 2, ssrc);
	put_index(d->x + 6, index);
}

static enum gs_srtp_result
gcm_result(int answer)
{
	switch (answer) {
	case 1: return GS_SRTP_OK;
	case 0: return GS_SRTP_FAIL;
	default: return GS_SRTP_TROUBLE;
	}
}

/* ---- RTP */

/* The encrypted parts of the loaded packet: CSRCs hidden by RFC 9335, and all
 * that follows the header. */
static void
encrypted_parts(const struct gs_srtp *s, struct gs_srtp_part part[2])
{
	size_t end = s->n - trailer(s->form);

	part[0] = (struct gs_srtp_part){ s->p + RTP_HEADER, s->csrcs, NULL };
	part[1] = (struct gs_srtp_part){ s->p + s->from, end - s->from, NULL };
}

/* Copies the rest of the header, as it was before RFC 9335 changed it. */
static void
copy_header(const struct gs_srtp *s, uint8_t *out)
{
	size_t at = RTP_HEADER + s->csrcs;

	memcpy(out, s->p, RTP_HEADER);
	if (s->from > at)
		memcpy(out + at, s->p + at, s->from - at);
	if (!s->cryptex)
		return;
	/* c0de was bede, c2de was 1000: RFC 8285 section 4. */
	out[at + 1] = out[at] == 0xc0 ? 0xde : 0;
	out[at] = out[at] == 0xc0 ? 0xbe : 0x10;
}

static struct gs_srtp_sealed
sealed(const struct gs_srtp *s, uint32_t roc, const struct gs_srtp_part part[2])
{
	size_t end = s->n - trailer(s->form), at = RTP_HEADER + s->csrcs;
	struct gs_srtp_sealed d = {
		.aad = { { s->p, RTP_HEADER, NULL },
		    { s->p + at, s->from - at, NULL } },
		.tag = s->p + end,
		.tag_n = s->form.tag,
	};

	if (s->form.clear)
		d.aad[1].n = end - at;
	else
		memcpy(d.text, part, sizeof(d.text));
	put_gcm_iv(&d, gs_be32(s->p + 8), packet_index(s, roc));
	return d;
}

static enum gs_srtp_result
open_gcm(const struct gs_srtp *s, uint32_t roc,
    const struct gs_srtp_part part[2])
{
	struct gs_srtp_sealed d = sealed(s, roc, part);

	return gcm_result(gs_srtp_cipher_unseal(s->rtp.cipher, &d));
}

/* Who tries one ROC rarely tries more, and a hash takes as long as two. */
static enum gs_srtp_result
verify_gcm(struct gs_srtp *s, uint32_t roc, const struct gs_srtp_part part[2])
{
	struct gs_srtp_sealed d = sealed(s, roc, part);

	if (s->is_tried && !s->is_hashed)
		s->is_hashed = gs_srtp_cipher_hash(s->rtp.cipher, &d);
	s->is_tried = true;
	return gcm_result(s->is_hashed ?
		gs_srtp_cipher_fits(s->rtp.cipher, &d) :
		gs_srtp_cipher_unseal(s->rtp.cipher, &d));
}

enum gs_srtp_result
gs_srtp_verify(struct gs_srtp *s, uint32_t roc)
{
	bool gcm = s->spec.cipher == GS_SRTP_GCM;
	struct gs_srtp_part part[2];
	uint64_t index;

	if (s->p == NULL)
		return GS_SRTP_SHORT;
	index = packet_index(s, roc);
	if (!(gcm ? set_half : set_auth)(s, &s->rtp, index))
		return GS_SRTP_TROUBLE;
	encrypted_parts(s, part);
	if (gcm)
		return verify_gcm(s, roc, part);
	if (s->form.tag > 0 && !verify_hmac(s, roc))
		return GS_SRTP_FAIL;
	return GS_SRTP_OK;
}

static bool
decrypt(struct gs_srtp *s, uint32_t roc, const struct gs_srtp_part part[2])
{
	uint8_t iv[GS_CIPHER_BLOCK];

	if (s->form.clear || s->spec.cipher == GS_SRTP_NULL) {
		for (int i = 0; i < 2; i++)
			memcpy(part[i].out, part[i].p, part[i].n);
		return true;
	}
	if (s->spec.cipher == GS_SRTP_CM)
		return gs_srtp_cipher_counter(s->rtp.cipher, gs_be32(s->p + 8),
		    packet_index(s, roc), part);
	/* 0 || M || PT || SEQ || TS || SSRC || ROC */
	memcpy(iv, s->p, 12);
	iv[0] = 0;
	gs_put_be32(iv + 12, roc);
	return gs_srtp_cipher_f8(s->rtp.cipher, iv, part);
}

enum gs_srtp_result
gs_srtp_unprotect(struct gs_srtp *s, uint32_t roc, uint8_t *out, size_t *n)
{
	bool gcm = s->spec.cipher == GS_SRTP_GCM;
	enum gs_srtp_result r = GS_SRTP_OK;
	struct gs_srtp_part part[2];

	if (s->p == NULL)
		return GS_SRTP_SHORT;
	if (!set_half(s, &s->rtp, packet_index(s, roc)))
		return GS_SRTP_TROUBLE;
	encrypted_parts(s, part);
	for (int i = 0; i < 2; i++)
		part[i].out = out + (part[i].p - s->p);
	if (gcm)
		r = open_gcm(s, roc, part);
	else if (s->form.tag > 0)
		hash(s, roc);
	/* Decrypts between both halves of the HMAC: each half is a chain of
	 * dependent steps that leaves the processor time for this. */
	if ((!gcm || s->form.clear) && !decrypt(s, roc, part))
		return GS_SRTP_TROUBLE;
	if (!gcm && s->form.tag > 0 && !verify_hmac(s, roc))
		r = GS_SRTP_FAIL;
	if (r != GS_SRTP_OK)
		return r;
	copy_header(s, out);
	*n = s->n - trailer(s->form);
	return GS_SRTP_OK;
}

/* ---- RTCP, RFC 3711 section 3.4 and RFC 7714 section 9 */

static enum gs_srtp_result
open_rtcp_gcm(struct gs_srtp *s, const uint8_t *p, size_t n,
    struct gs_srtp_form form, uint8_t *out, size_t *out_n)
{
	const uint8_t *word = p + n - form.mki - RTCP_INDEX;
	size_t plain = n - trailer(form) - RTCP_INDEX;
	bool encrypted = (word[0] & 0x80) != 0;
	size_t body = encrypted ? plain - RTCP_HEADER : 0;
	struct gs_srtp_sealed d = {
		.aad = { { p, plain - body, NULL },
		    { word, RTCP_INDEX, NULL } },
		.text = { { p + plain - body, body, out + plain - body } },
		.tag = p + plain,
		.tag_n = form.tag,
	};

	put_gcm_iv(&d, gs_be32(p + 4), gs_be32(word) & 0x7fffffff);
	enum gs_srtp_result r =
	    gcm_result(gs_srtp_cipher_unseal(s->rtcp.cipher, &d));

	if (r != GS_SRTP_OK)
		return r;
	memcpy(out, p, plain - body);
	*out_n = plain;
	return GS_SRTP_OK;
}

static bool
verify_rtcp(const struct gs_srtp *s, const uint8_t *p, size_t n,
    struct gs_srtp_form form)
{
	gs_srtp_hmac_begin(s->rtcp.hmac, p, n - trailer(form), NULL);
	return gs_srtp_hmac_fits(s->rtcp.hmac, 0, p + n - form.tag, form.tag);
}

static bool
decrypt_rtcp(struct gs_srtp *s, const uint8_t *p, size_t plain, uint32_t word,
    uint8_t *out)
{
	const struct gs_srtp_part part[2] = {
		{ p + RTCP_HEADER, plain - RTCP_HEADER, out }, { 0 }
	};
	uint8_t iv[GS_CIPHER_BLOCK] = { 0 };

	if (s->spec.cipher == GS_SRTP_CM)
		return gs_srtp_cipher_counter(s->rtcp.cipher, gs_be32(p + 4),
		    word & 0x7fffffff, part);
	/* 0 || E || index || V || P || RC || PT || length || SSRC */
	gs_put_be32(iv + 4, word);
	memcpy(iv + 8, p, RTCP_HEADER);
	return gs_srtp_cipher_f8(s->rtcp.cipher, iv, part);
}

enum gs_srtp_result
gs_srtp_unprotect_rtcp(struct gs_srtp *s, const uint8_t *p, size_t n,
    struct gs_srtp_form form, uint8_t *out, size_t *out_n)
{
	bool gcm = s->spec.cipher == GS_SRTP_GCM;
	size_t need = RTCP_HEADER + RTCP_INDEX + trailer(form);

	if (n < need || n > GS_CIPHER_MOST || (gcm && form.tag < 4) ||
	    form.tag > (gcm ? GS_GCM_TAG : GS_HMAC))
		return GS_SRTP_SHORT;
	size_t plain = n - trailer(form) - RTCP_INDEX;
	uint32_t word =
	    gs_be32(gcm ? p + n - form.mki - RTCP_INDEX : p + plain);

	if (!(gcm ? set_half : set_auth)(s, &s->rtcp, word & 0x7fffffff))
		return GS_SRTP_TROUBLE;
	if (gcm)
		return open_rtcp_gcm(s, p, n, form, out, out_n);
	if (form.tag > 0 && !verify_rtcp(s, p, n, form))
		return GS_SRTP_FAIL;
	if ((word & 0x80000000) == 0 || s->spec.cipher == GS_SRTP_NULL)
		memcpy(out + RTCP_HEADER, p + RTCP_HEADER, plain - RTCP_HEADER);
	else if (!set_half(s, &s->rtcp, word & 0x7fffffff) ||
	    !decrypt_rtcp(s, p, plain, word, out + RTCP_HEADER))
		return GS_SRTP_TROUBLE;
	memcpy(out, p, RTCP_HEADER);
	*out_n = plain;
	return GS_SRTP_OK;
}

/* SPDX-License-Identifier: MIT */
/* One packet through libsrtp2. */
#include "srtp/reference.h"

#include <stdlib.h>

#include <srtp2/crypto_types.h>
#include <srtp2/srtp.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "base/library.h"
#include "net/rtp.h"

enum { ROOM = 65536 + SRTP_MAX_TRAILER_LEN, AES192_RIGHT = 0x02080000 };

#define LIBSRTP2(X)                                                            \
	X(srtp_init)                                                           \
	X(srtp_shutdown)                                                       \
	X(srtp_install_event_handler)                                          \
	X(srtp_install_log_handler)                                            \
	X(srtp_get_version)                                                    \
	X(srtp_get_version_string)                                             \
	X(srtp_crypto_policy_set_rtp_default)                                  \
	X(srtp_crypto_policy_set_rtcp_default)                                 \
	X(srtp_create)                                                         \
	X(srtp_dealloc)                                                        \
	X(srtp_set_stream_roc)                                                 \
	X(srtp_unprotect)                                                      \
	X(srtp_unprotect_rtcp)

struct calls {
	LIBSRTP2(GS_LIBRARY_CALL)
};

struct gs_srtp_reference {
	struct calls lib;
	bool started;
	srtp_t keeper; /* an open session: without one, NSS would be loaded for
			* each */
	uint32_t *buf; /* room for a packet, which libsrtp2 requires to be
			* aligned */
};

static bool
load(struct calls *l)
{
	static const char *const names[] = { LIBSRTP2(GS_LIBRARY_NAME) };

	return gs_library_load("libsrtp2.so.1", GS_ALL(names), l);
}

static void
no_event(srtp_event_data_t *data)
{
	(void)data;
}

static void
no_log(srtp_log_level_t level, const char *text, void *data)
{
	(void)level;
	(void)text;
	(void)data;
}

static bool
keep(struct gs_srtp_reference *r)
{
	uint8_t key[SRTP_MAX_KEY_LEN] = { 0 };
	srtp_policy_t policy = { .key = key,
		.window_size = 128,
		.ssrc = { .type = ssrc_specific } };

	r->lib.srtp_crypto_policy_set_rtp_default(&policy.rtp);
	r->lib.srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
	return r->lib.srtp_create(&r->keeper, &policy) == srtp_err_status_ok;
}

static int
start(struct gs_srtp_reference *r, struct gs_err *err)
{
	if (!load(&r->lib))
		return gs_err_set(err,
		    "libsrtp2.so.1 cannot be loaded: install libsrtp2-1");
	/* If the program itself uses libsrtp2, it is started already, and must
	 * not be stopped here. */
	if (keep(r))
		return 0;
	r->started = r->lib.srtp_init() == srtp_err_status_ok;
	if (r->started && keep(r) &&
	    r->lib.srtp_install_event_handler(no_event) == srtp_err_status_ok &&
	    r->lib.srtp_install_log_handler(no_log, NULL) == srtp_err_status_ok)
		return 0;
	return gs_err_set(err, "libsrtp2 does not start");
}

struct gs_srtp_reference *
gs_srtp_reference_new(struct gs_err *err)
{
	struct gs_srtp_reference *r = calloc(1, sizeof(*r));

	if (r == NULL || (r->buf = malloc(ROOM)) == NULL) {
		free(r);
		gs_err_set(err, "libsrtp2: out of memory");
		return NULL;
	}
	if (start(r, err) == 0)
		return r;
	gs_srtp_reference_free(r);
	return NULL;
}

void
gs_srtp_reference_free(struct gs_srtp_reference *r)
{
	if (r == NULL)
		return;
	if (r->keeper != NULL)
		(void)r->lib.srtp_dealloc(r->keeper);
	if (r->started)
		(void)r->lib.srtp_shutdown();
	explicit_bzero(r->buf, ROOM);
	free(r->buf);
	free(r);
}

/* Returns false if libsrtp2 lacks the suite. */
static bool
set_policy(const struct calls *l, srtp_crypto_policy_t *p,
    const struct gs_srtp_spec *spec, uint8_t tag, bool clear)
{
	bool gcm = spec->cipher == GS_SRTP_GCM;
	bool late = l->srtp_get_version() >= AES192_RIGHT;

	if (spec->cipher == GS_SRTP_F8 || spec->kdr > 0 || spec->salt_left ||
	    (spec->key == 24 && spec->legacy192 == late) ||
	    (spec->cipher == GS_SRTP_NULL && spec->key != 16))
		return false;
	if (spec->cipher == GS_SRTP_NULL)
		p->cipher_type = SRTP_NULL_CIPHER;
	else if (gcm)
		p->cipher_type =
		    spec->key == 16 ? SRTP_AES_GCM_128 : SRTP_AES_GCM_256;
	else
		p->cipher_type = spec->key == 16 ? SRTP_AES_ICM_128 :
		    spec->key == 24              ? SRTP_AES_ICM_192 :
						   SRTP_AES_ICM_256;
	p->cipher_key_len = spec->key + spec->salt;
	p->auth_type = gcm || tag == 0 ? SRTP_NULL_AUTH : SRTP_HMAC_SHA1;
	p->auth_key_len = gcm || tag == 0 ? 0 : 20;
	p->auth_tag_len = tag;
	/* Set even for NULL encryption: SRTCP may say that it is encrypted with
	 * that. */
	p->sec_serv = (srtp_sec_serv_t)((clear ? 0 : sec_serv_conf) |
	    (tag == 0 ? 0 : sec_serv_auth));
	return true;
}

static enum gs_srtp_reference_answer
unprotect(srtp_t s, struct gs_srtp_reference *r,
    const struct gs_srtp_reference_packet *m, uint32_t ssrc, int *n)
{
	srtp_err_status_t e;

	if (!m->rtcp && m->roc != 0 &&
	    r->lib.srtp_set_stream_roc(s, ssrc, m->roc) != srtp_err_status_ok)
		return GS_REFERENCE_TROUBLE;
	e = m->rtcp ? r->lib.srtp_unprotect_rtcp(s, r->buf, n) :
		      r->lib.srtp_unprotect(s, r->buf, n);
	return e == srtp_err_status_ok ? GS_REFERENCE_OPENED :
					 GS_REFERENCE_REFUSED;
}

/* Octets of the tag, if it follows the MKI. */
static size_t
tail_of(const struct gs_srtp_reference_packet *m)
{
	return m->spec->cipher == GS_SRTP_GCM ? 0 : m->form.tag;
}

/* Copies the packet without its MKI, which no tag covers: libsrtp2 2.5 does not
 * find it if the tags of SRTP and SRTCP differ. Returns the length. */
static size_t
copy_in(struct gs_srtp_reference *r, const struct gs_srtp_reference_packet *m)
{
	size_t tail = tail_of(m), n = m->n - m->form.mki;
	uint8_t *to = (uint8_t *)r->buf;

	memcpy(to, m->p, n - tail);
	memcpy(to + n - tail, m->p + n - tail + m->form.mki, tail);
	return n;
}

/* Whether the packet is protected by RFC 9335, which libsrtp2 before 2.8
 * decrypts wrongly without an error. */
static bool
is_cryptex(const uint8_t *p, size_t n)
{
	struct gs_net_rtp rtp;

	return gs_net_rtp_parse(&rtp, p, n) &&
	    gs_net_rtp_cryptex(p, rtp.header);
}

enum gs_srtp_reference_answer
gs_srtp_reference_unprotect(struct gs_srtp_reference *r,
    const struct gs_srtp_reference_packet *m, struct gs_span *out)
{
	enum gs_srtp_reference_answer answer = GS_REFERENCE_TROUBLE;
	srtp_policy_t policy = { .window_size = 128 };
	const struct gs_srtp_spec *spec = m->spec;
	uint8_t key[SRTP_MAX_KEY_LEN] = { 0 };
	uint8_t tag = m->form.tag;
	bool clear = m->form.clear;
	srtp_t s = NULL;
	int len;

	if (m->n < (size_t)12 + tag + m->form.mki || m->n > 65535)
		return GS_REFERENCE_REFUSED;
	/* libsrtp2 encrypts with GCM whatever the policy says. */
	if (!m->rtcp &&
	    (clear ? spec->cipher == GS_SRTP_GCM : is_cryptex(m->p, m->n)))
		return GS_REFERENCE_CANNOT;
	size_t bare = copy_in(r, m);

	if (m->rtcp)
		clear =
		    (((uint8_t *)r->buf)[bare - 4 - tail_of(m)] & 0x80) == 0;
	if (!set_policy(&r->lib, &policy.rtp, spec, tag, clear) ||
	    !set_policy(&r->lib, &policy.rtcp, spec, tag, clear))
		return GS_REFERENCE_CANNOT;
	memcpy(key, m->keysalt, (size_t)spec->key + spec->salt);
	policy.key = key;
	policy.ssrc.type = ssrc_specific;
	policy.ssrc.value = gs_be32(m->p + (m->rtcp ? 4 : 8));
	srtp_err_status_t e = r->lib.srtp_create(&s, &policy);
	if (e == srtp_err_status_bad_param)
		answer = GS_REFERENCE_CANNOT;
	if (e == srtp_err_status_ok) {
		len = (int)bare;
		answer = unprotect(s, r, m, policy.ssrc.value, &len);
		*out = gs_span(r->buf, (size_t)len);
		(void)r->lib.srtp_dealloc(s);
	}
	explicit_bzero(key, sizeof(key));
	return answer;
}

void
gs_srtp_reference_library(struct gs_buf *b)
{
	struct calls l;

	gs_buf_puts(b,
	    load(&l) ? l.srtp_get_version_string() : "libsrtp2 is missing");
}

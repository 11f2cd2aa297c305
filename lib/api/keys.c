/* SPDX-License-Identifier: MIT */
/* Keys from texts, and one packet that is opened with one of them. */
#include "api/keys_priv.h"

#include <stdlib.h>

#include "api/findings_priv.h"
#include "calls/keyfile.h"
#include "net/rtp.h"
#include "srtp/keyring.h"
#include "srtp/keytext.h"

/* ---- keys */

struct gsprov_keys *
gsprov_keys_new(char *err)
{
	struct gsprov_keys *k = calloc(1, sizeof(*k));
	struct gs_err e = { .text = "out of memory" };

	if (k == NULL) {
		(void)gsprov_fail(err, &e);
		return NULL;
	}
	gs_buf_init(&k->text, GSPROV_KEYS_TEXT);
	gs_buf_init(&k->pass, GSPROV_KEYS_PASS);
	k->holder = gs_calls_holder_new(&e);
	if (k->holder != NULL)
		k->ring = gs_srtp_keyring_new(&e);
	if (k->ring != NULL)
		k->reader = gs_srtp_keytext_new(k->ring, NULL, NULL, &e);
	if (k->reader != NULL)
		return k;
	gsprov_keys_free(k);
	(void)gsprov_fail(err, &e);
	return NULL;
}

void
gsprov_keys_free(struct gsprov_keys *k)
{
	if (k == NULL)
		return;
	gs_srtp_keytext_free(k->reader);
	gs_srtp_keyring_free(k->ring);
	gs_calls_holder_free(k->holder);
	gs_buf_free(&k->pass);
	gs_buf_free(&k->text);
	for (size_t i = 0; i < k->sources; i++)
		free(k->source[i].name);
	free(k->source);
	free(k);
}

/* A source begins. */
static int
begin(struct gsprov_keys *k, const char *name)
{
	struct gsprov_keys_source *s;

	if (!gs_grow(&k->source, &k->size, k->sources + 1, sizeof(*s)))
		return -1;
	s = &k->source[k->sources];
	*s = (struct gsprov_keys_source){ strdup(name), k->text.n };
	if (s->name == NULL)
		return -1;
	k->sources++;
	gs_srtp_keytext_begin(k->reader,
	    gs_srtp_keyring_source(k->ring, name, false));
	return 0;
}

/* Takes what is none of TLS, and keeps it for captures: it says more than
 * keys. */
static int
take_text(void *arg, struct gs_span text)
{
	struct gsprov_keys *k = arg;

	if (text.n > k->text.max - k->text.n)
		return -1;
	gs_buf_put(&k->text, text.p, text.n);
	return gs_buf_ok(&k->text) ? gs_srtp_keytext_feed(k->reader, text) : -1;
}

int
gsprov_keys_read(struct gsprov_keys *k, const char *name, const void *text,
    size_t n, char *err)
{
	struct gs_calls_keyfile f = { .holder = k->holder,
		.pass = gs_buf_span(&k->pass),
		.text = take_text,
		.arg = k };
	struct gs_err e = { .text = "out of memory" };
	int r = -1;

	if (n > k->text.max - k->text.n)
		return gsprov_fail_with(err, "more than 64 MiB of texts");
	if (begin(k, name) == 0)
		r = gs_calls_keyfile_feed(&f, gs_span(text, n), &e);
	if (r == 0)
		r = gs_calls_keyfile_end(&f, &e);
	gs_calls_keyfile_free(&f);
	k->text.failed = false;
	if (r == 0 && gs_srtp_keytext_end(k->reader) == -1)
		r = gs_err_set(&e, "out of memory");
	return r == 0 ? 0 : gsprov_fail(err, &e);
}

int
gsprov_keys_unlock(struct gsprov_keys *k, const void *pass, size_t n, char *err)
{
	if (n > k->pass.max)
		return gsprov_fail_with(err, "the pass phrase is too long");
	gs_buf_clear(&k->pass);
	gs_buf_put(&k->pass, pass, n);
	return gs_buf_ok(&k->pass) ? 0 : gsprov_fail_with(err, "out of memory");
}

size_t
gsprov_keys_secrets(const struct gsprov_keys *k)
{
	return (size_t)gs_calls_holder_counts(k->holder).log.secrets;
}

size_t
gsprov_keys_private(const struct gsprov_keys *k)
{
	return (size_t)gs_calls_holder_counts(k->holder).rsa;
}

struct gs_calls_holder *
gsprov_keys_holder(const struct gsprov_keys *k, struct gs_err *err)
{
	if (k == NULL)
		return gs_calls_holder_new(err);
	gs_calls_holder_forget(k->holder);
	return k->holder;
}

struct gs_span
gsprov_keys_text(const struct gsprov_keys *k, size_t i)
{
	size_t at = k->source[i].at;
	size_t end = i + 1 < k->sources ? k->source[i + 1].at : k->text.n;

	return end > at ? gs_span(k->text.p + at, end - at) : GS_LIT("");
}

size_t
gsprov_keys_count(const struct gsprov_keys *k)
{
	return gs_srtp_keyring_size(k->ring);
}

static const struct gs_srtp_key *
key_at(const struct gsprov_keys *k, size_t i)
{
	return i < gs_srtp_keyring_size(k->ring) ?
	    gs_srtp_keyring_at(k->ring, i) :
	    NULL;
}

const char *
gsprov_keys_fingerprint(const struct gsprov_keys *k, size_t i)
{
	const struct gs_srtp_key *key = key_at(k, i);

	return key != NULL ? key->print : NULL;
}

const char *
gsprov_keys_suite(const struct gsprov_keys *k, size_t i)
{
	const struct gs_srtp_key *key = key_at(k, i);

	return key != NULL && key->suite != NULL ? key->suite->name : NULL;
}

const char *
gsprov_keys_where(const struct gsprov_keys *k, size_t i, char *text,
    size_t size)
{
	const struct gs_srtp_key *key = key_at(k, i);

	return key != NULL ? gs_srtp_keyring_where(k->ring, key, text, size) :
			     NULL;
}

/* ---- one packet */

struct gsprov_srtp {
	struct gs_srtp *session;
	struct gs_srtp_form form;
};

static struct gsprov_srtp *
new_session(const struct gs_srtp_key *key, char *err)
{
	struct gs_srtp_scheme schemes[GS_SRTP_SCHEMES];
	struct gsprov_srtp *s = NULL;
	struct gs_err e = { .text = "out of memory" };

	if (gs_srtp_key_schemes(key, schemes) == 0)
		gs_err_set(&e,
		    "the length of the key does not match the suite");
	else if ((s = calloc(1, sizeof(*s))) != NULL)
		s->session = gs_srtp_new();
	if (s != NULL && s->session != NULL &&
	    gs_srtp_set_key(s->session, &schemes[0].spec, key->keysalt, &e) ==
		0) {
		s->form = schemes[0].form;
	} else {
		gsprov_srtp_free(s);
		s = NULL;
		(void)gsprov_fail(err, &e);
	}
	explicit_bzero(schemes, sizeof(schemes));
	return s;
}

struct gsprov_srtp *
gsprov_srtp_new(const char *suite, const uint8_t *key, size_t n, char *err)
{
	const struct gs_sdp_suite *known = gs_sdp_suite_find(gs_span_of(suite));
	struct gs_srtp_key k = { .suite = known };
	struct gsprov_srtp *s = NULL;

	if (known == NULL)
		(void)gsprov_fail_with(err, "unknown suite");
	else if (known->cipher == GS_SRTP_OTHER)
		(void)gsprov_fail_with(err, "this suite is not implemented");
	else if (n != (size_t)known->key + known->salt)
		(void)gsprov_fail_with(err,
		    "the length of key and salt does not match the suite");
	else {
		memcpy(k.keysalt, key, n);
		k.n = (uint8_t)n;
		s = new_session(&k, err);
	}
	explicit_bzero(&k, sizeof(k));
	return s;
}

struct gsprov_srtp *
gsprov_srtp_of(const struct gsprov_keys *k, size_t i, char *err)
{
	const struct gs_srtp_key *key = key_at(k, i);

	if (key != NULL)
		return new_session(key, err);
	(void)gsprov_fail_with(err, "no such key");
	return NULL;
}

void
gsprov_srtp_free(struct gsprov_srtp *s)
{
	if (s == NULL)
		return;
	gs_srtp_free(s->session);
	free(s);
}

static enum gsprov_opened
opened(enum gs_srtp_result r)
{
	switch (r) {
	case GS_SRTP_OK: return GSPROV_OPENED;
	case GS_SRTP_FAIL: return GSPROV_NOT_AUTHENTIC;
	case GS_SRTP_SHORT: return GSPROV_NO_PACKET;
	case GS_SRTP_TROUBLE: break;
	}
	return GSPROV_TROUBLE;
}

enum gsprov_opened
gsprov_srtp_unprotect(struct gsprov_srtp *s, uint32_t roc,
    const uint8_t *packet, size_t n, uint8_t *plain, size_t *plain_n)
{
	struct gs_net_rtp rtp;
	enum gs_srtp_result r;
	size_t got;

	if (!gs_net_rtp_parse(&rtp, packet, n))
		return GSPROV_NO_PACKET;
	r = gs_srtp_load(s->session, packet, n, rtp.header, s->form);
	if (r == GS_SRTP_OK)
		r = gs_srtp_unprotect(s->session, roc, plain, &got);
	if (r == GS_SRTP_OK)
		*plain_n = got;
	return opened(r);
}

enum gsprov_opened
gsprov_srtp_unprotect_rtcp(struct gsprov_srtp *s, const uint8_t *packet,
    size_t n, uint8_t *plain, size_t *plain_n)
{
	enum gs_srtp_result r;
	size_t got;

	if (gs_net_payload_classify(packet, n) != GS_MEDIA_RTCP)
		return GSPROV_NO_PACKET;
	r = gs_srtp_unprotect_rtcp(s->session, packet, n, s->form, plain, &got);
	if (r == GS_SRTP_OK)
		*plain_n = got;
	return opened(r);
}

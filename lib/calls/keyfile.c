/* SPDX-License-Identifier: MIT */
/* A file with keys of any kind, detected by its content. */
#include "calls/keyfile.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/diag.h"
#include "base/file.h"
#include "net/capture.h"
#include "text/harvest.h"
#include "text/unpack.h"

static const struct gs_span pem = GS_LIT("-----BEGIN ");

/* Whether a file that begins like this may contain private keys: PEM, or a
 * SEQUENCE of DER. */
static bool
may_be_private(struct gs_span s)
{
	return gs_span_has(s, pem) ||
	    (s.n > 1 && s.p[0] == 0x30 && ((uint8_t)s.p[1] & 0x80) != 0);
}

/* What a file that begins like this is, for the error if it contains no key. */
static const char *
look_at(struct gs_span s)
{
	const char *cat, *packer = gs_file_packer(s, &cat);

	if (packer != NULL)
		return "a compressed file: unpack it first";
	if (gs_net_capture_is(s))
		return "a capture: give it without -K; its secrets are used";
	if (gs_span_has(s, GS_LIT("PRIVATE KEY-----")))
		return "a private key that is not RSA: it opens no "
		       "connection, since its keys are ephemeral";
	if (gs_span_has(s, GS_LIT("-----BEGIN CERTIFICATE")))
		return "a certificate without its private key";
	if (gs_span_has(s, pem))
		return "PEM without a private key";
	if (memchr(s.p, '\0', s.n) != NULL)
		return "binary data";
	return "a text without any key";
}

/* ---- keys of SRTP that nobody takes */

static void
count_key(void *arg, const struct gs_text_key *key)
{
	struct gs_calls_keyfile *k = arg;

	k->sdes += key->sure;
	/* The octets of a capture may look like a key by chance. */
	k->found |= key->sure || !k->capture;
}

/* Counts the keys of SRTP. Lines longer than any key are read in pieces. */
static int
count_keys(void *arg, struct gs_span s)
{
	enum { LONGEST = 64 * 1024 };
	struct gs_calls_keyfile *k = arg;

	if (k->harvest == NULL) {
		k->harvest = gs_text_harvest_new(count_key, k);
		k->number = 1;
		gs_buf_init(&k->line, LONGEST);
	}
	if (k->harvest == NULL)
		return -1;
	while (s.n > 0) {
		size_t at = gs_span_find(s, GS_LIT("\n"));
		size_t room = k->line.max - k->line.n;
		size_t n = at < room ? at : room;

		gs_buf_put(&k->line, s.p, n);
		if (!gs_buf_ok(&k->line))
			return -1;
		if (n < s.n || n == room) {
			gs_text_harvest_line(k->harvest, gs_buf_span(&k->line),
			    k->number);
			gs_buf_clear(&k->line);
			k->number += n < s.n;
		}
		n += n < s.n && s.p[n] == '\n';
		s = gs_span_skip(s, n);
	}
	return 0;
}

static void
end_count(struct gs_calls_keyfile *k)
{
	if (k->harvest == NULL)
		return;
	gs_text_harvest_line(k->harvest, gs_buf_span(&k->line), k->number);
	gs_text_harvest_end(k->harvest);
	gs_text_harvest_free(k->harvest);
	k->harvest = NULL;
}

/* ---- one file */

static int
give_text(struct gs_calls_keyfile *k, struct gs_span s, bool end)
{
	struct gs_tls_keylog_counts before =
	    gs_calls_holder_counts(k->holder).log;

	k->lines.other = k->text != NULL ? k->text : count_keys;
	k->lines.arg = k->text != NULL ? k->arg : k;
	int r = gs_calls_holder_text(k->holder, &k->lines, s, end);
	struct gs_tls_keylog_counts now = gs_calls_holder_counts(k->holder).log;
	k->found |= now.secrets > before.secrets;
	if (now.damaged > before.damaged)
		k->looks = "a TLS key log whose numbers are cut off";
	return r;
}

/* The octets that waited are text, and so is the rest: passes them on. */
static int
give_head(struct gs_calls_keyfile *k)
{
	int r = give_text(k, gs_buf_span(&k->head), false);

	gs_buf_free(&k->head);
	return r;
}

/* Whether it is a key log that has only begun, with its writer's comment. */
static bool
is_comment(struct gs_span s)
{
	struct gs_span line;
	bool only = true;

	while (only && gs_span_line(&s, &line))
		only = line.n == 0 || *line.p == '#';
	return only;
}

/* Takes text that was unpacked and converted. */
static int
take_plain(void *arg, struct gs_span bytes, struct gs_err *err)
{
	struct gs_calls_keyfile *k = arg;
	const char *cat;
	int r = 0;

	if (!k->begun) {
		gs_buf_init(&k->head, GS_KEYFILE_PRIVATE);
		k->looks = look_at(bytes);
		k->packed = gs_file_packer(bytes, &cat) != NULL;
		k->capture = gs_net_capture_is(bytes);
		k->comment = is_comment(bytes);
		if (may_be_private(bytes))
			gs_buf_putc(&k->head, 0);
		k->head.n = 0;
		k->begun = true;
	}
	if (k->packed)
		return 0;
	if (k->head.p != NULL && bytes.n <= k->head.max - k->head.n)
		gs_buf_put(&k->head, bytes.p, bytes.n);
	else if (k->head.p != NULL)
		r = give_head(k);
	if (r == 0 && k->head.p == NULL)
		r = give_text(k, bytes, false);
	return r == 0 && gs_buf_ok(&k->head) ?
	    0 :
	    gs_err_set(err, "no memory for keys");
}

int
gs_calls_keyfile_feed(struct gs_calls_keyfile *k, struct gs_span bytes,
    struct gs_err *err)
{
	/* The rest of a file is treated like its beginning. */
	if (k->unpack == NULL && k->begun)
		return take_plain(k, bytes, err);
	if (k->unpack == NULL)
		k->unpack = gs_text_unpack_new(take_plain, k);
	return k->unpack != NULL ? gs_text_unpack_feed(k->unpack, bytes, err) :
				   gs_err_set(err, "no memory for keys");
}

bool
gs_calls_keyfile_is_packed(const struct gs_calls_keyfile *k)
{
	return k->unpack != NULL && gs_text_unpacks(k->unpack);
}

int
gs_calls_keyfile_end(struct gs_calls_keyfile *k, struct gs_err *err)
{
	int n = 0;

	if (k->unpack != NULL && gs_text_unpack_end(k->unpack, err) == -1) {
		gs_calls_keyfile_free(k);
		return -1;
	}
	if (!k->begun)
		k->looks = NULL;
	if (k->head.p != NULL) {
		n = gs_calls_holder_key(k->holder, gs_buf_span(&k->head),
		    k->pass, err);
		k->found |= n > 0;
		if (n == 0 && give_head(k) == -1)
			n = gs_err_set(err, "no memory for keys");
	}
	if (n != -1 && give_text(k, gs_span(NULL, 0), true) == -1)
		n = gs_err_set(err, "no memory for keys");
	end_count(k);
	gs_calls_keyfile_free(k);
	return n == -1 ? -1 : 0;
}

void
gs_calls_keyfile_free(struct gs_calls_keyfile *k)
{
	gs_buf_free(&k->head);
	gs_buf_free(&k->lines.part);
	gs_buf_free(&k->line);
	gs_text_harvest_free(k->harvest);
	gs_text_unpack_free(k->unpack);
	k->harvest = NULL;
	k->unpack = NULL;
	k->begun = false;
}

const char *
gs_calls_keyfile_nothing(const struct gs_calls_keyfile *k, const char *path,
    char *text, size_t size)
{
	(void)snprintf(text, size,
	    "%s: no key found. It looks like %s. Use a log or an SDP with a "
	    "line \"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:...\", a TLS key "
	    "log with lines \"CLIENT_RANDOM ...\", or the server's agent.pem",
	    path, k->looks != NULL ? k->looks : "an empty file");
	return text;
}

const char *
gs_calls_keyfile_found(uint64_t sdes, const struct gs_calls_holder *h,
    char *text, size_t size)
{
	struct gs_calls_holder_counts c = gs_calls_holder_counts(h);

	(void)snprintf(text, size,
	    "%" PRIu64 " SDES key%s, %" PRIu64 " RSA key%s, %" PRIu64
	    " TLS secret%s (%" PRIu64 " used)",
	    sdes, gs_plural(sdes), c.rsa, gs_plural(c.rsa), c.log.secrets,
	    gs_plural(c.log.secrets), c.log.used);
	size_t n = strlen(text);
	if (c.log.damaged > 0)
		(void)snprintf(text + n, size - n, ", %" PRIu64 " damaged",
		    c.log.damaged);
	return text;
}

/* ---- all files */

static int
read_one(struct gs_calls_keyfile *k, const char *path, struct gs_err *err)
{
	struct gs_reader r;
	struct gs_span chunk;
	int more;

	if (gs_reader_open(&r, path, err) == -1)
		return -1;
	while ((more = gs_reader_next(&r, &chunk, err)) == 1 &&
	    gs_calls_keyfile_feed(k, chunk, err) == 0)
		continue;
	if (more == 0)
		more = gs_calls_keyfile_end(k, err);
	gs_reader_close(&r);
	return more == 0 ? 0 : gs_err_at(err, path);
}

int
gs_calls_keyfiles_read(struct gs_calls_keyfiles *f, const char *const *path,
    size_t n, const char *pass_file, struct gs_err *err)
{
	struct gs_calls_keyfile k = { .holder = gs_calls_holder_new(err) };
	struct gs_buf pass;
	char text[sizeof(err->text)];
	int r = k.holder != NULL ? 0 : -1;

	f->holder = k.holder;
	f->n = n;
	gs_buf_init(&pass, GS_KEYFILE_PASS);
	if (r == 0 && pass_file != NULL)
		r = gs_file_read_pass(pass_file, pass_file, &pass, err);
	k.pass = gs_buf_span(&pass);
	for (size_t i = 0; r == 0 && i < n; i++) {
		k.found = false;
		r = read_one(&k, path[i], err);
		if (r == 0 && !k.found)
			f->say(f->arg,
			    gs_calls_keyfile_nothing(&k, path[i], text,
				sizeof(text)));
	}
	f->sdes = k.sdes;
	gs_calls_keyfile_free(&k);
	gs_buf_free(&pass);
	return r;
}

void
gs_calls_keyfiles_tell(const struct gs_calls_keyfiles *f)
{
	char text[GS_KEYFILE_FOUND];

	if (f->n > 0)
		f->say(f->arg,
		    gs_calls_keyfile_found(f->sdes, f->holder, text,
			sizeof(text)));
}

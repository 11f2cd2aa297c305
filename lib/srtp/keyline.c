/* SPDX-License-Identifier: MIT */
/* The keys of one line of text. */
#include "srtp/keyline_priv.h"

#include <stdio.h>

#include "base/sha256.h"
#include "base/bytes.h"
#include "sdp/sdes.h"
#include "sdp/sdp.h"
#include "srtp/cipher.h"
#include "sdp/suite.h"
#include "srtp/rules.h"

/* Adds a finding about the capture. Its text says where the key is, and nothing
 * else about the key. */
static void say(struct gs_srtp_keyline *k, enum gs_srtp_rule rule,
    const char *fmt, ...) GS_PRINTF(3, 4);

static void
say(struct gs_srtp_keyline *k, enum gs_srtp_rule rule, const char *fmt, ...)
{
	char text[256], where[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	(void)gs_diag(k->diags, &gs_srtp_key_rules.rule[rule],
	    (struct gs_pos){ 0 }, "%s: %s",
	    gs_srtp_keyring_where(k->ring, &k->base, where, sizeof(where)),
	    text);
}

void
gs_srtp_keyline_readable(struct gs_srtp_keyline *k, const char *file, bool all)
{
	(void)gs_diag(k->diags, &gs_srtp_key_rules.rule[GS_SRTP_R_KEY_READABLE],
	    (struct gs_pos){ 0 },
	    "%s: this file contains keys and is "
	    "readable by %s",
	    file, all ? "everyone" : "its group");
}

static bool
is_suite_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || c == '_';
}

static bool
key_length(size_t n)
{
	uint8_t salt;

	return gs_sdp_suite_length(n, &salt);
}

static void
check_weak(struct gs_srtp_keyline *k, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (gs_hex_value((char)p[i]) < 0)
			return;
	say(k, GS_SRTP_R_KEY_WEAK,
	    "the key %s consists of hexadecimal digits: half of its bits are "
	    "known",
	    k->base.print);
}

static void
add(struct gs_srtp_keyline *k, const struct gs_sdp_suite *suite,
    const uint8_t *p, size_t n, struct gs_srtp_key key)
{
	memcpy(key.keysalt, p, n);
	key.n = (uint8_t)n;
	key.suite = suite;
	gs_sha256_print(p, n, k->base.print);
	if (!key.guess)
		check_weak(k, p, n);
	if (!key.guess && suite != NULL && suite->cipher == GS_SRTP_OTHER)
		say(k, GS_SRTP_R_KEY_SUITE_UNSUPPORTED,
		    "%s is not supported: its key is not used", suite->name);
	k->found++;
	if (gs_srtp_keyring_add(k->ring, &key) == -1)
		k->no_memory = true;
	explicit_bzero(&key, sizeof(key));
}

/* Reports lengths that do not match. */
static void
wrong_length(struct gs_srtp_keyline *k, const struct gs_sdp_suite *suite,
    size_t n)
{
	size_t need = suite != NULL ? (size_t)suite->key + suite->salt : 0;
	uint8_t salt;

	if (need == 0)
		say(k, GS_SRTP_R_KEY_LENGTH,
		    "a key has 28, 30, 38, 44 or 46 octets, but this one has "
		    "%zu%s",
		    n, n == 45 || n == 42 ? " (bad padding?)" : "");
	else if (gs_sdp_suite_length(n, &salt) && salt == 12)
		say(k, GS_SRTP_R_KEY_LENGTH,
		    "a key of %zu octets belongs to %s, but %s requires %zu", n,
		    gs_sdp_suite_of(GS_SRTP_GCM, (uint8_t)(n - salt), 128)
			->name,
		    suite->name, need);
	else
		say(k, GS_SRTP_R_KEY_LENGTH,
		    "%s requires %zu octets of key and salt, but these are "
		    "%zu%s",
		    suite->name, need, n,
		    n == 45 || n == 42 ? " (bad padding?)" : "");
}

/* ---- inline: */

static void
add_sdes_key(struct gs_srtp_keyline *k, const struct gs_sdp_sdes *s,
    const struct gs_sdp_sdes_key *from)
{
	uint8_t p[GS_TEXT_KEY];
	struct gs_srtp_key key = k->base;

	if (from->masked) {
		k->masked++;
		k->found++;
		say(k, GS_SRTP_R_KEY_MASKED,
		    "the key is masked and cannot be used");
		return;
	}
	key.kdr = (uint8_t)(s->kdr <= 24 ? s->kdr : 0);
	key.params = (uint16_t)s->params;
	key.mki_n = from->mki_length <= GS_SDES_MKI ? from->mki_length : 0;
	if (gs_span_u64(from->mki, &key.mki) == -1)
		key.mki = 0;
	size_t n = gs_text_key_decode(from->text, p);

	if (n == 0 && from->text.n > 0) {
		say(k, GS_SRTP_R_KEY_TEXT,
		    "the key is neither base64 nor hexadecimal");
	} else {
		if (!key_length(n) ||
		    (s->suite != NULL && s->suite->key > 0 &&
			n != (size_t)s->suite->key + s->suite->salt))
			wrong_length(k, s->suite, n);
		if (key_length(n))
			add(k, s->suite, p, n, key);
	}
	explicit_bzero(p, sizeof(p));
}

/* The suite that a word names, if it looks like the name of one. */
static const struct gs_sdp_suite *
suite_of(struct gs_srtp_keyline *k, struct gs_span name)
{
	const struct gs_sdp_suite *suite = memchr(name.p, '_', name.n) != NULL ?
	    gs_sdp_suite_find(name) :
	    NULL;

	if (suite == NULL && memchr(name.p, '_', name.n) != NULL)
		say(k, GS_SRTP_R_KEY_SUITE,
		    "unknown suite; trying the key with suites of matching "
		    "length");
	return suite;
}

static void
add_sdes(struct gs_srtp_keyline *k, struct gs_sdp_sdes *s)
{
	bool differ = false;

	if (s->suite == NULL && s->keys > 0)
		s->suite = suite_of(k, s->suite_name);
	for (size_t i = 0; i < s->keys; i++) {
		add_sdes_key(k, s, &s->key[i]);
		differ |= s->key[i].mki_length != s->key[0].mki_length;
	}
	if (differ)
		say(k, GS_SRTP_R_KEY_MKI,
		    "the MKIs of one line have different lengths");
	gs_sdp_sdes_wipe(s);
}

/* The word before at, across blanks and punctuation. */
static struct gs_span
word_before(struct gs_span line, size_t at)
{
	while (
	    at > 0 && !is_suite_char(line.p[at - 1]) && line.p[at - 1] != ']')
		at--;
	size_t end = at;

	while (at > 0 && is_suite_char(line.p[at - 1]))
		at--;
	return gs_span(line.p + at, end - at);
}

static bool
ends_value(char c)
{
	return strchr("[]\"'<>(){},\r\n", c) != NULL;
}

/* The end of the value at from: a delimiter, or the suite (and tag) of the next
 * value. */
static size_t
value_end(struct gs_span line, size_t from)
{
	const struct gs_span start = GS_LIT("inline:");
	size_t at = from;

	for (; at < line.n && !ends_value(line.p[at]); at++) {
		if (at == from ||
		    (line.p[at - 1] != ' ' && line.p[at - 1] != '\t') ||
		    !gs_span_starts(gs_span_skip(line, at), start))
			continue;
		struct gs_span w = word_before(line, at);
		if (gs_sdp_suite_find(w) != NULL)
			return (size_t)(w.p - line.p);
	}
	return at;
}

static void
scan_inline(struct gs_srtp_keyline *k, struct gs_span text)
{
	struct gs_sdp_line line = { .text = text };
	struct gs_sdp_sdes s;

	for (size_t at = 0; at < text.n;) {
		struct gs_span rest = gs_span(text.p + at, text.n - at);
		size_t from = at + gs_span_find(rest, GS_LIT("inline:"));

		if (from >= text.n)
			return;
		at = value_end(text, from);
		gs_sdp_sdes_parse_inline(&s, &line, word_before(text, from),
		    gs_span(text.p + from, at - from));
		add_sdes(k, &s);
	}
}

/* ---- anywhere else */

static void
take_found(void *arg, const struct gs_text_key *found)
{
	struct gs_srtp_keyline *k = arg;
	struct gs_srtp_key key = k->base;

	key.line = k->frame ? k->base.line : found->line;
	key.guess = k->broken || !found->sure;
	key.hinted = found->hinted;
	if (!key.guess || !k->frame)
		add(k, found->suite, found->keysalt, found->n, key);
	explicit_bzero(&key, sizeof(key));
}

bool
gs_srtp_keyline_init(struct gs_srtp_keyline *k)
{
	k->harvest = gs_text_harvest_new(take_found, k);
	return k->harvest != NULL;
}

void
gs_srtp_keyline_free(struct gs_srtp_keyline *k)
{
	gs_text_harvest_free(k->harvest);
	gs_buf_free(&k->plain);
}

void
gs_srtp_keyline_end(struct gs_srtp_keyline *k)
{
	gs_text_harvest_end(k->harvest);
	gs_buf_clear(&k->plain);
}

/* Passes the harvest a line in which no key was found so far. */
static void
harvest(struct gs_srtp_keyline *k, struct gs_span line, size_t found)
{
	if (k->found == found)
		gs_text_harvest_line(k->harvest, line, k->base.line);
}

/* value without what follows it: an SDP in JSON or XML may have no line end
 * after its last line. */
static struct gs_span
unquoted(struct gs_span value)
{
	value.n = gs_span_find(value, GS_LIT("\""));
	value.n = gs_span_find(value, GS_LIT("'"));
	value.n = gs_span_find(value, GS_LIT("</"));
	return value;
}

void
gs_srtp_keyline_crypto(struct gs_srtp_keyline *k,
    const struct gs_sdp_line *line, struct gs_span value)
{
	size_t found = k->found;
	struct gs_sdp_sdes s;

	k->broken = gs_span_has(value, GS_LIT("inline:"));
	if (k->broken) {
		gs_sdp_sdes_parse(&s, line, unquoted(value), NULL);
		add_sdes(k, &s);
	}
	harvest(k, line->text, found);
}

static bool
is_escaped(struct gs_span s)
{
	return gs_span_has(s, GS_LIT("inline%3")) ||
	    memchr(s.p, '\\', s.n) != NULL || gs_span_has(s, GS_LIT("#012")) ||
	    gs_span_has(s, GS_LIT("=3D")) || gs_span_has(s, GS_LIT("&#")) ||
	    gs_span_has(s, GS_LIT("&apos;")) ||
	    gs_span_has(s, GS_LIT("&quot;"));
}

static void
scan_line(struct gs_srtp_keyline *k, struct gs_span line)
{
	size_t found = k->found;

	k->broken = gs_span_has(line, GS_LIT("inline:"));
	if (k->broken)
		scan_inline(k, line);
	harvest(k, line, found);
}

/* Scans a line whose escapes may hide a key. */
static void
scan_escaped(struct gs_srtp_keyline *k, struct gs_span line)
{
	char *room;

	gs_buf_clear(&k->plain);
	k->plain.max = line.n;
	room = (char *)gs_buf_space(&k->plain, line.n);
	if (room == NULL) {
		k->no_memory = true;
		return;
	}
	k->plain.n = gs_text_unescape(line, room);
	for (struct gs_span s = gs_buf_span(&k->plain); s.n > 0;) {
		size_t n = gs_span_find(s, GS_LIT("\n"));

		scan_line(k, gs_span(s.p, n));
		n += n < s.n;
		s = gs_span(s.p + n, s.n - n);
	}
}

void
gs_srtp_keyline_scan(struct gs_srtp_keyline *k, struct gs_span line)
{
	size_t found = k->found;

	k->broken = false;
	if (!gs_span_has(line, GS_LIT("inline")))
		harvest(k, line, found);
	else if (is_escaped(line))
		scan_escaped(k, line);
	else
		scan_line(k, line);
}

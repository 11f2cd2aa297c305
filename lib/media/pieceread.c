/* SPDX-License-Identifier: MIT */
/* Pieces from lines of JSON. */
#include <errno.h>
#include <stdlib.h>

#include "piece_priv.h"

/* Bits of what must be there. */
enum {
	HAS_FILE = 1,
	HAS_SRC = 2,
	HAS_DST = 4,
	HAS_SSRC = 8,
	HAS_TIMES = 16,
	HAS_VERDICT = 32,
	HAS_KEYS = 64,
	HAS_TYPE = 128,
	HAS_END = 256,
	HAS_ALL = 511,
};

struct reading {
	struct gs_jsonread json;
	struct gs_json_token t;
	char key[32];
	unsigned has;
	struct gs_err *err;
};

static int
next(struct reading *r)
{
	int more = gs_jsonread_next(&r->json, &r->t, r->err);

	if (more == 0)
		return gs_err_set(r->err, "the text ends too early");
	return more == 1 ? 0 : -1;
}

static int
wrong(const struct reading *r, const char *want)
{
	return gs_err_set(r->err, "column %zu: \"%s\" must be %s", r->json.at,
	    r->key, want);
}

/* The next member's key, its value's first token in t. Returns 1, 0 at the
 * end of the object, -1. */
static int
next_member(struct reading *r)
{
	if (next(r) == -1)
		return -1;
	if (r->t.kind == GS_JSON_CLOSE)
		return 0;
	/* A key that is longer is none that we know. */
	size_t n = r->t.text.n < sizeof(r->key) ? r->t.text.n : 0;

	if (n > 0)
		memcpy(r->key, r->t.text.p, n);
	r->key[n] = '\0';
	return next(r) == -1 ? -1 : 1;
}

static bool
is(const struct reading *r, const char *key)
{
	return strcmp(r->key, key) == 0;
}

/* ---- values */

static int
get_u64(struct reading *r, uint64_t *v)
{
	if (r->t.kind == GS_JSON_NUMBER && gs_span_u64(r->t.text, v) == 0)
		return 0;
	return wrong(r, "a whole number");
}

static int
get_u64_or_null(struct reading *r, uint64_t *v)
{
	return r->t.kind == GS_JSON_NULL ? 0 : get_u64(r, v);
}

static int
get_text(struct reading *r, char **text)
{
	if (r->t.kind != GS_JSON_STRING)
		return wrong(r, "a string");
	free(*text);
	*text = strndup(r->t.text.n > 0 ? r->t.text.p : "", r->t.text.n);
	return *text != NULL ? 0 : gs_err_sys(r->err, ENOMEM, "stream");
}

/* 8 hexadecimal digits. */
static int
get_print(struct reading *r, char print[9])
{
	if (r->t.kind != GS_JSON_STRING || r->t.text.n != 8)
		return wrong(r, "8 hexadecimal digits");
	memcpy(print, r->t.text.p, 8);
	print[8] = '\0';
	if (strspn(print, "0123456789abcdef") != 8)
		return wrong(r, "8 hexadecimal digits");
	return 0;
}

static int
get_texts(struct reading *r, struct gs_texts *set)
{
	char *text = NULL;
	int status = -1;

	if (r->t.kind != GS_JSON_ARRAY)
		return wrong(r, "an array of strings");
	while (next(r) == 0) {
		if (r->t.kind == GS_JSON_CLOSE) {
			status = 0;
			break;
		}
		if (get_text(r, &text) == -1 ||
		    gs_texts_add(set, text, r->err) == -1)
			break;
	}
	free(text);
	return status;
}

static int
get_verdict(struct reading *r, enum gs_piece_verdict *v)
{
	struct gs_span s = r->t.text;

	*v = GS_PIECE_NONE;
	if (r->t.kind != GS_JSON_STRING)
		return wrong(r, "a verdict");
	if (gs_span_eq(s, GS_LIT("plain")))
		*v = GS_PIECE_PLAIN;
	else if (gs_span_eq(s, GS_LIT("no key")))
		*v = GS_PIECE_NO_KEY;
	else if (!gs_span_eq(s, GS_LIT("decrypted")) &&
	    !gs_span_eq(s, GS_LIT("partly")))
		return wrong(r, "a verdict");
	return 0;
}

static int
get_confirmed(struct reading *r, struct gs_piece *p)
{
	p->confirmed = r->t.kind == GS_JSON_TRUE;
	p->disagreed = r->t.kind == GS_JSON_FALSE;
	if (!p->confirmed && !p->disagreed && r->t.kind != GS_JSON_NULL)
		return wrong(r, "true, false or null");
	return 0;
}

/* ---- objects inside */

static int
get_rtcp(struct reading *r, struct gs_piece *p)
{
	int more, e = 0;

	if (r->t.kind != GS_JSON_OBJECT)
		return wrong(r, "an object");
	while (e == 0 && (more = next_member(r)) != 0) {
		if (more == -1)
			return -1;
		if (is(r, "packets"))
			e = get_u64(r, &p->rtcp_packets);
		else if (is(r, "decrypted"))
			e = get_u64(r, &p->rtcp_decrypted);
		else if (is(r, "plain"))
			e = get_u64(r, &p->rtcp_plain);
		else if (is(r, "tag_bits"))
			e = get_u64_or_null(r, &p->rtcp_tag_bits);
		else
			e = gs_jsonread_skip(&r->json, &r->t, r->err);
	}
	return e;
}

/* The packet index of SRTP has 48 bits (RFC 3711 section 3.3.1). */
static int
get_index(struct reading *r, uint64_t *v)
{
	*v = 0;
	if (get_u64(r, v) == -1)
		return -1;
	return *v >> 48 == 0 ? 0 : wrong(r, "indexes of at most 48 bits");
}

/* [first,last,first,last,…] */
static int
get_received(struct reading *r, struct gs_runs *runs)
{
	uint64_t first, last;

	if (r->t.kind == GS_JSON_NULL) {
		runs->over = true;
		return 0;
	}
	if (r->t.kind != GS_JSON_ARRAY)
		return wrong(r, "an array or null");
	while (next(r) == 0) {
		if (r->t.kind == GS_JSON_CLOSE)
			return 0;
		if (get_index(r, &first) == -1 || next(r) == -1 ||
		    get_index(r, &last) == -1)
			return -1;
		if (first > last)
			return wrong(r, "pairs of first and last index");
		gs_runs_add(runs, first, last);
	}
	return -1;
}

static int
get_key_members(struct reading *r, struct gs_piece_key *k)
{
	int more, e = 0;

	while (e == 0 && (more = next_member(r)) != 0) {
		if (more == -1)
			return -1;
		if (is(r, "key"))
			e = get_print(r, k->print);
		else if (is(r, "suite"))
			e = get_text(r, &k->suite);
		else if (is(r, "tag_bits"))
			e = get_u64(r, &k->tag_bits);
		else if (is(r, "key_from"))
			e = get_text(r, &k->from);
		else if (is(r, "start_ns"))
			e = get_u64(r, &k->start);
		else if (is(r, "end_ns"))
			e = get_u64(r, &k->end);
		else if (is(r, "received"))
			e = get_received(r, &k->received);
		else
			e = gs_jsonread_skip(&r->json, &r->t, r->err);
	}
	return e;
}

static int
get_keys(struct reading *r, struct gs_piece *p)
{
	int e = 0;

	p->keys_over = r->t.kind == GS_JSON_NULL;
	if (p->keys_over)
		return 0;
	if (r->t.kind != GS_JSON_ARRAY)
		return wrong(r, "an array or null");
	while (e == 0) {
		struct gs_piece_key k = { 0 };

		if (next(r) == -1)
			return -1;
		if (r->t.kind == GS_JSON_CLOSE)
			return 0;
		e = r->t.kind == GS_JSON_OBJECT ? get_key_members(r, &k) :
						  wrong(r, "objects");
		if (e == 0 &&
		    (k.print[0] == '\0' || k.suite == NULL || k.from == NULL))
			e = gs_err_set(r->err,
			    "column %zu: a key without "
			    "fingerprint, suite or place",
			    r->json.at);
		if (e == 0)
			e = gs_piece_add_key(p, &k, r->err);
		gs_piece_key_free(&k);
	}
	return e;
}

/* ---- the line */

static int
has(struct reading *r, unsigned what, int e)
{
	r->has |= what;
	return e;
}

static int
get_type(struct reading *r)
{
	if (r->t.kind == GS_JSON_STRING &&
	    gs_span_eq(r->t.text, GS_LIT("stream")))
		return 0;
	return wrong(r, "\"stream\"");
}

static int
get_number_member(struct reading *r, struct gs_piece *p)
{
	const struct {
		const char *key;
		uint64_t *v;
	} member[] = {
		{ "packets", &p->packets },
		{ "decrypted", &p->decrypted },
		{ "auth_failed", &p->failed },
		{ "no_key", &p->no_key },
	};

	for (size_t i = 0; i < sizeof(member) / sizeof(*member); i++)
		if (is(r, member[i].key))
			return get_u64(r, member[i].v);
	return gs_jsonread_skip(&r->json, &r->t, r->err);
}

static int
get_member(struct reading *r, struct gs_piece *p)
{
	if (is(r, "type"))
		return has(r, HAS_TYPE, get_type(r));
	if (is(r, "file"))
		return has(r, HAS_FILE, get_text(r, &p->file));
	if (is(r, "src"))
		return has(r, HAS_SRC, get_text(r, &p->src));
	if (is(r, "dst"))
		return has(r, HAS_DST, get_text(r, &p->dst));
	if (is(r, "ssrc"))
		return has(r, HAS_SSRC, get_print(r, p->ssrc));
	if (is(r, "payload_type"))
		return get_u64_or_null(r, &p->type);
	if (is(r, "codec"))
		return r->t.kind == GS_JSON_NULL ? 0 : get_text(r, &p->codec);
	if (is(r, "clock_rate"))
		return get_u64_or_null(r, &p->clock);
	if (is(r, "start_ns"))
		return has(r, HAS_TIMES, get_u64(r, &p->start));
	if (is(r, "end_ns"))
		return has(r, HAS_END, get_u64(r, &p->end));
	if (is(r, "format_ns"))
		return get_u64(r, &p->format_end);
	if (is(r, "rtcp"))
		return get_rtcp(r, p);
	if (is(r, "confirmed"))
		return get_confirmed(r, p);
	if (is(r, "verdict"))
		return has(r, HAS_VERDICT, get_verdict(r, &p->shut));
	if (is(r, "moved_from"))
		return get_texts(r, &p->moved);
	if (is(r, "lasting"))
		return get_texts(r, &p->lasting);
	if (is(r, "keys"))
		return has(r, HAS_KEYS, get_keys(r, p));
	return get_number_member(r, p);
}

static int
read_members(struct reading *r, struct gs_piece *p)
{
	int more;

	if (next(r) == -1)
		return -1;
	if (r->t.kind != GS_JSON_OBJECT)
		return gs_err_set(r->err, "not a JSON object");
	while ((more = next_member(r)) == 1)
		if (get_member(r, p) == -1)
			return -1;
	if (more == -1 || gs_jsonread_next(&r->json, &r->t, r->err) == -1)
		return -1;
	if (r->has != HAS_ALL)
		return gs_err_set(r->err,
		    "not a stream as gs-srtpdump -j "
		    "prints it: it needs type, file, src, dst, ssrc, verdict, "
		    "start_ns, end_ns and keys");
	if (p->rtcp_packets < p->rtcp_decrypted ||
	    p->rtcp_packets - p->rtcp_decrypted < p->rtcp_plain)
		return gs_err_set(r->err, "more RTCP opened than there is");
	return gs_texts_add(&p->moved, p->dst, r->err);
}

int
gs_piece_read(struct gs_piece *p, struct gs_span line, struct gs_err *err)
{
	struct reading r = { .err = err };
	int status;

	*p = (struct gs_piece){ .type = UINT64_MAX };
	gs_jsonread_init(&r.json, line);
	status = read_members(&r, p);
	gs_jsonread_free(&r.json);
	if (status == -1)
		gs_piece_free(p);
	return status;
}

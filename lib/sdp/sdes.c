/* SPDX-License-Identifier: MIT */
/* The value of a=crypto: tag, suite, keys, session parameters (RFC 4568
 * sections 4, 6.3 and 9). */
#include "sdp/sdes.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "sdp/mask.h"
#include "sdp/rules.h"
#include "sdp/sdp.h"

/* The attribute being parsed. */
struct work {
	struct gs_sdp_sdes *out;
	struct gs_diags *d;
};

/* Adds a finding at part; an error makes the attribute invalid. The text must
 * not contain a character that may belong to a key. */
static void GS_PRINTF(5, 6) finding_as(struct work *w, enum gs_sdp_rule rule,
    enum gs_severity severity, struct gs_span part, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (severity == GS_ERROR)
		w->out->valid = false;
	if (w->d == NULL)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	gs_sdp_diag_as(w->d, rule, severity, w->out->line, part, "%s", text);
}

/* The same with the rule's usual severity. */
#define finding(w, r, ...)                                                     \
	finding_as(w, r, gs_sdp_rules.rule[r].severity, __VA_ARGS__)

/* ---- key parameters (RFC 4568 6.1) */

/* No key is shorter: the characters of 28 octets without padding, and the
 * octets of AES-128. */
enum { SHORTEST_KEY = 38, LEAST_KEY = 16 };

/* The key-param being parsed. */
struct keyparam {
	struct work *w;
	struct gs_sdp_sdes_key *key;
	bool fec;
};

/* All errors of a FEC_KEY are findings of its own rule (RFC 4568 6.3.5). */
#define BAD(k, rule, ...)                                                      \
	finding((k)->w, (k)->fec ? GS_R_FEC_KEY : (rule), __VA_ARGS__)

static bool
all_digits(struct gs_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

static int
read_number(struct gs_span digits, uint64_t *v)
{
	if (!all_digits(digits) || (digits.n > 1 && digits.p[0] == '0'))
		return -1;
	return gs_span_u64(digits, v) == 0 ? 0 : 1;
}

/* Whether s is a word in place of a key: no key is this short. */
static bool
has_mask_word(struct gs_span s)
{
	static const char *const words[] = { "redact", "mask", "remov",
		"hidden", "secret", "strip", "scrub", "censor", "anonym" };

	for (size_t i = 0; i < s.n && s.n < SHORTEST_KEY; i++)
		for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
			size_t n = strlen(words[k]);
			if (s.n - i >= n &&
			    gs_span_eqcase(gs_span(s.p + i, n),
				gs_span(words[k], n)))
				return true;
		}
	return false;
}

/* Whether s is a masked key: stars, dots, all x, or a word, possibly in
 * brackets. */
static bool
looks_masked(struct gs_span s)
{
	static const char brackets[][2] = { { '<', '>' }, { '[', ']' },
		{ '{', '}' }, { '(', ')' } };
	size_t same = 0, n = s.n;

	if (memchr(s.p, '*', s.n) != NULL || gs_span_has(s, GS_LIT("...")) ||
	    gs_span_has(s, GS_LIT("\xe2\x80\xa6")) || has_mask_word(s))
		return true;
	for (size_t i = 0; i < sizeof(brackets) / sizeof(brackets[0]); i++)
		if (s.p[0] == brackets[i][0] && s.p[n - 1] == brackets[i][1])
			return true;
	while (n > 1 && s.p[n - 1] == '=')
		n--;
	for (size_t i = 0; i < n; i++)
		same += s.p[i] == s.p[0];
	return same == n && n > 1 && strchr("xX#-_.?", s.p[0]) != NULL;
}

static bool
same_octets(const uint8_t *p, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (p[i] != p[0])
			return false;
	return n > 1;
}

/* RFC 4568 6.1: "MUST be a cryptographically random number". */
static void
check_random(struct keyparam *k)
{
	const struct gs_sdp_suite *suite = k->w->out->suite;
	const uint8_t *p = k->key->keysalt;
	size_t n = k->key->n, i = 0;
	size_t master =
	    suite != NULL && suite->key != 0 && suite->key < n ? suite->key : n;

	/* Nearly every key passes here, by its first octets. */
	while (i < n && p[i] >= ' ' && p[i] <= '~')
		i++;
	if (same_octets(p, master))
		finding(k->w, GS_R_CRYPTO_KEY_WEAK, k->key->text,
		    "all octets of the %s are the same: this is not a random "
		    "key",
		    master < n ? "master key" : "key");
	if (i < n || same_octets(p, master))
		return;
	for (i = 0; i < n && gs_is_hex(p[i]);)
		i++;
	if (i == n)
		finding(k->w, GS_R_CRYPTO_KEY_HEX, k->key->text,
		    "the key consists of hexadecimal digits: each octet has "
		    "four random bits, not eight");
	else
		finding(k->w, GS_R_KEY_PRINTABLE, k->key->text,
		    "the key consists of printable characters: it is less "
		    "random than it should be");
}

/* Returns whether key and salt may have this length. */
static bool
check_length(struct keyparam *k, size_t n)
{
	const struct gs_sdp_suite *suite = k->w->out->suite;

	if (suite == NULL || suite->key == 0)
		return n >= LEAST_KEY;
	if (n == (size_t)suite->key + suite->salt)
		return true;
	BAD(k, GS_R_CRYPTO_KEY_LENGTH, k->key->text,
	    "key and salt have %zu octets, %s requires %d (%d + %d)", n,
	    suite->name, suite->key + suite->salt, suite->key, suite->salt);
	return false;
}

static void
parse_keysalt(struct keyparam *k, struct gs_span s)
{
	struct gs_sdp_sdes_key *key = k->key;
	size_t n, at;

	key->text = s;
	if (s.n == 0) {
		BAD(k, GS_R_CRYPTO_KEY_MISSING, s,
		    "the key after \"inline:\" is empty");
		return;
	}
	unsigned what =
	    gs_base64_decode(s, key->keysalt, sizeof(key->keysalt), &n, &at);
	if (((what & GS_BASE64_BAD) != 0 || s.n < SHORTEST_KEY ||
		s.p[0] == s.p[1]) &&
	    looks_masked(s)) {
		explicit_bzero(key->keysalt, sizeof(key->keysalt));
		key->masked = true;
		finding(k->w, GS_R_KEY_MASKED, s,
		    "the key is masked: its length was not checked");
		return;
	}
	if ((what & GS_BASE64_BAD) != 0) {
		struct gs_span bad = gs_span_skip(s, at);
		explicit_bzero(key->keysalt, sizeof(key->keysalt));
		BAD(k, GS_R_CRYPTO_KEY_BASE64, bad, "%s",
		    (what & GS_BASE64_CHAR) != 0 ?
			"the key contains a character that is not base64 (A-Z "
			"a-z 0-9 + /)" :
			(what & GS_BASE64_PAD) != 0 ?
			"\"=\" may only pad the end of the key, to a "
			"multiple of four characters" :
			"a base64 key cannot have this length: a character is "
			"missing or superfluous");
		return;
	}
	key->n = n < sizeof(key->keysalt) ? n : sizeof(key->keysalt);
	if ((what & GS_BASE64_UNPADDED) != 0)
		finding(k->w, GS_R_KEY_UNPADDED, s,
		    "the key has no \"=\" at its end: some phones misread "
		    "its length");
	if ((what & GS_BASE64_TRAILING) != 0)
		finding(k->w, GS_R_KEY_NONCANONICAL, s,
		    "the last character of the key has unused bits");
	if (check_length(k, n))
		check_random(k);
}

/* RFC 4568 6.1 and the table of 6.2. */
static void
parse_lifetime(struct keyparam *k, struct gs_span s)
{
	const uint64_t longest = UINT64_C(1) << 48;
	struct gs_span digits = s;
	uint64_t v = 0;
	bool power = gs_span_starts(s, GS_LIT("2^"));

	if (power)
		digits = gs_span_skip(s, 2);
	int bad = read_number(digits, &v);
	if (bad < 0 || (bad == 0 && v == 0 && !power)) {
		BAD(k, GS_R_CRYPTO_LIFETIME, s,
		    "the lifetime is not a number of packets without leading "
		    "zero, such as 2^20 or 1048576");
		return;
	}
	if (bad > 0 || (power && v > 48) || (!power && v > longest)) {
		BAD(k, GS_R_CRYPTO_LIFETIME, s,
		    "the lifetime is more than 2^48 packets, the most that "
		    "SRTP allows");
		return;
	}
	k->key->lifetime = power ? UINT64_C(1) << v : v;
	if (k->key->lifetime > UINT64_C(1) << 31)
		finding(k->w, GS_R_LIFETIME_SRTCP, s,
		    "the lifetime is longer than 2^31, the limit of SRTCP");
	if (k->key->lifetime < UINT64_C(1) << 20)
		finding(k->w, GS_R_LIFETIME_SHORT, s,
		    "the lifetime is below 2^20 packets: Asterisk refuses it");
	if (!power)
		finding(k->w, GS_R_LIFETIME_DECIMAL, s,
		    "the lifetime is a decimal number: FreeSWITCH 1.8 and "
		    "later accept only 2^N");
}

/* Whether a decimal number fits in this many octets (at most 128). */
static bool
fits(struct gs_span digits, size_t octets)
{
	uint8_t v[GS_SDES_MKI] = { 0 }; /* little endian */

	if (digits.n > 309) /* 2^1024 has 309 digits */
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		unsigned carry = (unsigned)(digits.p[i] - '0');
		for (size_t j = 0; j < octets; j++) {
			carry += v[j] * 10u;
			v[j] = (uint8_t)carry;
			carry >>= 8;
		}
		if (carry != 0)
			return false;
	}
	return true;
}

static void
parse_mki(struct keyparam *k, struct gs_span s)
{
	size_t colon = gs_span_find(s, GS_LIT(":"));
	struct gs_span value = gs_span(s.p, colon);
	struct gs_span length = gs_span_skip(s, colon);
	uint64_t n;

	if (length.n > 0)
		length = gs_span_skip(length, 1);
	if (!all_digits(value) || value.p[0] == '0') {
		BAD(k, GS_R_CRYPTO_MKI, value,
		    "the MKI is not a positive number without leading zero");
		return;
	}
	if (read_number(length, &n) != 0 || n == 0 || n > GS_SDES_MKI) {
		BAD(k, GS_R_CRYPTO_MKI_LENGTH, s,
		    "the MKI requires a length after a colon, 1 to 128 octets "
		    "without leading zero, such as 1:4");
		return;
	}
	if (!fits(value, (size_t)n)) {
		BAD(k, GS_R_CRYPTO_MKI, value,
		    "the MKI does not fit %" PRIu64 " octet%s", n,
		    gs_plural(n));
		return;
	}
	k->key->mki = value;
	k->key->mki_length = (uint8_t)n;
}

static struct gs_span
cut(struct gs_span *rest, char at)
{
	const char *end = rest->n == 0 ? NULL : memchr(rest->p, at, rest->n);
	size_t n = end == NULL ? rest->n : (size_t)(end - rest->p);
	struct gs_span piece = gs_span(rest->p, n);

	*rest = end == NULL ? gs_span(rest->p + n, 0) :
			      gs_span(end + 1, rest->n - n - 1);
	return piece;
}

/* ["|" lifetime] ["|" MKI ":" length]: the colon distinguishes the two (RFC
 * 4568 section 6.1). */
static void
parse_fields(struct keyparam *k, struct gs_span rest)
{
	bool lifetime = false, mki = false;
	const char *end = rest.p + rest.n;

	while (rest.p <= end) {
		bool last = rest.n == 0 || memchr(rest.p, '|', rest.n) == NULL;
		struct gs_span field = cut(&rest, '|');
		bool colon = gs_span_has(field, GS_LIT(":"));
		if (mki) {
			BAD(k, colon ? GS_R_CRYPTO_MKI : GS_R_CRYPTO_LIFETIME,
			    field, "%s",
			    colon ? "a second MKI after the first" :
				    "nothing may follow the MKI; the lifetime "
				    "precedes it");
			return;
		}
		if (field.n == 0) {
			BAD(k, GS_R_CRYPTO_LIFETIME, field,
			    "nothing after \"|\": omit it if there is no %s",
			    lifetime ? "MKI" : "lifetime");
			return;
		}
		if (colon || lifetime) {
			parse_mki(k, field);
			mki = true;
		} else {
			parse_lifetime(k, field);
			lifetime = true;
		}
		if (last)
			return;
	}
}

static void
note_mki(struct keyparam *k)
{
	const struct gs_sdp_sdes_key *key = k->key;

	if (key->mki.n == 0)
		return;
	if (key->lifetime == 0)
		finding(k->w, GS_R_MKI_NO_LIFETIME, key->mki,
		    "an MKI without a lifetime: FreeSWITCH ignores it");
	if (!gs_span_eq(key->mki, GS_LIT("1")))
		finding(k->w, GS_R_MKI_PEER, key->mki,
		    "the MKI is not 1: Asterisk refuses it");
	finding(k->w, GS_R_MKI_IGNORED, key->mki,
	    "pjsip and baresip ignore the MKI and cannot read packets that "
	    "carry it");
}

/* method ":" key-info; the case of the method does not matter (RFC 4568 section
 * 4). */
static void
parse_key_param(struct keyparam *k, struct gs_span s)
{
	struct gs_span rest = s;
	struct gs_span method = cut(&rest, ':');

	*k->key = (struct gs_sdp_sdes_key){ .text = gs_span(s.p + s.n, 0) };
	if (s.n == 0) {
		BAD(k, GS_R_CRYPTO_SYNTAX, s,
		    "an empty key parameter: remove the \";\"");
		return;
	}
	if (method.n == s.n || !gs_span_eqcase(method, GS_LIT("inline"))) {
		BAD(k, GS_R_CRYPTO_KEY_METHOD, s,
		    "the key does not begin with \"inline:\", the only key "
		    "method");
		return;
	}
	if (!gs_span_eq(method, GS_LIT("inline")))
		finding(k->w, GS_R_CRYPTO_SUITE_CASE, method,
		    "\"inline\" is not in lower case: Asterisk compares it "
		    "exactly");
	bool fields = memchr(rest.p, '|', rest.n) != NULL;
	parse_keysalt(k, cut(&rest, '|'));
	if (fields) {
		parse_fields(k, rest);
		note_mki(k);
	}
}

/* RFC 4568: several keys require MKIs of equal length (section 6.1) that differ
 * (section 4.3). */
static void
check_mkis(struct work *w)
{
	const struct gs_sdp_sdes *s = w->out;

	for (size_t i = 0; i < s->keys; i++) {
		const struct gs_sdp_sdes_key *k = &s->key[i];
		if (k->mki.n == 0) {
			finding(w, GS_R_MKI_REQUIRED, k->text,
			    "key %zu of %zu has no valid MKI: with several "
			    "keys, each requires one",
			    i + 1, s->keys);
			continue;
		}
		if (s->key[0].mki.n != 0 &&
		    k->mki_length != s->key[0].mki_length)
			finding(w, GS_R_MKI_LENGTH_DIFFERS, k->mki,
			    "the MKI has %d octets, the first key's %d: all "
			    "must have the same length",
			    k->mki_length, s->key[0].mki_length);
		for (size_t j = 0; j < i; j++)
			if (gs_span_eq(s->key[j].mki, k->mki)) {
				finding(w, GS_R_MKI_DUP, k->mki,
				    "keys %zu and %zu have the same MKI", j + 1,
				    i + 1);
				break;
			}
	}
}

static void
parse_keys(struct work *w, struct gs_span params, bool fec)
{
	struct gs_sdp_sdes *out = w->out;
	struct gs_sdp_sdes_key spare = { .n = 0 };
	struct gs_span rest = params;
	size_t count = 0;
	bool more = true;

	while (more) {
		struct keyparam k = { .w = w, .key = &spare, .fec = fec };
		if (fec && count == 0)
			k.key = &out->fec;
		else if (!fec && out->keys < GS_SDES_KEYS)
			k.key = &out->key[out->keys++];
		more = memchr(rest.p, ';', rest.n) != NULL;
		parse_key_param(&k, cut(&rest, ';'));
		count++;
	}
	explicit_bzero(&spare, sizeof(spare));
	if (fec || count == 1)
		return;
	check_mkis(w);
	finding(w, GS_R_KEYS_SEVERAL, params,
	    "%zu keys in one attribute: FreeSWITCH does not read \";\" "
	    "between keys",
	    count);
}

/* ---- the attribute */

/* The next word; *odd is set unless it follows exactly one space. */
static struct gs_span
next_word(struct gs_span *rest, bool *odd)
{
	size_t from = 0, n;

	while (from < rest->n && gs_is_blank(rest->p[from])) {
		*odd |= from > 0 || rest->p[from] == '\t';
		from++;
	}
	for (n = from; n < rest->n && !gs_is_blank(rest->p[n]);)
		n++;
	struct gs_span word = gs_span(rest->p + from, n - from);
	*odd |= word.n == 0 && from > 0;
	*rest = gs_span(rest->p + n, rest->n - n);
	return word;
}

/* 1*9DIGIT without leading zero (RFC 4568 4.1, 9.1). */
static void
parse_tag(struct work *w, struct gs_span s)
{
	uint64_t v;

	w->out->tag_text = s;
	if (s.n > 9 || read_number(s, &v) != 0) {
		finding(w, GS_R_CRYPTO_TAG, s,
		    "the tag is not a number of 1 to 9 digits without "
		    "leading zero");
		return;
	}
	w->out->tag = (uint32_t)v;
	w->out->tag_valid = true;
	if (v == 0)
		finding(w, GS_R_CRYPTO_TAG_ZERO, s,
		    "the tag is 0: this is legal, but most products start at 1");
}

static bool
has_upper(struct gs_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 'A' && s.p[i] <= 'Z')
			return true;
	return false;
}

static bool
has_lower(struct gs_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 'a' && s.p[i] <= 'z')
			return true;
	return false;
}

static bool
suite_grammar(struct gs_span s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			(c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	return s.n > 0;
}

/* Whether s is a name and not a misplaced key, which has no "_" or has letters
 * of both cases. */
static bool
is_quotable_suite(struct gs_span s)
{
	return s.n > 0 && s.n <= 48 && memchr(s.p, '_', s.n) != NULL &&
	    !(has_upper(s) && has_lower(s));
}

struct gs_span
gs_sdp_sdes_shown_suite(const struct gs_sdp_sdes *s)
{
	if (s->suite != NULL || is_quotable_suite(s->suite_name))
		return s->suite_name;
	return GS_LIT("unknown suite");
}

static void
unknown_suite(struct work *w, struct gs_span s)
{
	if (is_quotable_suite(s))
		finding(w, GS_R_CRYPTO_SUITE_UNKNOWN, s, "unknown suite %.*s",
		    (int)s.n, s.p);
	else
		finding(w, GS_R_CRYPTO_SUITE_UNKNOWN, s, "unknown suite");
}

static void
parse_suite(struct work *w, struct gs_span s)
{
	w->out->suite_name = s;
	if (!suite_grammar(s)) {
		finding(w, GS_R_CRYPTO_SYNTAX, s,
		    "the suite does not consist of letters, digits and \"_\": "
		    "expected TAG SUITE inline:KEY");
		return;
	}
	const struct gs_sdp_suite *suite = gs_sdp_suite_find(s);
	if (suite == NULL || suite->kind == GS_SUITE_FOREIGN) {
		unknown_suite(w, s);
		return;
	}
	w->out->suite = suite;
	if (!gs_span_eq(s, gs_span(suite->name, suite->n)))
		finding(w, GS_R_CRYPTO_SUITE_CASE, s,
		    "the suite is not in upper case: Asterisk compares it "
		    "exactly");
	if (suite->kind == GS_SUITE_ALIAS)
		finding(w, GS_R_CRYPTO_SUITE_ALIAS, s,
		    "%s is an old name of %s", suite->name, suite->registered);
	else if (suite->kind == GS_SUITE_VENDOR)
		finding(w, GS_R_CRYPTO_SUITE_VENDOR, s,
		    "%s is not registered: few products know it", suite->name);
}

/* ---- session parameters */

static const struct {
	struct gs_span name;
	enum gs_sdp_sdes_param param;
	bool value;
} params[] = {
	{ { "KDR", 3 }, GS_SDES_KDR, true },
	{ { "UNENCRYPTED_SRTP", 16 }, GS_SDES_UNENCRYPTED_SRTP, false },
	{ { "UNENCRYPTED_SRTCP", 17 }, GS_SDES_UNENCRYPTED_SRTCP, false },
	{ { "UNAUTHENTICATED_SRTP", 20 }, GS_SDES_UNAUTHENTICATED_SRTP, false },
	{ { "FEC_ORDER", 9 }, GS_SDES_FEC_ORDER, true },
	{ { "FEC_KEY", 7 }, GS_SDES_FEC_KEY, true },
	{ { "WSH", 3 }, GS_SDES_WSH, true },
};

/* RFC 4568 section 6.3.1 allows 1 to 24, section 9.2 allows 0 to 24. */
static void
parse_kdr(struct work *w, struct gs_span v)
{
	uint64_t n = 0;

	if (v.n > 2 || read_number(v, &n) != 0 || n > 24) {
		finding(w, GS_R_KDR_RANGE, v,
		    "KDR is not a number from 1 to 24 without leading zero");
		return;
	}
	if (n == 0)
		finding_as(w, GS_R_KDR_RANGE, GS_WARNING, v,
		    "KDR=0 is allowed by the RFC's grammar, but not by its "
		    "text: leave KDR out");
	w->out->kdr = (uint32_t)n;
}

/* RFC 4568 section 6.3.6; section 9.2 requires two digits or more. */
static void
parse_wsh(struct work *w, struct gs_span v)
{
	uint64_t n = 0;
	int bad = read_number(v, &n);

	if (bad < 0 || v.n < 2) {
		finding_as(w, GS_R_WSH_RANGE, GS_ERROR, v,
		    "WSH is not a number of two digits or more without "
		    "leading zero");
		return;
	}
	w->out->wsh = bad > 0 || n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
	if (w->out->wsh < 64)
		finding(w, GS_R_WSH_RANGE, v,
		    "WSH is below 64, the smallest window of SRTP");
}

static void
parse_fec_key(struct work *w, struct gs_span v)
{
	parse_keys(w, v, true);
	finding_as(w, GS_R_FEC_KEY, GS_NOTE, v,
	    "FEC_KEY is only for FEC that goes to another address or port");
}

static void
parse_param_value(struct work *w, enum gs_sdp_sdes_param param,
    struct gs_span word, struct gs_span v)
{
	switch (param) {
	case GS_SDES_KDR: parse_kdr(w, v); break;
	case GS_SDES_WSH: parse_wsh(w, v); break;
	case GS_SDES_FEC_KEY: parse_fec_key(w, v); break;
	case GS_SDES_FEC_ORDER:
		if (!gs_span_eqcase(v, GS_LIT("FEC_SRTP")) &&
		    !gs_span_eqcase(v, GS_LIT("SRTP_FEC")))
			finding(w, GS_R_FEC_ORDER, v,
			    "FEC_ORDER is neither FEC_SRTP nor SRTP_FEC");
		break;
	case GS_SDES_UNENCRYPTED_SRTP:
		finding(w, GS_R_PARAM_UNENCRYPTED, word,
		    "UNENCRYPTED_SRTP: anyone on the network path can listen");
		break;
	case GS_SDES_UNENCRYPTED_SRTCP:
		finding(w, GS_R_PARAM_UNENCRYPTED_RTCP, word,
		    "UNENCRYPTED_SRTCP: SRTCP is not encrypted");
		break;
	case GS_SDES_UNAUTHENTICATED_SRTP:
		finding(w, GS_R_PARAM_UNAUTHENTICATED, word,
		    "UNAUTHENTICATED_SRTP: packets can be forged and changed");
		break;
	default: break;
	}
	if (w->out->suite != NULL && w->out->suite->aead &&
	    (param == GS_SDES_UNENCRYPTED_SRTP ||
		param == GS_SDES_UNAUTHENTICATED_SRTP))
		finding(w, GS_R_GCM_PARAM, word,
		    "%s always encrypts and authenticates: the parameter "
		    "contradicts it",
		    w->out->suite->name);
}

/* Whether s cannot be a key. */
static bool
is_quotable_name(struct gs_span s)
{
	char shown[24];

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			c == '_' || c == '-'))
			return false;
	}
	return s.n > 0 && s.n <= 20 && !(has_upper(s) && has_lower(s)) &&
	    gs_span_starts(s, gs_sdp_sdes_shown(s, shown, sizeof(shown)));
}

static void
unknown_param(struct work *w, struct gs_span word, struct gs_span name)
{
	struct gs_span quoted =
	    is_quotable_name(name) ? name : GS_LIT("(name not shown)");

	/* ["-"] 1*VCHAR, without a second dash (RFC 4568 section 9.2). */
	if (word.n > 1 && word.p[0] == '-' && word.p[1] != '-') {
		w->out->params |= GS_SDES_OPTIONAL;
		finding(w, GS_R_SESSION_PARAM_OPTIONAL, word,
		    "the optional parameter %.*s may be ignored; Asterisk "
		    "refuses it",
		    (int)quoted.n, quoted.p);
		return;
	}
	w->out->params |= GS_SDES_UNKNOWN;
	if (gs_span_find(word, GS_LIT("inline:")) == 0) {
		parse_keys(&(struct work){ .out = w->out }, word, false);
		finding(w, GS_R_SESSION_PARAM_UNKNOWN, word,
		    "a second key after a space: separate keys with \";\" and "
		    "without spaces");
	} else {
		finding(w, GS_R_SESSION_PARAM_UNKNOWN, word,
		    "unknown session parameter %.*s: without \"-\" before it "
		    "the line is invalid",
		    (int)quoted.n, quoted.p);
	}
}

static void
parse_param(struct work *w, struct gs_span word)
{
	size_t n = gs_span_find(word, GS_LIT("="));
	struct gs_span name = gs_span(word.p, n);
	bool has_value = n < word.n;

	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++) {
		if (!gs_span_eqcase(name, params[i].name))
			continue;
		if (!params[i].value && has_value)
			break;
		if ((w->out->params & params[i].param) != 0)
			finding(w, GS_R_SESSION_PARAM_DUP, word, "duplicate %s",
			    params[i].name.p);
		w->out->params |= params[i].param;
		parse_param_value(w, params[i].param, word,
		    has_value ? gs_span(word.p + n + 1, word.n - n - 1) :
				gs_span(word.p + n, 0));
		return;
	}
	unknown_param(w, word, name);
}

static bool
all_visible(struct gs_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return true;
}

static void
parse_params(struct work *w, struct gs_span rest, bool *odd)
{
	struct gs_span first = { NULL, 0 };

	for (;;) {
		struct gs_span word = next_word(&rest, odd);
		if (word.n == 0)
			break;
		if (first.n == 0)
			first = word;
		if (all_visible(word))
			parse_param(w, word);
		else
			finding(w, GS_R_CRYPTO_SYNTAX, word,
			    "a session parameter has octets that are not "
			    "visible ASCII");
	}
	const unsigned known = GS_SDES_KDR | GS_SDES_UNENCRYPTED_SRTP |
	    GS_SDES_UNENCRYPTED_SRTCP | GS_SDES_UNAUTHENTICATED_SRTP |
	    GS_SDES_FEC_ORDER | GS_SDES_FEC_KEY | GS_SDES_WSH;
	if ((w->out->params & known) != 0)
		finding(w, GS_R_SESSION_PARAM_PEER, first,
		    "session parameters: Asterisk refuses the line, pjsip and "
		    "baresip ignore them");
}

/* Clears everything but the key octets, which are many. */
static void
begin(struct gs_sdp_sdes *out, const struct gs_sdp_line *line,
    struct gs_span value)
{
	struct gs_span none = gs_span(value.p + value.n, 0);

	out->line = line;
	out->value = value;
	out->tag_text = none;
	out->tag = 0;
	out->tag_valid = false;
	out->suite_name = none;
	out->suite = NULL;
	out->keys = 0;
	out->params = 0;
	out->kdr = 0;
	out->wsh = 0;
	out->valid = true;
}

void
gs_sdp_sdes_parse(struct gs_sdp_sdes *out, const struct gs_sdp_line *line,
    struct gs_span value, struct gs_diags *d)
{
	struct work w = { .out = out, .d = d };
	struct gs_span rest = value;
	bool odd = false;

	begin(out, line, value);
	bool leading = value.n > 0 && gs_is_blank(value.p[0]);
	struct gs_span tag = next_word(&rest, &odd);
	struct gs_span suite = next_word(&rest, &odd);
	struct gs_span keys = next_word(&rest, &odd);
	if (keys.n == 0) {
		finding(&w, GS_R_CRYPTO_SYNTAX, value,
		    "expected TAG SUITE inline:KEY, and there %s",
		    tag.n == 0       ? "is nothing" :
			suite.n == 0 ? "is only one word" :
				       "are only two words");
	}
	if (leading)
		finding(&w, GS_R_CRYPTO_SYNTAX, value,
		    "a space before the tag");
	if (tag.n > 0)
		parse_tag(&w, tag);
	if (suite.n > 0)
		parse_suite(&w, suite);
	/* A key may be shortened with an ellipsis. */
	if (keys.n > 0 &&
	    (all_visible(keys) || gs_span_has(keys, GS_LIT("\xe2\x80\xa6"))))
		parse_keys(&w, keys, false);
	else if (keys.n > 0)
		finding(&w, GS_R_CRYPTO_SYNTAX, keys,
		    "the key has octets that are not visible ASCII");
	if (rest.n > 0)
		parse_params(&w, rest, &odd);
	if (odd && !leading)
		finding(&w, GS_R_CRYPTO_WHITESPACE, value,
		    "tab, double or trailing space: Asterisk and baresip "
		    "require one space between fields");
}

void
gs_sdp_sdes_parse_inline(struct gs_sdp_sdes *out,
    const struct gs_sdp_line *line, struct gs_span suite, struct gs_span value)
{
	struct work w = { .out = out };
	struct gs_span rest = value;
	bool odd = false;

	begin(out, line, value);
	if (suite.n > 0)
		parse_suite(&w, suite);
	struct gs_span keys = next_word(&rest, &odd);
	if (keys.n > 0 && all_visible(keys))
		parse_keys(&w, keys, false);
	parse_params(&w, rest, &odd);
}

const struct gs_sdp_attr *
gs_sdp_sdes_next(const struct gs_sdp *sdp, const struct gs_sdp_media *media,
    size_t *at, struct gs_sdp_sdes *out, struct gs_diags *d)
{
	const struct gs_sdp_attr *a =
	    gs_sdp_attr_next(sdp, media, GS_LIT("crypto"), at);

	if (a != NULL)
		gs_sdp_sdes_parse(out, a->line,
		    a->has_value ? a->value : gs_span(a->name.p + a->name.n, 0),
		    d);
	return a;
}

const struct gs_sdp_sdes_key *
gs_sdp_sdes_key_at(const struct gs_sdp_sdes *s, size_t i)
{
	if (i < s->keys)
		return &s->key[i];
	return i == s->keys && (s->params & GS_SDES_FEC_KEY) != 0 ? &s->fec :
								    NULL;
}

void
gs_sdp_sdes_wipe(struct gs_sdp_sdes *s)
{
	for (size_t i = 0; i < s->keys; i++)
		explicit_bzero(s->key[i].keysalt, s->key[i].n);
	if ((s->params & GS_SDES_FEC_KEY) != 0)
		explicit_bzero(s->fec.keysalt, s->fec.n);
}

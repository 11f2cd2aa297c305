/* SPDX-License-Identifier: MIT */
/* The key parameters of a=crypto: key, salt, lifetime, MKI (RFC 4568
 * section 6.1). */
#include "sdp/sdes_priv.h"

#include <inttypes.h>

#include "sdes.h"

/* No key is shorter: the characters of 28 octets, without padding, and the
 * octets of AES-128. */
enum { SHORTEST_KEY = 38, LEAST_KEY = 16 };

/* One key-param in work. */
struct keyparam {
	struct gs_sdes_work *w;
	struct gs_sdes_key *key;
	bool fec;
};

/* The errors of a FEC_KEY all have its own rule (RFC 4568 6.3.5). */
#define BAD(k, rule, ...)                                                      \
	gs_sdes_finding((k)->w, (k)->fec ? GS_R_FEC_KEY : (rule), __VA_ARGS__)

static bool
all_digits(struct gs_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

int
gs_sdes_number(struct gs_span digits, uint64_t *v)
{
	if (!all_digits(digits) || (digits.n > 1 && digits.p[0] == '0'))
		return -1;
	return gs_span_u64(digits, v) == 0 ? 0 : 1;
}

/* A word that somebody wrote in the place of a key: no key is so short. */
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

/* Keys that people or programs made unreadable: stars, dots, all x, or a
 * word, in brackets or of its own. */
static bool
looks_masked(struct gs_span s)
{
	static const char brackets[][2] = { { '<', '>' }, { '[', ']' },
		{ '{', '}' }, { '(', ')' } };
	size_t same = 0, n = s.n;

	if (memchr(s.p, '*', s.n) != NULL ||
	    gs_span_find(s, GS_LIT("...")) < s.n ||
	    gs_span_find(s, GS_LIT("\xe2\x80\xa6")) < s.n || has_mask_word(s))
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

static bool
is_hex(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') ||
	    (c >= 'a' && c <= 'f');
}

/* RFC 4568 6.1: "MUST be a cryptographically random number". */
static void
check_random(struct keyparam *k)
{
	const struct gs_suite *suite = k->w->out->suite;
	const uint8_t *p = k->key->keysalt;
	size_t n = k->key->n, i = 0;
	size_t master =
	    suite != NULL && suite->key != 0 && suite->key < n ? suite->key : n;

	/* Nearly every key ends here, at its first octets. */
	while (i < n && p[i] >= ' ' && p[i] <= '~')
		i++;
	if (same_octets(p, master))
		gs_sdes_finding(k->w, GS_R_CRYPTO_KEY_WEAK, k->key->text,
		    "all octets of the %s are the same: this "
		    "is no random key",
		    master < n ? "master key" : "key");
	if (i < n || same_octets(p, master))
		return;
	for (i = 0; i < n && is_hex(p[i]);)
		i++;
	if (i == n)
		gs_sdes_finding(k->w, GS_R_CRYPTO_KEY_HEX, k->key->text,
		    "the key is made of hexadecimal digits: "
		    "each octet has four random bits, not eight");
	else
		gs_sdes_finding(k->w, GS_R_KEY_PRINTABLE, k->key->text,
		    "the key is made of printable characters "
		    "only: less random than it should be");
}

/* Returns whether key and salt may be so long. */
static bool
check_length(struct keyparam *k, size_t n)
{
	const struct gs_suite *suite = k->w->out->suite;

	if (suite == NULL || suite->key == 0)
		return n >= LEAST_KEY;
	if (n == (size_t)suite->key + suite->salt)
		return true;
	BAD(k, GS_R_CRYPTO_KEY_LENGTH, k->key->text,
	    "key and salt are %zu octets, %s needs %d (%d + %d)", n,
	    suite->name, suite->key + suite->salt, suite->key, suite->salt);
	return false;
}

static void
parse_keysalt(struct keyparam *k, struct gs_span s)
{
	struct gs_sdes_key *key = k->key;
	size_t n, at;

	key->text = s;
	if (s.n == 0) {
		BAD(k, GS_R_CRYPTO_KEY_MISSING, s,
		    "the key behind \"inline:\" is empty");
		return;
	}
	unsigned what =
	    gs_base64_decode(s, key->keysalt, sizeof(key->keysalt), &n, &at);
	if (((what & GS_BASE64_BAD) != 0 || s.n < SHORTEST_KEY ||
		s.p[0] == s.p[1]) &&
	    looks_masked(s)) {
		explicit_bzero(key->keysalt, sizeof(key->keysalt));
		key->masked = true;
		gs_sdes_finding(k->w, GS_R_KEY_MASKED, s,
		    "the key is masked: its length was not checked");
		return;
	}
	if ((what & GS_BASE64_BAD) != 0) {
		struct gs_span bad = gs_span(s.p + at, s.n - at);
		explicit_bzero(key->keysalt, sizeof(key->keysalt));
		BAD(k, GS_R_CRYPTO_KEY_BASE64, bad, "%s",
		    (what & GS_BASE64_CHAR) != 0 ?
			"the key has a character that is not base64 "
			"(A-Z a-z 0-9 + /)" :
			(what & GS_BASE64_PAD) != 0 ?
			"\"=\" may only pad the end of the key, to a "
			"multiple of four characters" :
			"a base64 key cannot have this number of "
			"characters: one is missing or too many");
		return;
	}
	key->n = n < sizeof(key->keysalt) ? n : sizeof(key->keysalt);
	if ((what & GS_BASE64_UNPADDED) != 0)
		gs_sdes_finding(k->w, GS_R_KEY_UNPADDED, s,
		    "the key has no \"=\" at its end: some phones misread "
		    "its length");
	if ((what & GS_BASE64_TRAILING) != 0)
		gs_sdes_finding(k->w, GS_R_KEY_NONCANONICAL, s,
		    "the last character of the key has bits that belong to "
		    "no octet");
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
		digits = gs_span(s.p + 2, s.n - 2);
	int bad = gs_sdes_number(digits, &v);
	if (bad < 0 || (bad == 0 && v == 0 && !power)) {
		BAD(k, GS_R_CRYPTO_LIFETIME, s,
		    "the lifetime is not a number of packets without "
		    "leading zero, as in 2^20 or 1048576");
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
		gs_sdes_finding(k->w, GS_R_LIFETIME_SRTCP, s,
		    "the lifetime is beyond 2^31: SRTCP ends before it");
	if (k->key->lifetime < UINT64_C(1) << 20)
		gs_sdes_finding(k->w, GS_R_LIFETIME_SHORT, s,
		    "the lifetime is below 2^20 packets: Asterisk refuses "
		    "it");
	if (!power)
		gs_sdes_finding(k->w, GS_R_LIFETIME_DECIMAL, s,
		    "the lifetime is a plain number: FreeSWITCH 1.8 and "
		    "later read only 2^N");
}

/* Whether a decimal number fits so many octets (at most 128). */
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
	struct gs_span length = gs_span(s.p + colon, s.n - colon);
	uint64_t n;

	if (length.n > 0)
		length = gs_span(length.p + 1, length.n - 1);
	if (!all_digits(value) || value.p[0] == '0') {
		BAD(k, GS_R_CRYPTO_MKI, value,
		    "the MKI is not a positive number without leading zero");
		return;
	}
	if (gs_sdes_number(length, &n) != 0 || n == 0 || n > GS_SDES_MKI) {
		BAD(k, GS_R_CRYPTO_MKI_LENGTH, s,
		    "the MKI needs its length in octets behind a colon, 1 "
		    "to 128 without leading zero, as in 1:4");
		return;
	}
	if (!fits(value, (size_t)n)) {
		BAD(k, GS_R_CRYPTO_MKI, value,
		    "the MKI does not fit %" PRIu64 " octet%s", n,
		    n == 1 ? "" : "s");
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

/* ["|" lifetime] ["|" MKI ":" length]: a colon tells which (6.1). */
static void
parse_fields(struct keyparam *k, struct gs_span rest)
{
	bool lifetime = false, mki = false;
	const char *end = rest.p + rest.n;

	while (rest.p <= end) {
		bool last = rest.n == 0 || memchr(rest.p, '|', rest.n) == NULL;
		struct gs_span field = cut(&rest, '|');
		bool colon = gs_span_find(field, GS_LIT(":")) < field.n;
		if (mki) {
			BAD(k, colon ? GS_R_CRYPTO_MKI : GS_R_CRYPTO_LIFETIME,
			    field, "%s",
			    colon ? "a second MKI behind the first" :
				    "nothing may stand behind the MKI; the "
				    "lifetime comes before it");
			return;
		}
		if (field.n == 0) {
			BAD(k, GS_R_CRYPTO_LIFETIME, field,
			    "nothing behind \"|\": leave it out where there "
			    "is no %s",
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
	const struct gs_sdes_key *key = k->key;

	if (key->mki.n == 0)
		return;
	if (key->lifetime == 0)
		gs_sdes_finding(k->w, GS_R_MKI_NO_LIFETIME, key->mki,
		    "an MKI without a lifetime: FreeSWITCH passes over it");
	if (!gs_span_eq(key->mki, GS_LIT("1")))
		gs_sdes_finding(k->w, GS_R_MKI_PEER, key->mki,
		    "the MKI is not 1: Asterisk refuses it");
	gs_sdes_finding(k->w, GS_R_MKI_IGNORED, key->mki,
	    "pjsip and baresip do not read the MKI and fail on packets "
	    "that carry it");
}

/* method ":" key-info; the method is read without case (section 4). */
static void
parse_key_param(struct keyparam *k, struct gs_span s)
{
	struct gs_span rest = s;
	struct gs_span method = cut(&rest, ':');

	*k->key = (struct gs_sdes_key){ .text = gs_span(s.p + s.n, 0) };
	if (s.n == 0) {
		BAD(k, GS_R_CRYPTO_SYNTAX, s,
		    "an empty key parameter: no "
		    "\";\" may stand here");
		return;
	}
	if (method.n == s.n || !gs_span_eqcase(method, GS_LIT("inline"))) {
		BAD(k, GS_R_CRYPTO_KEY_METHOD, s,
		    "the key does not begin with \"inline:\", the only key "
		    "method there is");
		return;
	}
	if (!gs_span_eq(method, GS_LIT("inline")))
		gs_sdes_finding(k->w, GS_R_CRYPTO_SUITE_CASE, method,
		    "\"inline\" is not in lower case: Asterisk compares it "
		    "letter by letter");
	bool fields = memchr(rest.p, '|', rest.n) != NULL;
	parse_keysalt(k, cut(&rest, '|'));
	if (fields) {
		parse_fields(k, rest);
		note_mki(k);
	}
}

/* RFC 4568 6.1: several keys need MKIs of one length; 4.3: which differ. */
static void
check_mkis(struct gs_sdes_work *w)
{
	const struct gs_sdes *s = w->out;

	for (size_t i = 0; i < s->keys; i++) {
		const struct gs_sdes_key *k = &s->key[i];
		if (k->mki.n == 0) {
			gs_sdes_finding(w, GS_R_MKI_REQUIRED, k->text,
			    "key %zu of %zu has no valid MKI: with "
			    "several keys each needs one",
			    i + 1, s->keys);
			continue;
		}
		if (s->key[0].mki.n != 0 &&
		    k->mki_length != s->key[0].mki_length)
			gs_sdes_finding(w, GS_R_MKI_LENGTH_DIFFERS, k->mki,
			    "the MKI has %d octets, the first key's "
			    "%d: all must have one length",
			    k->mki_length, s->key[0].mki_length);
		for (size_t j = 0; j < i; j++)
			if (gs_span_eq(s->key[j].mki, k->mki)) {
				gs_sdes_finding(w, GS_R_MKI_DUP, k->mki,
				    "keys %zu and %zu have the same "
				    "MKI",
				    j + 1, i + 1);
				break;
			}
	}
}

void
gs_sdes_key_params(struct gs_sdes_work *w, struct gs_span params, bool fec)
{
	struct gs_sdes *out = w->out;
	struct gs_sdes_key spare = { .n = 0 };
	struct gs_span rest = params;
	size_t count = 0;
	bool more = true;

	while (more) {
		struct keyparam k = { .w = w, .key = &spare, .fec = fec };
		if (fec && count == 0)
			k.key = &out->fec;
		else if (!fec && count < GS_SDES_KEYS)
			k.key = &out->key[out->keys++];
		more = memchr(rest.p, ';', rest.n) != NULL;
		parse_key_param(&k, cut(&rest, ';'));
		count++;
	}
	if (count == 1)
		return;
	explicit_bzero(&spare, sizeof(spare));
	if (fec)
		return;
	check_mkis(w);
	gs_sdes_finding(w, GS_R_KEYS_SEVERAL, params,
	    "%zu keys in one attribute: FreeSWITCH does not read \";\" "
	    "between keys",
	    count);
}

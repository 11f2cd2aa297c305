/* SPDX-License-Identifier: MIT */
/* The value of a=crypto: tag, suite, keys, session parameters (RFC 4568
 * sections 4, 6.3 and 9). */
#include "sdp/sdes.h"

#include <stdio.h>

#include "sdes_priv.h"

void
gs_sdes_finding_as(struct gs_sdes_work *w, enum gs_sdp_rule rule,
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

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The next word; *odd is set when it stands behind more or other than one
 * space. */
static struct gs_span
next_word(struct gs_span *rest, bool *odd)
{
	size_t from = 0, n;

	while (from < rest->n && is_blank(rest->p[from])) {
		*odd |= from > 0 || rest->p[from] == '\t';
		from++;
	}
	for (n = from; n < rest->n && !is_blank(rest->p[n]);)
		n++;
	struct gs_span word = gs_span(rest->p + from, n - from);
	*odd |= word.n == 0 && from > 0;
	*rest = gs_span(rest->p + n, rest->n - n);
	return word;
}

/* 1*9DIGIT without leading zero (RFC 4568 4.1, 9.1). */
static void
parse_tag(struct gs_sdes_work *w, struct gs_span s)
{
	uint64_t v;

	w->out->tag_text = s;
	if (s.n > 9 || gs_sdes_number(s, &v) != 0) {
		gs_sdes_finding(w, GS_R_CRYPTO_TAG, s,
		    "the tag is not a number of 1 to 9 digits without "
		    "leading zero");
		return;
	}
	w->out->tag = (uint32_t)v;
	w->out->tag_valid = true;
	if (v == 0)
		gs_sdes_finding(w, GS_R_CRYPTO_TAG_ZERO, s,
		    "the tag is 0: legal, but most count from 1");
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

/* A name and no misplaced key: keys have no "_", or mix the cases. */
static bool
is_quotable_suite(struct gs_span s)
{
	return s.n > 0 && s.n <= 48 && memchr(s.p, '_', s.n) != NULL &&
	    !(has_upper(s) && has_lower(s));
}

struct gs_span
gs_sdes_shown_suite(const struct gs_sdes *s)
{
	if (s->suite != NULL || is_quotable_suite(s->suite_name))
		return s->suite_name;
	return GS_LIT("unknown suite");
}

static void
unknown_suite(struct gs_sdes_work *w, struct gs_span s)
{
	if (is_quotable_suite(s))
		gs_sdes_finding(w, GS_R_CRYPTO_SUITE_UNKNOWN, s,
		    "nobody knows the suite %.*s", (int)s.n, s.p);
	else
		gs_sdes_finding(w, GS_R_CRYPTO_SUITE_UNKNOWN, s,
		    "nobody knows this suite");
}

static void
parse_suite(struct gs_sdes_work *w, struct gs_span s)
{
	w->out->suite_name = s;
	if (!suite_grammar(s)) {
		gs_sdes_finding(w, GS_R_CRYPTO_SYNTAX, s,
		    "the suite is not made of letters, digits and \"_\": "
		    "expected TAG SUITE inline:KEY");
		return;
	}
	const struct gs_suite *suite = gs_suite_find(s);
	if (suite == NULL || suite->kind == GS_SUITE_FOREIGN) {
		unknown_suite(w, s);
		return;
	}
	w->out->suite = suite;
	if (!gs_span_eq(s, gs_span(suite->name, suite->n)))
		gs_sdes_finding(w, GS_R_CRYPTO_SUITE_CASE, s,
		    "the suite is not in upper case: Asterisk compares it "
		    "letter by letter");
	if (suite->kind == GS_SUITE_ALIAS)
		gs_sdes_finding(w, GS_R_CRYPTO_SUITE_ALIAS, s,
		    "%s is an old name of %s", suite->name, suite->registered);
	else if (suite->kind == GS_SUITE_VENDOR)
		gs_sdes_finding(w, GS_R_CRYPTO_SUITE_VENDOR, s,
		    "%s is not registered: few products know it", suite->name);
}

/* ---- session parameters */

static const struct {
	struct gs_span name;
	enum gs_sdes_param param;
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

/* RFC 4568 6.3.1: 1 to 24; 9.2 says 0 to 24. */
static void
parse_kdr(struct gs_sdes_work *w, struct gs_span v)
{
	uint64_t n = 0;

	if (v.n > 2 || gs_sdes_number(v, &n) != 0 || n > 24) {
		gs_sdes_finding(w, GS_R_KDR_RANGE, v,
		    "KDR is not a number from 1 to 24 without leading zero");
		return;
	}
	if (n == 0)
		gs_sdes_finding_as(w, GS_R_KDR_RANGE, GS_WARNING, v,
		    "KDR=0 is allowed by the RFC's grammar and not by its "
		    "text: leave KDR out");
	w->out->kdr = (uint32_t)n;
}

/* RFC 4568 6.3.6, and 2*DIGIT of 9.2. */
static void
parse_wsh(struct gs_sdes_work *w, struct gs_span v)
{
	uint64_t n = 0;
	int bad = gs_sdes_number(v, &n);

	if (bad < 0 || v.n < 2) {
		gs_sdes_finding_as(w, GS_R_WSH_RANGE, GS_ERROR, v,
		    "WSH is not a number of two digits or more without "
		    "leading zero");
		return;
	}
	w->out->wsh = bad > 0 || n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
	if (w->out->wsh < 64)
		gs_sdes_finding(w, GS_R_WSH_RANGE, v,
		    "WSH is below 64, the least window of SRTP");
}

static void
parse_fec_key(struct gs_sdes_work *w, struct gs_span v)
{
	gs_sdes_key_params(w, v, true);
	gs_sdes_finding_as(w, GS_R_FEC_KEY, GS_NOTE, v,
	    "FEC_KEY is only for FEC that goes to another address or port");
}

static void
parse_param_value(struct gs_sdes_work *w, enum gs_sdes_param param,
    struct gs_span word, struct gs_span v)
{
	switch (param) {
	case GS_SDES_KDR: parse_kdr(w, v); break;
	case GS_SDES_WSH: parse_wsh(w, v); break;
	case GS_SDES_FEC_KEY: parse_fec_key(w, v); break;
	case GS_SDES_FEC_ORDER:
		if (!gs_span_eqcase(v, GS_LIT("FEC_SRTP")) &&
		    !gs_span_eqcase(v, GS_LIT("SRTP_FEC")))
			gs_sdes_finding(w, GS_R_FEC_ORDER, v,
			    "FEC_ORDER is neither FEC_SRTP nor SRTP_FEC");
		break;
	case GS_SDES_UNENCRYPTED_SRTP:
		gs_sdes_finding(w, GS_R_PARAM_UNENCRYPTED, word,
		    "UNENCRYPTED_SRTP: anybody on the way can listen");
		break;
	case GS_SDES_UNENCRYPTED_SRTCP:
		gs_sdes_finding(w, GS_R_PARAM_UNENCRYPTED_RTCP, word,
		    "UNENCRYPTED_SRTCP: SRTCP is not encrypted");
		break;
	case GS_SDES_UNAUTHENTICATED_SRTP:
		gs_sdes_finding(w, GS_R_PARAM_UNAUTHENTICATED, word,
		    "UNAUTHENTICATED_SRTP: packets can be forged and "
		    "changed");
		break;
	default: break;
	}
	if (w->out->suite != NULL && w->out->suite->aead &&
	    (param == GS_SDES_UNENCRYPTED_SRTP ||
		param == GS_SDES_UNAUTHENTICATED_SRTP))
		gs_sdes_finding(w, GS_R_GCM_PARAM, word,
		    "%s always encrypts and authenticates: the parameter "
		    "contradicts it",
		    w->out->suite->name);
}

/* A word that cannot be a key. */
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
	    gs_span_starts(s, gs_sdes_shown(s, shown, sizeof(shown)));
}

static void
unknown_param(struct gs_sdes_work *w, struct gs_span word, struct gs_span name)
{
	struct gs_span quoted =
	    is_quotable_name(name) ? name : GS_LIT("(name not shown)");

	/* ["-"] 1*VCHAR, whose first is no dash (section 9.2). */
	if (word.n > 1 && word.p[0] == '-' && word.p[1] != '-') {
		w->out->params |= GS_SDES_OPTIONAL;
		gs_sdes_finding(w, GS_R_SESSION_PARAM_OPTIONAL, word,
		    "the optional parameter %.*s may be passed over; "
		    "Asterisk refuses it",
		    (int)quoted.n, quoted.p);
		return;
	}
	w->out->params |= GS_SDES_UNKNOWN;
	if (gs_span_find(word, GS_LIT("inline:")) == 0)
		gs_sdes_finding(w, GS_R_SESSION_PARAM_UNKNOWN, word,
		    "a second key behind a blank: keys are joined by \";\" "
		    "without blanks");
	else
		gs_sdes_finding(w, GS_R_SESSION_PARAM_UNKNOWN, word,
		    "the session parameter %.*s is not known, and without "
		    "\"-\" before it that makes the line invalid",
		    (int)quoted.n, quoted.p);
}

static void
parse_param(struct gs_sdes_work *w, struct gs_span word)
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
			gs_sdes_finding(w, GS_R_SESSION_PARAM_DUP, word,
			    "%s stands here twice", params[i].name.p);
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

/* A key that somebody shortened with an ellipsis. */
static bool
is_cut(struct gs_span s)
{
	return gs_span_find(s, GS_LIT("\xe2\x80\xa6")) < s.n;
}

static void
parse_params(struct gs_sdes_work *w, struct gs_span rest, bool *odd)
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
			gs_sdes_finding(w, GS_R_CRYPTO_SYNTAX, word,
			    "a session parameter has octets that are not "
			    "visible ASCII");
	}
	const unsigned known = GS_SDES_KDR | GS_SDES_UNENCRYPTED_SRTP |
	    GS_SDES_UNENCRYPTED_SRTCP | GS_SDES_UNAUTHENTICATED_SRTP |
	    GS_SDES_FEC_ORDER | GS_SDES_FEC_KEY | GS_SDES_WSH;
	if ((w->out->params & known) != 0)
		gs_sdes_finding(w, GS_R_SESSION_PARAM_PEER, first,
		    "session parameters: Asterisk refuses the line, pjsip "
		    "and baresip do not read them");
}

/* Sets all but the key octets, which are many. */
static void
begin(struct gs_sdes *out, const struct gs_line *line, struct gs_span value)
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
gs_sdes_parse(struct gs_sdes *out, const struct gs_line *line,
    struct gs_span value, struct gs_diags *d)
{
	struct gs_sdes_work w = { .out = out, .d = d };
	struct gs_span rest = value;
	bool odd = false;

	begin(out, line, value);
	bool leading = value.n > 0 && is_blank(value.p[0]);
	struct gs_span tag = next_word(&rest, &odd);
	struct gs_span suite = next_word(&rest, &odd);
	struct gs_span keys = next_word(&rest, &odd);
	if (keys.n == 0) {
		gs_sdes_finding(&w, GS_R_CRYPTO_SYNTAX, value,
		    "expected TAG SUITE inline:KEY, and there %s",
		    tag.n == 0       ? "is nothing" :
			suite.n == 0 ? "is only one word" :
				       "are only two words");
	}
	if (leading)
		gs_sdes_finding(&w, GS_R_CRYPTO_SYNTAX, value,
		    "a blank before the tag");
	if (tag.n > 0)
		parse_tag(&w, tag);
	if (suite.n > 0)
		parse_suite(&w, suite);
	if (keys.n > 0 && (all_visible(keys) || is_cut(keys)))
		gs_sdes_key_params(&w, keys, false);
	else if (keys.n > 0)
		gs_sdes_finding(&w, GS_R_CRYPTO_SYNTAX, keys,
		    "the key has octets that are not visible ASCII");
	if (rest.n > 0)
		parse_params(&w, rest, &odd);
	if (odd && !leading)
		gs_sdes_finding(&w, GS_R_CRYPTO_WHITESPACE, value,
		    "tab, double or trailing blank: Asterisk and baresip "
		    "want one space between the fields");
}

bool
gs_sdes_key_same(const struct gs_sdes_key *a, const struct gs_sdes_key *b)
{
	return a->n > 0 && a->n == b->n &&
	    memcmp(a->keysalt, b->keysalt, a->n) == 0;
}

void
gs_sdes_wipe(struct gs_sdes *s)
{
	for (size_t i = 0; i < s->keys; i++)
		explicit_bzero(s->key[i].keysalt, s->key[i].n);
	if ((s->params & GS_SDES_FEC_KEY) != 0)
		explicit_bzero(s->fec.keysalt, s->fec.n);
}

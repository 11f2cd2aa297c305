/* SPDX-License-Identifier: MIT */
/* The rules of the SDP wing, and the peers that they concern. */
#include "sdp/rules.h"

#include "sdp/mask.h"
#include "sdp/sdp.h"

enum { SOURCE_MAX = 1024 };

static const struct gs_rule rules[GS_R_COUNT] = {
#define GS_RULE(name, ...) [GS_R_##name] = { __VA_ARGS__ },
#include "sdp/rule_list.h"
#undef GS_RULE
};

const struct gs_rules gs_sdp_rules = { rules, GS_R_COUNT };

enum {
	FS = 1 << GS_PEER_FREESWITCH,
	FS12 = 1 << GS_PEER_FREESWITCH12,
	AST = 1 << GS_PEER_ASTERISK,
	PJ = 1 << GS_PEER_PJSIP,
	BS = 1 << GS_PEER_BARESIP,
};

/* The notes that mean a failure with a peer. */
static const struct {
	enum gs_sdp_rule rule;
	unsigned peers;
} concerns[] = {
	{ GS_R_LIFETIME_DECIMAL, FS },
	{ GS_R_MKI_NO_LIFETIME, FS },
	{ GS_R_KEYS_SEVERAL, FS | FS12 },
	{ GS_R_CRYPTO_FIRST_LINE, FS12 },
	{ GS_R_CRYPTO_SUITE_ALIAS, FS12 | BS },
	{ GS_R_CRYPTO_SUITE_VENDOR, FS12 | AST | BS },
	{ GS_R_SUITE_UNCOMMON, AST | BS },
	{ GS_R_CRYPTO_SUITE_CASE, AST },
	{ GS_R_CRYPTO_WHITESPACE, AST | BS },
	{ GS_R_LIFETIME_SHORT, AST },
	{ GS_R_MKI_PEER, AST },
	{ GS_R_SESSION_PARAM_OPTIONAL, AST },
	{ GS_R_SESSION_PARAM_PEER, AST | PJ | BS },
	{ GS_R_DUAL_PROFILE, AST },
	{ GS_R_MKI_IGNORED, PJ | BS },
	{ GS_R_KEY_UNPADDED, BS },
};

void
gs_sdp_policy_usual(uint8_t *policy)
{
	memset(policy, GS_POLICY_USUAL, GS_R_COUNT);
	for (int r = GS_R_CRYPTO_FIRST_LINE; r <= GS_R_SESSION_PARAM_PEER; r++)
		policy[r] = GS_POLICY_HIDDEN;
}

void
gs_sdp_peer_raise(enum gs_sdp_peer p, uint8_t *policy)
{
	for (size_t i = 0; i < sizeof(concerns) / sizeof(concerns[0]); i++) {
		uint8_t *rule = &policy[concerns[i].rule];
		if ((concerns[i].peers & 1u << p) != 0)
			*rule = GS_POLICY_RAISED;
	}
}

/* The place of part, a piece of line's text, in the file. */
static struct gs_pos
line_pos(const struct gs_sdp_line *line, struct gs_span part)
{
	struct gs_pos pos = line->pos;

	if (line->text.n > 0 && part.p >= line->text.p &&
	    part.p <= line->text.p + line->text.n)
		pos.col += (uint32_t)(part.p - line->text.p);
	return pos;
}

static void
attach_source(struct gs_diags *d, struct gs_finding *f,
    const struct gs_sdp_line *line, struct gs_span part)
{
	char copy[SOURCE_MAX];
	size_t n = line->text.n < sizeof(copy) ? line->text.n : sizeof(copy);
	size_t at = 0;

	if (f == NULL || !d->sources)
		return;
	if (n > 0)
		memcpy(copy, line->text.p, n);
	gs_sdp_sdes_mask(copy, n);
	if (part.p >= line->text.p)
		at = (size_t)(part.p - line->text.p);
	gs_diag_source(d, f, gs_span(copy, n), at <= n ? (uint32_t)at + 1 : 0);
}

void
gs_sdp_diag(struct gs_diags *d, enum gs_sdp_rule rule,
    const struct gs_sdp_line *line, struct gs_span part, const char *fmt, ...)
{
	const struct gs_rule *r = &gs_sdp_rules.rule[rule];
	va_list ap;

	va_start(ap, fmt);
	attach_source(d,
	    gs_vdiag(d, r, r->severity, line_pos(line, part), fmt, ap), line,
	    part);
	va_end(ap);
}

void
gs_sdp_diag_as(struct gs_diags *d, enum gs_sdp_rule rule,
    enum gs_severity severity, const struct gs_sdp_line *line,
    struct gs_span part, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	attach_source(d,
	    gs_vdiag(d, &gs_sdp_rules.rule[rule], severity,
		line_pos(line, part), fmt, ap),
	    line, part);
	va_end(ap);
}

/* SPDX-License-Identifier: MIT */
/* Any bytes as an SDP, or as an offer and its answer behind a line "--":
 * nothing crashes, and no finding shows a key. */
#include <stdlib.h>

#include "mutate.h"
#include "calls/pair.h"
#include "sdp/check.h"
#include "sdp/mask.h"
#include "sdp/rules.h"
#include "sdp/sdes.h"
#include "sdp/sdp.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

MUTATE(mutate_sdp)

enum { LINES = 512 };

static size_t
split(struct gs_span text, struct gs_sdp_line *line)
{
	size_t n = 0;

	while (text.n > 0 && n < LINES) {
		size_t len = gs_span_find(text, GS_LIT("\n"));
		bool lf = len < text.n;
		bool cr = lf && len > 0 && text.p[len - 1] == '\r';
		line[n] = (struct gs_sdp_line){ gs_span(text.p, len - cr),
			{ n + 1, 1 },
			cr     ? GS_EOL_CRLF :
			    lf ? GS_EOL_LF :
				 GS_EOL_NONE };
		text = gs_span(text.p + len + lf, text.n - len - lf);
		n++;
	}
	return n;
}

static void
must_hide(const char *text, struct gs_span key)
{
	struct gs_span all = gs_span(text, strlen(text));

	if (gs_span_find(all, key) < all.n)
		abort();
}

/* Keys that were decoded are long enough not to be met by chance. */
static void
check_secrets(const struct gs_sdp *sdp, const struct gs_diags *d)
{
	struct gs_sdp_sdes s;

	for (size_t i = 0; i < sdp->attrs; i++) {
		const struct gs_sdp_attr *a = &sdp->attr[i];
		if (!gs_span_eq(a->name, GS_LIT("crypto")))
			continue;
		gs_sdp_sdes_parse(&s, a->line, a->value, NULL);
		for (size_t k = 0; k < s.keys; k++)
			for (size_t f = 0; s.key[k].n > 16 && f < d->n; f++) {
				const struct gs_finding *at = &d->list[f];
				must_hide(at->text, s.key[k].text);
				if (at->source != NULL &&
				    strncmp(at->source, "a=crypto", 8) == 0)
					must_hide(at->source, s.key[k].text);
			}
		gs_sdp_sdes_wipe(&s);
	}
}

static void
check_mask(struct gs_span text)
{
	char *copy = malloc(text.n + 1);

	if (copy == NULL)
		return;
	if (text.n > 0)
		memcpy(copy, text.p, text.n);
	gs_sdp_sdes_mask(copy, text.n);
	free(copy);
}

static void
check_one(struct gs_sdp *sdp, struct gs_span text, struct gs_sdp_line *line,
    enum gs_sdp_role role, struct gs_diags *d)
{
	static struct gs_sdp_verdict v;
	struct gs_sdp_check c = { .role = role,
		.require = GS_REQUIRE_SRTP | GS_REQUIRE_TLS,
		.transport = GS_TRANSPORT_UDP };

	if (gs_sdp_parse(sdp, line, split(text, line), d) == 0)
		gs_sdp_check_sdp(sdp, &c, d, &v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct gs_sdp_line line[2][LINES];
	struct gs_span text = gs_span(p, n);
	size_t cut = gs_span_find(text, GS_LIT("\n--\n"));
	struct gs_span rest = gs_span(text.p + cut, text.n - cut);
	struct gs_sdp offer = { 0 }, answer = { 0 };
	struct gs_diags d;

	if (rest.n > 0)
		rest = gs_span(rest.p + 4, rest.n - 4);
	gs_diags_init(&d, gs_sdp_rules, NULL, 1000);
	check_one(&offer, gs_span(text.p, cut), line[0], GS_ROLE_OFFER, &d);
	check_one(&answer, rest, line[1], GS_ROLE_ANSWER, &d);
	gs_calls_check_pair(&offer, &answer, NULL, &d);
	gs_calls_check_reoffer(&offer, &answer, &d);
	check_secrets(&offer, &d);
	check_secrets(&answer, &d);
	check_mask(text);
	gs_diags_free(&d);
	gs_sdp_free(&offer);
	gs_sdp_free(&answer);
	return 0;
}

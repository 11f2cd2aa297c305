/* SPDX-License-Identifier: MIT */
/* An offer whose media were refused. */
#include "calls/refusal.h"

#include "sdp/rules.h"
#include "sdp/sdp.h"
#include "calls/exchange.h"

bool
gs_calls_refusal_is(unsigned status)
{
	return status == 415 || status == 488 || status == 603 || status == 606;
}

static const char *
refuser(const struct gs_calls_exchange *x)
{
	if (x->open[0].method[0] != '\0')
		return "the other side";
	return x->offerer == GS_PARTY_LOCAL ?
	    "the phone" :
	    "FreeSWITCH, or the called party,";
}

int
gs_calls_refusal_set(struct gs_calls_refusal *r,
    const struct gs_calls_exchange *x, unsigned status, struct gs_pos pos,
    struct gs_sdp *scratch)
{
	const struct gs_calls_kept *offer = &x->open[0];
	struct gs_span proto = GS_LIT("the offered media"); /* used if it was
							     * not kept */

	if (!gs_calls_refusal_is(status))
		return 0;
	if (offer->set) {
		if (gs_sdp_parse(scratch, offer->line, offer->lines, NULL) ==
		    -1)
			return -1;
		if (scratch->medias == 0)
			return 0;
		proto = scratch->media[0].proto;
	}
	r->status = status;
	r->pos = pos;
	r->who = refuser(x);
	r->proto = gs_sdp_sdes_word(proto);
	return 0;
}

struct gs_calls_refusal
gs_calls_refusal_unseen(unsigned status, struct gs_pos pos)
{
	return (struct gs_calls_refusal){
		.status = status,
		.pos = pos,
		.who = "the other side",
		.proto = gs_sdp_sdes_word(GS_LIT("the offered media")),
	};
}

bool
gs_calls_refusal_tell(const struct gs_calls_refusal *r,
    const struct gs_calls_exchange *x, struct gs_diags *d)
{
	if (r->status == 0 || r->explained)
		return false;
	(void)gs_diag_as(d, &gs_sdp_rules.rule[GS_R_REFUSED],
	    gs_calls_exchange_has_accepted(x) ? GS_NOTE : GS_ERROR, r->pos,
	    "refused with %u: %s does not accept %s", r->status, r->who,
	    r->proto.text);
	return true;
}

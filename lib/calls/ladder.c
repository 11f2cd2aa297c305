/* SPDX-License-Identifier: MIT */
/* The messages of calls in a capture, as the steps of one ladder. */
#include "calls/ladder.h"

#include <stdlib.h>

#include "calls/dialog.h"
#include "calls/leg.h"
#include "calls/steps.h"
#include "net/sip.h"
#include "sdp/rules.h"
#include "text/textsrc.h"

enum { FINDINGS = 100 };

struct gs_calls_ladder {
	struct gs_diags findings; /* those of SDPs, which are no steps */
	struct gs_calls_dialogs *dialogs;
	struct gs_text_reader *src;
	struct gs_calls_leg *all; /* has the steps of all legs */
	uint64_t ns; /* of the current message */
	bool call; /* the message belongs to a call */
};

int
gs_calls_ladder_read(struct gs_text_reader *src,
    const struct gs_net_sip_message *m, const char *when)
{
	static const enum gs_sdp_transport transports[] = {
		[GS_SIP_UDP] = GS_TRANSPORT_UDP,
		[GS_SIP_TCP] = GS_TRANSPORT_TCP,
		[GS_SIP_TLS] = GS_TRANSPORT_TLS,
		[GS_SIP_SCTP] = GS_TRANSPORT_UNKNOWN,
		[GS_SIP_WS] = GS_TRANSPORT_WS,
		[GS_SIP_WSS] = GS_TRANSPORT_WSS,
	};
	char from[GS_ADDR_TEXT], to[GS_ADDR_TEXT];

	gs_text_reader_place(src, when, gs_net_addr_text(&m->src, from),
	    gs_net_addr_text(&m->dst, to));
	return gs_text_reader_message(src, m->bytes, m->first_frame,
	    transports[m->transport], m->truncated);
}

/* Whether a method (RFC 3261, 3262, 3311, 3515) is about a call. */
static bool
is_call(const char *method)
{
	static const char *const methods[] = { "INVITE", "ACK", "BYE", "CANCEL",
		"PRACK", "UPDATE", "REFER" };

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(method, methods[i]) == 0)
			return true;
	return false;
}

static void
on_result(void *arg, const struct gs_calls_result *r)
{
	struct gs_calls_ladder *l = arg;

	gs_diags_clear(&l->findings);
	if (r->message != NULL)
		l->call = is_call(r->message->method);
	if (l->call && (r->message != NULL || r->kind == GS_RESULT_BLOCK))
		gs_calls_steps_take(l->all, r, &l->findings, l->ns);
}

struct gs_calls_ladder *
gs_calls_ladder_new(void)
{
	struct gs_calls_ladder *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	gs_diags_init(&l->findings, gs_sdp_rules, NULL, FINDINGS);
	l->all = gs_calls_leg_new("");
	l->dialogs = gs_calls_dialogs_new(0, &l->findings, on_result, l);
	if (l->dialogs != NULL) {
		struct gs_text_sink sink = gs_calls_dialogs_sink(l->dialogs);
		l->src = gs_text_reader_new(GS_TEXT_SIP, &sink);
	}
	if (l->all != NULL && l->src != NULL)
		return l;
	gs_calls_ladder_free(l);
	return NULL;
}

int
gs_calls_ladder_take(struct gs_calls_ladder *l,
    const struct gs_net_sip_message *m)
{
	l->ns = m->ns;
	l->call = false;
	return gs_calls_ladder_read(l->src, m, "");
}

const struct gs_calls_flow *
gs_calls_ladder_flow(const struct gs_calls_ladder *l)
{
	return &l->all->flow;
}

void
gs_calls_ladder_free(struct gs_calls_ladder *l)
{
	if (l == NULL)
		return;
	gs_text_reader_free(l->src);
	gs_calls_dialogs_free(l->dialogs);
	gs_calls_leg_free(l->all);
	gs_diags_free(&l->findings);
	free(l);
}

/* SPDX-License-Identifier: MIT */
/* The settings of each identity. */
#include "snom/render_priv.h"

#include <stdio.h>

/* What identity_settings() renders; others come behind them. */
static const char *const identity_names[] = { "user_active", "user_pname",
	"user_pass", "user_host", "user_outbound", "user_name", "user_realname",
	"user_idle_text", "user_mailbox", "user_expiry", "user_server_type",
	"user_srtp", "user_savp", "user_auth_tag" };

static const struct setting usual_identity[] = {
	{ "user_send_local_name", "on" },
	{ "user_dtmf_info", "off" },
	{ "user_dp_exp", "" },
	{ "user_dp_str", "" },
	{ "user_dp", "" },
	{ "user_q", "1.0" },
	{ "user_failover_identity", "none" },
	{ "user_full_sdp_answer", "on" },
	{ "user_dynamic_payload", "on" },
	{ "user_g726_packing_order", "on" },
	{ "codec_size", "20" },
	{ "codec1_name", "0" },
	{ "codec2_name", "8" },
	{ "codec3_name", "3" },
	{ "codec4_name", "9" },
	{ "codec5_name", "2" },
	{ "codec6_name", "18" },
	{ "codec7_name", "4" },
	{ "record_missed_calls", "on" },
	{ "record_received_calls", "off" },
	{ "record_missed_calls_cwi_off", "off" },
	{ "record_dialed_calls", "off" },
};

static void
outbound_value(const struct build *b, char *text, size_t size)
{
	const char *host = gs_params_get(b->p, GS_P_SIP_HOST);
	const char *transport = gs_params_get(b->p, GS_P_TRANSPORT);
	bool v6 = strchr(host, ':') != NULL;

	if (gs_params_profile(b->p) == GS_LEGACY &&
	    strcmp(transport, "udp") == 0)
		*text = '\0';
	else
		(void)snprintf(text, size, "%s%s%s:%s;transport=%s",
		    v6 ? "[" : "", *host != '\0' ? host : "{host}",
		    v6 ? "]" : "", gs_params_get(b->p, GS_P_SIP_PORT),
		    transport);
}

/* The settings that are rendered for each identity, with their values. An
 * inactive one has none, but for what says how to encrypt. */
static void
identity_settings(struct build *b, struct gs_program *p, unsigned idx,
    bool active, bool note)
{
	bool legacy = gs_params_profile(b->p) == GS_LEGACY;
	bool tag_80 = strcmp(gs_params_get(b->p, GS_P_AUTH_TAG), "80") == 0;
	char outbound[512];

	outbound_value(b, outbound, sizeof(outbound));
	const struct {
		const char *name, *value, *inactive;
		bool skip;
	} list[] = {
		{ "user_active", "on", "off", false },
		{ "user_pname", "{auth_name}", "", false },
		{ "user_pass", "{password}", "", false },
		{ "user_host", "{host}", "", false },
		{ "user_outbound", outbound, "", false },
		{ "user_name", "{auth_name}", "", false },
		{ "user_realname", "Call", "", false },
		{ "user_idle_text", "{caller_name}", "", false },
		{ "user_mailbox", "", "", false },
		{ "user_expiry", "", "", false },
		{ "user_server_type", "default", "default", false },
		{ "user_srtp", gs_params_get(b->p, GS_P_SRTP),
		    gs_params_get(b->p, GS_P_SRTP), false },
		{ "user_savp", gs_params_get(b->p, GS_P_SAVP),
		    gs_params_get(b->p, GS_P_SAVP), false },
		{ "user_auth_tag", tag_80 ? "off" : "on", tag_80 ? "off" : "on",
		    legacy },
	};
	for (size_t i = 0; i < COUNT(list); i++) {
		const struct gs_param_extra *e =
		    gs_build_extra(b->p, true, list[i].name);
		if (list[i].skip && e == NULL)
			continue;
		if (note)
			gs_build_note(b, true, list[i].name);
		gs_build_element(b, p, list[i].name, idx,
		    gs_build_perm(b, true),
		    !active       ? list[i].inactive :
			e != NULL ? e->value :
				    list[i].value);
	}
}

static void
identity_extras(struct build *b, struct gs_program *p, unsigned idx,
    bool active, bool note)
{
	for (size_t i = 0; i < b->p->extras; i++) {
		const struct gs_param_extra *e = &b->p->extra[i];
		if (!e->identity ||
		    gs_build_has(identity_names, COUNT(identity_names),
			gs_span(e->name, strlen(e->name))))
			continue;
		if (note)
			gs_build_note(b, true, e->name);
		gs_build_element(b, p, e->name, idx, gs_build_perm(b, true),
		    active ? e->value : "");
	}
}

static void
identity_usual(struct build *b, struct gs_program *p, unsigned idx)
{
	for (size_t i = 0; i < COUNT(usual_identity); i++) {
		const char *name = usual_identity[i].name;
		if (!gs_build_base_has(b, name, idx) &&
		    !gs_build_has(b->identity, b->identities,
			gs_span(name, strlen(name))))
			gs_build_element(b, p, name, idx,
			    gs_build_perm(b, false), usual_identity[i].value);
	}
}

void
gs_build_identities(struct build *b)
{
	for (unsigned i = 0; i < GS_SNOM_IDENTITIES; i++) {
		struct gs_program *on = &b->r->active[i];
		struct gs_program *off = &b->r->inactive[i];
		identity_settings(b, on, i + 1, true, i == 0);
		identity_extras(b, on, i + 1, true, i == 0);
		identity_usual(b, on, i + 1);
		identity_settings(b, off, i + 1, false, false);
		identity_extras(b, off, i + 1, false, false);
		identity_usual(b, off, i + 1);
	}
}

/* SPDX-License-Identifier: MIT */
/* How many calls are encrypted, and over what phones are registered. */
#include "calls/sums.h"

#include <inttypes.h>

#include "base/metrics.h"

const char *
gs_calls_proven_name(enum gs_calls_proven p)
{
	static const char *const names[] = {
		[GS_CALL_NO_MEDIA] = "no media",
		[GS_CALL_ENCRYPTED] = "encrypted",
		[GS_CALL_UNPROVEN] = "not proven",
		[GS_CALL_NOT] = "not encrypted",
	};

	return names[p];
}

static uint64_t
sum(const uint64_t *p, size_t n)
{
	uint64_t all = 0;

	for (size_t i = 0; i < n; i++)
		all += p[i];
	return all;
}

static uint64_t
calls_of(const struct gs_calls_sums *s)
{
	return sum(s->calls, GS_CALL_NOT + 1);
}

static uint64_t
registered_of(const struct gs_calls_sums *s)
{
	return sum(s->registered, GS_TRANSPORT_WSS + 1);
}

static void
put_calls(const struct gs_calls_sums *s, struct gs_buf *b)
{
	gs_buf_printf(b,
	    "%" PRIu64 " call%s, %" PRIu64 " encrypted on every leg, %" PRIu64
	    " not, %" PRIu64 " not proven",
	    calls_of(s), gs_plural(calls_of(s)), s->calls[GS_CALL_ENCRYPTED],
	    s->calls[GS_CALL_NOT], s->calls[GS_CALL_UNPROVEN]);
	if (s->calls[GS_CALL_NO_MEDIA] > 0)
		gs_buf_printf(b, ", %" PRIu64 " without media",
		    s->calls[GS_CALL_NO_MEDIA]);
}

void
gs_calls_sums_put(const struct gs_calls_sums *s, struct gs_buf *b)
{
	static const enum gs_sdp_transport order[] = { GS_TRANSPORT_UDP,
		GS_TRANSPORT_TCP, GS_TRANSPORT_WS, GS_TRANSPORT_TLS,
		GS_TRANSPORT_WSS, GS_TRANSPORT_UNKNOWN };
	bool first = true;

	if (calls_of(s) > 0)
		put_calls(s, b);
	if (registered_of(s) == 0)
		return;
	if (calls_of(s) > 0)
		gs_buf_puts(b, "; ");
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		uint64_t n = s->registered[order[i]];
		if (n == 0)
			continue;
		gs_buf_printf(b, "%s%" PRIu64, first ? "" : ", ", n);
		if (first)
			gs_buf_printf(b, " phone%s registered", gs_plural(n));
		gs_buf_printf(b, " over %s",
		    order[i] == GS_TRANSPORT_UNKNOWN ?
			"an unknown transport" :
			gs_sdp_transport_name(order[i]));
		first = false;
	}
}

/* ---- for machines */

enum gs_plugin
gs_calls_sums_state(const struct gs_calls_sums *s, const struct gs_diags *d)
{
	enum gs_plugin p = gs_plugin_of(d);

	if (p == GS_PLUGIN_CRITICAL || s->calls[GS_CALL_NOT] > 0)
		return GS_PLUGIN_CRITICAL;
	if (s->failed > 0)
		return GS_PLUGIN_UNKNOWN;
	return s->calls[GS_CALL_UNPROVEN] > 0 ? GS_PLUGIN_WARNING : p;
}

void
gs_calls_sums_status(const struct gs_calls_sums *s, const struct gs_diags *d,
    struct gs_buf *b)
{
	const struct {
		const char *name;
		uint64_t n;
	} figures[] = {
		{ "calls", calls_of(s) },
		{ "encrypted", s->calls[GS_CALL_ENCRYPTED] },
		{ "not_encrypted", s->calls[GS_CALL_NOT] },
		{ "not_proven", s->calls[GS_CALL_UNPROVEN] },
		{ "no_media", s->calls[GS_CALL_NO_MEDIA] },
		{ "registered", registered_of(s) },
		{ "registered_tls",
		    s->registered[GS_TRANSPORT_TLS] +
			s->registered[GS_TRANSPORT_WSS] },
		{ "errors", d->total[GS_ERROR] },
		{ "warnings", d->total[GS_WARNING] },
	};
	size_t at;

	gs_buf_puts(b, gs_plugin_name(gs_calls_sums_state(s, d)));
	gs_buf_puts(b, " - ");
	at = b->n;
	gs_calls_sums_put(s, b);
	if (b->n == at)
		gs_buf_puts(b, s->trouble[0] == '\0' ? "no calls" : "");
	if (s->trouble[0] != '\0') {
		gs_buf_puts(b, b->n > at ? "; " : "");
		/* A bar begins the figures. */
		for (const char *p = s->trouble; *p != '\0'; p++)
			gs_buf_putc(b, *p == '|' ? '/' : *p);
	}
	gs_buf_puts(b, " |");
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		gs_buf_printf(b, " %s=%" PRIu64, figures[i].name, figures[i].n);
}

void
gs_calls_sums_metrics(const struct gs_calls_sums *s, FILE *fp)
{
	static const char calls[] = "gsprov_calls";
	static const char phones[] = "gsprov_registrations";
	static const char findings[] = "gsprov_findings";

	gs_metrics_begin(fp, calls,
	    "Calls by what is proven about their media.");
	for (int i = GS_CALL_NO_MEDIA; i <= GS_CALL_NOT; i++)
		gs_metrics_put(fp, calls, "verdict",
		    gs_calls_proven_name((enum gs_calls_proven)i), s->calls[i]);
	gs_metrics_begin(fp, phones,
	    "Registered phones by the transport of SIP.");
	for (int i = GS_TRANSPORT_UNKNOWN; i <= GS_TRANSPORT_WSS; i++)
		gs_metrics_put(fp, phones, "transport",
		    i == GS_TRANSPORT_UNKNOWN ?
			"unknown" :
			gs_sdp_transport_name((enum gs_sdp_transport)i),
		    s->registered[i]);
	gs_metrics_begin(fp, findings, "Findings by rule.");
	for (size_t i = 0; i < GS_R_COUNT; i++)
		if (s->findings[i] > 0)
			gs_metrics_put(fp, findings, "rule",
			    gs_sdp_rules.rule[i].id, s->findings[i]);
	gs_metrics_begin(fp, "gsprov_files", "Files that were read.");
	gs_metrics_put(fp, "gsprov_files", NULL, NULL, s->files);
	gs_metrics_begin(fp, "gsprov_files_failed",
	    "Files that could not be checked.");
	gs_metrics_put(fp, "gsprov_files_failed", NULL, NULL, s->failed);
	gs_metrics_end(fp);
}

/* SPDX-License-Identifier: MIT */
/* Settings files: check and harden. The scanner and libxml2 must agree on
 * what is well-formed, and hardening must end: its result is well-formed
 * and hardening it again changes nothing. */
#include <stdlib.h>

#include "mutate.h"
#include "snom/check.h"
#include "snom/doc.h"
#include "snom/harden.h"
#include "snom/params.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

MUTATE(mutate_xml)

static void
must(bool what)
{
	if (!what)
		abort();
}

static void
params_for(struct gs_snom_params *p, uint8_t how)
{
	static const struct {
		struct gs_span name, value;
	} list[] = {
		{ { "base_url", 8 }, { "https://h.example:8443/p", 24 } },
		{ { "certificate_url", 15 },
		    { "https://c.example/ca.der", 24 } },
		{ { "server_authentication", 21 }, { "on", 2 } },
		{ { "ntp_server", 10 }, { "10.0.0.1", 8 } },
		{ { "sip_host", 8 }, { "s.example", 9 } },
	};
	struct gs_err err;

	gs_snom_params_init(p);
	for (unsigned i = 0; i < 5; i++)
		if (how >> i & 1)
			must(gs_snom_params_set(p, list[i].name, list[i].value,
				 false, &err) == 0);
	must(gs_snom_params_finish(p, false, &err) == 0);
}

/* Returns whether text could be hardened. */
static bool
harden(struct gs_span text, const struct gs_snom_params *p, struct gs_buf *out)
{
	struct gs_snom_harden how = { .params = p };
	struct gs_diags changes;
	struct gs_err err;

	gs_diags_init(&changes, gs_snom_rules, NULL, 1000);
	int bad = gs_snom_harden_bytes("it", text, &how, out, &changes, &err);
	gs_diags_free(&changes);
	return bad == 0;
}

static void
read_doc(struct gs_snom_doc *d, struct gs_span text)
{
	struct gs_err err;

	must(gs_snom_doc_read(d, text, &err) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_snom_check_options how = { .stated = false };
	struct gs_snom_params params;
	struct gs_snom_doc d, again;
	struct gs_diags diags;
	struct gs_snom_chain chain;
	struct gs_buf once, twice;

	if (n == 0)
		return 0;
	params_for(&params, p[0]);
	gs_buf_init(&once, GS_DOC_SIZE);
	gs_buf_init(&twice, GS_DOC_SIZE);
	read_doc(&d, gs_span(p + 1, n - 1));
	if (gs_snom_doc_judged("it", &d, NULL) == 0) {
		gs_diags_init(&diags, gs_snom_rules, NULL, 1000);
		gs_snom_check(&d, &how, &diags, &chain);
		gs_diags_free(&diags);
	}
	if (harden(gs_span(p + 1, n - 1), &params, &once)) {
		read_doc(&again, gs_buf_span(&once));
		must(again.xml.what == GS_XML_OK);
		must(harden(gs_buf_span(&once), &params, &twice));
		must(gs_span_eq(gs_buf_span(&once), gs_buf_span(&twice)));
		gs_snom_doc_free(&again);
	}
	gs_snom_doc_free(&d);
	gs_buf_free(&once);
	gs_buf_free(&twice);
	gs_snom_params_free(&params);
	return 0;
}

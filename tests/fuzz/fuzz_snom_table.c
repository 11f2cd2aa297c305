/* SPDX-License-Identifier: MIT */
/* Rows of accounts to XML: whatever comes in, what is rendered is
 * well-formed. */
#include <stdlib.h>

#include "mutate.h"
#include "snom/doc.h"
#include "snom/provkeys.h"
#include "snom/params.h"
#include "snom/phones.h"
#include "snom/render.h"
#include "snom/rules.h"
#include "snom/xml.h"
#include "text_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const char *const words[] = { "mac_address", "\t", "NULL", "\\t",
	"000413260001", "host", "|", "ü", NULL };
static const struct mutate_format lines = { mutate_line, NULL, words };
MUTATE(lines)

static void
must(bool what)
{
	if (!what)
		abort();
}

static void
render(struct gs_snom_phones *phones, const struct gs_snom_params *params,
    struct gs_diags *d)
{
	struct gs_snom_render r;
	struct gs_snom_phone ph = { .mac = 0 };
	struct gs_buf out;
	struct gs_err err;

	if (gs_snom_render_init(&r, params, phones, NULL, false, &err) == -1)
		return;
	gs_buf_init(&out, GS_RENDER_SIZE);
	while (gs_snom_phones_next(phones, &ph, &err) == 1) {
		struct gs_snom_scan s;
		struct gs_snom_xml_verdict v;
		gs_buf_clear(&out);
		gs_diags_clear(d);
		if (ph.failed ||
		    gs_snom_render_phone(&r, &ph, NULL, &out, d) == -1)
			continue;
		must(gs_snom_scan(&s, gs_buf_span(&out), &err) == 0);
		must(gs_snom_xml_judge(&s, &v, &err) == 0);
		must(v.what == GS_XML_OK);
		gs_snom_scan_free(&s);
	}
	gs_buf_free(&out);
	gs_snom_phone_free(&ph);
	gs_snom_render_free(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char path[64];
	struct gs_snom_phones phones;
	struct gs_snom_params params;
	struct gs_diags d;
	struct gs_err err;

	gs_snom_params_init(&params);
	gs_diags_init(&d, gs_snom_rules, NULL, 100);
	must(gs_snom_params_set(&params, GS_LIT("base_url"),
		 GS_LIT("https://h.example"), false, &err) == 0);
	must(gs_snom_params_finish(&params, true, &err) == 0);
	FILE *fp = text_file(gs_span(p, n), path);
	if (gs_snom_phones_open(&phones, path, &params, NULL, &d, &err) == 1)
		render(&phones, &params, &d);
	gs_snom_phones_close(&phones);
	(void)fclose(fp);
	gs_diags_free(&d);
	gs_snom_params_free(&params);
	return 0;
}

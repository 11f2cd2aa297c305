/* SPDX-License-Identifier: MIT */
/* A site's settings and a table of function keys, merged under one phone:
 * whatever comes in, what is rendered is well-formed and can be checked.
 * The input is the base, a NUL and the table. */
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

MUTATE(mutate_xml)

static const char rows[] =
    "mac_address\tmodel\tauth_name\tpassword\tcaller_name\thost\tid\t"
    "phone_id\n000413262AFE\t370\ta\tGeh3imNr7Fest\tA\th.lan\t1\t2\n";

static void
must(bool what)
{
	if (!what)
		abort();
}

static int
open_keys(struct gs_snom_provkeys *k, struct gs_span text,
    const struct gs_snom_params *params, struct gs_diags *d)
{
	char path[64];
	struct gs_err err;
	FILE *fp = text_file(text, path);
	int bad = gs_snom_provkeys_open(k, path, params, d, &err);

	(void)fclose(fp);
	return bad;
}

static void
open_phones(struct gs_snom_phones *p, const struct gs_snom_params *params,
    struct gs_diags *d)
{
	char path[64];
	struct gs_err err;
	FILE *fp = text_file(gs_span(rows, sizeof(rows) - 1), path);

	must(gs_snom_phones_open(p, path, params, NULL, d, &err) == 1);
	(void)fclose(fp);
}

static void
judge(struct gs_span xml)
{
	struct gs_snom_doc doc;
	struct gs_err err;

	must(gs_snom_doc_read(&doc, xml, &err) == 0);
	must(doc.xml.what == GS_XML_OK);
	gs_snom_doc_free(&doc);
}

static void
render(struct gs_snom_phones *phones, const struct gs_snom_params *params,
    struct gs_snom_doc *base, struct gs_snom_provkeys *keys, struct gs_diags *d)
{
	struct gs_snom_render r;
	struct gs_snom_phone ph = { .mac = 0 };
	struct gs_snom_provkey_parts parts = { .count = 0 };
	struct gs_buf out;
	struct gs_err err;

	if (gs_snom_render_init(&r, params, phones, base, keys != NULL, &err) ==
	    -1)
		return;
	gs_buf_init(&out, GS_RENDER_SIZE);
	gs_buf_init(&parts.text, GS_RENDER_SIZE);
	must(gs_snom_phones_next(phones, &ph, &err) == 1 && !ph.failed);
	int bad = keys == NULL ?
	    0 :
	    gs_snom_provkeys_get(keys, ph.mac, &parts, d, &err);
	if (bad == 0 &&
	    gs_snom_render_phone(&r, &ph, keys != NULL ? &parts : NULL, &out,
		d) == 0)
		judge(gs_buf_span(&out));
	gs_buf_free(&parts.text);
	gs_buf_free(&out);
	gs_snom_phone_free(&ph);
	gs_snom_render_free(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const uint8_t *nul = n == 0 ? NULL : memchr(p, '\0', n);
	size_t at = nul == NULL ? n : (size_t)(nul - p);
	struct gs_snom_phones phones;
	struct gs_snom_params params;
	struct gs_snom_provkeys keys;
	struct gs_snom_doc base;
	struct gs_diags d;
	struct gs_err err;

	gs_snom_params_init(&params);
	gs_diags_init(&d, gs_snom_rules, NULL, 100);
	must(gs_snom_params_set(&params, GS_LIT("base_url"),
		 GS_LIT("https://h.example"), false, &err) == 0);
	must(gs_snom_params_finish(&params, true, &err) == 0);
	open_phones(&phones, &params, &d);
	must(gs_snom_doc_read(&base, gs_span(p, at), &err) == 0);
	bool has_keys = at < n &&
	    open_keys(&keys, gs_span(p + at + 1, n - at - 1), &params, &d) == 0;
	render(&phones, &params, at > 0 ? &base : NULL, has_keys ? &keys : NULL,
	    &d);
	if (has_keys)
		gs_snom_groups_close(&keys.g);
	gs_snom_doc_free(&base);
	gs_snom_phones_close(&phones);
	gs_diags_free(&d);
	gs_snom_params_free(&params);
	return 0;
}

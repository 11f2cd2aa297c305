/* SPDX-License-Identifier: MIT */
/* A site's settings and a table of function keys, merged under one phone:
 * whatever comes in, what is rendered is well-formed and can be checked.
 * The input is the base, a NUL and the table. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "snom/doc.h"
#include "snom/keys.h"
#include "snom/params.h"
#include "snom/phones.h"
#include "snom/render.h"
#include "snom/rules.h"
#include "snom/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const char rows[] =
    "mac_address\tmodel\tauth_name\tpassword\tcaller_name\thost\tid\t"
    "phone_id\n000413262AFE\t370\ta\tGeh3imNr7Fest\tA\th.lan\t1\t2\n";

static void
must(bool what)
{
	if (!what)
		abort();
}

/* Opens the table through a file without a name. */
static int
open_keys(struct gs_keys *k, struct gs_span text, struct gs_diags *d)
{
	char path[64];
	struct gs_err err;
	FILE *fp = tmpfile();

	must(fp != NULL && gs_file_put_all(fileno(fp), text.p, text.n) == 0);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fileno(fp));
	int bad = gs_keys_open(k, path, "RW", d, &err);
	(void)fclose(fp);
	return bad;
}

static void
judge(struct gs_span xml)
{
	struct gs_doc doc;
	struct gs_err err;

	must(gs_doc_read(&doc, xml, &err) == 0);
	must(doc.xml.what == GS_XML_OK);
	gs_doc_free(&doc);
}

static void
render(struct gs_phones *phones, const struct gs_params *params,
    struct gs_doc *base, struct gs_keys *keys, struct gs_diags *d)
{
	struct gs_render r;
	struct gs_phone ph = { .mac = 0 };
	struct gs_key_parts parts = { .count = 0 };
	struct gs_buf out;
	struct gs_err err;

	if (gs_render_init(&r, params, phones, base, keys != NULL, &err) == -1)
		return;
	gs_buf_init(&out, GS_RENDER_SIZE);
	gs_buf_init(&parts.text, GS_RENDER_SIZE);
	must(gs_phones_next(phones, &ph, &err) == 1 && !ph.failed);
	int bad = keys == NULL ? 0 : gs_keys_get(keys, ph.mac, &parts, d, &err);
	if (bad == 0 &&
	    gs_render_phone(&r, &ph, keys != NULL ? &parts : NULL, &out, d) ==
		0)
		judge(gs_buf_span(&out));
	gs_buf_free(&parts.text);
	gs_buf_free(&out);
	gs_phone_free(&ph);
	gs_render_free(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const uint8_t *nul = n == 0 ? NULL : memchr(p, '\0', n);
	size_t at = nul == NULL ? n : (size_t)(nul - p);
	struct gs_table t;
	struct gs_phones phones;
	struct gs_params params;
	struct gs_keys keys;
	struct gs_doc base;
	struct gs_diags d;
	struct gs_err err;

	gs_params_init(&params);
	gs_diags_init(&d, gs_snom_rules, NULL, 100);
	must(gs_params_set(&params, GS_LIT("base_url"),
		 GS_LIT("https://h.example"), false, &err) == 0);
	must(gs_params_finish(&params, true, &err) == 0);
	must(gs_table_open(&t, NULL, gs_span(rows, sizeof(rows) - 1), &err) ==
	    1);
	must(gs_phones_init(&phones, &t, &params, NULL, &d, &err) == 0);
	must(gs_doc_read(&base, gs_span(p, at), &err) == 0);
	bool has_keys = at < n &&
	    open_keys(&keys, gs_span(p + at + 1, n - at - 1), &d) == 0;
	render(&phones, &params, at > 0 ? &base : NULL, has_keys ? &keys : NULL,
	    &d);
	if (has_keys)
		gs_keys_close(&keys);
	gs_doc_free(&base);
	gs_phones_free(&phones);
	gs_table_close(&t);
	gs_diags_free(&d);
	gs_params_free(&params);
	return 0;
}

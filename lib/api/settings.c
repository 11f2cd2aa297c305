/* SPDX-License-Identifier: MIT */
/* Settings of Snom phones: check, harden, render. */
#include <stdlib.h>

#include "api/findings_priv.h"
#include "snom/check.h"
#include "snom/doc.h"
#include "snom/fleet.h"
#include "snom/harden.h"
#include "snom/model.h"
#include "snom/params.h"
#include "snom/render.h"

/* Adds the findings about d. */
static int
check_doc(struct gs_snom_doc *d, struct gs_diags *diags, struct gs_err *e)
{
	struct gs_snom_check_options how = { .stated = false };
	struct gs_snom_chain chain;

	if (gs_snom_doc_judged("xml", d, e) == -1)
		return -1;
	gs_snom_check(d, &how, diags, &chain);
	return 0;
}

static int
check_bytes(struct gs_span xml, struct gs_diags *diags, struct gs_err *e)
{
	struct gs_snom_doc d;

	if (gs_snom_doc_read(&d, xml, e) == -1)
		return -1;
	int r = check_doc(&d, diags, e);
	gs_snom_doc_free(&d);
	return r;
}

int
gsprov_settings_check(const void *xml, size_t n, struct gsprov_findings **f,
    char *err)
{
	struct gsprov_findings *got = gsprov_findings_new(gs_snom_rules, false);
	struct gs_err e;
	int r = got != NULL ? check_bytes(gs_span(xml, n), &got->d, &e) : -1;

	return gsprov_findings_give(got, r, &e, f, err);
}

/* A call that makes a file. */
struct work {
	struct gsprov_findings *f;
	struct gs_snom_params params;
	struct gs_buf file;
	struct gs_err e;
};

/* Reads params. Returns 0 or -1; end() follows in either case. */
static int
begin(struct work *w, const char *params, bool need_base, size_t max)
{
	w->f = gsprov_findings_new(gs_snom_rules, false);
	gs_snom_params_init(&w->params);
	gs_buf_init(&w->file, max);
	if (w->f == NULL ||
	    gs_snom_params_read(&w->params, gs_span_of(params), &w->f->d,
		&w->e) == -1)
		return -1;
	return gs_snom_params_finish(&w->params, need_base, &w->e);
}

/* Hands out what was made; r is the result so far. */
static int
end(struct work *w, int r, struct gsprov_bytes *out, struct gsprov_findings **f,
    char *err)
{
	struct gsprov_bytes b = { NULL, w->file.n };

	if (r == 0 && (!gs_buf_ok(&w->file) || (b.p = malloc(b.n + 1)) == NULL))
		r = gs_err_set(&w->e, "out of memory");
	if (b.p != NULL && b.n > 0)
		memcpy(b.p, w->file.p, b.n);
	if (b.p != NULL)
		b.p[b.n] = '\0';
	gs_snom_params_free(&w->params);
	gs_buf_free(&w->file);
	r = gsprov_findings_give(w->f, r, &w->e, f, err);
	if (r == 0)
		*out = b;
	else
		gsprov_bytes_free(&b);
	return r;
}

void
gsprov_bytes_free(struct gsprov_bytes *b)
{
	if (b->p != NULL)
		explicit_bzero(b->p, b->n);
	free(b->p);
	*b = (struct gsprov_bytes){ NULL, 0 };
}

static int
harden(const struct gs_snom_params *p, struct gs_span xml, struct gs_buf *out,
    struct gs_diags *d, struct gs_err *e)
{
	struct gs_snom_harden how = { .params = p };

	if (gs_snom_params_profile(p) == GS_LEGACY ||
	    strcmp(gs_snom_params_get(p, GS_P_TRANSPORT), "tls") != 0)
		return gs_err_set(e,
		    "hardening requires transport tls and a profile other than "
		    "legacy");
	return gs_snom_harden_bytes("xml", xml, &how, out, d, e);
}

int
gsprov_settings_harden(const char *params, const void *xml, size_t n,
    struct gsprov_bytes *out, struct gsprov_findings **f, char *err)
{
	struct work w;
	int r = begin(&w, params, false, 2 * GS_DOC_SIZE);

	if (r == 0)
		r = harden(&w.params, gs_span(xml, n), &w.file, &w.f->d, &w.e);
	return end(&w, r, out, f, err);
}

static int
render(const struct gs_snom_params *p, const char *accounts, const char *mac,
    struct gs_buf *b, struct gs_diags *d, struct gs_err *e)
{
	uint64_t only;
	struct gs_snom_fleet f = {
		.params = p,
		.accounts = accounts,
		.only = &only,
		.out = b,
		.d = d,
		.dk = d,
	};

	if (gs_snom_mac_parse(gs_span_of(mac), &only) == -1)
		return gs_err_set(e, "%s: not a MAC address", mac);
	int r = gs_snom_fleet_run(&f, e);
	return r != 1 ? r :
			gs_err_set(e, "%s: no rows of this phone", accounts);
}

int
gsprov_settings_render(const char *params, const char *accounts,
    const char *mac, struct gsprov_bytes *out, struct gsprov_findings **f,
    char *err)
{
	struct work w;
	int r = begin(&w, params, true, GS_RENDER_SIZE);

	if (r == 0)
		r = render(&w.params, accounts, mac, &w.file, &w.f->d, &w.e);
	return end(&w, r, out, f, err);
}

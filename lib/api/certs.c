/* SPDX-License-Identifier: MIT */
/* Judges a set of certificates. */
#include "api/findings_priv.h"
#include "cert/action.h"
#include "cert/rules.h"

int
gsprov_certs_check(const struct gsprov_certs *c, int64_t *days,
    struct gsprov_findings **f, char *err)
{
	struct gsprov_findings *got = gsprov_findings_new(gs_cert_rules, false);
	struct gs_cert_action a;
	struct gs_err e;
	int64_t left = INT64_MAX;
	int r = gs_cert_action_init(&a, &e);

	a.kind = GS_ACTION_CHECK;
	a.site.root = c->root;
	if (c->freeswitch != NULL)
		a.site.fs_dir = c->freeswitch;
	a.warn_days = c->warn_days;
	a.job.now = c->now;
	if (r == 0 && got != NULL)
		r = gs_cert_action_prepare(&a, &got->d, &e);
	if (r == 0 && got != NULL)
		r = gs_cert_action_judge(&a, &got->d, &left, &e);
	gs_cert_action_free(&a);
	if (gsprov_findings_give(got, r, &e, f, err) == -1)
		return -1;
	*days = left;
	return 0;
}

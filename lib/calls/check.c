/* SPDX-License-Identifier: MIT */
/* Checks a file, whatever it is. */
#include "calls/check.h"

#include <stdlib.h>

#include "base/report.h"
#include "calls/dialog.h"
#include "calls/sums.h"

struct gs_calls_check {
	struct gs_calls_view *v;
	struct gs_calls_ledger *ledger;
	struct gs_calls_dialogs *dialogs;
};

struct gs_calls_check *
gs_calls_check_new(struct gs_calls_view *v)
{
	struct gs_calls_check *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->v = v;
	c->ledger = gs_calls_ledger_new(v);
	if (c->ledger != NULL)
		c->dialogs = gs_calls_dialogs_new(v->require, v->d,
		    gs_calls_ledger_take, c->ledger);
	if (c->dialogs != NULL)
		return c;
	gs_calls_check_free(c);
	return NULL;
}

int
gs_calls_check_read(struct gs_calls_check *c, struct gs_calls_input *in,
    enum gs_sdp_role role, struct gs_err *err)
{
	struct gs_calls_view *v = c->v;

	v->file = in->path;
	if (role != GS_ROLE_UNKNOWN)
		gs_calls_dialogs_force(c->dialogs, role, in->path);
	int bad = gs_calls_read(in, c->dialogs, err);
	if (gs_calls_ledger_end(c->ledger) == -1 || v->d->no_memory)
		bad = gs_err_set(err, "%s: out of memory", in->path);
	else if (bad == 0 && v->found && gs_calls_holds_nothing(in, c->dialogs))
		return 1;
	else if (bad == 0 && !gs_calls_dialogs_judged(c->dialogs))
		bad = gs_err_set(err, "%s: %s", in->path,
		    gs_calls_nothing(in, c->dialogs, v->d));
	v->report->members = NULL;
	if (v->found &&
	    (v->report->file == NULL || strcmp(v->report->file, in->path) != 0))
		gs_report_file(v->report, in->path);
	if (!v->silent)
		gs_report_findings(v->report, in->path, v->d);
	gs_diags_clear(v->d);
	v->sums->files++;
	v->sums->failed += bad == -1;
	if (bad == -1 && v->sums->trouble[0] == '\0')
		memcpy(v->sums->trouble, err->text, sizeof(err->text));
	return bad;
}

void
gs_calls_check_free(struct gs_calls_check *c)
{
	if (c == NULL)
		return;
	gs_calls_dialogs_free(c->dialogs);
	gs_calls_ledger_free(c->ledger);
	free(c);
}

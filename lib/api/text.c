/* SPDX-License-Identifier: MIT */
/* Checks texts and captures: what gs-sdpcheck(1) does with one file. */
#include "api/findings_priv.h"
#include "api/keys_priv.h"
#include "calls/dialog.h"
#include "calls/holder.h"
#include "calls/input.h"
#include "sdp/rules.h"
#include "text/sink.h" /* enum gs_text_type */

_Static_assert((int)GSPROV_TEXT_REG == (int)GS_TEXT_REG,
    "the types of texts are those of the reader");

/* What a check works with. */
struct check {
	struct gsprov_findings *f;
	struct gs_calls_dialogs *calls;
};

static int
begin(struct check *c, unsigned require, struct gs_err *e)
{
	*c = (struct check){ .f = gsprov_findings_new(gs_sdp_rules, true) };
	if (c->f == NULL)
		return gs_err_set(e, "out of memory");
	gs_sdp_policy_usual(c->f->policy);
	c->calls = gs_calls_dialogs_new(require, &c->f->d, NULL, NULL);
	return c->calls != NULL ? 0 : gs_err_set(e, "out of memory");
}

static int
check(struct gs_calls_input *in, unsigned require, struct gsprov_findings **f,
    char *err)
{
	struct check c;
	struct gs_err e;
	int r = begin(&c, require, &e);

	in->reader = "gs-sdpcheck";
	if (r == 0)
		r = gs_calls_read(in, c.calls, &e);
	if (r == 0 && !gs_calls_dialogs_judged(c.calls))
		r = gs_err_set(&e, "%s", gs_calls_nothing(in, c.calls, NULL));
	gs_calls_dialogs_free(c.calls);
	return gsprov_findings_give(c.f, r, &e, f, err);
}

int
gsprov_check_text(const void *text, size_t n, enum gsprov_text type,
    unsigned require, struct gsprov_findings **f, char *err)
{
	struct gs_span bytes = gs_span(text, n);
	struct gs_calls_input in = { .path = "text",
		.bytes = &bytes,
		.type = type };

	return check(&in, require, f, err);
}

int
gsprov_check_file(const char *path, enum gsprov_text type, unsigned require,
    struct gsprov_findings **f, char *err)
{
	struct gs_calls_input in = { .path = path, .type = type };

	return check(&in, require, f, err);
}

int
gsprov_check_capture(const char *path, const struct gsprov_keys *keys,
    unsigned require, struct gsprov_findings **f, char *err)
{
	struct gs_err e;
	struct gs_calls_input in = { .path = path,
		.capture = true,
		.holder = gsprov_keys_holder(keys, &e) };
	int r;

	if (in.holder == NULL)
		return gsprov_fail(err, &e);
	r = check(&in, require, f, err);
	if (keys == NULL)
		gs_calls_holder_free(in.holder);
	return r;
}

/* SPDX-License-Identifier: MIT */
/* Checks texts and captures: what gs-sdpcheck(1) does with one file. */
#include "api/findings_priv.h"

#include "calls/dialog.h"
#include "calls/input.h"
#include "sdp/rules.h"
#include "text/textsrc.h"

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
read_bytes(struct check *c, struct gs_span text, struct gs_calls_input *in,
    struct gs_err *e)
{
	struct gs_text_sink sink = gs_calls_dialogs_sink(c->calls);
	struct gs_text_reader *t =
	    gs_text_reader_new((enum gs_text_type)in->type, &sink);
	int r = t != NULL ? gs_text_reader_feed(t, text) : -1;

	in->empty = text.n == 0;
	if (r == 0)
		r = gs_text_reader_end(t);
	if (r == 0)
		r = gs_calls_dialogs_end(c->calls);
	if (r == 0)
		in->type = gs_text_reader_type(t);
	gs_text_reader_free(t);
	return r == 0 ? 0 : gs_err_set(e, "out of memory");
}

/* Checks in->path or, without one, text. */
static int
check(struct gs_calls_input *in, struct gs_span text, unsigned require,
    struct gsprov_findings **f, char *err)
{
	struct check c;
	struct gs_err e;
	int r = begin(&c, require, &e);

	if (r == 0)
		r = in->path != NULL ? gs_calls_read(in, c.calls, &e) :
				       read_bytes(&c, text, in, &e);
	if (r == 0 && !gs_calls_dialogs_judged(c.calls))
		r = gs_err_set(&e, "%s", gs_calls_nothing(in, c.calls, NULL));
	gs_calls_dialogs_free(c.calls);
	return gsprov_findings_give(c.f, r, &e, f, err);
}

int
gsprov_check_text(const void *text, size_t n, enum gsprov_text type,
    unsigned require, struct gsprov_findings **f, char *err)
{
	struct gs_calls_input in = { .type = type };

	return check(&in, gs_span(text, n), require, f, err);
}

int
gsprov_check_file(const char *path, enum gsprov_text type, unsigned require,
    struct gsprov_findings **f, char *err)
{
	struct gs_calls_input in = { .path = path,
		.reader = "gs-sdpcheck",
		.type = type };

	return check(&in, GS_LIT(""), require, f, err);
}

/* SPDX-License-Identifier: MIT */
/* The table of settings: each row is sound, and the check, the parameters
 * and the renderer do what it says. */
#include "snom/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "snom/check.h"
#include "snom/doc.h"
#include "snom/params.h"

static struct gs_span
span(const char *s)
{
	return gs_span(s, strlen(s));
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < gs_snom_def_count; i++) {
		const struct gs_snom_def *d = &gs_snom_defs[i];
		assert_ptr_equal(gs_snom_def_find(span(d->name)), d);
		assert_int_equal(d->insecure != NULL, d->risk != NULL);
		if (d->part != GS_PART_NONE)
			assert_true(d->value != NULL || d->param != 0);
		if (d->words != NULL && d->value != NULL)
			assert_true(gs_snom_is_word(d->words, span(d->value)));
		const char *w = d->insecure;
		while (w != NULL && *w != '\0') {
			size_t n = strcspn(w, " ");
			assert_true(gs_snom_is_word(d->words, gs_span(w, n)));
			w += n + (w[n] == ' ');
		}
	}
}

/* How often the check raises the rule when the setting holds the word. */
static unsigned
raised(const struct gs_snom_def *d, struct gs_span word, enum gs_snom_rule rule)
{
	struct gs_snom_check_options how = { .stated = false };
	char xml[512];
	struct gs_snom_doc doc;
	struct gs_diags diags;
	struct gs_snom_chain chain;
	struct gs_err err;
	unsigned n = 0;

	/* The name in the certificate matters only when it is looked at. */
	int length = snprintf(xml, sizeof(xml),
	    "<settings><phone-settings>"
	    "<tls_server_authentication>on</tls_server_authentication>"
	    "<%s perm=\"R\">%.*s</%s></phone-settings></settings>",
	    d->name, (int)word.n, word.p, d->name);
	assert_int_equal(
	    gs_snom_doc_read(&doc, gs_span(xml, (size_t)length), &err), 0);
	gs_diags_init(&diags, gs_snom_rules, NULL, 100);
	gs_snom_check(&doc, &how, &diags, &chain);
	for (size_t i = 0; i < diags.n; i++)
		n += diags.list[i].rule == &gs_snom_rules.rule[rule] &&
		    strstr(diags.list[i].text, d->name) != NULL;
	gs_diags_free(&diags);
	gs_snom_doc_free(&doc);
	return n;
}

/* A row with insecure words needs no other code to be checked. */
static void
test_insecure(void **state)
{
	unsigned rows = 0;

	(void)state;
	for (size_t i = 0; i < gs_snom_def_count; i++) {
		const struct gs_snom_def *d = &gs_snom_defs[i];
		const char *w = d->insecure != NULL ? d->words : "";
		rows += d->insecure != NULL;
		while (*w != '\0') {
			struct gs_span word = gs_span(w, strcspn(w, " "));
			assert_int_equal(raised(d, word, d->rule),
			    gs_snom_is_word(d->insecure, word));
			w += word.n + (w[word.n] == ' ');
		}
	}
	assert_int_equal(rows, 9);
}

static void
test_words_and_passwords(void **state)
{
	(void)state;
	for (size_t i = 0; i < gs_snom_def_count; i++) {
		const struct gs_snom_def *d = &gs_snom_defs[i];
		if (d->words != NULL)
			assert_int_equal(
			    raised(d, GS_LIT("none"), GS_S_FILE_VALUE), 1);
		if ((d->marks & GS_MARK_PASSWORD) != 0)
			assert_int_equal(
			    raised(d, GS_LIT("1234"), GS_S_FILE_PASSWORD), 1);
	}
}

/* Others see the command line: no secret is taken from there. */
static void
test_secrets(void **state)
{
	char name[80];
	struct gs_err err;
	unsigned rows = 0;

	(void)state;
	for (size_t i = 0; i < gs_snom_def_count; i++) {
		const struct gs_snom_def *d = &gs_snom_defs[i];
		struct gs_snom_params p;
		if ((d->marks & GS_MARK_SECRET) == 0)
			continue;
		rows++;
		gs_snom_params_init(&p);
		(void)snprintf(name, sizeof(name), "%s.%s",
		    d->scope == GS_SCOPE_IDENTITY ? "user" : "phone", d->name);
		assert_int_equal(
		    gs_snom_params_set(&p, span(name), GS_LIT("x"), true, &err),
		    -1);
		assert_non_null(strstr(err.text, "secret"));
		assert_int_equal(gs_snom_params_set(&p, span(name), GS_LIT("x"),
				     false, &err),
		    0);
		gs_snom_params_free(&p);
	}
	assert_int_equal(rows, 10);
}

static void
test_names(void **state)
{
	(void)state;
	assert_true(gs_snom_def_is(GS_LIT("dkey_anything"), GS_MARK_URL));
	assert_true(gs_snom_def_is(GS_LIT("dkey_menu"), GS_MARK_URL));
	assert_false(gs_snom_def_is(GS_LIT("dkey"), GS_MARK_URL));
	assert_true(gs_snom_def_is(GS_LIT("user_host"), GS_MARK_HARDENED));
	assert_null(gs_snom_def_find(GS_LIT("user_hos")));
	assert_null(gs_snom_def_find(gs_span(NULL, 0)));
	assert_false(gs_snom_is_word("on off", GS_LIT("o")));
	assert_false(gs_snom_is_word("on off", gs_span(NULL, 0)));
	assert_false(gs_snom_is_word(NULL, GS_LIT("on")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_insecure),
		cmocka_unit_test(test_words_and_passwords),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* gsprov-filter: the variables of a request, one a line, then an empty line,
 * the head of an answer, an empty line, and its body. What is taken has a
 * known route; what goes out is a head of lines without control bytes. */
#include <stdlib.h>

#include "snom/answer.h"
#include "snom/params.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { MOST = 64 };

static void
must(bool what)
{
	if (!what)
		abort();
}

static void
set(struct gs_snom_params *p, struct gs_span name, struct gs_span value)
{
	struct gs_err err;

	must(gs_snom_params_set(p, name, value, false, &err) == 0);
}

/* Head lines of what goes out. */
static void
judge(struct gs_span s)
{
	struct gs_span line;

	must(gs_span_starts(s, GS_LIT("Status: ")));
	while (gs_span_line(&s, &line)) {
		must(line.n > 0 && line.p[line.n - 1] == '\r');
		if (line.n == 1)
			return;
		for (size_t i = 0; i + 1 < line.n; i++)
			must((unsigned char)line.p[i] >= ' ' ||
			    line.p[i] == '\t');
	}
	must(false);
}

static void
answer(const struct gs_snom_request *rq, struct gs_span text)
{
	struct gs_snom_raw_answer a;
	struct gs_snom_params params;
	struct gs_buf out;
	struct gs_err err;
	size_t end = gs_span_find(text, GS_LIT("\n\n"));

	gs_snom_params_init(&params);
	set(&params, GS_LIT("base_url"), GS_LIT("https://h.example"));
	set(&params, GS_LIT("upstream"), GS_LIT("http://127.0.0.1:3000"));
	must(gs_snom_params_finish(&params, true, &err) == 0);
	gs_snom_raw_answer_init(&a);
	gs_buf_init(&out, 4 * GS_ANSWER_BODY);
	gs_buf_put(&a.head, text.p, end);
	if (end < text.n)
		gs_buf_put(&a.body, text.p + end + 2, text.n - end - 2);
	unsigned status = gs_snom_answer_put(&a, rq, &params, &out, &err);
	must(status >= 200 && status < 600);
	if (out.n > 0)
		judge(gs_buf_span(&out));
	else
		must(status == 502);
	gs_snom_raw_answer_free(&a);
	gs_snom_params_free(&params);
	gs_buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_span text = gs_span(p, n), line;
	char *env[MOST + 1] = { NULL };
	struct gs_snom_request rq;
	struct gs_err err;
	size_t variables = 0;

	while (variables < MOST && gs_span_line(&text, &line) && line.n > 0) {
		char *copy = malloc(line.n + 1);
		must(copy != NULL);
		memcpy(copy, line.p, line.n);
		copy[line.n] = '\0';
		env[variables++] = copy;
	}
	unsigned status = gs_snom_request_read(&rq, env, &err);
	must(status == 0 || (status >= 400 && status < 600));
	if (status == 0) {
		must(rq.route != GS_ROUTE_NONE && rq.target.p[0] == '/');
		answer(&rq, text);
	}
	for (size_t i = 0; i < variables; i++)
		free(env[i]);
	return 0;
}

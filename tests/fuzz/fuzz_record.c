/* SPDX-License-Identifier: MIT */
/* Any line as a piece of a stream: what is read can be written, read again
 * as the same, and joined with itself. */
#include <stdlib.h>

#include "base/json.h"
#include "base/diag.h"
#include "media/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
must(bool what)
{
	if (!what)
		abort();
}

static char *
line_of(struct gs_media_record *r, size_t *n)
{
	char *text = NULL;
	FILE *fp = open_memstream(&text, n);
	struct gs_json json;

	must(fp != NULL);
	gs_json_init(&json, fp);
	if (gs_media_record_finish(r, NULL) == 0)
		gs_media_record_write(r, &json);
	must(fclose(fp) == 0);
	return text;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_media_record a, b;
	struct gs_err err;
	size_t x = 0, y = 0;

	if (gs_media_record_read(&a, gs_span(p, n), &err) == -1)
		return 0;
	char *first = line_of(&a, &x), *again;

	if (x > 0) {
		must(gs_media_record_read(&b, gs_span(first, x), &err) == 0);
		again = line_of(&b, &y);
		must(x == y && memcmp(first, again, x) == 0);
		free(again);
		if (gs_media_record_join(&a, &b, &err) == 0)
			free(line_of(&a, &y));
		gs_media_record_free(&b);
	}
	free(first);
	gs_media_record_free(&a);
	return 0;
}

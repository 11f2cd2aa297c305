/* SPDX-License-Identifier: MIT */
/* Figures as OpenMetrics. */
#include "base/metrics.h"

#include <inttypes.h>

/* Escapes of help texts and quoted text. */
static void
put_escaped(FILE *fp, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '\\' || *s == '"')
			(void)putc('\\', fp);
		if (*s == '\n')
			(void)fputs("\\n", fp);
		else
			(void)putc(*s, fp);
	}
}

void
gs_metrics_begin(FILE *fp, const char *name, const char *help)
{
	(void)fprintf(fp, "# HELP %s ", name);
	put_escaped(fp, help);
	(void)fprintf(fp, "\n# TYPE %s gauge\n", name);
}

void
gs_metrics_put(FILE *fp, const char *name, const char *label, const char *value,
    uint64_t n)
{
	(void)fputs(name, fp);
	if (label != NULL) {
		(void)fprintf(fp, "{%s=\"", label);
		put_escaped(fp, value);
		(void)fputs("\"}", fp);
	}
	(void)fprintf(fp, " %" PRIu64 "\n", n);
}

void
gs_metrics_end(FILE *fp)
{
	(void)fputs("# EOF\n", fp);
}

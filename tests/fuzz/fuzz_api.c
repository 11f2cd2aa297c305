/* SPDX-License-Identifier: MIT */
/* The public functions over any bytes: an octet says which, another how, then
 * come keys or parameters, and the text, capture, packets or settings. What is
 * found is safe to print. */
#include "work.h"

#include "kept_srtp.h"
#include "mutate.h"

#include "api/gsprov.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

MUTATE(mutate_parts)

static void
look(const char *text)
{
	must(text != NULL);
	for (; *text != '\0'; text++)
		must((unsigned char)*text >= ' ' && *text != 0x7f);
}

static void
findings(int r, struct gsprov_findings **got)
{
	const struct gsprov_findings *f = *got;

	if (r != 0)
		return;
	for (size_t i = 0; i < gsprov_findings_count(f); i++) {
		look(gsprov_finding_text(f, i));
		look(gsprov_rule(gsprov_finding_rule(f, i), GSPROV_RULE_BRIEF));
		must(gsprov_finding_severity(f, i) <= GSPROV_ERROR);
		must(gsprov_finding_line(f, i) > 0 ||
		    gsprov_finding_column(f, i) == 0);
	}
	must(gsprov_finding_text(f, gsprov_findings_count(f)) == NULL);
	(void)gsprov_findings_total(f, GSPROV_ERROR);
	gsprov_findings_free(*got);
}

/* Packets behind their lengths in two octets, with each key. */
static void
unprotect(const struct gsprov_keys *k, struct gs_span packets)
{
	static uint8_t plain[65536];
	size_t n, most = gsprov_keys_count(k) < 4 ? gsprov_keys_count(k) : 4;

	for (size_t i = 0; i < most; i++) {
		struct gsprov_srtp *s = gsprov_srtp_of(k, i, NULL);
		struct gs_span rest = packets;

		look(gsprov_keys_fingerprint(k, i));
		while (s != NULL && rest.n > 2) {
			const uint8_t *p = (const uint8_t *)rest.p + 2;
			size_t size = (size_t)p[-2] << 8 | p[-1];

			size = size < rest.n - 2 ? size : rest.n - 2;
			if (gsprov_srtp_unprotect(s, 0, p, size, plain, &n) ==
				GSPROV_OPENED ||
			    gsprov_srtp_unprotect_rtcp(s, p, size, plain, &n) ==
				GSPROV_OPENED)
				must(n <= size);
			rest = gs_span(rest.p + 2 + size, rest.n - 2 - size);
		}
		gsprov_srtp_free(s);
	}
}

static struct gsprov_keys *
read_keys(struct gs_span text)
{
	struct gsprov_keys *k = gsprov_keys_new(NULL);
	char where[64];

	must(k != NULL);
	must(gsprov_keys_unlock(k, "test", 4, NULL) == 0);
	if (text.n > 0)
		(void)gsprov_keys_read(k, "keys", text.p, text.n, NULL);
	for (size_t i = 0; i < gsprov_keys_count(k); i++) {
		look(gsprov_keys_where(k, i, where, sizeof(where)));
		(void)gsprov_keys_suite(k, i);
	}
	must(gsprov_keys_private(k) <= text.n);
	must(gsprov_keys_secrets(k) <= text.n);
	return k;
}

static int
on_packet(void *arg, uint32_t stream, uint64_t ns, const uint8_t *rtp, size_t n)
{
	unsigned *sum = arg;

	(void)ns;
	for (size_t i = 0; i < n; i++)
		*sum += rtp[i];
	return stream > 1000;
}

static void
streams(const char *path, const struct gsprov_keys *k)
{
	unsigned sum = 0;
	struct gsprov_capture *c =
	    gsprov_capture_read(path, k, on_packet, &sum, NULL);

	for (uint32_t i = 1; c != NULL && i <= gsprov_capture_streams(c); i++) {
		must(gsprov_stream_verdict(c, i) <= GSPROV_STOPPED);
		look(gsprov_stream_source(c, i));
		look(gsprov_stream_destination(c, i));
		must(gsprov_stream_opened(c, i) <= gsprov_stream_packets(c, i));
		must(gsprov_stream_verdict(c, i) != GSPROV_DECRYPTED ||
		    gsprov_stream_fingerprint(c, i) != NULL);
		sum += gsprov_stream_ssrc(c, i) != 0;
		(void)gsprov_stream_lost(c, i);
		(void)gsprov_stream_fingerprint(c, i + 1);
	}
	gsprov_capture_free(c);
}

static void
settings(unsigned how, const char *params, struct gs_span rest)
{
	struct gsprov_findings *f = NULL;
	struct gsprov_bytes out = { NULL, 0 };
	char path[64];
	int r;

	if ((how & 1) != 0) {
		r = gsprov_settings_harden(params, rest.p, rest.n, &out, &f,
		    NULL);
	} else {
		FILE *fp = text_file(rest, path);

		r = gsprov_settings_render(params, path, "000413260001", &out,
		    &f, NULL);
		(void)fclose(fp);
	}
	findings(r, &f);
	if (r == 0)
		must(out.p[out.n] == '\0');
	gsprov_bytes_free(&out);
}

/* The set of a folder that is not there, and a suite with any key. */
static void
others(struct gs_span text)
{
	const struct gsprov_certs set = { "/proc/none", NULL, 0, 30 };
	struct gsprov_findings *f = NULL;
	char name[32];
	int64_t days;

	look(gsprov_version());
	findings(gsprov_certs_check(&set, &days, &f, NULL), &f);
	for (size_t n = 0; n + 1 < sizeof(name) && n < text.n; n++) {
		(void)snprintf(name, sizeof(name), "%.*s", (int)n, text.p);
		gsprov_srtp_free(gsprov_srtp_new(name,
		    (const uint8_t *)text.p + n, text.n - n, NULL));
	}
}

static void
capture(unsigned how, struct gs_span keys, struct gs_span rest)
{
	struct gsprov_keys *k = read_keys(keys);
	struct gsprov_findings *f = NULL;
	char path[64];
	FILE *fp = text_file(rest, path);

	if ((how & 8) != 0)
		unprotect(k, rest);
	else if ((how & 16) != 0)
		streams(path, k);
	else if ((how & 32) != 0)
		findings(gsprov_check_file(path, GSPROV_TEXT_AUTO, how & 7, &f,
			     NULL),
		    &f);
	else if ((how & 64) != 0)
		others(rest);
	else
		findings(gsprov_check_capture(path, k, how & 7, &f, NULL), &f);
	(void)fclose(fp);
	gsprov_keys_free(k);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct gs_span end = GS_LIT("\n--\n");
	struct gsprov_findings *f = NULL;

	if (n < 2)
		return 0;
	keep_srtp();
	unsigned what = p[0], how = p[1];
	struct gs_span rest = gs_span(p + 2, n - 2), first = rest;
	first.n = gs_span_find(rest, end);
	if (first.n < rest.n)
		rest = gs_span_skip(rest, first.n + end.n);
	char *params = strndup(first.p, first.n);
	must(params != NULL);
	switch (what % 4) {
	case 0:
		findings(gsprov_check_text(rest.p, rest.n,
			     (enum gsprov_text)(how % 5), how >> 5, &f, NULL),
		    &f);
		break;
	case 1:
		findings(gsprov_settings_check(rest.p, rest.n, &f, NULL), &f);
		break;
	case 2: settings(how, params, rest); break;
	default: capture(how, first, rest);
	}
	free(params);
	return 0;
}

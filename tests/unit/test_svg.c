/* SPDX-License-Identifier: MIT */
/* The picture: well-formed, bounded, and every packet accounted for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/svg.h"
#include "media/svg.h"
#include "media/svg_priv.h"

#define MS UINT64_C(1000000)
#define T0 (UINT64_C(1700000000) * 1000 * MS)

/* Writes s where the test's output is kept, asks xmllint, and returns the
 * text. */
static char *
render(const struct gs_media_svg *s, const char *name)
{
	const char *dir = getenv("GS_OUT");
	char path[500], cmd[600];
	char *p = NULL;
	long n;
	FILE *fp;

	(void)snprintf(path, sizeof(path), "%s/%s.svg", dir ? dir : "/tmp",
	    name);
	fp = fopen(path, "w+");
	assert_non_null(fp);
	assert_int_equal(gs_media_svg_write(s, fp, NULL), 0);
	n = ftell(fp);
	rewind(fp);
	p = calloc(1, (size_t)n + 1);
	assert_non_null(p);
	assert_int_equal(fread(p, 1, (size_t)n, fp), n);
	assert_int_equal(fclose(fp), 0);
	(void)snprintf(cmd, sizeof(cmd), "xmllint --nonet --noout '%s'", path);
	assert_int_equal(system(cmd), 0);
	assert_null(strstr(p, "<script"));
	assert_null(strstr(p, "href"));
	assert_null(strstr(p, "url("));
	return p;
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

/* A lane with a call of minutes in it, with some of everything. */
static void
fill(struct gs_media_svg *s, unsigned i, unsigned seconds)
{
	struct gs_media_svg_lane *l = NULL;
	char name[100], detail[100];
	uint64_t t = T0 + i * 700 * MS;

	(void)snprintf(name, sizeof(name), "192.0.2.%u:%u > 198.51.100.7:%u",
	    10 + i / 2, 16384 + 2 * i, 30000 + 2 * i);
	(void)snprintf(detail, sizeof(detail),
	    "%08x  PCMA  AES_CM_128_HMAC_SHA1_80", 0x1a2b3c4du * (i + 1));
	assert_int_equal(gs_media_svg_lane(s, &l, name, detail, NULL), 0);
	assert_int_equal(
	    gs_media_svg_mark(l, t, GS_SVG_KEY, "key 3f2a9c01", NULL), 0);
	for (unsigned k = 0; k < seconds * 50; k++, t += 20 * MS) {
		unsigned x = (k * 2654435761u) >> 20;

		if (k % 1000 > 800 && i % 3 == 1)
			continue;
		if (i % 4 == 1 && k > seconds * 20 && k < seconds * 22)
			gs_media_svg_count(l, t, GS_SVG_FAILED, 1);
		else if (i % 5 == 4)
			gs_media_svg_count(l, t, GS_SVG_NO_KEY, 1);
		else if (x % 400 < (i % 3) * 3)
			gs_media_svg_count(l, t, GS_SVG_LOST, 1 + x % 3);
		else if (x % 300 == 7)
			gs_media_svg_count(l, t, GS_SVG_LATE, 1);
		else
			gs_media_svg_count(l, t,
			    i % 7 == 6 ? GS_SVG_PLAIN : GS_SVG_OPENED, 1);
		gs_media_svg_jitter(l, t, 1.5 + x % 100 * 0.02 * (1 + i % 4));
	}
	if (i % 4 == 1)
		assert_int_equal(gs_media_svg_mark(l, T0 + seconds * 440 * MS,
				     GS_SVG_KEY, "key 77d01be2", NULL),
		    0);
	if (i % 2 == 0)
		assert_int_equal(gs_media_svg_mark(l, T0 + seconds * 600 * MS,
				     GS_SVG_ROC, "ROC 1", NULL),
		    0);
	gs_media_svg_lane_text(l, NULL, NULL,
	    i % 5 == 4     ? "no key" :
		i % 4 == 1 ? "partly" :
			     "decrypted");
}

static void
pictures(void **state)
{
	static const unsigned lanes[] = { 0, 2, 6, 50 };
	struct gs_media_svg *s = NULL;
	char name[40], *text;

	(void)state;
	for (size_t k = 0; k < 4; k++) {
		assert_int_equal(gs_media_svg_new(&s, "call.pcapng", NULL), 0);
		gs_media_svg_subtitle(s, "4 streams, 2 calls, 31 208 packets");
		for (unsigned i = 0; i < lanes[k]; i++)
			fill(s, i, k == 3 ? 600 : 90);
		(void)snprintf(name, sizeof(name), "picture-%u", lanes[k]);
		text = render(s, name);
		assert_int_equal(count(text, "class=\"band\""), lanes[k]);
		assert_true(strlen(text) < 20000 + 40000 * lanes[k]);
		free(text);
		gs_media_svg_free(s);
	}
}

/* Text from outside cannot leave its place. */
static void
escaping(void **state)
{
	static const char bad[] =
	    "<&>\"'\x01\x80\xef\xbf\xbe\xf0\x9f\x98\x80 ]]>";
	struct gs_media_svg *s = NULL;
	struct gs_media_svg_lane *l = NULL;
	char longer[3000], *text;

	(void)state;
	memset(longer, 'x', sizeof(longer));
	for (size_t i = 90; i + 2 < sizeof(longer); i += 2)
		memcpy(longer + i, "\xc3\xa4", 2);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(gs_media_svg_new(&s, bad, NULL), 0);
	gs_media_svg_subtitle(s, longer);
	assert_int_equal(gs_media_svg_lane(s, &l, bad, longer, NULL), 0);
	gs_media_svg_lane_text(l, NULL, NULL, bad);
	gs_media_svg_count(l, T0, GS_SVG_OPENED, 1);
	assert_int_equal(gs_media_svg_mark(l, T0, GS_SVG_NOTE, bad, NULL), 0);
	text = render(s, "picture-escaped");
	assert_non_null(strstr(text, "&lt;&amp;&gt;&quot;&#39;\\x01\\x80?"));
	assert_null(strstr(text, "<&"));
	free(text);
	gs_media_svg_free(s);
}

static uint64_t
sum(const struct gs_media_svg_lane *l, enum gs_media_svg_what what)
{
	uint64_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += l->bucket[i].count[what];
	return n;
}

/* However long the call and whatever the order, nothing is lost and the
 * memory is bounded. */
static void
bounded(void **state)
{
	struct gs_media_svg *s = NULL;
	struct gs_media_svg_lane *l = NULL;
	uint32_t x = 1;
	uint64_t min = UINT64_MAX;

	(void)state;
	assert_int_equal(gs_media_svg_new(&s, "", NULL), 0);
	assert_int_equal(gs_media_svg_lane(s, &l, "", "", NULL), 0);
	for (unsigned i = 0; i < 20000; i++) {
		uint64_t t;

		x = x * 1664525 + 1013904223;
		t = T0 + (uint64_t)(x >> 8) * i * MS;
		min = t < min ? t : min;
		gs_media_svg_count(l, t, GS_SVG_OPENED, 1);
		if (i % 10 == 0)
			gs_media_svg_count(l, t, GS_SVG_LOST, 3);
		assert_true(l->n <= GS_SVG_BUCKETS);
		assert_true(l->first * l->width <= min);
	}
	assert_int_equal(sum(l, GS_SVG_OPENED), 20000);
	assert_int_equal(sum(l, GS_SVG_LOST), 6000);
	gs_media_svg_count(l, 0, GS_SVG_LATE, 1);
	gs_media_svg_count(l, UINT64_MAX, GS_SVG_LATE, 1);
	gs_media_svg_jitter(l, UINT64_MAX, 1e30);
	gs_media_svg_jitter(l, 0, -1);
	assert_true(l->size <= GS_SVG_BUCKETS);
	assert_int_equal(sum(l, GS_SVG_OPENED), 20000);
	free(render(s, "picture-bounded"));
	gs_media_svg_free(s);
}

static void
caps(void **state)
{
	struct gs_media_svg *s = NULL;
	struct gs_media_svg_lane *l = NULL;
	char *text;

	(void)state;
	assert_int_equal(gs_media_svg_new(&s, "many", NULL), 0);
	for (unsigned i = 0; i < GS_SVG_LANES + 3; i++) {
		assert_int_equal(gs_media_svg_lane(s, &l, "a", "b", NULL), 0);
		gs_media_svg_count(l, T0, GS_SVG_OPENED, 1);
		for (unsigned k = 0; i == 0 && k < 100; k++)
			assert_int_equal(gs_media_svg_mark(l, T0 + k * MS,
					     GS_SVG_ROC, "ROC", NULL),
			    0);
	}
	assert_null(l);
	gs_media_svg_jitter(l, T0, 1);
	gs_media_svg_lane_text(l, "x", "y", "z");
	text = render(s, "picture-many");
	assert_int_equal(count(text, "class=\"band\""), GS_SVG_LANES);
	assert_non_null(strstr(text, "and 3 more streams"));
	free(text);
	gs_media_svg_free(s);
}

/* One packet lost in ten minutes is still drawn. */
static void
one_lost(void **state)
{
	struct gs_media_svg *s = NULL;
	struct gs_media_svg_lane *l = NULL;
	char *text;

	(void)state;
	assert_int_equal(gs_media_svg_new(&s, "", NULL), 0);
	assert_int_equal(gs_media_svg_lane(s, &l, "", "", NULL), 0);
	for (unsigned k = 0; k < 30000; k++)
		gs_media_svg_count(l, T0 + k * 20 * MS,
		    k == 15000 ? GS_SVG_LOST : GS_SVG_OPENED, 1);
	text = render(s, "picture-lost");
	assert_int_equal(count(text, "<path class=\"lost\""), 1);
	assert_int_equal(count(text, "<path class=\"failed\""), 0);
	free(text);
	gs_media_svg_free(s);
}

static void
places_on_an_axis(void **state)
{
	(void)state;
	assert_int_equal(gs_svg_along(0, 0, 6500), 0);
	assert_int_equal(gs_svg_along(1, 3, 6500), 2166);
	assert_int_equal(gs_svg_along(49, 98, 6500), 3250);
	assert_int_equal(gs_svg_along(3, 3, 6500), 6500);
	assert_int_equal(gs_svg_along(4, 3, 6500), 6500);
	assert_int_equal(gs_svg_along(UINT64_MAX / 2, UINT64_MAX, 6500), 3249);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures),
		cmocka_unit_test(escaping),
		cmocka_unit_test(bounded),
		cmocka_unit_test(caps),
		cmocka_unit_test(one_lost),
		cmocka_unit_test(places_on_an_axis),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

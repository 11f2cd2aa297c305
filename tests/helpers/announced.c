/* SPDX-License-Identifier: MIT */
/* "announced [-p] FILE": what FILE, a text, tells of keys (by fingerprint)
 * and of the media at addresses; with -p as if it were one SIP message of a
 * packet. The lines are in no order. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "srtp/keytext.h"

struct reading {
	struct gs_srtp_keyring *ring;
	struct gs_srtp_announced *announced;
	struct gs_diags diags;
	struct gs_srtp_keytext *text;
	uint32_t call[GS_ANNOUNCED_MAX]; /* by their first key */
	size_t calls;
};

/* A number for people; the hash may change. */
static size_t
number_of(struct reading *r, uint32_t call)
{
	size_t i = 0;

	while (i < r->calls && r->call[i] != call)
		i++;
	if (i == r->calls && i < GS_ANNOUNCED_MAX)
		r->call[r->calls++] = call;
	return i + 1;
}

static void
print_key(struct reading *r, const struct gs_srtp_key *k)
{
	char addr[GS_ADDR_TEXT] = "-";

	if (k->media.version != 0)
		(void)gs_net_addr_text(&k->media, addr);
	printf("key %s %zu %s line %" PRIu64 " at %s", k->print, (size_t)k->n,
	    k->suite != NULL ? k->suite->name : "-", k->line, addr);
	if (k->call != 0)
		printf(" call %zu", number_of(r, k->call));
	if (k->mki_n != 0)
		printf(" mki %" PRIu64 ":%u", k->mki, k->mki_n);
	if (k->kdr != 0 || k->params != 0)
		printf(" kdr %u params %u", k->kdr, k->params);
	puts(!k->guess ? "" : k->hinted ? " hinted" : " guess");
}

static void
print_announcement(const struct gs_srtp_announcement *a)
{
	char addr[GS_ADDR_TEXT];

	printf("media %s%s%s%s%s", gs_net_addr_text(&a->addr, addr),
	    a->plain ? " plain" : "", a->secure ? " secure" : "",
	    a->dtls ? " dtls" : "", a->hidden ? " hidden" : "");
	for (size_t i = 0; i < a->formats; i++)
		printf(" %u=%s/%" PRIu32 "/%u", a->format[i].type,
		    a->format[i].name, a->format[i].clock,
		    a->format[i].channels);
	puts("");
}

/* The number of the line or frame, which begins the text: "FILE:12". */
static unsigned long long
place(const char *text)
{
	const char *p = strstr(text, ": ");

	while (p != NULL && p > text && p[-1] >= '0' && p[-1] <= '9')
		p--;
	return p != NULL ? strtoull(p, NULL, 10) : 0;
}

static int
print_all(struct reading *r)
{
	for (size_t i = 0; i < gs_srtp_keyring_size(r->ring); i++)
		print_key(r, gs_srtp_keyring_at(r->ring, i));
	for (size_t i = 0; i < r->announced->n; i++)
		print_announcement(&r->announced->entry[i]);
	for (size_t i = 0; i < r->diags.n; i++)
		printf("finding %s line %llu\n", r->diags.list[i].rule->id,
		    place(r->diags.list[i].text));
	return ferror(stdout) ? 2 : 0;
}

static int
read_text(struct reading *r, const char *path, struct gs_err *err)
{
	struct gs_reader in = { .fd = -1 };
	struct gs_span chunk;
	int more = -1;

	if (gs_reader_open(&in, path, err) == -1)
		return -1;
	gs_srtp_keytext_begin(r->text,
	    gs_srtp_keyring_source(r->ring, path, false));
	while ((more = gs_reader_next(&in, &chunk, err)) == 1)
		if (gs_srtp_keytext_feed(r->text, chunk) == -1)
			break;
	gs_reader_close(&in);
	return more == 0 ? gs_srtp_keytext_end(r->text) : -1;
}

static int
read_message(struct reading *r, const char *path, struct gs_err *err)
{
	struct gs_buf b;
	int bad;

	gs_buf_init(&b, 1 << 20);
	bad = gs_file_read(path, &b, err);
	if (bad == 0)
		bad = gs_srtp_keytext_message(r->text,
		    gs_srtp_keyring_source(r->ring, path, true),
		    gs_buf_span(&b), 1, 1);
	gs_buf_free(&b);
	return bad;
}

int
main(int argc, char **argv)
{
	bool packet = argc == 3 && strcmp(argv[1], "-p") == 0;
	struct gs_err err = { 0 };
	static struct reading r;

	r.ring = gs_srtp_keyring_new(&err);
	r.announced = gs_srtp_announced_new(&err);
	gs_diags_init(&r.diags, gs_srtp_key_rules, NULL, 256);
	r.text = gs_srtp_keytext_new(r.ring, r.announced, &r.diags, &err);
	if (argc != 2 + packet || r.text == NULL ||
	    (packet ? read_message(&r, argv[2], &err) :
		      read_text(&r, argv[1], &err)) == -1) {
		fprintf(stderr, "announced: %s\n", err.text);
		return 2;
	}
	int status = print_all(&r);

	gs_srtp_keytext_free(r.text);
	gs_diags_free(&r.diags);
	gs_srtp_announced_free(r.announced);
	gs_srtp_keyring_free(r.ring);
	return status;
}

/* SPDX-License-Identifier: MIT */
/* A table of what SDP announced, by address. */
#include "srtp/announced.h"

#include <stdlib.h>

#include "base/diag.h"

struct gs_srtp_announced *
gs_srtp_announced_new(struct gs_err *err)
{
	struct gs_srtp_announced *a = calloc(1, sizeof(*a));

	if (a == NULL)
		gs_err_set(err, "no memory for SDP");
	return a;
}

void
gs_srtp_announced_free(struct gs_srtp_announced *a)
{
	free(a);
}

static size_t
hash(const struct gs_net_addr *addr)
{
	return gs_net_addr_hash(addr, &(struct gs_net_addr){ .port = 0 }, 0) %
	    GS_ANNOUNCED_SLOTS;
}

static size_t
find_slot(const struct gs_srtp_announced *a, const struct gs_net_addr *addr)
{
	size_t i = hash(addr);

	while (a->slot[i] != 0 &&
	    !gs_net_addr_eq(&a->entry[a->slot[i] - 1].addr, addr))
		i = (i + 1) % GS_ANNOUNCED_SLOTS;
	return i;
}

const struct gs_srtp_announcement *
gs_srtp_announced_find(const struct gs_srtp_announced *a,
    const struct gs_net_addr *addr)
{
	size_t i = find_slot(a, addr);

	return a->slot[i] != 0 ? &a->entry[a->slot[i] - 1] : NULL;
}

static void
index_all(struct gs_srtp_announced *a)
{
	memset(a->slot, 0, sizeof(a->slot));
	for (size_t i = 0; i < a->n; i++)
		a->slot[find_slot(a, &a->entry[i].addr)] = (uint16_t)(i + 1);
}

struct gs_srtp_announcement *
gs_srtp_announced_at(struct gs_srtp_announced *a,
    const struct gs_net_addr *addr)
{
	size_t i = find_slot(a, addr);

	if (a->slot[i] != 0)
		return &a->entry[a->slot[i] - 1];
	if (a->n < GS_ANNOUNCED_MAX) {
		a->entry[a->n].addr = *addr;
		a->slot[i] = (uint16_t)++a->n;
		return &a->entry[a->n - 1];
	}
	struct gs_srtp_announcement *e = &a->entry[a->oldest];

	a->oldest = (a->oldest + 1) % GS_ANNOUNCED_MAX;
	*e = (struct gs_srtp_announcement){ .addr = *addr };
	index_all(a);
	return e;
}

/* Takes the part of *s before the first c, and c itself, off it. */
static struct gs_span
cut(struct gs_span *s, char c)
{
	const char *at = s->n > 0 ? memchr(s->p, c, s->n) : NULL;
	size_t n = at != NULL ? (size_t)(at - s->p) : s->n;
	struct gs_span part = gs_span(s->p, n);
	size_t skip = at != NULL ? n + 1 : n;

	*s = gs_span(s->n > 0 ? s->p + skip : s->p, s->n - skip);
	return part;
}

void
gs_srtp_announcement_rtpmap(struct gs_srtp_announcement *a, struct gs_span text)
{
	struct gs_span type = cut(&text, ' ');
	struct gs_span name = cut(&text, '/');
	struct gs_span clock = cut(&text, '/');
	struct gs_srtp_rtpmap f = { 0 };
	uint64_t pt, rate, channels = 0;

	if (gs_span_u64(type, &pt) == -1 || pt > 127 ||
	    gs_span_u64(gs_span_trim(clock), &rate) == -1 || rate == 0 ||
	    rate > 1000000 || name.n == 0 ||
	    a->formats == GS_ANNOUNCED_FORMATS ||
	    gs_srtp_announcement_format(a, (uint8_t)pt) != NULL)
		return;
	if (gs_span_u64(gs_span_trim(text), &channels) == -1 || channels > 255)
		channels = 0;
	for (size_t i = 0; i < name.n && i < sizeof(f.name) - 1; i++) {
		char c = name.p[i];

		f.name[i] = (char)(c > ' ' && c < 127 && c != '\\' ? c : '?');
	}
	f.type = (uint8_t)pt;
	f.clock = (uint32_t)rate;
	f.channels = (uint8_t)channels;
	a->format[a->formats++] = f;
}

const struct gs_srtp_rtpmap *
gs_srtp_announcement_format(const struct gs_srtp_announcement *a, uint8_t type)
{
	for (size_t i = 0; a != NULL && i < a->formats; i++)
		if (a->format[i].type == type)
			return &a->format[i];
	return NULL;
}

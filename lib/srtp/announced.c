/* SPDX-License-Identifier: MIT */
/* A table of what SDP announced, by address. */
#include "srtp/announced.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"

struct gs_srtp_announced *
gs_srtp_announced_new(struct gs_err *err)
{
	struct gs_srtp_announced *a = calloc(1, sizeof(*a));

	if (a != NULL)
		a->seed = gs_net_addr_seed();
	else
		gs_err_set(err, "out of memory");
	return a;
}

void
gs_srtp_announced_free(struct gs_srtp_announced *a)
{
	free(a);
}

static size_t
hash(const struct gs_srtp_announced *a, const struct gs_net_addr *addr)
{
	return gs_net_addr_hash(addr, &(struct gs_net_addr){ .port = 0 },
		   a->seed) %
	    GS_ANNOUNCED_SLOTS;
}

static size_t
find_slot(const struct gs_srtp_announced *a, const struct gs_net_addr *addr)
{
	size_t i = hash(a, addr);

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

static bool
is_same(const struct gs_sdp_rtpmap *a, const struct gs_sdp_rtpmap *b)
{
	return strcmp(a->name, b->name) == 0 && a->clock == b->clock &&
	    a->channels == b->channels;
}

void
gs_srtp_announcement_rtpmap(struct gs_srtp_announcement *a,
    struct gs_span value, uint64_t ns)
{
	struct gs_sdp_rtpmap f;

	if (a->formats == GS_ANNOUNCED_FORMATS ||
	    !gs_sdp_rtpmap_parse(&f, value))
		return;
	const struct gs_sdp_rtpmap *known =
	    gs_srtp_announcement_format(a, f.type, ns);
	if (known != NULL &&
	    (is_same(known, &f) || a->since[known - a->format] >= ns))
		return;
	a->since[a->formats] = ns;
	a->format[a->formats++] = f;
}

void
gs_srtp_announcement_fmtp(struct gs_srtp_announcement *a, struct gs_span value)
{
	for (size_t i = a->formats; i > 0; i--)
		if (gs_sdp_rtpmap_fmtp(&a->format[i - 1], value))
			return;
}

const struct gs_sdp_rtpmap *
gs_srtp_announcement_format(const struct gs_srtp_announcement *a, uint8_t type,
    uint64_t ns)
{
	const struct gs_sdp_rtpmap *found = NULL;
	uint64_t since = 0;

	for (size_t i = 0; a != NULL && i < a->formats; i++) {
		if (a->format[i].type != type)
			continue;
		if (found == NULL ||
		    (a->since[i] <= ns &&
			(since > ns || a->since[i] > since))) {
			found = &a->format[i];
			since = a->since[i];
		}
	}
	return found;
}

const struct gs_sdp_rtpmap *
gs_srtp_announced_port_format(const struct gs_srtp_announced *a, uint16_t port,
    uint8_t type, uint64_t ns)
{
	const struct gs_sdp_rtpmap *found = NULL;

	for (size_t i = 0; i < a->n; i++) {
		const struct gs_sdp_rtpmap *f = a->entry[i].addr.port != port ?
		    NULL :
		    gs_srtp_announcement_format(&a->entry[i], type, ns);

		if (f != NULL && found != NULL &&
		    (!is_same(f, found) ||
			strcmp(f->params, found->params) != 0))
			return NULL;
		found = f != NULL ? f : found;
	}
	return found;
}

/* SPDX-License-Identifier: MIT */
/* From a certificate upwards to its root. */
#include "cert/chain.h"

enum { NONE = -1 };

/* The certificates of the pool in the order of their distance from the
 * leaf, and for each the one below it. */
struct walk {
	bool seen[GS_CERTS_MAX];
	int below[GS_CERTS_MAX]; /* NONE: the leaf */
	int order[GS_CERTS_MAX];
	int n;
};

static void
add_issuers(struct walk *w, const struct gs_certs *pool, const bool *usable,
    const struct gs_cert *at, int below)
{
	for (size_t i = 0; i < pool->n; i++) {
		if (w->seen[i] || !usable[i] ||
		    gs_cert_same(pool->list[i], at) ||
		    !gs_cert_issued(pool->list[i], at))
			continue;
		w->seen[i] = true;
		w->below[i] = below;
		w->order[w->n++] = (int)i;
	}
}

/* The nearest root, or NONE. */
static int
nearest_root(const struct gs_cert *leaf, const struct gs_certs *pool,
    const bool *usable, struct walk *w)
{
	*w = (struct walk){ 0 };
	add_issuers(w, pool, usable, leaf, NONE);
	for (int k = 0; k < w->n; k++) {
		const struct gs_cert *at = pool->list[w->order[k]];
		if (gs_cert_self_signed(at))
			return w->order[k];
		add_issuers(w, pool, usable, at, w->order[k]);
	}
	return NONE;
}

static int
put_chain(const struct gs_certs *pool, const struct walk *w, int top,
    struct gs_certs *out, struct gs_err *err)
{
	int up[GS_CERTS_MAX], n = 0;

	for (int i = top; i != NONE; i = w->below[i])
		up[n++] = i;
	while (n > 0)
		if (gs_certs_add(out, pool->list[up[--n]], err) == -1)
			return -1;
	return 0;
}

int
gs_chain(const struct gs_cert *leaf, const struct gs_certs *pool, int64_t now,
    struct gs_certs *out, bool *complete, struct gs_err *err)
{
	bool all[GS_CERTS_MAX], valid[GS_CERTS_MAX];
	struct walk w;

	*complete = gs_cert_self_signed(leaf);
	if (*complete)
		return 0;
	for (size_t i = 0; i < pool->n; i++) {
		struct gs_cert_info info;
		all[i] = true;
		valid[i] = gs_cert_info(pool->list[i], &info, NULL) == 0 &&
		    info.ca && info.not_before <= now && info.not_after >= now;
	}
	int top = nearest_root(leaf, pool, valid, &w);
	if (top == NONE)
		top = nearest_root(leaf, pool, all, &w);
	*complete = top != NONE;
	/* How far it goes. */
	if (top == NONE && w.n > 0)
		top = w.order[w.n - 1];
	return put_chain(pool, &w, top, out, err);
}

/* SPDX-License-Identifier: MIT */
/* What the files of a set shall hold. */
#include "content_priv.h"

#include <errno.h>

void
gs_content_init(struct gs_content *c)
{
	gs_buf_init(&c->key, GS_SET_FILE_MAX);
	gs_buf_init(&c->crt, GS_SET_FILE_MAX);
	gs_buf_init(&c->pem, GS_SET_FILE_MAX);
	gs_buf_init(&c->ca, GS_SET_FILE_MAX);
}

void
gs_content_free(struct gs_content *c)
{
	gs_buf_free(&c->key);
	gs_buf_free(&c->crt);
	gs_buf_free(&c->pem);
	gs_buf_free(&c->ca);
}

static int
put_certs(struct gs_buf *b, const struct gs_certs *c, bool root,
    struct gs_err *err)
{
	for (size_t i = 0; i < c->n; i++) {
		if (!root && i + 1 == c->n) {
			struct gs_cert_info info;
			if (gs_cert_info(c->list[i], &info, err) == -1)
				return -1;
			if (info.self_signed)
				break;
		}
		if (gs_cert_write_pem(c->list[i], b, err) == -1)
			return -1;
	}
	return 0;
}

static void
put_text(struct gs_buf *b, struct gs_span s)
{
	gs_buf_put(b, s.p, s.n);
	if (s.n > 0 && s.p[s.n - 1] != '\n')
		gs_buf_putc(b, '\n');
}

/* The file that is there stays as it is when it holds the same. */
static int
key_bytes(struct gs_content *c, const struct gs_state *st,
    const struct gs_key *key, struct gs_err *err)
{
	const struct gs_item *it = gs_state_at(st, GS_PLACE_KEY);

	if (it->type == GS_ITEM_FILE && it->key_found == GS_KEY_OK &&
	    !it->was_locked && it->certs.n == 0 && gs_key_same(it->key, key)) {
		gs_buf_put(&c->key, it->bytes.p, it->bytes.n);
		return 0;
	}
	return gs_key_write(key, &c->key, err);
}

static bool
same_certs(const struct gs_certs *have, struct gs_buf *want)
{
	struct gs_certs c = { 0 };
	bool same = gs_certs_read(gs_buf_span(want), &c, NULL) == 0 &&
	    c.n == have->n && !have->key_inside && have->damaged == 0;

	for (size_t i = 0; same && i < c.n; i++)
		same = gs_cert_same(c.list[i], have->list[i]);
	gs_certs_free(&c);
	return same;
}

int
gs_content_compose(struct gs_content *c, const struct gs_state *st,
    const struct gs_want *w, struct gs_err *err)
{
	const struct gs_item *crt = gs_state_at(st, GS_PLACE_CRT);

	if (key_bytes(c, st, w->key, err) == -1 ||
	    gs_cert_write_pem(w->leaf, &c->crt, err) == -1 ||
	    put_certs(&c->crt, w->chain, false, err) == -1)
		return -1;
	/* Leaf, key, intermediates: the first two are what FreeSWITCH reads,
	 * the rest is for whoever sends the chain from this file. */
	if (gs_cert_write_pem(w->leaf, &c->pem, err) == -1)
		return -1;
	put_text(&c->pem, gs_buf_span(&c->key));
	if (put_certs(&c->pem, w->chain, false, err) == -1)
		return -1;
	/* FreeSWITCH does not start without a certificate in cafile.pem. */
	if (w->cafile != NULL)
		gs_buf_put(&c->ca, w->cafile->p, w->cafile->n);
	else if (w->chain->n > 0 &&
	    put_certs(&c->ca, w->chain, true, err) == -1)
		return -1;
	else if (w->chain->n == 0 &&
	    gs_cert_write_pem(w->leaf, &c->ca, err) == -1)
		return -1;
	if (crt->type == GS_ITEM_FILE && same_certs(&crt->certs, &c->crt)) {
		gs_buf_clear(&c->crt);
		gs_buf_put(&c->crt, crt->bytes.p, crt->bytes.n);
	}
	if (!gs_buf_ok(&c->key) || !gs_buf_ok(&c->crt) || !gs_buf_ok(&c->pem) ||
	    !gs_buf_ok(&c->ca))
		return gs_err_sys(err, ENOMEM, "certificates");
	return 0;
}

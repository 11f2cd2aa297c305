/* SPDX-License-Identifier: MIT */
/* The URLs of a settings file, put on https. */
#include "snom/harden_priv.h"

#include "snom/doc.h"
#include "snom/params.h"
#include "snom/settings.h"

static bool
is_pbx(const struct harden *h, const struct gs_snom_node *n,
    const struct gs_snom_url *u)
{
	return gs_snom_node_is(n, "setting_server") ||
	    h->d->dialect == GS_DIALECT_SETTING_FILES ||
	    (h->has_server && gs_span_eqcase(u->host, h->server.host)) ||
	    (h->has_base && gs_span_eqcase(u->host, h->base.host));
}

/* Appends "https://authority" for a URL that must change. Returns false
 * when it may stay. */
static bool
new_front(const struct harden *h, const struct gs_snom_node *n,
    const struct gs_snom_url *u, struct gs_buf *b)
{
	bool pbx = is_pbx(h, n, u);
	bool wrong = gs_snom_url_contradicts(u);
	bool base = pbx && h->has_base && gs_snom_url_is_https(&h->base);

	if (!gs_snom_url_is_http(u) && !(gs_snom_url_is_https(u) && wrong))
		return false;
	/* At the first contact a CA may have to come in clear. */
	if (!wrong && gs_snom_node_is(n, "certificate"))
		return false;
	if (!wrong && !base && !(pbx && (u->port == 0 || u->port == 80)))
		return false;
	gs_buf_puts(b, "https://");
	if (u->userinfo.p != NULL) {
		gs_buf_put(b, u->userinfo.p, u->userinfo.n);
		gs_buf_putc(b, '@');
	}
	if (base)
		gs_buf_put(b, h->base.authority.p, h->base.authority.n);
	else
		gs_snom_url_host_put(b, u->host);
	return true;
}

static bool
is_scheme_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The URL around "://" at an offset of raw, as far as it can be changed:
 * up to the end of the authority. */
static struct gs_span
front_of(struct gs_span raw, size_t at)
{
	size_t from = at, to = at + 3;

	while (from > 0 && is_scheme_byte(raw.p[from - 1]))
		from--;
	while (to < raw.n && (unsigned char)raw.p[to] > ' ' &&
	    memchr("/?#\"'<>|&", raw.p[to], 9) == NULL)
		to++;
	return gs_span(raw.p + from, to - from);
}

/* Where a comment that starts at an offset ends. */
static size_t
comment_end(struct gs_span raw, size_t at)
{
	size_t end =
	    gs_span_find(gs_span(raw.p + at, raw.n - at), GS_LIT("-->"));

	return at + end + 3 < raw.n ? at + end + 3 : raw.n;
}

static void
harden_url(struct harden *h, const struct gs_snom_node *n, struct gs_span front)
{
	struct gs_snom_url u;
	struct gs_buf b;

	gs_buf_init(&b, front.n + 600);
	if (gs_snom_url_parse(&u, front, NULL) == 0 &&
	    new_front(h, n, &u, &b)) {
		gs_snom_edit(&h->e, (size_t)(front.p - h->d->scan.text.p),
		    front.n, gs_buf_span(&b));
		gs_snom_edit_say(&h->e,
		    gs_snom_url_contradicts(&u) ? GS_S_PROV_SCHEME_PORT :
						  GS_S_PROV_PLAIN,
		    n->tag, "changed %.*s: %.*s://%.*s to https",
		    (int)n->name.n, n->name.p, (int)u.scheme.n, u.scheme.p,
		    (int)(u.host.n < 253 ? u.host.n : 253), u.host.p);
	}
	gs_buf_free(&b);
}

/* The URLs of a text, but for those in comments. */
static void
harden_text(struct harden *h, const struct gs_snom_node *n, struct gs_span raw)
{
	struct gs_span mark = GS_LIT("://");

	if (raw.n < mark.n || memchr(raw.p, ':', raw.n) == NULL)
		return;
	size_t at = gs_span_find(raw, mark);
	while (at != raw.n) {
		size_t comment =
		    gs_span_find(gs_span(raw.p, at), GS_LIT("<!--"));
		size_t skip = at + mark.n;
		if (comment < at)
			skip = comment_end(raw, comment);
		else
			harden_url(h, n, front_of(raw, at));
		raw = gs_span(raw.p + skip, raw.n - skip);
		at = comment < at && skip <= at ? at - skip :
						  gs_span_find(raw, mark);
	}
}

/* Settings whose value is replaced as a whole. */
static bool
is_rewritten(const struct gs_snom_node *n)
{
	return gs_snom_node_is(n, "certificate_url") ||
	    gs_snom_def_is(n->name, GS_MARK_HARDENED);
}

void
gs_snom_harden_urls(struct harden *h)
{
	const struct gs_snom_scan *s = &h->d->scan;

	for (size_t i = 0; i < s->nodes; i++) {
		const struct gs_snom_node *n = &s->node[i];
		if (is_rewritten(n))
			continue;
		for (uint32_t k = n->attr; k < n->attr + n->attrs; k++)
			if (!gs_span_starts(s->attr[k].name, GS_LIT("xmlns")) &&
			    !gs_span_starts(s->attr[k].name, GS_LIT("xsi:")))
				harden_text(h, n, s->attr[k].value);
		struct gs_snom_pieces p = { .at = i };
		struct gs_span piece;
		while (gs_snom_scan_piece(s, &p, &piece))
			harden_text(h, n, piece);
	}
}

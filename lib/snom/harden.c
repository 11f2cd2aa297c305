/* SPDX-License-Identifier: MIT */
/* Puts a settings file on TLS and SRTP and leaves every other byte. */
#include "snom/harden.h"

#include <stdio.h>
#include <stdlib.h>

#include "snom/harden_priv.h"
#include "snom/text.h"

struct harden {
	struct gs_doc *d;
	const struct gs_params *p;
	struct edits e;
	struct gs_url base; /* base_url */
	struct gs_url server; /* setting_server */
	bool has_base, has_server;
};

/* ---- URLs */

static bool
is_pbx(const struct harden *h, const struct gs_node *n,
    const struct gs_url *u)
{
	return gs_node_is(n, "setting_server") ||
	    h->d->dialect == GS_DIALECT_SETTING_FILES ||
	    (h->has_server && gs_span_eqcase(u->host, h->server.host)) ||
	    (h->has_base && gs_span_eqcase(u->host, h->base.host));
}

/* Appends "https://authority" for a URL that must change. Returns false
 * when it may stay. */
static bool
new_front(const struct harden *h, const struct gs_node *n,
    const struct gs_url *u, struct gs_buf *b)
{
	bool pbx = is_pbx(h, n, u);
	bool wrong = gs_url_contradicts(u);
	bool base = pbx && h->has_base && gs_url_is_https(&h->base);

	if (!gs_url_is_http(u) && !(gs_url_is_https(u) && wrong))
		return false;
	/* At the first contact a CA may have to come in clear. */
	if (!wrong && gs_node_is(n, "certificate"))
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
		gs_host_put(b, u->host);
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

static void
harden_text(struct harden *h, const struct gs_node *n, struct gs_span raw)
{
	struct gs_span mark = GS_LIT("://");
	size_t at;

	if (raw.n < mark.n || memchr(raw.p, ':', raw.n) == NULL)
		return;
	while ((at = gs_span_find(raw, mark)) != raw.n) {
		struct gs_span front = front_of(raw, at);
		struct gs_url u;
		struct gs_buf b;
		gs_buf_init(&b, front.n + 600);
		if (gs_url_parse(&u, front, NULL) == 0 &&
		    new_front(h, n, &u, &b)) {
			size_t offset =
			    (size_t)(front.p - h->d->scan.text.p);
			gs_edit(&h->e, offset, front.n, gs_buf_span(&b));
			gs_edit_say(&h->e,
			    gs_url_contradicts(&u) ? GS_S_PROV_SCHEME_PORT :
						     GS_S_PROV_PLAIN,
			    n->tag, "changed %.*s: %.*s://%.*s to https",
			    (int)n->name.n, n->name.p, (int)u.scheme.n,
			    u.scheme.p, (int)(u.host.n < 253 ? u.host.n : 253),
			    u.host.p);
		}
		gs_buf_free(&b);
		raw = gs_span(raw.p + at + mark.n, raw.n - at - mark.n);
	}
}

static void
harden_urls(struct harden *h)
{
	const struct gs_scan *s = &h->d->scan;

	for (size_t i = 0; i < s->nodes; i++) {
		const struct gs_node *n = &s->node[i];
		/* These are rewritten as a whole below. */
		if (gs_node_is(n, "certificate_url") ||
		    gs_node_is(n, "user_outbound") ||
		    gs_node_is(n, "user_host"))
			continue;
		for (uint32_t k = n->attr; k < n->attr + n->attrs; k++)
			if (!gs_span_starts(
				s->attr[k].name, GS_LIT("xmlns")) &&
			    !gs_span_starts(s->attr[k].name, GS_LIT("xsi:")))
				harden_text(h, n, s->attr[k].value);
		if (!n->children)
			harden_text(h, n, gs_scan_inner(s, n));
	}
}

/* ---- identities */

/* Sets a setting that is there, or adds it behind the element like. */
static void
set(struct harden *h, enum gs_snom_rule rule, const char *name, uint32_t idx,
    const struct gs_setting *like, struct gs_span value)
{
	const struct gs_setting *s = gs_doc_get(h->d, name, idx);
	char where[16] = "";

	if (idx != GS_NO_IDX)
		(void)snprintf(where, sizeof(where), " %u", idx);
	if (s != NULL) {
		const struct gs_node *n = gs_doc_node(h->d, s);
		gs_edit_value(&h->e, n, value);
		gs_edit_say(&h->e, rule, n->tag, "changed %s%s to %.*s", name,
		    where, (int)value.n, value.p);
	} else if (like != NULL) {
		const struct gs_node *n = gs_doc_node(h->d, like);
		gs_edit_add(&h->e, n, name, idx, value);
		gs_edit_say(&h->e, rule, n->tag, "added %s%s: %.*s", name,
		    where, (int)value.n, value.p);
	}
}

static void
lock(struct harden *h, enum gs_snom_rule rule, const struct gs_setting *s)
{
	if (!gs_perm_is_writable(s))
		return;
	const struct gs_node *n = gs_doc_node(h->d, s);
	const struct gs_attr *a = gs_scan_attr(&h->d->scan, n, "perm");

	gs_edit(&h->e, (size_t)(a->value.p - h->d->scan.text.p), a->value.n,
	    GS_LIT("R"));
	gs_edit_say(&h->e, rule, n->tag, "changed perm of %.*s to R",
	    (int)n->name.n, n->name.p);
}

static bool
proxy_is_good(const struct gs_identity *id)
{
	const struct gs_proxy *p = &id->proxy;

	return id->outbound_text.n > 0 && p->host.n > 0 && !p->port_bad &&
	    gs_span_eq(p->transport, GS_LIT("tls")) && !p->blank &&
	    p->port != 5060 && p->prefix.n != 5 &&
	    gs_host_kind(p->host) != GS_HOST_BAD;
}

static void
harden_proxy(struct harden *h, const struct gs_identity *id,
    const struct gs_setting *like)
{
	const char *sip_host = gs_params_get(h->p, GS_P_SIP_HOST);
	const struct gs_proxy *from =
	    id->outbound_text.n > 0 ? &id->proxy : &id->registrar;
	struct gs_span host = *sip_host != '\0' ?
	    gs_span(sip_host, strlen(sip_host)) :
	    gs_host_kind(id->proxy.host) != GS_HOST_BAD ? id->proxy.host :
							  id->registrar.host;
	struct gs_buf b;

	if (proxy_is_good(id)) {
		lock(h, GS_S_SIP_UNLOCKED, id->outbound);
		return;
	}
	if (gs_host_kind(host) == GS_HOST_BAD)
		return;
	gs_buf_init(&b, id->outbound_text.n + 512);
	gs_host_put(&b, host);
	if (id->tls && !from->port_bad && from->port != 0 &&
	    from->port != 5060)
		gs_buf_printf(&b, ":%u", from->port);
	else
		gs_buf_printf(
		    &b, ":%s", gs_params_get(h->p, GS_P_SIP_PORT));
	gs_buf_puts(&b, ";transport=tls");
	/* The rest of a failover list stays. */
	const char *comma = id->outbound_text.n == 0 ?
	    NULL :
	    memchr(id->outbound_text.p, ',', id->outbound_text.n);
	if (comma != NULL)
		gs_buf_put(&b, comma,
		    id->outbound_text.n -
			(size_t)(comma - id->outbound_text.p));
	set(h, GS_S_SIP_NOT_TLS, "user_outbound", id->idx, like,
	    gs_buf_span(&b));
	lock(h, GS_S_SIP_UNLOCKED, id->outbound);
	gs_buf_free(&b);
}

static void
harden_media(struct harden *h, const struct gs_identity *id,
    const struct gs_setting *like)
{
	const char *savp = gs_params_get(h->p, GS_P_SAVP);
	bool tag_80 = strcmp(gs_params_get(h->p, GS_P_AUTH_TAG), "80") == 0;

	if (!gs_params_on(h->p, GS_P_SRTP))
		return;
	if (id->srtp_word != GS_WORD_ON)
		set(h, GS_S_MEDIA_NOT_ENCRYPTED, "user_srtp", id->idx, like,
		    GS_LIT("on"));
	if (id->savp_word != GS_WORD_MANDATORY &&
	    id->savp_word != GS_WORD_OPTIONAL)
		set(h, GS_S_MEDIA_SAVP_OFF, "user_savp", id->idx, like,
		    gs_span(savp, strlen(savp)));
	if (tag_80 && id->tag_word != GS_WORD_OFF)
		set(h, GS_S_MEDIA_TAG_32, "user_auth_tag", id->idx, like,
		    GS_LIT("off"));
	else if (!tag_80 && id->tag_word == GS_WORD_BAD)
		set(h, GS_S_MEDIA_TAG_32, "user_auth_tag", id->idx, like,
		    GS_LIT("on"));
	lock(h, GS_S_MEDIA_UNLOCKED, id->srtp);
	lock(h, GS_S_MEDIA_UNLOCKED, id->savp);
}

/* The setting behind which new ones of this identity go. */
static const struct gs_setting *
anchor(const struct gs_doc *d, const struct gs_identity *id)
{
	const struct gs_setting *s = id->savp != NULL ? id->savp : id->srtp;

	s = s != NULL ? s : id->outbound;
	s = s != NULL ? s : id->host;
	s = s != NULL ? s : id->name;
	return s != NULL ? s : gs_doc_get(d, "user_active", id->idx);
}

static void
harden_identities(struct harden *h)
{
	const char *sip_host = gs_params_get(h->p, GS_P_SIP_HOST);
	struct gs_identity id;

	for (uint32_t i = 1; i <= GS_SNOM_IDENTITIES; i++) {
		if (!gs_identity_read(&id, h->d, i) || !id.active)
			continue;
		const struct gs_setting *like = anchor(h->d, &id);
		bool named = id.name != NULL &&
		    gs_doc_trim(id.name->value).n > 0;
		if (named && id.host_text.n == 0 && *sip_host != '\0')
			set(h, GS_S_SIP_REGISTRAR, "user_host", i, like,
			    gs_span(sip_host, strlen(sip_host)));
		if (named || id.host_text.n > 0 || id.outbound_text.n > 0)
			harden_proxy(h, &id, id.host != NULL ? id.host : like);
		harden_media(h, &id, like);
	}
}

/* ---- trust */

static const struct gs_node *
first_node(const struct gs_doc *d, const char *name)
{
	for (size_t i = 0; i < d->scan.nodes; i++)
		if (gs_node_is(&d->scan.node[i], name))
			return &d->scan.node[i];
	return NULL;
}

static bool
has_certificate(struct gs_doc *d, struct gs_span url)
{
	for (size_t i = 0; i < d->scan.nodes; i++) {
		const struct gs_node *n = &d->scan.node[i];
		const struct gs_attr *a = gs_node_is(n, "certificate") ?
		    gs_scan_attr(&d->scan, n, "url") :
		    NULL;
		if (a != NULL &&
		    gs_span_eq(gs_doc_decode(d, a->value), url))
			return true;
	}
	return false;
}

static void
put_certificate(struct gs_buf *b, struct gs_span url)
{
	gs_buf_puts(b, "<certificate url=\"");
	gs_text_put(b, url);
	gs_buf_puts(b, "\"/>");
}

/* <certificate_url>: inside <certificates> it becomes the form that works;
 * elsewhere it goes, and its URL is added to the list. */
static void
mend_certificate_urls(struct harden *h, struct gs_buf *added)
{
	for (size_t i = 0; i < h->d->scan.nodes; i++) {
		const struct gs_node *n = &h->d->scan.node[i];
		if (!gs_node_is(n, "certificate_url"))
			continue;
		struct gs_span url = gs_doc_trim(gs_doc_text(h->d, n));
		bool inside = n->parent != GS_NO_NODE &&
		    gs_node_is(&h->d->scan.node[n->parent], "certificates");
		struct gs_buf b;
		gs_buf_init(&b, 8 * url.n + 64);
		if (inside)
			put_certificate(&b, url);
		else if (url.n > 0 && !has_certificate(h->d, url))
			put_certificate(added, url);
		gs_edit(&h->e, n->tag, n->end - n->tag, gs_buf_span(&b));
		gs_edit_say(&h->e, GS_S_TRUST_ELEMENT, n->tag,
		    "changed <certificate_url> to <certificate url>");
		gs_buf_free(&b);
	}
}

static void
add_certificates(struct harden *h, struct gs_buf *added)
{
	for (size_t i = 0; i < h->p->certificates; i++) {
		struct gs_buf url;
		gs_buf_init(&url, 2 * GS_PARAM_VALUE);
		gs_params_put_url(h->p, &url, h->p->certificate[i]);
		if (!has_certificate(h->d, gs_buf_span(&url))) {
			put_certificate(added, gs_buf_span(&url));
			gs_edit_say(&h->e, GS_S_TRUST_NO_ROLLOUT,
			    h->d->scan.node[0].tag,
			    "added the certificate %.*s", (int)url.n,
			    (const char *)url.p);
		}
		gs_buf_free(&url);
	}
}

static void
harden_certificates(struct harden *h)
{
	const struct gs_node *list = first_node(h->d, "certificates");
	const struct gs_node *root = &h->d->scan.node[0];
	struct gs_buf added, xml;

	gs_buf_init(&added, GS_DOC_SIZE);
	gs_buf_init(&xml, GS_DOC_SIZE);
	mend_certificate_urls(h, &added);
	add_certificates(h, &added);
	if (added.n > 0 && list != NULL && !list->empty) {
		gs_edit_append(&h->e, list, gs_buf_span(&added));
	} else if (added.n > 0 && gs_node_is(root, "settings")) {
		gs_buf_puts(&xml, "<certificates>");
		gs_buf_put(&xml, added.p, added.n);
		gs_buf_puts(&xml, "</certificates>");
		if (list != NULL)
			gs_edit(&h->e, list->tag, list->end - list->tag,
			    gs_buf_span(&xml));
		else if (!root->empty)
			gs_edit_append(&h->e, root, gs_buf_span(&xml));
	}
	h->e.no_memory |= !gs_buf_ok(&added) || !gs_buf_ok(&xml);
	gs_buf_free(&added);
	gs_buf_free(&xml);
}

static void
harden_trust(struct harden *h)
{
	const struct gs_setting *auth =
	    gs_doc_get(h->d, "tls_server_authentication", GS_NO_IDX);
	const struct gs_setting *ntp =
	    gs_doc_get(h->d, "ntp_server", GS_NO_IDX);
	const char *server = gs_params_get(h->p, GS_P_NTP_SERVER);
	const struct gs_setting *like =
	    gs_doc_get(h->d, "setting_server", GS_NO_IDX);
	bool on = gs_params_on(h->p, GS_P_SERVER_AUTHENTICATION);
	enum gs_word word = gs_word_of(auth, false);

	for (size_t i = 0; like == NULL && i < h->d->settings; i++)
		if (h->d->setting[i].idx == GS_NO_IDX)
			like = &h->d->setting[i];
	if ((on && word != GS_WORD_ON) || word == GS_WORD_BAD)
		set(h, GS_S_TRUST_UNVERIFIED, "tls_server_authentication",
		    GS_NO_IDX, like, on ? GS_LIT("on") : GS_LIT("off"));
	if (on || word == GS_WORD_ON)
		lock(h, GS_S_TRUST_UNLOCKED, auth);
	if (*server != '\0' &&
	    (ntp == NULL || gs_doc_trim(ntp->value).n == 0))
		set(h, GS_S_TRUST_CLOCK, "ntp_server", GS_NO_IDX, like,
		    gs_span(server, strlen(server)));
}

int
gs_harden(struct gs_doc *d, const struct gs_params *p, struct gs_buf *out,
    struct gs_diags *changes, struct gs_err *err)
{
	const char *base = gs_params_get(p, GS_P_BASE_URL);
	const struct gs_setting *server =
	    gs_doc_get(d, "setting_server", GS_NO_IDX);
	struct harden h = { .d = d, .p = p };

	gs_edits_init(&h.e, d, changes);
	h.has_base = gs_url_parse(
			 &h.base, gs_span(base, strlen(base)), NULL) == 0;
	h.has_server = server != NULL &&
	    gs_url_parse(&h.server, gs_doc_trim(server->value), NULL) == 0;
	harden_urls(&h);
	if (d->dialect == GS_DIALECT_SETTINGS) {
		harden_identities(&h);
		harden_trust(&h);
		harden_certificates(&h);
	}
	int bad = gs_edits_apply(&h.e, out, err);
	gs_edits_free(&h.e);
	gs_diags_sort(changes);
	return bad;
}

/* SPDX-License-Identifier: MIT */
/* Changes a settings file to TLS and SRTP, and nothing else in it. */
#include "snom/harden.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "snom/comment.h"
#include "snom/edit.h"
#include "snom/identity.h"
#include "snom/params.h"
#include "snom/settings.h"
#include "snom/text.h"

/* The state of hardening. */
struct harden {
	struct gs_snom_doc *d;
	const struct gs_snom_params *p;
	const struct gs_snom_harden *how;
	struct gs_snom_edits e;
	struct gs_snom_url base; /* base_url */
	struct gs_snom_url server; /* setting_server */
	bool has_base, has_server;
};

/* ---- URLs: changed to https */

static bool
is_pbx(const struct harden *h, const struct gs_snom_node *n,
    const struct gs_snom_url *u)
{
	bool home = gs_snom_node_is(n, "setting_server") ||
	    gs_snom_node_is(n, "provisioning_server") ||
	    (h->has_server && gs_snom_url_same_host(u->host, h->server.host));

	for (size_t i = 0; i < 2; i++)
		if (gs_snom_url_same_host(u->host, h->how->host[i]))
			return true;
	/* Where a phone would belong to somebody else is to be said. */
	return (home &&
		   (!h->has_base || gs_snom_params_trusts(h->p, u->host))) ||
	    h->d->dialect == GS_DIALECT_SETTING_FILES ||
	    (h->has_base && gs_snom_url_same_host(u->host, h->base.host));
}

/* Appends "https://authority" for a URL that must change. Returns false if it
 * may stay. */
static bool
new_front(struct harden *h, const struct gs_snom_node *n,
    const struct gs_snom_url *u)
{
	struct gs_buf *b = &h->e.text;
	bool pbx = is_pbx(h, n, u);
	bool wrong = gs_snom_url_contradicts(u);
	bool base = pbx && h->has_base && gs_snom_url_is_https(&h->base);
	/* A file that a phone asks for has one address. */
	bool moved = h->how->served && base && gs_snom_url_is_https(u) &&
	    !gs_span_eqcase(u->authority, h->base.authority);

	if (moved)
		wrong = true;
	if (!gs_snom_url_is_http(u) && !(gs_snom_url_is_https(u) && wrong))
		return false;
	/* Foreign pages stay as they are. */
	if (!pbx && gs_snom_doc_is_page(h->d))
		return false;
	/* At the first contact, a CA may have to be fetched unencrypted. */
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

/* The URL around "://" at an offset of raw, up to the end of its authority,
 * which is the part that may change. */
static struct gs_span
front_of(struct gs_span raw, size_t at)
{
	size_t from = at, to = at + 3;

	while (from > 0 && gs_is_alpha(raw.p[from - 1]))
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
	size_t end = gs_span_find(gs_span_skip(raw, at), GS_LIT("-->"));

	return at + end + 3 < raw.n ? at + end + 3 : raw.n;
}

static void
harden_url(struct harden *h, const struct gs_snom_node *n, struct gs_span front)
{
	size_t from = h->e.text.n;
	struct gs_snom_url u;

	if (gs_snom_url_parse(&u, front, NULL) == 0 && new_front(h, n, &u)) {
		gs_snom_edit(&h->e, (size_t)(front.p - h->d->scan.text.p),
		    front.n, from);
		gs_snom_edit_say(&h->e,
		    gs_snom_url_contradicts(&u) ? GS_S_PROV_SCHEME_PORT :
						  GS_S_PROV_PLAIN,
		    n->tag, "changed %.*s: %.*s://%.*s to https",
		    (int)n->name.n, n->name.p, (int)u.scheme.n, u.scheme.p,
		    GS_CUT(u.host, 253));
	}
}

/* The URLs of a text, except those in comments. */
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
		raw = gs_span_skip(raw, skip);
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

static void
harden_urls(struct harden *h)
{
	const struct gs_snom_scan *s = &h->d->scan;

	for (size_t i = 0; i < s->nodes; i++) {
		const struct gs_snom_node *n = &s->node[i];
		if (is_rewritten(n))
			continue;
		struct gs_snom_pieces p = { .at = i };
		struct gs_span piece;
		while (gs_snom_scan_piece(s, &p, &piece))
			harden_text(h, n, piece);
	}
}

/* ---- identities */

/* Sets an existing setting, or adds it after the element like. */
static void
set(struct harden *h, enum gs_snom_rule rule, const char *name, uint32_t idx,
    const struct gs_snom_setting *like, struct gs_span value)
{
	const struct gs_snom_setting *s = gs_snom_doc_get(h->d, name, idx);
	char where[16] = "";
	struct gs_span shown =
	    gs_snom_def_is(gs_span_of(name), GS_MARK_SECRET) ? GS_LIT("***") :
							       value;

	if (idx != GS_NO_IDX)
		(void)snprintf(where, sizeof(where), " %u", idx);
	if (s != NULL) {
		const struct gs_snom_node *n = gs_snom_doc_node(h->d, s);
		gs_snom_edit_value(&h->e, n, value);
		gs_snom_edit_say(&h->e, rule, n->tag, "changed %s%s to %.*s",
		    name, where, GS_CUT(shown, 300));
	} else if (like != NULL) {
		const struct gs_snom_node *n = gs_snom_doc_node(h->d, like);
		gs_snom_edit_add(&h->e, n, name, idx, value);
		gs_snom_edit_say(&h->e, rule, n->tag, "added %s%s: %.*s", name,
		    where, GS_CUT(shown, 300));
	}
}

static void
lock(struct harden *h, enum gs_snom_rule rule, const struct gs_snom_setting *s)
{
	if (!gs_snom_perm_is_writable(s))
		return;
	const struct gs_snom_node *n = gs_snom_doc_node(h->d, s);
	const struct gs_snom_attr *a =
	    gs_snom_scan_attr(&h->d->scan, n, "perm");

	size_t from = h->e.text.n;
	gs_buf_putc(&h->e.text, 'R');
	gs_snom_edit(&h->e, (size_t)(a->value.p - h->d->scan.text.p),
	    a->value.n, from);
	gs_snom_edit_say(&h->e, rule, n->tag, "changed perm of %.*s to R",
	    GS_CUT(n->name, 64));
}

static bool
proxy_is_good(const struct gs_snom_proxy *p)
{
	return p->host.n > 0 && !p->port_bad &&
	    gs_span_eq(p->transport, GS_LIT("tls")) && !p->odd_case &&
	    !p->blank && p->port != 5060 && p->prefix.n != 5 &&
	    !gs_snom_url_is_srv(p->host) &&
	    gs_snom_url_host_kind(p->host) != GS_HOST_BAD;
}

/* Appends the accepted form. Returns false if it has no host. */
static bool
put_proxy(const struct harden *h, const struct gs_snom_proxy *p,
    struct gs_span host, struct gs_buf *b)
{
	bool tls = gs_snom_proxy_is_tls(p);
	bool srv = gs_snom_url_is_srv(host);

	host = gs_snom_url_domain_of(host);
	if (gs_snom_url_host_kind(host) == GS_HOST_BAD)
		return false;
	gs_snom_url_host_put(b, host);
	/* With a port, the phone would not look up the record. */
	if (tls && !srv && !p->port_bad && p->port != 0 && p->port != 5060)
		gs_buf_printf(b, ":%u", p->port);
	else if (!srv)
		gs_buf_printf(b, ":%s",
		    gs_snom_params_get(h->p, GS_P_SIP_PORT));
	gs_buf_puts(b, ";transport=tls");
	return true;
}

/* The later proxies of a list, each switched to TLS, with the commas
 * unchanged. */
static void
put_backups(const struct harden *h, struct gs_span list, struct gs_buf *b)
{
	while (gs_span_chr(list, ',') != NULL) {
		(void)gs_span_until(&list, ',');
		struct gs_span rest = list, one = gs_span_until(&rest, ',');
		struct gs_snom_proxy p;
		gs_snom_proxy_parse(&p, one);
		gs_buf_putc(b, ',');
		if (p.host.n == 0 || proxy_is_good(&p) ||
		    !put_proxy(h, &p, p.host, b))
			gs_buf_put(b, one.p, one.n);
	}
}

static void
harden_proxy(struct harden *h, const struct gs_snom_identity *id,
    const struct gs_snom_setting *like)
{
	const char *sip_host = gs_snom_params_get(h->p, GS_P_SIP_HOST);
	bool good = id->outbound_text.n > 0 && proxy_is_good(&id->proxy);
	const struct gs_snom_proxy *from = gs_snom_identity_proxy(id);
	struct gs_span host = good ? id->proxy.host :
	    *sip_host != '\0'      ? gs_span_of(sip_host) :
	    gs_snom_url_host_kind(id->outbound_text) == GS_HOST_IPV6 ?
				id->outbound_text :
	    gs_snom_url_host_kind(id->proxy.host) != GS_HOST_BAD ?
				id->proxy.host :
				id->registrar.host;
	struct gs_buf b;

	if (good && !id->backup_plain) {
		lock(h, GS_S_SIP_UNLOCKED, id->outbound);
		return;
	}
	gs_buf_init(&b, GS_DOC_SIZE);
	if (put_proxy(h, from, host, &b)) {
		put_backups(h, id->outbound_text, &b);
		/* A backup whose host is wrong stays, and is an error. */
		if (!gs_span_eq(gs_buf_span(&b), id->outbound_text))
			set(h, GS_S_SIP_NOT_TLS, "user_outbound", id->idx, like,
			    gs_buf_span(&b));
		lock(h, GS_S_SIP_UNLOCKED, id->outbound);
	}
	h->e.no_memory |= !gs_buf_ok(&b);
	gs_buf_free(&b);
}

static void
harden_media(struct harden *h, const struct gs_snom_identity *id,
    const struct gs_snom_setting *like)
{
	const char *savp = gs_snom_params_get(h->p, GS_P_SAVP);
	bool tag_80 =
	    strcmp(gs_snom_params_get(h->p, GS_P_AUTH_TAG), "80") == 0;

	if (!gs_snom_params_on(h->p, GS_P_SRTP))
		return;
	if (id->srtp_word != GS_WORD_ON)
		set(h, GS_S_MEDIA_NOT_ENCRYPTED, "user_srtp", id->idx, like,
		    GS_LIT("on"));
	if (id->savp_word != GS_WORD_MANDATORY &&
	    id->savp_word != GS_WORD_OPTIONAL)
		set(h, GS_S_MEDIA_SAVP_OFF, "user_savp", id->idx, like,
		    gs_span_of(savp));
	if (tag_80 && id->tag_word != GS_WORD_OFF)
		set(h, GS_S_MEDIA_TAG_32, "user_auth_tag", id->idx, like,
		    GS_LIT("off"));
	else if (!tag_80 && id->tag_word == GS_WORD_BAD)
		set(h, GS_S_MEDIA_TAG_32, "user_auth_tag", id->idx, like,
		    GS_LIT("on"));
	lock(h, GS_S_MEDIA_UNLOCKED, id->srtp);
	lock(h, GS_S_MEDIA_UNLOCKED, id->savp);
}

/* The setting after which new ones of this identity are added. */
static const struct gs_snom_setting *
anchor(const struct gs_snom_doc *d, const struct gs_snom_identity *id)
{
	const struct gs_snom_setting *s =
	    id->savp != NULL ? id->savp : id->srtp;

	s = s != NULL ? s : id->outbound;
	s = s != NULL ? s : id->host;
	s = s != NULL ? s : id->name;
	return s != NULL ? s : gs_snom_doc_get(d, "user_active", id->idx);
}

/* user_host is a bare IPv6 address, as GS5 renders it, has a transport, or is
 * the name of an SRV record: it becomes the host or the domain alone. */
static void
put_registrar(struct harden *h, struct gs_snom_identity *id,
    struct gs_span host)
{
	struct gs_buf b;

	gs_buf_init(&b, GS_DOC_SIZE);
	gs_snom_url_host_put(&b, host);
	set(h, id->registrar.port_bad ? GS_S_SIP_PORT : GS_S_SIP_HOST_TRANSPORT,
	    "user_host", id->idx, NULL, gs_buf_span(&b));
	h->e.no_memory |= !gs_buf_ok(&b);
	gs_buf_free(&b);
	/* put_proxy() still recognises by the name that DNS chooses. */
	if (!gs_snom_url_is_srv(id->registrar.host))
		id->registrar.host = host;
	id->registrar.port_bad = false;
}

static void
harden_identities(struct harden *h)
{
	const char *sip_host = gs_snom_params_get(h->p, GS_P_SIP_HOST);
	struct gs_snom_identity id;

	for (uint32_t i = 1; i <= GS_SNOM_IDENTITIES; i++) {
		if (!gs_snom_identity_read(&id, h->d, i))
			continue;
		const struct gs_snom_setting *like = anchor(h->d, &id);
		if (id.media_only && id.srtp_word == GS_WORD_ON)
			harden_media(h, &id, like);
		if (!id.active)
			continue;
		bool named = gs_snom_value(id.name).n > 0;
		bool no_host = id.registrar.port_bad ||
		    gs_snom_url_host_kind(id.registrar.host) == GS_HOST_BAD;
		if (gs_snom_url_host_kind(id.host_text) == GS_HOST_IPV6)
			put_registrar(h, &id, id.host_text);
		else if ((id.registrar.transport.p != NULL && !no_host) ||
		    gs_snom_url_is_srv(id.registrar.host))
			put_registrar(h, &id,
			    gs_snom_url_domain_of(id.registrar.host));
		else if ((named || id.host_text.n > 0) && no_host &&
		    *sip_host != '\0')
			set(h, GS_S_SIP_REGISTRAR, "user_host", i, like,
			    gs_span_of(sip_host));
		if (named || id.host_text.n > 0 || id.outbound_text.n > 0)
			harden_proxy(h, &id, id.host != NULL ? id.host : like);
		harden_media(h, &id, like);
	}
}

/* ---- trust */

/* A setting of the phone, or NULL. */
static const struct gs_snom_setting *
get(const struct harden *h, const char *name)
{
	return gs_snom_doc_get(h->d, name, GS_NO_IDX);
}

/* Each is compared with all others; the rest remains an error. */
enum { MOST_CERTIFICATES = 64 };

static const struct gs_snom_node *
first_list(const struct gs_snom_doc *d)
{
	for (size_t i = 0; i < d->scan.nodes; i++)
		if (gs_snom_doc_is_list(d, &d->scan.node[i]))
			return &d->scan.node[i];
	return NULL;
}

static bool
has_certificate(struct gs_snom_doc *d, struct gs_span url)
{
	for (size_t i = 0; i < d->scan.nodes; i++) {
		const struct gs_snom_node *n = &d->scan.node[i];
		bool is_one = gs_snom_node_is(n, "certificate") &&
		    gs_snom_doc_is_listed(d, n);
		const struct gs_snom_attr *a =
		    is_one ? gs_snom_scan_attr(&d->scan, n, "url") : NULL;
		if (a != NULL &&
		    gs_span_eq(gs_snom_doc_decode(d, a->value), url))
			return true;
	}
	return false;
}

static void
put_certificate(struct gs_buf *b, struct gs_span url)
{
	gs_buf_puts(b, "<certificate url=\"");
	gs_snom_text_put(b, url);
	gs_buf_puts(b, "\"/>");
}

/* <certificate_url>https://...</certificate_url>, or its attribute url. */
static struct gs_span
certificate_url(struct gs_snom_doc *d, const struct gs_snom_node *n)
{
	const struct gs_snom_attr *a = gs_snom_scan_attr(&d->scan, n, "url");

	return gs_span_strip(a != NULL ? gs_snom_doc_decode(d, a->value) :
					 gs_snom_doc_text(d, n));
}

/* <certificate_url>: inside <certificates>, it becomes the form that works;
 * elsewhere, it is removed and its URL is added to the list. */
static void
mend_certificate_urls(struct harden *h, struct gs_buf *added)
{
	for (size_t i = 0, seen = 0; i < h->d->scan.nodes; i++) {
		const struct gs_snom_node *n = &h->d->scan.node[i];
		if (!gs_snom_node_is(n, "certificate_url") ||
		    seen++ >= MOST_CERTIFICATES)
			continue;
		struct gs_span url = certificate_url(h->d, n);
		size_t from = h->e.text.n;
		if (url.n == 0)
			continue;
		if (gs_snom_doc_is_listed(h->d, n))
			put_certificate(&h->e.text, url);
		else if (!has_certificate(h->d, url))
			put_certificate(added, url);
		gs_snom_edit(&h->e, n->tag, n->end - n->tag, from);
		gs_snom_edit_say(&h->e, GS_S_TRUST_ELEMENT, n->tag,
		    "changed <certificate_url> to <certificate url>");
	}
}

static void
add_certificates(struct harden *h, struct gs_buf *added)
{
	for (size_t i = 0; i < h->p->certificates; i++) {
		struct gs_buf url;
		gs_buf_init(&url, 2 * GS_PARAM_VALUE);
		gs_snom_params_put_url(h->p, &url, h->p->certificate[i]);
		if (!has_certificate(h->d, gs_buf_span(&url))) {
			put_certificate(added, gs_buf_span(&url));
			gs_snom_edit_say(&h->e, GS_S_TRUST_NO_ROLLOUT,
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
	const struct gs_snom_node *list = first_list(h->d);
	const struct gs_snom_node *root = h->d->scan.node;
	bool whole = list == NULL || list->empty;
	struct gs_buf added;

	/* They are added to <certificates> of <settings>, or not at all. */
	if (root == NULL ||
	    (list == NULL &&
		(!gs_snom_node_is(root, "settings") || root->empty))) {
		if (root != NULL && h->p->certificates > 0)
			gs_snom_edit_say(&h->e, GS_S_TRUST_NO_ROLLOUT,
			    root->tag,
			    "added no certificates: only <settings> can "
			    "contain them");
		return;
	}
	gs_buf_init(&added, GS_DOC_SIZE);
	mend_certificate_urls(h, &added);
	add_certificates(h, &added);
	size_t from = h->e.text.n;
	gs_buf_puts(&h->e.text, whole ? "<certificates>" : "");
	gs_buf_put(&h->e.text, added.p, added.n);
	gs_buf_puts(&h->e.text, whole ? "</certificates>" : "");
	if (added.n > 0 && list != NULL && whole)
		gs_snom_edit(&h->e, list->tag, list->end - list->tag, from);
	else if (added.n > 0)
		gs_snom_edit_append(&h->e, list != NULL ? list : root, from);
	h->e.no_memory |= !gs_buf_ok(&added);
	gs_buf_free(&added);
}

/* The setting after which new ones of the phone are added. */
static const struct gs_snom_setting *
like_phone(const struct gs_snom_doc *d)
{
	const struct gs_snom_setting *like =
	    gs_snom_doc_get(d, "setting_server", GS_NO_IDX);

	for (size_t i = 0; like == NULL && i < d->settings; i++)
		if (d->setting[i].idx == GS_NO_IDX)
			like = &d->setting[i];
	return like != NULL || d->settings == 0 ? like :
						  &d->setting[d->settings - 1];
}

static void
harden_trust(struct harden *h)
{
	const struct gs_snom_setting *auth =
	    get(h, "tls_server_authentication");
	const struct gs_snom_setting *ntp = get(h, "ntp_server");
	const struct gs_snom_setting *home = get(h, "setting_server");
	const char *server = gs_snom_params_get(h->p, GS_P_NTP_SERVER);
	const struct gs_snom_setting *like = like_phone(h->d);
	bool on = gs_snom_params_on(h->p, GS_P_SERVER_AUTHENTICATION);
	enum gs_snom_word word = gs_snom_word_of(auth, false);

	if ((on && word != GS_WORD_ON) || word == GS_WORD_BAD)
		set(h, GS_S_TRUST_UNVERIFIED, "tls_server_authentication",
		    GS_NO_IDX, like, on ? GS_LIT("on") : GS_LIT("off"));
	if (on || word == GS_WORD_ON)
		lock(h, GS_S_TRUST_UNLOCKED, auth);
	const char *name = "check_fqdn_against_server_cert";
	const struct gs_snom_setting *fqdn = get(h, name);
	if (on && gs_snom_word_of(fqdn, false) != GS_WORD_ON)
		set(h, GS_S_TRUST_NAME, name, GS_NO_IDX, like, GS_LIT("on"));
	if (gs_snom_perm_is_kept(fqdn))
		lock(h, GS_S_TRUST_NAME, fqdn);
	if (gs_snom_perm_is_kept(home))
		lock(h, GS_S_PROV_NO_SERVER, home);
	if (*server != '\0' && (gs_snom_value(ntp).n == 0))
		set(h, GS_S_TRUST_CLOCK, "ntp_server", GS_NO_IDX, like,
		    gs_span_of(server));
}

/* ---- parameters that were set */

enum { MOST_NAMES = 10 }; /* shown in a message */

/* Sets a value, unless it is already set. */
static void
follow(struct harden *h, const struct gs_snom_def *d, const char *name,
    struct gs_span value)
{
	const struct gs_snom_setting *s = get(h, name);
	enum gs_snom_rule rule =
	    d != NULL && d->risk != NULL ? d->rule : GS_S_FILE_PARAMETER;

	if (s == NULL || !gs_span_eq(gs_snom_value(s), value))
		set(h, rule, name, GS_NO_IDX, like_phone(h->d), value);
	if (s != NULL && d != NULL && d->marks & GS_MARK_LOCKED)
		lock(h, rule, s);
}

/* Parameters that become a setting of the phone. */
static void
follow_params(struct harden *h)
{
	struct gs_buf url;

	gs_buf_init(&url, 2 * GS_PARAM_VALUE);
	for (size_t i = 0; i < gs_snom_def_count; i++) {
		const struct gs_snom_def *d = &gs_snom_defs[i];
		const char *v =
		    gs_snom_params_get(h->p, (enum gs_snom_param)d->param);
		if (d->param == 0 || !h->p->given[d->param] ||
		    d->scope != GS_SCOPE_PHONE ||
		    d->marks & (GS_MARK_HARDENED | GS_MARK_IF_ON))
			continue;
		gs_buf_clear(&url);
		if (d->param == GS_P_FIRMWARE_URL)
			gs_snom_params_put_url(h->p, &url, v);
		else
			gs_buf_puts(&url, v);
		follow(h, d, d->name, gs_buf_span(&url));
	}
	gs_buf_free(&url);
}

/* The names of parameters without effect. */
struct idle {
	struct gs_buf names;
	unsigned n;
};

static void
add_idle(struct idle *i, const char *prefix, const char *name)
{
	if (i->n++ >= MOST_NAMES)
		return;
	gs_buf_printf(&i->names, "%s%s%s", i->n > 1 ? ", " : "", prefix, name);
}

/* phone.NAME, unless its value depends on rows. */
static void
follow_extras(struct harden *h, struct idle *idle)
{
	for (size_t i = 0; i < h->p->extras; i++) {
		const struct gs_snom_param_extra *e = &h->p->extra[i];
		struct gs_span name = gs_span_of(e->name);
		if (!e->identity && strchr(e->value, '{') == NULL)
			follow(h, gs_snom_def_find(name), e->name,
			    gs_span_of(e->value));
		else
			add_idle(idle, e->identity ? "user." : "phone.",
			    e->name);
	}
}

/* Whether the phone will verify the server. */
static bool
is_verified(const struct harden *h)
{
	return gs_snom_params_on(h->p, GS_P_SERVER_AUTHENTICATION) ||
	    gs_snom_is_on(get(h, "tls_server_authentication"));
}

/* Whether a parameter that was set changes nothing here. */
static bool
is_idle(const struct harden *h, enum gs_snom_param id)
{
	switch (id) {
	case GS_P_SETTING_PATH:
	case GS_P_PROVISIONING_KEY:
	case GS_P_PERM:
	case GS_P_PERM_USER:
	case GS_P_MENUS:
	case GS_P_PAD_KEYS:
	case GS_P_SECTION_E: return h->p->given[id];
	case GS_P_MODEL: return h->p->models > 0;
	case GS_P_UPSTREAM:
	case GS_P_UPSTREAM_TIMEOUT: return h->p->given[id] && !h->how->served;
	/* Without a certificate, verifying would lock the phone out. */
	case GS_P_BUILTIN_ROOT: return h->p->given[id] && !is_verified(h);
	default: return false;
	}
}

static void
harden_params(struct harden *h)
{
	struct idle idle = { .n = 0 };

	if (h->d->settings == 0)
		return;
	gs_buf_init(&idle.names, (MOST_NAMES + 1) * GS_PARAM_VALUE);
	follow_params(h);
	follow_extras(h, &idle);
	/* With a password, nothing need be hidden from users. */
	if (h->p->given[GS_P_ADMIN_PASSWORD] &&
	    get(h, "ignore_security_warning") != NULL)
		follow(h, gs_snom_def_find(GS_LIT("ignore_security_warning")),
		    "ignore_security_warning", GS_LIT("off"));
	for (int i = 0; i < GS_P_COUNT; i++)
		if (is_idle(h, (enum gs_snom_param)i))
			add_idle(&idle, "", gs_snom_param_defs[i].name);
	if (idle.n > MOST_NAMES)
		gs_buf_printf(&idle.names, " and %u more", idle.n - MOST_NAMES);
	if (idle.n > 0)
		gs_snom_edit_say(&h->e, GS_S_FILE_PARAMETER,
		    h->d->scan.node[0].tag,
		    "no effect on settings that another program rendered: %.*s",
		    (int)idle.names.n, (const char *)idle.names.p);
	h->e.no_memory |= !gs_buf_ok(&idle.names);
	gs_buf_free(&idle.names);
}

/* Whether the file called name, from which d was read, can be hardened: a
 * phone may ask for any page. */
static int
can_harden(const char *name, const struct gs_snom_doc *d, bool served,
    struct gs_err *err)
{
	bool page =
	    d->dialect == GS_DIALECT_MENU || (served && gs_snom_doc_is_page(d));

	if (!page && gs_snom_doc_judged(name, d, err) == -1)
		return -1;
	if (!page && d->dialect != GS_DIALECT_SETTINGS &&
	    d->dialect != GS_DIALECT_DECT && d->dialect != GS_DIALECT_VISION &&
	    d->dialect != GS_DIALECT_SETTING_FILES)
		return gs_err_set(err, "%s: %s: nothing to harden", name,
		    gs_snom_dialect_name(d->dialect));
	if (d->encoding_bad)
		return gs_err_set(err,
		    "%s: the declared encoding is not one that contains ASCII",
		    name);
	if (d->xml.what == GS_XML_DOCTYPE)
		return gs_err_set(err, "%s: a document type declaration", name);
	if (d->scan.limit)
		return gs_err_set(err,
		    "%s: too many or too deep elements, or too many attributes",
		    name);
	if (d->xml.what != GS_XML_OK)
		return gs_err_set(err,
		    "%s:%" PRIu64 ":%" PRIu32 ": not well-formed: %s", name,
		    d->xml.pos.line, d->xml.pos.col, d->xml.why);
	return 0;
}

static int
harden_doc(struct gs_snom_doc *d, const struct gs_snom_harden *how,
    struct gs_buf *out, struct gs_diags *changes, struct gs_err *err)
{
	const struct gs_snom_params *p = how->params;
	const char *base = gs_snom_params_get(p, GS_P_BASE_URL);
	const struct gs_snom_setting *server =
	    gs_snom_doc_get(d, "setting_server", GS_NO_IDX);
	struct harden h = { .d = d, .p = p, .how = how };

	gs_snom_edits_init(&h.e, d, changes);
	h.has_base = gs_snom_url_parse(&h.base, gs_span_of(base), NULL) == 0;
	h.has_server = server != NULL &&
	    gs_snom_url_parse(&h.server, gs_snom_value(server), NULL) == 0;
	harden_urls(&h);
	if (d->dialect == GS_DIALECT_SETTINGS) {
		harden_identities(&h);
		harden_trust(&h);
		harden_params(&h);
		harden_certificates(&h);
	}
	int bad = gs_snom_edits_apply(&h.e, out, err);
	gs_snom_edits_free(&h.e);
	gs_diags_sort(changes);
	return bad;
}

int
gs_snom_harden_bytes(const char *name, struct gs_span in,
    const struct gs_snom_harden *how, struct gs_buf *out,
    struct gs_diags *changes, struct gs_err *err)
{
	struct gs_snom_doc doc = { .mask = 0 };
	struct gs_buf mended;

	gs_buf_init(&mended, 2 * GS_DOC_SIZE);
	if (gs_snom_comment_mend(in, &mended)) {
		in = gs_buf_span(&mended);
		(void)gs_diag_as(changes, &gs_snom_rules.rule[GS_S_FILE_XML],
		    GS_NOTE, (struct gs_pos){ 0, 0 },
		    "separated \"--\" in comments");
	}
	int bad = !gs_buf_ok(&mended) ?
	    gs_err_set(err, "%s: out of memory, or too long", name) :
	    gs_snom_doc_read(&doc, in, err);
	if (bad == 0) {
		bad = can_harden(name, &doc, how->served, err);
		if (bad == 0)
			bad = harden_doc(&doc, how, out, changes, err);
		gs_snom_doc_free(&doc);
	}
	gs_buf_free(&mended);
	return bad;
}

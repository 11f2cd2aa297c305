/* SPDX-License-Identifier: MIT */
/* Puts a settings file on TLS and SRTP and leaves every other byte. */
#include "snom/harden.h"

#include <stdio.h>
#include <stdlib.h>

#include "snom/chain.h"
#include "snom/doc.h"
#include "snom/harden_priv.h"
#include "snom/params.h"
#include "snom/text.h"

/* ---- identities */

/* Sets a setting that is there, or adds it behind the element like. */
static void
set(struct harden *h, enum gs_snom_rule rule, const char *name, uint32_t idx,
    const struct gs_snom_setting *like, struct gs_span value)
{
	const struct gs_snom_setting *s = gs_snom_doc_get(h->d, name, idx);
	char where[16] = "";

	if (idx != GS_NO_IDX)
		(void)snprintf(where, sizeof(where), " %u", idx);
	if (s != NULL) {
		const struct gs_snom_node *n = gs_snom_doc_node(h->d, s);
		gs_snom_edit_value(&h->e, n, value);
		gs_snom_edit_say(&h->e, rule, n->tag, "changed %s%s to %.*s",
		    name, where, (int)value.n, value.p);
	} else if (like != NULL) {
		const struct gs_snom_node *n = gs_snom_doc_node(h->d, like);
		gs_snom_edit_add(&h->e, n, name, idx, value);
		gs_snom_edit_say(&h->e, rule, n->tag, "added %s%s: %.*s", name,
		    where, (int)value.n, value.p);
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

	gs_snom_edit(&h->e, (size_t)(a->value.p - h->d->scan.text.p),
	    a->value.n, GS_LIT("R"));
	gs_snom_edit_say(&h->e, rule, n->tag, "changed perm of %.*s to R",
	    (int)n->name.n, n->name.p);
}

static bool
proxy_is_good(const struct gs_snom_proxy *p)
{
	return p->host.n > 0 && !p->port_bad &&
	    gs_span_eq(p->transport, GS_LIT("tls")) && !p->odd_case &&
	    !p->blank && p->port != 5060 && p->prefix.n != 5 &&
	    gs_snom_url_host_kind(p->host) != GS_HOST_BAD;
}

/* Appends the form that passes. Returns false when it has no host. */
static bool
put_proxy(const struct harden *h, const struct gs_snom_proxy *p,
    struct gs_span host, struct gs_buf *b)
{
	bool tls = gs_span_eqcase(p->transport, GS_LIT("tls")) ||
	    (p->transport.p == NULL &&
		gs_span_eqcase(p->prefix, GS_LIT("sips:")));

	if (gs_snom_url_host_kind(host) == GS_HOST_BAD)
		return false;
	gs_snom_url_host_put(b, host);
	if (tls && !p->port_bad && p->port != 0 && p->port != 5060)
		gs_buf_printf(b, ":%u", p->port);
	else
		gs_buf_printf(b, ":%s",
		    gs_snom_params_get(h->p, GS_P_SIP_PORT));
	gs_buf_puts(b, ";transport=tls");
	return true;
}

/* The later proxies of a list, each put on TLS, commas as they are. */
static void
put_backups(const struct harden *h, struct gs_span list, struct gs_buf *b)
{
	const char *comma = list.n == 0 ? NULL : memchr(list.p, ',', list.n);

	while (comma != NULL) {
		list =
		    gs_span(comma + 1, list.n - (size_t)(comma + 1 - list.p));
		comma = list.n == 0 ? NULL : memchr(list.p, ',', list.n);
		struct gs_span one = gs_span(list.p,
		    comma == NULL ? list.n : (size_t)(comma - list.p));
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
	const struct gs_snom_proxy *from =
	    id->outbound_text.n > 0 ? &id->proxy : &id->registrar;
	struct gs_span host = good ? id->proxy.host :
	    *sip_host != '\0'      ? gs_span(sip_host, strlen(sip_host)) :
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
		bool named =
		    id.name != NULL && gs_snom_doc_trim(id.name->value).n > 0;
		bool no_host = id.registrar.port_bad ||
		    gs_snom_url_host_kind(id.registrar.host) == GS_HOST_BAD;
		if ((named || id.host_text.n > 0) && no_host &&
		    *sip_host != '\0')
			set(h, GS_S_SIP_REGISTRAR, "user_host", i, like,
			    gs_span(sip_host, strlen(sip_host)));
		if (named || id.host_text.n > 0 || id.outbound_text.n > 0)
			harden_proxy(h, &id, id.host != NULL ? id.host : like);
		harden_media(h, &id, like);
	}
}

/* ---- trust */

/* Each is compared with all others; what is left stays an error. */
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

	return gs_snom_doc_trim(a != NULL ? gs_snom_doc_decode(d, a->value) :
					    gs_snom_doc_text(d, n));
}

/* <certificate_url>: inside <certificates> it becomes the form that works;
 * elsewhere it goes, and its URL is added to the list. */
static void
mend_certificate_urls(struct harden *h, struct gs_buf *added)
{
	for (size_t i = 0, seen = 0; i < h->d->scan.nodes; i++) {
		const struct gs_snom_node *n = &h->d->scan.node[i];
		if (!gs_snom_node_is(n, "certificate_url") ||
		    seen++ >= MOST_CERTIFICATES)
			continue;
		struct gs_span url = certificate_url(h->d, n);
		struct gs_buf b;
		if (url.n == 0)
			continue;
		gs_buf_init(&b, 8 * url.n + 64);
		if (gs_snom_doc_is_listed(h->d, n))
			put_certificate(&b, url);
		else if (!has_certificate(h->d, url))
			put_certificate(added, url);
		gs_snom_edit(&h->e, n->tag, n->end - n->tag, gs_buf_span(&b));
		gs_snom_edit_say(&h->e, GS_S_TRUST_ELEMENT, n->tag,
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
	struct gs_buf added, xml;

	/* They go into <certificates> of <settings>, or nowhere. */
	if (root == NULL ||
	    (list == NULL &&
		(!gs_snom_node_is(root, "settings") || root->empty))) {
		if (root != NULL && h->p->certificates > 0)
			gs_snom_edit_say(&h->e, GS_S_TRUST_NO_ROLLOUT,
			    root->tag,
			    "left without certificates, which can only stand "
			    "in <settings>");
		return;
	}
	gs_buf_init(&added, GS_DOC_SIZE);
	gs_buf_init(&xml, GS_DOC_SIZE);
	mend_certificate_urls(h, &added);
	add_certificates(h, &added);
	if (added.n > 0 && list != NULL && !list->empty) {
		gs_snom_edit_append(&h->e, list, gs_buf_span(&added));
	} else if (added.n > 0) {
		gs_buf_puts(&xml, "<certificates>");
		gs_buf_put(&xml, added.p, added.n);
		gs_buf_puts(&xml, "</certificates>");
		if (list != NULL)
			gs_snom_edit(&h->e, list->tag, list->end - list->tag,
			    gs_buf_span(&xml));
		else
			gs_snom_edit_append(&h->e, root, gs_buf_span(&xml));
	}
	h->e.no_memory |= !gs_buf_ok(&added) || !gs_buf_ok(&xml);
	gs_buf_free(&added);
	gs_buf_free(&xml);
}

static void
harden_trust(struct harden *h)
{
	const struct gs_snom_setting *auth =
	    gs_snom_doc_get(h->d, "tls_server_authentication", GS_NO_IDX);
	const struct gs_snom_setting *ntp =
	    gs_snom_doc_get(h->d, "ntp_server", GS_NO_IDX);
	const char *server = gs_snom_params_get(h->p, GS_P_NTP_SERVER);
	const struct gs_snom_setting *like =
	    gs_snom_doc_get(h->d, "setting_server", GS_NO_IDX);
	bool on = gs_snom_params_on(h->p, GS_P_SERVER_AUTHENTICATION);
	enum gs_snom_word word = gs_snom_word_of(auth, false);

	for (size_t i = 0; like == NULL && i < h->d->settings; i++)
		if (h->d->setting[i].idx == GS_NO_IDX)
			like = &h->d->setting[i];
	if (like == NULL && h->d->settings > 0)
		like = &h->d->setting[h->d->settings - 1];
	if ((on && word != GS_WORD_ON) || word == GS_WORD_BAD)
		set(h, GS_S_TRUST_UNVERIFIED, "tls_server_authentication",
		    GS_NO_IDX, like, on ? GS_LIT("on") : GS_LIT("off"));
	if (on || word == GS_WORD_ON)
		lock(h, GS_S_TRUST_UNLOCKED, auth);
	if (*server != '\0' &&
	    (ntp == NULL || gs_snom_doc_trim(ntp->value).n == 0))
		set(h, GS_S_TRUST_CLOCK, "ntp_server", GS_NO_IDX, like,
		    gs_span(server, strlen(server)));
}

int
gs_snom_harden(struct gs_snom_doc *d, const struct gs_snom_params *p,
    struct gs_buf *out, struct gs_diags *changes, struct gs_err *err)
{
	const char *base = gs_snom_params_get(p, GS_P_BASE_URL);
	const struct gs_snom_setting *server =
	    gs_snom_doc_get(d, "setting_server", GS_NO_IDX);
	struct harden h = { .d = d, .p = p };

	gs_snom_edits_init(&h.e, d, changes);
	h.has_base =
	    gs_snom_url_parse(&h.base, gs_span(base, strlen(base)), NULL) == 0;
	h.has_server = server != NULL &&
	    gs_snom_url_parse(&h.server, gs_snom_doc_trim(server->value),
		NULL) == 0;
	gs_snom_harden_urls(&h);
	if (d->dialect == GS_DIALECT_SETTINGS) {
		harden_identities(&h);
		harden_trust(&h);
		harden_certificates(&h);
	}
	int bad = gs_snom_edits_apply(&h.e, out, err);
	gs_snom_edits_free(&h.e);
	gs_diags_sort(changes);
	return bad;
}

/* SPDX-License-Identifier: MIT */
/* The parameters of a site, the same for all its phones. */
#include "snom/params.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/near.h"
#include "snom/rows.h"
#include "snom/settings.h"
#include "snom/text.h"
#include "snom/url.h"

#define ON_OFF "on|off"

const struct gs_snom_param_def gs_snom_param_defs[GS_P_COUNT] = {
#define GS_PARAM(name, ...) [GS_P_##name] = { __VA_ARGS__ },
#include "snom/param_list.h"
#undef GS_PARAM
};

/* The values of a choice: its own, or those of the setting that it becomes. */
static const char *
range_of(const struct gs_snom_param_def *d)
{
	int id = (int)(d - gs_snom_param_defs);

	for (size_t i = 0; d->range == NULL && i < gs_snom_def_count; i++)
		if (gs_snom_defs[i].param == id)
			return gs_snom_defs[i].words;
	return d->range;
}

void
gs_snom_params_init(struct gs_snom_params *p)
{
	*p = (struct gs_snom_params){ .extras = 0 };
}

static void
wipe(char *s)
{
	if (s != NULL)
		explicit_bzero(s, strlen(s));
	free(s);
}

void
gs_snom_params_free(struct gs_snom_params *p)
{
	for (size_t i = 0; i < GS_P_COUNT; i++)
		wipe(p->value[i]);
	for (size_t i = 0; i < p->certificates; i++)
		free(p->certificate[i]);
	for (size_t i = 0; i < p->trusteds; i++)
		free(p->trusted[i]);
	for (size_t i = 0; i < p->extras; i++) {
		free(p->extra[i].name);
		wipe(p->extra[i].value);
	}
	gs_snom_params_init(p);
}

static int
replace(char **slot, struct gs_span s, struct gs_err *err)
{
	char *copy = malloc(s.n + 1);

	if (copy == NULL)
		return gs_err_set(err, "out of memory");
	if (s.n > 0)
		memcpy(copy, s.p, s.n);
	copy[s.n] = '\0';
	wipe(*slot);
	*slot = copy;
	return 0;
}

static int
check_url(struct gs_span s, const char *name, struct gs_err *err)
{
	struct gs_snom_url u;
	struct gs_err why;

	if (gs_snom_url_parse(&u, s, &why) == -1)
		return gs_err_set(err, "%s is not a usable URL: %s", name,
		    why.text);
	if (!gs_snom_url_is_http(&u) && !gs_snom_url_is_https(&u))
		return gs_err_set(err, "%s must be http or https", name);
	if (gs_snom_url_contradicts(&u))
		return gs_err_set(err,
		    "%s: %.*s and port %u contradict each other; no phone "
		    "could fetch that",
		    name, (int)u.scheme.n, u.scheme.p, u.port);
	if (u.userinfo.p != NULL)
		return gs_err_set(err,
		    "%s contains a user name or password; use http_client_user "
		    "and http_client_pass (phone.NAME)",
		    name);
	return 0;
}

static int
check_kind(const struct gs_snom_param_def *d, struct gs_span s,
    struct gs_err *err)
{
	uint64_t v;

	switch (d->kind) {
	case GS_KIND_CHOICE:
		if (!gs_snom_is_word(range_of(d), s))
			return gs_err_set(err, "%s is '%.*s'; expected: %s",
			    d->name, (int)s.n, s.p, range_of(d));
		return 0;
	case GS_KIND_NUMBER:
		if (gs_span_u64(s, &v) == -1 || v < 1 || v > 65535)
			return gs_err_set(err, "%s is '%.*s'; expected: %s",
			    d->name, (int)s.n, s.p, d->range);
		return 0;
	case GS_KIND_HOST:
		if (gs_snom_url_host_kind(s) == GS_HOST_BAD)
			return gs_err_set(err,
			    "%s is '%.*s'; expected: a host name or address "
			    "without port",
			    d->name, (int)s.n, s.p);
		if (gs_snom_url_is_srv(s))
			return gs_err_set(err,
			    "%s is '%.*s', the name of an SRV record; write "
			    "the domain",
			    d->name, (int)s.n, s.p);
		return 0;
	case GS_KIND_URL:
		if (gs_span_chr(s, '?') != NULL || gs_span_chr(s, '#') != NULL)
			return gs_err_set(err, "%s must end with its path",
			    d->name);
		return check_url(s, d->name, err);
	default: return 0;
	}
}

static int
add(char **list, size_t *n, size_t most, const char *name, struct gs_span s,
    struct gs_err *err)
{
	return *n == most ? gs_err_set(err, "more than %zu %s", most, name) :
			    replace(&list[(*n)++], s, err);
}

static int
add_certificate(struct gs_snom_params *p, struct gs_span s, struct gs_err *err)
{
	if (gs_span_has(s, GS_LIT("://")) &&
	    check_url(s, "certificate_url", err) == -1)
		return -1;
	return add(p->certificate, &p->certificates, GS_PARAM_CERTIFICATES,
	    "certificate_url", s, err);
}

static int
add_model(struct gs_snom_params *p, struct gs_span s, struct gs_err *err)
{
	char text[128];

	if (p->models == GS_PARAM_MODELS)
		return gs_err_set(err, "more than %d model", GS_PARAM_MODELS);
	if (s.n >= sizeof(text))
		return gs_err_set(err, "model is too long");
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return gs_snom_model_parse(&p->model[p->models], text, err) == -1 ?
	    -1 :
	    (p->models++, 0);
}

static bool
is_setting_name(struct gs_span s)
{
	return s.n > 0 && s.n <= GS_TABLE_NAME && gs_is_alpha(s.p[0]) &&
	    gs_span_while(s, gs_is_word) == s.n;
}

static int
set_extra(struct gs_snom_params *p, bool identity, struct gs_span name,
    struct gs_span value, struct gs_err *err)
{
	struct gs_snom_param_extra *e = p->extra;

	if (!is_setting_name(name))
		return gs_err_set(err, "'%.*s' is not the name of a setting",
		    (int)name.n, name.p);
	for (; e < p->extra + p->extras; e++)
		if (e->identity == identity &&
		    gs_span_eq(gs_span_of(e->name), name))
			return replace(&e->value, value, err);
	if (p->extras == GS_PARAM_EXTRAS)
		return gs_err_set(err, "more than %d settings",
		    GS_PARAM_EXTRAS);
	*e = (struct gs_snom_param_extra){ .identity = identity };
	p->extras++;
	return replace(&e->name, name, err) == -1 ||
		replace(&e->value, value, err) == -1 ?
	    -1 :
	    0;
}

/* By the table of settings; other names by how they sound. */
static bool
is_secret(struct gs_span name)
{
	size_t dot = gs_span_find(name, GS_LIT("."));
	size_t skip = dot < name.n ? dot + 1 : 0;

	return gs_snom_def_is(gs_span_skip(name, skip), GS_MARK_SECRET) ||
	    gs_span_has(name, GS_LIT("pass")) ||
	    gs_span_has(name, GS_LIT("cert")) ||
	    gs_span_has(name, GS_LIT("secret"));
}

int
gs_snom_param_find(struct gs_span name)
{
	for (int i = 0; i < GS_P_COUNT; i++)
		if (gs_span_eq(name, gs_span_of(gs_snom_param_defs[i].name)))
			return i;
	return -1;
}

/* A URL is ASCII (RFC 3986 section 2); hardening puts it into files of other
 * encodings than UTF-8, too. */
static bool
is_url(int id)
{
	return id == GS_P_BASE_URL || id == GS_P_CERTIFICATE_URL ||
	    id == GS_P_FIRMWARE_URL || id == GS_P_SETTING_PATH;
}

static int
set_known(struct gs_snom_params *p, int id, struct gs_span value,
    struct gs_err *err)
{
	if (is_url(id) && !gs_span_is_ascii(value))
		return gs_err_set(err,
		    "%s: letters beyond ASCII must be percent-encoded, those "
		    "of the host written as in DNS (xn--...)",
		    gs_snom_param_defs[id].name);
	if (id == GS_P_CERTIFICATE_URL)
		return add_certificate(p, value, err);
	if (id == GS_P_MODEL)
		return add_model(p, value, err);
	if (id == GS_P_TRUSTED_HOST)
		return check_kind(&gs_snom_param_defs[id], value, err) == -1 ?
		    -1 :
		    add(p->trusted, &p->trusteds, GS_PARAM_HOSTS,
			"trusted_host", value, err);
	p->given[id] = value.n > 0;
	if (value.n == 0) {
		wipe(p->value[id]);
		p->value[id] = NULL;
		return 0;
	}
	if (check_kind(&gs_snom_param_defs[id], value, err) == -1)
		return -1;
	return replace(&p->value[id], value, err);
}

int
gs_snom_params_unknown(struct gs_span name, struct gs_err *err)
{
	const char *names[GS_P_COUNT];
	char word[64];

	for (size_t i = 0; i < GS_P_COUNT; i++)
		names[i] = gs_snom_param_defs[i].name;
	(void)snprintf(word, sizeof(word), "%.*s", GS_CUT(name, 63));
	for (char *c = word; *c != '\0'; c++)
		*c = gs_lower(*c);
	const char *near = gs_nearest(word, names, GS_P_COUNT);
	return gs_err_set(err, "unknown parameter '%.*s'%s%s%s",
	    GS_CUT(name, 64), near != NULL ? "; did you mean '" : "",
	    near != NULL ? near : "", near != NULL ? "'?" : "");
}

bool
gs_snom_params_misspelt(struct gs_span name, struct gs_err *why)
{
	size_t dot = gs_span_find(name, GS_LIT("."));
	size_t skip = dot < name.n ? dot + 1 : 0;
	bool row = skip == 0 && gs_span_starts(name, GS_LIT("user_"));
	const char *near =
	    skip > 0 || row ? gs_snom_def_near(gs_span_skip(name, skip)) : NULL;

	if (near == NULL)
		return false;
	(void)gs_err_set(why, "'%.*s': unknown setting; did you mean '%.*s%s'?",
	    GS_CUT(name, 64), (int)skip, name.p, near);
	return true;
}

int
gs_snom_params_set(struct gs_snom_params *p, struct gs_span name,
    struct gs_span value, bool from_argv, struct gs_err *err)
{
	struct gs_span phone = GS_LIT("phone."), user = GS_LIT("user.");
	bool prefixed =
	    gs_span_starts(name, phone) || gs_span_starts(name, user);
	int id = gs_snom_param_find(name);
	size_t at;

	if (id == -1 && !prefixed)
		return gs_snom_params_unknown(name, err);
	if (from_argv && id != GS_P_CERTIFICATE_URL && is_secret(name))
		return gs_err_set(err,
		    "'%.*s' may be a secret, and others can see the command "
		    "line: write it into a file, and use -p FILE",
		    (int)name.n, name.p);
	if (value.n > GS_PARAM_VALUE)
		return gs_err_set(err, "'%.*s' is longer than %d bytes",
		    (int)name.n, name.p, GS_PARAM_VALUE);
	if (!gs_snom_text_valid(value, &at))
		return gs_err_set(err,
		    "'%.*s': byte %zu is invalid UTF-8 or a control byte",
		    (int)name.n, name.p, at + 1);
	if (id != -1)
		return set_known(p, id, value, err);
	bool identity = gs_span_starts(name, user);
	size_t skip = identity ? user.n : phone.n;
	return set_extra(p, identity, gs_span_skip(name, skip), value, err);
}

const char *
gs_snom_params_get(const struct gs_snom_params *p, enum gs_snom_param id)
{
	return p->value[id] != NULL ? p->value[id] : "";
}

bool
gs_snom_params_on(const struct gs_snom_params *p, enum gs_snom_param id)
{
	return strcmp(gs_snom_params_get(p, id), "on") == 0;
}

enum gs_snom_profile
gs_snom_params_profile(const struct gs_snom_params *p)
{
	const char *name = gs_snom_params_get(p, GS_P_PROFILE);

	return strcmp(name, "legacy") == 0 ? GS_LEGACY :
	    strcmp(name, "verify") == 0    ? GS_VERIFY :
					     GS_ENCRYPT;
}

static int
fill(struct gs_snom_params *p, enum gs_snom_param id, const char *value,
    struct gs_err *err)
{
	if (p->value[id] != NULL || value == NULL)
		return 0;
	return replace(&p->value[id], gs_span_of(value), err);
}

static bool
is(const struct gs_snom_params *p, enum gs_snom_param id, const char *value)
{
	return strcmp(gs_snom_params_get(p, id), value) == 0;
}

static int
fill_defaults(struct gs_snom_params *p, struct gs_err *err)
{
	if (fill(p, GS_P_PROFILE, p->certificates > 0 ? "verify" : "encrypt",
		err) == -1)
		return -1;
	bool legacy = gs_snom_params_profile(p) == GS_LEGACY;
	for (int i = 0; legacy && i < GS_P_COUNT; i++)
		if (fill(p, (enum gs_snom_param)i, gs_snom_param_defs[i].legacy,
			err) == -1)
			return -1;
	bool plain =
	    p->value[GS_P_TRANSPORT] != NULL && !is(p, GS_P_TRANSPORT, "tls");
	if (plain && fill(p, GS_P_SIP_PORT, "5060", err) == -1)
		return -1;
	for (int i = 0; i < GS_P_COUNT; i++)
		if (fill(p, (enum gs_snom_param)i, gs_snom_param_defs[i].usual,
			err) == -1)
			return -1;
	return 0;
}

/* A row for user.user_outbound must not undo the transport. */
static int
check_outbound(const struct gs_snom_params *p, struct gs_err *err)
{
	struct gs_snom_proxy proxy;

	for (size_t i = 0; i < p->extras; i++) {
		const struct gs_snom_param_extra *e = &p->extra[i];
		if (!e->identity || strcmp(e->name, "user_outbound") != 0)
			continue;
		gs_snom_proxy_parse(&proxy, gs_span_of(e->value));
		if (!gs_span_eq(proxy.transport, GS_LIT("tls")))
			return gs_err_set(err,
			    "user_outbound is '%s', which has no "
			    ";transport=tls: srtp would send its key in the "
			    "clear",
			    e->value);
	}
	return 0;
}

static int
check_port(const struct gs_snom_params *p, struct gs_err *err)
{
	bool tls = is(p, GS_P_TRANSPORT, "tls");

	if (tls && is(p, GS_P_SIP_PORT, "5060"))
		return gs_err_set(err,
		    "sip_port is 5060, the port of UDP and TCP, and "
		    "transport is tls");
	if (!tls && is(p, GS_P_SIP_PORT, "5061"))
		return gs_err_set(err,
		    "sip_port is 5061, the port of TLS, and transport is %s",
		    gs_snom_params_get(p, GS_P_TRANSPORT));
	return 0;
}

static bool
is_of_one_phone(const char *path)
{
	static const char *const holes[] = { "{mac}", "{mac_address}",
		"{provisioning_key}", "{phone_id}" };

	for (size_t i = 0; i < sizeof(holes) / sizeof(holes[0]); i++)
		if (strstr(path, holes[i]) != NULL)
			return true;
	return false;
}

int
gs_snom_params_finish(struct gs_snom_params *p, bool need_base,
    struct gs_err *err)
{
	if (fill_defaults(p, err) == -1)
		return -1;
	p->finished = true;
	if (need_base && *gs_snom_params_get(p, GS_P_BASE_URL) == '\0')
		return gs_err_set(err,
		    "base_url is not set: every URL is made from it (-s "
		    "base_url=https://HOST, or in a file for -p)");
	for (size_t i = 0; i < p->certificates; i++)
		if (strstr(p->certificate[i], "://") == NULL &&
		    *gs_snom_params_get(p, GS_P_BASE_URL) == '\0')
			return gs_err_set(err,
			    "certificate_url is '%s', a path below base_url, "
			    "which is not set",
			    p->certificate[i]);
	if (gs_snom_params_profile(p) == GS_VERIFY && p->certificates == 0 &&
	    !gs_snom_params_on(p, GS_P_SERVER_AUTHENTICATION))
		return gs_err_set(err,
		    "profile verify rolls a CA certificate out: set "
		    "certificate_url");
	const char *path = gs_snom_params_get(p, GS_P_SETTING_PATH);
	if (*path != '\0' && !is_of_one_phone(path))
		return gs_err_set(err,
		    "setting_path is '%s', the same for several phones: put "
		    "{mac}, {provisioning_key} or {phone_id} into it",
		    path);
	if (check_port(p, err) == -1)
		return -1;
	if (!gs_snom_params_on(p, GS_P_SRTP))
		return 0;
	if (!is(p, GS_P_TRANSPORT, "tls"))
		return gs_err_set(err,
		    "srtp is on and transport is %s: the key would be sent in "
		    "the clear; use transport tls, or srtp off",
		    gs_snom_params_get(p, GS_P_TRANSPORT));
	if (is(p, GS_P_SAVP, "off"))
		return gs_err_set(err,
		    "srtp is on and savp is off: the phone would offer "
		    "a=crypto in RTP/AVP, which FreeSWITCH refuses; use savp "
		    "mandatory or optional");
	return check_outbound(p, err);
}

void
gs_snom_params_put_url(const struct gs_snom_params *p, struct gs_buf *b,
    const char *path)
{
	const char *base = gs_snom_params_get(p, GS_P_BASE_URL);
	size_t n = strlen(base);

	if (strstr(path, "://") != NULL) {
		gs_buf_puts(b, path);
		return;
	}
	while (n > 0 && base[n - 1] == '/')
		n--;
	gs_buf_put(b, base, n);
	gs_buf_putc(b, '/');
	gs_buf_puts(b, path + strspn(path, "/"));
}

static bool
is_host_of(const char *url, struct gs_span host)
{
	struct gs_snom_url u;

	return gs_snom_url_parse(&u, gs_span_of(url), NULL) == 0 &&
	    gs_snom_url_same_host(u.host, host);
}

bool
gs_snom_params_trusts(const struct gs_snom_params *p, struct gs_span host)
{
	static const enum gs_snom_param urls[] = { GS_P_BASE_URL,
		GS_P_FIRMWARE_URL },
					hosts[] = { GS_P_SIP_HOST,
						GS_P_NTP_SERVER };
	bool found = false;

	for (size_t i = 0; i < 2; i++) {
		const char *name = gs_snom_params_get(p, hosts[i]);
		found |= is_host_of(gs_snom_params_get(p, urls[i]), host) ||
		    gs_snom_url_same_host(host, gs_span_of(name));
	}
	for (size_t i = 0; i < p->certificates; i++)
		found |= is_host_of(p->certificate[i], host);
	for (size_t i = 0; i < p->trusteds; i++)
		found |= gs_snom_url_same_host(host, gs_span_of(p->trusted[i]));
	return found;
}

static const struct gs_snom_model *
find_model(const struct gs_snom_model *list, size_t n, struct gs_span name,
    uint64_t mac)
{
	for (size_t i = n; i-- > 0;)
		if (name.n > 0 ? gs_snom_model_is(&list[i], name) :
				 gs_snom_model_has_mac(&list[i], mac))
			return &list[i];
	return NULL;
}

const struct gs_snom_model *
gs_snom_params_model(const struct gs_snom_params *p, struct gs_span name,
    uint64_t mac)
{
	const struct gs_snom_model *m =
	    find_model(p->model, p->models, name, mac);

	return m != NULL ?
	    m :
	    find_model(gs_snom_models, gs_snom_models_count, name, mac);
}

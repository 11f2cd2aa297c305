/* SPDX-License-Identifier: MIT */
/* A phone's request to GS5, as a web server passes it to a CGI program. */
#include "snom/request.h"

#include <ctype.h>

#include "base/bytes.h"
#include "base/diag.h"
#include "snom/settings.h"
#include "snom/url.h"

const char *const gs_snom_passing_names[GS_PASS_COUNT] = {
	[GS_PASS_USER_AGENT] = "User-Agent",
	[GS_PASS_AUTHORIZATION] = "Authorization",
	[GS_PASS_COOKIE] = "Cookie",
	[GS_PASS_ACCEPT_LANGUAGE] = "Accept-Language",
	[GS_PASS_CONTENT_TYPE] = "Content-Type",
};

/* The same as variables, and others that are read. */
enum { TARGET = GS_PASS_COUNT, METHOD, PEER, LENGTH, HOST, SAME_LENGTH, READ };

static const char *const variables[READ] = {
	[GS_PASS_USER_AGENT] = "HTTP_USER_AGENT",
	[GS_PASS_AUTHORIZATION] = "HTTP_AUTHORIZATION",
	[GS_PASS_COOKIE] = "HTTP_COOKIE",
	[GS_PASS_ACCEPT_LANGUAGE] = "HTTP_ACCEPT_LANGUAGE",
	[GS_PASS_CONTENT_TYPE] = "CONTENT_TYPE",
	[TARGET] = "REQUEST_URI",
	[METHOD] = "REQUEST_METHOD",
	[PEER] = "REMOTE_ADDR",
	[LENGTH] = "CONTENT_LENGTH",
	[HOST] = "HTTP_HOST",
	[SAME_LENGTH] = "HTTP_CONTENT_LENGTH",
};

/* Headers of this hop (RFC 9110 section 7.6.1), which no phone needs: the web
 * server has dealt with Connection and Keep-Alive. */
static const char hops[] =
    "HTTP_TRANSFER_ENCODING HTTP_TE HTTP_TRAILER HTTP_UPGRADE "
    "HTTP_PROXY_CONNECTION HTTP_PROXY_AUTHORIZATION HTTP_PROXY_AUTHENTICATE";

const char *
gs_snom_route_name(enum gs_snom_route route)
{
	static const char *const names[] = {
		[GS_ROUTE_NONE] = "unknown",
		[GS_ROUTE_SETTINGS] = "settings",
		[GS_ROUTE_PAGE] = "page",
		[GS_ROUTE_PICTURE] = "picture",
	};

	return names[route];
}

/* ---- paths */

/* Removes lo to hi bytes accepted by is() from the beginning of s. */
static bool
take_some(struct gs_span *s, bool (*is)(int), size_t lo, size_t hi)
{
	size_t n = gs_span_while(*s, is);

	n = n < hi ? n : hi;
	*s = gs_span_skip(*s, n);
	return n >= lo;
}

static bool
is_action(int c)
{
	return (c >= 'a' && c <= 'z') || c == '_';
}

static bool
is_file(int c)
{
	return gs_is_word(c) || c == '-';
}

static bool
is_capital(int c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
take_mac(struct gs_span *s)
{
	return gs_span_take(s, GS_LIT("000413")) &&
	    take_some(s, gs_is_hex, 6, 6);
}

/* What may follow: nothing, or a suffix that phones use. */
static bool
is_end(struct gs_span s, const char *suffixes)
{
	return s.n == 0 ||
	    (s.p[0] == '.' && gs_snom_is_word(suffixes, gs_span_skip(s, 1)));
}

/* settings-MAC, snomMODEL-MAC (the old path), snom-KEY and snom_vision-KEY,
 * each with an optional -MAC. */
static bool
is_settings(struct gs_span s)
{
	struct gs_span model;
	bool key;

	if (gs_span_take(&s, GS_LIT("settings-")))
		return take_mac(&s) && is_end(s, "xml htm html");
	if (!gs_span_take(&s, GS_LIT("snom")))
		return false;
	model = s;
	if (take_some(&model, is_capital, 0, 1) &&
	    take_some(&model, gs_is_digit, 3, 3) &&
	    gs_span_take(&model, GS_LIT("-")))
		return take_mac(&model) && is_end(model, "xml htm html");
	key = gs_span_take(&s, GS_LIT("-")) ||
	    gs_span_take(&s, GS_LIT("_vision-"));
	if (!key || !take_some(&s, gs_is_word, 1, 64))
		return false;
	if (gs_span_take(&s, GS_LIT("-")) && !take_mac(&s))
		return false;
	return is_end(s, "xml htm html");
}

/* config_snom/[PHONE/[ACCOUNT/]]ACTION */
static bool
is_page(struct gs_span s)
{
	if (!gs_span_take(&s, GS_LIT("config_snom/")))
		return false;
	for (int i = 0; i < 2 && s.n > 0 && gs_is_digit(*s.p); i++)
		if (!take_some(&s, gs_is_digit, 1, 10) ||
		    !gs_span_take(&s, GS_LIT("/")))
			return false;
	return take_some(&s, is_action, 1, 40) && is_end(s, "xml");
}

/* uploads/user/image/N/FILE */
static bool
is_picture(struct gs_span s)
{
	return gs_span_take(&s, GS_LIT("uploads/user/image/")) &&
	    take_some(&s, gs_is_digit, 1, 10) &&
	    gs_span_take(&s, GS_LIT("/")) && take_some(&s, is_file, 1, 128) &&
	    s.n > 0 && is_end(s, "jpg jpeg png gif");
}

/* Of the path alone. */
static enum gs_snom_route
route_of(struct gs_span path)
{
	if (!gs_span_take(&path, GS_LIT("/")))
		return GS_ROUTE_NONE;
	return is_settings(path) ? GS_ROUTE_SETTINGS :
	    is_page(path)        ? GS_ROUTE_PAGE :
	    is_picture(path)     ? GS_ROUTE_PICTURE :
				   GS_ROUTE_NONE;
}

/* ---- the request */

bool
gs_snom_is_field_value(struct gs_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (((unsigned char)s.p[i] < ' ' && s.p[i] != '\t') ||
		    s.p[i] == 127)
			return false;
	return true;
}

/* Whether the value of a variable may be sent on. */
static bool
is_clean(struct gs_span s)
{
	return gs_snom_is_field_value(s) && s.n <= GS_REQUEST_VALUE;
}

static unsigned
judge_header(struct gs_span name, struct gs_span value, struct gs_err *err)
{
	if (gs_span_while(name, gs_is_word) < name.n)
		return gs_err_set(err, "a header with an invalid name"), 400;
	if (!is_clean(value))
		return gs_err_set(err, "not printable, or too long: %.*s",
			   GS_CUT(name, 64)),
		       400;
	if (gs_snom_is_word(hops, name) ||
	    (gs_span_eq(name, GS_LIT("HTTP_CONNECTION")) &&
		!gs_snom_is_word_nocase("close keep-alive", value)))
		return gs_err_set(err, "a hop-by-hop header: %.*s",
			   GS_CUT(name, 64)),
		       400;
	return 0;
}

/* Reads a variable that matters, and judges every header. */
static unsigned
take_variable(struct gs_span value[READ], struct gs_span name, struct gs_span v,
    struct gs_err *err)
{
	unsigned bad = gs_span_starts(name, GS_LIT("HTTP_")) ?
	    judge_header(name, v, err) :
	    0;

	for (size_t i = 0; i < READ && bad == 0; i++) {
		if (!gs_span_eq(name, gs_span_of(variables[i])))
			continue;
		if (value[i].p != NULL)
			return gs_err_set(err, "%s appears twice",
				   variables[i]),
			       400;
		if (i == TARGET ? !gs_snom_is_field_value(v) : !is_clean(v))
			return gs_err_set(err, "not printable, or too long: %s",
				   variables[i]),
			       400;
		value[i] = v;
	}
	return bad;
}

/* Reads the variables; the first wrong one is the reason. After it, only who
 * asks is read. */
static unsigned
collect(struct gs_span value[READ], char *const *env, struct gs_err *err)
{
	unsigned bad = 0;

	for (; *env != NULL; env++) {
		struct gs_span s = gs_span_of(*env);
		if (gs_span_chr(s, '=') == NULL)
			continue;
		struct gs_span name = gs_span_until(&s, '=');
		unsigned its =
		    take_variable(value, name, s, bad == 0 ? err : NULL);
		bad = bad == 0 ? its : bad;
	}
	return bad;
}

/* An absolute target (RFC 9112 section 3.2.2) without its scheme and host. */
static struct gs_span
origin_form(struct gs_span s)
{
	struct gs_snom_url u;

	if (s.n > 0 && s.p[0] != '/' && gs_snom_url_parse(&u, s, NULL) == 0 &&
	    (gs_snom_url_is_http(&u) || gs_snom_url_is_https(&u)))
		return u.rest;
	return s;
}

static unsigned
read_target(struct gs_snom_request *rq, struct gs_span s, struct gs_err *err)
{
	if (s.n > GS_REQUEST_TARGET)
		return gs_err_set(err, "the target is too long"), 414;
	for (size_t i = 0; i < s.n; i++)
		if (!isgraph((unsigned char)s.p[i]) || s.p[i] == '#')
			return gs_err_set(err,
				   "invalid byte in the target, at %zu", i + 1),
			       400;
	s = origin_form(s);
	rq->target = s;
	rq->route = route_of(gs_span_until(&s, '?'));
	if (rq->route == GS_ROUTE_NONE)
		return gs_err_set(err, "not a path of a phone"), 404;
	return 0;
}

static unsigned
read_method(struct gs_snom_request *rq, struct gs_span s, struct gs_err *err)
{
	static const struct gs_span names[] = { { "GET", 3 }, { "HEAD", 4 },
		{ "POST", 4 } };

	for (size_t i = 0; i < 3; i++)
		if (gs_span_eq(s, names[i]) &&
		    (i != GS_METHOD_POST || rq->route == GS_ROUTE_PAGE)) {
			rq->method = (enum gs_snom_method)i;
			return 0;
		}
	return gs_err_set(err, "the method is not supported"), 405;
}

static unsigned
read_length(struct gs_snom_request *rq, struct gs_span s, struct gs_span same,
    struct gs_err *err)
{
	bool post = rq->method == GS_METHOD_POST;

	if ((s.n > 0 || post) && gs_span_u64(s, &rq->length) == -1)
		return gs_err_set(err, "Content-Length is missing or wrong"),
		       400;
	if (same.n > 0 && !gs_span_eq(s, same))
		return gs_err_set(err, "two Content-Length headers"), 400;
	if (rq->length > GS_REQUEST_BODY)
		return gs_err_set(err, "the body is longer than 4 MiB"), 413;
	if (rq->length > 0 && !post)
		return gs_err_set(err, "unexpected body"), 400;
	return 0;
}

/* A host without its port; empty if it is invalid. */
static struct gs_span
host_of(struct gs_span s)
{
	struct gs_snom_proxy p;

	gs_snom_proxy_parse(&p, s);
	return p.port_bad || gs_snom_url_host_kind(p.host) == GS_HOST_BAD ?
	    gs_span(NULL, 0) :
	    p.host;
}

unsigned
gs_snom_request_read(struct gs_snom_request *rq, char *const *env,
    struct gs_err *err)
{
	struct gs_span value[READ] = { { NULL, 0 } };
	unsigned bad = collect(value, env, err);

	*rq = (struct gs_snom_request){ .route = GS_ROUTE_NONE };
	/* The interface behind a link-local address means nothing elsewhere. */
	const char *zone = gs_span_chr(value[PEER], '%');
	if (zone != NULL)
		value[PEER].n = (size_t)(zone - value[PEER].p);
	enum gs_snom_url_host peer = gs_snom_url_host_kind(value[PEER]);
	if (peer == GS_HOST_IPV4 || peer == GS_HOST_IPV6)
		rq->peer = value[PEER];
	else if (bad == 0)
		return gs_err_set(err, "REMOTE_ADDR is not an address"), 502;
	if (bad == 0)
		bad = read_target(rq, value[TARGET], err);
	if (bad == 0)
		bad = read_method(rq, value[METHOD], err);
	if (bad == 0)
		bad = read_length(rq, value[LENGTH], value[SAME_LENGTH], err);
	rq->host = host_of(value[HOST]);
	for (size_t i = 0; i < GS_PASS_COUNT; i++)
		rq->header[i] = value[i];
	return bad;
}

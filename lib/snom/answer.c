/* SPDX-License-Identifier: MIT */
/* The answer of Rails, and the part of it that a phone may have. */
#include "snom/answer.h"

#include "base/diag.h"
#include "snom/check.h"
#include "snom/doc.h"
#include "snom/harden.h"
#include "snom/params.h"
#include "snom/settings.h"
#include "snom/url.h"
#include "snom/verdict.h"

enum { MOST_FIELDS = 64, MOST_COOKIES = 16, MOST_FINDINGS = 1000 };

/* The head, parsed. */
struct head {
	unsigned status;
	bool chunked;
	struct gs_span type, encoding, location, length, authenticate;
	struct gs_span cookie[MOST_COOKIES];
	size_t cookies;
};

void
gs_snom_raw_answer_init(struct gs_snom_raw_answer *a)
{
	gs_buf_init(&a->head, GS_ANSWER_HEAD);
	gs_buf_init(&a->body, GS_ANSWER_BODY);
}

void
gs_snom_raw_answer_free(struct gs_snom_raw_answer *a)
{
	gs_buf_free(&a->head);
	gs_buf_free(&a->body);
}

/* ---- the head */

static bool
is_token(struct gs_span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' ||
		    (unsigned char)s.p[i] >= 127 ||
		    strchr("()<>@,;:\\\"/[]?={}", s.p[i]) != NULL)
			return false;
	return s.n > 0;
}

/* "HTTP/1.1 200 OK" */
static int
read_status(struct head *h, struct gs_span line, struct gs_err *err)
{
	uint64_t v;

	if (!gs_span_starts(line, GS_LIT("HTTP/1.")) || line.n < 12 ||
	    line.p[8] != ' ' || (line.n > 12 && line.p[12] != ' ') ||
	    gs_span_u64(gs_span(line.p + 9, 3), &v) == -1 || v < 200 ||
	    v > 599 || !gs_snom_is_field_value(line))
		return gs_err_set(err, "Rails: no HTTP status line");
	h->status = (unsigned)v;
	return 0;
}

/* A field that may occur once. */
static int
take_one(struct gs_span *to, struct gs_span name, struct gs_span value,
    struct gs_err *err)
{
	if (to->p != NULL)
		return gs_err_set(err, "Rails: %.*s appears twice",
		    GS_CUT(name, 64));
	*to = value;
	return 0;
}

/* Fields of this hop: libcurl has dealt with chunks and the end. */
static bool
is_of_hop(struct gs_span name, struct gs_span value)
{
	if (gs_span_eqcase(name, GS_LIT("Connection")))
		return !gs_snom_is_word_nocase("close keep-alive", value);
	if (gs_span_eqcase(name, GS_LIT("Transfer-Encoding")))
		return !gs_span_eqcase(value, GS_LIT("chunked"));
	return gs_snom_is_word_nocase(
	    "TE Trailer Upgrade Proxy-Connection Proxy-Authenticate "
	    "Proxy-Authorization",
	    name);
}

static int
read_field(struct head *h, struct gs_span line, struct gs_err *err)
{
	bool has_name = gs_span_chr(line, ':') != NULL;
	struct gs_span name = gs_span_until(&line, ':');
	const struct {
		struct gs_span name;
		struct gs_span *to;
	} ones[] = {
		{ GS_LIT("Content-Type"), &h->type },
		{ GS_LIT("Content-Encoding"), &h->encoding },
		{ GS_LIT("Content-Length"), &h->length },
		{ GS_LIT("Location"), &h->location },
		{ GS_LIT("WWW-Authenticate"), &h->authenticate },
	};

	if (!has_name || !is_token(name))
		return gs_err_set(err, "Rails: a header with an invalid name");
	struct gs_span value = gs_span_trim(line);
	if (!gs_snom_is_field_value(value))
		return gs_err_set(err, "Rails: a control byte in %.*s",
		    GS_CUT(name, 64));
	h->chunked |= gs_span_eqcase(name, GS_LIT("Transfer-Encoding"));
	if (is_of_hop(name, value))
		return gs_err_set(err, "Rails: a hop-by-hop header: %.*s",
		    GS_CUT(name, 64));
	for (size_t i = 0; i < sizeof(ones) / sizeof(ones[0]); i++)
		if (gs_span_eqcase(name, ones[i].name))
			return take_one(ones[i].to, name, value, err);
	if (!gs_span_eqcase(name, GS_LIT("Set-Cookie")))
		return 0;
	if (h->cookies == MOST_COOKIES)
		return gs_err_set(err, "Rails: too many cookies");
	h->cookie[h->cookies++] = value;
	return 0;
}

static int
read_head(struct head *h, struct gs_span s, struct gs_err *err)
{
	struct gs_span line;
	uint64_t length;

	*h = (struct head){ .status = 0 };
	for (size_t n = 0; gs_span_line(&s, &line); n++) {
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		if (line.n == 0)
			break;
		if (n > MOST_FIELDS)
			return gs_err_set(err, "Rails: too many headers");
		if ((n == 0 ? read_status(h, line, err) :
			      read_field(h, line, err)) == -1)
			return -1;
	}
	if (h->status == 0)
		return gs_err_set(err, "Rails: not an HTTP answer");
	if (h->length.p != NULL && gs_span_u64(h->length, &length) == -1)
		return gs_err_set(err, "Rails: Content-Length is not a number");
	/* Two lengths (RFC 9112 section 6.3). */
	if (h->length.p != NULL && h->chunked)
		return gs_err_set(err,
		    "Rails: Content-Length and Transfer-Encoding");
	return 0;
}

/* ---- what goes out */

static const char *
reason_of(unsigned status)
{
	static const struct {
		unsigned status;
		const char *text;
	} reasons[] = { { 200, "OK" }, { 204, "No Content" },
		{ 400, "Bad Request" }, { 401, "Unauthorized" },
		{ 403, "Forbidden" }, { 404, "Not Found" },
		{ 405, "Method Not Allowed" }, { 413, "Content Too Large" },
		{ 414, "URI Too Long" }, { 500, "Internal Server Error" },
		{ 502, "Bad Gateway" }, { 503, "Service Unavailable" } };

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].text;
	return status < 400 ? "See Location" : "Refused";
}

static void
put_line(struct gs_buf *out, const char *name, struct gs_span value)
{
	gs_buf_printf(out, "%s: ", name);
	gs_buf_put(out, value.p, value.n);
	gs_buf_puts(out, "\r\n");
}

static void
put_status(struct gs_buf *out, unsigned status)
{
	gs_buf_printf(out, "Status: %u %s\r\n", status, reason_of(status));
}

/* An answer of the filter's own, with the login that the phone requires. */
static void
put_refusal(struct gs_buf *out, unsigned status, struct gs_span authenticate,
    bool body)
{
	put_status(out, status);
	if (status == 405)
		gs_buf_puts(out, "Allow: GET, HEAD, POST\r\n");
	if (status == 401 && authenticate.n > 0)
		put_line(out, "WWW-Authenticate", authenticate);
	gs_buf_puts(out,
	    "Content-Type: text/plain\r\n"
	    "Cache-Control: no-store\r\n\r\n");
	if (body)
		gs_buf_printf(out, "%u %s\n", status, reason_of(status));
}

void
gs_snom_answer_put_refusal(struct gs_buf *out, unsigned status, bool body)
{
	put_refusal(out, status, gs_span(NULL, 0), body);
}

/* The settings file that a phone asked for, and its judge. */
struct judge {
	const struct gs_snom_request *rq;
	const struct gs_snom_params *p;
	struct gs_snom_harden how;
	struct gs_buf *out;
	struct gs_err *err;
	bool settings; /* what goes out are a phone's, or a Vision's */
	bool utf8; /* it says no other encoding */
};

/* ---- redirects */

/* Location with scheme, host and port of base_url; other hosts are refused. */
static unsigned
put_redirect(struct judge *j, const struct head *h)
{
	struct gs_snom_url base, u;
	const char *text = gs_snom_params_get(j->p, GS_P_BASE_URL);
	struct gs_span rest = h->location;

	if (h->status != 301 && h->status != 302 && h->status != 303 &&
	    h->status != 307 && h->status != 308)
		return gs_err_set(j->err, "Rails answered %u", h->status), 502;
	if (gs_snom_url_parse(&base, gs_span_of(text), j->err) == -1)
		return 502;
	if (rest.n == 0 || rest.p[0] != '/' ||
	    gs_span_starts(rest, GS_LIT("//"))) {
		if (gs_snom_url_parse(&u, rest, NULL) == -1 ||
		    (!gs_snom_url_is_http(&u) && !gs_snom_url_is_https(&u)) ||
		    !(gs_snom_url_same_host(u.host, base.host) ||
			gs_snom_url_same_host(u.host, j->how.host[0]) ||
			gs_snom_url_same_host(u.host, j->how.host[1])))
			return gs_err_set(j->err,
				   "Rails redirects to another host"),
			       502;
		rest = u.rest;
	}
	for (size_t i = 0; i < rest.n; i++)
		if ((unsigned char)rest.p[i] <= ' ' ||
		    (unsigned char)rest.p[i] >= 127)
			return gs_err_set(j->err,
				   "Rails redirects to an invalid URL"),
			       502;
	put_status(j->out, h->status);
	gs_buf_puts(j->out, "Cache-Control: no-store\r\n");
	gs_buf_printf(j->out, "Location: %.*s://%.*s%.*s\r\n\r\n",
	    (int)base.scheme.n, base.scheme.p, (int)base.authority.n,
	    base.authority.p, (int)rest.n, rest.p);
	return h->status;
}

/* ---- bodies */

/* Writes the first remaining errors into the reason. */
static unsigned
refuse_errors(struct judge *j, const struct gs_diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct gs_finding *f = &d->list[i];
		if (f->severity == GS_ERROR)
			return gs_err_set(j->err,
				   "settings with %llu error%s; the first: "
				   "line %llu, column %u: %s [%s]",
				   (unsigned long long)d->total[GS_ERROR],
				   gs_plural(d->total[GS_ERROR]),
				   (unsigned long long)f->pos.line, f->pos.col,
				   f->text, f->rule->id),
			       502;
	}
	return gs_err_set(j->err, "errors remain"), 502;
}

static bool
has_section(const struct gs_snom_doc *d)
{
	for (size_t i = 0; i < d->scan.nodes; i++)
		if (gs_snom_node_is(&d->scan.node[i], "phone-settings"))
			return true;
	return false;
}

/* Whether the document is what was asked for. A Vision and a page have no
 * settings of a phone, or they would go out as they are. */
static bool
is_asked_for(const struct judge *j, const struct gs_snom_doc *d)
{
	if (d->dialect == GS_DIALECT_SETTINGS)
		return d->settings > 0;
	if (d->dialect == GS_DIALECT_VISION)
		return !has_section(d);
	return j->rq->route != GS_ROUTE_SETTINGS && gs_snom_doc_is_page(d) &&
	    !has_section(d);
}

/* What was hardened is read and checked like any file. */
static unsigned
judge_result(struct judge *j, struct gs_span bytes)
{
	struct gs_snom_check_options how = { .stated = true,
		.site = j->p,
		.served = true };
	struct gs_snom_chain chain;
	struct gs_snom_doc doc;
	struct gs_diags d;
	unsigned status = 200;

	if (gs_snom_doc_read(&doc, bytes, j->err) == -1)
		return 502;
	j->settings = !gs_snom_doc_is_page(&doc);
	j->utf8 = doc.utf8;
	gs_diags_init(&d, gs_snom_rules, NULL, MOST_FINDINGS);
	if (!is_asked_for(j, &doc)) {
		(void)gs_err_set(j->err, "Rails: %s instead of %s",
		    gs_snom_dialect_name(doc.dialect),
		    j->rq->route == GS_ROUTE_SETTINGS ? "settings" : "a page");
		status = 502;
	} else {
		gs_snom_check(&doc, &how, &d, &chain);
		if (d.no_memory || d.total[GS_ERROR] > 0)
			status = refuse_errors(j, &d);
		else if (!chain.other &&
		    !gs_snom_verdict_is_met(&chain, GS_SNOM_REQUIRED)) {
			(void)gs_err_set(j->err, "%s",
			    chain.stated ?
				"an identity without TLS or SRTP remains" :
				"no identity is set");
			status = 502;
		}
	}
	gs_diags_free(&d);
	gs_snom_doc_free(&doc);
	return status;
}

static void
put_body(struct judge *j, const struct head *h, const char *type, bool store,
    struct gs_span body)
{
	put_status(j->out, 200);
	gs_buf_printf(j->out, "Content-Type: %s\r\n", type);
	if (!store)
		gs_buf_puts(j->out, "Cache-Control: no-store\r\n");
	for (size_t i = 0; i < h->cookies; i++)
		put_line(j->out, "Set-Cookie", h->cookie[i]);
	if (j->rq->method != GS_METHOD_HEAD)
		gs_buf_printf(j->out, "Content-Length: %zu\r\n", body.n);
	gs_buf_puts(j->out, "\r\n");
	gs_buf_put(j->out, body.p, body.n);
}

/* A charset here would count for more than what the document declares (RFC
 * 7303 section 3.2). */
static const char *
type_of(const struct judge *j, const struct head *h)
{
	bool text = !j->settings && gs_span_starts(h->type, GS_LIT("text/xml"));

	if (!j->utf8)
		return text ? "text/xml" : "application/xml";
	return text ? "text/xml; charset=utf-8" :
		      "application/xml; charset=utf-8";
}

static unsigned
put_xml(struct judge *j, const struct head *h, struct gs_span body)
{
	struct gs_buf hard;
	struct gs_diags changes;
	unsigned status = 502;

	gs_buf_init(&hard, 2 * GS_ANSWER_BODY);
	gs_diags_init(&changes, gs_snom_rules, NULL, MOST_FINDINGS);
	if (gs_snom_harden_bytes("Rails", body, &j->how, &hard, &changes,
		j->err) == 0)
		status = judge_result(j, gs_buf_span(&hard));
	if (status == 200)
		put_body(j, h, type_of(j, h), false, gs_buf_span(&hard));
	gs_diags_free(&changes);
	gs_buf_free(&hard);
	return status;
}

static unsigned
put_picture(struct judge *j, const struct head *h, struct gs_span body)
{
	static const struct {
		struct gs_span begin;
		const char *type;
	} kinds[] = { { { "\xff\xd8\xff", 3 }, "image/jpeg" },
		{ { "\x89PNG", 4 }, "image/png" },
		{ { "GIF8", 4 }, "image/gif" } };

	for (size_t i = 0; i < 3; i++)
		if (gs_span_starts(body, kinds[i].begin)) {
			put_body(j, h, kinds[i].type, true, body);
			return 200;
		}
	return gs_err_set(j->err, "Rails: not a picture"), 502;
}

static unsigned
put_success(struct judge *j, const struct head *h, struct gs_span body)
{
	bool page = j->rq->route == GS_ROUTE_PAGE;

	if (h->status == 204 && page && body.n == 0) {
		put_status(j->out, 204);
		gs_buf_puts(j->out, "\r\n");
		return 204;
	}
	if (h->status != 200)
		return gs_err_set(j->err, "Rails answered %u", h->status), 502;
	if (h->encoding.n > 0 &&
	    !gs_span_eqcase(h->encoding, GS_LIT("identity")))
		return gs_err_set(j->err, "Rails: a compressed answer"), 502;
	if (j->rq->method == GS_METHOD_HEAD) {
		put_body(j, h,
		    j->rq->route == GS_ROUTE_PICTURE ? "image/jpeg" :
						       type_of(j, h),
		    false, gs_span(NULL, 0));
		return 200;
	}
	if (body.n == 0)
		return gs_err_set(j->err, "Rails: an empty answer"), 502;
	if (gs_span_starts(body, GS_LIT("\x1f\x8b")))
		return gs_err_set(j->err, "Rails: a compressed answer"), 502;
	return j->rq->route == GS_ROUTE_PICTURE ? put_picture(j, h, body) :
						  put_xml(j, h, body);
}

/* 4xx and 5xx: the status, and the login for a 401. */
static unsigned
put_failure(struct judge *j, const struct head *h)
{
	put_refusal(j->out, h->status, h->authenticate,
	    j->rq->method != GS_METHOD_HEAD);
	(void)gs_err_set(j->err, "Rails answered %u", h->status);
	return h->status;
}

/* The host of a URL; empty if it is not one. */
static struct gs_span
host_of(const char *text)
{
	struct gs_snom_url u;

	return gs_snom_url_parse(&u, gs_span_of(text), NULL) == 0 ?
	    u.host :
	    gs_span(NULL, 0);
}

unsigned
gs_snom_answer_put(const struct gs_snom_raw_answer *a,
    const struct gs_snom_request *rq, const struct gs_snom_params *p,
    struct gs_buf *out, struct gs_err *err)
{
	struct judge j = { .rq = rq,
		.p = p,
		.out = out,
		.err = err,
		.utf8 = true };
	struct head h;

	j.how = (struct gs_snom_harden){ .params = p,
		.host = { host_of(gs_snom_params_get(p, GS_P_UPSTREAM)),
		    rq->host },
		.served = true };
	if (read_head(&h, gs_buf_span(&a->head), err) == -1)
		return 502;
	unsigned status = h.status < 300 ?
	    put_success(&j, &h, gs_buf_span(&a->body)) :
	    h.status < 400 ? put_redirect(&j, &h) :
			     put_failure(&j, &h);
	if (!gs_buf_ok(out))
		return gs_err_set(err, "out of memory"), 502;
	return status;
}

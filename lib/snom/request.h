/* SPDX-License-Identifier: MIT */
/* A phone's request to GS5, as a web server passes it to a CGI program. */
#ifndef GSPROV_SNOM_REQUEST_H
#define GSPROV_SNOM_REQUEST_H

#include "base/buf.h"

struct gs_err;

enum {
	GS_REQUEST_TARGET = 8192, /* bytes */
	GS_REQUEST_VALUE = 8192, /* bytes in a header's value */
	GS_REQUEST_BODY = 4 * 1024 * 1024,
};

/* What GS5's routes return (GS5 config/routes.rb). */
enum gs_snom_route {
	GS_ROUTE_NONE,
	GS_ROUTE_SETTINGS, /* of a phone or a Vision, by MAC address or key */
	GS_ROUTE_PAGE, /* menus and their actions, the phone's state */
	GS_ROUTE_PICTURE, /* of a person, for a Vision */
};

/* As a word, for logs. */
const char *gs_snom_route_name(enum gs_snom_route route);

enum gs_snom_method { GS_METHOD_GET, GS_METHOD_HEAD, GS_METHOD_POST };

/* The headers that pass. */
enum gs_snom_passing {
	GS_PASS_USER_AGENT,
	GS_PASS_AUTHORIZATION,
	GS_PASS_COOKIE,
	GS_PASS_ACCEPT_LANGUAGE,
	GS_PASS_CONTENT_TYPE,
	GS_PASS_COUNT
};

extern const char *const gs_snom_passing_names[GS_PASS_COUNT];

/* Borrowed from the environment. */
struct gs_snom_request {
	enum gs_snom_method method;
	enum gs_snom_route route;
	struct gs_span target; /* path and query */
	struct gs_span peer; /* an address; empty: unknown */
	struct gs_span
	    host; /* of the header Host, without port; may be empty */
	struct gs_span header[GS_PASS_COUNT]; /* empty: not there */
	uint64_t length; /* of the body */
};

/* Whether s may be the value of a header: without control bytes except
 * tabs. */
bool gs_snom_is_field_value(struct gs_span s);

/* Reads and judges the CGI variables (RFC 3875 section 4.1) in env,
 * "NAME=VALUE" each, ended by NULL. Returns 0, or the HTTP status that refuses
 * the request, with the reason, which contains no secret; rq then contains
 * what is known about the request. */
unsigned gs_snom_request_read(struct gs_snom_request *rq, char *const *env,
    struct gs_err *err) GS_MUST;

#endif

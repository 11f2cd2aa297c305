/* SPDX-License-Identifier: MIT */
/* The answer of Rails, and the part of it that a phone may have. */
#ifndef GSPROV_SNOM_ANSWER_H
#define GSPROV_SNOM_ANSWER_H

#include "snom/request.h"

struct gs_snom_params;

enum {
	GS_ANSWER_HEAD = 64 * 1024, /* bytes */
	GS_ANSWER_BODY = 4 * 1024 * 1024,
};

/* As received: the lines of the head with the status line, and the body. */
struct gs_snom_raw_answer {
	struct gs_buf head;
	struct gs_buf body;
};

void gs_snom_raw_answer_init(struct gs_snom_raw_answer *a);
void gs_snom_raw_answer_free(struct gs_snom_raw_answer *a);

/* Judges a as the answer to rq, and appends the phone's answer to out, in the
 * form of a CGI program (RFC 3875 section 6): settings are hardened, and URLs
 * in pages follow base_url. p is finished. Returns the phone's status: below
 * 500 or as Rails sent it, or 502 with the reason if the answer of Rails must
 * not pass or memory runs out. */
unsigned gs_snom_answer_put(const struct gs_snom_raw_answer *a,
    const struct gs_snom_request *rq, const struct gs_snom_params *p,
    struct gs_buf *out, struct gs_err *err) GS_MUST;

/* Appends an answer of the filter's own: the status, and a short text. */
void gs_snom_answer_put_refusal(struct gs_buf *out, unsigned status, bool body);

#endif

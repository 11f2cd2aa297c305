/* SPDX-License-Identifier: MIT */
/* HTTP to Rails. */
#ifndef GSPROV_SNOM_UPSTREAM_H
#define GSPROV_SNOM_UPSTREAM_H

#include "snom/answer.h"

/* Whether p has what the filter requires: base_url (https), and upstream,
 * which must be on this machine, because passwords pass unencrypted. p is
 * finished. Returns 0, or -1 with the reason. */
int gs_snom_upstream_can(const struct gs_snom_params *p,
    struct gs_err *err) GS_MUST;

/* Sends rq with its body to the upstream of p, once, and reads the whole
 * answer into a. No redirect is followed and no proxy is used. Returns 0, or
 * -1 with the reason. */
int gs_snom_upstream_fetch(const struct gs_snom_request *rq,
    struct gs_span body, const struct gs_snom_params *p,
    struct gs_snom_raw_answer *a, struct gs_err *err) GS_MUST;

#endif

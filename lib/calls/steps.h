/* SPDX-License-Identifier: MIT */
/* The steps in the ladder of a call. */
#ifndef GSPROV_CALLS_STEPS_H
#define GSPROV_CALLS_STEPS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct gs_calls_call;
struct gs_calls_leg;
struct gs_calls_result;
struct gs_diags;

/* Adds the steps of r, which l has taken already, and of its findings d to the
 * ladder of l. */
void gs_calls_steps_take(struct gs_calls_leg *l,
    const struct gs_calls_result *r, const struct gs_diags *d, uint64_t order);

/* Draws the ladder of all legs of c: as text, or as SVG. */
void gs_calls_steps_draw(const struct gs_calls_call *c, bool svg, FILE *fp);

#endif

/* SPDX-License-Identifier: MIT */
/* The elements of an SVG drawing. Coordinates are integers in tenths of a
 * pixel, so that no locale changes the decimal point. Write errors remain in
 * the FILE. */
#ifndef GSPROV_BASE_SVG_H
#define GSPROV_BASE_SVG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Begins a document, up to its background of the class page. title is its
 * name; style is an element. */
void gs_svg_begin(FILE *fp, int width, int height, const char *title,
    const char *style);

/* Where part of all lies on an axis of this width, which is over 0. Without
 * fractions, so that every processor draws the same. */
int gs_svg_along(uint64_t part, uint64_t all, int width);

/* A number. */
void gs_svg_put_num(FILE *fp, int v);

/* Writes at most max characters of s (0: all), escaped; if there are more, the
 * last one is an ellipsis. s is UTF-8 without control characters. */
void gs_svg_put_text(FILE *fp, const char *s, size_t max);

/* Whole elements, one a line; an empty class is left out. */
void gs_svg_text(FILE *fp, int x, int y, const char *class, const char *s,
    size_t max);
void gs_svg_rect(FILE *fp, const char *class, int x, int y, int w, int h);
void gs_svg_line(FILE *fp, const char *class, int x1, int y1, int x2, int y2);

#endif

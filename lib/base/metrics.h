/* SPDX-License-Identifier: MIT */
/* Figures as OpenMetrics, which node_exporter's textfile collector also reads.
 * All are gauges: they tell the present state. Write errors remain in the
 * FILE. */
#ifndef GSPROV_BASE_METRICS_H
#define GSPROV_BASE_METRICS_H

#include <stdint.h>
#include <stdio.h>

/* Begins a metric with its name ([a-z_]) and its help text. */
void gs_metrics_begin(FILE *fp, const char *name, const char *help);

/* A sample of it. label is NULL, or the name of the label with value. */
void gs_metrics_put(FILE *fp, const char *name, const char *label,
    const char *value, uint64_t n);

/* Ends the output. */
void gs_metrics_end(FILE *fp);

#endif

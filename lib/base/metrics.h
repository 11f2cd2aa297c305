/* SPDX-License-Identifier: MIT */
/* Figures as OpenMetrics, which is what node_exporter's textfile collector
 * reads, too. All are gauges: they tell of what was checked now. Write errors
 * stay with the FILE. */
#ifndef GSPROV_BASE_METRICS_H
#define GSPROV_BASE_METRICS_H

#include <stdint.h>
#include <stdio.h>

/* A metric begins: its name ([a-z_]) and what it tells. */
void gs_metrics_begin(FILE *fp, const char *name, const char *help);

/* A sample of it; label is NULL, or the name of the label that has value. */
void gs_metrics_put(FILE *fp, const char *name, const char *label,
    const char *value, uint64_t n);

/* All was said. */
void gs_metrics_end(FILE *fp);

#endif

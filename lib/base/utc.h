/* SPDX-License-Identifier: MIT */
/* Dates and times in UTC without time_t, which ends in 2038 on 32-bit systems.
 */
#ifndef GSPROV_BASE_UTC_H
#define GSPROV_BASE_UTC_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Writes the date of s, seconds since 1970, as gmtime_r() does. Returns whether
 * it lies between March 1 of the year 0 and the end of 9999. */
bool gs_utc(int64_t s, struct tm *tm);

/* The seconds since 1970 of a date in these years, as timegm() counts them;
 * tm has every field in its range. */
int64_t gs_utc_seconds(const struct tm *tm);

#endif

/* SPDX-License-Identifier: MIT */
/* Days, and times in words. */
#ifndef GSPROV_CERT_DATE_H
#define GSPROV_CERT_DATE_H

#include <stdbool.h>
#include <stdint.h>

enum { GS_DAY = 86400, GS_DATE_SIZE = 40 };

enum gs_cert_date_form {
	GS_DATE_WORDS, /* 2027-01-15 08:00 UTC */
	GS_DATE_ISO, /* 2027-01-15T08:00:00Z */
	GS_DATE_NAME, /* 20270115T080000Z, for names of files */
};

/* Writes t (seconds since 1970). Returns whether that is possible; if not,
 * text is empty. */
bool gs_cert_date_text(int64_t t, enum gs_cert_date_form form,
    char text[GS_DATE_SIZE]);

/* Days until t, rounded up; negative once it has passed. */
int64_t gs_cert_days_left(int64_t t, int64_t now);

#endif

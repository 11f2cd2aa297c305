/* SPDX-License-Identifier: MIT */
/* Days, and times in words. */
#include "cert/date.h"

#include "base/utc.h"

static size_t
write_date(const struct tm *tm, enum gs_cert_date_form form, char *text)
{
	switch (form) {
	case GS_DATE_WORDS:
		return strftime(text, GS_DATE_SIZE, "%Y-%m-%d %H:%M UTC", tm);
	case GS_DATE_ISO:
		return strftime(text, GS_DATE_SIZE, "%Y-%m-%dT%H:%M:%SZ", tm);
	case GS_DATE_NAME:
		return strftime(text, GS_DATE_SIZE, "%Y%m%dT%H%M%SZ", tm);
	}
	return 0;
}

bool
gs_cert_date_text(int64_t t, enum gs_cert_date_form form,
    char text[GS_DATE_SIZE])
{
	struct tm tm;

	if (gs_utc(t, &tm) && write_date(&tm, form, text) > 0)
		return true;
	text[0] = '\0';
	return false;
}

int64_t
gs_cert_days_left(int64_t t, int64_t now)
{
	int64_t left = t - now;

	return left >= 0 ? (left + GS_DAY - 1) / GS_DAY :
			   -((-left + GS_DAY - 1) / GS_DAY);
}

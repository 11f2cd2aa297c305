/* SPDX-License-Identifier: MIT */
/* UTC as a date and a time of day, without time_t. Years begin in March here:
 * the leap day is the last one. */
#include "base/utc.h"

enum {
	DAY = 86400,
	YEAR = 365,
	FOUR = 4 * YEAR + 1,
	CENTURY = 25 * FOUR - 1,
	ERA = 4 * CENTURY + 1
};

/* Days from March 1 of the year 0 to January 1, 1970. */
enum { EPOCH = 719468 };

/* Days of a year before the month m; 0 is March. */
static int
days_before(int m)
{
	return (153 * m + 2) / 5;
}

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* The date of a day since March 1 of the year 0. */
static void
put_date(int day, struct tm *tm)
{
	int in_era = day % ERA;
	int of_era = (in_era - in_era / (FOUR - 1) + in_era / CENTURY -
			 in_era / (ERA - 1)) /
	    YEAR;
	int in_year = in_era - (YEAR * of_era + of_era / 4 - of_era / 100);
	int m = (5 * in_year + 2) / 153;
	int year = day / ERA * 400 + of_era + (m >= 10);

	tm->tm_year = year - 1900;
	tm->tm_mon = (m + 2) % 12;
	tm->tm_mday = in_year - days_before(m) + 1;
	tm->tm_yday =
	    m >= 10 ? in_year - days_before(10) : in_year + 59 + is_leap(year);
	tm->tm_wday = (day + 3) % 7;
}

bool
gs_utc(int64_t s, struct tm *tm)
{
	const int64_t first = -(int64_t)EPOCH * DAY;
	const int64_t last = INT64_C(253402300799);

	if (s < first || s > last)
		return false;
	s -= first;
	*tm = (struct tm){ 0 };
	put_date((int)(s / DAY), tm);
	tm->tm_hour = (int)(s % DAY / 3600);
	tm->tm_min = (int)(s % 3600 / 60);
	tm->tm_sec = (int)(s % 60);
	return true;
}

int64_t
gs_utc_seconds(const struct tm *tm)
{
	int m = (tm->tm_mon + 10) % 12;
	int64_t year = (int64_t)tm->tm_year + 1900 - (m >= 10);
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t of_era = year - era * 400;
	int64_t day = era * ERA + of_era * YEAR + of_era / 4 - of_era / 100 +
	    days_before(m) + tm->tm_mday - 1 - EPOCH;

	return day * DAY + tm->tm_hour * 3600 + tm->tm_min * 60 + tm->tm_sec;
}

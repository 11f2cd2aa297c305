/* SPDX-License-Identifier: MIT */
/* For tests: a clock that stands still. sox takes the seed of its dither
 * from gettimeofday(): with the one that it had, a file that it made can be
 * made again. */
#include <stdlib.h>
#include <sys/time.h>

int
gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
	const char *seconds = getenv("GS_CLOCK");

	(void)tz;
	*tv = (struct timeval){ .tv_sec = seconds != NULL ?
		    (time_t)strtoll(seconds, NULL, 10) :
		    0 };
	return 0;
}

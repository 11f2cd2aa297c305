/* SPDX-License-Identifier: MIT */
/* Attributes that the public headers share. */
#ifndef GSPROV_BASE_API_H
#define GSPROV_BASE_API_H

#define GS_MUST __attribute__((warn_unused_result))
#define GS_PRINTF(f, a) __attribute__((format(printf, f, a)))

#endif

/* SPDX-License-Identifier: MIT */
/* Models of phones, and the TLS of each. */
#ifndef GSPROV_CERT_PHONE_H
#define GSPROV_CERT_PHONE_H

#include "cert/serve.h"

struct gs_cert_phone {
	const char *models; /* separated by blanks */
	const char *speaks; /* for people */
	struct gs_cert_tls_client client;
};

/* A phone, or another client, of today. */
extern const struct gs_cert_phone gs_cert_phone_today;

/* The phone called model, ignoring case and a leading "snom". NULL if it is
 * unknown. */
const struct gs_cert_phone *gs_cert_phone_find(const char *model);

#endif

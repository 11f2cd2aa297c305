/* SPDX-License-Identifier: MIT */
/* Models of phones, and the TLS of each. */
#include "cert/phone.h"

const struct gs_cert_phone gs_cert_phone_today = {
	"",
	"TLS 1.2 and 1.3",
	{ GS_TLS_1_2, GS_TLS_1_3, NULL, 2 },
};

/* By the last firmware of the series: 8.7, which has no elliptic curves, 8.9,
 * and 10.1. */
static const struct gs_cert_phone phones[] = {
	{ "190 300 320 360 370 820 821 870 m3 m9 mp",
	    "TLS 1.0 with RSA and AES or 3DES",
	    { GS_TLS_1_0, GS_TLS_1_0, "AES256-SHA:AES128-SHA:DES-CBC3-SHA",
		0 } },
	{ "710 715 720 725 760 d305 d315 d345 d375 d710 d712 d715 d725 d745 "
	  "d765 m100 m200 m300 m400 m700",
	    "TLS 1.0 to 1.2",
	    { GS_TLS_1_0, GS_TLS_1_2, "ECDHE:DHE:RSA:!aNULL:!eNULL:!PSK:!SRP",
		0 } },
	{ "d120 d140 d150 d385 d713 d717 d735 d785 d810 d812 d815 d862 d865 "
	  "d892 d895 m500 m900",
	    "TLS 1.2 and 1.3", { GS_TLS_1_2, GS_TLS_1_3, NULL, 1 } },
};

static struct gs_span
bare_name(const char *model)
{
	struct gs_span s = gs_span_trim(gs_span_of(model));

	if (s.n > 4 && gs_span_eqcase(gs_span(s.p, 4), GS_LIT("snom")))
		s = gs_span_trim(gs_span(s.p + 4, s.n - 4));
	return s;
}

const struct gs_cert_phone *
gs_cert_phone_find(const char *model)
{
	struct gs_span want = bare_name(model);

	for (size_t i = 0; i < sizeof(phones) / sizeof(*phones); i++)
		for (const char *p = phones[i].models; *p != '\0';) {
			size_t n = strcspn(p, " ");
			if (gs_span_eqcase(gs_span(p, n), want))
				return &phones[i];
			p += n + strspn(p + n, " ");
		}
	return NULL;
}

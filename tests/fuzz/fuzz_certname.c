/* SPDX-License-Identifier: MIT */
/* Host names, alternative names, subjects, endpoints and models of phones,
 * times and links from the command line. */
#include <stdlib.h>

#include "base/diag.h"
#include "calls/filter.h"
#include "cert/idn.h"
#include "cert/name.h"
#include "cert/phone.h"
#include "cert/served.h"
#include "snom/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
look_around(const char *text)
{
	struct gs_cert_endpoint e;
	struct gs_err err;
	char shown[GS_IDN_SHOWN], name[256];

	if (gs_cert_endpoint_parse(&e, text, &err) == 0 &&
	    (e.host[0] == '\0' || e.port[0] == '\0'))
		abort();
	gs_cert_idn_shown(text, shown, sizeof(shown));
	if (gs_cert_idn_ascii(text, name, sizeof(name), &err) == 0 &&
	    gs_cert_idn_is(name))
		abort();
	(void)gs_cert_phone_find(text);
	(void)gs_calls_time_valid(text);
	unsigned links;
	if (gs_snom_links_parse(text, &links, NULL) == 0 && (links >> 8) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_cert_sans sans = { 0 };
	struct gs_cert_dn dn;
	struct gs_err err;
	char *text = malloc(n + 1);

	if (text == NULL)
		return 0;
	memcpy(text, p, n);
	text[n] = '\0';
	if (gs_cert_host_check(text, &err) == 0 &&
	    (strchr(text, '/') != NULL || text[0] == '.'))
		abort();
	if (gs_cert_sans_add(&sans, text, &err) == 0) {
		/* What was taken is taken again, and is the same. */
		char again[sizeof(sans.list[0].text)];
		memcpy(again, sans.list[0].text, sizeof(again));
		(void)gs_cert_san_is_private(&sans.list[0]);
		if (gs_cert_sans_add(&sans, again, &err) == -1 || sans.n != 1 ||
		    !gs_cert_sans_cover(&sans, &sans.list[0]))
			abort();
	}
	if (gs_cert_dn_parse(&dn, text, &err) == 0)
		for (size_t i = 0; i < dn.n; i++)
			if (dn.attr[i].value[0] == '\0' ||
			    strlen(dn.attr[i].value) > GS_DN_VALUE_MAX)
				abort();
	look_around(text);
	free(text);
	return 0;
}

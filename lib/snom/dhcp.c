/* SPDX-License-Identifier: MIT */
/* The DHCP lines that send phones to their settings. */
#include "snom/dhcp.h"

#include "snom/params.h"
#include "snom/url.h"

/* Both formats put strings in double quotes; neither escapes reliably. */
static bool
is_safe(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= ' ' || (unsigned char)*s >= 127 ||
		    *s == '"' || *s == '\\' || *s == ',')
			return false;
	return true;
}

static void
put_dnsmasq(const struct gs_snom_params *p, const char *url, struct gs_buf *out)
{
	const char *ntp = gs_snom_params_get(p, GS_P_NTP_SERVER);
	struct gs_span host = gs_span(ntp, strlen(ntp));

	gs_buf_puts(out,
	    "dhcp-mac=set:SNOM,00:04:13:*:*:*\n"
	    "dhcp-mac=set:SNOM,00:08:7b:*:*:*\n");
	gs_buf_printf(out,
	    "dhcp-option=tag:SNOM,option:tftp-server,\"%s\"\n"
	    "dhcp-option=tag:SNOM,option:bootfile-name,"
	    "\"settings-{mac}.xml\"\n",
	    url);
	if (gs_snom_url_host_kind(host) == GS_HOST_IPV4)
		gs_buf_printf(out,
		    "dhcp-option=tag:SNOM,option:ntp-server,%s\n", ntp);
}

static void
put_isc(const struct gs_snom_params *p, const char *url, struct gs_buf *out)
{
	const char *ntp = gs_snom_params_get(p, GS_P_NTP_SERVER);
	struct gs_span host = gs_span(ntp, strlen(ntp));

	gs_buf_puts(out,
	    "class \"snom\" {\n"
	    "\tmatch if substring(hardware, 1, 3) = 00:04:13\n"
	    "\t    or substring(hardware, 1, 3) = 00:08:7b;\n");
	gs_buf_printf(out,
	    "\toption tftp-server-name \"%s\";\n"
	    "\toption bootfile-name \"settings-{mac}.xml\";\n",
	    url);
	if (gs_snom_url_host_kind(host) == GS_HOST_IPV4)
		gs_buf_printf(out, "\toption ntp-servers %s;\n", ntp);
	gs_buf_puts(out, "}\n");
}

int
gs_snom_dhcp_put(const struct gs_snom_params *p, enum gs_snom_dhcp kind,
    struct gs_buf *out, struct gs_err *err)
{
	const char *base = gs_snom_params_get(p, GS_P_BASE_URL);
	char url[256];
	size_t n = strlen(base);

	while (n > 0 && base[n - 1] == '/')
		n--;
	if (n >= sizeof(url))
		return gs_err_set(err,
		    "base_url is longer than 255 bytes, the most that a DHCP "
		    "option holds");
	memcpy(url, base, n);
	url[n] = '\0';
	if (!is_safe(url))
		return gs_err_set(err,
		    "base_url holds a character that must not stand in a DHCP "
		    "configuration");
	if (kind == GS_DHCP_DNSMASQ)
		put_dnsmasq(p, url, out);
	else
		put_isc(p, url, out);
	return gs_buf_ok(out) ? 0 : gs_err_set(err, "no memory");
}

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

/* The text before and after the URL, and around the address of a time
 * server. */
static const struct {
	const char *head, *tail, *ntp, *ntp_tail, *end;
} kinds[] = {
	[GS_DHCP_DNSMASQ] = { "dhcp-mac=set:SNOM,00:04:13:*:*:*\n"
			      "dhcp-mac=set:SNOM,00:08:7b:*:*:*\n"
			      "dhcp-option=tag:SNOM,option:tftp-server,\"",
	    "\"\ndhcp-option=tag:SNOM,option:bootfile-name,"
	    "\"settings-{mac}.xml\"\n",
	    "dhcp-option=tag:SNOM,option:ntp-server,", "\n", "" },
	[GS_DHCP_ISC] = { "class \"snom\" {\n"
			  "\tmatch if substring(hardware, 1, 3) = 00:04:13\n"
			  "\t    or substring(hardware, 1, 3) = 00:08:7b;\n"
			  "\toption tftp-server-name \"",
	    "\";\n\toption bootfile-name \"settings-{mac}.xml\";\n",
	    "\toption ntp-servers ", ";\n", "}\n" },
};

int
gs_snom_dhcp_put(const struct gs_snom_params *p, enum gs_snom_dhcp kind,
    struct gs_buf *out, struct gs_err *err)
{
	const char *base = gs_snom_params_get(p, GS_P_BASE_URL);
	const char *ntp = gs_snom_params_get(p, GS_P_NTP_SERVER);
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
		    "base_url contains a character that is not allowed in a "
		    "DHCP configuration");
	gs_buf_printf(out, "%s%s%s", kinds[kind].head, url, kinds[kind].tail);
	if (gs_snom_url_host_kind(gs_span_of(ntp)) == GS_HOST_IPV4)
		gs_buf_printf(out, "%s%s%s", kinds[kind].ntp, ntp,
		    kinds[kind].ntp_tail);
	gs_buf_puts(out, kinds[kind].end);
	return gs_buf_ok(out) ? 0 : gs_err_set(err, "out of memory");
}

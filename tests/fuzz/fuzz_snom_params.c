/* SPDX-License-Identifier: MIT */
/* Parameter files of either form. */
#include "mutate.h"
#include "snom/dhcp.h"
#include "snom/params.h"
#include "snom/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static const char *const words[] = { "base_url = ", "https://h.example",
	"# gsprov: disable=", "user_srtp! = ", "\n", NULL };
static const struct mutate_format lines = { mutate_line, NULL, words };
MUTATE(lines)

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct gs_snom_params params;
	struct gs_diags d;
	struct gs_buf out;
	struct gs_err err;

	gs_snom_params_init(&params);
	gs_diags_init(&d, gs_snom_rules, NULL, 100);
	gs_buf_init(&out, 65536);
	if (gs_snom_params_read(&params, gs_span(p, n), &d, &err) == 0 &&
	    gs_snom_params_finish(&params, true, &err) == 0 &&
	    gs_snom_dhcp_put(&params, GS_DHCP_DNSMASQ, &out, &err) == 0)
		gs_snom_params_put_url(&params, &out, "x");
	gs_buf_free(&out);
	gs_diags_free(&d);
	gs_snom_params_free(&params);
	return 0;
}

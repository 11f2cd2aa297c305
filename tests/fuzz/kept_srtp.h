/* SPDX-License-Identifier: MIT */
/* libsrtp2, and NSS below it, started once: that takes longer than a run. */
#ifndef GSPROV_FUZZ_KEPT_SRTP_H
#define GSPROV_FUZZ_KEPT_SRTP_H

#include <stdlib.h>

#include <srtp2/srtp.h>

/* NSS stops with the last session, and this one stays. */
static inline void
keep_srtp(void)
{
	static srtp_t kept;
	static unsigned char key[SRTP_MAX_KEY_LEN];
	srtp_policy_t policy = { .key = key,
		.window_size = 128,
		.ssrc = { .type = ssrc_any_inbound } };

	if (kept != NULL)
		return;
	srtp_crypto_policy_set_rtp_default(&policy.rtp);
	srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
	if (srtp_init() != srtp_err_status_ok ||
	    srtp_create(&kept, &policy) != srtp_err_status_ok)
		abort();
}

#endif

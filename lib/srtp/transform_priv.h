/* SPDX-License-Identifier: MIT */
/* The transform below its key derivation: published vectors name session
 * keys. */
#ifndef GSPROV_SRTP_TRANSFORM_PRIV_H
#define GSPROV_SRTP_TRANSFORM_PRIV_H

#include "transform.h"

/* Session keys for RTP and RTCP alike: spec->key octets of cipher key, 20
 * of authentication key, spec->salt of salt. spec->kdr must be 0. Returns 0
 * or -1. */
int gs_srtp_set_session(struct gs_srtp *s, const struct gs_srtp_spec *spec,
    const uint8_t *cipher, const uint8_t *auth, const uint8_t *salt,
    struct gs_err *err) GS_MUST;

#endif

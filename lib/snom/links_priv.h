/* SPDX-License-Identifier: MIT */
/* The links of the chain in one settings file: each adds its findings. */
#ifndef GSPROV_SNOM_LINKS_PRIV_H
#define GSPROV_SNOM_LINKS_PRIV_H

#include "base/buf.h"

struct gs_snom_identity;
struct gs_snom_setting;
struct snom_check;

/* ---- provisioning.c */

/* Every URL of the file, and who may redirect. */
void gs_snom_check_urls(struct snom_check *c);

/* Whether a host is the site's or the phone's own, or the site is not known. */
bool gs_snom_check_own_host(const struct snom_check *c, struct gs_span host);

void gs_snom_check_provisioning(struct snom_check *c);

/* ---- media.c */

/* SRTP, its profile and its tag. */
void gs_snom_check_media(struct snom_check *c,
    const struct gs_snom_identity *id);

/* ---- signalling.c */

/* Signalling and media of each identity. */
void gs_snom_check_identities(struct snom_check *c);

/* Adds a finding for each host outside the site that an identity or a server
 * uses as registrar or proxy. */
void gs_snom_check_proxies(struct snom_check *c,
    const struct gs_snom_identity *id);

/* Adds a finding if nothing says what becomes of the identities; vague is a
 * media setting of one that may be active, or NULL. */
void gs_snom_check_stated(struct snom_check *c,
    const struct gs_snom_setting *vague);

/* ---- dect.c */

/* Signalling and media of a DECT base. */
void gs_snom_check_dect(struct snom_check *c);

/* ---- trust.c */

void gs_snom_check_trust(struct snom_check *c);

/* Only the certificates, of a file without phone settings. */
void gs_snom_check_rollout(struct snom_check *c);

/* ---- hygiene.c */

void gs_snom_check_hygiene(struct snom_check *c);

#endif

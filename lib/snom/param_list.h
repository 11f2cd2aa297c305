/* SPDX-License-Identifier: MIT */
/* The parameters, each GS_PARAM(X, ...) with what struct gs_snom_param_def has.
 * params.h makes the enum of them, and params.c the table. */
GS_PARAM(PROFILE, "profile", GS_KIND_CHOICE, "encrypt|verify|legacy")
GS_PARAM(BASE_URL, "base_url", GS_KIND_URL)
GS_PARAM(SETTING_PATH, "setting_path", GS_KIND_TEXT)
GS_PARAM(PROVISIONING_KEY, "provisioning_key", GS_KIND_CHOICE, ON_OFF, "on")
GS_PARAM(SIP_HOST, "sip_host", GS_KIND_HOST)
/* RFC 3261 section 19.1.2. */
GS_PARAM(SIP_PORT, "sip_port", GS_KIND_NUMBER, "1-65535", "5061")
GS_PARAM(TRANSPORT, "transport", GS_KIND_CHOICE, "tls|tcp|udp", "tls", "udp")
GS_PARAM(SRTP, "srtp", GS_KIND_CHOICE, ON_OFF, "on", "off")
GS_PARAM(SAVP, "savp", GS_KIND_CHOICE, "mandatory|optional|off", "mandatory",
    "off")
GS_PARAM(AUTH_TAG, "auth_tag", GS_KIND_CHOICE, "80|32", "80", "32")
GS_PARAM(CERTIFICATE_URL, "certificate_url", GS_KIND_TEXT)
GS_PARAM(SERVER_AUTHENTICATION, "server_authentication", GS_KIND_CHOICE, ON_OFF,
    "off")
GS_PARAM(BUILTIN_ROOT, "builtin_root", GS_KIND_CHOICE, ON_OFF, "off")
GS_PARAM(NTP_SERVER, "ntp_server", GS_KIND_HOST)
GS_PARAM(LANGUAGE, "language", GS_KIND_TEXT)
GS_PARAM(WEB_LANGUAGE, "web_language", GS_KIND_TEXT, .usual = "English")
GS_PARAM(TONE_SCHEME, "tone_scheme", GS_KIND_TEXT)
GS_PARAM(TIMEZONE, "timezone", GS_KIND_TEXT, .legacy = "GER+1")
GS_PARAM(WEB_ACCESS, "web_access", GS_KIND_CHOICE, NULL, "https", "http_https")
GS_PARAM(ADMIN_PASSWORD, "admin_password", GS_KIND_TEXT)
GS_PARAM(FIRMWARE_URL, "firmware_url", GS_KIND_TEXT)
GS_PARAM(UPDATE_POLICY, "update_policy", GS_KIND_CHOICE, NULL, "settings_only")
GS_PARAM(PNP, "pnp", GS_KIND_CHOICE, ON_OFF, "off", "on")
/* service.snom.com: Permission Flags. */
GS_PARAM(PERM, "perm", GS_KIND_CHOICE, "R|RW|!", "R")
GS_PARAM(PERM_USER, "perm_user", GS_KIND_CHOICE, "RW|R|!", "RW")
GS_PARAM(MENUS, "menus", GS_KIND_CHOICE, ON_OFF, "on")
GS_PARAM(PAD_KEYS, "pad_keys", GS_KIND_CHOICE, ON_OFF, "on")
/* FusionPBX, sipXecs; its meaning is believed. */
GS_PARAM(SECTION_E, "section_e", GS_KIND_CHOICE, "2|1|off", "2")
GS_PARAM(TRUSTED_HOST, "trusted_host", GS_KIND_HOST)
GS_PARAM(UPSTREAM, "upstream", GS_KIND_URL)
GS_PARAM(UPSTREAM_TIMEOUT, "upstream_timeout", GS_KIND_NUMBER, "seconds, 1-50",
    "30")
GS_PARAM(MODEL, "model", GS_KIND_TEXT)

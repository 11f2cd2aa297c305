/* SPDX-License-Identifier: MIT */
/* The settings of a Snom phone: their meaning and values. */
#include "snom/settings.h"

#include <ctype.h>

#include "base/near.h"
#include "snom/params.h"
#include "snom/phones.h"

#define ON_OFF "on off"

/* A setting that is rendered as in GS5, of the phone or an identity. */
#define USUAL(n, v)                                                            \
	{                                                                      \
		.name = (n), .part = GS_PART_USUAL, .value = (v)               \
	}
#define USUAL_IDENTITY(n, v)                                                   \
	{                                                                      \
		.name = (n), .scope = GS_SCOPE_IDENTITY,                       \
		.part = GS_PART_USUAL, .value = (v)                            \
	}
/* A page below base_url/config_snom/PHONE/ACCOUNT/. */
#define MENU(n, page)                                                          \
	{                                                                      \
		.name = (n), .marks = GS_MARK_URL, .part = GS_PART_MENU,       \
		.value = (page)                                                \
	}
/* From a parameter, if that is set. */
#define FROM_PARAM(n, p)                                                       \
	{                                                                      \
		.name = (n), .part = GS_PART_MAIN, .param = (p)                \
	}
/* From a column or, if that is missing or empty, from a parameter. */
#define FROM_COLUMN(n, p, c)                                                   \
	{                                                                      \
		.name = (n), .part = GS_PART_MAIN, .param = (p), .column = (c) \
	}
/* Used by the check only; sipXecs phone.xml. */
#define ONLY_MARKED(n, s, m)                                                   \
	{                                                                      \
		.name = (n), .scope = (s), .marks = (m)                        \
	}

/* Secures an identity, and means nothing without its idx. */
enum { IDENTITY = GS_MARK_LOCKED | GS_MARK_INDEXED };

/* Of an account; empty where an identity has none. */
#define ACCOUNT .scope = GS_SCOPE_IDENTITY, .part = GS_PART_MAIN, .inactive = ""

/* In the order of rendering, and as in GS5's snom_phone.xml.haml, unless
 * another source is named. */
const struct gs_snom_def gs_snom_defs[] = {
	/* ---- an identity */
	/* wiki.snom.com: Identities/Login. */
	{ .name = "user_active",
	    .scope = GS_SCOPE_IDENTITY,
	    .marks = IDENTITY,
	    .unset = "on",
	    .part = GS_PART_MAIN,
	    .value = "on",
	    .inactive = "off" },
	{ .name = "user_pname",
	    ACCOUNT,
	    .marks = IDENTITY | GS_MARK_SHOWN | GS_MARK_CREDENTIAL,
	    .value = "{auth_name}" },
	{ .name = "user_pass",
	    ACCOUNT,
	    .marks = IDENTITY | GS_MARK_SECRET | GS_MARK_CREDENTIAL,
	    .value = "{password}" },
	{ .name = "user_host",
	    ACCOUNT,
	    .marks = IDENTITY | GS_MARK_HOST | GS_MARK_HARDENED,
	    .value = "{host}" },
	/* Rendered from sip_host, sip_port and transport: thread of
	 * 2013-05-17, Wazo base.tpl. */
	{ .name = "user_outbound",
	    ACCOUNT,
	    .marks = IDENTITY | GS_MARK_HOST | GS_MARK_HARDENED,
	    .param = GS_P_TRANSPORT },
	{ .name = "user_name",
	    ACCOUNT,
	    .marks = IDENTITY | GS_MARK_SHOWN | GS_MARK_CREDENTIAL,
	    .value = "{auth_name}" },
	{ .name = "user_realname",
	    ACCOUNT,
	    .marks = IDENTITY | GS_MARK_SHOWN,
	    .value = "Call" },
	{ .name = "user_idle_text",
	    ACCOUNT,
	    .marks = IDENTITY | GS_MARK_SHOWN,
	    .value = "{caller_name}" },
	{ .name = "user_mailbox",
	    .scope = GS_SCOPE_IDENTITY,
	    .marks = GS_MARK_LOCKED,
	    .part = GS_PART_MAIN,
	    .value = "",
	    .column = GS_C_MAILBOX },
	{ .name = "user_expiry",
	    .scope = GS_SCOPE_IDENTITY,
	    .marks = GS_MARK_LOCKED,
	    .part = GS_PART_MAIN,
	    .value = "" },
	{ .name = "user_server_type",
	    .scope = GS_SCOPE_IDENTITY,
	    .marks = GS_MARK_LOCKED,
	    .part = GS_PART_MAIN,
	    .value = "default" },
	/* Its default differs by firmware; sipXecs line.xml. */
	{ .name = "user_srtp",
	    .scope = GS_SCOPE_IDENTITY,
	    .marks = IDENTITY | GS_MARK_HARDENED,
	    .part = GS_PART_MAIN,
	    .param = GS_P_SRTP },
	/* sipXecs types.xml. */
	{ .name = "user_savp",
	    .scope = GS_SCOPE_IDENTITY,
	    .marks = IDENTITY | GS_MARK_HARDENED,
	    .unset = "off",
	    .part = GS_PART_MAIN,
	    .param = GS_P_SAVP },
	/* On means the tag of 32 bits; sipXecs line.properties. */
	{ .name = "user_auth_tag",
	    .scope = GS_SCOPE_IDENTITY,
	    .marks = IDENTITY | GS_MARK_HARDENED | GS_MARK_NOT_LEGACY,
	    .unset = "on",
	    .part = GS_PART_MAIN,
	    .param = GS_P_AUTH_TAG },
	USUAL_IDENTITY("user_send_local_name", "on"),
	USUAL_IDENTITY("user_dtmf_info", "off"),
	USUAL_IDENTITY("user_dp_exp", ""),
	USUAL_IDENTITY("user_dp_str", ""),
	USUAL_IDENTITY("user_dp", ""),
	USUAL_IDENTITY("user_q", "1.0"),
	USUAL_IDENTITY("user_failover_identity", "none"),
	USUAL_IDENTITY("user_full_sdp_answer", "on"),
	USUAL_IDENTITY("user_dynamic_payload", "on"),
	USUAL_IDENTITY("user_g726_packing_order", "on"),
	USUAL_IDENTITY("codec_size", "20"),
	USUAL_IDENTITY("codec1_name", "0"),
	USUAL_IDENTITY("codec2_name", "8"),
	USUAL_IDENTITY("codec3_name", "3"),
	USUAL_IDENTITY("codec4_name", "9"),
	USUAL_IDENTITY("codec5_name", "2"),
	USUAL_IDENTITY("codec6_name", "18"),
	USUAL_IDENTITY("codec7_name", "4"),
	USUAL_IDENTITY("record_missed_calls", "on"),
	USUAL_IDENTITY("record_received_calls", "off"),
	USUAL_IDENTITY("record_missed_calls_cwi_off", "off"),
	USUAL_IDENTITY("record_dialed_calls", "off"),
	ONLY_MARKED("user_hash", GS_SCOPE_IDENTITY,
	    GS_MARK_SECRET | GS_MARK_CREDENTIAL),

	/* ---- the phone: provisioning */
	/* Rendered before all others, from setting_path. The first two:
	 * service.snom.com: Auto Provisioning; the others: sipXecs
	 * phone.xml. */
	{ .name = "setting_server", .marks = GS_MARK_URL },
	{ .name = "subscribe_config",
	    .words = ON_OFF,
	    .insecure = "on",
	    .rule = GS_S_PROV_PNP,
	    .risk = "whoever answers its SUBSCRIBE can redirect the phone" },
	{ .name = "allow_sip_settings",
	    .words = ON_OFF,
	    .insecure = "on",
	    .rule = GS_S_PROV_PNP,
	    .risk = "a SIP message changes settings" },
	{ .name = "challenge_reboot",
	    .words = ON_OFF,
	    .insecure = "off",
	    .rule = GS_S_PROV_NOTIFY,
	    .risk = "the phone obeys any NOTIFY" },
	{ .name = "challenge_checksync",
	    .words = ON_OFF,
	    .insecure = "off",
	    .rule = GS_S_PROV_NOTIFY,
	    .risk = "the phone obeys any NOTIFY" },
	{ .name = "challenge_response", .words = ON_OFF },
	{ .name = "filter_registrar",
	    .words = ON_OFF,
	    .insecure = "off",
	    .rule = GS_S_SIP_FILTER,
	    .risk = "the phone answers SIP from anyone" },

	/* ---- the phone: access and trust */
	/* service.snom.com: Securing Snom phones. */
	{ .name = "webserver_type",
	    .marks = GS_MARK_LOCKED,
	    .words = "http https http_https off",
	    .insecure = "http http_https",
	    .rule = GS_S_FILE_WEB_PLAIN,
	    .risk = "the phone's pages are served without encryption",
	    .absent = "http_https: the phone's pages are served without "
		      "encryption",
	    .part = GS_PART_MAIN,
	    .param = GS_P_WEB_ACCESS },
	{ .name = "http_user",
	    .marks = GS_MARK_LOCKED | GS_MARK_CREDENTIAL,
	    .part = GS_PART_MAIN,
	    .value = "{http_user}",
	    .column = GS_C_HTTP_USER },
	{ .name = "http_pass",
	    .marks = GS_MARK_LOCKED | GS_MARK_SECRET | GS_MARK_PASSWORD |
		GS_MARK_CREDENTIAL | GS_MARK_WEB,
	    .part = GS_PART_MAIN,
	    .value = "{http_password}",
	    .rule = GS_S_FILE_PASSWORD,
	    .absent = "empty: the phone's pages are open",
	    .instead = "webserver_user_password",
	    .column = GS_C_HTTP_PASS },
	{ .name = "admin_mode_password",
	    .marks = GS_MARK_LOCKED | GS_MARK_SECRET | GS_MARK_PASSWORD |
		GS_MARK_CREDENTIAL,
	    .part = GS_PART_MAIN,
	    .param = GS_P_ADMIN_PASSWORD,
	    .rule = GS_S_FILE_PASSWORD,
	    .absent = "0000 before firmware 10.1.185",
	    .safe_from = GS_FIRMWARE(10, 1, 185),
	    .instead = "webserver_admin_password" },
	/* GS4 show.xml.builder. */
	{ .name = "ntp_server",
	    .marks = GS_MARK_LOCKED | GS_MARK_HARDENED,
	    .part = GS_PART_MAIN,
	    .param = GS_P_NTP_SERVER },
	{ .name = "ignore_security_warning",
	    .marks = GS_MARK_LOCKED,
	    .words = ON_OFF,
	    .insecure = "on",
	    .rule = GS_S_FILE_QUIET,
	    .risk = "the phone hides missing passwords",
	    .part = GS_PART_MAIN,
	    .value = "off",
	    .legacy = "on" },
	{ .name = "disable_redirection_menu",
	    .marks = GS_MARK_LOCKED,
	    .part = GS_PART_MAIN,
	    .value = "on" },
	{ .name = "retry_after_failed_register",
	    .part = GS_PART_MAIN,
	    .value = "5:60",
	    .legacy = "70" },
	/* The next three: firmware dump 8.7.3. */
	{ .name = "pnp_config",
	    .marks = GS_MARK_LOCKED | GS_MARK_NOT_LEGACY,
	    .words = ON_OFF,
	    .insecure = "on",
	    .rule = GS_S_PROV_PNP,
	    .risk = "any machine in the network can redirect the phone",
	    .absent = "on: any machine in the network can redirect the phone",
	    .part = GS_PART_MAIN,
	    .param = GS_P_PNP },
	{ .name = "tls_server_authentication",
	    .marks = GS_MARK_LOCKED | GS_MARK_HARDENED | GS_MARK_NOT_LEGACY,
	    .unset = "off",
	    .part = GS_PART_MAIN,
	    .param = GS_P_SERVER_AUTHENTICATION },
	{ .name = "check_fqdn_against_server_cert",
	    .marks = GS_MARK_LOCKED | GS_MARK_NOT_LEGACY | GS_MARK_IF_ON,
	    .words = ON_OFF,
	    .insecure = "off",
	    .rule = GS_S_TRUST_NAME,
	    .risk = "a certificate for any other name is accepted, too",
	    .absent = "off before firmware 10: a certificate for any other "
		      "name is accepted, too",
	    .safe_from = GS_FIRMWARE(10, 0, 0),
	    .since = GS_FIRMWARE(8, 8, 3),
	    .part = GS_PART_MAIN,
	    .param = GS_P_SERVER_AUTHENTICATION },
	/* sipXecs phone.xml. */
	{ .name = "update_policy",
	    .words = "auto_update ask_for_update never_update_firm "
		     "never_update_boot settings_only never_update",
	    .part = GS_PART_MAIN,
	    .param = GS_P_UPDATE_POLICY },
	FROM_PARAM("firmware_status", GS_P_FIRMWARE_URL),
	FROM_PARAM("web_language", GS_P_WEB_LANGUAGE),
	FROM_COLUMN("language", GS_P_LANGUAGE, GS_C_LANGUAGE),
	FROM_COLUMN("tone_scheme", GS_P_TONE_SCHEME, GS_C_TONE_SCHEME),
	FROM_COLUMN("timezone", GS_P_TIMEZONE, GS_C_TIMEZONE),
	ONLY_MARKED("http_client_user", GS_SCOPE_PHONE, GS_MARK_CREDENTIAL),
	ONLY_MARKED("http_client_pass", GS_SCOPE_PHONE,
	    GS_MARK_SECRET | GS_MARK_CREDENTIAL),
	ONLY_MARKED("http_client_hash", GS_SCOPE_PHONE,
	    GS_MARK_SECRET | GS_MARK_CREDENTIAL),
	ONLY_MARKED("http_basic_pass", GS_SCOPE_PHONE,
	    GS_MARK_SECRET | GS_MARK_PASSWORD),
	ONLY_MARKED("http_engineer_pass", GS_SCOPE_PHONE,
	    GS_MARK_SECRET | GS_MARK_PASSWORD),
	ONLY_MARKED("webserver_admin_name", GS_SCOPE_PHONE, GS_MARK_CREDENTIAL),
	ONLY_MARKED("webserver_admin_password", GS_SCOPE_PHONE,
	    GS_MARK_SECRET | GS_MARK_PASSWORD | GS_MARK_CREDENTIAL),
	ONLY_MARKED("webserver_user_name", GS_SCOPE_PHONE, GS_MARK_CREDENTIAL),
	ONLY_MARKED("webserver_user_password", GS_SCOPE_PHONE,
	    GS_MARK_SECRET | GS_MARK_PASSWORD | GS_MARK_CREDENTIAL),

	/* ---- the phone: the display */
	MENU("dkey_redial", "call_history.xml?type=dialed"),
	MENU("dkey_directory", "phone_book.xml"),
	MENU("dkey_touch_idle_adr_book", "phone_book.xml"),
	MENU("dkey_touch_idle_list_missed", "call_history.xml?type=missed"),
	MENU("dkey_touch_idle_list_taken", "call_history.xml?type=received"),
	MENU("dkey_touch_idle_redial", "call_history.xml?type=dialed"),
	MENU("dkey_touch_idle_dialog", "call_history.xml"),
	MENU("idle_ok_key_action", "call_history.xml?type=dialed"),
	MENU("idle_left_key_action", "call_history.xml?type=received"),
	MENU("idle_right_key_action", "call_history.xml?type=missed"),
	USUAL("auto_reboot_on_setting_change", "off"),
	USUAL("date_us_format", "off"),
	USUAL("time_24_format", "on"),
	USUAL("settings_refresh_timer", "0"),
	{ .name = "http_scheme",
	    .words = ON_OFF,
	    .part = GS_PART_USUAL,
	    .value = "off" },
	USUAL("keytones", "off"),
	USUAL("dtmf_speaker_phone", "off"),
	USUAL("encode_display_name", "on"),
	USUAL("dtmf_payload_type", "101"),
	USUAL("call_completion", "on"),
	USUAL("block_url_dialing", "on"),
	USUAL("redirect_ringing", "on"),
	USUAL("goto_virtual_keys_state_on_activity", "off"),
	USUAL("goto_monitor_state_on_line_activity", "on"),
	USUAL("ringer_animation", "on"),
	USUAL("display_method", "display_name_number"),
	USUAL("callpickup_dialoginfo", "on"),
	USUAL("pickup_indication", "off"),
	USUAL("auto_connect_indication", "off"),
	USUAL("show_local_line", "off"),
	USUAL("mwi_notification", "silent"),
	USUAL("mwi_dialtone", "normal"),
	USUAL("prefer_saved_over_received_photo", "off"),
	USUAL("no_dnd", "off"),
	USUAL("transfer_on_hangup", "on"),
	USUAL("transfer_on_hangup_non_pots", "off"),
	USUAL("call_join_xfer", "on"),
	USUAL("conf_hangup", "on"),
	USUAL("logon_wizard", "off"),
	USUAL("disable_deflection", "off"),
	USUAL("csta_control", "on"),
	USUAL("save_latest_callrecords_to_flash", "off"),
	USUAL("use_proxy_number_guessing", "off"),
	USUAL("guess_number", "off"),
	USUAL("guess_start_length", "3"),
	USUAL("dkey_menu", "keyevent F_SETTINGS"),
	USUAL("dkey_retrieve", "speed f-vmcheck"),
	USUAL("dkey_conf", "keyevent F_CONFERENCE"),
	/* Real names that are similar to others. */
	ONLY_MARKED("pnp_server", GS_SCOPE_PHONE, GS_MARK_URL),
	ONLY_MARKED("dkey_*", GS_SCOPE_PHONE, GS_MARK_URL),
	ONLY_MARKED("idle_*", GS_SCOPE_PHONE, GS_MARK_URL),
};
const size_t gs_snom_def_count = sizeof(gs_snom_defs) / sizeof(gs_snom_defs[0]);

static bool
is_named(const struct gs_snom_def *d, struct gs_span name)
{
	size_t n = strlen(d->name);

	if (d->name[n - 1] == '*')
		return gs_span_starts(name, gs_span(d->name, n - 1));
	return gs_span_eq(gs_span(d->name, n), name);
}

const struct gs_snom_def *
gs_snom_def_find(struct gs_span name)
{
	for (size_t i = 0; i < gs_snom_def_count; i++)
		if (is_named(&gs_snom_defs[i], name))
			return &gs_snom_defs[i];
	return NULL;
}

bool
gs_snom_def_is(struct gs_span name, unsigned mark)
{
	for (size_t i = 0; i < gs_snom_def_count; i++)
		if ((gs_snom_defs[i].marks & mark) != 0 &&
		    is_named(&gs_snom_defs[i], name))
			return true;
	return false;
}

/* Whether a misspelt name leaves a phone unprotected. */
static bool
secures(const struct gs_snom_def *d)
{
	return (d->marks &
		   (GS_MARK_LOCKED | GS_MARK_HARDENED | GS_MARK_SECRET)) != 0 ||
	    d->risk != NULL || strcmp(d->name, "setting_server") == 0;
}

const char *
gs_snom_def_near(struct gs_span name)
{
	const char *names[128];
	size_t n = 0;
	char word[64];

	if (name.n < 6 || name.n >= sizeof(word) ||
	    gs_snom_def_find(name) != NULL)
		return NULL;
	for (size_t i = 0; i < gs_snom_def_count && n < 128; i++)
		if (secures(&gs_snom_defs[i]))
			names[n++] = gs_snom_defs[i].name;
	for (size_t i = 0; i < name.n; i++)
		word[i] = (char)tolower((unsigned char)name.p[i]);
	word[name.n] = '\0';
	return gs_nearest_within(word, names, n, 2);
}

static bool
is_word(const char *words, struct gs_span v,
    bool (*eq)(struct gs_span, struct gs_span))
{
	while (words != NULL && *words != '\0') {
		size_t n = strcspn(words, " |");
		if (eq(gs_span(words, n), v))
			return true;
		words += n + (words[n] != '\0');
	}
	return false;
}

bool
gs_snom_is_word(const char *words, struct gs_span v)
{
	return is_word(words, v, gs_span_eq);
}

bool
gs_snom_is_word_nocase(const char *words, struct gs_span v)
{
	return is_word(words, v, gs_span_eqcase);
}

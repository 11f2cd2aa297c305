/* SPDX-License-Identifier: MIT */
/* The settings of the phone itself. */
#include "snom/render_priv.h"

#include <stdio.h>

/* GS5's choices for tones and the display; base may change them. */
static const struct setting usual[] = {
	{ "auto_reboot_on_setting_change", "off" },
	{ "date_us_format", "off" },
	{ "time_24_format", "on" },
	{ "settings_refresh_timer", "0" },
	{ "http_scheme", "off" },
	{ "keytones", "off" },
	{ "dtmf_speaker_phone", "off" },
	{ "encode_display_name", "on" },
	{ "dtmf_payload_type", "101" },
	{ "call_completion", "on" },
	{ "block_url_dialing", "on" },
	{ "redirect_ringing", "on" },
	{ "goto_virtual_keys_state_on_activity", "off" },
	{ "goto_monitor_state_on_line_activity", "on" },
	{ "ringer_animation", "on" },
	{ "display_method", "display_name_number" },
	{ "callpickup_dialoginfo", "on" },
	{ "pickup_indication", "off" },
	{ "auto_connect_indication", "off" },
	{ "show_local_line", "off" },
	{ "mwi_notification", "silent" },
	{ "mwi_dialtone", "normal" },
	{ "prefer_saved_over_received_photo", "off" },
	{ "no_dnd", "off" },
	{ "transfer_on_hangup", "on" },
	{ "transfer_on_hangup_non_pots", "off" },
	{ "call_join_xfer", "on" },
	{ "conf_hangup", "on" },
	{ "logon_wizard", "off" },
	{ "disable_deflection", "off" },
	{ "csta_control", "on" },
	{ "save_latest_callrecords_to_flash", "off" },
	{ "use_proxy_number_guessing", "off" },
	{ "guess_number", "off" },
	{ "guess_start_length", "3" },
	{ "dkey_menu", "keyevent F_SETTINGS" },
	{ "dkey_retrieve", "speed f-vmcheck" },
	{ "dkey_conf", "keyevent F_CONFERENCE" },
};

/* GS5's pages for the display, below base_url/config_snom/PHONE/ACCOUNT/. */
static const struct setting menus[] = {
	{ "dkey_redial", "call_history.xml?type=dialed" },
	{ "dkey_directory", "phone_book.xml" },
	{ "dkey_touch_idle_adr_book", "phone_book.xml" },
	{ "dkey_touch_idle_list_missed", "call_history.xml?type=missed" },
	{ "dkey_touch_idle_list_taken", "call_history.xml?type=received" },
	{ "dkey_touch_idle_redial", "call_history.xml?type=dialed" },
	{ "dkey_touch_idle_dialog", "call_history.xml" },
	{ "idle_ok_key_action", "call_history.xml?type=dialed" },
	{ "idle_left_key_action", "call_history.xml?type=received" },
	{ "idle_right_key_action", "call_history.xml?type=missed" },
};

/* A setting of the phone; phone.NAME replaces its value. */
static void
global(struct build *b, const char *name, bool locked, const char *value)
{
	const struct gs_param_extra *e = gs_build_extra(b->p, false, name);

	gs_build_note(b, false, name);
	gs_build_element(b, &b->r->front, name, 0, gs_build_perm(b, locked),
	    e != NULL ? e->value : value);
}

/* A setting that is left out when its column is empty. */
static void
from_column(struct build *b, const char *name, enum gs_column c,
    const char *value)
{
	int column = b->holes.phones->column[c];

	if (column == -1 || gs_build_extra(b->p, false, name) != NULL)
		return;
	struct gs_op op = { .kind = GS_OP_IF,
		.head = true,
		.column = (uint16_t)column };
	size_t at = gs_program_add(&b->r->front, op);
	global(b, name, true, value);
	gs_program_end(&b->r->front, at);
}

static void
setting_server(struct build *b)
{
	const char *path = gs_params_get(b->p, GS_P_SETTING_PATH);
	int key = b->holes.phones->column[GS_C_KEY];
	struct gs_program *p = &b->r->front;
	char url[GS_BUILD_VALUE];

	if (*path != '\0' || key == -1 ||
	    !gs_params_on(b->p, GS_P_PROVISIONING_KEY)) {
		gs_build_url(b, *path != '\0' ? path : "settings-{mac}.xml",
		    url, sizeof(url));
		global(b, "setting_server", false, url);
		return;
	}
	struct gs_op op = { .kind = GS_OP_IF,
		.head = true,
		.column = (uint16_t)key };
	size_t at = gs_program_add(p, op);
	gs_build_url(b, "snom-{provisioning_key}.xml", url, sizeof(url));
	global(b, "setting_server", false, url);
	gs_program_end(p, at);
	op.kind = GS_OP_UNLESS;
	at = gs_program_add(p, op);
	gs_build_url(b, "settings-{mac}.xml", url, sizeof(url));
	gs_build_element(b, p, "setting_server", 0, gs_build_perm(b, false),
	    url);
	gs_program_end(p, at);
}

/* A parameter that is rendered only when it is set. */
static void
if_set(struct build *b, const char *name, enum gs_param id, bool locked)
{
	const char *value = gs_params_get(b->p, id);

	if (*value != '\0')
		global(b, name, locked, value);
}

static void
menu_settings(struct build *b)
{
	const int *column = b->holes.phones->column;
	struct gs_op op = { .kind = GS_OP_IF, .head = true };
	char path[256], url[GS_BUILD_VALUE], value[GS_BUILD_VALUE + 8];

	if (!gs_params_on(b->p, GS_P_MENUS) || column[GS_C_PHONE_ID] == -1 ||
	    column[GS_C_ID] == -1)
		return;
	op.column = (uint16_t)column[GS_C_PHONE_ID];
	size_t phone = gs_program_add(&b->r->front, op);
	op.column = (uint16_t)column[GS_C_ID];
	size_t account = gs_program_add(&b->r->front, op);
	for (size_t i = 0; i < COUNT(menus); i++) {
		(void)snprintf(path, sizeof(path),
		    "config_snom/{phone_id}/{id}/%s", menus[i].value);
		(void)snprintf(value, sizeof(value), "url %s",
		    gs_build_url(b, path, url, sizeof(url)));
		global(b, menus[i].name, false, value);
	}
	gs_program_end(&b->r->front, account);
	gs_program_end(&b->r->front, phone);
}

static void
secure_settings(struct build *b)
{
	bool legacy = gs_params_profile(b->p) == GS_LEGACY;
	char url[GS_BUILD_VALUE];

	global(b, "webserver_type", true, gs_params_get(b->p, GS_P_WEB_ACCESS));
	from_column(b, "http_user", GS_C_HTTP_USER, "{http_user}");
	from_column(b, "http_pass", GS_C_HTTP_PASS, "{http_password}");
	if_set(b, "admin_mode_password", GS_P_ADMIN_PASSWORD, true);
	if_set(b, "ntp_server", GS_P_NTP_SERVER, true);
	global(b, "ignore_security_warning", true, legacy ? "on" : "off");
	global(b, "disable_redirection_menu", true, "on");
	global(b, "retry_after_failed_register", false, legacy ? "70" : "5:60");
	if (!legacy) {
		global(b, "pnp_config", true, gs_params_get(b->p, GS_P_PNP));
		global(b, "tls_server_authentication", true,
		    gs_params_get(b->p, GS_P_SERVER_AUTHENTICATION));
	}
	global(b, "update_policy", false,
	    gs_params_get(b->p, GS_P_UPDATE_POLICY));
	if (*gs_params_get(b->p, GS_P_FIRMWARE_URL) != '\0')
		global(b, "firmware_status", false,
		    gs_build_url(b, gs_params_get(b->p, GS_P_FIRMWARE_URL), url,
			sizeof(url)));
	if_set(b, "web_language", GS_P_WEB_LANGUAGE, false);
	if_set(b, "language", GS_P_LANGUAGE, false);
	if_set(b, "tone_scheme", GS_P_TONE_SCHEME, false);
	if_set(b, "timezone", GS_P_TIMEZONE, false);
}

/* phone.NAME for names that are not rendered anyway. */
static void
extra_settings(struct build *b)
{
	for (size_t i = 0; i < b->p->extras; i++) {
		const struct gs_param_extra *e = &b->p->extra[i];
		if (e->identity ||
		    gs_build_has(b->global, b->globals,
			gs_span(e->name, strlen(e->name))))
			continue;
		global(b, e->name, false, e->value);
	}
}

static void
base_settings(struct build *b)
{
	for (size_t i = 0; b->base != NULL && i < b->base->settings; i++) {
		const struct gs_setting *s = &b->base->setting[i];
		const struct gs_node *n = gs_doc_node(b->base, s);
		bool identity = s->idx >= 1 && s->idx <= GS_SNOM_IDENTITIES;
		if (s->superseded ||
		    gs_build_has(b->global, b->globals, n->name) ||
		    (identity &&
			gs_build_has(b->identity, b->identities, n->name)))
			continue;
		gs_program_text(&b->r->front,
		    gs_span(b->base->scan.text.p + n->tag, n->end - n->tag));
		gs_program_puts(&b->r->front, "\n");
	}
}

static void
usual_settings(struct build *b)
{
	for (size_t i = 0; i < COUNT(usual); i++)
		if (!gs_build_base_has(b, usual[i].name, GS_NO_IDX) &&
		    !gs_build_has(b->global, b->globals,
			gs_span(usual[i].name, strlen(usual[i].name))))
			gs_build_element(b, &b->r->front, usual[i].name, 0,
			    gs_build_perm(b, false), usual[i].value);
}

void
gs_build_phone(struct build *b)
{
	setting_server(b);
	secure_settings(b);
	menu_settings(b);
	extra_settings(b);
	base_settings(b);
	usual_settings(b);
}

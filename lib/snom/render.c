/* SPDX-License-Identifier: MIT */
/* One phone's settings as XML. */
#include "snom/render.h"

#include <stdio.h>

#include "snom/text.h"
#include "snom/url.h"

enum { MOST_NAMES = 512, VALUE = 2 * GS_PARAM_VALUE };

/* What is being built. */
struct build {
	struct gs_render *r;
	const struct gs_params *p;
	struct gs_doc *base;
	struct gs_err *err;
	struct gs_holes holes;
	/* Names that are rendered: base and the defaults yield to them. */
	const char *global[MOST_NAMES];
	size_t globals;
	const char *identity[MOST_NAMES];
	size_t identities;
	int bad;
};

struct setting {
	const char *name;
	const char *value;
};

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

static const struct setting usual_identity[] = {
	{ "user_send_local_name", "on" },
	{ "user_dtmf_info", "off" },
	{ "user_dp_exp", "" },
	{ "user_dp_str", "" },
	{ "user_dp", "" },
	{ "user_q", "1.0" },
	{ "user_failover_identity", "none" },
	{ "user_full_sdp_answer", "on" },
	{ "user_dynamic_payload", "on" },
	{ "user_g726_packing_order", "on" },
	{ "codec_size", "20" },
	{ "codec1_name", "0" },
	{ "codec2_name", "8" },
	{ "codec3_name", "3" },
	{ "codec4_name", "9" },
	{ "codec5_name", "2" },
	{ "codec6_name", "18" },
	{ "codec7_name", "4" },
	{ "record_missed_calls", "on" },
	{ "record_received_calls", "off" },
	{ "record_missed_calls_cwi_off", "off" },
	{ "record_dialed_calls", "off" },
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

/* What identity_settings() renders; others come behind them. */
static const char *const identity_names[] = { "user_active", "user_pname",
	"user_pass", "user_host", "user_outbound", "user_name",
	"user_realname", "user_idle_text", "user_mailbox", "user_expiry",
	"user_server_type", "user_srtp", "user_savp", "user_auth_tag" };

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool
has_name(const char *const *list, size_t n, struct gs_span name)
{
	for (size_t i = 0; i < n; i++)
		if (gs_span_eq(gs_span(list[i], strlen(list[i])), name))
			return true;
	return false;
}

static void
note_name(struct build *b, bool identity, const char *name)
{
	size_t *n = identity ? &b->identities : &b->globals;

	if (*n == MOST_NAMES)
		b->bad = gs_err_set(b->err, "too many settings");
	else if (identity)
		b->identity[(*n)++] = name;
	else
		b->global[(*n)++] = name;
}

static const struct gs_param_extra *
extra_of(const struct gs_params *p, bool identity, const char *name)
{
	for (size_t i = 0; i < p->extras; i++)
		if (p->extra[i].identity == identity &&
		    strcmp(p->extra[i].name, name) == 0)
			return &p->extra[i];
	return NULL;
}

static bool
is_url_safe(const char *name)
{
	return strcmp(name, "setting_server") == 0 ||
	    strncmp(name, "dkey_", 5) == 0 || strncmp(name, "idle_", 5) == 0;
}

/* Adds <name idx perm>value</name>; idx 0 is none. */
static void
element(struct build *b, struct gs_program *p, const char *name,
    unsigned idx, const char *perm, const char *value)
{
	char text[160];

	if (idx > 0)
		(void)snprintf(text, sizeof(text),
		    "<%s idx=\"%u\" perm=\"%s\">", name, idx, perm);
	else
		(void)snprintf(
		    text, sizeof(text), "<%s perm=\"%s\">", name, perm);
	gs_program_puts(p, text);
	b->holes.head = idx == 0;
	b->holes.url = is_url_safe(name);
	b->holes.host = strcmp(name, "user_host") == 0 ||
	    strcmp(name, "user_outbound") == 0;
	if (gs_program_value(p, &b->holes, value, b->err) == -1)
		b->bad = -1;
	(void)snprintf(text, sizeof(text), "</%s>\n", name);
	gs_program_puts(p, text);
}

static const char *
perm_of(const struct build *b, bool locked)
{
	return gs_params_get(b->p, locked ? GS_P_PERM : GS_P_PERM_USER);
}

/* A setting of the phone; phone.NAME replaces its value. */
static void
global(struct build *b, const char *name, bool locked, const char *value)
{
	const struct gs_param_extra *e = extra_of(b->p, false, name);

	note_name(b, false, name);
	element(b, &b->r->front, name, 0, perm_of(b, locked),
	    e != NULL ? e->value : value);
}

/* A setting that is left out when its column is empty. */
static void
from_column(
    struct build *b, const char *name, enum gs_column c, const char *value)
{
	int column = b->holes.phones->column[c];

	if (column == -1 || extra_of(b->p, false, name) != NULL)
		return;
	struct gs_op op = { .kind = GS_OP_IF, .head = true,
		.column = (uint16_t)column };
	size_t at = gs_program_add(&b->r->front, op);
	global(b, name, true, value);
	gs_program_end(&b->r->front, at);
}

/* base_url and path, into text. */
static const char *
url_of(const struct build *b, const char *path, char *text, size_t size)
{
	struct gs_buf u;

	gs_buf_init(&u, size);
	gs_params_put_url(b->p, &u, path);
	size_t n = u.n < size ? u.n : size - 1;
	if (n > 0)
		memcpy(text, u.p, n);
	text[n] = '\0';
	gs_buf_free(&u);
	return text;
}

static void
setting_server(struct build *b)
{
	const char *path = gs_params_get(b->p, GS_P_SETTING_PATH);
	int key = b->holes.phones->column[GS_C_KEY];
	struct gs_program *p = &b->r->front;
	char url[VALUE];

	if (*path != '\0' || key == -1 ||
	    !gs_params_on(b->p, GS_P_PROVISIONING_KEY)) {
		url_of(b, *path != '\0' ? path : "settings-{mac}.xml", url,
		    sizeof(url));
		global(b, "setting_server", false, url);
		return;
	}
	struct gs_op op = { .kind = GS_OP_IF, .head = true,
		.column = (uint16_t)key };
	size_t at = gs_program_add(p, op);
	url_of(b, "snom-{provisioning_key}.xml", url, sizeof(url));
	global(b, "setting_server", false, url);
	gs_program_end(p, at);
	op.kind = GS_OP_UNLESS;
	at = gs_program_add(p, op);
	url_of(b, "settings-{mac}.xml", url, sizeof(url));
	element(b, p, "setting_server", 0, perm_of(b, false), url);
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
	char path[256], url[VALUE], value[VALUE + 8];

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
		    url_of(b, path, url, sizeof(url)));
		global(b, menus[i].name, false, value);
	}
	gs_program_end(&b->r->front, account);
	gs_program_end(&b->r->front, phone);
}

static void
secure_settings(struct build *b)
{
	bool legacy = gs_params_profile(b->p) == GS_LEGACY;
	char url[VALUE];

	global(b, "webserver_type", true,
	    gs_params_get(b->p, GS_P_WEB_ACCESS));
	from_column(b, "http_user", GS_C_HTTP_USER, "{http_user}");
	from_column(b, "http_pass", GS_C_HTTP_PASS, "{http_password}");
	if_set(b, "admin_mode_password", GS_P_ADMIN_PASSWORD, true);
	if_set(b, "ntp_server", GS_P_NTP_SERVER, true);
	global(b, "ignore_security_warning", true, legacy ? "on" : "off");
	global(b, "disable_redirection_menu", true, "on");
	global(b, "retry_after_failed_register", false,
	    legacy ? "70" : "5:60");
	if (!legacy) {
		global(b, "pnp_config", true, gs_params_get(b->p, GS_P_PNP));
		global(b, "tls_server_authentication", true,
		    gs_params_get(b->p, GS_P_SERVER_AUTHENTICATION));
	}
	global(b, "update_policy", false,
	    gs_params_get(b->p, GS_P_UPDATE_POLICY));
	if (*gs_params_get(b->p, GS_P_FIRMWARE_URL) != '\0')
		global(b, "firmware_status", false,
		    url_of(b, gs_params_get(b->p, GS_P_FIRMWARE_URL), url,
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
		    has_name(b->global, b->globals,
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
		bool identity =
		    s->idx >= 1 && s->idx <= GS_SNOM_IDENTITIES;
		if (s->superseded ||
		    has_name(b->global, b->globals, n->name) ||
		    (identity &&
			has_name(b->identity, b->identities, n->name)))
			continue;
		gs_program_text(&b->r->front,
		    gs_span(b->base->scan.text.p + n->tag, n->end - n->tag));
		gs_program_puts(&b->r->front, "\n");
	}
}

static bool
base_has(const struct build *b, const char *name, uint32_t idx)
{
	return b->base != NULL && gs_doc_get(b->base, name, idx) != NULL;
}

static void
usual_settings(struct build *b)
{
	for (size_t i = 0; i < COUNT(usual); i++)
		if (!base_has(b, usual[i].name, GS_NO_IDX) &&
		    !has_name(b->global, b->globals,
			gs_span(usual[i].name, strlen(usual[i].name))))
			element(b, &b->r->front, usual[i].name, 0,
			    perm_of(b, false), usual[i].value);
}

/* ---- identities */

static void
outbound_value(const struct build *b, char *text, size_t size)
{
	const char *host = gs_params_get(b->p, GS_P_SIP_HOST);
	const char *transport = gs_params_get(b->p, GS_P_TRANSPORT);
	bool v6 = strchr(host, ':') != NULL;

	if (gs_params_profile(b->p) == GS_LEGACY &&
	    strcmp(transport, "udp") == 0)
		*text = '\0';
	else
		(void)snprintf(text, size, "%s%s%s:%s;transport=%s",
		    v6 ? "[" : "", *host != '\0' ? host : "{host}",
		    v6 ? "]" : "", gs_params_get(b->p, GS_P_SIP_PORT),
		    transport);
}

/* The settings that are rendered for each identity, with their values. An
 * inactive one has none, but for what says how to encrypt. */
static void
identity_settings(struct build *b, struct gs_program *p, unsigned idx,
    bool active, bool note)
{
	bool legacy = gs_params_profile(b->p) == GS_LEGACY;
	bool tag_80 = strcmp(gs_params_get(b->p, GS_P_AUTH_TAG), "80") == 0;
	char outbound[512];

	outbound_value(b, outbound, sizeof(outbound));
	const struct {
		const char *name, *value, *inactive;
		bool skip;
	} list[] = {
		{ "user_active", "on", "off", false },
		{ "user_pname", "{auth_name}", "", false },
		{ "user_pass", "{password}", "", false },
		{ "user_host", "{host}", "", false },
		{ "user_outbound", outbound, "", false },
		{ "user_name", "{auth_name}", "", false },
		{ "user_realname", "Call", "", false },
		{ "user_idle_text", "{caller_name}", "", false },
		{ "user_mailbox", "", "", false },
		{ "user_expiry", "", "", false },
		{ "user_server_type", "default", "default", false },
		{ "user_srtp", gs_params_get(b->p, GS_P_SRTP),
		    gs_params_get(b->p, GS_P_SRTP), false },
		{ "user_savp", gs_params_get(b->p, GS_P_SAVP),
		    gs_params_get(b->p, GS_P_SAVP), false },
		{ "user_auth_tag", tag_80 ? "off" : "on",
		    tag_80 ? "off" : "on", legacy },
	};
	for (size_t i = 0; i < COUNT(list); i++) {
		const struct gs_param_extra *e =
		    extra_of(b->p, true, list[i].name);
		if (list[i].skip && e == NULL)
			continue;
		if (note)
			note_name(b, true, list[i].name);
		element(b, p, list[i].name, idx, perm_of(b, true),
		    !active	  ? list[i].inactive :
			e != NULL ? e->value :
				    list[i].value);
	}
}

static void
identity_extras(struct build *b, struct gs_program *p, unsigned idx,
    bool active, bool note)
{
	for (size_t i = 0; i < b->p->extras; i++) {
		const struct gs_param_extra *e = &b->p->extra[i];
		if (!e->identity ||
		    has_name(identity_names, COUNT(identity_names),
			gs_span(e->name, strlen(e->name))))
			continue;
		if (note)
			note_name(b, true, e->name);
		element(b, p, e->name, idx, perm_of(b, true),
		    active ? e->value : "");
	}
}

static void
identity_usual(struct build *b, struct gs_program *p, unsigned idx)
{
	for (size_t i = 0; i < COUNT(usual_identity); i++) {
		const char *name = usual_identity[i].name;
		if (!base_has(b, name, idx) &&
		    !has_name(b->identity, b->identities,
			gs_span(name, strlen(name))))
			element(b, p, name, idx, perm_of(b, false),
			    usual_identity[i].value);
	}
}

static void
build_identities(struct build *b)
{
	for (unsigned i = 0; i < GS_SNOM_IDENTITIES; i++) {
		struct gs_program *on = &b->r->active[i];
		struct gs_program *off = &b->r->inactive[i];
		identity_settings(b, on, i + 1, true, i == 0);
		identity_extras(b, on, i + 1, true, i == 0);
		identity_usual(b, on, i + 1);
		identity_settings(b, off, i + 1, false, false);
		identity_extras(b, off, i + 1, false, false);
		identity_usual(b, off, i + 1);
	}
}

/* ---- function keys, and what stands behind them */

static void
pad_key(struct gs_render *r, unsigned i, struct gs_span xml)
{
	r->pad.part[i].at = (uint32_t)r->pad.text.n;
	r->pad.part[i].n = (uint32_t)xml.n + 1;
	gs_buf_put(&r->pad.text, xml.p, xml.n);
	gs_buf_putc(&r->pad.text, '\n');
}

/* The base's key of each position, GS_NO_NODE for none. */
static void
base_keys(const struct gs_scan *s, uint32_t key[GS_SNOM_KEYS])
{
	uint64_t idx;

	for (size_t i = 0; i < s->nodes; i++) {
		const struct gs_node *n = &s->node[i];
		const struct gs_attr *a = gs_node_is(n, "fkey") ?
		    gs_scan_attr(s, n, "idx") :
		    NULL;
		if (a != NULL && n->depth == 2 &&
		    gs_span_u64(a->value, &idx) == 0 && idx < GS_SNOM_KEYS)
			key[idx] = (uint32_t)i;
	}
}

static void
build_keys(struct build *b, bool has_keys)
{
	uint32_t key[GS_SNOM_KEYS];
	const struct gs_scan *s = b->base != NULL ? &b->base->scan : NULL;
	bool pad = gs_params_on(b->p, GS_P_PAD_KEYS);
	char text[128];

	for (unsigned i = 0; i < GS_SNOM_KEYS; i++)
		key[i] = GS_NO_NODE;
	if (s != NULL)
		base_keys(s, key);
	b->r->keys = has_keys;
	for (unsigned i = 0; i < GS_SNOM_KEYS; i++)
		b->r->keys = b->r->keys || key[i] != GS_NO_NODE;
	for (unsigned i = 0; b->r->keys && i < GS_SNOM_KEYS; i++) {
		int n = snprintf(text, sizeof(text),
		    "<fkey idx=\"%u\" context=\"active\" label=\"\" "
		    "perm=\"%s\">none </fkey>", i, perm_of(b, false));
		if (key[i] != GS_NO_NODE)
			pad_key(b->r, i,
			    gs_span(s->text.p + s->node[key[i]].tag,
				s->node[key[i]].end - s->node[key[i]].tag));
		else if (pad)
			pad_key(b->r, i, gs_span(text, (size_t)n));
	}
}

static void
uploads(struct build *b)
{
	struct gs_program *p = &b->r->back;
	char url[VALUE];
	int column = b->holes.phones->column[GS_C_PHONE_ID];
	struct gs_op op = { .kind = GS_OP_IF, .head = true };

	if (column == -1 || !gs_params_on(b->p, GS_P_MENUS))
		return;
	op.column = (uint16_t)column;
	size_t at = gs_program_add(p, op);
	gs_program_puts(p, "<uploads>\n<file url=\"");
	b->holes.head = b->holes.url = true;
	url_of(b, "config_snom/{phone_id}/state_settings.xml", url,
	    sizeof(url));
	if (gs_program_value(p, &b->holes, url, b->err) == -1)
		b->bad = -1;
	gs_program_puts(
	    p, "\" type=\"gui_xml_state_settings\"/>\n</uploads>\n");
	gs_program_end(p, at);
}

static void
certificates(struct build *b)
{
	struct gs_program *p = &b->r->back;
	char url[VALUE];

	if (b->p->certificates == 0)
		return;
	gs_program_puts(p, "<certificates>\n");
	for (size_t i = 0; i < b->p->certificates; i++) {
		struct gs_buf x;
		gs_buf_init(&x, 8 * VALUE);
		url_of(b, b->p->certificate[i], url, sizeof(url));
		gs_text_put(&x, gs_span(url, strlen(url)));
		gs_program_puts(p, "<certificate url=\"");
		gs_program_text(p, gs_buf_span(&x));
		gs_program_puts(p, "\"/>\n");
		gs_buf_free(&x);
	}
	gs_program_puts(p, "</certificates>\n");
}

/* tbook, dialplan and so on of the base. */
static void
base_sections(struct build *b)
{
	const struct gs_scan *s = b->base != NULL ? &b->base->scan : NULL;

	for (size_t i = 1; s != NULL && i < s->nodes; i++) {
		const struct gs_node *n = &s->node[i];
		if (n->depth != 1 || gs_node_is(n, "phone-settings") ||
		    gs_node_is(n, "functionKeys") ||
		    gs_node_is(n, "uploads") ||
		    (gs_node_is(n, "certificates") &&
			b->p->certificates > 0))
			continue;
		gs_program_text(&b->r->back,
		    gs_span(s->text.p + n->tag, n->end - n->tag));
		gs_program_puts(&b->r->back, "\n");
	}
}

static void
section(struct gs_program *p, const char *name, const char *e)
{
	gs_program_puts(p, "<");
	gs_program_puts(p, name);
	if (strcmp(e, "off") != 0) {
		gs_program_puts(p, " e=\"");
		gs_program_puts(p, e);
		gs_program_puts(p, "\"");
	}
	gs_program_puts(p, ">\n");
}

static bool
has_namespace(const struct gs_scan *s)
{
	for (size_t i = 0; i < s->attrs; i++)
		if (gs_span_starts(s->attr[i].name, GS_LIT("xmlns")))
			return true;
	return false;
}

static int
check_base(const struct gs_doc *base, struct gs_err *err)
{
	size_t at;

	if (base == NULL)
		return 0;
	if (base->dialect != GS_DIALECT_SETTINGS || base->settings == 0)
		return gs_err_set(err, "%s, not settings with phone-settings",
		    gs_dialect_name(base->dialect));
	if (base->xml.what != GS_XML_OK)
		return gs_err_set(err, "line %llu, column %u: %s",
		    (unsigned long long)base->xml.pos.line,
		    base->xml.pos.col,
		    base->xml.what == GS_XML_DOCTYPE ?
			"a document type declaration" :
			base->xml.why);
	if (!gs_text_valid(base->scan.text, &at))
		return gs_err_set(err, "byte %zu is not UTF-8", at + 1);
	if (has_namespace(&base->scan))
		return gs_err_set(err, "namespaces cannot be merged");
	return 0;
}

static bool
has_failed(const struct gs_render *r)
{
	bool bad = r->front.no_memory || r->back.no_memory ||
	    !gs_buf_ok(&r->pad.text);

	for (size_t i = 0; i < GS_SNOM_IDENTITIES; i++)
		bad = bad || r->active[i].no_memory ||
		    r->inactive[i].no_memory;
	return bad;
}

static void
build_all(struct build *b, bool has_keys)
{
	struct gs_program *p = &b->r->front;

	gs_program_puts(
	    p, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<settings>\n");
	section(p, "phone-settings", b->r->section_e);
	build_identities(b);
	setting_server(b);
	secure_settings(b);
	menu_settings(b);
	extra_settings(b);
	base_settings(b);
	usual_settings(b);
	build_keys(b, has_keys);
	uploads(b);
	certificates(b);
	base_sections(b);
	gs_program_puts(&b->r->back, "</settings>\n");
}

int
gs_render_init(struct gs_render *r, const struct gs_params *params,
    const struct gs_phones *phones, struct gs_doc *base, bool has_keys,
    struct gs_err *err)
{
	const char *sip_host = gs_params_get(params, GS_P_SIP_HOST);
	struct build b = { .r = r, .p = params, .base = base, .err = err,
		.holes = { .phones = phones,
		    .no_host = *sip_host != '\0' ? sip_host : NULL } };

	*r = (struct gs_render){ .phones = phones,
		.section_e = gs_params_get(params, GS_P_SECTION_E) };
	gs_buf_init(&r->pad.text, GS_RENDER_SIZE);
	gs_program_init(&r->front);
	gs_program_init(&r->back);
	for (size_t i = 0; i < GS_SNOM_IDENTITIES; i++) {
		gs_program_init(&r->active[i]);
		gs_program_init(&r->inactive[i]);
	}
	b.bad = check_base(base, err);
	if (b.bad == 0)
		build_all(&b, has_keys);
	if (b.bad == 0 && has_failed(r))
		b.bad = gs_err_set(err, "no memory, or the settings that all "
		    "phones share are too long");
	if (b.bad == -1)
		gs_render_free(r);
	return b.bad;
}

void
gs_render_free(struct gs_render *r)
{
	gs_program_free(&r->front);
	gs_program_free(&r->back);
	for (size_t i = 0; i < GS_SNOM_IDENTITIES; i++) {
		gs_program_free(&r->active[i]);
		gs_program_free(&r->inactive[i]);
	}
	gs_buf_free(&r->pad.text);
}

static void
put_keys(const struct gs_render *r, const struct gs_key_parts *keys,
    struct gs_buf *out)
{
	bool e = strcmp(r->section_e, "off") != 0;

	gs_buf_puts(out, "<functionKeys");
	if (e) {
		gs_buf_puts(out, " e=\"");
		gs_buf_puts(out, r->section_e);
		gs_buf_puts(out, "\"");
	}
	gs_buf_puts(out, ">\n");
	if (keys == NULL || keys->count == 0) {
		gs_buf_put(out, r->pad.text.p, r->pad.text.n);
	} else {
		for (unsigned i = 0; i < GS_SNOM_KEYS; i++) {
			const struct gs_key_parts *k =
			    keys->part[i].n > 0 ? keys : &r->pad;
			gs_buf_put(out, k->text.p + k->part[i].at,
			    k->part[i].n);
		}
	}
	gs_buf_puts(out, "</functionKeys>\n");
}

int
gs_render_phone(const struct gs_render *r, const struct gs_phone *ph,
    const struct gs_key_parts *keys, struct gs_buf *out, struct gs_diags *d)
{
	const struct gs_phones *p = r->phones;
	int bad =
	    gs_program_run(&r->front, ph, &ph->head, p, out, d);

	for (unsigned i = 0; i < GS_SNOM_IDENTITIES; i++)
		bad |= i < ph->identities ?
		    gs_program_run(
			&r->active[i], ph, &ph->row[i], p, out, d) :
		    gs_program_run(
			&r->inactive[i], ph, &ph->head, p, out, d);
	gs_buf_puts(out, "</phone-settings>\n");
	if (r->keys)
		put_keys(r, keys, out);
	bad |= gs_program_run(&r->back, ph, &ph->head, p, out, d);
	return bad == 0 && gs_buf_ok(out) ? 0 : -1;
}

/* SPDX-License-Identifier: MIT */
/* The header fields of a SIP message that matter here (RFC 3261). */
#include "text/siphead_priv.h"

#include "base/bytes.h"
#include "text/textline_priv.h"

enum { LENGTH_MAX = 1 << 30 };

/* Name and compact form, RFC 3261 section 7.3.3. */
static const struct {
	enum sip_field field;
	const char *name;
	char compact;
} fields[] = {
	{ SIP_VIA, "Via", 'v' },
	{ SIP_CALL_ID, "Call-ID", 'i' },
	{ SIP_CSEQ, "CSeq", '\0' },
	{ SIP_FROM, "From", 'f' },
	{ SIP_TO, "To", 't' },
	{ SIP_CONTENT_TYPE, "Content-Type", 'c' },
	{ SIP_CONTENT_LENGTH, "Content-Length", 'l' },
};

static bool
is_token_char(int c)
{
	return gs_is_alnum(c) || (c != '\0' && strchr("-.!%*_+`'~", c) != NULL);
}

enum sip_field
gs_text_sip_field_parse(struct gs_span s, struct gs_span *value)
{
	const size_t n = gs_span_while(s, is_token_char);
	struct gs_span rest = gs_span_skip(s, n);

	rest = gs_span_skip(rest, text_indent(rest));
	if (n == 0 || gs_is_digit(s.p[0]) || !gs_span_take(&rest, GS_LIT(":")))
		return SIP_NOT;
	*value = gs_span_trim(rest);
	struct gs_span name = { s.p, n };
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (gs_span_eqcase(name, gs_span_of(fields[i].name)) ||
		    (n == 1 && fields[i].compact == (name.p[0] | 0x20)))
			return fields[i].field;
	return SIP_OTHER;
}

struct gs_span
gs_text_sip_via_transport(struct gs_span value)
{
	for (int i = 0; i < 2; i++) {
		size_t slash = gs_span_find(value, GS_LIT("/"));
		if (slash == value.n)
			return gs_span(NULL, 0);
		value = gs_span_trim(gs_span_skip(value, slash + 1));
	}
	struct gs_span rest = value;
	return gs_text_word(&rest);
}

/* The value of ;name=, quoted or not; n is 0 if there is none. */
static struct gs_span
parameter(struct gs_span s, struct gs_span name)
{
	while (s.n > 0) {
		size_t semi = gs_span_find(s, GS_LIT(";"));
		if (semi == s.n)
			break;
		s = gs_span_trim(gs_span_skip(s, semi + 1));
		if (!gs_span_begins(s, name))
			continue;
		struct gs_span v = gs_span_trim(gs_span_skip(s, name.n));
		if (v.n == 0 || v.p[0] != '=')
			continue;
		v = gs_span_trim(gs_span_skip(v, 1));
		if (v.n > 0 && v.p[0] == '"') {
			v = gs_span_skip(v, 1);
			v.n = gs_span_find(v, GS_LIT("\""));
			return v;
		}
		v.n = gs_span_find(v, GS_LIT(";"));
		v.n = gs_span_find(v, GS_LIT(","));
		return gs_span_trim(v);
	}
	return gs_span(NULL, 0);
}

struct gs_span
gs_text_sip_branch(struct gs_span value)
{
	return parameter(value, GS_LIT("branch"));
}

struct gs_span
gs_text_sip_tag(struct gs_span value)
{
	for (size_t i = value.n; i > 0; i--)
		if (value.p[i - 1] == '>') {
			value = gs_span_skip(value, i);
			break;
		}
	return parameter(value, GS_LIT("tag"));
}

struct gs_span
gs_text_sip_address(struct gs_span value)
{
	size_t open = gs_span_find(value, GS_LIT("<"));

	if (open < value.n)
		value = gs_span_skip(value, open + 1);
	value.n = gs_span_find(value, GS_LIT(">"));
	size_t colon = gs_span_find(value, GS_LIT(":"));
	if (colon < value.n)
		value = gs_span_skip(value, colon + 1);
	value.n = gs_span_find(value, GS_LIT(";"));
	return gs_span_trim(value);
}

struct gs_span
gs_text_sip_name(struct gs_span value)
{
	size_t open = gs_span_find(value, GS_LIT("<"));

	if (open == value.n)
		return gs_span(NULL, 0);
	value = gs_span_trim(gs_span(value.p, open));
	if (value.n > 1 && value.p[0] == '"' && value.p[value.n - 1] == '"')
		value = gs_span(value.p + 1, value.n - 2);
	return value;
}

enum gs_text_sip_content
gs_text_sip_content(struct gs_span value, struct gs_span *boundary)
{
	struct gs_span type = value;

	type.n = gs_span_find(type, GS_LIT(";"));
	type = gs_span_trim(type);
	if (gs_span_eqcase(type, GS_LIT("application/sdp")))
		return SIP_CONTENT_SDP;
	if (gs_span_eqcase(type, GS_LIT("message/sipfrag")))
		return SIP_CONTENT_FRAGMENT;
	if (!gs_span_begins(type, GS_LIT("multipart/")))
		return SIP_CONTENT_OTHER;
	*boundary = parameter(value, GS_LIT("boundary"));
	return SIP_CONTENT_MULTIPART;
}

int64_t
gs_text_sip_length(struct gs_span value)
{
	uint64_t v;

	if (gs_span_u64(gs_span_trim(value), &v) != 0 || v > LENGTH_MAX)
		return -1;
	return (int64_t)v;
}

/* SPDX-License-Identifier: MIT */
/* MAC addresses, and the limits of phone models. */
#include "snom/model.h"

#include "base/bytes.h"
#include "base/diag.h"

/* Octets of the 300 to 821: GS5's config_snom_controller; 710 and D785 are
 * single samples from Wazo. The limits of identities and keys are believed,
 * not read in a specification, so they only ever warn. */
const struct gs_snom_model gs_snom_models[] = {
	{ "300", { 0x25, 0x28, 0x2d, 0x2f, 0x34, 0x37, 0x3b, 0x50 }, 8, 4,
	    138 },
	{ "320", { 0x24, 0x27, 0x2c, 0x31, 0x35, 0x38, 0x51 }, 7, 12, 138 },
	{ "360", { 0x23, 0x29, 0x2b, 0x39, 0x90 }, 5, 12, 138 },
	{ "370", { 0x26, 0x2e, 0x3a, 0x52 }, 4, 12, 138 },
	{ "820", { 0x40 }, 1, 12, 138 },
	{ "821", { 0x45, 0x48 }, 2, 12, 138 },
	{ "870", { 0x41 }, 1, 12, 138 },
	{ "meetingPoint", { 0x32 }, 1, 12, 0 },
	{ "vision", { 0x43 }, 1, 0, 138 },
	{ "710", { 0x74 }, 1, 4, 138 },
	{ "715", { 0 }, 0, 4, 138 },
	{ "720", { 0 }, 0, 12, 138 },
	{ "725", { 0 }, 0, 12, 138 },
	{ "745", { 0 }, 0, 12, 138 },
	{ "760", { 0 }, 0, 12, 138 },
	{ "765", { 0 }, 0, 12, 138 },
	{ "D120", { 0 }, 0, 2, 138 },
	{ "D305", { 0 }, 0, 4, 138 },
	{ "D315", { 0 }, 0, 4, 138 },
	{ "D345", { 0 }, 0, 12, 138 },
	{ "D375", { 0 }, 0, 12, 138 },
	{ "D385", { 0 }, 0, 12, 138 },
	{ "D710", { 0 }, 0, 4, 138 },
	{ "D712", { 0 }, 0, 4, 138 },
	{ "D713", { 0 }, 0, 4, 138 },
	{ "D715", { 0 }, 0, 4, 138 },
	{ "D717", { 0 }, 0, 6, 138 },
	{ "D725", { 0 }, 0, 12, 138 },
	{ "D735", { 0 }, 0, 12, 138 },
	{ "D745", { 0 }, 0, 12, 138 },
	{ "D765", { 0 }, 0, 12, 138 },
	{ "D785", { 0x92 }, 1, 12, 138 },
	{ "D812", { 0 }, 0, 12, 138 },
	{ "D815", { 0 }, 0, 12, 138 },
	{ "D862", { 0 }, 0, 12, 138 },
	{ "D865", { 0 }, 0, 12, 138 },
};
const size_t gs_snom_models_count =
    sizeof(gs_snom_models) / sizeof(gs_snom_models[0]);

static bool
is_of_word(int c)
{
	return !gs_is_blank(c);
}

/* The word at the beginning of *s, which moves past it. */
static struct gs_span
word(struct gs_span *s)
{
	*s = gs_span_trim(*s);
	struct gs_span w = gs_span(s->p, gs_span_while(*s, is_of_word));
	*s = gs_span_skip(*s, w.n);
	return w;
}

static int
read_octets(struct gs_snom_model *m, struct gs_span s)
{
	if (gs_span_eq(s, GS_LIT("-")))
		return 0;
	for (size_t i = 0; i < s.n; i += 3) {
		if (m->octets == GS_SNOM_PREFIXES || s.n - i < 2 ||
		    gs_hex_value(s.p[i]) < 0 || gs_hex_value(s.p[i + 1]) < 0 ||
		    (s.n - i > 2 && (s.p[i + 2] != ',' || s.n - i == 3)))
			return -1;
		m->octet[m->octets++] = (uint8_t)(gs_hex_value(s.p[i]) * 16 +
		    gs_hex_value(s.p[i + 1]));
	}
	return m->octets > 0 ? 0 : -1;
}

int
gs_snom_model_parse(struct gs_snom_model *m, const char *text,
    struct gs_err *err)
{
	struct gs_span s = gs_span_of(text);
	uint64_t identities, keys;

	*m = (struct gs_snom_model){ .octets = 0 };
	struct gs_span name = word(&s), octets = word(&s);
	struct gs_span a = word(&s), b = word(&s);
	if (name.n == 0 || name.n >= sizeof(m->name) ||
	    read_octets(m, octets) == -1 || gs_span_u64(a, &identities) == -1 ||
	    gs_span_u64(b, &keys) == -1 || gs_span_trim(s).n > 0 ||
	    identities > GS_SNOM_IDENTITIES || keys > GS_SNOM_KEYS)
		return gs_err_set(err,
		    "model: expected NAME OCTET[,OCTET]|- IDENTITIES KEYS, as "
		    "in \"D785 92 12 24\"");
	memcpy(m->name, name.p, name.n);
	m->identities = (unsigned)identities;
	m->keys = (unsigned)keys;
	return 0;
}

bool
gs_snom_model_is(const struct gs_snom_model *m, struct gs_span name)
{
	name = gs_span_trim(name);
	if (gs_span_begins(name, GS_LIT("snom"))) {
		name = gs_span_skip(name, 4);
		while (name.n > 0 && (*name.p == '-' || *name.p == '_'))
			name = gs_span_skip(name, 1);
		name = gs_span_trim(name);
	}
	/* In a User-Agent, "snomD785-SIP 10.1", the model counts. */
	size_t n = strlen(m->name);
	if (name.n > n && memchr("-/ ", name.p[n], 3) != NULL)
		name.n = n;
	return gs_span_eqcase(name, gs_span(m->name, n));
}

bool
gs_snom_model_has_mac(const struct gs_snom_model *m, uint64_t mac)
{
	if (mac >> 24 != 0x000413)
		return false;
	for (unsigned i = 0; i < m->octets; i++)
		if (m->octet[i] == (mac >> 16 & 0xff))
			return true;
	return false;
}

/* The distance between separators: 2 for 00:04, 4 for 0004.13, 6 for 000413-,
 * 12 without, 0 if this is not a MAC address. */
static size_t
step_of(struct gs_span s)
{
	for (size_t step = 2; step <= 6; step += 2)
		if (s.n == 12 + 12 / step - 1 &&
		    memchr(":-. _", s.p[step], 5) != NULL)
			return step;
	return s.n == 12 ? 12 : 0;
}

int
gs_snom_mac_parse(struct gs_span s, uint64_t *mac)
{
	uint64_t v = 0;

	s = gs_span_trim(s);
	size_t step = step_of(s);
	if (step == 0)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		if ((i + 1) % (step + 1) == 0 && step < 12) {
			if (s.p[i] != s.p[step])
				return -1;
			continue;
		}
		if (gs_hex_value(s.p[i]) < 0)
			return -1;
		v = v << 4 | (unsigned)gs_hex_value(s.p[i]);
	}
	*mac = v;
	return 0;
}

void
gs_snom_mac_format(uint64_t mac, char text[13])
{
	uint8_t p[6];

	gs_put_be16(p, (unsigned)(mac >> 32));
	gs_put_be32(p + 2, (uint32_t)mac);
	gs_hex_put(text, p, sizeof(p), true);
	text[12] = '\0';
}

bool
gs_snom_mac_is_snom(uint64_t mac)
{
	return mac >> 24 == 0x000413 || mac >> 24 == 0x00087b;
}

/* SPDX-License-Identifier: MIT */
/* The rules of the certificate wing: every finding of gs-certgen is one. */
#include "cert/rules.h"

#include <stdio.h>
#include <stdlib.h>

#include "cert/rules_priv.h"

static const struct gs_rule rules[GS_CERT_R_COUNT] = {
#define GS_RULE(name, ...) [GS_CERT_R_##name] = { __VA_ARGS__ },
#include "cert/rule_list.h"
#undef GS_RULE
};

const struct gs_rules gs_cert_rules = { rules, GS_CERT_R_COUNT };

/* A rule that is not here has no command. */
static const enum gs_cert_mend mends[GS_CERT_R_COUNT] = {
	[GS_CERT_R_CERT_EXPIRED] = GS_MEND_RENEW,
	[GS_CERT_R_CERT_NOT_YET_VALID] = GS_MEND_RENEW,
	[GS_CERT_R_CERT_EXPIRES_SOON] = GS_MEND_RENEW,
	[GS_CERT_R_NAME_MISSING] = GS_MEND_RENEW,
	[GS_CERT_R_ADDRESS_MISSING] = GS_MEND_ADDRESS,
	[GS_CERT_R_DIGEST_WEAK] = GS_MEND_RENEW,
	[GS_CERT_R_KEY_WEAK] = GS_MEND_NEW_KEY,
	[GS_CERT_R_KEY_LARGE] = GS_MEND_NEW_KEY_RSA,
	[GS_CERT_R_LEAF_IS_CA] = GS_MEND_RENEW,
	[GS_CERT_R_USAGE_SERVER] = GS_MEND_RENEW,
	[GS_CERT_R_SHARED_KEY] = GS_MEND_NEW_KEY,
	[GS_CERT_R_CHAIN_WEAK] = GS_MEND_NEW_CA,
	[GS_CERT_R_CHAIN_EXPIRED] = GS_MEND_NEW_CA,
	[GS_CERT_R_CHAIN_EXPIRES_SOON] = GS_MEND_NEW_CA,
	[GS_CERT_R_SET_MISSING] = GS_MEND_RUN,
	[GS_CERT_R_PAIR_MISMATCH] = GS_MEND_NEW_KEY,
	[GS_CERT_R_KEY_DAMAGED] = GS_MEND_RUN,
	[GS_CERT_R_CERT_DAMAGED] = GS_MEND_RUN,
	[GS_CERT_R_MODE_WIDE] = GS_MEND_RUN,
	[GS_CERT_R_KEY_PUBLIC] = GS_MEND_RUN,
	[GS_CERT_R_COPY_DIFFERS] = GS_MEND_RUN,
	[GS_CERT_R_CAFILE_DIFFERS] = GS_MEND_RUN,
	[GS_CERT_R_LINK_WRONG] = GS_MEND_RUN,
	[GS_CERT_R_LINK_BROKEN] = GS_MEND_RUN,
	[GS_CERT_R_UNREADABLE] = GS_MEND_RUN,
	[GS_CERT_R_UNFINISHED] = GS_MEND_RUN,
	[GS_CERT_R_DTLS_KEY_SHORT] = GS_MEND_RUN,
	[GS_CERT_R_OTHER_NAME] = GS_MEND_SWITCH,
	[GS_CERT_R_LINKS_DISAGREE] = GS_MEND_SWITCH,
	[GS_CERT_R_NOT_ADOPTED] = GS_MEND_RUN,
};

enum gs_cert_mend
gs_cert_mend(enum gs_cert_rule r)
{
	return mends[r];
}

const char *
gs_cert_mend_options(enum gs_cert_mend mend)
{
	static const char *const options[GS_MENDS] = {
		[GS_MEND_NEW_KEY] = " --new-key",
		[GS_MEND_NEW_KEY_RSA] = " --new-key --key rsa:2048",
		[GS_MEND_NEW_CA] = " --new-ca",
		[GS_MEND_SWITCH] = " --switch",
	};

	return options[mend] != NULL ? options[mend] : "";
}

static struct gs_finding *GS_PRINTF(4, 0) add(struct gs_diags *d,
    enum gs_cert_rule r, enum gs_severity severity, const char *fmt, va_list ap)
{
	char text[700];

	(void)vsnprintf(text, sizeof(text), fmt, ap);
	return gs_diag_as(d, &rules[r], severity, (struct gs_pos){ 0 },
	    "%s. %s", text, rules[r].fix);
}

struct gs_finding *
gs_cert_finding(struct gs_diags *d, enum gs_cert_rule r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct gs_finding *f = add(d, r, rules[r].severity, fmt, ap);
	va_end(ap);
	return f;
}

struct gs_finding *
gs_cert_finding_as(struct gs_diags *d, enum gs_cert_rule r,
    enum gs_severity severity, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct gs_finding *f = add(d, r, severity, fmt, ap);
	va_end(ap);
	return f;
}

bool
gs_cert_is_visible(const char *command)
{
	struct gs_span s = gs_span_of(command);
	struct gs_buf b;

	gs_buf_init(&b, 4 * s.n + 1);
	gs_buf_put_visible(&b, s);
	bool same = gs_buf_ok(&b) && gs_span_eq(gs_buf_span(&b), s);
	gs_buf_free(&b);
	return same;
}

void
gs_cert_finding_run(struct gs_finding *f, const char *command)
{
	struct gs_buf b;

	if (f == NULL || !gs_cert_is_visible(command))
		return;
	gs_buf_init(&b, strlen(command) + strlen(f->text) + 64);
	gs_buf_printf(&b, "%s Run: %s", f->text, command);
	gs_buf_putc(&b, '\0');
	if (gs_buf_ok(&b)) {
		free(f->text);
		f->text = (char *)b.p;
		return;
	}
	gs_buf_free(&b);
}

void
gs_cert_put_word(struct gs_buf *b, const char *word)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";

	gs_buf_putc(b, ' ');
	if (word[0] != '\0' && strspn(word, plain) == strlen(word)) {
		gs_buf_puts(b, word);
		return;
	}
	gs_buf_putc(b, '\'');
	for (const char *p = word; *p != '\0'; p++)
		if (*p == '\'')
			gs_buf_puts(b, "'\\''");
		else
			gs_buf_putc(b, (uint8_t)*p);
	gs_buf_putc(b, '\'');
}

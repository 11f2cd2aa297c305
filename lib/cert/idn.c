/* SPDX-License-Identifier: MIT */
/* Host names with letters beyond ASCII (RFC 5890): as people write them, and
 * as certificates, DNS and file names have them. */
#include "cert/idn.h"

#include <stdio.h>
#include <string.h>

#include <idn2.h>

#include "base/library.h"

#define LIBIDN2(X)                                                             \
	X(idn2_to_ascii_8z)                                                    \
	X(idn2_to_unicode_8z8z)                                                \
	X(idn2_strerror)                                                       \
	X(idn2_free)

struct calls {
	LIBIDN2(GS_LIBRARY_CALL)
};

static bool
load(struct calls *l)
{
	static const char *const names[] = { LIBIDN2(GS_LIBRARY_NAME) };

	return gs_library_load("libidn2.so.0", GS_ALL(names), l);
}

bool
gs_cert_idn_is(const char *name)
{
	while (*name != '\0' && (unsigned char)*name < 0x80)
		name++;
	return *name != '\0';
}

/* The text before the labels. */
static size_t
lead(const char *name)
{
	size_t n = strncmp(name, "dns:", 4) == 0 ? 4 : 0;

	return strncmp(name + n, "*.", 2) == 0 ? n + 2 : n;
}

/* UTS #46 without deviations: "ß" is a letter of its own. */
static int
convert(const struct calls *l, const char *name, char *out, size_t size,
    struct gs_err *err)
{
	size_t n = lead(name);
	char *ascii = NULL;
	int fault = l->idn2_to_ascii_8z(name + n, &ascii,
	    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);

	if (fault != IDN2_OK)
		return gs_err_set(err, "the host name '%s' cannot be used: %s",
		    name, l->idn2_strerror(fault));
	int put = snprintf(out, size, "%.*s%s", (int)n, name, ascii);
	l->idn2_free(ascii);
	return put >= 0 && (size_t)put < size ?
	    0 :
	    gs_err_set(err, "the host name '%s' is too long", name);
}

int
gs_cert_idn_ascii(const char *name, char *out, size_t size, struct gs_err *err)
{
	struct calls l;

	if (!gs_cert_idn_is(name)) {
		int n = snprintf(out, size, "%s", name);
		return n >= 0 && (size_t)n < size ?
		    0 :
		    gs_err_set(err, "the host name '%s' is too long", name);
	}
	return load(&l) ?
	    convert(&l, name, out, size, err) :
	    gs_err_set(err,
		"the host name '%s' cannot be used without libidn2: install "
		"it, or write the form with xn--",
		name);
}

/* Only if it converts back to the same name: otherwise people would read a
 * different one. */
static void
put_unicode(const struct calls *l, const char *name, char *out, size_t size)
{
	size_t n = lead(name);
	char back[256], *text = NULL;

	if (l->idn2_to_unicode_8z8z(name + n, &text, IDN2_NONTRANSITIONAL) !=
		IDN2_OK ||
	    !gs_cert_idn_is(text) ||
	    convert(l, text, back, sizeof(back), NULL) == -1 ||
	    !gs_span_eqcase(gs_span_of(back), gs_span_of(name + n))) {
		l->idn2_free(text);
		return;
	}
	(void)snprintf(out, size, "%s (%.*s%s)", name, (int)n, name, text);
	l->idn2_free(text);
}

void
gs_cert_idn_shown(const char *name, char *out, size_t size)
{
	struct calls l;

	(void)snprintf(out, size, "%s", name);
	if (strstr(name, "xn--") == NULL)
		return;
	if (load(&l))
		put_unicode(&l, name, out, size);
}

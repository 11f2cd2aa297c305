/* SPDX-License-Identifier: MIT */
/* What this host knows about itself: its name and its addresses. */
#include "cert/host.h"

#include <sys/socket.h>

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/bytes.h"

enum {
	NAME_SIZE = 256,
	IFA_F_TEMPORARY_OR_DEPRECATED = 0x21, /* linux/if_addr.h */
};

/* ---- the name */

/* "localhost" is every host's name; RFC 6761 section 6.3. */
static bool
is_localhost(const char *name)
{
	struct gs_span label = gs_span(name, strcspn(name, "."));

	return gs_span_eqcase(label, GS_LIT("localhost"));
}

static bool
is_full(const char *name)
{
	return strchr(name, '.') != NULL && !is_localhost(name);
}

/* The name that the resolver (or /etc/hosts) has for host. Returns false
 * when it has none. */
static bool
canonical(const char *host, char *name, size_t size)
{
	struct addrinfo hints = { .ai_flags = AI_CANONNAME }, *info = NULL;
	bool found = getaddrinfo(host, NULL, &hints, &info) == 0 &&
	    info->ai_canonname != NULL && !is_localhost(info->ai_canonname);

	if (found)
		(void)snprintf(name, size, "%s", info->ai_canonname);
	if (info != NULL)
		freeaddrinfo(info);
	return found;
}

int
gs_host_name(char *name, size_t size, struct gs_err *err)
{
	char host[NAME_SIZE];

	if (gethostname(host, sizeof(host)) == -1)
		return gs_err_sys(err, errno, "host name");
	host[sizeof(host) - 1] = '\0';
	(void)snprintf(name, size, "%s", host);
	if (!is_full(host) && !canonical(host, name, size))
		(void)snprintf(name, size, "%s", host);
	return 0;
}

bool
gs_host_is_own(const char *name)
{
	struct gs_span asked = gs_span(name, strlen(name));
	char host[NAME_SIZE], full[NAME_SIZE];

	if (gethostname(host, sizeof(host)) == -1 ||
	    gs_host_name(full, sizeof(full), NULL) == -1)
		return false;
	host[sizeof(host) - 1] = '\0';
	return gs_span_eqcase(asked, gs_span(host, strlen(host))) ||
	    gs_span_eqcase(asked, gs_span(full, strlen(full)));
}

/* ---- addresses */

/* Addresses that change by themselves have no place in a certificate. */
static bool
is_temporary(const struct in6_addr *a)
{
	char line[128], want[32];
	bool found = false;
	FILE *fp = fopen("/proc/net/if_inet6", "re");

	gs_hex_put(want, a->s6_addr, 16, false);
	while (fp != NULL && !found && fgets(line, sizeof(line), fp) != NULL) {
		/* address index prefix scope flags name */
		if (strncmp(line, want, 32) != 0 || strlen(line) < 44)
			continue;
		found = (strtoul(line + 42, NULL, 16) &
			    IFA_F_TEMPORARY_OR_DEPRECATED) != 0;
	}
	if (fp != NULL)
		(void)fclose(fp);
	return found;
}

static int
add_address(struct gs_sans *to, const struct sockaddr *sa, struct gs_err *err)
{
	if (sa->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, sa, sizeof(in));
		const uint8_t *p = (const uint8_t *)&in.sin_addr;
		if (p[0] == 127 || p[0] == 0 || (p[0] == 169 && p[1] == 254))
			return 0;
		return gs_sans_add_ip(to, p, 4, err);
	}
	if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, sa, sizeof(in6));
		const struct in6_addr *a = &in6.sin6_addr;
		if (IN6_IS_ADDR_LOOPBACK(a) || IN6_IS_ADDR_LINKLOCAL(a) ||
		    IN6_IS_ADDR_MULTICAST(a) || IN6_IS_ADDR_UNSPECIFIED(a) ||
		    is_temporary(a))
			return 0;
		return gs_sans_add_ip(to, a->s6_addr, 16, err);
	}
	return 0;
}

int
gs_host_addresses(struct gs_sans *to, struct gs_err *err)
{
	struct ifaddrs *list = NULL;
	int r = 0;

	if (getifaddrs(&list) == -1)
		return gs_err_sys(err, errno, "this host's addresses");
	for (struct ifaddrs *i = list; r == 0 && i != NULL; i = i->ifa_next)
		if (i->ifa_addr != NULL && (i->ifa_flags & IFF_UP) != 0 &&
		    to->n < GS_SANS_MAX / 2)
			r = add_address(to, i->ifa_addr, err);
	freeifaddrs(list);
	return r;
}

/* SPDX-License-Identifier: MIT */
/* What this host knows: its name, its addresses, its users. */
#include "cert/host.h"

#include <sys/socket.h>

#include <errno.h>
#include <grp.h>
#include <ifaddrs.h>
#include <limits.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "cert/check.h"
#include "cert/layout.h"
#include "cert/rules_priv.h"

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

/* The name that the resolver (or /etc/hosts) has for host. Returns false if it
 * has none. */
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
gs_cert_host_name(char *name, size_t size, struct gs_err *err)
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
gs_cert_host_is_own(const char *name)
{
	struct gs_span asked = gs_span_of(name);
	char host[NAME_SIZE], full[NAME_SIZE];

	if (gethostname(host, sizeof(host)) == -1 ||
	    gs_cert_host_name(full, sizeof(full), NULL) == -1)
		return false;
	host[sizeof(host) - 1] = '\0';
	return gs_span_eqcase(asked, gs_span_of(host)) ||
	    gs_span_eqcase(asked, gs_span_of(full));
}

/* ---- addresses */

/* Addresses that change on their own do not belong in a certificate. */
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
add_address(struct gs_cert_sans *to, const struct sockaddr *sa,
    struct gs_err *err)
{
	if (sa->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, sa, sizeof(in));
		const uint8_t *p = (const uint8_t *)&in.sin_addr;
		if (p[0] == 127 || p[0] == 0 || (p[0] == 169 && p[1] == 254))
			return 0;
		return gs_cert_sans_add_ip(to, p, 4, err);
	}
	if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, sa, sizeof(in6));
		const struct in6_addr *a = &in6.sin6_addr;
		if (IN6_IS_ADDR_LOOPBACK(a) || IN6_IS_ADDR_LINKLOCAL(a) ||
		    IN6_IS_ADDR_MULTICAST(a) || IN6_IS_ADDR_UNSPECIFIED(a) ||
		    is_temporary(a))
			return 0;
		return gs_cert_sans_add_ip(to, a->s6_addr, 16, err);
	}
	return 0;
}

int
gs_cert_host_addresses(struct gs_cert_sans *to, struct gs_err *err)
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

/* ---- who owns and reads the files of a set */

static bool
is_number(const char *s, unsigned *v)
{
	uint64_t n;

	if (gs_span_u64(gs_span_of(s), &n) == -1 || n >= UINT_MAX)
		return false;
	*v = (unsigned)n;
	return true;
}

static bool
may_give_to(gid_t gid)
{
	gid_t list[GS_READER_GROUPS];
	int n = getgroups(GS_READER_GROUPS, list);

	if (geteuid() == 0 || gid == getegid())
		return true;
	for (int i = 0; i < n; i++)
		if (list[i] == gid)
			return true;
	return false;
}

/* why is the error of the lookup; 0: there is none of this name. */
static void
find_unknown(const char *what, const char *name, int why, struct gs_diags *d)
{
	if (why == 0)
		FIND(d, OWNER_UNKNOWN, "unknown %s '%s'", what, name);
	else
		FIND(d, OWNER_UNKNOWN, "cannot look up the %s '%s': %s", what,
		    name, strerror(why));
}

/* A finding, not an error: the files are made, but stay closed. */
static void
find_group(const char *name, gid_t *gid, struct gs_diags *d)
{
	errno = 0;
	struct group *gr = getgrnam(name);
	int why = errno;
	unsigned v;

	if (gr != NULL)
		v = gr->gr_gid;
	else if (!is_number(name, &v)) {
		find_unknown("group", name, why, d);
		return;
	}
	if (may_give_to(v))
		*gid = v;
	else
		FIND(d, OWNER_DENIED, "cannot give files to the group '%s'",
		    name);
}

static void
find_reader(struct gs_cert_reader_id *r, const struct passwd *pw)
{
	int n = GS_READER_GROUPS;

	(void)snprintf(r->name, sizeof(r->name), "%s", pw->pw_name);
	r->uid = pw->pw_uid;
	if (getgrouplist(pw->pw_name, pw->pw_gid, r->gid, &n) == -1)
		n = GS_READER_GROUPS;
	r->groups = (size_t)n;
}

static void
find_user(const char *name, uid_t *uid, struct gs_cert_reader_id *reader,
    struct gs_diags *d)
{
	errno = 0;
	struct passwd *pw = getpwnam(name);
	int why = errno;
	unsigned v;

	if (pw != NULL) {
		v = pw->pw_uid;
		find_reader(reader, pw);
	} else if (!is_number(name, &v)) {
		find_unknown("user", name, why, d);
		return;
	}
	if (geteuid() == 0 || v == geteuid())
		*uid = v;
	else
		FIND(d, OWNER_DENIED, "cannot give files to the user '%s'",
		    name);
}

void
gs_cert_owner_find(const char *owner, const char *key_group,
    struct gs_cert_site *site, struct gs_cert_reader_id *reader,
    struct gs_diags *d)
{
	char user[256];

	site->fs_uid = (uid_t)-1;
	site->fs_gid = (gid_t)-1;
	site->key_gid = (gid_t)-1;
	site->keep_owner = geteuid() == 0;
	if (key_group != NULL)
		find_group(key_group, &site->key_gid, d);
	if (owner == NULL) {
		struct passwd *pw =
		    site->root == NULL ? getpwnam("freeswitch") : NULL;
		if (pw != NULL)
			find_reader(reader, pw);
		return;
	}
	size_t n = strcspn(owner, ":");
	(void)snprintf(user, sizeof(user), "%.*s", (int)n, owner);
	if (n > 0)
		find_user(user, &site->fs_uid, reader, d);
	if (owner[n] == ':')
		find_group(owner + n + 1, &site->fs_gid, d);
}

/* SPDX-License-Identifier: MIT */
/* Who owns the files of a set, and who is to read them. */
#include "cert/owner.h"

#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

static bool
is_number(const char *s, unsigned *v)
{
	uint64_t n;

	if (gs_span_u64(gs_span(s, strlen(s)), &n) == -1 || n >= UINT_MAX)
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

/* A finding, not an error: the files are made, but stay closed. */
static void
find_group(const char *name, gid_t *gid, struct gs_diags *d)
{
	struct group *gr = getgrnam(name);
	unsigned v;

	if (gr != NULL)
		v = gr->gr_gid;
	else if (!is_number(name, &v)) {
		gs_cert_finding(d, GS_CERT_R_OWNER_UNKNOWN,
		    "there is no group '%s'", name);
		return;
	}
	if (may_give_to(v))
		*gid = v;
	else
		gs_cert_finding(d, GS_CERT_R_OWNER_DENIED,
		    "files cannot be given to the group '%s'", name);
}

static void
find_reader(struct gs_reader_id *r, const struct passwd *pw)
{
	int n = GS_READER_GROUPS;

	(void)snprintf(r->name, sizeof(r->name), "%s", pw->pw_name);
	r->uid = pw->pw_uid;
	if (getgrouplist(pw->pw_name, pw->pw_gid, r->gid, &n) == -1)
		n = GS_READER_GROUPS;
	r->groups = (size_t)n;
}

static void
find_user(const char *name, uid_t *uid, struct gs_reader_id *reader,
    struct gs_diags *d)
{
	struct passwd *pw = getpwnam(name);
	unsigned v;

	if (pw != NULL) {
		v = pw->pw_uid;
		find_reader(reader, pw);
	} else if (!is_number(name, &v)) {
		gs_cert_finding(d, GS_CERT_R_OWNER_UNKNOWN,
		    "there is no user '%s'", name);
		return;
	}
	if (geteuid() == 0 || v == geteuid())
		*uid = v;
	else
		gs_cert_finding(d, GS_CERT_R_OWNER_DENIED,
		    "files cannot be given to the user '%s'", name);
}

void
gs_owner_find(const char *owner, const char *key_group, struct gs_site *site,
    struct gs_reader_id *reader, struct gs_diags *d)
{
	char user[256];

	site->fs_uid = (uid_t)-1;
	site->fs_gid = (gid_t)-1;
	site->key_gid = (gid_t)-1;
	site->keep_owner = geteuid() == 0;
	if (key_group != NULL)
		find_group(key_group, &site->key_gid, d);
	if (owner == NULL) {
		struct passwd *pw = getpwnam("freeswitch");
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

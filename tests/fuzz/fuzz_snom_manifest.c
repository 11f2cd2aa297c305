/* SPDX-License-Identifier: MIT */
/* The list of what was written, as a run before may have left it: whatever
 * it says, it is read, or damaged, and links lead nowhere else. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "snom/manifest.h"
#include "../unit/own_path.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
must(bool what)
{
	if (!what)
		abort();
}

/* Two runs, of which the first carries all entries on. */
static void
carry(int dir, struct gs_snom_manifest *m)
{
	struct gs_snom_manifest_entry e;
	struct gs_snom_manifest again;
	struct gs_err err;
	size_t entries = 0, at = 0;

	while (gs_snom_manifest_next(m, &at, &e)) {
		must(e.name.n < 96);
		must(memchr(e.line.p, '/', e.line.n) == NULL);
		must(gs_snom_manifest_keep(m, &e, &err) == 0);
		entries++;
	}
	must(!m->damaged || entries == 0);
	must(gs_snom_manifest_file(m, 1, GS_LIT("x"), &err) == 0);
	must(gs_snom_manifest_commit(m, &err) == 0);
	must(gs_snom_manifest_open(&again, dir, "", false, &err) == 0);
	must(again.there && !again.damaged);
	for (at = 0; gs_snom_manifest_next(&again, &at, &e);)
		entries--;
	must(entries == (size_t)-1 && e.mac == 1);
	gs_snom_manifest_close(&again, false);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char path[OWN_PATH], list[OWN_PATH + 16], fresh[OWN_PATH + 32];
	struct gs_snom_manifest m;
	struct gs_err err;

	must(mkdtemp(own_path(path)) != NULL);
	(void)snprintf(list, sizeof(list), "%s/.gs-snomcfg", path);
	(void)snprintf(fresh, sizeof(fresh), "%s.new", list);
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	must(dir != -1);
	/* The first octet says which of the two files it is. */
	int fd =
	    gs_file_create(AT_FDCWD, n > 0 && p[0] == 'N' ? fresh : list, 0600);
	must(fd != -1 &&
	    gs_file_put_all(fd, n > 0 ? p + 1 : p, n > 0 ? n - 1 : 0) == 0 &&
	    close(fd) == 0);
	must(gs_snom_manifest_open(&m, dir, path, false, &err) == 0);
	carry(dir, &m);
	gs_snom_manifest_close(&m, true);
	(void)unlink(list);
	(void)unlink(fresh);
	(void)close(dir);
	(void)rmdir(path);
	return 0;
}

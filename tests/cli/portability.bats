#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The table at the end of "make portability": what ran, and what could not.

setup() {
	load lib
	[ -e /etc/debian_version ] || skip "no Debian"
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p tests/helpers bin
	cp "$GS_TOP/tests/portability" tests
	cp "$GS_TOP"/tests/helpers/{apart,debian}.bash tests/helpers
	# In the place of a new Debian.
	printf '%s\n' '#!/bin/sh' 'echo "$RELEASE$ARCH CI=$CI"' \
		'cat "$RELEASE$ARCH.out"' '[ ! -e "$RELEASE$ARCH.fails" ]' >tests/fresh
	printf '%s\n' '#!/bin/sh' '. /etc/os-release' \
		'[ -e no-source ] || echo "/s http://x $VERSION_CODENAME x"' \
		>bin/apt-get
	chmod +x tests/fresh bin/apt-get
	PATH=$PWD/bin:$PATH
	touch bookworm.out trixie.out
}

# row PART RESULT LAST: of the table; the time may be any.
row() {
	grep -Eqx "$1 +$2 +[0-9-]+  $3" <<<"$output"
}

@test "each part has its result, and the tests of all its runs" {
	needs_root
	printf '%s\n' '5 passed, 0 failed, 1 skipped' 'ok' \
		'7 passed, 0 failed, 2 skipped' >bookworm.out
	echo '3 passed, 2 failed, 0 skipped' >trixie.out
	gs 0 tests/portability bookworm
	row bookworm passed '12 passed, 0 failed, 3 skipped'
	touch trixie.fails
	gs 1 tests/portability trixie bookworm
	row trixie failed '3 passed, 2 failed, 0 skipped'
	row bookworm passed '12 passed, 0 failed, 3 skipped'
	grep -qx ok build/portability/bookworm.log
}

@test "a warning of a compiler fails a part" {
	needs_root
	unset CI
	gs 0 tests/portability trixie
	grep -qx 'trixie CI=true' <<<"$output"
}

@test "a part that ends before its tests is not taken for one that ran" {
	needs_root
	touch bookworm.fails
	gs 1 tests/portability bookworm
	row bookworm failed 'no test ran, see build/portability/bookworm.log'
}

@test "what cannot run is named, with the reason" {
	needs_root
	chmod 755 .
	gs 0 setpriv --reuid 65534 --clear-groups tests/portability i386 arm64
	row i386 'not run' 'needs root, to unpack a Debian'
	row arm64 'not run' 'needs root, to unpack a Debian'
	touch no-source
	gs 0 tests/portability s390x
	row s390x 'not run' 'apt has no source for Debian .*'
	[ ! -e build ]
}

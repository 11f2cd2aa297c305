#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What installs packages, for those who may not.
load lib

# as_user COMMAND...: by somebody who is not root.
as_user() {
	local who=()
	[ "$(id -u)" -ne 0 ] ||
		who=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	"${who[@]}" "$@" <"$GS_TOP/tests/need"
}

@test "without root and sudo, one sentence says what to install" {
	cd /
	gs 2 as_user sh -s -- bash no-such-package coreutils another-one
	[ -z "$output" ]
	[ "$(wc -l <<<"$errors")" -eq 1 ]
	[[ $errors == *": apt-get install --no-install-recommends no-such-package another-one" ]]
}

@test "nothing is said and done when nothing is missing" {
	cd /
	# mawk or another package provides awk.
	gs 0 as_user sh -s -- bash coreutils awk
	[ -z "$output$errors" ]
}

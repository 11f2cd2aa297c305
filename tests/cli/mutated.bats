#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Every command with random options on mutated fixtures, by tests/fuzz/commands.
load lib

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

@test "mutated fixtures and random options: no crash, no hang, no key, no escape" {
	run "$GS_TOP/tests/fuzz/commands" 300 1
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"300 runs, 0 findings"* ]]
	# Neither all good nor all refused.
	for c in gs-certgen gs-snomcfg gs-sdpcheck gs-srtpdump; do
		[[ $output =~ $c:\ (0:\ [1-9][0-9]*,\ )?1:\ [1-9][0-9]*,\ 2:\ [1-9] ]]
	done
}

# stubs FAULT: a program that does so, in the place of each command.
stubs() {
	local c
	mkdir -p stubs
	for c in gs-certgen gs-snomcfg gs-sdpcheck gs-srtpdump gsprov-filter; do
		printf '%s\n' '#!/bin/sh' "[ -d out ] || exec '$GS_BIN/$c' \"\$@\"" \
			"$1" >stubs/$c
		chmod 755 stubs/$c
	done
}

# found WANT FAULT REASON: of WANT runs of a command that does so, one each,
# all are findings.
found() {
	stubs "$2"
	run env GS_BIN="$PWD/stubs" GS_CPU=1 \
		"$GS_TOP/tests/fuzz/commands" "$1" 1 2
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$(grep -c ": $3: " <<<"$output")" -eq "$1" ]
}

@test "what looks for crashes, hangs, keys and escapes finds them" {
	secret=$(head -n 1 "$GS_TOP/tests/fixtures/secrets/sdp.txt")
	found 5 'kill -SEGV $$' 'status -11'
	found 5 'exit 3' 'status 3'
	found 5 'echo ERROR: AddressSanitizer >&2; exit 0' "a sanitizer's report"
	found 1 'while :; do :; done' 'computes for more than 1 s'
	found 5 'printf "\033[1m" >&2' 'a raw control byte'
	GS_CLOCK=1 found 1 'exec sleep 1000' 'waits for more than 1 s'
	found 2 "echo 'x$secret' >&2; exit 1" 'a key'
	found 2 'echo "{\"type\":"' 'a line that is not JSON'
}

@test "what computes for long on a busy machine is not taken for what waits" {
	stubs 'exec python3 -c "import time
while time.process_time() < 3: pass"'
	run env GS_BIN="$PWD/stubs" GS_CLOCK=2 "$GS_TOP/tests/fuzz/commands" 1
	echo "$output"
	[ "$status" -eq 0 ]
}

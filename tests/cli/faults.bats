#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What every command does when the system fails it once, by
# tests/helpers/faults.py: a sample of the faults; "make soak" takes all.
load lib

# clean KIND RUNS: no fault of this kind does harm; some were felt.
clean() {
	run "$GS_TOP/tests/helpers/faults.py" "$@"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output =~ runs,\ [1-9][0-9]*\ refused,\ 0\ findings$ ]]
}

@test "an allocation fails: a reason and the old state, or the whole result" {
	clean memory 9
	# What only one in a hundred of its allocations is for.
	clean memory 200 1 dump
}

@test "a call of the kernel fails: a reason and the old state, or the whole result" {
	needs_root
	clean calls 5
}

@test "calls are interrupted by signals" {
	needs_root
	clean interrupts 3
}

@test "the address space ends" {
	clean room 3
}

@test "what judges faults finds a result that lacks something" {
	needs_root
	mkdir "$BATS_TEST_TMPDIR/stubs"
	cd "$BATS_TEST_TMPDIR/stubs"
	for c in gs-certgen gs-snomcfg gs-srtpdump gsprov-filter; do
		ln -s "$GS_BIN/$c" .
	done
	printf '%s\n' '#!/bin/sh' "$GS_BIN/gs-sdpcheck \"\$@\" 2>/dev/null" \
		'exit 0' >gs-sdpcheck
	chmod 755 gs-sdpcheck
	run env GS_BIN="$PWD" "$GS_TOP/tests/helpers/faults.py" calls 0 1 sip
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"another result"* ]]
}

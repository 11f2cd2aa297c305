#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What every command does when the system fails it once, by
# tests/helpers/faults.py: a sample of the faults; "make soak" takes all.
load lib

setup_file() {
	# The sanitizers have their own allocator, and need much room.
	[ -z "${SAN:-}" ] || skip "the sanitizers allocate themselves"
}

# clean KIND RUNS: no fault of this kind does harm.
clean() {
	run "$GS_TOP/tests/helpers/faults.py" "$@"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *" runs, 0 findings" ]]
}

@test "an allocation fails: a reason and the old state, or the whole result" {
	clean memory 12
}

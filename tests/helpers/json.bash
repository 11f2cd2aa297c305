# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What commands print as JSON is kept for tests/schema; loaded by bats.

# keep_json TEXT...: keeps the objects in a command's output for tests/schema,
# which looks at all of them when the tests have run.
keep_json() {
	grep -h '^{"type":' <<<"$*" \
		>>"$GS_OUT/json-${BATS_TEST_FILENAME##*/}" || true
}
# Of what bats' run prints, too.
declare -F plain_run >/dev/null || eval "plain_$(declare -f run)"
run() {
	plain_run "$@"
	# shellcheck disable=SC2154 # bats' run sets it
	[[ $output != *'{"type":'* ]] || keep_json "$output"
}

# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034 # what is set here is read by bats
# Loaded by bats, which without this looks up its place in the test before each
# command, for a twelfth of a millisecond. Here it does so after a failure.

# Keeps only the line of the test itself, which the traps below do not know.
bats_debug_trap() {
	[[ ${FUNCNAME[1]} != "$BATS_TEST_NAME" ]] ||
		BATS_DEBUG_LAST_LINENO=${BASH_LINENO[0]}
}
bats_error_trap() {
	# Must be first: it looks at $?.
	bats_check_status_from_trap
	if [ "${FUNCNAME[1]}" = bats_perform_test ]; then
		BATS_DEBUG_LAST_STACK_TRACE=(
			"$BATS_DEBUG_LAST_LINENO $BATS_TEST_NAME $BATS_TEST_FILENAME")
	elif [ -z "$BATS_DEBUG_LAST_STACK_TRACE_IS_VALID" ]; then
		bats_capture_stack_trace
	fi
	BATS_DEBUG_LAST_STACK_TRACE_IS_VALID=1
}

# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Where a test fails is looked up when it does; loaded by bats, which would look
# before each command, for a twelfth of a millisecond.

bats_debug_trap() { :; }
bats_error_trap() {
	# This first: it looks at $?.
	bats_check_status_from_trap
	[ -n "$BATS_DEBUG_LAST_STACK_TRACE_IS_VALID" ] ||
		bats_capture_stack_trace
	BATS_DEBUG_LAST_STACK_TRACE_IS_VALID=1
}

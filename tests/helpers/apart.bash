# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# For scripts whose work must end with them, however they end.

# apart COMMAND...: runs it in a process group of its own, without standard
# input; it is killed when this shell dies, and by end_apart. Without job
# control, what runs in the background ignores SIGINT for good.
child=
apart() {
	local status=0
	set -m
	setpriv --pdeathsig KILL "$@" </dev/null &
	child=$!
	set +m
	wait "$child" || status=$?
	child=
	return $status
}

# end_apart: puts an end to what apart runs, for a trap.
end_apart() {
	[ -n "$child" ] || return 0
	kill -KILL -- "-$child" 2>/dev/null || true
	wait "$child" 2>/dev/null || true
}

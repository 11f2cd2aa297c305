# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# For tests that start other programs and wait for them. No bound here says
# how fast a machine must be: a wait ends when what it waits for has come,
# and its bound only puts an end to a test that would hang.

# until_true COMMAND...: waits for it to succeed, for two minutes at most.
until_true() {
	local end=$((SECONDS + 120))
	until "$@" >/dev/null 2>&1; do
		if [ "$SECONDS" -ge "$end" ]; then
			echo "in vain for 120 s: $*" >&2
			return 1
		fi
		sleep 0.1
	done
}

# start COMMAND...: in the background, as $!; it ends with this shell, even
# one that is killed, and after half an hour whatever happens. It has a
# process group of its own, which Kamailio ends as a whole, and "foreground"
# has timeout(1) pass on a signal once: at a second one phones leave at once.
# It writes no core file, whatever it asks for: baresip does, and that of Debian
# 13 crashes in aufile.so when a call ends.
start() {
	(
		ulimit -c 0
		exec setpriv --pdeathsig TERM setsid timeout --foreground \
			-k 60 1800 "$@"
	) </dev/null 3>&- &
	echo $! >>"${PIDS:-$BATS_FILE_TMPDIR/pids}"
}

# listens PORT: whether somebody does on loopback, by TCP; bound PORT: by UDP.
listens() { (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
bound() { grep -q "$(printf ':%04X ' "$1")" /proc/net/udp; }

gone() { ! kill -0 "$1"; }

# end PID...: by its own id, and waits until it has gone; one that is stopped
# goes, too.
end() {
	local pid
	for pid; do
		kill "$pid" 2>/dev/null || continue
		kill -CONT "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
		# Not of this shell: nothing to wait for.
		until_true gone "$pid" || kill -KILL "$pid"
	done
}

# end_all: whatever was started in this file of tests.
end_all() {
	local pids list=${PIDS:-$BATS_FILE_TMPDIR/pids}
	[ -e "$list" ] || return 0
	mapfile -t pids <"$list"
	end "${pids[@]}"
	rm "$list"
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The runner of the tests leaves nothing behind, however its run ends.
load lib
load ../helpers/process

setup() {
	needs_root
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir -p tree/tests/peers tree/tests/helpers
	cp "$GS_TOP/tests/run" tree/tests/
	cp "$GS_TOP/tests/helpers/apart.bash" tree/tests/helpers/
	# Nobody else sleeps so long.
	mark=$((100000000 + BASHPID)).$RANDOM
	{
		echo '@''test "messy" {'
		echo "setsid sleep $mark 3>&- &"
		echo 'ip netns add left'
		echo 'touch /tmp/left /run/left /dev/shm/left'
		echo 'touch "$GS_TOP/busy"'
		echo '. "$GS_TOP/end"'
		echo '}'
	} >tree/tests/peers/messy.bats
}

# Without what this bats tells its children, its own PATH among it. In the
# background a shell has SIGINT ignored.
run_it=(env -i --default-signal=INT PATH=/usr/sbin:/usr/bin:/sbin:/bin
	tree/tests/run messy)

# nothing_left: of the run, within a short time.
nothing_left() {
	until_true nobody_sleeps
	[ -z "$(ip netns list)" ]
	[ ! -e /tmp/left ]
	[ ! -e /run/left ]
	[ ! -e /dev/shm/left ]
}
nobody_sleeps() { not pgrep -f "sleep $mark"; }

# interrupted SIGNAL STATUS: the run, in the middle.
interrupted() {
	echo "sleep $mark" >tree/end
	# In the background a shell has SIGINT ignored.
	"${run_it[@]}" >log 2>&1 3>&- &
	pid=$!
	until_true test -e tree/busy
	pgrep -f "sleep $mark"
	kill "-$1" $pid
	status=0
	wait $pid || status=$?
	[ $status -eq "$2" ]
	nothing_left
}

@test "nothing is left of a run that ends by itself, well or not" {
	echo true >tree/end
	gs 0 "${run_it[@]}"
	[[ $output == *"1 passed, 0 failed, 0 skipped" ]]
	nothing_left
	echo false >tree/end
	gs 1 "${run_it[@]}"
	[[ $output == *"0 passed, 1 failed, 0 skipped" ]]
	nothing_left
}

@test "nothing is left of a run that is interrupted" {
	interrupted INT 130
}
@test "nothing is left of a run that is terminated" {
	interrupted TERM 130
}
@test "nothing is left of a run that is killed" {
	interrupted KILL 137
}

@test "under nohup the tests meet signals as they are without it" {
	echo 'not grep "^SigIgn:.*[13579bdf]$" /proc/self/status' >tree/end
	sed -i '1i not() { ! "$@"; }' tree/tests/peers/messy.bats
	gs 0 nohup "${run_it[@]}"
}

@test "a run can write nothing that stays" {
	for d in /etc /var/lib /usr /home ~root; do
		echo "$d"
		[ ! -w "$d" ]
	done
	[ -w "$GS_TOP" ]
	[ "$HOME" = /tmp/home ]
	[ -w "$HOME" ]
}

@test "a test that fails says so, and where, whatever command fails" {
	local commands=('false' '[ a = b ]' '[[ a == b ]]' '((0))' 'not true'
		'gs 1 true' 'inner' 'true | false' '(exit 3)' 'no-such-command'
		'false || return 1')
	{
		echo 'load "$GS_TOP/tests/cli/lib.bash"'
		echo 'inner() { [[ a == b ]]; }'
		for c in "${commands[@]}"; do
			printf '@''test "%s" {\n:\n%s\n:\n}\n' "$c" "$c"
		done
		printf '@''test "none" {\n:\n}\n'
	} >fails.bats
	run env -i PATH=/usr/bin:/bin GS_TOP="$GS_TOP" GS_OUT="$PWD" \
		bats --tap fails.bats
	echo "$output"
	[ "$(grep -c '^not ok' <<<"$output")" -eq ${#commands[@]} ]
	[[ $output == *"ok $((${#commands[@]} + 1)) none" ]]
	for i in "${!commands[@]}"; do
		grep -qF "in test file fails.bats, line $((5 * i + 5)))" \
			<<<"$output"
		grep -qF "\`${commands[i]}' failed" <<<"$output"
	done
}

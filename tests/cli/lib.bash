# SPDX-License-Identifier: MIT
# Since then "run" takes the status that it expects.
bats_require_minimum_version 1.5.0

# not COMMAND...: fails when it succeeds; "!" alone fails no test, unless it is
# its last command.
not() { ! "$@"; }

# jq: by the program that starts in a twentieth of the time, and knows no
# order of keys: "command jq" does.
jq() { gojq "$@"; }

# needs_root: skips the test where tests/run could not make namespaces, and so
# there is no network of its own and no other user.
needs_root() { [ "$GS_RUN" = inside ] || skip "needs root"; }

load "$GS_TOP/tests/helpers/trace.bash"
load "$GS_TOP/tests/helpers/json.bash"

# gs STATUS COMMAND...: runs it as bats' run does, keeps what it said below
# $GS_OUT (a test looks for keys there), and fails unless it ends with
# STATUS. Its standard output is $output, its standard error $errors. With
# has_secrets, standard output shall hold keys, and is not kept.
gs() {
	local want=$1 keep said=("$BATS_TEST_TMPDIR"/gs.{out,err})
	shift
	keep=$GS_OUT/cli/${BATS_TEST_FILENAME##*/}-$BATS_TEST_NUMBER
	[ -d "$GS_OUT/cli" ] || mkdir -p "$GS_OUT/cli"
	status=0
	"$@" >"${said[0]}" 2>"${said[1]}" || status=$?
	cat "${said[@]:${has_secrets:+1}}" >>"$keep"
	# NULs are dropped, which the shell would warn of.
	{
		output=$(<"${said[0]}")
		errors=$(<"${said[1]}")
	} 2>/dev/null
	[[ $output != *'{"type":'* ]] || keep_json "$output"
	if [ "$status" -ne "$want" ]; then
		echo "$*: status $status, not $want"
		echo "$output" | head -20
		echo "$errors" | head -20
		return 1
	fi
}

# state: of everything in this folder, hidden files too.
state() {
	find . ! -name . -printf '%p %i %m %y %l\n' -type f -exec md5sum {} +
}

# within SECONDS COMMAND...: of the processor's time, however busy it is.
within() { (ulimit -t "$1" && exec "${@:2}"); }

# packets_in CAPTURE: how many Wireshark's library reads; tshark takes fifty
# times as long to start.
packets_in() { capinfos -TrcM "$1" | cut -f 2; }

# fits FILE...: all of it is ASCII, and no table in it is wider than 80
# columns. A row of a table has three columns or more, two blanks apart.
fits() {
	not env LC_ALL=C grep -H '[^ -~	]' "$@" &&
		not awk 'length > 80 && /[^ ]  +[^ ].*[^ ]  +[^ ]/ {
			print FILENAME ": " $0; wide = 1 }
			END { exit !wide }' "$@"
}

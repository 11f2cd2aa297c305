#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# gsprov-filter without a web server: how it is tested by hand, and what it
# refuses before Rails is asked. tests/peers/filter.bats has the rest.
load lib
load ../helpers/process

teardown() { end_all; }

setup() {
	needs_root
	cd "$BATS_TEST_TMPDIR" || return 1
	site
}

# site [LINE...]: the installed example, and further lines.
site() {
	cat "$GS_TOP/cmd/site/site.conf" >site.conf
	printf '%s\n' "$@" >>site.conf
	chmod 640 site.conf
	export GSPROV_SITE=$PWD/site.conf
}

# ask PATH [NAME=VALUE...]: as a web server runs it.
ask() {
	local path=$1
	shift
	env -i "PATH=$PATH" "GSPROV_SITE=$GSPROV_SITE" REQUEST_METHOD=GET \
		REMOTE_ADDR=192.0.2.7 "REQUEST_URI=$path" "$@" gsprov-filter
}

# refused STATUS REASON PATH [NAME=VALUE...]: with a line that says who asked.
refused() {
	local want=$1 reason=$2
	shift 2
	gs 0 ask "$@"
	[[ $output == "Status: $want "* ]]
	[[ $errors == "gsprov-filter: 192.0.2.7 "*": $want: $reason"* ]]
}

S=/settings-000413260001.xml

@test "by hand it tests the configuration" {
	gs 0 gsprov-filter
	[[ $output == "$PWD/site.conf is good"* ]]
	site 'frob = x'
	gs 2 gsprov-filter
	[[ $errors == *"/site.conf: line "*"unknown parameter 'frob'"* ]]
	site 'bas_url = x'
	gs 2 gsprov-filter
	[[ $errors == *"unknown parameter 'bas_url'; did you mean 'base_url'?" ]]
	chmod 644 site.conf
	gs 2 gsprov-filter
	[[ $errors == *'must belong to root'* ]]
	GSPROV_SITE=$PWD gs 2 gsprov-filter
	[[ $errors == *"$PWD: Is a directory"* ]]
	GSPROV_SITE=/dev/null gs 2 gsprov-filter
	[[ $errors == *'/dev/null is not a regular file'* ]]
	head -c 2M /dev/zero >site.conf
	chmod 640 site.conf
	gs 2 gsprov-filter
	[[ $errors == *'more than 1048576 bytes'* ]]
	site
	gs 2 sh -c 'gsprov-filter >/dev/full'
	[[ $errors == *'standard output: No space'* ]]
}

@test "arguments mean nothing to a web server, and are refused by hand" {
	gs 2 gsprov-filter --help
	[[ $errors == *'takes no arguments'*'gsprov-filter(8)'* ]]
	gs 0 env REQUEST_METHOD=GET REMOTE_ADDR=192.0.2.7 REQUEST_URI=/x gsprov-filter x
	[[ $output == 'Status: 404 '* ]]
}

@test "Rails is on this machine: no name that only looks like it" {
	for host in 127.0.0.1.evil.example 127.evil.example 127.0.0 192.0.2.1 \
		localhost.example '[::2]' '[::ffff:127.0.0.1]'; do
		site "upstream = http://$host:3000"
		gs 2 gsprov-filter
		[[ $errors == *'upstream'* ]]
	done
	for host in 127.0.0.1 127.0.0.53 '[::1]' localhost LocalHost; do
		site "upstream = http://$host:3000"
		gs 0 gsprov-filter
	done
}

@test "what is refused before Rails is asked, and who asked" {
	refused 400 'a hop-by-hop header: HTTP_TE' $S HTTP_TE=trailers
	# The first one is the reason.
	refused 400 'a hop-by-hop header: HTTP_TE' $S HTTP_TE=trailers HTTP_A=$'x\001'
	refused 400 'a header with an invalid name' $S HTTP_A.B=x
	refused 400 'not printable, or too long: HTTP_A' $S HTTP_A=$'x\001'
	refused 400 'not printable, or too long: HTTP_A' $S "HTTP_A=$(printf 'a%.0s' {1..8193})"
	refused 400 'not printable, or too long: CONTENT_TYPE' $S CONTENT_TYPE=$'x\ny'
	refused 400 'invalid byte in the target' "$S?#"
	refused 400 'unexpected body' $S CONTENT_LENGTH=3
	refused 400 'Content-Length' /config_snom/1/x.xml REQUEST_METHOD=POST
	refused 413 'the body is longer' /config_snom/1/x.xml REQUEST_METHOD=POST CONTENT_LENGTH=4194305
	refused 400 'the body of the request is incomplete' /config_snom/1/x.xml REQUEST_METHOD=POST CONTENT_LENGTH=3 </dev/null
	refused 414 'the target is too long' "$S?$(printf 'a%.0s' {1..8192})"
	refused 404 'not a path of a phone' /users
	refused 405 'the method' $S REQUEST_METHOD=PUT
	[[ $output == *'Allow: GET, HEAD, POST'* ]]
	site 'upstream = http://127.0.0.1:1'
	refused 502 'Rails: ' $S
	rm site.conf
	refused 502 "$PWD/site.conf: No such file" $S
}

@test "an address that is none, and an answer that cannot be written" {
	gs 0 ask $S REMOTE_ADDR='x y'
	[[ $output == 'Status: 502 '* ]]
	[ "$errors" = 'gsprov-filter: - unknown: 502: REMOTE_ADDR is not an address' ]
	gs 0 ask $S REMOTE_ADDR='x y' HTTP_TE=x
	[[ $errors == 'gsprov-filter: - unknown: 400: '* ]]
	# A link-local address has its interface behind it.
	gs 0 ask /users REMOTE_ADDR=fe80::1%eth0
	[ "$errors" = 'gsprov-filter: fe80::1 unknown: 404: not a path of a phone' ]
	gs 2 sh -c 'REQUEST_METHOD=GET gsprov-filter >/dev/full'
	[[ $errors == *'writing the answer: No space'* ]]
}

# confined PID: what the kernel says of a process that reads an answer.
confined() {
	grep -qE '^Seccomp:[[:blank:]]*2$' "/proc/$1/status" &&
		grep -qE '^CapEff:[[:blank:]]*0+$' "/proc/$1/status" &&
		grep -qE "^Uid:[[:blank:]]*$(id -u www-data)[[:blank:]]" \
			"/proc/$1/status"
}

@test "the answer of Rails is read with few rights, and no proxy is asked" {
	[ -z "${SAN:-}" ] || skip "built with sanitizers"
	mkdir www
	echo '<settings><phone-settings/></settings>' >"www$S"
	start /usr/bin/python3 -m http.server --bind 127.0.0.1 --directory www 3000
	until_true listens 3000
	# The answer finds a full pipe: the filter waits, and can be seen.
	mkfifo out
	exec 4<>out
	head -c 65536 /dev/zero >&4
	env -i "PATH=$PATH" "GSPROV_SITE=$GSPROV_SITE" REQUEST_METHOD=GET \
		REMOTE_ADDR=192.0.2.7 "REQUEST_URI=$S" \
		http_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1 \
		gsprov-filter >out 2>said 3>&- 4>&- &
	pid=$!
	echo "$pid" >>"$BATS_FILE_TMPDIR/pids"
	until_true confined "$pid"
	head -c 65536 <&4 >/dev/null
	wait "$pid"
	exec 4>&-
	not grep -E 'connect|kernel|Landlock' said
}

# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Calls of two phones for chain.bats, by way of Kamailio.

# fetch URL [CA]: as a phone that trusts this CA, or that of the set.
fetch() {
	curl -sSf --max-time 120 --noproxy '*' --cacert "${2:-$CA}" \
		--connect-to gs5.lan::127.0.0.1: "$1"
}

# tone FILE SECONDS: a swept sine of which A-law keeps every sample.
tone() {
	sox -D -n -r 8000 -c 1 -b 16 -t wav - synth "$2" sine 300:3000 gain -6 |
		sox -D -t wav - -t raw -e a-law - |
		sox -D -t raw -e a-law -r 8000 -c 1 - -b 16 -e signed "$1"
}

# phone DIR NAME [OPTION...]: starts the phone of DIR/NAME.
phone() {
	local dir=$1/$2 preload=$GS_BIN/tests/helpers/shim_keylog.so
	shift 2
	export GS_VERIFY_HOST='' SSLKEYLOGFILE=$dir/keys.log
	if [ -e "$dir/verify" ]; then
		preload=$preload:$GS_BIN/tests/helpers/shim_sipverify.so
		GS_VERIFY_HOST=$(cat "$dir/verify")
	fi
	LD_PRELOAD=$preload start baresip -s -f "$dir" "$@" \
		>"$dir/trace" 2>&1
}

registered() { grep -aq "200 OK (.*) \[1 binding\]" "$1/trace"; }

# configure DIR NAME MAC SED-SCRIPT: the phone DIR/NAME, with what was fetched
# for MAC, changed by SED-SCRIPT.
configure() {
	local n=4 dir=$1/$2
	[ "$2" = a ] || n=6
	mkdir -p "$dir"
	cp "$D/phones/$3.der" "$dir/ca.der"
	sed "$4" "$D/phones/$3.xml" >"$dir/settings.xml"
	"$GS_TOP/tests/peers/chain/phone" "$dir" $((BASE + n)) \
		$((BASE + 10 * n))-$((BASE + 10 * n + 19)) "$D/tone.wav"
}

# holds FILE SECONDS: whether a capture has that much sound of both sides.
holds() { [ "$(stat -c %s "$1")" -ge $(($2 * 24000)) ]; }

# call_once DIR SECONDS [SED-SCRIPT]: as call, but a phone that crashes leaves
# DIR/crashed.
call_once() {
	local dir=$1 seconds=$2 dump a b status=0
	answers() { registered "$dir/b" || gone "$b"; }
	heard() { holds "$dir/call.pcap" "$seconds" || gone "$a" || gone "$b"; }
	configure "$dir" a 000413262AFE "${3:-}" &&
		configure "$dir" b 000413410001 "${3:-}" || return
	start tcpdump -i lo -s 0 -U -B 8192 -w "$dir/call.pcap" \
		"portrange $BASE-$((BASE + 199)) and not port $HTTPS" \
		2>"$dir/tcpdump.log"
	dump=$!
	until_true grep -q 'listening on' "$dir/tcpdump.log" || return
	phone "$dir" b
	b=$!
	until_true answers || return
	phone "$dir" a -e "/dial sip:acct5@gs5.lan"
	a=$!
	until_true heard || true
	if ! holds "$dir/call.pcap" "$seconds"; then
		tail "$dir"/?/trace
		! gone "$a" && ! gone "$b" || : >"$dir/crashed"
		status=1
	fi
	# The caller hangs up.
	end $a $b $dump
	return $status
}

# call DIR SECONDS [SED-SCRIPT]: 000413262AFE calls 000413410001. DIR gets
# call.pcap, and a folder for each phone with its trace and its TLS secrets. A
# phone that crashes, as that of Debian 13 may in aufile.so, says nothing
# about what is tested here: then there is another call.
call() {
	for _ in 1 2 3; do
		rm -rf "$1"
		call_once "$@" && return
		[ -e "$1/crashed" ] || return 1
	done
	return 1
}

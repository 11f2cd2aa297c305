#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# gs-sdpcheck on the SIP of programs that nobody here wrote.
load ../cli/lib
load ../helpers/process

setup_file() {
	[ "$GS_RUN" = inside ] || return 0
	export D=$BATS_FILE_TMPDIR
	"$GS_TOP/tests/peers/call.sh" "$D/secure" srtp-mand
	tshark -r "$D/secure/call.pcap" -q -z follow,udp,ascii,0 \
		>"$D/secure.txt" 2>/dev/null
	"$GS_TOP/tests/peers/call.sh" "$D/plain" none
	tshark -r "$D/plain/call.pcap" -q -z follow,udp,ascii,0 \
		>"$D/plain.txt" 2>/dev/null
}
setup() { needs_root; }

@test "two baresip with srtp-mand: offer and answer, encrypted" {
	gs 0 gs-sdpcheck -j "$D/secure.txt"
	[ "$(jq -s '[.[] | select(.type == "block")] | length' \
		<<<"$output")" -eq 2 ]
	[ "$(jq -rs '[.[] | select(.type == "block") | .role] | join(" ")' \
		<<<"$output")" = "offer answer" ]
	[ "$(jq -rs '[.[] | select(.type == "block") | .verdict] | unique |
		join(" ")' <<<"$output")" = encrypted ]
}

@test "their SIP over UDP fails --require tls, and savp holds" {
	gs 0 gs-sdpcheck --require savp "$D/secure.txt"
	gs 1 gs-sdpcheck --require tls "$D/secure.txt"
	[[ $output == *"[crypto-cleartext-signalling]"* ]]
}

@test "two baresip without mediaenc: not encrypted" {
	gs 0 gs-sdpcheck "$D/plain.txt"
	[[ $output == *"not encrypted"* ]]
	gs 1 gs-sdpcheck --require srtp "$D/plain.txt"
	[[ $output == *"error:"*"[media-plain]"* ]]
}

@test "a sipp scenario: its message trace, and the answer without a key" {
	cd "$D"
	start sipp -sn uas -i 127.0.0.1 -p 25190 -m 1 -nostdin \
		>"$D/uas.log" 2>&1
	until_true bound 25190
	timeout 120 sipp -sf "$GS_TOP/tests/peers/savp.sipp.xml" -m 1 -nostdin \
		-i 127.0.0.1 -p 25191 -trace_msg -message_file "$D/sipp.msg" \
		127.0.0.1:25190 >"$D/uac.log" 2>&1
	end_all
	gs 1 gs-sdpcheck --blocks "$D/sipp.msg"
	[[ $output == *"[oa-proto]"* ]]
	[[ $output == *"RTP/SAVP AES_256_CM_HMAC_SHA1_80"* ]]
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# gs-srtpdump on DTLS that others speak: baresip, and openssl's two ends.
load ../cli/lib
load ../helpers/process

setup_file() {
	[ "$GS_RUN" = inside ] || return 0
	cd "$BATS_FILE_TMPDIR"
	openssl req -x509 -newkey rsa:2048 -nodes -keyout server.pem \
		-out server.crt -subj /CN=pbx.example.com 2>/dev/null
}
setup() {
	needs_root
	cd "$BATS_FILE_TMPDIR"
}

@test "two baresip with dtls_srtp, RTP and RTCP with a handshake each" {
	"$GS_TOP/tests/peers/call.sh" "$PWD/call" dtls_srtp
	gs 0 gs-srtpdump -j -K call/keys.log -w plain.pcap call/call.pcap
	[ "$(jq -r '[.verdict, .suite, .confirmed] | @tsv' <<<"$output" | sort -u)" = \
		$'decrypted\tAES_CM_128_HMAC_SHA1_80\ttrue' ]
	[ "$(jq -s 'length == 2 and all(.[]; .rtcp.decrypted > 0)' <<<"$output")" = true ]
	gs 1 gs-srtpdump call/call.pcap
	[[ $output == *'no key: DTLS '*CLIENT_RANDOM* ]]
}

# captured CAPTURE: it holds what both ends say last.
captured() {
	[ "$(tshark -r "$1" -Y 'dtls.record.content_type == 20' 2>/dev/null | wc -l)" -ge 2 ]
}

# shake NAME VERSION PROFILE CIPHER [OPTION...]: a handshake of openssl, in
# NAME.pcap with NAME.keys; then media with the client's key in NAME-all.pcap
# and, as it was, in NAME-media-plain.pcap.
shake() {
	local name=$1 version=$2 profile=$3 cipher=$4 key suite
	shift 4
	export PIDS=$PWD/$name.pids
	start tcpdump -i lo -U --immediate-mode -s 0 -w "$name.pcap" udp port 25200 \
		2>"$name.err"
	until_true grep -q 'listening on' "$name.err"
	local both=("$version" -cipher "$cipher" -use_srtp "$profile"
		-keymatexport EXTRACTOR-dtls_srtp -keymatexportlen 60)
	# It ends with its standard input.
	mkfifo "$name.in"
	# shellcheck disable=SC2016 # for that shell
	start bash -c 'exec openssl "$@" <>"$0"' "$name.in" s_server -accept 127.0.0.1:25200 -cert server.crt \
		-key server.pem "${both[@]}" >"$name.server" 2>&1
	until_true bound 25200
	{ until_true grep -q 'Keying material: ' "$name.client"; sleep 0.2; } |
		timeout 60 openssl s_client -connect 127.0.0.1:25200 \
			-keylogfile "$name.keys" "${both[@]}" "$@" \
			>"$name.client" 2>&1
	until_true captured "$name.pcap"
	end_all
	chmod 600 "$name.keys"
	key=$(sed -n 's/.*Keying material: //p' "$name.client")
	[ ${#key} -eq 120 ]
	suite=AES_CM_128_HMAC_SHA1_${profile##*_}
	"$GS_BIN/tests/helpers/srtp_own" "$name-media" "$suite" 0 65500 100 1 \
		cafe 1 "${key:0:32}${key:64:28}" >/dev/null
	editcap -F pcap "$name-media.pcap" "$name-srtp.pcap" 1
	mergecap -a -w "$name-all.pcapng" "$name.pcap" "$name-srtp.pcap"
}

# opened NAME KEYS: every packet comes out as it was.
opened() {
	gs 0 gs-srtpdump -j -K "$2" --only-rtp -w "$1-out.pcapng" "$1-all.pcapng"
	[ "$(jq -r '[.packets, .decrypted, .rtcp.decrypted] | @tsv' <<<"$output")" = $'100\t100\t25' ]
	for f in "$1-out.pcapng" "$1-media-plain.pcap"; do
		tshark -r "$f" -T fields -e udp.payload 2>/dev/null >"$f.hex"
	done
	cmp "$1-out.pcapng.hex" "$1-media-plain.pcap.hex"
}

@test "openssl's two ends, by key log and by the server's RSA key" {
	shake a -dtls1_2 SRTP_AES128_CM_SHA1_80 ECDHE-RSA-AES256-GCM-SHA384
	opened a a.keys
	shake b -dtls1_2 SRTP_AES128_CM_SHA1_32 AES128-SHA -mtu 300
	opened b b.keys
	opened b server.pem
	shake c -dtls1 SRTP_AES128_CM_SHA1_80 AES256-SHA@SECLEVEL=0
	opened c c.keys
	opened c server.pem
	# Another connection's secrets, a key that the handshake did not use.
	gs 1 gs-srtpdump -K a.keys b-all.pcapng
	gs 1 gs-srtpdump -K server.pem a-all.pcapng
}

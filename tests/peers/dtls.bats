#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# gs-srtpdump on DTLS that others speak: baresip, and the two ends of openssl
# and of GnuTLS.
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

# hear NAME: what is said goes to NAME.pcap.
hear() {
	export PIDS=$PWD/$1.pids
	start tcpdump -i lo -U --immediate-mode -s 0 -w "$1.pcap" udp port 25200 \
		2>"$1.err"
	until_true grep -q 'listening on' "$1.err"
}

# talk NAME BITS: all is said, with NAME.keys; media with the key that the
# client exported to NAME.client goes to NAME-all.pcapng and, as it was, to
# NAME-media-plain.pcap.
talk() {
	local key
	until_true captured "$1.pcap"
	end_all
	chmod 600 "$1.keys"
	key=$(sed -n 's/.*Key.* material: //p' "$1.client" | head -n 1)
	[ ${#key} -eq 120 ]
	"$GS_BIN/tests/helpers/srtp_own" "$1-media" \
		"AES_CM_128_HMAC_SHA1_$2" 0 65500 100 1 cafe 1 \
		"${key:0:32}${key:64:28}" >/dev/null
	editcap -F pcap "$1-media.pcap" "$1-srtp.pcap" 1
	mergecap -a -w "$1-all.pcapng" "$1.pcap" "$1-srtp.pcap"
}

# shake NAME VERSION PROFILE CIPHER [OPTION...]: a handshake of openssl.
shake() {
	local name=$1 version=$2 profile=$3 cipher=$4
	shift 4
	hear "$name"
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
	talk "$name" "${profile##*_}"
}

# shake_gnutls NAME PRIORITY: the same of GnuTLS, in small fragments.
shake_gnutls() {
	local both=(--udp --mtu 400 --priority "$2"
		--srtp-profiles SRTP_AES128_CM_HMAC_SHA1_80)
	hear "$1"
	start gnutls-serv -q --echo -p 25200 --x509keyfile server.pem \
		--x509certfile server.crt "${both[@]}" >"$1.server" 2>&1
	until_true bound 25200
	{ until_true grep -q 'Key material: ' "$1.client"; sleep 0.2; } |
		SSLKEYLOGFILE=$PWD/$1.keys timeout 60 gnutls-cli -p 25200 \
			--insecure --keymatexport EXTRACTOR-dtls_srtp \
			--keymatexportsize 60 "${both[@]}" 127.0.0.1 \
			>"$1.client" 2>&1
	talk "$1" 80
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

@test "the two ends of GnuTLS" {
	local old=NORMAL:-VERS-ALL:+VERS-DTLS
	shake_gnutls e "${old}1.2"
	opened e e.keys
	shake_gnutls f "${old}1.0:%NO_ETM"
	opened f f.keys
	shake_gnutls g "${old}1.2:-KX-ALL:+RSA:-CIPHER-ALL:+AES-128-CBC"
	opened g g.keys
	opened g server.pem
	shake_gnutls h "${old}1.2:%NO_ETM:%NO_SESSION_HASH:-KX-ALL:+RSA"
	opened h server.pem
}

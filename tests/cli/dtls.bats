#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# SRTP that DTLS keys, by the key logs of those who spoke it: baresip 1.0 with
# DTLS 1.2 (RTP and RTCP with a handshake each), Firefox 153 calling itself with
# DTLS 1.3, Firefox calling Chromium 156 with SIP over wss to a server of
# Node.js, and GStreamer 1.22, whose handshake is in fragments of 256 octets.

load lib

setup() {
	cd "$BATS_TEST_TMPDIR"
	cp "$GS_TOP"/tests/fixtures/dtls/* .
	chmod 600 ./*.keys
}

# opened CAPTURE SUITE PACKETS KEYS: both directions are, and nothing of the
# key log is in what comes out.
opened() {
	gs 0 gs-srtpdump -j -K "$4" -w plain.pcap -a call.wav "$1"
	[ "$(jq -r '[.suite, .packets, .decrypted, .rtcp.decrypted > 0, .confirmed] | @tsv' \
		<<<"$output" | uniq -c)" = "$(printf '      2 %s\t%s\t%s\ttrue\ttrue' "$2" "$3" "$3")" ]
	# A tone is heard.
	sox call.wav -n stat 2>&1 | awk '/RMS.*amplitude/ { exit !($3 > 0.05) }'
	awk '{ print $3 }' ./*.keys | grep -E '.{40}' >secrets
	not grep -aqiFf secrets "$BATS_TEST_TMPDIR/out" \
		"$BATS_TEST_TMPDIR/err" plain.pcap
}

@test "a key log opens DTLS 1.2 and 1.3" {
	opened baresip-12.pcap AES_CM_128_HMAC_SHA1_80 52 baresip-12.keys
	[ "$errors" = 'gs-srtpdump: 0 SDES keys, 0 RSA keys, 2 TLS secrets (2 used)' ]
	opened firefox-13.pcap AEAD_AES_128_GCM 51 firefox-13.keys
	[ "$errors" = 'gs-srtpdump: 0 SDES keys, 0 RSA keys, 5 TLS secrets (1 used)' ]
}

@test "a call of two browsers, with its SIP in secure WebSockets" {
	gs 0 gs-srtpdump -j --tls -K chromium-wss.keys -w plain.pcap chromium-wss.pcap
	[ "$(jq -r '[.codec, .packets, .decrypted, .suite] | @tsv' <<<"$output" |
		tr '\t\n' ' ;')" = 'opus 50 50 AEAD_AES_128_GCM;opus 77 77 AEAD_AES_128_GCM;' ]
	[ "$(tshark -r plain.pcap -Y sip -T fields -e sip.CSeq.method -e sip.Status-Code \
		2>/dev/null | tr '\t\n' ' ;')" = 'INVITE ;INVITE ;INVITE 200;INVITE 200;ACK ;ACK ;' ]
	gs 0 gs-sdpcheck --require savp --require tls -K chromium-wss.keys chromium-wss.pcap
	# Each part of the keys opens its part.
	grep EXPORTER chromium-wss.keys >dtls.keys
	grep -v EXPORTER chromium-wss.keys >tls.keys
	chmod 600 ./*.keys
	gs 0 gs-srtpdump -j -K dtls.keys chromium-wss.pcap
	[ "$(jq -r '[.codec, .payload_type] | @tsv' <<<"$output" | uniq -c)" = \
		"$(printf '      2 PT 109\t109')" ]
	gs 2 gs-sdpcheck -K dtls.keys chromium-wss.pcap
	gs 1 gs-srtpdump -j -K tls.keys chromium-wss.pcap
	[ "$(jq -r '[.codec, .verdict] | @tsv' <<<"$output" | uniq -c)" = \
		"$(printf '      2 opus\tno key')" ]
	gs 0 gs-sdpcheck --require savp --require tls -K tls.keys chromium-wss.pcap
}

@test "GStreamer's handshake; what it sent before was under another key" {
	gs 1 gs-srtpdump -j -K gstreamer-12.keys gstreamer-12.pcap
	[ "$(jq -r '[.decrypted, .no_key, .suite, .verdict] | @tsv' <<<"$output" |
		tr '\t\n' ' ;')" = '50 1 AES_CM_128_HMAC_SHA1_80 partly;50 2 AES_CM_128_HMAC_SHA1_80 partly;' ]
}

@test "what -w writes of a call that DTLS keyed plays in Wireshark" {
	chmod 600 sdp-only.log
	gs 0 gs-srtpdump -q -K sdp-only.log -w plain.pcap sdp-only.pcap
	[ "$(tshark -r plain.pcap -Y sdp -T fields -e sdp.media.proto \
		2>/dev/null | tr '\n' ' ')" = 'RTP/AVPF RTP/AVPF ' ]
	[ "$(tshark -r plain.pcap -Y rtp.payload 2>/dev/null | wc -l)" -eq 200 ]
	# With the handshake, by the way that the manual names.
	gs 0 gs-srtpdump -q --only-rtp -K baresip-12.keys -w rtp.pcap \
		baresip-12.pcap
	[ "$(tshark --enable-heuristic rtp_udp -r rtp.pcap -Y rtp.payload \
		2>/dev/null | wc -l)" -eq 104 ]
}

@test "two calls in one run, and the secrets in the capture" {
	cat ./*.keys >all.keys
	chmod 600 all.keys
	gs 0 gs-srtpdump -j -K all.keys baresip-12.pcap firefox-13.pcap
	[ "$(jq -r .verdict <<<"$output" | uniq -c)" = '      4 decrypted' ]
	editcap --inject-secrets tls,firefox-13.keys firefox-13.pcap in.pcapng
	gs 0 gs-srtpdump -j in.pcapng
	[ "$(jq -r .verdict <<<"$output" | uniq -c)" = '      2 decrypted' ]
	gs 0 gs-srtpdump -j --no-sip -K firefox-13.keys - <firefox-13.pcap
	[ "$(jq -r .verdict <<<"$output" | uniq -c)" = '      2 decrypted' ]
}

# shut WHAT CAPTURE OPTION...: both streams are said to be keyed by DTLS, and
# what is missing.
shut() {
	local what=$1
	shift
	gs 1 gs-srtpdump "$@"
	grep -q " and 1 more: no key: DTLS .*; $what\.$" <<<"$output"
}

@test "without the secrets the report says what would open it" {
	shut 'a key log with its CLIENT_RANDOM line opens it' baresip-12.pcap
	shut 'a key log with its EXPORTER_SECRET opens it' firefox-13.pcap
	shut 'the key log has no CLIENT_RANDOM line for it' -K firefox-13.keys baresip-12.pcap
	shut 'the key log has no EXPORTER_SECRET for it' -K baresip-12.keys firefox-13.pcap
	openssl genrsa -out server.pem 2048 2>/dev/null
	shut 'its keys are ephemeral (Diffie-Hellman): a key log opens it' -K server.pem baresip-12.pcap
	shut 'the capture must contain the handshake' -F 'udp[8] < 20 or udp[8] > 63' -K baresip-12.keys baresip-12.pcap
}

#!/bin/bash
# SPDX-License-Identifier: MIT
# gs-sdpcheck beside grep on the same log, and on bare SDP.
set -eu
cd "$(dirname "$0")/../.."
B=${BUILD:-build}
t=$B/tests/bench
d=$(mktemp -d)
trap 'rm -rf "$d"' EXIT
mb=${BENCH_MB:-256}
"$t/loggen" "$mb" >"$d/log"
bytes=$(stat -c %s "$d/log")
read -r grep_s _ < <("$t/timed" 5 "$d/log" grep -c crypto)
read -r check_s kib < <("$t/timed" 5 "$d/log" "$B/gs-sdpcheck" -t fslog)
read -r quiet_s _ < <("$t/timed" 5 "$d/log" "$B/gs-sdpcheck" -q)
awk -v b="$bytes" -v g="$grep_s" -v c="$check_s" -v q="$quiet_s" -v k="$kib" '
	function row(what, s) {
		printf "%s\t%.0f MB/s\tgrep %.0f MB/s\t%.1f\t%.1f\n",
			what, b / 1e6 / s, b / 1e6 / g, s / g, k / 1024
	}
	BEGIN {
		row("log of FreeSWITCH", c)
		row("log of FreeSWITCH, -q", q)
	}'
# Bare SDP: one file of many, each with its own key.
n=${BENCH_SDP:-500000}
awk -v n="$n" 'BEGIN {
	a = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	srand(1)
	for (i = 0; i < n; i++) {
		k = ""
		for (j = 0; j < 40; j++)
			k = k substr(a, 1 + int(rand() * 64), 1)
		printf "v=0\r\no=- %d 1 IN IP4 192.0.2.1\r\ns=-\r\n", i
		printf "c=IN IP4 192.0.2.1\r\nt=0 0\r\n"
		printf "m=audio %d RTP/SAVP 8 0 101\r\n", 10000 + i % 20000
		printf "a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
		printf "a=rtpmap:101 telephone-event/8000\r\n"
		printf "a=fmtp:101 0-15\r\n"
		printf "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%s\r\n", k
		printf "a=ptime:20\r\n"
	}
}' >"$d/sdp"
read -r sdp_s kib < <("$t/timed" 5 "$d/sdp" "$B/gs-sdpcheck" -q)
read -r say_s _ < <("$t/timed" 5 "$d/sdp" "$B/gs-sdpcheck")
read -r wc_s _ < <("$t/timed" 5 "$d/sdp" grep -c crypto)
awk -v n="$n" -v s="$sdp_s" -v y="$say_s" -v k="$kib" -v g="$wc_s" '
	function row(what, s) {
		printf "%s\t%.0f /ms\tgrep %.0f /ms\t%.1f\t%.1f\n",
			what, n / 1e3 / s, n / 1e3 / g, s / g, k / 1024
	}
	BEGIN {
		row("bare SDP", y)
		row("bare SDP, -q", s)
	}'
# Start-up: an empty run beside true(1).
echo v=0 >"$d/one"
read -r true_s _ < <("$t/timed" 50 "$d/one" true)
read -r one_s kib < <("$t/timed" 50 "$d/one" "$B/gs-sdpcheck" -q)
awk -v a="$true_s" -v b="$one_s" -v k="$kib" 'BEGIN {
	printf "start of gs-sdpcheck\t%.2f ms\ttrue %.2f ms\t%.1f\t%.1f\n",
		b * 1e3, a * 1e3, b / a, k / 1024
}'
# The streams of a capture with a million packets of plain RTP.
"$t/net" "$d/rtp.pcap" >/dev/null
cpu() { # cpu COMMAND...: seconds of the processor, and KiB
	/usr/bin/env time -f '%U %S %M' "$@" 2>&1 >/dev/null | tail -n 1 |
		awk '{ print $1 + $2, $3 }'
}
read -r shark_s _ < <(cpu tshark -o rtp.heuristic_rtp:TRUE -nq -z rtp,streams \
	-r "$d/rtp.pcap")
read -r dump_s kib < <(cpu "$B/gs-srtpdump" "$d/rtp.pcap")
awk -v a="$shark_s" -v b="$dump_s" -v k="$kib" 'BEGIN {
	printf "streams of a capture\t%.0f /ms\ttshark %.0f /ms" \
		"\t%.2f\t%.1f\n", 1e3 / b, 1e3 / a, b / a, k / 1024
}'

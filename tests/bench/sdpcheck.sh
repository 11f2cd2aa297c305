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
	BEGIN {
		printf "log: %.0f MB\n", b / 1e6
		printf "  grep -c crypto   %6.0f MB/s\n", b / 1e6 / g
		printf "  gs-sdpcheck      %6.0f MB/s, %.2f times grep, " \
			"at most %.1f MB of memory\n", b / 1e6 / c, c / g, k / 1024
		printf "  gs-sdpcheck -q   %6.0f MB/s, %.2f times grep\n",
			b / 1e6 / q, q / g
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
awk -v n="$n" -v s="$sdp_s" -v y="$say_s" -v k="$kib" -v g="$wc_s" 'BEGIN {
	printf "bare SDP: %d\n", n
	printf "  gs-sdpcheck -q   %7.0f SDP/s, %.1f times grep -c crypto, " \
		"at most %.1f MB\n", n / s, s / g, k / 1024
	printf "  gs-sdpcheck      %7.0f SDP/s\n", n / y
}'
# Start-up: an empty run beside true(1).
echo v=0 >"$d/one"
read -r true_s _ < <("$t/timed" 50 "$d/one" true)
read -r one_s _ < <("$t/timed" 50 "$d/one" "$B/gs-sdpcheck" -q)
awk -v a="$true_s" -v b="$one_s" 'BEGIN {
	printf "start: gs-sdpcheck %.2f ms, true(1) %.2f ms\n", b * 1e3, a * 1e3
}'

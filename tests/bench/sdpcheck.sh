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
# row WHAT UNIT N SECONDS: N units of it, beside grep.
row() {
	awk -v what="$1" -v unit="$2" -v n="$3" -v s="$4" -v g="$grep_s" \
		-v k="$kib" 'BEGIN {
		printf "%s\t%.0f %s\tgrep %.0f %s\t%.1f\t%.1f\n",
			what, n / s, unit, n / g, unit, s / g, k / 1024
	}'
}
row "log of FreeSWITCH" MB/s "$((bytes / 1000000))" "$check_s"
row "log of FreeSWITCH, -q" MB/s "$((bytes / 1000000))" "$quiet_s"
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
read -r grep_s _ < <("$t/timed" 5 "$d/sdp" grep -c crypto)
row "bare SDP" /ms "$((n / 1000))" "$say_s"
row "bare SDP, -q" /ms "$((n / 1000))" "$sdp_s"
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

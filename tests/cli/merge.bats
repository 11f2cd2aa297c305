#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# gs-srtpdump --merge: the reports about the files of a rotated capture say
# together what one run over all files says.

load lib

setup() {
	fs=$GS_TOP/tests/fixtures/freeswitch
	pcma=$GS_TOP/tests/fixtures/calls/call-pcma-udp.pcap
	cd "$BATS_TEST_TMPDIR"
}

# rotate CAPTURE PACKETS: part-*.pcap, as dumpcap would have rotated.
rotate() {
	rm -f part*.pcap
	editcap -F pcap -c "$2" "$1" part.pcap
	[ "$(ls part_*.pcap | wc -l)" -gt 2 ]
}

# each KEYS: the reports of the files, one run for each; files without RTP
# say nothing.
each() {
	local f
	for f in part_*.pcap; do
		gs-srtpdump -j -K "$1" "$f" 2>/dev/null || [ $? -lt 3 ]
	done
}

# same_as_one KEYS: of the files in reports, and of one run over all.
same_as_one() {
	each "$1" >pieces
	gs-srtpdump -j -K "$1" part_*.pcap >run
	gs-srtpdump --merge -j run >one
	gs 0 gs-srtpdump --merge -j pieces
	diff one <(echo "$output")
}

@test "a rotated capture says in pieces what it says as a whole" {
	for name in optional tls-tls; do
		for packets in 50 127 400; do
			rotate "$fs/$name.pcap" $packets
			same_as_one "$fs/$name.uuid.log"
			[ "$(wc -l <pieces)" -gt "$(wc -l <one)" ]
		done
	done
	[ "$(jq -r .verdict one | sort -u)" = decrypted ]
}

@test "SIP in the first file only: it is the key file of all" {
	rotate "$pcma" 100
	same_as_one "$pcma"
	[ "$(jq .decrypted one | tr '\n' ' ')" = "601 601 " ]
	[ "$(jq .lost one | sort -u)" = 0 ]
}

@test "order and grouping of reports do not matter" {
	rotate "$fs/optional.pcap" 100
	each "$fs/optional.uuid.log" >pieces
	gs-srtpdump --merge -j pieces >want
	for seed in 1 2 3 4 5; do
		shuf --random-source=<(yes $seed) pieces >mixed
		gs-srtpdump --merge -j <mixed | cmp - want
		split -n r/3 mixed third.
		gs-srtpdump --merge -j third.aa >a
		gs-srtpdump --merge -j third.ab >b
		gs-srtpdump --merge -j third.ac >c
		gs-srtpdump --merge -j a b >ab
		gs-srtpdump --merge -j b c >bc
		gs-srtpdump --merge -j ab c | cmp - want
		gs-srtpdump --merge -j a bc | cmp - want
		gs-srtpdump --merge -j c a b | cmp - want
	done
	gs-srtpdump --merge -j want | cmp - want
}

@test "packets lost where a file ends are counted, and once" {
	# The third and the fourth file lack what stood around their border.
	editcap -F pcap "$pcma" holes.pcap 290-309
	rotate holes.pcap 289
	same_as_one "$pcma"
	[ "$(jq -s 'map(.lost) | add' one)" = 20 ]
	[ "$(jq -s 'map(.packets) | add' one)" = 1182 ]
	# A file that is missing altogether.
	rm part_00002*.pcap
	same_as_one "$pcma"
	[ "$(jq -s 'map(.lost) | add' one)" -gt 200 ]
}

@test "a packet that is in two files is a duplicate" {
	editcap -F pcap -r "$pcma" part_1.pcap 1-301
	editcap -F pcap -r "$pcma" part_2.pcap 300-1300
	same_as_one "$pcma"
	[ "$(jq -s 'map(.duplicates) | add' one)" = 2 ]
	[ "$(jq -s 'map(.lost) | add' one)" = 0 ]
}

@test "a file that begins after the wrap finds its rollover counter" {
	for name in gst-cm128-80 gst-cm128-32 gst-gcm256; do
		rotate "$GS_TOP/tests/fixtures/srtp/$name.pcap" 60
		same_as_one "$GS_TOP/tests/fixtures/srtp/keys.txt"
		[ "$(jq -s 'map(.roc_first) | sort | join(" ")' pieces)" = '"0 0 0 1 1"' ]
		[ "$(jq -c '[.roc_first,.roc_last,.packets,.lost]' one)" = '[0,1,256,0]' ]
		[ "$(jq -c '.keys[0].received' one)" = '[65400,65655]' ]
	done
}

@test "rollover counters go on over the border" {
	piece() { # FILE START END RECEIVED PACKETS
		printf '{"type":"stream","file":"%s","src":"192.0.2.1:10000","dst":"192.0.2.2:20000","ssrc":"00c0ffee","payload_type":8,"codec":"PCMA","clock_rate":8000,"packets":%s,"decrypted":%s,"confirmed":true,"verdict":"decrypted","start_ns":%s,"end_ns":%s,"keys":[{"key":"0badcafe","suite":"AES_CM_128_HMAC_SHA1_80","tag_bits":80,"key_from":"log:1","start_ns":%s,"end_ns":%s,"received":[%s]}]}\n' \
			"$1" "$5" "$5" "$2" "$3" "$2" "$3" "$4"
	}
	piece b 3000000000 4000000000 65536,65545,65548,65549 12 >b
	piece a 1000000000 2000000000 65526,65533 8 >a
	gs 0 gs-srtpdump --merge -j b a
	[ "$(jq -c '[.file,.roc_first,.roc_last,.packets,.lost]' <<<"$output")" = '["a",0,1,20,4]' ]
	[ "$(jq -c '.keys[0].received' <<<"$output")" = '[65526,65533,65536,65545,65548,65549]' ]
	gs 0 gs-srtpdump --wide --merge b a
	grep -q ' decrypted  *20  *4 .* 0-1  confirmed' <<<"$output"
}

@test "running already is said only of what began before all files" {
	local srtp=$GS_TOP/tests/fixtures/srtp
	rotate "$srtp/gst-cm128-80.pcap" 60
	# The key came when the counter was at 1 already.
	for f in part_*.pcap; do
		gs-srtpdump -j -K "$srtp/keys.txt" "$f"
	done >pieces
	gs-srtpdump -j part_00000*.pcap >unopened || [ $? -eq 1 ]
	tail -n 1 pieces >last
	[ "$(jq .roc_first last)" -eq 1 ]
	gs 1 gs-srtpdump --merge -j unopened last
	[ "$(jq .roc_first <<<"$output")" -eq 1 ]
	not grep -q 'running already' <<<"$output"
	gs 0 gs-srtpdump --merge -j last
	grep -q 'running already' <<<"$output"
}

@test "one stream that some file could not open is partly open" {
	rotate "$fs/optional.pcap" 400
	{
		gs-srtpdump -j -K "$fs/optional.uuid.log" part_00000*.pcap
		gs-srtpdump -j part_00001*.pcap || [ $? -eq 1 ]
	} >pieces
	gs 1 gs-srtpdump --merge pieces
	grep -q 'partly' <<<"$output"
	grep -q 'captured where no key was known' <<<"$output"
	gs 1 gs-srtpdump --merge -q pieces
	[ -z "$output" ]
}

@test "what is no report is refused with its line" {
	gs-srtpdump -j "$pcma" >good
	bad() { # TEXT REASON
		{ cat good; printf '%s\n' "$1"; } >bad
		gs 2 gs-srtpdump --merge bad
		[ -z "$output" ]
		[[ $errors == *"bad:3: "*"$2"* ]] || { echo "$errors"; false; }
	}
	bad '' 'column 1: the text ends too early'
	bad '{"type":"stream",}' 'column 18: expected a key in quotes'
	bad '{"type":"call"}' '"type" must be "stream"'
	bad '{"type":"stream"}' 'not a stream'
	bad '[1]' 'not a JSON object'
	bad "$(sed -n 1p good) x" 'after the value'
	bad "$(sed -n '1s/"received":\[/&9,/p' good)" 'whole number'
	bad "$(sed -n '1s/"received":\[/&9,1,/p' good)" 'pairs of first'
	bad "$(sed -n '1s/"received":\[/&1,999999999999999,/p' good)" '48 bits'
	bad "$(printf '%0100d' 0 | tr 0 '[')" 'not a JSON object'
	head -c -1 good >cut
	gs 2 gs-srtpdump --merge cut
	[[ $errors == *"cut:2: "* ]]
	# jansson would pass over some NULs.
	{ cat good; head -n 1 good | sed 's/}$/\x00}/'; } >zero
	gs 2 gs-srtpdump --merge zero
	[[ $errors == *"zero:3: "*NUL* ]]
	{ cat good; head -c 16777217 /dev/zero | tr '\0' ' '; echo; } >long
	gs 2 gs-srtpdump --merge long
	[[ $errors == *"long:3: longer than 16 MiB"* ]]
	gs 2 gs-srtpdump --merge /dev/null
	[[ $errors == *"gs-srtpdump: "*streams* ]]
	gs 2 gs-srtpdump --merge "$pcma"
	gs 2 gs-srtpdump --merge .
	gs 2 gs-srtpdump --merge -w x good
	gs 2 gs-srtpdump --merge missing
}

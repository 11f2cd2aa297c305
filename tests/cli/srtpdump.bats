#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# gs-srtpdump on recorded calls: what it opens, says, writes, and refuses.

load lib
load ../helpers/process

setup() {
	calls=$GS_TOP/tests/fixtures/calls
	fs=$GS_TOP/tests/fixtures/freeswitch
	pcma=$calls/call-pcma-udp.pcap
	# What is written here is searched for keys.
	out=$GS_OUT/srtpdump/$BATS_TEST_NUMBER
	mkdir -p "$out"
	cd "$BATS_TEST_TMPDIR"
}

# field NAME: of all streams, one a line.
field() { jq -r ".$1" <<<"$output"; }

# rtp_streams CAPTURE: how many tshark plays.
rtp_streams() {
	tshark -r "$1" -q -z rtp,streams 2>/dev/null | grep -c ' 0x' || true
}

@test "a call opens without any option" {
	gs 0 gs-srtpdump --wide "$pcma"
	[ "$(grep -c 'PCMA .*decrypted .* 601 .*AES_CM_128_HMAC_SHA1_80 .*confirmed' <<<"$output")" -eq 2 ]
	gs 0 gs-srtpdump -j "$pcma"
	[ "$(field verdict | uniq -c | tr -s ' ')" = " 2 decrypted" ]
	[ "$(field decrypted | tr '\n' ' ')" = "601 601 " ]
	[ "$(field rtcp.packets | tr '\n' ' ')" = "5 5 " ]
	[ "$(field rtcp.decrypted | tr '\n' ' ')" = "3 3 " ]
	[ "$(field confirmed | sort -u)" = true ]
	[ "$(field lost | sort -u)" = 0 ]
}

@test "JSON has its keys in order" {
	gs 0 gs-srtpdump -j "$pcma"
	want='type file src dst ssrc payload_type codec clock_rate suite tag_bits key key_from roc_first roc_last packets decrypted lost duplicates late auth_failed no_key first_frame last_frame start duration jitter_ms rtcp confirmed verdict notes start_ns end_ns format_ns moved_from keys lasting rejected receiver_would_reject jitter_mean_ms jitter_max_ms delta_max_ms longest_gap_ms stretches'
	[ "$(head -1 <<<"$output" | command jq -r 'keys_unsorted|join(" ")')" = "$want" ]
	[ "$(head -1 <<<"$output" | command jq -r '.rtcp|keys_unsorted|join(" ")')" = "packets decrypted tag_bits plain" ]
	[ "$(field key | grep -cx '[0-9a-f]\{8\}')" -eq 2 ]
	[ "$(field key_from | grep -c 'call-pcma-udp.pcap frame [0-9]*$')" -eq 2 ]
}

@test "the second recorded call, in PCMU, opens, too" {
	gs 0 gs-srtpdump -j "$calls/call-pcmu-udp.pcap"
	[ "$(field decrypted | tr '\n' ' ')" = "601 601 " ]
	[ "$(field codec | sort -u)" = PCMU ]
}

# a_law: 16-bit samples, through G.711's A-law and back (ITU-T G.711 table 1,
# the magnitude of negative samples as baresip's library takes it).
a_law() {
	perl -0777 -ne 'print pack "s<*", map {
		my $m = abs > 32767 ? 32767 : abs;
		my $s = 0;
		$s++ while $s < 7 && $m >> ($s + 8);
		my $k = $s ? $s + 3 : 4;
		my $v = ($m >> $k << $k) + (1 << $k - 1);
		$_ < 0 ? -$v : $v;
	} unpack "s<*"'
}

@test "the WAV is the sweep that was sent, sample for sample" {
	gs 0 gs-srtpdump -a "$out/call.wav" "$pcma"
	grep -q "call.wav: 192.0.2.2:30030 left, 192.0.2.2:20038 right, 12.0 s at 8000 Hz" <<<"$output"
	# What both phones played, with the seed of the dither that it had then.
	GS_CLOCK=1794543728 LD_PRELOAD=$GS_BIN/tests/helpers/shim_clock.so \
		sox -n -r 8000 -c 1 -b 16 tone.wav synth 12 sine 300:3000 gain -6
	sox tone.wav -t raw - | a_law >sent.raw
	# The right channel began 12 samples later.
	sox "$out/call.wav" -t raw left.raw remix 1 trim 0s 96000s
	sox "$out/call.wav" -t raw right.raw remix 2 trim 12s 96000s
	[ "$(stat -c %s sent.raw)" -eq 192000 ]
	cmp sent.raw left.raw
	cmp sent.raw right.raw
}

@test "both channels hold each sample that the packets hold" {
	gs 0 gs-srtpdump -a "$out/call.wav" -w "$out/call.pcap" "$pcma"
	tshark -r "$out/call.pcap" -Y rtp -T fields -e udp.dstport \
		-e rtp.payload >payloads 2>/dev/null
	for side in 1:20038:0 2:30030:12; do
		IFS=: read -r channel port skip <<<"$side"
		awk -v p="$port" '$1 == p { print $2 }' payloads |
			tr -d ':\n' | perl -ne 'print pack "H*", $_' | sox -D -t raw -e a-law -r 8000 -c 1 - -t raw -e signed -b 16 want.raw
		sox "$out/call.wav" -t raw got.raw remix "$channel" trim "${skip}s" 96160s
		[ "$(stat -c %s want.raw)" -eq 192320 ]
		cmp want.raw got.raw
	done
}

@test "tshark plays the decrypted capture" {
	gs 0 gs-srtpdump -w "$out/call.pcap" "$pcma"
	tshark -r "$out/call.pcap" -z rtp,streams -o ip.check_checksum:TRUE \
		-o udp.check_checksum:TRUE -T fields -e frame.time_epoch \
		-e rtp.payload -e ip.checksum.status -e udp.checksum.status \
		-e rtcp.pt >seen 2>/dev/null
	sed '/^=* RTP Streams =*$/,$d' seen >frames
	sed '1,/^=* RTP Streams =*$/d' seen >streams
	[ "$(grep -c ' 0x.* g711A ' streams)" -eq 2 ]
	[ "$(grep -c ' 0x' streams)" -eq 2 ]
	# Sound, its checksums right, and reports of senders.
	[ "$(awk -F '\t' '$2 != "" { sound++; right += $3 == 1 && $4 == 1 }
		$5 ~ /(^|,)200(,|$)/ { reports++ }
		END { print sound, right, (reports > 0) }' frames)" = "1202 1202 1" ]
	[ "$(tshark -r "$out/call.pcap" -Y 'srtcp || srtp' 2>/dev/null | wc -l)" -eq 0 ]
	# Nothing lost, nothing moved.
	tshark -r "$pcma" -T fields -e frame.time_epoch >before 2>/dev/null
	cut -f 1 frames | cmp before -
	[ "$(strings "$out/call.pcap" | grep -c 'RTP/SAVP')" -eq 0 ]
	[ "$(strings "$out/call.pcap" | grep -c 'RTP/AVP  ')" -eq 2 ]
}

# in_turn FROM TO: puts the media of a capture into indications of TURN (RFC
# 8656 section 11), with another attribute behind them.
in_turn() {
	python3 - "$1" "$2" <<-'END'
		import struct, sys
		data = open(sys.argv[1], 'rb').read()
		out, at = [data[:24]], 24
		while at < len(data):
		    time, n = data[at:at + 8], struct.unpack_from('<I', data, at + 8)[0]
		    f, at = data[at + 16:at + 16 + n], at + 16 + n
		    if f[42] >> 6 == 2:
		        more = struct.pack('>HH', 0x13, n - 42) + f[42:]
		        more += bytes(-len(more) % 4) + b'\0\x12\0\x08\0\1\1\1\1\2\3\4'
		        more = struct.pack('>HHI', 0x17, len(more), 0x2112a442) + \
		            bytes(12) + more
		        f = f[:16] + struct.pack('>H', 28 + len(more)) + f[18:24] + \
		            b'\0\0' + f[26:38] + struct.pack('>HH', 8 + len(more), 0) + more
		    out.append(time + struct.pack('<II', len(f), len(f)) + f)
		open(sys.argv[2], 'wb').write(b''.join(out))
	END
}

@test "media in the indications of TURN: opened, and written there" {
	in_turn "$pcma" turn.pcap
	gs 0 gs-srtpdump -j -w "$out/turn.pcap" turn.pcap
	[ "$(field decrypted | tr '\n' ' ')" = "601 601 " ]
	# Each packet of RTP and SRTCP is in a whole one of STUN.
	tshark -r "$out/turn.pcap" -Y 'stun.type == 0x0017' -T fields \
		-e stun.att.type -e ip.checksum.status \
		-o ip.check_checksum:TRUE >seen 2>/dev/null
	[ "$(grep -c "^0x0013$(printf '\t')1$" seen)" -eq 1208 ]
	gs 2 gs-srtpdump -j "$out/turn.pcap"
	[ "$(field verdict | sort -u)" = plain ]
	[ "$(field packets | tr '\n' ' ')" = "601 601 " ]
}

@test "--keep-sip, --only-rtp and --no-sip" {
	gs 0 gs-srtpdump --keep-sip -w keep.pcap "$pcma"
	[ "$(strings keep.pcap | grep -c 'RTP/SAVP')" -eq 2 ]
	gs 0 gs-srtpdump --only-rtp -w "$out/rtp.pcap" "$pcma"
	[ "$(packets_in "$out/rtp.pcap")" -eq 1212 ]
	gs 1 gs-srtpdump --no-sip "$pcma"
	grep -q 'no key: no SIP with a=crypto' <<<"$output" ||
		grep -q 'no key: ' <<<"$output"
	gs 1 gs-srtpdump -j --no-sip "$pcma"
	[ "$(field verdict | sort -u)" = "no key" ]
	[ "$(field no_key | tr '\n' ' ')" = "601 601 " ]
}

@test "FreeSWITCH over TLS: no key, and why" {
	gs 1 gs-srtpdump "$fs/tls-tls.pcap"
	[[ $output == *" and 3 more: no key: SIP "*TLS*-K* ]]
}

@test "FreeSWITCH over TLS: the log opens it" {
	for log in uuid nouuid; do
		gs 0 gs-srtpdump -j -K "$fs/tls-tls.$log.log" "$fs/tls-tls.pcap"
		[ "$(field verdict | tr '\n' ' ')" = "decrypted decrypted decrypted decrypted " ]
		[ "$(field confirmed | sort -u)" = true ]
		[ "$(jq -s 'map(.rtcp.packets - .rtcp.decrypted)|add' <<<"$output")" -eq 4 ]
		[ "$(field key_from | grep -c "tls-tls.$log.log:[0-9]")" -eq 4 ]
	done
}

@test "FreeSWITCH over TLS: the phones' traces open it" {
	gs 0 gs-srtpdump -j -K "$fs/tls-tls.a-trace.txt" -K "$fs/tls-tls.b-trace.txt" "$fs/tls-tls.pcap"
	[ "$(field verdict | grep -c decrypted)" -eq 4 ]
	gs 1 gs-srtpdump -j -K "$fs/tls-tls.a-trace.txt" "$fs/tls-tls.pcap"
	[ "$(field verdict | grep -c decrypted)" -eq 2 ]
}

@test "FreeSWITCH, optional: 36 keys on offer, the right ones found" {
	gs 0 gs-srtpdump -j "$fs/optional.pcap"
	[ "$(field verdict | grep -c decrypted)" -eq 4 ]
	[ "$(field suite | sort | uniq -c | tr -s ' ' | paste -sd,)" = " 2 AEAD_AES_256_GCM, 2 AES_CM_128_HMAC_SHA1_80" ]
	gs 0 gs-srtpdump -j --no-sip -K "$fs/optional.uuid.log" "$fs/optional.pcap"
	[ "$(field verdict | grep -c decrypted)" -eq 4 ]
	gs 0 gs-srtpdump -j --no-sip -K "$fs"/optional.cdr-f4f42cb8.xml -K "$fs"/optional.cdr-facf3bed.xml "$fs/optional.pcap"
	[ "$(field verdict | grep -c decrypted)" -eq 4 ]
	[ "$(field key_from | grep -c 'cdr.*xml:')" -eq 4 ]
}

@test "FreeSWITCH, refused: no media, said so" {
	gs 2 gs-srtpdump "$fs/avpcrypto.pcap"
	[[ $errors == *"22 packets"* ]]
}

@test "one WAV for each call" {
	gs 0 gs-srtpdump -a "$out/call.wav" -K "$fs/tls-tls.uuid.log" "$fs/tls-tls.pcap"
	[ "$(ls "$out" | paste -sd' ')" = "call-2.wav call.wav" ]
	for w in "$out"/*.wav; do
		[ "$(soxi -c "$w")" -eq 2 ]
		[ "$(soxi -D "$w" | cut -d. -f1)" -ge 7 ]
		# Both directions were heard.
		for c in 1 2; do
			sox "$w" -n remix $c stat 2>&1 | awk '/RMS.*amplitude/ { exit !($3 > 0.1) }'
		done
	done
	grep -q 'call-2.wav: ' <<<"$output"
}

@test "a file for each stream" {
	mkdir "$out/d"
	gs 0 gs-srtpdump -A "$out/d" "$pcma"
	[ "$(ls "$out/d" | wc -l)" -eq 4 ]
	[ "$(ls "$out"/d/*.wav | wc -l)" -eq 2 ]
	[ "$(ls "$out"/d/*.rtpdump | wc -l)" -eq 2 ]
	head -1 "$(ls "$out"/d/*.rtpdump | head -1)" | grep -qa '^#!rtpplay1.0 192.0.2.2/'
	[ "$(stat -c %s "$(ls "$out"/d/*.rtpdump | head -1)")" -gt $((601 * 180)) ]
	gs 2 gs-srtpdump -A "$out/missing" "$pcma"
	[ "$errors" = "gs-srtpdump: folder $out/missing: No such file or directory" ]
}

@test "a file for each stream, the same from a pipe: RTCP before all RTP is in it" {
	mkdir file pipe
	gs 0 gs-srtpdump -q -A file "$calls/call-g722.pcap"
	gs 0 sh -c "cat $calls/call-g722.pcap | gs-srtpdump -q -A pipe -"
	diff -r file pipe
	# Two in the clear and two that were opened, of one and the same text.
	[ "$(cat file/*.rtpdump | grep -ao PINGPONG | wc -l)" -eq 4 ]
}

@test "the picture is one XML document" {
	gs 0 gs-srtpdump -g "$out/call.svg" "$pcma"
	xmllint --noout "$out/call.svg"
	grep -q '192.0.2.2:30030' "$out/call.svg"
	[ "$(grep -c 'href\|<script' "$out/call.svg")" -eq 0 ]
}

@test "the picture, rendered: no text runs into a bar" {
	gs 0 gs-srtpdump -g call.svg "$pcma"
	rsvg-convert -o call.png call.svg
	# Names, then nothing, the scale of the jitter, then bars.
	/usr/bin/python3 "$GS_TOP/tests/helpers/inked.py" call.png 16 300 205 372 \
		300 325 205 372 325 356 205 372 360 1010 205 372 \
		1011 1020 205 372 >inked
	{ read -r names; read -r gap; read -r scale; read -r bars; read -r margin; } <inked
	[ "$names" -gt 1000 ]
	[ "$scale" -gt 50 ]
	[ "$gap" -eq 0 ]
	[ "$bars" -gt 10000 ]
	[ "$margin" -eq 0 ]
}

@test "the hex dump becomes a capture again" {
	gs 0 gs-srtpdump --wide -x "$pcma"
	text2pcap -t '%Y-%m-%dT%H:%M:%S.%f' "$BATS_TEST_TMPDIR/gs.out" again.pcap 2>/dev/null
	[ "$(tshark -r again.pcap -d udp.port==20038,rtp -Y rtp.payload 2>/dev/null | wc -l)" -eq 1202 ]
	grep -q ' decrypted .* confirmed$' <<<"$errors"
}

@test "keys from standard input and a descriptor" {
	gs 0 bash -c 'gs-srtpdump -q --no-sip -K - "$1" <"$2"' _ "$fs/optional.pcap" "$fs/optional.uuid.log"
	gs 0 bash -c 'gs-srtpdump -q --no-sip -K /dev/fd/7 "$1" 7<"$2"' _ "$fs/optional.pcap" "$fs/optional.uuid.log"
	gs 1 bash -c 'gs-srtpdump -q --no-sip -K - "$1" </dev/null' _ "$fs/optional.pcap"
}

@test "captures from standard input, and a pipe that is still growing" {
	gs 0 bash -c 'gs-srtpdump -j <"$1"' _ "$pcma"
	[ "$(field decrypted | tr '\n' ' ')" = "601 601 " ]
	# The end waits for the decrypted beginning: no deadlock, no delay.
	gs 0 timeout 300 bash -c '
		mkfifo in
		gs-srtpdump -w - - <in 2>report | {
			head -c 40000 >first
			echo there >&3
			cat >rest
		} 3>seen &
		exec 4>in
		head -c 150000 "$1" >&4
		for i in {1..1200}; do [ -s seen ] && break; sleep 0.1; done
		[ -s seen ] || exit 9
		tail -c +150001 "$1" >&4
		exec 4>&-
		wait $!
	' _ "$pcma"
	[[ $(cat report) == *" decrypted"*" 601 "* ]]
	[ "$(cat first rest | tshark -r - -Y rtp.payload 2>/dev/null | wc -l)" -eq 1202 ]
}

@test "rotated files are one capture" {
	editcap -c 400 "$pcma" part.pcap
	[ "$(ls part_*.pcap | wc -l)" -gt 2 ]
	gs 0 gs-srtpdump -j part_*.pcap
	[ "$(field decrypted | tr '\n' ' ')" = "601 601 " ]
	[ "$(field file | sort -u)" = "$(ls part_*.pcap | head -1)" ]
	# Each alone, with the keys from the first: found in the middle.
	gs 0 gs-srtpdump -j -K <(tshark -r "$pcma" -Y sdp -T fields -e sdp.media_attr 2>/dev/null | tr , '\n') "$(ls part_*.pcap | tail -1)"
}

@test "files in any order, and one for each direction: merged by time" {
	editcap -c 400 "$pcma" part.pcap
	gs 0 gs-srtpdump -j $(ls -r part_*.pcap)
	[ "$(field decrypted | tr '\n' ' ')" = "601 601 " ]
	[ "$(field file | sort -u)" = "$(ls part_*.pcap | head -1)" ]
	gs 0 gs-srtpdump -q -a "$out/one.wav" "$pcma"
	for port in 30030 20038; do
		tcpdump -r "$pcma" -w $port.pcap "udp src port $port" 2>/dev/null
	done
	tcpdump -r "$pcma" -w sip.pcap 'udp port 5080 or udp port 5070' 2>/dev/null
	gs 0 gs-srtpdump -j -a "$out/two.wav" 30030.pcap 20038.pcap sip.pcap
	[ "$(field decrypted | tr '\n' ' ')" = "601 601 " ]
	cmp "$out/one.wav" "$out/two.wav"
	# What cannot be looked at before it is read is read in the given order.
	gs 0 gs-srtpdump -j sip.pcap - 20038.pcap <30030.pcap
	[ "$(field decrypted | tr '\n' ' ')" = "601 601 " ]
}

@test "pcapng, nanoseconds and a filter" {
	editcap -F pcapng "$pcma" call.pcapng
	editcap -F nsecpcap "$pcma" ns.pcap
	for f in call.pcapng ns.pcap; do
		gs 0 gs-srtpdump -j -w "$out/$f" $f
		[ "$(field decrypted | tr '\n' ' ')" = "601 601 " ]
		[ "$(capinfos -t "$f" | tail -1 | sed 's/.*: *//')" = "$(capinfos -t "$out/$f" | tail -1 | sed 's/.*: *//')" ]
	done
	gs 0 gs-srtpdump -j -F 'udp port 20038 or udp port 5070 or udp port 5080' "$pcma"
	gs 1 gs-srtpdump -j -F 'udp port 20038' "$pcma"
	gs 2 gs-srtpdump -F 'no such words' "$pcma"
}

@test "packets cut by the snaplen are counted, not blamed" {
	editcap -s 96 "$pcma" cut.pcap
	gs 1 gs-srtpdump -j --no-sip -K <(tshark -r "$pcma" -Y sdp -T fields -e sdp.media_attr 2>/dev/null) cut.pcap
	[ "$(jq -r '[.verdict,.packets,.decrypted,.auth_failed,(.notes|map(select(test("^601 .*snaplen")))|length)]|@tsv' <<<"$output" |
		uniq)" = $'partly\t601\t0\t601\t1' ]
}

@test "a capture cut in a packet: all before it, and where" {
	head -c 100000 "$pcma" >cut.pcap
	gs 2 gs-srtpdump -w "$out/cut.pcap" cut.pcap
	[[ $errors == *"cut.pcap: "*"at byte 99811"*"outputs"* ]]
	n=$(tshark -r "$out/cut.pcap" -Y rtp.payload 2>/dev/null | wc -l)
	[ "$n" -gt 350 ]
	grep -q ' decrypted$' <<<"$output"
}

@test "what is no capture is refused" {
	gs 2 gs-srtpdump nowhere.pcap
	[[ $errors == "gs-srtpdump: nowhere.pcap: "* ]]
	gs 2 gs-srtpdump .
	: >empty
	gs 2 gs-srtpdump empty
	[[ $errors == *empty* ]]
	echo "this is no capture, but text" >text
	gs 2 gs-srtpdump text
	gzip -c "$pcma" >call.pcap.gz
	gs 2 gs-srtpdump call.pcap.gz
	[[ $errors == *gzip* ]]
	gs 2 gs-srtpdump -K nokeys.txt "$pcma"
	[[ $errors == *nokeys.txt* ]]
	gs 2 gs-srtpdump -K . "$pcma"
}

@test "plain RTP is no SRTP" {
	gs 0 gs-srtpdump -w plain.pcap "$pcma"
	gs 2 gs-srtpdump -j plain.pcap
	[ "$(field verdict | sort -u)" = plain ]
	[[ $errors == *"gs-srtpdump: "*RTP* ]]
	# A search for its key that ran out of tries left nothing open.
	gs 2 gs-srtpdump -j -K \
		"$GS_TOP/tests/fixtures/freeswitch/mandatory-refused.log" plain.pcap
	[ "$(field verdict | sort -u)" = plain ]
	[[ $errors != *search-stopped* ]]
}

@test "wrong options" {
	for o in -k --key=abc '--roc x' '--roc -1' '--roc 4294967296' \
		'--engine other' '-i lo x.pcap' '-K - -' '-x -w - x.pcap'; do
		# shellcheck disable=SC2086 # several words
		gs 2 gs-srtpdump $o </dev/null
		[ -n "$errors" ]
		[ -z "$output" ]
	done
	[[ $(gs-srtpdump --key=abc 2>&1) != *abc* ]]
	gs 0 gs-srtpdump -h
	[ "$(wc -l <<<"$output")" -le 24 ]
	[[ $output == *"examples:"* ]]
	gs 0 gs-srtpdump -V
}

@test "engines agree" {
	for e in auto libcrypto libsrtp2; do
		gs 0 gs-srtpdump -j --engine $e -w "$out/$e.pcap" "$fs/optional.pcap"
		[ "$(field verdict | grep -c decrypted)" -eq 4 ]
		case $e in
		libcrypto) [ "$(field confirmed | sort -u)" = null ] ;;
		*) [ "$(field confirmed | sort -u)" = true ] ;;
		esac
	done
	cmp "$out/auto.pcap" "$out/libcrypto.pcap"
	cmp "$out/auto.pcap" "$out/libsrtp2.pcap"
}

@test "engines that disagree are a loud failure" {
	cat >liar.c <<-'END'
	#define _GNU_SOURCE
	#include <dlfcn.h>
	int srtp_unprotect(void *s, void *p, int *n) {
		int (*f)(void *, void *, int *) =
		    (int (*)(void *, void *, int *))dlsym(RTLD_NEXT, "srtp_unprotect");
		int r = f(s, p, n);
		((char *)p)[*n - 1] ^= 1;
		return r;
	}
	END
	# It is the library of that name, and its other functions are in the real one.
	cc -shared -fPIC -Wl,-soname,libreal.so -o libreal.so -x c /dev/null
	cc -shared -fPIC -Wl,-soname,libsrtp2.so.1 -Wl,-rpath,"$PWD" -o liar.so liar.c \
		-L. -Wl,--no-as-needed -lreal
	cp "$(cc -print-file-name=libsrtp2.so)" libreal.so
	gs 1 env LD_PRELOAD=$PWD/liar.so ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
		gs-srtpdump -w "$out/none.pcap" "$pcma"
	[[ $output == *"libcrypto and libsrtp2 DISAGREE"* ]]
	[[ $output == *DISAGREES* ]]
	# Nothing was decrypted.
	tshark -r "$pcma" -Y 'udp.dstport==20038' -T fields -e udp.payload 2>/dev/null >a
	tshark -r "$out/none.pcap" -Y 'udp.dstport==20038' -T fields -e udp.payload 2>/dev/null >b
	cmp a b
}

@test "no key in any output" {
	for t in "$pcma" "$fs/optional.pcap"; do
		gs 0 gs-srtpdump -v -a "$out/a.wav" -A "$out" -g "$out/g.svg" -w "$out/w.pcap" "$t"
		gs 0 gs-srtpdump -v -j -x "$t"
		tshark -r "$t" -Y sdp -T fields -e sdp.media_attr 2>/dev/null | grep -o 'inline:[A-Za-z0-9+/]*' | cut -d: -f2 >keys
		[ "$(wc -l <keys)" -ge 2 ]
		while read -r key; do
			hex=$(base64 -d <<<"$key" 2>/dev/null | od -An -tx1 | tr -d ' \n')
			echo "$key" >>all
			echo "${hex:0:32}" >>all
		done <keys
	done
	not grep -raFf all "$out"
	# In raw octets, too.
	while read -r key; do
		raw=$(base64 -d <<<"$key" 2>/dev/null | head -c 16 | od -An -tx1 | tr -d ' \n')
		for f in "$out"/*; do
			not grep -q "$raw" <(od -An -v -tx1 "$f" | tr -d ' \n')
		done
	done < <(head -2 keys)
}

@test "outputs that cannot be written" {
	gs 2 gs-srtpdump -w /dev/full "$pcma"
	[[ $errors == *"No space left"* ]]
	gs 2 gs-srtpdump -a /dev/full "$pcma"
	gs 2 gs-srtpdump -g /dev/full "$pcma"
	gs 2 bash -c 'gs-srtpdump "$1" >/dev/full' _ "$pcma"
	gs 2 gs-srtpdump -w nowhere/x.pcap "$pcma"
	[[ $errors == *"nowhere/x.pcap: "* ]]
	# A reader that goes away is no complaint.
	gs 0 bash -c 'gs-srtpdump -q -w - "$1" | head -c 100 >/dev/null' _ "$pcma"
	[ -z "$errors" ]
}

# read_all: whether the reader of the pipe, $pid, has taken all that was in it
# and waits for more.
read_all() {
	/usr/bin/python3 -c 'import fcntl, sys, termios
sys.exit(any(fcntl.ioctl(4, termios.FIONREAD, bytes(4))))' &&
		grep -q '^State:[[:space:]]*S' "/proc/$pid/status"
}

# feeds N: gs-srtpdump reads a pipe with the first N bytes of the capture, by
# file descriptor 4; $pid is it. ends: it is interrupted; its status must be 0.
feeds() {
	mkfifo in
	gs-srtpdump -j -a "$out/call.wav" - <in >report 2>err 3>&- &
	pid=$!
	exec 4>in
	head -c "$1" "$pcma" >&4
	until_true read_all
}
ends() {
	# The signal may come right before a read begins. One CONT only: it
	# takes away the SIGSTOP by which LeakSanitizer holds a process at its
	# end, and the sanitizer then waits forever.
	kill -INT "$pid"
	kill -CONT "$pid" || true
	until_true eval "! kill -INT $pid"
	status=0
	wait "$pid" || status=$?
	exec 4>&-
	cat err
	[ "$status" -eq 0 ]
	[[ $(<err) =~ ^"gs-srtpdump: ended by SIGINT after "[1-9][0-9]*" packets: "[a-z\ ]*$ ]]
}

@test "interrupted at a pipe that stays open: all that came is reported" {
	feeds 150000
	ends
	[ "$(jq -s 'map(.decrypted)|add' report)" -gt 500 ]
	[ "$(soxi -s "$out/call.wav")" -gt 40000 ]
}

@test "interrupted with its writer, whose last bytes come after that" {
	feeds 100000
	# No more than a pipe holds; when it goes on, the signal comes first.
	kill -STOP "$pid"
	kill -INT "$pid"
	tail -c +100001 "$pcma" | head -c 60000 >&4
	ends
	[ "$(jq -s 'map(.decrypted)|add' report)" -eq 651 ]
}

@test "interrupted in a file: a report, and that it is not the whole" {
	for i in {1..60}; do cat "$pcma" | tail -c +25; done >more
	{ head -c 24 "$pcma"; cat more more more more; } >long.pcap
	(
		trap '' INT
		: >ignored
		exec gs-srtpdump -j --no-sip long.pcap >report 2>err
	) &
	pid=$!
	# At every moment of a run that may be over in no time: until it
	# handles the signal, it ignores it.
	until [ -e ignored ]; do :; done
	for i in {1..12000}; do
		kill -INT "$pid" 2>/dev/null || break
		sleep 0.01
	done
	status=0
	wait "$pid" || status=$?
	[ "$status" -le 1 ] || [[ $(<err) == *"no SRTP"* ]]
	grep -q '^gs-srtpdump: ended by SIGINT after ' err
	[ -z "$(grep -v -e "no SRTP" -e 'ended by SIGINT' err)" ]
}

@test "the table fits 80 columns, or has a line for each stream with --wide" {
	gs 0 gs-srtpdump "$pcma"
	[ "$(sed '/^$/q' <<<"$output" | wc -L)" -le 80 ]
	[ "$(grep -c '^192' <<<"${output%%$'\n\n'*}")" -eq 2 ]
	[[ $output == *$'VERDICT\n  PACKETS  LOST  JITTER ms  GAP ms  SUITE '* ]]
	# The mean and the highest jitter, and the longest gap, as JSON has them.
	gs 0 gs-srtpdump -j "$pcma"
	want=$(jq -r '(.jitter_mean_ms * 10 | round / 10 | tostring) + "/" +
		(.jitter_max_ms * 10 | round / 10 | tostring)' <<<"$output" |
		head -n 1)
	gs 0 gs-srtpdump --wide "$pcma"
	[ "$(head -n 3 <<<"$output" | grep -c ' decrypted .* confirmed$')" -eq 2 ]
	[[ $(sed -n 2p <<<"$output") == *" $want "* ]]
	# A narrow terminal, and colours.
	COLUMNS=60 gs 0 gs-srtpdump --color=always "$pcma"
	[[ $output == *$'\033[32mdecrypted\033[0m'* ]]
	[ "$(sed '/^$/q;s/\x1b[^m]*m//g' <<<"$output" | wc -L)" -le 60 ]
}

@test "audio that goes one way only is said in a sentence" {
	gs 0 gs-srtpdump "$pcma"
	[[ $output != *"other direction"* ]]
	gs 0 gs-srtpdump -F 'not src port 20038' "$pcma"
	[[ $output == *"192.0.2.2:30030 > 192.0.2.2:20038: no packets in the other direction. "* ]]
}

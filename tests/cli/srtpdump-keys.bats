#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# gs-srtpdump on what other encoders sent (see tests/fixtures/srtp/record),
# and what it says about keys.

load lib

setup() {
	srtp=$GS_TOP/tests/fixtures/srtp
	pcma=$GS_TOP/tests/fixtures/calls/call-pcma-udp.pcap
	out=$GS_OUT/srtpdump-keys/$BATS_TEST_NUMBER
	mkdir -p "$out"
	cd "$BATS_TEST_TMPDIR"
}

# opens NAME SUITE PACKETS ROC_LAST SAMPLES
opens() {
	gs 0 gs-srtpdump -j -K "$srtp/keys.txt" -a "$out/$1.wav" -w "$out/$1.pcap" "$srtp/$1.pcap"
	[ "$(jq -r '[.suite,.packets,.decrypted,.roc_first,.roc_last,.lost,.verdict,.confirmed]|@tsv' <<<"$output")" = \
		"$(printf '%s\t' "$2" "$3" "$3" 0 "$4" 0 decrypted true | sed 's/\t$//')" ]
	# A sweep of half the full scale was sent: its power is known.
	sox "$out/$1.wav" -n remix 1 stat 2>&1 | awk '/RMS.*amplitude/ { exit !($3 > 0.34 && $3 < 0.37) }'
	[ "$(soxi -s "$out/$1.wav")" -eq $5 ]
}

@test "GStreamer's srtpenc, every suite, across a wrap" {
	opens gst-cm128-80 AES_CM_128_HMAC_SHA1_80 256 1 40960
	opens gst-cm128-32 AES_CM_128_HMAC_SHA1_32 256 1 40960
	opens gst-cm256-80 AES_256_CM_HMAC_SHA1_80 256 1 40960
	opens gst-cm256-32 AES_256_CM_HMAC_SHA1_32 256 1 40960
	opens gst-gcm128 AEAD_AES_128_GCM 256 1 40960
	opens gst-gcm256 AEAD_AES_256_GCM 256 1 40960
	# One sweep, six ways.
	for f in "$out"/gst-*.wav; do
		sox "$f" -t raw one.raw remix 1 trim 0s 40000s
		[ -f first.raw ] || cp one.raw first.raw
		cmp first.raw one.raw
	done
}

@test "ffmpeg's srtp, both suites" {
	opens ffmpeg-80 AES_CM_128_HMAC_SHA1_80 176 0 24000
	opens ffmpeg-32 AES_CM_128_HMAC_SHA1_32 176 0 24000
}

# is_sweep WAV CHANNEL BEGIN SECONDS: the channel is the sweep of 300 to 6000 Hz from
# this sample on, 30 dB above what G.722 adds (its filters delay by 22).
is_sweep() {
	sox -D -n -r 16000 -c 1 -b 16 -t raw sent.raw synth "$4" sine 300:6000 gain -6
	sox -D "$1" -t raw got.raw remix "$2"
	perl -e '
		my ($lag, @s) = shift;
		for (@ARGV) { open F, $_; local $/; push @s, [unpack "s<*", <F>] }
		my ($ab, $aa, $bb);
		for (2000 .. 40000) {
			my ($x, $y) = ($s[0][$_], $s[1][$_ + $lag]);
			$ab += $x * $y, $aa += $x * $x, $bb += $y * $y;
		}
		exit !($ab > 0 && $bb > 1e3 * ($bb - $ab * $ab / $aa));
	' $(($3 + 22)) sent.raw got.raw
}

@test "G.722 of ffmpeg, heard as it was sent" {
	opens ffmpeg-g722 AES_CM_128_HMAC_SHA1_80 300 0 48000
	is_sweep "$out/ffmpeg-g722.wav" 1 0 3
}

@test "a G.722 call of baresip, heard as it was sent" {
	gs 0 gs-srtpdump -j -a "$out/call.wav" "$GS_TOP/tests/fixtures/calls/call-g722.pcap"
	[ "$(jq -r '[.codec,.decrypted,.lost,.confirmed]|@tsv' <<<"$output" | sort -u)" = $'G722\t239\t0\ttrue' ]
	[ "$(soxi -r "$out/call.wav")" -eq 16000 ]
	is_sweep "$out/call.wav" 1 0 10
	is_sweep "$out/call.wav" 2 14 10
	! is_sweep "$out/call.wav" 2 13 10
}

# own SUITE KDR INDEX COUNT RTCP-INDEX [OPTION]: a call made by the tests' own
# encoder, with the key in its SIP and then as a line, comes out as it was, to
# the last octet.
own() {
	local spec
	"$GS_BIN/tests/helpers/srtp_own" own "${@:1:5}" >key
	chmod 600 key
	spec=$(printf '%s\t' "$1" "$4" "$4" 0 $(($3 >> 16)) $((($3 + $4 - 1) >> 16)) \
		decrypted $(($4 / 4)) $(($4 / 4)) 80)
	for how in '' '--no-sip -K key'; do
		# shellcheck disable=SC2086 # several words
		gs 0 gs-srtpdump -j $how ${6:-} --only-rtp -w "$out/own.pcap" own.pcap
		[ "$(jq -r '[.suite,.packets,.decrypted,.lost,.roc_first,.roc_last,.verdict,.rtcp.packets,.rtcp.decrypted,.rtcp.tag_bits]|@tsv' <<<"$output")" = "${spec%$'\t'}" ]
		cmp own-plain.pcap "$out/own.pcap"
	done
}

# "unconfirmed": libsrtp2 lacks it, so nobody was asked.
unconfirmed() {
	[ "$(jq -r .confirmed <<<"$output")" = null ]
	jq -r '.notes[]' <<<"$output" | grep -qx 'unconfirmed: the installed libsrtp2 lacks this suite or parameter'
	[[ $errors =~ ^"gs-srtpdump: "[0-9]+" SDES key"s?", 0 RSA keys, 0 TLS secrets (0 used)"$ ]]
}

@test "F8, across a wrap, SRTCP, in the middle of a call" {
	own F8_128_HMAC_SHA1_80 0 65510 40 1
	unconfirmed
	own F8_128_HMAC_SHA1_80 0 $((5 * 65536 - 20)) 40 $((0x7ffffffb))
	unconfirmed
	gs 0 gs-srtpdump own.pcap
	[[ $output == *" decrypted"*" F8_128_HMAC_SHA1_80 "*" unconfirmed"* ]]
	# libsrtp2 alone does not pretend to have it.
	gs 1 gs-srtpdump -j --engine libsrtp2 own.pcap
	[ "$(jq -r .verdict <<<"$output")" = "no key" ]
	own F8_128_HMAC_SHA1_80 3 65510 40 1020
}

@test "key derivation rates, on both sides of each new session key" {
	for suite in AES_CM_128_HMAC_SHA1_80 AES_CM_128_HMAC_SHA1_32 \
		AES_256_CM_HMAC_SHA1_80 F8_128_HMAC_SHA1_80; do
		own $suite 1 65510 40 4
		unconfirmed
		own $suite 8 $((0x304ec)) 40 250
		own $suite 24 $((3 * 0x1000000 - 20)) 40 $((0x1000000 - 5))
		unconfirmed
		own $suite 24 $((0x1000000 - 20)) 40 $((0x7ffffffb)) '--roc 255'
	done
	# Who does not know the rate has other keys.
	sed 's/ KDR=24//' key >wrong
	gs 1 gs-srtpdump --no-sip -K wrong own.pcap
	# libsrtp2 has no rates, and does not pretend to.
	gs 1 gs-srtpdump --engine libsrtp2 own.pcap
}

@test "AES-192 and AES-256 of RFC 6188, by the tests' own encoder" {
	for tag in 80 32; do
		own AES_192_CM_HMAC_SHA1_$tag 0 $((3 * 65536 - 20)) 40 1
		own AES_256_CM_HMAC_SHA1_$tag 0 $((3 * 65536 - 20)) 40 1
		own AES_192_CM_HMAC_SHA1_$tag 8 $((0x304ec)) 40 250
		unconfirmed
	done
}

@test "another SSRC in mid-call, the same key: one WAV of the call, a file for each" {
	own="$GS_BIN/tests/helpers/srtp_own"
	"$own" one AES_CM_128_HMAC_SHA1_80 0 65500 100 1 >key
	"$own" two AES_CM_128_HMAC_SHA1_80 0 7 100 1 cafe 2 | cmp - key
	mergecap -F pcap -w call.pcap one.pcap two.pcap
	mergecap -F pcap -w call-plain.pcap one-plain.pcap two-plain.pcap
	mkdir "$out/d"
	gs 0 gs-srtpdump -j -a "$out/call.wav" -A "$out/d" --only-rtp -w "$out/call.pcap" call.pcap
	cmp call-plain.pcap "$out/call.pcap"
	[ "$(jq -r '[.ssrc,.roc_first,.roc_last,.decrypted,.lost,.rtcp.decrypted,.verdict]|@tsv' <<<"$output")" = \
		$'00ddba11\t0\t1\t100\t0\t25\tdecrypted\n0000cafe\t0\t0\t100\t0\t25\tdecrypted' ]
	[ "$(ls "$out")" = $'call.pcap\ncall.wav\nd' ]
	[ "$(ls "$out/d")" = $'001-00ddba11.rtpdump\n001-00ddba11.wav\n002-0000cafe.rtpdump\n002-0000cafe.wav' ]
	# The call's left channel is the one, and two seconds later the other.
	sox "$out/call.wav" -t raw left.raw remix 1
	for part in 001-00ddba11:0 002-0000cafe:32000; do
		sox "$out/d/${part%:*}.wav" -t raw part.raw
		[ "$(stat -c %s part.raw)" -gt 31000 ]
		cmp -n "$(stat -c %s part.raw)" -i "${part#*:}:0" left.raw part.raw
	done
}

@test "all of them, one capture of many streams" {
	mergecap -F pcap -w all.pcap "$srtp"/*.pcap
	gs 0 gs-srtpdump -j -K "$srtp/keys.txt" -w "$out/all.pcap" all.pcap
	[ "$(jq -r .verdict <<<"$output" | grep -c decrypted)" -eq 9 ]
	# Shuffled keys, and thousands of others around them.
	{
		seq 3000 | awk '{
			printf "AES_CM_128_HMAC_SHA1_80 inline:%060x\n", $1 * 7919 }'
		cat "$srtp/keys.txt"
	} | shuf --random-source="$srtp/gst-gcm128.pcap" >many
	gs 0 gs-srtpdump -j -K many all.pcap
	[ "$(jq -r .verdict <<<"$output" | grep -c decrypted)" -eq 9 ]
}

# shut: of the one stream verdict, packets decrypted, and how many notes.
shut() { jq -r '"\(.verdict) \(.decrypted) \(.notes|length)"' <<<"$output"; }
notes() { jq -r '.notes[]' <<<"$output"; }

@test "one wrong bit in the key opens nothing" {
	sed 's/inline:\(.\)/inline:f/;t' "$srtp/keys.txt" | grep CM_128.*_80 | head -1 |
		sed 's/inline:./inline:0/' >wrong
	gs 1 gs-srtpdump -j -K wrong "$srtp/gst-cm128-80.pcap"
	[ "$(shut)" = "no key 0 1" ]
	# How many keys and ROCs, and what gives more.
	[[ $(notes) == *" 1 key "*" 4096"*"text"*--roc-max* ]]
	gs 1 gs-srtpdump -j --roc 7 -K "$srtp/keys.txt" "$srtp/gst-cm128-80.pcap"
	[ "$(shut)" = "no key 0 1" ]
	[[ $(notes) == *" 9 keys "*" given ROC" && $(notes) != *--roc-max* ]]
}

@test "a higher ROC is no advice for a stream that began in the capture" {
	LC_ALL=C sed 's/inline:./inline:~/g; s/inline:~\(.\)/inline:\1\1/g' \
		"$GS_TOP/tests/fixtures/calls/call-pcma-udp.pcap" >other.pcap
	gs 1 gs-srtpdump -j other.pcap
	[ "$(jq -r .verdict <<<"$output" | sort -u)" = "no key" ]
	[[ $(notes) == *"announced another key"* && $(notes) != *--roc-max* ]]
}

@test "a search that stopped is a finding, and no verdict about keys" {
	grep CM_128.*_80 "$srtp/keys.txt" | head -1 |
		sed 's/inline:./inline:0/' >wrong
	gs 1 gs-srtpdump -j -K wrong --roc-max 4294967295 "$srtp/gst-cm128-80.pcap"
	[[ $errors == *" warning: "*"[search-stopped]"* ]]
	# That is all that is said.
	[ "$(shut)" = "search stopped 0 1" ]
	[[ $(notes) == *" 1 key "*"(search-stopped)" ]]
}

# findings: of what is said of streams, rule and severity, sorted.
findings() {
	jq -r '.runs[0].results[]|[.ruleId,.level]|@tsv' <<<"$output" |
		grep stream- | sort
}

@test "verdicts and notes are findings where a format has only these" {
	# Two bits of one packet are wrong.
	editcap --seed 5 -E 0.001 -o 60 -F pcap "$srtp/gst-cm128-80.pcap" some.pcap
	gs 1 gs-srtpdump -q -f sarif -K "$srtp/keys.txt" some.pcap
	[ "$(findings | tail -n 1)" = $'stream-partly\terror' ]
	gs 1 gs-srtpdump -q -f sarif --no-sip "$pcma"
	[ "$(findings)" = $'stream-no-key\terror\nstream-no-key\terror' ]
	gs 0 gs-srtpdump -q -w "$out/clear.pcap" "$pcma"
	gs 2 gs-srtpdump -q -f sarif "$out/clear.pcap"
	[ "$(findings | uniq)" = $'stream-plain\tnote' ]
	sed 's/_80 /_32 /' "$srtp/keys.txt" >said
	gs 0 gs-srtpdump -q -f sarif -K said "$srtp/gst-cm128-80.pcap"
	[ "$(findings | uniq)" = $'stream-note\tnote' ]
}

@test "streams that are let go are counted" {
	/usr/bin/python3 - >many.pcap <<-'E'
		import struct, sys
		out = bytearray(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0,
		                            65535, 228))
		for i in range(13000):
		    rtp = struct.pack('>BBHII', 128, 8, 1, 160, i) + bytes(20)
		    udp = struct.pack('>HHHH', 20000 + i % 9, 30000, 8 + len(rtp), 0)
		    ip = struct.pack('>BBHIBBHII', 69, 0, 28 + len(rtp), 0, 64, 17,
		                     0, 0xc0000201, 0xc0000202)
		    out += struct.pack('<IIII', i // 1000, i % 1000 * 1000, 60, 60)
		    out += ip + udp + rtp
		sys.stdout.buffer.write(out)
	E
	gs 2 gs-srtpdump many.pcap
	[[ $errors == *" 12288 "*" 712 "*" 712 "*"[streams-let-go]"* ]]
}

@test "the wrong tag length is named" {
	sed 's/_80 /_32 /' "$srtp/keys.txt" >said
	gs 0 gs-srtpdump -j -K said "$srtp/gst-cm128-80.pcap"
	[ "$(jq -r '[.suite,.tag_bits]|@tsv' <<<"$output")" = \
		$'AES_CM_128_HMAC_SHA1_80\t80' ]
	[[ $(notes) == *_32*80-bit* ]]
}

@test "what is wrong with a key is said, with file and line" {
	k=EBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywt
	cat >keys <<-END
	a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:***
	a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:${k}Li8wMTIzNDU2Nzg5Ojs=
	a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:no.base64.at.all
	a=crypto:1 NO_SUCH_SUITE inline:$k
	a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:$k|1:4;inline:$k|2:1
	a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:NzFlNTUwZDk3MWU1NTBkOTcxZTU1MGQ5NzFlNTUw
	a=crypto:1 SEED_CTR_128_HMAC_SHA1_80 inline:$k
	END
	chmod 644 keys
	gs 0 gs-srtpdump -v -K keys "$pcma"
	for want in 'note: keys:1: .*key-masked' 'warning: keys:2: .*key-length' \
		'warning: keys:3: .*key-text' 'warning: keys:4: .*key-suite' \
		'warning: keys:5: .*key-mki' 'warning: keys:6: .*key-weak' \
		'warning: keys:7: SEED_CTR_128_HMAC_SHA1_80 .*key-suite-unsupported' \
		'warning: keys: .* everyone .*key-readable'; do
		grep -q "^gs-srtpdump: $want\]$" <<<"$errors"
	done
	# Each rule about a key has its place here and in the manual.
	rules=$(gs-srtpdump --rules | awk '/^key-/ { print $1 }')
	[ "$(wc -l <<<"$rules")" -eq 8 ]
	for r in $rules; do
		grep -q "\[$r\]$" <<<"$errors"
		grep -q "^\.It Ic $r " "$GS_BIN/man/gs-srtpdump.1"
	done
	gs 0 gs-srtpdump -K keys "$pcma"
	[[ $errors != *key-masked* ]]
	echo 'Set Remote Key [1 AES_CM_128_HMAC_SHA1_80 inline:***]' >masked
	gs 1 gs-srtpdump -j -v --no-sip -K masked "$pcma"
	[[ $errors == *"note: masked:1: "*"[key-masked]"* ]]
	[ "$(jq -r '[.verdict,(.notes[0]|contains("masked"))]|@tsv' <<<"$output" |
		uniq)" = $'no key\ttrue' ]
}

@test "a key of a suite that is not implemented is not tried as AES" {
	for suite in SEED_CTR_128_HMAC_SHA1_80 ARIA_128_CTR_HMAC_SHA1_80; do
		sed "s/AES_CM_128_HMAC_SHA1_80/$suite/" "$srtp/keys.txt" |
			grep "$suite" >seed
		gs 1 gs-srtpdump -K seed "$srtp/gst-cm128-80.pcap"
		[[ $output == *" no key"* && $output == *suites* ]]
		[[ $errors == *"seed:1: $suite "*"[key-suite-unsupported]"* ]]
	done
	# The same key with its right name opens it nevertheless.
	gs 0 gs-srtpdump -K seed -K "$srtp/keys.txt" "$srtp/gst-cm128-80.pcap"
}

@test "a text that holds no key is said to hold none" {
	: >empty
	echo 'the wrong log, without a=crypto' >wrong
	for text in empty wrong; do
		gs 1 gs-srtpdump -K $text \
			"$GS_TOP/tests/fixtures/freeswitch/tls-tls.pcap"
		grep -q ' and 3 more: no key: .*-K.* TLS\.$' <<<"$output"
		gs 1 gs-srtpdump --no-sip -K $text "$srtp/gst-cm128-80.pcap"
		[[ $output == *" no key"* && $output == *-K* ]]
	done
	for code in UTF-16 UTF-16LE UTF-16BE UTF-32 UTF-32LE UTF-32BE; do
		iconv -f UTF-8 -t $code "$srtp/keys.txt" >wide
		gs 0 gs-srtpdump -K wide "$srtp/gst-cm128-80.pcap"
	done
	# One good text is enough.
	gs 0 gs-srtpdump -K wrong -K "$srtp/keys.txt" "$srtp/gst-cm128-80.pcap"
}

@test "what is said to work where no key is found works" {
	echo 'a log' >wrong
	chmod 600 wrong
	gs 1 gs-srtpdump --no-sip -K wrong "$srtp/gst-cm128-80.pcap"
	key=$(sed -n 's/.*key=//p' "$GS_TOP/tests/fixtures/keytexts/pjsip")
	line=$(sed -n 's/.*a line "\(a=crypto:[^"]*\)".*/\1/p' <<<"$errors")
	[[ $line == *... ]]
	echo "${line%...}$key" >typed
	chmod 600 typed
	gs 0 gs-srtpdump --no-sip -K typed "$srtp/gst-cm128-80.pcap"
	[[ $output == *' decrypted'* && $errors == *'1 SDES key,'* ]]
}

@test "a key file that others can read is named, and used" {
	cp "$srtp/keys.txt" keys
	for mode in 640:'its group' 604:everyone 644:everyone; do
		chmod "${mode%%:*}" keys
		gs 0 gs-srtpdump -q -K keys "$srtp/gst-cm128-80.pcap"
		[[ $errors == "gs-srtpdump: warning: keys: "*"${mode#*:} [key-readable]" ]]
	done
	chmod 600 keys
	gs 0 gs-srtpdump -q -K keys "$srtp/gst-cm128-80.pcap"
	[ -z "$errors" ]
	# Not of a descriptor, a pipe, or a text without keys.
	chmod 644 keys
	gs 0 bash -c 'gs-srtpdump -q -K - "$1" <keys' _ "$srtp/gst-cm128-80.pcap"
	[ -z "$errors" ]
	gs 0 bash -c 'gs-srtpdump -q -K /dev/fd/7 "$1" 7<keys' _ "$srtp/gst-cm128-80.pcap"
	[ -z "$errors" ]
	gs 0 bash -c 'gs-srtpdump -q -K <(cat keys) "$1"' _ "$srtp/gst-cm128-80.pcap"
	[ -z "$errors" ]
	echo nothing >prose
	gs 0 gs-srtpdump -q -K prose "$pcma"
	[ -z "$errors" ]
}

# One key in the forms of many tools, each of them alone.
@test "keys are found in any text" {
	n=0
	# It is the texts that matter: libsrtp2 takes long to start.
	for text in "$GS_TOP"/tests/fixtures/keytexts/*; do
		gs 0 gs-srtpdump -j --engine libcrypto --no-sip -K "$text" \
			"$srtp/gst-cm128-80.pcap" ||
			{ echo "$text"; return 1; }
		[ "$(jq -r .verdict <<<"$output")" = decrypted ] ||
			{ echo "$text"; return 1; }
		n=$((n + 1))
	done
	[ "$n" -ge 155 ]
	# Octets that are blanks, line ends or slashes in a text.
	gs 0 gs-srtpdump --no-sip -K - "$srtp/gst-cm128-32.pcap" <<-'END'
		k = "\x20\x22\x36\x63\x0a\x79\x2b\x75\xba\x64\x4e\x9b\x28\x88\x42\x56\x23\x9f\xaa\x53\xe8\xdc\xf8\xba\x0d\x75\x63\x3b\x97\xf4";
	END
}

@test "what only looks like a key is no key, and takes no room from one" {
	# Words, paths, UUIDs, hashes.
	cat >prose <<-'END'
	/usr/share/Applications/SomeProgram/Res
	631e9fe2-6865-45ab-af5a-d1c13ffcb765 AES_CM_128_HMAC_SHA1_80 is usual
	da39a3ee5e6b4b0d3255bfef95601890afd80709  empty
	END
	gs 1 gs-srtpdump -v --no-sip -K prose "$srtp/gst-cm128-80.pcap"
	[[ $errors == *", 0 keys"* ]]
	[[ $output == *"no key: "*-K* ]]
	# 40 characters with the look of a key, 100,000 times; then the key.
	head -c 3000000 /dev/zero | openssl enc -aes-128-ctr \
		-K 07070707070707070707070707070707 \
		-iv 00000000000000000000000000000000 |
		base64 -w 40 | sed 's/.*/x & y/' >noise
	[ "$(wc -l <noise)" -eq 100000 ]
	for form in "key $(sed -n 's/.*key=//p' "$GS_TOP/tests/fixtures/keytexts/pjsip")" \
		"$(sed -n 1p "$srtp/keys.txt")"; do
		{ cat noise; echo "$form"; } >long
		gs 0 gs-srtpdump -v --no-sip -K long "$srtp/gst-cm128-80.pcap"
		[[ $errors == *", 1 key"* ]]
	done
	gs 1 gs-srtpdump -v --no-sip -K noise "$srtp/gst-cm128-80.pcap"
	[[ $errors == *", 0 keys"* ]]
	# Words that could be the name of a cast, a million of them on one line.
	perl -e 'print "ab " x 1000000, "(1\n"' >words
	gs 1 within 60 gs-srtpdump --no-sip -K words "$srtp/gst-cm128-80.pcap"
	# Each is looked for its end, not for that of the line.
	yes 'AES_CM_128_HMAC_SHA1_80 inline:' | head -n 130000 |
		tr '\n' ' ' >values
	gs 1 within 60 gs-srtpdump --no-sip -K values "$srtp/gst-cm128-80.pcap"
}

@test "a labelled key of another cipher is not tried, wherever its name is" {
	printf 'suite: SEED_CTR_128_HMAC_SHA1_80\nkey: %s\n' \
		"$(sed -n 's/.*key=//p' "$GS_TOP/tests/fixtures/keytexts/pjsip")" >seed
	gs 1 gs-srtpdump --no-sip -K seed "$srtp/gst-cm128-80.pcap"
	[[ $errors == *"seed:2: SEED_CTR_128_HMAC_SHA1_80 "*"[key-suite-unsupported]"* ]]
}

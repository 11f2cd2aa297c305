#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What gs-srtpdump -w writes of everything that is not decrypted media.

load lib

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	fixtures=$GS_TOP/tests/fixtures
	key=QUJDREVGR0hJSktMTU5PUFFSU1RVVldZWVphYmNk
}

# datagram FILE: standard input as a UDP datagram from port 5060 to 5060.
datagram() {
	perl -e 'binmode STDIN; binmode STDOUT; local $/; my $p = <STDIN>;
		my $n = length $p;
		my $udp = pack("nnnn", 5060, 5060, 8 + $n, 0) . $p;
		my $f = "\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" . pack("CCnnnCCnC4C4",
			0x45, 0, 28 + $n, 1, 0, 64, 17, 0, 192, 0, 2, 1, 192, 0,
			2, 2) . $udp;
		print pack("LSSlLLL", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1),
			pack("LLLL", 1700000000, 0, length $f, length $f), $f' \
		>"$1"
}

# What tshark finds of the messages in a capture, without the keys.
messages() {
	tshark -r "$1" -Y sip -T fields -e frame.time_epoch -e sip.Method \
		-e sip.Status-Code -e sip.Call-ID -e sip.CSeq \
		-e sip.auth.username -e sdp.version -e sdp.owner \
		-e sdp.connection_info -e sdp.time -e sdp.media.port \
		-e sdp.media.format -e sdp.media_attr 2>/dev/null |
		sed -E 's/inline:[A-Za-z0-9+\/]*/inline:/g'
}

@test "tshark finds the same messages before and after" {
	n=0
	for f in "$fixtures"/calls/*.pcap "$fixtures"/freeswitch/*.pcap; do
		"$GS_BIN/gs-srtpdump" -q -w o.pcap "$f" || true
		messages "$f" >before
		messages o.pcap >after
		diff before after
		n=$((n + $(wc -l <before)))
		# No key, and no word about what could not be judged.
		tshark -r "$f" -Y sdp -T fields -e sdp.media_attr 2>/dev/null |
			grep -o 'inline:[A-Za-z0-9+/]*' | cut -d: -f2 |
			sort -u >keys || true
		while read -r k; do
			for ((i = 0; i + 8 <= ${#k}; i++)); do
				printf '%s\n' "${k:i:8}"
			done
		done <keys >runs
		[ ! -s runs ] || not grep -qaFf runs o.pcap
	done
	[ "$n" -gt 50 ]
}

@test "a capture without a key comes out as it was" {
	printf 'OPTIONS sip:a@b SIP/2.0\r\nCall-ID: 1\r\nl: 0\r\n\r\n' |
		datagram a.pcap
	gs 2 gs-srtpdump -w o.pcap a.pcap
	cmp a.pcap o.pcap
	not grep -q blanked <<<"$errors"
	for f in "$fixtures"/freeswitch/tls-tls.pcap; do
		gs 1 gs-srtpdump -w o.pcap "$f"
		cmp "$f" o.pcap
	done
}

@test "keys go in any spelling, --keep-sip keeps all" {
	for line in "a=crypto:1 AES_CM_128_HMAC_SHA1_80 InLine:$key|2^31" \
		"a%3Dcrypto%3A1%20inline%3A$key" "k=base64:$key" \
		"a=key-mgmt:mikey $key" "x inline:\"$key\""; do
		printf 'INFO sip:a@b SIP/2.0\r\nCall-ID: 1\r\n\r\n%s\r\n' \
			"$line" | datagram a.pcap
		gs 2 gs-srtpdump -v -w o.pcap a.pcap
		grep -q '^gs-srtpdump: -w: blanked 40 octets ' \
			<<<"$errors"
		grep -qaF "${line%%"$key"*}XXXXXXXX" o.pcap
		not grep -qaF "${key:10:8}" o.pcap
		[ "$(stat -c %s a.pcap)" -eq "$(stat -c %s o.pcap)" ]
		gs 2 gs-srtpdump --no-sip -w o.pcap a.pcap
		not grep -qaF "${key:10:8}" o.pcap
		gs 2 gs-srtpdump -w - - <a.pcap
		not grep -qaF "${key:10:8}" "$BATS_TEST_TMPDIR/gs.out"
		gs 2 gs-srtpdump --keep-sip -w o.pcap a.pcap
		cmp a.pcap o.pcap
	done
}

@test "a key of -K goes wherever it stands, in hexadecimal too" {
	hex=$(base64 -d <<<"$key" | od -An -v -tx1 | tr -d ' \n')
	echo "AES_CM_128_HMAC_SHA1_80 inline:$key" >keys
	chmod 600 keys
	printf 'some log: %s and %s\n' "$hex" "${hex^^}" | datagram a.pcap
	gs 2 gs-srtpdump -K keys -w o.pcap a.pcap
	not grep -qaF "${hex:20:8}" o.pcap
	hex=${hex^^}
	not grep -qaF "${hex:20:8}" o.pcap
	grep -qa 'some log: XXX' o.pcap
}

@test "what cannot be judged is blanked, and said" {
	{
		printf 'INFO sip:a@b SIP/2.0\r\nContent-Encoding: gzip\r\n\r\n'
		echo "a=crypto:1 X inline:$key" | gzip -c
	} | datagram a.pcap
	gs 2 gs-srtpdump -w o.pcap a.pcap
	grep -q '^gs-srtpdump: -w: blanked [0-9]* octets .*(frames: 1)' <<<"$errors"
	[ "$(stat -c %s a.pcap)" -eq "$(stat -c %s o.pcap)" ]
	grep -qaE '^\.{20}' o.pcap
	gs 2 gs-srtpdump -q -w o.pcap a.pcap
	not grep -q blanked <<<"$errors"
}

@test "a key behind a=fmtp does not go into SDP that is added" {
	local example=$GS_TOP/tests/fixtures/example key
	key=$(sed -n 's/.*inline:\([A-Za-z0-9+/]*\).*/\1/p' \
		"$example/freeswitch.log" | head -n 1)
	sed "s|a=fmtp:101 0-1[0-9]*|a=fmtp:101 x=$key|" \
		"$example/freeswitch.log" >log
	chmod 600 log
	gs 0 gs-srtpdump -K log --add-sdp -w o.pcap "$example/tls.pcap"
	grep -qa 'a=fmtp:101 x=XXXXXXXX' o.pcap
	for ((i = 0; i + 8 <= ${#key}; i++)); do
		not grep -qaF -- "${key:i:8}" o.pcap
	done
}

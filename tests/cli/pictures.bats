#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Pictures of calls, as in golden/pictures. GOLDEN=write tests/run cli/pictures
# writes them anew: render each with rsvg-convert -w 1200, and look at it.

setup_file() {
	load lib
	mkdir "$BATS_FILE_TMPDIR/p"
	cd "$BATS_FILE_TMPDIR/p" || return
	"$GS_TOP/tests/helpers/codecs.py" pictures
	"$GS_BIN/tests/helpers/srtp_own" call AES_CM_128_HMAC_SHA1_80 0 65400 300 0 7 0
	"$GS_BIN/tests/helpers/srtp_own" more AES_CM_128_HMAC_SHA1_80 0 65700 200 0 7 6 \
		ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433
	mergecap -F pcap -w rekey.pcap call.pcap more.pcap
	mv clear.pcap rest.pcap
	mergecap -F pcap -w clear.pcap call.pcap rest.pcap
}

setup() {
	load lib
	cd "$BATS_FILE_TMPDIR/p" || return
}

# draws STATUS NAME: the same as before.
draws() {
	gs "$1" gs-srtpdump -q -g "$2.svg" "$2.pcap"
	xmllint --noout "$2.svg"
	if [ "${GOLDEN:-}" = write ]; then
		cp "$2.svg" "$GS_TOP/tests/golden/pictures"
	fi
	cmp "$2.svg" "$GS_TOP/tests/golden/pictures/$2.svg"
}

# boxes FILE CLASS: x and width of each piece of a path.
boxes() {
	sed -n "s/^<path class=\"$2\" d=\"//p" "$1" | tr M '\n' |
		sed -n 's/^\([0-9.]*\),[0-9.]*h\([0-9.]*\)v.*/\1 \2/p'
}

@test "a call with a loss of 2 % and a hole of half a second" {
	draws 2 loss
	# The hole is drawn as wide as it was: 650 pixels are 21.5 s.
	boxes loss.svg lost | awk '$2 > 10 { n++; w = $2 }
		END { exit !(n == 1 && w > 13 && w < 18) }'
	grep -q '>INVITE (UDP): audio RTP/AVP: not encrypted<' loss.svg
	grep -q '>192.0.2.1:5060 &gt; 192.0.2.2:5060<' loss.svg
	grep -q 'class="none"' loss.svg
	[ "$(grep -c '<path class="wave"' loss.svg)" -eq 2 ]
}

@test "a new key, and the counter" {
	draws 0 rekey
	grep -q '<title>key 0b691b16, ROC 1<' rekey.svg
	grep -q '<title>ROC 1<' rekey.svg
}

@test "a call that goes on in clear" {
	draws 0 clear
	grep -q '<path class="opened"' clear.svg
	grep -q '<path class="plain"' clear.svg
	grep -q '>200 not encrypted<' clear.svg
}

@test "fifty streams, those of a call one below the other" {
	draws 2 fifty
	grep -o 'class="name">192.0.2.[12]:4008' fifty.svg | wc -l | grep -qx 1
	grep -A 1 'class="name"' fifty.svg >/dev/null
	grep -o 'class="name">192.0.2[^<]*' fifty.svg | awk -F '[>:& ]' '
		{ from[NR] = $2 ":" $3; to[NR] = $6 ":" $7 }
		END { for (i = 1; i <= NR; i += 2)
			if (from[i] != to[i + 1] || to[i] != from[i + 1]) exit 1
			exit NR != 50 }'
}

@test "long addresses are whole, beside the axis and above a ladder" {
	draws 2 six
	local proxy='[2001:1db8:1234:5678:90ab:cdef:1234:560b]:15060'
	grep -qF ">$proxy<" six.svg
	grep -qF ">&gt; $proxy<" six.svg
	grep -qF '>[2001:1db8:1234:5678:90ab:cdef:1234:560a]:40007<' six.svg
	[ "$(grep -c '…\|\.\.\.' six.svg)" -eq 0 ]
	# Two go on to the next party, and none goes back.
	[ "$(grep -c 'l9,4.5 -9,4.5z' six.svg)" -eq 3 ]
	gs 0 gs-sdpcheck --flow six.pcap
	grep -qF " $proxy" <<<"$output"
	awk 'length > 80 { exit 1 }' <<<"$output"
	gs 0 gs-sdpcheck --flow=svg six.pcap
	grep -qF ">$proxy<" <<<"$output"
	# Lanes of less height.
	gs 2 gs-srtpdump -q -g sixteen.svg sixteen.pcap
	[ "$(grep -cF '560c]:500' sixteen.svg)" -eq 32 ]
	[ "$(grep -c '…\|\.\.\.' sixteen.svg)" -eq 0 ]
}

@test "a call without media is its ladder" {
	gs 2 gs-srtpdump -q -F 'port 15060' -g sip.svg six.pcap
	xmllint --noout sip.svg
	[ "$(grep -c '>INVITE (UDP)' sip.svg)" -eq 3 ]
	grep -q '>22:13:20.0<' sip.svg
	grep -q ', times in UTC<' sip.svg
}

@test "a mark names the codec, where no other mark is in the way" {
	"$GS_TOP/tests/helpers/codecs.py" talk
	gs 2 gs-srtpdump -q -g parts.svg parts.pcap
	[ "$(grep -o '<title>[A-Z0-9]*<' parts.svg | tr -d '\n')" = \
		'<title>G722<<title>GSM<<title>PCMA<<title>GSM<' ]
	[ "$(grep -c '>G722</text>' parts.svg)" -eq 1 ]
	gs 2 gs-srtpdump -q -g many.svg many.pcap
	[ "$(grep -o '<title>[A-Za-z0-9]*<' many.svg | wc -l)" -eq 4 ]
}

@test "every text is 11 pixels or more, and in the page" {
	local f
	for f in "$GS_TOP"/tests/golden/pictures/*.svg; do
		[ "$(grep -o 'font[^;}]*[0-9.]*px' "$f" | grep -o '[0-9.]*px' |
			sort -n | head -n 1)" = 11px ]
		[ "$(grep -c 'href\|<script' "$f")" -eq 0 ]
		grep -o ' x="[0-9.-]*"' "$f" | tr -dc '0-9.\n-' |
			awk '$1 < 0 || $1 > 1200 { exit 1 }'
	done
}

@test "what an SDP says is judged as gs-sdpcheck judges it" {
	# Keys in RTP/AVP are not yet SRTP, nor are they in an answer that has none.
	cp "$GS_TOP/tests/fixtures/example/call.pcap" avp.pcap
	sed -i 's|RTP/SAVP|RTP/AVP |g' avp.pcap
	gs 0 gs-srtpdump -q -g avp.svg avp.pcap
	grep -q '>INVITE (UDP): audio RTP/AVP' avp.svg
	gs 0 gs-sdpcheck --flow avp.pcap
	want=$(grep -o 'audio RTP/AVP.*, key' <<<"$output" | head -n 1)
	grep -qF ": $want" avp.svg
	# A header field in another form is one all the same.
	sed -i 's/CSeq:/cseq:/' avp.pcap
	gs 0 gs-srtpdump -q -g low.svg avp.pcap
	cmp <(grep -c 'INVITE (UDP)' avp.svg) <(grep -c 'INVITE (UDP)' low.svg)
}

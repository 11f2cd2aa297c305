#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# gs-sdpcheck as its users call it.
load lib
load ../helpers/process

setup() {
	cd "$GS_TOP/tests/fixtures" || return 1
	K=$(head -n 1 secrets/sdp.txt)
}

sdp() { # [PROTO]: an SDP with one key
	printf '%s\r\n' v=0 'o=- 1 1 IN IP4 192.0.2.1' s=- \
		'c=IN IP4 192.0.2.1' 't=0 0' "m=audio 4000 ${1:-RTP/SAVP} 8" \
		'a=rtpmap:8 PCMA/8000' \
		"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:$K"
}
from_sdp() { sdp "$1" | gs-sdpcheck "${@:2}"; }

@test "no operand and - are standard input" {
	gs 0 from_sdp RTP/SAVP
	[[ $output == "-:1: SDP: audio RTP/SAVP AES_CM_128_HMAC_SHA1_80"* ]]
	[[ $output == *"encrypted, 0 errors, 0 warnings"* ]]
	gs 0 from_sdp RTP/SAVP -
}

@test "the excerpt of 2013 is encrypted and its keys are masked" {
	gs 0 gs-sdpcheck freeswitch/thread-2013.log
	[[ $output == *":1: Remote SDP: audio RTP/SAVP AES_CM_128_HMAC_SHA1_32 (key masked)"* || \
	   $output == *":2: Remote SDP: audio RTP/SAVP AES_CM_128_HMAC_SHA1_32 (key masked)"* ]]
	[[ $output == *"encrypted, 0 errors, 0 warnings"* ]]
	[[ $output == *"note: "*"[key-masked]"* ]]
}

@test "-W sets what counts" {
	gs 0 from_sdp RTP/AVP
	gs 0 from_sdp RTP/AVP -W error
	gs 1 from_sdp RTP/AVP -W warning
	gs 1 gs-sdpcheck -W note freeswitch/thread-2013.log
	gs 2 from_sdp RTP/AVP -W fatal
	[[ $errors == *"error, warning or note"*"'fatal'"* ]]
}

@test "--require savp and srtp" {
	gs 0 from_sdp RTP/SAVP --require savp --require srtp
	gs 0 from_sdp RTP/AVP --require srtp
	gs 1 from_sdp RTP/AVP --require savp
}

@test "--require tls over a UDP trace fails, over TLS holds" {
	gs 0 gs-sdpcheck --require tls freeswitch/tls-tls.a-trace.txt
	sed 's,SIP/2.0/TLS,SIP/2.0/UDP,;s/^TLS /UDP /' \
		freeswitch/tls-tls.a-trace.txt >"$BATS_TEST_TMPDIR/udp.txt"
	gs 1 gs-sdpcheck --require tls "$BATS_TEST_TMPDIR/udp.txt"
	[[ $output == *"error:"*"[crypto-cleartext-signalling]"* ]]
}

@test "a log does not tell the transport: not proven, and not a lie" {
	gs 1 gs-sdpcheck --require tls freeswitch/tls-tls.nouuid.log
	[[ $output == *"warning:"*"[signalling-unknown]"* ]]
	[[ $output == *"error: "*": 5 [unproven]"* ]]
	gs 0 gs-sdpcheck freeswitch/tls-tls.nouuid.log
}

# good: a call that can be read; plain: SIP with RTP/AVP over UDP, by LF.
good() { sip TLS RTP/SAVP; }
sip() { # VIA PROTO
	printf '%s\n' 'INVITE sip:b@pbx.example SIP/2.0' \
		"Via: SIP/2.0/$1 192.0.2.10:5061;branch=z9hG4bK$2" \
		'From: <sip:a@pbx.example>;tag=f' 'To: <sip:b@pbx.example>' \
		"Call-ID: $1$2" 'CSeq: 1 INVITE' \
		'Content-Type: application/sdp' '' v=0 \
		'o=- 1 1 IN IP4 192.0.2.1' s=- 'c=IN IP4 192.0.2.1' 't=0 0' \
		"m=audio 4000 $2 8"
	[ "$2" != RTP/SAVP ] ||
		printf 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%s\n' "$K"
	echo
}

@test "what stands behind any prefix is read, or said not to be" {
	cd "$BATS_TEST_TMPDIR"
	plain() { sip UDP RTP/AVP; }
	wrap() { # NAME COMMAND...: a good call, then a plain one in a wrapping
		{ good; plain | "${@:2}"; } >"$1"
		gs 1 gs-sdpcheck --require savp "$1"
		[[ $output == *"error: "*"["*(media-plain|unread)"]"* ]]
		{ good; sip TLS RTP/SAVP | sed 's/^Call-ID: /&x/' | "${@:2}"
		} >"$1.good"
		gs 0 gs-sdpcheck --require savp "$1.good"
	}
	shopt -s extglob
	wrap syslog sed 's/^/Nov 27 22:16:01 pbx sip[7]: /'
	wrap quoted sed 's/^/> /'
	wrap numbered cat -n
	wrap docker awk '{ printf "2026-11-27T22:16:43.%09dZ %s\n", NR, $0 }'
	wrap seconds awk '{ printf "Nov 27 22:16:%02d sbc kamailio[812]: %s\n",
		NR, $0 }'
	wrap json sed 's/.*/{"log":"&\\n","stream":"stdout"}/'
	wrap message awk '{ printf "{\"n\":%d,\"m\":\"%s\",\"t\":\"%d\"}\n",
		NR, $0, NR * 7 }'
	wrap objects awk '{ printf "%s{\"n\":%d,\"m\":\"%s\"}", NR == 1 ? "[" : ",",
		NR, $0 } END { print "]" }'
	wrap pairs awk '{ printf "%s[\"%d\",\"%s\"]", NR == 1 ? "[" : ",",
		NR, $0 } END { print "]" }'
	wrap inner awk '{ printf "{\"log\":\"{\\\"n\\\":%d,\\\"m\\\":\\\"%s\\\"}\\n\"}\n",
		NR, $0 }'
	wrap csv awk '{ printf(/,/ ? "%d,\"%s\",pbx,%d\n" : "%d,%s,pbx,%d\n", NR,
		$0, NR) }'
	wrap tsv awk '{ printf "%d\tpbx\t%s\n", NR, $0 }'
	# What stands in other columns is no less evidence.
	{ echo '1,v=0,x'; sdp RTP/SAVP | tr -d '\r' | sed 1d |
		sed '/^m=/s/$/,m=audio 4000 RTP\/AVP 8/;/^m=/!s/$/,x/;s/^/2,/'
	} >column
	gs 1 gs-sdpcheck --require savp column
	[[ $output == *"error: "*"[unread]"* ]]
	wrap doubled sed G
	wrap blanks sed 's/$/  /'
	wrap behind sed 's/$/ [Time:27-11@22:16:01.271]/'
	wrap oneline sh -c 'printf "{\"msg\": \""; sed "s/$/\\\\r\\\\n/" | tr -d "\n"; echo "\"}"'
	wrap yealink sed 's/^/Nov 27 22:16:43 sua [812:812]: DLG <6+info  > [SIP] /'
	# What stands behind the one line of an SDP that JSON holds.
	{ good; echo '{"log":"v=0\nm=audio 4000 RTP/AVP 8"}'; } >json.behind
	gs 1 gs-sdpcheck --require savp json.behind
	[[ $output == *"error: "*"[media-plain]"* ]]
	# A form that nobody can take apart is said.
	{ good; plain | tr '\n' '.'; echo; } >dots
	gs 1 gs-sdpcheck --require savp dots
	[[ $output == *"dots:"*"error: "*"[unread]"* ]]
	for eol in '&#13;&#10;' '&#xD;&#xA;' '=0D=0A'; do
		{ good; printf '<x sdp="'; sdp RTP/AVP | tr -d '\r' |
			sed "s/\$/${eol//&/\\&}/" | tr -d '\n'; echo '"/>'; } >xml
		gs 1 gs-sdpcheck --require savp xml
		[[ $output == *"error: "*" [crypto-in-avp]"* ]]
	done
	gs 0 gs-sdpcheck dots
	[[ $output == *"warning: "*"[unread]"* ]]
}

@test "what a dated line of the log holds is said, wherever it stands" {
	cd "$BATS_TEST_TMPDIR"
	dated() { # MESSAGE: behind a call, and a line that is passed over
		printf '2026-11-27 22:16:01.271237 [DEBUG] sofia.c:1 %s\n' \
			'Remote SDP:' 'Hello' >log
		sed -i "1r /dev/stdin" log < <(good | sed '1,/^$/d')
		printf '2026-11-27 22:16:01.271237 [DEBUG] new.c:1 %s\n' \
			"$1" >>log
	}
	for m in 'm=audio 4000 RTP/AVP 8' 'sends m=audio 4000 RTP/AVP 8' \
		'INVITE sip:b@h SIP/2.0' 'a=fingerprint:sha-256 AA'; do
		dated "$m"
		gs 1 gs-sdpcheck --require srtp log
		[[ $output == *"log:11:"*"error: "*"[unread]"* ]]
	done
	for m in 'set(a=b)' 'param=1;m=2' 'Via: SIP/2.0' 'speaks SIP/2.0'; do
		dated "$m"
		gs 0 gs-sdpcheck --require srtp -W warning log
	done
}

@test "a long line that rtpengine broke is read as one, or said to be cut" {
	cd "$BATS_TEST_TMPDIR"
	long=$(good | sed '1,/^$/d;/^$/d' | sed 's/$/#015#012/' | tr -d '\n')
	part() { # FROM TO: with rtpengine's prefix
		printf 'Nov 27 22:16:01 pbx rtpengine[7]: DEBUG: [c@h]: %s\n' "$1"
	}
	long="{ \"sdp\": \"$long"
	{ part "${long:0:60} ..."; part "... ${long:60:70} ..."
	  part "... ${long:130}\", \"ICE\": \"remove\" }"; } >log
	gs 0 gs-sdpcheck --require savp -W warning log
	[[ $output == *"audio RTP/SAVP AES_CM_128_HMAC_SHA1_80"* ]]
	{ part "${long:0:60} ..."; part "... ${long:60} ..."; } >log
	gs 1 gs-sdpcheck --require savp log
	[[ $output == *"the SDP is incomplete"*"[unproven]"* ]]
}

@test "JSON that mod_verto prints in the log is read" {
	cd "$BATS_TEST_TMPDIR"
	verto() { # PROTO
		printf '2026-11-27 22:16:01.271237 [DEBUG] mod_verto.c:1 READ [{"sdp":"%s"}]\n' \
			"$(sip TLS "$1" | sed '1,/^$/d;/^$/d' |
				sed 's/$/\\r\\n/' | tr -d '\n')"
	}
	verto RTP/SAVP >log
	gs 0 gs-sdpcheck --require savp -W warning log
	[[ $output == *"RTP/SAVP AES_CM_128_HMAC_SHA1_80"*"encrypted"* ]]
	verto RTP/AVP >>log
	gs 1 gs-sdpcheck --require savp log
	[[ $output == *"log:2:"*"[media-plain]"* ]]
}

@test "ordinary lines of a log are no evidence of anything" {
	cd "$BATS_TEST_TMPDIR"
	{ good; printf '%s\n' 'sip[7]: param=1;m=2 a=3 codec PCMA/8000 port 5060' \
		'GET /?v=0 HTTP/1.1' 'inline: see below' 'Via: nothing' \
		'dialog of sip:a@b on SIP/2.0/UDP' 'peer on SIP/2.0/UDP now' \
		'media 4000 RTP/AVP' 'profile RTP/AVP 8'; } >log
	gs 0 gs-sdpcheck --require savp -W warning log
}

@test "a line of a call is evidence without its beginning, and in capitals" {
	cd "$BATS_TEST_TMPDIR"
	while read -r line; do
		{ good; echo "$line"; } >log
		gs 1 gs-sdpcheck --require savp log
		[[ $output == *"log:"*": error: "*"[unread]"* ]]
	done <<-'E'
		dio 17016 RTP/AVP 9 8 0 101
		X M=AUDIO 17016 RTP/AVP 8
		x A=RTPMAP:8 PCMA/8000
		7 Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK7
		m audio 4000 UDP/TLS/RTP/SAVPF 8
		sip/2.0 488 not acceptable here
		x: sip/2.0 606 not acceptable
		1,PBX,3,SOFIA/GS/SIP:1@192.0.2.1;TRANSPORT=UDP,1790205498,192.0.2.1,5060,UDP,P,
	E
	{ good; echo 'sofia/gs/sip:1@192.0.2.1,x; ask for sip/2.0 200 or sofia/gs/sip:1'; } >log
	gs 0 gs-sdpcheck --require savp log
}

@test "--require passes only what was shown" {
	cd "$BATS_TEST_TMPDIR"
	unproven() { # FILE
		gs 1 gs-sdpcheck --require srtp "$1"
		[[ $output == *"error: "*"[unproven]"* ]]
		gs 0 gs-sdpcheck "$1"
	}
	sip TLS RTP/SAVP | sed '/^m=/,$d' >no-media
	unproven no-media
	sip TLS RTP/SAVP | sed '/^Content-Type/a Content-Length: 500' | sed '/^a=/,$d' >cut
	unproven cut
	sip TLS RTP/SAVP | sed 's/^m=audio/m=image/;/^a=/d;s,RTP/SAVP,udptl,' >image
	unproven image
	printf '2026-11-27 22:16:03.271237 [INFO] switch_core_media.c:1650 Set Remote Key [1 AES_CM_128_HMAC_SHA1_80 inline:%s]\n' "$K" >key
	unproven key
	gs 2 gs-sdpcheck --require tls key
	# A call without SDP alone: nothing to judge. Beside a good one: unproven.
	sip TLS RTP/SAVP | sed '/^Content-Type/,$d' >bare
	gs 2 gs-sdpcheck --require srtp bare
	gs 0 gs-sdpcheck bare
	{ good; sed 's/^Call-ID: /&x/' bare; } >both
	unproven both
	# The call was refused for want of a password only, or is one of many.
	{ good; { cat bare; sed '1s,.*,SIP/2.0 401 Unauthorized,' bare; cat bare
	  sed '1s,.*,SIP/2.0 200 OK,' bare; } | sed 's/^Call-ID: /&x/'; } >later
	unproven later
	{ good; seq 4200 | sed 's,.*,SIP/2.0 486 Busy\nCall-ID: r&\nCSeq: 1 INVITE\n,'
	} >many
	gs 0 gs-sdpcheck --require srtp many
	sed 's/^Call-ID: /&x/' bare >>many
	unproven many
	gs 2 gs-sdpcheck --require savp "$GS_TOP/tests/fixtures/freeswitch/tls-tls.reg.txt"
}

@test "--require passes when the summary has no call that is not proven" {
	cd "$BATS_TEST_TMPDIR"
	says() { # STATUS SUMMARY
		gs "$1" gs-sdpcheck --require savp call
		[[ $output == *"$2"* ]]
		gs 0 gs-sdpcheck call
		[[ $output == *"$2"* ]]
	}
	ack() { sip TLS RTP/SAVP | sed '/^Content-Type/,$d;s/INVITE/ACK/'; echo; }
	# Nothing shows that it was answered; then, that it was.
	good >call
	says 0 "1 call, 1 encrypted on every leg, 0 not, 0 not proven"
	{ good; ack; } >call
	says 1 "1 call, 0 encrypted on every leg, 0 not, 1 not proven"
	gs 1 gs-sdpcheck --require savp call
	[[ $output == *"[unproven]"* ]]
	sip TLS RTP/AVP | sed '/^a=/d' >call
	says 1 "1 call, 0 encrypted on every leg, 1 not, 0 not proven"
	# The log of a call at level INFO, behind one that is encrypted.
	{ good; printf '2026-11-27 22:16:03.271237 [NOTICE] switch_channel.c:1142 New Channel sofia/internal/1000@pbx [%s]\n' \
		3f1c5f30-1c73-4f6e-9a1e-0123456789ab; } >call
	says 1 "2 calls, 1 encrypted on every leg, 0 not, 1 not proven"
	# A fax goes in clear.
	{ good; good | sed '1s,.*,SIP/2.0 200 OK,;s/^To:.*/&;tag=t/' |
	  sed "s,inline:.*,inline:fKT51VbSqmNbyOERjIb4+HIaPBZ1l7kxe/d8jcuq,"; ack
	  good | sed 's/^CSeq: 1/CSeq: 2/;s/^m=.*/m=image 4000 udptl t38/;/^a=/d'
	} >call
	says 1 "1 call, 0 encrypted on every leg, 0 not, 1 not proven"
	good | sed '1s,.*,SIP/2.0 200 OK,;s/^CSeq: 1/CSeq: 2/;s/^To:.*/&;tag=t/' |
		sed 's/^m=.*/m=image 4000 udptl t38/;/^a=/d' >>call
	says 1 "1 call, 0 encrypted on every leg, 1 not, 0 not proven"
}

@test "a trace speaks for the log's copy of its SDP, and for no other" {
	cd "$BATS_TEST_TMPDIR"
	log() { # CHANNEL: the log's copy of good()'s SDP
		printf '2026-11-27 22:16:01.271237 [DEBUG] sofia.c:7504 Channel sofia/x/%s@h entering state [received][100]\n' "$1"
		printf '2026-11-27 22:16:02.271237 [DEBUG] sofia.c:7515 Remote SDP:\n'
		good | sed '1,/^$/d'
	}
	{ good; log 1; } >one
	gs 0 gs-sdpcheck --require tls -W warning one
	{ log 1; good; } >behind
	gs 0 gs-sdpcheck --require tls -W warning behind
	{ good; log 1; log 2; } >two
	gs 1 gs-sdpcheck --require tls two
	[[ $output == *"error: "*": 1 [unproven]"* ]]
}

@test "registrations: TLS passes --require tls, UDP fails by name" {
	for f in reg.txt reg.xml; do
		gs 0 gs-sdpcheck --require tls freeswitch/tls-tls.$f
		gs 1 gs-sdpcheck --require tls freeswitch/avpcrypto.$f
		[[ $output == *"error: 1001@127.0.0.1 "*UDP*"[reg-not-tls]"* ]]
	done
}

@test "a phone behind NAT on TLS passes, its neighbour on UDP is named" {
	gs 0 gs-sdpcheck --require tls reg/tls-nat.txt
	gs 1 gs-sdpcheck --require tls reg/one-udp.txt
	[[ $output == *"error: 22@gs5.example "*UDP*"[reg-not-tls]"* ]]
	[[ $output != *"error: 21@gs5.example"* ]]
}

@test "a=crypto in RTP/AVP: FreeSWITCH's refusal and the two ways out" {
	for f in nouuid uuid; do
		gs 1 gs-sdpcheck freeswitch/avpcrypto.$f.log
		[[ $output == *"error: "*"[log-crypto-in-avp]"* ]]
		[[ $output == *"user_savp"* ]]
		[[ $output == *"rtp_allow_crypto_in_avp"* ]]
	done
}

@test "a recorded call that was refused with 488 is no encrypted one" {
	gs 1 gs-sdpcheck freeswitch/mandatory-refused.log
	[[ $output == *"error: "*"[refused]"* ]]
}

# log_of WORD...: lines of one leg in a log, with the SDPs of an encrypted call.
log_of() {
	local uuid="1c73c18d-0001-4000-8000-000000000001 " n=0 w
	local line="${uuid}2026-11-27 22:16:01.271237 95.87% [DEBUG] sofia.c:1 "
	for w; do
		case $w in
		remote) echo "${line}Remote SDP:" ;;
		local) echo "${line}Local SDP sofia/x/1000@h:" ;;
		ring) echo "${line}Ring SDP:" ;;
		offer) echo "${line}image media sdp:" | sed 's/image/sofia\/x\/1@h &/' ;;
		up) echo "${line}Channel [sofia/x/1000@h] has been answered" ;;
		hangup) echo "${line}Hangup sofia/x/1000@h [CS_EXECUTE] [INCOMPATIBLE_DESTINATION]" ;;
		hanging) echo "${line}Channel sofia/x/1000@h hanging up, cause: INCOMPATIBLE_DESTINATION" ;;
		respond) echo "${line}Responding to INVITE with: 606" ;;
		*) echo "${line}Channel sofia/x/1000@h entering state [${w/-/][}]" ;;
		esac
		case $w in
		remote | local | ring | offer)
			n=$((n + 1))
			printf "$uuid%s\n" v=0 "o=- $n 1 IN IP4 192.0.2.$n" s=- \
				"c=IN IP4 192.0.2.$n" 't=0 0' "m=audio $((5000 + 2 * n)) RTP/SAVP 8" \
				"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:$(sha256sum <<<"$n" | head -c 30 | base64 -w 0)" \
				'a=rtpmap:8 PCMA/8000' ''
			;;
		esac
	done
}

@test "in a log, a call in use is remembered among 128 others" {
	cd "$BATS_TEST_TMPDIR"
	others() { # FIRST
		for ((i = $1; i < $1 + 100; i++)); do
			log_of remote | sed "s/000000000001 /$(printf %012d "$i") /"
		done
	}
	{
		log_of received-100 remote
		others 1000
		log_of remote
		others 2000
		log_of local | sed s/crypto:1/crypto:2/
	} >many.log
	gs 1 gs-sdpcheck -j many.log
	[ "$(jq -rs '[.[] | select(.rule == "oa-tag")] | length' <<<"$output")" = 1 ]
}

@test "in a log, an SDP that was printed does not outweigh the refusal" {
	cd "$BATS_TEST_TMPDIR"
	while read -r words; do
		log_of $words >refused.log
		gs 1 gs-sdpcheck --require srtp -j refused.log
		[ "$(jq -rs '[.[] | select(.rule == "refused")] | .[0].severity' <<<"$output")" = error ]
		[ "$(jq -rs '.[] | select(.type == "call") | .verdict' <<<"$output")" = "not encrypted" ]
		[ "$(jq -rs '[.[] | select(.rule == "log-hangup")] | length' <<<"$output")" -lt 2 ]
	done <<-'E'
		received-100 remote local hangup hanging
		received-100 remote local terminated-488
		received-100 remote ring respond hangup
		received-100 remote hangup local
		received-100 hangup remote local
		local hangup
		hangup local
		received-100 remote local hanging
		hanging local
		offer calling-0 proceeding-183 remote terminated-415
		offer calling-0 completing-200 remote ready-200 hangup
		completing-200 remote terminated-488
	E
}

@test "in a log without UUIDs, a refusal that fits no SDP proves nothing" {
	cd "$BATS_TEST_TMPDIR"
	log_of respond local | sed 's/^1c73[^ ]* //' >early.log
	gs 1 gs-sdpcheck --require srtp early.log
	[[ $output == *"error: "*"[unproven]"* ]]
	log_of up local | sed 's/^1c73[^ ]* //' >up.log
	gs 0 gs-sdpcheck --require srtp up.log
}

@test "in a log, a refusal after an answered call is a note" {
	cd "$BATS_TEST_TMPDIR"
	while read -r words; do
		log_of $words >kept.log
		gs 0 gs-sdpcheck --require srtp -v -j kept.log
		[ "$(jq -rs '.[] | select(.type == "call") | .verdict' <<<"$output")" = encrypted ]
		[ "$(jq -rs '[.[] | select(.rule == "refused" and .severity != "note")] | length' <<<"$output")" = 0 ]
	done <<-'E'
		received-100 remote local up completed-200 ready-200 hangup
		received-100 remote local up ready-200 received-100 remote respond hangup
		offer calling-0 completing-200 remote ready-200 up hangup
		offer calling-0 completing-200 remote ready-200 up offer calling-0 ready-488
	E
}

@test "optional: RTP/AVP was offered beside RTP/SAVP" {
	gs 0 gs-sdpcheck --blocks freeswitch/optional.uuid.log
	[[ $output == *"[dual-profile]"* ]]
	gs 0 gs-sdpcheck -v freeswitch/optional.nouuid.log
	[[ $output == *"[dual-profile]"* ]]
}

@test "both log forms: every SDP once, paired, keys matched" {
	for call in tls-tls optional; do
		gs 0 gs-sdpcheck -j freeswitch/$call.uuid.log
		uuid=$(jq -s '[.[] | select(.type == "block") |
			[.label, .role, .verdict]] | sort' <<<"$output")
		want=$(grep -cE '(^| )v=0' freeswitch/$call.uuid.log)
		[ "$(jq length <<<"$uuid")" -eq "$want" ]
		gs 0 gs-sdpcheck -j freeswitch/$call.nouuid.log
		nouuid=$(jq -s '[.[] | select(.type == "block") |
			[.label, .role, .verdict]] | sort' <<<"$output")
		[ "$uuid" = "$nouuid" ]
		[[ $output != *log-key-unmatched* ]]
	done
}

@test "captures: SIP in frames, calls paired, TLS said" {
	cd freeswitch
	gs 0 gs-sdpcheck -j optional.pcap
	[ "$(jq -rs '[.[] | select(.type == "block" and .role == "answer") |
		.line] | sort | join(" ")' <<<"$output")" = "18 24" ]
	[ "$(jq -rs '[.[] | select(.source == "sip") | .transport] | unique |
		join(" ")' <<<"$output")" = UDP ]
	gs 1 gs-sdpcheck --require tls optional.pcap
	gs 2 gs-sdpcheck tls-tls.pcap
	[[ $errors == *"tls-tls.pcap: "*TLS* ]]
	piped() { gs-sdpcheck "$@" <optional.pcap; }
	gs 0 piped --blocks -t pcap
	[[ $output == *"-:5: INVITE of "* ]]
	gs 2 piped
	[[ $errors == *"-t pcap"* ]]
	head -c 8000 optional.pcap >"$BATS_TEST_TMPDIR/cut.pcap"
	gs 2 gs-sdpcheck --blocks "$BATS_TEST_TMPDIR/cut.pcap"
	[[ $output == *":5: INVITE of "* ]]
}

@test "frames that are not read are told, beside calls" {
	cd "$GS_TOP/tests/fixtures/calls"
	editcap -T usb-linux call-pcma-udp.pcap "$BATS_TEST_TMPDIR/usb.pcap"
	mergecap -w "$BATS_TEST_TMPDIR/both" call-pcma-udp.pcap \
		"$BATS_TEST_TMPDIR/usb.pcap"
	gs 0 gs-sdpcheck "$BATS_TEST_TMPDIR/both"
	[[ $output == *"warning: frames of another link type, "*" [unread]"* ]]
	gs 1 gs-sdpcheck --require srtp "$BATS_TEST_TMPDIR/both"
	[[ $output == *"error: frames of another link type, "*" [unread]"* ]]
}

@test "captures: what is lost, cut or not read is said" {
	cd "$BATS_TEST_TMPDIR"
	/usr/bin/python3 "$GS_TOP/tests/helpers/sippcap.py" "$K"
	gs 1 gs-sdpcheck --require savp whole.pcap
	[[ $output == *"[media-plain]"* ]]
	gs 1 gs-sdpcheck --require savp lost.pcap
	[[ $output == *"error: "*"\"udp\""*"[sip-incomplete]"* ]]
	gs 0 gs-sdpcheck lost.pcap
	[[ $output == *"warning: "*"[sip-incomplete]"* ]]
	gs 2 gs-sdpcheck alone.pcap
	[[ $errors == *'"udp or tcp"'* ]]
	gs 1 gs-sdpcheck --require savp snap.pcap
	[[ $output == *"tcpdump -s 0"*": 1 [sip-incomplete]"* ]]
	gs 1 gs-sdpcheck --require savp snapped.pcap
	[[ $output == *"snapped.pcap:2:"*"error: "*"[unread]"* ]]
	# Whatever precedes it, a line of a message is one.
	for line in between-{time,entry,dashes,stars,head}.pcap; do
		gs 1 gs-sdpcheck --require srtp "$line"
		[[ $output == *"audio RTP/AVP"* ]]
	done
	gs 1 gs-sdpcheck --require savp torn.pcap
	[[ $output == *"error: "*": 1 [sip-incomplete]"* ]]
	gs 1 gs-sdpcheck relayed.pcap
	[[ $output == *"relayed.pcap:3:"*"error: "*" 25 [media-relayed]"* ]]
	gs 0 gs-sdpcheck --require savp own.pcap
	gs 1 gs-sdpcheck clear.pcap
	[[ $output == *"error: RTP from "*"although the SDP says SRTP [media-clear]"* ]]
	[[ $output == *"1 call, 0 encrypted on every leg, 1 not"* ]]
	gs 0 gs-sdpcheck elsewhere.pcap
	[[ $output == *"warning: RTP from "*"[media-clear]"* ]]
	gs 1 gs-sdpcheck --require savp elsewhere.pcap
	[[ $output == *"error: RTP from "*"[media-clear]"* ]]
	gs 1 gs-sdpcheck --require srtp opus.pcap
	[[ $output == *"opus.pcap:10:"*"error: RTP from "*"[media-clear]"* ]]
	gs 0 gs-sdpcheck --require savp untagged.pcap
	gs 0 gs-sdpcheck --require savp twice.pcap
	gs 0 gs-sdpcheck --require savp blank.pcap
	[[ $output == *"2 calls, 2 encrypted"* ]]
	gs 1 gs-sdpcheck --require savp second.pcap
	[[ $output == *"[media-plain]"* ]]
	gs 0 gs-sdpcheck --require savp quoted.pcap
	for i in blanks tunnel; do
		gs 1 gs-sdpcheck --require savp "$i.pcap"
		[[ $output == *"$i.pcap:2:"*"error: "*"[unread]"* ]]
	done
	gs 0 gs-sdpcheck --require savp icmp.pcap
	gs 1 gs-sdpcheck large.pcap
	[[ $output == *"error: refused with 488: "*" the offered media [refused]"* ]]
	gs 1 gs-sdpcheck --require savp port.pcap
	[[ $output == *"port.pcap:2:"*"[unread]"* ]]
	gs 0 gs-sdpcheck --require savp alive.pcap
	gs 1 gs-sdpcheck --require savp tcp.pcap
	[[ $output == *"error: "*TCP*": 1 [sip-incomplete]"* ]]
	gs 0 gs-sdpcheck tcp.pcap
	[[ $output == *"warning: "*TCP*"[sip-incomplete]"* ]]
	gs 1 gs-sdpcheck --require savp hep.pcap
	[[ $output == *"error: "*HEP*": 1 [sip-incomplete]"* ]]
	gs 0 gs-sdpcheck hep.pcap
}

@test "a line over the limit is said, and not only when it is an SDP" {
	cd "$BATS_TEST_TMPDIR"
	long() { # OCTETS
		{ good; head -c "$1" /dev/zero | tr '\0' x; echo; } >long
	}
	long $((4 << 20))
	gs 0 gs-sdpcheck --require savp -W warning long
	long $(((4 << 20) + 1))
	gs 1 gs-sdpcheck --require savp long
	[[ $output == *"long:17:"*"error: "*"[sip-incomplete]"* ]]
	gs 0 gs-sdpcheck long
	[[ $output == *"warning: "*"[sip-incomplete]"* ]]
	# A whole log as one string of JSON.
	{ printf '{"msg":"'; yes 'INFO: up' | head -n 20000
		sdp | tr -d '\r'; echo '"}'; } | sed ':a; N; $!ba; s/\n/\\n/g' >json
	gs 0 gs-sdpcheck --require savp json
	sed -i 's/SAVP/AVP/; s/a=crypto[^\\]*//' json
	gs 1 gs-sdpcheck --require srtp json
}

@test "a key that no SDP brought is named" {
	sed 's/Set Remote Key \[1 AES_CM_128_HMAC_SHA1_80 inline:..../&AAAA/' \
		freeswitch/tls-tls.uuid.log >"$BATS_TEST_TMPDIR/other.log"
	gs 0 gs-sdpcheck "$BATS_TEST_TMPDIR/other.log"
	[[ $output == *"[log-key-unmatched]"* ]]
}

@test "--offer and --answer: the answer is judged, the offer is named" {
	sdp >"$BATS_TEST_TMPDIR/o.sdp"
	sdp >"$BATS_TEST_TMPDIR/a.sdp"
	gs 1 gs-sdpcheck --offer "$BATS_TEST_TMPDIR/o.sdp" \
		--answer "$BATS_TEST_TMPDIR/a.sdp"
	[[ $output == *"a.sdp:8:"*"[oa-key-same]"* ]]
	gs 2 gs-sdpcheck --offer "$BATS_TEST_TMPDIR/o.sdp"
	[[ $errors == *--offer*--answer* ]]
}

@test "--peer raises what concerns the peer, --disable silences" {
	sdp | sed 's/$//;s/\(inline:[^\r]*\)/\1 -X/' >"$BATS_TEST_TMPDIR/x.sdp"
	gs 0 gs-sdpcheck -W warning "$BATS_TEST_TMPDIR/x.sdp"
	gs 1 gs-sdpcheck -W warning --peer asterisk "$BATS_TEST_TMPDIR/x.sdp"
	gs 0 from_sdp RTP/AVP -W warning --disable crypto-in-avp
	gs 2 from_sdp RTP/AVP --disable crypto-in-apv
	[[ $errors == *"'crypto-in-avp'?"* ]]
	gs 2 from_sdp RTP/AVP --peer cisco
}

@test "no output shows 8 characters of a key, wherever its line was torn" {
	cd "$BATS_TEST_TMPDIR"
	mkdir t
	/usr/bin/python3 "$GS_TOP/tests/helpers/torn.py" make t
	for as in -v -j '-f sarif'; do
		# shellcheck disable=SC2086 # two words
		run -1 gs-sdpcheck $as t/*
		# Thousands of tears are still read and reported.
		[ "$(wc -l <<<"$output")" -gt 3000 ]
		printf '%s\n' "$output" >said
		/usr/bin/python3 "$GS_TOP/tests/helpers/torn.py" find said
	done
}

@test "-v shows the line with a caret and no key; -q only findings" {
	sdp | sed 's/inline:/inline:A/' >"$BATS_TEST_TMPDIR/long.sdp"
	gs 1 gs-sdpcheck -v "$BATS_TEST_TMPDIR/long.sdp"
	[[ $output == *"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:****"* ]]
	[[ $output == *$'\n'" "*"^"* ]]
	gs 0 from_sdp RTP/SAVP -q
	[ -z "$output" ]
	# The same findings as without it: those of good calls are for -v.
	local found=0
	for f in "$GS_TOP"/tests/fixtures/freeswitch/{optional,mandatory}*.{log,pcap}; do
		[ -e "$f" ] || continue
		cmp <(gs-sdpcheck -q "$f") \
			<(gs-sdpcheck "$f" | grep -E ': (error|warning|note): ')
		[ "$(gs-sdpcheck -q "$f" | wc -l)" -lt \
			"$(gs-sdpcheck -q -v "$f" | grep -c '\]$')" ]
		found=$((found + 1))
	done
	[ "$found" -ge 4 ]
}

@test "SARIF is one JSON document with rules and results" {
	gs 0 from_sdp RTP/AVP -f sarif
	jq -e '.version == "2.1.0" and
		(.runs[0].tool.driver.rules | length) > 50 and
		.runs[0].results[0].ruleId == "crypto-in-avp" and
		.runs[0].results[0].locations[0].physicalLocation.region
			.startLine == 6' <<<"$output"
	gs 0 from_sdp RTP/SAVP -f sarif
	jq -e '.runs[0].results == []' <<<"$output"
}

@test "nothing to check is exit 2 and says so, never clean" {
	cd "$BATS_TEST_TMPDIR"
	: >empty
	gs 2 gs-sdpcheck empty
	[[ $errors == *"empty: "* ]]
	echo '<html><body>hello</body></html>' >page
	gs 2 gs-sdpcheck page
	[[ $errors == *"page: "* ]]
	printf '%s [DEBUG] sofia.c:1 Hello\n' '2013-05-12 13:57:21.271236' >l
	gs 2 gs-sdpcheck l
	[[ $errors == *"l: "* ]]
	head -c 100000 /dev/urandom >random
	gs 2 gs-sdpcheck random
}

@test "missing, an empty folder: exit 2, the others are still checked" {
	sdp >"$BATS_TEST_TMPDIR/good.sdp"
	mkdir "$BATS_TEST_TMPDIR/folder"
	gs 2 gs-sdpcheck /nonexistent "$BATS_TEST_TMPDIR/folder" \
		"$BATS_TEST_TMPDIR/good.sdp"
	[[ $errors == *"/nonexistent: No such file or directory"* ]]
	[[ $output == *"good.sdp:1: SDP: audio"* ]]
}

@test "texts in gzip, xz, UTF-16 and UTF-32 are read as they are" {
	local pcap=$PWD/freeswitch/tls-tls.pcap
	cd "$BATS_TEST_TMPDIR"
	for pack in 'gzip -c' 'xz -c' 'iconv -t UTF-16' 'iconv -t UTF-16LE' \
		'iconv -t UTF-16BE' 'iconv -t UTF-32'; do
		sip TLS RTP/SAVP | $pack >good
		sip TLS RTP/AVP | $pack >plain
		gs 0 gs-sdpcheck --require savp good
		gs 1 gs-sdpcheck --require savp - <plain
		[[ $output == *"-:"*": error: "*"[media-plain]"* ]]
	done
	sip TLS RTP/AVP | iconv -t UTF-16 | gzip -c >plain
	gs 1 gs-sdpcheck --require savp plain
	[[ $output == *"[media-plain]"* ]]
	# What is cut, a capture, and what is packed otherwise prove nothing.
	sip TLS RTP/SAVP | gzip -c | head -c 200 >cut
	gs 2 gs-sdpcheck --require savp cut
	[[ $errors == *"cut: the gzip data ends too early"* ]]
	gzip -c "$pcap" >pcap.gz
	gs 2 gs-sdpcheck pcap.gz
	[[ $errors == *"pcap.gz: a capture that is compressed"* ]]
	sip TLS RTP/SAVP | gzip -c | gzip -c >twice
	gs 2 gs-sdpcheck twice
}

@test "a compressed log is named as one, and the others are checked" {
	sdp >"$BATS_TEST_TMPDIR/good.sdp"
	printf '\x28\xb5\x2f\xfdx' >"$BATS_TEST_TMPDIR/log.zst"
	printf '\xfd7zXZ\0' >"$BATS_TEST_TMPDIR/log.xz"
	cd "$BATS_TEST_TMPDIR"
	gs 2 gs-sdpcheck log.zst log.xz good.sdp
	[[ $errors == *'log.zst: '*'"zstdcat FILE |'* ]]
	[[ $errors == *'log.xz: '*' ends too early'* ]]
	[[ $output == *"good.sdp:1: SDP: audio"* ]]
}

@test "the worst of several files wins" {
	sdp >"$BATS_TEST_TMPDIR/good.sdp"
	sdp | sed 's/inline:/inline:A/' >"$BATS_TEST_TMPDIR/bad.sdp"
	gs 1 gs-sdpcheck "$BATS_TEST_TMPDIR/bad.sdp" "$BATS_TEST_TMPDIR/good.sdp"
	gs 1 gs-sdpcheck "$BATS_TEST_TMPDIR/good.sdp" "$BATS_TEST_TMPDIR/bad.sdp"
}

@test "--follow prints a block before the input ends" {
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	gs-sdpcheck --follow <"$BATS_TEST_TMPDIR/fifo" \
		>"$BATS_TEST_TMPDIR/seen" 3>&- &
	pid=$!
	exec 7>"$BATS_TEST_TMPDIR/fifo"
	cat freeswitch/thread-2013.log >&7
	until_true grep -q 'Remote SDP' "$BATS_TEST_TMPDIR/seen"
	kill -0 $pid
	exec 7>&-
	wait $pid
	gs 2 gs-sdpcheck --follow freeswitch/thread-2013.log
}

@test "a full disk is exit 2" {
	full() { from_sdp RTP/SAVP >/dev/full; }
	gs 2 full
	[[ $errors == *"standard output"* ]]
}

@test "a closed pipe is quiet" {
	piped() { cat freeswitch/tls-tls.uuid.log freeswitch/tls-tls.uuid.log |
		gs-sdpcheck | head -n 1; }
	gs 0 piped
	[ -z "$errors" ]
	# Where SIGPIPE is ignored, too.
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	: <"$BATS_TEST_TMPDIR/pipe" &
	exec 4>"$BATS_TEST_TMPDIR/pipe"
	wait $!
	for locale in C C.UTF-8; do
		LC_ALL=$locale gs 0 bash -c "trap '' PIPE
			gs-sdpcheck freeswitch/tls-tls.uuid.log >&4"
		[ -z "$errors" ]
	done
	exec 4>&-
}

@test "help fits a screen; wrong options suggest the right one" {
	gs 0 gs-sdpcheck -h
	[ "$(wc -l <<<"$output")" -le 24 ]
	gs 2 gs-sdpcheck --requier tls
	[[ $errors == *"'--require'?"* ]]
	gs 2 gs-sdpcheck -x
	[[ $errors == *"'-x'"* ]]
	gs 2 gs-sdpcheck -t
	[[ $errors == *": TYPE"* ]]
	for type in auto ''; do
		gs 2 gs-sdpcheck -t "$type"
		[[ $errors == *"sdp, sip, fslog, reg or pcap"*"'$type'"* ]]
	done
	gs 0 gs-sdpcheck --version
	[[ $output == "gs-sdpcheck (gsprov) "* ]]
}

@test "colours on a terminal only, and not with NO_COLOR" {
	tty_run() { script -qec "$1" /dev/null </dev/null; }
	sdp RTP/AVP >"$BATS_TEST_TMPDIR/x.sdp"
	TERM=xterm gs 0 tty_run "gs-sdpcheck $BATS_TEST_TMPDIR/x.sdp"
	[[ $output == *$'\033['* ]]
	TERM=xterm NO_COLOR=1 gs 0 tty_run "gs-sdpcheck $BATS_TEST_TMPDIR/x.sdp"
	[[ $output != *$'\033['* ]]
	gs 0 gs-sdpcheck "$BATS_TEST_TMPDIR/x.sdp"
	[[ $output != *$'\033['* ]]
}

@test "memory does not grow with the log" {
	many() { yes freeswitch/tls-tls.uuid.log | head -400 | xargs cat |
		(ulimit -v 60000; gs-sdpcheck -q); }
	[ -n "${SAN:-}" ] || gs 0 many
}

@test "memory does not grow with many huge SDPs" {
	huge() { awk 'BEGIN { for (i = 0; i < 200; i++) {
			t = "2026-01-01 00:00:00.000000 [DEBUG] "
			print t "sofia.c:1 Channel sofia/x/" i \
				"@y entering state [received][100]"
			print t "sofia.c:2 Remote SDP:\nv=0"
			for (k = 0; k < 10000; k++) print "a=candidate:" k
			print "" } }' |
		(ulimit -v 30000; gs-sdpcheck -q); }
	[ -n "${SAN:-}" ] || gs 0 huge
}

@test "memory does not grow with huge keys that wait for their SDP" {
	keys() { awk 'BEGIN { long = "A"
		while (length(long) < 16384) long = long long
		for (i = 0; i < 2000; i++) {
			t = "2026-01-01 00:00:00.000000 [DEBUG] sofia.c:1 "
			print t "sofia/x/" i % 100 "@y is called"
			print t "Set Remote Key [1 X inline:" long i "]" }
		print t "Set Remote Key [1 X inline:***]" }' |
		(ulimit -v 30000; gs-sdpcheck -q); }
	[ -n "${SAN:-}" ] || gs 0 keys
}

@test "dumps of a call are said, whatever they look like" {
	cd "$BATS_TEST_TMPDIR"
	coded() { # COMMAND...: its output stands behind a good call
		{ good; sdp RTP/AVP | "$@"; } >dump
		gs 1 gs-sdpcheck --require savp dump
		[[ $output == *"dump:"*": error: encoded text"*"[unread]"* ]]
		{ good; seq 200 | "$@"; } >dump
		gs 0 gs-sdpcheck --require savp dump
	}
	numbers() { # what stands before each of them
		od -An -v -w12 -t"$1" | sed "s/ *\([0-9a-f]\{1,\}\)/$2\1, /g"
	}
	coded od -v -c
	coded od -v -tx2
	coded od -v -Ax -tx2
	coded od -v -Ax -tx1z
	coded numbers x1 0x
	coded numbers u1
	coded sh -c 'printf "{\"m\": ["; od -An -v -w4096 -tu1 | sed "s/ *\([0-9]\{1,\}\)/\1, /g"; echo "7]}"'
	coded /usr/bin/python3 -c 'if 1:
		import sys, binascii
		s = sys.stdin.buffer.read()
		for i in range(0, len(s), 45):
			print(binascii.b2a_uu(s[i:i + 45]).decode(), end="")'
	{ good; { good; sdp RTP/AVP; } | base32 -w 76; } >dump
	gs 1 gs-sdpcheck --require savp dump
	coded sh -c 'base64 -w 70 | sed "s/^/> /"'
	# A prefix without a number ends the line, and nothing follows it.
	{ good; yes 0xf1, | head -n 650000 | tr '\n' ' '; echo 0x; } >dump
	gs 0 gs-sdpcheck --require savp dump
	# A REGISTER whose CSeq has more behind it.
	{ good; printf '%s\n' 'REGISTER sip:h SIP/2.0' 'Via: SIP/2.0/UDP 192.0.2.1;branch=z9' \
		'From: <sip:a@h>;tag=x' 'To: <sip:a@h>' 'Call-ID: r1' 'CSeq: 1 REGISTER  # x' ''; } >cseq
	gs 1 gs-sdpcheck --require tls cseq
	[[ $output == *"[reg-not-tls]"* ]]
	# Of a registration only the end is there, or all of it.
	sed 's/^REGISTER.*/SIP\/2.0 200 OK/' cseq >accepted
	gs 1 gs-sdpcheck --require tls accepted
	cat cseq accepted >both
	gs 1 gs-sdpcheck --require tls both
	[ "$(grep -c 'reg-not-tls' <<<"$output")" -eq 1 ]
}

@test "a CR alone is a line end, and UTF-16 may follow UTF-8" {
	cd "$BATS_TEST_TMPDIR"
	for want in '0 RTP/SAVP' '1 RTP/AVP'; do
		{ good; sip TLS "${want#* }"; } | tr '\n' '\r' >cr
		gs "${want% *}" gs-sdpcheck --require savp cr
		[[ $want == 0* || $output == *"cr:"*": error: "*"[media-plain]"* ]]
		{ for ((i = 0; i < 2000; i++)); do echo "line $i, which is no evidence"; done
			sip TLS "${want#* }"; } | tr '\n' '\r' >long
		gs "${want% *}" gs-sdpcheck --require savp long
		[[ $want == 0* || $output == *"long:20"[0-9][0-9]":"*"[media-plain]"* ]]
		{ good; sip TLS "${want#* }" | iconv -t UTF-16LE; } >wide
		gs "${want% *}" gs-sdpcheck --require savp wide
		[[ $want == 0* || $output == *"wide:"*": error: "*"[media-plain]"* ]]
		{ good; sip TLS "${want#* }" | iconv -t UTF-32; } >wide
		gs "${want% *}" gs-sdpcheck --require savp wide
		[[ $want == 0* || $output == *"wide:"*": error: "*"[media-plain]"* ]]
	done
}

@test "any CRs before an LF are a line end" {
	for f in freeswitch/tls-tls.nouuid.log freeswitch/tls-tls.a-trace.txt \
		freeswitch/thread-2013.log; do
		gs 0 gs-sdpcheck -v - <"$f"
		want=${output//$'\r'/}
		sed 's/\r*$/\r\r/' "$f" >"$BATS_TEST_TMPDIR/crs"
		gs 0 gs-sdpcheck -v --disable eol-mixed - <"$BATS_TEST_TMPDIR/crs"
		diff <(grep -v eol-mixed <<<"$want") <(echo "$output")
	done
	sdp | sed 's/\r$/\r\r/' >"$BATS_TEST_TMPDIR/crs"
	gs 0 gs-sdpcheck -W note "$BATS_TEST_TMPDIR/crs"
	printf 'May 12 13:57:21 pbx freeswitch[1]: 2013-05-12 13:57:21.271236 [DEBUG] sofia.c:5696 Remote SDP:#012%s\n' \
		"$(sdp | sed 's/\r$/#015#015#012/' | tr -d '\n')" \
		>"$BATS_TEST_TMPDIR/syslog"
	gs 0 gs-sdpcheck --require srtp "$BATS_TEST_TMPDIR/syslog"
	[[ $output == *", 0 errors, 0 warnings"* ]]
}

@test "a suite that nobody knows proves nothing" {
	sdp | sed 's/AES_CM_128_HMAC_SHA1_80/FOO_128/' >"$BATS_TEST_TMPDIR/foo"
	for r in srtp savp; do
		gs 1 gs-sdpcheck --require $r "$BATS_TEST_TMPDIR/foo"
		[[ $output == *"foo:6:"*"error: "*"[unproven]"* ]]
	done
	gs 0 gs-sdpcheck "$BATS_TEST_TMPDIR/foo"
	[[ $output == *"FOO_128 — unknown: "*", 0 errors, 1 warning"* ]]
	# One that is known is enough.
	{ cat "$BATS_TEST_TMPDIR/foo"
	  printf 'a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:%s\r\n' "$(tr a-m b-n <<<"$K")"
	} >"$BATS_TEST_TMPDIR/two"
	gs 0 gs-sdpcheck --require srtp "$BATS_TEST_TMPDIR/two"
	[[ $output == *"— encrypted, 0 errors"* ]]
}

@test "a log that grep printed is read as the log" {
	places() { sed -E 's/^(-:[0-9]+):[0-9]+:/\1:/' <<<"$output"; }
	for f in freeswitch/tls-tls.nouuid.log freeswitch/tls-tls.uuid.log; do
		gs 0 gs-sdpcheck --blocks - <"$f"
		want=$(places)
		for how in -n -H -nH; do
			grep $how '' "$f" >"$BATS_TEST_TMPDIR/grepped"
			gs 0 gs-sdpcheck --blocks - <"$BATS_TEST_TMPDIR/grepped"
			diff <(echo "$want") <(places)
		done
	done
	# Lines near a hit have another mark, and -- stands for what is left out.
	grep -nH -A40 'Ring SDP:' "$f" >"$BATS_TEST_TMPDIR/grepped"
	gs 0 gs-sdpcheck --blocks --require savp - <"$BATS_TEST_TMPDIR/grepped"
	[[ $output == *"Ring SDP of "*"— encrypted, 0 errors, 0 warnings"* ]]
	grep -n -A3 'SDP:' "${f/uuid/nouuid}" >"$BATS_TEST_TMPDIR/grepped"
	gs 0 gs-sdpcheck - <"$BATS_TEST_TMPDIR/grepped"
	[[ $output == *"[sdp-truncated]"* ]]
}

@test "behind a hole of NULs the text goes on" {
	cd "$BATS_TEST_TMPDIR"
	# As a crash or a rotation leaves it; also more than a line may have.
	hole() { head -c "$size" /dev/zero; }
	sdp="$GS_TOP/tests/golden/sdpcheck/clean.sdp"
	for size in 5000 5000000; do
		{ hole; cat "$sdp"; } >begin
		{ printf 'torn'; hole; cat "$sdp"; } >middle
		for f in begin middle; do
			gs 0 gs-sdpcheck --require savp "$f"
			gs 0 gs-sdpcheck --require savp - <"$f"
		done
	done
	# What stands before it counts.
	{ printf 'm=audio 4000 RTP/AVP 8'; hole; cat "$sdp"; } >before
	gs 1 gs-sdpcheck --require savp before
	[[ $output == *"[unread]"* ]]
	# Without a NUL nobody knows what was not read.
	{ hole | tr '\0' x; cat "$sdp"; } >long
	gs 1 gs-sdpcheck --require savp long
	[[ $output == *"[sip-incomplete]"* ]]
}

@test "what tshark -V prints is refused as proof, and said once" {
	cd "$BATS_TEST_TMPDIR"
	dissected() {
		printf '%s\n' 'Frame 1: 469 bytes on wire (3752 bits)' \
			'Session Initiation Protocol (INVITE)' \
			'    Request-Line: INVITE sip:b@pbx.example SIP/2.0' \
			'    Message Header' \
			'        Via: SIP/2.0/UDP 192.0.2.10:5061;branch=z9hG4bK1' \
			'    Message Body' '        Session Description Protocol' \
			'            Media Description, name and address (m)'"$1"': audio 5004 RTP/AVP 8' \
			"            Media Attribute (a): crypto:1 AES_CM_128_HMAC_SHA1_80 inline:$K"
	}
	for cut in '' ' [truncated]'; do
		dissected "$cut" >alone
		gs 2 gs-sdpcheck alone
		[[ $output == "alone:"*"[unread]" ]]
		[ "$(wc -l <<<"$output")" -eq 1 ]
		{ good; dissected "$cut"; } >both
		gs 1 gs-sdpcheck --require savp both
		[[ $output == *"[unread]"* ]]
	done
	# Other lines of the file are not among them.
	{ dissected; echo 'sip[7]: m=audio 4000 RTP/AVP 8'; } >torn
	gs 2 gs-sdpcheck torn
	[ "$(grep -c '\[unread]' <<<"$output")" -eq 2 ]
}

@test "k= and MIKEY in clear signalling are said" {
	cd "$BATS_TEST_TMPDIR"
	keyed() { sip "$1" RTP/SAVP | sed "s,^a=crypto.*,$2,"; }
	k='k=base64:cGFzc3dvcmQ=' mikey='a=key-mgmt:mikey AQAFgM0XflABAAAAAAAAAAAAAAsAyO9E'
	keyed UDP "$k" >k
	gs 1 gs-sdpcheck -W warning k
	[[ $output == *"warning:"*"[crypto-cleartext-signalling]"* ]]
	gs 1 gs-sdpcheck --require tls k
	[[ $output == *"error:"*"[crypto-cleartext-signalling]"* ]]
	# k= is no key for SRTP.
	keyed TLS "$k" >k
	gs 1 gs-sdpcheck --require srtp k
	keyed UDP "$mikey" >mikey
	gs 0 gs-sdpcheck -v mikey
	[[ $output == *"note:"*"[signalling-clear]"* ]]
	gs 1 gs-sdpcheck --require tls mikey
	[[ $output == *"error:"*"[signalling-clear]"* ]]
	keyed TLS "$mikey" >mikey
	gs 0 gs-sdpcheck --require tls --require savp mikey
	[[ $output != *"[signalling-clear]"* ]]
}

@test "what is weak or hidden is unproven only where it would be the proof" {
	cd "$BATS_TEST_TMPDIR"
	md5=2D:71:16:42:B7:26:B0:44:01:62:7C:A9:FB:AC:32:F5
	dtls() { sip TLS RTP/SAVP | sed "s,^a=crypto.*,a=fingerprint:md5 $md5,"; }
	dtls >md5
	gs 0 gs-sdpcheck --require tls md5
	[[ $output == *"warning:"*"[fingerprint-weak]"* ]]
	gs 1 gs-sdpcheck --require srtp md5
	[[ $output == *"[unproven]"* ]]
	# The key proves it.
	{ good; echo "a=fingerprint:md5 $md5"; } | sed '/^$/{N;/\na=/s/^\n//;}' >both
	gs 0 gs-sdpcheck --require srtp both
	[[ $output == *"warning:"*"[fingerprint-weak]"* ]]
	printf '%s\n' 'Registrations:' "$(printf '=%.0s' {1..97})" \
		'Call-ID:    	x1' 'User:       	1000@h' \
		'Contact:    	"user" <sip:1000@192.0.2.10:5061;transport=ws>' \
		'Agent:      	Snom' 'Status:     	Registered(UDP)(unknown) EXP(2026-11-27 22:20:00) EXPSECS(200)' \
		'' 'Total items returned: 1' "$(printf '=%.0s' {1..97})" >ws
	gs 0 gs-sdpcheck ws
	gs 1 gs-sdpcheck --require tls ws
	[[ $output == *"warning:"*"[reg-transport-hidden]"* && $output == *"[unproven]"* ]]
	{ cat ws; echo; good; } >beside
	gs 0 gs-sdpcheck --require srtp beside
}

# dated MESSAGE: a line of FreeSWITCH's log.
dated() { echo "2026-11-27 22:16:01.271237 95.87% [ERR] switch_rtp.c:9 $1"; }

@test "a log is one behind any prefix, and in JSON" {
	cd "$BATS_TEST_TMPDIR"
	call() { # one that is encrypted by choice
		dated 'Channel sofia/x/1@h entering state [received][100]'
		dated 'Remote SDP:'
		sdp RTP/AVP | tr -d '\r'
		echo
		dated 'Local SDP sofia/x/1@h:'
		sdp RTP/AVP | tr -d '\r' | sed 's/inline:.../inline:AAA/'
		echo
		dated 'Channel sofia/x/1@h entering state [ready][200]'
	}
	uuid=11111111-aaaa-4bbb-8ccc-dddddddddd01
	ids() { sed "s/^/$uuid /"; }
	call >plain
	call | ids >uuid
	for log in plain uuid; do
		sed 's/^/\t/' $log >tab
		nl -ba $log >numbered
		sed 's/^/web_1  | /' $log >compose
		sed 's/.*/{"log":"&\\r\\n"}/' $log >json
		sed 's/.*/    "&",/' $log >list
		{ printf '<log>'; sed 's/$/\&#10;/' $log | tr -d '\n'; echo '</log>'; } >xml
		for how in tab numbered compose json list xml; do
			# Both sides are of one call: the choice was made.
			gs 0 gs-sdpcheck --blocks --require srtp $how
			[ "$(grep -c 'SDP of' <<<"$output")" -eq 2 ]
			[[ $log = plain || $output == *"SDP of $uuid:"* ]]
		done
		# What FreeSWITCH says there is heard.
		{ cat $log; dated 'Error! RE-Activating Secure RTP SEND'; } >off
		sed 's/^/\t/' off >tab
		sed 's/.*/{"log":"&\\n"}/' off >json
		sed 's/.*/"&",/' off >list
		for how in off tab json list; do
			gs 1 gs-sdpcheck --require srtp $how
			[[ $output == *"[log-srtp-off]"* ]]
		done
	done
}

@test "a log that says that it does not encrypt passes in no form" {
	cd "$BATS_TEST_TMPDIR"
	for what in 'Error: SRTP protection failed with code 5' \
		'Error: audio SRTP protection failed with code 5' \
		'Error! RE-Activating audio Secure RTP SEND' \
		'SRTP NOT SUPPORTED IN THIS BUILD!' \
		'SRTP RTCP protection failed with code 7'; do
		{ good; dated "$what"; } >log
		gs 1 gs-sdpcheck --require savp log
		[[ $output == *"[log-srtp-off]"* ]]
		{ good; dated "${what% *}#012${what##* }"; } >split
		gs 1 gs-sdpcheck --require savp split
		[[ $output == *"[log-srtp-off]"* ]]
		# A terminal broke it in two, or nothing says that it is a log.
		{ good; dated "$what" | fold -w 80; } >folded
		gs 1 gs-sdpcheck --require savp folded
		{ good; echo "42 $what"; } >rest
		gs 1 gs-sdpcheck --require savp rest
		[[ $output == *"[unread]"* ]]
	done
	for type in '' 'audio ' 'video ' 'text '; do
		for what in 'Fingerprint Verification Failed!' \
			'No peer certificate presented' 'Handshake failure 1'; do
			{ good; dated "$type$what"; } >log
			gs 1 gs-sdpcheck --require savp log
			[[ $output == *"[log-dtls-failed]"* ]]
		done
	done
}

@test "a trace whose first line stands in JSON tells its transport" {
	cd "$BATS_TEST_TMPDIR"
	trace() { # TRANSPORT
		echo "recv 900 bytes from $1/[192.0.2.9]:5061 at 12:00:00.123456:"
		echo '   ------------------------------------------------'
		good
	}
	for carrier in tls tcp; do
		{ printf '{"msg":"'; trace $carrier | sed 's/$/\\r\\n/' |
			tr -d '\n'; echo '"}'; } >$carrier
		# It stands before the object.
		{ printf '%s {"msg":"' "$(trace $carrier | head -n 1)"
		  good | sed 's/$/\\r\\n/' | tr -d '\n'; echo '"}'; } >$carrier.before
	done
	gs 0 gs-sdpcheck --require tls tls.before
	gs 1 gs-sdpcheck --require tls tcp.before
	[[ $output == *"[crypto-cleartext-signalling]"* ]]
	# An object for each line is one message.
	good | sed 's/.*/2026-11-27 12:00:00 tls 192.0.2.9:5061 -> 192.0.2.1:5061 {"log":"&\\n"}/' >lines
	gs 0 gs-sdpcheck --require tls lines
	gs 0 gs-sdpcheck --require tls tls
	gs 1 gs-sdpcheck --require tls tcp
	[[ $output == *"[crypto-cleartext-signalling]"* ]]
}

@test "an SDP as a list of strings is read, and ends with it" {
	cd "$BATS_TEST_TMPDIR"
	for quote in '"' "'"; do
		{ echo '{"sdp": ['; sdp RTP/AVP | tr -d '\r' |
			sed "s,/,\\\\/,g; s/.*/  $quote&$quote,/"
			echo '], "m": 1}'; } >list
		{ good; cat list; } >both
		gs 1 gs-sdpcheck --require savp both
		[[ $output == *"RTP/AVP "*"[crypto-in-avp]"* && $output != *"[sdp-line]"* ]]
		sed 's,AVP,SAVP,' list >good
		gs 0 gs-sdpcheck --require savp -W warning good
	done
}

@test "how programs show a line end is taken off" {
	cd "$BATS_TEST_TMPDIR"
	for tail in '^M' '$' '^M$' "\\\\" '<br>' '<br/>' ' |' '&#13;' '&#xD;'; do
		sdp RTP/SAVP | tr -d '\r' | sed "s,\$,${tail//&/\\&}," >shown
		gs 0 gs-sdpcheck --require savp -W warning shown
		sdp RTP/AVP | tr -d '\r' | sed "s,\$,${tail//&/\\&}," >shown
		gs 1 gs-sdpcheck --require savp shown
	done
	# What ngrep prints, in a page or a table.
	for tail in '' '  ' '<br>' ' |'; do
		sdp RTP/SAVP | tr -d '\r' | sed "s,\$,.$tail," >shown
		gs 0 gs-sdpcheck --require savp -W warning shown
		good | sed "s,\$,.$tail," >message
		gs 0 gs-sdpcheck --require savp -W warning message
	done
	# Nothing is taken off that does not stand behind the first line.
	sdp RTP/SAVP | tr -d '\r' | sed 's/^s=.*/s=$/' >shown
	gs 0 gs-sdpcheck --require savp -W warning shown
}

@test "a call on one line is read, or said not to be, behind a log's head" {
	cd "$BATS_TEST_TMPDIR"
	dated 'Channel sofia/x/1@h entering state [received][100]' >log
	{ dated 'Remote SDP:'; sdp RTP/AVP | tr -d '\r'; } >>log
	line() { sed "s,\$,$1," log | tr -d '\n'; echo; }
	for eol in '<CR><LF>' '^M^J' ' | '; do
		{ good; line "$eol"; } >one
		gs 1 gs-sdpcheck --require savp one
		[[ $output == *"[crypto-in-avp]"* ]]
	done
	# Nothing tells where these lines end.
	{ good; line ' '; } >one
	gs 1 gs-sdpcheck --require savp one
	[[ $output == *"[unread]"* ]]
	{ printf 'sdp='; sdp RTP/AVP | tr -d '\r' | sed 's/$/%0d%0a/' | tr -d '\n'; } >url
	gs 1 gs-sdpcheck --require savp url
	[[ $output == *"[crypto-in-avp]"* ]]
	{ printf '{"a":"{\\"b\\":\\"'; sdp RTP/AVP | tr -d '\r' |
		sed 's/$/\\\\r\\\\n/' | tr -d '\n'; echo '\\"}"}'; } >json
	gs 1 gs-sdpcheck --require savp json
	[[ $output == *"[crypto-in-avp]"* ]]
}

@test "escapes within lines, and NUL behind them, are taken out" {
	cd "$BATS_TEST_TMPDIR"
	both() { # COMMAND: what it makes of a call is read
		good | tr -d '\r' | "$@" >form
		gs 0 gs-sdpcheck --require savp --require tls -W warning form
		{ good; sip TLS RTP/AVP | sed '/^a=/d;s/@/2@/' | "$@"; } >form
		gs 1 gs-sdpcheck --require savp form
		[[ $output == *"[media-plain]"* ]]
	}
	url() { # LINE-END BLANK
		sed "s/%/%25/g;s/+/%2B/g;s/=/%3D/g;s/:/%3A/g;s,/,%2F,g;s/ /$2/g;s/\$/$1/"
	}
	form() { printf 'x=1&sdp='; url %0A + | tr -d '\n'; echo '&y=2'; }
	both url '' %20
	both url '' +
	both form
	both sed 's/=/\&#61;/g;s,/,\&#x2F;,g;s/:/\&colon;/g'
	both sed 's/$/\x00/'
	both sed 's/$/\x00\r/'
	# What is read under no form is said.
	{ good; echo 'x m&equals;audio 4000 RTP&sol;AVP 8'; } >form
	gs 1 gs-sdpcheck --require savp form
	[[ $output == *"[unread]"* ]]
	for m in 'm = audio 4000 RTP/AVP 8' 'm=3Daudio 4000 RTP/AVP 8' \
		'INVITE sip:b@h SIP/2.0 ## 7' '1: REGISTER sip:h SIP/2.0	x'; do
		{ good; echo "$m"; } >form
		gs 1 gs-sdpcheck --require savp form
		[[ $output == *"[unread]"* ]]
	done
}

@test "a message that ends within its header may have had an SDP" {
	cd "$BATS_TEST_TMPDIR"
	again() { sip TLS RTP/AVP | sed '/^Content-Type/,$d;s/^CSeq: 1/CSeq: 2/'; }
	for last in CSeq Via; do
		{ good; again | sed "/^$last/q"; } >cut
		gs 1 gs-sdpcheck --require savp cut
		[[ $output == *"[sip-incomplete]"* ]]
	done
	{ good; again | sed '1s,.*,SIP/2.0 200 OK,;/^Via/q'; } >cut
	gs 1 gs-sdpcheck --require savp cut
	{ good; again | sed '/^Via/q'; echo; good; } >cut
	gs 1 gs-sdpcheck --require savp cut
	[[ $output == *"[sip-incomplete]"* ]]
	{ good; again | sed '1s,.*,SIP/2.0 486 Busy Here,;/^CSeq/q'; } >cut
	gs 0 gs-sdpcheck --require savp cut
	{ good; again | sed 's/INVITE/OPTIONS/'; } >cut
	gs 0 gs-sdpcheck --require savp cut
}

@test "lines that a terminal or mail broke are joined" {
	cd "$BATS_TEST_TMPDIR"
	{ dated 'New Channel sofia/x/1001@pbx.example [3f1c5f30-1c73-4f6e-9a1e-0123456789ab]'
	  dated 'Channel sofia/x/1001@pbx.example entering state [received][100]'
	  dated 'Remote SDP:'; sdp RTP/SAVP | tr -d '\r'
	  dated 'Local SDP sofia/x/1001@pbx.example:'; sdp RTP/SAVP | tr -d '\r' |
		sed 's,inline:.*,inline:fKT51VbSqmNbyOERjIb4+HIaPBZ1l7kxe/d8jcuq,'
	  dated "Set Remote Key [1 AES_CM_128_HMAC_SHA1_80 inline:$K]"
	} >log
	for w in 48 60 64 72 80; do
		fold -w $w log >folded
		gs 0 gs-sdpcheck --require savp -W error folded
		[[ $output == "1 call, 1 encrypted "* ]]
	done
	good >whole
	for w in 40 48 64; do
		tr -d '\r' <whole | fold -w $w >folded
		gs 0 gs-sdpcheck --require savp --require tls -W error folded
	done
	# What some programs put before the rest, the log's head among it.
	for mark in '  ' '    ' $'\t' '↳ '; do
		for text in log whole; do
			tr -d '\r' <$text | awk -v mark="$mark" '{
				while (length > 72) {
					print substr($0, 1, 72)
					$0 = mark substr($0, 73)
				}
				print
			}' >folded
			gs 0 gs-sdpcheck --require savp -W error folded
		done
	done
	# What others put behind the first part.
	for text in log whole; do
		tr -d '\r' <$text | awk '{
			while (length > 70) {
				print substr($0, 1, 70) "\\"
				$0 = "    " substr($0, 71)
			}
			print
		}' >folded
		gs 0 gs-sdpcheck --require savp -W error folded
		for eol in '' '\r'; do
			/usr/bin/python3 -c 'import quopri, sys
sys.stdout.buffer.write(quopri.encodestring(sys.stdin.buffer.read()))' \
				<$text | sed "s/$/$eol/" >folded
			gs 0 gs-sdpcheck --require savp -W error folded
		done
	done
	# Mail loses the blank.
	tr -d '\r' <whole | fold -s -w 72 | sed 's/ $//' >folded
	gs 0 gs-sdpcheck --require savp --require tls -W error folded
	{
		dated 'New Channel sofia/x/1@h [11111111-aaaa-4bbb-8ccc-dddddddddd01]'
		dated 'Remote SDP:'
		sdp | tr -d '\r'
		echo
		dated "Set Remote Key [1 AES_CM_128_HMAC_SHA1_80 inline:$K]"
		dated "Set Remote crypto Key to [1 AES_CM_128_HMAC_SHA1_80 inline:$K]"
	} >keys
	for w in 72 76 80 100; do
		fold -s -w $w keys | sed 's/ $//' >folded
		gs 0 gs-sdpcheck --require savp folded
		[[ $output == *"1 call, 1 encrypted"* ]]
		[[ $output != *"[log-key-unmatched]"* ]]
	done
	# A word of a log may be broken, too.
	echo '2026-11-27 22:16:01.271237 95.87% [CRIT] switch_rtp.c:9 SRTP NOT SUPPORTED' |
		fold -w 75 | sed '1s/$/=/' >tail
	cat log tail >folded
	gs 1 gs-sdpcheck --require savp folded
	[[ $output == *"[log-srtp-off]"* ]]
	# What follows a line as long as that is not taken for its rest.
	{ cat folded; sip TLS RTP/AVP | sed '/^a=/d;s/@/2@/' | fold -w 40; } >two
	gs 1 gs-sdpcheck --require savp two
}

@test "a listing is read behind a prefix, and a phone of it is never lost" {
	cd "$BATS_TEST_TMPDIR"
	L=$GS_TOP/tests/fixtures/freeswitch
	for p in 'Nov 27 22:16:01 pbx fs[7]: ' '> ' 'log:'; do
		sed "s,^,$p," "$L/tls-tls.reg.txt" >listing
		gs 0 gs-sdpcheck --require tls listing
		{ good; sed "s,^,$p," "$L/avpcrypto.reg.txt"; } >listing
		gs 1 gs-sdpcheck --require tls listing
		[[ $output == *"[reg-not-tls]"* ]]
		sed "s,^,$p," "$L/tls-tls.reg.xml" >listing
		gs 0 gs-sdpcheck --require tls listing
		{ good; sed "s,^,$p," "$L/avpcrypto.reg.xml"; } >listing
		gs 1 gs-sdpcheck --require tls listing
		[[ $output == *"[reg-not-tls]"* ]]
		for over in tls udp; do
			echo "$p"'{"row_count":1,"rows":[{"reg_user":"1000","network_proto":"'"$over"'"}]}' \
				>row.$over
		done
		gs 0 gs-sdpcheck --require tls row.tls
		gs 1 gs-sdpcheck --require tls row.udp
	done
	{ good; grep Registered "$L/avpcrypto.reg.txt" | sed 's/^/x: /'; } >listing
	gs 1 gs-sdpcheck --require tls listing
	[[ $output == *"[unread]"* ]]
}

@test "a line that SDP does not know hides nothing" {
	cd "$BATS_TEST_TMPDIR"
	{ sdp RTP/SAVP | tr -d '\r'; echo 'x=v=0%0d%0am=audio 4000 RTP/AVP 8%0d%0a'; } >x
	gs 1 gs-sdpcheck --require savp x
	[[ $output == *"[media-plain]"* ]]
	{ sdp RTP/SAVP | tr -d '\r'; echo 'x=v%3D0 m%3Daudio 4000 RTP/AVP 8'; } >x
	gs 1 gs-sdpcheck --require savp x
	[[ $output == *"[unread]"* ]]
	{ sdp RTP/SAVP | tr -d '\r'; echo 'x=vendor'; } >x
	gs 0 gs-sdpcheck --require savp x
}

@test "base64 and dumps beside a call are said not to be read" {
	bad() { sdp RTP/AVP; }
	flat() { base64 -w 0; }
	hex() { od -A n -t x1 | tr -d ' \n'; }
	json() { printf '{"body":"%s"}\n' "$(flat)"; }
	bytes() { od -A x -t x1; }
	words() { od -A x -t x2 --endian=big; }
	swapped() { od -t x2 --endian=little; }
	octal() { od --endian=little; }
	quoted() { base64 | sed 's/^/> /'; }
	narrow() { base64 -w 20; }
	pairs() { printf '7\t'; od -A n -t x1 | tr -s ' \n' ':' | tr -d ' '; echo; }
	packed() { gzip -n | base64; }
	logged() { bytes | sed 's/^/Nov 27 12:00:00 pbx app[7]: /'; }
	piped() { base64 | sed 's/^/2026-11-27T12:00:00+01:00 stdout F /'; }
	for form in base64 flat hex json bytes words swapped octal quoted narrow \
		pairs packed logged piped; do
		{ sdp; echo; bad | "$form"; } > "$BATS_TEST_TMPDIR/$form"
		gs 1 gs-sdpcheck --require srtp "$BATS_TEST_TMPDIR/$form"
		[[ $output == *":10:"*"error: "*"[unread]"* ]]
		bad | "$form" > "$BATS_TEST_TMPDIR/$form"
		gs 2 gs-sdpcheck --require srtp "$BATS_TEST_TMPDIR/$form"
		[[ $output == *"[unread]"* ]]
	done
	{ sdp; echo; head -c 3000 "$GS_TOP/README.md" | base64; } \
		> "$BATS_TEST_TMPDIR/other"
	gs 0 gs-sdpcheck --require srtp "$BATS_TEST_TMPDIR/other"
}

@test "what is no text that is read, or looks like an SDP, is said" {
	cd "$BATS_TEST_TMPDIR"
	bad() { sdp RTP/AVP | tr -d '\r'; }
	turned() { tr a-zA-Z n-za-mN-ZA-M; }
	foreign() { iconv -t IBM500; }
	spaced() { sed 's/./& /g'; }
	random() {
		echo 'c0Di+3U56vATb~@AW2RjNl-K(F*!0WFfKAKF%1fHJuM9iV?9YuAW2X(ATc>IE-)@KE-?)XbUiR2FbxWAJz;fZX>TAjFfcG6QdCecK~_*8I1LJ6J#ut#ZDDXaI3Q3%O+ha>FfcF;3Sm8SWo~40Wn*>?3I'
	}
	ascii85() {
		/usr/bin/python3 -c 'import base64, sys
print(base64.a85encode(sys.stdin.buffer.read()).decode())'
	}
	for form in turned foreign spaced random ascii85; do
		{ good; bad | "$form"; echo; } >behind
		gs 1 gs-sdpcheck --require savp behind
		[[ $output == *"behind:"*": error: "*"[unread]"* ]]
		{ bad | "$form"; echo; good; } >before
		gs 1 gs-sdpcheck --require savp before
		[[ $output == *"before:"*": error: "*"[unread]"* ]]
	done
	{ good; printf '<b n="%s">x</b>\n' 1 2 3 4 5; printf 'n=%s\n' 1 2 3 4 5
	  echo '- - - - - - - - - - - - - - - - - -'; printf '%s=1\n' a b c
	  head -c 120 /dev/zero | tr '\0' 'x'; echo
	  echo '{"eventName":"channelState","callerIdNumber":"1001","callerIdName":"Bob","answerState":"answered","readCodec":"PCMA","hitDialplan":true}'
	} >other
	gs 0 gs-sdpcheck --require savp other
}

@test "what is left of a call that was cut proves nothing" {
	cd "$BATS_TEST_TMPDIR"
	{ sdp; printf '%s\r\n' '' 'SIP/2.0 488 Not Acceptable Here' \
		'Via: SIP/2.0/TLS 192.0.2.1;branch=z9hG4bK1' 'Call-ID: c@h' \
		'CSeq: 1 INVITE' 'Content-Length: 0' ''; } >refused
	gs 1 gs-sdpcheck --require srtp refused
	[[ $output == *"refused:10:1: error: "*"[unproven]"* ]]
	grep -v CSeq refused >method
	gs 1 gs-sdpcheck --require srtp method
	[[ $output == *"[unproven]"* ]]
	{ good | sed '/^CSeq/d'; sed '1,9d' refused | sed 's,c@h,TLSRTP/SAVP,'; } >number
	gs 1 gs-sdpcheck --require srtp number
	[[ $output == *"[refused]"* ]]
	{ sdp; printf '%s\r\n' '' '0 RTP/AVP 8' 'a=rtpmap:8 PCMA/8000'; } >tail
	gs 1 gs-sdpcheck --require srtp tail
	[[ $output == *"tail:11:1: error: "*"[unread]"* ]]
	{ sdp; echo; echo "reg_user,network_proto|1000,sip:x,udp|1 total."; } >one
	gs 1 gs-sdpcheck --require tls one
	[[ $output == *"one:10:1: error: "*"[unread]"* ]]
	{ sdp; echo; echo "x: Crypto not negotiated but required."; } >log
	gs 1 gs-sdpcheck --require srtp log
	[[ $output == *"log:10:1: error: "*"[unread]"* ]]
}

@test "the blanks of web pages are blanks" {
	cd "$BATS_TEST_TMPDIR"
	sdp | sed 's/ /\xc2\xa0/g' >hard
	gs 0 gs-sdpcheck --require savp hard
	escaped() { sed 's/"/\\"/g; s/ /\\u00a0/g; s/.*/{"text":"&"}/'; }
	good | escaped >message
	gs 0 gs-sdpcheck --require savp message
	{ good; sip TLS RTP/AVP | escaped; } >both
	gs 1 gs-sdpcheck --require savp both
	[[ $output == *"[media-plain]"* ]]
}

@test "what stands behind long lines, packed texts and in typed fields is seen" {
	local i
	cd "$BATS_TEST_TMPDIR"
	sdp | tr -d '\r' >good
	{ cat good; printf '\n\r'; head -c 4200000 /dev/zero | tr '\0' x
		echo ' m=audio 5006 RTP/AVP 8'; } >long
	gs 1 gs-sdpcheck --require srtp long
	[[ $output == *"[sip-incomplete]"* ]]
	# Lines that end in a CR, and the last two beyond 4 MiB.
	{ tr '\n' '\r' <good; yes 'a=fmtp:8 q' | tr '\n' '\r'; } |
		head -c $(((4 << 20) + 4)) >cr
	printf '\ra=sendrecv\rm=audio 5006 RTP/AVP 8' >>cr
	gs 1 gs-sdpcheck --require srtp cr
	[[ $output != *cr:0:* ]]
	# A logger goes on in clear behind a packed text.
	{ gzip <good; sed 's/SAVP/AVP/; /crypto/d' good; } >packed.gz
	gs 2 gs-sdpcheck --require srtp packed.gz
	{ gzip <good; head -c 600 /dev/zero; } >padded.gz
	gs 0 gs-sdpcheck --require srtp padded.gz
	# The other side reads AVP: it knows no backspace.
	sed 's/SAVP/AVP\x08\x08\x08SAVP/' good >typed
	gs 1 gs-sdpcheck --require srtp typed
	# A type of media that nobody knows may be audio.
	{ cat good; echo; sed 's/audio/audix/; s/SAVP/AVP/; /crypto/d' good; } >type
	gs 1 gs-sdpcheck --require srtp type
	# Lists are no code.
	{ cat good; echo; for ((i = 0; i < 6; i++)); do
		printf '/var/recordings/%08x-c164-4559-97bf-8909ead0584b/%08X.wav\n' \
			$((i * 77777777)) $((i * 99999999)); done; } >list
	gs 0 gs-sdpcheck --require srtp list
}

@test "in a log, the end of a call does not take back what was agreed on" {
	local log=$GS_TOP/tests/fixtures/freeswitch/tls-tls.uuid.log head
	cd "$BATS_TEST_TMPDIR"
	gs 0 gs-sdpcheck --require srtp "$log"
	head='2026-11-23 08:48:03.732627 99.00% [DEBUG] sofia.c:7493'
	{
		sed '/entering state \[ready\]/q' "$log"
		echo "$head Channel sofia/x/1000 entering state [received][100]"
		echo "$head Remote SDP:"
		sed -n '/Remote SDP:/,/^[^ ]* *$/p' "$log" |
			sed '1d; /^[^ ]* *\r*$/q; s/^[^ ]* //; s/SAVP/AVP/'
		echo "$head Channel sofia/x/1000 entering state [ready][200]"
		echo "$head Channel sofia/x/1000 entering state [terminated][503]"
	} | sed "s/^2026/$(head -c 36 "$log") &/; s/^[a-z]=/$(head -c 36 "$log") &/" >again
	gs 1 gs-sdpcheck --require srtp again
}

@test "lines that a container's runtime or ngrep cut are put together" {
	local how
	cd "$BATS_TEST_TMPDIR"
	cut_at() { # WIDTH MORE LAST: the formats of pieces
		awk -v w="$1" -v more="$2\n" -v last="$3\n" '{ s = $0
			for (; length(s) > w; s = substr(s, w + 1))
				printf more, substr(s, 1, w)
			printf last, s }'
	}
	cri() {
		cut_at 40 '2026-11-27T22:16:01.1Z stdout P %s' \
			'2026-11-27T22:16:01.1Z stdout F %s' |
			sed '/ P /a2026-11-27T22:16:01.1Z stderr F m: late'
	}
	docker() {
		cut_at 40 '{"log":"%s","stream":"stdout","time":"22:16:01Z"}' \
			'{"log":"%s\\n","stream":"stdout","time":"22:16:01Z"}'
	}
	ngrep() {
		printf '#\nT 192.0.2.1:5060 -> 192.0.2.2:5060 [AP] #7\n'
		tr '\n' '\r' | sed 's/\r/../g' | cut_at 70 '  %s' '  %s'
		printf '#\n'
	}
	good | tr -d '\r' >good.sip
	sed 's/SAVP/AVP/; s/^a=crypto.*/a=ptime:20/' good.sip >plain.sip
	for how in cri docker ngrep; do
		"$how" <good.sip >"$how.good"
		gs 0 gs-sdpcheck --require savp "$how.good"
		[[ $output != *line-broken* ]]
		"$how" <plain.sip >"$how.plain"
		gs 1 gs-sdpcheck --require srtp "$how.plain"
		[[ $output == *"audio RTP/AVP"* ]]
	done
	# Who removed all line ends wrote whole lines.
	sed 's/.*/{"log":"&","stream":"stdout"}/' good.sip >whole
	gs 0 gs-sdpcheck --require savp whole
	# What stands behind such a text is no part of it, and is read.
	{
		cat good.sip
		printf '{"log":"info","stream":"stdout","message":"'
		sed 's/$/\\n/; s/: a-/: c-/' plain.sip | tr -d '\n'
		echo '"}'
	} >behind
	gs 1 gs-sdpcheck --require srtp behind
	[[ $output == *"audio RTP/AVP"* ]]
	# A packet whose end is missing.
	head -n 7 ngrep.good >torn
	gs 1 gs-sdpcheck --require savp torn
}

@test "prefixes that grep, threads and other programs change are followed" {
	local how
	cd "$BATS_TEST_TMPDIR"
	context() { # grep -A: ":" behind a line that matches
		awk '{ print NR (/INVITE|m=/ ? ":" : "-") $0 }'
	}
	threads() {
		awk '{ split("main worker-7 http-nio-8080-exec-3", name, " ")
			print "22:16:01 [" name[NR % 3 + 1] "] DEBUG sip - " $0 }'
	}
	programs() { # another call, line by line
		good | sed 's/a->b/c->d/; s/TLSRTP/other/' | tr -d '\r' |
			sed 's/^/Nov 27 22:16:01 pbx sbc[9]: /' >other
		sed 's/^/Nov 27 22:16:01 pbx phone[7]: /' | paste -d '\n' - other
	}
	good | tr -d '\r' >good.sip
	sed 's/SAVP/AVP/; s/^a=crypto.*/a=ptime:20/' good.sip >plain.sip
	for how in context threads programs; do
		"$how" <good.sip >"$how.good"
		gs 0 gs-sdpcheck --require savp "$how.good"
		"$how" <plain.sip >"$how.plain"
		gs 1 gs-sdpcheck --require srtp "$how.plain"
		[[ $output == *"audio RTP/AVP"* ]]
	done
}

@test "lines below the first of a message, in objects and lists are read" {
	cd "$BATS_TEST_TMPDIR"
	two() { # PROTO: two messages of a call
		sip TLS "$1" | sed '$d'
		sip TLS "$1" | sed '1s,.*,SIP/2.0 200 OK,;/^From/s/$/;tag=t/;$d' |
			sed 's/inline:.../inline:AAA/'
		sip TLS "$1" | sed 's/INVITE/ACK/;/^Content-Type/,$d'
		echo Content-Length: 0
	}
	# journalctl prints the head once for each message.
	hanging() {
		sed -E '/SIP\/2.0$|^SIP\/2.0/s/^/Nov 27 10:00:00 pbx sip[9]: /;t
			s/^/                            /'
	}
	objects() { sed 's/"/\\"/g;s/.*/2026-11-27 10:00:00 +0100 sip: {"log":"&"}/'; }
	listed() { sed 's/"/\\"/g;s/.*/  "\\u001b[0m&\\r",/'; }
	pairs() { sed 's/"/\\"/g;s/.*/  [\n    "1790000000000000000",\n    "&"\n  ],/'; }
	html() { sed 's,.*,<b class="l">&</b>,;1s/^/<div><pre>/'; }
	syslog() {
		awk 'BEGIN { end = "#015#012" }
			/SIP\/2.0$|^SIP/ { printf "%sNov 27 10:00:00 pbx sip[9]: got", n++ ? end "\n" : "" }
			{ printf "%s%s", end, $0 }
			END { print end }'
	}
	once() { # the date of a message before its first line only
		sed 's/^/sip: /' | sed -E '/SIP\/2.0$|^sip: SIP/s/^/2026-11-27 10:00:00 /'
	}
	for form in hanging objects listed pairs html syslog once; do
		two RTP/SAVP | "$form" >good
		gs 0 gs-sdpcheck --require savp good
		[[ $output == *"1 call, 1 encrypted on every leg"* || \
		   $output == *" encrypted"* ]]
		two RTP/AVP | "$form" >bad
		gs 1 gs-sdpcheck --require savp bad
		[[ $output == *"[media-plain]"* ]]
	done
}

@test "what follows v=0 and is a line of an SDP is no column" {
	cd "$BATS_TEST_TMPDIR"
	sdp | sed '1s/\r/    12:00:00 m=audio 4002 RTP\/AVP 8&/' >hidden
	gs 1 gs-sdpcheck --require srtp hidden
	[[ $output == *"hidden:1:"*"error: "* ]]
}

@test "a long line before a column costs no more than others" {
	cd "$BATS_TEST_TMPDIR"
	{ printf 'v=0  1x\no=a\n'; head -c 2000000 /dev/zero | tr '\0' 1; } >long
	gs 0 within 20 gs-sdpcheck long
}

@test "an attached log in base64 is read, an image is not" {
	cd "$BATS_TEST_TMPDIR"
	mail() { # [NAME OF THE ENCODING]
		printf '%s\n' 'From: a@b' 'Content-Type: multipart/mixed; boundary="x"' '' \
			--x 'Content-Type: text/plain' '' 'See the log.' '' --x \
			'Content-Type: text/x-log; name="fs.log"' \
			"Content-Transfer-Encoding: ${1:-base64}" \
			'Content-Disposition: attachment;' ' filename="fs.log"' ''
		base64 -w "${width:-76}"
		printf '%s\n' '' --x--
	}
	for text in 'sip TLS' sdp; do
		for width in 76 72 64; do
			$text RTP/SAVP | mail >good
			gs 0 gs-sdpcheck --require savp -W warning good
			[[ $output != *"[unread]"* && $output != *"[line-broken]"* ]]
			$text RTP/AVP | mail >bad
			gs 1 gs-sdpcheck --require savp bad
			[[ $output == *"RTP/AVP"* && $output != *"[unread]"* ]]
		done
		unset width
		for eol in '' '\r'; do
			$text RTP/SAVP | mail | sed "s/$/$eol/" >good
			gs 0 gs-sdpcheck --require savp -W error good
			$text RTP/AVP | mail Base64 | sed "s/$/$eol/" >bad
			gs 1 gs-sdpcheck --require savp bad
			[[ $output == *"RTP/AVP"* && $output != *"[unread]"* ]]
		done
	done
	# The file, and the last line of its text, may end in the middle.
	sip TLS RTP/AVP | head -c -3 | mail | head -n -2 | head -c -1 >cut
	gs 1 gs-sdpcheck --require savp cut
	[[ $output == *"[media-plain]"* ]]
	{ good; { printf '\211PNG\r\n\032\n\0\0\0\rIHDR'; seq 3000 | gzip -n; } | mail; } >image
	gs 0 gs-sdpcheck --require savp image
	# What its first octets say is enough.
	for magic in '\037\213' '(\265/\375' 'BZh91AY&SY' 'PK\003\004' \
		'7z\274\257' 'Rar!\032'; do
		{ good; { printf '%b\0\0\0' "$magic"; seq 3000 | gzip -n; } | mail; } >packed
		gs 1 gs-sdpcheck --require savp packed
		[[ $output == *"[unread]"* ]]
	done
	# The body ends in the middle of a line, and other text follows at once.
	{ sdp RTP/AVP | head -c 114 | mail | head -n -2; sdp; } >follows
	gs 1 gs-sdpcheck --require srtp follows
	[[ $output == *"audio RTP/AVP"* && $output != *"[eol-mixed]"* ]]
	{ good; sip TLS RTP/AVP | od -An -v -tx1 -w8 | mail; } >dumped
	gs 1 gs-sdpcheck --require savp dumped
	[[ $output == *"[unread]"* ]]
	{ sip TLS RTP/AVP | mail 7bit; } >other
	gs 2 gs-sdpcheck --require savp other
	[[ $output == *"[unread]"* ]]
}

@test "entries of another program between lines of an SDP are not its own" {
	cd "$BATS_TEST_TMPDIR"
	mixed() { awk '{ print } NR % 4 == 3 { print "Nov 27 22:16:01 pbx CRON[9]: " (n++ ? "x" : x) }' "x=$1"; }
	for text in good sdp; do
		$text | tr -d '\r' | mixed x >log
		gs 0 gs-sdpcheck --require savp log
		$text | tr -d '\r' | mixed 'm=audio 4002 RTP/AVP 8' >log
		gs 1 gs-sdpcheck --require savp log
		[[ $output == *"[unread]"* ]]
		$text | tr -d '\r' | mixed x | sed 's,RTP/SAVP,RTP/AVP,' >log
		gs 1 gs-sdpcheck --require savp log
	done
}

@test "the borders of tables are taken off, however long a line is" {
	cd "$BATS_TEST_TMPDIR"
	table() { # FORMAT, with the width of the longest line
		local w
		w=$(tr -d '\r' <text | awk '{ if (length > n) n = length } END { print n }')
		tr -d '\r' <text | awk -v f="${1//W/$w}" '{ printf f "\n", $0 }
			END { if (f ~ /^\|/) print "+----+------------------------------------------------------------------------+" }'
	}
	for want in '0 RTP/SAVP' '1 RTP/AVP'; do
		for text in sdp 'sip TLS'; do
			$text "${want#* }" >text
			for form in '| 7 | %-Ws |' '   | %-Ws +' '%-60s  | 22:16:01'; do
				table "$form" >shown
				gs "${want% *}" gs-sdpcheck --require savp -W error shown
				[[ $want == 0* || $text == sdp || $output == *"[media-plain]"* ]]
				[[ $output != *"[line-broken]"* ]]
			done
		done
	done
}

@test "prose is no evidence, a torn m= line is" {
	cd "$BATS_TEST_TMPDIR"
	{ good; echo 'It says level 5 RTP/AVP 8, and Via: SIP/2.0/UDP.'; } >prose
	gs 0 gs-sdpcheck --require savp prose
	for rest in '5004 RTP/AVP 8' 'x: 04 RTP/AVP 8' 'audio 5004 RTP/AVP 8'; do
		{ good; echo "$rest"; } >torn
		gs 1 gs-sdpcheck --require savp torn
		[[ $output == *"[unread]"* ]]
	done
}

@test "a Via in an entry of a log is evidence" {
	local log=$GS_TOP/tests/fixtures/freeswitch/tls-tls.uuid.log
	cd "$BATS_TEST_TMPDIR"
	{ cat "$log"; dated 'Via: SIP/2.0/TLS 192.0.2.9;branch=z9hG4bK1'; } >tls
	gs 0 gs-sdpcheck --require srtp tls
	{ cat "$log"; dated 'Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1'; } >udp
	gs 1 gs-sdpcheck --require srtp udp
	[[ $output == *"udp:"*"[unread]"* ]]
}

@test "a listing on one line is read" {
	cd "$BATS_TEST_TMPDIR"
	listing() { # TRANSPORT
		printf '%s\n' Registrations: ===== $'Call-ID:    \t1@192.0.2.1' \
			$'User:       \t1000@pbx.example' \
			$'Contact:    \t<sip:1000@192.0.2.1:5061>' \
			$'Status:     \tRegistered('"$1"')(unknown) EXP(x)' '' \
			'Total items returned: 1' =====
	}
	for eol in ' | ' '#012' '<br>'; do
		for over in TLS UDP; do
			listing "$over" | awk -v e="$eol" -v ORS= '{ print $0 e }' \
				>"listing.$over"
		done
		gs 0 gs-sdpcheck --require tls listing.TLS
		gs 1 gs-sdpcheck --require tls listing.UDP
		[[ $output == *"UDP"* ]]
	done
	# Behind another listing, and with nothing but blanks between its lines.
	{ listing TLS; listing UDP | tr '\n' ' '; } >behind
	gs 1 gs-sdpcheck --require tls behind
	{ listing TLS; listing UDP | tr 'a-z' 'A-Z'; } >upper
	gs 1 gs-sdpcheck --require tls upper
	L=$GS_TOP/tests/fixtures/freeswitch
	spaced() { tr '\n' ' '; }
	shown() { sed 's/$/<CR><LF>/' | tr -d '\n'; }
	lower() { tr 'A-Z' 'a-z'; }
	for how in spaced shown lower; do
		{ listing TLS; "$how" <"$L/avpcrypto.reg.xml"; } >behind
		gs 1 gs-sdpcheck --require tls behind
		{ "$how" <"$L/avpcrypto.reg.xml"; echo; listing TLS; } >before
		gs 1 gs-sdpcheck --require tls before
	done
	{ listing TLS; printf '%s\n' 'SIP/2.0 200 OK' \
		'Via: SIP/2.0/WS 192.0.2.1;branch=z9hG4bK1' 'CSeq: 1 REGISTER' \
		'To: <sip:a@h>;tag=1' 'Call-ID: r' 'Content-Length: 0' ''; } >accepted
	gs 1 gs-sdpcheck --require tls accepted
}

@test "a row of a listing is read without its heading" {
	cd "$BATS_TEST_TMPDIR"
	row() { # PROTOCOL
		echo "${2:-1001},pbx,3684c5,sofia/gs/sip:1001@192.0.2.11:5071,179020,192.0.2.11,34308,$1,pbx,"
	}
	row tls >tls
	gs 0 gs-sdpcheck --require tls tls
	{ row tls; row udp; } >udp
	gs 1 gs-sdpcheck --require tls udp
	[[ $output == *"registration of 1001: udp"*"[reg-not-tls]"* ]]
	tr -d '\n' <udp >joined
	gs 1 gs-sdpcheck --require tls joined
	# Joined behind their heading, the first is read, too.
	{
		echo reg_user,realm,token,url,expires,network_ip,network_port,network_proto,hostname,metadata
		{ row udp 1002; row tls; } | tr -d '\n'
	} >headed
	gs 1 gs-sdpcheck --require tls headed
	[[ $output == *"registration of 1002: udp"*"[reg-not-tls]"* ]]
	# One that is cut off or unknown proves nothing, and has its own name.
	for proto in unknown cut; do
		{ row tls; row $proto 1002 | sed 's/,34308,cut.*//'; } >half
		gs 1 gs-sdpcheck --require tls half
		tr -d '\n' <half >joined
		gs 1 gs-sdpcheck --require tls joined
		[[ $output == *"registration of 1002: "*"[unproven]"* ]]
	done
}

@test "a body of another type hides no media" {
	cd "$BATS_TEST_TMPDIR"
	message() { # TYPE PROFILE
		printf '%s\n' 'INVITE sip:b@h SIP/2.0' \
			'Via: SIP/2.0/TLS 192.0.2.1;branch=z9hG4bKm' \
			'From: <sip:a@h>;tag=x' 'To: <sip:b@h>' 'Call-ID: m1' \
			'CSeq: 1 INVITE' "Content-Type: $1" \
			"Content-Length: 400" ''
		sdp "$2"
	}
	for type in app1ication/sdp text/plain 'multipart/mixed;boundary=x'; do
		{ good; message "$type" RTP/AVP; } >body
		gs 1 gs-sdpcheck --require savp body
		[[ $output == *"[unread]"* ]]
	done
}

@test "colours of grep within a message hide nothing" {
	local log=$GS_TOP/tests/fixtures/freeswitch/tls-tls.uuid.log
	cd "$BATS_TEST_TMPDIR"
	for word in SDP ion Secure audio Ac; do
		colour="s/$word/"$'\033[01;31m\033[K&\033[m\033[K/'
		sed "$colour" "$log" >log
		gs 0 gs-sdpcheck --require srtp log
		{ cat "$log"; dated 'Error! RE-Activating audio Secure RTP SEND' |
			sed "$colour"; } >off
		gs 1 gs-sdpcheck --require srtp off
		[[ $output == *"[log-srtp-off]"* ]]
	done
}

@test "a text whose lines stand there twice is read once" {
	cd "$BATS_TEST_TMPDIR"
	for text in "$GS_TOP/tests/fixtures/freeswitch/tls-tls.uuid.log" \
		"$GS_TOP/tests/fixtures/freeswitch/tls-tls.nouuid.log" sdp; do
		[ "$text" != sdp ] || sdp >sdp
		sed p "$text" >twice
		gs 0 gs-sdpcheck --require srtp twice
	done
	{ sed p sdp; sdp RTP/AVP; } >plain
	gs 1 gs-sdpcheck --require savp plain
	{ sdp; sdp RTP/AVP; } | sed p >plain
	gs 1 gs-sdpcheck --require savp plain
	# Two media descriptions that are alike, the first of them without a key.
	{ seq 4 | sed p; sdp | sed '/^m=/p'; } >alike
	sed '1,/^t=/d' alike >begun
	for text in alike begun; do
		gs 1 gs-sdpcheck --require srtp $text
		[[ $output == *"[savp-no-keying]"* ]]
	done
}

@test "counted messages, a recorded terminal and texts told twice are read" {
	cd "$BATS_TEST_TMPDIR"
	counted() { # RFC 6587: octets, a blank, the message
		while IFS= read -r line; do
			line="<134>1 2026-11-27T12:00:00Z pbx sip 7 - - $line"
			printf '%d %s' ${#line} "$line"
		done
	}
	recorded() { # asciinema
		echo '{"version": 2, "width": 80, "height": 24}'
		sed 's/"/\\"/g; s/.*/[0.5, "o", "&\\r\\n"]/'
	}
	twice() { # GELF: the first line of the text is a member of its own
		awk '{ gsub(/"/, "\\\""); all = all $0 "\\n"; if (NR == 1) first = $0 }
		END { print "{\"short_message\":\"" first "\",\"full_message\":\"" all "\"}" }'
	}
	for how in counted recorded twice; do
		good | "$how" >good
		gs 0 gs-sdpcheck --require savp good
		sip TLS RTP/AVP | "$how" >plain
		gs 1 gs-sdpcheck --require savp plain
		[[ $output == *"[media-plain]"* ]]
	done
	# A message of one line, and one whose text is another one's.
	{ echo 'New Channel sofia/x/1@h' | twice; sip TLS RTP/AVP | twice; } >behind
	gs 1 gs-sdpcheck --require savp behind
	good | twice | sed 's/"short_message":"/&BYE sip:x@h SIP\/2.0 /' >other
	gs 1 gs-sdpcheck --require savp other
	[[ $output == *"[unread]"* ]]
	# An SDP is not passed over because another one begins like it.
	json() { sed 's/$/\\r\\n/' | tr -d '\n'; }
	{ printf '{"answer":"'; sdp RTP/SAVP | tr -d '\r' | json
	  printf '","offer":"'; sdp RTP/SAVP | tr -d '\r' | sed '/crypto/,$d' | json
	  echo '"}'; } >begins
	gs 1 gs-sdpcheck --require savp begins
}

@test "a line of a trace announces only the message that follows it" {
	cd "$BATS_TEST_TMPDIR"
	trace='recv 900 bytes from tls/[192.0.2.9]:5061 at 12:00:00.123456:'
	call() { good | tr -d '\r' | sed '/^Via/d'; }
	{ echo "$trace"; call; } >near
	gs 0 gs-sdpcheck --require tls near
	{ echo "$trace"; seq 300; call; } >far
	gs 1 gs-sdpcheck --require tls far
	[[ $output == *"[unproven]"* ]]
	# Nothing shows that a hop of another kind was encrypted.
	{ echo "$trace"; good | sed 's,^\(Via: SIP/2.0/\)TLS,\1SCTP,'; } >sctp
	gs 1 gs-sdpcheck --require tls sctp
	good | sed '/^Via/p' | sed '/^Via/{n;s,TLS,SCTP,}' >below
	gs 1 gs-sdpcheck --require tls below
	[[ $output == *"[unproven]"* ]]
}

@test "what a transfer quotes of another message is none" {
	cd "$BATS_TEST_TMPDIR"
	notify() {
		printf '%s\r\n' 'NOTIFY sip:a@192.0.2.1 SIP/2.0' \
			'Via: SIP/2.0/TLS 192.0.2.2;branch=z9hG4bK78' \
			'Call-ID: c1' 'CSeq: 3 NOTIFY' 'Event: refer' \
			'Content-Type: message/sipfrag;version=2.0' \
			'Content-Length: 16' '' "$@"
	}
	{ good; notify 'SIP/2.0 200 OK'; good; } >transfer
	gs 0 gs-sdpcheck --require savp transfer
	# Where its body was lost, what follows is a message.
	{ good; notify; sip TLS RTP/AVP | sed 's/@/2@/'; } >lost
	gs 1 gs-sdpcheck --require savp lost
	[[ $output == *"[media-plain]"* || $output == *"[crypto-in-avp]"* ]]
	{ good; echo 'SIP/2.0 200 OK'; } >alone
	gs 1 gs-sdpcheck --require savp alone
	[[ $output == *"[unread]"* ]]
	# Its body may have header fields, and is no message then, either.
	quote() { # LENGTH LINE...: in the body of the NOTIFY
		notify "${@:2}" | sed "s/^Content-Length: 16/Content-Length: $1/"
	}
	fields=('SIP/2.0 200 OK' 'Call-ID: c9' 'CSeq: 1 INVITE' 'Contact: <sip:b@h>')
	{ good; quote 65 "${fields[@]}"; good; } >fields
	gs 0 gs-sdpcheck --require savp fields
	{ good; quote 80 'INVITE sip:b@h SIP/2.0' "${fields[@]:1}"; good; } >request
	gs 0 gs-sdpcheck --require savp request
	# Longer than the body, or with an SDP, it is one.
	{ good; quote 30 "${fields[@]}"; good; } >longer
	gs 1 gs-sdpcheck --require savp longer
	[[ $output == *"[sip-incomplete]"* ]]
	{ good; quote 700 "${fields[@]}" 'Content-Type: application/sdp' '';
		sdp RTP/AVP | sed '/crypto/d'; } >body
	gs 1 gs-sdpcheck --require srtp body
	[[ $output == *"[media-plain]"* ]]
}

@test "a call of which only a message without an SDP is in the clear" {
	cd "$BATS_TEST_TMPDIR"
	bye() { # TRANSPORT
		printf '%s\r\n' 'BYE sip:b@192.0.2.2 SIP/2.0' \
			"Via: SIP/2.0/$1 192.0.2.1;branch=z9hG4bK77" \
			'From: <sip:a@192.0.2.1>;tag=1' 'To: <sip:b@192.0.2.2>;tag=2' \
			'Call-ID: other' 'CSeq: 9 BYE' 'Content-Length: 0' ''
	}
	for transport in UDP TCP WS; do
		{ good; bye $transport; } >clear
		gs 1 gs-sdpcheck --require tls clear
		[[ $output == *"[signalling-clear]"* ]]
		gs 0 gs-sdpcheck --require savp clear
	done
	{ good; bye TLS; } >tls
	gs 0 gs-sdpcheck --require tls tls
	{ good; bye UDP | sed 's/BYE/OPTIONS/'; } >options
	gs 0 gs-sdpcheck --require tls options
	# Without a length, it may have a body, but none that is announced.
	{ good; bye UDP | sed '/^Content-Length/d'; } >endless
	gs 1 gs-sdpcheck --require tls endless
	[[ $output == *"[signalling-clear]"* ]]
	# What is said of another call says nothing of this one.
	{ good; bye UDP; } >clear
	gs 0 gs-sdpcheck --require tls --call TLS clear
	gs 0 gs-sdpcheck --require tls --host pbx.example clear
	gs 1 gs-sdpcheck --require tls --host 192.0.2.1 clear
	[[ $output == *"[signalling-clear]"* ]]
	gs 1 gs-sdpcheck --require tls --call other clear
	[[ $output == *"[signalling-clear]"*$'\n'"1 call, 0 encrypted"* ]]
	# One without a Call-ID belongs to no call, and matches nevertheless.
	{ good; bye UDP | sed '/^Call-ID/d'; } >nameless
	gs 1 gs-sdpcheck --require tls --call a@192.0.2.1 nameless
	[[ $output == *"[signalling-clear]"* && $output != *"no call"* ]]
	# One that precedes the SDPs of its call is counted there.
	{ bye UDP | sed 's/: other/: TLSRTP\/SAVP/'; good; } >before
	gs 1 gs-sdpcheck -j --require tls before
	[ "$(<<<"$output" jq -r 'select(.rule == "signalling-clear").call,
		select(.type == "call").verdict')" = $'TLSRTP/SAVP\nnot encrypted' ]
	# It is said once for each call.
	{ bye UDP; bye UDP; good; } >twice
	gs 1 gs-sdpcheck -q --require tls twice
	[ "$(grep -c signalling-clear <<<"$output")" -eq 1 ]
}

@test "tables that psql and mysql draw are read cell by cell" {
	cd "$BATS_TEST_TMPDIR"
	table() { # box|rows|records HEADING...: cells from stdin
		python3 -c '
import sys
how, head = sys.argv[1], sys.argv[2:]
rows = [[c.replace("\r", "\\r").split("\n") for c in r.split("\2")]
        for r in sys.stdin.buffer.read().decode().split("\1")[:-1]]
wide = [max(len(x) for x in [h] + [l for r in rows for l in r[i]])
        for i, h in enumerate(head)]
name, value = max(map(len, head)), max(wide)
rule = "+".join("-" * (w + 2) for w in wide)
side = "|" if how == "box" else ""
def row(r):
    for k in range(max(map(len, r))):
        print(side + "|".join(
            " " + (c[k] if k < len(c) else "").ljust(w)
            + ("+" if k + 1 < len(c) else " ")
            for c, w in zip(r, wide)).rstrip("" if side else " ") + side)
if how == "records":
    for n, r in enumerate(rows):
        print("-[ RECORD %d ]" % (n + 1) + "-" * (name + value - 10))
        for h, c in zip(head, r):
            for k, l in enumerate(c):
                print((h if k == 0 else "").ljust(name) + " | "
                      + (l.ljust(value) + "+" if k + 1 < len(c) else l))
else:
    if how == "box": print("+" + rule + "+")
    row([[h.center(w)] for h, w in zip(head, wide)])
    print("+" + rule + "+" if how == "box" else rule)
    for r in rows: row(r)
    print("+" + rule + "+\n%d rows in set" % len(rows) if how == "box"
          else "(%d rows)" % len(rows))' "$@"
	}
	crlf() { sed 's/$/\r/'; }
	cells() { # PROTO MESSAGE...: two rows, the second with $PROTO
		printf '1\2tls\2'; good | crlf; printf '\0012\2%s\2' "$1"
		"${@:2}" | crlf; printf '\1'; }
	plain() { sip TLS RTP/AVP | sed 's/@/2@/'; }
	tls() { good | sed 's/@/2@/;s/: TLS/: other/'; }
	for how in box rows records; do
		cells tls tls | table $how id proto raw >good
		gs 0 gs-sdpcheck --require savp --require tls good
		[[ $output == "2 calls, 2 encrypted on every leg, 0 not"* ]]
		cells tls plain | table $how id proto raw >plain
		gs 1 gs-sdpcheck --require savp plain
		[[ $output == *"[media-plain]"* ]]
		# A column tells over what the message came.
		cells udp tls | table $how id proto raw >udp
		gs 1 gs-sdpcheck --require tls udp
		[[ $output == *"[crypto-cleartext-signalling]"* ]]
		cells 'udp:192.0.2.1:5060' tls | table $how id fromip raw >from
		gs 1 gs-sdpcheck --require tls from
		cells 17 tls | table $how id ip_proto raw >number
		gs 1 gs-sdpcheck --require tls number
		# Lines that were lost are reported.
		awk '/CSeq/ { n++ } n == 2 && /s=-/ { sub(/^./, "x") } 1' plain >torn
		gs 1 gs-sdpcheck --require savp torn
		{ cat good; plain; } >behind
		gs 1 gs-sdpcheck --require savp behind
		phone() { printf '%s\2pbx\2sofia/x/sip:%s@192.0.2.7\2%s\1' "$1" "$1" "$2"; }
		{ phone 10 tls; phone 11 tls; } |
			table $how reg_user realm url network_proto >phones
		gs 0 gs-sdpcheck -v --require tls phones
		[[ $output == *"2 phones registered over TLS"* ]]
		{ phone 10 tls; phone 11 udp; } |
			table $how reg_user realm url network_proto >clear
		gs 1 gs-sdpcheck --require tls clear
		[[ $output == *"11 is registered over UDP"* ]]
		[ $how = records ] || {
			sed 's/^(*2 row/5 row/' phones >fewer
			gs 1 gs-sdpcheck --require tls fewer
			[[ $output == *"[reg-incomplete]"* ]]; }
	done
	# A single column has no bars.
	{ good | crlf; printf '\1'; plain | crlf; printf '\1'; } |
		table rows raw >single
	gs 1 gs-sdpcheck --require savp single
	[[ $output == *"[media-plain]"*"2 calls, 1 encrypted"* ]]
}

@test "encoded text is found behind JSON, as a field and with escapes" {
	cd "$BATS_TEST_TMPDIR"
	json() { printf '{"n":1,"raw":"'; good | sed 's/$/\\r\\n/;s/"/\\"/g' |
		tr -d '\r\n'; echo '"}'; }
	plain() { sip TLS RTP/AVP | sed 's/@/2@/'; }
	for code in 'base64 -w 76' 'base64 -w 0' 'od -An -v -tx1'; do
		{ json; plain | $code; } >behind
		gs 1 gs-sdpcheck --require savp behind
		[[ $output == *"[unread]"* ]]
	done
	{ json; printf '['; plain | od -An -v -tu1 | tr -s ' \n' ' ' |
		sed 's/ \([0-9]\)/, \1/g;s/^, //'; echo ']'; } >numbers
	gs 1 gs-sdpcheck --require savp numbers
	{ json | tr -d '}\n'; printf ',"other":"%s"}\n' "$(plain | base64 -w 0)"
	} >beside
	gs 1 gs-sdpcheck --require savp beside
	[[ $output == *"[unread]"* ]]
	# One code inside the other, and an octet on each line.
	twice() { base64 -w 76 | base64 -w 0; }
	hex() { od -An -v -tx1 | tr -d ' \n' | base64 -w 0; }
	pretty() { echo '{"data": ['; od -An -v -tu1 | tr -s ' ' '\n' |
		sed '/./!d;s/.*/    &,/'; echo ']}'; }
	packed() { # RFC 1950, without its checksum
		{ printf '\x78\x9c'; gzip -c | tail -c +11; } | base64 -w 0
	}
	wide() { iconv -f UTF-8 -t UTF-16LE | base64 -w 0; }
	for how in twice hex pretty packed wide; do
		{ good; plain | $how; } >inside
		gs 1 gs-sdpcheck --require savp inside
		[[ $output == *"[unread]"* ]]
	done
	# A message begins behind it on the same line.
	{ plain | base64 -w 0; good; } >joined
	gs 1 gs-sdpcheck --require savp joined
	[[ $output == *"[unread]"* ]]
	# Forms, PHP and JSON escape what base64 has beside letters.
	for how in 's,+,%2B,g;s,/,%2F,g;s,=,%3D,g' 's,/,\\/,g' 's,=,\\u003d,g'; do
		for before in 'x=' 'data: '; do
			{ good; printf '%s%s\n' "$before" \
				"$(plain | base64 -w 0 | sed "$how")"; } >form
			gs 1 gs-sdpcheck --require savp form
			[[ $output == *"[unread]"* ]]
		done
	done
}

@test "a surrogate pair in JSON is one character" {
	cd "$BATS_TEST_TMPDIR"
	from() { # ESCAPES
		{ printf '{"raw":"'; good | sed "s/sip:a@/sip:${1//\\/\\\\}@/;s/\$/\\\\r\\\\n/" |
			tr -d '\n'; echo '"}'; } >call
		gs 0 gs-sdpcheck -j --require savp call
		jq -rs '.[-1].from' <<<"$output"
	}
	[ "$(from '\ud83d\ude00')" = $'\xf0\x9f\x98\x80@pbx.example' ]
	[ "$(from '\ud83dx')" = $'\xef\xbf\xbdx@pbx.example' ]
	[ "$(from '\ude00\ud83d')" = $'\xef\xbf\xbd\xef\xbf\xbd@pbx.example' ]
}

@test "more text before the first line, and escapes of web pages, are read" {
	cd "$BATS_TEST_TMPDIR"
	other() { # COMMAND: what it makes of calls is read
		{ good; good | sed 's/^Call-ID: /&2/'; } | tr -d '\r' | "$@" >form
		gs 0 gs-sdpcheck --require savp --require tls form
		{ good; sip TLS RTP/AVP | sed '/^a=/d;s/^Call-ID: /&2/'; } |
			tr -d '\r' | "$@" >form
		gs 1 gs-sdpcheck --require savp form
		[[ $output == *"[media-plain]"* ]]
	}
	first() { sed '/^INVITE\|^SIP/s/^/Start-Line: /;s/^/+/'; }
	listed() { sed 's/^/Nov 27 12:00:00 pbx sip[7]: /;s/["\\]/\\&/g
		s/.*/  "&\\r",/;1i\
[' ; echo ']'; }
	buffer() { sed 's/^Via:/v:/' | awk '/^INVITE/ { printf "%sNov 27 12:00:00 pbx sip[7]: buffer: ",
			NR > 1 ? "\n" : "" } { printf "%s#015#012", $0 } END { print "" }'; }
	message() { awk '{ start = /^INVITE|^SIP/ ? "message: " : ""
		printf "Nov 27 12:00:%02d pbx sip[7]: %s%s\n", NR % 60, start, $0 }'; }
	spaces() { sed '/=/s/ /\&nbsp;/g'; }
	markdown() { sed 's/_/\\_/g'; }
	for how in first buffer message listed spaces markdown; do
		other $how
	done
	# A trace whose messages are indented, in a journal.
	trace() { # TRANSPORT PROTO
		{ echo "recv 9 bytes from tls/[192.0.2.9]:5061 at 12:00:00.123456:"
		  { printf '%072d\n' 0 | tr 0 -; sip "$1" "$2"; } |
			sed 's/^/   /'; } | sed 's/^/Nov 27 12:00:00 pbx fs[7]: /'
	}
	trace TLS RTP/SAVP >journal
	gs 0 gs-sdpcheck --require savp --require tls journal
	trace TLS RTP/AVP >>journal
	gs 1 gs-sdpcheck --require savp journal
	[[ $output == *"[media-plain]"* ]]
	# Each line of a log of rtpengine in a journal.
	dump() { # PROTO...
		for proto; do
			echo "[179.$RANDOM] DEBUG: [c1]: Dump for 'offer': { \"sdp\": \"v=0"
			sdp $proto | tr -d '\r' | sed 1d
			echo '", "ICE": "remove" }'
		done | sed 's/^/Nov 27 12:00:00 pbx rtpengine[7]: /'
	}
	dump RTP/SAVP RTP/SAVP RTP/SAVP >journal
	gs 0 gs-sdpcheck --require savp journal
	dump RTP/SAVP RTP/SAVP RTP/AVP >journal
	gs 1 gs-sdpcheck --require savp journal
	[[ $output == *"[crypto-in-avp]"* ]]
}

@test "show registrations as JSON and XML, in any order and on many lines" {
	cd "$BATS_TEST_TMPDIR"
	phones() { # PROTO...
		local n=1000
		printf '{"row_count":%s,"rows":[' $#
		for proto; do
			[ $n = 1000 ] || printf ,
			printf '{"reg_user":"%s","url":"sofia/x/sip:%s@h","network_proto":"%s","hostname":"p"}' \
				$n $n "$proto"
			n=$((n + 1))
		done
		echo ']}'
	}
	xml() { command jq -r '"<result row_count=\"\(.row_count)\">", (.rows[] |
		"  <row row_id=\"1\">", (to_entries[] | "    <\(.key)>\(.value)</\(.key)>"),
		"  </row>"), "</result>"'; }
	each() { sed 's/^/Nov 27 12:00:00 pbx fs: /'; }
	joined() { xml | tr -d '\n'; }
	for how in cat 'command jq .' 'command jq -S .' 'command jq -cS .' xml joined; do
		for lines in cat each; do
			[ "$how" != 'command jq -cS .' ] || lines=cat
			phones tls tls | $how | $lines >good
			gs 0 gs-sdpcheck --require tls good
			[[ $output == *"2 phones registered over TLS"* ]]
			for where in 'udp tls' 'tls tcp'; do
				phones $where | $how | $lines >bad
				gs 1 gs-sdpcheck --require tls bad
				[[ $output == *"[reg-not-tls]"* ]]
			done
		done
	done
	# A row is missing, or a row's protocol, or the end of the file.
	phones tls tls | sed 's/"row_count":2/"row_count":3/' >fewer
	gs 1 gs-sdpcheck --require tls fewer
	[[ $output == *"[reg-incomplete]"* ]]
	phones tls tls | sed 's/"network_proto":"tls",//2' >hidden
	gs 1 gs-sdpcheck --require tls hidden
	[[ $output == *"[unproven]"* ]]
	phones tls tls | command jq . | head -n 10 >cut
	gs 1 gs-sdpcheck --require tls cut
	# The same for columns whose heading is missing.
	printf '%s\n' '1000,h,t,sofia/x/sip:1000@h,1795431603,192.0.2.1,5061,tls,p,' '' \
		'2 total.' >rows
	gs 1 gs-sdpcheck --require tls rows
	[[ $output == *"[reg-incomplete]"* ]]
}

@test "the line before a message says what carried it, in any program's words" {
	cd "$BATS_TEST_TMPDIR"
	after() { # LINE: two calls, each after that line
		for call in '' 2; do
			printf '%b\n' "$1"
			good | sed "s/^Call-ID: /&$call/"
		done >trace
	}
	while IFS= read -r line; do
		after "$line"
		gs 1 gs-sdpcheck --require tls trace
		[[ $output == *"[crypto-cleartext-signalling]"* ]]
		after "$(sed 's/TCP/TLS/;s/tcp/tls/' <<<"$line")"
		gs 0 gs-sdpcheck --require tls trace
	done <<-'EOF'
		Received from tcp:192.0.2.9:5060 at 27/11/2026 12:00:00:250 (738 bytes):\n
		TCP message received [738] bytes :\n
		12:00:00.123 Received [0,TCP] 738 bytes from 192.0.2.9:5060 >>>>>
		---- Incoming SIP Message from 192.0.2.9:5060 to SIPInterface #1 (LAN) TCP TO(#1)
		12:00|CallMgr|INF|SIP Recv from TCP:192.0.2.9:5060
		DEBUG | received from: [ V4 192.0.2.9:5060 TCP target domain=x ]
		7: 192.0.2.9:5060 tcp received (738 bytes):
		2026-11-27 12:00:00.123456 recv 9 bytes from tcp/[192.0.2.9]:5060 at 12:00:00.123456:
	EOF
	json() { printf '{"transport":"%s","raw":"' "$1"
		 good | sed 's/$/\\r\\n/' | tr -d '\n'; echo '"}'; }
	json tcp >trace
	gs 1 gs-sdpcheck --require tls trace
	[[ $output == *"[crypto-cleartext-signalling]"* ]]
	json tls >trace
	gs 0 gs-sdpcheck --require tls trace
	# It says nothing of messages, or of a later one.
	after 'Listening on TCP 192.0.2.9:5060'
	gs 0 gs-sdpcheck --require tls trace
	after 'RTP: received 100 packets, 1722 bytes, over UDP'
	gs 0 gs-sdpcheck --require tls trace
	after 'Received from tcp:192.0.2.9:5060\n1\n2\n3'
	gs 0 gs-sdpcheck --require tls trace
}

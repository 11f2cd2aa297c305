#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The unit of gs-sdpcheck's report is the call: legs, verdicts, sums, filters.
load lib

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	F=$GS_TOP/tests/fixtures/freeswitch
}

# Call N of a day, as FreeSWITCH logged it: other UUIDs, another time, other
# numbers. BROKEN: the caller's phone has no SRTP.
call() { # N [BROKEN]
	local n=$((1000 + $1)) id
	id=$(printf %08x "$1")
	sed -E "s/\b[0-9a-f]{8}(-[0-9a-f]{4}-[0-9a-f]{4}-)/$id\1/g
		s/ [0-9]{2}:[0-9]{2}:([0-9]{2}\.)/ $(printf %02d:%02d \
			$((8 + $1 / 60)) $(($1 % 60))):\1/
		s/([^0-9])1000([-@ >])/\1$n\2/g" "$F/tls-tls.uuid.log" |
		if [ -z "${2:-}" ]; then
			cat
		else
			awk '$1 != first && first { other = 1 }
				!first { first = $1 }
				$1 == first && $2 ~ /^a=crypto/ { next }
				$1 == first { sub("RTP/SAVP", "RTP/AVP") }
				/ Set .* Key |Secure RTP/ { next } { print }'
		fi
}

day() { # CALLS BROKEN: so many calls, that one of them broken
	for ((i = 1; i <= $1; i++)); do
		if [ "$i" -eq "$2" ]; then call "$i" broken; else call "$i"; fi
	done
}

@test "200 calls, one of them broken: one screen names it and the cause" {
	day 200 77 >day.log
	[ "$(wc -l <day.log)" -gt 16000 ]
	gs 0 gs-sdpcheck day.log
	[ "$(wc -l <<<"$output")" -le 24 ]
	[[ $output == *": 2026-11-23 09:17:"*", leg 1 of 2, in, 1077 -> 1001: audio RTP/AVP — not encrypted"* ]]
	[[ $output == *"out, 1077 -> 1001: audio RTP/SAVP "*" — encrypted"* ]]
	[[ $output != *1076* && $output != *1078* ]]
	[ "$(tail -n 1 <<<"$output")" = \
		"200 calls, 199 encrypted on every leg, 1 not, 0 not proven" ]
	gs 1 gs-sdpcheck --require savp day.log
	[ "$(wc -l <<<"$output")" -le 24 ]
	[[ $output == *"day.log:"*": error: RTP/AVP without a key"*"[media-plain]"* ]]
	gs 0 gs-sdpcheck -v day.log
	[ "$(grep -c ': 2026.* leg . of 2, ' <<<"$output")" -eq 400 ]
	gs 0 gs-sdpcheck -j day.log
	[ "$(jq -rs '[.[] | select(.type == "call" and .verdict != "encrypted")
		| .legs[].verdict] | join(",")' <<<"$output")" = \
		"not encrypted,encrypted" ]
}

# SIP of so many calls over UDP, one of them in the clear.
udp_day() { # CALLS PLAIN
	local start status
	for ((i = 1; i <= $1; i++)); do
		for start in 'INVITE sip:b@h SIP/2.0' 'SIP/2.0 200 OK'; do
			printf '%s\r\n' "$start" 'Via: SIP/2.0/UDP 192.0.2.1' "Call-ID: c$i" \
				"From: <sip:$((1000 + i))@h>;tag=f" 'To: <sip:b@h>' 'CSeq: 1 INVITE' \
				'Content-Type: application/sdp' '' v=0 "o=- $i 1 IN IP4 192.0.2.1" s=- \
				'c=IN IP4 192.0.2.1' 't=0 0'
			if [ "$i" -eq "$2" ]; then
				printf '%s\r\n' 'm=audio 4000 RTP/AVP 8'
			else
				printf '%s\r\n' 'm=audio 4000 RTP/SAVP 8' \
					"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:$(sha256sum <<<"$start$i" |
						head -c 30 | base64 -w 0)"
			fi
		done
	done
}

@test "200 calls over UDP, one of them in the clear: one screen" {
	udp_day 200 77 >day.sip
	gs 0 gs-sdpcheck day.sip
	[ "$(wc -l <<<"$output")" -le 24 ]
	[ "$(grep -c 'RTP/SAVP .* — encrypted' <<<"$output")" -eq 3 ]
	[[ $output == *" 1077 -> b: audio RTP/AVP — not encrypted"* ]]
	[[ $output == *"196 more calls have"*" -v "* ]]
	gs 1 gs-sdpcheck --require tls day.sip
	[ "$(grep -c 'error: .*\[crypto-cleartext-signalling]' <<<"$output")" -eq 398 ]
	for options in -q -v '-q -W warning' '-W warning' --blocks '-f github'; do
		[[ $options == *-W* ]] && status=1 || status=0
		gs $status gs-sdpcheck $options day.sip
		[ "$(grep -c 'over SIP/UDP' <<<"$output")" -eq 398 ]
	done
	gs 0 gs-sdpcheck -j day.sip
	[ "$(jq -rs '[.[] | select(.rule == "crypto-cleartext-signalling")] | length' <<<"$output")" -eq 398 ]
}

@test "every object of JSON says when, which call and leg, from whom to whom" {
	gs 0 gs-sdpcheck -j "$F/tls-tls.uuid.log"
	for key in time call leg from to transport; do
		[ "$(jq -s "all(has(\"$key\"))" <<<"$output")" = true ]
	done
	[ "$(jq -rs '[.[] | select(.type == "block") |
		"\(.from) \(.to)"] | unique | join(",")' <<<"$output")" = \
		"1000 1001" ]
	[ "$(jq -rs '[.[].call] | unique | length' <<<"$output")" -eq 1 ]
	[ "$(jq -rs '[.[] | select(.type == "block") | .leg] | unique |
		length' <<<"$output")" -eq 2 ]
	gs 0 gs-sdpcheck -j "$F/optional.pcap"
	[ "$(jq -rs '[.[] | select(.type == "call") |
		"\(.time) \(.transport) \(.from)"] | .[0]' <<<"$output")" = \
		"2026-11-23 08:50:43.961285 UDP 1000@127.0.0.1:5160" ]
	gs 0 gs-sdpcheck -j "$GS_TOP/tests/golden/sdpcheck/clean.sdp"
	[ "$(jq -rs '.[0] | "\(.time) \(.call) \(.leg)"' <<<"$output")" = \
		"null null null" ]
	TZ=UTC-3 gs 0 gs-sdpcheck -v "$F/optional.pcap"
	[[ $output == *": 2026-11-23 11:50:43, 1000 -> 1001: "* ]]
}

@test "--call, --since, --until and --host choose; nothing chosen is no answer" {
	day 6 3 >day.log
	only() { # PATTERN OPTION...: these are the callers
		gs "$status_of" gs-sdpcheck -v --require savp "${@:2}" day.log
		[ "$(grep -oE ', in, [0-9]+' <<<"$output" | grep -oE '[0-9]+' |
			sort | tr '\n' ' ')" = "$1" ]
	}
	status_of=0
	only '1002 ' --call 1002
	only '1002 ' --call 00000002-2
	only '1004 1005 1006 ' --since '2026-11-23 08:04'
	only '1004 1005 1006 ' --since 08:04
	only '1001 1002 ' --until 08:02:59
	only '1002 ' --since 08:02 --until 08:02
	status_of=1
	only '1003 ' --call 1003
	only '1001 1002 1003 1004 1005 1006 ' --call 1001
	only '1001 1002 1003 1004 1005 1006 ' --host 127.0.0.1
	only '1003 1004 1005 1006 ' --since 2026-11-23T08:03
	gs 2 gs-sdpcheck --call 100 day.log
	[[ $errors == "gs-sdpcheck: "*filter* ]]
	gs 2 gs-sdpcheck --host pbx.example day.log
	gs 2 gs-sdpcheck --since 2027-01-01 day.log
	gs 2 gs-sdpcheck --since yesterday day.log
	[[ $errors == *"yesterday: write a time as"* ]]
	# In all formats, and for the status.
	gs 0 gs-sdpcheck --require savp --call 1002 --blocks -q day.log
	[ -z "$(grep error <<<"$output")" ]
	gs 1 gs-sdpcheck --require savp --call 1003 -f github day.log
	[[ $output == *"::error file=day.log"* ]]
	gs 0 gs-sdpcheck -j --call 1002 day.log
	[ "$(jq -rs '[.[].call] | unique | length' <<<"$output")" -eq 1 ]
}

@test "what nobody read counts for every call, but for a UUID or a time" {
	line() { echo "$1$2 0.07% [DEBUG] sofia.c:1 m=audio 4000 RTP/AVP 8"; }
	day 3 9 >day.log
	gs 0 gs-sdpcheck --require savp --call 1002 day.log
	{ cat day.log; line '' '2026-11-23 08:02:00.000000'; } >some.log
	gs 1 gs-sdpcheck --require savp --call 1002 some.log
	[[ $output == *"[unread]"* ]]
	# The UUID of another call, and of this one.
	id=$(grep -oE '^00000003-[-0-9a-f]+ ' day.log | head -n 1)
	{ cat day.log; line "$id" '2026-11-23 08:02:00.000000'; } >some.log
	gs 0 gs-sdpcheck --require savp --call 1002 some.log
	gs 1 gs-sdpcheck --require savp --call 1003 some.log
	[[ $output == *"not proven"*"[unread]"* ]]
	# A time that is outside, and one that is not.
	{ cat day.log; line '' '2026-11-23 07:00:00.000000'; } >some.log
	gs 0 gs-sdpcheck --require savp --since 08:01 some.log
	gs 1 gs-sdpcheck --require savp --since 06:59 some.log
}

# verdicts FILE: of its calls, and behind each those of its legs.
verdicts() {
	gs-sdpcheck -j "$1" | jq -r 'select(.type == "call") |
		[.verdict, (.legs[] | .verdict)] | join(",")'
}
# why FILE LEG: what its first call says of a leg, counted from 0.
why() {
	gs-sdpcheck -j "$1" | jq -rs --argjson n "$2" \
		'[.[] | select(.type == "call")][0].legs[$n].why'
}

@test "not proven, and no media: what is missing is said" {
	L=$F/tls-tls.uuid.log
	# The caller's answer is lost.
	awk '/ (Local SDP sofia|Ring SDP)/ { skip = 1; next } / 2026-/ {
		skip = 0 } !skip' "$L" >some.log
	[ "$(why "$L" 0)" = "$(why "$L" 1)" ]
	[[ $(why some.log 0) == *answer* ]]
	# The log shows that the call was answered.
	[ "$(verdicts some.log)" = "not proven,not proven,encrypted" ]
	sed '/f387226f/s,RTP/SAVP,RTP/AVP,' some.log >choice.log
	[ "$(verdicts choice.log)" = "not proven,not proven,encrypted" ]
	[[ $(why choice.log 0) == *answer* ]]
	gs 0 gs-sdpcheck choice.log
	[[ $output == *"leg 1 of 2, in, 1000 -> 1001: "* ]]
	# Busy: there were no media, and nothing is wrong.
	sip() { # START CSEQ [SDP]
		printf '%s\n' "$1" 'Via: SIP/2.0/TLS 192.0.2.1;branch=z9' \
			'From: "Ann" <sip:1000@h>;tag=f' 'To: <sip:1001@h>;tag=t' \
			'Call-ID: c1' "CSeq: $2 INVITE"
		[ -n "${3:-}" ] || { echo; return; }
		printf '%s\n' 'Content-Type: application/sdp' '' v=0 \
			'o=- 1 1 IN IP4 192.0.2.1' s=- 'c=IN IP4 192.0.2.1' \
			't=0 0' "m=audio 4000 $3 8"
		[ "$3" != RTP/SAVP ] || head -n 1 "$GS_TOP/tests/fixtures/secrets/sdp.txt" |
			case $1 in INVITE*) cat ;; *) rev ;; esac |
			sed 's/^/a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:/'
		echo
	}
	{ sip 'INVITE sip:1001@h SIP/2.0' 1 RTP/SAVP
	sip 'SIP/2.0 486 Busy Here' 1; } >busy.sip
	[ "$(verdicts busy.sip)" = "no media,no media" ]
	[[ $(why busy.sip 0) == *486* ]]
	gs 0 gs-sdpcheck --status busy.sip
	[[ $output == "OK - "*" calls=1 encrypted=0 not_encrypted=0 not_proven=0 no_media=1 "* ]]
	gs 0 gs-sdpcheck --call ann busy.sip
	# An offer with a choice, after an answer, and no answer to it.
	{ sip 'INVITE sip:1001@h SIP/2.0' 1 RTP/SAVP
	sip 'SIP/2.0 200 OK' 1 RTP/SAVP; } >good.sip
	[ "$(verdicts good.sip)" = encrypted,encrypted ]
	{ cat good.sip; sip 'INVITE sip:1001@h SIP/2.0' 2 RTP/AVP; } >open.sip
	[ "$(verdicts open.sip)" = "not proven,not proven" ]
	[[ $(why open.sip 0) == *answer*offer* ]]
	{ cat open.sip; sip 'SIP/2.0 488 Not Acceptable Here' 2; } >kept.sip
	[ "$(verdicts kept.sip)" = encrypted,encrypted ]
	{ cat open.sip; sip 'SIP/2.0 200 OK' 2 RTP/AVP; } >plain.sip
	[ "$(verdicts plain.sip)" = "not encrypted,not encrypted" ]
}

@test "-W filters what is shown" {
	gs 1 gs-sdpcheck -W warning "$F/optional.pcap"
	[[ $output == *": warning: "* && $output != *": note: "* ]]
	gs 0 gs-sdpcheck -W error "$F/optional.pcap"
	[ "$(wc -l <<<"$output")" -eq 1 ]
	[[ $output == "2 calls, 2 "* ]]
	gs 1 gs-sdpcheck -W note --blocks "$F/optional.pcap"
	[[ $output == *": note: "* ]]
	gs 0 gs-sdpcheck -W error --blocks "$F/optional.pcap"
	[[ $output != *": note: "* && $output != *": warning: "* ]]
}

@test "--status: one line with figures, and the status of a plugin" {
	gs 0 gs-sdpcheck --status "$F/tls-tls.uuid.log"
	[ "$output" = "OK - 1 call, 1 encrypted on every leg, 0 not, 0 not proven | calls=1 encrypted=1 not_encrypted=0 not_proven=0 no_media=0 registered=0 registered_tls=0 errors=0 warnings=0" ]
	# Of several files, too.
	gs 0 gs-sdpcheck --status "$F/tls-tls.uuid.log" "$F/tls-tls.uuid.log"
	[ "$(wc -l <<<"$output")" -eq 1 ]
	gs 1 gs-sdpcheck --status "$F/avpcrypto.reg.txt"
	[ "$output" = "WARNING - 2 phones registered over UDP | calls=0 encrypted=0 not_encrypted=0 not_proven=0 no_media=0 registered=2 registered_tls=0 errors=0 warnings=2" ]
	gs 2 gs-sdpcheck --status --require tls "$F/avpcrypto.reg.txt"
	[[ $output == "CRITICAL - "*" errors=2 warnings=0" ]]
	day 2 2 >day.log
	gs 2 gs-sdpcheck --status day.log
	[[ $output == "CRITICAL - "*" | calls=2 encrypted=1 not_encrypted=1 not_proven=0 no_media=0 "* ]]
	# An offer with a choice that nobody answered.
	sed 's,RTP/SAVP,RTP/AVP ,' "$GS_TOP/tests/fixtures/example/invite.sip" >choice.sip
	gs 1 gs-sdpcheck --status choice.sip
	[[ $output == "WARNING - "*" | calls=1 encrypted=0 not_encrypted=0 not_proven=1 "* ]]
	# What a plugin cannot do has a status of its own, but an error is one.
	gs 3 gs-sdpcheck --status nosuch
	[[ $output == "UNKNOWN - nosuch: "*" | calls=0 "* ]]
	gs 3 gs-sdpcheck --status --call 77 day.log
	[[ $output == "UNKNOWN - "*" | calls=0 "* ]]
	gs 2 gs-sdpcheck --status nosuch day.log
	[[ $output == "CRITICAL - 2 calls, "* ]]
	gs 3 gs-sdpcheck --status --nosuch
	gs 3 gs-sdpcheck --status -j day.log
	[ "$(gs-sdpcheck --status day.log | wc -l)" -eq 1 ]
}

@test "-f openmetrics: what the textfile collector reads" {
	day 3 2 >day.log
	gs 0 gs-sdpcheck -f openmetrics day.log "$F/avpcrypto.reg.txt"
	grep -qxF 'gsprov_calls{verdict="encrypted"} 2' <<<"$output"
	grep -qxF 'gsprov_calls{verdict="not encrypted"} 1' <<<"$output"
	grep -qxF 'gsprov_calls{verdict="not proven"} 0' <<<"$output"
	grep -qxF 'gsprov_registrations{transport="UDP"} 2' <<<"$output"
	grep -qxF 'gsprov_findings{rule="reg-not-tls"} 2' <<<"$output"
	grep -qxF 'gsprov_files 2' <<<"$output"
	[ "$(tail -n 1 <<<"$output")" = '# EOF' ]
	# Each metric once, with its help and type above its samples.
	awk '/^# HELP / { help = $3; if (seen[help]++) exit 1; next }
		/^# TYPE / { if ($3 != help || $4 != "gauge") exit 1; next }
		/^# EOF$/ { eof = NR; next }
		!/^[a-z_]+(\{[a-z]+="([^"\\]|\\.)*"\})? [0-9]+$/ { exit 1 }
		{ name = $1; sub(/\{.*/, "", name); if (name != help) exit 1 }
		END { exit eof != NR }' <<<"$output"
	gs 1 gs-sdpcheck -f openmetrics --require tls "$F/avpcrypto.reg.txt"
	gs 2 gs-sdpcheck -f openmetrics nosuch
	grep -qxF 'gsprov_files_failed 1' <<<"$output"
	gs 2 gs-snomcfg -f openmetrics --check nosuch
}

@test "--flow: the ladder of one call, with fingerprints and no key" {
	L=$F/mandatory-refused.log
	gs 1 gs-sdpcheck --flow "$L"
	[ "$(awk '{ if (length > n) n = length } END { print n }' <<<"$output")" -le 80 ]
	read -ra head <<<"$output"
	[ "${head[*]:0:3}" = "1000 FreeSWITCH 1001" ]
	# The key of the first offer.
	print=$(grep -oE 'a=crypto:[0-9]+ [A-Z0-9_]+ inline:[A-Za-z0-9+/=]+' "$L" |
		head -n 1 | sed 's/.*inline://' | base64 -d | sha256sum | head -c 8)
	[[ $output == *"22:49:41.822"*"SDP offer"*">"*"audio RTP/SAVP AES_CM_128_HMAC_SHA1_80: encrypted, key $print"* ]]
	[[ $output == *"refused with 488"*"|<---"* && $output == *"hangup INCOMPATIBLE_DESTINATION"* ]]
	[[ $output == *"error [refused]"* && $output != *inline* ]]
	gs 0 gs-sdpcheck --flow --call 1000@127.0.0.1:5160 "$F/optional.pcap"
	[[ $output == *"127.0.0.1:5070 "*" 127.0.0.1:5160"*"INVITE (UDP)"*"407 INVITE (UDP)"*"BYE (UDP)"* ]]
	gs 0 gs-sdpcheck --flow=svg "$F/tls-tls.a-trace.txt" \
		"$GS_TOP/tests/golden/sdpcheck/clean.sdp"
	[[ $output == *'</svg>' ]]
	gs 0 gs-sdpcheck --flow=svg "$F/tls-tls.a-trace.txt"
	xmllint --noout - <<<"$output"
	[[ $output == *">INVITE (TLS)</text>"* && $output == *'class="secure"'* && $output == *", key "* ]]
	day 2 2 >day.log
	gs 2 gs-sdpcheck --flow day.log
	[[ $output == "" && $errors == *"choose one with --call"* ]]
	gs 0 gs-sdpcheck --flow --call 1002 day.log
	[[ $output == *"audio RTP/AVP: not encrypted"* ]]
	gs 2 gs-sdpcheck --flow "$F/tls-tls.reg.txt"
	[[ $errors == *"no call to draw"* ]]
	gs 2 gs-sdpcheck --flow -j "$L"
	# An error has no column of its own, and is not cut at the edge.
	clear=$GS_TOP/tests/golden/sdpcheck/media-clear.pcap
	gs 1 gs-sdpcheck --flow "$clear"
	read -ra head <<<"$(head -n 1 <<<"$output")"
	[ "${head[*]}" = "192.0.2.1:5060 192.0.2.2:5060" ]
	[[ $output == *"error [media-clear]"* ]]
	gs 1 gs-sdpcheck --flow=svg "$clear"
	[[ $output == *'<text x="176" '*'>error [media-clear]</text>'* ]]
}

@test "a fax that was refused leaves the call as it was" {
	perl -e '
		my $n = 0;
		sub sdp {
			"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n" .
			"c=IN IP4 192.0.2.1\r\nt=0 0\r\nm=$_[0]\r\n";
		}
		sub message {
			my ($start, $cseq, $body) = @_;
			$n++;
			print "$start\r\nVia: SIP/2.0/TLS 192.0.2.1;",
				"branch=z9hG4bK$cseq\r\n",
				"From: <sip:a\@h>;tag=a\r\n",
				"To: <sip:b\@h>", $n > 1 ? ";tag=b" : "",
				"\r\nCall-ID: c1\r\nCSeq: $cseq INVITE\r\n",
				"Content-Type: application/sdp\r\n",
				"Content-Length: ", length $body, "\r\n\r\n",
				"$body\r\n";
		}
		my $key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
		my @audio = map { sdp("audio 4000 RTP/SAVP 0") . "a=crypto:1 " .
			"AES_CM_128_HMAC_SHA1_80 inline:$_\r\n" }
			$key, $key =~ s/^W/X/r;
		my $fax = sdp("image 4002 udptl t38");
		message("INVITE sips:b\@h SIP/2.0", 1, $audio[0]);
		message("SIP/2.0 200 OK", 1, $audio[1]);
		message("INVITE sips:b\@h SIP/2.0", 2, $fax);
		message("SIP/2.0 $ARGV[0]", 2, $ARGV[0] =~ /^2/ ? $fax : "");
	' "488 Not Acceptable Here" >refused.sip
	gs 0 gs-sdpcheck -v --require srtp refused.sip
	[[ $output == *": audio RTP/SAVP "*" — encrypted"$'\n'*"[refused]"* ]]
	[[ $(head -n 1 <<<"$output") != *udptl* ]]
}

@test "a phone that refused beside another that answered is a note" {
	local proto
	cd "$BATS_TEST_TMPDIR"
	a=aaaaaaaa-1111-4222-8333-444444444444
	b=bbbbbbbb-1111-4222-8333-444444444444
	c=cccccccc-1111-4222-8333-444444444444
	entry() { echo "$1 2026-11-27 22:16:01.271237 95.87% [DEBUG] sofia.c:1 $2"; }
	body() { # UUID NUMBER [PROTO]
		printf "$1 %s\n" v=0 "o=- $2 1 IN IP4 192.0.2.$2" s=- \
			"c=IN IP4 192.0.2.$2" 't=0 0' "m=audio 500$2 ${3:-RTP/SAVP} 8"
		[ "${3:-RTP/SAVP}" != RTP/SAVP ] ||
			echo "$1 a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:$(sha256sum <<<"$2" | head -c 30 | base64 -w 0)"
		echo "$1 "
	}
	ring() { # UUID NUMBER CHANNEL
		entry "$1" "New Channel $3 [$1]"
		entry "$1" "$3 sending invite version: 1.10.12"
		echo "$1 Local SDP:"
		body "$1" "$2"
		entry "$1" "Channel $3 entering state [calling][0]"
	}
	hunt() { # PROTO of the phone that answers
		entry $a "New Channel sofia/x/1000@h [$a]"
		entry $a 'Channel sofia/x/1000@h entering state [received][100]'
		entry $a 'Remote SDP:'
		body $a 1
		entry $a 'Processing Alice <1000>->300 in context default'
		ring $b 2 sofia/x/1001@h
		ring $c 3 sofia/x/1002@h
		entry $b 'Channel sofia/x/1001@h entering state [terminated][488]'
		entry $c 'Channel sofia/x/1002@h entering state [completing][200]'
		entry $c 'Remote SDP:'
		body $c 4 "$1"
		entry $c 'Channel [sofia/x/1002@h] has been answered'
		entry $a "Originate Resulted in Success: [sofia/x/1002@h] Peer UUID: $c"
		entry $a 'Local SDP sofia/x/1000@h:'
		body $a 5
		entry $a 'Channel [sofia/x/1000@h] has been answered'
	}
	hunt RTP/SAVP >good.log
	gs 0 gs-sdpcheck --require srtp -v good.log
	[[ $output == *"1000 -> 1001: "*"it ended with 488"*"note: refused with 488"*"[refused]"* ]]
	[[ $output == *"1 call, 1 encrypted on every leg, 0 not, 0 not proven"* ]]
	gs 0 gs-sdpcheck --require srtp -f github good.log
	hunt RTP/AVP >plain.log
	gs 1 gs-sdpcheck --require srtp plain.log
	[[ $output == *"error: refused with 488"* ]]
	# After another offer, which nobody refused, that one decides.
	{
		sed '/terminated/q' good.log
		ring $b 6 sofia/x/1001@h | sed '1d; s,RTP/SAVP,RTP/AVP,'
		sed '1,/terminated/d' good.log
	} >again.log
	gs 1 gs-sdpcheck --require srtp again.log
	[[ $output == *"error: refused with 488"* ]]
	# A phone that is called once another has answered is no part of a group.
	{
		hunt RTP/SAVP | sed "/^$b/d; s,->300,->1002,"
		ring $b 2 sofia/x/1002@h
		entry $b 'Channel sofia/x/1002@h entering state [terminated][488]'
	} >later.log
	gs 1 gs-sdpcheck --require srtp later.log
	[[ $output == *"leg 3 of 3"*"error: refused with 488"* ]]
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The people of tests/README do what stands there.
load lib

setup() {
	cd "$BATS_TEST_TMPDIR"
	umask 077
}

# typed NAME: types the commands of the person whose part begins so.
typed() {
	local line word words n=0
	awk -v name="$1" '/^[A-Z]/ { on = index($0, name) == 1 }
		on && /^    [$=] / { print substr($0, 5) }' \
		"$GS_TOP/tests/README" >script
	while IFS= read -r line <&9; do
		if [[ $line == '$ '* ]]; then
			n=$((n + 1))
			run bash -c "${line#??}"
			printf '%s\n%s\n' "$line" "$output"
			continue
		fi
		IFS='|' read -ra words <<<"${line#= }"
		[ "$status" -eq "${words[0]}" ]
		for word in "${words[@]:1}"; do
			word=${word# }
			[[ $output == *"${word% }"* ]]
		done
	done 9<script
	[ $n -ge 1 ]
	[ $n -le 3 ]
}

@test "an administrator of GS5 renders and checks 40 phones" {
	"$GS_BIN/tests/helpers/snom_rows" accounts 40 1 >phones.tsv
	printf '%s\n' 'base_url = https://gs5.example' \
		'ntp_server = 192.168.0.253' >site.conf
	typed 'An administrator'
	[ "$(find snom -name '*.xml' | wc -l)" -eq 40 ]
}

@test "an operator finds out why a call ended with 488" {
	cp "$GS_TOP/tests/fixtures/freeswitch/avpcrypto.pcap" night.pcap
	typed 'An operator'
}

# What the hosts of code require of a report, in short; formats.bats validates
# every report by its schema.
@test "a CI engineer has reports for GitHub and GitLab" {
	mkdir traces
	cp "$GS_TOP/tests/fixtures/example/"{refused,freeswitch}.log traces/
	typed 'A CI engineer'
	jq -e '.version == "2.1.0" and (.runs[0].results | length > 0)' gsprov.sarif
	jq -e 'length > 0 and all(.[]; .fingerprint and .location.path)' \
		codequality.json
	xmllint --noout junit.xml
}

# pjsip FILE: what pjsip would have logged of the SIP in baresip's trace.
pjsip() {
	tr -d '\r' <"$1" | awk '
		/^TLS [0-9.:]+ -> / { if ((getline first) <= 0) exit
			sent = $2 ~ /:5161$/ ? "RX" : "TX"
			print "16:03:41.123    pjsua_core.c  ." sent \
				" 900 bytes Message msg (rdata0x1) to TLS " $4 ":"
			print first; on = 1; next }
		on && /^\033/ { print "--end msg--"; on = 0 }
		on { print }'
}

@test "a developer hears a call with the keys that pjsip logged" {
	local freeswitch=$GS_TOP/tests/fixtures/freeswitch
	pjsip "$freeswitch/tls-tls.a-trace.txt" >pjsip.log
	grep -q '^--end msg--' pjsip.log
	tcpdump -r "$freeswitch/tls-tls.pcap" -w own.pcap \
		'udp port 20070 or tcp port 5161' 2>/dev/null
	typed 'A VoIP developer'
	[ "$(stat -c %s call.wav)" -gt 100000 ]
}

@test "a monitoring engineer has figures and a state" {
	gs-certgen -q --root pbx --ca pbx.example.com
	cp "$GS_TOP/tests/fixtures/example/freeswitch.log" .
	typed 'A monitoring engineer'
}

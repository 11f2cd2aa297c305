#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The formats of findings: each obeys its schema, and all say the same.
load lib

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }
formats() { # COMMAND...: how many findings there are
	/usr/bin/python3 "$GS_TOP/tests/helpers/formats.py" \
		"$GS_TOP/tests/fixtures/schema" "$@" 2>"$BATS_TEST_TMPDIR/errors" ||
		{ cat "$BATS_TEST_TMPDIR/errors"; false; }
}
plain() { # NAME: an SDP whose media name and protocol need escaping
	printf '%s\r\n' v=0 'o=- 1 1 IN IP4 192.0.2.1' s=- \
		'c=IN IP4 192.0.2.1' 't=0 0' 'm=audio 4000 RTP/AVP 8' \
		'm=a<b>&"c"%0A::d,e 4002 RTP/A%,:<&">VP 8' >"$1"
}
# Names that end an attribute, a property, a command or a line elsewhere.
names=("a <b> & \"c\" 'd'.sdp" $'line\nfeed\r.sdp' '100%25,50%:1.sdp'
	'::error file=x::y.sdp' $'\e]0;x\a.sdp'
	']]>.sdp')

@test "gs-sdpcheck: the same findings in all formats" {
	cd "$GS_TOP/tests/golden/sdpcheck"
	[ "$(formats gs-sdpcheck --blocks ./*.sdp ./*.log ./*.reg)" -gt 120 ]
}

@test "gs-snomcfg: the same findings in all formats" {
	cd "$GS_TOP/tests/golden/snomcfg"
	[ "$(formats gs-snomcfg --check ./*.xml)" -gt 100 ]
}

@test "names and texts are escaped in every format" {
	for name in "${names[@]}"; do plain "$name"; done
	[ "$(formats gs-sdpcheck "${names[@]}")" -ge 12 ]
	for name in "${names[@]}"; do plain "./-$name"; done
	mkdir './a' && plain './a/::b'
	[ "$(formats gs-sdpcheck ./a/::b "./-$name")" -gt 3 ]
	[ "$(formats sh -c 'gs-sdpcheck "$@" <./a/::b' sh -)" -gt 1 ]
}

@test "what could not be checked is in every report but text and JSON" {
	plain good.sdp
	: >empty
	for format in sarif junit codequality github checkstyle; do
		gs 2 gs-sdpcheck -f "$format" good.sdp nosuch empty
		[ "$(grep -o 'nosuch: No such file' <<<"$output" |
			wc -l)" -eq 1 ]
		[[ $output == *"empty: "* && $errors == *"empty: "* ]]
		gs 2 gs-snomcfg --check -f "$format" nosuch
		[[ $output == *"nosuch: No such file"* ]]
	done
	[ "$(formats gs-sdpcheck good.sdp nosuch empty)" -ge 3 ]
	[ "$(formats gs-snomcfg --check nosuch)" -eq 0 ]
}

@test "JUnit fails from the level of -W on" {
	plain a.sdp
	printf '%s\r\n' v=0 'o=- 1 1 IN IP4 192.0.2.1' s=- \
		'c=IN IP4 192.0.2.1' 't=0 0' 'm=audio 4000 RTP/AVP 8' >b.sdp
	gs 0 gs-sdpcheck -f junit b.sdp
	[[ $output == *'failures="0"'* && $output == *'<system-out>line 6: note'* ]]
	gs 1 gs-sdpcheck -f junit -W note b.sdp
	[[ $output == *'failures="1"'*'<failure type="media-plain"'* ]]
}

@test "text on more than one file ends with the sums" {
	plain a.sdp
	plain b.sdp
	gs 0 gs-sdpcheck a.sdp
	[[ $output != *" files: "* ]]
	gs 0 gs-sdpcheck a.sdp b.sdp
	[[ $output == *$'\n2 files: 0 errors, 0 warnings, 4 notes' ]]
	gs 0 gs-sdpcheck -q a.sdp b.sdp
	[[ $output != *" files: "* ]]
	gs 0 gs-sdpcheck -j a.sdp b.sdp
	[[ $output != *" files: "* ]]
	cp "$GS_TOP/tests/fixtures/example/settings.xml" .
	gs 1 gs-snomcfg --check settings.xml settings.xml
	[[ $output == *$'\n2 files: 2 errors, '* ]]
}

@test "--disable leaves findings out, and how many is said" {
	plain a.sdp
	gs 0 gs-sdpcheck --disable media-plain a.sdp
	[[ $output != *"[media-plain]"* && \
		$output == *$'\nsuppressed: 1 by --disable, 0 by comments, 0 by the baseline' ]]
	for format in json sarif; do
		gs 0 gs-sdpcheck --disable media-plain -f "$format" a.sdp
		[[ $output == *'"option":1,"comment":0,"baseline":0}'* ]]
	done
	gs 0 gs-sdpcheck --disable media-plain -f junit a.sdp
	[[ $output == *'<property name="suppressed.option" value="1"/>'* ]]
	gs 0 gs-sdpcheck --disable media-plain -f github a.sdp
	[[ $output == *'::findings suppressed: 1' ]]
	gs 0 gs-sdpcheck --disable media-plain -f checkstyle a.sdp
	[[ $output == *'<!-- suppressed findings: 1 -->'* ]]
	gs 0 gs-sdpcheck --disable media-plain -f codequality a.sdp
	[[ $errors == *"suppressed findings: 1" ]]
	gs 2 gs-sdpcheck --disable media-plian a.sdp
	[[ $errors == *"did you mean 'media-plain'?"* ]]
	cp "$GS_TOP/tests/fixtures/example/settings.xml" .
	gs 0 gs-snomcfg --check --require none --disable media-savp-off settings.xml
	[[ $output == *"media: broken"*"suppressed: 1 by --disable"* ]]
	gs 2 gs-snomcfg --check --disable media-plain settings.xml
}

@test "--disable silences nothing that --require asks for" {
	plain a.sdp
	gs 1 gs-sdpcheck --require srtp --disable media-plain a.sdp
	[[ $output == *"error: "*"[media-plain]"* ]]
	# The order does not matter.
	gs 1 gs-sdpcheck --disable media-plain --require srtp -q a.sdp
	[[ $output == *"error: "*"[media-plain]"* ]]
}

@test "every type of JSON has a schema, and each can say no" {
	good='{"type":"finding","file":"f","line":1,"col":null,"severity":"note","rule":"r","ref":null,"message":"m"}'
	echo "$good" >good
	gs 0 "$GS_TOP/tests/schema" good
	for wrong in 's/"line":1/"line":0/' 's/"ref":null/"ref":""/' \
		's/"note"/"bad"/' 's/,"rule":"r"//' 's/}/,"more":1}/' \
		's/finding/found/' 's/}$//'; do
		sed "$wrong" good >bad
		gs 1 "$GS_TOP/tests/schema" bad
	done
	for schema in "$GS_TOP"/man/schema/*.json; do
		kind=$(basename "$schema" .json)
		echo '{"type":"'"$kind"'","what else":"-"}' >bad
		gs 1 "$GS_TOP/tests/schema" bad
		[[ $output == *"bad:1:"* ]]
	done
	{
		grep -hroE '_str\(&?j, "type", "[a-z]+"' "$GS_TOP/lib"
		grep -hroE '\.type = "[a-z]+"' "$GS_TOP/lib"
		grep -hoE 'open_object\(p, &j, "[a-z]+"' \
			"$GS_TOP/lib/cert/print.c"
	} | grep -oE '"[a-z]+"$' | tr -d '"' | sort -u >types
	echo stream >>types
	[ "$(wc -l <types)" -eq "$(ls "$GS_TOP/man/schema" | wc -l)" ]
	while read -r kind; do
		[ -f "$GS_TOP/man/schema/$kind.json" ]
	done <types
}

bad() { # NAME [LINE]: a settings file with an error, LINE before its root
	sed "2s|^|${2:-}|" "$GS_TOP/tests/fixtures/example/settings.xml" >"$1"
}
muted() { # TEXT: the last line of the report
	[ "$(tail -n 1 <<<"$output")" = "suppressed: $1" ]
}

@test "a comment disables rules where only the administrator writes" {
	bad a.xml '<!-- gsprov: disable=media-savp-off -->'
	gs 0 gs-snomcfg --check --require none a.xml
	[[ $output != *"[media-savp-off]"* && $output == *"[trust-unverified]"* ]]
	muted "0 by --disable, 1 by comments, 0 by the baseline"
	# In this file alone.
	bad b.xml
	gs 1 gs-snomcfg --check a.xml b.xml
	[[ $output == *"b.xml:"*"[media-savp-off]"* ]]
	bad a.xml '<!-- gsprov: disable=media-savp-off,trust-unverified,file-password -->'
	gs 0 gs-snomcfg --check --require none -W warning a.xml
	# Parameters: for the run. Rows: for the rows below.
	printf '# gsprov: disable=media-savp-off\nlanguage = German\n' >site
	gs 0 gs-snomcfg --check --require none -p site b.xml
	muted "0 by --disable, 1 by comments, 0 by the baseline"
	printf 'name\tvalue\n%snonsense\t1\n' '# gsprov: disable=data-parameter
' >parameters
	gs 1 gs-snomcfg --check -p parameters b.xml
	[[ $errors != *"[data-parameter]"* ]]
	sed -i 2d parameters
	gs 1 gs-snomcfg --check -p parameters b.xml
	[[ $errors == *"[data-parameter]"* ]]
	gs 1 gs-snomcfg --check -p parameters --disable data-parameter b.xml
	[[ $errors != *"[data-parameter]"* ]]
}

@test "rows: a comment is a line without a tab" {
	row() { printf '%s\tsnom370\tada\tGeh3imNr7Fest\t%s\thost.example\t1\t1\n' "$1" "$2"; }
	{
		printf 'mac_address\tmodel\tauth_name\tpassword\tcaller_name\thost\tid\tphone_id\n'
		echo '# gsprov: disable=data-mac'
		row 000413410001 Ada
		row 'not a MAC' Bob
	} >rows
	mkdir to
	# The phone is not written all the same.
	gs 1 gs-snomcfg -s base_url=https://pbx.example -o to rows
	[[ $errors$output != *"[data-mac]"* ]]
	sed 's/^# gsprov.*/&\t/' rows >other
	gs 1 gs-snomcfg -s base_url=https://pbx.example -o to other
	[[ $errors == *"[data-mac]"* ]]
}

@test "a comment disables nothing where other people's text stands" {
	comment='gsprov: disable=media-savp-off,media-plain,log-crypto-in-avp'
	sed "s|<phone-settings|<!-- $comment -->&|" \
		"$GS_TOP/tests/fixtures/example/settings.xml" >a.xml
	gs 1 gs-snomcfg --check a.xml
	[[ $output == *"[media-savp-off]"* && $output != *suppressed* ]]
	bad b.xml "<!-- $comment -->"
	for file in a.xml b.xml; do
		# The file itself holds passwords.
		gs-snomcfg --harden "$file" 2>said >hard.xml
		grep -F '[media-savp-off]' said
		not grep suppressed said
	done
	plain a.sdp
	printf '%s\r\n' "# $comment" "i=$comment" "a=$comment" >>a.sdp
	gs 1 gs-sdpcheck --require srtp a.sdp
	[[ $output == *"[media-plain]"* && $output != *suppressed* ]]
	{
		echo "# $comment"
		cat "$GS_TOP/tests/fixtures/example/refused.log"
	} >a.log
	gs 1 gs-sdpcheck a.log
	[[ $output == *"[log-crypto-in-avp]"* && $output != *suppressed* ]]
}

@test "a baseline holds what is known, and nothing else is silent" {
	bad a.xml
	gs 0 gs-snomcfg --check --require none --baseline known --write-baseline a.xml
	muted "0 by --disable, 0 by comments, 3 by the baseline"
	gs 0 gs-snomcfg --check --require none -W note --baseline known a.xml
	# Somewhere else in the file, or by another name of it.
	bad a.xml '<!-- moved -->'
	gs 0 gs-snomcfg --check --require none -W note --baseline known ./a.xml
	# More of the same, another file, or another text.
	gs 1 gs-snomcfg --check --baseline known a.xml a.xml
	cp a.xml b.xml
	gs 1 gs-snomcfg --check -q --baseline known a.xml b.xml
	[[ $output == *"b.xml:"*"error: "* && $output != *a.xml* ]]
	# Written anew, not added to.
	gs 0 gs-snomcfg --check --require none --baseline known --write-baseline b.xml
	gs 1 gs-snomcfg --check --baseline known a.xml
	# A run with trouble leaves it as it was, and so does --dry-run.
	cp known before
	gs 2 gs-snomcfg --check --baseline known --write-baseline a.xml nosuch
	gs 0 gs-snomcfg --check --require none -n --baseline known --write-baseline a.xml
	cmp known before
	gs 2 gs-snomcfg --check --write-baseline a.xml
	[[ $errors == *"--write-baseline requires --baseline"* ]]
	gs 2 gs-snomcfg --check --baseline a.xml b.xml
	[[ $errors == *"a.xml: "*baseline* ]]
	gs 2 gs-snomcfg --check --baseline b.xml --write-baseline b.xml
	cmp a.xml b.xml
	echo x >>known
	gs 2 gs-snomcfg --check --baseline known b.xml
	[[ $errors =~ known:[0-9]+:\ .*baseline ]]
}

@test "a run that checks nothing leaves the baseline as it is" {
	plain a.sdp
	gs 0 gs-sdpcheck --baseline known --write-baseline a.sdp
	cp known before
	for ask in -h -V --rules '--explain media-plain' '--completion zsh'; do
		for command in gs-certgen gs-sdpcheck gs-snomcfg gs-srtpdump; do
			gs 0 $command --baseline known --write-baseline $ask
			cmp known before
		done
	done
	gs 0 gs-srtpdump -j "$GS_TOP/tests/fixtures/example/call.pcap"
	echo "$output" >report
	gs 0 gs-certgen -q --root . --no-auto-san --key ec:P-256 a.example
	for run in 'gs-snomcfg --models' \
		'gs-snomcfg -s base_url=https://a.example --dhcp isc' \
		'gs-srtpdump --merge report' 'gs-certgen --root . --show a.example'; do
		gs 0 $run
		gs 2 $run --baseline known --write-baseline
		cmp known before
	done
}

@test "a baseline silences nothing that --require asks for" {
	plain a.sdp
	gs 1 gs-sdpcheck --require srtp --baseline known --write-baseline a.sdp
	[[ $output == *"error: "*"[media-plain]"* ]]
	not grep media-plain known
	gs 0 gs-sdpcheck --baseline known --write-baseline a.sdp
	grep -q media-plain known
	gs 1 gs-sdpcheck --require srtp --baseline known a.sdp
	[[ $output == *"error: "*"[media-plain]"* ]]
}

@test "a file's name sends nothing to the terminal" {
	for name in $'a\e[31m.xml' $'b\nc.xml' $'d\xc2\x9b31m.xml'; do
		cp "$GS_TOP/tests/fixtures/example/settings.xml" "$name"
		for f in text json; do
			LC_ALL=C.UTF-8 gs 1 gs-snomcfg --check -f $f "$name"
			LC_ALL=C grep $'[\e\x9b]\|^c.xml' <<<"$output" &&
				return 1
		done
	done
	mkdir many
	for i in {1..21}; do
		cp "$GS_TOP/tests/fixtures/example/settings.xml" \
			many/$'\e'$i.xml
	done
	gs 1 gs-snomcfg --check many
	[[ $output == *', first many/\x1b1.xml'* ]]
}

@test "folders are read with those below them, in order" {
	mkdir -p 'f/b c' f/.git f/empty
	plain 'f/b c/x.SDP'
	plain f/a.sdp
	plain f/.git/hidden.sdp
	plain f/.hidden.sdp
	echo text >f/README.md
	ln -s .. f/loop
	mkfifo f/pipe.sdp
	gs 0 gs-sdpcheck f
	[ "$(grep -o '^f/[^:]*' <<<"$output" | uniq)" = $'f/a.sdp\nf/b c/x.SDP' ]
	[[ $output == *$'\n2 files: '* ]]
	[ "$errors" = "gs-sdpcheck: f: 1 file contains nothing to judge and was \
left out: f/README.md" ]
	gs 2 gs-sdpcheck f/empty
	[ "$errors" = "gs-sdpcheck: f/empty: no file to read in this folder" ]
	for c in gs-sdpcheck 'gs-snomcfg --check'; do
		gs 2 $c -f github f/empty
		[ "$output" = "::error file=f/empty,title=${c%% *} \
unchecked::f/empty: no file to read in this folder" ]
		[ "$errors" = \
			"${c%% *}: f/empty: no file to read in this folder" ]
	done
	# What cannot be looked at is not left out.
	name=$(printf 'd%.0s' {1..250})
	(cd f && for _ in {1..15}; do mkdir $name && cd -P $name; done &&
		mkdir ${name:0:200} && cd -P ${name:0:200} && plain x.sdp &&
		plain ${name:0:150}.sdp)
	gs 2 gs-sdpcheck f
	[[ $errors == *"File name too long" ]]
	rm -r f/d*
	bad f/s.xml
	gs 1 gs-snomcfg --check f
	[[ $output == *"f/s.xml:"*"[media-savp-off]"* ]]
	[ "$errors" = "gs-snomcfg: f: 3 files whose names do not end in .xml, \
.htm or .html were left out, the first: f/README.md" ]
	gs 1 gs-snomcfg -q --check f
	[ "$errors" = "" ]
	# Only --check takes many files.
	gs 2 gs-snomcfg --harden f
	[[ $errors == *"f: "* ]]
}

@test "gs-sdpcheck reads the files of a folder whatever their names" {
	mkdir d
	for name in refused.log.1 trace.weird plain; do
		plain "d/$name"
		gs 1 gs-sdpcheck --require savp d
		[[ $output == *"d/$name:"*"[media-plain]"* && $errors == "" ]]
		rm "d/$name"
	done
	# What holds nothing is counted, and is no file of the report.
	cp "$GS_TOP/tests/golden/sdpcheck/clean.sdp" d/good
	echo text >d/a
	: >d/b
	head -c 300000 /dev/zero >d/c
	gs 0 gs-sdpcheck --require savp d d
	[ "$(uniq <<<"$errors")" = "gs-sdpcheck: d: 3 files contain nothing to \
judge and were left out, the first: d/a" ]
	gs 0 gs-sdpcheck -q -f junit --require savp d
	[[ $output == *' tests="1" '* && $errors == "" ]]
	# All of them: nothing was judged.
	rm d/good
	gs 2 gs-sdpcheck -q d "$GS_TOP/tests/golden/sdpcheck/clean.sdp"
	[[ $errors == *"gs-sdpcheck: d: 3 files "* ]]
	# As a file of its own each of them is an error.
	gs 2 gs-sdpcheck d/a
	# What cannot be read is not left out.
	cp "$GS_TOP/tests/golden/sdpcheck/clean.sdp" d/good
	plain d/old.log
	gzip -c d/old.log | head -c 50 >d/old.log.gz
	rm d/old.log
	gs 2 gs-sdpcheck --require savp d
	[[ $errors == *"d/old.log.gz: the gzip data ends too early"* ]]
}

@test "gs-certgen: the same findings in all formats" {
	gs 0 gs-certgen -q --root "$PWD/root" --no-auto-san --key ec:P-256 \
		--days 20 --renew-before 5 pbx.example.com
	chmod 644 root/etc/ssl/private/pbx.example.com.key
	[ "$(formats gs-certgen --root "$PWD/root" --check pbx.example.com)" -gt 1 ]
	gs 0 gs-certgen --root "$PWD/root" -f junit --show pbx.example.com
	[[ $output == *"</testsuites>" ]]
}

@test "gs-srtpdump: streams and keys are findings in all other formats" {
	local fixtures=$GS_TOP/tests/fixtures
	cp "$fixtures/example/call.pcap" .
	echo "a=crypto:1 NO_SUCH_SUITE inline:***" >keys
	cp "$fixtures/srtp/gst-cm128-80.pcap" b.pcap
	# No key: the stream of one file, and those of the other.
	[ "$(formats gs-srtpdump --no-sip -K keys call.pcap b.pcap)" -gt 3 ]
	gs 1 gs-srtpdump -f github --no-sip -K keys call.pcap b.pcap
	[ "$(grep -c '^::error file=b.pcap,title=gs-srtpdump stream-no-key::' \
		<<<"$output")" -eq 1 ]
	[ "$(grep -c '^::error file=call.pcap,' <<<"$output")" -eq 2 ]
	[[ $errors != *'['* ]]
	# Decrypted: what is odd is a note.
	sed 's/_80 /_32 /' "$fixtures/srtp/keys.txt" >said
	gs 0 gs-srtpdump -f codequality -q -K said b.pcap
	[ "$(jq -r '.[]|select(.check_name=="stream-note")|.severity' \
		<<<"$output" | uniq)" = info ]
	# Nothing is encrypted, or nothing is there: the report says so.
	gs 0 gs-srtpdump -q -w clear.pcap call.pcap
	gs 2 gs-srtpdump -f checkstyle clear.pcap
	[ "$(grep -c 'source="gs-srtpdump.stream-plain"' <<<"$output")" -eq 2 ]
	[ "$(grep -c 'source="gs-srtpdump.unchecked"' <<<"$output")" -eq 1 ]
	head -c 5000 call.pcap >cut.pcap
	for file in nosuch keys; do
		gs 2 gs-srtpdump -f junit $file
		[[ $output == *'errors="1"'*"<error"*"$file"* ]]
	done
	# With the data on standard output, findings are on the other one.
	gs 1 gs-srtpdump -f github --no-sip -w - call.pcap
	[[ $errors == *"::error file=call.pcap,"* && $output != *::error* ]]
}

@test "gs-srtpdump --merge: the same of streams in reports" {
	cp "$GS_TOP/tests/fixtures/example/call.pcap" .
	cp "$GS_TOP/tests/fixtures/srtp/gst-cm128-80.pcap" b.pcap
	gs 1 gs-srtpdump -j --no-sip b.pcap
	echo "$output" >b
	gs 1 gs-srtpdump -j --no-sip call.pcap
	echo "$output" >call
	[ "$(formats gs-srtpdump --merge call b)" -eq 3 ]
	gs 1 gs-srtpdump -f github --merge call b
	[ "$(grep -c '^::error file=b.pcap,title=gs-srtpdump stream-no-key::' \
		<<<"$output")" -eq 1 ]
	gs 1 gs-srtpdump -f github --merge --baseline known --write-baseline b
	gs 1 gs-srtpdump -f github --merge --baseline known call b
	[ "$(grep -c '^::error file=call.pcap,' <<<"$output")" -eq 2 ]
	[[ $output != *"file=b.pcap,"* ]]
	gs 2 gs-srtpdump -f sarif --merge known
	[ "$(jq '.runs[0].invocations[0].executionSuccessful' \
		<<<"$output")" = false ]
	gs 2 gs-srtpdump -f junit --merge -w x.pcap call
	[[ $errors == *--merge* ]]
}

@test "gs-srtpdump: streams that stay shut may be known" {
	cp "$GS_TOP/tests/fixtures/example/call.pcap" .
	# The status is that of the streams in any case.
	gs 1 gs-srtpdump -f github --no-sip --disable stream-no-key call.pcap
	[ "$output" = '::notice title=gs-srtpdump suppressed::findings suppressed: 2' ]
	gs 1 gs-srtpdump -f github --no-sip --baseline known --write-baseline \
		call.pcap
	[ "$(grep -c stream-no-key known)" -eq 2 ]
	gs 1 gs-srtpdump -f github --no-sip --baseline known call.pcap
	[[ $output != *::error* && $output == *suppressed* ]]
}

@test "gs-srtpdump leaves out what is disabled or known" {
	cp "$GS_TOP/tests/fixtures/example/call.pcap" .
	printf '%s\r\n' "a=crypto:1 AES_CM_128_HMAC_SHA1_81 inline:$(head -c 30 \
		/dev/zero | base64)" >keys
	chmod 600 keys
	gs 1 gs-srtpdump -W warning -K keys call.pcap
	[[ $errors == *"[key-suite]"* ]]
	gs 0 gs-srtpdump -W warning -K keys --disable key-suite call.pcap
	[[ $errors != *"[key-suite]"* && $errors == *"suppressed findings: 1" ]]
	gs 0 gs-srtpdump -W warning -K keys --baseline known --write-baseline \
		call.pcap
	gs 0 gs-srtpdump -W warning -K keys --baseline known call.pcap
	[[ $errors != *"[key-suite]"* ]]
}

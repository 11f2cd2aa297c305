#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# README's lines for pipelines and the jobs that are installed, run as they
# stand; what they write obeys the schemas of its formats.
load lib

# The number N block of this language in README's section on pipelines.
block() { # LANGUAGE N
	awk -v lang="\`\`\`$1" -v want="$2" '
		/^## / { here = $0 == "## In pipelines" }
		/^```$/ { on = 0 }
		on && n == want { print }
		here && $0 == lang { on = 1; n++ }' "$GS_TOP/README.md"
}
yaml() { # FILE FILTER: by jq
	/usr/bin/python3 -c 'import json, sys, yaml
json.dump(yaml.safe_load(sys.stdin), sys.stdout)' \
		<"$GS_TOP/cmd/site/$1.yml" | jq -r "$2"
}
valid() { # SCHEMA FILE
	/usr/bin/python3 - "$GS_TOP/tests/fixtures/schema/$1" "$2" <<-'P'
	import json, jsonschema, sys
	schema, document = (json.load(open(f)) for f in sys.argv[1:])
	jsonschema.Draft7Validator.check_schema(schema)
	jsonschema.Draft7Validator(schema).validate(document)
	P
}
setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export HOME=$PWD
	mkdir traces
}
good() { cp "$GS_TOP/tests/fixtures/example/phone.log" traces/; }
bad() {
	cp "$GS_TOP/tests/fixtures/example/refused.log" traces/
	printf 'v=0\r\nm=audio 4000 RTP/AVP 8\r\n' >"traces/a <b> & \"c\" 'd'.sdp"
}

# In place of apt-get, which needs root and the network.
@test "the package that a job installs is the one that make deb makes" {
	block sh 1 >install
	version=$(sed -n 's/^#define CLI_VERSION "\(.*\)"/\1/p' \
		"$GS_TOP/cmd/cli.h")
	[ "$(grep -c "gsprov_${version}_amd64.deb" install)" -eq 2 ]
	[ "$(wc -l <install)" -eq 2 ]
	# The jobs have the same lines.
	yaml github '.jobs.encrypted.steps[1].run' >job
	[ "$(grep -cxFf <(sed 's/.* && //' install) job)" -eq 2 ]
	[ "$(yaml github '.jobs.encrypted.container')" = debian:12 ]
	yaml gitlab '."encrypted calls".before_script[]' >job
	[ "$(grep -cxFf <(sed 's/.* && //' install) job)" -eq 2 ]
	[ "$(yaml gitlab '."encrypted calls".image')" = debian:12 ]
}

@test "GitHub: the step fails, and annotates each finding" {
	good
	bad
	yaml github '.jobs.encrypted.steps[-1].run' >step
	gs 1 bash -e step
	sed 's/-f github/-j/' step >json
	[ "$(grep -c '^::error file=traces/' <<<"$output")" -eq \
		"$(bash -e json | grep '"type":"finding"' |
			grep -c '"severity":"error"')" ]
	rm traces/refused.log traces/*.sdp
	gs 0 bash -e step
}

@test "GitHub: the step fails, and its SARIF obeys the schema" {
	good
	bad
	yaml github-sarif '.[0].run' >step
	gs 1 bash -e step
	valid sarif.json gsprov.sarif
	[ "$(jq -r '.runs[0].results[] | select(.level == "error") |
		.locations[0].physicalLocation.artifactLocation.uri' \
		gsprov.sarif | sort -u | wc -l)" -eq 2 ]
	[ "$(yaml github-sarif '.[1].with.sarif_file')" = gsprov.sarif ]
}

@test "GitHub: good calls pass, with results or none" {
	good
	yaml github-sarif '.[0].run' >step
	gs 0 bash -e step
	valid sarif.json gsprov.sarif
}

# What every command calls a rule's document.
@test "SARIF of all golden inputs obeys the schema" {
	gs-sdpcheck -f sarif "$GS_TOP"/tests/golden/sdpcheck/*.sdp >all || true
	[ "$(jq '.runs[0].results | length' all)" -gt 50 ]
	valid sarif.json all
	# The schema can say no.
	jq '.runs[0].results[0].locations[0].physicalLocation.region
		.startLine = 0' all >wrong
	not valid sarif.json wrong 2>/dev/null
	jq '.runs[0].results[0].file = "x"' all >wrong
	not valid sarif.json wrong 2>/dev/null
}

gitlab() { # STATUS
	yaml gitlab '."encrypted calls".script[]' >job
	gs "$1" bash -eo pipefail job
	valid codequality.json codequality.json
	xmllint --noout --relaxng "$GS_TOP/tests/fixtures/schema/junit.rng" \
		junit.xml
	for report in codequality junit; do
		[ -s "$(yaml gitlab '."encrypted calls".artifacts.reports.'$report)" ]
	done
	mkdir -p "$GS_OUT/cli"
	cat codequality.json junit.xml >>"$GS_OUT/cli/gitlab"
}
xpath() { xmllint --xpath "string($1)" junit.xml; }

@test "GitLab: the job fails, and both reports obey their schemas" {
	good
	bad
	gitlab 1
	[ "$(xpath //testsuite/@tests)" = 3 ]
	[ "$(xpath //testsuite/@failures)" = 2 ]
	[ "$(xpath 'count(//testcase[not(failure)])')" = 1 ]
	[ "$(xpath '//testcase[contains(@name, "<b>")]/@name')" = \
		"traces/a <b> & \"c\" 'd'.sdp" ]
	[[ "$(xpath '//testcase[contains(@name, "refused")]/failure')" == \
		*"[log-crypto-in-avp]"* ]]
	jq -e 'map(select(.check_name == "log-crypto-in-avp" and
		.severity == "major" and .location.lines.begin == 27)) |
		length == 1' codequality.json
	# What fails the job is no mere information.
	jq -e 'any(.check_name == "media-plain" and .severity == "major")' \
		codequality.json
	# One finding, one fingerprint.
	jq -e '(map(.fingerprint) | unique | length) == length' \
		codequality.json
}

@test "GitLab: good calls pass" {
	good
	gitlab 0
	[ "$(xpath //testsuite/@failures)" = 0 ]
	jq -e 'all(.severity == "info")' codequality.json
}

@test "a baseline: what was known passes, what is new fails" {
	cp -r "$GS_TOP/tests/fixtures/example" phones
	block sh 2 >steps
	gs 0 sh -e steps
	sed 's/user_active/user_aktiv/' phones/settings.xml >phones/new.xml
	tail -n 1 steps >step
	gs 1 sh -e step
	[[ $output == *"phones/new.xml:"*"error: "* && \
		$output != *"phones/settings.xml:"*"error: "* ]]
}

@test "the hook refuses what is staged, whatever lies in the folder" {
	git init -q repository
	cd repository
	git config user.name tests
	git config user.email tests@localhost
	install -m 755 "$GS_TOP/cmd/site/pre-commit" .git/hooks/pre-commit
	sdp() { printf '%s\r\n' v=0 'o=- 1 1 IN IP4 192.0.2.1' s=- \
		'c=IN IP4 192.0.2.1' 't=0 0' "m=audio 4000 RTP/$1 8"; }
	key="a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:$(head -n 1 \
		"$GS_TOP/tests/fixtures/secrets/sdp.txt")"
	mkdir 'a folder'
	{ sdp SAVP; printf '%s\r\n' "$key"; } >'a folder/good one.sdp'
	git add .
	gs 0 git commit -qm good
	# A bad file that is not staged concerns nobody.
	sdp AVP >bad.sdp
	echo text >notes.txt
	git add notes.txt
	gs 0 git commit -qm notes
	git add bad.sdp
	# Mending it in the folder does not mend what is staged.
	cp 'a folder/good one.sdp' bad.sdp
	gs 1 git commit -qm bad
	[[ $output$errors == *"bad.sdp:6:"*"[media-plain]"* ]]
	git add bad.sdp
	gs 0 git commit -qm mended
	git rm -q bad.sdp
	gs 0 git commit -qm removed
	[ -z "$(find "$HOME" -name 'tmp.*')" ]
}

@test "Nagios: each state with its status" {
	line=$(sed -n 's/^command\[tls_certificates\]=//p' \
		"$GS_TOP/README.md")
	[ -n "$line" ]
	# NRPE's user needs sudo; here the set lies below another root.
	mkdir bin
	printf '#!/bin/sh\nexec "$@"\n' >bin/sudo
	printf '#!/bin/sh\nexec %s --root %s "$@" pbx.example.com\n' \
		"$GS_BIN/gs-certgen" "$PWD/root" >bin/gs-certgen
	chmod +x bin/*
	PATH=$PWD/bin:$PATH
	format='^[A-Z]+ - pbx\.example\.com: [^|]+ \| days=([0-9]+|U);30:;0:$'
	gs 2 sh -c "$line"
	gs 0 gs-certgen -q --ca --key ec:P-256 --no-auto-san
	gs 0 sh -c "$line"
	[[ $output == OK\ -* && $output =~ $format ]]
	rm -r root
	gs 0 gs-certgen -q --ca --key ec:P-256 --no-auto-san --days 20 \
		--renew-before 5
	gs 1 sh -c "$line"
	[[ $output == WARNING\ -* && $output =~ $format ]]
	rm root/etc/ssl/certs/pbx.example.com.crt
	gs 2 sh -c "$line"
	[[ $output == CRITICAL\ -* && $output =~ $format ]]
	truncate -s 2M root/etc/ssl/certs/pbx.example.com.crt
	gs 3 sh -c "$line"
	[[ $output == UNKNOWN\ -* && $output =~ $format ]]
}

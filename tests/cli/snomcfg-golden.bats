# SPDX-License-Identifier: MIT
# gs-snomcfg: whole outputs, and that rules and manual say the same.
# GOLDEN=write tests/run snomcfg-golden writes them anew: read the difference.

setup() {
	load "$GS_TOP/tests/helpers/snom.bash"
	cd "$GS_TOP/tests/golden/snomcfg" || return 1
}

same() {
	if [ "${GOLDEN:-}" = write ]; then
		cp "$1" "$2"
	fi
	diff -u "$2" "$1"
}

@test "golden: each file's findings, as text and as JSON" {
	for f in *.xml; do
		gs-snomcfg --check "$f" >"$BATS_TEST_TMPDIR/txt" || true
		gs-snomcfg -j --check "$f" >"$BATS_TEST_TMPDIR/json" || true
		same "$BATS_TEST_TMPDIR/txt" "${f%.xml}.txt"
		same "$BATS_TEST_TMPDIR/json" "${f%.xml}.json"
	done
}

@test "golden: wrong rows" {
	mkdir "$BATS_TEST_TMPDIR/out"
	gs-snomcfg -p rows.params -k rows.keys -o "$BATS_TEST_TMPDIR/out" \
		rows.tsv >"$BATS_TEST_TMPDIR/txt" 2>&1 || true
	same "$BATS_TEST_TMPDIR/txt" rows.txt
	gs-snomcfg -q -j -p rows.params -k rows.keys -n -o "$BATS_TEST_TMPDIR/out" \
		rows.tsv >"$BATS_TEST_TMPDIR/json" || true
	same "$BATS_TEST_TMPDIR/json" rows.json
	gs-snomcfg -p more.params -k more.keys -o "$BATS_TEST_TMPDIR/out" \
		more.tsv >"$BATS_TEST_TMPDIR/txt" 2>&1 || true
	same "$BATS_TEST_TMPDIR/txt" more.txt
}

@test "golden: a rendered phone" {
	printf 'mac_address\tmodel\tauth_name\tpassword\tcaller_name\thost\tid\tphone_id\n' >"$BATS_TEST_TMPDIR/rows"
	printf '000413410001\tsnom870\tada\tGeh3imNr7Fest\tAda "Byron" & <Co>\tgs5.lan\t7\t12\n' >>"$BATS_TEST_TMPDIR/rows"
	gs-snomcfg -q -s base_url=https://gs5.example -s certificate_url=ca.der \
		--phone 000413410001 "$BATS_TEST_TMPDIR/rows" >"$BATS_TEST_TMPDIR/out"
	# The tests' passwords must not stand in what tests print.
	sed -i 's/Geh3imNr7Fest/********/' "$BATS_TEST_TMPDIR/out"
	same "$BATS_TEST_TMPDIR/out" phone.rendered
}

@test "golden: hardening follows the parameters, and refuses what a name adds" {
	gs-snomcfg -p harden.params --harden injected.xml \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/txt" || [ $? -eq 1 ]
	same "$BATS_TEST_TMPDIR/txt" harden.txt
	grep -v http_pass "$BATS_TEST_TMPDIR/out" >"$BATS_TEST_TMPDIR/shown"
	same "$BATS_TEST_TMPDIR/shown" harden.rendered
	for extra in 'user.user_ringer=R' 'phone.dim_timer={mac}'; do
		run gs-snomcfg -s "$extra" --harden injected.xml
		[ "$status" -eq 1 ]
		grep -q "${extra%=*} \[file-parameter\]" <<<"$output"
	done
}

@test "golden: every rule is raised by one of them" {
	gs-snomcfg --rules | awk '{ print $1 }' | sort >"$BATS_TEST_TMPDIR/rules"
	{ jq -r 'select(.rule) | .rule' ./*.json
	  sed -n 's/.*\[\(data-[a-z-]*\)\]$/\1/p' rows.txt more.txt
	  sed -n 's/.*\[\(\(url\|file\)-[a-z-]*\)\]$/\1/p' harden.txt; } | sort -u >"$BATS_TEST_TMPDIR/raised"
	diff "$BATS_TEST_TMPDIR/rules" "$BATS_TEST_TMPDIR/raised"
}

@test "manual: every rule with its severity, every parameter, every option" {
	m=$GS_BIN/man/gs-snomcfg.1
	gs-snomcfg --rules | while read -r id severity _; do
		grep -qF ".It Ic $id Po $severity Pc : " "$m" || { echo "$id $severity"; exit 1; }
	done
	[ "$(gs-snomcfg --rules | wc -l)" -eq "$(grep -cE '^\.It Ic [a-z0-9-]+ Po ' "$m")" ]
	sed -n 's/^GS_PARAM([A-Z_]*, "\([a-z_]*\)".*/\1/p' "$GS_TOP/lib/snom/param_list.h" >"$BATS_TEST_TMPDIR/names"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/names")" -ge 28 ]
	while read -r name; do
		grep -qxF ".It Cm $name" "$m" || { echo "$name"; return 1; }
	done <"$BATS_TEST_TMPDIR/names"
	[ "$(gs-snomcfg -h | wc -l)" -le 24 ]
	gs-snomcfg -h | grep -v mysql | grep -oE ' (-[a-zA-Z]|--[a-z-]+)' | tr -d ' ' | sort -u >"$BATS_TEST_TMPDIR/options"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/options")" -ge 20 ]
	while read -r o; do
		grep -qE "^\.(It )?(.* )?Fl ${o#-}( |\$)" "$m" || { echo "$o"; return 1; }
	done <"$BATS_TEST_TMPDIR/options"
}

@test "manual: the query is the tested one, the examples run" {
	cd "$BATS_TEST_TMPDIR"
	man() { MANWIDTH=200 mandoc -T ascii "$GS_BIN/man/gs-snomcfg.1" | sed 's/.\x08//g'; }
	man >page
	sed 's/^ *//' "$GS_TOP/tests/fixtures/snom/phones.sql" >query
	awk '/^ *SELECT p.mac/, /ORDER BY/' page | sed 's/^ *//' | diff query -
	# site.conf and the hook, with mysql's output from a file.
	awk '/^ *base_url = /, /^ *timezone = /' page | sed 's/^ *//' >site.conf
	mkdir -p bin srv
	{ echo "$HEAD"; row 00:04:13:26:2a:fe Ada gs5.lan; } >rows
	printf '#!/bin/sh\n[ "$*" = "--batch gemeinschaft" ] && cat rows\n' >bin/mysql
	chmod +x bin/mysql
	cp query phones.sql
	awk '/^ *mysql --batch/, /-o \/srv/' page | sed "s|/srv/provisioning|$PWD/srv|" >hook
	PATH=$PWD/bin:$PATH bash -e hook
	[ -e srv/settings-000413262AFE.xml ] && [ -L srv/snom-a9170af083fed2bae9bb92df.xml ]
	cd srv
	bash -e -c "$(grep -- '^ *gs-snomcfg --check settings' ../page)"
}

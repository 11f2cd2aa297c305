# SPDX-License-Identifier: MIT
# gs-snomcfg behind MariaDB with GS5's tables: what mysql --batch prints.
bats_require_minimum_version 1.5.0

setup_file() {
	PATH=$PATH:/usr/sbin
	load "$GS_TOP/tests/helpers/process.bash"
	export DB=$BATS_FILE_TMPDIR/db SOCK=$BATS_FILE_TMPDIR/s
	mkdir "$DB"
	# Without grants it needs no system tables, which take long to make.
	start mariadbd --no-defaults --user="$(id -un)" --datadir="$DB" --socket="$SOCK" \
		--skip-grant-tables --skip-networking --skip-log-bin \
		--innodb-buffer-pool-size=8M --innodb-flush-log-at-trx-commit=0 \
		--innodb-log-file-size=4M --innodb-fast-shutdown=2 \
		--pid-file="$BATS_FILE_TMPDIR/pid" >"$BATS_FILE_TMPDIR/log" 2>&1
	until_true mariadb --no-defaults -uroot --socket="$SOCK" -e "SELECT 1"
	sql <"$GS_TOP/tests/fixtures/snom/gs5.sql"
}

teardown_file() {
	load "$GS_TOP/tests/helpers/process.bash"
	end_all
}

sql() {
	mariadb --no-defaults -uroot --socket="$SOCK" --default-character-set=utf8mb4 \
		--batch -e 'CREATE DATABASE IF NOT EXISTS gemeinschaft'
	mariadb --no-defaults -uroot --socket="$SOCK" --default-character-set=utf8mb4 \
		--batch "$@" gemeinschaft
}

setup() {
	load "$GS_TOP/tests/helpers/snom.bash"
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir out
	QUERY=$GS_TOP/tests/fixtures/snom/phones.sql
	SITE=(-s base_url=https://gs5.lan -s certificate_url=gemeinschaft.der)
}

@test "mysql: nasty names, NULLs, positions, other people's accounts" {
	sql <"$QUERY" | gs-snomcfg "${SITE[@]}" -o out
	[ "$(ls out | tr '\n' ' ')" = 'settings-000413262AFE.xml settings-000413410001.xml settings-000413410002.xml ' ]
	x=out/settings-000413262AFE.xml
	for f in out/*.xml; do
		xmllint --noout --relaxng "$GS_TOP/tests/fixtures/snom/settings.rng" "$f"
		gs-snomcfg -q --check "$f"
	done
	[ "$(value '//user_idle_text[@idx=1]' $x)" = 'Müller & "Söhne" <Chef> 😀' ]
	[ "$(value '//user_idle_text[@idx=2]' $x)" = 'Lager -- Halle 2' ]
	[ "$(value '//user_idle_text[@idx=3]' $x)" = '--><http_pass>x' ]
	[ "$(value '//user_idle_text[@idx=4]' $x)" = $'tab\there\nline \\ back' ]
	[ "$(value '//user_outbound[@idx=3]' $x)" = '[2001:db8::1]:5061;transport=tls' ]
	[ "$(value '//user_active[@idx=5]' $x)" = off ]
	[ "$(value 'count(//http_pass)' $x)" = 1 ]
	[ "$(value '//uploads/file/@url' $x)" = https://gs5.lan/config_snom/12/state_settings.xml ]
	[ "$(value '//dkey_directory' $x)" = 'url https://gs5.lan/config_snom/12/1/phone_book.xml' ]
	[ "$(value '//user_idle_text[@idx=1]' out/settings-000413410001.xml)" = '' ]
	[ "$(value 'count(//http_user)' out/settings-000413410001.xml)" = 0 ]
	[ "$(value //setting_server out/settings-000413410001.xml)" = https://gs5.lan/settings-000413410001.xml ]
}

@test "mysql: fallback accounts, phones of other makers, phones without one" {
	sql <"$GS_TOP/tests/fixtures/snom/gs5-stock.sql"
	sql <"$QUERY" >rows
	for t in phone_sip_accounts:phone_id sip_accounts:id phones:id phone_models:id; do
		sql -e "DELETE FROM ${t%:*} WHERE ${t#*:} >= 100"
	done
	run -0 gs-snomcfg -q "${SITE[@]}" --links -o out rows
	[ -z "$output" ]
	[ "$(ls out/settings-* | sed 's/.*-//' | xargs)" = \
		'000413262AFE.xml 00041326BB01.xml 00041326BB02.xml 00041326BB06.xml 00041326BB07.xml 000413410001.xml 000413410002.xml' ]
	for f in out/settings-*; do gs-snomcfg -q --check "$f"; done
	name() { value '//user_name[@idx=1]' "out/settings-00041326BB0$1.xml"; }
	[ "$(name 1) $(name 2) $(name 6) $(name 7)" = 'auto101 user8 auto103 auto105' ]
	[ "$(value 'count(//user_active[.="on"])' out/settings-00041326BB01.xml)" = 1 ]
	[ "$(readlink out/snom-key101.xml)" = settings-00041326BB01.xml ]
}

@test "mysql: function keys of the accounts, by the query of the manual" {
	sql -e "INSERT INTO softkey_functions VALUES (1, 'blf', 1), (2, 'speed_dial', 2), (3, 'conference', 3);
		INSERT INTO softkeys (softkey_function_id, number, label, position, sip_account_id) VALUES
		(2, '0301', 'Büro Nord', 2, 1), (1, '501', 'Tor', 1, 1), (3, NULL, NULL, 3, 1), (2, '77', NULL, 1, 2)"
	column=$(sed -n '/^(SELECT GROUP_CONCAT/,/AS softkeys$/p' "$GS_TOP/man/gs-snomcfg.1" | sed 's/\\e/\\/g')
	c=$column awk '/^  FROM phones/ { print ",", ENVIRON["c"] } { print }' "$QUERY" >query
	sql <query | gs-snomcfg -q "${SITE[@]}" -o out
	x=out/settings-000413262AFE.xml
	[ "$(value '//fkey[@idx=0]' $x)" = 'blf <sip:501@gs5.lan>|f-ia-' ]
	[ "$(value '//fkey[@idx=1]' $x)" = 'speed 0301' ]
	[ "$(value '//fkey[@idx=2]' $x)" = 'none ' ]
	[ "$(value '//fkey[@idx=3]' $x)" = 'speed 77' ]
	[ "$(value '//fkey[@idx=3]/@context' $x) $(value '//fkey[@idx=0]/@label' $x)" = '2 Tor' ]
	[ "$(value 'count(//fkey)' out/settings-000413410001.xml)" = 0 ]
	{ echo 'SET SESSION group_concat_max_len = 1022;'; cat query; } >cut
	sql -e 'UPDATE softkeys SET label = REPEAT("x", 250); UPDATE softkeys SET number = REPEAT("7", 250) WHERE number IS NOT NULL'
	rm out/*
	sql <cut | gs 1 gs-snomcfg -q "${SITE[@]}" -o out
	[ ! -e $x ]
	{ echo 'SET SESSION group_concat_max_len = 65536;'; cat query; } >whole
	sql <whole | gs-snomcfg -q "${SITE[@]}" -o out
	[ -e $x ]
	sql -e 'DELETE FROM softkeys; DELETE FROM softkey_functions'
}

@test "mysql: rows of gs_parameters are parameters" {
	sql -e 'SELECT * FROM gs_parameters' >p
	sql <"$QUERY" | gs-snomcfg "${SITE[@]}" -p p -o out 2>err
	x=out/settings-000413262AFE.xml
	[ "$(value '//user_idle_text[@idx=2]' $x)" = 'Lager -- Halle 2' ]
	[ "$(value '//user_outbound[@idx=2]' $x)" = 'gs5.lan:5061;transport=tls' ]
	[ "$(value '//user_mailbox[@idx=2]' $x)" = '*97' ]
	grep -q "unknown parameter 'note'" err
}

@test "mysql: an empty result changes nothing" {
	echo old >out/settings-000413262AFE.xml
	sql -e "SELECT * FROM phones WHERE id > 99" >rows
	[ ! -s rows ]
	run -2 gs-snomcfg --prune "${SITE[@]}" -o out rows
	[[ $output == *'no rows'* ]]
	[ "$(cat out/settings-000413262AFE.xml)" = old ]
}

@test "mysql: --raw and -N are noticed" {
	sql --raw <"$QUERY" >rows
	run -1 gs-snomcfg "${SITE[@]}" -o out rows
	[[ $output == *--raw* ]]
	[ ! -e out/settings-000413262AFE.xml ]
	[ -e out/settings-000413410001.xml ]
	sql -N <"$QUERY" >rows
	run -2 gs-snomcfg "${SITE[@]}" -o out rows
	[[ $output == *-N* ]]
}

@test "mysql: latin1 from a wrong connection names row and column" {
	mariadb --no-defaults -uroot --socket="$SOCK" --default-character-set=latin1 \
		--batch gemeinschaft <"$QUERY" >rows
	run -1 gs-snomcfg "${SITE[@]}" -o out rows
	[[ $output == *'column caller_name: byte 2 (0xfc)'*data-bytes* ]]
	[ ! -e out/settings-000413262AFE.xml ]
}

@test "mysql: the second run touches nothing" {
	sql <"$QUERY" | gs-snomcfg -q "${SITE[@]}" --links -o out
	before=$(stat -c '%n %i %Y' out/*)
	run -0 gs-snomcfg "${SITE[@]}" --links --prune -o out < <(sql <"$QUERY")
	[[ $output == *'0 written, 3 unchanged, 0 removed, 0 failed'* ]]
	[ "$(stat -c '%n %i %Y' out/*)" = "$before" ]
}

# SPDX-License-Identifier: MIT
# gs-snomcfg: rows to settings.

setup() {
	load "$GS_TOP/tests/helpers/snom.bash"
	load "$GS_TOP/tests/helpers/process.bash"
	cd "$BATS_TEST_TMPDIR" || return 1
}

MAC=00:04:13:26:2a:fe

@test "render: a parameter does not switch off what the others ask for" {
	{ echo "$HEAD"; row 000413262AFE Ada; } >rows
	for off in user.user_srtp=off user.user_savp=off; do
		gs 1 gs-snomcfg -q -j -s base_url=https://gs5.example -s "$off" -o . rows
		[ ! -e settings-000413262AFE.xml ]
		jq -r 'select(.severity == "error").rule' <<<"$output" | grep -qx 'media-savp-.*'
	done
	gs 0 gs-snomcfg -q -s base_url=https://gs5.example -s srtp=off -o . rows
	gs 1 gs-snomcfg -q --check settings-000413262AFE.xml
}

@test "render: a row without a phone is none of a phone" {
	has_secrets=yes
	{ echo "$HEAD"; row xyz Ada; row 000413410001 Ada; row abc Ada; row $MAC Ada; } >rows
	gs 1 gs-snomcfg -q -j -s base_url=https://gs5.example --phone $MAC rows
	[ "$(jq -r 'select(.type == "finding") | "\(.line) \(.rule)"' <<<"$errors")" = $'2 data-mac\n4 data-mac' ]
}

# softkeys CELL...: a row for each account of one phone, with these keys.
softkeys() {
	local cell n=0
	printf '%s\tsoftkeys\n' "$HEAD"
	for cell; do
		printf '%s\t%s\n' "$(row $MAC Ada gs5.lan "acct$((++n))")" "$cell"
	done
}

@test "render: the column softkeys is the table of keys in another form" {
	has_secrets=yes
	local url='url https://gs5.example/a,b;c' nested='\\t\\t\\tConference\\tsip:c87@gs5.example\\tdial 700'
	{
		printf 'mac_address\tposition\tfunction\tvalue\tlabel\tcontext\tperm\tgeneral\tsubscription\taction\n'
		printf '%s\t' $MAC 0 blf '<sip:501@gs5.example>|f-ia-' 'Tor & "Tür"' 1 '' '' '' && echo
		printf '%s\t' $MAC 5 speed 030,12:34 '' 1 R '' '' && echo
		printf '%s\t' $MAC 137 none '' '' active '' '' '' && echo
		printf '%s\t' $MAC 7 url https://gs5.example/a,b:c '' 2 '' '' '' && echo
		printf '%s\t%s\t\t\tKonf\t2\t\tConference\tsip:c87@gs5.example\tdial 700\n' $MAC 9
	} >keys
	softkeys '0:blf:<sip:501@gs5.example>|f-ia-\tTor & "Tür"\n5:speed:030,12:34\t\t\tR\n137:none:\t\tactive\n' \
		'7:url:https://gs5.example/a,b:c,9:none:\tKonf\t\t\tConference\tsip:c87@gs5.example\tdial 700' >rows
	gs 0 gs-snomcfg -q -s base_url=https://gs5.example --phone $MAC rows
	echo "$output" >x.xml
	cut -f1-10 rows >plain
	gs 0 gs-snomcfg -q -s base_url=https://gs5.example -k keys --phone $MAC plain
	echo "$output" | diff - x.xml
	[ "$(xmllint --xpath 'count(//fkey)' x.xml)" = 138 ]
	[ "$(value '//fkey[@idx=7]')" = 'url https://gs5.example/a,b:c' ]
	# The table wins where there is one; a phone without keys has no section.
	sed -i "s/blf/speed/" rows
	gs 0 gs-snomcfg -q -s base_url=https://gs5.example -k keys --phone $MAC rows
	echo "$output" | diff - x.xml
	softkeys NULL '' | render
	[ "$(xmllint --xpath 'count(//functionKeys)' x.xml)" = 0 ]
	softkeys '0:speed:1' '0:speed:1' | render
	[ "$(value 'count(//fkey[@idx=0][.="speed 1"])')" = 1 ]
}

@test "render: keys of the column softkeys that are none, or cut off" {
	bad() {
		softkeys "${@:2}" >rows
		gs 1 gs-snomcfg -q -j -s base_url=https://gs5.example --phone $MAC rows
		[[ $output != *'<settings>'* ]]
		[ "$(jq -r .rule <<<"$errors" | sort -u)" = "$1" ]
	}
	for cell in x 0 0:speed :speed:1 138:speed:1 '0::1' '0:a b:1' '0 :speed:1' 1000:speed:1 -1:speed:1 \
		'0:speed:1\tl\tc' '0:speed:1\tl\t1\tX' '0:speed:1\tl\t1\tR\t\t\t\tmore' \
		'0:speed:1\t\t\t\tKonf' '0:speed:1\nx' '0:speed:1\nspeed:2'; do
		bad data-key "$cell"
	done
	bad data-key-duplicate '0:speed:1\n0:speed:2'
	bad data-key-duplicate '0:speed:1' '0:speed:2'
	# What GROUP_CONCAT cut at its limit is no key.
	long=$(printf '1:speed:%1020s' | tr ' ' 7)
	for n in 1021 1022 1023 1024; do bad data-key "${long:0:$n}"; done
	for whole in "${long:0:1020}" "${long}8"; do
		softkeys "$whole" | render
		[ "$(value 'count(//fkey[@idx=1][starts-with(., "speed 777")])')" = 1 ]
	done
	softkeys "${long:0:1022}\\n" | render
}

@test "render: S1 an account goes on TLS and SRTP" {
	{ echo "$HEAD"; row $MAC Empfang gs5.lan; } | render
	xmllint --noout x.xml
	[ "$(value '//user_outbound[@idx=1]')" = 'gs5.lan:5061;transport=tls' ]
	[ "$(value '//user_host[@idx=1]')" = gs5.lan ]
	[ "$(value '//user_srtp[@idx=1]')" = on ]
	[ "$(value '//user_savp[@idx=1]')" = mandatory ]
	[ "$(value '//user_auth_tag[@idx=1]')" = off ]
	[ "$(value 'count(//user_active)')" = 12 ]
	[ "$(value '//user_active[@idx=2]')" = off ]
	gs-snomcfg --check x.xml
}

@test "render: S2 a name with quotes, umlauts and emoji comes back as it is" {
	name='Müller & "Söhne" <Chef> 😀'
	{ echo "$HEAD"; row $MAC "$name"; } | render
	xmllint --noout x.xml
	[ "$(value '//user_idle_text[@idx=1]')" = "$name" ]
}

@test "render: S3 -- and --> stay text" {
	{ echo "$HEAD"; row $MAC 'Lager -- Halle 2'; row $MAC '--><http_pass>x'; } | render
	xmllint --noout x.xml
	[ "$(value 'count(//http_pass)')" = 1 ]
	[ "$(value '//user_idle_text[@idx=2]')" = '--><http_pass>x' ]
	not grep -q '<!--' x.xml
}

@test "render: S4 bytes that XML cannot hold name row and column" {
	mkdir out
	for bad in $'Bo\xffb' $'Bo\ab' $'\xed\xa0\x80' $'\xc0\xaf' $'\xef\xbf\xbe' $'x\x7f'; do
		{ echo "$HEAD"; row $MAC Ada; row $MAC "$bad"; } >rows
		run gs-snomcfg -q -s base_url=https://a.example -o out rows
		[ "$status" -eq 1 ]
		[[ $output == *'rows:3: error: '*'[data-bytes]'* ]]
		[ -z "$(ls -A out)" ]
	done
}

@test "render: S5 a parameter row without placeholder is used, for every account" {
	printf 'id\tentity\tname\tsection\tvalue\tclass_type\n' >p
	printf '1\tphones\tuser_idle_text\tsnom\tZentrale\tString\n' >>p
	printf '2\tphones\toutbound\tsnom\t{host}:5061;transport=tls\tString\n' >>p
	printf '3\tphones\texpiry\tsnom\t600\tInteger\n' >>p
	printf '4\tphones\tmailbox\tsnom\tNULL\tNil\n' >>p
	printf '5\tNULL\tuser_idle_text\tNULL\twrong\tString\n' >>p
	{ echo "$HEAD"; row $MAC A h1.lan; row $MAC B h2.lan; } | render -p p
	[ "$(value '//user_idle_text[@idx=1]')" = Zentrale ]
	[ "$(value '//user_idle_text[@idx=2]')" = Zentrale ]
	[ "$(value '//user_outbound[@idx=1]')" = 'h1.lan:5061;transport=tls' ]
	[ "$(value '//user_outbound[@idx=2]')" = 'h2.lan:5061;transport=tls' ]
	[ "$(value '//user_expiry[@idx=2]')" = 600 ]
}

@test "render: Kozak's row {host}:5061;transport=tls for outbound reaches each account" {
	printf 'entity\tname\tsection\tvalue\n' >p
	printf 'phones\toutbound\tsnom\t{host}:5061;transport=tls\n' >>p
	printf 'phones\tuser_idle_text\tsnom\t{caller_name} ({auth_name})\n' >>p
	{ echo "$HEAD"; row $MAC A h.lan a1; row $MAC B h.lan a2; } | render -p p
	[ "$(value '//user_idle_text[@idx=2]')" = 'B (a2)' ]
	[ "$(value '//user_outbound[@idx=2]')" = 'h.lan:5061;transport=tls' ]
}

@test "render: S6 an unknown placeholder is an error before anything is written" {
	mkdir out
	{ echo "$HEAD"; row $MAC A; } >rows
	run gs-snomcfg -s base_url=https://a.example -s 'user.user_idle_text={foo}' -o out rows
	[ "$status" -eq 2 ]
	[[ $output == *'{foo}'* ]]
	[ -z "$(ls -A out)" ]
	run gs-snomcfg -s base_url=https://a.example -s 'user.user_idle_text={destroy}' -o out rows
	[ "$status" -eq 2 ]
}

@test "render: {sip_domain.realm} and braces that are no placeholder" {
	{ printf '%s\trealm\n' "$HEAD"; row $MAC A | tr '\n' '\t'; echo r.lan; } >rows
	render -s 'user.user_mailbox={sip_domain.realm} {Not this} {' <rows
	[ "$(value '//user_mailbox[@idx=1]')" = 'r.lan {Not this} {' ]
}

@test "render: S7 escapes, NULL, CR and BOM as mysql prints them" {
	{ printf '\xef\xbb\xbf%s\r\n' "$HEAD"
	  row $MAC 'a\tb\nc\\d' | tr -d '\n'; printf '\r\n'
	  printf '%s\tSnom 370\tNULL\tNULL\tNULL\t2\tx\ty\tNULL\th.lan\r\n' $MAC; } >rows
	render <rows
	[ "$(value '//user_idle_text[@idx=1]')" = $'a\tb\nc\\d' ]
	[ "$(value '//user_idle_text[@idx=2]')" = '' ]
	grep -q 'data-cr' err
	# \N is NULL in a file of SELECT ... INTO OUTFILE; the name \N is \\N.
	{ echo "$HEAD"; printf '%s\tSnom 370\t\\N\t\\N\t\\N\t2\tx\t\\\\N\tA\th.lan\n' $MAC; } | render
	[ "$(value 'count(//http_user)') $(value '//user_pass[@idx=1]')" = '0 \N' ]
	{ echo "$HEAD"; printf '%s\tSnom 370\tNULL\tNULL\tNULL\t2\tx\t\\N\tA\th.lan\n' $MAC; } >rows
	run render <rows
	[ "$status" -eq 1 ]
	{ echo "$HEAD"; printf '%s\tSnom 370\tNULL\tNULL\tNULL\t2\tx\ty\tNULL\th.lan\n' $MAC; } | render
	[ "$(value 'count(//http_user)')" = 0 ]
	[ "$(value '//setting_server')" = https://gs5.example/settings-000413262AFE.xml ]
}

@test "render: S7 a record broken by --raw fails its phone only" {
	mkdir out
	{ echo "$HEAD"; row 00:04:13:26:00:01 A; row 00:04:13:26:00:02 $'B\nB'
	  row 00:04:13:26:00:03 C; } >rows
	run gs-snomcfg -s base_url=https://a.example -o out rows
	[ "$status" -eq 1 ]
	[[ $output == *'rows:3: error: '*9*'--raw'*'[data-row]'* ]]
	[ "$(ls out)" = $'settings-000413260001.xml\nsettings-000413260003.xml' ]
	[[ $output == *'2 written, 0 unchanged, 0 removed, 1 failed'* ]]
}

@test "render: S8 no rows is its own answer, and nothing changes" {
	mkdir out
	echo old >out/settings-000413262AFE.xml
	for input in '' "$HEAD" $'\n'; do
		printf '%s' "$input" >rows
		run gs-snomcfg --prune -s base_url=https://a.example -o out rows
		[ "$status" -eq 2 ]
		[ "$(cat out/settings-000413262AFE.xml)" = old ]
	done
	run gs-snomcfg --prune -s base_url=https://a.example -o out /dev/null
	[[ $output == *'nothing was '* ]]
}

@test "render: S9 columns by name, in any order; a missing one is named" {
	{ echo "$HEAD"; row $MAC A; } | awk -F'\t' -v OFS='\t' \
		'{ for (i = NF; i > 1; i--) printf "%s\t", $i; print $1 }' >rows
	render <rows
	[ "$(value '//user_idle_text[@idx=1]')" = A ]
	for c in auth_name password caller_name host; do
		{ echo "$HEAD" | sed "s/\t$c/\tother/"; row $MAC A; } >rows
		run render rows
		[ "$status" -eq 2 ]
		grep -q ":.*'$c'" err
	done
	{ echo "$HEAD" | sed s/mac_address/other/; row $MAC A; } >rows
	mkdir out
	run gs-snomcfg -s base_url=https://a.example -o out rows
	[ "$status" -eq 2 ]
	[[ $output == *mac_address* ]]
	# Without a header, as -N prints it.
	row $MAC A >rows
	run gs-snomcfg -s base_url=https://a.example -o out rows
	[ "$status" -eq 2 ]
	[[ $output == *-N* ]]
}

@test "render: rows without a MAC are the phone's that --phone names" {
	printf 'id\tauth_name\tpassword\tcaller_name\thost\n1\ta\tGeh3imNr7Fest\tAda\t10.0.0.1\n' | render
	[ "$(value '//user_name[@idx=1]')" = a ]
}

@test "render: a phone whose rows are all refused has no settings" {
	run render < <(echo "$HEAD"; row nobody Ada)
	[ "$status" -eq 1 ]
	grep -q data-mac err
	[ ! -s x.xml ]
}

@test "render: S10 twelve accounts fit, thirteen do not; a model may hold fewer" {
	rows() { echo "$HEAD"; for i in $(seq "$1"); do row $MAC "n$i"; done; }
	rows 12 | render
	[ "$(value '//user_idle_text[@idx=12]')" = n12 ]
	run render < <(rows 13)
	[ "$status" -eq 1 ]
	grep -q data-identities err
	rows 5 | sed 's/Snom 370/snom300/' | render
	grep -q 'warning: 000413262AFE: 5 .*data-limit' err
	rows 5 | sed 's/Snom 370/snom300/' | render -s 'model=300 25 12 138'
	not grep -q data-limit err
}

@test "render: S11 function keys by position; wrong ones are named" {
	{ echo "$HEAD"; row $MAC A; } >rows
	k=$'mac_address\tposition\tfunction\tvalue\tlabel\tcontext'
	printf '%s\n%s\t5\tblf\t<sip:10@gs5>|f-ia-\tBob & "Söhne"\t1\n%s\t0\tspeed\t0301\tA\tactive\n' "$k" $MAC $MAC >keys
	render -k keys -s certificate_url=ca.der rows
	xmllint --noout --relaxng "$GS_TOP/tests/fixtures/snom/settings.rng" x.xml
	[ "$(value 'count(//fkey)')" = 138 ]
	[ "$(value '//fkey[@idx=5]')" = 'blf <sip:10@gs5>|f-ia-' ]
	[ "$(value '//fkey[@idx=5]/@label')" = 'Bob & "Söhne"' ]
	[ "$(value '//fkey[1]')" = 'speed 0301' ]
	[ "$(value '//fkey[@idx=7]')" = 'none ' ]
	render -k keys -s pad_keys=off rows
	[ "$(value 'count(//fkey)')" = 2 ]
	# A pipe gives the same.
	render -k <(cat keys) -s pad_keys=off rows
	[ "$(value 'count(//fkey)')" = 2 ]
	for bad in 138 -1 x 0005; do
		printf '%s\n%s\t%s\tspeed\t1\tA\t1\n' "$k" $MAC "$bad" >keys
		run render -k keys rows
		[ "$status" -eq 1 ]
		grep -q 'data-key\]' err
		[ ! -s x.xml ]
	done
	printf '%s\n%s\t3\tspeed\t1\tA\t1\n%s\t3\tspeed\t1\tA\t1\n' "$k" $MAC $MAC >keys
	run render -k keys rows
	[ "$status" -eq 1 ]
	grep -q 'data-key-duplicate' err
	printf '%s\n%s\t3\tspeed\t1\tA\t13\n' "$k" $MAC >keys
	run render -k keys rows
	[ "$status" -eq 1 ]
}

@test "render: function keys that follow a state" {
	{ echo "$HEAD"; row $MAC A; row 00:04:13:26:00:02 B; } >rows
	k=$'mac_address\tposition\tfunction\tvalue\tlabel\tgeneral\tsubscription\taction'
	nest() { printf '%s\n%s\t4\t%s\t%s\tL\t%s\t%s\t%s\n' "$k" $MAC "$@" >keys; }
	nest conference NULL 'A "conference"' sip:conf1@gs5.lan 'dial f-ta-700 connected,holding|dial 700'
	render -k keys rows
	xmllint --noout --relaxng "$GS_TOP/tests/fixtures/snom/settings.rng" x.xml
	f='//fkey[@idx=4]'
	[ "$(value "$f/general/@type")" = 'A "conference"' ]
	[ "$(value "$f/subscription/@for")" = sip:conf1@gs5.lan ]
	[ "$(value "$f//level1")" = '/dialog-info[@entity="sip:conf1@gs5.lan"]' ]
	[ "$(value "$f/action/dial[@states='connected,holding']/@target")" = f-ta-700 ]
	[ "$(value "$f/action/dial[@states='']/@target")" = 700 ]
	[ "$(value 'count(//fkey)')" = 138 ]
	rules <x.xml; hasnt error
	nest acd_membership NULL ACD sip:f-acd-1@gs5.lan 'url config_snom/1/2/acd.xml?acd=3&function=toggle'
	render -k keys rows
	[ "$(value "$f/action/url/@target")" = 'https://gs5.example/config_snom/1/2/acd.xml?acd=3&function=toggle' ]
	# Rows without these columns' values are as before.
	nest speed 0301 NULL NULL NULL
	render -k keys rows
	[ "$(value "$f")" = 'speed 0301' ]
	while IFS=, read -r value general subscription action; do
		nest x "$value" "$general" "$subscription" "$action"
		run render -k keys rows
		[ "$status" -eq 1 ]
		grep -q 'data-key\]' err
		[ ! -s x.xml ]
	done <<-'EOF'
		1,G,sip:a@b,dial 1
		NULL,NULL,sip:a@b,dial 1
		NULL,G,a@b,dial 1
		NULL,G,sip:a"b,dial 1
		NULL,G,sip:a@b,call 1
		NULL,G,sip:a@b,dial
		NULL,G,sip:a@b,dial 1 2 3
		NULL,G,sip:a@b,dial 1||dial 2
	EOF
	# Each phone's keys are checked, not only the first one's.
	printf 'mac_address\tposition\tfunction\tvalue\tlabel\n%s\t0\turl\thttps://gs5.example/x\tA\n%s\t0\turl\thttp://gs5.example:443/x\tA\n' \
		$MAC 00:04:13:26:00:02 >keys
	mkdir out
	gs 1 gs-snomcfg -q -s base_url=https://gs5.example -k keys -o out rows
	[[ $output$errors == *'000413260002, line'*'[prov-scheme-port]'* ]]
	[ "$(ls out)" = settings-000413262AFE.xml ]
	# The same in a column that a parameter puts into a URL.
	{ echo "$HEAD"$'\thook'; row $MAC A | sed 's|$|\thttps://a.example/|'
	  row 00:04:13:26:00:02 B | sed 's|$|\thttps://a.example:80/|'; } >hooks
	run gs-snomcfg -q -s base_url=https://gs5.example -s 'phone.action_setup_url={hook}' -o out hooks
	[ "$status" -eq 1 ]
	[[ $output == *'000413260002, line'*'[prov-scheme-port]'* ]]
}

@test "render: names of settings that are nearly right" {
	{ echo "$HEAD"; row $MAC A; } >rows
	printf 'user.user_svap = mandatory\nphone.dim_timer = 1\n' >p
	render -p p rows
	grep -qF "p:1: warning: 'user.user_svap': unknown setting; did you mean 'user.user_savp'? [data-parameter]" err
	[ "$(grep -c data-parameter err)" = 1 ]
	printf 'name\tvalue\nuser_svap\tmandatory\nphone.webserver_typ\toff\n' >p
	render -p p rows
	grep -q "p:2: .*'user_savp'? \[data-parameter\]" err
	grep -q "p:3: .*'phone.webserver_type'? \[data-parameter\]" err
	render -s phone.tls_server_authentification=on rows
	grep -q "did you mean 'phone.tls_server_authentication'?" err
}

@test "render: a Vision is no phone" {
	{ echo "$HEAD"; row 00:04:13:43:00:01 A | sed 's/Snom 370/Snom Vision/'; row $MAC B; } >rows
	mkdir out
	gs-snomcfg -j -s base_url=https://gs5.example -o out rows >said
	jq -e 'select(.rule == "data-vision" and .line == 2)' said
	[ "$(ls out)" = settings-000413262AFE.xml ]
	run gs-snomcfg -s base_url=https://gs5.example --phone 000413430001 rows
	[ "$status" -eq 1 ]
	[[ $output == *'[data-vision]'* ]]
}

@test "render: keys of phones in another order are found" {
	mkdir out
	{ echo "$HEAD"; for i in 1 2 3; do row "00:04:13:26:00:0$i" "n$i"; done; } >rows
	{ printf 'mac_address\tposition\tfunction\tvalue\tlabel\n'
	  for i in 3 1; do printf '00-04-13-26-00-0%s\t1\tspeed\t%s\tk\n' $i $i; done; } >keys
	gs-snomcfg -q -s base_url=https://a.example -k keys -o out rows
	[ "$(value '//fkey[@idx=1]' out/settings-000413260003.xml)" = 'speed 3' ]
	[ "$(value '//fkey[@idx=1]' out/settings-000413260001.xml)" = 'speed 1' ]
	[ "$(value 'count(//fkey)' out/settings-000413260002.xml)" = 0 ]
}

@test "render: a wrong row of keys keeps its phone's file, an empty table all" {
	mkdir out
	{ echo "$HEAD"; for i in 1 2 3; do row "00:04:13:26:00:0$i" "n$i"; done; } >rows
	k=$'mac_address\tposition\tfunction\tvalue\tlabel'
	site=(-q -s base_url=https://a.example -k keys -o out rows)
	for bad in $'000413260002\t1\tspeed' $'000413260002\t1\tspeed\t1\tk\t9'; do
		rm -f out/*
		printf '%s\n000413260001\t1\tspeed\t1\tk\n%s\n000413260003\t1\tspeed\t3\tk\n' "$k" "$bad" >keys
		run gs-snomcfg "${site[@]}"
		[ "$status" -eq 1 ]
		[[ $output == *'keys:3: error: '*'[data-row]'* ]]
		[ "$(ls out | tr '\n' ' ')" = 'settings-000413260001.xml settings-000413260003.xml ' ]
	done
	# Broken behind good ones; those that are not together are used.
	printf '%s\n000413260001\t1\tspeed\t1\tk\n000413260001\t2\tspeed\n000413260002\t1\tspeed\t1\tk\n000413260003\t1\tspeed\t3\tk\n000413260002\t2\tspeed\t1\tk\n' "$k" >keys
	rm -f out/*
	run gs-snomcfg "${site[@]}"
	[ "$status" -eq 1 ]
	[ "$(ls out | tr '\n' ' ')" = 'settings-000413260002.xml settings-000413260003.xml ' ]
	[ "$(value '//fkey[@idx=2]' out/settings-000413260002.xml)" = 'speed 1' ]
	[[ $output == *'keys:6: note: 000413260002 '*data-order* ]]
	for empty in '' "$k"; do
		printf '%s' "$empty" >keys
		run gs-snomcfg "${site[@]}"
		[ "$status" -eq 2 ]
		[[ $output == *'keys: '* ]]
	done
}

@test "render: S12 scheme and port of base_url must agree" {
	{ echo "$HEAD"; row $MAC A; } >rows
	for bad in http://host:443/ https://host:80 https://host:5061 http://u:p@host/ \
		ftp://host/ host https:// https://host:0 https://host:70000 \
		'https://h o/' https://2001:db8::1/ https://host/?x 'https://host/#x'; do
		run gs-snomcfg -s base_url="$bad" --phone $MAC rows
		[ "$status" -eq 2 ]
		[[ $output == *base_url* ]]
	done
	for good in https://host:443/ https://h:8443/p/ 'https://[2001:db8::1]:443'; do
		gs-snomcfg -q -s base_url="$good" --phone $MAC rows >x.xml
		xmllint --noout x.xml
	done
	gs-snomcfg -q -s base_url=http://h:8080 --profile legacy --phone $MAC rows >x.xml
	gs-snomcfg -q -s base_url=https://h:8443/p/ --phone $MAC rows >x.xml
	[[ $(value //setting_server) == https://h:8443/p/snom-*.xml ]]
}

@test "render: S14 IPv6 gets its brackets" {
	{ echo "$HEAD"; row $MAC A 2001:db8::1; } | render
	[ "$(value '//user_outbound[@idx=1]')" = '[2001:db8::1]:5061;transport=tls' ]
	{ echo "$HEAD"; row $MAC A h.lan; } | render -s sip_host=2001:db8::2
	[ "$(value '//user_outbound[@idx=1]')" = '[2001:db8::2]:5061;transport=tls' ]
	gs-snomcfg --check x.xml
}

@test "render: a host that is none is an error" {
	for bad in 'gs5.lan;x' 'gs5.lan:5061' '1.2.3' 'a b' '-x' 'x..y'; do
		{ echo "$HEAD"; row $MAC A "$bad"; } >rows
		run render rows
		[ "$status" -eq 1 ]
		grep -q 'column host.*data-host' err
	done
	# With a port, no phone looks up an SRV record.
	for bad in _sips._tcp.gs5.lan _SIP._udp.gs5.lan; do
		{ echo "$HEAD"; row $MAC A "$bad"; } >rows
		run render rows
		[ "$status" -eq 1 ]
		grep -q 'column host.*data-host' err
		run render -s sip_host="$bad" rows
		[ "$status" -eq 2 ]
		grep -q "sip_host.*$bad" err
	done
	{ echo "$HEAD"; row $MAC A NULL; } >rows
	run render rows
	[ "$status" -eq 1 ]
	grep -q 'data-empty' err
	render -s sip_host=gs5.lan rows
	[ "$(value '//user_host[@idx=1]')" = gs5.lan ]
}

@test "render: S15 a MAC in any spelling; wrong and foreign ones are named" {
	mkdir out
	for mac in 00:04:13:26:2a:fe 00-04-13-26-2A-FE 000413262afe 0004.1326.2afe \
		'00 04 13 26 2a fe' 00.04.13.26.2a.fe 000413-262AFE 0004:1326:2afe ' 000413262AFE '; do
		{ echo "$HEAD"; row "$mac" A; } >rows
		gs-snomcfg -q -s base_url=https://a.example -o out rows
		[ "$(ls out)" = settings-000413262AFE.xml ]
	done
	for mac in 000413262AF 00:04:13-26:2a:fe 00:0413262afe 000413:26:2afe 0x000413262afe 00:04:13:26:2a:fe:00 00:04:13:26:2a:fg ../../etc/x; do
		{ echo "$HEAD"; row $mac A; } >rows
		run gs-snomcfg -s base_url=https://a.example -o out rows
		[ "$status" -eq 1 ]
		[[ $output == *data-mac]* ]]
	done
	{ echo "$HEAD"; row 00:11:22:33:44:55 A; } >rows
	run gs-snomcfg -s base_url=https://a.example -o out rows
	[ "$status" -eq 0 ]
	[[ $output == *data-mac-vendor* ]]
	{ echo "$HEAD"; row 00:04:13:ff:00:01 A | sed 's/Snom 370/NULL/'; } >rows
	run gs-snomcfg -s base_url=https://a.example -o out rows
	[[ $output == *data-model* ]]
	for model in 'snomD785-SIP 10.1.198.14' D862 snom870 'SNOM d717' snom-D815 'Snom 370/8.7'; do
		{ echo "$HEAD"; row 00:04:13:ff:00:01 A | sed "s#Snom 370#$model#"; } >rows
		run gs-snomcfg -s base_url=https://a.example -o out rows
		[[ $output != *data-model* ]]
	done
	{ echo "$HEAD"; row 00:04:13:25:00:01 A | sed 's/Snom 370/NULL/'; } >rows
	run gs-snomcfg -s base_url=https://a.example -o out rows
	[[ $output != *data-model* ]]
}

@test "render: S16 the provisioning key is in setting_server and in no message" {
	{ echo "$HEAD"; row $MAC $'A\a'; row $MAC B; } >rows
	run render -v rows
	not grep -q a9170af083 err
	{ echo "$HEAD"; row $MAC A; } | render
	[ "$(value //setting_server)" = https://gs5.example/snom-a9170af083fed2bae9bb92df.xml ]
	{ echo "$HEAD"; row $MAC A; } | render -s provisioning_key=off
	[ "$(value //setting_server)" = https://gs5.example/settings-000413262AFE.xml ]
	{ echo "$HEAD"; row $MAC A; } | render -s 'setting_path=p/{mac}/{provisioning_key}'
	[ "$(value //setting_server)" = https://gs5.example/p/000413262AFE/a9170af083fed2bae9bb92df ]
	{ echo "$HEAD"; row $MAC A | sed 's/a9170af083/a9\/..\/x/'; } >rows
	run render rows
	[ "$status" -eq 1 ]
	grep -q 'provisioning_key.*data-bytes' err
}

@test "render: parameters that contradict each other are refused" {
	no() {
		{ echo "$HEAD"; row $MAC A; } >rows
		run gs-snomcfg -s base_url=https://a.example "${@:2}" --phone $MAC rows
		[ "$status" -eq 2 ] || return 1
		[[ $output == *"$1"* ]] || { echo "$output"; return 1; }
	}
	no 'in the clear' -s transport=udp
	no 'a=crypto in RTP/AVP' -s savp=off
	no 'savp is' -s savp=on
	no 'savp is' -s savp=Mandatory
	no '5060' -s sip_port=5060
	no '5060' -s sip_port=5060 -s srtp=off
	no '5061' -s sip_port=5061 -s srtp=off -s transport=udp
	no 'sip_port' -s sip_port=65536
	no 'user_outbound' -s 'user.user_outbound={host}:5060'
	no "did you mean 'savp'" -s savpp=on
	no "did you mean 'base_url'" -s BASE_URL=https://gs5.example
	no 'xn--' -s base_url=https://münchen.example
	no 'certificate_url' --profile verify
	no 'encrypt, verify or legacy' --profile strict
	no 'command line' -s admin_password=Sup3rAdm1nPin
	no 'command line' -s phone.http_pass=Sup3rAdm1nPin
	[[ $output != *Sup3r* ]]
	no 'base_url is not set' -s base_url=
}

@test "render: profiles" {
	{ echo "$HEAD"; row $MAC A; } >rows
	run gs-snomcfg -s base_url=https://a.example --phone $MAC rows
	[[ $output == *'profile encrypt'* ]]
	run gs-snomcfg -s base_url=https://a.example -s certificate_url=ca.der --phone $MAC rows
	[[ $output == *'profile verify'* ]]
	render --profile verify -s certificate_url=ca.der -s certificate_url=http://b/x.der -s server_authentication=on rows
	[ "$(value '//tls_server_authentication')" = on ]
	[ "$(value '//check_fqdn_against_server_cert')" = on ]
	[ "$(value '//certificates/certificate[1]/@url')" = https://gs5.example/ca.der ]
	[ "$(value '//certificates/certificate[2]/@url')" = http://b/x.der ]
	render -s srtp=off -s transport=tcp rows
	[ "$(value '//user_outbound[@idx=1]')" = '192.168.0.253:5060;transport=tcp' ]
	run gs-snomcfg -q --check x.xml
	[ "$status" -eq 1 ]
	run gs-snomcfg -s base_url=http://a.example --phone $MAC rows
	[ "$status" -eq 1 ]
	[[ $output == *'base_url'* ]]
	[[ $output == *'rows:2: error: 000413262AFE, line '*'[prov-plain]'* ]]
	[[ $output != *'<settings>'* ]]
	render --profile legacy rows
	[ "$(value '//user_srtp[@idx=1]')" = off ]
	[ "$(value '//user_savp[@idx=1]')" = off ]
	[ "$(value '//user_outbound[@idx=1]')" = '' ]
	[ "$(value '//webserver_type')" = http_https ]
	[ "$(value 'count(//tls_server_authentication)')" = 0 ]
}

@test "render: parameters from a file, later ones win" {
	cat >p <<-'EOF'
		# a site
		base_url = https://one.example
		sip_port = 5071
		admin_password = "Sup3rAdm1nPin"
		language = 'Deutsch'
		phone.dim_timer = 60
		user.user_mailbox = *97
	EOF
	printf 'sip_port = 5081\r\n' >q
	{ echo "$HEAD"; row $MAC A; } >rows
	gs-snomcfg -q -p p -p q -s base_url=https://two.example --phone $MAC rows >x.xml
	[ "$(value '//user_outbound[@idx=1]')" = '192.168.0.253:5081;transport=tls' ]
	[ "$(value '//admin_mode_password')" = Sup3rAdm1nPin ]
	[ "$(value '//language')" = Deutsch ]
	[ "$(value '//dim_timer')" = 60 ]
	[ "$(value '//user_mailbox[@idx=1]')" = '*97' ]
	[[ $(value '//setting_server') == https://two.example/* ]]
	echo 'no equals' >q
	run gs-snomcfg -p q --phone $MAC rows
	[ "$status" -eq 2 ]
	[[ $output == *'q: line 1'* ]]
	printf 'entity\tname\tsection\tvalue\nphones\tnote\tsnom\ttab\\there\n' >q
	run gs-snomcfg -q -p p -p q --phone $MAC rows
	[ "$status" -eq 0 ]
	[[ $output == *data-parameter* ]]
	# What a misspelt one may have been meant to be, wherever it stands.
	echo 'languaje = Deutsch' >q
	gs 2 gs-snomcfg -p q --phone $MAC rows
	[[ $errors == *"q: line 1: unknown parameter 'languaje'; did you mean 'language'?"* ]]
	gs 2 gs-snomcfg -s languaje=x --phone $MAC rows
	[[ $errors == *"unknown parameter 'languaje'; did you mean 'language'?"* ]]
	printf 'entity\tname\tsection\tvalue\nphones\tlanguaje\tsnom\tx\n' >q
	run gs-snomcfg -q -p p -p q --phone $MAC rows
	[ "$status" -eq 0 ]
	[[ $output == *"unknown parameter 'languaje'; did you mean 'language'? [data-parameter]"* ]]
}

@test "render: a base lies under what is rendered" {
	cat >base.xml <<-'EOF'
		<?xml version="1.0" encoding="utf-8"?>
		<settings><phone-settings>
		<dim_timer perm="RW">30</dim_timer>
		<webserver_type perm="RW">http</webserver_type>
		<mwi_dialtone perm="RW">stutter</mwi_dialtone>
		<user_srtp idx="3" perm="RW">off</user_srtp>
		<codec1_name idx="1" perm="RW">8</codec1_name>
		<context_key idx="0" perm="R"><action><url target="https://x/" when="on press"/></action></context_key>
		<!-- a comment -->
		</phone-settings>
		<functionKeys><fkey idx="1" context="active" label="Base &amp; Co" perm="RW">speed 9</fkey></functionKeys>
		<tbook e="2"><item context="active"><number>1</number></item></tbook>
		</settings>
	EOF
	{ echo "$HEAD"; row $MAC A; } >rows
	render -b base.xml rows
	xmllint --noout x.xml
	[ "$(value '//dim_timer')" = 30 ]
	[ "$(value '//webserver_type')" = https ]
	[ "$(value '//mwi_dialtone')" = stutter ]
	[ "$(value 'count(//mwi_dialtone)')" = 1 ]
	[ "$(value '//user_srtp[@idx=3]')" = on ]
	[ "$(value 'count(//user_srtp)')" = 12 ]
	[ "$(value '//codec1_name[@idx=1]')" = 8 ]
	[ "$(value 'count(//codec1_name)')" = 12 ]
	[ "$(value '//context_key/action/url/@target')" = https://x/ ]
	[ "$(value '//fkey[@idx=1]')" = 'speed 9' ]
	[ "$(value '//tbook/item/number')" = 1 ]
	# Settings alone have no sections.
	echo '<phone-settings><dim_timer perm="RW">31</dim_timer><user_srtp idx="3" perm="RW">off</user_srtp></phone-settings>' >alone.xml
	render -b alone.xml rows
	[ "$(value '//dim_timer')" = 31 ]
	[ "$(value 'count(//dim_timer)')" = 1 ]
	[ "$(value 'count(//user_srtp)')" = 12 ]
	printf 'mac_address\tposition\tfunction\tvalue\tlabel\n%s\t1\tspeed\t7\tmine\n' $MAC >keys
	render -b base.xml -k keys rows
	[ "$(value '//fkey[@idx=1]')" = 'speed 7' ]
	for bad in '<settings>' '<html/>' '<settings><phone-settings><a b="x">1</a></phone-settings></settings><x/>' \
		'<!DOCTYPE a><settings><phone-settings><a>1</a></phone-settings></settings>' \
		'<?xml version="1.0" encoding="iso-8859-1"?><settings><phone-settings><a>'$'\xe4''</a></phone-settings></settings>'; do
		printf '%s' "$bad" >bad.xml
		run render -b bad.xml rows
		[ "$status" -eq 2 ]
		grep -q 'bad.xml' err
	done
}

@test "files: S31 the same input again touches nothing" {
	mkdir out
	{ echo "$HEAD"; row 00:04:13:26:00:01 A; row 00:04:13:26:00:02 B; } >rows
	run gs-snomcfg -s base_url=https://a.example -o out rows
	[[ $output == *'2 written, 0 unchanged'* ]]
	touch -d 2001-01-01 out/*
	before=$(stat -c '%n %i %Y' out/*)
	run gs-snomcfg -s base_url=https://a.example -o out rows
	[ "$status" -eq 0 ]
	[[ $output == *'0 written, 2 unchanged, 0 removed, 0 failed'* ]]
	[ "$(stat -c '%n %i %Y' out/*)" = "$before" ]
	sed -i 's/\tB\t/\tC\t/' rows
	run gs-snomcfg -j -s base_url=https://a.example -o out rows
	[[ $output == *'"written":1,"unchanged":1,"removed":0,"failed":0'* ]]
	[ "$(stat -c %Y out/settings-000413260001.xml)" = "$(date -d 2001-01-01 +%s)" ]
}

@test "files: S32 mode, links, a folder that cannot be written, a full disk" {
	mkdir out
	{ echo "$HEAD"; row $MAC A; } >rows
	f=out/settings-000413262AFE.xml
	for mask in 000 077 022; do
		rm -f $f
		(umask $mask; gs-snomcfg -q -s base_url=https://a.example -o out rows)
		[ "$(stat -c %a $f)" = 640 ]
	done
	echo precious >target
	ln -sf ../target $f
	gs-snomcfg -q -s base_url=https://a.example -o out rows
	[ ! -L $f ]
	[ "$(cat target)" = precious ]
	run gs-snomcfg -s base_url=https://a.example -o missing rows
	[ "$status" -eq 2 ]
	run gs-snomcfg -s base_url=https://a.example -o rows rows
	[ "$status" -eq 2 ]
	echo old >$f
	(ulimit -f 1; trap '' XFSZ; gs-snomcfg -q -s base_url=https://a.example -o out rows 2>err) && false
	[ "$(cat $f)" = old ]
	[ "$(ls -A out | xargs)" = '.gs-snomcfg settings-000413262AFE.xml' ]
	run bash -c 'gs-snomcfg -q -s base_url=https://a.example --phone 000413262AFE rows >/dev/full'
	[ "$status" -eq 2 ]
}

@test "files: a dry run and --prune" {
	mkdir out
	{ echo "$HEAD"; row 00:04:13:26:00:01 A; row 00:04:13:26:00:02 B; } >rows
	run gs-snomcfg -n -s base_url=https://a.example -o out rows
	[ "$status" -eq 0 ]
	[[ $output == *'would be: 2 written'* ]]
	[ -z "$(ls -A out)" ]
	gs-snomcfg -q -s base_url=https://a.example -o out rows
	touch out/settings-general.xml out/settings-000413260009.xml out/settings-00041326000a.xml out/notes
	head -2 rows >one
	gs-snomcfg -q -s base_url=https://a.example -o out one
	[ "$(ls out | wc -l)" -eq 6 ]
	run gs-snomcfg -n --prune -s base_url=https://a.example -o out one
	[[ $output == *'would remove settings-000413260002.xml'*'1 removed'* ]]
	[ "$(ls out | wc -l)" -eq 6 ]
	run gs-snomcfg --prune -s base_url=https://a.example -o out one
	[[ $output == *'1 removed'* ]]
	# What gs-snomcfg did not write stays.
	[ "$(ls out | xargs)" = 'notes settings-000413260001.xml settings-000413260009.xml settings-00041326000a.xml settings-general.xml' ]
	rm out/settings-000413260009.xml
	# A phone whose rows are wrong is not gone.
	{ cat one; row 00:04:13:26:00:02 $'\a'; } >rows
	cp one two; echo x >out/settings-000413260002.xml
	run gs-snomcfg --prune -s base_url=https://a.example -o out rows
	[ "$status" -eq 1 ]
	[ -e out/settings-000413260002.xml ]
	# Nor is any when the input was cut off or broken.
	for cut in 10 20 60; do
		{ cat one; row 00:04:13:26:00:02 B | head -c $cut; } >rows
		run gs-snomcfg --prune -s base_url=https://a.example -o out rows
		[ "$status" -eq 1 ]
		[[ $output == *'rows:3: error: '*'data-row'* ]]
		[[ $output == *'nothing was removed'* ]]
		[ "$(cat out/settings-000413260002.xml)" = x ]
	done
	{ cat one; row 00:04:13:26:00:03 C | head -c -1; } >rows
	run gs-snomcfg --prune -s base_url=https://a.example -o out rows
	[ "$status" -eq 1 ]
	[[ $output == *'[data-row]'* ]]
	[ ! -e out/settings-000413260003.xml ] && [ -e out/settings-000413260002.xml ]
	# Nor is any when a row names no phone.
	{ cat one; echo broken; } >rows
	run gs-snomcfg --prune -s base_url=https://a.example -o out rows
	[ "$status" -eq 1 ]
	[ -e out/settings-000413260002.xml ]
}

# fleet FROM TO: rows of the phones with these numbers.
fleet() {
	echo "$HEAD"
	for i in $(seq "$1" "$2"); do
		row "$(printf '00:04:13:26:01:%02x' "$i")" "n$i" |
			sed "s/a9170af083fe[0-9a-f]*/key$i/"
	done
}
# into ARGS...: renders standard input into out; "removed ..." lines and
# complaints go to said.
into() {
	gs-snomcfg -q -s base_url=https://a.example -o out "$@" >said 2>&1
}

@test "prune: the list is 0600 and names phones, files and links" {
	mkdir out
	fleet 1 2 | into --links
	[ "$(stat -c %a out/.gs-snomcfg)" = 600 ]
	[ "$(sed 's/ [0-9]* [0-9]*$//' out/.gs-snomcfg)" = "$(printf '%s\n' \
		'gs-snomcfg 1' 'file 000413260101' 'link 000413260101 snom-key1.xml' \
		'file 000413260102' 'link 000413260102 snom-key2.xml' end)" ]
	# It does not change without need, and carries the phones of other
	# runs on.
	before=$(stat -c '%i %Y' out/.gs-snomcfg)
	fleet 1 2 | into --links
	[ "$(stat -c '%i %Y' out/.gs-snomcfg)" = "$before" ]
	[ "$(ls -A out | grep -c gs-snomcfg)" -eq 1 ]
	fleet 2 2 | into --links
	fleet 1 1 | into
	[ "$(sed 's/ [0-9]* [0-9]*$//' out/.gs-snomcfg | sort | xargs)" = \
		'end file 000413260101 file 000413260102 gs-snomcfg 1 link 000413260101 snom-key1.xml link 000413260102 snom-key2.xml' ]
	fleet 2 2 | into --prune
	[ "$(ls out | xargs)" = 'settings-000413260102.xml snom-key2.xml' ]
	[ "$(sort said | xargs)" = 'removed a link removed settings-000413260101.xml' ]
	# Settings that are checked or listed do not include it.
	gs-snomcfg --check out/*.xml >/dev/null
}

@test "prune: more than three and a tenth at once need --prune=all" {
	mkdir out
	fleet 1 41 | into --links
	# Three go, whatever part that is; of 41 four, which is no tenth.
	fleet 1 37 | into --prune
	[ "$(ls out | grep -c settings)" -eq 37 ]
	[ "$(grep -c 'removed settings' said)" -eq 4 ]
	# Four of 37 are too many.
	rc=0
	fleet 1 33 | into --prune || rc=$?
	[ "$rc" -eq 1 ]
	[ "$(ls out | grep -c settings)" -eq 37 ]
	[[ $(cat said) == *'4 of 37 '*--prune=all* ]]
	fleet 1 33 | into -n --prune=all
	[ "$(grep -c 'would remove settings' said)" -eq 4 ]
	[ "$(ls out | grep -c settings)" -eq 37 ]
	# It is said again as long as it holds.
	rc=0
	fleet 1 33 | into --prune || rc=$?
	[ "$rc" -eq 1 ]
	fleet 1 33 | into --prune=all
	[ "$(ls out | grep -c settings) $(ls out | grep -c snom-)" = '33 33' ]
	fleet 1 3 | into --prune=all
	[ "$(ls out | wc -l)" -eq 6 ]
	# Three of three.
	fleet 4 4 | into --prune
	[ "$(ls out | xargs)" = settings-000413260104.xml ]
	run gs-snomcfg --prune=some -s base_url=https://a.example -o out
	[ "$status" -eq 2 ]
	[[ $output == *'--prune requires all'* ]]
}

@test "prune: JSON and SARIF say what goes, too" {
	mkdir out
	for as in json sarif; do
		fleet 1 2 | into
		gs-snomcfg -q -f $as --prune -s base_url=https://a.example -o out \
			< <(fleet 1 1) >o 2>e
		jq -es . o >/dev/null
		case $as in
		json) [ "$(jq -r 'select(.type == "file") | .what + " " + .name' o)" = \
			'removed settings-000413260102.xml' ] ;;
		sarif) grep -q 'removed settings-000413260102.xml' e ;;
		esac
	done
}

@test "prune: what others wrote, or wrote since, stays" {
	mkdir out
	fleet 1 3 | into --links
	echo mine >out/settings-000413260102.xml
	rm out/settings-000413260103.xml
	ln -sf elsewhere out/snom-key3.xml
	ln -s settings-000413260102.xml out/mine.xml
	rc=0
	fleet 1 1 | into --prune || rc=$?
	[ "$rc" -eq 1 ]
	[ "$(cat said)" = 'kept, changed since it was written: settings-000413260102.xml' ]
	[ "$(ls out | xargs)" = 'mine.xml settings-000413260101.xml settings-000413260102.xml snom-key1.xml snom-key2.xml snom-key3.xml' ]
	# It is not on the list any more.
	fleet 1 1 | into --prune
	[ ! -s said ]
}

@test "prune: without a list, or with a damaged one, nothing goes" {
	mkdir out
	fleet 1 3 | into
	cp out/.gs-snomcfg list
	for how in none cut changed name foreign link; do
		cp list out/.gs-snomcfg
		case $how in
		none) rm out/.gs-snomcfg ;;
		cut) head -c -5 list >out/.gs-snomcfg ;;
		changed) sed 's/^file/fill/' list >out/.gs-snomcfg ;;
		name) sed '/end/i link 000413260101 snom-/../../x.xml' list >out/.gs-snomcfg ;;
		foreign) echo '<x/>' >out/.gs-snomcfg ;;
		link) ln -sf "$PWD/list" out/.gs-snomcfg ;;
		esac
		rc=0
		fleet 1 1 | into --prune || rc=$?
		[ "$rc" -eq 1 ]
		[[ $(cat said) == *'2 settings of phones'*'remain'* ]]
		[ "$(ls out | wc -l)" -eq 3 ]
		# From now on there is one.
		fleet 1 1 | into --prune
		[ ! -s said ]
		[ "$(ls out | wc -l)" -eq 3 ]
	done
	cmp list <(sed -n 1,9p list)
}

@test "prune: a run that was killed leaves nothing for ever" {
	mkdir out
	touch out/.settings-000413260101.xml.0123456789abcdef \
		out/.settings-000413260101.xml.0123456789abcdeg \
		out/.settings-foreign.xml.0123456789abcdef out/.htaccess \
		out/.snom-key1.xml.0123456789abcdef out/.gs-snomcfg.tmp
	ln -s settings-000413260101.xml out/.snom-key1.xml.fedcba9876543210
	ln -s elsewhere out/.snom-key1.xml.fedcba9876543211
	# Killed in mid-run, when nobody reads what it says any more: what it
	# wrote is on the list of the next one.
	mkfifo heard
	fleet 1 9 >rows
	awk -v row="$(row MAC n)" 'BEGIN { for (i = 0; i < 2500; i++) {
		one = row
		sub(/MAC/, sprintf("00041327%04x", i), one)
		sub(/a9170af083fe[^\t]*/, "k" i, one)
		print one } }' >>rows
	gs-snomcfg -v -s base_url=https://a.example -o out rows >heard 2>err 8>&- &
	pid=$!
	exec 8<heard
	until_true test -e out/settings-000413260108.xml
	[ ! -e out/.settings-000413260101.xml.0123456789abcdef ]
	[ ! -L out/.snom-key1.xml.fedcba9876543210 ]
	[ -e out/.settings-000413260101.xml.0123456789abcdeg ]
	[ -e out/.settings-foreign.xml.0123456789abcdef ] && [ -e out/.htaccess ]
	[ -e out/.snom-key1.xml.0123456789abcdef ]
	[ -L out/.snom-key1.xml.fedcba9876543211 ]
	# Another one waits for it, and leaves its files alone.
	fleet 20 20 >other
	gs-snomcfg -q -s base_url=https://a.example -o out other 2>waits &
	second=$!
	until_true grep 'waiting for another gs-snomcfg' waits
	kill -9 $pid
	exec 8<&-
	wait $pid || true
	wait $second
	[ -e out/settings-000413260114.xml ]
	[ "$(grep -c file out/.gs-snomcfg)" -ge 9 ]
	[ ! -e out/.gs-snomcfg.new ] && [ ! -e out/.gs-snomcfg.tmp ]
	fleet 1 1 | into --prune=all
	[ "$(ls out)" = settings-000413260101.xml ]
}

@test "files: errors name the path and the cause" {
	fleet 1 1 >rows
	gs 2 gs-snomcfg -q -s base_url=https://a.example -o none rows
	[ "$errors" = 'gs-snomcfg: folder none: No such file or directory' ]
	gs 2 gs-snomcfg -q -s base_url=https://a.example -o rows rows
	[ "$errors" = 'gs-snomcfg: rows: Not a directory' ]
	mkdir folder
	gs 2 gs-snomcfg -q -s base_url=https://a.example -o folder none
	[ "$errors" = 'gs-snomcfg: none: No such file or directory' ]
	[ -z "$(ls -A folder)" ]
}

@test "files: --links gives the name that setting_server asks for" {
	mkdir out
	{ echo "$HEAD"; row $MAC A; } >rows
	gs-snomcfg -q --links -s base_url=https://a.example -o out rows
	[ "$(readlink out/snom-a9170af083fed2bae9bb92df.xml)" = settings-000413262AFE.xml ]
	before=$(stat -c %i -- out/snom-*)
	gs-snomcfg -q --links -s base_url=https://a.example -o out rows
	[ "$(stat -c %i -- out/snom-*)" = "$before" ]
	{ echo "$HEAD"; row 00:04:13:26:00:02 A; } >rows
	run gs-snomcfg -v --prune -s base_url=https://a.example -o out rows
	[[ $output == *'removed a link'* ]]
	[[ $output != *a9170af* ]]
	[ "$(ls out)" = settings-000413260002.xml ]
}

@test "files: S33 2000 phones from one stream; one bad row loses one phone" {
	mkdir out
	{ echo "$HEAD"; row 00:04:13:26:01:02 NAME | awk '{ for (i = 0; i < 2000; i++) {
		line = $0; n = sprintf("%04x", i)
		gsub("01:02", substr(n, 1, 2) ":" substr(n, 3), line)
		sub("0102", n, line)
		sub("NAME", i == 777 ? "\a" : "n" i, line); print line } }'; } |
		gs-snomcfg -s base_url=https://a.example -o out >sum 2>err && false
	grep -q '1999 written, 0 unchanged, 0 removed, 1 failed' sum
	grep -q ':779: error: column caller_name' err
	[ "$(ls out | wc -l)" -eq 1999 ]
	[ ! -e out/settings-000413260309.xml ]
}

@test "files: what is no MAC address as it stands is none, with escapes undone" {
	mkdir out
	{ echo "$HEAD"; row 00:04:13:26:00:01 A; row '000413260002\t' B; } >rows
	for only in -o --phone; do
		[ "$only" = -o ] && set -- -o out || set -- --phone 000413260002
		run gs-snomcfg -q -s base_url=https://a.example "$@" rows
		[ "$status" -eq 1 ]
		[[ $output == *"rows:3: error: column mac_address: '000413260002\x09' "*"[data-mac]"* ]]
	done
	[ -z "$(ls -A out)" ]
}

@test "files: a comment does not part the rows of a phone" {
	mkdir out
	{ echo "$HEAD"; row 00:04:13:26:00:01 A; echo '# gsprov: disable=data-mac'
		row 00:04:13:26:00:01 B; row 00:04:13:26:00:02 C; } >rows
	run gs-snomcfg -s base_url=https://a.example -o out rows
	[ "$status" -eq 0 ]
	[[ $output == *'2 written'* ]]
	[[ $output != *data-order* ]]
	[ "$(value '//user_idle_text[@idx=2]' out/settings-000413260001.xml)" = B ]
}

@test "files: rows of one phone need not stand together" {
	mkdir out
	{ echo "$HEAD"; row 00:04:13:26:00:01 A; row 00:04:13:26:00:02 B; row 00:04:13:26:00:01 C; } >rows
	for from in rows -; do
		run gs-snomcfg -s base_url=https://a.example -o out "$from" <rows
		[ "$status" -eq 0 ]
		[[ $output == *':4: note: 000413260001 '*data-order* ]]
		[ "$(value '//user_idle_text[@idx=1]' out/settings-000413260001.xml)" = A ]
		[ "$(value '//user_idle_text[@idx=2]' out/settings-000413260001.xml)" = C ]
		[ "$(value '//user_idle_text[@idx=1]' out/settings-000413260002.xml)" = B ]
		rm out/*
	done
	# A row that names no phone damages the one in front of it.
	sed -i '3s/^[^\t]*/nobody/' rows
	run gs-snomcfg -q -s base_url=https://a.example -o out rows
	[ "$status" -eq 1 ]
	[ -z "$(ls out)" ]
}

@test "render: what --check would refuse is not written" {
	mkdir out
	echo old >out/settings-000413262AFE.xml
	{ echo "$HEAD"; row $MAC A; } >rows
	refused() {
		run gs-snomcfg -q -s base_url=https://a.example "$@" -o out rows
		[ "$status" -eq 1 ]
		[ "$(cat out/settings-000413262AFE.xml)" = old ]
	}
	printf 'name\tvalue\nuser_savp\ton\n' >p
	refused -p p
	[[ $output == *'rows:2: error: 000413262AFE, line '*'[media-value]'* ]]
	echo '<settings><phone-settings><user_srtp idx="13">off</user_srtp><a_url>http://a.example:443/x</a_url></phone-settings></settings>' >base.xml
	refused -b base.xml
	[[ $output == *'[file-index]'* ]]
	[[ $output == *'[prov-scheme-port]'* ]]
	# Nothing is printed either, unless somebody insists.
	run gs-snomcfg -q -s base_url=https://a.example -p p --phone $MAC rows
	[ "$status" -eq 1 ]
	[[ $output != *'<settings>'* ]]
	mkdir forced
	for out in "-o forced" "--phone $MAC"; do
		# shellcheck disable=SC2086 # two words
		run gs-snomcfg -q -s base_url=https://a.example -p p --force-write $out rows
		[ "$status" -eq 1 ]
		[[ $output == *'[media-value]'* ]]
	done
	[[ $output == *'<user_savp idx="1" perm="R">on</user_savp>'* ]]
	[ "$(value '//user_savp[@idx=1]' forced/settings-000413262AFE.xml)" = on ]
	# A wrong row is not written for that.
	{ cat rows; row 00:04:13:26:00:01 B | sed 's/Geh3imNr7Fest//'; } >wrong
	run gs-snomcfg -q -s base_url=https://a.example --force-write -o forced wrong
	[ "$status" -eq 1 ]
	[ ! -e forced/settings-000413260001.xml ]
	run gs-snomcfg --force-write --check rows
	[ "$status" -eq 2 ]
	# A column of the site's may switch one phone's SRTP off.
	{ echo "$HEAD"$'\tsrtp\tsavp'; for i in 1 2 3; do
		row 00:04:13:26:00:0$i A | sed "s/\$/\ton\tmandatory/"; done; } >all
	sed '3s/mandatory/on/' all >some
	printf 'user.user_srtp = {srtp}\nuser.user_savp = {savp}\n' >p
	run gs-snomcfg -q -s base_url=https://a.example -p p -o out some
	[ "$status" -eq 1 ]
	[[ $output == *'some:3: error: 000413260002, line '*"'on'"*'[media-value]'* ]]
	[ "$(ls out | tr '\n' ' ')" = 'settings-000413260001.xml settings-000413260003.xml settings-000413262AFE.xml ' ]
	# A fleet must not lock itself out.
	refused -s server_authentication=on
	[[ $output == *'[trust-no-rollout]'* ]]
	gs-snomcfg -q -s base_url=https://a.example -s server_authentication=on \
		-s builtin_root=on -o out rows
	[ "$(value //tls_server_authentication out/settings-000413262AFE.xml)" = on ]
	gs-snomcfg -q -s base_url=https://a.example -s server_authentication=on \
		-s certificate_url=http://b.example/ca.der -o out rows
	gs-snomcfg -q -s base_url=http://a.example --profile legacy -o out rows
}

@test "render: what nobody means is said" {
	{ echo "$HEAD"; row $MAC A | sed 's/Geh3imNr7Fest/NULL/'; } | render && false
	grep -q ':2: error: column password.*data-empty' err
	{ echo "$HEAD"; row $MAC A; row 00:04:13:26:00:01 B | sed 's/a9170af083fe[0-9a-f]*/a9170af083fed2bae9bb92df/'; } >rows
	mkdir out
	run gs-snomcfg -q -s base_url=https://a.example -o out rows
	[ "$status" -eq 1 ]
	[[ $output == *'rows:3: error: 000413260001 '*' line 2 '*data-provisioning-key* ]]
	[[ $output != *a9170af083fe* ]]
	[ "$(ls out)" = settings-000413262AFE.xml ]
	printf 'base_url = https://a.example # ours\ntimezone = GER+1\t# Berlin\nlanguage = "a # b"\n' >p
	gs-snomcfg -p p --phone $MAC rows >x.xml 2>err
	[ "$(grep -c 'note: .*data-comment' err)" -eq 2 ]
	[ "$(value //timezone)" = GER+1 ]
	[ "$(value //language)" = 'a # b' ]
	run gs-snomcfg -s base_url=https://a.example -s setting_path=x.xml --phone $MAC rows
	[ "$status" -eq 2 ]
	[[ $output == *setting_path* ]]
	run gs-snomcfg -s base_url=https://a.example -s setting_path='{mac}/{password}' --phone $MAC rows
	[ "$status" -eq 2 ]
	[[ $output == *'{password} is a password'* ]]
	run gs-snomcfg -s base_url=https://a.example -s 'phone.action_setup_url=https://a.example/{password}' --phone $MAC rows
	[ "$status" -eq 2 ]
	for path in '{model}.xml' 'x/{host}'; do
		run gs-snomcfg -s base_url=https://a.example -s setting_path="$path" --phone $MAC rows
		[ "$status" -eq 2 ]
	done
	# A phone without the key would have the URL of all such phones.
	{ echo "$HEAD"; row $MAC A | sed 's/a9170af083fed2bae9bb92df/NULL/'; } >rows
	run gs-snomcfg -q -s base_url=https://a.example -s 'setting_path=a/{provisioning_key}.xml' --phone $MAC rows
	[ "$status" -eq 1 ]
	[[ $output == *'column provisioning_key '*'[data-empty]'* ]]
	{ echo "$HEAD"; row $MAC A | sed 's/Geh3imNr7Fest/  /'; } | render && false
	grep -q ':2: error: column password.*data-empty' err
	printf 'base_url = https://a.example\nlanguage = "a # b" # c\ntimezone = "GER#1"\n' >p
	gs-snomcfg -p p --phone $MAC rows >x.xml 2>err
	[ "$(grep -c 'note: .*data-comment' err)" -eq 1 ]
	[ "$(value //language)" = 'a # b' ]
	[ "$(value //timezone)" = 'GER#1' ]
}

@test "render: the keys of a phone that the table lacks are left alone" {
	{ echo "$HEAD"; row $MAC A; } >rows
	printf 'mac_address\tposition\tfunction\tvalue\tlabel\n000413260001\t1\tspeed\t1\tk\n' >keys
	render -k keys rows
	grep -q 'keys: note: .*000413262AFE.*data-no-keys' err
	[ "$(value 'count(//fkey)')" = 0 ]
	# Those of the base are everybody's.
	echo '<settings><phone-settings><a perm="R">1</a></phone-settings><functionKeys><fkey idx="3" context="active" label="" perm="RW">speed 9</fkey></functionKeys></settings>' >base.xml
	render -k keys -b base.xml rows
	[ "$(value '//fkey[@idx=3]')" = 'speed 9' ]
}

@test "render: phones of other makers are left out, quietly with -q" {
	mkdir out
	{ echo "$HEAD"; row 00:1a:e8:00:00:01 A; row $MAC B; } | sed '2s/Snom 370/openstage/' >rows
	run gs-snomcfg -q -s base_url=https://a.example -o out rows
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$(ls out)" = settings-000413262AFE.xml ]
	run gs-snomcfg -s base_url=https://a.example -o out rows
	[[ $output == *"note: 001AE8000001 "*"[data-mac-vendor]"* ]]
	gs-snomcfg -q -s base_url=https://a.example --phone 001ae8000001 rows | grep -q 1c73f02c9114
}

@test "dhcp: S34 dnsmasq and dhcpd read their lines" {
	gs-snomcfg -s base_url=https://192.168.0.253:8443/x/ -s ntp_server=10.0.0.1 --dhcp dnsmasq >d.conf
	dnsmasq --test -C d.conf
	grep -q '^dhcp-option=tag:SNOM,option:tftp-server,"https://192.168.0.253:8443/x"$' d.conf
	grep -q '^dhcp-option=tag:SNOM,option:ntp-server,10.0.0.1$' d.conf
	for bad in 'https://a,b/' 'https://a"b/' 'https://a\b/'; do
		run gs-snomcfg -s base_url="$bad" --dhcp dnsmasq
		[ "$status" -eq 2 ]
	done
	gs-snomcfg -s base_url=https://h.example -s ntp_server=10.0.0.1 --dhcp isc >d.conf
	# From here, where no AppArmor profile keeps it from reading.
	cp "$(command -v dhcpd)" .
	./dhcpd -t -cf d.conf
	sed 's/match if/match/' d.conf >bad.conf
	run ./dhcpd -t -cf bad.conf
	[ "$status" -ne 0 ]
	grep -q 'option tftp-server-name "https://h.example";' d.conf
	grep -q 'option ntp-servers 10.0.0.1;' d.conf
	run gs-snomcfg -s base_url=https://h.example --dhcp kea
	[ "$status" -eq 2 ]
}

@test "usage: wrong options and operands" {
	for args in '--phone x' '--check --harden' '-s x' '-f yaml' '-W fatal' '--frob' '-o' '--explain nothing' 'a b -o x'; do
		# shellcheck disable=SC2086 # words
		run gs-snomcfg $args </dev/null
		[ "$status" -eq 2 ]
	done
	run gs-snomcfg --explain prov-plane
	[[ $output == *"'prov-plain'?"* ]]
	gs-snomcfg --explain media-savp-off | grep -q FreeSWITCH
	gs-snomcfg --models | grep -q '^870 '
	gs-snomcfg -h | grep -q -- --harden
}

@test "usage: an option that the mode would ignore is an error that names both" {
	settings >x.xml
	mkdir d
	while IFS=, read -r mode other; do
		# shellcheck disable=SC2086 # words
		gs 2 gs-snomcfg -s base_url=https://h.example $mode $other x.xml
		[ -z "$output" ]
		[[ $errors == *"${mode%% *} "*" ${other%% *}"* ||
			$errors == *"${other%% *} "*" ${mode%% *}"* ||
			$errors == *"${other%% *} requires -o"* ]]
		# shellcheck disable=SC2086 # in any order
		gs 2 gs-snomcfg $other $mode
	done <<-'END'
		--harden,-o d
		--harden,--prune
		--harden,--links
		--harden,-b x.xml
		--harden,-k x.xml
		--check,-o d
		--check,--prune
		--check,-b x.xml
		--phone 000413262AFE,-o d
		--phone 000413262AFE,--prune
		--dhcp isc,-o d
		--models,-o d
		--check,--harden
		--phone 000413262AFE,--check
	END
	[ -z "$(ls d)" ]
	gs 2 gs-snomcfg -W note x.xml
	[[ $errors == *'-o DIR'*'--harden'* ]]
}

@test "render: mailbox, language and the like from columns" {
	printf '%s\tmailbox\tlanguage\ttimezone\n' "$HEAD" >rows
	row 000413262AFE Ada | sed 's/$/\t*97\tFrancais\tNULL/' >>rows
	row 000413262AFE Bob | sed 's/$/\tNULL\tFrancais\tNULL/' >>rows
	render -s language=Deutsch -s timezone=GER+1 -s tone_scheme=GER <rows
	[ "$(value '//user_mailbox[@idx=1]')" = '*97' ]
	[ "$(value 'count(//user_mailbox)')" = 1 ]
	[ "$(value //language)" = Francais ]
	[ "$(value //timezone)" = GER+1 ]
	[ "$(value //tone_scheme)" = GER ]
	# Without the column it is as ever.
	{ echo "$HEAD"; row 000413262AFE Ada; } | render
	[ "$(value 'count(//user_mailbox)')" = 12 ]
	[ "$(value 'count(//language)')" = 0 ]
}

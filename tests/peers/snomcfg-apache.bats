# SPDX-License-Identifier: MIT
# gs-snomcfg behind and in front of Debian's apache2, on loopback.
bats_require_minimum_version 1.5.0

# The certificate that apache2 serves and the CA as phones fetch it: this is
# the one place to put another program.
make_certificate() {
	openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 2 \
		-subj /CN=gs5.test -addext subjectAltName=DNS:gs5.test,IP:127.0.0.1 \
		-keyout "$1/key.pem" -out "$1/cert.pem" 2>/dev/null
	openssl x509 -in "$1/cert.pem" -outform DER -out "$1/ca.der"
}

free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

setup_file() {
	load "$GS_TOP/tests/helpers/snom.bash"
	load "$GS_TOP/tests/helpers/process.bash"
	cd "$BATS_FILE_TMPDIR" || return 1
	PORT=$(free_port)
	export PORT BASE=https://gs5.test:$PORT
	mkdir run docs gs5
	chmod 755 . run docs gs5
	make_certificate run
	cp run/ca.der docs/gemeinschaft.der
	cat >run/site.conf <<-EOF
		base_url = $BASE
		certificate_url = gemeinschaft.der
	EOF
	write_gs5
	m=/usr/lib/apache2/modules
	cat >run/apache.conf <<-EOF
		ServerRoot $PWD/run
		PidFile $PWD/run/pid
		ErrorLog $PWD/run/log
		ServerName gs5.test
		Listen 127.0.0.1:$PORT
		LoadModule mpm_prefork_module $m/mod_mpm_prefork.so
		LoadModule authz_core_module $m/mod_authz_core.so
		LoadModule authz_host_module $m/mod_authz_host.so
		LoadModule alias_module $m/mod_alias.so
		LoadModule mime_module $m/mod_mime.so
		LoadModule headers_module $m/mod_headers.so
		LoadModule ssl_module $m/mod_ssl.so
		LoadModule ext_filter_module $m/mod_ext_filter.so
		User $(id -un)
		Group $(id -gn)
		StartServers 2
		TypesConfig /dev/null
		AddType application/xml .xml
		DocumentRoot $PWD/docs
		SSLEngine on
		SSLCertificateFile $PWD/run/cert.pem
		SSLCertificateKeyFile $PWD/run/key.pem
		SSLSessionCache none
		<Directory $PWD>
		    Require all granted
		    Options +FollowSymLinks
		</Directory>
		Alias /gs5/ $PWD/gs5/
	EOF
	# The filter, as the manual shows it. Apache's user may not enter the
	# folder that this tree lies in, such as root's.
	install -m 755 "$(command -v gs-snomcfg)" run/gs-snomcfg
	mandoc -T ascii -O width=120 "$GS_BIN/man/gsprov.7" | sed 's/.\x08//g' >run/page
	awk '/#!/ { head = $0 }
		/# gsprov-filter:/ { print head; on = 1 }
		on
		on && /^ *"\$dir\/in"/ { exit }' run/page | sed "s/^ *//
		s|/usr/local/bin/gs-snomcfg|$PWD/run/gs-snomcfg|
		s|/etc/gsprov/site.conf|$PWD/run/site.conf|" >run/gsprov-filter
	chmod 755 run/gsprov-filter
	awk '/^ *ExtFilterDefine/, /<\/LocationMatch>/' run/page |
		sed "s|/usr/local/sbin/gsprov-filter|$PWD/run/gsprov-filter|
			s|\"^/(|\"^/gs5/(|" >>run/apache.conf
	grep -q 'SetOutputFilter snom-tls' run/apache.conf
	if [ "$(id -u)" = 0 ]; then
		sed -i "s/^User .*/User nobody/; s/^Group .*/Group nogroup/" run/apache.conf
		chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
		# As the manual says: files take the folder's group.
		chgrp nogroup docs
		chmod 2755 docs
	fi
	start apache2 -f "$PWD/run/apache.conf" -D FOREGROUND
	until_true get /gemeinschaft.der
}

teardown_file() {
	load "$GS_TOP/tests/helpers/process.bash"
	end_all
}

# What GS5 renders when TLS ends before it.
write_gs5() {
	settings "$(identity - off off 192.168.0.253)" \
		"<dkey_redial perm='RW'>url http://gs5.test:443/call.xml?a=1&amp;b=2</dkey_redial>" |
		sed "s|https://gs5.example/settings-{mac}|http://gs5.test:443/snom-a9170af083fed2bae9bb92df|" |
		tee gs5/settings-000413262AFE.xml >gs5/snom-a9170af083fed2bae9bb92df.xml
	echo '<SnomIPPhoneMenu><Title>A</Title></SnomIPPhoneMenu>' >gs5/menu.xml
}

# get URL|PATH: as a phone that trusts the certificate.
get() {
	case $1 in http*) u=$1 ;; *) u=$BASE$1 ;; esac
	curl -sSf --max-time 120 --noproxy '*' --cacert "$BATS_FILE_TMPDIR/run/cert.pem" \
		--resolve "gs5.test:$PORT:127.0.0.1" "$u"
}

setup() {
	load "$GS_TOP/tests/helpers/snom.bash"
	cd "$BATS_FILE_TMPDIR" || return 1
}

@test "apache: a phone follows every URL of its settings, and the CA loads" {
	{ printf '%s\tphone_id\n' "$HEAD"; row 00:04:13:26:2a:fe Ada gs5.test | tr '\n' '\t'; echo 12; } >rows
	gs-snomcfg -q -p run/site.conf --links -o docs rows
	mkdir -p docs/config_snom/12/1
	touch docs/config_snom/12/state_settings.xml docs/config_snom/12/1/{call_history,phone_book}.xml
	get /settings-000413262AFE.xml >x.xml
	gs-snomcfg -q --check x.xml
	n=0
	# shellcheck disable=SC2013 # URLs have no blanks
	for u in $(grep -oE 'https?://[^" <]*' x.xml | sed 's/&amp;/\&/g' | sort -u); do
		[[ $u == "$BASE"/* ]]
		get "$u" >/dev/null
		n=$((n + 1))
	done
	[ "$n" -ge 7 ]
	get "$(value //setting_server)" | cmp - x.xml
	get "$(value //certificate/@url)" >ca.der
	[ "$(openssl x509 -inform DER -in ca.der -noout -subject)" = 'subject=CN = gs5.test' ]
}

@test "apache: as a filter in front of GS5" {
	for f in settings-000413262AFE.xml snom-a9170af083fed2bae9bb92df.xml; do
		get "/gs5/$f" >y.xml
		[ "$(value //user_outbound y.xml)" = '192.168.0.253:5061;transport=tls' ]
		[ "$(value //user_savp y.xml)" = mandatory ]
		[ "$(value //setting_server y.xml)" = "$BASE/snom-a9170af083fed2bae9bb92df.xml" ]
		[ "$(value //dkey_redial y.xml)" = "url $BASE/call.xml?a=1&b=2" ]
		[ "$(value '//certificate[2]/@url' y.xml)" = "$BASE/gemeinschaft.der" ]
		gs-snomcfg -q --check y.xml
	done
	# Other pages pass.
	get /gs5/menu.xml | cmp - gs5/menu.xml
}

# never URL TIMES: each of so many answers is hardened or empty.
never() {
	local i
	for i in $(seq "$2"); do
		get "$1" >"answer.$i" || true
		! grep -q 'http://gs5.test:443' "answer.$i" || return 1
	done
	rm answer.*
}

@test "apache: what cannot be hardened is not handed out, and the log says why" {
	key=snom-a9170af083fed2bae9bb92df.xml
	echo '<settings>http://gs5.test:443/ <a>' >gs5/settings-000413260BAD.xml
	head -c 300000 /dev/zero | tr '\0' x |
		cat - gs5/settings-000413262AFE.xml >gs5/settings-000413260B16.xml
	for f in settings-000413260BAD.xml settings-000413260B16.xml; do
		never "/gs5/$f" 5
		[ -z "$(get "/gs5/$f")" ]
	done
	grep -q 'gs-snomcfg: .*not well-formed' run/log
	# Whatever type and path GS5 gives them.
	cp gs5/$key gs5/snom370-000413262AFE
	cp gs5/$key gs5/settings-000413262AFE.txt
	for f in snom370-000413262AFE settings-000413262AFE.txt; do
		get "/gs5/$f" >y.xml
		[ "$(value //user_savp y.xml)" = mandatory ]
	done
	# A configuration that is wrong, or gone.
	cp run/site.conf keep
	for conf in 'frob = x' 'base_url = nonsense' ''; do
		echo "$conf" >run/site.conf
		[ -n "$conf" ] || rm run/site.conf
		never /gs5/$key 20
		[ -z "$(get /gs5/$key)" ]
	done
	cp keep run/site.conf
	grep -q "gs-snomcfg: .*site.conf" run/log
	# gs-snomcfg cannot start, dies at once, or in the middle.
	mv run/gs-snomcfg run/away
	never /gs5/$key 20
	for body in 'exit 1' 'kill -9 $$' 'head -c 100; exit 3' 'echo "<settings>"; exit 2'; do
		printf '#!/bin/sh\n%s\n' "$body" >run/gs-snomcfg
		chmod 755 run/gs-snomcfg
		never /gs5/$key 20
		[ -z "$(get /gs5/$key)" ]
	done
	mv run/away run/gs-snomcfg
	get /gs5/$key >y.xml
	[ "$(value //user_savp y.xml)" = mandatory ]
}

# SPDX-License-Identifier: MIT
# gsprov-filter between phones and what stands in for GS5 (tests/helpers/
# gs5.py), behind Debian's apache2 and nginx with the configuration that "make
# install" leaves, as it is.
bats_require_minimum_version 1.5.0

free_port() {
	/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

setup_file() {
	load "$GS_TOP/tests/cli/lib.bash"
	needs_root
	load "$GS_TOP/tests/helpers/process.bash"
	PATH=$PATH:/usr/sbin
	cd "$BATS_FILE_TMPDIR" || return 1
	export D=$PWD RAILS
	APACHE=$(free_port) NPORT=$(free_port) RAILS=3000
	APACHE_PEOPLE=$(free_port) NPORT_PEOPLE=$(free_port)
	export APACHE NPORT APACHE_PEOPLE NPORT_PEOPLE
	chmod 755 . "$BATS_RUN_TMPDIR"
	mkdir -p etc/gsprov srv/provisioning run log/nginx state
	make -s -C "$GS_TOP" BUILD="$BUILD" PREFIX="$D/usr" ETC="$D/etc" SRV="$D/srv" \
		RUN="$D/run" LOG="$D/log" install >/dev/null
	openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 2 \
		-subj /CN=gs5.test -addext subjectAltName=DNS:gs5.test \
		-keyout key.pem -out cert.pem 2>/dev/null
	openssl x509 -in cert.pem -outform DER -out srv/provisioning/gemeinschaft.der
	start "$GS_TOP/tests/helpers/gs5.py" "$RAILS" "$D/state"
	servers
	until_true listens "$RAILS"
	for p in "$APACHE" "$NPORT"; do
		site "$p"
		until_true fetch "$p" /gemeinschaft.der
	done
}

# site PORT: as installed, for the server that is asked there.
site() {
	sed "s|^base_url.*|base_url = https://gs5.test:$1|
		s|^#admin_password.*|admin_password = Adm1nKennwort|
		s|^#server_authentication|server_authentication|" \
		usr/share/gsprov/examples/site.conf >etc/gsprov/site.conf
	chown root:www-data etc/gsprov/site.conf
	chmod 640 etc/gsprov/site.conf
}

servers() {
	local e=$D/usr/share/gsprov/examples m=/usr/lib/apache2/modules module
	{
		for module in mpm_prefork authz_core alias env mime headers ssl \
			proxy proxy_fcgi proxy_http rewrite setenvif cgi log_config unixd; do
			[ ! -e $m/mod_$module.so ] ||
				echo "LoadModule ${module}_module $m/mod_$module.so"
		done
		cat <<-EOF
			ServerRoot $D
			PidFile $D/run/apache.pid
			ErrorLog $D/log/apache.log
			ServerName gs5.test
			Listen 127.0.0.1:$APACHE
			Listen 127.0.0.1:$APACHE_PEOPLE
			User www-data
			Group www-data
			TypesConfig /dev/null
			SSLSessionCache none
			<VirtualHost *:$APACHE>
			SSLEngine on
			SSLCertificateFile $D/cert.pem
			SSLCertificateKeyFile $D/key.pem
			Include $e/apache-phones.conf
			</VirtualHost>
			<VirtualHost *:$APACHE_PEOPLE>
			SSLEngine on
			SSLCertificateFile $D/cert.pem
			SSLCertificateKeyFile $D/key.pem
			CustomLog $D/log/people.log "%r" env=!GSPROV_REFUSED
			Include $e/apache-people.conf
			</VirtualHost>
		EOF
	} >apache.conf
	APACHE_LOG_DIR=$D/log start apache2 -f "$D/apache.conf" -D FOREGROUND
	cat >nginx.conf <<-EOF
		daemon off;
		user www-data;
		pid $D/run/nginx.pid;
		error_log $D/log/nginx.log;
		events { }
		http {
		client_body_temp_path $D/run/body;
		fastcgi_temp_path $D/run/fastcgi;
		proxy_temp_path $D/run/proxy;
		uwsgi_temp_path $D/run/uwsgi;
		scgi_temp_path $D/run/scgi;
		include $e/nginx-log.conf;
		server {
		listen 127.0.0.1:$NPORT ssl;
		ssl_certificate $D/cert.pem;
		ssl_certificate_key $D/key.pem;
		include $e/nginx-phones.conf;
		}
		server {
		listen 127.0.0.1:$NPORT_PEOPLE ssl;
		access_log $D/log/nginx/people.log;
		ssl_certificate $D/cert.pem;
		ssl_certificate_key $D/key.pem;
		include $e/nginx-people.conf;
		}
		}
	EOF
	start nginx -e "$D/log/nginx.log" -p "$D" -c "$D/nginx.conf"
	# As the units of the examples have it. Its children do not end with it.
	chown www-data run
	start setpriv --reuid www-data --regid www-data --clear-groups \
		sh -c 'trap "trap - TERM; kill 0" TERM; fcgiwrap -c 8 -s "$0" & wait' \
		"unix:$D/run/gsprov-filter.sock" >>log/fcgiwrap.log 2>&1
}

teardown_file() {
	load "$GS_TOP/tests/helpers/process.bash"
	end_all
}

setup() {
	load "$GS_TOP/tests/cli/lib.bash"
	load "$GS_TOP/tests/helpers/snom.bash"
	load "$GS_TOP/tests/helpers/process.bash"
	cd "$BATS_FILE_TMPDIR" || return 1
	rm -f state/mode state/eve
}

# fetch PORT PATH [CURL OPTION...]: as a phone that knows the CA; the body.
fetch() {
	local port=$1 path=$2
	shift 2
	curl -sSf --path-as-is --max-time 60 --noproxy '*' --cacert "$D/cert.pem" \
		--resolve "gs5.test:$port:127.0.0.1" "$@" "https://gs5.test:$port$path"
}

# status PORT PATH [CURL OPTION...]: the status; the body is in body.
status() {
	local port=$1 path=$2
	shift 2
	curl -sS --path-as-is --max-time 60 --noproxy '*' --cacert "$D/cert.pem" -o body \
		-D head -w '%{http_code}' --resolve "gs5.test:$port:127.0.0.1" "$@" \
		"https://gs5.test:$port$path"
}

# is STATUS PORT PATH [CURL OPTION...]
is() {
	local want=$1
	shift
	got=$(status "$@")
	[ "$got" = "$want" ] || { echo "$* gives $got, not $want"; cat body; return 1; }
	! grep -q 'Geh3im\|W3bKenn' body || [ "$want" = 200 ]
}

# both COMMAND...: for each server, with its port behind the command's name.
# Each line of a command counts: behind "||" the shell would pass over all but
# the last.
both() {
	local port name=$1
	shift
	for port in "$APACHE" "$NPORT"; do
		site "$port"
		echo "port $port (apache $APACHE)"
		"$name" "$port" "$@"
	done
}

asked() { wc -l <state/requests; }

good() { gs-snomcfg -q --check --profile verify -W warning "$1"; }

# What a phone that knows its settings does: all URLs answer.
follow() {
	local port=$1 u
	for u in $(grep -ohE "https?://[^\"'| <]*" x.xml | sed 's/&amp;/\&/g' | sort -u); do
		[[ $u == https://gs5.test:$port/* ]] || { echo "$u"; return 1; }
		fetch "$port" "${u#https://gs5.test:"$port"}" >/dev/null || return 1
	done
}

# A phone that has fetched by its key gets nothing by its MAC address any more:
# each server is asked by phones of its own.
phone() {
	local port=$1 before mac=00041327$((port == APACHE ? 10 : 20))
	before=$(asked)
	fetch "$port" "/settings-${mac}01.xml" >x.xml
	[ "$(asked)" = $((before + 1)) ]
	good x.xml
	[ "$(value '//user_outbound[@idx=1]')" = 'gs5.test:5061;transport=tls' ]
	[ "$(value '//user_savp[@idx=1]')" = mandatory ]
	[ "$(value //webserver_type)" = https ]
	follow "$port"
	fetch "$port" "/gemeinschaft.der" | cmp - srv/provisioning/gemeinschaft.der
	for path in "/snom370-${mac}02.htm" "/settings-${mac}02" "/snom-$2-000413260002.xml"; do
		fetch "$port" "$path" >x.xml
		good x.xml
		[ "$(value '//user_active[@idx=1]')" = on ]
	done
}

@test "filter: a phone gets secure settings, and all that they name" {
	: >state/requests
	both phone "$(printf 'b%.0s' {1..24})"
	# What Rails was told.
	jq -se 'all(.[].headers; map(select(.[0] == "X-Forwarded-For")) ==
		[["X-Forwarded-For", "127.0.0.1"]] and
		map(select(.[0] == "X-Forwarded-Proto")) == [["X-Forwarded-Proto", "https"]])' \
		state/requests
}

# The settings as Rails says them and as the phone gets them; what differs is
# named here, and nowhere else.
lost() {
	local port=$1 key
	key=$(printf 'b%.0s' {1..24})
	fetch "$port" "/snom-$key.xml" >x.xml
	curl -sS --noproxy '*' -H "Host: gs5.test:$port" -H 'X-Forwarded-Proto: https' \
		"http://127.0.0.1:$RAILS/snom-$key.xml" >rails.xml
	diff rails.xml x.xml | grep '^[<>]' | sed -E "s/^(.) <([a-z_0-9]+).*/\1 \2/" |
		sort | uniq -c | sed 's/^ *//' >lost.got
	cat >lost.want <<-'EOF'
		1 < !-- sip account 1: Bob -- Halle 2, on -->
		1 < admin_mode_password
		1 < ignore_security_warning
		2 < user_outbound
		2 < user_savp
		2 < user_srtp
		1 < webserver_type
		1 > !-- sip account 1: Bob - - Halle 2, on -->
		1 > admin_mode_password
		1 > certificates
		1 > check_fqdn_against_server_cert
		1 > ignore_security_warning
		1 > ntp_server
		1 > pnp_config
		1 > tls_server_authentication
		2 > user_auth_tag
		2 > user_outbound
		2 > user_savp
		2 > user_srtp
		1 > webserver_type
	EOF
	diff <(sed 's/<!--/!--/' lost.got | sort) <(sort lost.want)
}

@test "filter: nothing of the view is lost" {
	both lost
}

hot_desk() {
	local port=$1
	fetch "$port" "/config_snom/1/log_in.xml" >menu
	[ "$(value //URL menu)" = "https://gs5.test:$port/config_snom/1/log_in.xml" ]
	fetch "$port" "/config_snom/1/log_in.xml?user=bob&pin=08154711471108" | grep -q '<exit'
	[ "$(tail -1 state/notifies)" = 'check-sync;reboot 1' ]
	fetch "$port" "/snom-$(printf 'a%.0s' {1..24}).xml" >x.xml
	[ "$(value '//user_name[@idx=1]')" = bob1 ]
	good x.xml
	is 302 "$port" /config_snom/1/log_out.xml
	tr -d '\r' <head | grep -qx "Location: https://gs5.test:$port/config_snom/1/exit.xml"
	grep -qi '^Cache-Control: no-store' head
	! grep -qi cookie head || return 1
	# A menu's own links stay, and so does the phone.
	is 200 "$port" /config_snom/1/state_settings.xml
	grep -qF 'http://weather.example:443/' body
	grep -qF 'http://phone/command.htm?key=F_R' body
	grep -qF "<URL>https://gs5.test:$port/config_snom/1/state_settings.xml?id=1&amp;x=2<" body
	grep -qi '^Set-Cookie: _gs5=1' head
	! grep -qiE '^(ETag|Last-Modified|Digest)' head
}

@test "filter: menus, the PIN, hot desking, redirects" {
	both hot_desk
}

first() {
	local port=$1 mac=0004132700$((port == APACHE ? 10 : 20)) key before
	before=$(asked)
	fetch "$port" "/settings-$mac.xml" >x.xml
	good x.xml
	key=$(value //setting_server)
	fetch "$port" "/${key##*/}" >x.xml
	good x.xml
	[ "$(asked)" = $((before + 2)) ]
	# The first use of the key was the phone's.
	fetch "$port" "/settings-$mac.xml" >y.xml
	[ "$(value //setting_server y.xml)" = '' ]
	is 200 "$port" /settings-000413430010.xml
	[ "$(value //provisioning_server body)" = "https://gs5.test:$port/snom_vision-$(printf 'e%.0s' {1..24}).xml" ]
	grep -qi '^Cache-Control: no-store' head
	is 200 "$port" /uploads/user/image/9/small.jpg
	is 200 "$port" /config_snom/1/state_settings.xml -d 'a=b'
	[ "$(tail -1 state/requests | jq -r '.method, .body' | xargs)" = 'POST 3' ]
	is 200 "$port" /settings-000413260001.xml -I
	[ "$(tail -1 state/requests | jq -r .method)" = HEAD ]
}

@test "filter: first contact, a Vision, uploads, HEAD" {
	both first
}

# Never seen by Rails.
unknown() {
	local port=$1 before path
	before=$(asked)
	for path in / /users /page/index /settings-0004132600 /SETTINGS-000413260001.xml \
		/settings-000413260001.xml/ //settings-000413260001.xml \
		/./settings-000413260001.xml /x/../settings-000413260001.xml \
		/%73ettings-000413260001.xml /settings-000413260001%2exml \
		/settings-000413260001.txt /settings-000413260001.xml.xml \
		/settings-0004F2260001.cfg /settings-0004f2260001 /snom-/x \
		/config_snom/ /config_snom/1/ /config_snom/1/2/3/exit \
		/config_snom/1/../../users /config_siemens/1/menu /log_in \
		/uploads/user/image/9/../x.jpg /snom-a.b.xml '/settings-000413260001;x'; do
		got=$(status "$port" "$path")
		[[ $got == 4?? ]] || { echo "$path: $got"; return 1; }
		! grep -q 'Geh3im' body || return 1
	done
	got=$(status "$port" / --request-target "https://evil.example/users")
	[[ $got == 4?? ]]
	# A web server's own complaints name the path, and so the key.
	for path in "/snom-$2%.xml" "/../snom-$2.xml" "/snom-$2%00.xml" "/snom-$2%2f.xml" \
		"/snom-$2$(printf 'x%.0s' {1..300}).xml" "/snom-$2$(printf 'x%.0s' {1..9000}).xml" \
		"/SNOM-$2.xml" "/gemeinschaft.der/snom-$2"; do
		got=$(status "$port" "$path")
		[[ $got == 4?? ]] || { echo "${path:0:50}: $got"; return 1; }
	done
	for h in 'Host: a b' "X-Long: $(printf 'x%.0s' {1..9000})" 'Content-Length: x'; do
		got=$(status "$port" "/snom-$2.xml" -H "$h")
		[[ $got == 4?? ]] || { echo "${h:0:50}: $got"; return 1; }
	done
	got=$(status "$port" "/snom-$2.xml" -X FROB)
	[[ $got == 405 ]]
	is 400 "$port" "/settings-000413260001.xml" -H 'Transfer-Encoding: chunked' -d x
	for h in 'TE: trailers' 'Upgrade: h2c' 'Proxy-Authorization: x' 'Connection: X-A'; do
		is 400 "$port" /settings-000413260001.xml -H "$h"
	done
	got=$(status "$port" /config_snom/1/x.xml -H 'Content-Length: 3' -H 'Content-Length: 4' -d abc)
	[[ $got == 400 ]]
	is 405 "$port" /settings-000413260001.xml -X DELETE
	is 405 "$port" /settings-000413260001.xml -d x
	[ "$(asked)" = "$before" ]
	# What is absolute is a path as well; what others say of the way is not.
	is 200 "$port" / --request-target "https://gs5.test/settings-000413260001.xml"
	is 200 "$port" /settings-000413260001.xml?a=b -H 'X-Forwarded-For: 9.9.9.9' \
		-H 'X-Forwarded-Host: evil' -H 'Forwarded: for=9.9.9.9' -H 'X-Real-IP: 9.9.9.9' \
		-H 'Proxy: http://evil' -H 'If-None-Match: "x"' -H 'Range: bytes=0-9' \
		-H 'Accept-Encoding: gzip' -H 'Cookie: c=d' -H 'Accept-Language: de' \
		-H 'Authorization: Basic eDp5' -A 'snom370/8.7'
	[ "$(tail -1 state/requests | jq -r '.target,
		(.headers | map(.[0] | ascii_downcase) | sort | join(" "))' | xargs)" = \
		'/settings-000413260001.xml?a=b accept accept-language authorization cookie host user-agent x-forwarded-for x-forwarded-proto' ]
}

@test "filter: what is no phone's request never reaches Rails" {
	both unknown "$(printf 'b%.0s' {1..24})"
}

# People's pages come from Rails; what phones ask for does not.
people() {
	local port=$1 before path key
	key=$(printf 'b%.0s' {1..24})
	before=$(asked)
	for path in /settings-000413260001.xml /Settings-000413260001 \
		//settings-000413260001.xml /./settings-000413260001.xml \
		/x/../settings-000413260001.xml /%73ettings-000413260001.xml \
		/settings%2d000413260001.xml /snom370-000413260001.htm \
		"/snom-$key.xml" "/snom_vision-$key.xml" /config_snom/1/log_in.xml \
		//config_snom/1/log_in.xml /%63onfig_snom/1/log_in.xml; do
		is 403 "$port" "$path" || return 1
	done
	is 403 "$port" / --request-target "https://gs5.test/snom-$key.xml"
	[ "$(asked)" = "$before" ]
	# Here Rails knows no pages for people.
	is 404 "$port" /users?page=2 -H 'X-Forwarded-For: 9.9.9.9' -H 'X-Forwarded-Proto: http'
	[ "$(tail -1 state/requests | jq -r '.target, (.headers[] |
		select(.[0] | test("^(Host|X-Forwarded-(For|Proto))$")) | .[1])' |
		sort | xargs)" = "/users?page=2 127.0.0.1 gs5.test:$port https" ]
}

@test "filter: people get their pages, and no settings" {
	people "$APACHE_PEOPLE"
	people "$NPORT_PEOPLE"
}

# bad PORT [PATH]: 502, and Rails was asked once.
bad() {
	is 502 "$1" "${2:-/settings-000413260001.xml}" || return 1
}

broken() {
	local port=$1 mode
	for mode in empty cut half gzip named-br hidden-gzip text html menu big twice hop \
		lengths control away reset 206 304 300 100; do
		echo "$mode" >state/mode
		bad "$port" || { echo "mode $mode"; return 1; }
	done
	# It answers after 20 s; on a busy machine the others may be slow, too.
	echo slow >state/mode
	echo 'upstream_timeout = 2' >>etc/gsprov/site.conf
	bad "$port"
	site "$port"
	# Who would get the phone is to be said, not mended.
	for mode in https://evil.example/ ftps://gs5.test/; do
		echo "$mode" >state/mode
		bad "$port" "/snom-$(printf 'b%.0s' {1..24}).xml" || { echo "mode $mode"; return 1; }
	done
	# A page has no settings.
	echo wrapped >state/mode
	bad "$port" /config_snom/1/log_in.xml
	# Names in another encoding are read as the document says.
	echo latin1 >state/mode
	is 200 "$port" "/snom-$(printf 'b%.0s' {1..24}).xml"
	tr -d '\r' <head | grep -qix 'Content-Type: application/xml'
	good body
	for mode in 404 403 500 503; do
		echo "$mode" >state/mode
		is "$mode" "$port" /settings-000413260001.xml
		[ "$(wc -c <body)" -lt 60 ]
	done
	echo login >state/mode
	is 401 "$port" /settings-000413260001.xml
	[ "$(cat body)" = '401 Unauthorized' ]
	tr -d '\r' <head | grep -qix 'WWW-Authenticate: Basic realm="x"'
	grep -qi '^Cache-Control: no-store' head
	for mode in octets 'as text/xml' 'as text/plain'; do
		echo "$mode" >state/mode
		is 200 "$port" "/snom-$(printf 'b%.0s' {1..24}).xml"
		good body
		[ "$(value '//user_active[@idx=1]' body)" = on ]
	done
	rm state/mode
	for mode in element line server vision text; do
		echo "$mode" >state/eve
		bad "$port" "/snom-$(printf 'c%.0s' {1..24}).xml" || { echo "eve $mode"; return 1; }
	done
	bad "$port" "/snom-$(printf 'd%.0s' {1..24}).xml"
	echo 'trusted_host = far.example' >>etc/gsprov/site.conf
	is 200 "$port" "/snom-$(printf 'd%.0s' {1..24}).xml"
}

@test "filter: what Rails should not say is 502, and the log says why" {
	both broken
	# A server may log what its program said after it has answered.
	for log in apache fcgiwrap; do
		for why in 'an empty answer' 'compressed' 'not well-formed' 'longer than 4 MiB' \
			'[Tt]imeout was reached' 'instead of settings' 'appears twice' \
			'hop-by-hop' 'another host' 'file-injected' 'url-foreign' \
			'Rails answered 304' 'Rails answered 500'; do
			until_true grep -q "gsprov-filter: 127.0.0.1 settings: 50[0-9]: .*$why" log/$log.log ||
				{ echo "$log: $why"; return 1; }
		done
	done
}

# Configurations that are wrong, and a filter that is gone.
wrong() {
	local port=$1 site=etc/gsprov/site.conf line f=$D/usr/sbin/gsprov-filter
	for line in 'frob = x' 'base_url = http://gs5.test' 'upstream = http://192.0.2.1:3000' \
		'upstream = http://127.0.0.1:1' 'transport = udp'; do
		site "$port"
		echo "$line" >>$site
		bad "$port" || { echo "$line"; return 1; }
	done
	site "$port"
	chmod 644 $site
	bad "$port"
	site "$port"
	chown www-data $site
	bad "$port"
	rm $site
	bad "$port"
	mkdir $site
	bad "$port"
	rmdir $site
	site "$port"
	mv "$f" away
	[[ $(status "$port" /settings-000413260001.xml) == 50[23] ]]
	printf '#!/bin/sh\nexit 1\n' >"$f"
	chmod 755 "$f"
	[[ $(status "$port" /settings-000413260001.xml) == 5?? ]]
	rm "$f"
	mv away "$f"
	is 200 "$port" /settings-000413260001.xml
}

@test "filter: a wrong or missing configuration, and no filter, are 5xx" {
	both wrong
	# Apache logs a long line in pieces.
	until_true grep -q 'site.conf has mode 0644' log/apache.log
	until_true grep -q 'must belong to root' log/fcgiwrap.log
	until_true grep -q 'sbin/gsprov-filter.* failed' log/apache.log
	until_true grep -q ' 502 .*sbin/gsprov-filter' log/nginx/gsprov-access.log
}

# Forty at once, and the configuration vanishes meanwhile.
crowd() {
	local port=$1 i
	rm -f many.*
	for i in {1..40}; do
		fetch "$port" "/snom-$2.xml" >"many.$i" 2>/dev/null &
		echo $! >>crowd.pids
		[ "$i" != 20 ] || { until_true test -s many.1; rm etc/gsprov/site.conf; }
	done
	xargs -n1 <crowd.pids | while read -r i; do until_true gone "$i"; done
	rm crowd.pids
	good many.1
	for i in {2..20}; do
		[ ! -s "many.$i" ] || good "many.$i"
	done
	for i in {21..40}; do
		[ ! -s "many.$i" ]
	done
}

@test "filter: forty at once while the configuration vanishes" {
	both crowd "$(printf 'b%.0s' {1..24})"
}

@test "filter: a request takes no more memory than the manual says" {
	[ -z "${SAN:-}" ] || skip "the sanitizers take more"
	local most
	most=$(grep -o '[0-9]* MiB at most' "$GS_TOP/man/gsprov-filter.8")
	site "$APACHE"
	for mode in '' tiny; do
		echo "$mode" >state/mode
		env -i "PATH=$PATH" "GSPROV_SITE=$D/etc/gsprov/site.conf" REQUEST_METHOD=GET \
			REMOTE_ADDR=192.0.2.7 REQUEST_URI=/settings-000413260001.xml \
			/usr/bin/python3 -c 'import resource, subprocess, sys
with open("out", "wb") as f: subprocess.run(["gsprov-filter"], stdout=f, check=True)
most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
sys.exit(most > int(sys.argv[1]) and "%d MiB" % most)' "${most%% *}"
		grep -q '^Status: 200' out
	done
	[ "$(wc -c <out)" -gt 4000000 ]
}

@test "filter: no log holds a key, a PIN, a query or a password" {
	not grep -rE 'a{24}|b{24}|c{24}|pin=|08154711|a=b|Geh3im|W3bKenn|Adm1n' log
	grep -q '"GET settings" 200' log/gsprov-access.log
	grep -q 'GET 200' log/nginx/gsprov-access.log
	grep -q '/users?page=2' log/people.log
	grep -q '/users?page=2' log/nginx/people.log
}

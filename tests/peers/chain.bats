#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The whole chain: accounts in MariaDB, settings over https, two phones that
# register over TLS and call each other with SRTP, and captures. Then each
# link is broken, and the command in charge says which.
load ../cli/lib
load ../helpers/process
load chain/servers
load chain/call
load ../helpers/testca

setup_file() {
	[ "$GS_RUN" = inside ] || return 0
	export D=$BATS_FILE_TMPDIR R=$BATS_FILE_TMPDIR/root
	export FS=$R/var/opt/GS5/freeswitch/conf/ssl
	export CA=$R/etc/ssl/certs/gemeinschaft-ca.crt
	BASE=$(ports)
	export BASE SIPS=$((BASE + 1)) HTTPS=$((BASE + 2))
	chmod 755 "$BATS_RUN_TMPDIR" "$D"
	mkdir "$D/docs" "$D/phones"
	start_mariadb
	gs-certgen -q --root "$R" --no-auto-san --san ip:127.0.0.1 --ca \
		--der /ca.der gs5.lan
	cp "$R/ca.der" "$D/docs/gemeinschaft.der"
	cat >"$D/site.conf" <<-EOF
	base_url = https://gs5.lan:$HTTPS
	certificate_url = gemeinschaft.der
	server_authentication = on
	ntp_server = 127.0.0.1
	sip_host = 127.0.0.1
	sip_port = $SIPS
	admin_password = Zw3iterAnschluss
	phone.http_pass = W3bKennwort99
	EOF
	sql gemeinschaft <"$GS_TOP/tests/fixtures/snom/phones.sql" |
		gs-snomcfg -q -p "$D/site.conf" --links -o "$D/docs"
	chmod 644 "$D"/docs/*.xml
	start_apache "$HTTPS" "$R/etc/ssl/gemeinschaft.crt" \
		"$R/etc/ssl/gemeinschaft.key" "$D/docs"
	LD_PRELOAD=$GS_BIN/tests/helpers/shim_keylog.so \
		SSLKEYLOGFILE=$D/kamailio.keys start_kamailio "$BASE" "$SIPS" "$FS"
	for mac in 000413262AFE 000413410001; do
		fetch "https://gs5.lan:$HTTPS/settings-$mac.xml" >"$D/phones/$mac.xml"
		fetch "$(xmllint --xpath 'string(//certificate/@url)' \
			"$D/phones/$mac.xml")" >"$D/phones/$mac.der"
	done
	tone "$D/tone.wav" 60
	call "$D/main" 3
}

teardown_file() { end_all; }

setup() {
	needs_root
	cd "$D"
}

# page SECTION: the commands of a section of gsprov(7), without prompts.
page() {
	sed -n "/^\.Sh $1\$/,/^\.Sh/p" "$GS_TOP/man/gsprov.7" |
		sed -n 's/^\.Dl [#$] //p; /^\.Bd/,/^\.Ed/{/^\.[BE]d/!s/^[#$] //p
			/^    /p}' | sed 's/\\e/\\/g'
}

# verdicts: of the streams in $output, which is JSON.
verdicts() { jq -r .verdict <<<"$output" | sort | uniq -c | tr -s ' \n' ' '; }

# is_tone CHANNEL: from its first sound on, main.wav's channel is the tone,
# over at least two seconds.
is_tone() {
	sox main.wav -t raw channel.raw remix "$1"
	sox tone.wav -t raw tone.raw
	/usr/bin/python3 - <<-'EOF'
	heard = open("channel.raw", "rb").read()
	sent = open("tone.raw", "rb").read()
	at = heard.find(sent[:640])
	assert at >= 0 and not any(heard[:at]), at
	heard = heard[at:].rstrip(b"\0")
	n = len(heard) - 2
	assert n > 32000 and heard[:n] == sent[:n], n
	EOF
}

@test "chain: certificate, settings and signalling are good" {
	gs 0 gs-certgen --root "$R" --no-auto-san --san ip:127.0.0.1 \
		--check gs5.lan
	[[ $output == "OK - gs5.lan:"* ]]
	gs 0 gs-snomcfg -W warning --check phones/*.xml
	[[ $output == *"trust: good, the server is verified"* ]]
	grep -aq 'Call established' main/a/trace
	for phone in a b; do
		gs 0 gs-sdpcheck --blocks --require savp --require tls main/$phone/trace
		[ "$(grep -c 'encrypted, 0 errors, 0 warnings' <<<"$output")" -ge 2 ]
	done
	# What Kamailio saw, without what its log puts before it.
	sed 's/^ *[0-9]*([0-9]*) ALERT: <script>: //' kamailio.log >kamailio.trace
	gs 0 gs-sdpcheck --blocks --require savp --require tls kamailio.trace
	[ "$(grep -c 'encrypted, 0 errors, 0 warnings' <<<"$output")" -ge 3 ]
	[ "$(grep -c 'REGISTER over TLS' <<<"$output")" -eq 2 ]
}

@test "chain: the capture alone has no key, a phone's trace opens all" {
	gs 1 gs-srtpdump main/call.pcap
	grep -q ' and 1 more: no key: SIP .*TLS' <<<"$output"
	for phone in a b; do
		gs 0 gs-srtpdump -j -K main/$phone/trace main/call.pcap
		[ "$(verdicts)" = ' 2 decrypted ' ]
		[ "$(jq -c '[.lost, .auth_failed, .confirmed]' <<<"$output" |
			sort -u)" = '[0,0,true]' ]
	done
}

@test "chain: both channels are the tone that was sent" {
	# A phone that had to wait for the processor leaves something out: then
	# another call tells.
	local call=main try
	for try in 1 2 3; do
		gs 0 gs-srtpdump -a main.wav -K $call/a/trace $call/call.pcap
		! is_tone 1 || ! is_tone 2 || return 0
		call=tone$try
		call "$D/$call" 3
	done
	return 1
}

@test "chain: no output holds a key or a password of this run" {
	cat main/*/trace | grep -ao 'inline:[^|[:space:]]*' | cut -c8- |
		sort -u >secrets
	[ "$(wc -l <secrets)" -ge 2 ]
	echo Geh3imNr7Fest >>secrets
	[ -z "$(grep -rlaFf secrets "$GS_OUT/cli/chain.bats"-*)" ]
}

@test "broken: transport udp" {
	call "$D/udp" 2 "s/:$SIPS;transport=tls/:$BASE;transport=udp/"
	gs 1 gs-snomcfg --check udp/a/settings.xml
	[[ $output == *"[media-key-clear]"* ]]
	gs 0 gs-sdpcheck --require savp udp/a/trace
	gs 1 gs-sdpcheck --require savp --require tls udp/a/trace
	[[ $output == *"error:"*"[crypto-cleartext-signalling]"* ]]
	# Whoever captures the call hears it.
	gs 0 gs-srtpdump -j udp/call.pcap
	[ "$(verdicts)" = ' 2 decrypted ' ]
}

@test "broken: user_srtp off" {
	call "$D/srtp" 2 's|\(<user_srtp [^>]*>\)on|\1off|'
	gs 1 gs-snomcfg -W warning --check srtp/a/settings.xml
	[[ $output == *"[media-savp-no-effect]"* ]]
	gs 1 gs-sdpcheck --require srtp srtp/a/trace
	[[ $output == *"error:"*"[media-plain]"* ]]
	gs 2 gs-srtpdump -j srtp/call.pcap
	[ "$(verdicts)" = ' 2 plain ' ]
}

@test "broken: user_savp off" {
	call "$D/savp" 2 's|\(<user_savp [^>]*>\)mandatory|\1off|'
	gs 1 gs-snomcfg --check savp/a/settings.xml
	[[ $output == *"[media-savp-off]"* ]]
	gs 1 gs-sdpcheck --require savp savp/a/trace
	[[ $output == *"error:"*"[crypto-in-avp]"* ]]
}

@test "broken: http in one URL" {
	sed 's|\(<setting_server [^>]*>\)https|\1http|' \
		phones/000413262AFE.xml >http.xml
	gs 1 gs-snomcfg --check http.xml
	[[ $output == *"error:"*"[prov-plain]"* ]]
	sed "s|https://gs5.lan:$HTTPS/gem|http://gs5.lan:443/gem|" \
		phones/000413262AFE.xml >http.xml
	gs 1 gs-snomcfg --check http.xml
	[[ $output == *"error:"*"[prov-scheme-port]"* ]]
	# The web server has the last word.
	run fetch "http://gs5.lan:$HTTPS/gemeinschaft.der"
	[ "$status" -ne 0 ]
}

@test "broken: one byte of a key in the trace" {
	key=$(grep -ao 'inline:[^|[:space:]]*' main/a/trace | head -1)
	x=${key#inline:}
	[ "${x:0:1}" = A ] && y=B || y=A
	sed "s|$key|inline:$y${x:1}|" main/a/trace >flipped
	[ "$(cmp -l main/a/trace flipped | wc -l)" -ge 1 ]
	gs 1 gs-srtpdump -j -K flipped main/call.pcap
	[ "$(verdicts)" = ' 1 decrypted 1 no key ' ]
	gs 1 gs-srtpdump -K flipped main/call.pcap
	[[ $output == *": none of 2 keys "* ]]
}

@test "keys from TLS: the key log of each end opens the call" {
	mkdir keys
	cp main/call.pcap keys/sips.pcap
	page 'KEYS FROM TLS' | grep ^gs-sdpcheck >keys/run
	[ -s keys/run ]
	for keys in kamailio.keys main/a/keys.log main/b/keys.log; do
		cp $keys keys/tls.keys
		chmod 600 keys/tls.keys
		gs 0 gs-srtpdump -j -K keys/tls.keys keys/sips.pcap
		[ "$(verdicts)" = ' 2 decrypted ' ]
		# A phone's log opens its own connections: the others may hide
		# a call.
		cd keys
		if [ $keys = kamailio.keys ]; then
			gs 0 bash run
			[[ $output == *'1 encrypted on every leg, 0 not, 0 not proven'* ]]
		else
			gs 1 bash run
			[[ $output == *'[unproven]'* ]]
		fi
		cd ..
	done
	# Of another run: nothing.
	sed -i 's/[0-9a-f]\{8\}$/00000000/' keys/tls.keys
	gs 1 gs-srtpdump -j -K keys/tls.keys keys/sips.pcap
	[ "$(verdicts)" = ' 2 no key ' ]
}

# server FOLDER: TLS for one phone, as FreeSWITCH would serve the set.
server() {
	start openssl s_server -accept "127.0.0.1:$((BASE + 8))" -cert "$1/agent.pem" \
		-key "$1/agent.pem" -CAfile "$1/cafile.pem" -rev \
		>server.log 2>&1
	until_true listens $((BASE + 8))
}

# refused DIR ALERT [NAME]: the phone of DIR does not talk to that server, which
# is to have that name, and tells it why by a TLS alert.
refused() {
	configure "$D/$1" a 000413262AFE "s/:$SIPS;/:$((BASE + 8));/"
	[ -z "${3:-}" ] || echo "$3" >"$D/$1/a/verify"
	phone "$D/$1" a
	until_true grep -aq 'tls: connect: error' "$1/a/trace"
	end $!
	[ "$(grep -c '^CONNECTION ESTABLISHED' server.log)" -eq 0 ]
	grep "alert $2" server.log || { cat server.log; return 1; }
}

@test "not broken: a phone talks to a server with the good set" {
	server "$FS"
	pid=$!
	configure "$D/good-phone" a 000413262AFE "s/:$SIPS;/:$((BASE + 8));/"
	phone "$D/good-phone" a
	until_true grep -q '^CONNECTION ESTABLISHED' server.log
	end $! $pid
}

@test "broken: the certificate has expired" {
	cp -a "$R" expired
	fs=expired/${FS#"$R"/} ssl=expired/etc/ssl
	gs 0 gs-certgen --root expired --no-auto-san --san ip:127.0.0.1 \
		--csr expired.csr gs5.lan
	testca_make "$D/ca"
	cp "$ssl/certs/gemeinschaft-ca.crt" ca/int.crt
	cp "$ssl/private/gemeinschaft-ca.key" ca/int.key
	testca_sign "$D/ca" expired.csr "$ssl/certs/gs5.lan.crt" \
		-startdate "$(testca_date -172800)" -enddate "$(testca_date -86400)"
	cat "$ssl/certs/gs5.lan.crt" "$ssl/private/gs5.lan.key" |
		tee "$ssl/private/gs5.lan.pem" >"$fs/gs5.lan.pem"
	gs 1 gs-certgen --root expired --no-auto-san --check gs5.lan
	[[ $output == CRITICAL*"(cert-expired)"* ]]
	server "$fs"
	pid=$!
	refused expired-phone 'certificate expired'
	end $pid
}

@test "broken: the certificate is for another name" {
	cp -a "$R" other
	gs 0 gs-certgen -q --root other --no-auto-san --ca --switch other.lan
	gs 1 gs-certgen --root other --no-auto-san --san dns:gs5.lan \
		--san ip:127.0.0.1 --check
	[[ $output == CRITICAL*"(name-missing)"* ]]
	server "other/${FS#"$R"/}"
	pid=$!
	# baresip 1.1 compares names alone, not addresses.
	refused other-phone 'bad certificate' gs5.lan
	end $pid
}

# stub NAME BODY: a command on PATH that is not on this machine.
stub() {
	mkdir -p "$D/bin"
	printf '#!/bin/sh\n%s\n' "$2" >"$D/bin/$1"
	chmod +x "$D/bin/$1"
}

# A PBX in the folder hook, and the hook as it is installed.
hook_setup() {
	# Every service runs.
	stub service "[ \$2 = status ] || echo service \$* >>$D/hook.said"
	stub fs_cli "echo fs_cli \$* >>$D/hook.said; echo; echo 0 total."
	stub mysql 'exec mariadb "$@"'
	# As logger(1) is called: a tag, and text that is no option. All else
	# is told apart from what the hook may say.
	stub logger "case \$1,\$2,\$3 in
		-t,gsprov-hook,--) shift 3; printf '%s\\n' \"\$*\" >>$D/hook.syslog ;;
		*) printf 'logger <%s>\\n' \"\$@\" >>$D/hook.said ;;
		esac"
	PATH=$D/bin:$PATH
	rm -rf hook hook.said hook.syslog
	mkdir -p hook/etc/gsprov
	[ -e usr/sbin/gsprov-hook ] ||
		make -s -C "$GS_TOP" BUILD="$BUILD" PREFIX="$D/usr" install >/dev/null
	cp site.conf my.cnf hook/etc/gsprov
	chmod 600 hook/etc/gsprov/my.cnf
	# As whom apache2 serves.
	local group=nogroup
	[ "$(id -u)" -eq 0 ] || group=$(id -gn)
	printf 'FQDN=gs5.lan\nOWNER=%s\nGROUP=%s\nPHONES="%s"\n' \
		"$(id -un)" $group "${1:-127.0.0.0/8}" >hook/etc/gsprov/hook.conf
	export GSPROV_ROOT=$D/hook
}

hook() { sh usr/sbin/gsprov-hook; }

# What the hook made, but for its lock.
tree() {
	find hook ! -type d ! -path hook/run/lock/gsprov \
		-printf '%p %y %m %u %g %s %T@ %i %l\n' | sort
}

@test "the hook: a restart is owed until no call runs, without a word" {
	hook_setup
	restarted() { grep -c 'profile gemeinschaft restart' hook.said || true; }
	for says in "echo 3 total." "echo 0 total.; exit 1" "exit 1"; do
		stub fs_cli "echo fs_cli \$* >>$D/hook.said; $says"
		run hook
		echo "$output"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
		[ -e hook/etc/ssl/private/gemeinschaft.owed ]
		[ "$(restarted)" = 0 ]
	done
	stub fs_cli "echo fs_cli \$* >>$D/hook.said; echo 0 total."
	run hook
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$(restarted)" = 1 ]
	[ ! -e hook/etc/ssl/private/gemeinschaft.owed ]
	gs 0 hook
	[ "$(restarted)" = 1 ]
	# Another fault is one, while a restart is owed or not.
	stub fs_cli 'echo 3 total.'
	rm hook/etc/ssl/certs/gs5.lan.crt
	gs 0 hook
	[ -e hook/etc/ssl/private/gemeinschaft.owed ]
	: >hook/etc/ssl/private/gs5.lan.key
	rm hook/etc/ssl/private/gs5.lan.pem hook/var/opt/GS5/freeswitch/conf/ssl/gs5.lan.pem
	gs 1 hook
}

@test "the hook: the first run makes all, the second is silent" {
	hook_setup
	gs 0 hook
	cat hook.said
	[ "$(sort -u hook.said)" = 'fs_cli -x show channels count
fs_cli -x sofia profile gemeinschaft restart
service apache2 reload
service dnsmasq restart' ]
	gs 0 gs-certgen -q --root hook --no-auto-san --check gs5.lan
	gs 0 gs-snomcfg -q --check hook/srv/provisioning/settings-*.xml
	[ "$(ls hook/srv/provisioning | tr '\n' ' ')" = "gemeinschaft.der \
settings-000413262AFE.xml settings-000413410001.xml \
settings-000413410002.xml snom-a9170af083fed2bae9bb92df.xml " ]
	dnsmasq --test -C hook/etc/dnsmasq.d/gsprov.conf
	openssl x509 -inform DER -in hook/srv/provisioning/gemeinschaft.der -noout
	# apache2 hands all that out, with what the hook wrote for it.
	mkdir -p nothing
	start_apache $((BASE + 9)) hook/etc/ssl/gemeinschaft.crt \
		hook/etc/ssl/gemeinschaft.key "$D/nothing" hook-apache < <(
			sed "s|/srv/|$D/hook/srv/|" \
				hook/etc/apache2/conf-enabled/gsprov.conf)
	apache=$!
	for f in settings-000413262AFE.xml gemeinschaft.der; do
		fetch "https://gs5.lan:$((BASE + 9))/$f" \
			hook/etc/ssl/certs/gemeinschaft-ca.crt |
			cmp - "hook/srv/provisioning/$f"
	done
	# Its list is for nobody.
	run fetch "https://gs5.lan:$((BASE + 9))/.gs-snomcfg" \
		hook/etc/ssl/certs/gemeinschaft-ca.crt
	[ "$status" -ne 0 ]
	end $apache
	[ "$(stat -c %a hook/srv/provisioning hook/srv/provisioning/settings-* \
		hook/srv/provisioning/.gs-snomcfg | xargs)" = '2750 640 640 640 600' ]
	[ "$(cat hook.syslog)" = "renewed the certificate
wrote the settings of 3 phones
wrote $D/hook/etc/apache2/conf-enabled/gsprov.conf
wrote $D/hook/etc/dnsmasq.d/gsprov.conf" ]
	tree >before
	rm hook.said hook.syslog
	gs 0 hook
	[ ! -e hook.syslog ]
	[ -z "$output$errors" ]
	[ ! -e hook.said ]
	tree | diff before -
	[ -z "$(find hook -name '*.new')" ]
}

@test "the hook: a dry run says what a run would do, and does nothing" {
	hook_setup
	hook
	rm hook/etc/dnsmasq.d/gsprov.conf hook/srv/provisioning/settings-000413410001.xml \
		hook.said hook.syslog
	tree >before
	gs 0 sh usr/sbin/gsprov-hook --dry-run
	echo "$output"
	[[ $output == *"written settings-000413410001.xml
would be: 1 written, 2 unchanged, 0 removed, 0 failed
would write $D/hook/etc/dnsmasq.d/gsprov.conf" ]]
	[ -z "$errors" ]
	tree | diff before -
	[ ! -e hook.said ]
	[ ! -e hook.syslog ]
	gs 2 sh usr/sbin/gsprov-hook --frob
	# At first all is missing.
	rm -r hook/srv hook/etc/ssl hook/var hook/etc/dnsmasq.d hook/etc/apache2
	gs 0 sh usr/sbin/gsprov-hook -n
	echo "$output"
	[[ $output == "would make $D/hook/srv/provisioning
would write $D/hook/srv/provisioning/gemeinschaft.der
gs5.lan: would make a key and a certificate"*"would be: 3 written, "* ]]
	[ -z "$(find hook/srv hook/etc/ssl hook/etc/apache2 2>find.err)" ]
}

@test "the hook: settings are for the networks of the phones" {
	hook_setup '192.0.2.0/24 2001:db8::/32'
	gs 0 hook
	start_apache $((BASE + 9)) hook/etc/ssl/gemeinschaft.crt \
		hook/etc/ssl/gemeinschaft.key "$D/nothing" hook-apache < <(
			sed "s|/srv/|$D/hook/srv/|" \
				hook/etc/apache2/conf-enabled/gsprov.conf)
	apache=$!
	for f in settings-000413262AFE.xml snom-a9170af083fed2bae9bb92df.xml; do
		run fetch "https://gs5.lan:$((BASE + 9))/$f" \
			hook/etc/ssl/certs/gemeinschaft-ca.crt
		[ "$status" -ne 0 ]
		[[ $output == *403* ]]
	done
	# No key of theirs is in the log: not of a link to nowhere, nor of a
	# name that is nearly right.
	ln -s nowhere hook/srv/provisioning/snom-b9170af083fed2bae9bb92df.xml
	for f in snom-b9170af083fed2bae9bb92df.xml snom-a9170af083fed2bae9bb92df \
		SNOM-a9170af083fed2bae9bb92df.xml /snom-a9170af083fed2bae9bb92df.xml \
		"snom-a9170af083fed2bae9bb92df$(printf 'x%.0s' {1..300}).xml"; do
		run fetch "https://gs5.lan:$((BASE + 9))/$f" \
			hook/etc/ssl/certs/gemeinschaft-ca.crt
		[ "$status" -ne 0 ]
	done
	rm hook/srv/provisioning/snom-b9170af083fed2bae9bb92df.xml
	grep -q ':notice' hook-apache.log
	not grep '9170af083fed2bae9bb92df' hook-apache.log
	fetch "https://gs5.lan:$((BASE + 9))/gemeinschaft.der" \
		hook/etc/ssl/certs/gemeinschaft-ca.crt |
		cmp - hook/srv/provisioning/gemeinschaft.der
	end $apache
	# Nor does the hook remove settings.
	touch hook/srv/provisioning/settings-000413990000.xml
	sql gemeinschaft -e "UPDATE phones SET state = 'inactive' WHERE id = 13"
	gs 0 hook
	sql gemeinschaft -e "UPDATE phones SET state = 'active' WHERE id = 13"
	[ -e hook/srv/provisioning/settings-000413990000.xml ]
	[ -e hook/srv/provisioning/settings-000413410001.xml ]
}

@test "the hook: what an update of the PBX spoils is put right" {
	hook_setup
	hook
	tree | cut -d' ' -f1-6 >before
	# An init script that makes its own, and files from a package.
	fs=hook/${FS#"$R"/}
	rm "$fs/agent.pem" "$fs/cafile.pem"
	echo old >"$fs/agent.pem"
	echo old >hook/etc/dnsmasq.d/gsprov.conf
	rm hook/etc/apache2/conf-enabled/gsprov.conf
	rm hook/srv/provisioning/gemeinschaft.der
	rm hook.said
	hook
	tree | cut -d' ' -f1-6 | diff before -
	[ "$(sort -u hook.said | wc -l)" -eq 4 ]
	# One new phone: one new file, and nothing is restarted.
	rm hook.said
	sql gemeinschaft -e "UPDATE phones SET state = 'active' WHERE id = 15"
	hook
	sql gemeinschaft -e "UPDATE phones SET state = 'inactive' WHERE id = 15"
	[ "$(tree | cut -d' ' -f1-6 | diff before - | sed -n 's/^> //p' |
		cut -d' ' -f1 | grep -v /.gs-snomcfg)" = \
		hook/srv/provisioning/settings-000413410003.xml ]
	[ ! -e hook.said ]
	# A database that does not answer removes no file.
	echo 'socket=/nowhere' >>hook/etc/gsprov/my.cnf
	tree | grep provisioning >before
	rm hook/etc/dnsmasq.d/gsprov.conf
	gs 1 hook
	tree | grep provisioning | diff before -
	[ -e hook/etc/dnsmasq.d/gsprov.conf ]
}

@test "the hook: a wrong group is told, and everything else is done" {
	hook_setup
	echo GROUP=nobodys >>hook/etc/gsprov/hook.conf
	gs 1 hook
	echo "$errors"
	[[ $errors == *nobodys*"GROUP in $D/hook/etc/gsprov/hook.conf" ]]
	gs 0 gs-certgen -q --root hook --no-auto-san --check gs5.lan
	[ -e hook/srv/provisioning/settings-000413262AFE.xml ]
	[ "$(stat -c %a hook/srv/provisioning)" = 2750 ]
	[ -e hook/etc/dnsmasq.d/gsprov.conf ]
	# The group of a folder that worked stays.
	sed -i '$d' hook/etc/gsprov/hook.conf
	gs 0 hook
	tree | grep -v hook.conf >before
	echo GROUP=nobodys >>hook/etc/gsprov/hook.conf
	gs 1 hook
	tree | grep -v hook.conf | diff before -
}

@test "the hook: a service that did not read its file is asked again" {
	hook_setup
	stub service "[ \$2 = status ] || {
		echo service \$* >>$D/hook.said; [ -e $D/hook/up ]; }"
	gs 1 hook
	rm hook.said
	gs 1 hook
	[ "$(sort hook.said)" = 'service apache2 reload
service dnsmasq restart' ]
	# A certificate that is made again is not read, either.
	rm hook/etc/ssl/certs/gs5.lan.crt hook/run/gsprov/* hook.said
	gs 1 hook
	[ "$(grep service hook.said)" = 'service apache2 reload' ]
	rm hook/etc/gsprov/site.conf
	gs 1 hook
	[ "$(grep -c apache2 hook.said)" = 2 ]
	cp site.conf hook/etc/gsprov
	touch hook/up
	gs 0 hook
	rm hook.said
	gs 0 hook
	[ ! -e hook.said ]
}

@test "the hook: a service that is stopped is told once, and asked later" {
	hook_setup
	stub service "[ \$2 != status ] || exec test -e $D/hook/up
		echo service \$* >>$D/hook.said; [ -e $D/hook/up ]"
	gs 0 hook
	[ "$(grep -c 'is not running' <<<"$errors")" -eq 2 ]
	gs 0 hook
	[ -z "$errors" ]
	not grep service hook.said
	touch hook/up
	gs 0 hook
	[ "$(grep service hook.said | sort)" = 'service apache2 reload
service dnsmasq restart' ]
	# A restart that failed may have stopped it: that is no one's wish.
	stub service "[ \$2 != status ] || exec test ! -e $D/hook/broken
		: >$D/hook/broken; [ -e $D/hook/mended ]"
	echo old >hook/etc/dnsmasq.d/gsprov.conf
	gs 1 hook
	gs 1 hook
	echo old >hook/etc/dnsmasq.d/gsprov.conf
	gs 1 hook
	touch hook/mended
	gs 0 hook
	# What is not installed is no fault, and nobody's business.
	stub service 'exit 4'
	rm -r hook/etc/dnsmasq.d hook/etc/apache2 hook/run
	PATH=$(tr : '\n' <<<"$PATH" | grep -v sbin | paste -sd :) gs 0 hook
	[ -z "$errors" ]
	[ -e hook/etc/dnsmasq.d/gsprov.conf ]
	[ -z "$(ls hook/run/gsprov)" ]
}

@test "the hook: what cannot be written whole replaces nothing" {
	hook_setup
	hook
	echo old >hook/etc/dnsmasq.d/gsprov.conf
	rm hook.said
	stub cp 'printf half >"$2"; exit 1'
	run hook
	rm bin/cp
	[ "$status" -eq 1 ]
	[ "$(cat hook/etc/dnsmasq.d/gsprov.conf)" = old ]
	[ -z "$(find hook -name '*.new')" ]
	[ ! -e hook.said ]
}

@test "the hook: phones stay with the filter while site.conf is wrong" {
	hook_setup
	echo 'upstream = http://127.0.0.1:3000' >>hook/etc/gsprov/site.conf
	gs 0 hook
	[ ! -e hook/etc/apache2/conf-enabled/gsprov.conf ]
	sed -i '/upstream/d' hook/etc/gsprov/site.conf
	echo 'socket=/nowhere' >>hook/etc/gsprov/my.cnf
	gs 1 hook
	[ ! -e hook/etc/apache2/conf-enabled/gsprov.conf ]
	cp my.cnf hook/etc/gsprov
	rm hook/etc/gsprov/site.conf
	gs 1 hook
	[ ! -e hook/etc/apache2/conf-enabled/gsprov.conf ]
	echo 'ntp_server = 127.0.0.1' >hook/etc/gsprov/site.conf
	gs 1 hook
	[ ! -e hook/etc/apache2/conf-enabled/gsprov.conf ]
}

@test "the hook: only one at a time, and no daemon holds its lock" {
	hook_setup
	# A daemon that service started would go on.
	stub service "sleep 600 >/dev/null 2>&1 8>&- & echo \$! >>$D/pids"
	hook
	rm hook/etc/dnsmasq.d/gsprov.conf
	hook
	[ -e hook/etc/dnsmasq.d/gsprov.conf ]
	rm hook/etc/dnsmasq.d/gsprov.conf
	flock hook/run/lock/gsprov sh usr/sbin/gsprov-hook
	[ ! -e hook/etc/dnsmasq.d/gsprov.conf ]
}

@test "the hook: interrupted, it leaves no file with passwords" {
	hook_setup
	mkdir -p scratch
	stub mysql "mariadb \"\$@\"; find scratch -type f -size +0 >>$D/rows
		kill \$PPID"
	TMPDIR=$PWD/scratch gs 1 hook
	[ "$(wc -l <rows)" -eq 1 ]
	[ -z "$(find scratch -type f)" ]
}

@test "the hook has the query of gs-snomcfg(1)" {
	hook_setup
	sed -n '/^SELECT/,/;$/p' usr/sbin/gsprov-hook |
		diff - "$GS_TOP/tests/fixtures/snom/phones.sql"
}

# night FOLDER N: runs command N of the path for the night there.
night() {
	page 'NO AUDIO AFTER SWITCHING SRTP ON' |
		sed -e ':join' -e '/|$/{N' -e 's/\n */ /' -e 'b join' -e '}' |
		sed -n "$2p" >"$1/command"
	[ -s "$1/command" ]
	(cd "$1" && bash command)
}

# named RULE: the answer has it, and the page says what to do.
named() {
	[[ $output == *"$1"* ]]
	sed -n '/^\.Sh NO AUDIO/,/^\.Sh/p' "$GS_TOP/man/gsprov.7" |
		grep -q "^\.Ql $1\( :\)\?$"
}

night_setup() {
	stub gs-certgen "exec $GS_BIN/gs-certgen --root \$PBX --no-auto-san \"\$@\""
	stub curl "exec $(command -v curl) -sS --noproxy '*' \\
		--connect-to gs5.lan:443:127.0.0.1:$HTTPS \"\$@\""
	stub fs_cli 'cat registrations'
	PATH=$D/bin:$PATH
	export PBX=$R CA URL=https://gs5.lan/settings-000413262AFE.xml
	rm -rf "$1"
	mkdir "$1"
	cp -L "$GS_TOP"/tests/fixtures/example/{freeswitch.log,tls.pcap} "$1"
	cp "$GS_TOP/tests/fixtures/reg/tls-nat.txt" "$1/registrations"
}

@test "at night: a good PBX passes every command of the page" {
	night_setup good
	gs 0 night good 1
	named OK
	gs 0 night good 2
	cmp good/settings.xml docs/settings-000413262AFE.xml
	gs 0 night good 3
	gs 0 night good 4
	[ -z "$output" ]
	gs 0 night good 5
	[[ $output == *' encrypted on every leg, 0 not, 0 not proven'* ]]
	gs 0 night good 6
	named decrypted
	[ -s good/call.wav ]
}

@test "at night: each broken link is named, and the page has the cure" {
	night_setup bad
	cp -a "$R" bad/pbx
	rm "bad/pbx/${FS#"$R"/}/agent.pem"
	PBX=pbx
	gs 1 night bad 1
	named link-wrong
	# What the page says to do.
	(cd bad && sh -ec "$(sed -n \
		's/.*Run: \(.*\) \[link-wrong\]$/\1/p' <<<"$output")")
	gs 0 night bad 1
	# Another certificate than the one of the PBX.
	CA=tests.pem
	cp ca/root.crt bad/tests.pem
	run night bad 2
	[ "$status" -ne 0 ]
	[[ $output == *certificate* ]]
	cp -L "$GS_TOP/tests/fixtures/example/settings.xml" bad
	gs 1 night bad 3
	named media-savp-off
	cp udp/a/settings.xml bad
	gs 1 night bad 3
	named media-key-clear
	cp "$GS_TOP/tests/fixtures/reg/one-udp.txt" bad/registrations
	gs 1 night bad 4
	named reg-not-tls
	cp -L "$GS_TOP/tests/fixtures/example/refused.log" bad/freeswitch.log
	gs 1 night bad 5
	named log-crypto-in-avp
	gs 1 night bad 6
	named 'no key'
	# Every rule that the page names is one of a command.
	sed -n '/^\.Sh NO AUDIO/,/^\.Sh/p' "$GS_TOP/man/gsprov.7" |
		sed -n 's/^\.Ql \([a-z]*-[a-z-]*\)\( :\)*$/\1/p' >rules
	[ "$(wc -l <rules)" -ge 9 ]
	while read -r rule; do
		gs-snomcfg --explain "$rule" || gs-sdpcheck --explain "$rule" ||
			gs-certgen --explain "$rule"
	done <rules
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The whole chain: accounts in MariaDB, settings over https, two phones that
# register over TLS and call each other with SRTP, and captures. Then each
# link is broken, and the command in charge says which.
load ../cli/lib
load chain/servers
load chain/call
load ../helpers/testca

setup_file() {
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
	tone "$D/tone.wav" 10
	call "$D/main" 3
}

teardown_file() { stop_servers; }

setup() { cd "$D"; }

# verdicts: of the streams in $output, which is JSON.
verdicts() { jq -r .verdict <<<"$output" | sort | uniq -c | tr -s ' \n' ' '; }

# is_tone CHANNEL: from its first sound on, main.wav's channel is the tone,
# over at least two seconds.
is_tone() {
	sox main.wav -t raw channel.raw remix "$1"
	sox tone.wav -t raw tone.raw
	python3 - <<-'EOF'
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
		gs 0 gs-sdpcheck --require savp --require tls main/$phone/trace
		[ "$(grep -c 'encrypted, 0 errors, 0 warnings' <<<"$output")" -ge 2 ]
	done
	# What Kamailio saw, without what its log puts before it.
	sed 's/^ *[0-9]*([0-9]*) ALERT: <script>: //' kamailio.log >kamailio.trace
	gs 0 gs-sdpcheck --require savp --require tls kamailio.trace
	[ "$(grep -c 'encrypted, 0 errors, 0 warnings' <<<"$output")" -ge 3 ]
	[ "$(grep -c 'REGISTER over TLS' <<<"$output")" -eq 2 ]
}

@test "chain: the capture alone has no key, a phone's trace opens all" {
	gs 1 gs-srtpdump main/call.pcap
	[ "$(grep -c 'no key: SIP is in TLS' <<<"$output")" -eq 2 ]
	for phone in a b; do
		gs 0 gs-srtpdump -j -K main/$phone/trace main/call.pcap
		[ "$(verdicts)" = ' 2 decrypted ' ]
		[ "$(jq -c '[.lost, .auth_failed, .confirmed]' <<<"$output" |
			sort -u)" = '[0,0,true]' ]
	done
}

@test "chain: both channels are the tone that was sent" {
	gs 0 gs-srtpdump -a main.wav -K main/a/trace main/call.pcap
	is_tone 1
	is_tone 2
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
	[[ $output == *": none of 2 keys fits"* ]]
}

# server FOLDER: TLS for one phone, as FreeSWITCH would serve the set.
server() {
	openssl s_server -accept "127.0.0.1:$((BASE + 8))" -cert "$1/agent.pem" \
		-key "$1/agent.pem" -CAfile "$1/cafile.pem" -quiet \
		>server.log 2>&1 3>&- &
	echo $! >>"$D/pids"
	until_true listens $((BASE + 8))
}

# refused DIR: the phone of DIR does not talk to that server.
refused() {
	configure "$D/$1" a 000413262AFE "s/:$SIPS;/:$((BASE + 8));/"
	phone "$D/$1" a
	until_true grep -aq 'tls: connect: error' "$1/a/trace"
	end $!
	[ "$(grep -ac '200 OK' "$1/a/trace")" -eq 0 ]
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
	gs 2 gs-certgen --root expired --no-auto-san --check gs5.lan
	[[ $output == CRITICAL*"(cert-expired)"* ]]
	server "$fs"
	pid=$!
	refused expired-phone
	end $pid
}

@test "broken: the certificate is for another name" {
	cp -a "$R" other
	gs 0 gs-certgen -q --root other --no-auto-san --new-key other.lan
	gs 2 gs-certgen --root other --no-auto-san --san dns:gs5.lan \
		--san ip:127.0.0.1 --check
	[[ $output == CRITICAL*"(name-missing)"* ]]
	server "other/${FS#"$R"/}"
	pid=$!
	refused other-phone
	end $pid
}

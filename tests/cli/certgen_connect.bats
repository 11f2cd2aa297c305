# SPDX-License-Identifier: MIT
# What a server serves, beside the set in place and for any client.

load lib
load ../helpers/process
load ../helpers/testca.bash
load ../helpers/certgen.bash

teardown() {
	end_all
}

@test "a server that serves the set, and one that serves the old one" {
	expect 0 --ca $N
	served 5061
	expect 0 --check --connect 127.0.0.1
	has "127.0.0.1:5061 serves 'CN=$N' with TLSv1.3, TLS_AES_256_GCM_SHA384"
	expect 0 --check --connect '[::1]:5061'
	expect 0 --check --connect ::1
	expect 0 --check --connect localhost:5061/wss --connect 127.0.0.1:5061/https
	expect 0 --status --connect 127.0.0.1
	[ "$output" = "OK - $N: 825 days left | days=825;30:;0:" ]
	expect 0 -q --force --days 100 $N
	expect 1 --check --connect 127.0.0.1
	has "[served-differs]"
	expect 2 --status --connect 127.0.0.1
	has "CRITICAL - $N: 100 days left, 1 error"
	end $!
	served 5062
	expect 0 --check --connect 127.0.0.1:5062
	expect 1 --check --connect 127.0.0.1
	has "127.0.0.1:5061 cannot be reached: Connection refused"
	has "[served-unreachable]"
}

@test "a server that serves something else, or not all of it" {
	expect 0 $N
	signed -1 100
	expect 0 --import "$T/crt" --chain "$T/chain" $N
	served 5061
	expect 0 --check --connect 127.0.0.1
	end $!
	serve 5062 -cert "$FS/agent.pem" -key "$FS/agent.pem"
	expect 1 --check --connect 127.0.0.1:5062
	has "does not send the certificate of 'CN=Test Intermediate'"
	has "[served-chain-incomplete]"
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$T/k" -out "$T/c" \
		-subj /CN=other.example -addext subjectAltName=DNS:other.example \
		2>/dev/null
	serve 5063 -cert "$T/c" -key "$T/k"
	expect 1 --check --connect 127.0.0.1:5063
	has "[served-differs]"
	has "[served-name]"
	has "[served-untrusted]"
}

@test "of two issuers, the one that is sent first must be the right one" {
	testca_make "$T/ca"
	testca_make "$T/other"
	testca_key "$T/k"
	openssl req -new -key "$T/k" -subj /CN=localhost -out "$T/csr" \
		-addext subjectAltName=DNS:localhost
	testca_sign "$T/ca" "$T/csr" "$T/crt"
	testca_sign "$T/other" "$T/ca/int.csr" "$T/cross" -extensions v3_ca \
		-keyfile "$T/other/root.key" -cert "$T/other/root.crt"
	cat "$T/ca/int.crt" "$T/cross" >"$T/right"
	cat "$T/cross" "$T/ca/int.crt" >"$T/wrong"
	serve 5061 -cert "$T/crt" -key "$T/k" -cert_chain "$T/right"
	expect 0 --connect localhost --trust "$T/ca/root.crt"
	serve 5062 -cert "$T/crt" -key "$T/k" -cert_chain "$T/wrong"
	not openssl verify -CAfile "$T/ca/root.crt" -untrusted "$T/wrong" \
		"$T/crt"
	expect 1 --connect localhost:5062 --trust "$T/ca/root.crt"
	has "[served-refused]"
}

@test "what is sent behind a self-signed certificate is no root of it" {
	testca_make "$T/ca"
	testca_key "$T/k"
	openssl req -x509 -new -key "$T/k" -subj /CN=localhost -out "$T/crt" \
		-days 99 -addext subjectAltName=DNS:localhost \
		-addext basicConstraints=CA:FALSE \
		-config <(printf '[req]\ndistinguished_name=d\n[d]\n')
	serve 5061 -cert "$T/crt" -key "$T/k" -cert_chain "$T/ca/int.crt"
	expect 0 --connect localhost --trust "$T/crt"
}

@test "alone, any server is judged by the name of the host" {
	testca_make "$T/ca"
	testca_key "$T/k"
	openssl req -new -key "$T/k" -subj /CN=localhost -out "$T/csr" -addext \
		subjectAltName=DNS:localhost,IP:127.0.0.1
	testca_sign "$T/ca" "$T/csr" "$T/crt"
	serve 5061 -cert "$T/crt" -key "$T/k" -cert_chain "$T/ca/int.crt"
	for host in localhost 127.0.0.1; do
		expect 0 --connect $host --trust "$T/ca/root.crt"
		has "OK - $host: 100 days left"
		expect 1 --connect $host
		has "[served-chain-incomplete]"
	done
	# Each has its own figure, and none is that of a set.
	expect 1 --connect localhost --connect 127.0.0.2 --trust "$T/ca/root.crt"
	has "CRITICAL - 2 servers: 100 days left"
	expect 0 --connect localhost --trust "$T/ca/root.crt" -f openmetrics
	has 'gsprov_served_days{server="localhost:5061"} 100'
	[[ $output != *gsprov_certificate_days* ]]
	expect 1 --connect ::1 --trust "$T/ca/root.crt"
	has "no alternative name ip:::1"
	expect 1 --connect localhost --trust "$T/ca/root.crt" --warn-days 101 \
		--crit-days 101
	has "[served-expires-soon]"
	expect 0 --connect localhost --trust "$T/ca/root.crt" --warn-days 101
	has "WARNING"
	testca_sign "$T/ca" "$T/csr" "$T/old" -startdate \
		"$(testca_date -864000)" -enddate "$(testca_date -60)"
	serve 5062 -cert "$T/old" -key "$T/k" -cert_chain "$T/ca/int.crt"
	expect 1 --connect localhost:5062 --trust "$T/ca/root.crt"
	has "[served-refused]"
	has "certificate has expired"
	[ -z "$(ls -A "$R")" ]
}

@test "what a client says: name, protocol, and nothing after the handshake" {
	expect 0 --ca $N
	for suffix in "" /sip /https /wss; do
		serve 5061 -cert "$FS/agent.pem" -key "$FS/agent.pem" \
			-cert_chain "$FS/cafile.pem" -msg -tlsextdebug
		expect 0 --check --connect 127.0.0.1:5061$suffix
		# The server has seen the end, and says so by an alert.
		until_true grep -qx '    15' "$T/server"
		end $!
		case $suffix in
		"") not grep 'application layer protocol' "$T/server" ;;
		/sip) grep -q '\.sip/2$' "$T/server" ;;
		*) grep -q '\.http/1\.1$' "$T/server" ;;
		esac
		# HOST is only where to connect.
		grep -A2 '"server name"' "$T/server" | tr -d '\n' | grep -q pbx
		[[ $(grep '^<<<.*Handshake' "$T/server" | tail -n 1) == *Finished* ]]
		not grep -E '^<<<.*(Alert|Application)' "$T/server"
	done
	# An address is no name.
	serve 5061 -cert "$FS/agent.pem" -key "$FS/agent.pem" -tlsextdebug
	expect 1 --connect 127.0.0.1
	end $!
	not grep 'server name' "$T/server"
	# Ports.
	for port in /https:443 /wss:7443 /sip:5061; do
		expect 1 --connect "127.0.0.1${port%:*}"
		has "127.0.0.1:${port#*:} cannot be reached"
	done
}

@test "versions and ciphers: of today, and of a phone" {
	gs-certgen -q --root "$R" --no-auto-san --ca $N
	served 5061
	expect 1 --check --connect 127.0.0.1 --phone 370
	has "a phone 370, which has TLS 1.0"
	has "@SECLEVEL=0"
	has "[served-phone]"
	expect 0 --check --connect 127.0.0.1 --phone "snom D865"
	has "a phone snom D865 gets TLSv1.3"
	expect 0 --check --connect 127.0.0.1 --phone D725
	has "gets TLSv1.2"
	end $!
	served 5062 -tls1 -cipher ALL:@SECLEVEL=0
	expect 1 --check --connect 127.0.0.1:5062 --phone 870
	has "[served-handshake]"
	has "a phone 870 gets TLSv1, "
	expect 2 --check --connect 127.0.0.1 --phone 999
	has "unknown model"
	expect 2 --phone 370 --check
	# What openssl.cnf says is not read.
	printf 'openssl_conf=x\n[x]\nssl_conf=y\n[y]\nsystem_default=z\n[z]\n%s\n' \
		MinProtocol=TLSv1.3 >"$T/cnf"
	OPENSSL_CONF=$T/cnf expect 1 --check --connect 127.0.0.1:5062 --phone 870
	has "a phone 870 gets TLSv1, "
}

@test "a server that says nothing, or something else, ends in time" {
	expect 0 $N
	start /usr/bin/python3 -c '
import contextlib, socket, threading
def serve(port, says):
    server = socket.create_server(("127.0.0.1", port))
    while True:
        c, _ = server.accept()
        with contextlib.suppress(OSError):
            if says:
                c.sendall(says)
                c.recv(1000)
                c.close()
for port, says in (5061, b""), (5062, b"SIP/2.0 400 Bad Request\r\n\r\n"), \
        (5063, b"\0\1"), (5064, b"\x15\3\1\0\2\2\x28"):
    threading.Thread(target=serve, args=(port, says)).start()'
	for port in 5062 5063 5064; do
		until_true listens $port
		expect 1 --check --connect 127.0.0.1:$port
		has "[served-handshake]"
		case $port in
		5062) has "it does not speak TLS: it answers 'SIP/2.0 400 Bad Request'" ;;
		5063) has "it does not speak TLS. " ;;
		# An alert is TLS.
		5064) [[ $output != *"not speak TLS"* ]] ;;
		esac
	done
	SECONDS=0
	expect 1 --check --connect 127.0.0.1:5061
	has "no answer in time"
	[ "$SECONDS" -lt 30 ]
	expect 1 --check --connect no-such-host.invalid
	has "[served-unreachable]"
}

# on_silence COMMAND...: where the name server does not answer.
on_silence() {
	echo "nameserver 192.0.2.99" >"$T/resolv.conf"
	echo "hosts: dns" >"$T/nsswitch"
	unshare -nm sh -c 'mount --bind "$1/resolv.conf" /etc/resolv.conf &&
		mount --bind "$1/nsswitch" /etc/nsswitch.conf &&
		ip link add d0 type veth peer name d1 &&
		ip addr add 192.0.2.1/24 dev d0 &&
		ip link set d0 up && ip link set d1 up &&
		ip neigh add 192.0.2.99 lladdr 02:00:00:00:00:01 dev d0 &&
		shift && exec "$@"' _ "$T" "$@"
}

@test "a name server that does not answer ends in time, too" {
	needs_root
	run on_silence gs-certgen --connect silent.example.com
	echo "$output"
	[ "$status" -eq 1 ]
	has "no answer in time"
	has "[served-unreachable]"
}

@test "a server that wants a certificate of its clients" {
	local port=5061 version
	expect 0 --ca $N
	for version in 1_2 1_3; do
		served $port -tls$version -Verify 1 -verify_return_error
		expect 1 --check --connect 127.0.0.1:$port --phone D865
		has "[served-client]"
		[[ $output != *served-handshake* && $output != *served-phone* ]]
		# What it serves is judged all the same.
		expect 1 --connect 127.0.0.1:$port
		has "[served-client]"
		has "[served-name]"
		port=$((port + 1))
	done
	# One that asks and does without.
	for version in 1_2 1_3; do
		served $port -tls$version -verify 1
		expect 0 --check --connect 127.0.0.1:$port
		has "serves 'CN=$N'"
		[[ $output != *served-client* ]]
		port=$((port + 1))
	done
	served $port -tls1_3 -verify 1 -num_tickets 0
	expect 0 --check --connect 127.0.0.1:$port
}

@test "a wildcard is no name for SIP" {
	needs_root
	expect 0 --ca '*.example.com'
	served 5061
	# What is served is judged with the set.
	expect 0 --check --connect 127.0.0.1
	[ "$(grep -c '\[name-wildcard\]' <<<"$output")" = 1 ]
	echo "127.0.0.1 pbx.example.com pbx.b.example.com" >"$T/hosts"
	alone() {
		run unshare -m sh -c 'mount --bind "$1" /etc/hosts && shift &&
			exec gs-certgen "$@"' _ "$T/hosts" --connect "$1" \
			--trust "$SSL/certs/gemeinschaft-ca.crt"
		echo "$output"
	}
	alone pbx.example.com
	[ "$status" -eq 0 ]
	has "[name-wildcard]"
	has WARNING
	alone pbx.example.com:5061/wss
	[ "$status" -eq 0 ]
	[[ $output != *name-wildcard* ]]
	alone pbx.b.example.com
	[ "$status" -eq 1 ]
	has "[served-name]"
}

@test "figures for Prometheus, and what --connect does not go with" {
	expect 0 --ca $N
	served 5061
	expect 0 --check -f openmetrics --connect 127.0.0.1
	has 'gsprov_certificate_days{host="pbx.example.com"} 825'
	has 'gsprov_leaf_days{host="pbx.example.com"} 825'
	has 'gsprov_issuer_days{host="pbx.example.com"} 7300'
	has 'gsprov_served_days{server="127.0.0.1:5061"} 825'
	has 'gsprov_certificate_findings{severity="error"} 0'
	[ "${lines[-1]}" = "# EOF" ]
	expect 0 --status -f openmetrics
	expect 2 -f openmetrics $N
	expect 2 -f openmetrics --show
	expect 2 --connect 127.0.0.1 $N
	expect 2 --connect 127.0.0.1 --show
	expect 2 --connect 127.0.0.1 --csr -
	for bad in '' : host:0 host:65536 host/ftp '[::1' '[::1]x' host:; do
		expect 2 --connect "$bad"
		has "write HOST[:PORT]"
	done
	expect 0 --check --warn-days 900 --crit-days 10
	expect 1 --check --warn-days 900 --crit-days 826
	has "error: the certificate expires"
	expect 2 --status --warn-days 900 --crit-days 826
	has "days=825;900:;826:"
	# The issuer that expires first.
	signed -1 100
	testca_sign "$T/ca" "$T/ca/int.csr" "$T/ca/int.crt" -extensions v3_ca \
		-keyfile "$T/ca/root.key" -cert "$T/ca/root.crt" \
		-enddate "$(testca_date $((50 * 86400 + 3600)))"
	cat "$T/ca/int.crt" "$T/ca/root.crt" >"$T/chain"
	expect 0 --import "$T/crt" --chain "$T/chain" $N
	expect 0 --check -f openmetrics
	has 'gsprov_certificate_days{host="pbx.example.com"} 51'
	has 'gsprov_leaf_days{host="pbx.example.com"} 101'
	has 'gsprov_issuer_days{host="pbx.example.com"} 51'
	rm -rf "$R"/*
	expect 1 --check -f openmetrics $N
	[[ $output != *_days{* ]]
	expect 2 --check -f openmetrics --trust "$T/none" $N
	has "gsprov_certificate_failed 1"
	[[ $output != *_days{* ]]
}

# ---- restarting when no call runs

# fs_cli ANSWER...: one after the other, the last one for ever
fs_answers() {
	mkdir -p "$T/bin"
	printf '%s\n' "$@" >"$T/answers"
	cat >"$T/bin/fs_cli" <<-EOF
	#!/bin/sh
	echo "\$*" >>"$T/asked"
	case \$2 in *restart) exit 0 ;; esac
	answer=\$(head -n 1 "$T/answers")
	[ "\$(wc -l <"$T/answers")" = 1 ] || sed -i 1d "$T/answers"
	case \$answer in
	fails*) printf '0 total.\n'; exit 1 ;;
	esac
	printf '\n%s\n\n' "\$answer"
	EOF
	chmod 755 "$T/bin/fs_cli"
	rm -f "$T/asked"
	PATH=$T/bin:$PATH
}

owed() { [ -e "$SSL/private/gemeinschaft.owed" ]; }

@test "a restart waits until FreeSWITCH has no call" {
	fs_answers "2 total." "0 total." "1 total." "fails" "fails" "-ERR" \
		"10 total." "0 total." "0 total."
	expect 0 -q --run-when-idle "echo RAN; test -e '$SSL/gemeinschaft.crt'" $N
	has RAN
	[ "$(wc -l <"$T/asked")" = 9 ]
	run ! owed
	# Nothing has changed, and nothing is owed.
	rm "$T/asked"
	expect 0 --run-when-idle "echo RAN" $N
	[[ $output == *unchanged* && $output != *RAN* ]]
	[ ! -e "$T/asked" ]
	expect 0 -n -v --force --run-when-idle "echo RAN" $N
	has "idle   echo RAN"
	# It is owed before anything is switched: a run may be killed.
	[[ $(grep -m1 '^  write' <<<"$output") == *gemeinschaft.owed* ]]
	run ! owed
	# The line of the manual.
	line=$(sed -n "s/^\.Dl \(gs-certgen .*--run-when-idle.*\)/\1/p" \
		"$GS_BIN/man/gs-certgen.1" | sed 's/\\(dq/"/g')
	fs_answers "0 total."
	cat >"$T/bin/gs-certgen" <<-EOF
	#!/bin/sh
	exec "$GS_BIN/gs-certgen" --root "$R" --force "\$@"
	EOF
	chmod 755 "$T/bin/gs-certgen"
	sh -c "$line"
	[ "$(tail -n 1 "$T/asked")" = "-x sofia profile gemeinschaft restart" ]
}

@test "what is owed is remembered, said and paid" {
	fs_answers "3 total."
	expect 1 --idle-timeout 1 --run-when-idle "echo RAN" $N
	[[ $output != *$'\nRAN'* ]]
	has "was not run"
	owed
	# With 0 it is left to the next run: no failure, and no word with -q.
	expect 0 --idle-timeout 0 --run-when-idle "echo RAN" $N
	[[ $output != *$'\nRAN'* ]]
	has "left to the next run"
	owed
	expect 0 -q --idle-timeout 0 --run-when-idle "echo RAN" $N
	[ -z "$output" ]
	owed
	expect 0 --check
	has "[restart-owed]"
	judge
	# A command that fails owes it still.
	fs_answers "0 total."
	expect 2 --run-when-idle "exit 3" $N
	has "ended with status 3"
	owed
	# A run without the option does not pay.
	expect 0 $N
	owed
	# Paid over an unchanged set, also by an import.
	expect 0 --run-when-idle "echo RAN" $N
	has unchanged
	has RAN
	run ! owed
	expect 0 --check
	[[ $output != *restart-owed* ]]
	# Nothing of the set is locked meanwhile.
	expect 0 --force --run-when-idle \
		"gs-certgen -q --root '$R' --no-auto-san --key ec:P-256 --force $N" $N
	run ! owed
	expect 2 --run-when-idle x --idle-timeout x $N
}

# Whether FreeSWITCH has other files than in $T/base.
switched() {
	! cmp -s "$FS/agent.pem" "$T/base/${FS#"$R"/}/agent.pem"
}

@test "whenever a run is killed, what it changed is owed and paid" {
	fs_answers "0 total."
	expect 0 $N
	cp -a "$R" "$T/base"
	for ((at = 1; ; at++)); do
		rm -rf "$R"
		cp -a "$T/base" "$R"
		run env LD_PRELOAD="$GS_BIN/tests/helpers/shim_fault.so" \
			ASAN_OPTIONS=verify_asan_link_order=0 \
			GS_FAULT_MODE=kill GS_FAULT_AT=$at gs-certgen \
			--root "$R" --no-auto-san --key ec:P-256 --force \
			--run-when-idle true $N
		[ "$status" -eq 137 ] || break
		if switched; then owed; fi
		expect 0 --run-when-idle "echo RAN" $N
		if switched; then has RAN; fi
		not owed
	done
	[ "$status" -eq 0 ]
	[ "$at" -gt 20 ]
}

@test "what cannot be seen to be owed is said, and not run" {
	fs_answers "0 total."
	expect 0 $N
	ln -s gemeinschaft.owed "$SSL/private/gemeinschaft.owed"
	expect 1 --run-when-idle "echo RAN" $N
	[[ $output != *RAN* ]]
	has "[restart-owed]"
	[[ $output == *"error:"*"gemeinschaft.owed"* ]]
	# Without the option nothing was to be run.
	expect 0 $N
	[[ $output != *restart-owed* ]]
	rm "$SSL/private/gemeinschaft.owed"
	expect 0 --run-when-idle "echo RAN" $N
	[[ $output != *RAN* && $output != *restart-owed* ]]
}

# ---- monitoring

@test "the examples for systemd and cron" {
	local f line
	mkdir -p "$T/bin" "$T/units"
	cat >"$T/bin/gs-certgen" <<-EOF
	#!/bin/sh
	exec "$GS_BIN/gs-certgen" --root "$R" --no-auto-san "\$@"
	EOF
	chmod 755 "$T/bin/gs-certgen"
	for f in "$GS_TOP"/cmd/site/gs-certgen.*; do
		sed "s,@BIN@,$T/bin,; s/freeswitch --run/$(id -un) --run/" "$f" \
			>"$T/units/${f##*/}"
	done
	cd "$T/units"
	run systemd-analyze verify --man=no ./gs-certgen.service \
		./gs-certgen.timer
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	# The lines themselves, beside a set in service.
	fs_answers "0 total."
	expect 0 --ca $N
	served 5061
	sed -n 's/^ExecStart=//p' gs-certgen.service >lines
	sed -n 's/^[0-9*][^a-z]* root //p' gs-certgen.cron |
		sed "s,/var/lib/prometheus/node-exporter,$T,g" >>lines
	[ "$(wc -l <lines)" = 5 ]
	while read -r line; do
		PATH=$T/bin:$PATH sh -c "$line" </dev/null || {
			echo "$line"
			false
		}
	done <lines
	grep -q gsprov_served_days "$T/gsprov.prom"
}

# pick INDEX WORD...: the word whose turn it is
pick() {
	local i=$1
	shift
	shift $((i % $#))
	echo "$1"
}

# leaves: certificates that ca/int2 signed, most of which no phone accepts
leaves() {
	local ca=(-cert ca/int2.crt -keyfile ca/int2.key) name=DNS:$N,DNS:localhost
	leaf() { # leaf NAME KEY SAN [openssl ca option...]
		openssl req -new -key "$2" -subj "/CN=$N" -out csr \
			${3:+-addext "subjectAltName=$3"}
		testca_sign ca csr "$1.crt" "${ca[@]}" "${@:4}"
		cp "$2" "$1.key"
	}
	testca_make ca
	testca_make other
	testca_key ca/int2.key
	openssl req -new -key ca/int2.key -subj "/CN=Second" -out csr
	openssl x509 -req -in csr -CA ca/int.crt -CAkey ca/int.key -days 99 \
		-extfile ca/ca.cnf -extensions v3_ca -out ca/int2.crt
	testca_sign ca ca/int.csr ca/int-old.crt -cert ca/root.crt \
		-keyfile ca/root.key -extensions v3_ca -subj "/CN=Test Intermediate" \
		-startdate "$(testca_date -864000)" -enddate "$(testca_date -60)"
	printf '[client]\nextendedKeyUsage=clientAuth\n' >>ca/ca.cnf
	testca_key ec
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out short
	leaf good ec "$name"
	leaf renewed ec "$name"
	leaf rsa rsa "$name"
	leaf short short "$name"
	leaf sha1 rsa "$name" -md sha1
	leaf other ec DNS:other.example.com
	leaf wild ec DNS:*.example.com
	leaf cn ec ""
	leaf client ec "$name" -extensions client
	leaf expired ec "$name" -startdate "$(testca_date -864000)" \
		-enddate "$(testca_date -60)"
	leaf future ec "$name" -startdate "$(testca_date 86400)"
}

@test "servers of all kinds are judged as openssl s_client judges them" {
	cd "$T"
	leaves
	cat ca/int2.crt ca/int.crt ca/root.crt >chain
	local i port line want have name bad=0 good=0 differs=0
	local -a leaf asks
	for ((i = 0; i < 96; i++)); do
		# Most parts of each are right, or nothing would be accepted.
		leaf[i]=$(pick $i good renewed good rsa good expired good short \
			other good sha1 good future wild good client good cn renewed)
		case $(pick $((i / 2)) right root right none order twice half right \
			stranger wrong old both) in
		right) set -- ca/int2.crt ca/int.crt ;;
		root) set -- ca/int2.crt ca/int.crt ca/root.crt ;;
		none) set -- ;;
		order) set -- ca/int.crt ca/int2.crt ;;
		twice) set -- ca/int2.crt ca/int2.crt ca/int.crt ;;
		half) set -- ca/int2.crt ;;
		stranger) set -- ca/int2.crt ca/int.crt other/root.crt ;;
		wrong) set -- ca/int2.crt other/int.crt ;;
		old) set -- ca/int2.crt ca/int-old.crt ;;
		both) set -- ca/int2.crt ca/int-old.crt ca/int.crt ;;
		esac
		cat "${leaf[i]}.key" "${leaf[i]}.crt" "$@" >"s$i"
		asks[i]=$(pick $((i / 5)) - - - - cert -)
		echo "$((23000 + i)) s$i" "$(pick $((i / 3)) any TLSv1_2 any TLSv1_3 \
			any any TLSv1_1)" "${asks[i]}" "$(pick $((i / 4)) - - s0 -)"
	done >list
	start "$GS_TOP/tests/helpers/servers.py" list $N localhost >ready
	until_true grep ready ready
	expect 0 -q --import good.crt --chain chain --with-key ec $N
	for ((i = 0; i < 96; i++)); do
		port=$((23000 + i)) name=$(pick $i $N localhost) want=1 have=0
		! openssl s_client -connect 127.0.0.1:$port -servername $name \
			-verify_hostname $name -verify_return_error -auth_level 2 \
			-purpose sslserver -no-CApath -no-CAstore \
			-CAfile ca/root.crt </dev/null >verify 2>&1 || want=0
		# Phones look for no name there, and have no certificate.
		[ "${leaf[i]} ${asks[i]}" = "${leaf[i]#cn} -" ] || want=1
		if [ $name = $N ]; then
			[ ${leaf[i]} = good ] || want=1
			set -- --check --connect 127.0.0.1:$port
		else
			set -- --trust ca/root.crt --connect localhost:$port
		fi
		g "$@" >said 2>&1 || have=$?
		good=$((good + (want == 0)))
		[ $have = $want ] || {
			bad=$((bad + 1))
			echo "$(sed -n "$((i + 1))p" list) ${leaf[i]} as $name:" \
				"openssl $want, gs-certgen $have"
			cat verify said
		}
	done
	echo "accepted: $good"
	[ $bad = 0 ]
	[ $good -ge 15 ]
}

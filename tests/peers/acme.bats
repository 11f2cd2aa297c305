# SPDX-License-Identifier: MIT
# certbot and dehydrated get certificates from a CA, pebble, and run the line
# of the manual after each.

load ../cli/lib
load ../helpers/process
load ../helpers/certgen.bash

DIRECTORY=https://localhost:14000/dir

# pebble: a CA with two roots for its intermediate, $T/root0 and $T/root1. It
# takes every host for what it says to be.
setup() {
	needs_root
	places
	cd "$T"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout web.key -out web.crt -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost 2>/dev/null
	cat >pebble.json <<-'E'
	{"pebble": {"listenAddress": "127.0.0.1:14000",
	 "managementListenAddress": "127.0.0.1:15000",
	 "certificate": "web.crt", "privateKey": "web.key",
	 "httpPort": 5002, "tlsPort": 5001}}
	E
	start env PEBBLE_VA_ALWAYS_VALID=1 PEBBLE_VA_NOSLEEP=1 \
		PEBBLE_WFE_NONCEREJECT=0 PEBBLE_ALTERNATE_ROOTS=1 \
		pebble -config pebble.json >pebble.log 2>&1
	until_true listens 15000
	until_true listens 14000
	for i in 0 1; do
		of_pebble roots/$i >root$i
		of_pebble intermediates/$i >int$i
	done
	export PATH="$T/bin:$PATH"
}

teardown() { end_all; }

of_pebble() { curl -sS --cacert "$T/web.crt" "https://localhost:15000/$1"; }

# by ROOT: phones get the certificate with a chain to this one
by() {
	[ "$(openssl x509 -in "$SSL/gemeinschaft.crt" -outform DER | sha256sum)" = \
		"$(openssl x509 -in "$leaf" -outform DER | sha256sum)" ] &&
		openssl verify -purpose sslserver -verify_hostname $N \
			-CAfile "$1" -untrusted "$FS/cafile.pem" "$FS/agent.pem" &&
		grep -qF "$(sed -n 3p "$1")" "$FS/cafile.pem"
}

# life PROGRAM: its first certificate, the same again, a new key, another
# chain. get COMMAND... is the program, "other ROOT" with this chain; again runs
# the hook for the certificate that is there; leaf is where it lies.
life() {
	local first
	TRUST=$T/root1
	own_root
	# Phones do not know this CA.
	get first
	has "[cert-staging]"
	has "[chain-incomplete]"
	[[ $output != *RAN* ]]
	[ ! -e "$SSL/gemeinschaft.crt" ]
	TRUST=$T/root0
	again
	[ "$status" -eq 0 ]
	has "put the certificate and its key in service"
	has "[cert-staging]"
	has RAN
	by root0
	first=$(pubkey "$SSL/gemeinschaft.key")
	before=$(tree)
	again
	[ "$status" -eq 0 ]
	[[ $output == *unchanged* && $output != *RAN* ]]
	# It is not due yet.
	get due
	[[ $output != *RAN* ]]
	[ "$(tree)" = "$before" ]
	get renewed
	has RAN
	by root0
	[ "$(pubkey "$SSL/gemeinschaft.key")" != "$first" ]
	# A root that phones do not trust: the chain in place is as good.
	get other "$(openssl x509 -in root1 -noout -subject -nameopt multiline |
		sed -n 's/.*commonName *= //p')"
	has RAN
	by root0
	cat root0 root1 >roots
	TRUST=$T/roots
	again
	has RAN
	by root1
	expect 0 --check --trust roots
}

@test "certbot: first time, again, renewed with a new key, another chain" {
	leaf=letsencrypt/live/$N/cert.pem
	get() {
		local what=$1 dirs
		dirs=(--config-dir letsencrypt --work-dir work --logs-dir log)
		case $what in
		first)
			set -- certonly --server "$DIRECTORY" --agree-tos \
				-m a@example.com --no-eff-email --standalone \
				--http-01-port 5002 -d $N \
				--deploy-hook "$(line certbot)" ;;
		due) set -- renew ;;
		renewed) set -- renew --force-renewal ;;
		other) set -- renew --force-renewal --preferred-chain "$2" ;;
		esac
		run env REQUESTS_CA_BUNDLE=web.crt certbot "$@" -n \
			--no-random-sleep-on-renew "${dirs[@]}"
		echo "$output"
		[ "$status" -eq 0 ]
	}
	again() { hook "$(line certbot)"; }
	life
}

@test "dehydrated: first time, again, renewed with a new key, another chain" {
	leaf=own/certs/$N/cert.pem
	mkdir -p own/www
	cat >own/config <<-E
	CA=$DIRECTORY
	KEYSIZE=2048
	CURL_OPTS="--cacert $T/web.crt"
	WELLKNOWN=$T/own/www
	BASEDIR=$T/own
	CONTACT_EMAIL=a@example.com
	HOOK=$T/own/hook
	E
	cat >own/hook <<-E
	#!/bin/sh
	deploy_cert() {
		$(line dehydrated)
	}
	case \$1 in deploy_cert) "\$@" ;; esac
	E
	chmod 755 own/hook
	dehydrated -f own/config --register --accept-terms
	get() {
		case $1 in
		first | due) set -- ;;
		renewed) set -- --force ;;
		other) set -- --force --preferred-chain "$2" ;;
		esac
		run dehydrated -f own/config -c -d $N "$@"
		# Version 0.7.0 wants the name as OpenSSL writes it.
		[[ $output != *"Alternative chain with"*"not found"* ]] ||
			run dehydrated -f own/config -c -d $N --force \
				--preferred-chain \
				"$(openssl x509 -in root1 -noout -issuer)"
		echo "$output"
	}
	again() {
		local d=$T/own/certs/$N
		hook "$T/own/hook \"\$@\"" deploy_cert $N "$d/privkey.pem" \
			"$d/cert.pem" "$d/fullchain.pem" "$d/chain.pem" 1
	}
	life
}

# SPDX-License-Identifier: MIT
# gs-certgen below a scratch root, for the tests of its commands.
# shellcheck shell=bash

setup() { places; }

# Where the files of a test are.
places() {
	T=$BATS_TEST_TMPDIR
	R=$T/root
	SSL=$R/etc/ssl
	FS=$R/var/opt/GS5/freeswitch/conf/ssl
	N=pbx.example.com
	mkdir "$R"
}

# A group that files can be given to: without root, the user's own.
group() { if [ "$GS_RUN" = inside ]; then echo nogroup; else id -gn; fi; }

# The command as most tests want it: fast keys, only the names given.
g() {
	gs-certgen --root "$R" --no-auto-san --key ec:P-256 "$@"
}

# run g, and its exit status
# shellcheck disable=SC2154 # run sets them
expect() {
	local want=$1
	shift
	run g "$@"
	echo "$output"
	[ "$status" -eq "$want" ]
}

has() {
	[[ $output == *"$1"* ]] || {
		echo "not in the output: $1"
		return 1
	}
}

tree() {
	(cd "$R" && find . -printf '%p %i %m %T@ %l\n' | sort)
}

pubkey() {
	openssl pkey -in "$1" -pubout
}

cert_pubkey() {
	openssl x509 -in "$1" -noout -pubkey
}

# What openssl says about the set.
judge() {
	local name=${1:-$N}
	[ "$(pubkey "$SSL/gemeinschaft.key")" = \
		"$(cert_pubkey "$SSL/gemeinschaft.crt")" ] &&
		[ "$(pubkey "$FS/agent.pem")" = "$(cert_pubkey "$FS/agent.pem")" ] &&
		openssl verify -x509_strict -purpose sslserver \
			-CAfile "$FS/cafile.pem" \
			-verify_hostname "$name" "$FS/agent.pem"
}

signed() { # signed DAYS_FROM DAYS_TO [openssl ca option...]: a signed answer
	local from=$1 to=$2
	shift 2
	g -q --csr "$T/csr" $N
	testca_make "$T/ca"
	testca_sign "$T/ca" "$T/csr" "$T/crt" \
		-startdate "$(testca_date $((from * 86400)))" \
		-enddate "$(testca_date $((to * 86400 + 3600)))" "$@"
	cat "$T/ca/int.crt" "$T/ca/root.crt" >"$T/chain"
}

# serve PORT [openssl s_server option...]: with FreeSWITCH's files
serve() {
	local port=$1
	shift
	start openssl s_server -accept "$port" -www "$@" >"$T/server" 2>&1
	until_true listens "$port"
}

# served: with what is in FreeSWITCH's folder now
served() {
	serve "$1" -cert "$FS/agent.pem" -key "$FS/agent.pem" \
		-cert_chain "$FS/cafile.pem" "${@:2}"
}

# line NAME: what the manual says for this program
line() {
	sed -n "/^\.Ss Certificates by certbot/,/^\.Ss The hook/p" \
		"$GS_BIN/man/gs-certgen.1" | grep -A8 "^$1, " |
		sed -n 's/^\.Dl //p' | head -n 1 | sed 's/\\(dq/"/g'
}

# own_root: $T/bin/gs-certgen is for the programs that run the manual's line. It
# trusts $TRUST, and says when something was changed.
own_root() {
	mkdir -p "$T/bin"
	cat >"$T/bin/gs-certgen" <<-EOF
	#!/bin/sh
	exec "$GS_BIN/gs-certgen" --root "$R" --no-auto-san \
		--trust "$TRUST" --run 'echo RAN' "\$@"
	EOF
	chmod 755 "$T/bin/gs-certgen"
}

# hook LINE [ARG...]: runs it as a program's hook with an own root
hook() {
	local line=$1
	shift
	own_root
	run env PATH="$T/bin:$PATH" HOME="$T" \
		RENEWED_LINEAGE="$T/letsencrypt/live/$N" \
		sh -c "$line" hook "$@"
	echo "$output"
}

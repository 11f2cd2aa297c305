# SPDX-License-Identifier: MIT
# Certificates that others made: what --import takes, refuses and says.

load lib
load ../helpers/process
load ../helpers/testca.bash
load ../helpers/certgen.bash

# leaf KEY OUT [extension line...]: signed by the intermediate of $T/ca
leaf() {
	local key=$1 out=$2
	shift 2
	[ -e "$T/ca/int.crt" ] || testca_make "$T/ca"
	openssl req -new -key "$key" -subj "/CN=$N" -out "$T/leaf.csr" \
		-config <(printf '[req]\ndistinguished_name=d\n[d]\n')
	[ $# -gt 0 ] || set -- "subjectAltName=DNS:$N"
	openssl x509 -req -in "$T/leaf.csr" -CA "$T/ca/int.crt" \
		-CAkey "$T/ca/int.key" -days 90 -out "$out" \
		-extfile <(printf '%s\n' "$@") 2>/dev/null
	cat "$T/ca/int.crt" "$T/ca/root.crt" >"$T/chain"
}

# in_place KEY: the key that the set has
in_place() {
	mkdir -p "$SSL/private"
	install -m 600 "$1" "$SSL/private/$N.key"
}

@test "a key that no TLS client supports is a finding" {
	for key in "EC -pkeyopt ec_paramgen_curve:secp256k1" \
		"EC -pkeyopt ec_paramgen_curve:brainpoolP256r1"; do
		openssl genpkey -algorithm $key -out "$T/odd.key"
		leaf "$T/odd.key" "$T/odd.crt"
		in_place "$T/odd.key"
		expect 1 --import "$T/odd.crt" --chain "$T/chain" $N
		has "[key-unusable]"
	done
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 \
		-out "$T/p521.key"
	leaf "$T/p521.key" "$T/p521.crt"
	in_place "$T/p521.key"
	expect 0 --import "$T/p521.crt" --chain "$T/chain" $N
}

@test "a usage that allows no TLS is a finding" {
	testca_key "$T/k"
	in_place "$T/k"
	for usage in keyEncipherment keyAgreement dataEncipherment; do
		leaf "$T/k" "$T/crt" "subjectAltName=DNS:$N" \
			"keyUsage=critical,$usage"
		expect 1 --import "$T/crt" --chain "$T/chain" $N
		has "[usage-server]"
	done
	leaf "$T/k" "$T/crt" "subjectAltName=DNS:$N" \
		"keyUsage=critical,digitalSignature"
	expect 0 --import "$T/crt" --chain "$T/chain" $N
}

@test "more names than can be read are said" {
	local names=DNS:x1.example.com i
	for ((i = 2; i <= 100; i++)); do names+=,DNS:x$i.example.com; done
	testca_key "$T/k"
	in_place "$T/k"
	leaf "$T/k" "$T/crt" "subjectAltName=$names,DNS:$N"
	expect 1 --import "$T/crt" --chain "$T/chain" $N
	has "101 alternative names"
	has "[name-many]"
	[[ $output != *name-missing* ]]
}

@test "a key that others could read is said by --import, too" {
	testca_key "$T/k"
	leaf "$T/k" "$T/crt"
	for name in "$N.csr.key" "$N.key"; do
		mkdir -p "$SSL/private"
		install -m 644 "$T/k" "$SSL/private/$name"
		expect 0 --import "$T/crt" --chain "$T/chain" $N
		has "[key-exposed]"
		rm -r "$R/etc"
	done
}

@test "the key of an answered request goes, and nothing is run for it" {
	testca_key "$T/k"
	leaf "$T/k" "$T/crt"
	in_place "$T/k"
	expect 0 --import "$T/crt" --chain "$T/chain" --run 'echo RAN' $N
	has RAN
	install -m 600 "$T/k" "$SSL/private/$N.csr.key"
	expect 0 --import "$T/crt" --chain "$T/chain" --run 'echo RAN' $N
	[[ $output != *RAN* && $output != *reload* ]]
	has "removed the key of a request"
	[ ! -e "$SSL/private/$N.csr.key" ]
}

@test "files that FreeSWITCH reads are judged whoever made them" {
	expect 0 $N
	for name in wss.pem tls.pem dtls-srtp.pem; do
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
			-nodes -keyout "$T/k" -out "$T/c" -subj /CN=x 2>/dev/null
		cat "$T/c" "$T/k" >"$FS/$name"
		chmod 644 "$FS/$name"
		expect 1 --check
		has "$name has the mode 0644"
		has "[mode-wide]"
		# No run of gs-certgen writes it.
		! grep mode-wide <<<"$output" | grep Run:
		chmod 600 "$FS/$name"
		expect 0 --check
		cat "$T/c" "$SSL/private/$N.key" >"$FS/$name"
		expect 1 --check
		has "[pair-mismatch]"
		printf 'no certificate\n' >"$FS/$name"
		expect 1 --check
		has "[cert-damaged]"
		before=$(cat "$FS/$name")
		expect 0 --force $N
		[ "$(cat "$FS/$name")" = "$before" ]
		rm "$FS/$name"
	done
	expect 0 --wss-pem $N
	expect 0 --check
}

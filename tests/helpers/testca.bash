# SPDX-License-Identifier: MIT
# A CA for tests, with an intermediate, made with openssl alone.
# shellcheck shell=bash

# testca_make DIR: DIR/root.crt, DIR/int.crt and their keys. In a file of tests,
# folders of one name get the same CA, which is made once.
testca_make() {
	local d=$1 made=$BATS_RUN_TMPDIR/testca-${1##*/}
	mkdir -p "$d/new" || return
	[ -d "$made" ] || testca_new "$made" || return
	cp "$made"/{root,int}.{key,crt} "$made/int.csr" "$d" || return
	: >"$d/index.txt"
	testca_config "$d" >"$d/ca.cnf"
}

# testca_forget DIR: what is made there next is another CA.
testca_forget() { rm -r "$1" "$BATS_RUN_TMPDIR/testca-${1##*/}"; }

# testca_config DIR: for openssl's commands, of the CA in DIR.
testca_config() {
	cat <<-EOF
	[ca]
	default_ca = test
	[test]
	dir = $1
	database = $1/index.txt
	new_certs_dir = $1/new
	rand_serial = yes
	certificate = $1/int.crt
	private_key = $1/int.key
	default_md = sha256
	default_days = 100
	policy = any
	copy_extensions = copy
	unique_subject = no
	[any]
	commonName = optional
	countryName = optional
	organizationName = optional
	organizationalUnitName = optional
	[v3_ca]
	basicConstraints = critical,CA:TRUE
	keyUsage = critical,keyCertSign,cRLSign
	subjectKeyIdentifier = hash
	[leaf]
	authorityKeyIdentifier = keyid
	[leaf_ca]
	basicConstraints = critical,CA:TRUE
	EOF
}

testca_new() {
	local d=$1
	mkdir "$d" || return
	testca_config "$d" >"$d/ca.cnf"
	testca_key "$d/root.key"
	openssl req -x509 -new -key "$d/root.key" -subj "/CN=Test Root" \
		-days 3650 -config "$d/ca.cnf" -extensions v3_ca \
		-out "$d/root.crt" 2>/dev/null || return 1
	testca_key "$d/int.key"
	openssl req -new -key "$d/int.key" -subj "/CN=Test Intermediate" \
		-config <(echo '[req]
distinguished_name=d
[d]') -out "$d/int.csr" || return 1
	openssl x509 -req -in "$d/int.csr" -CA "$d/root.crt" \
		-CAkey "$d/root.key" -days 1800 -extfile "$d/ca.cnf" \
		-extensions v3_ca -out "$d/int.crt" 2>/dev/null
}

testca_key() {
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
		-out "$1" 2>/dev/null
}

# testca_sign DIR CSR OUT [openssl ca option...]
testca_sign() {
	local d=$1 csr=$2 out=$3
	shift 3
	openssl ca -batch -config "$d/ca.cnf" -extensions leaf -notext \
		-in "$csr" -out "$out" "$@" 2>"$d/log" || {
		cat "$d/log"
		return 1
	}
}

# testca_date SECONDS: that many from now, as openssl ca wants it.
testca_date() {
	date -u -d "@$(($(date +%s) + $1))" +%Y%m%d%H%M%SZ
}

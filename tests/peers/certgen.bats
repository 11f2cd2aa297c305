# SPDX-License-Identifier: MIT
# The set made by gs-certgen in the hands of baresip, Kamailio and OpenSSL's
# server and CA, each in a network of its own.

load ../cli/lib
load ../helpers/testca.bash
load ../helpers/certgen.bash

setup() {
	needs_root
	places
	cd "$T"
	cp "$GS_TOP/tests/peers/certgen_net.bash" "$GS_TOP/tests/helpers/dns.py" .
}

g() {
	gs-certgen --root "$R" --no-auto-san "$@"
}

# The CA as a phone gets it, and one that it does not know.
make_set() {
	g -q --ca --der /ca.der --san ip:127.0.0.1 $N
	openssl x509 -inform DER -in "$R/ca.der" -out ca.pem
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout /dev/null -out other.pem -subj "/CN=$N CA" 2>/dev/null
}

# net COMMAND...: in a network of its own.
net() {
	unshare -n bash -c '. ./certgen_net.bash; "$@"' _ "$@"
}

@test "baresip verifies the certificate by address and by name, and calls" {
	make_set
	run net direct 127.0.0.1 ca.pem
	echo "$output"
	[[ $output == *"Call established"* ]]
	run net direct $N ca.pem
	echo "$output"
	[[ $output == *"Call established"* ]]
	[[ $output == *"incoming rtp for 'audio' established"* ]]
}

refuses() { # refuses COMMAND...: there is a TLS error, and no call
	run net "$@"
	echo "$output"
	[[ $output == *"tls: connect: error"* ]]
	[[ $output != *"Call established"* ]]
}

# baresip 1.0 compares an address with the certificate, 1.1 does not: OpenSSL
# is asked for that.
@test "baresip refuses another CA and another name, OpenSSL another address" {
	make_set
	refuses direct 127.0.0.1 other.pem
	refuses direct wrong.example.com ca.pem
	run net tls_server "$FS" -verify_ip 127.0.0.1 -CAfile ca.pem
	[[ $output == *"Verify return code: 0 (ok)"* ]]
	g -q --ca --new-key --switch other.example.com
	run net tls_server "$FS" -verify_ip 127.0.0.1 -CAfile ca.pem
	echo "$output"
	[[ $output == *"IP address mismatch"* ]]
	[[ $output != *"Verify return code: 0 (ok)"* ]]
}

@test "a call over TLS by way of Kamailio, by address and by name" {
	make_set
	run net through_kamailio 127.0.0.1 ca.pem
	echo "$output"
	[[ $output == *"Call established"* ]]
	run net through_kamailio $N ca.pem
	[[ $output == *"Call established"* ]]
	refuses through_kamailio $N other.pem
}

@test "openssl ca with an intermediate: request, import, handshake" {
	g -q --san ip:127.0.0.1 $N
	g -q --csr csr --new-key --san ip:127.0.0.1 --subject O=Example $N
	testca_make "$T/ca"
	testca_sign ca csr crt
	cat ca/root.crt ca/int.crt >chain
	g --import crt --chain chain
	run net tls_server "$FS" -verify_ip 127.0.0.1 -CAfile ca/root.crt
	echo "$output"
	[[ $output == *"Verify return code: 0 (ok)"* ]]
	# OpenSSL writes names with blanks before 3.2.
	[[ $output =~ 'CN'\ ?=\ ?'Test Intermediate' ]]
	run net tls_server "$FS" -verify_ip 127.0.0.2 -CAfile ca/root.crt
	[[ $output != *"Verify return code: 0 (ok)"* ]]
}

@test "Apache and Kamailio serve the set, the old one, another, not all of it" {
	for server in apache kamailio_tls; do
		rm -rf root live leaf other
		mkdir root
		g -q --csr csr $N
		[ -d ca ] || testca_make "$T/ca"
		testca_sign ca csr crt
		testca_sign ca csr next.crt
		cat ca/root.crt ca/int.crt >chain
		g -q --import crt --chain chain $N
		gs-certgen -q --root "$T/elsewhere" --no-auto-san other.example
		cp -rL "elsewhere/var/opt/GS5/freeswitch/conf/ssl" other
		local at=127.0.0.1:8443/https
		[ $server = apache ] || at=127.0.0.1:5091
		run net judged $server $at
		echo "$output"
		[[ $output == *"right: "$'\n'* ]]
		[[ $output == *"old: [served-differs] "* ]]
		[[ $output == *"wrong: [served-differs] [served-name] \
[served-untrusted]"* ]]
		[[ $output == *"incomplete: [served-chain-incomplete] "* ]]
	done
}

@test "of a server with several certificates, the one for the set's name counts" {
	g -q $N
	gs-certgen -q --root "$T/elsewhere" --no-auto-san other.example
	cp -rL "elsewhere/var/opt/GS5/freeswitch/conf/ssl" other
	run net by_name $N 127.0.0.1:8443/https
	echo "$output"
	[[ $output == *"right: "$'\n'* ]]
	[[ $output == *"wrong: [served-differs] [served-name] \
[served-untrusted]"* ]]
}

@test "addresses that answer nothing leave time for those that do" {
	g -q $N
	run unshare -m -n bash -c '. ./certgen_net.bash; "$@"' _ behind_holes \
		gs-certgen --root "$R" --no-auto-san --check --connect both
	echo "$output"
	[ "$status" -eq 0 ]
	has "both:5061 serves 'CN=$N'"
}

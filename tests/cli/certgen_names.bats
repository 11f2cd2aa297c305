# SPDX-License-Identifier: MIT
# Names in certificates and requests, and which set an answer belongs to.

load lib
load ../helpers/process
load ../helpers/testca.bash
load ../helpers/certgen.bash

teardown() {
	end_all
}

sans() { # sans FILE: of a certificate or request, one a line
	openssl x509 -in "$1" -noout -text 2>/dev/null ||
		openssl req -in "$1" -noout -text
}
names() {
	sans "$1" | grep -A1 "Alternative Name" | tail -n 1 |
		tr -d ' ' | tr , '\n'
}

@test "names and addresses with and without their type" {
	expect 0 --san alt.example --san 192.0.2.7 --san 2001:db8::7 \
		--san dns:typed.example --san ip:192.0.2.8 $N
	[ "$(names "$SSL/certs/$N.crt" | tr '\n' ' ')" = "DNS:$N DNS:alt.example \
IPAddress:192.0.2.7 IPAddress:2001:DB8:0:0:0:0:0:7 DNS:typed.example \
IPAddress:192.0.2.8 " ]
	expect 2 --san ip:alt.example $N
	expect 2 --san 192.0.2.256 $N
	expect 2 --san 'a b' $N
}

@test "several host names are one certificate and one request" {
	expect 0 $N sip.example.com '*.voip.example.com'
	[ "$(names "$SSL/certs/$N.crt" | tr '\n' ' ')" = \
		"DNS:$N DNS:sip.example.com DNS:*.voip.example.com " ]
	expect 0 --check $N sip.example.com
	expect 1 --check $N other.example.com
	has "[name-missing]"
	expect 2 $N extra
	has "'extra'"
	expect 0 --csr "$T/csr" $N second.example.com
	[ "$(names "$T/csr" | grep -c second)" = 1 ]
	[ "$(openssl req -in "$T/csr" -noout -subject -nameopt RFC2253)" = \
		"subject=CN=$N" ]
}

@test "a request has no private names unless that is said" {
	needs_root
	cat >"$T/in" <<-EOF
	ip link set lo up
	ip link add host0 type veth peer name peer0
	ip link set host0 up
	ip addr add 192.168.7.7/24 dev host0
	ip addr add 8.7.6.5/24 dev host0
	ip addr add fd00::7/64 dev host0 nodad
	ip addr add 2a00::7/64 dev host0 nodad
	exec gs-certgen --root "$R" --key ec:P-256 "\$@"
	EOF
	request() {
		run unshare -n sh "$T/in" --csr "$T/csr" "$@"
		echo "$output"
	}
	request $N
	[ "$status" -eq 0 ]
	has "leaves out addresses of this host: "
	has 192.168.7.7
	has fd00::7
	has "[csr-private]"
	[ "$(names "$T/csr" | tr '\n' ' ')" = \
		"DNS:$N IPAddress:8.7.6.5 IPAddress:2A00:0:0:0:0:0:0:7 " ]
	request --san 192.168.7.7 $N
	[ "$(names "$T/csr" | grep -c 192.168.7.7)" = 1 ]
	request --private $N
	[[ $output != *csr-private* ]]
	[ "$(names "$T/csr" | wc -l)" = 5 ]
	# A set of our own has them all.
	run unshare -n sh "$T/in" --switch $N
	[ "$(names "$SSL/certs/$N.crt" | wc -l)" = 5 ]
	run unshare -u sh -c 'hostname bare; exec gs-certgen "$@"' _ --root "$R" \
		--no-auto-san --key ec:P-256 --csr "$T/bare" bare
	[ "$status" -eq 1 ]
	has "'bare' has no dot"
	run unshare -u sh -c 'hostname bare; exec gs-certgen "$@"' _ --root "$R" \
		--no-auto-san --key ec:P-256 --private --csr "$T/bare" bare
	[ "$status" -eq 0 ]
}

@test "an answer finds its request by its key, whatever name is typed" {
	expect 0 --csr "$T/a.csr" a.example.com www.example.com
	expect 0 --csr "$T/b.csr" b.example.com
	[ -e "$SSL/private/a.example.com.csr.key" ]
	[ -e "$SSL/private/b.example.com.csr.key" ]
	testca_make "$T/ca"
	for x in a b; do testca_sign "$T/ca" "$T/$x.csr" "$T/$x.crt"; done
	cat "$T/ca/int.crt" "$T/ca/root.crt" >"$T/chain"
	# The name is one of the certificate's, and not that of the set.
	expect 0 --import "$T/a.crt" --chain "$T/chain" www.example.com
	has "[csr-found]"
	has "request for a.example.com"
	[ ! -e "$SSL/private/a.example.com.csr.key" ]
	[ -e "$SSL/private/b.example.com.csr.key" ]
	judge a.example.com
	# The other one is another set: that must be said.
	expect 1 --import "$T/b.crt" --chain "$T/chain"
	has "[other-name]"
	expect 0 --switch --import "$T/b.crt" --chain "$T/chain" b.example.com
	judge b.example.com
	# Without a name, where nothing is in service yet.
	rm -rf "$R"/*
	expect 0 --csr "$T/c.csr" c.example.com
	testca_sign "$T/ca" "$T/c.csr" "$T/c.crt"
	expect 0 --import "$T/c.crt" --chain "$T/chain"
	judge c.example.com
	# A typed name that the certificate lacks is refused.
	rm -rf "$R"/*
	expect 0 --csr "$T/c.csr" c.example.com
	testca_sign "$T/ca" "$T/c.csr" "$T/c.crt"
	expect 1 --import "$T/c.crt" --chain "$T/chain" wrong.example.com
	has "[name-missing]"
}

@test "names with letters beyond ASCII" {
	local a=xn--bcher-kva.example
	expect 0 Bücher.example faß.example --san '*.bücher.example'
	has "$a (bücher.example): made a key"
	[ -e "$SSL/private/$a.key" ]
	[ "$(names "$SSL/certs/$a.crt" | tr '\n' ' ')" = \
		"DNS:$a DNS:*.$a DNS:xn--fa-hia.example " ]
	expect 0 --show
	has "host         $a (bücher.example)"
	# However it is typed, it is the same name.
	expect 0 bücher.example
	has unchanged
	expect 0 $a
	has unchanged
	expect 0 --check BÜCHER.example faß.example
	expect 1 --check fass.example $a
	served 5061
	expect 0 --check --connect 127.0.0.1 bücher.example
	expect 1 --connect bücher.example:5061
	has "$a:5061 cannot be reached"
	# What is no name in any script, and what is not what it says.
	for bad in 'b‘cher.example' $'b\xfccher.example' 'ä/b.example'; do
		expect 2 --san "$bad" $N
	done
	expect 0 --switch xn--a.example
	has "xn--a.example: made"
	expect 0 --switch $N
	[[ $output != *"($N)"* ]]
}

@test "without libidn2, names in ASCII alone" {
	needs_root
	cat >"$T/in" <<-EOF
	mount --bind /dev/null "\$(ldconfig -p | sed -n 's/.*libidn2.so.0 .*=> //p' |
		head -n 1)"
	exec gs-certgen --root "$R" --no-auto-san --key ec:P-256 "\$@"
	EOF
	run unshare -m sh "$T/in" bücher.example
	echo "$output"
	[ "$status" -eq 2 ]
	has "write the form with xn--"
	run unshare -m sh "$T/in" xn--bcher-kva.example
	[ "$status" -eq 0 ]
	has "xn--bcher-kva.example: made"
}

@test "the files of a wildcard, and what SIP clients think of it" {
	expect 0 --ca '*.example.com'
	has "[name-wildcard]"
	[ -e "$SSL/private/_.example.com.key" ]
	[ "$(readlink "$SSL/gemeinschaft.crt")" = certs/_.example.com.crt ]
	[ "$(names "$SSL/certs/_.example.com.crt")" = "DNS:*.example.com" ]
	[ "$(openssl x509 -in "$FS/agent.pem" -noout -subject \
		-nameopt RFC2253)" = "subject=CN=*.example.com" ]
	expect 0 --check
	has "[name-wildcard]"
	expect 0 '*.example.com'
	has unchanged
	for bad in '*' '*.' '*.com' 'a.*.example.com' '*a.example.com'; do
		expect 2 --switch -- "$bad"
	done
	# A wildcard that others signed covers this host.
	rm -rf "$R"/*
	testca_key "$T/k"
	testca_make "$T/ca"
	openssl req -new -key "$T/k" -subj "/CN=*.example.com" -out "$T/csr" \
		-addext "subjectAltName=DNS:*.example.com"
	testca_sign "$T/ca" "$T/csr" "$T/crt"
	cat "$T/ca/int.crt" "$T/ca/root.crt" >"$T/chain"
	expect 0 --import "$T/crt" --chain "$T/chain" --with-key "$T/k" $N
	has "[name-wildcard]"
	judge
	# How its files are called is no wildcard in a certificate.
	rm -rf "$R"/*
	openssl req -new -key "$T/k" -subj "/CN=*.example.com" -out "$T/csr" \
		-addext "subjectAltName=DNS:_.example.com"
	testca_sign "$T/ca" "$T/csr" "$T/crt"
	expect 1 --import "$T/crt" --chain "$T/chain" --with-key "$T/k" $N
	has "[name-missing]"
}

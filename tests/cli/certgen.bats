# SPDX-License-Identifier: MIT
# gs-certgen from the outside; openssl(1) is the judge.

load lib
load ../helpers/process
load ../helpers/testca.bash
load ../helpers/certgen.bash

@test "layout: files, relative links, modes" {
	umask 022
	expect 0 $N
	[ "$(stat -c '%F %a' "$SSL/private/$N.key")" = "regular file 600" ]
	[ "$(stat -c '%F %a' "$SSL/private/$N.pem")" = "regular file 600" ]
	[ "$(stat -c '%F %a' "$SSL/certs/$N.crt")" = "regular file 644" ]
	[ "$(readlink "$SSL/gemeinschaft.key")" = "private/$N.key" ]
	[ "$(readlink "$SSL/gemeinschaft.crt")" = "certs/$N.crt" ]
	[ "$(readlink "$SSL/gemeinschaft.pem")" = "private/$N.pem" ]
	[ "$(stat -c '%F %a' "$FS/$N.pem")" = "regular file 600" ]
	[ "$(stat -c '%F %a' "$FS/$N-ca.pem")" = "regular file 644" ]
	[ "$(readlink "$FS/agent.pem")" = "$N.pem" ]
	[ "$(readlink "$FS/cafile.pem")" = "$N-ca.pem" ]
	[ "$(stat -c %a "$FS")" = 750 ]
	[ "$(grep -m1 BEGIN "$FS/agent.pem")" = "-----BEGIN CERTIFICATE-----" ]
	judge
}

@test "C1: a name that cannot be a file name touches nothing" {
	for name in '' 'a/b' '..' '../x' 'a b' 'pbx.ex‘mple' 'ä/b.example' \
		'-x.example' 'x..y' '192.0.2.1' '.example' 'a_b.example'; do
		expect 2 -- "$name"
		has "cannot be used"
	done
	[ -z "$(ls -A "$R")" ]
}

# on_host NAME HOSTS COMMAND...: on a host that is called so and knows no
# other resolver than the file HOSTS.
on_host() {
	echo "$2" >"$T/hosts"
	echo "hosts: files" >"$T/nsswitch"
	unshare -unm sh -c 'mount --bind "$1/hosts" /etc/hosts &&
		mount --bind "$1/nsswitch" /etc/nsswitch.conf &&
		hostname "$2" && shift 2 && exec "$@"' _ "$T" "$1" "${@:3}"
}

named() { # named NAME HOSTS: what a run without operand calls it
	run on_host "$1" "$2" gs-certgen --root "$R" --key ec:P-256 -n
	echo "$output"
}

@test "C1: nothing is in service: a bare run shows what it would make" {
	needs_root
	named pbx "127.0.1.1 pbx.example.com pbx"
	[ "$status" -eq 2 ]
	has "pbx.example.com: would make a key and a certificate"
	has "--key ec:P-256 -n --auto "
	has "--key ec:P-256 -n FQDN"
	named full.example.org "127.0.1.1 other.example.com full.example.org"
	[ "$status" -eq 2 ]
	has "full.example.org: would make"
	for hosts in "127.0.1.1 pbx" "" "127.0.0.1 localhost" \
		"127.0.0.1 localhost.localdomain localhost pbx"; do
		named pbx "$hosts"
		[ "$status" -eq 2 ]
		has "nothing is in service yet"
		not has "--auto"
	done
	# Whatever else is given.
	for more in --force --new-key --ca -q -j "--csr $T/csr" "--csr -" \
		"--import $T/none" "--san dns:x.example" --self-signed; do
		run on_host pbx "127.0.1.1 pbx.example.com pbx" \
			gs-certgen --root "$R" --key ec:P-256 $more
		echo "$output"
		[ "$status" -eq 2 ]
		has "nothing is in service yet"
	done
	# A command with control characters would not show what to type.
	run gs-certgen --root "$R" --no-auto-san --der $'/a\x02b'
	[ "$status" -eq 2 ]
	has $'  gs-certgen OPTIONS FQDN'
	not has $'\x02'
	[ ! -e "$T/csr" ]
	[ -z "$(ls -A "$R")" ]
}

@test "C1: --auto makes for this host's own full name" {
	needs_root
	for host in "pbx 127.0.1.1 pbx.example.com pbx" "pbx.example.com"; do
		run on_host ${host%% *} "${host#* }" gs-certgen --root "$R" \
			--key ec:P-256 --auto
		echo "$output"
		[ "$status" -eq 0 ]
		judge
		rm -rf "$R"
		mkdir "$R"
	done
	for hosts in "" "127.0.1.1 pbx" "127.0.0.1 localhost pbx"; do
		run on_host pbx "$hosts" gs-certgen --root "$R" --auto
		[ "$status" -eq 2 ]
		has "no full name"
	done
	for host in localhost 12345; do
		run on_host $host "127.0.0.1 $host" gs-certgen --root "$R" --auto
		[ "$status" -eq 2 ]
	done
	expect 2 --auto $N
	has "give one of them"
	[ -z "$(ls -A "$R")" ]
}

@test "without a name every action is about the set in service" {
	needs_root
	expect 0 $N
	before=$(tree)
	for auto in "" --auto; do
		for hosts in "" "127.0.0.1 localhost" "127.0.1.1 pbx" \
			"127.0.1.1 other.example.com pbx"; do
			on_host pbx "$hosts" gs-certgen --root "$R" $auto
			[ "$(tree)" = "$before" ]
			run on_host pbx "$hosts" gs-certgen --root "$R" --check $auto
			[ "$status" -eq 0 ]
			has "OK - $N"
		done
		run on_host pbx "127.0.1.1 other.example.com pbx" gs-certgen \
			--root "$R" --no-auto-san --csr "$T/csr" $auto
		[ "$status" -eq 0 ]
		openssl req -in "$T/csr" -noout -subject -nameopt RFC2253 |
			grep -q "CN=$N"
		rm "$SSL/private/$N.csr.key"
		touch -d @1 "$SSL/private"
		before=$(tree)
		run on_host pbx "127.0.1.1 other.example.com pbx" gs-certgen \
			--root "$R" --show $auto
		has "host         $N"
	done
}

@test "an operand that is no full name is refused, with a hint" {
	needs_root
	while read -r word hint; do
		for more in "" --ca --check --show "--csr $T/csr" -n; do
			expect 2 $more "$word"
			has "'$word' is not a host name"
			has "$hint"
		done
	done <<-'EOT'
	check did you mean --check?
	Show did you mean --show?
	renew --auto renews what is due
	help did you mean --help?
	import did you mean --import FILE?
	csr did you mean --csr FILE?
	version did you mean --version?
	pbx give the full name of this host
	EOT
	[ -z "$(ls -A "$R")" ]
	[ ! -e "$T/csr" ]
	# This host's own name is one.
	run on_host pbx "127.0.1.1 pbx" gs-certgen --root "$R" --key ec:P-256 pbx
	[ "$status" -eq 0 ]
	judge pbx
	# So is that of the set in service.
	expect 0 --check pbx
	expect 0 --check
}

@test "C2: a name longer than 64 stands only among the alternative names" {
	long=$(printf 'a%.0s' {1..60}).example.com
	expect 0 "$long"
	run openssl x509 -in "$SSL/certs/$long.crt" -noout -subject \
		-nameopt RFC2253 -ext subjectAltName
	echo "$output"
	[[ $output != *CN=* ]]
	has "DNS:$long"
	has critical
	judge "$long"
	rm -rf "$R"
	mkdir "$R"
	expect 0 --ca --subject O=X "$long"
	judge "$long"
}

@test "C3: names are typed, doubled ones are one, wrong ones are refused" {
	expect 0 --san dns:b.example --san ip:192.0.2.1 --san ip:2001:db8::1 \
		--san ip:2001:DB8:0::1 --san dns:B.example $N
	run openssl x509 -in "$SSL/certs/$N.crt" -noout -ext subjectAltName
	echo "$output"
	has "DNS:$N, DNS:b.example, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1"
	[ "$(grep -o 2001 <<<"$output" | wc -l)" = 1 ]
	openssl verify -CAfile "$FS/cafile.pem" -verify_ip 2001:db8::1 \
		"$FS/agent.pem"
	for bad in ip:300.1.1.1 ip:1.2.3 dns: dns:a_b ip:::::; do
		expect 2 --san "$bad" $N
	done
}

@test "the addresses of this host are names unless told otherwise" {
	needs_root
	unshare -n sh -c "ip link set lo up; ip addr add 192.0.2.77/32 dev lo
		gs-certgen --root '$R' --key ec:P-256 $N &&
		gs-certgen --root '$R' -j $N | jq -e '.changed|not'"
	run openssl x509 -in "$SSL/certs/$N.crt" -noout -ext subjectAltName
	has "IP Address:192.0.2.77"
	[[ $output != *127.0.0.1* ]]
}

@test "C4: a subject is encoded as it is" {
	expect 0 --subject 'C=DE,O=A/B\, C=D "E",OU=Straße 5+OU=\C3\BC,L=' $N
	run openssl x509 -in "$SSL/certs/$N.crt" -noout -subject \
		-nameopt utf8,sep_multiline,sname
	echo "$output"
	has 'C=DE'
	has 'O=A/B, C=D "E"'
	has 'OU=ü + OU=Straße 5'
	has "CN=$N"
	[[ $output != *"L="* ]]
	for bad in CN=x C=DEU O 'O=a,,' 'Z Z=1' 'O="x' 'O=\zz' 'NOSUCH=1' \
		'O=#0401' "$(printf 'O=\xff')"; do
		expect 2 --force --subject "$bad" $N
	done
}

@test "C5: days are checked, and years beyond 2050 are right" {
	for bad in 0 -1 1000000 x 1e3 ''; do
		expect 2 --days "$bad" $N
	done
	expect 0 --days 12000 $N
	openssl asn1parse -in "$SSL/certs/$N.crt" | grep -q GENERALIZEDTIME
	run openssl x509 -in "$SSL/certs/$N.crt" -noout -enddate
	has "$(date -u -d '+12000 days' +%Y) GMT"
}

@test "C6: a second run changes nothing, not even a time stamp" {
	for ca in "" --ca; do
		expect 0 $ca --der /ca.der --tls-pem --wss-pem $N
		before=$(tree)
		expect 0 $ca --der /ca.der --tls-pem --wss-pem $N
		has unchanged
		[ "$(tree)" = "$before" ]
	done
}

@test "C6: what is missing is made again from the key that is there" {
	expect 0 $N
	key=$(pubkey "$SSL/private/$N.key")
	serial=$(openssl x509 -in "$SSL/certs/$N.crt" -noout -serial)
	for f in "$SSL/private/$N.pem" "$SSL/certs/$N.crt" "$SSL/gemeinschaft.key" \
		"$FS/$N.pem" "$FS/cafile.pem" "$FS/$N-ca.pem" \
		"$SSL/private/$N.key"; do
		rm "$f"
		expect 0 $N
		has "put back"
		[ "$(pubkey "$SSL/private/$N.key")" = "$key" ]
		[ "$(openssl x509 -in "$FS/agent.pem" -noout -serial)" = "$serial" ]
		judge
	done
}

@test "C7: key and certificate of two keys are refused, both named" {
	expect 0 $N
	key=$(pubkey "$SSL/private/$N.key")
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$T/k" -out "$SSL/certs/$N.crt" -subj /CN=$N
	before=$(tree)
	expect 1 $N
	has pair-mismatch
	has "private/$N.key"
	has "certs/$N.crt"
	[ "$(tree)" = "$before" ]
	expect 0 --force $N
	[ "$(pubkey "$SSL/private/$N.key")" = "$key" ]
	judge
}

@test "another key in the place of the set's: the right one is put back" {
	expect 0 $N
	key=$(pubkey "$SSL/private/$N.key")
	crt=$(cat "$SSL/certs/$N.crt")
	for left in "$SSL/private/$N.pem" "$FS/$N.pem"; do
		openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
			-out "$SSL/private/$N.key"
		wrong=$(cat "$SSL/private/$N.key")
		expect 1 --check
		has pair-mismatch
		[[ $(grep 'pair-mismatch\]' <<<"$output") != *--new-key* ]]
		expect 0 $N
		[ "$(pubkey "$SSL/private/$N.key")" = "$key" ]
		# Phones trust this certificate, and nobody lost a key.
		[ "$(cat "$SSL/certs/$N.crt")" = "$crt" ]
		grep -qxF "$(sed -n 2p <<<"$wrong")" "$SSL/private/$N.key".2*
		judge
		rm "$SSL/private/$N.pem"
	done
}

@test "C8: a request twice has one key; the key is protected while it waits" {
	expect 0 $N
	before=$(tree)
	expect 0 --csr "$T/a.csr" --san ip:192.0.2.9 $N
	expect 0 --csr "$T/b.csr" $N
	expect 0 --csr "$T/b.csr" $N
	for f in a b; do
		openssl req -in "$T/$f.csr" -verify -noout
		[ "$(openssl req -in "$T/$f.csr" -noout -pubkey)" = \
			"$(pubkey "$SSL/private/$N.key")" ]
	done
	openssl req -in "$T/a.csr" -noout -text | grep -q 'IP Address:192.0.2.9'
	[ -z "$(find "$T" -name '.gs*')" ]
	expect 1 --new-key $N
	has csr-key-needed
	rm "$SSL/private/$N.csr.key"
	touch -r "$SSL/private/$N.key" "$SSL/private"
	[ "$(tree | grep -v 'private ')" = "$(grep -v 'private ' <<<"$before")" ]
}

@test "C8: a request without a set; the next run uses its key" {
	expect 0 --csr - $N
	openssl req -verify -noout <<<"$output"
	[ ! -e "$SSL/private/$N.key" ]
	[ "$(stat -c %a "$SSL/private/$N.csr.key")" = 600 ]
	mkdir -p "$FS"
	cp "$SSL/private/$N.csr.key" "$FS/wss.pem"
	chmod 644 "$FS/wss.pem"
	expect 1 --check $N
	has "[set-missing]"
	has "[csr-pending]"
	has "[mode-wide]"
	rm -r "$FS"
	expect 0 $N
	[ "$(pubkey "$SSL/private/$N.key")" = \
		"$(pubkey "$SSL/private/$N.csr.key")" ]
	ln -s /dev/null "$T/null"
	expect 2 --csr /dev/null $N
	[ -c /dev/null ]
}

@test "C8: a new key for a request does not touch what is in service" {
	expect 0 $N
	before=$(pubkey "$FS/agent.pem")
	expect 0 --csr "$T/csr" --new-key $N
	[ "$(pubkey "$FS/agent.pem")" = "$before" ]
	[ "$(openssl req -in "$T/csr" -noout -pubkey)" = \
		"$(pubkey "$SSL/private/$N.csr.key")" ]
	expect 0 $N
	has unchanged
	# A second one keeps it, unless it is the key in place.
	expect 0 --csr "$T/again" --new-key $N
	[ "$(openssl req -in "$T/again" -noout -pubkey)" = \
		"$(pubkey "$SSL/private/$N.csr.key")" ]
	rm "$SSL/private/$N.csr.key"
	expect 0 --csr "$T/csr" $N
	expect 0 --csr "$T/new" --new-key $N
	[ "$(openssl req -in "$T/csr" -noout -pubkey)" = "$before" ]
	[ "$(openssl req -in "$T/new" -noout -pubkey)" != "$before" ]
	[ "$(openssl req -in "$T/new" -noout -pubkey)" = \
		"$(pubkey "$SSL/private/$N.csr.key")" ]
}

@test "C9: a signed certificate with its chain in any order and form" {
	expect 0 $N
	signed -1 100
	cd "$T"
	leaf=$(openssl x509 -in crt -noout -serial)
	cat crt chain >right.pem
	tac_certs() { cat ca/root.crt ca/int.crt crt; }
	{ echo "Subject: some text"; tac_certs | sed 's/$/\r/'; } >crlf.pem
	tac_certs | head -c -1 >nonl.pem
	openssl crl2pkcs7 -nocrl -certfile right.pem -out p7.pem
	openssl crl2pkcs7 -nocrl -certfile right.pem -outform DER -out p7.der
	openssl x509 -in crt -outform DER -out leaf.der
	cp -a "$R" "$T/before"
	for f in right.pem crlf.pem nonl.pem p7.pem p7.der "leaf.der --chain chain"; do
		rm -rf "$R"
		cp -a "$T/before" "$R"
		expect 0 --import $f
		[ "$(openssl x509 -in "$FS/agent.pem" -noout -serial)" = "$leaf" ]
		[ "$(grep -c BEGIN "$FS/cafile.pem")" = 2 ]
		run grep -m2 BEGIN "$FS/agent.pem"
		[[ ${lines[0]} == *CERTIFICATE* && ${lines[1]} == *"PRIVATE KEY"* ]]
		openssl verify -CAfile ca/root.crt -untrusted "$FS/cafile.pem" \
			-verify_hostname $N "$FS/agent.pem"
		[ ! -e "$SSL/private/$N.csr.key" ]
		expect 0 --check
	done
	expect 0 --import right.pem
	has unchanged
	expect 0 $N
	has unchanged
}

refused() { # refused RULE FILE...
	local rule=$1
	shift
	before=$(tree)
	expect 1 --import "$@" $N
	has "[$rule]"
	[ "$(tree)" = "$before" ]
}

@test "C9: what must not be imported, and why" {
	expect 0 $N
	signed -1 100
	cd "$T"
	refused chain-incomplete crt
	refused chain-incomplete crt --chain ca/int.crt
	refused import-no-certificate csr
	refused import-no-certificate /dev/null
	{ cat crt chain; cat ca/int.key; } >key.pem
	refused import-key-inside key.pem
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout k -out other.crt -subj /CN=$N -addext subjectAltName=DNS:$N
	refused import-key-mismatch other.crt
	{ head -5 crt; cat chain; } >cut.pem
	refused import-damaged cut.pem
	testca_sign ca csr late.crt -startdate "$(testca_date 86400)" \
		-enddate "$(testca_date 8640000)"
	refused cert-not-yet-valid late.crt --chain chain
	testca_sign ca csr old.crt -startdate "$(testca_date -864000)" \
		-enddate "$(testca_date -86400)"
	refused cert-expired old.crt --chain chain
	testca_sign ca csr sha1.crt -md sha1
	refused digest-weak sha1.crt --chain chain
	testca_sign ca csr isca.crt -extensions leaf_ca
	sed -i 's/copy_extensions = copy/copy_extensions = none/' ca/ca.cnf
	testca_sign ca csr isca.crt -extensions leaf_ca
	refused leaf-is-ca isca.crt --chain chain
	has "(CA:TRUE)"
	# A client that does not read keyUsage takes this for a CA, too.
	printf '[names_ca]\nbasicConstraints=CA:TRUE\n' >>ca/ca.cnf
	printf 'keyUsage=digitalSignature\nsubjectAltName=DNS:%s\n' $N >>ca/ca.cnf
	testca_sign ca csr names.crt -extensions names_ca
	refused leaf-is-ca names.crt --chain chain
	printf '[signs]\nkeyUsage=digitalSignature,keyCertSign\n' >>ca/ca.cnf
	printf 'subjectAltName=DNS:%s\n' $N >>ca/ca.cnf
	testca_sign ca csr signs.crt -extensions signs
	refused leaf-is-ca signs.crt --chain chain
	has "(keyCertSign without basicConstraints)"
	testca_sign ca csr noname.crt
	refused name-missing noname.crt --chain chain
	# Every reason is named, not only the first.
	testca_sign ca csr bad.crt -md sha1 -extensions leaf_ca \
		-startdate "$(testca_date -864000)" -enddate "$(testca_date -9)"
	refused cert-expired bad.crt
	has '[digest-weak]'
	has '[name-missing]'
	has '[leaf-is-ca]'
	has '[chain-incomplete]'
	run g -j --import bad.crt $N
	[ "$(jq -rs '[.[]|select(.type=="finding")]|length' <<<"$output")" -ge 5 ]
	[ "$(jq -rs '.[-1].refused' <<<"$output")" = true ]
	[ "$(jq -rs '.[-1].what' <<<"$output")" = "nothing was changed" ]
}

# by_root CSR OUT CA KEY [openssl x509 option...]: a CA certificate
by_root() {
	openssl x509 -req -in "$1" -CA "$3" -CAkey "$4" -days 90 -out "$2" \
		-extfile ca/ca.cnf -extensions v3_ca "${@:5}" 2>/dev/null
}

@test "C9: a cross-signed root, and a path that is too long" {
	expect 0 $N
	signed -1 30
	cd "$T"
	# The CA's bundle has its root signed by an older one, which is over.
	testca_key old.key
	openssl req -x509 -new -key old.key -subj "/CN=Old Root" -days 1 \
		-config ca/ca.cnf -extensions v3_ca -out old.crt
	openssl x509 -x509toreq -in ca/root.crt -signkey ca/root.key \
		-out root.csr
	by_root root.csr cross.crt old.crt old.key
	cat crt ca/int.crt cross.crt >bundle
	refused chain-incomplete bundle
	cat bundle ca/root.crt >all
	cp -a "$R" before
	for more in "" "--chain old.crt"; do
		rm -rf "$R"
		cp -a before "$R"
		expect 0 --import all $more $N
		openssl verify -CAfile ca/root.crt -untrusted "$FS/cafile.pem" \
			"$FS/agent.pem"
		[ "$(openssl crl2pkcs7 -nocrl -certfile "$FS/cafile.pem" |
			openssl pkcs7 -print_certs -noout | grep -c subject)" = 2 ]
	done
	rm -rf "$R"
	cp -a before "$R"
	# The intermediate may sign no CA below it, and did.
	printf '[short]\nbasicConstraints=critical,CA:TRUE,pathlen:0\n' >>ca/ca.cnf
	by_root ca/int.csr ca/int.crt ca/root.crt ca/root.key -extensions short
	testca_key sub.key
	openssl req -new -key sub.key -subj "/CN=Sub CA" -config <(
		printf '[req]\ndistinguished_name=d\n[d]\n') -out sub.csr
	by_root sub.csr sub.crt ca/int.crt ca/int.key
	openssl x509 -req -in csr -CA sub.crt -CAkey sub.key -days 9 -out deep.crt \
		-extfile <(echo subjectAltName=DNS:$N) 2>/dev/null
	refused chain-refused deep.crt --chain \
		<(cat sub.crt ca/int.crt ca/root.crt)
	has "path length"
}

@test "C9: 1024 bits are refused" {
	mkdir -p "$SSL/private"
	openssl genrsa -out "$SSL/private/$N.key" 1024
	chmod 600 "$SSL/private/$N.key"
	openssl req -x509 -new -key "$SSL/private/$N.key" -subj /CN=$N \
		-addext subjectAltName=DNS:$N -addext basicConstraints=CA:FALSE \
		-out "$T/crt"
	refused key-weak "$T/crt"
}

@test "C10: cafile.pem holds certificates and no key" {
	for ca in "" --ca; do
		expect 0 $ca $N
		[ "$(grep -c 'BEGIN CERTIFICATE' "$FS/cafile.pem")" -ge 1 ]
		not grep -q 'PRIVATE KEY' "$FS/cafile.pem"
	done
	# As the old script left it.
	rm "$FS/cafile.pem"
	ln -s "$N.pem" "$FS/cafile.pem"
	expect 1 --check
	has key-public
	expect 0 $N
	not grep -q 'PRIVATE KEY' "$FS/cafile.pem"
}

@test "C11: umask 000 and 077: right modes, and never a moment with wider ones" {
	shim=$GS_BIN/tests/helpers/shim_fault.so
	export GS_WATCH_ROOT=$R ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0
	for mask in 000 077; do
		for more in "" "--key-group $(group)"; do
			rm -rf "$R"
			mkdir -m 755 "$R"
			(
				umask $mask
				export GS_WATCH_MASK=077
				[ -z "$more" ] || GS_WATCH_MASK=037
				for again in "" --new-key --ca; do
					LD_PRELOAD=$shim g $more $again $N
				done
				LD_PRELOAD=$shim g $more --csr "$T/csr" --new-key $N
			)
			mode=600
			[ -z "$more" ] || mode=640
			[ "$(stat -c %a "$SSL/private/$N.key")" = $mode ]
			[ "$(stat -c %a "$FS/$N.pem")" = $mode ]
			[ "$(stat -c %a "$SSL/private/gemeinschaft-ca.key")" = 600 ]
			[ "$(stat -c %a "$SSL/certs/$N.crt")" = 644 ]
			[ "$(stat -c %a "$FS/$N-ca.pem")" = 644 ]
		done
	done
	# The watcher does see what it is to see.
	chmod 644 "$SSL/private/$N.key"
	run env LD_PRELOAD="$shim" gs-certgen --root "$R" --check $N
	has "key readable"
}

@test "C12: an unknown owner or group: a finding, the mode stays tight" {
	needs_root
	expect 1 --owner nosuchuser:nosuchgroup --key-group nosuchgroup $N
	has owner-unknown
	[ "$(stat -c '%U %a' "$FS/$N.pem")" = "$(id -un) 600" ]
	judge
	# The folder is somebody else's; then it is as gs-certgen made it.
	chown daemon "$FS"
	expect 1 --owner nobody:nogroup $N
	has "the user nobody cannot enter"
	chown root:root "$FS"
	rm "$FS/$N.pem"
	expect 0 --owner nobody:nogroup $N
	[ "$(stat -c '%U:%G' "$FS")" = nobody:nogroup ]
	[ "$(stat -c '%U:%G %a' "$FS/$N.pem")" = "nobody:nogroup 640" ]
	[ "$(stat -c '%U %a' "$SSL/private/$N.key")" = "root 600" ]
	# An owner that was set by hand survives a renewal.
	expect 0 --force $N
	[ "$(stat -c '%U:%G' "$FS/$N.pem")" = "nobody:nogroup" ]
}

as_nobody() { setpriv --reuid nobody --regid nogroup --clear-groups "$@"; }
# The tree may lie where that user has no way to.
nobody_reaches_it() {
	chmod 755 "$T" "$BATS_RUN_TMPDIR"
	cp "$GS_BIN/gs-certgen" "$T/"
}

@test "C12: without root, files cannot be given away" {
	needs_root
	nobody_reaches_it
	chown nobody "$R"
	run as_nobody "$T/gs-certgen" --root "$R" --no-auto-san --key ec:P-256 \
		--owner root $N
	echo "$output"
	[ "$status" -eq 1 ]
	has owner-denied
	[ "$(stat -c '%U %a' "$FS/$N.pem")" = "nobody 600" ]
}

@test "C13: what is where a link belongs" {
	expect 0 $N
	cd "$SSL"
	cp --remove-destination private/$N.key gemeinschaft.key # a file
	ln -sf nowhere gemeinschaft.crt # dangling
	ln -sf "$SSL/private/$N.pem" gemeinschaft.pem # absolute
	expect 0 $N
	[ "$(readlink gemeinschaft.key)" = "private/$N.key" ]
	[ "$(readlink gemeinschaft.crt)" = "certs/$N.crt" ]
	[ "$(readlink gemeinschaft.pem)" = "private/$N.pem" ]
	rm gemeinschaft.pem
	mkdir gemeinschaft.pem
	before=$(tree)
	expect 2 --new-key $N
	has "is a folder"
	[ "$(tree)" = "$before" ]
	expect 1 --check
	has place-is-folder
}

@test "C13: a key in a file that a link replaces is kept" {
	expect 0 $N
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$T/k" -out "$T/c" -subj /CN=foreign
	rm "$FS/agent.pem"
	cat "$T/c" "$T/k" >"$FS/agent.pem"
	expect 0 $N
	[ "$(readlink "$FS/agent.pem")" = $N.pem ]
	cmp "$FS"/agent.pem.2* <(cat "$T/c" "$T/k")
	[ "$(stat -c %a "$FS"/agent.pem.2*)" = 600 ]
}

@test "C14: FreeSWITCH's folder may be missing, elsewhere, or not wanted" {
	expect 0 --freeswitch-dir /opt/freeswitch/conf/ssl $N
	[ "$(stat -c %a "$R/opt/freeswitch/conf/ssl")" = 750 ]
	[ -e "$R/opt/freeswitch/conf/ssl/agent.pem" ]
	expect 0 --no-freeswitch $N
	[ ! -e "$R/var" ]
	expect 0 --check --no-freeswitch
	touch "$R/file"
	expect 2 --freeswitch-dir /file $N
}

@test "C15: the DER file is what phones must trust" {
	expect 0 --der /phone.der $N
	[ "$(head -c1 "$R/phone.der" | od -An -tx1)" = " 30" ]
	[ "$(openssl x509 -inform DER -in "$R/phone.der" -noout -fingerprint)" = \
		"$(openssl x509 -in "$SSL/certs/$N.crt" -noout -fingerprint)" ]
	expect 0 --ca --der /phone.der $N
	openssl x509 -inform DER -in "$R/phone.der" -out "$T/ca.pem"
	openssl x509 -in "$T/ca.pem" -noout -ext basicConstraints |
		grep -q 'CA:TRUE, pathlen:0'
	openssl verify -x509_strict -CAfile "$T/ca.pem" "$FS/agent.pem"
	cp "$R/phone.der" "$T/der"
	expect 0 --ca --der /phone.der --new-key $N
	cmp "$R/phone.der" "$T/der"
	openssl verify -CAfile "$T/ca.pem" "$FS/agent.pem"
	expect 2 --der /no/such/folder.der $N
	has "/no/such: No such file or directory"
}

@test "C16: days left, as a line for monitoring" {
	expect 0 --days 31 $N
	expect 0 --status --warn-days 30
	[ "$output" = "OK - $N: 31 days left | days=31;30:;0:" ]
	expect 1 --status --warn-days 31
	[[ $output == "WARNING - $N: 31 days left, "*"(cert-expires-soon) | days=31;31:;0:" ]]
	[ "${#lines[@]}" -eq 1 ]
	expect 1 --check --status -q --warn-days 31
	[ "${#lines[@]}" -eq 1 ]
	expect 1 --status -j --warn-days 31
	[ "$(jq -r '"\(.state) \(.days)"' <<<"$output")" = "WARNING 31" ]
	signed -10 -1
	cp "$T/crt" "$SSL/certs/$N.crt"
	expect 2 --status
	[[ $output == "CRITICAL - "*" | days=-1;30:;0:" ]]
	[ "${#lines[@]}" -eq 1 ]
}

@test "C16: a check says no to errors alone" {
	expect 0 --days 31 $N
	expect 0 --check --warn-days 30
	[[ ${lines[0]} == "OK - $N: 31 days left | days=31" ]]
	expect 1 --check --warn-days 31 -W warning
	expect 0 --check --warn-days 31
	[[ ${lines[0]} == "WARNING - "*" | days=31" ]]
	has cert-expires-soon
	run g --check -j --warn-days 31
	[ "$(jq -rs '.[-1]|"\(.state) \(.days)"' <<<"$output")" = "WARNING 31" ]
	signed -10 -1
	cp "$T/crt" "$SSL/certs/$N.crt"
	expect 1 --check
	[[ ${lines[0]} == "CRITICAL - "*" | days=-1" ]]
	has cert-expired
}

@test "C16: what a plugin cannot do is unknown" {
	expect 0 $N
	for bad in --bogus "--days x" --show "$N extra" --switch show; do
		expect 3 --status $bad
		not has "CRITICAL"
	done
	expect 3 --bogus --status
	expect 3 --bogus --stat
	expect 3 --disable no-such-rule --status
	expect 2 --check --bogus
	for file in --pass-file --trust; do
		expect 3 --status $file /no/such/file
		[[ ${lines[-1]} == "UNKNOWN - $N: /no/such/file: "*" | days=U;30:;0:" ]]
	done
	run bash -c "gs-certgen --root '$R' --status >/dev/full"
	[ "$status" -eq 3 ]
	expect 1 --status --warn-days 900
	run bash -c "gs-certgen --root '$R' --status 2>>'$SSL/certs/$N.crt'"
	[ "$status" -eq 3 ]
}

@test "C16: what cannot be read is unknown, and the line says so" {
	needs_root
	expect 0 $N
	nobody_reaches_it
	for what in "2 --check" "2 --check -j" "3 --status" "3 --status -j"; do
		run as_nobody sh -c \
			"$T/gs-certgen --root $R ${what#* } $N 2>/dev/null"
		echo "$output"
		[ "$status" -eq "${what%% *}" ]
		has UNKNOWN
		has "Permission denied"
	done
	[ "$(jq -r '.days' <<<"$output")" = null ]
}

@test "C16: expiry of the CA, too" {
	expect 0 --ca $N
	openssl x509 -x509toreq -in "$SSL/certs/gemeinschaft-ca.crt" \
		-signkey "$SSL/private/gemeinschaft-ca.key" -out "$T/csr"
	printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n' >"$T/ext"
	openssl x509 -req -in "$T/csr" -days 20 -extfile "$T/ext" \
		-signkey "$SSL/private/gemeinschaft-ca.key" \
		-out "$SSL/certs/gemeinschaft-ca.crt"
	cp "$SSL/certs/gemeinschaft-ca.crt" "$FS/$N-ca.pem"
	expect 0 --check
	has chain-expires-soon
	has "days=20"
	# A leaf never outlives it, and is not renewed in vain.
	expect 0 --new-key $N
	expect 0 $N
	has unchanged
	expect 0 --ca --force $N
	expect 0 --check
}

# attacked NAME ARG...: folders called NAME... turn into links to $T/victim
attacked() {
	local name=$1
	shift
	run env GS_ATTACK="$name" GS_VICTIM="$T/victim" \
		ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
		LD_PRELOAD="$GS_BIN/tests/helpers/shim_attack.so" \
		gs-certgen --root "$R" --no-auto-san --key ec:P-256 "$@"
	echo "$output"
	has "attacked $name"
	[ "$status" -eq 2 ]
	[ "$(cd "$T/victim" && find . -printf '%p %U %G %m ')" = "$victim" ]
}

@test "who owns FreeSWITCH's folder cannot lead root elsewhere" {
	mkdir -m 711 "$T/victim"
	echo precious >"$T/victim/0"
	victim=$(cd "$T/victim" && find . -printf '%p %U %G %m ')
	# A folder that is made and given away.
	attacked ssl --ssl-dir /tls --owner nobody:nogroup $N
	rm -rf "$R"
	mkdir "$R"
	expect 0 $N
	# Hidden folders, while they are filled, and when they are swept.
	attacked .gs-certgen-f-new --new-key $N
	attacked .gs-certgen-f-old --force $N
	judge
	expect 0 $N
	for dir in "$FS" "$SSL/private"; do
		mkdir "$dir/.gs-certgen-f-old"
		echo x >"$dir/.gs-certgen-f-old/0"
		attacked .gs-certgen-f-old $N
		expect 0 $N
	done
	[ -z "$(find "$R" -name '.*')" ]
	# A file that is there already is not written through.
	ln -s "$T/victim/0" "$FS/.gs-certgen-00"
	expect 0 --force $N
	[ "$(cat "$T/victim/0")" = precious ]
}

@test "a link in FreeSWITCH's folder does not show another's key" {
	needs_root
	export GS_FAULT_MODE=kill
	expect 0 --owner nobody $N
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$T/k" -out "$T/c" -subj /CN=other
	cat "$T/c" "$T/k" >"$T/secret.pem"
	chmod 600 "$T/secret.pem"
	ln -sf "$T/secret.pem" "$FS/$N.pem"
	cp -a "$R" "$T/before"
	line=$(sed -n 2p "$T/k")
	seen=0
	for ((at = 1; at < 60; at++)); do
		rm -rf "$R"
		cp -a "$T/before" "$R"
		run env GS_FAULT_AT=$at GS_FAULT_COUNT="$T/count" \
			ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
			LD_PRELOAD="$GS_BIN/tests/helpers/shim_fault.so" gs-certgen \
			--root "$R" --no-auto-san --owner nobody --force $N
		while read -r f; do
			seen=$((seen + 1))
			[ "$(stat -c '%U %a' "$f")" = "root 600" ]
		done < <(grep -rlF -- "$line" "$R/var" "$R/etc")
	done
	[ "$seen" -gt 0 ]
}

@test "a read-only folder and a full disk leave the old set as it was" {
	needs_root
	expect 0 $N
	cp -a "$R" "$T/before"
	run unshare -m sh -c 'mount --bind "$1" "$1"
		mount -o remount,ro,bind "$1"
		shift; exec gs-certgen "$@"' _ "$FS" --root "$R" --no-auto-san \
		--key ec:P-256 --new-key $N
	echo "$output"
	[ "$status" -eq 2 ]
	has "Read-only file system"
	diff -r "$R" "$T/before"
	run unshare -m sh -c 'mount -t tmpfs -o size=64k tmpfs "$1" &&
		gs-certgen -q --root "$1" --no-auto-san --key ec:P-256 "$2" &&
		cp -a "$1" "$3" && dd if=/dev/zero of="$1/fill" bs=1k
		gs-certgen --root "$1" --no-auto-san --key ec:P-256 --new-key "$2"
		echo "status $?"; rm "$1/fill"; diff -r "$1" "$3" && echo same' \
		_ "$R" $N "$T/full"
	echo "$output"
	has "gs-certgen: "
	has "No space left"
	has "status 2"
	has same
}

@test "C18: of two runs at once the second fails cleanly" {
	expect 0 $N
	exec 9<"$SSL/private"
	flock 9
	before=$(tree)
	expect 2 --new-key $N
	has "another run"
	[ "$(tree)" = "$before" ]
	exec 9<&-
	for i in 1 2 3 4 5 6; do
		g --force $N >/dev/null 2>&1 &
	done
	wait
	judge
	expect 0 $N
	[ -z "$(find "$R" -name '.*')" ]
}

@test "a decision that another run overtook is not carried out" {
	expect 0 $N
	mkfifo "$T/pass"
	# It waits for the pass phrase when it knows what is in service. One that
	# does not wait must not leave this test waiting.
	{
		status=0
		g --force --pass-file "$T/pass" $N >"$T/first" 2>&1 || status=$?
		[ -e "$T/waits" ] || sleep 5 <>"$T/pass"
		exit "$status"
	} &
	exec 9>"$T/pass"
	: >"$T/waits"
	expect 0 --switch other.example.com
	before=$(tree)
	echo x >&9
	exec 9>&-
	status=0
	wait $! || status=$?
	cat "$T/first"
	[ "$status" -eq 2 ]
	grep -q "another run changed" "$T/first"
	[ "$(tree)" = "$before" ]
}

@test "C19: kinds of keys" {
	for bad in rsa:1024 rsa:8192 ec:P-521 dsa:2048 rsa; do
		expect 2 --key $bad $N
	done
	for kind in rsa:2048 rsa:3072 ec:P-256 ec:P-384; do
		rm -rf "$R"
		mkdir "$R"
		run gs-certgen --root "$R" --no-auto-san --key $kind -j $N
		[ "$(jq -rs '.[-1].certificate.key' <<<"$output")" = $kind ]
		[[ $kind == rsa* || $output == *key-ec* ]]
		judge
	done
	expect 0 --check
	has key-ec
	# It may be meant so: no plan is made to replace it.
	[[ $output != *Run:* ]]
	rm -rf "$R"
	mkdir -p "$SSL/private"
	openssl genrsa -out "$SSL/private/$N.key" 1024
	expect 1 $N
	has key-weak
	key=$(pubkey "$SSL/private/$N.key")
	expect 0 --force $N
	[ "$(pubkey "$SSL"/private/$N.key.2*)" = "$key" ]
	judge
}

@test "C20: an encrypted key needs its pass phrase, from a file or descriptor" {
	mkdir -p "$SSL/private"
	pass=$(cat "$GS_TOP/tests/fixtures/secrets/cert.txt")
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 |
		openssl pkcs8 -topk8 -passout "pass:$pass" -out "$SSL/private/$N.key"
	key=$(openssl pkey -passin "pass:$pass" -in "$SSL/private/$N.key" -pubout)
	before=$(tree)
	expect 1 $N
	has key-locked
	expect 1 --pass-file <(echo wrong) $N
	has key-locked
	[ "$(tree)" = "$before" ]
	cp -a "$R" "$T/copy"
	expect 0 --pass-file fd:7 $N 7<<<"$pass"
	[ "$(pubkey "$SSL/private/$N.key")" = "$key" ]
	grep -q ENCRYPTED "$SSL"/private/$N.key.2*
	judge
	rm -rf "$R"
	mv "$T/copy" "$R"
	expect 0 --pass-file <(printf '%s\r\n' "$pass") $N
	[ "$(pubkey "$SSL/private/$N.key")" = "$key" ]
}

@test "the host's user freeswitch is not one of a tree of its own" {
	needs_root
	expect 0 $N
	(cat /etc/passwd && echo freeswitch:x:4242:4242::/:/bin/false) \
		>"$T/passwd"
	with_user() {
		run unshare -m sh -c 'mount --bind "$1" /etc/passwd && shift &&
			exec gs-certgen "$@"' _ "$T/passwd" --check "$@"
		echo "$output"
	}
	with_user --root "$R" $N
	[ "$status" -eq 0 ]
	with_user --root "$R" --owner freeswitch $N
	[ "$status" -eq 1 ]
	has "the user freeswitch cannot read"
	# The same files, without a tree around them.
	with_user --ssl-dir "$SSL" --freeswitch-dir "$FS" $N
	[ "$status" -eq 1 ]
	has "the user freeswitch cannot"
}

@test "C21: drift, modes, keys in public files, a user who cannot read" {
	needs_root
	expect 0 --owner nobody $N
	expect 0 --check --owner nobody
	chmod 644 "$SSL/private/$N.key"
	expect 1 --check
	has mode-wide
	expect 0 $N
	[ "$(stat -c %a "$SSL/private/$N.key")" = 600 ]
	cat "$SSL/private/$N.key" >>"$SSL/certs/$N.crt"
	expect 1 --check
	has key-public
	expect 0 $N
	not grep -q PRIVATE "$SSL/certs/$N.crt"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$T/k" -out "$T/c" -subj /CN=$N
	cat "$T/c" "$T/k" >"$FS/$N.pem"
	expect 1 --check
	has copy-differs
	expect 0 $N
	expect 1 --check --owner daemon
	has unreadable
	# Who made the folder may not enter it: said at once.
	chmod 700 "$FS"
	chown root "$FS"
	expect 1 --owner nobody $N
	has unreadable
	chown nobody "$FS"
	expect 0 --owner nobody $N
	# So does one above it.
	chmod 700 "$R/var/opt"
	expect 1 --check --owner nobody
	has "cannot enter $R/var/opt."
	chmod 755 "$R/var/opt"
	rm "$FS/$N.pem"
	expect 1 --check
	has link-broken
	has set-missing
}

@test "C22: a clock that cannot be right makes no certificate" {
	cat >"$T/clock.c" <<-EOF
	#include <time.h>
	time_t time(time_t *t) { time_t now = NOW; if (t) *t = now; return now; }
	EOF
	export ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0
	for now in 1000 4200000000; do
		cc -DNOW=${now}L -shared -fPIC -o "$T/clock.so" "$T/clock.c"
		run env LD_PRELOAD="$T/clock.so" gs-certgen --root "$R" \
			--key ec:P-256 $N
		[ "$status" -eq 1 ]
		has clock-wrong
	done
	[ ! -e "$SSL/private/$N.key" ]
	expect 0 $N
	start=$(openssl x509 -in "$SSL/certs/$N.crt" -noout -startdate)
	age=$(($(date +%s) - $(date -d "${start#*=}" +%s)))
	[ $age -ge 86400 ] && [ $age -lt 87000 ]
}

@test "C23: the files serve TLS as FreeSWITCH would load them" {
	expect 0 --ca --der /ca.der --san ip:127.0.0.1 $N
	openssl x509 -inform DER -in "$R/ca.der" -out "$T/ca.pem"
	port=$((20000 + $$ % 10000))
	start openssl s_server -accept 127.0.0.1:$port -cert "$FS/agent.pem" \
		-key "$FS/agent.pem" -CAfile "$FS/cafile.pem" -www \
		>/dev/null 2>&1
	server=$!
	until_true listens $port
	openssl s_client -connect 127.0.0.1:$port -CAfile "$T/ca.pem" \
		-verify_return_error -verify_ip 127.0.0.1 </dev/null \
		>"$T/log" 2>&1
	openssl s_client -connect 127.0.0.1:$port -CAfile "$T/ca.pem" \
		-verify_return_error -verify_hostname $N </dev/null
	end $server
	grep -q 'Verify return code: 0' "$T/log"
}

@test "C24: serial numbers are long and random" {
	for i in 1 2 3; do
		g -q --force $N
		openssl x509 -in "$SSL/certs/$N.crt" -noout -serial
	done >"$T/serials"
	[ "$(sort -u "$T/serials" | wc -l)" = 3 ]
	not grep -qvE '^serial=[4-7][0-9A-F]{31}$' "$T/serials"
	[ -z "$(find "$R" -name '*.srl')" ]
}

@test "C25: everything is below --root" {
	cd "$T"
	expect 0 --ca --der "/d.der" $N
	[ -e "$R/d.der" ]
	expect 0 --ca --der "$R/e.der" $N
	[ -e "$R/e.der" ]
	expect 0 --ssl-dir /srv/tls --link-name voip --freeswitch-dir /srv/fs $N
	[ "$(readlink "$R/srv/tls/voip.crt")" = certs/$N.crt ]
	expect 0 --check --ssl-dir /srv/tls --link-name voip --freeswitch-dir /srv/fs
	[ -z "$(find "$R" -lname '/*')" ]
}

@test "X.509: version, digest, usage, identifiers" {
	expect 0 --ca --key rsa:2048 $N
	run openssl x509 -in "$SSL/certs/$N.crt" -noout -text
	for want in 'Version: 3' sha256WithRSAEncryption 'CA:FALSE' \
		'Digital Signature, Key Encipherment' 'TLS Web Server Auth' \
		'Subject Key Identifier' 'Authority Key Identifier'; do
		has "$want"
	done
	run openssl x509 -in "$SSL/certs/gemeinschaft-ca.crt" -noout -text
	has 'Certificate Sign, CRL Sign'
	has 'pathlen:0'
}

@test "renewal keeps the key, and happens only when it is due" {
	expect 0 --days 40 $N
	key=$(pubkey "$FS/agent.pem")
	expect 0 --renew-before 39 $N
	has unchanged
	expect 0 --renew-before 40 $N
	has "it expires in 40 days"
	[ "$(pubkey "$FS/agent.pem")" = "$key" ]
	[ "$(cert_pubkey "$SSL/certs/$N.crt")" = "$key" ]
	expect 0 --check
	expect 0 --san dns:more.example $N
	has "it lacks the name dns:more.example"
	judge more.example
}

names() {
	openssl x509 -in "$SSL/certs/$N.crt" -noout -ext subjectAltName
}

@test "a short life is no reason to renew at every run" {
	for days in 1 2 20 30; do
		expect 0 --days $days $N
		expect 0 --days $days $N
		has unchanged
		rm -rf "$R"
		mkdir "$R"
	done
	expect 2 --days 20 --renew-before 20 $N
	has "must be less than --days 20"
	expect 0 --days 20 --renew-before 19 $N
}

@test "many addresses, of both kinds" {
	needs_root
	unshare -n sh -c "ip link set lo up
		for i in \$(seq 25); do
			ip addr add 192.0.2.\$i/32 dev lo
			ip addr add 2001:db8::\$i/128 dev lo nodad
		done
		ip addr add 169.254.3.3/16 dev lo
		gs-certgen -q --root '$R' --ca --key ec:P-256 $N
		gs-certgen --root '$R' --ca $N" >"$T/out"
	grep -q unchanged "$T/out"
	[ "$(names | grep -o IP | wc -l)" = 50 ]
	openssl verify -CAfile "$FS/cafile.pem" -verify_ip 2001:db8::25 \
		"$FS/agent.pem"
	openssl verify -CAfile "$FS/cafile.pem" -verify_ip 192.0.2.25 \
		"$FS/agent.pem"
	! names | grep -q 169.254
}

@test "a renewal keeps the names, --force begins afresh" {
	for ca in "" --ca; do
		expect 0 $ca --days 20 --san dns:sip.example --san ip:192.0.2.5 $N
		expect 0 $ca $N
		has "it expires in 20 days"
		run names
		has "DNS:$N, DNS:sip.example, IP Address:192.0.2.5"
		expect 0 $ca --new-key --san dns:new.example $N
		run names
		has "DNS:new.example, DNS:sip.example, IP Address:192.0.2.5"
		# A request to others does not show what is only known here.
		expect 0 --csr "$T/csr" $N
		run openssl req -in "$T/csr" -noout -text
		[[ $output != *sip.example* ]]
		rm "$SSL/private/$N.csr.key"
		expect 0 $ca --force $N
		run names
		[[ $output != *sip.example* ]]
	done
	signed -1 100
	g -q --csr "$T/csr" --san dns:paid.example $N
	testca_sign "$T/ca" "$T/csr" "$T/crt"
	expect 0 --import "$T/crt" --chain "$T/chain"
	expect 0 --csr "$T/again" $N
	run openssl req -in "$T/again" -noout -text
	has "DNS:$N, DNS:paid.example"
}

subject() {
	openssl x509 -in "$SSL/certs/$N.crt" -noout -subject \
		-nameopt RFC2253,-dn_rev
}

@test "a renewal keeps the subject, --force begins afresh" {
	for ca in "" --ca; do
		expect 0 $ca --force --days 20 \
			--subject 'C=DE,O=Müller\, Söhne+L=Köln,OU=' $N
		made=$(subject)
		[[ $made == *L=* ]]
		expect 0 $ca $N
		has "it expires in 20 days"
		[ "$(subject)" = "$made" ]
		expect 0 $ca --new-key $N
		[ "$(subject)" = "$made" ]
		judge
		expect 0 $ca --new-key --subject O=Other $N
		[ "$(subject)" = "subject=O=Other,CN=$N" ]
		expect 0 $ca --force $N
		[ "$(subject)" = "subject=CN=$N" ]
	done
}

@test "a file named by mistake is not replaced" {
	expect 0 $N
	cp -a "$R" "$T/before"
	for f in private/$N.key private/$N.pem certs/$N.crt; do
		expect 2 --csr "$SSL/$f" $N
		has "and the set's "
		expect 2 --der "/etc/ssl/$f" $N
		has "is a file of the set"
		expect 2 --force --der "/etc/ssl//$f" $N
		diff -r "$R" "$T/before"
	done
	cp "$SSL/private/$N.key" "$R/other.key"
	echo '<html>' >"$R/index.html"
	for f in other.key index.html; do
		cp "$R/$f" "$T/copy"
		expect 2 --force --der "/$f" $N
		has "does not contain certificates"
		cmp "$R/$f" "$T/copy"
	done
	# What was cut off, and what an earlier run wrote, is.
	expect 0 --der /phone.der $N
	head -c 100 "$R/phone.der" >"$T/cut"
	cp "$T/cut" "$R/phone.der"
	expect 0 --der /phone.der $N
	not cmp -s "$R/phone.der" "$T/cut"
	expect 0 --csr "$T/csr" $N
	expect 0 --csr "$T/csr" --san dns:b.example $N
}

@test "phones that need another certificate to trust: it is said" {
	expect 0 $N
	[[ $output != *trust-changed* ]]
	expect 0 --ca $N
	has trust-changed
	expect 0 --ca --new-key $N
	[[ $output != *trust-changed* ]]
	signed -1 100
	expect 0 --import "$T/crt" --chain "$T/chain"
	has trust-changed
	testca_sign "$T/ca" "$T/csr" "$T/crt"
	expect 0 --import "$T/crt" --chain "$T/chain"
	[[ $output != *trust-changed* ]]
}

@test "an encrypted CA key is as it should be, and is closed to others" {
	pass=$(cat "$GS_TOP/tests/fixtures/secrets/cert.txt")
	expect 0 --ca $N
	openssl pkcs8 -topk8 -passout "pass:$pass" -out "$T/enc" \
		-in "$SSL/private/gemeinschaft-ca.key"
	cp "$T/enc" "$SSL/private/gemeinschaft-ca.key"
	expect 0 --check
	expect 0 --ca $N
	has unchanged
	expect 1 --ca --force $N
	has key-locked
	expect 0 --ca --force --pass-file <(echo "$pass") $N
	cmp "$SSL/private/gemeinschaft-ca.key" "$T/enc"
	chmod 640 "$SSL/private/gemeinschaft-ca.key"
	expect 1 --check
	has mode-wide
	expect 0 $N
	[ "$(stat -c %a "$SSL/private/gemeinschaft-ca.key")" = 600 ]
	cmp "$SSL/private/gemeinschaft-ca.key" "$T/enc"
	g -q --csr "$T/csr" --new-key $N
	chmod 640 "$SSL/private/$N.csr.key"
	expect 1 --check
	has mode-wide
	expect 0 $N
	[ "$(stat -c %a "$SSL/private/$N.csr.key")" = 600 ]
	expect 0 --check
}

@test "a group that may read keys is not locked out by a run without it" {
	needs_root
	expect 0 --key-group nogroup $N
	before=$(tree)
	expect 0 $N
	has unchanged
	[ "$(tree)" = "$before" ]
	expect 0 --new-key $N
	for f in "$SSL/private/$N.key" "$SSL/private/$N.pem" "$FS/$N.pem"; do
		[ "$(stat -c '%G %a' "$f")" = "nogroup 640" ]
	done
	expect 0 --check
}

@test "--new-key keeps the old one, closed, with its date" {
	expect 0 --key-group "$(group)" $N
	touch -d '2020-02-02 12:00' "$SSL/private/$N.key"
	cp "$SSL/private/$N.key" "$T/old"
	expect 0 --new-key $N
	cmp "$T/old" "$SSL"/private/$N.key.2*
	[ "$(stat -c '%a %y' "$SSL"/private/$N.key.2* | cut -c1-14)" = \
		"600 2020-02-02" ]
	not cmp -s "$T/old" "$SSL/private/$N.key"
	judge
}

@test "another host name is refused, and taken with --switch" {
	expect 0 $N
	before=$(tree)
	testca_make "$T/ca"
	for more in "" --ca --force --new-key -n "--import $T/ca/root.crt"; do
		expect 1 $more other.example
		has "[other-name]"
		has "$N is in service, not other.example"
		has "--switch"
		[ "$(tree)" = "$before" ]
	done
	# A request for it changes nothing in service.
	expect 0 --csr "$T/csr" other.example
	[ -e "$SSL/private/other.example.csr.key" ]
	judge
	rm "$SSL/private/other.example.csr.key"
	expect 2 --switch
	expect 2 --switch --check other.example
	# What the finding says does it.
	expect 1 other.example
	command=$(sed -n 's/.*Run: \(.*\) \[other-name\]$/\1/p' <<<"$output")
	sh -ec "$command"
	[ "$(readlink "$SSL/gemeinschaft.key")" = private/other.example.key ]
	[ "$(readlink "$FS/agent.pem")" = other.example.pem ]
	[ -e "$SSL/private/$N.key" ]
	judge other.example
	expect 0 --check
	has other.example
	expect 1 --check $N
	has other-name
	[ -z "$(find "$R" -name '.*')" ]
	# Back, to the same files.
	cert=$(cat "$SSL/certs/$N.crt")
	expect 0 --switch $N
	[ "$(cat "$SSL/certs/$N.crt")" = "$cert" ]
	judge
}

@test "--switch leaves what others signed as it is, and needs no --force" {
	expect 0 $N
	signed -1 100
	expect 0 --import "$T/crt" --chain "$T/chain"
	cp -a "$R" "$T/before"
	expect 0 --switch other.example
	judge other.example
	for f in private/$N.key private/$N.pem certs/$N.crt; do
		cmp "$SSL/$f" "$T/before/etc/ssl/$f"
	done
	cmp "$FS/$N.pem" "$T/before/${FS#"$R"/}/$N.pem"
	expect 0 --switch $N
	judge
	# What would have to be renewed is not taken into service.
	expect 0 --switch other.example
	testca_sign "$T/ca" "$T/csr" "$SSL/certs/$N.crt" \
		-startdate "$(testca_date -864000)" -enddate "$(testca_date -86400)"
	before=$(tree)
	expect 1 --switch $N
	has signed-by-others
	[ "$(tree)" = "$before" ]
	judge other.example
}

# made_elsewhere [SUBJECT [option...]]: a key and a certificate of others, as
# $T/key and $T/crt, with $T/chain.
made_elsewhere() {
	testca_make "$T/ca"
	testca_key "$T/key"
	openssl req -new -key "$T/key" -subj "${1:-/CN=$N}" \
		-addext "subjectAltName=${names:-DNS:$N,DNS:*.$N}" -out "$T/csr" \
		-config <(printf '[req]\ndistinguished_name=d\n[d]\n')
	testca_sign "$T/ca" "$T/csr" "$T/crt" "${@:2}"
	cat "$T/ca/int.crt" "$T/ca/root.crt" >"$T/chain"
}

# FreeSWITCH's two files, as somebody else's script leaves them.
files_elsewhere() {
	mkdir -p "$FS"
	rm -f "$FS/agent.pem" "$FS/cafile.pem"
	cat "$T/key" "$T/crt" >"$FS/agent.pem"
	cp "$T/chain" "$FS/cafile.pem"
	chmod 640 "$FS/agent.pem"
}

@test "files that something else made are seen, judged and adopted" {
	made_elsewhere
	for how in chain int root leaf_in_agent_chain link; do
		rm -rf "$R"
		mkdir "$R"
		cat "$T/ca/int.crt" "$T/ca/root.crt" >"$T/chain"
		files_elsewhere
		case $how in
		int) cp "$T/ca/int.crt" "$FS/cafile.pem" ;;
		root) cp "$T/ca/root.crt" "$FS/cafile.pem" ;;&
		root | leaf_in_agent_chain)
			cat "$T/key" "$T/crt" "$T/ca/int.crt" >"$FS/agent.pem"
			;;
		link)
			mkdir "$R/live"
			mv "$FS/agent.pem" "$FS/cafile.pem" "$R/live"
			ln -s /live/agent.pem "$FS/agent.pem"
			ln -s /live/cafile.pem "$FS/cafile.pem"
			# In a chroot these would lead there.
			ln -sf "$R/live/agent.pem" "$R/live/cafile.pem" "$FS"
			;;
		esac
		cp "$FS/cafile.pem" "$T/cafile"
		run g --check
		echo "$output"
		[ "$status" -le 1 ] || [ $how = root ]
		has "$N"
		has not-adopted
		# FreeSWITCH sends intermediates from here only.
		[ $how != root ] || has cafile-differs
		expect 0 --show
		has "issuer       CN=Test Intermediate"
		expect 0
		has adopted
		cmp "$SSL/private/$N.key" "$T/key"
		cmp <(openssl x509 -in "$FS/agent.pem") "$T/crt"
		cmp <(openssl x509 -in "$SSL/certs/$N.crt") "$T/crt"
		[ "$(readlink "$FS/agent.pem")" = "$N.pem" ]
		if [ $how = root ]; then
			cmp "$FS"/cafile.pem.2* "$T/cafile"
			rm "$FS"/cafile.pem.2*
		else
			cmp "$FS/cafile.pem" "$T/cafile"
		fi
		run g --check
		[ "$status" -le 1 ]
		not has not-adopted
		before=$(tree)
		expect 0
		has unchanged
		expect 0 --ca
		has "note: the certificate stays as it is"
		[ "$(tree)" = "$before" ]
		[ -z "$(find "$R" -name '*.2*' -o -name '.*' ! -name .)" ]
	done
}

@test "a web server's own files are adopted with their chain" {
	made_elsewhere
	mkdir -p "$SSL"
	cp "$T/key" "$SSL/gemeinschaft.key"
	chmod 600 "$SSL/gemeinschaft.key"
	cat "$T/crt" "$T/chain" >"$SSL/gemeinschaft.crt"
	expect 1 --check
	has not-adopted
	expect 0
	cmp "$SSL/private/$N.key" "$T/key"
	openssl verify -CAfile "$T/ca/root.crt" -untrusted "$SSL/gemeinschaft.crt" \
		"$SSL/gemeinschaft.crt"
	openssl verify -CAfile "$T/ca/root.crt" -untrusted "$FS/cafile.pem" \
		"$FS/agent.pem"
	expect 0 --check
}

@test "the name of files that something else made" {
	# Subject, alternative names, name.
	while read -r subject san name; do
		names=$san made_elsewhere "/CN=$subject"
		rm -rf "$R"
		mkdir "$R"
		files_elsewhere
		expect 0
		has "$name: adopted"
		rm -rf "$R"
		mkdir "$R"
		files_elsewhere
		expect 1 other.example
		has "$name is in service, not other.example"
		[ ! -e "$SSL/private/$name.key" ]
	done <<-EOF
	a.example DNS:b.example,DNS:a.example a.example
	FreeSWITCH DNS:short,DNS:*.x.example,DNS:b.example b.example
	A.Example DNS:a.example a.example
	EOF
	names=DNS:*.x.example made_elsewhere /CN=FreeSWITCH
	files_elsewhere
	for more in "" --check --new-key "--csr $T/csr" --auto; do
		expect 2 $more
		has "contains no host name"
	done
	expect 2 --check
	has "UNKNOWN - localhost: the certificate"
	expect 3 --status
	has "UNKNOWN - localhost: the certificate"
	[ "$({ g --status -j || true; } 2>/dev/null | jq -r .state)" = UNKNOWN ]
	expect 0 pbx.x.example
	has "pbx.x.example: adopted"
	# Its other names are its own, too.
	rm -rf "$R"
	mkdir "$R"
	names=DNS:a.example,DNS:b.example made_elsewhere /CN=a.example
	files_elsewhere
	expect 0 b.example
	has "b.example: adopted"
	# By force it is replaced, and kept.
	rm -rf "$R"
	mkdir "$R"
	made_elsewhere
	files_elsewhere
	expect 1 --new-key
	has signed-by-others
	expect 0 --force
	judge
	cmp "$FS"/agent.pem.2* <(cat "$T/key" "$T/crt")
	cmp "$FS"/cafile.pem.2* "$T/chain"
	# What is in service elsewhere needs --switch, and is kept.
	rm -rf "$R"
	mkdir "$R"
	names=DNS:a.example made_elsewhere /CN=a.example
	files_elsewhere
	expect 0 --switch $N
	judge
	cmp "$FS"/agent.pem.2* <(cat "$T/key" "$T/crt")
	cmp "$FS"/cafile.pem.2* "$T/chain"
}

@test "the script of FreeSWITCH makes a CA and a certificate of one name" {
	mkdir -p "$FS"
	openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 99 -keyout "$T/cakey" \
		-out "$FS/cafile.pem" -subj "/CN=FreeSWITCH CA/O=FreeSWITCH" \
		-addext basicConstraints=critical,CA:TRUE 2>/dev/null
	openssl req -new -newkey rsa:2048 -nodes -keyout "$T/key" -out "$T/csr" \
		-subj "/CN=FreeSWITCH CA/O=FreeSWITCH" 2>/dev/null
	openssl x509 -req -in "$T/csr" -CA "$FS/cafile.pem" -CAkey "$T/cakey" \
		-days 90 -out "$T/crt" -extfile <(echo "subjectAltName=DNS:$N") \
		2>/dev/null
	cat "$T/crt" "$T/key" >"$FS/agent.pem"
	chmod 600 "$FS/agent.pem"
	expect 0 --check
	expect 0
	has "$N: adopted"
	cmp "$SSL/private/$N.key" <(openssl pkey -in "$T/key")
	expect 0 --check
	expect 1 --new-key
	has signed-by-others
}

@test "what is written through a link is seen, and never lost" {
	expect 0 $N
	made_elsewhere
	key=$(pubkey "$SSL/private/$N.key")
	cat "$T/key" "$T/crt" "$T/ca/int.crt" "$T/ca/root.crt" >"$FS/agent.pem"
	cp -a "$R" "$T/written"
	expect 1 --check
	has copy-differs
	command=$(sed -n 's/.*Run: \(.*\) \[copy-differs\]$/\1/p' <<<"$output")
	sh -ec "$command"
	# It is good, so it is in service now.
	cmp "$SSL/private/$N.key" "$T/key"
	cmp <(openssl x509 -in "$SSL/certs/$N.crt") "$T/crt"
	[ "$(pubkey "$SSL"/private/$N.key.2*)" = "$key" ]
	[ "$(cert_pubkey "$SSL"/certs/$N.crt.2*)" = "$key" ]
	expect 0 --check
	# An older one of others is only a copy that was forgotten.
	cp -a "$R" "$T/adopted"
	testca_sign "$T/ca" "$T/csr" "$T/old" \
		-startdate "$(testca_date -8640000)"
	cat "$T/key" "$T/old" "$T/chain" >"$FS/agent.pem"
	expect 1 --check
	expect 0
	cmp <(openssl x509 -in "$FS/agent.pem") "$T/crt"
	cmp "$FS"/$N.pem.2* <(cat "$T/key" "$T/old" "$T/chain")
	# Nor is a newer one lost that stands in another file of the set. The
	# dates of certificates count seconds.
	sleep 1.1
	testca_sign "$T/ca" "$T/csr" "$T/newer"
	cat "$T/newer" "$T/key" "$T/ca/int.crt" >"$SSL/private/$N.pem"
	before=$(tree)
	expect 1
	has signed-by-others
	[ "$(tree)" = "$before" ]
	# One with a fault is not taken, and not replaced either.
	for flaw in "/CN=x DNS:x.example" "/CN=$N DNS:$N -md sha1" \
		"/CN=$N DNS:$N -enddate $(testca_date -86400)"; do
		read -r subject san more <<<"$flaw"
		rm -rf "$R"
		cp -a "$T/written" "$R"
		names=$san made_elsewhere "$subject" $more
		cat "$T/key" "$T/crt" "$T/chain" >"$FS/agent.pem"
		before=$(tree)
		for more in "" --ca --new-key; do
			expect 1 $more
			has signed-by-others
			[ "$(tree)" = "$before" ]
		done
		expect 1 --check
		has copy-differs
		not has "Run: "
		expect 0 --force
		judge
		cmp "$FS"/$N.pem.2* <(cat "$T/key" "$T/crt" "$T/chain")
	done
}

@test "links that disagree are said, and nobody guesses" {
	expect 0 other.example
	expect 0 --switch $N
	for link in "$SSL/gemeinschaft.crt certs/other.example.crt" \
		"$SSL/gemeinschaft.key private/other.example.key" \
		"$SSL/gemeinschaft.pem private/other.example.pem" \
		"$FS/agent.pem other.example.pem"; do
		expect 0 $N
		ln -sfn ${link#* } "${link% *}"
		before=$(tree)
		for more in "" --auto --force --new-key --ca $N other.example \
			"--import /dev/null"; do
			expect 1 $more
			has links-disagree
			has " other.example"
			has " $N"
			[ "$(tree)" = "$before" ]
		done
		expect 1 --check
		has links-disagree
		not has "Run: "
		expect 1 --show
		has links-disagree
		expect 0 --switch $N
		[ "$(readlink "$FS/agent.pem")" = $N.pem ]
		expect 0 --check
	done
	# Files of others that disagree are no better.
	rm -rf "$R"
	mkdir "$R"
	made_elsewhere
	files_elsewhere
	mkdir -p "$SSL"
	cp "$T/ca/root.crt" "$SSL/gemeinschaft.crt"
	expect 1
	has links-disagree
}

@test "certificates that are replaced are kept, with their date" {
	for ca in "" --ca; do
		rm -rf "$R"
		mkdir "$R"
		expect 0 $ca $N
		cp "$SSL/certs/$N.crt" "$T/old"
		expect 0 --force
		cmp "$T/old" "$SSL"/certs/$N.crt.2*
		[ "$(stat -c %a "$SSL"/certs/$N.crt.2*)" = 644 ]
	done
	expect 0 --new-ca
	[ -e "$(echo "$SSL"/certs/gemeinschaft-ca.crt.2*)" ]
	signed -1 100
	cp "$FS/cafile.pem" "$T/cafile"
	expect 0 --import "$T/crt" --chain "$T/chain"
	grep -qlF "$(sed -n 3p "$T/cafile")" "$FS"/$N-ca.pem.2*
	cp "$SSL/certs/$N.crt" "$T/foreign"
	expect 0 --force
	kept=0
	for f in "$SSL"/certs/$N.crt.2*; do
		! cmp -s "$f" "$T/foreign" || kept=$((kept + 1))
	done
	[ $kept -eq 1 ]
}

@test "what --ca signed stays with the local CA until --self-signed" {
	expect 0 --ca --key rsa:2048 $N
	cp "$SSL/certs/gemeinschaft-ca.crt" "$T/ca.crt"
	by_ca() {
		openssl verify -CAfile "$T/ca.crt" "$FS/agent.pem" &&
			cmp "$T/ca.crt" "$SSL/certs/gemeinschaft-ca.crt"
	}
	for more in --new-key --force "--san dns:more.example" \
		"--new-key --force" "--key ec:P-384 --new-key"; do
		expect 0 $more
		[[ $output != *trust-changed* ]]
		by_ca
	done
	expect 0 --switch other.example
	by_ca
	expect 0 --switch --force other2.example
	by_ca
	rm "$SSL"/certs/other2.example.crt "$SSL"/private/other2.example.pem \
		"$FS"/other2.example.pem
	expect 0
	by_ca
	expect 2 --self-signed --ca
	expect 0 --self-signed
	has trust-changed
	not by_ca
	openssl x509 -in "$FS/agent.pem" -noout -checkend 0
	expect 0 --new-key
	not by_ca
	expect 0 --ca
	by_ca
}

@test "a certificate that others signed is not replaced without --force" {
	expect 0 $N
	signed -80 20
	expect 0 --import "$T/crt" --chain "$T/chain"
	before=$(tree)
	# It still serves: a hook that runs at each boot does not fail.
	expect 0 $N
	has signed-by-others
	[ "$(tree)" = "$before" ]
	expect 1 --san dns:more.example $N
	has name-missing
	[ "$(tree)" = "$before" ]
	expect 0 --force $N
	judge
}

@test "-n fails where a run would" {
	needs_root
	expect 2 -n --der /no/such/folder.der $N
	has "No such file"
	touch "$R/file"
	expect 2 -n --freeswitch-dir /file $N
	expect 2 -n --csr "$T/no/such/file" $N
	expect 0 $N
	chmod 755 "$T" "$BATS_RUN_TMPDIR"
	chown -R nobody "$R"
	chown root "$FS"
	chmod 755 "$FS"
	run setpriv --reuid nobody --regid nogroup --clear-groups \
		"$GS_BIN/gs-certgen" --root "$R" --no-auto-san -n --new-key $N
	echo "$output"
	[ "$status" -eq 2 ]
	has "Permission denied"
	: >"$SSL/private/.gs-certgen-journal"
	expect 2 -n $N
	has "was interrupted"
}

@test "-n says what would be done and does nothing" {
	expect 0 -n $N
	has "would make"
	has "private/$N.key"
	expect 0 -n --run 'systemctl restart freeswitch' $N
	has "  run    systemctl restart freeswitch"
	[ -z "$(ls -A "$R")" ]
	expect 0 $N
	expect 0 -n --run 'systemctl restart freeswitch' $N
	[[ $output != *systemctl* ]]
	before=$(tree)
	expect 0 -n --new-key $N
	has "would make"
	[ "$(tree)" = "$before" ]
	expect 0 -n --new-key -j $N
	[ "$(jq -r 'select(.type == "result").what' <<<"$output")" = \
		"would make a key and a certificate" ]
	expect 0 -n $N
	has unchanged
	rm "$SSL/gemeinschaft.pem"
	expect 0 -n $N
	has "would put back what was missing"
	expect 0 $N
	has ": put back what was missing"
	before=$(tree)
	expect 0 -n --csr "$T/csr" --new-key $N
	[ "$(tree)" = "$before" ]
	expect 0 -n --csr - --new-key $N
	[[ $output != *BEGIN* ]]
	[ "$(tree)" = "$before" ]
	[ ! -e "$T/csr" ]
}

@test "--run runs after a change only, and its failure is told" {
	expect 0 --run "echo ran >>'$T/ran'" $N
	expect 0 --run "echo ran >>'$T/ran'" $N
	expect 0 -n --force --run "echo ran >>'$T/ran'" $N
	[ "$(cat "$T/ran")" = ran ]
	# No server loads what phones fetch, or what signs.
	expect 0 --der "$R/new.der" --run "echo ran >>'$T/ran'" $N
	[ -s "$R/new.der" ]
	[[ $output != *reload* ]]
	[ "$(cat "$T/ran")" = ran ]
	expect 2 --force --run 'exit 7' $N
	has "ended with status 7"
	g -j --force --run 'echo noise' $N >"$T/out" 2>"$T/err"
	[ "$(jq -r 'select(.type == "result").changed' "$T/out")" = true ]
	[ "$(cat "$T/err")" = noise ]
	g -j --force --run "echo ran >>'$T/ran'" $N >"$T/out" 2>&-
	[ "$(wc -l <"$T/ran")" -eq 2 ]
	[ "$(jq -r 'select(.type == "result").changed' "$T/out")" = true ]
	judge
}

@test "--tls-pem --wss-pem --dtls-pem" {
	expect 0 --tls-pem --wss-pem --dtls-pem $N
	for f in tls wss; do
		[ "$(readlink "$FS/$f.pem")" = $N.pem ]
	done
	expect 0 --check --tls-pem --wss-pem --dtls-pem
	# A pair of its own, which is kept.
	[ "$(stat -c '%F %a' "$FS/dtls-srtp.pem")" = "regular file 600" ]
	openssl pkey -in "$FS/dtls-srtp.pem" -noout -text | grep -q '4096 bit'
	[ "$(pubkey "$FS/dtls-srtp.pem")" = "$(cert_pubkey "$FS/dtls-srtp.pem")" ]
	[ "$(pubkey "$FS/dtls-srtp.pem")" != "$(pubkey "$FS/agent.pem")" ]
	before=$(cksum <"$FS/dtls-srtp.pem")
	expect 0 --dtls-pem --force $N
	[ "$(cksum <"$FS/dtls-srtp.pem")" = "$before" ]
	# Nor one that FreeSWITCH cannot load.
	{ printf text && cat "$FS/dtls-srtp.pem"; } >"$T/glued"
	cp "$T/glued" "$FS/dtls-srtp.pem"
	expect 1 --check --dtls-pem
	has "cannot load all of $FS/dtls-srtp.pem"
	expect 0 -n -v --dtls-pem $N
	has "write  $FS/dtls-srtp.pem"
	# A link of an earlier version is replaced.
	ln -sf $N.pem "$FS/dtls-srtp.pem"
	expect 0 --check --dtls-pem
	has dtls-key-short
	expect 0 --dtls-pem $N
	[ ! -L "$FS/dtls-srtp.pem" ]
}

@test "--show and -j" {
	expect 1 --show $N
	expect 0 $N
	expect 0 --show
	has "dns:$N"
	has "825 days left"
	has "agent.pem -> $N.pem"
	ln -sf "$(printf '\033[2J')" "$SSL/gemeinschaft.pem"
	expect 0 --show $N
	[[ $output != *$'\033'* ]]
	expect 0 $N
	run g --show -j
	[ "$(jq -r '.files[]|select(.path|endswith("/private/'$N'.key")).mode' \
		<<<"$output")" = 0600 ]
	[ "$(jq -r '.certificate.names[0]' <<<"$output")" = "dns:$N" ]
	[ "$(jq -r '.files[]|select(.path|endswith("agent.pem")).target' \
		<<<"$output")" = "$N.pem" ]
	run g -j --force $N
	[ "$(jq -rs '.[-1]|[.changed,.steps[0].do]|@csv' <<<"$output")" = \
		'true,"write"' ]
}

@test "-q is quiet, -v names every file, no key is ever shown" {
	expect 0 -q $N
	[ -z "$output" ]
	expect 0 -v --force $N
	has "write  $SSL/certs/$N.crt (0644)"
	for o in "--show" "--show -j" "--check -j" "-v --new-key $N"; do
		run g $o
		for line in $(grep -hv -e ----- "$SSL/private/$N.key"); do
			[[ $output != *$line* ]]
		done
	done
}

@test "-W counts for every action, and --warn-days for an import" {
	expect 0 $N
	has key-ec
	expect 1 -W note $N
	expect 0 -W warning $N
	expect 0 --csr "$T/csr" $N
	testca_make "$T/ca"
	testca_sign "$T/ca" "$T/csr" "$T/crt"
	cat "$T/ca/int.crt" "$T/ca/root.crt" >"$T/chain"
	expect 0 --import "$T/crt" --chain "$T/chain" --trust "$T/chain" -n \
		-W warning $N
	expect 1 --import "$T/crt" --chain "$T/chain" --trust "$T/chain" -n \
		-W warning --warn-days 101 $N
	has cert-expires-soon
}

@test "wrong command lines" {
	for bad in "--csr x --check" "--csr - -j $N" "--chain x $N" "$N extra" "--warn-days x" \
		"--link-name a/b $N" "--link-name .x $N" "--import" "--nosuch"; do
		expect 2 $bad
	done
	expect 2 --import /no/such/file $N
	expect 1 --check $N
	has "no certificate, 1 error, 0 warnings (set-missing) | days=U"
	[ "${#lines[@]}" = 2 ]
	run g --help
	[ "$status" -eq 0 ]
	for twice in "--chain -" "--pass-file -"; do
		# shellcheck disable=SC2086 # two words
		expect 2 --import - $twice $N
		has "can be read only once"
	done
}

@test "a full disk for the output is an error" {
	run bash -c "gs-certgen --root '$R' --show $N >/dev/full"
	[ "$status" -eq 2 ]
}

# ---- the manual

@test "every rule is in the manual and in a test" {
	cd "$GS_TOP"
	gs-certgen --rules >"$T/rules"
	[ "$(wc -l <"$T/rules")" -ge 54 ]
	for id in $(awk '{ print $1 }' "$T/rules"); do
		grep -q "^\.It Ic $id " "$GS_BIN/man/gs-certgen.1" ||
			{ echo "$id: man"; false; }
		grep -q -e "$id" tests/cli/certgen*.bats || { echo "$id: test"; false; }
	done
	[ "$(grep -c '^\.It Ic ' "$GS_BIN/man/gs-certgen.1")" = \
		"$(wc -l <"$T/rules")" ]
}

@test "the help fits a screen" {
	run gs-certgen -h
	[ "$(wc -l <<<"$output")" -le 24 ]
	[ "$(awk '{ if (length > n) n = length } END { print n }' \
		<<<"$output")" -le 80 ]
	[ "$(sed '1,/^examples:/d' <<<"$output" | wc -l)" = 2 ]
}

@test "every option is in the manual" {
	[ "$(gs-certgen -h | grep -o -e '--[a-z-]*' | sort -u | wc -l)" -ge 31 ]
	for o in $(gs-certgen -h | grep -o -e '--[a-z-]*' | sort -u); do
		grep -qE "Fl -${o#--}( |$)" "$GS_BIN/man/gs-certgen.1" || {
			echo "$o"
			false
		}
	done
}

# A gs-certgen that works below $R, for text from the manual.
wrapped() {
	mkdir -p "$T/bin" "$R/var/www/html"
	cat >"$T/bin/gs-certgen" <<-EOF
	#!/bin/sh
	exec "$GS_BIN/gs-certgen" --root "$R" --key ec:P-256 "\$@" $*
	EOF
	printf '#!/bin/sh\n%s\n' "[ \$2 != status ] || exec test ! -e '$T/down'
		echo \"\$@\" >>'$T/ran'; [ ! -e '$T/wrong' ]" >"$T/bin/service"
	chmod 755 "$T"/bin/*
	PATH=$T/bin:$PATH
}

@test "the examples of the manual" {
	wrapped
	cd "$T"
	sed -n '/^\.Sh \(DESCRIPTION\|EXAMPLES\)/,/^\.Ss/s/^\.Dl //p' \
		"$GS_BIN/man/gs-certgen.1" >examples
	[ "$(wc -l <examples)" = 7 ]
	while read -r line; do
		if [[ $line == *--import* ]]; then
			testca_make "$T/ca"
			testca_sign ca pbx.csr pbx.crt
			cat ca/int.crt ca/root.crt >ca-bundle.pem
		fi
		echo "$line"
		sh -ec "$line"
	done <examples
}

@test "the hook of the manual, twice, in a scratch root" {
	needs_root
	wrapped --owner nobody --key-group nogroup --no-auto-san
	sed -n '/^\.Ss The hook/,/^\.Ss When/p' "$GS_BIN/man/gs-certgen.1" |
		sed -n '/^\.Bd/,/^\.Ed/p' | sed '1d;$d;s/\\e$/\\/' >"$T/hook"
	grep -q -e --run "$T/hook"
	run on_host pbx "127.0.1.1 $N pbx" sh -eu "$T/hook"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	before=$(tree)
	sh -eu "$T/hook"
	[ "$(tree)" = "$before" ]
	[ "$(cat "$T/ran")" = "apache2 reload" ]
	judge
	[ -e "$R/var/www/html/gemeinschaft.der" ]
	expect 0 --check --owner nobody
	# A reload that failed is told, but not where there is none to reload.
	touch "$T/wrong"
	rm "$SSL/certs/$N.crt"
	run on_host pbx "127.0.1.1 $N pbx" sh -eu "$T/hook"
	[[ $output == *"reload' ended with status 1"*"see gs-certgen --check" ]]
	touch "$T/down"
	rm "$SSL/certs/$N.crt"
	run on_host pbx "127.0.1.1 $N pbx" sh -eu "$T/hook"
	[ -z "$output" ]
	[ "$(wc -l <"$T/ran")" -eq 2 ]
}

@test "check: damaged, missing and wrong files" {
	expect 0 --ca $N
	expect 0 --csr "$T/csr" $N
	expect 0 --check
	has csr-pending
	ln -sfn private/other.pem "$SSL/gemeinschaft.pem"
	expect 1 --check $N
	has link-broken
	expect 0 $N
	cp "$FS/$N-ca.pem" "$T/ca.pem"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$T/k" -out "$FS/$N-ca.pem" -subj "/CN=other CA"
	expect 1 --check
	has cafile-differs
	echo nonsense >"$FS/$N-ca.pem"
	expect 1 --check
	has cert-damaged
	expect 0 $N
	cmp "$FS/$N-ca.pem" "$T/ca.pem"
	rm "$FS/agent.pem"
	expect 1 --check
	has link-wrong
	expect 0 $N
	cp "$SSL/private/$N.key" "$T/key"
	echo "-----BEGIN PRIVATE KEY-----" >"$SSL/private/$N.key"
	expect 1 --check
	has key-damaged
	# The same key is in another file.
	expect 0 $N
	cmp "$SSL/private/$N.key" "$T/key"
	judge
	: >"$SSL/private/.gs-certgen-journal"
	expect 0 --check
	has unfinished
	expect 2 $N
	has "is not a journal"
}

# unlike FILE [I]: its first private key, in PKCS #8, gets a private half that
# does not belong to the public one. Of RSA, number I of RFC 8017 A.1.2 is
# changed: 1 is the modulus, 3 the exponent, 8 the coefficient.
unlike() {
	/usr/bin/python3 - "$1" "${2:-3}" <<-'END'
		import base64, sys
		text = open(sys.argv[1]).read()
		body = text.split("PRIVATE KEY-----")[1].split("-----END")[0]
		der = bytearray(base64.b64decode(body))
		if len(der) < 500:
		    der[der.find(b"\x04\x20") + 10] ^= 1
		else:
		    at = 30  # the version, and then the numbers
		    for i in range(int(sys.argv[2]) + 1):
		        n = der[at + 1]
		        if n < 0x80:
		            at += 2 + n
		        else:
		            wide = at + 2 + (n & 15)
		            at = wide + int.from_bytes(der[at + 2:wide], "big")
		    der[at - 1] ^= 2
		fresh = base64.encodebytes(bytes(der)).decode()
		open(sys.argv[1], "w").write(text.replace(body, "\n" + fresh))
	END
}

@test "what servers cannot load is said, and mended from what can be read" {
	expect 0 $N
	cd "$T"
	key=$SSL/private/$N.key crt=$SSL/certs/$N.crt ca=$FS/$N-ca.pem
	openssl pkey -in "$key" -outform DER -out key.der
	openssl x509 -in "$crt" -outform DER -out crt.der
	openssl x509 -in "$crt" -trustout -out trusted
	openssl crl2pkcs7 -nocrl -certfile "$ca" | sed 's/PKCS7/CERTIFICATE/' >p7
	{ printf text && cat "$ca"; } >glued
	{ cat "$ca" && sed '3s/./*/' "$ca"; } >bad
	{ cat "$ca" && head -n 3 "$ca"; } >cut
	{ cat "$FS/agent.pem" && tr -d '\n' <"$ca"; } >agent
	printf -- '-----%s X509 CRL-----\n' BEGIN END | sed '1aMAMCAQ==' >crl
	{ cat "$ca" crl; } >badcrl
	{ cat "$ca" && sed 's/X509 CRL/TRUSTED CERTIFICATE/' crl; } >badtrust
	{ printf '\0\n' && cat "$ca"; } >nul
	{ echo text && cat nul; } >late
	for change in "key.der $key key" "crt.der $crt cert" "trusted $crt cert" \
		"p7 $ca cert" "glued $ca cert" "bad $ca cert" "cut $ca cert" \
		"badcrl $ca cert" "badtrust $ca cert" "nul $ca cert" \
		"late $ca cert" "agent $FS/$N.pem cert"; do
		read -r from to rule <<<"$change"
		cp "$from" "$to"
		expect 1 --check
		has "servers cannot load all of $to"
		has "[$rule-damaged]"
		expect 0 $N
		[[ $output != *key-exposed* ]]
		expect 0 --check
		judge
	done
	# Servers read these.
	openssl pkey -in "$key" -traditional -out old
	cp old "$key"
	sed -i 's/$/\r/' "$crt"
	{ printf '\xef\xbb\xbf' && cat "$ca" && printf 'text\n\0\0'; } >bom
	cp bom "$ca"
	expect 0 --check
	# They look for no CRL beside what they send.
	cat crl >>"$FS/$N.pem"
	cat crl >>"$crt"
	/usr/bin/python3 -c 'import ssl, sys
for pem in sys.argv[2:]:
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(pem, sys.argv[1])' \
		"$key" "$FS/agent.pem" "$crt"
	expect 0 --check
}

@test "a private key whose halves do not belong together is damaged" {
	for kind in ec:P-256 rsa:2048; do
		rm -rf "$SSL"/* "$FS"/*
		expect 0 --key $kind $N
		cp "$SSL/private/$N.key" "$T/key"
		unlike "$FS/$N.pem"
		expect 1 --check
		has "$FS/$N.pem contains no readable key"
		expect 0 $N
		expect 0 --check
		judge
		unlike "$T/key"
		expect 1 --import "$SSL/certs/$N.crt" --with-key "$T/key" $N
		has "[key-damaged]"
	done
	# A good copy is not replaced by a key with one wrong number, although
	# OpenSSL can still sign with some of them.
	for i in 1 2 3 4 5 6 7 8; do
		unlike "$SSL/private/$N.key" $i
		expect 1 --check
		has "$N.key contains no readable key"
		expect 0 $N
		openssl pkey -check -noout -in "$SSL/private/$N.key"
		openssl pkey -check -noout -in "$FS/$N.pem"
		cmp "$SSL/private/$N.key" <(openssl pkey -in "$FS/$N.pem")
	done
}

@test "a key whose exponent is too large for OpenSSL is not used" {
	/usr/bin/python3 - "$T/key.der" <<-'END'
		import subprocess, sys
		def prime():
		    return int(subprocess.check_output(
		        ["openssl", "prime", "-generate", "-bits", "1600"]))
		def tlv(tag, body):
		    n = len(body)
		    head = [n] if n < 128 else [0x82, n >> 8, n & 255]
		    return bytes([tag] + head) + body
		p, q, e = prime(), prime(), 2 ** 64 + 13
		d = pow(e, -1, (p - 1) * (q - 1))
		numbers = (0, p * q, e, d, p, q, d % (p - 1), d % (q - 1),
		           pow(q, -1, p))
		body = b"".join(tlv(2, i.to_bytes(i.bit_length() // 8 + 1, "big"))
		                for i in numbers)
		open(sys.argv[1], "wb").write(tlv(0x30, body))
	END
	mkdir -p "$SSL/private"
	openssl pkey -inform DER -in "$T/key.der" -out "$SSL/private/$N.key"
	expect 1 $N
	has "[key-damaged]"
	[ ! -e "$SSL/certs/$N.crt" ]
}

@test "a damaged key that is nowhere else is replaced by --force only" {
	mkdir -p "$SSL/private"
	echo "-----BEGIN PRIVATE KEY-----" >"$SSL/private/$N.key"
	expect 1 $N
	has key-damaged
	expect 0 --force $N
	judge
	grep -q BEGIN "$SSL"/private/$N.key.2*
}

@test "the local CA: its key lost, or another's" {
	expect 0 --ca $N
	cp "$SSL/private/gemeinschaft-ca.key" "$T/cakey"
	rm "$SSL/private/gemeinschaft-ca.key"
	expect 0 $N
	has unchanged
	# It may be on another host. What is there but cannot sign is said.
	expect 0 --check
	for fault in "ln -s nowhere" "ln -s ." "install -m 600 /dev/null"; do
		$fault "$SSL/private/gemeinschaft-ca.key"
		expect 1 --check
		has "[ca-key-missing]"
		[ "$(grep -c error: <<<"$output")" = 1 ]
		rm "$SSL/private/gemeinschaft-ca.key"
	done
	expect 1 --ca --new-key $N
	has ca-key-missing
	cp "$SSL/private/$N.key" "$SSL/private/gemeinschaft-ca.key"
	expect 1 --check
	has ca-mismatch
	expect 1 --ca --new-key $N
	has ca-mismatch
	expect 0 --ca --force $N
	judge
	expect 0 --check
	# Its certificate is in FreeSWITCH's folder, too.
	cp "$SSL/certs/gemeinschaft-ca.crt" "$T/cacrt"
	rm "$SSL/certs/gemeinschaft-ca.crt"
	expect 1 --check
	has "certs/gemeinschaft-ca.crt is missing"
	expect 0 $N
	has "put back what was missing"
	cmp "$T/cacrt" "$SSL/certs/gemeinschaft-ca.crt"
	rm "$SSL/certs/gemeinschaft-ca.crt"
	expect 0 --new-key $N
	cmp "$T/cacrt" "$SSL/certs/gemeinschaft-ca.crt"
	judge
	# A key without its certificate is a CA still.
	rm "$SSL/certs/gemeinschaft-ca.crt" "$FS/$N-ca.pem"
	key=$(pubkey "$SSL/private/gemeinschaft-ca.key")
	expect 0 --ca --force $N
	[ "$(cert_pubkey "$SSL/certs/gemeinschaft-ca.crt")" = "$key" ]
	judge
}

@test "what the local CA must not sign is refused, and the old set stays" {
	expect 0 --ca $N
	for may in "nameConstraints=critical,permitted;DNS:.example.org" \
		"basicConstraints=critical,CA:FALSE"; do
		openssl req -x509 -key "$SSL/private/gemeinschaft-ca.key" \
			-subj "/CN=$N CA" -days 999 -addext "$may" \
			-out "$SSL/certs/gemeinschaft-ca.crt"
		before=$(tree)
		expect 1 --force $N
		has "[chain-refused]"
		[ "$(tree)" = "$before" ]
	done
	expect 0 --new-ca $N
	judge
}

@test "the old script's and the old product's certificates are found out" {
	mkdir -p "$SSL/private" "$SSL/certs"
	openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 3650 \
		-keyout "$SSL/private/$N.key" -out "$SSL/certs/$N.crt" \
		-subj "/C=DE/O=AMOOMA GmbH/CN=Gemeinschaft 4" 2>/dev/null
	expect 1 --check $N
	has leaf-is-ca
	has name-missing
	has shared-key
	has mode-wide || has set-missing
	key=$(pubkey "$SSL/private/$N.key")
	expect 0 $N
	[ "$(pubkey "$SSL/private/$N.key")" = "$key" ]
	judge
}

# made EXT [openssl req option...]: a self-signed certificate for the key
made() {
	local ext=$1
	shift
	openssl req -x509 -new -key "$SSL/private/$N.key" -subj /CN=$N -days 99 \
		-addext subjectAltName=DNS:$N -addext "$ext" \
		-config <(printf '[req]\ndistinguished_name=d\n[d]\n') "$@"
}

@test "the old script's whole set is taken over" {
	needs_root
	# As its shell code leaves it, with the links of that host.
	mkdir -p "$SSL/private" "$SSL/certs" "$FS"
	openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 3650 \
		-keyout "$SSL/private/$N.key" -out "$SSL/certs/$N.crt" \
		-subj "/C=DE/L=Neuwied/O=AMOOMA GmbH/CN=$N" 2>/dev/null
	cat "$SSL/private/$N.key" "$SSL/certs/$N.crt" >"$SSL/private/$N.pem"
	chmod 644 "$SSL/private"/*
	ln -s "/etc/ssl/private/$N.key" "$SSL/gemeinschaft.key"
	ln -s "/etc/ssl/certs/$N.crt" "$SSL/gemeinschaft.crt"
	ln -s "/etc/ssl/private/$N.pem" "$SSL/gemeinschaft.pem"
	cp -a "$SSL/private/$N.pem" "$FS"
	ln -s "$N.pem" "$FS/agent.pem"
	ln -s "$N.pem" "$FS/cafile.pem"
	cp "$SSL/private/$N.key" "$T/key"
	expect 1 --check
	for rule in mode-wide key-public link-wrong name-missing leaf-is-ca; do
		has "$rule"
	done
	expect 0 -n --ca --key rsa:2048 $N
	before=$output
	has "would make"
	expect 0 --ca -v --key rsa:2048 $N
	steps() { grep '^  ' | sed 's/\.2[0-9]*T[0-9]*Z/.DATE/'; }
	[ "$(steps <<<"$output")" = "$(steps <<<"$before")" ]
	[ "$(subject)" = "subject=CN=$N" ]
	has key-exposed
	has trust-changed
	cmp "$SSL/private/$N.key" "$T/key"
	judge
	expect 0 --check
	expect 0 --ca --new-key --key rsa:2048 $N
	[[ $output != *key-exposed* ]]
}

@test "usage, large keys, addresses" {
	needs_root
	mkdir -p "$SSL/private" "$SSL/certs"
	# Of four primes: made in a tenth of the time.
	openssl genrsa -primes 4 -out "$SSL/private/$N.key" 6144 2>/dev/null
	chmod 600 "$SSL/private/$N.key"
	made extendedKeyUsage=clientAuth -addext basicConstraints=CA:FALSE \
		>"$T/crt"
	expect 1 --import "$T/crt" $N
	has usage-server
	expect 0 $N
	expect 0 --check
	has key-large
	run unshare -n sh -c "ip link set lo up
		ip addr add 192.0.2.77/32 dev lo
		gs-certgen --root '$R' $N"
	[ "$status" -eq 0 ]
	has address-missing
	has unchanged
}

@test "import: weak, expired and false issuers, what is not needed, no key" {
	signed -1 30
	cd "$T"
	rm "$SSL/private/$N.csr.key"
	expect 1 --import crt --chain chain $N
	has import-no-key
	expect 0 -q $N
	expect 0 -q --csr csr $N
	testca_sign ca csr crt
	cat chain ca/root.crt <(openssl req -x509 -new -key ca/root.key \
		-subj /CN=stranger) >more
	expect 0 -n --import crt --chain more $N
	has chain-unused
	# An intermediate that is none, has SHA-1, and is over.
	openssl x509 -req -in ca/int.csr -CA ca/root.crt -CAkey ca/root.key \
		-days 0 -sha1 -out ca/int.crt 2>/dev/null
	sleep 1.1
	expect 1 --import crt --chain <(cat ca/int.crt ca/root.crt) $N
	has chain-not-ca
	has chain-weak
	has chain-expired
}

# misused MESSAGE ARG...: a usage error, before anything is made.
misused() {
	local message=$1
	shift
	expect 2 "$@"
	has "$message"
	has "Try 'gs-certgen -h'."
	[ -z "$(ls -A "$R")" ]
}

@test "options that do not go together" {
	misused "--auto cannot be combined with '$N'" --auto $N
	misused "--switch" --switch
	misused "--switch cannot be combined with --check" --switch --check $N
	misused "--switch cannot be combined with --show" --switch --show $N
	misused "--switch cannot be combined with --csr" --switch --csr - $N
	expect 3 --switch --status $N
	has "--switch cannot be combined with --status"
	misused "--ca" --self-signed --ca $N
	misused "--new-ca" --self-signed --new-ca $N
	misused "--import" --chain x $N
	misused "--import" --csr - --chain x $N
	misused "use one" --check --show $N
	misused "use one" --csr - --import x $N
	misused "cannot be combined with -f or -j" --csr - -j $N
	misused "'other'" $N other
	misused "--renew-before 30 must be less than --days 30" \
		--renew-before 30 --days 30 $N
	misused "can be read only once" \
		--import - --chain - $N
}

@test "the last word about FreeSWITCH's folder counts" {
	expect 0 -n --no-freeswitch --freeswitch-dir /fs $N
	has "write  $R/fs/$N.pem"
	expect 0 -n --freeswitch-dir /fs --no-freeswitch $N
	[[ $output != *"$R/fs"* ]]
}

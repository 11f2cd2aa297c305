# SPDX-License-Identifier: MIT
# 200 certificates from outside: --import takes what "openssl verify" accepts as
# a phone does, and nothing else.

load lib
load ../helpers/testca.bash
load ../helpers/certgen.bash

# pick NAME INDEX WORD...: the word whose turn it is, as this variable
pick() {
	local words=("${@:3}")
	printf -v "$1" %s "${words[$2 % ${#words[@]}]}"
}

# cross_sign: ca's intermediate, also from another root: cross.crt, other.crt
cross_sign() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout other.key -subj "/CN=Other Root" -out other.crt
	openssl x509 -req -in ca/int.csr -CA other.crt -CAkey other.key \
		-days 900 -extfile ca/ca.cnf -extensions v3_ca -out cross.crt
}

@test "200 certificates are judged as a phone verifies them" {
	cd "$T"
	testca_make ca
	testca_make wrong
	by_int() { # by_int OUT DAYS [openssl x509 option...]
		openssl x509 -x509toreq -in ca/int.crt -signkey ca/int.key -out i.csr
		openssl x509 -req -in i.csr -CA ca/root.crt -CAkey ca/root.key \
			-days "$2" -extfile ca/ca.cnf -extensions v3_ca -out "$1" \
			"${@:3}" 2>/dev/null
	}
	by_int int-sha1.crt 99 -sha1
	printf '[noca]\nbasicConstraints=critical,CA:FALSE\n' >>ca/ca.cnf
	by_int int-noca.crt 99 -extensions noca
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out k-rsa
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out k-short
	testca_key k-ec
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out k-p384
	local bad=0 good=0 i each serial key md days name usage want have
	local -a keys chain what
	local -A from to alike below
	from=([ok]=$(testca_date -86400) [old]=$(testca_date -864000)
		[future]=$(testca_date 86400))
	to=([ok]=$(testca_date 864000) [old]=$(testca_date -60)
		[future]=$(testca_date 864000))
	cp ca/int.crt int.chain
	cp wrong/int.crt wrong.chain
	cp int-sha1.crt sha1.chain
	cp int-noca.crt noca.chain
	cp ca/root.crt none.chain
	for ((i = 0; i < 200; i++)); do
		# Most parts of each are right, or nothing would be accepted.
		pick key $i ec rsa p384 ec short rsa ec
		pick md $((i / 3)) sha256 sha384 sha256 sha512 sha224 sha1 sha256
		pick days $((i / 2)) ok ok ok old ok ok future ok ok
		pick name $((i / 5)) $N $N '*.example.com' $N other.example.com \
			$N '*.com' '*.b.example.com'
		pick usage $((i / 7)) none server none client both sign none
		pick "chain[$i]" $((i / 4)) int int int wrong int sha1 int none noca
		keys[i]=k-$key
		what[i]="$key $md $days $name $usage ${chain[i]}"
		alike[$md $days]+=" $i"
		below[${chain[i]}]+=" $i.crt"
		set -- -addext "subjectAltName=DNS:$name"
		case $usage in
		server) set -- "$@" -addext extendedKeyUsage=serverAuth ;;
		client) set -- "$@" -addext extendedKeyUsage=clientAuth ;;
		both) set -- "$@" -addext extendedKeyUsage=clientAuth,serverAuth ;;
		sign) set -- "$@" -addext keyUsage=critical,digitalSignature ;;
		esac
		openssl req -new -key k-$key -subj "/CN=$N" -out $i.csr "$@"
	done
	# What is alike is signed by one run of openssl, and judged by one.
	for each in "${!alike[@]}"; do
		read -r md days <<<"$each"
		read -ra each <<<"${alike[$each]}"
		openssl ca -batch -config ca/ca.cnf -extensions leaf -notext \
			-md "$md" -startdate "${from[$days]}" \
			-enddate "${to[$days]}" -infiles "${each[@]/%/.csr}"
		while read -r i serial; do
			cp "ca/new/$serial.pem" "$i.crt"
		done < <(tail -n ${#each[@]} ca/index.txt | cut -f 4 |
			paste -d ' ' <(printf '%s\n' "${each[@]}") -)
	done
	for each in "${!below[@]}"; do
		openssl verify -auth_level 2 -purpose sslserver \
			-verify_hostname $N -CAfile ca/root.crt \
			-untrusted "$each.chain" ${below[$each]} >>verify 2>&1 || true
	done
	for ((i = 0; i < 200; i++)); do
		want=1
		! grep -qxF "$i.crt: OK" verify || want=0
		rm -rf "$R"/*
		have=0
		g --import $i.crt --chain "${chain[i]}.chain" --trust ca/root.crt \
			--with-key "${keys[i]}" $N >said 2>&1 || have=$?
		good=$((good + (want == 0)))
		[ $have = $want ] || {
			bad=$((bad + 1))
			echo "$i: ${what[i]}: openssl $want, gs-certgen $have"
			grep -A2 "[ /]$i.crt" verify
			cat said
		}
	done
	echo "accepted: $good"
	[ $bad = 0 ]
	# It would be worth little if all were refused.
	[ $good -ge 20 ]
}

@test "a chain that goes on to an older root ends at one that is trusted" {
	cd "$T"
	testca_make ca
	testca_make old
	# by_old OUT FROM TO: the new root's key, signed by the old root
	by_old() {
		openssl x509 -x509toreq -in ca/root.crt -signkey ca/root.key \
			-out x.csr 2>/dev/null
		testca_sign old x.csr "$1" -keyfile old/root.key \
			-cert old/root.crt -extensions v3_ca \
			-startdate "$(testca_date "$2")" -enddate "$(testca_date "$3")"
	}
	sed -i 's/^default_ca/#&/; s/^\[ca\]/&\ndefault_ca = test/' old/ca.cnf
	# Its name is another one, and it has expired.
	openssl req -new -key old/root.key -subj "/CN=Old Root" -out o.csr
	for when in "valid -86400 864000" "expired -864000 -60"; do
		set -- $when
		testca_sign old o.csr "old-$1.crt" -keyfile old/root.key \
			-selfsign -extensions v3_ca \
			-startdate "$(testca_date "$2")" -enddate "$(testca_date "$3")"
	done
	cp old-valid.crt old/root.crt
	by_old cross.crt -86400 864000
	by_old cross-expired.crt -864000 -60
	testca_key k
	openssl req -new -key k -subj "/CN=$N" -out csr \
		-addext "subjectAltName=DNS:$N"
	testca_sign ca csr crt
	judged() { # judged STATUS CROSS ROOT...
		local want=$1 cross=$2 have=0
		cat ca/int.crt "$cross" >chain
		shift 2
		cat "$@" >roots
		openssl verify -auth_level 2 -purpose sslserver -CAfile roots \
			-untrusted chain crt || have=2
		[ $have = $want ]
		rm -rf "$R"/*
		expect $((want / 2)) --import crt --chain chain --trust roots \
			--with-key k $N
	}
	judged 0 cross.crt ca/root.crt
	judged 0 cross.crt old-valid.crt
	judged 0 cross.crt old-expired.crt ca/root.crt
	judged 0 cross-expired.crt old-valid.crt ca/root.crt
	judged 2 cross.crt old-expired.crt
	has "[chain-expired]"
	judged 2 cross-expired.crt old-valid.crt
	has "[chain-expired]"
}

# prefers OTHER: ca/int.crt is taken as the issuer, whichever comes first.
prefers() {
	local order
	for order in "$1 ca/int.crt" "ca/int.crt $1"; do
		# shellcheck disable=SC2086 # two files
		cat $order ca/root.crt >chain
		rm -rf "$R"/*
		expect 0 --import crt --chain chain --with-key k $N
		grep -q "$(sed -n 2p ca/int.crt)" "$FS/cafile.pem"
	done
}

@test "of two issuers with one key, the one that the certificate names" {
	cd "$T"
	testca_make ca
	cp ca/int.crt first.crt
	openssl x509 -req -in ca/int.csr -CA ca/root.crt -CAkey ca/root.key \
		-days 9 -extfile ca/ca.cnf -extensions v3_ca -out ca/int.crt
	testca_key k
	openssl req -new -key k -subj "/CN=$N" -out csr \
		-addext "subjectAltName=DNS:$N"
	printf '[named]\nauthorityKeyIdentifier=issuer:always\n' >>ca/ca.cnf
	testca_sign ca csr crt -extensions named
	prefers first.crt
	rm -rf "$R"/*
	expect 1 --import crt --chain first.crt --trust ca/root.crt --with-key k $N
	has "[chain-incomplete]"
}

@test "of two CAs of one name, the one whose signature it is" {
	cd "$T"
	testca_make ca
	testca_make other
	testca_key k
	openssl req -new -key k -subj "/CN=$N" -out csr
	# It does not say which key signed it.
	openssl x509 -req -in csr -CA ca/int.crt -CAkey ca/int.key -days 9 \
		-extfile <(printf '%s\n' "subjectAltName=DNS:$N" \
			authorityKeyIdentifier=none) -out crt
	for order in "ca other" "other ca"; do
		for ca in $order; do cat $ca/int.crt $ca/root.crt; done >chain
		rm -rf "$R"/*
		expect 0 --import crt --chain chain --with-key k $N
		grep -q "$(sed -n 2p ca/int.crt)" "$FS/cafile.pem"
	done
	rm -rf "$R"/*
	cat other/int.crt other/root.crt >chain
	expect 1 --import crt --chain chain --with-key k $N
	has "[chain-incomplete]"
}

@test "a valid issuer is preferred to one that has expired" {
	cd "$T"
	testca_make ca
	openssl req -new -key ca/int.key -subj "/CN=Test Intermediate" -out i.csr
	testca_sign ca i.csr old.crt -keyfile ca/root.key -cert ca/root.crt \
		-extensions v3_ca -startdate "$(testca_date -864000)" \
		-enddate "$(testca_date -60)"
	testca_key k
	openssl req -new -key k -subj "/CN=$N" -out csr \
		-addext "subjectAltName=DNS:$N"
	testca_sign ca csr crt
	prefers old.crt
	rm -rf "$R"/*
	cat old.crt ca/root.crt >chain
	expect 1 --import crt --chain chain --with-key k $N
	has "[chain-expired]"
}

@test "a trusted root is preferred to a self-signed certificate that came along" {
	cd "$T"
	testca_make ca
	# The same name and key, signed by itself.
	openssl req -x509 -new -key ca/int.key -subj "/CN=Test Intermediate" \
		-days 99 -config ca/ca.cnf -extensions v3_ca -out self.crt
	testca_key k
	openssl req -new -key k -subj "/CN=$N" -out csr \
		-addext "subjectAltName=DNS:$N"
	testca_sign ca csr crt
	for order in "self.crt ca/int.crt" "ca/int.crt self.crt"; do
		cat $order >chain
		rm -rf "$R"/*
		expect 0 --import crt --chain chain --trust ca/root.crt \
			--with-key k --der /ca.der $N
		openssl x509 -inform DER -in "$R/ca.der" | cmp - ca/root.crt
		grep -q "$(sed -n 2p ca/int.crt)" "$FS/cafile.pem"
		not grep -q "$(sed -n 3p self.crt)" "$FS/cafile.pem"
		expect 0 --check --trust ca/root.crt
		# Nobody trusts either root: it may be a CA of one's own.
		rm -rf "$R"/*
		expect 0 --import crt --chain chain --with-key k --der /ca.der $N
		openssl x509 -inform DER -in "$R/ca.der" | cmp - self.crt
	done
}

@test "a complete chain to a root that is not in --trust" {
	cd "$T"
	testca_make ca
	testca_make other
	testca_key k
	openssl req -new -key k -subj "/CN=$N" -out csr \
		-addext "subjectAltName=DNS:$N"
	testca_sign ca csr crt
	cat ca/int.crt ca/root.crt >chain
	# An intermediate is no root, nor is the certificate itself.
	for trust in other/root.crt ca/int.crt crt; do
		not openssl verify -CAfile $trust -untrusted chain crt
		expect 1 --import crt --chain chain --with-key k --trust $trust $N
		has "leads to 'CN=Test Root', which is not in $trust"
		has "[chain-untrusted]"
	done
	expect 0 --import crt --chain chain --with-key k $N
	expect 0 --check
	expect 0 --check --trust ca/root.crt
	for trust in other/root.crt ca/int.crt crt other; do
		expect 1 --check --trust $trust
		has "[chain-untrusted]"
	done
	# One that is signed across leads to both.
	openssl x509 -x509toreq -in ca/root.crt -signkey ca/root.key \
		-out x.csr 2>/dev/null
	testca_sign other x.csr cross.crt -keyfile other/root.key \
		-cert other/root.crt -extensions v3_ca
	cat cross.crt other/root.crt >>"$FS/cafile.pem"
	for trust in other/root.crt ca/root.crt; do
		run g --check --trust $trust
		[[ $output != *chain-untrusted* ]]
	done
	rm -rf "$R"/*
	expect 0 --ca $N
	expect 1 --check --trust ca/root.crt
	has "[chain-untrusted]"
	expect 0 --check --trust "$SSL/certs/gemeinschaft-ca.crt"
}

@test "a trusted root is found behind each of two issuers" {
	cd "$T"
	testca_make ca
	cross_sign
	# One more below both.
	testca_key low.key
	openssl req -new -key low.key -subj "/CN=Low" -out low.csr
	openssl x509 -req -in low.csr -CA ca/int.crt -CAkey ca/int.key \
		-days 900 -extfile ca/ca.cnf -extensions v3_ca -out low.crt
	testca_key k
	openssl req -new -key k -subj "/CN=$N" -out csr
	openssl x509 -req -in csr -CA low.crt -CAkey low.key -days 9 \
		-extfile <(echo "subjectAltName=DNS:$N") -out crt
	for order in "ca/int.crt cross.crt" "cross.crt ca/int.crt"; do
		# shellcheck disable=SC2086 # two files
		cat low.crt $order other.crt >chain
		rm -rf "$R"/*
		expect 0 --import crt --chain chain --trust ca/root.crt \
			--with-key k --der /ca.der $N
		openssl x509 -inform DER -in "$R/ca.der" | cmp - ca/root.crt
		expect 0 --check --trust ca/root.crt
	done
}

@test "of two issuers in cafile.pem, the one that FreeSWITCH sends" {
	cd "$T"
	testca_make ca
	cross_sign
	testca_key k
	openssl req -new -key k -subj "/CN=$N" -out csr \
		-addext "subjectAltName=DNS:$N"
	testca_sign ca csr crt
	cat ca/int.crt ca/root.crt >chain
	expect 0 --import crt --chain chain --with-key k $N
	cat chain cross.crt >"$FS/$N-ca.pem"
	expect 0 --check
	expect 0 $N
	has unchanged
	cat cross.crt chain >"$FS/$N-ca.pem"
	expect 1 --check
	has "[cafile-differs]"
	expect 0 $N
	cmp chain "$FS/$N-ca.pem"
	expect 0 --check
}

@test "a certificate whose extensions are forbidden is not called damaged" {
	cd "$T"
	testca_make ca
	cp ca/root.crt good.crt
	# RFC 5280 4.2.1.3: at least one bit of keyUsage is set.
	printf '[none]\nbasicConstraints=critical,CA:TRUE\n%s\n' \
		keyUsage=critical,DER:03:01:00 >>ca/ca.cnf
	openssl req -x509 -new -key ca/root.key -subj "/CN=Test Root" -days 99 \
		-config ca/ca.cnf -extensions none -out none.crt
	testca_key k
	openssl req -new -key k -subj "/CN=$N" -out csr \
		-addext "subjectAltName=DNS:$N"
	testca_sign ca csr crt
	for order in "crt ca/int.crt none.crt" "none.crt crt ca/int.crt"; do
		cat $order >all
		expect 1 --import all --with-key k --trust good.crt $N
		has "1 certificate in all cannot be used"
		has "[chain-refused]"
		[[ $output != *import-damaged* ]]
	done
	expect 1 --import none.crt --with-key k $N
	has "[chain-refused]"
	has "none.crt contains no certificate that can be used"
	expect 2 --import crt --chain ca/int.crt --with-key k --trust none.crt $N
	has "none.crt contains no certificate that can be used: RFC 5280"
	head -n 5 good.crt >cut
	expect 2 --import crt --chain ca/int.crt --with-key k --trust cut $N
	has "cut contains no certificate that can be read"
}

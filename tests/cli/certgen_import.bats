# SPDX-License-Identifier: MIT
# Certificates that others made: what --import takes, refuses and says.

load lib
load ../helpers/process
load ../helpers/testca.bash
load ../helpers/certgen.bash

# keytool ends before a compiler pays.
export JAVA_TOOL_OPTIONS='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'

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
		"EC -pkeyopt ec_paramgen_curve:brainpoolP256r1" \
		"RSA-PSS -pkeyopt rsa_pss_keygen_md:sha1 \
			-pkeyopt rsa_pss_keygen_mgf1_md:sha1"; do
		openssl genpkey -algorithm $key -out "$T/odd.key"
		leaf "$T/odd.key" "$T/odd.crt"
		in_place "$T/odd.key"
		expect 1 --import "$T/odd.crt" --chain "$T/chain" $N
		has "[key-unusable]"
	done
	# A key that signs nothing has its certificate by force.
	openssl genpkey -algorithm X25519 -out "$T/odd.key"
	openssl pkey -in "$T/odd.key" -pubout -out "$T/odd.pub"
	testca_key "$T/k"
	openssl req -new -key "$T/k" -subj "/CN=$N" -out "$T/csr"
	openssl x509 -req -in "$T/csr" -force_pubkey "$T/odd.pub" \
		-CA "$T/ca/int.crt" -CAkey "$T/ca/int.key" -days 9 \
		-extfile <(echo "subjectAltName=DNS:$N") -out "$T/odd.crt"
	rm -rf "$SSL"
	expect 1 --import "$T/odd.crt" --chain "$T/chain" \
		--with-key "$T/odd.key" $N
	has "[key-unusable]"
	for key in "EC -pkeyopt ec_paramgen_curve:P-521" RSA-PSS; do
		rm -rf "$R"/*
		openssl genpkey -algorithm $key -out "$T/key"
		leaf "$T/key" "$T/crt"
		in_place "$T/key"
		expect 0 --import "$T/crt" --chain "$T/chain" $N
	done
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
		has "$name has mode 0644"
		has "[mode-wide]"
		# No run of gs-certgen writes it.
		[[ $(grep mode-wide <<<"$output") != *Run:* ]]
		mv "$FS/$name" "$T/real"
		ln -s "$T/real" "$FS/$name"
		expect 1 --check
		[ "$(grep -c '\[mode-wide\]' <<<"$output")" = 1 ]
		rm "$FS/$name"
		cat "$SSL/private/$N.pem" >"$FS/$name"
		chmod 644 "$FS/$name"
		expect 0 $N
		has "$name can be read by every user"
		rm "$FS/$name"
		mv "$T/real" "$FS/$name"
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

# ---- with a key

# certbot_lineage NUMBER: a certificate with a key of its own, in the folders
# that certbot has: links in live to numbered files in archive.
certbot_lineage() {
	local le=$T/letsencrypt n=$1 f
	mkdir -p "$le/archive/$N" "$le/live/$N"
	chmod 700 "$le/archive" "$le/live"
	testca_key "$le/archive/$N/privkey$n.pem"
	chmod 600 "$le/archive/$N/privkey$n.pem"
	leaf "$le/archive/$N/privkey$n.pem" "$le/archive/$N/cert$n.pem"
	cp "$T/ca/int.crt" "$le/archive/$N/chain$n.pem"
	cat "$le/archive/$N/cert$n.pem" "$T/ca/int.crt" \
		>"$le/archive/$N/fullchain$n.pem"
	for f in privkey cert chain fullchain; do
		ln -sf "../../archive/$N/$f$n.pem" "$le/live/$N/$f.pem"
	done
}

# life HOOK_ARG...: first time, again, renewed; renew makes the next one
life() {
	TRUST=$T/ca/root.crt
	renew 1
	hook "$@"
	[ "$status" -eq 0 ]
	has "put the certificate and its key in service"
	has RAN
	judge
	[ "$(stat -c %a "$SSL/private/$N.key")" = 600 ]
	first=$(pubkey "$SSL/gemeinschaft.key")
	before=$(tree)
	hook "$@"
	[ "$status" -eq 0 ]
	[[ $output == *unchanged* && $output != *RAN* ]]
	[ "$(tree)" = "$before" ]
	renew 2
	hook "$@"
	[ "$status" -eq 0 ]
	has RAN
	judge
	[ "$(pubkey "$SSL/gemeinschaft.key")" != "$first" ]
	# The key that was replaced is kept.
	[ "$(pubkey "$SSL/private/$N.key."*)" = "$first" ]
	expect 0 --check --trust "$T/ca/root.crt"
}

@test "certbot: first time, the same again, renewed with a new key" {
	renew() { certbot_lineage "$1"; }
	life "$(line certbot)"
}

@test "acme.sh: first time, the same again, renewed with a new key" {
	renew() {
		local d=$T/.acme.sh/$N
		mkdir -p "$d"
		testca_key "$d/$N.key"
		leaf "$d/$N.key" "$d/$N.cer"
		cp "$T/leaf.csr" "$d/$N.csr"
		cp "$T/ca/int.crt" "$d/ca.cer"
		cat "$d/$N.cer" "$d/ca.cer" >"$d/fullchain.cer"
		chmod 600 "$d/$N.key"
	}
	life "$(line acme.sh)"
}

@test "dehydrated: first time, the same again, renewed with a new key" {
	local d=$T/dehydrated/certs/$N
	renew() {
		local stamp=170000000$1 f
		mkdir -p "$d"
		testca_key "$d/privkey-$stamp.pem"
		chmod 600 "$d/privkey-$stamp.pem"
		leaf "$d/privkey-$stamp.pem" "$d/cert-$stamp.pem"
		cp "$T/ca/int.crt" "$d/chain-$stamp.pem"
		cat "$d/cert-$stamp.pem" "$T/ca/int.crt" \
			>"$d/fullchain-$stamp.pem"
		for f in privkey cert chain fullchain; do
			ln -sf "$f-$stamp.pem" "$d/$f.pem"
		done
	}
	# deploy_cert DOMAIN KEYFILE CERTFILE FULLCHAINFILE CHAINFILE TIMESTAMP
	life "$(line dehydrated | sed 's/"$4"/"$5"/; s/"$2"/"$3"/')" \
		deploy_cert $N "$d/privkey.pem" "$d/cert.pem" \
		"$d/fullchain.pem" "$d/chain.pem" 1
	[ "$(line dehydrated)" = 'gs-certgen --import "$4" --with-key "$2" '$N ]
}

@test "another intermediate signs the renewed certificate" {
	certbot_lineage 1
	local live=$T/letsencrypt/live/$N
	trusted() {
		expect 0 --trust "$T/roots" --import "$live/fullchain.pem" \
			--with-key "$live/privkey.pem" "$@"
	}
	cp "$T/ca/root.crt" "$T/roots"
	trusted $N
	testca_forget "$T/ca"
	certbot_lineage 2
	expect 1 --trust "$T/roots" --import "$live/fullchain.pem" \
		--with-key "$live/privkey.pem"
	has "[chain-incomplete]"
	judge
	cat "$T/ca/root.crt" >>"$T/roots"
	trusted
	judge
	[ "$(openssl x509 -in "$FS/cafile.pem" -noout -fingerprint)" = \
		"$(openssl x509 -in "$T/ca/int.crt" -noout -fingerprint)" ]
}

@test "a staging certificate is said" {
	testca_make "$T/ca"
	openssl req -x509 -new -key "$T/ca/int.key" -days 90 -config "$T/ca/ca.cnf" \
		-extensions v3_ca -subj '/CN=(STAGING) Artificial Apricot R3' \
		-out "$T/ca/int.crt"
	testca_key "$T/k"
	leaf "$T/k" "$T/crt"
	expect 1 --import "$T/crt" --with-key "$T/k" $N
	has "[cert-staging]"
	has "[chain-incomplete]"
	expect 0 --import "$T/crt" --chain "$T/ca/int.crt" --with-key "$T/k" $N
	expect 0 --check
	has "[cert-staging]"
}

@test "keys of every kind and form come with their certificate" {
	testca_make "$T/ca"
	echo secret >"$T/pass"
	cd "$T"
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa
	testca_key ec
	openssl rsa -in rsa -traditional -out rsa-old 2>/dev/null
	openssl ec -in ec -out ec-old 2>/dev/null
	{ openssl ecparam -name prime256v1; cat ec-old; } >ec-parameters
	openssl pkey -in rsa -outform DER -out rsa.der
	openssl pkcs8 -topk8 -in ec -outform DER -nocrypt -out ec.der
	openssl pkcs8 -topk8 -in rsa -passout file:pass -out rsa-locked
	openssl pkcs8 -topk8 -in ec -passout file:pass -outform DER \
		-out ec-locked.der
	openssl ec -in ec -aes128 -passout file:pass -out ec-locked 2>/dev/null
	for kind in rsa ec; do
		leaf $kind $kind.crt
		for key in $kind $kind-*  $kind.der; do
			rm -rf "$R"/*
			chmod 600 "$key"
			expect 0 --import $kind.crt --chain chain --with-key "$key" \
				--pass-file pass $N
			[[ $output != *key-exposed* ]]
			judge
			grep -q 'BEGIN PRIVATE KEY' "$SSL/private/$N.key"
			[ "$(stat -c %a "$SSL/private/$N.key")" = 600 ]
		done
		[ "$(stat -c %a "$key")" = 600 ]
	done
	rm -rf "$R"/*
	echo other >other
	for key in rsa-locked ec-locked.der; do
		expect 1 --import ${key%%-*}.crt --chain chain --with-key $key $N
		has "$key is encrypted."
		has "[key-locked]"
		expect 1 --import ${key%%-*}.crt --chain chain --with-key $key \
			--pass-file other $N
		has "$key is encrypted, and the pass phrase does not open it."
		has "[key-locked]"
	done
	expect 1 --import rsa.crt --chain chain --with-key ec $N
	has "[import-key-mismatch]"
	chmod 644 chain
	expect 1 --import rsa.crt --chain chain --with-key chain $N
	has "[import-no-key]"
	[[ $output != *key-exposed* ]]
	head -5 rsa >cut
	expect 1 --import rsa.crt --chain chain --with-key cut $N
	has "[key-damaged]"
	[ -z "$(find "$R" -type f ! -name '.gs-certgen*')" ]
	expect 2 --import rsa.crt --with-key /nonexistent $N
	expect 2 --with-key rsa $N
	# One file for both, also from a pipe.
	cat rsa rsa.crt chain | expect 0 --import - --with-key - $N
	judge
}

@test "of several keys and certificates, those for the name that is typed" {
	cd "$T"
	for h in other pbx; do
		testca_key $h.key
		openssl req -new -key $h.key -subj "/CN=$h" -out csr \
			-addext "subjectAltName=DNS:$h.example.com"
		[ -e ca ] || testca_make ca
		testca_sign ca csr $h.crt
		openssl pkcs8 -topk8 -nocrypt -in $h.key -outform DER >>keys.der
		openssl pkcs12 -export -inkey $h.key -in $h.crt -name $h \
			-passout pass:secret -out $h.p12
	done
	testca_key third
	cat third other.key pbx.key >keys
	cat ca/int.crt ca/root.crt >chain
	cat other.crt pbx.crt >certs
	echo secret >pass
	files=(keys keys.der)
	if type keytool; then
		for h in other pbx; do
			keytool -importkeystore -srckeystore $h.p12 -srcalias $h \
				-srcstorepass secret -destkeystore keys.p12 \
				-deststoretype PKCS12 -deststorepass secret
		done
		files+=(keys.p12)
	fi
	chmod 600 "${files[@]}"
	for keys in "${files[@]}"; do
		rm -rf "$R"/*
		expect 0 --import certs --chain chain --with-key $keys \
			--pass-file pass $N
		judge
		[ "$(pubkey "$SSL/gemeinschaft.key")" = "$(pubkey pbx.key)" ]
	done
	# Two of one key: the name comes before the date.
	openssl req -new -key pbx.key -subj "/CN=x" -out csr \
		-addext "subjectAltName=DNS:x.example.com"
	testca_sign ca csr x.crt -days 200
	# And so does what is valid already.
	openssl req -new -key pbx.key -subj "/CN=$N" -out csr \
		-addext "subjectAltName=DNS:$N"
	testca_sign ca csr next.crt -startdate "$(testca_date 86400)" -days 300
	for order in "x.crt pbx.crt" "pbx.crt x.crt" "next.crt pbx.crt x.crt" \
		"pbx.crt next.crt"; do
		rm -rf "$R"/*
		# shellcheck disable=SC2086 # two files
		cat $order >certs
		expect 0 --import certs --chain chain --with-key keys $N
		judge
	done
	cat third third >keys
	expect 1 --import pbx.crt --chain chain --with-key keys $N
	has "none of the 2 keys"
	has "[import-key-mismatch]"
}

@test "a key that every user can read is said, and stays as it is" {
	testca_key "$T/k"
	leaf "$T/k" "$T/crt"
	chmod 755 "$T"
	chmod 644 "$T/k"
	mkdir -p "$T/closed"
	chmod 700 "$T/closed"
	install -m 644 "$T/k" "$T/closed/k"
	expect 0 --import "$T/crt" --chain "$T/chain" --with-key "$T/closed/k" $N
	[[ $output != *key-exposed* ]]
	open=/dev/shm/$BATS_TEST_NUMBER.$$
	mkdir -m 755 "$open"
	cp "$T/k" "$open/k"
	run g --import "$T/crt" --chain "$T/chain" --with-key "$open/k" $N
	rm -r "$open"
	echo "$output"
	[ "$status" -eq 0 ]
	has "[key-exposed]"
	has "(mode 0644)"
}

@test "where nothing is in place, nothing is to be recreated" {
	expect 1 --check $N
	has "there is no key and no certificate for $N. Create what is missing"
	has "Run: gs-certgen --root $R --no-auto-san $N "
	needs_root
	run unshare -u sh -c "hostname bare; gs-certgen --root '$R' --check"
	echo "$output"
	[[ $output != *Run:* && $output != *ecreate* ]]
}

# ---- formats

@test "formats: PKCS #7 under any label, glued PEM, PKCS #12" {
	cd "$T"
	echo secret >pass
	testca_key k
	leaf k crt
	cat crt chain >all
	openssl crl2pkcs7 -nocrl -certfile all -outform DER -out der
	for label in CERTIFICATE PKCS7 CMS "PKCS #7 SIGNED DATA" "CERTIFICATE CHAIN"; do
		{ echo "-----BEGIN $label-----"; base64 der
			echo "-----END $label-----"; } >"p7 $label"
	done
	base64 der >"p7 base64"
	base64 -w 0 der >"p7 line"
	{ printf '\357\273\277'; base64 der | sed 's/$/\r/'; } >"p7 bom"
	for f in crt ca/int.crt ca/root.crt; do printf %s "$(cat $f)"; done >glued
	tr -d '\n' <glued >oneline
	{ printf 'Bag Attributes\n    friendlyName: x\n'; cat all; } >bag
	openssl pkcs12 -export -in all -inkey k -passout pass: -out nopass.p12
	openssl pkcs12 -export -in all -inkey k -passout file:pass -out aes.p12
	openssl pkcs12 -export -in all -inkey k -passout file:pass \
		-certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -macalg sha1 \
		-out des3.p12
	openssl pkcs12 -export -legacy -in all -inkey k -passout file:pass \
		-out rc2.p12
	openssl pkcs12 -export -in all -inkey k -passout file:pass -nomac \
		-out nomac.p12
	openssl pkcs12 -export -in all -inkey k -passout pass: -nomac \
		-out nothing.p12
	for f in crt ca/int.crt ca/root.crt; do
		openssl x509 -in $f -outform DER
	done >row
	for f in p7* glued oneline bag row *.p12; do
		rm -rf "$R"/*
		expect 0 --import "$f" --with-key k --pass-file pass $N
		judge
		[ "$(grep -c BEGIN "$FS/cafile.pem")" = 2 ]
	done
	for f in *.p12; do
		rm -rf "$R"/*
		expect 0 --import $f --with-key $f --pass-file pass $N
		judge
	done
	# Its key is taken only when that is asked for.
	rm -rf "$R"/*
	expect 1 --import aes.p12 --pass-file pass $N
	has "[import-no-key]"
	in_place k
	expect 0 --import aes.p12 --pass-file pass $N
	judge
	rm -rf "$R"/*
	echo wrong >wrong
	for f in aes.p12 rc2.p12 nomac.p12; do
		expect 1 --import $f --with-key $f $N
		has "[key-locked]"
		[ "$(grep -c key-locked <<<"$output")" = 1 ]
		expect 1 --import $f --with-key $f --pass-file wrong $N
		has "the pass phrase does not open it"
	done
	tr -d '\n' <k >k.line
	expect 0 --import all --with-key k.line $N
	judge
}

@test "PKCS #12 with bags in bags, and without a pass phrase in every way" {
	cd "$T"
	testca_key k
	leaf k crt
	openssl pkcs8 -topk8 -nocrypt -in k -outform DER -out k.der
	for f in crt ca/int.crt ca/root.crt; do
		openssl x509 -in $f -outform DER -out "$(basename $f).der"
	done
	"$GS_TOP/tests/helpers/p12.py" k.der crt.der int.crt.der root.crt.der
	[ "$(ls ./*.p12 | wc -l)" = 7 ]
	echo secret >pass
	for f in *.p12; do
		for with in "" "--pass-file pass"; do
			rm -rf "$R"/*
			# shellcheck disable=SC2086 # no word, or two
			expect 0 --import $f --with-key $f $with $N
			judge
		done
	done
}

@test "RC2 without the legacy provider is named" {
	cd "$T"
	echo secret >pass
	testca_key k
	leaf k crt
	cat crt chain >all
	openssl pkcs12 -export -legacy -in all -inkey k -passout file:pass \
		-out rc2.p12
	OPENSSL_MODULES=$T expect 1 --import rc2.p12 --with-key rc2.p12 \
		--pass-file pass $N
	has "legacy provider"
	has "Run: openssl pkcs12 -legacy -nodes -in rc2.p12 -out rc2.p12.pem"
	[ -z "$(find "$R" -type f ! -name '.gs-certgen*')" ]
}

@test "keys under ciphers that only the legacy provider has" {
	cd "$T"
	echo secret >pass
	echo other >other
	testca_key k
	leaf k crt
	old() { openssl "$@" -provider legacy -provider default -passout file:pass; }
	for how in "-v1 PBE-MD5-DES" "-v1 PBE-SHA1-RC2-40" "-v2 rc2" "-v2 des"; do
		old pkcs8 -topk8 -in k $how -out "old$how"
		old pkcs8 -topk8 -in k $how -outform DER -out "old$how.der"
	done
	old ec -in k -des -out old-ec
	chmod 600 old*
	for f in old*; do
		rm -rf "$R"/*
		expect 0 --import crt --chain chain --with-key "$f" \
			--pass-file pass $N
		judge
		rm -rf "$R"/*
		expect 1 --import crt --chain chain --with-key "$f" \
			--pass-file other $N
		has "[key-locked]"
		OPENSSL_MODULES=$T expect 1 --import crt --chain chain \
			--with-key "$f" --pass-file pass $N
		has "legacy provider"
		[[ $output != *key-locked* ]]
		command=${output#*Run: }
		command=${command%% \[import-damaged\]*}
		sh -c "$command -passin file:pass"
		expect 0 --import crt --chain chain --with-key "$f.pem" $N
		judge
	done
}

# refused FILE WHAT: it has no certificate because it is WHAT
refused() {
	expect 1 --import "$1" --chain chain --with-key k $N
	has "[import-no-certificate]"
	has ": it is $2"
	# Nothing of the chain is judged.
	[ "$(grep -c ': error:' <<<"$output")" = 1 ]
}

@test "what cannot be read is named for what it is" {
	cd "$T"
	testca_key k
	leaf k crt
	openssl pkey -in k -pubout -out public
	openssl req -in leaf.csr -outform DER -out req.der
	openssl pkey -in k -outform DER -out key.der
	printf '\n<!doctype HTML><html><body>login</body></html>' >page
	printf '\376\355\376\355\0\0\0\2' >jks
	printf '%%PDF-1.4\n' >pdf
	printf '7z\274\257\47\34' >7z
	: >empty
	refused public "a public key"
	refused k "a private key"
	refused key.der "a private key"
	refused leaf.csr "a certificate request"
	refused req.der "a certificate request"
	refused page "a web page"
	printf '\xef\xbb\xbf{"kty":"EC"}' >marked
	refused marked "a JSON Web Key"
	refused pdf "a PDF"
	refused 7z "a 7-Zip"
	refused jks "a Java keystore"
	has "keytool -importkeystore -srckeystore jks -destkeystore jks.p12"
	refused empty "empty"
	openssl x509 -in crt -noout -text >dump
	refused dump "what openssl prints of a certificate"
	sed 's/-----/----/g' crt >dashes
	refused dashes "PEM whose hyphens"
	printf 'MIME-Version: 1.0\n\nhello\n' >mail
	refused mail "a mail"
	for form in PEM DER; do
		openssl cms -encrypt -in crt -outform $form -out cms crt
		refused cms "an encrypted message"
	done
	printf '{"a":1}' >json
	refused json "JSON"
	openssl crl2pkcs7 -nocrl -out nocerts
	refused nocerts "PKCS #7 without one"
	base64 key.der >bare
	refused bare "a private key in base64"
	[[ $output != *Run:* ]]
	# What is damaged is that, and nothing else.
	for line in 2 5; do
		sed "${line}s/.\{40\}/&!/" crt >damaged
		expect 1 --import damaged --chain chain --with-key k $N
		has "[import-damaged]"
		[[ $output != *": it is"* ]]
	done
	openssl pkcs12 -export -in k -inkey k -nocerts -passout pass: -out nocerts
	refused nocerts "PKCS #12 without one"
	# The time does not grow with the square of what does not end.
	yes -- '-----BEGIN X-----' | head -n 58000 >endless
	(ulimit -t 20
	for file in endless /etc/hostname; do
		expect 1 --import $file --chain chain --with-key k $N
		has "[import-no-certificate]"
	done)
}

@test "what is no key is named for what it is" {
	cd "$T"
	testca_key k
	leaf k crt
	no_key() { # no_key FILE WHAT
		chmod 600 "$1"
		expect 1 --import crt --chain chain --with-key "$1" $N
		has "$1 contains no private key: it is $2"
		has "[import-no-key]"
		[ "$(grep -c ': error:' <<<"$output")" = 1 ]
		[[ $output != *Run:* ]]
	}
	no_key crt "a certificate"
	openssl x509 -in crt -outform DER -out der
	no_key der "a certificate"
	base64 der >bare
	no_key bare "a certificate in base64"
	no_key leaf.csr "a certificate request"
	openssl pkey -in k -pubout -out public
	no_key public "a public key"
	openssl pkcs12 -export -nokeys -in crt -passout pass: -out nokeys
	no_key nokeys "PKCS #12 without one"
	printf 'PuTTY-User-Key-File-3: ssh-rsa\n' >ppk
	no_key ppk "a private key of PuTTY"
	printf '{"kty":"EC","crv":"P-256"}' >jwk
	no_key jwk "a JSON Web Key"
	printf 'ssh-rsa AAAA x@y\n' >ssh
	no_key ssh "a public key for SSH"
	: >empty
	no_key empty "empty"
	# A key of the right kind that is cut off is damaged.
	openssl pkey -in k -outform DER | head -c 60 >cut
	expect 1 --import crt --chain chain --with-key cut $N
	[[ $output != *"it is"* ]]
}

@test "the command that converts a file works as it is printed" {
	cd "$T"
	echo secret >pass
	testca_key k
	leaf k crt
	openssl x509 -in crt -outform DER -out der
	base64 der >'a leaf'
	base64 -w 0 der >line
	{ printf '\357\273\277'; base64 der | sed 's/$/\r/'; } >"it's"
	for code in UTF-16 UTF-16LE UTF-16BE; do iconv -t $code crt >$code; done
	gzip -c crt >gz
	bzip2 -c crt >bz2
	xz -c crt >xz
	openssl pkcs12 -export -in crt -inkey k -passout file:pass -out aes
	base64 aes >p12
	{ echo '-----BEGIN PKCS12-----'; base64 aes
		echo '-----END PKCS12-----'; } >label
	iconv -t UTF-32 crt >UTF-32
	base64 crt >kubernetes
	awk '{ printf "%s\\n", $0 }' crt >escaped
	printf '"%s"\n' "$(cat escaped)" >quoted
	echo text | openssl smime -sign -signer crt -inkey k -out mail
	for file in 'a leaf' line "it's" UTF-16* UTF-32 gz bz2 xz p12 label \
		kubernetes escaped quoted mail; do
		expect 1 --import "$file" --chain chain --with-key k \
			--pass-file pass $N
		command=${output#*Run: }
		command=${command%% \[import-no-certificate\]*}
		before=$(ls)
		sh -c "$command"
		made=$(comm -13 <(echo "$before") <(ls))
		[[ $made == "$file."* ]]
		rm -rf "$R"/*
		expect 0 --import "$made" --chain chain --with-key k \
			--pass-file pass $N
		judge
		rm -rf "$R"/* "$made"
	done
	expect 1 --import - --chain chain --with-key k $N <line
	has "Run: (umask 077; base64 -di FILE | "
}

@test "the command that converts a key works as it is printed" {
	cd "$T"
	echo secret >pass
	old() { openssl "$@" -provider legacy -provider default; }
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out k
	leaf k crt
	openssl pkey -in k -outform DER -out der
	base64 der >'a key'
	base64 -w 0 der >line
	iconv -t UTF-16 k >UTF-16
	gzip -c k >gz
	base64 k >kubernetes
	awk '{ printf "%s\\n", $0 }' k >escaped
	old rsa -in k -outform PVK -pvk-none -out pvk
	old rsa -in k -outform PVK -pvk-strong -passout pass:secret -out pvk-locked
	openssl rsa -in k -outform MSBLOB -out blob
	openssl pkcs12 -export -in crt -inkey k -passout file:pass -out p12
	base64 p12 >p12-base64
	for file in ssh ssh-locked; do
		install -m 600 k $file
		ssh-keygen -q -p -N "$([ $file = ssh ] || cat pass)" -f $file
	done
	# A certificate that is damaged is no private key.
	{ cat k; sed '5s/.\{40\}/&!/' crt; } >damaged
	expect 1 --import damaged --with-key damaged $N
	has "[import-damaged]"
	not has "it is a private key"
	# As in a log of everything: text, a certificate, then the key.
	{ echo text; cat crt ssh; } >all
	local files=('a key' line UTF-16 gz kubernetes escaped pvk* blob \
		p12-base64 ssh*)
	# Java is not needed for these tests.
	if command -v keytool >/dev/null; then
		for type in JKS JCEKS; do
			keytool -importkeystore -srckeystore p12 -srcstorepass secret \
				-destkeystore $type -deststoretype $type \
				-deststorepass secret -destkeypass secret \
				-srcalias 1 -srckeypass secret
		done
		files+=(JKS JCEKS)
	fi
	for file in "${files[@]}"; do
		chmod 600 "$file"
		expect 1 --import crt --chain chain --with-key "$file" $N
		has "[import-no-key]"
		command=${output#*Run: }
		command=${command%% \[import-no-key\]*}
		# Where a pass phrase would be typed.
		case $file in
		pvk-locked) command=${command%)}' -passin file:pass)' ;;
		ssh-locked) command=${command%)}' -P secret)' ;;
		esac
		before=$(ls)
		printf 'secret\nsecret\nsecret\n' | sh -c "$command"
		made=$(comm -13 <(echo "$before") <(ls))
		[[ $made == "$file."* ]]
		[ "$(stat -c %a "$made")" = 600 ]
		expect 0 --import crt --chain chain --with-key "$made" \
			--pass-file pass $N
		judge
		rm -rf "$R"/* "$made"
	done
	expect 1 --import crt --chain chain --with-key all $N
	has "ssh-keygen -p"
}

# ---- roots

@test "the root comes from the system's store, or from --trust" {
	cd "$T"
	testca_key k
	leaf k crt
	cat crt ca/int.crt >fullchain
	# Of all that this machine trusts, none is its root.
	(unset SSL_CERT_FILE && expect 1 --import fullchain --with-key k $N &&
		has "[chain-incomplete]")
	mkdir store
	cp ca/root.crt store/any.pem
	echo text >store/README
	for store in ca/root.crt store; do
		rm -rf "$R"/*
		expect 0 --import fullchain --with-key k --trust $store \
			--der /ca.der $N
		openssl x509 -inform DER -in "$R/ca.der" -outform PEM |
			cmp - ca/root.crt
		judge
	done
	rm -rf "$R"/*
	SSL_CERT_FILE=$T/ca/root.crt expect 0 --import fullchain --with-key k $N
	expect 0 --check
	[[ $output != *chain-incomplete* ]]
	run g --show
	has "root         CN=Test Root"
	run g --show -j
	[ "$(jq -r .root.subject <<<"$output")" = "CN=Test Root" ]
	jq -e '.root.days > 3000' <<<"$output"
	expect 2 --import fullchain --with-key k --trust "$T/nothing" $N
	expect 2 --import fullchain --with-key k --trust store/README $N
	has "store/README contains no certificate"
}

@test "issuers that are in place need not be given again" {
	cd "$T"
	testca_key k
	leaf k crt
	expect 0 --import crt --chain chain --with-key k $N
	testca_key k2
	leaf k2 crt2
	expect 0 --import crt2 --with-key k2 $N
	judge
	# Those that are given come first, and nothing else is in place.
	rm -rf "$R"/*
	expect 1 --import crt2 --with-key k2 $N
	has "[chain-incomplete]"
}

@test "a bundle of hundreds as --chain" {
	cd "$T"
	testca_key k
	leaf k crt
	for ((i = 0; i < 60; i++)); do
		openssl req -x509 -new -key k -subj "/CN=Other $i" -days 9 \
			-config ca/ca.cnf -extensions v3_ca
	done >bundle
	cat ca/root.crt >>bundle
	cat crt ca/int.crt >fullchain
	expect 0 --import fullchain --with-key k --chain bundle $N
	[ "$(grep -c chain-unused <<<"$output")" = 1 ]
	has "60 of the 61 certificates in bundle"
	[ "$(grep -c BEGIN "$FS/cafile.pem")" = 2 ]
	rm -rf "$R"/*
	expect 0 -q --import fullchain --with-key k --chain bundle $N
	[ -z "$output" ]
	for ((i = 0; i < 1001; i++)); do cat ca/int.crt; done >many
	expect 1 --import fullchain --with-key k --chain many $N
	has "many contains more than 1000 certificates"
	mkdir store
	cp ca/root.crt many store
	expect 2 --import fullchain --with-key k --chain bundle --trust store $N
	has "store has more than 1000 certificates"
}

@test "a date of expiry that clients cannot read is not told as a day" {
	cd "$T"
	testca_key k
	openssl req -x509 -key k -subj "/CN=$N" -days 90 -outform DER -out der \
		-addext "subjectAltName=DNS:$N" -addext basicConstraints=CA:FALSE
	# Without seconds, with an offset.
	perl -0777 -pi -e 's/(\x17\x0d.{13}\x17\x0d.{8}).{5}/$1+0000/s' der
	openssl x509 -inform DER -in der -signkey k -preserve_dates -out crt
	expect 1 --import crt --with-key k $N
	has "the certificate has a date of expiry that clients cannot read. "
	has "[cert-expired]"
	in_place k
	install -D crt "$SSL/certs/$N.crt"
	ln -s "certs/$N.crt" "$SSL/gemeinschaft.crt"
	g --show $N >shown || true
	grep -q "^valid .* to an unreadable date$" shown
	g --show -j $N | jq -e '.certificate | .not_after == null and .days == null'
}

@test "a file in the folder of --trust that is too large is named" {
	expect 0 --ca $N
	mkdir "$T/store"
	cp "$SSL/certs/gemeinschaft-ca.crt" "$T/store/ca.pem"
	expect 0 --check --trust "$T/store" $N
	[[ $output != *"of --trust"* ]]
	head -c 1100000 "$GS_BIN/gs-certgen" >"$T/store/big"
	expect 0 --check --trust "$T/store" $N
	has "gs-certgen: $T/store/big: "
	has "are not among those of --trust"
}

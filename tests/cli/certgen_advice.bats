# SPDX-License-Identifier: MIT
# What --check advises is what works: the command of each finding, typed as it
# is printed, removes the finding, adds none and changes nothing else.

load lib
load ../helpers/testca.bash

setup() {
	T=$BATS_TEST_TMPDIR
	N=pbx.example.com
	# The command is found as users find it.
	PATH=$GS_BIN:$PATH
	IN=()
}

# A folder whose name has to be quoted.
fresh() {
	R="$T/a root's"
	SSL=$R/etc/ssl
	FS=$R/var/opt/GS5/freeswitch/conf/ssl
	rm -rf "$R"
	mkdir "$R"
	CHECK=()
	MORE=(--no-auto-san)
}

g() {
	"${IN[@]}" gs-certgen --root "$R" "${MORE[@]}" "$@"
}

# ---- sets with one flaw

# put_leaf FILE: a certificate in every file of the set, with the key there.
put_leaf() {
	cp "$1" "$SSL/certs/$N.crt"
	cat "$1" "$SSL/private/$N.key" | tee "$SSL/private/$N.pem" >"$FS/$N.pem"
}

# self_signed [openssl req option...]
self_signed() {
	openssl req -x509 -new -key "$SSL/private/$N.key" -days 99 \
		-config <(printf '[req]\ndistinguished_name=d\n[d]\n') \
		-subj "${SUBJECT:-/O=Example/CN=$N}" \
		-addext subjectAltName=DNS:$N,DNS:kept.example "$@" \
		-out "$T/leaf" 2>/dev/null
	put_leaf "$T/leaf"
	cp "$T/leaf" "$FS/$N-ca.pem"
}

make_self() { g -q --key ec:P-256 --san dns:kept.example --subject O=Example $N; }
make_ca() { g -q --ca --key ec:P-256 --san dns:kept.example $N; }

# by_ca FROM TO [option...]: signed by the local CA, from and to these days.
by_ca() {
	testca_make "$T/ca"
	cp "$SSL/certs/gemeinschaft-ca.crt" "$T/ca/int.crt"
	cp "$SSL/private/gemeinschaft-ca.key" "$T/ca/int.key"
	g -q --csr "$T/csr" --san dns:kept.example
	rm "$SSL/private/$N.csr.key"
	testca_sign "$T/ca" "$T/csr" "$T/leaf" \
		-startdate "$(testca_date $(($1 * 86400)))" \
		-enddate "$(testca_date $(($2 * 86400)))" "${@:3}"
	put_leaf "$T/leaf"
}

# again_ca [openssl x509 option...]: another certificate of the local CA.
again_ca() {
	printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n' \
		>"$T/ext"
	openssl x509 -x509toreq -in "$SSL/certs/gemeinschaft-ca.crt" \
		-signkey "$SSL/private/gemeinschaft-ca.key" -out "$T/csr"
	openssl x509 -req -in "$T/csr" -extfile "$T/ext" "$@" \
		-signkey "$SSL/private/gemeinschaft-ca.key" \
		-out "$SSL/certs/gemeinschaft-ca.crt" 2>/dev/null
	cp "$SSL/certs/gemeinschaft-ca.crt" "$FS/$N-ca.pem"
}

# foreign FROM TO [option...]: key, certificate and issuers made elsewhere.
foreign() {
	testca_make "$T/else"
	testca_key "$T/key"
	openssl req -new -key "$T/key" -subj "/CN=$N" \
		-addext subjectAltName=DNS:$N -out "$T/csr" \
		-config <(printf '[req]\ndistinguished_name=d\n[d]\n')
	testca_sign "$T/else" "$T/csr" "$T/crt" \
		-startdate "$(testca_date $(($1 * 86400)))" \
		-enddate "$(testca_date $(($2 * 86400)))" "${@:3}"
	cat "$T/else/int.crt" "$T/else/root.crt" >"$T/chain"
}

# The same as FreeSWITCH's two files, and nothing else.
foreign_files() {
	foreign "$@"
	mkdir -p "$FS"
	cat "$T/crt" "$T/key" >"$FS/agent.pem"
	chmod 600 "$FS/agent.pem"
	cp "$T/chain" "$FS/cafile.pem"
}

# ---- one row a rule: what makes --check find it

row_cert_expired() { make_ca; by_ca -9 -1; }
row_cert_not_yet_valid() { make_ca; by_ca 3 99; }
row_cert_expires_soon() { make_ca; by_ca -9 9; }
row_name_missing() { make_self; CHECK=(--san dns:new.example); }
row_address_missing() {
	IN=(unshare -n sh -c 'ip link set lo up &&
		ip addr add 192.0.2.77/32 dev lo && exec "$@"' _)
	make_self
	MORE=()
}
row_digest_weak() { make_self; self_signed -sha1; }
row_key_weak() {
	make_self
	openssl genrsa -out "$SSL/private/$N.key" 1024
	self_signed
}
row_key_large() {
	make_self
	openssl genrsa -primes 4 -out "$SSL/private/$N.key" 4160
	self_signed
}
row_key_ec() { make_self; }
row_leaf_is_ca() {
	make_self
	self_signed -addext basicConstraints=critical,CA:TRUE
}
row_usage_server() {
	make_self
	self_signed -addext extendedKeyUsage=clientAuth
}
row_shared_key() {
	make_self
	SUBJECT='/O=AMOOMA GmbH/CN=Gemeinschaft 4' self_signed
}
row_chain_weak() {
	make_ca
	openssl genrsa -out "$SSL/private/gemeinschaft-ca.key" 1024
	openssl req -x509 -new -key "$SSL/private/gemeinschaft-ca.key" \
		-subj "/CN=$N CA" -days 900 -out "$SSL/certs/gemeinschaft-ca.crt" \
		-addext basicConstraints=critical,CA:TRUE \
		-config <(printf '[req]\ndistinguished_name=d\n[d]\n')
	cp "$SSL/certs/gemeinschaft-ca.crt" "$FS/$N-ca.pem"
	by_ca -9 99
}
row_chain_expired() {
	make_ca
	again_ca -days 0
	sleep 1.1
}
row_chain_expires_soon() { make_ca; again_ca -days 9; }
row_set_missing() { make_self; rm "$SSL/private/$N.pem"; }
row_pair_mismatch() { make_self; testca_key "$SSL/private/$N.key"; }
row_key_damaged() { make_self; echo nonsense >"$SSL/private/$N.key"; }
row_cert_damaged() { make_ca; echo nonsense >"$FS/$N-ca.pem"; }
row_mode_wide() { make_self; chmod 644 "$SSL/private/$N.key"; }
row_key_public() {
	make_self
	cat "$SSL/private/$N.key" >>"$SSL/certs/$N.crt"
}
row_copy_differs() {
	make_self
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$T/k" -out "$T/c" -subj /CN=$N 2>/dev/null
	cat "$T/c" "$T/k" >"$FS/$N.pem"
}
row_cafile_differs() {
	make_ca
	testca_make "$T/else"
	cp "$T/else/root.crt" "$FS/$N-ca.pem"
}
row_link_wrong() { make_self; rm "$FS/agent.pem"; }
row_link_broken() {
	make_self
	ln -sfn private/other.pem "$SSL/gemeinschaft.pem"
}
row_unreadable() {
	make_self
	chmod 711 "$FS"
	CHECK=(--owner nobody)
}
row_unfinished() {
	make_self
	printf 'gs-certgen journal 1\nend\n' >"$SSL/private/.gs-certgen-journal"
}
row_dtls_key_short() {
	make_self
	cp "$FS/$N.pem" "$FS/dtls-srtp.pem"
	chmod 600 "$FS/dtls-srtp.pem"
	CHECK=(--dtls-pem)
}
row_other_name() {
	g -q --key ec:P-256 old.example
	g -q --key ec:P-256 --switch $N
	g -q --switch old.example
	CHECK=($N)
}
row_links_disagree() {
	g -q --key ec:P-256 old.example
	g -q --key ec:P-256 --switch $N
	ln -sfn certs/old.example.crt "$SSL/gemeinschaft.crt"
	CHECK=($N)
}
row_not_adopted() { foreign_files -9 99; }

# ---- the test

# Rules of the findings on standard input, sorted.
rules() { jq -r 'select(.type == "finding").rule' | sort -u; }

# The command of rule $1.
command_of() {
	jq -r "select(.rule == \"$1\").message" |
		sed -n 's/.* Run: \(gs-certgen.*\)$/\1/p' | head -n 1
}

# What must stay: the names, the issuer if there is a CA, and the key.
identity() {
	openssl x509 -in "$FS/agent.pem" -noout -ext subjectAltName
	[ ! -e "$SSL/certs/gemeinschaft-ca.crt" ] || echo CA
	[[ $1 == *--new-key* ]] || openssl pkey -in "$FS/agent.pem" -pubout
}

advised() { # advised RULE: the row of the rule, its command, and what is left
	local rule=$1 before after command stays
	fresh
	"row_${rule//-/_}"
	before=$(g --check -j "${CHECK[@]}") || true
	command=$(command_of "$rule" <<<"$before")
	echo "$rule: ${command:-no command}"
	[ -n "$command" ]
	stays=$(identity "$command" 2>/dev/null) || true
	if ! "${IN[@]}" sh -c "$command" >"$T/said" 2>&1; then
		cat "$T/said"
		return 1
	fi
	after=$(g --check -j "${CHECK[@]}") || true
	rules <<<"$before" >"$T/before"
	rules <<<"$after" >"$T/after"
	not grep -qx -e "$rule" "$T/after"
	# None is new.
	[ -z "$(comm -13 "$T/before" "$T/after")" ]
	case $rule in
	# Another set, another name, what was broken.
	other-name | links-disagree | link-wrong | copy-differs) return 0 ;;
	name-missing | address-missing) return 0 ;;
	key-damaged | pair-mismatch) return 0 ;;
	esac
	[ -z "$stays" ] || [ "$(identity "$command")" = "$stays" ]
}

@test "every rule that names a command has a row, and the command works" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	rules=$(sed -n '/^static const enum gs_cert_mend mends/,/^};/s/.*\[GS_CERT_R_\([A-Z_]*\)\] = GS_MEND.*/\1/p' \
		"$GS_TOP/lib/cert/rules.c" | tr A-Z_ a-z-)
	[ "$(wc -l <<<"$rules")" -ge 30 ]
	for rule in $rules; do
		declare -F "row_${rule//-/_}" >/dev/null || {
			echo "$rule: no row"
			return 1
		}
		advised "$rule"
	done
}

@test "a certificate that expires later than usual warnings" {
	for days in 31 400 824 825 3000; do
		fresh
		g -q --key ec:P-256 --days 31 $N
		CHECK=(--warn-days $days)
		row_cert_expires_soon() {
			g -q --key ec:P-256 --days 20 $N
			CHECK=(--warn-days $days)
		}
		advised cert-expires-soon
	done
}

@test "a key that is nowhere else, and one of several flaws" {
	row_key_damaged() {
		make_ca
		echo nonsense | tee "$SSL/private/$N.key" \
			"$SSL/private/$N.pem" >"$FS/$N.pem"
	}
	advised key-damaged
	row_set_missing() { :; CHECK=($N); }
	advised set-missing
}

@test "what only others can mend names no command" {
	for flaw in "-9 -1" "-9 9" "3 99" "-9 99 -md sha1"; do
		fresh
		foreign_files $flaw
		g -q $N || true
		[ -e "$SSL/certs/$N.crt" ]
		[ "$(cat "$T/crt" | openssl x509 -noout -serial)" = \
			"$(openssl x509 -in "$FS/agent.pem" -noout -serial)" ]
		run g --check --san dns:more.example
		echo "$output"
		[ "$status" -eq 1 ]
		[[ $output == *"[name-missing]"* ]]
		[[ $output != *"Run: "* ]]
		# Nor does a run replace it.
		before=$(cat "$SSL/certs/$N.crt")
		run g --san dns:more.example
		[ "$status" -eq 1 ]
		[[ $output == *"error: "*"[signed-by-others]"* ]]
		[ "$(cat "$SSL/certs/$N.crt")" = "$before" ]
	done
	fresh
	foreign -9 99
	mkdir -p "$FS"
	cat "$T/crt" "$T/key" >"$FS/agent.pem"
	chmod 600 "$FS/agent.pem"
	cp "$T/else/root.crt" "$FS/cafile.pem"
	g -q
	run g --check
	echo "$output"
	[[ $output == *"[chain-incomplete]"* ]]
	[[ $output != *"Run: "* ]]
}

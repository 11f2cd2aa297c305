# SPDX-License-Identifier: MIT
# What a server serves, beside the set in place and for any client.

load lib
load ../helpers/process
load ../helpers/testca.bash
load ../helpers/certgen.bash

teardown() {
	end_all
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

@test "a server that serves the set, and one that serves the old one" {
	expect 0 --ca $N
	served 5061
	expect 0 --check --connect 127.0.0.1
	has "127.0.0.1:5061 serves 'CN=$N' with TLSv1.3, TLS_AES_256_GCM_SHA384"
	expect 0 --check --connect '[::1]:5061'
	expect 0 --check --connect ::1
	expect 0 --check --connect localhost:5061/wss --connect 127.0.0.1:5061/https
	expect 0 --status --connect 127.0.0.1
	[ "$output" = "OK - $N: 825 days left | days=825;30:;0:" ]
	expect 0 -q --force --days 100 $N
	expect 1 --check --connect 127.0.0.1
	has "[served-differs]"
	has "restart the profile when no call runs"
	expect 2 --status --connect 127.0.0.1
	has "CRITICAL - $N: 100 days left, 1 error"
	end $!
	served 5062
	expect 0 --check --connect 127.0.0.1:5062
	expect 1 --check --connect 127.0.0.1
	has "127.0.0.1:5061 cannot be reached: Connection refused"
	has "[served-unreachable]"
}

@test "a server that serves something else, or not all of it" {
	expect 0 $N
	signed -1 100
	expect 0 --import "$T/crt" --chain "$T/chain" $N
	served 5061
	expect 0 --check --connect 127.0.0.1
	end $!
	serve 5062 -cert "$FS/agent.pem" -key "$FS/agent.pem"
	expect 1 --check --connect 127.0.0.1:5062
	has "does not send the certificate of 'CN=Test Intermediate'"
	has "[served-chain-incomplete]"
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$T/k" -out "$T/c" \
		-subj /CN=other.example -addext subjectAltName=DNS:other.example \
		2>/dev/null
	serve 5063 -cert "$T/c" -key "$T/k"
	expect 1 --check --connect 127.0.0.1:5063
	has "[served-differs]"
	has "[served-name]"
	has "[served-untrusted]"
}

@test "alone, any server is judged by the name of the host" {
	testca_make "$T/ca"
	testca_key "$T/k"
	openssl req -new -key "$T/k" -subj /CN=localhost -out "$T/csr" -addext \
		subjectAltName=DNS:localhost,IP:127.0.0.1
	testca_sign "$T/ca" "$T/csr" "$T/crt"
	serve 5061 -cert "$T/crt" -key "$T/k" -cert_chain "$T/ca/int.crt"
	for host in localhost 127.0.0.1; do
		expect 0 --connect $host --trust "$T/ca/root.crt"
		has "OK - $host: 100 days left"
		expect 1 --connect $host
		has "[served-chain-incomplete]"
	done
	expect 1 --connect ::1 --trust "$T/ca/root.crt"
	has "no alternative name ip:::1"
	expect 1 --connect localhost --trust "$T/ca/root.crt" --warn-days 101 \
		--crit-days 101
	has "[served-expires-soon]"
	expect 0 --connect localhost --trust "$T/ca/root.crt" --warn-days 101
	has "WARNING"
	testca_sign "$T/ca" "$T/csr" "$T/old" -startdate \
		"$(testca_date -864000)" -enddate "$(testca_date -60)"
	serve 5062 -cert "$T/old" -key "$T/k" -cert_chain "$T/ca/int.crt"
	expect 1 --connect localhost:5062 --trust "$T/ca/root.crt"
	has "[served-refused]"
	has "certificate has expired"
	[ -z "$(ls -A "$R")" ]
}

@test "versions and ciphers: of today, and of a phone" {
	gs-certgen -q --root "$R" --no-auto-san --ca $N
	served 5061
	expect 1 --check --connect 127.0.0.1 --phone 370
	has "a phone 370, which has TLS 1.0"
	has "@SECLEVEL=0"
	has "[served-phone]"
	expect 0 --check --connect 127.0.0.1 --phone "snom D865"
	has "a phone snom D865 gets TLSv1.3"
	expect 0 --check --connect 127.0.0.1 --phone D725
	has "gets TLSv1.2"
	end $!
	served 5062 -tls1 -cipher ALL:@SECLEVEL=0
	expect 1 --check --connect 127.0.0.1:5062 --phone 870
	has "[served-handshake]"
	has "a phone 870 gets TLSv1, "
	expect 2 --check --connect 127.0.0.1 --phone 999
	has "unknown model"
	expect 2 --phone 370 --check
	# What openssl.cnf says is not read.
	printf 'openssl_conf=x\n[x]\nssl_conf=y\n[y]\nsystem_default=z\n[z]\n%s\n' \
		MinProtocol=TLSv1.3 >"$T/cnf"
	OPENSSL_CONF=$T/cnf expect 1 --check --connect 127.0.0.1:5062 --phone 870
	has "a phone 870 gets TLSv1, "
}

@test "a server that says nothing, or something else, ends in time" {
	expect 0 $N
	start python3 -c '
import socket, time
a = socket.create_server(("127.0.0.1", 5061))
b = socket.create_server(("127.0.0.1", 5062))
c, _ = b.accept()
c.sendall(b"SIP/2.0 400 Bad Request\r\n\r\n")
c.close()
time.sleep(60)'
	until_true listens 5062
	expect 1 --check --connect 127.0.0.1:5062
	has "[served-handshake]"
	SECONDS=0
	expect 1 --check --connect 127.0.0.1:5061
	has "no answer in time"
	[ "$SECONDS" -lt 30 ]
	expect 1 --check --connect no-such-host.invalid
	has "[served-unreachable]"
}

@test "figures for Prometheus, and what --connect does not go with" {
	expect 0 --ca $N
	served 5061
	expect 0 --check -f openmetrics --connect 127.0.0.1
	has 'gsprov_certificate_days{host="pbx.example.com"} 825'
	has 'gsprov_served_days{server="127.0.0.1:5061"} 825'
	has 'gsprov_certificate_findings{severity="error"} 0'
	[ "${lines[-1]}" = "# EOF" ]
	expect 0 --status -f openmetrics
	expect 2 -f openmetrics $N
	expect 2 -f openmetrics --show
	expect 2 --connect 127.0.0.1 $N
	expect 2 --connect 127.0.0.1 --show
	expect 2 --connect 127.0.0.1 --csr -
	for bad in '' : host:0 host:65536 host/ftp '[::1' '[::1]x' host:; do
		expect 2 --connect "$bad"
		has "write HOST[:PORT]"
	done
	expect 0 --check --warn-days 900 --crit-days 10
	expect 1 --check --warn-days 900 --crit-days 826
	has "error: the certificate expires"
	expect 2 --status --warn-days 900 --crit-days 826
	has "days=825;900:;826:"
}

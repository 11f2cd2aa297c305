#!/bin/bash
# SPDX-License-Identifier: MIT
# gs-certgen beside openssl req: the first run with RSA 2048 (the median of
# BENCH_RUNS pairs, taken in turn), and a run that changes nothing. How long
# the search for a key takes is luck, and 20 runs do not level it; so both
# are also run with a key that is there, and the difference is set against
# the time of a whole openssl req. Keys of P-256 take no time, so that the first
# run with one shows what the rest of it costs: on the disk of $TMPDIR, with
# fsync() of all files and folders, which openssl req does not do, and in memory,
# where that is free. --check is beside openssl verify of the same chain.
set -eu
cd "$(dirname "$0")/../.."
B=$PWD/${BUILD:-build}
d=$(mktemp -d)
memory=$(mktemp -d -p /dev/shm)
trap 'rm -rf "$d" "$memory"' EXIT
cd "$d"
runs=${BENCH_RUNS:-20}

ours() {
	rm -rf root
	mkdir -p root/etc/ssl/private root/etc/ssl/certs \
		root/var/opt/GS5/freeswitch/conf/ssl
	timed "$B/gs-certgen" -q --root root --no-auto-san pbx.example.com
}
theirs() {
	timed openssl req -x509 -newkey rsa:2048 -nodes -days 825 -keyout k \
		-out c -subj /CN=pbx.example.com
}
ours_ec() {
	rm -rf root
	mkdir -p root/etc/ssl/private root/etc/ssl/certs \
		root/var/opt/GS5/freeswitch/conf/ssl
	timed "$B/gs-certgen" -q --root root --no-auto-san --key ec:P-256 \
		pbx.example.com
}
theirs_ec() {
	timed openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
		-nodes -days 825 -keyout k.ec -out c.ec -subj /CN=pbx.example.com
}
# A set of a local CA, with all names of this host: nothing is found.
ours_checked() {
	timed "$B/gs-certgen" -q --root root --check pbx.example.com
}
theirs_checked() {
	timed openssl verify -CAfile root/etc/ssl/certs/gemeinschaft-ca.crt \
		root/etc/ssl/gemeinschaft.crt
}
ours_with_key() {
	rm -rf root
	mkdir -p root/etc/ssl/private root/etc/ssl/certs \
		root/var/opt/GS5/freeswitch/conf/ssl
	cp k root/etc/ssl/private/pbx.example.com.key
	timed "$B/gs-certgen" -q --root root --no-auto-san pbx.example.com
}
theirs_with_key() {
	timed openssl req -x509 -key k -days 825 -out c -subj /CN=pbx.example.com
}
# Seconds of processor time, and KiB of memory.
timed() {
	"$B/tests/bench/timed" 1 input "$@" 2>/dev/null
}
: >input
of() { # of FILE: the median of its runs, in milliseconds
	sort -n "$1" | awk '{ v[NR] = 1000 * $1 } END {
		print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

for ((i = 0; i < runs; i++)); do
	ours >>first
	theirs >>openssl
	ours_with_key >>first_key
	theirs_with_key >>openssl_key
done
pairs() { # of FIRST OPENSSL: files for their times
	for ((i = 0; i < ${BENCH_PAIRS:-50}; i++)); do
		ours_ec >>"$d/$1"
		theirs_ec >>"$d/$2"
	done
}
pairs first_ec openssl_ec
cd "$memory"
: >input
pairs first_memory openssl_memory
"$B/gs-certgen" -q --root root --force --ca --key ec:P-256 --new-key pbx.example.com
for ((i = 0; i < ${BENCH_PAIRS:-50}; i++)); do
	ours_checked >>"$d/check"
	theirs_checked >>"$d/verify"
done
cd "$d"
ours_with_key >/dev/null
for ((i = 0; i < runs; i++)); do
	timed "$B/gs-certgen" -q --root root --no-auto-san pbx.example.com \
		>>unchanged
	timed openssl x509 -in root/etc/ssl/gemeinschaft.crt -noout -enddate \
		>>x509
done
kib=$(tail -n 1 unchanged | cut -d ' ' -f 2)
awk -v f="$(of first)" -v o="$(of openssl)" -v fk="$(of first_key)" \
	-v ok="$(of openssl_key)" -v u="$(of unchanged)" -v x="$(of x509)" \
	-v fe="$(of first_ec)" -v oe="$(of openssl_ec)" \
	-v fm="$(of first_memory)" -v om="$(of openssl_memory)" \
	-v c="$(of check)" -v v="$(of verify)" \
	-v k="$kib" 'BEGIN {
	OFS = "\t"
	m = sprintf("%.1f", k / 1024)
	print "certificate, new RSA key", sprintf("%.0f ms", f),
		sprintf("openssl req %.0f ms", o), sprintf("%.2f", f / o), m
	print "certificate, new EC key", sprintf("%.1f ms", fe),
		sprintf("openssl req %.1f ms", oe), sprintf("%.2f", fe / oe), m
	print "the same, in memory", sprintf("%.1f ms", fm),
		sprintf("openssl req %.1f ms", om), sprintf("%.2f", fm / om), m
	print "certificate, --check", sprintf("%.1f ms", c),
		sprintf("openssl verify %.1f ms", v), sprintf("%.2f", c / v), m
	print "certificate, key is there", sprintf("+%.0f ms", fk - ok),
		sprintf("openssl req %.0f ms", o),
		sprintf("%.2f", (o + fk - ok) / o), m
	print "certificate, unchanged", sprintf("%.0f ms", u),
		sprintf("openssl x509 %.0f ms", x), sprintf("%.2f", u / x), m
}'

# SPDX-License-Identifier: MIT
# Every file-system call of gs-certgen fails, or is the last one before the
# process is killed: what is in place works, and the next run completes.

load ../helpers/testca.bash

setup_file() {
	# Memory: the calls are what is tested, not the disk.
	T=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
	export T N=pbx.example.com
	export ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0:detect_leaks=0
	cd "$T" || return 1
	g $N
	mv root self
	mkdir empty
	g --ca $N
	mv root ca
	cp -a self root
	g --csr csr --new-key $N
	mv root pending
	testca_make "$T/testca"
	testca_sign "$T/testca" csr crt
	cat testca/int.crt testca/root.crt >chain
	# A set that something else made, and one that it wrote into ours.
	local fs=var/opt/GS5/freeswitch/conf/ssl key=etc/ssl/private/$N.csr.key
	mkdir -p "adopted/$fs"
	cat crt "pending/$key" >"adopted/$fs/agent.pem"
	chmod 600 "adopted/$fs/agent.pem"
	cp chain "adopted/$fs/cafile.pem"
	cp -a self written
	cat crt "pending/$key" >"written/$fs/agent.pem"
	cat chain >"written/$fs/cafile.pem"
	cp -a self root
	g --switch --ca old.example
	mv root other
	rm -f other/etc/ssl/*/$N.* "other/$fs/$N"*
}

teardown_file() {
	rm -rf "$T"
}

g() {
	mkdir -p root
	gs-certgen --root root --no-auto-san --key ec:P-256 "$@"
}

# faults MODE ERRNO BASE ARG...
faults() {
	local mode=$1 errno=$2 base=$3
	shift 3
	# Under the sanitizers a sample is enough.
	[ -z "${SAN:-}" ] || mode=$mode:13
	cd "$T"
	mkdir -p "work-$BATS_TEST_NUMBER"
	cd "work-$BATS_TEST_NUMBER"
	"$GS_BIN/tests/helpers/certfault" "$mode" "$errno" \
		"$GS_BIN/tests/helpers" "$T/$base" $N \
		gs-certgen --root root --no-auto-san --key ec:P-256 "$@"
}

EIO=5
ENOSPC=28

# In the first ladder libcrypto sets itself up in each run, and its calls fail,
# too; in the others it is ready.
#
# Of the calls that only read, and fail alike, these are hit: all in the
# first ladder, every fourth in the others, each from another one on.
some_reads() {
	export GS_FAULT_READS=$1
}

@test "a first run fails at every call" {
	GS_FAULT_COLD=yes faults fail $ENOSPC empty $N
}

@test "a first run is killed at every call" {
	faults kill 0 empty --ca $N
}

@test "a new key fails at every call" {
	some_reads 4+1
	faults fail $EIO self --new-key $N
}

@test "a new key is killed at every call" {
	faults kill 0 self --new-key $N
}

@test "a new certificate by the local CA is killed at every call" {
	faults kill 0 ca --force $N
}

@test "from self-signed to the local CA, killed at every call" {
	faults kill 0 self --ca --der /ca.der $N
}

@test "an import fails at every call" {
	some_reads 4+2
	faults fail $EIO pending --import "$T/crt" --chain "$T/chain" $N
}

@test "an import is killed at every call" {
	faults kill 0 pending --import "$T/crt" --chain "$T/chain" $N
}

@test "an import with its key fails at every call" {
	some_reads 4+2
	faults fail $EIO self --import "$T/crt" --chain "$T/chain" \
		--with-key "$T/pending/etc/ssl/private/$N.csr.key" $N
}

@test "an import with its key is killed at every call" {
	faults kill 0 self --import "$T/crt" --chain "$T/chain" \
		--with-key "$T/pending/etc/ssl/private/$N.csr.key" $N
}

@test "another name is taken into service, killed at every call" {
	faults kill 0 other --switch $N
}

@test "another name fails at every call" {
	some_reads 4+3
	faults fail $EIO other --switch $N
}

@test "files that something else made are adopted, killed at every call" {
	faults kill 0 adopted $N
}

@test "what was written through a link is adopted, killed at every call" {
	faults kill 0 written $N
}

@test "the test itself sees a mix" {
	cd "$T"
	cp -a self mixed
	cp ca/etc/ssl/certs/$N.crt mixed/etc/ssl/certs/$N.crt
	run faults fail $EIO mixed --check $N
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"do not match"* ]]
	run faults kill 0 mixed --force $N
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"call 1 "*"do not match"* ]]
}

#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# gsprov(7)'s way to decrypt on several machines: three hosts are network
# namespaces, each with an sshd of its own; one dies in the middle.

load ../cli/lib

setup_file() {
	[ "$GS_RUN" = inside ] || return 0
	cd "$BATS_FILE_TMPDIR"
	# Names of namespaces and interfaces are the machine's: one for each run.
	id=$(printf %x $$)
	export id
	# The hosts' users have a home of their own: what the machine's run at
	# a login takes its time, and does not take a kill.
	mkdir home
	# Where sshd wants to change its root to; away again at the end.
	mkdir /run/sshd 2>/dev/null && : >made-run-sshd
	ssh-keygen -q -t ed25519 -N '' -f client
	ssh-keygen -q -t ed25519 -N '' -f host
	make_hub
	for n in 1 2 3; do make_host $n; done
	{
		echo "Host 10.77.177.*"
		echo " User root"
		echo " Port 2277"
		echo " IdentityFile $PWD/client"
		echo " IdentitiesOnly yes"
		echo " StrictHostKeyChecking yes"
		echo " UserKnownHostsFile $PWD/known"
		echo " ConnectTimeout 60"
		echo " ServerAliveInterval 10"
		echo " ServerAliveCountMax 6"
		echo " LogLevel ERROR"
	} >ssh_config
	for n in 1 2 3; do
		echo "[10.77.177.$n]:2277 $(cut -d' ' -f1,2 host.pub)"
	done >known
}

# The run itself stands in a namespace, too: nothing of the machine's own
# network is touched.
make_hub() {
	ip netns add "gs$id.0"
	ip -n "gs$id.0" link set lo up
	ip -n "gs$id.0" link add br0 type bridge
	ip -n "gs$id.0" addr add 10.77.177.254/24 dev br0
	ip -n "gs$id.0" link set br0 up
}

make_host() { # NUMBER
	ip netns add "gs$id.$1"
	ip -n "gs$id.$1" link add eth0 type veth \
		peer name "port$1" netns "gs$id.0"
	ip -n "gs$id.0" link set "port$1" master br0 up
	ip -n "gs$id.$1" addr add "10.77.177.$1/24" dev eth0
	ip -n "gs$id.$1" link set lo up
	ip -n "gs$id.$1" link set eth0 up
	cat >"sshd$1" <<-C
	Port 2277
	ListenAddress 10.77.177.$1
	HostKey $PWD/host
	AuthorizedKeysFile $PWD/client.pub
	PidFile $PWD/sshd$1.pid
	StrictModes no
	UsePAM no
	PasswordAuthentication no
	PermitRootLogin yes
	MaxStartups 50
	MaxSessions 50
	PermitUserRC no
	SetEnv GS_HOST=$1 PATH=$PATH HOME=$PWD/home
	C
	ip netns exec "gs$id.$1" /usr/sbin/sshd -f "$PWD/sshd$1" \
		-E "$PWD/sshd$1.log"
	for _ in $(seq 600); do
		[ ! -s "sshd$1.pid" ] || return 0
		sleep 0.1
	done
	cat "sshd$1.log" >&2
	return 1
}

# end_host NUMBER: all that runs in its namespace, by process id.
end_host() {
	local pids
	pids=$(ip netns pids "gs$id.$1" 2>/dev/null) || return 0
	[ -z "$pids" ] || kill -KILL $pids 2>/dev/null || true
}

teardown_file() {
	[ "$GS_RUN" = inside ] || return 0
	local n
	for n in 1 2 3 0; do
		end_host $n
		ip netns del "gs$id.$n" 2>/dev/null || true
	done
	[ ! -e "$BATS_FILE_TMPDIR/made-run-sshd" ] || rmdir /run/sshd
	ip netns list | grep -q "^gs$id\." && return 1
	return 0
}

setup() {
	needs_root
	cd "$BATS_FILE_TMPDIR"
	keys=$GS_TOP/tests/fixtures/freeswitch/tls-tls.uuid.log
	editcap -F pcap -c 60 "$GS_TOP/tests/fixtures/freeswitch/tls-tls.pcap" \
		part.pcap
	gs-srtpdump -j -K "$keys" part_*.pcap | gs-srtpdump --merge -j >one
	[ "$(jq -s 'map(.decrypted) | add' one)" -eq 1598 ]
	PARALLEL_HOME=$PWD/parallel
	PARALLEL_SSH="ssh -F $PWD/ssh_config"
	export PARALLEL_HOME PARALLEL_SSH
	mkdir -p parallel
	: >parallel/will-cite
	hosts=2/10.77.177.1,2/10.77.177.2,2/10.77.177.3
}

in_hub() { ip netns exec "gs$id.0" "$@"; }

@test "three hosts say what one machine says" {
	in_hub parallel --sshlogin $hosts --workdir . \
		--retries 5 gs-srtpdump -j -K "$keys" {} ::: part_*.pcap >reports
	gs-srtpdump --merge -j reports | cmp - one
	gs-srtpdump --wide --merge reports | grep -q ' decrypted .* confirmed$'
	[ "$(jq -r .file reports | sort -u | wc -l)" -gt 10 ]
}

@test "a host that dies in the middle takes nothing away" {
	# Every host works until all three do, so that the second dies at work.
	cat >slowly <<-'C'
	#!/bin/bash
	cd "$(dirname "$0")" || exit
	: >"at-work.$GS_HOST"
	if [ "$GS_HOST" = 2 ]; then
		sleep 600
		exit 1
	fi
	for _ in $(seq 2400); do
		[ ! -e at-work.1 ] || [ ! -e at-work.2 ] || [ ! -e at-work.3 ] ||
			break
		sleep 0.1
	done
	exec gs-srtpdump "$@"
	C
	chmod +x slowly
	rm -f at-work.*
	in_hub parallel --sshlogin $hosts --workdir . --retries 5 \
		--joblog joblog \
		"$PWD/slowly" -j -K "$keys" {} ::: part_*.pcap \
		>reports 2>complaints 3>&- &
	run=$!
	# Until the second is at work, however slow this machine is; without
	# it the run cannot end, or ends too early and has said why.
	while [ ! -e at-work.2 ] && kill -0 $run 2>/dev/null; do
		sleep 0.1
	done
	[ -e at-work.2 ] || { cat complaints joblog sshd*.log && false; }
	end_host 2
	wait $run
	# Those that it had were done by others.
	[ "$(awk 'NR > 1 && $7 == 0' joblog | grep -c .)" -eq \
		"$(ls part_*.pcap | wc -l)" ]
	[ "$(awk '$2 ~ /177\.2$/ && $7 == 0' joblog | grep -c .)" -eq 0 ]
	gs-srtpdump --merge -j reports | cmp - one
}

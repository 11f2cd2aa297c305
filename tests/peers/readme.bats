# SPDX-License-Identifier: MIT
# README's recipes for a site with GS5 and for one without it, run
# as they stand there, in a copy of this machine that lasts as long as the
# test. What edits and what starts services is stood in for; Apache is real.
bats_require_minimum_version 1.5.0

setup() {
	load "$GS_TOP/tests/cli/lib.bash"
	needs_root
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir over
	mount -t tmpfs tmpfs over
	mkdir over/{upper,work,root}
	mount -t overlay overlay over/root \
		-o "lowerdir=/,upperdir=$PWD/over/upper,workdir=$PWD/over/work" ||
		skip "needs an overlay"
	R=$PWD/over/root
	mount --bind /proc "$R/proc"
	mount --rbind /dev "$R/dev"
	mount -t tmpfs tmpfs "$R/tmp"
	mount -t tmpfs tmpfs "$R/run"
	mkdir "$R/run/lock"
	make -s -C "$GS_TOP" BUILD="$BUILD" PREFIX=/usr DESTDIR="$R" install >/dev/null
	cp "$GS_TOP/tests/helpers/gs5.py" "$R/tmp"
	cp -r "$BATS_TEST_DIRNAME/readme" "$R/tmp/bin"
	mkdir -p "$R"/etc/{dnsmasq.d,apache2/{sites-available,enabled}} "$R"/var/log/apache2
}

teardown() {
	[ -z "${R:-}" ] || umount -l over
}

# follow WORDS SED: the block of README behind these words, changed by SED,
# then what standard input holds.
follow() {
	{
		echo 'set -euo pipefail; cd /root; mkdir here; cd here'
		awk -v words="$1" 'index($0, words) { f = 1 }
			/^```$/ { if (p) exit }
			p
			f && /^```sh$/ { p = 1 }' "$GS_TOP/README.md" | sed "$2"
		cat
	} >"$R/tmp/script"
	[ "$(grep -c gs-snomcfg "$R/tmp/script")" -ge 2 ]
	# The servers end with the first process of their namespace.
	gs 0 env -i PATH=/tmp/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
		unshare --pid --fork --kill-child \
		chroot "$R" /bin/bash /tmp/script 3>&-
}

@test "README: a site with GS5, in ten lines" {
	follow 'in ten lines' 's/N=gs5.example/N=gs5.test/; s/000413262AFE/000413260002/' <<'EOF'
gs-snomcfg -q --require signalling,media,provisioning --check <(curl -fsS --cacert /etc/ssl/certs/gemeinschaft-ca.crt \
	https://gs5.test/settings-000413260001.xml)
stat -c '%a %G' /etc/gsprov/site.conf
cat /etc/dnsmasq.d/gsprov.conf
EOF
	[[ $output == *'is good; web servers'* ]]
	[[ $output == *'media: good, SRTP on 2 of 2 identities'* ]]
	[[ $output == *$'\n640 www-data\n'*'"https://gs5.test"'* ]]
}

@test "README: a site without GS5" {
	follow 'Without GS5,' 's/N=pbx.example/N=gs5.test/' <<'EOF'
stat -c '%a %G %n' phones.tsv /srv/provisioning/*
ip addr add 10.1.2.3/8 dev lo
get() { curl -sS --cacert /etc/ssl/certs/gemeinschaft-ca.crt --resolve "gs5.test:443:$1" --interface "$1" \
	-o got -w "%{http_code} ${2:0:8}\n" "https://gs5.test/$2"; }
get 10.1.2.3 gemeinschaft.der
cmp got /srv/provisioning/gemeinschaft.der
get 127.0.0.1 gemeinschaft.der
for f in settings-000413262AFE.xml snom-a9170af083fed2bae9bb92df.xml .gs-snomcfg ''; do
	get 127.0.0.1 "$f"
done
get 10.1.2.3 .gs-snomcfg
get 10.1.2.3 settings-000413262AFE.xml
cmp got /srv/provisioning/settings-000413262AFE.xml
ln -s nowhere /srv/provisioning/snom-a9170af083ff.xml
for f in snom-a9170af083ff.xml 'snom-a9170af083%.xml' snom-a9170af083 "snom-a9170af083$(printf 'x%.0s' {1..300}).xml"; do
	get 10.1.2.3 "$f" >refused
done
! grep -r a9170af083 /var/log/apache2
EOF
	[[ $output == *'media: good, SRTP on 1 of 1 identities'* ]]
	[[ $output == *'600 root phones.tsv
644 www-data /srv/provisioning/gemeinschaft.der
640 www-data /srv/provisioning/settings-000413262AFE.xml
200 gemeinsc
200 gemeinsc
403 settings
403 snom-a91
403 .gs-snom
403 
403 .gs-snom
200 settings' ]]
}

# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# For scripts that make a Debian from this machine's package source.

# apt knows what its sources are, in whatever form they are written:
# "FILE URI RELEASE" for each of Debian's own.
sources() {
	apt-get indextargets --format \
		'$(SOURCESENTRY) $(REPO_URI) $(RELEASE) $(CODENAME)' \
		'Created-By: Packages' 'Origin: Debian' 'Component: main' |
		sed 's/^\(\/[^ ]*\):[0-9]* /\1 /'
}

# The release's own source, with which a system begins: "FILE URI".
first_source() {
	sources | awk -v name="$1" \
		'$3 == name || $4 == name { print $1, $2; exit }'
}

# The keys that sign the source in FILE.
keys_of() {
	local keys
	keys=$(sed -nE 's/.*[Ss]igned-[Bb]y[:=] *(\/[^] ]*).*/\1/p' "$1" |
		head -n 1)
	echo "${keys:-/usr/share/keyrings/debian-archive-keyring.gpg}"
}

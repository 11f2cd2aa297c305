# SPDX-License-Identifier: MIT
# GNU make. Everything is built below $(BUILD); see README.md for the targets.

# The built-in rules of make are not used, and trying them for each header takes
# nine tenths of a run that has nothing to do.
MAKEFLAGS += --no-builtin-rules

BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
# Where a site has its configuration, what it serves, sockets and logs.
ETC     ?= /etc
SRV     ?= /srv
RUN     ?= /run
LOG     ?= /var/log
LIBDIR  ?= $(PREFIX)/lib
ZSHDIR  ?= $(PREFIX)/share/zsh/site-functions
VERSION := $(shell sed -n 's/^\#define CLI_VERSION "\(.*\)"/\1/p' cmd/cli.h)
SONAME  := libgsprov.so.0
JOBS    ?= $(shell nproc 2>/dev/null || echo 2)
PKGCONF ?= pkg-config
Q       := $(if $(V),,@)

# Loaded at run time, and needed by some files that are read.
LOADED := libseccomp2 zlib1g liblzma5 libidn2-0 libsrtp2-1 libpcap0.8
# Libraries that decode: loaded at run time, each is optional. libbcg729 is
# under the GPL, version 3, and only used where somebody installs it.
DECODERS   := libspandsp2 libopus0 libspeex1 libopencore-amrnb0 \
	libopencore-amrwb0
DECODERS_3 := libbcg729-0

# What a package of Debian is needed for: to build, to test the building of
# packages, completion and reports, to test all, to fuzz.
DEB_BUILD := gcc libc6-dev pkg-config libssl-dev libxml2-dev libpcap-dev \
	libcurl4-openssl-dev libsrtp2-dev libspeexdsp-dev libjansson-dev \
	zlib1g-dev liblzma-dev libseccomp-dev libidn2-dev
DEB_PACK  := dpkg-dev lintian zsh fish python3-jsonschema python3-yaml
DEB_CHECK := $(DEB_BUILD) $(DEB_PACK) g++ libcmocka-dev bats jq gojq tshark sox tcpdump \
	baresip-core sip-tester libxml2-utils openssl mandoc procps git \
	mariadb-server-core mariadb-client-core apache2-bin nginx-light \
	fcgiwrap dnsmasq-base \
	isc-dhcp-server \
	curl time gnutls-bin kamailio kamailio-tls-modules iproute2 wireshark-common \
	librsvg2-bin fonts-dejavu-core ffmpeg libvo-amrwbenc0 $(DECODERS) $(DECODERS_3) \
	parallel openssh-server openssh-client python3-minimal systemd strace \
	certbot dehydrated pebble
DEB_FUZZ  := $(DEB_CHECK) clang llvm libclang-rt-14-dev
DEB_LINT  := mandoc shellcheck clang-tidy clang-format cppcheck

COMMANDS  := $(basename $(notdir $(wildcard cmd/gs-*.c)))
LIB_SRC   := $(wildcard lib/*/*.c)
LIB_OBJ   := $(LIB_SRC:%.c=$(BUILD)/%.o)
BINS      := $(COMMANDS:%=$(BUILD)/%)
# The filter in front of GS5 has no options, and alone needs libcurl.
FILTER    := $(BUILD)/gsprov-filter
SO_OBJ    := $(filter-out %/snom/upstream.o %/snom/answer.o \
	%/snom/request.o,$(LIB_OBJ))
CMD_SHARE := $(filter-out cmd/gs-% cmd/gsprov-%,$(wildcard cmd/*.c))
UNIT_SRC  := $(wildcard tests/unit/test_*.c)
UNIT      := $(UNIT_SRC:%.c=$(BUILD)/%)
FUZZ_SRC  := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_SHARE := $(wildcard tests/fuzz/*.h) tests/unit/own_folder.h
REPLAY    := $(FUZZ_SRC:tests/fuzz/%.c=$(BUILD)/tests/fuzz/replay_%)
FUZZERS   := $(FUZZ_SRC:tests/fuzz/%.c=$(BUILD)/tests/fuzz/%)
BENCH_SRC := $(wildcard tests/bench/*.c)
BENCH     := $(BENCH_SRC:%.c=$(BUILD)/%)
SHIM_SRC  := $(wildcard tests/helpers/shim_*.c)
SHIMS     := $(SHIM_SRC:%.c=$(BUILD)/%.so)
HELP_SRC  := $(filter-out $(SHIM_SRC),$(wildcard tests/helpers/*.c))
HELPERS   := $(HELP_SRC:%.c=$(BUILD)/%)
COMPLETION := $(COMMANDS:%=$(BUILD)/completion/%.bash) \
	$(COMMANDS:%=$(BUILD)/completion/%.zsh) \
	$(COMMANDS:%=$(BUILD)/completion/%.fish)
MAN_SRC   := $(wildcard man/*.1 man/*.3 man/*.7 man/*.8)
MAN       := $(MAN_SRC:%=$(BUILD)/%)
SCHEMA    := $(wildcard man/schema/*.json)

# In tables a field that is not named is zero: clang warns of these.
WARN := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wformat=2 -Wvla -Wno-missing-field-initializers
HARDEN = -fstack-protector-strong -fstack-clash-protection \
	$(if $(findstring _FORTIFY_SOURCE,$(CFLAGS)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
ifdef CI
WARN += -Werror
endif
ifdef SAN
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
HARDEN :=
endif
ifdef FUZZ
# Tracing comparisons would double the time of a run, and the mutators know the
# words of their formats.
SANFLAGS := -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-coverage=trace-cmp -fno-sanitize-recover=all
HARDEN :=
endif
CFLAGS  ?= -O2 -g
# _DEFAULT_SOURCE: explicit_bzero, reallocarray. _FILE_OFFSET_BITS: files over
# 2 GB on 32 bits. The size of time_t is that of the libraries there.
STD := -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE \
	-D_FILE_OFFSET_BITS=64
# An object is the same wherever its tree lies.
ALL_CFLAGS := $(STD) -ffile-prefix-map='$(CURDIR)=.' -fPIC -fno-semantic-interposition -fvisibility=hidden \
	$(WARN) $(HARDEN) $(SANFLAGS) $(CFLAGS)
ALL_LDFLAGS := -Wl,--as-needed -Wl,-z,relro,-z,now $(SANFLAGS) $(LDFLAGS)

# zlib and liblzma are for texts with keys as people keep them, gzip and xz. The
# library loads them when it meets one; only tests are linked with them. It
# loads libseccomp, too, before it reads a capture, libidn2 for host names beyond
# ASCII, libsrtp2 when a packet opens, and libpcap for an interface or a filter:
# these two need 16 libraries more, half of the time that a start takes.
PKGS := libssl libcrypto libxml-2.0 libcurl libpcap libsrtp2 speexdsp jansson \
	zlib liblzma libseccomp libidn2
# Asked for once, by the first that needs it: not all targets do.
once = $(eval $(1) := $(2))$($(1))
PKG_CFLAGS = $(call once,PKG_CFLAGS,$(shell $(PKGCONF) --cflags $(PKGS)) \
	-DGSPROV_VERSION='"$(VERSION)"' \
	-DSPEEXDSP_VERSION='"$(shell $(PKGCONF) --modversion speexdsp)"')
PKG_LIBS = $(call once,PKG_LIBS,$(shell $(PKGCONF) --libs $(PKGS)) -lm)
CMOCKA_LIBS = $(call once,CMOCKA_LIBS,$(shell $(PKGCONF) --libs cmocka))

all: $(BINS) $(FILTER) $(BUILD)/$(SONAME) $(COMPLETION) $(MAN)

# ---- objects, library, commands

$(BUILD)/lib/%.o: lib/%.c Makefile
	@mkdir -p $(@D)
	$(Q)echo "CC $<"; $(CC) $(ALL_CFLAGS) $(PKG_CFLAGS) -Ilib -MMD -MP -c -o $@ $<

$(BUILD)/cmd/%.o: cmd/%.c Makefile
	@mkdir -p $(@D)
	$(Q)echo "CC $<"; $(CC) $(ALL_CFLAGS) -Ilib -Icmd -MMD -MP -c -o $@ $<

$(BUILD)/libgsprov.a: $(LIB_OBJ)
	$(Q)echo "AR $@"; $(RM) $@; $(AR) rcs $@ $^

$(BUILD)/$(SONAME): $(SO_OBJ) lib/api/gsprov.map
	$(Q)echo "LD $@"; $(CC) -shared -Wl,-soname,$(SONAME) \
		-Wl,--version-script=lib/api/gsprov.map $(ALL_LDFLAGS) -o $@ \
		$(SO_OBJ) $(PKG_LIBS)

$(FILTER): $(BUILD)/cmd/gsprov-filter.o $(BUILD)/libgsprov.a
	$(Q)echo "LD $@"; $(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(BINS): $(BUILD)/%: $(BUILD)/cmd/%.o $(CMD_SHARE:%.c=$(BUILD)/%.o) $(BUILD)/libgsprov.a
	$(Q)echo "LD $@"; $(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

# Each command knows its own options.
$(COMMANDS:%=$(BUILD)/completion/%.bash): $(BUILD)/completion/%.bash: $(BUILD)/%
	@mkdir -p $(@D)
	$(Q)$< --completion bash > $@

$(COMMANDS:%=$(BUILD)/completion/%.zsh): $(BUILD)/completion/%.zsh: $(BUILD)/%
	@mkdir -p $(@D)
	$(Q)$< --completion zsh > $@

$(COMMANDS:%=$(BUILD)/completion/%.fish): $(BUILD)/completion/%.fish: $(BUILD)/%
	@mkdir -p $(@D)
	$(Q)$< --completion fish > $@

# Each command knows its own options and rules.
$(COMMANDS:%=$(BUILD)/man/%.1): $(BUILD)/man/%.1: man/%.1 man/options \
		man/diagnostics $(wildcard man/common-*) $(BUILD)/%
	@mkdir -p $(@D)
	$(Q)man/options $(BUILD)/$* < $< > $@.part && \
		man/diagnostics $(BUILD)/$* < $@.part > $@ && rm $@.part

# The library's page has what the header declares.
$(BUILD)/man/gsprov.3: man/gsprov.3 man/declarations lib/api/gsprov.h
	@mkdir -p $(@D)
	$(Q)man/declarations lib/api/gsprov.h < $< > $@.part && mv $@.part $@

$(BUILD)/man/%: man/%
	@mkdir -p $(@D)
	$(Q)cp $< $@

# ---- what gcc's analyzer says of each source, for lint

ANALYZED := $(patsubst %.c,$(BUILD)/analyzed/%.txt,$(LIB_SRC) \
	$(wildcard cmd/*.c))

$(ANALYZED): $(BUILD)/analyzed/%.txt: %.c Makefile
	@mkdir -p $(@D)
	$(Q)gcc $(STD) $(PKG_CFLAGS) -Ilib -Icmd -O1 -fanalyzer \
		-fdiagnostics-path-format=none -MMD -MP -MF $(@:.txt=.d) \
		-MT $@ -S -o /dev/null $< >$@ 2>&1 || { cat $@; exit 1; }

analyzed: $(ANALYZED)

# ---- tests, fuzz targets, benchmarks, helpers of tests

# What is run once takes longer to optimise than it saves.
TEST_CFLAGS := $(ALL_CFLAGS:-O2=-O0)

$(UNIT): $(BUILD)/%: %.c $(BUILD)/libgsprov.a
	@mkdir -p $(@D)
	$(Q)echo "LD $@"; $(CC) $(TEST_CFLAGS) $(PKG_CFLAGS) -Ilib -MMD -MP -MF $@.d -MT $@ -o $@ $< \
		$(BUILD)/libgsprov.a $(ALL_LDFLAGS) $(CMOCKA_LIBS) $(PKG_LIBS)

$(BUILD)/tests/fuzz/replay.o: tests/fuzz/replay.c
	@mkdir -p $(@D)
	$(Q)echo "CC $<"; $(CC) $(TEST_CFLAGS) -c -o $@ $<

$(REPLAY): $(BUILD)/tests/fuzz/replay_%: tests/fuzz/%.c \
		$(BUILD)/tests/fuzz/replay.o $(FUZZ_SHARE) $(BUILD)/libgsprov.a
	$(Q)echo "LD $@"; $(CC) $(TEST_CFLAGS) $(PKG_CFLAGS) -Ilib -o $@ $< \
		$(BUILD)/tests/fuzz/replay.o $(BUILD)/libgsprov.a \
		$(ALL_LDFLAGS) $(PKG_LIBS)

$(FUZZERS): $(BUILD)/tests/fuzz/%: tests/fuzz/%.c $(FUZZ_SHARE) \
		$(BUILD)/libgsprov.a
	@mkdir -p $(@D)
	$(Q)echo "LD $@"; $(CC) $(ALL_CFLAGS) $(PKG_CFLAGS) -Ilib -o $@ $< \
		$(BUILD)/libgsprov.a $(ALL_LDFLAGS) -fsanitize=fuzzer $(PKG_LIBS)

fuzzers: $(FUZZERS)

replays: $(REPLAY)

$(BENCH) $(HELPERS): $(BUILD)/%: %.c $(BUILD)/libgsprov.a
	@mkdir -p $(@D)
	$(Q)echo "LD $@"; $(CC) $(ALL_CFLAGS) $(PKG_CFLAGS) -Ilib -MMD -MP -MF $@.d -MT $@ -o $@ $< \
		$(BUILD)/libgsprov.a $(ALL_LDFLAGS) $(PKG_LIBS)

# Preloaded into other programs, so without sanitizers.
$(SHIMS): $(BUILD)/%.so: %.c
	@mkdir -p $(@D)
	$(Q)echo "LD $@"; $(CC) -std=c11 $(WARN) -fPIC -shared -O1 -g -o $@ $< \
		-Wl,--as-needed $(shell $(PKGCONF) --libs libssl libcrypto) -ldl

# What can be made for another processor, whose programs do not run here.
programs: $(BINS) $(FILTER) $(UNIT) $(REPLAY) $(HELPERS)

tests-build: all programs $(SHIMS)

# All that CI's parts need, so that they can go side by side.
ready:
	@tests/need $(DEB_CHECK) $(DEB_LINT) debootstrap
	$(MAKE) -j$(JOBS) tests-build

# Installs what is missing first: "make check" works on a bare Debian.
check:
	@tests/need $(DEB_CHECK)
	$(MAKE) -j$(JOBS) tests-build
	@BUILD=$(BUILD) tests/run

# The same tests, without those that only repeat slow calls, under the
# address and undefined behaviour sanitizers.
asan:
	@tests/need $(DEB_CHECK)
	$(MAKE) -j$(JOBS) BUILD=$(BUILD)/asan SAN=1 CFLAGS='-O1 -g' tests-build
	@BUILD=$(BUILD)/asan SAN=1 tests/run

# README's two commands on a Debian that has nothing but make.
fresh-check:
	@tests/fresh

# The tests on other Debians, by other compilers, on other processors, or the
# PARTS of these that are named.
portability:
	@PORTABLE='$(filter %-dev,$(DEB_BUILD)) libcmocka-dev $(DECODERS) $(DECODERS_3)' \
		tests/portability $(PARTS)

# Every compiler with each set of options, on this machine.
compilers:
	@tests/need $(DEB_CHECK) clang lld llvm
	@tests/portability compilers

fuzz:
	@tests/need $(DEB_FUZZ)
	$(MAKE) -j$(JOBS) BUILD=$(BUILD)/fuzz CC=clang FUZZ=1 \
		CFLAGS='-O2 -g' fuzzers
	@BUILD=$(BUILD)/fuzz tests/fuzz/run $(or $(FUZZ_SECONDS),60) $(FUZZ_RUNS)

# Which lines of the library the corpora reach.
fuzz-coverage:
	@tests/need $(DEB_FUZZ)
	$(MAKE) -j$(JOBS) BUILD=$(BUILD)/coverage CC=clang HARDEN= \
		CFLAGS='-O1 -g -fprofile-instr-generate -fcoverage-mapping' \
		replays
	@BUILD=$(BUILD)/coverage tests/fuzz/coverage

# The corpora under valgrind, which sees what is used before it was written: the
# other sanitizers do not, and clang's for that would want all libraries anew.
memcheck:
	@tests/need $(DEB_CHECK) valgrind
	$(MAKE) -j$(JOBS) replays
	@printf '%s\n' $(REPLAY) | UNDER='valgrind -q --error-exitcode=99 \
		--leak-check=full \
		--suppressions=$(CURDIR)/tests/fuzz/memcheck.known' PREFIXES=2 \
		xargs -P $(JOBS) -n 1 tests/fuzz/replay >/dev/null

# Each command with random options on mutated fixtures, under the sanitizers.
RUNS ?= 50000
SEED ?= 1
fuzz-commands:
	@tests/need $(DEB_CHECK)
	$(MAKE) -j$(JOBS) BUILD=$(BUILD)/asan SAN=1 CFLAGS='-O1 -g' all
	@BUILD=$(BUILD)/asan tests/fuzz/commands $(RUNS) $(SEED)

# More random captures, texts and streams than "make check" takes.
soak:
	@tests/need $(DEB_CHECK)
	$(MAKE) -j$(JOBS) $(BUILD)/tests/unit/test_scrub_differential \
		$(BUILD)/tests/unit/test_evidence \
		$(BUILD)/tests/unit/test_evidence_capture \
		$(BUILD)/tests/unit/test_stretches
	@$(BUILD)/tests/unit/test_scrub_differential 10000
	@$(BUILD)/tests/unit/test_evidence 5000
	@$(BUILD)/tests/unit/test_evidence_capture 2000
	@$(BUILD)/tests/unit/test_stretches 2000
	$(MAKE) -j$(JOBS) all $(SHIMS)
	@for kind in memory calls interrupts room; do \
		BUILD=$(BUILD) tests/helpers/faults.py $$kind 0 || exit 1; done

bench:
	@tests/need $(DEB_CHECK)
	$(MAKE) -j$(JOBS) all $(BENCH)
	@BUILD=$(BUILD) tests/bench/run

lint:
	@tests/need $(DEB_BUILD) $(DEB_LINT)
	$(MAKE) -j$(JOBS) $(MAN) analyzed
	@BUILD=$(BUILD) WARN='$(WARN)' tests/lint

demo:
	@tests/need $(DEB_BUILD)
	$(MAKE) -j$(JOBS) all
	@BUILD=$(BUILD) tests/demo

# ---- installing

DATA     = $(PREFIX)/share
DOC      = $(DATA)/doc/gsprov
BASHCOMP = $(DATA)/bash-completion/completions
FISHCOMP = $(DATA)/fish/vendor_completions.d
EXAMPLES := $(wildcard tests/fixtures/example/*)
SITE     := $(wildcard cmd/site/*)
SITES    = $(DATA)/gsprov/examples
# in FOLDER: below DESTDIR, for the shell.
in = '$(DESTDIR)$(1)'

install: all
	install -d $(call in,$(PREFIX)/bin) $(call in,$(LIBDIR)/pkgconfig) \
		$(call in,$(PREFIX)/include) $(call in,$(BASHCOMP)) \
		$(call in,$(ZSHDIR)) $(call in,$(FISHCOMP)) \
		$(call in,$(DOC)/examples) $(call in,$(DATA)/gsprov/schema) \
		$(call in,$(PREFIX)/sbin) $(call in,$(SITES))
	install -m 755 $(FILTER) cmd/gsprov-hook $(call in,$(PREFIX)/sbin)
	for f in $(SITE); do \
		sed -e 's,@BIN@,$(PREFIX)/bin,g' \
			-e 's,@SBIN@,$(PREFIX)/sbin,g' -e 's,@ETC@,$(ETC),g' \
			-e 's,@SRV@,$(SRV),g' -e 's,@RUN@,$(RUN),g' \
			-e 's,@LOG@,$(LOG),g' -e 's,@EXAMPLES@,$(SITES),g' $$f \
			> $(call in,$(SITES))/$${f##*/} || exit 1; \
	done
	chmod 644 $(call in,$(SITES))/*
	chmod 755 $(call in,$(SITES))/pre-commit
	install -m 755 $(BINS) $(call in,$(PREFIX)/bin)
	install -m 644 $(BUILD)/$(SONAME) $(call in,$(LIBDIR))
	ln -sf $(SONAME) $(call in,$(LIBDIR)/libgsprov.so)
	install -m 644 lib/api/gsprov.h $(call in,$(PREFIX)/include)
	printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$(LIBDIR)' \
		'includedir=$${prefix}/include' '' 'Name: gsprov' \
		'Description: Encrypted telephony: SDP, SRTP, Snom settings, certificates' \
		'Version: $(VERSION)' 'Libs: -L"$${libdir}" -lgsprov' \
		'Cflags: -I"$${includedir}"' \
		> $(call in,$(LIBDIR)/pkgconfig/gsprov.pc)
	for m in $(MAN_SRC:man/%=%); do \
		install -D -m 644 $(BUILD)/man/$$m \
			$(call in,$(DATA)/man/man)$${m##*.}/$$m || exit 1; \
	done
	for c in $(COMMANDS); do \
		from=$(BUILD)/completion/$$c; \
		install -m 644 $$from.bash $(call in,$(BASHCOMP))/$$c && \
		install -m 644 $$from.zsh $(call in,$(ZSHDIR))/_$$c && \
		install -m 644 $$from.fish $(call in,$(FISHCOMP))/$$c.fish || \
		exit 1; \
	done
	install -m 644 man/copyright $(call in,$(DOC)/copyright)
	install -m 644 $(EXAMPLES) $(call in,$(DOC)/examples)
	install -m 644 $(SCHEMA) $(call in,$(DATA)/gsprov/schema)

# Leaves the folders that others share.
uninstall:
	$(RM) $(foreach c,$(COMMANDS),$(call in,$(PREFIX)/bin/$c) \
		$(call in,$(BASHCOMP)/$c) $(call in,$(ZSHDIR)/_$c) \
		$(call in,$(FISHCOMP)/$c.fish))
	$(RM) $(call in,$(PREFIX)/sbin/gsprov-filter) \
		$(call in,$(PREFIX)/sbin/gsprov-hook)
	$(RM) $(call in,$(LIBDIR)/$(SONAME)) $(call in,$(LIBDIR)/libgsprov.so) \
		$(call in,$(LIBDIR)/pkgconfig/gsprov.pc) \
		$(call in,$(PREFIX)/include/gsprov.h)
	for m in $(MAN_SRC:man/%=%); do \
		$(RM) $(call in,$(DATA)/man/man)$${m##*.}/$$m; \
	done
	$(RM) -r $(call in,$(DOC)) $(call in,$(DATA)/gsprov)

# ---- packages

DIST := gsprov-$(VERSION)
GIT  := git -c safe.directory='$(CURDIR)'
OWN_GIT = [ "$$($(GIT) rev-parse --show-toplevel 2>&1)" = '$(CURDIR)' ]
# When this was made, and by whom: "SECONDS NAME <ADDRESS>" of the last
# commit, which git writes into a tarball's .release.
RELEASED = $(call once,RELEASED,$(shell $(OWN_GIT) && \
	$(GIT) log -1 --format='%ct %an <%ae>' || cat .release))
EPOCH = $(or $(SOURCE_DATE_EPOCH),$(firstword $(RELEASED)))

# What is committed; in a tree without git, such as an unpacked tarball, all
# that is there.
dist:
	@mkdir -p $(BUILD)
	@if $(OWN_GIT); then \
		$(GIT) archive --prefix=$(DIST)/ --format=tar HEAD; \
	else \
		tar -c --sort=name --mtime=@$(EPOCH) --mode=u+rw,go=rX \
			--owner=0 --group=0 --numeric-owner \
			--exclude=./build --exclude='./$(BUILD)' \
			--exclude=./.git --transform='s,^\.,$(DIST),S' .; \
	fi | gzip -9n > $(BUILD)/$(DIST).tar.gz
	@echo "$(BUILD)/$(DIST).tar.gz"

DEB_MAINTAINER ?= $(if $(DEBEMAIL),$(or $(DEBFULLNAME),gsprov) <$(DEBEMAIL)>,$(wordlist \
	2,99,$(RELEASED)))
DEB_ROOT := $(BUILD)/deb/root
DEB_DOC  := $(DEB_ROOT)/usr/share/doc/gsprov

# The control file of a source package is there for dpkg-shlibdeps alone.
# What lintian asks for and this package does otherwise is said in the file
# that lintian reads.
deb:
	@tests/need $(DEB_BUILD) dpkg-dev
	$(MAKE) -j$(JOBS) all
	$(RM) -r $(BUILD)/deb
	umask 022 && $(MAKE) install PREFIX=/usr DESTDIR=$(DEB_ROOT) \
		LIBDIR=/usr/lib/$$(dpkg-architecture -qDEB_HOST_MULTIARCH) \
		ZSHDIR=/usr/share/zsh/vendor-completions
	strip --strip-unneeded --remove-section=.comment \
		$(DEB_ROOT)/usr/bin/* $(DEB_ROOT)/usr/sbin/gsprov-filter \
		$(DEB_ROOT)/usr/lib/*/$(SONAME)
	install -d -m 755 $(BUILD)/deb/debian $(DEB_ROOT)/DEBIAN \
		$(DEB_ROOT)/usr/share/lintian/overrides
	printf '%s\n' 'gsprov ($(VERSION)) unstable; urgency=medium' '' \
		'  * Version $(VERSION).' '' \
		" -- $(DEB_MAINTAINER)  $$(LC_ALL=C date -uRd @$(EPOCH))" \
		> $(DEB_DOC)/changelog
	gzip -9n $(DEB_ROOT)/usr/share/man/man*/* $(DEB_DOC)/changelog
	printf '%s\n' '# One package: the library serves the commands first.' \
		'gsprov: package-name-doesnt-match-sonames *' \
		'gsprov: link-to-shared-library-in-wrong-package *' \
		> $(DEB_ROOT)/usr/share/lintian/overrides/gsprov
	printf 'Source: gsprov\n\nPackage: gsprov\nArchitecture: any\n' \
		> $(BUILD)/deb/debian/control
	cd $(BUILD)/deb && dpkg-shlibdeps -Tsubstvars root/usr/bin/* \
		root/usr/sbin/gsprov-filter root/usr/lib/*/$(SONAME)
	printf '%s\n' 'Package: gsprov' 'Version: $(VERSION)' \
		"Architecture: $$(dpkg --print-architecture)" \
		'Section: comm' 'Priority: optional' \
		'Maintainer: $(DEB_MAINTAINER)' \
		"Installed-Size: $$(find $(DEB_ROOT)/usr -printf '%y %s\n' | \
			awk '{ n += /^f/ ? int(($$2 + 1023) / 1024) : 1 } \
				END { print n }')" \
		"$$(sed -n 's/^shlibs:Depends=/Depends: /p' \
			$(BUILD)/deb/substvars), $$(echo $(LOADED) | sed 's/ /, /g')" \
		"Recommends: $$(echo $(DECODERS) | sed 's/ /, /g')" \
		'Suggests: $(DECODERS_3)' \
		'Description: encrypted telephony with Gemeinschaft 5, FreeSWITCH and Snom' \
		' A call is encrypted when certificate, provisioning, signalling and media are' \
		' right. These commands make each of the four so, check it and prove it, and a' \
		' library does it for other programs.' \
		> $(DEB_ROOT)/DEBIAN/control
	echo 'libgsprov 0 gsprov (>= $(VERSION))' > $(DEB_ROOT)/DEBIAN/shlibs
	echo 'activate-noawait ldconfig' > $(DEB_ROOT)/DEBIAN/triggers
	cd $(DEB_ROOT) && find usr -type f | LC_ALL=C sort | \
		xargs md5sum > DEBIAN/md5sums
	find $(DEB_ROOT) -type f ! -perm 755 -exec chmod 644 {} +
	find $(DEB_ROOT) -type d -exec chmod 755 {} +
	SOURCE_DATE_EPOCH=$(EPOCH) dpkg-deb --root-owner-group \
		--threads-max=1 --build $(DEB_ROOT) $(BUILD)

clean:
	$(RM) -r $(BUILD)

.PHONY: all analyzed tests-build ready fuzzers check asan fuzz fuzz-commands fuzz-coverage memcheck replays soak bench lint demo \
	install uninstall dist deb fresh-check portability compilers programs clean
.DELETE_ON_ERROR:

-include $(ANALYZED:.txt=.d) $(LIB_OBJ:.o=.d) $(patsubst %,$(BUILD)/cmd/%.d,$(COMMANDS) gsprov-filter) \
	$(CMD_SHARE:%.c=$(BUILD)/%.d) \
	$(UNIT:%=%.d) $(BENCH:%=%.d) $(HELPERS:%=%.d)

# SPDX-License-Identifier: MIT
# GNU make. Everything is built below $(BUILD); see README.md for the targets.

BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION := $(shell sed -n 's/^\#define CLI_VERSION "\(.*\)"/\1/p' cmd/cli.h)
SONAME  := libgsprov.so.0
JOBS    ?= $(shell nproc 2>/dev/null || echo 2)
PKGCONF ?= pkg-config
Q       := $(if $(V),,@)

# What a package of Debian is needed for: to build, to test, to fuzz.
DEB_BUILD := gcc libc6-dev pkg-config libssl-dev libxml2-dev libpcap-dev \
	libsrtp2-dev libspandsp-dev
DEB_CHECK := $(DEB_BUILD) libcmocka-dev bats jq tshark sox tcpdump \
	baresip-core sip-tester libxml2-utils openssl mandoc procps git \
	mariadb-server-core mariadb-client-core apache2-bin dnsmasq-base \
	curl time kamailio kamailio-tls-modules iproute2 wireshark-common \
	parallel openssh-server openssh-client python3-minimal
DEB_FUZZ  := $(DEB_CHECK) clang llvm libclang-rt-14-dev
DEB_LINT  := mandoc shellcheck clang-tidy clang-format

COMMANDS  := $(basename $(notdir $(wildcard cmd/gs-*.c)))
LIB_SRC   := $(wildcard lib/*/*.c)
LIB_OBJ   := $(LIB_SRC:%.c=$(BUILD)/%.o)
BINS      := $(COMMANDS:%=$(BUILD)/%)
UNIT_SRC  := $(wildcard tests/unit/test_*.c)
UNIT      := $(UNIT_SRC:%.c=$(BUILD)/%)
FUZZ_SRC  := $(wildcard tests/fuzz/fuzz_*.c)
REPLAY    := $(FUZZ_SRC:tests/fuzz/%.c=$(BUILD)/tests/fuzz/replay_%)
FUZZERS   := $(FUZZ_SRC:tests/fuzz/%.c=$(BUILD)/tests/fuzz/%)
BENCH_SRC := $(wildcard tests/bench/*.c)
BENCH     := $(BENCH_SRC:%.c=$(BUILD)/%)
SHIM_SRC  := $(wildcard tests/helpers/shim_*.c)
SHIMS     := $(SHIM_SRC:%.c=$(BUILD)/%.so)
HELP_SRC  := $(filter-out $(SHIM_SRC),$(wildcard tests/helpers/*.c))
HELPERS   := $(HELP_SRC:%.c=$(BUILD)/%)
HEADERS   := $(filter-out %_priv.h,$(wildcard lib/*/*.h))
MAN       := $(wildcard man/*.1 man/*.7)

WARN := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wformat=2 -Wvla
HARDEN := -fstack-protector-strong -fstack-clash-protection \
	-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
ifdef CI
WARN += -Werror
endif
ifdef SAN
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
HARDEN :=
endif
ifdef FUZZ
SANFLAGS := -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all
HARDEN :=
endif
CFLAGS  ?= -O2 -g
# _DEFAULT_SOURCE: explicit_bzero, reallocarray.
STD := -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE
ALL_CFLAGS := $(STD) -fPIC -fno-semantic-interposition -fvisibility=hidden \
	$(WARN) $(HARDEN) $(SANFLAGS) $(CFLAGS)
ALL_LDFLAGS := -Wl,--as-needed -Wl,-z,relro,-z,now $(SANFLAGS) $(LDFLAGS)

PKGS := libssl libcrypto libxml-2.0 libpcap libsrtp2 spandsp
PKG_CFLAGS = $(shell $(PKGCONF) --cflags $(PKGS))
PKG_LIBS = $(shell $(PKGCONF) --libs $(PKGS)) -lm
CMOCKA_LIBS = $(shell $(PKGCONF) --libs cmocka)

all: $(BINS) $(BUILD)/$(SONAME)

# ---- objects, library, commands

$(BUILD)/lib/%.o: lib/%.c Makefile
	@mkdir -p $(@D)
	$(Q)echo "CC $<"; $(CC) $(ALL_CFLAGS) $(PKG_CFLAGS) -Ilib -MMD -MP -c -o $@ $<

$(BUILD)/cmd/%.o: cmd/%.c Makefile
	@mkdir -p $(@D)
	$(Q)echo "CC $<"; $(CC) $(ALL_CFLAGS) -Ilib -Icmd -MMD -MP -c -o $@ $<

$(BUILD)/libgsprov.a: $(LIB_OBJ)
	$(Q)echo "AR $@"; $(RM) $@; $(AR) rcs $@ $^

$(BUILD)/$(SONAME): $(LIB_OBJ)
	$(Q)echo "LD $@"; $(CC) -shared -Wl,-soname,$(SONAME) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(BINS): $(BUILD)/%: $(BUILD)/cmd/%.o $(BUILD)/cmd/cli.o $(BUILD)/libgsprov.a
	$(Q)echo "LD $@"; $(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

# ---- tests, fuzz targets, benchmarks, helpers of tests

$(UNIT): $(BUILD)/%: %.c $(BUILD)/libgsprov.a
	@mkdir -p $(@D)
	$(Q)echo "LD $@"; $(CC) $(ALL_CFLAGS) $(PKG_CFLAGS) -Ilib -MMD -MP -MF $@.d -MT $@ -o $@ $< \
		$(BUILD)/libgsprov.a $(ALL_LDFLAGS) $(CMOCKA_LIBS) $(PKG_LIBS)

$(REPLAY): $(BUILD)/tests/fuzz/replay_%: tests/fuzz/%.c \
		tests/fuzz/replay.c $(BUILD)/libgsprov.a
	@mkdir -p $(@D)
	$(Q)echo "LD $@"; $(CC) $(ALL_CFLAGS) $(PKG_CFLAGS) -Ilib -o $@ $< \
		tests/fuzz/replay.c $(BUILD)/libgsprov.a $(ALL_LDFLAGS) \
		$(PKG_LIBS)

$(FUZZERS): $(BUILD)/tests/fuzz/%: tests/fuzz/%.c $(BUILD)/libgsprov.a
	@mkdir -p $(@D)
	$(Q)echo "LD $@"; $(CC) $(ALL_CFLAGS) $(PKG_CFLAGS) -Ilib -o $@ $< \
		$(BUILD)/libgsprov.a $(ALL_LDFLAGS) -fsanitize=fuzzer $(PKG_LIBS)

fuzzers: $(FUZZERS)

$(BENCH) $(HELPERS): $(BUILD)/%: %.c $(BUILD)/libgsprov.a
	@mkdir -p $(@D)
	$(Q)echo "LD $@"; $(CC) $(ALL_CFLAGS) $(PKG_CFLAGS) -Ilib -MMD -MP -MF $@.d -MT $@ -o $@ $< \
		$(BUILD)/libgsprov.a $(ALL_LDFLAGS) $(PKG_LIBS)

# Preloaded into other programs, so without sanitizers.
$(SHIMS): $(BUILD)/%.so: %.c
	@mkdir -p $(@D)
	$(Q)echo "LD $@"; $(CC) -std=c11 $(WARN) -fPIC -shared -O1 -g -o $@ $< \
		-Wl,--as-needed $(shell $(PKGCONF) --libs libssl) -ldl

tests-build: all $(UNIT) $(REPLAY) $(HELPERS) $(SHIMS)

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

fuzz:
	@tests/need $(DEB_FUZZ)
	$(MAKE) -j$(JOBS) BUILD=$(BUILD)/fuzz CC=clang FUZZ=1 \
		CFLAGS='-O1 -g' fuzzers
	@BUILD=$(BUILD)/fuzz tests/fuzz/run $(FUZZ_SECONDS)

bench:
	@tests/need $(DEB_CHECK)
	$(MAKE) -j$(JOBS) all $(BENCH)
	@BUILD=$(BUILD) tests/bench/run

lint:
	@tests/need $(DEB_BUILD) $(DEB_LINT)
	@BUILD=$(BUILD) tests/lint

demo:
	@tests/need $(DEB_BUILD)
	$(MAKE) -j$(JOBS) all
	@BUILD=$(BUILD) tests/demo

# ---- installing

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig
	install -m 755 $(BINS) $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BUILD)/$(SONAME) $(DESTDIR)$(PREFIX)/lib
	ln -sf $(SONAME) $(DESTDIR)$(PREFIX)/lib/libgsprov.so
	install -m 644 $(BUILD)/libgsprov.a $(DESTDIR)$(PREFIX)/lib
	for h in $(HEADERS:lib/%=%); do \
		install -D -m 644 lib/$$h \
			$(DESTDIR)$(PREFIX)/include/gsprov/$$h || exit 1; \
	done
	printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' \
		'includedir=$${prefix}/include' '' 'Name: gsprov' \
		'Description: Encrypted telephony: SDP, SRTP, Snom settings, certificates' \
		'Version: $(VERSION)' 'Libs: -L$${libdir} -lgsprov' \
		'Cflags: -I$${includedir}' 'Requires.private: $(PKGS)' \
		> $(DESTDIR)$(PREFIX)/lib/pkgconfig/gsprov.pc
	for m in $(MAN:man/%=%); do \
		install -D -m 644 man/$$m \
			$(DESTDIR)$(PREFIX)/share/man/man$${m##*.}/$$m \
			|| exit 1; \
	done

uninstall:
	$(RM) $(COMMANDS:%=$(DESTDIR)$(PREFIX)/bin/%)
	$(RM) $(DESTDIR)$(PREFIX)/lib/$(SONAME) \
		$(DESTDIR)$(PREFIX)/lib/libgsprov.so \
		$(DESTDIR)$(PREFIX)/lib/libgsprov.a \
		$(DESTDIR)$(PREFIX)/lib/pkgconfig/gsprov.pc
	$(RM) -r $(DESTDIR)$(PREFIX)/include/gsprov
	for m in $(MAN:man/%=%); do \
		$(RM) $(DESTDIR)$(PREFIX)/share/man/man$${m##*.}/$$m; \
	done

dist:
	@mkdir -p $(BUILD)
	git archive --prefix=gsprov-$(VERSION)/ HEAD | gzip -n \
		> $(BUILD)/gsprov-$(VERSION).tar.gz

clean:
	$(RM) -r $(BUILD)

.PHONY: all tests-build fuzzers check asan fuzz bench lint demo install uninstall \
	dist clean
.DELETE_ON_ERROR:

-include $(LIB_OBJ:.o=.d) $(patsubst %,$(BUILD)/cmd/%.d,$(COMMANDS) cli) \
	$(UNIT:%=%.d) $(BENCH:%=%.d) $(HELPERS:%=%.d)

# SPDX-License-Identifier: MIT
#
# belady: the whole build, in one Makefile. No source file is listed by name: a new file in cmd/,
# lib/*/, policies/ or tests/*/ is found and built.
#
# Settings go on the command line or in config.mk:
#
#	CONFIG=release|debug|sanitize|cov     built side by side in build/CONFIG
#	CC=clang CFLAGS=-O3 LDFLAGS=...       CROSS=aarch64-linux-gnu- (a prefix for CC)
#	PREFIX=/usr DESTDIR=/tmp/stage        where `install` puts things; or one by one: BINDIR,
#	                                      LIBDIR, INCLUDEDIR, DATADIR, MANDIR, PYTHONDIR
#	WERROR=1  warnings are errors         V=1  show whole command lines
#	GROUPS='unit cli' TESTS=cli/sim EXCEPT='oracles|capture'   which tests `check` builds and
#	                                      runs: folders, a part of FOLDER/FILE, a pattern
#	RUN='valgrind -q'                     put before each program under test
#	WITHOUT='lib/vm cmd/x.c'              leave out what does not compile yet

-include config.mk

MAKEFLAGS += --no-builtin-rules --no-builtin-variables
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# ---- settings ----

CONFIG ?= release
BUILD ?= build/$(CONFIG)
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
# Where python3 looks for packages, which does not depend on PREFIX.
PYTHONDIR ?= $(or $(shell python3 -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
	2>/dev/null),$(PREFIX)/lib/python3/dist-packages)
ifneq ($(filter default undefined,$(origin CC)),)
CC := $(CROSS)gcc
endif
CLANG ?= clang
ifneq ($(filter default undefined,$(origin AR)),)
AR := $(CROSS)ar
endif
OBJCOPY ?= $(CROSS)objcopy
INSTALL ?= install
B := $(BUILD)
comma := ,

flags_release := -O2 -g
flags_debug := -O0 -g3
flags_sanitize := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
flags_cov := -O0 -g --coverage
flags_fuzz := -O1 -g -fno-omit-frame-pointer -fsanitize=address,fuzzer-no-link
ifeq ($(flags_$(CONFIG)),)
$(error CONFIG=$(CONFIG) is none of release, debug, sanitize, cov)
endif

# -O3 is only for the loops that run once per reference; other code gains nothing from it.
ifeq ($(origin CFLAGS)/$(CONFIG),undefined/release)
HOT ?= -O3
endif
CFLAGS ?= $(flags_$(CONFIG))
sanitize := $(filter -fsanitize% -fno-sanitize% --coverage,$(flags_$(CONFIG)))

# Release builds are hardened (PIE, full RELRO, stack protector, checked library calls), because
# traces, records and plug-ins may come from others. _FORTIFY_SOURCE needs an optimised build; a
# level that the packager sets is kept.
optimised := $(and $(filter release,$(CONFIG)),$(filter -O1 -O2 -O3 -Os,$(CFLAGS)))
harden_flags := $(if $(optimised),-fPIE -fstack-protector-strong $(if $(findstring \
	_FORTIFY_SOURCE,$(CFLAGS) $(CPPFLAGS)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
harden_link := $(if $(optimised),-Wl$(comma)-z$(comma)relro -Wl$(comma)-z$(comma)now)

# _GNU_SOURCE is empty, so that a file may define it again. Fused multiply-add is off, so that sums
# are the same on machines with and without it.
base_flags := -std=gnu11 -ffp-contract=off -D_GNU_SOURCE= -D_FILE_OFFSET_BITS=64 -Wall -Wextra -Wstrict-prototypes \
	-ffunction-sections -fdata-sections -pthread $(if $(WERROR),-Werror) \
	$(sanitize) $(harden_flags)
# Objects of lib/ and policies/ go into the tools and into libbelady.so. PIC does not slow the tools
# down: names are hidden, so the linker uses direct calls and addresses.
shared_flags := -fPIC -fvisibility=hidden
# Policies and formats are found only through a section (policy.h). Without nostart-stop-gc, lld
# would remove them.
link_flags := -pthread -Wl,--gc-sections -Wl,--as-needed $(sanitize) $(harden_link) \
	$(if $(findstring lld,$(LDFLAGS)),-Wl$(comma)-z$(comma)nostart-stop-gc)
libs := -ljansson -lzstd -lz -lbz2 -llzma -lxxhash -lm -ldl

# ---- which folder may include which (CONTRIBUTING.md): each gets only these -I ----

see_api := api
see_base := base
see_model := api base model
see_trace := api base model trace
see_formats := api base model trace formats
see_reduce := api base model trace reduce
see_sim := api base model sim
see_curve := api base model sim curve
see_vm := api base model sim vm
see_emit := base emit
see_gen := api base model trace gen
see_convert := api base model trace convert
see_info := api base model trace emit info
see_capture := api base model trace formats capture
see_plot := base emit plot
see_explain := api base model sim explain
see_story := api base model sim vm explain story
see_audit := api base model sim audit
see_compare := base emit compare
see_pass := api base model trace reduce sim curve vm emit pass
see_merge := api base model trace sim curve merge
see_map := api base model trace convert sim curve vm emit pass map
see_blame := api base model trace sim emit pass blame
see_live := api base model trace sim emit pass live
see_report := api base model trace convert info sim curve vm emit pass map blame report
see_library := api base model trace formats reduce info sim curve vm emit pass library

# All folders may include <belady/x.h>; those with `api` in the list also "x.h".
rooms := $(notdir $(patsubst %/,%,$(wildcard lib/*/)))
include_room = -Ilib/$(patsubst api,api/belady,$(1))
everything := -Ilib/api $(foreach r,$(rooms),$(call include_room,$r))
include_of = -Ilib/api $(foreach r,$(see_$(1)),$(call include_room,$r))
room_of = $(firstword $(subst /, ,$(1)))
hot := policies lib/model lib/sim lib/trace lib/formats lib/reduce lib/curve lib/map

# ---- sources and products ----

left_out := $(WITHOUT) $(addsuffix /%,$(WITHOUT))
# Sorted, because the order of objects decides the bytes of a program, and make sorts names as the
# locale does.
lib_src := $(filter-out $(left_out),$(sort $(wildcard lib/*/*.c policies/*.c)))
tool_src := $(filter-out $(left_out),$(sort $(wildcard cmd/*.c)))
common_src := $(filter-out $(left_out),$(sort $(wildcard cmd/common/*.c)))
# Parts of one tool: those of bel-live are in cmd/live.
part_src := $(filter-out cmd/common/% cmd/pagegrind/% $(left_out),$(sort $(wildcard cmd/*/*.c)))
lib_obj := $(lib_src:%.c=$(B)/obj/%.o)
common_obj := $(common_src:%.c=$(B)/obj/%.o)
part_obj := $(part_src:%.c=$(B)/obj/%.o)
support_obj := $(patsubst %.c,$(B)/obj/%.o,$(sort $(wildcard tests/support/*.c)))
programs_of_tools := $(tool_src:cmd/%.c=$(B)/bin/%)
scripts_of_tools := $(patsubst cmd/%.sh,$(B)/bin/%,$(wildcard cmd/*.sh))
tools := $(programs_of_tools) $(scripts_of_tools)
pages := $(sort $(wildcard cmd/*.[1-8] lib/*/*.[1-8]))

programs_in = $(patsubst %.c,$(B)/%,$(filter-out $(left_out),$(wildcard tests/$(1)/*.c)))
unit := $(call programs_in,unit)
prop := $(call programs_in,prop)
fuzz := $(call programs_in,fuzz)
bench := $(call programs_in,bench)
helpers := $(call programs_in,helpers)
programs := $(call programs_in,programs)
faults := $(patsubst %.c,$(B)/%.so,$(wildcard tests/fault/*.c))
plugins := $(patsubst policies/%.c,$(B)/plugins/%.so,$(wildcard policies/*.c)) \
	$(patsubst %.c,$(B)/%.so,$(wildcard tests/plugins/*.c tests/plugins/earlier/*.c))
test_parts := $(unit) $(prop) $(fuzz) $(helpers) $(programs) $(faults) $(plugins)

silent := $(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS))))
say = @$(if $(V)$(silent),,printf '  %-8s%s\n' $(1) $(patsubst $(CURDIR)/%,%,$@);)
Q := $(if $(V),,@)

.PHONY: all
all: $(tools) ## build the tools into build/CONFIG/bin (the default)

# ---- compiling ----

# A stamp is a file that changes when its settings change. What uses the settings depends on it.
# WERROR changes no object, so it is no such setting: it applies to what is compiled from then on.
stamp := $(B)/flags
prefix_stamp := $(B)/prefix
parts_stamp := $(B)/parts
commit_stamp := $(B)/commit
$(stamp): settings := $(CC) $(filter-out -Werror,$(base_flags)) $(shared_flags) $(CFLAGS) $(HOT) $(CPPFLAGS) $(link_flags) $(LDFLAGS)
$(prefix_stamp): settings := $(DATADIR)
$(parts_stamp): settings := $(lib_src) $(common_src) $(part_src)
.PHONY: force
$(stamp) $(prefix_stamp) $(parts_stamp) $(commit_stamp): force
	@mkdir -p $(@D)
	@printf '%s\n' '$(settings)' | cmp -s - $@ || printf '%s\n' '$(settings)' >$@

compile = $(CC) $(base_flags) $(CFLAGS) $(1) $(CPPFLAGS) -MMD -MP -c -o $@ $<
begin = $(call say,$(1))mkdir -p $(@D)

$(B)/obj/lib/%.o: lib/%.c $(stamp)
	$(call begin,CC)
	$(Q)$(call compile,$(if $(filter $(hot),lib/$(call room_of,$*)),$(HOT)) $(shared_flags) \
		$(call include_of,$(call room_of,$*)))

$(B)/obj/policies/%.o: policies/%.c $(stamp)
	$(call begin,CC)
	$(Q)$(call compile,$(HOT) $(shared_flags) $(call include_of,api))

# cmd/bel-live.c and cmd/live/*.c see cmd/live.
tool_of = $(patsubst bel-%,%,$(call room_of,$(1)))
$(B)/obj/cmd/%.o: cmd/%.c $(stamp) $(prefix_stamp)
	$(call begin,CC)
	$(Q)$(call compile,$(everything) -Icmd/common -Icmd/$(call tool_of,$*) -DBEL_PLOTS_DIR='"$(DATADIR)/belady/plots"')

# --version prints the commit.
commit := $(if $(wildcard .git),$(shell git describe --always --abbrev=12 2>/dev/null))
$(commit_stamp): settings := $(commit)
$(B)/obj/cmd/common/tool.o: private CPPFLAGS += -DBEL_COMMIT='"$(commit)"'
$(B)/obj/cmd/common/tool.o: $(commit_stamp)

$(B)/obj/tests/%.o: tests/%.c $(stamp)
	$(call begin,CC)
	$(Q)$(call compile,$(everything) -Itests/support)

# ---- linking: objects, because from an archive, policies that nothing names would be left out ----

link = $(CC) $(CFLAGS) $(if $(optimised),-fPIE -pie) $(link_flags) $(LDFLAGS) -o $@ $(filter %.o,$^)

# $(parts_stamp) lists all sources: when one is removed, the tools have to be linked again.
$(programs_of_tools): $(B)/bin/%: $(B)/obj/cmd/%.o $(common_obj) $(lib_obj) $(parts_stamp)
	$(call begin,LD)
	$(Q)$(link) $(libs)

$(foreach o,$(part_obj),$(eval $(B)/bin/bel-$(call room_of,$(o:$(B)/obj/cmd/%=%)): $o))

$(scripts_of_tools): $(B)/bin/%: cmd/%.sh $(wildcard cmd/*/*.sh)
	$(call begin,GEN)
	$(Q)LC_ALL=C sed 's|^# insert \([a-z/.]*\)$$|cat cmd/\1|e' $< >$@
	$(Q)chmod 755 $@

$(unit) $(prop) $(helpers) $(bench): $(B)/%: $(B)/obj/%.o $(support_obj) $(lib_obj)
	$(call begin,LD)
	$(Q)$(link) -lcmocka $(libs)

# Removes tools and objects without a source, because tests run every program in bin/ and read every
# object of lib/.
gone := $(filter-out $(tools),$(wildcard $(B)/bin/bel-*)) \
	$(filter-out $(lib_obj),$(wildcard $(B)/obj/lib/*/*.o $(B)/obj/policies/*.o))
ifneq ($(gone),)
.PHONY: remove-gone
all: remove-gone
remove-gone:
	$(Q)rm -f $(gone)
endif

# Where man(1) finds the pages if $(B)/bin is in PATH.
man_link = $(B)/share/man/man$(subst .,,$(suffix $(1)))/$(notdir $(1))
all: $(foreach p,$(pages),$(call man_link,$(p)))
define link_page
$(call man_link,$(1)): $(1)
	$$(Q)mkdir -p $$(@D) && ln -sfr $$< $$@
endef
$(foreach p,$(pages),$(eval $(call link_page,$(p))))

# ---- the library: the folders in see_library, and no code that prints, forks or waits ----

soname := libbelady.so.$(shell sed -n 's/^BELADY_\([0-9]*\) .*/\1/p' lib/library/belady.map | head -n 1)
library_rooms := $(filter-out api,$(see_library))
library_obj := $(filter $(B)/obj/policies/% $(library_rooms:%=$(B)/obj/lib/%/%),$(lib_obj))
library := $(B)/lib/$(soname) $(B)/lib/libbelady.so $(B)/lib/libbelady.a

# Not with sanitizers or coverage: other programs could not load such a library.
ifeq ($(sanitize),)
all: $(library)
endif

$(B)/lib/$(soname): $(library_obj) lib/library/belady.map $(parts_stamp)
	$(call begin,LD)
	$(Q)$(CC) $(CFLAGS) -shared $(link_flags) $(LDFLAGS) -Wl,-soname,$(soname) -Wl,-z,defs \
		-Wl,--version-script,lib/library/belady.map -o $@ $(library_obj) $(libs)

$(B)/lib/libbelady.so: $(B)/lib/$(soname)
	$(call begin,LN)
	$(Q)ln -sf $(soname) $@

# The archive has one object: from several, the linker would leave out policies that nothing names.
# Hidden names become local.
$(B)/lib/libbelady.a: $(library_obj) $(parts_stamp)
	$(call begin,AR)
	$(Q)$(CC) $(CFLAGS) $(if $(findstring -flto,$(CFLAGS)),-flinker-output=nolto-rel) -nostdlib -r \
		-o $(B)/lib/belady.o $(library_obj)
	$(Q)$(OBJCOPY) --localize-hidden $(B)/lib/belady.o
	$(Q)rm -f $@ && $(AR) rcs $@ $(B)/lib/belady.o && rm $(B)/lib/belady.o

# Flags without sanitizers, for programs and libraries that run under or inside other programs: a
# sanitizer's runtime would have to be loaded first.
plain = $(filter-out $(sanitize) -fsanitize% -fno-sanitize%,$(1))

# Small programs for tests to capture. The only header of ours that they include is belady/mark.h.
$(programs): $(B)/%: %.c $(stamp) | $(B)/include/belady
	$(call begin,LD)
	$(Q)$(call plain,$(CC) $(base_flags) $(CFLAGS) -I$(B)/include -MMD -MP $(LDFLAGS) -o $@ $<)

# With CONFIG=fuzz, libFuzzer runs a fuzz target; else replay.c runs it on each given file.
ifeq ($(CONFIG),fuzz)
fuzz_driver := -fsanitize=fuzzer
else
$(fuzz): $(B)/obj/tests/fuzz/replay/replay.o
endif
$(fuzz): $(B)/%: $(B)/obj/%.o $(support_obj) $(lib_obj)
	$(call begin,LD)
	$(Q)$(link) $(fuzz_driver) -lcmocka $(libs)

# Every policy is also built as a plug-in, only with the installed headers, as users do.
$(B)/include/belady:
	@mkdir -p $(@D) && ln -sfn '$(CURDIR)/lib/api/belady' $@

share = $(CC) $(base_flags) $(CFLAGS) $(1) $(CPPFLAGS) -MMD -MP -fPIC -shared $(harden_link) $(LDFLAGS) \
	-o $@ $<

$(B)/plugins/%.so: policies/%.c $(stamp) | $(B)/include/belady
	$(call begin,PLUGIN)
	$(Q)$(call share,$(HOT) -DBEL_PLUGIN -I$(B)/include -I$(B)/include/belady)

$(B)/tests/plugins/%.so: tests/plugins/%.c $(stamp) | $(B)/include/belady
	$(call begin,PLUGIN)
	$(Q)$(call share,-DBEL_PLUGIN -I$(B)/include -I$(B)/include/belady)

# Plug-ins for an earlier version of the headers, of which the tests keep a copy.
$(B)/tests/plugins/earlier/%.so: tests/plugins/earlier/%.c $(stamp)
	$(call begin,PLUGIN)
	$(Q)$(call share,-DBEL_PLUGIN -Itests/plugins/earlier/belady)

$(B)/tests/fault/%.so: tests/fault/%.c $(stamp)
	$(call begin,FAULT)
	$(Q)$(call plain,$(call share,-fno-builtin)) -ldl

-include $(patsubst %.o,%.d,$(lib_obj) $(common_obj) $(part_obj) $(support_obj) $(tool_src:%.c=$(B)/obj/%.o)) \
	$(patsubst $(B)/tests/%,$(B)/obj/tests/%.d,$(unit) $(prop) $(fuzz) $(bench) $(helpers)) \
	$(programs:%=%.d) $(patsubst %.so,%.d,$(plugins) $(faults))

# ---- pagegrind: our Valgrind tool, built with the headers and libraries of Valgrind's package ----

pg_arch := $(patsubst aarch64,arm64,$(patsubst x86_64,amd64,$(if $(CROSS),$(firstword \
	$(subst -, ,$(notdir $(CROSS)))),$(shell uname -m))))
pg_headers := $(patsubst %/pub_tool_basics.h,%,$(firstword $(wildcard \
	/usr/include/valgrind/pub_tool_basics.h /usr/local/include/valgrind/pub_tool_basics.h)))
# A cross build finds it if Valgrind's package for that processor is installed; else give pg_core.
pg_core := $(firstword $(wildcard $(foreach d,/usr/lib/*/valgrind /usr/lib/valgrind \
	/usr/libexec/valgrind /usr/local/lib/valgrind /usr/local/libexec/valgrind, \
	$d/libcoregrind-$(pg_arch)-linux.a)))
pg_missing := $(or $(if $(filter amd64 arm64,$(pg_arch)),,it knows no $(pg_arch)),$(if \
	$(pg_headers),,no Valgrind headers in /usr/include/valgrind),$(if $(pg_core),,no \
	libcoregrind-$(pg_arch)-linux.a$(if $(CROSS), (cross build: give pg_core))))

ifeq ($(strip $(pg_missing)),)
pg_tool := $(B)/libexec/belady/pagegrind-$(pg_arch)-linux
pg_launcher := $(B)/libexec/belady/pagegrind
pagegrind := $(pg_tool) $(pg_launcher)
all: $(pagegrind)
else
.PHONY: no_pagegrind
all: no_pagegrind
no_pagegrind:
	$(if $(silent),@:,@echo '  pagegrind is not built (bel-capture uses lackey): $(pg_missing)')
endif

# The same flags in every configuration: a Valgrind tool runs without C library, so sanitizers are
# not possible. Valgrind reads its own debugging information; 3.19 cannot read clang's DWARF 5.
pg_obj := $(patsubst %.c,$(B)/obj/%.o,$(filter-out %/launcher.c,$(sort $(wildcard cmd/pagegrind/*.c))))
pg_flags := -O2 -gdwarf-4 $(filter -ffile-prefix-map=%,$(CFLAGS)) -std=gnu11 -Wall -Wextra \
	-Werror=implicit-function-declaration \
	$(if $(WERROR),-Werror) -fno-strict-aliasing -fno-builtin -fno-stack-protector -fno-pie \
	-fomit-frame-pointer $(if $(filter amd64,$(pg_arch)),-m64 -fcf-protection=none) \
	-DVGA_$(pg_arch)=1 -DVGO_linux=1 -DVGP_$(pg_arch)_linux=1 \
	-DVGPV_$(pg_arch)_linux_vanilla=1 -isystem $(pg_headers) -Ilib/api/belady -Ilib/capture

$(pg_obj): $(B)/obj/cmd/pagegrind/%.o: cmd/pagegrind/%.c $(stamp)
	$(call begin,CC)
	$(Q)$(CC) $(pg_flags) -MMD -MP -c -o $@ $<

$(pg_tool): $(pg_obj)
	$(call begin,LD)
	$(Q)$(CC) -static -nodefaultlibs -nostartfiles -u _start -o $@ $(pg_obj) \
		-Wl,-Ttext-segment=0x58000000 -Wl,--build-id=none -Wl,-z,noexecstack \
		$(pg_core) $(subst coregrind,vex,$(pg_core)) -lgcc \
		$(wildcard $(subst coregrind,gcc-sup,$(pg_core)))

$(pg_launcher): cmd/pagegrind/launcher.c $(stamp)
	$(call begin,LD)
	$(Q)$(call plain,$(CC) $(base_flags) $(CFLAGS) $(CPPFLAGS) $(if $(optimised),-fPIE -pie) $(harden_link) \
		$(LDFLAGS) -o $@ $<)

-include $(pg_obj:.o=.d)

# ---- testing ----

export_tests = BEL_TOP='$(CURDIR)' BEL_BUILD='$(abspath $(B))' BEL_CC='$(CC)' \
	BEL_SHARED='$(abspath $(wildcard ../shared))' BEL_RUN='$(RUN)'
selected = $(if $(TESTS),-t '$(part)') $(if $(EXCEPT),-x '$(EXCEPT)') $(GROUPS)

# What the selected tests need. Tests of unit, prop and fuzz are programs; tests of cli and fault
# are scripts that run programs. TESTS may also be the file of a test.
part := $(patsubst tests/%,%,$(patsubst %.bats,%,$(patsubst %.c,%,$(TESTS))))
named = $(if $(TESTS),$(foreach f,$(2),$(if $(findstring $(part),$(1)/$(basename $(notdir $f))),$f)),$(2))
needs_programs = $(if $(call named,$(1),$(wildcard tests/$(1)/*.bats)),$(helpers) $(programs) $(faults))
needs_unit := $(call named,unit,$(unit))
needs_prop := $(call named,prop,$(prop))
needs_fuzz := $(call named,fuzz,$(fuzz))
needs_cli := $(call needs_programs,cli)
needs_fault := $(call needs_programs,fault)
needed := $(sort $(plugins) $(foreach g,$(or $(GROUPS),unit prop fuzz cli fault),$(needs_$g)))

.PHONY: tests check check-quick check-long bench fuzz headers lint format policies-page records-page
tests: all $(test_parts) ## build the tests without running them

check: all $(needed) ## run the tests: GROUPS='unit prop fuzz cli fault', TESTS=cli/sim (a part of the name)
	@$(export_tests) tests/run $(selected)

check-quick: all $(needed) ## the same without slow tests: two minutes on two cores
	@$(export_tests) tests/run --quick $(selected)

check-long: all $(needed) ## the same with many more rounds of random properties
	@$(export_tests) tests/run --long $(selected)

bench: all $(bench) $(helpers) $(programs) ## measure speed (tests/bench); never part of check
	@set -e; for b in $(wildcard tests/bench/bench_*); do \
		case $$b in *.c) b='$(abspath $(B))'/$${b%.c};; *) test -x $$b || continue;; esac; \
		echo "== $$b"; \
		env $(export_tests) BEL_BIN='$(abspath $(B))/bin' $$b; done

fuzz: ## build the libFuzzer targets into build/fuzz/tests/fuzz (needs clang)
ifeq ($(CONFIG),fuzz)
fuzz: $(fuzz)
else
	@$(MAKE) CONFIG=fuzz BUILD=build/fuzz CC=$(CLANG) fuzz
endif

# Compiles each header alone, with the -I of its folder: the include rules hold for headers, too.
headers: $(patsubst %,$(B)/headers/%.ok,$(wildcard lib/*/*.h lib/api/belady/*.h)) ## compile each header alone
$(B)/headers/lib/%.ok: lib/% $(stamp)
	$(call begin,HEADER)
	$(Q)$(CC) $(base_flags) -Werror $(call include_of,$(call room_of,$*)) -fsyntax-only -x c $<
	@touch $@

lint: ## norms, formatter, static analysis
	@scripts/lint

sources := $(wildcard cmd/*.c cmd/*/*.[ch] lib/*/*.[ch] lib/api/*/*.[ch] policies/*.[ch] tests/*/*.[ch] tests/*/*/*.[ch])
format: ## lay out every source as .clang-format says
	$(Q)clang-format --version | grep -q ' version 14\.' || \
		{ echo 'format needs clang-format 14, as in Debian 12: other versions differ' >&2; exit 1; }
	$(Q)clang-format -i $(sources)

policies-page: $(B)/bin/bel-sim ## make cmd/bel-policies.7 of the policies' descriptors
	$(Q)scripts/policies-page $< >$(B)/bel-policies.7 && mv $(B)/bel-policies.7 cmd/

records-page: ## make cmd/bel-records.5 of the schemas of the records
	$(Q)scripts/records-page >$(B)/bel-records.5 && mv $(B)/bel-records.5 cmd/

# ---- installing ----

version = $(shell sed -n 's/^\#define BEL_VERSION "\(.*\)"/\1/p' lib/base/version.h)
completions = $(DATADIR)/bash-completion/completions
# The tools look for pagegrind in ../libexec, relative to their folder.
libexec = $(patsubst %/,%,$(dir $(BINDIR)))/libexec
sections = $(sort $(subst .,,$(suffix $(pages))))
put = $(if $(strip $(2)),$(INSTALL) -d '$(DESTDIR)$(1)' && \
	$(INSTALL) -m $(or $(3),644) $(2) '$(DESTDIR)$(1)')
below_prefix = $(patsubst $(PREFIX)/%,$${prefix}/%,$(1))

ifneq ($(filter install install-python uninstall,$(MAKECMDGOALS)),)
$(foreach d,BINDIR LIBDIR INCLUDEDIR DATADIR MANDIR PYTHONDIR,$(if $(word 2,$($d)),$(error \
	$d is '$($d)': belady cannot be installed in a folder whose name has a blank; DESTDIR may have one)))
endif

.PHONY: install install-python uninstall clean help
install: all ## install below PREFIX (/usr/local); DESTDIR stages
	$(call put,$(BINDIR),$(tools),755)
	$(foreach s,$(sections),$(call put,$(MANDIR)/man$s,$(filter %.$s,$(pages))) &&) :
	$(call put,$(INCLUDEDIR)/belady,$(wildcard lib/api/belady/*.h))
	$(call put,$(DATADIR)/belady/plots,$(wildcard plots/*.gp))
	$(call put,$(DATADIR)/belady/schema,$(wildcard lib/emit/schema/*.json))
	$(call put,$(libexec)/belady,$(pagegrind),755)
	$(INSTALL) -d '$(DESTDIR)$(LIBDIR)/pkgconfig' '$(DESTDIR)$(completions)'
	$(if $(sanitize),,$(INSTALL) -m 644 $(B)/lib/$(soname) $(B)/lib/libbelady.a \
		'$(DESTDIR)$(LIBDIR)' && ln -sf $(soname) '$(DESTDIR)$(LIBDIR)/libbelady.so')
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(version)|' -e 's|@LIBS@|-pthread $(libs)|' \
		-e 's|@INCLUDEDIR@|$(call below_prefix,$(INCLUDEDIR))|' \
		-e 's|@LIBDIR@|$(call below_prefix,$(LIBDIR))|' \
		-e 's|@DATADIR@|$(call below_prefix,$(DATADIR))|' \
		scripts/belady.pc.in >'$(DESTDIR)$(LIBDIR)/pkgconfig/belady.pc'
	chmod 644 '$(DESTDIR)$(LIBDIR)/pkgconfig/belady.pc'
	$(INSTALL) -m 644 scripts/bash-completion '$(DESTDIR)$(completions)/belady'
	for t in $(notdir $(tools)); do ln -sf belady '$(DESTDIR)$(completions)'/$$t; done

# The package stores LIBDIR, so that it finds the library also outside the loader's folders.
install-python: ## install the Python package into PYTHONDIR (where python3 looks)
	$(call put,$(PYTHONDIR)/belady,$(wildcard lib/python/belady/*.py))
	sed 's|@LIBDIR@|$(LIBDIR)|' lib/python/belady/_library.py \
		>'$(DESTDIR)$(PYTHONDIR)/belady/_library.py'

installed = $(addprefix $(BINDIR)/,$(notdir $(tools))) $(completions)/belady \
	$(addprefix $(completions)/,$(notdir $(tools))) \
	$(addprefix $(LIBDIR)/,libbelady.a libbelady.so $(soname) pkgconfig/belady.pc) \
	$(foreach p,$(pages),$(MANDIR)/man$(subst .,,$(suffix $p))/$(notdir $p))
folders = $(addsuffix /belady,$(INCLUDEDIR) $(DATADIR) $(libexec))
# uninstall removes these folders and their parents below PREFIX, if they are empty.
parents = $(BINDIR) $(INCLUDEDIR) $(LIBDIR)/pkgconfig $(DATADIR) $(libexec) $(PYTHONDIR) \
	$(completions) $(foreach s,$(sections),$(MANDIR)/man$s)

uninstall: ## remove what install and install-python put there
	for f in $(installed); do rm -f "$(DESTDIR)$$f"; done
	for f in $(folders); do rm -rf "$(DESTDIR)$$f"; done
	test ! -f '$(DESTDIR)$(PYTHONDIR)/belady/_library.py' || rm -rf '$(DESTDIR)$(PYTHONDIR)/belady'
	for d in $(patsubst $(PREFIX)/%,%,$(filter $(PREFIX)/%,$(parents))); do \
		test ! -d '$(DESTDIR)$(PREFIX)'/$$d || (cd '$(DESTDIR)$(PREFIX)' && \
		rmdir -p --ignore-fail-on-non-empty $$d); done

# ---- packaging ----

.PHONY: dist deb doc
dist: ## make build/dist/belady-VERSION.tar.xz of the commit that is checked out
	$(Q)scripts/packaging/dist $(version) build/dist

deb: ## build the Debian packages of that commit, in build/deb
	$(Q)scripts/packaging/deb $(version) build/deb

doc: ## make HTML of all pages, in build/doc (needs mandoc and cmark-gfm)
	$(Q)scripts/doc build/doc

clean: ## remove build/
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12

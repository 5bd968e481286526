# SPDX-License-Identifier: GPL-2.0-only
#
#   make              the module for this machine's kernel, the ip plugin and the
#                     nat64 command (needs libmnl-dev)
#   make install      these, with the header and manual pages; DESTDIR is honoured
#   make uninstall    the opposite, of make dkms too, and for every kernel
#   make dkms         register with DKMS, which rebuilds for every new kernel;
#                     again, after a change
#   make undkms       the opposite
#   make deb          packages for Debian 12 and 13, in deb/; for one of them with
#                     RELEASE=debian12
#   make demo         watch it work, in a virtual machine
#   make check        all tests, in virtual machines; some with PART="style uml"
#   make style        those of them that only look at the sources
#   make bench        what translating costs
#   make profile      the same by function of the kernel; some rows of it with
#                     ROWS="nat64-6to4 nat64-new"
#   make boot         Debian 12 and 13 booted with whatever configures the network
#                     there, in virtual machines; some with
#                     BOOT="debian12-networkd debian13-networkd"
#   make fuzz         broken packets, and packets on both paths, for SECONDS=N
#                     each, in a virtual machine
#   make upstream     patches for the kernel, in upstream/, and all checks of them
#   make clean

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
PREFIX ?= /usr
INCDIR ?= $(PREFIX)/include
VERSION := $(shell sed -n 's/^\#define NAT64_VERSION.*"\(.*\)"/\1/p' \
	drivers/net/nat64/version.h)

MODULE := drivers/net/nat64
PLUGIN := iproute2-ip-link
TOOL := tools/nat64
SECONDS ?= 60
RELEASE ?= debian12 debian13
DKMSDIR := /usr/src/nat64-$(VERSION)

all: module plugin tool

module: kernel-headers
	$(MAKE) -C $(KDIR) M=$(CURDIR)/$(MODULE) modules

plugin:
	$(MAKE) -C $(PLUGIN)

tool:
	$(MAKE) -C $(TOOL)

kernel-headers:
	@[ -e "$(KDIR)/Makefile" ] || { \
		echo "No headers of kernel $(KVER):" \
			"install linux-headers-$(KVER), or say make KVER=..." >&2; \
		exit 1; \
	}

# Distributions keep the key that signed their kernel to themselves.
UNSIGNED := $(if $(wildcard $(KDIR)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=)

install: all
	$(MAKE) -C $(KDIR) M=$(CURDIR)/$(MODULE) $(UNSIGNED) \
		INSTALL_MOD_PATH=$(DESTDIR) INSTALL_MOD_DIR=updates \
		modules_install
	[ -n "$(DESTDIR)" ] || depmod -a $(KVER)
	$(MAKE) -C $(PLUGIN) install
	$(MAKE) -C $(TOOL) install
	install -D -m 0644 -t "$(DESTDIR)$(INCDIR)/linux" \
		include/uapi/linux/nat64.h include/uapi/linux/nat64_netlink.h

uninstall:
	[ -n "$(DESTDIR)" ] || $(MAKE) undkms
	for file in "$(DESTDIR)"/lib/modules/*/updates/nat64.ko*; do \
		[ -e "$$file" ] || continue; \
		rm -f "$$file" || exit; \
		[ -n "$(DESTDIR)" ] || depmod -a \
			"$$(echo "$$file" | cut -d / -f 4)" || exit; \
	done
	$(MAKE) -C $(PLUGIN) uninstall
	$(MAKE) -C $(TOOL) uninstall
	rm -f "$(DESTDIR)$(INCDIR)/linux/nat64.h" \
		"$(DESTDIR)$(INCDIR)/linux/nat64_netlink.h"

# A clean copy of what the module is built from, where DKMS looks for it.
dkms-source:
	mkdir -p "$(DESTDIR)$(DKMSDIR)/drivers/net" \
		"$(DESTDIR)$(DKMSDIR)/include"
	sed 's/#MODULE_VERSION#/$(VERSION)/' dkms.conf.in \
		>"$(DESTDIR)$(DKMSDIR)/dkms.conf"
	cp -r $(MODULE) "$(DESTDIR)$(DKMSDIR)/drivers/net/"
	cp -r include/uapi "$(DESTDIR)$(DKMSDIR)/include/"
	find "$(DESTDIR)$(DKMSDIR)" -type f ! -name '*.[ch]' ! -name Kbuild \
		! -name dkms.conf -delete
	rm -r "$(DESTDIR)$(DKMSDIR)/$(MODULE)/tests"

dkms: undkms
	$(MAKE) dkms-source DESTDIR=
	dkms add -m nat64 -v $(VERSION)
	dkms install -m nat64 -v $(VERSION) -k $(KVER)

# Every version: only one of them could be installed.
undkms:
	for version in $$(dkms status -m nat64 2>/dev/null | \
			sed -n 's|^nat64/\([^,:]*\)[,:].*|\1|p' | sort -u); do \
		dkms remove -m nat64 -v $$version --all && \
			rm -rf /usr/src/nat64-$$version || exit; \
	done
	rm -rf $(DKMSDIR)

version:
	@echo $(VERSION)

deb:
	for release in $(RELEASE); do \
		tools/testing/deb/build "$$release" "deb/$$release" || exit; \
	done

demo:
	tools/testing/demo/demo

check:
	tools/testing/check $(PART)

style:
	tools/testing/check style

bench:
	tools/testing/bench/bench

profile:
	tools/testing/bench/profile $(ROWS)

upstream:
	tools/testing/upstream/upstream

boot:
	tools/testing/boot/boot $(BOOT)

fuzz:
	tools/testing/fuzz/run $(SECONDS)
	tools/testing/fuzz/run --compare $(SECONDS)

clean:
	[ ! -e "$(KDIR)/Makefile" ] || \
		$(MAKE) -C $(KDIR) M=$(CURDIR)/$(MODULE) clean
	$(MAKE) -C $(PLUGIN) clean
	$(MAKE) -C $(TOOL) clean
	rm -rf deb upstream

.PHONY: all module plugin tool kernel-headers install uninstall dkms-source \
	dkms undkms version deb demo check style bench profile upstream boot \
	fuzz clean

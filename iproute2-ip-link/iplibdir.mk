# SPDX-License-Identifier: GPL-2.0
#
# IPLIBDIR: where the installed ip looks for plugins.

IP ?= $(shell PATH="$$PATH:/usr/sbin:/sbin" command -v ip)
# The only string of the binary that names a library folder called ip.
IPLIBDIR ?= $(shell LC_ALL=C grep -zaoE '^/[[:graph:]]*lib[[:graph:]]*/ip$$' \
	$(IP) 2>/dev/null | tr '\0' '\n' | head -n 1)

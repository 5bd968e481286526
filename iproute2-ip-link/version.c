// SPDX-License-Identifier: GPL-2.0
/*
 * version.c	the version of the plugin, read from its file by nat64(8)
 */
#include "../drivers/net/nat64/version.h"

static const char version[] __attribute__((used)) =
	"nat64-plugin-version=" NAT64_VERSION;

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Version of the module, the nat64 command, the plugin for ip and the packages.
 * debian/changelog must match; a source test compares them.
 */
#ifndef _NAT64_VERSION_H
#define _NAT64_VERSION_H

#define NAT64_VERSION	"0.1"

#endif /* _NAT64_VERSION_H */

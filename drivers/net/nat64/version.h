/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The version of the module, the command, the plugin for ip and the packages.
 * debian/changelog repeats it; a test of the sources compares them.
 */
#ifndef _NAT64_VERSION_H
#define _NAT64_VERSION_H

#define NAT64_VERSION	"0.1"

#endif /* _NAT64_VERSION_H */

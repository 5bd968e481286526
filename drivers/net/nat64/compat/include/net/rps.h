/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - net/rps.h exists since 6.9; before that, its content is in this.
 */
#include <linux/netdevice.h>

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - net/gso.h exists since 6.6; before that, its functions are in these.
 */
#include <linux/netdevice.h>
#include <linux/skbuff.h>

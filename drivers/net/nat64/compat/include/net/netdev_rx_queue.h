/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - net/netdev_rx_queue.h exists since 6.6; before that, its content is in this.
 */
#include <linux/netdevice.h>

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nat64 - neighbours of the device.
 */
#ifndef _NAT64_NEIGH_H
#define _NAT64_NEIGH_H

struct neighbour;
struct net_device;

int nat64_neigh_construct(struct net_device *dev, struct neighbour *neigh);

#endif /* _NAT64_NEIGH_H */

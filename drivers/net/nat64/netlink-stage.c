// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - generic netlink: replacement of whole tables. A table does not fit
 * into one message, so a socket stages it with several requests and commits it
 * at once.
 */
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "config.h"
#include "memcg.h"
#include "nat64.h"
#include "netlink-eam.h"
#include "netlink-gen.h"
#include "netlink.h"

/**
 * struct nat64_stage - tables staged by a socket
 * @list: in nat64_stages
 * @net: namespace of the socket
 * @portid: port ID of the socket
 * @nat64: device to change, NULL once it has been deleted
 * @eam: staged mappings, NULL if not to be replaced or @nat64 is NULL
 * @charge: charge for the buckets of @eam
 * @pool4: configuration of which only pool4 is used, NULL likewise
 */
struct nat64_stage {
	struct list_head list;
	struct net *net;
	u32 portid;
	const struct nat64_dev *nat64;
	struct nat64_eam_table *eam;
	struct nat64_memcg_charge charge;
	struct nat64_config *pool4;
};

/* Protects nat64_stages and the stages on it. */
static DEFINE_MUTEX(nat64_stage_lock);
static LIST_HEAD(nat64_stages);

static void nat64_stage_empty(struct nat64_stage *stage)
{
	if (stage->eam)
		nat64_eam_table_free(stage->eam);
	nat64_memcg_uncharge(&stage->charge);
	nat64_config_free(stage->pool4);
	stage->eam = NULL;
	stage->pool4 = NULL;
}

static void nat64_stage_free(struct nat64_stage *stage)
{
	nat64_stage_empty(stage);
	kfree(stage);
}

/* Allocate the tables, charged to the requesting process. */
static struct nat64_stage *nat64_stage_alloc(struct genl_info *info, u32 tables)
{
	struct nat64_eam_table *eam;
	struct nat64_stage *stage;

	stage = kzalloc_obj(*stage, GFP_KERNEL_ACCOUNT);
	if (!stage)
		return ERR_PTR(-ENOMEM);

	stage->net = genl_info_net(info);
	stage->portid = info->snd_portid;
	if (tables & NAT64_TABLES_POOL4) {
		stage->pool4 = kzalloc(struct_size(stage->pool4, pool4,
						   NAT64_POOL4_MAX),
				       GFP_KERNEL_ACCOUNT);
		if (!stage->pool4)
			goto err_stage;
	}
	if (tables & NAT64_TABLES_EAM) {
		eam = nat64_eam_table_alloc();
		if (IS_ERR(eam))
			goto err_stage;
		stage->eam = eam;
		nat64_memcg_charge_staged(&stage->charge, stage->net, eam);
	}

	return stage;

err_stage:
	nat64_stage_free(stage);
	return ERR_PTR(-ENOMEM);
}

static struct nat64_stage *nat64_stage_find(const struct net *net, u32 portid)
{
	struct nat64_stage *stage;

	lockdep_assert_held(&nat64_stage_lock);

	list_for_each_entry(stage, &nat64_stages, list)
		if (stage->portid == portid && net_eq(stage->net, net))
			return stage;

	return NULL;
}

/* Find the stage of the requesting socket, or ERR_PTR. */
static struct nat64_stage *nat64_stage_get(struct genl_info *info)
{
	struct nat64_stage *stage;

	stage = nat64_stage_find(genl_info_net(info), info->snd_portid);
	if (!stage) {
		NL_SET_ERR_MSG(info->extack,
			       "no replacement is in progress, use replace-begin first");
		return ERR_PTR(-ENOENT);
	}
	if (!stage->nat64) {
		NL_SET_ERR_MSG(info->extack,
			       "device was deleted or moved to another namespace since replace-begin");
		return ERR_PTR(-ENODEV);
	}

	return stage;
}

static int nat64_stage_enter(struct nat64_stage *stage,
			     struct netlink_ext_ack *extack)
{
	struct nat64_stage *old;
	int err = 0;

	mutex_lock(&nat64_stage_lock);
	old = nat64_stage_find(stage->net, stage->portid);
	if (old && old->nat64) {
		NL_SET_ERR_MSG(extack,
			       "a replacement is in progress on this socket, use replace-commit or replace-abort first");
		err = -EBUSY;
	} else {
		if (old) {
			list_del(&old->list);
			nat64_stage_free(old);
		}
		list_add(&stage->list, &nat64_stages);
	}
	mutex_unlock(&nat64_stage_lock);

	return err;
}

int nat64_nl_replace_begin_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[NAT64_A_TABLES];
	netdevice_tracker tracker;
	struct nat64_stage *stage;
	u32 tables;
	int err;

	if (!attr) {
		NL_SET_ERR_MSG(info->extack, "tables is required");
		return -EINVAL;
	}
	tables = nla_get_u32(attr);
	if (!tables) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "tables must not be 0");
		return -EINVAL;
	}

	stage = nat64_stage_alloc(info, tables);
	if (IS_ERR(stage))
		return PTR_ERR(stage);

	stage->nat64 = nat64_nl_lock(genl_info_net(info), info->attrs, tables,
				     &tracker, info->extack);
	err = PTR_ERR_OR_ZERO(stage->nat64);
	if (!err) {
		err = nat64_stage_enter(stage, info->extack);
		nat64_nl_unlock(stage->nat64, &tracker);
	}
	if (err)
		nat64_stage_free(stage);

	return err;
}

static int nat64_stage_add_eams(struct nat64_stage *stage,
				struct nat64_nl_items *items,
				struct netlink_ext_ack *extack)
{
	struct nat64_nl_item *item = NULL;
	unsigned int i;
	int err = 0;

	mutex_lock(&stage->eam->lock);
	for (i = 0; i < items->count && !err; i++) {
		item = nat64_nl_item(items, i);
		err = nat64_eam_add(stage->eam,
				    &((struct nat64_nl_eam *)item->data)->p,
				    extack);
		cond_resched();
	}
	if (err) {
		NL_SET_BAD_ATTR(extack, item->attr);
		for (i--; i--; ) {
			item = nat64_nl_item(items, i);
			nat64_eam_del(stage->eam,
				      &((struct nat64_nl_eam *)item->data)->p,
				      NULL);
		}
	}
	mutex_unlock(&stage->eam->lock);
	nat64_memcg_charge_staged(&stage->charge, stage->net, stage->eam);

	return err;
}

static int nat64_stage_add_pool4(struct nat64_stage *stage,
				 struct genl_info *info)
{
	unsigned int before = stage->pool4->pool4_count;
	const struct nlattr *attr;
	int rem, err = 0;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		err = nat64_config_pool4_add(stage->pool4, attr, info->extack);
		if (err) {
			nat64_config_pool4_truncate(stage->pool4, before);
			break;
		}
	}

	return err;
}

/* @eams: mappings of the request, or NULL. A device has either EAM or pool4. */
static int nat64_stage_add(struct genl_info *info, struct nat64_nl_items *eams)
{
	const struct nlattr *entry = info->attrs[NAT64_A_POOL4_ENTRY];
	struct nat64_stage *stage = nat64_stage_get(info);

	if (IS_ERR(stage))
		return PTR_ERR(stage);
	if (eams && !stage->eam) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[NAT64_A_EAM],
				    "eam: mappings are not in tables of replace-begin");
		return -EINVAL;
	}
	if (entry && !stage->pool4) {
		NL_SET_ERR_MSG_ATTR(info->extack, entry,
				    "pool4-entry: pool4 is not in tables of replace-begin");
		return -EINVAL;
	}

	if (eams)
		return nat64_stage_add_eams(stage, eams, info->extack);
	return nat64_stage_add_pool4(stage, info);
}

int nat64_nl_replace_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nat64_nl_items *eams = NULL;
	int err;

	if (info->attrs[NAT64_A_EAM]) {
		eams = nat64_nl_parse_items(info, &nat64_nl_eams);
		if (IS_ERR(eams))
			return PTR_ERR(eams);
	} else if (!info->attrs[NAT64_A_POOL4_ENTRY]) {
		NL_SET_ERR_MSG(info->extack, "eam or pool4-entry is required");
		return -EINVAL;
	}

	mutex_lock(&nat64_stage_lock);
	err = nat64_stage_add(info, eams);
	mutex_unlock(&nat64_stage_lock);

	kvfree(eams);
	return err;
}

/* Remove the stage of the requesting socket from the list, and hold its device.
 * Or ERR_PTR.
 */
static struct nat64_stage *nat64_stage_take(struct genl_info *info,
					    netdevice_tracker *tracker)
{
	struct nat64_stage *stage;

	mutex_lock(&nat64_stage_lock);
	stage = nat64_stage_get(info);
	if (!IS_ERR(stage)) {
		list_del(&stage->list);
		netdev_hold(stage->nat64->dev, tracker, GFP_KERNEL);
	}
	mutex_unlock(&nat64_stage_lock);

	return stage;
}

/* Swap mappings and charges of the stage and the device. */
static int nat64_stage_commit_eam(struct nat64_stage *stage,
				  netdevice_tracker *tracker,
				  struct netlink_ext_ack *extack)
{
	struct nat64_dev *nat64 = netdev_priv(stage->nat64->dev);
	const struct nat64_dev *locked;

	locked = nat64_nl_lock_held(nat64, stage->net, tracker, extack);
	if (IS_ERR(locked))
		return PTR_ERR(locked);

	stage->eam = nat64_eam_replace(nat64, stage->eam);
	swap(nat64->charge, stage->charge);
	nat64_memcg_charge_hashes(nat64);
	nat64_nl_dump_replaced(nat64);
	nat64_nl_unlock(nat64, tracker);

	/* Packets may still use the old mappings. */
	synchronize_net();
	return 0;
}

/* pool4 is a link attribute: RTNL. */
static int nat64_stage_commit_pool4(struct genl_info *info,
				    struct nat64_stage *stage,
				    netdevice_tracker *tracker)
{
	struct nat64_dev *nat64 = netdev_priv(stage->nat64->dev);
	int err;

	rtnl_lock();
	err = nat64_nl_present(nat64, stage->net, info->extack);
	if (!err)
		err = nat64_nl_pool4_replace(info, nat64, stage->pool4);
	rtnl_unlock();
	netdev_put(nat64->dev, tracker);

	return err;
}

int nat64_nl_replace_commit_doit(struct sk_buff *skb, struct genl_info *info)
{
	netdevice_tracker tracker;
	struct nat64_stage *stage;
	int err;

	stage = nat64_stage_take(info, &tracker);
	if (IS_ERR(stage))
		return PTR_ERR(stage);

	err = stage->pool4 ?
	      nat64_stage_commit_pool4(info, stage, &tracker) :
	      nat64_stage_commit_eam(stage, &tracker, info->extack);
	nat64_stage_free(stage);
	return err;
}

int nat64_nl_replace_abort_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nat64_stage *stage;

	mutex_lock(&nat64_stage_lock);
	stage = nat64_stage_find(genl_info_net(info), info->snd_portid);
	if (stage)
		list_del(&stage->list);
	mutex_unlock(&nat64_stage_lock);
	if (!stage) {
		NL_SET_ERR_MSG(info->extack,
			       "no replacement is in progress, use replace-begin first");
		return -ENOENT;
	}

	nat64_stage_free(stage);
	return 0;
}

/**
 * nat64_nl_stage_dev_gone - empty the stages of a device
 * @nat64: device that is deleted or moved to another namespace, no longer
 *	present
 *
 * Context: process context.
 */
void nat64_nl_stage_dev_gone(const struct nat64_dev *nat64)
{
	struct nat64_stage *stage;

	mutex_lock(&nat64_stage_lock);
	list_for_each_entry(stage, &nat64_stages, list) {
		if (stage->nat64 == nat64) {
			stage->nat64 = NULL;
			nat64_stage_empty(stage);
		}
	}
	mutex_unlock(&nat64_stage_lock);
}

/* Free the stage of a socket that is closed. Its requests have completed, so
 * nothing else adds or removes the stage.
 */
static int nat64_stage_event(struct notifier_block *nb, unsigned long event,
			     void *ptr)
{
	const struct netlink_notify *notify = ptr;
	struct nat64_stage *stage;

	if (event != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC ||
	    list_empty_careful(&nat64_stages))
		return NOTIFY_DONE;

	mutex_lock(&nat64_stage_lock);
	stage = nat64_stage_find(notify->net, notify->portid);
	if (stage)
		list_del(&stage->list);
	mutex_unlock(&nat64_stage_lock);
	if (stage)
		nat64_stage_free(stage);

	return NOTIFY_DONE;
}

static struct notifier_block nat64_stage_notifier = {
	.notifier_call = nat64_stage_event,
};

/**
 * nat64_nl_stage_init - register for notifications of closed sockets
 *
 * Return: 0 or a negative errno.
 */
int __init nat64_nl_stage_init(void)
{
	return netlink_register_notifier(&nat64_stage_notifier);
}

/**
 * nat64_nl_stage_exit - free all stages
 *
 * Context: process context, after the family was unregistered.
 */
void nat64_nl_stage_exit(void)
{
	struct nat64_stage *stage, *next;

	netlink_unregister_notifier(&nat64_stage_notifier);
	list_for_each_entry_safe(stage, next, &nat64_stages, list)
		nat64_stage_free(stage);
}

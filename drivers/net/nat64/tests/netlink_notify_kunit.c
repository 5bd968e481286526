// SPDX-License-Identifier: GPL-2.0-only
/*
 * nat64 - KUnit: events that cannot be built, and events of a listener's own
 * requests.
 */
#include <linux/module.h>
#include <linux/net.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "../nat64.h"
#include "../netlink-gen.h"
#include "../netlink-notify.h"
#include "../netlink.h"
#include "../table.h"
#include "helpers.h"

/**
 * struct notify_ctx - test context
 * @nat64: device, with the fields that events need
 * @table: table, likewise
 * @sock: listener to events of bindings
 * @portid: port ID of @sock
 * @buf: message buffer
 */
struct notify_ctx {
	struct nat64_dev nat64;
	struct nat64_table table;
	struct socket *sock;
	u32 portid;
	u8 buf[1024];
};

/* Receive a message as listener. */
static int notify_recv(struct notify_ctx *ctx)
{
	struct kvec vec = {
		.iov_base = ctx->buf,
		.iov_len = sizeof(ctx->buf),
	};
	struct msghdr msg = { };

	return kernel_recvmsg(ctx->sock, &msg, &vec, 1, vec.iov_len,
			      MSG_DONTWAIT);
}

/* Send an event caused by socket @portid. @err: error to simulate. */
static void notify_send(struct notify_ctx *ctx, u32 portid, int err)
{
	struct nat64_ntf ntf = {
		.table = &ctx->table,
		.group = NAT64_NLGRP_BINDING,
		.portid = portid,
	};

	local_bh_disable();
	nat64_ntf_begin(&ntf, NAT64_CMD_BINDING_NTF,
			NAT64_EVENT_BINDING_CREATE);
	if (err == -ENOMEM) {
		nlmsg_free(ntf.skb);
		ntf.skb = NULL;
		err = 0;
	}
	nat64_ntf_send(&ntf, err);
	local_bh_enable();
}

/* Expect an event with this sequence number. */
static void notify_expect(struct kunit *test, u64 seq, u32 portid)
{
	struct notify_ctx *ctx = test->priv;
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)ctx->buf;
	const struct nlattr *attr;
	int size;

	size = notify_recv(ctx);
	KUNIT_ASSERT_GT(test, size, 0);
	KUNIT_EXPECT_TRUE(test, nlmsg_ok(nlh, size));
	KUNIT_EXPECT_EQ(test, nlh->nlmsg_pid, portid);
	attr = nlmsg_find_attr(nlh, GENL_HDRLEN, NAT64_A_SEQ);
	KUNIT_ASSERT_NOT_NULL(test, attr);
	KUNIT_EXPECT_EQ(test, nla_get_u64(attr), seq);
	attr = nlmsg_find_attr(nlh, GENL_HDRLEN, NAT64_A_PORTID);
	if (portid) {
		KUNIT_ASSERT_NOT_NULL(test, attr);
		KUNIT_EXPECT_EQ(test, nla_get_u32(attr), portid);
	} else {
		KUNIT_EXPECT_NULL(test, attr);
	}
}

/* Listeners get -ENOBUFS. With a positive error, recv() would return 105. */
static void notify_no_memory(struct kunit *test)
{
	static const int errors[] = { -ENOMEM, -EMSGSIZE };
	struct notify_ctx *ctx = test->priv;
	int i;

	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		notify_send(ctx, 0, 0);
		notify_expect(test, 1 + 2 * i, 0);
		notify_send(ctx, 0, errors[i]);
		KUNIT_EXPECT_EQ(test, notify_recv(ctx), -ENOBUFS);
		KUNIT_EXPECT_EQ(test, notify_recv(ctx), -EAGAIN);
	}
	notify_send(ctx, 0, 0);
	notify_expect(test, 5, 0);
}

/* The requesting socket gets neither the event nor -ENOBUFS. */
static void notify_requester(struct kunit *test)
{
	struct notify_ctx *ctx = test->priv;

	notify_send(ctx, ctx->portid, 0);
	KUNIT_EXPECT_EQ(test, notify_recv(ctx), -EAGAIN);
	notify_send(ctx, ctx->portid, -ENOMEM);
	KUNIT_EXPECT_EQ(test, notify_recv(ctx), -EAGAIN);
	notify_send(ctx, ctx->portid ^ 1, 0);
	notify_expect(test, 3, ctx->portid ^ 1);
}

static int notify_listen(struct notify_ctx *ctx)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	int err, group = nat64_nl_family.mcgrp_offset + NAT64_NLGRP_BINDING;

	err = sock_create_kern(&init_net, AF_NETLINK, SOCK_RAW,
			       NETLINK_GENERIC, &ctx->sock);
	if (err)
		return err;
	err = kernel_bind(ctx->sock, (void *)&addr, sizeof(addr));
	if (err)
		return err;
	err = kernel_getsockname(ctx->sock, (void *)&addr);
	if (err < 0)
		return err;
	ctx->portid = addr.nl_pid;

	return ctx->sock->ops->setsockopt(ctx->sock, SOL_NETLINK,
					  NETLINK_ADD_MEMBERSHIP,
					  KERNEL_SOCKPTR(&group),
					  sizeof(group));
}

/* Some kernels run suites before module init, which registers the family. */
static bool notify_is_early(void)
{
	return THIS_MODULE->state == MODULE_STATE_COMING;
}

static int netlink_notify_suite_init(struct kunit_suite *suite)
{
	return notify_is_early() ? genl_register_family(&nat64_nl_family) : 0;
}

static void netlink_notify_suite_exit(struct kunit_suite *suite)
{
	if (notify_is_early())
		genl_unregister_family(&nat64_nl_family);
}

static int notify_init(struct kunit *test)
{
	struct notify_ctx *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return -ENOMEM;
	test->priv = ctx;
	ctx->nat64.dev = kunit_kzalloc(test, sizeof(*ctx->nat64.dev),
				       GFP_KERNEL);
	if (!ctx->nat64.dev)
		return -ENOMEM;
	dev_net_set(ctx->nat64.dev, &init_net);
	strscpy(ctx->nat64.dev->name, "kunit", sizeof(ctx->nat64.dev->name));
	ctx->nat64.table = &ctx->table;
	ctx->table.nat64 = &ctx->nat64;

	return notify_listen(ctx);
}

static void notify_exit(struct kunit *test)
{
	struct notify_ctx *ctx = test->priv;

	if (ctx && ctx->sock)
		sock_release(ctx->sock);
}

static struct kunit_case netlink_notify_cases[] = {
	KUNIT_CASE(notify_no_memory),
	KUNIT_CASE(notify_requester),
	{}
};

static struct kunit_suite netlink_notify_suite = {
	.name = "nat64_netlink_notify",
	.suite_init = netlink_notify_suite_init,
	.suite_exit = netlink_notify_suite_exit,
	.init = notify_init,
	.exit = notify_exit,
	.test_cases = netlink_notify_cases,
};

kunit_test_suite(netlink_notify_suite);

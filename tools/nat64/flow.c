// SPDX-License-Identifier: GPL-2.0
/*
 * nat64(8) - bindings and sessions: parse and add attributes, print.
 */
#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <linux/nat64_netlink.h>
#include <stdio.h>
#include <string.h>

#include "flow.h"
#include "nl.h"
#include "tool.h"

/* Names as in RFC 6146 section 3.5.2.2. */
static const char *const states[] = {
	[NAT64_TCP_STATE_V4_INIT] = "v4-init",
	[NAT64_TCP_STATE_V6_INIT] = "v6-init",
	[NAT64_TCP_STATE_ESTABLISHED] = "established",
	[NAT64_TCP_STATE_V4_FIN_RCV] = "v4-fin-rcv",
	[NAT64_TCP_STATE_V6_FIN_RCV] = "v6-fin-rcv",
	[NAT64_TCP_STATE_V4_V6_FIN_RCV] = "v4-v6-fin-rcv",
	[NAT64_TCP_STATE_TRANS] = "trans",
};

const char *state_text(uint8_t state)
{
	return state < ARRAY_SIZE(states) && states[state] ? states[state] :
							     "unknown";
}

/* Return false for another word, without an error message. */
bool state_parse(uint8_t *state, const char *word)
{
	size_t i;

	for (i = 1; i < ARRAY_SIZE(states); i++) {
		if (!strcmp(states[i], word)) {
			*state = i;
			return true;
		}
	}

	return false;
}

/* Common attributes have the same numbers. */
_Static_assert((int)NAT64_A_BINDING_PROTO == (int)NAT64_A_SESSION_PROTO &&
	       (int)NAT64_A_BINDING_ADDR6 == (int)NAT64_A_SESSION_ADDR6 &&
	       (int)NAT64_A_BINDING_PORT6 == (int)NAT64_A_SESSION_PORT6 &&
	       (int)NAT64_A_BINDING_ADDR4 == (int)NAT64_A_SESSION_ADDR4 &&
	       (int)NAT64_A_BINDING_PORT4 == (int)NAT64_A_SESSION_PORT4,
	       "attributes of bindings and sessions");

static bool get(void *to, const struct nlattr *attr, size_t size)
{
	if (!attr || mnl_attr_get_payload_len(attr) != size)
		return false;

	memcpy(to, mnl_attr_get_payload(attr), size);
	return true;
}

static void parse_binding(struct flow *flow, const struct nlattr **tb)
{
	flow->is_static = tb[NAT64_A_BINDING_STATIC];
	get(&flow->sessions, tb[NAT64_A_BINDING_SESSIONS],
	    sizeof(flow->sessions));
}

static bool parse_session(struct flow *flow, const struct nlattr **tb)
{
	uint32_t state = 0;

	get(&state, tb[NAT64_A_SESSION_STATE], sizeof(state));
	flow->state = state;
	get(&flow->rport, tb[NAT64_A_SESSION_REMOTE_PORT],
	    sizeof(flow->rport));
	get(&flow->remote6, tb[NAT64_A_SESSION_REMOTE6],
	    sizeof(flow->remote6));
	return get(&flow->remote, tb[NAT64_A_SESSION_REMOTE4],
		   sizeof(flow->remote)) &&
	       get(&flow->expires, tb[NAT64_A_SESSION_EXPIRES],
		   sizeof(flow->expires));
}

/* Parse a message. Return false if attributes are missing. */
bool flow_parse(struct flow *flow, const struct nlmsghdr *nlh,
		const struct flow_kind *kind)
{
	const struct nlattr *nest = nl_attr(nlh, GENL_HDRLEN, kind->attr);
	const struct nlattr *tb[32] = { }, *attr;

	if (!nest)
		return false;
	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) < ARRAY_SIZE(tb))
			tb[mnl_attr_get_type(attr)] = attr;

	memset(flow, 0, sizeof(*flow));
	if (!get(&flow->proto, tb[NAT64_A_BINDING_PROTO], 1) ||
	    !get(&flow->addr6, tb[NAT64_A_BINDING_ADDR6],
		 sizeof(flow->addr6)) ||
	    !get(&flow->port6, tb[NAT64_A_BINDING_PORT6],
		 sizeof(flow->port6)) ||
	    !get(&flow->addr4, tb[NAT64_A_BINDING_ADDR4],
		 sizeof(flow->addr4)) ||
	    !get(&flow->port4, tb[NAT64_A_BINDING_PORT4], sizeof(flow->port4)))
		return false;
	if (kind->sessions)
		return parse_session(flow, tb);

	parse_binding(flow, tb);
	return true;
}

/* Add the attribute of a request, with the fields that the command gives. */
void flow_put(struct nlmsghdr *nlh, const struct flow *flow,
	      const struct flow_kind *kind)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, kind->attr);

	mnl_attr_put_u8(nlh, NAT64_A_SESSION_PROTO, flow->proto);
	if (flow->has_host) {
		mnl_attr_put(nlh, NAT64_A_SESSION_ADDR6, sizeof(flow->addr6),
			     &flow->addr6);
		mnl_attr_put_u16(nlh, NAT64_A_SESSION_PORT6, flow->port6);
	}
	if (flow->has_pool) {
		mnl_attr_put_u32(nlh, NAT64_A_SESSION_ADDR4,
				 flow->addr4.s_addr);
		mnl_attr_put_u16(nlh, NAT64_A_SESSION_PORT4, flow->port4);
	}
	if (flow->is_static)
		mnl_attr_put(nlh, NAT64_A_BINDING_STATIC, 0, NULL);
	if (kind->sessions) {
		mnl_attr_put_u32(nlh, NAT64_A_SESSION_REMOTE4,
				 flow->remote.s_addr);
		if (flow->proto != IPPROTO_ICMP)
			mnl_attr_put_u16(nlh, NAT64_A_SESSION_REMOTE_PORT,
					 flow->rport);
		if (flow->state)
			mnl_attr_put_u32(nlh, NAT64_A_SESSION_STATE,
					 flow->state);
		if (flow->has_expires)
			mnl_attr_put_u32(nlh, NAT64_A_SESSION_EXPIRES,
					 flow->expires);
	}
	mnl_attr_nest_end(nlh, nest);
}

/* Format as "PROTO ADDR6#PORT ADDR4#PORT REMOTE4#PORT" without missing fields,
 * into @text of size FLOW_TEXT.
 */
const char *flow_text(const struct flow *flow, char *text,
		      const struct flow_kind *kind)
{
	char addr[INET6_ADDRSTRLEN];
	int at;

	inet_ntop(AF_INET6, &flow->addr6, addr, sizeof(addr));
	at = sprintf(text, "%s %s#%u", proto_text(flow->proto), addr,
		     ntohs(flow->port6));
	if (flow->has_pool) {
		inet_ntop(AF_INET, &flow->addr4, addr, sizeof(addr));
		at += sprintf(text + at, " %s#%u", addr, ntohs(flow->port4));
	}
	if (kind->sessions) {
		inet_ntop(AF_INET, &flow->remote, addr, sizeof(addr));
		at += sprintf(text + at, " %s", addr);
		if (flow->proto != IPPROTO_ICMP)
			sprintf(text + at, "#%u", ntohs(flow->rport));
	}

	return text;
}

static void print_remote(const struct flow *flow)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET, &flow->remote, text, sizeof(text));
	if (flow->proto == IPPROTO_ICMP)
		out_string("remote4", "%s", text);
	else
		out_endpoint("remote4", "remote_port", text,
			     ntohs(flow->rport));
	if (options.json) {
		inet_ntop(AF_INET6, &flow->remote6, text, sizeof(text));
		out_string("remote6", "%s", text);
	}
}

/* Print all fields except the device. */
void flow_print(const struct flow *flow, const struct flow_kind *kind)
{
	char text[INET6_ADDRSTRLEN];

	out_string("proto", "%s", proto_text(flow->proto));
	inet_ntop(AF_INET6, &flow->addr6, text, sizeof(text));
	out_endpoint("addr6", "port6", text, ntohs(flow->port6));
	inet_ntop(AF_INET, &flow->addr4, text, sizeof(text));
	out_endpoint("addr4", "port4", text, ntohs(flow->port4));

	if (kind->sessions) {
		print_remote(flow);
		if (flow->state)
			out_string("state", "%s", state_text(flow->state));
		out_uint("expires", "expires %llu", flow->expires);
	} else {
		out_bool("static", "static", flow->is_static);
		out_uint("sessions", "sessions %llu", flow->sessions);
	}
}

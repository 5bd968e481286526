// SPDX-License-Identifier: GPL-2.0-only
/* A plugin for QEMU's emulation, which counts how often each block of the
 * kernel's instructions is executed between two marks (mark.h). It changes
 * nothing in the guest. For guests with one CPU.
 *
 *	qemu-system-x86_64 -plugin count.so,out=FILE ...
 *
 * FILE gets a line "row NAME" for each row that was named, and then a line
 * "ADDRESS INSTRUCTIONS TIMES REPEATED" for each block that was executed. A
 * block of 8 instructions that was executed 3 times has executed 24, of which
 * REPEATED are further rounds of a string instruction: the emulation counts
 * each round of "rep stosb" as an instruction, a processor counts one.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mark.h"
#include "qemu-plugin.h"

/**
 * struct block - a translated block of the kernel
 * @next: the one translated before
 * @addr: of the first instruction
 * @insns: number of instructions
 * @times: executed since the start
 * @repeats: rounds of a string instruction since the start, but the first
 * @counted_times: @times at the stop
 * @counted_repeats: @repeats at the stop
 */
struct block {
	struct block *next;
	uint64_t addr;
	uint64_t insns;
	uint64_t times;
	uint64_t repeats;
	uint64_t counted_times;
	uint64_t counted_repeats;
};

/**
 * struct string - a string instruction in a block
 * @block: which it is in
 * @addr: of the instruction
 */
struct string {
	struct block *block;
	uint64_t addr;
};

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

static struct block *blocks;
static FILE *out;

/* blocks executed, of kernel and programs */
static uint64_t executed;
/* the string instruction executed last, in which of these blocks */
static uint64_t string_addr, string_executed;

static char row[256];
static size_t row_len;

static void *allocate(size_t size)
{
	void *memory = calloc(1, size);

	if (!memory) {
		fprintf(stderr, "count.so: no memory\n");
		exit(1);
	}
	return memory;
}

static void start(void)
{
	for (struct block *b = blocks; b; b = b->next) {
		b->times = 0;
		b->repeats = 0;
	}
}

static void stop(void)
{
	for (struct block *b = blocks; b; b = b->next) {
		b->counted_times = b->times;
		b->counted_repeats = b->repeats;
	}
}

static void save(void)
{
	fprintf(out, "row %s\n", row);
	for (struct block *b = blocks; b; b = b->next)
		if (b->counted_times)
			fprintf(out, "%" PRIx64 " %" PRIu64 " %" PRIu64
				" %" PRIu64 "\n", b->addr, b->insns,
				b->counted_times, b->counted_repeats);
	fflush(out);
}

static void exec_mark(unsigned int cpu, void *data)
{
	unsigned char nn = (uintptr_t)data;

	switch (nn) {
	case MARK_START:
		start();
		break;
	case MARK_STOP:
		stop();
		break;
	case MARK_END:
		row[row_len] = '\0';
		row_len = 0;
		save();
		break;
	default:
		if (row_len < sizeof(row) - 1)
			row[row_len++] = nn;
	}
}

/* The emulation executes one round, and jumps to the same instruction: the next
 * block that is executed begins with it, unless an interrupt comes first.
 */
static void exec_string(unsigned int cpu, void *data)
{
	struct string *s = data;

	if (s->addr == string_addr && executed == string_executed + 1)
		s->block->repeats++;
	string_addr = s->addr;
	string_executed = executed;
}

static bool is_mark(const uint8_t *code, size_t len)
{
	return len == 7 && code[0] == 0x0f && code[1] == 0x1f &&
	       code[2] == 0x80 && !memcmp(code + 4, "tan", 3);
}

/* MOVS, CMPS, STOS, LODS, SCAS, INS, OUTS with a prefix REP, REPE or REPNE,
 * among other prefixes
 */
static bool is_string(const uint8_t *code, size_t len)
{
	bool rep = false;
	size_t i;

	for (i = 0; i < len; i++) {
		if (code[i] == 0xf2 || code[i] == 0xf3)
			rep = true;
		else if (code[i] != 0x66 && code[i] != 0x67 &&
			 (code[i] & 0xf0) != 0x40)
			break;
	}
	if (!rep || i + 1 != len)
		return false;
	return (code[i] >= 0x6c && code[i] <= 0x6f) ||
	       (code[i] >= 0xa4 && code[i] <= 0xa7) ||
	       (code[i] >= 0xaa && code[i] <= 0xaf);
}

static void translate_kernel(struct qemu_plugin_tb *tb)
{
	size_t i, insns = qemu_plugin_tb_n_insns(tb);
	struct block *b = allocate(sizeof(*b));

	b->addr = qemu_plugin_tb_vaddr(tb);
	b->insns = insns;
	b->next = blocks;
	blocks = b;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64,
						 &b->times, 1);
	for (i = 0; i < insns; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		struct string *s;

		if (!is_string(qemu_plugin_insn_data(insn),
			       qemu_plugin_insn_size(insn)))
			continue;
		s = allocate(sizeof(*s));
		s->block = b;
		s->addr = qemu_plugin_insn_vaddr(insn);
		qemu_plugin_register_vcpu_insn_exec_cb(insn, exec_string,
						       QEMU_PLUGIN_CB_NO_REGS,
						       s);
	}
}

static void translate_program(struct qemu_plugin_tb *tb)
{
	size_t i, insns = qemu_plugin_tb_n_insns(tb);

	for (i = 0; i < insns; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		const uint8_t *code = qemu_plugin_insn_data(insn);
		void *nn;

		if (!is_mark(code, qemu_plugin_insn_size(insn)))
			continue;
		nn = (void *)(uintptr_t)code[3];
		qemu_plugin_register_vcpu_insn_exec_cb(insn, exec_mark,
						       QEMU_PLUGIN_CB_NO_REGS,
						       nn);
	}
}

static void translate(uint64_t id, struct qemu_plugin_tb *tb)
{
	qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64,
						 &executed, 1);
	/* the kernel has the upper half of the addresses */
	if (qemu_plugin_tb_vaddr(tb) >> 63)
		translate_kernel(tb);
	else
		translate_program(tb);
}

int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc,
			char **argv)
{
	if (argc != 1 || strncmp(argv[0], "out=", 4)) {
		fprintf(stderr, "count.so: one argument: out=FILE\n");
		return -1;
	}
	out = fopen(argv[0] + 4, "w");
	if (!out) {
		perror(argv[0] + 4);
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* Marks: instructions without effect, which a program executes in the guest and
 * the plugin recognizes. "nopl 0x6e6174NN(%rax)", NN is one of
 *   MARK_START   begin to count
 *   MARK_STOP    end
 *   characters   of the name of the row that was counted, MARK_END after it
 */
#ifndef MARK_H
#define MARK_H

#include <stdint.h>

#define MARK_START 1
#define MARK_STOP 2
#define MARK_END '\n'

/* Jump to the instruction of this mark. They are 16 bytes apart, and each is
 * "nopl 0x6e6174NN(%rax)".
 */
static inline void mark(uint64_t nn)
{
	uint64_t at;

	asm volatile("lea 1f(%%rip), %0\n\t"
		     "shl $4, %1\n\t"
		     "add %1, %0\n\t"
		     "jmp *%0\n\t"
		     ".balign 16\n"
		     "1:\n\t"
		     ".set nn, 0\n\t"
		     ".rept 128\n\t"
		     ".byte 0x0f, 0x1f, 0x80, nn, 0x74, 0x61, 0x6e\n\t"
		     "jmp 2f\n\t"
		     ".balign 16\n\t"
		     ".set nn, nn + 1\n\t"
		     ".endr\n"
		     "2:"
		     : "=&r" (at), "+r" (nn) : : "cc", "memory");
}

#endif

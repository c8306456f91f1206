/*
 * elf: checks that Lambda can start a program.
 */
#ifndef DOCTOR_ELF_H
#define DOCTOR_ELF_H

#include "util/err.h"
#include "util/str.h"

/* The number of bytes at the beginning of a program that elf_check() needs. */
#define ELF_HEAD (64 * 1024)

/*
 * Check that a program is static, that is, names no interpreter, and find its processor. `head` is
 * the first ELF_HEAD bytes of the program, or all of a shorter one. Returns the processor in
 * Lambda's terms, "x86_64" or "arm64", static; or NULL with a reason that continues the program's
 * name ("is not static…").
 */
const char *elf_check(struct str head, struct err *err);

#endif

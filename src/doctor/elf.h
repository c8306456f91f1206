/*
 * elf: whether a program is one that Lambda can start as it is.
 */
#ifndef DOCTOR_ELF_H
#define DOCTOR_ELF_H

#include "util/err.h"
#include "util/str.h"

/* Bytes from the begin of a program that elf_check() is to be given, if there are so many. */
#define ELF_HEAD (64 * 1024)

/*
 * See whether a program, of which `head` is the begin, is static (it names no interpreter), and for
 * which processor. Returns the processor as Lambda calls it, "x86_64" or "arm64", static; or NULL
 * with a reason.
 */
const char *elf_check(struct str head, struct err *err);

#endif

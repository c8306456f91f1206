#include "doctor/elf.h"

#include <elf.h>

/* The processor of a machine number, in Lambda's terms; NULL if Lambda does not have it. */
static const char *find_machine(unsigned number)
{
    return number == EM_X86_64 ? "x86_64" : number == EM_AARCH64 ? "arm64" : NULL;
}

/* Check that the program names no interpreter, that is, no dynamic linker. Returns 0 or -1 with a
 * reason. */
static int check_segments(struct str head, const Elf64_Ehdr *header, struct err *err)
{
    Elf64_Phdr segment;
    if (header->e_phentsize != sizeof segment || header->e_phoff > head.len ||
        header->e_phnum > (head.len - header->e_phoff) / sizeof segment)
        return err_set(err, "is truncated or damaged: run 'make lambda'");
    for (unsigned i = 0; i < header->e_phnum; i++) {
        memcpy(&segment, head.at + header->e_phoff + i * sizeof segment, sizeof segment);
        if (segment.p_type == PT_INTERP)
            return err_set(err, "is not static, and may need libraries that Lambda does not have: "
                                "link it with -static, or run 'make lambda'");
    }
    return 0;
}

const char *elf_check(struct str head, struct err *err)
{
    Elf64_Ehdr header;
    if (head.len < sizeof header || memcmp(head.at, ELFMAG, SELFMAG) != 0) {
        err_set(err, "is not an ELF program: run 'make lambda'");
        return NULL;
    }
    memcpy(&header, head.at, sizeof header);
    const char *machine =
        header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_ident[EI_DATA] == ELFDATA2LSB
            ? find_machine(header.e_machine)
            : NULL;
    if (!machine) {
        err_set(err, "is for a processor that Lambda does not have: run 'make lambda', which "
                     "builds for x86_64 and arm64");
        return NULL;
    }
    return check_segments(head, &header, err) ? NULL : machine;
}

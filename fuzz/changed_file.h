/*
 * changed_file: a good snapshot file in memory, which an input changes.
 *
 * Each change takes ten bytes: the kind, the place, and eight bytes of a new value. One kind adds or
 * changes a child of a node of the trie. ASan watches the file to its last byte, whatever its size is.
 * replaced.c lets snapshot_open() read this file.
 */
#ifndef FUZZ_CHANGED_FILE_H
#define FUZZ_CHANGED_FILE_H

#include "snapshot/content.h"
#include "util/str.h"

#include <stdbool.h>

#define CHANGED_FILE_PATH "/fuzz/snapshot"

/* The text that is cut. Nodes get children by labels that it has. */
#define CHANGED_FILE_TEXT                                                                          \
    "我来到北京清华大学，研究生命起源的C++ AT&T 1.5%aaaa\n一一一一一B超𠀀龥，清"

/* Whether libFuzzer is not told of comparisons. They take most of the time of a check that compares each
 * of 20,000 elements, and of segmenting, and teach little there. */
extern bool changed_file_untraced;

/* Make the changes. The first byte of the input says whether to correct size and checksums after them. */
void changed_file_apply(struct str input);

/* Undo the changes. */
void changed_file_undo(void);

/* The content, and its size now; NULL until the first change. */
char *changed_file_content(size_t *size);

/* The checksum of the content: that of the good file, unless a word or the size differs. */
uint64_t changed_file_sum(void);

/* Whether the input has moved no section, and changed nothing in a range of the file, in a section, or in
 * what is compiled from a part of the store. */
bool changed_file_keeps_range(struct snapshot_range range);
bool changed_file_keeps(enum snapshot_section which);
bool changed_file_keeps_part(enum snapshot_part part);

/* Let the snapshot have each section in memory of its own, so that ASan notices who reads behind one. Does
 * nothing where a section has moved. Undone by changed_file_undo(). */
void changed_file_set_apart(struct snapshot *snapshot);

#endif

/*
 * content: the content of a snapshot as pointers to its sections.
 */
#ifndef SNAPSHOT_CONTENT_H
#define SNAPSHOT_CONTENT_H

#include "segmenter/dict.h"
#include "segmenter/idf.h"
#include "snapshot/format.h"

#include <stddef.h>
#include <stdint.h>

/* Bytes of a revision: 16 hexadecimal digits, and a NUL. */
#define SNAPSHOT_REVISION_SIZE 17

/* All pointers lead into the mapping, or, while a snapshot is being compiled, into memory of the
 * compiler. sections.c knows which section each one belongs to. */
struct snapshot {
    const struct snapshot_header *header; /* The start of the mapping; NULL where none is mapped. */
    size_t size;                          /* The size of the mapping in bytes. */
    struct dict dict;                     /* The dictionary and the models. */
    struct idf weights;                   /* The weights of keywords, and the stop words. */
    const uint64_t *image_ends;           /* Where each URL ends in image_text. */
    const char *image_text;               /* The URLs. */
    size_t image_text_size;               /* The size of image_text in bytes. */
    const struct snapshot_list *lists;    /* The lists of images, by tag, ascending. */
    const struct snapshot_choice *choices;
    const struct snapshot_image_settings *image_settings;
    uint32_t n_images, n_lists, n_choices;

    /* The revision of the mapped file: the checksum of its sections. Two snapshots have the same one
     * where they have the same words, models and images, wherever each was compiled. Empty where none
     * is mapped. */
    char revision[SNAPSHOT_REVISION_SIZE];
};

#endif

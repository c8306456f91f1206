/*
 * format: the snapshot file.
 *
 *   offset 0      struct snapshot_header
 *   then          the sections, in the order of the enum, each at a multiple of SNAPSHOT_ALIGN,
 * zeros between
 *
 * Numbers have the byte order and the double format of the machine that wrote the file; `order`
 * tells a foreign one. The file is never changed after it has its name: a new one replaces it by
 * rename.
 */
#ifndef SNAPSHOT_FORMAT_H
#define SNAPSHOT_FORMAT_H

#include <stdint.h>

#define SNAPSHOT_MAGIC   "serverfl"  /* 8 bytes, no NUL */
#define SNAPSHOT_VERSION 3u          /* another layout has another number */
#define SNAPSHOT_ORDER   0x01020304u /* as a number */
#define SNAPSHOT_ALIGN   64u

enum snapshot_section {
    SNAPSHOT_UNITS,       /* dict_unit[]: the words' double array */
    SNAPSHOT_LOG_PROBS,   /* double[]: by probability index; the first is -inf, the second that of
                             freq 1 */
    SNAPSHOT_TAGS,        /* uint16_t[]: of each unit, a number of the next section's */
    SNAPSHOT_TAG_NAMES,   /* struct tag_name[]; the first is "x" */
    SNAPSHOT_HMM,         /* struct hmm_model, one */
    SNAPSHOT_POS,         /* struct pos_base, one, or none without a model */
    SNAPSHOT_POS_ENTRIES, /* uint32_t[]: what the model says of characters */
    SNAPSHOT_POS_LOGS,    /* double[]: its numbers; the first is LOG_ZERO */
    SNAPSHOT_IMAGE_ENDS,  /* uint64_t[]: where each URL ends in the next section */
    SNAPSHOT_IMAGE_TEXT,  /* the URLs, one after the other, no NUL */
    SNAPSHOT_IDF_VALUES,  /* double[]: inverse document frequencies; the first is their median */
    SNAPSHOT_IDF_BLOCKS,  /* uint32_t[]: the blocks of the next section; see segmenter/word_table.h
                           */
    SNAPSHOT_IDF_WORDS,   /* words with the index of their value */
    SNAPSHOT_STOP_BLOCKS, /* uint32_t[]: the blocks of the next section */
    SNAPSHOT_STOP_WORDS,  /* words in lower case that are no keywords */
    SNAPSHOT_FREQS,       /* int64_t[]: by probability index; the first is the total of all words */
    SNAPSHOT_PHRASES, /* dict_unit[]: the double array of words with spaces and symbols, or none */
    SNAPSHOT_PHRASE_TAGS, /* uint16_t[]: of each of its units, a number of SNAPSHOT_TAG_NAMES */
    SNAPSHOT_LISTS,       /* struct snapshot_list[]: of the images, by tag, ascending */
    SNAPSHOT_CHOICES, /* struct snapshot_choice[]: those of each list, one list after the other */
    SNAPSHOT_SECTIONS
};

#define SNAPSHOT_TAG_SIZE   64u      /* bytes of the longest tag */
#define SNAPSHOT_MAX_WEIGHT 1000000u /* of an image; a sum of weights then fits with ease */

/* The images of one tag. The first list has the empty tag and all images. */
struct snapshot_list {
    char tag[SNAPSHOT_TAG_SIZE]; /* UTF-8, NULs behind it */
    uint64_t total;              /* the sum of the weights */
    uint32_t first, n;           /* its choices: n >= 1 of them, from this one on */
};

/* An entry of an alias table, see choices.h. */
struct snapshot_choice {
    uint64_t threshold; /* 1 to the list's total */
    uint64_t end;       /* the sum of the weights up to this one, it included */
    uint32_t image;     /* its number */
    uint32_t alias;     /* the number of a choice of the same list */
};

/* What the store had counted when the snapshot was made; a section whose count is unchanged is
 * carried over from the snapshot before. */
struct snapshot_revisions {
    uint64_t store; /* a number of the store's own */
    uint64_t words, model, images, keywords;
};

struct snapshot_range {
    uint64_t offset, size; /* bytes from the begin of the file */
};

struct snapshot_header {
    char magic[8];
    uint32_t version, order;
    uint64_t file_size; /* bytes, the header included */
    uint64_t checksum;  /* XXH3, 64 bits, seed 0, of all that follows the header */
    struct snapshot_revisions revisions;
    struct snapshot_range sections[SNAPSHOT_SECTIONS];
    uint64_t header_checksum; /* XXH3 of all fields before it */
};

#endif

/*
 * format: the layout of the snapshot file.
 *
 *   offset 0      struct snapshot_header
 *   then          the sections, in the order of enum snapshot_section, each at a multiple of
 *                 SNAPSHOT_ALIGN, with zeros between them
 *
 * Numbers have the byte order and the floating-point format of the machine that wrote the file;
 * `order` identifies a file from another kind of machine. The file never changes once it has
 * its name: a new file replaces it by rename.
 *
 * To add a section:
 *   1. add its name to enum snapshot_section, at the end, and raise SNAPSHOT_VERSION;
 *   2. add a pointer to its elements, and their number, to struct snapshot (content.h);
 *   3. add its row to the table in sections.c, with its check in verify.c where it has indexes;
 *   4. set pointer and number where the part of the store that it belongs to is compiled
 *      (store/compile_*.c).
 * Mapping, writing, carrying over, fuzzing and the tests follow from the table. If the section can
 * be wrong while its checksum is right, add that defect to t/unit_snapshot.c.
 */
#ifndef SNAPSHOT_FORMAT_H
#define SNAPSHOT_FORMAT_H

#include <stdint.h>

#define SNAPSHOT_MAGIC   "serverfl"  /* 8 bytes, no NUL */
#define SNAPSHOT_VERSION 5u          /* the number of this layout */
#define SNAPSHOT_ORDER   0x01020304u /* as a number of this machine */
#define SNAPSHOT_ALIGN   64u         /* bytes */

enum snapshot_section {
    SNAPSHOT_UNITS,       /* dict_unit[]: the double array of the words */
    SNAPSHOT_LOG_PROBS,   /* double[], by probability index; [0] is -inf, [1] belongs to freq 1 */
    SNAPSHOT_TAGS,        /* uint16_t[], by unit: an index into SNAPSHOT_TAG_NAMES */
    SNAPSHOT_TAG_NAMES,   /* struct tag_name[]: the parts of speech; [0] is "x" */
    SNAPSHOT_HMM,         /* struct hmm_model, one */
    SNAPSHOT_POS,         /* struct pos_base, one; none where the store has no such model */
    SNAPSHOT_POS_ENTRIES, /* uint32_t[]: the entries of that model, by character */
    SNAPSHOT_POS_LOGS,    /* double[]: the log probabilities of the entries; [0] is LOG_ZERO */
    SNAPSHOT_IMAGE_ENDS,  /* uint64_t[]: where each URL ends in SNAPSHOT_IMAGE_TEXT */
    SNAPSHOT_IMAGE_TEXT,  /* char[]: the URLs, one after the other, without NUL */
    SNAPSHOT_IDF_VALUES,  /* double[]: inverse document frequencies; [0] is their median */
    SNAPSHOT_IDF_BLOCKS,  /* uint32_t[]: the blocks of SNAPSHOT_IDF_WORDS, see word_table.h */
    SNAPSHOT_IDF_WORDS,   /* uint8_t[]: words, each with an index into SNAPSHOT_IDF_VALUES */
    SNAPSHOT_STOP_BLOCKS, /* uint32_t[]: the blocks of SNAPSHOT_STOP_WORDS */
    SNAPSHOT_STOP_WORDS,  /* uint8_t[]: the words in lower case that are never keywords */
    SNAPSHOT_FREQS,       /* int64_t[], by probability index: frequencies; [0] is the total */
    SNAPSHOT_PHRASES,     /* dict_unit[]: the double array of words with spaces and symbols */
    SNAPSHOT_PHRASE_TAGS, /* uint16_t[], by unit of that: an index into SNAPSHOT_TAG_NAMES */
    SNAPSHOT_LISTS,       /* struct snapshot_list[]: the lists of images, by tag, ascending */
    SNAPSHOT_CHOICES,     /* struct snapshot_choice[]: the alias table of each list in turn */
    SNAPSHOT_FORBIDDEN_BLOCKS, /* uint32_t[]: the blocks of SNAPSHOT_FORBIDDEN_WORDS */
    SNAPSHOT_FORBIDDEN_WORDS,  /* uint8_t[]: the words that the model must not find */
    SNAPSHOT_IMAGE_SETTINGS,   /* struct snapshot_image_settings, one */
    SNAPSHOT_SECTIONS
};

#define SNAPSHOT_TAG_SIZE   64u      /* bytes of the longest tag */
#define SNAPSHOT_MAX_WEIGHT 1000000u /* the largest weight of an image; no sum of them overflows */

/* The images of one tag. The first list has the empty tag and all images. */
struct snapshot_list {
    char tag[SNAPSHOT_TAG_SIZE]; /* The tag in UTF-8, padded with NULs. */
    uint64_t total;              /* The sum of the weights. */
    uint32_t first;              /* The index of the first choice. */
    uint32_t n;                  /* The number of choices, at least 1. */
};

/* An entry of an alias table, see alias_table.h. */
struct snapshot_choice {
    uint64_t threshold; /* The threshold, 1 to the list's total. */
    uint64_t end;       /* The sum of the weights up to and including this choice. */
    uint32_t image;     /* The index of the image. */
    uint32_t alias;     /* The index of another choice within the same list. */
};

/* How images are answered. */
struct snapshot_image_settings {
    uint64_t redirect_no_referrer; /* Whether a redirect has Referrer-Policy: no-referrer. */
};

/* The parts of the store. Each has a revision number, which rises with every edit of the part. */
enum snapshot_part {
    SNAPSHOT_PART_WORDS,
    SNAPSHOT_PART_MODEL,
    SNAPSHOT_PART_IMAGES,
    SNAPSHOT_PART_KEYWORDS,
    SNAPSHOT_PARTS
};

/* The name of a part, as in the store's table `revision`. */
static inline const char *snapshot_part_name(enum snapshot_part part)
{
    static const char *const names[SNAPSHOT_PARTS] = {
        [SNAPSHOT_PART_WORDS] = "words",
        [SNAPSHOT_PART_MODEL] = "model",
        [SNAPSHOT_PART_IMAGES] = "images",
        [SNAPSHOT_PART_KEYWORDS] = "keywords",
    };
    return names[part];
}

/* The revisions that a snapshot was compiled from. A part whose revision is unchanged is carried
 * over from the previous snapshot. */
struct snapshot_revisions {
    uint64_t store;                 /* The random number that identifies the store. */
    uint64_t parts[SNAPSHOT_PARTS]; /* The revision of each part. */
};

struct snapshot_range {
    uint64_t offset; /* Bytes from the start of the file. */
    uint64_t size;   /* Bytes. */
};

struct snapshot_header {
    char magic[8];
    uint32_t version, order;
    uint64_t file_size; /* Bytes, including the header. */
    uint64_t checksum;  /* XXH3 (64 bits, seed 0) of everything behind the header. */
    struct snapshot_revisions revisions;
    struct snapshot_range sections[SNAPSHOT_SECTIONS];
    uint64_t header_checksum; /* XXH3 of all fields above. */
};

#endif

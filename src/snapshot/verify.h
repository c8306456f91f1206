/*
 * verify: the checks of the sections' content, which need every page of the file. Private to
 * src/snapshot; the table in sections.c says which check belongs to which section.
 *
 * Each check may rely on the sizes that sections_find() has compared, and on the checks of all
 * sections before its own in enum snapshot_section. It returns 0, or -1 with a reason that names the
 * element, such as "unit 5 has label 0".
 */
#ifndef SNAPSHOT_VERIFY_H
#define SNAPSHOT_VERIFY_H

#include "snapshot/content.h"
#include "util/err.h"

typedef int verify_section(const struct snapshot *snapshot, struct err *err);

verify_section verify_units;           /* Labels, bases and probability indexes of the words. */
verify_section verify_phrases;         /* The same of words with spaces and symbols. */
verify_section verify_tags;            /* The tag of each unit. */
verify_section verify_phrase_tags;     /* The same of words with spaces and symbols. */
verify_section verify_tag_names;       /* Names must be ASCII, which every response can hold. */
verify_section verify_pos;             /* The order of the entries, and the names. */
verify_section verify_pos_entries;     /* The index of each log probability. */
verify_section verify_image_ends;      /* Their order. */
verify_section verify_image_text;      /* URLs must be safe in a header. */
verify_section verify_idf_words;       /* Blocks, order, and the index of each value. */
verify_section verify_stop_words;      /* Blocks and order. */
verify_section verify_forbidden_words; /* The same. */
verify_section verify_lists;           /* Tags, and the range of choices. */
verify_section verify_choices;         /* The alias tables, and the index of each image. */

#endif

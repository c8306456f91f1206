#include "snapshot/counts.h"

static const struct {
    const char *name;
    enum snapshot_part part;
} tables[SNAPSHOT_TABLES] = {
    [SNAPSHOT_TABLE_WORDS] = {"words", SNAPSHOT_PART_WORDS},
    [SNAPSHOT_TABLE_IMAGES] = {"images", SNAPSHOT_PART_IMAGES},
    [SNAPSHOT_TABLE_IDF] = {"idf", SNAPSHOT_PART_KEYWORDS},
    [SNAPSHOT_TABLE_STOP_WORDS] = {"stop_words", SNAPSHOT_PART_KEYWORDS},
};

const char *snapshot_table_name(enum snapshot_table table)
{
    return tables[table].name;
}

enum snapshot_part snapshot_table_part(enum snapshot_table table)
{
    return tables[table].part;
}

/* Count the units of a double array that are words. */
static uint64_t count_words(const dict_unit *units, uint32_t n)
{
    uint64_t words = 0;
    for (uint32_t i = 0; i < n; i++)
        words += dict_unit_prob(units[i]) != 0;
    return words;
}

struct snapshot_counts snapshot_count_rows(const struct snapshot *snapshot)
{
    const struct dict *dict = &snapshot->dict;
    return (struct snapshot_counts){
        {[SNAPSHOT_TABLE_WORDS] =
             count_words(dict->units, dict->n_units) + count_words(dict->phrases, dict->n_phrases),
         [SNAPSHOT_TABLE_IMAGES] = snapshot->n_images,
         [SNAPSHOT_TABLE_IDF] = word_table_count(&snapshot->weights.idf),
         [SNAPSHOT_TABLE_STOP_WORDS] = word_table_count(&snapshot->weights.stop_words)}};
}

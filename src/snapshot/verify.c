#include "snapshot/verify.h"

#include "segmenter/pos.h"
#include "snapshot/images.h"

#include <string.h>

/* A walk adds a label below `n_labels` to a base and stops at a unit with another label. Label 0
 * stands for "no such label", so a unit that had it would be found by a character without one. */
static int verify_double_array(const dict_unit *units, uint32_t n, uint32_t n_labels,
                               uint32_t n_probs, struct err *err)
{
    for (uint32_t i = 0; i < n; i++) {
        if (dict_unit_label(units[i]) == 0)
            return err_set(err, "unit %u has label 0", i);
        if (dict_unit_base(units[i]) > n - n_labels)
            return err_set(err, "unit %u has its base outside the array", i);
        if (dict_unit_prob(units[i]) >= n_probs)
            return err_set(err, "unit %u has a probability index out of range", i);
    }
    return 0;
}

int verify_units(const struct snapshot *snapshot, struct err *err)
{
    const struct dict *dict = &snapshot->dict;
    return verify_double_array(dict->units, dict->n_units, DICT_LABELS, dict->n_probs, err);
}

int verify_phrases(const struct snapshot *snapshot, struct err *err)
{
    const struct dict *dict = &snapshot->dict;
    return verify_double_array(dict->phrases, dict->n_phrases, DICT_PHRASE_LABELS, dict->n_probs,
                               err);
}

static int verify_tag_indexes(const uint16_t *tags, uint32_t n, uint32_t n_names, struct err *err)
{
    for (uint32_t i = 0; i < n; i++) {
        if (tags[i] >= n_names)
            return err_set(err, "unit %u has a tag without a name", i);
    }
    return 0;
}

int verify_tags(const struct snapshot *snapshot, struct err *err)
{
    const struct dict *dict = &snapshot->dict;
    return verify_tag_indexes(dict->tags, dict->n_units, dict->n_tags, err);
}

int verify_phrase_tags(const struct snapshot *snapshot, struct err *err)
{
    const struct dict *dict = &snapshot->dict;
    return verify_tag_indexes(dict->phrase_tags, dict->n_phrases, dict->n_tags, err);
}

static int verify_names(const struct tag_name *names, uint32_t n, struct err *err)
{
    for (uint32_t i = 0; i < n; i++) {
        for (size_t k = 0; k < TAG_SIZE; k++) {
            if ((unsigned char)names[i].text[k] > 127)
                return err_set(err, "the name of tag %u is not ASCII", i);
        }
    }
    return 0;
}

int verify_tag_names(const struct snapshot *snapshot, struct err *err)
{
    return verify_names(snapshot->dict.tag_names, snapshot->dict.n_tags, err);
}

int verify_pos(const struct snapshot *snapshot, struct err *err)
{
    const struct pos_base *base = snapshot->dict.pos.base;
    if (!base)
        return 0;
    for (uint32_t i = 1; i < DICT_HAN_COUNT; i++) {
        if (base->ends[i] < base->ends[i - 1])
            return err_set(err, "the entries of character %u end before they begin", i);
    }
    return verify_names(base->names, POS_TAGS, err);
}

int verify_pos_entries(const struct snapshot *snapshot, struct err *err)
{
    const struct pos_model *pos = &snapshot->dict.pos;
    for (uint32_t i = 0; i < pos->n_entries; i++) {
        if (pos_entry_log(pos->entries[i]) >= pos->n_logs)
            return err_set(err, "entry %u has a log probability out of range", i);
    }
    return 0;
}

int verify_image_ends(const struct snapshot *snapshot, struct err *err)
{
    for (uint32_t i = 1; i < snapshot->n_images; i++) {
        if (snapshot->image_ends[i] < snapshot->image_ends[i - 1])
            return err_set(err, "image %u ends before it begins", i);
    }
    return 0;
}

int verify_image_text(const struct snapshot *snapshot, struct err *err)
{
    for (uint32_t i = 0; i < snapshot->n_images; i++) {
        if (!snapshot_is_url_safe(snapshot_image(snapshot, i)))
            return err_set(err, "image %u has a space or a control character in its URL", i);
    }
    return 0;
}

int verify_idf_words(const struct snapshot *snapshot, struct err *err)
{
    const struct idf *weights = &snapshot->weights;
    return word_table_verify(&weights->idf, 1, (uint32_t)weights->n_values, err);
}

int verify_stop_words(const struct snapshot *snapshot, struct err *err)
{
    return word_table_verify(&snapshot->weights.stop_words, 0, 1, err);
}

int verify_forbidden_words(const struct snapshot *snapshot, struct err *err)
{
    return word_table_verify(&snapshot->dict.forbidden, 0, 1, err);
}

/* A tag is found only where nothing but NULs follows it. */
static bool is_padded(const struct snapshot_list *list)
{
    size_t i = snapshot_list_tag(list).len;
    while (i < sizeof list->tag && list->tag[i] == '\0')
        i++;
    return i == sizeof list->tag;
}

int verify_lists(const struct snapshot *snapshot, struct err *err)
{
    for (uint32_t i = 0; i < snapshot->n_lists; i++) {
        const struct snapshot_list *list = &snapshot->lists[i];
        if (!is_padded(list))
            return err_set(err, "the tag of list %u has a NUL inside", i);
        if (i && memcmp(list[-1].tag, list->tag, sizeof list->tag) >= 0)
            return err_set(err, "the tag of list %u is out of order", i);
        if (list->n == 0 || list->first > snapshot->n_choices ||
            list->n > snapshot->n_choices - list->first)
            return err_set(err, "the choices of list %u are out of range", i);
    }
    return 0;
}

int verify_choices(const struct snapshot *snapshot, struct err *err)
{
    struct err reason;
    for (uint32_t i = 0; i < snapshot->n_lists; i++) {
        struct alias_table table = snapshot_list_table(snapshot, &snapshot->lists[i]);
        if (alias_table_verify(&table, &reason))
            return err_set(err, "list %u: %s", i, reason.text);
        for (uint32_t k = 0; k < table.n; k++) {
            if (table.choices[k].image >= snapshot->n_images)
                return err_set(err, "list %u: choice %u has no image", i, k);
        }
    }
    return 0;
}

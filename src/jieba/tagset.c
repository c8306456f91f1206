#include "jieba/tagset.h"

#include <stdbool.h>
#include <string.h>

void jieba_tagset_init(struct jieba_tagset *set)
{
    *set = (struct jieba_tagset){.n = 1, .names = {{"x"}}};
}

static bool is_printable(struct str tag)
{
    for (size_t i = 0; i < tag.len; i++) {
        if (tag.at[i] <= ' ' || tag.at[i] > '~')
            return false;
    }
    return true;
}

/* The slot of a name: the one that has it, or the free one where it belongs. FNV-1a, 32 bits. */
static uint16_t *find_slot(struct jieba_tagset *set, const struct jieba_tag_name *name)
{
    uint32_t hash = 0x811C9DC5u;
    for (size_t i = 0; i < JIEBA_TAG_SIZE; i++)
        hash = (hash ^ (unsigned char)name->text[i]) * 0x01000193u;
    size_t slot = hash % (2 * JIEBA_MAX_TAGS);
    while (set->slots[slot] && memcmp(&set->names[set->slots[slot]], name, sizeof *name) != 0)
        slot = (slot + 1) % (2 * JIEBA_MAX_TAGS);
    return &set->slots[slot];
}

int jieba_tagset_add(struct jieba_tagset *set, struct str tag, uint16_t *number, struct err *err)
{
    struct jieba_tag_name name = {{0}};
    *number = JIEBA_NO_TAG;
    if (tag.len == 0)
        return 0;
    if (tag.len > JIEBA_TAG_SIZE || !is_printable(tag))
        return err_set(err, "the tag '%.*s' is not 1 to %d printable ASCII characters",
                       (int)(tag.len < 40 ? tag.len : 40), tag.at, JIEBA_TAG_SIZE);
    memcpy(name.text, tag.at, tag.len);
    uint16_t *slot = find_slot(set, &name);
    if (!*slot) {
        if (set->n == JIEBA_MAX_TAGS)
            return err_set(err, "more than %d different tags", JIEBA_MAX_TAGS);
        *slot = (uint16_t)set->n;
        set->names[set->n++] = name;
    }
    *number = *slot;
    return 0;
}

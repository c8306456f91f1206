#include "lexicon/tagset.h"

#include <stdbool.h>
#include <string.h>

void tagset_init(struct tagset *set)
{
    *set = (struct tagset){.n = 1, .names = {{"x"}}};
}

static bool is_printable(struct str tag)
{
    for (size_t i = 0; i < tag.len; i++) {
        if (tag.at[i] <= ' ' || tag.at[i] > '~')
            return false;
    }
    return true;
}

/* Return the slot that has a tag, or the free one where it belongs. The hash is FNV-1a, 32 bits. */
static uint16_t *find_slot(struct tagset *set, const struct tag_name *name)
{
    uint32_t hash = 0x811C9DC5u;
    for (size_t i = 0; i < TAG_SIZE && name->text[i]; i++)
        hash = (hash ^ (unsigned char)name->text[i]) * 0x01000193u;
    size_t slot = hash % (2 * TAGSET_MAX);
    while (set->slots[slot] && memcmp(&set->names[set->slots[slot]], name, sizeof *name) != 0)
        slot = (slot + 1) % (2 * TAGSET_MAX);
    return &set->slots[slot];
}

int tagset_add(struct tagset *set, struct str tag, uint16_t *number, struct err *err)
{
    struct tag_name name = {{0}};
    *number = TAGSET_NO_TAG;
    if (tag.len == 0)
        return 0;
    if (tag.len > TAG_SIZE || !is_printable(tag))
        return err_set(err, "invalid tag '%.*s': use at most %d printable ASCII characters",
                       (int)(tag.len < 40 ? tag.len : 40), tag.at, TAG_SIZE);
    memcpy(name.text, tag.at, tag.len);
    uint16_t *slot = find_slot(set, &name);
    if (!*slot) {
        if (set->n == TAGSET_MAX)
            return err_set(err, "more than %d different tags", TAGSET_MAX);
        *slot = (uint16_t)set->n;
        set->names[set->n++] = name;
    }
    *number = *slot;
    return 0;
}

#include "snapshot/images.h"

struct str snapshot_image(const struct snapshot *snapshot, uint32_t i)
{
    uint64_t begin = i ? snapshot->image_ends[i - 1] : 0;
    return (struct str){snapshot->image_text + begin, snapshot->image_ends[i] - begin};
}

struct str snapshot_list_tag(const struct snapshot_list *list)
{
    return (struct str){list->tag, strnlen(list->tag, sizeof list->tag)};
}

struct alias_table snapshot_list_table(const struct snapshot *snapshot,
                                       const struct snapshot_list *list)
{
    return (struct alias_table){snapshot->choices + list->first, list->n, list->total};
}

/* Pad a tag with NULs, as lists have it. Returns false where no list can have the tag. */
static bool pad_tag(struct str tag, char key[SNAPSHOT_TAG_SIZE])
{
    if (tag.len > SNAPSHOT_TAG_SIZE || (tag.len && memchr(tag.at, '\0', tag.len)))
        return false;
    memset(key, 0, SNAPSHOT_TAG_SIZE);
    if (tag.len)
        memcpy(key, tag.at, tag.len);
    return true;
}

bool snapshot_find_list(const struct snapshot *snapshot, struct str tag, struct alias_table *table)
{
    char key[SNAPSHOT_TAG_SIZE];
    uint32_t low = 0, high = snapshot->n_lists;
    if (!pad_tag(tag, key))
        return false;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = memcmp(key, snapshot->lists[middle].tag, sizeof key);
        if (order == 0) {
            *table = snapshot_list_table(snapshot, &snapshot->lists[middle]);
            return true;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

bool snapshot_is_url_safe(struct str url)
{
    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.at[i];
        if (c <= ' ' || c == 0x7F)
            return false;
    }
    return true;
}

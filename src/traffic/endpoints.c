#include "traffic/endpoints.h"

#include "traffic/escape.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <xxhash.h>

#define NAME_SIZE 64      /* The most bytes of a path that name an endpoint. */
#define TEXT_SIZE 1024    /* The most bytes of a path that a pattern compares. */
#define SEEN      0x10000 /* Counters of first segments that have no endpoint yet. */
#define FREQUENT  8       /* The requests that make a first segment frequent. */
#define SLOTS     4096    /* Of the hash table of first segments; a power of two. */
#define MAX_NAMES 0x10000 /* The most endpoints in all. */

/* Most patterns have at most one "*", at an end, so that comparing bytes suffices. */
enum kind { KIND_EXACT, KIND_PREFIX, KIND_SUFFIX, KIND_GLOB };

struct pattern {
    enum kind kind;
    struct str
        text; /* What a path has at its beginning or its end, or the whole pattern, which ends with NUL. */
    char *copy; /* The pattern, owned. */
    int endpoint;
};

/* A first segment as it stands in paths. */
struct slot {
    char segment[NAME_SIZE];
    size_t len; /* 0: the slot is empty. */
    int endpoint;
};

struct endpoints {
    struct pattern *patterns; /* [n_patterns] */
    size_t n_patterns;
    char **names; /* [n] Owned. */
    int n;
    int mapped;   /* The first endpoints have names of patterns, ENDPOINTS_OTHER included. */
    int segments; /* The slots in use. */
    struct slot slots[SLOTS];
    unsigned char seen[SEEN]; /* The requests by the hash of their first segment, up to FREQUENT. */
};

/* Add an endpoint. Returns its number, or -1 without memory. */
static int add_name(struct endpoints *endpoints, const char *name)
{
    if (endpoints->n == MAX_NAMES)
        return -1;
    char **names = realloc(endpoints->names, ((size_t)endpoints->n + 1) * sizeof *names);
    if (!names)
        return -1;
    endpoints->names = names;
    names[endpoints->n] = strdup(name);
    return names[endpoints->n] ? endpoints->n++ : -1;
}

struct endpoints *endpoints_new(void)
{
    struct endpoints *endpoints = calloc(1, sizeof *endpoints);
    if (endpoints && add_name(endpoints, "other") != ENDPOINTS_OTHER) {
        endpoints_free(endpoints);
        return NULL;
    }
    if (endpoints)
        endpoints->mapped = endpoints->n;
    return endpoints;
}

void endpoints_free(struct endpoints *endpoints)
{
    if (!endpoints)
        return;
    for (size_t i = 0; i < endpoints->n_patterns; i++)
        free(endpoints->patterns[i].copy);
    for (int i = 0; i < endpoints->n; i++)
        free(endpoints->names[i]);
    free(endpoints->patterns);
    free(endpoints->names);
    free(endpoints);
}

/* Find the endpoint of a name, or add it. */
static int intern(struct endpoints *endpoints, const char *name)
{
    for (int i = 0; i < endpoints->n; i++) {
        if (!strcmp(endpoints->names[i], name))
            return i;
    }
    return add_name(endpoints, name);
}

/* Set kind and text of a pattern. */
static void classify(struct pattern *pattern)
{
    struct str text = str_of(pattern->copy);
    size_t specials = 0;
    for (size_t i = 0; i < text.len; i++)
        specials += strchr("*?[", text.at[i]) != NULL;
    bool is_suffix = specials == 1 && text.at[0] == '*';
    bool is_prefix = specials == 1 && text.at[text.len - 1] == '*';
    pattern->kind = is_suffix       ? KIND_SUFFIX
                    : is_prefix     ? KIND_PREFIX
                    : specials == 0 ? KIND_EXACT
                                    : KIND_GLOB;
    pattern->text = is_suffix   ? (struct str){text.at + 1, text.len - 1}
                    : is_prefix ? (struct str){text.at, text.len - 1}
                                : text;
}

int endpoints_add(struct endpoints *endpoints, const char *pattern, const char *name)
{
    struct pattern *more = realloc(endpoints->patterns, (endpoints->n_patterns + 1) * sizeof *more);
    if (!more)
        return -1;
    endpoints->patterns = more;
    struct pattern *added = &more[endpoints->n_patterns];
    *added = (struct pattern){.copy = strdup(pattern),
                              .endpoint = name ? intern(endpoints, name) : ENDPOINTS_STATIC};
    if (!added->copy)
        return -1;
    endpoints->n_patterns++;
    classify(added);
    endpoints->mapped = endpoints->n;
    return name && added->endpoint < 0 ? -1 : 0;
}

/* Whether a path matches the operator GLOB of SQLite. */
static bool matches_glob(const char *pattern, struct str path)
{
    char text[TEXT_SIZE];
    size_t n = path.len < sizeof text ? path.len : sizeof text - 1;
    memcpy(text, path.at, n);
    text[n] = '\0';
    return sqlite3_strglob(pattern, text) == 0;
}

static bool matches(const struct pattern *pattern, struct str path)
{
    struct str text = pattern->text;
    if (pattern->kind == KIND_GLOB)
        return matches_glob(text.at, path);
    if (text.len > path.len || (pattern->kind == KIND_EXACT && text.len < path.len))
        return false;
    size_t skip = pattern->kind == KIND_SUFFIX ? path.len - text.len : 0;
    return !memcmp(path.at + skip, text.at, text.len);
}

/* Return a path up to the end of its first segment. */
static struct str first_segment(struct str path)
{
    const char *slash = path.len > 1 ? memchr(path.at + 1, '/', path.len - 1) : NULL;
    size_t n = slash ? (size_t)(slash - path.at) : path.len;
    return (struct str){path.at, n < NAME_SIZE ? n : NAME_SIZE};
}

/* Find the endpoint that a first segment names, or add it. */
static int name_segment(struct endpoints *endpoints, struct str segment)
{
    char name[ESCAPE_SIZE(NAME_SIZE)];
    escape_text(segment, name, sizeof name);
    int endpoint = intern(endpoints, name);
    return endpoint < 0 ? ENDPOINTS_OTHER : endpoint;
}

/* Whether a new first segment becomes an endpoint. Half of them are kept for those that are frequent,
 * so that a scanner that asks for thousands of paths does not take all. */
static bool is_admitted(struct endpoints *endpoints, uint64_t hash)
{
    if (endpoints->segments < ENDPOINTS_SEGMENTS / 2)
        return true;
    unsigned char *seen = &endpoints->seen[(hash >> 32) % SEEN];
    *seen = (unsigned char)(*seen < FREQUENT ? *seen + 1 : *seen);
    return *seen == FREQUENT && endpoints->segments < ENDPOINTS_SEGMENTS;
}

/* Find the endpoint of a path that matches no pattern. */
static int find_segment(struct endpoints *endpoints, struct str path)
{
    struct str segment = first_segment(path);
    uint64_t hash = XXH3_64bits(segment.at, segment.len);
    size_t i = hash % SLOTS;
    struct slot *slot = &endpoints->slots[i];
    while (slot->len && !str_eq((struct str){slot->segment, slot->len}, segment)) {
        i = (i + 1) % SLOTS;
        slot = &endpoints->slots[i];
    }
    if (slot->len)
        return slot->endpoint;
    if (!is_admitted(endpoints, hash))
        return ENDPOINTS_OTHER;
    endpoints->segments++;
    memcpy(slot->segment, segment.at, segment.len);
    slot->len = segment.len;
    slot->endpoint = name_segment(endpoints, segment);
    return slot->endpoint;
}

int endpoints_find(struct endpoints *endpoints, struct str path)
{
    for (size_t i = 0; i < endpoints->n_patterns; i++) {
        if (matches(&endpoints->patterns[i], path))
            return endpoints->patterns[i].endpoint;
    }
    return find_segment(endpoints, path);
}

int endpoints_count(const struct endpoints *endpoints)
{
    return endpoints->n;
}

const char *endpoints_name(const struct endpoints *endpoints, int endpoint)
{
    return endpoints->names[endpoint];
}

bool endpoints_is_mapped(const struct endpoints *endpoints, int endpoint)
{
    return endpoint < endpoints->mapped;
}

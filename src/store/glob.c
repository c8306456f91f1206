#include "store/glob.h"

#include "util/utf8.h"

#include <stdlib.h>

#define MAX_RANGES 16

/* A pattern that was read: "*[...]*", some character of the text is in the set, or is not in it. */
struct pattern {
    bool is_set;       /* Whether it has this form; else the rest is unused. */
    bool is_inverted;  /* "*[^...]*" */
    uint64_t ascii[2]; /* The bitmap of the ASCII characters in the set. */
    size_t n;
    struct {
        uint32_t first, last;
    } ranges[MAX_RANGES]; /* [n] The others. */
};

static bool add_range(struct pattern *pattern, uint32_t first, uint32_t last)
{
    for (; first <= last && first < 128; first++)
        pattern->ascii[first / 64] |= (uint64_t)1 << first % 64;
    if (first > last)
        return true;
    if (pattern->n == MAX_RANGES)
        return false;
    pattern->ranges[pattern->n].first = first;
    pattern->ranges[pattern->n++].last = last;
    return true;
}

/* Decode the next character of a text. Returns false where that is not valid, or at the end. */
static bool next_character(struct str *text, uint32_t *code)
{
    size_t len = text->len ? utf8_read(text->at, text->len, code) : 0;
    *text = (struct str){text->at + len, text->len - len};
    return len > 0;
}

/* Read the characters of a set up to its "]", which `*text` begins with afterwards. In SQLite, a "]" at
 * the beginning is a member, and so is a "-" at either end or after a range. */
static bool read_set(struct pattern *pattern, struct str *text)
{
    uint32_t code, last, before = 0;
    if (text->len && *text->at == ']') {
        add_range(pattern, ']', ']');
        *text = (struct str){text->at + 1, text->len - 1};
    }
    while (text->len && *text->at != ']') {
        if (!next_character(text, &code))
            return false;
        bool is_range = code == '-' && before && text->len && *text->at != ']';
        last = code;
        if (is_range && !next_character(text, &last))
            return false;
        if (!add_range(pattern, is_range ? before : code, last))
            return false;
        before = is_range ? 0 : code;
    }
    return true;
}

static void read_pattern(struct pattern *pattern, const char *glob)
{
    *pattern = (struct pattern){.is_set = false};
    if (strncmp(glob, "*[", 2) != 0)
        return;
    pattern->is_inverted = glob[2] == '^';
    struct str rest = str_of(glob + (pattern->is_inverted ? 3 : 2));
    pattern->is_set = read_set(pattern, &rest) && str_is(rest, "]*");
}

static bool is_in_set(const struct pattern *pattern, uint32_t code)
{
    if (code < 128)
        return pattern->ascii[code / 64] >> code % 64 & 1;
    for (size_t i = 0; i < pattern->n; i++) {
        if (code >= pattern->ranges[i].first && code <= pattern->ranges[i].last)
            return true;
    }
    return false;
}

/* Whether a text matches. SQLite has its own way to read what is not UTF-8. */
static bool matches(const struct pattern *pattern, const char *glob, const char *text)
{
    struct str rest = str_of(text);
    uint32_t code;
    if (!pattern->is_set)
        return sqlite3_strglob(glob, text) == 0;
    bool found = false;
    while (next_character(&rest, &code))
        found |= is_in_set(pattern, code) != pattern->is_inverted;
    return rest.len > 0 ? sqlite3_strglob(glob, text) == 0 : found;
}

/* The SQL function glob(pattern, text), which is the operator. SQLite keeps what was read of a constant
 * pattern. */
static void sql_glob(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    const char *glob = (const char *)sqlite3_value_text(values[0]);
    const char *text = (const char *)sqlite3_value_text(values[1]);
    if (!glob || !text)
        return;
    struct pattern *kept = sqlite3_get_auxdata(context, 0), pattern;
    if (!kept)
        read_pattern(&pattern, glob);
    sqlite3_result_int(context, matches(kept ? kept : &pattern, glob, text));
    if (!kept && (kept = malloc(sizeof *kept))) {
        *kept = pattern;
        sqlite3_set_auxdata(context, 0, kept, free);
    }
}

int glob_add(sqlite3 *db)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    return sqlite3_create_function_v2(db, "glob", 2, flags, NULL, sql_glob, NULL, NULL, NULL);
}

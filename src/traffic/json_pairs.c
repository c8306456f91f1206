#include "traffic/json_pairs.h"

static void skip(struct str *rest, size_t n)
{
    *rest = (struct str){rest->at + n, rest->len - n};
}

static void skip_blanks(struct str *rest)
{
    while (rest->len > 0 && strchr(STR_SPACES, rest->at[0]) && rest->at[0])
        skip(rest, 1);
}

bool json_pairs_begin(struct json_pairs *pairs, struct str line)
{
    skip_blanks(&line);
    bool is_object = line.len > 0 && line.at[0] == '{';
    if (is_object)
        skip(&line, 1);
    *pairs = (struct json_pairs){line, true};
    return is_object;
}

/* Cut a string with its quotation marks off the front. Returns false where it has no end. */
static bool cut_string(struct str *rest, struct str *text)
{
    const char *begin = rest->at + 1, *end = rest->at + rest->len;
    for (const char *at = begin; at < end && (at = memchr(at, '"', (size_t)(end - at))); at++) {
        const char *slash = at;
        while (slash > begin && slash[-1] == '\\')
            slash--;
        if ((at - slash) % 2)
            continue;
        *text = (struct str){begin, (size_t)(at - begin)};
        skip(rest, (size_t)(at - rest->at) + 1);
        return true;
    }
    return false;
}

/* Cut an object or an array off the front. Returns false where it has no end. */
static bool cut_nested(struct str *rest, struct str *text)
{
    const char *begin = rest->at;
    struct str ignored;
    size_t depth = 0;
    while (rest->len > 0) {
        char c = rest->at[0];
        if (c == '"') {
            if (!cut_string(rest, &ignored))
                return false;
            continue;
        }
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        skip(rest, 1);
        if (depth == 0) {
            *text = (struct str){begin, (size_t)(rest->at - begin)};
            return true;
        }
    }
    return false;
}

/* Cut a number, a literal or nothing off the front. */
static void cut_word(struct str *rest, struct str *text)
{
    size_t n = 0;
    while (n < rest->len && rest->at[n] != ',' && rest->at[n] != '}')
        n++;
    *text = str_trim((struct str){rest->at, n}, STR_SPACES);
    skip(rest, n);
}

static bool cut_value(struct str *rest, struct json_pair *pair)
{
    skip_blanks(rest);
    char c = rest->len > 0 ? rest->at[0] : '\0';
    pair->is_string = c == '"';
    if (c == '"')
        return cut_string(rest, &pair->value);
    if (c == '{' || c == '[')
        return cut_nested(rest, &pair->value);
    cut_word(rest, &pair->value);
    return true;
}

/* Cut the character `c`, and the blanks around it, off the front. */
static bool cut_mark(struct str *rest, char c)
{
    skip_blanks(rest);
    if (rest->len == 0 || rest->at[0] != c)
        return false;
    skip(rest, 1);
    skip_blanks(rest);
    return true;
}

int json_pairs_next(struct json_pairs *pairs, struct json_pair *pair)
{
    struct str *rest = &pairs->rest;
    if (cut_mark(rest, '}'))
        return rest->len == 0 ? 0 : -1;
    if (!pairs->is_first && !cut_mark(rest, ','))
        return -1;
    pairs->is_first = false;
    skip_blanks(rest);
    if (rest->len == 0 || rest->at[0] != '"' || !cut_string(rest, &pair->name) ||
        !cut_mark(rest, ':') || !cut_value(rest, pair))
        return -1;
    return 1;
}

#include "api/misspelt.h"

#include <ctype.h>

/* The longest name that is compared, in bytes. */
#define LONGEST 24

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

static bool same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Return how many letters must be added, removed or replaced to make `a` of `b`. Both have at most
 * LONGEST bytes. */
static size_t edit_distance(struct str a, struct str b)
{
    size_t row[LONGEST + 1];
    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t replaced = diagonal + !same_letter(a.at[i - 1], b.at[j - 1]);
            diagonal = row[j];
            row[j] = least(replaced, row[j] + 1, row[j - 1] + 1);
        }
    }
    return row[b.len];
}

bool misspelt_is(struct str given, const char *wanted)
{
    struct str name = str_of(wanted);
    if (given.len < 2 || given.len > LONGEST || str_eq(given, name))
        return false;
    if (given.len < name.len && strncasecmp(given.at, wanted, given.len) == 0)
        return true;
    return edit_distance(given, name) <= 1 + name.len / 8;
}

static bool is_known(struct str name, const char *const *known)
{
    for (; *known; known++) {
        if (str_is(name, *known))
            return true;
    }
    return false;
}

bool misspelt_find(const struct url_params *params, json_t *object, const char *wanted,
                   const char *const *known, struct str *given)
{
    const char *key;
    size_t len;
    json_t *value;
    for (size_t i = 0; i < params->n; i++) {
        *given = params->at[i].name;
        if (!is_known(*given, known) && misspelt_is(*given, wanted))
            return true;
    }
    json_object_keylen_foreach(object, key, len, value)
    {
        *given = (struct str){key, len};
        if (!json_is_null(value) && !is_known(*given, known) && misspelt_is(*given, wanted))
            return true;
    }
    return false;
}

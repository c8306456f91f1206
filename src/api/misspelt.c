#include "api/misspelt.h"

#include <ctype.h>

/* The longest name that is compared, in bytes. */
#define LONGEST 24

/* Bytes of an option from which on a single wrong letter makes no other word of it, as it makes "code" of
 * "mode". */
#define LONG 5

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

/* Whether two names differ in two neighbouring letters alone, which have changed places. */
static bool is_transposed(struct str a, struct str b)
{
    size_t i = 0;
    while (i < a.len && i < b.len && same_letter(a.at[i], b.at[i]))
        i++;
    if (a.len != b.len || i + 2 > a.len || !same_letter(a.at[i], b.at[i + 1]) ||
        !same_letter(a.at[i + 1], b.at[i]))
        return false;
    return strncasecmp(a.at + i + 2, b.at + i + 2, a.len - i - 2) == 0;
}

/* Whether two names have the same letters, apart from case, '_' and '-'. */
static bool has_same_letters(struct str a, struct str b)
{
    size_t i = 0, j = 0;
    for (;; i++, j++) {
        while (i < a.len && (a.at[i] == '_' || a.at[i] == '-'))
            i++;
        while (j < b.len && (b.at[j] == '_' || b.at[j] == '-'))
            j++;
        if (i == a.len || j == b.len || !same_letter(a.at[i], b.at[j]))
            return i == a.len && j == b.len;
    }
}

bool misspelt_is(struct str given, const char *wanted)
{
    struct str name = str_of(wanted);
    if (given.len < 2 || given.len > LONGEST || str_eq(given, name))
        return false;
    if (given.len < name.len && strncasecmp(given.at, wanted, given.len) == 0)
        return true;
    return is_transposed(given, name) || edit_distance(given, name) <= 1 + name.len / 8;
}

bool misspelt_is_slip(struct str given, const char *wanted)
{
    struct str name = str_of(wanted);
    if (given.len < 2 || given.len > LONGEST || str_eq(given, name))
        return false;
    if (has_same_letters(given, name) || is_transposed(given, name))
        return true;
    if (given.len == name.len + 1 && strncasecmp(given.at, wanted, name.len) == 0)
        return true;
    return name.len >= LONG && edit_distance(given, name) == 1;
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

/* Whether a request has an option, among its parameters or as a member that is not null. */
static bool has_option(const struct url_params *params, const json_t *object, const char *option)
{
    const json_t *member = json_object_get(object, option);
    return (member && !json_is_null(member)) || url_param(params, option);
}

/* Return the option of a list that `name` is a slip for, and that the request lacks; NULL for none. */
static const char *find_slip(struct str name, const char *const *options,
                             const struct url_params *params, const json_t *object)
{
    for (; *options; options++) {
        if (misspelt_is_slip(name, *options) && !has_option(params, object, *options))
            return *options;
    }
    return NULL;
}

const char *misspelt_find_option(const struct url_params *params, json_t *object,
                                 const char *const *options, struct str *given)
{
    const char *key, *option = NULL;
    size_t len;
    json_t *value;
    for (size_t i = 0; i < params->n && !option; i++) {
        *given = params->at[i].name;
        option = find_slip(*given, options, params, object);
    }
    if (option)
        return option;
    json_object_keylen_foreach(object, key, len, value)
    {
        *given = (struct str){key, len};
        if (!json_is_null(value) && (option = find_slip(*given, options, params, object)))
            return option;
    }
    return NULL;
}

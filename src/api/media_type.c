#include "api/media_type.h"

/* Cut the part up to the next ';' outside quotes off the front of `rest`. Returns the part without
 * the blanks around it. */
static struct str cut_part(struct str *rest)
{
    bool quoted = false;
    size_t end = 0;
    if (rest->len == 0) /* rest->at may be NULL */
        return *rest;
    for (; end < rest->len && (quoted || rest->at[end] != ';'); end++) {
        if (rest->at[end] == '"')
            quoted = !quoted;
        else if (quoted && rest->at[end] == '\\' && end + 1 < rest->len)
            end++;
    }
    struct str part = {rest->at, end};
    size_t used = end < rest->len ? end + 1 : end;
    rest->at += used;
    rest->len -= used;
    return str_trim(part, STR_BLANKS);
}

/* Return whether a parameter "name=value" allows UTF-8: it is not a charset, or it is one that UTF-8
 * includes. */
static bool allows_utf8(struct str param)
{
    const char *equals = memchr(param.at, '=', param.len);
    size_t name_len = equals ? (size_t)(equals - param.at) : param.len;
    if (!str_is_nocase((struct str){param.at, name_len}, "charset"))
        return true;
    struct str value = {param.at + name_len, param.len - name_len};
    return str_is_nocase(value, "=utf-8") || str_is_nocase(value, "=\"utf-8\"") ||
           str_is_nocase(value, "=us-ascii") || str_is_nocase(value, "=\"us-ascii\"");
}

bool media_type_is(struct str header, const char *type)
{
    if (str_is_nocase(header, type)) /* most requests: no parameters to look at */
        return true;
    if (!str_is_nocase(cut_part(&header), type))
        return false;
    while (header.len > 0) {
        if (!allows_utf8(cut_part(&header)))
            return false;
    }
    return true;
}

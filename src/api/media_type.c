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
 * includes. Many clients write utf8, which is what they mean. */
static bool allows_utf8(struct str param)
{
    static const char *const charsets[] = {"utf-8", "utf8", "us-ascii"};
    if (!str_is_nocase(str_cut(&param, '='), "charset"))
        return true;
    if (param.len >= 2 && param.at[0] == '"' && param.at[param.len - 1] == '"')
        param = (struct str){param.at + 1, param.len - 2};
    for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++) {
        if (str_is_nocase(param, charsets[i]))
            return true;
    }
    return false;
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

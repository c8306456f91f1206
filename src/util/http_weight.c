#include "util/http_weight.h"

#include <ctype.h>

/* Read the value of q: 0 or 1, and up to three decimals. Returns 0 where it is invalid. */
static int read_value(struct str value)
{
    if (value.len < 1 || value.len > 5 || (value.at[0] != '0' && value.at[0] != '1') ||
        (value.len > 1 && value.at[1] != '.'))
        return 0;
    int weight = (value.at[0] - '0') * 1000;
    for (size_t i = 2, unit = 100; i < value.len; i++, unit /= 10) {
        if (!isdigit((unsigned char)value.at[i]))
            return 0;
        weight += (value.at[i] - '0') * (int)unit;
    }
    return weight <= 1000 ? weight : 0;
}

int http_weight_read(struct str parameters)
{
    while (parameters.len > 0) {
        struct str value = str_cut(&parameters, ';');
        struct str name = str_trim(str_cut(&value, '='), STR_BLANKS);
        if (str_is_nocase(name, "q"))
            return read_value(str_trim(value, STR_BLANKS));
    }
    return 1000;
}

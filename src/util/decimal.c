#include "util/decimal.h"

bool decimal_read(struct str text, uint64_t *value)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(text.at[i] - '0');
        sum = sum > (UINT64_MAX - digit) / 10 ? UINT64_MAX : sum * 10 + digit;
    }
    if (text.len > 0)
        *value = sum;
    return text.len > 0;
}

bool decimal_read_range(struct str text, unsigned min, unsigned max, unsigned *value)
{
    uint64_t number;
    if (!decimal_read(text, &number) || number < min || number > max)
        return false;
    *value = (unsigned)number;
    return true;
}

int decimal_parse(const char *name, const char *text, unsigned min, unsigned max, unsigned *value,
                  struct err *err)
{
    if (decimal_read_range(str_of(text), min, max, value))
        return 0;
    return err_set(err, "invalid %s '%.40s': use a whole number from %u to %u", name, text, min,
                   max);
}

#include "traffic/number.h"

#include "traffic/record.h"
#include "util/decimal.h"

#define MAX_BYTES      INT64_C(1000000000000000)
#define WHOLE_DIGITS   12
#define DECIMAL_DIGITS 9

static bool is_missing(struct str text)
{
    return text.len == 0 || (text.len == 1 && text.at[0] == '-');
}

bool number_bytes(struct str text, int64_t *bytes)
{
    uint64_t value = 0;
    *bytes = RECORD_NONE;
    if (is_missing(text))
        return true;
    if (!decimal_read(text, &value) || value > (uint64_t)MAX_BYTES)
        return false;
    *bytes = (int64_t)value;
    return true;
}

bool number_status(struct str text, int *status)
{
    *status = 0;
    if (is_missing(text))
        return true;
    return text.len == 3 && number_digits(text.at, 3, status) && (*status >= 100 || *status == 0);
}

/* Read the digits at the beginning of `*rest`, at most `most` of them, and cut them off. Returns their
 * number. */
static int cut_digits(struct str *rest, int most, int64_t *value)
{
    int n = 0;
    *value = 0;
    while (n < most && rest->len > 0 && rest->at[0] >= '0' && rest->at[0] <= '9') {
        *value = *value * 10 + (rest->at[0] - '0');
        *rest = (struct str){rest->at + 1, rest->len - 1};
        n++;
    }
    return n;
}

bool number_decimal(struct str text, int64_t unit, int64_t *value, int *decimals)
{
    int64_t whole, part = 0, ignored;
    int n = 0;
    if (!cut_digits(&text, WHOLE_DIGITS, &whole))
        return false;
    if (text.len > 0 && text.at[0] == '.') {
        text = (struct str){text.at + 1, text.len - 1};
        n = cut_digits(&text, DECIMAL_DIGITS, &part);
        while (cut_digits(&text, 1, &ignored))
            continue;
    }
    int64_t scale = 1;
    for (int i = 0; i < n; i++)
        scale *= 10;
    *value = whole * unit + part * unit / scale;
    if (decimals)
        *decimals = n;
    return text.len == 0;
}

int64_t number_duration(struct str text, int64_t unit)
{
    int64_t sum = RECORD_NONE, value;
    while (text.len > 0) {
        struct str list = str_cut(&text, ',');
        while (list.len > 0) {
            struct str part = str_trim(str_cut(&list, ':'), STR_BLANKS);
            if (number_decimal(part, unit, &value, NULL) && sum < INT64_MAX / 2)
                sum = (sum == RECORD_NONE ? 0 : sum) + value;
        }
    }
    return sum;
}

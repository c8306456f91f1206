#include "api/language.h"

#include <ctype.h>

/* Read the weight of a range, "q=0.8", in thousandths. Returns 1000 without one; 0, which excludes the
 * language, where it is invalid. */
static int read_weight(struct str params)
{
    params = str_trim(params, STR_BLANKS);
    if (params.len == 0)
        return 1000;
    if (params.len < 3 || params.len > 7 || tolower((unsigned char)params.at[0]) != 'q' ||
        params.at[1] != '=' || (params.at[2] != '0' && params.at[2] != '1'))
        return 0;
    int weight = (params.at[2] - '0') * 1000;
    for (size_t i = 4, unit = 100; i < params.len; i++, unit /= 10) {
        if (params.at[3] != '.' || !isdigit((unsigned char)params.at[i]))
            return 0;
        weight += (params.at[i] - '0') * (int)unit;
    }
    return weight <= 1000 ? weight : 0;
}

/* Return whether a range names the language `code`, two letters, with or without subtags. */
static bool names_language(struct str range, const char *code)
{
    return range.len >= 2 && str_is_nocase((struct str){range.at, 2}, code) &&
           (range.len == 2 || range.at[2] == '-');
}

bool language_is_chinese(struct str header)
{
    int chinese = 0, english = 0, any = 0;
    bool chinese_is_first = false, names_english = false;
    while (header.len > 0) {
        struct str params = str_cut(&header, ',');
        struct str range = str_trim(str_cut(&params, ';'), STR_BLANKS);
        int weight = read_weight(params);
        if (names_language(range, "zh") && weight > chinese) {
            chinese_is_first = weight > english;
            chinese = weight;
        } else if (names_language(range, "en")) {
            names_english = true;
            english = weight > english ? weight : english;
        } else if (str_is(range, "*")) {
            any = weight;
        }
    }
    if (!names_english)
        english = any;
    return chinese > english || (chinese > 0 && chinese == english && chinese_is_first);
}

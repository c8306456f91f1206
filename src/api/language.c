#include "api/language.h"

#include "util/http_weight.h"

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
        int weight = http_weight_read(params);
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

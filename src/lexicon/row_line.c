#include "lexicon/row_line.h"

#include "lexicon/csv.h"
#include "lexicon/jieba_files.h"
#include "util/decimal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

_Static_assert(JIEBA_FILES_NO_FREQ == ROW_NO_NUMBER,
               "a line without a frequency is a row without a number");

/* Splits a line, which is not empty, into the fields of a row. Returns 0, or -1 with a reason. */
typedef int line_splitter(struct str line, struct row *row, struct err *err);

int row_read_number(const char *name, struct str field, int64_t *number, struct err *err)
{
    uint64_t value;
    if (!decimal_read(field, &value) || value > INT64_MAX)
        return err_set(err, "invalid %s '%.*s': use a whole number / 必须是整数", name,
                       (int)(field.len < 100 ? field.len : 100), field.at);
    *number = (int64_t)value;
    return 0;
}

int row_read_idf(struct str field, bool comma, double *idf, struct err *err)
{
    char text[64], *end = text;
    snprintf(text, sizeof text, "%.*s", (int)(field.len < 64 ? field.len : 64), field.at);
    for (char *at = text; comma && *at; at++)
        *at = *at == ',' ? '.' : *at;
    if (field.len < sizeof text && strspn(text, "0123456789.eE+-") == field.len)
        *idf = strtod(text, &end);
    if (field.len == 0 || end != text + field.len)
        return err_set(err, "invalid idf '%.*s': use a number such as 5.25 / 必须是 5.25 这样的数",
                       (int)(field.len < 100 ? field.len : 100), field.at);
    return 0;
}

/* Cut the part before the first blanks off the front of `*rest`, and the blanks. */
static struct str cut_blanks(struct str *rest)
{
    size_t n = 0;
    while (n < rest->len && !memchr(STR_BLANKS, rest->at[n], strlen(STR_BLANKS)))
        n++;
    struct str part = {rest->at, n};
    *rest = str_trim((struct str){rest->at + n, rest->len - n}, STR_BLANKS);
    return part;
}

/* Whether a line without a header is CSV: a word, a comma or a semicolon, and a number. */
static bool looks_like_csv(struct str line)
{
    for (const char *separator = ",;"; *separator; separator++) {
        uint64_t number;
        struct str rest = line, word = str_cut(&rest, *separator);
        if (word.len > 0 && !isdigit((unsigned char)*word.at) &&
            decimal_read(str_cut(&rest, *separator), &number))
            return true;
    }
    return false;
}

/* Whether a line is CSV whose fields behind the word are empty. What has no letter first, such as
 * "&nbsp;", is none. */
static bool has_empty_field(struct str line)
{
    unsigned char first = (unsigned char)*line.at;
    for (const char *separator = ",;"; *separator; separator++) {
        struct str rest = line, word = str_cut(&rest, *separator);
        if (word.len < line.len && str_cut(&rest, *separator).len == 0)
            return isalnum(first) || first > 0x7F;
    }
    return false;
}

/* Refuse a line that is CSV. Returns -1 with a reason, which says how a line looks, and the first line
 * of CSV. */
static int refuse_csv(const char *expected, const char *header, struct err *err)
{
    return err_set(err,
                   "expected '%s'; CSV needs a first line with the names of its columns, such as "
                   "'%s' / 格式应为 '%s'；CSV 的第一行须是列名，如 '%s'",
                   expected, header, expected, header);
}

/* Refuse a line. Returns -1 with a reason, which says how a line looks. */
static int refuse_line(struct str line, const char *expected, struct err *err)
{
    if (looks_like_csv(line))
        return refuse_csv(expected, "word,freq,tag", err);
    return err_set(err, "expected '%s' / 格式应为 '%s'", expected, expected);
}

static int split_word_line(struct str line, struct row *row, struct err *err)
{
    struct str rest = line, number;
    row->key = cut_blanks(&rest);
    number = cut_blanks(&rest);
    row->tag = cut_blanks(&rest);
    if (number.len == 0)
        return refuse_line(line, "word freq [tag]", err);
    return row_read_number("frequency", number, &row->number, err);
}

static int split_user_line(struct str line, struct row *row, struct err *err)
{
    struct user_line fields;
    if (looks_like_csv(line))
        return refuse_line(line, "word [freq] [tag]", err);
    if (jieba_files_split_user_line(line, true, &fields, err))
        return -1;
    row->key = fields.word;
    row->number = fields.freq;
    row->tag = fields.tag;
    return 0;
}

static int split_url_line(struct str line, struct row *row, struct err *err)
{
    (void)err;
    row->key = line;
    return 0;
}

static int split_stop_word_line(struct str line, struct row *row, struct err *err)
{
    if (looks_like_csv(line) || has_empty_field(line))
        return refuse_csv("word", "word,note", err);
    row->key = line;
    return 0;
}

static int split_idf_line(struct str line, struct row *row, struct err *err)
{
    struct str rest = line, number;
    row->key = cut_blanks(&rest);
    number = cut_blanks(&rest);
    if (number.len == 0 || rest.len > 0)
        return refuse_line(line, "word idf", err);
    return row_read_idf(number, false, &row->idf, err);
}

static line_splitter *const splitters[ROW_KINDS] = {
    [ROW_WORD] = split_word_line, [ROW_USER_WORD] = split_user_line,
    [ROW_IMAGE] = split_url_line, [ROW_STOP_WORD] = split_stop_word_line,
    [ROW_IDF] = split_idf_line,
};

int row_split_line(enum row_kind kind, struct str line, struct row *row, struct err *err)
{
    *row = (struct row){
        .number = ROW_NO_NUMBER, .enabled = ROW_NO_NUMBER, .tag = {"", 0}, .note = {"", 0}};
    return splitters[kind](line, row, err);
}

bool row_is_image_csv(struct str line)
{
    for (const char *separator = ",;\t"; *separator; separator++) {
        uint64_t number;
        struct str rest = line, url = csv_trim(str_cut(&rest, *separator));
        bool is_url = url.len > 0 && !(*separator == ';' && memchr(url.at, ',', url.len));
        if (is_url && decimal_read(csv_trim(str_cut(&rest, *separator)), &number))
            return true;
    }
    return false;
}

#include "lexicon/jieba_files.h"

#include "util/buf.h"
#include "util/decimal.h"
#include "util/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_PATH  4096
#define MAX_MODEL (16 << 20) /* The most bytes of a model file; prob_emit.py has 1.3 million. */

/* Read the frequency of a line. */
static int read_freq(struct str field, int64_t *freq, struct err *err)
{
    uint64_t number;
    if (field.len == 0)
        return err_set(err, "expected 'word freq [tag]'");
    if (!decimal_read(field, &number) || number > INT64_MAX)
        return err_set(err, "invalid frequency '%.*s': use a whole number", (int)field.len,
                       field.at);
    *freq = (int64_t)number;
    return 0;
}

/* The sink of a file's lines. */
struct target {
    dict_line_sink *word;
    idf_line_sink *idf;
    void *arg;
};

/* Reads a line, and hands its fields to the target. */
typedef int line_reader(struct str line, const struct target *target, struct err *err);

/* Read a line of a dictionary. */
static int read_dict_line(struct str line, const struct target *target, struct err *err)
{
    int64_t freq = 0;
    struct str rest = str_trim(line, STR_SPACES);
    struct str word = str_cut(&rest, ' '), number = str_cut(&rest, ' ');
    if (read_freq(number, &freq, err))
        return -1;
    return target->word(target->arg, word, freq, str_cut(&rest, ' '), err);
}

/* The number of blanks at `i` that may separate two fields: jieba allows one space. */
static size_t count_blanks(struct str line, size_t i, bool lenient)
{
    size_t n = 0;
    while (i + n < line.len && (line.at[i + n] == ' ' || (lenient && line.at[i + n] == '\t'))) {
        n++;
        if (!lenient)
            break;
    }
    return n;
}

/* Match all of `rest` against "( [0-9]+)?( [a-z]+)?", the end of jieba's re_userdict. */
static bool match_tail(struct str rest, bool lenient, struct str *number, struct str *tag)
{
    size_t i = 0, begin = count_blanks(rest, 0, lenient);
    *number = *tag = (struct str){rest.at, 0};
    if (begin > 0 && begin < rest.len && isdigit((unsigned char)rest.at[begin])) {
        for (i = begin; i < rest.len && isdigit((unsigned char)rest.at[i]); i++)
            ;
        *number = (struct str){rest.at + begin, i - begin};
    }
    begin = i + count_blanks(rest, i, lenient);
    if (begin > i && begin < rest.len && islower((unsigned char)rest.at[begin])) {
        for (i = begin; i < rest.len && islower((unsigned char)rest.at[i]); i++)
            ;
        *tag = (struct str){rest.at + begin, i - begin};
    }
    return i == rest.len;
}

int jieba_files_split_user_line(struct str line, bool lenient, struct user_line *fields,
                                struct err *err)
{
    struct str word = str_trim(line, STR_SPACES), number = {"", 0}, tag = {"", 0};
    int64_t freq = JIEBA_FILES_NO_FREQ;
    while (word.len >= 3 && !memcmp(word.at, "\xEF\xBB\xBF", 3))
        word = (struct str){word.at + 3, word.len - 3};
    for (size_t i = 1; i < word.len; i++) {
        if (!count_blanks(word, i, lenient) || (lenient && count_blanks(word, i - 1, true)))
            continue;
        if (match_tail((struct str){word.at + i, word.len - i}, lenient, &number, &tag)) {
            word.len = i;
            break;
        }
        number.len = tag.len = 0;
    }
    if (number.len && read_freq(number, &freq, err))
        return -1;
    *fields = (struct user_line){word, freq, tag};
    return 0;
}

/* Read a line of a user dictionary. */
static int read_user_line(struct str line, const struct target *target, struct err *err)
{
    struct user_line fields;
    if (jieba_files_split_user_line(line, false, &fields, err))
        return -1;
    if (fields.word.len == 0)
        return 0;
    return target->word(target->arg, fields.word, fields.freq, fields.tag, err);
}

/* Read a line of idf.txt. strtod() stops at the white space, or the NUL of getline(), after the
 * number. */
static int read_idf_line(struct str line, const struct target *target, struct err *err)
{
    struct str rest = str_trim(line, STR_SPACES);
    struct str word = str_cut(&rest, ' ');
    char *end = NULL;
    double idf = 0;
    if (rest.len && strspn(rest.at, "0123456789.eE+-") >= rest.len)
        idf = strtod(rest.at, &end);
    if (end != rest.at + rest.len)
        return err_set(err, "expected 'word idf'");
    return target->idf(target->arg, word, idf, err);
}

static int read_lines(FILE *file, const char *path, line_reader *reader,
                      const struct target *target, struct err *err)
{
    char *line = NULL;
    size_t cap = 0, number = 1;
    int status = 0;
    for (ssize_t n; !status && (n = getline(&line, &cap, file)) >= 0; number++) {
        struct err reason;
        if (reader((struct str){line, (size_t)n}, target, &reason))
            status = err_set(err, "%s, line %zu: %s", path, number, reason.text);
    }
    if (!status && ferror(file))
        status = err_errno(err, "cannot read %s", path);
    free(line);
    return status;
}

/* Read the lines of a file. */
static int read_file(const char *path, line_reader *reader, struct target target, struct err *err)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return err_errno(err, "cannot open %s", path);
    int status = read_lines(file, path, reader, &target, err);
    fclose(file);
    return status;
}

int jieba_files_read_dict(const char *path, dict_line_sink *sink, void *arg, struct err *err)
{
    return read_file(path, read_dict_line, (struct target){.word = sink, .arg = arg}, err);
}

int jieba_files_read_userdict(const char *path, dict_line_sink *sink, void *arg, struct err *err)
{
    return read_file(path, read_user_line, (struct target){.word = sink, .arg = arg}, err);
}

int jieba_files_read_idf(const char *path, idf_line_sink *sink, void *arg, struct err *err)
{
    return read_file(path, read_idf_line, (struct target){.idf = sink, .arg = arg}, err);
}

/* Set `text` to the text of a file, with each "'" replaced by '"'. */
static int read_with_double_quotes(const char *path, struct buf *text, struct err *err)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return err_errno(err, "cannot open %s", path);
    char *to = buf_reserve(text, MAX_MODEL);
    text->len = to ? fread(to, 1, MAX_MODEL, file) : 0;
    int status = ferror(file) ? err_errno(err, "cannot read %s", path)
                 : !to        ? err_set(err, "out of memory for %s", path)
                              : 0;
    fclose(file);
    for (size_t i = 0; i < text->len; i++) {
        if (text->at[i] == '\'')
            text->at[i] = '"';
    }
    return status;
}

/* Hand each "word" of a Python literal to the sink. */
static int read_quoted_words(struct str text, stop_word_sink *sink, void *arg, struct err *err)
{
    const char *end = text.at + text.len, *open, *close;
    for (const char *at = text.at; at < end; at = close + 1) {
        open = memchr(at, '"', (size_t)(end - at));
        close = open ? memchr(open + 1, '"', (size_t)(end - open - 1)) : NULL;
        if (!close)
            return 0;
        if (sink(arg, (struct str){open + 1, (size_t)(close - open - 1)}, err))
            return -1;
    }
    return 0;
}

int jieba_files_read_stop_words(const char *path, stop_word_sink *sink, void *arg, struct err *err)
{
    static const char begin[] = "STOP_WORDS = set((", end[] = "))";
    struct buf text = {0};
    int status = read_with_double_quotes(path, &text, err);
    struct str file = buf_str(&text);
    const char *from = memmem(file.at, file.len, begin, strlen(begin));
    const char *to =
        from ? memmem(from, file.len - (size_t)(from - file.at), end, strlen(end)) : NULL;
    if (!status)
        status = to ? read_quoted_words((struct str){from, (size_t)(to - from)}, sink, arg, err)
                    : err_set(err, "%s has no '%s...%s'", path, begin, end);
    buf_free(&text);
    return status;
}

/* Parse the Python dict after `P=`, which has only strings, dicts and numbers: with double quotes
 * it is JSON. Returns NULL with a reason on failure. */
static json_t *parse_literal(const char *path, struct str text, struct err *err)
{
    const char *begin = memmem(text.at, text.len, "P={", 3);
    json_error_t error;
    if (!begin) {
        err_set(err, "%s has no line 'P={...'", path);
        return NULL;
    }
    begin += 2;
    json_t *root = json_loadb(begin, text.len - (size_t)(begin - text.at),
                              JSON_DECODE_INT_AS_REAL | JSON_DISABLE_EOF_CHECK, &error);
    if (!root)
        err_set(err, "%s, line %d of its dict: %s", path, error.line, error.text);
    return root;
}

static json_t *read_literal(const char *directory, const char *name, struct err *err)
{
    char path[MAX_PATH];
    struct buf text = {0};
    if (snprintf(path, sizeof path, "%s/finalseg/%s", directory, name) >= (int)sizeof path) {
        err_set(err, "the name of the directory '%.40s…' is too long", directory);
        return NULL;
    }
    json_t *root =
        read_with_double_quotes(path, &text, err) ? NULL : parse_literal(path, buf_str(&text), err);
    buf_free(&text);
    return root;
}

/* The number of a key, or LOG_ZERO if the dict has none. */
static double log_of_key(const json_t *dict, const char *key)
{
    const json_t *value = json_object_get(dict, key);
    return json_is_number(value) ? json_number_value(value) : LOG_ZERO;
}

/* Set the emissions of a state. */
static void set_emissions(const json_t *emit, enum hmm_state state, struct hmm_model *model)
{
    for (uint32_t han = 0; han < DICT_HAN_COUNT; han++)
        model->emit[han][state] = LOG_ZERO;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)emit, key, value)
    {
        uint32_t code;
        if (utf8_read(key, strlen(key), &code) && label_is_han(dict_label(code)))
            model->emit[code - DICT_FIRST_HAN][state] = json_number_value(value);
    }
}

static void set_model(const json_t *start, const json_t *trans, const json_t *emit,
                      struct hmm_model *model)
{
    static const char *const states[HMM_STATES] = {
        [HMM_B] = "B", [HMM_M] = "M", [HMM_E] = "E", [HMM_S] = "S"};
    for (int i = 0; i < HMM_STATES; i++) {
        model->start[i] = log_of_key(start, states[i]);
        for (int to = 0; to < HMM_STATES; to++)
            model->trans[i][to] = log_of_key(json_object_get(trans, states[i]), states[to]);
        set_emissions(json_object_get(emit, states[i]), (enum hmm_state)i, model);
    }
}

int jieba_files_read_hmm(const char *directory, struct hmm_model *model, struct err *err)
{
    json_t *start = read_literal(directory, "prob_start.py", err);
    json_t *trans = start ? read_literal(directory, "prob_trans.py", err) : NULL;
    json_t *emit = trans ? read_literal(directory, "prob_emit.py", err) : NULL;
    if (emit)
        set_model(start, trans, emit, model);
    json_decref(start);
    json_decref(trans);
    json_decref(emit);
    return emit ? 0 : -1;
}

/*
 * A file has `P=` and a Python literal: a dict whose keys are states, ('B', 'n'), or characters,
 * '\u4e00', and whose values are numbers, such dicts, or tuples of states.
 */
#include "lexicon/posseg_files.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_PATH   4096
#define MAX_FILE   (16 << 20) /* The most bytes of a file; prob_emit.py has 4 million. */
#define MAX_STRING 16         /* The most bytes of a string. */

/* A string of the literal, in UTF-8. */
struct text {
    char at[MAX_STRING];
    size_t len;
};

struct state {
    struct text place, tag;
};

struct reader {
    const char *path;
    char *begin; /* The text of the file, with a NUL at its end. */
    char *at;    /* The next character to read. */
    posseg_sink *sink;
    void *arg;
    struct err *err;
};

/* Set the reason, with the file and the current line. Returns -1. */
static int syntax_error(struct reader *reader, const char *wrong)
{
    size_t line = 1;
    for (const char *at = reader->begin; at < reader->at; at++)
        line += *at == '\n';
    return err_set(reader->err, "%s, line %zu: %s", reader->path, line, wrong);
}

/* Skip white space, and then `c` if it is the next character. Returns whether it was. */
static bool skip_char(struct reader *reader, char c)
{
    while (isspace((unsigned char)*reader->at))
        reader->at++;
    if (*reader->at != c)
        return false;
    reader->at++;
    return true;
}

/* Skip white space and `c`, which must be the next character. */
static int expect_char(struct reader *reader, char c)
{
    char wrong[] = "expected '?'";
    wrong[sizeof "expected '" - 1] = c;
    return skip_char(reader, c) ? 0 : syntax_error(reader, wrong);
}

/* Append a character from U+0080 to U+FFFF. */
static void add_code(struct text *text, unsigned long code)
{
    if (code >= 0x800) {
        text->at[text->len++] = (char)(0xE0 | code >> 12);
        text->at[text->len++] = (char)(0x80 | (code >> 6 & 0x3F));
    } else {
        text->at[text->len++] = (char)(0xC0 | code >> 6);
    }
    text->at[text->len++] = (char)(0x80 | (code & 0x3F));
}

/* Read the four digits of an escape, \uXXXX. */
static int read_escape(struct reader *reader, struct text *text)
{
    char digits[5] = "", *end;
    memcpy(digits, reader->at, strnlen(reader->at, 4));
    unsigned long code = strtoul(digits, &end, 16);
    if (end != digits + 4 || code < 0x80)
        return syntax_error(reader,
                            "invalid escape: use \\u and four hexadecimal digits, 0080 or more");
    reader->at += 4;
    add_code(text, code);
    return 0;
}

static int read_string(struct reader *reader, struct text *text)
{
    text->len = 0;
    if (expect_char(reader, '\''))
        return -1;
    while (*reader->at != '\'') {
        if ((unsigned char)*reader->at < ' ' || text->len > MAX_STRING - 3)
            return syntax_error(reader, "a string is too long or has no end");
        char c = *reader->at++;
        if (c != '\\')
            text->at[text->len++] = c;
        else if (*reader->at++ != 'u')
            return syntax_error(
                reader, "invalid escape: use \\u and four hexadecimal digits, 0080 or more");
        else if (read_escape(reader, text))
            return -1;
    }
    reader->at++;
    return 0;
}

static int read_state(struct reader *reader, struct state *state)
{
    return expect_char(reader, '(') || read_string(reader, &state->place) ||
                   expect_char(reader, ',') || read_string(reader, &state->tag) ||
                   expect_char(reader, ')')
               ? -1
               : 0;
}

static int read_number(struct reader *reader, double *number)
{
    char *end;
    *number = strtod(reader->at, &end);
    if (end == reader->at)
        return syntax_error(reader, "expected a number");
    reader->at = end;
    return 0;
}

/* The name of a state, borrowed. */
static struct pos_name state_name(const struct state *state)
{
    return (struct pos_name){{state->place.at, state->place.len}, {state->tag.at, state->tag.len}};
}

/* Hand a row to the sink. */
static int give_row(struct reader *reader, const struct pos_row *row)
{
    struct err reason;
    if (!reader->sink(reader->arg, row, &reason))
        return 0;
    return syntax_error(reader, reason.text);
}

/* Reads the value of a key. `row` has what the keys around it say. */
typedef int value_reader(struct reader *reader, struct pos_row *row);

/* Read a number, the last part of a row. */
static int read_log(struct reader *reader, struct pos_row *row)
{
    return read_number(reader, &row->log) || give_row(reader, row) ? -1 : 0;
}

/* Read a dict whose keys are states, which go into `*state`; or characters, if `state` is NULL. */
static int read_dict(struct reader *reader, struct pos_row *row, struct pos_name *state,
                     value_reader *value)
{
    if (expect_char(reader, '{'))
        return -1;
    while (!skip_char(reader, '}')) {
        struct state key;
        struct text character;
        if (state ? read_state(reader, &key) : read_string(reader, &character))
            return -1;
        if (state)
            *state = state_name(&key);
        else
            row->character = (struct str){character.at, character.len};
        if (expect_char(reader, ':') || value(reader, row))
            return -1;
        skip_char(reader, ',');
    }
    return 0;
}

/* Read a dict from the next states to numbers. */
static int read_next_states(struct reader *reader, struct pos_row *row)
{
    return read_dict(reader, row, &row->next, read_log);
}

/* Read a dict from characters to numbers. */
static int read_characters(struct reader *reader, struct pos_row *row)
{
    return read_dict(reader, row, NULL, read_log);
}

/* Read a tuple of the states that a character is listed with. */
static int read_listed_states(struct reader *reader, struct pos_row *row)
{
    if (expect_char(reader, '('))
        return -1;
    while (!skip_char(reader, ')')) {
        struct state state;
        if (read_state(reader, &state))
            return -1;
        row->state = state_name(&state);
        if (give_row(reader, row))
            return -1;
        skip_char(reader, ',');
    }
    return 0;
}

static const struct file {
    const char *name;
    value_reader *value; /* Reads the values of the outer dict. */
    bool of_characters;  /* Whether the keys of the outer dict are characters. */
} files[] = {
    [POS_ROW_START] = {"prob_start.py", read_log, false},
    [POS_ROW_TRANS] = {"prob_trans.py", read_next_states, false},
    [POS_ROW_EMIT] = {"prob_emit.py", read_characters, false},
    [POS_ROW_LIST] = {"char_state_tab.py", read_listed_states, true},
};

static int read_literal(struct reader *reader, enum pos_row_kind kind)
{
    struct pos_row row = {.kind = kind};
    char *literal = strstr(reader->begin, "P={");
    if (!literal)
        return err_set(reader->err, "%s has no line 'P={...'", reader->path);
    reader->at = literal + 2;
    return read_dict(reader, &row, files[kind].of_characters ? NULL : &row.state,
                     files[kind].value);
}

/* Return the text of a file with a NUL at its end, which the caller frees; or NULL with a
 * reason. */
static char *read_text(const char *path, struct err *err)
{
    FILE *file = fopen(path, "r");
    char *text = malloc(MAX_FILE + 1);
    size_t len = file && text ? fread(text, 1, MAX_FILE, file) : 0;
    bool good = file && text && !ferror(file);
    if (!text)
        err_set(err, "out of memory for %s", path);
    else if (!file)
        err_errno(err, "cannot open %s", path);
    else if (!good)
        err_errno(err, "cannot read %s", path);
    else
        text[len] = '\0';
    if (file)
        fclose(file);
    if (good)
        return text;
    free(text);
    return NULL;
}

static int read_file_of_kind(const char *directory, enum pos_row_kind kind, posseg_sink *sink,
                             void *arg, struct err *err)
{
    char path[MAX_PATH];
    if (snprintf(path, sizeof path, "%s/posseg/%s", directory, files[kind].name) >=
        (int)sizeof path)
        return err_set(err, "the name of the directory '%.40s…' is too long", directory);
    struct reader reader = {.path = path, .sink = sink, .arg = arg, .err = err};
    reader.begin = read_text(path, err);
    int status = reader.begin ? read_literal(&reader, kind) : -1;
    free(reader.begin);
    return status;
}

int posseg_read(const char *directory, posseg_sink *sink, void *arg, struct err *err)
{
    for (size_t kind = 0; kind < sizeof files / sizeof *files; kind++) {
        if (read_file_of_kind(directory, (enum pos_row_kind)kind, sink, arg, err))
            return -1;
    }
    return 0;
}

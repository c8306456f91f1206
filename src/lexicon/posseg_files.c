/*
 * The files hold `P=` and a Python literal: dicts whose keys are states, ('B', 'n'), or characters,
 * '\u4e00', and whose values are numbers, such dicts, or tuples of states.
 */
#include "lexicon/posseg_files.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_PATH   4096
#define MAX_FILE   (16 << 20) /* bytes; prob_emit.py has 4 million */
#define MAX_STRING 16

/* A string of the literal, decoded. */
struct text {
    char at[MAX_STRING];
    size_t len;
};

struct state {
    struct text place, tag;
};

struct reader {
    const char *path;
    char *begin; /* the file, ended by NUL */
    char *at;    /* how far it is read */
    posseg_sink *sink;
    void *arg;
    struct err *err;
};

/* Say what is wrong where the reader is. Returns -1. */
static int fail(struct reader *reader, const char *wrong)
{
    size_t line = 1;
    for (const char *at = reader->begin; at < reader->at; at++)
        line += *at == '\n';
    return err_set(reader->err, "%s, line %zu: %s", reader->path, line, wrong);
}

/* Skip white space, and the character if it is the next one. Returns whether it was. */
static bool take(struct reader *reader, char c)
{
    while (isspace((unsigned char)*reader->at))
        reader->at++;
    if (*reader->at != c)
        return false;
    reader->at++;
    return true;
}

static int expect(struct reader *reader, char c)
{
    char wrong[] = "' ' is missing";
    wrong[1] = c;
    return take(reader, c) ? 0 : fail(reader, wrong);
}

/* Append a character below U+10000. */
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

/* Read the four digits of \uXXXX. */
static int read_escape(struct reader *reader, struct text *text)
{
    char digits[5] = "", *end;
    memcpy(digits, reader->at, strnlen(reader->at, 4));
    unsigned long code = strtoul(digits, &end, 16);
    if (end != digits + 4 || code < 0x80)
        return fail(reader, "an escape is not \\u and four digits");
    reader->at += 4;
    add_code(text, code);
    return 0;
}

static int read_string(struct reader *reader, struct text *text)
{
    text->len = 0;
    if (expect(reader, '\''))
        return -1;
    while (*reader->at != '\'') {
        if ((unsigned char)*reader->at < ' ' || text->len > MAX_STRING - 3)
            return fail(reader, "a string has no end, or is too long");
        char c = *reader->at++;
        if (c != '\\')
            text->at[text->len++] = c;
        else if (*reader->at++ != 'u')
            return fail(reader, "an escape is not \\u and four digits");
        else if (read_escape(reader, text))
            return -1;
    }
    reader->at++;
    return 0;
}

static int read_state(struct reader *reader, struct state *state)
{
    return expect(reader, '(') || read_string(reader, &state->place) || expect(reader, ',') ||
                   read_string(reader, &state->tag) || expect(reader, ')')
               ? -1
               : 0;
}

static int read_number(struct reader *reader, double *number)
{
    char *end;
    *number = strtod(reader->at, &end);
    if (end == reader->at)
        return fail(reader, "a number is missing");
    reader->at = end;
    return 0;
}

static struct pos_name name_of(const struct state *state)
{
    return (struct pos_name){{state->place.at, state->place.len}, {state->tag.at, state->tag.len}};
}

static int give(struct reader *reader, const struct pos_row *row)
{
    struct err reason;
    if (!reader->sink(reader->arg, row, &reason))
        return 0;
    return fail(reader, reason.text);
}

/* What follows a key and its colon; `row` has what is known already. */
typedef int value_reader(struct reader *reader, struct pos_row *row);

static int read_value(struct reader *reader, struct pos_row *row)
{
    return read_number(reader, &row->log) || give(reader, row) ? -1 : 0;
}

/* A dict from states, which go into `state`, or, where that is NULL, from characters. */
static int read_dict(struct reader *reader, struct pos_row *row, struct pos_name *state,
                     value_reader *value)
{
    if (expect(reader, '{'))
        return -1;
    while (!take(reader, '}')) {
        struct state key;
        struct text character;
        if (state ? read_state(reader, &key) : read_string(reader, &character))
            return -1;
        if (state)
            *state = name_of(&key);
        else
            row->character = (struct str){character.at, character.len};
        if (expect(reader, ':') || value(reader, row))
            return -1;
        take(reader, ',');
    }
    return 0;
}

static int read_next(struct reader *reader, struct pos_row *row)
{
    return read_dict(reader, row, &row->next, read_value);
}

static int read_characters(struct reader *reader, struct pos_row *row)
{
    return read_dict(reader, row, NULL, read_value);
}

static int read_list(struct reader *reader, struct pos_row *row)
{
    if (expect(reader, '('))
        return -1;
    while (!take(reader, ')')) {
        struct state state;
        if (read_state(reader, &state))
            return -1;
        row->state = name_of(&state);
        if (give(reader, row))
            return -1;
        take(reader, ',');
    }
    return 0;
}

static const struct file {
    const char *name;
    value_reader *value; /* of the outer dict */
    bool of_characters;  /* the outer dict's keys are characters */
} files[] = {
    [POS_ROW_START] = {"prob_start.py", read_value, false},
    [POS_ROW_TRANS] = {"prob_trans.py", read_next, false},
    [POS_ROW_EMIT] = {"prob_emit.py", read_characters, false},
    [POS_ROW_LIST] = {"char_state_tab.py", read_list, true},
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

/* The whole file, ended by NUL, to be freed by the caller; NULL with a reason. */
static char *read_file(const char *path, struct err *err)
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

static int read_one(const char *directory, enum pos_row_kind kind, posseg_sink *sink, void *arg,
                    struct err *err)
{
    char path[MAX_PATH];
    if (snprintf(path, sizeof path, "%s/posseg/%s", directory, files[kind].name) >=
        (int)sizeof path)
        return err_set(err, "the name of the directory is too long");
    struct reader reader = {.path = path, .sink = sink, .arg = arg, .err = err};
    reader.begin = read_file(path, err);
    int status = reader.begin ? read_literal(&reader, kind) : -1;
    free(reader.begin);
    return status;
}

int posseg_read(const char *directory, posseg_sink *sink, void *arg, struct err *err)
{
    for (size_t kind = 0; kind < sizeof files / sizeof *files; kind++) {
        if (read_one(directory, (enum pos_row_kind)kind, sink, arg, err))
            return -1;
    }
    return 0;
}

#include "doctor/nginx_config.h"

#include "doctor/nginx_files.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 64

struct reader {
    const struct nginx_files *files;
    struct nginx_directive **next; /* The place of the next directive in the tree. */
    unsigned depth;                /* The number of open blocks and includes. */
};

/* A file that is being read. */
struct source {
    const char *name;
    struct str rest; /* The text that is not read yet. */
};

enum token { TOKEN_WORD, TOKEN_SEMICOLON, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_END, TOKEN_BAD };

static void skip(struct str *rest, size_t n)
{
    rest->at += n;
    rest->len -= n;
}

/* Skip white space and comments. */
static void skip_space(struct str *rest)
{
    while (rest->len > 0 && strchr(" \t\r\n#", *rest->at)) {
        const char *end = *rest->at == '#' ? memchr(rest->at, '\n', rest->len) : rest->at;
        skip(rest, end ? (size_t)(end - rest->at) + 1 : rest->len);
    }
}

/* Whether the word from `begin` ends before `at`. The brace of ${name} does not end a word. */
static bool ends_word(const char *begin, const char *at)
{
    return strchr(" \t\r\n;", *at) || (*at == '{' && (at == begin || at[-1] != '$'));
}

/* Move the word at the beginning of `rest` to `words`, and append a NUL. */
static enum token take_word(struct str *rest, struct buf *words)
{
    const char *begin = rest->at, *at = begin, *end = begin + rest->len;
    char quote = *at == '"' || *at == '\'' ? *at++ : '\0';
    while (at < end && *at && (quote ? *at != quote : !ends_word(begin, at))) {
        if (*at == '\\' && at + 1 < end)
            at++;
        buf_add_char(words, *at++);
    }
    if (at == end || !*at)
        return TOKEN_BAD;
    buf_add_char(words, '\0');
    skip(rest, (size_t)(at - begin) + (quote ? 1 : 0));
    return TOKEN_WORD;
}

/* Read a token. If it is a word, append it to `words`. */
static enum token next_token(struct str *rest, struct buf *words)
{
    static const char marks[] = ";{}";
    skip_space(rest);
    if (rest->len == 0)
        return TOKEN_END;
    const char *mark = strchr(marks, *rest->at);
    if (!mark)
        return take_word(rest, words);
    skip(rest, 1);
    return TOKEN_SEMICOLON + (enum token)(mark - marks);
}

static int read_block(struct reader *reader, struct source *source, enum token last,
                      struct err *err);

static int read_file(void *arg, const char *name, struct str text, struct err *err)
{
    struct source source = {name, text};
    return read_block(arg, &source, TOKEN_END, err);
}

/* Add the directive of these words to the tree, and read its block. Returns 0 or -1 with a reason. */
static int add_directive(struct reader *reader, struct source *source, const struct buf *words,
                         unsigned n, bool has_block, struct err *err)
{
    struct nginx_directive *directive =
        words->failed ? NULL : calloc(1, sizeof *directive + words->len);
    if (!directive)
        return err_set(err, "out of memory for the configuration of nginx");
    directive->n = n;
    memcpy(directive->text, words->at, words->len);
    *reader->next = directive;
    reader->next = &directive->block;
    int status = has_block ? read_block(reader, source, TOKEN_CLOSE, err) : 0;
    reader->next = &directive->next;
    return status;
}

/* Read one directive. Returns 0, 1 at the token `last`, or -1 with a reason. */
static int read_directive(struct reader *reader, struct source *source, enum token last,
                          struct buf *words, struct err *err)
{
    unsigned n = 0;
    enum token token;
    buf_reset(words);
    while ((token = next_token(&source->rest, words)) == TOKEN_WORD)
        n++;
    if (n == 0 && token == last)
        return 1;
    if (n == 0 || (token != TOKEN_SEMICOLON && token != TOKEN_OPEN))
        return err_set(err, "%s: syntax error: run 'nginx -t' for details", source->name);
    if (token == TOKEN_OPEN || n != 2 || words->failed || strcmp(words->at, "include") != 0)
        return add_directive(reader, source, words, n, token == TOKEN_OPEN, err);
    return nginx_files_include(reader->files, words->at + sizeof "include", read_file, reader, err);
}

/* Read directives up to the token `last`. Returns 0 or -1 with a reason. */
static int read_block(struct reader *reader, struct source *source, enum token last,
                      struct err *err)
{
    if (reader->depth == MAX_DEPTH)
        return err_set(err, "%s: blocks and includes are nested more than %d deep", source->name,
                       MAX_DEPTH);
    struct buf words = {0};
    int status = 0;
    reader->depth++;
    while (!status)
        status = read_directive(reader, source, last, &words, err);
    reader->depth--;
    buf_free(&words);
    return status < 0 ? -1 : 0;
}

int nginx_config_read(const char *path, struct nginx_directive **first, struct err *err)
{
    struct nginx_files files;
    struct reader reader = {&files, first, 0};
    *first = NULL;
    int status = nginx_files_open(&files, path, err);
    if (!status)
        status = nginx_files_main(&files, read_file, &reader, err);
    nginx_files_close(&files);
    if (status) {
        nginx_config_free(*first);
        *first = NULL;
    }
    return status;
}

void nginx_config_free(struct nginx_directive *first)
{
    while (first) {
        struct nginx_directive *next = first->next;
        nginx_config_free(first->block);
        free(first);
        first = next;
    }
}

const char *nginx_word(const struct nginx_directive *directive, unsigned i)
{
    const char *word = directive->text;
    if (i >= directive->n)
        return "";
    while (i-- > 0)
        word += strlen(word) + 1;
    return word;
}

const struct nginx_directive *nginx_find(const struct nginx_directive *from, const char *name)
{
    while (from && strcmp(nginx_word(from, 0), name) != 0)
        from = from->next;
    return from;
}

#include "api/json.h"

/* The longest escape, \u001f, in bytes. */
#define LONGEST_ESCAPE 6

/* The most bytes of text that are escaped at once, so that reserving room for the worst case stays
 * cheap. */
#define AT_ONCE 1024

/* The character behind the backslash of an escape: 'u' for one like \u001f, 0 for a character that
 * needs no escape. */
static const char escapes[256] = {
    ['\b'] = 'b',  ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['"'] = '"',
    ['\\'] = '\\', [0x00] = 'u', [0x01] = 'u', [0x02] = 'u', [0x03] = 'u', [0x04] = 'u',
    [0x05] = 'u',  [0x06] = 'u', [0x07] = 'u', [0x0b] = 'u', [0x0e] = 'u', [0x0f] = 'u',
    [0x10] = 'u',  [0x11] = 'u', [0x12] = 'u', [0x13] = 'u', [0x14] = 'u', [0x15] = 'u',
    [0x16] = 'u',  [0x17] = 'u', [0x18] = 'u', [0x19] = 'u', [0x1a] = 'u', [0x1b] = 'u',
    [0x1c] = 'u',  [0x1d] = 'u', [0x1e] = 'u', [0x1f] = 'u',
};

static char *put_escape(char *to, unsigned char c)
{
    *to++ = '\\';
    *to++ = escapes[c];
    if (escapes[c] == 'u') {
        *to++ = '0';
        *to++ = '0';
        *to++ = (char)('0' + (c >> 4));
        *to++ = "0123456789abcdef"[c & 15];
    }
    return to;
}

/* Write the escaped text at `to`, which has room for the worst case. Returns the end of it. */
static inline char *put_text(char *to, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (escapes[c])
            to = put_escape(to, c);
        else
            *to++ = (char)c;
    }
    return to;
}

/* Append the escaped text, AT_ONCE bytes at a time. */
static void add_escaped(struct buf *out, struct str text)
{
    for (size_t begin = 0; begin < text.len; begin += AT_ONCE) {
        size_t left = text.len - begin;
        size_t len = left < AT_ONCE ? left : AT_ONCE;
        char *to = buf_reserve(out, len * LONGEST_ESCAPE);
        if (!to)
            return;
        out->len += (size_t)(put_text(to, (struct str){text.at + begin, len}) - to);
    }
}

/* Append a string, after ", " where `separate`. Words are short and many, so a short string takes
 * one check for room and no function call. */
static inline void add_string(struct buf *out, struct str text, bool separate)
{
    if (text.len > AT_ONCE) {
        buf_add_text(out, separate ? ", \"" : "\"");
        add_escaped(out, text);
        buf_add_char(out, '"');
        return;
    }
    char *begin = buf_reserve(out, text.len * LONGEST_ESCAPE + 4);
    if (!begin)
        return;
    char *to = begin;
    if (separate) {
        *to++ = ',';
        *to++ = ' ';
    }
    *to++ = '"';
    to = put_text(to, text);
    *to++ = '"';
    out->len += (size_t)(to - begin);
}

void json_add_string(struct buf *out, struct str text)
{
    add_string(out, text, false);
}

void json_add_strings(struct buf *out, const struct str *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add_string(out, texts[i], i > 0);
}

/*
 * json_add_words() copies JSON_STEP bytes for each word, whatever its length, since copying so many
 * takes one instruction for reading and one for writing. What it has copied too much, the next bytes
 * overwrite.
 */

/* What is behind a word in a list: the end of it, and the beginning of the next one. */
#define BETWEEN "\", \""

/* Bytes, as many as a vector register holds. */
typedef uint8_t step __attribute__((vector_size(JSON_STEP)));

/* Return for each byte whether it needs an escape: 0, or all ones. */
static inline step find_escapes(step bytes)
{
    return (step)((bytes < ' ') | (bytes == '"') | (bytes == '\\'));
}

/* Whether one of the first `len` bytes, at most JSON_STEP, needs an escape. */
static inline bool needs_escape(step bytes, size_t len)
{
    static const uint8_t counted[2 * JSON_STEP] = {255, 255, 255, 255, 255, 255, 255, 255,
                                                   255, 255, 255, 255, 255, 255, 255, 255};
    step mask;
    uint64_t halves[2];
    memcpy(&mask, counted + JSON_STEP - len, JSON_STEP);
    mask &= find_escapes(bytes);
    memcpy(halves, &mask, JSON_STEP);
    return (halves[0] | halves[1]) != 0;
}

/* Whether nothing needs an escape in the text, of which the last bytes are in the tail. */
static bool is_plain(const struct json_source *source)
{
    step bytes, found = {0};
    for (size_t i = 0; i < source->tail_begin; i += JSON_STEP) {
        memcpy(&bytes, source->text.at + i, JSON_STEP);
        found |= find_escapes(bytes);
    }
    memcpy(&bytes, source->tail, JSON_STEP);
    uint64_t halves[2];
    memcpy(halves, &found, JSON_STEP);
    return (halves[0] | halves[1]) == 0 &&
           !needs_escape(bytes, source->text.len - source->tail_begin);
}

void json_source_begin(struct json_source *source, struct str text)
{
    size_t n = text.len < JSON_STEP ? text.len : JSON_STEP;
    *source = (struct json_source){.text = text, .tail_begin = text.len - n};
    if (n > 0)
        memcpy(source->tail, text.at + source->tail_begin, n);
    source->is_plain = is_plain(source);
}

/* Return where JSON_STEP bytes can be read that begin with the word; NULL for a longer word, or one
 * that does not lie in the text. */
static inline const char *find_bytes(const struct json_source *source, struct str word)
{
    size_t at = (uintptr_t)word.at - (uintptr_t)source->text.at;
    if (word.len > JSON_STEP || at >= source->text.len)
        return NULL;
    return at < source->tail_begin ? word.at : source->tail + (at - source->tail_begin);
}

/* Write words of the text, each with BETWEEN behind it, at `*to`, which has room for all of them, and
 * move `*to` behind them. Stops before a word that is long or needs an escape. Returns how many words
 * it has written. */
static size_t put_words(char **to, const struct json_source *source, const struct str *words,
                        size_t n)
{
    char *at = *to;
    size_t i;
    for (i = 0; i < n; i++) {
        const char *word = find_bytes(source, words[i]);
        step bytes;
        if (!word)
            break;
        memcpy(&bytes, word, JSON_STEP);
        if (!source->is_plain && needs_escape(bytes, words[i].len))
            break;
        memcpy(at, &bytes, JSON_STEP);
        memcpy(at + words[i].len, BETWEEN, strlen(BETWEEN));
        at += words[i].len + strlen(BETWEEN);
    }
    *to = at;
    return i;
}

void json_add_words(struct buf *out, const struct json_source *source, const struct str *words,
                    size_t n)
{
    if (n == 0)
        return;
    buf_add_char(out, '"');
    for (size_t i = 0; i < n; i++) {
        char *begin = buf_reserve(out, (n - i) * (JSON_STEP + strlen(BETWEEN))), *to = begin;
        if (!begin)
            return;
        i += put_words(&to, source, words + i, n - i);
        out->len += (size_t)(to - begin);
        if (i < n) {
            add_escaped(out, words[i]);
            buf_add_text(out, BETWEEN);
        }
    }
    if (!out->failed)
        out->len -= strlen(", \""); /* a sink has not taken them: see buf.h */
}

/* Write a number in decimal digits at `to`. Returns the end of them. */
static char *put_number(char *to, uint32_t number)
{
    char digits[10];
    size_t n = 0;
    do
        digits[n++] = (char)('0' + number % 10);
    while (number /= 10);
    while (n)
        *to++ = digits[--n];
    return to;
}

void json_add_pair(struct buf *out, bool separate, uint32_t first, uint32_t second)
{
    char *begin = buf_reserve(out, sizeof ", [4294967295, 4294967295]");
    if (!begin)
        return;
    char *to = begin;
    if (separate) {
        *to++ = ',';
        *to++ = ' ';
    }
    *to++ = '[';
    to = put_number(to, first);
    *to++ = ',';
    *to++ = ' ';
    to = put_number(to, second);
    *to++ = ']';
    out->len += (size_t)(to - begin);
}

/*
 * json: fuzzes writing JSON. The first byte of the input selects how; up to the next NUL, each byte cuts
 * a word; the rest is the text.
 *
 * json_add_words() must write the same as json_add_strings(), and what a buf with a sink hands on must
 * be what a buf without one collects. A sink that fails gets nothing more. A buf with a limit has the
 * same bytes, or has failed, and never allocates more. A string must be read back as the same.
 */
#include "api/json.h"
#include "fuzz/fuzz.h"
#include "fuzz/small.h"

#include <jansson.h>

#define MAX_WORDS 256

enum { AS_IT_IS = 1 };

struct words {
    struct str text;
    struct json_source source; /* The text again, for json_add_words(). */
    struct str at[MAX_WORDS];
    size_t n;
};

/* What a sink has taken. */
struct taken {
    struct buf bytes;
    size_t n;     /* The number of pieces. */
    size_t limit; /* The number of pieces after which the sink fails. */
};

/* Cut words off the text. Of each byte, five bits are the length; one puts the word elsewhere, so that it
 * is no run of the text; two are the bytes of the text to leave out before it. */
static void cut_words(struct words *words, struct str cuts)
{
    static char elsewhere[MAX_WORDS * 32];
    size_t at = 0;
    json_source_begin(&words->source, words->text);
    words->n = 0;
    for (size_t i = 0; i < cuts.len && i < MAX_WORDS; i++) {
        unsigned char cut = (unsigned char)cuts.at[i];
        at = at + (cut >> 6) < words->text.len ? at + (cut >> 6) : words->text.len;
        size_t left = words->text.len - at, len = cut & 31;
        struct str word = {words->text.at + at, len < left ? len : left};
        at += word.len;
        if (cut & 32) {
            memcpy(elsewhere + 32 * i, word.at, word.len);
            word.at = elsewhere + 32 * i;
        }
        words->at[words->n++] = word;
    }
}

/* Write everything that json.h offers. */
static void write_all(struct buf *out, const struct words *words, bool fast)
{
    buf_add_char(out, '[');
    if (fast)
        json_add_words(out, &words->source, words->at, words->n);
    else
        json_add_strings(out, words->at, words->n);
    buf_add_text(out, words->n ? ", " : "");
    json_add_string(out, words->text);
    for (size_t i = 0; i < words->n; i++)
        json_add_pair(out, true, (uint32_t)words->at[i].len, (uint32_t)(i * 16777259));
    buf_print(out, ", %zu]", words->n);
}

static int take_piece(void *arg, struct str bytes)
{
    struct taken *taken = arg;
    HOLDS(taken->n < taken->limit);
    buf_add_str(&taken->bytes, bytes);
    return ++taken->n < taken->limit ? 0 : -1;
}

/* Write to a sink that fails at its last piece. */
static void check_sink(const struct words *words, struct str whole, size_t limit)
{
    static struct buf out;
    static struct taken taken;
    buf_reset(&out);
    buf_reset(&taken.bytes);
    taken.n = 0;
    taken.limit = limit;
    out.sink = (struct buf_sink){take_piece, &taken};
    write_all(&out, words, true);
    HOLDS(out.failed == (taken.n == limit) && !out.is_full);
    if (!out.failed)
        buf_add_str(&taken.bytes, buf_str(&out));
    struct str bytes = buf_str(&taken.bytes);
    HOLDS(out.failed ? bytes.len <= whole.len : bytes.len == whole.len);
    HOLDS(!memcmp(bytes.at, whole.at, bytes.len));
}

/* Write to a buf with a limit. */
static void check_limit(const struct words *words, struct str whole, size_t limit)
{
    struct buf out = {.limit = limit};
    write_all(&out, words, true);
    HOLDS(out.cap <= limit && out.len <= out.cap);
    HOLDS(out.failed == out.is_full);
    HOLDS(out.failed ? out.len <= whole.len : str_eq(buf_str(&out), whole));
    buf_free(&out);
}

/* Read the text back. */
static void check_meaning(struct str text)
{
    static struct buf out;
    buf_reset(&out);
    json_add_string(&out, text);
    json_t *string = json_loadb(out.at, out.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    HOLDS(json_string_length(string) == text.len);
    HOLDS(!memcmp(json_string_value(string), text.at, text.len));
    json_decref(string);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct buf text, slow, fast;
    static struct words words;
    struct str input = fuzz_text(data, size);
    unsigned char how = fuzz_byte(&input);
    struct str cuts = fuzz_field(&input);
    buf_reset(&text);
    if (!(how & AS_IT_IS))
        small_spell(input, &text);
    words.text = how & AS_IT_IS ? input : buf_str(&text);
    cut_words(&words, cuts);
    buf_reset(&slow);
    buf_reset(&fast);
    write_all(&slow, &words, false);
    write_all(&fast, &words, true);
    HOLDS(str_eq(buf_str(&slow), buf_str(&fast)));
    check_sink(&words, buf_str(&slow), SIZE_MAX);
    check_sink(&words, buf_str(&slow), 1 + (how >> 5));
    check_limit(&words, buf_str(&slow), 1 + (size_t)how * 32);
    if (fuzz_is_utf8(words.text))
        check_meaning(words.text);
    return 0;
}

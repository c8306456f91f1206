#include "jieba/tag.h"

#include "jieba/phrases.h"
#include "jieba/scratch.h"

static void flush(struct jieba *jieba)
{
    if (jieba->n_words && !jieba->status)
        jieba->status = jieba->tag_sink(jieba->arg, jieba->words, jieba->tags, jieba->n_words);
    jieba->n_words = 0;
}

static void put(struct jieba *jieba, const char *at, size_t len, struct str tag)
{
    jieba->words[jieba->n_words] = (struct str){at, len};
    jieba->tags[jieba->n_words++] = tag;
    if (jieba->n_words == JIEBA_BATCH)
        flush(jieba);
}

/* Put the characters [begin, end) of the block. */
static void put_range(struct jieba *jieba, size_t begin, size_t end, struct str tag)
{
    uint32_t at = jieba->offsets[begin];
    put(jieba, jieba->block + at, jieba->offsets[end] - at, tag);
}

/* The same with the dictionary's tag. */
static void put_word(struct jieba *jieba, size_t begin, size_t end)
{
    put_range(jieba, begin, end, jieba_find_tag(jieba->dict, jieba->labels + begin, end - begin));
}

static struct str tag_of_state(const struct jieba *jieba, size_t i)
{
    return jieba_tag_str(&jieba->dict->pos.base->names[jieba->back[i] % JIEBA_POS_TAGS]);
}

/* Chinese characters, by the model. What is left behind the last E or S is a word with the tag of
 * its first character. */
static void tag_han(struct jieba *jieba, size_t begin, size_t end)
{
    for (; !jieba->dict->pos.base && begin < end; begin++)
        put_range(jieba, begin, begin + 1, str_of("x"));
    if (begin == end)
        return;
    if (jieba_find_states(jieba, begin, end)) {
        jieba->status = -1;
        return;
    }
    size_t word = begin;
    for (size_t i = begin; i < end; i++) {
        unsigned place = jieba->back[i] / JIEBA_POS_TAGS;
        if (place == JIEBA_AT_E || place == JIEBA_AT_S) {
            put_range(jieba, word, i + 1, tag_of_state(jieba, i));
            word = i + 1;
        }
    }
    if (word < end)
        put_range(jieba, word, end, tag_of_state(jieba, word));
}

static bool is_numeric(uint32_t label)
{
    return jieba_is_digit(label) || label == jieba_ascii_label['.'];
}

/* Other characters: posseg's re_skip_detail, [\.0-9]+|[a-zA-Z0-9]+, and what is between. */
static void tag_latin(struct jieba *jieba, size_t begin, size_t end)
{
    const uint16_t *labels = jieba->labels;
    while (begin < end) {
        size_t i = begin;
        const char *tag = "x";
        if (is_numeric(labels[i])) {
            for (tag = "m"; i < end && is_numeric(labels[i]); i++)
                ;
        } else if (jieba_is_alnum(labels[i])) {
            for (tag = "eng"; i < end && jieba_is_alnum(labels[i]); i++)
                ;
        } else {
            while (i < end && !is_numeric(labels[i]) && !jieba_is_alnum(labels[i]))
                i++;
        }
        put_range(jieba, begin, i, str_of(tag));
        begin = i;
    }
}

/* posseg's __cut_detail. */
static void tag_by_model(struct jieba *jieba, size_t begin, size_t end)
{
    while (begin < end) {
        bool han = jieba_is_han(jieba->labels[begin]);
        size_t i = begin + 1;
        while (i < end && jieba_is_han(jieba->labels[i]) == han)
            i++;
        (han ? tag_han : tag_latin)(jieba, begin, i);
        begin = i;
    }
}

/* Characters that the route leaves alone: several of them by the model, unless they are a word. */
static void tag_run(struct jieba *jieba, size_t begin, size_t end)
{
    if (end - begin > 1 && !jieba_find(jieba->dict, jieba->labels + begin, end - begin)) {
        tag_by_model(jieba, begin, end);
        return;
    }
    for (size_t i = begin; i < end; i++)
        put_word(jieba, i, i + 1);
}

/* posseg's __cut_DAG. */
static void tag_hmm(struct jieba *jieba)
{
    const uint32_t *ends = jieba->ends;
    for (size_t i = 0, end; i < jieba->n; i = end) {
        end = ends[i];
        if (end > i + 1) {
            put_word(jieba, i, end);
            continue;
        }
        while (ends[end] == end + 1)
            end++;
        tag_run(jieba, i, end);
    }
}

/* posseg's __cut_DAG_NO_HMM. */
static void tag_no_hmm(struct jieba *jieba)
{
    const uint32_t *ends = jieba->ends;
    for (size_t i = 0, end; i < jieba->n; i = end) {
        end = ends[i];
        if (end > i + 1 || !jieba_is_alnum(jieba->labels[i])) {
            put_word(jieba, i, end);
            continue;
        }
        while (jieba_is_alnum(jieba->labels[end]) && ends[end] == end + 1)
            end++;
        put_range(jieba, i, end, str_of("eng"));
    }
}

/* posseg's class is that of the dictionary without these two. */
static bool is_excluded(uint32_t code)
{
    return code == '%' || code == '-';
}

/* The end of the text in which the next block lies. */
static const char *find_stop(const char *at, const char *end)
{
    while (at < end && !is_excluded((unsigned char)*at))
        at++;
    return at;
}

/* The text between two blocks: one word a character. Where it ends, or NULL where it is no UTF-8,
 * and then `*bad` is the place. */
static const char *tag_others(struct jieba *jieba, const char *at, const char *end,
                              const char **bad)
{
    while (at < end) {
        uint32_t code = 0;
        size_t len = jieba_read_other(at, end, &code);
        *bad = at;
        if (!len)
            return NULL;
        if (jieba_label(code) && !is_excluded(code))
            break;
        put(jieba, at, len, str_of("x"));
        at += len;
    }
    return at;
}

static void tag_block(struct jieba *jieba, bool hmm)
{
    jieba_find_route(jieba);
    (hmm ? tag_hmm : tag_no_hmm)(jieba);
}

/* Tag text block by block. Returns NULL, or the place where it is no UTF-8. */
static const char *tag_text(struct jieba *jieba, struct str text, bool hmm)
{
    const char *bad = NULL, *stop = text.at, *end = text.at + text.len;
    for (const char *at = text.at; at < end && !jieba->status;) {
        stop = at < stop ? stop : find_stop(at, end);
        at = jieba_look_up(jieba, at, stop);
        if (jieba->n)
            tag_block(jieba, hmm);
        at = tag_others(jieba, at, end, &bad);
        if (!at)
            return bad;
    }
    return NULL;
}

/* The same for text in which words with spaces and symbols may stand. */
static const char *tag_around_phrases(struct jieba *jieba, struct str text, bool hmm)
{
    const struct jieba_dict *dict = jieba->dict;
    const char *bad = NULL;
    for (size_t at = 0; !bad && at < text.len && !jieba->status;) {
        uint32_t unit;
        struct str phrase = jieba_find_phrase(dict, text, at, &unit);
        struct str before = {text.at + at, (size_t)(phrase.at - text.at) - at};
        bad = tag_text(jieba, before, hmm);
        if (phrase.len)
            put(jieba, phrase.at, phrase.len,
                jieba_tag_str(&dict->tag_names[dict->phrase_tags[unit]]));
        at += before.len + phrase.len;
    }
    return bad;
}

int jieba_tag(struct jieba *jieba, const struct jieba_dict *dict, struct str text, bool hmm,
              jieba_tag_sink *sink, void *arg, struct err *err)
{
    if (jieba_begin(jieba, dict, text, arg, err))
        return -1;
    jieba->tag_sink = sink;
    const char *bad = (dict->n_phrases ? tag_around_phrases : tag_text)(jieba, text, hmm);
    if (bad) {
        err_set(err, "invalid UTF-8 at byte %zu", (size_t)(bad - text.at));
        return 1;
    }
    flush(jieba);
    if (jieba->status)
        return err_set(err, "out of memory for the words of a text of %zu bytes", text.len);
    return 0;
}

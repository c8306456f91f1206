/*
 * Fuzzes the dictionary files of the segment command: parses the input as a dictionary, or as a
 * user dictionary if its first byte is odd, adds the words to a list, and compiles the list. The
 * compiled dictionary must have every word that has only characters with a label, except those with
 * the frequency 0, which it forbids.
 */
#include "lexicon/wordlist.h"
#include "fuzz/fuzz.h"
#include "lexicon/jieba_files.h"
#include "segmenter/suggest_freq.h"
#include "util/utf8.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* Sink of the first reading: add a word to the list. */
static int add_to_list(void *arg, struct str word, int64_t freq, struct str tag, struct err *err)
{
    struct wordlist *list = arg;
    int64_t total = wordlist_total(list);
    if (freq == JIEBA_FILES_NO_FREQ && word.len <= SUGGEST_MAX_CHARACTERS && fuzz_is_utf8(word))
        freq = wordlist_suggest(list, word, err);
    if (wordlist_add(list, word, freq, tag, err))
        return -1;
    HOLDS(wordlist_freq(list, word) == freq);
    HOLDS(wordlist_total(list) == total + freq);
    return freq == 0 ? wordlist_forbid(list, word, err) : 0;
}

/* Write the text to a file in memory, and its path to `path`. */
static int write_file(struct str text, char path[64])
{
    static int fd = -1;
    fd = fd < 0 ? memfd_create("words", MFD_CLOEXEC) : fd;
    HOLDS(fd >= 0 && !ftruncate(fd, 0) && pwrite(fd, text.at, text.len, 0) == (ssize_t)text.len);
    return snprintf(path, 64, "/proc/self/fd/%d", fd);
}

/* Whether the compiled dictionary has a word; true for words that cannot be looked up. */
static bool is_found(const struct dict *dict, struct str word)
{
    uint16_t labels[256];
    size_t n = 0;
    for (size_t i = 0, len; i < word.len; i += len) {
        uint32_t code;
        len = utf8_read(word.at + i, word.len - i, &code);
        if (!len || !dict_label(code) || n == 256)
            return true;
        labels[n++] = (uint16_t)dict_label(code);
    }
    return n == 0 || dict_find(dict, labels, n);
}

/* The list, and the dictionary compiled from it. */
struct compiled_list {
    const struct wordlist *list;
    struct dict dict;
};

/* Sink of the second reading: look a word up in the dictionary. */
static int check_in_dict(void *arg, struct str word, int64_t freq, struct str tag, struct err *err)
{
    const struct compiled_list *compiled = arg;
    (void)freq;
    (void)tag;
    (void)err;
    HOLDS(wordlist_freq(compiled->list, word) == 0 || is_found(&compiled->dict, word));
    return 0;
}

static int read_file(const char *path, bool user, dict_line_sink *sink, void *arg, struct err *err)
{
    if (user)
        return jieba_files_read_userdict(path, sink, arg, err);
    return jieba_files_read_dict(path, sink, arg, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err;
    char path[64];
    struct str input = fuzz_text(data, size);
    bool user = fuzz_byte(&input) & 1;
    write_file(input, path);
    struct wordlist *list = wordlist_new(&err);
    struct compiled_list compiled = {.list = list};
    HOLDS(list);
    int status = read_file(path, user, add_to_list, list, &err);
    struct dict_builder *builder = status ? NULL : wordlist_compile(list, &compiled.dict, &err);
    if (builder)
        HOLDS(!read_file(path, user, check_in_dict, &compiled, &err));
    dict_builder_free(builder);
    wordlist_free(list);
    return 0;
}

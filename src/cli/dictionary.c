#include "cli/dictionary.h"

#include "data/jieba_files.h"
#include "jieba/wordlist.h"

static int add_word(void *arg, struct str word, int64_t freq, struct str tag, struct err *err)
{
    (void)tag; /* jieba takes tags from its own dictionary: see dictionary_compile() */
    return jieba_wordlist_add(arg, word, freq, str_of(""), err);
}

static int add_user_word(void *arg, struct str word, int64_t freq, struct str tag, struct err *err)
{
    if (freq == 0)
        freq = jieba_wordlist_suggest(arg, word, err);
    return freq < 0 ? -1 : jieba_wordlist_add(arg, word, freq, tag, err);
}

struct jieba_builder *dictionary_compile(const char *words, const char *user,
                                         struct jieba_dict *dict, struct err *err)
{
    struct jieba_builder *builder = NULL;
    struct jieba_wordlist *list = jieba_wordlist_new(err);
    int status = !list   ? -1
                 : words ? jieba_read_words(words, add_word, list, err)
                         : jieba_wordlist_add_dict(list, dict, err);
    if (!status && user)
        status = jieba_read_userdict(user, add_user_word, list, err);
    if (!status && words)
        status = jieba_wordlist_add_tags(list, dict, err);
    if (!status)
        builder = jieba_wordlist_compile(list, dict, err);
    jieba_wordlist_free(list);
    return builder;
}

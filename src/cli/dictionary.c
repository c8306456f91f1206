#include "cli/dictionary.h"

#include "lexicon/jieba_files.h"
#include "lexicon/wordlist.h"

/* The sink of a dictionary's lines. */
static int add_word(void *arg, struct str word, int64_t freq, struct str tag, struct err *err)
{
    (void)tag; /* Jieba takes tags from its own dictionary. */
    return wordlist_add(arg, word, freq, str_of(""), err);
}

/* The sink of a user dictionary's lines; add_word(). */
static int add_user_word(void *arg, struct str word, int64_t freq, struct str tag, struct err *err)
{
    if (freq == JIEBA_FILES_NO_FREQ)
        freq = wordlist_suggest(arg, word, err);
    if (freq < 0 || wordlist_add(arg, word, freq, tag, err))
        return -1;
    return freq == 0 ? wordlist_forbid(arg, word, err) : 0;
}

struct dict_builder *dictionary_compile(const char *words, const char *user, struct dict *dict,
                                        struct err *err)
{
    struct dict_builder *builder = NULL;
    struct wordlist *list = wordlist_new(err);
    int status = !list   ? -1
                 : words ? jieba_files_read_dict(words, add_word, list, err)
                         : wordlist_add_dict(list, dict, err);
    if (!status && user)
        status = jieba_files_read_userdict(user, add_user_word, list, err);
    if (!status && words)
        status = wordlist_add_tags(list, dict, err);
    if (!status)
        builder = wordlist_compile(list, dict, err);
    wordlist_free(list);
    return builder;
}

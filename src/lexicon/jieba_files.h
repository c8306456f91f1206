/*
 * jieba_files: reads the data files of jieba for Python, without running Python.
 *
 * Each function returns 0, or -1 with a reason. If a line is wrong, or the sink rejects it, the
 * reason begins with the file and the line.
 */
#ifndef LEXICON_JIEBA_FILES_H
#define LEXICON_JIEBA_FILES_H

#include "segmenter/dict.h"
#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Receives one line of a dictionary. Returns 0 to continue, or -1 with a reason. */
typedef int dict_line_sink(void *arg, struct str word, int64_t freq, struct str tag,
                           struct err *err);

/* Read a dictionary: lines "word freq [tag]", by the rules of jieba's gen_pfdict(). */
int jieba_files_read_dict(const char *path, dict_line_sink *sink, void *arg, struct err *err);

/* The frequency of a line that has none. */
#define JIEBA_FILES_NO_FREQ (-1)

/* Read a user dictionary: lines "word [freq] [tag]", by the rules of jieba's load_userdict(). */
int jieba_files_read_userdict(const char *path, dict_line_sink *sink, void *arg, struct err *err);

/* The fields of a line of a user dictionary, borrowed from the line. */
struct user_line {
    struct str word; /* The word, empty in an empty line. */
    int64_t freq;    /* The frequency, 0 or more, or JIEBA_FILES_NO_FREQ. */
    struct str tag;  /* The part of speech, empty where the line has none. */
};

/*
 * Split a line of a user dictionary, by the rules of jieba's load_userdict(): the word ends at the
 * first space after which there is only a frequency, a tag, or both. If `lenient`, several spaces or
 * tabs may stand there instead of one space. Returns 0, or -1 with a reason.
 */
int jieba_files_split_user_line(struct str line, bool lenient, struct user_line *fields,
                                struct err *err);

/* Receives a word with its inverse document frequency. Returns 0 to continue, or -1 with a
 * reason. */
typedef int idf_line_sink(void *arg, struct str word, double idf, struct err *err);

/* Receives a stop word. Returns 0 to continue, or -1 with a reason. */
typedef int stop_word_sink(void *arg, struct str word, struct err *err);

/* Read a file like analyse/idf.txt: lines "word idf". */
int jieba_files_read_idf(const char *path, idf_line_sink *sink, void *arg, struct err *err);

/* Read the stop words from jieba's program analyse/tfidf.py: `STOP_WORDS = set((...))`. */
int jieba_files_read_stop_words(const char *path, stop_word_sink *sink, void *arg, struct err *err);

/* Read the model from prob_start.py, prob_trans.py and prob_emit.py in the subdirectory finalseg of
 * jieba's `directory`. */
int jieba_files_read_hmm(const char *directory, struct hmm_model *model, struct err *err);

#endif

/*
 * jieba_files: reads the data files of jieba for Python, without running any part of it.
 */
#ifndef LEXICON_JIEBA_FILES_H
#define LEXICON_JIEBA_FILES_H

#include "segmenter/dict.h"
#include "util/err.h"
#include "util/str.h"

#include <stdint.h>

/* Takes one line of a dictionary. Returns 0 to go on, or -1 with a reason. */
typedef int dict_line_sink(void *arg, struct str word, int64_t freq, struct str tag,
                           struct err *err);

/*
 * Read a dictionary file: lines "word freq [tag]", by the rules of jieba's gen_pfdict(). A reason,
 * the sink's too, comes with file and line. Returns 0 or -1.
 */
int jieba_files_read_dict(const char *path, dict_line_sink *sink, void *arg, struct err *err);

/*
 * Read a user dictionary: lines "word [freq] [tag]", by the rules of jieba's load_userdict().
 * `freq` is 0 where a line has none. Returns 0 or -1 with a reason, which comes with file and line.
 */
int jieba_files_read_userdict(const char *path, dict_line_sink *sink, void *arg, struct err *err);

/* Takes one line of a table of inverse document frequencies, or one stop word. Returns 0 to go on,
 * or -1 with a reason. */
typedef int idf_line_sink(void *arg, struct str word, double idf, struct err *err);
typedef int stop_word_sink(void *arg, struct str word, struct err *err);

/* Read a file like analyse/idf.txt: lines "word idf". Returns 0 or -1 with a reason, which comes
 * with file and line. */
int jieba_files_read_idf(const char *path, idf_line_sink *sink, void *arg, struct err *err);

/* Read the stop words, which stand in a program, analyse/tfidf.py: `STOP_WORDS = set((...))`.
 * Returns 0 or -1 with a reason. */
int jieba_files_read_stop_words(const char *path, stop_word_sink *sink, void *arg, struct err *err);

/* Read finalseg/prob_start.py, prob_trans.py and prob_emit.py below the directory. Returns 0 or -1
 * with a reason. */
int jieba_files_read_hmm(const char *directory, struct hmm_model *model, struct err *err);

#endif

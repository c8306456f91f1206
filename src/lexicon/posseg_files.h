/*
 * posseg_files: reads the model of jieba.posseg from its Python files, without running Python.
 */
#ifndef LEXICON_POSSEG_FILES_H
#define LEXICON_POSSEG_FILES_H

#include "lexicon/pos_builder.h"
#include "util/err.h"

/* Receives one row of the model, which is valid during the call only. Returns 0 to continue, or -1
 * with a reason. */
typedef int posseg_sink(void *arg, const struct pos_row *row, struct err *err);

/* Read prob_start.py, prob_trans.py, prob_emit.py and char_state_tab.py in the subdirectory posseg
 * of jieba's `directory`. Returns 0, or -1 with a reason, the sink's too, after the file and the
 * line. */
int posseg_read(const char *directory, posseg_sink *sink, void *arg, struct err *err);

#endif

/*
 * posseg_files: reads the model of jieba.posseg, without running any part of it.
 */
#ifndef LEXICON_POSSEG_FILES_H
#define LEXICON_POSSEG_FILES_H

#include "lexicon/pos_builder.h"
#include "util/err.h"

/* Takes one row of the model, which is valid during the call. Returns 0 to go on, or -1 with a
 * reason. */
typedef int posseg_sink(void *arg, const struct pos_row *row, struct err *err);

/* Read posseg/prob_start.py, prob_trans.py, prob_emit.py and char_state_tab.py below the directory.
 * A reason, the sink's too, comes with file and line. Returns 0 or -1. */
int posseg_read(const char *directory, posseg_sink *sink, void *arg, struct err *err);

#endif

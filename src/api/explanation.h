/*
 * explanation: writes as JSON why a text is segmented the way it is; see segmenter/explain.h.
 *
 *   {"total": 60101967,                      the sum of all frequencies
 *    "blocks": [                             the parts of the text, in order
 *     {"kind": "block", "text": "来到杭研", "start": 0, "end": 4,
 *      "graph": [{"word": "来到", "start": 0, "end": 2, "freq": 4051, "logp": -9.6,
 *                 "on_route": true}, ...],   freq is null for a character without a row
 *      "route": ["来到", "杭", "研"], "route_logp": -30.1,
 *      "model": [{"text": "杭研", "start": 2, "end": 4, "words": ["杭研"]}],
 *      "words": [{"word": "来到", "start": 0, "end": 2, "from": "words", "row": "来到",
 *                 "freq": 4051}, ...],       row and freq are null if from is "model" or "rule";
 *                                          freq is 0 if the row forbids what the model found
 *      "changes": [{"do": "keep", "word": "杭研", "start": 2, "end": 4, "pieces": ["杭", "研"],
 *                   "freq": 2, "sql": "INSERT ...", "gives": ["杭研"], "works": true}, ...],
 *      "has_no_effect": [...]},              the changes that do not reach their aim: works is false
 *     {"kind": "between", "text": "，", "start": 4, "end": 5, "words": [...]},
 *     {"kind": "phrase", ...}]}              the same members as "between"
 *
 * All positions count code points of the whole text.
 */
#ifndef API_EXPLANATION_H
#define API_EXPLANATION_H

#include "segmenter/explain.h"
#include "util/buf.h"
#include "util/err.h"

#include <stdbool.h>

/* Append the explanation of a text, which must be valid UTF-8 of at most EXPLAIN_MAX characters.
 * Returns 0, or -1 with a reason. */
int explanation_print(struct buf *out, const struct dict *dict, struct str text, bool hmm,
                      struct err *err);

#endif

/*
 * answer: what must be true of every answer.
 */
#ifndef FUZZ_ANSWER_H
#define FUZZ_ANSWER_H

#include "api/handler.h"
#include "util/str.h"

/* Handlers on the small snapshot; made at the first call, never freed. */
struct api *answer_api(void);

/* The status is one that serverful sends, and the body is what belongs to it: an object,
 * whose key is "error" from 400 on; the page; or nothing for a 204 (and for HEAD, where
 * `bodiless`). */
void answer_check(int status, struct str body, bool bodiless);

#endif

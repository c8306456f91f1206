/*
 * answer: finds the end of an HTTP/1.1 answer, while it arrives.
 */
#ifndef LOAD_ANSWER_H
#define LOAD_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

/* What is known of an answer so far. Zero all but `no_body` before the first byte arrives. */
struct answer {
    bool no_body;     /* Whether the request was HEAD, so that only the head comes. */
    int status;       /* The status; 0 until the whole head has arrived. */
    bool closes;      /* Whether the server closes the connection after the answer. */
    bool chunked;     /* Whether the body is chunked. */
    bool until_close; /* Whether the body ends with the connection. */
    size_t head;      /* The length of the head in bytes. */
    size_t body;      /* The length of the body; if chunked, of the complete chunks so far. */
};

/* Continue with the `len` bytes of an answer that have arrived at `text`. Returns 1 where it is
 * complete, 0 where more must come, and -1 where it is invalid. An answer with `until_close` never
 * returns 1: it is complete when the connection closes. */
int answer_parse(struct answer *answer, const char *text, size_t len);

#endif

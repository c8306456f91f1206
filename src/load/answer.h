/*
 * answer: finds the end of an HTTP/1.1 answer to a GET or a POST in what has come so far.
 */
#ifndef LOAD_ANSWER_H
#define LOAD_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

/* What is known of an answer. A zeroed struct knows nothing. */
struct answer {
    int status;  /* 0 as long as the head has not come */
    bool closes; /* the connection ends after it */
    size_t head; /* bytes of the head */
    size_t body; /* bytes up to the end of the body; while `chunked`, up to the next chunk */
    bool chunked, until_close;
};

/* Look at the `len` bytes of an answer at `text`, of which the last call has seen fewer. Returns 1
 * where it is whole, 0 where more is to come, -1 where it is none. An answer that ends with its
 * connection is never whole here: see `until_close`. */
int answer_look(struct answer *answer, const char *text, size_t len);

#endif

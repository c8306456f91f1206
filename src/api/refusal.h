/*
 * refusal: the errors that requests are answered with. The table of their texts is in refusals.h.
 */
#ifndef API_REFUSAL_H
#define API_REFUSAL_H

#include "util/str.h"
#include "util/url.h"

#include <stdbool.h>
#include <stddef.h>

enum refusal {
    REFUSE_NOTHING,
#define REFUSAL(name, status, error, english, chinese) REFUSE_##name,
#include "api/refusals.h"
#undef REFUSAL
};

/* What the placeholders of a refusal stand for. All of it is borrowed. */
struct refusal_values {
    const char *parameter; /* {parameter}, and the member "parameter"; NULL for neither. */
    struct str value;    /* {value}: what the client sent, any bytes; shown up to REFUSAL_SHOWN. */
    const char *allowed; /* {allowed}: a list with ", " between its elements. */
    size_t n;            /* {n}: a number. */
    bool has_index;      /* Whether `n` is also the member "index". */
    size_t line, column; /* {line}, {column}: where a text is wrong. */
};

/* The most bytes of a value that a text shows. */
#define REFUSAL_SHOWN 100

/* The most bytes of a list that a handler puts together for {allowed}. */
#define REFUSAL_LIST 200

/* Append the JSON object of an error, and a newline: its members are "error", "detail", and where
 * they apply "parameter" and "index". "detail" is in Chinese where `accept_language`, the value of
 * that header, prefers it. */
void refusal_print(struct buf *out, enum refusal refusal, const struct refusal_values *values,
                   struct str accept_language);

/* Return the status of a refusal. */
int refusal_status(enum refusal refusal);

/* Return the refusal of a query or a form that url_parse_query() did not accept. */
enum refusal refusal_of_url(enum url_fault fault);

#endif

/*
 * json_pairs: the names and values of a JSON object in one line, in place.
 *
 * Logs have JSON that a strict parser refuses: nginx writes \xXX where escape=json is missing, and nothing
 * at all for the value of a variable that is empty and has no quotation marks. A strict parser that builds
 * a tree for each line also takes longer: Jansson alone takes five times as long as reading the log by
 * this one and counting it.
 */
#ifndef TRAFFIC_JSON_PAIRS_H
#define TRAFFIC_JSON_PAIRS_H

#include "util/str.h"

#include <stdbool.h>

struct json_pairs {
    struct str rest; /* What is not read yet. */
    bool is_first;   /* Whether no pair was read yet. */
};

struct json_pair {
    struct str name;  /* The name without its quotation marks, its escapes as they are. */
    struct str value; /* A string without its quotation marks, its escapes as they are, or the text
                       * of another value; without bytes where it is missing. */
    bool is_string;   /* Whether the value is a string. */
};

/* Begin with a line. Returns false where it does not begin with "{". */
bool json_pairs_begin(struct json_pairs *pairs, struct str line);

/* Read the next pair. Returns 1, 0 at the end of the object, which ends the line, too, or -1 where the
 * line is malformed. */
int json_pairs_next(struct json_pairs *pairs, struct json_pair *pair);

#endif

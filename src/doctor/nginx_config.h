/*
 * nginx_config: parses a configuration of nginx, and the files it includes, into a tree of
 * directives. It knows the syntax, but not the meaning of directives.
 */
#ifndef DOCTOR_NGINX_CONFIG_H
#define DOCTOR_NGINX_CONFIG_H

#include "util/err.h"

#include <stdbool.h>

/* A directive: "name word word;" or "name word { block }". */
struct nginx_directive {
    struct nginx_directive *next;  /* The next directive in the same block, or NULL. */
    struct nginx_directive *block; /* The first directive in its own block, or NULL. */
    unsigned n;                    /* The number of words, including the name; at least 1. */
    char text[];                   /* The words, each ending with a NUL. */
};

/*
 * Read the configuration at `path` (see nginx_files_open()). Sets `*first` to its first directive,
 * or to NULL; the caller frees it. Blocks and includes may be nested 64 deep. Returns 0 or -1 with a
 * reason.
 */
int nginx_config_read(const char *path, struct nginx_directive **first, struct err *err);

/* Free a directive, its block, and all directives after it; NULL is allowed. */
void nginx_config_free(struct nginx_directive *first);

/* Word `i` of a directive, where word 0 is the name; "" if there is none. */
const char *nginx_word(const struct nginx_directive *directive, unsigned i);

/* The first directive named `name` in a block, from `from` on; NULL if there is none, or if `from`
 * is NULL. */
const struct nginx_directive *nginx_find(const struct nginx_directive *from, const char *name);

#endif

/*
 * nginx_config: a configuration of nginx as a tree of directives, with what it includes. It knows
 * the syntax, and nothing of what a directive means.
 */
#ifndef DOCTOR_NGINX_CONFIG_H
#define DOCTOR_NGINX_CONFIG_H

#include "util/err.h"

#include <stdbool.h>

/* "name word word;" or "name word { block }". */
struct nginx_directive {
    struct nginx_directive *next;  /* behind it in the same block */
    struct nginx_directive *block; /* the first of its own block; NULL where that is empty */
    unsigned n;                    /* words, the name among them; at least 1 */
    char text[];                   /* the words, each ended by NUL */
};

/*
 * Read the configuration at `path`, see nginx_files_open(). Sets `*first` to its first directive,
 * which is the caller's, or NULL. Returns 0 or -1 with a reason. Blocks and includes may be 64 in
 * one another.
 */
int nginx_config_read(const char *path, struct nginx_directive **first, struct err *err);

/* Free a directive, and all behind and below it; NULL is allowed. */
void nginx_config_free(struct nginx_directive *first);

/* The word `i`, 0 being the name; "" where there is none. */
const char *nginx_word(const struct nginx_directive *directive, unsigned i);

/* The next directive of this name from `from` on, in the same block; NULL where there is none, and
 * for NULL. */
const struct nginx_directive *nginx_find(const struct nginx_directive *from, const char *name);

#endif

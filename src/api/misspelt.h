/*
 * misspelt: finds the name that a client wrote in place of a parameter.
 */
#ifndef API_MISSPELT_H
#define API_MISSPELT_H

#include "util/str.h"
#include "util/url.h"

#include <jansson.h>
#include <stdbool.h>

/* Return whether `given` is not `wanted`, but may be meant as `wanted`: it is the beginning of it, or
 * differs from it in few letters, case aside. */
bool misspelt_is(struct str given, const char *wanted);

/*
 * Find a name that may be meant as `wanted`, among the parameters and the members of a JSON object,
 * which may be NULL. Names of the NULL-terminated list `known` are what they are, and a member that is
 * null is as good as missing. Returns true and
 * sets `*given`, borrowed; or false where there is none.
 */
bool misspelt_find(const struct url_params *params, json_t *object, const char *wanted,
                   const char *const *known, struct str *given);

#endif

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
 * differs from it in few letters, case aside. This is a guess, for a request that lacks `wanted`. */
bool misspelt_is(struct str given, const char *wanted);

/* Return whether `given` is hardly anything but a slip for `wanted`, so that a request without fault may
 * be refused for it: it differs in case, '_' and '-', in two letters that changed places, in a letter
 * more at its end, or, of a longer name, in one letter. */
bool misspelt_is_slip(struct str given, const char *wanted);

/*
 * Find a name that may be meant as `wanted`, among the parameters and the members of a JSON object,
 * which may be NULL. Names of the NULL-terminated list `known` are what they are, and a member that is
 * null is as good as missing. Returns true and
 * sets `*given`, borrowed; or false where there is none.
 */
bool misspelt_find(const struct url_params *params, json_t *object, const char *wanted,
                   const char *const *known, struct str *given);

/*
 * Find a slip for an option of the NULL-terminated list `options`, where the request lacks that option.
 * Parameters and object are those of misspelt_find(). Returns the option and sets `*given`, borrowed;
 * or returns NULL where there is no slip.
 */
const char *misspelt_find_option(const struct url_params *params, json_t *object,
                                 const char *const *options, struct str *given);

#endif

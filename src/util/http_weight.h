/*
 * http_weight: reads how much a client likes an element of Accept-Language or Accept-Encoding.
 */
#ifndef UTIL_HTTP_WEIGHT_H
#define UTIL_HTTP_WEIGHT_H

#include "util/str.h"

/*
 * Read the parameters of an element, what follows its first ';': the weight "q=0.8" (RFC 9110), in
 * thousandths. Blanks are skipped, also around '='; other parameters are ignored. Returns 1000
 * without a weight, and 0, which excludes the element, where the weight is invalid.
 */
int http_weight_read(struct str parameters);

#endif

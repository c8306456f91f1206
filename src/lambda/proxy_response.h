/*
 * proxy_response: writes a `struct proxy_response` as the JSON that a Lambda front end expects.
 */
#ifndef LAMBDA_PROXY_RESPONSE_H
#define LAMBDA_PROXY_RESPONSE_H

#include "api/response.h"
#include "lambda/proxy_source.h"

/* Return the most bytes that the JSON of a response to an event of `shape` may have. */
size_t proxy_response_limit(enum proxy_shape shape);

/*
 * Append the response as JSON in the shape that answers an event of `shape`. Returns 0; or 1 where
 * the JSON would be longer than the front end takes, or than out->limit, and then nothing is appended.
 * When memory runs out, out->failed is set. `compressed` takes the place of the body where it is not empty.
 */
int proxy_response_write(const struct proxy_response *response, struct str compressed,
                         enum proxy_shape shape, struct buf *out);

#endif

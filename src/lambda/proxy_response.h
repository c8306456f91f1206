/*
 * proxy_response: writes a `struct proxy_response` as the JSON that a Lambda front end expects.
 */
#ifndef LAMBDA_PROXY_RESPONSE_H
#define LAMBDA_PROXY_RESPONSE_H

#include "api/response.h"
#include "lambda/proxy_source.h"

/*
 * Append the response to an event of `shape`. A response that is too large for the front end (6 MB;
 * 1 MB for a load balancer) becomes a 413 with that reason. When memory runs out, out->failed is
 * set.
 */
void proxy_response_write(struct proxy_response *response, enum proxy_shape shape, struct buf *out);

#endif

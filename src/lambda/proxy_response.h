/*
 * proxy_response: a `struct proxy_response` made the JSON that a front end of Lambda expects.
 */
#ifndef LAMBDA_PROXY_RESPONSE_H
#define LAMBDA_PROXY_RESPONSE_H

#include "api/response.h"
#include "lambda/proxy_event.h"

/*
 * Append the response in the shape that answers an event of `shape`. One that its front end would
 * refuse as too large (6 MB; 1 MB for a load balancer) is made a 413 that says so. Want of memory
 * shows in out->failed.
 */
void proxy_response_write(struct proxy_response *response, enum proxy_shape shape, struct buf *out);

#endif

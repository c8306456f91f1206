/*
 * proxy_base: finds the route of a path that has a base path in front, such as /v1 in /v1/calculator. A
 * custom domain of API Gateway leaves it in the event's path.
 *
 * What API Gateway has matched tells where the base ends: `resource` in payload 1.0, `routeKey` in 2.0,
 * and `pathParameters`. Everything in front of the part that the client has chosen counts as base. Where
 * the event does not tell, the configured base does.
 */
#ifndef LAMBDA_PROXY_BASE_H
#define LAMBDA_PROXY_BASE_H

#include "api/route.h"
#include "lambda/proxy_source.h"

/*
 * Find the route of a path for which route_find() has none. `configured` is the configured base, such as
 * "/v1"; its slashes at both ends do not matter, and it may be empty. Sets `*path` to what follows the
 * base, borrowed from it, also where this has no route. Returns NULL where there is none.
 */
const struct route *proxy_base_find(const struct api *api, const struct proxy_source *source,
                                    struct str configured, struct str *path);

#endif

/*
 * request_field: the first line of a request, such as "GET /segment?q=a HTTP/1.1", as logs quote it.
 */
#ifndef TRAFFIC_REQUEST_FIELD_H
#define TRAFFIC_REQUEST_FIELD_H

#include "util/str.h"

#include <stdbool.h>

/* The path of a target, borrowed from it: without scheme, host and query. Returns false where `target`
 * is neither a path nor a URL of http or https, nor "*", nor a name that begins with "$", which API
 * Gateway gives to a route. */
bool request_field_target(struct str target, struct str *path);

/* The path in the first line of a request, borrowed from it. The version may be missing, and the method
 * may stand there twice, as API Gateway's HTTP API writes it. Returns false where the line is no
 * request, such as "-", or the bytes of TLS. */
bool request_field_path(struct str line, struct str *path);

/* Whether a user agent is a known sender of health checks. `agent` may go on behind the name. */
bool request_field_is_health_check(struct str agent);

#endif

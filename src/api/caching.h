/*
 * caching: says how long browsers and shared caches, such as a CDN, may keep an answer, and answers 304
 * where the client still has the right one.
 *
 * The entity tag of an answer is a hash of what the answer follows from: the request, the version of the
 * program, and mostly the revision of the snapshot. So it is known before the answer, and a 304 costs
 * next to nothing. It is a weak tag, because a front end may compress the answer.
 */
#ifndef API_CACHING_H
#define API_CACHING_H

#include "api/event.h"
#include "api/response.h"

#include <stdbool.h>

/* Values of Cache-Control. With CACHING_SNAPSHOT, browsers ask each time whether the answer is still the
 * same, and shared caches every 5 s, so that all clients see an edit within that time. */
#define CACHING_SNAPSHOT "max-age=0, s-maxage=5" /* answers that change with an edit */
#define CACHING_PROGRAM  "max-age=300"           /* answers that change with an upgrade */
#define CACHING_LONG     "max-age=86400"         /* answers that stay */

/*
 * Give the answer to a GET or HEAD request the header Cache-Control, an entity tag, and Vary; other
 * requests are left alone. `basis` is what the answer follows from besides the request: the revision of the
 * snapshot, a digest of the answer, or "". A refusal has none of these headers, even if it comes later.
 *
 * Returns true where the client already has the answer, by its If-None-Match. Then the response is 304,
 * and the handler returns 0. So call this when the handler will no longer refuse the request.
 */
bool caching_begin(const struct proxy_event *event, const char *basis, const char *cache_control,
                   struct proxy_response *response);

#endif

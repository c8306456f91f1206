/*
 * location: the address that a redirect leads to.
 */
#ifndef PROBE_LOCATION_H
#define PROBE_LOCATION_H

#include "util/str.h"

/*
 * Resolve a Location header against the absolute URL of the request (RFC 3986, section 5.2; the server
 * removes dot segments). Drops a fragment, and percent-encodes what no URL may have. Returns a URL that
 * the caller frees, or NULL where memory runs out. It can have any scheme.
 */
char *location_resolve(const char *url, struct str location);

/* Return the name of the host of an absolute URL, without user and port; it lies within `url`. An
 * address of IPv6 has its brackets. */
struct str location_host(const char *url);

#endif

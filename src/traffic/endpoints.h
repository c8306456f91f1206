/*
 * endpoints: which path belongs to which endpoint, by the patterns of the table traffic_path.
 */
#ifndef TRAFFIC_ENDPOINTS_H
#define TRAFFIC_ENDPOINTS_H

#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>

/* What endpoints_find() returns for a static file. */
#define ENDPOINTS_STATIC (-1)

/* The endpoint of all paths that have no name of their own. */
#define ENDPOINTS_OTHER 0

/* The most endpoints that first segments of paths name while logs are read. The first half of them is
 * named at once, and the other half after a few requests, which are those of ENDPOINTS_OTHER. */
#define ENDPOINTS_SEGMENTS 1000

struct endpoints;

/* Make an empty mapping, which has ENDPOINTS_OTHER. Returns NULL without memory; the caller frees it. */
struct endpoints *endpoints_new(void);

/* NULL is allowed. */
void endpoints_free(struct endpoints *endpoints);

/* Append a pattern of GLOB, and the name of its endpoint; NULL: a static file. Both are copied. Returns
 * 0, or -1 without memory. */
int endpoints_add(struct endpoints *endpoints, const char *pattern, const char *name);

/* Find the endpoint of a path: that of the first pattern that it matches, or that of its first segment.
 * Returns a number from 0 on, or ENDPOINTS_STATIC. Without memory for a new name, it is
 * ENDPOINTS_OTHER. */
int endpoints_find(struct endpoints *endpoints, struct str path);

/* The number of endpoints. */
int endpoints_count(const struct endpoints *endpoints);

/* The name of an endpoint. A name of a first segment has control characters and bytes that are not
 * ASCII as \xXX. */
const char *endpoints_name(const struct endpoints *endpoints, int endpoint);

/* Whether a pattern has named the endpoint. */
bool endpoints_is_mapped(const struct endpoints *endpoints, int endpoint);

#endif

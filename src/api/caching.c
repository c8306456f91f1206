#include "api/caching.h"

#include <stdint.h>
#include <xxhash.h>

/* Whether no later parameter has the name of parameter `i`: the last one of a name counts. */
static bool is_last(const struct url_params *params, size_t i)
{
    for (size_t k = i + 1; k < params->n; k++) {
        if (str_eq(params->at[k].name, params->at[i].name))
            return false;
    }
    return true;
}

/* Hash what the answer follows from. Front ends pass parameters in different orders and some drop
 * repetitions: so the hash is that of the set of parameters that count. */
static uint64_t hash_request(const struct proxy_event *event, const char *basis)
{
    const struct url_params *params = event->params;
    uint64_t seed = XXH3_64bits(PACKAGE_VERSION, sizeof PACKAGE_VERSION), sum;
    seed = XXH3_64bits_withSeed(basis, strlen(basis), seed);
    sum = XXH3_64bits_withSeed(event->path.at, event->path.len, seed);
    for (size_t i = 0; i < params->n; i++) {
        struct str name = params->at[i].name, value = params->at[i].value;
        if (is_last(params, i))
            sum += XXH3_64bits_withSeed(value.at, value.len,
                                        XXH3_64bits_withSeed(name.at, name.len, seed));
    }
    return sum;
}

/* Write the weak entity tag of a hash: W/"0123456789abcdef". */
static void write_etag(uint64_t hash, char etag[PROXY_ETAG_SIZE])
{
    memcpy(etag, "W/\"0123456789abcdef\"", PROXY_ETAG_SIZE);
    for (size_t i = 0; i < 16; i++)
        etag[3 + i] = "0123456789abcdef"[hash >> (60 - 4 * i) & 15];
}

/* Whether the value of If-None-Match is "*", or a list with this entity tag, weak or not. No other
 * entity tag contains this one with its quotation marks. */
static bool has_etag(struct str list, const char *etag)
{
    const char *opaque = etag + 2;
    return list.len > 0 && (str_is(str_trim(list, STR_BLANKS), "*") ||
                            memmem(list.at, list.len, opaque, strlen(opaque)));
}

bool caching_begin(const struct proxy_event *event, const char *basis, const char *cache_control,
                   struct proxy_response *response)
{
    if (!str_is(event->method, "GET") && !str_is(event->method, "HEAD"))
        return false;
    response->cache_control = cache_control;
    write_etag(hash_request(event, basis), response->etag);
    if (!has_etag(event->if_none_match, response->etag))
        return false;
    response->status = 304;
    return true;
}

#include "lambda/proxy_response.h"

#include "api/json.h"
#include "util/aws_limits.h"
#include "util/base64.h"
#include "util/http_status.h"

/* Write the headers: as arrays where `multi`, since a load balancer with multi-value headers drops
 * every header that is not an array. */
static void add_headers(const struct proxy_response *response, bool multi, struct buf *out)
{
    buf_add_text(out, multi ? ", \"multiValueHeaders\": {" : ", \"headers\": {");
    for (size_t i = 0; i < response->n_headers; i++) {
        if (i > 0)
            buf_add_text(out, ", ");
        json_add_string(out, str_of(response->headers[i].name));
        buf_add_text(out, multi ? ": [" : ": ");
        json_add_string(out, response->headers[i].value);
        buf_add_text(out, multi ? "]" : "");
    }
    buf_add_char(out, '}');
}

/* Write the body, in base64 where it is compressed. */
static void add_body(const struct proxy_response *response, struct str compressed,
                     enum proxy_shape shape, struct buf *out)
{
    buf_add_text(out, ", \"body\": ");
    if (compressed.len > 0) {
        buf_add_char(out, '"');
        base64_encode(compressed, out);
        buf_add_text(out, "\", \"isBase64Encoded\": true}");
        return;
    }
    json_add_string(out, buf_str(&response->body));
    bool is_http = shape != PROXY_BARE && shape != PROXY_PING;
    buf_add_text(out, !is_http ? "}" : ", \"isBase64Encoded\": false}");
}

/* Write the response, of whatever size. */
static void write_any(const struct proxy_response *response, struct str compressed,
                      enum proxy_shape shape, struct buf *out)
{
    const int status = response->status; /* three digits, which printf() would take longer for */
    const char digits[] = {(char)('0' + status / 100), (char)('0' + status / 10 % 10),
                           (char)('0' + status % 10)};
    buf_add_text(out, "{\"statusCode\": ");
    buf_add(out, digits, sizeof digits);
    if (proxy_shape_is_alb(shape) || proxy_shape_is_lattice(shape))
        buf_print(out, ", \"statusDescription\": \"%d %s\"", response->status,
                  http_status_reason(response->status));
    add_headers(response, shape == PROXY_ALB_MULTI, out);
    add_body(response, compressed, shape, out);
}

size_t proxy_response_limit(enum proxy_shape shape)
{
    return proxy_shape_is_alb(shape) ? AWS_ALB_MAX_JSON : AWS_MAX_RESPONSE;
}

int proxy_response_write(const struct proxy_response *response, struct str compressed,
                         enum proxy_shape shape, struct buf *out)
{
    size_t begin = out->len;
    write_any(response, compressed, shape, out);
    if (!out->is_full && (out->failed || out->len - begin <= proxy_response_limit(shape)))
        return 0;
    out->len = begin;
    out->failed = out->is_full = false;
    return 1;
}

#include "api/response.h"

void proxy_response_reset(struct proxy_response *response)
{
    response->status = 200;
    response->content_type = PROXY_JSON;
    response->n_headers = 0;
    response->content_length = 0;
    response->cache_control = NULL;
    response->etag[0] = '\0';
    response->sink = (struct buf_sink){NULL, NULL};
    response->is_begun = response->is_broken = false;
    buf_reset(&response->body);
}

void proxy_response_free(struct proxy_response *response)
{
    buf_free(&response->body);
    *response = (struct proxy_response){0};
}

void proxy_response_stream(struct proxy_response *response)
{
    response->body.sink = response->sink;
}

void proxy_response_header_str(struct proxy_response *response, const char *name, struct str value)
{
    if (response->n_headers < PROXY_MAX_HEADERS)
        response->headers[response->n_headers++] = (struct proxy_header){name, value};
}

int proxy_response_refuse(struct proxy_response *response, enum refusal refusal,
                          const struct refusal_values *values)
{
    static const struct refusal_values none = {0};
    response->status = refusal_status(refusal);
    response->content_type = PROXY_JSON;
    buf_reset(&response->body);
    refusal_print(&response->body, refusal, values ? values : &none, response->accept_language);
    proxy_response_header(response, "Vary", "Accept-Language");
    return 0;
}

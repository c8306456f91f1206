#include "lambda/proxy_source.h"

#include <string.h>

void proxy_source_reset(struct proxy_source *source)
{
    json_decref(source->json);
    source->json = NULL;
    url_params_reset(&source->params);
    buf_reset(&source->path);
    buf_reset(&source->query);
    buf_reset(&source->body);
    source->fault.text[0] = '\0';
}

/* Numbers are read as doubles, so that an integer of any size is accepted. */
int proxy_source_parse(struct proxy_source *source, struct str text, struct err *err)
{
    json_error_t error;
    source->json = json_loadb(text.len ? text.at : "", text.len,
                              JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
    if (!source->json && !*error.text)
        return err_set(err, "out of memory for an event of %zu bytes", text.len);
    if (!source->json) {
        char *near = strstr(error.text, " near '");
        if (near) /* what follows quotes the event, which must not reach the log */
            *near = '\0';
        return err_set(err, "the event is not JSON: %s (line %d, column %d)", error.text,
                       error.line, error.column);
    }
    return json_is_object(source->json) ? 0 : err_set(err, "the event is not a JSON object");
}

bool proxy_shape_is_alb(enum proxy_shape shape)
{
    return shape == PROXY_ALB || shape == PROXY_ALB_MULTI;
}

bool proxy_shape_is_payload_2(enum proxy_shape shape)
{
    return shape == PROXY_HTTP_2 || shape == PROXY_FUNCTION_URL;
}

void proxy_source_free(struct proxy_source *source)
{
    proxy_source_reset(source);
    url_params_free(&source->params);
    buf_free(&source->path);
    buf_free(&source->query);
    buf_free(&source->body);
}

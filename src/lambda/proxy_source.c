#include "lambda/proxy_source.h"

#include "api/json_read.h"

/* Values in an event. A REST API names each parameter three times, and takes 10 kB of them. */
#define MAX_VALUES 50000

void proxy_source_reset(struct proxy_source *source)
{
    json_decref(source->json);
    source->json = NULL;
    url_params_reset(&source->params);
    buf_reset(&source->path);
    buf_reset(&source->query);
    buf_reset(&source->body);
    source->accept_encoding = (struct str){NULL, 0};
}

int proxy_source_parse(struct proxy_source *source, struct str text, struct err *err)
{
    struct err why;
    struct json_place place;
    enum json_fault fault = json_read(text, MAX_VALUES, &source->json, &place, &why);
    if (fault == JSON_NO_MEMORY)
        return err_set(err, "out of memory for an event of %zu bytes", text.len);
    if (fault == JSON_TOO_MANY_VALUES)
        return err_set(err, "the event has %s", why.text);
    if (fault)
        return err_set(err, "the event is not JSON: %s", why.text);
    return json_is_object(source->json) ? 0 : err_set(err, "the event is not a JSON object");
}

bool proxy_shape_is_alb(enum proxy_shape shape)
{
    return shape == PROXY_ALB || shape == PROXY_ALB_MULTI;
}

bool proxy_shape_is_lattice(enum proxy_shape shape)
{
    return shape == PROXY_LATTICE_1 || shape == PROXY_LATTICE_2;
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

#include "api/text_request.h"

#include "api/media_type.h"

static int refuse_request(struct proxy_response *response, int status, const char *wrong)
{
    proxy_response_error(response, status, wrong);
    return 1;
}

/* Refuse a body that Jansson cannot read. Returns as text_request_read(). */
static int refuse_json(struct proxy_response *response, json_error_t *error, struct err *err)
{
    if (*error->text == '\0')
        return err_set(err, "out of memory while reading a JSON body");
    if (json_error_code(error) == json_error_invalid_utf8)
        return refuse_request(response, 400, "Invalid UTF-8");
    /* Cut off the piece of the body that Jansson quotes: it may end within a character. */
    char *near = strstr(error->text, " near '");
    if (near)
        *near = '\0';
    struct err wrong;
    err_set(&wrong, "Invalid JSON: %s (line %d, column %d)", error->text, error->line,
            error->column);
    return refuse_request(response, 400, wrong.text);
}

static struct str json_text(const json_t *string)
{
    return (struct str){json_string_value(string), json_string_length(string)};
}

static int read_json(struct text_request *request, struct proxy_response *response, struct err *err)
{
    struct str body = request->event->body;
    json_error_t error;
    json_t *root = json_loadb(body.len ? body.at : "", body.len,
                              JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
    if (!root)
        return refuse_json(response, &error, err);
    const json_t *text = json_object_get(root, "text"); /* also NULL if root is not an object */
    const char *wrong = NULL;
    if (!json_is_object(root))
        wrong = "Invalid JSON: not an object";
    else if (json_is_string(text))
        request->text = json_text(text);
    else if (text && !json_is_null(text))
        wrong = "Invalid text";
    if (wrong) {
        json_decref(root);
        return refuse_request(response, 400, wrong);
    }
    request->object = root;
    return 0;
}

int text_request_read(struct text_request *request, const struct proxy_event *event,
                      struct proxy_response *response, struct err *err)
{
    *request = (struct text_request){.event = event, .text = str_of("")};
    if (!str_is(event->method, "POST")) {
        request->text = text_request_option(request, "text", "");
        return 0;
    }
    if (media_type_is(event->content_type, "application/json"))
        return read_json(request, response, err);
    if (!media_type_is(event->content_type, "text/plain"))
        return refuse_request(response, 415, "Unsupported media type");
    request->text = event->body;
    return 0;
}

void text_request_free(struct text_request *request)
{
    json_decref(request->object);
}

/* Return a JSON value as the text of an option. */
static struct str read_value(const json_t *value)
{
    if (json_is_string(value))
        return json_text(value);
    if (json_is_true(value) || (json_is_number(value) && json_number_value(value) == 1))
        return str_of("1");
    if (json_is_false(value) || (json_is_number(value) && json_number_value(value) == 0))
        return str_of("0");
    return str_of("");
}

struct str text_request_option(const struct text_request *request, const char *name,
                               const char *missing)
{
    const json_t *value = json_object_get(request->object, name);
    if (value && !json_is_null(value))
        return read_value(value);
    const struct str *parameter = url_param(request->event->params, name);
    return parameter ? *parameter : str_of(missing);
}

bool text_request_has(const struct text_request *request, const char *name)
{
    const json_t *value = json_object_get(request->object, name);
    return (value && !json_is_null(value)) || url_param(request->event->params, name);
}

bool text_request_flag(const struct text_request *request, const char *name, bool *value)
{
    struct str option = text_request_option(request, name, *value ? "1" : "0");
    *value = str_is(option, "1");
    return *value || str_is(option, "0");
}

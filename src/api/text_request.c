#include "api/text_request.h"

#include "api/json_read.h"
#include "api/limits.h"
#include "api/media_type.h"

#define TOO_MANY_VALUES "Too many JSON values: at most " LIMIT_TEXT(TEXT_REQUEST_MAX_VALUES)

static int refuse_request(struct proxy_response *response, int status, const char *wrong)
{
    proxy_response_error(response, status, wrong);
    return 1;
}

/* Refuse a body that json_read() did not accept. Returns as text_request_read(). */
static int refuse_json(struct proxy_response *response, enum json_fault fault, struct err *err)
{
    struct err wrong;
    if (fault == JSON_NO_MEMORY)
        return -1;
    if (fault == JSON_INVALID_UTF8)
        return refuse_request(response, 400, "Invalid UTF-8");
    if (fault == JSON_TOO_MANY_VALUES)
        return refuse_request(response, 413, TOO_MANY_VALUES);
    err_set(&wrong, "Invalid JSON: %s", err->text);
    return refuse_request(response, 400, wrong.text);
}

static struct str json_text(const json_t *string)
{
    return (struct str){json_string_value(string), json_string_length(string)};
}

static int read_json(struct text_request *request, struct proxy_response *response, struct err *err)
{
    json_t *root;
    enum json_fault fault = json_read(request->event->body, TEXT_REQUEST_MAX_VALUES, &root, err);
    if (fault)
        return refuse_json(response, fault, err);
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
        text_request_find(request, "text", &request->text);
        return 0;
    }
    if (media_type_is(event->content_type, "text/plain")) {
        request->text = event->body;
        return 0;
    }
    if (media_type_is(event->content_type, "application/json"))
        return read_json(request, response, err);
    return refuse_request(response, 415, "Unsupported media type");
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

bool text_request_find_member(const struct text_request *request, const char *name,
                              struct str *value)
{
    const json_t *member = json_object_get(request->object, name);
    if (!member || json_is_null(member))
        return false;
    *value = read_value(member);
    return true;
}

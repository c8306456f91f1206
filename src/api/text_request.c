#include "api/text_request.h"

#include "api/json_read.h"
#include "api/limits.h"
#include "api/media_type.h"
#include "api/misspelt.h"
#include "util/utf8.h"

#include <stdio.h>

#define MEDIA_JSON "application/json"
#define MEDIA_TEXT "text/plain"
#define MEDIA_FORM "application/x-www-form-urlencoded"

/* Refuse a request. Returns as text_request_read(). */
static int refuse_request(struct proxy_response *response, enum refusal refusal,
                          struct refusal_values values)
{
    proxy_response_refuse(response, refusal, &values);
    return 1;
}

/* Whether a text is compressed by gzip. */
static bool is_gzip(struct str text)
{
    return text.len > 2 && memcmp(text.at, "\x1F\x8B", 2) == 0;
}

/* Refuse a body that json_read() did not accept. Returns as text_request_read(). */
static int refuse_json(struct proxy_response *response, enum json_fault fault,
                       struct json_place place, struct str body, struct err *err)
{
    static const enum refusal refusals[] = {
        [JSON_INVALID] = REFUSE_JSON_SYNTAX,    [JSON_INCOMPLETE] = REFUSE_JSON_INCOMPLETE,
        [JSON_TOO_DEEP] = REFUSE_JSON_TOO_DEEP, [JSON_LARGE_NUMBER] = REFUSE_JSON_LARGE_NUMBER,
        [JSON_INVALID_UTF8] = REFUSE_BODY_UTF8, [JSON_TOO_MANY_VALUES] = REFUSE_JSON_VALUES,
    };
    if (fault == JSON_NO_MEMORY)
        return -1;
    struct refusal_values values = {
        .value = str_of(err->text), .line = place.line, .column = place.column};
    if (fault == JSON_INVALID_UTF8)
        values.n = utf8_valid_length(body);
    enum refusal refusal = refusals[fault];
    if (is_gzip(body))
        refusal = REFUSE_COMPRESSED;
    else if (str_trim(body, STR_SPACES).len == 0)
        refusal = REFUSE_JSON_EMPTY;
    return refuse_request(response, refusal, values);
}

struct str text_request_show(const json_t *value, char room[TEXT_REQUEST_SHOWN])
{
    if (json_is_string(value))
        return json_read_text(value);
    if (json_is_array(value) || json_is_object(value))
        return str_of(json_is_array(value) ? "[…]" : "{…}");
    if (json_is_boolean(value) || json_is_null(value))
        return str_of(json_is_null(value) ? "null" : json_is_true(value) ? "true" : "false");
    snprintf(room, TEXT_REQUEST_SHOWN, "%.15g", json_number_value(value));
    return str_of(room);
}

/* Refuse a JSON value. Returns as text_request_read(). */
static int refuse_value(struct proxy_response *response, enum refusal refusal, const char *name,
                        const json_t *value)
{
    char room[TEXT_REQUEST_SHOWN];
    struct str shown = text_request_show(value, room);
    return refuse_request(response, refusal,
                          (struct refusal_values){.parameter = name, .value = shown});
}

static int read_json(struct text_request *request, struct str body, struct proxy_response *response,
                     struct err *err)
{
    json_t *root;
    struct json_place place = {0};
    enum json_fault fault = json_read(body, TEXT_REQUEST_MAX_VALUES, &root, &place, err);
    if (fault)
        return refuse_json(response, fault, place, body, err);
    const json_t *text = json_object_get(root, "text"); /* also NULL if root is not an object */
    int status = 0;
    if (!json_is_object(root))
        status = refuse_value(response, REFUSE_JSON_NOT_OBJECT, NULL, root);
    else if (text && !json_is_string(text) && !json_is_null(text))
        status = refuse_value(response, REFUSE_TEXT_TYPE, "text", text);
    if (status) {
        json_decref(root);
        return status;
    }
    request->object = root;
    return 0;
}

/* Whether a form is a JSON object: `curl -d` sends that as a form, unless told otherwise. */
static bool is_json_object(struct str form)
{
    struct str text = str_trim(form, STR_SPACES);
    return text.len > 0 && text.at[0] == '{';
}

/* Read a form: its members follow the parameters of the query, so that they override them. */
static int read_form(struct text_request *request, struct url_params *form, struct str body,
                     struct proxy_response *response, struct err *err)
{
    const struct url_params *query = request->params;
    enum url_fault fault = URL_FINE;
    url_params_reset(form);
    for (size_t i = 0; i < query->n && !fault; i++)
        fault = url_add_param(form, query->at[i].name, query->at[i].value, err);
    if (!fault)
        fault = url_parse_query(form, body, err);
    request->params = form;
    if (!fault || fault == URL_NO_MEMORY)
        return fault ? -1 : 0;
    if (is_json_object(body))
        return refuse_request(response, REFUSE_FORM_IS_JSON,
                              (struct refusal_values){.parameter = "text"});
    return refuse_request(response, refusal_of_url(fault), (struct refusal_values){0});
}

/* Read the body of a POST. Returns as text_request_read(). */
static int read_body(struct text_request *request, struct api *api, const struct proxy_event *event,
                     struct proxy_response *response, struct err *err)
{
    if (media_type_is(event->content_type, MEDIA_JSON))
        return read_json(request, event->body, response, err);
    if (media_type_is(event->content_type, MEDIA_FORM))
        return read_form(request, &api->form, event->body, response, err);
    if (event->content_type.len == 0 && event->body.len == 0)
        return 0; /* all is in the query */
    bool has_type = event->content_type.len > 0;
    return refuse_request(response, has_type ? REFUSE_MEDIA_TYPE : REFUSE_NO_MEDIA_TYPE,
                          (struct refusal_values){
                              .value = event->content_type,
                              .allowed = MEDIA_JSON ", " MEDIA_TEXT ", " MEDIA_FORM,
                          });
}

int text_request_read(struct text_request *request, struct api *api,
                      const struct proxy_event *event, struct proxy_response *response,
                      struct err *err)
{
    *request = (struct text_request){.event = event, .params = event->params, .text = str_of("")};
    if (str_is(event->method, "POST")) {
        if (media_type_is(event->content_type, MEDIA_TEXT)) {
            request->text = event->body;
            request->has_text = true;
            return 0;
        }
        int status = read_body(request, api, event, response, err);
        if (status)
            return status;
    }
    request->has_text = text_request_find(request, "text", &request->text);
    return 0;
}

void text_request_free(struct text_request *request)
{
    json_decref(request->object);
}

int text_request_refuse_missing(const struct text_request *request, struct proxy_response *response)
{
    static const char *const known[] = {"text", NULL};
    struct str form = request->params == request->event->params ? str_of("") : request->event->body;
    struct refusal_values values = {.parameter = "text"};
    enum refusal refusal = form.len > 0 ? REFUSE_FORM_WITHOUT_TEXT : REFUSE_TEXT_MISSING;
    if (is_json_object(form))
        refusal = REFUSE_FORM_IS_JSON;
    else if (misspelt_find(request->params, request->object, "text", known, &values.value))
        refusal = REFUSE_TEXT_MISSPELT;
    return proxy_response_refuse(response, refusal, &values);
}

int text_request_refuse_slip(const struct text_request *request, const char *const *options,
                             struct proxy_response *response)
{
    struct refusal_values values = {0};
    values.parameter =
        misspelt_find_option(request->params, request->object, options, &values.value);
    return values.parameter ? refuse_request(response, REFUSE_OPTION_MISSPELT, values) : 0;
}

int text_request_refuse_utf8(struct str text, struct proxy_response *response)
{
    return proxy_response_refuse(
        response, is_gzip(text) ? REFUSE_COMPRESSED : REFUSE_TEXT_UTF8,
        &(struct refusal_values){.parameter = "text", .n = utf8_valid_length(text)});
}

int text_request_refuse_option(const struct text_request *request, enum refusal refusal,
                               const char *name, const char *allowed,
                               struct proxy_response *response)
{
    char room[TEXT_REQUEST_SHOWN];
    struct refusal_values values = {.parameter = name, .allowed = allowed};
    const json_t *member = json_object_get(request->object, name);
    const struct str *parameter;
    if (member && !json_is_null(member))
        values.value = text_request_show(member, room);
    else if ((parameter = url_param(request->params, name)))
        values.value = *parameter;
    return refuse_request(response, refusal, values);
}

/* Return a JSON value as the text of an option. */
static struct str read_value(const json_t *value)
{
    if (json_is_string(value))
        return json_read_text(value);
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

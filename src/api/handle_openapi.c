/*
 * GET /openapi.json: the description of the API. join_openapi makes it of openapi.json.in and of
 * a comment like the one below in each handler's file.
 */
#include "api/handler.h"

/* openapi:
"/openapi.json": {
  "get": {
    "operationId": "openapi",
    "summary": "This description",
    "responses": {
      "200": {
        "description": "The description",
        "content": {"application/json": {"schema": {
          "type": "object",
          "required": ["openapi", "info", "paths"]
        }}}
      },
      "400": {"$ref": "#/components/responses/BadRequest"},
      "429": {"$ref": "#/components/responses/Busy"},
      "5XX": {"$ref": "#/components/responses/Failure"}
    }
  }
}
*/

static const char description[] =
#include "openapi_json.h"
    ;

int handle_openapi(struct api *api, const struct proxy_event *event,
                   struct proxy_response *response, struct err *err)
{
    (void)api;
    (void)event;
    (void)err;
    buf_add(&response->body, description, sizeof description - 1);
    proxy_response_header(response, "Cache-Control", "max-age=300");
    return 0;
}

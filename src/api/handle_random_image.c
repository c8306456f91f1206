/*
 * GET /random-image: the address of one image of the list, each with the same chance.
 */
#include "config.h"

#include "api/handler.h"
#include "api/json.h"

#include <stdlib.h>

/* openapi:
"/random-image": {
  "get": {
    "operationId": "randomImage",
    "summary": "The address of an image of the list, chosen by chance",
    "responses": {
      "200": {
        "description": "The address",
        "content": {"application/json": {
          "schema": {
            "type": "object",
            "properties": {"imageUrl": {"type": "string", "pattern": "^https?://"}},
            "required": ["imageUrl"],
            "additionalProperties": false
          },
          "example": {"imageUrl": "https://example.org/cat.jpg"}
        }}
      },
      "400": {"$ref": "#/components/responses/BadRequest"},
      "404": {
        "description": "There is no image",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
      },
      "414": {"$ref": "#/components/responses/TooLong"},
      "429": {"$ref": "#/components/responses/Busy"},
      "5XX": {"$ref": "#/components/responses/Failure"}
    }
  }
}
*/

int handle_random_image(struct api *api, const struct proxy_event *event,
                        struct proxy_response *response, struct err *err)
{
    (void)event;
    (void)err;
    uint32_t n = api->snapshot->n_images;
    if (n == 0) {
        proxy_response_error(response, 404, "No images");
        return 0;
    }
    /* glibc takes each of these numbers from the kernel and keeps no state of its own, so that no
     * fork, no clone and no frozen copy of this process ever repeats the sequence of another. */
    uint32_t i = arc4random_uniform(n);
    buf_add_text(&response->body, "{\"imageUrl\": ");
    json_add_string(&response->body, snapshot_image(api->snapshot, i));
    buf_add_char(&response->body, '}');
    proxy_response_header(response, "Cache-Control", "no-store");
    return 0;
}

/*
 * routes: the table of the endpoints. All other code that lists endpoints reads it from here.
 *
 * To add an endpoint (docs/add-an-endpoint.md shows each step):
 *   1. Write the handler: handle_NAME(), in src/api/handle_NAME.c.
 *   2. Describe it for /openapi.json, in src/api/handle_NAME.openapi.json.
 *   3. Add a row to this table.
 *   4. Add the handler's file to HANDLERS in Makefile.am.
 * nginx, bootstrap and lambda/template.yaml stay as they are, since they pass every path on.
 *
 * The columns of a row are:
 *   the handler
 *   the name, for Lambda's _HANDLER and for /metrics
 *   the path
 *   the methods, as the Allow header lists them; a handler of GET serves HEAD, too
 *
 * The includer defines ROUTE as what it makes of a row.
 */
ROUTE(handle_calculator, "calculator", "/calculator", "GET, HEAD, OPTIONS")
ROUTE(handle_random_image, "random-image", "/random-image", "GET, HEAD, OPTIONS")
ROUTE(handle_image_tags, "image-tags", "/random-image/tags", "GET, HEAD, OPTIONS")
ROUTE(handle_segment, "segment", "/segment", "GET, HEAD, POST, OPTIONS")
ROUTE(handle_keywords, "keywords", "/keywords", "GET, HEAD, POST, OPTIONS")
ROUTE(handle_page, "page", "/", "GET, HEAD, OPTIONS")
ROUTE(handle_openapi, "openapi", "/openapi.json", "GET, HEAD, OPTIONS")

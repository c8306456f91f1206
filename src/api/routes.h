/*
 * routes: THE TABLE of endpoints; everything else that knows of an endpoint takes it from here. To
 * add one, as docs/add-an-endpoint.md shows step by step:
 *   1. write src/api/handle_NAME.c: `int handle_NAME(...)`, with its description for openapi.json
 *      in a comment; handle_random_image.c is the shortest example;
 *   2. add its row here;
 *   3. add the file to HANDLERS in Makefile.am.
 * nginx, bootstrap and the API of lambda/template.yaml need nothing: all pass every path on to this
 * table.
 *
 * A row has the handler, the name (of Lambda's _HANDLER, of /metrics), the path, and the methods as
 * the Allow header lists them; GET brings HEAD. Whoever includes this file says what a row becomes,
 * by defining ROUTE.
 */
ROUTE(handle_calculator, "calculator", "/calculator", "GET, HEAD, OPTIONS")
ROUTE(handle_random_image, "random-image", "/random-image", "GET, HEAD, OPTIONS")
ROUTE(handle_segment, "segment", "/segment", "GET, HEAD, POST, OPTIONS")
ROUTE(handle_keywords, "keywords", "/keywords", "GET, HEAD, POST, OPTIONS")
ROUTE(handle_page, "page", "/", "GET, HEAD, OPTIONS")
ROUTE(handle_openapi, "openapi", "/openapi.json", "GET, HEAD, OPTIONS")

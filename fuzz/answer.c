#include "fuzz/answer.h"

#include "fuzz/fuzz.h"
#include "fuzz/small.h"

#include <jansson.h>

struct api *answer_api(void)
{
    static struct api api;
    struct err err;
    if (!api.seg)
        HOLDS(!api_init(&api, &err));
    api.snapshot = small_snapshot();
    return &api;
}

/* Return whether a handler may answer a status. */
static bool is_expected(int status)
{
    static const int all[] = {200, 204, 302, 400, 404, 405, 413, 414, 415};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i] == status)
            return true;
    }
    return false;
}

void answer_check(int status, struct str body, bool bodiless)
{
    HOLDS(is_expected(status));
    if (bodiless || status == 204) {
        HOLDS(body.len == 0);
        return;
    }
    if (status == 200 && body.len > 0 && *body.at == '<')
        return; /* the page */
    json_t *json = json_loadb(body.at, body.len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    HOLDS(json_object_size(json) >= 1);
    HOLDS(json_is_string(json_object_get(json, "error")) == (status >= 400));
    json_decref(json);
}

/* unit_cgi: the path and the id of a request in the parameters that web servers send. */
#include "t/tap.h"

#include "fastcgi/cgi.h"

static const struct {
    const char *name, *params[4], *path;
} paths[] = {
    {"nginx sends DOCUMENT_URI", {"DOCUMENT_URI=/segment"}, "/segment"},
    {"DOCUMENT_URI is decoded already", {"DOCUMENT_URI=/%73egment"}, "/%73egment"},
    {"nginx sends SCRIPT_NAME, too, perhaps with the name of an index",
     {"SCRIPT_NAME=/index.php", "REQUEST_URI=/?x", "DOCUMENT_URI=/"},
     "/"},
    {"Apache sends SCRIPT_NAME", {"SCRIPT_NAME=/segment", "REQUEST_URI=//segment?x"}, "/segment"},
    {"lighttpd cuts the path after its first segment",
     {"SCRIPT_NAME=/segment", "PATH_INFO=/x", "REQUEST_URI=/segment/x"},
     "/segment/x"},
    {"an empty PATH_INFO adds nothing", {"SCRIPT_NAME=/segment", "PATH_INFO="}, "/segment"},
    {"the path is in PATH_INFO for a program at the root of a site",
     {"DOCUMENT_URI=", "SCRIPT_NAME=", "PATH_INFO=/segment", "REQUEST_URI=/%73egment"},
     "/segment"},
    {"PATH_INFO is decoded already", {"PATH_INFO=/%73egment"}, "/%73egment"},
    {"REQUEST_URI alone is decoded, and ends at its query",
     {"REQUEST_URI=/%73egment+a?text=%zz"},
     "/segment+a"},
    {"REQUEST_URI with an invalid escape is no path", {"REQUEST_URI=/segment%7"}, ""},
    {"without parameters, there is no path", {NULL}, ""},
};

static const struct {
    const char *name, *params[4], *id;
} ids[] = {
    {"REQUEST_ID is the id", {"HTTP_X_REQUEST_ID=c", "UNIQUE_ID=b", "REQUEST_ID=a"}, "a"},
    {"UNIQUE_ID is the id where REQUEST_ID is empty", {"REQUEST_ID=", "UNIQUE_ID=b"}, "b"},
    {"X-Request-ID is the id where the server gives none", {"HTTP_X_REQUEST_ID=c"}, "c"},
    {"without any of them, the id is empty", {"REQUEST_URI=/"}, ""},
};

/* Return parameters as libfcgi has them, valid until the next call. */
static FCGX_ParamArray make_params(const char *const list[4])
{
    static char *params[5];
    memcpy(params, list, 4 * sizeof *params);
    return params;
}

int main(void)
{
    struct buf memory = {0};
    tap_plan(15);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct str path = cgi_path(make_params(paths[i].params), &memory);
        ok(str_is(path, paths[i].path), "%s", paths[i].name);
    }
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        is_text(cgi_request_id(make_params(ids[i].params)), ids[i].id, ids[i].name);
    buf_free(&memory);
    return tap_done();
}

#include "fastcgi/cgi.h"

#include "util/err.h"
#include "util/url.h"

/* Decode the path of a request target: "/%73egment?text=x" has the path "/segment". */
static struct str decode_target(struct str target, struct buf *memory)
{
    struct err ignored;
    if (url_decode(str_cut(&target, '?'), false, memory, &ignored))
        return str_of("");
    return buf_str(memory);
}

struct str cgi_path(FCGX_ParamArray params, struct buf *memory)
{
    struct str document = str_of(FCGX_GetParam("DOCUMENT_URI", params));
    if (document.len > 0)
        return document;
    struct str script = str_of(FCGX_GetParam("SCRIPT_NAME", params));
    struct str rest = str_of(FCGX_GetParam("PATH_INFO", params));
    buf_reset(memory);
    if (script.len == 0 && rest.len == 0)
        return decode_target(str_of(FCGX_GetParam("REQUEST_URI", params)), memory);
    buf_add_str(memory, script);
    buf_add_str(memory, rest);
    return memory->failed ? str_of("") : buf_str(memory);
}

const char *cgi_request_id(FCGX_ParamArray params)
{
    static const char *const names[] = {"REQUEST_ID", "UNIQUE_ID", "HTTP_X_REQUEST_ID"};
    const char *id = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !(id && *id); i++)
        id = FCGX_GetParam(names[i], params);
    return id ? id : "";
}

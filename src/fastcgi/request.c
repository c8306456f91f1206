#include "fastcgi/request.h"

#include "fastcgi/cgi.h"
#include "util/decimal.h"
#include "util/http_status.h"

#include <stdint.h>
#include <stdio.h>

/* Set the event's fault, unless it has one. */
static void set_fault(struct request *request, enum refusal fault)
{
    if (!request->event.fault)
        request->event.fault = fault;
}

/* Close the connection after the response, because the next bytes on it do not begin a request.
 * FCGX_Attach() makes libfcgi read them before it closes: the kernel discards a response when its socket
 * is closed with unread bytes. */
static void close_after_response(FCGX_Request *fcgi)
{
    FCGX_Attach(fcgi);
    fcgi->keepConnection = 0;
}

/* Append up to `length` bytes to the empty `body`; fewer if the stream ends or memory runs out. */
static void read_bytes(struct buf *body, size_t length, FCGX_Stream *in)
{
    while (body->len < length) {
        char *to = buf_reserve(body, length - body->len);
        int n = to ? FCGX_GetStr(to, (int)(length - body->len), in) : 0;
        if (n <= 0)
            return;
        body->len += (size_t)n;
    }
}

uint64_t request_length(const FCGX_Request *fcgi)
{
    uint64_t length = 0;
    return decimal_read(str_of(FCGX_GetParam("CONTENT_LENGTH", fcgi->envp)), &length) ? length : 0;
}

static void read_body(struct request *request, FCGX_Request *fcgi)
{
    struct str length_text = str_of(FCGX_GetParam("CONTENT_LENGTH", fcgi->envp));
    uint64_t length = 0;
    buf_reset(&request->body);
    if (length_text.len > 0 && !decimal_read(length_text, &length)) {
        set_fault(request, REFUSE_CONTENT_LENGTH);
        close_after_response(fcgi);
        return;
    }
    if (length > PROXY_MAX_BODY) {
        set_fault(request, REFUSE_LARGE_BODY);
        close_after_response(fcgi);
        return;
    }
    read_bytes(&request->body, length, fcgi->in);
    if (request->body.len < length)
        set_fault(request, REFUSE_SHORT_BODY);
    if (FCGX_GetChar(fcgi->in) != EOF)
        close_after_response(fcgi);
    else
        FCGX_Detach(fcgi); /* all was read, so that closing need not wait for the web server */
    request->event.body = buf_str(&request->body);
}

static void read_query(struct request *request, FCGX_Request *fcgi)
{
    struct str query = str_of(FCGX_GetParam("QUERY_STRING", fcgi->envp));
    struct err ignored;
    url_params_reset(&request->params);
    if (query.len > PROXY_MAX_QUERY)
        set_fault(request, REFUSE_LONG_QUERY);
    else
        set_fault(request, refusal_of_url(url_parse_query(&request->params, query, &ignored)));
}

void request_read(struct request *request, FCGX_Request *fcgi)
{
    request->fcgi = fcgi;
    request->event = (struct proxy_event){
        .method = str_of(FCGX_GetParam("REQUEST_METHOD", fcgi->envp)),
        .path = cgi_path(fcgi->envp, &request->path),
        .content_type = str_of(FCGX_GetParam("CONTENT_TYPE", fcgi->envp)),
        .if_none_match = str_of(FCGX_GetParam("HTTP_IF_NONE_MATCH", fcgi->envp)),
        .accept_language = str_of(FCGX_GetParam("HTTP_ACCEPT_LANGUAGE", fcgi->envp)),
        .body = str_of(""),
        .params = &request->params,
    };
    read_query(request, fcgi);
    read_body(request, fcgi);
}

/* Send the status and the headers; Content-Length only where `has_length`. */
static void send_head(struct request *request, const struct proxy_response *response,
                      bool has_length)
{
    struct buf *out = &request->out;
    buf_reset(out);
    buf_print(out, "Status: %d %s\r\n", response->status, http_status_reason(response->status));
    for (size_t i = 0; i < response->n_headers; i++) {
        buf_add_text(out, response->headers[i].name);
        buf_add_text(out, ": ");
        buf_add_str(out, response->headers[i].value);
        buf_add_text(out, "\r\n");
    }
    if (has_length)
        buf_print(out, "Content-Length: %zu\r\n", response->content_length);
    buf_add_text(out, "\r\n");
    if (out->failed) /* no memory for the headers: the web server answers 502 */
        close_after_response(request->fcgi);
    else
        FCGX_PutStr(out->at, (int)out->len, request->fcgi->out);
}

int request_send_piece(void *arg, const struct proxy_response *response, struct str piece)
{
    struct request *request = arg;
    if (!response->is_begun)
        send_head(request, response, false);
    return FCGX_PutStr(piece.at, (int)piece.len, request->fcgi->out) < 0 ? -1 : 0;
}

void request_send(struct request *request, const struct proxy_response *response)
{
    if (response->is_broken)
        return;
    if (!response->is_begun)
        send_head(request, response, response->status != 204 && response->status != 304);
    FCGX_PutStr(response->body.at, (int)response->body.len, request->fcgi->out);
}

void request_end(struct request *request, const struct proxy_response *response)
{
    if (!response->is_broken) {
        FCGX_Finish_r(request->fcgi);
        return;
    }
    FCGX_Detach(request->fcgi); /* libfcgi would wait for the web server to close it, too */
    FCGX_Free(request->fcgi, true);
}

void request_free(struct request *request)
{
    url_params_free(&request->params);
    buf_free(&request->path);
    buf_free(&request->body);
    buf_free(&request->out);
}

#include "lambda/http.h"

#include "lambda/connection.h"
#include "util/aws_limits.h"
#include "util/decimal.h"

#include <stdint.h>
#include <stdlib.h>

/* The longest size line of a chunk, with its extensions, in bytes. */
#define MAX_CHUNK_LINE 4096

struct http {
    struct address address;
    char server[128]; /* The address as text, for the Host header. */
    struct connection connection;
    struct buf request, head, body;
};

/* How the body of an answer is delimited. */
struct framing {
    bool chunked;
    bool has_length;
    bool close;    /* Whether the server closes the connection after the answer. */
    size_t length; /* The Content-Length. */
};

struct http *http_open(const char *server, struct err *err)
{
    struct http *http = calloc(1, sizeof *http);
    if (!http) {
        err_set(err, "out of memory for the HTTP client");
        return NULL;
    }
    http->connection.fd = -1;
    if (address_parse(&http->address, server, err)) {
        free(http);
        return NULL;
    }
    strcpy(http->server, server); /* a valid address is shorter than the array */
    return http;
}

void http_close(struct http *http)
{
    if (!http)
        return;
    connection_free(&http->connection);
    buf_free(&http->request);
    buf_free(&http->head);
    buf_free(&http->body);
    free(http);
}

struct str http_header(const struct http_answer *answer, const char *name)
{
    struct str rest = answer->head;
    while (rest.len > 0) {
        struct str line = str_cut(&rest, '\n');
        if (str_is_nocase(str_cut(&line, ':'), name))
            return str_trim(line, STR_BLANKS);
    }
    return (struct str){NULL, 0};
}

/* Parse a status line such as "HTTP/1.1 200 OK", where the reason is free text and may be missing.
 * Returns the status, or -1 for an invalid line. Sets `*old` to whether the version is 1.0. */
static int parse_status(struct str line, bool *old)
{
    if (line.len < 12 || memcmp(line.at, "HTTP/1.", 7) ||
        (line.at[7] != '0' && line.at[7] != '1') || line.at[8] != ' ' ||
        (line.len > 12 && line.at[12] != ' '))
        return -1;
    unsigned status;
    *old = line.at[7] == '0';
    return decimal_read_range((struct str){line.at + 9, 3}, 100, 599, &status) ? (int)status : -1;
}

/* Parse a Content-Length. A second one must agree with the first. */
static int parse_length(struct framing *framing, struct str value, struct err *err)
{
    uint64_t length;
    if (!decimal_read(value, &length) || (framing->has_length && framing->length != length))
        return err_set(err, "the Runtime API sent an invalid Content-Length");
    framing->has_length = true;
    framing->length = length;
    return 0;
}

/* Update `framing` from a header. Returns 0 or -1 with a reason. */
static int parse_framing(struct framing *framing, struct str name, struct str value,
                         struct err *err)
{
    if (str_is_nocase(name, "Content-Length"))
        return parse_length(framing, value, err);
    if (str_is_nocase(name, "Transfer-Encoding")) {
        if (framing->chunked || !str_is_nocase(value, "chunked"))
            return err_set(err, "the Runtime API sent a Transfer-Encoding other than chunked");
        framing->chunked = true;
    }
    while (str_is_nocase(name, "Connection") && value.len > 0)
        framing->close |= str_is_nocase(str_trim(str_cut(&value, ','), STR_BLANKS), "close");
    return 0;
}

/* Whether `line` is NAME ":" VALUE, without control characters or white space in the name. */
static bool is_header(struct str line, struct str name)
{
    for (size_t i = 0; i < line.len; i++) {
        unsigned char c = (unsigned char)line.at[i];
        if (c == 0x7F || (c < ' ' && c != '\t') || (i < name.len && (c == ' ' || c == '\t')))
            return false;
    }
    return name.len > 0 && name.len < line.len;
}

/* Read header lines up to the empty line into http->head. */
static int read_headers(struct http *http, struct framing *framing, struct err *err)
{
    buf_reset(&http->head);
    for (;;) {
        struct str line;
        if (connection_read_line(&http->connection, AWS_RUNTIME_API_MAX_HEAD - http->head.len,
                                 &line, err))
            return -1;
        if (line.len == 0)
            return http->head.failed ? err_set(err, "out of memory for the headers") : 0;
        struct str value = line, name = str_cut(&value, ':');
        if (!is_header(line, name))
            return err_set(err, "the Runtime API sent a malformed header line");
        if (parse_framing(framing, name, str_trim(value, STR_BLANKS), err))
            return -1;
        buf_add_str(&http->head, line);
        buf_add_char(&http->head, '\n');
    }
}

/* Read status line and headers of the answer, skipping 1xx responses before it. */
static int read_head(struct http *http, struct http_answer *answer, struct framing *framing,
                     struct err *err)
{
    for (int status = 100; status < 200;) {
        struct str line;
        if (connection_read_line(&http->connection, AWS_RUNTIME_API_MAX_HEAD, &line, err))
            return -1;
        *framing = (struct framing){0};
        status = parse_status(line, &framing->close);
        if (status < 0 || status == 101)
            return err_set(err,
                           "the Runtime API sent an invalid status line, or switched protocols");
        if (read_headers(http, framing, err))
            return -1;
        if (status >= 200) {
            answer->status = status;
            answer->head = buf_str(&http->head);
        }
    }
    if (framing->chunked && framing->has_length)
        return err_set(err, "the Runtime API sent both Transfer-Encoding and Content-Length");
    return 0;
}

/* Parse the size line of a chunk: hexadecimal digits, and perhaps extensions. Returns a number above
 * HTTP_MAX_BODY where the size is invalid or too large. */
static size_t parse_chunk_size(struct str line)
{
    struct str digits = str_trim(str_cut(&line, ';'), STR_BLANKS);
    size_t size = digits.len > 0 ? 0 : SIZE_MAX;
    for (size_t i = 0; i < digits.len && size <= HTTP_MAX_BODY; i++) {
        char c = digits.at[i];
        if (c >= '0' && c <= '9')
            size = size * 16 + (size_t)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            size = size * 16 + (size_t)((c | 0x20) - 'a' + 10);
        else
            return SIZE_MAX;
    }
    return size;
}

/* Read and discard the trailers, up to the empty line. */
static int skip_trailers(struct http *http, struct err *err)
{
    struct str line;
    size_t left = AWS_RUNTIME_API_MAX_HEAD;
    do {
        if (connection_read_line(&http->connection, left, &line, err))
            return -1;
        left -= line.len;
    } while (line.len > 0);
    return 0;
}

static int read_chunks(struct http *http, struct err *err)
{
    for (;;) {
        struct str line;
        if (connection_read_line(&http->connection, MAX_CHUNK_LINE, &line, err))
            return -1;
        size_t size = parse_chunk_size(line);
        if (size > HTTP_MAX_BODY - http->body.len)
            return err_set(err,
                           "the Runtime API sent an invalid chunk size, or a body of more than %d "
                           "bytes",
                           HTTP_MAX_BODY);
        if (size == 0)
            return skip_trailers(http, err);
        if (connection_read(&http->connection, size, &http->body, err) ||
            connection_read_line(&http->connection, 2, &line, err))
            return -1;
        if (line.len > 0)
            return err_set(err, "the Runtime API sent a chunk longer than its size line says");
    }
}

static int read_body(struct http *http, int status, struct framing *framing, struct err *err)
{
    buf_reset(&http->body);
    if (status == 204 || status == 304)
        return 0;
    if (framing->chunked)
        return read_chunks(http, err);
    if (!framing->has_length) {
        framing->close = true;
        return connection_read_all(&http->connection, HTTP_MAX_BODY, &http->body, err);
    }
    if (framing->length > HTTP_MAX_BODY)
        return err_set(err, "the Runtime API sent a body of more than %d bytes", HTTP_MAX_BODY);
    return connection_read(&http->connection, framing->length, &http->body, err);
}

/* Send http->request and `body`, and read the answer, over the open connection or a new one. The
 * connection stays open only after a complete answer that allows it. Returns 0 or -1. */
static int try_exchange(struct http *http, struct str body, struct http_answer *answer,
                        struct err *err)
{
    struct connection *connection = &http->connection;
    struct framing framing;
    *answer = (struct http_answer){0};
    connection->heard = false;
    if (connection->fd < 0 && connection_open(connection, &http->address, err))
        return -1;
    int failed = connection_send(connection, buf_str(&http->request), body, err) ||
                 read_head(http, answer, &framing, err) ||
                 read_body(http, answer->status, &framing, err);
    if (failed || framing.close || connection->cut_off)
        connection_close(connection);
    if (failed)
        return -1;
    answer->body = buf_str(&http->body);
    return 0;
}

/* Send http->request and `body`, and read the answer; again where the open connection was dead. */
static int exchange(struct http *http, struct str body, struct http_answer *answer, struct err *err)
{
    if (http->request.failed)
        return err_set(err, "out of memory for a request");
    if (connection_is_stale(&http->connection))
        connection_close(&http->connection);
    bool reused = http->connection.fd >= 0;
    if (!try_exchange(http, body, answer, err))
        return 0;
    return reused && !http->connection.heard ? try_exchange(http, body, answer, err) : -1;
}

int http_get(struct http *http, const char *target, struct http_answer *answer, struct err *err)
{
    buf_reset(&http->request);
    buf_print(&http->request,
              "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: serverful/" PACKAGE_VERSION "\r\n\r\n",
              target, http->server);
    return exchange(http, (struct str){NULL, 0}, answer, err);
}

int http_post(struct http *http, const char *target, const char *headers, struct str body,
              struct http_answer *answer, struct err *err)
{
    buf_reset(&http->request);
    buf_print(&http->request,
              "POST %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: serverful/" PACKAGE_VERSION "\r\n"
              "Content-Type: application/json\r\nContent-Length: %zu\r\n%s\r\n",
              target, http->server, body.len, headers);
    return exchange(http, body, answer, err);
}

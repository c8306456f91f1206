#include "fuzz/wire.h"

#include "api/route.h"
#include "fastcgi/cgi.h"
#include "fastcgi/log.h"
#include "fastcgi/request.h"
#include "fuzz/answer.h"
#include "fuzz/fuzz.h"

#include <assert.h>
#include <errno.h>
#include <fcgios.h>
#include <jansson.h>
#include <setjmp.h>
#include <sys/mman.h>
#include <unistd.h>

#define WIRE_FD      1000 /* A descriptor that the process does not have. */
#define MAX_REQUESTS 8    /* The most requests on one connection. */

static struct str incoming;                  /* The bytes that the peer is still to send. */
static size_t step;                          /* The most bytes that one read returns. */
static size_t patience;                      /* The bytes after which the peer goes. */
static struct buf sent;                      /* The bytes that the peer has received. */
static struct buf bodies;                    /* The bodies of the answers, made whole. */
static size_t ends[MAX_REQUESTS], n_answers; /* The end of each in `bodies`. */
static struct buf last_path;                 /* The path of the last request. */
static struct request request;
static jmp_buf no_memory; /* Where to go on when libfcgi runs out of memory. */

/* libfcgi asserts that malloc() succeeds for lengths that the peer has chosen. In the pool this ends
 * a worker, which the supervisor replaces; here it ends the connection. */
void __assert_fail(const char *assertion, const char *path, unsigned line, const char *function)
{
    HOLDS(!strcmp(path, "fcgiapp.c") && !strcmp(function, "Malloc"));
    (void)assertion;
    (void)line;
    longjmp(no_memory, 1);
}

/* libfcgi leaks what it has read of a malformed FCGI_GET_VALUES. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libfcgi.so";
}

int OS_Accept(int listen_sock, int fail_on_intr, const char *addresses)
{
    (void)fail_on_intr;
    (void)addresses;
    HOLDS(listen_sock == -1); /* a worker accepts connections itself */
    errno = EBADF;
    return -1;
}

int OS_Read(int fd, char *to, size_t len)
{
    HOLDS(fd == WIRE_FD);
    size_t n = len < step ? len : step;
    n = n < incoming.len ? n : incoming.len;
    if (n > 0)
        memcpy(to, incoming.at, n);
    incoming = (struct str){incoming.at + n, incoming.len - n};
    return (int)n;
}

int OS_Write(int fd, char *from, size_t len)
{
    HOLDS(fd == WIRE_FD);
    size_t left = patience - sent.len, n = len < left ? len : left;
    buf_add(&sent, from, n);
    errno = EPIPE;
    return n > 0 ? (int)n : -1;
}

int OS_IpcClose(int fd, int shutdown)
{
    (void)shutdown;
    HOLDS(fd == WIRE_FD || fd == -1);
    if (fd == WIRE_FD)
        incoming.len = 0;
    return 0;
}

/* Write the request to the access log, which must get one line of JSON. */
static void log_answer(const struct proxy_response *response, const char *id)
{
    static struct log log = {.access = -1};
    char line[8192];
    if (log.access < 0)
        log.access = memfd_create("log", MFD_CLOEXEC);
    log_request(&log, &(struct log_request){id, request.event.method, request.event.path,
                                            response->status, response->content_length, 0});
    ssize_t n = pread(log.access, line, sizeof line, 0);
    HOLDS(n > 0 && !ftruncate(log.access, 0) && !lseek(log.access, 0, SEEK_SET));
    if (n == sizeof line)
        return;
    HOLDS(memchr(line, '\n', (size_t)n) == line + n - 1);
    json_t *json = json_loadb(line, (size_t)n, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    HOLDS(json_is_string(json_object_get(json, "path")));
    json_decref(json);
}

/* Keep the body of an answer; of one that was sent in pieces, that of another, which is made whole. */
static void keep_body(const struct route *route, const struct proxy_response *response)
{
    static struct proxy_response whole;
    struct err err;
    if (response->is_begun) {
        HOLDS(!route_answer(answer_api(), route, &request.event, &whole, &err));
        HOLDS(response->status == whole.status);
        HOLDS(response->is_broken || response->content_length == whole.content_length);
        response = &whole;
    }
    buf_add_str(&bodies, buf_str(&response->body));
    ends[n_answers++] = bodies.len;
}

/* Read and answer one request, as a worker does. */
static void answer_request(FCGX_Request *fcgi)
{
    static struct proxy_response response;
    struct err err;
    struct api *api = answer_api();
    response.send_piece = request_send_piece;
    response.send_arg = &request;
    request_read(&request, fcgi);
    const struct route *route = route_find(api, request.event.path);
    buf_reset(&last_path);
    buf_add_str(&last_path, request.event.path);
    HOLDS(!route_answer(api, route, &request.event, &response, &err));
    keep_body(route, &response);
    request_send(&request, &response);
    log_answer(&response, cgi_request_id(fcgi->envp));
    request_end(&request, &response);
}

const struct buf *wire_serve(struct str input, size_t read_size, size_t max_sent)
{
    static bool started;
    static FCGX_Request fcgi; /* static, so that it keeps its value across longjmp() */
    HOLDS(started || !FCGX_Init());
    started = true;
    incoming = input;
    step = read_size;
    patience = max_sent;
    buf_reset(&sent);
    buf_reset(&bodies);
    n_answers = 0;
    HOLDS(!FCGX_InitRequest(&fcgi, -1, 0));
    fcgi.ipcFd = WIRE_FD;
    fcgi.keepConnection = 1;
    if (!setjmp(no_memory)) {
        while (n_answers < MAX_REQUESTS && FCGX_Accept_r(&fcgi) == 0)
            answer_request(&fcgi);
    }
    FCGX_Free(&fcgi, 1);
    return &sent;
}

/* Append the content of standard output. Only a peer that goes gets a part of a record. */
static void add_output(struct buf *out)
{
    enum { HEAD = 8, STDOUT = 6 };
    const unsigned char *at = (const unsigned char *)sent.at;
    bool is_gone = sent.len == patience;
    for (size_t left = sent.len; left > 0;) {
        HOLDS(is_gone || left >= HEAD);
        size_t content = left < HEAD ? 0 : (size_t)at[4] << 8 | at[5];
        size_t size = left < HEAD ? left : HEAD + content + at[6];
        HOLDS(at[0] == 1 && (is_gone || size <= left));
        if (left >= HEAD && at[1] == STDOUT)
            buf_add(out, at + HEAD, content < left - HEAD ? content : left - HEAD);
        at += size < left ? size : left;
        left -= size < left ? size : left;
    }
}

/* Cut an answer off the output: a head, and the body. Returns false at the end of what a peer that goes
 * has received. */
static bool cut_answer(struct str *output, struct str body)
{
    const char *end = output->len ? memmem(output->at, output->len, "\r\n\r\n", 4) : NULL;
    if (!end)
        return false;
    HOLDS(output->len > 12 && !memcmp(output->at, "Status: ", 8));
    size_t head = (size_t)(end - output->at) + 4;
    struct str rest = {output->at + head, output->len - head};
    size_t len = body.len < rest.len ? body.len : rest.len;
    HOLDS(!memcmp(rest.at, body.at, len));
    *output = (struct str){rest.at + len, rest.len - len};
    return len == body.len;
}

void wire_check(struct buf *out)
{
    size_t n = 0;
    add_output(out);
    struct str output = buf_str(out);
    for (size_t begin = 0; n < n_answers; begin = ends[n++]) {
        if (!cut_answer(&output, (struct str){buf_str(&bodies).at + begin, ends[n] - begin}))
            break;
    }
    HOLDS(sent.len == patience || (n == n_answers && output.len == 0));
}

struct str wire_path(void)
{
    return buf_str(&last_path);
}

#include "fuzz/wire.h"

#include "api/route.h"
#include "fastcgi/request.h"
#include "fuzz/answer.h"
#include "fuzz/fuzz.h"

#include <assert.h>
#include <errno.h>
#include <fcgios.h>
#include <setjmp.h>

#define WIRE_FD      1000 /* A descriptor that the process does not have. */
#define MAX_REQUESTS 8    /* The most requests on one connection. */

static struct str incoming; /* The bytes that the peer is still to send. */
static size_t step;         /* The most bytes that one read returns. */
static bool waiting;        /* Whether a connection waits to be accepted. */
static struct buf sent;     /* The bytes that the peer has received. */
static jmp_buf no_memory;   /* Where to go on when libfcgi runs out of memory. */

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
    (void)listen_sock;
    (void)fail_on_intr;
    (void)addresses;
    errno = ECONNABORTED;
    int fd = waiting ? WIRE_FD : -1;
    waiting = false;
    return fd;
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
    buf_add(&sent, from, len);
    return (int)len;
}

int OS_IpcClose(int fd, int shutdown)
{
    (void)shutdown;
    HOLDS(fd == WIRE_FD || fd == -1);
    if (fd == WIRE_FD)
        incoming.len = 0;
    return 0;
}

/* Read and answer one request, as a worker does. */
static void answer_request(FCGX_Request *fcgi)
{
    static struct request request;
    static struct proxy_response response;
    struct err err;
    struct api *api = answer_api();
    response.send = request_send_piece;
    response.send_arg = &request;
    request_read(&request, fcgi);
    const struct route *route = route_find(api, request.event.path);
    HOLDS(!route_answer(api, route, &request.event, &response, &err));
    request_send(&request, &response);
    request_end(&request, &response);
}

const struct buf *wire_serve(struct str input, size_t bytes)
{
    static bool started;
    static FCGX_Request fcgi; /* static, so that it keeps its value across longjmp() */
    HOLDS(started || !FCGX_Init());
    started = true;
    incoming = input;
    step = bytes;
    waiting = true;
    buf_reset(&sent);
    FCGX_InitRequest(&fcgi, 0, FCGI_FAIL_ACCEPT_ON_INTR);
    if (!setjmp(no_memory)) {
        for (int i = 0; i < MAX_REQUESTS && FCGX_Accept_r(&fcgi) == 0; i++)
            answer_request(&fcgi);
    }
    FCGX_Free(&fcgi, 1);
    return &sent;
}

void wire_output(const struct buf *records, struct buf *out)
{
    enum { HEAD = 8, STDOUT = 6 };
    const unsigned char *at = (const unsigned char *)records->at;
    for (size_t left = records->len; left > 0;) {
        HOLDS(left >= HEAD && at[0] == 1);
        size_t content = (size_t)at[4] << 8 | at[5], size = HEAD + content + at[6];
        HOLDS(size <= left);
        if (at[1] == STDOUT)
            buf_add(out, at + HEAD, content);
        at += size;
        left -= size;
    }
}

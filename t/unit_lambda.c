/*
 * Units of src/lambda: addresses, base64, and the environment variable of the trace.
 */
#include "lambda/connection.h"
#include "lambda/gzip.h"
#include "lambda/runtime.h"
#include "tap.h"
#include "util/base64.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_addresses(void)
{
    static const struct {
        const char *text;
        int family; /* 0 for an invalid address */
        int port;
    } cases[] = {
        {"127.0.0.1:9001", AF_INET, 9001},
        {"169.254.100.1:9001", AF_INET, 9001},
        {"localhost:80", AF_INET, 80},
        {"127.0.0.1:65535", AF_INET, 65535},
        {"127.0.0.1:00001", AF_INET, 1},
        {"[::1]:9001", AF_INET6, 9001},
        {"[2001:db8::7]:1", AF_INET6, 1},
        {"", 0, 0},
        {":", 0, 0},
        {":80", 0, 0},
        {"127.0.0.1", 0, 0},
        {"127.0.0.1:", 0, 0},
        {"127.0.0.1:0", 0, 0},
        {"127.0.0.1:000000", 0, 0},
        {"127.0.0.1:65536", 0, 0},
        {"127.0.0.1:-1", 0, 0},
        {"127.0.0.1:80x", 0, 0},
        {"127.0.0.1: 80", 0, 0},
        {"127.1:80", 0, 0},
        {"127.0.0.256:80", 0, 0},
        {"::1:80", 0, 0},
        {"[]:80", 0, 0},
        {"[127.0.0.1]:80", 0, 0},
        {"[::1:80", 0, 0},
        {"example.org:80", 0, 0},
        {"http://127.0.0.1:80", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct address address;
        struct err err;
        int failed = address_parse(&address, cases[i].text, &err);
        int family = failed ? 0 : address.socket.any.sa_family;
        int port = family == AF_INET    ? ntohs(address.socket.v4.sin_port)
                   : family == AF_INET6 ? ntohs(address.socket.v6.sin6_port)
                                        : 0;
        ok(family == cases[i].family && port == cases[i].port, "address_parse() %s '%s'",
           cases[i].family ? "reads" : "rejects", cases[i].text);
    }
}

static void test_base64(void)
{
    static const struct {
        const char *text;
        const char *bytes; /* The decoded bytes; NULL for invalid base64. */
        size_t len;
    } cases[] = {
        {"", "", 0},
        {"Zg==", "f", 1},
        {"Zm8=", "fo", 2},
        {"Zm9v", "foo", 3},
        {"Zm9vYg==", "foob", 4},
        {"Zm9vYmFy", "foobar", 6},
        {"AAAA", "\0\0\0", 3},
        {"+/+/", "\xfb\xff\xbf", 3},
        {"////", "\xff\xff\xff", 3},
        {"Zg=", NULL, 0},
        {"Zg", NULL, 0},
        {"Z", NULL, 0},
        {"====", NULL, 0},
        {"Z===", NULL, 0},
        {"=Zg=", NULL, 0},
        {"Zg=v", NULL, 0},
        {"Zg==Zg==", NULL, 0},
        {"Zm9v\t", NULL, 0},
        {"Zm 9", NULL, 0},
        {"Zm-_", NULL, 0},
        {"Zm\xc3\xa9", NULL, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = {0};
        struct err err;
        buf_add_text(&out, "x");
        int failed = base64_decode(str_of(cases[i].text), &out, &err);
        if (cases[i].bytes)
            ok(!failed && out.len == cases[i].len + 1 &&
                   !memcmp(out.at + 1, cases[i].bytes, cases[i].len),
               "base64_decode() appends the bytes of '%s'", cases[i].text);
        else
            ok(failed && out.len == 1, "base64_decode() rejects '%s' and appends nothing",
               cases[i].text);
        buf_free(&out);
    }
}

/* Run a Runtime API in a child process that sends these answers, each on a connection of its own.
 * Writes its address to `server`. Returns the pid of the child, or -1. */
static pid_t serve_answers(const char *const *answers, size_t n, char server[32])
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 8) ||
        getsockname(listener, (struct sockaddr *)&address, &size))
        return -1;
    snprintf(server, 32, "127.0.0.1:%d", ntohs(address.sin_port));
    fflush(stdout); /* so that the child does not write the buffered output again */
    pid_t child = fork();
    for (size_t i = 0; child == 0 && i < n; i++) {
        char request[4096];
        int conn = accept(listener, NULL, NULL);
        if (read(conn, request, sizeof request) <= 0 ||
            write(conn, answers[i], strlen(answers[i])) < (ssize_t)strlen(answers[i]))
            _exit(1);
        close(conn);
    }
    if (child == 0)
        _exit(0);
    close(listener);
    return child;
}

#define HEAD "HTTP/1.1 200 OK\r\nConnection: close\r\nLambda-Runtime-Aws-Request-Id: 1\r\n"

static void test_trace(void)
{
    static const char *const answers[] = {
        HEAD "Lambda-Runtime-Trace-Id: Root=1-first\r\nContent-Length: 3\r\n\r\none",
        HEAD "Lambda-Runtime-Trace-Id: Root=1-second;Sampled=1\r\nContent-Length: 3\r\n\r\ntwo",
        HEAD "Content-Length: 5\r\n\r\nthree",
        HEAD "Lambda-Runtime-Trace-Id: Root=1-fourth\r\nContent-Length: 4\r\n\r\nfour",
    };
    static const char *const bodies[] = {"one", "two", "three", "four"};
    static const char *const traces[] = {"Root=1-first", "Root=1-second;Sampled=1", NULL,
                                         "Root=1-fourth"};
    char server[32];
    struct err err;
    pid_t child = serve_answers(answers, 4, server);
    struct runtime *runtime = runtime_open(server, &err);
    for (size_t i = 0; i < 4; i++) {
        struct str event;
        int status = runtime_next(runtime, &event, &err);
        const char *trace = getenv("_X_AMZN_TRACE_ID");
        ok(status == 0 && str_is(event, bodies[i]), "runtime_next() returns the event '%s'",
           bodies[i]);
        ok(traces[i] ? trace && !strcmp(trace, traces[i]) : !trace,
           "runtime_next() sets the trace of the event '%s'", bodies[i]);
    }
    runtime_close(runtime);
    ok(!getenv("_X_AMZN_TRACE_ID"), "runtime_close() removes the trace");
    int status;
    ok(waitpid(child, &status, 0) == child && status == 0, "runtime_next() makes four requests");
}

static void test_shared_trace(void)
{
    static const char *const answer[] = {
        HEAD "Lambda-Runtime-Trace-Id: Root=1-first\r\nContent-Length: 3\r\n\r\none"};
    char server[32];
    struct err err;
    struct str event;
    pid_t child = serve_answers(answer, 1, server);
    struct runtime *runtime = runtime_open(server, &err);
    runtime_share(runtime);
    ok(!runtime_next(runtime, &event, &err) && str_is(event, "one"),
       "runtime_next() returns an event after runtime_share()");
    ok(!getenv("_X_AMZN_TRACE_ID"), "runtime_next() sets no trace after runtime_share()");
    runtime_close(runtime);
    int status;
    ok(waitpid(child, &status, 0) == child && status == 0,
       "runtime_next() makes one request after runtime_share()");
}

static void test_gzip_is_accepted(void)
{
    static const struct {
        const char *header;
        bool is;
    } rows[] = {
        {"gzip", true},
        {"GZIP", true},
        {"br, gzip;q=0.5", true},
        {"gzip ; q=0.001", true},
        {"*", true},
        {"identity;q=0.5, *;q=0.1", true},
        {"*;q=0, gzip", true},
        {"", false},
        {"identity", false},
        {"br,deflate", false},
        {"gzip;q=0", false},
        {"gzip;q=0.000, *", false},
        {"*;Q=0", false},
        {"xgzip", false},
        {"gzip; Q = 0", false},
        {"gzip\t;\tq\t=\t1", true},
        {"gzip;level=9;q=0", false},
        {"gzip;level=9", true},
        {"gzip;q", false},
        {"gzip;q=.5", false},
        {"gzip;q=1.", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ok(gzip_is_accepted(str_of(rows[i].header)) == rows[i].is,
           "a client with Accept-Encoding: %s %s gzip", rows[i].header,
           rows[i].is ? "takes" : "does not take");
}

int main(void)
{
    tap_plan(81);
    test_gzip_is_accepted();
    test_addresses();
    test_base64();
    test_trace();
    test_shared_trace();
    return tap_done();
}

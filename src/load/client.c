#include "load/client.h"

#include "load/answer.h"

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/http.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_S   30                 /* Seconds that connecting or sending may take. */
#define MAX_MESSAGE (10 * 1024 * 1024) /* Bytes that headers and body of a request may have. */

struct target {
    struct sockaddr_storage address;
    socklen_t address_size;
    char *name; /* The name of the host, without the port. */
    ev_uint16_t port;
    const char *method;       /* The method, which the target borrows. */
    struct evbuffer *request; /* The bytes of the request. */
    SSL_CTX *tls;             /* The TLS settings; NULL for http. */
};

struct client {
    struct event_base *base;
    const struct target *target; /* That of the last request; NULL before the first one. */
    struct bufferevent *stream;  /* The connection, or NULL. */
    client_done *done;
    void *arg;
    unsigned number;
    bool is_free;
    struct answer answer;
};

/* Find the address of the host. Returns 0, or -1 after a message on stderr. */
static int resolve(struct target *target)
{
    char port[8];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    snprintf(port, sizeof port, "%u", target->port);
    int error = getaddrinfo(target->name, port, &hints, &found);
    if (error) {
        fprintf(stderr, "load: cannot resolve %s: %s\n", target->name, gai_strerror(error));
        return -1;
    }
    memcpy(&target->address, found->ai_addr, found->ai_addrlen);
    target->address_size = found->ai_addrlen;
    freeaddrinfo(found);
    return 0;
}

/* Write the request line and the header Host. */
static void write_head(struct target *target, const struct evhttp_uri *uri)
{
    const char *path = evhttp_uri_get_path(uri), *query = evhttp_uri_get_query(uri);
    int port = evhttp_uri_get_port(uri);
    evbuffer_add_printf(target->request, "%s %s%s%s HTTP/1.1\r\nHost: %s", target->method,
                        *path ? path : "/", query ? "?" : "", query ? query : "", target->name);
    if (port > 0)
        evbuffer_add_printf(target->request, ":%d", port);
    evbuffer_add(target->request, "\r\n", 2);
}

/* Set up TLS with the system's certificates. Returns 0 or -1. */
static int start_tls(struct target *target)
{
    target->tls = SSL_CTX_new(TLS_client_method());
    if (!target->tls || !SSL_CTX_set_default_verify_paths(target->tls))
        return -1;
    SSL_CTX_set_verify(target->tls, SSL_VERIFY_PEER, NULL);
    return 0;
}

/* Set name, port, TLS and request from a parsed URL, which may be NULL. Returns 0 or -1. */
static int use_uri(struct target *target, const struct evhttp_uri *uri)
{
    const char *scheme = uri ? evhttp_uri_get_scheme(uri) : NULL;
    bool tls = scheme && !strcmp(scheme, "https");
    if (!scheme || !(tls || !strcmp(scheme, "http")) || !evhttp_uri_get_host(uri))
        return -1;
    int port = evhttp_uri_get_port(uri);
    target->port = (ev_uint16_t)(port > 0 ? port : tls ? 443 : 80);
    target->name = strdup(evhttp_uri_get_host(uri));
    write_head(target, uri);
    if (!target->name)
        return -1;
    return tls ? start_tls(target) : 0;
}

/* Read a URL. Returns 0, or -1 after a message on stderr. */
static int read_url(struct target *target, const char *url)
{
    struct evhttp_uri *uri = evhttp_uri_parse_with_flags(url, EVHTTP_URI_NONCONFORMANT);
    int failed = use_uri(target, uri);
    if (failed)
        fprintf(stderr,
                "load: cannot use the URL '%s': use http://HOST/PATH or https://HOST/PATH\n", url);
    if (uri)
        evhttp_uri_free(uri);
    return failed;
}

/* Returns whether a request with this method and a body of `len` bytes says how long the body is. */
static bool has_length(const char *method, size_t len)
{
    return len > 0 || (strcmp(method, "GET") && strcmp(method, "HEAD"));
}

/* Add headers and body of the request from what a file holds. Returns 0, or -1 if the file has no
 * empty line. */
static int add_parts(struct target *target, const char *text, size_t len)
{
    const char *end = memmem(text, len, "\r\n\r\n", 4);
    if (!end)
        return -1;
    size_t headers = (size_t)(end - text) + 2, body = len - headers - 2;
    if (evbuffer_add(target->request, text, headers) ||
        (has_length(target->method, body) &&
         evbuffer_add_printf(target->request, "Content-Length: %zu\r\n", body) < 0))
        return -1;
    return evbuffer_add(target->request, end + 2, body + 2);
}

/* Add headers and body of the request from a file. Returns 0, or -1 after a message on stderr. */
static int add_message(struct target *target, const char *path)
{
    char *text = malloc(MAX_MESSAGE);
    FILE *file = fopen(path, "r");
    size_t len = text && file ? fread(text, 1, MAX_MESSAGE, file) : 0;
    int failed = !text || !file || ferror(file);
    if (failed)
        perror(path);
    else if ((failed = add_parts(target, text, len)))
        fprintf(stderr, "load: %s: there is no empty line after the headers\n", path);
    if (file)
        fclose(file);
    free(text);
    return failed ? -1 : 0;
}

/* Add the headers of a request without a file. Returns 0 or -1. */
static int add_no_message(struct target *target)
{
    return evbuffer_add_printf(target->request, "User-Agent: serverful-load\r\n\r\n") < 0 ? -1 : 0;
}

struct target *target_new(const char *url, const char *method, const char *message)
{
    struct target *target = calloc(1, sizeof *target);
    if (target) {
        target->method = method ? method : "GET";
        target->request = evbuffer_new();
    }
    if (target && target->request && !read_url(target, url) && !resolve(target) &&
        !(message ? add_message(target, message) : add_no_message(target)))
        return target;
    target_free(target);
    return NULL;
}

void target_free(struct target *target)
{
    if (!target)
        return;
    if (target->request)
        evbuffer_free(target->request);
    if (target->tls)
        SSL_CTX_free(target->tls);
    free(target->name);
    free(target);
}

struct client *client_new(struct event_base *base, client_done *done, void *arg, unsigned number)
{
    struct client *client = calloc(1, sizeof *client);
    if (client)
        *client = (struct client){base, NULL, NULL, done, arg, number, true, {0}};
    return client;
}

bool client_is_free(const struct client *client)
{
    return client->is_free;
}

static void disconnect(struct client *client)
{
    if (client->stream)
        bufferevent_free(client->stream);
    client->stream = NULL;
}

static void finish_request(struct client *client, int status)
{
    if (!status || client->answer.closes)
        disconnect(client);
    client->is_free = true;
    client->done(client->arg, client->number, status);
}

static void on_readable(struct bufferevent *stream, void *arg)
{
    struct client *client = arg;
    if (client->is_free) { /* the server sent more than the answer */
        disconnect(client);
        return;
    }
    struct evbuffer *in = bufferevent_get_input(stream);
    size_t len = evbuffer_get_length(in);
    int end = answer_parse(&client->answer, (const char *)evbuffer_pullup(in, -1), len);
    if (end == 0)
        return;
    evbuffer_drain(in, len);
    finish_request(client, end > 0 ? client->answer.status : 0);
}

static void on_event(struct bufferevent *stream, short what, void *arg)
{
    (void)stream;
    struct client *client = arg;
    if (what & BEV_EVENT_CONNECTED)
        return;
    bool complete = (what & BEV_EVENT_EOF) && client->answer.until_close && client->answer.status;
    disconnect(client);
    if (!client->is_free)
        finish_request(client, complete ? client->answer.status : 0);
}

/* Make a stream that is not connected, with TLS if the target has it. Returns NULL on failure. */
static struct bufferevent *make_stream(const struct client *client)
{
    const struct target *target = client->target;
    if (!target->tls)
        return bufferevent_socket_new(client->base, -1, BEV_OPT_CLOSE_ON_FREE);
    SSL *tls = SSL_new(target->tls);
    if (tls && SSL_set_tlsext_host_name(tls, target->name) && SSL_set1_host(tls, target->name))
        return bufferevent_openssl_socket_new(client->base, -1, tls, BUFFEREVENT_SSL_CONNECTING,
                                              BEV_OPT_CLOSE_ON_FREE);
    SSL_free(tls);
    return NULL;
}

/* Start to connect. The stream sends the request as soon as it is connected. Returns 0 or -1. */
static int connect_client(struct client *client)
{
    const struct target *target = client->target;
    struct timeval timeout = {TIMEOUT_S, 0};
    int on = 1;
    client->stream = make_stream(client);
    if (!client->stream)
        return -1;
    bufferevent_setcb(client->stream, on_readable, NULL, on_event, client);
    bufferevent_set_timeouts(client->stream, NULL, &timeout);
    bufferevent_enable(client->stream, EV_READ | EV_WRITE);
    if (bufferevent_socket_connect(client->stream, (const struct sockaddr *)&target->address,
                                   (int)target->address_size))
        return -1;
    setsockopt(bufferevent_getfd(client->stream), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return 0;
}

/* Whether a connection to the server of `a` serves requests of `b`, too. */
static bool is_same_server(const struct target *a, const struct target *b)
{
    return a->address_size == b->address_size &&
           !memcmp(&a->address, &b->address, a->address_size) && !a->tls == !b->tls &&
           !strcmp(a->name, b->name);
}

void client_send(struct client *client, const struct target *target)
{
    if (client->stream && !is_same_server(client->target, target))
        disconnect(client);
    client->target = target;
    client->is_free = false;
    client->answer = (struct answer){.no_body = !strcmp(client->target->method, "HEAD")};
    if (!client->stream && connect_client(client)) {
        finish_request(client, 0);
        return;
    }
    evbuffer_add_buffer_reference(bufferevent_get_output(client->stream), client->target->request);
}

void client_free(struct client *client)
{
    if (client)
        disconnect(client);
    free(client);
}

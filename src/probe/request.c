#include "probe/request.h"

#include "probe/location.h"
#include "util/decimal.h"

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <event2/http.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_HEAD   65536 /* bytes of an answer's head */
#define MAX_NAME   256   /* bytes of the name of a host, with its end */
#define CONNECTING 3     /* Connecting may take 1 / CONNECTING of the time. */

struct network {
    struct event_base *base;
    struct evdns_base *dns;
    SSL_CTX *tls;
    unsigned seconds;
};

struct request {
    struct network *network;
    struct bufferevent *stream; /* The connection. */
    struct event *timer;        /* Ends the request. */
    request_done *done;
    void *arg;
    bool is_connected;
    char error[200]; /* What the timer will report; empty for a time-out. */
};

struct network *network_new(unsigned seconds, struct err *err)
{
    struct network *network = calloc(1, sizeof *network);
    if (network) {
        network->seconds = seconds;
        network->base = event_base_new();
        network->tls = SSL_CTX_new(TLS_client_method());
    }
    if (network && network->base)
        network->dns = evdns_base_new(network->base, EVDNS_BASE_INITIALIZE_NAMESERVERS |
                                                         EVDNS_BASE_DISABLE_WHEN_INACTIVE);
    if (!network || !network->dns || !network->tls ||
        !SSL_CTX_set_default_verify_paths(network->tls)) {
        err_set(err, "cannot set up DNS and TLS: see /etc/resolv.conf and /etc/ssl/certs");
        network_free(network);
        return NULL;
    }
    SSL_CTX_set_verify(network->tls, SSL_VERIFY_PEER, NULL);
    return network;
}

void network_run(struct network *network)
{
    event_base_dispatch(network->base);
}

void network_stop(struct network *network)
{
    event_base_loopbreak(network->base);
}

void network_free(struct network *network)
{
    if (!network)
        return;
    if (network->dns)
        evdns_base_free(network->dns, 0);
    if (network->base)
        event_base_free(network->base);
    SSL_CTX_free(network->tls);
    free(network);
}

/* Report the end, and free the request. `head` may borrow from its stream. */
static void finish(struct request *request, const struct head *head)
{
    struct bufferevent *stream = request->stream;
    request_done *done = request->done;
    void *arg = request->arg;
    event_free(request->timer);
    free(request);
    done(arg, head);
    if (stream)
        bufferevent_free(stream);
}

static void fail(struct request *request, const char *error)
{
    char text[sizeof request->error];
    snprintf(text, sizeof text, "%s", error);
    finish(request, &(struct head){.error = text, .location = {"", 0}, .type = {"", 0}});
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct request *request = arg;
    if (*request->error)
        fail(request, request->error);
    else
        fail(request, request->is_connected ? "timed out: no answer" : "timed out: no connection");
}

/* Return the value of a header, empty where there is none. */
static struct str find_header(struct str head, const char *name)
{
    while (head.len > 0) {
        struct str line = str_cut(&head, '\n');
        if (str_is_nocase(str_cut(&line, ':'), name))
            return str_trim(line, STR_SPACES);
    }
    return (struct str){"", 0};
}

/* Read the status of a line such as "HTTP/1.1 200 OK". Returns false where it is another line. */
static bool read_status(struct str head, int *status)
{
    unsigned number;
    struct str line = str_trim(str_cut(&head, '\n'), STR_SPACES);
    if (line.len < 12 || memcmp(line.at, "HTTP/1.", 7) != 0 ||
        (line.len > 12 && line.at[12] != ' ') ||
        !decimal_read_range((struct str){line.at + 9, 3}, 100, 599, &number))
        return false;
    *status = (int)number;
    return true;
}

static void on_readable(struct bufferevent *stream, void *arg)
{
    struct request *request = arg;
    struct evbuffer *in = bufferevent_get_input(stream);
    size_t len = evbuffer_get_length(in);
    const char *text = (const char *)evbuffer_pullup(in, -1);
    const char *end = text ? memmem(text, len, "\r\n\r\n", 4) : NULL;
    struct str bytes = {text, end ? (size_t)(end - text) + 2 : len};
    struct head head = {.error = ""};
    if (!end && len < MAX_HEAD && (len < 7 || !memcmp(text, "HTTP/1.", 7)))
        return;
    if (!end || !read_status(bytes, &head.status)) {
        fail(request, "the answer is not HTTP");
    } else if (head.status < 200) { /* the answer follows */
        evbuffer_drain(in, bytes.len + 2);
        on_readable(stream, arg);
    } else {
        head.location = find_header(bytes, "Location");
        head.type = find_header(bytes, "Content-Type");
        finish(request, &head);
    }
}

/* Write why a connection has failed. */
static void describe_failure(const struct request *request, char *text, size_t size)
{
    int error = EVUTIL_SOCKET_ERROR(), dns = bufferevent_socket_get_dns_error(request->stream);
    unsigned long of_tls = bufferevent_get_openssl_error(request->stream);
    const SSL *tls = bufferevent_openssl_get_ssl(request->stream);
    long invalid = tls ? SSL_get_verify_result(tls) : X509_V_OK;
    const char *reason = of_tls ? ERR_reason_error_string(of_tls) : NULL;
    if (dns)
        snprintf(text, size, "cannot find the host: %s", evutil_gai_strerror(dns));
    else if (invalid != X509_V_OK)
        snprintf(text, size, "invalid certificate: %s", X509_verify_cert_error_string(invalid));
    else if (of_tls)
        snprintf(text, size, "TLS failed: %s", reason ? reason : "no reason");
    else
        snprintf(text, size, "%s: %s",
                 request->is_connected ? "the connection broke" : "cannot connect",
                 evutil_socket_error_to_string(error));
}

static void on_event(struct bufferevent *stream, short what, void *arg)
{
    (void)stream;
    struct request *request = arg;
    char text[sizeof request->error];
    struct timeval rest = {(time_t)request->network->seconds, 0};
    if (what & BEV_EVENT_CONNECTED) {
        request->is_connected = true;
        evtimer_add(request->timer, &rest);
        return;
    }
    if (what & BEV_EVENT_EOF)
        snprintf(text, sizeof text, "the host closed the connection without an answer");
    else
        describe_failure(request, text, sizeof text);
    fail(request, text);
}

/* Copy the name of a host without the brackets of IPv6. Returns false where it is too long. */
static bool copy_name(const char *url, char name[MAX_NAME])
{
    struct str host = location_host(url);
    if (host.len > 1 && *host.at == '[')
        host = (struct str){host.at + 1, host.len - 2};
    if (host.len == 0 || host.len >= MAX_NAME)
        return false;
    memcpy(name, host.at, host.len);
    name[host.len] = '\0';
    return true;
}

/* Set the name, or the address, that the certificate must have. Returns false on failure. */
static bool set_name(SSL *tls, const char *name)
{
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), name) ||
           (SSL_set_tlsext_host_name(tls, name) && SSL_set1_host(tls, name));
}

/* Make a stream that is not connected. Returns NULL on failure. */
static struct bufferevent *make_stream(const struct network *network, const char *tls_name)
{
    int options = BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS;
    if (!tls_name)
        return bufferevent_socket_new(network->base, -1, options);
    SSL *tls = SSL_new(network->tls);
    if (!tls || !set_name(tls, tls_name)) {
        SSL_free(tls);
        return NULL;
    }
    struct bufferevent *stream =
        bufferevent_openssl_socket_new(network->base, -1, tls, BUFFEREVENT_SSL_CONNECTING, options);
    if (stream)
        bufferevent_openssl_set_allow_dirty_shutdown(stream, 1);
    return stream;
}

static void write_request(const struct request *request, const struct evhttp_uri *uri,
                          const char *url, bool get)
{
    const char *path = evhttp_uri_get_path(uri), *query = evhttp_uri_get_query(uri);
    struct str host = location_host(url);
    int port = evhttp_uri_get_port(uri);
    struct evbuffer *out = bufferevent_get_output(request->stream);
    evbuffer_add_printf(out, "%s %s%s%s HTTP/1.1\r\nHost: %.*s", get ? "GET" : "HEAD",
                        *path ? path : "/", query ? "?" : "", query ? query : "", (int)host.len,
                        host.at);
    if (port > 0)
        evbuffer_add_printf(out, ":%d", port);
    evbuffer_add_printf(out,
                        "\r\nUser-Agent: serverful/" PACKAGE_VERSION " (check --images)\r\n"
                        "Accept: image/*,*/*;q=0.8\r\nConnection: close\r\n%s\r\n",
                        get ? "Range: bytes=0-0\r\n" : "");
}

/* Connect to the host of a parsed URL, which may be NULL, and send the request. Returns what is wrong,
 * or NULL. */
static const char *connect_request(struct request *request, const struct evhttp_uri *uri,
                                   const char *url, bool get)
{
    const char *scheme = uri ? evhttp_uri_get_scheme(uri) : NULL;
    bool tls = scheme && !strcmp(scheme, "https");
    char name[MAX_NAME];
    if (!scheme || !copy_name(url, name))
        return "invalid URL";
    int port = evhttp_uri_get_port(uri);
    request->stream = make_stream(request->network, tls ? name : NULL);
    if (!request->stream)
        return "cannot set up a connection";
    bufferevent_setcb(request->stream, on_readable, NULL, on_event, request);
    bufferevent_enable(request->stream, EV_READ | EV_WRITE);
    write_request(request, uri, url, get);
    /* A failure is reported by on_event(), too. */
    bufferevent_socket_connect_hostname(request->stream, request->network->dns, AF_UNSPEC, name,
                                        port > 0 ? port
                                        : tls    ? 443
                                                 : 80);
    return NULL;
}

int request_start(struct network *network, const char *url, bool get, request_done *done, void *arg)
{
    struct request *request = calloc(1, sizeof *request);
    if (request)
        *request = (struct request){.network = network, .done = done, .arg = arg};
    if (request && !(request->timer = evtimer_new(network->base, on_timer, request))) {
        free(request);
        request = NULL;
    }
    if (!request)
        return -1;
    struct evhttp_uri *uri = evhttp_uri_parse_with_flags(url, EVHTTP_URI_NONCONFORMANT);
    const char *wrong = connect_request(request, uri, url, get);
    struct timeval until = {(time_t)(network->seconds / CONNECTING + 1), 0};
    if (wrong) {
        snprintf(request->error, sizeof request->error, "%s", wrong);
        until = (struct timeval){0, 0};
    }
    evtimer_add(request->timer, &until);
    if (uri)
        evhttp_uri_free(uri);
    return 0;
}

#include "lambda_host/listen.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>

int listen_http(struct evhttp *http, const char *address, unsigned port, unsigned *bound,
                struct err *err)
{
    struct evhttp_bound_socket *socket =
        evhttp_bind_socket_with_handle(http, address, (ev_uint16_t)port);
    evutil_socket_t fd = socket ? evhttp_bound_socket_get_fd(socket) : -1;
    struct sockaddr_in at = {0};
    socklen_t size = sizeof at;
    int on = 1; /* accepted connections inherit the option */
    if (!socket || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) ||
        getsockname(fd, (struct sockaddr *)&at, &size))
        return err_errno(err, "cannot listen on %s:%u", address, port);
    *bound = ntohs(at.sin_port);
    return 0;
}

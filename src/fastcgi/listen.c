#include "fastcgi/listen.h"

#include "util/decimal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG     1024
#define SOCKET_MODE 0660
#define INHERITED   0

/* Return the path in a Unix address, or NULL where `address` is of another kind. */
static const char *unix_path(const char *address)
{
    if (!strncmp(address, "unix:", 5))
        return address + 5;
    return strchr(address, '/') ? address : NULL;
}

/* Fill in a Unix address. Returns -1 with a reason where the path is too long. */
static int fill_unix(const char *path, struct sockaddr_un *address, struct err *err)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address->sun_path)
        return err_set(err, "cannot listen on %s: a socket's path has at most %zu bytes", path,
                       sizeof address->sun_path - 1);
    strcpy(address->sun_path, path);
    return 0;
}

/* Connect to a Unix address without waiting. Returns the descriptor, or -1 with `errno` set. */
static int connect_unix(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || !connect(fd, (const struct sockaddr *)address, sizeof *address))
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

/* Whether a process may be listening at a Unix address. A socket file on which nobody listens
 * refuses connections. */
static bool is_alive(const struct sockaddr_un *address)
{
    int fd = connect_unix(address);
    if (fd >= 0)
        close(fd);
    return fd >= 0 || (errno != ECONNREFUSED && errno != ENOENT);
}

/* Bind so that the file has its mode from the start. */
static int bind_unix(int fd, const struct sockaddr_un *address)
{
    mode_t before = umask(0777 & ~SOCKET_MODE);
    int status = bind(fd, (const struct sockaddr *)address, sizeof *address);
    umask(before);
    return status;
}

static int listen_unix(int fd, const char *path, struct err *err)
{
    struct sockaddr_un address;
    struct stat st;
    if (fill_unix(path, &address, err))
        return -1;
    if (is_alive(&address))
        return err_set(err, "another process listens on %s: stop it or choose another socket",
                       path);
    if (!lstat(path, &st) && S_ISSOCK(st.st_mode))
        unlink(path);
    if (bind_unix(fd, &address) || listen(fd, BACKLOG))
        return err_errno(err, "cannot listen on %s", path);
    return 0;
}

/* Parse "1.2.3.4:80" or "[::1]:80". Returns the length of the address, or 0 where `text` is
 * invalid. */
static socklen_t fill_tcp(const char *text, struct sockaddr_storage *address)
{
    char host[INET6_ADDRSTRLEN + 2] = "";
    const char *colon = strrchr(text, ':');
    unsigned port;
    if (!colon || (size_t)(colon - text) >= sizeof host ||
        !decimal_read_range(str_of(colon + 1), 1, 65535, &port))
        return 0;
    memcpy(host, text, (size_t)(colon - text));
    struct sockaddr_in *in = (struct sockaddr_in *)address;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)address;
    *address = (struct sockaddr_storage){0};
    if (inet_pton(AF_INET, host, &in->sin_addr) == 1) {
        in->sin_family = AF_INET;
        in->sin_port = htons((uint16_t)port);
        return sizeof *in;
    }
    size_t len = strlen(host);
    if (len < 2 || host[0] != '[' || host[len - 1] != ']')
        return 0;
    host[len - 1] = '\0';
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons((uint16_t)port);
    return inet_pton(AF_INET6, host + 1, &in6->sin6_addr) == 1 ? sizeof *in6 : 0;
}

static int listen_tcp(int fd, const char *text, const struct sockaddr_storage *address,
                      socklen_t len, struct err *err)
{
    int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        bind(fd, (const struct sockaddr *)address, len) || listen(fd, BACKLOG))
        return err_errno(err, "cannot listen on %s", text);
    return 0;
}

/* Return the listening socket on descriptor 0, or -1 with a reason. */
static int inherit_socket(struct err *err)
{
    int listens = 0;
    socklen_t len = sizeof listens;
    if (getsockopt(INHERITED, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) || !listens)
        return err_set(err,
                       "descriptor 0 is not a listening socket: name an address with --listen, "
                       "or start the pool from systemd or spawn-fcgi");
    int flags = fcntl(INHERITED, F_GETFL);
    if (flags < 0 || fcntl(INHERITED, F_SETFL, flags | O_NONBLOCK))
        return err_errno(err, "cannot use the socket on descriptor 0");
    return INHERITED;
}

int listen_open(const char *address, struct err *err)
{
    if (!address)
        return inherit_socket(err);
    const char *path = unix_path(address);
    struct sockaddr_storage tcp;
    socklen_t len = path ? 0 : fill_tcp(address, &tcp);
    if (!path && !len)
        return err_set(err, "invalid address '%s': use unix:/PATH, 127.0.0.1:PORT or [::1]:PORT",
                       address);
    int family = path ? AF_UNIX : tcp.ss_family;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return err_errno(err, "cannot create a socket");
    int status;
    if (path)
        status = listen_unix(fd, path, err);
    else
        status = listen_tcp(fd, address, &tcp, len, err);
    if (status) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Whether the file at `path` may be that of a socket on which this process listens. It is not where
 * somebody has removed that file, and another pool has made its own. */
static bool is_own(const char *path)
{
    struct sockaddr_un address;
    struct ucred peer = {0};
    socklen_t len = sizeof peer;
    if (fill_unix(path, &address, &(struct err){0}))
        return false;
    int fd = connect_unix(&address);
    if (fd < 0)
        return errno == EAGAIN; /* its queue is full */
    bool is_known = !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len);
    close(fd);
    return !is_known || peer.pid == getpid();
}

void listen_close(int fd, const char *address)
{
    const char *path = address ? unix_path(address) : NULL;
    if (path && is_own(path))
        unlink(path); /* first: afterwards, the file may be that of another pool */
    close(fd);
}

#include "fastcgi/connections.h"

#include "util/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* How long new connections are left alone after there was no descriptor for one. */
#define PAUSE (100 * CLOCK_MS)

/* How often a worker with a parked connection tries to take a turn, in milliseconds. */
#define PARKED_MS 2

/* Watch a descriptor; `data` tells it from others. Of the workers that watch one exclusively, the
 * kernel wakes one. */
static int watch(const struct connections *connections, int fd, uint32_t events, void *data)
{
    struct epoll_event event = {.events = events, .data.ptr = data};
    return epoll_ctl(connections->epoll, EPOLL_CTL_ADD, fd, &event);
}

static int watch_listener(struct connections *connections)
{
    return watch(connections, connections->listener, EPOLLIN | EPOLLEXCLUSIVE,
                 &connections->listener);
}

static int watch_exchange(struct connections *connections)
{
    return watch(connections, connections->exchange->take, EPOLLIN | EPOLLEXCLUSIVE,
                 &connections->exchange);
}

int connections_open(struct connections *connections, int listener, const struct exchange *exchange,
                     int signals, struct err *err)
{
    *connections = (struct connections){.epoll = epoll_create1(EPOLL_CLOEXEC),
                                        .listener = listener,
                                        .exchange = exchange,
                                        .signals = signals};
    if (connections->epoll < 0 || watch_listener(connections) || watch_exchange(connections) ||
        watch(connections, signals, EPOLLIN, &connections->signals))
        return err_errno(err, "cannot watch the listening socket");
    return 0;
}

/* Close what is open of a connection, and free it. */
static void discard_connection(const struct connections *connections, struct connection *connection)
{
    epoll_ctl(connections->epoll, EPOLL_CTL_DEL, connection->fd, NULL);
    close(connection->fd);
    if (connection->fcgi.ipcFd >= 0)
        close(connection->fcgi.ipcFd);
    free(connection);
}

/* Take a connection off the list, and discard it. */
static void forget_connection(struct connections *connections, struct connection *connection)
{
    if (connection->previous)
        connection->previous->next = connection->next;
    else
        connections->first = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    discard_connection(connections, connection);
}

static int watch_connection(struct connections *connections, struct connection *connection)
{
    return watch(connections, connection->fd, EPOLLIN | EPOLLRDHUP, connection);
}

/* Prepare the request structure of a connection. libfcgi gets no listening socket: it would accept a
 * connection itself after one that has ended. Returns -1 where there is no descriptor. */
static int prepare_request(struct connection *connection)
{
    FCGX_InitRequest(&connection->fcgi, -1, 0);
    connection->fcgi.ipcFd = fcntl(connection->fd, F_DUPFD_CLOEXEC, 0);
    connection->fcgi.keepConnection = 1; /* or FCGX_Accept_r() would close it */
    return connection->fcgi.ipcFd < 0 ? -1 : 0;
}

/* Add an open connection. Where there is no descriptor or no memory, closes it and returns -1 with
 * `errno` set. */
static int add_connection(struct connections *connections, int fd, bool is_new)
{
    struct connection *connection = malloc(sizeof *connection);
    if (!connection) {
        close(fd);
        errno = ENOMEM;
        return -1;
    }
    *connection = (struct connection){.fd = fd, .is_new = is_new, .next = connections->first};
    if (prepare_request(connection) || watch_connection(connections, connection)) {
        int why = errno;
        discard_connection(connections, connection);
        errno = why;
        return -1;
    }
    if (connection->next)
        connection->next->previous = connection;
    connections->first = connection;
    return 0;
}

/* Leave the listening socket and the exchange alone for a while, so that the worker does not spin. */
static void pause_accepting(struct connections *connections)
{
    if (!connections->has_complained)
        err_errno(&connections->complaint, "cannot accept a connection; trying again");
    connections->has_complained = true;
    epoll_ctl(connections->epoll, EPOLL_CTL_DEL, connections->listener, NULL);
    epoll_ctl(connections->epoll, EPOLL_CTL_DEL, connections->exchange->take, NULL);
    connections->accept_after = clock_now() + PAUSE;
}

/* Whether the process may open the two descriptors that a connection needs; else sets `errno`. A
 * connection that was accepted or taken without them would be lost, with the request on it. */
static bool has_room(const struct connections *connections)
{
    int first = fcntl(connections->epoll, F_DUPFD_CLOEXEC, 0);
    int second = first < 0 ? -1 : fcntl(connections->epoll, F_DUPFD_CLOEXEC, 0);
    int why = errno;
    if (first >= 0)
        close(first);
    if (second >= 0)
        close(second);
    errno = why;
    return second >= 0;
}

static void accept_one(struct connections *connections)
{
    int fd = accept4(connections->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED))
        return; /* another worker was faster, or the web server has gone */
    if (fd < 0 || add_connection(connections, fd, true))
        pause_accepting(connections);
    else
        connections->has_complained = false;
}

/* Take a connection that another worker has given away. Returns false where there is none. */
static bool take_one(struct connections *connections)
{
    bool is_new;
    int fd = exchange_take(connections->exchange, &is_new);
    if (fd < 0)
        return false;
    if (add_connection(connections, fd, is_new))
        err_errno(&connections->complaint,
                  "cannot take a connection from another worker; it is closed");
    return true;
}

/* Take and accept what the kernel has woken this worker for: it wakes no other one for it. Empties
 * `ready`, since a caller may then forget connections of it; epoll reports the others again. */
static void collect_connections(struct connections *connections)
{
    if (connections->may_take && has_room(connections))
        take_one(connections);
    else if (connections->may_take)
        pause_accepting(connections);
    if (connections->may_accept && has_room(connections))
        accept_one(connections);
    else if (connections->may_accept)
        pause_accepting(connections);
    connections->may_take = connections->may_accept = false;
    connections->n_ready = connections->at_ready = 0;
}

/* Take the next connection with a request out of the events, or NULL. */
static struct connection *next_ready(struct connections *connections)
{
    if (connections->at_ready == connections->n_ready)
        return NULL;
    return connections->ready[connections->at_ready++];
}

/* Watch the listening socket and the exchange again if their pause is over. Returns how long to wait
 * for events, in milliseconds; -1 without a limit. */
static int waiting_time(struct connections *connections)
{
    int longest = connections->n_parked ? PARKED_MS : -1;
    if (!connections->accept_after)
        return longest;
    int64_t left = connections->accept_after - clock_now();
    if (left > 0)
        return longest > 0 ? longest : (int)(left / CLOCK_MS) + 1;
    connections->accept_after = 0;
    watch_listener(connections);
    watch_exchange(connections);
    return longest;
}

static void sort_events(struct connections *connections, const struct epoll_event *events, int n)
{
    for (int i = 0; i < n; i++) {
        if (events[i].data.ptr == &connections->listener)
            connections->may_accept = true;
        else if (events[i].data.ptr == &connections->exchange)
            connections->may_take = true;
        else if (events[i].data.ptr == &connections->signals)
            connections->has_signal = true;
        else
            connections->ready[connections->n_ready++] = events[i].data.ptr;
    }
}

struct connection *connections_wait(struct connections *connections)
{
    struct epoll_event events[CONNECTIONS_BATCH];
    struct connection *found = next_ready(connections);
    if (found)
        return found;
    collect_connections(connections);
    int n = epoll_wait(connections->epoll, events, CONNECTIONS_BATCH, waiting_time(connections));
    sort_events(connections, events, n);
    return next_ready(connections);
}

void connections_done(struct connections *connections, struct connection *connection)
{
    connection->is_new = false;
    if (connection->fcgi.ipcFd < 0)
        forget_connection(connections, connection);
}

void connections_park(struct connections *connections, struct connection *connection, int64_t begin)
{
    epoll_ctl(connections->epoll, EPOLL_CTL_DEL, connection->fd, NULL);
    connection->is_parked = true;
    connection->is_new = false;
    connection->begin = begin;
    connections->n_parked++;
}

struct connection *connections_unpark(struct connections *connections)
{
    struct connection *oldest = NULL;
    for (struct connection *at = connections->first; at; at = at->next) {
        if (at->is_parked && (!oldest || at->begin < oldest->begin))
            oldest = at;
    }
    if (!oldest)
        return NULL;
    oldest->is_parked = false;
    connections->n_parked--;
    if (watch_connection(connections, oldest))
        oldest->fcgi.keepConnection = 0; /* no memory: libfcgi closes it after the response */
    return oldest;
}

void connections_give(struct connections *connections, const struct connection *except)
{
    collect_connections(connections);
    for (struct connection *at = connections->first, *next; at; at = next) {
        next = at->next;
        if (at == except || at->is_parked)
            continue;
        if (exchange_give(connections->exchange, at->fd, at->is_new) == 0)
            forget_connection(connections, at);
    }
}

struct connection *connections_next_left(struct connections *connections, bool take)
{
    struct epoll_event events[CONNECTIONS_BATCH];
    struct connection *found = next_ready(connections);
    if (found)
        return found;
    epoll_ctl(connections->epoll, EPOLL_CTL_DEL, connections->listener, NULL);
    while (take && has_room(connections) && take_one(connections))
        ;
    connections->n_ready = connections->at_ready = 0;
    sort_events(connections, events, epoll_wait(connections->epoll, events, CONNECTIONS_BATCH, 0));
    found = next_ready(connections);
    for (struct connection *at = connections->first; at && !found; at = at->next)
        found = at->is_new ? at : NULL;
    return found;
}

void connections_close(struct connections *connections)
{
    for (struct connection *at = connections->first, *next; at; at = next) {
        next = at->next;
        discard_connection(connections, at);
    }
    connections->first = NULL;
    if (connections->epoll >= 0)
        close(connections->epoll);
}

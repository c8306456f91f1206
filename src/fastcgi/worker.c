#include "fastcgi/worker.h"

#include "api/api.h"
#include "api/route.h"
#include "fastcgi/cgi.h"
#include "fastcgi/connections.h"
#include "fastcgi/request.h"
#include "fastcgi/sandbox.h"
#include "fastcgi/status_pages.h"
#include "snapshot/snapshot.h"
#include "util/clock.h"

#include <fcgiapp.h>
#include <malloc.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* How long a worker waits before it tries a snapshot again that it could not map. */
#define RETRY CLOCK_S

/* Bytes of a request's body above which the worker first gives its other connections away: the request
 * may take so long that others shall not wait for it. */
#define GIVE_ABOVE 16384

/* Bytes of a request's body above which the request needs a turn. */
#define TURN_ABOVE 65536

/* Bytes of a request's and of a response's body above which the worker afterwards releases the memory
 * that they took. */
#define RELEASE_ABOVE          16384
#define RELEASE_ABOVE_RESPONSE (256 * 1024)

struct worker {
    const struct worker_options *options;
    uint64_t generation;      /* The generation of the mapped snapshot; UINT64_MAX for none. */
    uint64_t refused;         /* The generation whose snapshot could not be mapped last. */
    int64_t retry_after;      /* The time until which that one is not tried again. */
    uint64_t limit;           /* The number of requests after which the worker exits. */
    struct snapshot snapshot; /* The mapped snapshot; closed while there is none. */
    struct api api;
    struct connections connections;
    bool has_turn; /* Whether the worker has a turn (turns.h). */
    int signals;   /* The descriptor of open_signals(). */
    bool stopping; /* Whether the worker is to exit. */
    bool ending;   /* Whether the pool ends with it. */
    struct request request;
    struct proxy_response response;
};

/* Return a descriptor that is readable while one of the worker's signals is pending, or -1 with a
 * reason. A handler would not do: a busy worker never waits, so no signal would ever interrupt it. */
static int open_signals(struct err *err)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGQUIT, SIGUSR1, WORKER_WAKE};
    sigset_t signals;
    sigemptyset(&signals);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaddset(&signals, numbers[i]);
    int fd = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    return fd < 0 ? err_errno(err, "cannot watch signals") : fd;
}

static void log_worker_error(const struct worker *worker, const struct err *err)
{
    log_print(worker->options->log, "worker %d: %s", (int)getpid(), err->text);
}

/* The snapshot of this generation cannot be mapped: log that once, and try again later. */
static void refuse_snapshot(struct worker *worker, uint64_t generation, const struct err *err)
{
    if (worker->refused != generation)
        log_worker_error(worker, err);
    worker->refused = generation;
    worker->retry_after = clock_now() + RETRY;
}

/* Map the snapshot again if there is a new one. It is verified as a whole, because another program
 * may have written it. If that fails, the worker keeps the snapshot that it has. */
static void refresh_snapshot(struct worker *worker)
{
    uint64_t generation = atomic_load(&worker->options->scoreboard->generation);
    if (generation == worker->generation ||
        (generation == worker->refused && clock_now() < worker->retry_after))
        return;
    struct snapshot fresh;
    struct err err;
    if (snapshot_open(&fresh, worker->options->snapshot, &err) || snapshot_verify(&fresh, &err)) {
        snapshot_close(&fresh);
        refuse_snapshot(worker, generation, &err);
        return;
    }
    snapshot_close(&worker->snapshot);
    worker->snapshot = fresh;
    worker->generation = generation;
    atomic_store(&worker->options->slot->generation, generation);
}

/* Enter the request into the worker's slot, so that /status and /metrics show its route. */
static void record_request(struct worker *worker, const FCGX_Request *fcgi,
                           const struct route *route)
{
    const struct worker_options *options = worker->options;
    unsigned number = route ? scoreboard_find_route(options->scoreboard, route->name) : 0;
    slot_set_request(options->slot, number, cgi_request_id(fcgi->envp));
}

/* Give the memory of a request back, so that it is free for other processes. */
static void release_memory(struct worker *worker)
{
    struct err err;
    request_free(&worker->request);
    buf_free(&worker->response.body);
    api_free(&worker->api);
    malloc_trim(0);
    if (api_init(&worker->api, &err)) {
        log_worker_error(worker, &err);
        worker->stopping = true;
    }
}

/* Read, answer, log and count the request on a connection, whose first byte came at `begin`. */
static void answer_request(struct worker *worker, struct connection *connection, int64_t begin)
{
    const struct worker_options *options = worker->options;
    const struct proxy_event *event = &worker->request.event;
    struct proxy_response *response = &worker->response;
    FCGX_Request *fcgi = &connection->fcgi;
    struct err err;
    uint64_t length = request_length(fcgi);
    if (length > GIVE_ABOVE && !worker->stopping)
        connections_give(&worker->connections, connection);
    request_read(&worker->request, fcgi);
    const struct route *route = route_find(&worker->api, event->path);
    record_request(worker, fcgi, route);
    if (route_answer(&worker->api, route, event, response, &err))
        log_worker_error(worker, &err);
    request_send(&worker->request, response);
    int64_t took = clock_now() - begin;
    size_t sent = str_is(event->method, "HEAD") ? 0 : response->content_length;
    log_request(options->log, &(struct log_request){options->slot->request_id, event->method,
                                                    event->path, response->status, sent, took});
    request_end(&worker->request, response);
    slot_end_request(options->slot, response->status, took);
    if (length > RELEASE_ABOVE || sent > RELEASE_ABOVE_RESPONSE)
        release_memory(worker);
}

static void handle_signal(struct worker *worker, unsigned number)
{
    struct err err;
    if (number == SIGUSR1) {
        if (log_open(worker->options->log, &err))
            log_worker_error(worker, &err);
    } else if (number != WORKER_WAKE) {
        worker->stopping = true;
        worker->ending |= number == SIGQUIT;
    }
}

/* Log what went wrong with a connection, if anything did. */
static void log_complaint(struct worker *worker)
{
    struct err *complaint = &worker->connections.complaint;
    if (complaint->text[0])
        log_worker_error(worker, complaint);
    complaint->text[0] = '\0';
}

/* Do what signals ask for. */
static void handle_events(struct worker *worker)
{
    struct signalfd_siginfo signal;
    if (!worker->connections.has_signal)
        return;
    while (read(worker->signals, &signal, sizeof signal) == sizeof signal)
        handle_signal(worker, signal.ssi_signo);
    worker->connections.has_signal = false;
}

/* Take a turn. Returns whether the worker has one. */
static bool take_turn(struct worker *worker)
{
    worker->has_turn = turns_take(worker->options->turns);
    return worker->has_turn;
}

/* Return whether a request has to wait for its turn. If it needs one and need not wait, take it. */
static bool must_wait(struct worker *worker, const struct connection *connection)
{
    return request_length(&connection->fcgi) > TURN_ABOVE && !worker->stopping &&
           (worker->connections.n_parked > 0 || !take_turn(worker));
}

/* Answer the request on a connection, and end the turn that it had. */
static void answer_and_end_turn(struct worker *worker, struct connection *connection, int64_t begin)
{
    answer_request(worker, connection, begin);
    if (worker->has_turn)
        turns_end(worker->options->turns);
    worker->has_turn = false;
    connections_done(&worker->connections, connection);
}

/* Answer the request on a connection, unless that is at its end or the request has to wait. */
static void serve_connection(struct worker *worker, struct connection *connection)
{
    struct slot *slot = worker->options->slot;
    int64_t begin = clock_now();
    slot_begin_request(slot, begin);
    bool has_request = FCGX_Accept_r(&connection->fcgi) == 0;
    if (has_request && !must_wait(worker, connection)) {
        answer_and_end_turn(worker, connection, begin);
        return;
    }
    slot_set_idle(slot);
    if (has_request)
        connections_park(&worker->connections, connection, begin);
    else
        connections_done(&worker->connections, connection);
}

/* Answer the request that has waited longest. Returns whether there is one. */
static bool serve_parked(struct worker *worker)
{
    struct connection *connection = connections_unpark(&worker->connections);
    if (!connection)
        return false;
    slot_begin_request(worker->options->slot, clock_now());
    answer_and_end_turn(worker, connection, connection->begin);
    return true;
}

/* Before the worker exits, answer its parked requests, each of which can take long. First, and after
 * each, give the other connections away. At the end, answer on those that no worker has taken. */
static void finish_connections(struct worker *worker)
{
    struct connection *connection;
    worker->stopping = true; /* nobody is left who could wait for a turn */
    do {
        if (!worker->ending)
            connections_give(&worker->connections, NULL);
    } while (serve_parked(worker));
    while ((connection = connections_next_left(&worker->connections, worker->ending)))
        serve_connection(worker, connection);
    log_complaint(worker);
}

/* Answer requests until the worker is to exit. */
static void serve_requests(struct worker *worker)
{
    struct slot *slot = worker->options->slot;
    slot_set_idle(slot);
    while (!worker->stopping && slot->requests < worker->limit) {
        struct connection *connection = connections_wait(&worker->connections);
        log_complaint(worker);
        handle_events(worker);
        refresh_snapshot(worker);
        if (connection)
            serve_connection(worker, connection);
        if (worker->connections.n_parked > 0 && take_turn(worker))
            serve_parked(worker);
    }
    finish_connections(worker);
}

/* Return the number of requests after which this worker exits. It differs by up to an eighth
 * between workers, so that they do not all exit at the same time. */
static uint64_t spread_limit(unsigned max_requests)
{
    return max_requests ? max_requests + (unsigned)getpid() % (max_requests / 8 + 1) : UINT64_MAX;
}

int worker_run(const struct worker_options *options, struct err *err)
{
    struct worker worker = {.options = options,
                            .generation = UINT64_MAX,
                            .refused = UINT64_MAX,
                            .limit = spread_limit(options->max_requests),
                            .connections = {.epoll = -1},
                            .signals = -1};
    worker.api.snapshot = &worker.snapshot;
    worker.response.send_piece = request_send_piece;
    worker.response.send_arg = &worker.request;
    worker.api.extra = (struct extra_routes){status_pages, STATUS_PAGES, options->scoreboard};
    int status = sandbox_enter(&(struct sandbox){.snapshot = options->snapshot,
                                                 .error_log = options->log->path,
                                                 .access_log = options->log->access_path},
                               err);
    if (!status)
        status = api_init(&worker.api, err);
    if (!status && FCGX_Init())
        status = err_set(err, "cannot initialize libfcgi");
    if (!status)
        status = (worker.signals = open_signals(err)) < 0 ? -1 : 0;
    if (!status)
        status = connections_open(&worker.connections, options->listener, options->exchange,
                                  worker.signals, err);
    if (!status) {
        refresh_snapshot(&worker);
        serve_requests(&worker);
    }
    connections_close(&worker.connections);
    if (worker.signals >= 0)
        close(worker.signals);
    api_free(&worker.api);
    request_free(&worker.request);
    proxy_response_free(&worker.response);
    snapshot_close(&worker.snapshot);
    return status;
}

#include "fastcgi/worker.h"

#include "api/api.h"
#include "api/route.h"
#include "fastcgi/request.h"
#include "fastcgi/sandbox.h"
#include "fastcgi/status_pages.h"
#include "snapshot/snapshot.h"
#include "util/clock.h"

#include <errno.h>
#include <fcgiapp.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

/* How long a worker that has an idle connection leaves a new one to the other workers. */
#define COURTESY (5 * CLOCK_MS)

/* The number of requests on one connection after which a worker checks whether others wait. */
#define TURN 16

struct worker {
    const struct worker_options *options;
    uint64_t generation;      /* The generation of the mapped snapshot. */
    uint64_t limit;           /* The number of requests after which the worker exits. */
    unsigned served;          /* The number of requests on the present connection. */
    struct snapshot snapshot; /* The mapped snapshot; closed while there is none. */
    struct api api;
    FCGX_Request fcgi;
    struct request request;
    struct proxy_response response;
};

/* Set by signals: the worker is to exit, or to reopen the log. */
static volatile sig_atomic_t stopping, reopening;

static void handle_stop(int number)
{
    (void)number;
    stopping = 1;
}

static void handle_reopen(int number)
{
    (void)number;
    reopening = 1;
}

/* Install the signal handlers. This comes before FCGX_Init(), which installs its own where there
 * are none. */
static void install_handlers(void)
{
    struct sigaction action = {.sa_handler = handle_stop};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGQUIT, &action, NULL);
    action.sa_handler = handle_reopen;
    sigaction(SIGUSR1, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

static void log_worker_error(const struct worker *worker, const struct err *err)
{
    log_print(worker->options->log, "worker %d: %s", (int)getpid(), err->text);
}

/* Map the snapshot again if there is a new one. It is verified as a whole, because another program
 * may have written it. If that fails, the worker keeps the snapshot that it has. */
static void refresh_snapshot(struct worker *worker)
{
    uint64_t generation = atomic_load(&worker->options->scoreboard->generation);
    if (generation == worker->generation)
        return;
    struct snapshot fresh;
    struct err err;
    worker->generation = generation;
    if (snapshot_open(&fresh, worker->options->snapshot, &err) || snapshot_verify(&fresh, &err)) {
        snapshot_close(&fresh);
        log_worker_error(worker, &err);
        return;
    }
    snapshot_close(&worker->snapshot);
    worker->snapshot = fresh;
}

/* Wait for descriptors, and let signals in meanwhile. Returns whether a descriptor is ready. */
static bool wait_for_descriptors(struct pollfd *fds, nfds_t n, const struct timespec *limit)
{
    sigset_t none;
    sigemptyset(&none);
    return ppoll(fds, n, limit, &none) > 0;
}

/*
 * Wait for a request or a signal. Returns whether there may be a request.
 *
 * libfcgi alone would wait forever for the next request on a connection that the web server keeps
 * open, while new connections queue. So the worker watches both. When a new connection comes and no
 * other worker accepts it within COURTESY, the worker closes its idle connection and accepts the
 * new one. Web servers expect that a kept connection may be closed, and open another.
 */
static bool wait_for_request(struct worker *worker)
{
    static const struct timespec courtesy = {.tv_nsec = COURTESY};
    struct pollfd fds[] = {{.fd = worker->fcgi.ipcFd, .events = POLLIN},
                           {.fd = worker->options->listener, .events = POLLIN}};
    if (!wait_for_descriptors(fds, 2, NULL) || stopping)
        return false;
    if (worker->fcgi.ipcFd < 0 || fds[0].revents)
        return true;
    if (!wait_for_descriptors(fds, 1, &courtesy) && !stopping && poll(fds + 1, 1, 0) > 0)
        FCGX_Free(&worker->fcgi, 1);
    return fds[0].revents || worker->fcgi.ipcFd < 0;
}

/* Decide whether the connection is closed after this response: when the worker is about to exit, or
 * when other connections wait and this one has had its turn. */
static void limit_connection(struct worker *worker)
{
    struct pollfd fd = {.fd = worker->options->listener, .events = POLLIN};
    if (worker->options->slot->requests + 1 >= worker->limit)
        stopping = 1;
    if (stopping || (++worker->served % TURN == 0 && poll(&fd, 1, 0) > 0))
        worker->fcgi.keepConnection = 0;
}

/* Enter the request into the worker's slot, so that /status and /metrics show its route. */
static void record_request(struct worker *worker, const struct route *route)
{
    const struct worker_options *options = worker->options;
    const char *id = FCGX_GetParam("REQUEST_ID", worker->fcgi.envp);
    unsigned number = route ? scoreboard_find_route(options->scoreboard, route->name) : 0;
    slot_set_request(options->slot, number, id ? id : "");
}

/* Read, answer, log and count a request whose first byte came at `begin`. */
static void answer_request(struct worker *worker, int64_t begin)
{
    const struct worker_options *options = worker->options;
    const struct proxy_event *event = &worker->request.event;
    struct proxy_response *response = &worker->response;
    struct err err;
    refresh_snapshot(worker);
    request_read(&worker->request, &worker->fcgi);
    const struct route *route = route_find(&worker->api, event->path);
    record_request(worker, route);
    if (route_answer(&worker->api, route, event, response, &err))
        log_worker_error(worker, &err);
    request_send(&worker->request, &worker->fcgi, response);
    limit_connection(worker);
    int64_t took = clock_now() - begin;
    log_request(options->log,
                &(struct log_request){options->slot->request_id, event->method, event->path,
                                      response->status, response->body.len, took});
    FCGX_Finish_r(&worker->fcgi);
    slot_end_request(options->slot, response->status, took);
}

/* Answer requests until the worker is to exit. */
static void serve_requests(struct worker *worker)
{
    struct slot *slot = worker->options->slot;
    struct err err;
    slot_set_idle(slot);
    while (!stopping) {
        bool ready = wait_for_request(worker);
        if (reopening && log_open(worker->options->log, &err))
            log_worker_error(worker, &err);
        reopening = 0;
        if (!ready)
            continue;
        if (worker->fcgi.ipcFd < 0)
            worker->served = 0;
        int64_t begin = clock_now();
        slot_begin_request(slot, begin);
        if (FCGX_Accept_r(&worker->fcgi) == 0) /* fails when another worker was faster */
            answer_request(worker, begin);
        else
            slot_set_idle(slot);
    }
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
                            .limit = spread_limit(options->max_requests),
                            .fcgi = {.ipcFd = -1}};
    worker.api.snapshot = &worker.snapshot;
    worker.api.extra = (struct extra_routes){status_pages, STATUS_PAGES, options->scoreboard};
    install_handlers();
    int status = sandbox_enter(&(struct sandbox){.snapshot = options->snapshot,
                                                 .error_log = options->log->path,
                                                 .access_log = options->log->access_path},
                               err);
    if (!status)
        status = api_init(&worker.api, err);
    if (!status && (FCGX_Init() ||
                    FCGX_InitRequest(&worker.fcgi, options->listener, FCGI_FAIL_ACCEPT_ON_INTR)))
        status = err_set(err, "cannot initialize libfcgi");
    if (!status) {
        refresh_snapshot(&worker);
        serve_requests(&worker);
    }
    FCGX_Free(&worker.fcgi, 1);
    api_free(&worker.api);
    request_free(&worker.request);
    proxy_response_free(&worker.response);
    snapshot_close(&worker.snapshot);
    return status;
}

#include "fastcgi/worker.h"

#include "api/api.h"
#include "api/route.h"
#include "fastcgi/request.h"
#include "fastcgi/sandbox.h"
#include "fastcgi/status_pages.h"
#include "snapshot/snapshot.h"

#include <errno.h>
#include <fcgiapp.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

/* How long a worker with an idle connection leaves a new one to the others, in ms. */
#define COURTESY_MS 5

/* After so many requests on one connection a worker looks whether others queue. */
#define TURN 16

struct worker {
    const struct worker_options *options;
    uint64_t generation; /* of the snapshot that is mapped */
    uint64_t limit;      /* requests after which it ends */
    unsigned served;     /* requests on the present connection */
    struct snapshot snapshot;
    struct api api;
    FCGX_Request fcgi;
    struct request request;
    struct proxy_response response;
};

static volatile sig_atomic_t stopping, reopening;

static void stop(int number)
{
    (void)number;
    stopping = 1;
}

static void reopen(int number)
{
    (void)number;
    reopening = 1;
}

/* libfcgi installs handlers of its own where there are none: ours come first. */
static void install_handlers(void)
{
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGQUIT, &action, NULL);
    action.sa_handler = reopen;
    sigaction(SIGUSR1, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

static void complain(const struct worker *worker, const struct err *err)
{
    log_say(worker->options->log, "worker %d: %s", (int)getpid(), err->text);
}

/* Map the present snapshot, all of it checked: nobody knows who has written it. Where that fails
 * the old one goes on serving. */
static void refresh(struct worker *worker)
{
    uint64_t generation = atomic_load(&worker->options->scoreboard->generation);
    if (generation == worker->generation)
        return;
    struct snapshot fresh;
    struct err err;
    worker->generation = generation;
    if (snapshot_open(&fresh, worker->options->snapshot, &err) || snapshot_verify(&fresh, &err)) {
        snapshot_close(&fresh);
        complain(worker, &err);
        return;
    }
    snapshot_close(&worker->snapshot);
    worker->snapshot = fresh;
}

/* Wait on descriptors, with the signals let in for just this long. Whether any is ready. */
static bool wait_on(struct pollfd *fds, nfds_t n, const struct timespec *limit)
{
    sigset_t none;
    sigemptyset(&none);
    return ppoll(fds, n, limit, &none) > 0;
}

/*
 * Wait until there is a request, or a signal. libfcgi stays with a connection that the server in
 * front keeps open, and would wait on it forever while others queue. So a worker looks at both: a
 * new connection that nobody else takes within a moment is worth more than an idle one, which is
 * closed for it. Servers expect that of a kept connection, and open a new one.
 */
static bool wait_for_request(struct worker *worker)
{
    static const struct timespec courtesy = {.tv_nsec = COURTESY_MS * 1000000L};
    struct pollfd fds[] = {{.fd = worker->fcgi.ipcFd, .events = POLLIN},
                           {.fd = worker->options->listener, .events = POLLIN}};
    if (!wait_on(fds, 2, NULL) || stopping)
        return false;
    if (worker->fcgi.ipcFd < 0 || fds[0].revents)
        return true;
    if (!wait_on(fds, 1, &courtesy) && !stopping && poll(fds + 1, 1, 0) > 0)
        FCGX_Free(&worker->fcgi, 1);
    return fds[0].revents || worker->fcgi.ipcFd < 0;
}

/* Close a busy connection after its turn, for those that queue, and the last one at the end. */
static void keep_turns(struct worker *worker)
{
    struct pollfd fd = {.fd = worker->options->listener, .events = POLLIN};
    if (worker->options->slot->requests + 1 >= worker->limit)
        stopping = 1;
    if (stopping || (++worker->served % TURN == 0 && poll(&fd, 1, 0) > 0))
        worker->fcgi.keepConnection = 0;
}

/* Put the request into the worker's slot, so that /status and /metrics show its route. */
static void record_request(struct worker *worker, const struct route *route)
{
    const struct worker_options *options = worker->options;
    const char *id = FCGX_GetParam("REQUEST_ID", worker->fcgi.envp);
    unsigned number = route ? scoreboard_route(options->scoreboard, route->name) : 0;
    slot_set_request(options->slot, number, id ? id : "");
}

static void answer(struct worker *worker, int64_t begin)
{
    const struct worker_options *options = worker->options;
    const struct proxy_event *event = &worker->request.event;
    struct proxy_response *response = &worker->response;
    struct err err;
    refresh(worker);
    request_read(&worker->request, &worker->fcgi);
    const struct route *route = route_find(&worker->api, event->path);
    record_request(worker, route);
    if (route_answer(&worker->api, route, event, response, &err))
        complain(worker, &err);
    request_send(&worker->request, &worker->fcgi, response);
    keep_turns(worker);
    int64_t took = scoreboard_now() - begin;
    log_request(options->log,
                &(struct log_request){options->slot->request, event->method, event->path,
                                      response->status, response->body.len, took});
    FCGX_Finish_r(&worker->fcgi);
    slot_end(options->slot, response->status, took);
}

static void serve(struct worker *worker)
{
    struct slot *slot = worker->options->slot;
    struct err err;
    slot_set_idle(slot);
    while (!stopping) {
        /* The listener does not block: another worker may have been faster, and that is all right.
         */
        bool ready = wait_for_request(worker);
        if (reopening && log_open(worker->options->log, &err))
            complain(worker, &err);
        reopening = 0;
        if (!ready)
            continue;
        if (worker->fcgi.ipcFd < 0)
            worker->served = 0;
        int64_t begin = scoreboard_now();
        slot_begin(slot, begin);
        if (FCGX_Accept_r(&worker->fcgi) == 0)
            answer(worker, begin);
        else
            slot_set_idle(slot);
    }
}

/* A little more for some than for others, so that they don't all end at a time. */
static uint64_t spread(unsigned max_requests)
{
    return max_requests ? max_requests + (unsigned)getpid() % (max_requests / 8 + 1) : UINT64_MAX;
}

int worker_run(const struct worker_options *options, struct err *err)
{
    struct worker worker = {.options = options,
                            .generation = UINT64_MAX,
                            .limit = spread(options->max_requests),
                            .fcgi = {.ipcFd = -1}};
    worker.api.snapshot = &worker.snapshot;
    worker.api.extra = (struct extra_routes){status_pages, STATUS_PAGES, options->scoreboard};
    install_handlers();
    int status = sandbox_enter(
        &(struct sandbox){options->snapshot, options->log->path, options->log->access_path}, err);
    if (!status)
        status = api_init(&worker.api, err);
    if (!status && (FCGX_Init() ||
                    FCGX_InitRequest(&worker.fcgi, options->listener, FCGI_FAIL_ACCEPT_ON_INTR)))
        status = err_set(err, "libfcgi does not start");
    if (!status) {
        refresh(&worker);
        serve(&worker);
    }
    FCGX_Free(&worker.fcgi, 1);
    api_free(&worker.api);
    request_free(&worker.request);
    proxy_response_free(&worker.response);
    snapshot_close(&worker.snapshot);
    return status;
}

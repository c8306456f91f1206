#include "fastcgi/worker.h"

#include "api/handler.h"
#include "api/route.h"
#include "fastcgi/request.h"
#include "snapshot/map.h"

#include <errno.h>
#include <fcgiapp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* How long a worker with an idle connection leaves a new one to the others, in ms. */
#define COURTESY_MS 5

/* After so many requests on one connection a worker looks whether others queue. */
#define TURN 16

struct worker {
    int listener;
    const char *path;
    const struct pool_page *page;
    uint64_t generation; /* of the snapshot that is mapped */
    unsigned served;     /* requests on the present connection */
    struct snapshot snapshot;
    struct api api;
    FCGX_Request fcgi;
    struct request request;
    struct proxy_response response;
};

static volatile sig_atomic_t stopping;

static void stop(int number)
{
    (void)number;
    stopping = 1;
}

/* libfcgi installs handlers of its own where there are none: ours come first. */
static void install_handlers(void)
{
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGQUIT, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

static void complain(const char *reason)
{
    fprintf(stderr, "serverful pool: worker %d: %s\n", (int)getpid(), reason);
}

/* Map the present snapshot. Where that fails the old one goes on serving. */
static int refresh(struct worker *worker, struct err *err)
{
    uint64_t generation = atomic_load(&worker->page->generation);
    if (generation == worker->generation && worker->snapshot.header)
        return 0;
    struct snapshot fresh;
    worker->generation = generation;
    if (snapshot_open(&fresh, worker->path, err))
        return -1;
    snapshot_close(&worker->snapshot);
    worker->snapshot = fresh;
    return 0;
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
                           {.fd = worker->listener, .events = POLLIN}};
    if (!wait_on(fds, 2, NULL) || stopping)
        return false;
    if (worker->fcgi.ipcFd < 0 || fds[0].revents)
        return true;
    if (!wait_on(fds, 1, &courtesy) && !stopping && poll(fds + 1, 1, 0) > 0)
        FCGX_Free(&worker->fcgi, 1);
    return fds[0].revents || worker->fcgi.ipcFd < 0;
}

/* Close a busy connection after its turn, for those that queue. */
static void keep_turns(struct worker *worker)
{
    struct pollfd fd = {.fd = worker->listener, .events = POLLIN};
    if (++worker->served % TURN == 0 && poll(&fd, 1, 0) > 0)
        worker->fcgi.keepConnection = 0;
}

static void answer(struct worker *worker)
{
    struct err err;
    if (refresh(worker, &err))
        complain(err.text);
    worker->api.snapshot = &worker->snapshot;
    request_read(&worker->request, &worker->fcgi);
    if (route_answer(&worker->api, &worker->request.event, &worker->response, &err))
        complain(err.text);
    request_send(&worker->request, &worker->fcgi, &worker->response);
    keep_turns(worker);
    FCGX_Finish_r(&worker->fcgi);
}

static void serve(struct worker *worker)
{
    while (!stopping) {
        /* The listener does not block: another worker may have been faster, and that is all right.
         */
        if (!wait_for_request(worker))
            continue;
        if (worker->fcgi.ipcFd < 0)
            worker->served = 0;
        if (FCGX_Accept_r(&worker->fcgi) == 0)
            answer(worker);
    }
}

static int init(struct worker *worker, struct err *err)
{
    install_handlers();
    if (FCGX_Init() || FCGX_InitRequest(&worker->fcgi, worker->listener, FCGI_FAIL_ACCEPT_ON_INTR))
        return err_set(err, "libfcgi does not start");
    return refresh(worker, err) || api_init(&worker->api, err) ? -1 : 0;
}

int worker_run(int listener, const char *path, const struct pool_page *page, struct err *err)
{
    struct worker worker = {
        .listener = listener, .path = path, .page = page, .fcgi = {.ipcFd = -1}};
    int status = init(&worker, err);
    if (!status)
        serve(&worker);
    FCGX_Free(&worker.fcgi, 1);
    api_free(&worker.api);
    request_free(&worker.request);
    proxy_response_free(&worker.response);
    snapshot_close(&worker.snapshot);
    return status;
}

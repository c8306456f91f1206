#include "doctor/doctor.h"
#include "doctor/person.h"
#include "doctor/running.h"
#include "doctor/site.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Connect and close again. Returns 0 or an errno. */
static int try_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return ENAMETOOLONG;
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int error =
        fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) ? errno : 0;
    if (fd >= 0)
        close(fd);
    return error;
}

/* Returns whether there is a socket. */
static bool check_socket(struct report *report, const char *path)
{
    struct stat st;
    if (stat(path, &st) || !S_ISSOCK(st.st_mode)) {
        report_line(report, REPORT_FAIL, "socket",
                    "there is no socket %s: start the pool, or name its socket with --socket",
                    path);
        return false;
    }
    int error = try_socket(path);
    if (error == ECONNREFUSED)
        report_line(report, REPORT_FAIL, "socket", "nobody listens on %s: start the pool", path);
    else if (error == EACCES)
        report_line(report, REPORT_SKIPPED, "socket",
                    "you may not connect to %s (%s): run this as root", path,
                    person_rights_of(&st));
    else if (error)
        report_line(report, REPORT_FAIL, "socket", "cannot connect to %s: %s", path,
                    error == EAGAIN ? "more wait there than it takes" : strerror(error));
    else if (st.st_mode & S_IWOTH)
        report_line(report, REPORT_WARN, "socket",
                    "every user may connect to %s (%s): the mode 0660 is enough", path,
                    person_rights_of(&st));
    else
        report_line(report, REPORT_OK, "socket", "the pool listens on %s (%s)", path,
                    person_rights_of(&st));
    return true;
}

/* The user of nginx's processes: the one that it names; else that of whoever starts it, but nobody
 * for root. */
static int find_user(const struct site *site, struct person *user, struct err *err)
{
    if (!*site->user && geteuid() != 0)
        return person_by_uid(user, geteuid(), err);
    return person_by_name(user, *site->user ? site->user : "nobody", err);
}

static void check_user(struct report *report, const struct site *site, const char *socket)
{
    struct person user;
    struct err err;
    if (find_user(site, &user, &err))
        report_line(report, REPORT_FAIL, "web server", "%s, whom nginx is to run as", err.text);
    else if (person_reaches(&user, socket, PERSON_WRITES, &err))
        report_line(report, REPORT_FAIL, "web server",
                    "%s: nginx cannot connect to the pool; put %s into the group of the socket",
                    err.text, user.name);
    else
        report_line(report, REPORT_OK, "web server", "nginx, as %s, may connect to %s", user.name,
                    socket);
}

/* Workers that idle connections occupy are lost to others. */
static void check_workers(struct report *report, const struct site *site, unsigned workers,
                          const char *whose)
{
    unsigned kept = site->keepalive * site->processes;
    if (!site->keeps || kept == 0)
        report_line(report, REPORT_OK, "workers", "nginx keeps no connection to the pool open");
    else if (site->unsaid)
        report_line(report, REPORT_WARN, "workers",
                    "the upstream has no `keepalive`, which is %d connections from nginx 1.29.7 "
                    "on: say `keepalive 1;`",
                    SITE_KEEPALIVE_DEFAULT);
    else if (kept >= workers)
        report_line(report, REPORT_FAIL, "workers",
                    "%u processes of nginx keep %u connections each, which occupy %u workers; the "
                    "pool has %u%s: fewer `keepalive`, or more --workers",
                    site->processes, site->keepalive, kept, workers, whose);
    else
        report_line(report, REPORT_OK, "workers",
                    "nginx keeps up to %u connections open, the pool has %u workers%s", kept,
                    workers, whose);
}

/* The inner one gives up first, so that it can say why. */
static void check_request_timeout(struct report *report, const struct site *site,
                                  unsigned request_s, const char *whose)
{
    double least = site->least_ms / 1e3;
    if (request_s == 0)
        report_line(report, REPORT_FAIL, "request time-out",
                    "a request may take any time%s: give the pool a --request-timeout below the %g "
                    "s that nginx waits",
                    whose, least);
    else if (least <= request_s)
        report_line(report, REPORT_FAIL, "request time-out",
                    "nginx waits for %g s, and the pool ends a request after %u s%s: more "
                    "fastcgi_read_timeout, or less --request-timeout",
                    least, request_s, whose);
    else
        report_line(report, REPORT_OK, "request time-out",
                    "the pool ends a request after %u s%s, nginx waits for %g s", request_s, whose,
                    least);
}

static void check_client_timeout(struct report *report, const struct site *site, unsigned client_s)
{
    double most = site->most_ms / 1e3;
    if (client_s == 0)
        report_line(report, REPORT_SKIPPED, "client time-out",
                    "it is not known here: say it with --client-timeout");
    else
        report_line(report, client_s > most ? REPORT_OK : REPORT_FAIL, "client time-out",
                    "clients wait for %u s, nginx for %g s%s", client_s, most,
                    client_s > most ? ""
                                    : ": give clients more time, or lower fastcgi_read_timeout "
                                      "(and --request-timeout)");
}

/* What nginx makes of the pool. */
static void check_pool(struct report *report, const struct site *site,
                       const struct doctor_places *places, const struct doctor_numbers *numbers)
{
    struct running running;
    running_find(&running, places->store, places->usual_store);
    const char *whose = running.pid ? "" : " (no pool runs; its default)";
    unsigned workers = numbers->workers, timeout = numbers->request_timeout;
    const char *workers_whose = workers ? "" : whose;
    const char *timeout_whose = timeout != DOCTOR_ASK ? "" : whose;
    if (workers == 0)
        workers = running.workers;
    if (timeout == DOCTOR_ASK)
        timeout = running.request_timeout;
    check_workers(report, site, workers, workers_whose);
    check_request_timeout(report, site, timeout, timeout_whose);
    check_client_timeout(report, site, numbers->client_timeout);
}

void doctor_check_site(struct report *report, const struct doctor_places *places,
                       const struct doctor_numbers *numbers)
{
    struct site site;
    struct err err;
    bool socket = check_socket(report, places->socket);
    if (site_read(&site, places->nginx, places->socket, &err)) {
        report_line(report, places->nginx ? REPORT_FAIL : REPORT_SKIPPED, "nginx", "%s", err.text);
        return;
    }
    if (site.passes == 0) {
        report_line(report, REPORT_FAIL, "nginx",
                    "it passes nothing to unix:%s%s%s: see "
                    "nginx/serverful.conf",
                    places->socket, *site.other ? ", but to " : "", site.other);
        return;
    }
    report_line(report, REPORT_OK, "nginx", "it passes requests to unix:%s", places->socket);
    if (socket)
        check_user(report, &site, places->socket);
    else
        report_line(report, REPORT_SKIPPED, "web server", "there is no socket");
    check_pool(report, &site, places, numbers);
}

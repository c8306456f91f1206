#include "doctor/doctor.h"
#include "doctor/running.h"
#include "doctor/site.h"
#include "doctor/user.h"
#include "fastcgi/pool_options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Connect to a Unix socket, and close the connection. Returns 0 or an errno. */
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

/* Check the pool's socket. Returns whether there is one. */
static bool check_socket(struct report *report, const char *path)
{
    struct stat st;
    if (stat(path, &st) || !S_ISSOCK(st.st_mode)) {
        report_line(report, REPORT_FAIL, "socket",
                    "there is no socket %s: start the pool, or give its socket with --socket",
                    path);
        return false;
    }
    int error = try_socket(path);
    if (error == ECONNREFUSED)
        report_line(report, REPORT_FAIL, "socket", "no process listens on %s: start the pool",
                    path);
    else if (error == EACCES)
        report_line(report, REPORT_SKIPPED, "socket",
                    "you may not connect to %s (%s): run this as root", path,
                    user_describe_rights(&st));
    else if (error)
        report_line(report, REPORT_FAIL, "socket", "cannot connect to %s: %s", path,
                    error == EAGAIN ? "its queue of connections is full" : strerror(error));
    else if (st.st_mode & S_IWOTH)
        report_line(report, REPORT_WARN, "socket",
                    "every user may connect to %s (%s): use the mode 0660", path,
                    user_describe_rights(&st));
    else
        report_line(report, REPORT_OK, "socket", "the pool listens on %s (%s)", path,
                    user_describe_rights(&st));
    return true;
}

/* Find the user of nginx's worker processes: the configured one; else `nobody` if root starts nginx,
 * and the starting user otherwise. Returns 0 or -1 with a reason. */
static int find_user(const struct site *site, struct user *user, struct err *err)
{
    if (!*site->user && geteuid() != 0)
        return user_by_uid(user, geteuid(), err);
    return user_by_name(user, *site->user ? site->user : "nobody", err);
}

static void check_user(struct report *report, const struct site *site, const char *socket)
{
    struct user user;
    struct err err;
    if (find_user(site, &user, &err))
        report_line(report, REPORT_FAIL, "web server",
                    "nginx cannot start its processes: %s; correct `user` in its configuration",
                    err.text);
    else if (user_reaches(&user, socket, USER_MAY_WRITE, &err))
        report_line(report, REPORT_FAIL, "web server",
                    "%s, so nginx cannot connect to the pool: give the socket mode 0660 and a "
                    "group of %s, in a directory that this user may enter",
                    err.text, user.name);
    else
        report_line(report, REPORT_OK, "web server", "nginx, as %s, may connect to %s", user.name,
                    socket);
}

/* Check who can read the status pages. */
static void check_status_pages(struct report *report, const struct site *site)
{
    if (!*site->status)
        report_line(report, REPORT_WARN, "status pages",
                    "no server of nginx has the status pages: add one with the name "
                    "serverful-status, as nginx/serverful.conf does");
    else if (site->status_open)
        report_line(report, REPORT_WARN, "status pages",
                    "anybody who reaches %s can read the status pages: add `allow` and `deny all`",
                    site->status);
    else
        report_line(report, REPORT_OK, "status pages", "nginx has the status pages on %s",
                    site->status);
}

/* Check how nginx finds the addresses of clients, on which its limits depend. */
static void check_clients(struct report *report, const struct site *site)
{
    if (site->trusts_all)
        report_line(report, REPORT_WARN, "clients",
                    "every client can claim any address by %s: name only your proxies in "
                    "set_real_ip_from",
                    site->header);
    else if (*site->plain && !strcmp(site->header, "proxy_protocol"))
        report_line(report, REPORT_WARN, "clients",
                    "real_ip_header is proxy_protocol, but 'listen %s' is without it: add "
                    "proxy_protocol there, or name the header that your proxy sends",
                    site->plain);
    else if (*site->header)
        report_line(report, REPORT_OK, "clients",
                    "nginx takes the addresses of clients from %s, if a proxy sends it",
                    site->header);
    else
        report_line(report, REPORT_OK, "clients",
                    "nginx takes the address of a connection for the client's; name a proxy in "
                    "front of it in serverful-proxy.conf");
}

/* Check that a pool runs, and executes the installed program. systemd listens on the socket also
 * while the pool does not start. */
static void check_program(struct report *report, const struct running *running, bool socket)
{
    if (!running->pid && socket)
        report_line(report, REPORT_WARN, "program",
                    "there is a socket, but no pool runs: see 'systemctl status serverful'");
    else if (!running->pid)
        report_line(report, REPORT_SKIPPED, "program", "no pool runs");
    else if (!*running->program)
        report_line(report, REPORT_SKIPPED, "program",
                    "you may not see which program the pool executes: run this as root");
    else if (running->is_replaced)
        report_line(report, REPORT_WARN, "program",
                    "the pool still executes %s, which was replaced: reload the pool, or restart "
                    "it if the reload fails",
                    running->program);
    else
        report_line(report, REPORT_OK, "program", "the pool executes %s", running->program);
}

/* Check that the pool has a worker for each processor. `whose` tells where the number of workers is
 * from, if that is the default. */
static void check_workers(struct report *report, unsigned workers, const char *whose)
{
    unsigned fit = pool_default_workers();
    if (workers < fit)
        report_line(report, REPORT_WARN, "workers",
                    "the pool has %u workers, and this machine can use %u: raise --workers, or "
                    "leave it out",
                    workers, fit);
    else
        report_line(report, REPORT_OK, "workers", "the pool has %u workers%s", workers, whose);
}

/* Check that the pool times out before nginx does, so that its log shows why. */
static void check_request_timeout(struct report *report, const struct site *site,
                                  unsigned request_s, const char *whose)
{
    double least = site->least_ms / 1e3;
    if (request_s == 0)
        report_line(report, REPORT_FAIL, "request time-out",
                    "the pool never ends a request%s: set --request-timeout below the %g s that "
                    "nginx waits",
                    whose, least);
    else if (least <= request_s)
        report_line(report, REPORT_FAIL, "request time-out",
                    "nginx waits %g s, but the pool ends a request only after %u s%s: raise "
                    "fastcgi_read_timeout, or lower --request-timeout",
                    least, request_s, whose);
    else
        report_line(report, REPORT_OK, "request time-out",
                    "the pool ends a request after %u s%s, nginx waits %g s", request_s, whose,
                    least);
}

/* Check that nginx times out before clients do. */
static void check_client_timeout(struct report *report, const struct site *site, unsigned client_s)
{
    double most = site->most_ms / 1e3;
    if (client_s == 0)
        report_line(report, REPORT_SKIPPED, "client time-out",
                    "the time-out of clients is unknown: give it with --client-timeout");
    else if (client_s > most)
        report_line(report, REPORT_OK, "client time-out", "clients wait %u s, nginx waits %g s",
                    client_s, most);
    else
        report_line(report, REPORT_FAIL, "client time-out",
                    "clients wait only %u s, nginx waits %g s: give clients more time, or lower "
                    "fastcgi_read_timeout and --request-timeout",
                    client_s, most);
}

/* Check the program, the workers and the time-outs. `socket` tells whether there is a socket. */
static void check_pool(struct report *report, const struct site *site,
                       const struct doctor_paths *paths, const struct doctor_settings *settings,
                       bool socket)
{
    struct running running;
    running_find_pool(&running, paths->store, paths->default_store);
    const char *whose = running.pid ? "" : " (the default, since no pool runs)";
    unsigned workers = settings->workers, timeout = settings->request_timeout;
    const char *workers_whose = workers ? "" : whose;
    const char *timeout_whose = timeout != DOCTOR_DETECT ? "" : whose;
    if (workers == 0)
        workers = running.workers;
    if (timeout == DOCTOR_DETECT)
        timeout = running.request_timeout;
    check_program(report, &running, socket);
    check_workers(report, workers, workers_whose);
    check_request_timeout(report, site, timeout, timeout_whose);
    check_client_timeout(report, site, settings->client_timeout);
}

void doctor_check_site(struct report *report, const struct doctor_paths *paths,
                       const struct doctor_settings *settings)
{
    struct site site;
    struct err err;
    bool socket = check_socket(report, paths->socket);
    if (site_read(&site, paths->nginx, paths->socket, &err)) {
        report_line(report, paths->nginx ? REPORT_FAIL : REPORT_SKIPPED, "nginx", "%s", err.text);
        return;
    }
    if (site.passes == 0) {
        report_line(report, REPORT_FAIL, "nginx",
                    "nginx passes no request to unix:%s%s%s: configure it as "
                    "nginx/serverful.conf does",
                    paths->socket, *site.other ? ", but some to " : "", site.other);
        return;
    }
    report_line(report, REPORT_OK, "nginx", "nginx passes requests to unix:%s", paths->socket);
    if (socket)
        check_user(report, &site, paths->socket);
    else
        report_line(report, REPORT_SKIPPED, "web server", "there is no socket");
    check_status_pages(report, &site);
    check_clients(report, &site);
    check_pool(report, &site, paths, settings, socket);
}

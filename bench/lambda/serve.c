/*
 * serve N EVENTS PROGRAM [ARGUMENT...]: a minimal Runtime API. It starts a bootstrap and sends it N
 * events, the lines of the file EVENTS in turn. It prints the nanoseconds from fork to the first
 * /next, from fork to the first response, and from the first to the last response; the microseconds
 * of processor time of the process, and its peak resident memory in KiB.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_CONNECTIONS 64
#define ROOM            (8 * 1024 * 1024)

static struct event {
    char *text;
    size_t len;
} events[100000];
static size_t n_events, given, answered;
static char *room; /* buffer for one request, of ROOM bytes */

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void read_events(const char *path)
{
    FILE *file = fopen(path, "r");
    size_t cap;
    if (!file)
        fail(path);
    for (;;) {
        struct event *event = &events[n_events];
        cap = 0;
        ssize_t len = getline(&event->text, &cap, file);
        if (len < 0 || n_events + 1 == sizeof events / sizeof *events)
            break;
        event->len = (size_t)len;
        n_events++;
    }
    fclose(file);
}

static int listen_anywhere(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    char name[32];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) || listen(fd, 64) ||
        getsockname(fd, (struct sockaddr *)&address, &size))
        fail("listen");
    snprintf(name, sizeof name, "127.0.0.1:%u", ntohs(address.sin_port));
    setenv("AWS_LAMBDA_RUNTIME_API", name, 1);
    return fd;
}

static void send_all(int fd, const char *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        ssize_t n = write(fd, bytes + at, len - at);
        if (n < 0)
            fail("write");
        at += (size_t)n;
    }
}

/* Read one request into `room`, ended by NUL. False where the peer has closed. */
static bool read_request(int fd)
{
    size_t len = 0, whole = 0;
    while (!whole || len < whole) {
        ssize_t n = read(fd, room + len, ROOM - 1 - len);
        if (n <= 0)
            return false;
        len += (size_t)n;
        room[len] = '\0';
        char *end = whole ? NULL : strstr(room, "\r\n\r\n");
        if (!end)
            continue;
        char *length = strcasestr(room, "\r\ncontent-length:");
        whole = (size_t)(end - room) + 4;
        if (length && length < end)
            whole += strtoul(length + 17, NULL, 10);
    }
    return true;
}

static void send_event(int fd)
{
    static char out[ROOM];
    const struct event *event = &events[given++ % n_events];
    int len = snprintf(out, sizeof out,
                       "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                       "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-%012zx\r\n"
                       "Lambda-Runtime-Deadline-Ms: %lld\r\n"
                       "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;"
                       "Parent=9a9197af755a6419;Sampled=1\r\n"
                       "Lambda-Runtime-Invoked-Function-Arn: "
                       "arn:aws:lambda:us-east-1:123456789012:function:bench\r\n"
                       "Content-Length: %zu\r\n\r\n%s",
                       given, (long long)time(NULL) * 1000 + 60000, event->len, event->text);
    send_all(fd, out, (size_t)len);
}

/* Answer one request. Returns false when the connection is closed. */
static bool answer_request(int fd)
{
    static const char accepted[] = "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\n"
                                   "Content-Length: 16\r\n\r\n{\"status\":\"OK\"}\n";
    if (!read_request(fd))
        return false;
    if (!strncmp(room, "GET ", 4)) {
        send_event(fd);
        return true;
    }
    if (strncmp(room, "POST ", 5) || !strstr(room, "/response HTTP/1.1\r\n")) {
        fprintf(stderr, "serve: %s\n", room);
        exit(1);
    }
    answered++;
    send_all(fd, accepted, sizeof accepted - 1);
    return true;
}

static pid_t start_bootstrap(char **argv)
{
    pid_t pid = fork();
    if (pid == 0) {
        dup2(STDERR_FILENO, STDOUT_FILENO); /* some programs log to stdout, which has the results */
        execv(argv[0], argv);
        fail(argv[0]);
    }
    if (pid < 0)
        fail("fork");
    return pid;
}

int main(int argc, char **argv)
{
    static struct pollfd fds[MAX_CONNECTIONS];
    long long next = 0, first = 0, begin;
    if (argc < 4) {
        fprintf(stderr, "usage: serve N EVENTS PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    size_t wanted = strtoul(argv[1], NULL, 10);
    nfds_t n = 1;
    read_events(argv[2]);
    room = malloc(ROOM);
    fds[0] = (struct pollfd){listen_anywhere(), POLLIN, 0};
    begin = now();
    pid_t pid = start_bootstrap(argv + 3);
    while (answered < wanted) {
        if (poll(fds, n, 60000) <= 0)
            fail("poll");
        for (nfds_t i = n; i-- > 1;) {
            if (fds[i].revents && !answer_request(fds[i].fd)) {
                close(fds[i].fd);
                fds[i] = fds[--n];
            }
        }
        if (fds[0].revents && n < MAX_CONNECTIONS) {
            int on = 1, fd = accept4(fds[0].fd, NULL, NULL, SOCK_CLOEXEC);
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            fds[n++] = (struct pollfd){fd, POLLIN, 0};
        }
        if (!next && given > 0)
            next = now();
        if (!first && answered > 0)
            first = now();
    }
    long long end = now();
    struct rusage usage;
    int status;
    kill(pid, SIGKILL);
    wait4(pid, &status, 0, &usage);
    printf("%lld %lld %lld %ld %ld\n", next - begin, first - begin, end - first,
           (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec +
               usage.ru_stime.tv_usec,
           usage.ru_maxrss);
    return 0;
}

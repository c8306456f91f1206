/*
 * load: sends HTTP requests at a constant rate, at given times, or as fast as answers come, and
 * prints the time of each.
 *
 *   load RATE SECONDS CONNECTIONS URL [METHOD FILE]
 *   load at TIMES CONNECTIONS URL METHOD FILE [URL METHOD FILE]...
 *
 * RATE is in requests per second. With a RATE of 0, each connection sends its next request as soon
 * as it has an answer. FILE has the headers of a request, one at least, each with CR LF, an empty
 * line, and the body; without it, requests are GET requests. Standard output has one line per
 * request: the microseconds from the start until the request was due, the microseconds from then
 * until the end of the answer, and the status, which is 0 if no complete answer came.
 *
 * TIMES is a file with a line "DUE TARGET" for each request: when it is due, in microseconds from the
 * start, and the number of its URL, counted from 0. FILE may be empty, for no file.
 *
 * At a constant rate, requests are due at equal intervals, whatever became of the earlier ones. The
 * time of an answer counts from when its request was due, not from when it was sent, so that waiting
 * for a free connection counts ("coordinated omission" would leave it out). No request is sent
 * twice.
 */
#include "load/client.h"
#include "load/schedule.h"
#include "util/clock.h"
#include "util/decimal.h"

#include <event2/event.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GRACE_S 10 /* Seconds to wait for the last answers. */

#define MAX_CONNECTIONS 100000

/* A request. */
struct sample {
    double due_us;  /* The time at which it was due, from the start. */
    double took_us; /* The time from then until the end of its answer. */
    int status;
};

struct load {
    struct event_base *base;
    struct event *timer, *end;
    struct schedule schedule;
    double began_us;
    size_t n_due;  /* The number of requests that have become due, and of samples. */
    size_t n_sent; /* The number of requests that a client has got. */
    size_t n_done; /* The number of requests that have ended. */
    struct sample *samples;
    size_t cap;
    struct target **targets;
    unsigned n_targets;
    struct client **clients;
    size_t *serves; /* For each client, the number of its current sample. */
    unsigned n_clients;
    bool over; /* Whether no more requests will become due. */
};

static double now_us(void)
{
    return (double)clock_now() / 1e3;
}

/* Whether each connection sends its next request as soon as it has an answer. */
static bool is_closed_loop(const struct load *load)
{
    return load->schedule.rate == 0 && !load->schedule.requests;
}

static void add_due(struct load *load, double due_us)
{
    if (load->n_due == load->cap) {
        load->cap = load->cap ? 2 * load->cap : 4096;
        struct sample *samples = realloc(load->samples, load->cap * sizeof *samples);
        if (!samples) {
            perror("load");
            exit(1);
        }
        load->samples = samples;
    }
    load->samples[load->n_due++] = (struct sample){.due_us = due_us};
}

/* Send due requests over free clients. */
static void send_due(struct load *load)
{
    for (unsigned i = 0; i < load->n_clients && load->n_sent < load->n_due; i++) {
        if (client_is_free(load->clients[i])) {
            size_t number = load->serves[i] = load->n_sent++;
            client_send(load->clients[i], load->targets[schedule_target(&load->schedule, number)]);
        }
    }
    if (load->over && load->n_done == load->n_due)
        event_base_loopbreak(load->base);
}

/* Add the requests that have become due, and wait for the next one. */
static void on_due(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct load *load = arg;
    double now = now_us() - load->began_us, next;
    while ((next = schedule_due(&load->schedule, load->n_due)) <= now)
        add_due(load, next);
    load->over = isinf(next);
    send_due(load);
    if (load->over)
        return;
    double wait = next - (now_us() - load->began_us);
    struct timeval time = {0, 0};
    if (wait > 0)
        time = (struct timeval){(time_t)(wait / 1e6), (suseconds_t)wait % 1000000};
    evtimer_add(load->timer, &time);
}

/* Store the end of a client's request. */
static void on_done(void *arg, unsigned number, int status)
{
    struct load *load = arg;
    struct sample *sample = &load->samples[load->serves[number]];
    double now = now_us() - load->began_us;
    sample->took_us = now - sample->due_us;
    sample->status = status;
    load->n_done++;
    if (is_closed_loop(load) && now < load->schedule.seconds * 1e6)
        add_due(load, now);
    else if (is_closed_loop(load))
        load->over = true;
    send_due(load);
}

static void on_end(evutil_socket_t fd, short what, void *base)
{
    (void)fd, (void)what;
    event_base_loopbreak(base);
}

static void run_load(struct load *load)
{
    struct timeval time = {(time_t)load->schedule.seconds + GRACE_S, 0};
    load->began_us = now_us();
    evtimer_add(load->end, &time);
    for (unsigned i = 0; is_closed_loop(load) && i < load->n_clients; i++)
        add_due(load, 0);
    if (is_closed_loop(load))
        send_due(load);
    else
        on_due(-1, 0, load);
    event_base_dispatch(load->base);
}

static void print_samples(const struct load *load)
{
    for (size_t i = 0; i < load->n_due; i++) {
        const struct sample *sample = &load->samples[i];
        double took =
            sample->took_us > 0 ? sample->took_us : now_us() - load->began_us - sample->due_us;
        printf("%.0f %.0f %d\n", sample->due_us, took, sample->status);
    }
}

/* Parse a number such as 20 or 0.5: decimal digits, with a point at most. Returns 0 or -1 with a
 * reason. */
static int parse_number(const char *name, const char *text, double *value, struct err *err)
{
    static const char digits[] = "0123456789";
    size_t whole = strspn(text, digits), end = whole + (text[whole] == '.');
    size_t fraction = strspn(text + end, digits);
    if (whole + fraction == 0 || text[end + fraction])
        return err_set(err, "invalid %s '%.40s': use a number such as 20 or 0.5", name, text);
    *value = strtod(text, NULL);
    return 0;
}

/* Parse RATE and SECONDS, or read TIMES; and parse CONNECTIONS. Returns 0 or -1 with a reason. */
static int parse_arguments(struct load *load, char **argv, struct err *err)
{
    struct schedule *schedule = &load->schedule;
    if (decimal_parse("CONNECTIONS", argv[3], 1, MAX_CONNECTIONS, &load->n_clients, err))
        return -1;
    if (!strcmp(argv[1], "at"))
        return schedule_read(schedule, argv[2], load->n_targets, err);
    if (parse_number("RATE", argv[1], &schedule->rate, err) ||
        parse_number("SECONDS", argv[2], &schedule->seconds, err))
        return -1;
    return schedule->seconds > 0 ? 0
                                 : err_set(err, "invalid SECONDS '%s': use more than 0", argv[2]);
}

/* Make the targets of the arguments from argv[4] on: a URL, or as many URL METHOD FILE as there are. Returns 0 or
 * -1. */
static int make_targets(struct load *load, char **argv)
{
    load->targets = calloc(load->n_targets, sizeof(struct target *));
    for (unsigned i = 0; load->targets && i < load->n_targets; i++) {
        char **given = argv + 4 + (size_t)3 * i;
        bool has_file = given[1] && *given[2];
        load->targets[i] = target_new(given[0], given[1], has_file ? given[2] : NULL);
        if (!load->targets[i])
            return -1;
    }
    return load->targets ? 0 : -1;
}

/* Returns 0 or -1; stop_load() undoes it in both cases. */
static int start_load(struct load *load, char **argv)
{
    struct event_config *config = event_config_new();
    if (config && !event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER))
        load->base = event_base_new_with_config(config);
    if (config)
        event_config_free(config);
    load->clients = calloc(load->n_clients, sizeof *load->clients);
    load->serves = calloc(load->n_clients, sizeof *load->serves);
    if (!load->base || make_targets(load, argv) || !load->clients || !load->serves)
        return -1;
    load->timer = evtimer_new(load->base, on_due, load);
    load->end = evtimer_new(load->base, on_end, load->base);
    for (unsigned i = 0; i < load->n_clients; i++) {
        load->clients[i] = client_new(load->base, on_done, load, i);
        if (!load->clients[i])
            return -1;
    }
    return load->timer && load->end ? 0 : -1;
}

static void stop_load(struct load *load)
{
    for (unsigned i = 0; load->clients && i < load->n_clients; i++)
        client_free(load->clients[i]);
    for (unsigned i = 0; load->targets && i < load->n_targets; i++)
        target_free(load->targets[i]);
    schedule_free(&load->schedule);
    if (load->timer)
        event_free(load->timer);
    if (load->end)
        event_free(load->end);
    if (load->base)
        event_base_free(load->base);
    free(load->targets);
    free(load->clients);
    free(load->serves);
    free(load->samples);
}

int main(int argc, char **argv)
{
    struct load load = {0};
    struct err err;
    bool at_times = argc > 1 && !strcmp(argv[1], "at");
    if (at_times ? argc < 7 || argc % 3 != 1 : argc != 5 && argc != 7) {
        fprintf(stderr, "usage: load RATE SECONDS CONNECTIONS URL [METHOD FILE]\n"
                        "       load at TIMES CONNECTIONS URL METHOD FILE [URL METHOD FILE]...\n");
        return 2;
    }
    load.n_targets = at_times ? (unsigned)(argc - 4) / 3 : 1;
    if (parse_arguments(&load, argv, &err)) {
        fprintf(stderr, "load: %s\n", err.text);
        schedule_free(&load.schedule);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    int failed = start_load(&load, argv);
    if (!failed) {
        run_load(&load);
        print_samples(&load);
    }
    stop_load(&load);
    return failed ? 1 : 0;
}

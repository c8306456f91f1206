/*
 * probe_images: asks the hosts of all enabled images for them, and saves the answers in the store. It
 * is the program behind `serverful check --images`.
 *
 *   probe_images STORE SECONDS
 *
 * Prints what is wrong to standard output. Returns 0 where all images answer, else 1.
 */
#include "probe/queue.h"
#include "probe/request.h"
#include "store/image_answers.h"
#include "util/decimal.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define MAX_SECONDS 3600
#define SAVED       32 /* answers of one transaction: short ones, which let others write */

struct probe {
    struct store *store;
    struct network *network;
    struct queue *queue;
    struct image_answer answers[SAVED]; /* Those that are not saved yet. */
    size_t n;
    size_t done, good; /* How many images have an answer, and how many a good one. */
    bool is_terminal;  /* Whether the progress is shown on stderr. */
    bool failed;       /* Whether answers could not be saved, for the reason in `err`. */
    struct err err;
};

static void save_answers(struct probe *probe)
{
    if (!probe->failed)
        probe->failed =
            store_save_image_answers(probe->store, probe->answers, probe->n, &probe->err) != 0;
    probe->n = 0;
}

static void show_progress(const struct probe *probe)
{
    if (probe->is_terminal)
        fprintf(stderr, "\rasking for images… %zu of %zu%s", probe->done,
                queue_length(probe->queue), probe->done == queue_length(probe->queue) ? "\n" : "");
}

/* Print an answer that is not good on a line of its own. */
static void print_answer(const struct probe *probe, const struct image_answer *answer)
{
    if (probe->is_terminal)
        fprintf(stderr, "\r\033[K");
    printf("%s: ", answer->url);
    if (answer->status)
        printf("%d%s", answer->status, *answer->error ? " " : "");
    printf("%s\n", answer->error);
    fflush(stdout);
}

static void take_answer(void *arg, const struct image_answer *answer)
{
    struct probe *probe = arg;
    probe->done++;
    if (queue_is_good(answer))
        probe->good++;
    else
        print_answer(probe, answer);
    show_progress(probe);
    probe->answers[probe->n++] = *answer;
    if (probe->n == SAVED)
        save_answers(probe);
}

static int add_url(void *arg, struct str url, struct err *err)
{
    return queue_add(arg, url, err);
}

/* Ask for all images. Returns 0 or -1 with a reason. */
static int run_probe(struct probe *probe, struct err *err)
{
    if (store_forget_image_answers(probe->store, err) ||
        store_each_image_url(probe->store, add_url, probe->queue, err))
        return -1;
    show_progress(probe);
    queue_run(probe->queue);
    save_answers(probe);
    *err = probe->err;
    return probe->failed ? -1 : 0;
}

/* Open what the probe needs. Returns 0, or -1 with a reason; close_probe() undoes it in both cases. */
static int open_probe(struct probe *probe, const char *path, unsigned seconds, struct err *err)
{
    probe->store = store_open(path, STORE_WRITE, err);
    if (!probe->store || !(probe->network = network_new(seconds, err)))
        return -1;
    probe->queue = queue_new(probe->network, take_answer, probe);
    return probe->queue ? 0 : err_set(err, "out of memory");
}

static void close_probe(struct probe *probe)
{
    queue_free(probe->queue);
    network_free(probe->network);
    store_close(probe->store);
}

int main(int argc, char **argv)
{
    struct probe probe = {.is_terminal = isatty(STDERR_FILENO)};
    struct err err = {""};
    unsigned seconds;
    if (argc != 3 || !decimal_read_range(str_of(argv[2]), 1, MAX_SECONDS, &seconds)) {
        fprintf(stderr, "usage: probe_images STORE SECONDS\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    int status = open_probe(&probe, argv[1], seconds, &err);
    if (!status)
        status = run_probe(&probe, &err);
    if (status)
        fprintf(stderr, "serverful check: %s\n", err.text);
    else
        printf("images: %zu answer, %zu do not\n", probe.good, probe.done - probe.good);
    bool is_good = !status && probe.good == probe.done;
    close_probe(&probe);
    return is_good ? 0 : 1;
}

#include "probe/queue.h"

#include "probe/location.h"
#include "util/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MAX_OPEN      4 /* requests at a time */
#define MAX_REDIRECTS 5 /* of one image */

enum state { WAITING, OPEN, DONE };

struct image {
    struct queue *queue;
    char *url;    /* The URL of the image. */
    char *target; /* The URL to ask for next, after a redirect; else NULL. */
    char *error;  /* What was wrong, or NULL. */
    struct image_answer answer;
    enum state state;
    bool get; /* Whether HEAD was refused. */
    unsigned redirects;
    int64_t began; /* When the present request began, as of clock_now(). */
    int64_t took;  /* How long the requests took, in nanoseconds. */
};

struct queue {
    struct network *network;
    queue_answer *take;
    void *arg;
    struct image *images;
    size_t n, cap;
    size_t first; /* The images before this one are done. */
    struct image *open[MAX_OPEN];
    size_t n_open;
};

struct queue *queue_new(struct network *network, queue_answer *take, void *arg)
{
    struct queue *queue = calloc(1, sizeof *queue);
    if (queue)
        *queue = (struct queue){.network = network, .take = take, .arg = arg};
    return queue;
}

void queue_free(struct queue *queue)
{
    for (size_t i = 0; queue && i < queue->n; i++) {
        free(queue->images[i].url);
        free(queue->images[i].target);
        free(queue->images[i].error);
    }
    if (queue)
        free(queue->images);
    free(queue);
}

size_t queue_length(const struct queue *queue)
{
    return queue->n;
}

int queue_add(struct queue *queue, struct str url, struct err *err)
{
    if (queue->n == queue->cap) {
        size_t cap = queue->cap ? 2 * queue->cap : 64;
        struct image *images = realloc(queue->images, cap * sizeof *images);
        if (!images)
            return err_set(err, "out of memory for %zu images", cap);
        queue->images = images;
        queue->cap = cap;
    }
    char *copy = strndup(url.at, url.len);
    if (!copy)
        return err_set(err, "out of memory for %zu images", queue->n);
    queue->images[queue->n++] = (struct image){.queue = queue, .url = copy};
    return 0;
}

bool queue_is_good(const struct image_answer *answer)
{
    return answer->status >= 200 && answer->status < 300 && !*answer->error;
}

static const char *target_of(const struct image *image)
{
    return image->target ? image->target : image->url;
}

/* Whether the host of an image is being asked for another one. */
static bool is_host_busy(const struct queue *queue, const struct image *image)
{
    struct str host = location_host(target_of(image));
    for (size_t i = 0; i < queue->n_open; i++) {
        struct str other = location_host(target_of(queue->open[i]));
        if (other.len == host.len && !strncasecmp(other.at, host.at, host.len))
            return true;
    }
    return false;
}

static void end_image(struct image *image, const char *error)
{
    image->state = DONE;
    image->error = *error ? strdup(error) : NULL;
    image->answer.url = image->url;
    image->answer.error = image->error ? image->error : "";
    image->answer.ms = (unsigned)(image->took / CLOCK_MS);
    image->queue->take(image->queue->arg, &image->answer);
}

/* Ask for an image again where a redirect leads. */
static void follow(struct image *image, struct str location)
{
    char *target = location_resolve(target_of(image), location);
    bool is_http =
        target && (!strncasecmp(target, "http://", 7) || !strncasecmp(target, "https://", 8));
    if (++image->redirects > MAX_REDIRECTS) {
        end_image(image, "too many redirects");
    } else if (!is_http) {
        end_image(image, "the redirect leads to no address of HTTP");
    } else {
        free(image->target);
        image->target = target;
        image->get = false;
        image->state = WAITING;
        return;
    }
    free(target);
}

static bool is_redirect(const struct head *head)
{
    return head->location.len > 0 &&
           (head->status == 301 || head->status == 302 || head->status == 303 ||
            head->status == 307 || head->status == 308);
}

/* Whether an answer is a page, such as many hosts send instead of an image that is gone. */
static bool is_page(const struct head *head)
{
    struct str rest = head->type, type = str_trim(str_cut(&rest, ';'), STR_BLANKS);
    return head->status >= 200 && head->status < 300 && str_is_nocase(type, "text/html");
}

static void judge(struct image *image, const struct head *head)
{
    if (is_redirect(head)) {
        follow(image, head->location);
    } else if (!image->get && (head->status == 405 || head->status == 501)) {
        image->get = true;
        image->state = WAITING;
    } else {
        end_image(image, is_page(head) ? "is a page (text/html), no image" : head->error);
    }
}

static void fill_slots(struct queue *queue);

static void on_done(void *arg, const struct head *head)
{
    struct image *image = arg;
    struct queue *queue = image->queue;
    size_t i = 0;
    while (queue->open[i] != image)
        i++;
    queue->open[i] = queue->open[--queue->n_open];
    image->took += clock_now() - image->began;
    image->answer.status = head->status;
    judge(image, head);
    fill_slots(queue);
    if (queue->n_open == 0)
        network_stop(queue->network);
}

static void ask(struct queue *queue, struct image *image)
{
    image->state = OPEN;
    image->began = clock_now();
    image->answer.at = (int64_t)time(NULL);
    if (request_start(queue->network, target_of(image), image->get, on_done, image))
        end_image(image, "out of memory");
    else
        queue->open[queue->n_open++] = image;
}

/* Begin as many requests as may be open. */
static void fill_slots(struct queue *queue)
{
    while (queue->first < queue->n && queue->images[queue->first].state == DONE)
        queue->first++;
    for (size_t i = queue->first; i < queue->n && queue->n_open < MAX_OPEN; i++) {
        struct image *image = &queue->images[i];
        if (image->state == WAITING && !is_host_busy(queue, image))
            ask(queue, image);
    }
}

void queue_run(struct queue *queue)
{
    fill_slots(queue);
    if (queue->n_open > 0)
        network_run(queue->network);
}

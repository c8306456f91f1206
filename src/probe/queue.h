/*
 * queue: asks the hosts of many images for them: a few at a time, and each host for one at a time.
 *
 * An image is asked for by HEAD, or by GET with a Range where HEAD is answered with 405 or 501.
 * Redirects are followed a few times.
 */
#ifndef PROBE_QUEUE_H
#define PROBE_QUEUE_H

#include "probe/request.h"
#include "store/image_answers.h"

#include <stdbool.h>

struct queue;

/* Takes the answer for an image, whose texts live as long as the queue. */
typedef void queue_answer(void *arg, const struct image_answer *answer);

/* Make an empty queue. Returns NULL when memory runs out. */
struct queue *queue_new(struct network *network, queue_answer *take, void *arg);

/* Add an image. Returns 0 or -1 with a reason. */
int queue_add(struct queue *queue, struct str url, struct err *err);

/* The number of images that were added. */
size_t queue_length(const struct queue *queue);

/* Ask for all images. Returns when all have an answer. */
void queue_run(struct queue *queue);

/* Free the queue; NULL is allowed. */
void queue_free(struct queue *queue);

/* Whether the host answered with the image. */
bool queue_is_good(const struct image_answer *answer);

#endif

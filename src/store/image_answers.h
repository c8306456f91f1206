/*
 * image_answers: what the hosts of images answered when they were asked last, in the table
 * image_answers of sql/views.sql.
 */
#ifndef STORE_IMAGE_ANSWERS_H
#define STORE_IMAGE_ANSWERS_H

#include "store/store.h"
#include "util/str.h"

#include <stdint.h>

/* Takes the URL of an image, which is valid during the call only. Returns 0, or -1 with a reason to
 * stop. */
typedef int store_image_url(void *arg, struct str url, struct err *err);

/* Hand over the URLs of all enabled images, by their id. Returns 0 or -1 with a reason. */
int store_each_image_url(struct store *store, store_image_url *take, void *arg, struct err *err);

/* The answer of a host. */
struct image_answer {
    const char *url;   /* The URL of the image. */
    int64_t at;        /* The time of the answer, in seconds since 1970. */
    int status;        /* The status of HTTP; 0 where there was no answer. */
    const char *error; /* What was wrong, besides the status; empty where nothing was. */
    unsigned ms;       /* How long it took, in milliseconds. */
};

/* Save an answer in place of an earlier one for the same URL. The caller has opened the store for
 * STORE_WRITE. Returns 0 or -1 with a reason. */
int store_save_image_answer(struct store *store, const struct image_answer *answer,
                            struct err *err);

/* Delete the answers for URLs that no image has any more. Returns 0 or -1 with a reason. */
int store_forget_image_answers(struct store *store, struct err *err);

#endif

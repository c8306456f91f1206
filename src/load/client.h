/*
 * client: a connection to an HTTP server, which is kept from one request to the next, and the
 * request that all clients send.
 */
#ifndef LOAD_CLIENT_H
#define LOAD_CLIENT_H

#include <event2/event.h>
#include <stdbool.h>

/* Where requests go, and what they are. */
struct target;

/* Read a URL (http or https), and for a POST the Content-Type and the file of the body; both NULL
 * for a GET. Resolves the host's name. Returns NULL after a message on stderr. */
struct target *target_new(const char *url, const char *type, const char *body_path);

/* To be called after the clients are gone; NULL is allowed. */
void target_free(struct target *target);

struct client;

/* Called when a request has ended: `status` is 0 where no whole answer came. */
typedef void client_done(void *arg, unsigned number, int status);

/* A client that is not connected yet. Returns NULL when memory runs out. */
struct client *client_new(struct event_base *base, const struct target *target, client_done *done,
                          void *arg, unsigned number);

/* Whether it has no request under way. */
bool client_is_free(const struct client *client);

/* Send the request; connects, if need be. done() may be called at once. */
void client_send(struct client *client);

/* Close and free; NULL is allowed. */
void client_free(struct client *client);

#endif

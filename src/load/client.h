/*
 * client: a keep-alive connection to an HTTP server, and the target: a server and a request that
 * clients send to it.
 */
#ifndef LOAD_CLIENT_H
#define LOAD_CLIENT_H

#include <event2/event.h>
#include <stdbool.h>

/* A server and a request. */
struct target;

/* Make the target of a URL (http or https). `method` is such as "POST"; the caller keeps it. `message`
 * is the path of a file with the headers of the request, one at least, each with CR LF, an empty
 * line, and the body. With NULL for both, the request is a plain GET. Resolves the name of the host.
 * Returns NULL after a message on stderr. */
struct target *target_new(const char *url, const char *method, const char *message);

/* Free it, after all its clients; NULL is allowed. */
void target_free(struct target *target);

struct client;

/* Called at the end of a request. `status` is 0 if no complete answer came. `arg` and `number` are
 * those of client_new(). */
typedef void client_done(void *arg, unsigned number, int status);

/* Make a client, without connecting. Returns NULL when memory runs out. */
struct client *client_new(struct event_base *base, client_done *done, void *arg, unsigned number);

/* Whether the client has no unanswered request. */
bool client_is_free(const struct client *client);

/* Send the request of a target. Connect before that, unless the last request went to the same server and
 * the connection is still open. The client must be free. done() may be called before this returns. */
void client_send(struct client *client, const struct target *target);

/* Close and free; NULL is allowed. */
void client_free(struct client *client);

#endif

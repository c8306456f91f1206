/* unit_listen: the end of a pool does not remove the socket of another one that starts meanwhile. */
#include "t/tap.h"

#include "fastcgi/listen.h"

#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

int __real_close(int fd);
int __wrap_close(int fd);

static char directory[] = "/tmp/serverful-unit-XXXXXX", address[64];
static int listener = -1, other = -1;
static bool was_there; /* Whether the socket's file was there when the socket was closed. */

static bool file_is_there(void)
{
    struct stat st;
    return lstat(address, &st) == 0;
}

/* The linker puts this in the place of close(). When the pool closes its socket, another pool starts
 * on the same address. */
int __wrap_close(int fd)
{
    struct err err;
    int status = __real_close(fd);
    if (fd == listener) {
        listener = -1;
        was_there = file_is_there();
        other = listen_open(address, &err);
    }
    return status;
}

int main(void)
{
    struct err err;
    tap_plan(5);
    if (!mkdtemp(directory))
        tap_give_up("cannot make the directory %s", directory);
    snprintf(address, sizeof address, "%s/socket", directory);
    listener = listen_open(address, &err);
    ok(listener >= 0 && file_is_there(), "a pool listens on a socket");
    listen_close(listener, address);
    ok(!was_there, "a pool removes the file of its socket before it closes the socket");
    ok(other >= 0, "another pool may start as soon as the socket is closed");
    ok(file_is_there(), "the file of the other pool's socket is left");
    listen_close(other, address);
    ok(rmdir(directory) == 0, "the other pool removes its file");
    return tap_done();
}

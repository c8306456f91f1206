#include "fastcgi/turns.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int turns_open(struct turns *turns, unsigned workers, struct err *err)
{
    *turns = (struct turns){.fd = memfd_create("serverful-turns", MFD_CLOEXEC),
                            .n = workers > 1 ? workers - 1 : 1};
    return turns->fd < 0 ? err_errno(err, "cannot create a file in memory") : 0;
}

void turns_close(struct turns *turns)
{
    if (turns->fd >= 0)
        close(turns->fd);
    turns->fd = -1;
}

/* Set or remove the lock on `n` bytes from `at`. Returns whether that succeeded. */
static bool set_lock(const struct turns *turns, short type, unsigned at, unsigned n)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = n};
    return fcntl(turns->fd, F_SETLK, &lock) == 0;
}

bool turns_take(const struct turns *turns)
{
    for (unsigned i = 0; i < turns->n; i++) {
        if (set_lock(turns, F_WRLCK, i, 1))
            return true;
    }
    return false;
}

void turns_end(const struct turns *turns)
{
    set_lock(turns, F_UNLCK, 0, turns->n);
}

#include "fastcgi/lease.h"

#include "util/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct lease lease_take(const char *path)
{
    struct lease lease = {open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
    if (lease.fd >= 0 && fcntl(lease.fd, F_SETLEASE, F_RDLCK))
        lease_give_up(&lease);
    return lease;
}

/* The kernel returns the kind of lease that the waiting program allows. */
bool lease_is_awaited(const struct lease *lease)
{
    return lease->fd >= 0 && fcntl(lease->fd, F_GETLEASE) != F_RDLCK;
}

bool lease_is_on(const struct lease *lease, const char *path)
{
    struct stat leased, now;
    return lease->fd >= 0 && !fstat(lease->fd, &leased) && !stat(path, &now) &&
           file_is_same(&leased, &now);
}

void lease_give_up(struct lease *lease)
{
    if (lease->fd >= 0)
        close(lease->fd);
    lease->fd = -1;
}

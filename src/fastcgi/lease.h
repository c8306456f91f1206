/*
 * lease: protects the snapshot that the workers have mapped from programs that write to it. A worker
 * that touched a page which such a program has cut off would die of SIGBUS.
 *
 * The compiler holds a read lease (fcntl(2), F_SETLEASE) on the file. The kernel lets a program that
 * opens the file for writing, or truncates it, wait until the holder gives the lease up, and sends
 * SIGIO to the holder. The lease costs no memory, and a system call for each poll. After the time
 * of /proc/sys/fs/lease-break-time, 45 s by default, the program need not wait any longer. Some file
 * systems, such as NFS, have no leases.
 */
#ifndef FASTCGI_LEASE_H
#define FASTCGI_LEASE_H

#include <stdbool.h>

struct lease {
    int fd; /* The file with the lease; -1 for none. */
};

/* Take a lease on the file at `path`. Returns one with the descriptor -1 where that is not possible:
 * there is no file, another user owns it, somebody writes to it, or the file system has no leases. */
struct lease lease_take(const char *path);

/* Whether a program waits for the lease. */
bool lease_is_awaited(const struct lease *lease);

/* Whether the lease is on the file that is at `path` now. */
bool lease_is_on(const struct lease *lease, const char *path);

/* Give the lease up. Does nothing without one. */
void lease_give_up(struct lease *lease);

#endif

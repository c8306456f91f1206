#include "fastcgi/exchange.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Room for the one descriptor of a message, see cmsg(3). */
union control {
    struct cmsghdr head;
    char bytes[CMSG_SPACE(sizeof(int))];
};

int exchange_open(struct exchange *exchange, struct err *err)
{
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds))
        return err_errno(err, "cannot create the exchange of connections");
    *exchange = (struct exchange){.give = fds[0], .take = fds[1]};
    return 0;
}

void exchange_close(struct exchange *exchange)
{
    if (exchange->give >= 0)
        close(exchange->give);
    if (exchange->take >= 0)
        close(exchange->take);
    *exchange = (struct exchange){-1, -1};
}

int exchange_give(const struct exchange *exchange, int connection, bool is_new)
{
    char byte = is_new;
    union control control = {.head = {.cmsg_len = CMSG_LEN(sizeof connection),
                                      .cmsg_level = SOL_SOCKET,
                                      .cmsg_type = SCM_RIGHTS}};
    memcpy(CMSG_DATA(&control.head), &connection, sizeof connection);
    struct msghdr message = {.msg_iov = &(struct iovec){&byte, 1},
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    return sendmsg(exchange->give, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

int exchange_take(const struct exchange *exchange, bool *is_new)
{
    char byte = 0;
    union control control;
    int connection = -1;
    struct msghdr message = {.msg_iov = &(struct iovec){&byte, 1},
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    if (recvmsg(exchange->take, &message, MSG_CMSG_CLOEXEC) <= 0)
        return -1;
    const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    if (head && head->cmsg_type == SCM_RIGHTS)
        memcpy(&connection, CMSG_DATA(head), sizeof connection);
    *is_new = byte != 0;
    return connection;
}

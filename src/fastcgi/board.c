#include "fastcgi/board.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Changed with the meaning of a field; a change of the size tells itself. */
#define VERSION_OF_LAYOUT 1
#define LAYOUT            ((uint64_t)VERSION_OF_LAYOUT << 32 | sizeof(struct board))

const int board_statuses[BOARD_STATUSES] = {200, 204, 400, 404, 405, 413, 414, 415, 500, 503, 0};

const double board_times[BOARD_TIMES] = {0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025,
                                         0.005,   0.01,   0.025,   0.05,   0.1,   0.25,
                                         0.5,     1,      2.5,     10};

int64_t board_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static struct board *map(int fd, struct err *err)
{
    void *at = mmap(NULL, sizeof(struct board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED) {
        err_errno(err, "cannot map the scoreboard");
        return NULL;
    }
    return at;
}

struct board *board_new(int *fd, struct err *err)
{
    *fd = memfd_create("serverful-board", MFD_CLOEXEC);
    if (*fd < 0 || ftruncate(*fd, sizeof(struct board))) {
        err_errno(err, "cannot make the scoreboard");
        return NULL;
    }
    struct board *board = map(*fd, err);
    if (!board)
        return NULL;
    board->layout = LAYOUT;
    board->began = time(NULL);
    board->began_ns = board_now();
    return board;
}

struct board *board_adopt(int fd, struct err *err)
{
    struct stat st;
    struct board *board = NULL;
    if (!fstat(fd, &st) && st.st_size == sizeof(struct board))
        board = map(fd, err);
    if (board && board->layout == LAYOUT)
        return board;
    board_free(board);
    err_set(err, "the pool that runs is of another version: restart it");
    return NULL;
}

void board_free(struct board *board)
{
    if (board)
        munmap(board, sizeof *board);
}

unsigned board_route(const struct board *board, const char *name)
{
    for (unsigned i = 0; i < board->n_routes; i++) {
        if (!strcmp(board->routes[i], name))
            return i;
    }
    return 0;
}

void board_add_route(struct board *board, const char *name)
{
    unsigned n = board->n_routes;
    if (n && (board_route(board, name) || !strcmp(board->routes[0], name)))
        return;
    if (n == BOARD_ROUTES || strlen(name) >= BOARD_NAME)
        return;
    strcpy(board->routes[n], name);
    board->n_routes = n + 1;
}

struct slot *board_take_slot(struct board *board, enum slot_role role)
{
    unsigned i = 0;
    while (i < board->n_slots && board->slots[i].pid)
        i++;
    if (i == BOARD_SLOTS)
        return NULL;
    if (i == board->n_slots)
        board->n_slots = i + 1;
    struct slot *slot = &board->slots[i];
    slot->role = role;
    slot->epoch = board->epoch;
    slot->started = board_now();
    slot->stopped_since = 0;
    slot->told = slot->timed_out = false;
    slot->requests = 0;
    slot->request[0] = '\0';
    slot->state = SLOT_STARTING;
    slot->since = 0;
    return slot;
}

void board_begin(struct slot *slot, int64_t now)
{
    slot->request[0] = '\0';
    atomic_store_explicit(&slot->route, 0, memory_order_relaxed);
    atomic_store_explicit(&slot->state, SLOT_READING, memory_order_relaxed);
    atomic_store_explicit(&slot->since, now, memory_order_relaxed);
}

/* Copy an id; what might break the line of a log is left out. */
static void copy_id(char to[BOARD_ID], const char *id)
{
    size_t n = 0;
    for (; *id && n < BOARD_ID - 1; id++) {
        if ((*id >= '0' && *id <= '9') || (*id >= 'a' && *id <= 'z') ||
            (*id >= 'A' && *id <= 'Z') || strchr("-_.:=/+", *id))
            to[n++] = *id;
    }
    to[n] = '\0';
}

void board_read(struct slot *slot, unsigned route, const char *id)
{
    copy_id(slot->request, id);
    atomic_store_explicit(&slot->route, route, memory_order_relaxed);
    atomic_store_explicit(&slot->state, SLOT_WORKING, memory_order_relaxed);
}

void board_nothing(struct slot *slot)
{
    atomic_store_explicit(&slot->since, 0, memory_order_relaxed);
    atomic_store_explicit(&slot->state, SLOT_IDLE, memory_order_relaxed);
}

static unsigned status_index(int status)
{
    unsigned i = 0;
    while (board_statuses[i] && board_statuses[i] != status)
        i++;
    return i;
}

static unsigned time_index(int64_t ns)
{
    unsigned i = 0;
    while (i < BOARD_TIMES && (double)ns > board_times[i] * 1e9)
        i++;
    return i;
}

void board_end(struct slot *slot, int status, int64_t took)
{
    struct board_counts *counts = &slot->counts[slot->route];
    board_count(&counts->by_status[status_index(status)], 1);
    board_count(&counts->by_time[time_index(took)], 1);
    board_count(&counts->ns, (uint64_t)took);
    board_count(&slot->requests, 1);
    board_nothing(slot);
}

uint64_t board_sum(const struct board *board, const board_counter *at)
{
    uint64_t sum = 0;
    size_t offset = (size_t)((const char *)at - (const char *)&board->slots[0]);
    for (unsigned i = 0; i < board->n_slots; i++) {
        const board_counter *counter =
            (const board_counter *)((const char *)&board->slots[i] + offset);
        sum += atomic_load_explicit(counter, memory_order_relaxed);
    }
    return sum;
}

void board_complain(struct board *board, const char *text)
{
    struct board_compiler *compiler = &board->compiler;
    unsigned next = !compiler->complaint;
    strncpy(compiler->complaints[next], text, sizeof compiler->complaints[next] - 1);
    compiler->complaint = next;
}

const char *board_complaint(const struct board *board)
{
    return board->compiler.complaints[board->compiler.complaint];
}

/*
 * upgrade: on SIGHUP the supervisor re-executes its binary, which may be another version by then.
 * Process id, workers, listening socket and scoreboard stay the same.
 *
 * A dry run comes first: a process of its own executes the new binary, which checks its options and
 * whether it understands the scoreboard, and exits. If that fails, the running program continues
 * and says so in the log. Upgrades come one after the other: one that is requested during another
 * begins when that has ended.
 */
#ifndef FASTCGI_UPGRADE_H
#define FASTCGI_UPGRADE_H

#include "fastcgi/exchange.h"
#include "fastcgi/log.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* What a supervisor hands to the binary that it executes. */
struct handover {
    int scoreboard;           /* The descriptor of the scoreboard's memory. */
    int listener;             /* The descriptor of the listening socket. */
    struct exchange exchange; /* The exchange; -1 where the program before had none. */
    bool dry_run;             /* Whether to validate only, then exit. */
};

struct upgrade {
    char *const *argv;        /* The command line to execute, ended by NULL. */
    const struct log *log;    /* The log for failures. */
    struct handover handover; /* The descriptors to hand over. */
    bool requested;           /* Whether SIGHUP has come, and the upgrade has not begun. */
    pid_t dry_run;            /* The process of the dry run; 0 for none. */
    struct stat program;      /* The file that this process executes. */
    int64_t began;            /* The start of the dry run, as clock_now() counts. */
};

/* Read from the environment what the supervisor before handed over, and remove it there, so that no
 * child process inherits it. Returns false where this process was started in the usual way. */
bool upgrade_receive(struct handover *handover);

/* Note which file this process executes. */
void upgrade_note_program(struct upgrade *upgrade);

/* Whether an upgrade would execute another file than this process does. False where that is unknown,
 * and where no file is at the path in argv. */
bool upgrade_is_due(const struct upgrade *upgrade);

/* Begin the requested upgrade: start the dry run, and tell systemd. */
void upgrade_begin(struct upgrade *upgrade);

/* Kill a dry run that takes too long. */
void upgrade_kill_slow_dry_run(const struct upgrade *upgrade);

/*
 * The dry run has ended with this status of waitpid(). If it succeeded, execute the binary, which
 * does not return. Returns after a failure, with the reason in the log.
 *
 * SIGHUP must be blocked: for a further requested upgrade the function raises it, and the signal
 * stays pending until the new program waits for it.
 */
void upgrade_finish(struct upgrade *upgrade, int status);

/* Cancel a requested upgrade and kill its dry run. Does not wait for that process. */
void upgrade_cancel(struct upgrade *upgrade);

#endif

/*
 * pool: the supervisor. It runs the workers, which answer requests (worker.h), and one compiler
 * process, which turns every change of the store into a new snapshot (compiler.h). The supervisor
 * itself touches neither SQLite nor a request. It reacts to these signals:
 *
 *   SIGTERM, SIGINT, SIGQUIT  let the workers finish their requests, then exit
 *   SIGHUP                    re-execute the binary and replace the workers one by one; no request
 *                             is lost, and the socket stays open (upgrade.h)
 *   SIGUSR1                   reopen the logs
 */
#ifndef FASTCGI_POOL_H
#define FASTCGI_POOL_H

#include "fastcgi/pool_options.h"
#include "util/err.h"

/*
 * Run the pool until a signal ends it. Returns 0, or -1 with a reason.
 *
 * It also returns in each process that it forks, when that process has done its work. So the caller
 * frees what it owns and exits in any case.
 */
int pool_run(const struct pool_options *options, struct err *err);

#endif

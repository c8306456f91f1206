#include "simulator/jobs.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

/* The most threads. */
#define MOST_THREADS 256

/* The jobs that several threads do. */
struct jobs {
    void (*job)(void *arg, size_t i);
    void *arg;
    size_t n;
    atomic_size_t next; /* The next job that nobody has taken. */
};

static void *do_jobs(void *arg)
{
    struct jobs *jobs = arg;
    for (size_t i; (i = atomic_fetch_add(&jobs->next, 1)) < jobs->n;)
        jobs->job(jobs->arg, i);
    return NULL;
}

int jobs_run(unsigned threads, size_t n, void (*job)(void *arg, size_t i), void *arg,
             struct err *err)
{
    struct jobs jobs = {.job = job, .arg = arg, .n = n};
    pthread_t others[MOST_THREADS];
    unsigned started = 0;
    int error = 0;
    while (error == 0 && started + 1 < threads && started + 1 < n && started < MOST_THREADS) {
        error = pthread_create(&others[started], NULL, do_jobs, &jobs);
        started += error == 0;
    }
    if (error == 0)
        do_jobs(&jobs);
    else
        atomic_store(&jobs.next, n);
    for (unsigned i = 0; i < started; i++)
        pthread_join(others[i], NULL);
    if (error == 0)
        return 0;
    errno = error;
    return err_errno(err, "cannot start %u threads", threads);
}

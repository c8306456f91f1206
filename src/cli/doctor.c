/*
 * doctor: checks an installation for the mistakes that operators make.
 */
#include "doctor/doctor.h"

#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "fastcgi/pool_options.h"

#include <stdlib.h>
#include <unistd.h>

/* The paths of ./dev serve, relative to the directory of the sources. */
static const struct doctor_paths of_dev = {.store = "var/serverful.db",
                                           .snapshot = "var/serverful.snapshot",
                                           .socket = "var/serverful.sock",
                                           .nginx = "var/nginx/nginx.conf",
                                           .bootstrap = "build/bootstrap",
                                           .packages = "build/lambda",
                                           .template = "lambda/template.yaml",
                                           .default_store = DEFAULT_STORE};

/* The paths of an installed system; packages are in a build directory. */
static const struct doctor_paths of_system = {.store = DEFAULT_STORE,
                                              .snapshot = DEFAULT_SNAPSHOT,
                                              .socket = "/run/serverful/serverful.sock",
                                              .bootstrap = PKGLIBEXECDIR "/bootstrap",
                                              .packages = "lambda",
                                              .template = "lambda/template.yaml",
                                              .default_store = DEFAULT_STORE};

static struct doctor_paths find_paths(void)
{
    return access(of_dev.store, F_OK) ? of_system : of_dev;
}

int command_doctor(int argc, char **argv)
{
    struct doctor_paths paths = find_paths();
    struct doctor_settings settings = {0, DOCTOR_DETECT, 0};
    const char *workers = NULL, *request = NULL, *client = NULL;
    const struct cli_option options[] = {
        {"store", "FILE", "store", &paths.store},
        {"snapshot", "FILE", "snapshot", &paths.snapshot},
        {"socket", "PATH", "socket of the pool", &paths.socket},
        {"nginx", "FILE", "nginx.conf, or output of nginx -T; without it, nginx -T is run",
         &paths.nginx},
        {"workers", "N", "workers of the pool, if not those of the running pool", &workers},
        {"request-timeout", "S", "time-out of the pool, if not that of the running pool", &request},
        {"client-timeout", "S", "seconds that clients wait for an answer", &client},
        {"bootstrap", "FILE", "program of the Lambda function", &paths.bootstrap},
        {"packages", "DIR", "directory of the packages that 'make lambda' makes", &paths.packages},
        {"template", "FILE", "template of the deployment", &paths.template},
        {0}};
    int status = cli_read_options(argc, argv,
                                  "Check an installation, and say how to correct what is wrong. "
                                  "Exits with 1 if a check fails.",
                                  options);
    if (status >= 0)
        return status;
    const char *name = argv[0];
    if ((workers &&
         !cli_read_number(name, "workers", workers, 1, POOL_MAX_WORKERS, &settings.workers)) ||
        (request && !cli_read_number(name, "request-timeout", request, 0, POOL_MAX_REQUEST_TIMEOUT,
                                     &settings.request_timeout)) ||
        (client &&
         !cli_read_number(name, "client-timeout", client, 1, 86400, &settings.client_timeout)))
        return 2;
    struct report report = {0};
    if (doctor_check_data(&report, &paths))
        doctor_check_site(&report, &paths, &settings);
    doctor_check_lambda(&report, &paths);
    return report.n[REPORT_FAIL] > 0;
}

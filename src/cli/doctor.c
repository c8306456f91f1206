/*
 * doctor: what an operator gets wrong, checked in one go.
 */
#include "doctor/doctor.h"

#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "fastcgi/pool_options.h"

#include <stdlib.h>
#include <unistd.h>

/* Where the service is that ./dev serve runs, seen from the directory of the sources. */
static const struct doctor_places of_dev = {.store = "var/serverful.db",
                                            .snapshot = "var/serverful.snapshot",
                                            .socket = "var/serverful.sock",
                                            .nginx = "var/nginx/nginx.conf",
                                            .bootstrap = "build/bootstrap",
                                            .packages = "build/lambda",
                                            .template = "lambda/template.yaml",
                                            .usual_store = DEFAULT_STORE};

/* Where the units of systemd/ and the commands have it; packages come from a build directory. */
static const struct doctor_places of_system = {.store = DEFAULT_STORE,
                                               .snapshot = DEFAULT_SNAPSHOT,
                                               .socket = "/run/serverful/serverful.sock",
                                               .bootstrap = PKGLIBEXECDIR "/bootstrap",
                                               .packages = "lambda",
                                               .template = "lambda/template.yaml",
                                               .usual_store = DEFAULT_STORE};

static struct doctor_places find_places(void)
{
    return access(of_dev.store, F_OK) ? of_system : of_dev;
}

int command_doctor(int argc, char **argv)
{
    struct doctor_places places = find_places();
    struct doctor_numbers numbers = {0, DOCTOR_ASK, 0};
    const char *workers = NULL, *request = NULL, *client = NULL;
    const struct cli_option options[] = {
        {"store", "FILE", "the store", &places.store},
        {"snapshot", "FILE", "the snapshot", &places.snapshot},
        {"socket", "PATH", "the pool's", &places.socket},
        {"nginx", "FILE", "nginx.conf, or what nginx -T printed; else nginx -T is run",
         &places.nginx},
        {"workers", "N", "of the pool; else those of the one that runs", &workers},
        {"request-timeout", "S", "of the pool; else that of the one that runs", &request},
        {"client-timeout", "S", "that clients wait for an answer", &client},
        {"bootstrap", "FILE", "the Lambda function's program", &places.bootstrap},
        {"packages", "DIR", "what 'make lambda' fills", &places.packages},
        {"template", "FILE", "the template that is deployed", &places.template},
        {0}};
    int status = cli_read_options(argc, argv,
                                  "Look for what is wrong with an installation, and say what to "
                                  "do. Exits with 1 where something is.",
                                  options);
    if (status >= 0)
        return status;
    const char *name = argv[0];
    if ((workers &&
         !cli_read_number(name, "workers", workers, 1, POOL_MAX_WORKERS, &numbers.workers)) ||
        (request && !cli_read_number(name, "request-timeout", request, 0, POOL_MAX_REQUEST_TIMEOUT,
                                     &numbers.request_timeout)) ||
        (client &&
         !cli_read_number(name, "client-timeout", client, 1, 86400, &numbers.client_timeout)))
        return 2;
    struct report report = {0};
    if (doctor_check_data(&report, &places))
        doctor_check_site(&report, &places, &numbers);
    doctor_check_lambda(&report, &places);
    return report.n[REPORT_FAIL] > 0;
}

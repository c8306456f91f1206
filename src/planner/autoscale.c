#include "planner/autoscale.h"

#include "simulator/fleet.h"

#include <math.h>

/* The share of the requests that must come in minutes with enough machines. */
#define SHARE 0.99

/* The course of a month. */
struct course {
    double ready, booting; /* The machines. */
    size_t boots_end;      /* The minute in which those that boot serve. */
    unsigned above, below; /* The minutes for which the load has been above and below the target. */
    double sum;            /* The machines of all minutes together. */
    double requests, late; /* All requests, and those in minutes with too few machines. */
};

/* Follow the load of a minute, in machines, as a fleet of the simulator does. */
static void track(struct course *course, const struct autoscale_config *config, double load,
                  double minimum, size_t minute)
{
    double target = config->target * course->ready;
    double wanted = fmax(ceil(load / config->target), minimum);
    course->above = load > target ? course->above + 1 : 0;
    course->below = load < FLEET_BELOW * target ? course->below + 1 : 0;
    if (course->above >= FLEET_MINUTES_ABOVE && wanted > course->ready + course->booting) {
        course->booting = wanted - course->ready;
        course->boots_end = minute + 1 + config->boot_minutes;
    }
    if (course->below >= FLEET_MINUTES_BELOW && wanted < course->ready) {
        course->ready = wanted;
        course->below = 0;
    }
}

static struct course follow(const struct autoscale_config *config, const struct minutes *minutes,
                            double minimum)
{
    struct course course = {.ready = minimum};
    for (size_t i = 0; i < minutes->n; i++) {
        if (course.booting > 0 && i >= course.boots_end) {
            course.ready += course.booting;
            course.booting = 0;
        }
        double work = minutes_work(minutes, i);
        course.requests += minutes->requests[i];
        course.late += work > config->most_work * course.ready ? minutes->requests[i] : 0;
        course.sum += course.ready + course.booting;
        track(&course, config, work / (60 * config->vcpus), minimum, i);
    }
    return course;
}

double autoscale_mean(const struct autoscale_config *config, const struct minutes *minutes,
                      double most)
{
    double low = config->least - 1, high = fmax(config->least, most);
    while (high - low > 1) {
        double middle = floor((low + high) / 2);
        struct course course = follow(config, minutes, middle);
        *(course.late <= (1 - SHARE) * course.requests ? &high : &low) = middle;
    }
    return follow(config, minutes, high).sum / (double)minutes->n;
}

#include "simulator/shapes.h"

#include <math.h>
#include <string.h>

#define HOUR 60u
#define DAY  (24 * HOUR)

static double rate_of_steady(unsigned minute)
{
    (void)minute;
    return 1;
}

/* Return the value at a minute of the day on the line through the values at the full hours, of which `by_hour` has 24. */
static double between_hours(const double *by_hour, unsigned minute)
{
    unsigned hour = minute % DAY / HOUR;
    double share = (double)(minute % HOUR) / HOUR;
    return by_hour[hour] * (1 - share) + by_hour[(hour + 1) % 24] * share;
}

/* Offices of one time zone: from Monday to Friday, mornings and afternoons with a break between. */
static double rate_of_office_hours(unsigned minute)
{
    static const double workday[24] = {1,  1,  1,  1,  1,  1,  2,  10, 50, 90, 100, 95,
                                       60, 80, 95, 90, 75, 45, 15, 6,  4,  3,  2,   1};
    return minute / DAY % 7 < 5 ? between_hours(workday, minute) : 2;
}

/* A shop whose customers come in the evening. On the second Friday, at 10:00, a sale begins: 20 times as many come at once,
 * and the surplus falls by half every 40 minutes. */
static double rate_of_shop_with_sale(unsigned minute)
{
    static const double day[24] = {12, 7,  4,  3,  3,  4,  8,  16, 26, 36, 44, 50,
                                   54, 52, 50, 50, 52, 56, 64, 76, 88, 84, 58, 28};
    const unsigned sale = 11 * DAY + 10 * HOUR;
    double usual = between_hours(day, minute);
    return minute < sale ? usual : usual * (1 + 19 * exp2(-(double)(minute - sale) / 40));
}

/* A job of a clock, which sends its requests within the first minute of each hour. */
static double rate_of_hourly_job(unsigned minute)
{
    return minute % HOUR == 0;
}

/* A small site that a large one links to on the ninth day at 15:00: within 15 minutes 200 times as many come, and the
 * surplus falls by half every three hours. */
static double rate_of_front_page(unsigned minute)
{
    const unsigned link = 8 * DAY + 15 * HOUR;
    if (minute < link)
        return 1;
    double since = minute - link;
    return 1 + 200 * fmin(since / 15, 1) * exp2(-since / (3 * HOUR));
}

const struct shape shapes[] = {
    {"steady", "the same rate all month", rate_of_steady, false},
    {"office-hours", "offices of one time zone, Monday to Friday", rate_of_office_hours, false},
    {"shop-sale", "a shop with its evenings and one sale", rate_of_shop_with_sale, false},
    {"hourly-job", "a cron job each hour", rate_of_hourly_job, true},
    {"front-page", "a small site with one link on a front page", rate_of_front_page, false},
    {0}};

double shape_sum(const struct shape *shape, unsigned begin, unsigned n)
{
    double sum = 0;
    for (unsigned minute = begin; minute < begin + n; minute++)
        sum += shape->rate(minute);
    return sum;
}

const struct shape *shape_find(const char *name)
{
    for (const struct shape *shape = shapes; shape->name; shape++)
        if (strcmp(shape->name, name) == 0)
            return shape;
    return NULL;
}

#include "traffic/stamp.h"

#include "traffic/number.h"
#include "util/decimal.h"

#define SECOND     INT64_C(1000000)
#define DAY        86400
#define FIRST_YEAR 1970
#define LAST_YEAR  9999
#define MAX_US     (UINT64_C(253402300800) * SECOND) /* The end of the last year. */

struct calendar {
    int year, month, day, hour, minute, second;
};

/* The days from 1970-01-01 to a day. Years begin in March here, so that a leap day is the last one. */
static int64_t days_of(const struct calendar *time)
{
    int year = time->year - (time->month <= 2), month = (time->month + 9) % 12;
    int day_of_year = (153 * month + 2) / 5 + time->day - 1;
    return (int64_t)365 * year + year / 4 - year / 100 + year / 400 + day_of_year - 719468;
}

/* Convert a time. A leap second is the first second of the next minute. Returns false where there is no
 * such time. */
static bool convert(const struct calendar *time, int32_t offset_s, struct stamp *stamp)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (time->year < FIRST_YEAR || time->year > LAST_YEAR || time->month < 1 || time->month > 12 ||
        time->day < 1 || time->day > days[time->month - 1] || time->hour > 23 ||
        time->minute > 59 || time->second > 60)
        return false;
    int64_t seconds =
        days_of(time) * DAY + time->hour * 3600 + time->minute * 60 + time->second - offset_s;
    *stamp = (struct stamp){seconds * SECOND, (int32_t)SECOND, offset_s};
    return seconds >= 0;
}

/* Read "10:15:03". */
static bool read_clock(const char *at, struct calendar *time)
{
    return at[2] == ':' && at[5] == ':' && number_digits(at, 2, &time->hour) &&
           number_digits(at + 3, 2, &time->minute) && number_digits(at + 6, 2, &time->second);
}

/* Read "2026-11-02". */
static bool read_day(const char *at, struct calendar *time)
{
    return at[4] == '-' && at[7] == '-' && number_digits(at, 4, &time->year) &&
           number_digits(at + 5, 2, &time->month) && number_digits(at + 8, 2, &time->day);
}

/* The number of a month from its English name of three letters; 0 where it is none. */
static int find_month(const char *name)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int i = 0; i < 12; i++) {
        if (!memcmp(names + 3 * i, name, 3))
            return i + 1;
    }
    return 0;
}

/* Read "+0100" or "+01:00"; "Z" and nothing are UTC. */
static bool read_zone(struct str text, int32_t *offset_s)
{
    int hour, minute;
    *offset_s = 0;
    if (text.len == 0 || str_is(text, "Z"))
        return true;
    size_t skip = text.len == 6 && text.at[3] == ':' ? 4 : 3;
    if (text.len != skip + 2 || (text.at[0] != '+' && text.at[0] != '-') ||
        !number_digits(text.at + 1, 2, &hour) || !number_digits(text.at + skip, 2, &minute))
        return false;
    *offset_s = (hour * 3600 + minute * 60) * (text.at[0] == '-' ? -1 : 1);
    return hour < 24 && minute < 60;
}

bool stamp_read_clf(const char *at, struct stamp *stamp)
{
    struct calendar time;
    int32_t offset_s;
    time.month = find_month(at + 3);
    return at[2] == '/' && at[6] == '/' && at[11] == ':' && at[20] == ' ' &&
           number_digits(at, 2, &time.day) && number_digits(at + 7, 4, &time.year) &&
           read_clock(at + 12, &time) && read_zone((struct str){at + 21, 5}, &offset_s) &&
           convert(&time, offset_s, stamp);
}

bool stamp_read_date(struct str date, struct str clock, struct stamp *stamp)
{
    struct calendar time;
    return date.len == 10 && clock.len == 8 && read_day(date.at, &time) &&
           read_clock(clock.at, &time) && convert(&time, 0, stamp);
}

/* Cut a fraction of a second off the front of `*rest`, unless there is none. */
static void cut_fraction(struct str *rest, int *decimals, int64_t *us)
{
    size_t n = 1;
    *decimals = 0;
    *us = 0;
    if (rest->len < 2 || (rest->at[0] != '.' && rest->at[0] != ','))
        return;
    int64_t unit = SECOND / 10;
    for (; n < rest->len && rest->at[n] >= '0' && rest->at[n] <= '9'; n++, unit /= 10)
        *us += (rest->at[n] - '0') * unit;
    *decimals = (int)n - 1;
    *rest = (struct str){rest->at + n, rest->len - n};
}

static int32_t resolution_of(int decimals)
{
    return decimals == 0 ? (int32_t)SECOND : decimals <= 3 ? 1000 : 1;
}

/* Read "2026-11-02T10:15:03.412+01:00". */
static bool read_iso(struct str text, struct stamp *stamp)
{
    struct calendar time;
    int32_t offset_s;
    int decimals;
    int64_t us;
    if (text.len < 19 || (text.at[10] != 'T' && text.at[10] != ' ') || !read_day(text.at, &time) ||
        !read_clock(text.at + 11, &time))
        return false;
    struct str rest = {text.at + 19, text.len - 19};
    cut_fraction(&rest, &decimals, &us);
    if (rest.len > 0 && rest.at[0] == ' ')
        rest = (struct str){rest.at + 1, rest.len - 1};
    if (!read_zone(rest, &offset_s) || !convert(&time, offset_s, stamp))
        return false;
    stamp->us += us;
    stamp->resolution_us = resolution_of(decimals);
    return true;
}

/* Read a whole number of seconds, milli-, micro- or nanoseconds of the Unix epoch. These are 1,000
 * times apart, so that the size tells which. */
static bool read_whole(uint64_t number, struct stamp *stamp)
{
    static const struct {
        uint64_t below, us, per_us;
        int32_t resolution_us;
    } units[] = {{UINT64_C(100000000000), SECOND, 1, SECOND},
                 {UINT64_C(100000000000000), 1000, 1, 1000},
                 {UINT64_C(100000000000000000), 1, 1, 1},
                 {UINT64_MAX, 1, 1000, 1}};
    size_t i = 0;
    while (number >= units[i].below && i < sizeof units / sizeof *units - 1)
        i++;
    uint64_t us = number * units[i].us / units[i].per_us;
    *stamp = (struct stamp){(int64_t)us, units[i].resolution_us, 0};
    return us < MAX_US;
}

/* Read a time of the Unix epoch. */
static bool read_epoch(struct str text, struct stamp *stamp)
{
    uint64_t whole;
    int decimals;
    int64_t us;
    if (decimal_read(text, &whole))
        return read_whole(whole, stamp);
    if (!number_decimal(text, SECOND, &us, &decimals))
        return false;
    *stamp = (struct stamp){us, resolution_of(decimals), 0};
    return us < (int64_t)MAX_US;
}

bool stamp_read(struct str text, struct stamp *stamp)
{
    if (text.len == STAMP_CLF_SIZE && text.at[2] == '/')
        return stamp_read_clf(text.at, stamp);
    if (text.len >= 19 && text.at[4] == '-')
        return read_iso(text, stamp);
    return text.len > 0 && read_epoch(text, stamp);
}

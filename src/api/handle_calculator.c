/*
 * GET /calculator: adds, subtracts, multiplies or divides two numbers.
 */
#include "api/caching.h"
#include "api/handler.h"
#include "api/number.h"

#include <math.h>

static double add(double a, double b)
{
    return a + b;
}

static double subtract(double a, double b)
{
    return a - b;
}

static double multiply(double a, double b)
{
    return a * b;
}

static double divide(double a, double b)
{
    return a / b;
}

typedef double operation(double a, double b);

static const struct {
    const char *name;
    operation *run;
} operators[] = {
    {"add", add},
    {"subtract", subtract},
    {"multiply", multiply},
    {"divide", divide},
};

/* Find the operation of this name. Returns NULL where `name` is NULL or names none. */
static operation *find_operation(const struct str *name)
{
    for (size_t i = 0; name && i < sizeof operators / sizeof *operators; i++) {
        if (str_is(*name, operators[i].name))
            return operators[i].run;
    }
    return NULL;
}

/* Read the number in a parameter. Returns as number_parse(), and 1 where the parameter is missing. */
static int read_number(const struct proxy_event *event, const char *name, double *value,
                       struct err *err)
{
    const struct str *text = url_param(event->params, name);
    return text ? number_parse(*text, value, err) : 1;
}

/* Calculate the result. Returns 0; 1 where the request is invalid, with the error in `*wrong`; or -1
 * with a reason. */
static int calculate(const struct proxy_event *event, double *result, const char **wrong,
                     struct err *err)
{
    double a, b;
    int status = read_number(event, "num1", &a, err);
    if (status == 0)
        status = read_number(event, "num2", &b, err);
    if (status != 0) {
        *wrong = "Invalid input";
        return status;
    }
    operation *run = find_operation(url_param(event->params, "operator"));
    if (!run) {
        *wrong = "Invalid operator";
        return 1;
    }
    if (run == divide && b == 0) {
        *wrong = "Cannot divide by zero";
        return 1;
    }
    *result = run(a, b);
    *wrong = "Result out of range";
    return isfinite(*result) ? 0 : 1;
}

int handle_calculator(struct api *api, const struct proxy_event *event,
                      struct proxy_response *response, struct err *err)
{
    (void)api;
    double result;
    const char *wrong;
    int status = calculate(event, &result, &wrong, err);
    if (status < 0)
        return -1;
    if (status > 0)
        return proxy_response_error(response, 400, wrong);
    if (caching_begin(event, "", CACHING_LONG, response))
        return 0;
    buf_add_text(&response->body, "{\"result\": ");
    number_print(&response->body, result);
    buf_add_char(&response->body, '}');
    return 0;
}

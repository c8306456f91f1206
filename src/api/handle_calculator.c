/*
 * GET /calculator: adds, subtracts, multiplies or divides two numbers.
 */
#include "api/caching.h"
#include "api/handler.h"
#include "api/misspelt.h"
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

#define OPERATORS "add, subtract, multiply, divide"

/* The names that the endpoint reads, for misspelt_find(). */
static const char *const names[] = {"num1", "num2", "operator", NULL};

/* Find the operation of this name. Returns NULL where there is none. */
static operation *find_operation(struct str name)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (str_is(name, operators[i].name))
            return operators[i].run;
    }
    return NULL;
}

/* Refuse a request, for what is wrong with the value of a parameter. Returns 1. */
static int refuse_value(struct proxy_response *response, enum refusal refusal, const char *name,
                        struct str value)
{
    proxy_response_refuse(
        response, refusal,
        &(struct refusal_values){.parameter = name, .value = value, .allowed = OPERATORS});
    return 1;
}

/* Refuse a request that has no such parameter. Returns 1. */
static int refuse_missing(struct proxy_response *response, const struct proxy_event *event,
                          const char *name)
{
    struct str given;
    if (misspelt_find(event->params, NULL, name, names, &given))
        return refuse_value(response, REFUSE_INPUT_MISSPELT, name, given);
    return refuse_value(response, REFUSE_INPUT_MISSING, name, str_of(""));
}

/* Read the number in a parameter. Returns 0; 1 where `response` refuses it; or -1 with a reason. Inline,
 * since the length of `name` is then known. */
static inline int read_number(const struct proxy_event *event, const char *name,
                              struct proxy_response *response, double *value, struct err *err)
{
    const struct str *text = url_param(event->params, name);
    if (!text)
        return refuse_missing(response, event, name);
    int status = number_parse(*text, value, err);
    return status > 0 ? refuse_value(response, REFUSE_NUMBER, name, *text) : status;
}

/* Read the operation. Returns 0, or 1 where `response` refuses it. */
static int read_operation(const struct proxy_event *event, struct proxy_response *response,
                          operation **run)
{
    const struct str *name = url_param(event->params, "operator");
    if (!name)
        return refuse_missing(response, event, "operator");
    *run = find_operation(*name);
    return *run ? 0 : refuse_value(response, REFUSE_OPERATOR, "operator", *name);
}

/* Calculate the result. Returns 0; 1 where `response` refuses the request; or -1 with a reason. */
static int calculate(const struct proxy_event *event, struct proxy_response *response,
                     double *result, struct err *err)
{
    double a, b;
    operation *run = NULL;
    int status = read_number(event, "num1", response, &a, err);
    if (!status)
        status = read_number(event, "num2", response, &b, err);
    if (!status)
        status = read_operation(event, response, &run);
    if (status)
        return status;
    if (run == divide && b == 0)
        return refuse_value(response, REFUSE_ZERO_DIVISOR, "num2", str_of(""));
    *result = run(a, b);
    return isfinite(*result) ? 0 : refuse_value(response, REFUSE_RESULT_RANGE, NULL, str_of(""));
}

int handle_calculator(struct api *api, const struct proxy_event *event,
                      struct proxy_response *response, struct err *err)
{
    (void)api;
    double result;
    int status = calculate(event, response, &result, err);
    if (status)
        return status > 0 ? 0 : -1;
    if (caching_begin(event, "", CACHING_LONG, response))
        return 0;
    buf_add_text(&response->body, "{\"result\": ");
    number_print(&response->body, result);
    buf_add_char(&response->body, '}');
    return 0;
}

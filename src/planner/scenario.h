/*
 * scenario: what is simulated: a scenario of the comparison, and the types of VMs.
 */
#ifndef PLANNER_SCENARIO_H
#define PLANNER_SCENARIO_H

#include "simulator/durations.h"
#include "simulator/environments.h"
#include "simulator/shapes.h"

/* What takes a time. */
enum duration_use {
    DURATION_WARM,  /* A request to a function. */
    DURATION_FIRST, /* The first one of an environment. */
    DURATION_INIT,  /* The init before it. */
    DURATION_VM,    /* The processor time of a request on a VM; the constant 0: not known. */
    DURATION_MANAGED, /* That on an instance of Lambda Managed Instances; the constant 0: not known. */
    N_DURATIONS
};

/* A scenario with traffic. */
struct scenario {
    char *name;                /* Owned by this struct, as is all below. */
    const struct shape *shape; /* The shape of its traffic; NULL: the log. */
    double requests;           /* The requests a month. */
    double origin;             /* The share of them that a cache in front does not answer. */
    struct durations own[N_DURATIONS];
    const struct durations
        *durations[N_DURATIONS]; /* Its own, or those of another scenario that are the same. */

    /* The function. */
    sim_time idle_life, max_age, placement;
    enum reuse_order reuse;
    uint32_t provisioned;

    /* The VMs, and those of Lambda Managed Instances. */
    sim_time in_time;     /* The parameter p99_ms. */
    sim_time loss;        /* How long a VM is lost; 0: none is. */
    double least, spare;  /* The least number of VMs, and the spare ones. */
    double used_mb;       /* The memory that a VM needs. */
    bool surplus_credits; /* Whether VMs may spend more credits than they have, for money. */
    bool autoscaling;     /* Whether the number of VMs follows the load. */
    double target;        /* The utilisation that it keeps. */
    double boot_s;        /* The time until a new VM serves. */
    double least_managed; /* The least number of managed instances. */
    double concurrency;   /* The requests a vCPU that one takes. */
    char *managed_type;   /* Their type. */
};

/* A type of VM. */
struct vm_type {
    char *name;
    unsigned vcpus;
    double memory_mb;
    double
        baseline; /* The share of each vCPU that it may use all the time; 1: it is not burstable. */
};

#endif

-- What the simulation found, in results.db. `serverful simulate` replaces all rows. The views at the end have the durations that it takes.
-- See docs/simulation.md.

-- What was simulated: `inputs` is a hash of all that the result depends on, `seed` the seed, and `program` the version of serverful.
-- `seconds`, `requests`, `busiest second` and `dispersion` are those of the log, where there is one; the dispersion is the variance of
-- the requests in a minute divided by their mean: 1 for a steady stream, more for bursts.
CREATE TABLE simulation_input (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- The course of each shape that was simulated: the share of a month's requests that each hour of the month has on average, and the share of
-- its busiest minute. A month has 730 hours and begins on a Monday.
CREATE TABLE simulated_hour (
    shape          TEXT NOT NULL,
    hour           INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 729),
    share          REAL NOT NULL,
    busiest_minute REAL NOT NULL,
    PRIMARY KEY (shape, hour)
) STRICT, WITHOUT ROWID;

-- The function at each monthly volume. The shares are of all requests that a cache in front does not answer. Percentiles are those of the
-- month; a refused request counts as slower than all others, and NULL means that the percentile is one of those.
CREATE TABLE simulated_function (
    scenario          TEXT NOT NULL REFERENCES scenario,
    requests          REAL NOT NULL, -- a month
    cold_share        REAL NOT NULL CHECK (cold_share BETWEEN 0 AND 1),
    throttled_share   REAL NOT NULL CHECK (throttled_share BETWEEN 0 AND 1), -- refused with 429
    environments      REAL NOT NULL, -- the mean number
    most_environments INTEGER NOT NULL,
    running           REAL NOT NULL, -- the mean number of those that run
    p50_ms            REAL,
    p90_ms            REAL,
    p99_ms            REAL,
    p999_ms           REAL,
    PRIMARY KEY (scenario, requests)
) STRICT, WITHOUT ROWID;

-- The VMs of each type at each monthly volume. `vms` is the least number that holds p99_ms without running out of CPU credits; the
-- other columns are those of the fleet that is paid for: with the spare VMs, and at least `instances`; with autoscaling, that of the busiest minutes. Types without room for the service have no row.
CREATE TABLE simulated_fleet (
    scenario        TEXT NOT NULL REFERENCES scenario,
    requests        REAL NOT NULL, -- a month
    instance        TEXT NOT NULL REFERENCES instance,
    vms             REAL, -- whole, but with autoscaling, where it is the mean; NULL: no number of VMs holds p99_ms
    utilisation     REAL, -- the mean share of the processors that is used
    shed_share      REAL, -- requests without an answer
    surplus_credits REAL, -- to pay, a month, of all VMs
    least_credits   REAL, -- the fewest of a VM, less those that it owes; NULL: the type has no credits
    p50_ms          REAL,
    p90_ms          REAL,
    p99_ms          REAL,
    p999_ms         REAL,
    PRIMARY KEY (scenario, requests, instance)
) STRICT, WITHOUT ROWID;

-- The VMs of Lambda Managed Instances at each monthly volume, in the same manner. The fleet that is paid for has at least `managed_instances`.
CREATE TABLE simulated_managed (
    scenario    TEXT NOT NULL REFERENCES scenario,
    requests    REAL NOT NULL, -- a month
    instance    TEXT NOT NULL REFERENCES instance,
    vms         REAL, -- NULL: no number of VMs holds p99_ms
    utilisation REAL,
    shed_share  REAL,
    p50_ms      REAL,
    p90_ms      REAL,
    p99_ms      REAL,
    p999_ms     REAL,
    PRIMARY KEY (scenario, requests)
) STRICT, WITHOUT ROWID;

-- The durations of an access log with their shares, in ms, and the side that took them by the parameter log_side: those of the mix, where each
-- endpoint of it has some, else all.
CREATE VIEW logged_duration AS
WITH logged AS (
    SELECT name, (low + high) / 2000.0 AS duration_ms, n, n * 1.0 / sum(n) OVER (PARTITION BY endpoint) AS part
    FROM traffic_duration JOIN traffic_endpoint ON id = endpoint
),
whole AS (SELECT coalesce(sum(weight), 0) > 1 - 1e-9 AS is_mix FROM weight WHERE endpoint IN (SELECT name FROM logged))
SELECT coalesce(value, assumed) AS side, duration_ms, iif(is_mix, part * weight, n) AS weight
FROM logged JOIN whole JOIN parameter ON parameter.name = 'log_side' LEFT JOIN weight ON endpoint = logged.name
WHERE weight IS NOT NULL OR NOT is_mix;

-- The durations of warm requests by memory size, with their shares in the mix, in ms: those of the table invocation that count in the view
-- measured. Without any they are those of an access log of the function, and the memory size is 0.
CREATE VIEW warm_duration AS
WITH used AS (
    SELECT memory_mb, duration_ms, coalesce(billed_ms, ceil(duration_ms)) AS billed_ms,
        weight / count(*) OVER (PARTITION BY memory_mb, weight.endpoint) AS weight
    FROM invocation JOIN weight ON weight.endpoint = invocation.endpoint OR invocation.endpoint IS NULL
    WHERE init_ms IS NULL AND restore_ms IS NULL
)
SELECT memory_mb, duration_ms, billed_ms, sum(weight) AS weight FROM used
WHERE memory_mb IN (SELECT memory_mb FROM measured) GROUP BY memory_mb, duration_ms, billed_ms
UNION ALL
SELECT 0, duration_ms, ceil(duration_ms), weight FROM logged_duration WHERE side = 'lambda' AND NOT EXISTS (SELECT 1 FROM measured);

-- The processor time of a request by side and endpoint, with the endpoint's share in the mix, in ms, where each endpoint of the mix was measured.
-- The durations of an access log of the VM take its place, since the simulation only needs how they differ: it scales them.
CREATE VIEW service_duration AS
WITH loop AS MATERIALIZED (
    SELECT side, weight, avg(cpu_seconds * 1000 / (SELECT count(*) FROM sample WHERE series = series.id)) AS cpu_ms
    FROM weight JOIN series USING (endpoint)
    WHERE rate IS NULL AND cpu_seconds IS NOT NULL GROUP BY side, endpoint
)
SELECT side, cpu_ms, weight FROM loop
WHERE cpu_ms IS NOT NULL AND (SELECT sum(weight) FROM loop AS whole WHERE whole.side = loop.side AND cpu_ms IS NOT NULL) > 1 - 1e-9
    AND NOT (side = 'vm' AND EXISTS (SELECT 1 FROM logged_duration WHERE side = 'vm'))
UNION ALL
SELECT side, duration_ms, weight FROM logged_duration WHERE side = 'vm';

-- The traffic that is replayed: that of the scenario that the report shows in full, or else of the first one that has any.
CREATE VIEW replay_traffic AS
SELECT scenario, iif(coalesce(traffic, 'none') = 'none', 'office-hours', traffic) AS traffic FROM setting JOIN scenario ON scenario.name = scenario
ORDER BY coalesce(setting.traffic, 'none') = 'none', scenario <> 'standard', position LIMIT 1;

-- What `serverful compare` has replayed for real, to see whether the simulation is right: `traffic`, that of the scenario `scenario`, and
-- `window_seconds`, the part of it; `seconds`, the time that the replay took for it; `idle_ms`, the idle life of lambda-host's environments, and `quota`, the most of them;
-- `cold`, the requests that met a cold start; `processors` of the machine that the run may use. `seconds` is missing where the replay was
-- interrupted.
CREATE TABLE replay_input (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- When the requests came, in microseconds from the begin of that part.
CREATE TABLE replay_arrival (
    at_us INTEGER NOT NULL
) STRICT;

-- The requests to nginx and the pool, and to lambda-host. Before the replay, requests of the same kinds are sent one by one
-- ('warm', or 'cold' where they meet a cold start), and one to each of some new environments ('cold'). Times are those of the table sample;
-- `busy_us` is how long an environment was busy with it, init and duration of its REPORT line.
CREATE TABLE replay_sample (
    side    TEXT NOT NULL CHECK (side IN ('vm', 'lambda')),
    part    TEXT NOT NULL CHECK (part IN ('warm', 'cold', 'replay')),
    due_us  INTEGER NOT NULL,
    took_us INTEGER NOT NULL,
    status  INTEGER NOT NULL,
    busy_us INTEGER -- NULL: on the VM, and during the replay
) STRICT;

-- What the simulation says about the replay, from its arrivals and from what was measured before it; without that, a side has no row.
CREATE TABLE replay_simulated (
    side       TEXT PRIMARY KEY CHECK (side IN ('vm', 'lambda')),
    cold_share REAL NOT NULL,
    p50_ms     REAL NOT NULL,
    p90_ms     REAL NOT NULL,
    p99_ms     REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- Measured beside simulated, where the replay has ended. The measured percentiles are by nearest rank, and known as in the view latency.
-- Where more than 1 % of the requests failed, the side is void: `void` has the reason, and nothing else is known. `crowded_share` is the share of the
-- requests that came while at least as many others were under way as the machine has processors: the simulation of Lambda has no such limit.
CREATE VIEW replay AS
WITH sent AS (SELECT * FROM replay_sample WHERE part = 'replay' AND EXISTS (SELECT 1 FROM replay_input WHERE name = 'seconds')),
total AS (
    SELECT side, count(*) AS requests, count(*) FILTER (WHERE status NOT BETWEEN 200 AND 299) AS failed FROM sent GROUP BY side
),
answer AS (
    SELECT side, took_us / 1000.0 AS ms, row_number() OVER (PARTITION BY side ORDER BY took_us) AS rank, count(*) OVER (PARTITION BY side) AS n
    FROM sent WHERE status BETWEEN 200 AND 299
),
measured AS (
    SELECT side, min(ms) FILTER (WHERE rank >= n * 0.5 AND n >= 20) AS p50_ms,
        min(ms) FILTER (WHERE rank >= n * 0.9 AND n >= 100) AS p90_ms, min(ms) FILTER (WHERE rank >= n * 0.99 AND n >= 1000) AS p99_ms
    FROM answer GROUP BY side
),
event AS (SELECT side, due_us AS at_us, 1 AS change FROM sent UNION ALL SELECT side, due_us + took_us, -1 FROM sent),
under_way AS (SELECT side, change, sum(change) OVER (PARTITION BY side ORDER BY at_us, change ROWS UNBOUNDED PRECEDING) AS n FROM event),
crowd AS (
    SELECT side, avg(n > (SELECT value FROM replay_input WHERE name = 'processors')) AS crowded_share FROM under_way WHERE change = 1 GROUP BY side
),
valid AS (
    SELECT side, iif(side = 'lambda', (SELECT value FROM replay_input WHERE name = 'cold') * 1.0 / requests, NULL) AS cold_share, measured.p50_ms, measured.p90_ms,
        measured.p99_ms, iif(side = 'lambda', simulated.cold_share, NULL) AS simulated_cold_share, simulated.p50_ms AS simulated_p50_ms,
        simulated.p90_ms AS simulated_p90_ms, simulated.p99_ms AS simulated_p99_ms, crowded_share
    FROM total JOIN crowd USING (side) LEFT JOIN measured USING (side) LEFT JOIN replay_simulated AS simulated USING (side) WHERE failed <= 0.01 * requests
)
SELECT side, requests, failed, cold_share, p50_ms, p90_ms, p99_ms, simulated_cold_share, simulated_p50_ms, simulated_p90_ms, simulated_p99_ms, crowded_share,
    iif(failed > 0.01 * requests, format('%,d of %,d requests failed', failed, requests), NULL) AS void
FROM total LEFT JOIN valid USING (side) ORDER BY side DESC;

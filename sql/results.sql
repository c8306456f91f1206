-- results.db: the measurements of a comparison, its assumptions, and the bills that follow from both. `serverful compare` writes
-- it. Edit prices, parameters and the mix of requests with SQL; then `serverful compare --report-only` writes a new report.

PRAGMA application_id = 1397904979; -- "SRVS": marks the files of serverful compare
PRAGMA user_version = 7;            -- version of this schema

-- Facts about the run: machine, versions, date.
CREATE TABLE run (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The requests that are sent. Sizes are those of the bodies.
CREATE TABLE endpoint (
    name           TEXT PRIMARY KEY,
    description    TEXT NOT NULL,
    target         TEXT NOT NULL,
    request_bytes  INTEGER NOT NULL,
    response_bytes INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A series of requests to one endpoint. `rate` is the number of requests a second, at equal intervals; NULL means a closed loop:
-- each connection sends its next request when the last one is answered. `target` is what the requests were sent to:
--   vm           the service on a VM
--   http, rest   an HTTP API or a REST API in front of the function
--   url          the function's URL
--   lambda       the function, behind something that is not known
--   lambda-host  bootstrap under lambda-host on the machine of the run
CREATE TABLE series (
    id          INTEGER PRIMARY KEY,
    side        TEXT NOT NULL CHECK (side IN ('vm', 'lambda')),
    target      TEXT NOT NULL CHECK (target IN ('vm', 'http', 'rest', 'url', 'lambda', 'lambda-host')),
    url         TEXT, -- where it was measured; NULL: on the machine of the run
    endpoint    TEXT NOT NULL REFERENCES endpoint,
    rate        REAL CHECK (rate > 0),
    seconds     REAL NOT NULL CHECK (seconds > 0),
    connections INTEGER NOT NULL,
    cpu_seconds REAL, -- processor time of the side's processes, where they ran on the machine of the run, or by the metrics of the service
    memory_mb   REAL, -- memory of the same processes, shared pages counted once
    began       REAL, -- when the first request was due, in seconds since 1970; NULL: not noted
    CHECK ((side = 'vm') = (target = 'vm'))
) STRICT;

-- The time that a round trip from the client to a target takes: the median time to connect, and of a TLS handshake after that, in
-- microseconds. `tls_us` is NULL where the target has no TLS.
CREATE TABLE round_trip (
    target     TEXT PRIMARY KEY,
    n          INTEGER NOT NULL, -- number of connections
    connect_us REAL NOT NULL,
    tls_us     REAL
) STRICT, WITHOUT ROWID;

-- What AWS says of the requests of a run to each gateway, in milliseconds: the mean time from a request at the gateway to its answer, and
-- the part in which the gateway waited for the function. The rest is the gateway's own share. See compare/aws/gateways.py.
CREATE TABLE gateway (
    target         TEXT PRIMARY KEY CHECK (target IN ('http', 'rest', 'url')),
    n              INTEGER NOT NULL CHECK (n > 0), -- number of requests
    latency_ms     REAL NOT NULL,
    integration_ms REAL NOT NULL,
    own_ms         REAL NOT NULL GENERATED ALWAYS AS (latency_ms - integration_ms)
) STRICT;

-- What the VM of a run on AWS used: CloudWatch's metrics of EC2 by the time of their five minutes (the greatest CPUUtilization in percent,
-- the least CPUCreditBalance, the sum of CPUCreditUsage), and `request_ms`, the processor time of a request with nginx, TLS and the
-- kernel's work for them, in milliseconds.
CREATE TABLE vm_metric (
    name  TEXT NOT NULL CHECK (name IN ('CPUUtilization', 'CPUCreditBalance', 'CPUCreditUsage', 'request_ms')),
    at    TEXT NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (name, at)
) STRICT, WITHOUT ROWID;

-- The requests of a series. `due_us` is the time when a request was due, from the start of the series, and `took_us` the time
-- from then to the end of its response, both in microseconds. `status` is 0 where no complete response came.
CREATE TABLE sample (
    series  INTEGER NOT NULL REFERENCES series,
    due_us  INTEGER NOT NULL,
    took_us INTEGER NOT NULL,
    status  INTEGER NOT NULL
) STRICT;

CREATE INDEX sample_took ON sample (series, took_us);

-- REPORT lines of Lambda, or of lambda-host with the share of a processor that Lambda gives to the memory size. `endpoint` is
-- NULL for lines from a log, which does not contain it.
CREATE TABLE invocation (
    endpoint    TEXT REFERENCES endpoint,
    memory_mb   INTEGER NOT NULL,
    duration_ms REAL NOT NULL,
    init_ms     REAL,    -- NULL: no init
    used_mb     INTEGER, -- NULL: the log does not have it
    billed_ms   INTEGER, -- the duration that AWS billed, init included; NULL from lambda-host, and where a log does not have it
    restore_ms  REAL     -- the restore of a snapshot by SnapStart; NULL: none
) STRICT;

-- What a log of Lambda, or a measurement, says about a parameter, by the parameter's name. It stands for what is assumed; `serverful
-- compare` refuses a parameter that was set to something else than a log says. Delete a row to go without it.
CREATE TABLE evidence (
    name   TEXT PRIMARY KEY,
    value  ANY NOT NULL,
    source TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The first request to each new environment: the init (or SnapStart's restore) and the duration of the REPORT line, and the latency
-- for the client.
CREATE TABLE cold_start (
    init_ms     REAL NOT NULL,
    duration_ms REAL NOT NULL,
    latency_ms  REAL
) STRICT;

-- What clients waited for the first answer of a new environment behind a gateway on AWS, over an open connection. It stands for the
-- latencies of cold_start there.
CREATE TABLE first_request (
    target     TEXT NOT NULL CHECK (target IN ('http', 'rest', 'url')),
    latency_ms REAL NOT NULL
) STRICT;

-- The share of the requests to each endpoint. Only the proportions count.
CREATE TABLE mix (
    endpoint TEXT PRIMARY KEY REFERENCES endpoint,
    share    REAL NOT NULL CHECK (share >= 0)
) STRICT, WITHOUT ROWID;

-- The shares of all requests; an endpoint without any is left out.
CREATE VIEW weight AS
SELECT endpoint, share / (SELECT sum(share) FROM mix) AS weight FROM mix WHERE share > 0;

-- The latency of each series, in milliseconds, of the requests that were answered with a status from 200 to 299. Percentiles are by
-- nearest rank: the smallest latency that is not exceeded by that percentage of the requests. A percentile is known where at least ten
-- requests lie beyond it: p50 needs 20 of them, p90 100, p99 1,000 and p99.9 10,000. Where more than 1 % of the requests failed, the
-- series is void: a refusal is fast, so that the others say nothing. `void` has the reason, and no latency is known. `p50_served` is the
-- median without the round trip to a URL: without the median time to connect. On a new or idle connection, a body of more than 14 kB
-- takes a further round trip, which it includes.
CREATE VIEW latency AS
WITH answer AS (
    SELECT series, took_us / 1000.0 AS ms, row_number() OVER (PARTITION BY series ORDER BY took_us) AS rank,
        count(*) OVER (PARTITION BY series) AS answered
    FROM sample WHERE status BETWEEN 200 AND 299
),
status AS (
    SELECT series, status, count(*) AS n FROM sample GROUP BY series, status
),
total AS (
    SELECT series, sum(n) AS n, coalesce(sum(n) FILTER (WHERE status NOT BETWEEN 200 AND 299), 0) AS failed,
        group_concat(format('%,d × ', n) || iif(status = 0, 'no answer', status), ', ') FILTER (WHERE status NOT BETWEEN 200 AND 299) AS causes
    FROM (SELECT * FROM status ORDER BY series, n DESC) GROUP BY series
),
valid AS (
    SELECT series, min(ms) FILTER (WHERE rank >= answered * 0.5 AND answered >= 20) AS p50,
        min(ms) FILTER (WHERE rank >= answered * 0.9 AND answered >= 100) AS p90,
        min(ms) FILTER (WHERE rank >= answered * 0.99 AND answered >= 1000) AS p99,
        min(ms) FILTER (WHERE rank >= answered * 0.999 AND answered >= 10000) AS p999,
        min(ms) AS min, max(ms) AS max
    FROM answer WHERE series IN (SELECT series FROM total WHERE failed <= 0.01 * n) GROUP BY series
)
SELECT id, side, target, url, endpoint, rate, connections, n, n - failed AS answered, failed, failed * 1.0 / n AS failed_share,
    (n - failed) / seconds AS per_second, p50, p90, p99, p999, min, max, cpu_seconds * 1000 / n AS cpu_ms, memory_mb, connect_us, tls_us,
    iif(url IS NULL, NULL, max(0, p50 - connect_us / 1000)) AS p50_served,
    iif(failed > 0.01 * n, format('%,d of %,d requests failed: ', failed, n) || causes, NULL) AS void
FROM series JOIN total ON total.series = id LEFT JOIN valid ON valid.series = id
LEFT JOIN (SELECT target, connect_us, tls_us FROM round_trip) USING (target)
ORDER BY endpoint, rate IS NULL, rate, side DESC, target, url IS NULL;

-- What a client waits for a request of the mix, in milliseconds, in each scenario, at each rate: `p50`, `p90` and `p99` with cold
-- starts in their share (demand.cold_share), `warm_p50` and so on without. A cold start takes as long as those in the table
-- cold_start, and longer if an init counts longer in the bills; at a URL, a round trip comes on top. Behind a gateway that has some, it
-- takes as long as those in the table first_request. A VM has none. A percentile is known where
-- no series of the mix is missing or void, and ten requests lie beyond it, weighted: `n` is the number of requests of equal weight that
-- would be as exact.
CREATE VIEW client_latency AS
WITH whole AS (
    SELECT target, side, url, rate FROM latency JOIN weight USING (endpoint) WHERE rate IS NOT NULL AND void IS NULL AND answered > 0
    GROUP BY target, side, url, rate HAVING count(DISTINCT endpoint) = (SELECT count(*) FROM weight)
),
warm AS MATERIALIZED (
    SELECT target, rate, took_us / 1000.0 AS ms, weight / count(*) OVER (PARTITION BY target, rate, endpoint) AS weight
    FROM whole JOIN series USING (target, rate) JOIN weight USING (endpoint) JOIN sample ON series = id
    WHERE status BETWEEN 200 AND 299
),
first AS MATERIALIZED (
    SELECT scenario, NULL AS own, coalesce(latency_ms, cold_start.init_ms + duration_ms)
            + max(0, demand.init_ms - avg(cold_start.init_ms) OVER (PARTITION BY scenario)) AS ms,
        1.0 / count(*) OVER (PARTITION BY scenario) AS weight
    FROM cold_start, demand
    UNION ALL
    SELECT scenario, target, latency_ms, 1.0 / count(*) OVER (PARTITION BY scenario, target) FROM first_request, demand
),
share AS MATERIALIZED (
    SELECT scenario, target, side, url, rate, (SELECT min(target) FROM first_request WHERE first_request.target = whole.target) AS own,
        iif(side = 'lambda' AND EXISTS (SELECT 1 FROM cold_start UNION ALL SELECT 1 FROM first_request WHERE first_request.target = whole.target),
            cold_share, 0) AS cold
    FROM demand, whole
),
mixed AS (
    SELECT scenario, target, rate, ms, weight * (1 - cold) AS weight, weight AS warm_weight FROM share JOIN warm USING (target, rate)
    UNION ALL
    SELECT share.scenario, target, rate, ms + iif(url IS NULL OR first.own IS NOT NULL, 0, coalesce(connect_us, 0) / 1000), weight * cold, 0
    FROM share JOIN first ON first.scenario = share.scenario AND first.own IS share.own LEFT JOIN round_trip USING (target) WHERE cold > 0
),
reached AS (
    SELECT scenario, target, rate, ms, sum(weight) OVER up AS part, sum(warm_weight) OVER up AS warm_part,
        1 / sum(weight * weight) OVER own AS n, 1 / sum(warm_weight * warm_weight) OVER own AS warm_n
    FROM mixed WINDOW own AS (PARTITION BY scenario, target, rate), up AS (PARTITION BY scenario, target, rate ORDER BY ms)
)
SELECT scenario, target, side, url, rate, cold, n,
    min(ms) FILTER (WHERE part >= 0.5 - 1e-9 AND n >= 20 - 1e-6) AS p50,
    min(ms) FILTER (WHERE part >= 0.9 - 1e-9 AND n >= 100 - 1e-6) AS p90,
    min(ms) FILTER (WHERE part >= 0.99 - 1e-9 AND n >= 1000 - 1e-6) AS p99,
    min(ms) FILTER (WHERE warm_part >= 0.5 - 1e-9 AND warm_n >= 20 - 1e-6) AS warm_p50,
    min(ms) FILTER (WHERE warm_part >= 0.9 - 1e-9 AND warm_n >= 100 - 1e-6) AS warm_p90,
    min(ms) FILTER (WHERE warm_part >= 0.99 - 1e-9 AND warm_n >= 1000 - 1e-6) AS warm_p99
FROM share JOIN reached USING (scenario, target, rate) GROUP BY scenario, target, rate;

-- results.db: the measurements of a comparison, its assumptions, and the bills that follow from both. `serverful compare` writes
-- it. Edit prices, parameters and the mix of requests with SQL; then `serverful compare --report-only` writes a new report.

PRAGMA application_id = 1397904979; -- "SRVS": marks the files of serverful compare
PRAGMA user_version = 2;            -- version of this schema

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
-- each connection sends its next request when the last one is answered.
CREATE TABLE series (
    id          INTEGER PRIMARY KEY,
    side        TEXT NOT NULL CHECK (side IN ('vm', 'lambda')),
    endpoint    TEXT NOT NULL REFERENCES endpoint,
    rate        REAL CHECK (rate > 0),
    seconds     REAL NOT NULL CHECK (seconds > 0),
    connections INTEGER NOT NULL,
    cpu_seconds REAL, -- processor time of the side's processes, where they ran on this machine
    memory_mb   REAL  -- memory of the same processes, shared pages counted once
) STRICT;

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
-- compare` refuses a parameter that was set to something else. Delete a row to go without it.
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

-- The share of the requests to each endpoint. Only the proportions count.
CREATE TABLE mix (
    endpoint TEXT PRIMARY KEY REFERENCES endpoint,
    share    REAL NOT NULL CHECK (share >= 0)
) STRICT, WITHOUT ROWID;

-- The latency of each series, in milliseconds. Percentiles are by nearest rank: the smallest latency that is not exceeded by that
-- percentage of the requests. A percentile is NULL where no request lies beyond it.
CREATE VIEW latency AS
WITH ranked AS (
    SELECT series, took_us / 1000.0 AS ms,
        row_number() OVER (PARTITION BY series ORDER BY took_us) AS rank,
        count(*) OVER (PARTITION BY series) AS n
    FROM sample
)
SELECT side, endpoint, rate, connections, max(n) AS n,
    (SELECT count(*) FROM sample WHERE series = series.id AND status NOT BETWEEN 200 AND 299) AS failed,
    max(n) / seconds AS per_second,
    min(ms) FILTER (WHERE rank >= n * 0.5) AS p50,
    min(ms) FILTER (WHERE rank >= n * 0.9 AND n >= 10) AS p90,
    min(ms) FILTER (WHERE rank >= n * 0.99 AND n >= 100) AS p99,
    min(ms) FILTER (WHERE rank >= n * 0.999 AND n >= 1000) AS p999,
    max(ms) AS max,
    cpu_seconds * 1000 / max(n) AS cpu_ms, memory_mb
FROM series JOIN ranked ON ranked.series = series.id
GROUP BY series.id
ORDER BY endpoint, rate IS NULL, rate, side DESC;

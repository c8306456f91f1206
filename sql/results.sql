-- results.db: what a comparison has measured, what it assumes, and what it makes of both. `serverful compare` writes it;
-- edit prices, parameters and the mix of requests with SQL, and `serverful compare --report-only` reports anew.

PRAGMA application_id = 1397904979; -- "SRVS": how it is told from another SQLite file
PRAGMA user_version = 1;            -- of this schema

-- The run: machine, versions, date.
CREATE TABLE run (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What is asked for. Bytes are those of the bodies.
CREATE TABLE endpoint (
    name           TEXT PRIMARY KEY,
    description    TEXT NOT NULL,
    target         TEXT NOT NULL,
    request_bytes  INTEGER NOT NULL,
    response_bytes INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One series of requests to one endpoint: at a rate (requests a second, due at equal distances), or, rate NULL, as
-- fast as answers came on so many connections. What the processes of the side used meanwhile, where it ran here.
CREATE TABLE series (
    id          INTEGER PRIMARY KEY,
    side        TEXT NOT NULL CHECK (side IN ('vm', 'lambda')),
    endpoint    TEXT NOT NULL REFERENCES endpoint,
    rate        REAL CHECK (rate > 0),
    seconds     REAL NOT NULL CHECK (seconds > 0),
    connections INTEGER NOT NULL,
    cpu_seconds REAL, -- of a processor of this machine
    memory_mb   REAL  -- of all its processes, shared pages counted once
) STRICT;

-- Each request: when it was due, in microseconds from the start of its series; the microseconds from then to the end
-- of its answer; the status, 0 where no whole answer came.
CREATE TABLE sample (
    series  INTEGER NOT NULL REFERENCES series,
    due_us  INTEGER NOT NULL,
    took_us INTEGER NOT NULL,
    status  INTEGER NOT NULL
) STRICT;

CREATE INDEX sample_took ON sample (series, took_us);

-- REPORT lines of Lambda, or of lambda-host with the share of a processor that Lambda gives to the memory size. From a
-- log it is not known which endpoint each was for: endpoint NULL.
CREATE TABLE invocation (
    endpoint    TEXT REFERENCES endpoint,
    memory_mb   INTEGER NOT NULL,
    duration_ms REAL NOT NULL,
    init_ms     REAL, -- where it was a cold start
    used_mb     INTEGER NOT NULL
) STRICT;

-- A fresh environment's first request: the init and the invocation as the REPORT line has them, and what the client saw.
CREATE TABLE cold_start (
    init_ms     REAL NOT NULL,
    duration_ms REAL NOT NULL,
    latency_ms  REAL
) STRICT;

-- How often each endpoint is asked for; only the proportions count.
CREATE TABLE mix (
    endpoint TEXT PRIMARY KEY REFERENCES endpoint,
    share    REAL NOT NULL CHECK (share >= 0)
) STRICT, WITHOUT ROWID;

-- The latency of each series, in milliseconds. A percentile is the smallest time that at least so many percent of the
-- requests took ("nearest rank"); it is NULL where there are too few requests for one to lie beyond it.
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

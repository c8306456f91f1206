-- The traffic of access logs, in results.db. `serverful traffic` replaces all rows but those of traffic_path, which are yours to edit.
-- All times are seconds of the Unix epoch, in UTC.

-- The log files.
CREATE TABLE IF NOT EXISTS traffic_file (
    id            INTEGER PRIMARY KEY,
    path          TEXT NOT NULL,    -- '-': the standard input
    format        TEXT NOT NULL,    -- as `serverful traffic` names it: 'nginx combined', 'ALB', ...
    lines         INTEGER NOT NULL, -- all lines: requests, those of traffic_skipped, and refused ones
    requests      INTEGER NOT NULL, -- lines that count as requests to the service
    refused       INTEGER NOT NULL, -- lines that could not be read; the first ones are in traffic_refused
    first_second  INTEGER,          -- of the earliest arrival; NULL: no request
    last_second   INTEGER,          -- of the latest arrival
    resolution_us INTEGER NOT NULL, -- of the time stamps, in microseconds: 1000000, 1000 or 1
    stamp         TEXT NOT NULL CHECK (stamp IN ('start', 'end', 'start or end', 'end minus duration')), -- what an arrival was computed from
    duration      TEXT,             -- the field that the durations are from; NULL: the file has none
    utc_offset    INTEGER NOT NULL  -- seconds that the local time of the first request is ahead of UTC
) STRICT;

-- Lines that are no requests to the service, by reason: 'cache hit' and 'answered by CloudFront', 'health check', 'no request' (such as TLS bytes),
-- 'static file' (a path whose endpoint in traffic_path is NULL) and 'comment' (headers, too).
CREATE TABLE IF NOT EXISTS traffic_skipped (
    file   INTEGER NOT NULL REFERENCES traffic_file,
    reason TEXT NOT NULL,
    n      INTEGER NOT NULL,
    PRIMARY KEY (file, reason)
) STRICT, WITHOUT ROWID;

-- The first refused lines of each file, cut, with control characters and bytes that are not ASCII as \xXX.
CREATE TABLE IF NOT EXISTS traffic_refused (
    file   INTEGER NOT NULL REFERENCES traffic_file,
    line   INTEGER NOT NULL, -- number of the line; the first is 1
    reason TEXT NOT NULL,
    text   TEXT NOT NULL,
    PRIMARY KEY (file, line)
) STRICT, WITHOUT ROWID;

-- Which path belongs to which endpoint: the first pattern in the order of `place` that the path matches by GLOB. The path has no query.
-- An endpoint of NULL means a static file, which the web server answers. A path that matches no pattern belongs to the endpoint of its
-- first segment, '/cart' for '/cart/7/items'; the endpoints with the fewest requests together are 'other'. Edit the rows with SQL, and
-- read the logs again:
--   INSERT INTO traffic_path VALUES (5, '/shop/cart/*', 'cart');
CREATE TABLE IF NOT EXISTS traffic_path (
    place    INTEGER PRIMARY KEY,
    pattern  TEXT NOT NULL,
    endpoint TEXT
) STRICT;

INSERT INTO traffic_path (place, pattern, endpoint)
SELECT column1, column2, column3 FROM (VALUES
    (100, '*/calculator', 'calculator'),
    (110, '*/random-image', 'random-image'),
    (120, '*/image-tags', 'image-tags'),
    (130, '*/segment', 'segment'),
    (140, '*/keywords', 'keywords'),
    (200, '*.css', NULL),
    (201, '*.js', NULL),
    (202, '*.map', NULL),
    (203, '*.gif', NULL),
    (204, '*.jpg', NULL),
    (205, '*.jpeg', NULL),
    (206, '*.png', NULL),
    (207, '*.webp', NULL),
    (208, '*.avif', NULL),
    (209, '*.svg', NULL),
    (210, '*.ico', NULL),
    (211, '*.woff', NULL),
    (212, '*.woff2', NULL),
    (213, '*.ttf', NULL),
    (214, '/robots.txt', NULL)
) WHERE NOT EXISTS (SELECT 1 FROM traffic_path);

-- The endpoints that have requests.
CREATE TABLE IF NOT EXISTS traffic_endpoint (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    requests INTEGER NOT NULL,
    bytes    INTEGER NOT NULL -- of all responses whose size the log has
) STRICT;

-- Arrivals in each second, of seconds that have any. Where the time stamps are whole seconds (traffic_file.resolution_us), nothing says
-- how the arrivals spread over a second.
CREATE TABLE IF NOT EXISTS traffic_arrival (
    second   INTEGER NOT NULL,
    endpoint INTEGER NOT NULL REFERENCES traffic_endpoint,
    n        INTEGER NOT NULL CHECK (n > 0),
    PRIMARY KEY (second, endpoint)
) STRICT, WITHOUT ROWID;

-- Sizes of the responses, in bytes: `n` of them are from `low` to `high`, both included. Up to 16 each value has a row of its own; beyond
-- that, a power of two has eight rows.
CREATE TABLE IF NOT EXISTS traffic_size (
    endpoint INTEGER NOT NULL REFERENCES traffic_endpoint,
    low      INTEGER NOT NULL,
    high     INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    PRIMARY KEY (endpoint, low)
) STRICT, WITHOUT ROWID;

-- Durations in microseconds, of the files that have them, in the same manner.
CREATE TABLE IF NOT EXISTS traffic_duration (
    endpoint INTEGER NOT NULL REFERENCES traffic_endpoint,
    low      INTEGER NOT NULL,
    high     INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    PRIMARY KEY (endpoint, low)
) STRICT, WITHOUT ROWID;

-- Statuses of the responses; 0: none was sent, or the log does not have it.
CREATE TABLE IF NOT EXISTS traffic_status (
    endpoint INTEGER NOT NULL REFERENCES traffic_endpoint,
    status   INTEGER NOT NULL,
    n        INTEGER NOT NULL,
    PRIMARY KEY (endpoint, status)
) STRICT, WITHOUT ROWID;

-- The traffic as a whole, from the first second that has an arrival to the last one. The bill counts `peak_factor`: the rate in the
-- busiest second, relative to the mean. `month_requests` has the requests of a month of 730 hours, if all of it is like the log.
CREATE VIEW IF NOT EXISTS traffic_summary AS
WITH second AS (SELECT second, sum(n) AS n FROM traffic_arrival GROUP BY second),
minute AS MATERIALIZED (SELECT second / 60 AS minute, sum(n) AS n, max(n) AS busiest_second FROM second GROUP BY 1),
hour AS (SELECT minute / 60 AS hour, sum(n) AS n, max(n) AS busiest_minute, max(busiest_second) AS busiest_second FROM minute GROUP BY 1),
whole AS (
    SELECT sum(n) AS requests, max(n) AS busiest_hour, max(busiest_minute) AS busiest_minute, max(busiest_second) AS busiest_second,
        (SELECT min(second) FROM traffic_arrival) AS first_second, (SELECT max(second) FROM traffic_arrival) AS last_second
    FROM hour
)
SELECT requests, first_second, last_second, last_second - first_second + 1 AS seconds,
    requests * 1.0 / (last_second - first_second + 1) AS per_second, busiest_second, busiest_minute, busiest_hour,
    busiest_second * 1.0 * (last_second - first_second + 1) / requests AS peak_factor,
    requests * 1.0 * 730 * 3600 / (last_second - first_second + 1) AS month_requests
FROM whole WHERE requests > 0;

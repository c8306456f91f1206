-- The assumptions and choices behind the bill, besides measurements and prices. Change each with one UPDATE.
CREATE TABLE parameter (
    name    TEXT PRIMARY KEY,
    value   ANY, -- NULL: the measurement counts
    unit    TEXT NOT NULL,
    meaning TEXT NOT NULL,
    source  TEXT NOT NULL,
    CONSTRAINT "value: a number that is not negative; text for the region only"
        CHECK (value IS NULL OR (name = 'region') = (typeof(value) = 'text') AND (name = 'region' OR value >= 0))
) STRICT, WITHOUT ROWID;

INSERT INTO parameter (name, value, unit, meaning, source) VALUES
    ('region', 'us-east-1', '', 'region of the prices', 'a choice'),
    ('requests', 10000000, 'a month', 'number of requests', 'a choice'),
    ('memory_mb', 128, 'MB', 'memory size of the function', 'a choice'),
    ('billed_ms', NULL, 'ms', 'billed duration of a warm request; NULL: as measured', 'measured here'),
    ('init_ms', NULL, 'ms', 'billed duration of an init; NULL: as measured', 'measured here'),
    ('cold_share', 0.005, 'of all requests', 'requests that need a cold start', 'an assumption: it depends on how the requests spread over the day'),
    ('log_bytes', 330, 'a request', 'the lines START, END and REPORT that Lambda writes into CloudWatch Logs', 'an assumption: a REPORT line has 140 to 170 bytes'),
    ('header_bytes', 300, 'a response', 'status line and headers of a response', 'an assumption'),
    ('vm_cpu_ms', NULL, 'ms', 'processor time of a request on the VM, nginx included; NULL: as measured', 'measured here'),
    ('vm_memory_mb', NULL, 'MB', 'memory of nginx and the pool; NULL: as measured', 'measured here'),
    ('vm_speed', 1.0, 'times', 'speed of a processor of the VM, relative to one of this machine', 'an assumption: measure with --vm-url to know'),
    ('system_mb', 200, 'MB', 'memory of the VM that the operating system needs', 'an assumption'),
    ('disk_gb', 8, 'GB', 'disk of each VM', 'a choice'),
    ('instances', 1, 'VMs', 'least number of VMs; with 2 the service survives the loss of one', 'a choice'),
    ('peak_factor', 5, 'times', 'rate in the busiest second, relative to the mean', 'an assumption'),
    ('headroom', 0.5, 'of the processor', 'share of the processor that stays idle in the busiest second', 'a choice'),
    ('month_hours', 730, 'h', 'length of a month', '8,760 h a year divided by 12');

-- One row with a column for each parameter, for the views. What a log says about a parameter stands for it.
CREATE VIEW scenario AS
SELECT
    max(value) FILTER (WHERE name = 'region') AS region,
    max(value) FILTER (WHERE name = 'requests') AS requests,
    max(value) FILTER (WHERE name = 'memory_mb') AS memory_mb,
    max(value) FILTER (WHERE name = 'billed_ms') AS billed_ms,
    max(value) FILTER (WHERE name = 'init_ms') AS init_ms,
    max(value) FILTER (WHERE name = 'cold_share') AS cold_share,
    max(value) FILTER (WHERE name = 'log_bytes') AS log_bytes,
    max(value) FILTER (WHERE name = 'header_bytes') AS header_bytes,
    max(value) FILTER (WHERE name = 'vm_cpu_ms') AS vm_cpu_ms,
    max(value) FILTER (WHERE name = 'vm_memory_mb') AS vm_memory_mb,
    max(value) FILTER (WHERE name = 'vm_speed') AS vm_speed,
    max(value) FILTER (WHERE name = 'system_mb') AS system_mb,
    max(value) FILTER (WHERE name = 'disk_gb') AS disk_gb,
    max(value) FILTER (WHERE name = 'instances') AS instances,
    max(value) FILTER (WHERE name = 'peak_factor') AS peak_factor,
    max(value) FILTER (WHERE name = 'headroom') AS headroom,
    max(value) FILTER (WHERE name = 'month_hours') AS month_hours
FROM (SELECT name, coalesce(evidence.value, parameter.value) AS value FROM parameter LEFT JOIN evidence USING (name));

-- The latency that AWS adds, in milliseconds, which cannot be measured here. The report adds it to the measured latency where a
-- figure is known; a measurement at a real URL replaces it. The network to AWS is the same for both sides.
CREATE TABLE overhead (
    option TEXT PRIMARY KEY CHECK (option IN ('vm', 'http', 'rest', 'url')),
    ms     REAL CHECK (ms >= 0), -- NULL: not known
    figure TEXT NOT NULL,
    source TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('aws', 'reported', 'conflict', 'weak'))
) STRICT, WITHOUT ROWID;

INSERT INTO overhead (option, ms, figure, source, status) VALUES
    ('vm', 0, 'nothing is in front of nginx', 'nginx is measured with the pool', 'aws'),
    ('http', 10, 'API Gateway adds less than 10 ms to 99 % of the requests',
        'AWS blog Building faster, lower cost, better APIs: HTTP APIs now generally available', 'aws'),
    ('rest', 20, 'API Gateway adds 10 to 30 ms', 'smplogs.com, without a method', 'weak'),
    ('url', NULL, 'no figure was found', 'looked for on 2026-11-25', 'weak');

-- The assumptions and choices behind the bills, besides measurements and prices, and the scenarios, which are sets of them.
--
-- The value that counts for a scenario is the first of these that there is:
--   1. the scenario's own, in scenario_parameter
--   2. yours, in parameter.value
--   3. that of the function's log, of an access log or of a measurement, in evidence
--   4. where `measured` is 1, what the view demand computes from the samples, but at least `assumed`: this machine may be faster
--      than AWS's
--   5. parameter.assumed
-- The view effective has it, with where it comes from. Change one parameter for all scenarios, and one for one of them:
--   UPDATE parameter SET value = 50000000 WHERE name = 'requests';
--   INSERT OR REPLACE INTO scenario_parameter VALUES ('available', 'instances', 3);
CREATE TABLE parameter (
    name     TEXT PRIMARY KEY,
    type     TEXT NOT NULL CHECK (type IN ('text', 'flag', 'share', 'count', 'positive', 'number')), -- see the rule of `value`
    value    ANY,                                                       -- your choice, or NULL
    assumed  ANY,
    low      REAL, -- the range within which the value is plausible for a service of this kind; NULL: it is a choice
    high     REAL,
    measured INTEGER NOT NULL DEFAULT 0 CHECK (measured IN (0, 1)),
    unit     TEXT NOT NULL,
    meaning  TEXT NOT NULL,
    source   TEXT NOT NULL, -- of `assumed`, and of the range
    CONSTRAINT "value: text for a text, 0 or 1 for a flag, from 0 to 1 for a share, a whole number from 1 on for a count, more than 0 for a positive number, otherwise from 0 to 1e15"
        CHECK (value IS NULL OR CASE type
            WHEN 'text' THEN typeof(value) = 'text'
            ELSE typeof(value) IN ('integer', 'real') AND value <= 1e15 AND CASE type
                WHEN 'flag' THEN value IN (0, 1)
                WHEN 'share' THEN value BETWEEN 0 AND 1
                WHEN 'count' THEN value >= 1 AND value = round(value)
                WHEN 'positive' THEN value > 0
                ELSE value >= 0 END END)
) STRICT, WITHOUT ROWID;

INSERT INTO parameter (name, type, assumed, low, high, measured, unit, meaning, source) VALUES
    -- The workload.
    ('region', 'text', 'us-east-1', NULL, NULL, 0, '', 'region of the prices', 'a choice'),
    ('requests', 'number', 1e7, NULL, NULL, 0, 'a month', 'number of requests', 'a choice'),
    ('peak_factor', 'number', 5, 2, 20, 0, 'times', 'rate in the busiest second, relative to the mean of the month', 'an assumption'),
    ('response_bytes', 'number', NULL, NULL, NULL, 1, 'bytes', 'body of a response, the mean of the mix', 'measured here'),
    ('header_bytes', 'number', 300, 150, 800, 0, 'a response', 'status line and headers of a response', 'an assumption'),
    ('requests_per_connection', 'positive', 4, 1, 50, 0, '', 'requests that a client sends on one connection', 'an assumption'),
    ('connection_seconds', 'number', 10, 1, 75, 0, 's', 'time that a connection stays open', 'an assumption'),
    ('gb_bytes', 'positive', 1e9, 1e9, 1073741824, 0, 'bytes', 'size of a GB of transfer and of logs', 'an assumption: AWS''s price lists do not say whether it is 10^9 or 2^30'),
    ('log_side', 'text', 'none', NULL, NULL, 0, '', 'side whose durations the access log has: vm, lambda or none', 'a choice'),
    ('month_hours', 'positive', 730, NULL, NULL, 0, 'h', 'length of a month', '8,760 h a year divided by 12'),

    -- The function.
    ('memory_mb', 'number', 128, NULL, NULL, 0, 'MB', 'memory size of the function', 'a choice'),
    ('billed_ms', 'number', 2, 1, 10, 1, 'ms', 'billed duration of a warm request', 'maxday/lambda-perf: native runtimes need 1 to 2 ms for a warm "hello world" at 128 MB'),
    ('init_ms', 'number', 14, 10, 70, 1, 'ms', 'billed duration of an init',
        'maxday/lambda-perf, 2026: Rust on provided.al2023, 128 MB, arm64, median 13.7; other native runtimes 12.4 to 65.4'),
    ('cold_share', 'share', 0.005, 0.0005, 0.05, 0, 'of all requests', 'requests that need a cold start',
        'AWS operator guide: under 1 %; it depends on how the requests spread over the day'),
    ('provisioned', 'number', 0, NULL, NULL, 0, 'environments', 'provisioned concurrency, paid for the whole month', 'a choice'),
    ('provisioned_share', 'share', 0.9, 0.5, 1, 0, 'of all requests', 'requests that the provisioned environments take, if there are any', 'an assumption'),
    ('log_format', 'text', 'text', NULL, NULL, 0, '', 'format of the function''s log: text or json', 'a choice'),
    ('log_level', 'text', 'INFO', NULL, NULL, 0, '', 'level of the function''s log: INFO, or WARN with json', 'a choice'),
    ('function_log_bytes', 'number', NULL, NULL, NULL, 0, 'a request', 'what Lambda writes into CloudWatch Logs; NULL: as log_size has it for the format and level', 'log_size'),
    ('managed_instances', 'count', 3, NULL, NULL, 0, 'VMs', 'least number of VMs of Lambda Managed Instances', 'AWS documentation: three by default'),
    ('managed_instance', 'text', 'c7g.large', NULL, NULL, 0, '', 'type of the VMs of Lambda Managed Instances', 'a choice'),
    ('managed_fee', 'number', 0.15, NULL, NULL, 0, 'of the VM''s price', 'fee of Lambda Managed Instances', 'third-party sources'),

    -- The VM.
    ('vm_cpu_ms', 'number', NULL, 0.005, 0.5, 1, 'ms', 'processor time of a request on the VM over plain HTTP, web server included', 'measured here'),
    ('vm_memory_mb', 'number', NULL, NULL, NULL, 1, 'MB', 'memory of the service on the VM, web server included', 'measured here'),
    ('lambda_cpu_ms', 'number', NULL, NULL, NULL, 1, 'ms', 'processor time of a request in the function, for Lambda Managed Instances', 'measured here'),
    ('vm_speed', 'positive', 1, 0.5, 1.5, 0, 'times', 'speed of a processor of the VM, relative to the one that vm_cpu_ms is from', 'an assumption'),
    ('system_mb', 'number', 200, 100, 300, 0, 'MB', 'memory of the VM that the operating system needs', 'an assumption'),
    ('disk_gb', 'number', 8, NULL, NULL, 0, 'GB', 'disk of each VM', 'a choice'),
    ('instances', 'count', 1, NULL, NULL, 0, 'VMs', 'least number of VMs', 'a choice'),
    ('spare', 'number', 0, NULL, NULL, 0, 'VMs', 'VMs beyond those that the load needs, so that as many may fail', 'a choice'),
    ('headroom', 'share', 0.5, 0.2, 0.7, 0, 'of the processor', 'share of the processor that stays idle in the busiest second', 'a choice'),
    ('surplus_credits', 'flag', 0, NULL, NULL, 0, '0 or 1', 'whether burstable VMs may use more than their baseline, and pay for it, instead of being more', 'a choice'),
    ('snapshot_gb', 'number', 0, NULL, NULL, 0, 'GB', 'snapshots that are kept of each VM''s disk', 'a choice'),
    ('nat_gateways', 'number', 0, NULL, NULL, 0, '', 'NAT gateways, where VMs without public addresses need the Internet', 'a choice'),
    ('nat_gb', 'number', 1, NULL, NULL, 0, 'GB a month', 'what goes through each NAT gateway', 'an assumption: updates'),

    -- The traffic, for `serverful simulate`. `provisioned`, `memory_mb`, `instances`, `spare` and `surplus_credits` count there, too.
    ('traffic', 'text', 'auto', NULL, NULL, 0, '', 'what the simulation replays: log, which is the access log; a shape (steady, office-hours, shop-sale, hourly-job, front-page); none; or auto: the access log if there is one', 'a choice'),
    ('idle_seconds', 'positive', 300, NULL, NULL, 0, 's', 'idle life of an execution environment', 'AWS promises none; measured by several: 300 to 600'),
    ('environment_hours', 'positive', 2, NULL, NULL, 0, 'h', 'age at which an idle execution environment ends', 'seen by users, not documented: 1 to 8'),
    ('reuse', 'text', 'recent', NULL, NULL, 0, '', 'which idle environment takes a request: newest, recent (used last) or oldest (used longest ago)', 'an assumption: AWS does not say'),
    ('placement_ms', 'number', 30, NULL, NULL, 0, 'ms', 'what a client waits at a cold start besides init and request', 'an assumption: tens of milliseconds'),
    ('p99_ms', 'positive', 100, NULL, NULL, 0, 'ms', 'time in which 99 % of the requests of the busiest minutes must be answered by the VMs', 'a choice'),
    ('managed_concurrency', 'count', 32, NULL, NULL, 0, 'requests a vCPU', 'requests that an instance of Lambda Managed Instances takes at once', 'an assumption: 8 to 64 by runtime'),
    ('lost_seconds', 'number', 0, NULL, NULL, 0, 's', 'time for which one VM is lost, from the busiest second on; 0: none is', 'a choice'),
    ('autoscaling', 'flag', 0, NULL, NULL, 0, '0 or 1', 'whether the number of VMs follows the load, with the utilisation that headroom leaves as its target', 'a choice'),
    ('boot_seconds', 'number', 120, NULL, NULL, 0, 's', 'time from the decision to add a VM until it serves', 'an assumption'),

    -- In front of both.
    ('tls', 'flag', 0, NULL, NULL, 0, '0 or 1', 'whether the VM answers over TLS; AWS''s gateways and load balancers always do', 'a choice'),
    ('tls_resumed_share', 'share', 0.5, 0, 0.9, 0, 'of all connections', 'connections that resume a TLS session', 'an assumption'),
    ('tls_request_cpu_ms', 'number', 0.005, NULL, NULL, 0, 'ms', 'processor time that TLS adds to a request on an open connection', 'an assumption'),
    ('tls_full_cpu_ms', 'number', 0.5, NULL, NULL, 0, 'ms', 'processor time of a new connection with a full TLS handshake', 'an assumption'),
    ('tls_resumed_cpu_ms', 'number', 0.2, NULL, NULL, 0, 'ms', 'processor time of a new connection that resumes a TLS session', 'an assumption'),
    ('tls_full_bytes', 'number', 4000, NULL, NULL, 0, 'a connection', 'what the VM sends for a full TLS handshake', 'an assumption: two certificates'),
    ('tls_resumed_bytes', 'number', 500, NULL, NULL, 0, 'a connection', 'what the VM sends to resume a TLS session', 'an assumption'),
    ('load_balancer', 'flag', 0, NULL, NULL, 0, '0 or 1', 'whether an ALB is in front of the VMs, which then need no public addresses and no TLS', 'a choice'),
    ('vm_addresses', 'flag', 0, NULL, NULL, 0, '0 or 1', 'whether VMs behind an ALB have public addresses, too, to reach CloudWatch and updates without NAT', 'a choice'),
    ('balancer_zones', 'count', 2, NULL, NULL, 0, 'zones', 'zones of the ALB, each with a public address', 'AWS documentation: at least two'),
    ('lcu', 'number', NULL, NULL, NULL, 0, 'LCUs', 'mean capacity units of the ALB; NULL: as the load needs', 'AWS pricing page of load balancers'),
    ('cdn', 'flag', 0, NULL, NULL, 0, '0 or 1', 'whether CloudFront is in front', 'a choice'),
    ('cache_share', 'share', 0, 0, 0.5, 0, 'of all requests', 'requests that CloudFront answers from its cache', 'an assumption: POST is never cached'),
    ('waf_rules', 'number', 0, NULL, NULL, 0, 'rules', 'rules of a WAF, where one can be attached; 0: no WAF', 'a choice'),
    ('dns_zones', 'number', 0, NULL, NULL, 0, '', 'hosted zones of Route 53', 'a choice'),

    -- Operation.
    ('access_log_bytes', 'number', 0, NULL, NULL, 0, 'a request', 'access log in CloudWatch Logs, of API Gateway or of the web server', 'a choice'),
    ('log_months', 'number', 0, NULL, NULL, 0, 'months', 'how long logs are kept', 'a choice'),
    ('log_stored_share', 'share', 0.15, 0.1, 0.3, 0, 'of its bytes', 'what a stored log takes after compression', 'AWS pricing page of CloudWatch, example 1'),
    ('lambda_alarms', 'number', 0, NULL, NULL, 0, '', 'alarms on the Lambda side', 'a choice'),
    ('vm_alarms', 'number', 0, NULL, NULL, 0, 'a VM', 'alarms on the VM side', 'a choice'),
    ('vm_metrics', 'number', 0, NULL, NULL, 0, 'a VM', 'custom metrics, such as memory and disk, which EC2 does not have by itself', 'a choice'),
    ('lambda_hours', 'number', 0, NULL, NULL, 0, 'h a month', 'people''s work on the Lambda side', 'a choice'),
    ('vm_hours', 'number', 0, NULL, NULL, 0, 'h a month', 'people''s work on the VM side', 'a choice'),
    ('hourly_rate', 'number', 0, NULL, NULL, 0, 'an hour', 'what an hour of people''s work costs, in the region''s currency', 'a choice'),
    ('purchase', 'text', 'on-demand', NULL, NULL, 0, '', 'how VMs are bought: on-demand, spot, reserved or savings; the last two give Lambda its Savings Plan, too', 'a choice'),
    ('savings_share', 'share', 0.8, 0.5, 1, 0, 'of Lambda''s compute', 'share that the Savings Plan covers, if there is one', 'an assumption: load varies from hour to hour');

CREATE TABLE scenario (
    name     TEXT PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE,
    meaning  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a scenario sets itself; for all else it has the parameters' values.
CREATE TABLE scenario_parameter (
    scenario  TEXT NOT NULL REFERENCES scenario,
    parameter TEXT NOT NULL REFERENCES parameter,
    value     ANY NOT NULL,
    PRIMARY KEY (scenario, parameter)
) STRICT, WITHOUT ROWID;

INSERT INTO scenario (name, position, meaning) VALUES
    ('hobby', 1, 'one VM over plain HTTP, without backup, alarms or stored logs; the function without all that, too'),
    ('standard', 2, 'TLS, an access log, logs kept for a month, alarms and a DNS zone on both sides; a backup of the VM'),
    ('available', 3, 'as standard, with at least two VMs in two zones behind a load balancer, one more than the load needs'),
    ('committed', 4, 'as standard, with a year''s commitment on both sides: reserved VMs, a Savings Plan for Lambda');

INSERT INTO scenario_parameter (scenario, parameter, value)
SELECT scenario, parameter, value
FROM (SELECT 'standard' AS scenario UNION ALL SELECT 'available' UNION ALL SELECT 'committed'),
    (SELECT column1 AS parameter, column2 AS value FROM (VALUES
        ('tls', 1), ('access_log_bytes', 300), ('log_months', 1), ('lambda_alarms', 3), ('vm_alarms', 4), ('vm_metrics', 2),
        ('snapshot_gb', 8), ('dns_zones', 1)))
UNION ALL VALUES
    ('available', 'load_balancer', 1), ('available', 'vm_addresses', 1), ('available', 'instances', 2), ('available', 'spare', 1), ('available', 'lost_seconds', 600),
    ('committed', 'purchase', 'reserved');

-- The values that break the rule of their parameter, so that the triggers refuse them.
CREATE VIEW refused_value AS
SELECT scenario, parameter
FROM scenario_parameter JOIN parameter ON parameter.name = parameter
WHERE NOT CASE type
    WHEN 'text' THEN typeof(scenario_parameter.value) = 'text'
    ELSE typeof(scenario_parameter.value) IN ('integer', 'real') AND scenario_parameter.value <= 1e15 AND CASE type
        WHEN 'flag' THEN scenario_parameter.value IN (0, 1)
        WHEN 'share' THEN scenario_parameter.value BETWEEN 0 AND 1
        WHEN 'count' THEN scenario_parameter.value >= 1 AND scenario_parameter.value = round(scenario_parameter.value)
        WHEN 'positive' THEN scenario_parameter.value > 0
        ELSE scenario_parameter.value >= 0 END END;

CREATE TRIGGER scenario_parameter_insert AFTER INSERT ON scenario_parameter BEGIN
    SELECT RAISE(ABORT, 'the value breaks the rule of its parameter: a text; 0 or 1; from 0 to 1; a whole number from 1 on; above 0; or from 0 on')
    FROM refused_value WHERE scenario = NEW.scenario AND parameter = NEW.parameter;
END;

CREATE TRIGGER scenario_parameter_update AFTER UPDATE ON scenario_parameter BEGIN
    SELECT RAISE(ABORT, 'the value breaks the rule of its parameter: a text; 0 or 1; from 0 to 1; a whole number from 1 on; above 0; or from 0 on')
    FROM refused_value WHERE scenario = NEW.scenario AND parameter = NEW.parameter;
END;

-- What Lambda writes into CloudWatch Logs for a request without errors, with the 26 bytes that CloudWatch adds to each event.
CREATE TABLE log_size (
    format TEXT NOT NULL CHECK (format IN ('text', 'json')),
    level  TEXT NOT NULL CHECK (level IN ('INFO', 'WARN')),
    bytes  INTEGER NOT NULL CHECK (bytes >= 0),
    source TEXT NOT NULL,
    PRIMARY KEY (format, level)
) STRICT, WITHOUT ROWID;

INSERT INTO log_size (format, level, bytes, source) VALUES
    ('text', 'INFO', 350, 'the lines START, END and REPORT, counted'),
    ('text', 'WARN', 350, 'a text log has no levels'),
    ('json', 'INFO', 480, 'the lines platform.start and platform.report, counted'),
    ('json', 'WARN', 0, 'AWS documentation: platform.start and platform.report have the level INFO');

-- What AWS allows an account by default, in a region.
CREATE TABLE quota (
    name    TEXT PRIMARY KEY,
    value   REAL NOT NULL CHECK (value > 0),
    meaning TEXT NOT NULL,
    source  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO quota (name, value, meaning, source) VALUES
    ('concurrency', 1000, 'environments of all functions together', 'AWS documentation: Lambda quotas; new accounts may have 10'),
    ('request rate', 10000, 'requests a second: ten for each environment', 'AWS documentation: Lambda quotas'),
    ('gateway rate', 10000, 'requests a second of all APIs together', 'AWS documentation: API Gateway quotas');

-- The value of each parameter in each scenario, and where it comes from. A number is always a real one, whatever was typed, so that
-- no division of the bills is one of integers. NULL with the origin 'measured': the view demand computes it from the samples.
CREATE VIEW effective AS
WITH candidate AS (
    SELECT scenario.name AS scenario, parameter.name AS parameter, type, measured, assumed,
        scenario_parameter.value AS own, parameter.value AS chosen, evidence.value AS known
    FROM scenario JOIN parameter
    LEFT JOIN scenario_parameter ON scenario_parameter.scenario = scenario.name AND scenario_parameter.parameter = parameter.name
    LEFT JOIN evidence ON evidence.name = parameter.name
),
found AS (
    SELECT scenario, parameter, type, coalesce(own, chosen, known, iif(measured, NULL, assumed)) AS value,
        CASE WHEN own IS NOT NULL THEN 'scenario' WHEN chosen IS NOT NULL THEN 'chosen' WHEN known IS NOT NULL THEN 'evidence'
            WHEN measured THEN 'measured' ELSE 'assumed' END AS origin
    FROM candidate
)
SELECT scenario, parameter, iif(type = 'text', value, CAST(value AS REAL)) AS value, origin FROM found;

-- One row for each scenario, with a column for each parameter, for the views. `traffic` is never 'auto'.
CREATE VIEW setting AS
SELECT scenario,
    max(value) FILTER (WHERE parameter = 'region') AS region,
    max(value) FILTER (WHERE parameter = 'requests') AS requests,
    max(value) FILTER (WHERE parameter = 'peak_factor') AS peak_factor,
    max(value) FILTER (WHERE parameter = 'response_bytes') AS response_bytes,
    max(value) FILTER (WHERE parameter = 'header_bytes') AS header_bytes,
    max(value) FILTER (WHERE parameter = 'requests_per_connection') AS requests_per_connection,
    max(value) FILTER (WHERE parameter = 'connection_seconds') AS connection_seconds,
    max(value) FILTER (WHERE parameter = 'gb_bytes') AS gb_bytes,
    max(value) FILTER (WHERE parameter = 'log_side') AS log_side,
    max(value) FILTER (WHERE parameter = 'month_hours') AS month_hours,
    max(value) FILTER (WHERE parameter = 'memory_mb') AS memory_mb,
    max(value) FILTER (WHERE parameter = 'billed_ms') AS billed_ms,
    max(value) FILTER (WHERE parameter = 'init_ms') AS init_ms,
    max(value) FILTER (WHERE parameter = 'cold_share') AS cold_share,
    max(value) FILTER (WHERE parameter = 'provisioned') AS provisioned,
    max(value) FILTER (WHERE parameter = 'provisioned_share') AS provisioned_share,
    max(value) FILTER (WHERE parameter = 'log_format') AS log_format,
    max(value) FILTER (WHERE parameter = 'log_level') AS log_level,
    max(value) FILTER (WHERE parameter = 'function_log_bytes') AS function_log_bytes,
    max(value) FILTER (WHERE parameter = 'managed_instances') AS managed_instances,
    max(value) FILTER (WHERE parameter = 'managed_instance') AS managed_instance,
    max(value) FILTER (WHERE parameter = 'managed_fee') AS managed_fee,
    max(value) FILTER (WHERE parameter = 'vm_cpu_ms') AS vm_cpu_ms,
    max(value) FILTER (WHERE parameter = 'vm_memory_mb') AS vm_memory_mb,
    max(value) FILTER (WHERE parameter = 'lambda_cpu_ms') AS lambda_cpu_ms,
    max(value) FILTER (WHERE parameter = 'vm_speed') AS vm_speed,
    max(value) FILTER (WHERE parameter = 'system_mb') AS system_mb,
    max(value) FILTER (WHERE parameter = 'disk_gb') AS disk_gb,
    max(value) FILTER (WHERE parameter = 'instances') AS instances,
    max(value) FILTER (WHERE parameter = 'spare') AS spare,
    max(value) FILTER (WHERE parameter = 'headroom') AS headroom,
    max(value) FILTER (WHERE parameter = 'surplus_credits') AS surplus_credits,
    max(value) FILTER (WHERE parameter = 'snapshot_gb') AS snapshot_gb,
    max(value) FILTER (WHERE parameter = 'nat_gateways') AS nat_gateways,
    max(value) FILTER (WHERE parameter = 'nat_gb') AS nat_gb,
    max(CASE WHEN value <> 'auto' THEN value WHEN EXISTS (SELECT 1 FROM traffic_arrival) THEN 'log' ELSE 'none' END)
        FILTER (WHERE parameter = 'traffic') AS traffic,
    max(value) FILTER (WHERE parameter = 'idle_seconds') AS idle_seconds,
    max(value) FILTER (WHERE parameter = 'environment_hours') AS environment_hours,
    max(value) FILTER (WHERE parameter = 'reuse') AS reuse,
    max(value) FILTER (WHERE parameter = 'placement_ms') AS placement_ms,
    max(value) FILTER (WHERE parameter = 'p99_ms') AS p99_ms,
    max(value) FILTER (WHERE parameter = 'managed_concurrency') AS managed_concurrency,
    max(value) FILTER (WHERE parameter = 'lost_seconds') AS lost_seconds,
    max(value) FILTER (WHERE parameter = 'autoscaling') AS autoscaling,
    max(value) FILTER (WHERE parameter = 'boot_seconds') AS boot_seconds,
    max(value) FILTER (WHERE parameter = 'tls') AS tls,
    max(value) FILTER (WHERE parameter = 'tls_resumed_share') AS tls_resumed_share,
    max(value) FILTER (WHERE parameter = 'tls_request_cpu_ms') AS tls_request_cpu_ms,
    max(value) FILTER (WHERE parameter = 'tls_full_cpu_ms') AS tls_full_cpu_ms,
    max(value) FILTER (WHERE parameter = 'tls_resumed_cpu_ms') AS tls_resumed_cpu_ms,
    max(value) FILTER (WHERE parameter = 'tls_full_bytes') AS tls_full_bytes,
    max(value) FILTER (WHERE parameter = 'tls_resumed_bytes') AS tls_resumed_bytes,
    max(value) FILTER (WHERE parameter = 'load_balancer') AS load_balancer,
    max(value) FILTER (WHERE parameter = 'vm_addresses') AS vm_addresses,
    max(value) FILTER (WHERE parameter = 'balancer_zones') AS balancer_zones,
    max(value) FILTER (WHERE parameter = 'lcu') AS lcu,
    max(value) FILTER (WHERE parameter = 'cdn') AS cdn,
    max(value) FILTER (WHERE parameter = 'cache_share') AS cache_share,
    max(value) FILTER (WHERE parameter = 'waf_rules') AS waf_rules,
    max(value) FILTER (WHERE parameter = 'dns_zones') AS dns_zones,
    max(value) FILTER (WHERE parameter = 'access_log_bytes') AS access_log_bytes,
    max(value) FILTER (WHERE parameter = 'log_months') AS log_months,
    max(value) FILTER (WHERE parameter = 'log_stored_share') AS log_stored_share,
    max(value) FILTER (WHERE parameter = 'lambda_alarms') AS lambda_alarms,
    max(value) FILTER (WHERE parameter = 'vm_alarms') AS vm_alarms,
    max(value) FILTER (WHERE parameter = 'vm_metrics') AS vm_metrics,
    max(value) FILTER (WHERE parameter = 'lambda_hours') AS lambda_hours,
    max(value) FILTER (WHERE parameter = 'vm_hours') AS vm_hours,
    max(value) FILTER (WHERE parameter = 'hourly_rate') AS hourly_rate,
    max(value) FILTER (WHERE parameter = 'purchase') AS purchase,
    max(value) FILTER (WHERE parameter = 'savings_share') AS savings_share
FROM effective GROUP BY scenario;

-- The latency that AWS adds in front of the function, in milliseconds, as an interval of published figures. The report adds it to what
-- was measured on the machine of the run; a measurement at a URL replaces it. The network to AWS is the same for both sides.
CREATE TABLE overhead (
    option  TEXT PRIMARY KEY CHECK (option IN ('vm', 'http', 'rest', 'url', 'alb')),
    low_ms  REAL CHECK (low_ms >= 0), -- both are NULL where no figure is known
    high_ms REAL CHECK (high_ms >= low_ms),
    figure  TEXT NOT NULL,
    source  TEXT NOT NULL,
    status  TEXT NOT NULL CHECK (status IN ('aws', 'reported', 'conflict', 'weak')),
    CHECK ((low_ms IS NULL) = (high_ms IS NULL))
) STRICT, WITHOUT ROWID;

INSERT INTO overhead (option, low_ms, high_ms, figure, source, status) VALUES
    ('vm', 0, 0, 'nothing is in front of nginx', 'nginx is measured with the pool', 'aws'),
    ('http', 0, 10, 'API Gateway adds less than 10 ms to 99 % of the requests',
        'AWS blog Building faster, lower cost, better APIs: HTTP APIs now generally available', 'aws'),
    ('rest', 10, 30, 'API Gateway adds 10 to 30 ms', 'smplogs.com, without a method', 'weak'),
    ('url', NULL, NULL, 'no figure was found', 'looked for on 2026-11-25 and 2026-11-29', 'weak'),
    ('alb', NULL, NULL, 'no figure was found', 'looked for on 2026-11-29', 'weak');

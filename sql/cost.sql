-- The bills, as views over measurements, parameters and prices, in this order:
--   measured          the mean duration of a request, by memory size of the function
--   demand            the resources that a request needs in the scenario
--   option            the ways to run the service: three gateways for each architecture of Lambda, and each type of VM
--   volume            the monthly volumes that have bills
--   fleet             the number of VMs at each volume
--   usage             the quantities that each option uses at each volume
--   line, bill        the items and sums of each option's bill at each volume, with and without the free tier
--   break_even        the volumes at which a VM and Lambda cost the same
--   memory_size       the bill of Lambda for each memory size that was measured
--
-- What is MATERIALIZED would be computed again for each part of a bill, which takes seconds.

-- The mean duration of a request of the mix, by memory size. Lambda bills each warm invocation in whole milliseconds, rounded up;
-- what AWS has billed counts where a log has it.
-- A log does not say which endpoint an invocation was for, so its mean stands for all endpoints.
CREATE VIEW measured AS
WITH weight AS (
    SELECT endpoint, share / (SELECT sum(share) FROM mix) AS weight FROM mix WHERE share > 0
),
by_endpoint AS (
    SELECT memory_mb, endpoint, avg(coalesce(billed_ms, ceil(duration_ms))) AS billed_ms, avg(duration_ms) AS duration_ms, count(*) AS n
    FROM invocation WHERE init_ms IS NULL AND restore_ms IS NULL GROUP BY memory_mb, endpoint
)
SELECT memory_mb, sum(weight * billed_ms) AS billed_ms, sum(weight * duration_ms) AS duration_ms, sum(n) AS n
FROM by_endpoint JOIN weight ON by_endpoint.endpoint = weight.endpoint OR by_endpoint.endpoint IS NULL
GROUP BY memory_mb;

-- The resources of a request. A memory size that was not measured is assumed to be as fast as the next smaller one that was, or as
-- the smallest.
CREATE VIEW demand AS
WITH weight AS (
    SELECT endpoint, share / (SELECT sum(share) FROM mix) AS weight FROM mix WHERE share > 0
),
bytes AS (
    SELECT sum(weight * (response_bytes + header_bytes)) AS out_bytes,
        sum(weight * max(1, ceil(request_bytes / 524288.0), ceil(response_bytes / 524288.0))) AS http_units
    FROM weight JOIN endpoint ON endpoint.name = weight.endpoint, scenario
),
vm AS (
    SELECT sum(weight * cpu_seconds * 1000 / (SELECT count(*) FROM sample WHERE series = series.id)) AS cpu_ms,
        max(series.memory_mb) AS memory_mb
    FROM weight JOIN series USING (endpoint)
    WHERE side = 'vm' AND rate IS NULL AND cpu_seconds IS NOT NULL
),
warm AS (
    SELECT coalesce(
        scenario.billed_ms,
        (SELECT measured.billed_ms FROM measured WHERE measured.memory_mb <= scenario.memory_mb
         ORDER BY measured.memory_mb DESC LIMIT 1),
        (SELECT measured.billed_ms FROM measured ORDER BY measured.memory_mb LIMIT 1)) AS billed_ms
    FROM scenario
),
init AS (
    SELECT coalesce(init_ms, (SELECT avg(ceil(cold_start.init_ms)) FROM cold_start), 0) AS init_ms FROM scenario
),
request AS MATERIALIZED (
    SELECT warm.billed_ms, init.init_ms,
        scenario.memory_mb / 1024.0 * (warm.billed_ms + cold_share * init.init_ms) / 1000 AS gb_seconds,
        coalesce(http_units, 1) AS http_units,
        coalesce(out_bytes, header_bytes) / 1e9 AS out_gb,
        log_bytes / 1e9 AS log_gb,
        coalesce(vm_cpu_ms, vm.cpu_ms) / vm_speed / 1000 AS vm_cpu_seconds,
        coalesce(vm_memory_mb, vm.memory_mb) AS vm_memory_mb
    FROM scenario, bytes, vm, warm, init
)
SELECT * FROM request;

CREATE VIEW option AS
SELECT 'lambda ' || gateway.name || ' ' || architecture.name AS name, 'lambda' AS side, gateway.name AS gateway,
    architecture.name AS architecture
FROM (SELECT 'http' AS name UNION ALL SELECT 'rest' UNION ALL SELECT 'url') AS gateway,
    (SELECT 'arm64' AS name UNION ALL SELECT 'x86_64') AS architecture
UNION ALL
SELECT 'vm ' || instance.name, 'vm', NULL, architecture
FROM instance, scenario
JOIN price ON price.region = scenario.region AND price.item = 'vm.' || instance.name;

-- Volumes from a thousand to ten billion requests a month, in forty steps a decade, the volume of the scenario, and each volume at
-- which an allowance ends or a tier begins. So Lambda's bill is a straight line between two neighbours.
CREATE VIEW volume AS
WITH RECURSIVE step(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM step WHERE n < 280)
SELECT 1000 * pow(10, n / 40.0) AS requests FROM step
UNION SELECT requests FROM scenario
UNION SELECT quantity / per_request FROM (
    SELECT quantity, CASE item
        WHEN 'lambda.compute' THEN gb_seconds WHEN 'gateway.http' THEN http_units WHEN 'transfer' THEN out_gb
        WHEN 'logs' THEN log_gb ELSE 1 END AS per_request
    FROM allowance, demand
    UNION
    SELECT above, CASE
        WHEN item GLOB 'lambda.compute.*' THEN gb_seconds WHEN item = 'gateway.http' THEN http_units
        WHEN item = 'transfer' THEN out_gb WHEN item = 'logs' THEN log_gb ELSE 1 END
    FROM price, demand WHERE above > 0 AND item NOT GLOB 'vm.*')
WHERE per_request > 0 AND quantity / per_request BETWEEN 1000 AND 1e10;

-- The number of VMs that the load needs: enough for the busiest second with the headroom, and, of a burstable type, enough for the
-- mean at its baseline. NULL where the memory of the type is too small.
CREATE VIEW fleet AS
SELECT volume.requests, 'vm ' || instance.name AS option,
    CASE WHEN instance.memory_mb >= system_mb + coalesce(demand.vm_memory_mb, 0) THEN max(
        instances,
        ceil(mean_rate * peak_factor * vm_cpu_seconds / (vcpus * (1 - headroom))),
        ceil(mean_rate * vm_cpu_seconds / (vcpus * baseline))) END AS n
FROM (SELECT volume.requests, volume.requests / (month_hours * 3600) AS mean_rate FROM volume, scenario) AS volume,
    instance, scenario, demand;

-- The quantities that each option uses in a month, in the unit of the item's price. `allowance` is the item of the allowance that
-- applies, or NULL.
CREATE VIEW usage AS
WITH lambda AS MATERIALIZED (
    SELECT volume.requests, option.name AS option, option.gateway, option.architecture, demand.*
    FROM volume, option, demand WHERE side = 'lambda'
),
vm AS MATERIALIZED (SELECT fleet.*, demand.out_gb FROM fleet, demand)
SELECT requests, option, 'requests' AS part, 'lambda.request.' || architecture AS item, 'lambda.request' AS allowance,
    requests AS quantity FROM lambda
UNION ALL
SELECT requests, option, 'compute', 'lambda.compute.' || architecture, 'lambda.compute', requests * gb_seconds FROM lambda
UNION ALL
SELECT requests, option, 'gateway', 'gateway.' || gateway, 'gateway.' || gateway,
    requests * CASE gateway WHEN 'http' THEN http_units ELSE 1 END FROM lambda WHERE gateway <> 'url'
UNION ALL
SELECT requests, option, 'logs', 'logs', 'logs', requests * log_gb FROM lambda
UNION ALL
SELECT requests, option, 'transfer', 'transfer', 'transfer', requests * out_gb FROM lambda
UNION ALL
SELECT vm.requests, option, 'vm', replace(option, 'vm ', 'vm.'), NULL, n * month_hours FROM vm, scenario
UNION ALL
SELECT vm.requests, option, 'ipv4', 'ipv4', NULL, n * month_hours FROM vm, scenario
UNION ALL
SELECT vm.requests, option, 'disk', 'disk', NULL, n * disk_gb FROM vm, scenario
UNION ALL
SELECT requests, option, 'transfer', 'transfer', 'transfer', requests * out_gb FROM vm;

-- The items of each bill. `free` is 1 with allowances and 0 without. `usd` is NULL where the region has no price for the item.
CREATE VIEW line AS
WITH tier AS MATERIALIZED (
    SELECT item, above, lead(above, 1, 9e999) OVER (PARTITION BY item ORDER BY above) AS upto, price.price AS usd
    FROM price JOIN scenario USING (region)
),
billed AS (
    SELECT usage.*, free, max(0, usage.quantity - free * coalesce(allowance.quantity, 0)) AS billed
    FROM usage JOIN (SELECT 0 AS free UNION ALL SELECT 1)
    LEFT JOIN allowance ON allowance.item = usage.allowance
)
SELECT requests, option, free, part, item, quantity, billed,
    (SELECT sum(usd * max(0, min(billed, upto) - above)) FROM tier WHERE tier.item = billed.item) AS usd
FROM billed;

CREATE VIEW bill AS
WITH item AS MATERIALIZED (SELECT requests, option, free, usd FROM line)
SELECT requests, option, free, CASE count(*) WHEN count(usd) THEN sum(usd) END AS usd
FROM item GROUP BY requests, option, free;

-- The volumes at which the bills of a VM and of Lambda cross. `cheaper_below` is the side that is cheaper below that volume. Both
-- bills are straight lines between two volumes, except where a VM is added.
CREATE VIEW break_even AS
WITH pair AS (
    SELECT requests, lambda.option AS lambda, vm.option AS vm, free, lambda.usd - vm.usd AS difference, vm.usd AS usd
    FROM bill AS lambda JOIN bill AS vm USING (requests, free)
    WHERE lambda.option GLOB 'lambda *' AND vm.option GLOB 'vm *' AND lambda.usd IS NOT NULL AND vm.usd IS NOT NULL
),
step AS (
    SELECT *, lead(requests) OVER next AS next_requests, lead(usd) OVER next AS next_usd,
        lead(difference) OVER next AS next_difference
    FROM pair WINDOW next AS (PARTITION BY lambda, vm, free ORDER BY requests)
),
crossing AS (
    SELECT *, difference / (difference - next_difference) AS way FROM step
    WHERE (difference < 0) <> (next_difference < 0)
)
SELECT lambda, vm, free, requests + (next_requests - requests) * way AS requests, usd + (next_usd - usd) * way AS usd,
    CASE WHEN difference < 0 THEN 'lambda' ELSE 'vm' END AS cheaper_below
FROM crossing;

-- The cost of compute for a million requests at each measured memory size, without allowances, and the duration of one. The
-- smallest size is not always the cheapest, since a smaller share of a processor makes a request longer.
CREATE VIEW memory_size AS
SELECT measured.memory_mb, measured.duration_ms, measured.billed_ms, architecture,
    1e6 * usd * measured.memory_mb / 1024.0 * (measured.billed_ms + cold_share * demand.init_ms) / 1000 AS usd_per_million
FROM measured, scenario, demand,
    (SELECT region AS price_region, replace(item, 'lambda.compute.', '') AS architecture, price AS usd
     FROM price WHERE item IN ('lambda.compute.arm64', 'lambda.compute.x86_64') AND above = 0)
WHERE price_region = scenario.region;

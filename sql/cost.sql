-- The bills, as views over measurements, parameters and prices, in this order:
--   function_stretch, fleet_stretch   what was simulated, between neighbouring volumes
--   measured          the mean duration of a request, by memory size of the function
--   demand            the resources that a request needs, in each scenario
--   option            the ways to run the service: each gateway with each kind of Lambda, and each type of VM
--   need              the quantities of each option: a fixed part, a part for each request, and a part for each VM
--   tier              the prices that count in each scenario
--   machine           the VMs that an option needs for a request a month
--   volume            the monthly volumes that have bills
--   cold              the share of cold starts at each volume, where it was simulated
--   fleet             the number of VMs at each volume
--   line, bill        the items and sums of each option's bill at each volume, with and without the free tier
--   missing           the prices that a region lacks, so that an option has no bill
--   break_even        the volumes at which a VM and Lambda cost the same
--   over_quota        the options that need more than AWS allows by default
--   memory_size       the bill of Lambda's compute for each memory size that was measured
--
-- All numbers of the parameters are reals (see the view effective), so that no division here is one of integers.
-- What is MATERIALIZED would be computed again for each part of a bill, which takes seconds.

-- What was simulated, from one volume to the next: from `start` up to `upto` requests a month. Below the first volume its values count. Above
-- the last one the number of VMs grows with the volume, and the share of cold starts stays. `managed` is 1 for the VMs of Lambda Managed
-- Instances. Nothing that was simulated counts for a scenario whose parameter `traffic` is 'none'.
CREATE VIEW function_stretch AS
SELECT scenario, iif(lag(requests) OVER up IS NULL, 0, requests) AS start, lead(requests, 1, 9e999) OVER up AS upto,
    requests, lead(requests, 1, 2 * requests) OVER up AS next_requests,
    cold_share, lead(cold_share, 1, cold_share) OVER up AS next_cold_share, throttled_share
FROM simulated_function JOIN (SELECT scenario, traffic FROM setting) USING (scenario)
WHERE traffic <> 'none' WINDOW up AS (PARTITION BY scenario ORDER BY requests);

CREATE VIEW fleet_stretch AS
SELECT scenario, managed, instance, iif(lag(requests) OVER up IS NULL, 0, requests) AS start, lead(requests, 1, 9e999) OVER up AS upto,
    requests, lead(requests, 1, 2 * requests) OVER up AS next_requests, vms, lead(vms, 1, 2 * vms) OVER up AS next_vms,
    surplus_credits, lead(surplus_credits, 1, 2 * surplus_credits) OVER up AS next_surplus_credits
FROM (
    SELECT scenario, requests, 0 AS managed, instance, vms, surplus_credits FROM simulated_fleet
    UNION ALL SELECT scenario, requests, 1, instance, vms, 0 FROM simulated_managed
) JOIN (SELECT scenario, traffic FROM setting) USING (scenario)
WHERE traffic <> 'none' WINDOW up AS (PARTITION BY scenario, managed, instance ORDER BY requests);

-- The mean duration of a request of the mix, by memory size. Lambda bills each warm invocation in whole milliseconds, rounded up; what
-- AWS has billed counts where a log has it. A log does not say which endpoint an invocation was for, so it counts for all of them. A
-- memory size counts where each endpoint of the mix was measured: otherwise the others would cost nothing.
CREATE VIEW measured AS
WITH by_endpoint AS (
    SELECT memory_mb, weight, avg(coalesce(billed_ms, ceil(duration_ms))) AS billed_ms, avg(duration_ms) AS duration_ms, count(*) AS n,
        -- the variance of the mean; unknown for one request
        (avg(pow(coalesce(billed_ms, ceil(duration_ms)), 2)) - pow(avg(coalesce(billed_ms, ceil(duration_ms))), 2)) / (count(*) - 1.0) AS variance,
        count(invocation.endpoint) AS n_of_endpoint
    FROM invocation JOIN weight ON weight.endpoint = invocation.endpoint OR invocation.endpoint IS NULL
    WHERE init_ms IS NULL AND restore_ms IS NULL GROUP BY memory_mb, weight.endpoint
)
SELECT memory_mb, sum(weight * billed_ms) AS billed_ms, sum(weight * duration_ms) AS duration_ms, sum(n) AS n,
    -- the standard error of billed_ms: invocations of a log are the same ones for each endpoint, those of a measurement are others
    CASE WHEN count(variance) < count(*) THEN NULL
        WHEN sum(n_of_endpoint) = 0 THEN sum(weight * sqrt(max(0, variance)))
        ELSE sqrt(sum(weight * weight * max(0, variance))) END AS billed_error_ms
FROM by_endpoint GROUP BY memory_mb HAVING sum(weight) > 1 - 1e-9;

-- The resources of a request in each scenario. A memory size that was not measured is assumed to be as fast as the next smaller one
-- that was, or as the smallest. `origin` is the share of the requests that a cache in front does not answer. The columns with the name
-- of a parameter have the value that counts where the parameter has none; `cold_share` has that of the scenario's own volume: where `simulated`
-- is 1 that of a log of Lambda, if there is one, or what was simulated. A response has the size `response_bytes`, where that is not NULL; the
-- pieces of an HTTP API are those of this size then, or, of an access log, the mean that its sizes have.
CREATE VIEW demand AS
WITH size AS (
    SELECT scenario, setting.response_bytes AS chosen_bytes, sum(weight * request_bytes) AS request_bytes,
        sum(weight * endpoint.response_bytes) AS measured_bytes,
        sum(weight * max(1, ceil(request_bytes / 524288.0), ceil(coalesce(setting.response_bytes, endpoint.response_bytes, 0) / 524288.0))) AS http_units,
        sum(weight * max(1, ceil(request_bytes / 524288.0))) AS request_units
    FROM setting LEFT JOIN (weight JOIN endpoint ON endpoint.name = weight.endpoint) GROUP BY scenario
),
logged_size AS (SELECT size.value AS bytes, units.value AS http_units FROM evidence AS size JOIN evidence AS units WHERE size.name = 'response_bytes' AND units.name = 'http_units'),
loop AS (
    SELECT side, weight, avg(cpu_seconds * 1000 / (SELECT count(*) FROM sample WHERE series = series.id)) AS cpu_ms,
        max(series.memory_mb) AS memory_mb
    FROM weight JOIN series USING (endpoint)
    WHERE rate IS NULL AND cpu_seconds IS NOT NULL GROUP BY side, endpoint
),
busy AS (
    SELECT side, CASE WHEN sum(weight) FILTER (WHERE cpu_ms IS NOT NULL) > 1 - 1e-9 THEN sum(weight * cpu_ms) END AS cpu_ms,
        max(memory_mb) AS memory_mb
    FROM loop GROUP BY side
),
floor AS ( -- what this machine measures is a lower bound; what AWS has billed is not
    SELECT iif(EXISTS (SELECT 1 FROM invocation WHERE billed_ms IS NOT NULL), 0, max(assumed) FILTER (WHERE name = 'billed_ms')) AS billed_ms,
        max(assumed) FILTER (WHERE name = 'init_ms') AS init_ms
    FROM parameter
),
resolved AS MATERIALIZED (
    SELECT setting.*,
        coalesce(setting.billed_ms, max(coalesce(floor.billed_ms, 0), coalesce(
            (SELECT measured.billed_ms FROM measured WHERE measured.memory_mb <= setting.memory_mb ORDER BY measured.memory_mb DESC LIMIT 1),
            (SELECT measured.billed_ms FROM measured ORDER BY measured.memory_mb LIMIT 1), 0))) AS warm_ms,
        coalesce(setting.init_ms, max(coalesce(floor.init_ms, 0), coalesce((SELECT avg(ceil(cold_start.init_ms)) FROM cold_start), 0))) AS cold_ms,
        coalesce(setting.vm_cpu_ms, (SELECT cpu_ms FROM busy WHERE side = 'vm')) AS http_cpu_ms,
        coalesce(setting.lambda_cpu_ms, (SELECT cpu_ms FROM busy WHERE side = 'lambda')) AS function_cpu_ms,
        coalesce(setting.vm_memory_mb, (SELECT memory_mb FROM busy WHERE side = 'vm')) AS used_mb,
        stretch.cold_share IS NOT NULL AS simulated,
        coalesce(iif(stretch.scenario IS NULL, NULL, evidence.value), stretch.cold_share
            + (next_cold_share - stretch.cold_share) * log(max(1, setting.requests / stretch.requests)) / log(next_requests / stretch.requests),
            setting.cold_share) AS counted_cold_share,
        tls * (load_balancer = 0) AS vm_tls,
        tls_full_cpu_ms * (1 - tls_resumed_share) + tls_resumed_cpu_ms * tls_resumed_share AS handshake_cpu_ms,
        tls_full_bytes * (1 - tls_resumed_share) + tls_resumed_bytes * tls_resumed_share AS handshake_bytes
    FROM setting JOIN floor LEFT JOIN function_stretch AS stretch ON stretch.scenario = setting.scenario
        AND setting.requests >= start AND setting.requests < upto
    LEFT JOIN evidence ON evidence.name = 'cold_share'
)
SELECT scenario, warm_ms AS billed_ms, cold_ms AS init_ms, counted_cold_share AS cold_share, simulated,
    memory_mb / 1024 * warm_ms / 1000 AS warm_gb_seconds,
    memory_mb / 1024 * cold_ms / 1000 AS init_gb_seconds,
    memory_mb / 1024 * (warm_ms + counted_cold_share * cold_ms) / 1000 AS gb_seconds,
    CASE WHEN chosen_bytes = logged_size.bytes THEN max(logged_size.http_units, coalesce(request_units, 1))
        ELSE coalesce(size.http_units, max(1, ceil(chosen_bytes / 524288.0)), 1) END AS http_units,
    coalesce(request_bytes, 0) / gb_bytes AS in_gb,
    (coalesce(chosen_bytes, measured_bytes, 0) + header_bytes) / gb_bytes AS out_gb, coalesce(chosen_bytes, measured_bytes) AS response_bytes,
    vm_tls * handshake_bytes / requests_per_connection / gb_bytes AS tls_gb,
    coalesce(function_log_bytes, (SELECT bytes FROM log_size WHERE format = log_format AND level = log_level)) / gb_bytes AS function_log_gb,
    access_log_bytes / gb_bytes AS access_log_gb,
    1 - cdn * cache_share AS origin,
    (http_cpu_ms + vm_tls * (tls_request_cpu_ms + handshake_cpu_ms / requests_per_connection)) / vm_speed / 1000 AS vm_cpu_seconds,
    function_cpu_ms / vm_speed / 1000 AS function_cpu_seconds,
    http_cpu_ms AS vm_cpu_ms, function_cpu_ms AS lambda_cpu_ms,
    used_mb AS vm_memory_mb
FROM resolved JOIN size USING (scenario) LEFT JOIN logged_size;

-- The options of each scenario, as far as its region offers them. Function URLs do not exist in China.
CREATE VIEW option AS
SELECT scenario, 'lambda ' || gateway || ' ' || kind AS name, 'lambda' AS side, gateway, kind, NULL AS instance
FROM setting, (SELECT 'http' AS gateway UNION ALL SELECT 'rest' UNION ALL SELECT 'url' UNION ALL SELECT 'alb'),
    (SELECT 'arm64' AS kind, 'lambda.compute.arm64' AS first_item UNION ALL SELECT 'x86_64', 'lambda.compute.x86_64'
     UNION ALL SELECT 'managed', 'lambda.managed.request')
WHERE (gateway <> 'url' OR region NOT GLOB 'cn-*')
    AND EXISTS (SELECT 1 FROM price WHERE price.region = setting.region AND price.item = first_item)
UNION ALL
SELECT scenario, 'vm ' || instance.name, 'vm', NULL, architecture, instance.name
FROM setting, instance
WHERE EXISTS (SELECT 1 FROM price WHERE price.region = setting.region AND price.item = 'vm.' || instance.name);

-- The quantities of each option in a month, in the unit of the item's price: fixed + per_request * requests + per_cold * cold starts
-- + per_vm * VMs + per_surplus * vCPU hours of surplus credits, but at least 0. Only a simulation knows cold starts and surplus credits
-- at each volume; otherwise per_request and per_vm stand for them. `allowance` is the item of the allowance that applies, or NULL; a
-- function with provisioned concurrency has none of Lambda's. Only what is not always 0 has a row.
CREATE VIEW need AS
WITH used AS MATERIALIZED (
    SELECT option.scenario, option.name, option.side, gateway, kind, option.instance, setting.*, demand.*, vcpus, baseline,
        side = 'vm' AS is_vm, side = 'lambda' AND kind <> 'managed' AS is_function, kind = 'managed' AS is_managed,
        iif(side = 'vm', load_balancer, gateway = 'alb') AS has_alb,
        iif(provisioned > 0, provisioned_share, 0) AS provisioned_part,
        iif(purchase IN ('reserved', 'savings'), savings_share, 0) AS saved,
        iif(simulated, warm_gb_seconds, gb_seconds) AS compute_gb_seconds, iif(simulated, init_gb_seconds, 0) AS cold_gb_seconds,
        fleet.scenario IS NOT NULL AS fleet_simulated,
        -- A capacity unit of an ALB is the largest of: 25 new connections a second, 3,000 open ones, and 1 GB an hour, or 0.4 GB to
        -- a function. Rules beyond the first ten count, too; there are none.
        coalesce(lcu * month_hours, 0) AS fixed_lcu,
        iif(lcu IS NULL, max(1 / (25 * 3600 * requests_per_connection), connection_seconds / (3000 * 3600 * requests_per_connection),
            (in_gb + out_gb) / iif(side = 'vm', 1, 0.4)), 0) AS lcu_hours_per_request
    FROM option JOIN setting USING (scenario) JOIN demand USING (scenario)
    LEFT JOIN instance ON instance.name = option.instance
    LEFT JOIN (SELECT DISTINCT scenario, instance FROM fleet_stretch WHERE NOT managed) AS fleet
        ON fleet.scenario = option.scenario AND fleet.instance = option.instance
),
part AS (
    SELECT scenario, name, 'requests' AS part, iif(is_managed, 'lambda.managed.request', 'lambda.request.' || kind) AS item,
        iif(is_managed OR provisioned > 0, NULL, 'lambda.request') AS allowance, 0 AS fixed, origin AS per_request, 0 AS per_cold,
        0 AS per_vm, 0 AS per_surplus FROM used WHERE side = 'lambda'
    UNION ALL
    SELECT scenario, name, 'compute', 'lambda.compute.' || kind, iif(provisioned > 0, NULL, 'lambda.compute'), 0,
        origin * (1 - provisioned_part) * compute_gb_seconds * (1 - saved), origin * cold_gb_seconds * (1 - saved), 0, 0 FROM used WHERE is_function
    UNION ALL
    SELECT scenario, name, 'compute, committed', 'lambda.compute.' || kind || '.savings', iif(provisioned > 0, NULL, 'lambda.compute'), 0,
        origin * (1 - provisioned_part) * compute_gb_seconds * saved, origin * cold_gb_seconds * saved, 0, 0 FROM used WHERE is_function
    UNION ALL
    SELECT scenario, name, 'provisioned', 'lambda.provisioned.' || kind || iif(saved, '.savings', ''), NULL,
        provisioned * memory_mb / 1024 * month_hours * 3600, 0, 0, 0, 0 FROM used WHERE is_function
    UNION ALL
    SELECT scenario, name, 'compute, provisioned', 'lambda.provisioned_compute.' || kind || iif(saved, '.savings', ''), NULL,
        0, origin * provisioned_part * warm_gb_seconds, 0, 0, 0 FROM used WHERE is_function
    UNION ALL
    SELECT scenario, name, 'gateway', 'gateway.' || gateway, NULL, 0, origin * iif(gateway = 'http', http_units, 1), 0, 0, 0
    FROM used WHERE gateway IN ('http', 'rest')
    UNION ALL
    SELECT scenario, name, 'vm', 'vm.' || coalesce(instance, managed_instance) || iif(purchase = 'on-demand' OR is_managed AND purchase = 'spot', '', '.' || purchase), NULL, 0, 0, 0, month_hours, 0
    FROM used WHERE is_vm OR is_managed
    UNION ALL
    SELECT scenario, name, 'fee for managed VMs', 'vm.' || managed_instance, NULL, 0, 0, 0, managed_fee * month_hours, 0 FROM used WHERE is_managed
    UNION ALL
    SELECT scenario, name, 'credits', 'credits.' || substr(instance, 1, instr(instance, '.') - 1), NULL,
        0, iif(fleet_simulated, 0, origin * vm_cpu_seconds / 3600), 0, iif(fleet_simulated, 0, -vcpus * baseline * month_hours), fleet_simulated
    FROM used WHERE is_vm AND surplus_credits AND baseline < 1
    UNION ALL
    SELECT scenario, name, 'disk', 'disk', NULL, 0, 0, 0, disk_gb, 0 FROM used WHERE is_vm
    UNION ALL
    SELECT scenario, name, 'snapshots', 'snapshot', NULL, 0, 0, 0, snapshot_gb, 0 FROM used WHERE is_vm
    UNION ALL
    SELECT scenario, name, 'load balancer', 'alb', NULL, month_hours, 0, 0, 0, 0 FROM used WHERE has_alb
    UNION ALL
    SELECT scenario, name, 'capacity units', 'alb.lcu', NULL, fixed_lcu, origin * lcu_hours_per_request, 0, 0, 0 FROM used WHERE has_alb
    UNION ALL
    SELECT scenario, name, 'addresses', 'ipv4', NULL, iif(has_alb, balancer_zones * month_hours, 0) + iif(is_vm, nat_gateways * month_hours, 0), 0, 0,
        iif(is_vm AND (vm_addresses OR NOT has_alb), month_hours, 0), 0 FROM used
    UNION ALL
    SELECT scenario, name, 'NAT', 'nat', NULL, nat_gateways * month_hours, 0, 0, 0, 0 FROM used WHERE is_vm
    UNION ALL
    SELECT scenario, name, 'NAT, data', 'nat.processed', NULL, nat_gateways * nat_gb, 0, 0, 0, 0 FROM used WHERE is_vm
    UNION ALL
    SELECT scenario, name, 'function log', 'logs.vended', 'logs', 0, origin * function_log_gb, 0, 0, 0 FROM used WHERE side = 'lambda'
    UNION ALL
    SELECT scenario, name, 'access log', 'logs', 'logs', 0, origin * access_log_gb, 0, 0, 0 FROM used WHERE is_vm OR gateway IN ('http', 'rest')
    UNION ALL
    SELECT scenario, name, 'stored logs', 'logs.storage', 'logs', 0, log_months * log_stored_share * origin
        * (iif(is_vm, 0, function_log_gb) + iif(is_vm OR gateway IN ('http', 'rest'), access_log_gb, 0)), 0, 0, 0 FROM used
    UNION ALL
    SELECT scenario, name, 'transfer', 'transfer', 'transfer', 0, (1 - cdn) * (out_gb + iif(is_vm, tls_gb, 0)), 0, 0, 0 FROM used
    UNION ALL
    SELECT scenario, name, 'CDN, transfer', 'cloudfront.transfer', 'cloudfront.transfer', 0, cdn * out_gb, 0, 0, 0 FROM used
    UNION ALL
    SELECT scenario, name, 'CDN, requests', 'cloudfront.request', 'cloudfront.request', 0, cdn, 0, 0, 0 FROM used
    UNION ALL
    SELECT scenario, name, 'WAF', 'waf.acl', NULL, waf_rules > 0, 0, 0, 0, 0 FROM used WHERE has_alb OR cdn OR gateway = 'rest'
    UNION ALL
    SELECT scenario, name, 'WAF, rules', 'waf.rule', NULL, waf_rules, 0, 0, 0, 0 FROM used WHERE has_alb OR cdn OR gateway = 'rest'
    UNION ALL
    SELECT scenario, name, 'WAF, requests', 'waf.request', NULL, 0, (waf_rules > 0) * iif(cdn, 1, origin), 0, 0, 0
    FROM used WHERE has_alb OR cdn OR gateway = 'rest'
    UNION ALL
    SELECT scenario, name, 'DNS', 'dns.zone', NULL, dns_zones, 0, 0, 0, 0 FROM used
    UNION ALL
    SELECT scenario, name, 'alarms', 'alarm', 'alarm', iif(is_vm, 0, lambda_alarms), 0, 0, iif(is_vm, vm_alarms, 0), 0 FROM used
    UNION ALL
    SELECT scenario, name, 'metrics', 'metric', 'metric', 0, 0, 0, vm_metrics, 0 FROM used WHERE is_vm
    UNION ALL
    SELECT scenario, name, 'people', 'people', NULL, iif(is_vm, vm_hours, lambda_hours), 0, 0, 0, 0 FROM used WHERE hourly_rate > 0
)
SELECT scenario, name AS option, part, item, allowance, fixed, per_request, per_cold, per_vm, per_surplus
FROM part WHERE NOT (fixed = 0 AND per_request = 0 AND per_cold = 0 AND per_vm = 0 AND per_surplus = 0)
    OR fixed + per_request + per_cold + per_vm + per_surplus IS NULL;

-- The prices that count in each scenario, from `above` up to `upto`. Those of region 'global' count in each region
-- of the same currency that has none of its own.
CREATE VIEW tier AS
SELECT scenario, item, above, lead(above, 1, 9e999) OVER (PARTITION BY scenario, item ORDER BY above) AS upto, price
FROM (
    SELECT scenario, item, above, price
    FROM setting JOIN region ON region.name = setting.region
    JOIN region AS source ON source.currency = region.currency AND source.name IN (region.name, 'global')
    JOIN price ON price.region = source.name AND (price.region = setting.region
        OR NOT EXISTS (SELECT 1 FROM price AS own WHERE own.region = setting.region AND own.item = price.item))
    UNION ALL SELECT scenario, 'people', 0, hourly_rate FROM setting
);

-- The VMs of each option that has any: max(least, VMs for the load + spare). Where they were not `simulated`, the load needs enough of them
-- for the busiest second with the headroom, and, of a burstable type that stays within its baseline, enough for the mean. With surplus
-- credits a type stays within its baseline where a further VM costs no more than the credits that it brings (vm_cost, with the credits
-- as a gain). `vms_per_request` is NULL where they were simulated, where the memory of the type is too small, and where the processor
-- time of a request is not known.
CREATE VIEW machine AS
SELECT option.scenario, option.name AS option, side = 'lambda' AS managed, instance.name AS instance,
    iif(side = 'vm', instances, managed_instances) AS least, iif(side = 'vm', spare, 0) AS spare,
    side = 'vm' AND autoscaling AS is_mean, stretch.scenario IS NOT NULL AS simulated,
    CASE WHEN stretch.scenario IS NULL AND (side = 'lambda' OR instance.memory_mb >= system_mb + coalesce(demand.vm_memory_mb, 0)) THEN
        origin / (month_hours * 3600) * iif(side = 'vm', vm_cpu_seconds, function_cpu_seconds) / vcpus
        * max(peak_factor / (1 - headroom), iif(side = 'vm' AND (surplus_credits = 0 OR vm_cost <= 0), 1 / baseline, 0)) END AS vms_per_request
FROM option JOIN setting USING (scenario) JOIN demand USING (scenario)
JOIN instance ON instance.name = coalesce(option.instance, managed_instance)
LEFT JOIN (SELECT DISTINCT scenario, managed, instance FROM fleet_stretch) AS stretch
    ON stretch.scenario = option.scenario AND stretch.managed = (side = 'lambda') AND stretch.instance = instance.name
    AND (side = 'lambda' OR instance.memory_mb >= system_mb + coalesce(demand.vm_memory_mb, 0))
LEFT JOIN (
    SELECT scenario, option, sum(per_vm * price) AS vm_cost FROM need JOIN tier USING (scenario, item) WHERE above = 0 GROUP BY scenario, option
) AS further ON further.scenario = option.scenario AND further.option = option.name
WHERE side = 'vm' OR kind = 'managed';

-- Volumes from a thousand to ten billion requests a month, in ten steps a decade; the scenario's own volume; each volume at which an
-- allowance ends or a tier begins; and those at which the second, third and fourth VM is added, just before and just after it. Between
-- two neighbours a bill is a straight line, except where a fifth VM or a later one is added, and nearly one where cold starts were
-- simulated.
CREATE VIEW volume AS
WITH RECURSIVE step(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM step WHERE n < 70),
linear AS MATERIALIZED (SELECT * FROM need WHERE per_request > 0 AND per_vm = 0),
added(n, after) AS (SELECT n, after FROM (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3), (SELECT 0 AS after UNION ALL SELECT 1e-8)),
found AS (
    SELECT scenario, 1000 * pow(10, n / 10.0) AS requests FROM step, setting
    UNION SELECT scenario, (allowance.quantity - sum(fixed)) / sum(per_request)
    FROM linear JOIN allowance ON allowance.item = linear.allowance GROUP BY scenario, option, linear.allowance
    UNION SELECT scenario, (above + free * coalesce(allowance.quantity, 0) - fixed) / per_request
    FROM linear JOIN tier USING (scenario, item) LEFT JOIN allowance ON allowance.item = linear.allowance,
        (SELECT 0 AS free UNION ALL SELECT 1) WHERE above > 0
    UNION SELECT scenario, (n + after) / vms_per_request FROM machine, added
    UNION SELECT scenario, requests + (next_requests - requests) * (n + after - vms) / (next_vms - vms)
    FROM machine JOIN fleet_stretch USING (scenario, managed, instance), added
    WHERE n BETWEEN min(vms, next_vms) AND max(vms, next_vms) AND vms <> next_vms
)
SELECT scenario, requests FROM setting
UNION SELECT scenario, requests FROM found WHERE requests BETWEEN 1000 AND 1e10;

-- The share of cold starts at each volume, where it was simulated; linear in the logarithm of the volume. A log of Lambda says what it is
-- at the scenario's own volume. At the others its odds, share / (1 - share), then are those of the simulation times a number that is the same
-- for all of them. Where the own volume has no odds, all have the share of the log.
CREATE VIEW cold AS
WITH found AS (
    SELECT scenario, volume.requests, cold_share + (next_cold_share - cold_share)
        * log(max(1, volume.requests / stretch.requests)) / log(next_requests / stretch.requests) AS share
    FROM volume JOIN function_stretch AS stretch USING (scenario) WHERE volume.requests >= start AND volume.requests < upto
),
known AS (
    SELECT found.*, evidence.value AS counted, max(share) FILTER (WHERE found.requests = setting.requests) OVER (PARTITION BY scenario) AS own
    FROM found JOIN setting USING (scenario) LEFT JOIN evidence ON name = 'cold_share'
)
SELECT scenario, requests, CASE WHEN counted IS NULL THEN share WHEN own <= 0 OR own >= 1 THEN counted
    ELSE share * counted * (1 - own) / (share * counted * (1 - own) + (1 - share) * (1 - counted) * own) END AS cold_share
FROM known;

-- The number of VMs at each volume, and the vCPU hours of their surplus credits where those were simulated: linear in the volume, and the
-- number rounded up. A load within a billionth of a whole number of VMs needs that number. With autoscaling it is the mean of the month.
CREATE VIEW fleet AS
WITH way AS (
    SELECT machine.*, volume.requests, vms, next_vms - vms AS more, surplus_credits, next_surplus_credits - surplus_credits AS more_credits,
        max(0, (volume.requests - stretch.requests) / (next_requests - stretch.requests)) AS way
    FROM volume JOIN machine USING (scenario) LEFT JOIN fleet_stretch AS stretch ON simulated AND stretch.scenario = machine.scenario
        AND stretch.managed = machine.managed AND stretch.instance = machine.instance AND volume.requests >= start AND volume.requests < upto
),
found AS (
    SELECT *, iif(simulated, vms + iif(way > 0, more * way, 0), requests * vms_per_request) AS load FROM way
)
SELECT scenario, requests, option, max(least, iif(is_mean AND simulated, load, ceil(load - 1e-9)) + spare) AS n,
    (surplus_credits + iif(way > 0, more_credits * way, 0)) / 60 AS surplus_hours
FROM found;

-- The items of each bill. `free` is 1 with allowances and 0 without. Items that share an allowance share it in proportion. `cost` is
-- NULL where the region has no price for the item.
CREATE VIEW line AS
WITH used AS MATERIALIZED (
    SELECT scenario, requests, option, part, item, allowance,
        max(0, fixed + per_request * requests + iif(per_cold = 0, 0, per_cold * requests * cold_share)
            + iif(per_vm = 0, 0, per_vm * n) + iif(per_surplus = 0, 0, per_surplus * surplus_hours)) AS quantity
    FROM volume JOIN need USING (scenario) LEFT JOIN cold USING (scenario, requests) LEFT JOIN fleet USING (scenario, requests, option)
),
billed AS (
    SELECT used.*, 0 AS free, quantity AS billed FROM used
    UNION ALL
    SELECT used.*, 1, used.quantity * coalesce(max(0, 1 - allowance.quantity
        / sum(used.quantity) OVER (PARTITION BY scenario, requests, option, used.allowance)), 1)
    FROM used LEFT JOIN allowance ON allowance.item = used.allowance
),
counted AS MATERIALIZED (SELECT * FROM tier)
SELECT scenario, requests, option, free, part, item, quantity, billed,
    (SELECT sum(price * max(0, min(billed, upto) - above)) FROM counted
     WHERE counted.scenario = billed.scenario AND counted.item = billed.item) AS cost
FROM billed;

CREATE VIEW bill AS
SELECT scenario, requests, option, free, CASE count(*) WHEN count(cost) THEN sum(cost) END AS cost
FROM line GROUP BY scenario, requests, option, free;

-- The prices without which an option has no bill in its scenario.
CREATE VIEW missing AS
SELECT DISTINCT scenario, option, item FROM need LEFT JOIN tier USING (scenario, item) WHERE tier.price IS NULL;

-- The volumes at which the bills of a VM and of Lambda cross. `cheaper_below` is the side that is cheaper below that volume.
CREATE VIEW break_even AS
WITH side AS MATERIALIZED (SELECT scenario, requests, option, free, cost, option GLOB 'vm *' AS is_vm FROM bill WHERE cost IS NOT NULL),
pair AS (
    SELECT scenario, requests, lambda.option AS lambda, vm.option AS vm, free, lambda.cost - vm.cost AS difference, vm.cost AS cost
    FROM (SELECT * FROM side WHERE NOT is_vm) AS lambda JOIN (SELECT * FROM side WHERE is_vm) AS vm USING (scenario, requests, free)
),
step AS (
    SELECT *, lead(requests) OVER next AS next_requests, lead(cost) OVER next AS next_cost,
        lead(difference) OVER next AS next_difference
    FROM pair WINDOW next AS (PARTITION BY scenario, lambda, vm, free ORDER BY requests)
),
crossing AS (
    SELECT *, difference / (difference - next_difference) AS way FROM step
    WHERE (difference < 0) <> (next_difference < 0)
)
SELECT scenario, lambda, vm, free, requests + (next_requests - requests) * way AS requests, cost + (next_cost - cost) * way AS cost,
    CASE WHEN difference < 0 THEN 'lambda' ELSE 'vm' END AS cheaper_below
FROM crossing;

-- The options of Lambda that need more in the busiest second than AWS allows by default, from which volume on. Where it was simulated,
-- that is, of Lambda's first quota, halfway on a logarithmic scale from the last volume at which no request was throttled to the next
-- one, and of the others in proportion.
CREATE VIEW over_quota AS
WITH throttled AS (
    SELECT scenario, first, coalesce(max(requests) FILTER (WHERE requests < first), first) AS calm
    FROM function_stretch JOIN (SELECT scenario, min(requests) AS first FROM function_stretch WHERE throttled_share > 0 GROUP BY scenario)
        USING (scenario) GROUP BY scenario
),
peak AS (
    SELECT scenario, option.name AS option, gateway, origin / (month_hours * 3600) AS mean_rate, peak_factor, simulated,
        sqrt(calm * first) AS calm, (demand.billed_ms + demand.cold_share * demand.init_ms) / 1000 AS seconds
    FROM option JOIN setting USING (scenario) JOIN demand USING (scenario) LEFT JOIN throttled USING (scenario)
    WHERE side = 'lambda' AND kind <> 'managed'
),
even AS (
    SELECT peak.*, quota.name AS quota, quota.value / iif(quota.name = 'concurrency', mean_rate * seconds, mean_rate) AS requests
    FROM peak JOIN quota ON gateway IN ('http', 'rest') OR quota.name <> 'gateway rate'
),
found AS (
    SELECT scenario, option, quota, iif(simulated, calm * requests / min(requests) FILTER (WHERE quota <> 'gateway rate') OVER of_lambda,
        requests / peak_factor) AS requests
    FROM even WINDOW of_lambda AS (PARTITION BY scenario, option)
)
SELECT scenario, option, quota, requests FROM found WHERE requests IS NOT NULL;

-- The cost of compute for a million requests at each measured memory size, without allowances, with its standard error, and the duration
-- of one. The smallest size is not always the cheapest, since a smaller share of a processor makes a request longer.
CREATE VIEW memory_size AS
SELECT scenario, measured.memory_mb, measured.duration_ms, measured.billed_ms, architecture,
    1e6 * price * measured.memory_mb / 1024 * (measured.billed_ms + demand.cold_share * demand.init_ms) / 1000 AS cost_per_million,
    1e6 * price * measured.memory_mb / 1024 * billed_error_ms / 1000 AS error_per_million
FROM measured, setting JOIN demand USING (scenario)
JOIN (SELECT region, replace(item, 'lambda.compute.', '') AS architecture, price
      FROM price WHERE item IN ('lambda.compute.arm64', 'lambda.compute.x86_64') AND above = 0) USING (region);

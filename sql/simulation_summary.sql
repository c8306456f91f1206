-- The text of `serverful simulate`: a line in each row.
WITH own AS MATERIALIZED (
    SELECT scenario, traffic, iif(traffic = 'log', 'access log', traffic) AS name, requests, position FROM setting JOIN scenario ON scenario.name = scenario
),
line AS (
    SELECT position, 1 AS part, format('%s, %,d requests a month (%s)', scenario, CAST(requests AS INTEGER), own.name) AS text
    FROM own JOIN simulated_function USING (scenario, requests)
    UNION ALL
    SELECT position, 2, format('  lambda   cold %.3g %%, throttled %.3g %%, environments %.3g, at most %d; p50 %s, p99 %s, p99.9 %s',
        100 * cold_share, 100 * throttled_share, environments, most_environments,
        p50, p99, p999)
    FROM own JOIN (SELECT *, coalesce(round(p50_ms, 2) || ' ms', 'none') AS p50, coalesce(round(p99_ms, 2) || ' ms', 'none') AS p99,
        coalesce(round(p999_ms, 2) || ' ms', 'none') AS p999 FROM simulated_function) USING (scenario, requests)
    UNION ALL
    SELECT position, 3, '  managed  ' || iif(vms IS NULL, format('no number of %s holds p99_ms', instance), format('%,d × %s, utilisation %.2g %%; p50 %s, p99 %s',
        vms, instance, 100 * utilisation, p50, p99))
    FROM own JOIN (SELECT *, coalesce(round(p50_ms, 2) || ' ms', 'none') AS p50, coalesce(round(p99_ms, 2) || ' ms', 'none') AS p99 FROM simulated_managed)
        USING (scenario, requests)
    UNION ALL
    SELECT position, 4, '  vm       ' || group_concat(iif(vms IS NULL, 'no number of ', iif(vms = round(vms), format('%,d', vms), format('%.3g', vms)) || ' × ') || instance, ', ')
    FROM own JOIN simulated_fleet USING (scenario, requests) GROUP BY scenario
    UNION ALL
    SELECT position, 5, '  vm       not simulated, since the processor time of a request is not known: measure it with serverful compare, or set the parameter vm_cpu_ms'
    FROM own JOIN simulated_function USING (scenario, requests) JOIN demand USING (scenario) WHERE vm_cpu_seconds IS NULL
    UNION ALL
    SELECT position, 5, format('  vm       not simulated, since no type has the %,d MB of memory that are needed (vm_memory_mb and system_mb)', system_mb + coalesce(demand.vm_memory_mb, 0))
    FROM own JOIN simulated_function USING (scenario, requests) JOIN demand USING (scenario) JOIN setting USING (scenario) WHERE vm_cpu_seconds > 0
        AND (scenario, own.requests) NOT IN (SELECT scenario, requests FROM simulated_fleet)
)
SELECT text FROM (
    SELECT * FROM line
    UNION ALL
    SELECT position, 1, format('%s, %,d requests a month (%s): only volumes with 1 to 100 billion requests that no cache answers are simulated',
        scenario, CAST(requests AS INTEGER), own.name)
    FROM own WHERE traffic <> 'none' AND NOT EXISTS (SELECT 1 FROM simulated_function AS found WHERE found.scenario = own.scenario AND found.requests = own.requests)
    UNION ALL
    SELECT 0, 0, 'nothing to simulate: read an access log with serverful traffic, or set the parameter traffic to a shape' WHERE NOT EXISTS (SELECT 1 FROM own WHERE traffic <> 'none')
) ORDER BY position, part;

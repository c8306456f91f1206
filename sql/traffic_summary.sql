-- The summary that `serverful traffic` prints: the first column of each row of each of these queries is a line.

-- The files, with their skipped and refused lines.
SELECT text
FROM (
    SELECT id, 1 AS part, 0 AS line,
        format('%s: %s, %,d line%s, %,d request%s', path, format, lines, iif(lines = 1, '', 's'), requests, iif(requests = 1, '', 's'))
        || iif(requests, format('; time stamps of the %s, to %s; ', stamp, CASE resolution_us WHEN 1 THEN '1 µs' WHEN 1000 THEN '1 ms' ELSE '1 s' END)
            || coalesce('durations from ' || duration, 'no durations'), '') AS text
    FROM traffic_file
    UNION ALL
    SELECT file, 2, 0, '  skipped: ' || group_concat(format('%,d %s', n, reason), ', ')
    FROM (SELECT * FROM traffic_skipped ORDER BY file, n DESC, reason) GROUP BY file
    UNION ALL
    SELECT id, 3, 0, format('  refused: %,d', refused) FROM traffic_file WHERE refused > 0
    UNION ALL
    SELECT file, 4, line, format('    line %d, %s: ', line, reason) || text FROM traffic_refused
)
ORDER BY id, part, line;

-- All requests together. A time stamp that is wrong makes a gap, and so do logs with months between them. A log shorter than 23 hours gives
-- serverful compare no volume.
WITH line AS MATERIALIZED (SELECT * FROM traffic_summary),
hour AS (SELECT DISTINCT second / 3600 AS hour FROM traffic_arrival),
gap AS (SELECT lag(hour) OVER (ORDER BY hour) + 1 AS hour, hour - 1 - lag(hour) OVER (ORDER BY hour) AS hours FROM hour ORDER BY hours DESC LIMIT 1)
SELECT '' UNION ALL
SELECT format('Requests  %,d in %s, from %s to %s UTC', requests,
    CASE
        WHEN seconds >= 172800 THEN format('%.1f days', seconds / 86400.0)
        WHEN seconds >= 7200 THEN format('%.1f hours', seconds / 3600.0)
        WHEN seconds >= 120 THEN format('%.1f minutes', seconds / 60.0)
        ELSE format('%d s', seconds)
    END, datetime(first_second, 'unixepoch'), datetime(last_second, 'unixepoch')) FROM line UNION ALL
SELECT format('Rate      %.3g a second on average; at most %,d in a second, %,d in a minute, %,d in an hour',
    per_second, busiest_second, busiest_minute, busiest_hour) FROM line UNION ALL
SELECT format('Peak      the busiest second has %s times the average', iif(peak_factor < 100, format('%.1f', peak_factor), format('%,d', round(peak_factor)))) FROM line UNION ALL
SELECT format('Gap       %.1f days without a request, from %s UTC on: more than half of the log; is a time stamp wrong?', hours / 24.0, datetime(hour * 3600, 'unixepoch'))
FROM line, gap WHERE hours >= 24 AND hours > seconds / 7200 UNION ALL
SELECT format('A month   %,d request%s, if all of it is like this', month_requests, iif(month_requests < 2, '', 's'))
    || iif(seconds < 23 * 3600, '; the bills take that from a log of 23 hours or more only', '') FROM line UNION ALL
SELECT 'Status    ' || group_concat(iif(status, status, 'none') || format(': %.3g %%', 100.0 * n / (SELECT sum(n) FROM traffic_status)), ', ')
FROM (SELECT status, sum(n) AS n FROM traffic_status GROUP BY status ORDER BY n DESC LIMIT 8);

-- The endpoints. A percentile is the upper end of its bucket.
WITH bytes AS (
    SELECT endpoint, high, sum(n) OVER (PARTITION BY endpoint ORDER BY low) AS reached, sum(n) OVER (PARTITION BY endpoint) AS total
    FROM traffic_size
),
us AS (
    SELECT endpoint, high, sum(n) OVER (PARTITION BY endpoint ORDER BY low) AS reached, sum(n) OVER (PARTITION BY endpoint) AS total
    FROM traffic_duration
),
size AS (
    SELECT endpoint AS id, format('%,d', min(high) FILTER (WHERE reached >= 0.5 * total)) AS bytes_p50,
        format('%,d', min(high) FILTER (WHERE reached >= 0.99 * total)) AS bytes_p99
    FROM bytes GROUP BY endpoint
),
duration AS (
    SELECT endpoint AS id, format('%.3g', min(high) FILTER (WHERE reached >= 0.5 * total) / 1000.0) AS ms_p50,
        format('%.3g', min(high) FILTER (WHERE reached >= 0.99 * total) / 1000.0) AS ms_p99
    FROM us GROUP BY endpoint
)
SELECT '' UNION ALL
SELECT format('%-28s %13s %7s %11s %11s %9s %9s', 'Endpoint', 'Requests', 'Share', 'Bytes p50', 'p99', 'ms p50', 'p99') UNION ALL
SELECT * FROM (
    SELECT format('%-28s %,13d %5.1f %% %11s %11s %9s %9s', name, requests, 100.0 * requests / (SELECT sum(requests) FROM traffic_endpoint),
        coalesce(bytes_p50, '-'), coalesce(bytes_p99, '-'), coalesce(ms_p50, '-'), coalesce(ms_p99, '-'))
    FROM traffic_endpoint LEFT JOIN size USING (id) LEFT JOIN duration USING (id) ORDER BY requests DESC, name
);

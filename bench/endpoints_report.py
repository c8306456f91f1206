"""Prints the report of bench/endpoints.py: a table for each endpoint and number of connections, and the goals."""

import measure
from http_measure import BACK_END_CPU, NGINX_CPU, P50, P99, RATE
from http_peers import AXUM, CONSTANT, DEFAULT, FLASK, OURS, RETURN


def _rate_goals(endpoint, connections, rows):
    """Yield (goal, figure, whether it is met) for the rates of an endpoint with so many connections."""
    rivals = ((AXUM, 1.3 if endpoint == "/segment" else 1.2), (CONSTANT, 0.95)) if connections in (16, 64) else ()
    for first, other, wanted in (*((OURS, *rival) for rival in rivals), (OURS, FLASK, 15), (CONSTANT, DEFAULT, 1.3)):
        if other not in rows:
            continue
        ratio = rows[first][RATE] / rows[other][RATE]
        most = f" ({RETURN}: {rows[RETURN][RATE] / rows[other][RATE]:.1f})" if other == FLASK else ""
        yield f"{endpoint}, {connections} connections: {first}: at least {wanted} of {other}{most}", ratio, ratio >= wanted


def _latency_goals(endpoint, connections, rows):
    if connections in (64, 256) and AXUM in rows:
        ratio = rows[OURS][P99] / rows[AXUM][P99]
        yield f"{endpoint}, {connections} connections: p99 at most 1 of {AXUM}", ratio, ratio <= 1


def goals(report):
    """Yield (goal, figure, whether it is met)."""
    found = measure.median(report)
    for endpoint, by_connections in found["endpoints"].items():
        for connections, rows in by_connections.items():
            yield from _rate_goals(endpoint, connections, rows)
            yield from _latency_goals(endpoint, connections, rows)
    heavy = found["beside heavy"]
    more = heavy["with"] - heavy["without"]
    yield "beside one heavy request a second, p99 of light ones at half load at most 3 ms more than without", more, more <= 3
    ratio = found["1 MB"]["through nginx"] / found["1 MB"]["in-process"]
    yield "1 MB of text: through nginx at least 0.5 of in-process", ratio, ratio >= 0.5


def _cell(figures, name, digits):
    return f"{measure.median(figures[name]):13.{digits}f}" if name in figures else f"{'-':>13}"


def _show_rows(title, rows):
    ours = measure.median(rows[OURS][RATE])
    columns = (RATE, "least", "most", "ratio", P50, P99, NGINX_CPU, BACK_END_CPU)
    print(f"\n{title:32}" + "".join(f"{name:>13}" for name in columns))
    for name, figures in rows.items():
        runs = figures[RATE]
        cells = (_cell(figures, P50, 2), _cell(figures, P99, 2), _cell(figures, NGINX_CPU, 1), _cell(figures, BACK_END_CPU, 1))
        print(f"  {name:30}{measure.median(runs):13.0f}{min(runs):13.0f}{max(runs):13.0f}{ours / measure.median(runs):13.2f}",
              *cells, sep="")


def _show_heavy(found):
    print(f"\nbeside one heavy request a second (2 MB, pos=1; {measure.median(found['heavy s']):.2f} s each), the p99 of light "
          f"requests at half load ({found['requests/s'][0]:.0f} a second), with and without, in ms (median, least, most)")
    for name in ("without", "with"):
        runs = found[name]
        print(f"  {name:26}{measure.median(runs):13.2f}{min(runs):13.2f}{max(runs):13.2f}")


def show(report):
    """Print the medians over the rounds, and the goals."""
    print(f"\n{report['machine']}, {report['processors']} processors, {report['workers']} workers;",
          ", ".join(f"{name} {version}" for name, version in report["versions"].items()))
    print("command:", report["command"])
    print(f"medians over {report['rounds']} rounds; ratio: serverful's {RATE} to each; us: processor time for each request")
    for endpoint, by_connections in report["endpoints"].items():
        for connections, rows in by_connections.items():
            _show_rows(f"{endpoint}, {connections} connections", rows)
    _show_heavy(report["beside heavy"])
    print("\n1 MB of text to /segment, MB/s (median, least, most)")
    for name, runs in report["1 MB"].items():
        print(f"  {name:26}{measure.median(runs):13.1f}{min(runs):13.1f}{max(runs):13.1f}")
    print("\ngoals")
    for what, figure, met in goals(report):
        print(f"  {'met    ' if met else 'NOT MET'}  {figure:8.2f}  {what}")

"""Metrics of CloudWatch."""

from .times import utc


def query(id, metric, statistic, period):
    """Return a query for get-metric-data: `metric` is (namespace, name, {dimension: value}), and `period` the seconds of each value."""
    namespace, name, dimensions = metric
    return {"Id": id, "MetricStat": {"Period": period, "Stat": statistic, "Metric": {
        "Namespace": namespace, "MetricName": name, "Dimensions": [{"Name": one, "Value": value} for one, value in dimensions.items()]}}}


def ask(calls, queries, begin, end, period):
    """Return the answers to queries, which have `Id`, `Timestamps` and `Values`, of the time from `begin` to `end`, both in seconds since
    1970, in whole periods around them."""
    return calls.ask("cloudwatch", "get-metric-data", metric_data_queries=queries, start_time=utc(begin - begin % period),
                     end_time=utc(end - end % period + period))["MetricDataResults"]

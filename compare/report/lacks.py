"""What each way lacks in a scenario, compared with the others. Each rule says when it is true."""

from names import missing_prices
from ways import GATEWAYS
from words import figures, say

from .markup import tag

VM = ("vm",)

# (ways, whether it holds for the settings and the number of VMs, text). {n} is that number, {cold} the share of cold starts.
RULES = (
    (VM, lambda s, n: n == 1, "one machine in one zone: when it stops, the service stops"),
    (VM, lambda s, n: n > 1 and not s["load_balancer"], "nothing spreads the load over {n} machines"),
    (VM, lambda s, n: not s["tls"] and not s["load_balancer"] and not s["cdn"], "no TLS"),
    (VM, lambda s, n: not s["snapshot_gb"], "no backup"),
    (VM, lambda s, n: not s["load_balancer"] and not s["cdn"], "no WAF without an ALB or CloudFront"),
    (VM, lambda s, n: not s["vm_hours"] or not s["hourly_rate"], "updates are somebody’s work, which is not in the bill"),
    (VM, lambda s, n: s["purchase"] == "spot", "AWS may take it back after two minutes’ notice"),
    (("url",), lambda s, n: not s["cdn"], "no domain of its own and no WAF without CloudFront"),
    (("url",), lambda s, n: True, "no access log"),
    (("http",), lambda s, n: not s["cdn"], "no WAF without CloudFront"),
    (("alb",), lambda s, n: True, "at most 1 MB for a request and for an answer"),
    (("alb",), lambda s, n: s["access_log_bytes"] > 0, "its access log goes to S3, which is not in the bill"),
    (("http", "rest"), lambda s, n: not s["access_log_bytes"], "no access log"),
    (VM, lambda s, n: not s["access_log_bytes"], "no access log outside of the machine"),
    (GATEWAYS, lambda s, n: s["cold_share"] > 0 and not s["provisioned"], "cold starts: {cold} % of the requests"),
    (("managed",), lambda s, n: True, "at least {least} VMs, busy or not"),
)


def prices(found):
    """Return a paragraph on the prices that the region lacks, or None."""
    text = missing_prices(found)
    return tag("p", text, class_="note") if text else None


def of(key, setting, n):
    """Return what a way lacks. `n` is the number of VMs, or None."""
    values = {"n": f"{n or 0:,.0f}", "cold": figures(setting["cold_share"] * 100), "least": f"{setting['managed_instances']:.0f}"}
    return [say(text, **values) for keys, holds, text in RULES if key in keys and holds(setting, n or 0)]

"""Which rows of AWS's price lists are the prices of which items: one table, for all regions and all forms of the lists.

A row belongs to an item if its service and its usage type, without the prefix of the region, are those of the rule, and if each
attribute in `where` has one of the values that the rule names. An attribute that the row does not have at all is no obstacle: some
tools cut attributes from what they record. Exactly one SKU of a list may remain. Usage types alone do not suffice: four kinds of
load balancers share one, and Windows has that of Linux.

`source` says what a rule was read from: rows of a list; programs and records that use the lists; or bills."""

import re
from typing import NamedTuple

# The region's prefix of a usage type. Ireland's is EU. CloudFront's groups (US-, EU-) are part of its usage types, and EU- is removed
# there, too, which no rule needs. A looser pattern would also remove TS-, which marks trust stores of load balancers.
PREFIX = re.compile(r"(?:EU|[A-Z]{3}[0-9])-")

# Spellings of units in the lists, without case and plural.
UNITS = {
    "request": {"request"}, "512 KB": {"request"}, "GB-s": {"lambda-gb-second", "gb-second", "second"}, "GB": {"gb"},
    "GB-month": {"gb-mo", "gb-month"}, "hour": {"hr", "hour"}, "LCU-hour": {"lcu-hr", "lcu-hour"},
    "vCPU-hour": {"vcpu-hr", "vcpu-hour"}, "month": {"month", "mo", "alarm", "metric", "hostedzone", "rule"},
}

LISTS = "rows of lists"
PROGRAMS = "programs and records"
BILLS = "programs and bills"


class Rule(NamedTuple):
    """One item, and how to find its row."""
    item: str
    unit: str
    service: str
    usage: str
    where: dict
    source: str
    note: str = ""
    is_edge: bool = False  # a price of CloudFront's edges, which belong to no region
    is_saved: bool = False  # covered by Compute Savings Plans
    is_reserved: bool = False  # offered as reserved instances, too


def _lambda(item, usage, group, source=LISTS, **more):
    """Return the rules of an item of Lambda for both architectures."""
    return [Rule(f"{item}.{architecture}", unit, "AWSLambda", usage + suffix, {"group": group + suffix}, source, **more)
            for architecture, suffix in (("x86_64", ""), ("arm64", "-ARM"))
            for unit in ["request" if usage == "Request" else "GB-s"]]


APPLICATION = {"operation": "LoadBalancing:Application", "productfamily": "Load Balancer-Application"}
EDGE = {"is_edge": True}

RULES = [
    *_lambda("lambda.request", "Request", "AWS-Lambda-Requests"),
    *_lambda("lambda.compute", "Lambda-GB-Second", "AWS-Lambda-Duration", is_saved=True),
    *_lambda("lambda.provisioned", "Lambda-Provisioned-Concurrency", "AWS-Lambda-Provisioned-Concurrency", is_saved=True,
             note="for as long as it is provisioned"),
    *_lambda("lambda.provisioned_compute", "Lambda-Provisioned-GB-Second", "AWS-Lambda-Duration-Provisioned", PROGRAMS,
             is_saved=True, note="instead of lambda.compute"),
    Rule("lambda.managed.request", "request", "AWSLambda", "Lambda-Managed-Instances-Request", {}, LISTS,
         "the instances and a fee for managing them come on top"),
    Rule("gateway.http", "512 KB", "AmazonApiGateway", "ApiGatewayHttpRequest",
         {"operation": "ApiGatewayHttpApi", "productfamily": "API Calls"}, LISTS),
    Rule("gateway.rest", "request", "AmazonApiGateway", "ApiGatewayRequest",
         {"operation": "ApiGatewayRequest", "productfamily": "API Calls"}, LISTS),
    Rule("logs", "GB", "AmazonCloudWatch", "DataProcessing-Bytes",
         {"operation": "PutLogEvents", "productfamily": "Data Payload"}, LISTS, "lines that are sent with PutLogEvents"),
    Rule("logs.vended", "GB", "AmazonCloudWatch", "VendedLog-Bytes",
         {"operation": "PutLogEvents", "productfamily": "Data Payload"}, LISTS, "the logs of Lambda since May 2025"),
    Rule("logs.storage", "GB-month", "AmazonCloudWatch", "TimedStorage-ByteHrs", {"productfamily": "Storage Snapshot"}, PROGRAMS,
         "of compressed data"),
    Rule("alarm", "month", "AmazonCloudWatch", "CW:AlarmMonitorUsage", {"productfamily": "Alarm"}, PROGRAMS, "standard resolution"),
    Rule("metric", "month", "AmazonCloudWatch", "CW:MetricMonitorUsage", {"productfamily": "Metric"}, LISTS, "custom metrics"),
    Rule("transfer", "GB", "AWSDataTransfer", "DataTransfer-Out-Bytes",
         {"transfertype": "AWS Outbound", "tolocation": "External"}, LISTS),
    Rule("ipv4", "hour", "AmazonVPC", "PublicIPv4:InUseAddress", {"group": "VPCPublicIPv4Address"}, LISTS),
    Rule("disk", "GB-month", "AmazonEC2", "EBS:VolumeUsage.gp3", {"productfamily": "Storage"}, LISTS, "gp3"),
    Rule("snapshot", "GB-month", "AmazonEC2", "EBS:SnapshotUsage", {"productfamily": "Storage Snapshot"}, PROGRAMS,
         "standard tier, changed blocks only"),
    Rule("nat", "hour", "AmazonEC2", "NatGateway-Hours", {"operation": "NatGateway", "productfamily": "NAT Gateway"}, PROGRAMS),
    Rule("nat.processed", "GB", "AmazonEC2", "NatGateway-Bytes", {"operation": "NatGateway", "productfamily": "NAT Gateway"},
         PROGRAMS),
    *[Rule(f"credits.{family}", "vCPU-hour", "AmazonEC2", f"CPUCredits:{family}",
           {"operation": ("RunInstances", ""), "operatingsystem": ("Linux", "NA", "")}, BILLS, "beyond the baseline, in mode unlimited")
      for family in ("t3", "t4g")],
    Rule("alb", "hour", "AWSELB", "LoadBalancerUsage", APPLICATION, LISTS),
    Rule("alb.lcu", "LCU-hour", "AWSELB", "LCUUsage", APPLICATION, LISTS),
    Rule("cloudfront.transfer", "GB", "AmazonCloudFront", "US-DataTransfer-Out-Bytes", {}, PROGRAMS,
         "to viewers in the United States", **EDGE),
    Rule("cloudfront.request", "request", "AmazonCloudFront", "US-Requests-Tier2-HTTPS", {}, PROGRAMS,
         "HTTPS, from viewers in the United States", **EDGE),
    Rule("waf.acl", "month", "awswaf", "WebACLV2", {}, BILLS),
    Rule("waf.rule", "month", "awswaf", "RuleV2", {}, BILLS),
    Rule("waf.request", "request", "awswaf", "RequestV2-Tier1", {}, BILLS),
    Rule("dns.zone", "month", "AmazonRoute53", "HostedZone", {}, BILLS),
]

# A VM. The list has a row for each operating system, tenancy and preinstalled software, and for capacity that is reserved and unused.
MACHINE = {"operation": "RunInstances", "operatingsystem": "Linux", "tenancy": "Shared", "preinstalledsw": "NA",
           "capacitystatus": "Used", "marketoption": "OnDemand", "productfamily": "Compute Instance"}
RESERVED = {"leasecontractlength": "1yr", "offeringclass": "standard", "purchaseoption": "No Upfront"}
RESERVED_NOTE = "1 year, standard class, no upfront"
SAVINGS = ("ComputeSavingsPlans", "1yr", "No Upfront")  # family, term and payment of the plan
SAVINGS_NOTE = "Compute Savings Plan, 1 year, no upfront"

# Quantities that are free each month have SKUs of their own, with the price 0, in the list of every region.
FREE = {
    ("AWSLambda", "Global-Request"): ("lambda.request", "request"),
    ("AWSLambda", "Global-Lambda-GB-Second"): ("lambda.compute", "GB-s"),
    ("AmazonCloudWatch", "Global-DataProcessing-Bytes"): ("logs", "GB"),
    ("AWSDataTransfer", "Global-DataTransfer-Out-Bytes"): ("transfer", "GB"),
}

# Old lists, and tools that cut attributes, name the place only.
LOCATIONS = {
    "US East (N. Virginia)": "us-east-1", "US East (Ohio)": "us-east-2", "US West (N. California)": "us-west-1",
    "US West (Oregon)": "us-west-2", "Canada (Central)": "ca-central-1", "South America (Sao Paulo)": "sa-east-1",
    "EU (Ireland)": "eu-west-1", "Europe (Ireland)": "eu-west-1", "EU (London)": "eu-west-2", "Europe (London)": "eu-west-2",
    "EU (Paris)": "eu-west-3", "Europe (Paris)": "eu-west-3", "EU (Frankfurt)": "eu-central-1", "Europe (Frankfurt)": "eu-central-1",
    "EU (Stockholm)": "eu-north-1", "Europe (Stockholm)": "eu-north-1", "EU (Milan)": "eu-south-1", "Europe (Milan)": "eu-south-1",
    "Asia Pacific (Hong Kong)": "ap-east-1", "Asia Pacific (Taipei)": "ap-east-2", "Asia Pacific (Tokyo)": "ap-northeast-1",
    "Asia Pacific (Seoul)": "ap-northeast-2", "Asia Pacific (Osaka)": "ap-northeast-3", "Asia Pacific (Singapore)": "ap-southeast-1",
    "Asia Pacific (Sydney)": "ap-southeast-2", "Asia Pacific (Mumbai)": "ap-south-1", "Africa (Cape Town)": "af-south-1",
    "Middle East (Bahrain)": "me-south-1", "China (Beijing)": "cn-north-1", "China (Ningxia)": "cn-northwest-1",
}

SERVICES = sorted({rule.service for rule in RULES})


def rules_for(types):
    """Return the rules of all items by service and usage type, with those of the given types of VMs."""
    machines = [Rule(f"vm.{name}", "hour", "AmazonEC2", f"BoxUsage:{name}", MACHINE, LISTS, is_saved=True, is_reserved=True)
                for name in types]
    return {(rule.service, rule.usage): rule for rule in RULES + machines}


def bare(usage):
    """Return a usage type without the prefix of the region."""
    found = PREFIX.match(usage)
    return usage[found.end():] if found else usage


def unit_of(text):
    """Return a unit of the lists without case and plural."""
    return text.strip().lower().removesuffix("s")

"""What the rows of some real price lists of AWS say: tiers by (region, item), for each file, and the options that it needs. The files
are not in this tree, since their disclaimers and licenses are AWS's and others'."""

LONDON, VIRGINIA, TOKYO = "eu-west-2", "us-east-1", "ap-northeast-1"


def _one(price):
    return [(0, price)]


REAL = {
    "AWSLambda-eu-west-2.csv": ((), {
        (LONDON, "lambda.request.x86_64"): _one(2e-7), (LONDON, "lambda.request.arm64"): _one(2e-7),
        (LONDON, "lambda.compute.x86_64"): [(0, 0.0000166667), (6e9, 0.000015), (15e9, 0.0000133334)],
        (LONDON, "lambda.compute.arm64"): [(0, 0.0000133334), (7.5e9, 0.0000120001), (18.75e9, 0.0000106667)],
        (LONDON, "lambda.provisioned.x86_64"): _one(0.0000048304), (LONDON, "lambda.managed.request"): _one(2e-7)}),
    "AmazonApiGateway-eu-west-2.csv": ((), {
        (LONDON, "gateway.http"): [(0, 0.00000116), (3e8, 0.00000104)],
        (LONDON, "gateway.rest"): [(0, 0.0000035), (333e6, 0.00000333), (1e9, 0.00000283), (2e10, 0.0000018)]}),
    "AWSDataTransfer-eu-west-2.csv": ((), {(LONDON, "transfer"): [(0, 0.09), (10240, 0.085), (51200, 0.07), (153600, 0.05)]}),
    "AWSELB-us-east-1.csv": ((), {(VIRGINIA, "alb"): _one(0.0225), (VIRGINIA, "alb.lcu"): _one(0.008)}),
    "AmazonCloudWatch-ca-central-1.csv": ((), {
        ("ca-central-1", "logs"): _one(0.55), ("ca-central-1", "metric"): [(0, 0.3), (1e4, 0.1), (25e4, 0.05), (1e6, 0.02)],
        ("ap-southeast-1", "logs.vended"): [(0, 0.7), (10240, 0.35), (30720, 0.14), (51200, 0.07)]}),
    "AmazonEC2-us-east-1.json": ((), {(VIRGINIA, "disk"): _one(0.08)}),
    "AmazonVPC-us-east-1.json": ((), {(VIRGINIA, "ipv4"): _one(0.005)}),
    "AmazonEC2-t3.medium-us-east-1.json": ((), {(VIRGINIA, "vm.t3.medium"): _one(0.0416), (VIRGINIA, "vm.t3.medium.reserved"): _one(0.0261)}),
    "AmazonEC2-us-east-2.json": ((), {("us-east-2", "disk"): _one(0.08)}),
    "AmazonEC2-cn-northwest-1.json": ((), {("cn-northwest-1", "disk"): _one(0.5312)}),
    "AWSLambda-ap-northeast-1.json": ((), {(TOKYO, "lambda.request.x86_64"): _one(2e-7)}),
    "AmazonEC2-mcp-ap-northeast-1.json": ((), {(TOKYO, "vm.t3.medium"): _one(0.0544)}),
    "AWSELB-mcp-ap-northeast-1.json": (("--region", TOKYO), {(TOKYO, "alb"): _one(0.0243)}),
    # A list of 2016, with one tier of compute, and with a gigabyte of transfer that is free as the first tier.
    "AWSLambda-us-east-1.json": ((), {
        (VIRGINIA, "lambda.request.x86_64"): _one(2e-7), (VIRGINIA, "lambda.compute.x86_64"): _one(0.0000166667),
        (VIRGINIA, "transfer"): [(0, 0.09), (10239, 0.085), (51199, 0.07), (153599, 0.05)]}),
}

# Files without a price that a bill needs, and words of the reasons.
REFUSED = {
    "AWSELB-mcp-ap-northeast-1.json": ("--region",), "AmazonEC2-ap-northeast-1.csv": ("AmazonEC2",),
    "AWSComputeSavingsPlan-ap-east-2.csv": ("ComputeSavingsPlans",), "AWSComputeSavingsPlan-eu-west-1.json": ("ComputeSavingsPlans",),
    "AWSDatabaseSavingsPlans-ap-south-2.csv": ("DatabaseSavingsPlans",), "AWSComputeSavingsPlan-region_index.json": ("index of regions",),
    "AmazonEC2-version_index.json": ("index of versions",), "comprehend-region_index.json": ("index of regions",),
    "index-aws.json": ("index of services",),
}

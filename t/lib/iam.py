"""Policies of IAM: what a call of the AWS CLI needs, what CloudFormation needs to create and delete a type of resource, and whether a policy
allows it."""

import glob
import json
import os
import re

ACCOUNT, REGION = "123456789012", "eu-central-1"
# Operations whose action has another name.
ACTIONS = {("s3api", "list-objects-v2"): ["s3:ListBucket"], ("s3api", "list-object-versions"): ["s3:ListBucketVersions"], ("s3api", "head-bucket"): ["s3:ListBucket"],
           ("s3api", "delete-objects"): ["s3:DeleteObject", "s3:DeleteObjectVersion"], ("s3", "presign"): ["s3:GetObject"],
           ("deploy", "list-applications"): ["codedeploy:ListApplications"], ("apigateway", "get-rest-apis"): ["apigateway:GET"], ("apigatewayv2", "get-apis"): ["apigateway:GET"]}
# What a handler of CloudFormation may need for properties that our templates do not have.
UNUSED = re.compile("kms:|elasticfilesystem:|s3files:|s3tables:|firehose:|s3:REST|.*(VpnGateway|VpcEncryptionControl|AddressTransfer|PrivateDnsName|PublicIpDnsName"
                    "|Volume$|InstancePlacement|MonitorInstances|ReplaceIamInstance|CreateAssociation|CapacityProvider|RuntimeAlias|Scaling|FunctionConcurrency|ProvisionedConcurrency"
                    "|PutRuntimeManagement|PutFunctionRecursion|GetCodeSigning|LogDelivery|BearerToken|Put\\w*Policy$|DeleteDataProtection|TagDeliveryStream|OnPremises|CreateDeployment$"
                    "|ApplicationRevision|GetDeployment$|UpdateRestApiPolicy|GetObjectVersion|codedeploy:UntagResource)")
NEEDED = re.compile("iam:PutRolePolicy|logs:PutRetentionPolicy")  # of these
BUCKET = re.compile("s3:(Create|Delete|List)Bucket$|.*(Ownership|PublicAccess|PutEncryption|GetEncryption|Tagging|TagResource|TagsForResource)")  # what a bucket needs


def arn(service, rest, region=REGION, account=ACCOUNT):
    return f"arn:aws:{service}:{region}:{account}:{rest}"


def resource_of(service, operation, options):
    """Return the resources that a call is about; "*" where its action knows none."""
    if "stack-name" in options and operation != "describe-stacks":
        name = options["stack-name"]
        return [name if name.startswith("arn:") else arn("cloudformation", f"stack/{name}/1")]
    if service == "s3":
        return [f"arn:aws:s3:::{options['']}"]
    if "bucket" in options:
        return [f"arn:aws:s3:::{options['bucket']}" + (f"/{options['key']}" if "key" in options else "/x" if operation == "delete-objects" else "")]
    if operation == "send-command":
        return [arn("ec2", f"instance/{id}") for id in json.loads(options["instance-ids"])] + [
            arn("ssm", f"document/{options['document-name']}", account=""), *(f"arn:aws:s3:::{options[name]}" for name in ["output-s3-bucket-name"] if name in options)]
    if "function-name" in options:
        return [arn("lambda", f"function:{options['function-name']}" + (f":{options['qualifier']}" if "qualifier" in options else ""))]
    if "log-group-name" in options:
        return [arn("logs", f"log-group:{options['log-group-name']}:*")]
    if service.startswith("apigateway"):
        return [arn("apigateway", "/apis" if service.endswith("v2") else "/restapis", account="")]
    return ["*"]


def rights_of(call):
    """Return the (action, resource) that a command line of the AWS CLI needs."""
    service, operation, *rest = call
    options = {name[2:]: value for name, value in zip(rest, rest[1:]) if name.startswith("--")}
    options[""] = rest[0].removeprefix("s3://") if rest else ""
    names = ACTIONS.get((service, operation)) or [f"{service.replace('s3api', 's3')}:" + "".join(word.capitalize() for word in operation.split("-"))]
    found = [(name, resource) for name in names for resource in resource_of(service, operation, options)]
    if "role-arn" in options:
        found.append(("iam:PassRole", options["role-arn"]))
    if "AWS::Serverless-2016-10-31" in options.get("template-body", ""):
        found.append(("cloudformation:CreateChangeSet", arn("cloudformation", "transform/Serverless-2016-10-31", account="aws")))
    return found


def _as_list(value):
    return value if isinstance(value, list) else [value]


def _matches(pattern, text):
    return re.fullmatch("".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern), text) is not None


def allows(policy, action, resources):
    """Return whether a policy allows an action on any of the resources. It does not read conditions."""
    return any(statement["Effect"] == "Allow"
               and any(_matches(one.lower(), action.lower()) for one in _as_list(statement["Action"]))
               and any(_matches(one, resource) for one in _as_list(statement["Resource"]) for resource in resources)
               for statement in policy["Statement"])


def handler_rights(environment, types, operations):
    """Return the actions that CloudFormation needs for types of resources, by their schemas, without those for properties that we do not
    use."""
    schemas, = glob.glob(os.path.join(environment.directory, "lib", "python*", "site-packages", "cfnlint", "data", "schemas"))
    with open(os.path.join(schemas, "providers", f"{REGION}.json"), encoding="utf-8") as file:
        files = json.load(file)
    found = set()
    for type in types & files.keys():
        with open(os.path.join(schemas, "resources", files[type] + ".json"), encoding="utf-8") as file:
            handlers = json.load(file).get("handlers", {})
        actions = {action for one in operations for action in handlers.get(one, {}).get("permissions", [])}
        found |= {action for action in actions if (BUCKET.match(action) if type == "AWS::S3::Bucket" and action.startswith("s3:") else
                                                   NEEDED.fullmatch(action) or not UNUSED.match(action))}
    return found


def resolve(value, names):
    """Return a part of a template, as JSON, with its references replaced by texts: `names` has those of parameters and resources."""
    if isinstance(value, dict) and len(value) == 1:
        (function, argument), = value.items()
        if function == "Ref":
            return names[argument]
        if function == "Fn::GetAtt":
            return f"arn:aws:any:::{'.'.join(argument) if isinstance(argument, list) else argument}"
        if function == "Fn::Sub":
            return re.sub(r"\$\{([\w:.]+)\}", lambda match: names[match[1]], argument)
    if isinstance(value, dict):
        return {name: resolve(one, names) for name, one in value.items()}
    return [resolve(one, names) for one in value] if isinstance(value, list) else value

# What the scripts that deploy to AWS share; they include it. Each has set `name`, its own for messages, and `bucket`, which
# may be empty. AWS_ENDPOINT_URL selects another AWS endpoint, as in newer versions of the CLI.

die() {
    echo "$name: $*" >&2
    exit 1
}

cloud() {
    aws ${AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"} "$@"
}

# The region of the AWS CLI.
region() {
    echo "${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}"
}

need_cli() {
    command -v aws >/dev/null || die "cannot find the command aws: install awscli"
    [ -n "$(region)" ] || die "no region is set: run 'aws configure', or set AWS_REGION"
}

# Whether the template $1 has the parameter $2.
has_parameter() {
    sed -n '/^Parameters:/,/^[A-Z]/p' "$1" | grep -q -x -F "  $2:"
}

# Refuse an argument that is not PARAMETER=VALUE, or names a parameter that the template $1 does not have: the AWS CLI would ignore it.
need_parameters() {
    template=$1
    shift
    for parameter; do
        case $parameter in
        [A-Z]*=*) ;;
        *) die "'$parameter' is not PARAMETER=VALUE: $template lists the parameters" ;;
        esac
        has_parameter "$template" "${parameter%%=*}" || die "there is no parameter '${parameter%%=*}': $template lists the parameters"
    done
}

# Set the default name of the bucket, and create the bucket if it does not exist.
need_bucket() {
    if [ -z "$bucket" ]; then
        account=$(cloud sts get-caller-identity --query Account --output text) ||
            die "cannot find the AWS account: run 'aws configure', or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        bucket=serverful-$account-$(region)
    fi
    cloud s3api head-bucket --bucket "$bucket" >/dev/null 2>&1 || cloud s3 mb "s3://$bucket" ||
        die "cannot create the bucket $bucket: give one that you may write to with BUCKET=NAME"
}

# Upload the package $1, unless the bucket has it, and print its address. Its name is a checksum of its content, so that the
# template changes when a package changes. (The `aws cloudformation package` of Debian 12 always uploads to Amazon.)
upload() {
    key=$(sha256sum "$1" | cut -c 1-32).${1##*.}
    cloud s3api head-object --bucket "$bucket" --key "$key" >/dev/null 2>&1 ||
        cloud s3 cp --only-show-errors "$1" "s3://$bucket/$key" >&2 || die "cannot store $1 in the bucket $bucket"
    echo "s3://$bucket/$key"
}

# Print what failed lately in the stack $1, with AWS's reasons, if it exists.
print_failures() {
    cloud cloudformation describe-stack-events --stack-name "$1" --no-paginate --output text --query "StackEvents[?contains(ResourceStatus, 'FAILED') &&
        ResourceStatusReason != 'Resource creation cancelled'] | [:5].[LogicalResourceId, ResourceStatusReason]" 2>/dev/null || true
}

# Deploy the template $1 as the stack $2, with what follows as further arguments of the CLI, and print its outputs.
deploy_stack() {
    template=$1
    stack=$2
    shift 2
    cloud cloudformation deploy --template-file "$template" --stack-name "$stack" --no-fail-on-empty-changeset \
        --capabilities CAPABILITY_IAM "$@" || {
        print_failures "$stack" >&2
        die "cannot deploy the stack $stack: 'aws cloudformation describe-stack-events --stack-name $stack' shows all that happened. A new stack that" \
            "failed has the state ROLLBACK_COMPLETE: delete it first, with 'aws cloudformation delete-stack --stack-name $stack'"
    }
    cloud cloudformation describe-stacks --stack-name "$stack" --query 'Stacks[0].Outputs[].[OutputKey,OutputValue]' --output text
}

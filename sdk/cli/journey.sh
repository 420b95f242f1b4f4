#!/usr/bin/env bash
# The AWS command line makes the whole journey of a developer authenticated identity, and manages
# roles, policies, users and keys the way an operator does.
#
# Unmodified `aws`, pointed at the server by AWS_ENDPOINT_URL. AWS names the program to run, DAYPASS
# the one that hands out keys to it. Ends at the first step that does not hold.
#
# Source: AWS CLI command reference, cognito-identity, sts, iam, s3api and s3.
set -euo pipefail

: "${AWS_ENDPOINT_URL:?names the server}" "${AWS_ACCESS_KEY_ID:?}" "${AWS_SECRET_ACCESS_KEY:?}"
aws="${AWS:-aws}" daypass="${DAYPASS:-daypass}"
run=$(printf '%04x%04x' "$RANDOM" "$RANDOM")
provider=login.example.app own_login=cognito-identity.amazonaws.com
bucket="uploads-$run" role="AppUser-$run" backend="backend-$run"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Settings of the file only: the style of addresses, and the version of signatures, because `aws`
# left alone makes S3 links with Signature Version 2, which is retired. One try each, so that
# refusals come at once.
printf '[default]\ns3 =\n    addressing_style = path\n    signature_version = s3v4\n' \
  >"$folder/config"
export AWS_CONFIG_FILE="$folder/config" AWS_MAX_ATTEMPTS=1 AWS_PAGER=''

step() { echo "ok  $*"; }
fail() { echo "FAILED  $*" >&2; exit 1; }
same() { [ "$1" = "$2" ] || fail "$3: got '$1', wanted '$2'"; }
# get QUERY words...: one value of an answer.
get() { local query=$1; shift; "$aws" "$@" --query "$query" --output text; }
quiet() { "$aws" "$@" >"$folder/out" 2>"$folder/err" || { cat "$folder/err" >&2; fail "$*"; }; }

# refused CODE words...: the command is refused with exactly this code.
refused() {
  local code=$1; shift
  if "$aws" "$@" >"$folder/out" 2>&1; then fail "was allowed, wanted $code: $*"; fi
  grep -qF "($code)" "$folder/out" || { cat "$folder/out" >&2; fail "wanted $code: $*"; }
  step "refused with $code: ${1} ${2}"
}

# as ID SECRET [TOKEN] words... -- runs the rest of the words with these keys.
as() {
  local id=$1 secret=$2 token=$3; shift 3
  AWS_ACCESS_KEY_ID=$id AWS_SECRET_ACCESS_KEY=$secret AWS_SESSION_TOKEN=$token "$@"
}

# shellcheck disable=SC2016 # the policy variable is for the server, not for this shell
own_folder() {
  local own='${cognito-identity.amazonaws.com:sub}' arn="arn:aws:s3:::$bucket"
  printf '{"Version":"2012-10-17","Statement":['
  printf '{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject",'
  printf '"s3:AbortMultipartUpload"],"Resource":"%s/%s/*"},' "$arn" "$own"
  printf '{"Effect":"Allow","Action":"s3:ListBucket","Resource":"%s",' "$arn"
  printf '"Condition":{"StringLike":{"s3:prefix":"%s/*"}}}]}' "$own"
}

trust() {
  printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":'
  printf '{"Federated":"%s"},"Action":"sts:AssumeRoleWithWebIdentity",' "$own_login"
  printf '"Condition":{"StringEquals":{"%s:aud":"%s"},' "$own_login" "$1"
  printf '"ForAnyValue:StringLike":{"%s:amr":"authenticated"}}}]}' "$own_login"
}

allow() {
  printf '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"%s",' "$1"
  printf '"Resource":"%s"}]}' "$2"
}

set_up() {
  account=$(get Account sts get-caller-identity)
  quiet s3api create-bucket --bucket "$bucket"
  pool=$(get IdentityPoolId cognito-identity create-identity-pool \
    --identity-pool-name "journey $run" --no-allow-unauthenticated-identities \
    --developer-provider-name "$provider")
  role_arn=$(get Role.Arn iam create-role --role-name "$role" \
    --assume-role-policy-document "$(trust "$pool")")
  quiet iam put-role-policy --role-name "$role" --policy-name own-folder \
    --policy-document "$(own_folder)"
  quiet cognito-identity set-identity-pool-roles --identity-pool-id "$pool" \
    --roles "authenticated=$role_arn"
  same "$(get Roles.authenticated cognito-identity get-identity-pool-roles \
    --identity-pool-id "$pool")" "$role_arn" "the pool's role"
  step "pool $pool with role $role_arn"

  quiet iam create-user --user-name "$backend"
  quiet iam put-user-policy --user-name "$backend" --policy-name mint --policy-document \
    "$(allow cognito-identity:GetOpenIdTokenForDeveloperIdentity \
      "arn:aws:cognito-identity:us-east-1:$account:identitypool/$pool")"
  read -r backend_id backend_secret < <(get 'AccessKey.[AccessKeyId,SecretAccessKey]' \
    iam create-access-key --user-name "$backend")
  step "backend user $backend with key $backend_id"
}

mint() {
  as "$backend_id" "$backend_secret" '' get '[IdentityId,Token]' \
    cognito-identity get-open-id-token-for-developer-identity --identity-pool-id "$pool" \
    --logins "$provider=$1" --token-duration 900
}

mint_tokens() {
  read -r ana token < <(mint user-ana)
  read -r ben _ < <(mint user-ben)
  read -r again _ < <(mint user-ana)
  same "$again" "$ana" "the identity of a known user"
  [ "$ana" != "$ben" ] || fail "two users are two identities"
  step "tokens for $ana and $ben"
  as "$backend_id" "$backend_secret" '' refused AccessDeniedException \
    cognito-identity describe-identity-pool --identity-pool-id "$pool"
  as "$backend_id" "wrong${backend_secret:5}" '' refused InvalidSignatureException \
    cognito-identity list-identity-pools --max-results 1
  as "$backend_id" "wrong${backend_secret:5}" '' refused SignatureDoesNotMatch \
    sts get-caller-identity
}

enhanced_flow() {
  read -r id secret session < <(get 'Credentials.[AccessKeyId,SecretKey,SessionToken]' \
    cognito-identity get-credentials-for-identity --identity-id "$ana" \
    --logins "$own_login=$token")
  same "$(as "$id" "$secret" "$session" get Arn sts get-caller-identity)" \
    "arn:aws:sts::$account:assumed-role/$role/CognitoIdentityCredentials" "the caller"
  step "enhanced flow"
  refused NotAuthorizedException cognito-identity get-credentials-for-identity \
    --identity-id "$ben" --logins "$own_login=$token"
}

basic_flow() {
  read -r id secret session < <(get 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' \
    sts assume-role-with-web-identity --role-arn "$role_arn" --role-session-name web \
    --web-identity-token "$token")
  same "$(as "$id" "$secret" "$session" get Arn sts get-caller-identity)" \
    "arn:aws:sts::$account:assumed-role/$role/web" "the caller"
  step "basic flow"
}

reach_objects() {
  local own="s3://$bucket/$ana" foreign="s3://$bucket/$ben"
  printf hello >"$folder/hello.txt"
  head -c 17000000 /dev/urandom >"$folder/large.bin"
  quiet s3 cp "$folder/hello.txt" "$own/hello world+1.txt"
  same "$("$aws" s3 cp "$own/hello world+1.txt" -)" hello "the object"
  quiet s3 cp "$folder/large.bin" "$own/large.bin"
  quiet s3 cp "$own/large.bin" "$folder/back.bin"
  cmp "$folder/large.bin" "$folder/back.bin" || fail "an object of several parts came back altered"
  same "$("$aws" s3 ls "$own/" | wc -l)" 2 "the listing of the own folder"
  step "copy there and back, in one piece and in parts, and list, in the own folder"

  refused AccessDenied s3 cp "$folder/hello.txt" "$foreign/hello.txt"
  refused AccessDenied s3api get-object --bucket "$bucket" --key "$ben/hello.txt" "$folder/no"
  refused AccessDenied s3 ls "$foreign/"
  refused AccessDenied s3 ls "s3://$bucket"
  AWS_SECRET_ACCESS_KEY="wrong${AWS_SECRET_ACCESS_KEY:5}" refused SignatureDoesNotMatch \
    s3api get-object --bucket "$bucket" --key "$ana/hello.txt" "$folder/no"

  same "$(fetch "$("$aws" s3 presign "$own/hello world+1.txt" --expires-in 60)")" "200 hello" \
    "a presigned link"
  same "$(fetch "$("$aws" s3 presign "$foreign/hello.txt" --expires-in 60)" | cut -c1-3)" 403 \
    "a presigned link to another's folder"
  step "presigned links"
  quiet s3 rm --recursive "$own/"
  # `aws` joins the pages of a listing and then leaves their counts out.
  same "$(get KeyCount s3api list-objects-v2 --no-paginate --bucket "$bucket" \
    --prefix "$ana/")" 0 "what is left in the folder"
  step "delete"
}

# A profile whose keys `daypass credentials` hands out, written as docs/guide/cli.md writes it.
process_credentials() {
  local command="$daypass credentials --profile backend --pool $pool --user user-ana"
  printf '[backend]\naws_access_key_id = %s\naws_secret_access_key = %s\n' \
    "$backend_id" "$backend_secret" >"$folder/credentials"
  printf '[profile ana]\nregion = us-east-1\ncredential_process = %s --provider %s\n' \
    "$command" "$provider" >>"$folder/config"
  for time in first again; do
    same "$(AWS_SHARED_CREDENTIALS_FILE="$folder/credentials" XDG_CACHE_HOME="$folder/cache" \
      get Arn sts get-caller-identity --profile ana)" \
      "arn:aws:sts::$account:assumed-role/$role/CognitoIdentityCredentials" "the caller, $time"
  done
  step "a profile with daypass credentials"
}

# Status and text of a link, for someone without keys.
fetch() {
  "${PYTHON:-python3}" - "$1" <<'PYTHON'
import sys, urllib.error, urllib.request
try:
    answer = urllib.request.urlopen(sys.argv[1], timeout=10)
except urllib.error.HTTPError as error:
    answer = error
print(answer.getcode(), answer.read().decode())
PYTHON
}

# What an operator, or a tool for infrastructure as code, does with roles and policies.
manage_roles() {
  local name="Operator-$run" policy
  quiet iam create-role --role-name "$name" --path /team/ --description first \
    --assume-role-policy-document "$(trust "$pool")"
  same "$(get Role.Arn iam get-role --role-name "$name")" \
    "arn:aws:iam::$account:role/team/$name" "the role's ARN"
  refused EntityAlreadyExists iam create-role --role-name "$name" \
    --assume-role-policy-document "$(trust "$pool")"
  refused MalformedPolicyDocument iam put-role-policy --role-name "$name" --policy-name bad \
    --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Maybe"}]}'
  quiet iam update-assume-role-policy --role-name "$name" --policy-document "$(trust "$pool")"
  quiet iam put-role-policy --role-name "$name" --policy-name inline \
    --policy-document "$(allow 's3:*' '*')"
  same "$(get 'PolicyNames[]' iam list-role-policies --role-name "$name")" inline "inline policies"
  same "$(get 'PolicyDocument.Statement[0].Action' iam get-role-policy --role-name "$name" \
    --policy-name inline)" 's3:*' "the inline policy"

  policy=$(get Policy.Arn iam create-policy --policy-name "Read-$run" \
    --policy-document "$(allow s3:GetObject '*')")
  same "$(get Policy.DefaultVersionId iam get-policy --policy-arn "$policy")" v1 "first version"
  same "$(get 'PolicyVersion.Document.Statement[0].Action' iam get-policy-version \
    --policy-arn "$policy" --version-id v1)" s3:GetObject "the managed policy"
  quiet iam attach-role-policy --role-name "$name" --policy-arn "$policy"
  same "$(get 'AttachedPolicies[].PolicyArn' iam list-attached-role-policies \
    --role-name "$name")" "$policy" "attached policies"
  refused DeleteConflict iam delete-policy --policy-arn "$policy"
  refused DeleteConflict iam delete-role --role-name "$name"
  quiet iam detach-role-policy --role-name "$name" --policy-arn "$policy"
  quiet iam delete-policy --policy-arn "$policy"
  quiet iam delete-role-policy --role-name "$name" --policy-name inline
  quiet iam delete-role --role-name "$name"
  refused NoSuchEntity iam get-role --role-name "$name"
  step "roles and policies"
}

manage_users() {
  same "$(get User.Arn iam get-user --user-name "$backend")" \
    "arn:aws:iam::$account:user/$backend" "the user's ARN"
  same "$(get 'AccessKeyMetadata[].AccessKeyId' iam list-access-keys --user-name "$backend")" \
    "$backend_id" "the user's keys"
  quiet iam update-access-key --user-name "$backend" --access-key-id "$backend_id" \
    --status Inactive
  as "$backend_id" "$backend_secret" '' refused InvalidClientTokenId sts get-caller-identity
  refused DeleteConflict iam delete-user --user-name "$backend"
  quiet iam delete-access-key --user-name "$backend" --access-key-id "$backend_id"
  quiet iam delete-user-policy --user-name "$backend" --policy-name mint
  quiet iam delete-user --user-name "$backend"
  refused NoSuchEntity iam get-user --user-name "$backend"
  step "users and access keys"
}

set_up
mint_tokens
enhanced_flow
as "$id" "$secret" "$session" reach_objects
basic_flow
as "$id" "$secret" "$session" reach_objects
process_credentials
manage_roles
manage_users
quiet s3api delete-bucket --bucket "$bucket"
quiet cognito-identity delete-identity-pool --identity-pool-id "$pool"
refused ResourceNotFoundException cognito-identity describe-identity-pool \
  --identity-pool-id "$pool"
echo "the journey holds with the command line at $AWS_ENDPOINT_URL"

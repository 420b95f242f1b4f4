"""boto3 makes the whole journey of a developer authenticated identity.

An operator sets up a pool, a role and a bucket; a backend that may do one thing asks for tokens; a
client turns its token into credentials and reaches its own folder and no other. Unmodified boto3,
pointed at the server by AWS_ENDPOINT_URL. Leaves with an error at the first step that does not hold.

Source: Cognito identity API reference; IAM policy variables; S3 per-user folder policies.
"""

import io
import json
import os
import secrets
import sys
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

PROVIDER = "login.example.app"
OWN_LOGIN = "cognito-identity.amazonaws.com"
PART_BYTES = 5 * 1024 * 1024
RUN = secrets.token_hex(4)
BUCKET, ROLE, BACKEND = f"uploads-{RUN}", f"AppUser-{RUN}", f"backend-{RUN}"
STYLE = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
# Left alone, boto3 makes S3 links with Signature Version 2, which is retired.
LINKS = STYLE.merge(Config(signature_version="s3v4"))


def step(said):
    print(f"ok  {said}", flush=True)


def same(got, wanted, what):
    if got != wanted:
        sys.exit(f"FAILED  {what}: got {got!r}, wanted {wanted!r}")


def refused(code, what, call):
    """The call is refused with exactly this code."""
    try:
        call()
    except ClientError as error:
        same(error.response["Error"]["Code"], code, what)
        step(f"refused with {code}: {what}")
        return
    sys.exit(f"FAILED  {what}: was allowed, wanted {code}")


def client(service, keys=None):
    """A client with the given keys; the root's, from the environment, without."""
    return boto3.client(service, config=STYLE, **(keys or {}))


def public(service):
    """A client that signs nothing, as in a browser or on a device."""
    return boto3.client(service, config=STYLE.merge(Config(signature_version=UNSIGNED)))


def session_keys(credentials, secret="SecretAccessKey"):
    return {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials[secret],
        "aws_session_token": credentials["SessionToken"],
    }


def allow(action, resource, condition=None):
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def trust(pool):
    return document({
        "Effect": "Allow",
        "Principal": {"Federated": OWN_LOGIN},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{OWN_LOGIN}:aud": pool},
            "ForAnyValue:StringLike": {f"{OWN_LOGIN}:amr": "authenticated"},
        },
    })


def own_folder():
    """Every user reads and writes the folder named by the own identity id, and nothing else."""
    own = "${cognito-identity.amazonaws.com:sub}"
    objects = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
    return document(
        allow(objects, f"arn:aws:s3:::{BUCKET}/{own}/*"),
        allow("s3:ListBucket", f"arn:aws:s3:::{BUCKET}",
              {"StringLike": {"s3:prefix": f"{own}/*"}}),
    )


def set_up():
    """As root: the pool, its role, the bucket, and a backend user that may only mint tokens."""
    account = client("sts").get_caller_identity()["Account"]
    client("s3").create_bucket(Bucket=BUCKET)
    cognito, iam = client("cognito-identity"), client("iam")
    pool = cognito.create_identity_pool(
        IdentityPoolName=f"journey {RUN}",
        AllowUnauthenticatedIdentities=False,
        DeveloperProviderName=PROVIDER,
    )["IdentityPoolId"]
    role = iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=trust(pool))["Role"]["Arn"]
    iam.put_role_policy(RoleName=ROLE, PolicyName="own-folder", PolicyDocument=own_folder())
    cognito.set_identity_pool_roles(IdentityPoolId=pool, Roles={"authenticated": role})
    roles = cognito.get_identity_pool_roles(IdentityPoolId=pool)["Roles"]
    same(roles, {"authenticated": role}, "the pool's roles")
    step(f"pool {pool} with role {role}")

    iam.create_user(UserName=BACKEND)
    mint = allow("cognito-identity:GetOpenIdTokenForDeveloperIdentity",
                 f"arn:aws:cognito-identity:us-east-1:{account}:identitypool/{pool}")
    iam.put_user_policy(UserName=BACKEND, PolicyName="mint", PolicyDocument=document(mint))
    key = iam.create_access_key(UserName=BACKEND)["AccessKey"]
    step(f"backend user {BACKEND} with key {key['AccessKeyId']}")
    return account, pool, role, key


def mint_tokens(pool, key):
    """As the backend: one token for each of two users, and nothing beyond that."""
    keys = {"aws_access_key_id": key["AccessKeyId"],
            "aws_secret_access_key": key["SecretAccessKey"]}
    backend = client("cognito-identity", keys)

    def token(user):
        answer = backend.get_open_id_token_for_developer_identity(
            IdentityPoolId=pool, Logins={PROVIDER: user}, TokenDuration=900)
        return answer["IdentityId"], answer["Token"]

    ana, ben = token("user-ana"), token("user-ben")
    same(token("user-ana")[0], ana[0], "the identity of a known user")
    same(ana[0] != ben[0], True, "two users are two identities")
    step(f"tokens for {ana[0]} and {ben[0]}")
    refused("AccessDeniedException", "the backend describes the pool",
            lambda: backend.describe_identity_pool(IdentityPoolId=pool))
    refused("AccessDenied", "the backend writes to the bucket",
            lambda: client("s3", keys).put_object(Bucket=BUCKET, Key="x", Body=b"x"))
    wrong = keys | {"aws_secret_access_key": "wrong" + key["SecretAccessKey"][5:]}
    refused("InvalidSignatureException", "the backend with a wrong secret",
            lambda: client("cognito-identity", wrong).list_identity_pools(MaxResults=1))
    refused("SignatureDoesNotMatch", "STS with a wrong secret",
            lambda: client("sts", wrong).get_caller_identity())
    return ana, ben


def enhanced_flow(account, ana, ben):
    """As the client: credentials for the own token, and not for another's identity."""
    cognito = public("cognito-identity")
    (identity, token), (other, _) = ana, ben
    answer = cognito.get_credentials_for_identity(
        IdentityId=identity, Logins={OWN_LOGIN: token})
    same(answer["IdentityId"], identity, "the identity of the credentials")
    keys = session_keys(answer["Credentials"], "SecretKey")
    who = client("sts", keys).get_caller_identity()["Arn"]
    same(who, f"arn:aws:sts::{account}:assumed-role/{ROLE}/CognitoIdentityCredentials", "the caller")
    step(f"enhanced flow: {who}")
    refused("NotAuthorizedException", "a token of another identity",
            lambda: cognito.get_credentials_for_identity(
                IdentityId=other, Logins={OWN_LOGIN: token}))
    return keys


def basic_flow(account, pool, role, ana):
    """As the client, straight at STS with the same token."""
    answer = public("sts").assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="web", WebIdentityToken=ana[1])
    same(answer["Provider"], OWN_LOGIN, "the provider")
    same(answer["Audience"], pool, "the audience")
    same(answer["SubjectFromWebIdentityToken"], ana[0], "the subject")
    keys = session_keys(answer["Credentials"])
    who = client("sts", keys).get_caller_identity()["Arn"]
    same(who, f"arn:aws:sts::{account}:assumed-role/{ROLE}/web", "the caller")
    step(f"basic flow: {who}")
    return keys


def reach_objects(keys, own, other):
    """The own folder takes everything a client does; another's takes nothing."""
    s3 = client("s3", keys)
    key, foreign = f"{own}/hello world+1.txt", f"{other}/hello.txt"
    s3.put_object(Bucket=BUCKET, Key=key, Body=b"hello", ContentType="text/plain")
    got = s3.get_object(Bucket=BUCKET, Key=key)
    same((got["Body"].read(), got["ContentType"]), (b"hello", "text/plain"), "the object")
    part = s3.get_object(Bucket=BUCKET, Key=key, Range="bytes=1-3")
    same(part["Body"].read(), b"ell", "a range of the object")
    same(s3.head_object(Bucket=BUCKET, Key=key)["ContentLength"], 5, "the object's length")
    listed = s3.list_objects_v2(Bucket=BUCKET, Prefix=f"{own}/")["Contents"]
    same([item["Key"] for item in listed], [key], "the listing of the own folder")
    step("put, get, range, head and list in the own folder")

    refused("AccessDenied", "put to another's folder",
            lambda: s3.put_object(Bucket=BUCKET, Key=foreign, Body=b"x"))
    refused("AccessDenied", "get from another's folder",
            lambda: s3.get_object(Bucket=BUCKET, Key=foreign))
    refused("403", "head in another's folder",
            lambda: s3.head_object(Bucket=BUCKET, Key=foreign))
    refused("AccessDenied", "list another's folder",
            lambda: s3.list_objects_v2(Bucket=BUCKET, Prefix=f"{other}/"))
    refused("AccessDenied", "list the whole bucket",
            lambda: s3.list_objects_v2(Bucket=BUCKET))
    refused("AccessDenied", "copy from the own to another's folder",
            lambda: s3.copy_object(Bucket=BUCKET, Key=foreign,
                                   CopySource={"Bucket": BUCKET, "Key": key}))
    wrong = keys | {"aws_secret_access_key": "wrong" + keys["aws_secret_access_key"][5:]}
    refused("SignatureDoesNotMatch", "S3 with a wrong secret",
            lambda: client("s3", wrong).get_object(Bucket=BUCKET, Key=key))
    presign(keys, key, foreign)
    upload_in_parts(s3, f"{own}/large.bin")
    clean_folder(s3, own, key)


def presign(keys, key, foreign):
    """A link that needs no keys, good for one object only."""
    def link(target, config=LINKS):
        s3 = boto3.client("s3", config=config, **keys)
        return s3.generate_presigned_url(
            "get_object", Params={"Bucket": BUCKET, "Key": target}, ExpiresIn=60)

    def fetch(url):
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, b""

    same(fetch(link(key)), (200, b"hello"), "a presigned link")
    same(fetch(link(foreign))[0], 403, "a presigned link to another's folder")
    same(fetch(link(key).replace("hello", "hallo"))[0], 403, "a presigned link that was altered")
    retired = link(key, STYLE.merge(Config(signature_version="s3")))
    same(fetch(retired)[0], 400, "a presigned link of Signature Version 2")
    step("presigned links")


def upload_in_parts(s3, key):
    """boto3's own transfer manager splits, signs and joins; the bytes come back whole."""
    content = secrets.token_bytes(1024) * (2 * PART_BYTES // 1024) + b"the end"
    parts = TransferConfig(multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES)
    s3.upload_fileobj(io.BytesIO(content), BUCKET, key, Config=parts)
    got = s3.get_object(Bucket=BUCKET, Key=key)
    same(got["Body"].read() == content, True, "the object of three parts")
    same(got["ETag"].rstrip('"').endswith("-3"), True, "the tag of an object of three parts")
    started = s3.create_multipart_upload(Bucket=BUCKET, Key=key + ".part")["UploadId"]
    s3.abort_multipart_upload(Bucket=BUCKET, Key=key + ".part", UploadId=started)
    step("an upload in three parts, and one given up")


def clean_folder(s3, own, key):
    s3.delete_object(Bucket=BUCKET, Key=key)
    gone = s3.delete_objects(
        Bucket=BUCKET, Delete={"Objects": [{"Key": f"{own}/large.bin"}]})
    same([item["Key"] for item in gone["Deleted"]], [f"{own}/large.bin"], "the deleted keys")
    left = s3.list_objects_v2(Bucket=BUCKET, Prefix=f"{own}/")
    same(left["KeyCount"], 0, "what is left in the folder")
    step("delete one, delete many")


def main():
    account, pool, role, key = set_up()
    ana, ben = mint_tokens(pool, key)
    reach_objects(enhanced_flow(account, ana, ben), ana[0], ben[0])
    reach_objects(basic_flow(account, pool, role, ana), ana[0], ben[0])
    client("s3").delete_bucket(Bucket=BUCKET)
    client("cognito-identity").delete_identity_pool(IdentityPoolId=pool)
    refused("ResourceNotFoundException", "a pool that was deleted",
            lambda: client("cognito-identity").describe_identity_pool(IdentityPoolId=pool))
    print(f"the journey holds at {os.environ['AWS_ENDPOINT_URL']}")


if __name__ == "__main__":
    main()

"""Every member of every answer: no member that the model does not have, none of another type.

One story calls each operation so that, taken together, each member of each output is answered at
least once; a member that never is counts as a difference.
"""

import json
import secrets

import boto3
from botocore.credentials import Credentials

PROVIDER = "login.example.app"
# Whatever else is modelled is a number.
TYPES = {
    "string": str,
    "boolean": bool,
    "list": list,
    "map": dict,
    "structure": dict,
}


class Story:
    """Calls operations and holds each answer to the output that is modelled for it."""

    def __init__(self, model, wire, found):
        self.model = model
        self.wire = wire
        self.found = found
        self.seen = set()
        self.asked = 0

    def call(self, name, keys=True, **members):
        operation = self.model.operation_model(name)
        prefix = self.model.metadata["targetPrefix"]
        signed = operation.auth_type != "none" and keys
        answer = self.wire.send(f"{prefix}.{name}", members, signed)
        self.asked += 1
        if answer.status != 200:
            self.found(name, "-", "refused", f"{members}\n    {answer}")
            return {}
        self.seen.add((name, "-"))
        if operation.output_shape is None:
            if answer.members:
                self.found(name, "-", "answers something", answer)
        else:
            self.check(name, operation.output_shape, answer.members, "")
        return answer.members

    def check(self, name, shape, value, place):
        if place:
            self.seen.add((name, place))
        kind = shape.type_name
        wanted = TYPES.get(kind, (int, float))
        if not isinstance(value, wanted) or (isinstance(value, bool) and kind != "boolean"):
            self.found(name, place, f"is no {kind}", repr(value))
        elif kind == "structure":
            for member, inner in value.items():
                label = (place + "." + member).lstrip(".")
                if member in shape.members:
                    self.check(name, shape.members[member], inner, label)
                else:
                    self.found(name, label, "answered and not modelled", repr(inner))
            for member in set(shape.required_members) - set(value):
                self.found(name, (place + "." + member).lstrip("."), "required, absent", value)
        elif kind == "list":
            for inner in value:
                self.check(name, shape.member, inner, place + ".item")
        elif kind == "map":
            for key, inner in value.items():
                self.check(name, shape.key, key, place + ".key")
                self.check(name, shape.value, inner, place + ".value")
        elif kind == "string" and shape.enum and value not in shape.enum:
            self.found(name, place, "is none of the words", value)

    def finish(self):
        """Each operation must have succeeded, and each member of its output been answered."""
        for name in self.model.operation_names:
            output = self.model.operation_model(name).output_shape
            for place in ["-", *(_places(output, "") if output else [])]:
                if (name, place) not in self.seen:
                    self.found(name, place, "never answered", "")


def _places(shape, place):
    if place:
        yield place
    if shape.type_name == "structure":
        for member, inner in shape.members.items():
            yield from _places(inner, (place + "." + member).lstrip("."))
    elif shape.type_name == "list":
        yield from _places(shape.member, place + ".item")
    elif shape.type_name == "map":
        yield from _places(shape.key, place + ".key")
        yield from _places(shape.value, place + ".value")


def compare(model, wire, found):
    """The whole story; returns how many calls it took."""
    story = Story(model, wire, found)
    account = boto3.client("sts").get_caller_identity()["Account"]
    pool = pools(story, account)
    identities(story, pool)
    tags(story, pool, account)
    endings(story, pool, account)
    story.finish()
    return story.asked


def role_for(pool, account):
    """A role that users and guests of the pool may take."""
    iam = boto3.client("iam")
    name = "AppUser-" + secrets.token_hex(4)
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Federated": "cognito-identity.amazonaws.com"},
            "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
            "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": pool}},
        },
    }
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    return f"arn:aws:iam::{account}:role/{name}"


def pools(story, account):
    """Pools, their settings and their roles; the id of one that has everything."""
    settings = {
        "IdentityPoolName": "everything",
        "AllowUnauthenticatedIdentities": True,
        "AllowClassicFlow": True,
        "SupportedLoginProviders": {"www.amazon.com": "amzn1.application-1"},
        "DeveloperProviderName": PROVIDER,
        "OpenIdConnectProviderARNs": [f"arn:aws:iam::{account}:oidc-provider/id.example.app"],
        "SamlProviderARNs": [f"arn:aws:iam::{account}:saml-provider/Corporate"],
        "CognitoIdentityProviders": [
            {
                "ProviderName": "cognito-idp.us-east-1.amazonaws.com/us-east-1_aaaaaaaaa",
                "ClientId": "7lhlkkfbfb4q5kpp90urffao",
                "ServerSideTokenCheck": True,
            }
        ],
        "IdentityPoolTags": {"stage": "test"},
    }
    story.call("CreateIdentityPool", IdentityPoolName="plain", AllowUnauthenticatedIdentities=False)
    pool = story.call("CreateIdentityPool", **settings)["IdentityPoolId"]
    story.call("UpdateIdentityPool", IdentityPoolId=pool, **settings)
    story.call("DescribeIdentityPool", IdentityPoolId=pool)
    page = story.call("ListIdentityPools", MaxResults=1)
    story.call("ListIdentityPools", MaxResults=60, NextToken=page["NextToken"])
    role = role_for(pool, account)
    roles = {"authenticated": role, "unauthenticated": role}
    rule = {"Claim": "group", "MatchType": "Equals", "Value": "staff", "RoleARN": role}
    mapping = {
        "Type": "Rules",
        "AmbiguousRoleResolution": "Deny",
        "RulesConfiguration": {"Rules": [rule]},
    }
    # The basic flow, later on, is closed to pools with mappings.
    for more in ({}, {"RoleMappings": {"www.amazon.com": mapping}}, {}):
        story.call("SetIdentityPoolRoles", IdentityPoolId=pool, Roles=roles, **more)
        story.call("GetIdentityPoolRoles", IdentityPoolId=pool)
    return pool


def identities(story, pool):
    """Guests and users, and what happens to them."""
    guest = story.call("GetId", IdentityPoolId=pool)["IdentityId"]
    story.call("GetOpenIdToken", IdentityId=guest)
    story.call("GetCredentialsForIdentity", IdentityId=guest)

    def mint(user, **more):
        return story.call(
            "GetOpenIdTokenForDeveloperIdentity",
            IdentityPoolId=pool,
            Logins={PROVIDER: user},
            **more,
        )["IdentityId"]

    one = mint("user-1", PrincipalTags={"team": "blue"}, TokenDuration=900)
    mint("user-2")
    mint("user-3", IdentityId=one)
    story.call("DescribeIdentity", IdentityId=one)
    page = story.call("ListIdentities", IdentityPoolId=pool, MaxResults=1)
    story.call("ListIdentities", IdentityPoolId=pool, MaxResults=60, NextToken=page["NextToken"])
    page = story.call("LookupDeveloperIdentity", IdentityPoolId=pool, IdentityId=one, MaxResults=1)
    story.call(
        "LookupDeveloperIdentity",
        IdentityPoolId=pool,
        IdentityId=one,
        NextToken=page["NextToken"],
    )
    story.call(
        "MergeDeveloperIdentities",
        IdentityPoolId=pool,
        DeveloperProviderName=PROVIDER,
        SourceUserIdentifier="user-2",
        DestinationUserIdentifier="user-1",
    )
    story.call(
        "UnlinkDeveloperIdentity",
        IdentityPoolId=pool,
        IdentityId=one,
        DeveloperProviderName=PROVIDER,
        DeveloperUserIdentifier="user-3",
    )


def tags(story, pool, account):
    """Tags of the pool and tags of its sessions."""
    arn = f"arn:aws:cognito-identity:us-east-1:{account}:identitypool/{pool}"
    story.call("TagResource", ResourceArn=arn, Tags={"owner": "ann"})
    story.call("ListTagsForResource", ResourceArn=arn)
    story.call("UntagResource", ResourceArn=arn, TagKeys=["owner"])
    named = {"IdentityPoolId": pool, "IdentityProviderName": "www.amazon.com"}
    story.call(
        "SetPrincipalTagAttributeMap",
        **named,
        UseDefaults=False,
        PrincipalTags={"team": "custom:team"},
    )
    story.call("GetPrincipalTagAttributeMap", **named)


def keys_for(pool, account):
    """Keys of a user who may delete the identities of this pool and of no other."""
    iam = boto3.client("iam")
    name = "janitor-" + secrets.token_hex(4)
    arn = f"arn:aws:cognito-identity:us-east-1:{account}:identitypool/{pool}"
    policy = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Action": "cognito-identity:DeleteIdentities",
            "Resource": "*",
            "Condition": {"StringEquals": {"cognito-identity:IdentityPoolArn": arn}},
        },
    }
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(policy))
    made = iam.create_access_key(UserName=name)["AccessKey"]
    return Credentials(made["AccessKeyId"], made["SecretAccessKey"])


def endings(story, pool, account):
    """What is deleted; an identity of a pool that the caller may not touch is given back."""
    guest = story.call("GetId", IdentityPoolId=pool)["IdentityId"]
    settings = {"IdentityPoolName": "other", "AllowUnauthenticatedIdentities": True}
    other = story.call("CreateIdentityPool", **settings)["IdentityPoolId"]
    theirs = story.call("GetId", IdentityPoolId=other)["IdentityId"]
    keys = keys_for(pool, account)
    story.call("DeleteIdentities", keys=keys, IdentityIdsToDelete=[guest, theirs])
    story.call("DeleteIdentityPool", IdentityPoolId=pool)

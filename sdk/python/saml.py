"""A SAML provider made with pysaml2 vouches for users, and boto3 turns its word into credentials.

The provider is an independent library with keys of its own: its metadata is uploaded through IAM, its
signed responses are handed over as logins. They hold in the enhanced flow and at STS; changed, late,
misdirected and unsigned ones do not. Leaves with an error at the first step that does not hold.

Source: SAML 2.0 profiles, section 4.1; Cognito developer guide, *SAML identity providers*.
"""

import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.authn_context import PASSWORD
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server

PLACE = os.environ["AWS_ENDPOINT_URL"].rstrip("/") + "/saml"
AUDIENCE = "urn:amazon:webservices"
ENTITY = "https://idp.example.com/metadata"
ROLE_ATTRIBUTE = "https://aws.amazon.com/SAML/Attributes/Role"
PLAIN = Config(retries={"total_max_attempts": 1})


def step(said):
    print(f"ok  {said}", flush=True)


def same(got, wanted, what):
    if got != wanted:
        sys.exit(f"FAILED  {what}: got {got!r}, wanted {wanted!r}")


def refused(code, message, what, call):
    """The call is refused with this code and message."""
    try:
        call()
    except ClientError as error:
        same(error.response["Error"]["Code"], code, what)
        if message:
            same(error.response["Error"]["Message"], message, what)
        step(f"refused with {code}: {what}")
        return
    sys.exit(f"FAILED  {what}: was allowed, wanted {code}")


def provider(folder):
    """An identity provider of pysaml2 with a fresh key, which knows daypass as its service."""
    key, certificate = folder / "idp.key", folder / "idp.crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=idp",
         "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    service = folder / "service.xml"
    service.write_text(
        '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" '
        f'entityID="{AUDIENCE}"><md:SPSSODescriptor AuthnRequestsSigned="false" '
        'WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        f'<md:AssertionConsumerService Binding="{BINDING_HTTP_POST}" Location="{PLACE}" index="1"/>'
        "</md:SPSSODescriptor></md:EntityDescriptor>")
    config = IdPConfig()
    config.load({
        "entityid": ENTITY,
        "xmlsec_binary": shutil.which("xmlsec1"),
        "key_file": str(key),
        "cert_file": str(certificate),
        "metadata": {"local": [str(service)]},
        "service": {"idp": {
            "endpoints": {"single_sign_on_service": [
                ("https://idp.example.com/sso", BINDING_HTTP_REDIRECT)]},
            "policy": {"default": {
                "lifetime": {"minutes": 5},
                "attribute_restrictions": None,
                "name_form": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"}},
        }},
    })
    return Server(config=config), str(entity_descriptor(config))


class Users:
    """The provider's users, and its word for them."""

    def __init__(self, idp):
        self.idp = idp

    def response(self, name, attributes=None, destination=PLACE, **how):
        """A response for one user, in base64: the assertion signed, unless `how` says otherwise."""
        how = {"sign_assertion": True, "sign_response": False} | how
        text = self.idp.create_authn_response(
            identity=attributes or {}, in_response_to=None, destination=destination,
            sp_entity_id=AUDIENCE, authn={"class_ref": PASSWORD, "authn_auth": ENTITY},
            name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=name),
            sign_alg="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            digest_alg="http://www.w3.org/2001/04/xmlenc#sha256", **how)
        return str(text)


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def main():
    iam, cognito = boto3.client("iam", config=PLAIN), boto3.client("cognito-identity", config=PLAIN)
    unsigned = PLAIN.merge(Config(signature_version=UNSIGNED))
    public = boto3.client("cognito-identity", config=unsigned)
    account = boto3.client("sts", config=PLAIN).get_caller_identity()["Account"]
    with tempfile.TemporaryDirectory() as folder:
        idp, metadata = provider(pathlib.Path(folder))
        users = Users(idp)
        arn = iam.create_saml_provider(Name="corporate", SAMLMetadataDocument=metadata)["SAMLProviderArn"]
        same(iam.get_saml_provider(SAMLProviderArn=arn)["SAMLMetadataDocument"], metadata, "metadata")
        step("the metadata of pysaml2 makes a provider")
        journey(iam, cognito, public, account, arn, users)
        by_role(iam, unsigned, account, arn, users)


def journey(iam, cognito, public, account, arn, users):
    pool = cognito.create_identity_pool(
        IdentityPoolName="saml", AllowUnauthenticatedIdentities=False, SamlProviderARNs=[arn])
    pool = pool["IdentityPoolId"]
    trust = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {"cognito-identity.amazonaws.com:aud": pool},
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": arn}}}]}
    role = iam.create_role(RoleName="saml-user", AssumeRolePolicyDocument=json.dumps(trust))
    role = role["Role"]["Arn"]
    cognito.set_identity_pool_roles(IdentityPoolId=pool, Roles={"authenticated": role})

    def logins(text):
        return {arn: encoded(text)}

    def identity(text):
        return public.get_id(IdentityPoolId=pool, Logins=logins(text))["IdentityId"]

    ana = identity(users.response("ana"))
    for how in [{"sign_response": True, "sign_assertion": False}, {"sign_response": True},
                {"attributes": {"mail": "ana@example.com"}}]:
        same(identity(users.response("ana", **how)), ana, f"the same identity with {how}")
    if identity(users.response("ben")) == ana:
        sys.exit("FAILED  two users are one identity")
    step("a user is one identity, whichever part is signed; another user is another")

    credentials = public.get_credentials_for_identity(
        IdentityId=ana, Logins=logins(users.response("ana")))["Credentials"]
    session = boto3.client(
        "sts", config=PLAIN, aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretKey"], aws_session_token=credentials["SessionToken"])
    same(session.get_caller_identity()["Arn"],
         f"arn:aws:sts::{account}:assumed-role/saml-user/CognitoIdentityCredentials", "the session")
    same(cognito.describe_identity(IdentityId=ana)["Logins"], [arn], "the logins shown")
    step("its word is worth credentials of the pool's role")

    denied = "NotAuthorizedException"
    words = "Invalid login token. Couldn't verify signed token."
    good = users.response("ana")
    refused(denied, words, "another name in a signed response",
            lambda: identity(good.replace(">ana<", ">ben<")))
    refused(denied, words, "a response without a signature",
            lambda: identity(users.response("ana", sign_assertion=False)))
    refused(denied, "Invalid login token. Not a valid SAML response.", "a response for another place",
            lambda: identity(users.response("ana", destination="https://other.example/saml")))
    assertion = re.search(r"<(\w+):Assertion .*</\1:Assertion>", good, re.S).group()
    refused(denied, "Invalid login token. Not a valid SAML response.", "a second assertion",
            lambda: identity(good.replace(assertion, assertion + assertion.replace('ID="', 'ID="x'))))
    refused("InvalidParameterException", None, "a token of the classic flow",
            lambda: public.get_open_id_token(IdentityId=ana, Logins=logins(good)))


def by_role(iam, unsigned, account, arn, users):
    trust = {"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Federated": arn}, "Action": "sts:AssumeRoleWithSAML",
        "Condition": {"StringEquals": {"SAML:aud": PLACE, "SAML:sub": "ana"}}}]}
    role = iam.create_role(RoleName="saml-role", AssumeRolePolicyDocument=json.dumps(trust))
    role = role["Role"]["Arn"]
    sts = boto3.client("sts", config=unsigned)
    attributes = {
        ROLE_ATTRIBUTE: [f"{role},{arn}"],
        "https://aws.amazon.com/SAML/Attributes/RoleSessionName": ["ana@example.com"],
    }

    def assume(name):
        text = users.response(name, attributes=attributes)
        return sts.assume_role_with_saml(RoleArn=role, PrincipalArn=arn, SAMLAssertion=encoded(text))

    answer = assume("ana")
    same(answer["Subject"], "ana", "the subject")
    same(answer["SubjectType"], "persistent", "the kind of the subject")
    same(answer["Issuer"], ENTITY, "the issuer")
    same(answer["Audience"], PLACE, "the audience")
    same(answer["AssumedRoleUser"]["Arn"],
         f"arn:aws:sts::{account}:assumed-role/saml-role/ana@example.com", "the session")
    step("its word is worth a session of a role at STS")
    refused("AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML",
            "a user that the trust policy does not name", lambda: assume("ben"))


main()

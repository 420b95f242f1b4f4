"""boto3 follows one identity through its whole life.

Guest, linked, second developer user, merged, linked to an OpenID Connect login, unlinked, deleted: at
each station the id that is answered and the state that is described are those the reference names. The
provider is an issuer of this script's own, on the loopback address, with a key made for the run; the
server has to be told that such issuers may be called (`DAYPASS_PRIVATE_ISSUERS=127.0.0.1`).

Source: Cognito identity API reference; contract page, Cognito identity sections 3 and 4.
"""

import base64
import http.server
import json
import secrets
import threading
import time

import rsa

from journey import PROVIDER, OWN_LOGIN, client, document, public, refused, same, session_keys, step

RUN = secrets.token_hex(4)
APP = "app-1"


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value):
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class Issuer:
    """An OpenID Connect provider: two documents, and tokens signed with one key."""

    def __init__(self):
        self.public_key, self.private_key = rsa.newkeys(2048)
        issuer = self

        class Documents(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                document = issuer.documents().get(self.path)
                body = json.dumps(document or {}).encode()
                self.send_response(200 if document else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Documents)
        self.name = f"127.0.0.1:{self.server.server_port}/realms/{RUN}"
        self.url = f"http://{self.name}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def documents(self):
        path = f"/realms/{RUN}"
        key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": RUN,
               "n": number(self.public_key.n), "e": number(self.public_key.e)}
        return {
            f"{path}/.well-known/openid-configuration": {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/keys",
                "authorization_endpoint": f"{self.url}/authorize",
                "response_types_supported": ["id_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            },
            f"{path}/keys": {"keys": [key]},
        }

    def token(self, subject, **claims):
        now = int(time.time())
        payload = {"iss": self.url, "aud": APP, "sub": subject, "iat": now, "exp": now + 600} | claims
        header = {"alg": "RS256", "typ": "JWT", "kid": RUN}
        signed = ".".join(encoded(json.dumps(part).encode()) for part in (header, payload))
        return f"{signed}.{encoded(rsa.sign(signed.encode(), self.private_key, 'SHA-256'))}"


def claims_of(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def trust(pool, amr):
    return document({
        "Effect": "Allow",
        "Principal": {"Federated": OWN_LOGIN},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{OWN_LOGIN}:aud": pool},
            "ForAnyValue:StringLike": {f"{OWN_LOGIN}:amr": amr},
        },
    })


class Life:
    """A pool, and what an app, its backend and an operator ask of it."""

    def __init__(self, issuer):
        self.issuer, self.admin = issuer, client("cognito-identity")
        self.app = public("cognito-identity")
        iam = client("iam")
        self.arn = iam.create_open_id_connect_provider(
            Url=issuer.url, ClientIDList=[APP])["OpenIDConnectProviderArn"]
        self.pool = self.admin.create_identity_pool(
            IdentityPoolName=f"life {RUN}", AllowUnauthenticatedIdentities=True,
            DeveloperProviderName=PROVIDER, OpenIdConnectProviderARNs=[self.arn])["IdentityPoolId"]
        roles = {}
        for kind in ("authenticated", "unauthenticated"):
            role = iam.create_role(RoleName=f"{kind}-{RUN}",
                                   AssumeRolePolicyDocument=trust(self.pool, kind))["Role"]
            roles[kind] = role["Arn"]
        self.admin.set_identity_pool_roles(IdentityPoolId=self.pool, Roles=roles)
        step(f"pool {self.pool} with guests, {PROVIDER} and {issuer.name}")

    def vouch(self, user, identity=None, **beside):
        """As the backend: the id, and the token for the app."""
        named = {"IdentityId": identity} if identity else {}
        answer = self.admin.get_open_id_token_for_developer_identity(
            IdentityPoolId=self.pool, Logins={PROVIDER: user} | beside, **named)
        return answer["IdentityId"], answer["Token"]

    def get_id(self, **logins):
        return self.app.get_id(IdentityPoolId=self.pool, Logins=logins)["IdentityId"]

    def credentials(self, identity, **logins):
        """The id that is answered, and the role of the credentials."""
        answer = self.app.get_credentials_for_identity(IdentityId=identity, Logins=logins)
        keys = session_keys(answer["Credentials"], secret="SecretKey")
        arn = client("sts", keys).get_caller_identity()["Arn"]
        return answer["IdentityId"], arn.split("/")[1].removesuffix(f"-{RUN}")

    def logins(self, identity):
        return sorted(self.admin.describe_identity(IdentityId=identity).get("Logins", []))

    def users(self, identity):
        answer = self.admin.lookup_developer_identity(
            IdentityPoolId=self.pool, IdentityId=identity, MaxResults=60)
        return sorted(answer["DeveloperUserIdentifierList"])

    def listed(self, hide):
        answer = self.admin.list_identities(
            IdentityPoolId=self.pool, MaxResults=60, HideDisabled=hide)
        return {entry["IdentityId"] for entry in answer["Identities"]}


def guest_becomes_user(life):
    one = life.get_id()
    same(life.logins(one), [], "a guest's logins")
    same(life.credentials(one), (one, "unauthenticated"), "a guest's credentials")
    said = claims_of(life.app.get_open_id_token(IdentityId=one)["Token"])
    same(said["amr"], ["unauthenticated"], "a guest's token")
    step(f"guest {one}")

    same(life.vouch("ana", one)[0], one, "the guest keeps its id")
    same(life.logins(one), [PROVIDER], "its login")
    refused("NotAuthorizedException", "a guest's request of a user's identity",
            lambda: life.credentials(one))
    step("guest became ana")
    same(life.vouch("ann", one)[0], one, "the second developer user")
    same(life.users(one), ["ana", "ann"], "the users of one identity")
    same(life.logins(one), [PROVIDER], "a provider is named once")
    step("ann is linked, too")
    return one


def two_become_one(life, one):
    other, old = life.vouch("bob")
    refused("DeveloperUserAlreadyRegisteredException", "ana under bob's identity",
            lambda: life.vouch("ana", other))
    merged = life.admin.merge_developer_identities(
        IdentityPoolId=life.pool, DeveloperProviderName=PROVIDER,
        SourceUserIdentifier="bob", DestinationUserIdentifier="ana")
    same(merged["IdentityId"], one, "the destination survives")
    same(life.users(one), ["ana", "ann", "bob"], "the users of the survivor")
    same(life.logins(other), [], "the merged identity has no logins")
    same(other in life.listed(hide=False), True, "the merged identity is listed")
    same(other in life.listed(hide=True), False, "the merged identity is hidden as disabled")
    same(life.vouch("bob")[0], one, "bob is the survivor")
    same(life.credentials(other, **{OWN_LOGIN: old}), (one, "authenticated"),
         "id and token from before the merge")
    refused("NotAuthorizedException", "the merged identity named by the backend",
            lambda: life.vouch("bob", other))
    step("bob was merged into ana")
    return other


def public_login_joins(life, one):
    key, carol = life.issuer.name, life.issuer.token("carol")
    refused("NotAuthorizedException", "a login that nobody linked",
            lambda: life.credentials(one, **{key: carol}))
    same(life.vouch("ana", **{key: carol})[0], one, "the developer links a public login")
    same(life.logins(one), sorted([PROVIDER, key]), "both kinds of login")
    same(life.get_id(**{key: carol}), one, "GetId by the public login alone")
    same(life.credentials(one, **{key: carol}), (one, "authenticated"), "its credentials")
    answer = life.app.get_open_id_token(IdentityId=one, Logins={key: carol})
    amr = ["authenticated", key, f"{life.arn}:OIDC:carol"]
    same(claims_of(answer["Token"])["amr"], amr, "its token")
    step("carol's login of the issuer is ana's")

    guest = life.get_id()
    same(life.credentials(guest, **{key: carol}), (one, "authenticated"), "a guest signs in")
    same(guest in life.listed(hide=True), False, "the guest went up in the user")
    refused("ResourceConflictException", "a second user of the issuer",
            lambda: life.vouch("ana", **{key: life.issuer.token("dave")}))
    stale = life.issuer.token("carol", exp=int(time.time()) - 400)
    refused("NotAuthorizedException", "a token out of time",
            lambda: life.credentials(one, **{key: stale}))
    refused("NotAuthorizedException", "a token for another app",
            lambda: life.credentials(one, **{key: life.issuer.token("carol", aud="app-2")}))
    refused("InvalidParameterException", "the developer provider in a public call",
            lambda: life.get_id(**{PROVIDER: "ana"}))
    return guest


def logins_go(life, one):
    key, carol = life.issuer.name, life.issuer.token("carol")
    life.app.unlink_identity(IdentityId=one, Logins={key: carol}, LoginsToRemove=[key])
    same(life.logins(one), [PROVIDER], "what is left")
    new = life.get_id(**{key: carol})
    same(new == one, False, "a login taken away is somebody new")
    step("carol was unlinked and is somebody new")

    _, token = life.vouch("ana")
    for user in ("ana", "ann", "bob"):
        life.admin.unlink_developer_identity(
            IdentityId=one, IdentityPoolId=life.pool, DeveloperProviderName=PROVIDER,
            DeveloperUserIdentifier=user)
    same(life.logins(one), [], "no login is left")
    refused("NotAuthorizedException", "an inaccessible identity without logins",
            lambda: life.credentials(one))
    refused("NotAuthorizedException", "an inaccessible identity with a token of before",
            lambda: life.credentials(one, **{OWN_LOGIN: token}))
    refused("NotAuthorizedException", "an inaccessible identity named by the backend",
            lambda: life.vouch("ana", one))
    same(life.vouch("ana")[0] == one, False, "ana is somebody new")
    step("the identity is out of reach")
    return new


def main():
    life = Life(Issuer())
    one = guest_becomes_user(life)
    other = two_become_one(life, one)
    guest = public_login_joins(life, one)
    logins_go(life, one)
    answer = life.admin.delete_identities(IdentityIdsToDelete=[one, other, guest])
    same(answer["UnprocessedIdentityIds"], [], "what was not deleted")
    for identity in (one, other, guest):
        refused("ResourceNotFoundException", "an identity that was deleted",
                lambda identity=identity: life.logins(identity))
    print("the whole life holds")


if __name__ == "__main__":
    main()

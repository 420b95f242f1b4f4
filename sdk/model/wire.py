"""Requests as they are, without what a client library would add, check or hide.

A client library refuses bad input before it is sent and drops members it does not know. Here the
bytes are ours: JSON in, status and JSON out, signed by the library's own signer when asked.
"""

import http.client
import json
import os
import urllib.parse

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
REGION = os.environ["AWS_REGION"]
ROOT = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
WAIT_SECONDS = 30


class Answer:
    """Status, error code, message and members of one answer."""

    def __init__(self, status, body):
        self.status = status
        self.text = body.decode()
        members = json.loads(self.text) if self.text else {}
        self.members = members
        self.code = members.get("__type", "")
        self.message = members.get("message", "")

    def __str__(self):
        return f"{self.status} {self.text[:300]}"


class Wire:
    """One connection that is kept open, as a client would."""

    def __init__(self):
        address = urllib.parse.urlsplit(ENDPOINT)
        self.connection = http.client.HTTPConnection(address.netloc, timeout=WAIT_SECONDS)

    def send(self, target, members, signed):
        body = json.dumps(members).encode()
        request = AWSRequest("POST", ENDPOINT + "/", data=body)
        request.headers["Content-Type"] = "application/x-amz-json-1.1"
        request.headers["X-Amz-Target"] = target
        if signed:
            SigV4Auth(ROOT if signed is True else signed, "cognito-identity", REGION).add_auth(request)
        self.connection.request("POST", "/", body, dict(request.headers.items()))
        response = self.connection.getresponse()
        return Answer(response.status, response.read())

// What chapters set up beforehand, through the same API as everybody else.

import { createRequire } from "node:module";
import { Agent, request } from "node:http";
import { assert, endpoint, fresh, root } from "./shared.mjs";

process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = "1";
const AWS = createRequire(import.meta.url)("aws-sdk");
const config = { endpoint, region: "us-east-1", credentials: new AWS.Credentials(root) };

export const cognito = new AWS.CognitoIdentity(config);
export const iam = new AWS.IAM(config);
export const s3 = new AWS.S3({ ...config, s3ForcePathStyle: true });

export const provider = "login.example.app";

/** A pool, guests on, with a developer provider. */
export async function newPool(more = {}) {
  const input = {
    IdentityPoolName: fresh("pool"),
    AllowUnauthenticatedIdentities: true,
    DeveloperProviderName: provider,
    ...more,
  };
  return cognito.createIdentityPool(input).promise();
}

/** A user with one policy of its own, and a key. */
export async function newUser(Statement) {
  const UserName = fresh("user");
  await iam.createUser({ UserName }).promise();
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await iam.putUserPolicy({ UserName, PolicyName: "own", PolicyDocument }).promise();
  const { AccessKey } = await iam.createAccessKey({ UserName }).promise();
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
}

/** The identity of a developer's user. */
export async function identityOf(IdentityPoolId, user) {
  const input = { IdentityPoolId, Logins: { [provider]: user } };
  return (await cognito.getOpenIdTokenForDeveloperIdentity(input).promise()).IdentityId;
}

/** Many guests, as fast as the server takes them. */
export async function guests(IdentityPoolId, count, callers = 64) {
  const agent = new Agent({ keepAlive: true, maxSockets: callers });
  const body = JSON.stringify({ IdentityPoolId });
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    "content-length": Buffer.byteLength(body),
    "x-amz-target": "AWSCognitoIdentityService.GetId",
  };
  let left = count;
  const call = () =>
    new Promise((resolve, reject) => {
      const sent = request(endpoint, { method: "POST", agent, headers }, (response) => {
        response.resume().on("end", () => resolve(response.statusCode)).on("error", reject);
      });
      sent.on("error", reject);
      sent.end(body);
    });
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      assert.equal(await call(), 200, "a guest");
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  agent.destroy();
}

// What both generations of the SDK need for the journey: the names, the documents, the assertions.
//
// Source: Cognito identity API reference; IAM policy variables; S3 per-user folder policies.

import { randomBytes } from "node:crypto";
import assert from "node:assert/strict";

export const endpoint = process.env.DAYPASS_ENDPOINT;
assert.ok(endpoint, "DAYPASS_ENDPOINT names the server");

const run = randomBytes(4).toString("hex");
export const provider = "login.example.app";
export const ownLogin = "cognito-identity.amazonaws.com";
export const bucket = `uploads-${run}`;
export const roleName = `AppUser-${run}`;
export const backendName = `backend-${run}`;
export const poolName = `journey ${run}`;
export const partBytes = 5 * 1024 * 1024;

export const root = {
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
};

export function step(said) {
  console.log(`ok  ${said}`);
}

export const same = assert.deepEqual;

/** The call is refused with exactly this code. */
export async function refused(code, what, call) {
  let answer;
  try {
    answer = await call();
  } catch (error) {
    const got = error.code ?? error.name;
    assert.equal(got, code, `${what}: refused with ${got}, wanted ${code}: ${error.message}`);
    step(`refused with ${code}: ${what}`);
    return;
  }
  assert.fail(`${what}: was allowed (${JSON.stringify(answer)}), wanted ${code}`);
}

const allow = (Action, Resource, more = {}) => ({ Effect: "Allow", Action, Resource, ...more });

const documentOf = (...Statement) => JSON.stringify({ Version: "2012-10-17", Statement });

/** Whom the role trusts: users of this pool who logged in. */
export const trust = (pool) =>
  documentOf({
    Effect: "Allow",
    Principal: { Federated: ownLogin },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: { [`${ownLogin}:aud`]: pool },
      "ForAnyValue:StringLike": { [`${ownLogin}:amr`]: "authenticated" },
    },
  });

/** Every user reads and writes the folder named by the own identity id, and nothing else. */
export const ownFolder = () => {
  const own = "${cognito-identity.amazonaws.com:sub}";
  const objects = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"];
  return documentOf(
    allow(objects, `arn:aws:s3:::${bucket}/${own}/*`),
    allow("s3:ListBucket", `arn:aws:s3:::${bucket}`, {
      Condition: { StringLike: { "s3:prefix": `${own}/*` } },
    }),
  );
};

/** The one thing a backend may do. */
export const mintOnly = (account, pool) =>
  documentOf(
    allow(
      "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
      `arn:aws:cognito-identity:us-east-1:${account}:identitypool/${pool}`,
    ),
  );

/** Keys whose secret is not the one that was given out. */
export const withWrongSecret = (keys) => ({
  ...keys,
  secretAccessKey: `wrong${keys.secretAccessKey.slice(5)}`,
});

/** What a presigned link answers to someone without keys. */
export async function fetchLink(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  return { status: answer.status, text: await answer.text() };
}

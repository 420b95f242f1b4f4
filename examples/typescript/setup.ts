// `npm run setup`, once and with an administrator's keys: everything that must exist before a
// first user can log in. `npm run teardown` takes it away again.
//
// The result goes to .env.local. The backend gets a key of its own that can do one thing: vouch
// for users of this one pool. The administrator's keys are needed here and nowhere else.
import { randomBytes } from "node:crypto";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  DeleteIdentityPoolCommand,
  SetIdentityPoolRolesCommand,
} from "@aws-sdk/client-cognito-identity";
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutBucketCorsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { envFile, readEnvFile } from "./env.js";

const region = process.env["AWS_REGION"] || "us-east-1";
const endpoint = process.env["AWS_ENDPOINT_URL"] || undefined;
const provider = process.env["DEVELOPER_PROVIDER_NAME"] || "login.example.app";
const port = process.env["PORT"] || "3000";

// With an endpoint of our own the bucket is in the path: its name is no DNS name there.
const s3 = new S3Client({ region, endpoint, forcePathStyle: endpoint !== undefined });
const iam = new IAMClient({ region, endpoint });
const cognito = new CognitoIdentityClient({ region, endpoint });

/** Makes pool, role, bucket and the backend's key, and writes .env.local. */
export async function setup(): Promise<void> {
  // A random tail: bucket names are shared by everyone on AWS, and a second run meets no first.
  const name = process.env["BUCKET"] || `daypass-example-${randomBytes(4).toString("hex")}`;
  const poolId = await makePool(name);
  const roleArn = await makeUserRole(name, poolId);
  await cognito.send(
    new SetIdentityPoolRolesCommand({ IdentityPoolId: poolId, Roles: { authenticated: roleArn } }),
  );
  await makeBucket(name);
  const account = roleArn.split(":")[4] ?? "";
  const poolArn = `arn:aws:cognito-identity:${region}:${account}:identitypool/${poolId}`;
  const key = await makeBackendKey(name, poolArn);
  const settings = {
    AWS_REGION: region,
    AWS_ENDPOINT_URL: endpoint ?? "",
    IDENTITY_POOL_ID: poolId,
    DEVELOPER_PROVIDER_NAME: provider,
    BUCKET: name,
    AWS_ACCESS_KEY_ID: key.id,
    AWS_SECRET_ACCESS_KEY: key.secret,
  };
  const lines = Object.entries(settings).map(([setting, value]) => `${setting}=${value}\n`);
  // Readable by its owner alone: it holds the backend's secret.
  writeFileSync(envFile, lines.join(""), { mode: 0o600 });
  console.log(`${lines.slice(0, -1).join("")}AWS_SECRET_ACCESS_KEY=(in ${envFile})`);
  if (!endpoint)
    console.log("AWS takes some ten seconds until a new role and key work everywhere.");
}

async function makePool(name: string): Promise<string> {
  const pool = await cognito.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: name,
      // No guests: whoever knew the pool id could otherwise get credentials without any login.
      AllowUnauthenticatedIdentities: false,
      // This name can never be changed. It is the key of `Logins` in the backend, and only there.
      DeveloperProviderName: provider,
    }),
  );
  return present(pool.IdentityPoolId);
}

/** The role of every logged-in user; the variable in its policy makes it differ for each. */
async function makeUserRole(name: string, poolId: string): Promise<string> {
  const trust = statement({
    Principal: { Federated: "cognito-identity.amazonaws.com" },
    // TagSession lets tokens with PrincipalTags in (see tour.ts); without it they are refused.
    Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
    Condition: {
      // Without `aud`, any pool of anybody could vouch its users into this role.
      StringEquals: { "cognito-identity.amazonaws.com:aud": poolId },
      // Without `amr`, guests could have it too.
      "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
    },
  });
  const role = await iam.send(
    new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }),
  );
  const own = "${cognito-identity.amazonaws.com:sub}"; // The identity id of whoever is asking.
  const permissions = statement(
    {
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      Resource: `arn:aws:s3:::${name}/${own}/*`,
    },
    {
      Action: "s3:ListBucket",
      Resource: `arn:aws:s3:::${name}`,
      // Listing is asked of the bucket, not of a key: only the prefix can hold it to one's own.
      Condition: { StringLike: { "s3:prefix": `${own}/*` } },
    },
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: name,
      PolicyName: "own-prefix",
      PolicyDocument: permissions,
    }),
  );
  return present(role.Role?.Arn);
}

async function makeBucket(name: string): Promise<void> {
  // Every region is named here but us-east-1, whose name S3 refuses.
  const CreateBucketConfiguration =
    region === "us-east-1" ? undefined : { LocationConstraint: region as BucketLocationConstraint };
  await s3.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration }));
  // On AWS a browser may reach a bucket only if the bucket says so; daypass answers every origin.
  if (endpoint) return;
  const rule = {
    AllowedOrigins: [`http://127.0.0.1:${port}`],
    AllowedMethods: ["GET", "PUT", "POST", "DELETE"],
    AllowedHeaders: ["*"],
    ExposeHeaders: ["ETag", "Date"], // Uploads in parts need the one, clock correction the other.
  };
  await s3.send(
    new PutBucketCorsCommand({ Bucket: name, CORSConfiguration: { CORSRules: [rule] } }),
  );
}

async function makeBackendKey(
  name: string,
  poolArn: string,
): Promise<{ id: string; secret: string }> {
  await iam.send(new CreateUserCommand({ UserName: name }));
  // This key can become any user of the pool, so it gets no further action and no further pool.
  const permissions = statement({
    Action: "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
    Resource: poolArn,
  });
  await iam.send(
    new PutUserPolicyCommand({
      UserName: name,
      PolicyName: "vouch",
      PolicyDocument: permissions,
    }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
  return { id: present(AccessKey?.AccessKeyId), secret: present(AccessKey?.SecretAccessKey) };
}

/** Removes all that `setup` made, and the files of the users with it. */
async function teardown(poolId: string, name: string): Promise<void> {
  await cognito.send(new DeleteIdentityPoolCommand({ IdentityPoolId: poolId }));
  await iam.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName: "own-prefix" }));
  await iam.send(new DeleteRoleCommand({ RoleName: name }));
  await iam.send(new DeleteUserPolicyCommand({ UserName: name, PolicyName: "vouch" }));
  const keys = await iam.send(new ListAccessKeysCommand({ UserName: name }));
  for (const { AccessKeyId } of keys.AccessKeyMetadata ?? []) {
    await iam.send(new DeleteAccessKeyCommand({ UserName: name, AccessKeyId }));
  }
  await iam.send(new DeleteUserCommand({ UserName: name }));
  for (let more = true; more;) {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: name }));
    for (const { Key } of page.Contents ?? []) {
      await s3.send(new DeleteObjectCommand({ Bucket: name, Key }));
    }
    more = page.IsTruncated === true;
  }
  await s3.send(new DeleteBucketCommand({ Bucket: name }));
}

function statement(...statements: object[]): string {
  const Statement = statements.map((one) => ({ Effect: "Allow", ...one }));
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

function present(value: string | undefined): string {
  if (!value) throw new Error("a value is missing that is always there");
  return value;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === "--remove") {
    // Only the names come from the file: the key in it is the backend's and may not do this.
    const { IDENTITY_POOL_ID, BUCKET } = readEnvFile();
    await teardown(present(IDENTITY_POOL_ID), present(BUCKET));
    rmSync(envFile);
  } else if (existsSync(envFile)) {
    throw new Error(`${envFile} is there already: \`npm run teardown\` first`);
  } else {
    await setup();
  }
}

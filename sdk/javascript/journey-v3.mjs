// The AWS SDK for JavaScript v3 makes the whole journey of a developer authenticated identity.
//
// The client's keys come from the SDK's own provider, `fromCognitoIdentity`, the large upload from
// its `lib-storage`, the link from its presigner: unmodified, pointed at the server by `endpoint`.

import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  DeleteIdentityPoolCommand,
  DescribeIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
  ListIdentityPoolsCommand,
  SetIdentityPoolRolesCommand,
} from "@aws-sdk/client-cognito-identity";
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { fromCognitoIdentity } from "@aws-sdk/credential-providers";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import * as world from "./shared.mjs";
import { ownLogin, provider, refused, same, step } from "./shared.mjs";

const where = { endpoint: world.endpoint, region: "us-east-1", maxAttempts: 1 };
const cognitoAs = (credentials) => new CognitoIdentityClient({ ...where, credentials });
const stsAs = (credentials) => new STSClient({ ...where, credentials });
const s3As = (credentials) => new S3Client({ ...where, forcePathStyle: true, credentials });
const callerOf = async (keys) => stsAs(keys).send(new GetCallerIdentityCommand({}));

/** As root: the pool, its role, the bucket, and a backend user that may only mint tokens. */
async function setUp() {
  const { Account: account } = await callerOf(world.root);
  const iam = new IAMClient({ ...where, credentials: world.root });
  const cognito = cognitoAs(world.root);
  await s3As(world.root).send(new CreateBucketCommand({ Bucket: world.bucket }));
  const { IdentityPoolId: pool } = await cognito.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: world.poolName,
      AllowUnauthenticatedIdentities: false,
      DeveloperProviderName: provider,
    }),
  );
  const RoleName = world.roleName;
  const AssumeRolePolicyDocument = world.trust(pool);
  const made = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const role = made.Role.Arn;
  const own = { PolicyName: "own-folder", PolicyDocument: world.ownFolder() };
  await iam.send(new PutRolePolicyCommand({ RoleName, ...own }));
  const Roles = { authenticated: role };
  await cognito.send(new SetIdentityPoolRolesCommand({ IdentityPoolId: pool, Roles }));
  step(`pool ${pool} with role ${role}`);

  const UserName = world.backendName;
  await iam.send(new CreateUserCommand({ UserName }));
  const mint = { PolicyName: "mint", PolicyDocument: world.mintOnly(account, pool) };
  await iam.send(new PutUserPolicyCommand({ UserName, ...mint }));
  const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  step(`backend user ${UserName} with key ${key.AccessKeyId}`);
  const backend = { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey };
  return { account, pool, role, backend };
}

/** As the backend: one token for each of two users, and nothing beyond that. */
async function mintTokens({ pool, backend }) {
  const cognito = cognitoAs(backend);
  const mint = async (user) => {
    const input = { IdentityPoolId: pool, Logins: { [provider]: user }, TokenDuration: 900 };
    return cognito.send(new GetOpenIdTokenForDeveloperIdentityCommand(input));
  };
  const [ana, ben] = [await mint("user-ana"), await mint("user-ben")];
  same((await mint("user-ana")).IdentityId, ana.IdentityId, "the identity of a known user");
  same(ana.IdentityId === ben.IdentityId, false, "two users are two identities");
  step(`tokens for ${ana.IdentityId} and ${ben.IdentityId}`);
  await refused("AccessDeniedException", "the backend describes the pool", () =>
    cognito.send(new DescribeIdentityPoolCommand({ IdentityPoolId: pool })),
  );
  const wrong = world.withWrongSecret(backend);
  await refused("InvalidSignatureException", "the backend with a wrong secret", () =>
    cognitoAs(wrong).send(new ListIdentityPoolsCommand({ MaxResults: 1 })),
  );
  await refused("SignatureDoesNotMatch", "STS with a wrong secret", () => callerOf(wrong));
  return { ana, ben };
}

/** As the client: the SDK's provider turns identity and token into credentials. */
async function enhancedFlow({ account }, { ana, ben }) {
  const keys = fromCognitoIdentity({
    identityId: ana.IdentityId,
    logins: { [ownLogin]: async () => ana.Token },
    clientConfig: where,
  });
  const { Arn: who } = await callerOf(keys);
  const session = `${world.roleName}/CognitoIdentityCredentials`;
  same(who, `arn:aws:sts::${account}:assumed-role/${session}`, "the caller");
  step(`enhanced flow: ${who}`);
  await refused("NotAuthorizedException", "a token of another identity", () =>
    new CognitoIdentityClient(where).send(
      new GetCredentialsForIdentityCommand({
        IdentityId: ben.IdentityId,
        Logins: { [ownLogin]: ana.Token },
      }),
    ),
  );
  return await keys();
}

/** As the client, straight at STS with the same token. */
async function basicFlow({ account, pool, role }, { ana }) {
  const answer = await new STSClient(where).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: role,
      RoleSessionName: "web",
      WebIdentityToken: ana.Token,
    }),
  );
  same(answer.Provider, ownLogin, "the provider");
  same(answer.Audience, pool, "the audience");
  same(answer.SubjectFromWebIdentityToken, ana.IdentityId, "the subject");
  const keys = {
    accessKeyId: answer.Credentials.AccessKeyId,
    secretAccessKey: answer.Credentials.SecretAccessKey,
    sessionToken: answer.Credentials.SessionToken,
  };
  const { Arn: who } = await callerOf(keys);
  same(who, `arn:aws:sts::${account}:assumed-role/${world.roleName}/web`, "the caller");
  step(`basic flow: ${who}`);
  return keys;
}

/** The own folder takes everything a client does; another's takes nothing. */
async function reachObjects(keys, own, other) {
  const s3 = s3As(keys);
  const Bucket = world.bucket;
  const [Key, foreign] = [`${own}/hello world+1.txt`, `${other}/hello.txt`];
  const list = async (Prefix) => s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: "hello", ContentType: "text/plain" }));
  const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
  same([await got.Body.transformToString(), got.ContentType], ["hello", "text/plain"], "object");
  const listed = (await list(`${own}/`)).Contents.map((item) => item.Key);
  same(listed, [Key], "the listing of the own folder");
  step("put, get and list in the own folder");

  await refused("AccessDenied", "put to another's folder", () =>
    s3.send(new PutObjectCommand({ Bucket, Key: foreign, Body: "x" })),
  );
  await refused("AccessDenied", "get from another's folder", () =>
    s3.send(new GetObjectCommand({ Bucket, Key: foreign })),
  );
  await refused("AccessDenied", "list another's folder", () => list(`${other}/`));
  await refused("AccessDenied", "list the whole bucket", () => list(undefined));
  await refused("SignatureDoesNotMatch", "S3 with a wrong secret", () =>
    s3As(world.withWrongSecret(keys)).send(new GetObjectCommand({ Bucket, Key })),
  );

  const link = async (target) =>
    getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: target }), { expiresIn: 60 });
  same(await world.fetchLink(await link(Key)), { status: 200, text: "hello" }, "a link");
  same((await world.fetchLink(await link(foreign))).status, 403, "a link to another's folder");
  step("presigned links");
  await uploadInParts(s3, `${own}/large.bin`);
  for (const key of [Key, `${own}/large.bin`]) {
    await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
  }
  same((await list(`${own}/`)).KeyCount, 0, "what is left in the folder");
  step("delete");
}

/** `lib-storage` splits, signs and joins; the bytes come back whole. */
async function uploadInParts(s3, Key) {
  const Body = Buffer.alloc(2 * world.partBytes + 7, "daypass ");
  const partSize = world.partBytes;
  const params = { Bucket: world.bucket, Key, Body };
  await new Upload({ client: s3, partSize, queueSize: 2, params }).done();
  const got = await s3.send(new GetObjectCommand({ Bucket: world.bucket, Key }));
  const bytes = Buffer.from(await got.Body.transformToByteArray());
  same(bytes.equals(Body), true, "the object of three parts");
  same(got.ETag.endsWith('-3"'), true, `the tag of an object of three parts: ${got.ETag}`);
  step("an upload in three parts");
}

const setting = await setUp();
const tokens = await mintTokens(setting);
const { ana, ben } = tokens;
await reachObjects(await enhancedFlow(setting, tokens), ana.IdentityId, ben.IdentityId);
await reachObjects(await basicFlow(setting, tokens), ana.IdentityId, ben.IdentityId);
await s3As(world.root).send(new DeleteBucketCommand({ Bucket: world.bucket }));
const pool = { IdentityPoolId: setting.pool };
await cognitoAs(world.root).send(new DeleteIdentityPoolCommand(pool));
console.log(`the journey holds with v3 at ${world.endpoint}`);

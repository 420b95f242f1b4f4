// The AWS SDK for JavaScript v2 makes the whole journey of a developer authenticated identity.
//
// This is the generation most frontends with developer identities were written for. The client's
// keys come from its own `AWS.CognitoIdentityCredentials`, in both its flows: unmodified, pointed
// at the server by `endpoint`.

process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = "1";
import AWS from "aws-sdk";
import * as world from "./shared.mjs";
import { ownLogin, provider, refused, same, step } from "./shared.mjs";

const where = { endpoint: world.endpoint, region: "us-east-1", maxRetries: 0 };
const as = (credentials) => ({ ...where, credentials });
const s3As = (keys) =>
  new AWS.S3({ ...as(keys), s3ForcePathStyle: true, signatureVersion: "v4" });
const callerOf = async (keys) => new AWS.STS(as(keys)).getCallerIdentity().promise();

/** As root: the pool, its role, the bucket, and a backend user that may only mint tokens. */
async function setUp() {
  const { Account: account } = await callerOf(world.root);
  const [iam, cognito] = [new AWS.IAM(as(world.root)), new AWS.CognitoIdentity(as(world.root))];
  await s3As(world.root).createBucket({ Bucket: world.bucket }).promise();
  const { IdentityPoolId: pool } = await cognito
    .createIdentityPool({
      IdentityPoolName: world.poolName,
      AllowUnauthenticatedIdentities: false,
      DeveloperProviderName: provider,
    })
    .promise();
  const RoleName = world.roleName;
  const trusted = { RoleName, AssumeRolePolicyDocument: world.trust(pool) };
  const role = (await iam.createRole(trusted).promise()).Role.Arn;
  const own = { PolicyName: "own-folder", PolicyDocument: world.ownFolder() };
  await iam.putRolePolicy({ RoleName, ...own }).promise();
  const Roles = { authenticated: role };
  await cognito.setIdentityPoolRoles({ IdentityPoolId: pool, Roles }).promise();
  step(`pool ${pool} with role ${role}`);

  const UserName = world.backendName;
  await iam.createUser({ UserName }).promise();
  const mint = { PolicyName: "mint", PolicyDocument: world.mintOnly(account, pool) };
  await iam.putUserPolicy({ UserName, ...mint }).promise();
  const { AccessKey: key } = await iam.createAccessKey({ UserName }).promise();
  step(`backend user ${UserName} with key ${key.AccessKeyId}`);
  const backend = { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey };
  return { account, pool, role, backend };
}

/** As the backend: one token for each of two users, and nothing beyond that. */
async function mintTokens({ pool, backend }) {
  const cognito = new AWS.CognitoIdentity(as(backend));
  const mint = async (user) =>
    cognito
      .getOpenIdTokenForDeveloperIdentity({
        IdentityPoolId: pool,
        Logins: { [provider]: user },
        TokenDuration: 900,
      })
      .promise();
  const [ana, ben] = [await mint("user-ana"), await mint("user-ben")];
  same((await mint("user-ana")).IdentityId, ana.IdentityId, "the identity of a known user");
  same(ana.IdentityId === ben.IdentityId, false, "two users are two identities");
  step(`tokens for ${ana.IdentityId} and ${ben.IdentityId}`);
  await refused("AccessDeniedException", "the backend describes the pool", () =>
    cognito.describeIdentityPool({ IdentityPoolId: pool }).promise(),
  );
  const wrong = world.withWrongSecret(backend);
  await refused("InvalidSignatureException", "the backend with a wrong secret", () =>
    new AWS.CognitoIdentity(as(wrong)).listIdentityPools({ MaxResults: 1 }).promise(),
  );
  await refused("SignatureDoesNotMatch", "STS with a wrong secret", () => callerOf(wrong));
  return { ana, ben };
}

/** The SDK's own provider; without `RoleArn` it takes the enhanced flow. */
async function enhancedFlow({ account, pool }, { ana, ben }) {
  const credentialsOf = (identity) =>
    new AWS.CognitoIdentityCredentials(
      { IdentityPoolId: pool, IdentityId: identity, Logins: { [ownLogin]: ana.Token } },
      where,
    );
  const keys = credentialsOf(ana.IdentityId);
  await keys.getPromise();
  same(keys.identityId, ana.IdentityId, "the identity of the credentials");
  same(keys.expireTime > new Date(), true, `credentials that live: ${keys.expireTime}`);
  const { Arn: who } = await callerOf(keys);
  const session = `${world.roleName}/CognitoIdentityCredentials`;
  same(who, `arn:aws:sts::${account}:assumed-role/${session}`, "the caller");
  step(`enhanced flow: ${who}`);
  await refused("NotAuthorizedException", "a token of another identity", () =>
    credentialsOf(ben.IdentityId).getPromise(),
  );
  return keys;
}

/** The SDK's own provider for a token at hand: the basic flow, straight at STS. */
async function basicFlow({ account, role }, { ana }) {
  const keys = new AWS.WebIdentityCredentials(
    { RoleArn: role, RoleSessionName: "web", WebIdentityToken: ana.Token },
    where,
  );
  await keys.getPromise();
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
  const list = async (Prefix) => s3.listObjectsV2({ Bucket, Prefix }).promise();
  await s3.putObject({ Bucket, Key, Body: "hello", ContentType: "text/plain" }).promise();
  const got = await s3.getObject({ Bucket, Key }).promise();
  same([got.Body.toString(), got.ContentType], ["hello", "text/plain"], "the object");
  const listed = (await list(`${own}/`)).Contents.map((item) => item.Key);
  same(listed, [Key], "the listing of the own folder");
  step("put, get and list in the own folder");

  await refused("AccessDenied", "put to another's folder", () =>
    s3.putObject({ Bucket, Key: foreign, Body: "x" }).promise(),
  );
  await refused("AccessDenied", "get from another's folder", () =>
    s3.getObject({ Bucket, Key: foreign }).promise(),
  );
  await refused("AccessDenied", "list another's folder", () => list(`${other}/`));
  await refused("AccessDenied", "list the whole bucket", () => list(undefined));
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const wrong = world.withWrongSecret({ accessKeyId, secretAccessKey, sessionToken });
  await refused("SignatureDoesNotMatch", "S3 with a wrong secret", () =>
    s3As(wrong).getObject({ Bucket, Key }).promise(),
  );

  const link = (target) => s3.getSignedUrl("getObject", { Bucket, Key: target, Expires: 60 });
  same(await world.fetchLink(link(Key)), { status: 200, text: "hello" }, "a presigned link");
  same((await world.fetchLink(link(foreign))).status, 403, "a link to another's folder");
  step("presigned links");
  await uploadInParts(s3, `${own}/large.bin`);
  for (const key of [Key, `${own}/large.bin`]) {
    await s3.deleteObject({ Bucket, Key: key }).promise();
  }
  same((await list(`${own}/`)).KeyCount, 0, "what is left in the folder");
  step("delete");
}

/** The SDK's managed upload splits, signs and joins; the bytes come back whole. */
async function uploadInParts(s3, Key) {
  const Body = Buffer.alloc(2 * world.partBytes + 7, "daypass ");
  const params = { Bucket: world.bucket, Key, Body };
  await s3.upload(params, { partSize: world.partBytes, queueSize: 2 }).promise();
  const got = await s3.getObject({ Bucket: world.bucket, Key }).promise();
  same(got.Body.equals(Body), true, "the object of three parts");
  same(got.ETag.endsWith('-3"'), true, `the tag of an object of three parts: ${got.ETag}`);
  step("an upload in three parts");
}

const setting = await setUp();
const tokens = await mintTokens(setting);
const { ana, ben } = tokens;
await reachObjects(await enhancedFlow(setting, tokens), ana.IdentityId, ben.IdentityId);
await reachObjects(await basicFlow(setting, tokens), ana.IdentityId, ben.IdentityId);
await s3As(world.root).deleteBucket({ Bucket: world.bucket }).promise();
const pool = { IdentityPoolId: setting.pool };
await new AWS.CognitoIdentity(as(world.root)).deleteIdentityPool(pool).promise();
console.log(`the journey holds with v2 at ${world.endpoint}`);

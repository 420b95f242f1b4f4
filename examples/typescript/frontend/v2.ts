// Step 3 of the article, SDK v2: from identity and token to AWS requests.
import { run, type Cloud } from "./page.js";

// The browser build of SDK v2 is its own <script> and leaves this global behind.
declare const AWS: typeof import("aws-sdk");

// Signatures carry the time; with a wrong clock, sign again by the server's (its Date header).
AWS.config.correctClockSkew = true;

await run((config, first, fresh): Cloud => {
  const { endpoint, region } = config;
  // A variable, because the SDK's own type of this argument forgot `endpoint` (it works).
  const clientConfig = { endpoint, region };
  const credentials = new AWS.CognitoIdentityCredentials(
    {
      IdentityPoolId: config.identityPoolId,
      // Without it the SDK calls GetId, and that refuses: "Can't pass in a Cognito token."
      IdentityId: first.identityId,
      // Always this key in the browser, never the developer provider's name.
      Logins: { "cognito-identity.amazonaws.com": first.token },
      // Keeps what the SDK caches in localStorage apart for each user of this browser.
      LoginId: first.identityId,
    },
    clientConfig,
  );

  // The SDK calls refresh() by itself when credentials near their end (an hour), but it would
  // send the token from above, long dead by then (15 minutes). So fetch a live one first. The id
  // is set again because the SDK drops it after any NotAuthorizedException.
  const exchange = credentials.refresh.bind(credentials);
  credentials.refresh = (done) => {
    fresh().then(({ identityId, token }) => {
      const Logins = { "cognito-identity.amazonaws.com": token };
      Object.assign(credentials.params, { IdentityId: identityId, Logins });
      exchange(done);
    }, done);
  };

  AWS.config.region = region;
  AWS.config.credentials = credentials;
  // With an endpoint of our own the bucket is in the path: its name is no DNS name there.
  const s3 = new AWS.S3({ endpoint, s3ForcePathStyle: endpoint !== undefined });
  const Bucket = config.bucket;
  return {
    // A managed upload: one request for a small file, parts of 5 MiB for a large one.
    put: async (Key, Body) => void (await s3.upload({ Bucket, Key, Body }).promise()),
    list: async (Prefix) => {
      const { Contents } = await s3.listObjectsV2({ Bucket, Prefix }).promise();
      return (Contents ?? []).map(({ Key }) => Key ?? "");
    },
    close: () => {
      credentials.clearCachedId();
      AWS.config.credentials = null;
    },
  };
});

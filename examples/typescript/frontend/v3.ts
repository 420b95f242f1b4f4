// Step 3 of the article, SDK v3: from identity and token to AWS requests.
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { fromCognitoIdentity } from "@aws-sdk/credential-providers";
import { Upload } from "@aws-sdk/lib-storage";
import { run, type Cloud } from "./page.js";

await run((config, first, fresh): Cloud => {
  const { endpoint, region } = config;
  const credentials = fromCognitoIdentity({
    identityId: first.identityId,
    // Always this key in the browser, never the developer provider's name. A function and not a
    // string: the SDK calls it at each renewal of the credentials (an hour), and a string would
    // by then be a dead token (15 minutes).
    logins: { "cognito-identity.amazonaws.com": async () => (await fresh()).token },
    clientConfig: { endpoint, region },
  });
  // The client remembers the credentials and renews them five minutes before their end, once for
  // all requests that wait. With an endpoint of our own the bucket is in the path: its name is no
  // DNS name there.
  const forcePathStyle = endpoint !== undefined;
  const client = new S3Client({ region, endpoint, credentials, forcePathStyle });
  const Bucket = config.bucket;
  return {
    // A managed upload: one request for a small file, parts of 5 MiB for a large one.
    put: async (Key, Body) =>
      void (await new Upload({ client, params: { Bucket, Key, Body } }).done()),
    list: async (Prefix) => {
      const { Contents } = await client.send(new ListObjectsV2Command({ Bucket, Prefix }));
      return (Contents ?? []).map(({ Key }) => Key ?? "");
    },
    // Identity and credentials live in this client only: SDK v3 caches neither in the browser.
    close: () => client.destroy(),
  };
});

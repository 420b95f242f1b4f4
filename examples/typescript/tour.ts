// `npm run tour`: every member of GetOpenIdTokenForDeveloperIdentityInput, used for real.
//
// It makes a pool of its own with an administrator's keys, makes each call once, prints a table
// of call and answer, and deletes the pool. Identities appear as A, B, ... in the order in which
// they are first seen, so two runs print the same table; README.md holds it, and lane.ts compares.
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  DeleteIdentityPoolCommand,
  GetIdCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
  type GetOpenIdTokenForDeveloperIdentityCommandInput,
  type GetOpenIdTokenForDeveloperIdentityInput,
} from "@aws-sdk/client-cognito-identity";
import { fileURLToPath } from "node:url";
import { readEnvFile } from "./env.js";

const region = process.env["AWS_REGION"] || "us-east-1";
const endpoint = process.env["AWS_ENDPOINT_URL"] || undefined;
const provider = "login.example.tour";
// One try each: a retry would hide an error that the table is about.
const client = (keys?: { accessKeyId: string; secretAccessKey: string }) =>
  new CognitoIdentityClient({ region, endpoint, maxAttempts: 1, credentials: keys });

type Claims = {
  iat: number;
  exp: number;
  "https://aws.amazon.com/tags"?: { principal_tags: Record<string, string[]> };
};

/** Makes all the calls and answers with the table. */
export async function tour(): Promise<string> {
  const admin = client();
  const pool = await admin.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: "daypass-example-tour",
      AllowUnauthenticatedIdentities: true, // One stop of the tour turns a guest into a user.
      DeveloperProviderName: provider,
    }),
  );
  const IdentityPoolId = pool.IdentityPoolId ?? "";
  try {
    return await stops(admin, IdentityPoolId);
  } finally {
    await admin.send(new DeleteIdentityPoolCommand({ IdentityPoolId }));
  }
}

async function stops(admin: CognitoIdentityClient, IdentityPoolId: string): Promise<string> {
  const rows: string[][] = [["what", "input beside IdentityPoolId", "answer"]];
  const nowhere = `${region}:00000000-0000-4000-8000-000000000000`;
  const letters = new Map<string, string>();
  const letter = (id: string) => {
    const known = letters.get(id) ?? String.fromCharCode(65 + letters.size);
    letters.set(id, known);
    return known;
  };
  const readable = (text: string) => {
    for (const [id, name] of letters) text = text.replaceAll(id, name);
    return text
      .replaceAll(IdentityPoolId, "<pool>")
      .replaceAll(nowhere, "<nowhere>")
      .replace(/"eyJ[\w.-]+"/g, '"<token>"');
  };

  // The Input type of the model, and the CommandInput that extends it: SDK v3 documents both names,
  // and they have the same members. SDK v2 has only the first (CognitoIdentity.…Input).
  type Given = Omit<GetOpenIdTokenForDeveloperIdentityInput, "IdentityPoolId">;
  const call = async (
    what: string,
    given: Given & { IdentityPoolId?: string },
    by = admin,
  ): Promise<{ id: string; token: string }> => {
    const input: GetOpenIdTokenForDeveloperIdentityCommandInput = { IdentityPoolId, ...given };
    const answer = await by.send(new GetOpenIdTokenForDeveloperIdentityCommand(input)).then(
      ({ IdentityId = "", Token = "" }) => ({ id: IdentityId, token: Token, error: undefined }),
      (error: Error) => ({ id: "", token: "", error: `${error.name}: ${error.message}` }),
    );
    const result = answer.error ?? `${letter(answer.id)}, ${describe(answer.token)}`;
    const asCode = (text: string) => `\`${readable(text)}\``;
    rows.push([what, asCode(JSON.stringify(given)), asCode(withoutNoise(result))]);
    return answer;
  };

  // Logins: who it is. The user id is yours: any string, 1 to 1024 characters, case matters.
  const ana = { [provider]: "ana" };
  const { id: A, token } = await call("first sight makes an identity", { Logins: ana });
  await call("the same user, the same identity", { Logins: ana });
  // TokenDuration: 1 to 86400 seconds, 900 when absent.
  await call("a shorter token", { Logins: ana, TokenDuration: 60 });
  // PrincipalTags: literal values, for ${aws:PrincipalTag/…} in policies. The role's trust policy
  // must allow sts:TagSession.
  await call("tags for the session", { Logins: ana, PrincipalTags: { tenant: "red" } });
  await call("tags last for one token only", { Logins: ana });
  // IdentityId: which identity you mean, instead of the user's own or a new one.
  await call("an identity that is the user's", { IdentityId: A, Logins: ana });
  const second = { [provider]: "ana@example.com" };
  await call("a second login for an identity", { IdentityId: A, Logins: second });
  await call("which is now known by itself", { Logins: second });
  const guest = await admin.send(new GetIdCommand({ IdentityPoolId }));
  const B = guest.IdentityId ?? "";
  letter(B);
  const ben = { [provider]: "ben" };
  await call("a guest (B) becomes a user", { IdentityId: B, Logins: ben });

  // Each error once.
  await call("a user who has another identity", { IdentityId: B, Logins: ana });
  await call("no such identity", { IdentityId: nowhere, Logins: { [provider]: "cleo" } });
  await call("no such pool", { IdentityPoolId: nowhere, Logins: ana });
  await call("not the pool's provider name", { Logins: { "login.example.typo": "ana" } });
  await call("the browser's key in the backend", {
    Logins: { "cognito-identity.amazonaws.com": token },
  });
  await call("no developer login at all", { Logins: { "accounts.google.com": "a-token" } });
  await call("a token without a life", { Logins: ana, TokenDuration: 0 });
  // An identity holds at most 20 logins: two are there, 18 fit, the next does not.
  for (let n = 3; n <= 20; n += 1) {
    const Logins = { [provider]: `ana-${n}` };
    const input = { IdentityPoolId, IdentityId: A, Logins };
    await admin.send(new GetOpenIdTokenForDeveloperIdentityCommand(input));
  }
  const Logins = { [provider]: "ana-21" };
  await call("login 21 of one identity", { IdentityId: A, Logins });
  // Who is asking? The key that setup.ts made is limited to the example's pool, not this one.
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } =
    readEnvFile();
  const backend = { accessKeyId, secretAccessKey };
  await call("a key limited to another pool", { Logins: ana }, client(backend));
  const wrong = { accessKeyId, secretAccessKey: "not-the-secret" };
  await call("a wrong secret key", { Logins: ana }, client(wrong));
  const unknown = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "whatever" };
  await call("a key nobody has", { Logins: ana }, client(unknown));
  return table(rows);
}

/** What a token says of itself. Clients need not look inside; the curious may. */
function describe(token: string): string {
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  const claims = JSON.parse(payload) as Claims;
  const tags = claims["https://aws.amazon.com/tags"]?.principal_tags;
  const life = `token for ${claims.exp - claims.iat} s`;
  return tags ? `${life}, tags ${JSON.stringify(tags)}` : life;
}

/** Leaves out of a message what differs from run to run: account, user and clock. */
function withoutNoise(text: string): string {
  return text
    .replace(/arn:aws:iam::\d+:user\/\S+/, "<backend>")
    .replace(/:\d{12}:identitypool/, ":<account>:identitypool")
    .replace(/(does not match the signature you provided\.).*/s, "$1");
}

function table(rows: string[][]): string {
  const line = (row: string[]) =>
    `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(head.map(() => "---")), ...body.map(line)].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await tour());

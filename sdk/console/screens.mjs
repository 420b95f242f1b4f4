// Every screen: no violation of the accessibility rules, no sideways scrolling, nothing heavy, and a
// picture of each, light and dark, wide and narrow.

import { createRequire } from "node:module";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { assert, endpoint, fresh, person, signIn, step } from "./shared.mjs";
import { cognito, iam, identityOf, newPool, s3 } from "./cloud.mjs";

const axe = createRequire(import.meta.url)("axe-core");
const SIZES = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
];
const NARROWEST = 320;
const FIRST_LOAD_BYTES_MAX = 200 * 1024;

export async function screens() {
  const screens = await furnish();
  const folder = process.env.SHOTS;
  if (folder) mkdirSync(folder, { recursive: true });
  for (const colorScheme of ["light", "dark"]) {
    const visitor = await person({ colorScheme });
    const { page } = visitor;
    await signedOut(page, colorScheme, folder);
    await signIn(page);
    for (const [name, path, act] of screens) {
      await page.setViewportSize(SIZES[0]);
      const answer = await page.goto(`${endpoint}${path}`);
      assert.equal(answer.status(), name === "nothing-here" ? 404 : 200, path);
      if (act) await act(page);
      await look(page, `${name}-${colorScheme}`, folder);
    }
    await visitor.leave();
    step(`${screens.length + 1} screens are accessible and fit, ${colorScheme}`);
  }
  await weigh();
}

/** A house in which every screen has something to show. */
async function furnish() {
  const Bucket = fresh("uploads");
  await s3.createBucket({ Bucket }).promise();
  const pool = await newPool({ IdentityPoolName: "My App", IdentityPoolTags: { team: "mobile" } });
  const id = pool.IdentityPoolId;
  const issuer = "cognito-identity.amazonaws.com";
  const RoleName = fresh("MyAppAuth");
  const trust = {
    Effect: "Allow",
    Principal: { Federated: issuer },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: { [`${issuer}:aud`]: id },
      "ForAnyValue:StringLike": { [`${issuer}:amr`]: "authenticated" },
    },
  };
  const own = {
    Effect: "Allow",
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: `arn:aws:s3:::${Bucket}/\${${issuer}:sub}/*`,
  };
  const document = (statement) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const { Role } = await iam
    .createRole({ RoleName, AssumeRolePolicyDocument: document(trust) })
    .promise();
  const policy = { RoleName, PolicyName: "own-prefix", PolicyDocument: document(own) };
  await iam.putRolePolicy(policy).promise();
  const roles = { IdentityPoolId: id, Roles: { authenticated: Role.Arn } };
  await cognito.setIdentityPoolRoles(roles).promise();
  let identity = "";
  for (let user = 1; user <= 24; user += 1) identity = await identityOf(id, `user-${user}`);
  const logins = { [pool.DeveloperProviderName]: "user-1" };
  const token = await cognito
    .getOpenIdTokenForDeveloperIdentity({ IdentityPoolId: id, Logins: logins })
    .promise();
  const Logins = { [issuer]: token.Token };
  await cognito.getCredentialsForIdentity({ IdentityId: token.IdentityId, Logins }).promise();
  await cognito.getId({ IdentityPoolId: id }).promise();

  const at = `/console/pools/${encodeURIComponent(id)}`;
  return [
    ["overview", "/console"],
    ["overview-week", "/console?range=7d"],
    ["pools", "/console/pools"],
    ["pools-none-match", "/console/pools?q=nothing-like-this"],
    ["pool-new", "/console/pools/new"],
    ["pool-new-errors", "/console/pools/new", (page) => submit(page, "Create pool")],
    ["pool", at],
    ["pool-roles", `${at}/roles`],
    ["pool-key", `${at}/key`],
    ["pool-edit", `${at}/edit`],
    ["pool-delete", `${at}/delete`],
    ["pool-test", `${at}/test`],
    ["pool-test-done", `${at}/test`, (page) => submit(page, /^Run/)],
    ["pool-snippets", `${at}/snippets`],
    ["pool-snippets-client", `${at}/snippets?lang=typescript-v2&side=client`],
    ["identities", `/console/identities?pool=${encodeURIComponent(id)}`],
    ["identities-no-match", `/console/identities?pool=${encodeURIComponent(id)}&q=nobody`],
    ["identity", `/console/identities/${encodeURIComponent(identity)}?pool=${encodeURIComponent(id)}`],
    ["roles", "/console/roles"],
    ["role", `/console/roles/${RoleName}`],
    ["role-trust", `/console/roles/${RoleName}/trust`],
    ["role-policy", `/console/roles/${RoleName}/policies/own-prefix`],
    ["search", "/console/search?q=nobody"],
    ["inspector", "/console/inspector"],
    ["inspector-done", "/console/inspector", (page) => inspect(page, token.Token)],
    ["settings", "/console/settings"],
    ["nothing-here", "/console/nothing-here"],
  ];
}

async function submit(page, name) {
  // The form as the server answers it: browsers would hold back what they see is missing.
  await page.evaluate(() => {
    for (const form of document.forms) form.noValidate = true;
  });
  await page.getByRole("button", { name }).click();
  await page.waitForLoadState("load");
}

async function inspect(page, token) {
  await page.getByLabel("Token", { exact: true }).fill(token);
  await submit(page, /^Inspect/);
}

async function signedOut(page, colorScheme, folder) {
  await page.goto(`${endpoint}/console/sign-in`);
  await look(page, `sign-in-${colorScheme}`, folder);
}

/** The rules of axe, the width of the page, a picture at each size. */
async function look(page, name, folder) {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await axeAgrees(page, `${name} at ${size.width}`);
    if (folder) {
      const path = join(folder, `${name}-${size.width}.png`);
      await page.screenshot({ path, fullPage: true });
    }
  }
  await page.setViewportSize({ width: NARROWEST, height: 640 });
  const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${name} is ${wide} px too wide at ${NARROWEST}`);
}

async function axeAgrees(page, where) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  const told = violations.map((one) => ({
    rule: one.id,
    help: one.help,
    nodes: one.nodes.slice(0, 5).map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
  }));
  assert.deepEqual(told, [], `${where}: axe`);
}

/** The first load of the first page, with nothing in the browser's store. */
async function weigh() {
  const { page, context, leave } = await person();
  await signIn(page, "/console/settings");
  const cookies = await context.cookies();
  await leave();
  const again = await person();
  await again.context.addCookies(cookies);
  const sizes = [];
  again.page.on("requestfinished", (request) => sizes.push(request.sizes()));
  await again.page.goto(`${endpoint}/console`, { waitUntil: "networkidle" });
  let bytes = 0;
  for (const size of await Promise.all(sizes)) {
    bytes += size.responseBodySize + size.responseHeadersSize;
  }
  await again.leave();
  console.log(`    the first load takes ${sizes.length} requests and ${bytes} bytes`);
  assert.ok(bytes > 10_000 && bytes < FIRST_LOAD_BYTES_MAX, `${bytes} bytes`);
  step("the first load is under 200 KB");
}

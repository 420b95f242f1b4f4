// Whoever may do less sees less, and is told what is missing.

import { assert, endpoint, person, signIn, step } from "./shared.mjs";
import { newPool, newUser } from "./cloud.mjs";

export async function rights() {
  const pool = await newPool();
  const at = encodeURIComponent(pool.IdentityPoolId);
  const keys = await newUser([
    { Effect: "Allow", Action: "cognito-identity:ListIdentityPools", Resource: "*" },
  ]);
  const { page, leave } = await person();
  await signIn(page, "/console/pools", keys);
  await page.getByText(pool.IdentityPoolName).first().waitFor();
  for (const [path, missing] of [
    ["/console", /daypass:GetActivity/],
    [`/console/pools/${at}`, /cognito-identity:DescribeIdentityPool/],
    [`/console/identities?pool=${at}`, /cognito-identity:ListIdentities/],
    ["/console/roles", /iam:ListRoles/],
    ["/console/settings", /daypass:DescribeDeployment/],
  ]) {
    await page.goto(`${endpoint}${path}`);
    await page.getByText(missing).first().waitFor();
    await page.getByText("You may not see this").first().waitFor();
  }
  // What is not shown is not done either.
  const answer = await page.goto(`${endpoint}/console/pools/new`);
  assert.equal(answer.status(), 200);
  await page.getByLabel("Identity pool name").fill("not mine");
  await page.getByLabel("Developer provider name").fill("login.example.app");
  await page.getByRole("checkbox", { name: /^I understand/ }).check();
  await page.getByRole("button", { name: "Create pool" }).click();
  await page.getByText(/cognito-identity:CreateIdentityPool/).first().waitFor();
  await leave();

  const none = await newUser([{ Effect: "Deny", Action: "*", Resource: "*" }]);
  const nobody = await person();
  await signIn(nobody.page, "/console", none);
  await nobody.page.getByText("You may not see this").first().waitFor();
  await nobody.leave();
  step("fewer rights show less, with the permission that is missing");
}

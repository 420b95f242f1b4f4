// A session that ends while a form is half filled loses nothing, and does nothing by itself.

import { assert, endpoint, fresh, person, root, signIn, step } from "./shared.mjs";
import { cognito } from "./cloud.mjs";

export async function session() {
  for (const javaScriptEnabled of [true, false]) {
    const { page, context, leave } = await person({ javaScriptEnabled });
    await signIn(page, "/console/pools/new");
    const name = fresh("kept");
    await page.getByLabel("Identity pool name").fill(name);
    await page.getByLabel("Developer provider name").fill("login.kept.example");
    await page.getByRole("checkbox", { name: /^I understand/ }).check();
    await page.getByRole("checkbox", { name: /^Let guests in/ }).check();

    // The same person signs out in another tab.
    const other = await context.newPage();
    await other.goto(`${endpoint}/console/settings`);
    await other.locator("summary").filter({ hasText: "account menu" }).click();
    await other.getByRole("button", { name: "Sign out", exact: true }).click();
    await other.getByLabel("Access key id").waitFor();
    await other.close();

    await page.getByRole("button", { name: "Create pool" }).click();
    await page.getByText("Your session has ended").waitFor();
    await page.getByLabel("Access key id").fill(root.accessKeyId);
    await page.getByLabel("Secret access key").fill(root.secretAccessKey);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL(`${endpoint}/console/pools/new`);
    assert.equal(await page.getByLabel("Identity pool name").inputValue(), name);
    assert.equal(await page.getByLabel("Developer provider name").inputValue(), "login.kept.example");
    assert.ok(await page.getByRole("checkbox", { name: /^I understand/ }).isChecked());
    assert.ok(await page.getByRole("checkbox", { name: /^Let guests in/ }).isChecked());
    const pools = await cognito.listIdentityPools({ MaxResults: 60 }).promise();
    assert.ok(!pools.IdentityPools.some((pool) => pool.IdentityPoolName === name), "not sent yet");

    await page.getByRole("button", { name: "Create pool" }).click();
    await page.waitForURL(/\/console\/pools\/us-east-1/);
    await leave();
    step(`a form outlives its session, ${javaScriptEnabled ? "with" : "without"} scripts`);
  }
}

// Two people edit one pool: the second is told, sees what differs, and decides.

import { assert, endpoint, fresh, person, signIn, step } from "./shared.mjs";
import { cognito, newPool } from "./cloud.mjs";

export async function editors() {
  const pool = await newPool();
  const id = pool.IdentityPoolId;
  const path = `/console/pools/${encodeURIComponent(id)}/edit`;
  const [ada, ben] = [await person(), await person()];
  await signIn(ada.page, path);
  await signIn(ben.page, path);

  const [adas, bens] = [fresh("ada"), fresh("ben")];
  await ada.page.getByLabel("Identity pool name").fill(adas);
  await ada.page.getByRole("button", { name: "Save" }).click();
  await ada.page.waitForURL((url) => !url.pathname.endsWith("/edit"));

  await ben.page.getByLabel("Identity pool name").fill(bens);
  await ben.page.getByRole("button", { name: "Save" }).click();
  await ben.page.getByText(/changed this pool/i).first().waitFor();
  await ben.page.getByText(adas).first().waitFor();
  assert.equal(await ben.page.getByLabel("Identity pool name").inputValue(), bens);
  const described = () => cognito.describeIdentityPool({ IdentityPoolId: id }).promise();
  assert.equal((await described()).IdentityPoolName, adas, "nothing was overwritten");

  await ben.page.getByRole("button", { name: /Save mine/ }).click();
  await ben.page.waitForURL((url) => !url.pathname.endsWith("/edit"));
  assert.equal((await described()).IdentityPoolName, bens);
  await ada.leave();
  await ben.leave();
  step("whoever saves second is told, and decides");
}

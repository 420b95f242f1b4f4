// A hundred thousand identities are paged like a handful: by key, never by counting.
//
// The claim is a ratio against a small pool in the same browser and the same minute, not a time.

import { assert, endpoint, person, signIn, step } from "./shared.mjs";
import { guests, newPool } from "./cloud.mjs";

const IDENTITIES = 100_000;
const PAGES = 15;
const RATIO_MAX = 3;

export async function many() {
  const small = (await newPool()).IdentityPoolId;
  const large = (await newPool()).IdentityPoolId;
  await guests(small, (PAGES + 2) * 20);
  const start = performance.now();
  await guests(large, IDENTITIES);
  const seconds = (performance.now() - start) / 1000;
  console.log(`    ${IDENTITIES} identities made in ${seconds.toFixed(1)} s`);

  const { page, leave } = await person();
  await signIn(page);
  const few = await turn(page, small);
  const lots = await turn(page, large);
  const ratio = lots / few;
  const shown = `${few.toFixed(0)} ms a page of few, ${lots.toFixed(0)} ms of ${IDENTITIES}`;
  console.log(`    ${shown}: ratio ${ratio.toFixed(2)}`);
  assert.ok(ratio <= RATIO_MAX, `ratio ${ratio} is at most ${RATIO_MAX}`);
  await leave();
  step(`${IDENTITIES} identities are paged without delay`);
}

/** Turns pages and answers with the median of how long one took, in milliseconds. */
async function turn(page, pool) {
  await page.goto(`${endpoint}/console/identities?pool=${encodeURIComponent(pool)}`);
  const seen = new Set();
  const times = [];
  for (let turned = 0; turned < PAGES; turned += 1) {
    const first = page.getByRole("row").nth(1);
    seen.add(await first.innerText());
    const start = performance.now();
    await page.getByRole("link", { name: "Next" }).click();
    await page.waitForLoadState("load");
    await first.waitFor();
    times.push(performance.now() - start);
  }
  assert.equal(seen.size, PAGES, "every page is another one");
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)];
}

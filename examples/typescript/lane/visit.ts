// One browser window on the example, and the log of what it sent over the network.
import type { Browser, Page, Request, Route } from "playwright-core";

const WAIT_MILLISECONDS = 30_000;

export function check(held: boolean, message: string): asserts held {
  if (!held) throw new Error(message);
}

export class Visit {
  /** In how many seconds it is told that they end. */
  shortenedSeconds = 0;
  /** The most exchanges of a token for credentials that were ever under way together. */
  exchangesAtOnce = 0;
  #exchanges = 0;
  #requests: { name: string; request: Request }[] = [];

  private constructor(
    readonly page: Page,
    readonly label: string,
    /** How many of the next credentials the browser is told are at their end. */
    public shorten: number,
  ) {}

  static async open(
    browser: Browser,
    url: string,
    label: string,
    { shorten = 0, clockAheadMilliseconds = 0 } = {},
  ): Promise<Visit> {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MILLISECONDS);
    if (clockAheadMilliseconds > 0) {
      await page.clock.install({ time: Date.now() + clockAheadMilliseconds });
    }
    const visit = new Visit(page, label, shorten);
    page.on("request", (request) => visit.#note(request));
    page.on("pageerror", (error) => visit.say(`error on the page: ${error.message}`));
    // Whoever looks into requests this way also answers their preflights, so only where needed:
    // an untouched visit is the one that shows that the service's own CORS answers suffice.
    if (shorten > 0) {
      const elsewhere = (address: URL) => address.pathname === "/" && address.origin !== url;
      await page.route(elsewhere, (route) => visit.#exchange(route));
    }
    await page.goto(url);
    await page.waitForSelector("#login:not([hidden])");
    return visit;
  }

  say(line: string): void {
    console.log(`${this.label}: ${line}`);
  }

  /** Acts, and waits until the page's log says so; answers with what the log added. */
  async after(act: () => Promise<unknown>, expected: RegExp, fresh = false): Promise<string> {
    const before = fresh ? 0 : (await this.#log()).length;
    await act();
    const added = async () => (await this.#log()).slice(before);
    const seen = ([start, pattern]: [number, string]) =>
      new RegExp(pattern).test((document.getElementById("log")?.textContent ?? "").slice(start));
    await this.page
      .waitForFunction(seen, [before, expected.source] as [number, string])
      .catch(async () => {
        const names = this.#requests.map(({ name }) => name).join(", ");
        throw new Error(
          `${this.label}: no ${expected} in the page's log: ${await added()} (sent: ${names})`,
        );
      });
    return added();
  }

  async login(fields: Record<string, string>): Promise<void> {
    const form = "deviceCode" in fields ? "#device" : "#person";
    for (const [name, value] of Object.entries(fields)) {
      await this.page.fill(`${form} [name=${name}]`, value);
    }
    await this.page.click(`${form} button`);
  }

  async logout(): Promise<void> {
    await this.after(() => this.page.click("#logout"), /logged out/);
    await this.page.waitForSelector("#login:not([hidden])");
  }

  async upload(name: string, buffer: Buffer): Promise<void> {
    await this.page.setInputFiles("#file", { name, mimeType: "application/octet-stream", buffer });
    await this.page.click("#upload");
  }

  async identity(): Promise<string> {
    return (await this.page.textContent("#identity")) ?? "";
  }

  async files(): Promise<string[]> {
    return ((await this.page.textContent("#files")) ?? "").split("\n");
  }

  storage(): Promise<string> {
    return this.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  }

  sessionStatus(): Promise<number> {
    return this.page.evaluate(async () => {
      const headers = { "content-type": "application/json" };
      return (await fetch("/session", { method: "POST", headers })).status;
    });
  }

  /** Starts the network log anew. */
  forget(): void {
    this.#requests = [];
  }

  expectCalls(when: string, expected: Record<string, number>): void {
    for (const [name, count] of Object.entries(expected)) {
      const seen = this.#requests.filter((one) => one.name === name).length;
      check(seen === count, `${this.label}, ${when}: ${name} was sent ${seen} times, not ${count}`);
    }
    this.say(`${when}: ${JSON.stringify(expected)}`);
  }

  /** How many answers had this status. */
  async answered(status: number): Promise<number> {
    const answers = await Promise.all(this.#requests.map(({ request }) => request.response()));
    return answers.filter((answer) => answer?.status() === status).length;
  }

  /** The tokens that were exchanged, in order. */
  tokens(): string[] {
    return this.#requests
      .filter(({ name }) => name === "GetCredentialsForIdentity")
      .map(({ request }) => {
        const body = JSON.parse(request.postData() ?? "{}") as { Logins?: Record<string, string> };
        return body.Logins?.["cognito-identity.amazonaws.com"] ?? "";
      });
  }

  /** The access keys that signed the requests of an upload in parts. */
  uploadKeys(): Set<string> {
    const inParts = this.#requests.filter(({ request }) =>
      /[?&](uploads|uploadId)\b/.test(request.url()),
    );
    return new Set(
      inParts.map(
        ({ request }) =>
          /Credential=(\w+)/.exec(request.headers()["authorization"] ?? "")?.[1] ?? "",
      ),
    );
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  async #log(): Promise<string> {
    return (await this.page.textContent("#log")) ?? "";
  }

  #note(request: Request): void {
    const target = request.headers()["x-amz-target"]?.split(".").at(-1);
    const path = new URL(request.url()).pathname.slice(1);
    this.#requests.push({ name: target ?? path, request });
  }

  async #exchange(route: Route): Promise<void> {
    const target = route.request().headers()["x-amz-target"] ?? "";
    if (!target.endsWith(".GetCredentialsForIdentity")) return route.continue();
    this.#exchanges += 1;
    this.exchangesAtOnce = Math.max(this.exchangesAtOnce, this.#exchanges);
    const response = await route.fetch();
    let body = await response.text();
    if (response.ok() && this.shorten > 0) {
      this.shorten -= 1;
      const soon = Math.floor(Date.now() / 1000) + this.shortenedSeconds;
      body = body.replace(/("Expiration":)[\d.eE+]+/, `$1${soon}`);
    }
    this.#exchanges -= 1;
    await route.fulfill({ response, body });
  }
}

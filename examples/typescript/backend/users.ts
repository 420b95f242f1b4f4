// The application's own users: the part that Cognito never sees and that you already have.
import { createHash, scryptSync, timingSafeEqual } from "node:crypto";

// People: user id -> salt and scrypt hash of the password (README lists the demo passwords).
const people: Record<string, { salt: string; hash: string }> = {
  ana: {
    salt: "698acdfc47cf1eb41bc56af1ce89036c",
    hash: "575ab5d2ce12d25bf4e3dfcd217e9de47427d71efaa72c147d2bfe29736a4c98",
  },
  ben: {
    salt: "86b799287debbb89d1ca6266082461f5",
    hash: "7a12d41abc268605dcc9e06d86c797922b6d7beb6513a256141c398c9a84c335",
  },
};

// Devices: the `deviceHashCode` of the article, SHA-256 of the code burnt into each device. The
// code is long and random, so a fast hash is enough, and a leaked table opens no device.
const devices = new Set(["004dd8dd14b4b94a531802b5e6420e287dafb1ede938464dbae1f5394ea9a4df"]);

// Checked for unknown names, so that an answer takes equally long whether or not a user exists.
const nobody = { salt: "00", hash: "00".repeat(32) };

/** The id to vouch for, or nothing when the login is wrong; never which half was wrong. */
export function check(login: Record<string, unknown>): string | undefined {
  const { user, password, deviceCode } = login;
  if (typeof deviceCode === "string") {
    const deviceHashCode = createHash("sha256").update(deviceCode).digest("hex");
    return devices.has(deviceHashCode) ? deviceHashCode : undefined;
  }
  if (typeof user !== "string" || typeof password !== "string") return undefined;
  const known = Object.hasOwn(people, user) ? people[user] : undefined;
  const { salt, hash } = known ?? nobody;
  const given = scryptSync(password, Buffer.from(salt, "hex"), 32);
  return timingSafeEqual(given, Buffer.from(hash, "hex")) && known ? user : undefined;
}

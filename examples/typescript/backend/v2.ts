// The whole of step 2 of the article, SDK v2: vouch for a user of ours, get identity and token.
import CognitoIdentity from "aws-sdk/clients/cognitoidentity.js";
import type { Mint } from "./server.js";

export function minter(poolId: string, provider: string, seconds: number, endpoint?: string): Mint {
  // Region and the developer's own keys come from the usual AWS_* variables. Unlike SDK v3, SDK
  // v2 does not read AWS_ENDPOINT_URL by itself; `undefined` leaves it with AWS.
  const identityClient = new CognitoIdentity({ endpoint });

  const params = (userId: string): CognitoIdentity.GetOpenIdTokenForDeveloperIdentityInput => ({
    IdentityPoolId: poolId,
    // The key is the pool's developer provider name, the value is your own, unchanging user id.
    // (In the browser the key is another one: see frontend/v2.ts.)
    Logins: { [provider]: userId },
    TokenDuration: seconds,
  });

  return async (userId) => {
    const openId = await identityClient
      .getOpenIdTokenForDeveloperIdentity(params(userId))
      .promise();
    if (!openId.IdentityId || !openId.Token) throw new Error("answer without identity or token");
    return { identityId: openId.IdentityId, token: openId.Token };
  };
}

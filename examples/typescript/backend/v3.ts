// The whole of step 2 of the article, SDK v3: vouch for a user of ours, get identity and token.
import {
  CognitoIdentityClient,
  GetOpenIdTokenForDeveloperIdentityCommand,
  type GetOpenIdTokenForDeveloperIdentityCommandInput,
} from "@aws-sdk/client-cognito-identity";
import type { Mint } from "./server.js";

export function minter(poolId: string, provider: string, seconds: number, endpoint?: string): Mint {
  // Region and the developer's own keys come from the usual AWS_* variables. SDK v3 would read
  // AWS_ENDPOINT_URL too; it is passed so that both versions of the example show it.
  const identityClient = new CognitoIdentityClient({ endpoint });

  const params = (userId: string): GetOpenIdTokenForDeveloperIdentityCommandInput => ({
    IdentityPoolId: poolId,
    // The key is the pool's developer provider name, the value is your own, unchanging user id.
    // (In the browser the key is another one: see frontend/v3.ts.)
    Logins: { [provider]: userId },
    TokenDuration: seconds,
  });

  return async (userId) => {
    const openId = await identityClient.send(
      new GetOpenIdTokenForDeveloperIdentityCommand(params(userId)),
    );
    if (!openId.IdentityId || !openId.Token) throw new Error("answer without identity or token");
    return { identityId: openId.IdentityId, token: openId.Token };
  };
}

//! What to do about a refusal: for each reason code, what happened and how to put it right.
//!
//! Clients are told as much as AWS tells them, which is little. People who look after a pool are told
//! the rest: the overview, the test exchange and the identities' pages say these sentences.
//!
//! **Source**: users page, section 5 (wire message, reason, advice).

use crate::api::Refusal;

/// What a reason means, and what helps.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Advice {
    /// What happened.
    pub(crate) meaning: &'static str,
    /// What to do about it.
    pub(crate) fix: &'static str,
}

/// The advice for a reason code; for one without its own, that of its family.
pub(crate) fn for_reason(reason: &str) -> Advice {
    let family = reason.split_once('.').map_or(reason, |(family, _)| family);
    let own = match family {
        "token" => token(reason),
        "logins" | "developer" | "identity" | "flow" => logins(reason),
        "role" => role(reason),
        "policy" | "sig" => access(reason),
        "limit" => limit(reason),
        "pool" | "operation" | "bucket" => place(reason),
        _ => None,
    };
    own.unwrap_or_else(|| for_family(family))
}

/// The advice for a refusal; where the server does not tell its reason, by what it says.
pub(crate) fn for_refusal(refusal: &Refusal) -> (String, Advice) {
    let told = refusal
        .reason
        .as_deref()
        .filter(|reason| !reason.is_empty());
    let reason = told.unwrap_or_else(|| guess(&refusal.code, &refusal.message));
    (reason.to_owned(), for_reason(reason))
}

/// The reason behind a documented message, as far as the message alone tells.
fn guess(code: &str, message: &str) -> &'static str {
    let messages = [
        ("Can't pass in a Cognito token", "token.own_token_in_getid"),
        ("Token expired", "token.expired"),
        ("Couldn't verify signed token", "token.bad_signature"),
        ("Logins don't match", "logins.mismatch"),
        ("Unauthenticated access is not", "logins.none"),
        ("not from a supported provider", "logins.unknown_provider"),
        ("specified developer provider", "developer.unknown_provider"),
        ("Invalid identity pool configuration", "role.trust"),
        ("Access to Identity", "identity.disabled"),
        ("ambiguous role mapping rules", "role.ambiguous"),
        ("Access to Role", "role.forbidden"),
        ("not supported with RoleMappings", "flow.role_mappings"),
        ("explicit deny", "policy.explicit_deny"),
    ];
    let told = messages.iter().find(|(part, _)| message.contains(part));
    told.map_or_else(|| guess_by_code(code), |(_, reason)| reason)
}

fn guess_by_code(code: &str) -> &'static str {
    match code {
        "AccessDenied" | "AccessDeniedException" => "policy.implicit_deny",
        "NoSuchBucket" => "bucket.missing",
        "InvalidAccessKeyId" | "UnrecognizedClientException" => "sig.unknown_key",
        "SignatureDoesNotMatch" | "InvalidSignatureException" => "sig.mismatch",
        "ExpiredToken" | "ExpiredTokenException" => "sig.expired_session",
        "TooManyRequestsException" | "SlowDown" => "limit.rate",
        _ => "other",
    }
}

const fn say(meaning: &'static str, fix: &'static str) -> Advice {
    Advice { meaning, fix }
}

fn token(reason: &str) -> Option<Advice> {
    Some(match reason {
        "token.own_token_in_getid" => say(
            "The client sent its token to GetId or GetOpenIdToken, without the identity id.",
            "Give the client both the token and the identity id from your backend: with the \
             identity id set, the SDK does not ask for a new one.",
        ),
        "token.expired" => say(
            "The token had ended.",
            "Fetch a new token from your backend before the old one ends, or ask for a longer \
             TokenDuration there.",
        ),
        "token.not_yet_valid" => say(
            "The token begins in the future.",
            "Set the clocks of this server and of the one that issued the token.",
        ),
        "token.wrong_pool" => say(
            "The token is for another pool than the identity.",
            "Use the pool id of the same pool in the backend and in the client.",
        ),
        "token.wrong_identity" => say(
            "The token belongs to another identity than the one asked for.",
            "Clear the identity id that the client has cached; take both from one answer of your \
             backend. After a merge the surviving identity has to be used.",
        ),
        "token.bad_signature" | "token.unknown_key" | "token.algorithm" => say(
            "The signature of the token does not check out with the keys of this server.",
            "See that the token is copied whole and was minted here, not on another instance.",
        ),
        _ => return None,
    })
}

fn logins(reason: &str) -> Option<Advice> {
    Some(match reason {
        "logins.none" => say(
            "The request carried no Logins, and the pool takes no guests.",
            "Look for where the client loses its Logins; a guest is not what was wanted.",
        ),
        "logins.mismatch" | "identity.belongs_to_other_login" => say(
            "None of the logins belongs to this identity.",
            "Clear the identity id that the client has cached at sign-out, and check that the pool \
             id is the same on both sides.",
        ),
        "logins.provider_name_on_client" => say(
            "A client used the developer provider name as the key in Logins.",
            "In the client the key is always cognito-identity.amazonaws.com; the developer \
             provider name is for the backend.",
        ),
        "logins.unknown_provider" => say(
            "The pool does not know the provider of this login.",
            "Add the provider to the pool, or correct the client id.",
        ),
        "logins.issuer_mismatch" => say(
            "The token was issued by somebody else than the key in Logins names.",
            "Use as the key exactly what the token's `iss` says, without https://.",
        ),
        "developer.caller_not_allowed" => say(
            "The backend's key may not do this for this pool.",
            "Let whoever looks after the backend's user add the action to its policy, on the ARN of \
             this pool.",
        ),
        "developer.unknown_provider" => say(
            "The pool has another developer provider name, or none.",
            "Use the developer provider name of the pool's page, letter by letter, in the backend.",
        ),
        "identity.disabled" => say(
            "This identity is not served with these logins any more.",
            "If it was merged, use the identity that survived; if all logins were unlinked, sign \
             in anew.",
        ),
        "identity.not_found" | "developer.not_found" => say(
            "There is no such identity or user in this pool.",
            "Check the id, and that it belongs to this pool and this instance.",
        ),
        "flow.saml" => say(
            "Logins of SAML providers are for the enhanced flow.",
            "Use GetCredentialsForIdentity.",
        ),
        "flow.role_mappings" => say(
            "The pool chooses roles by mappings, which the classic flow cannot follow.",
            "Use GetCredentialsForIdentity, or remove the role mappings of the pool.",
        ),
        "flow.classic_disabled" => say(
            "The pool does not take part in the classic flow.",
            "Use GetCredentialsForIdentity, or turn on the classic flow in the pool's settings.",
        ),
        _ => return None,
    })
}

fn role(reason: &str) -> Option<Advice> {
    Some(match reason {
        "role.none" => say(
            "The pool has no role for this kind of identity.",
            "Set a role on the pool's page; it offers to create one.",
        ),
        "role.missing" => say(
            "The pool names a role that does not exist.",
            "Choose another role on the pool's page, or create it again.",
        ),
        "role.trust_aud" => say(
            "The role's trust policy asks for another pool.",
            "In the trust policy, set cognito-identity.amazonaws.com:aud to this pool's id.",
        ),
        "role.trust_amr" => say(
            "The role's trust policy asks for another kind of login.",
            "In the trust policy, cognito-identity.amazonaws.com:amr must be authenticated for \
             users and unauthenticated for guests.",
        ),
        "role.trust_action" => say(
            "The role's trust policy does not allow sts:AssumeRoleWithWebIdentity.",
            "Allow that action to the federated principal cognito-identity.amazonaws.com.",
        ),
        "role.trust_tag" => say(
            "The token carries principal tags, and the role's trust policy does not allow them.",
            "Allow sts:TagSession beside sts:AssumeRoleWithWebIdentity in the trust policy.",
        ),
        "role.ambiguous" => say(
            "No mapping of the pool gives this user one role, and the mapping says to deny then.",
            "Add a rule that matches, let the mapping fall back to the authenticated role, or ask \
             with CustomRoleArn.",
        ),
        "role.forbidden" => say(
            "This identity is not offered that role, or the caller may not pass it on.",
            "Ask without a role of one's own, or allow iam:PassRole for it.",
        ),
        _ => return None,
    })
}

fn access(reason: &str) -> Option<Advice> {
    Some(match reason {
        "policy.implicit_deny" => say(
            "No policy allows this action on this resource.",
            "Add a statement that allows it to the role, user or key that asked. For an own \
             prefix, the first folder is the identity id, not the user id.",
        ),
        "policy.session_scope" => say(
            "The role may do this, and the session may not: its own policy, or the one of all \
             guests, is narrower.",
            "Widen the session policy given when the role was assumed; for guests, only the \
             services that AWS lets guests use are open.",
        ),
        "policy.explicit_deny" => say(
            "A policy denies this action expressly.",
            "Find the Deny statement that matches; no Allow is stronger.",
        ),
        "sig.skew" => say(
            "The clocks of the client and of this server are too far apart.",
            "Set the client's clock; its SDK can correct itself by the Date of the answer.",
        ),
        "sig.mismatch" => say(
            "The signature does not fit the request.",
            "Check the secret access key, the Region, and that no proxy changes the request.",
        ),
        "sig.unknown_key" => say(
            "This server does not know the access key.",
            "Check the key and the endpoint: keys of AWS or of another instance do not work here.",
        ),
        "sig.expired_session" => say(
            "The temporary credentials had ended.",
            "Let the client renew by a function, not by values fetched once.",
        ),
        "sig.missing" => say(
            "The operation needs a signature and the request had none.",
            "Give the caller an access key; only the operations of clients are public.",
        ),
        _ => return None,
    })
}

fn limit(reason: &str) -> Option<Advice> {
    Some(match reason {
        "limit.rate" => say(
            "Requests came faster than the limit.",
            "Wait as long as Retry-After says, as SDKs do by themselves; the server's log names the \
             limit, and `rates` sets those of operations.",
        ),
        "limit.in_flight" | "limit.buffered" | "limit.signing" => say(
            "The server was working on as much as it takes at once.",
            "Come back after a second; if it happens often, give the server more processors.",
        ),
        "limit.rules" => say(
            "The mapping has more rules than one provider may have.",
            "Put together rules that give the same role: 25 are allowed, as on AWS.",
        ),
        "limit.pools" => say(
            "The account has as many pools as one may have.",
            "Delete pools that nobody uses: 1,000 are allowed, as on AWS.",
        ),
        "limit.user_pools" => say(
            "The pool names as many user pools as one may name.",
            "Use another identity pool for the rest: 50 are allowed, as on AWS.",
        ),
        "limit.links" => say(
            "The identity has as many logins as one may have.",
            "Unlink a login that is not used any more.",
        ),
        _ => return None,
    })
}

fn place(reason: &str) -> Option<Advice> {
    Some(match reason {
        "pool.not_found" => say(
            "There is no pool with this id here.",
            "Check the pool id and the endpoint: the pool may be on another instance, or deleted.",
        ),
        "operation.not_yet" => say(
            "This operation of AWS does not exist here yet.",
            "COMPATIBILITY lists the operations there are.",
        ),
        "bucket.missing" => say(
            "There is no bucket with this name.",
            "Create the bucket, or name another.",
        ),
        _ => return None,
    })
}

fn for_family(family: &str) -> Advice {
    let (meaning, fix) = match family {
        "token" => (
            "The token is none that is accepted here.",
            "Look at it in the token inspector.",
        ),
        "logins" | "developer" | "identity" => (
            "The logins or the identity do not fit.",
            "Compare the pool, the identity and the user id on both sides.",
        ),
        "issuer" => (
            "The token's issuer does not answer, or publishes no keys that can be used.",
            "Look at the issuer's address from this server's machine; the log says what came back.",
        ),
        "saml" => (
            "The SAML response is not accepted.",
            "Compare issuer, audience, recipient and times with the provider's metadata; the code \
             names what differs.",
        ),
        "role" => (
            "The role cannot be assumed.",
            "Look at the checklist on the pool's page; it offers a trust policy that works.",
        ),
        "policy" => (
            "A policy is missing or does not read.",
            "Look at it on the page of its role.",
        ),
        "sig" => (
            "The signature is not in order.",
            "Let an SDK sign, with the endpoint, Region and key of this instance.",
        ),
        "limit" => (
            "Something is larger or more than its limit.",
            "The message names the limit.",
        ),
        "bucket" | "object" | "upload" => (
            "The object store does not have this, or has it already.",
            "Check the name of the bucket and the key.",
        ),
        "store" => (
            "The database could not be used.",
            "Look at the server's log.",
        ),
        "operation" => (
            "There is no such operation here.",
            "COMPATIBILITY lists the operations there are.",
        ),
        "user" | "key" | "provider" | "entity" | "caller" | "thumbprint" => (
            "IAM does not have this, or cannot take it as it is.",
            "The message names it; compare it with what is listed on its page.",
        ),
        "role_mapping" => (
            "The role mapping does not fit the pool.",
            "Name the provider as the pool does, with its client, and give the mapping what its type \
             needs.",
        ),
        "internal" => (
            "The server met something that should not happen.",
            "The server's log has the cause by the request's id; please report it.",
        ),
        "request" | "tags" | "arn" | "name" | "page" | "pool" | "session" => (
            "The request is not in order.",
            "The message says which part.",
        ),
        _ => (
            "The request was refused.",
            "The message says why; the server's log has the request by its id.",
        ),
    };
    Advice { meaning, fix }
}

#[cfg(test)]
mod tests;

//! A failed call, as a command ends with it: the number, the sentence, what to do.
//!
//! **Source**: users page, section 9 (exit codes) and section 5 (refusals); the error lists of the
//! API references.

use crate::api::{CallError, Refusal};
use crate::exit::{Exit, Failure};

/// The failure that a call's error is.
pub(super) fn of(error: &CallError, endpoint: &str) -> Failure {
    match error {
        CallError::Refused(refusal) => refused(refusal),
        CallError::Unanswered(why) => {
            let sentence = format!("`{endpoint}` cannot be reached: {why}");
            Failure::new(Exit::Unreachable, sentence).hint(
                "Is the server running? Name another one with --endpoint or DAYPASS_ENDPOINT.",
            )
        }
        CallError::Late(why) => Failure::new(Exit::Timeout, format!("`{endpoint}`: {why}"))
            .hint("Try again, or wait longer with --timeout."),
        CallError::Unreadable { .. } => {
            Failure::unexpected(error.to_string()).hint("Is this the address of a daypass?")
        }
    }
}

fn refused(refusal: &Refusal) -> Failure {
    let (exit, hint) = meaning(refusal);
    let sentence = if refusal.message.is_empty() {
        format!("the server refused: {}", refusal.code)
    } else {
        refusal.message.clone()
    };
    Failure::new(exit, sentence).hint(hint).refused(
        &refusal.code,
        refusal.reason.as_deref(),
        &refusal.request_id,
    )
}

/// What an error of the API means for a command.
fn meaning(refusal: &Refusal) -> (Exit, &'static str) {
    match refusal.code.as_str() {
        "ResourceNotFoundException" | "NoSuchEntity" | "NoSuchBucket" | "NoSuchKey" => (
            Exit::NotFound,
            "Check the name; the `list` commands show what there is.",
        ),
        "AccessDenied" | "AccessDeniedException" => (
            Exit::NotPermitted,
            "Use a key that may do this, or have a policy changed. \
             `daypass doctor` says whose key this is.",
        ),
        "UnrecognizedClientException" | "InvalidClientTokenId" | "InvalidAccessKeyId" => (
            Exit::NotPermitted,
            "The server does not know this access key, or it is switched off.",
        ),
        "InvalidSignatureException" | "SignatureDoesNotMatch" => (
            Exit::NotPermitted,
            "Check the secret access key, the region and this machine's clock; \
             `daypass doctor` compares them.",
        ),
        "ExpiredTokenException" | "ExpiredToken" | "RequestExpired" | "RequestTimeTooSkewed" => (
            Exit::NotPermitted,
            "Get new credentials, and check the clock.",
        ),
        "NotAuthorizedException"
        | "InvalidIdentityToken"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "IncompleteSignature" => (
            Exit::NotPermitted,
            "`daypass token inspect` says what a token is good for.",
        ),
        "ResourceConflictException"
        | "EntityAlreadyExists"
        | "DeleteConflict"
        | "ConcurrentModification"
        | "ConcurrentModificationException"
        | "DeveloperUserAlreadyRegisteredException"
        | "BucketAlreadyExists"
        | "BucketAlreadyOwnedByYou"
        | "BucketNotEmpty" => (
            Exit::Conflict,
            "Choose another name, or change what is there already.",
        ),
        "LimitExceeded" | "LimitExceededException" => {
            (Exit::Conflict, "Delete what is not needed any more first.")
        }
        "InvalidParameterException"
        | "InvalidParameterValue"
        | "InvalidInput"
        | "ValidationError"
        | "ValidationException"
        | "MalformedPolicyDocument"
        | "SerializationException"
        | "InvalidBucketName" => (Exit::Usage, "Correct the value that the sentence names."),
        "InvalidIdentityPoolConfigurationException" => (
            Exit::Failure,
            "`daypass pool lint` says what is missing in the pool.",
        ),
        "TooManyRequestsException" | "Throttling" | "ThrottlingException" | "SlowDown" => {
            (Exit::Failure, "Wait a moment and try again.")
        }
        "ServiceUnavailable" | "ServiceUnavailableException" => (
            Exit::Unreachable,
            "`daypass health` says whether the server is ready.",
        ),
        _ => by_status(refusal.status),
    }
}

fn by_status(status: u16) -> (Exit, &'static str) {
    match status {
        404 => (Exit::NotFound, ""),
        401 | 403 => (Exit::NotPermitted, ""),
        409 => (Exit::Conflict, ""),
        421 => (
            Exit::Configuration,
            "The server does not answer for this name; see its setting allowed_hosts.",
        ),
        502..=504 => (Exit::Unreachable, ""),
        _ => (Exit::Failure, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exit(code: &str, status: u16) -> Exit {
        let refusal = Refusal {
            code: code.to_owned(),
            status,
            ..Refusal::default()
        };
        of(&CallError::Refused(refusal), "http://x").exit()
    }

    #[test]
    fn each_kind_of_error_has_its_number() {
        for (code, status, number) in [
            ("ResourceNotFoundException", 400, Exit::NotFound),
            ("NoSuchEntity", 404, Exit::NotFound),
            ("AccessDenied", 403, Exit::NotPermitted),
            ("NotAuthorizedException", 400, Exit::NotPermitted),
            ("SignatureDoesNotMatch", 403, Exit::NotPermitted),
            ("ResourceConflictException", 400, Exit::Conflict),
            ("DeleteConflict", 409, Exit::Conflict),
            ("ValidationException", 400, Exit::Usage),
            ("InternalErrorException", 500, Exit::Failure),
            ("ServiceUnavailable", 503, Exit::Unreachable),
            ("Unheard", 404, Exit::NotFound),
            ("MisdirectedRequest", 421, Exit::Configuration),
        ] {
            assert_eq!(exit(code, status), number, "{code}");
        }
        let unanswered = of(&CallError::Unanswered("refused".into()), "http://x");
        assert_eq!(unanswered.exit(), Exit::Unreachable);
        assert!(unanswered.told().contains("http://x"), "it names the place");
        let late = of(&CallError::Late("no answer".into()), "http://x");
        assert_eq!(late.exit(), Exit::Timeout);
    }
}

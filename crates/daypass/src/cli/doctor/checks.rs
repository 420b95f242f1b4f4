//! The checks, in the order in which one hangs on the other.
//!
//! **Source**: users page, section 9 (`doctor`); requirement S60 (readiness).

use daypass_proof::jwt::KeySet;
use http::Method;

use super::super::session::Session;
use super::super::token;
use super::{Finding, Verdict};
use crate::client::Answer;
use crate::readiness::{Level, Look, gaps};

/// From here a clock is off, and from the second number on signatures fail.
const SKEW_SECONDS_WARN: i64 = 30;
/// **Source**: SigV4 takes requests of up to five minutes' difference.
const SKEW_SECONDS_FAIL: i64 = 300;

/// The most pools whose readiness is looked at.
const POOLS_MAX: usize = 20;

/// All checks that can be made.
pub(super) async fn all(session: &Session, origin: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(answer) = endpoint(session, &mut findings).await else {
        return findings;
    };
    findings.push(clock(&answer, token::now()));
    let signed = key(session, &mut findings).await;
    issuer(session, signed, &mut findings).await;
    findings.push(preflight(session, origin).await);
    if signed {
        pools(session, &mut findings).await;
    }
    findings
}

fn finding(check: &'static str, verdict: Verdict, detail: String, fix: &'static str) -> Finding {
    Finding {
        check,
        verdict,
        detail,
        fix: if verdict == Verdict::Ok { "" } else { fix },
    }
}

async fn endpoint(session: &Session, findings: &mut Vec<Finding>) -> Option<Answer> {
    let place = session.client().endpoint();
    let (answer, verdict, detail) = match session.client().plain(Method::GET, "/readyz", &[]).await
    {
        Ok(answer) if answer.status.is_success() => {
            (Some(answer), Verdict::Ok, format!("{place} is ready"))
        }
        Ok(answer) => {
            let detail = format!("{place} answers {}", answer.status);
            (Some(answer), Verdict::Fail, detail)
        }
        Err(error) => (None, Verdict::Fail, format!("{place}: {error}")),
    };
    let fix = "Start the server, or name it with --endpoint or DAYPASS_ENDPOINT.";
    findings.push(finding("endpoint", verdict, detail, fix));
    answer
}

fn clock(answer: &Answer, now: i64) -> Finding {
    let date = answer.headers.get(http::header::DATE);
    let date = date.and_then(|date| daypass_wire::time::parse_http_date(date.to_str().ok()?));
    let fix = "Set this machine's clock, or the server's; time synchronisation does it for good.";
    let Some(date) = date else {
        let detail = "the server tells no time".to_owned();
        return finding("clock", Verdict::Warn, detail, fix);
    };
    let off = now.saturating_sub(date);
    let verdict = if off.abs() <= SKEW_SECONDS_WARN {
        Verdict::Ok
    } else if off.abs() <= SKEW_SECONDS_FAIL {
        Verdict::Warn
    } else {
        Verdict::Fail
    };
    let detail = match off {
        0 => "both clocks agree".to_owned(),
        1.. => format!("this machine is {off}s ahead of the server"),
        _ => format!("this machine is {}s behind the server", off.abs()),
    };
    finding("clock", verdict, detail, fix)
}

async fn key(session: &Session, findings: &mut Vec<Finding>) -> bool {
    let Some(source) = session.key_source() else {
        findings.push(finding(
            "key",
            Verdict::Warn,
            "there is no access key, so less can be looked at".to_owned(),
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile.",
        ));
        return false;
    };
    let (verdict, detail) = match session.perhaps_signed().caller_identity().await {
        Ok(caller) => (Verdict::Ok, format!("{} (key of {source})", caller.arn)),
        Err(error) => (Verdict::Fail, format!("key of {source}: {error}")),
    };
    let fix = "Check the key, the region and the clock.";
    findings.push(finding("key", verdict, detail, fix));
    verdict == Verdict::Ok
}

async fn issuer(session: &Session, signed: bool, findings: &mut Vec<Finding>) {
    let api = session.perhaps_signed();
    let settings = if signed {
        api.deployment().await.ok()
    } else {
        None
    };
    let (verdict, detail) = match (api.issuer().await, settings) {
        (Err(error), _) => (Verdict::Fail, error.to_string()),
        (Ok(issuer), _) if issuer.is_empty() => {
            (Verdict::Fail, "the document names no issuer".to_owned())
        }
        (Ok(issuer), Some(settings)) if settings.issuer != issuer => (
            Verdict::Fail,
            format!("the document says {issuer}, tokens say {}", settings.issuer),
        ),
        (Ok(issuer), Some(_)) => (Verdict::Ok, format!("{issuer}, as in the tokens")),
        (Ok(issuer), None) => (Verdict::Ok, issuer),
    };
    let fix = "Look at the settings `issuer` and `public_url`, and at the proxy between.";
    findings.push(finding("issuer", verdict, detail, fix));
    let (verdict, detail) = match api.key_set().await {
        Err(error) => (Verdict::Fail, error.to_string()),
        Ok(keys) => match KeySet::parse(&keys) {
            Ok(set) => (Verdict::Ok, format!("{} published", set.keys().len())),
            Err(error) => (Verdict::Fail, format!("the published keys: {error}")),
        },
    };
    let fix = "Something between here and the server changes the document.";
    findings.push(finding("signing keys", verdict, detail, fix));
}

async fn preflight(session: &Session, origin: &str) -> Finding {
    let asked = "authorization,content-type,x-amz-date,x-amz-target,amz-sdk-invocation-id";
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", asked),
    ];
    let fix = "Let the proxy pass OPTIONS requests and the Access-Control headers through.";
    let answer = session.client().plain(Method::OPTIONS, "/", &headers).await;
    let (verdict, detail) = match answer {
        Err(error) => (Verdict::Fail, error.to_string()),
        Ok(answer) => {
            let header = |name: &str| {
                let value = answer.headers.get(name).and_then(|it| it.to_str().ok());
                value.unwrap_or_default().to_ascii_lowercase()
            };
            let origins = header("access-control-allow-origin");
            let allowed = header("access-control-allow-headers");
            let missing = asked.split(',').find(|name| !allowed.contains(name));
            if !answer.status.is_success() {
                (
                    Verdict::Fail,
                    format!("a preflight is answered {}", answer.status),
                )
            } else if origins != "*" && origins != origin.to_ascii_lowercase() {
                (Verdict::Fail, format!("pages of {origin} may not call"))
            } else if let Some(missing) = missing {
                (Verdict::Fail, format!("pages may not send `{missing}`"))
            } else {
                (Verdict::Ok, format!("pages of {origin} may call"))
            }
        }
    };
    finding("browsers", verdict, detail, fix)
}

async fn pools(session: &Session, findings: &mut Vec<Finding>) {
    let api = session.perhaps_signed();
    let fix = "`daypass pool lint` says what to do.";
    let pools = match api.pools().await {
        Ok(pools) => pools,
        Err(error) => {
            let detail = format!("not looked at: {error}");
            findings.push(finding("pools", Verdict::Warn, detail, fix));
            return;
        }
    };
    if pools.is_empty() {
        let detail = "there is no pool yet".to_owned();
        let fix = "`daypass pool create` makes one.";
        findings.push(finding("pools", Verdict::Warn, detail, fix));
    }
    for row in pools.iter().take(POOLS_MAX) {
        let name = &row.identity_pool_name;
        let (verdict, detail) = match Look::at(&api, &row.identity_pool_id).await {
            Err(error) => (Verdict::Warn, format!("{name}: not looked at: {error}")),
            Ok(look) => match gaps(&look.setup()).first() {
                Some(gap) if gap.level == Level::Fail => {
                    (Verdict::Fail, format!("{name}: {}", gap.title))
                }
                Some(gap) if gap.level == Level::Warn => {
                    (Verdict::Warn, format!("{name}: {}", gap.title))
                }
                _ => (Verdict::Ok, format!("{name} is ready")),
            },
        };
        findings.push(finding("pool", verdict, detail, fix));
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, StatusCode};

    use super::*;

    #[test]
    fn clocks_are_compared_with_the_servers() {
        let at = |now| {
            let mut headers = HeaderMap::new();
            let date = daypass_wire::time::http_date(1_000_000);
            headers.insert("date", date.parse().unwrap());
            let answer = Answer {
                status: StatusCode::OK,
                headers,
                body: Bytes::new(),
            };
            clock(&answer, now)
        };
        assert_eq!(at(1_000_000).verdict, Verdict::Ok);
        assert_eq!(at(1_000_031).verdict, Verdict::Warn);
        let late = at(1_000_000 - 301);
        assert_eq!(late.verdict, Verdict::Fail);
        assert!(late.detail.contains("301s behind"), "{}", late.detail);
    }
}

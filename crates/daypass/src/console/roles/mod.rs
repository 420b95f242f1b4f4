//! Roles and policies: who uses them, whom they let in, what they allow.
//!
//! **Source**: users page, section 7 (S15) and section 7a.

mod create;
mod detail;
mod editor;
mod indent;
mod list;
mod managed;
mod preview;
mod review;
mod subject;
mod uses;

use std::future::{Future, ready};
use std::pin::Pin;

use super::reply::{Page, Trouble};
use super::segment;
use super::visit::Visit;
use crate::words::{PoolNames, Sentence};
use subject::Subject;

/// Where the roles are.
const PATH: &str = "/console/roles";

/// A page being made.
type Making<'v> = Pin<Box<dyn Future<Output = Page> + Send + 'v>>;

/// What keeps a text from being put as a role's policy: the sentence, the line (0 for none), and the
/// line with its place marked.
pub(super) fn policy_fault(text: &str) -> Option<(String, usize, String)> {
    let circumstances = review::Circumstances {
        kind: daypass_policy::DocumentKind::Identity,
        for_guests: false,
        chars_max: Subject::NewPolicy.chars_max(),
        context: &daypass_policy::Context::new(),
        pools: &PoolNames::new(),
    };
    let fault = review::review(text, &circumstances).fault?;
    Some((fault.message, fault.line, fault.mark))
}

/// The pages below.
pub(super) async fn page(visit: &Visit, rest: &[&str]) -> Page {
    find(visit, rest).await
}

/// A role or a policy may be called `new`, too; its own page says `existing`.
fn find<'v>(visit: &'v Visit, rest: &'v [&'v str]) -> Making<'v> {
    let existing = visit.query.has("existing");
    match rest {
        [] if visit.query.has("policy") => Box::pin(managed::page(visit)),
        [] => Box::pin(list::page(visit)),
        ["new"] if !existing => Box::pin(create::page(visit)),
        [role] => Box::pin(detail::page(visit, role)),
        [role, "trust"] => Box::pin(editor::page(visit, role, Subject::Trust)),
        [role, "policies", "new"] if !existing => {
            Box::pin(editor::page(visit, role, Subject::NewPolicy))
        }
        [role, "policies", policy] => Box::pin(editor::page(
            visit,
            role,
            Subject::Policy((*policy).to_owned()),
        )),
        _ => Box::pin(ready(Err(Trouble::NotFound))),
    }
}

/// The page of a role.
fn role_path(role: &str) -> String {
    let path = format!("{PATH}/{}", segment(role));
    if role == "new" {
        format!("{path}?existing")
    } else {
        path
    }
}

/// The page below a role.
fn below(role: &str, rest: &str) -> String {
    format!("{PATH}/{}/{rest}", segment(role))
}

/// The page of a role's own policy.
fn policy_path(role: &str, policy: &str) -> String {
    let path = below(role, &format!("policies/{}", segment(policy)));
    if policy == "new" {
        format!("{path}?existing")
    } else {
        path
    }
}

/// A policy as a page shows it: in words, and as it is written.
#[derive(Debug)]
struct Told {
    name: String,
    href: String,
    sentences: Vec<Sentence>,
    text: String,
    unreadable: String,
}

impl Told {
    /// Why it grants nothing.
    fn problem(&self) -> String {
        format!("It does not read and grants nothing: {}", self.unreadable)
    }
}

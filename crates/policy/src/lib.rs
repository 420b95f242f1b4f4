//! The IAM policy language and its evaluator.
//!
//! A policy document is read once into types ([`Document::parse`]); a request is then decided
//! against sets of such documents ([`evaluate`], [`evaluate_trust`]) and the answer names the
//! statement that made it ([`Explanation`]). Everything here is a rule over values: no clock, no
//! store, no network. Start with `evaluate.rs`: it holds the order of decision.
//!
//! **Source**: IAM user guide, *Policy element reference* and *Policy evaluation logic*.

mod action;
mod arn;
pub mod condition;
mod context;
mod document;
mod error;
mod evaluate;
mod explain;
pub mod limits;
mod lint;
mod pattern;
mod principal;
mod raw;
mod resource;
mod save;
mod statement;
mod variable;

pub use action::ActionElement;
pub use arn::{Arn, ArnError};
pub use condition::{Condition, Operator, SetPrefix};
pub use context::{Context, ContextValue};
pub use document::{Document, DocumentKind, Version, minified_len};
pub use error::DocumentError;
pub use evaluate::{NamedPolicy, PolicySet, Request, evaluate, evaluate_trust};
pub use explain::{Decision, Explanation, Miss, PolicyType, StatementRef, Trace, trace};
pub use lint::Remark;
pub use pattern::Pattern;
pub use principal::{Principal, PrincipalElement, PrincipalEntry};
pub use resource::ResourceElement;
pub use statement::{Effect, Statement};

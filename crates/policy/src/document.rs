//! Policy documents: text in, compiled statements out, or the sentence IAM refuses it with.
//!
//! Reading is done in passes over the whole document, in the order IAM was seen to check, so that
//! a document with several faults is refused for the same one. What this engine does not
//! understand is refused here (S49); once a document is read, evaluation cannot fail.
//!
//! **Source**: IAM user guide, *Grammar of the IAM JSON policy language*; requirements S02, S03,
//! S49 of the reliability and security page.

use daypass_json::{Bounds, Object, Value};

use crate::condition::Condition;
use crate::error::DocumentError;
use crate::raw;
use crate::save;
use crate::statement::Statement;
use crate::variable::Variable;

/// What a document is for, which decides what it must and must not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DocumentKind {
    /// Attached to a user, role or group, or used as a boundary: no principal.
    Identity,
    /// Handed in when a session is made: no principal.
    Session,
    /// Attached to a resource: names principals and resources.
    Resource,
    /// A role's trust policy: names principals; the role is the resource.
    Trust,
}

impl DocumentKind {
    pub(crate) fn names_principals(self) -> bool {
        matches!(self, Self::Resource | Self::Trust)
    }
}

/// The version of the policy language.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Version {
    /// `2008-10-17`, and every document that does not say: `${…}` is plain text.
    V2008,
    /// `2012-10-17`: `${…}` is a variable.
    V2012,
}

impl Version {
    pub(crate) fn has_variables(self) -> bool {
        self == Self::V2012
    }
}

/// A policy document, compiled.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Document {
    version: Version,
    statements: Vec<Statement>,
}

impl Document {
    /// Reads a document.
    ///
    /// **Errors**: [`DocumentError`], the first fault in IAM's order of checking.
    pub fn parse(text: &str, kind: DocumentKind) -> Result<Self, DocumentError> {
        if kind != DocumentKind::Resource && text.starts_with([' ', '\t', '\n', '\r']) {
            return Err(DocumentError::LeadingSpace);
        }
        let json = daypass_json::parse(text.as_bytes(), &Bounds::POLICY)
            .map_err(|_| DocumentError::Syntax)?;
        let top = json.as_object().ok_or(DocumentError::Syntax)?;
        let version = version(top)?;
        let raw = raw::statements(top)?;
        save::check_effects(&raw)?;
        let conditions = raw
            .iter()
            .map(|statement| statement.compile_conditions(version))
            .collect::<Result<Vec<_>, _>>()?;
        save::check(&raw, kind)?;
        let statements = raw
            .iter()
            .zip(conditions)
            .map(|(raw, conditions)| raw.compile(conditions, version, kind))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            version,
            statements,
        })
    }

    /// The statements, in the order written.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The version of the language it is written in.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Every context key that a condition or a variable asks for, as written, each once.
    ///
    /// Keys that differ in case only are one key; the first spelling stands for it.
    pub fn context_keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = Vec::new();
        for statement in &self.statements {
            let conditions = statement.conditions.iter().map(Condition::key);
            let variables = statement.variables().into_iter().map(Variable::name);
            for key in conditions.chain(variables) {
                if !keys.iter().any(|known| known.eq_ignore_ascii_case(key)) {
                    keys.push(key);
                }
            }
        }
        keys
    }
}

/// The size of a policy: its characters without the white space JSON does not need.
///
/// **Source**: IAM user guide, *IAM and AWS STS quotas*; white space inside strings counts.
pub fn minified_len(text: &str) -> usize {
    let mut quoted = false;
    let mut escaped = false;
    let mut count = 0;
    for character in text.chars() {
        if quoted || !matches!(character, ' ' | '\t' | '\n' | '\r') {
            count += 1;
        }
        match character {
            '"' if !escaped => quoted = !quoted,
            '\\' if quoted && !escaped => {
                escaped = true;
                continue;
            }
            _ => {}
        }
        escaped = false;
    }
    count
}

fn version(top: &Object) -> Result<Version, DocumentError> {
    if top
        .iter()
        .any(|(name, _)| !matches!(name, "Version" | "Id" | "Statement"))
    {
        return Err(DocumentError::Syntax);
    }
    if top.get("Id").is_some_and(|id| id.as_str().is_none()) {
        return Err(DocumentError::Syntax);
    }
    match top.get("Version").map(Value::as_str) {
        None | Some(Some("2008-10-17")) => Ok(Version::V2008),
        Some(Some("2012-10-17")) => Ok(Version::V2012),
        Some(_) => Err(DocumentError::Syntax),
    }
}

#[cfg(test)]
mod tests;

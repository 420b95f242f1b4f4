//! Which part of a document is at fault: the one that, put right, makes the fault go.
//!
//! **Source**: IAM user guide, *Grammar of the IAM JSON policy language*.

use daypass_policy::{Document, DocumentError, DocumentKind};
use serde_json::{Map, Value, json};

use super::places::Places;
use super::{Fault, mark};

/// The fault with its place, as far as one can be found.
pub(super) fn find(
    text: &str,
    places: &Places,
    kind: DocumentKind,
    error: &DocumentError,
) -> Fault {
    let search = Search { kind, error };
    let path = search.path(text, places);
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    let missing = steps.last().filter(|_| !places.has(&steps));
    let sentence = match missing {
        Some(missing) => format!("“{missing}” is missing here"),
        None => sentence(error, &steps),
    };
    match places.find(&steps) {
        Some((line, column)) => Fault {
            message: format!("{sentence} (line {line}, column {column})"),
            line,
            mark: mark(text, line, column),
        },
        None => Fault {
            message: sentence,
            ..Fault::default()
        },
    }
}

/// The sentence of IAM, in plainer words where IAM only says that something is wrong.
fn sentence(error: &DocumentError, path: &[&str]) -> String {
    let part = path
        .iter()
        .rev()
        .find(|step| step.parse::<usize>().is_err());
    match (error, part) {
        (DocumentError::Syntax | DocumentError::LegacyParsing, Some(part)) if path.len() > 1 => {
            format!("“{part}” is not something a policy can hold here")
        }
        (DocumentError::Syntax | DocumentError::LegacyParsing, Some(part)) => {
            format!("“{part}” does not read as part of a policy")
        }
        (DocumentError::Syntax, None) => {
            "This is not a policy: it needs a Version and a Statement".to_owned()
        }
        (DocumentError::LeadingSpace, _) => {
            "Take away the space before the first bracket".to_owned()
        }
        (error, _) => error.to_string(),
    }
}

struct Search<'e> {
    kind: DocumentKind,
    error: &'e DocumentError,
}

impl Search<'_> {
    /// Whether a document still has the fault.
    fn persists(&self, document: &Value) -> bool {
        let parsed = Document::parse(&document.to_string(), self.kind);
        parsed.as_ref().err() == Some(self.error)
    }

    /// The path to the part at fault.
    fn path(&self, text: &str, places: &Places) -> Vec<String> {
        let Ok(Value::Object(top)) = serde_json::from_str(text) else {
            return Vec::new();
        };
        for name in top.keys() {
            let mut other = top.clone();
            match name.as_str() {
                "Version" => other.insert(name.clone(), json!("2012-10-17")),
                "Statement" => continue,
                _ => other.remove(name),
            };
            if !self.persists(&Value::Object(other)) {
                return vec![name.clone()];
            }
        }
        let statements = match top.get("Statement") {
            Some(Value::Array(statements)) => statements.clone(),
            Some(single) => vec![single.clone()],
            None => return Vec::new(),
        };
        for (index, statement) in statements.iter().enumerate() {
            let Value::Object(statement) = statement else {
                return places.statement(index);
            };
            if self.persists(&alone(&top, statement)) {
                let mut path = places.statement(index);
                path.extend(self.within(&top, statement));
                return path;
            }
        }
        self.repeated(&statements, places)
    }

    /// The part of one statement that is at fault.
    fn within(&self, top: &Map<String, Value>, statement: &Map<String, Value>) -> Vec<String> {
        for (name, value) in statement {
            let mut other = statement.clone();
            match right(name, self.kind) {
                Some(right) => other.insert(name.clone(), right),
                None => other.remove(name),
            };
            if !self.persists(&alone(top, &other)) {
                let mut path = vec![name.clone()];
                path.extend(self.below(top, statement, name, value));
                return path;
            }
        }
        let absent = ["Effect"].into_iter().find(|name| {
            let mut other = statement.clone();
            if let Some(right) = right(name, self.kind) {
                other.entry(*name).or_insert(right);
            }
            !self.persists(&alone(top, &other))
        });
        absent.map(str::to_owned).into_iter().collect()
    }

    /// The element of a list, or the operator and key of a condition, that is at fault alone.
    fn below(
        &self,
        top: &Map<String, Value>,
        statement: &Map<String, Value>,
        name: &str,
        value: &Value,
    ) -> Vec<String> {
        let with = |part: Value| {
            let mut other = statement.clone();
            other.insert(name.to_owned(), part);
            self.persists(&alone(top, &other))
        };
        match value {
            Value::Array(elements) => {
                let found = elements.iter().position(|it| with(json!([it])));
                found.map(|index| index.to_string()).into_iter().collect()
            }
            Value::Object(operators) if name == "Condition" => {
                let found = operators
                    .iter()
                    .find(|(operator, keys)| with(json!({operator.as_str(): keys})));
                let Some((operator, keys)) = found else {
                    return Vec::new();
                };
                let key = keys.as_object().and_then(|keys| {
                    keys.iter()
                        .filter(|_| keys.len() > 1)
                        .find(|(key, values)| {
                            with(json!({operator.as_str(): {key.as_str(): values}}))
                        })
                });
                let key = key.map(|(key, _)| key.clone());
                [Some(operator.clone()), key]
                    .into_iter()
                    .flatten()
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// The second statement of the same name, when it takes two to make the fault.
    fn repeated(&self, statements: &[Value], places: &Places) -> Vec<String> {
        if *self.error != DocumentError::SidNotUnique {
            return Vec::new();
        }
        let sids: Vec<_> = statements.iter().map(|it| it.get("Sid")).collect();
        let second = sids.iter().enumerate().position(|(index, sid)| {
            sid.is_some() && sids.iter().take(index).any(|earlier| earlier == sid)
        });
        let Some(second) = second else {
            return Vec::new();
        };
        let mut path = places.statement(second);
        path.push("Sid".to_owned());
        path
    }
}

/// The document with one statement only.
fn alone(top: &Map<String, Value>, statement: &Map<String, Value>) -> Value {
    let mut other = top.clone();
    other.insert("Statement".to_owned(), Value::Object(statement.clone()));
    Value::Object(other)
}

/// Something a member can always hold; nothing for members there are not.
fn right(name: &str, kind: DocumentKind) -> Option<Value> {
    let trust = kind == DocumentKind::Trust;
    match name {
        "Sid" => Some(json!("A")),
        "Effect" => Some(json!("Allow")),
        "Action" | "NotAction" if trust => Some(json!("sts:AssumeRole")),
        "Action" | "NotAction" => Some(json!("s3:GetObject")),
        "Resource" | "NotResource" if !trust => Some(json!("*")),
        "Principal" if trust => Some(json!({"AWS": "*"})),
        "Condition" => Some(json!({})),
        _ => None,
    }
}

//! Policies as sentences: what a statement allows, whom a trust policy lets in, what a variable is.
//!
//! A person who reads "Allows `s3:PutObject` on objects under `their identity id` in bucket
//! `photos`" sees at once what JSON hides. A sentence is made of [`Span`]s, so that a page can show
//! a name as a name and mark what was filled in; as text it reads with backticks. Values of
//! variables come from a [`Context`]: the one that the evaluator is asked with, or an empty one,
//! where a variable is told by its meaning.
//!
//! **Source**: IAM user guide, *IAM JSON policy elements* and *Policy variables*; users page, rows
//! 37 to 40 and S15.

use std::fmt;

use daypass_policy::{
    ActionElement, Condition, Context, Document, Effect, ResourceElement, Statement,
};

mod condition;
mod trust;
mod variable;

pub(crate) use trust::{PoolNames, Trust, trust};
pub(crate) use variable::expand;

/// A piece of a sentence or of a document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Span {
    /// Words.
    Plain(String),
    /// A name or a value, as it is written.
    Name(String),
    /// A variable that was filled in.
    Filled {
        /// The variable as it is written.
        variable: String,
        /// What it stands for here.
        value: String,
    },
    /// A variable that has no value here: it gets one with each request.
    Open {
        /// The variable as it is written.
        variable: String,
        /// What it stands for, in words.
        meaning: &'static str,
    },
}

impl Span {
    /// `plain`, `name`, `filled` or `open`: how a page shows it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Plain(_) => "plain",
            Self::Name(_) => "name",
            Self::Filled { .. } => "filled",
            Self::Open { .. } => "open",
        }
    }

    /// The text: the value of a variable that has one, the variable itself otherwise.
    pub(crate) fn shown(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Name(text) => text,
            Self::Filled { value, .. } => value,
            Self::Open { variable, .. } => variable,
        }
    }

    /// What there is to say about a variable: how it was written, or what it means.
    pub(crate) fn note(&self) -> &str {
        match self {
            Self::Plain(_) | Self::Name(_) => "",
            Self::Filled { variable, .. } => variable,
            Self::Open { meaning, .. } => meaning,
        }
    }
}

/// A sentence.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Sentence {
    /// Its pieces, in order.
    pub(crate) spans: Vec<Span>,
}

impl Sentence {
    /// Adds words.
    pub(crate) fn say(mut self, words: &str) -> Self {
        match self.spans.last_mut() {
            Some(Span::Plain(before)) => before.push_str(words),
            _ => self.spans.push(Span::Plain(words.to_owned())),
        }
        self
    }

    /// Adds a name as it is.
    pub(crate) fn name(mut self, name: &str) -> Self {
        self.spans.push(Span::Name(name.to_owned()));
        self
    }

    /// Adds a written value, its variables filled in.
    fn value(mut self, written: &str, values: Values<'_>) -> Self {
        if values.variables {
            let named = |span| match span {
                Span::Plain(text) => Span::Name(text),
                other => other,
            };
            let spans = expand(written, values.context);
            self.spans.extend(spans.into_iter().map(named));
        } else {
            self.spans.push(Span::Name(written.to_owned()));
        }
        self
    }

    /// Adds several things: "a, b and c".
    fn list<T>(mut self, things: &[T], last: &str, mut add: impl FnMut(Self, &T) -> Self) -> Self {
        for (index, thing) in things.iter().enumerate() {
            if index > 0 {
                let is_last = index + 1 == things.len();
                self = self.say(if is_last { last } else { ", " });
            }
            self = add(self, thing);
        }
        self
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut quoted = false;
        for span in &self.spans {
            let name = !matches!(span, Span::Plain(_));
            if name != quoted {
                out.write_str("`")?;
                quoted = name;
            }
            out.write_str(span.shown())?;
        }
        out.write_str(if quoted { "`" } else { "" })
    }
}

/// Where variables get their values, and whether the document has variables at all.
#[derive(Clone, Copy, Debug)]
struct Values<'a> {
    context: &'a Context,
    variables: bool,
}

/// Every statement of a document that grants or refuses, as a sentence, in the order written.
pub(crate) fn policy(document: &Document, context: &Context) -> Vec<Sentence> {
    let values = Values {
        context,
        variables: document.version() == daypass_policy::Version::V2012,
    };
    let statements = document.statements().iter();
    statements.map(|it| statement(it, values)).collect()
}

/// What one statement of a document says; nothing if there is none at that place.
pub(crate) fn statement_at(
    document: &Document,
    index: usize,
    context: &Context,
) -> Option<Sentence> {
    policy(document, context).into_iter().nth(index)
}

fn statement(statement: &Statement, values: Values<'_>) -> Sentence {
    let verb = match statement.effect() {
        Effect::Allow => "Allows ",
        Effect::Deny => "Refuses ",
    };
    let mut sentence = actions(Sentence::default().say(verb), statement.action());
    if let Some(resource) = statement.resource() {
        sentence = resources(sentence.say(" on "), resource, values);
    }
    conditions(sentence, statement.conditions(), values).say(".")
}

fn actions(sentence: Sentence, element: &ActionElement) -> Sentence {
    let sentence = if element.is_negated() {
        sentence.say("every action but ")
    } else {
        sentence
    };
    sentence.list(
        element.written(),
        " and ",
        |sentence, action| match action.split_once(':') {
            _ if action == "*" => sentence.say("every action"),
            Some(("*", "*")) => sentence.say("every action"),
            Some((service, "*")) => sentence.say("every action of ").name(service),
            _ => sentence.name(action),
        },
    )
}

fn resources(sentence: Sentence, element: &ResourceElement, values: Values<'_>) -> Sentence {
    let sentence = if element.is_negated() {
        sentence.say("everything but ")
    } else {
        sentence
    };
    sentence.list(element.written(), " and ", |sentence, written| {
        resource(sentence, written, values)
    })
}

fn resource(sentence: Sentence, written: &str, values: Values<'_>) -> Sentence {
    if written == "*" {
        return sentence.say("everything");
    }
    if let Some(name) = written.strip_prefix("arn:aws:s3:::") {
        return match name.split_once('/') {
            None if name == "*" => sentence.say("every bucket and object"),
            None => sentence.say("bucket ").value(name, values),
            Some((bucket, "*")) => sentence
                .say("every object in bucket ")
                .value(bucket, values),
            Some((bucket, key)) => match key.strip_suffix("/*") {
                Some(prefix) if !prefix.contains(['*', '?']) => sentence
                    .say("objects under ")
                    .value(prefix, values)
                    .name("/")
                    .say(" in bucket ")
                    .value(bucket, values),
                _ => {
                    let sentence = sentence.say(if key.contains(['*', '?']) {
                        "objects like "
                    } else {
                        "object "
                    });
                    sentence
                        .value(key, values)
                        .say(" in bucket ")
                        .value(bucket, values)
                }
            },
        };
    }
    let pool = written
        .strip_prefix("arn:aws:cognito-identity:")
        .and_then(|rest| rest.split_once(":identitypool/"));
    match pool {
        Some((_, "*")) => sentence.say("every identity pool"),
        Some((_, pool)) => sentence.say("identity pool ").value(pool, values),
        None => sentence.value(written, values),
    }
}

fn conditions(sentence: Sentence, conditions: &[Condition], values: Values<'_>) -> Sentence {
    if conditions.is_empty() {
        return sentence;
    }
    sentence
        .say(", if ")
        .list(conditions, " and ", |sentence, it| {
            condition::tell(sentence, it, values)
        })
}

#[cfg(test)]
mod tests;

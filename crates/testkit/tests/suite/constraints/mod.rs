//! Every bound of every member, from both sides.
//!
//! The tables name the bounds as the interface documents them; for each, a value on the good side
//! must not be called a violation of that member, and a value on the other side must be, with the
//! documented words.
//!
//! **Source**: contract pages, Cognito identity sections 1.5 and 2.0, STS sections 1.3 and 2.2.

mod json;
mod json_bases;
mod json_rules;
mod query;

use daypass_testkit::house::{House, Plan};
use daypass_testkit::vector::given::World;

/// What a member must be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    /// Text of so many characters: least, most, and what to fill it with.
    Length(usize, usize, &'static str),
    /// Text that matches a pattern: the pattern, a text that does and a text that does not.
    Pattern(&'static str, &'static str, &'static str),
    /// A number from here to there.
    Range(i64, i64),
    /// A map or list of at most so many.
    Count(usize),
    /// A list of so many texts: least, most, and the text that each of them is.
    Items(usize, usize, &'static str),
    /// The keys of a map: least and most characters.
    KeyLength(usize, usize),
    /// The values of a map: least and most characters, and what to fill them with.
    ValueLength(usize, usize, &'static str),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// The member must be there.
    Required,
}

impl Rule {
    /// How complaints about this rule begin.
    fn subject(self) -> &'static str {
        match self {
            Self::Length(..) | Self::Count(_) | Self::Items(..) => "Member must have length",
            Self::Pattern(..) => "Member must satisfy regular expression pattern",
            Self::Range(..) => "Member must have value",
            Self::KeyLength(..) => "Map keys must satisfy",
            Self::ValueLength(..) => "Map value must satisfy",
            Self::OneOf(_) => "Member must satisfy enum value set",
            Self::Required => "Member must not be null",
        }
    }
}

/// What is said of a value on the wrong side.
pub(crate) fn at_least(length: usize) -> String {
    format!("Member must have length greater than or equal to {length}")
}

/// What is said of a value on the other wrong side.
pub(crate) fn at_most(length: usize) -> String {
    format!("Member must have length less than or equal to {length}")
}

/// A text of `length` characters that ends in the filling: `us-east-1:000`.
pub(crate) fn text(filling: &str, length: usize) -> String {
    let fill = filling.chars().last().unwrap_or('x');
    let start: String = filling.chars().take(length).collect();
    let missing = length - start.chars().count();
    start + &fill.to_string().repeat(missing)
}

/// Whether an answer calls the member at `path` a violation of `constraint`.
pub(crate) fn complains(answer: &str, path: &str, constraint: &str) -> bool {
    answer.contains(&format!(
        "at '{path}' failed to satisfy constraint: {constraint}"
    ))
}

#[tokio::test]
async fn s07_every_bound_holds_on_both_sides() {
    let house = House::open(Plan::default()).await;
    let mut world = World::around(&house).await.unwrap();
    for phrase in [
        "pool P, developer provider login.example, guests",
        "identity A of P for user-1",
        "guest G of P",
        "user ann",
        "role Worker, trusts user ann, lets them tag, lets them name a source, at most 43200 seconds",
    ] {
        world.given(phrase).await.unwrap();
    }
    let mut findings = json::check(&world).await;
    findings.extend(query::check(&world).await);
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn texts_of_any_length_are_made() {
    assert_eq!(text("us:0", 6), "us:000");
    assert_eq!(text("us:0", 2), "us");
    assert_eq!(text("x", 0), "");
}

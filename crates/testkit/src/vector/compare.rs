//! Comparing an answer with what a vector says it must be.
//!
//! **Shape**: `<any>` matches any JSON value, or any run of characters inside a text (in XML: none
//! of them `<`); `<NAME=any>` does so and binds what it met.

use serde_json::Value;

use super::place::Places;

/// What an answer was found to be instead.
pub(super) type Difference = String;

/// Compares JSON by structure: member order does not matter, everything else does.
pub(super) fn json(
    wanted: &Value,
    found: &Value,
    path: &str,
    places: &mut Places,
) -> Result<(), Difference> {
    match (wanted, found) {
        (Value::String(pattern), _) if is_lone_wildcard(pattern) => {
            let shown = found
                .as_str()
                .map_or_else(|| found.to_string(), str::to_owned);
            text(pattern, &shown, path, Among::Anything, places)
        }
        (Value::String(pattern), Value::String(value)) => {
            text(pattern, value, path, Among::Anything, places)
        }
        (Value::Object(wanted), Value::Object(found)) => {
            for (name, value) in wanted {
                let member = found
                    .get(name)
                    .ok_or_else(|| format!("{path}: member `{name}` is missing"))?;
                json(value, member, &format!("{path}.{name}"), places)?;
            }
            match found.keys().find(|name| !wanted.contains_key(*name)) {
                Some(name) => Err(format!("{path}: member `{name}` is not expected")),
                None => Ok(()),
            }
        }
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            for (index, (wanted, found)) in wanted.iter().zip(found).enumerate() {
                json(wanted, found, &format!("{path}[{index}]"), places)?;
            }
            Ok(())
        }
        _ if wanted == found => Ok(()),
        _ => Err(format!("{path}: wanted {wanted}, found {found}")),
    }
}

fn is_lone_wildcard(pattern: &str) -> bool {
    pattern == "<any>"
        || pattern
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix("=any>"))
            .is_some_and(|name| !name.contains('<'))
}

/// What a wildcard may stand for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Among {
    /// Any characters.
    Anything,
    /// The text of one XML element.
    ElementText,
}

/// Compares text piece by piece between wildcards; each wildcard takes as little as it can.
pub(super) fn text(
    wanted: &str,
    found: &str,
    path: &str,
    among: Among,
    places: &mut Places,
) -> Result<(), Difference> {
    let differs = || format!("{path}: wanted `{wanted}`, found `{found}`");
    let mut pieces = wildcards(wanted).into_iter();
    let first = pieces.next().map(|(piece, _)| piece).unwrap_or_default();
    let mut rest = found.strip_prefix(first.as_str()).ok_or_else(differs)?;
    let mut pieces = pieces.peekable();
    while let Some((piece, name)) = pieces.next() {
        let last = pieces.peek().is_none();
        let taken = if last && among == Among::Anything {
            rest.strip_suffix(piece.as_str()).ok_or_else(differs)?.len()
        } else {
            rest.find(piece.as_str())
                .filter(|_| !piece.is_empty())
                .or_else(|| piece.is_empty().then_some(rest.len()))
                .ok_or_else(differs)?
        };
        let (met, tail) = rest.split_at(taken);
        if among == Among::ElementText && met.contains('<') {
            return Err(differs());
        }
        if let Some(name) = name {
            places.bind(&name, met);
        }
        rest = tail.strip_prefix(piece.as_str()).ok_or_else(differs)?;
    }
    if rest.is_empty() {
        Ok(())
    } else {
        Err(differs())
    }
}

/// The pieces of a pattern, each with the name of the wildcard before it; the first has none.
fn wildcards(pattern: &str) -> Vec<(String, Option<String>)> {
    let mut pieces = vec![(String::new(), None)];
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('<') {
        if let Some(last) = pieces.last_mut() {
            last.0.push_str(before);
        }
        let wildcard = after.split_once('>').and_then(|(inside, tail)| {
            let name = if inside == "any" {
                None
            } else {
                Some(inside.strip_suffix("=any")?.to_owned())
            };
            Some((name, tail))
        });
        if let Some((name, tail)) = wildcard {
            pieces.push((String::new(), name));
            rest = tail;
        } else {
            if let Some(last) = pieces.last_mut() {
                last.0.push('<');
            }
            rest = after;
        }
    }
    if let Some(last) = pieces.last_mut() {
        last.0.push_str(rest);
    }
    pieces
}

/// XML without the white space between its elements.
pub(super) fn canonical_xml(text: &str) -> String {
    let mut canonical = String::with_capacity(text.len());
    for (index, piece) in text.split('<').enumerate() {
        if index > 0 {
            canonical.push('<');
        }
        match piece.rsplit_once('>') {
            Some((tag, space)) if space.trim().is_empty() => {
                canonical.push_str(tag);
                canonical.push('>');
            }
            _ if piece.trim().is_empty() => {}
            _ => canonical.push_str(piece),
        }
    }
    canonical
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same_json(wanted: &str, found: &str) -> Result<Places, Difference> {
        let mut places = Places::default();
        let (wanted, found) = (
            serde_json::from_str(wanted).unwrap(),
            serde_json::from_str(found).unwrap(),
        );
        json(&wanted, &found, "body", &mut places).map(|()| places)
    }

    #[test]
    fn json_is_compared_by_structure() {
        assert!(same_json(r#"{"a":1,"b":"<any>"}"#, r#"{"b":[],"a":1}"#).is_ok());
        assert!(same_json(r#"{"a":1}"#, r#"{"a":1,"b":2}"#).is_err());
        assert!(same_json(r#"{"a":1}"#, "{}").is_err());
        assert!(same_json(r#"{"a":1}"#, r#"{"a":"1"}"#).is_err());
        assert!(same_json(r#"["x <any> z"]"#, r#"["x y z"]"#).is_ok());
        let places = same_json(r#"["<X=any>"]"#, r#"["y"]"#).unwrap();
        assert_eq!(places.get("X"), Ok("y"));
    }

    #[test]
    fn wildcards_match_and_bind() {
        let matches = |wanted: &str, found: &str, among| {
            text(wanted, found, "x", among, &mut Places::default()).is_ok()
        };
        assert!(matches("a<any>c", "abbc", Among::Anything));
        assert!(!matches("a<any>c", "abbcd", Among::Anything));
        assert!(matches("<any>", "", Among::Anything));
        assert!(matches("<A><any></A>", "<A>x</A>", Among::ElementText));
        assert!(!matches(
            "<A><any></A>",
            "<A><B>x</B></A>",
            Among::ElementText
        ));
        assert!(!matches("ab", "abc", Among::Anything));
        assert!(matches("<x=any>b<y=any>", "abab", Among::Anything));
    }

    #[test]
    fn white_space_between_elements_does_not_count() {
        let wanted = "<A>\n  <B>x y</B>\n</A>\n";
        assert_eq!(canonical_xml(wanted), "<A><B>x y</B></A>");
    }
}

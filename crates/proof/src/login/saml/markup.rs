//! The inside of tags: attributes, references, names, the XML declaration.
//!
//! The pull parser hands these over as they stand and is lenient about them. Here they are read by
//! the letter of the grammar, so that nothing passes that another reader would refuse.
//!
//! **Source**: XML 1.0 (fifth edition), sections 2.2, 2.3, 2.8, 3.1, 3.3.3, 4.1.

use super::xml::XmlError;

/// Whether XML allows this character.
pub(super) fn character(one: char) -> bool {
    matches!(one, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Whether a text is a name without a colon, of ASCII letters, digits, `_`, `-` and `.`.
pub(super) fn is_name(text: &str) -> bool {
    let start = |one: char| one.is_ascii_alphabetic() || one == '_';
    let part = |one: char| start(one) || one.is_ascii_digit() || one == '-' || one == '.';
    text.chars().next().is_some_and(start) && text.chars().all(part)
}

/// The character that `&name;` stands for.
pub(super) fn reference(name: &str) -> Result<char, XmlError> {
    let number = match name {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => name.strip_prefix('#').ok_or(XmlError::Entity)?,
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    // A sign is no digit, and no character needs more digits than these.
    let plain = digits.chars().all(|one| one.is_digit(radix)) && digits.len() <= 8;
    let code = u32::from_str_radix(digits, radix).ok().filter(|_| plain);
    code.and_then(char::from_u32)
        .filter(|one| character(*one))
        .ok_or(XmlError::Entity)
}

/// The attributes of a tag from what follows its name, each name once, values normalized.
pub(super) fn attributes(raw: &str) -> Result<Vec<(&str, String)>, XmlError> {
    let mut found: Vec<(&str, String)> = Vec::new();
    let mut rest = raw;
    loop {
        let trimmed = rest.trim_start_matches(blank);
        if trimmed.is_empty() {
            return Ok(found);
        }
        // White space stands before each attribute, also between two of them.
        if trimmed.len() == rest.len() {
            return Err(XmlError::NotWellFormed);
        }
        let (name, after) = trimmed.split_once('=').ok_or(XmlError::NotWellFormed)?;
        let name = name.trim_end_matches(blank);
        let after = after.trim_start_matches(blank);
        let quote = after.chars().next().filter(|one| matches!(one, '"' | '\''));
        let quote = quote.ok_or(XmlError::NotWellFormed)?;
        let inside = after.strip_prefix(quote).unwrap_or_default();
        let (value, after) = inside.split_once(quote).ok_or(XmlError::NotWellFormed)?;
        if found.iter().any(|(known, _)| *known == name) {
            return Err(XmlError::Name);
        }
        found.push((name, normalized(value)?));
        rest = after;
    }
}

/// Checks what stands in `<?xml …?>`: version 1.0, UTF-8, and nothing unknown.
pub(super) fn declaration(content: &str) -> Result<(), XmlError> {
    let given = content.strip_prefix("xml").ok_or(XmlError::NotWellFormed)?;
    let mut given = attributes(given)?.into_iter().peekable();
    if given.next() != Some(("version", "1.0".to_owned())) {
        return Err(XmlError::NotWellFormed);
    }
    if let Some((_, encoding)) = given.next_if(|(name, _)| *name == "encoding")
        && !encoding.eq_ignore_ascii_case("UTF-8")
    {
        return Err(XmlError::Encoding);
    }
    let yes_or_no = |(name, value): &(&str, String)| {
        *name == "standalone" && matches!(value.as_str(), "yes" | "no")
    };
    given.next_if(yes_or_no);
    match given.next() {
        None => Ok(()),
        Some(_) => Err(XmlError::NotWellFormed),
    }
}

/// An attribute's value: references replaced, literal white space made spaces.
fn normalized(raw: &str) -> Result<String, XmlError> {
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(one) = rest.chars().next() {
        rest = rest.get(one.len_utf8()..).unwrap_or_default();
        match one {
            '<' => return Err(XmlError::NotWellFormed),
            '&' => {
                let (name, after) = rest.split_once(';').ok_or(XmlError::NotWellFormed)?;
                value.push(reference(name)?);
                rest = after;
            }
            '\t' | '\n' | '\r' => value.push(' '),
            plain => value.push(plain),
        }
    }
    Ok(value)
}

fn blank(one: char) -> bool {
    matches!(one, ' ' | '\t' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_by_the_letter() {
        let read = attributes(" a='1'\n b = \"x&amp;&#9;\ty\" ").unwrap();
        assert_eq!(read, [("a", "1".to_owned()), ("b", "x&\t y".to_owned())]);
        for raw in [
            "a='1'",
            " a='1'b='2'",
            " a",
            " a=",
            " a=1",
            " a='1",
            " a='<'",
            " a='&x'",
        ] {
            assert_eq!(attributes(raw), Err(XmlError::NotWellFormed), "{raw}");
        }
        assert_eq!(attributes(" a='1' a='2'"), Err(XmlError::Name));
        assert_eq!(attributes(" a='&x;'"), Err(XmlError::Entity));
    }

    #[test]
    fn references_stand_for_characters_that_xml_has() {
        assert_eq!(reference("apos"), Ok('\''));
        assert_eq!(reference("#65"), Ok('A'));
        assert_eq!(reference("#x1F600"), Ok('\u{1f600}'));
        for name in [
            "nbsp",
            "#",
            "#x",
            "#+65",
            "#xD800",
            "#0",
            "#X41",
            "#xFFFFFFFFF",
            "#x110000",
        ] {
            assert_eq!(reference(name), Err(XmlError::Entity), "{name}");
        }
    }

    #[test]
    fn a_declaration_says_version_one_and_utf_8() {
        for content in [
            "xml version=\"1.0\"",
            "xml version='1.0' encoding='utf-8' standalone='no' ",
        ] {
            assert_eq!(declaration(content), Ok(()), "{content}");
        }
        let latin = "xml version='1.0' encoding='ISO-8859-1'";
        assert_eq!(declaration(latin), Err(XmlError::Encoding));
        for content in [
            "xml",
            "xml version='1.1'",
            "xml encoding='UTF-8'",
            "xml version='1.0' standalone='maybe'",
            "xml version='1.0' x='y'",
        ] {
            assert_eq!(
                declaration(content),
                Err(XmlError::NotWellFormed),
                "{content}"
            );
        }
    }
}

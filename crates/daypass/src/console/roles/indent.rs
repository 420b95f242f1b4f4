//! A document on one line, laid out to be read; its members stay in the order they were written.
//!
//! **Source**: RFC 8259: white space between tokens means nothing.

/// The text with a line for each member and element; one that has lines already stays as it is.
pub(super) fn laid_out(text: &str) -> String {
    let text = text.trim();
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    if text.contains('\n') || !is_json {
        return text.to_owned();
    }
    let (mut out, mut depth, mut quoted, mut escaped) = (String::new(), 0_usize, false, false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if quoted {
            out.push(character);
            quoted = escaped || character != '"';
            escaped = character == '\\' && !escaped;
            continue;
        }
        match character {
            ' ' | '\t' | '\r' => {}
            '{' | '[' => {
                out.push(character);
                while characters.next_if_eq(&' ').is_some() {}
                if let Some(end) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(end);
                } else {
                    depth = depth.saturating_add(1);
                    new_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(character);
            }
            ',' => {
                out.push(',');
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            other => {
                quoted = other == '"';
                out.push(other);
            }
        }
    }
    out
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_becomes_several_in_the_same_order() {
        let text = r#"{"Version":"a: {\"b\\","Statement":[{ },["x", 1]],"A":[]}"#;
        let laid = "{\n  \"Version\": \"a: {\\\"b\\\\\",\n  \"Statement\": [\n    {},\n    [\n      \"x\",\n      1\n    ]\n  ],\n  \"A\": []\n}";
        assert_eq!(laid_out(text), laid);
        assert_eq!(laid_out(laid), laid);
        assert_eq!(laid_out("{not json"), "{not json");
    }
}
